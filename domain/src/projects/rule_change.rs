//! What other rules would change: which projects' lamps, recommendations to leave and levels, before anybody chooses.

use chrono::NaiveDate;

use super::Entry;
use super::standing::{Lamp, Standing};
use super::sums::Library;
use crate::month::Period;
use crate::plan::Plan;

/// So many projects are named.
const NAMED: usize = 20;

/// What `after` says otherwise of the projects than `before`, at the end of a month, as sentences; empty where nothing
/// moves.
pub fn sentences(before: &Plan, after: &Plan, entries: &[&Entry], at: Period, today: NaiveDate) -> Vec<String> {
    let of = |plan: &Plan| Library::of(plan, entries.iter().copied(), at, today);
    let (old, new) = (of(before), of(after));
    let pairs: Vec<(&Entry, &Standing, &Standing)> =
        old.rows.iter().zip(&new.rows).map(|((entry, old), (_, new))| (*entry, old, new)).collect();
    let moved: Vec<String> = pairs.iter().filter_map(|(entry, old, new)| moved(entry, old, new)).collect();
    if moved.is_empty() {
        return Vec::new();
    }
    let count = |what: &dyn Fn(&Standing) -> bool| {
        (pairs.iter().filter(|(_, old, _)| what(old)).count(), pairs.iter().filter(|(.., new)| what(new)).count())
    };
    let mut counts = vec![
        ("红灯".to_owned(), count(&|standing| standing.lamp() == Lamp::Red)),
        ("黄灯".to_owned(), count(&|standing| standing.lamp() == Lamp::Yellow)),
        ("建议退库".to_owned(), count(&Standing::is_to_leave)),
    ];
    let mut levels: Vec<&str> = Vec::new();
    for level in before.projects.levels.iter().chain(&after.projects.levels) {
        if !levels.contains(&level.name.as_str()) {
            levels.push(&level.name);
        }
    }
    counts.extend(
        levels
            .into_iter()
            .map(|name| (format!("{name}级项目库"), count(&|standing| standing.level.as_deref() == Some(name)))),
    );
    let counts = counts.into_iter().filter(|(_, (old, new))| old != new);
    let counts: Vec<String> = counts.map(|(name, (old, new))| format!("{name}由{old}个变为{new}个")).collect();
    let counts = if counts.is_empty() { "各类个数不变".to_owned() } else { counts.join("，") };
    let mut said = vec![format!("按{}的项目数，改后{}个项目的结论变动：{counts}", at.label(), moved.len())];
    let more = moved.len().saturating_sub(NAMED);
    said.extend(moved.into_iter().take(NAMED));
    if more > 0 {
        said.push(format!("还有{more}个项目，这里不一一列出"));
    }
    said
}

fn moved(entry: &Entry, old: &Standing, new: &Standing) -> Option<String> {
    let mut parts = Vec::new();
    if old.lamp() != new.lamp() {
        // The rules that are met now and were not, else those that no longer are.
        let words = |of: &Standing, other: &Standing| {
            let met = of.fired.iter().filter(|fired| other.fired.iter().all(|it| it.words != fired.words));
            met.map(|fired| fired.words.clone()).collect::<Vec<_>>().join("、")
        };
        let why = match (words(new, old), words(old, new)) {
            (now, _) if !now.is_empty() => format!("（{now}）"),
            (_, then) if !then.is_empty() => format!("（不再是：{then}）"),
            _ => String::new(),
        };
        parts.push(format!("由{}变为{}{why}", old.lamp().name(), new.lamp().name()));
    }
    if old.is_to_leave() != new.is_to_leave() {
        parts.push(if new.is_to_leave() { "列入建议退库" } else { "不再建议退库" }.to_owned());
    }
    if old.level != new.level {
        let name = |level: &Option<String>| level.clone().map_or("不入级".to_owned(), |name| format!("{name}级"));
        parts.push(format!("由{}变为{}", name(&old.level), name(&new.level)));
    }
    let own = &entry.project;
    (!parts.is_empty()).then(|| format!("{} {}：{}", own.id, own.name, parts.join("，")))
}
