//! A stated total beside the sum of its parts.

use super::Standings;
use crate::money::{Amount, round_to};
use crate::plan::SplitKind;

/// How the printed parts and the printed total agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parts {
    /// What is printed adds up.
    Alike,
    /// It does not, and rounding explains it.
    Rounded,
    /// The stated total is another one: `more` is what the parts have beyond it, negative for less.
    Apart { sum: Amount, more: Amount },
}

impl Standings {
    /// The parts against the total; `None` where a part or the total is not known, or nothing adds up at all.
    ///
    /// Rounding explains a difference of fewer than n/2 units of the last digit of the n parts, and nothing more.
    pub fn parts(&self) -> Option<Parts> {
        let total = self.total.value.filter(|_| self.flow && !self.is_completion_only())?;
        let added: Vec<&super::Row> = self.rows.iter().filter(|row| row.within.is_none()).collect();
        // Who has no target and reported nothing adds nothing.
        let due = |row: &&&super::Row| row.value.is_some() || !(row.no_target || row.kind == SplitKind::Department);
        let parts: Vec<Amount> = added.iter().filter(due).map(|row| row.value).collect::<Option<_>>()?;
        if parts.is_empty() {
            return None;
        }
        let sum: Amount = parts.iter().copied().sum();
        let more = Amount(sum.0 - total.0);
        let printed = |amount: Amount| {
            let digits = self.measure.decimals().unwrap_or(self.measure.per_unit.ilog10());
            round_to(i128::from(amount.0), i128::from(self.measure.per_unit), digits)
        };
        let printed_sum: i128 = parts.iter().map(|part| printed(*part)).sum();
        let last = last_digit(parts.iter().copied().chain([total]));
        let explained = i128::from(more.0.abs()) * 2 < parts.len() as i128 * i128::from(last);
        Some(match (printed(more) == 0 || explained, printed_sum == printed(total)) {
            (true, true) => Parts::Alike,
            (true, false) => Parts::Rounded,
            (false, _) => Parts::Apart { sum, more },
        })
    }
}

/// The last digit in which any of these is written, in smallest units: 1 000 000 元 for 0.01亿元.
fn last_digit(amounts: impl Iterator<Item = Amount>) -> i64 {
    let own = |amount: Amount| {
        let mut step = 1_i64;
        while amount.0 != 0 && amount.0 % (step * 10) == 0 {
            step *= 10;
        }
        step
    };
    amounts.filter(|amount| amount.0 != 0).map(own).min().unwrap_or(1)
}
