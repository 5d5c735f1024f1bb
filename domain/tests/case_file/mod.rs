//! The form of a case file, and how it becomes a plan and figures.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fmt, fs};

use domain::money::Amount;
use domain::month::Period;
use domain::plan::{self, Goal, Plan};
use domain::rate::Rate;
use domain::returns::{Figure, Figures};
use serde::Deserialize;
use toml::{Table, Value};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) title: String,
    pub(crate) source: Option<String>,
    pub(crate) period: String,
    pub(crate) plan: PlanPart,
    #[serde(default)]
    pub(crate) rules: Table,
    pub(crate) unit: Vec<Unit>,
    #[serde(default)]
    pub(crate) total: Total,
    /// Without any, the units' own expectations are compared once.
    #[serde(default)]
    pub(crate) result: Vec<Expected>,
}

/// `file`, or the keys of one goal and its assessment as in the plan file.
#[derive(Deserialize, Default, Clone, PartialEq)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanPart {
    pub(crate) file: Option<String>,
    pub(crate) unit: Option<String>,
    pub(crate) kind: Option<String>,
    pub(crate) direction: Option<String>,
    pub(crate) years: Option<Value>,
    pub(crate) target: Option<String>,
    pub(crate) target_growth: Option<String>,
    pub(crate) whole: Option<Value>,
    pub(crate) pace: Option<Value>,
    pub(crate) near_pp: Option<String>,
    /// By default the bonus and the deduction of 榕政综〔2021〕34号.
    pub(crate) awards: Option<Value>,
    pub(crate) components: Option<Value>,
    /// Further keys of the assessment: `gate`, `grades`, `rank_also`.
    #[serde(default)]
    pub(crate) assessment: Table,
    /// Further goals, with the keys of a plan file; units say their figures under `other`.
    #[serde(default)]
    pub(crate) goals: Vec<Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Unit {
    pub(crate) name: String,
    pub(crate) target: Option<String>,
    pub(crate) target_growth: Option<String>,
    pub(crate) whole: Option<Value>,
    pub(crate) within: Option<String>,
    pub(crate) kind: Option<String>,
    pub(crate) ranked: Option<bool>,
    pub(crate) group: Option<String>,
    pub(crate) value: Option<String>,
    pub(crate) base: Option<String>,
    pub(crate) published_growth: Option<String>,
    /// Figures of other periods: `{ "2020-12" = "300", "2021-09" = { value = "60", base = "50" } }`.
    #[serde(default)]
    pub(crate) earlier: BTreeMap<String, Earlier>,
    /// Targets and figures of the plan's further goals, by their ids.
    #[serde(default)]
    pub(crate) other: BTreeMap<String, Other>,
    /// Shares entered at verification, by component.
    #[serde(default)]
    pub(crate) entered: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) expect: Table,
}

/// A value, or a value with its base.
#[derive(Deserialize, Clone)]
#[serde(untagged)]
pub(crate) enum Earlier {
    Value(String),
    Both { value: String, base: String },
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct Other {
    target: Option<String>,
    target_growth: Option<String>,
    value: Option<String>,
    base: Option<String>,
    published_growth: Option<String>,
}

/// The total as stated; without figures it is summed.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct Total {
    pub(crate) value: Option<String>,
    pub(crate) base: Option<String>,
    pub(crate) published_growth: Option<String>,
    #[serde(default)]
    pub(crate) earlier: BTreeMap<String, Earlier>,
    #[serde(default)]
    pub(crate) expect: Table,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    #[serde(default)]
    pub(crate) rules: Table,
    /// Every ranked unit.
    pub(crate) rank: Option<Table>,
    /// Every unit with an award.
    pub(crate) points: Option<Table>,
    #[serde(default)]
    pub(crate) unit: BTreeMap<String, Table>,
    #[serde(default)]
    pub(crate) total: Table,
    pub(crate) provisional: Option<bool>,
    pub(crate) undecided: Option<Vec<String>>,
    /// Units without a value under a total that is summed.
    pub(crate) incomplete: Option<Vec<String>>,
    /// Codes that must be among the findings.
    #[serde(default)]
    pub(crate) findings: Vec<String>,
}

