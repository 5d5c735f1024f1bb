//! `/tasks/{plan}`: the document's dated tasks, what became of each, and the forms in which units report and the office
//! decides.

use std::collections::BTreeMap;

use domain::calendar::{at_shanghai, chinese_date, moment};
use domain::evidence::{FileStep, Subject};
use domain::plan::Plan;
use domain::plan::task::Task;
use domain::rights::{Action, Object};
use domain::tasks::{Act, Part, Standing, TaskState, counted, due, lagging_first, units_of};
use domain::workflow::State;
use leptos::prelude::*;
use office::commands::task::{ALL, field};
use office::facts::{EditionSummary, Evidence, TaskStep, Unavailable};
use office::posted::Posted;

use super::evidence::Files;
use super::{param, query};
use crate::backend::{Backend, backend};
use crate::parts::{Menu, Page, PageError, alert, area, links, page};

/// The names of the choices in the address.
const FIRST: &str = "first";
const LAGGING: &str = "lagging";
const UNIT: &str = "unit";

#[component]
pub(crate) fn Tasks() -> impl IntoView {
    let (plan, first, unit) = (param("plan"), query(FIRST), query(UNIT));
    page(async move { load(&plan, first.as_deref() == Some(LAGGING), unit.as_deref()).await })
}

/// What whoever asks knows of a plan's tasks.
pub struct Known {
    /// The tasks of his own unit as they stand today.
    pub own: Vec<TaskState>,
    /// Every task with what he knows of it: the office as it stands today, others as the newest bulletin says.
    pub all: Vec<TaskState>,
    /// The edition that says so; `None` for the office, and where no bulletin says anything.
    pub edition: Option<EditionSummary>,
    pub is_live: bool,
    steps: Vec<TaskStep>,
}

/// What the page shows and the files hold.
pub async fn gather(backend: &dyn Backend, plan: &Plan) -> Result<Known, Unavailable> {
    let today = at_shanghai(backend.now()).date_naive();
    let office = plan.region.id();
    let is_live = backend.viewer().is_some_and(|it| it.may(Action::ReadUnpublished, Object::office(office)).is_ok());
    let steps = backend.task_steps(plan).await?;
    let states = due(plan, &steps, today);
    if is_live {
        return Ok(Known { own: Vec::new(), all: states, edition: None, is_live, steps });
    }
    let post = backend.viewer().and_then(|viewer| viewer.post.as_ref());
    let post = post.filter(|post| post.domain.office.as_deref() == Some(office));
    let unit = post.and_then(|post| post.domain.unit.as_deref());
    let own = unit.map(|unit| states.iter().filter_map(|state| state.of_unit(unit)).collect()).unwrap_or_default();
    let newest = backend.editions().await?.into_iter().find(|edition| edition.plan == plan.id);
    let edition = match newest {
        Some(newest) => backend.edition(&plan.id, newest.period, Some(newest.edition)).await?,
        None => None,
    };
    let edition = edition.filter(|edition| !edition.bulletin.tasks.is_empty());
    let (edition, all) = edition.map(|edition| (edition.summary.clone(), edition.bulletin.tasks.clone())).unzip();
    Ok(Known { own, all: all.unwrap_or_default(), edition, is_live, steps })
}

async fn load(plan: &str, lagging: bool, unit: Option<&str>) -> Result<Page, PageError> {
    let backend = backend();
    let version = backend.plan_versions(plan).await?.pop().ok_or_else(|| PageError::no_plan(plan))?;
    let plan = &version.plan;
    if plan.tasks.is_empty() {
        return Err(PageError::not_found("这个计划没有限时任务。").with_link("计划", format!("/plans/{}", plan.id)));
    }
    let known = gather(backend.as_ref(), plan).await?;
    let posted = use_context::<Posted>().unwrap_or_default();
    let today = at_shanghai(backend.now()).date_naive();
    let files = backend.evidence(plan, None).await?;
    let mut takes = BTreeMap::new();
    for state in &known.own {
        for part in &state.parts {
            let subject = Subject::Task(state.task.clone());
            if let Some(taken) = backend.takes_evidence(plan, &subject, &part.unit).await? {
                takes.insert((state.task.clone(), part.unit.clone()), taken);
            }
        }
    }
    let own_first = Scene { plan, known: &known, posted: &posted, today, repeats: false, files: &files, takes: &takes };
    let scene = Scene { repeats: true, ..own_first };
    let own = (!known.own.is_empty()).then(|| {
        view! {
            <h2>"本单位的任务"</h2>
            <p class="subtitle">{format!("{}。", counted(known.own.iter()))}</p>
            {list(&own_first, known.own.clone(), true)}
            <h2>"全部任务"</h2>
        }
    });
    let of = |task: &TaskState| match unit {
        Some(unit) => task.of_unit(unit),
        None => Some(task.clone()),
    };
    let shown: Vec<TaskState> = known.all.iter().filter_map(of).collect();
    let all = match known.is_live || known.edition.is_some() {
        true => {
            let shown = if lagging { lagging_first(shown) } else { shown };
            let count = format!("共{}项：{}。", shown.len(), counted(shown.iter()));
            view! {
                <p>{count}</p>
                {list(&scene, shown, !lagging)}
            }
            .into_any()
        }
        false => document(plan, unit),
    };
    let whence = match &known.edition {
        Some(edition) => {
            let text = format!("{}通报第{}版", edition.period.label(), edition.edition);
            let at = links::edition(&plan.id, edition.period, edition.edition);
            view! { <p class="subtitle">"办理情况据"<a href=at>{text}</a></p> }.into_any()
        }
        None if known.is_live => {
            let text = format!("截至{}，含未发布的", chinese_date(scene.today));
            view! { <p class="subtitle">{text}</p> }.into_any()
        }
        None => view! { <p class="subtitle">"还没有通报说过办理情况，这里只列文件的要求"</p> }.into_any(),
    };
    let title = "限时任务".to_owned();
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">
                <a href=format!("/plans/{}", plan.id)>{plan.title.clone()}</a>
            </p>
            {posted.error.clone().map(alert)}
            {own}
            {whence}
            {tools(plan, lagging, unit)}
            {all}
        </section>
    };
    Ok(Page::new(title, Menu::Plans, body))
}

