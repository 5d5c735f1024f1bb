//! Who is asking: the session's cookie, the gate before every route, log-in and log-out.

use std::net::SocketAddr;
use std::time::Duration;

use app::parts::links::encode;
use axum::Extension;
use axum::body::Body;
use axum::extract::{ConnectInfo, FromRequestParts, MatchedPath, Request, State};
use axum::http::header::{self, HeaderValue};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Response, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect};
use office::posted::Posted;
use office::viewer::Viewer;

use crate::access::{self, Access};
use crate::forms::{Fields, render};
use crate::responses::{sentence_page, unavailable_page};
use crate::screen::{self, Screen};
use crate::state::AppState;
use store::{Candidate, EndSessions, Source, Writer};

/// The session's cookie; `__Host-` where the connection is encrypted.
const SESSION: &str = "jigai";
/// Names a browser that somebody has logged in from.
const DEVICE: &str = "jigai-device";

/// The living session of a request, if any, in its extensions.
#[derive(Clone)]
pub(crate) struct Asking(pub(crate) Option<Viewer>);

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
    if state.secure { format!("__Host-{base}") } else { base.to_owned() }
}

/// A cookie that scripts cannot read and other sites cannot send along.
pub(crate) fn set_cookie(state: &AppState, base: &str, value: &str, life: Option<i64>) -> HeaderValue {
    let secure = if state.secure { "; Secure" } else { "" };
    let life = life.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let text = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{life}", name(state, base));
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// Where a request comes from.
pub(crate) fn source(state: &AppState, headers: &HeaderMap, address: SocketAddr) -> Source {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Source { address: address.ip().to_string(), agent: agent.to_owned(), device: cookie(headers, &name(state, DEVICE)) }
}

/// The gate: finds out who asks, and turns away whoever the table does not let in, before anything else runs.
pub(crate) async fn gate(State(state): State<AppState>, mut request: Request, next: Next) -> Response<Body> {
    let token = cookie(request.headers(), &name(&state, SESSION));
    let viewer = match &token {
        None => None,
        Some(token) => {
            let now = state.clock.now();
            let by_itself = screen::is_its_address(request.uri().path());
            let found = if by_itself { state.store.watching(token, now).await } else { state.store.viewer(token, now).await };
            match found {
                Ok(viewer) => viewer,
                Err(error) => return unavailable_page(&error),
            }
        }
    };
    if request.method() == Method::POST && !says_where_from(request.headers()) {
        let sentence = "浏览器没有说明这个请求来自哪个页面，为安全起见没有执行。请刷新页面后再操作；如用代理转发，请保留 Origin 和 Host。";
        return sentence_page(StatusCode::FORBIDDEN, "没有执行", sentence);
    }
    request.extensions_mut().insert(Asking(viewer.clone()));
    let pattern = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    // An unknown address gets the page that says so; a known one without a line in the table does not exist.
    let access = match &pattern {
        None => Some(Access::Anyone),
        Some(pattern) => access::of(request.method(), pattern),
    };
    if viewer.is_none() && request.method() == Method::POST && is_form_of_report(&request) {
        return keep_form(&state, request).await;
    }
    if viewer.is_none() && screen::is_its_address(request.uri().path()) {
        match screen::is_known(&state, request.headers()).await {
            Ok(true) => {
                request.extensions_mut().insert(Screen);
                return next.run(request).await;
            }
            Ok(false) => {}
            Err(error) => return unavailable_page(&error),
        }
    }
    if let Some(refused) = refuse(&state, request.method().clone(), request.uri().clone(), viewer.as_ref(), access).await {
        return refused;
    }
    next.run(request).await
}

/// A form of a return, as a browser without script sends it.
fn is_form_of_report(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    request.uri().path().starts_with("/report/") && kind.starts_with("application/x-www-form-urlencoded")
}

/// The session is over, what was typed is not: the log-in page carries it, and sends it again afterwards.
async fn keep_form(state: &AppState, request: Request) -> Response<Body> {
    let path = request.uri().path().to_owned();
    // The limit of a form has been kept outside.
    let body = axum::body::to_bytes(request.into_body(), usize::MAX).await.unwrap_or_default();
    let held = String::from_utf8_lossy(&body).into_owned();
    let posted = Posted::new(vec![("resume".to_owned(), path), ("held".to_owned(), held)]);
    let sentence = "登录已过期，刚才的内容还没有保存。登录之后会接着保存，填的内容都在。";
    render(state, None, "/login", posted.with_error(sentence), StatusCode::UNAUTHORIZED).await
}

/// Browsers send `Origin` or `Sec-Fetch-Site` with every POST; a form of another site is refused by the layer outside.
fn says_where_from(headers: &HeaderMap) -> bool {
    headers.contains_key(header::ORIGIN) || headers.contains_key("sec-fetch-site")
}

/// Whether visitors may read what is published.
async fn is_open(state: &AppState) -> Result<bool, store::StoreError> {
    state.store.read().await?.is_open().await
}

async fn refuse(state: &AppState, method: Method, address: Uri, viewer: Option<&Viewer>, access: Option<Access>) -> Option<Response<Body>> {
    let Some(access) = access else {
        return Some(sentence_page(StatusCode::METHOD_NOT_ALLOWED, "不能这样操作", "这个地址不接受这种操作，请从页面上的按钮进入。"));
    };
    match (access, viewer) {
        (Access::Anyone, _) => None,
        (Access::Reader, None) => match is_open(state).await {
            Ok(true) => None,
            Ok(false) => Some(log_in_first(&method, &address)),
            Err(error) => Some(unavailable_page(&error)),
        },
        (_, None) => Some(log_in_first(&method, &address)),
        // Without a post one is a visitor.
        (Access::Reader, Some(viewer)) if viewer.post.is_none() && !viewer.must_change && is_open(state).await.unwrap_or(false) => None,
        (_, Some(viewer)) => refuse_viewer(&method, address.path(), viewer, access),
    }
}

fn refuse_viewer(method: &Method, path: &str, viewer: &Viewer, access: Access) -> Option<Response<Body>> {
    let role = viewer.role();
    if access == Access::SignedIn {
        return None;
    }
    if viewer.must_change || role.is_none() {
        // Nothing but the account's own page until the password is new and a post is held.
        let get = *method == Method::GET;
        let sentence = if viewer.must_change {
            "密码已到更换期限，请先在“我的账号”里换一个新密码。"
        } else {
            "您的账号还没有岗位，请找安全管理员定岗。"
        };
        return Some(match get {
            true => Redirect::to("/account").into_response(),
            false if path.starts_with("/api/") => (StatusCode::FORBIDDEN, format!("ServerError|{sentence}")).into_response(),
            false => sentence_page(StatusCode::FORBIDDEN, "没有执行", sentence),
        });
    }
    match access {
        Access::Roles(roles) if !role.is_some_and(|role| roles.contains(&role)) => {
            Some(forbidden(&roles.iter().map(|role| role.name()).collect::<Vec<_>>()))
        }
        _ => None,
    }
}

/// 403 says which posts may.
pub(crate) fn forbidden(who: &[&str]) -> Response<Body> {
    let sentence = match who.is_empty() {
        true => "您的岗位不能做这件事。".to_owned(),
        false => format!("您的岗位不能做这件事，这是{}的工作。", who.join("、")),
    };
    sentence_page(StatusCode::FORBIDDEN, "没有权限", &sentence)
}

/// Pages lead to the log-in and back; everything else is told so.
fn log_in_first(method: &Method, address: &Uri) -> Response<Body> {
    let path = address.path_and_query().map_or("/", |path| path.as_str());
    if path.starts_with("/api/") {
        // As the island's own protocol spells an error: it asks for the log-in and sends again.
        return (StatusCode::UNAUTHORIZED, "ServerError|login").into_response();
    }
    if *method == Method::GET && !path.starts_with("/export/") {
        return Redirect::to(&format!("/login?next={}", encode(path))).into_response();
    }
    sentence_page(StatusCode::UNAUTHORIZED, "请先登录", "您还没有登录，或登录已过期。请重新登录后再操作。")
}

/// Where a log-in leads: an address of this site, else the start.
pub(crate) fn safe_next(text: &str) -> &str {
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let own = text.starts_with('/') && !text.starts_with("//") && plain;
    if own && text != "/login" { text } else { "/" }
}

/// The one text of every failed log-in.
const FAILED: &str = "没有登录成功：登录名、密码或动态码不对，或账号已停用、暂时锁定。连续5次不对会锁定15分钟，急用请找系统管理员解锁。";

pub(crate) async fn log_in(
    State(state): State<AppState>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Fields(fields): Fields,
) -> Response<Body> {
    let posted = Posted::new(fields);
    let (login, password, code, wanted) = (posted.text("login"), posted.text("password"), posted.text("code"), posted.text("next"));
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
            response.headers_mut().append(header::SET_COOKIE, set_cookie(&state, DEVICE, &device, Some(180 * 24 * 3600)));
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
    if state.store.read().await?.is_slow(&source.address, now).await? {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let candidate = state.store.read().await?.candidate(login, source, now).await?;
    // Exactly one verification on each path; an account that is barred is verified against nothing.
    let hash = candidate.as_ref().filter(|candidate| !candidate.barred).and_then(|candidate| candidate.password_hash.as_deref());
    let matches = store::passwords::verify(password, hash).await;
    let actor = candidate.as_ref().map_or("未知".to_owned(), |candidate| candidate.name.clone());
    let writer = Writer { actor, at: now, session: None };
    if let (true, Some(candidate)) = (matches, &candidate)
        && let Some(step) = second_factor(state, candidate, code, now)
        && let Some(begun) =
            state.store.begin_session(candidate.account, source, before, step, candidate.password_hash.as_deref(), writer.clone()).await?
    {
        return Ok(Some(begun));
    }
    let locked = candidate.as_ref().is_some_and(|candidate| candidate.locked);
    state.store.record_failure(candidate.map(|candidate| candidate.account), locked, source, writer).await?;
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

pub(crate) async fn log_out(State(state): State<AppState>, Extension(Asking(viewer)): Extension<Asking>) -> Response<Body> {
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
