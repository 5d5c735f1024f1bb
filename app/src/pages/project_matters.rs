//! `/projects/{plan}/matters`: problems with their owners and days; `/meetings/{plan}`: 会诊 and 调度会, whose decisions
//! become such matters.

use chrono::NaiveDate;
use domain::calendar::{at_shanghai, chinese_date, moment};
use domain::plan::Plan;
use domain::projects::field::{unit_name, units};
use domain::rights::{Action, Object};
use leptos::prelude::*;
use office::commands::projects::{DECISIONS, field};
use office::posted::Posted;
use office::projects::{KINDS, Matter, Meeting, Projects};

use super::projects::{gather, may, plan_of, why};
use super::{param, query};
use crate::backend::backend;
use crate::parts::{Menu, Page, PageError, alert, area, links, page};

#[component]
pub(crate) fn ProjectMatters() -> impl IntoView {
    let (plan, all) = (param("plan"), query("all"));
    page(async move { matters(&plan, all.is_some()).await })
}

#[component]
pub(crate) fn Meetings() -> impl IntoView {
    let (plan, period) = (param("plan"), query("period"));
    page(async move { meetings(&plan, period.as_deref()).await })
}

/// Where a matter stands, in words.
pub(crate) fn state(matter: &Matter, today: NaiveDate) -> String {
    let due = matter.due.map(|due| format!("{}前办结", chinese_date(due))).unwrap_or_else(|| "没有时限".to_owned());
    let up = matter.escalated_to.as_ref().map(|to| format!("，已提请{to}协调")).unwrap_or_default();
    match (matter.solved, matter.overdue(today)) {
        (Some(day), _) => format!("{}已办结：{}", chinese_date(day), matter.how),
        (None, Some(days)) => format!("应于{due}，逾期{days}天{up}"),
        (None, None) => format!("{due}{up}"),
    }
}

async fn matters(plan: &str, all: bool) -> Result<Page, PageError> {
    let backend = backend();
    let plan = plan_of(plan).await?;
    let today = at_shanghai(backend.now()).date_naive();
    let projects = backend.projects(&plan, Some(0)).await?;
    let mut found = backend.matters(&plan).await?;
    let posted = use_context::<Posted>().unwrap_or_default();
    let open = found.iter().filter(|matter| matter.solved.is_none()).count();
    let late = found.iter().filter(|matter| matter.overdue(today).is_some()).count();
    if !all {
        found.retain(|matter| matter.solved.is_none());
    }
    // What is overdue longest first, then what is due next; by owner within a day.
    found.sort_by_key(|matter| (matter.solved.is_some(), matter.due.is_none(), matter.due, matter.owner.clone()));
    let items = found.iter().map(|matter| item(&plan, matter, &projects, today, &posted)).collect_view();
    let count = format!("没有办结的{open}件，其中逾期{late}件。");
    let page_at = links::projects_part(&plan.id, "matters");
    let (other, word) = if all {
        (page_at.clone(), "只看没有办结的")
    } else {
        (format!("{page_at}?all=1"), "连同已办结的")
    };
    let title = "交办事项".to_owned();
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">
                <a href=links::projects(&plan.id)>{format!("{} 重点项目", plan.title)}</a>
            </p>
            {posted.error.clone().map(alert)}
            <p class="lead">{count}</p>
            <p class="tools">
                <a href=other>{word}</a>
                {files(&plan, "matters", &["xlsx", "csv", "json"])}
            </p>
            <div class="tasks dated">{items}</div>
            {may(&plan, Action::HandleMatter).then(|| raise(&plan, &projects, &posted))}
        </section>
    };
    Ok(Page::new(title, Menu::Projects, body))
}

/// Where the files of all of them are.
fn files(plan: &Plan, what: &str, endings: &[&str]) -> AnyView {
    let links = endings.iter().map(|ending| {
        let word = if *ending == "xlsx" { "工作簿".to_owned() } else { ending.to_uppercase() };
        view! { <a href=format!("/export/matters/{}.{what}.{ending}", plan.id)>{word}</a> }
    });
    links.collect_view().into_any()
}

