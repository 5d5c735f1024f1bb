//! `/plans/new?from=`, `/plans/{plan}/edit?part=&goal=`: a plan by form, by pasted table, or as its file; findings
//! while one types. Each page of the form edits one part; what was typed goes along to the next, and nothing is kept
//! before all of it is saved.

use domain::plan::Plan;
use domain::plan::check::Finding;
use domain::region::Region;
use domain::rights::{Action, Role};
use leptos::prelude::*;

use super::plan_rules::rules_fields;
use super::plan_sheet::{Sheet, go, is_here};
use super::plan_split::{SplitShown, split_page};
use super::{
    param, plan_basics, plan_comparisons, plan_goal, plan_lists, plan_policies, plan_policy, plan_projects, query,
};
use crate::backend::backend;
use crate::islands::plan_check::PlanCheck;
use crate::load::own_words;
use crate::parts::{Menu, Page, PageError, alert, area, page};
use office::commands::keep_plan::field;
use office::people;
use office::plan_form::{self, DRAFT, Edited, PART, Part, Turn};
use office::posted::Posted;

#[component]
pub(crate) fn NewPlan() -> impl IntoView {
    let from = query("from");
    page(async move { new_plan(from.as_deref()).await })
}

#[component]
pub(crate) fn EditPlan() -> impl IntoView {
    let (plan, opened) = (param("plan"), Opened { part: query("part"), goal: query("goal"), year: query("year") });
    page(async move { edit_plan(&plan, &opened).await })
}

/// What the address asks for.
struct Opened {
    part: Option<String>,
    goal: Option<String>,
    year: Option<String>,
}

impl Opened {
    fn part(&self, plan: &Plan) -> Part {
        let goal = self.goal.as_deref().filter(|id| plan.goal(id).is_some());
        match (self.part.as_deref().and_then(Part::parse), goal) {
            (Some(part), _) => part,
            (None, Some(id)) if plan_form::home(plan) != Part::Whole => Part::Goal(id.to_owned()),
            _ => plan_form::home(plan),
        }
    }
}

fn may_edit(office: Option<&str>) -> bool {
    let viewer = backend().viewer().cloned();
    let own =
        viewer.as_ref().and_then(|viewer| viewer.post.as_ref()).filter(|post| post.domain.role == Role::CityReviewer);
    own.is_some_and(|post| office.is_none_or(|office| post.domain.office.as_deref() == Some(office)))
}

async fn new_plan(from: Option<&str>) -> Result<Page, PageError> {
    if !may_edit(None) {
        return Err(PageError::not_found("新建计划由市级审核员办理。"));
    }
    let posted = use_context::<Posted>().unwrap_or_default();
    let from = from.or(posted.get(field::FROM)).filter(|from| !from.is_empty()).map(str::to_owned);
    let base = match &from {
        Some(from) => own_words(from)
            .await?
            .filter(|(plan, _)| may_edit(Some(plan.region.id())))
            .map(|(plan, _)| plan_form::next_year(&plan)),
        None => None,
    };
    if let Some(shown) = use_context::<SplitShown>() {
        return Ok(split_page(&shown, &posted, "/plans/new/table".to_owned()));
    }
    let title = if base.is_some() { "新一年的计划" } else { "新建计划" };
    let hidden = view! { <input type="hidden" name=field::FROM value=from.unwrap_or_default() /> }.into_any();
    // What the year is called and when it begins comes first.
    let opened = match &base {
        Some(plan) if plan_form::home(plan) == Part::Goals => Part::Plan,
        _ => Part::Whole,
    };
    let by_file = query("by").as_deref() == Some("file");
    let begins = posted.is_empty() && base.is_none();
    let mut turn = plan_form::turn(posted, base.as_ref(), opened, by_file);
    if begins {
        // A file of a split can be read at once.
        let year = chrono::Datelike::year(&domain::calendar::at_shanghai(backend().now()));
        turn.known.set("year_from", &year.to_string());
    }
    if begins && let Some(own) = own_region().await? {
        turn.known.set("region_name", &own.name);
        turn.known.set("region_code", own.code.as_deref().unwrap_or_default());
    }
    Ok(editor(&Editing { title, action: "/plans/new", base: None, used: &[] }, turn, hidden))
}

