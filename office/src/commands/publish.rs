//! 发布通报: freezing the next edition of a period.

use async_trait::async_trait;
use domain::bulletin::diff::Change;
use domain::bulletin::wording::{LONGEST, Wording};
use domain::month::Period;
use domain::rights::{Action, Object};
use serde_json::json;

use super::Command;
use super::publish_comparison::proof;
use crate::boxes::optional;
use crate::facts::EditionSummary;
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::publishing::{Draft, draft};
use crate::refusal::Refusal;
use crate::rows::{Entry, NewEditionRow};
use crate::who::Who;

/// The names of the form's fields.
pub mod field {
    pub const REASON: &str = "reason";
    pub const PASSWORD: &str = "password";
    pub const BASED_ON: &str = "based_on";
    pub const ADDITION: &str = "addition";
    /// Before the place of a sentence, `0.2`: the office's words for it, and the words its box was shown with.
    pub const SENTENCE: &str = "s.";
    pub const SHOWN: &str = "o.";
}

/// What a publisher asks for.
#[derive(Debug, Clone)]
pub struct Publish {
    pub plan: String,
    pub period: Period,
    /// Needed where an edition is out already.
    pub reason: Option<String>,
    pub wording: Wording,
    /// The last change of the facts that the preview knew; `None` publishes what stands now.
    pub based_on: Option<i64>,
    /// What the office signs with, as its papers print it.
    pub public_key: Option<String>,
}

/// An edition that was frozen.
#[derive(Debug, Clone)]
pub struct Published {
    pub edition: EditionSummary,
    /// The edition it corrects, and what differs.
    pub changes: Option<(u32, Vec<Change>)>,
}

impl Publish {
    /// As the form of `/publish/{plan}/{period}` sends it.
    pub fn read(plan: &str, period: Period, posted: &Posted, public_key: Option<String>) -> Result<Self, Refusal> {
        Ok(Self {
            plan: plan.to_owned(),
            period,
            reason: optional(posted, field::REASON, "更正原因")?,
            wording: wording_of(posted),
            based_on: Some(posted.text(field::BASED_ON).parse().unwrap_or(-1)),
            public_key,
        })
    }
}

/// The office's words as the form sends them.
pub fn wording_of(posted: &Posted) -> Wording {
    let sentence = |(name, text): (&str, &str)| {
        let place = name.strip_prefix(field::SENTENCE)?;
        let (paragraph, sentence) = place.split_once('.')?;
        let text = domain::entry::clean(text);
        // A box that holds what it was shown with is no edit, also when the figures have moved since.
        let shown = posted.get(&format!("{}{place}", field::SHOWN));
        let touched = shown.is_none_or(|shown| domain::entry::clean(shown) != text);
        touched.then_some((paragraph.parse().ok()?, sentence.parse().ok()?, text))
    };
    Wording {
        sentences: posted.fields().filter_map(sentence).collect(),
        addition: domain::entry::clean(posted.text(field::ADDITION)),
    }
}

#[async_trait]
impl Command for Publish {
    type Done = Published;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<Published, Refusal> {
        let (plan, period) = (&self.plan, self.period);
        let version = ledger.plan(plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?;
        who.may(Action::Publish, Object::office(version.plan.region.id()))?;
        // Whatever page or file this was prepared on may be older than what was altered since.
        let proved = ledger.prove(plan, period).await?;
        if let Some(length) = self.wording.too_long() {
            return Err(Refusal::whole(format!("有一句写了 {length} 字，请缩短到 {LONGEST} 字以内")));
        }
        let drafted = draft(ledger, plan, period, self.reason.as_deref(), &self.wording, who.at).await?;
        let refusal = drafted.refusal(period).unwrap_or_default();
        let new = match drafted {
            Draft::Ready(new) => *new,
            Draft::NeedsReason(_) => return Err(Refusal::field(field::REASON, refusal)),
            Draft::Same(..) | Draft::Empty => return Err(Refusal::whole(refusal)),
        };
        if self.based_on.is_some_and(|based_on| based_on != new.based_on) {
            let sentence = "您打开页面之后又有数据变动，没有发布。下面是新的预览，请看过再发布";
            return Err(Refusal::field(field::BASED_ON, sentence));
        }
        let changes =
            new.bulletin.correction.as_ref().map(|correction| (correction.edition, correction.changes.clone()));
        let (heading, standings) = (&new.bulletin.heading, &new.bulletin.standings);
        let (content, sha256) = new.content();
        let row = NewEditionRow {
            plan: heading.plan.clone(),
            goal: standings.goal.clone(),
            period,
            edition: heading.edition,
            content,
            sha256,
            reason: new.reason.clone(),
            public_key: self.public_key,
        };
        let number = row.edition;
        let proof = proof(proved, who);
        let mut detail = json!({
            "plan": row.plan, "goal": row.goal, "period": period, "edition": row.edition, "sha256": row.sha256,
            "reason": row.reason,
        });
        if let Some(key) = &row.public_key {
            detail["public_key"] = json!(key);
        }
        let mut entry = Entry::new("publish", format!("{plan}/{period}/e{number}"), detail).with(proof);
        entry.edition = Some(row);
        ledger.append(who, entry).await?;
        let edition = ledger.edition(plan, period, Some(number)).await?;
        let edition =
            edition.map(|edition| edition.summary.clone()).ok_or_else(|| Refusal::whole("没有发布，请再试一次"))?;
        Ok(Published { edition, changes })
    }
}
