//! All goals of the plan in a bulletin: a sentence for each section, and the annex table.

use super::tables::Table;
use super::text::{Paragraph, Span};
use crate::month::Period;
use crate::overview::{GoalRow, Overview, Verdict};
use crate::plan::{Goal, Plan};
use crate::rate::Rate;
use crate::shown::{DASH, Shown};

/// Whether a plan's bulletin tells more than its ranked goal.
pub fn tells_all(plan: &Plan) -> bool {
    plan.goals.len() > 1 || !plan.tasks.is_empty()
}

/// The order in which a sentence counts.
const COUNTED: [Verdict; 10] = [
    Verdict::Reached,
    Verdict::OnPace,
    Verdict::Near,
    Verdict::Behind,
    Verdict::NotReached,
    Verdict::Missed,
    Verdict::Undecided,
    Verdict::Missing,
    Verdict::NotDue,
    Verdict::Watched,
];

/// A sentence for each section of the plan.
pub(super) fn paragraph(overview: &Overview) -> Paragraph {
    let sections = overview.sections();
    let several = sections.len() > 1;
    let mut sentences = Vec::new();
    if several {
        let all: Vec<&GoalRow> = overview.goals.iter().collect();
        sentences.push(vec![Span::Text(sentence("本方案", &all, false))]);
    }
    for (heading, rows) in sections {
        let name = match heading {
            Some(heading) => without_number(heading).to_owned(),
            None if several => "其他".to_owned(),
            None => "本方案".to_owned(),
        };
        sentences.push(vec![Span::Text(sentence(&name, &rows, true))]);
    }
    Paragraph { heading: "各项目标".to_owned(), sentences }
}

/// 企业技术改造专项行动 of 一、企业技术改造专项行动.
fn without_number(heading: &str) -> &str {
    let is_number = |c: char| "一二三四五六七八九十百〇（）()0123456789".contains(c);
    let rest = heading.trim_start_matches(is_number);
    let rest = rest.trim_start_matches(['、', '.', '．', ' ']);
    if rest.is_empty() { heading } else { rest }
}

/// 四大工程10项目标中，完成3项、达到序时4项、滞后3项：甲、乙、丙；未报1项：丁。
fn sentence(name: &str, rows: &[&GoalRow], named: bool) -> String {
    let judged: Vec<&&GoalRow> = rows.iter().filter(|row| row.verdict != Verdict::Watched).collect();
    let mut words: Vec<&str> = Vec::new();
    let mut parts: Vec<String> = Vec::new();
    for word in COUNTED.map(Verdict::counted_as) {
        if words.contains(&word) {
            continue;
        }
        words.push(word);
        let found: Vec<&&&GoalRow> = judged.iter().filter(|row| row.verdict.counted_as() == word).collect();
        if found.is_empty() {
            continue;
        }
        let names = found.iter().filter(|row| row.verdict.lags() || row.verdict == Verdict::Missing);
        let names: Vec<&str> = names.map(|row| row.name.as_str()).collect();
        let told = if named && !names.is_empty() { format!("（{}）", names.join("、")) } else { String::new() };
        parts.push(format!("{word}{}项{told}", found.len()));
    }
    let watched = rows.len() - judged.len();
    let watched = if watched > 0 { format!("；另监测{watched}项") } else { String::new() };
    match parts.is_empty() {
        true => format!("{name}{}项均为监测，没有目标。", rows.len()),
        false => format!("{name}{}项目标中，{}{watched}。", judged.len(), parts.join("、")),
    }
}

/// A column of the annex table: its head, and whether it is a number.
pub const COLUMNS: [(&str, bool); 9] = [
    ("目标", false),
    ("截至", false),
    ("目标值", true),
    ("完成", true),
    ("完成率%", true),
    ("序时%", true),
    ("与序时差", true),
    ("同比%", true),
    ("结论", false),
];

/// A goal's line under [`COLUMNS`].
pub fn cells(row: &GoalRow, near: Rate) -> Vec<String> {
    let minus = |text: Option<String>| text.map(|text| text.replace('-', "−")).or_dash();
    vec![
        row.name.clone(),
        row.period.map(as_of).or_dash(),
        row.target_text(),
        row.value_text(),
        minus(row.completion_text()),
        minus(row.pace_text()),
        minus(row.gap_text(near)),
        minus(row.growth_text()),
        row.verdict_text(),
    ]
}

/// 3月, for the column 截至.
fn as_of(period: Period) -> String {
    format!("{}年{}月", period.year, period.month)
}

/// All goals with the heading each stands under: what files carry.
pub fn table(overview: &Overview, near: Rate) -> Table {
    let mut header = vec!["板块".to_owned()];
    header.extend(COLUMNS.iter().map(|(head, _)| (*head).to_owned()));
    let rows = overview.sections().into_iter().flat_map(|(heading, rows)| {
        let line = move |row: &GoalRow| {
            let mut line = vec![heading.unwrap_or(DASH).to_owned()];
            line.extend(cells(row, near));
            line
        };
        rows.into_iter().map(line).collect::<Vec<_>>()
    });
    Table { header, rows: rows.collect() }
}

/// Who owes the figures that are due and missing, for whoever is about to publish: the goal and its 牵头单位.
pub fn owed<'p>(plan: &'p Plan, overview: &Overview) -> Vec<(&'p Goal, String)> {
    let missing = overview.goals.iter().filter(|row| row.verdict == Verdict::Missing);
    let goals = missing.filter_map(|row| plan.goal(&row.goal));
    let by = |goal: &Goal| match &goal.meaning.stated_by {
        Some(unit) => plan.unit(unit).map_or_else(|| unit.clone(), |unit| unit.name.clone()),
        None if !goal.lead.is_empty() => goal.lead.join("、"),
        None => "办公室".to_owned(),
    };
    goals.map(|goal| (goal, by(goal))).collect()
}

/// What a correction changes in goals other than the ranked one, whose changes are told by unit.
pub(super) fn changes(before: &Overview, after: &Overview, ranked: &str, near: Rate) -> Vec<super::diff::Change> {
    let mut changes = Vec::new();
    for row in after.goals.iter().filter(|row| row.goal != ranked) {
        let none = vec![DASH.to_owned(); COLUMNS.len()];
        let old = before.goal(&row.goal).map_or(none, |old| exact_cells(old, near));
        for (((what, _), before), after) in COLUMNS.iter().zip(old).zip(exact_cells(row, near)).skip(1) {
            if before != after {
                let (name, what) = (row.name.clone(), (*what).to_owned());
                changes.push(super::diff::Change { region: row.goal.clone(), name, what, before, after });
            }
        }
    }
    changes
}

/// As printed, with the figure itself in full: a correction of one 元 is seen.
fn exact_cells(row: &GoalRow, near: Rate) -> Vec<String> {
    let mut cells = cells(row, near);
    if let Some(crate::overview::Quantity::Amount(value)) = row.value {
        cells[3] = format!("{}{}", row.measure.in_full(value), row.measure.unit);
    }
    cells
}
