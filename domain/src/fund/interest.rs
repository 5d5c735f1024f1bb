//! What a loan costs: its rate of each day, fixed or floating, and its interest as pieces of days with one balance and
//! one rate each. Simple interest alone: what fell due and was not paid bears none (no 复利).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use super::ledger::Terms;
use crate::calendar::chinese_date;
use crate::money::{fold, round_decimal};
use crate::plan::fund::DayCount;
use crate::plan::policy::{Parameter, Policies};
use crate::rate::Rate;
use crate::region::fold_name;

/// The rate that a contract states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoanRate {
    /// Per year.
    Fixed(Rate),
    Floating(Floating),
}

/// A published rate and what a contract adds to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Floating {
    /// Id of the plan's `[[parameter]]`.
    pub parameter: String,
    /// Per year; less than zero where the contract takes off.
    pub spread: Rate,
    pub reset: Reset,
}

impl Floating {
    /// What it floats on, by name while the plan has it.
    pub fn name<'n>(&'n self, policies: &'n Policies) -> &'n str {
        policies.parameter(&self.parameter).map_or(&self.parameter, |known| &known.name)
    }
}

/// On which days a floating rate takes what is published by then: 重定价日. The day of the contract is one always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reset {
    /// Whenever something is published.
    Daily,
    NewYear,
    /// The day of the contract in each year; of 29 February the 28th where there is none.
    Anniversary,
}

impl Reset {
    pub const ALL: [Reset; 3] = [Reset::Daily, Reset::NewYear, Reset::Anniversary];

    pub fn id(self) -> &'static str {
        match self {
            Reset::Daily => "daily",
            Reset::NewYear => "new_year",
            Reset::Anniversary => "anniversary",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Reset::Daily => "随公布日即调",
            Reset::NewYear => "每年1月1日",
            Reset::Anniversary => "每年对应日",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reset| reset.id() == text)
    }

    /// By its name, too, as files have it.
    pub fn read(text: &str) -> Option<Self> {
        Self::parse(text).or_else(|| Self::ALL.into_iter().find(|reset| reset.name() == fold_name(text)))
    }

    /// Its day in a year, whatever was published.
    fn day_in(self, signed: NaiveDate, year: i32) -> Option<NaiveDate> {
        match self {
            Reset::Daily => None,
            Reset::NewYear => NaiveDate::from_ymd_opt(year, 1, 1),
            Reset::Anniversary => signed.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 2, 28)),
        }
    }

    /// The newest of its days by `day`, not before the contract's.
    fn newest(self, signed: NaiveDate, day: NaiveDate) -> NaiveDate {
        if self == Reset::Daily {
            return day.max(signed);
        }
        let days = [day.year(), day.year() - 1].map(|year| self.day_in(signed, year));
        days.into_iter().flatten().find(|known| *known <= day).unwrap_or(signed).max(signed)
    }

    /// The days up to `to` on which a rate may move.
    fn days(self, parameter: &Parameter, signed: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
        match self {
            Reset::Daily => parameter.values.keys().copied().collect(),
            _ => (signed.year()..=to.year()).filter_map(|year| self.day_in(signed, year)).collect(),
        }
    }
}

/// The rate of a day, per year and before any penalty, with where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quote {
    pub rate: Rate,
    pub source: Source,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Stands in the contract.
    Contract,
    /// What was published on a day, and what the contract adds; the two together below zero count as zero.
    Published { value: Rate, on: NaiveDate, spread: Rate },
    /// The plan no longer has a value of that day: nothing is computed, and that is said.
    Unknown,
}

impl Quote {
    fn of(parameter: Option<&Parameter>, floating: &Floating, signed: NaiveDate, day: NaiveDate) -> Self {
        let at = floating.reset.newest(signed, day);
        let Some((on, value)) = parameter.and_then(|parameter| parameter.at(at)) else {
            return Self { rate: Rate::ZERO, source: Source::Unknown };
        };
        let spread = floating.spread;
        Self { rate: value.plus(spread).max(Rate::ZERO), source: Source::Published { value, on, spread } }
    }

    /// 2021年12月20日公布的3.8%，+85基点.
    pub fn in_words(&self) -> String {
        match self.source {
            Source::Contract => "合同约定".to_owned(),
            Source::Unknown => "计划里没有这些天的数值，没有计息".to_owned(),
            Source::Published { value, on, spread } => {
                let added = points_in_words(spread);
                let added = if added.is_empty() { added } else { format!("，{added}") };
                let below = if value.plus(spread).is_negative() { "，低于0，按0计" } else { "" };
                format!("{}公布的{}%{added}{below}", chinese_date(on), value.percent_as_written())
            }
        }
    }
}

