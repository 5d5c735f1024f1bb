//! What a score is made of, as data: its components, how each becomes points, gates and grades.

use super::rules::RankBy;
use crate::rate::Rate;

/// What a component measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComponentFrom {
    Completion,
    Growth,
    Value,
    /// A share of the weight, entered at verification.
    Entered,
}

impl ComponentFrom {
    pub const WORDS: [(&'static str, ComponentFrom); 4] = [
        ("completion", ComponentFrom::Completion),
        ("growth", ComponentFrom::Growth),
        ("value", ComponentFrom::Value),
        ("entered", ComponentFrom::Entered),
    ];

    pub fn name(self) -> &'static str {
        match self {
            ComponentFrom::Completion => "完成率",
            ComponentFrom::Growth => "增幅",
            ComponentFrom::Value => "总量",
            ComponentFrom::Entered => "核验评分",
        }
    }
}

/// What a component is measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// The unit's own target.
    Target,
    /// The plan's whole: 全市平均水平.
    Whole,
    /// The mean of the units it competes with.
    Mean,
}

impl Against {
    pub const WORDS: [(&'static str, Against); 3] =
        [("target", Against::Target), ("whole", Against::Whole), ("mean", Against::Mean)];

    pub fn name(self) -> &'static str {
        match self {
            Against::Target => "本单位目标",
            Against::Whole => "全域水平",
            Against::Mean => "各单位平均",
        }
    }
}

/// Points for what lies within `to` from the reference, and beyond the band before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// Percentage points, or the goal's units; without one the band has no end.
    pub to: Option<Rate>,
    pub points: Rate,
}

/// What is given on one side of the reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Steps {
    /// Nothing is given or taken.
    Level,
    /// For each percentage point, in bands that follow each other.
    PerPoint(Vec<Band>),
    /// For each unit of the goal: 每超1亿元.
    PerAmount(Rate),
}

impl Steps {
    /// The same for every percentage point.
    pub fn per_point(points: Rate) -> Self {
        Steps::PerPoint(vec![Band { to: None, points }])
    }
}

/// How what a component measures becomes points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scoring {
    /// weight × actual ÷ reference.
    Proportional,
    /// weight at the reference, more above and less below it.
    Distance { above: Steps, below: Steps },
    /// weight, and these points for each percentage point from the reference; which ones, the unit's own target decides:
    /// those of the highest `from` that it reaches.
    ByTarget(Vec<(Rate, Rate)>),
    /// Points of each place, the first first; beyond the list 0.
    Places(Vec<Rate>),
    /// 功效系数: the worst has `least`, the best `most` hundredths of the weight, the others in proportion.
    MinMax { least: Rate, most: Rate },
    /// weight × own ÷ the best.
    BestShare,
}

/// One part of a score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    pub name: String,
    pub from: ComponentFrom,
    /// Another goal of the plan; without one the assessed goal.
    pub goal: Option<String>,
    /// Only what the three months up to the period added, against what they were to add.
    pub quarter_alone: bool,
    /// Without one the unit's own target; where units are compared with each other, nothing: the measure itself counts.
    pub against: Option<Against>,
    pub weight: Option<Rate>,
    pub scoring: Scoring,
    /// The share of the reference below which there is nothing.
    pub threshold: Option<Rate>,
    pub cap: Option<Rate>,
    pub floor: Option<Rate>,
}

impl Component {
    /// Places say themselves what they are worth; everything else needs a weight.
    pub fn is_weighed(&self) -> bool {
        self.weight.is_some() || matches!(self.scoring, Scoring::Places(_))
    }

    /// What it is worth where it is reached: its weight, or the first place.
    pub fn full(&self) -> Rate {
        match &self.scoring {
            Scoring::Places(places) => places.first().copied().unwrap_or(Rate::ZERO),
            _ => self.weight.unwrap_or(Rate::ZERO),
        }
    }

    /// Whether units are compared with each other, and not each with its reference.
    pub fn compares_units(&self) -> bool {
        matches!(self.scoring, Scoring::Places(_) | Scoring::MinMax { .. } | Scoring::BestShare)
    }

    /// Whether other units' figures have a say in one unit's points.
    pub fn is_relative(&self) -> bool {
        matches!(self.against, Some(Against::Whole | Against::Mean)) || self.compares_units()
    }
}

/// What a unit must not fail to be given anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gate {
    /// Another goal that has to be completed.
    Goal(String),
    /// Something that must not have happened (安全事故), entered at verification.
    Entered(String),
}

/// 90分以上为优秀: the highest `from` that a full score reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grade {
    pub from: Rate,
    pub name: String,
}

/// Whether the rule ranks by score and every component's worth is given.
pub fn is_weighed(rank_by: RankBy, components: &[Component]) -> bool {
    rank_by == RankBy::Score && !components.is_empty() && components.iter().all(Component::is_weighed)
}

/// 张 of a card, 面 of a flag, 次 of what happens to a unit.
pub fn measure_word(thing: &str) -> &'static str {
    match thing.chars().last() {
        Some('牌') => "张",
        Some('旗') => "面",
        _ => "次",
    }
}
