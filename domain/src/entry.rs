//! The entry form of a unit: its rows, what was typed understood, what follows from it, and the checks.
//!
//! Hard checks stop a submission, never a draft. Soft checks ask for an explanation that the reviewer sees.

mod doubts;
mod growth;
mod number;
mod paste;
mod unreadable;

pub use doubts::{Doubt, Due, Remark, of_rows};
pub use growth::{TRIANGLES, UnderstoodGrowth, understand_growth};
pub use number::{Understood, is_plain, understand};
pub use paste::{Pasted, paste};
use serde::{Deserialize, Serialize};

use crate::money::{Amount, Measure};
use crate::month::Period;
use crate::plan::{Goal, Kind, Plan, Split};
use crate::rate::Rate;
use crate::region::RegionId;
use crate::returns::Figures;

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

/// One thing that can be typed: a box of a row, or one of the texts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    Row { goal: String, region: RegionId, field: Field },
    Text(Topic),
}

impl Cell {
    /// `investment/350181/value`, `text/progress`: the name of the form's field and of the stored draft.
    pub fn id(&self) -> String {
        match self {
            Cell::Row { goal, region, field } => format!("{goal}/{region}/{}", field.id()),
            Cell::Text(topic) => format!("text/{}", topic.id()),
        }
    }

    pub fn parse(id: &str) -> Option<Self> {
        let parts: Vec<&str> = id.split('/').collect();
        match parts[..] {
            ["text", topic] => Topic::ALL.into_iter().find(|known| known.id() == topic).map(Cell::Text),
            [goal, region, field] => {
                let field = Field::ALL.into_iter().find(|known| known.id() == field)?;
                Some(Cell::Row { goal: goal.to_owned(), region: region.to_owned(), field })
            }
            _ => None,
        }
    }
}

/// One row of the form: a goal in which the unit, or a unit within it, stands in the split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryLine {
    pub goal: String,
    pub goal_name: String,
    pub region: RegionId,
    pub name: String,
    /// 其中 of this unit.
    pub within: Option<RegionId>,
    pub measure: Measure,
    /// The last month of the period being reported.
    pub month: u32,
    /// The value is a growth in percent: there is no amount, base or pace.
    pub percent: bool,
    pub flow: bool,
    pub no_target: bool,
    /// Growth counts for this goal: without a base there is none.
    pub needs_base: bool,
    pub target: Option<Amount>,
    pub target_growth: Option<Rate>,
    /// What the target makes due by this month: figures far from it are slips of the unit.
    pub due: Option<Due>,
    /// The newest earlier figure of the year, and the one before it.
    pub previous: Option<(Period, Amount)>,
    pub before_previous: Option<(Period, Amount)>,
    /// The first later figure of the year: this one is being corrected.
    pub next: Option<(Period, Amount)>,
    /// Last year's figure of the same period, where it is known.
    pub proposed_base: Option<Amount>,
    /// What the office asks about this figure, until it is answered.
    pub question: Option<String>,
}

/// A goal whose figure is itself a growth in percent.
pub fn is_percent(goal: &Goal) -> bool {
    matches!(goal.kind, Kind::Growth | Kind::AverageGrowth)
}

/// The units that report, in the order of the plan: (region, name).
pub fn units(plan: &Plan) -> Vec<(RegionId, String)> {
    let mut found: Vec<(RegionId, String)> = Vec::new();
    for split in plan.goals.iter().flat_map(|goal| &goal.splits).filter(|split| split.within.is_none()) {
        if !found.iter().any(|(region, _)| *region == split.region) {
            found.push((split.region.clone(), split.name.clone()));
        }
    }
    found
}

/// The rows of a unit's form, in the plan's order; 其中 rows under their unit.
///
/// `figures` are those in force, with what the unit has submitted on the way.
pub fn lines(plan: &Plan, unit: &str, period: Period, figures: &Figures) -> Vec<EntryLine> {
    let of_goal = |goal: &Goal| -> Vec<EntryLine> {
        let reports =
            |split: &&Split| (split.region == unit && split.within.is_none()) || split.within.as_deref() == Some(unit);
        let own = goal.splits.iter().filter(reports);
        own.map(|split| line(plan, goal, split, period, figures)).collect()
    };
    plan.goals.iter().flat_map(of_goal).collect()
}

