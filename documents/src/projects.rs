//! The library of projects for programs (JSON, CSV) and for a terminal. The JSON keys are a stable contract.

use std::fmt::Write;

use domain::money::Amount;
use domain::plan::Plan;
use domain::plan::projects::{Gives, Role, Test};
use domain::projects::field::unit_name;
use domain::projects::standing::{Fired, Lamp, Standing};
use domain::projects::sums::{Library, Share, Sums};
use domain::projects::{Entry, Stage};
use domain::rate::Rate;
use serde::Serialize;

#[derive(Serialize)]
struct LibraryJson<'a> {
    plan: &'a str,
    period: String,
    projects: Vec<ProjectJson<'a>>,
    units: Vec<UnitJson>,
    total: SumsJson,
    lists: ListsJson<'a>,
}

#[derive(Serialize)]
struct ProjectJson<'a> {
    project: &'a str,
    name: &'a str,
    unit: &'a str,
    unit_name: &'a str,
    stage: Stage,
    role: Option<Role>,
    level: Option<&'a str>,
    as_of: Option<String>,
    total: Option<Amount>,
    planned: Option<Amount>,
    this_year: Option<Amount>,
    since_start: Option<Amount>,
    year_completion_pct: Option<String>,
    total_completion_pct: Option<String>,
    pace_pct: Option<String>,
    pace_share_pct: Option<String>,
    gap_pp: Option<String>,
    missing: Option<Amount>,
    silent_months: i64,
    start_overdue_months: i64,
    finish_overdue_months: i64,
    production_overdue_months: i64,
    lamp: Lamp,
    rules: Vec<RuleJson<'a>>,
}

#[derive(Serialize)]
struct RuleJson<'a> {
    /// Its place in the plan file, from 1.
    rule: usize,
    test: Test,
    gives: Gives,
    found: String,
    words: &'a str,
    clause: Option<&'a str>,
}

#[derive(Serialize)]
struct UnitJson {
    unit: String,
    name: String,
    #[serde(flatten)]
    sums: SumsJson,
}

#[derive(Serialize)]
struct SumsJson {
    projects: usize,
    total: Amount,
    planned: Amount,
    this_year: Amount,
    completion_pct: Option<String>,
    starts_due: usize,
    started: usize,
    start_rate_pct: Option<String>,
    finishes_due: usize,
    finished: usize,
    finish_rate_pct: Option<String>,
    productions_due: usize,
    produced: usize,
    production_rate_pct: Option<String>,
    kept_due: usize,
    kept: usize,
    kept_rate_pct: Option<String>,
    early_starts: usize,
    red: usize,
    yellow: usize,
    silent: usize,
    to_leave: usize,
}

#[derive(Serialize)]
struct ListsJson<'a> {
    lag: Vec<&'a str>,
    start_overdue: Vec<&'a str>,
    finish_overdue: Vec<&'a str>,
    silent: Vec<&'a str>,
    to_leave: Vec<&'a str>,
}

/// What a rule found, with as many decimals as it has.
pub fn found_text(fired: &Fired) -> String {
    match fired.test {
        Test::BehindPoints | Test::PaceShare => fired.found.percent(1),
        _ => fired.found.numerator().to_string(),
    }
}

fn percent(rate: Option<Rate>) -> Option<String> {
    rate.map(|rate| rate.percent(1))
}

fn rate_of(share: Share) -> Option<String> {
    percent(share.rate())
}

fn project_json<'a>(plan: &'a Plan, entry: &'a Entry, standing: &'a Standing) -> ProjectJson<'a> {
    let rules = standing.fired.iter().map(|fired| RuleJson {
        rule: fired.rule + 1,
        test: fired.test,
        gives: fired.gives,
        found: found_text(fired),
        words: &fired.words,
        clause: fired.clause.as_deref(),
    });
    ProjectJson {
        project: &entry.project.id,
        name: &entry.project.name,
        unit: &entry.project.unit,
        unit_name: unit_name(plan, &entry.project.unit),
        stage: standing.stage,
        role: standing.role,
        level: standing.level.as_deref(),
        as_of: standing.as_of.map(|at| at.to_string()),
        total: entry.project.total,
        planned: standing.planned,
        this_year: standing.this_year,
        since_start: standing.since_start,
        year_completion_pct: percent(standing.year_completion),
        total_completion_pct: percent(standing.total_completion),
        pace_pct: percent(standing.pace),
        pace_share_pct: percent(standing.pace_share),
        gap_pp: percent(standing.gap),
        missing: standing.missing,
        silent_months: standing.silent,
        start_overdue_months: standing.start_overdue,
        finish_overdue_months: standing.finish_overdue,
        production_overdue_months: standing.production_overdue,
        lamp: standing.lamp(),
        rules: rules.collect(),
    }
}

fn sums_json(sums: &Sums) -> SumsJson {
    SumsJson {
        projects: sums.projects,
        total: sums.total,
        planned: sums.planned,
        this_year: sums.this_year,
        completion_pct: percent(sums.completion),
        starts_due: sums.starts.of,
        started: sums.starts.done,
        start_rate_pct: rate_of(sums.starts),
        finishes_due: sums.finishes.of,
        finished: sums.finishes.done,
        finish_rate_pct: rate_of(sums.finishes),
        productions_due: sums.productions.of,
        produced: sums.productions.done,
        production_rate_pct: rate_of(sums.productions),
        kept_due: sums.kept.of,
        kept: sums.kept.done,
        kept_rate_pct: rate_of(sums.kept),
        early_starts: sums.early_starts,
        red: sums.red,
        yellow: sums.yellow,
        silent: sums.silent,
        to_leave: sums.to_leave,
    }
}