/// The region whose office the editor is of.
async fn own_region() -> Result<Option<Region>, PageError> {
    let backend = backend();
    let plans = backend.plans().await?;
    let set_up = backend.policies().await?.office;
    let offices = people::offices(plans.iter().map(|version| &*version.plan), set_up.as_deref());
    let post = backend.viewer().and_then(|viewer| viewer.post.clone());
    Ok(post.and_then(|post| people::office_of(&offices, &post.domain)))
}

async fn edit_plan(id: &str, opened: &Opened) -> Result<Page, PageError> {
    let (base, version) = own_words(id).await?.ok_or_else(|| PageError::no_plan(id))?;
    if !may_edit(Some(base.region.id())) {
        return Err(PageError::not_found(format!(
            "这是{}的计划，由{}的市级审核员修订。",
            base.region.name, base.region.name
        )));
    }
    let mut posted = use_context::<Posted>().unwrap_or_default();
    if let Some(shown) = use_context::<SplitShown>() {
        return Ok(split_page(&shown, &posted, format!("/plans/{id}/edit/table")));
    }
    if posted.get("by").is_none() {
        if let Some(year) = &opened.year {
            posted.set("target_year", year);
        }
        if let Some(goal) = &opened.goal {
            posted.set("goal", goal);
        }
    }
    let waiting = super::plan_changes::notice(&base).await?;
    let used = backend().used_goals(&base).await?;
    let running = "这个计划已有报送数据，保存的修订要由本办公室另一个人确认才生效；还没有数据的计划一保存就生效。";
    let seen = posted.get(field::SEEN).map_or(version.to_string(), str::to_owned);
    let hidden = view! {
        {waiting}
        <p class="subtitle">{running}</p>
        <input type="hidden" name=field::SEEN value=seen />
    }
    .into_any();
    let title = format!("修订：{}", base.title);
    let by_file = query("by").as_deref() == Some("file");
    let mut turn = plan_form::turn(posted, Some(&base), opened.part(&base), by_file);
    if let Some(edited) = &mut turn.edited
        && let Some((plan, _)) = &edited.plan
    {
        edited.effects = plan_projects::effects(&base, plan).await?;
    }
    let action = format!("/plans/{id}/edit");
    Ok(editor(&Editing { title: &title, action: &action, base: Some(&base), used: &used }, turn, hidden))
}

/// What is edited.
struct Editing<'e> {
    title: &'e str,
    action: &'e str,
    /// The version in force; `None` for a new plan.
    base: Option<&'e Plan>,
    /// The goals that have figures.
    used: &'e [String],
}

