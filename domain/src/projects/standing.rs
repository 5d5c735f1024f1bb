//! Where a project stands at the end of a month, and which of the plan's rules it meets: computed, never stored.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Entry, Listed, Role, Stage, Step, When};
use crate::money::{Amount, round_to};
use crate::month::Period;
use crate::plan::Plan;
use crate::plan::projects::{Gives, ProjectRule, Test};
use crate::rate::Rate;

/// One project at the end of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub stage: Stage,
    /// What the year's list asks of it; `None` where the year has it on no list.
    pub role: Option<Role>,
    /// The highest of the plan's levels that it reaches.
    pub level: Option<String>,
    /// The month that the figures are of: the last one reported in the year.
    pub as_of: Option<Period>,
    /// The year's plan of investment, and what is invested of it.
    pub planned: Option<Amount>,
    pub this_year: Option<Amount>,
    /// Invested since the start, up to the last report of any year.
    pub since_start: Option<Amount>,
    pub year_completion: Option<Rate>,
    pub total_completion: Option<Rate>,
    /// The share of the year's plan that is due: by its own curve, else by the plan's pace.
    pub pace: Option<Rate>,
    /// `year_completion` ÷ `pace`.
    pub pace_share: Option<Rate>,
    /// `year_completion` − `pace`; negative behind.
    pub gap: Option<Rate>,
    /// What is due by now and not invested, in whole 元; `None` on or ahead of the pace.
    pub missing: Option<Amount>,
    /// Months without a report.
    pub silent: i64,
    /// Months, the one it was due in included, that its start, its finish and its production are late by; 0 where not.
    pub start_overdue: i64,
    pub finish_overdue: i64,
    pub production_overdue: i64,
    pub fired: Vec<Fired>,
}

/// A rule that a project meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fired {
    /// Its place in the plan, from 0.
    pub rule: usize,
    pub test: Test,
    pub gives: Gives,
    /// Months, or a share of one.
    pub found: Rate,
    pub words: String,
    pub clause: Option<String>,
}

/// The worst that a project's rules give, as a lamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lamp {
    /// Left the list, or was on none.
    None,
    Green,
    Yellow,
    Red,
}

impl Lamp {
    pub const ALL: [Lamp; 4] = [Lamp::Red, Lamp::Yellow, Lamp::Green, Lamp::None];

    pub fn id(self) -> &'static str {
        match self {
            Lamp::None => "none",
            Lamp::Green => "green",
            Lamp::Yellow => "yellow",
            Lamp::Red => "red",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Lamp::None => "不评",
            Lamp::Green => "正常",
            Lamp::Yellow => "黄灯",
            Lamp::Red => "红灯",
        }
    }
}

impl Standing {
    pub fn lamp(&self) -> Lamp {
        let worst = |gives: Gives| self.fired.iter().any(|fired| fired.gives == gives);
        match self.role {
            None => Lamp::None,
            Some(_) if self.stage == Stage::Left => Lamp::None,
            Some(_) if worst(Gives::Red) => Lamp::Red,
            Some(_) if worst(Gives::Yellow) => Lamp::Yellow,
            Some(_) => Lamp::Green,
        }
    }

    pub fn is_to_leave(&self) -> bool {
        self.fired.iter().any(|fired| fired.gives == Gives::Leave)
    }

    /// On the list of what lags: a lamp that is not green, or a list's line.
    pub fn lags(&self) -> bool {
        matches!(self.lamp(), Lamp::Red | Lamp::Yellow) || self.fired.iter().any(|fired| fired.gives == Gives::List)
    }
}

/// Months from one to another; negative backwards.
pub fn months(from: Period, to: Period) -> i64 {
    i64::from(to.year - from.year) * 12 + i64::from(to.month) - i64::from(from.month)
}

/// `whole × share` in whole 元, half away from zero.
fn part(whole: Amount, share: Rate) -> Amount {
    let exact = i128::from(whole.0).checked_mul(share.numerator());
    Amount(exact.map_or(0, |product| round_to(product, share.denominator(), 0) as i64))
}

/// The share of its year's plan that a project should have reached.
fn pace(plan: &Plan, listed: &Listed, at: Period) -> Option<Rate> {
    let planned = listed.planned.filter(|planned| planned.0 > 0)?;
    if listed.by_month.is_empty() {
        let own = plan.goals.first().and_then(|_| plan.default_goal().pace.share(at.month));
        return own.or_else(|| Rate::new(i128::from(at.month), 12));
    }
    let mut from = (0_u32, Amount(0));
    for (&month, &amount) in &listed.by_month {
        if at.month <= month {
            let steps = i128::from(month - from.0);
            let step = Rate::new(i128::from(amount.0 - from.1.0) * i128::from(at.month - from.0), steps.max(1))?;
            let due = Rate::new(i128::from(from.1.0), 1)?.plus(step);
            return Some(due.times(1, i128::from(planned.0)));
        }
        from = (month, amount);
    }
    Rate::of(from.1, planned)
}

