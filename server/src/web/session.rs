//! Sessions: their cookies, log-in and log-out.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Extension;
use axum::body::Body;
use axum::extract::{ConnectInfo, FromRequestParts, State};
use axum::http::header::{self, HeaderValue};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Response, StatusCode};
use axum::response::{IntoResponse, Redirect};
use office::posted::Posted;
use office::viewer::Viewer;

use super::asking::Asking;
use super::fields::Fields;
use super::render::render;
use super::sentence::unavailable_page;

use crate::state::AppState;
use store::{Candidate, EndSessions, Source, Writer};

/// The session's cookie; where the connection is encrypted `__Host-`, or `__Secure-` for a part of a host.
pub(super) const SESSION: &str = "jigai";
/// Names a browser that somebody has logged in from.
const DEVICE: &str = "jigai-device";

/// Somebody with a living session: what a handler behind the gate asks for.
pub(crate) struct Signed(pub(crate) Viewer);

impl<S: Send + Sync> FromRequestParts<S> for Signed {
    type Rejection = Redirect;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Redirect> {
        let viewer = parts.extensions.get::<Asking>().and_then(|asking| asking.0.clone());
        viewer.map(Self).ok_or_else(|| Redirect::to("/login"))
    }
}

/// The value of a cookie.
pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let sent = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = sent.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
}

pub(crate) fn name(state: &AppState, base: &str) -> String {
    match (state.secure, state.front.base.path()) {
        (false, _) => base.to_owned(),
        (true, "") => format!("__Host-{base}"),
        // `__Host-` is for a whole host: browsers take it with Path=/ alone.
        (true, _) => format!("__Secure-{base}"),
    }
}

