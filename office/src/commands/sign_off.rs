//! 签核: the county's approver signs what was submitted.

use async_trait::async_trait;
use domain::workflow::Step;

use super::Command;
use super::steps::{Taking, open, take};
use crate::facts::StepRecord;
use crate::ports::Ledger;
use crate::refusal::Refusal;
use crate::who::Who;

/// One return that is signed.
#[derive(Debug, Clone)]
pub struct SignOff {
    pub taking: Taking,
}

#[async_trait]
impl Command for SignOff {
    type Done = StepRecord;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<StepRecord, Refusal> {
        let key = &self.taking.report;
        let report = open(ledger, who, key, Step::SignOff).await?;
        take(ledger, who, report.office(), key, self.taking.step(Step::SignOff)).await
    }
}
