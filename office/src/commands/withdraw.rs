//! 撤回: the reporter takes back what nobody has signed, while it could be handed in again.

use std::sync::Arc;

use async_trait::async_trait;
use domain::holidays::Holidays;
use domain::workflow::Step;

use super::Command;
use super::steps::{Taking, open, take};
use crate::entry_form::not_withdrawable;
use crate::facts::StepRecord;
use crate::ports::Ledger;
use crate::refusal::Refusal;
use crate::who::Who;

/// One return that is taken back.
#[derive(Debug, Clone)]
pub struct Withdraw {
    pub taking: Taking,
    pub holidays: Arc<Holidays>,
}

#[async_trait]
impl Command for Withdraw {
    type Done = StepRecord;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<StepRecord, Refusal> {
        let key = &self.taking.report;
        let report = open(ledger, who, key, Step::Withdraw).await?;
        if let Some(sentence) = not_withdrawable(&report, who.at, &self.holidays) {
            return Err(Refusal::whole(sentence));
        }
        take(ledger, who, report.office(), key, self.taking.step(Step::Withdraw)).await
    }
}
