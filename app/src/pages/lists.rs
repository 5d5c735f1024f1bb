//! `/lists/{plan}` and its `/import`: firms recognised by a level of government, with the document that says so; what
//! goals count from them; the office's form, and its workbook line by line before anything is written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::calendar::{at_shanghai, chinese_date, moment};
use domain::month::Period;
use domain::plan::{Goal, Plan};
use domain::recognition::{Field, Recognition, Stated, counted};
use domain::region::fold_name;
use domain::rights::{Action, Object};
use leptos::prelude::*;
use office::commands::recognitions::{field, seen};
use office::posted::Posted;

use super::{param, query};
use crate::backend::backend;
use crate::parts::sheet::{counts, faults_list, file_boxes};
use crate::parts::{Menu, Page, PageError, alert, area, data_table, downloads, links, page};

/// A list as it is understood, before anything is written.
#[derive(Debug, Clone, Default)]
pub struct ListPreview {
    pub file: String,
    pub sheet: String,
    /// The sheet itself, for the next look at it.
    pub grid: String,
    /// Columns with what they are read as, and heads that say nothing known.
    pub columns: Vec<(String, String)>,
    pub unread: Vec<String>,
    /// Cell and sentence.
    pub faults: Vec<(String, String)>,
    pub lines: Vec<ListLine>,
    /// What was shown, and of which state of the lists.
    pub shown: String,
    pub seen: i64,
}

#[derive(Debug, Clone, Default)]
pub struct ListLine {
    pub row: usize,
    pub firm: String,
    pub unit: String,
    pub what: String,
    pub known: Option<u32>,
    /// What would change: what, before, after.
    pub changes: Vec<(String, String, String)>,
}

impl ListPreview {
    fn changed(&self) -> usize {
        self.lines.iter().filter(|line| line.known.is_some() && !line.changes.is_empty()).count()
    }
}

#[component]
pub(crate) fn Lists() -> impl IntoView {
    let (plan, title, level, edit) = (param("plan"), query("title"), query("level"), query("edit"));
    page(async move { load(&plan, title.as_deref(), level.as_deref(), edit.as_deref()).await })
}

#[component]
pub(crate) fn ListImport() -> impl IntoView {
    let (plan, done) = (param("plan"), query("done"));
    page(async move { load_import(&plan, done.as_deref()).await })
}

fn may(plan: &Plan, action: Action) -> bool {
    let office = Object::office(plan.region.id());
    backend().viewer().is_some_and(|viewer| viewer.may(action, office).is_ok())
}

/// Whether whoever asks sees all firms: what they come to is the office's.
pub(super) fn sees_all(plan: &Plan) -> bool {
    may(plan, Action::ReadLists)
}

/// Whether whoever asks sees all firms, or his unit's.
pub(super) fn is_open(plan: &Plan) -> bool {
    let backend = backend();
    let Some(viewer) = backend.viewer() else { return false };
    let unit = viewer.post.as_ref().and_then(|post| post.domain.unit.as_deref());
    let object = unit.map_or(Object::office(plan.region.id()), |unit| Object::unit(plan.region.id(), unit));
    viewer.may(Action::ReadLists, object).is_ok()
}

async fn plan_of(plan: &str) -> Result<Arc<Plan>, PageError> {
    let version = backend().plan_versions(plan).await?.pop().ok_or_else(|| PageError::no_plan(plan))?;
    Ok(version.plan)
}

