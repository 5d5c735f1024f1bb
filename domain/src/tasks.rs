//! What became of dated tasks: the steps that units and the office recorded, and where each task stands on a day.
//!
//! [`due`] is the one computation behind page, first pages, files and bulletin.

use std::cmp::Reverse;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::calendar::{at_shanghai, chinese_date};
use crate::plan::Plan;
use crate::plan::task::{NEAR_DAYS, Task};
use crate::region::RegionId;
use crate::shown::Shown;

/// What is recorded of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Done on a day, says its unit; again while it waits for confirmation: in other words, or of another day.
    Report,
    /// The unit takes its report back.
    Withdraw,
    Confirm,
    /// The office does not accept the report, or takes a confirmation back.
    SendBack,
    /// The office grants a later day.
    Extend,
}

impl Act {
    pub const ALL: [Act; 5] = [Act::Report, Act::Withdraw, Act::Confirm, Act::SendBack, Act::Extend];

    /// As stored.
    pub fn id(self) -> &'static str {
        match self {
            Act::Report => "report",
            Act::Withdraw => "withdraw",
            Act::Confirm => "confirm",
            Act::SendBack => "send_back",
            Act::Extend => "extend",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.id() == text)
    }

    pub fn name(self) -> &'static str {
        match self {
            Act::Report => "报告完成",
            Act::Withdraw => "撤回报告",
            Act::Confirm => "确认完成",
            Act::SendBack => "退回",
            Act::Extend => "准予延期",
        }
    }
}

/// One recorded step of one unit's part in a task; the numbers rise from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub task: String,
    pub unit: RegionId,
    pub version: i64,
    pub act: Act,
    /// Of a report the day on which it was done, of an extension the new last day.
    pub day: Option<NaiveDate>,
    /// What was done, or why.
    pub words: String,
    /// Where what shows it is kept: number and place of a document, an address.
    pub proof: String,
    /// UTC milliseconds.
    pub at: i64,
    pub actor: String,
    pub account: i64,
}

impl Step {
    /// The day in Asia/Shanghai on which it was recorded.
    pub fn on(&self) -> NaiveDate {
        at_shanghai(self.at).date_naive()
    }
}

/// Where a task, or one unit's part in it, stands on a day; the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// 逾期未完成N天.
    Overdue,
    /// N天后到期: within 30 days.
    Due,
    /// 未到期.
    NotDue,
    /// Reported done, and not confirmed yet.
    Waiting,
    /// 逾期完成.
    Late,
    /// 按期完成.
    OnTime,
    /// The plan ended it before it was done.
    Ended,
}

impl Standing {
    pub fn is_done(self) -> bool {
        matches!(self, Standing::Late | Standing::OnTime)
    }

    /// Nobody has reported it done, and nobody has ended it.
    pub fn is_open(self) -> bool {
        matches!(self, Standing::Overdue | Standing::Due | Standing::NotDue)
    }

    /// 按期完成, 逾期完成, 逾期未完成12天, 3天后到期, 未到期, 待确认, 已终止.
    pub fn words(self, days: i64) -> String {
        match self {
            Standing::Overdue => format!("逾期未完成{days}天"),
            Standing::Due if days == 0 => "今天到期".to_owned(),
            Standing::Due => format!("{days}天后到期"),
            _ => self.name().to_owned(),
        }
    }

    /// Without the days, which differ from one day to the next.
    pub fn name(self) -> &'static str {
        match self {
            Standing::Overdue => "逾期未完成",
            Standing::Due | Standing::NotDue => "未到期",
            Standing::Waiting => "待确认",
            Standing::Late => "逾期完成",
            Standing::OnTime => "按期完成",
            Standing::Ended => "已终止",
        }
    }
}

/// A later day that the office granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    pub to: NaiveDate,
    /// When it was granted.
    pub on: NaiveDate,
    /// Before the day had passed that it puts off: only then it moves the deadline.
    pub in_time: bool,
}

/// One unit's part in a task on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub unit: RegionId,
    pub name: String,
    pub standing: Standing,
    /// Overdue: days since its deadline; due: days left; done late: days after it; otherwise 0.
    pub days: i64,
    /// The last day that counts, with every extension that was granted in time.
    pub deadline: NaiveDate,
    /// The newest extension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extended: Option<Extension>,
    /// The day on which it was done, as reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<NaiveDate>,
}

impl Part {
    pub fn state(&self) -> String {
        self.standing.words(self.days)
    }

    /// A report that waits is of a day behind the deadline.
    pub fn waits_late(&self) -> bool {
        self.standing == Standing::Waiting && self.done.is_some_and(|done| done > self.deadline)
    }
}

