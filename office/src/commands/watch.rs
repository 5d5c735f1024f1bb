//! 填监测数: a unit's reporter enters its weekly or ten-day figures; nobody signs them, and nothing counts them.

use async_trait::async_trait;
use chrono::NaiveDate;
use domain::calendar::at_shanghai;
use domain::day::{Day, EXAMPLES};
use domain::entry::is_percent;
use domain::money::Amount;
use domain::plan::{Goal, Plan, Split};
use domain::rate::Rate;
use domain::rights::{Action, Object};
use serde_json::json;

use super::Command;
use crate::boxes::{amount, percent};
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::rows::{Entry, NewRow};
use crate::who::Who;

/// The names of the form's fields.
pub mod field {
    /// The last day that the figures run up to.
    pub const AS_OF: &str = "as_of";
    /// Of a row: the figure, and the version that the page showed.
    pub const VALUE: &str = "v";
    pub const SEEN: &str = "s";
}

/// The name of a box of a row.
pub fn box_name(field: &str, goal: &str, region: &str) -> String {
    format!("{field}.{goal}/{region}")
}

/// One row's figure for the day; both blank takes back what stood there.
#[derive(Debug, Clone)]
pub struct NewWatched {
    pub goal: String,
    pub region: String,
    /// The version that the page showed; 0 for none.
    pub seen: i64,
    pub value: Option<Amount>,
    pub growth: Option<Rate>,
}

/// A unit's figures of one day, all or nothing; figures that are the same stay as they are.
#[derive(Debug, Clone)]
pub struct Watch {
    pub plan: String,
    pub unit: String,
    /// `None` where no day was understood.
    pub as_of: Option<Day>,
    pub figures: Vec<NewWatched>,
}

impl Watch {
    /// # Errors
    /// What is wrong with each box, all together.
    pub fn read(plan: &Plan, unit: &str, posted: &Posted) -> Result<Self, Refusal> {
        let (mut figures, mut wrong) = (Vec::new(), Vec::new());
        // Whose rows they are depends on the day: it is asked when they are written.
        let rows = plan.watched_goals().flat_map(|(goal, _)| goal.splits.iter().map(move |row| (goal, row)));
        for (goal, row) in rows {
            match read(goal, row, posted) {
                Ok(figure) => figures.extend(figure),
                Err(refusal) => wrong.push(refusal),
            }
        }
        if !wrong.is_empty() {
            return Err(Refusal::all(wrong));
        }
        let as_of = Day::parse(posted.text(field::AS_OF));
        Ok(Self { plan: plan.id.clone(), unit: unit.to_owned(), as_of, figures })
    }
}

/// A row's box; `None` where the form had none.
fn read(goal: &Goal, row: &Split, posted: &Posted) -> Result<Option<NewWatched>, Refusal> {
    let name = |field: &str| box_name(field, &goal.id, &row.region);
    if posted.get(&name(field::VALUE)).is_none() {
        return Ok(None);
    }
    let label = format!("{}{}", row.name, goal.name);
    let (value, growth) = match is_percent(goal) {
        true => (None, percent(&label, posted, &name(field::VALUE))?),
        false => (amount(goal, &label, posted, &name(field::VALUE))?, None),
    };
    let seen = posted.text(&name(field::SEEN)).parse().unwrap_or(-1);
    Ok(Some(NewWatched { goal: goal.id.clone(), region: row.region.clone(), seen, value, growth }))
}

#[async_trait]
impl Command for Watch {
    /// How many changed.
    type Done = usize;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<usize, Refusal> {
        let none = || Refusal::whole("没有这个计划");
        let plan = ledger.plan(&self.plan).await?.ok_or_else(none)?.plan;
        who.may(Action::Watch, Object::unit(plan.region.id(), &self.unit))?;
        let today = at_shanghai(who.at).date_naive();
        let Some(day) = self.as_of.and_then(|day| day.near(today)) else {
            return Err(Refusal::field(field::AS_OF, format!("截至日期请写成 {EXAMPLES}")));
        };
        let known = ledger.watched(&plan.id).await?;
        let mut rows = Vec::new();
        for figure in &self.figures {
            let watched = plan.watched_goals().find(|(goal, _)| goal.id == figure.goal);
            let own = |goal: &Goal| plan.watched_rows(goal, &self.unit, day).any(|row| row.region == figure.region);
            let Some((goal, cadence)) = watched.filter(|(goal, _)| own(goal)) else {
                return Err(Refusal::whole("这一行不是本单位的监测数"));
            };
            let newest = known.get(&figure.goal, &figure.region, day);
            let version = newest.map_or(0, |newest| i64::from(newest.version));
            let stated = (figure.value, figure.growth);
            if newest.map_or((None, None), |newest| (newest.value, newest.growth)) == stated {
                continue;
            }
            plan.watches_on(goal, cadence, day, today).map_err(|sentence| Refusal::field(field::AS_OF, sentence))?;
            if version != figure.seen {
                let by = newest.map(|newest| newest.by.clone()).unwrap_or_default();
                let sentence = format!("您打开页面之后，{by}刚填过这一天的数，没有保存；请看过新的数再填");
                return Err(Refusal::whole(sentence));
            }
            rows.push(row(&plan.id, figure, day, version + 1, who));
        }
        if rows.is_empty() {
            return Ok(0);
        }
        let changed = rows.len();
        let object = format!("{}/{day}/{}", plan.id, self.unit);
        ledger.append(who, Entry::new("watch", object, json!({})).with_rows(rows)).await?;
        Ok(changed)
    }
}

fn row(plan: &str, figure: &NewWatched, day: NaiveDate, version: i64, who: &Who) -> NewRow {
    NewRow {
        table: "watched_figure",
        cells: vec![
            ("plan_id", plan.into()),
            ("goal_id", (&figure.goal).into()),
            ("region_id", (&figure.region).into()),
            ("as_of", day.to_string().as_str().into()),
            ("version", version.into()),
            ("value", figure.value.map(|value| value.0).into()),
            ("growth", figure.growth.map(Rate::exact).as_deref().into()),
            ("at", who.at.into()),
            ("actor", (&who.actor).into()),
            ("account_id", who.account().into()),
        ],
    }
}