/// 85 of 0.85%: what officials call 基点.
pub fn points(spread: Rate) -> String {
    spread.times(100, 1).percent_as_written()
}

/// +85基点, −20基点; nothing of zero.
fn points_in_words(spread: Rate) -> String {
    match spread == Rate::ZERO {
        true => String::new(),
        false => format!("{}{}基点", if spread.is_negative() { '−' } else { '+' }, points(spread.abs())),
    }
}

/// Reads what [`points`] writes, and as contracts have it: 85, +85基点, 减20BP, 0.85%, 0.85个百分点. At most two
/// decimals of a point.
pub fn parse_points(text: &str) -> Option<Rate> {
    let folded = fold(text).to_uppercase();
    let is_percent = folded.ends_with('%') || folded.ends_with("百分点");
    let number = folded.trim_end_matches(['个', '百', '分', '基', '点', '%', 'B', 'P', 'S']).trim();
    let (is_less, number) = match number.strip_prefix('减') {
        Some(rest) => (true, rest),
        None => (false, number.strip_prefix('加').unwrap_or(number)),
    };
    let percent = Rate::parse_percent(number).ok()?;
    let spread = if is_percent { percent } else { percent.times(1, 100) };
    let spread = if is_less { Rate::ZERO.minus(spread) } else { spread };
    (1_000_000 % spread.denominator() == 0).then_some(spread)
}

impl LoanRate {
    pub fn fixed(&self) -> Option<Rate> {
        match self {
            LoanRate::Fixed(rate) => Some(*rate),
            LoanRate::Floating(_) => None,
        }
    }

    pub fn floating(&self) -> Option<&Floating> {
        match self {
            LoanRate::Fixed(_) => None,
            LoanRate::Floating(floating) => Some(floating),
        }
    }

    /// What it floats on, as long as the plan has it.
    fn parameter<'p>(&self, policies: &'p Policies) -> Option<&'p Parameter> {
        policies.parameter(&self.floating()?.parameter)
    }

    /// The rate of `day` of a contract of `signed`.
    pub fn on(&self, policies: &Policies, signed: NaiveDate, day: NaiveDate) -> Quote {
        match self {
            LoanRate::Fixed(rate) => Quote { rate: *rate, source: Source::Contract },
            LoanRate::Floating(floating) => Quote::of(self.parameter(policies), floating, signed, day),
        }
    }

    /// Why a contract of `signed` cannot state it: nothing published by then, or less than zero.
    pub fn fault(&self, policies: &Policies, signed: NaiveDate) -> Option<String> {
        self.floating()?;
        let Some(parameter) = self.parameter(policies) else {
            return Some("计划里没有这个浮动基准，请刷新页面".to_owned());
        };
        match self.on(policies, signed, signed).source {
            Source::Published { value, spread, .. } if value.plus(spread).is_negative() => {
                let (name, value) = (&parameter.name, value.percent_as_written());
                let spread = points_in_words(spread);
                Some(format!("签约那天{name}为{value}%，{spread}以后低于0，请核对加减基点"))
            }
            Source::Unknown => {
                let first = parameter.values.keys().next().copied().map(chinese_date).unwrap_or_default();
                let name = &parameter.name;
                Some(format!("计划里{name}从{first}起才有数值，签约早于这一天的请先在计划里补上，或写固定利率"))
            }
            _ => None,
        }
    }

    /// 年利率3.85%; LPR（一年期）+85基点，每年1月1日重定价.
    pub fn in_words(&self, policies: &Policies) -> String {
        match self {
            LoanRate::Fixed(rate) => format!("年利率{}%", rate.percent_as_written()),
            LoanRate::Floating(floating @ Floating { spread, reset, .. }) => {
                let name = floating.name(policies);
                let repriced = if *reset == Reset::Daily { "" } else { "重定价" };
                format!("{name}{}，{}{repriced}", points_in_words(*spread), reset.name())
            }
        }
    }

    /// The same with what it is on `day` and how far the plan knows what was published:
    /// LPR（一年期）+85基点，每年1月1日重定价，现为3.95%（2021年12月20日公布的3.1%，+85基点；…）.
    pub fn in_words_on(&self, policies: &Policies, signed: NaiveDate, day: NaiveDate) -> String {
        let words = self.in_words(policies);
        if self.fixed().is_some() {
            return words;
        }
        let quote = self.on(policies, signed, day);
        let newest = self.parameter(policies).and_then(|parameter| parameter.values.keys().next_back());
        let known = newest.map(|newest| format!("；计划里的数值到{}公布的为止", chinese_date(*newest)));
        let known = known.unwrap_or_default();
        format!("{words}，现为{}%（{}{known}）", quote.rate.percent_as_written(), quote.in_words())
    }
}

