//! Places, awards, scores and their traces. A rule is data ([`Rules`], [`crate::plan::AwardRule`]) plus a short
//! function; the same function serves the score, the other readings, the what-if and the trace.

mod alternatives;
pub mod award;
pub(crate) mod completed;
pub(crate) mod measure;
pub mod place;
pub mod score;
pub mod trace;
pub mod what_if;

use crate::plan::{Assessment, Gate};
use crate::rate::Rate;
use crate::region::RegionId;
use crate::standing::{Formed, Given, Row};
use measure::Scene;

pub use crate::plan::rules::{Compare, CompletedWhen, RankBy, Reading, Rules, Ties};
pub use crate::standing::{Basis, Readings};
pub use alternatives::{Alternative, alternatives};

/// What [`assess`] finds beyond the rows it fills.
pub(crate) struct Assessed {
    pub(crate) readings: Readings<Vec<(RegionId, String)>>,
    pub(crate) undecided: Readings<Vec<RegionId>>,
    /// Where places follow a score.
    pub(crate) formed: Option<Formed>,
    /// Ranked units of which a gate of the assessment has not been entered.
    pub(crate) gates_open: bool,
}

/// Fills score, rank and awards of every row.
pub(crate) fn assess(scene: &Scene<'_>, assessment: Option<&Assessment>, rows: &mut [Row]) -> Assessed {
    let (rules, direction) = (scene.rules, scene.goal.direction);
    let weighed = assessment.filter(|assessment| assessment.is_weighed(rules));
    let formed = weighed.map(|assessment| score::fill(scene, assessment, rows));
    place::rank(rules, assessment.and_then(|assessment| assessment.rank_also), direction, rows);
    // A score without weights decides nothing: no awards until the office has entered them.
    let decided = rules.rank_by != RankBy::Score || weighed.is_some();
    let lists = assessment.map(|assessment| assessment.awards.as_slice()).filter(|_| decided).unwrap_or_default();
    let gates = assessment.map(|assessment| assessment.gates.as_slice()).unwrap_or_default();
    let (passed, gates_open) = passed(scene, assessment, rows);
    let giving = award::Giving { lists, gates, passed: &passed, rules, direction, rows };
    let given = Readings::each(|reading| giving.give(reading));
    let undecided = Readings::each(|reading| giving.undecided(reading));
    let several = assessment.is_some_and(Assessment::has_several_units);
    let readings = Readings::each(|reading| totals(rows, given.get(reading), several));
    for (index, award) in given.get(rules.reading) {
        rows[*index].awards.push(award.clone());
    }
    for (index, row) in rows.iter_mut().enumerate() {
        row.barred = barred(scene, assessment, index, &passed);
    }
    Assessed { readings, undecided, formed, gates_open }
}

/// Who passes which gate, and whether what has to be entered at verification is missing for a ranked unit. What has
/// not been entered has not happened as far as anybody knows.
fn passed(scene: &Scene<'_>, assessment: Option<&Assessment>, rows: &[Row]) -> (award::Passed, bool) {
    let mut passed = award::Passed::new();
    let Some(assessment) = assessment else { return (passed, false) };
    let mut open = false;
    for gate in assessment.every_gate() {
        let completed = match gate {
            Gate::Goal(id) => scene.plan.goal(id).map(|goal| measure::completed(scene, goal, rows)),
            Gate::Entered(_) => None,
        };
        for (index, row) in rows.iter().enumerate() {
            let passes = match (gate, &completed) {
                (Gate::Goal(_), Some(completed)) => completed[index],
                (Gate::Goal(_), None) => None,
                (Gate::Entered(name), _) => {
                    let happened = scene.figures.entered_score(&scene.goal.id, &row.region, name);
                    open |= happened.is_none() && row.rank.is_some();
                    Some(happened.is_none_or(|happened| happened == Rate::ZERO))
                }
            };
            if let Some(passes) = passes {
                passed.insert((index, award::gate_key(gate)), passes);
            }
        }
    }
    (passed, open)
}

/// The gates that are closed to a unit, each once.
fn barred(scene: &Scene<'_>, assessment: Option<&Assessment>, index: usize, passed: &award::Passed) -> Vec<String> {
    let mut names = Vec::new();
    for gate in assessment.iter().flat_map(|assessment| assessment.every_gate()) {
        let name = match gate {
            Gate::Goal(id) => format!("{}未完成", scene.plan.goal(id).map_or(id.as_str(), |goal| goal.name.as_str())),
            Gate::Entered(name) => name.clone(),
        };
        if passed.get(&(index, award::gate_key(gate))) == Some(&false) && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The sum of each unit's awards, in the plan's order; with its units where the rule knows several.
fn totals(rows: &[Row], given: &[(usize, award::Award)], several_units: bool) -> Vec<(RegionId, String)> {
    let of = |(at, row): (usize, &Row)| {
        let own = given.iter().filter(|(index, _)| *index == at).map(|(_, award)| (award.unit.as_str(), &award.points));
        let given = Given::of(own);
        (!given.is_empty()).then(|| (row.region.clone(), given.text(several_units)))
    };
    rows.iter().enumerate().filter_map(of).collect()
}