const BONUS_AND_DEDUCTION: &str = r#"
awards = [
  { when = "completed", from = "top", places = ["0.3", "0.2", "0.1"], unit = "分" },
  { when = "not_completed", from = "bottom", places = ["-0.3", "-0.2", "-0.1"], unit = "分" },
]"#;

/// The inline plan as the text of a plan file, so that the plan reader is part of every case.
fn plan_text(case: &Case, period: Period) -> Result<String, String> {
    let year = Value::from(i64::from(period.year));
    let targets = |value: &Option<String>, growth: &Option<String>| -> Option<Value> {
        let mut target = Table::from_iter([("year".to_owned(), year.clone())]);
        put(&mut target, "value", value.clone().filter(|value| value != "/"));
        put(&mut target, "growth_pct", growth.clone());
        (target.len() > 1).then(|| Value::from(vec![target]))
    };
    let mut splits = Vec::new();
    for unit in &case.unit {
        let mut split = Table::from_iter([("name".to_owned(), Value::from(unit.name.clone()))]);
        put(&mut split, "target", (unit.target.as_deref() == Some("/")).then_some("none"));
        put(&mut split, "targets", targets(&unit.target, &unit.target_growth));
        put(&mut split, "whole", unit.whole.clone());
        put(&mut split, "within", unit.within.clone());
        put(&mut split, "kind", unit.kind.clone());
        put(&mut split, "ranked", unit.ranked);
        put(&mut split, "group", unit.group.clone());
        splits.push(split);
    }
    let part = &case.plan;
    let mut goal: Table = toml::from_str("id = 'g'\nname = '技改投资'").map_err(text)?;
    put(&mut goal, "kind", Some(part.kind.clone().unwrap_or("amount".to_owned())));
    put(&mut goal, "unit", part.unit.clone());
    put(&mut goal, "direction", part.direction.clone());
    put(&mut goal, "targets", targets(&part.target, &part.target_growth));
    put(&mut goal, "whole", part.whole.clone());
    put(&mut goal, "pace", part.pace.clone());
    goal.insert("split".to_owned(), Value::from(splits));
    let mut assessment = case.rules.clone();
    put(&mut assessment, "goal", Some("g"));
    let default: Table = toml::from_str(BONUS_AND_DEDUCTION).map_err(text)?;
    put(&mut assessment, "award", part.awards.clone().or(default.get("awards").cloned()));
    put(&mut assessment, "component", part.components.clone());
    assessment.extend(part.assessment.clone());
    let mut plan: Table = toml::from_str("format = 1\nid = 'case'\nregion = { name = '某市' }").map_err(text)?;
    put(&mut plan, "title", Some(case.title.clone()));
    put(&mut plan, "years", Some(part.years.clone().unwrap_or(Value::from(vec![year.clone(), year.clone()]))));
    put(&mut plan, "near_pp", part.near_pp.clone());
    let further = part.goals.iter().map(|further| {
        let mut further = further.clone();
        let id = further.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let splits = case.unit.iter().filter_map(|unit| {
            let other = unit.other.get(&id)?;
            let mut split = Table::from_iter([("name".to_owned(), Value::from(unit.name.clone()))]);
            put(&mut split, "targets", targets(&other.target, &other.target_growth));
            Some(split)
        });
        put(&mut further, "split", Some(splits.collect::<Vec<_>>()));
        further
    });
    put(&mut plan, "goal", Some(std::iter::once(goal).chain(further).collect::<Vec<_>>()));
    put(&mut plan, "assessment", Some(vec![assessment]));
    toml::to_string(&plan).map_err(text)
}

