//! Movements, and what they come to on a day.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::interest::{LoanRate, Piece, pieces};
use crate::calendar::chinese_date;
use crate::money::Amount;
use crate::plan::fund::{DayCount, Fund, Kind};
use crate::plan::policy::Policies;
use crate::policy::yuan;
use crate::rate::Rate;
use crate::region::{RegionId, fold_name};

/// What happened to a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Movement {
    /// 签约, 出具保函, 安排: the first of a contract, with its terms.
    Commit,
    /// 投放, 代偿, 拨付.
    Pay,
    /// 还款, 追偿收回, 收回.
    Repay,
    /// What was committed and is not paid need not be any more.
    Release,
}

impl Movement {
    pub const ALL: [Movement; 4] = [Movement::Commit, Movement::Pay, Movement::Repay, Movement::Release];

    pub fn id(self) -> &'static str {
        match self {
            Movement::Commit => "commit",
            Movement::Pay => "pay",
            Movement::Repay => "repay",
            Movement::Release => "release",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|movement| movement.id() == text)
    }

    pub fn name(self, kind: Kind) -> &'static str {
        match (kind, self) {
            (Kind::Loan, Movement::Commit) => "签约",
            (Kind::Loan, Movement::Pay) => "投放",
            (Kind::Loan, Movement::Repay) => "还款",
            (Kind::Loan, Movement::Release) => "取消未投放",
            (Kind::Guarantee, Movement::Commit) => "出具保函",
            (Kind::Guarantee, Movement::Pay) => "代偿",
            (Kind::Guarantee, Movement::Repay) => "追偿收回",
            (Kind::Guarantee, Movement::Release) => "解除担保",
            (Kind::Grant, Movement::Commit) => "安排",
            (Kind::Grant, Movement::Pay) => "拨付",
            (Kind::Grant, Movement::Repay) => "收回",
            (Kind::Grant, Movement::Release) => "取消安排",
        }
    }
}

/// What a contract says: stated with its first movement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    /// Of an appropriation to a unit as a whole: empty.
    pub firm: String,
    /// With its check digit.
    pub credit_code: Option<String>,
    pub unit: RegionId,
    pub bank: String,
    pub rate: Option<LoanRate>,
    /// 逾期加收: by which share of its rate an overdue balance costs more. 银发〔2003〕251号 三 has 30% to 50%; without
    /// it interest runs on at the contract's rate.
    pub penalty: Option<Rate>,
    /// `None` where the plan says it for all.
    pub day_count: Option<DayCount>,
    pub due: Option<NaiveDate>,
}

/// A movement as it is stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    pub movement: Movement,
    /// 合同号, 保函号 or 资金文号: unique within its fund.
    pub contract: String,
    pub day: NaiveDate,
    /// 元, above zero.
    pub amount: Amount,
    /// 凭证号 or 文号.
    pub voucher: String,
    /// With the first movement of a contract only.
    pub terms: Option<Terms>,
}

/// Sums of movements to a day, in 元.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sums {
    pub committed: Amount,
    pub released: Amount,
    pub paid: Amount,
    pub repaid: Amount,
    /// An exact fraction of 元.
    pub interest: Rate,
    /// What of it is 逾期加收.
    pub penalty: Rate,
}

impl Default for Sums {
    fn default() -> Self {
        let none = Amount(0);
        let (interest, penalty) = (Rate::ZERO, Rate::ZERO);
        Self { committed: none, released: none, paid: none, repaid: none, interest, penalty }
    }
}

impl Sums {
    fn put(&mut self, movement: Movement, amount: Amount) {
        let of = match movement {
            Movement::Commit => &mut self.committed,
            Movement::Pay => &mut self.paid,
            Movement::Repay => &mut self.repaid,
            Movement::Release => &mut self.released,
        };
        of.0 += amount.0;
    }

    fn add(&mut self, other: &Sums) {
        self.committed.0 += other.committed.0;
        self.released.0 += other.released.0;
        self.paid.0 += other.paid.0;
        self.repaid.0 += other.repaid.0;
        self.interest = self.interest.plus(other.interest);
        self.penalty = self.penalty.plus(other.penalty);
    }

    /// Committed and neither paid nor released: of a guarantee what it stands for.
    pub fn undrawn(&self) -> Amount {
        Amount(self.committed.0 - self.released.0 - self.paid.0)
    }

    /// Paid and not paid back.
    pub fn balance(&self) -> Amount {
        Amount(self.paid.0 - self.repaid.0)
    }

    /// What of a quota is taken: what came back frees it, or does not.
    pub fn in_use(&self, revolving: bool) -> Amount {
        let back = if revolving { self.repaid.0 } else { 0 };
        Amount(self.committed.0 - self.released.0 - back)
    }
}

