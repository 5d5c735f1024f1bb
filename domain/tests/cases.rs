//! Case files: small tables of figures with the results an official expects, in `tests/cases/*.toml`.
//!
//! A file names a period, a plan (one of the fixtures, or a few keys written inline), the units with their figures, and
//! one
//! `[[result]]` for each set of rules worth showing. What is written under `expect`, `unit` and `total` is compared
//! exactly, what is not written is not compared; `rank`, `points`, `undecided` and `incomplete` are complete lists.
//! “Nothing” is written "none", a target “/” as in the document. A percentage is compared with as many decimals as it
//! is written with, or as an exact fraction ("1/9"); amounts are in the plan's unit.

mod case_file;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use domain::assessment::Rules;
use domain::money::Amount;
use domain::month::Period;
use domain::rate::{Rate, big_plain};
use domain::standing::{self, Row, Standings};
use toml::{Table, Value};

use case_file::{Case, Expected, read_figures, read_plan, text};

fn with_rules(mut rules: Rules, changes: &Table) -> Result<Rules, String> {
    for (key, value) in changes {
        let word = value.as_str().ok_or_else(|| format!("rules.{key} is not a word in quotes"))?;
        match key.as_str() {
            "rank_by" => rules.rank_by = word.parse()?,
            "reading" => rules.reading = word.parse()?,
            "ties" => rules.ties = word.parse()?,
            "compare" => rules.compare = word.parse()?,
            "completed_when" => rules.completed_when = word.parse()?,
            _ => return Err(format!("rules has no key {key}")),
        }
    }
    Ok(rules)
}

/// A rate the way the expectation is written: a fraction, or a percentage with as many decimals.
fn percent(rate: Option<Rate>, written: &str) -> Option<String> {
    let rate = rate?;
    let digits = written.split_once('.').map_or(0, |(_, decimals)| decimals.len() as u32);
    Some(if written.contains('/') { rate.exact() } else { rate.percent(digits) })
}

/// A word of an enum as JSON has it: `on_pace`.
fn word(value: impl serde::Serialize) -> Option<String> {
    serde_json::to_value(value).ok()?.as_str().map(str::to_owned)
}

/// What was found under a key, as text; an error for a key nobody knows.
fn found_in_row(row: &Row, standings: &Standings, key: &str, written: &str) -> Result<Option<String>, String> {
    let measure = &standings.measure;
    let amount = |amount: Option<Amount>| amount.map(|amount| measure.plain(amount));
    let places = || {
        row.awards
            .iter()
            .map(|award| Some(format!("{} {}", word(award.from)?, award.place)))
            .collect::<Option<Vec<_>>>()
    };
    Ok(match key {
        "value" => amount(row.value),
        "base" => amount(row.base),
        "target" => amount(row.target),
        "growth" => percent(row.growth, written),
        "completion" => percent(row.completion, written),
        "pace" => percent(row.pace, written),
        "gap" => percent(row.gap, written),
        "contribution" => percent(row.contribution, written),
        "lamp" => word(row.lamp),
        "completed" => row.completed.map(|completed| completed.to_string()),
        "score" => row.score.as_ref().map(big_plain),
        // Points of each part, in the rule's order.
        "parts" => Some(row.parts.iter().map(|part| big_plain(&part.points)).collect::<Vec<_>>())
            .filter(|parts| !parts.is_empty())
            .map(|parts| parts.join("、")),
        "grade" => row.grade.clone(),
        "group_rank" => row.group_rank.map(|rank| rank.to_string()),
        "rank_also" => row.rank_also.map(|rank| rank.to_string()),
        "rank" => row.rank.map(|rank| rank.to_string()),
        "rank_from_bottom" => row.rank_from_bottom.map(|rank| rank.to_string()),
        "unranked" => row.unranked.and_then(word),
        // With their units where several kinds of award are given.
        "points" => {
            let units: BTreeSet<&str> =
                standings.rows.iter().flat_map(|row| &row.awards).map(|award| award.unit.as_str()).collect();
            Some(row.given()).filter(|given| !given.is_empty()).map(|given| given.text(units.len() > 1))
        }
        // “top 1”, or both ends where the lists overlap.
        "place" => places().filter(|places| !places.is_empty()).map(|places| places.join("、")),
        _ => return Err(format!("{}: there is no key {key}", row.name)),
    })
}

fn found_in_total(standings: &Standings, key: &str, written: &str) -> Result<Option<String>, String> {
    let total = &standings.total;
    let amount = |amount: Option<Amount>| amount.map(|amount| standings.measure.plain(amount));
    Ok(match key {
        // What can be had where parts of a score are not known yet.
        "full" => standings.formed.as_ref().map(|formed| big_plain(&formed.full().to_big())),
        "stated" => Some(total.stated.to_string()),
        "value" => amount(total.value),
        "base" => amount(total.base),
        "target" => amount(total.target),
        "growth" => percent(total.growth, written),
        "completion" => percent(total.completion, written),
        "pace" => percent(total.pace, written),
        "gap" => percent(total.gap, written),
        _ => return Err(format!("total: there is no key {key}")),
    })
}

/// Collects one line for each difference.
struct Differences {
    case: String,
    found: Vec<String>,
}

impl Differences {
    fn compare(&mut self, unit: &str, key: &str, expected: &str, found: Option<String>) {
        let found = found.unwrap_or("none".to_owned());
        if expected != found {
            self.found.push(format!("{}, {unit}, {key}: expected {expected}, found {found}", self.case));
        }
    }

