//! Standings written for programs (JSON, CSV) and for a terminal. The JSON keys are a stable contract.

use domain::bulletin::columns::Columns;
use domain::bulletin::tables::extra_columns;
use domain::money::Amount;
use domain::plan::From;
use domain::rate::{Rate, big_percent, big_plain};
use domain::shown::{DASH, NO_TARGET, Shown, UNREPORTED};
use domain::standing::{Row, ScorePart, Standings, Total};
use serde::Serialize;

use crate::returns::UnknownRegion;

#[derive(Serialize)]
struct StandingsJson<'a> {
    plan: &'a str,
    goal: &'a str,
    period: String,
    provisional: bool,
    rules: RulesJson,
    total: TotalJson<'a>,
    rows: Vec<RowJson<'a>>,
    readings: ReadingsJson<'a>,
    undecided: UndecidedJson<'a>,
    total_incomplete: &'a [String],
    problems: Vec<ProblemJson<'a>>,
    findings: Vec<FindingJson<'a>>,
}

#[derive(Serialize)]
struct RulesJson {
    rank_by: &'static str,
    reading: &'static str,
    ties: &'static str,
    compare: String,
    completed_when: &'static str,
}

#[derive(Serialize)]
struct TotalJson<'a> {
    name: &'a str,
    stated: bool,
    value: Option<String>,
    base: Option<String>,
    target: Option<String>,
    growth_pct: Option<String>,
    completion_pct: Option<String>,
    pace_pct: Option<String>,
    gap_pp: Option<String>,
}

#[derive(Serialize)]
struct RowJson<'a> {
    region: &'a str,
    name: &'a str,
    within: Option<&'a str>,
    value: Option<String>,
    base: Option<String>,
    target: Option<String>,
    target_growth_pct: Option<String>,
    growth_pct: Option<String>,
    growth_exact: Option<String>,
    completion_pct: Option<String>,
    pace_pct: Option<String>,
    gap_pp: Option<String>,
    contribution_pp: Option<String>,
    lamp: domain::standing::Lamp,
    completed: Option<bool>,
    rank: Option<usize>,
    rank_from_bottom: Option<usize>,
    unranked: Option<domain::standing::Unranked>,
    awards: Vec<AwardJson<'a>>,
    // Keys of rules that few plans have: they stand only where the rule does.
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_rank: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rank_also: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    score_parts: Vec<ScorePartJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grade: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    barred: &'a [String],
}

/// One part of a score: `share` is what was measured ÷ what it was measured against, in percent.
#[derive(Serialize)]
struct ScorePartJson<'a> {
    name: &'a str,
    full: Option<String>,
    share_pct: Option<String>,
    points: String,
}

#[derive(Serialize)]
struct AwardJson<'a> {
    points: String,
    unit: &'a str,
    place: usize,
    from: &'static str,
    trace: &'a [String],
}

#[derive(Serialize)]
struct ReadingsJson<'a> {
    rank_then_filter: Points<'a>,
    filter_then_rank: Points<'a>,
    mixed: Points<'a>,
}

#[derive(Serialize)]
struct UndecidedJson<'a> {
    rank_then_filter: &'a [String],
    filter_then_rank: &'a [String],
    mixed: &'a [String],
}

/// Region → points, in the plan's order.
struct Points<'a>(&'a [(String, String)]);

impl Serialize for Points<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(region, points)| (region, points)))
    }
}

#[derive(Serialize)]
struct ProblemJson<'a> {
    line: usize,
    region: &'a str,
    message: &'a str,
}

#[derive(Serialize)]
struct FindingJson<'a> {
    code: &'a str,
    message: &'a str,
}

fn percent(rate: Option<Rate>) -> Option<String> {
    rate.map(|rate| rate.percent(1))
}

