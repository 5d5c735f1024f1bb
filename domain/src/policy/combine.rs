//! What a group does with the claims of one recipient: 从优不重复, 就高补差, 择一.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::answer::Answer;
use super::claim::{Claim, Had};
use super::share_out::{Day, Part, pro_rata};
use super::top_up::top_up;
use super::words::yuan;
use super::work::Work;
use crate::money::Amount;
use crate::plan::policy::{Bound, Combine, Group, Per, Policies, Policy};
use crate::region::fold_document;

/// Applies the rule of every group to the claims that have a sum.
pub(super) fn combine(policies: &Policies, works: &mut [Work<'_>]) {
    for group in policies.groups.iter().filter(|group| !group.combine.is_both()) {
        let mut keyed: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
        for (at, work) in works.iter().enumerate() {
            if work.policy.group.as_ref() == Some(&group.id) {
                keyed.entry(key(group.per, work)).or_default().push(at);
            }
        }
        if group.combine == Combine::OneOf && group.per == Per::Project {
            name_projects(group, works, &keyed);
        }
        for members in keyed.into_values() {
            among((policies, group), works, &members);
        }
    }
}

/// Without a name it may be any project of the firm's, of which another policy was asked: it has to be named.
fn name_projects(group: &Group, works: &mut [Work<'_>], keyed: &BTreeMap<Key, Vec<usize>>) {
    let unnamed: Vec<usize> =
        keyed.iter().filter(|((.., project), _)| project.is_empty()).flat_map(|(_, at)| at.clone()).collect();
    let mut open: Vec<(usize, &str)> = Vec::new();
    for at in unnamed {
        let is_rival = |other: &usize| {
            let (own, work) = (&works[at], &works[*other]);
            *other != at && work.policy.group.as_ref() == Some(&group.id) && work.firm == own.firm && work.is_open()
        };
        let rivals: Vec<usize> = (0..works.len()).filter(is_rival).collect();
        if !works[at].is_open() || rivals.is_empty() {
            continue;
        }
        // What two have decided stays: who comes later has to say which project is meant.
        let is_decided = |at: &usize| works[*at].part().approved.is_some();
        match is_decided(&at) {
            true => {
                let why = "这家企业已决定的一项没有写项目，不能判断和本项是不是同一项目，请先把那一项退回，写明项目";
                open.extend(rivals.into_iter().filter(|other| !is_decided(other)).map(|other| (other, why)));
            }
            false => open.push((at, "没有写项目，不能判断和另一项申报是不是同一项目，请写明项目")),
        }
    }
    for (at, why) in open {
        if works[at].is_open() {
            works[at].end(Answer::Undecided, format!("{}：{why}。", rule(group)));
        }
    }
}

/// Whose, by which policy where that counts, for which project.
type Key = (String, String, String);

fn key(per: Per, work: &Work<'_>) -> Key {
    let (policy, project) = match per {
        Per::Firm => (String::new(), String::new()),
        Per::Project => (String::new(), work.claim.project_key()),
        Per::Matter => (work.policy.id.clone(), matter(work.policy, work.claim)),
    };
    (work.firm.clone(), policy, project)
}

/// What a firm is recognised as once is one matter, whatever is written as its project.
fn matter(policy: &Policy, claim: &Claim) -> String {
    if policy.once && !policy.is_once_a_project() { String::new() } else { claim.project_key() }
}

/// Several claims under one policy are no repetition: policies stand against each other, or within one matter the
/// claims.
pub(super) fn units(group: &Group, works: &[Work<'_>], members: &[usize]) -> Vec<(String, Vec<usize>)> {
    let mut units: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for at in members.iter().copied().filter(|at| works[*at].is_open() && works[*at].amount.0 > 0) {
        let work = &works[at];
        let id = if group.per == Per::Matter { work.claim.id.clone() } else { work.policy.id.clone() };
        units.entry(id).or_default().push(at);
    }
    units.into_iter().collect()
}

fn among((policies, group): (&Policies, &Group), works: &mut [Work<'_>], members: &[usize]) {
    match group.combine {
        Combine::OneOf => one_of((policies, group), works, &standing(group, works, members)),
        Combine::TopUp => top_up((policies, group), works, members),
        _ => not_twice((policies, group), works, (members, &standing(group, works, members))),
    }
}

/// Claims that stand together against others, with what they come to.
struct Unit {
    members: Vec<usize>,
    sum: Amount,
    range: Range,
    /// When the last of them was approved; nothing while one waits.
    approved: Option<Day>,
    /// “标杆奖励”最多50万元.
    title: String,
}

fn standing(group: &Group, works: &[Work<'_>], members: &[usize]) -> Vec<Unit> {
    let unit = |(_, members): (String, Vec<usize>)| {
        let sum = total(works, &members);
        Unit {
            title: named(works, &members, sum),
            sum,
            range: range(works, &members, sum),
            approved: members.iter().map(|at| works[*at].approved()).max().filter(|day| !day.0),
            members,
        }
    };
    units(group, works, members).into_iter().map(unit).collect()
}

pub(super) fn total(works: &[Work<'_>], unit: &[usize]) -> Amount {
    Amount(unit.iter().map(|at| works[*at].amount.0).sum())
}

/// What two have decided was chosen; of what waits somebody has to choose.
fn one_of((policies, group): (&Policies, &Group), works: &mut [Work<'_>], units: &[Unit]) {
    let rule = rule(group);
    let first = units.iter().filter_map(|unit| unit.approved).min();
    let mut approved_first = (0..units.len()).filter(|at| first.is_some() && units[*at].approved == first);
    // Of two of one day nothing says which was chosen.
    let chosen = approved_first.next().filter(|_| approved_first.next().is_none());
    let chosen = if units.len() == 1 { Some(0) } else { chosen };
    let Some(chosen) = chosen else {
        let titles: Vec<&str> = units.iter().map(|unit| unit.title.as_str()).collect();
        let sentence = format!("{rule}：{}，只能享受一种，请先选定，另一种由办公室退回。", titles.join("；"));
        units.iter().flat_map(|unit| &unit.members).for_each(|at| works[*at].end(Answer::Undecided, sentence.clone()));
        return;
    };
    for unit in units.iter().enumerate().filter(|(at, _)| *at != chosen).map(|(_, unit)| unit) {
        let sentence = format!("{rule}：已决定{}，只能享受一种，本项不再给予。", units[chosen].title);
        unit.members.iter().for_each(|at| works[*at].end(Answer::Nothing, sentence.clone()));
    }
    let Unit { members, sum, .. } = &units[chosen];
    if let Some((had, said)) = members.iter().find_map(|at| of_other_years(policies, group, &works[*at])) {
        had_elsewhere(group, works, members, *sum, (had, &said));
    }
}

/// The highest alone. What two have decided gives way only to what they have decided too; what is only bounded may
/// still come to less: of such the highest stands, and beside it what it may fall below.
fn not_twice((policies, group): (&Policies, &Group), works: &mut [Work<'_>], (members, units): (&[usize], &[Unit])) {
    let rule = rule(group);
    let rivals = |at: usize| {
        let decided = units[at].approved.is_some();
        (0..units.len()).filter(move |other| !decided || units[*other].approved.is_some())
    };
    // Of equal sums what was decided first, else the first id: the money is the same.
    let rank = |at: &usize| {
        let (sum, approved) = (units[*at].range.0, units[*at].approved);
        (sum, approved.is_some(), Reverse(approved), Reverse(*at))
    };
    let surest = |at: usize| rivals(at).max_by_key(rank).unwrap_or(at);
    let is_open = |at: &usize| units[*at].range.1.is_some_and(|most| most > units[*at].range.0);
    let highest = (0..units.len()).filter(is_open).max_by_key(|at| (units[*at].sum, Reverse(*at)));
    let better = |at: usize| {
        let surest = surest(at);
        let (least, most) = units[surest].range;
        // Of two that have no bound above the higher least one stands.
        let is_lower = units[at].range.1.map_or(most.is_none(), |most| most <= least);
        let is_beaten = at != surest && is_lower;
        is_beaten.then_some(surest).or(highest.filter(|highest| is_open(&at) && *highest != at))
    };
    let (beaten, kept): (Vec<usize>, Vec<usize>) = (0..units.len()).partition(|at| better(*at).is_some());
    for (at, better) in beaten.iter().filter_map(|at| Some((at, better(*at)?))) {
        for at in &units[*at].members {
            works[*at].end(Answer::Nothing, format!("{rule}：已按{}，本项不再给予。", units[better].title));
        }
    }
    let unknown = unknown(works, members, &rule);
    for at in &kept {
        let own = &units[*at];
        let of = |holds: &dyn Fn(&usize) -> bool| {
            let others = kept.iter().filter(|other| *other != at && holds(other));
            others.map(|other| units[*other].title.as_str()).collect::<Vec<_>>().join("、")
        };
        let below = of(&|other| {
            units[*other].approved.is_some() && units[*other].range.1.is_some_and(|most| most <= own.range.0)
        });
        let beside = of(&|other| is_open(other) || is_open(at));
        let said = match (below.is_empty(), beside.is_empty()) {
            (_, false) => format!("{rule}：与{beside}只按最高的一项，没有核定的核定以后再比较，不给的核定为0。"),
            (false, true) => format!("{rule}：本项高于已决定的{below}，决定本项以后，那一项要追回。"),
            (true, true) if units.len() > 1 && own.approved.is_none() => {
                format!("{rule}：各项中以本项最高，按{}计。", within(works, &own.members, own.sum))
            }
            _ => String::new(),
        };
        for work in &own.members {
            works[*work].alternative = !beside.is_empty() && works[*work].bound != Bound::Exact;
            works[*work].rivals = members.first().filter(|_| !beside.is_empty()).map(|first| (*first, *at));
            works[*work].trace.extend(Some(said.clone()).filter(|said| !said.is_empty()));
            works[*work].trace.extend(unknown.clone());
        }
    }
    let stated = elsewhere(members.iter().map(|at| works[*at].claim));
    for Unit { members, sum, .. } in kept.into_iter().map(|at| &units[at]) {
        let decided = members.iter().filter_map(|at| of_other_years(policies, group, &works[*at]));
        let had = stated.clone().into_iter().chain(decided).max_by_key(|(had, _)| *had);
        if let Some((had, said)) = had {
            had_elsewhere(group, works, members, *sum, (had, &said));
        }
    }
}

pub(super) fn unknown(works: &[Work<'_>], members: &[usize], rule: &str) -> Option<String> {
    let count = members.iter().filter(|at| works[**at].is_unknown()).count();
    (count > 0).then(|| format!("{rule}：另有{count}项还算不出，算出后要再比较。"))
}

/// What a unit comes to at least and at most, whatever the office names; without a bound nothing.
type Range = (Amount, Option<Amount>);

fn range(works: &[Work<'_>], unit: &[usize], sum: Amount) -> Range {
    let of = |bound: Bound| unit.iter().filter(move |at| works[**at].bound == bound);
    let open: i64 = of(Bound::AtMost).map(|at| works[*at].amount.0).sum();
    (Amount(sum.0 - open), of(Bound::AtLeast).next().is_none().then_some(sum))
}

/// What claims say that was had elsewhere, in words: by each document once, as its greatest sum.
pub(super) fn elsewhere<'c>(claims: impl Iterator<Item = &'c Claim>) -> Option<(Amount, String)> {
    let mut by_document: BTreeMap<String, (Amount, &str)> = BTreeMap::new();
    for claim in claims {
        let Some(had) = claim.elsewhere.filter(|had| had.0 > 0) else { continue };
        let known = by_document.entry(fold_document(&claim.elsewhere_by)).or_default();
        if had > known.0 {
            *known = (had, &claim.elsewhere_by);
        }
    }
    let said = by_document.values().map(|(had, by)| match by.is_empty() {
        true => yuan(*had),
        false => format!("{}（{by}）", yuan(*had)),
    });
    let said = said.collect::<Vec<_>>().join("、");
    let whole = Amount(by_document.values().map(|(had, _)| had.0).sum());
    (whole.0 > 0).then(|| (whole, format!("当年已获其他奖补{said}")))
}

/// What was decided in other years for the same project or matter by another rule of the group; what holds within one
/// year asks for no other.
pub(super) fn of_other_years(policies: &Policies, group: &Group, work: &Work<'_>) -> Option<(Amount, String)> {
    let is_in_group = |id: &str| policies.get(id).is_some_and(|policy| policy.group.as_ref() == Some(&group.id));
    let is_other = |had: &&&Had| {
        let other = &had.claim;
        let same_policy = other.policy == work.claim.policy;
        match group.per {
            Per::Firm => false,
            // What is made up to the highest counts all that was had; a second year of one policy is no other one.
            Per::Project => {
                let is_other = is_in_group(&other.policy) && (!same_policy || group.combine == Combine::TopUp);
                is_other && other.project_key() == work.claim.project_key()
            }
            Per::Matter => {
                let is_other = same_policy && other.level_key() != work.claim.level_key();
                is_other && matter(work.policy, other) == matter(work.policy, work.claim)
            }
        }
    };
    let others: Vec<&&Had> = work.had.iter().filter(is_other).collect();
    let sum = Amount(others.iter().map(|had| had.amount.0).sum());
    let numbers: Vec<String> = others.iter().map(|had| had.named()).collect();
    (sum.0 > 0).then(|| (sum, format!("{}已决定{}", numbers.join("、"), yuan(sum))))
}

/// What was had besides, by a rule that gives `sum` to the claims of `kept` together.
pub(super) fn had_elsewhere(
    group: &Group,
    works: &mut [Work<'_>],
    kept: &[usize],
    sum: Amount,
    (had, said): (Amount, &str),
) {
    let rule = rule(group);
    if group.combine == Combine::OneOf {
        for at in kept {
            works[*at].end(Answer::Nothing, format!("{rule}：{said}，不再给予。"));
        }
        return;
    }
    if group.combine == Combine::NotTwice && kept.iter().any(|at| works[*at].room.is_some()) {
        named_beside(&rule, works, kept, (had, said));
        return;
    }
    let is_at_least = kept.iter().any(|at| works[*at].bound == Bound::AtLeast);
    if is_at_least && had >= sum {
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
            "{rule}：{said}，低于本项{}；文件没有写补差，是否改按本项由办公室决定，改按本项的，已获的要先退回，\
             退回的凭证号写在决定里。",
            within(works, kept, sum)
        );
        for at in kept {
            works[*at].leave((!is_at_least).then_some(sum), sentence.clone());
        }
        let together = total(works, kept).0 + had.0;
        for at in kept.iter().filter(|_| together > sum.0) {
            if works[*at].amount.0 > 0 {
                works[*at].returns = Some(had);
                works[*at].trace.push(format!("已获的{}要先退回，退回的凭证号见决定。", yuan(had)));
            }
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

/// The office has named an amount knowing what was had: both together are no more than the document gives, or what was
/// had goes back first.
fn named_beside(rule: &str, works: &mut [Work<'_>], kept: &[usize], (had, said): (Amount, &str)) {
    let most: Option<i64> = kept.iter().map(|at| works[*at].most().map(|most| most.0)).sum();
    let named = total(works, kept);
    let together = named.0 + had.0;
    for at in kept {
        let work = &mut works[*at];
        match most.map(Amount) {
            Some(most) if had >= most => {
                let sentence = format!("{rule}：{said}，不低于本项最多的{}，不再给予。", yuan(most));
                work.end(Answer::Nothing, sentence);
            }
            // More than together may be, and no better than what was had: nobody gives that back for it.
            Some(most) if together > most.0 && named <= had => {
                let sentence = format!("{rule}：{said}，不低于本项{}，不再给予。", yuan(named));
                work.end(Answer::Nothing, sentence);
            }
            Some(most) => {
                let sentence = format!("{rule}：{said}，低于本项最多的{}，核定{}。", yuan(most), yuan(work.amount));
                work.trace.push(sentence);
                if together > most.0 && work.amount.0 > 0 {
                    work.returns = Some(had);
                    work.trace.push(format!("已获的{}要先退回，退回的凭证号见决定。", yuan(had)));
                }
            }
            None => work.trace.push(format!("{rule}：{said}，核定{}。", yuan(work.amount))),
        }
    }
}

pub(super) fn rule(group: &Group) -> String {
    let clause = group.clause.as_ref().map(|clause| format!("（{clause}）")).unwrap_or_default();
    format!("{}{}{clause}", group.per.name(), group.combine.name())
}

pub(super) fn named(works: &[Work<'_>], unit: &[usize], sum: Amount) -> String {
    let Work { claim, policy, .. } = &works[unit[0]];
    let level = claim.level.as_ref().map(|level| format!("（{level}）")).unwrap_or_default();
    format!("“{}”{level}{}", policy.title, within(works, unit, sum))
}

/// 最多50万元: a sum as its claims are bounded.
pub(super) fn within(works: &[Work<'_>], unit: &[usize], sum: Amount) -> String {
    let bound = unit.iter().map(|at| works[*at].bound).find(|bound| *bound != Bound::Exact).unwrap_or_default();
    format!("{}{}", bound.before(), yuan(sum))
}
