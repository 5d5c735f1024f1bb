//! What every response passes through: kept pages, packing, ETag, security headers, and panics as a page.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use app::routes::{CONTENT_POLICY, has_island};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderValue};
use axum::http::{HeaderMap, Method, Response, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect};
use futures_util::StreamExt;

use crate::auth::Asking;
use crate::cache::{ASK_EACH_TIME, KeptPage, NO_STORE};
use crate::look::Look;
use crate::state::AppState;
use store::StoreError;

/// The longest address that is looked at.
const ADDRESS_LIMIT: usize = 2_000;

/// Largest body of a form, and of an uploaded file.
const FORM_LIMIT: usize = 256 * 1024;
const UPLOAD_LIMIT: usize = 8 * 1024 * 1024;

/// Reads the body before anything else runs, as far as its limit; a longer one is refused with a sentence.
pub(crate) async fn limit_bodies(request: Request, next: Next) -> Response<Body> {
    // A file is only waited for from somebody who says that he is logged in; the gate asks who he is.
    let path = request.uri().path();
    let files = path.starts_with("/report/") && path.ends_with("/upload")
        || path.starts_with("/import/")
        || path.starts_with("/plans/") && path.ends_with("/table");
    let uploads = files && request.headers().contains_key(header::COOKIE);
    let limit = match path {
        _ if uploads => UPLOAD_LIMIT,
        // The log-in may carry a form that its session did not outlive, encoded once more.
        "/login" => 4 * FORM_LIMIT,
        // A plan of three hundred units, each with its boxes.
        path if path.starts_with("/plans/") => 4 * FORM_LIMIT,
        _ => FORM_LIMIT,
    };
    let said = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let api = request.uri().path().starts_with("/api/");
    let too_large = || {
        let sentence = if uploads {
            "文件或表超过 8 MB，没有接收；请确认选对了文件，或只留要用的一张表。"
        } else {
            "提交的内容太大，没有保存；请按“后退”回到刚才的页面，缩短文字后再提交。"
        };
        if api {
            return (StatusCode::PAYLOAD_TOO_LARGE, format!("ServerError|{sentence}")).into_response();
        }
        sentence_page(StatusCode::PAYLOAD_TOO_LARGE, "内容太大", sentence)
    };
    let (parts, body) = request.into_parts();
    if said.is_some_and(|length| length > limit) {
        drain(body).await;
        return too_large();
    }
    match to_bytes(body, limit).await {
        Ok(body) => next.run(Request::from_parts(parts, Body::from(body))).await,
        Err(_) => too_large(),
    }
}

/// Reads what will be refused, as far as a mistaken file goes: a browser that is cut off while sending shows its own
/// error instead of our sentence.
async fn drain(body: Body) {
    const FARTHEST: usize = 64 * 1024 * 1024;
    let mut body = body.into_data_stream();
    let mut read = 0;
    // Who stops sending is waiting for the answer.
    while let Ok(Some(Ok(chunk))) = tokio::time::timeout(Duration::from_millis(500), body.next()).await {
        read += chunk.len();
        if read > FARTHEST {
            return;
        }
    }
}

/// A failure of the store as a page; the log gets the rest.
pub(crate) fn unavailable_page(error: &StoreError) -> Response<Body> {
    let reference = store::unavailable(error).reference;
    let sentence = format!(
        "读取或保存数据时出了问题，刚才的操作没有生效，已保存的数据没有受影响。请稍后再试；如仍不行，请把编号 {reference} 告诉管理员。"
    );
    sentence_page(StatusCode::SERVICE_UNAVAILABLE, "暂时不能使用", &sentence)
}

/// Addresses whose pages show only what is published, or nothing of the figures.
fn is_public(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    matches!(first, "" | "bulletins" | "board" | "help" | "about")
}

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
    let own = ["/assets/", "/pkg/", "/api/", "/export/", "/healthz", "/readyz"].iter().any(|prefix| path.starts_with(prefix));
    let look = Look::of(&state, request.headers());
    if request.method() != Method::GET || own {
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
    let personal = request.extensions().get::<Asking>().is_some_and(|asking| asking.0.is_some()) || path == "/login" || path == "/setup";
    if personal {
        return personal_page(&path, &look, next.run(request).await).await;
    }
    let head = async { state.store.read().await?.facts_head().await };
    let seq = match head.await {
        Ok(seq) => seq,
        // The page itself will say that the database cannot be read.
        Err(_) => return next.run(request).await,
    };
    if let Some(page) = state.cache.get(seq, &address) {
        return answer(&page, &wishes);
    }
    let response = next.run(request).await;
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, 16 * 1024 * 1024).await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let mut headers = parts.headers;
    let policy = if is_public(&path) && parts.status == StatusCode::OK { ASK_EACH_TIME } else { NO_STORE };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(policy));
    headers.remove(header::CONTENT_LENGTH);
    let body = if has_island(&path) { body } else { without_scripts(&body) };
    let page = Arc::new(KeptPage::new(parts.status, headers, look.dress(&body)));
    // Pages with an island carry a nonce: each is rendered for one reader only.
    if parts.status == StatusCode::OK && !has_island(&path) {
        state.cache.put(seq, address, page.clone());
    }
    answer(&page, &wishes)
}

