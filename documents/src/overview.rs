//! A plan's overview for programs (JSON, CSV) and for a terminal. The JSON keys are a stable contract.

use domain::money::Measure;
use domain::overview::{Average, GoalRow, Overview, Quantity, TaskRow};
use domain::plan::{Goal, Plan};
use domain::rate::{Rate, big_percent_beside};
use domain::shown::DASH;
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

/// A percentage with one decimal, and more while the rounded one stands on another side of what decides.
fn beside(rate: Rate, threshold: Option<Rate>) -> String {
    match threshold {
        Some(threshold) => big_percent_beside(&rate.to_big(), &threshold.to_big()),
        None => rate.percent(1),
    }
}

fn quantity(measure: &Measure, row: &GoalRow, quantity: Quantity) -> String {
    match quantity {
        Quantity::Amount(amount) => measure.exact(amount),
        Quantity::Percent(share) => beside(share, aim(measure, row)),
        Quantity::Units(units) => units.to_string(),
    }
}

/// The target of a goal that is a percentage, as a fraction.
fn aim(measure: &Measure, row: &GoalRow) -> Option<Rate> {
    match row.target? {
        Quantity::Amount(target) if measure.is_ratio() => {
            Rate::new(i128::from(target.0), 100 * i128::from(measure.per_unit))
        }
        _ => None,
    }
}

fn goal_json<'a>((plan, row): (&'a Plan, &'a GoalRow), goal: &'a Goal) -> GoalJson<'a> {
    let shown = |found: Option<Quantity>| found.map(|found| quantity(&goal.measure, row, found));
    GoalJson {
        goal: &goal.id,
        section: goal.meaning.section.as_deref(),
        name: &goal.name,
        unit: &goal.measure.unit,
        period: row.period.map(|period| period.to_string()),
        target: shown(row.target),
        value: shown(row.value),
        base: shown(row.base),
        growth_pct: row.growth.map(|growth| beside(growth, row.target_growth)),
        completion_pct: row.completion.map(|completion| beside(completion, Some(Rate::ONE))),
        pace_pct: row.pace.map(|pace| beside(pace, None)),
        gap_pp: row.gap.map(|gap| domain::standing::gap_text(gap, plan.near).replace('−', "-")),
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

fn goals<'a>(plan: &'a Plan, overview: &'a Overview) -> impl Iterator<Item = (&'a GoalRow, &'a Goal)> {
    overview.goals.iter().filter_map(|row| Some((row, plan.goal(&row.goal)?)))
}

/// The JSON of `jigai overview --format json`.
///
/// # Errors
/// Only where a value cannot be written as JSON.
pub fn json(plan: &Plan, overview: &Overview) -> serde_json::Result<String> {
    serde_json::to_string_pretty(&OverviewJson {
        plan: &plan.id,
        period: overview.period.to_string(),
        goals: goals(plan, overview).map(|(row, goal)| goal_json((plan, row), goal)).collect(),
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
    for (row, goal) in goals(plan, overview) {
        let json = serde_json::to_value(goal_json((plan, row), goal))?;
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
    let mut sections: Vec<Option<&str>> = Vec::new();
    for (_, goal) in goals(plan, overview) {
        if !sections.contains(&goal.meaning.section.as_deref()) {
            sections.push(goal.meaning.section.as_deref());
        }
    }
    for section in sections {
        let found = goals(plan, overview).filter(|(_, goal)| goal.meaning.section.as_deref() == section);
        let mut lines = vec![
            ["目标", "期间", "目标值", "累计", "单位", "完成率%", "与序时差", "同比%", "结论"]
                .map(str::to_owned)
                .to_vec(),
        ];
        lines.extend(found.map(|(row, goal)| line((plan, row), goal)));
        text.push('\n');
        if let Some(section) = section {
            text.push_str(section);
            text.push('\n');
        }
        text.push_str(&crate::standings::aligned_with(&lines, &[0, 4, 8]));
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

fn line((plan, row): (&Plan, &GoalRow), goal: &Goal) -> Vec<String> {
    let json = goal_json((plan, row), goal);
    let printed = |found: Option<Quantity>| match found {
        Some(Quantity::Amount(amount)) => goal.measure.format(amount),
        Some(other) => quantity(&goal.measure, row, other),
        None => DASH.to_owned(),
    };
    let unit = match row.reach {
        Some(_) => "个单位".to_owned(),
        None => goal.measure.unit.clone(),
    };
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| DASH.to_owned());
    let verdict = match row.reached_in {
        Some(period) => format!("{}（{period}）", row.verdict.name()),
        None => row.verdict.name().to_owned(),
    };
    vec![
        goal.name.clone(),
        or_dash(row.period.map(|period| period.to_string())),
        printed(row.target),
        printed(row.value),
        unit,
        or_dash(json.completion_pct),
        or_dash(json.gap_pp),
        or_dash(json.growth_pct),
        verdict,
    ]
}
