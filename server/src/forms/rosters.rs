//! 机构名单: one form for every step of a seat.

use app::parts::links;
use axum::extract::{Path, State};
use domain::rights::Action;
use office::commands::roster::{RecordSeat, field};
use office::posted::Posted;

use super::{Answer, Fields, carry_out_read, plan_for, settle};
use crate::state::AppState;
use crate::web::session::Signed;

pub(crate) async fn step(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(plan): Path<String>,
    Fields(fields): Fields,
) -> Answer {
    let plan = plan_for(&state, &viewer, &plan, Action::KeepRosters).await?;
    let posted = Posted::new(fields);
    let page = links::rosters(&plan.id);
    let [body, seat] = [field::BODY, field::SEAT].map(|name| links::encode(posted.text(name)));
    let shown = format!("{page}?body={body}&seat={seat}");
    let done = carry_out_read(&state, &viewer, RecordSeat::read(&plan, &posted, state.clock.now())).await;
    settle(&state, &viewer, &shown, posted, done.map(|_| format!("{page}#body-{body}"))).await
}