/// A page of somebody who is logged in: for his eyes, and kept by nobody.
async fn personal_page(path: &str, look: &Look, response: Response<Body>) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, 16 * 1024 * 1024).await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(NO_STORE));
    parts.headers.remove(header::CONTENT_LENGTH);
    if !is_html(&parts.headers) {
        return Response::from_parts(parts, Body::from(body));
    }
    let body = if has_island(path) { body } else { without_scripts(&body) };
    Response::from_parts(parts, Body::from(look.dress(&body)))
}

pub(crate) fn is_html(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// Pages without an island carry no script at all. The framework ends every page with inline scripts for islands that
/// are not there; user text cannot contain a tag, it is escaped.
pub(crate) fn without_scripts(body: &[u8]) -> Bytes {
    let text = String::from_utf8_lossy(body);
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.as_ref();
    while let Some(start) = rest.find("<script") {
        kept.push_str(&rest[..start]);
        rest = rest[start..].find("</script>").map_or("", |end| &rest[start + end + "</script>".len()..]);
    }
    kept.push_str(rest);
    Bytes::from(kept)
}

/// A kept body as the reader wants it: 304, packed, or plain.
fn answer(page: &KeptPage, wishes: &HeaderMap) -> Response<Body> {
    let mut headers = page.headers.clone();
    if let Ok(etag) = HeaderValue::from_str(&page.etag) {
        headers.insert(header::ETAG, etag);
    }
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding, cookie, user-agent"));
    if knows(wishes, &page.etag) {
        return with_headers(StatusCode::NOT_MODIFIED, headers, Bytes::new());
    }
    if accepts_gzip(wishes) {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        return with_headers(page.status, headers, page.packed());
    }
    with_headers(page.status, headers, page.body.clone())
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

/// Errors of the layers come without a body: a reader gets a sentence instead of a white page.
fn with_words(response: Response<Body>, is_api: bool) -> Response<Body> {
    let kind = response.headers().get(header::CONTENT_TYPE);
    // The framework says in English what it could not read of an address.
    let unread = response.status() == StatusCode::BAD_REQUEST && kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if unread && !is_api {
        return sentence_page(StatusCode::BAD_REQUEST, "地址有误", "地址里有读不懂的字符，请从首页重新进入。");
    }
    if kind.is_some() {
        return response;
    }
    match response.status() {
        StatusCode::FORBIDDEN => {
            let sentence = "这个请求像是从别的网站来的，为安全起见没有执行。请从本站的页面操作；如用代理转发，请保留 Host 和 Origin。";
            sentence_page(StatusCode::FORBIDDEN, "没有执行", sentence)
        }
        StatusCode::SERVICE_UNAVAILABLE => {
            let sentence = "处理超时，不能确定是否已经保存。请回到页面看一下，没有保存的请再做一次。";
            let mut page = sentence_page(StatusCode::SERVICE_UNAVAILABLE, "处理超时", sentence);
            page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            page
        }
        StatusCode::METHOD_NOT_ALLOWED => {
            sentence_page(StatusCode::METHOD_NOT_ALLOWED, "不能这样操作", "这个地址不接受这种操作，请从页面上的按钮进入。")
        }
        _ => response,
    }
}

/// The headers of every response, errors included.
pub(crate) async fn secure(State(secure): State<bool>, request: Request, next: Next) -> Response<Body> {
    let is_api = request.uri().path().starts_with("/api/");
    let mut response = with_words(next.run(request).await, is_api);
    let headers = response.headers_mut();
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_POLICY));
    }
    for (name, value) in
        [(header::X_CONTENT_TYPE_OPTIONS, "nosniff"), (header::X_FRAME_OPTIONS, "DENY"), (header::REFERRER_POLICY, "same-origin")]
    {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // A year, and only where this program itself speaks HTTPS or stands behind a proxy that does.
    if secure {
        headers.insert("strict-transport-security", HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    response
}

/// A panic is a bug: the reader gets a page and a number, the log gets the rest.
pub(crate) fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response<Body> {
    let what = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    let error = store::StoreError::Unreadable(what.unwrap_or_default());
    let reference = store::unavailable(&error).reference;
    let sentence = format!("程序出错，已保存的数据没有受影响。请把编号 {reference} 告诉管理员。");
    sentence_page(StatusCode::INTERNAL_SERVER_ERROR, "程序出错", &sentence)
}

/// A page for the few errors that happen outside of pages.
pub(crate) fn sentence_page(status: StatusCode, title: &str, sentence: &str) -> Response<Body> {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let (title, sentence) = (escape(title), escape(sentence));
    let html = format!(
        "<!DOCTYPE html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title><link rel=\"stylesheet\" href=\"/assets/app.css\"></head><body><main class=\"page\"><section class=\"error-page\">\
         <h1>{title}</h1><p>{sentence}</p><p><a href=\"/\">回到首页</a></p></section></main></body></html>"
    );
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, NO_STORE)], html).into_response()
}
