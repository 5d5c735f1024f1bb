//! A selection on record: the office's 评选办法, nominations with their scores and objections, step by step.

use std::collections::BTreeMap;

use crate::entry::understand;
use crate::money::{Amount, Measure, is_blank};
use crate::personal::key_in;
use crate::plan::selection::{Criterion, Selection, Subject, Terms, TiesAtLast, points};
use crate::projects::codes;
use crate::rate::Rate;
use crate::region::{RegionId, fold_name};

/// The longest name, in characters.
const LONGEST: usize = 200;

/// The names of what a step states, as forms send it and rows hold it.
pub mod word {
    pub const DOCUMENT: &str = "document";
    pub const PLACES: &str = "places";
    pub const QUOTA: &str = "quota";
    pub const CRITERIA: &str = "criteria";
    pub const TIES: &str = "ties";
    pub const NOTICE_DAYS: &str = "notice_days";
    pub const NAME: &str = "name";
    pub const FIRM: &str = "firm";
    pub const CODE: &str = "credit_code";
    /// Its number in the library of projects.
    pub const PROJECT: &str = "project";
    pub const AMOUNT: &str = "amount";
    pub const WORDS: &str = "words";
    /// Who objects, or the reference to a name beside the chain ([`crate::personal`]).
    pub const BY: &str = "by";
    /// The number of the objection that is answered.
    pub const OBJECTION: &str = "objection";
    /// `yes`: 异议成立.
    pub const UPHELD: &str = "upheld";
    /// Before a criterion's name: its score.
    pub const SCORE: &str = "score-";
}

/// What somebody did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// The office states how it chooses, as far as the plan leaves it open.
    Method,
    /// Nominated, or stated anew.
    Nominate,
    Withdraw,
    SendBack,
    Score,
    /// By somebody else than who scored.
    Confirm,
    Object,
    Answer,
}

impl Act {
    pub const ALL: [Act; 8] =
        [Act::Method, Act::Nominate, Act::Withdraw, Act::SendBack, Act::Score, Act::Confirm, Act::Object, Act::Answer];

    pub fn id(self) -> &'static str {
        match self {
            Act::Method => "method",
            Act::Nominate => "nominate",
            Act::Withdraw => "withdraw",
            Act::SendBack => "send_back",
            Act::Score => "score",
            Act::Confirm => "confirm",
            Act::Object => "object",
            Act::Answer => "answer",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.id() == text)
    }

    pub fn name(self) -> &'static str {
        match self {
            Act::Method => "登记评选办法",
            Act::Nominate => "推荐",
            Act::Withdraw => "撤回推荐",
            Act::SendBack => "退回",
            Act::Score => "打分",
            Act::Confirm => "确认得分",
            Act::Object => "登记异议",
            Act::Answer => "答复异议",
        }
    }
}

/// What a step states, by the names of [`word`].
pub type Content = BTreeMap<String, String>;

/// One step on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Of the nomination; 0: of the selection itself.
    pub number: u32,
    pub version: i64,
    /// Who nominated; empty for the selection's own.
    pub unit: RegionId,
    pub act: Act,
    pub content: Content,
    /// UTC milliseconds.
    pub at: i64,
    pub actor: String,
    pub account: i64,
    /// The name that [`word::BY`] refers to, as far as it is known.
    pub name: Option<String>,
}

impl Step {
    /// Who objects; empty where whoever asks is not to know, and where the name was deleted.
    pub fn by(&self) -> &str {
        match &self.name {
            Some(name) => name,
            None if self.is_named() => self.text(word::BY),
            None => "",
        }
    }

    /// For whoever is not to know who objects.
    pub fn hide_objector(&mut self) {
        self.name = None;
        self.content.remove(word::BY);
    }

    /// Whether it is still known who objects.
    pub fn is_named(&self) -> bool {
        self.name.is_some() || self.key().is_none()
    }

    /// The key of a name that can be deleted; rows of before 0070 hold the name itself.
    pub fn key(&self) -> Option<&str> {
        key_in(self.text(word::BY))
    }

    pub fn text(&self, name: &str) -> &str {
        self.content.get(name).map_or("", String::as_str)
    }
}

/// What is wrong with what was stated: its name, and a sentence without a full stop.
pub type Fault = (String, String);

/// Who or what is nominated.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Nomination {
    /// Of a firm the firm's.
    pub name: String,
    pub firm: String,
    pub credit_code: Option<String>,
    pub project: Option<String>,
    pub amount: Option<Amount>,
    pub reason: String,
}

