//! The whole plan at a period: one [`GoalRow`] per goal, each at its own newest due period, and the dated tasks.
//!
//! [`overview`] is the one computation behind page, bulletin and command.

mod average;
mod printed;
mod verdict;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::calendar::chinese_date;
use crate::money::{Amount, Measure};
use crate::month::Period;
use crate::plan::check::Finding;
use crate::plan::meaning::Made;
use crate::plan::task::{State, Task};
use crate::plan::{Direction, Goal, Kind, Plan, Whole};
use crate::rate::Rate;
use crate::region::fold_name;
use crate::returns::{Figure, Figures, Source};
use crate::standing::{Row, Standings, compute};

pub use average::Average;
pub use verdict::Verdict;

/// A plan at a period; editions hold it as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    pub period: Period,
    /// In the plan's order; works without a number are told by their texts alone.
    pub goals: Vec<GoalRow>,
    pub tasks: Vec<TaskRow>,
}

/// One goal at its own newest due period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoalRow {
    pub goal: String,
    pub name: String,
    /// The document's heading that it stands under.
    pub section: Option<String>,
    pub measure: Measure,
    pub direction: Direction,
    /// Its newest period that is due by the overview's; `None` where none is.
    pub period: Option<Period>,
    pub target: Option<Quantity>,
    /// The upper end of a target that is a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<Amount>,
    /// Since the start of its span; of a stock its level; of a target for each how many reach it.
    pub value: Option<Quantity>,
    /// The figure of the period alone, as it was stated: of a target over several years that of its year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated: Option<Quantity>,
    /// The year before's.
    pub base: Option<Quantity>,
    pub growth: Option<Rate>,
    pub target_growth: Option<Rate>,
    pub completion: Option<Rate>,
    pub pace: Option<Rate>,
    pub gap: Option<Rate>,
    pub verdict: Verdict,
    /// Of a milestone that was missed in its time: the first period that reached it.
    pub reached_in: Option<Period>,
    pub average: Option<Average>,
    /// Of a target for each: how many reach it, of how many.
    pub reach: Option<Reach>,
    /// The first and the last year of a target over several years.
    pub span: Option<(i32, i32)>,
    pub findings: Vec<Finding>,
    /// The day that the figures of the year's last period end with, where it lies before the year's end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
    /// Where a stated figure came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

/// A figure of a goal: in its smallest unit, as an exact percentage, or as a number of units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    Amount(Amount),
    Percent(Rate),
    Units(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    pub reached: usize,
    pub units: usize,
}

/// A dated task that nobody has reported done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRow {
    pub task: String,
    pub due: NaiveDate,
    pub state: State,
    /// To its last day, or since.
    pub days: i64,
}

/// The plan at `period`, its tasks on `today`.
pub fn overview(plan: &Plan, figures: &Figures, period: Period, today: NaiveDate) -> Overview {
    let goals = plan.goals.iter().filter(|goal| goal.has_figure());
    let goals = goals.map(|goal| goal_row(plan, goal, figures, period)).collect();
    let tasks = plan.tasks.iter().map(|task| task_row(task, today)).collect();
    Overview { period, goals, tasks }
}

fn task_row(task: &Task, today: NaiveDate) -> TaskRow {
    let (state, days) = task.state(today);
    TaskRow { task: task.id.clone(), due: task.due.last_day(), state, days }
}

/// The newest period of a goal's own rhythm that is not after `period` nor after its end; `None` before its first.
pub fn own_period(plan: &Plan, goal: &Goal, period: Period) -> Option<Period> {
    let last = plan.last_of(goal).map_or(period, |last| last.min(period));
    let months = crate::calendar::months(plan.calendar_of(goal));
    let (from, to) = plan.years;
    let periods = (from..=to.min(last.year)).rev().flat_map(|year| {
        let periods = months.iter().rev().map(move |&month| Period { year, month });
        periods.collect::<Vec<_>>()
    });
    periods.into_iter().find(|own| *own <= last)
}