/// The JSON of `jigai standings --format json`, indented by one blank.
pub fn json(standings: &Standings, unknown: &[UnknownRegion]) -> serde_json::Result<String> {
    let rules = &standings.rules;
    let view = StandingsJson {
        plan: &standings.plan,
        goal: &standings.goal,
        period: standings.period.to_string(),
        provisional: standings.provisional,
        rules: RulesJson {
            rank_by: rules.rank_by.word(),
            reading: rules.reading.word(),
            ties: rules.ties.word(),
            compare: rules.compare.to_string(),
            completed_when: rules.completed_when.word(),
        },
        total: total_json(standings, &standings.total),
        rows: standings.rows.iter().map(|row| row_json(standings, row)).collect(),
        readings: ReadingsJson {
            rank_then_filter: Points(&standings.readings.rank_then_filter),
            filter_then_rank: Points(&standings.readings.filter_then_rank),
            mixed: Points(&standings.readings.mixed),
        },
        undecided: UndecidedJson {
            rank_then_filter: &standings.undecided.rank_then_filter,
            filter_then_rank: &standings.undecided.filter_then_rank,
            mixed: &standings.undecided.mixed,
        },
        total_incomplete: &standings.total_incomplete,
        problems: unknown
            .iter()
            .map(|row| ProblemJson { line: row.line, region: &row.region, message: &row.message })
            .collect(),
        findings: standings
            .findings
            .iter()
            .map(|finding| FindingJson { code: &finding.code, message: &finding.message })
            .collect(),
    };
    serde_json::to_string_pretty(&view)
}

fn total_json<'a>(standings: &Standings, total: &'a Total) -> TotalJson<'a> {
    let exact = |amount| standings.measure.exact(amount);
    TotalJson {
        name: &total.name,
        stated: total.stated,
        value: total.value.map(exact),
        base: total.base.map(exact),
        target: total.target.map(exact),
        growth_pct: percent(total.growth),
        completion_pct: percent(total.completion),
        pace_pct: percent(total.pace),
        gap_pp: percent(total.gap),
    }
}

fn row_json<'a>(standings: &'a Standings, row: &'a Row) -> RowJson<'a> {
    let exact = |amount| standings.measure.exact(amount);
    RowJson {
        region: &row.region,
        name: &row.name,
        within: row.within.as_deref(),
        value: row.value.map(exact),
        base: row.base.map(exact),
        target: row.target.map(exact),
        target_growth_pct: row.target_growth.map(Rate::percent_as_written),
        growth_pct: percent(row.growth),
        growth_exact: row.growth.map(Rate::exact),
        completion_pct: percent(row.completion),
        pace_pct: percent(row.pace),
        gap_pp: percent(row.gap),
        contribution_pp: percent(row.contribution),
        lamp: row.lamp,
        completed: row.completed,
        rank: row.rank,
        rank_from_bottom: row.rank_from_bottom,
        unranked: row.unranked,
        awards: row
            .awards
            .iter()
            .map(|award| AwardJson {
                points: award.points_text(),
                unit: &award.unit,
                place: award.place,
                from: match award.from {
                    From::Top => "top",
                    From::Bottom => "bottom",
                    From::All => "all",
                },
                trace: &award.trace,
            })
            .collect(),
        group: row.group.as_deref(),
        group_rank: row.group_rank,
        rank_also: row.rank_also,
        score: row.score.as_ref().filter(|_| standings.formed.is_some()).map(big_plain),
        score_parts: row.parts.iter().map(|part| part_json(standings, part)).collect(),
        grade: row.grade.as_deref(),
        barred: &row.barred,
    }
}

fn part_json<'a>(standings: &'a Standings, part: &'a ScorePart) -> ScorePartJson<'a> {
    let formed = standings.formed.iter().flat_map(|formed| &formed.parts).find(|formed| formed.name == part.name);
    ScorePartJson {
        name: &part.name,
        full: formed.map(|formed| big_plain(&formed.full.to_big())),
        share_pct: part.share.as_ref().map(|share| big_percent(share, 1)),
        points: big_plain(&part.points),
    }
}

const CSV_COLUMNS: [&str; 19] = [
    "region",
    "name",
    "within",
    "value",
    "base",
    "target",
    "target_growth_pct",
    "growth_pct",
    "growth_exact",
    "completion_pct",
    "pace_pct",
    "gap_pp",
    "contribution_pp",
    "lamp",
    "completed",
    "rank",
    "rank_from_bottom",
    "unranked",
    "awards",
];

/// One line per row of the plan, the JSON's row keys as columns; several awards are joined by `;`.
pub fn csv(standings: &Standings) -> serde_json::Result<String> {
    let mut rows = Vec::with_capacity(standings.rows.len());
    for row in &standings.rows {
        let json = serde_json::to_value(row_json(standings, row))?;
        let cell = |column: &&str| match &json[*column] {
            serde_json::Value::String(text) if matches!(*column, "region" | "name" | "within") => {
                crate::csv_text::neutral(text)
            }
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Null => String::new(),
            serde_json::Value::Array(awards) => {
                awards.iter().filter_map(|award| award["points"].as_str()).collect::<Vec<_>>().join(";")
            }
            other => other.to_string(),
        };
        rows.push(CSV_COLUMNS.iter().map(cell).collect::<Vec<String>>());
    }
    Ok(crate::csv_text::write(&CSV_COLUMNS, rows))
}

