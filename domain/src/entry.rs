//! The entry form of a unit: its rows, what was typed understood, what follows from it, and the checks.
//!
//! Hard checks stop a submission, never a draft. Soft checks ask for an explanation that the reviewer sees.

mod as_typed;
mod check;
mod doubts;
mod due;
mod growth;
mod lines;
mod number;
mod paste;
mod unreadable;

pub use check::{Derived, EntryCheck, Typed, check};
pub use doubts::{Doubt, Remark, of_rows};
pub use due::Due;
pub use growth::{TRIANGLES, UnderstoodGrowth, understand_growth};
pub use lines::{EntryLine, Whose, cells_read, lines, lines_by_unit};
pub use number::{Understood, is_plain, understand};
pub use paste::{Pasted, paste};
use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::money::Amount;
use crate::month::Period;
use crate::plan::meaning::What;
use crate::plan::{Goal, Kind, Plan, Round};
use crate::projects::sheet::ContentProject;
use crate::rate::Rate;
use crate::region::RegionId;

/// Longest text of one box, and of an explanation, in characters.
pub const TEXT_LIMIT: usize = 1000;

/// An explanation shorter than this explains nothing.
pub const NOTE_LEAST: usize = 10;

/// The four short texts of a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    Progress,
    Experience,
    Problems,
    Next,
}

impl Topic {
    pub const ALL: [Topic; 4] = [Topic::Progress, Topic::Experience, Topic::Problems, Topic::Next];

    pub fn id(self) -> &'static str {
        match self {
            Topic::Progress => "progress",
            Topic::Experience => "experience",
            Topic::Problems => "problems",
            Topic::Next => "next",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Topic::Progress => "进展",
            Topic::Experience => "成效经验",
            Topic::Problems => "存在问题",
            Topic::Next => "下步措施",
        }
    }
}

/// What is typed into one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    Value,
    Base,
    /// Why a soft check is no mistake.
    Note,
    /// To what the office asked when it sent the return back.
    Answer,
}

impl Field {
    pub const ALL: [Field; 4] = [Field::Value, Field::Base, Field::Note, Field::Answer];

    /// Those in the table, in the order of its columns: where a pasted block goes.
    pub const COLUMNS: [Field; 3] = [Field::Value, Field::Base, Field::Note];

    pub fn id(self) -> &'static str {
        match self {
            Field::Value => "value",
            Field::Base => "base",
            Field::Note => "note",
            Field::Answer => "answer",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Field::Value => "本期累计",
            Field::Base => "去年同期",
            Field::Note => "说明",
            Field::Answer => "答复",
        }
    }
}

/// A box for words: of the return as a whole, or of one goal where the unit reports texts by goal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextBox {
    pub goal: Option<String>,
    pub topic: Topic,
}

impl TextBox {
    /// The four of a return as a whole.
    pub const fn of_return(topic: Topic) -> Self {
        Self { goal: None, topic }
    }

    /// `progress`, `lines/progress`: as a submission freezes it.
    pub fn key(&self) -> String {
        match &self.goal {
            Some(goal) => format!("{goal}/{}", self.topic.id()),
            None => self.topic.id().to_owned(),
        }
    }
}

/// The boxes for words of a unit's form: four for each goal it reports texts of, else four for the return.
pub fn text_boxes(plan: &Plan, unit: &str, round: &Round) -> Vec<TextBox> {
    // Of projects each line has words of its own.
    if round.rhythm == crate::plan::projects::RHYTHM {
        return Vec::new();
    }
    let reports = |goal: &&Goal| plan.reporting(goal, What::Text).any(|found| found.id == unit);
    if !plan.goals.iter().any(|goal| reports(&goal)) {
        return Topic::ALL.map(TextBox::of_return).to_vec();
    }
    let goals = plan.goals.iter().filter(reports).filter(|goal| plan.is_due(goal, round));
    goals.flat_map(|goal| Topic::ALL.map(|topic| TextBox { goal: Some(goal.id.clone()), topic })).collect()
}

/// One thing that can be typed: a box of a row, or one of the texts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    Row { goal: String, region: RegionId, field: Field },
    Text(TextBox),
}

impl Cell {
    /// `investment/350181/value`, `text/progress`, `text/lines/progress`: the name of the form's field and of the
    /// stored draft.
    pub fn id(&self) -> String {
        match self {
            Cell::Row { goal, region, field } => format!("{goal}/{region}/{}", field.id()),
            Cell::Text(text) => format!("text/{}", text.key()),
        }
    }

    pub fn parse(id: &str) -> Option<Self> {
        let parts: Vec<&str> = id.split('/').collect();
        let topic = |written: &str| Topic::ALL.into_iter().find(|known| known.id() == written);
        match parts[..] {
            ["text", of] => topic(of).map(TextBox::of_return).map(Cell::Text),
            // No field of a row is called as a topic is, so that a goal may be called text.
            ["text", goal, of] if topic(of).is_some() => {
                Some(Cell::Text(TextBox { goal: Some(goal.to_owned()), topic: topic(of)? }))
            }
            [goal, region, field] => {
                let field = Field::ALL.into_iter().find(|known| known.id() == field)?;
                Some(Cell::Row { goal: goal.to_owned(), region: region.to_owned(), field })
            }
            _ => None,
        }
    }
}

