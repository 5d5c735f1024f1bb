//! Claims on record: what was stated, decided by two people and paid, step by step. What was decided stays; where an
//! input moves later, the difference appears.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::answer::{Answer, Settled, Settlement};
use super::claim::{Claim, Fact, Given, Had, Recipients};
use super::settle::settle;
use super::words::yuan;
use crate::calendar::at_shanghai;
use crate::firms::{Firms, is_same};
use crate::money::Amount;
use crate::plan::Plan;
use crate::plan::policy::{Combine, Policies, Policy, Quantity, What};
use crate::region::RegionId;

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
    /// The version of the plan whose terms it was computed by; decisions of before have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_version: Option<u32>,
    /// As much of the loan as counted, where interest was granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal: Option<Amount>,
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
    /// Decided by two; something is still to be paid.
    Decided,
    /// Decided by two, and more was paid: the rest has to come back.
    Overpaid,
    Paid,
    /// Decided by two, and nothing is given.
    Declined,
}

impl State {
    /// In the order in which they follow each other.
    pub const ALL: [State; 7] = [
        State::Waiting,
        State::SentBack,
        State::Proposed,
        State::Decided,
        State::Overpaid,
        State::Paid,
        State::Declined,
    ];

    /// In addresses.
    pub fn word(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::SentBack => "sent_back",
            State::Proposed => "proposed",
            State::Decided => "decided",
            State::Overpaid => "overpaid",
            State::Paid => "paid",
            State::Declined => "declined",
        }
    }

    /// Whether two have decided, and nothing was stated since.
    pub fn is_decided(self) -> bool {
        matches!(self, State::Decided | State::Overpaid | State::Paid | State::Declined)
    }

    pub fn name(self) -> &'static str {
        match self {
            State::Waiting => "待决定",
            State::SentBack => "已退回",
            State::Proposed => "待第二人确认",
            State::Decided => "已决定，待兑付",
            State::Overpaid => "已决定，待追回",
            State::Paid => "已兑付",
            State::Declined => "已决定，不给予",
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

    /// What may be paid beside what it comes to `now`, or with a minus has to come back; never nothing. The error says
    /// why not, without a full stop.
    pub fn due(&self, now: Option<&Settled>) -> Result<Amount, String> {
        let outstanding = self.outstanding();
        if self.decided.is_none() {
            return Err("还没有两个人作出的决定，不能兑付".to_owned());
        }
        if outstanding.0 > 0 && matches!(self.state, State::Waiting | State::SentBack) {
            return Err("这项申报在决定以后重新填报过，请办公室先重新决定，再兑付".to_owned());
        }
        if self.state == State::Proposed {
            return Err("这项申报正在等第二人确认新的决定，确认或退回以后才能兑付".to_owned());
        }
        if outstanding.0 == 0 {
            let sentence = match self.paid.0 {
                0 => "决定是不给予，没有要付的；要改，请办公室先重新决定",
                _ => "已经全部兑付，没有要付的",
            };
            return Err(sentence.to_owned());
        }
        if outstanding.0 < 0 {
            return Ok(outstanding);
        }
        // What nobody is entitled to any more goes out only if two decide so anew.
        match now.and_then(Settled::payable).filter(|most| *most > self.paid) {
            Some(most) => Ok(outstanding.min(Amount(most.0 - self.paid.0))),
            None => Err(self.overpays(now)),
        }
    }

    /// That more is not paid, as it comes to less now.
    pub fn overpays(&self, now: Option<&Settled>) -> String {
        let now = now.map(|settled| settled.answer.text()).unwrap_or_default();
        let paid = yuan(self.paid);
        format!("有关数据后来变了，现在算得：{now}；已兑付{paid}，再付就多付了，请办公室先重新决定")
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

    /// Whether what was decided is no longer what it comes to `now`; a sum that leaves the office room says nothing.
    pub fn differs(&self, now: &Settled) -> bool {
        let is_bounded = now.certain().is_none() && matches!(now.answer, Answer::Sum { .. });
        self.decided.is_some() && !is_bounded && now.certain() != self.decided
    }

    /// What has to come back of what was paid, as it was decided or as it comes to `now`; nothing where no sum is
    /// certain.
    pub fn owed(&self, now: Option<&Settled>) -> Amount {
        // Sent back, it stands as it was decided until two decide anew.
        let now = now.and_then(Settled::certain).filter(|_| !self.claim.withdrawn);
        let due = self.decided.into_iter().chain(now).min().unwrap_or_default();
        Amount((self.paid.0 - due.0).max(0))
    }

    pub fn is_of_same_firm(&self, other: &Record) -> bool {
        is_same(self.claim.firm(), other.claim.firm())
    }

    /// Whether it was sent back after two decided to give something: it waits to be stated anew, or declined.
    pub fn is_withdrawn(&self) -> bool {
        self.state == State::SentBack && self.claim.given.is_some()
    }

    /// As it stands beside others: what two have decided, however it is stated since. A firm's taxes are of all its
    /// claims.
    fn stands(&self, policies: &Policies) -> Claim {
        // What was declined and is stated anew waits like others; but 就高补差 counted it towards its policy's sum.
        let group = policies.get(&self.claim.policy).and_then(|policy| policies.group(policy));
        let tops_up = group.is_some_and(|group| group.combine == Combine::TopUp);
        let agreed = self.agreed.clone().filter(|agreed| agreed.given.is_some() || tops_up);
        agreed.map_or_else(|| self.claim.clone(), |agreed| Claim { local_tax: self.claim.local_tax, ..agreed })
    }

    /// Of the same firm, too; without a project's name nobody can say.
    pub fn is_of_same_project(&self, other: &Record) -> bool {
        let project = self.claim.project_key();
        self.is_of_same_firm(other) && !project.is_empty() && project == other.claim.project_key()
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
    let records = by_claim.into_iter().filter_map(|(number, steps)| record(policies, year, number, steps));
    with_their_firms_taxes(policies, year, records.collect())
}

/// What the treasury kept of a firm was stated once: a claim that came later has it too, where its base year is the
/// same one also what was kept in that.
fn with_their_firms_taxes(policies: &Policies, year: i32, mut records: Vec<Record>) -> Vec<Record> {
    let is_increment = |policy: &Policy| matches!(policy.what, What::Increment(_));
    if !policies.list.iter().any(is_increment) {
        return records;
    }
    let firms = Firms::of(records.iter().map(|record| record.claim.firm()));
    let mut stated: BTreeMap<(String, Quantity, Option<i32>), Amount> = BTreeMap::new();
    let of = |record: &Record, quantity: Quantity| {
        let policy = policies.get(&record.claim.policy).filter(|_| quantity == Quantity::RetainedBefore);
        let base = policy.and_then(|policy| policy.base_year(record.claim.completion, year));
        (firms.key(record.claim.firm()), quantity, base)
    };
    const KEPT: [Quantity; 2] = [Quantity::Retained, Quantity::RetainedBefore];
    for record in &records {
        let own = KEPT.into_iter().filter_map(|kept| Some((kept, *record.claim.quantities.get(&kept)?)));
        stated.extend(own.map(|(kept, amount)| (of(record, kept), amount)));
    }
    for record in &mut records {
        if !policies.get(&record.claim.policy).is_some_and(is_increment) {
            continue;
        }
        for kept in KEPT {
            if let Some(amount) = stated.get(&of(record, kept)) {
                record.claim.quantities.entry(kept).or_insert(*amount);
            }
        }
    }
    records
}

fn record(policies: &Policies, year: i32, number: u32, steps: Vec<Step>) -> Option<Record> {
    let unit = steps.first()?.unit.clone();
    let mut claim = Claim::default();
    let (mut state, mut decided, mut paid) = (State::Waiting, None, Amount(0));
    let (mut proposed, mut approved, mut agreed, mut principal) = (None, None, None, None);
    for step in &steps {
        match step.act {
            Act::Enter => {
                let before = std::mem::replace(&mut claim, stated(policies, year, &step.content));
                if is_same(before.firm(), claim.firm()) {
                    keep_taxes(policies, year, &before, &mut claim);
                }
                state = State::Waiting;
            }
            Act::Tax => put(policies, year, &step.content, &mut claim),
            Act::SendBack => {
                claim.withdrawn = decided.is_some();
                state = State::SentBack;
            }
            Act::Decide => {
                put(policies, year, &step.content, &mut claim);
                let principal = step.frozen.as_ref().and_then(|frozen| frozen.principal);
                proposed = step.amount.map(|amount| (amount, claim.clone(), principal));
                state = State::Proposed;
            }
            Act::Confirm => {
                if let Some((amount, claim, counted)) = proposed.clone() {
                    // More than before, or nothing, comes after what was decided meanwhile.
                    let is_more = amount.0 == 0 || decided.is_none_or(|before: Amount| amount > before);
                    approved = if is_more { Some(step.at) } else { approved };
                    (decided, agreed, principal) = (Some(amount), Some(claim), counted);
                }
                state = State::Decided;
            }
            Act::Pay => paid.0 += step.amount.unwrap_or_default().0,
        }
    }
    if let (State::Decided, Some(decided)) = (state, decided) {
        state = match paid.cmp(&decided) {
            Ordering::Less => State::Decided,
            Ordering::Greater => State::Overpaid,
            Ordering::Equal if paid.0 == 0 => State::Declined,
            Ordering::Equal => State::Paid,
        };
    }
    let given = decided.filter(|sum| sum.0 > 0);
    // What was decided before principals were frozen holds as much as the firm asked for.
    let asked = agreed.as_ref().and_then(|agreed| agreed.quantities.get(&Quantity::Loan).copied());
    let loan = principal.or(asked).unwrap_or_default();
    let given = given.map(|sum| Given { sum, loan, anew: false });
    for claim in agreed.iter_mut().chain([&mut claim]) {
        claim.id = format!("{number:04}");
        claim.approved = approved.map(|at| at_shanghai(at).date_naive());
        (claim.approved_at, claim.given, claim.declined) = (approved, given, decided == Some(Amount(0)));
    }
    // Stated anew after nothing was given, it has no place before others.
    if given.is_none() && !state.is_decided() {
        (claim.approved, claim.approved_at, claim.declined) = (None, None, false);
    }
    Some(Record { number, unit, claim, state, decided, agreed, paid, steps })
}

/// A firm's tax figures stay with it, whatever else is stated anew; that of a base year as long as it is the same.
fn keep_taxes(policies: &Policies, year: i32, before: &Claim, claim: &mut Claim) {
    claim.local_tax = before.local_tax;
    let base = |of: &Claim| policies.get(&of.policy).and_then(|policy| policy.base_year(of.completion, year));
    let is_same_base = base(before) == base(claim);
    for (quantity, amount) in before.quantities.iter().filter(|(of, _)| Fact::Quantity(**of).is_of_taxes()) {
        if *quantity != Quantity::RetainedBefore || is_same_base {
            claim.quantities.entry(*quantity).or_insert(*amount);
        }
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

/// Whether a claim asks for something, or stands as it was decided: one that was sent back before that does neither.
fn asks(record: &Record) -> bool {
    record.state != State::SentBack || record.decided.is_some()
}

/// The claims that ask for something.
pub fn stated_by(records: &[Record]) -> Vec<Claim> {
    records.iter().filter(|record| asks(record)).map(|record| record.claim.clone()).collect()
}

/// What is known of the firms: their taxes also by claims that were sent back, their names also as they were agreed.
pub fn known_of(records: &[Record], had: Vec<Had>) -> Recipients {
    let agreed = records.iter().filter_map(|record| record.agreed.as_ref());
    let agreed = agreed.map(|agreed| Claim { local_tax: None, ..agreed.clone() });
    let claims: Vec<Claim> = records.iter().map(|record| record.claim.clone()).chain(agreed).collect();
    Recipients::of(&claims, had)
}

/// The claims of a plan by year.
pub type Years = BTreeMap<i32, Vec<Record>>;

/// The claims of all years of a plan from their steps, which stand in their order, by year and number.
pub fn years(policies: &Policies, steps: &BTreeMap<i32, Vec<Step>>) -> Years {
    steps.iter().map(|(year, steps)| (*year, records(policies, *year, steps))).collect()
}

/// What was decided in years other than `year`, and what claims that ask for something state of the years before.
pub fn had(years: &Years, year: i32) -> Vec<Had> {
    let others = years.iter().filter(|(other, _)| **other != year);
    others.flat_map(|(other, records)| records.iter().filter_map(|record| had_by(record, *other))).collect()
}

/// What other years take from a claim of `year`; nothing where it gave nothing and states nothing.
pub fn had_by(record: &Record, year: i32) -> Option<Had> {
    let number = record.number;
    if let Some((amount, agreed)) = record.decided.filter(|amount| amount.0 > 0).zip(record.agreed.as_ref()) {
        return Some(Had { year, number, claim: agreed.clone(), amount });
    }
    let months = record.claim.quantities.get(&Quantity::MonthsBefore).copied().unwrap_or_default();
    let states = record.claim.before.unwrap_or_default().0 > 0 || months.0 > 0;
    (states && asks(record)).then(|| Had { year, number, claim: record.claim.clone(), amount: Amount(0) })
}

/// The claims as if one of them were approved at `at` (UTC milliseconds) with what `change` makes of it: what comes
/// first is what two decide first.
pub fn approved_at(records: &[Record], number: u32, at: i64, change: impl FnOnce(&mut Claim)) -> Vec<Record> {
    let mut records = records.to_vec();
    if let Some(own) = records.iter_mut().find(|other| other.number == number) {
        own.claim = approved(&own.claim, at);
        change(&mut own.claim);
    }
    records
}

/// A claim as if two decided it at `at`; what is given already keeps its place.
fn approved(claim: &Claim, at: i64) -> Claim {
    let day = at_shanghai(at).date_naive();
    match claim.given {
        Some(_) => claim.clone(),
        None => Claim { approved: Some(day), approved_at: Some(at), declined: false, ..claim.clone() },
    }
}

/// What each claim that waits beside others of its firm comes to if two decide it now, before them, by its number;
/// where that is what it comes to anyway, nothing.
pub fn if_decided_now(
    plan: &Plan,
    records: &[Record],
    (now, had): (&Settlement, &[Had]),
    at: i64,
) -> BTreeMap<u32, Settled> {
    let standing = Standing::of(plan, records, had.to_vec());
    let mut waiting: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    // What was declined has no place before others either.
    for (at, record) in standing.asking.iter().enumerate().filter(|(_, record)| record.claim.given.is_none()) {
        waiting.entry(standing.recipients.key(&record.claim)).or_default().push(at);
    }
    let mut found = BTreeMap::new();
    for place in waiting.into_values().filter(|waiting| waiting.len() > 1).flatten() {
        let record = standing.asking[place];
        let settled = standing.own(plan, place, &approved(&record.claim, at), now.year);
        let is_other = |settled: &Settled| Some(&settled.answer) != now.of(&record.claim.id).map(|it| &it.answer);
        found.extend(settled.filter(is_other).map(|settled| (record.number, settled)));
    }
    found
}

/// What a decision that waits for a second person comes to at `at` (UTC milliseconds), where that is no longer what was
/// frozen; without a full stop.
pub fn moved(
    plan: &Plan,
    records: &[Record],
    record: &Record,
    (year, had): (i32, Vec<Had>),
    at: i64,
) -> Option<String> {
    let then = &record.proposed()?.frozen.as_ref()?.settled.answer;
    let now = settle_one(plan, &approved_at(records, record.number, at, |_| {}), record.number, (year, had));
    let now = now.map(|settled| settled.answer);
    let text = || now.as_ref().map(Answer::text).unwrap_or_default();
    (now.as_ref() != Some(then)).then(|| {
        format!(
            "提出决定以后有关数据变了，现在算得：{}；请退回，由申报的县（市、区）重新填报\
             （没有变的照原样提交）以后再决定",
            text()
        )
    })
}

/// What a year's claims come to now, beside what was decided in other years. What was decided stands beside others as
/// two have agreed it, and only what it comes to itself is computed from what is stated now.
pub fn settle_records(plan: &Plan, records: &[Record], year: i32, had: Vec<Had>) -> Settlement {
    let standing = Standing::of(plan, records, had);
    let mut settled = settle(plan, &standing.recipients, &standing.agreed, year);
    let stated = standing.asking.iter().map(|record| &record.claim).enumerate();
    for (at, claim) in stated.filter(|(at, claim)| **claim != standing.agreed[*at]) {
        if let Some(own) = standing.own(plan, at, claim, year) {
            settled.claims[at] = own;
        }
    }
    settled
}

/// The same of one of them alone.
pub fn settle_one(plan: &Plan, records: &[Record], number: u32, (year, had): (i32, Vec<Had>)) -> Option<Settled> {
    let standing = Standing::of(plan, records, had);
    let at = standing.asking.iter().position(|record| record.number == number)?;
    standing.own(plan, at, &standing.asking[at].claim, year)
}

/// The claims that ask for something, and as each stands beside the others.
struct Standing<'r> {
    asking: Vec<&'r Record>,
    agreed: Vec<Claim>,
    recipients: Recipients,
}

impl<'r> Standing<'r> {
    fn of(plan: &Plan, records: &'r [Record], had: Vec<Had>) -> Self {
        let asking: Vec<&Record> = records.iter().filter(|record| asks(record)).collect();
        let agreed = asking.iter().map(|record| record.stands(&plan.policies)).collect();
        Self { asking, agreed, recipients: known_of(records, had) }
    }

    /// What one comes to as `claim` states it, beside the others as they were agreed. Without money that firms share, a
    /// firm's claims are moved by its own alone.
    fn own(&self, plan: &Plan, at: usize, claim: &Claim, year: i32) -> Option<Settled> {
        let given = claim.given.map(|given| Given { anew: *claim != self.agreed[at], ..given });
        let own = Claim { given, ..claim.clone() };
        let policies = &plan.policies;
        let shares =
            policies.list.iter().any(|it| it.budget.is_some()) || policies.groups.iter().any(|it| it.budget.is_some());
        let firm = self.recipients.key(&own);
        let others = self.agreed.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, claim)| claim);
        let others = others.filter(|claim| shares || self.recipients.key(claim) == firm).cloned();
        let beside: Vec<Claim> = [own].into_iter().chain(others).collect();
        settle(plan, &self.recipients, &beside, year).claims.into_iter().next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;

    /// Steps one day apart from 1 June 2021 on: what was done, and a sum in 元 where there is one.
    fn record(steps: &[(Act, Option<i64>)]) -> Record {
        let begin = 1_622_512_800_000;
        let step = |(at, (act, amount)): (usize, &(Act, Option<i64>))| Step {
            claim: 1,
            unit: "350181".to_owned(),
            version: at as i64 + 1,
            act: *act,
            content: BTreeMap::new(),
            amount: amount.map(Amount),
            frozen: None,
            words: String::new(),
            day: None,
            at: begin + at as i64 * DAY,
            actor: "某某".to_owned(),
            account: 1,
        };
        let steps: Vec<Step> = steps.iter().enumerate().map(step).collect();
        records(&Policies::default(), 2021, &steps).remove(0)
    }

    fn now(amount: i64) -> Settled {
        let answer = super::super::Answer::Sum { bound: crate::plan::policy::Bound::Exact, amount: Amount(amount) };
        Settled {
            claim: "0001".to_owned(),
            recipient: "甲公司".to_owned(),
            project: String::new(),
            policy: "equipment".to_owned(),
            level: None,
            answer,
            payers: Vec::new(),
            next: None,
            contested: false,
            nameable: false,
            alternative: false,
            returns: None,
            principal: None,
            trace: Vec::new(),
        }
    }

    fn day(day: u32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(2021, 6, day)
    }

    #[test]
    fn what_is_paid_or_comes_back_has_the_day_of_its_own_decision() {
        use Act::{Confirm, Decide, Enter, Pay};
        let first = [(Enter, None), (Decide, Some(300_000)), (Confirm, None)];
        let paid = record(&[&first[..], &[(Pay, Some(200_000))]].concat());
        assert_eq!((paid.decided_on(Amount(100_000)), paid.due(Some(&now(300_000)))), (day(3), Ok(Amount(100_000))));
        // Less now, and decided so: 2万元 have to come back by the second decision, not by the first.
        let second = [(Pay, Some(200_000)), (Enter, None), (Decide, Some(180_000)), (Confirm, None)];
        let back = record(&[&first[..], &second].concat());
        assert_eq!((back.decided_on(Amount(-20_000)), back.due(Some(&now(180_000)))), (day(7), Ok(Amount(-20_000))));
        // More by the second: what the first covers may go out by its day.
        let more = [(Pay, Some(200_000)), (Enter, None), (Decide, Some(500_000)), (Confirm, None)];
        let more = record(&[&first[..], &more].concat());
        assert_eq!([100_000, 300_000].map(|amount| more.decided_on(Amount(amount))), [day(3), day(7)]);
    }

    #[test]
    fn what_may_be_paid_is_what_was_decided_and_is_still_due() {
        use Act::{Confirm, Decide, Enter, Pay};
        let check = |steps: &[(Act, Option<i64>)], settled: i64, expected: Result<i64, &str>| {
            let due = record(steps).due(Some(&now(settled)));
            match (due, expected) {
                (Ok(due), Ok(expected)) => assert_eq!(due, Amount(expected)),
                (Err(said), Err(part)) => assert!(said.contains(part), "{said}: {part}"),
                (due, expected) => panic!("{due:?}, expected {expected:?}"),
            }
        };
        let decided = [(Enter, None), (Decide, Some(300_000)), (Confirm, None)];
        let beside = |more: &[(Act, Option<i64>)]| [&decided[..], more].concat();
        check(&decided[..1], 300_000, Err("还没有两个人作出的决定"));
        check(&decided[..2], 300_000, Err("还没有两个人作出的决定"));
        check(&decided, 300_000, Ok(300_000));
        check(&decided, 250_000, Ok(250_000));
        check(&decided, 0, Err("再付就多付了"));
        check(&beside(&[(Enter, None)]), 300_000, Err("重新填报过"));
        check(&beside(&[(Decide, Some(200_000))]), 300_000, Err("正在等第二人确认"));
        check(&beside(&[(Pay, Some(300_000))]), 300_000, Err("已经全部兑付"));
        // What was paid too much is asked back even while the claim is stated anew.
        let too_much = [(Pay, Some(300_000)), (Decide, Some(200_000)), (Confirm, None), (Enter, None)];
        check(&beside(&too_much), 200_000, Ok(-100_000));
        assert_eq!(record(&beside(&[(Pay, Some(300_000))])).state, State::Paid);
        assert_eq!(record(&[(Enter, None), (Decide, Some(0)), (Confirm, None)]).state, State::Declined);
    }
}