async fn load(plan: &str, title: Option<&str>, level: Option<&str>, edit: Option<&str>) -> Result<Page, PageError> {
    let plan = plan_of(plan).await?;
    if !is_open(&plan) {
        return Err(PageError::not_found("没有这个计划的认定名单，或它不属于您的单位。").with_link("计划", "/plans"));
    }
    let posted = use_context::<Posted>().unwrap_or_default();
    let list = backend().recognitions(&plan).await?;
    let chosen = choose(&list, title, level);
    let form = may(&plan, Action::KeepLists).then(|| entry_form(&plan, &list, edit, &posted));
    let lines = chosen.iter().map(|one| row(&plan, one)).collect_view();
    let today = at_shanghai(backend().now()).date_naive();
    let in_force: Vec<&Recognition> = chosen.iter().filter(|one| one.stated.is_in_force(today)).copied().collect();
    let said = format!("共{}条，现在有效{}条。", chosen.len(), in_force.len());
    let heading = format!("{}认定名单", plan.region.name);
    let query: String = [("title", title), ("level", level)]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?)))
        .map(|(name, value)| format!("&{name}={}", links::encode(value)))
        .collect();
    let query = query.strip_prefix('&').map(|query| format!("?{query}")).unwrap_or_default();
    let body = view! {
        <section class="text-page wide">
            <h1>{heading.clone()}</h1>
            <p class="subtitle">
                <a href=links::plan(&plan.id)>{plan.title.clone()}</a>
            </p>
            {posted.error.clone().map(alert)}
            {declared(&plan, &list, today)}
            {beside_goals(&plan, &list, today).await?}
            {chooser(&plan, &list, title, level)}
            <p>{said} " " {downloads(&format!("/export/lists/{}", plan.id), &query)}</p>
            {data_table(
                "认定名单",
                "data stack",
                &[
                    ("编号", true),
                    ("名称", false),
                    ("县（市、区）", false),
                    ("认定", false),
                    ("文件", false),
                    ("认定日期", false),
                    ("状态", false),
                ],
                lines,
            )}
            {form}
        </section>
    };
    Ok(Page::new(heading, Menu::Plans, body))
}

/// The lists that the document asks for: how many lines of each hold today, and its words.
fn declared(plan: &Plan, list: &[Recognition], today: chrono::NaiveDate) -> Option<AnyView> {
    let lists = &plan.policies.lists;
    let lines = lists.iter().map(|of| {
        let same = |one: &&Recognition| fold_name(&one.stated.title) == fold_name(&of.title);
        let count = list.iter().filter(same).filter(|one| one.stated.is_in_force(today)).count();
        let levels =
            if of.levels.is_empty() { String::new() } else { format!("，级别写{}", of.levels.join("、")) };
        let clause = of.clause.as_ref().map(|clause| format!("（{clause}）")).unwrap_or_default();
        let quote = of.quote.as_ref().map(|quote| view! { <p class="quote">{format!("“{quote}”{clause}")}</p> });
        let at = format!("{}?title={}", links::lists(&plan.id), links::encode(&of.title));
        view! {
            <li>
                <a href=at>{of.title.clone()}</a>
                {format!("：{}名单{levels}，现在{count}条。", of.of.name())}
                {quote}
            </li>
        }
    });
    let lines = lines.collect_view();
    (!lists.is_empty()).then(|| {
        view! {
            <h2>"文件要求的名单"</h2>
            <ul>{lines}</ul>
        }
        .into_any()
    })
}

fn choose<'l>(list: &'l [Recognition], title: Option<&str>, level: Option<&str>) -> Vec<&'l Recognition> {
    let fits = |asked: Option<&str>, own: &str| asked.is_none_or(|asked| asked.is_empty() || asked == own);
    list.iter().filter(|one| fits(title, &one.stated.title) && fits(level, &one.stated.level)).collect()
}

/// The recognitions that a file of the lists holds: those its address chooses.
pub fn chosen(list: Vec<Recognition>, title: Option<&str>, level: Option<&str>) -> Vec<Recognition> {
    choose(&list, title, level).into_iter().cloned().collect()
}

fn chooser(plan: &Plan, list: &[Recognition], title: Option<&str>, level: Option<&str>) -> AnyView {
    let select = |name: &'static str, of: fn(&Stated) -> &String, chosen: Option<&str>| {
        let values: BTreeSet<&String> = list.iter().map(|one| of(&one.stated)).collect();
        let options = values.into_iter().map(|value| {
            view! {
                <option value=value.clone() selected=chosen == Some(value.as_str())>
                    {value.clone()}
                </option>
            }
        });
        let options = options.collect_view();
        view! {
            <select name=name>
                <option value="">"全部"</option>
                {options}
            </select>
        }
    };
    view! {
        <form method="get" action=links::lists(&plan.id) class="chooser">
            <label>"认定 " {select("title", |stated| &stated.title, title)}</label>
            <label>"级别 " {select("level", |stated| &stated.level, level)}</label>
            <button type="submit" class="second">
                "只看这些"
            </button>
        </form>
    }
    .into_any()
}

