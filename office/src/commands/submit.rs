//! 提交: a county hands its return in; what the boxes hold is frozen.

use std::sync::Arc;

use async_trait::async_trait;
use domain::holidays::Holidays;
use domain::workflow::Step;

use super::Command;
use super::steps::{Taking, open, take};
use crate::entry_form::{Form, not_open};
use crate::facts::StepRecord;
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::who::Who;

/// The names of the form's fields, beside those of every step.
pub mod field {
    /// The declaration of responsibility.
    pub const TICK: &str = "tick";
    /// The newest draft that the check page was made from.
    pub const DRAFTS: &str = "drafts";
}

/// What a reporter hands in.
#[derive(Debug, Clone)]
pub struct Submit {
    pub taking: Taking,
    pub ticked: bool,
    pub drafts: i64,
    pub holidays: Arc<Holidays>,
}

impl Submit {
    pub fn read(taking: Taking, posted: &Posted, holidays: Arc<Holidays>) -> Self {
        let drafts = posted.text(field::DRAFTS).parse().unwrap_or(-1);
        Self { taking, ticked: posted.text(field::TICK) == "on", drafts, holidays }
    }
}

#[async_trait]
impl Command for Submit {
    type Done = StepRecord;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<StepRecord, Refusal> {
        let key = &self.taking.report;
        let report = open(ledger, who, key, Step::Submit).await?;
        let mut new = self.taking.step(Step::Submit);
        // A second press of the same page finds the return submitted: it is the step that was already taken.
        if report.state().is_editable() {
            if let Some(sentence) = not_open(&report, who.at, &self.holidays) {
                return Err(Refusal::whole(sentence));
            }
            let form = Form::new(&report, None);
            if !form.faults().is_empty() {
                return Err(Refusal::whole("还有没改好的地方，不能提交"));
            }
            if !self.ticked {
                return Err(Refusal::field(field::TICK, "请先勾选“依法依规填报、实事求是”的责任确认"));
            }
            if self.drafts != report.drafts_seq() && report.step_version() == self.taking.seen {
                return Err(Refusal::Stale);
            }
            new.content = Some(form.content(&report));
        }
        take(ledger, who, report.office(), key, new).await
    }
}