fn item(plan: &Plan, matter: &Matter, projects: &Projects, today: NaiveDate, posted: &Posted) -> AnyView {
    let project = projects.get(&matter.project).map(|known| {
        let to = links::project(&plan.id, &matter.project);
        view! { <a href=to>{known.entry.project.name.clone()}</a> }
    });
    let office = plan.region.id();
    let backend = backend();
    let unit = projects.get(&matter.project).map(|known| known.entry.project.unit.clone());
    let may = matter.solved.is_none()
        && backend.viewer().is_some_and(|viewer| {
            let own = |unit: &str| viewer.may(Action::HandleMatter, Object::unit(office, unit)).is_ok();
            own(&matter.owner) || unit.as_deref().is_some_and(own)
        });
    let late = matter.overdue(today).is_some();
    let facts = format!("{}　责任单位：{}　{}", matter.kind, unit_name(plan, &matter.owner), state(matter, today));
    view! {
        <article class=if late { "task act" } else { "task" } id=format!("matter-{}", matter.matter)>
            <h4>{matter.words.clone()}</h4>
            <p>{project} " " {facts}</p>
            <p class="subtitle">{format!("{}　{}", moment(matter.at), matter.actor)}</p>
            {may.then(|| handle(plan, matter, today, posted))}
        </article>
    }
    .into_any()
}

fn handle(plan: &Plan, matter: &Matter, today: NaiveDate, posted: &Posted) -> AnyView {
    let form = |act: &'static str, word: &'static str, inside: AnyView| {
        let is_back = posted.text(field::MATTER) == matter.matter.to_string() && posted.text(field::ACT) == act;
        view! {
            <details open=is_back>
                <summary>{word}</summary>
                <form method="post" action=links::projects_part(&plan.id, "matters") class="stacked">
                    <input type="hidden" name=field::MATTER value=matter.matter.to_string() />
                    <input type="hidden" name=field::SEEN value=matter.version.to_string() />
                    <input type="hidden" name=field::ACT value=act />
                    {inside}
                    <button type="submit">{word}</button>
                </form>
            </details>
        }
    };
    let back = |act: &str, name: &str, start: String| {
        let is_back = posted.text(field::MATTER) == matter.matter.to_string() && posted.text(field::ACT) == act;
        if is_back { posted.text(name).to_owned() } else { start }
    };
    let id = |what: &str| format!("{what}-{}", matter.matter);
    let solve = view! {
        <label for=id("day")>"办结日期"</label>
        <input id=id("day") name=field::DAY value=back("solve", field::DAY, today.to_string()) autocomplete="off" />
        <label for=id("how")>"怎样解决的（必填）"</label>
        <textarea id=id("how") name=field::HOW rows="2" inner_html=area(&back("solve", field::HOW, String::new())) />
    };
    let to = ["县级", "市级", "省级"].map(|to| view! { <option value=to>{to}</option> });
    let escalate = view! {
        <label for=id("to")>"提请哪一级协调"</label>
        <select id=id("to") name=field::TO>
            {to.into_iter().collect_view()}
        </select>
        <label for=id("up-reason")>"理由（必填）"</label>
        <textarea
            id=id("up-reason")
            name=field::REASON
            rows="2"
            inner_html=area(&back("escalate", field::REASON, String::new()))
        />
    };
    let postpone = view! {
        <label for=id("due")>"新的时限"</label>
        <input
            id=id("due")
            name=field::DUE
            value=back("postpone", field::DUE, String::new())
            autocomplete="off"
            placeholder=super::example_day(30)
        />
        <label for=id("late-reason")>"理由（必填）"</label>
        <textarea
            id=id("late-reason")
            name=field::REASON
            rows="2"
            inner_html=area(&back("postpone", field::REASON, String::new()))
        />
    };
    view! {
        <div class="offers">
            {form("solve", "办结", solve.into_any())} {form("escalate", "提请协调", escalate.into_any())}
            {form("postpone", "延期", postpone.into_any())}
        </div>
    }
    .into_any()
}

