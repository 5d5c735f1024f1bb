//! `/`: by role. Staff see their task; leaders and visitors the newest published bulletin; administrators their page.

use std::sync::Arc;

use domain::calendar::{Standing, at_shanghai};
use domain::month::Period;
use domain::plan::{Plan, Round};
use domain::rights::Role;
use domain::workflow::{State, Step};
use leptos::prelude::*;

use super::bulletin::{Mode, page_of};
use super::report::head::state_class;
use super::{admin, review};
use crate::backend::backend;
use crate::load::newest_edition;
use crate::parts::{Menu, Page, PageError, links, page, portfolio_table};
use office::entry_form::due;
use office::facts::UnitState;
use office::viewer::Post;

#[component]
pub(crate) fn Home() -> impl IntoView {
    page(async {
        let backend = backend();
        let post = backend.viewer().and_then(|viewer| viewer.post.clone());
        let reads = post.as_ref().is_none_or(|post| !post.domain.role.is_admin());
        let page = match post {
            Some(post) if post.domain.role.is_county() => county(&post).await,
            Some(post) if post.domain.role.is_office() => office(&post).await,
            Some(post) => match post.domain.role {
                Role::SystemAdmin => {
                    let waiting = super::reminders::requests(Role::SystemAdmin).await?;
                    let accounts = super::reminders::accounts().await?;
                    let page = super::reminders::before([waiting, accounts].concat(), admin::users().await?)?;
                    with_first_steps(page).await
                }
                Role::SecurityAdmin => {
                    let waiting = super::reminders::requests(Role::SecurityAdmin).await?;
                    let vacancies = super::reminders::vacancies().await?;
                    let page = super::reminders::before([waiting, vacancies].concat(), admin::posts().await?)?;
                    with_first_steps(page).await
                }
                Role::AuditAdmin => {
                    super::reminders::before(super::reminders::failures().await?, admin::audit().await?)
                }
                _ => leader(&post).await,
            },
            None => visitor().await,
        }?;
        let notices = super::reminders::notices().await?;
        let closed = if reads { super::reminders::closed().await? } else { None };
        let body = view! {
            {notices}
            {super::reminders::password()}
            {closed}
            {page.body}
        }
        .into_any();
        Ok(Page { body, ..page })
    })
}

/// The way to the first bulletin above a page, as long as there is none.
async fn with_first_steps(page: Page) -> Result<Page, PageError> {
    let steps = super::start::first_steps(false).await?;
    let body = view! {
        {steps}
        {page.body}
    };
    Ok(Page { body: body.into_any(), ..page })
}

/// All plans, and below them what his own office published last.
async fn leader(post: &Post) -> Result<Page, PageError> {
    let plans = portfolio_table(backend().portfolio().await?);
    let page = newest(post.domain.office.as_deref()).await?;
    let (projects, claims) = match &post.domain.office {
        Some(office) => (super::reminders::projects(office).await?, super::reminders::claims(office).await?),
        None => (None, None),
    };
    let body = view! {
        {claims}
        {projects}
        {plans}
        {page.body}
    };
    Ok(Page { body: body.into_any(), ..page })
}

/// What the site's own office published last, and below it all plans.
async fn visitor() -> Result<Page, PageError> {
    let page = newest(None).await?;
    let body = view! {
        {page.body}
        {portfolio_table(backend().portfolio().await?)}
    };
    Ok(Page { body: body.into_any(), ..page })
}

/// What an office published last.
async fn newest(office: Option<&str>) -> Result<Page, PageError> {
    let backend = backend();
    let Some(newest) = newest_edition(None, office).await? else { return Ok(welcome()) };
    let edition = backend.edition(&newest.plan, newest.period, None).await?;
    match edition {
        Some(edition) => {
            let page = page_of(&backend, &edition, Mode::Screen).await?;
            let unsigned = super::receipts::is_unsigned(&edition.summary).await?;
            let reminder = unsigned.then(|| {
                view! {
                    <p class="notice act reminders">
                        "这一版您还没有签收，请阅后在"<a href="#receipts">"文末签收"</a>"。"
                    </p>
                }
            });
            Ok(Page {
                menu: Menu::Newest,
                body: view! {
                    {reminder}
                    {page.body}
                }
                .into_any(),
                ..page
            })
        }
        None => Ok(welcome()),
    }
}

