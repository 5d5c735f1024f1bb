//! What a target makes due by a month, and which figures are too far from it to be in its unit.

use crate::money::{Amount, Measure};
use crate::month::Period;
use crate::plan::{Direction, Goal, Pace, Split};
use crate::rate::Rate;

/// A figure below this share of what is due by the month, or above this many times of it, is a slip of the unit: 万元
/// and 亿元 differ by 10 000, 元 and 万元 too.
const LEAST_SHARE: i128 = 200;
const MOST_TIMES: i128 = 20;

/// A number of things this small is no slip, however small its target.
pub(super) const FEW: i64 = 20;

/// What a target makes due by a month: between two shares of it, since a pace may be a curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Of one year; of a target over several years its average.
    target: Amount,
    least: Rate,
    most: Rate,
}

impl Due {
    /// Nothing is due of a ratio, and what must not be exceeded may be as low as it likes. A unit without a target is
    /// at most as large as the whole.
    pub(super) fn of_unit(goal: &Goal, split: &Split, period: Period) -> Option<Self> {
        let own = split.target(period.year).and_then(|target| target.value);
        let target = own.or_else(|| split.whole_in(period.year).map(average));
        target.map(|target| Self::of(goal, target, period.month)).unwrap_or_else(|| {
            let whole = Self::of_whole(goal, period)?;
            Some(Self { least: Rate::ZERO, ..whole })
        })
    }

    pub(super) fn of_whole(goal: &Goal, period: Period) -> Option<Self> {
        let own = goal.target(period.year);
        let span = goal.whole_in(period.year).map(average);
        Self::of(goal, own.and_then(|target| target.value).or(span)?, period.month)
    }

    fn of(goal: &Goal, target: Amount, month: u32) -> Option<Self> {
        if !goal.kind.is_flow() || goal.direction == Direction::AtMost || target.0 <= 0 {
            return None;
        }
        let even = Rate::new(i128::from(month), 12)?;
        let planned = if let Pace::Curve(_) = goal.pace { goal.pace.share(month).unwrap_or(even) } else { even };
        Some(Self { target, least: even.min(planned), most: even.max(planned) })
    }

    /// The sentence for a figure far outside of this.
    pub(super) fn far(self, measure: &Measure, month: u32, called: &str, amount: Amount) -> Option<String> {
        let share = Rate::of(amount, self.target).filter(|_| amount.0 > 0)?;
        let with_unit = |amount: Amount| measure.visible_with_unit(amount);
        let due = |share: Rate| {
            let due = i128::from(self.target.0) * share.numerator() / share.denominator();
            with_unit(i64::try_from(due).map_or(self.target, Amount))
        };
        let unit = match measure.money {
            // What was written may be in another unit than the goal's: a table says its own.
            true => format!("像是单位弄错了（这里折合成{}），请核对是亿元还是万元", measure.unit),
            false => "像是写错".to_owned(),
        };
        let few = measure.per_unit == 1 && !measure.money && amount.0 <= FEW;
        let months = Period { year: 0, month }.months();
        if share < self.least.times(1, LEAST_SHARE) {
            let due = due(self.least);
            return Some(format!(
                "{called}{}，不到按目标{months}应完成{due}的1/{LEAST_SHARE}，{unit}",
                with_unit(amount)
            ));
        }
        (share > self.most.times(MOST_TIMES, 1) && !few).then(|| {
            let due = due(self.most);
            format!("{called}{}，超过按目标{months}应完成{due}的{MOST_TIMES}倍，{unit}", with_unit(amount))
        })
    }
}

fn average(whole: crate::plan::Whole) -> Amount {
    Amount(whole.value.0 / i64::from((whole.to - whole.from + 1).max(1)))
}