/// One goal of the plan at `period`.
pub fn goal_row(plan: &Plan, goal: &Goal, figures: &Figures, period: Period) -> GoalRow {
    let mut row = GoalRow {
        goal: goal.id.clone(),
        name: goal.name.clone(),
        section: goal.meaning.section.clone(),
        measure: goal.measure.clone(),
        direction: goal.direction,
        period: own_period(plan, goal, period),
        target: None,
        up_to: None,
        value: None,
        stated: None,
        base: None,
        growth: None,
        target_growth: None,
        completion: None,
        pace: None,
        gap: None,
        verdict: if goal.meaning.watched { Verdict::Watched } else { Verdict::NotDue },
        reached_in: None,
        average: None,
        reach: None,
        span: None,
        findings: Vec::new(),
        as_of: None,
        source: None,
    };
    let Some(own) = row.period else {
        // What is asked of it is known before anything is due.
        let (target, whole) = (goal.target(period.year), goal.whole_in(period.year));
        let value = target.and_then(|target| target.value).or(whole.map(|whole| whole.value));
        row.target = value.map(Quantity::Amount);
        row.target_growth = target.and_then(|target| target.growth);
        row.span = whole.map(|whole| (whole.from, whole.to));
        return row;
    };
    row.up_to = goal.meaning.up_to.get(&own.year).copied();
    row.as_of = plan.calendar_of(goal).and_then(|calendar| calendar.ends_early(own));
    let scene = Scene { plan, goal, figures, own };
    match &goal.meaning.made {
        Made::ShareOf { part, of } => scene.share(&mut row, part, of),
        Made::Each(each) if each.target.is_some() => scene.each(&mut row, each.up_to),
        _ if goal.kind == Kind::AverageGrowth => average::fill(&scene, &mut row),
        Made::Reported | Made::AverageOf(_) | Made::Each(_) => scene.reported(&mut row),
    }
    if goal.direction == Direction::AtMost {
        // 101.4 % would mean worse where lower is better: the distance says it.
        row.completion = None;
    }
    row
}

/// What a row is computed from.
pub(crate) struct Scene<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) goal: &'a Goal,
    pub(crate) figures: &'a Figures,
    /// The goal's own period.
    pub(crate) own: Period,
}

