//! 距下一步: how much each ranked unit lacks to complete, and to the place before it. Searched on the real ranking, as
//! the what-if does.

use serde::{Deserialize, Serialize};

use crate::assessment::what_if::{Aim, least};
use crate::money::Amount;
use crate::plan::rules::RankBy;
use crate::plan::{Goal, Plan};
use crate::rate::Rate;
use crate::region::RegionId;
use crate::returns::Figures;
use crate::standing::{Row, Standings};

/// Every aim is searched on the whole ranking: with more units nobody reads so long a column.
const MOST: usize = 100;

/// What one unit lacks; `None` where it has it already, or where no further value would bring it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitStep {
    pub region: RegionId,
    /// The least further cumulative value that completes the year's target.
    pub to_complete: Option<Amount>,
    /// The least further cumulative value that reaches a better place.
    pub to_next: Option<Amount>,
    /// The growth lacking to the unit before it, exact; only where growth ranks.
    pub next_growth: Option<Rate>,
}

pub(super) fn steps(plan: &Plan, goal: &Goal, figures: &Figures, standings: &Standings) -> Vec<UnitStep> {
    let ranked = standings.ranked();
    if ranked.len() > MOST {
        return Vec::new();
    }
    let regions: Vec<&str> = ranked.iter().map(|row| row.region.as_str()).collect();
    let found =
        least(plan, goal, figures, standings.period, standings.rules, &regions, [Aim::Complete, Aim::NextPlace]);
    let by_growth = standings.rules.rank_by == RankBy::Growth;
    let of = |(row, [to_complete, to_next]): (&&Row, [Option<Amount>; 2])| {
        let before = ranked.iter().rev().find(|other| other.rank < row.rank).and_then(|other| other.growth);
        let next_growth = before.zip(row.growth).filter(|_| by_growth).map(|(before, own)| before.minus(own));
        UnitStep { region: row.region.clone(), to_complete, to_next, next_growth }
    };
    ranked.iter().zip(found).map(of).collect()
}
