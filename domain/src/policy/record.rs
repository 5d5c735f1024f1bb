//! Claims on record: what was stated, decided by two people and paid, step by step. What was decided stays; where an
//! input moves later, the difference appears.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::answer::{Settled, Settlement};
use super::claim::{Claim, Fact, Had, Recipients};
use super::settle::settle;
use crate::calendar::at_shanghai;
use crate::firms::is_same;
use crate::money::Amount;
use crate::plan::Plan;
use crate::plan::policy::Policies;
use crate::region::{RegionId, fold_name};

/// What somebody did about a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Stated, or stated anew.
    Enter,
    /// The finance post states what the local treasury kept of the firm's taxes, in the year or before.
    Tax,
    SendBack,
    Decide,
    /// By somebody else than who decided.
    Confirm,
    /// Paid, or with a minus paid back.
    Pay,
}

impl Act {
    pub const ALL: [Act; 6] = [Act::Enter, Act::Tax, Act::SendBack, Act::Decide, Act::Confirm, Act::Pay];

    pub fn id(self) -> &'static str {
        match self {
            Act::Enter => "enter",
            Act::Tax => "tax",
            Act::SendBack => "send_back",
            Act::Decide => "decide",
            Act::Confirm => "confirm",
            Act::Pay => "pay",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.id() == text)
    }

    pub fn name(self) -> &'static str {
        match self {
            Act::Enter => "填报",
            Act::Tax => "填税收数",
            Act::SendBack => "退回",
            Act::Decide => "提出决定",
            Act::Confirm => "确认决定",
            Act::Pay => "登记兑付",
        }
    }
}

/// What a decision froze: the result, and how many steps of every claim of the year it rests on; of other years of
/// those that were decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    pub settled: Settled,
    pub inputs: BTreeMap<u32, i64>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub other_years: BTreeMap<i32, BTreeMap<u32, i64>>,
}

/// One step of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its number in the plan and year.
    pub claim: u32,
    pub unit: RegionId,
    pub version: i64,
    pub act: Act,
    /// Facts by their words, as they were typed.
    pub content: BTreeMap<String, String>,
    pub amount: Option<Amount>,
    pub frozen: Option<Frozen>,
    pub words: String,
    pub day: Option<NaiveDate>,
    /// UTC milliseconds.
    pub at: i64,
    pub actor: String,
    pub account: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Waiting,
    SentBack,
    /// Decided by one.
    Proposed,
    /// Decided by two; something may still have to be paid.
    Decided,
    Paid,
}

impl State {
    pub fn name(self) -> &'static str {
        match self {
            State::Waiting => "待决定",
            State::SentBack => "已退回",
            State::Proposed => "待第二人确认",
            State::Decided => "已决定，待兑付",
            State::Paid => "已兑付",
        }
    }
}

/// A claim with all that was done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub number: u32,
    pub unit: RegionId,
    pub claim: Claim,
    pub state: State,
    /// The newest decision that two people made.
    pub decided: Option<Amount>,
    /// What was stated when they made it.
    pub agreed: Option<Claim>,
    pub paid: Amount,
    pub steps: Vec<Step>,
}

impl Record {
    /// What is to be paid, or with a minus to be paid back.
    pub fn outstanding(&self) -> Amount {
        Amount(self.decided.unwrap_or_default().0 - self.paid.0)
    }

    /// The day of the decision by which so much may be paid or, with a minus, has to come back.
    pub fn decided_on(&self, amount: Amount) -> Option<NaiveDate> {
        let mut proposed = Amount(0);
        let mut days = Vec::new();
        for step in &self.steps {
            match step.act {
                Act::Decide => proposed = step.amount.unwrap_or_default(),
                Act::Confirm => days.push((proposed, at_shanghai(step.at).date_naive())),
                _ => {}
            }
        }
        let whole = self.paid.0 + amount.0;
        let first = days.iter().find(|(decided, _)| amount.0 > 0 && decided.0 >= whole);
        first.or(days.last()).map(|(_, day)| *day)
    }

    pub fn is_of_same_firm(&self, other: &Record) -> bool {
        is_same(self.claim.firm(), other.claim.firm())
    }

    /// Of the same firm, too; without a project's name nobody can say.
    pub fn is_of_same_project(&self, other: &Record) -> bool {
        let project = fold_name(&self.claim.project);
        self.is_of_same_firm(other) && !project.is_empty() && project == fold_name(&other.claim.project)
    }

    /// The decision that waits for a second person.
    pub fn proposed(&self) -> Option<&Step> {
        let last = self.steps.iter().rfind(|step| !matches!(step.act, Act::Tax | Act::Pay));
        last.filter(|step| step.act == Act::Decide)
    }
}