/// Who looks after a firm, below it.
pub(super) fn paired(stated: &Stated) -> Option<AnyView> {
    let said = format!("{}：{}", Field::Paired.name(), stated.paired.as_ref()?);
    Some(view! { <br /> <small>{said}</small> }.into_any())
}

fn row(plan: &Plan, one: &Recognition) -> AnyView {
    let stated = &one.stated;
    let below: Vec<&str> = stated.owner.as_deref().into_iter().chain(stated.credit_code.as_deref()).collect();
    let below = (!below.is_empty()).then(|| view! { <br /> <small>{below.join("　")}</small> });
    let paired = paired(stated);
    let firm = super::firm::of_recognition(plan, stated).map(super::firm::link);
    let firm = firm.map(|link| view! { <br /> <small>{link}</small> });
    let batch = if stated.batch.is_empty() { String::new() } else { format!("（{}）", stated.batch) };
    let (class, state) = match stated.withdrawn {
        Some(day) => ("lamp behind", format!("{}撤销", chinese_date(day))),
        None => ("lamp on-pace", "有效".to_owned()),
    };
    let changed = (one.version > 1).then(|| {
        let said = format!("{}　{}：{}", moment(one.at), one.actor, one.reason);
        view! { <br /> <small>{said}</small> }
    });
    let edit = may(plan, Action::KeepLists).then(|| {
        let at = format!("{}?edit={}#enter", links::lists(&plan.id), one.number);
        view! { " " <a href=at>"更正或撤销"</a> }
    });
    view! {
        <tr id=format!("recognition-{}", one.number)>
            <td class="r" data-name="编号">
                {one.number.to_string()}
            </td>
            <th scope="row">{stated.firm.clone()} {below} {paired} {firm}</th>
            <td data-name="县（市、区）">{Field::Unit.text(stated, plan)}</td>
            <td data-name="认定">
                {format!("{}{}{batch}", stated.level, stated.title)}
            </td>
            <td class="said" data-name="文件">
                {stated.document.clone()}
            </td>
            <td data-name="认定日期">{chinese_date(stated.day)}</td>
            <td data-name="状态">
                <span class=class>{state}</span>
                {changed}
                {edit}
            </td>
        </tr>
    }
    .into_any()
}

fn entry_form(plan: &Plan, list: &[Recognition], edit: Option<&str>, posted: &Posted) -> AnyView {
    let edited = edit.and_then(|number| list.iter().find(|one| one.number.to_string() == number));
    let number = edited.map(|one| one.number.to_string()).unwrap_or_default();
    let is_back = posted.error.is_some();
    let boxes = Field::ALL.map(|of| {
        let usual = edited.map(|one| of.text(&one.stated, plan)).unwrap_or_default();
        let typed = if is_back { posted.text(of.id()).to_owned() } else { usual };
        let open = match of {
            Field::Firm => "（平台、产品、标准写它的名称）",
            Field::Owner => "（平台、产品写，企业名单空着）",
            Field::Level => "（国家级、省级、市级；名单不分级的空着）",
            Field::Paired => "（领导的姓名和职务，或单位），没有就空着",
            of if of.may_be_empty() => "，没有就空着",
            _ => "",
        };
        view! {
            <label>
                {format!("{}{open}", of.name())} <input type="text" name=of.id() value=typed />
            </label>
        }
    });
    let heading = match edited {
        Some(one) => format!("更正或撤销第{}条：{}", one.number, one.stated.firm),
        None => "登记一条".to_owned(),
    };
    let reason = edited.map(|_| {
        view! {
            <label for="reason">"理由（必填；撤销的写明文件）"</label>
            <textarea id="reason" name=field::REASON rows="2" inner_html=area(posted.text(field::REASON)) />
        }
    });
    view! {
        <section id="enter">
            <h2>{heading}</h2>
            <p>
                "整张名单从工作簿导入："
                <a href=format!("{}/import", links::lists(&plan.id))>"导入认定名单"</a>
            </p>
            <form method="post" action=links::lists(&plan.id) class="stacked" autocomplete="off">
                <input type="hidden" name=field::NUMBER value=number />
                <input type="hidden" name=field::SEEN value=seen(list).to_string() />
                {boxes.into_iter().collect_view()}
                {reason}
                <button type="submit">"登记"</button>
            </form>
        </section>
    }
    .into_any()
}

