//! `[[rhythm]]`, `[[unit]]`, `[[category]]` and `[[task]]`.

use super::meaning::{check_id, folded, read_period};
use super::{optional, plain, read_calendar_of};
use crate::calendar::Cadence;
use crate::plan::declared::{CATEGORY, Category, Sort, Unit, id_of};
use crate::plan::rhythm::{CALENDAR, Rhythm};
use crate::plan::task::{Due, Task};
use crate::plan::toml_reader::{Fields, Problems};
use crate::plan::*;

pub(super) fn rhythms(top: &mut Fields<'_>, problems: &mut Problems) -> Vec<Rhythm> {
    let mut read: Vec<Rhythm> = Vec::new();
    for mut fields in top.tables("rhythm", problems) {
        let at = fields.offset();
        let id = fields.required_text("id", "week", problems);
        check_id("rhythm", id.as_ref(), problems);
        let bulletin = fields.boolean("bulletin", problems).unwrap_or(false);
        let until = read_period(&mut fields, "until", problems);
        if !fields.has("cadence") {
            let words: Vec<&str> = Cadence::ALL.iter().map(|cadence| cadence.word()).collect();
            problems.at(at, format!("缺少 rhythm.cadence，请写 {} 之一", words.join("、")));
        }
        let calendar = read_calendar_of(fields, &Cadence::ALL, problems);
        let Some((id, calendar)) = id.zip(calendar) else { continue };
        let closes = |month: u32| calendar.months().contains(&month);
        if !calendar.cadence.is_watched() && until.is_some_and(|until| !closes(until.month)) {
            problems.at(at, format!("rhythm “{}”的 until 不是它的一期，请写它最后一期的月份", id.text));
        }
        if id.text == CALENDAR {
            problems.at(id.at, "calendar 是 [calendar] 自己的名字，请给 [[rhythm]] 换一个 id");
        }
        if read.iter().any(|other| other.id == id.text) {
            problems.at(id.at, format!("rhythm id “{}”出现两次，请改成不同的名字", id.text));
        }
        if calendar.cadence.is_watched() && (calendar.deadline.is_some() || bulletin) {
            problems.at(at, "按周、按旬的数只作监测，没有报送截止日和通报，请删去 deadline、bulletin");
        }
        read.push(Rhythm { id: id.text, calendar, bulletin, until });
    }
    if let [_, second, ..] = &read.iter().filter(|rhythm| rhythm.bulletin).collect::<Vec<_>>()[..] {
        problems.at(0, format!("只能有一个 [[rhythm]] 写 bulletin = true，请删去 {} 的", second.id));
    }
    read
}

pub(super) fn units(top: &mut Fields<'_>, own: Option<&Region>, problems: &mut Problems) -> Vec<Unit> {
    let sorts: Vec<(&str, Sort)> = Sort::ALL.iter().map(|sort| (sort.word(), *sort)).collect();
    let mut read: Vec<Unit> = Vec::new();
    let mut above: Vec<usize> = Vec::new();
    for mut fields in top.tables("unit", problems) {
        let at = fields.offset();
        let id = fields.text("id", problems);
        let name = fields.required_text("name", "东湖街道", problems);
        let former = plain(fields.texts("former", problems));
        let sort = fields.choice("sort", &sorts, Sort::Region, problems);
        let parent = fields.text("parent", problems).map(|parent| fold_name(&parent.text));
        let until = read_period(&mut fields, "until", problems);
        fields.finish(problems);
        let Some(name) = name else { continue };
        let id = id.map_or_else(|| id_of(&name.text), |id| fold_name(&id.text));
        if id.starts_with("sort:") {
            problems.at(at, "unit.id 不能以 sort: 开头，那是一类单位的写法");
        }
        if own.is_some_and(|own| own.id() == id) {
            problems.at(at, format!("{} 是计划本身的地区，不必写成 [[unit]]，请删去", name.text));
        }
        if read.iter().any(|other| other.id == id || fold_name(&other.name) == fold_name(&name.text)) {
            problems.at(at, format!("单位“{}”出现两次，请只留一个 [[unit]]", name.text));
        }
        read.push(Unit { id, name: name.text, former, sort, parent, until });
        above.push(at);
    }
    for (unit, at) in read.iter().zip(above) {
        let known = |parent: &String| read.iter().any(|other| other.id == *parent && other.id != unit.id);
        if let Some(parent) = unit.parent.as_ref().filter(|parent| !known(parent)) {
            problems.at(at, format!("{} 的 parent = \"{parent}\" 不是别的 [[unit]]，请写它的 id", unit.name));
        }
    }
    read
}

