//! What a bulletin says, as data: sentences whose numbers know where they came from, titles, and what the office
//! rewrote.

use serde::{Deserialize, Serialize};

/// A headed run of sentences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paragraph {
    /// 一、总体进度; empty for the lead.
    pub heading: String,
    pub sentences: Vec<Vec<Span>>,
}

/// Words, or a number with the row it is explained in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    Text(String),
    /// `text` as printed; `region` names the row of the source table, `exact` the unrounded figure.
    Number {
        text: String,
        region: String,
        exact: String,
    },
}

/// The text of a sentence without its links.
pub fn plain(sentence: &[Span]) -> String {
    sentence
        .iter()
        .map(|span| match span {
            Span::Text(text) | Span::Number { text, .. } => text.as_str(),
        })
        .collect()
}

/// Titles that state the finding.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Headlines {
    pub table: String,
    pub cumulative: String,
    pub bullet: String,
    pub growth: String,
    pub quadrant: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub slope: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub paths: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub contribution: String,
    /// Where places follow a score.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub score: String,
}

/// A sentence that is not as composed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edited {
    /// Its place in the bulletin: paragraph and sentence; `None` for one that was left out.
    pub place: Option<(usize, usize)>,
    /// What the figures said; empty for a sentence that was added.
    pub composed: String,
    /// More than blanks, punctuation and neutral words was changed.
    pub leaves_figures: bool,
}
