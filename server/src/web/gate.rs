//! The gate before every route: who asks, and whether the table of sites lets him in.

use app::parts::links::encode;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Method, Response, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect};
use office::posted::Posted;
use office::viewer::Viewer;

use super::asking::{Asking, Reads, Screen};
use super::bodies::drain;
use super::render::render;
use super::sentence::{forbidden, sentence_page, unavailable_page};
use super::session::{SESSION, cookie, name};
use super::sites::{self, Access, Brings};
use crate::screen;
use crate::state::AppState;

/// The gate: finds out who asks, and turns away whoever the table does not let in, before anything else runs and before
/// anything of a body is kept.
pub(crate) async fn gate(State(state): State<AppState>, mut request: Request, next: Next) -> Response<Body> {
    // An unknown address gets the page that says so; a known one without a line in the table does not exist.
    let pattern = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let site = pattern.as_ref().and_then(|pattern| sites::of(request.method(), pattern));
    let access = match pattern {
        None => Some(Access::Anyone),
        Some(_) => site.map(|site| site.access),
    };
    let token = cookie(request.headers(), &name(&state, SESSION));
    let viewer = match &token {
        None => None,
        Some(token) => {
            let now = state.clock.now();
            let by_itself = site.is_some_and(|site| site.by_itself);
            let found =
                if by_itself { state.store.watching(token, now).await } else { state.store.viewer(token, now).await };
            match found {
                Ok(viewer) => viewer,
                Err(error) => return unavailable_page(&error),
            }
        }
    };
    if request.method() == Method::POST && !says_where_from(request.headers()) {
        let sentence = "浏览器没有说明这个请求来自哪个页面，为安全起见没有执行。请刷新页面后再操作；如用代理转发，请保留 Origin 和 Host。";
        drain(request.into_body()).await;
        return sentence_page(StatusCode::FORBIDDEN, "没有执行", sentence);
    }
    request.extensions_mut().insert(Asking(viewer.clone()));
    if viewer.is_none() && site.is_some_and(|site| site.resumed) && is_plain_form(&request) {
        return keep_form(&state, request).await;
    }
    if viewer.is_none() && site.is_some_and(|site| site.by_itself) {
        match screen::is_known(&state, request.headers()).await {
            Ok(true) => {
                request.extensions_mut().insert(Screen);
                return next.run(request).await;
            }
            Ok(false) => {}
            Err(error) => return unavailable_page(&error),
        }
    }
    let refused = match (access, &viewer) {
        // Whether a visitor may read, and which state of the facts he reads, is one question to the database.
        (Some(Access::Reader), None) => match state.store.shown().await {
            Ok(shown) if shown.open => {
                request.extensions_mut().insert(Reads(shown.facts));
                None
            }
            Ok(_) => Some(log_in_first(request.method(), request.uri())),
            Err(error) => Some(unavailable_page(&error)),
        },
        _ => refuse(&state, request.method().clone(), request.uri().clone(), viewer.as_ref(), access).await,
    };
    if let Some(refused) = refused {
        drain(request.into_body()).await;
        return refused;
    }
    let looks = viewer.filter(|_| request.method() == Method::GET && site.is_some_and(|site| site.noted));
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    if let Some(viewer) = looks.filter(|_| response.status() == StatusCode::OK) {
        state.viewings.record(&viewer, &path, state.clock.now());
    }
    response
}

/// A form as a browser without script sends it.
fn is_plain_form(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.starts_with("application/x-www-form-urlencoded")
}

/// The session is over, what was typed is not: the log-in page carries it, and sends it again afterwards.
async fn keep_form(state: &AppState, request: Request) -> Response<Body> {
    let path = request.uri().path().to_owned();
    let limit = sites::at(request.method(), &path).map_or(Brings::Form, |site| site.brings).limit();
    let Ok(body) = axum::body::to_bytes(request.into_body(), limit).await else {
        return log_in_first(&Method::POST, &Uri::from_static("/login"));
    };
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
async fn is_open(state: &AppState) -> bool {
    state.store.shown().await.is_ok_and(|shown| shown.open)
}

async fn refuse(
    state: &AppState,
    method: Method,
    address: Uri,
    viewer: Option<&Viewer>,
    access: Option<Access>,
) -> Option<Response<Body>> {
    let Some(access) = access else {
        return Some(sentence_page(
            StatusCode::METHOD_NOT_ALLOWED,
            "不能这样操作",
            "这个地址不接受这种操作，请从页面上的按钮进入。",
        ));
    };
    match (access, viewer) {
        (Access::Anyone, _) => None,
        (_, None) => Some(log_in_first(&method, &address)),
        // Without a post one is a visitor.
        (Access::Reader, Some(viewer)) if viewer.post.is_none() && !viewer.must_change && is_open(state).await => None,
        (_, Some(viewer)) => refuse_viewer(&method, address.path(), viewer, access),
    }
}

fn refuse_viewer(method: &Method, path: &str, viewer: &Viewer, access: Access) -> Option<Response<Body>> {
    let role = viewer.role();
    if access == Access::SignedIn {
        return None;
    }
    if viewer.must_change || viewer.must_enrol || role.is_none() {
        // Nothing but the account's own page until the password is new, codes are set up and a post is held.
        let sentence = if viewer.must_change {
            "密码已到更换期限，请先在“我的账号”里换一个新密码。"
        } else if viewer.must_enrol {
            "您的岗位要求两步验证，请先在“我的账号”里开启。"
        } else {
            "您的账号还没有岗位，请找安全管理员定岗。"
        };
        return Some(match reads(method) {
            true => Redirect::to("/account").into_response(),
            false if path.starts_with("/api/") => {
                (StatusCode::FORBIDDEN, format!("ServerError|{sentence}")).into_response()
            }
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

/// HEAD is GET without its body.
fn reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// Pages lead to the log-in and back; everything else is told so.
fn log_in_first(method: &Method, address: &Uri) -> Response<Body> {
    let path = address.path_and_query().map_or("/", |path| path.as_str());
    if path.starts_with("/api/") {
        // As the island's own protocol spells an error: it asks for the log-in and sends again.
        return (StatusCode::UNAUTHORIZED, "ServerError|login").into_response();
    }
    if reads(method) && !path.starts_with("/export/") {
        return Redirect::to(&format!("/login?next={}", encode(path))).into_response();
    }
    sentence_page(StatusCode::UNAUTHORIZED, "请先登录", "您还没有登录，或登录已过期。请重新登录后再操作。")
}
