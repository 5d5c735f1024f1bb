//! What a revision of a plan changes, in sentences: goals and splits by name, policies box by box, all else as the
//! file's lines.

use std::collections::BTreeMap;

use domain::money::Measure;
use domain::plan::meaning::Made;
use domain::plan::{Direction, Goal, Kind, Plan};
use domain::rate::Rate;

use crate::plan_form::{in_words, policy_changes};

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
    found.extend(policy_changes(before, after));
    found.extend(lines(before, after));
    found
}

/// The lines of the two files outside goals' targets and splits: document, calendar, rules.
fn lines(before: &Plan, after: &Plan) -> Vec<String> {
    let bare = |plan: &Plan| -> Vec<Block> {
        let mut plan = plan.clone();
        for goal in &mut plan.goals {
            goal.splits.clear();
            goal.targets.clear();
        }
        (plan.policies.list, plan.policies.groups) = (Vec::new(), Vec::new());
        blocks(&domain::plan::writer::write(&plan))
    };
    let (was, now) = (bare(before), bare(after));
    let mut gone = only(&was, &now, "去掉");
    gone.extend(only(&now, &was, "写入"));
    gone
}

/// A block of a plan's file: what it is known by, what it is called, and its lines.
struct Block {
    /// Its head with its id, or with its name where it has none.
    key: String,
    name: String,
    lines: Vec<String>,
}

fn blocks(text: &str) -> Vec<Block> {
    let mut found = vec![Block { key: String::new(), name: String::new(), lines: Vec::new() }];
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match (line.starts_with('['), found.last_mut()) {
            (false, Some(block)) => block.lines.push(line.to_owned()),
            _ => found.push(Block { key: line.to_owned(), name: String::new(), lines: Vec::new() }),
        }
    }
    // A block within another is known by that one, too.
    let mut above: Vec<(String, String)> = Vec::new();
    for block in found.iter_mut().filter(|block| !block.key.is_empty()) {
        let head = block.key.trim_matches(['[', ']']).to_owned();
        let value = |key: &str| {
            let line = block.lines.iter().find_map(|line| line.strip_prefix(key)?.trim().strip_prefix('='));
            line.map(|value| value.trim().trim_matches('"').to_owned())
        };
        let name = value("title").or_else(|| value("name")).or_else(|| value("goal"));
        let id = value("id").or_else(|| name.clone()).unwrap_or_default();
        above.retain(|(outer, _)| head.strip_prefix(outer.as_str()).is_some_and(|inner| inner.starts_with('.')));
        let outer: String = above.iter().map(|(_, key)| key.as_str()).collect();
        block.key = format!("{outer}{head} {id} ");
        block.name = name.unwrap_or_else(|| in_words(&format!("[{head}]")).trim_matches(['[', ']']).to_owned());
        above.push((head, block.key.clone()));
    }
    found
}

/// The lines that a block has more often than the same block of the other file.
fn only(these: &[Block], others: &[Block], what: &str) -> Vec<String> {
    let mut known: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (block, line) in others.iter().flat_map(|block| block.lines.iter().map(move |line| (block, line))) {
        *known.entry((&block.key, line)).or_default() += 1;
    }
    let mut found = Vec::new();
    for (block, line) in these.iter().flat_map(|block| block.lines.iter().map(move |line| (block, line))) {
        match known.get_mut(&(block.key.as_str(), line.as_str())).filter(|left| **left > 0) {
            Some(left) => *left -= 1,
            None if block.name.is_empty() => found.push(format!("{what}：{line}")),
            None => found.push(format!("{what}（{}）：{line}", block.name)),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICIES: &str = "id = \"p\"\n[document]\nnumber = \"一号\"\n\
                            [[policy]]\nid = \"a\"\ntitle = \"设备补助\"\n\
                            notice_days = 3\n[[policy]]\nid = \"b\"\ntitle = \"上云补助\"\n";

    /// A line that stands in another block as well is no less a change.
    #[test]
    fn a_line_is_compared_within_its_block() {
        let check = |after: &str, said: &[&str]| {
            let (was, now) = (blocks(POLICIES), blocks(after));
            assert_eq!([only(&was, &now, "去掉"), only(&now, &was, "写入")].concat(), said, "{after}");
        };
        check(POLICIES, &[]);
        check(&format!("{POLICIES}notice_days = 3\n"), &["写入（上云补助）：notice_days = 3"]);
        check(&POLICIES.replace("notice_days = 3\n", ""), &["去掉（设备补助）：notice_days = 3"]);
        let numbered = ["去掉（document）：number = \"一号\"", "写入（document）：number = \"二号\""];
        check(&POLICIES.replace("一号", "二号"), &numbered);
        let renamed = ["去掉（设备补助）：title = \"设备补助\"", "写入（设备贴补）：title = \"设备贴补\""];
        check(&POLICIES.replace("设备补助", "设备贴补"), &renamed);
    }
}
