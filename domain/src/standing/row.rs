//! One unit at one period as data: its figures, what follows from them, its place and its awards.

use num_rational::BigRational;
use serde::{Deserialize, Serialize};

use crate::money::Amount;
use crate::plan::{From, SplitKind, When};
use crate::rate::Rate;
use crate::region::RegionId;
use crate::returns::Source;
use crate::shown::{DASH, NO_TARGET, UNREPORTED};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub region: RegionId,
    pub name: String,
    pub within: Option<RegionId>,
    pub kind: SplitKind,
    /// The plan says “none” for this unit, printed `/`.
    pub no_target: bool,
    pub value: Option<Amount>,
    pub base: Option<Amount>,
    pub published_growth: Option<Rate>,
    pub target: Option<Amount>,
    pub target_growth: Option<Rate>,
    pub growth: Option<Rate>,
    /// value ÷ target, exact.
    pub completion: Option<Rate>,
    pub pace: Option<Rate>,
    /// completion − pace, exact.
    pub gap: Option<Rate>,
    /// (value − base) ÷ the total's base.
    pub contribution: Option<Rate>,
    pub lamp: Lamp,
    /// `None` when a needed figure or target is missing; never guessed.
    pub completed: Option<bool>,
    /// The group in which it competes, where the plan forms groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Score in points, where the rule ranks by score and every weight is given.
    #[serde(with = "crate::rate::optional_big")]
    pub score: Option<BigRational>,
    /// What the score is the sum of, in the order of the rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<ScorePart>,
    /// 优秀, by the score where nothing is missing from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    pub rank: Option<usize>,
    pub rank_from_bottom: Option<usize>,
    /// Its place within its group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_rank: Option<usize>,
    /// Its place by the rule's second measure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank_also: Option<usize>,
    pub unranked: Option<Unranked>,
    /// Gates that are closed to the unit, as they are named: 单位能耗未完成, 安全事故.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub barred: Vec<String>,
    pub awards: Vec<Award>,
    pub note: String,
    pub source: Option<Source>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lamp {
    OnPace,
    Near,
    Behind,
    Missing,
    NotAssessed,
}

impl Lamp {
    pub fn word(self) -> &'static str {
        match self {
            Lamp::OnPace => "达到序时",
            Lamp::Near => "接近序时",
            Lamp::Behind => "滞后",
            Lamp::Missing => UNREPORTED,
            Lamp::NotAssessed => "不考核",
        }
    }

    pub fn mark(self) -> &'static str {
        match self {
            Lamp::OnPace => "●",
            Lamp::Near => "▲",
            Lamp::Behind => "■",
            Lamp::Missing => "◇",
            Lamp::NotAssessed => DASH,
        }
    }
}

/// Why a unit has no rank, the first that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unranked {
    Within,
    Department,
    NoTarget,
    Missing,
    NoGrowth,
}

impl Unranked {
    /// `noun`: what the units are called together.
    pub fn sentence(self, noun: &str) -> String {
        match self {
            Unranked::Within => format!("含在所属{noun}内，不单独排位"),
            Unranked::Department => format!("部门或本级，不与{noun}排位"),
            Unranked::NoTarget => "没有目标，不排位".to_owned(),
            Unranked::Missing => "本期未报，不排位".to_owned(),
            Unranked::NoGrowth => "没有增幅（缺上年同期数或上年同期为零），不排位".to_owned(),
        }
    }
}

/// One part of a unit's score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScorePart {
    pub name: String,
    /// What was measured ÷ what it was measured against; `None` where only a distance or a place counts.
    #[serde(with = "crate::rate::optional_big")]
    pub share: Option<BigRational>,
    #[serde(with = "crate::rate::big")]
    pub points: BigRational,
}

