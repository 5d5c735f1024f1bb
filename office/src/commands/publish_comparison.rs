//! 发布一季一评比、季度项目库: freezing the next edition of a quarter's comparison, or of the library at its end.

use async_trait::async_trait;
use domain::month::Period;
use domain::plan::Plan;
use domain::rights::{Action, Object};
use serde_json::json;

use super::Command;
use super::publish::field;
use crate::boxes::optional;
use crate::facts::{PublicationKey, PublicationKind, PublicationSummary};
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::publications::{Draft, draft, key_of};
use crate::refusal::Refusal;
use crate::rows::{Cell, Entry, NewRow};
use crate::who::Who;

/// What a publisher asks for.
#[derive(Debug, Clone)]
pub struct PublishComparison {
    pub plan: String,
    pub id: String,
    /// The quarter's last month.
    pub period: Period,
    /// Needed where an edition is out already.
    pub reason: Option<String>,
    /// The last change of the facts that the preview knew; `None` publishes what stands now.
    pub based_on: Option<i64>,
    /// What the office signs with, as its papers print it.
    pub public_key: Option<String>,
}

impl PublishComparison {
    /// As the form of `/publish/{plan}/{period}/{comparison}` sends it.
    pub fn read(
        plan: &Plan,
        id: &str,
        period: Period,
        posted: &Posted,
        public_key: Option<String>,
    ) -> Result<Self, Refusal> {
        Ok(Self {
            plan: plan.id.clone(),
            id: id.to_owned(),
            period,
            reason: optional(posted, field::REASON, "更正原因")?,
            based_on: Some(posted.text(field::BASED_ON).parse().unwrap_or(-1)),
            public_key,
        })
    }
}

#[async_trait]
impl Command for PublishComparison {
    type Done = PublicationSummary;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<PublicationSummary, Refusal> {
        let (plan, period) = (&self.plan, self.period);
        let version = ledger.plan(plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?;
        let office = version.plan.region.id().to_owned();
        who.may(Action::Publish, Object::office(&office))?;
        let proved = ledger.prove(plan, period).await?;
        let drafted = draft(ledger, plan, &self.id, period, self.reason.as_deref(), who.at).await?;
        let refusal = drafted.refusal(&self.id, period).unwrap_or_default();
        let new = match drafted {
            Draft::Ready(new) => new,
            Draft::NeedsReason(..) => return Err(Refusal::field(field::REASON, refusal)),
            Draft::Same(..) | Draft::Empty | Draft::Unknown => return Err(Refusal::whole(refusal)),
        };
        if self.based_on.is_some_and(|based_on| based_on != new.based_on) {
            let sentence = "您打开页面之后又有数据变动，没有发布。下面是新的预览，请看过再发布";
            return Err(Refusal::field(field::BASED_ON, sentence));
        }
        let (content, edition) = (new.body.content(), new.edition);
        let sha256 = domain::canonical::sha256(content.as_bytes());
        let key = key_of(plan, &self.id, period);
        let reason = self.reason.filter(|_| edition > 1);
        let object = format!("{plan}/{period}/{}/{}/e{edition}", key.kind.id(), self.id);
        let detail = json!({ "edition": edition, "sha256": sha256, "reason": reason });
        let action = if key.kind == PublicationKind::Library { "publish_library" } else { "publish_comparison" };
        let frozen = Frozen { key: &key, edition, office: &office, content: &content, reason: reason.as_deref() };
        let entry = Entry::new(action, object, detail).with(proof(proved, who)).with(row(
            &frozen,
            self.public_key.as_deref(),
            who,
        ));
        ledger.append(who, entry).await?;
        let published = ledger.publication(&key, Some(edition)).await?;
        published.map(|published| published.summary).ok_or_else(|| Refusal::whole("没有发布，请再试一次"))
    }
}

/// What a row of `publication` holds.
pub(super) struct Frozen<'f> {
    pub(super) key: &'f PublicationKey,
    pub(super) edition: u32,
    pub(super) office: &'f str,
    /// Canonical JSON.
    pub(super) content: &'f str,
    pub(super) reason: Option<&'f str>,
}

/// The row of a publication.
pub(super) fn row(frozen: &Frozen<'_>, public_key: Option<&str>, who: &Who) -> NewRow {
    let Frozen { key, edition, office, content, reason } = frozen;
    NewRow {
        table: "publication",
        cells: vec![
            ("plan_id", (&key.plan).into()),
            ("kind", key.kind.id().into()),
            ("subject", (&key.subject).into()),
            ("year", key.period.year.into()),
            ("month", key.period.month.into()),
            ("edition", (*edition).into()),
            ("office", (*office).into()),
            ("content", (*content).into()),
            ("sha256", domain::canonical::sha256(content.as_bytes()).as_str().into()),
            ("reason", (*reason).into()),
            ("public_key", public_key.into()),
            ("at", who.at.into()),
            ("actor", (&who.actor).into()),
            ("account_id", who.account().into()),
        ],
    }
}

/// That the chain was proved up to here before something was published.
pub(super) fn proof(proved: crate::facts::ProvedHead, who: &Who) -> NewRow {
    NewRow {
        table: "proof",
        cells: vec![("seq", Cell::from(proved.seq)), ("hash", (&proved.hash).into()), ("at", who.at.into())],
    }
}