/// What the lists count for goals that say so, beside what is stated: at the newest month of the year that is past.
async fn beside_goals(
    plan: &Plan,
    list: &[Recognition],
    today: chrono::NaiveDate,
) -> Result<Option<AnyView>, PageError> {
    let asked = |goal: &&Goal| goal.meaning.from_list.is_some();
    if !plan.goals.iter().any(|goal| asked(&goal)) || !sees_all(plan) {
        return Ok(None);
    }
    let Some(facts) = backend().facts(&plan.id).await? else { return Ok(None) };
    let lines = plan.goals.iter().filter(asked).filter_map(|goal| {
        let newest = facts.figures.periods(&goal.id).into_iter().max();
        let year = chrono::Datelike::year(&today).clamp(plan.years.0, plan.years.1);
        let at = newest.or_else(|| Period::new(year, 12))?;
        let stated = facts.figures.get(&goal.id, at, plan.region.id()).and_then(|figure| figure.value);
        Some(view! { <li>{beside(goal, list, at, stated)?}</li> })
    });
    let lines = lines.collect_view();
    Ok(Some(
        view! {
            <h2>"与目标对照"</h2>
            <ul>{lines}</ul>
        }
        .into_any(),
    ))
}

/// 省级以上绿色工厂（2022年12月）：名单12家；报送数13家，比名单多1家，以报送数为准，差异请核对.
pub(super) fn beside(
    goal: &Goal,
    list: &[Recognition],
    at: Period,
    stated: Option<domain::money::Amount>,
) -> Option<String> {
    let from = goal.meaning.from_list.as_ref()?;
    let count = counted(from, goal.meaning.stock.is_some(), list, at);
    beside_count(goal, ("名单", count), at, stated)
}

/// A goal's count of another source beside what was reported.
pub(super) fn beside_count(
    goal: &Goal,
    (source, count): (&str, usize),
    at: Period,
    stated: Option<domain::money::Amount>,
) -> Option<String> {
    let counted = domain::money::Amount(i64::try_from(count).ok()?);
    let measure = &goal.measure;
    let beside = match stated {
        Some(stated) if stated == counted => "，与报送数一致".to_owned(),
        Some(stated) => {
            let difference = domain::money::Amount((stated.0 - counted.0).abs());
            let more = if stated > counted { "多" } else { "少" };
            format!(
                "；报送数{}，比{source}{more}{}，以报送数为准，差异请核对",
                measure.visible_with_unit(stated),
                measure.visible_with_unit(difference)
            )
        }
        None => "；本期没有报送数".to_owned(),
    };
    let name = &goal.name;
    Some(format!("{name}（{}）：{source}{}{beside}。", at.label(), measure.visible_with_unit(counted)))
}

async fn load_import(plan: &str, done: Option<&str>) -> Result<Page, PageError> {
    let plan = plan_of(plan).await?;
    if !may(&plan, Action::KeepLists) {
        return Err(PageError::not_found("导入认定名单由办公室的审核员办理。"));
    }
    let posted = use_context::<Posted>().unwrap_or_default();
    let done = done.and_then(counts).map(|[added, changed, same]| {
        view! {
            <p class="notice" role="status">
                {format!("已导入：新增 {added} 条，改动 {changed} 条，未变 {same} 条。")}
                <a href=links::lists(&plan.id)>"看名单"</a>
            </p>
        }
    });
    let body = match use_context::<ListPreview>() {
        Some(preview) => preview_view(&plan, &preview, &posted),
        None => upload_view(&plan, &posted),
    };
    let title = "导入认定名单".to_owned();
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">
                <a href=links::lists(&plan.id)>{format!("{}认定名单", plan.region.name)}</a>
            </p>
            {posted.error.clone().map(alert)}
            {done}
            {body}
        </section>
    };
    Ok(Page::new(title, Menu::Plans, body))
}

/// What the sheet may leave to be typed once for all its lines.
pub const USUAL: [Field; 5] = [Field::Title, Field::Level, Field::Batch, Field::Document, Field::Day];