/// A cookie that scripts cannot read and other sites cannot send along.
pub(crate) fn set_cookie(state: &AppState, base: &str, value: &str, life: Option<i64>) -> HeaderValue {
    let secure = if state.secure { "; Secure" } else { "" };
    let life = life.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let path = Some(state.front.base.path()).filter(|path| !path.is_empty()).unwrap_or("/");
    let text = format!("{}={value}; Path={path}; HttpOnly; SameSite=Lax{secure}{life}", name(state, base));
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// Where a request comes from.
pub(crate) fn source(state: &AppState, headers: &HeaderMap, address: SocketAddr) -> Source {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Source { address: address.ip().to_string(), agent: agent.to_owned(), device: cookie(headers, &name(state, DEVICE)) }
}

/// Where a log-in leads: an address of this site, else the start.
pub(crate) fn safe_next(text: &str) -> &str {
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let own = text.starts_with('/') && !text.starts_with("//") && plain;
    if own && text != "/login" { text } else { "/" }
}

/// The one text of every failed log-in.
const FAILED: &str =
    "没有登录成功：登录名、密码或动态码不对，或账号已停用、暂时锁定。连续5次不对会锁定15分钟，急用请找系统管理员解锁。";

pub(crate) async fn log_in(
    State(state): State<AppState>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Fields(fields): Fields,
) -> Response<Body> {
    let posted = Posted::new(fields);
    let (login, password, code, wanted) =
        (posted.text("login"), posted.text("password"), posted.text("code"), posted.text("next"));
    let source = source(&state, &headers, address);
    let inline = headers.get(header::ACCEPT).is_some_and(|accept| accept == "application/json");
    let before = cookie(&headers, &name(&state, SESSION));
    match try_log_in(&state, (login, password, code), &source, before.as_deref()).await {
        Err(error) => unavailable_page(&error),
        Ok(Some((token, device))) => {
            let mut response = match inline {
                true => StatusCode::NO_CONTENT.into_response(),
                false if posted.text("resume").starts_with("/report/") => resume(&state, &token, &posted).await,
                false => Redirect::to(safe_next(wanted)).into_response(),
            };
            response.headers_mut().append(header::SET_COOKIE, set_cookie(&state, SESSION, &token, None));
            response
                .headers_mut()
                .append(header::SET_COOKIE, set_cookie(&state, DEVICE, &device, Some(180 * 24 * 3600)));
            response
        }
        Ok(None) if inline => (StatusCode::UNAUTHORIZED, FAILED).into_response(),
        Ok(None) => {
            let kept = posted.clone().without(&["password", "code"]);
            render(&state, None, "/login", kept.with_error(FAILED), StatusCode::UNAUTHORIZED).await
        }
    }
}

/// The page that sends again what was held.
async fn resume(state: &AppState, token: &str, posted: &Posted) -> Response<Body> {
    match state.store.viewer(token, state.clock.now()).await {
        Ok(viewer) => {
            let kept = posted.clone().without(&["login", "password", "code", "next"]);
            render(state, viewer.as_ref(), "/login", kept, StatusCode::OK).await
        }
        Err(error) => unavailable_page(&error),
    }
}

/// The session's and the browser's secret; `None` when the log-in failed, for whatever reason.
async fn try_log_in(
    state: &AppState,
    (login, password, code): (&str, &str, &str),
    source: &Source,
    before: Option<&str>,
) -> Result<Option<(String, String)>, store::StoreError> {
    let now = state.clock.now();
    let candidate = state.store.read().await?.candidate(login, source, now).await?;
    // Whoever has logged in from this browser before waits for nobody who fails from the same address.
    let known = candidate.as_ref().and_then(|candidate| candidate.device.as_deref());
    if known.is_none() && state.store.read().await?.is_slow(&source.address, now).await? {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let _turn = state.log_ins.of(known.unwrap_or(&source.address)).await;
    // What failed while this one waited counts.
    let candidate = state.store.read().await?.candidate(login, source, now).await?;
    // Exactly one verification on each path; an account that is barred is verified against nothing.
    let hash = candidate
        .as_ref()
        .filter(|candidate| !candidate.barred)
        .and_then(|candidate| candidate.password_hash.as_deref());
    let matches = store::passwords::verify(password, hash).await;
    let actor = candidate.as_ref().map_or("未知".to_owned(), |candidate| candidate.name.clone());
    let writer = Writer { actor, at: now, session: None };
    if let (true, Some(candidate)) = (matches, &candidate)
        && let Some(step) = second_factor(state, candidate, code, now)
        && let Some(begun) = state
            .store
            .begin_session(candidate.account, source, before, step, candidate.password_hash.as_deref(), writer.clone())
            .await?
    {
        return Ok(Some(begun));
    }
    let locked = candidate.as_ref().is_some_and(|candidate| candidate.locked);
    state.store.record_failure(candidate.map(|candidate| candidate.account), locked, source, now).await?;
    Ok(None)
}

/// `Some` when no code is asked for, or the right one was given: then with its step.
fn second_factor(state: &AppState, candidate: &Candidate, code: &str, now: i64) -> Option<Option<i64>> {
    let Some((sealed, used)) = &candidate.totp else { return Some(None) };
    match state.vault.check(sealed, code, *used, now) {
        Ok(step) => step.map(Some),
        Err(error) => {
            tracing::error!(%error, "second factor");
            None
        }
    }
}

pub(crate) async fn log_out(
    State(state): State<AppState>,
    Extension(Asking(viewer)): Extension<Asking>,
) -> Response<Body> {
    if let Some(viewer) = viewer {
        let writer = Writer { actor: viewer.actor(), at: state.clock.now(), session: None };
        let which = EndSessions::One { id: viewer.session.clone(), logged_out: true };
        if let Err(error) = state.store.end_sessions(viewer.account.id, which, writer).await {
            return unavailable_page(&error);
        }
    }
    let mut response = Redirect::to("/login").into_response();
    response.headers_mut().append(header::SET_COOKIE, set_cookie(&state, SESSION, "", Some(0)));
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    response
}

#[cfg(test)]
mod tests {
    use super::safe_next;

    #[test]
    fn a_log_in_leads_nowhere_else() {
        for elsewhere in [
            "https://example.com/",
            "//example.com",
            "/\\example.com",
            "javascript:1",
            "",
            "/login",
            "/\t/evil.com",
            "/\u{7f}",
            "/\u{0}",
            "/ a",
        ] {
            assert_eq!(safe_next(elsewhere), "/", "{elsewhere}");
        }
        assert_eq!(safe_next("/report/fuzhou-2021/2021-06?x=1"), "/report/fuzhou-2021/2021-06?x=1");
    }
}
