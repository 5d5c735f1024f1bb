//! The key of a wall screen: nobody is logged in there, and it shows `/board` alone. One key at a time; only
//! its SHA-256 is kept, and who issued or withdrew it is in the audit trail.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Response, StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use domain::canonical::sha256;
use office::posted::Posted;

use crate::forms::admin::{answer, site};
use crate::forms::{Fields, writer};
use crate::state::AppState;
use crate::web::sentence::{sentence_page, unavailable_page};
use crate::web::session::{Signed, cookie, name, set_cookie};
use store::StoreError;

const COOKIE: &str = "screen";
/// As long as browsers keep a cookie, seconds.
const KEPT_FOR: i64 = 400 * 24 * 3600;

/// Whether the browser holds the key that is in force.
pub(crate) async fn is_known(state: &AppState, headers: &HeaderMap) -> Result<bool, StoreError> {
    match cookie(headers, &name(state, COOKIE)) {
        Some(key) => fits(state, &key).await,
        None => Ok(false),
    }
}

async fn fits(state: &AppState, key: &str) -> Result<bool, StoreError> {
    Ok(state.store.read().await?.screen_key().await?.is_some_and(|(known, _)| known == sha256(key.as_bytes())))
}

/// `/board/{key}`: opened once on the screen.
pub(crate) async fn enter(State(state): State<AppState>, Path(key): Path<String>) -> Response<Body> {
    match fits(&state, &key).await {
        Ok(true) => {
            let mut response = Redirect::to("/board").into_response();
            response.headers_mut().append(header::SET_COOKIE, set_cookie(&state, COOKIE, &key, Some(KEPT_FOR)));
            response
        }
        Ok(false) => sentence_page(
            StatusCode::NOT_FOUND,
            "大屏链接不对",
            "这个大屏链接不对或已作废。请找安全管理员在“策略”里重新生成一个。",
        ),
        Err(error) => unavailable_page(&error),
    }
}

/// A new key, shown once; the one before ends. Or none any more.
pub(crate) async fn change(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    headers: HeaderMap,
    Fields(fields): Fields,
) -> Response<Body> {
    let posted = Posted::new(fields);
    let done = async {
        let key = match posted.text("do") {
            "issue" => Some(store::passwords::random_token()),
            "withdraw" => None,
            _ => return Err(StoreError::Refused(vec!["不认识的操作".to_owned()])),
        };
        let hash = key.as_ref().map(|key| sha256(key.as_bytes()));
        state.store.set_screen_key(hash, writer(&state, &viewer)).await?;
        let link = |key: String| format!("{}/board/{key}", site(&state, &headers));
        Ok(key.map(|key| Posted::new(vec![("screen".to_owned(), link(key))])).unwrap_or_default())
    };
    let done = done.await;
    answer(&state, &viewer, "/admin/policy", posted, done).await
}
