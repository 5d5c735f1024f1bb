//! `/selections/{plan}/{selection}/{year}/import`: nominations or scores of a selection's year from a workbook: a blank
//! to fill in, how each line is read, what is wrong, and the button that writes, only after that.

use domain::plan::Plan;
use domain::plan::selection::{Selection, plain};
use domain::policy::yuan;
use domain::projects::field::unit_name;
use domain::rate::Rate;
use domain::selection::edition::{Published, is_final};
use domain::selection::record::{Act, Course};
use domain::shown::DASH;
use leptos::prelude::*;
use office::commands::selection_import::{FILES, Fate, ImportedLine, brings};
use office::posted::Posted;

use super::selections::{named, plan_of};
use super::{param, query};
use crate::backend::backend;
use crate::parts::sheet::{confirm_form, counts, faults_list, file_boxes};
use crate::parts::{Menu, Page, PageError, alert, data_table, links, page};

/// The name of the field that says what the file holds.
pub const WHAT: &str = "what";

/// A file as it is understood, before anything is written.
#[derive(Debug, Clone)]
pub struct SelectionPreview {
    pub file: String,
    pub act: Act,
    /// The lines as boxes, for the confirmation; empty where there is none.
    pub rows: String,
    pub lines: Vec<ImportedLine>,
    /// All that has to be mended first, with its line.
    pub faults: Vec<String>,
    /// What the confirmation answers to.
    pub shown: String,
}

/// 推荐 or 得分: what a file holds, in sentences.
fn called(act: Act) -> &'static str {
    if act == Act::Score { "得分" } else { "推荐" }
}

/// What of a file whoever asks may bring now: its name in addresses, and what it holds.
pub(super) fn offered(plan: &Plan, course: &Course, published: &[Published]) -> Vec<(&'static str, Act)> {
    let backend = backend();
    let Some(viewer) = backend.viewer() else { return Vec::new() };
    let is_open = |act: Act| match act {
        Act::Score => !course.terms.criteria.is_empty() && course.entrants().next().is_some(),
        _ => published.is_empty() && course.terms.open().is_empty(),
    };
    let files = FILES.into_iter().filter(|(_, act)| !is_final(published) && brings(viewer, plan, *act));
    files.filter(|(_, act)| is_open(*act)).collect()
}

#[component]
pub(crate) fn SelectionImport() -> impl IntoView {
    let (plan, id, year) = (param("plan"), param("selection"), param("year"));
    let (what, done) = (query(WHAT), query("done"));
    page(async move { load((&plan, &id, &year), what.as_deref(), done.as_deref()).await })
}

/// What all parts of the page know.
struct Scene<'p> {
    plan: &'p Plan,
    selection: &'p Selection,
    year: i32,
    course: &'p Course,
    posted: Posted,
}

impl Scene<'_> {
    fn address(&self) -> String {
        links::selection_import(&self.plan.id, &self.selection.id, self.year)
    }
}

async fn load((plan, id, year): (&str, &str, &str), what: Option<&str>, done: Option<&str>) -> Result<Page, PageError> {
    let plan = &plan_of(plan).await?;
    let (selection, year) = named(plan, id, year)?;
    let back = links::selection(&plan.id, id, year);
    let backend = backend();
    if !backend.viewer().is_some_and(|viewer| FILES.iter().any(|(_, act)| brings(viewer, plan, *act))) {
        let sentence = "您的岗位不推荐参加评选，也不打分。";
        return Err(PageError::not_found(sentence).with_link("评选", back));
    }
    let course = &Course::of(selection, &backend.selection_steps(plan, id, year).await?);
    let published = backend.selection_editions(plan, id, year).await?;
    let scene = Scene { plan, selection, year, course, posted: use_context::<Posted>().unwrap_or_default() };
    let body = match (use_context::<SelectionPreview>(), offered(plan, course, &published)) {
        (Some(preview), _) => preview_view(&scene, &preview),
        (None, files) if files.is_empty() => view! { <p class="notice">{closed(course, &published)}</p> }.into_any(),
        (None, files) => upload_view(&scene, &files),
    };
    let title = format!("{year}年{}评选：从工作簿导入", selection.title);
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">
                <a href=back.clone()>{format!("{year}年{}评选", selection.title)}</a>
            </p>
            {scene.posted.error.clone().map(alert)}
            {done_view(what, done, back)}
            {body}
        </section>
    };
    Ok(Page::new(title, Menu::Plans, body))
}