/// What one unit is given by one list of awards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Award {
    #[serde(with = "crate::rate::big")]
    pub points: BigRational,
    /// 分, 万元, 张红牌.
    pub unit: String,
    /// The place it was given for; from the bottom, place 1 is the last.
    pub place: usize,
    pub from: From,
    pub when: When,
    /// Clause → inputs → order → ties → outcome, as sentences.
    pub trace: Vec<String>,
}

impl Award {
    /// It falls on those at the end or on who missed the target, or takes something away: −0.5分, 红牌.
    pub fn is_penalty(&self) -> bool {
        self.points < BigRational::default()
            || self.from == From::Bottom
            || (self.from == From::All && self.when == When::NotCompleted)
    }

    /// `0.3`, `-0.1`, `1/30`.
    pub fn points_text(&self) -> String {
        crate::rate::big_plain(&self.points)
    }
}

impl Row {
    /// 已完成, 未完成, — where it is not known.
    pub fn completed_text(&self) -> &'static str {
        match self.completed {
            Some(true) => "已完成",
            Some(false) => "未完成",
            None => DASH,
        }
    }

    /// What stands in the place of a target.
    pub fn target_mark(&self) -> &'static str {
        if self.no_target { NO_TARGET } else { DASH }
    }

    /// What stands in the place of a value: 未报 only where one is due.
    pub fn value_mark(&self) -> &'static str {
        if self.lamp == Lamp::Missing { UNREPORTED } else { DASH }
    }

    /// It takes part in the assessment, whether it can be ranked by now or not.
    pub fn is_assessed(&self) -> bool {
        self.unranked.is_none() || self.is_awaited()
    }

    /// It would be ranked, and what ranks it is missing.
    pub fn is_awaited(&self) -> bool {
        matches!(self.unranked, Some(Unranked::Missing | Unranked::NoGrowth))
    }

    /// What the unit is given, summed for each unit of award, in the order of the lists.
    pub fn given(&self) -> Given {
        Given::of(self.awards.iter().map(|award| (award.unit.as_str(), &award.points)))
    }

    /// Completion as printed beside the decision: more digits while a rounded figure would contradict it.
    pub fn completion_text(&self) -> Option<String> {
        self.completion.map(|completion| completion.percent_beside(Rate::ONE, 1))
    }

    /// The gap as printed beside the lamp, likewise.
    pub fn gap_text(&self, near: Rate) -> Option<String> {
        self.gap.map(|gap| gap_text(gap, near))
    }
}

/// Sums of awards, one for each unit: 20万元 and −0.5分.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Given(Vec<(String, BigRational)>);

impl Given {
    pub fn of<'a>(awards: impl Iterator<Item = (&'a str, &'a BigRational)>) -> Self {
        let mut sums: Vec<(String, BigRational)> = Vec::new();
        for (unit, points) in awards {
            match sums.iter_mut().find(|(known, _)| known == unit) {
                Some((_, sum)) => *sum += points,
                None => sums.push((unit.to_owned(), points.clone())),
            }
        }
        Self(sums)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `0.3` where the rule knows one unit of award; `20万元、-0.5分` where it knows several.
    pub fn text(&self, several_units: bool) -> String {
        let each = self.0.iter().map(|(unit, sum)| match several_units {
            true => format!("{}{unit}", crate::rate::big_plain(sum)),
            false => crate::rate::big_plain(sum),
        });
        each.collect::<Vec<_>>().join("、")
    }
}

/// A gap in 个百分点, with more digits while the rounded figure would light another lamp.
pub fn gap_text(gap: Rate, near: Rate) -> String {
    let digits = (1..=8).find(|&digits| keeps_lamp(gap, near, digits)).unwrap_or(8);
    gap.percent_on_page(digits)
}

/// Whether a gap printed with `digits` decimals is behind, and behind by more than `near`, where the exact one is.
pub(crate) fn keeps_lamp(gap: Rate, near: Rate, digits: u32) -> bool {
    let sides = [Rate::ZERO, Rate::ZERO.minus(near)];
    sides.into_iter().all(|side| gap.cmp_rounded(digits, side).is_lt() == (gap < side))
}
