//! What is due, as files: the days of a calendar.

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, header};
use axum::response::IntoResponse;
use domain::calendar::at_shanghai;
use office::dates::{as_calendar, due_dates};

use crate::cache::NO_STORE;
use crate::state::AppState;
use crate::web::sentence::unavailable_page;
use crate::web::session::Signed;

/// `/calendar.ics`: the days of the plans of one's office.
pub(crate) async fn calendar(State(state): State<AppState>, Signed(viewer): Signed) -> Response<Body> {
    let found = async { state.store.read().await?.plans().await };
    let plans = match found.await {
        Ok(plans) => plans,
        Err(error) => return unavailable_page(&error),
    };
    let (office, now) = (viewer.post.and_then(|post| post.domain.office), state.clock.now());
    let today = at_shanghai(now).date_naive();
    let own = plans.iter().map(|version| &version.plan).filter(|plan| office.as_deref() == Some(plan.region.id()));
    let due: Vec<_> = own.flat_map(|plan| due_dates(plan, &state.holidays.now(), today)).collect();
    let heads = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"jigai.ics\""),
        (header::CACHE_CONTROL, NO_STORE),
    ];
    (heads, as_calendar(&due, now)).into_response()
}
