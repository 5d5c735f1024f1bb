//! Targets, standings, assessment and bulletins of a government's annual investment plans,
//! as pure computation over facts.
//!
//! Reading order: [`money`], [`rate`], [`month`], [`region`] are the exact small types;
//! [`plan`] is the plan and its file form; [`returns`] the reported figures; [`standing`] turns both
//! into one standing per unit; [`entry`] is the form they come from, [`head`] reads the heads of tables, [`workflow`] its way, [`rights`] who may take it;
//! [`assessment`] places units and gives awards; [`overview`] is the whole plan at a period; [`bulletin`] says it in
//! words.
//!
//! Deliberately absent: async, IO, a clock, randomness, and floats for money or rates.

pub mod assessment;
pub mod budget;
pub mod bulletin;
pub mod calendar;
pub mod canonical;
pub mod comparison;
pub mod correction;
pub mod day;
pub mod entry;
pub mod evidence;
pub mod firms;
pub mod fund;
pub mod head;
pub mod hidden;
pub mod holidays;
pub mod letterhead;
mod lookup;
pub mod money;
pub mod month;
pub mod overview;
pub mod personal;
pub mod places;
pub mod plan;
pub mod policy;
pub mod projects;
pub mod public_notice;
pub mod rate;
pub mod recognition;
pub mod region;
pub mod returns;
pub mod rights;
pub mod roster;
pub mod selection;
pub mod shown;
pub mod standing;
pub mod tasks;
pub mod timeliness;
pub mod toml_words;
pub mod watched;
pub mod workflow;
pub mod year_end;
pub mod years;

/// One thing wrong with an input, where it is, and what to write instead.
///
/// Bad input is a list of these, never the first failure only.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// Line in the file, counted from 1; 0 when the problem belongs to the file as a whole.
    pub line: usize,
    /// The sentence: what is wrong, and what to write.
    pub message: String,
}

impl Problem {
    pub fn new(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }

    /// With the line that it is about, if it is about one.
    pub fn sentence(self) -> String {
        match self.line {
            0 => self.message,
            line => format!("第 {line} 行：{}", self.message),
        }
    }
}

/// So many sentences about one file are listed at once.
pub const LISTED: usize = 200;

/// The first sentences, and how many more there are: one misplaced column makes as many as the file has rows.
pub fn listed(sentences: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut sentences = sentences.into_iter();
    let mut listed: Vec<String> = sentences.by_ref().take(LISTED).collect();
    let more = sentences.count();
    listed.extend((more > 0).then(|| format!("……另有 {more} 处没有列出，请先改好上面这些")));
    listed
}