/// When a step was to be done: what the list has for the year without a date is due by its end.
pub(super) fn due(entry: &Entry, step: Step, year: i32) -> Option<When> {
    entry.planned(step).or_else(|| {
        let role = entry.years.get(&year).map(|listed| listed.role);
        let asked = matches!((step, role), (Step::Start, Some(Role::Start)) | (Step::Finish, Some(Role::Finish)));
        asked.then_some(When::Month(Period { year, month: 12 }))
    })
}

/// Whether a step is done by the end of a month: what produces has been finished, and what is finished has been
/// started, whether or not somebody wrote it down; so has what a list carries on with.
pub(super) fn is_done(entry: &Entry, step: Step, at: Period) -> bool {
    let done = |step: Step| entry.done(step, at).is_some();
    match step {
        Step::Start => {
            let continued = entry.years.get(&at.year).is_some_and(|listed| listed.role == Role::Continued);
            done(Step::Start) || done(Step::Finish) || done(Step::Production) || continued
        }
        Step::Finish => done(Step::Finish) || done(Step::Production),
        step => done(step),
    }
}

/// By how many months a step is late at the end of a month, the month it was due in included. What is due on a day
/// that has not passed is not late.
fn overdue(entry: &Entry, step: Step, at: Period, today: NaiveDate) -> i64 {
    let due = due(entry, step, at.year).filter(|due| due.month() <= at && due.last_day() < today);
    let late = due.filter(|_| !is_done(entry, step, at) && entry.stage(at) != Stage::Left);
    late.map_or(0, |due| months(due.month(), at) + 1)
}

/// Months without a report up to the end of one: since the last, else since it came on a list.
fn silent(entry: &Entry, at: Period) -> i64 {
    if !entry.years.contains_key(&at.year) || matches!(entry.stage(at), Stage::Left) {
        return 0;
    }
    if let Some((last, _)) = entry.returns.range(..=at).next_back() {
        return months(*last, at);
    }
    let first = entry.years.values().next();
    let from = first.map(|listed| {
        let begin = Period { year: listed.year, month: 1 };
        listed.entered.map_or(begin, |when| when.month().max(begin))
    });
    from.filter(|from| *from <= at).map_or(0, |from| months(from, at) + 1)
}

/// Whole months since investment last rose, of what has started and is not finished.
fn no_progress(entry: &Entry, at: Period) -> Option<i64> {
    let started = entry.done(Step::Start, at)?;
    if !matches!(entry.stage(at), Stage::Started | Stage::Building | Stage::Suspended) {
        return None;
    }
    let mut before = Amount(0);
    let mut last = started.month();
    for (period, reported) in entry.returns.range(..=at) {
        let now = reported.since_start.or(reported.this_year).unwrap_or(before);
        if now > before {
            last = last.max(*period);
        }
        before = now;
    }
    Some(months(last, at))
}

/// The highest level whose thresholds a project reaches.
fn level(plan: &Plan, entry: &Entry, stage: Stage) -> Option<String> {
    let reaches = |found: Option<Amount>, least: Option<Amount>| {
        least.is_none_or(|least| found.is_some_and(|found| found >= least))
    };
    let own = &entry.project;
    let of = |level: &&crate::plan::projects::ProjectLevel| {
        reaches(own.total, level.min_total)
            && reaches(own.equipment, level.min_equipment)
            && (!level.started || stage.is_started())
    };
    plan.projects.levels.iter().rev().find(of).map(|level| level.name.clone())
}

/// Where a project stands at the end of a month, as it is known on a day.
pub fn standing(plan: &Plan, entry: &Entry, at: Period, today: NaiveDate) -> Standing {
    let listed = entry.years.get(&at.year);
    let stage = entry.stage(at);
    let of_year = entry.returns.range(Period { year: at.year, month: 1 }..=at).next_back();
    let planned = listed.and_then(|listed| listed.planned);
    let this_year = of_year.and_then(|(_, reported)| reported.this_year);
    let since_start = entry.returns.range(..=at).rev().find_map(|(_, reported)| reported.since_start);
    let year_completion = this_year.zip(planned).and_then(|(done, planned)| Rate::of(done, planned));
    let pace = listed.and_then(|listed| pace(plan, listed, at));
    let due = planned.zip(pace).map(|(planned, pace)| part(planned, pace));
    let gap = year_completion.zip(pace).map(|(done, pace)| done.minus(pace));
    let share = |done: Rate, pace: Rate| {
        Rate::new(done.numerator() * pace.denominator(), done.denominator() * pace.numerator())
    };
    let mut found = Standing {
        stage,
        role: listed.map(|listed| listed.role),
        level: level(plan, entry, stage),
        as_of: of_year.map(|(period, _)| *period),
        planned,
        this_year,
        since_start,
        year_completion,
        total_completion: since_start.zip(entry.project.total).and_then(|(done, total)| Rate::of(done, total)),
        pace,
        pace_share: year_completion.zip(pace).and_then(|(done, pace)| share(done, pace)),
        gap,
        missing: this_year.zip(due).map(|(done, due)| Amount(due.0 - done.0)).filter(|missing| missing.0 > 0),
        silent: silent(entry, at),
        start_overdue: overdue(entry, Step::Start, at, today),
        finish_overdue: overdue(entry, Step::Finish, at, today),
        production_overdue: overdue(entry, Step::Production, at, today),
        fired: Vec::new(),
    };
    let rules = plan.projects.rules.iter().enumerate();
    found.fired = rules.filter_map(|(number, rule)| fired(number, rule, entry, &found, at)).collect();
    found
}

