//! What goals say besides their targets, and `[[rhythm]]`, `[[unit]]`, `[[category]]`, `[[task]]`.

use super::{File, calendar_lines, quoted};
use crate::plan::Goal;
use crate::plan::declared::{CATEGORY, Category, Unit, id_of};
use crate::plan::meaning::{Made, What};
use crate::plan::rhythm::Rhythm;
use crate::plan::task::{Due, Task};

/// `["3", "5"]`.
fn range(from: &str, to: &str) -> String {
    format!("[{}, {}]", quoted(from), quoted(to))
}

pub(super) fn goal(file: &mut File, goal: &Goal) {
    let (meaning, measure) = (&goal.meaning, &goal.measure);
    file.optional("section", meaning.section.as_ref());
    if let Some(stock) = meaning.stock {
        file.text("counts", "stock");
        if let Some(start) = stock.start {
            file.text("start", &measure.plain(start));
        }
    }
    if let Some(due) = meaning.due {
        file.text("due", &due.to_string());
    }
    match &meaning.made {
        Made::Reported => {}
        Made::Each(each) => {
            let target = match (each.target, each.up_to) {
                (None, _) => String::new(),
                (Some(from), Some(to)) => format!(", range = {}", range(&measure.plain(from), &measure.plain(to))),
                (Some(value), None) => format!(", value = {}", quoted(&measure.plain(value))),
            };
            file.line(&format!("each = {{ of = {}{target} }}", quoted(&each.of)));
        }
        Made::ShareOf { part, of } => {
            file.line(&format!("share_of = {{ part = {}, of = {} }}", quoted(part), quoted(of)));
        }
        Made::AverageOf(of) => file.text("average_of", of),
    }
    file.optional("compared_with", meaning.compared_with.as_ref());
    if meaning.watched {
        file.text("target", "none");
    }
    file.optional("rhythm", meaning.rhythm.as_ref());
    if let Some(parent) = &meaning.parent {
        let [plan, goal, unit] = [&parent.plan, &parent.goal, &parent.unit].map(|text| quoted(text));
        file.line(&format!("parent = {{ plan = {plan}, goal = {goal}, unit = {unit} }}"));
    }
    if let Some(decimals) = meaning.decimals {
        file.line(&format!("decimals = {decimals}"));
    }
    if let Some(step) = meaning.step {
        file.text("step", &measure.plain(step));
    }
    file.optional("watches", meaning.watches.as_ref());
    if let Some(until) = meaning.until {
        file.text("until", &until.to_string());
    }
    if meaning.duties.iter().all(|duty| duty.what == What::Figure) {
        let by: Vec<String> = meaning.duties.iter().map(|duty| duty.by.clone()).collect();
        file.texts("duties", &by);
    } else {
        let each = meaning.duties.iter().map(|duty| {
            let what = if duty.what == What::Text { ", what = \"text\"" } else { "" };
            format!("{{ by = {}{what} }}", quoted(&duty.by))
        });
        file.line(&format!("duties = [{}]", each.collect::<Vec<_>>().join(", ")));
    }
    file.optional("stated_by", meaning.stated_by.as_ref());
    super::projects::source(file, meaning.from_projects.as_ref());
    if let Some(list) = &meaning.from_list {
        let levels: Vec<String> = list.levels.iter().map(|level| quoted(level)).collect();
        let levels = if levels.is_empty() { String::new() } else { format!(", levels = [{}]", levels.join(", ")) };
        file.line(&format!("from_list = {{ title = {}{levels} }}", quoted(&list.title)));
    }
}

pub(super) fn rhythm(file: &mut File, rhythm: &Rhythm) {
    file.line("\n[[rhythm]]");
    file.text("id", &rhythm.id);
    calendar_lines(file, &rhythm.calendar);
    if rhythm.bulletin {
        file.line("bulletin = true");
    }
    if let Some(until) = rhythm.until {
        file.text("until", &until.to_string());
    }
}

pub(super) fn unit(file: &mut File, unit: &Unit) {
    file.line("\n[[unit]]");
    if unit.id != id_of(&unit.name) {
        file.text("id", &unit.id);
    }
    file.text("name", &unit.name);
    file.word("sort", unit.sort.word(), "region");
    file.optional("parent", unit.parent.as_ref());
    file.texts("former", &unit.former);
    if let Some(until) = unit.until {
        file.text("until", &until.to_string());
    }
}

pub(super) fn category(file: &mut File, category: &Category) {
    file.line("\n[[category]]");
    if category.id != id_of(&category.name) {
        file.text("id", &category.id);
    }
    file.text("name", &category.name);
    file.word("sort", &category.sort, CATEGORY);
}

pub(super) fn task(file: &mut File, task: &Task) {
    file.line("\n[[task]]");
    file.text("id", &task.id);
    file.text("title", &task.title);
    file.optional("section", task.section.as_ref());
    file.optional("clause", task.clause.as_ref());
    file.optional("quote", task.quote.as_ref());
    match task.due {
        Due::Day(day) => file.text("due", &day.to_string()),
        Due::Month(month) => file.text("due", &month.to_string()),
        Due::Window(from, to) => file.line(&format!("due = {{ from = \"{from}\", to = \"{to}\" }}")),
    }
    file.texts("by", &task.by);
    file.optional("evidence", task.evidence.as_ref());
    file.texts("assumed", &task.assumed);
    if let Some(until) = task.until {
        file.text("until", &until.to_string());
    }
}
