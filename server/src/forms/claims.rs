//! Claims of support policies: one form for every step.

use std::net::SocketAddr;

use app::parts::links;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::HeaderMap;
use domain::policy::record::Act;
use office::commands::claim::{RecordClaim, field};
use office::commands::claim_notice::{ObjectToClaim, PublishClaimNotice, field as notice_field};
use office::commands::forget_objector::{FORGET, ForgetObjector, Objected};
use office::commands::publish::field as publish_field;
use office::posted::Posted;
use store::passwords::random_token;

use super::publish::publish_with_password;
use super::{Answer, Fields, carry_out_read, plan_of, settle};
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
    // The page says of a year that is none; a new claim's form is shown for its policy, one stated anew for itself.
    let number = year.parse().unwrap_or_default();
    let claim = links::encode(posted.text(field::CLAIM));
    let shown = match posted.text(field::ACT) == Act::Enter.id() {
        _ if claim.is_empty() => format!("{page}?policy={}", links::encode(posted.text("policy"))),
        true => format!("{page}?edit={claim}"),
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
    let year = year.parse().unwrap_or_default();
    let read = |key| PublishClaimNotice::read(&plan, year, &posted, Some(key));
    let done = publish_with_password(&state, (&viewer, &source(&state, &headers, address)), &posted, read).await;
    let done = done.map(|published| links::publication(&published.key, published.edition));
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
    let year = year.parse().unwrap_or_default();
    let done = match posted.text(field::ACT) == FORGET {
        true => {
            let sent = |name| posted.text(name).parse().ok();
            let of = sent(notice_field::CLAIM).zip(sent(notice_field::NUMBER));
            let of = of.map(|(claim, number)| Objected::Claim { year, claim, number });
            carry_out_read(&state, &viewer, ForgetObjector::read(&plan, of, &posted)).await
        }
        false => {
            let command = ObjectToClaim::read(&plan, year, &posted, random_token());
            carry_out_read(&state, &viewer, command).await
        }
    };
    settle(&state, &viewer, &page, posted, done.map(|()| place)).await
}
