//! A unit's return with everything its form needs, and where all units stand: put together from facts.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::entry::Content;
use domain::plan::projects::RHYTHM;
use domain::plan::{Goal, Plan, Round};
use domain::projects::sheet::is_on;
use domain::region::{RegionId, fold_name};
use domain::returns::Figures;
use domain::workflow::{State, Step};

use crate::facts::{Report, ReportKey, RoundFacts, StepRecord, Unavailable, UnitState, is_asked_again};
use crate::ports::Facts;
use crate::projects::Projects;

/// A unit's return at a moment (UTC milliseconds); `None` where the plan, the period or the unit is not known.
pub async fn report(facts: &mut dyn Facts, key: &ReportKey, now: i64) -> Result<Option<Report>, Unavailable> {
    let Some(version) = facts.plan(&key.plan).await? else { return Ok(None) };
    let known = version.plan.asks(&key.round).is_ok();
    let of_projects = key.round.rhythm == RHYTHM;
    let units =
        if of_projects { domain::entry::units_with_posts(&version.plan) } else { domain::entry::units(&version.plan) };
    let Some((_, unit_name)) = units.into_iter().find(|(unit, _)| *unit == key.unit && known) else { return Ok(None) };
    let cells = domain::entry::cells_read(&version.plan, &key.unit, key.period());
    let mut figures = facts.figures_for_form(key, &cells).await?;
    // Last year's plan of the same office proposes the bases.
    let last_year = key.period().year - 1;
    for other in facts.plans().await?.into_iter().map(|other| other.plan) {
        let covers =
            other.region.id() == version.plan.region.id() && (other.years.0..=other.years.1).contains(&last_year);
        if covers && other.id != key.plan {
            let measure = |plan: &Plan, goal: &str| plan.goal(goal).map(|goal| goal.measure.clone());
            let same = |goal: &&Goal| measure(&other, &goal.id) == measure(&version.plan, &goal.id);
            let of_goal = |goal: &Goal| -> Vec<(String, RegionId, RegionId)> {
                // By every name that a region has had here or there.
                let splits = version.plan.goal(&goal.id).into_iter().chain([goal]).flat_map(|goal| &goal.splits);
                let names = splits.flat_map(|split| {
                    std::iter::once(split.region.clone()).chain(split.former.iter().map(|former| fold_name(former)))
                });
                let names: BTreeSet<RegionId> = names.chain([other.region.id().to_owned()]).collect();
                let named = names.into_iter().map(|region| {
                    let here = version.plan.renamed(&goal.id, &region);
                    (goal.id.clone(), region, here)
                });
                named.filter(|(goal, _, here)| cells.contains(&(goal.clone(), here.clone()))).collect()
            };
            let taken: Vec<_> = other.goals.iter().filter(same).flat_map(of_goal).collect();
            let last = last_figures(facts, &other, last_year, &taken).await?;
            figures.take_year(&last, last_year, &taken);
        }
    }
    let steps = facts.steps(key).await?;
    let mut projects = Projects::new();
    if of_projects {
        projects = facts.projects(version.plan.region.id(), Some(key.period().year)).await?;
        projects.retain(|_, known| is_on(&known.entry, &key.unit, key.period()));
    }
    Ok(Some(Report {
        projects: Arc::new(projects),
        asked_again: is_asked_again(&version.plan, &key.round, &steps, now),
        version,
        key: key.clone(),
        unit_name,
        figures: Arc::new(figures),
        drafts: facts.drafts(key).await?,
        steps,
        exception: facts.exception(key).await?,
        questions: facts.questions(key).await?,
        true_ups: facts.true_ups(key).await?,
    }))
}

/// A year's figures of these cells as they ended: verified, where the assessment was closed.
async fn last_figures(
    facts: &mut dyn Facts,
    plan: &Plan,
    year: i32,
    cells: &[(String, RegionId, RegionId)],
) -> Result<Figures, Unavailable> {
    let cells = cells.iter().map(|(goal, region, _)| (goal.clone(), region.clone())).collect();
    let mut figures = facts.figures_of(&plan.id, &cells).await?;
    for goal in plan.assessments.iter().filter_map(|assessment| plan.goal(&assessment.goal)) {
        if facts.is_closed(&plan.id, &goal.id, year).await? {
            let year_end = facts.year_end(&plan.id, &goal.id, year).await?;
            figures = domain::year_end::verified(goal, &figures, year, &year_end.stated);
        }
    }
    Ok(figures)
}

