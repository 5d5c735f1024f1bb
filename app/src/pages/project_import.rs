//! `/projects/{plan}/import`: the office's own list of projects as a workbook: how each column is read, what each line
//! would change, and the button that writes, only after that.

use domain::month::Period;
use domain::plan::Plan;
use domain::rights::Action;
use leptos::prelude::*;
use office::commands::projects::field;
use office::posted::Posted;

use super::projects::{may, period_select, plan_of};
use super::{param, query};
use crate::parts::sheet::{SheetReading, counts, file_boxes};
use crate::parts::{Menu, Page, PageError, alert, area, data_table, links, page};

/// A list as it is understood, before anything is written.
#[derive(Debug, Clone, Default)]
pub struct ProjectPreview {
    pub reading: SheetReading,
    /// The sheet itself, for the next look at it.
    pub grid: String,
    pub year: i32,
    pub period: Option<Period>,
    pub lines: Vec<ProjectLine>,
    pub added: usize,
    pub changed: usize,
    pub same: usize,
    /// The library's newest row of the trail.
    pub head: i64,
}

#[derive(Debug, Clone, Default)]
pub struct ProjectLine {
    pub row: usize,
    pub id: String,
    pub name: String,
    pub unit: String,
    pub known: bool,
    /// What would change: what, before, after.
    pub changes: Vec<(String, String, String)>,
}

#[component]
pub(crate) fn ProjectImport() -> impl IntoView {
    let (plan, done) = (param("plan"), query("done"));
    page(async move { load(&plan, done.as_deref()).await })
}

async fn load(plan: &str, done: Option<&str>) -> Result<Page, PageError> {
    let plan = plan_of(plan).await?;
    if !may(&plan, Action::EnterProjects) {
        return Err(PageError::not_found("导入项目表由办公室的审核员办理。"));
    }
    let posted = use_context::<Posted>().unwrap_or_default();
    let done = done.and_then(counts).map(|[added, changed, same]| {
        view! {
            <p class="notice" role="status">
                {format!("已导入：新增 {added} 个项目，改动 {changed} 个，未变 {same} 个。")}
                <a href=links::projects(&plan.id)>"看全部项目"</a>
            </p>
        }
    });
    let body = match use_context::<ProjectPreview>() {
        Some(preview) => shown(&plan, &preview, &posted),
        None => choose(&plan, &posted),
    };
    let title = "导入项目表".to_owned();
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">
                <a href=links::projects(&plan.id)>{format!("{} 重点项目", plan.title)}</a>
            </p>
            {posted.error.clone().map(alert)}
            {done}
            {body}
        </section>
    };
    Ok(Page::new(title, Menu::Projects, body))
}

fn years(plan: &Plan, chosen: i32) -> AnyView {
    let options = (plan.years.0..=plan.years.1).map(|year| {
        view! {
            <option value=year.to_string() selected=year == chosen>
                {format!("{year}年")}
            </option>
        }
    });
    view! { <select name="year">{options.collect_view()}</select> }.into_any()
}

fn periods(plan: &Plan, chosen: Option<Period>) -> AnyView {
    period_select(plan, chosen, Some("表里没有完成数"))
}

fn units(chosen: &str) -> AnyView {
    let options = ["万元", "亿元", "元"].map(|unit| {
        view! {
            <option value=unit selected=unit == chosen>
                {unit}
            </option>
        }
    });
    view! {
        <select name="unit">
            <option value="" selected=chosen.is_empty()>
                "按表里写的"
            </option>
            {options.into_iter().collect_view()}
        </select>
    }
    .into_any()
}

