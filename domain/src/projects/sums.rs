//! Sums and rates of projects: of a county, of a list, of whatever was chosen.

use super::standing::{Lamp, Standing, due, is_done};
use super::{Entry, Stage, Step, When};
use crate::money::{Amount, Measure, round_decimal};
use crate::month::Period;
use crate::overview::Quantity;
use crate::plan::Plan;
use crate::plan::projects::{Counted, FromProjects};
use crate::rate::Rate;

/// Of so many asked, so many did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    pub done: usize,
    pub of: usize,
}

impl Share {
    /// `None` where nobody was asked.
    pub fn rate(self) -> Option<Rate> {
        Rate::new(self.done as i128, self.of as i128)
    }

    fn count(&mut self, asked: bool, done: bool) {
        self.of += usize::from(asked);
        self.done += usize::from(asked && done);
    }
}

/// What projects come to at the end of a month. What has left the list counts nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sums {
    pub projects: usize,
    /// By [`Stage::ALL`].
    pub stages: [usize; 8],
    pub total: Amount,
    pub planned: Amount,
    pub this_year: Amount,
    /// Of those with a plan of the year: what is invested of it.
    pub completion: Option<Rate>,
    /// 开工率: of those due to start in the year up to the month, those started.
    pub starts: Share,
    /// 竣工率.
    pub finishes: Share,
    /// 投产率.
    pub productions: Share,
    /// 履约率: of those with any step due, those that have done every one.
    pub kept: Share,
    /// Started before the month they were to.
    pub early_starts: usize,
    pub red: usize,
    pub yellow: usize,
    pub silent: usize,
    pub to_leave: usize,
}

/// Adds up.
pub fn sums<'e>(found: impl IntoIterator<Item = (&'e Entry, &'e Standing)>, at: Period) -> Sums {
    let mut sums = Sums::default();
    let mut of_plan = Amount(0);
    for (entry, standing) in found {
        let place = Stage::ALL.iter().position(|stage| *stage == standing.stage).unwrap_or_default();
        sums.stages[place] += 1;
        if standing.stage == Stage::Left {
            continue;
        }
        sums.projects += 1;
        sums.total.0 += entry.project.total.unwrap_or_default().0;
        sums.planned.0 += standing.planned.unwrap_or_default().0;
        sums.this_year.0 += standing.this_year.unwrap_or_default().0;
        if standing.planned.is_some() {
            of_plan.0 += standing.this_year.unwrap_or_default().0;
        }
        let due = |step: Step| {
            let due = due(entry, step, at.year).map(When::month);
            due.is_some_and(|due| due.year == at.year && due <= at)
        };
        let steps = [Step::Start, Step::Finish, Step::Production];
        let shares = [&mut sums.starts, &mut sums.finishes, &mut sums.productions];
        for (share, step) in shares.into_iter().zip(steps) {
            share.count(due(step), is_done(entry, step, at));
        }
        let asked: Vec<Step> = steps.into_iter().filter(|step| due(*step)).collect();
        sums.kept.count(!asked.is_empty(), asked.iter().all(|step| is_done(entry, *step, at)));
        let planned = entry.planned(Step::Start).map(|when| when.month());
        sums.early_starts += usize::from(planned.is_some_and(|due| due > at) && entry.done(Step::Start, at).is_some());
        sums.red += usize::from(standing.lamp() == Lamp::Red);
        sums.yellow += usize::from(standing.lamp() == Lamp::Yellow);
        sums.silent += usize::from(standing.silent > 0);
        sums.to_leave += usize::from(standing.is_to_leave());
    }
    sums.completion = Rate::of(of_plan, sums.planned);
    sums
}