impl Scene<'_> {
    pub(crate) fn standings(&self, period: Period) -> Standings {
        compute(self.plan, self.goal, self.figures, period, self.plan.rules(&self.goal.id))
    }

    /// A goal whose figures are stated: flows, stocks, levels, growths, milestones, comparisons, what is watched.
    fn reported(&self, row: &mut GoalRow) {
        let standings = self.standings(self.own);
        let total = &standings.total;
        row.value = total.so_far.or(total.value).map(Quantity::Amount);
        row.stated = total.value.map(Quantity::Amount);
        row.base = total.base.map(Quantity::Amount);
        row.growth = total.growth;
        row.target = total.target.map(Quantity::Amount);
        row.target_growth = total.target_growth;
        row.span = total.whole;
        row.source.clone_from(&total.source);
        row.completion = total.completion;
        row.pace = total.pace;
        row.gap = total.gap;
        row.findings.extend(earlier_years_missing(self, &standings));
        row.findings.extend(sum_of_years(self, &standings));
        row.findings.extend(above_range(self, total.so_far.or(total.value)));
        if self.goal.meaning.watched {
            return;
        }
        if let Some(words) = &self.goal.meaning.compared_with {
            return self.compared(row, total.value, words);
        }
        let whole = total.target.is_some() || total.target_growth.is_some() || self.goal.meaning.due.is_some();
        if !whole && standings.rows.iter().any(has_target) {
            return self.by_units(row, &standings);
        }
        let (verdict, reached_in) = verdict::of(self, &standings);
        row.verdict = verdict;
        row.reached_in = reached_in;
    }

    /// 低于全市平均水平: against what the office states as the reference.
    fn compared(&self, row: &mut GoalRow, value: Option<Amount>, words: &str) {
        // A growth is stated as one, or as the figure that it is.
        let as_value = |value: Option<Amount>, growth: Option<Rate>| {
            let growth = growth.filter(|_| self.goal.kind == Kind::Growth);
            value.or_else(|| growth?.in_measure(&self.goal.measure))
        };
        let value = as_value(value, row.growth);
        row.value = row.value.or(value.map(Quantity::Amount));
        let region = fold_name(words);
        let recorded = self.figures.bureau(&self.goal.id, self.own, &region);
        let by_file = self.figures.get(&self.goal.id, self.own, &region);
        let reference = match recorded {
            Some(recorded) => as_value(recorded.value, recorded.published_growth),
            None => by_file.and_then(|figure| as_value(figure.value, figure.published_growth)),
        };
        if let Some((recorded, reference)) = recorded.zip(reference) {
            let (number, day) = (self.goal.measure.with_unit(reference), chinese_date(recorded.dated));
            let message = format!(
                "{}：与{words}{number}比较，出处：{}（{day}），{}登记",
                self.goal.name, recorded.publication, recorded.by
            );
            row.findings.push(finding("reference_stated", message));
        }
        row.target = reference.map(Quantity::Amount);
        row.completion = value.zip(reference).and_then(|(value, reference)| Rate::of(value, reference));
        if reference.is_none() {
            let message = format!("{}：没有“{words}”的数，无法比较，请办公室填写它和它的出处", self.goal.name);
            row.findings.push(finding("reference_missing", message));
        }
        row.verdict = match value.zip(reference) {
            Some((value, reference)) => Verdict::level(self.goal.direction, value.cmp(&reference)),
            None => Verdict::Missing,
        };
    }

    /// One goal as a share of another, both of this period; exact.
    fn share(&self, row: &mut GoalRow, part: &str, of: &str) {
        let (Some(part), Some(of)) = (self.total_of(part), self.total_of(of)) else { return };
        let share = |part: Option<Amount>, of: Option<Amount>| Rate::of(part?, of?);
        let target = self.goal.target(self.own.year).and_then(|target| target.value);
        let whole = self.goal.whole_in(self.own.year);
        let target = target.or(whole.map(|whole| whole.value));
        let aim = target.and_then(|target| self.as_share(target));
        let value = share(part.value, of.value);
        row.value = value.map(Quantity::Percent);
        row.base = share(part.base, of.base).map(Quantity::Percent);
        row.target = target.map(Quantity::Amount);
        row.span = whole.map(|whole| (whole.from, whole.to));
        row.completion = value.zip(aim).and_then(|(value, aim)| {
            Rate::new(
                value.numerator().checked_mul(aim.denominator())?,
                value.denominator().checked_mul(aim.numerator())?,
            )
        });
        if self.goal.meaning.watched {
            return;
        }
        row.verdict = match (value, aim) {
            (_, None) => Verdict::NotDue,
            (None, Some(_)) => Verdict::Missing,
            (Some(value), Some(aim)) => Verdict::level(self.goal.direction, value.cmp(&aim)),
        };
    }

    /// A percentage of the goal as a fraction: 50% is 1/2.
    pub(crate) fn as_share(&self, percent: Amount) -> Option<Rate> {
        Rate::of_percent(percent, &self.goal.measure)
    }

    /// Another goal's total at its own newest period by now; both parts of a share are then of one period.
    fn total_of(&self, id: &str) -> Option<Figure> {
        let goal = self.plan.goal(id)?;
        let standings = compute(self.plan, goal, self.figures, self.own, self.plan.rules(id));
        Some(Figure { value: standings.total.value, base: standings.total.base, ..Figure::default() })
    }

    /// How many reach a target of their own.
    fn each(&self, row: &mut GoalRow, up_to: Option<Amount>) {
        let standings = self.standings(self.own);
        self.by_units(row, &standings);
        let above = |unit: &&Row| unit.value.zip(up_to).is_some_and(|(value, most)| value > most);
        let above: Vec<&str> = standings.rows.iter().filter(above).map(|unit| unit.name.as_str()).collect();
        if !above.is_empty() {
            let message = format!("{}：{}超过文件写的上限", self.goal.name, above.join("、"));
            row.findings.push(finding("above_range", message));
        }
    }

    /// A goal whose units alone have targets: how many have reached theirs, or are on the way to it.
    fn by_units(&self, row: &mut GoalRow, standings: &Standings) {
        let units: Vec<&Row> = standings.rows.iter().filter(|unit| has_target(unit)).collect();
        let stated = |unit: &Row| unit.value.is_some() || unit.growth.is_some();
        let reached = |unit: &Row| standings.is_reached(unit) == Some(true);
        let on_pace = |unit: &Row| reached(unit) || (self.goal.is_flow() && standings.is_done(unit) == Some(true));
        let count = units.iter().filter(|unit| reached(unit)).count();
        let reported = units.iter().any(|unit| stated(unit));
        row.target = Some(Quantity::Units(units.len()));
        row.value = reported.then_some(Quantity::Units(count));
        row.reach = Some(Reach { reached: count, units: units.len() });
        row.completion = reported.then(|| Rate::new(count as i128, units.len() as i128)).flatten();
        // Nobody who reported is short: those who did not are waited for.
        let waited_for = |on: &dyn Fn(&Row) -> bool| {
            units.iter().all(|unit| !stated(unit) || on(unit)) && units.iter().any(|unit| !stated(unit))
        };
        row.verdict = match () {
            () if !reported => Verdict::Missing,
            () if self.goal.direction == Direction::About => Verdict::Undecided,
            () if count == units.len() => Verdict::Reached,
            () if !self.goal.is_flow() || self.own.is_year_end() => {
                if waited_for(&reached) {
                    Verdict::Missing
                } else {
                    Verdict::NotReached
                }
            }
            () if units.iter().all(|unit| on_pace(unit)) => Verdict::OnPace,
            () if waited_for(&on_pace) => Verdict::Missing,
            () => Verdict::Behind,
        };
        let waited: Vec<&str> = units.iter().filter(|unit| !stated(unit)).map(|unit| unit.name.as_str()).collect();
        if reported && !waited.is_empty() {
            let message = format!("{}：{}未报，按未达到计数", self.goal.name, waited.join("、"));
            row.findings.push(finding("each_missing", message));
        }
    }
}

