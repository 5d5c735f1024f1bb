//! 项目库: key projects as facts, and what follows from them. Money in whole 元, months in Asia/Shanghai.
//!
//! A project has three axes that are never one status: its stage ([`Stage`]), what a list asks of it in its year
//! ([`Role`]), and how its investment goes beside the plan ([`standing::Standing`]).

pub mod codes;
pub mod edition;
pub mod field;
pub mod filter;
pub mod rule_change;
pub mod sheet;
pub mod standing;
pub mod sums;
pub mod table;
mod when;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::money::{Amount, Measure};
use crate::month::Period;
use crate::region::RegionId;

pub use crate::plan::projects::Role;
pub use when::When;

/// What is known of one project whatever the year.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Project {
    /// Its number in the office's library, for ever.
    pub id: String,
    pub name: String,
    /// 项目代码 of the approval platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firm: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_code: Option<String>,
    /// The row of the plan it lies in.
    pub unit: RegionId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub industry: Option<String>,
    /// As the plan names its directions: 数字化改造.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<String>,
    /// 新建, 扩建, 改建.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nature: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Amount>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equipment: Option<Amount>,
    /// 达产产值: of a year at full capacity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Amount>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub funds: Option<String>,
    /// 责任单位: who sees to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    /// 挂钩领导 of the office's own level, and of the unit's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub official: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_official: Option<String>,
    /// 省重点, 百项千亿.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// Merged into, split into, or the same as these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub successors: Vec<String>,
}

/// One of the dates of a project's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// 备案
    Filing,
    /// 开工
    Start,
    /// 纳统: in the bureau's library
    Statistics,
    /// 竣工
    Finish,
    /// 投产
    Production,
    /// 验收
    Acceptance,
    /// 停建; its actual day alone counts, and only until the work goes on
    Suspension,
}

impl Step {
    pub const ALL: [Step; 7] = [
        Step::Filing,
        Step::Start,
        Step::Statistics,
        Step::Finish,
        Step::Production,
        Step::Acceptance,
        Step::Suspension,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Step::Filing => "filing",
            Step::Start => "start",
            Step::Statistics => "statistics",
            Step::Finish => "finish",
            Step::Production => "production",
            Step::Acceptance => "acceptance",
            Step::Suspension => "suspension",
        }
    }

    pub fn parse(id: &str) -> Option<Self> {
        Step::ALL.into_iter().find(|step| step.id() == id)
    }

    pub fn name(self) -> &'static str {
        match self {
            Step::Filing => "备案",
            Step::Start => "开工",
            Step::Statistics => "纳统",
            Step::Finish => "竣工",
            Step::Production => "投产",
            Step::Acceptance => "验收",
            Step::Suspension => "停建",
        }
    }
}

/// When a step was to be done, and when it was.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Dates {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<When>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<When>,
    /// Why it was put off, or why the work stands still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A project on the list of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    pub year: i32,
    pub role: Role,
    /// The year's plan of investment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<Amount>,
    /// Its own curve: what is to be reached at the end of months, cumulative.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_month: BTreeMap<u32, Amount>,
    /// 年度形象进度目标.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub milestone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entered: Option<When>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<When>,
    /// Why it entered or left, with the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// A reason for being late that the office accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excused: Option<String>,
}

/// What was reported of a project at the end of a month, both sums cumulative.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reported {
    /// 本年完成.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub this_year: Option<Amount>,
    /// 开工以来完成.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_start: Option<Amount>,
    /// 形象进度.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub progress: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub problem: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub next: String,
}

/// A project with all that is known of it for a plan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    pub project: Project,
    /// On the list of each year that it is on.
    pub years: BTreeMap<i32, Listed>,
    pub steps: BTreeMap<Step, Dates>,
    pub returns: BTreeMap<Period, Reported>,
}

