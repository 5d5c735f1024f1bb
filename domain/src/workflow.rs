//! The way of a return: draft → submitted → signed by the county → approved by the office; sent back, withdrawn.
//!
//! One function says what follows what; whoever may take a step stands in [`crate::rights`].

mod state;

use serde::{Deserialize, Serialize};

use crate::rights::Action;

pub use state::State;

/// One step on the way; all steps of a return are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Submit,
    Withdraw,
    SignOff,
    TakeBack,
    SendBackToReporter,
    SendBackToCounty,
    Approve,
    /// After the approval the county asks to correct; the office opens the form again, or refuses.
    AskCorrection,
    AllowCorrection,
    RefuseCorrection,
    /// The office leaves the period as it is: the county makes up for it in the current one.
    TrueUp,
    /// The office takes back its approval or sending back, within [`UNDO_MILLIS`].
    Undo,
}

/// How long the office may take back what it has just done.
pub const UNDO_MILLIS: i64 = 10_000;

impl Step {
    pub const ALL: [Step; 12] = [
        Step::Submit,
        Step::Withdraw,
        Step::SignOff,
        Step::TakeBack,
        Step::SendBackToReporter,
        Step::SendBackToCounty,
        Step::Approve,
        Step::AskCorrection,
        Step::AllowCorrection,
        Step::RefuseCorrection,
        Step::TrueUp,
        Step::Undo,
    ];

    /// As stored, and the last part of the address that takes the step.
    pub fn id(self) -> &'static str {
        match self {
            Step::Submit => "submit",
            Step::Withdraw => "withdraw",
            Step::SignOff => "sign_off",
            Step::TakeBack => "take_back",
            Step::SendBackToReporter => "send_back_to_reporter",
            Step::SendBackToCounty => "send_back_to_county",
            Step::Approve => "approve",
            Step::AskCorrection => "ask_correction",
            Step::AllowCorrection => "allow_correction",
            Step::RefuseCorrection => "refuse_correction",
            Step::TrueUp => "true_up",
            Step::Undo => "undo",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.id() == text)
    }

    /// What was done, for the history.
    pub fn name(self) -> &'static str {
        match self {
            Step::AllowCorrection => "同意更正",
            Step::RefuseCorrection => "不同意更正",
            Step::TrueUp => "在当期并入",
            other => other.action().name(),
        }
    }

    /// The right it needs.
    pub fn action(self) -> Action {
        match self {
            Step::Submit => Action::Submit,
            Step::Withdraw => Action::Withdraw,
            Step::SignOff => Action::SignOff,
            Step::TakeBack => Action::TakeBack,
            Step::SendBackToReporter => Action::SendBackToReporter,
            Step::SendBackToCounty => Action::SendBackToCounty,
            Step::Approve => Action::Approve,
            Step::AskCorrection => Action::AskCorrection,
            Step::AllowCorrection | Step::RefuseCorrection | Step::TrueUp => Action::AnswerCorrection,
            Step::Undo => Action::Undo,
        }
    }

    /// Whether the step must say why.
    pub fn needs_reason(self) -> bool {
        matches!(
            self,
            Step::SendBackToReporter
                | Step::SendBackToCounty
                | Step::AskCorrection
                | Step::AllowCorrection
                | Step::RefuseCorrection
                | Step::TrueUp
        )
    }

    /// The state after the step; `None` where the step cannot be taken.
    pub fn after(self, state: State) -> Option<State> {
        match (self, state) {
            (Step::Submit, State::Draft | State::SentBack) => Some(State::Submitted),
            (Step::Withdraw, State::Submitted) => Some(State::Draft),
            (Step::SignOff, State::Submitted) => Some(State::Signed),
            (Step::TakeBack, State::Signed) => Some(State::Submitted),
            (Step::SendBackToReporter, State::Submitted) | (Step::SendBackToCounty, State::Signed) => {
                Some(State::SentBack)
            }
            (Step::Approve, State::Signed) => Some(State::Approved),
            (Step::AskCorrection, State::Approved) => Some(State::CorrectionAsked),
            (Step::AllowCorrection, State::CorrectionAsked) => Some(State::SentBack),
            (Step::RefuseCorrection | Step::TrueUp, State::CorrectionAsked) => Some(State::Approved),
            // Only what the same person did last, and only for a moment: the store asks `can_undo`.
            (Step::Undo, State::Approved | State::SentBack) => Some(State::Signed),
            _ => None,
        }
    }
}

/// Whether a step taken at `at` by the same person can be taken back at `now` (UTC milliseconds).
pub fn can_undo(step: Step, at: i64, now: i64) -> bool {
    matches!(step, Step::Approve | Step::SendBackToCounty) && (0..UNDO_MILLIS).contains(&(now - at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rights::TABLE;

    #[test]
    fn taken_back_for_ten_seconds() {
        let check = |step, after: i64| can_undo(step, 1_000_000, 1_000_000 + after);
        assert!(check(Step::Approve, 0) && check(Step::SendBackToCounty, UNDO_MILLIS - 1));
        assert!(!check(Step::Approve, UNDO_MILLIS) && !check(Step::Approve, UNDO_MILLIS + 1));
        // A clock that was set back takes nothing back.
        assert!(!check(Step::Approve, -1));
        assert!(Step::ALL.into_iter().filter(|&step| check(step, 5)).count() == 2);
    }

    #[test]
    fn the_table_of_rights_and_the_way_agree() {
        for step in Step::ALL {
            let right = TABLE.iter().find(|right| right.action == step.action()).unwrap();
            for state in State::ALL {
                assert_eq!(step.after(state).is_some(), right.states.contains(&state), "{step:?} {state:?}");
            }
        }
    }

    #[test]
    fn nothing_is_approved_that_was_not_signed() {
        let into: Vec<State> = State::ALL.into_iter().filter(|&state| Step::Approve.after(state).is_some()).collect();
        assert_eq!(into, [State::Signed]);
        // What was approved is only opened again by request and answer.
        let out: Vec<Step> = Step::ALL.into_iter().filter(|step| step.after(State::Approved).is_some()).collect();
        assert_eq!(out, [Step::AskCorrection, Step::Undo]);
    }
}
