//! [`Plan`] → its file: what the browser's editor saves. Reading it back gives the same plan.

mod assessments;
mod bodies;
mod funds;
mod meaning;
pub mod policies;
pub mod projects;
pub mod selections;

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Direction, Goal, Kind, Pace, Plan, Split, SplitKind, Target, Whole};
use crate::calendar::{Calendar, DeadlineOf, HolidayRule};
use crate::money::{Amount, Measure};
use crate::rate::Rate;
use crate::region::fold_name;

/// The plan as TOML, format 1.
pub fn write(plan: &Plan) -> String {
    let mut file = File(String::new());
    file.line("format = 1");
    file.text("id", &plan.id);
    file.text("title", &plan.title);
    let code = plan.region.code.as_ref().map(|code| format!("code = {}, ", quoted(code))).unwrap_or_default();
    file.line(&format!("region = {{ {code}name = {} }}", quoted(&plan.region.name)));
    file.line(&format!("years = [{}, {}]", plan.years.0, plan.years.1));
    if plan.step != Rate::new(1, 2).unwrap_or(Rate::ZERO) {
        file.text("step_pct", &plan.step.percent_as_written());
    }
    if plan.near != Rate::new(5, 100).unwrap_or(Rate::ZERO) {
        file.text("near_pp", &plan.near.percent_as_written());
    }
    if plan.projects.publish_laggards {
        file.line("publish_laggards = true");
    }
    if plan.publish_provisional {
        file.line("publish_provisional = true");
    }
    file.optional("unit_noun", plan.unit_noun.as_ref());
    file.texts("assumed", &plan.assumed);
    document(&mut file, plan);
    if let Some(found) = &plan.calendar {
        calendar(&mut file, found);
    }
    plan.rhythms.iter().for_each(|found| meaning::rhythm(&mut file, found));
    plan.units.iter().for_each(|found| meaning::unit(&mut file, found));
    plan.categories.iter().for_each(|found| meaning::category(&mut file, found));
    plan.goals.iter().for_each(|found| goal(&mut file, found));
    plan.tasks.iter().for_each(|found| meaning::task(&mut file, found));
    projects::write(&mut file, &plan.projects);
    policies::write(&mut file, &plan.policies);
    selections::write(&mut file, &plan.selections);
    plan.assessments.iter().for_each(|found| assessments::write(&mut file, found));
    plan.comparisons.iter().for_each(|found| assessments::comparison(&mut file, found));
    file.0
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// The text so far.
struct File(String);

impl File {
    fn line(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push('\n');
    }

    fn text(&mut self, key: &str, text: &str) {
        self.line(&format!("{key} = {}", quoted(text)));
    }

    fn optional(&mut self, key: &str, text: Option<&String>) {
        if let Some(text) = text {
            self.text(key, text);
        }
    }

    /// An empty list is left out.
    fn texts(&mut self, key: &str, texts: &[String]) {
        if !texts.is_empty() {
            let each: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
            self.line(&format!("{key} = [{}]", each.join(", ")));
        }
    }

    /// A word that is not the default.
    fn word(&mut self, key: &str, word: &str, default: &str) {
        if word != default {
            self.text(key, word);
        }
    }
}

fn document(file: &mut File, plan: &Plan) {
    let document = &plan.document;
    if *document == super::Document::default() {
        return;
    }
    file.line("\n[document]");
    file.optional("number", document.number.as_ref());
    file.optional("title", document.title.as_ref());
    file.optional("issuer", document.issuer.as_ref());
    if let Some(dated) = document.dated {
        file.line(&format!("dated = {dated}"));
    }
    file.optional("source", document.source.as_ref());
}

fn calendar(file: &mut File, calendar: &Calendar) {
    file.line("\n[calendar]");
    calendar_lines(file, calendar);
}

fn calendar_lines(file: &mut File, calendar: &Calendar) {
    file.text("cadence", calendar.cadence.word());
    if calendar.first_month != 1 {
        file.line(&format!("first_month = {}", calendar.first_month));
    }
    if let Some(rule) = calendar.deadline {
        let of = if rule.of == DeadlineOf::NextMonth { "next_month" } else { "last_month_of_period" };
        let assumed = if rule.assumed { ", assumed = true" } else { "" };
        file.line(&format!("deadline = {{ day = {}, of = \"{of}\"{assumed} }}", rule.day));
    }
    file.word("holidays", if calendar.holidays == HolidayRule::None { "none" } else { "next_workday" }, "none");
    if let Some((month, day)) = calendar.final_report {
        file.line(&format!("final = {{ month = {month}, day = {day} }}"));
    }
    file.optional("source", calendar.source.as_ref());
    file.texts("assumed", &calendar.assumed);
}

/// `value = "21", growth_pct = "9"`; a value with an upper end as `range = ["3", "5"]`.
fn due(measure: &Measure, target: &Target, up_to: Option<&Amount>) -> String {
    let value = target.value.map(|value| value_or_range(measure, value, up_to));
    let growth = target.growth.map(|growth| format!("growth_pct = \"{}\"", growth.percent_as_written()));
    [value, growth].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn value_or_range(measure: &Measure, value: Amount, up_to: Option<&Amount>) -> String {
    match up_to {
        Some(to) => format!("range = [\"{}\", \"{}\"]", measure.plain(value), measure.plain(*to)),
        None => format!("value = \"{}\"", measure.plain(value)),
    }
}

fn targets(measure: &Measure, targets: &[Target], up_to: &BTreeMap<i32, Amount>) -> String {
    let each: Vec<String> = targets
        .iter()
        .map(|target| format!("{{ year = {}, {} }}", target.year, due(measure, target, up_to.get(&target.year))))
        .collect();
    format!("targets = [{}]", each.join(", "))
}

fn whole(measure: &Measure, whole: Whole, up_to: &BTreeMap<i32, Amount>) -> String {
    let value = value_or_range(measure, whole.value, up_to.get(&whole.to));
    format!("whole = {{ from = {}, to = {}, {value} }}", whole.from, whole.to)
}

fn goal(file: &mut File, goal: &Goal) {
    file.line("\n[[goal]]");
    file.text("id", &goal.id);
    file.text("name", &goal.name);
    let kind = match goal.kind {
        Kind::Amount => "amount",
        Kind::Count => "count",
        Kind::Ratio => "ratio",
        Kind::Growth => "growth",
        Kind::AverageGrowth => "average_growth",
        Kind::Completion => "completion",
        Kind::Text => "text",
    };
    file.text("kind", kind);
    if goal.has_figure() {
        file.text("unit", &goal.measure.unit);
    }
    let direction = match goal.direction {
        Direction::AtLeast => "at_least",
        Direction::AtMost => "at_most",
        Direction::About => "about",
    };
    file.word("direction", direction, "at_least");
    if !goal.targets.is_empty() {
        file.line(&targets(&goal.measure, &goal.targets, &goal.meaning.up_to));
    }
    if let Some(found) = goal.whole {
        file.line(&whole(&goal.measure, found, &goal.meaning.up_to));
    }
    if let Some(year) = goal.base_year {
        file.line(&format!("base_year = {year}"));
    }
    file.optional("clause", goal.clause.as_ref());
    file.optional("quote", goal.quote.as_ref());
    file.texts("assumed", &goal.assumed);
    match &goal.pace {
        Pace::Linear => {}
        Pace::LastYear => file.text("pace", "last_year"),
        Pace::Curve(points) => {
            let points: Vec<String> = points
                .iter()
                .map(|(month, share)| format!("{{ month = {month}, share = \"{}\" }}", decimal(*share)))
                .collect();
            file.line(&format!("pace = {{ curve = [{}] }}", points.join(", ")));
        }
    }
    file.texts("lead", &goal.lead);
    file.texts("responsible", &goal.responsible);
    meaning::goal(file, goal);
    goal.splits.iter().filter(|found| !found.declared).for_each(|found| split(file, &goal.measure, found));
}

/// A share or points as a decimal: they were read from one.
fn decimal(rate: Rate) -> String {
    crate::rate::big_plain(&rate.to_big())
}

fn split(file: &mut File, measure: &Measure, split: &Split) {
    file.line("\n  [[goal.split]]");
    let mut line = |text: String| {
        let _ = writeln!(file.0, "  {text}");
    };
    if split.region != fold_name(&split.name) {
        line(format!("region = {}", quoted(&split.region)));
    }
    line(format!("name = {}", quoted(&split.name)));
    match split.kind {
        SplitKind::Region => {}
        SplitKind::Zone => line("kind = \"zone\"".to_owned()),
        SplitKind::Department => line("kind = \"department\"".to_owned()),
    }
    if let Some(within) = &split.within {
        line(format!("within = {}", quoted(within)));
    }
    if split.no_target {
        line("target = \"none\"".to_owned());
    }
    if !split.targets.is_empty() {
        line(targets(measure, &split.targets, &BTreeMap::new()));
    }
    if let Some(found) = split.whole {
        line(whole(measure, found, &BTreeMap::new()));
    }
    if let Some(ranked) = split.ranked {
        line(format!("ranked = {ranked}"));
    }
    if !split.former.is_empty() {
        let former: Vec<String> = split.former.iter().map(|name| quoted(name)).collect();
        line(format!("former = [{}]", former.join(", ")));
    }
    if let Some(group) = &split.group {
        line(format!("group = {}", quoted(group)));
    }
    if let Some(until) = split.until {
        line(format!("until = \"{until}\""));
    }
}