impl Entry {
    pub fn planned(&self, step: Step) -> Option<When> {
        self.steps.get(&step).and_then(|dates| dates.planned)
    }

    /// When a step was done, where that is not after the end of a month.
    pub fn done(&self, step: Step, by: Period) -> Option<When> {
        self.steps.get(&step).and_then(|dates| dates.actual).filter(|when| when.month() <= by)
    }

    /// The stage at the end of a month: exactly one.
    pub fn stage(&self, at: Period) -> Stage {
        let listed = self.years.get(&at.year);
        let done = |step: Step| self.done(step, at);
        let left = listed.and_then(|listed| listed.left).is_some_and(|left| left.month() <= at);
        match () {
            () if left => Stage::Left,
            () if done(Step::Production).is_some() => Stage::Producing,
            () if done(Step::Finish).is_some() => Stage::Finished,
            () if done(Step::Suspension).is_some() => Stage::Suspended,
            () if done(Step::Start).is_some_and(|when| when.month() == at) => Stage::Started,
            () if done(Step::Start).is_some() => Stage::Building,
            // What a list carries on with was begun in an earlier year, whether or not it says when.
            () if listed.is_some_and(|listed| listed.role == Role::Continued) => Stage::Building,
            () if done(Step::Filing).is_some() => Stage::Preparing,
            () if listed.is_some_and(|listed| listed.role != Role::Reserve) => Stage::Preparing,
            () => Stage::Reserve,
        }
    }
}

/// How far a project is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Reserve,
    Preparing,
    /// In its first month.
    Started,
    Building,
    Finished,
    Producing,
    Suspended,
    Left,
}

impl Stage {
    pub const ALL: [Stage; 8] = [
        Stage::Reserve,
        Stage::Preparing,
        Stage::Started,
        Stage::Building,
        Stage::Finished,
        Stage::Producing,
        Stage::Suspended,
        Stage::Left,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Stage::Reserve => "reserve",
            Stage::Preparing => "preparing",
            Stage::Started => "started",
            Stage::Building => "building",
            Stage::Finished => "finished",
            Stage::Producing => "producing",
            Stage::Suspended => "suspended",
            Stage::Left => "left",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Stage::Reserve => "储备",
            Stage::Preparing => "前期",
            Stage::Started => "开工",
            Stage::Building => "在建",
            Stage::Finished => "竣工",
            Stage::Producing => "投产",
            Stage::Suspended => "停建",
            Stage::Left => "退库",
        }
    }

    pub fn is_started(self) -> bool {
        matches!(self, Stage::Started | Stage::Building | Stage::Finished | Stage::Producing)
    }
}

/// The measure of every amount of the library on pages and in files.
pub fn measure() -> Measure {
    Measure::wan_yuan()
}

/// What stands before a name where somebody is written with his office: 副市长王敏, 市工信局王敏.
const OFFICES: &str = "长任记员师理席办委局处科组书总工部厅院会心县区市";

/// Where in a box of officials each of them stands, as bytes: `县处级：副市长 王敏（分管工业）、李强` names 副市长 王敏 and 李强.
fn places(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let (mut begin, mut end, mut depth) = (0, None, 0_usize);
    let mut push = |begin: usize, end: usize| {
        let own = &text[begin..end];
        let from = begin + (own.len() - own.trim_start().len());
        let own = own.trim();
        if !own.is_empty() {
            found.push((from, from + own.len()));
        }
    };
    for (at, c) in text.char_indices() {
        let after = at + c.len_utf8();
        match c {
            '（' | '(' => {
                end.get_or_insert(at);
                depth += 1;
            }
            '）' | ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            '：' | ':' => (begin, end) = (after, None),
            // 副市长 王敏 is one person, 王敏 李强 are two.
            ' ' | '\u{3000}' if text[begin..at].trim_end().ends_with(|c| OFFICES.contains(c)) => {}
            '、' | '，' | ',' | ';' | '；' | '/' | '\n' | ' ' | '\u{3000}' => {
                push(begin, end.unwrap_or(at));
                (begin, end) = (after, None);
            }
            _ => {}
        }
    }
    push(begin, end.unwrap_or(text.len()));
    found
}