/// A table for a terminal, in the words of the bulletin.
pub fn text(standings: &Standings, near: Rate) -> String {
    let (measure, columns) = (&standings.measure, Columns::fitting(standings, near));
    let target = |amount: Option<Amount>, mark: &str| amount.shown_or(mark, |amount| columns.target(amount));
    let value = |amount: Option<Amount>, mark: &str| amount.shown_or(mark, |amount| columns.value(amount));
    let total = &standings.total;
    let mut lines = vec![vec![
        "位次".to_owned(),
        "单位".to_owned(),
        format!("目标（{}）", measure.unit),
        format!("累计（{}）", measure.unit),
        "完成率%".to_owned(),
        "与序时差".to_owned(),
        "同比%".to_owned(),
        "进度".to_owned(),
    ]];
    let extra = extra_columns(standings);
    lines[0].extend(extra.iter().map(|column| column.head.clone()));
    lines[0].push("奖惩".to_owned());
    lines.push(vec![
        DASH.to_owned(),
        total.name.clone(),
        target(total.target, NO_TARGET),
        value(total.value, UNREPORTED),
        columns.total_completion().or_dash(),
        columns.total_gap().or_dash(),
        columns.total_growth().or_dash(),
    ]);
    let width = lines[0].len();
    lines[1].resize(width, String::new());
    for row in &standings.rows {
        let name = if row.within.is_some() { format!("  其中：{}", row.name) } else { row.name.clone() };
        let points: Vec<String> =
            row.awards.iter().map(|award| format!("{}{}", award.points_text(), award.unit)).collect();
        let mut line = vec![
            row.rank.or_dash(),
            name,
            target(row.target, row.target_mark()),
            value(row.value, row.value_mark()),
            columns.completion(row).or_dash(),
            columns.gap(row).or_dash(),
            columns.growth(row).or_dash(),
            lamp_text(standings, row),
        ];
        line.extend(extra.iter().map(|column| (column.of)(row).or_dash()));
        line.push(if points.is_empty() { DASH.to_owned() } else { points.join("；") });
        lines.push(line);
    }
    let mut text = format!(
        "{} {}（{}）\n\n",
        standings.goal_name,
        standings.period.label(),
        if standings.provisional { "预计" } else { "年终" }
    );
    text.push_str(&aligned(&lines));
    for finding in &standings.findings {
        text.push_str(&format!("\n注：{}", finding.message));
    }
    if !standings.findings.is_empty() {
        text.push('\n');
    }
    text
}

/// A mark that is its own word stands once.
fn lamp_text(standings: &Standings, row: &Row) -> String {
    let (mark, word) = (standings.shown_lamp(row).mark(), standings.shown_word(row));
    if mark == word { word.to_owned() } else { format!("{mark} {word}") }
}

/// Columns padded to equal width, names and lamps read from the left, numbers from the right.
pub fn aligned(lines: &[Vec<String>]) -> String {
    aligned_with(lines, &[1, 7])
}

/// The same with these columns read from the left. Chinese characters are two columns wide.
pub(crate) fn aligned_with(lines: &[Vec<String>], left: &[usize]) -> String {
    let width = |text: &str| {
        text.chars()
            .map(|c| if (c as u32) < 0x1100 || matches!(c, '—' | '−' | '●' | '▲' | '■' | '◇') { 1 } else { 2 })
            .sum::<usize>()
    };
    let columns = lines.first().map_or(0, Vec::len);
    let widths: Vec<usize> =
        (0..columns).map(|column| lines.iter().map(|line| width(&line[column])).max().unwrap_or(0)).collect();
    let mut text = String::new();
    for line in lines {
        let cells = line.iter().zip(&widths).enumerate().map(|(column, (cell, &wide))| {
            let blanks = " ".repeat(wide - width(cell));
            if left.contains(&column) { format!("{cell}{blanks}") } else { format!("{blanks}{cell}") }
        });
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}