pub(super) fn categories(top: &mut Fields<'_>, units: &[Unit], problems: &mut Problems) -> Vec<Category> {
    let mut read: Vec<Category> = Vec::new();
    for mut fields in top.tables("category", problems) {
        let at = fields.offset();
        let id = fields.text("id", problems);
        let name = fields.required_text("name", "机械装备", problems);
        let sort = fields.text("sort", problems).map_or_else(|| CATEGORY.to_owned(), |sort| sort.text);
        fields.finish(problems);
        let Some(name) = name else { continue };
        let id = id.map_or_else(|| id_of(&name.text), |id| fold_name(&id.text));
        let known = read.iter().any(|other| other.id == id) || units.iter().any(|unit| unit.id == id);
        if known {
            problems.at(at, format!("“{}”已经是别的 [[category]] 或 [[unit]] 的 id，请换一个", name.text));
        }
        if Sort::ALL.iter().any(|known| known.word() == sort) {
            problems.at(at, format!("category.sort 不能写 {sort}，那是单位的类别，请换一个，例如 sort = \"行业\""));
        }
        read.push(Category { id, name: name.text, sort });
    }
    read
}

pub(super) fn tasks(
    top: &mut Fields<'_>,
    (units, years): (&[Unit], Option<(i32, i32)>),
    problems: &mut Problems,
) -> Vec<Task> {
    let about = crate::day::Day::middle_of(years.map_or(2000, |(from, _)| from));
    let mut read: Vec<Task> = Vec::new();
    for mut fields in top.tables("task", problems) {
        let at = fields.offset();
        let id = fields.required_text("id", "energy_audit", problems);
        check_id("task", id.as_ref(), problems);
        let title = fields.required_text("title", "完成能源审计", problems);
        let section = optional(fields.text("section", problems));
        let clause = optional(fields.text("clause", problems));
        let quote = optional(fields.text("quote", problems));
        let due = read_due(&mut fields, about, problems);
        let by: Vec<String> = fields.texts("by", problems).into_iter().map(|by| folded(&by.text)).collect();
        let evidence = optional(fields.text("evidence", problems));
        let assumed = plain(fields.texts("assumed", problems));
        let until = read_period(&mut fields, "until", problems);
        fields.finish(problems);
        for by in &by {
            let sort = by.strip_prefix("sort:");
            let known = |unit: &Unit| sort.map_or(unit.id == *by, |sort| unit.sort.word() == sort);
            if !units.iter().any(known) {
                problems.at(at, format!("task.by 里的 {by} 没有对应的 [[unit]]，请补写单位或改正"));
            }
        }
        let (Some(id), Some(title), Some(due)) = (id, title, due) else { continue };
        if read.iter().any(|other| other.id == id.text) {
            problems.at(id.at, format!("task id “{}”出现两次，请改成不同的名字", id.text));
        }
        read.push(Task { id: id.text, title: title.text, section, clause, quote, due, by, evidence, assumed, until });
    }
    read
}

/// A day, a month, or `{ from, to }`.
fn read_due(fields: &mut Fields<'_>, about: chrono::NaiveDate, problems: &mut Problems) -> Option<Due> {
    let at = fields.at("due");
    if !fields.has("due") {
        let _ = fields.text("due", problems);
        problems.at(at, "缺少 task.due，请写完成的日期，例如 due = \"2013-03-31\"、due = \"2013-03\"（当月底前）");
        return None;
    }
    let mut probe = Problems::new("");
    if let Some(mut window) = fields.table("due", &mut probe) {
        let (from, to) = (window.date("from", about, problems), window.date("to", about, problems));
        window.finish(problems);
        return match (from, to) {
            (Some(from), Some(to)) if from <= to => Some(Due::Window(from, to)),
            _ => {
                let sentence = "due 的起止要写成 due = { from = \"2013-06-01\", to = \"2013-06-30\" }，止不早于起";
                problems.at(at, sentence);
                None
            }
        };
    }
    let mut probe = Problems::new("");
    let month = fields.text("due", &mut probe).and_then(|text| crate::month::Period::parse(&text.text).ok());
    month.map(Due::Month).or_else(|| fields.date("due", about, problems).map(Due::Day))
}
