//! 加分线测算: how much more a unit needs, searched on the real ranking function.

use serde::Serialize;

use super::completed::Parts;
use super::{measure, place, score};
use crate::money::Amount;
use crate::month::Period;
use crate::plan::rules::{CompletedWhen, RankBy, Rules};
use crate::plan::{Assessment, Direction, Goal, Plan, Split};
use crate::rate::Rate;
use crate::region::RegionId;
use crate::returns::{Figure, Figures};
use crate::standing::frame::Frame;
use crate::standing::{Basis, Row, Unranked};

/// What a unit may want to reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aim {
    Complete,
    NextPlace,
    FirstThree,
    LeaveLastThree,
}

impl Aim {
    pub const ALL: [Aim; 4] = [Aim::Complete, Aim::NextPlace, Aim::FirstThree, Aim::LeaveLastThree];

    pub fn name(self) -> &'static str {
        match self {
            Aim::Complete => "完成年度目标",
            Aim::NextPlace => "前进一位",
            Aim::FirstThree => "进入前三位",
            Aim::LeaveLastThree => "离开后三位",
        }
    }
}

/// Why no amount is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Impossible {
    Already,
    NoBase,
    NoTarget,
    /// The growth that ranks is published, not computed from the value.
    PublishedGrowth,
    Unranked,
    /// No further value changes it: fewer than four units are ranked, or nothing is left to take off.
    OutOfReach,
}

impl Impossible {
    pub fn sentence(self) -> &'static str {
        match self {
            Impossible::Already => "已经达到",
            Impossible::NoBase => "缺上年同期数，算不出增幅",
            Impossible::NoTarget => "没有目标",
            Impossible::PublishedGrowth => "增幅为统计部门公布数，不随总量推算",
            Impossible::Unranked => "本期未报或不参加排位",
            Impossible::OutOfReach => "改变总量也达不到",
        }
    }
}

/// The answer for one aim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    pub goal: Aim,
    /// Further cumulative value in whole 元 (or pieces); negative where less is better: so much must be taken off.
    pub more: Option<Amount>,
    /// `more` over the months left, rounded up so that it suffices; `None` in December.
    pub per_month: Option<Amount>,
    pub impossible: Option<Impossible>,
    /// What the growth itself must change by, in hundredths of a 个百分点, where no amount moves it.
    #[serde(skip)]
    pub growth: Option<Rate>,
    /// What a reached target leaves to spare, where the distance is what counts.
    #[serde(skip)]
    pub spare: Option<Amount>,
}

impl Answer {
    /// 还需 2.30亿元, 还需降低 0.006吨标准煤/万元, 增幅还需提高 0.50个百分点, 已经达到（尚有 0.002 的余量）, or why no amount
    /// is named; `amount` prints one with its unit.
    pub fn sentence(&self, amount: impl Fn(Amount) -> String) -> String {
        match (self.more, self.growth, self.impossible) {
            (Some(more), ..) if more.0 < 0 => format!("还需降低 {}", amount(Amount(-more.0))),
            (Some(more), ..) => format!("还需 {}", amount(more)),
            (None, Some(points), _) => {
                let word = if points.is_negative() { "降低" } else { "提高" };
                format!("增幅还需{word} {}个百分点", points.abs().percent(2))
            }
            (None, None, Some(why)) => match self.spare {
                Some(spare) => format!("{}（尚有 {} 的余量）", why.sentence(), amount(spare)),
                None => why.sentence().to_owned(),
            },
            (None, None, None) => String::new(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WhatIf {
    pub plan: String,
    pub goal: String,
    pub period: Period,
    pub region: RegionId,
    pub months_left: u32,
    pub goals: Vec<Answer>,
}

/// Answers all four aims for one unit, everybody else as they stand. `None` for a region the goal does not split to.
pub fn what_if(
    plan: &Plan,
    goal: &Goal,
    figures: &Figures,
    period: Period,
    rules: Rules,
    region: &str,
) -> Option<WhatIf> {
    let figures = crate::standing::ranking_figures(plan, goal, figures);
    let scene = Scene::new(plan, goal, &figures, period, rules);
    let unit = scene.unit(region)?;
    Some(WhatIf {
        plan: plan.id.clone(),
        goal: goal.id.clone(),
        period,
        region: region.to_owned(),
        months_left: period.months_left(),
        goals: Aim::ALL.iter().map(|&aim| unit.answer(aim)).collect(),
    })
}

/// Where the unit would stand with `more` further value: the row as the real computation fills it.
pub fn with_more(
    plan: &Plan,
    goal: &Goal,
    figures: &Figures,
    period: Period,
    rules: Rules,
    region: &str,
    more: Amount,
) -> Option<Row> {
    let figures = crate::standing::ranking_figures(plan, goal, figures);
    Scene::new(plan, goal, &figures, period, rules).unit(region).map(|unit| unit.row_with(more))
}

/// The least further value that reaches each of these aims, for one unit after another; `None` where there is none.
pub(crate) fn least<const N: usize>(
    plan: &Plan,
    goal: &Goal,
    figures: &Figures,
    period: Period,
    rules: Rules,
    units: &[&str],
    aims: [Aim; N],
) -> Vec<[Option<Amount>; N]> {
    let figures = crate::standing::ranking_figures(plan, goal, figures);
    let scene = Scene::new(plan, goal, &figures, period, rules);
    let of = |region: &&str| scene.unit(region).map_or([None; N], |unit| aims.map(|aim| unit.answer(aim).more));
    units.iter().map(of).collect()
}

/// Everybody as they stand.
struct Scene<'a> {
    plan: &'a Plan,
    frame: Frame<'a>,
    goal: &'a Goal,
    assessment: Option<&'a Assessment>,
    figures: &'a Figures,
    rules: Rules,
    rows: Vec<Row>,
    period: Period,
}

/// What is changed to reach an aim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lever {
    /// The cumulative value, in its smallest units.
    Value,
    /// The published growth, in hundredths of a 个百分点.
    Growth,
}

/// The unit that gets more, among all others.
struct Unit<'s> {
    scene: &'s Scene<'s>,
    split: &'s Split,
    figure: Option<&'s Figure>,
    /// Which of the rows is its own.
    at: usize,
}

impl<'a> Scene<'a> {
    fn new(plan: &'a Plan, goal: &'a Goal, figures: &'a Figures, period: Period, rules: Rules) -> Self {
        let frame = Frame::new(plan, goal, figures, period, rules, Basis::Target);
        let assessment = plan.assessment(&goal.id);
        let rows: Vec<Row> = goal.running(period).map(|split| frame.row(split)).collect();
        Self { plan, frame, goal, assessment, figures, rules, rows, period }
    }

