//! What a goal's figures come to at its own period.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::Scene;
use crate::assessment::completed::Parts;
use crate::month::Period;
use crate::plan::{Direction, Goal};
use crate::rate::Rate;
use crate::standing::{Standings, Total};

/// How a goal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Reached,
    /// Its time is over, or it has no pace.
    NotReached,
    /// A milestone that was missed in its time and reached since.
    ReachedLate,
    /// A milestone that was missed and is not reached by now.
    Missed,
    OnPace,
    Near,
    Behind,
    /// Nothing is due by now.
    NotDue,
    /// A figure is due and nobody has stated it.
    Missing,
    /// Without a target.
    Watched,
    /// 左右, a reading that nobody has chosen, or a year that is missing.
    Undecided,
}

impl Verdict {
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Reached => "已达到",
            Verdict::NotReached => "未达到",
            Verdict::ReachedLate => "逾期达到",
            Verdict::Missed => "逾期未达",
            Verdict::OnPace => "达到序时",
            Verdict::Near => "接近序时",
            Verdict::Behind => "滞后",
            Verdict::NotDue => "未到期",
            Verdict::Missing => "未报",
            Verdict::Watched => "监测",
            Verdict::Undecided => "不作判断",
        }
    }

    /// Of what has no pace: `side` is the figure against its target.
    pub(super) fn level(direction: Direction, side: Ordering) -> Self {
        match (direction, side) {
            (Direction::About, _) => Verdict::Undecided,
            (_, Ordering::Equal) | (Direction::AtLeast, Ordering::Greater) | (Direction::AtMost, Ordering::Less) => {
                Verdict::Reached
            }
            _ => Verdict::NotReached,
        }
    }

    /// What a section's sentence counts it as; `None` for what it does not count.
    pub fn counted_as(self) -> &'static str {
        match self {
            Verdict::Reached | Verdict::ReachedLate => "完成",
            Verdict::OnPace => "达到序时",
            Verdict::Near => "接近序时",
            Verdict::Behind => "滞后",
            Verdict::NotReached => "未达到",
            Verdict::Missed => "逾期未达",
            Verdict::Missing => "未报",
            Verdict::Undecided => "不作判断",
            Verdict::NotDue => "未到期",
            Verdict::Watched => "监测",
        }
    }

    /// Named in the sentence, and first where a reader asks for what lags.
    pub fn lags(self) -> bool {
        matches!(self, Verdict::Missed | Verdict::NotReached | Verdict::Behind)
    }
}

/// The verdict on a goal whose figure is stated, and in which period a late one was reached.
pub(super) fn of(scene: &Scene<'_>, standings: &Standings) -> (Verdict, Option<Period>) {
    let total = &standings.total;
    if total.target.is_none() && total.target_growth.is_none() && scene.goal.meaning.due.is_none() {
        let anything = !scene.goal.targets.is_empty() || scene.goal.whole.is_some();
        return (if anything { Verdict::NotDue } else { Verdict::Watched }, None);
    }
    match scene.goal.meaning.due {
        Some(due) if scene.own >= due => milestone(scene, due),
        _ => (running(scene, standings), None),
    }
}

/// Whether the total reaches its targets by the goal's rule; `None` where what it asks for is not known, or for 左右.
fn reached(scene: &Scene<'_>, standings: &Standings) -> Option<bool> {
    let Total { target, target_growth, growth, .. } = &standings.total;
    let rules = &standings.rules;
    let value = standings.total.so_far.or(standings.total.value).zip(*target);
    let value = value.map(|(value, target)| value.cmp(&target));
    let growth = growth.zip(*target_growth);
    let growth = growth.map(|(growth, target)| rules.compare.apply(growth).cmp(&rules.compare.apply(target)));
    // Over several years a figure without its earlier years says nothing.
    let value = value.filter(|_| standings.total.so_far.is_some());
    let side = |side: Option<Ordering>| {
        let verdict = Verdict::level(scene.goal.direction, side?);
        (verdict != Verdict::Undecided).then_some(verdict == Verdict::Reached)
    };
    let parts = Parts { value: side(value), growth: side(growth) };
    match (target, target_growth) {
        (Some(_), None) => parts.value,
        (None, Some(_)) => parts.growth,
        _ => parts.completed(rules.completed_when),
    }
}