/// Why no file is taken now.
fn closed(course: &Course, published: &[Published]) -> String {
    let open = course.terms.open();
    if is_final(published) {
        "评选结果已经公布，不再改动。".to_owned()
    } else if !open.is_empty() {
        format!("还没有定{}，办公室登记评选办法以后可以导入。", open.join("、"))
    } else if published.is_empty() {
        "还没有推荐，有了推荐以后可以导入得分。".to_owned()
    } else {
        "已经公示，不再受理推荐。".to_owned()
    }
}

/// What was written, after the confirmation.
fn done_view(what: Option<&str>, done: Option<&str>, back: String) -> Option<AnyView> {
    let [new, changed, same] = counts(done?)?;
    let same = if same > 0 { format!("；已有 {same} 项，没有再登记") } else { String::new() };
    let said = match what.and_then(office::commands::selection_import::act_of)? {
        Act::Score => format!("已登记得分 {} 项，其中改动 {changed} 项，待另一个人确认{same}。", new + changed),
        _ => format!("已登记推荐 {new} 项{same}。"),
    };
    Some(
        view! {
            <p class="notice" role="status">
                {said}
                <a href=back>"看评选"</a>
            </p>
        }
        .into_any(),
    )
}

fn upload_view(scene: &Scene<'_>, files: &[(&'static str, Act)]) -> AnyView {
    let chosen = scene.posted.text(WHAT);
    let options = files.iter().map(|(name, act)| {
        view! {
            <option value=*name selected=chosen == *name>
                {called(*act)}
            </option>
        }
    });
    let options = options.collect_view();
    let blanks = files.iter().map(|(name, act)| {
        let address = links::selection_blank(&scene.plan.id, &scene.selection.id, scene.year, name);
        let said = match act {
            Act::Score => "打分空表（列出参加评选的编号和名称，各项标准一列）",
            _ => "推荐空表",
        };
        view! {
            <li>
                <a href=address download="">
                    {said}
                </a>
            </li>
        }
    });
    let blanks = blanks.collect_view();
    let nominates = files.iter().any(|(_, act)| *act == Act::Nominate);
    let scores = files.iter().any(|(_, act)| *act == Act::Score);
    let has = match (nominates, scores) {
        (true, true) => "推荐一行一项，表头里要有“企业名称”“推荐单位”；得分一行一项，表头里要有“编号”和各项标准",
        (true, false) => "一行一项，表头里要有“企业名称”“推荐单位”，另写名称、推荐理由",
        _ => "一行一项，表头里要有“编号”和各项标准",
    };
    view! {
        <p>"先下载空表，填好再上传："</p>
        <ul class="plain templates">{blanks}</ul>
        <form
            class="stacked import-file"
            method="post"
            enctype="multipart/form-data"
            action=format!("{}/upload", scene.address())
        >
            <label for="what">"文件里是"</label>
            <select id="what" name=WHAT>
                {options}
            </select>
            {file_boxes(&scene.posted, has, "不写则取第一张")}
            <p class="subtitle">"先给您看每一行怎样读，您确认之后才写入；有一行不对就整份不写。"</p>
            <button type="submit">"预览"</button>
        </form>
    }
    .into_any()
}

/// 36 + 50.5 = 86.5.
fn total(scores: &[Rate]) -> String {
    plain(scores.iter().fold(Rate::ZERO, |sum, score| sum.plus(*score)))
}

