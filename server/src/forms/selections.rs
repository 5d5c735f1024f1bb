//! Selections: one form for every step, and the button that publishes.

use std::net::SocketAddr;

use app::parts::links;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::HeaderMap;
use domain::selection::edition::Stage;
use office::commands::claim_notice::issuer;
use office::commands::publish::field as publish_field;
use office::commands::selection::{PublishSelection, RecordSelection, field};
use office::posted::Posted;
use office::refusal::Refusal;
use store::StoreError;

use super::account::knows_password;
use super::{Answer, Fields, carry_out, carry_out_read, plan_of, settle};
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
    let command = RecordSelection::read(&plan, &selection, year, &posted);
    let done = carry_out_read(&state, &viewer, command).await;
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
    let done = async {
        let password = posted.text(publish_field::PASSWORD);
        if !knows_password(&state, &viewer, &source(&state, &headers, address), password).await? {
            return Err(Refusal::field(publish_field::PASSWORD, "密码不对，没有发布；连续5次不对会锁定15分钟"));
        }
        let key = state.signer.public_key().map_err(StoreError::Unusable)?;
        let (plan, public_key) = (plan.id.clone(), Some(key.to_string()));
        let command = PublishSelection { plan, selection, year, stage, issuer: issuer(&posted)?, public_key };
        let published = carry_out(&state, &viewer, command).await?;
        Ok(links::publication(&published.key, published.edition))
    };
    let done = done.await;
    settle(&state, &viewer, &page, posted.without(&[publish_field::PASSWORD]), done).await
}