/// 逾期加收50%.
pub fn penalty_in_words(penalty: Rate) -> String {
    format!("逾期加收{}%", penalty.percent_as_written())
}

/// Days with one balance and one rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub from: NaiveDate,
    /// The first day that is none of its own.
    pub to: NaiveDate,
    /// At the end of each of its days, in 元.
    pub balance: i64,
    pub quote: Quote,
    /// What an overdue balance bears on top of that rate, per year.
    pub surcharge: Rate,
    /// Exact fractions of 元; the second is that of the surcharge, and a part of the first.
    pub interest: Rate,
    pub penalty: Rate,
}

impl Piece {
    pub fn days(&self) -> i64 {
        (self.to - self.from).num_days()
    }

    /// The last of its days.
    pub fn last(&self) -> NaiveDate {
        self.to.pred_opt().unwrap_or(self.to)
    }

    /// Per year, with the surcharge.
    pub fn rate(&self) -> Rate {
        self.quote.rate.plus(self.surcharge)
    }

    fn continues(&self, before: &Piece) -> bool {
        (before.to, before.balance, before.quote, before.surcharge)
            == (self.from, self.balance, self.quote, self.surcharge)
    }
}

/// Interest of the days from `from` on that lie before `to`: a day's is that of the balance at its end, so that the
/// day of payment counts and the day of repayment does not. `moves` are days with what the balance rose by; their order
/// does not matter. An exact fraction of 元.
pub fn interest(moves: &[(NaiveDate, i64)], rate: Rate, count: DayCount, from: NaiveDate, to: NaiveDate) -> Rate {
    let days = moves.iter().map(|(day, rise)| {
        let counted = (to - (*day).max(from)).num_days().max(0);
        i128::from(*rise) * i128::from(counted)
    });
    rate.times(days.sum(), count.days())
}

/// Interest as it is printed: to 分, half up.
pub fn fen(interest: Rate) -> String {
    round_decimal(interest.numerator(), interest.denominator(), 2)
}

/// The interest of a contract to a day in pieces, in their order; days without a balance are none. From the end of the
/// due day on the balance bears the surcharge, so that its days are those that the contract is overdue.
pub(super) fn pieces(
    policies: &Policies,
    (terms, signed, count): (&Terms, NaiveDate, DayCount),
    moves: &[(NaiveDate, i64)],
    to: NaiveDate,
) -> Vec<Piece> {
    let Some(stated) = &terms.rate else { return Vec::new() };
    let mut rises: BTreeMap<NaiveDate, i64> = BTreeMap::new();
    for (day, rise) in moves {
        *rises.entry((*day).max(signed)).or_default() += rise;
    }
    let mut cuts: BTreeSet<NaiveDate> = rises.keys().copied().chain(terms.due).chain([signed]).collect();
    if let Some((floating, parameter)) = stated.floating().zip(stated.parameter(policies)) {
        cuts.extend(floating.reset.days(parameter, signed, to));
    }
    let cuts: Vec<NaiveDate> = cuts.into_iter().filter(|cut| (signed..to).contains(cut)).chain([to]).collect();
    let (mut balance, mut found) = (0, Vec::<Piece>::new());
    for span in cuts.windows(2) {
        let (from, to) = (span[0], span[1]);
        balance += rises.get(&from).copied().unwrap_or_default();
        if balance == 0 {
            continue;
        }
        let quote = stated.on(policies, signed, from);
        let is_late = terms.due.is_some_and(|due| from >= due);
        let share = terms.penalty.filter(|_| is_late).unwrap_or(Rate::ZERO);
        let surcharge = quote.rate.times(share.numerator(), share.denominator());
        let mut piece = Piece { from, to, balance, quote, surcharge, interest: Rate::ZERO, penalty: Rate::ZERO };
        if let Some(before) = found.pop_if(|before| piece.continues(before)) {
            piece.from = before.from;
        }
        let of = |rate: Rate| interest(&[(piece.from, balance)], rate, count, piece.from, piece.to);
        (piece.interest, piece.penalty) = (of(piece.rate()), of(surcharge));
        found.push(piece);
    }
    found
}