impl Nomination {
    /// Everything that is wrong with it at once.
    pub fn read(content: &Content, subject: Subject) -> Result<Self, Vec<Fault>> {
        let mut faults: Vec<Fault> = Vec::new();
        let mut text = |name: &str, label: &str| {
            let text = content.get(name).map_or("", |text| text.trim());
            if text.chars().count() > LONGEST && name != word::WORDS {
                faults.push((name.to_owned(), format!("{label}超过 {LONGEST} 字，请缩短")));
            }
            if text.is_empty() {
                faults.push((name.to_owned(), format!("请写明{label}")));
            }
            text.to_owned()
        };
        let firm = text(word::FIRM, "企业名称");
        let reason = text(word::WORDS, "推荐理由");
        let name = match subject {
            Subject::Firm => firm.clone(),
            _ => text(word::NAME, &format!("{}名称", subject.name())),
        };
        let other = |name: &str| content.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
        let credit_code = other(word::CODE).and_then(|code| match codes::credit_code(code) {
            Ok(code) => Some(code),
            Err(sentence) => {
                faults.push((word::CODE.to_owned(), sentence));
                None
            }
        });
        let amount = other(word::AMOUNT).filter(|text| !is_blank(text)).and_then(|text| {
            match understand(&Measure::wan_yuan(), text) {
                Ok(read) if read.as_ref().is_none_or(|read| read.amount.0 >= 0) => read.map(|read| read.amount),
                Ok(_) => {
                    faults.push((word::AMOUNT.to_owned(), "总投资不会小于零，请核对".to_owned()));
                    None
                }
                Err(error) => {
                    faults.push((word::AMOUNT.to_owned(), format!("总投资：{error}")));
                    None
                }
            }
        });
        let project = other(word::PROJECT).map(str::to_owned);
        if faults.is_empty() { Ok(Self { name, firm, credit_code, project, amount, reason }) } else { Err(faults) }
    }

    /// Whether both nominate the same.
    pub fn repeats(&self, other: &Nomination) -> bool {
        let same_project = self.project.is_some() && self.project == other.project;
        let same_firm = match (&self.credit_code, &other.credit_code) {
            (Some(one), Some(other)) => one == other,
            _ => fold_name(&self.firm) == fold_name(&other.firm),
        };
        let is_firm = self.name == self.firm && other.name == other.firm;
        same_project || same_firm && (is_firm || fold_name(&self.name) == fold_name(&other.name))
    }
}

/// The 评选办法 as the office states it: everything that is wrong with it at once. Where the plan's own terms say, nothing
/// is to be stated.
pub fn stated_terms(content: &Content, own: &Terms) -> Result<Terms, Vec<Fault>> {
    let mut faults: Vec<Fault> = Vec::new();
    let text = |name: &str| content.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
    let mut count = |name: &str, label: &str, most: u32, is_given: bool| {
        let text = text(name).filter(|_| !is_given)?;
        let read = crate::money::fold(text).trim().parse().ok().filter(|count| (1..=most).contains(count));
        if read.is_none() {
            faults.push((name.to_owned(), format!("{label}请写 1 至 {most} 的整数")));
        }
        read
    };
    let places = count(word::PLACES, "评选多少个", 9999, own.places.is_some());
    let quota = count(word::QUOTA, "每个单位最多推荐几个", 9999, own.quota.is_some());
    let notice_days = count(word::NOTICE_DAYS, "公示天数", 365, own.notice_days.is_some());
    let criteria = match text(word::CRITERIA).filter(|_| own.criteria.is_empty()).map(Criterion::parse_list) {
        None => Vec::new(),
        Some(Ok(criteria)) => criteria,
        Some(Err(sentence)) => {
            faults.push((word::CRITERIA.to_owned(), sentence));
            Vec::new()
        }
    };
    let ties = text(word::TIES).filter(|_| own.ties.is_none()).and_then(|text| match text.parse::<TiesAtLast>() {
        Ok(ties) => Some(ties),
        Err(sentence) => {
            faults.push((word::TIES.to_owned(), format!("末位并列怎么办：{sentence}")));
            None
        }
    });
    if faults.is_empty() { Ok(Terms { places, quota, criteria, ties, notice_days }) } else { Err(faults) }
}

/// The score of each criterion, in their order: everything that is wrong with them at once.
pub fn read_scores(content: &Content, criteria: &[Criterion]) -> Result<Vec<Rate>, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut scores = Vec::new();
    for criterion in criteria {
        let name = format!("{}{}", word::SCORE, criterion.name);
        let full = crate::plan::selection::plain(criterion.full);
        let text = content.get(&name).map_or("", |text| text.trim());
        match points(text) {
            Some(score) if score <= criterion.full => scores.push(score),
            Some(_) => faults.push((name, format!("“{}”满分{full}，写的{text}超过了，请核对", criterion.name))),
            None if text.is_empty() => faults.push((name, format!("请写“{}”的得分，满分{full}", criterion.name))),
            None => {
                let text = crate::month::shorten(text);
                let sentence = format!("“{}”的得分“{text}”不是 0 至 {full} 的数（至多四位小数）", criterion.name);
                faults.push((name, sentence));
            }
        }
    }
    if faults.is_empty() { Ok(scores) } else { Err(faults) }
}

