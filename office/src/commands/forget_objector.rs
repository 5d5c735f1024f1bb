//! Who objected to what was before the public: his name can be deleted once he has his answer.

use async_trait::async_trait;
use domain::personal;
use domain::plan::Plan;
use domain::rights::{Action, Object};
use domain::selection::record::Course;
use serde_json::json;

use super::Command;
use crate::boxes::required;
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::rows::{Cell, Entry, NewRow, Personal};
use crate::who::Who;

/// What the forms of objections send as their act.
pub const FORGET: &str = "forget";

/// The names of the form's fields besides those of the objection's own form.
pub mod field {
    pub const REASON: &str = "reason";
}

/// Which objection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Objected {
    /// `number`: of the claim's objections.
    Claim { year: i32, claim: u32, number: u32 },
    /// `number`: of the nomination's objections.
    Nomination { selection: String, year: i32, nomination: u32, number: u32 },
}

/// Deletes who objected; what he objected, the answer, and why the name went stay.
#[derive(Debug, Clone)]
pub struct ForgetObjector {
    pub plan: String,
    pub of: Objected,
    pub reason: String,
}

impl ForgetObjector {
    pub fn read(plan: &Plan, of: Option<Objected>, posted: &Posted) -> Result<Self, Refusal> {
        let reason = required(posted, field::REASON, "删除的理由")?;
        let of = of.ok_or_else(|| Refusal::whole("没有这个异议，请刷新页面"))?;
        Ok(Self { plan: plan.id.clone(), of, reason })
    }
}

/// What an objection says of whoever made it.
struct Made {
    is_answered: bool,
    /// Empty where it was deleted.
    name: String,
    key: Option<String>,
}

#[async_trait]
impl Command for ForgetObjector {
    type Done = ();

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let plan = ledger.plan(&self.plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?.plan;
        let office = Object::office(plan.region.id());
        let (made, object, mut detail) = match &self.of {
            Objected::Claim { year, claim, number } => {
                who.may(Action::DecideClaim, office)?;
                let known = ledger.claim_objections(&plan.id, *year).await?;
                let found = known.into_iter().find(|of| (of.claim, of.number) == (*claim, *number));
                let made = found.map(|of| Made { is_answered: of.answer.is_some(), name: of.by, key: of.key });
                (made, format!("claims/{}/{year}/{claim}", plan.id), json!({ "objection": number }))
            }
            Objected::Nomination { selection, year, nomination, number } => {
                who.may(Action::ScoreNominations, office)?;
                let own = plan.selection(selection).ok_or_else(|| Refusal::whole("计划里没有这项评选，请刷新页面"))?;
                let steps = ledger.selection_steps(&plan.id, selection, *year).await?;
                let course = Course::of(own, &steps);
                let record = course.get(*nomination);
                let found = record.and_then(|record| record.objections.iter().find(|of| of.number == *number));
                let made = found.map(|of| Made {
                    is_answered: of.answer.is_some(),
                    name: of.step.by().to_owned(),
                    key: of.step.key().map(str::to_owned),
                });
                let detail = json!({ "nomination": nomination, "objection": number });
                (made, format!("selections/{}/{selection}/{year}", plan.id), detail)
            }
        };
        let made = made.ok_or_else(|| Refusal::whole("没有这个异议，请刷新页面"))?;
        if made.name.is_empty() {
            return Err(Refusal::whole("提出这个异议的人的姓名已经删除，请刷新页面"));
        }
        if !made.is_answered {
            return Err(Refusal::whole("这个异议还没有答复，请先答复，再删除提出人的姓名"));
        }
        leaves_out(&made.name, (field::REASON, &self.reason))?;
        let key = made
            .key
            .ok_or_else(|| Refusal::whole("这个异议在软件升级以前登记，提出人的姓名写在不能改动的记录里，没有删除"))?;
        let row = NewRow {
            table: "forgotten_name",
            cells: vec![
                ("name_sha256", (&key).into()),
                ("reason", (&self.reason).into()),
                ("at", who.at.into()),
                ("actor", (&who.actor).into()),
                ("account_id", Cell::Int(Some(who.account()))),
            ],
        };
        detail["reason"] = json!(self.reason);
        let entry = Entry::new("forget_name", object, detail).with(row).with_personal(Personal::ForgetName(key));
        ledger.append(who, entry).await?;
        Ok(())
    }
}

/// Refuses words that say who objected: they are kept for good and read by more than whoever knows the name.
pub(super) fn leaves_out(name: &str, (field, words): (&str, &str)) -> Result<(), Refusal> {
    match personal::is_named_in(name, words) {
        true => {
            Err(Refusal::field(field, "这里写的一直保留，请不要写提出人的名称；要提到的，写“本人”“本单位”或“提出人”"))
        }
        false => Ok(()),
    }
}
