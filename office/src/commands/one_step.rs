//! The one address that takes every step of a return: which command its form asks for.

use std::sync::Arc;

use async_trait::async_trait;
use domain::holidays::Holidays;
use domain::workflow::Step;

use super::Command;
use super::approve::{Approve, Undo};
use super::correction::{AnswerCorrection, AskCorrection, Way};
use super::send_back::SendBack;
use super::sign_off::SignOff;
use super::steps::{Taking, field};
use super::submit::Submit;
use super::take_back::TakeBack;
use super::withdraw::Withdraw;
use crate::facts::{ReportKey, StepRecord};
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::who::Who;

/// One of the commands that are steps of a return.
#[derive(Debug, Clone)]
pub enum OneStep {
    Submit(Submit),
    Withdraw(Withdraw),
    SignOff(SignOff),
    TakeBack(TakeBack),
    SendBack(SendBack),
    Approve(Approve),
    Undo(Undo),
    AskCorrection(AskCorrection),
    AnswerCorrection(AnswerCorrection),
}

/// The step that a form names.
pub fn named(posted: &Posted) -> Result<Step, Refusal> {
    Step::parse(posted.text(field::STEP)).ok_or_else(|| {
        let sentence = match posted.get(field::STEP) {
            None | Some("") => "请先选定怎么答复，再写答复",
            Some(_) => "不认识的操作，请刷新页面后再试",
        };
        Refusal::field(field::STEP, sentence)
    })
}

impl OneStep {
    pub fn read(report: ReportKey, step: Step, posted: &Posted, holidays: &Arc<Holidays>) -> Result<Self, Refusal> {
        let taking = Taking::read(report, posted);
        let holidays = holidays.clone();
        Ok(match step {
            Step::Submit => Self::Submit(Submit::read(taking, posted, holidays)),
            Step::Withdraw => Self::Withdraw(Withdraw { taking, holidays }),
            Step::SignOff => Self::SignOff(SignOff { taking }),
            Step::TakeBack => Self::TakeBack(TakeBack { taking }),
            Step::SendBackToReporter => Self::SendBack(SendBack::read(taking, posted, false)?),
            Step::SendBackToCounty => Self::SendBack(SendBack::read(taking, posted, true)?),
            Step::Approve => Self::Approve(Approve { of: vec![taking] }),
            Step::Undo => Self::Undo(Undo { of: vec![taking] }),
            Step::AskCorrection => Self::AskCorrection(AskCorrection::read(taking, posted)?),
            Step::AllowCorrection => Self::AnswerCorrection(AnswerCorrection::read(taking, posted, Way::Allow)?),
            Step::RefuseCorrection => Self::AnswerCorrection(AnswerCorrection::read(taking, posted, Way::Refuse)?),
            Step::TrueUp => Self::AnswerCorrection(AnswerCorrection::read(taking, posted, Way::TrueUp)?),
        })
    }
}

#[async_trait]
impl Command for OneStep {
    type Done = StepRecord;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<StepRecord, Refusal> {
        let one = |mut taken: Vec<StepRecord>| taken.pop().expect("one step for one return");
        match self {
            Self::Submit(command) => command.run(who, ledger).await,
            Self::Withdraw(command) => command.run(who, ledger).await,
            Self::SignOff(command) => command.run(who, ledger).await,
            Self::TakeBack(command) => command.run(who, ledger).await,
            Self::SendBack(command) => command.run(who, ledger).await,
            Self::Approve(command) => command.run(who, ledger).await.map(one),
            Self::Undo(command) => command.run(who, ledger).await.map(one),
            Self::AskCorrection(command) => command.run(who, ledger).await,
            Self::AnswerCorrection(command) => command.run(who, ledger).await,
        }
    }
}
