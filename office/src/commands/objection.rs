//! 异议: a unit objects while the days for it run, the office answers once, or the unit takes it back.

use async_trait::async_trait;
use domain::rights::{Action, Object as About};
use domain::workflow::State;
use domain::year_end::ObjectionOutcome;
use serde_json::json;

use super::Command;
use super::year_end::refuse_closed;
use crate::boxes::required;
use crate::objections::open_terms;
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::rows::{Entry, NewRow};
use crate::who::Who;

/// The names of the forms' fields.
pub mod field {
    pub const WHAT: &str = "what";
    pub const REASON: &str = "reason";
    pub const YEAR: &str = "year";
    pub const NUMBER: &str = "number";
    pub const OUTCOME: &str = "outcome";
    pub const ANSWER: &str = "answer";
}

/// A unit's objection; the unit is the post's own, never the form's.
#[derive(Debug, Clone)]
pub struct Object {
    pub plan: String,
    /// What is objected to, as [`crate::objections::Term::id`] names it.
    pub what: String,
    pub reason: String,
}

impl Object {
    pub fn read(plan: &str, posted: &Posted) -> Result<Self, Refusal> {
        let reason = required(posted, field::REASON, "异议的理由")?;
        Ok(Self { plan: plan.to_owned(), what: posted.text(field::WHAT).to_owned(), reason })
    }
}

#[async_trait]
impl Command for Object {
    /// The objection's number within the plan's year.
    type Done = u32;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<u32, Refusal> {
        let plan = ledger.plan(&self.plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?.plan;
        let post = who.viewer.as_ref().and_then(|viewer| viewer.post.as_ref());
        let unit = post.and_then(|post| post.domain.unit.clone()).unwrap_or_default();
        who.may(Action::Object, About::of_unit(plan.region.id(), &unit, State::Approved))?;
        let mut year_ends = Vec::new();
        for goal in plan.assessments.iter().map(|assessment| &assessment.goal) {
            for year in plan.years.0..=plan.years.1 {
                year_ends.push((goal.clone(), year, ledger.year_end(&plan.id, goal, year).await?));
            }
        }
        let terms = open_terms(&plan, &ledger.editions().await?, &year_ends, who.at);
        let term = terms.into_iter().find(|term| term.id() == self.what);
        let closed = || Refusal::field(field::WHAT, "这一项不在异议期内，没有提出；请另选一项");
        let term = term.ok_or_else(closed)?;
        let (goal, period) = (&term.goal, term.period);
        refuse_closed(&ledger.year_end(&plan.id, goal, period.year).await?, period.year)?;
        let known = ledger.objections(&plan.id, period.year).await?;
        let same = known.iter().find(|known| {
            known.answer.is_none() && known.period == period && known.unit == unit && known.reason == self.reason
        });
        if let Some(same) = same {
            // A second press of the same page.
            return Ok(same.number);
        }
        let number = known.iter().map(|known| known.number).max().unwrap_or(0) + 1;
        let row = NewRow {
            table: "objection",
            cells: vec![
                ("plan_id", (&plan.id).into()),
                ("year", period.year.into()),
                ("month", period.month.into()),
                ("number", number.into()),
                ("goal_id", goal.into()),
                ("unit_id", (&unit).into()),
                ("about", term.about.id().into()),
                ("reason", (&self.reason).into()),
                ("at", who.at.into()),
                ("actor", (&who.actor).into()),
                ("account_id", who.account().into()),
            ],
        };
        let object = format!("{}/{period}/{unit}", plan.id);
        let detail = json!({ "number": number, "reason": self.reason });
        ledger.append(who, Entry::new("object", object, detail).with(row)).await?;
        Ok(number)
    }
}

/// The answer to an objection, or its taking back in the unit's name; once.
#[derive(Debug, Clone)]
pub struct AnswerObjection {
    pub plan: String,
    pub year: i32,
    pub number: u32,
    pub outcome: ObjectionOutcome,
    pub text: String,
}

impl AnswerObjection {
    pub fn read(plan: &str, posted: &Posted) -> Result<Self, Refusal> {
        let outcome = ObjectionOutcome::parse(posted.text(field::OUTCOME));
        let outcome = outcome.ok_or_else(|| Refusal::field(field::OUTCOME, "请先选定异议是否成立"))?;
        let text = required(posted, field::ANSWER, "答复的理由")?;
        let (Ok(year), Ok(number)) = (posted.text(field::YEAR).parse(), posted.text(field::NUMBER).parse()) else {
            return Err(Refusal::field(field::NUMBER, "没有这个异议，请刷新页面"));
        };
        Ok(Self { plan: plan.to_owned(), year, number, outcome, text })
    }
}

#[async_trait]
impl Command for AnswerObjection {
    type Done = ();

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let (plan, year, number) = (&self.plan, self.year, self.number);
        let version = ledger.plan(plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?;
        let known = ledger.objections(plan, year).await?;
        let found = known.iter().find(|known| known.number == number);
        let found = found.ok_or_else(|| Refusal::whole("没有这个异议"))?;
        let action = if self.outcome == ObjectionOutcome::Withdrawn { Action::Object } else { Action::AnswerObjection };
        who.may(action, About::of_unit(version.plan.region.id(), &found.unit, State::Approved))?;
        if let Some(answer) = &found.answer {
            return Err(Refusal::whole(format!("{}已经办理过这个异议", answer.actor)));
        }
        let row = NewRow {
            table: "objection_answer",
            cells: vec![
                ("plan_id", plan.into()),
                ("year", year.into()),
                ("number", number.into()),
                ("outcome", self.outcome.id().into()),
                ("answer", (&self.text).into()),
                ("at", who.at.into()),
                ("actor", (&who.actor).into()),
                ("account_id", who.account().into()),
            ],
        };
        let detail = json!({ "outcome": self.outcome, "answer": self.text });
        let entry = Entry::new("answer_objection", format!("{plan}/{year}/异议{number}"), detail).with(row);
        ledger.append(who, entry).await?;
        Ok(())
    }
}
