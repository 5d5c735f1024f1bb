//! What every response passes through: kept pages, packing, ETag, security headers.

use std::sync::Arc;
use std::time::Duration;

use app::routes::CONTENT_POLICY;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderValue};
use axum::http::{HeaderMap, Method, Response, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect};

use super::asking::{Asking, Reads};
use super::bodies::is_html;
use super::render::{has_island, without_scripts};
use super::sentence::{sentence_page, with_words};
use super::sites::{self, Keep};
use crate::cache::{ASK_EACH_TIME, KeptPage, NO_STORE};
use crate::look::Look;
use crate::state::AppState;

/// The longest address that is looked at.
const ADDRESS_LIMIT: usize = 2_000;

/// So long a request waits for another one that renders its page; then it renders it itself.
const PATIENCE: Duration = Duration::from_secs(5);

/// Refuses absurd addresses before anything reads them.
pub(crate) async fn refuse_long_addresses(request: Request, next: Next) -> Response<Body> {
    let length = request.uri().path_and_query().map_or(0, |address| address.as_str().len());
    if length > ADDRESS_LIMIT {
        return sentence_page(StatusCode::URI_TOO_LONG, "地址太长", "地址太长，无法识别。请从首页重新进入。");
    }
    next.run(request).await
}

/// Serves a page kept since the last change, or renders and keeps it. Only GET, only pages.
pub(crate) async fn keep_pages(State(state): State<AppState>, mut request: Request, next: Next) -> Response<Body> {
    // HEAD is GET without its body, headers included.
    let head_only = request.method() == Method::HEAD;
    if head_only {
        *request.method_mut() = Method::GET;
    }
    let mut response = keep_page(state, request, next).await;
    if head_only {
        *response.body_mut() = Body::empty();
    }
    response
}

async fn keep_page(state: AppState, request: Request, next: Next) -> Response<Body> {
    let path = request.uri().path().to_owned();
    let keep = sites::at(request.method(), &path).map_or(Keep::Here, |site| site.keep);
    let look = Look::of(&state, request.headers());
    if request.method() != Method::GET || keep == Keep::OwnHeaders {
        let mut response = look.dress_answer(next.run(request).await).await;
        // A server function that cannot read its arguments calls that a failure of the server.
        if path.starts_with("/api/") && response.status() == StatusCode::INTERNAL_SERVER_ERROR {
            *response.status_mut() = StatusCode::BAD_REQUEST;
        }
        return response;
    }
    if path.len() > 1 && path.ends_with('/') {
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        return Redirect::permanent(&format!("/{}{query}", path.trim_matches('/'))).into_response();
    }
    let address = look.key(&request.uri().to_string());
    let wishes = request.headers().clone();
    let personal =
        keep == Keep::Personal || request.extensions().get::<Asking>().is_some_and(|asking| asking.0.is_some());
    if personal {
        return personal_page(&path, &look, next.run(request).await).await;
    }
    let head = match request.extensions().get::<Reads>() {
        Some(Reads(head)) => head.clone(),
        None => match state.store.shown().await {
            Ok(shown) => shown.facts,
            // The page itself will say that the database cannot be read.
            Err(_) => return next.run(request).await,
        },
    };
    let kept = || state.cache.get(&head, &address).and_then(|page| answer(&page, &wishes));
    if let Some(answer) = kept() {
        return answer;
    }
    // Pages with an island carry a nonce: each is rendered for one reader only.
    let for_all = !has_island(&path);
    let turn = state.cache.turn(&address);
    let _turn = match for_all {
        true => tokio::time::timeout(PATIENCE, turn.lock()).await.ok(),
        false => None,
    };
    if let Some(answer) = kept() {
        return answer;
    }
    let response = next.run(request).await;
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, 16 * 1024 * 1024).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut headers = parts.headers;
    let policy = if keep == Keep::Public && parts.status == StatusCode::OK { ASK_EACH_TIME } else { NO_STORE };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(policy));
    headers.remove(header::CONTENT_LENGTH);
    let body = if for_all { without_scripts(&body) } else { body };
    let page = Arc::new(KeptPage::new(parts.status, headers, look.dress(&body)));
    if parts.status == StatusCode::OK && for_all {
        if page.is_long() {
            let page = page.clone();
            let _ = tokio::task::spawn_blocking(move || page.packed()).await;
        }
        state.cache.put(head, address, &page);
    }
    answer(&page, &wishes).unwrap_or_else(|| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// A page of somebody who is logged in: for his eyes, and kept by nobody.
async fn personal_page(path: &str, look: &Look, response: Response<Body>) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, 16 * 1024 * 1024).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(NO_STORE));
    parts.headers.remove(header::CONTENT_LENGTH);
    if !is_html(&parts.headers) {
        return Response::from_parts(parts, Body::from(body));
    }
    let body = if has_island(path) { body } else { without_scripts(&body) };
    Response::from_parts(parts, Body::from(look.dress(&body)))
}

/// A kept page as the reader wants it: 304, packed, or plain; `None` where he wants a body that was dropped.
fn answer(page: &KeptPage, wishes: &HeaderMap) -> Option<Response<Body>> {
    let mut headers = page.headers.clone();
    if let Ok(etag) = HeaderValue::from_str(&page.etag) {
        headers.insert(header::ETAG, etag);
    }
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding, cookie, user-agent"));
    if knows(wishes, &page.etag) {
        return Some(with_headers(StatusCode::NOT_MODIFIED, headers, Bytes::new()));
    }
    if accepts_gzip(wishes) {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        return Some(with_headers(page.status, headers, page.packed()?));
    }
    Some(with_headers(page.status, headers, page.plain()?))
}

/// Whether the reader has this version already: `If-None-Match` with a list, weak tags or `*`.
pub(crate) fn knows(wishes: &HeaderMap, etag: &str) -> bool {
    let known = wishes.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    known.split(',').map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}

pub(crate) fn accepts_gzip(wishes: &HeaderMap) -> bool {
    let accepted = wishes.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let refused = |quality: &str| quality.strip_prefix("q=").is_some_and(|value| value.parse::<f32>() == Ok(0.0));
        parts.next() == Some("gzip") && !parts.any(refused)
    })
}

fn with_headers(status: StatusCode, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// The headers of every response, errors included.
pub(crate) async fn secure(State(secure): State<bool>, request: Request, next: Next) -> Response<Body> {
    let is_api = request.uri().path().starts_with("/api/");
    let mut response = with_words(next.run(request).await, is_api);
    let headers = response.headers_mut();
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_POLICY));
    }
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // A year, and only where this program itself speaks HTTPS or stands behind a proxy that does.
    if secure {
        headers.insert("strict-transport-security", HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    response
}
