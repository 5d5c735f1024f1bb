//! What a goal's figure means beyond its kind: a level, a date, each of many, a share, a comparison, an average.

use std::collections::BTreeMap;

use super::projects::FromProjects;
use crate::money::Amount;
use crate::month::Period;
use serde::{Deserialize, Serialize};

/// What a plan file says of a goal besides its targets. Everything is optional: without it a goal means what it always
/// meant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Meaning {
    /// The document's own heading; pages and bulletins group by it.
    pub section: Option<String>,
    /// A level is stated, not what was added to it.
    pub stock: Option<Stock>,
    /// To be reached by the end of this period.
    pub due: Option<Period>,
    /// 3—5家: above the second number is said, not praised. By the year of the target; a target over several years
    /// stands under each of them.
    pub up_to: BTreeMap<i32, Amount>,
    pub made: Made,
    /// No number in the document: 全市平均水平, which the office states.
    pub compared_with: Option<String>,
    /// Watched without a target: value and growth, no verdict.
    pub watched: bool,
    /// The `[[rhythm]]` it is reported by; `[calendar]` where none is named.
    pub rhythm: Option<String>,
    /// Of a weekly or ten-day goal: the goal between whose periods it is drawn.
    pub watches: Option<String>,
    /// The row of a plan above that this goal carries out.
    pub parent: Option<Above>,
    /// Decimals its figures are printed with.
    pub decimals: Option<u32>,
    /// What its figures are multiples of.
    pub step: Option<Amount>,
    /// Its last period: it ended, and was not removed.
    pub until: Option<Period>,
    /// Who reports it, and what.
    pub duties: Vec<Duty>,
    /// The 牵头单位 that states the total in the office's place.
    pub stated_by: Option<String>,
    /// Counted in the library of projects, beside what is stated or in its place.
    pub from_projects: Option<FromProjects>,
    /// Counted from a list of recognised firms, beside what is stated.
    pub from_list: Option<FromList>,
    /// Which average growth judges, as somebody of the office chose; no file says it.
    pub judged_by: Option<ChosenAverage>,
}

/// 年均增速 by which it is judged, where growths and amounts may come to other verdicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AverageBy {
    /// The n-th root of Π(1 + gᵢ), of the growths as published.
    Compound,
    /// Their arithmetic mean.
    Arithmetic,
    /// The n-th root of the last year's amount over the base year's.
    Amounts,
}

impl AverageBy {
    pub const ALL: [AverageBy; 3] = [AverageBy::Compound, AverageBy::Arithmetic, AverageBy::Amounts];

    /// As stored and as written on the command line.
    pub fn word(self) -> &'static str {
        match self {
            AverageBy::Compound => "compound",
            AverageBy::Arithmetic => "arithmetic",
            AverageBy::Amounts => "amounts",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.word() == text)
    }

    pub fn name(self) -> &'static str {
        match self {
            AverageBy::Compound => "各年公布增幅的复合平均",
            AverageBy::Arithmetic => "各年公布增幅的算术平均",
            AverageBy::Amounts => "末年与基年的数折算的复合平均",
        }
    }
}

/// Who chose which average, when and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChosenAverage {
    pub by: AverageBy,
    pub reason: String,
    /// The post and its holder's name of the day.
    pub actor: String,
    /// UTC milliseconds.
    pub at: i64,
}

/// How the level of a stock began: 省级龙头企业 30家, of which 21 before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stock {
    /// Without it the level has no pace.
    pub start: Option<Amount>,
}

/// How a goal's figure comes about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Made {
    #[default]
    Reported,
    /// How many reach a target of their own: 每个县至少3个.
    Each(Each),
    /// One goal as a share of another: never typed.
    ShareOf { part: String, of: String },
    /// The average growth of another goal over the years.
    AverageOf(String),
}

/// A target that every unit of a sort, or every category, has for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Each {
    /// A sort of units (region, street …) or of categories.
    pub of: String,
    /// `None` where the goal is only watched: a row each, and nothing to reach.
    pub target: Option<Amount>,
    pub up_to: Option<Amount>,
}

/// A row of a plan above: 福州's 660亿元 of the province's split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Above {
    pub plan: String,
    pub goal: String,
    pub unit: String,
}

/// `from_list`: which list a goal's number is counted from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FromList {
    /// What the firms are recognised as: 绿色工厂.
    pub title: String,
    /// 国家级, 省级; all where none is named.
    pub levels: Vec<String>,
}

/// What a unit reports of a goal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// The id of a unit, or `sort:street` for all of a sort.
    pub by: String,
    pub what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Figure,
    /// 进展、成效经验、存在问题、下步措施.
    Text,
}
