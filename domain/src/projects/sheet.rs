//! The sheet of projects: what a unit reports of each of its projects at a month's end, box by box.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::field::{Field, Place, doubts};
use super::{Entry, Stage, Step, measure};
use crate::month::Period;
use crate::plan::Plan;

/// In whose place questions about a line stand: no goal is called so.
pub const GOAL: &str = "project/line";

/// A box of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SheetBox {
    Of(Field),
    /// Why a soft check is no mistake.
    Note,
    /// To what the office asked.
    Answer,
}

impl SheetBox {
    /// Those with columns of their own, in their order: where a pasted block goes.
    pub const COLUMNS: [SheetBox; 5] = [
        SheetBox::Of(Field::ThisYear),
        SheetBox::Of(Field::SinceStart),
        SheetBox::Of(Field::Progress),
        SheetBox::Of(Field::Problem),
        SheetBox::Of(Field::Next),
    ];
    /// The dates that a unit reports.
    pub const DATES: [SheetBox; 4] = [
        SheetBox::Of(Field::ActualOf(Step::Start)),
        SheetBox::Of(Field::ActualOf(Step::Statistics)),
        SheetBox::Of(Field::ActualOf(Step::Finish)),
        SheetBox::Of(Field::ActualOf(Step::Production)),
    ];

    pub fn all() -> impl Iterator<Item = SheetBox> {
        Self::COLUMNS.into_iter().chain(Self::DATES).chain([SheetBox::Note, SheetBox::Answer])
    }

    /// No field of a row of figures is called so.
    pub fn id(self) -> &'static str {
        match self {
            SheetBox::Of(field) => field.id(),
            SheetBox::Note => "said",
            SheetBox::Answer => "reply",
        }
    }

    pub fn parse(id: &str) -> Option<Self> {
        Self::all().find(|known| known.id() == id)
    }

    pub fn name(self) -> &'static str {
        match self {
            SheetBox::Of(field) => field.name(),
            SheetBox::Note => "说明",
            SheetBox::Answer => "答复",
        }
    }
}

/// The name of a box in forms and drafts: `project/2021-018/this_year`.
pub fn cell(project: &str, of: SheetBox) -> String {
    format!("project/{project}/{}", of.id())
}

/// Reads it.
pub fn parse_cell(id: &str) -> Option<(&str, SheetBox)> {
    let (project, of) = id.strip_prefix("project/")?.rsplit_once('/')?;
    Some((project, SheetBox::parse(of)?))
}

/// Whether a unit reports a project at the end of a month.
pub fn is_on(entry: &Entry, unit: &str, period: Period) -> bool {
    let listed = entry.years.contains_key(&period.year);
    listed && entry.project.unit == unit && entry.stage(period) != Stage::Left
}

/// One project's line with what its boxes say understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetLine {
    pub id: String,
    pub name: String,
    /// As the library has it.
    pub before: Entry,
    /// As it would be.
    pub after: Entry,
    pub texts: BTreeMap<SheetBox, String>,
    /// What stops a submission: the box and the sentence.
    pub hard: Vec<(SheetBox, String)>,
    /// What is doubtful.
    pub soft: Vec<String>,
    /// What the office asks.
    pub question: Option<String>,
}

