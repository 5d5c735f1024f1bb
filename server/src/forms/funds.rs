//! Ledgers of funds: one form for every step, and one that confirms all that waits.

use app::parts::links;
use axum::extract::{Path, State};
use office::commands::fund::{CONFIRM_ALL, ConfirmFund, RecordFund, field};
use office::posted::Posted;

use super::{Answer, Fields, carry_out_read, plan_of, settle};
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
    let page = links::funds(&plan.id);
    let fund = links::encode(posted.text(field::FUND));
    if posted.text(field::ACT) == CONFIRM_ALL {
        let done = carry_out_read(&state, &viewer, ConfirmFund::read(&plan, &posted)).await;
        return settle(&state, &viewer, &page, posted, done.map(|_| format!("{page}#fund-{fund}"))).await;
    }
    let [number, movement] = [field::NUMBER, field::MOVEMENT].map(|name| links::encode(posted.text(name)));
    // The form of an entry is shown for its movement, and of one that is stated anew for its number.
    let shown = match (movement.is_empty(), number.is_empty()) {
        (true, _) => page.clone(),
        (false, true) => format!("{page}?fund={fund}&movement={movement}"),
        (false, false) => format!("{page}?fund={fund}&edit={number}"),
    };
    let done = carry_out_read(&state, &viewer, RecordFund::read(&plan, &posted, state.clock.now())).await;
    settle(&state, &viewer, &shown, posted, done.map(|entry| format!("{page}#fund-{fund}-{entry}"))).await
}
