//! Selections: one form for every step, and the button that publishes.

use std::net::SocketAddr;

use app::parts::links;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::HeaderMap;
use domain::selection::edition::Stage;
use domain::selection::record::word;
use office::commands::claim_notice::issuer;
use office::commands::forget_objector::{FORGET, ForgetObjector, Objected};
use office::commands::publish::field as publish_field;
use office::commands::selection::{PublishSelection, RecordSelection, field};
use office::posted::Posted;
use store::passwords::random_token;

use super::publish::publish_with_password;
use super::{Answer, Fields, carry_out_read, plan_of, settle};
use crate::state::AppState;
use crate::web::session::{Signed, source};

pub(crate) async fn step(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path((plan, selection, year)): Path<(String, String, String)>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let plan = plan_of(&state, &plan).await?;
    // The page says of a year that is none, and of a selection that is not there.
    let year = year.parse().unwrap_or_default();
    let page = links::selection(&plan.id, &selection, year);
    let number = posted.text(field::NUMBER);
    let restates = posted.text(field::ACT) == "nominate" && !number.is_empty();
    let shown = if restates { format!("{page}?edit={}", links::encode(number)) } else { page.clone() };
    let done = match posted.text(field::ACT) == FORGET {
        true => {
            let sent = |name| posted.text(name).parse().ok();
            let of = sent(field::NUMBER).zip(sent(word::OBJECTION));
            let selection = selection.clone();
            let of = of.map(|(nomination, number)| Objected::Nomination { selection, year, nomination, number });
            let command = ForgetObjector::read(&plan, of, &posted);
            carry_out_read(&state, &viewer, command).await.map(|()| number.parse().unwrap_or_default())
        }
        false => {
            let command = RecordSelection::read(&plan, (&selection, year), &posted, random_token());
            carry_out_read(&state, &viewer, command).await
        }
    };
    let place = |number| if number > 0 { format!("{page}#nomination-{number}") } else { page.clone() };
    settle(&state, &viewer, &shown, posted, done.map(place)).await
}

/// Puts the result before the public, or publishes the final list, with the password again.
pub(crate) async fn publish(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Path((plan, selection, year)): Path<(String, String, String)>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let plan = plan_of(&state, &plan).await?;
    let year = year.parse().unwrap_or_default();
    let page = links::selection(&plan.id, &selection, year);
    let stage = if posted.text(field::STAGE) == "final" { Stage::Final } else { Stage::Notice };
    let read = |key: String| {
        let (plan, public_key) = (plan.id.clone(), Some(key));
        let listed = posted.get(field::LISTED).map(str::to_owned);
        Ok(PublishSelection { plan, selection, year, stage, issuer: issuer(&posted)?, listed, public_key })
    };
    let done = publish_with_password(&state, (&viewer, &source(&state, &headers, address)), &posted, read).await;
    let done = done.map(|published| links::publication(&published.key, published.edition));
    settle(&state, &viewer, &page, posted.without(&[publish_field::PASSWORD]), done).await
}
