//! The site under a path of its proxy's, `https://fz.gov.cn/jigai/…`. The program knows itself at `/`: here alone what
//! comes in loses the path and what goes out gets it, so that no page, form, redirect or cookie has to know of it.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderValue};
use axum::http::uri::PathAndQuery;
use axum::http::{Response, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::IntoResponse;

use super::bodies::is_html;
use super::sites::SITES;

/// `/jigai`, or nothing where the site stands at `/`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Base(Arc<str>);

/// The attributes of HTML and SVG that hold an address of ours.
const ADDRESSES: [&str; 5] = ["href", "action", "src", "formaction", "xlink:href"];

/// `/jigai`, `/tongji/jigai/`; not the first word of an address of ours, which could be taken for it.
pub(crate) fn base_path(text: &str) -> Result<Base, String> {
    let path = text.trim().trim_end_matches('/');
    if path.is_empty() {
        return Ok(Base::default());
    }
    let plain = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let mut words = path.strip_prefix('/').unwrap_or_default().split('/');
    if !path.starts_with('/') || !words.clone().all(plain) {
        return Err("应以 / 开头，只含字母、数字、- 和 _，例如 /jigai".to_owned());
    }
    let first = words.next();
    if SITES.iter().any(|site| site.path.split('/').nth(1) == first) {
        return Err(format!("/{} 是本站自己的地址，请换一个，例如 /jigai", first.unwrap_or_default()));
    }
    Ok(Base(path.into()))
}

impl Base {
    /// `/jigai`; empty at `/`.
    pub(crate) fn path(&self) -> &str {
        &self.0
    }

    /// The part of an address behind the base; what stands elsewhere stays as it is.
    fn strip<'a>(&self, address: &'a str) -> &'a str {
        match address.strip_prefix(self.path()) {
            Some("") => "/",
            Some(rest) if rest.starts_with('/') => rest,
            _ => address,
        }
    }

    /// Where an address of ours stands for readers; what already stands there stays.
    fn place(&self, address: &str) -> String {
        let elsewhere = !address.starts_with('/') || address.starts_with("//");
        let placed =
            address.strip_prefix(self.path()).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']));
        if elsewhere || placed { address.to_owned() } else { format!("{}{address}", self.path()) }
    }

    /// A page with its addresses where they stand for readers. Text cannot contain a tag: it is escaped, so is each
    /// value.
    pub(crate) fn place_page(&self, page: String) -> String {
        if self.path().is_empty() {
            return page;
        }
        let mut placed = String::with_capacity(page.len() + page.len() / 16);
        let mut rest = page.as_str();
        while let Some(start) = rest.find('<') {
            placed.push_str(&rest[..start]);
            let end = rest[start..].find('>').map_or(rest.len(), |end| start + end + 1);
            let tag = &rest[start..end];
            self.place_tag(tag, &mut placed);
            rest = &rest[end..];
            // What a script says is no markup.
            if tag.starts_with("<script") {
                let end = rest.find("</script>").unwrap_or(rest.len());
                placed.push_str(&rest[..end]);
                rest = &rest[end..];
            }
        }
        placed.push_str(rest);
        placed
    }

    fn place_tag(&self, tag: &str, placed: &mut String) {
        let mut rest = tag;
        while let Some(at) = rest.find("=\"") {
            let (before, value) = (&rest[..at], &rest[at + 2..]);
            let end = value.find('"').unwrap_or(value.len());
            let name = before.rsplit(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default();
            placed.push_str(before);
            placed.push_str("=\"");
            match ADDRESSES.contains(&name) {
                true => placed.push_str(&self.place(&value[..end])),
                false => placed.push_str(&value[..end]),
            }
            rest = &value[end..];
            // The closing quote, so that it is not taken for an opening one.
            if let Some(after) = rest.strip_prefix('"') {
                placed.push('"');
                rest = after;
            }
        }
        placed.push_str(rest);
    }
}

/// The site at its base. A proxy may take the base away before it asks or leave it: both are understood.
pub(crate) fn under(base: Base, site: Router) -> Router {
    if base.path().is_empty() {
        return site;
    }
    // Only what wraps a router sees an address before it is looked up.
    Router::new().fallback_service(site).layer(middleware::from_fn_with_state(base, carry))
}

