//! What a revision of a plan changes, in sentences: goals and splits by name, all else as the file's lines.

use domain::money::Measure;
use domain::plan::meaning::Made;
use domain::plan::{Direction, Goal, Kind, Plan};
use domain::rate::Rate;

/// A percentage as written in the document.
pub fn growth_text(rate: Rate) -> String {
    format!("{}%", rate.percent_as_written())
}

/// `1120亿元以上，增长12%`; one phrase per year.
pub fn target_text(goal: &Goal) -> String {
    let measure: &Measure = &goal.measure;
    let suffix = match goal.direction {
        Direction::AtLeast => "以上",
        Direction::AtMost => "以内",
        Direction::About => "左右",
    };
    let several = goal.targets.len() > 1;
    let mut parts: Vec<String> = goal
        .targets
        .iter()
        .map(|target| {
            let value = target.value.map(|value| format!("{}{}{suffix}", measure.plain(value), measure.unit));
            let rate = target.growth.map(|rate| format!("增长{}", growth_text(rate)));
            let text = [value, rate].into_iter().flatten().collect::<Vec<_>>().join("，");
            if several { format!("{}年 {text}", target.year) } else { text }
        })
        .collect();
    parts.extend(
        goal.whole.map(|whole| {
            format!("{}—{}年 {}{}{suffix}", whole.from, whole.to, measure.plain(whole.value), measure.unit)
        }),
    );
    if parts.is_empty() { without_number(goal, suffix) } else { parts.join("；") }
}

/// What a goal aims at that has no number of its own.
fn without_number(goal: &Goal, suffix: &str) -> String {
    let (meaning, measure) = (&goal.meaning, &goal.measure);
    match (&meaning.made, &meaning.compared_with) {
        _ if !goal.has_figure() => "只报文字".to_owned(),
        _ if meaning.watched => "只监测，没有目标".to_owned(),
        (_, Some(other)) => format!("与{other}比较"),
        (Made::Each(each), _) => {
            let up_to = each.up_to.map(|most| format!("—{}", measure.plain(most))).unwrap_or_default();
            let target = each.target.map(|target| measure.plain(target)).unwrap_or_default();
            format!("每个{target}{up_to}{}{suffix}", measure.unit)
        }
        _ if goal.kind == Kind::Completion => "完成100%".to_owned(),
        _ => "见分解".to_owned(),
    }
}

/// What changed, as sentences: goals and splits by name, everything else as the file's lines.
pub fn changes(before: &Plan, after: &Plan) -> Vec<String> {
    let mut found = Vec::new();
    for goal in &after.goals {
        let Some(old) = before.goal(&goal.id) else {
            found.push(format!("增加目标“{}”：{}", goal.name, target_text(goal)));
            continue;
        };
        if target_text(old) != target_text(goal) {
            found.push(format!("{}：{} → {}", goal.name, target_text(old), target_text(goal)));
        }
        for split in &goal.splits {
            let said = |split: &domain::plan::Split| match split.target(after.years.0) {
                Some(target) => {
                    let value = target.value.map_or("—".to_owned(), |value| goal.measure.plain(value));
                    let growth = target
                        .growth
                        .map(|growth| format!("、增幅{}%", growth.percent_as_written()))
                        .unwrap_or_default();
                    format!("{value}{}{growth}", goal.measure.unit)
                }
                None => "/".to_owned(),
            };
            match old.split(&split.region) {
                None => found.push(format!("{}增加{}：{}", goal.name, split.name, said(split))),
                Some(was) if said(was) != said(split) => {
                    found.push(format!("{} {}：{} → {}", goal.name, split.name, said(was), said(split)))
                }
                Some(_) => {}
            }
        }
        for (split, was) in goal.splits.iter().filter_map(|split| Some((split, old.split(&split.region)?))) {
            if split.name != was.name {
                found.push(format!("{} {}改名为{}", goal.name, was.name, split.name));
            }
            let of = |goal: &domain::plan::Goal, within: &Option<String>| match within {
                Some(within) => format!("{}之内", goal.split(within).map_or(within.as_str(), |unit| &unit.name)),
                None => "单列".to_owned(),
            };
            if split.within != was.within {
                found.push(format!(
                    "{} {}：{} → {}",
                    goal.name,
                    split.name,
                    of(old, &was.within),
                    of(goal, &split.within)
                ));
            }
            if split.group != was.group {
                let group = |group: &Option<String>| group.clone().unwrap_or_else(|| "不分组".to_owned());
                found.push(format!("{} {}：{} → {}", goal.name, split.name, group(&was.group), group(&split.group)));
            }
            if (split.kind, split.ranked) != (was.kind, was.ranked) {
                found.push(format!("{} {}的类别或是否排位有改动", goal.name, split.name));
            }
        }
        for gone in old.splits.iter().filter(|split| goal.split(&split.region).is_none()) {
            found.push(format!("{}去掉{}", goal.name, gone.name));
        }
    }
    for gone in before.goals.iter().filter(|goal| after.goal(&goal.id).is_none()) {
        found.push(format!("去掉目标“{}”", gone.name));
    }
    found.extend(lines(before, after));
    found
}

/// The lines of the two files outside goals' targets and splits: document, calendar, rules.
fn lines(before: &Plan, after: &Plan) -> Vec<String> {
    let bare = |plan: &Plan| -> Vec<String> {
        let mut plan = plan.clone();
        for goal in &mut plan.goals {
            goal.splits.clear();
            goal.targets.clear();
        }
        let text = domain::plan::writer::write(&plan);
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    let (was, now) = (bare(before), bare(after));
    let only = |these: &[String], others: &[String]| {
        these.iter().filter(|line| !others.contains(line)).cloned().collect::<Vec<_>>()
    };
    let gone = only(&was, &now).into_iter().map(|line| format!("去掉：{line}"));
    let new = only(&now, &was).into_iter().map(|line| format!("写入：{line}"));
    gone.chain(new).collect()
}