    /// Places everybody, after the scores that the places are by.
    fn rank(&self, rows: &mut [Row]) {
        if let Some(assessment) = self.assessment.filter(|assessment| assessment.is_weighed(&self.rules)) {
            let (plan, goal, figures) = (self.plan, self.goal, self.figures);
            let measured = measure::Scene {
                plan,
                goal,
                figures,
                period: self.period,
                rules: &self.rules,
                total: &self.frame.total,
            };
            score::fill(&measured, assessment, rows);
        }
        place::rank(&self.rules, None, self.goal.direction, rows);
    }

    fn unit(&self, region: &str) -> Option<Unit<'_>> {
        let (at, split) = self.goal.running(self.period).enumerate().find(|(_, split)| split.region == region)?;
        Some(Unit { scene: self, split, figure: self.figures.get(&self.goal.id, self.period, region), at })
    }
}

impl Unit<'_> {
    /// The unit's row with more, not placed yet.
    fn own(&self, lever: Lever, more: i64) -> Row {
        let scene = self.scene;
        let figure = self.figure.map(|figure| match lever {
            Lever::Value => Figure { value: figure.value.map(|value| Amount(value.0 + more)), ..figure.clone() },
            Lever::Growth => Figure {
                published_growth: figure.published_growth.map(|now| now.plus(hundredths(more))),
                ..figure.clone()
            },
        });
        scene.frame.row_from(self.split, figure.as_ref())
    }

    fn row_with(&self, more: Amount) -> Row {
        let mut rows = self.scene.rows.clone();
        rows[self.at] = self.own(Lever::Value, more.0);
        self.scene.rank(&mut rows);
        rows.swap_remove(self.at)
    }

    fn answer(&self, aim: Aim) -> Answer {
        let now = self.row_with(Amount(0));
        let found = self.blocked(aim, &now).map_or_else(|| self.search(Lever::Value, aim, &now), Err);
        let (more, impossible) = match found {
            Ok(more) => (Some(Amount(more)), None),
            Err(why) => (None, Some(why)),
        };
        let months = i64::from(self.scene.period.months_left());
        let per_month = more.filter(|more| months > 0 && more.0 > 0).map(|more| Amount((more.0 + months - 1) / months));
        let fixed = impossible == Some(Impossible::PublishedGrowth) && self.may_by_growth(aim, &now);
        let growth = fixed.then(|| self.search(Lever::Growth, aim, &now).ok().map(hundredths)).flatten();
        let lower = self.lower_is_better() && aim == Aim::Complete && impossible == Some(Impossible::Already);
        let spare = now.target.zip(now.value).map(|(target, value)| Amount(target.0 - value.0));
        Answer { goal: aim, more, per_month, impossible, growth, spare: spare.filter(|_| lower) }
    }

    /// A growth that is stated alone can be asked about where there is something to reach.
    fn may_by_growth(&self, aim: Aim, now: &Row) -> bool {
        self.growth_decides(aim) && (aim == Aim::Complete || now.rank.is_some())
    }

    fn lower_is_better(&self) -> bool {
        self.scene.goal.direction == Direction::AtMost
    }

    /// What can be said without searching.
    fn blocked(&self, aim: Aim, now: &Row) -> Option<Impossible> {
        let no_target = now.target.is_none() && now.target_growth.is_none();
        if now.no_target || (no_target && aim == Aim::Complete) {
            return Some(Impossible::NoTarget);
        }
        if self.reached(aim, now, now) || (aim == Aim::NextPlace && now.rank == Some(1)) {
            return Some(Impossible::Already);
        }
        if now.value.is_none() {
            return Some(if now.published_growth.is_some() {
                Impossible::PublishedGrowth
            } else {
                Impossible::Unranked
            });
        }
        // A part that is unknown although there is a value stays so with any other value.
        if aim == Aim::Complete && !self.parts(now).are_known(self.scene.rules.completed_when) {
            return Some(match self.growth_decides(aim) && now.growth.is_none() {
                true => Impossible::NoBase,
                false if self.scene.goal.direction == Direction::About => Impossible::OutOfReach,
                false => Impossible::NoTarget,
            });
        }
        if aim != Aim::Complete && now.rank.is_none() {
            return Some(match now.unranked {
                Some(Unranked::NoGrowth) => Impossible::NoBase,
                Some(Unranked::NoTarget) => Impossible::NoTarget,
                _ => Impossible::Unranked,
            });
        }
        None
    }

    fn parts(&self, now: &Row) -> Parts {
        let over_years = self.split.whole_in(self.scene.period.year).is_some();
        Parts::of(&self.scene.rules, self.scene.goal.direction, now, over_years)
    }

    /// Whether growth has a say in reaching the aim.
    fn growth_decides(&self, aim: Aim) -> bool {
        match aim {
            Aim::Complete => self.scene.rules.completed_when != CompletedWhen::Value,
            _ => self.scene.rules.rank_by == RankBy::Growth,
        }
    }

    fn reached(&self, aim: Aim, now: &Row, then: &Row) -> bool {
        match aim {
            Aim::Complete => then.completed == Some(true),
            Aim::NextPlace => then.rank < now.rank,
            Aim::FirstThree => then.rank.is_some_and(|rank| rank <= 3),
            Aim::LeaveLastThree => then.rank_from_bottom.is_some_and(|rank| rank > 3),
        }
    }

    /// The least change that reaches the aim: doubling until it does, then halving. More never lowers a place; where
    /// less is better, less never does.
    fn search(&self, lever: Lever, aim: Aim, now: &Row) -> Result<i64, Impossible> {
        // The others keep their figures; a score may also change by what it is compared with, so it is formed anew.
        let scored = self.scene.assessment.is_some_and(|assessment| assessment.is_weighed(&self.scene.rules));
        let mut rows = self.scene.rows.clone();
        let sign = if self.lower_is_better() { -1 } else { 1 };
        let counted = lever == Lever::Value && !self.scene.goal.measure.is_ratio();
        let limit = match now.value.filter(|_| counted && sign < 0) {
            // What is counted does not fall below nothing.
            Some(value) => value.0,
            None if lever == Lever::Growth => MOST_HUNDREDTHS,
            None => Amount::LIMIT,
        };
        let mut reaches = |more: i64| {
            if scored {
                rows.clone_from(&self.scene.rows);
            }
            rows[self.at] = self.own(lever, sign * more);
            // Whether the target is reached is the unit's own affair.
            if aim != Aim::Complete {
                self.scene.rank(&mut rows);
            }
            self.reached(aim, now, &rows[self.at])
        };
        let mut high = 1;
        while high > limit || !reaches(high) {
            if high >= limit {
                let fixed = now.published_growth.is_some() && self.growth_decides(aim);
                return Err(if fixed { Impossible::PublishedGrowth } else { Impossible::OutOfReach });
            }
            high = (high * 2).min(limit);
        }
        let mut low = high / 2;
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if reaches(middle) { high = middle } else { low = middle }
        }
        Ok(sign * high)
    }
}

/// No growth is asked to change by more than 10 000 个百分点.
const MOST_HUNDREDTHS: i64 = 1_000_000;

fn hundredths(count: i64) -> Rate {
    Rate::ONE.times(i128::from(count), 10_000)
}