fn line(plan: &Plan, goal: &Goal, split: &Split, period: Period, figures: &Figures) -> EntryLine {
    let target = split.target(period.year);
    let growth_counts = target.is_some_and(|target| target.growth.is_some())
        || goal.target(period.year).is_some_and(|target| target.growth.is_some())
        || plan.assessment(&goal.id).is_some();
    EntryLine {
        within: split.within.clone(),
        no_target: split.no_target,
        needs_base: goal.kind.is_flow() && growth_counts && !split.no_target,
        target: target.and_then(|target| target.value),
        target_growth: target.and_then(|target| target.growth),
        due: Due::of_unit(goal, split, period),
        ..row(goal, (&split.region, &split.name), period, figures)
    }
}

/// A region of a goal with what it has reported, without a target.
fn row(goal: &Goal, (region, name): (&str, &str), period: Period, figures: &Figures) -> EntryLine {
    let previous = figures.previous_value(&goal.id, period, region);
    let before_previous = previous.and_then(|(at, _)| figures.previous_value(&goal.id, at, region));
    let last_year = Period { year: period.year - 1, month: period.month };
    EntryLine {
        goal: goal.id.clone(),
        goal_name: goal.name.clone(),
        region: region.to_owned(),
        name: name.to_owned(),
        within: None,
        measure: goal.measure.clone(),
        month: period.month,
        percent: is_percent(goal),
        flow: goal.kind.is_flow(),
        no_target: false,
        needs_base: false,
        target: None,
        target_growth: None,
        due: None,
        previous,
        before_previous,
        next: figures.next_value(&goal.id, period, region),
        proposed_base: figures.get(&goal.id, last_year, region).and_then(|figure| figure.value),
        question: None,
    }
}

/// The row of a region in a file: of a unit, or of the whole with the plan's total as its target.
fn line_of(plan: &Plan, goal: &Goal, region: &str, period: Period, figures: &Figures) -> EntryLine {
    if let Some(split) = goal.split(region) {
        return line(plan, goal, split, period, figures);
    }
    let target = goal.target(period.year);
    EntryLine {
        target: target.and_then(|target| target.value),
        target_growth: target.and_then(|target| target.growth),
        due: Due::of_whole(goal, period),
        ..row(goal, (region, &plan.region.name), period, figures)
    }
}

impl EntryLine {
    pub fn cell(&self, field: Field) -> Cell {
        Cell::Row { goal: self.goal.clone(), region: self.region.clone(), field }
    }

    /// `福清市`, `其中：高新区`, with the goal where the form has several.
    pub fn label(&self) -> String {
        if self.within.is_some() { format!("其中：{}", self.name) } else { self.name.clone() }
    }

    /// The unit printed behind what is typed.
    pub fn unit(&self) -> &str {
        if self.percent { "%" } else { &self.measure.unit }
    }
}

/// What somebody typed into a row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Typed {
    pub value: String,
    pub base: String,
    pub note: String,
    pub answer: String,
}

/// A row after reading and checking.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EntryCheck {
    pub value: Option<Amount>,
    pub base: Option<Amount>,
    /// What was typed into a row of percent.
    pub stated_growth: Option<Rate>,
    pub note: String,
    pub answer: String,
    /// The amount since the figure before, where that is the month before.
    pub month: Option<Amount>,
    pub growth: Option<Rate>,
    pub completion: Option<Rate>,
    /// How a text was understood, where that was not plain.
    pub said: Vec<(Field, String)>,
    pub hard: Vec<Remark>,
    pub soft: Vec<Remark>,
}

impl EntryCheck {
    fn wrong(&mut self, field: Field, sentence: impl Into<String>) {
        let sentence = sentence.into();
        self.hard.push(Remark { field, fact: sentence.clone(), sentence, doubt: None });
    }

    pub fn is_empty(&self) -> bool {
        self.value.is_none() && self.stated_growth.is_none()
    }
}

/// Reads and checks all rows of a form; `typed` are as many as `lines`.
pub fn check(lines: &[EntryLine], typed: &[Typed]) -> Vec<EntryCheck> {
    let mut checked: Vec<EntryCheck> = lines.iter().zip(typed).map(|(line, typed)| check_line(line, typed)).collect();
    for index in 0..lines.len() {
        let whole =
            |line: &EntryLine| line.goal == lines[index].goal && Some(&line.region) == lines[index].within.as_ref();
        let Some(whole) = lines.iter().position(whole) else { continue };
        let doubt = doubts::within((&lines[index], checked[index].value), (&lines[whole].name, checked[whole].value));
        checked[index].soft.extend(doubt);
    }
    for (line, row) in lines.iter().zip(&mut checked) {
        require(line, row);
    }
    checked
}

