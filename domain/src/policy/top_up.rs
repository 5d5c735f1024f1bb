//! 就高补差 among the claims of one recipient.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::answer::Answer;
use super::combine::{elsewhere, had_elsewhere, named, of_other_years, rule, total, units, unknown, within};
use super::share_out::Day;
use super::words::yuan;
use super::work::Work;
use crate::money::Amount;
use crate::plan::policy::{Bound, Group, Policies};

/// 就高补差: who was approved first comes first, and each next one makes up to the highest, together never more. What
/// is only bounded comes after what is certain.
pub(super) fn top_up((policies, group): (&Policies, &Group), works: &mut [Work<'_>], members: &[usize]) {
    let rule = rule(group);
    let stated = elsewhere(members.iter().map(|at| works[*at].claim)).into_iter();
    let decided = members.iter().filter_map(|at| of_other_years(policies, group, &works[*at]));
    let (mut given, mut said) = stated.chain(decided).max_by_key(|(had, _)| *had).unwrap_or_default();
    let unknown = unknown(works, members, &rule);
    let decided = members.iter().filter(|at| works[**at].claim.given.is_some());
    let last = decided.map(|at| works[*at].decided()).max();
    let (mut sums, kept) = keep_decided((group, &rule), works, (members, last), (given, &said));
    if kept.0 > 0 {
        let highest = units(group, works, members).into_iter().filter(|(id, _)| sums.contains_key(id));
        let highest = highest.max_by_key(|(id, _)| (sums[id], Reverse(id.clone())));
        (given.0, said) = match highest {
            Some((id, own)) => (given.0 + kept.0, format!("已按{}", named(works, &own[..1], sums[&id]))),
            None => (given.0 + kept.0, format!("已决定{}", yuan(kept))),
        };
    }
    let mut rounds: BTreeMap<(Day, bool), Vec<usize>> = BTreeMap::new();
    let is_new = |at: &&usize| works[**at].is_open() && works[**at].claim.given.is_none() && works[**at].amount.0 > 0;
    for at in members.iter().filter(is_new) {
        // What was declined was so beside the others of its day: it counts in that order, not with those that wait.
        rounds.entry((works[*at].decided(), works[*at].bound != Bound::Exact)).or_default().push(*at);
    }
    for round in rounds.into_values() {
        let units = units(group, works, &round);
        let before = sums.clone();
        for (id, own) in &units {
            // What came to nothing before the last decision is counted with it.
            let new: Vec<usize> = own.iter().copied().filter(|at| Some(works[*at].decided()) > last).collect();
            sums.entry(id.clone()).or_default().0 += total(works, &new).0;
        }
        let Some((best, kept)) = units.iter().max_by_key(|(id, _)| (sums[id], Reverse(id.clone()))) else {
            continue;
        };
        let (sum, title) = (sums[best], named(works, kept, sums[best]));
        for at in units.iter().filter(|(id, _)| id != best).flat_map(|(_, others)| others) {
            let sentence = match sum > given {
                true => format!("{rule}：已按{title}，本项不再给予。"),
                false => format!("{rule}：{said}，不低于本项{}，不再给予。", yuan(works[*at].amount)),
            };
            works[*at].end(Answer::Nothing, sentence);
        }
        // A second claim under the policy that is the highest so far is no repetition.
        let is_first = given == Amount(0) || before.get(best) == Some(&given) && sum > given;
        if !is_first {
            had_elsewhere(group, works, kept, sum, (given, &said));
        } else if units.len() > 1 {
            let highest = within(works, kept, sum);
            kept.iter().for_each(|at| works[*at].trace.push(format!("{rule}：各项中以本项最高，按{highest}计。")));
        }
        for at in kept {
            let said = unknown.clone().filter(|_| works[*at].is_open());
            works[*at].trace.extend(said);
        }
        if sum > given {
            (given, said) = (sum, format!("已按{title}"));
        }
    }
}

/// What two have decided of a firm stays as far as the highest goes, in its order, and makes up to it where that has
/// risen; with what each policy comes to of it by itself, and how much it is together.
fn keep_decided(
    (group, rule): (&Group, &str),
    works: &mut [Work<'_>],
    (members, last): (&[usize], Option<Day>),
    (had, said): (Amount, &str),
) -> (BTreeMap<String, Amount>, Amount) {
    let given = |work: &Work<'_>| work.claim.given.map(|given| given.sum.0);
    let mut decided: Vec<usize> = members.iter().copied().filter(|at| given(&works[*at]).is_some()).collect();
    decided.sort_by_key(|at| works[*at].decided());
    let sums_of = |chosen: &dyn Fn(Day) -> bool| -> BTreeMap<String, Amount> {
        let beside: Vec<usize> = members.iter().copied().filter(|at| chosen(works[*at].decided())).collect();
        units(group, works, &beside).into_iter().map(|(id, own)| (id, total(works, &own))).collect()
    };
    // What came to nothing counts towards the sum of its policy; what is decided after the last raises nobody else's.
    let (sums, of_all) = (sums_of(&|day| Some(day) <= last), sums_of(&|day| !day.0));
    let highest = |sums: &BTreeMap<String, Amount>| sums.values().copied().max().unwrap_or_default();
    let (highest, of_all) = (highest(&sums), highest(&of_all));
    let mut kept: i64 = decided.iter().filter_map(|at| given(&works[*at])).sum();
    for at in &decided {
        let (stays, asks) = (given(&works[*at]).unwrap_or_default(), works[*at].amount.0);
        if !works[*at].is_open() || asks == 0 {
            continue;
        }
        let others = kept - stays;
        let before = Amount(had.0 + others);
        let held = asks.min(stays).min((of_all.0 - before.0).max(0));
        let own = held.max(asks.min(highest.0 - before.0));
        kept += (own - stays).max(0);
        if own == asks {
            continue;
        }
        let rest = decided.iter().filter(|other| *other != at).map(|other| {
            format!("“{}”{}", works[*other].policy.title, yuan(Amount(given(&works[*other]).unwrap_or_default())))
        });
        let rest: Vec<String> = rest.collect();
        let decided = (!rest.is_empty()).then(|| format!("已决定{}", rest.join("、")));
        let had_said = Some(said.to_owned()).filter(|said| !said.is_empty());
        let said: Vec<String> = had_said.into_iter().chain(decided).collect();
        let said = said.join("，");
        let most = [highest, of_all].into_iter().find(|most| most.0 - before.0 == own);
        match own {
            0 => {
                let sentence = format!("{rule}：{said}，不低于本项{}，不再给予。", yuan(Amount(asks)));
                works[*at].end(Answer::Nothing, sentence);
            }
            own => {
                works[*at].amount = Amount(own);
                let sum = match most {
                    Some(most) => format!("补差 {} − {}", yuan(most), yuan(before)),
                    None => format!("本项仍为已决定的{}", yuan(Amount(own))),
                };
                works[*at].trace.push(format!("{rule}：{said}，{sum}。"));
            }
        }
    }
    (sums, Amount(kept))
}