/// What the library says of a goal's number, up to a month of its year; a rate as the exact fraction, `None` where
/// nothing was due.
pub fn counted(plan: &Plan, asked: &FromProjects, entries: &[(&Entry, &Standing)], at: Period) -> Option<Quantity> {
    let rank = |name: &str| plan.projects.levels.iter().position(|level| level.name == name);
    let least = asked.level.as_deref().and_then(rank);
    let fits = |entry: &Entry, standing: &Standing| {
        let level = standing.level.as_deref().and_then(rank);
        standing.stage != Stage::Left
            && standing.role.is_some()
            && asked.role.is_none_or(|role| standing.role == Some(role))
            && asked.label.as_ref().is_none_or(|label| entry.project.labels.contains(label))
            && least.is_none_or(|least| level.is_some_and(|level| level >= least))
    };
    let chosen = || entries.iter().copied().filter(|(entry, standing)| fits(entry, standing));
    // What the year did: a start of an earlier year is not counted again.
    let did = |step: Step| {
        let of_year = |entry: &Entry| entry.done(step, at).is_some_and(|when| when.month().year == at.year);
        chosen().filter(|(entry, _)| of_year(entry)).count() as i64
    };
    let rate = |share: fn(&Sums) -> Share| share(&sums(chosen(), at)).rate().map(Quantity::Percent);
    let number = match asked.count {
        Counted::Listed => chosen().count() as i64,
        Counted::Started => did(Step::Start),
        Counted::Finished => did(Step::Finish),
        Counted::Produced => did(Step::Production),
        Counted::Output => chosen().map(|(entry, _)| entry.project.output.unwrap_or_default().0).sum(),
        Counted::Total => chosen().map(|(entry, _)| entry.project.total.unwrap_or_default().0).sum(),
        Counted::Invested => chosen().map(|(_, standing)| standing.this_year.unwrap_or_default().0).sum(),
        Counted::StartRate => return rate(|sums| sums.starts),
        Counted::FinishRate => return rate(|sums| sums.finishes),
        Counted::ProductionRate => return rate(|sums| sums.productions),
        Counted::KeptRate => return rate(|sums| sums.kept),
    };
    Some(Quantity::Amount(Amount(number)))
}

/// The digits of a percentage to which a rate is rounded where it becomes a figure.
const DIGITS: u32 = 2;

/// A number of the library as a figure of a goal: a rate half up to two decimals.
pub fn as_figure(number: Quantity, measure: &Measure) -> Option<Amount> {
    match number {
        Quantity::Amount(amount) => Some(amount),
        Quantity::Percent(rate) => {
            measure.parse(&round_decimal(rate.numerator().checked_mul(100)?, rate.denominator(), DIGITS)).ok()
        }
        Quantity::Units(units) => Some(Amount(units as i64)),
    }
}

/// The library at the end of a month: every project of the year's list with its standing, in the order of numbers.
pub struct Library<'e> {
    pub at: Period,
    pub rows: Vec<(&'e Entry, Standing)>,
}

impl<'e> Library<'e> {
    /// What is on the list of the year, what left it included.
    pub fn of(
        plan: &Plan,
        entries: impl IntoIterator<Item = &'e Entry>,
        at: Period,
        today: chrono::NaiveDate,
    ) -> Library<'e> {
        let listed = entries.into_iter().filter(|entry| entry.years.contains_key(&at.year));
        let rows = listed.map(|entry| (entry, super::standing::standing(plan, entry, at, today))).collect();
        Library { at, rows }
    }

    pub fn sums(&self) -> Sums {
        sums(self.rows.iter().map(|(entry, standing)| (*entry, standing)), self.at)
    }

    /// Of each unit that has any, in the plan's order: (id, name, sums).
    pub fn by_unit(&self, plan: &Plan) -> Vec<(String, String, Sums)> {
        let mut units = super::field::units(plan);
        for (entry, _) in &self.rows {
            if !units.iter().any(|(id, _)| *id == entry.project.unit) {
                let name = super::field::unit_name(plan, &entry.project.unit).to_owned();
                units.push((entry.project.unit.clone(), name));
            }
        }
        let mut of: std::collections::HashMap<&str, Vec<(&Entry, &Standing)>> = std::collections::HashMap::new();
        for (entry, standing) in &self.rows {
            of.entry(entry.project.unit.as_str()).or_default().push((entry, standing));
        }
        let found = units.into_iter().filter_map(|(id, name)| {
            let own = of.get(id.as_str())?;
            let sums = sums(own.iter().copied(), self.at);
            Some((id, name, sums))
        });
        found.collect()
    }

    /// Those that lag, worst first.
    pub fn lagging(&self) -> Vec<(&'e Entry, Standing)> {
        let mut found: Vec<(&'e Entry, Standing)> = self
            .rows
            .iter()
            .filter(|(_, standing)| standing.lags())
            .map(|(entry, found)| (*entry, found.clone()))
            .collect();
        super::standing::worst_first(&mut found);
        found
    }

    pub fn counted(&self, plan: &Plan, asked: &FromProjects) -> Option<Quantity> {
        self.counted_of(plan, asked, None)
    }

    /// The same of one unit's projects.
    pub fn counted_of(&self, plan: &Plan, asked: &FromProjects, unit: Option<&str>) -> Option<Quantity> {
        let own = self.rows.iter().filter(|(entry, _)| unit.is_none_or(|unit| entry.project.unit == unit));
        let rows: Vec<(&Entry, &Standing)> = own.map(|(entry, standing)| (*entry, standing)).collect();
        counted(plan, asked, &rows, self.at)
    }
}