    fn table(
        &mut self,
        unit: &str,
        expect: &Table,
        find: impl Fn(&str, &str) -> Result<Option<String>, String>,
    ) -> Result<(), String> {
        for (key, value) in expect {
            let expected = written(value);
            self.compare(unit, key, &expected, find(key, &expected)?);
        }
        Ok(())
    }
}

/// `"none"`, `true` and `3` as the same kind of text.
fn written(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn compare(
    case: &Case,
    expected: &Expected,
    standings: &Standings,
    differences: &mut Differences,
) -> Result<(), String> {
    let row = |name: &str| {
        standings.rows.iter().find(|row| row.name == name).ok_or_else(|| format!("{name} is not in the plan"))
    };
    let own = case.unit.iter().map(|unit| (unit.name.as_str(), &unit.expect));
    for (name, expect) in own.chain(expected.unit.iter().map(|(name, expect)| (name.as_str(), expect))) {
        let row = row(name)?;
        differences.table(name, expect, |key, written| found_in_row(row, standings, key, written))?;
    }
    for (key, list) in [("rank", &expected.rank), ("points", &expected.points)] {
        let Some(list) = list else { continue };
        list.keys().try_for_each(|name| row(name).map(|_| ()))?;
        for row in &standings.rows {
            let expected = list.get(&row.name).map_or("none".to_owned(), written);
            differences.compare(&row.name, key, &expected, found_in_row(row, standings, key, "")?);
        }
    }
    for expect in [&case.total.expect, &expected.total] {
        differences.table("total", expect, |key, written| found_in_total(standings, key, written))?;
    }
    if let Some(provisional) = expected.provisional {
        differences.compare("-", "provisional", &provisional.to_string(), Some(standings.provisional.to_string()));
    }
    let names = |regions: &[String]| -> String {
        let name = |region: &String| standings.row(region).map_or(region.clone(), |row| row.name.clone());
        regions.iter().map(name).collect::<Vec<_>>().join("、")
    };
    if let Some(undecided) = &expected.undecided {
        differences.compare(
            "-",
            "undecided",
            &undecided.join("、"),
            Some(names(standings.undecided.get(standings.rules.reading))),
        );
    }
    if let Some(incomplete) = &expected.incomplete {
        differences.compare("-", "incomplete", &incomplete.join("、"), Some(names(&standings.total_incomplete)));
    }
    for code in &expected.findings {
        let found = standings.findings.iter().any(|finding| finding.code == *code);
        differences.compare("-", "findings", code, found.then(|| code.clone()));
    }
    Ok(())
}

/// Runs one case file; the lines say everything that does not agree.
fn check(file: &str, source: &str) -> Result<Vec<String>, String> {
    let case: Case = toml::from_str(source).map_err(text)?;
    let period = Period::parse(&case.period).map_err(text)?;
    let plan = read_plan(&case, period)?;
    // Whatever a case can say, the editor can write.
    let again = domain::plan::file::parse(&domain::plan::writer::write(&plan));
    if again.as_ref() != Ok(&plan) {
        return Err(format!("the plan reads back as another one: {again:?}"));
    }
    let goal = plan.default_goal();
    let figures = read_figures(&case, &plan, goal, period)?;
    let base = with_rules(plan.rules(&goal.id), &case.rules)?;
    let once = [Expected::default()];
    let title = [Some(case.title.clone()), case.source.clone()].into_iter().flatten().collect::<Vec<_>>().join("；");
    let mut lines = Vec::new();
    for expected in if case.result.is_empty() { &once[..] } else { &case.result[..] } {
        let standings = standing::compute(&plan, goal, &figures, period, with_rules(base, &expected.rules)?);
        let changes = if expected.rules.is_empty() { String::new() } else { format!(" {}", expected.rules) };
        let mut differences =
            Differences { case: format!("{file}（{title}）{}", changes.replace('\n', " ")), found: Vec::new() };
        compare(&case, expected, &standings, &mut differences)?;
        lines.extend(differences.found);
    }
    Ok(lines)
}

#[test]
fn every_case_file_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut paths: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    assert!(!paths.is_empty(), "no case files in {}", folder.display());
    let mut wrong = Vec::new();
    for path in paths {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let lines = check(&file, &fs::read_to_string(&path).unwrap());
        wrong.extend(lines.unwrap_or_else(|error| vec![format!("{file} cannot be read: {error}")]));
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

/// The cases are worth something only if a wrong one fails.
#[test]
fn a_wrong_case_is_noticed() {
    let case = |more: &str| {
        let head = "title = '甲'\nperiod = '2021-12'\nplan = { unit = '亿元' }\n";
        check(
            "x.toml",
            &format!("{head}unit = [{{ name = '甲县', target = '100', value = '100', base = '90'{more} }}]"),
        )
    };
    assert_eq!(case(", expect = { rank = 1, completed = true, growth = '11.1', points = '0.3' }"), Ok(Vec::new()));
    let lines = case(", expect = { growth = '11.2' }").unwrap();
    assert_eq!(lines, ["x.toml（甲）, 甲县, growth: expected 11.2, found 11.1"]);
    assert!(case(", expect = { growht = '11.1' }").unwrap_err().contains("growht"));
    assert!(case(", vlaue = '3'").unwrap_err().contains("vlaue"));
    assert!(case(", kind = 'county'").unwrap_err().contains("county"));
    let unknown = case(" }]\nresult = [{ rank = { '乙县' = 1 }").unwrap_err();
    assert!(unknown.contains("乙县"), "{unknown}");
}
