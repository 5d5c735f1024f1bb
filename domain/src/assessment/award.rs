//! Awards: which place gets what, under each reading and tie rule.

use std::collections::BTreeMap;

use num_traits::Zero;

use super::place::{Place, groups, places, worth};
use crate::plan::rules::{AwardGroup, AwardRule, From, Reading, Rules};
use crate::plan::{Direction, Gate};
use crate::region::RegionId;
use crate::standing::Row;

pub use crate::standing::Award;

/// Whether a unit passes a gate; absent while that is not known.
pub(crate) type Passed = BTreeMap<(usize, String), bool>;

/// Lists of awards over rows that are ranked, with all that decides them.
pub(crate) struct Giving<'a> {
    pub(crate) lists: &'a [AwardRule],
    /// What closes the lists counted from the top.
    pub(crate) gates: &'a [Gate],
    /// By the unit's index and the gate's key.
    pub(crate) passed: &'a Passed,
    pub(crate) rules: &'a Rules,
    pub(crate) direction: Direction,
    pub(crate) rows: &'a [Row],
}

/// What a gate is known by among the others.
pub(crate) fn gate_key(gate: &Gate) -> String {
    match gate {
        Gate::Goal(id) => format!("goal {id}"),
        Gate::Entered(name) => format!("entered {name}"),
    }
}

impl Giving<'_> {
    /// The awards under `reading`, as (row, award) in the order of lists and places.
    pub(crate) fn give(&self, reading: Reading) -> Vec<(usize, Award)> {
        self.lists.iter().flat_map(|list| self.give_list(list, reading)).collect()
    }

    /// Whether the list's condition and its gates hold; `None` while that is not known.
    fn holds(&self, list: &AwardRule, index: usize) -> Option<bool> {
        let of_assessment = self.gates.iter().filter(|_| list.is_bonus());
        let gates = list.gates.iter().chain(of_assessment);
        let mut open = gates.map(|gate| self.passed.get(&(index, gate_key(gate))).copied());
        // A gate that is closed settles it, whatever else is not known yet.
        let gates = open.try_fold(true, |known, passed| match passed {
            Some(false) => Err(()),
            Some(true) => Ok(known),
            None => Ok(false),
        });
        match (list.when.holds(self.rows[index].completed), gates) {
            (Some(false), _) | (_, Err(())) => Some(false),
            (Some(true), Ok(true)) => Some(true),
            (None, _) | (_, Ok(false)) => None,
        }
    }

    /// The units that compete with each other for the list.
    fn pools(&self, list: &AwardRule) -> Vec<Vec<usize>> {
        match &list.group {
            None => vec![(0..self.rows.len()).collect()],
            Some(AwardGroup::Each) => groups(self.rows),
            Some(AwardGroup::Named(name)) => {
                vec![(0..self.rows.len()).filter(|&at| self.rows[at].group.as_ref() == Some(name)).collect()]
            }
        }
    }

    /// Where the units of a list stand; with `all` each on a place of its own that says nothing.
    fn standing(&self, list: &AwardRule, reading: Reading) -> Vec<Place> {
        let filters_first = reading.filters_first(list.from);
        let mut found = Vec::new();
        for pool in self.pools(list) {
            if list.from == From::All {
                let assessed = |&index: &usize| self.rows[index].is_assessed();
                found.extend(pool.into_iter().filter(assessed).map(|index| Place {
                    index,
                    top: 1,
                    bottom: 1,
                    tied: 1,
                }));
                continue;
            }
            let competes = |&index: &usize| {
                self.rows[index].rank.is_some() && (!filters_first || self.holds(list, index) == Some(true))
            };
            found.extend(places(self.rules, self.direction, self.rows, pool.into_iter().filter(competes)));
        }
        found
    }

    fn give_list(&self, list: &AwardRule, reading: Reading) -> Vec<(usize, Award)> {
        let awarded = self.standing(list, reading).into_iter().filter_map(|place| {
            let points = worth(&list.places, counted(list.from, &place) - 1, place.tied, self.rules.ties)?;
            // A place that is counted and gets no card: 倒数第二位给黄牌.
            if list.count_as.is_some() && points.is_zero() {
                return None;
            }
            // The part of a unit whose condition fails lapses: nobody moves up.
            (self.holds(list, place.index) == Some(true)).then(|| {
                let award = Award {
                    points,
                    unit: list.counted_in(),
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

    /// Units on whom an award depends while it is not known whether they meet its condition, in the plan's order.
    pub(crate) fn undecided(&self, reading: Reading) -> Vec<RegionId> {
        let mut open = vec![false; self.rows.len()];
        for list in self.lists {
            let everybody = reading.filters_first(list.from) || list.from == From::All;
            // Places among all: a unit that is left out of a filtered pool has none there.
            let on_a_place = self.standing(list, Reading::RankThenFilter);
            let on_a_place =
                on_a_place.iter().filter(|place| everybody || counted(list.from, place) <= list.places.len());
            for place in on_a_place.filter(|place| self.holds(list, place.index).is_none()) {
                open[place.index] = true;
            }
        }
        let open = self.rows.iter().zip(open).filter(|(row, open)| *open && row.rank.is_some());
        open.map(|(row, _)| row.region.clone()).collect()
    }
}

fn counted(from: From, place: &Place) -> usize {
    match from {
        From::Top | From::All => place.top,
        From::Bottom => place.bottom,
    }
}