fn usual_boxes(posted: &Posted) -> AnyView {
    let boxes = USUAL.map(|of| {
        view! {
            <label>
                {of.name()} <input type="text" name=of.id() value=posted.text(of.id()).to_owned() />
            </label>
        }
    });
    boxes.into_iter().collect_view().into_any()
}

fn upload_view(plan: &Plan, posted: &Posted) -> AnyView {
    view! {
        <form
            class="stacked import-file"
            method="post"
            enctype="multipart/form-data"
            action=format!("{}/import/upload", links::lists(&plan.id))
        >
            {file_boxes(
                posted,
                "表头里要有“企业名称”（或平台、产品、标准名称）和“县（市、区）”",
                "不写则取第一张有“企业名称”的",
            )}
            <p>"表里没有的列在这里写一次，每一行都用它："</p>
            {usual_boxes(posted)}
            <p class="subtitle">"先给您看每一行怎样读、改动什么，您确认之后才写入。"</p>
            <button type="submit">"预览"</button>
        </form>
    }
    .into_any()
}

fn preview_view(plan: &Plan, preview: &ListPreview, posted: &Posted) -> AnyView {
    let stops = !preview.faults.is_empty() || preview.lines.is_empty();
    let (changed, new) = (preview.changed(), preview.lines.iter().filter(|line| line.known.is_none()).count());
    let same = preview.lines.len() - changed - new;
    let what = match stops {
        true => "还不能导入。".to_owned(),
        false => format!("将新增 {new} 条，改动 {changed} 条，未变 {same} 条。"),
    };
    let faults = preview.faults.iter().map(|(at, sentence)| {
        view! {
            <li>
                <b class="cell">{at.clone()}</b>
                " "
                {format!("{sentence}。")}
            </li>
        }
        .into_any()
    });
    let faults = faults_list(faults);
    let columns: Vec<String> = preview.columns.iter().map(|(letters, name)| format!("{letters}列读作{name}")).collect();
    let unread = match preview.unread.is_empty() {
        true => String::new(),
        false => format!("；没有读的列：{}", preview.unread.join("、")),
    };
    let lines = preview.lines.iter().map(|line| {
        let said: Vec<String> = line
            .changes
            .iter()
            .map(|(what, old, new)| format!("{what}：{old} → {}", if new.is_empty() { "（删去）" } else { new }))
            .collect();
        let said = match (line.known, said.is_empty()) {
            (None, _) => "新增".to_owned(),
            (Some(number), true) => format!("第{number}条，未变"),
            (Some(number), false) => format!("改动第{number}条　{}", said.join("；")),
        };
        view! {
            <tr>
                <td class="r" data-name="行">
                    {line.row.to_string()}
                </td>
                <th scope="row">{line.firm.clone()}</th>
                <td data-name="县（市、区）">{line.unit.clone()}</td>
                <td data-name="认定">{line.what.clone()}</td>
                <td class="said" data-name="新增或改动">
                    {said}
                </td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    let reason = (changed > 0).then(|| {
        view! {
            <label for="reason">{format!("改动的理由（有 {changed} 条与名单里的不同，必填）")}</label>
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
    let at = format!("{}/import", links::lists(&plan.id));
    let again = at.clone();
    view! {
        <p class="lead">{format!("表“{}”，{} 行：{what}", preview.sheet, preview.lines.len())}</p>
        <p class="subtitle">{format!("{}{unread}。", columns.join("，"))}</p>
        {faults}
        <form id="import-form" method="post" action=at class="import-form">
            <input type="hidden" name="file" value=preview.file.clone() />
            <input type="hidden" name="grid" value=preview.grid.clone() />
            <input type="hidden" name="shown" value=preview.shown.clone() />
            <input type="hidden" name=field::SEEN value=preview.seen.to_string() />
            <p>"表里没有的列："</p>
            <div class="row-form">{usual_boxes(posted)}</div>
            {data_table(
                "读出的名单",
                "data stack",
                &[("行", true), ("企业", false), ("县（市、区）", false), ("认定", false), ("新增或改动", false)],
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

/// Typed once for all lines, by field.
pub fn usual(posted: &Posted) -> BTreeMap<Field, String> {
    let typed = USUAL.into_iter().map(|of| (of, posted.text(of.id()).trim().to_owned()));
    typed.filter(|(_, text)| !text.is_empty()).collect()
}
