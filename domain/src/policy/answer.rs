//! What claims come to, as data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::words::{alike, yuan};
use crate::money::Amount;
use crate::plan::policy::{Bound, Order};

/// What a claim comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Answer {
    /// 最多 and 至少 as the document's words have it.
    Sum { bound: Bound, amount: Amount },
    /// There is not enough for all, and the document does not say who comes first.
    /// 最多 and 至少 as for a sum.
    Either { bound: Bound, by_approval: Amount, pro_rata: Amount },
    /// One of these, as the office decides.
    Choice { amounts: Vec<Amount> },
    /// It does not get this, or not twice.
    Nothing,
    /// Facts are lacking.
    Missing { facts: Vec<String> },
    /// The document names no amount, or not which of several rules holds.
    Undecided,
    /// The terms stand in another document.
    Elsewhere { document: String },
    /// The plan has no such policy.
    Unknown,
}

impl Answer {
    /// A sum; of nothing, where it is not a least one, that nothing is given.
    pub fn of(bound: Bound, amount: Amount) -> Self {
        match (amount, bound) {
            (Amount(0), Bound::Exact | Bound::AtMost) => Answer::Nothing,
            (amount, bound) => Answer::Sum { bound, amount },
        }
    }

    /// The sum that is certain.
    pub fn amount(&self) -> Option<Amount> {
        match self {
            Answer::Sum { amount, .. } => Some(*amount),
            Answer::Nothing => Some(Amount(0)),
            _ => None,
        }
    }

    /// As a cell or a heading says it.
    pub fn text(&self) -> String {
        match self {
            Answer::Sum { bound, amount } => format!("{}{}", bound.before(), yuan(*amount)),
            Answer::Either { bound, by_approval, pro_rata } => {
                let sum = alike([*by_approval, *pro_rata]);
                let [first, second] = [(Order::Approval, by_approval), (Order::ProRata, pro_rata)]
                    .map(|(order, amount)| format!("{}{}{}", order.name(), as_sum(*bound), sum(*amount)));
                format!("{first}，{second}，由办公室确定")
            }
            Answer::Choice { amounts } => {
                let amounts: Vec<String> = amounts.iter().map(|amount| yuan(*amount)).collect();
                format!("{}，由办公室确定", amounts.join("或"))
            }
            Answer::Nothing => "不给予".to_owned(),
            Answer::Missing { facts } => format!("还缺：{}", facts.join("、")),
            Answer::Undecided => "由办公室确定".to_owned(),
            Answer::Elsewhere { document } => format!("按{document}执行"),
            Answer::Unknown => "计划里没有这项政策".to_owned(),
        }
    }
}

/// Before the sum of one of two orders: 为, 最多, 至少.
fn as_sum(bound: Bound) -> &'static str {
    if bound == Bound::Exact { "为" } else { bound.before() }
}

/// A claim with its answer and how it came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    pub claim: String,
    pub recipient: String,
    pub project: String,
    pub policy: String,
    pub level: Option<String>,
    pub answer: Answer,
    /// Who pays how much of a certain sum.
    pub payers: Vec<(String, Amount)>,
    /// What it has if it is approved next, where several wait for too little and approval decides.
    #[serde(skip)]
    pub next: Option<Amount>,
    /// Whether the document does not say that it does.
    #[serde(skip)]
    pub contested: bool,
    /// Whether the office says what it comes to, as the document does not.
    #[serde(skip)]
    pub nameable: bool,
    /// Whether it stands beside another of which only one is given, until the office names its amount.
    #[serde(skip)]
    pub alternative: bool,
    /// What the firm had elsewhere for the same and has to give back first, where both together are more than it gets.
    #[serde(skip)]
    pub returns: Option<Amount>,
    /// The loan, or as much of it as counts, on which interest is granted.
    #[serde(skip)]
    pub principal: Option<Amount>,
    /// From the clause to the outcome.
    pub trace: Vec<String>,
}