/// Where a nomination stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Waiting,
    Scored,
    Confirmed,
    SentBack,
    Withdrawn,
}

impl State {
    pub fn name(self) -> &'static str {
        match self {
            State::Waiting => "待打分",
            State::Scored => "得分待确认",
            State::Confirmed => "得分已确认",
            State::SentBack => "已退回",
            State::Withdrawn => "已撤回",
        }
    }
}

/// An objection with its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// Of the nomination's objections, from 1.
    pub number: u32,
    pub step: Step,
    pub answer: Option<Step>,
}

impl Objection {
    /// When it was answered as 成立 (UTC milliseconds).
    pub fn upheld_at(&self) -> Option<i64> {
        self.answer.as_ref().filter(|answer| answer.text(word::UPHELD) == "yes").map(|answer| answer.at)
    }
}

/// A nomination on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub number: u32,
    pub unit: RegionId,
    pub nomination: Nomination,
    pub state: State,
    /// In the order of the criteria, once they are scored.
    pub scores: Vec<Rate>,
    /// Whose scores they are.
    pub scored_by: Option<i64>,
    pub objections: Vec<Objection>,
    pub steps: Vec<Step>,
}

/// A selection's year as its steps tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// The plan's, completed by the office's.
    pub terms: Terms,
    /// The newest 评选办法, and how many there were.
    pub method: Option<Step>,
    pub records: Vec<Record>,
}

impl Course {
    /// `steps` by number and version.
    pub fn of(selection: &Selection, steps: &[Step]) -> Self {
        let method = steps.iter().rfind(|step| step.act == Act::Method).cloned();
        let stated = method.as_ref().and_then(|step| stated_terms(&step.content, &selection.terms).ok());
        let terms = selection.terms.clone().or(stated.unwrap_or_default());
        let mut by_number: BTreeMap<u32, Vec<Step>> = BTreeMap::new();
        for step in steps.iter().filter(|step| step.number > 0) {
            by_number.entry(step.number).or_default().push(step.clone());
        }
        let records = by_number.into_values().filter_map(|steps| record(selection.subject, &terms, steps)).collect();
        Self { terms, method, records }
    }

    /// Those that take part: neither withdrawn nor sent back.
    pub fn entrants(&self) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(|record| !matches!(record.state, State::Withdrawn | State::SentBack))
    }

    pub fn get(&self, number: u32) -> Option<&Record> {
        self.records.iter().find(|record| record.number == number)
    }
}

fn record(subject: Subject, terms: &Terms, steps: Vec<Step>) -> Option<Record> {
    let first = steps.first()?;
    let mut record = Record {
        number: first.number,
        unit: first.unit.clone(),
        nomination: Nomination::default(),
        state: State::Waiting,
        scores: Vec::new(),
        scored_by: None,
        objections: Vec::new(),
        steps: Vec::new(),
    };
    for step in &steps {
        match step.act {
            Act::Nominate => {
                record.nomination = Nomination::read(&step.content, subject).unwrap_or_default();
                (record.state, record.scores, record.scored_by) = (State::Waiting, Vec::new(), None);
            }
            Act::Withdraw => record.state = State::Withdrawn,
            Act::SendBack => record.state = State::SentBack,
            // Scored by criteria that have changed since, it waits to be scored anew.
            Act::Score => match read_scores(&step.content, &terms.criteria) {
                Ok(scores) if step.content.len() == scores.len() => {
                    (record.state, record.scores, record.scored_by) = (State::Scored, scores, Some(step.account));
                }
                _ => (record.state, record.scores, record.scored_by) = (State::Waiting, Vec::new(), None),
            },
            Act::Confirm if record.state == State::Scored => record.state = State::Confirmed,
            Act::Object => {
                let number = record.objections.len() as u32 + 1;
                record.objections.push(Objection { number, step: step.clone(), answer: None });
            }
            Act::Answer => {
                let number = step.text(word::OBJECTION).parse::<u32>().unwrap_or_default();
                if let Some(found) = record.objections.iter_mut().find(|objection| objection.number == number) {
                    found.answer = Some(step.clone());
                }
            }
            Act::Confirm | Act::Method => {}
        }
    }
    record.steps = steps;
    Some(record)
}
