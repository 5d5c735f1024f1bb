//! Where a return stands.

use serde::{Deserialize, Serialize};

/// Where a unit's return of one period stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nothing submitted, or withdrawn again.
    Draft,
    Submitted,
    Signed,
    SentBack,
    Approved,
    /// The county has asked to correct what was approved; the office has not answered.
    CorrectionAsked,
}

impl State {
    pub const ALL: [State; 6] =
        [State::Draft, State::Submitted, State::Signed, State::SentBack, State::Approved, State::CorrectionAsked];

    pub fn name(self) -> &'static str {
        match self {
            State::Draft => "未提交",
            State::Submitted => "待县级审核",
            State::Signed => "待市级审核",
            State::SentBack => "已退回",
            State::Approved => "已通过",
            State::CorrectionAsked => "申请更正",
        }
    }

    /// Whether the county may still change its figures.
    pub fn is_editable(self) -> bool {
        matches!(self, State::Draft | State::SentBack)
    }
}
