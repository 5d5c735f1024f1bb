//! Places, awards, scores and their traces. A rule is data ([`Rules`], [`crate::plan::AwardRule`]) plus a short
//! function; the same function serves the score, the other readings, the what-if and the trace.

mod alternatives;
pub mod award;
pub(crate) mod completed;
pub mod place;
pub mod score;
pub mod trace;
pub mod what_if;

use std::collections::BTreeMap;

use num_rational::BigRational;
use num_traits::Zero;

use crate::plan::{Assessment, Goal};
use crate::rate::big_plain;
use crate::region::RegionId;
use crate::returns::Figures;
use crate::standing::Row;

pub use crate::plan::rules::{Compare, CompletedWhen, RankBy, Reading, Rules, Ties};
pub use crate::standing::{Basis, Readings};
pub use alternatives::{Alternative, alternatives};

/// What [`assess`] finds beyond the rows it fills.
pub(crate) struct Assessed {
    pub(crate) readings: Readings<Vec<(RegionId, String)>>,
    pub(crate) undecided: Readings<Vec<RegionId>>,
}

/// Fills score, rank and awards of every row.
pub(crate) fn assess(
    goal: &Goal,
    assessment: Option<&Assessment>,
    figures: &Figures,
    rules: &Rules,
    rows: &mut [Row],
) -> Assessed {
    let weighed = assessment.is_some_and(|assessment| score::is_weighed(rules, assessment));
    if let Some(assessment) = assessment.filter(|_| weighed) {
        rows.iter_mut().for_each(|row| score::fill(assessment, figures, &goal.id, row));
    }
    place::rank(rules, goal.direction, rows);
    // A score without weights decides nothing: no awards until the office has entered them.
    let decided = rules.rank_by != RankBy::Score || weighed;
    let lists = assessment.map(|assessment| assessment.awards.as_slice()).filter(|_| decided).unwrap_or_default();
    let given = Readings::each(|reading| award::give(lists, rules, reading, goal.direction, rows));
    let undecided = Readings::each(|reading| award::undecided(lists, reading, rows));
    let readings = Readings::each(|reading| totals(rows, given.get(reading)));
    for (index, award) in given.get(rules.reading) {
        rows[*index].awards.push(award.clone());
    }
    Assessed { readings, undecided }
}

/// The sum of each unit's awards, in the plan's order.
fn totals(rows: &[Row], given: &[(usize, award::Award)]) -> Vec<(RegionId, String)> {
    let mut sums: BTreeMap<usize, BigRational> = BTreeMap::new();
    for (index, award) in given {
        *sums.entry(*index).or_insert_with(BigRational::zero) += &award.points;
    }
    sums.iter().map(|(&index, sum)| (rows[index].region.clone(), big_plain(sum))).collect()
}
