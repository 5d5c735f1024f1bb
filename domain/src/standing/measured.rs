//! What a goal's figures are measured by: the way to a target, the distance to it, or the growth alone.

use super::{Lamp, Row, Standings};
use crate::money::Amount;
use crate::plan::Direction;
use crate::rate::Rate;

/// What the figures of one goal are measured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measured {
    /// By completion and pace: a figure that rises through the year towards its target.
    Progress,
    /// By the distance to the target in its own unit: a level, or a figure of which less is better.
    Distance,
    /// By growth: the targets are growths, or nothing but growth is reported.
    Growth,
}

/// How far a figure is from its target; negative below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Distance {
    /// In the goal's unit.
    Amount(Amount),
    /// Between growths: ÷ 100 个百分点.
    Points(Rate),
}

impl Distance {
    pub fn is_zero(self) -> bool {
        match self {
            Distance::Amount(amount) => amount.0 == 0,
            Distance::Points(points) => points == Rate::ZERO,
        }
    }

    pub fn is_negative(self) -> bool {
        match self {
            Distance::Amount(amount) => amount.0 < 0,
            Distance::Points(points) => points.is_negative(),
        }
    }

    /// For programs: the number in the goal's unit, or the fraction.
    pub fn exact(self, standings: &Standings) -> String {
        match self {
            Distance::Amount(amount) => standings.measure.exact(amount),
            Distance::Points(points) => points.exact(),
        }
    }

    /// Without its sign, with as many decimals as tell it from nothing: `0.006`, `1.0`.
    pub fn printed(self, standings: &Standings) -> String {
        match self {
            Distance::Amount(amount) => {
                let magnitude = Amount(amount.0.abs());
                let printed = standings.measure.format_visible(magnitude);
                let whole = standings.measure.is_percentage() && !printed.contains('.');
                if whole { format!("{printed}.0") } else { printed }
            }
            Distance::Points(points) => crate::bulletin::words::points(points),
        }
    }
}

impl Standings {
    pub fn measured(&self) -> Measured {
        let total = &self.total;
        let values = total.target.is_some() || self.rows.iter().any(|row| row.target.is_some());
        let growths = total.target_growth.is_some() || self.rows.iter().any(|row| row.target_growth.is_some());
        let reported = total.value.is_some() || self.rows.iter().any(|row| row.value.is_some());
        let grown = total.growth.is_some() || self.rows.iter().any(|row| row.growth.is_some());
        match values {
            false if growths || (grown && !reported) => Measured::Growth,
            true if !reported && grown && growths => Measured::Growth,
            _ if !self.flow || self.direction == Direction::AtMost => Measured::Distance,
            _ => Measured::Progress,
        }
    }

    /// Only the completion is published: the value is the completion itself.
    pub fn is_completion_only(&self) -> bool {
        self.flow && self.measure.is_percentage()
    }

    /// The unit of a distance.
    pub fn distance_unit(&self) -> &str {
        match self.measured() {
            Measured::Growth => "个百分点",
            _ if self.measure.is_percentage() => "个百分点",
            _ => &self.measure.unit,
        }
    }

    fn apart(
        &self,
        value: Option<Amount>,
        target: Option<Amount>,
        growth: Option<Rate>,
        aim: Option<Rate>,
    ) -> Option<Distance> {
        match self.measured() {
            Measured::Growth => Some(Distance::Points(growth?.minus(aim?))),
            _ => Some(Distance::Amount(Amount(value?.0 - target?.0))),
        }
    }

    /// How far a unit is from its own target; `None` where one of both is not known.
    pub fn distance(&self, row: &Row) -> Option<Distance> {
        self.apart(row.value, row.target, row.growth, row.target_growth)
    }

    /// How far the whole is from its target.
    pub fn total_distance(&self) -> Option<Distance> {
        let total = &self.total;
        self.apart(total.so_far.or(total.value), total.target, total.growth, total.target_growth)
    }

    /// Whether what is measured is on the right side of its target; `None` for 左右 and for what is not known.
    pub fn is_reached(&self, row: &Row) -> Option<bool> {
        match self.measured() {
            Measured::Progress => row.completed,
            // A rule that rounds before it compares says so here too.
            Measured::Growth => {
                let (growth, target) = row.growth.zip(row.target_growth)?;
                let rule = self.rules.compare;
                self.on_side(Distance::Points(rule.apply(growth).minus(rule.apply(target))))
            }
            Measured::Distance => self.on_side(self.distance(row)?),
        }
    }

    pub fn is_total_reached(&self) -> Option<bool> {
        self.on_side(self.total_distance()?)
    }

    fn on_side(&self, distance: Distance) -> Option<bool> {
        match self.direction {
            Direction::AtLeast => Some(!distance.is_negative()),
            Direction::AtMost => Some(distance.is_negative() || distance.is_zero()),
            Direction::About => None,
        }
    }

    /// The lamp that is shown: a growth has no pace, but its target is reached or not. The data keep the row's own.
    pub fn shown_lamp(&self, row: &Row) -> Lamp {
        match (self.measured(), self.is_reached(row)) {
            (Measured::Progress, _) | (_, None) => row.lamp,
            (_, Some(true)) => Lamp::OnPace,
            (_, Some(false)) => Lamp::Behind,
        }
    }

    /// The word beside it.
    pub fn shown_word(&self, row: &Row) -> &'static str {
        match (self.measured(), self.is_reached(row)) {
            (Measured::Progress, _) => self.lamp_word(row),
            (Measured::Growth, Some(true)) => "增幅达标",
            (Measured::Growth, Some(false)) => "增幅未达标",
            (Measured::Distance, Some(true)) => "达标",
            (Measured::Distance, Some(false)) => "未达标",
            // A figure that is there is neither missing nor left out of an assessment.
            (_, None) if row.value.is_some() || row.growth.is_some() => crate::shown::DASH,
            (_, None) if row.lamp == Lamp::Missing => row.lamp.word(),
            (_, None) => crate::shown::DASH,
        }
    }
}