impl SheetLine {
    /// What its boxes say, put onto what the library has.
    pub fn new(
        plan: &Plan,
        before: &Entry,
        period: Period,
        texts: BTreeMap<SheetBox, String>,
        question: Option<String>,
    ) -> Self {
        let place = Place { plan, year: period.year, period: Some(period), measure: measure() };
        let mut after = before.clone();
        let mut hard = Vec::new();
        for (of, text) in &texts {
            let SheetBox::Of(field) = of else { continue };
            // Only what differs is set: a month alone stays a month, a day a day.
            if field.text(before, &place) != text.trim()
                && let Err(sentence) = field.set(&mut after, text, &place)
            {
                hard.push((*of, sentence));
            }
        }
        let mut soft = doubts(&after, period);
        let reported = after.returns.get(&period).is_some_and(|reported| reported.this_year.is_some());
        let building = matches!(after.stage(period), Stage::Started | Stage::Building | Stage::Suspended);
        if building && !reported {
            soft.push("在建项目没有填本年累计完成投资，将记为这一期没有报送".to_owned());
        }
        for of in SheetBox::DATES {
            let SheetBox::Of(Field::ActualOf(step)) = of else { continue };
            let done = after.steps.get(&step).and_then(|dates| dates.actual);
            if done.is_some_and(|done| done.month() > period) {
                hard.push((of, format!("实际日期不能晚于{}月，还没有完成的请留空", period.month)));
            }
        }
        if question.is_some() && texts.get(&SheetBox::Answer).is_none_or(|answer| answer.trim().is_empty()) {
            hard.push((SheetBox::Answer, "请答复办公室的疑问".to_owned()));
        }
        let own = &before.project;
        Self { id: own.id.clone(), name: own.name.clone(), before: before.clone(), after, texts, hard, soft, question }
    }

    pub fn text(&self, of: SheetBox) -> &str {
        self.texts.get(&of).map_or("", String::as_str)
    }

    /// What differs from the library: the box, what the library has, what is said.
    pub fn changes(&self, plan: &Plan, period: Period) -> Vec<(Field, String, String)> {
        let place = Place { plan, year: period.year, period: Some(period), measure: measure() };
        let fields = SheetBox::all().filter_map(|of| match of {
            SheetBox::Of(field) => Some(field),
            SheetBox::Note | SheetBox::Answer => None,
        });
        let both = fields.map(|field| (field, field.text(&self.before, &place), field.text(&self.after, &place)));
        both.filter(|(_, before, after)| before != after).collect()
    }

    /// The same in words: `数字车间本年累计完成投资报的是1000，应为1200`.
    pub fn differences(&self, plan: &Plan, period: Period) -> Vec<String> {
        let shown =
            |text: String, unit: &str| if text.is_empty() { "空白".to_owned() } else { format!("{text}{unit}") };
        let said = self.changes(plan, period).into_iter().map(|(field, before, after)| {
            let unit = if field.is_money() { "万元" } else { "" };
            format!("{}{}报的是{}，应为{}", self.name, field.name(), shown(before, unit), shown(after, unit))
        });
        said.collect()
    }

    /// What is frozen with a submission.
    pub fn content(&self) -> ContentProject {
        let boxes = SheetBox::all().filter_map(|of| {
            let text = self.text(of).trim();
            (!text.is_empty() && of != SheetBox::Answer).then(|| (of.id().to_owned(), text.to_owned()))
        });
        ContentProject {
            project: self.id.clone(),
            name: self.name.clone(),
            boxes: boxes.collect(),
            doubts: self.soft.clone(),
            question: self.question.clone().unwrap_or_default(),
            answer: self.text(SheetBox::Answer).trim().to_owned(),
        }
    }
}

/// A project's line as it was submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentProject {
    pub project: String,
    pub name: String,
    /// Names of boxes with what stood in them.
    pub boxes: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub question: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub answer: String,
}

impl ContentProject {
    pub fn text(&self, of: SheetBox) -> &str {
        match of {
            SheetBox::Answer => &self.answer,
            of => self.boxes.iter().find(|(id, _)| *id == of.id()).map_or("", |(_, text)| text),
        }
    }

    /// The line that its submission had, put onto what the library has now.
    pub fn line(&self, plan: &Plan, before: &Entry, period: Period) -> SheetLine {
        let texts = SheetBox::all().map(|of| (of, self.text(of).to_owned())).collect();
        let question = Some(self.question.clone()).filter(|question| !question.is_empty());
        SheetLine::new(plan, before, period, texts, question)
    }
}