/// Where all units of a plan that owe something in a round stand in it, in the plan's order, round by round.
pub async fn unit_states(
    facts: &mut dyn Facts,
    plan: &Plan,
    rounds: &[Round],
    now: i64,
) -> Result<Vec<Vec<UnitState>>, Unavailable> {
    let mut of_rounds = facts.round_facts(plan, rounds).await?;
    let mut by_year: BTreeMap<i32, Projects> = BTreeMap::new();
    for year in rounds.iter().filter(|round| round.rhythm == RHYTHM).map(|round| round.period.year) {
        if let Entry::Vacant(vacant) = by_year.entry(year) {
            vacant.insert(facts.projects(plan.region.id(), Some(year)).await?);
        }
    }
    let of = |round: &Round| {
        let due = match by_year.get(&round.period.year).filter(|_| round.rhythm == RHYTHM) {
            Some(projects) => units_with_projects(projects, plan, round),
            None => domain::entry::units_due(plan, round),
        };
        let known = of_rounds.remove(round).unwrap_or_default();
        due.into_iter().map(|unit| unit_state(plan, round, &known, unit, now)).collect()
    };
    Ok(rounds.iter().map(of).collect())
}

fn unit_state(plan: &Plan, round: &Round, known: &RoundFacts, (unit, name): (String, String), now: i64) -> UnitState {
    let own = known.steps.get(&unit).map(Vec::as_slice).unwrap_or_default();
    let last = own.last().cloned();
    let is_imported = known.in_force.contains(&unit);
    let unstepped = if is_imported { State::Approved } else { State::Draft };
    let submitted = own.iter().rev().filter(|step| step.step == Step::Submit).find_map(|step| step.content.as_ref());
    let handed_in = submitted.filter(|_| !matches!(last.as_ref().map(|step| step.state), Some(State::Draft)));
    let by = |of: Step| own.iter().rev().find(|step| step.step == of).map(|step| step.account);
    let asked_again = is_asked_again(plan, round, own, now);
    let stands = last.as_ref().map_or(unstepped, |step| step.state);
    UnitState {
        state: if asked_again { State::SentBack } else { stands },
        asked_again,
        begun: known.begun.contains(&unit) && !asked_again,
        doubts: handed_in.map_or(0, Content::doubts),
        submitted: submitted.cloned(),
        handed_in: handed_in_of(own).filter(|_| !(asked_again || stands.is_editable())),
        hands: [by(Step::Submit), by(Step::SignOff)].into_iter().flatten().collect(),
        corrects: kept(own).any(|step| step.step == Step::Approve),
        imported: own.iter().all(|step| step.step != Step::Submit) && is_imported,
        exception: known.exceptions.get(&unit).cloned(),
        sent_back: kept(own).filter(|step| step.step == Step::SendBackToCounty).count(),
        corrected: kept(own)
            .skip_while(|step| step.step != Step::AllowCorrection)
            .any(|step| step.step == Step::Approve),
        first_submitted: own.iter().find(|step| step.step == Step::Submit).map(|step| step.at),
        last,
        unit,
        name,
    }
}

/// The SHA-256 of the newest submission.
fn handed_in_of(steps: &[StepRecord]) -> Option<String> {
    steps.iter().rev().find(|step| step.step == Step::Submit)?.sha256.clone()
}

/// The units that have a project to report of in a round of the library, in the plan's order.
fn units_with_projects(projects: &Projects, plan: &Plan, round: &Round) -> Vec<(String, String)> {
    let has = |unit: &str| projects.values().any(|known| is_on(&known.entry, unit, round.period));
    domain::entry::units_with_posts(plan).into_iter().filter(|(unit, _)| has(unit)).collect()
}

/// The steps that nobody took back within its seconds.
fn kept(steps: &[StepRecord]) -> impl Iterator<Item = &StepRecord> {
    let undone = |index: usize| steps.get(index + 1).is_some_and(|next| next.step == Step::Undo);
    steps.iter().enumerate().filter(move |(index, _)| !undone(*index)).map(|(_, step)| step)
}
