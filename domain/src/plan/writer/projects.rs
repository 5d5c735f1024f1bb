//! Rules, levels and windows of projects.

use super::{File, quoted};
use crate::money::{Amount, Measure};
use crate::plan::projects::{FromProjects, ProjectRules, Test};
use crate::rate::Rate;

pub(super) fn write(file: &mut File, projects: &ProjectRules) {
    for level in &projects.levels {
        file.line("\n[[project_level]]");
        file.text("name", &level.name);
        for (key, amount) in [("min_total", level.min_total), ("min_equipment", level.min_equipment)] {
            if let Some(amount) = amount {
                file.text(key, &money(amount));
            }
        }
        if level.started {
            file.line("started = true");
        }
        file.optional("clause", level.clause.as_ref());
    }
    for rule in &projects.rules {
        file.line("\n[[project_rule]]");
        file.text("test", rule.test.word());
        for (key, bound) in [("from", rule.from), ("over", rule.over), ("below", rule.below)] {
            if let Some(bound) = bound {
                file.text(key, &bound_text(rule.test, bound));
            }
        }
        let roles: Vec<String> = rule.roles.iter().map(|role| role.id().to_owned()).collect();
        file.texts("role", &roles);
        if rule.unless_reason {
            file.text("unless", "reason");
        }
        file.text("gives", rule.gives.word());
        file.text("words", &rule.words);
        file.optional("clause", rule.clause.as_ref());
    }
    for window in &projects.windows {
        file.line("\n[[project_window]]");
        let months: Vec<String> = window.months.iter().map(u32::to_string).collect();
        file.line(&format!("months = [{}]", months.join(", ")));
        match (window.enter, window.leave) {
            (true, false) => file.text("for", "enter"),
            (false, _) => file.text("for", "leave"),
            _ => {}
        }
        file.optional("clause", window.clause.as_ref());
    }
}

pub(super) fn source(file: &mut File, from: Option<&FromProjects>) {
    let Some(from) = from else { return };
    let texts = [
        ("level", from.level.clone()),
        ("role", from.role.map(|role| role.id().to_owned())),
        ("label", from.label.clone()),
    ];
    let more = texts.into_iter().filter_map(|(key, text)| Some(format!(", {key} = {}", quoted(&text?))));
    file.line(&format!("from_projects = {{ count = \"{}\"{} }}", from.count.word(), more.collect::<String>()));
    if from.judges {
        file.text("figure_from", "projects");
    }
}

/// A bound as it is written and typed: months, percentage points or per cent.
pub fn bound_text(test: Test, bound: Rate) -> String {
    if test.is_share() { bound.percent_as_written() } else { bound.numerator().to_string() }
}

/// `1亿元`, `500万元`: in the largest unit that needs no decimals.
pub fn money(amount: Amount) -> String {
    let fits = |unit: &&str| Measure::money(unit).is_some_and(|measure| amount.0 % measure.per_unit == 0);
    let unit = ["亿元", "万元", "元"].into_iter().find(fits).unwrap_or("元");
    Measure::money(unit).map_or_else(String::new, |measure| format!("{}{unit}", measure.plain(amount)))
}
