//! How a reader's browser wants its pages: in large type, inside a messenger, and under which address. Pages are
//! rendered once for all; this is put into the finished text.

use app::routes::ORIGIN;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Response, header};
use axum::response::{IntoResponse, Redirect};

use crate::forms::Fields;
use crate::state::AppState;
use crate::web::base::Base;
use crate::web::bodies::is_html;
use crate::web::session::{cookie, name, safe_next, set_cookie};
use crate::web::sites;

const LOOK: &str = "look";
/// A year, seconds.
const KEPT_FOR: i64 = 365 * 24 * 3600;
const ROOT: &str = "<html lang=\"zh-CN\">";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Look {
    large: bool,
    messenger: bool,
    /// With the path under which the site stands.
    origin: String,
    base: Base,
}

impl Look {
    pub(crate) fn of(state: &AppState, headers: &HeaderMap) -> Self {
        let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
        let agent = text(header::USER_AGENT);
        let host = text(header::HOST);
        let is_host = !host.is_empty()
            && host.len() < 256
            && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".:-[]".contains(&byte));
        let scheme = if state.secure { "https" } else { "http" };
        Self {
            large: cookie(headers, &name(state, LOOK)).as_deref() == Some("large"),
            messenger: ["MicroMessenger", "wxwork", "DingTalk", "Lark"].iter().any(|name| agent.contains(name)),
            origin: if is_host { format!("{scheme}://{host}{}", state.front.base.path()) } else { String::new() },
            base: state.front.base.clone(),
        }
    }

    /// Names the page as this reader gets it.
    pub(crate) fn key(&self, address: &str) -> String {
        format!("{} {} {} {address}", u8::from(self.large), u8::from(self.messenger), self.origin)
    }

    /// The page as this reader gets it.
    pub(crate) fn dress(&self, body: &[u8]) -> Bytes {
        let page = String::from_utf8_lossy(body).replace(ORIGIN, &self.origin);
        let classes: Vec<&str> = [(self.large, "large"), (self.messenger, "messenger")]
            .into_iter()
            .filter(|(wanted, _)| *wanted)
            .map(|(_, name)| name)
            .collect();
        let root = format!("<html lang=\"zh-CN\" class=\"{}\">", classes.join(" "));
        let page = if classes.is_empty() { page } else { page.replacen(ROOT, &root, 1) };
        Bytes::from(self.base.place_page(page))
    }

    /// The same for an answer that is not kept; other things than pages pass as they are.
    pub(crate) async fn dress_answer(&self, answer: Response<Body>) -> Response<Body> {
        if !is_html(answer.headers()) {
            return answer;
        }
        let (mut parts, body) = answer.into_parts();
        let Ok(body) = to_bytes(body, 16 * 1024 * 1024).await else {
            return axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        parts.headers.remove(header::CONTENT_LENGTH);
        Response::from_parts(parts, Body::from(self.dress(&body)))
    }
}

/// 大字版 and back: kept in this browser, then the page it was asked from.
pub(crate) async fn change(
    State(state): State<AppState>,
    headers: HeaderMap,
    Fields(fields): Fields,
) -> Response<Body> {
    let large = fields.iter().any(|(name, value)| name == "look" && value == "large");
    let from = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let path = from.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..])).unwrap_or("/");
    let page: &str = &sites::page_of(path);
    let back = if page == "/login" || page.starts_with("/login?") { page } else { safe_next(page) };
    let mut answer = Redirect::to(back).into_response();
    let (value, life) = if large { ("large", KEPT_FOR) } else { ("", 0) };
    answer.headers_mut().append(header::SET_COOKIE, set_cookie(&state, LOOK, value, Some(life)));
    answer
}
