//! 生成归档包: asking for the pack of a year's assessment; making it stands outside the transaction.

use async_trait::async_trait;
use domain::rights::{Action, Object};

use super::Command;
use crate::facts::NewJob;
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::who::Who;
use crate::year_end::scope;

/// The names of the form's fields.
pub mod field {
    pub const PLAN: &str = "plan";
    pub const GOAL: &str = "goal";
    pub const YEAR: &str = "year";
}

/// One account's packs that are not finished yet.
const OPEN: usize = 3;

/// The pack of a goal's year.
#[derive(Debug, Clone)]
pub struct AskPack {
    pub plan: String,
    pub goal: Option<String>,
    pub year: Option<i32>,
    /// How many steps making it has.
    pub steps: usize,
}

impl AskPack {
    pub fn read(posted: &Posted, steps: usize) -> Self {
        Self {
            plan: posted.text(field::PLAN).to_owned(),
            goal: posted.get(field::GOAL).map(str::to_owned),
            year: posted.text(field::YEAR).parse().ok(),
            steps,
        }
    }
}

#[async_trait]
impl Command for AskPack {
    type Done = ();

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let plan = ledger.plan(&self.plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?.plan;
        who.may(Action::ReadUnpublished, Object::office(plan.region.id()))?;
        let (goal, _, year) = scope(&plan, self.goal.as_deref(), self.year).map_err(Refusal::whole)?;
        if ledger.open_jobs(who.account()).await? >= OPEN {
            return Err(Refusal::whole(format!("您已有 {OPEN} 个归档包在生成，请等它们做完再要")));
        }
        let job = NewJob {
            plan: plan.id.clone(),
            goal: goal.id.clone(),
            year,
            account: who.account(),
            asked_by: who.actor.clone(),
            asked_at: who.at,
            steps: self.steps,
        };
        Ok(ledger.add_job(job).await?)
    }
}
