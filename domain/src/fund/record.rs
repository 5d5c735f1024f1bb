//! Entries of a ledger on record: each entered by one and confirmed by another; corrected and struck by a row that comes
//! after, confirmed likewise. What was confirmed last holds until something else is.

use std::collections::BTreeMap;

use super::ledger::Stated;
use crate::plan::policy::Policies;

/// What somebody did about an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Stated, or stated anew.
    Enter,
    /// Asks that it be struck.
    Strike,
    SendBack,
    /// By somebody else than who asked.
    Confirm,
}

impl Act {
    pub const ALL: [Act; 4] = [Act::Enter, Act::Strike, Act::SendBack, Act::Confirm];

    pub fn id(self) -> &'static str {
        match self {
            Act::Enter => "enter",
            Act::Strike => "strike",
            Act::SendBack => "send_back",
            Act::Confirm => "confirm",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.id() == text)
    }

    pub fn name(self) -> &'static str {
        match self {
            Act::Enter => "登记",
            Act::Strike => "提出注销",
            Act::SendBack => "退回",
            Act::Confirm => "确认",
        }
    }
}

/// One step of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub fund: String,
    /// Its number in the fund.
    pub entry: u32,
    pub version: i64,
    pub act: Act,
    /// With [`Act::Enter`] only.
    pub stated: Option<Stated>,
    /// Why it is stated anew, struck or sent back.
    pub words: String,
    /// UTC milliseconds.
    pub at: i64,
    pub actor: String,
    pub account: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Waits for a second person.
    Waiting,
    SentBack,
    Holds,
    Struck,
}

impl State {
    pub fn name(self) -> &'static str {
        match self {
            State::Waiting => "待第二人确认",
            State::SentBack => "已退回",
            State::Holds => "已确认",
            State::Struck => "已注销",
        }
    }
}

/// An entry with all that was done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub fund: String,
    pub number: u32,
    pub state: State,
    /// What two people stated last; none before that, and once it is struck.
    pub holds: Option<Stated>,
    pub steps: Vec<Step>,
}

impl Record {
    /// What waits for a second person.
    pub fn asked(&self) -> Option<&Step> {
        let last = self.steps.last()?;
        (self.state == State::Waiting).then_some(last)
    }

    /// What is shown of it: what holds, or what was stated last.
    pub fn shown(&self) -> Option<&Stated> {
        self.holds.as_ref().or_else(|| self.steps.iter().rev().find_map(|step| step.stated.as_ref()))
    }

    /// What would hold if what waits were confirmed.
    pub fn next(&self) -> Option<&Stated> {
        match self.asked() {
            Some(step) => step.stated.as_ref(),
            None => self.holds.as_ref(),
        }
    }
}

/// The entries of a plan's funds from their steps, which stand in their order; by fund as the plan has them, and number.
pub fn records(policies: &Policies, steps: &[Step]) -> Vec<Record> {
    let mut found: BTreeMap<(usize, &str, u32), Vec<Step>> = BTreeMap::new();
    for step in steps {
        let place = policies.funds.iter().position(|fund| fund.id == step.fund).unwrap_or(usize::MAX);
        found.entry((place, &step.fund, step.entry)).or_default().push(step.clone());
    }
    found.into_iter().map(|((_, fund, number), steps)| record(fund, number, steps)).collect()
}

fn record(fund: &str, number: u32, steps: Vec<Step>) -> Record {
    let (mut state, mut holds, mut asked) = (State::Waiting, None, None);
    for step in &steps {
        match step.act {
            Act::Enter | Act::Strike => {
                asked.clone_from(&step.stated);
                state = State::Waiting;
            }
            Act::SendBack => state = if holds.is_some() { State::Holds } else { State::SentBack },
            Act::Confirm => {
                holds = asked.take();
                state = if holds.is_some() { State::Holds } else { State::Struck };
            }
        }
    }
    Record { fund: fund.to_owned(), number, state, holds, steps }
}

/// The movements of a fund that hold.
pub fn holding<'r>(records: &'r [Record], fund: &str) -> Vec<(u32, &'r Stated)> {
    let own = records.iter().filter(|record| record.fund == fund);
    own.filter_map(|record| Some((record.number, record.holds.as_ref()?))).collect()
}