fn has_target(unit: &Row) -> bool {
    unit.target.is_some() || unit.target_growth.is_some()
}

pub(crate) fn finding(code: &str, message: String) -> Finding {
    Finding { code: code.to_owned(), message, numbers: Default::default() }
}

/// 110家以上，其中每年20、25、30、35家: beside the year's own number what the years come to so far.
fn sum_of_years(scene: &Scene<'_>, standings: &Standings) -> Option<Finding> {
    let (goal, year) = (scene.goal, scene.own.year);
    let beside = |whole: &Whole| {
        (whole.from..=whole.to).contains(&year) && !whole.is_in_force(year, goal.target(year)) && whole.from < whole.to
    };
    let whole = goal.whole.filter(|whole| beside(whole) && goal.kind.adds_up() && !goal.is_stock())?;
    let now = standings.total.value?;
    let before: Vec<(i32, Option<Amount>)> =
        (whole.from..year).map(|year| (year, scene.standings(Period { year, month: 12 }).total.value)).collect();
    let (from, to, name, measure) = (whole.from, whole.to, &goal.name, &goal.measure);
    let target = measure.with_unit(whole.value);
    let missing: Vec<String> =
        before.iter().filter(|(_, value)| value.is_none()).map(|(year, _)| format!("{year}年")).collect();
    if !missing.is_empty() {
        let message = format!("{name}：{from}—{to}年合计目标{target}，缺{}全年的数，算不出累计", missing.join("、"));
        return Some(finding("years_missing", message));
    }
    let sum = before
        .iter()
        .filter_map(|(_, value)| *value)
        .chain([now])
        .try_fold(0_i64, |sum, value| sum.checked_add(value.0));
    let sum = Amount(sum?);
    let share = Rate::of(sum, whole.value).map(|share| format!("，完成{}%", share.percent_beside(Rate::ONE, 1)));
    let message = format!(
        "{name}：{from}—{to}年合计目标{target}，{from}年以来累计{}{}",
        measure.with_unit(sum),
        share.unwrap_or_default()
    );
    Some(finding("sum_of_years", message))
}

/// A target over several years whose value cannot be summed: which years are not known.
fn earlier_years_missing(scene: &Scene<'_>, standings: &Standings) -> Option<Finding> {
    let (from, _) = standings.total.whole.filter(|_| scene.goal.is_flow() && !scene.goal.is_stock())?;
    if standings.total.value.is_none() || standings.total.so_far.is_some() {
        return None;
    }
    let known = |year: &i32| scene.standings(Period { year: *year, month: 12 }).total.value.is_some();
    let missing: Vec<String> =
        (from..scene.own.year).filter(|year| !known(year)).map(|year| format!("{year}年")).collect();
    let message = format!("{}：缺{}的数，起始年以来的累计无法计算", scene.goal.name, missing.join("、"));
    Some(finding("earlier_years_missing", message))
}

fn above_range(scene: &Scene<'_>, value: Option<Amount>) -> Option<Finding> {
    let most = *scene.goal.meaning.up_to.get(&scene.own.year)?;
    let value = value.filter(|value| *value > most)?;
    let measure = &scene.goal.measure;
    let (value, most) = (measure.format(value), measure.format(most));
    let message = format!("{}：{value}{unit}，超过文件写的上限{most}{unit}", scene.goal.name, unit = measure.unit);
    Some(finding("above_range", message))
}
