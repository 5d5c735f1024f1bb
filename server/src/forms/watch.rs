//! A unit's watched figures.

use app::parts::links;
use axum::extract::{Path, State};
use domain::rights::Action;
use office::commands::watch::Watch;
use office::posted::Posted;

use super::{Answer, Fields, carry_out_read, plan_of, settle};
use crate::state::AppState;
use crate::web::sentence::forbidden;
use crate::web::session::Signed;

pub(crate) async fn watch(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(plan): Path<String>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let plan = plan_of(&state, &plan).await?;
    let Some(unit) = viewer.post.as_ref().and_then(|post| post.domain.unit.clone()) else {
        return Err(forbidden(&domain::rights::who_may(Action::Watch)).into());
    };
    let page = links::watch(&plan.id);
    let done = carry_out_read(&state, &viewer, Watch::read(&plan, &unit, &posted)).await;
    settle(&state, &viewer, &page, posted, done.map(|changed| format!("{page}?saved={changed}"))).await
}
