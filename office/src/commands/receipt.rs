//! 签收通报: a post has taken note of an edition.

use async_trait::async_trait;
use domain::month::Period;
use domain::rights::{Action, Object};
use domain::workflow::State;
use serde_json::json;

use super::Command;
use crate::ports::Ledger;
use crate::refusal::Refusal;
use crate::rows::{Entry, NewRow};
use crate::who::Who;

/// An edition that is signed for in the name of the viewer's post; a second time changes nothing.
#[derive(Debug, Clone)]
pub struct SignReceipt {
    pub plan: String,
    pub period: Period,
    pub edition: u32,
}

#[async_trait]
impl Command for SignReceipt {
    type Done = ();

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let (plan, period, edition) = (&self.plan, self.period, self.edition);
        let version = ledger.plan(plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?;
        let post = who.viewer.as_ref().and_then(|viewer| viewer.post.as_ref());
        let unit = post.and_then(|post| post.domain.unit.clone()).unwrap_or_default();
        who.may(Action::SignReceipt, Object::of_unit(version.plan.region.id(), &unit, State::Approved))?;
        let post = post.map(|post| post.id.clone()).unwrap_or_default();
        if ledger.edition(plan, period, Some(edition)).await?.is_none() {
            return Err(Refusal::whole("没有这一版通报"));
        }
        if ledger.receipts(plan, period, edition).await?.iter().any(|receipt| receipt.post == post) {
            return Ok(());
        }
        let row = NewRow {
            table: "edition_receipt",
            cells: vec![
                ("plan_id", plan.into()),
                ("year", period.year.into()),
                ("month", period.month.into()),
                ("edition", edition.into()),
                ("post_id", (&post).into()),
                ("at", who.at.into()),
                ("actor", (&who.actor).into()),
                ("account_id", who.account().into()),
            ],
        };
        let object = format!("{plan}/{period}/e{edition}");
        ledger.append(who, Entry::new("sign_receipt", object, json!({})).with(row)).await?;
        Ok(())
    }
}
