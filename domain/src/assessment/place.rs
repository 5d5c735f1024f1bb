//! Places: who stands where, counted from the top and from the bottom.

use std::cmp::Ordering;

use num_rational::BigRational;

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
    let mut ordered: Vec<(usize, Key)> = pool.filter_map(|index| Some((index, key(rules, &rows[index])?))).collect();
    ordered.sort_by(|a, b| better_first(direction, &a.1, &b.1));
    let mut found = Vec::with_capacity(ordered.len());
    for group in ordered.chunk_by(|a, b| better_first(direction, &a.1, &b.1).is_eq()) {
        let top = found.len() + 1;
        let bottom = ordered.len() - found.len() - group.len() + 1;
        found.extend(group.iter().map(|(index, _)| Place { index: *index, top, bottom, tied: group.len() }));
    }
    found
}

/// Fills `rank` and `rank_from_bottom` of every row without a reason against it.
pub(crate) fn rank(rules: &Rules, direction: Direction, rows: &mut [Row]) {
    let ranked: Vec<usize> = (0..rows.len()).filter(|&index| rows[index].unranked.is_none()).collect();
    for place in places(rules, direction, rows, ranked.into_iter()) {
        rows[place.index].rank = Some(place.top);
        rows[place.index].rank_from_bottom = Some(place.bottom);
    }
}