/// The boxes of one matter; their names end so.
fn matter_boxes(plan: &Plan, choices: &[(String, String)], posted: &Posted, ending: &str) -> AnyView {
    let name = |field: &str| format!("{field}{ending}");
    let id = |field: &str| format!("m-{field}{ending}");
    let text = |field: &str| posted.text(&name(field)).to_owned();
    let chosen = text(field::PROJECT);
    let options = choices.iter().map(|(id, name)| {
        view! {
            <option value=id.clone() selected=*id == chosen>
                {name.clone()}
            </option>
        }
    });
    let kind = text(field::KIND);
    let kinds = KINDS.map(|of| {
        view! {
            <option value=of selected=of == kind>
                {of}
            </option>
        }
    });
    let list = format!("owners{ending}");
    let owners = units(plan).into_iter().map(|(_, name)| view! { <option value=name /> });
    view! {
        <label for=id(field::WORDS)>"问题和要求"</label>
        <textarea id=id(field::WORDS) name=name(field::WORDS) rows="2" inner_html=area(&text(field::WORDS)) />
        <label for=id(field::PROJECT)>"项目"</label>
        <select id=id(field::PROJECT) name=name(field::PROJECT)>
            <option value="">"不属于单个项目"</option>
            {options.collect_view()}
        </select>
        <label for=id(field::KIND)>"类别"</label>
        <select id=id(field::KIND) name=name(field::KIND)>
            {kinds.into_iter().collect_view()}
        </select>
        <label for=id(field::OWNER)>"由谁办理"</label>
        <input
            id=id(field::OWNER)
            name=name(field::OWNER)
            value=text(field::OWNER)
            list=list.clone()
            autocomplete="off"
        />
        <datalist id=list>{owners.collect_view()}</datalist>
        <label for=id(field::DUE)>"完成时限"</label>
        <input
            id=id(field::DUE)
            name=name(field::DUE)
            value=text(field::DUE)
            autocomplete="off"
            placeholder=super::example_day(30)
        />
    }
    .into_any()
}

fn choices(projects: &Projects) -> Vec<(String, String)> {
    projects.iter().map(|(id, known)| (id.clone(), format!("{} {id}", known.entry.project.name))).collect()
}

fn raise(plan: &Plan, projects: &Projects, posted: &Posted) -> AnyView {
    let is_back = posted.text(field::ACT) == "raise";
    let own = if is_back { posted.clone() } else { Posted::default() };
    view! {
        <details open=is_back>
            <summary>"交办一件事项"</summary>
            <form method="post" action=links::projects_part(&plan.id, "matters") class="stacked">
                <input type="hidden" name=field::ACT value="raise" />
                {matter_boxes(plan, &choices(projects), &own, "")}
                <button type="submit">"交办"</button>
            </form>
        </details>
    }
    .into_any()
}

async fn meetings(plan: &str, period: Option<&str>) -> Result<Page, PageError> {
    let backend = backend();
    let plan = plan_of(plan).await?;
    let known = gather(backend.as_ref(), &plan, period).await?;
    let found = backend.meetings(&plan).await?;
    let matters = backend.matters(&plan).await?;
    let posted = use_context::<Posted>().unwrap_or_default();
    let items = found.iter().rev().map(|meeting| held(&plan, meeting, &matters, &known.projects, known.today));
    let items = items.collect_view();
    let none = found.is_empty().then(|| view! { <p class="subtitle">"还没有登记。"</p> });
    let hold = may(&plan, Action::HoldMeeting).then(|| hold(&plan, &known, &posted));
    let title = "会诊和调度会".to_owned();
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">
                <a href=links::projects(&plan.id)>{format!("{} 重点项目", plan.title)}</a>
            </p>
            {posted.error.clone().map(alert)}
            <p class="tools">{files(&plan, "meetings", &["csv", "json"])}</p>
            {none}
            <div class="tasks dated">{items}</div>
            {hold}
        </section>
    };
    Ok(Page::new(title, Menu::Projects, body))
}

