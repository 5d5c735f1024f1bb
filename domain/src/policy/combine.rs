//! What a group does with the claims of one recipient: 从优不重复, 就高补差, 择一.

use std::collections::BTreeMap;

use super::answer::Answer;
use super::claim::{Claim, Had};
use super::share_out::{Part, pro_rata};
use super::words::yuan;
use super::work::Work;
use crate::money::Amount;
use crate::plan::policy::{Bound, Combine, Group, Per, Policies};
use crate::region::fold_name;

/// Applies the rule of every group to the claims that have a sum.
pub(super) fn combine(policies: &Policies, works: &mut [Work<'_>]) {
    for group in policies.groups.iter().filter(|group| group.combine != Combine::Both) {
        let mut keyed: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        for (at, work) in works.iter().enumerate() {
            if work.policy.group.as_ref() == Some(&group.id) {
                keyed.entry(key(group.per, work)).or_default().push(at);
            }
        }
        for members in keyed.into_values() {
            among((policies, group), works, &members);
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

fn among((policies, group): (&Policies, &Group), works: &mut [Work<'_>], members: &[usize]) {
    let of_other_years = |work: &Work<'_>| of_other_years(policies, group, work);
    let units = units(group, works, members);
    let total = |unit: &[usize]| Amount(unit.iter().map(|at| works[*at].amount.0).sum());
    let sums: Vec<Amount> = units.iter().map(|(_, unit)| total(unit)).collect();
    if units.is_empty() {
        return;
    }
    let titles: Vec<String> = units.iter().zip(&sums).map(|((_, unit), sum)| named(&works[unit[0]], *sum)).collect();
    let rule = rule(group);
    if group.combine == Combine::OneOf {
        if units.len() > 1 {
            let sentence = format!("{rule}：{}，只能享受一种，请先选定，另一种由办公室退回。", titles.join("；"));
            for at in units.iter().flat_map(|(_, unit)| unit.clone()) {
                works[at].end(Answer::Undecided, sentence.clone());
            }
        } else if let Some((had, said)) = units[0].1.iter().find_map(|at| of_other_years(&works[*at])) {
            had_elsewhere(group, works, &units[0].1, sums[0], (had, &said));
        }
        return;
    }
    // What is only bounded may still come to less: of such the highest stands, and beside it what it may fall below.
    let ranges: Vec<Range> = units.iter().zip(&sums).map(|((_, unit), sum)| range(works, unit, *sum)).collect();
    // Of equal sums the first id: the money is the same.
    let surest = (0..units.len()).max_by_key(|at| (ranges[*at].0, std::cmp::Reverse(*at))).unwrap_or_default();
    let is_open = |at: &usize| ranges[*at].1.is_some_and(|most| most > ranges[*at].0);
    let highest = (0..units.len()).filter(is_open).max_by_key(|at| (sums[*at], std::cmp::Reverse(*at)));
    let better = |at: usize| {
        let is_beaten = at != surest && ranges[at].1.is_some_and(|most| most <= ranges[surest].0);
        is_beaten.then_some(surest).or(highest.filter(|highest| is_open(&at) && *highest != at))
    };
    let (beaten, kept): (Vec<usize>, Vec<usize>) = (0..units.len()).partition(|at| better(*at).is_some());
    for (at, better) in beaten.iter().filter_map(|at| Some((at, better(*at)?))) {
        for at in &units[*at].1 {
            works[*at].end(Answer::Nothing, format!("{rule}：已按{}，本项不再给予。", titles[better]));
        }
    }
    let unknown = members.iter().filter(|at| works[**at].is_unknown()).count();
    for at in &kept {
        let others: Vec<&str> = kept.iter().filter(|other| *other != at).map(|other| titles[*other].as_str()).collect();
        for work in &units[*at].1 {
            let trace = &mut works[*work].trace;
            if !others.is_empty() {
                let others = others.join("、");
                trace.push(format!("{rule}：与{others}只按最高的一项，没有核定的核定以后再比较，不给的核定为0。"));
            } else if units.len() > 1 {
                trace.push(format!("{rule}：各项中以本项最高，按{}计。", yuan(sums[*at])));
            }
            if unknown > 0 {
                trace.push(format!("{rule}：另有{unknown}项还算不出，算出后要再比较。"));
            }
        }
    }
    let stated = members.iter().filter_map(|at| elsewhere(works[*at].claim)).max_by_key(|(had, _)| *had);
    for at in kept {
        let unit = &units[at].1;
        let decided = unit.iter().filter_map(|at| of_other_years(&works[*at])).max_by_key(|(had, _)| *had);
        if let Some((had, said)) = stated.clone().into_iter().chain(decided).max_by_key(|(had, _)| *had) {
            had_elsewhere(group, works, unit, sums[at], (had, &said));
        }
    }
}

/// What a unit comes to at least and at most, whatever the office names; without a bound nothing.
type Range = (Amount, Option<Amount>);

fn range(works: &[Work<'_>], unit: &[usize], sum: Amount) -> Range {
    let of = |bound: Bound| unit.iter().filter(move |at| works[**at].bound == bound);
    let open: i64 = of(Bound::AtMost).map(|at| works[*at].amount.0).sum();
    (Amount(sum.0 - open), of(Bound::AtLeast).next().is_none().then_some(sum))
}

/// What the claim says that was had elsewhere, in words.
fn elsewhere(claim: &Claim) -> Option<(Amount, String)> {
    let had = claim.elsewhere.filter(|had| had.0 > 0)?;
    let by = if claim.elsewhere_by.is_empty() { String::new() } else { format!("（{}）", claim.elsewhere_by) };
    Some((had, format!("当年已获其他奖补{}{by}", yuan(had))))
}

/// What was decided in other years for the same project or matter by another rule of the group; what holds within one
/// year asks for no other.
fn of_other_years(policies: &Policies, group: &Group, work: &Work<'_>) -> Option<(Amount, String)> {
    let project = fold_name(&work.claim.project);
    let is_in_group = |id: &str| policies.get(id).is_some_and(|policy| policy.group.as_ref() == Some(&group.id));
    let is_other = |had: &&&Had| {
        let other = &had.claim;
        let same_policy = other.policy == work.claim.policy;
        fold_name(&other.project) == project
            && match group.per {
                Per::Firm => false,
                // What is made up to the highest counts all that was had; a second year of one policy is no other one.
                Per::Project => is_in_group(&other.policy) && (!same_policy || group.combine == Combine::TopUp),
                Per::Matter => same_policy && other.level != work.claim.level,
            }
    };
    let others: Vec<&&Had> = work.had.iter().filter(is_other).collect();
    let sum = Amount(others.iter().map(|had| had.amount.0).sum());
    let numbers: Vec<String> = others.iter().map(|had| had.named()).collect();
    (sum.0 > 0).then(|| (sum, format!("{}已决定{}", numbers.join("、"), yuan(sum))))
}

fn had_elsewhere(group: &Group, works: &mut [Work<'_>], kept: &[usize], sum: Amount, (had, said): (Amount, &str)) {
    let rule = rule(group);
    if group.combine == Combine::OneOf {
        for at in kept {
            works[*at].end(Answer::Nothing, format!("{rule}：{said}，不再给予。"));
        }
        return;
    }
    if kept.iter().any(|at| works[*at].bound == Bound::AtLeast) {
        for at in kept {
            let sentence = format!("{rule}：{said}，本项至少{}，核定金额以后才能比较。", yuan(sum));
            works[*at].end(Answer::Undecided, sentence);
        }
        return;
    }
    if had >= sum {
        for at in kept {
            let sentence = format!("{rule}：{said}，不低于本项{}，不再给予。", yuan(sum));
            works[*at].end(Answer::Nothing, sentence);
        }
        return;
    }
    if group.combine == Combine::NotTwice {
        let sentence = format!(
            "{rule}：{said}，低于本项{}；文件没有写补差，是否改按本项由办公室决定，改按本项的，已获的要先退回，并在说明里写明退回的凭证。",
            yuan(sum)
        );
        for at in kept {
            works[*at].leave(Some(sum), sentence.clone());
        }
        let named: i64 = kept.iter().map(|at| works[*at].amount.0).sum();
        for at in kept {
            works[*at].returns = (works[*at].amount.0 > 0 && named + had.0 > sum.0).then_some(had);
        }
        return;
    }
    let parts: Vec<Part<'_>> = kept.iter().map(|at| works[*at].part()).collect();
    let given = pro_rata(sum.0 - had.0, &parts);
    for (at, amount) in kept.iter().zip(given) {
        works[*at].amount = Amount(amount);
        let sentence = format!("{rule}：{said}，补差 {} − {}。", yuan(sum), yuan(had));
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