/// A contract as it stands on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// The number of the entry that stated its terms.
    pub number: u32,
    pub contract: String,
    pub day: NaiveDate,
    pub terms: Terms,
    pub sums: Sums,
    /// By how many days its interest is divided.
    pub day_count: Option<DayCount>,
    /// How its interest came about.
    pub pieces: Vec<Piece>,
    /// What should have been paid back, or released, and since how many days.
    pub overdue: Option<(Amount, i64)>,
}

/// A fund as it stands at the end of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub day: NaiveDate,
    /// By the number of their first entry.
    pub contracts: Vec<Contract>,
    pub total: Sums,
    pub by_unit: Vec<(RegionId, Sums)>,
    /// What is overdue, and of how many contracts.
    pub overdue: (Amount, usize),
    /// Of a guarantee what each party bears of what was called and not recovered, in 分.
    pub borne: Vec<(String, i64)>,
}

/// What a fund's movements come to at the end of `day`; those of later days are left out. `entries` have their number,
/// in any order; `policies` are those of the fund's plan, where floating rates have their published ones.
pub fn standing(policies: &Policies, fund: &Fund, entries: &[(u32, &Stated)], day: NaiveDate) -> Standing {
    let mut contracts: Vec<Contract> = Vec::new();
    for own in by_contract(entries).into_values() {
        let first = own.iter().find_map(|(number, stated)| Some((*number, *stated, stated.terms.as_ref()?)));
        let Some((number, first, terms)) = first.filter(|(_, first, _)| first.day <= day) else { continue };
        contracts.push(contract((policies, fund), (number, first, terms), &own, day));
    }
    contracts.sort_by_key(|contract| contract.number);
    let mut total = Sums::default();
    let mut by_unit: BTreeMap<RegionId, Sums> = BTreeMap::new();
    for contract in &contracts {
        total.add(&contract.sums);
        by_unit.entry(contract.terms.unit.clone()).or_default().add(&contract.sums);
    }
    let late = contracts.iter().filter_map(|contract| contract.overdue);
    let overdue = late.fold((Amount(0), 0), |(sum, count), (amount, _)| (Amount(sum.0 + amount.0), count + 1));
    let borne = borne(&fund.shares, total.balance());
    Standing { day, contracts, total, by_unit: by_unit.into_iter().collect(), overdue, borne }
}

fn by_contract<'s>(entries: &[(u32, &'s Stated)]) -> BTreeMap<String, Vec<(u32, &'s Stated)>> {
    let mut found: BTreeMap<String, Vec<(u32, &Stated)>> = BTreeMap::new();
    for (number, stated) in entries {
        found.entry(fold_name(&stated.contract)).or_default().push((*number, stated));
    }
    // Of a day those that add come before those that take.
    found.values_mut().for_each(|own| own.sort_by_key(|(number, stated)| (stated.day, stated.movement, *number)));
    found
}

fn contract(
    (policies, fund): (&Policies, &Fund),
    (number, first, terms): (u32, &Stated, &Terms),
    own: &[(u32, &Stated)],
    day: NaiveDate,
) -> Contract {
    let mut sums = Sums::default();
    let mut moves = Vec::new();
    for (_, stated) in own.iter().filter(|(_, stated)| stated.day <= day) {
        sums.put(stated.movement, stated.amount);
        match stated.movement {
            Movement::Pay => moves.push((stated.day, stated.amount.0)),
            Movement::Repay => moves.push((stated.day, -stated.amount.0)),
            Movement::Commit | Movement::Release => {}
        }
    }
    let day_count = fund.day_count.or(terms.day_count).filter(|_| fund.kind == Kind::Loan);
    let pieces = day_count.map(|count| pieces(policies, (terms, first.day, count), &moves, day)).unwrap_or_default();
    let sum = |of: fn(&Piece) -> Rate| pieces.iter().map(of).fold(Rate::ZERO, Rate::plus);
    (sums.interest, sums.penalty) = (sum(|piece| piece.interest), sum(|piece| piece.penalty));
    let open = if fund.kind == Kind::Guarantee { sums.undrawn() } else { sums.balance() };
    let late = terms.due.map(|due| (day - due).num_days()).filter(|days| *days > 0 && open.0 > 0);
    Contract {
        number,
        contract: first.contract.clone(),
        day: first.day,
        terms: terms.clone(),
        sums,
        day_count,
        pieces,
        overdue: late.map(|days| (open, days)),
    }
}

/// Each party's share in 分; what its division leaves over is the first party's.
fn borne(shares: &[(String, Rate)], amount: Amount) -> Vec<(String, i64)> {
    let whole = i128::from(amount.0) * 100;
    let part = |share: &Rate| (whole * share.numerator()).div_euclid(share.denominator());
    let mut parts: Vec<i128> = shares.iter().map(|(_, share)| part(share)).collect();
    let left = whole - parts.iter().sum::<i128>();
    if let Some(first) = parts.first_mut() {
        *first += left;
    }
    let parts = parts.into_iter().map(|part| i64::try_from(part).unwrap_or(i64::MAX));
    shares.iter().map(|(party, _)| party.clone()).zip(parts).collect()
}