/// Whom a box of officials names, as it writes each: `副市长王敏`, `市工信局李强`.
pub fn people(text: &str) -> impl Iterator<Item = &str> {
    places(text).into_iter().map(|(from, to)| &text[from..to])
}

/// A box of officials with somebody in another's place, what stands around him kept; `None` where it does not name him.
pub fn succeed(text: &str, whom: &str, by: &str) -> Option<String> {
    let places: Vec<_> = places(text).into_iter().filter(|(from, to)| &text[*from..*to] == whom).collect();
    let mut now = text.to_owned();
    for (from, to) in places.iter().rev() {
        now.replace_range(from..to, by);
    }
    (!places.is_empty()).then_some(now)
}

/// Whether a box of officials (`副市长王敏、市工信局李强`) names this person or post: 王敏 is not 王敏华.
pub fn names(text: &str, whom: &str) -> bool {
    let whom = whom.trim();
    let parts = text.split(|c: char| {
        matches!(
            c,
            '、' | '，' | ',' | ';' | '；' | '/' | '（' | '）' | '(' | ')' | '：' | ':' | ' ' | '\u{3000}' | '\n'
        )
    });
    let is = |part: &str| match part.trim().strip_suffix(whom) {
        Some("") => true,
        Some(before) => before.chars().next_back().is_some_and(|c| OFFICES.contains(c)),
        None => false,
    };
    !whom.is_empty() && parts.map(str::trim).any(is)
}

#[cfg(test)]
mod tests {
    use super::{names, people, succeed};

    #[track_caller]
    fn check(text: &str, whom: &str, expected: bool) {
        assert_eq!(names(text, whom), expected, "{whom} in {text}");
    }

    #[test]
    fn officials_are_named_whole() {
        check("王敏", "王敏", true);
        check("副市长王敏、市工信局李强", "王敏", true);
        check("副市长王敏、市工信局李强", "李强", true);
        check("王敏华", "王敏", false);
        check("欧阳王敏", "王敏", false);
        check("县处级：王敏（福清市）", "王敏", true);
        check("福清市挂钩领导", "福清市挂钩领导", true);
        check("福清市挂钩领导", "挂钩领导", true);
        check("", "王敏", false);
        check("王敏", "", false);
    }

    #[test]
    fn people_are_told_from_what_stands_around_them() {
        let check = |text: &str, expected: &[&str]| assert_eq!(people(text).collect::<Vec<_>>(), expected, "{text}");
        check("副市长王敏、市工信局李强", &["副市长王敏", "市工信局李强"]);
        check("罗源县处级领导乙（演示）", &["罗源县处级领导乙"]);
        check("县处级：副市长 王敏（分管工业、交通）；李强", &["副市长 王敏", "李强"]);
        check("王敏　李强\n陈刚", &["王敏", "李强", "陈刚"]);
        check("（待定）", &[]);
        check("王敏（", &["王敏"]);
        check(" ", &[]);
    }

    #[test]
    fn a_successor_takes_one_officials_place() {
        let check = |text: &str, by: &str, expected: Option<&str>| {
            assert_eq!(succeed(text, "副市长王敏", by).as_deref(), expected, "{text}");
        };
        check("副市长王敏", "副市长陈刚", Some("副市长陈刚"));
        check("副市长王敏、市工信局李强", "副市长陈刚", Some("副市长陈刚、市工信局李强"));
        check("县处级：副市长王敏（分管工业）；李强", "副市长陈刚", Some("县处级：副市长陈刚（分管工业）；李强"));
        check("副市长王敏华", "陈刚", None);
        check("王敏", "陈刚", None);
        check("", "陈刚", None);
    }
}
