//! Dated tasks in a bulletin: what was due by its period's end and what became of it.

use super::Bulletin;
use super::diff::Change;
use super::tables::Table;
use super::text::{Paragraph, Span};
use crate::month::Period;
use crate::shown::{DASH, Shown};
use crate::tasks::{COLUMNS, Part, Standing, TaskState, lines};

/// One sentence; `None` for a plan without tasks.
pub(super) fn paragraph(tasks: &[TaskState], period: Period) -> Option<Paragraph> {
    let sentence = sentence(tasks, period)?;
    Some(Paragraph { heading: "限时任务".to_owned(), sentences: vec![vec![Span::Text(sentence)]] })
}

/// 截至3月底，限时任务应完成12项，按期完成9项，逾期完成1项，逾期2项：甲、乙. Without the days behind, so that it says the
/// same until something happens; `None` for a plan without tasks.
fn sentence(tasks: &[TaskState], period: Period) -> Option<String> {
    let counted: Vec<&TaskState> = tasks.iter().filter(|task| task.standing != Standing::Ended).collect();
    if counted.is_empty() {
        return None;
    }
    let (due, later): (Vec<&TaskState>, Vec<&TaskState>) =
        counted.iter().partition(|task| task.is_due_by(period.last_day()));
    let early = later.iter().filter(|task| task.standing.is_done()).count();
    let early = if early > 0 { format!("；另有{early}项提前完成") } else { String::new() };
    let until = format!("截至{}年{}月底", period.year, period.month);
    if due.is_empty() {
        return Some(format!("{until}，{}项限时任务都没有到期{early}。", counted.len()));
    }
    let mut parts = Vec::new();
    for (standings, word) in [
        (&[Standing::OnTime][..], "按期完成"),
        (&[Standing::Late], "逾期完成"),
        (&[Standing::Waiting], "待确认"),
        (&[Standing::Due, Standing::NotDue], "未完成"),
        (&[Standing::Overdue], "逾期"),
    ] {
        let found: Vec<&&TaskState> = due.iter().filter(|task| standings.contains(&task.standing)).collect();
        if found.is_empty() {
            continue;
        }
        let named: Vec<String> = found.iter().filter(|task| !task.standing.is_done()).map(|task| named(task)).collect();
        let named = if named.is_empty() { String::new() } else { format!("（{}）", named.join("；")) };
        parts.push(format!("{word}{}项{named}", found.len()));
    }
    Some(format!("{until}，限时任务应完成{}项，{}{early}。", due.len(), parts.join("，")))
}

/// 自查：福州市、厦门市; with the units where a task has several and not all stand alike.
fn named(task: &TaskState) -> String {
    let units = task.units_behind();
    match units.is_empty() || units.len() == task.parts.len() {
        true => task.title.clone(),
        false => format!("{}：{}", task.title, units.join("、")),
    }
}

/// What an annex lists: what was due by the period's end, what is done before its time, who is behind.
pub fn listed(bulletin: &Bulletin) -> Vec<&TaskState> {
    let end = bulletin.standings.period.last_day();
    bulletin.tasks.iter().filter(|task| task.is_due_by(end) || task.standing.is_done()).collect()
}

/// Tasks under [`COLUMNS`] with the heading each stands under: what files carry.
pub fn table<'t>(tasks: impl IntoIterator<Item = &'t TaskState>) -> Table {
    let mut header = vec!["板块".to_owned()];
    header.extend(COLUMNS.map(str::to_owned));
    let rows = tasks.into_iter().flat_map(|task| {
        let section = task.section.clone().or_dash();
        lines(task).into_iter().map(move |line| [vec![section.clone()], line].concat())
    });
    Table { header, rows: rows.collect() }
}

/// What a correction tells: each task that stands otherwise, apart from the days that pass by themselves.
pub(super) fn changes(before: &[TaskState], after: &[TaskState]) -> Vec<Change> {
    let told = |task: &TaskState| {
        let still = TaskState {
            days: 0,
            parts: task.parts.iter().map(|part| Part { days: 0, ..part.clone() }).collect(),
            ..task.clone()
        };
        let each = |part: &Part| {
            let done = part.done.map_or_else(String::new, |done| format!("{done}"));
            format!("{}{done}", part.standing.name())
        };
        let units = still.parts.iter().map(|part| match still.parts.len() {
            1 => each(part),
            _ => format!("{}{}", part.name, each(part)),
        });
        let mut words = units.collect::<Vec<_>>();
        words.extend(still.extension());
        words
    };
    let none = vec![DASH.to_owned()];
    let mut changes = Vec::new();
    for task in after {
        let old = before.iter().find(|old| old.task == task.task).map_or_else(|| none.clone(), told);
        let new = told(task);
        if old != new {
            let differs = |words: &[String], others: &[String]| {
                let own: Vec<String> = words.iter().filter(|word| !others.contains(word)).cloned().collect();
                if own.is_empty() { DASH.to_owned() } else { own.join("，") }
            };
            changes.push(Change {
                region: task.task.clone(),
                name: task.title.clone(),
                what: "限时任务".to_owned(),
                before: differs(&old, &new),
                after: differs(&new, &old),
            });
        }
    }
    changes
}
