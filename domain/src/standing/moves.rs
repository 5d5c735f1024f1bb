//! Movement of places between two periods: told among the units that stood in both.

use serde::{Deserialize, Serialize};

use super::{Row, Standings};
use crate::region::RegionId;

/// A unit's places in two periods, among the units that were ranked in both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    pub region: RegionId,
    pub before: usize,
    pub now: usize,
}

impl Move {
    /// Places upwards, if positive.
    pub fn places(&self) -> i64 {
        self.before as i64 - self.now as i64
    }
}

/// The movements from `before` to `now`, in the plan's order. A unit that came or left moves nobody: where the ranked
/// units are not the same, both places are counted among those in both. While these are not most of either period's,
/// nothing is compared.
pub fn moves(before: &Standings, now: &Standings) -> Vec<Move> {
    let places = |row: &Row| Some((row.region.clone(), before.row(&row.region)?.rank?, row.rank?));
    let both: Vec<(RegionId, usize, usize)> = now.rows.iter().filter_map(places).collect();
    let all = before.count_ranked().max(now.count_ranked());
    if both.len() * 2 <= all {
        return Vec::new();
    }
    let same = both.len() == all;
    let (mut was, mut is): (Vec<usize>, Vec<usize>) = both.iter().map(|(_, before, now)| (*before, *now)).unzip();
    was.sort_unstable();
    is.sort_unstable();
    let among =
        |places: &[usize], own: usize| if same { own } else { places.partition_point(|place| *place < own) + 1 };
    let of = |(region, before, now)| Move { region, before: among(&was, before), now: among(&is, now) };
    both.into_iter().map(of).collect()
}