/// Order, unit and files.
fn tools(plan: &Plan, lagging: bool, unit: Option<&str>) -> AnyView {
    let address = |lagging: bool| {
        let chosen = unit.map(|unit| format!("{UNIT}={}", links::encode(unit)));
        let parts: Vec<String> = lagging.then(|| format!("{FIRST}={LAGGING}")).into_iter().chain(chosen).collect();
        let base = links::tasks(&plan.id);
        if parts.is_empty() { base } else { format!("{base}?{}", parts.join("&")) }
    };
    let (order, word) = if lagging { (address(false), "按文件顺序") } else { (address(true), "滞后的在前") };
    let mut units: Vec<(String, String)> = plan.tasks.iter().flat_map(|task| units_of(plan, task)).collect();
    units.sort_by_key(|(id, _)| plan.units.iter().position(|unit| unit.id == *id));
    units.dedup();
    let options = units.into_iter().map(|(id, name)| {
        let chosen = unit == Some(id.as_str());
        view! {
            <option value=id selected=chosen>
                {name}
            </option>
        }
    });
    let options = options.collect_view();
    let file = |ending: &str| format!("/export/tasks/{}.{ending}", plan.id);
    view! {
        <div class="toolbar">
            <form method="get" action=links::tasks(&plan.id) class="chooser">
                {lagging.then(|| view! { <input type="hidden" name=FIRST value=LAGGING /> })}
                <label>
                    "责任单位 "<select name=UNIT>
                        <option value="">"全部"</option>
                        {options}
                    </select>
                </label>
                " "
                <button type="submit" class="second">
                    "查看"
                </button>
            </form>
            <span class="tools">
                <a href=order>{word}</a>
                <a href=file("xlsx")>"Excel"</a>
                <a href=file("csv")>"CSV"</a>
            </span>
        </div>
    }
    .into_any()
}

/// What all parts of the page know.
#[derive(Clone, Copy)]
struct Scene<'p> {
    plan: &'p Plan,
    known: &'p Known,
    posted: &'p Posted,
    today: chrono::NaiveDate,
    /// The list of all tasks, in which a unit's own stand once more.
    repeats: bool,
    files: &'p [Evidence],
    /// As what a file would come now, by task and unit.
    takes: &'p BTreeMap<(String, String), Result<FileStep, String>>,
}

impl Scene<'_> {
    /// Whether the task stands above with its forms: here it has none, and another id.
    fn is_told(&self, task: &str) -> bool {
        self.repeats && self.known.own.iter().any(|own| own.task == task)
    }
}

/// The tasks as they stand, by the document's headings where their order is its.
fn list(scene: &Scene<'_>, states: Vec<TaskState>, by_section: bool) -> AnyView {
    let mut section: Option<Option<String>> = None;
    let items: Vec<AnyView> = states
        .iter()
        .map(|state| {
            let heading = (by_section && section.as_ref() != Some(&state.section)).then(|| state.section.clone());
            section = Some(state.section.clone());
            let heading = heading.flatten().map(|heading| view! { <h3>{heading}</h3> });
            let task = scene.plan.tasks.iter().find(|task| task.id == state.task);
            view! {
                {heading}
                {card(scene, task, state)}
            }
            .into_any()
        })
        .collect();
    view! { <div class="tasks dated">{items}</div> }.into_any()
}

