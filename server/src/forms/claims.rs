//! Claims of support policies: one form for every step.

use std::net::SocketAddr;

use app::parts::links;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::HeaderMap;
use office::commands::claim::{RecordClaim, field};
use office::commands::claim_notice::{ObjectToClaim, PublishClaimNotice, days, issuer};
use office::commands::publish::field as publish_field;
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

/// Puts what is decided before the public, with the password again.
pub(crate) async fn notice(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Path((plan, year)): Path<(String, String)>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let plan = plan_of(&state, &plan).await?;
    let page = links::claims(&plan.id, &year);
    let done = async {
        let password = posted.text(publish_field::PASSWORD);
        if !knows_password(&state, &viewer, &source(&state, &headers, address), password).await? {
            return Err(Refusal::field(publish_field::PASSWORD, "密码不对，没有公示；连续5次不对会锁定15分钟"));
        }
        let key = state.signer.public_key().map_err(StoreError::Unusable)?;
        let year = year.parse().unwrap_or_default();
        let (plan, public_key) = (plan.id.clone(), Some(key.to_string()));
        let (issuer, days) = (issuer(&posted)?, days(&posted)?);
        let command = PublishClaimNotice { plan, year, issuer, days, public_key };
        let published = carry_out(&state, &viewer, command).await?;
        Ok(links::publication(&published.key, published.edition))
    };
    let done = done.await;
    settle(&state, &viewer, &page, posted.without(&[publish_field::PASSWORD]), done).await
}

pub(crate) async fn objection(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path((plan, year)): Path<(String, String)>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let plan = plan_of(&state, &plan).await?;
    let page = links::claims(&plan.id, &year);
    let place = format!("{page}#claim-{}", links::encode(posted.text("claim")));
    let command = ObjectToClaim::read(&plan, year.parse().unwrap_or_default(), &posted);
    let done = carry_out_read(&state, &viewer, command).await;
    settle(&state, &viewer, &page, posted, done.map(|()| place)).await
}