fn editor(editing: &Editing<'_>, turn: Turn, hidden: AnyView) -> Page {
    let Editing { title, action, base, used } = *editing;
    let (title, action, revising) = (title.to_owned(), action.to_owned(), base.is_some());
    let error = turn.posted.error.clone().map(alert);
    let findings = turn.edited.as_ref().map(|edited| findings_view(edited, &turn)).unwrap_or_else(|| ().into_any());
    let sheet = Sheet::of(&turn);
    // The same form, sent with its file: what it reads stands in the block.
    let address = format!("{action}/table");
    let upload = view! {
        <p class="row-form">
            <label for="table">"或者上传分解表的文件（xlsx、xls、CSV），代替上面的表 "</label>
            <input id="table" type="file" name="table" accept=".xlsx,.xls,.csv,text/csv" />
            " "
            <button type="submit" formenctype="multipart/form-data" formaction=address class="second">
                "读入这个文件"
            </button>
        </p>
    }
    .into_any();
    let fields = match turn.by_file {
        true => view! {
            <input type="hidden" name="by" value="file" />
            <label for="source">"计划文件（TOML）"</label>
            <textarea
                id="source"
                name="source"
                rows="28"
                class="code"
                spellcheck="false"
                inner_html=area(&turn.source)
            />
        }
        .into_any(),
        false => view! {
            <input type="hidden" name="by" value="form" />
            <input type="hidden" name=PART value=turn.part.code() />
            <textarea name=DRAFT hidden=true inner_html=area(&turn.draft) />
            {plan_lists::pages(&turn)}
            {part_fields(&sheet, revising, used, upload)}
        }
        .into_any(),
    };
    let (switch_to, switch) =
        if turn.by_file { ("form", "改用表格填写") } else { ("file", "改用计划文件") };
    // Where something is wrong, it stands above the form too.
    let wrong = turn.edited.as_ref().filter(|edited| !edited.faults.is_empty());
    let top = wrong.map(|edited| lists(wrong_view(edited, &turn), &[], &[], false));
    let unsaved = (!turn.draft.is_empty()).then(|| {
        view! { <p class="notice">"别的页上改过的都带着，还没有保存；全部填好再保存。"</p> }
    });
    let button = if revising { "保存为新的一版" } else { "保存计划" };
    let revision = revising.then(|| revision_fields(&turn.posted));
    let plan_id = base.map(|base| base.id.clone()).unwrap_or_default();
    let said = turn.said.clone().map(|said| {
        view! {
            <p class="notice" role="status">
                {said}
            </p>
        }
    });
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">
                "保存之前什么也不会改变；旧的一版永远保留，已发布的通报仍用发布时的那一版。"
            </p>
            {error}
            {said}
            <form id="plan-form" method="post" action=action class="stacked plan-form" autocomplete="off">
                <button type="submit" name="then" value="check" class="default-button" tabindex="-1" aria-hidden="true">
                    "核对"
                </button>
                {hidden}
                {top}
                {fields}
                {unsaved}
                {revision}
                <div id="plan-findings" aria-live="polite">
                    {findings}
                </div>
                <div class="steps">
                    <button type="submit" name="then" value="check" class="second">
                        "核对"
                    </button>
                    <button type="submit" name="then" value="save">
                        {button}
                    </button>
                    <button type="submit" name="then" value=switch_to class="second">
                        {switch}
                    </button>
                </div>
            </form>
            <div id="plan-live" aria-live="polite"></div>
            <PlanCheck plan=plan_id />
        </section>
    };
    Page::new(title, Menu::Plans, body)
}

fn part_fields(sheet: &Sheet<'_>, revising: bool, used: &[String], upload: AnyView) -> AnyView {
    match &sheet.turn.part {
        Part::Whole => view! {
            {plan_basics::basics(sheet, revising)}
            {plan_goal::goal(sheet, upload)}
            {rules_fields(sheet)}
        }
        .into_any(),
        Part::Plan => plan_basics::basics(sheet, revising),
        Part::Rhythms => plan_lists::rhythms(sheet),
        Part::Units => plan_lists::units(sheet),
        Part::Goals => plan_lists::goals(sheet, used),
        Part::Goal(_) => view! {
            {plan_goal::goal(sheet, upload)}
            {rules_fields(sheet)}
        }
        .into_any(),
        Part::Tasks => plan_lists::tasks(sheet),
        Part::Projects => plan_projects::projects(sheet),
        Part::Comparisons => plan_comparisons::comparisons(sheet),
        Part::Policies => plan_policies::policies(sheet),
        Part::Policy(sort, id) => plan_policy::policy(sheet, *sort, id),
        Part::Task(id) => {
            let new = !sheet.turn.plan.tasks.iter().any(|task| task.id == *id);
            let away = new.then(|| {
                view! {
                    <p class="neighbours">
                        {go("task:", "加好，再加一项".to_owned(), "second")}
                        <button type="submit" name="then" value="leave:tasks" class="second">
                            "不加这项任务"
                        </button>
                    </p>
                }
            });
            view! {
                {away}
                {plan_lists::task(sheet)}
            }
            .into_any()
        }
    }
}

