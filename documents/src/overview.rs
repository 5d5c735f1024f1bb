//! A plan's overview for programs (JSON, CSV) and for a terminal. The JSON keys are a stable contract.

use domain::bulletin::whole_plan;
use domain::overview::{Average, GoalRow, Overview, Quantity, TaskRow};
use domain::plan::Plan;
use domain::rate::Rate;
use serde::Serialize;

#[derive(Serialize)]
struct OverviewJson<'a> {
    plan: &'a str,
    period: String,
    goals: Vec<GoalJson<'a>>,
    tasks: Vec<TaskJson<'a>>,
}

#[derive(Serialize)]
struct GoalJson<'a> {
    goal: &'a str,
    section: Option<&'a str>,
    name: &'a str,
    unit: &'a str,
    period: Option<String>,
    target: Option<String>,
    value: Option<String>,
    base: Option<String>,
    growth_pct: Option<String>,
    completion_pct: Option<String>,
    pace_pct: Option<String>,
    gap_pp: Option<String>,
    verdict: domain::overview::Verdict,
    reached_in: Option<String>,
    average: Option<AverageJson<'a>>,
    units_reached: Option<usize>,
    units: Option<usize>,
    findings: Vec<FindingJson<'a>>,
}

#[derive(Serialize)]
struct AverageJson<'a> {
    compound_pct: Option<&'a str>,
    arithmetic_pct: Option<&'a str>,
    from_amounts_pct: Option<&'a str>,
    needed_pct: Option<&'a str>,
    missing_years: &'a [i32],
}

#[derive(Serialize)]
struct FindingJson<'a> {
    code: &'a str,
    message: &'a str,
}

#[derive(Serialize)]
struct TaskJson<'a> {
    task: &'a str,
    due: String,
    state: domain::plan::task::State,
    days: i64,
}

fn goal_json(row: &GoalRow, near: Rate) -> GoalJson<'_> {
    let shown = |found: Option<Quantity>| found.map(|found| row.exact(found));
    GoalJson {
        goal: &row.goal,
        section: row.section.as_deref(),
        name: &row.name,
        unit: &row.measure.unit,
        period: row.period.map(|period| period.to_string()),
        target: shown(row.target),
        value: shown(row.value),
        base: shown(row.base),
        growth_pct: row.growth_text(),
        completion_pct: row.completion_text(),
        pace_pct: row.pace_text(),
        gap_pp: row.gap_text(near),
        verdict: row.verdict,
        reached_in: row.reached_in.map(|period| period.to_string()),
        average: row.average.as_ref().map(average_json),
        units_reached: row.reach.map(|reach| reach.reached),
        units: row.reach.map(|reach| reach.units),
        findings: row
            .findings
            .iter()
            .map(|finding| FindingJson { code: &finding.code, message: &finding.message })
            .collect(),
    }
}

fn average_json(average: &Average) -> AverageJson<'_> {
    AverageJson {
        compound_pct: average.compound.as_deref(),
        arithmetic_pct: average.arithmetic.as_deref(),
        from_amounts_pct: average.from_amounts.as_deref(),
        needed_pct: average.needed.as_deref(),
        missing_years: &average.missing_years,
    }
}

fn task_json(row: &TaskRow) -> TaskJson<'_> {
    TaskJson { task: &row.task, due: row.due.to_string(), state: row.state, days: row.days }
}

/// The JSON of `jigai overview --format json`.
///
/// # Errors
/// Only where a value cannot be written as JSON.
pub fn json(plan: &Plan, overview: &Overview) -> serde_json::Result<String> {
    serde_json::to_string_pretty(&OverviewJson {
        plan: &plan.id,
        period: overview.period.to_string(),
        goals: overview.goals.iter().map(|row| goal_json(row, plan.near)).collect(),
        tasks: overview.tasks.iter().map(task_json).collect(),
    })
}

const COLUMNS: [&str; 21] = [
    "goal",
    "section",
    "name",
    "unit",
    "period",
    "target",
    "value",
    "base",
    "growth_pct",
    "completion_pct",
    "pace_pct",
    "gap_pp",
    "verdict",
    "reached_in",
    "compound_pct",
    "arithmetic_pct",
    "from_amounts_pct",
    "needed_pct",
    "missing_years",
    "units_reached",
    "units",
];

/// One line per goal, the JSON's keys as columns; years that are missing are joined by `;`.
///
/// # Errors
/// Only where a value cannot be written.
pub fn csv(plan: &Plan, overview: &Overview) -> serde_json::Result<String> {
    let mut rows = Vec::with_capacity(overview.goals.len());
    for row in &overview.goals {
        let json = serde_json::to_value(goal_json(row, plan.near))?;
        let cell = |column: &&str| {
            let found = if json[*column].is_null() { &json["average"][*column] } else { &json[*column] };
            match found {
                serde_json::Value::String(text) if matches!(*column, "section" | "name" | "unit") => {
                    crate::csv_text::neutral(text)
                }
                serde_json::Value::String(text) => text.clone(),
                serde_json::Value::Null => String::new(),
                serde_json::Value::Array(years) => years.iter().map(ToString::to_string).collect::<Vec<_>>().join(";"),
                other => other.to_string(),
            }
        };
        rows.push(COLUMNS.iter().map(cell).collect::<Vec<String>>());
    }
    Ok(crate::csv_text::write(&COLUMNS, rows))
}

/// For a terminal: a table for each section of the document, then the dated tasks.
pub fn text(plan: &Plan, overview: &Overview) -> String {
    let mut text = format!("{}（{}）\n", plan.title, overview.period.label());
    for (section, rows) in overview.sections() {
        let mut lines = vec![whole_plan::COLUMNS.iter().map(|(head, _)| (*head).to_owned()).collect::<Vec<_>>()];
        lines.extend(rows.into_iter().map(|row| whole_plan::cells(row, plan.near)));
        text.push('\n');
        if let Some(section) = section {
            text.push_str(section);
            text.push('\n');
        }
        text.push_str(&crate::standings::aligned_with(&lines, &[0, 1, 8]));
    }
    for row in overview.goals.iter().flat_map(|row| &row.findings) {
        text.push_str(&format!("\n提示：{}", row.message));
    }
    if !plan.tasks.is_empty() {
        text.push_str("\n限时任务\n");
        for (task, row) in plan.tasks.iter().zip(&overview.tasks) {
            let state = match row.state {
                domain::plan::task::State::Overdue => format!("逾期{}天", row.days),
                domain::plan::task::State::Due => format!("还有{}天", row.days),
                domain::plan::task::State::NotDue => "未到期".to_owned(),
            };
            text.push_str(&format!("{}，{}，{state}\n", task.title, task.due.words()));
        }
    }
    text
}
