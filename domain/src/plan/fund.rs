//! What a plan lends, guarantees and appropriates: `[[fund]]`; and the lists it asks for: `[[list]]`. What the document
//! leaves open (whether what came back is used again, who bears which share, how days are counted) stays open here.

use serde::{Deserialize, Serialize};

use crate::money::Amount;
use crate::rate::Rate;

/// What a fund does with its money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 基金投放: money that is paid back with interest.
    Loan,
    /// 担保: banks lend, and what is not paid back is paid by the guarantor.
    Guarantee,
    /// 专项资金: money that is given.
    Grant,
}

impl Kind {
    pub const ALL: [Kind; 3] = [Kind::Loan, Kind::Guarantee, Kind::Grant];

    pub fn word(self) -> &'static str {
        match self {
            Kind::Loan => "loan",
            Kind::Guarantee => "guarantee",
            Kind::Grant => "grant",
        }
    }
}

/// By how many days a year's interest is divided; the days themselves are counted as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DayCount {
    #[serde(rename = "actual/360")]
    By360,
    #[serde(rename = "actual/365")]
    By365,
}

impl DayCount {
    pub const ALL: [DayCount; 2] = [DayCount::By360, DayCount::By365];

    pub fn word(self) -> &'static str {
        match self {
            DayCount::By360 => "actual/360",
            DayCount::By365 => "actual/365",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|count| count.word() == text)
    }

    pub fn name(self) -> &'static str {
        match self {
            DayCount::By360 => "实际天数/360",
            DayCount::By365 => "实际天数/365",
        }
    }

    pub fn days(self) -> i128 {
        match self {
            DayCount::By360 => 360,
            DayCount::By365 => 365,
        }
    }
}

/// A fund, a guarantee or an appropriation whose movements are recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fund {
    pub id: String,
    pub title: String,
    pub clause: Option<String>,
    pub quote: Option<String>,
    pub kind: Kind,
    /// The most that may be committed.
    pub quota: Option<Amount>,
    /// Whether what was paid back, or released, may be committed again; `None` where the document does not say.
    pub revolving: Option<bool>,
    /// The most that one firm may have.
    pub per_firm: Option<Amount>,
    /// `None`: every contract states its own.
    pub day_count: Option<DayCount>,
    /// Who bears which share of what a guarantee costs; empty where the document does not say.
    pub shares: Vec<(String, Rate)>,
    /// The goal whose reported figure stands beside what is committed.
    pub goal: Option<String>,
    /// Whether visitors may read its sums.
    pub publish: bool,
    pub assumed: Vec<String>,
}

/// What the lines of a list are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Firm,
    Platform,
    Standard,
    Product,
    /// A project, a line, a workshop.
    Project,
}

impl Of {
    pub const ALL: [Of; 5] = [Of::Firm, Of::Platform, Of::Standard, Of::Product, Of::Project];

    pub fn word(self) -> &'static str {
        match self {
            Of::Firm => "firm",
            Of::Platform => "platform",
            Of::Standard => "standard",
            Of::Product => "product",
            Of::Project => "project",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Of::Firm => "企业",
            Of::Platform => "平台",
            Of::Standard => "标准",
            Of::Product => "产品或技术",
            Of::Project => "项目",
        }
    }
}

/// A list that the document asks for, by the title under which its lines are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    pub title: String,
    pub of: Of,
    /// The levels that it may have; empty: any.
    pub levels: Vec<String>,
    pub clause: Option<String>,
    pub quote: Option<String>,
}
