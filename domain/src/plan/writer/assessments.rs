//! `[[assessment]]` with its components, grades, gates and awards.

use super::{File, decimal, quoted};
use crate::assessment::{Compare, Rules};
use crate::plan::comparison::Comparison;
use crate::plan::rules::{AwardGroup, AwardRule, From, When};
use crate::plan::{
    Against, Assessment, Band, Component, ComponentFrom, Gate, OBJECTION_DAYS, RanksFrom, Scoring, Steps,
};
use crate::rate::Rate;

pub(super) fn write(file: &mut File, assessment: &Assessment) {
    file.line("\n[[assessment]]");
    file.text("goal", &assessment.goal);
    file.optional("clause", assessment.clause.as_ref());
    file.optional("quote", assessment.quote.as_ref());
    file.texts("assumed", &assessment.assumed);
    file.texts("responsible", &assessment.responsible);
    rules(file, &assessment.rules);
    if let Some(also) = assessment.rank_also {
        file.text("rank_also", also.word());
    }
    if let Some((month, day)) = assessment.self_assessment_by {
        file.line(&format!("self_assessment_by = {{ month = {month}, day = {day} }}"));
    }
    if let Some(month) = assessment.verification_in {
        file.line(&format!("verification_in = {{ month = {month} }}"));
    }
    file.word("ranks_from", if assessment.ranks_from == RanksFrom::County { "county" } else { "bureau" }, "county");
    if assessment.objection_days != OBJECTION_DAYS {
        file.line(&format!("objection_days = {}", assessment.objection_days));
    }
    if !assessment.grades.is_empty() {
        let grades = assessment.grades.iter();
        let grades = grades.map(|grade| table(&[("from", decimal(grade.from)), ("name", grade.name.clone())]));
        file.line(&format!("grades = {}", list(grades)));
    }
    gates(file, &assessment.gates);
    assessment.components.iter().for_each(|found| component(file, found));
    assessment.awards.iter().for_each(|found| award(file, found));
}

pub(super) fn comparison(file: &mut File, comparison: &Comparison) {
    file.line("\n[[assessment]]");
    file.text("id", &comparison.id);
    file.text("at", "quarter");
    file.text("name", &comparison.name);
    file.optional("clause", comparison.clause.as_ref());
    file.optional("quote", comparison.quote.as_ref());
    file.texts("assumed", &comparison.assumed);
    file.texts("responsible", &comparison.responsible);
    let columns = comparison.columns.iter().map(|column| {
        let weight = column.weight.map(|weight| ("weight", decimal(weight)));
        let entries = [("goal", column.goal.clone()), ("by", column.by.word().to_owned())];
        table(&entries.into_iter().chain(weight).collect::<Vec<_>>())
    });
    file.line(&format!("columns = {}", list(columns)));
}