/// What movements cannot be together, as a sentence: a contract that nobody stated, a movement before its contract, paid
/// more than committed, paid back more than paid, more than a firm may have, more than the quota. Where the plan does
/// not say whether what came back may be used again, only what is too much either way is refused.
pub fn fault(fund: &Fund, entries: &[(u32, &Stated)]) -> Option<String> {
    let contracts = by_contract(entries);
    contracts.values().find_map(|own| fault_of_contract(fund, own)).or_else(|| fault_of_fund(fund, &contracts))
}

fn fault_of_contract(fund: &Fund, own: &[(u32, &Stated)]) -> Option<String> {
    let name = |movement: Movement| movement.name(fund.kind);
    let (_, some) = own.first()?;
    let contract = &some.contract;
    let mut first = own.iter().filter(|(_, stated)| stated.movement == Movement::Commit);
    let Some((number, commit)) = first.next() else {
        return Some(format!("“{contract}”还没有{}的登记，请先登记{0}", name(Movement::Commit)));
    };
    if first.next().is_some() {
        let what = name(Movement::Commit);
        return Some(format!("“{contract}”的{what}在第{number}号已经登记，请改那一笔，或写另一个编号"));
    }
    let mut sums = Sums::default();
    for (at, (number, stated)) in own.iter().enumerate() {
        if stated.day < commit.day {
            return Some(format!(
                "第{number}号{}在{}，早于“{contract}”的{}（{}），请核对日期",
                name(stated.movement),
                chinese_date(stated.day),
                name(Movement::Commit),
                chinese_date(commit.day)
            ));
        }
        sums.put(stated.movement, stated.amount);
        // A day counts at its end, whatever came first.
        if own.get(at + 1).is_some_and(|(_, next)| next.day == stated.day) {
            continue;
        }
        let day = chinese_date(stated.day);
        if sums.undrawn().0 < 0 {
            let released = match sums.released.0 {
                0 => String::new(),
                _ => format!("，加上{}{}", name(Movement::Release), yuan(sums.released)),
            };
            return Some(format!(
                "到{day}，“{contract}”{}{}{released}，超过{}的{}",
                name(Movement::Pay),
                yuan(sums.paid),
                name(Movement::Commit),
                yuan(sums.committed)
            ));
        }
        if sums.balance().0 < 0 {
            return Some(format!(
                "到{day}，“{contract}”{}{}，超过{}的{}",
                name(Movement::Repay),
                yuan(sums.repaid),
                name(Movement::Pay),
                yuan(sums.paid)
            ));
        }
    }
    None
}

/// What every day of a contract adds to its firm and to the fund.
fn fault_of_fund(fund: &Fund, contracts: &BTreeMap<String, Vec<(u32, &Stated)>>) -> Option<String> {
    let revolving = fund.revolving != Some(false);
    let mut days: BTreeMap<NaiveDate, Vec<(String, String, &Stated)>> = BTreeMap::new();
    for own in contracts.values() {
        let Some(terms) = own.iter().find_map(|(_, stated)| stated.terms.as_ref()) else { continue };
        let firm = terms.credit_code.clone().unwrap_or_else(|| fold_name(&terms.firm));
        for (_, stated) in own {
            days.entry(stated.day).or_default().push((firm.clone(), terms.firm.clone(), stated));
        }
    }
    let (mut total, mut by_firm) = (Sums::default(), BTreeMap::<String, Sums>::new());
    for (day, moved) in days {
        for (firm, _, stated) in &moved {
            total.put(stated.movement, stated.amount);
            by_firm.entry(firm.clone()).or_default().put(stated.movement, stated.amount);
        }
        for (firm, name, _) in moved.iter().filter(|(firm, ..)| !firm.is_empty()) {
            let sums = by_firm.get(firm).copied().unwrap_or_default();
            let has = match (fund.kind, revolving) {
                (Kind::Guarantee, _) => sums.in_use(revolving),
                (_, true) => sums.balance(),
                (_, false) => sums.paid,
            };
            if let Some(most) = fund.per_firm.filter(|most| has > *most) {
                let (day, what) = (chinese_date(day), Movement::Pay.name(fund.kind));
                let what = if fund.kind == Kind::Guarantee { "担保" } else { what };
                return Some(format!("到{day}，{name}{what}{}，超过单个企业的上限{}", yuan(has), yuan(most)));
            }
        }
        let used = total.in_use(revolving);
        if let Some(quota) = fund.quota.filter(|quota| used > *quota) {
            let what = Movement::Commit.name(fund.kind);
            return Some(format!(
                "到{}，“{}”{what}占用{}，超过总额度{}",
                chinese_date(day),
                fund.title,
                yuan(used),
                yuan(quota)
            ));
        }
    }
    None
}