/// Only what the document asks.
fn document(plan: &Plan, unit: Option<&str>) -> AnyView {
    let items = plan.tasks.iter().filter_map(|task| {
        let units = units_of(plan, task);
        if unit.is_some_and(|unit| !units.iter().any(|(id, _)| id == unit)) {
            return None;
        }
        let names: Vec<String> = units.into_iter().map(|(_, name)| name).collect();
        Some(view! {
            <article class="task" id=format!("task-{}", task.id)>
                <h4>{task.title.clone()}</h4>
                <p>{format!("期限：{}　责任单位：{}", task.due.words(), names.join("、"))}</p>
                {words(task)}
            </article>
        })
    });
    let items = items.collect_view();
    view! { <div class="tasks dated">{items}</div> }.into_any()
}

/// The document's own words.
fn words(task: &Task) -> AnyView {
    let clause = task.clause.as_ref().map(|clause| format!("（{clause}）")).unwrap_or_default();
    let quote = task.quote.as_ref().map(|quote| view! { <p class="quote">{format!("“{quote}”{clause}")}</p> });
    let evidence = task.evidence.as_ref().map(|evidence| format!("证明材料：{evidence}"));
    let assumed = task.assumed.iter().map(|assumed| view! { <p class="notes">{format!("{assumed}。")}</p> });
    view! {
        {quote}
        {evidence.map(|evidence| view! { <p class="subtitle">{evidence}</p> })}
        {assumed.collect_view()}
    }
    .into_any()
}

pub(crate) fn class(standing: Standing) -> &'static str {
    match standing {
        Standing::Overdue | Standing::Late => "lamp behind",
        Standing::Due | Standing::Waiting => "lamp near",
        Standing::OnTime => "lamp on-pace",
        Standing::NotDue | Standing::Ended => "lamp not-assessed",
    }
}

fn card(scene: &Scene<'_>, task: Option<&Task>, state: &TaskState) -> AnyView {
    let several = state.parts.len() > 1;
    let progress = state.progress().map(|progress| format!("　{progress}")).unwrap_or_default();
    let extension = state.extension().map(|extension| format!("　{extension}")).unwrap_or_default();
    let parts = state.parts.iter().map(|part| part_view(scene, state, part, several)).collect_view();
    let urgent = state.standing == Standing::Overdue || (state.standing == Standing::Waiting && scene.known.is_live);
    let id = format!("{}task-{}", if scene.is_told(&state.task) { "all-" } else { "" }, state.task);
    view! {
        <article class=if urgent { "task act" } else { "task" } id=id>
            <h4>{state.title.clone()} " " <span class=class(state.standing)>{state.state()}</span></h4>
            <p>{format!("期限：{}{extension}{progress}", state.due)}</p>
            {task.map(words)}
            {parts}
            {extend_all(scene, state)}
        </article>
    }
    .into_any()
}

/// One unit's part: where it stands, its steps and what may be done next.
fn part_view(scene: &Scene<'_>, state: &TaskState, part: &Part, several: bool) -> AnyView {
    let steps: Vec<&TaskStep> =
        scene.known.steps.iter().filter(|step| step.task == state.task && step.unit == part.unit).collect();
    let done = part.done.map(|done| format!("，完成日期{}", chinese_date(done))).unwrap_or_default();
    let late = if part.waits_late() { "（晚于期限）" } else { "" };
    let lines = steps.iter().map(|step| view! { <li class="free">{said(step)}</li> }).collect_view();
    let history = (!steps.is_empty()).then(|| view! { <ol class="steps-of-task">{lines}</ol> });
    view! {
        <div class="part">
            <p>
                {part.name.clone()}
                {several
                    .then(|| {
                        view! {
                            "："
                            <span class=class(part.standing)>{part.state()}</span>
                        }
                    })} {format!("{done}{late}")}
            </p>
            {history}
            {files(scene, state, part)}
            {forms(scene, state, part, steps.len())}
        </div>
    }
    .into_any()
}

/// The files of one unit's part; of a task that stands above they stand there.
fn files(scene: &Scene<'_>, state: &TaskState, part: &Part) -> AnyView {
    if scene.is_told(&state.task) {
        return ().into_any();
    }
    let subject = Subject::Task(state.task.clone());
    let takes = scene.takes.get(&(state.task.clone(), part.unit.clone())).cloned();
    Files::of(scene.plan, &subject, &part.unit, scene.files, takes).shown()
}

/// 2013年4月2日 10:03 某某报告完成：完成日期2013年2月26日。
fn said(step: &TaskStep) -> String {
    let day = step.day.map(chinese_date);
    let about = match (step.act, day) {
        (Act::Report, Some(day)) => format!("，完成日期{day}"),
        (Act::Extend, Some(day)) => format!("到{day}"),
        _ => String::new(),
    };
    let words = if step.words.is_empty() { String::new() } else { format!("：{}", step.words) };
    let proof = if step.proof.is_empty() { String::new() } else { format!("（证明材料：{}）", step.proof) };
    format!("{}　{}{}{about}{words}{proof}", moment(step.at), step.actor, step.act.name())
}

