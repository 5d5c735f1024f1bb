//! 办结考核: proposed by one person with the result frozen, confirmed by another, or dropped.

use std::sync::Arc;

use async_trait::async_trait;
use domain::month::Period;
use domain::plan::{Goal, Plan};
use domain::rights::{Action, Object};
use serde_json::json;

use super::Command;
use super::publish_comparison::{Frozen, proof, row as publication_row};
use super::year_end::{refuse_closed, refuse_moved};
use crate::boxes::required;
use crate::facts::{Decision, Facts as Known, PlanVersion, PublicationKey, PublicationKind, YearEnd, is_proposed};
use crate::ports::{Facts, Ledger};
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::rows::{Entry, NewRow};
use crate::who::Who;
use crate::year_end::{kept_open, last_edition, result};

/// The names of the form's fields, beside goal and year.
pub mod field {
    pub const DECISION: &str = "decision";
    /// The version that the page showed.
    pub const SEEN: &str = "seen";
    /// The last change of the facts that the page knew.
    pub const BASED_ON: &str = "based_on";
    /// Of opening it again: the decision, and why.
    pub const REOPEN: &str = "reopen";
    pub const REASON: &str = "reason";
}

/// A step towards closing a year's assessment.
#[derive(Debug, Clone)]
pub struct CloseYear {
    pub plan: String,
    pub goal: String,
    pub year: i32,
    pub step: Decision,
    pub seen: i64,
    pub based_on: i64,
}

impl CloseYear {
    /// `None` where the form names no decision there is.
    pub fn read(plan: &Plan, goal: &Goal, year: i32, posted: &Posted) -> Option<Self> {
        Some(Self {
            plan: plan.id.clone(),
            goal: goal.id.clone(),
            year,
            step: Decision::parse(posted.text(field::DECISION))?,
            seen: posted.text(field::SEEN).parse().unwrap_or(-1),
            based_on: posted.text(field::BASED_ON).parse().unwrap_or(-1),
        })
    }

    /// The result as canonical JSON, where nothing keeps the assessment open.
    async fn frozen(
        &self,
        facts: &mut dyn Facts,
        version: PlanVersion,
        year_end: &YearEnd,
        now: i64,
    ) -> Result<String, Refusal> {
        if self.step == Decision::Dropped {
            // What is dropped is what was proposed.
            let proposed = year_end.proposed().map(|proposed| proposed.content.clone());
            return proposed.ok_or_else(|| Refusal::whole("没有待确认的办结，请刷新页面"));
        }
        let figures = Arc::new(facts.figures(&self.plan).await?);
        let edition = last_edition(&facts.editions().await?, &self.plan, self.year);
        let proposed = is_proposed(&facts.readings(&self.plan).await?, &self.goal);
        let known = Known { version, figures };
        let plan = &known.version.plan;
        let assessed = plan.goal(&self.goal).zip(plan.assessment(&self.goal));
        let (goal, assessment) = assessed.ok_or_else(|| Refusal::whole("没有这项考核"))?;
        let Some(result) = result(&known, goal, self.year, year_end, edition.as_ref()) else {
            return Err(Refusal::whole("1—12月的通报还没有发布，不能办结"));
        };
        let number = edition.map(|edition| edition.edition);
        let open = kept_open((goal, assessment), (&result.standings, year_end), number, (proposed, now));
        if !open.is_empty() {
            return Err(Refusal::whole(format!("还不能办结：{}", open.join("；"))));
        }
        Ok(domain::canonical::to_json(&result).expect("a result is strings, integers and lists"))
    }
}