fn choose(plan: &Plan, posted: &Posted) -> AnyView {
    let year = posted.text("year").parse().unwrap_or(plan.years.1);
    let period = Period::parse(posted.text("period")).ok();
    view! {
        <form
            class="stacked import-file"
            method="post"
            enctype="multipart/form-data"
            action=format!("{}/upload", links::projects_part(&plan.id, "import"))
        >
            <label>"列入哪一年 "{years(plan, year)}</label>
            <label>"完成投资和形象进度是哪一期的 "{periods(plan, period)}</label>
            {file_boxes(
                posted,
                "明细表、月报、台账都可以，标题、两行表头、按县区或类别分段、合计行都能读",
                "不写则取第一张有“项目名称”的",
            )}
            <p class="subtitle">
                "先给您看怎样读、有哪些疑点、每个项目改动什么，您确认之后才写入。"
            </p>
            <button type="submit">"预览"</button>
        </form>
    }
    .into_any()
}

fn shown(plan: &Plan, preview: &ProjectPreview, posted: &Posted) -> AnyView {
    let reading = &preview.reading;
    let stops = reading.stops() || preview.lines.is_empty();
    let what = match stops {
        true => "还不能导入。".to_owned(),
        false => format!("将新增 {} 个项目，改动 {} 个，未变 {} 个。", preview.added, preview.changed, preview.same),
    };
    let lines = preview.lines.iter().map(line).collect_view();
    let reason = (preview.changed > 0).then(|| {
        view! {
            <label for="reason">
                {format!("改动的理由（有 {} 个项目与库里的不同，必填）", preview.changed)}
            </label>
            <textarea id="reason" name=field::REASON rows="2" inner_html=area(posted.text(field::REASON)) />
        }
    });
    let confirm = (!stops).then(|| {
        view! {
            <button type="submit" name="then" value="confirm">
                "确认导入"
            </button>
        }
    });
    let at = links::projects_part(&plan.id, "import");
    let again = at.clone();
    view! {
        <p class="lead">{format!("表“{}”，{} 行：{what}", reading.sheet, preview.lines.len())}</p>
        {reading.doubts_view("导入", "import-form", "")}
        <form id="import-form" method="post" action=at class="import-form">
            <input type="hidden" name="file" value=reading.file.clone() />
            <input type="hidden" name="grid" value=preview.grid.clone() />
            <input type="hidden" name="shown" value=reading.seen.clone() />
            <input type="hidden" name=field::SEEN value=preview.head.to_string() />
            <h2>"怎样读"</h2>
            <p class="row-form">
                <label>"年度 "{years(plan, preview.year)}</label>
                <label>"期间 "{periods(plan, preview.period)}</label>
                <label>"金额单位 "{units(&reading.unit)}</label>
            </p>
            {reading.columns_view("")}
            <h2>"读出的项目"</h2>
            {data_table(
                "读出的项目",
                "data",
                &[
                    ("行", true),
                    ("编号", false),
                    ("项目", false),
                    ("单位", false),
                    ("新增或改动（金额：万元）", false),
                ],
                lines,
            )}
            {reason}
            <p>
                <button type="submit" name="then" value="preview" class="second">
                    "按上面改过的再看一遍"
                </button>
                " "
                {confirm}
                " "
                <a href=again>"换一个文件"</a>
            </p>
        </form>
    }
    .into_any()
}

fn line(line: &ProjectLine) -> AnyView {
    let said: Vec<String> = line
        .changes
        .iter()
        .map(|(what, old, new)| match old.as_str() {
            "" => format!("{what}：{new}"),
            old => format!("{what}：{old} → {}", if new.is_empty() { "（删去）" } else { new }),
        })
        .collect();
    let said = match (line.known, said.is_empty()) {
        (true, true) => "未变".to_owned(),
        (true, false) => format!("改动　{}", said.join("；")),
        (false, _) => format!("新增　{}", said.join("；")),
    };
    view! {
        <tr>
            <td class="r">{line.row.to_string()}</td>
            <td>{line.id.clone()}</td>
            <th scope="row" class="said">
                {line.name.clone()}
            </th>
            <td>{line.unit.clone()}</td>
            <td class="said">{said}</td>
        </tr>
    }
    .into_any()
}