fn welcome() -> Page {
    let body = view! {
        <section class="text-page">
            <h1>"还没有发布通报"</h1>
            <p>
                "第一期通报发布之后，会显示在这里。准备工作都在网页上：用启动时打印的首次设置链接设好牵头地区和三位管理员，登录后首页的“开始使用”会一步一步带着办。"
            </p>
            <p>
                <a href="/plans">"查看已导入的计划"</a>
                "，"
                <a href="/help">"查看帮助"</a>
                "。"
            </p>
        </section>
    };
    Page::new("还没有发布通报", Menu::Newest, body)
}

/// A round that somebody has to act on.
struct Task {
    plan: Arc<Plan>,
    round: Round,
    units: Vec<UnitState>,
    open: bool,
    /// The units whose figures moved since its newest edition.
    moved: Vec<String>,
}

impl Task {
    /// Nothing of it is left to do.
    fn is_done(&self) -> bool {
        self.moved.is_empty() && self.units.iter().all(|unit| unit.state == State::Approved)
    }
}

/// The newest rounds of a rhythm that have begun: those still open, and the last ones that closed without being done.
const CLOSED_SHOWN: usize = 2;

/// So many units are named on a card.
const NAMED: usize = 20;

async fn tasks(office: &str) -> Result<Vec<Task>, PageError> {
    let backend = backend();
    let now = at_shanghai(backend.now());
    let mut tasks = Vec::new();
    let published: Vec<(String, Period)> =
        backend.editions().await?.into_iter().map(|edition| (edition.plan, edition.period)).collect();
    for version in backend.plans().await?.into_iter().filter(|version| version.plan.region.id() == office) {
        let plan = version.plan;
        let moved = backend.moved(&plan).await?;
        // An approved correction that no edition holds is the publisher's, however old its period is.
        let moved_of = |round: &Round| moved.iter().find(|(of, _)| *of == round.period && plan.publishes(round));
        let under_way = backend.rounds_under_way(&plan.id).await?;
        let begun = plan.begun(now, backend.holidays());
        let mut looked_at: Vec<(Round, bool, bool)> = Vec::new();
        for of_rhythm in begun.chunk_by(|(one, _), (other, _)| one.rhythm == other.rhythm) {
            let closed = of_rhythm.iter().filter(|(_, standing)| *standing != Standing::Open).count();
            for (index, (round, standing)) in of_rhythm.iter().enumerate() {
                let (open, recent) = (*standing == Standing::Open, index + CLOSED_SHOWN >= closed);
                let calendar = plan.calendar_of_round(round);
                let asked_again = calendar.is_some_and(|calendar| calendar.is_final(round.period, now));
                // An old round stays while something of it is under way.
                let older = under_way.contains(round) || moved_of(round).is_some() || asked_again;
                if open || recent || older {
                    looked_at.push((round.clone(), open, recent));
                }
            }
        }
        let rounds: Vec<Round> = looked_at.iter().map(|(round, ..)| round.clone()).collect();
        let states = backend.unit_states(&plan, &rounds).await?;
        for ((round, open, recent), units) in looked_at.into_iter().zip(states) {
            let period = round.period;
            let under_way = units.iter().any(|unit| !matches!(unit.state, State::Draft | State::Approved));
            // One that nobody ever began is over once a later period of its year, which holds it, is published.
            let later =
                |(of, at): &(String, Period)| *of == plan.id && at.year == period.year && at.month > period.month;
            let untouched = units.iter().all(|unit| unit.state == State::Draft && !unit.begun);
            let passed = untouched && plan.publishes(&round) && published.iter().any(later);
            let moved = moved_of(&round).map(|(_, names)| names.clone()).unwrap_or_default();
            if !units.is_empty() && (open || (recent && !passed) || under_way || !moved.is_empty()) {
                tasks.push(Task { plan: plan.clone(), round, units, open, moved });
            }
        }
    }
    // What came back first, then what is due, then what is overdue, newest first; what is done stands last.
    tasks.retain(|task| {
        let done = task.units.iter().all(|unit| unit.state == State::Approved)
            && (!task.plan.publishes(&task.round) || published.contains(&(task.plan.id.clone(), task.round.period)));
        task.open || !done || !task.moved.is_empty()
    });
    tasks.sort_by_key(|task| {
        let back = task.units.iter().any(|unit| unit.state == State::SentBack);
        std::cmp::Reverse((back || !task.moved.is_empty(), !task.is_done(), task.open, task.round.clone()))
    });
    Ok(tasks)
}

