//! Facts → one [`Row`] per unit at a period: growth, completion, pace, gap, contribution, lamp, rank, awards.
//!
//! [`compute`] is the one computation behind every page, chart, export, edition and command.

mod formed;
pub(crate) mod frame;
mod measured;
mod moves;
mod parts;
pub(crate) mod row;
mod standings;

use std::borrow::Cow;

use crate::assessment;
use crate::assessment::measure::Scene;
use crate::month::Period;
use crate::plan::check::{Finding, findings_of_assessment, findings_of_goal};
use crate::plan::rules::Rules;
use crate::plan::{Goal, Plan, RanksFrom, Split};
use crate::region::RegionId;
use crate::returns::{Figure, Figures};

pub use formed::{Formed, FormedPart};
pub use measured::{Distance, Measured};
pub use moves::{Move, moves};
pub use parts::Parts;
pub(crate) use row::keeps_lamp;
pub use row::{Award, Given, Lamp, Row, ScorePart, Unranked, gap_text};
pub use standings::{Awaited, Basis, Readings, Standings, Total};

use frame::{Frame, summed};

/// Computes the standings of `goal` at `period` under `rules`. For several periods or rules: [`Computation`].
pub fn compute(plan: &Plan, goal: &Goal, figures: &Figures, period: Period, rules: Rules) -> Standings {
    compute_with(plan, goal, figures, period, rules, Basis::Target)
}

/// The same with “completed” measured against `basis`.
pub fn compute_with(
    plan: &Plan,
    goal: &Goal,
    figures: &Figures,
    period: Period,
    rules: Rules,
    basis: Basis,
) -> Standings {
    Computation::of(plan, goal, figures).on(basis, period, rules)
}

/// One goal and its figures, made ready for any period and rules: what these do not change is found once.
pub struct Computation<'a> {
    plan: &'a Plan,
    goal: &'a Goal,
    figures: &'a Figures,
    ranking: Cow<'a, Figures>,
    /// Of the goal and its assessment.
    findings: Vec<Finding>,
}

impl<'a> Computation<'a> {
    pub fn of(plan: &'a Plan, goal: &'a Goal, figures: &'a Figures) -> Self {
        let mut findings = findings_of_goal(plan, goal);
        findings.extend(plan.assessment(&goal.id).into_iter().flat_map(|found| findings_of_assessment(plan, found)));
        Self { plan, goal, figures, ranking: ranking_figures(plan, goal, figures), findings }
    }

    /// The standings at `period` under `rules`.
    pub fn at(&self, period: Period, rules: Rules) -> Standings {
        self.on(Basis::Target, period, rules)
    }

    /// The same with “completed” measured against `basis`.
    pub fn on(&self, basis: Basis, period: Period, rules: Rules) -> Standings {
        let (plan, goal, figures) = (self.plan, self.goal, self.ranking.as_ref());
        let frame = Frame::new(plan, goal, figures, period, rules, basis);
        let mut rows: Vec<Row> = goal.running(period).map(|split| frame.row(split)).collect();
        let scene = Scene { plan, goal, figures, period, rules: &rules, total: &frame.total };
        let outcome = assessment::assess(&scene, plan.assessment(&goal.id), &mut rows);
        let mut findings = self.findings.clone();
        findings.extend(outcome.formed.iter().flat_map(|formed| of_score(formed, period, &rows)));
        findings.extend(frame.pace_unknown(&rows));
        findings.extend(without_bureau(plan, goal, self.figures, period));
        let mut standings = Standings {
            plan: plan.id.clone(),
            goal: goal.id.clone(),
            goal_name: goal.name.clone(),
            measure: goal.measure.clone(),
            flow: goal.is_flow(),
            direction: goal.direction,
            period,
            rules,
            basis,
            provisional: outcome.gates_open
                || outcome.formed.as_ref().is_some_and(|formed| formed.left_out().next().is_some())
                || is_provisional(period, &rows, outcome.undecided.get(rules.reading)),
            total_incomplete: frame.total_incomplete(),
            findings,
            total: frame.total,
            rows,
            readings: outcome.readings,
            undecided: outcome.undecided,
            formed: outcome.formed,
            rank_also: plan.assessment(&goal.id).and_then(|assessment| assessment.rank_also),
            lookup: Default::default(),
        };
        assessment::trace::fill(plan, &mut standings);
        standings
    }
}

/// The figures that count: the county's, or the statistics bureau's where the plan says so and it has stated some.
pub fn ranking_figures<'f>(plan: &Plan, goal: &Goal, figures: &'f Figures) -> Cow<'f, Figures> {
    let from = plan.assessment(&goal.id).map(|assessment| assessment.ranks_from);
    if from != Some(RanksFrom::Bureau) {
        return Cow::Borrowed(figures);
    }
    let mut ranking = figures.with_bureau(&goal.id);
    // A growth of the whole alone: its amounts are those that would stand there without it.
    let own = plan.region.id();
    for period in ranking.periods(&goal.id) {
        let stated = ranking
            .get(&goal.id, period, own)
            .filter(|figure| figure.value.is_none() && figure.published_growth.is_some());
        if let Some(stated) = stated.filter(|_| figures.bureau(&goal.id, period, own).is_some()).cloned() {
            let parts = summed(goal, &ranking, period);
            ranking.insert(&goal.id, period, own, Figure { value: parts.value, base: parts.base, ..stated });
        }
    }
    Cow::Owned(ranking)
}

/// Where the bureau's figures rank: who has none yet and counts by the county's.
fn without_bureau(plan: &Plan, goal: &Goal, figures: &Figures, period: Period) -> Option<Finding> {
    let bureau = plan.assessment(&goal.id).is_some_and(|assessment| assessment.ranks_from == RanksFrom::Bureau);
    if !bureau || figures.published {
        return None;
    }
    let counts = |split: &&Split| {
        let reported = figures.get(&goal.id, period, &split.region).is_some_and(Figure::is_reported);
        reported && figures.bureau(&goal.id, period, &split.region).is_none()
    };
    let names: Vec<&str> = goal.splits.iter().filter(counts).map(|split| split.name.as_str()).collect();
    (!names.is_empty()).then(|| {
        let message = format!("按统计部门的数排位；{}尚无统计部门的数，按报送数排位", names.join("、"));
        Finding { code: "without_bureau".to_owned(), message, numbers: Default::default() }
    })
}

/// What a score lacks: parts that do not count yet, and units without a part that others have.
fn of_score(formed: &Formed, period: Period, rows: &[Row]) -> Vec<Finding> {
    let finding = |code: &str, message| Finding { code: code.to_owned(), message, numbers: Default::default() };
    let mut findings = Vec::new();
    let left_out: Vec<&str> = formed.left_out().collect();
    if !left_out.is_empty() {
        let full = crate::rate::big_plain(&formed.full().to_big());
        let message = format!("得分未含{}（尚无数据），本期满分{full}分，权重不变", left_out.join("、"));
        findings.push(finding("score_partial", message));
    }
    let name = |region: &str| {
        let row = rows.iter().find(|row| row.region == region);
        row.map_or_else(|| region.to_owned(), |row| row.name.clone())
    };
    if let Some(lacking) = formed.lacking_in_words(name).filter(|_| period.is_year_end()) {
        findings.push(finding("score_lacking", format!("{lacking}，没有总分，不参加排位")));
    }
    findings
}

fn is_provisional(period: Period, rows: &[Row], undecided: &[RegionId]) -> bool {
    let waiting = rows.iter().any(Row::is_awaited);
    !period.is_year_end() || waiting || !undecided.is_empty()
}