impl Settled {
    /// The most that may be paid of it; nothing where no sum is known.
    pub fn payable(&self) -> Option<Amount> {
        match &self.answer {
            Answer::Sum { bound: Bound::AtLeast, .. } => Some(Amount(i64::MAX)),
            Answer::Sum { amount, .. } => Some(*amount),
            Answer::Nothing => Some(Amount(0)),
            // Whichever holds, all together are within the limit.
            Answer::Either { by_approval, pro_rata, .. } => Some(*by_approval.min(pro_rata)),
            _ => None,
        }
    }

    /// The sentence that led to the outcome, which is the last one; without a full stop.
    pub fn reason(&self) -> &str {
        let sentence = self.trace.iter().rev().nth(1).map(String::as_str).unwrap_or_default();
        sentence.trim_end_matches('。')
    }

    /// A sum that leaves the office no room.
    pub fn certain(&self) -> Option<Amount> {
        let has_room = matches!(self.answer, Answer::Sum { bound: Bound::AtMost | Bound::AtLeast, .. });
        self.answer.amount().filter(|_| !has_room)
    }
}

/// What became of an amount that is set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetUse {
    /// Id of the policy or group.
    pub of: String,
    pub title: String,
    pub budget: Amount,
    /// Had in other years, as the claims say or as it is on record.
    pub used_before: Amount,
    /// Whether some of that was decided for a later year.
    #[serde(skip)]
    pub later_too: bool,
    /// What the claims come to, and what of it the budget bears.
    pub asked: Amount,
    pub given: Amount,
    /// How many of them the office has not named an amount for: they count with what the document bounds them by.
    pub unnamed: usize,
}

impl BudgetUse {
    pub fn short(&self) -> Amount {
        Amount(self.asked.0 - self.given.0)
    }

    /// 以前年度已用多少, or 其他年度, to stand behind the budget; empty where it was nothing.
    pub fn had(&self) -> String {
        let when = if self.later_too { "其他年度" } else { "以前年度" };
        match self.used_before {
            Amount(0) => String::new(),
            had => format!("，{when}已用{}", yuan(had)),
        }
    }

    /// What its sums hold that is not settled yet, to stand behind them in brackets; empty where all is.
    pub fn proviso(&self) -> String {
        match self.unnamed {
            0 => String::new(),
            unnamed => format!("（其中{unnamed}项还没有核定金额，按文件写的上限或下限计）"),
        }
    }

    /// What nobody has asked for.
    pub fn left(&self) -> Amount {
        Amount((self.budget.0 - self.used_before.0 - self.given.0).max(0))
    }
}

/// All claims of a year, in the order in which they were given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    pub year: i32,
    pub claims: Vec<Settled>,
    pub budgets: Vec<BudgetUse>,
}

impl Settlement {
    /// The sum of what is certain.
    pub fn total(&self) -> Amount {
        self.claims.iter().filter_map(Settled::certain).sum()
    }

    /// How many claims come to 最多 or 至少 something, and to how much together.
    pub fn within(&self, bound: Bound) -> (usize, Amount) {
        let sums =
            self.claims.iter().filter(|settled| !settled.alternative).filter_map(|settled| match settled.answer {
                Answer::Sum { bound: own, amount } if own == bound => Some(amount),
                _ => None,
            });
        sums.fold((0, Amount(0)), |(count, sum), amount| (count + 1, Amount(sum.0 + amount.0)))
    }

    /// Of a claim by its own number.
    pub fn of(&self, claim: &str) -> Option<&Settled> {
        self.claims.iter().find(|settled| settled.claim == claim)
    }

    /// What each payer has to pay of what is certain.
    pub fn by_payer(&self) -> BTreeMap<&str, Amount> {
        let mut sums: BTreeMap<&str, Amount> = BTreeMap::new();
        let certain = self.claims.iter().filter(|settled| settled.certain().is_some());
        for (payer, amount) in certain.flat_map(|settled| &settled.payers) {
            sums.entry(payer).or_default().0 += amount.0;
        }
        sums
    }

    /// How many claims have no certain answer yet.
    pub fn open(&self) -> usize {
        self.claims.iter().filter(|settled| settled.alternative || settled.answer.amount().is_none()).count()
    }
}
