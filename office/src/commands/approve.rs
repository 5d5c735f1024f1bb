//! 审核通过 and its undoing: the office puts a return's figures in force; one or several, all or none.

use async_trait::async_trait;
use domain::plan::{Plan, Round};
use domain::workflow::Step;

use super::Command;
use super::steps::{Taking, field as steps, open, take};
use crate::facts::{ReportKey, StepRecord};
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::who::Who;

/// The names of the fields of the form for several returns, beside those of every step.
pub mod field {
    /// A unit and the steps that the page had seen: `350181@2`.
    pub const UNIT: &str = "unit";
}

/// Returns that are approved.
#[derive(Debug, Clone)]
pub struct Approve {
    pub of: Vec<Taking>,
}

/// Returns of which the last approval or sending back is taken back, within its seconds.
#[derive(Debug, Clone)]
pub struct Undo {
    pub of: Vec<Taking>,
}

/// The units a form names, each with the steps that its page had seen.
fn picked(plan: &Plan, round: &Round, posted: &Posted, step: Step) -> Result<Vec<Taking>, Refusal> {
    let units = domain::entry::units(plan);
    let base = posted.text(steps::KEY);
    let one = |text: &str| {
        let (unit, seen) = text.rsplit_once('@')?;
        units.iter().find(|(id, _)| id == unit)?;
        let report = ReportKey { plan: plan.id.clone(), round: round.clone(), unit: unit.to_owned() };
        let key = (!base.is_empty() && base.len() <= 60).then(|| format!("{base}-{}-{unit}", step.id()));
        Some(Taking { report, seen: seen.parse().ok()?, key })
    };
    let found: Option<Vec<_>> = posted.all(field::UNIT).into_iter().map(one).collect();
    let none = || Refusal::field(field::UNIT, "没有选定单位，请回到报送情况再看");
    found.filter(|found| !found.is_empty()).ok_or_else(none)
}

impl Approve {
    pub fn read(plan: &Plan, round: &Round, posted: &Posted) -> Result<Self, Refusal> {
        Ok(Self { of: picked(plan, round, posted, Step::Approve)? })
    }
}

impl Undo {
    pub fn read(plan: &Plan, round: &Round, posted: &Posted) -> Result<Self, Refusal> {
        Ok(Self { of: picked(plan, round, posted, Step::Undo)? })
    }
}

/// Takes the step for each, all or none; one of several that has moved on is named.
async fn all(ledger: &mut dyn Ledger, who: &Who, of: Vec<Taking>, step: Step) -> Result<Vec<StepRecord>, Refusal> {
    let several = of.len() > 1;
    let mut taken = Vec::new();
    for taking in of {
        let report = open(ledger, who, &taking.report, step).await?;
        match take(ledger, who, report.office(), &taking.report, taking.step(step)).await {
            Err(Refusal::Moved(_)) if several => {
                let sentence = format!("{}的报送刚刚有变动，一个也没有办理。下面是现在的情况", report.unit_name);
                return Err(Refusal::whole(sentence));
            }
            done => taken.push(done?),
        }
    }
    Ok(taken)
}

#[async_trait]
impl Command for Approve {
    type Done = Vec<StepRecord>;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<Vec<StepRecord>, Refusal> {
        all(ledger, who, self.of, Step::Approve).await
    }
}

#[async_trait]
impl Command for Undo {
    type Done = Vec<StepRecord>;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<Vec<StepRecord>, Refusal> {
        all(ledger, who, self.of, Step::Undo).await
    }
}
