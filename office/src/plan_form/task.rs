//! One dated task of the editor.

use domain::day::{Day, EXAMPLES};
use domain::plan::Plan;
use domain::plan::task::{Due, Task};
use domain::region::fold_name;

use super::free_id;
use super::lists::rows;
use crate::box_reader::{Reader, month};
use crate::posted::Posted;

/// The box of one who has to do it: `b.0`.
pub fn by_name(index: usize) -> String {
    format!("b.{index}")
}

/// A task to begin with.
pub(super) fn empty() -> Task {
    Task {
        id: String::new(),
        title: String::new(),
        section: None,
        clause: None,
        quote: None,
        due: Due::Day(chrono::NaiveDate::default()),
        by: Vec::new(),
        evidence: None,
        assumed: Vec::new(),
        until: None,
    }
}

pub(super) fn put(boxes: &mut Posted, task: &Task) {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    for (name, value) in [
        ("task_id", task.id.clone()),
        ("task_title", task.title.clone()),
        ("task_section", text(&task.section)),
        ("task_clause", text(&task.clause)),
        ("task_quote", text(&task.quote)),
        ("task_due", if task.id.is_empty() { String::new() } else { due_text(task.due) }),
        ("task_evidence", text(&task.evidence)),
        ("task_assumed", task.assumed.join("\n")),
        ("task_until", task.until.map(|until| until.to_string()).unwrap_or_default()),
    ] {
        boxes.set(name, &value);
    }
    task.by.iter().enumerate().for_each(|(index, by)| boxes.set(&by_name(index), by));
}

fn due_text(due: Due) -> String {
    match due {
        Due::Day(day) => day.to_string(),
        Due::Month(month) => month.to_string(),
        Due::Window(from, to) => format!("{from}至{to}"),
    }
}

/// Reads the task over `old`.
pub(super) fn read(reader: &mut Reader<'_>, plan: &Plan, old: &Task) -> Task {
    let mut task = old.clone();
    task.title = reader.required("task_title", "任务", "完成能源审计");
    let taken = |id: &str| plan.tasks.iter().any(|other| other.id == id && other.id != old.id);
    let kept = Some(old.id.clone()).filter(|id| !id.is_empty());
    task.id = reader.optional("task_id").or(kept).unwrap_or_else(|| free_id("task", taken));
    if taken(&task.id) {
        reader.say("task_id", format!("代号“{}”已经是别的任务，请换一个，或不填。", task.id));
    }
    reader.keep("task_section", &mut task.section);
    reader.keep("task_clause", &mut task.clause);
    reader.keep("task_quote", &mut task.quote);
    reader.keep("task_evidence", &mut task.evidence);
    reader.keep_lines("task_assumed", &mut task.assumed);
    let written = reader.required("task_due", "完成时限", "2022-03-25、2022-03（当月底前）");
    match due(&written, plan.years) {
        Some(due) => task.due = due,
        None if written.is_empty() => {}
        None => reader.say(
            "task_due",
            format!(
                "完成时限“{written}”读不懂，请写成 {EXAMPLES}、2022-03（当月底前）或 2022-06-01至2022-06-30；跨几年的计划要写年份。"
            ),
        ),
    }
    if reader.has("task_until") {
        task.until = reader.month("task_until", "止于");
    }
    if reader.has(&by_name(0)) {
        let count = rows(reader, by_name);
        let chosen = (0..count).filter_map(|row| reader.optional(&by_name(row)));
        task.by = chosen.map(|by| if by.starts_with("sort:") { by } else { fold_name(&by) }).collect();
    }
    task
}

/// A day, a month, or the first and the last day of a window. Where the plan has several years each names its own.
pub(super) fn due(text: &str, years: (i32, i32)) -> Option<Due> {
    let about = Day::middle_of(years.0);
    let one_year = years.0 == years.1;
    let day = |text: &str| {
        let day = Day::parse(text.trim().trim_end_matches('前'))?;
        day.near(about).filter(|_| one_year || day.names_year())
    };
    if let Some((from, to)) = text.split_once(['至', '到', '～', '~']) {
        let from = day(from)?;
        // 2022年6月1日至6月30日: the year is said once.
        let to = day(to).or_else(|| Day::parse(to.trim().trim_end_matches('前'))?.near(from))?;
        return (from <= to).then_some(Due::Window(from, to));
    }
    let of_year = || month(&format!("{}年{text}", years.0)).filter(|_| one_year);
    month(text).map(Due::Month).or_else(|| day(text).map(Due::Day)).or_else(|| of_year().map(Due::Month))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_people_write_them() {
        let read = |text: &str| due(text, (2022, 2022)).map(due_text).unwrap_or_default();
        assert_eq!(read("2022年3月25日前"), "2022-03-25");
        assert_eq!(read("3月25日"), "2022-03-25");
        assert_eq!(read("2022年3月底前"), "2022-03");
        assert_eq!(read("3月底前"), "2022-03");
        assert_eq!(read("12月"), "2022-12");
        assert_eq!(read("2022-06-01至2022-06-30"), "2022-06-01至2022-06-30");
        assert_eq!(read("6月1日到6月30日"), "2022-06-01至2022-06-30");
        let several = |text: &str| due(text, (2022, 2024)).map(due_text).unwrap_or_default();
        assert_eq!(several("3月25日"), "", "of which year");
        assert_eq!(several("3月底前"), "");
        assert_eq!(several("2023年3月底前"), "2023-03");
        assert_eq!(several("2023年6月1日至6月30日"), "2023-06-01至2023-06-30");
        for text in ["尽快", "2022年13月", "6月30日至6月1日"] {
            assert_eq!(read(text), "", "{text}");
        }
    }
}
