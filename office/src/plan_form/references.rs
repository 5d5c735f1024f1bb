//! What of a plan names something else of it by its id, for ids that are changed in the editor.

use domain::plan::meaning::Made;
use domain::plan::{Gate, Plan};

fn rename(id: &mut String, was: &str, now: &str) {
    if id == was {
        now.clone_into(id);
    }
}

/// Every place that names the goal; the goal itself is somebody else's.
pub(super) fn rename_goal(plan: &mut Plan, was: &str, now: &str) {
    for goal in &mut plan.goals {
        goal.meaning.watches.iter_mut().for_each(|id| rename(id, was, now));
        match &mut goal.meaning.made {
            Made::ShareOf { part, of } => [part, of].into_iter().for_each(|id| rename(id, was, now)),
            Made::AverageOf(id) => rename(id, was, now),
            Made::Reported | Made::Each(_) => {}
        }
    }
    for assessment in &mut plan.assessments {
        rename(&mut assessment.goal, was, now);
        assessment.components.iter_mut().filter_map(|part| part.goal.as_mut()).for_each(|id| rename(id, was, now));
        let gates = assessment.gates.iter_mut().chain(assessment.awards.iter_mut().flat_map(|list| &mut list.gates));
        for gate in gates {
            if let Gate::Goal(id) = gate {
                rename(id, was, now);
            }
        }
    }
    plan.comparisons
        .iter_mut()
        .flat_map(|found| &mut found.columns)
        .for_each(|column| rename(&mut column.goal, was, now));
}

pub(super) fn rename_unit(plan: &mut Plan, was: &str, now: &str) {
    for goal in &mut plan.goals {
        goal.meaning.duties.iter_mut().for_each(|duty| rename(&mut duty.by, was, now));
        goal.meaning.stated_by.iter_mut().for_each(|id| rename(id, was, now));
    }
    plan.tasks.iter_mut().flat_map(|task| &mut task.by).for_each(|id| rename(id, was, now));
}

pub(super) fn rename_rhythm(plan: &mut Plan, was: &str, now: &str) {
    plan.goals.iter_mut().filter_map(|goal| goal.meaning.rhythm.as_mut()).for_each(|id| rename(id, was, now));
}

pub(super) fn rename_level(plan: &mut Plan, was: &str, now: &str) {
    let sources = plan.goals.iter_mut().filter_map(|goal| goal.meaning.from_projects.as_mut());
    sources.filter_map(|from| from.level.as_mut()).for_each(|level| rename(level, was, now));
}
