//! `/periods?year=`: the periods of the plans of one's office, with where they stand and what can still be done; and
//! `/calendar`: the days on which something is due.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::calendar::{Standing, at_shanghai};
use domain::month::Period;
use domain::plan::{Plan, Round};
use domain::rights::Role;
use domain::workflow::State;
use leptos::prelude::*;
use office::dates::{due_dates, with_days_left};
use office::facts::{EditionSummary, UnitState};
use office::viewer::Post;

use super::report::head::state_class;
use super::{query, year_of, year_switcher};
use crate::backend::backend;
use crate::parts::{Menu, Page, PageError, data_table, links, page};

#[component]
pub(crate) fn Periods() -> impl IntoView {
    let year = query("year");
    page(async move { periods(year.as_deref()).await })
}

#[component]
pub(crate) fn CalendarPage() -> impl IntoView {
    page(calendar())
}

/// A link and what it says.
type Way = (String, &'static str);

/// What an office reads of a period, and where it goes from there.
fn of_office(
    plan: &Plan,
    round: &Round,
    units: &[UnitState],
    role: Role,
    (newest, moved): (Option<&EditionSummary>, &[String]),
) -> (String, Vec<Way>) {
    let count = |state: State| units.iter().filter(|unit| unit.state == state).count();
    let (approved, waiting, asked) = (count(State::Approved), count(State::Signed), count(State::CorrectionAsked));
    let mut said = format!("通过 {approved}/{}", units.len());
    for (count, what) in [(waiting, "待审"), (asked, "申请更正")] {
        if count > 0 {
            said.push_str(&format!("，{what} {count}"));
        }
    }
    if !moved.is_empty() {
        said.push_str(&format!("；{}的数在发布之后变了，还没有发布更正", moved.join("、")));
    }
    let mut ways = vec![(links::review(&plan.id, round), "报送情况")];
    if plan.publishes(round) && role == Role::Publisher && approved > 0 {
        let text = if newest.is_none() { "去发布" } else { "再发布（更正）" };
        ways.push((links::publish(&plan.id, round.period), text));
    }
    if role == Role::CityReviewer {
        ways.push((format!("/import/{}", plan.id), "用文件导入"));
    }
    (said, ways)
}

/// What a unit reads of its own return, and what it can still do.
fn of_unit(plan: &Plan, round: &Round, own: &UnitState, role: Role) -> Vec<Way> {
    let at = links::report(&plan.id, round, &own.unit);
    let reporter = role == Role::CountyReporter;
    let mut ways = vec![match (own.state, reporter) {
        (State::Draft | State::SentBack, true) => (at.clone(), "填报"),
        (State::Submitted, false) => (at.clone(), "去签核"),
        (State::Approved, true) => (at.clone(), "查看、申请更正"),
        _ => (at.clone(), "查看"),
    }];
    if own.submitted.is_some() {
        ways.push((format!("{at}/receipt"), "回执"));
        ways.push((format!("{at}/history"), "历次"));
    }
    ways
}

/// A plan, its rounds that have begun, and the years they are of.
struct Begun {
    plan: Arc<Plan>,
    rounds: Vec<(Round, Standing)>,
    years: Vec<i32>,
}

impl Begun {
    fn of(plan: Arc<Plan>) -> Self {
        let backend = backend();
        let rounds = plan.begun(at_shanghai(backend.now()), backend.holidays());
        let years: BTreeSet<i32> = rounds.iter().map(|(round, _)| round.period.year).collect();
        Self { plan, rounds, years: years.into_iter().collect() }
    }
}

/// The rounds of one year; with the newest one also those of earlier years whose deadline is still to come.
async fn rows(of: &Begun, year: i32, post: &Post, editions: &[EditionSummary]) -> Result<Vec<AnyView>, PageError> {
    let (backend, role, plan) = (backend(), post.domain.role, &of.plan);
    let moved = backend.moved(plan).await?;
    let mut all: Vec<(Period, AnyView)> = Vec::new();
    let mut begun = of.rounds.clone();
    let is_newest = of.years.last() == Some(&year);
    // One without a deadline stays open for ever.
    let due = |round: &Round| {
        plan.calendar_of_round(round).is_some_and(|of| of.deadline_day(round.period, backend.holidays()).is_some())
    };
    let waits = |round: &Round, standing: &Standing| *standing == Standing::Open && due(round);
    begun.retain(|(round, standing)| round.period.year == year || (is_newest && waits(round, standing)));
    let mut states = Vec::new().into_iter();
    if role.is_county() || role.is_office() {
        let rounds: Vec<Round> = begun.iter().map(|(round, _)| round.clone()).collect();
        states = backend.unit_states(plan, &rounds).await?.into_iter();
    }
    for (round, standing) in begun {
        let period = round.period;
        let newest = plan.publishes(&round).then(|| {
            let of = editions.iter().filter(|edition| edition.plan == plan.id && edition.period == period);
            of.max_by_key(|edition| edition.edition)
        });
        let newest = newest.flatten();
        let units = states.next().unwrap_or_default();
        let own = units.iter().find(|unit| Some(&unit.unit) == post.domain.unit.as_ref());
        let changed = moved.iter().find(|(of, _)| *of == period && plan.publishes(&round));
        let changed = changed.map_or(&[][..], |(_, names)| names);
        let (state, mut ways) = match (role.is_county(), own) {
            (true, Some(own)) => {
                let class = format!("state {}", state_class(own.state));
                let state = view! { <span class=class>{own.state_name()}</span> }.into_any();
                (state, of_unit(plan, &round, own, role))
            }
            (true, None) => continue,
            _ if role.is_office() && units.is_empty() => continue,
            _ if role.is_office() => {
                let (said, ways) = of_office(plan, &round, &units, role, (newest, changed));
                let class = if changed.is_empty() { "" } else { "state back" };
                (view! { <span class=class>{said}</span> }.into_any(), ways)
            }
            _ if newest.is_none() => continue,
            _ => ("已发布".into_any(), Vec::new()),
        };
        if let Some(newest) = newest {
            ways.push((links::edition(&plan.id, period, newest.edition), "通报"));
        }
        let due = plan.calendar_of_round(&round).and_then(|of| of.deadline_day(period, backend.holidays()));
        let due = due.map(domain::calendar::chinese_date);
        let due = due.map_or("—".to_owned(), |day| match standing {
            Standing::Open => format!("{day} 24:00"),
            _ => format!("{day}（已截止）"),
        });
        let ways = ways.into_iter().map(|(address, text)| {
            view! {
                <a href=address>{text}</a>
                " "
            }
        });
        let row = view! {
            <tr>
                <th scope="row">{plan.round_label(&round)}</th>
                <td>{due}</td>
                <td>{state}</td>
                <td class="ways">{ways.collect_view()}</td>
            </tr>
        };
        all.push((period, row.into_any()));
    }
    all.sort_by_key(|(period, _)| std::cmp::Reverse(*period));
    Ok(all.into_iter().map(|(_, row)| row).collect())
}

/// The plans of the viewer's office, the newest first.
async fn own_plans(post: &Post) -> Result<Vec<Arc<Plan>>, PageError> {
    let plans = backend().plans().await?.into_iter().map(|version| version.plan);
    let mut own: Vec<_> = plans.filter(|plan| post.domain.office.as_deref() == Some(plan.region.id())).collect();
    own.sort_by_key(|plan| std::cmp::Reverse(plan.years));
    Ok(own)
}

fn post() -> Result<Post, PageError> {
    let post = backend().viewer().and_then(|viewer| viewer.post.clone());
    post.filter(|post| post.domain.office.is_some())
        .ok_or_else(|| PageError::not_found("各期和日历按岗位显示；您的岗位不属于哪个地区，没有要报送的期间。"))
}

async fn periods(asked: Option<&str>) -> Result<Page, PageError> {
    let post = post()?;
    let editions = backend().editions().await?;
    let this_year = chrono::Datelike::year(&at_shanghai(backend().now()).date_naive());
    let mut sections: Vec<AnyView> = Vec::new();
    let plans: Vec<Begun> = own_plans(&post).await?.into_iter().map(Begun::of).collect();
    let known: BTreeSet<i32> = plans.iter().flat_map(|of| of.years.iter().copied()).collect();
    let known: Vec<i32> = known.into_iter().collect();
    let address = |year| format!("/periods?year={year}");
    let asked = asked.map(|_| year_of(&known, asked, address)).transpose()?.flatten();
    for of in plans {
        let year = asked.filter(|year| of.years.contains(year)).or(of.years.last().copied());
        let rows = match year {
            Some(year) => rows(&of, year, &post, &editions).await?,
            None => Vec::new(),
        };
        let switch = year.and_then(|year| year_switcher(&of.years, year, address));
        let none = rows.is_empty().then_some("还没有开始报送的期间。");
        let table = view! {
            {switch}
            {none.map(|none| view! { <p>{none}</p> })}
            {data_table(
                "表格",
                "data stack",
                &[("期间", false), ("截止", false), ("状态", false), ("可以做的", false)],
                rows,
            )}
        };
        // What lies years back is folded: it is looked for, not looked at.
        let is_past = of.plan.years.1 < this_year;
        sections.push(match is_past && !sections.is_empty() {
            true => view! {
                <details>
                    <summary>
                        <h2>{of.plan.title.clone()}</h2>
                    </summary>
                    {table}
                </details>
            }
            .into_any(),
            false => view! {
                <h2>{of.plan.title.clone()}</h2>
                {table}
            }
            .into_any(),
        });
    }
    let next = next().await?;
    let title = if post.domain.role.is_county() { "我的报送" } else { "各期" };
    let body = view! {
        <section class="text-page wide">
            <h1>{title}</h1>
            <p class="subtitle">{next} " " <a href="/calendar">"全年截止日历"</a></p>
            {sections}
        </section>
    };
    Ok(Page::new(title, Menu::Periods, body))
}

/// What comes next in the plans of one's office.
pub(super) async fn next() -> Result<String, PageError> {
    let backend = backend();
    let plans = match backend.viewer().and_then(|viewer| viewer.post.clone()) {
        Some(post) => own_plans(&post).await?,
        None => Vec::new(),
    };
    Ok(office::dates::next_sentence(plans.iter().map(Arc::as_ref), backend.holidays(), backend.now()))
}

async fn calendar() -> Result<Page, PageError> {
    let post = post()?;
    let backend = backend();
    let today = at_shanghai(backend.now()).date_naive();
    let plans = own_plans(&post).await?;
    let mut due: Vec<_> = plans.iter().flat_map(|plan| due_dates(plan, backend.holidays(), today)).collect();
    due.sort_by_key(|due| due.until);
    let (past, coming): (Vec<_>, Vec<_>) = due.into_iter().partition(|due| due.until < today);
    let several = plans.len() > 1;
    let table = |due: Vec<office::dates::Due>| {
        let rows = due.into_iter().map(|due| {
            view! {
                <tr>
                    <th scope="row">{due.what}</th>
                    <td>{due.from.map_or("—".to_owned(), domain::calendar::chinese_date)}</td>
                    <td>{format!("{} 24:00", with_days_left(due.until, today))}</td>
                    {several.then(|| view! { <td>{due.title}</td> })}
                </tr>
            }
        });
        view! {
            <table class="data stack">
                <thead>
                    <tr>
                        <th scope="col">"事项"</th>
                        <th scope="col">"开始"</th>
                        <th scope="col">"截止"</th>
                        {several.then(|| view! { <th scope="col">"计划"</th> })}
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        }
    };
    let none = coming.is_empty().then_some("以后没有截止的日子。");
    let past = (!past.is_empty()).then(|| {
        view! {
            <details>
                <summary>{format!("已过的 {} 项", past.len())}</summary>
                {table(past)}
            </details>
        }
    });
    let body = view! {
        <section class="text-page wide">
            <h1>"截止日历"</h1>
            <p>
                <a href="/calendar.ics" download="jigai.ics">
                    "下载日历文件（.ics）"
                </a>
                "：用手机或电脑的日历打开，每个截止日一条，提前一天提醒。计划修订后请再下载一次。　"
                <a href="/periods">"各期"</a>
            </p>
            {none.map(|none| view! { <p>{none}</p> })}
            {table(coming)}
            {past}
        </section>
    };
    Ok(Page::new("截止日历", Menu::Periods, body))
}
