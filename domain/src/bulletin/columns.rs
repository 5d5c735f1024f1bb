//! How the figures of a table are printed: one precision per column, as fine as its places and verdicts need.

use super::{Bulletin, Conventions};
use crate::money::Amount;
use crate::plan::rules::{CompletedWhen, RankBy};
use crate::rate::Rate;
use crate::standing::{Row, Standings, gap_text};

/// The most decimals a percentage is printed with.
const FINEST: u32 = 8;

/// The columns of one table of standings.
pub struct Columns<'s> {
    standings: &'s Standings,
    near: Rate,
    digits: Digits,
    /// The total is that of a few units alone.
    partial: bool,
}

enum Digits {
    /// Each figure by itself, growths beside the others of the ranking: editions of [`Conventions::First`].
    Each {
        growths: Vec<Rate>,
    },
    OfColumn {
        growth: u32,
        completion: u32,
        gap: u32,
        value: Option<u32>,
        target: Option<u32>,
    },
}

impl<'s> Columns<'s> {
    /// As the edition was published.
    pub fn of(bulletin: &'s Bulletin) -> Self {
        match bulletin.conventions {
            Conventions::First => Self::each(&bulletin.standings, bulletin.near),
            Conventions::Second => {
                Self { partial: bulletin.total_is_partial(), ..Self::fitting(&bulletin.standings, bulletin.near) }
            }
        }
    }

    fn each(standings: &'s Standings, near: Rate) -> Self {
        let mut growths: Vec<Rate> = standings.ranked().into_iter().filter_map(|row| row.growth).collect();
        growths.sort_unstable();
        growths.dedup();
        Self { standings, near, digits: Digits::Each { growths }, partial: false }
    }

    /// For standings that are no edition's.
    pub fn fitting(standings: &'s Standings, near: Rate) -> Self {
        let (rows, total, measure) = (&standings.rows, &standings.total, &standings.measure);
        let ranked = standings.ranked();
        let by = standings.ranked_by();
        // Neighbours on different places, whose figures differ, must not print alike.
        let apart = |which: RankBy, figure: fn(&Row) -> Option<Rate>| -> Vec<(Rate, Rate)> {
            let pairs = ranked.windows(2).filter(|pair| by == which && pair[0].rank != pair[1].rank);
            pairs.filter_map(|pair| figure(pair[0]).zip(figure(pair[1]))).filter(|(one, other)| one != other).collect()
        };
        let told = |pairs: &[(Rate, Rate)], digits: u32| {
            pairs.iter().all(|(one, other)| one.rounded(digits) != other.rounded(digits))
        };
        let beside =
            |rate: Rate, threshold: Rate, digits: u32| rate.rounded(digits).cmp(&threshold) == rate.cmp(&threshold);
        let growths = apart(RankBy::Growth, |row| row.growth);
        let judged = standings.rules.completed_when != CompletedWhen::Value;
        let aims: Vec<(Rate, Rate)> =
            rows.iter().filter(|_| judged).filter_map(|row| row.growth.zip(row.target_growth)).collect();
        let growth =
            fewest(|digits| told(&growths, digits) && aims.iter().all(|(rate, target)| beside(*rate, *target, digits)));
        let completions = apart(RankBy::Completion, |row| row.completion);
        let reached: Vec<Rate> = rows.iter().filter_map(|row| row.completion).chain(total.completion).collect();
        let completion =
            fewest(|digits| told(&completions, digits) && reached.iter().all(|rate| beside(*rate, Rate::ONE, digits)));
        let gaps: Vec<Rate> = rows.iter().filter_map(|row| row.gap).chain(total.gap).collect();
        let side = |gap: Rate| (gap.is_negative(), gap.is_negative() && gap.abs() > near);
        let gap = fewest(|digits| gaps.iter().all(|gap| side(gap.rounded(digits)) == side(*gap)));
        let values: Vec<Amount> = rows.iter().filter_map(|row| row.value).chain(total.value).collect();
        let targets: Vec<Amount> = rows.iter().filter_map(|row| row.target).chain(total.target).collect();
        let ranked_values: Vec<(Amount, Amount)> = ranked
            .windows(2)
            .filter(|pair| by == RankBy::Value && pair[0].rank != pair[1].rank)
            .filter_map(|pair| pair[0].value.zip(pair[1].value))
            .collect();
        let value = measure.digits_for(&values).map(|digits| {
            let apart = |digits: u32| {
                let printed = |amount: Amount| measure.format_to(amount, digits);
                ranked_values.iter().all(|(one, other)| one == other || printed(*one) != printed(*other))
            };
            (digits..=measure.per_unit.ilog10()).find(|&digits| apart(digits)).unwrap_or(digits)
        });
        let target = measure.digits_for(&targets);
        Self { standings, near, digits: Digits::OfColumn { growth, completion, gap, value, target }, partial: false }
    }