async fn county(post: &Post) -> Result<Page, PageError> {
    let (Some(office), Some(unit)) = (&post.domain.office, &post.domain.unit) else { return newest(None).await };
    let backend = backend();
    let approver = post.domain.role == Role::CountyApprover;
    let mut cards = Vec::new();
    for task in tasks(office).await? {
        let Some(own) = task.units.iter().find(|state| state.unit == *unit) else { continue };
        let due = due(&task.plan, &task.round, backend.now(), backend.holidays());
        // Where a document sets no deadline a period never closes: what was approved of it is done all the same.
        if own.state == State::Approved && (!task.open || due.is_none()) {
            continue;
        }
        let excepted = own.exception.as_ref().filter(|exception| !task.open && backend.now() < exception.until);
        let due = match excepted {
            Some(exception) => {
                Some(format!("准予补报到{}：{}", domain::calendar::moment(exception.until - 1), exception.reason))
            }
            None => due,
        };
        cards.push(county_card(&task, own, approver, due, excepted.is_some()));
    }
    let none = match cards.is_empty() {
        true => Some(format!("现在没有要办的事。{}", super::periods::next().await?)),
        false => None,
    };
    let body = view! {
        <section class="text-page">
            <h1>{format!("{}待办", post.title)}</h1>
            {none.map(|none| view! { <p class="lead">{none}</p> })}
            <div class="tasks">{cards}</div>
            {super::reminders::county(office, unit).await?}
            {super::reminders::claims(office).await?}
            {super::reminders::selections(office).await?}
            {super::reminders::projects(office).await?}
            {ways()}
        </section>
    };
    Ok(Page::new("待办", Menu::Todo, body))
}

/// To every period, from every first page.
fn ways() -> AnyView {
    view! {
        <p class="after">
            <a href="/periods">"各期"</a>
            "　"
            <a href="/calendar">"截止日历"</a>
            "　"
            <a href="/search">"搜索"</a>
        </p>
    }
    .into_any()
}

fn county_card(task: &Task, own: &UnitState, approver: bool, due: Option<String>, excepted: bool) -> AnyView {
    let at = links::report(&task.plan.id, &task.round, &own.unit);
    let (label, primary) = match (own.state, approver) {
        (State::SentBack, false) if own.asked_again => ("去定报", true),
        (State::SentBack, false) => ("去修改", true),
        (State::Draft, false) if !task.open && !excepted => (if own.begun { "查看草稿" } else { "查看" }, false),
        (State::Draft, false) if own.begun => ("继续填报", true),
        (State::Draft, false) => ("去填报", true),
        (State::Submitted, true) => ("去签核", true),
        _ => ("查看", false),
    };
    let timing = matches!(own.state, State::Draft | State::SentBack).then(|| due.unwrap_or_default());
    let reason = own
        .last
        .as_ref()
        .filter(|step| own.state == State::SentBack || matches!(step.step, Step::RefuseCorrection | Step::TrueUp))
        .and_then(|step| {
            step.reason
                .clone()
                .map(|reason| view! { <p class="notice act free">{format!("{}：{reason}", step.actor)}</p> })
        });
    let urgent = if own.state == State::SentBack { "task act" } else { "task" };
    view! {
        <article class=urgent>
            <h2>
                {format!("{}{}数据：", task.round.period.months(), task.plan.adjective(&task.round))}
                <span class=format!("state {}", state_class(own.state))>{own.state_name()}</span>
            </h2>
            <p class="lead">{timing}</p>
            {reason}
            {own.imported.then_some("这一期的数由办公室录入，请核对；不对就申请更正。")}
            <p class="subtitle">{task.plan.title.clone()}</p>
            <p>
                <a class=if primary { "button" } else { "button second" } href=at autofocus=primary>
                    {label}
                </a>
            </p>
        </article>
    }
    .into_any()
}