/// `{ from = "90", name = "优秀" }`.
fn table(entries: &[(&str, String)]) -> String {
    let entries: Vec<String> = entries.iter().map(|(key, text)| format!("{key} = {}", quoted(text))).collect();
    format!("{{ {} }}", entries.join(", "))
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

fn decimals(points: &[Rate]) -> Vec<String> {
    points.iter().map(|points| decimal(*points)).collect()
}

fn rules(file: &mut File, rules: &Rules) {
    let defaults = Rules::default();
    file.word("rank_by", rules.rank_by.word(), defaults.rank_by.word());
    file.word("completed_when", rules.completed_when.word(), defaults.completed_when.word());
    if let Compare::Digits(digits) = rules.compare {
        file.line(&format!("compare = {digits}"));
    }
    file.word("reading", rules.reading.word(), defaults.reading.word());
    file.word("ties", rules.ties.word(), defaults.ties.word());
}

fn gates(file: &mut File, gates: &[Gate]) {
    let written = gates.iter().map(|gate| match gate {
        Gate::Goal(id) => table(&[("goal", id.clone())]),
        Gate::Entered(name) => table(&[("entered", name.clone())]),
    });
    match gates {
        [] => {}
        [_] => file.line(&format!("gate = {}", written.collect::<String>())),
        _ => file.line(&format!("gate = {}", list(written))),
    }
}

fn component(file: &mut File, component: &Component) {
    file.line("\n  [[assessment.component]]");
    file.text("name", &component.name);
    file.text("from", word(&ComponentFrom::WORDS, component.from));
    file.optional("goal", component.goal.as_ref());
    if component.quarter_alone {
        file.text("period", "quarter_alone");
    }
    if let Some(against) = component.against {
        file.text("against", word(&Against::WORDS, against));
    }
    let number = |file: &mut File, key: &str, rate: Option<Rate>| {
        rate.into_iter().for_each(|rate| file.text(key, &decimal(rate)));
    };
    number(file, "weight", component.weight);
    scoring(file, &component.scoring);
    number(file, "threshold", component.threshold);
    number(file, "cap", component.cap);
    number(file, "floor", component.floor);
}

fn word<T: PartialEq>(words: &[(&'static str, T)], value: T) -> &'static str {
    words.iter().find(|(_, known)| *known == value).map_or("", |(word, _)| word)
}

fn scoring(file: &mut File, scoring: &Scoring) {
    match scoring {
        Scoring::Proportional => {}
        Scoring::Distance { above: Steps::PerPoint(above), below: Steps::PerPoint(below) }
            if above == below && matches!(above[..], [Band { to: None, .. }]) =>
        {
            file.text("per_point", &decimal(above[0].points));
        }
        Scoring::Distance { above, below } => {
            steps(file, "above", above);
            steps(file, "below", below);
        }
        Scoring::ByTarget(steps) => {
            let steps = steps.iter();
            let steps = steps.map(|&(from, points)| table(&[("from", decimal(from)), ("per_point", decimal(points))]));
            file.line(&format!("by_target = {}", list(steps)));
        }
        Scoring::Places(places) => file.texts("places", &decimals(places)),
        Scoring::MinMax { least, most } => {
            file.line(&format!(
                "scale = {{ min_max = {} }}",
                list(decimals(&[*least, *most]).iter().map(|text| quoted(text)))
            ));
        }
        Scoring::BestShare => file.line("best_share = true"),
    }
}

fn steps(file: &mut File, key: &str, steps: &Steps) {
    let written = match steps {
        Steps::Level => return,
        Steps::PerAmount(points) => table(&[("per_amount", decimal(*points))]),
        Steps::PerPoint(bands) => match bands[..] {
            [Band { to: None, points }] => table(&[("per_point", decimal(points))]),
            _ => {
                let band = |band: &Band| {
                    let to = band.to.map(|to| ("to", decimal(to)));
                    table(&to.into_iter().chain([("per_point", decimal(band.points))]).collect::<Vec<_>>())
                };
                format!("{{ bands = {} }}", list(bands.iter().map(band)))
            }
        },
    };
    file.line(&format!("{key} = {written}"));
}

fn award(file: &mut File, rule: &AwardRule) {
    file.line("\n  [[assessment.award]]");
    let when = match rule.when {
        When::Completed => "completed",
        When::NotCompleted => "not_completed",
        When::Always => "always",
    };
    file.text("when", when);
    match rule.from {
        From::Top | From::Bottom => {
            file.text("from", if rule.from == From::Top { "top" } else { "bottom" });
            file.texts("places", &decimals(&rule.places));
        }
        From::All => rule.places.iter().for_each(|points| file.text("all", &decimal(*points))),
    }
    file.text("unit", &rule.unit);
    file.optional("count_as", rule.count_as.as_ref());
    match &rule.group {
        None => {}
        Some(AwardGroup::Each) => file.text("group", "each"),
        Some(AwardGroup::Named(name)) => file.text("group", name),
    }
    gates(file, &rule.gates);
}