/// A task on a day with the part of each of its units: what editions hold of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskState {
    pub task: String,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// The document's time: 2013年3月底前.
    pub due: String,
    /// Its last day, as the document has it.
    pub first: NaiveDate,
    /// The latest of its units' deadlines.
    pub deadline: NaiveDate,
    /// The worst of its units'.
    pub standing: Standing,
    /// Of the unit that is furthest behind, or next to be due.
    pub days: i64,
    /// In the plan's order; never empty.
    pub parts: Vec<Part>,
}

impl TaskState {
    pub fn state(&self) -> String {
        self.standing.words(self.days)
    }

    /// One unit's part alone; `None` where it has none.
    pub fn of_unit(&self, unit: &str) -> Option<Self> {
        let part = self.parts.iter().find(|part| part.unit == unit)?.clone();
        let (deadline, standing, days) = (part.deadline, part.standing, part.days);
        Some(Self { deadline, standing, days, parts: vec![part], ..self.clone() })
    }

    /// It had to be done by that day, or somebody is already behind.
    pub fn is_due_by(&self, day: NaiveDate) -> bool {
        let behind = matches!(self.standing, Standing::Overdue | Standing::Late);
        self.standing != Standing::Ended && (self.deadline <= day || behind)
    }

    /// The units that it stands where it stands for; empty where there is but one.
    pub fn units_behind(&self) -> Vec<&str> {
        let same = self.parts.iter().filter(|part| part.standing == self.standing);
        if self.parts.len() > 1 { same.map(|part| part.name.as_str()).collect() } else { Vec::new() }
    }

    /// 9个单位中5个已完成; `None` where there is but one.
    pub fn progress(&self) -> Option<String> {
        let done = self.parts.iter().filter(|part| part.standing.is_done()).count();
        (self.parts.len() > 1).then(|| format!("{}个单位中{done}个已完成", self.parts.len()))
    }

    /// 原定2013年3月31日，延期至2013年4月30日; with whose where not all units got the same one.
    pub fn extension(&self) -> Option<String> {
        let mut told: Vec<(Extension, Vec<&str>)> = Vec::new();
        for part in &self.parts {
            let Some(extended) = part.extended else { continue };
            match told.iter_mut().find(|(known, _)| *known == extended) {
                Some((_, names)) => names.push(&part.name),
                None => told.push((extended, vec![&part.name])),
            }
        }
        let each = told.iter().map(|(extended, names)| {
            let whose = if names.len() == self.parts.len() { String::new() } else { names.join("、") };
            let late = if extended.in_time { "" } else { "（过期后才延期，仍算逾期）" };
            format!("{whose}延期至{}{late}", chinese_date(extended.to))
        });
        let each: Vec<String> = each.collect();
        (!each.is_empty()).then(|| format!("原定{}，{}", chinese_date(self.first), each.join("；")))
    }
}

/// Who carries a task out, as id and name in the plan's order; where the document names nobody, the office.
pub fn units_of(plan: &Plan, task: &Task) -> Vec<(RegionId, String)> {
    let named = |unit: &&crate::plan::declared::Unit| task.by.iter().any(|by| names(by, unit));
    let found: Vec<_> = plan.units.iter().filter(named).map(|unit| (unit.id.clone(), unit.name.clone())).collect();
    match found.is_empty() {
        true => vec![(plan.region.id().to_owned(), plan.region.name.clone())],
        false => found,
    }
}

fn names(by: &str, unit: &crate::plan::declared::Unit) -> bool {
    by.strip_prefix("sort:").map_or(unit.id == by, |sort| unit.sort.word() == sort)
}

/// Every task of the plan on `today` (Asia/Shanghai), in the plan's order, from the steps recorded by then.
///
/// The day on which a task was done decides and not the day on which it was reported or confirmed. A deadline that has
/// passed is moved by no extension any more.
pub fn due(plan: &Plan, steps: &[Step], today: NaiveDate) -> Vec<TaskState> {
    plan.tasks.iter().map(|task| task_state(plan, task, steps, today)).collect()
}

