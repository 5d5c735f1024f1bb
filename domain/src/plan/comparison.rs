//! 一季一评比: units compared with each other each quarter by several goals, beside each other or as one weighted sum.

use crate::plan::rules::RankBy;
use crate::rate::Rate;

/// `[[assessment]]` with `at = "quarter"`: it gives nothing and closes by being published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    pub id: String,
    /// 工业项目一季一评比.
    pub name: String,
    pub columns: Vec<Compared>,
    pub clause: Option<String>,
    pub quote: Option<String>,
    pub assumed: Vec<String>,
    pub responsible: Vec<String>,
}

impl Comparison {
    /// Whether the units have one place in all: every column has its weight.
    pub fn is_weighed(&self) -> bool {
        !self.columns.is_empty() && self.columns.iter().all(|column| column.weight.is_some())
    }
}

/// What the units are compared by: one goal's value, growth or completion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    pub goal: String,
    /// Never [`RankBy::Score`].
    pub by: RankBy,
    /// Points for a full 100%.
    pub weight: Option<Rate>,
}
