//! How the figures of a table are printed: one precision per column, as fine as its places and verdicts need.

use super::{Bulletin, Conventions};
use crate::money::Amount;
use crate::plan::rules::{CompletedWhen, RankBy};
use crate::rate::Rate;
use crate::shown::{DASH, NO_TARGET, UNREPORTED};
use crate::standing::{Distance, Lamp, Measured, Row, Standings, gap_text, keeps_lamp};

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

/// A column of figures between a unit's name and its lamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Target,
    TargetGrowth,
    Value,
    Completion,
    Gap,
    Distance,
    Growth,
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
            pairs.iter().all(|(one, other)| one.in_last_places(digits) != other.in_last_places(digits))
        };
        let growths = apart(RankBy::Growth, |row| row.growth);
        let judged = standings.rules.completed_when != CompletedWhen::Value;
        let aims: Vec<(Rate, Rate)> =
            rows.iter().filter(|_| judged).filter_map(|row| row.growth.zip(row.target_growth)).collect();
        let growth = fewest(|digits| {
            told(&growths, digits) && aims.iter().all(|(rate, target)| rate.stays_beside(*target, digits))
        });
        let completions = apart(RankBy::Completion, |row| row.completion);
        let reached: Vec<Rate> = rows.iter().filter_map(|row| row.completion).chain(total.completion).collect();
        let completion = fewest(|digits| {
            told(&completions, digits) && reached.iter().all(|rate| rate.stays_beside(Rate::ONE, digits))
        });
        let gaps: Vec<Rate> = rows.iter().filter_map(|row| row.gap).chain(total.gap).collect();
        let gap = fewest(|digits| gaps.iter().all(|gap| keeps_lamp(*gap, near, digits)));
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

    /// What the standings are measured by, as the edition shows it.
    pub fn measured(&self) -> Measured {
        match self.digits {
            Digits::Each { .. } => Measured::Progress,
            Digits::OfColumn { .. } => self.standings.measured(),
        }
    }

    /// The columns that say something of these standings, in their order.
    pub fn shown(&self) -> Vec<Column> {
        use Column::{Completion, Distance, Gap, Growth, Target, TargetGrowth, Value};
        let (standings, total) = (self.standings, &self.standings.total);
        let any = |holds: fn(&Row) -> bool| standings.rows.iter().any(holds);
        let value = total.value.is_some() || any(|row| row.value.is_some());
        let aim = total.target_growth.is_some() || any(|row| row.target_growth.is_some());
        // A goal that is a growth itself does not say it twice.
        let itself = |value: Option<Amount>, growth: Option<Rate>| {
            let same = || Rate::of_percent(value?, &standings.measure);
            standings.measure.is_percentage() && growth == same()
        };
        let growth = standings.rows.iter().any(|row| row.growth.is_some() && !itself(row.value, row.growth))
            || (total.growth.is_some() && !itself(total.value, total.growth));
        let with = |column: Column, holds: bool| Some(column).filter(|_| holds);
        let columns = match self.measured() {
            Measured::Progress if standings.is_completion_only() => {
                vec![Some(Completion), Some(Gap), with(Growth, growth)]
            }
            Measured::Progress => [Target, Value, Completion, Gap, Growth].map(Some).to_vec(),
            Measured::Distance => vec![Some(Target), Some(Value), Some(Distance), with(Growth, growth)],
            Measured::Growth => vec![with(TargetGrowth, aim), with(Value, value), Some(Growth), with(Distance, aim)],
        };
        columns.into_iter().flatten().collect()
    }

    /// 单位：亿元、%、个百分点, without the goal's unit where no column is in it.
    pub fn units_line(&self) -> String {
        let in_unit =
            self.shown().iter().any(|column| matches!(column, Column::Target | Column::Value | Column::Distance));
        let growths_alone = self.measured() == Measured::Growth && !self.shown().contains(&Column::Value);
        let unit = if in_unit && !growths_alone { self.standings.measure.unit.as_str() } else { "%" };
        super::words::units_line(unit, true)
    }

    /// How the computed columns follow from the figures.
    pub fn formulas(&self) -> &'static str {
        match (self.measured(), self.standings.is_completion_only()) {
            (_, true) => "完成率为公布数",
            (Measured::Progress, _) => {
                "完成率 = 累计完成 ÷ 年度目标，增幅 = 累计完成 ÷ 上年同期 − 1（另有公布增幅的以公布数为准）"
            }
            (Measured::Distance, _) => "与目标差 = 本期数 − 年度目标",
            (Measured::Growth, _) => {
                "与目标差 = 同比增长 − 增幅目标，增幅 = 累计完成 ÷ 上年同期 − 1（另有公布增幅的以公布数为准）"
            }
        }
    }

    /// The head of a column, without its unit.
    pub fn name(&self, column: Column) -> &'static str {
        match column {
            Column::Target => "年度目标",
            Column::TargetGrowth => "增幅目标",
            Column::Value if self.measured() == Measured::Distance && !self.standings.flow => "本期数",
            Column::Value => "累计完成",
            Column::Completion => "完成率",
            Column::Gap => "与序时差",
            Column::Distance => "与目标差",
            Column::Growth => "同比增长",
        }
    }

    /// The head of a column with its unit, where its cells do not have it.
    pub fn head(&self, column: Column) -> String {
        let unit = match column {
            Column::Target | Column::Value => &self.standings.measure.unit,
            Column::Distance => self.standings.distance_unit(),
            Column::Gap => "个百分点",
            Column::TargetGrowth | Column::Completion | Column::Growth => return self.name(column).to_owned(),
        };
        format!("{}（{unit}）", self.name(column))
    }

    /// The one column that says how far a unit is from its target: completion, or the distance where none is printed.
    pub fn reached(&self) -> Column {
        if self.measured() == Measured::Progress { Column::Completion } else { Column::Distance }
    }

    /// A unit's cell; `None` where it has no such figure.
    pub fn cell(&self, column: Column, row: &Row) -> Option<String> {
        let percent = |text: String| format!("{text}%");
        match column {
            Column::Target => row.target.map(|amount| self.target(amount)),
            Column::TargetGrowth => row.target_growth.map(|target| target.in_percent(1)),
            Column::Value => row.value.map(|amount| self.value(amount)),
            Column::Completion => self.completion(row).map(percent),
            Column::Gap => self.gap(row),
            Column::Distance => self.standings.distance(row).map(|distance| self.distance(distance)),
            Column::Growth => self.growth(row).map(percent),
        }
    }

    /// The whole's cell.
    pub fn cell_of_total(&self, column: Column) -> Option<String> {
        let (percent, total) = (|text: String| format!("{text}%"), &self.standings.total);
        match column {
            Column::Target => total.target.map(|amount| self.target(amount)),
            Column::TargetGrowth => total.target_growth.map(|target| target.in_percent(1)),
            Column::Value => total.value.map(|amount| self.value(amount)),
            Column::Completion => self.total_completion().map(percent),
            Column::Gap => self.total_gap(),
            Column::Distance => {
                self.standings.total_distance().filter(|_| !self.partial).map(|distance| self.distance(distance))
            }
            Column::Growth => self.total_growth().map(percent),
        }
    }

    /// A distance with the decimals of its column: no fewer than any of them needs to be seen.
    fn distance(&self, distance: Distance) -> String {
        let standings = self.standings;
        let all = || standings.rows.iter().filter_map(|row| standings.distance(row)).chain(standings.total_distance());
        match distance {
            Distance::Amount(amount) => {
                let amounts: Vec<Amount> = all()
                    .filter_map(|other| if let Distance::Amount(other) = other { Some(other) } else { None })
                    .collect();
                let least = u32::from(standings.measure.is_percentage());
                let digits = standings.measure.digits_for(&amounts).unwrap_or(0).max(least);
                standings.measure.format_to(amount, digits)
            }
            Distance::Points(points) => {
                let seen = |digits: u32| {
                    all().all(|other| match other {
                        Distance::Points(other) => other == Rate::ZERO || other.rounded(digits) != Rate::ZERO,
                        Distance::Amount(_) => true,
                    })
                };
                points.percent_on_page(fewest(seen))
            }
        }
    }

    /// What stands in the place of a missing cell.
    pub fn mark(&self, column: Column, row: &Row) -> &'static str {
        match column {
            Column::Target => row.target_mark(),
            Column::Value => row.value_mark(),
            Column::Growth if self.measured() == Measured::Growth => row.value_mark(),
            _ => DASH,
        }
    }

    /// The same for the whole.
    pub fn mark_of_total(&self, column: Column) -> &'static str {
        match column {
            Column::Target => NO_TARGET,
            Column::Value => UNREPORTED,
            _ => DASH,
        }
    }

    /// The lamp beside a unit and its word.
    pub fn lamp(&self, row: &Row) -> (Lamp, &'static str) {
        match self.measured() {
            Measured::Progress => (row.lamp, self.standings.lamp_word(row)),
            _ => (self.standings.shown_lamp(row), self.standings.shown_word(row)),
        }
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
        row.completion.filter(|_| self.is_progress()).map(|rate| self.completion_rate(rate))
    }

    pub fn total_completion(&self) -> Option<String> {
        self.standings
            .total
            .completion
            .filter(|_| self.is_progress() && !self.partial)
            .map(|rate| self.completion_rate(rate))
    }

    /// A level is not completed, and 完成率 above 100% would praise a missed limit.
    pub fn is_progress(&self) -> bool {
        self.measured() == Measured::Progress
    }

    fn completion_rate(&self, rate: Rate) -> String {
        match self.digits {
            Digits::OfColumn { completion, .. } => rate.percent_on_page(completion),
            Digits::Each { .. } => rate.percent_beside(Rate::ONE, 1),
        }
    }

    pub fn gap(&self, row: &Row) -> Option<String> {
        row.gap.filter(|_| self.is_progress()).map(|gap| self.gap_rate(gap))
    }

    pub fn total_gap(&self) -> Option<String> {
        self.standings.total.gap.filter(|_| self.is_progress() && !self.partial).map(|gap| self.gap_rate(gap))
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
