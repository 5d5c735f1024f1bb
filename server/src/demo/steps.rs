//! What people of the demo do between the figures: units report their dated tasks done and the office confirms, some
//! late, some not at all; a few units enter weekly figures.

use chrono::{Days, NaiveDate};
use domain::day::Day;
use domain::plan::Plan;
use domain::rights::{Reach, Role};
use office::commands::task::{RecordTask, What};
use office::commands::watch::{NewWatched, Watch};
use office::refusal::Refusal;
use office::viewer::{Account, Post, Viewer};
use office::who::Who;
use store::{Store, Writer};

use super::goals::number;
use super::{people, writer};

/// Two of an office's people: whoever reports for its units, and whoever confirms.
#[derive(Debug, Clone)]
pub(super) struct Hands {
    reporter: Account,
    reviewer: Account,
}

impl Hands {
    /// Their accounts, made if need be; `None` where the demo has nobody for the plan.
    pub(super) async fn of(store: &Store, plan: &Plan, by: &Writer) -> Result<Option<Self>, Refusal> {
        let Some([reporter, reviewer]) = people::logins(&plan.id) else { return Ok(None) };
        let reporter = account(store, &reporter.0, reporter.1, by).await?;
        let reviewer = account(store, &reviewer.0, reviewer.1, by).await?;
        Ok(Some(Self { reporter, reviewer }))
    }
}

/// The account of a login, made where there is none.
pub(super) async fn account(store: &Store, login: &str, name: &str, by: &Writer) -> Result<Account, Refusal> {
    if let Some(known) = store.read().await?.account_by_login(login).await? {
        return Ok(known);
    }
    let id = store.create_account(login, name, "0591-00000000", by.clone()).await?;
    let made = store.read().await?.account(id).await?;
    made.ok_or_else(|| Refusal::whole("演示账号没有建成"))
}

/// A step, and when it is taken.
#[derive(Debug, Clone)]
pub(super) enum Taken {
    Task(RecordTask),
    Watch(Watch),
}

impl Taken {
    pub(super) async fn carry_out(self, store: &Store, plan: &Plan, hands: &Hands, at: i64) -> Result<(), Refusal> {
        match self {
            Taken::Task(command) => {
                let who = match &command.what {
                    What::Report { .. } => who(plan, Some(&command.unit), &hands.reporter, at),
                    _ => who(plan, None, &hands.reviewer, at),
                };
                store.carry_out(command, who).await
            }
            Taken::Watch(command) => {
                let who = who(plan, Some(&command.unit), &hands.reporter, at);
                store.carry_out(command, who).await.map(|_| ())
            }
        }
    }
}

/// Somebody on the post he is about to hold: of a unit, or of the office.
fn who(plan: &Plan, unit: Option<&str>, account: &Account, at: i64) -> Who {
    let role = if unit.is_some() { Role::CountyReporter } else { Role::CityReviewer };
    let units = domain::entry::units_with_posts(plan);
    let place = unit.and_then(|unit| units.iter().find(|(id, _)| id == unit)).map(|(_, name)| name.as_str());
    let domain = Reach { role, office: Some(plan.region.id().to_owned()), unit: unit.map(str::to_owned) };
    let title = format!("{}{}", place.unwrap_or(&plan.region.name), role.short_name());
    let post = Post { id: "demo".to_owned(), domain, title };
    let viewer = Viewer {
        account: account.clone(),
        post: Some(post),
        session: String::new(),
        must_change: false,
        password_ends: None,
        must_enrol: false,
    };
    Who { session: None, ..Who::signed_in(viewer, at) }
}

/// Every step of a plan's tasks and watched figures, with its time.
pub(super) fn of(plan: &Plan) -> Vec<(i64, Taken)> {
    tasks(plan).into_iter().chain(watched(plan)).collect()
}

/// Seven of ten parts are done and confirmed in time, one waits for the office, one is late, and of one nothing is
/// heard.
fn tasks(plan: &Plan) -> Vec<(i64, Taken)> {
    let mut found = Vec::new();
    let states = domain::tasks::due(plan, &[], NaiveDate::MIN);
    for (task, state) in plan.tasks.iter().zip(&states) {
        for part in &state.parts {
            let fate = number(&format!("{}{}", task.id, part.unit), 10);
            let Some(done) = (match fate {
                0..=7 => part.deadline.checked_sub_days(Days::new(1 + fate as u64)),
                8 => part.deadline.checked_add_days(Days::new(9)),
                _ => None,
            }) else {
                continue;
            };
            let step = |day: NaiveDate, hour: u32, seen: i64, what: What| {
                let (plan, task, unit) = (plan.id.clone(), task.id.clone(), part.unit.clone());
                (writer(day, hour).at, Taken::Task(RecordTask { plan, task, unit, seen, what }))
            };
            let proof = task.evidence.clone().unwrap_or_else(|| "工作台账".to_owned());
            let Some(day) = Day::parse(&done.to_string()) else { continue };
            let words = format!("“{}”已办结（演示，非真实情况）", task.title);
            found.push(step(done, 15, 0, What::Report { day, words, proof: format!("{proof}（演示）") }));
            if fate != 7 {
                found.push(step(done + Days::new(1), 10, 1, What::Confirm { words: String::new() }));
            }
        }
    }
    found
}

/// So many units enter so many of the newest weeks of each watched goal.
const UNITS: usize = 3;
const WEEKS: usize = 8;

fn watched(plan: &Plan) -> Vec<(i64, Taken)> {
    let mut found = Vec::new();
    let last = NaiveDate::from_ymd_opt(plan.years.1, 12, 31).unwrap_or_default();
    for (goal, cadence) in plan.watched_goals() {
        for day in cadence.newest_watch_days(last, WEEKS) {
            for split in goal.splits.iter().filter(|split| split.within.is_none()).take(UNITS) {
                let share = i64::from(chrono::Datelike::ordinal(&day)) * (40 + number(&split.region, 30));
                let value = Some(domain::money::Amount(share * goal.measure.per_unit));
                let figure =
                    NewWatched { goal: goal.id.clone(), region: split.region.clone(), seen: 0, value, growth: None };
                let (plan, unit) = (plan.id.clone(), split.region.clone());
                let watch = Watch { plan, unit, as_of: Day::parse(&day.to_string()), figures: vec![figure] };
                found.push((writer(day + Days::new(1), 9).at, Taken::Watch(watch)));
            }
        }
    }
    found
}
