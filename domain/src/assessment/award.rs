//! Awards: which place gets what, under each reading and tie rule.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;

use super::place::{Place, places};
use crate::plan::Direction;
use crate::plan::rules::{AwardRule, From, Reading, Rules, Ties, When};
use crate::region::RegionId;
use crate::standing::Row;

pub use crate::standing::Award;

/// The awards of `lists` under `reading`, as (row, award) in the order of lists and places.
pub(crate) fn give(
    lists: &[AwardRule],
    rules: &Rules,
    reading: Reading,
    direction: Direction,
    rows: &[Row],
) -> Vec<(usize, Award)> {
    lists.iter().flat_map(|list| give_list(list, rules, reading, direction, rows)).collect()
}

fn give_list(
    list: &AwardRule,
    rules: &Rules,
    reading: Reading,
    direction: Direction,
    rows: &[Row],
) -> Vec<(usize, Award)> {
    let holds = |index: usize| list.when.holds(rows[index].completed) == Some(true);
    let filters_first = reading.filters_first(list.from);
    let pool = (0..rows.len()).filter(|&index| rows[index].rank.is_some() && (!filters_first || holds(index)));
    let standing = places(rules, direction, rows, pool);
    let awarded = standing.into_iter().filter_map(|place| {
        let points = points(list, rules.ties, &place)?;
        // The part of a unit whose condition fails lapses: nobody moves up.
        holds(place.index).then(|| {
            let award = Award {
                points,
                unit: list.unit.clone(),
                place: counted(list.from, &place),
                from: list.from,
                when: list.when,
                trace: Vec::new(),
            };
            (place.index, award)
        })
    });
    awarded.collect()
}

fn counted(from: From, place: &Place) -> usize {
    match from {
        From::Top => place.top,
        From::Bottom => place.bottom,
    }
}

/// What `place` is worth; `None` beyond the list.
fn points(list: &AwardRule, ties: Ties, place: &Place) -> Option<BigRational> {
    let first = counted(list.from, place) - 1;
    let own = list.places.get(first)?.to_big();
    if ties != Ties::SplitPoints {
        return Some(own);
    }
    let taken = (first..first + place.tied).filter_map(|at| list.places.get(at));
    let sum = taken.fold(BigRational::zero(), |sum, points| sum + points.to_big());
    Some(sum / BigRational::from_integer(BigInt::from(place.tied)))
}

/// Ranked units whose completion is not known and on whom an award depends under `reading`, in the plan's order.
pub(crate) fn undecided(lists: &[AwardRule], reading: Reading, rows: &[Row]) -> Vec<RegionId> {
    let open = |row: &&Row| {
        lists.iter().filter(|list| list.when != When::Always).any(|list| {
            let place = match list.from {
                From::Top => row.rank,
                From::Bottom => row.rank_from_bottom,
            };
            reading.filters_first(list.from) || place.is_some_and(|place| place <= list.places.len())
        })
    };
    let unknown = rows.iter().filter(|row| row.rank.is_some() && row.completed.is_none());
    unknown.filter(open).map(|row| row.region.clone()).collect()
}
