//! The rules of an assessment as data: what ranks, what completes, how a text is read, what each place gets.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::rate::Rate;

/// The settings of a rule that a text can leave open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rules {
    pub rank_by: RankBy,
    pub reading: Reading,
    pub ties: Ties,
    pub compare: Compare,
    pub completed_when: CompletedWhen,
}

/// An enum written in files, flags and JSON by fixed words.
macro_rules! words {
    ($type:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $type {
            pub const WORDS: [(&'static str, $type); [$($word),+].len()] = [$(($word, $type::$variant)),+];

            pub fn word(self) -> &'static str {
                match self { $($type::$variant => $word),+ }
            }
        }

        impl FromStr for $type {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let words: Vec<&str> = Self::WORDS.iter().map(|(word, _)| *word).collect();
                let found = Self::WORDS.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
                found.ok_or_else(|| format!("不能写“{}”，请写 {} 之一", crate::month::shorten(text), words.join("、")))
            }
        }
    };
}

pub(super) use words;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RankBy {
    #[default]
    Growth,
    Completion,
    Value,
    Score,
}
words!(RankBy { Growth = "growth", Completion = "completion", Value = "value", Score = "score" });

impl RankBy {
    pub fn name(self) -> &'static str {
        match self {
            RankBy::Growth => "增幅",
            RankBy::Completion => "完成率",
            RankBy::Value => "总量",
            RankBy::Score => "得分",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompletedWhen {
    #[default]
    Value,
    Growth,
    Both,
}
words!(CompletedWhen { Value = "value", Growth = "growth", Both = "both" });

impl CompletedWhen {
    pub fn name(self) -> &'static str {
        match self {
            CompletedWhen::Value => "总量达到目标",
            CompletedWhen::Growth => "增幅达到目标",
            CompletedWhen::Both => "总量和增幅都达到目标",
        }
    }
}

/// How “完成且增幅居前三位” is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// Everybody ranked gets a place; an award needs the place and the condition; nobody moves up.
    #[default]
    RankThenFilter,
    /// Places are counted among those whose condition holds.
    FilterThenRank,
    /// From the top by filter-then-rank, from the bottom by rank-then-filter.
    Mixed,
}
words!(Reading { RankThenFilter = "rank_then_filter", FilterThenRank = "filter_then_rank", Mixed = "mixed" });

impl Reading {
    pub fn name(self) -> &'static str {
        match self {
            Reading::RankThenFilter => "先排位、后看完成",
            Reading::FilterThenRank => "先看完成、后排位",
            Reading::Mixed => "加分先看完成、扣分先排位",
        }
    }

    pub(super) fn explanation(self) -> &'static str {
        match self {
            Reading::RankThenFilter => {
                "全部参加排位的单位一起排位，名次和完成情况都符合的才加分或扣分，空出的名次不递补"
            }
            Reading::FilterThenRank => "加分只在已完成的单位中排名次，扣分只在未完成的单位中排名次",
            Reading::Mixed => "加分在已完成的单位中排名次，扣分在全部参加排位的单位中排名次",
        }
    }

    /// Whether an award from this end counts places only among units whose condition holds.
    pub(crate) fn filters_first(self, from: From) -> bool {
        match self {
            Reading::RankThenFilter => false,
            Reading::FilterThenRank => true,
            Reading::Mixed => from == From::Top,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ties {
    /// 1, 1, 3: all units on a place get that place's award.
    #[default]
    SharePlace,
    /// Broken by the exact completion, then shared.
    Completion,
    /// The awards of the places taken are averaged.
    SplitPoints,
}
words!(Ties { SharePlace = "share_place", Completion = "completion", SplitPoints = "split_points" });

impl Ties {
    pub fn name(self) -> &'static str {
        match self {
            Ties::SharePlace => "并列同取较好名次，其后名次顺延空出",
            Ties::Completion => "并列时比较完成率，仍相同则并列",
            Ties::SplitPoints => "并列单位平分所占名次的分值",
        }
    }
}

/// Whether a rule compares exact percentages or printed ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Compare {
    #[default]
    Exact,
    /// Percentages rounded to this many decimals, half away from zero.
    Digits(u32),
}

impl Compare {
    pub fn apply(self, rate: Rate) -> Rate {
        match self {
            Compare::Exact => rate,
            Compare::Digits(digits) => rate.rounded(digits),
        }
    }

    pub fn name(self) -> String {
        match self {
            Compare::Exact => "按精确值比较".to_owned(),
            Compare::Digits(digits) => format!("按百分数保留 {digits} 位小数后比较"),
        }
    }
}

impl fmt::Display for Compare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Compare::Exact => f.write_str("exact"),
            Compare::Digits(digits) => write!(f, "{digits}"),
        }
    }
}

impl FromStr for Compare {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "exact" => Ok(Compare::Exact),
            _ => match text.parse() {
                Ok(digits) if digits <= 6 => Ok(Compare::Digits(digits)),
                _ => Err(format!("不能写“{}”，请写 exact 或 0 至 6 的小数位数", crate::month::shorten(text))),
            },
        }
    }
}

impl Serialize for Compare {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Compare {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    Completed,
    NotCompleted,
    Always,
}

impl When {
    /// `None` while completion is not known.
    pub fn holds(self, completed: Option<bool>) -> Option<bool> {
        match self {
            When::Completed => completed,
            When::NotCompleted => completed.map(|completed| !completed),
            When::Always => Some(true),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum From {
    Top,
    Bottom,
    /// Everybody whose condition holds, without regard to places.
    All,
}

/// Who competes for one list of awards, where units stand in groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AwardGroup {
    /// Every group for itself, each with the whole list.
    Each,
    /// The units of this group alone.
    Named(String),
}

/// One list of awards: what each place gets, counted from one end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwardRule {
    pub when: When,
    pub from: From,
    /// Place 1 first; from the bottom, place 1 is the last. Where everybody gets the same, that alone.
    pub places: Vec<Rate>,
    /// 分, 万元; of what is counted (红牌) its measure word: 张.
    pub unit: String,
    /// What is given is no number but a thing: 红牌, 通报批评.
    pub count_as: Option<String>,
    pub group: Option<AwardGroup>,
    /// What closes this list to a unit.
    pub gates: Vec<super::Gate>,
}

impl AwardRule {
    pub fn new(when: When, from: From, places: Vec<Rate>, unit: impl Into<String>) -> Self {
        Self { when, from, places, unit: unit.into(), count_as: None, group: None, gates: Vec::new() }
    }

    /// Whether it rewards: counted from the top, or given to all who did not fall short.
    pub fn is_bonus(&self) -> bool {
        match self.from {
            From::Top => true,
            From::Bottom => false,
            From::All => self.when != When::NotCompleted,
        }
    }

    /// What stands behind the number: 分, 万元, 张红牌.
    pub fn counted_in(&self) -> String {
        format!("{}{}", self.unit, self.count_as.as_deref().unwrap_or_default())
    }
}