/// A line in words: 技术水平36，经济效益50.5，合计86.5.
fn said(scene: &Scene<'_>, act: Act, line: &ImportedLine) -> String {
    let nomination = &line.nomination;
    if act == Act::Score {
        let scores = scene.course.terms.criteria.iter().zip(&line.scores);
        let scores: Vec<String> = scores.map(|(of, score)| format!("{}{}", of.name, plain(*score))).collect();
        return match line.fate {
            Fate::Blank => DASH.to_owned(),
            Fate::Changed => {
                format!("{}，合计{}，原来合计{}", scores.join("，"), total(&line.scores), total(&line.before))
            }
            _ => format!("{}，合计{}", scores.join("，"), total(&line.scores)),
        };
    }
    let code = nomination.credit_code.as_ref().map(|code| format!("（{code}）")).unwrap_or_default();
    let amount = nomination.amount.map(|amount| format!("，总投资{}", yuan(amount))).unwrap_or_default();
    let project = nomination.project.as_ref().map(|id| format!("，项目库{id}")).unwrap_or_default();
    let (unit, firm) = (unit_name(scene.plan, &line.unit), &nomination.firm);
    format!("{unit}推荐，{firm}{code}{amount}{project}；推荐理由：{}", nomination.reason)
}

fn fate(act: Act, fate: Fate) -> &'static str {
    match (fate, act) {
        (Fate::New, _) => "新登记",
        (Fate::Changed, _) => "改动，要重新确认",
        (Fate::Same, _) => "已有，不再登记",
        (Fate::Blank, _) => "没有写得分，不登记",
    }
}

fn preview_view(scene: &Scene<'_>, preview: &SelectionPreview) -> AnyView {
    let act = preview.act;
    let count = |of: Fate| preview.lines.iter().filter(|line| line.fate == of).count();
    let (new, changed, same, blank) = (count(Fate::New), count(Fate::Changed), count(Fate::Same), count(Fate::Blank));
    let parts = [
        Some(format!("将登记{} {new} 项", called(act))),
        (act == Act::Score).then(|| format!("改动 {changed} 项")),
        Some(format!("已有 {same} 项")),
        (blank > 0).then(|| format!("没有写得分的 {blank} 项不登记")),
    ];
    let what = match preview.faults.is_empty() {
        true => format!("{}。", parts.into_iter().flatten().collect::<Vec<_>>().join("，")),
        false => "还不能登记。".to_owned(),
    };
    let fault = |said: &String| view! { <li>{format!("{said}。")}</li> }.into_any();
    let faults = faults_list(preview.faults.iter().map(fault));
    let rows = preview.lines.iter().map(|line| {
        view! {
            <tr>
                <td class="r" data-name="行">
                    {line.row.to_string()}
                </td>
                <th scope="row">{format!("第{}号　{}", line.number, line.nomination.name)}</th>
                <td class="said" data-name="读作">
                    {said(scene, act, line)}
                </td>
                <td data-name="登记">{fate(act, line.fate)}</td>
            </tr>
        }
    });
    let heads = [("行", true), ("推荐", false), ("读作", false), ("登记", false)];
    let label = if act == Act::Score { "读出的得分" } else { "读出的推荐" };
    let table = (!preview.lines.is_empty()).then(|| data_table(label, "data stack", &heads, rows.collect_view()));
    let confirm = (preview.faults.is_empty() && new + changed > 0).then(|| format!("确认登记 {} 项", new + changed));
    let file = FILES.into_iter().find(|(_, of)| *of == act).map(|(name, _)| name).unwrap_or_default();
    let shown = vec![
        (WHAT, file.to_owned()),
        ("file", preview.file.clone()),
        ("rows", preview.rows.clone()),
        ("shown", preview.shown.clone()),
    ];
    view! {
        <p class="lead">{format!("文件“{}”：{what}", preview.file)}</p>
        {faults}
        {table}
        {confirm_form(scene.address(), shown, confirm)}
    }
    .into_any()
}
