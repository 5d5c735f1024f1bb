//! Composing what is published: one load, one computation, frozen.

use domain::bulletin::wording::{Wording, reword};
use domain::bulletin::{Bulletin, Context, Correction, PlanSource, compose, diff};
use domain::calendar::at_shanghai;
use domain::month::Period;
use domain::plan::Plan;

use crate::store::{NewEdition, Store, StoreError};

/// An edition ready to be frozen, or why there is nothing to publish.
pub(crate) enum Draft {
    Ready(Box<NewEdition>),
    Refused(String),
}

/// The bulletin as it would read now.
pub(crate) async fn preview(store: &Store, plan: &Plan, period: Period) -> Result<Bulletin, StoreError> {
    let figures = store.figures(&plan.id).await?;
    let context = Context { edition: 0, published_on: None, demo: store.is_demo().await?, plan_version: None };
    Ok(compose(plan, plan.default_goal(), &figures, period, &context))
}

/// The next edition of a period, dated at `at` (UTC milliseconds), in the office's words.
pub(crate) async fn draft(
    store: &Store,
    plan: &Plan,
    period: Period,
    reason: Option<&str>,
    wording: &Wording,
    at: i64,
) -> Result<Draft, StoreError> {
    let based_on = store.facts_head().await?;
    let figures = store.figures(&plan.id).await?;
    let goal = plan.default_goal();
    let before = store.edition(&plan.id, period, None).await?;
    let context = Context {
        edition: before.as_ref().map_or(0, |edition| edition.summary.edition) + 1,
        published_on: Some(at_shanghai(at).date_naive()),
        demo: store.is_demo().await?,
        plan_version: store.plan(&plan.id).await?.map(|found| PlanSource { version: found.version, sha256: found.sha256 }),
    };
    let mut bulletin = compose(plan, goal, &figures, period, &context);
    let composed = bulletin.paragraphs.clone();
    reword(&mut bulletin, wording);
    let reported = bulletin.standings.rows.iter().any(|row| row.value.is_some() || row.growth.is_some());
    if !reported && bulletin.standings.total.source.is_none() {
        return Ok(Draft::Refused(format!("{} 还没有任何单位报送，没有可发布的内容；请先导入报送数据", period.label())));
    }
    if let Some(before) = before {
        let changes = diff::changes(&before.bulletin.standings, &bulletin.standings);
        let same_words =
            before.bulletin.paragraphs == bulletin.paragraphs || (!before.bulletin.edited.is_empty() && composed == bulletin.paragraphs);
        if before.bulletin.standings.same_results(&bulletin.standings) && same_words {
            return Ok(Draft::Refused(format!("{} 的数据与已发布的第{}版相同，不用再发布", period.label(), before.summary.edition)));
        }
        let Some(reason) = reason else {
            return Ok(Draft::Refused(format!(
                "{} 已发布第{}版；再发布就是更正，要写明原因，请加 --reason \"……\"",
                period.label(),
                before.summary.edition
            )));
        };
        bulletin.correction =
            Some(Correction { edition: before.summary.edition, sha256: before.summary.sha256, reason: Some(reason.to_owned()), changes });
    }
    Ok(Draft::Ready(Box::new(NewEdition { bulletin, reason: reason.map(str::to_owned), based_on })))
}