fn put(table: &mut Table, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        table.insert(key.to_owned(), value.into());
    }
}

pub(crate) fn text(error: impl fmt::Display) -> String {
    error.to_string()
}

pub(crate) fn read_plan(case: &Case, period: Period) -> Result<Plan, String> {
    let source = match &case.plan.file {
        Some(name) => read_fixture(case, name)?,
        None => plan_text(case, period)?,
    };
    plan::file::parse(&source)
        .map_err(|problems| problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>().join("; "))
}

/// A plan of the contract; then the case gives figures only, or it would say one thing and show another.
fn read_fixture(case: &Case, name: &str) -> Result<String, String> {
    let planned = |unit: &Unit| {
        let texts = [&unit.target, &unit.target_growth, &unit.within, &unit.kind];
        texts.iter().any(|text| text.is_some()) || unit.whole.is_some() || unit.ranked.is_some()
    };
    if case.plan != (PlanPart { file: case.plan.file.clone(), ..PlanPart::default() }) || case.unit.iter().any(planned)
    {
        return Err(format!("the plan is {name}: targets, kinds and other keys of a plan cannot be written as well"));
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/contract");
    fs::read_to_string(folder.join(format!("{name}.plan.toml"))).map_err(|error| format!("plan.file {name}: {error}"))
}

pub(crate) fn read_figures(case: &Case, plan: &Plan, goal: &Goal, period: Period) -> Result<Figures, String> {
    let amount = |written: &Option<String>| {
        written.as_deref().map(|written| goal.measure.parse(written)).transpose().map_err(text)
    };
    let growth = |written: &Option<String>| written.as_deref().map(Rate::parse_percent).transpose().map_err(text);
    let mut figures = Figures::default();
    let mut enter = |region: &str, now: Figure, earlier: &BTreeMap<String, Earlier>| -> Result<(), String> {
        if now != Figure::default() {
            figures.insert(&goal.id, period, region, now);
        }
        for (at, earlier) in earlier {
            let (value, base) = match earlier {
                Earlier::Value(value) => (value, None),
                Earlier::Both { value, base } => (value, Some(base.clone())),
            };
            let (value, base) = (amount(&Some(value.clone()))?, amount(&base)?);
            let figure = Figure { value, base, ..Figure::default() };
            figures.insert(&goal.id, Period::parse(at).map_err(text)?, region, figure);
        }
        Ok(())
    };
    let total = &case.total;
    let stated = (amount(&total.value)?, amount(&total.base)?, growth(&total.published_growth)?);
    enter(plan.region.id(), figure(stated), &total.earlier)?;
    for unit in &case.unit {
        let region = &goal.find_split(&unit.name).ok_or_else(|| format!("{} is not in the plan", unit.name))?.region;
        let reported = (amount(&unit.value)?, amount(&unit.base)?, growth(&unit.published_growth)?);
        enter(region, figure(reported), &unit.earlier)?;
    }
    for unit in &case.unit {
        for (id, other) in &unit.other {
            let further = plan.goal(id).ok_or_else(|| format!("the plan has no goal {id}"))?;
            let region = &further.find_split(&unit.name).ok_or("no such unit")?.region;
            let read = |written: &Option<String>| {
                written.as_deref().map(|written| further.measure.parse(written)).transpose().map_err(text)
            };
            let reported = (read(&other.value)?, read(&other.base)?, growth(&other.published_growth)?);
            figures.insert(id, period, region, figure(reported));
        }
        for (component, share) in &unit.entered {
            let region = &goal.find_split(&unit.name).ok_or("no such unit")?.region;
            figures.enter_score(&goal.id, region, component, Rate::parse_share(share).map_err(text)?);
        }
    }
    Ok(figures)
}

fn figure((value, base, published_growth): (Option<Amount>, Option<Amount>, Option<Rate>)) -> Figure {
    Figure { value, base, published_growth, ..Figure::default() }
}
