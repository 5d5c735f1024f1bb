//! A claim between its steps.

use super::answer::Answer;
use super::claim::Claim;
use super::share_out::Part;
use crate::money::Amount;
use crate::plan::policy::{Bound, Policy};

/// A claim on its way.
pub(super) struct Work<'a> {
    pub(super) claim: &'a Claim,
    pub(super) policy: &'a Policy,
    /// Whose it is, by [`crate::firms::Firms::key`].
    pub(super) firm: String,
    pub(super) amount: Amount,
    pub(super) bound: Bound,
    /// Set where no sum goes on.
    ended: Option<Answer>,
    pub(super) trace: Vec<String>,
}

impl<'a> Work<'a> {
    pub(super) fn new(policy: &'a Policy, claim: &'a Claim, firm: String, trace: Vec<String>) -> Self {
        Self { claim, policy, firm, amount: Amount(0), bound: policy.bound, ended: None, trace }
    }

    pub(super) fn answer(&self) -> Answer {
        self.ended.clone().unwrap_or(Answer::Sum { bound: self.bound, amount: self.amount })
    }

    pub(super) fn is_open(&self) -> bool {
        self.ended.is_none()
    }

    /// Whether its sum is not known and may still come.
    pub(super) fn is_unknown(&self) -> bool {
        matches!(self.ended, Some(Answer::Missing { .. } | Answer::Choice { .. } | Answer::Undecided))
    }

    pub(super) fn end(&mut self, answer: Answer, sentence: String) {
        self.amount = Amount(0);
        self.trace.push(sentence);
        self.ended = Some(answer);
    }

    pub(super) fn part(&self) -> Part<'a> {
        Part { id: &self.claim.id, approved: self.claim.approved, asks: self.amount.0 }
    }
}
