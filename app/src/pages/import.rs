//! `/import/{plan}`: a month's figures from the office's own table: a template to send out, a preview that says how
//! each column is read and what is doubtful at which cell, and the button that writes, only after that.

use domain::month::Period;
use domain::plan::Plan;
use domain::rights::{Action, Object};
use leptos::prelude::*;

use super::{param, query};
use crate::backend::backend;
use crate::parts::sheet::{SheetReading, counts, file_boxes};
use crate::parts::{Menu, Page, PageError, alert, area, data_table, page};
use office::incoming::ON_BEHALF;
use office::posted::Posted;

/// A table as it is understood, before anything is written.
#[derive(Debug, Clone, Default)]
pub struct ImportPreview {
    pub reading: SheetReading,
    pub sha256: String,
    /// The sheet itself, for the next look at it.
    pub grid: String,
    /// The text of a file in our own form: nothing about it is guessed.
    pub own: Option<String>,
    pub goal: String,
    pub goal_unit: String,
    pub period: Option<Period>,
    pub tables: usize,
    /// So many lines are of units that report for themselves.
    pub theirs: usize,
    pub lines: Vec<ImportLine>,
    pub new: usize,
    pub revised: usize,
    pub unchanged: usize,
}

#[derive(Debug, Clone, Default)]
pub struct ImportLine {
    pub row: usize,
    /// The cell of its name: it is left out by that.
    pub address: String,
    pub written: String,
    pub name: Option<String>,
    pub value: String,
    pub base: String,
    pub growth: String,
    pub note: String,
    /// What is in force, where it differs.
    pub now: Option<String>,
    pub skipped: bool,
}

#[component]
pub(crate) fn Import() -> impl IntoView {
    let (plan, done) = (param("plan"), query("done"));
    page(async move { load(&plan, done.as_deref()).await })
}

async fn load(plan: &str, done: Option<&str>) -> Result<Page, PageError> {
    let backend = backend();
    let version = backend.plan_versions(plan).await?.pop().ok_or_else(|| PageError::no_plan(plan))?;
    let plan = &version.plan;
    let own = backend
        .viewer()
        .is_some_and(|viewer| viewer.may(Action::ImportReturns, Object::office(plan.region.id())).is_ok());
    if !own {
        return Err(PageError::not_found("没有这个计划，或它不属于您的地区。"));
    }
    let posted = use_context::<Posted>().unwrap_or_default();
    let title = "导入报送数据".to_owned();
    let error = posted.error.clone().map(alert);
    let done = done.and_then(counts).map(|[new, revised, unchanged]| {
        let text = format!("已导入：新报送 {new} 行，更正 {revised} 行，未变 {unchanged} 行。");
        view! {
            <p class="notice" role="status">
                {text}
            </p>
        }
    });
    let body = match use_context::<ImportPreview>() {
        Some(preview) => shown(plan, &preview, &posted),
        None => choose(plan, &posted),
    };
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">{plan.title.clone()}</p>
            {error}
            {done}
            {body}
        </section>
    };
    Ok(Page::new(title, Menu::Review, body))
}

fn periods(plan: &Plan) -> Vec<Period> {
    let all = (plan.years.0..=plan.years.1).flat_map(|year| (1..=12).filter_map(move |month| Period::new(year, month)));
    all.filter(|period| plan.allows(*period).is_ok()).collect()
}

fn goals(plan: &Plan, chosen: &str) -> AnyView {
    let goals = plan.goals.iter().filter(|goal| !goal.splits.is_empty());
    let options = goals.map(|goal| {
        view! {
            <option value=goal.id.clone() selected=goal.id == chosen>
                {goal.name.clone()}
            </option>
        }
    });
    view! {
        <select id="goal" name="goal">
            {options.collect_view()}
        </select>
    }
    .into_any()
}

fn period_options(plan: &Plan, chosen: Option<Period>, none: &'static str) -> AnyView {
    let options = periods(plan).into_iter().map(|period| {
        view! {
            <option value=period.to_string() selected=chosen == Some(period)>
                {period.label()}
            </option>
        }
    });
    view! {
        <select id="period" name="period">
            <option value="" selected=chosen.is_none()>
                {none}
            </option>
            {options.collect_view()}
        </select>
    }
    .into_any()
}

fn choose(plan: &Plan, posted: &Posted) -> AnyView {
    let goal = plan.goal(posted.text("goal")).unwrap_or(plan.default_goal());
    let newest = periods(plan).into_iter().next_back();
    let template = newest.map(|_| {
        let templates = periods(plan).into_iter().map(|period| {
            let address = format!("/export/template/{}.{period}.{}.xlsx", plan.id, goal.id);
            view! {
                <li>
                    <a href=address>{period.label()}</a>
                </li>
            }
        });
        view! {
            <details>
                <summary>"下载空白模板（已填好单位和上年同期）"</summary>
                <ul class="plain templates">{templates.collect_view()}</ul>
            </details>
        }
    });
    view! {
        <form
            class="stacked import-file"
            method="post"
            enctype="multipart/form-data"
            action=format!("/import/{}/upload", plan.id)
        >
            <label for="goal">"目标"</label>
            {goals(plan, &goal.id)}
            <label for="period">"期间"<small>"表里写明了就不用选"</small></label>
            {period_options(plan, Period::parse(posted.text("period")).ok(), "按表里写的")}
            {file_boxes(
                posted,
                "本单位一直用的表就可以，标题、两行表头、合计、其中、两栏并排都能读；报送格式（region,period,…）也认得",
                "不写则选单位最多的一张",
            )}
            <p class="subtitle">
                "先给您看怎样读、有哪些疑点，您确认之后才写入。自己在网上填报的单位，数由它自己改；它确实报不了的，可以选定代报、写明原因，单位看得到，不对可以申请更正。"
            </p>
            <button type="submit">"预览"</button>
        </form>
        {template}
    }
    .into_any()
}