async fn office(post: &Post) -> Result<Page, PageError> {
    let Some(office) = &post.domain.office else { return newest(None).await };
    let backend = backend();
    let tasks = tasks(office).await?;
    let publisher = post.domain.role == Role::Publisher;
    let published: Vec<(String, Period)> =
        backend.editions().await?.into_iter().map(|edition| (edition.plan, edition.period)).collect();
    let cards = tasks.into_iter().map(|task| {
        let due = due(&task.plan, &task.round, backend.now(), backend.holidays());
        let waiting = task.units.iter().filter(|unit| unit.state == State::Signed).count();
        let missing: Vec<&str> = task
            .units
            .iter()
            .filter(|unit| matches!(unit.state, State::Draft | State::SentBack))
            .map(|unit| unit.name.as_str())
            .collect();
        let missing = (!missing.is_empty()).then(|| {
            let more = if missing.len() > NAMED { format!("等{}个单位", missing.len()) } else { String::new() };
            format!("还没有报：{}{more}", missing[..missing.len().min(NAMED)].join("、"))
        });
        let out = published.contains(&(task.plan.id.clone(), task.round.period));
        let publishes = publisher && task.plan.publishes(&task.round);
        let to_publish = (publishes && !task.units.iter().all(|unit| matches!(unit.state, State::Draft))).then(|| {
            let text = if out { "再发布（更正）" } else { "去发布" };
            let class = if out && task.moved.is_empty() { "button second" } else { "button" };
            let address = links::publish(&task.plan.id, task.round.period);
            view! {
                <a class=class href=address>
                    {text}
                </a>
                " "
            }
        });
        let asked = task.units.iter().filter(|unit| unit.state == State::CorrectionAsked).count();
        let asked =
            (asked > 0).then(|| view! { <p class="notice act">{format!("有 {asked} 个单位申请更正，待答复。")}</p> });
        let moved = (!task.moved.is_empty()).then(|| {
            let names = task.moved[..task.moved.len().min(NAMED)].join("、");
            let text = match publisher {
                true => format!("发布之后{names}的数变了（已通过的更正未发布），请核对后发布更正。"),
                false => format!("发布之后{names}的数变了，等发布人发布更正。"),
            };
            view! { <p class="notice act">{text}</p> }
        });
        let first = waiting > 0 && !publisher;
        let (label, class) = if first {
            (format!("去审核（{waiting}）"), "button")
        } else {
            ("查看报送情况".to_owned(), "button second")
        };
        view! {
            <article class="task">
                <h2>{format!("{}报送", task.plan.round_label(&task.round))}</h2>
                <p class="lead">{review::finding(&task.units)}</p>
                {missing.map(|missing| view! { <p>{missing}</p> })}
                <p class="subtitle">{task.plan.title.clone()}{due.map(|due| format!("　{due}"))}</p>
                {asked}
                {moved}
                <p>
                    {to_publish}
                    <a class=class href=links::review(&task.plan.id, &task.round) autofocus=first>
                        {label}
                    </a>
                </p>
            </article>
        }
        .into_any()
    });
    let cards: Vec<AnyView> = cards.collect();
    let steps = super::start::first_steps(false).await?;
    let none = match cards.is_empty() {
        true => Some(format!("现在没有正在报送的期间。{}", super::periods::next().await?)),
        false => None,
    };
    let body = view! {
        <section class="text-page">
            <h1>{format!("{}待办", post.title)}</h1>
            {steps}
            {none.map(|none| view! { <p class="lead">{none}</p> })}
            {super::reminders::office(office).await?}
            {super::reminders::claims(office).await?}
            {super::reminders::selections(office).await?}
            {super::reminders::projects(office).await?}
            <div class="tasks">{cards}</div>
            {ways()}
        </section>
        {portfolio_table(backend.portfolio().await?)}
    };
    Ok(Page::new("待办", Menu::Todo, body))
}
