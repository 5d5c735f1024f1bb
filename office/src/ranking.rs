//! What a ranking may be asked for: the same for its page and its files.

use domain::assessment::RankBy;
use domain::plan::{Goal, Plan};

/// What readers may rank by: a score only where the plan ranks by one that can be formed.
pub fn choices(plan: &Plan, goal: &Goal) -> Vec<RankBy> {
    let own = plan.rules(&goal.id);
    let scored = plan.assessment(&goal.id).is_some_and(|assessment| assessment.is_weighed(&own));
    let always = [RankBy::Growth, RankBy::Completion, RankBy::Value];
    always.into_iter().chain(scored.then_some(RankBy::Score)).collect()
}

/// Why there is no such ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRanking {
    /// The plan has no such goal, or does not split it.
    Goal,
    /// Nothing of that name to rank by.
    By,
}

/// The goal and the measure that are asked for: without a name the plan's own, without a word the rule's.
pub fn asked<'p>(plan: &'p Plan, goal: Option<&str>, by: Option<&str>) -> Result<(&'p Goal, RankBy), NoRanking> {
    let goal = match goal {
        None => plan.default_goal(),
        Some(id) => plan.goal(id).filter(|goal| !goal.splits.is_empty()).ok_or(NoRanking::Goal)?,
    };
    let (own, choices) = (plan.rules(&goal.id).rank_by, choices(plan, goal));
    let by = match by {
        None if !choices.contains(&own) => RankBy::Completion,
        None => own,
        Some(word) => choices.into_iter().find(|choice| choice.word() == word).ok_or(NoRanking::By)?,
    };
    Ok((goal, by))
}
