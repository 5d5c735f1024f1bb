//! What islands send and get: texts as printed, no rule.

use serde::{Deserialize, Serialize};

/// The name of the page's `meta` that says under which path the site stands.
pub const BASE: &str = "base";

/// Where a unit would stand with some more investment, as printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhatIfAnswer {
    /// Sentences; the first is the finding.
    pub lines: Vec<String>,
    /// The text could not be understood; `lines` says what to write.
    pub is_error: bool,
}

/// One sentence about one box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// `wrong` stops a submission, `doubt` needs an explanation, `said` tells how a text was understood.
    pub kind: String,
    pub cell: String,
    pub text: String,
}

/// What follows from a row, as printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowView {
    /// Goal and region.
    pub row: String,
    pub month: String,
    pub growth: String,
    pub completion: String,
    pub messages: Vec<Message>,
}

/// A box as sent by the island.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedCell {
    pub cell: String,
    /// The version the page showed.
    pub seen: i64,
    pub text: String,
}

/// A box that somebody else saved in between.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    pub cell: String,
    /// What the box is called.
    pub name: String,
    pub version: i64,
    pub text: String,
    /// Who and when.
    pub by: String,
}

/// What a save did. Nothing was saved where there are conflicts or a problem.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// Box and version in force.
    pub versions: Vec<(String, i64)>,
    pub rows: Vec<RowView>,
    /// What is wrong with the four texts.
    pub texts: Vec<Message>,
    /// `14:03`.
    pub at: String,
    pub conflicts: Vec<Conflict>,
    /// A sentence that no retry mends.
    pub problem: Option<String>,
}

/// A box that a paste would fill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastedCell {
    pub cell: String,
    pub row_name: String,
    pub before: String,
    pub after: String,
    /// An amount of money: another unit than the heading's can be put behind it.
    pub money: bool,
}

/// What a paste would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paste {
    pub rows: usize,
    pub columns: usize,
    pub cells: Vec<PastedCell>,
    /// Boxes that hold something else now.
    pub overwritten: usize,
    /// What was left out, what looks doubtful.
    pub remarks: Vec<String>,
}

/// What an editor's form came to, in sentences.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanFindings {
    pub problems: Vec<String>,
    pub findings: Vec<String>,
    /// What the plan in force says otherwise.
    pub changes: Vec<String>,
    /// What that moves in the library of projects: the sum first.
    pub effects: Vec<String>,
}

/// A number with the unit somebody chose for a whole block behind it; anything else stays as it is.
pub fn with_unit(text: &str, unit: &str) -> String {
    let part = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c) || ",，.．。-－−()（） ".contains(c);
    let number = text.chars().all(part) && text.chars().any(|c| c.is_ascii_digit() || ('０'..='９').contains(&c));
    if number { format!("{}{unit}", text.trim()) } else { text.to_owned() }
}
