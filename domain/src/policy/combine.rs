//! What a group does with the claims of one recipient: 从优不重复, 就高补差, 择一.

use std::collections::BTreeMap;

use super::answer::Answer;
use super::share_out::{Part, pro_rata};
use super::words::yuan;
use super::work::Work;
use crate::money::Amount;
use crate::plan::policy::{Combine, Group, Per};
use crate::region::fold_name;

/// Applies the rule of every group to the claims that have a sum.
pub(super) fn combine(groups: &[Group], works: &mut [Work<'_>]) {
    for group in groups.iter().filter(|group| group.combine != Combine::Both) {
        let mut keyed: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        for (at, work) in works.iter().enumerate() {
            if work.policy.group.as_ref() == Some(&group.id) {
                keyed.entry(key(group.per, work)).or_default().push(at);
            }
        }
        for members in keyed.into_values() {
            among(group, works, &members);
        }
    }
}

fn key(per: Per, work: &Work<'_>) -> (String, String) {
    let project = fold_name(&work.claim.project);
    let inner = match per {
        Per::Firm => String::new(),
        Per::Project => project,
        Per::Matter => format!("{} {project}", work.policy.id),
    };
    (work.firm.clone(), inner)
}

/// Several claims under one policy are no repetition: policies stand against each other, or within one matter the
/// claims.
fn units(group: &Group, works: &[Work<'_>], members: &[usize]) -> Vec<(String, Vec<usize>)> {
    let mut units: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for at in members.iter().copied().filter(|at| works[*at].is_open() && works[*at].amount.0 > 0) {
        let work = &works[at];
        let id = if group.per == Per::Matter { work.claim.id.clone() } else { work.policy.id.clone() };
        units.entry(id).or_default().push(at);
    }
    units.into_iter().collect()
}

fn among(group: &Group, works: &mut [Work<'_>], members: &[usize]) {
    let units = units(group, works, members);
    let total = |unit: &[usize]| Amount(unit.iter().map(|at| works[*at].amount.0).sum());
    let sums: Vec<Amount> = units.iter().map(|(_, unit)| total(unit)).collect();
    // Of equal sums the first id: the money is the same.
    let Some(best) = (0..units.len()).max_by_key(|at| (sums[*at], std::cmp::Reverse(*at))) else { return };
    let rule = rule(group);
    if group.combine == Combine::OneOf {
        if units.len() > 1 {
            let titles: Vec<String> =
                units.iter().zip(&sums).map(|((_, unit), sum)| named(&works[unit[0]], *sum)).collect();
            let sentence = format!("{rule}：{}，只能享受一种，请先选定。", titles.join("；"));
            for at in units.iter().flat_map(|(_, unit)| unit.clone()) {
                works[at].end(Answer::Undecided, sentence.clone());
            }
        }
        return;
    }
    let best_named = named(&works[units[best].1[0]], sums[best]);
    for (_, unit) in units.iter().enumerate().filter(|(at, _)| *at != best).map(|(_, unit)| unit) {
        for at in unit {
            works[*at].end(Answer::Nothing, format!("{rule}：已按{best_named}，本项不再给予。"));
        }
    }
    let kept = &units[best].1;
    let unknown = members.iter().filter(|at| works[**at].is_unknown()).count();
    for at in kept {
        if units.len() > 1 {
            works[*at].trace.push(format!("{rule}：各项中以本项最高，按{}计。", yuan(sums[best])));
        }
        if unknown > 0 {
            works[*at].trace.push(format!("{rule}：另有{unknown}项还算不出，算出后要再比较。"));
        }
    }
    let had = members.iter().filter_map(|at| works[*at].claim.elsewhere).max().unwrap_or_default();
    if had.0 > 0 {
        had_elsewhere(group, works, kept, sums[best], had);
    }
}

fn had_elsewhere(group: &Group, works: &mut [Work<'_>], kept: &[usize], sum: Amount, had: Amount) {
    let rule = rule(group);
    if had >= sum {
        for at in kept {
            let sentence = format!("{rule}：当年已获其他奖补{}，不低于本项{}，不再给予。", yuan(had), yuan(sum));
            works[*at].end(Answer::Nothing, sentence);
        }
        return;
    }
    if group.combine == Combine::NotTwice {
        for at in kept {
            let sentence = format!(
                "{rule}：当年已获其他奖补{}，低于本项{}；文件没有写补差，是否改按本项由办公室决定。",
                yuan(had),
                yuan(sum)
            );
            works[*at].end(Answer::Undecided, sentence);
        }
        return;
    }
    let parts: Vec<Part<'_>> = kept.iter().map(|at| works[*at].part()).collect();
    let given = pro_rata(sum.0 - had.0, &parts);
    for (at, amount) in kept.iter().zip(given) {
        works[*at].amount = Amount(amount);
        let sentence = format!("{rule}：当年已获其他奖补{}，补差 {} − {}。", yuan(had), yuan(sum), yuan(had));
        works[*at].trace.push(sentence);
    }
}

fn rule(group: &Group) -> String {
    let clause = group.clause.as_ref().map(|clause| format!("（{clause}）")).unwrap_or_default();
    format!("{}{}{clause}", group.per.name(), group.combine.name())
}

fn named(work: &Work<'_>, sum: Amount) -> String {
    let level = work.claim.level.as_ref().map(|level| format!("（{level}）")).unwrap_or_default();
    format!("“{}”{level}{}", work.policy.title, yuan(sum))
}