fn task_state(plan: &Plan, task: &Task, steps: &[Step], today: NaiveDate) -> TaskState {
    let parts = units_of(plan, task).into_iter().map(|(unit, name)| {
        let own = steps.iter().filter(|step| step.task == task.id && step.unit == unit && step.on() <= today);
        part(task, unit.clone(), name, own, today)
    });
    let parts: Vec<Part> = parts.collect();
    let worst = parts.iter().min_by_key(|part| match part.standing {
        Standing::Overdue | Standing::Late => (part.standing, Reverse(part.days), 0),
        standing => (standing, Reverse(0), part.days),
    });
    let first = task.due.last_day();
    TaskState {
        task: task.id.clone(),
        title: task.title.clone(),
        section: task.section.clone(),
        clause: task.clause.clone(),
        due: task.due.words(),
        first,
        deadline: parts.iter().map(|part| part.deadline).max().unwrap_or(first),
        standing: worst.map_or(Standing::NotDue, |part| part.standing),
        days: worst.map_or(0, |part| part.days),
        parts,
    }
}

fn part<'s>(
    task: &Task,
    unit: RegionId,
    name: String,
    steps: impl Iterator<Item = &'s Step>,
    today: NaiveDate,
) -> Part {
    let mut deadline = task.due.last_day();
    let (mut reported, mut confirmed, mut extended) = (None, false, None);
    for step in steps {
        match step.act {
            Act::Report => (reported, confirmed) = (step.day, false),
            Act::Withdraw | Act::SendBack => (reported, confirmed) = (None, false),
            Act::Confirm => confirmed = reported.is_some(),
            Act::Extend => {
                let Some(to) = step.day else { continue };
                let in_time = step.on() <= deadline;
                extended = Some(Extension { to, on: step.on(), in_time });
                if in_time {
                    deadline = deadline.max(to);
                }
            }
        }
    }
    let left = (deadline - today).num_days();
    let is_ended = task.until.is_some_and(|until| until.last_day() < today);
    let (standing, days) = match reported {
        Some(done) if confirmed && done > deadline => (Standing::Late, (done - deadline).num_days()),
        Some(_) if confirmed => (Standing::OnTime, 0),
        Some(_) => (Standing::Waiting, 0),
        None if is_ended => (Standing::Ended, 0),
        None if left < 0 => (Standing::Overdue, -left),
        None if left <= NEAR_DAYS => (Standing::Due, left),
        None => (Standing::NotDue, left),
    };
    Part { unit, name, standing, days, deadline, extended, done: reported }
}

/// What lags first: overdue the longest, then what is due next; the plan's order among equals.
pub fn lagging_first(mut tasks: Vec<TaskState>) -> Vec<TaskState> {
    tasks.sort_by_key(|task| match task.standing {
        Standing::Overdue => (task.standing, -task.days),
        standing => (standing, task.days),
    });
    tasks
}

/// 按期完成3项，待确认2项，逾期未完成1项，30天内到期4项，未到期7项: how many stand where.
pub fn counted<'t>(tasks: impl Iterator<Item = &'t TaskState> + Clone) -> String {
    let order = [
        (Standing::OnTime, "按期完成"),
        (Standing::Late, "逾期完成"),
        (Standing::Waiting, "待确认"),
        (Standing::Overdue, "逾期未完成"),
        (Standing::Due, "30天内到期"),
        (Standing::NotDue, "未到期"),
        (Standing::Ended, "已终止"),
    ];
    let counts = order.into_iter().map(|(standing, word)| {
        let count = tasks.clone().filter(|task| task.standing == standing).count();
        (count, word)
    });
    let told: Vec<String> =
        counts.filter(|(count, _)| *count > 0).map(|(count, word)| format!("{word}{count}项")).collect();
    told.join("，")
}

/// A column of the table of tasks.
pub const COLUMNS: [&str; 7] = ["任务", "条款", "期限", "责任单位", "状态", "完成日期", "延期"];

/// A task's line under [`COLUMNS`], a line for each unit where they do not stand alike.
pub fn lines(task: &TaskState) -> Vec<Vec<String>> {
    let alike = |part: &Part| {
        let first = &task.parts[0];
        (part.standing, part.days, part.done, part.extended) == (first.standing, first.days, first.done, first.extended)
    };
    let line = |units: String, state: String, done: Option<NaiveDate>, extended: Option<String>| {
        vec![
            task.title.clone(),
            task.clause.clone().or_dash(),
            task.due.clone(),
            units,
            state,
            done.or_dash(),
            extended.or_dash(),
        ]
    };
    if task.parts.iter().all(alike) {
        let names: Vec<&str> = task.parts.iter().map(|part| part.name.as_str()).collect();
        return vec![line(names.join("、"), task.state(), task.parts[0].done, task.extension())];
    }
    let each = task.parts.iter().map(|part| {
        let own = TaskState { parts: vec![part.clone()], ..task.clone() };
        line(part.name.clone(), part.state(), part.done, own.extension())
    });
    each.collect()
}