fn check_line(line: &EntryLine, typed: &Typed) -> EntryCheck {
    let mut row = EntryCheck {
        note: typed.note.trim().to_owned(),
        answer: typed.answer.trim().to_owned(),
        ..EntryCheck::default()
    };
    if typed.note.chars().count() > TEXT_LIMIT {
        row.wrong(Field::Note, format!("说明超过 {TEXT_LIMIT} 字，请缩短。"));
    }
    if typed.answer.chars().count() > TEXT_LIMIT {
        row.wrong(Field::Answer, format!("答复超过 {TEXT_LIMIT} 字，请缩短。"));
    }
    if line.percent {
        check_percent(&mut row, &typed.value);
        return row;
    }
    row.value = read(line, Field::Value, &typed.value, &mut row);
    row.base = match typed.base.trim() {
        "" => line.proposed_base,
        _ => read(line, Field::Base, &typed.base, &mut row),
    };
    row.growth = row.value.zip(row.base).and_then(|(value, base)| Rate::growth(value, base));
    row.completion = row.value.zip(line.target).and_then(|(value, target)| Rate::of(value, target));
    row.month = row.value.and_then(|value| month_alone(line, value));
    row.soft = doubts::of_figure(line, row.value, row.base, row.growth);
    row
}

fn read(line: &EntryLine, field: Field, text: &str, row: &mut EntryCheck) -> Option<Amount> {
    match understand(&line.measure, text) {
        Ok(understood) => {
            let understood = understood?;
            row.said.extend(understood.said.map(|said| (field, said)));
            Some(understood.amount)
        }
        Err(sentence) => {
            row.wrong(field, format!("{}：{sentence}。", field.name()));
            None
        }
    }
}

fn check_percent(row: &mut EntryCheck, text: &str) {
    match understand_growth(text, None) {
        Ok(None) => {}
        Ok(Some(UnderstoodGrowth { rate, said })) => {
            (row.stated_growth, row.growth) = (Some(rate), Some(rate));
            row.said.extend(said.map(|said| (Field::Value, said)));
            row.soft = doubts::of_growth(rate).into_iter().collect();
        }
        Err(error) => row.wrong(Field::Value, format!("{}：{error}。", Field::Value.name())),
    }
}

/// Only two neighbouring cumulative figures give a month.
fn month_alone(line: &EntryLine, value: Amount) -> Option<Amount> {
    line.previous.filter(|(at, _)| at.month + 1 == line.month).map(|(_, before)| Amount(value.0 - before.0))
}

/// What a submission may not lack: the figure, its base where growth counts, an explanation of each doubt.
fn require(line: &EntryLine, row: &mut EntryCheck) {
    let unreadable = |row: &EntryCheck, field: Field| row.hard.iter().any(|remark| remark.field == field);
    if row.is_empty() && !line.no_target && !unreadable(row, Field::Value) {
        row.wrong(Field::Value, "还没有填本期累计；确实没有完成的请填 0。");
    }
    if row.value.is_some() && row.base.is_none() && line.needs_base && !unreadable(row, Field::Base) {
        row.wrong(Field::Base, "还没有填去年同期；没有它算不出增幅。");
    }
    if line.question.is_some() && row.answer.is_empty() {
        row.wrong(Field::Answer, "办公室问到了这个数，请在“答复”里写明情况。");
    }
    if !row.soft.is_empty() && row.note.chars().count() < NOTE_LEAST {
        row.wrong(Field::Note, format!("带 ▲ 的提示需要在“说明”里写明原因，至少 {NOTE_LEAST} 个字。"));
    }
}

/// What is frozen with a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub plan: String,
    pub period: Period,
    pub unit: RegionId,
    pub unit_name: String,
    pub rows: Vec<ContentRow>,
    /// In the order of [`Topic::ALL`]: (topic, text).
    pub texts: Vec<(String, String)>,
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
    pub fn text(&self, topic: Topic) -> &str {
        self.texts.iter().find(|(id, _)| id == topic.id()).map_or("", |(_, text)| text)
    }

    pub fn row(&self, goal: &str, region: &str) -> Option<&ContentRow> {
        self.rows.iter().find(|row| row.goal == goal && row.region == region)
    }

    pub fn doubts(&self) -> usize {
        self.rows.iter().map(|row| row.doubts.len()).sum()
    }
}

/// Text as it is kept: `\n` line ends, no control characters that a database or a terminal would act on, none that turn
/// the direction of what follows.
pub fn clean(text: &str) -> String {
    let unix = text.replace("\r\n", "\n").replace('\r', "\n");
    let turns = |c: &char| matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    unix.chars()
        .filter(|c| (!c.is_control() || matches!(c, '\n' | '\t')) && !turns(c))
        .collect::<String>()
        .trim_end()
        .to_owned()
}
