//! A claim between its steps.

use chrono::NaiveDate;

use super::answer::Answer;
use super::claim::{Claim, Fact, Had};
use super::share_out::{Day, Part};
use super::words::yuan;
use crate::money::Amount;
use crate::plan::policy::{Bound, Policy};

/// Whose a claim is, by [`crate::firms::Firms::key`], and what he had in other years.
pub(super) struct Whose<'a> {
    pub(super) firm: String,
    pub(super) had: Vec<&'a Had>,
    pub(super) had_at_all: Vec<&'a Had>,
}

/// A claim on its way.
pub(super) struct Work<'a> {
    pub(super) claim: &'a Claim,
    pub(super) policy: &'a Policy,
    pub(super) firm: String,
    /// What the firm had in other years before this, of whatever policy.
    pub(super) had: Vec<&'a Had>,
    /// What it had in all other years, which comes before whatever is decided anew.
    pub(super) had_at_all: Vec<&'a Had>,
    pub(super) amount: Amount,
    pub(super) bound: Bound,
    /// Where the office named its amount, what it could name at most; within, nothing where that has no end.
    pub(super) room: Option<Option<Amount>>,
    /// What it has if it is approved next, where several wait for too little.
    pub(super) next: Option<Amount>,
    /// Whether the document does not say that approval decides.
    pub(super) contested: bool,
    /// Whether the office says what it comes to, as the document does not.
    pub(super) nameable: bool,
    /// Whether it stands beside another of which only one is given.
    pub(super) alternative: bool,
    /// Among others of which only one matter is given: what names them all, and its own matter.
    pub(super) rivals: Option<(usize, usize)>,
    /// What was had elsewhere and has to come back first.
    pub(super) returns: Option<Amount>,
    /// As much of its loan as counts.
    pub(super) principal: Option<Amount>,
    /// Set where no sum goes on.
    ended: Option<Answer>,
    pub(super) trace: Vec<String>,
}

impl<'a> Work<'a> {
    pub(super) fn new(policy: &'a Policy, claim: &'a Claim, whose: Whose<'a>, trace: Vec<String>) -> Self {
        let Whose { firm, had, had_at_all } = whose;
        Self {
            claim,
            policy,
            firm,
            had,
            had_at_all,
            amount: Amount(0),
            bound: policy.bound,
            room: None,
            next: None,
            contested: false,
            nameable: false,
            alternative: false,
            rivals: None,
            returns: None,
            principal: None,
            ended: None,
            trace,
        }
    }

    /// The most that it could come to; nothing where that has no end.
    pub(super) fn most(&self) -> Option<Amount> {
        self.room.unwrap_or((self.bound != Bound::AtLeast).then_some(self.amount))
    }

    pub(super) fn answer(&self) -> Answer {
        self.ended.clone().unwrap_or_else(|| Answer::of(self.bound, self.amount))
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

    /// What the document leaves to the office: its own amount up to so much, or nothing certain.
    pub(super) fn leave(&mut self, most: Option<Amount>, sentence: String) {
        self.nameable = true;
        match self.claim.decided {
            Some(decided) if most.is_some_and(|most| decided > most) => {
                let most = most.map(yuan).unwrap_or_default();
                self.trace.push(sentence);
                let name = Fact::Decided.name();
                self.end(Answer::Undecided, format!("{name}{}超过{most}，请改正后再算。", yuan(decided)));
            }
            Some(decided) => {
                // Within the document's own bound it has been said.
                let is_said = self.policy.bound != Bound::Exact && self.bound == Bound::Exact;
                self.amount = decided;
                self.bound = Bound::Exact;
                self.trace.push(sentence);
                if !is_said {
                    self.trace.push(format!("{}{}。", Fact::Decided.name(), yuan(decided)));
                }
            }
            None => self.end(Answer::Undecided, sentence),
        }
    }

    pub(super) fn part(&self) -> Part<'a> {
        let Claim { id, approved, approved_at, given, declined, .. } = self.claim;
        let given = given.map(|given| given.sum.0);
        let approved = approved.filter(|_| !declined);
        Part { id, approved, approved_at: approved_at.filter(|_| !declined), asks: self.amount.0, given }
    }

    /// When two decided about it, be it that nothing is given.
    pub(super) fn decided(&self) -> Day {
        (self.claim.approved.is_none(), self.claim.approved, self.claim.approved_at)
    }

    /// When it was approved as it is: what is more than was decided comes after all decisions.
    pub(super) fn approved(&self) -> Day {
        match self.claim.given {
            Some(given) if given.anew && self.amount > given.sum => (false, Some(NaiveDate::MAX), None),
            _ => self.part().day(),
        }
    }

    /// Whether it takes of what it shares with others: what was decided does, whatever it comes to now.
    pub(super) fn takes(&self) -> bool {
        self.is_open() && self.amount.0 > 0 || self.claim.given.is_some()
    }
}
