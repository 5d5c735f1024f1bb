//! What the plan editor's form would come to.

use domain::plan::Plan;
use office::plan_form;
use office::posted::Posted;

use crate::load::own_words;
use crate::pages::plan_edit::may_revise;
use crate::pages::plan_projects::effects;
use crate::wire::PlanFindings;

/// The plan that a form rests on, where whoever asks may revise it: another office's is as none.
async fn base(plan: &str) -> Option<Plan> {
    own_words(plan).await.ok().flatten().map(|(plan, _)| plan).filter(may_revise)
}

/// What the form would come to.
pub(crate) async fn checked(plan: &str, boxes: Vec<(String, String)>) -> PlanFindings {
    let posted = Posted::new(boxes);
    let from = posted.get("from").filter(|from| !from.is_empty()).map(str::to_owned);
    let base = match (plan, &from) {
        ("", None) => None,
        ("", Some(from)) => base(from).await.map(|plan| plan_form::next_year(&plan)),
        (plan, _) => base(plan).await,
    };
    let mut edited = plan_form::read(&posted, base.as_ref());
    if let Some((before, (after, _))) = base.as_ref().zip(edited.plan.as_ref()) {
        // Without the library the rest is told all the same.
        edited.effects = effects(before, after).await.unwrap_or_default();
    }
    // Whoever edits the file reads its words, whoever fills boxes theirs.
    let by_file = posted.text("by") == "file";
    let said = |message: &str| {
        let sentence = format!("{message}。");
        if by_file { sentence } else { plan_form::in_words(&sentence) }
    };
    PlanFindings {
        problems: domain::listed(edited.problems()),
        findings: edited.findings.iter().map(|finding| said(&finding.message)).collect(),
        changes: edited.changes,
        effects: edited.effects,
    }
}
