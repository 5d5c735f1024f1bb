//! The office at work on a period: approving together, taking back, the bureau's figures and the total.

use app::parts::links;
use axum::extract::{Path, State};
use office::commands::approve::{Approve, Undo};
use office::commands::bureau::{RecordBureau, StateTotal, field};
use office::posted::Posted;

use super::{Answer, Fields, carry_out, carry_out_read, named, named_round, settle};
use crate::state::AppState;
use crate::web::sentence::unknown;
use crate::web::session::Signed;

type Address = Path<(String, String)>;

/// All the returns named on the page, or none.
pub(crate) async fn approve(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(path): Address,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let (plan, round) = named_round(&state, path).await?;
    let review = links::review(&plan.id, &round);
    let done = carry_out_read(&state, &viewer, Approve::read(&plan, &round, &posted)).await.map(|_| review.clone());
    settle(&state, &viewer, &review, posted, done).await
}

/// Takes back what was just done, all or none.
pub(crate) async fn undo(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(path): Address,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let (plan, round) = named_round(&state, path).await?;
    let review = links::review(&plan.id, &round);
    let done = carry_out_read(&state, &viewer, Undo::read(&plan, &round, &posted)).await.map(|_| review.clone());
    settle(&state, &viewer, &review, posted, done).await
}

pub(crate) async fn figures(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(path): Address,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let (plan, period) = named(&state, path).await?;
    let Some(goal) = plan.goal(posted.text(field::GOAL)) else { return Err(unknown().into()) };
    let page = format!("{}/figures?goal={}", links::review(&plan.id, &period.into()), goal.id);
    let holidays = state.holidays.now();
    let done = async {
        if posted.text(field::KIND) == "total" {
            let command = StateTotal::read(&plan, goal, period, &posted, holidays)?;
            let changed = carry_out(&state, &viewer, command).await?;
            return Ok(format!("{page}&total={}", if changed { "saved" } else { "same" }));
        }
        let command = RecordBureau::read(&plan, goal, period, &posted, holidays)?;
        let changed = carry_out(&state, &viewer, command).await?;
        Ok(format!("{page}&saved={changed}"))
    };
    let done = done.await;
    settle(&state, &viewer, &page, posted, done).await
}
