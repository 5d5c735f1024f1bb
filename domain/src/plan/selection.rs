//! 评选: how many of what a plan means to choose, by which criteria; what its document leaves open the office states in
//! its 评选办法.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::finding::{Finding, finding};
use super::rules::words;
use super::{Kind, Plan};
use crate::rate::{Rate, big_plain};

/// `[[selection]]`: what `None` leaves open is asked of the office, never guessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    pub id: String,
    pub title: String,
    pub clause: Option<String>,
    /// The document's own words.
    pub quote: String,
    pub subject: Subject,
    /// The goal that counts who was chosen.
    pub goal: Option<String>,
    pub terms: Terms,
    pub assumed: Vec<String>,
}

/// How it is chosen, as far as it is stated.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    /// How many are chosen.
    pub places: Option<u32>,
    /// How many each unit may nominate; none: as many as it likes.
    pub quota: Option<u32>,
    pub criteria: Vec<Criterion>,
    pub ties: Option<TiesAtLast>,
    /// 公示: days on which objections are taken.
    pub notice_days: Option<u32>,
}

/// A part of a score with its full marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    pub name: String,
    pub full: Rate,
}

/// What is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    #[default]
    Project,
    Firm,
    Product,
}
words!(Subject { Project = "project", Firm = "firm", Product = "product" });

impl Subject {
    pub fn name(self) -> &'static str {
        match self {
            Subject::Project => "项目",
            Subject::Firm => "企业",
            Subject::Product => "产品",
        }
    }

    /// What they are counted with: 30个项目, 100家企业.
    pub fn counted(self, count: usize) -> String {
        let word = if self == Subject::Firm { "家" } else { "个" };
        format!("{count}{word}{}", self.name())
    }
}

/// What becomes of nominations with the same score where fewer places are left than there are of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TiesAtLast {
    /// All of them are chosen, above the number of places.
    SharePlace,
    /// None of them is.
    LeaveOut,
    /// By the scores of the criteria one after another; what is the same in all of them is chosen together.
    Criteria,
}
words!(TiesAtLast { SharePlace = "share_place", LeaveOut = "leave_out", Criteria = "criteria" });

impl TiesAtLast {
    pub fn name(self) -> &'static str {
        match self {
            TiesAtLast::SharePlace => "末位并列的都入选，可以超过名额",
            TiesAtLast::LeaveOut => "末位并列的都不入选，名额空出",
            TiesAtLast::Criteria => "末位并列的按标准的先后逐项比较得分，各项都相同的都入选",
        }
    }
}

impl Criterion {
    /// A line `name full`: 技术水平 40. The error says what to write.
    pub fn parse(line: &str) -> Result<Self, String> {
        let line = line.trim();
        let wrong = || format!("“{}”请写成一项标准和它的满分，例如 技术水平 40", crate::month::shorten(line));
        let (name, full) = line.rsplit_once([' ', '　', '\t', '，', ',', '：', ':']).ok_or_else(wrong)?;
        Self::new(name, full.trim_end_matches('分')).map_err(|sentence| sentence.unwrap_or_else(wrong))
    }

    /// `Err(None)`: the mark is no number above zero.
    pub(super) fn new(name: &str, full: &str) -> Result<Self, Option<String>> {
        let name = name.trim();
        let full = points(full).filter(|full| full.is_positive()).ok_or(None)?;
        if name.is_empty() {
            return Err(None);
        }
        if name.chars().count() > 40 {
            return Err(Some(format!("标准“{}”超过40字，请缩短", crate::month::shorten(name))));
        }
        Ok(Self { name: name.to_owned(), full })
    }

    /// Lines of them, each named once.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, String> {
        let mut found: Vec<Self> = Vec::new();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let criterion = Self::parse(line)?;
            if found.iter().any(|other| other.name == criterion.name) {
                return Err(format!("标准“{}”写了两次，请只留一项", criterion.name));
            }
            found.push(criterion);
        }
        if found.len() > 30 {
            return Err(format!("写了{}项标准，请并成30项以内", found.len()));
        }
        Ok(found)
    }
}

/// Points as people write them: not below zero, at most four decimals, below 10000.
pub fn points(text: &str) -> Option<Rate> {
    let folded = crate::money::fold(text);
    let found = Rate::parse_share(folded.trim()).ok()?;
    let fits = !found.is_negative() && found < Rate::new(10_000, 1)? && 10_000 % found.denominator() == 0;
    fits.then_some(found)
}

/// `92.5`.
pub fn plain(points: Rate) -> String {
    big_plain(&points.to_big())
}

impl Terms {
    /// The plan's own words before those of the office's 评选办法.
    pub fn or(self, stated: Terms) -> Terms {
        Terms {
            places: self.places.or(stated.places),
            quota: self.quota.or(stated.quota),
            criteria: if self.criteria.is_empty() { stated.criteria } else { self.criteria },
            ties: self.ties.or(stated.ties),
            notice_days: self.notice_days.or(stated.notice_days),
        }
    }

    /// What has to be stated before anybody is nominated.
    pub fn open(&self) -> Vec<&'static str> {
        let open = [
            (self.places.is_none(), "评选多少个"),
            (self.criteria.is_empty(), "评分标准和满分"),
            (self.notice_days.is_none(), "公示几天"),
        ];
        open.into_iter().filter(|(is_open, _)| *is_open).map(|(_, name)| name).collect()
    }

    pub fn full(&self) -> Rate {
        self.criteria.iter().fold(Rate::ZERO, |sum, criterion| sum.plus(criterion.full))
    }
}

pub(super) fn findings_of_selections(plan: &Plan) -> Vec<Finding> {
    let mut findings = Vec::new();
    for selection in &plan.selections {
        let numbers = [("selection", selection.id.clone())];
        let mut open = selection.terms.open();
        open.extend(selection.terms.ties.is_none().then_some("末位并列怎么办"));
        if !open.is_empty() {
            let sentence = format!("评选“{}”：文件没有写{}，请办公室登记评选办法", selection.title, open.join("、"));
            findings.push(finding("selection_open", sentence, &numbers));
        }
        let goal = selection.goal.as_ref().and_then(|id| plan.goals.iter().find(|goal| goal.id == *id));
        let target = goal
            .filter(|goal| goal.kind == Kind::Count && goal.targets.len() == 1)
            .and_then(|goal| Some((goal, goal.targets[0].value?)));
        if let (Some((goal, target)), Some(places)) = (target, selection.terms.places)
            && target.0 != i64::from(places) * goal.measure.per_unit
        {
            let target = goal.measure.with_unit(target);
            let sentence = format!("评选“{}”：名额{places}个，目标写{target}，请核对", selection.title);
            findings.push(finding("selection_places_differ", sentence, &numbers));
        }
        let assumed = |sentence: &String| {
            let sentence = format!("文件未写明，本计划假定：{}，{sentence}", selection.title);
            finding("assumed", sentence, &numbers)
        };
        findings.extend(selection.assumed.iter().map(assumed));
    }
    findings
}