#[async_trait]
impl Command for CloseYear {
    type Done = ();

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let (plan, goal, year) = (&self.plan, &self.goal, self.year);
        let version = ledger.plan(plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?;
        let office = version.plan.region.id().to_owned();
        who.may(Action::CloseAssessment, Object::office(&office))?;
        let year_end = ledger.year_end(plan, goal, year).await?;
        refuse_closed(&year_end, year)?;
        let content = self.frozen(ledger, version, &year_end, who.at).await?;
        let last = year_end.closures.last();
        if last.map_or(0, |closure| closure.version) != self.seen {
            return Err(Refusal::whole("您打开页面之后，别人刚办理过，没有执行；请看过之后再办"));
        }
        if self.step != Decision::Dropped {
            refuse_moved(ledger, self.based_on).await?;
        }
        let sha256 = domain::canonical::sha256(content.as_bytes());
        let action = match (self.step, year_end.proposed()) {
            (Decision::Proposed, None) => "propose_closing",
            (Decision::Confirmed, Some(open)) if open.account == who.account() => return Err(Refusal::OwnWork),
            (Decision::Confirmed, Some(open)) if open.sha256 != sha256 => {
                return Err(Refusal::whole("提出办结之后结果变了，不能确认；请先取消，再重新提出"));
            }
            (Decision::Confirmed, Some(_)) => "confirm_closing",
            (Decision::Dropped, Some(_)) => "drop_closing",
            (Decision::Proposed, Some(_)) => {
                return Err(Refusal::whole("已经有人提出办结，请由另一人确认，或先取消"));
            }
            _ => return Err(Refusal::whole("没有待确认的办结，请刷新页面")),
        };
        let row = NewRow {
            table: "assessment_closure",
            cells: vec![
                ("plan_id", plan.into()),
                ("goal_id", goal.into()),
                ("year", year.into()),
                ("version", (self.seen + 1).into()),
                ("step", self.step.id().into()),
                ("content", (&content).into()),
                ("sha256", (&sha256).into()),
                ("at", who.at.into()),
                ("actor", (&who.actor).into()),
                ("account_id", who.account().into()),
            ],
        };
        let mut entry = Entry::new(action, format!("{plan}/{year}/{goal}"), json!({ "sha256": sha256 })).with(row);
        if self.step == Decision::Confirmed {
            // What two persons closed is published with it: on first pages, and to be signed for.
            let period = Period { year, month: 12 };
            let (kind, subject) = (PublicationKind::Result, goal.clone());
            let key = PublicationKey { plan: plan.clone(), kind, subject, period };
            let before = ledger.publications().await?;
            let edition = before.iter().filter(|of| of.key == key).map(|of| of.edition).max().unwrap_or(0) + 1;
            let reason = year_end.reopened().map(|(_, reopening)| reopening.reason.clone());
            let reason = reason.as_deref().filter(|_| edition > 1);
            let frozen = Frozen { key: &key, edition, office: &office, content: &content, reason };
            let proved = ledger.prove(plan, period).await?;
            entry = entry.with(proof(proved, who)).with(publication_row(&frozen, None, who));
        }
        ledger.append(who, entry).await?;
        Ok(())
    }
}

/// A step towards opening a closed assessment again.
#[derive(Debug, Clone)]
pub struct ReopenYear {
    pub plan: String,
    pub goal: String,
    pub year: i32,
    pub step: Decision,
    /// Of the proposal: why.
    pub reason: String,
    /// The newest step that the page showed.
    pub seen: i64,
}

impl ReopenYear {
    pub fn read(plan: &Plan, goal: &Goal, year: i32, posted: &Posted) -> Result<Self, Refusal> {
        let step = Decision::parse(posted.text(field::REOPEN)).filter(|step| *step != Decision::Chosen);
        let step = step.ok_or_else(|| Refusal::whole("请选提出、确认或取消重开"))?;
        let reason = match step {
            Decision::Proposed => required(posted, field::REASON, "重开的原因和依据")?,
            _ => String::new(),
        };
        let seen = posted.text(field::SEEN).parse().unwrap_or(-1);
        Ok(Self { plan: plan.id.clone(), goal: goal.id.clone(), year, step, reason, seen })
    }
}

#[async_trait]
impl Command for ReopenYear {
    type Done = ();

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let (plan, goal, year) = (&self.plan, &self.goal, self.year);
        let version = ledger.plan(plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?;
        who.may(Action::CloseAssessment, Object::office(version.plan.region.id()))?;
        let year_end = ledger.year_end(plan, goal, year).await?;
        let closed = year_end.closed().ok_or_else(|| Refusal::whole(format!("{year}年的考核没有办结，不用重开")))?;
        if year_end.reopenings.last().map_or(0, |of| of.version) != self.seen {
            return Err(Refusal::whole("您打开页面之后，别人刚办理过，没有执行；请看过之后再办"));
        }
        let (action, reason) = match (self.step, year_end.to_reopen()) {
            (Decision::Proposed, None) => ("propose_reopening", self.reason),
            (Decision::Proposed, Some(_)) => {
                return Err(Refusal::whole("已经有人提出重开，请由另一人确认，或先取消"));
            }
            (Decision::Confirmed, Some(open)) if open.account == who.account() => return Err(Refusal::OwnWork),
            (Decision::Confirmed, Some(open)) => ("confirm_reopening", open.reason.clone()),
            (Decision::Dropped, Some(open)) => ("drop_reopening", open.reason.clone()),
            _ => return Err(Refusal::whole("没有待确认的重开，请刷新页面")),
        };
        let row = NewRow {
            table: "assessment_reopening",
            cells: vec![
                ("plan_id", plan.into()),
                ("goal_id", goal.into()),
                ("year", year.into()),
                ("version", (self.seen + 1).into()),
                ("closure", closed.version.into()),
                ("step", self.step.id().into()),
                ("reason", (&reason).into()),
                ("at", who.at.into()),
                ("actor", (&who.actor).into()),
                ("account_id", who.account().into()),
            ],
        };
        let detail = json!({ "closed": closed.sha256, "reason": reason });
        ledger.append(who, Entry::new(action, format!("{plan}/{year}/{goal}"), detail).with(row)).await?;
        Ok(())
    }
}
