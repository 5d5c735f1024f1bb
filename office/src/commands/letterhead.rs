//! 填写公文稿头: what the office writes on its paper around an edition.

use async_trait::async_trait;
use domain::letterhead::Letterhead;
use domain::month::Period;
use domain::rights::{Action, Object};
use serde_json::json;

use super::Command;
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::rows::{Entry, NewRow};
use crate::who::Who;

/// The letterhead of a published edition; the same once more changes nothing.
#[derive(Debug, Clone)]
pub struct WriteLetterhead {
    pub plan: String,
    pub period: Period,
    pub edition: u32,
    pub letterhead: Letterhead,
}

impl WriteLetterhead {
    /// The form's fields are those that [`Letterhead::parse`] asks for.
    pub fn read(plan: &str, period: Period, edition: u32, posted: &Posted) -> Result<Self, Refusal> {
        let letterhead = Letterhead::parse(|name| posted.text(name), period.last_day())
            .map_err(|faults| Refusal::whole(format!("没有保存：{}", faults.concat())))?;
        Ok(Self { plan: plan.to_owned(), period, edition, letterhead })
    }
}

#[async_trait]
impl Command for WriteLetterhead {
    type Done = ();

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let (plan, period, edition) = (&self.plan, self.period, self.edition);
        let version = ledger.plan(plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?;
        who.may(Action::WriteLetterhead, Object::office(version.plan.region.id()))?;
        if ledger.edition(plan, period, Some(edition)).await?.is_none() {
            return Err(Refusal::whole("没有这一版通报"));
        }
        let (saved, newest) = ledger.letterhead(plan, period, edition).await?;
        if saved.as_ref() == Some(&self.letterhead) {
            return Ok(());
        }
        let content = domain::canonical::to_json(&self.letterhead).expect("a letterhead is strings and lists");
        let row = NewRow {
            table: "letterhead",
            cells: vec![
                ("plan_id", plan.into()),
                ("year", period.year.into()),
                ("month", period.month.into()),
                ("edition", edition.into()),
                ("version", (newest + 1).into()),
                ("content", (&content).into()),
                ("at", who.at.into()),
                ("set_by", (&who.actor).into()),
            ],
        };
        let object = format!("{plan}/{period}/e{edition}");
        ledger.append(who, Entry::new("write_letterhead", object, json!({})).with(row)).await?;
        Ok(())
    }
}
