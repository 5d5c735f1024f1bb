//! 签收: a post has taken note of a comparison, or of a year's result that was closed.

use async_trait::async_trait;
use domain::rights::{Action, Object};
use domain::workflow::State;
use serde_json::json;

use super::Command;
use crate::facts::PublicationKey;
use crate::ports::Ledger;
use crate::refusal::Refusal;
use crate::rows::{Entry, NewRow};
use crate::who::Who;

/// A publication that is signed for in the name of the viewer's post; a second time changes nothing.
#[derive(Debug, Clone)]
pub struct SignPublication {
    pub key: PublicationKey,
    pub edition: u32,
}

#[async_trait]
impl Command for SignPublication {
    type Done = ();

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let (key, edition) = (&self.key, self.edition);
        let version = ledger.plan(&key.plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?;
        let post = who.viewer.as_ref().and_then(|viewer| viewer.post.as_ref());
        let unit = post.and_then(|post| post.domain.unit.clone()).unwrap_or_default();
        who.may(Action::SignReceipt, Object::of_unit(version.plan.region.id(), &unit, State::Approved))?;
        let post = post.map(|post| post.id.clone()).unwrap_or_default();
        let published = ledger.publication(key, Some(edition)).await?;
        if !published.is_some_and(|published| published.summary.is_open_to(who.viewer.as_ref())) {
            return Err(Refusal::whole("没有这一版"));
        }
        if ledger.publication_receipts(key, edition).await?.iter().any(|receipt| receipt.post == post) {
            return Ok(());
        }
        let row = NewRow {
            table: "publication_receipt",
            cells: vec![
                ("plan_id", (&key.plan).into()),
                ("kind", key.kind.id().into()),
                ("subject", (&key.subject).into()),
                ("year", key.period.year.into()),
                ("month", key.period.month.into()),
                ("edition", edition.into()),
                ("post_id", (&post).into()),
                ("at", who.at.into()),
                ("actor", (&who.actor).into()),
                ("account_id", who.account().into()),
            ],
        };
        let object = format!("{}/{}/{}/{}/e{edition}", key.plan, key.period, key.kind.id(), key.subject);
        ledger.append(who, Entry::new("sign_receipt", object, json!({})).with(row)).await?;
        Ok(())
    }
}
