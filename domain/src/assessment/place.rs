//! Places: who stands where, counted from the top and from the bottom.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;

use crate::money::Amount;
use crate::plan::Direction;
use crate::plan::rules::{RankBy, Rules, Ties};
use crate::rate::Rate;
use crate::standing::Row;

/// What a unit is ordered by; equal keys share a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    main: Main,
    /// Exact completion where ties are broken by it; none counts as 0.
    tie_break: Option<Rate>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Main {
    Rate(Rate),
    Amount(Amount),
    Score(BigRational),
}

/// Where one unit of a pool stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Index into the rows.
    pub(crate) index: usize,
    pub(crate) top: usize,
    pub(crate) bottom: usize,
    /// Units on this place, itself included.
    pub(crate) tied: usize,
}

/// The key of a ranked row; `None` for a row that has nothing to be ranked by.
fn key(rules: &Rules, row: &Row) -> Option<Key> {
    let main = match rules.rank_by {
        RankBy::Growth => Main::Rate(rules.compare.apply(row.growth?)),
        RankBy::Value => Main::Amount(row.value?),
        RankBy::Score if row.score.is_some() => Main::Score(row.score.clone()?),
        // Without weights a score cannot be formed; completion stands in for it.
        RankBy::Completion | RankBy::Score => Main::Rate(rules.compare.apply(row.completion?)),
    };
    let tie_break = (rules.ties == Ties::Completion).then(|| row.completion.unwrap_or(Rate::ZERO));
    Some(Key { main, tie_break })
}

/// Less means better. Lower-is-better goals rise, all others fall; a score and the tie-break by completion always fall.
fn better_first(direction: Direction, a: &Key, b: &Key) -> Ordering {
    let rising = a.main.cmp(&b.main);
    let lower_is_better = direction == Direction::AtMost && !matches!(a.main, Main::Score(_));
    let main = if lower_is_better { rising } else { rising.reverse() };
    main.then_with(|| b.tie_break.cmp(&a.tie_break))
}

/// Places within `pool`, best first. Equal units share the better place and the next is skipped (1, 1, 3),
/// from the bottom likewise.
pub(crate) fn places(
    rules: &Rules,
    direction: Direction,
    rows: &[Row],
    pool: impl Iterator<Item = usize>,
) -> Vec<Place> {
    let keyed = pool.filter_map(|index| Some((index, key(rules, &rows[index])?))).collect();
    ordered(keyed, |a, b| better_first(direction, a, b))
}

/// Places of units by what they are ordered by; less means better.
pub(crate) fn ordered<K>(mut keyed: Vec<(usize, K)>, better_first: impl Fn(&K, &K) -> Ordering) -> Vec<Place> {
    keyed.sort_by(|a, b| better_first(&a.1, &b.1));
    let mut found = Vec::with_capacity(keyed.len());
    for group in keyed.chunk_by(|a, b| better_first(&a.1, &b.1).is_eq()) {
        let top = found.len() + 1;
        let bottom = keyed.len() - found.len() - group.len() + 1;
        found.extend(group.iter().map(|(index, _)| Place { index: *index, top, bottom, tied: group.len() }));
    }
    found
}

/// What a place is worth by a list whose first entry is the first place's; `None` beyond the list. Where ties split,
/// units on one place share what the places they take are worth.
pub(crate) fn worth(list: &[Rate], first: usize, tied: usize, ties: Ties) -> Option<BigRational> {
    let own = list.get(first)?.to_big();
    if ties != Ties::SplitPoints {
        return Some(own);
    }
    let taken = (first..first + tied).filter_map(|at| list.get(at));
    let sum = taken.fold(BigRational::zero(), |sum, points| sum + points.to_big());
    Some(sum / BigRational::from_integer(BigInt::from(tied)))
}

/// The units of each group, those without one together, in the order of their first row.
pub(crate) fn groups(rows: &[Row]) -> Vec<Vec<usize>> {
    let mut groups: Vec<(Option<&str>, Vec<usize>)> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        match groups.iter_mut().find(|(name, _)| *name == row.group.as_deref()) {
            Some((_, units)) => units.push(index),
            None => groups.push((row.group.as_deref(), vec![index])),
        }
    }
    groups.into_iter().map(|(_, units)| units).collect()
}

/// Fills the places of every row without a reason against it: among all, within its group, and in the second column.
pub(crate) fn rank(rules: &Rules, also: Option<RankBy>, direction: Direction, rows: &mut [Row]) {
    let is_ranked = |rows: &[Row], index: usize| rows[index].unranked.is_none();
    let ranked: Vec<usize> = (0..rows.len()).filter(|&index| is_ranked(rows, index)).collect();
    for place in places(rules, direction, rows, ranked.iter().copied()) {
        rows[place.index].rank = Some(place.top);
        rows[place.index].rank_from_bottom = Some(place.bottom);
    }
    if rows.iter().any(|row| row.group.is_some()) {
        for units in groups(rows) {
            let pool = units.into_iter().filter(|&index| rows[index].rank.is_some() && rows[index].group.is_some());
            for place in places(rules, direction, rows, pool.collect::<Vec<_>>().into_iter()) {
                rows[place.index].group_rank = Some(place.top);
            }
        }
    }
    if let Some(rank_by) = also {
        for place in places(&Rules { rank_by, ..*rules }, direction, rows, ranked.into_iter()) {
            rows[place.index].rank_also = Some(place.top);
        }
    }
}