    /// Growth without its sign of percent.
    pub fn growth(&self, row: &Row) -> Option<String> {
        let growth = row.growth?;
        match &self.digits {
            Digits::OfColumn { growth: digits, .. } => Some(growth.percent_on_page(*digits)),
            Digits::Each { growths } => {
                // Rounding keeps the order: where any other prints alike, a neighbour does.
                let below = growths.partition_point(|other| *other < growth);
                let above = growths.partition_point(|other| *other <= growth);
                let neighbours = [below.checked_sub(1).and_then(|at| growths.get(at)), growths.get(above)];
                let alike = |digits: u32| {
                    neighbours.iter().flatten().any(|other| other.percent(digits) == growth.percent(digits))
                };
                let digits =
                    if row.rank.is_some() { (1..=FINEST).find(|&digits| !alike(digits)).unwrap_or(FINEST) } else { 1 };
                Some(growth.percent_on_page(digits))
            }
        }
    }

    /// A growth of the same table without a row of its own: the total's.
    pub fn total_growth(&self) -> Option<String> {
        let digits = if let Digits::OfColumn { growth, .. } = self.digits { growth } else { 1 };
        self.standings.total.growth.map(|growth| growth.percent_on_page(digits))
    }

    /// Completion without its sign of percent.
    pub fn completion(&self, row: &Row) -> Option<String> {
        row.completion.map(|rate| self.completion_rate(rate))
    }

    pub fn total_completion(&self) -> Option<String> {
        self.standings.total.completion.filter(|_| !self.partial).map(|rate| self.completion_rate(rate))
    }

    fn completion_rate(&self, rate: Rate) -> String {
        match self.digits {
            Digits::OfColumn { completion, .. } => rate.percent_on_page(completion),
            Digits::Each { .. } => rate.percent_beside(Rate::ONE, 1),
        }
    }

    pub fn gap(&self, row: &Row) -> Option<String> {
        row.gap.map(|gap| self.gap_rate(gap))
    }

    pub fn total_gap(&self) -> Option<String> {
        self.standings.total.gap.filter(|_| !self.partial).map(|gap| self.gap_rate(gap))
    }

    fn gap_rate(&self, gap: Rate) -> String {
        match self.digits {
            Digits::OfColumn { gap: digits, .. } => gap.percent_on_page(digits),
            Digits::Each { .. } => gap_text(gap, self.near),
        }
    }

    /// An amount of the column 累计完成.
    pub fn value(&self, amount: Amount) -> String {
        let digits = if let Digits::OfColumn { value, .. } = self.digits { value } else { None };
        digits.map_or_else(
            || self.standings.measure.format(amount),
            |digits| self.standings.measure.format_to(amount, digits),
        )
    }

    /// An amount of the column 年度目标.
    pub fn target(&self, amount: Amount) -> String {
        let digits = if let Digits::OfColumn { target, .. } = self.digits { target } else { None };
        digits.map_or_else(
            || self.standings.measure.format(amount),
            |digits| self.standings.measure.format_to(amount, digits),
        )
    }
}

fn fewest(fits: impl Fn(u32) -> bool) -> u32 {
    (1..=FINEST).find(|&digits| fits(digits)).unwrap_or(FINEST)
}