async fn carry(State(base): State<Base>, mut request: Request, next: Next) -> Response<Body> {
    let uri = request.uri();
    let address = uri.path_and_query().map_or("/", PathAndQuery::as_str);
    let split = address.find('?').unwrap_or(address.len());
    let inside = format!("{}{}", base.strip(&address[..split]), &address[split..]);
    let mut parts = uri.clone().into_parts();
    let Ok(inside) = inside.parse() else { return StatusCode::BAD_REQUEST.into_response() };
    parts.path_and_query = Some(inside);
    let Ok(uri) = Uri::from_parts(parts) else { return StatusCode::BAD_REQUEST.into_response() };
    *request.uri_mut() = uri;
    if let Some(page) = request.headers().get(header::REFERER).and_then(|referer| inside_of(&base, referer)) {
        request.headers_mut().insert(header::REFERER, page);
    }
    let (mut parts, body) = next.run(request).await.into_parts();
    if let Some(address) = parts.headers.get(header::LOCATION).and_then(|value| value.to_str().ok())
        && let Ok(placed) = HeaderValue::from_str(&base.place(address))
    {
        parts.headers.insert(header::LOCATION, placed);
    }
    // Packed pages were placed before they were packed and kept.
    if !is_html(&parts.headers) || parts.headers.contains_key(header::CONTENT_ENCODING) {
        return Response::from_parts(parts, body);
    }
    let Ok(body) = to_bytes(body, 16 * 1024 * 1024).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    let page = base.place_page(String::from_utf8_lossy(&body).into_owned());
    Response::from_parts(parts, Body::from(page))
}

/// The page that a request was sent from, as the program knows it.
fn inside_of(base: &Base, referer: &HeaderValue) -> Option<HeaderValue> {
    let text = referer.to_str().ok()?;
    let (scheme, rest) = text.split_once("://")?;
    let (host, path) = rest.split_at(rest.find('/')?);
    let split = path.find('?').unwrap_or(path.len());
    HeaderValue::from_str(&format!("{scheme}://{host}{}{}", base.strip(&path[..split]), &path[split..])).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_page(page: &str, expected: &str) {
        let base = base_path("/jigai").unwrap();
        assert_eq!(base.place_page(page.to_owned()), expected);
        assert_eq!(base.place_page(expected.to_owned()), expected, "a second time is no time");
    }

    #[test]
    fn addresses_of_a_page_get_the_base() {
        check_page(r#"<a href="/">x</a>"#, r#"<a href="/jigai/">x</a>"#);
        check_page(r#"<a class="k" href="/rank/p?a=/x">"#, r#"<a class="k" href="/jigai/rank/p?a=/x">"#);
        check_page(r#"<form method="post" action="/login">"#, r#"<form method="post" action="/jigai/login">"#);
        check_page(r#"<svg><a xlink:href="/u"></a></svg>"#, r#"<svg><a xlink:href="/jigai/u"></a></svg>"#);
        // Addresses elsewhere, within the page, and what only looks like an address.
        for same in [
            r##"<a href="#top">"##,
            r#"<a href="?by=growth">"#,
            r#"<a href="https://www.gov.cn/">"#,
            r#"<a href="//x">"#,
            r#"<input value="/rank/p" data-href="/x">"#,
            r#"<p>他写 href="/x"</p>"#,
            r#"<script>a < b; x = '<a href="/x">'</script>"#,
            r#"<a title="href=&quot;/x&quot;">"#,
        ] {
            check_page(same, same);
        }
    }

    #[test]
    fn what_comes_in_loses_the_base() {
        let base = base_path("/tongji/jigai/").unwrap();
        for (address, inside) in [
            ("/tongji/jigai", "/"),
            ("/tongji/jigai/", "/"),
            ("/tongji/jigai/plans", "/plans"),
            ("/tongji/jigai2/plans", "/tongji/jigai2/plans"),
            ("/plans", "/plans"),
        ] {
            assert_eq!(base.strip(address), inside, "{address}");
        }
    }

    #[test]
    fn a_base_is_no_address_of_ours() {
        assert_eq!(base_path("/").unwrap(), Base::default());
        for wrong in ["jigai", "/plans", "/export/x", "//", "/技改", "/a b", "/a//b", "/a/../b", "https://x/y"] {
            let read = base_path(wrong);
            assert!(read.is_err() || wrong == "//", "{wrong}: {read:?}");
        }
    }
}
