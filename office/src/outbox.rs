//! 催报名单: who has to do something before a deadline, for a gateway of messages that an office runs itself. Nothing is
//! sent by this program.

use domain::bulletin::tables::Table;
use domain::calendar::{Standing, at_shanghai};
use domain::holidays::Holidays;
use domain::plan::{Plan, Round};
use domain::rights::Role;
use domain::workflow::State;
use serde::Serialize;

use crate::facts::{HeldPost, Unavailable};
use crate::ports::Facts;
use crate::reports::unit_states;

/// What somebody has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    Report,
    /// It came back.
    ReportAgain,
    Sign,
    Review,
}

/// One message to one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    pub plan: String,
    /// `2026-10`, `2026-10.projects`.
    pub round: String,
    pub task: Task,
    pub unit: String,
    pub unit_name: String,
    pub post: String,
    pub login: String,
    pub name: String,
    /// `null` where the account has none.
    pub phone: Option<String>,
    /// The last day, until 24:00 in Shanghai.
    pub deadline: String,
    /// Whole days until it; 0 on the day itself.
    pub days: i64,
    pub text: String,
}

/// Everybody who is due at an instant, by plan, round and unit.
///
/// # Errors
/// The facts could not be reached.
pub async fn messages(facts: &mut dyn Facts, holidays: &Holidays, now: i64) -> Result<Vec<Message>, Unavailable> {
    let posts = facts.posts().await?;
    let mut found = Vec::new();
    for version in facts.plans().await? {
        let plan = &version.plan;
        for (rhythm, calendar) in plan.asking() {
            for period in (plan.years.0..=plan.years.1).flat_map(|year| calendar.periods(year)) {
                if calendar.standing(period, at_shanghai(now), holidays) != Standing::Open {
                    continue;
                }
                let Some(deadline) = calendar.deadline_day(period, holidays) else { continue };
                let round = Round { period, rhythm: rhythm.to_owned() };
                of_round(facts, plan, &round, (deadline, now), &posts, &mut found).await?;
            }
        }
    }
    Ok(found)
}

async fn of_round(
    facts: &mut dyn Facts,
    plan: &Plan,
    round: &Round,
    (deadline, now): (chrono::NaiveDate, i64),
    posts: &[HeldPost],
    found: &mut Vec<Message>,
) -> Result<(), Unavailable> {
    let days = (deadline - at_shanghai(now).date_naive()).num_days();
    let until = deadline.format("%-m月%-d日 24:00");
    let label = plan.round_label(round);
    let mut say = |task: Task, role: Role, unit: &str, unit_name: &str, text: String| {
        let holds = |held: &&HeldPost| {
            let domain = &held.post.domain;
            domain.role == role
                && domain.office.as_deref() == Some(plan.region.id())
                && (unit.is_empty() || domain.unit.as_deref() == Some(unit))
        };
        for held in posts.iter().filter(holds) {
            let Some(person) = held.holder.as_ref().filter(|person| !person.disabled) else { continue };
            found.push(Message {
                plan: plan.id.clone(),
                round: round.to_string(),
                task,
                unit: unit.to_owned(),
                unit_name: unit_name.to_owned(),
                post: held.post.id.clone(),
                login: person.login.clone(),
                name: person.name.clone(),
                phone: Some(person.phone.clone()).filter(|phone| !phone.is_empty()),
                deadline: deadline.to_string(),
                days,
                text: text.clone(),
            });
        }
    };
    let units = unit_states(facts, plan, std::slice::from_ref(round), now).await?.remove(0);
    for unit in &units {
        let (id, name) = (unit.unit.as_str(), unit.name.as_str());
        match unit.state {
            State::Draft => {
                let text = format!("《{}》{label}数据，{name}还没有报送，请在{until}前提交。", plan.title);
                say(Task::Report, Role::CountyReporter, id, name, text);
            }
            State::SentBack => {
                let text = format!("《{}》{label}数据，{name}的报送已退回，请核对后在{until}前再提交。", plan.title);
                say(Task::ReportAgain, Role::CountyReporter, id, name, text);
            }
            State::Submitted => {
                let text = format!("《{}》{label}数据，{name}已填报，请在{until}前审核并上报。", plan.title);
                say(Task::Sign, Role::CountyApprover, id, name, text);
            }
            _ => {}
        }
    }
    let waiting = units.iter().filter(|unit| unit.state == State::Signed).count();
    if waiting > 0 {
        let text = format!("《{}》{label}数据，{waiting}个单位已上报，等您审核。", plan.title);
        say(Task::Review, Role::CityReviewer, "", &plan.region.name, text);
    }
    Ok(())
}

/// The same as a table.
pub fn table(messages: &[Message]) -> Table {
    let header =
        ["plan", "round", "task", "unit", "unit_name", "post", "login", "name", "phone", "deadline", "days", "text"];
    let task = |task: Task| match task {
        Task::Report => "report",
        Task::ReportAgain => "report_again",
        Task::Sign => "sign",
        Task::Review => "review",
    };
    let row = |message: &Message| {
        vec![
            message.plan.clone(),
            message.round.clone(),
            task(message.task).to_owned(),
            message.unit.clone(),
            message.unit_name.clone(),
            message.post.clone(),
            message.login.clone(),
            message.name.clone(),
            message.phone.clone().unwrap_or_default(),
            message.deadline.clone(),
            message.days.to_string(),
            message.text.clone(),
        ]
    };
    Table { header: header.map(str::to_owned).to_vec(), rows: messages.iter().map(row).collect() }
}