/// The JSON of `jigai projects standings --format json`.
///
/// # Errors
/// Only where a value cannot be written as JSON.
pub fn json(plan: &Plan, library: &Library<'_>) -> serde_json::Result<String> {
    let which = |fits: fn(&Standing) -> bool| {
        let found = library.rows.iter().filter(|(_, standing)| fits(standing));
        found.map(|(entry, _)| entry.project.id.as_str()).collect::<Vec<_>>()
    };
    let lag = library.lagging();
    serde_json::to_string_pretty(&LibraryJson {
        plan: &plan.id,
        period: library.at.to_string(),
        projects: library.rows.iter().map(|(entry, standing)| project_json(plan, entry, standing)).collect(),
        units: library
            .by_unit(plan)
            .into_iter()
            .map(|(unit, name, sums)| UnitJson { unit, name, sums: sums_json(&sums) })
            .collect(),
        total: sums_json(&library.sums()),
        lists: ListsJson {
            lag: lag.iter().map(|(entry, _)| entry.project.id.as_str()).collect(),
            start_overdue: which(|standing| standing.start_overdue > 0),
            finish_overdue: which(|standing| standing.finish_overdue > 0),
            silent: which(|standing| standing.silent > 0),
            to_leave: which(Standing::is_to_leave),
        },
    })
}

const COLUMNS: [&str; 20] = [
    "project",
    "name",
    "unit",
    "stage",
    "role",
    "level",
    "total",
    "planned",
    "this_year",
    "since_start",
    "year_completion_pct",
    "total_completion_pct",
    "pace_pct",
    "gap_pp",
    "silent_months",
    "start_overdue_months",
    "finish_overdue_months",
    "production_overdue_months",
    "lamp",
    "rules",
];

/// The CSV of `jigai projects standings --format csv`: one line per project, amounts in 元.
pub fn csv(plan: &Plan, library: &Library<'_>) -> String {
    let rows = library.rows.iter().map(|(entry, standing)| {
        let found = project_json(plan, entry, standing);
        let amount = |amount: Option<Amount>| amount.map(|amount| amount.0.to_string()).unwrap_or_default();
        let text = |text: Option<String>| text.unwrap_or_default();
        let words: Vec<&str> = found.rules.iter().map(|rule| rule.words).collect();
        vec![
            found.project.to_owned(),
            found.name.to_owned(),
            found.unit_name.to_owned(),
            standing.stage.name().to_owned(),
            standing.role.map(|role| role.name().to_owned()).unwrap_or_default(),
            standing.level.clone().unwrap_or_default(),
            amount(found.total),
            amount(found.planned),
            amount(found.this_year),
            amount(found.since_start),
            text(found.year_completion_pct),
            text(found.total_completion_pct),
            text(found.pace_pct),
            text(found.gap_pp),
            standing.silent.to_string(),
            standing.start_overdue.to_string(),
            standing.finish_overdue.to_string(),
            standing.production_overdue.to_string(),
            standing.lamp().name().to_owned(),
            words.join("；"),
        ]
    });
    crate::csv_text::write(&COLUMNS, rows)
}

/// 开工 130/179项（72.6%）.
pub fn share_text(share: Share) -> String {
    match share.rate() {
        Some(rate) => format!("{}/{}项（{}）", share.done, share.of, rate.in_percent(1)),
        None => "—".to_owned(),
    }
}

/// For a terminal.
pub fn text(plan: &Plan, library: &Library<'_>) -> String {
    let measure = domain::projects::measure();
    let sums = library.sums();
    let mut out = String::new();
    let _ = writeln!(out, "{} {} 重点项目", plan.title, library.at.label());
    let _ = writeln!(
        out,
        "{}项，总投资{}，年计划{}，完成{}（{}）；开工率 {}，竣工率 {}，投产率 {}，履约率 {}；红灯{}项，黄灯{}项",
        sums.projects,
        measure.with_unit(sums.total),
        measure.with_unit(sums.planned),
        measure.with_unit(sums.this_year),
        sums.completion.map_or_else(|| "—".to_owned(), |rate| rate.in_percent(1)),
        share_text(sums.starts),
        share_text(sums.finishes),
        share_text(sums.productions),
        share_text(sums.kept),
        sums.red,
        sums.yellow,
    );
    for (_, name, sums) in library.by_unit(plan) {
        let _ = writeln!(
            out,
            "  {name}：{}项，完成{}（{}），红灯{}，黄灯{}",
            sums.projects,
            measure.with_unit(sums.this_year),
            sums.completion.map_or_else(|| "—".to_owned(), |rate| rate.in_percent(1)),
            sums.red,
            sums.yellow
        );
    }
    for (entry, standing) in library.lagging() {
        let words: Vec<&str> = standing.fired.iter().map(|fired| fired.words.as_str()).collect();
        let unit = unit_name(plan, &entry.project.unit);
        let own = &entry.project;
        let _ = writeln!(out, "[{}] {} {}（{unit}）：{}", standing.lamp().name(), own.id, own.name, words.join("；"));
    }
    out
}