fn held(plan: &Plan, meeting: &Meeting, matters: &[Matter], projects: &Projects, today: NaiveDate) -> AnyView {
    let source = meeting.source();
    let decisions = matters.iter().filter(|matter| matter.source == source).map(|matter| {
        let of = projects.get(&matter.project).map(|known| format!("{}：", known.entry.project.name));
        let owner = unit_name(plan, &matter.owner);
        let text = format!("{}{}　{owner}　{}", of.unwrap_or_default(), matter.words, state(matter, today));
        view! { <li class="free">{text}</li> }
    });
    let decisions: Vec<_> = decisions.collect();
    let about = meeting.projects.iter().filter_map(|id| {
        let known = projects.get(id)?;
        let to = links::project(&plan.id, id);
        Some(view! {
            <a href=to>{known.entry.project.name.clone()}</a>
            " "
        })
    });
    let words = (!meeting.words.is_empty()).then(|| view! { <p class="said">{meeting.words.clone()}</p> });
    view! {
        <article class="task" id=format!("meeting-{}", meeting.meeting)>
            <h4>{format!("{}　{}", chinese_date(meeting.day), meeting.kind)}</h4>
            <p>{format!("参加：{}", meeting.who)}</p>
            {(!meeting.projects.is_empty()).then(|| view! { <p>"研究项目：" {about.collect_view()}</p> })}
            {words}
            {(!decisions.is_empty())
                .then(|| {
                    view! {
                        <p>"决定："</p>
                        <ol class="steps-of-task">{decisions}</ol>
                    }
                })}
            <p class="subtitle">{format!("{}　{}登记", moment(meeting.at), meeting.actor)}</p>
        </article>
    }
    .into_any()
}

/// Names that the documents give their meetings; any other may be typed.
const MEETINGS: [&str; 6] = ["滞后项目会诊", "季度调度会", "领导小组会议", "联席会议", "政策宣贯会", "现场经验交流会"];

/// The form of a meeting: those that lag stand there to be chosen.
fn hold(plan: &Plan, known: &super::projects::Known, posted: &Posted) -> AnyView {
    let is_back = posted.get(field::WHO).is_some();
    let library = known.library(plan);
    let sent = posted.all(field::PROJECTS);
    let lagging = library.lagging();
    let boxes = lagging.iter().map(|(entry, standing)| {
        let own = &entry.project;
        let is = sent.contains(&own.id.as_str());
        let text = format!(" {}（{}）：{}", own.name, unit_name(plan, &own.unit), why(standing));
        view! {
            <label class="pick">
                <input type="checkbox" name=field::PROJECTS value=own.id.clone() checked=is />
                {text}
            </label>
        }
    });
    let boxes = boxes.collect_view();
    let (usual, legend) = match lagging.is_empty() {
        true => (MEETINGS[1], "研究哪些项目".to_owned()),
        false => (MEETINGS[0], format!("研究哪些项目（{}滞后的）", known.at.label())),
    };
    let all = choices(&known.projects);
    let others: Vec<&str> =
        sent.iter().copied().filter(|id| !lagging.iter().any(|(entry, _)| entry.project.id == *id)).collect();
    let typed = |name: &str, start: &str| if is_back { posted.text(name).to_owned() } else { start.to_owned() };
    let decisions = (0..DECISIONS).map(|line| {
        let used = !posted.text(&format!("{}.{line}", field::WORDS)).is_empty();
        view! {
            <details open=used || line == 0>
                <summary>{format!("决定{}", line + 1)}</summary>
                {matter_boxes(plan, &all, posted, &format!(".{line}"))}
            </details>
        }
    });
    view! {
        <details open=is_back id="hold">
            <summary>"登记一次会议"</summary>
            <form method="post" action=links::meetings(&plan.id) class="stacked">
                <label for="kind">"会议"</label>
                <input
                    id="kind"
                    name=field::KIND
                    value=typed(field::KIND, usual)
                    list="meeting-kinds"
                    autocomplete="off"
                />
                <datalist id="meeting-kinds">
                    {MEETINGS.map(|kind| view! { <option value=kind /> }).into_iter().collect_view()}
                </datalist>
                <label for="day">"日期"</label>
                <input id="day" name=field::DAY value=typed(field::DAY, &known.today.to_string()) autocomplete="off" />
                <label for="who">"参加人"</label>
                <input id="who" name=field::WHO value=typed(field::WHO, "") autocomplete="off" />
                <label for="words">"会议情况"</label>
                <textarea id="words" name=field::WORDS rows="3" inner_html=area(&typed(field::WORDS, "")) />
                <fieldset>
                    <legend>{legend}</legend>
                    <p class="subtitle">
                        "没有研究具体项目的会议（如季度调度会），不选项目，写会议情况或决定就可以登记。"
                    </p>
                    {boxes}
                    <label for="others">"其他项目的编号"<small>"几个之间用顿号"</small></label>
                    <input id="others" name=field::PROJECTS value=others.join("、") autocomplete="off" />
                </fieldset>
                {decisions.collect_view()}
                <button type="submit">"登记"</button>
            </form>
        </details>
    }
    .into_any()
}