fn shown(plan: &Plan, preview: &ImportPreview, posted: &Posted) -> AnyView {
    let reading = &preview.reading;
    let lines = preview.lines.iter().map(line_view).collect_view();
    let period = preview.period.map_or("期间未定".to_owned(), |period| period.label());
    let side = if preview.tables > 1 { format!("，{}栏并排", preview.tables) } else { String::new() };
    let what = match reading.stops() {
        true => "还不能导入。".to_owned(),
        false => format!("将新报送 {} 行，更正 {} 行，未变 {} 行。", preview.new, preview.revised, preview.unchanged),
    };
    let summary = match preview.own {
        Some(_) => format!("报送格式的文件，{} 行：{what}", preview.lines.len()),
        None => format!("表“{}”，{period}{side}：{what}", reading.sheet),
    };
    let own = preview.own.clone().map(|text| view! { <input type="hidden" name="own" value=text /> });
    let unit = if preview.own.is_some() { &preview.goal_unit } else { &reading.unit };
    let how = preview.own.is_none().then(|| {
        view! {
            <h2>"怎样读"</h2>
            <p class="row-form">
                <label>"期间 "{period_options(plan, preview.period, "未定")}</label>
                {reading.place_view("")}
            </p>
            {reading.columns_view("")}
        }
    });
    let on_behalf = reading.doubts.iter().any(|doubt| doubt.key == ON_BEHALF && doubt.accepted);
    let why = match (preview.revised, on_behalf) {
        (0, false) => None,
        (0, true) => Some("代报的原因和依据（必填，单位看得到）".to_owned()),
        (revised, false) => Some(format!("更正原因（有 {revised} 行与已报送的不同，必填）")),
        (revised, true) => Some(format!("更正和代报的原因、依据（有 {revised} 行与已报送的不同，必填）")),
    };
    let reason = why.map(|why| {
        view! {
            <label for="reason">{why}</label>
            <textarea id="reason" name="reason" rows="2" inner_html=area(posted.text("reason")) />
        }
    });
    let action = format!("/import/{}", plan.id);
    let again = format!("/import/{}", plan.id);
    let confirm = (!reading.stops()).then(|| {
        view! {
            <button type="submit" name="then" value="confirm">
                "确认导入"
            </button>
        }
    });
    let theirs = (preview.theirs > 0).then(|| {
        let label = format!("单位自己填报的 {} 行不导入", preview.theirs);
        view! {
            <button type="submit" name="then" value="leave" class=if on_behalf { "second" } else { "" }>
                {label}
            </button>
            " "
        }
    });
    view! {
        <p class="lead">{summary}</p>
        {reading.doubts_view("导入", "import-form", "")}
        <form id="import-form" method="post" action=action class="import-form">
            <input type="hidden" name="file" value=reading.file.clone() />
            <input type="hidden" name="sha256" value=preview.sha256.clone() />
            <input type="hidden" name="grid" value=preview.grid.clone() />
            <input type="hidden" name="seen" value=reading.seen.clone() />
            <input type="hidden" name="goal" value=preview.goal.clone() />
            {own}
            {how}
            <h2>"读出的数"</h2>
            <p class="subtitle">{read_as(&preview.goal_unit, unit)}</p>
            {data_table(
                "表格",
                "data",
                &[
                    ("格", false),
                    ("表里写的", false),
                    ("单位", false),
                    ("本期累计", true),
                    ("上年同期", true),
                    ("公布增幅", true),
                    ("说明", false),
                    ("与已报送比", false),
                    ("不导入", false),
                ],
                lines,
            )}
            {reason}
            <p>
                {theirs} <button type="submit" name="then" value="preview" class="second">
                    "按上面改过的再看一遍"
                </button> " "{confirm}" " <a href=again>"换一个文件"</a>
            </p>
        </form>
    }
    .into_any()
}

/// In what unit figures are shown, and in what the sheet was read.
pub(crate) fn read_as(shown: &str, read: &str) -> String {
    match read {
        "" => "表里的单位还没有定。".to_owned(),
        same if same == shown => format!("单位：{shown}。"),
        other => format!("表里按{other}读，这里已换算为{shown}。"),
    }
}

fn line_view(line: &ImportLine) -> AnyView {
    let name = line
        .name
        .clone()
        .map_or_else(|| view! { <span class="mark">"不认识"</span> }.into_any(), |name| name.into_any());
    let label = format!("不导入第 {} 行的{}", line.row, line.written);
    view! {
        <tr>
            <td>{line.address.clone()}</td>
            <td>{line.written.clone()}</td>
            <th scope="row">{name}</th>
            <td class="r">{line.value.clone()}</td>
            <td class="r">{line.base.clone()}</td>
            <td class="r">{line.growth.clone()}</td>
            <td class="said">{line.note.clone()}</td>
            <td class="said">{line.now.clone().unwrap_or_default()}</td>
            <td>
                <input type="checkbox" name="skip" value=line.address.clone() checked=line.skipped aria-label=label />
            </td>
        </tr>
    }
    .into_any()
}
