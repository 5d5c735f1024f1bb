//! Publishing with the password again, 补报, 签收 and the letterhead.

use std::net::SocketAddr;

use app::parts::links;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::{HeaderMap, StatusCode};
use domain::rights::{Action, Object};
use office::commands::Command;
use office::commands::exception::GrantException;
use office::commands::letterhead::WriteLetterhead;
use office::commands::publish::{Publish, field};
use office::commands::publish_comparison::PublishComparison;
use office::commands::receipt::SignReceipt;
use office::commands::sign_publication::SignPublication;
use office::facts::{PublicationKey, PublicationKind};
use office::posted::Posted;
use office::refusal::Refusal;
use office::viewer::Viewer;

use super::account::asked_again;
use super::{Answer, Fields, carry_out, carry_out_read, named, named_round, settle};
use crate::state::AppState;
use crate::web::render::render;
use crate::web::sentence::{forbidden, unknown};
use crate::web::session::{Signed, source};
use store::{Source, StoreError};

pub(crate) async fn publish(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Path(path): Path<(String, String)>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let (plan, period) = named(&state, path).await?;
    if viewer.may(Action::Publish, Object::office(plan.region.id())).is_err() {
        return Err(forbidden(&domain::rights::who_may(Action::Publish)).into());
    }
    let page = links::publish(&plan.id, period);
    // The preview shows the office's words before anything is frozen.
    if posted.text("then") == "preview" {
        let kept = posted.without(&[field::PASSWORD]);
        return Ok(render(&state, Some(&viewer), &page, kept, StatusCode::OK).await);
    }
    let read = |key| Publish::read(&plan.id, period, &posted, Some(key));
    let done = publish_with_password(&state, (&viewer, &source(&state, &headers, address)), &posted, read).await;
    let done = done.map(|published| {
        let edition = published.edition;
        links::edition(&edition.plan, edition.period, edition.edition)
    });
    settle(&state, &viewer, &page, posted.without(&[field::PASSWORD]), done).await
}

/// Publishes what a form says, with the password again: what is wrong with the form is said first and costs no
/// attempt. `read` is given the key with which the office signs.
pub(super) async fn publish_with_password<C: Command>(
    state: &AppState,
    (viewer, source): (&Viewer, &Source),
    posted: &Posted,
    read: impl FnOnce(String) -> Result<C, Refusal>,
) -> Result<C::Done, Refusal> {
    let key = state.signer.public_key().map_err(StoreError::Unusable)?;
    let command = read(key.to_string())?;
    let again = asked_again(state, viewer, source, posted.text(field::PASSWORD)).await?;
    if let Some(sentence) = again.refused("没有发布") {
        return Err(Refusal::field(field::PASSWORD, sentence));
    }
    carry_out(state, viewer, command).await
}

/// A quarter's comparison, likewise.
pub(crate) async fn comparison(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Path((plan, period, id)): Path<(String, String, String)>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let (plan, period) = named(&state, (plan, period)).await?;
    if viewer.may(Action::Publish, Object::office(plan.region.id())).is_err() {
        return Err(forbidden(&domain::rights::who_may(Action::Publish)).into());
    }
    if !office::publications::has(&plan, &id) {
        return Err(unknown().into());
    }
    let page = links::publish_comparison(&plan.id, period, &id);
    let read = |key| PublishComparison::read(&plan, &id, period, &posted, Some(key));
    let done = publish_with_password(&state, (&viewer, &source(&state, &headers, address)), &posted, read).await;
    let done = done.map(|published| links::publication(&published.key, published.edition));
    settle(&state, &viewer, &page, posted.without(&[field::PASSWORD]), done).await
}

/// 签收 of a comparison or a closed result.
pub(crate) async fn signed(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path((plan, kind, subject, period, edition)): Path<(String, String, String, String, String)>,
) -> Answer {
    let (plan, period) = named(&state, (plan, period)).await?;
    let kind = PublicationKind::parse(&kind).ok_or_else(unknown)?;
    let key = PublicationKey { plan: plan.id.clone(), kind, subject, period };
    let edition = number(&edition);
    let page = links::publication(&key, edition);
    let done = carry_out(&state, &viewer, SignPublication { key, edition }).await;
    settle(&state, &viewer, &page, Posted::default(), done.map(|()| page.clone())).await
}

pub(crate) async fn exception(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(path): Path<(String, String)>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let (plan, round) = named_round(&state, path).await?;
    let page = links::review(&plan.id, &round);
    let done = carry_out(&state, &viewer, GrantException::read(&plan, round, &posted)).await;
    settle(&state, &viewer, &page, posted, done.map(|()| page.clone())).await
}

/// The number of an edition in an address, `e2`; 0, which no edition has, for anything else.
fn number(edition: &str) -> u32 {
    edition.strip_prefix('e').and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

pub(crate) async fn receipt(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path((plan, period, edition)): Path<(String, String, String)>,
) -> Answer {
    let (plan, period) = named(&state, (plan, period)).await?;
    let edition = number(&edition);
    let page = links::edition(&plan.id, period, edition);
    let done = carry_out(&state, &viewer, SignReceipt { plan: plan.id.clone(), period, edition }).await;
    settle(&state, &viewer, &page, Posted::default(), done.map(|()| page.clone())).await
}

pub(crate) async fn letterhead(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path((plan, period, edition)): Path<(String, String, String)>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let (plan, period) = named(&state, (plan, period)).await?;
    let edition = number(&edition);
    let page = format!("{}/paper", links::edition(&plan.id, period, edition));
    let done = carry_out_read(&state, &viewer, WriteLetterhead::read(&plan.id, period, edition, &posted)).await;
    settle(&state, &viewer, &page, posted, done.map(|()| page.clone())).await
}