/// A goal whose figure is itself a percentage: a growth, or a completion.
pub fn is_percent(goal: &Goal) -> bool {
    matches!(goal.kind, Kind::Growth | Kind::AverageGrowth | Kind::Completion)
}

/// The units that report, in the order of the plan: (region, name).
pub fn units(plan: &Plan) -> Vec<(RegionId, String)> {
    let figures = named(plan, plan.goals.iter().flat_map(|goal| plan.reporters(goal)), Vec::new());
    let texts = plan.goals.iter().flat_map(|goal| plan.reporting(goal, What::Text));
    named(plan, texts.map(|unit| unit.id.as_str()), figures)
}

/// Everybody who may have posts: who reports figures or texts, every other row of a split that is no category, and
/// every other declared unit, which may have tasks.
pub fn units_with_posts(plan: &Plan) -> Vec<(RegionId, String)> {
    let rows = plan.goals.iter().flat_map(|goal| &goal.splits);
    let rows = rows.filter(|split| !plan.categories.iter().any(|category| category.id == split.region));
    let others = rows.map(|split| split.region.as_str()).chain(plan.units.iter().map(|unit| unit.id.as_str()));
    named(plan, others, units(plan))
}

/// Those of them that have something to report in this round: figures or texts.
pub fn units_due(plan: &Plan, round: &Round) -> Vec<(RegionId, String)> {
    let due: Vec<&Goal> = plan.goals.iter().filter(|goal| plan.is_due(goal, round)).collect();
    let rows = due.iter().flat_map(|goal| plan.reported_rows(goal, round.period)).map(|(unit, _)| unit);
    let with_rows: HashSet<&str> = rows.chain(due.iter().filter_map(|goal| plan.states_total(goal))).collect();
    let has_text = |unit: &str| due.iter().any(|goal| plan.reporting(goal, What::Text).any(|named| named.id == unit));
    let runs = |unit: &str| plan.unit(unit).and_then(|unit| unit.until).is_none_or(|until| round.period <= until);
    units(plan)
        .into_iter()
        .filter(|(unit, _)| with_rows.contains(unit.as_str()) || (has_text(unit) && runs(unit)))
        .collect()
}

/// Adds units by their ids with their names, each once.
fn named<'p>(
    plan: &'p Plan,
    ids: impl Iterator<Item = &'p str>,
    mut found: Vec<(RegionId, String)>,
) -> Vec<(RegionId, String)> {
    let mut known: HashSet<RegionId> = found.iter().map(|(id, _)| id.clone()).collect();
    for id in ids.filter(|id| known.insert((*id).to_owned())) {
        let row = || plan.goals.iter().find_map(|goal| goal.split(id)).map(|split| split.name.clone());
        let name = row().or_else(|| plan.unit(id).map(|unit| unit.name.clone()));
        found.extend(name.map(|name| (id.to_owned(), name)));
    }
    found
}

/// What is frozen with a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub plan: String,
    /// Of [`Round`]: empty for `[calendar]`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rhythm: String,
    pub period: Period,
    pub unit: RegionId,
    pub unit_name: String,
    pub rows: Vec<ContentRow>,
    /// In the order of [`text_boxes`]: ([`TextBox::key`], text).
    pub texts: Vec<(String, String)>,
    /// Of the rhythm in which projects are reported.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub projects: Vec<ContentProject>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentRow {
    pub goal: String,
    pub region: RegionId,
    pub value: Option<Amount>,
    pub base: Option<Amount>,
    pub growth: Option<Rate>,
    pub note: String,
    /// The soft checks it was submitted with.
    pub doubts: Vec<String>,
    /// What the office had asked, and what the county answered.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub question: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub answer: String,
}

impl Content {
    pub fn text(&self, of: &TextBox) -> &str {
        let key = of.key();
        self.texts.iter().find(|(id, _)| *id == key).map_or("", |(_, text)| text)
    }

    pub fn row(&self, goal: &str, region: &str) -> Option<&ContentRow> {
        self.rows.iter().find(|row| row.goal == goal && row.region == region)
    }

    pub fn doubts(&self) -> usize {
        let of_projects = self.projects.iter().map(|line| line.doubts.len());
        self.rows.iter().map(|row| row.doubts.len()).chain(of_projects).sum()
    }
}

/// What is one line wherever it stands, a name or a paper's number: breaks and runs of blanks are one blank.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text as it is kept: `\n` line ends, and nothing that no reader sees ([`crate::hidden`]).
pub fn clean(text: &str) -> String {
    let unix = text.replace("\r\n", "\n").replace('\r', "\n");
    unix.chars().filter(|c| !crate::hidden::is_hidden(*c)).collect::<String>().trim_end().to_owned()
}