/// The number that a rule looks at; `None` where it has none to look at.
fn number(test: Test, entry: &Entry, standing: &Standing, at: Period) -> Option<Rate> {
    let whole = |months: i64| Rate::new(i128::from(months), 1);
    let some = |months: i64| Some(months).filter(|months| *months > 0).and_then(whole);
    let done = |step: Step| entry.done(step, at).map(|when| when.month());
    let running = matches!(
        standing.stage,
        Stage::Reserve | Stage::Preparing | Stage::Started | Stage::Building | Stage::Suspended
    );
    match test {
        Test::StartOverdue => some(standing.start_overdue),
        Test::FinishOverdue => some(standing.finish_overdue),
        Test::BehindPoints if running => standing.gap.filter(|gap| gap.is_negative()).map(Rate::abs),
        Test::PaceShare if running => standing.pace_share,
        Test::BehindPoints | Test::PaceShare => None,
        Test::SilentMonths => some(standing.silent),
        Test::NotInStatistics if done(Step::Statistics).is_some() => None,
        Test::NotInStatistics => done(Step::Start).and_then(|started| whole(months(started, at))),
        Test::NoStartSinceEntry if standing.stage.is_started() => None,
        Test::NoStartSinceEntry => {
            let entered = entry.years.values().filter_map(|listed| listed.entered).min();
            entered.map(|when| when.month()).filter(|entered| *entered <= at).and_then(|since| whole(months(since, at)))
        }
        Test::NoProgress => no_progress(entry, at).and_then(whole),
        Test::Suspended if standing.stage != Stage::Suspended => None,
        Test::Suspended => done(Step::Suspension).and_then(|since| whole(months(since, at))),
    }
}

fn fired(number_of: usize, rule: &ProjectRule, entry: &Entry, standing: &Standing, at: Period) -> Option<Fired> {
    let listed = entry.years.get(&at.year)?;
    let asked = rule.roles.is_empty() || rule.roles.contains(&listed.role);
    if standing.stage == Stage::Left || !asked || (rule.unless_reason && listed.excused.is_some()) {
        return None;
    }
    let found = number(rule.test, entry, standing, at).filter(|found| rule.holds(*found))?;
    Some(Fired {
        rule: number_of,
        test: rule.test,
        gives: rule.gives,
        found,
        words: rule.words.clone(),
        clause: rule.clause.clone(),
    })
}

/// Those that lag, worst first: by lamp, then by how far behind, then by their number.
pub fn worst_first(lagging: &mut [(&Entry, Standing)]) {
    lagging.sort_by(|(one, a), (other, b)| {
        let behind = |standing: &Standing| standing.gap.unwrap_or(Rate::ZERO);
        b.lamp().cmp(&a.lamp()).then(behind(a).cmp(&behind(b))).then(one.project.id.cmp(&other.project.id))
    });
}

/// What the plan's windows say of a month: whether projects enter and leave in it.
pub fn window(plan: &Plan, month: u32) -> Option<String> {
    let windows = &plan.projects.windows;
    let months = |of: fn(&crate::plan::projects::ProjectWindow) -> bool| {
        let mut all: Vec<u32> =
            windows.iter().filter(|window| of(window)).flat_map(|window| window.months.clone()).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    let words = |months: &[u32]| months.iter().map(|month| format!("{month}月")).collect::<Vec<_>>().join("、");
    let (enter, leave) = (months(|window| window.enter), months(|window| window.leave));
    if enter.is_empty() && leave.is_empty() {
        return None;
    }
    let said = |what: &str, months: &[u32]| match months {
        [] => String::new(),
        months if months.contains(&month) => format!("{what}的月份是{}，本月可以{what}", words(months)),
        months => format!("{what}的月份是{}，本月不{what}", words(months)),
    };
    let parts: Vec<String> =
        [said("入库", &enter), said("退库", &leave)].into_iter().filter(|text| !text.is_empty()).collect();
    Some(format!("按计划，{}。", parts.join("；")))
}
