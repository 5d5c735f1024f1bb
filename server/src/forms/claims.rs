//! Claims of support policies: one form for every step.

use app::parts::links;
use axum::extract::{Path, State};
use office::commands::claim::{RecordClaim, field};
use office::posted::Posted;

use super::{Answer, Fields, carry_out_read, plan_of, settle};
use crate::state::AppState;
use crate::web::session::Signed;

pub(crate) async fn step(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path((plan, year)): Path<(String, String)>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let plan = plan_of(&state, &plan).await?;
    let page = links::claims(&plan.id, &year);
    // The page says of a year that is none; a new claim's form is shown for its policy.
    let number = year.parse().unwrap_or_default();
    let entering = posted.text(field::CLAIM).is_empty();
    let shown = match entering {
        true => format!("{page}?policy={}", links::encode(posted.text("policy"))),
        false => page.clone(),
    };
    let done = carry_out_read(&state, &viewer, RecordClaim::read(&plan, number, &posted)).await;
    settle(&state, &viewer, &shown, posted, done.map(|claim| format!("{page}#claim-{claim}"))).await
}
