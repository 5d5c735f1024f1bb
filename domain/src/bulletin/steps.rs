//! 距下一步: how much each ranked unit lacks to complete, and to the place before it. Searched on the real ranking, as
//! [`what_if`] does.

use serde::{Deserialize, Serialize};

use crate::assessment::RankBy;
use crate::assessment::what_if::{Aim, what_if};
use crate::money::Amount;
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
    let of = |row: &&Row| {
        let answers = what_if(plan, goal, figures, standings.period, standings.rules, &row.region)?;
        let more = |aim: Aim| answers.goals.iter().find(|answer| answer.goal == aim)?.more;
        let before = ranked.iter().rev().find(|other| other.rank < row.rank).and_then(|other| other.growth);
        let by_growth = standings.rules.rank_by == RankBy::Growth;
        let next_growth = before.zip(row.growth).filter(|_| by_growth).map(|(before, own)| before.minus(own));
        Some(UnitStep { region: row.region.clone(), to_complete: more(Aim::Complete), to_next: more(Aim::NextPlace), next_growth })
    };
    ranked.iter().filter_map(of).collect()
}
