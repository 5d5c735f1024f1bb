//! 收回签核: the county's approver takes his signature back while the office has not decided.

use async_trait::async_trait;
use domain::workflow::Step;

use super::Command;
use super::steps::{Taking, open, take};
use crate::facts::StepRecord;
use crate::ports::Ledger;
use crate::refusal::Refusal;
use crate::who::Who;

/// One return whose signature is taken back.
#[derive(Debug, Clone)]
pub struct TakeBack {
    pub taking: Taking,
}

#[async_trait]
impl Command for TakeBack {
    type Done = StepRecord;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<StepRecord, Refusal> {
        let key = &self.taking.report;
        let report = open(ledger, who, key, Step::TakeBack).await?;
        take(ledger, who, report.office(), key, self.taking.step(Step::TakeBack)).await
    }
}
