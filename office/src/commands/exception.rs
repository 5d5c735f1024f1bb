//! 准予补报: a unit may hand in a period after its deadline, until a day, by name and reason.

use async_trait::async_trait;
use chrono::{Days, NaiveDate};
use domain::calendar::{at_shanghai, shanghai};
use domain::day::{Day, EXAMPLES};
use domain::plan::{Plan, Round};
use domain::rights::{Action, Object};
use serde_json::json;

use super::Command;
use super::steps::{cells, object};
use crate::facts::ReportKey;
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::rows::{Entry, NewRow};
use crate::who::Who;

/// The names of the form's fields.
pub mod field {
    pub const UNIT: &str = "unit";
    /// A day; it ends at 24:00 in Asia/Shanghai.
    pub const UNTIL: &str = "until";
    pub const REASON: &str = "reason";
}

/// No exception lasts longer: milliseconds.
const YEAR: i64 = 366 * 24 * 60 * 60 * 1000;

/// The first instant after a day, UTC milliseconds.
fn end_of(day: NaiveDate) -> Option<i64> {
    let midnight = day.checked_add_days(Days::new(1))?.and_hms_opt(0, 0, 0)?;
    Some(midnight.and_local_timezone(shanghai()).single()?.timestamp_millis())
}

/// A unit that may hand in late.
#[derive(Debug, Clone)]
pub struct GrantException {
    pub report: ReportKey,
    /// The last day it holds; `None` where no day was understood.
    pub until: Option<Day>,
    pub reason: String,
}

impl GrantException {
    pub fn read(plan: &Plan, round: Round, posted: &Posted) -> Self {
        Self {
            report: ReportKey { plan: plan.id.clone(), round, unit: posted.text(field::UNIT).to_owned() },
            until: Day::parse(posted.text(field::UNTIL)),
            reason: domain::entry::clean(posted.text(field::REASON)).trim().to_owned(),
        }
    }
}

#[async_trait]
impl Command for GrantException {
    type Done = ();

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let key = &self.report;
        let version = ledger.plan(&key.plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?;
        who.may(Action::GrantException, Object::office(version.plan.region.id()))?;
        if !domain::entry::units(&version.plan).iter().any(|(id, _)| *id == key.unit) {
            return Err(Refusal::field(field::UNIT, "请选择单位"));
        }
        let until = self.until.and_then(|day| end_of(day.near(at_shanghai(who.at).date_naive())?));
        let Some(until) = until.filter(|until| (who.at + 1..who.at + YEAR).contains(until)) else {
            let sentence = format!("补报期限请写成今天或以后的日期，一年以内，例如 {EXAMPLES}");
            return Err(Refusal::field(field::UNTIL, sentence));
        };
        if self.reason.is_empty() || self.reason.chars().count() > domain::entry::TEXT_LIMIT {
            return Err(Refusal::field(field::REASON, "请写明准予补报的理由"));
        }
        let newest = ledger.exception(key).await?.map_or(0, |exception| exception.version);
        let row = NewRow {
            table: "late_exception",
            cells: cells(
                key,
                [
                    ("version", (newest + 1).into()),
                    ("until", until.into()),
                    ("reason", (&self.reason).into()),
                    ("at", who.at.into()),
                    ("actor", (&who.actor).into()),
                ],
            ),
        };
        let detail = json!({ "until": until, "reason": self.reason });
        ledger.append(who, Entry::new("grant_exception", object(key), detail).with(row)).await?;
        Ok(())
    }
}
