//! Whose form a figure stands in: the one rule for forms, deadlines, files and watched figures.

use crate::month::Period;
use crate::region::fold_name;

use super::meaning::{Made, What};
use super::{Goal, Plan, Split};

impl Split {
    /// Whether the row is still reported and counted in a period.
    pub fn runs(&self, period: Period) -> bool {
        self.until.into_iter().chain(self.unit_until).all(|until| period <= until)
    }
}

impl Goal {
    /// The rows that are counted in a period, in the plan's order.
    pub fn running(&self, period: Period) -> impl Iterator<Item = &Split> {
        self.splits.iter().filter(move |split| split.runs(period))
    }
}

impl Plan {
    /// The unit that reports the figure of a region of a goal in a period: a 其中 row's own unit once it has somebody to
    /// report, before that the unit it lies within; whoever the duties name for what is counted in `each`; the unit of
    /// `stated_by` for the total. `None` where nobody but the office states it.
    pub fn reporter<'p>(&'p self, goal: &'p Goal, region: &str, period: Period) -> Option<&'p str> {
        if region == self.region.id() {
            return self.states_total(goal);
        }
        self.reporter_of(goal, goal.split(region)?, Some(period))
    }

    /// The unit that states a goal's total in the office's place.
    pub fn states_total<'p>(&'p self, goal: &'p Goal) -> Option<&'p str> {
        let id = fold_name(goal.meaning.stated_by.as_deref()?);
        self.unit(&id).map(|unit| unit.id.as_str())
    }

    /// The unit whose return a figure in force of a region stands for: its own, or that of who reports a total or
    /// what is counted. A 其中 row in the form of its whole says nothing of the whole's return.
    pub fn stands_for<'p>(&'p self, goal: &'p Goal, region: &'p str, period: Period) -> &'p str {
        let own = goal.split(region).is_some_and(|split| !split.declared);
        self.reporter(goal, region, period).filter(|_| !own).unwrap_or(region)
    }

    /// The rows of a goal in a unit's form of a period, in the plan's order; the total is none of them.
    pub fn rows_of<'p>(
        &'p self,
        goal: &'p Goal,
        unit: &'p str,
        period: Period,
    ) -> impl Iterator<Item = &'p Split> + use<'p> {
        self.reported_rows(goal, period).filter(move |(of, _)| *of == unit).map(|(_, split)| split)
    }

    /// The rows of a goal in anybody's form of a period, each with whose form it is.
    pub(crate) fn reported_rows<'p>(
        &'p self,
        goal: &'p Goal,
        period: Period,
    ) -> impl Iterator<Item = (&'p str, &'p Split)> {
        goal.running(period).filter_map(move |split| Some((self.reporter_of(goal, split, Some(period))?, split)))
    }

    /// Everybody in whose form rows of a goal stand at some time; the unit of a 其中 row beside the one it lies within.
    pub(crate) fn reporters<'p>(&'p self, goal: &'p Goal) -> impl Iterator<Item = &'p str> {
        let rows = goal.splits.iter().flat_map(|split| {
            let own = split.own_since.map(|_| split.region.as_str());
            own.into_iter().chain(self.reporter_of(goal, split, None))
        });
        rows.chain(self.states_total(goal))
    }

    /// The first of a goal's periods that is not before `period`.
    pub fn first_from(&self, goal: &Goal, period: Period) -> Period {
        let months = crate::calendar::months(self.calendar_of(goal));
        match months.iter().find(|month| **month >= period.month) {
            Some(&month) => Period { month, ..period },
            None => Period { year: period.year + 1, month: months.first().copied().unwrap_or(1) },
        }
    }

    /// What changes for a unit because a 其中 row has somebody of its own, as sentences with the first period of it.
    pub fn handovers(&self, unit: &str) -> Vec<(Period, String)> {
        let mut found = Vec::new();
        for goal in &self.goals {
            for split in &goal.splits {
                let Some((since, whole)) = split.own_since.zip(self.reporter_of(goal, split, None)) else { continue };
                let whole_name = goal.split(whole).map_or(whole, |row| &row.name);
                let (name, label) = (&split.name, since.label());
                if split.region == unit {
                    let sentence =
                        format!("从{label}起，{name}的“{}”由{name}自己填报，仍含在{whole_name}之内", goal.name);
                    found.push((since, sentence));
                } else if whole == unit {
                    let sentence =
                        format!("从{label}起，{name}的“{}”由{name}自己填报；{whole_name}的数仍应包含它", goal.name);
                    found.push((since, sentence));
                }
            }
        }
        found
    }

    /// In a period; without one as if no 其中 row had anybody of its own.
    fn reporter_of<'p>(&'p self, goal: &'p Goal, split: &'p Split, period: Option<Period>) -> Option<&'p str> {
        if let Some(within) = &split.within {
            let own = period.zip(split.own_since).is_some_and(|(period, since)| since <= period);
            return match goal.split(within).filter(|_| !own) {
                Some(whole) => self.reporter_of(goal, whole, period),
                None => Some(&split.region),
            };
        }
        if !(split.declared && matches!(goal.meaning.made, Made::Each(_))) {
            return Some(&split.region);
        }
        let named: Vec<&str> = self.reporting(goal, What::Figure).map(|unit| unit.id.as_str()).collect();
        let Some(unit) = self.unit(&split.region) else {
            // A category reports nothing itself.
            return if let [only] = named[..] { Some(only) } else { None };
        };
        let above = std::iter::successors(Some(unit), |unit| self.unit(unit.parent.as_deref()?)).take(self.units.len());
        let nearest = above.map(|unit| unit.id.as_str()).find(|id| named.contains(id));
        match named[..] {
            [] => Some(&split.region),
            [only] => Some(only),
            _ => nearest,
        }
    }
}