/// What is wrong, each with the way to its box or to its page.
fn wrong_view(edited: &Edited, turn: &Turn) -> Vec<AnyView> {
    let mut seen: Vec<&str> = Vec::new();
    let faults = edited.faults.iter().filter(|fault| {
        let new = !seen.contains(&fault.sentence.as_str());
        seen.push(&fault.sentence);
        new
    });
    let one = |fault: &plan_form::Fault| {
        let sentence = fault.sentence.clone();
        match is_here(turn, fault) {
            true if !fault.field.is_empty() && !turn.by_file => {
                view! { <a href=format!("#wrong-{}", fault.field)>{sentence}</a> }.into_any()
            }
            _ => sentence.into_any(),
        }
    };
    faults.map(one).collect()
}

fn findings_view(edited: &Edited, turn: &Turn) -> AnyView {
    let sentence = |finding: &Finding| {
        let said = format!("{}。", finding.message);
        if turn.by_file { said } else { plan_form::in_words(&said) }
    };
    let findings: Vec<String> = edited.findings.iter().map(sentence).collect();
    view! {
        {lists(wrong_view(edited, turn), &findings, &edited.changes, true)}
        {effects(&edited.effects)}
    }
    .into_any()
}

/// What a changed rule of projects would move: the sum, then the projects.
fn effects(said: &[String]) -> Option<AnyView> {
    let (sum, projects) = said.split_first()?;
    let projects = projects.iter().map(|project| view! { <li>{project.clone()}</li> }).collect_view();
    Some(
        view! {
            <div class="notice">
                <p>
                    <b>{format!("{sum}：")}</b>
                </p>
                <ul>{projects}</ul>
            </div>
        }
        .into_any(),
    )
}

/// `whole` says where nothing is wrong, too.
fn lists(problems: Vec<AnyView>, findings: &[String], changes: &[String], whole: bool) -> AnyView {
    let list = |all: &[String]| {
        domain::listed(all.to_vec()).into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect_view()
    };
    let none = problems.is_empty() && findings.is_empty();
    let wrong = (!problems.is_empty()).then(|| {
        let count = problems.len();
        let problems = problems.into_iter().map(|problem| view! { <li>{problem}</li> }).collect_view();
        view! {
            <div class="notice act">
                <p>
                    <b>{format!("要改的 {count} 处：")}</b>
                </p>
                <ul>{problems}</ul>
            </div>
        }
    });
    let found = (!findings.is_empty()).then(|| {
        view! {
            <div class="notice">
                <p>
                    <b>{format!("核对发现 {} 处（只提示，不改动任何数）：", findings.len())}</b>
                </p>
                <ul>{list(findings)}</ul>
            </div>
        }
    });
    let changed = (!changes.is_empty()).then(|| {
        view! {
            <div class="notice">
                <p>
                    <b>{format!("与现行一版相比改动 {} 处：", changes.len())}</b>
                </p>
                <ul>{list(changes)}</ul>
            </div>
        }
    });
    let fine = (none && whole).then(|| view! { <p class="notice">"核对完毕，没有发现问题。"</p> });
    view! {
        {wrong}
        {changed}
        {found}
        {fine}
    }
    .into_any()
}

fn revision_fields(posted: &Posted) -> AnyView {
    view! {
        <fieldset>
            <legend>"为什么修订"</legend>
            <label for="basis">"依据的文号（没有文号写会议、批示等）"</label>
            <input
                id="basis"
                name=field::BASIS
                type="text"
                value=posted.text(field::BASIS).to_owned()
                placeholder="榕政综〔2021〕50号"
            />
            <label for="reason">"理由（必填）"</label>
            <textarea id="reason" name=field::REASON rows="2" inner_html=area(posted.text(field::REASON)) />
        </fieldset>
    }
    .into_any()
}

/// Whether this page's viewer may revise a plan: for the links on other pages.
pub(crate) fn may_revise(plan: &Plan) -> bool {
    let office = domain::rights::Object::office(plan.region.id());
    backend().viewer().is_some_and(|viewer| viewer.may(Action::ImportPlan, office).is_ok())
}

/// The link to a new plan, for whoever may make one.
pub(crate) fn may_create() -> bool {
    may_edit(None)
}
