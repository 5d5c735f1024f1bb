//! Dated tasks: one form for every step. And what is picked of the units' texts.

use app::parts::links;
use axum::extract::{Path, State};
use office::commands::task::{RecordTask, field};
use office::commands::text::PickText;
use office::posted::Posted;

use super::{Answer, Fields, carry_out_read, named_round, plan_of, settle};
use crate::state::AppState;
use crate::web::session::Signed;

pub(crate) async fn step(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(plan): Path<String>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let plan = plan_of(&state, &plan).await?;
    let page = links::tasks(&plan.id);
    let task = plan.tasks.iter().find(|task| task.id == posted.text(field::TASK));
    let place = task.map(|task| format!("{page}#task-{}", task.id)).unwrap_or_else(|| page.clone());
    let done = carry_out_read(&state, &viewer, RecordTask::read(&plan, &posted)).await;
    settle(&state, &viewer, &page, posted, done.map(|()| place)).await
}

/// Picks, rewords or takes out.
pub(crate) async fn texts(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(of): Path<(String, String)>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let (plan, round) = named_round(&state, of).await?;
    let page = links::review_texts(&plan.id, &round);
    let done = carry_out_read(&state, &viewer, PickText::read(&plan.id, round, &posted)).await;
    settle(&state, &viewer, &page, posted, done.map(|()| page.clone())).await
}
