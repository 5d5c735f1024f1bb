//! The nine combinations of reading and completed-when, side by side.

use crate::month::Period;
use crate::plan::rules::{CompletedWhen, Reading, Rules};
use crate::plan::{Goal, Plan};
use crate::region::RegionId;
use crate::returns::Figures;
use crate::standing::{Basis, Computation};

/// One of the nine combinations of reading and completed-when, with who gets what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    pub reading: Reading,
    pub completed_when: CompletedWhen,
    pub points: Vec<(RegionId, String)>,
    pub undecided: Vec<RegionId>,
}

/// All nine combinations, the other rules unchanged.
pub fn alternatives(
    plan: &Plan,
    goal: &Goal,
    figures: &Figures,
    period: Period,
    rules: Rules,
    basis: Basis,
) -> Vec<Alternative> {
    let computation = Computation::of(plan, goal, figures);
    let mut found = Vec::with_capacity(9);
    for (_, completed_when) in CompletedWhen::WORDS {
        let standings = computation.on(basis, period, Rules { completed_when, ..rules });
        for (_, reading) in Reading::WORDS {
            found.push(Alternative {
                reading,
                completed_when,
                points: standings.readings.get(reading).clone(),
                undecided: standings.undecided.get(reading).clone(),
            });
        }
    }
    found
}