/// Whether any figure is there that the targets ask for.
fn is_stated(total: &Total) -> bool {
    match (total.target, total.target_growth) {
        (None, Some(_)) => total.growth.is_some(),
        (Some(_), None) => total.value.is_some(),
        _ => total.value.is_some() || total.growth.is_some(),
    }
}

fn running(scene: &Scene<'_>, standings: &Standings) -> Verdict {
    let (goal, total) = (scene.goal, &standings.total);
    if !is_stated(total) {
        return Verdict::Missing;
    }
    if goal.direction == Direction::About {
        return Verdict::Undecided;
    }
    let reached = reached(scene, standings);
    let over = is_over(goal, scene.own, total);
    // Of what is counted less is better only when the year is over.
    let early = goal.direction == Direction::AtLeast || !goal.is_flow();
    match (reached, total.gap) {
        (Some(true), _) if early || over => Verdict::Reached,
        (Some(_), None) if goal.is_flow() && total.target.is_some() && !over => Verdict::Undecided,
        (Some(false), _) if over || !goal.is_flow() || total.target.is_none() => Verdict::NotReached,
        (_, Some(gap)) if !over => paced(scene, gap),
        (None, _) => Verdict::Undecided,
        (Some(_), _) => Verdict::NotReached,
    }
}

/// Whether the time of the target in force ends with this period.
fn is_over(goal: &Goal, own: Period, total: &Total) -> bool {
    if let Some(due) = goal.meaning.due {
        return own >= due;
    }
    let ends = total.whole.is_none_or(|(_, to)| to == own.year);
    ends && own.is_year_end()
}

fn paced(scene: &Scene<'_>, gap: Rate) -> Verdict {
    let lag = if scene.goal.direction == Direction::AtMost { gap } else { Rate::ZERO.minus(gap) };
    match lag.is_positive() {
        false => Verdict::OnPace,
        true if gap.abs() <= scene.plan.near => Verdict::Near,
        true => Verdict::Behind,
    }
}

/// A milestone whose time is over: by the figures of its own period; what came later may only be late.
fn milestone(scene: &Scene<'_>, due: Period) -> (Verdict, Option<Period>) {
    if scene.goal.direction == Direction::About {
        return (Verdict::Undecided, None);
    }
    let at = |period: Period| {
        let standings = scene.standings_due(period, due);
        let stated = is_stated(&standings.total);
        (stated, stated && reached(scene, &standings) == Some(true))
    };
    if at(due) == (true, true) {
        return (Verdict::Reached, None);
    }
    let periods = scene.periods(due);
    let mut stated = at(due).0;
    for period in periods {
        match at(period) {
            (_, true) => return (Verdict::ReachedLate, Some(period)),
            (known, false) => stated |= known,
        }
    }
    (if stated { Verdict::Missed } else { Verdict::Missing }, None)
}

impl Scene<'_> {
    /// The goal at a period against the target of its milestone, also in a later year.
    fn standings_due(&self, period: Period, due: Period) -> Standings {
        let mut standings = self.standings(period);
        let total = &mut standings.total;
        if total.target.is_none() {
            total.target = self.goal.target(due.year).and_then(|target| target.value);
            total.so_far = total.value;
        }
        standings
    }

    /// The goal's periods after `due` up to its own, rising.
    fn periods(&self, due: Period) -> Vec<Period> {
        let months = crate::calendar::months(self.plan.calendar_of(self.goal));
        let years = due.year..=self.own.year;
        let all = years.flat_map(|year| months.iter().map(move |&month| Period { year, month }).collect::<Vec<_>>());
        all.filter(|period| *period > due && *period <= self.own).collect()
    }
}
