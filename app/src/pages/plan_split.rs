//! The split of a target from a file, before the plan editor takes it: how each column is read, what is doubtful at
//! which cell, and what came out. The editor's own boxes go through it unchanged.

use leptos::prelude::*;

use super::import::read_as;
use crate::parts::sheet::SheetReading;
use crate::parts::{Menu, Page, alert, data_table};
use office::posted::Posted;

/// The names of this page's own boxes begin so; all others are the editor's.
pub const PREFIX: &str = "split.";

/// A split as it is understood.
#[derive(Debug, Clone, Default)]
pub struct SplitShown {
    pub reading: SheetReading,
    /// The sheets themselves, for the next look at them, and their names.
    pub grids: String,
    pub sheets: Vec<String>,
    pub goal: String,
    pub goal_unit: String,
    pub year: i32,
    pub tables: usize,
    pub units: usize,
    /// The row of the whole, as printed.
    pub total: Option<String>,
    pub lines: Vec<SplitLine>,
}

#[derive(Debug, Clone)]
pub struct SplitLine {
    pub row: usize,
    /// The cell of its name: it is left out by that.
    pub address: String,
    pub written: String,
    /// `None` where it could not be read.
    pub name: Option<String>,
    pub nested: bool,
    pub value: String,
    pub growth: String,
    /// What the plan says now, where it differs; or that it does not have this unit.
    pub now: Option<String>,
    pub skipped: bool,
}

/// `action` is the address that takes the file.
pub(crate) fn split_page(shown: &SplitShown, posted: &Posted, action: String) -> Page {
    let title = "读入分解表".to_owned();
    let reading = &shown.reading;
    let field = |name: &str| format!("{PREFIX}{name}");
    let error = posted.error.clone().map(alert);
    let side = if shown.tables > 1 { format!("（{}个表并排）", shown.tables) } else { String::new() };
    let total = shown.total.as_ref().map(|total| format!("，合计 {total}")).unwrap_or_default();
    let units = format!("读出 {} 个单位{total}", shown.units);
    let lead = format!("{}年{}，表“{}”{side}：{units}。", shown.year, shown.goal, reading.sheet);
    let editors =
        posted.fields().filter(|(name, _)| !name.starts_with(PREFIX) && *name != "then").map(|(name, value)| {
            view! { <input type="hidden" name=name.to_owned() value=value.to_owned() /> }
        });
    let sheets = (shown.sheets.len() > 1).then(|| {
        let options = shown.sheets.iter().map(|name| {
            view! {
                <option value=name.clone() selected=*name == reading.sheet>
                    {name.clone()}
                </option>
            }
        });
        view! { <label>"工作表 "<select name=field("sheet")>{options.collect_view()}</select></label> }
    });
    let take = (!reading.stops()).then(|| {
        view! {
            <button type="submit" name="then" value="take">
                "填到计划里"
            </button>
        }
    });
    let skip = field("skip");
    let lines = shown.lines.iter().map(|line| line_view(line, &skip)).collect_view();
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">
                {format!(
                    "文件：{}。这里只是看怎样读，填到计划里、保存之后才生效。",
                    reading.file,
                )}
            </p>
            {error}
            <p class="lead">{lead}</p>
            {reading.doubts_view("填到计划里", "split-form", PREFIX)}
            <form id="split-form" method="post" enctype="multipart/form-data" action=action class="import-form">
                <button type="submit" name="then" value="look" class="default-button" tabindex="-1" aria-hidden="true">
                    "再看一遍"
                </button>
                {editors.collect_view()}
                <input type="hidden" name=field("file") value=reading.file.clone() />
                <input type="hidden" name=field("sheets") value=shown.grids.clone() />
                <input type="hidden" name=field("of") value=reading.sheet.clone() />
                <input type="hidden" name=field("seen") value=reading.seen.clone() />
                <h2>"怎样读"</h2>
                <p class="row-form">{sheets}{reading.place_view(PREFIX)}</p>
                {reading.columns_view(PREFIX)}
                <h2>"读出的目标"</h2>
                <p class="subtitle">
                    {read_as(&shown.goal_unit, &reading.unit)}
                    "没有目标的写 /。填到计划里会代替表格里现有的各行。"
                </p>
                {data_table(
                    "表格",
                    "data",
                    &[
                        ("格", false),
                        ("表里写的", false),
                        ("单位", false),
                        ("目标", true),
                        ("增幅（%）", true),
                        ("与现行计划比", false),
                        ("不要", false),
                    ],
                    lines,
                )}
                <p>
                    {take}" " <button type="submit" name="then" value="look" class="second">
                        "按上面改过的再看一遍"
                    </button>" " <button type="submit" name="then" value="drop" class="second">
                        "不用这个文件，回到计划"
                    </button>
                </p>
            </form>
        </section>
    };
    Page::new(title, Menu::Plans, body)
}

fn line_view(line: &SplitLine, skip: &str) -> AnyView {
    let name = match (&line.name, line.skipped) {
        (Some(name), _) if line.nested => format!("其中：{name}").into_any(),
        (Some(name), _) => name.clone().into_any(),
        (None, true) => ().into_any(),
        (None, false) => view! { <span class="mark">"读不懂"</span> }.into_any(),
    };
    let label = format!("不要第 {} 行的{}", line.row, line.written);
    view! {
        <tr>
            <td>{line.address.clone()}</td>
            <td>{line.written.clone()}</td>
            <th scope="row">{name}</th>
            <td class="r">{line.value.clone()}</td>
            <td class="r">{line.growth.clone()}</td>
            <td class="said">{line.now.clone().unwrap_or_default()}</td>
            <td>
                <input
                    type="checkbox"
                    name=skip.to_owned()
                    value=line.address.clone()
                    checked=line.skipped
                    aria-label=label
                />
            </td>
        </tr>
    }
    .into_any()
}