/// The claims of a plan's year from their steps, which stand in their order, by number.
pub fn records(policies: &Policies, year: i32, steps: &[Step]) -> Vec<Record> {
    let mut by_claim: BTreeMap<u32, Vec<Step>> = BTreeMap::new();
    for step in steps {
        by_claim.entry(step.claim).or_default().push(step.clone());
    }
    by_claim.into_iter().filter_map(|(number, steps)| record(policies, year, number, steps)).collect()
}

fn record(policies: &Policies, year: i32, number: u32, steps: Vec<Step>) -> Option<Record> {
    let unit = steps.first()?.unit.clone();
    let mut claim = Claim::default();
    let (mut state, mut decided, mut paid) = (State::Waiting, None, Amount(0));
    let (mut proposed, mut approved, mut agreed) = (None, None, None);
    for step in &steps {
        match step.act {
            Act::Enter => {
                let before = std::mem::replace(&mut claim, stated(policies, year, &step.content));
                if is_same(before.firm(), claim.firm()) {
                    keep_taxes(&before, &mut claim);
                }
                state = State::Waiting;
            }
            Act::Tax => put(policies, year, &step.content, &mut claim),
            Act::SendBack => state = State::SentBack,
            Act::Decide => {
                put(policies, year, &step.content, &mut claim);
                proposed = step.amount.map(|amount| (amount, claim.clone()));
                state = State::Proposed;
            }
            Act::Confirm => {
                if let Some((amount, claim)) = proposed.clone() {
                    (decided, agreed) = (Some(amount), Some(claim));
                }
                approved = approved.or(Some(step.at));
                state = State::Decided;
            }
            Act::Pay => paid.0 += step.amount.unwrap_or_default().0,
        }
    }
    if state == State::Decided && decided == Some(paid) {
        state = State::Paid;
    }
    claim.id = format!("{number:04}");
    claim.approved = approved.map(|at| at_shanghai(at).date_naive());
    claim.approved_at = approved;
    if let Some(agreed) = &mut agreed {
        (agreed.approved, agreed.approved_at) = (claim.approved, claim.approved_at);
    }
    Some(Record { number, unit, claim, state, decided, agreed, paid, steps })
}

/// A firm's tax figures stay with it, whatever else is stated anew.
fn keep_taxes(before: &Claim, claim: &mut Claim) {
    claim.local_tax = before.local_tax;
    for (quantity, amount) in before.quantities.iter().filter(|(of, _)| Fact::Quantity(**of).is_of_taxes()) {
        claim.quantities.entry(*quantity).or_insert(*amount);
    }
}

/// A claim as its form states it. What was once accepted is read again; what no longer can be is left unknown.
pub fn stated(policies: &Policies, year: i32, content: &BTreeMap<String, String>) -> Claim {
    let mut claim = Claim::default();
    put(policies, year, content, &mut claim);
    claim
}

fn put(policies: &Policies, year: i32, content: &BTreeMap<String, String>, claim: &mut Claim) {
    for (word, text) in content {
        if let Some(fact) = Fact::parse(word) {
            let _ = fact.set(claim, text, policies, year);
        }
    }
}

/// The claims that ask for something: one that was sent back before anything was decided does not.
pub fn stated_by(records: &[Record]) -> Vec<Claim> {
    let asks = |record: &&Record| record.state != State::SentBack || record.decided.is_some();
    records.iter().filter(asks).map(|record| record.claim.clone()).collect()
}

/// The claims of a plan by year.
pub type Years = BTreeMap<i32, Vec<Record>>;

/// The claims of all years of a plan from their steps, which stand in their order, by year and number.
pub fn years(policies: &Policies, steps: &BTreeMap<i32, Vec<Step>>) -> Years {
    steps.iter().map(|(year, steps)| (*year, records(policies, *year, steps))).collect()
}

/// What was decided in years other than `year`.
pub fn had(years: &Years, year: i32) -> Vec<Had> {
    let others = years.iter().filter(|(other, _)| **other != year);
    let decided = others.flat_map(|(other, records)| {
        records.iter().filter_map(|record| {
            let amount = record.decided.filter(|amount| amount.0 > 0)?;
            Some(Had { year: *other, number: record.number, claim: record.agreed.clone()?, amount })
        })
    });
    decided.collect()
}

/// What a year's claims come to now, beside what was decided in other years.
pub fn settle_records(plan: &Plan, records: &[Record], year: i32, had: Vec<Had>) -> Settlement {
    let claims = stated_by(records);
    settle(plan, &Recipients::of(&claims, had), &claims, year)
}