/// What whoever asks may do next with one unit's part.
fn forms(scene: &Scene<'_>, state: &TaskState, part: &Part, seen: usize) -> AnyView {
    if scene.is_told(&state.task) {
        return ().into_any();
    }
    let object = Object::of_unit(scene.plan.region.id(), &part.unit, State::Approved);
    let may = |act: Act| {
        let right = office::commands::task::right(act);
        backend().viewer().is_some_and(|viewer| viewer.may(right, object).is_ok())
    };
    let is_open = part.standing.is_open();
    let form = |act: Act| form(scene, (&state.task, &part.unit, seen), act);
    let offers = [
        (Act::Report, is_open),
        (Act::Confirm, part.standing == Standing::Waiting),
        (Act::SendBack, part.standing == Standing::Waiting || part.standing.is_done()),
        (Act::Withdraw, part.standing == Standing::Waiting),
        (Act::Extend, is_open),
    ];
    let offered: Vec<AnyView> =
        offers.into_iter().filter(|(act, fits)| *fits && may(*act)).map(|(act, _)| form(act)).collect();
    (!offered.is_empty()).then(|| view! { <div class="offers">{offered}</div> }).into_any()
}

/// A later day for everybody who has not done his part.
fn extend_all(scene: &Scene<'_>, state: &TaskState) -> AnyView {
    let open = state.parts.iter().filter(|part| part.standing.is_open()).count();
    let office = Object::office(scene.plan.region.id());
    let may = backend().viewer().is_some_and(|viewer| viewer.may(Action::ExtendTask, office).is_ok());
    let seen = scene.known.steps.iter().filter(|step| step.task == state.task).count();
    (may && scene.known.is_live && open > 1 && state.parts.len() > 1)
        .then(|| form(scene, (&state.task, ALL, seen), Act::Extend))
        .into_any()
}

/// A form that is folded until somebody wants it, or got it back.
fn form(scene: &Scene<'_>, (task, unit, seen): (&str, &str, usize), act: Act) -> AnyView {
    let posted = scene.posted;
    let is_back = [(field::TASK, task), (field::UNIT, unit), (field::ACT, act.id())]
        .iter()
        .all(|(name, value)| posted.text(name) == *value);
    let typed = |name: &str, else_text: String| if is_back { posted.text(name).to_owned() } else { else_text };
    let summary = match act {
        Act::Extend if unit == ALL => "给没有完成的单位都延期",
        act => act.name(),
    };
    let hidden = view! {
        <input type="hidden" name=field::TASK value=task.to_owned() />
        <input type="hidden" name=field::UNIT value=unit.to_owned() />
        <input type="hidden" name=field::ACT value=act.id() />
        <input type="hidden" name=field::SEEN value=seen.to_string() />
    };
    let at = links::tasks(&scene.plan.id);
    // What needs no word is one press.
    if matches!(act, Act::Withdraw | Act::Confirm) {
        return view! {
            <form method="post" action=at class="step">
                {hidden}
                <button type="submit" class=if act == Act::Confirm { "" } else { "second" }>
                    {summary}
                </button>
            </form>
        }
        .into_any();
    }
    let key = format!("{task}-{unit}-{}", act.id());
    let day = matches!(act, Act::Report | Act::Extend).then(|| {
        let (label, start) = match act {
            Act::Report => ("完成日期", scene.today.to_string()),
            _ => ("延期到哪一天", String::new()),
        };
        let id = format!("day-{key}");
        view! {
            <label for=id.clone()>{label}</label>
            <input id=id name=field::DAY value=typed(field::DAY, start) autocomplete="off" />
        }
    });
    let label = match act {
        Act::Report => "完成情况（必填）",
        Act::SendBack => "退回的理由：还缺什么（必填）",
        _ => "延期的理由（必填）",
    };
    let proof = (act == Act::Report).then(|| {
        let id = format!("proof-{key}");
        view! {
            <label for=id.clone()>"证明材料的名称、文号或存放处（必填）"</label>
            <input id=id name=field::PROOF value=typed(field::PROOF, String::new()) autocomplete="off" />
        }
    });
    let words = format!("words-{key}");
    view! {
        <details open=is_back>
            <summary>{summary}</summary>
            <form method="post" action=at class="stacked">
                {hidden}
                {day}
                <label for=words.clone()>{label}</label>
                <textarea id=words name=field::WORDS rows="2" inner_html=area(&typed(field::WORDS, String::new())) />
                {proof}
                <button type="submit">{summary}</button>
            </form>
        </details>
    }
    .into_any()
}
