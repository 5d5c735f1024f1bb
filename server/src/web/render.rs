//! Pages rendered in the name of whoever asks: by their route, or in answer to a form.

use std::borrow::Cow;

use app::routes::{BasePath, BundleBuilt, HasIsland, Insecure, RequestPath, shell};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, Method, Response, StatusCode, header};
use axum::response::IntoResponse;
use leptos::prelude::{IntoView, provide_context};
use office::posted::Posted;
use office::viewer::Viewer;

use super::asking::{Asking, Screen};
use super::sentence::sentence_page;
use super::sites;
use crate::assets::Bundle;
use crate::cache::NO_STORE;
use crate::state::AppState;

/// Whether the page of this address carries script.
pub(crate) fn has_island(path: &str) -> bool {
    sites::at(&Method::GET, path).is_some_and(|site| site.island)
}

/// What pages find in their context; the same for routes, for posts that render a page, and for the fallback.
pub(crate) fn page_context(state: AppState, posted: Option<Posted>) -> impl Fn() + Clone + Send + Sync + 'static {
    move || {
        let parts = leptos::prelude::use_context::<axum::http::request::Parts>();
        let viewer =
            parts.as_ref().and_then(|parts| parts.extensions.get::<Asking>()).and_then(|asking| asking.0.clone());
        let screen = parts.as_ref().is_some_and(|parts| parts.extensions.get::<Screen>().is_some());
        provide_context(if screen { state.backend_for_screen() } else { state.backend_for(viewer) });
        provide_context(BundleBuilt(Bundle::iter().any(|file| file == "pkg/app.js")));
        provide_context(Insecure(state.insecure));
        provide_context(BasePath(state.front.base.path().to_owned()));
        if let Some(posted) = posted.clone() {
            provide_context(posted);
        }
        if let Some(parts) = parts {
            let path = parts.uri.path();
            provide_context(HasIsland(has_island(path)));
            provide_context(RequestPath(path.to_owned()));
        }
    }
}

/// Renders the page of an address with what was posted in its context.
pub(crate) async fn render(
    state: &AppState,
    viewer: Option<&Viewer>,
    address: &str,
    posted: Posted,
    status: StatusCode,
) -> Response<Body> {
    render_with(state, viewer, address, posted, None::<()>, status).await
}

/// The same with something more for the page to show.
pub(crate) async fn render_with<T: Clone + Send + Sync + 'static>(
    state: &AppState,
    viewer: Option<&Viewer>,
    address: &str,
    posted: Posted,
    more: Option<T>,
    status: StatusCode,
) -> Response<Body> {
    let options = state.options.clone();
    let base = page_context(state.clone(), Some(posted));
    let context = move || {
        base();
        if let Some(more) = more.clone() {
            provide_context(more);
        }
    };
    finish(viewer, address, status, context, move || shell(options.clone())).await
}

/// Renders a page with this context and status; an error of the page itself outranks the status.
pub(crate) async fn finish<V: IntoView + 'static>(
    viewer: Option<&Viewer>,
    address: &str,
    status: StatusCode,
    context: impl Fn() + Clone + Send + Sync + 'static,
    layout: impl Fn() -> V + Clone + Send + Sync + 'static,
) -> Response<Body> {
    let Ok(request) = Request::builder().uri(address).extension(Asking(viewer.cloned())).body(Body::empty()) else {
        return sentence_page(StatusCode::BAD_REQUEST, "地址有误", "地址有误，请从首页重新进入。");
    };
    let page = leptos_axum::render_app_async_with_context(context, layout);
    let (mut parts, body) = page(request).await.into_response().into_parts();
    let Ok(body) = to_bytes(body, 16 * 1024 * 1024).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let path = address.split('?').next().unwrap_or_default();
    let body = if has_island(path) { body } else { without_scripts(&body) };
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(NO_STORE));
    if parts.status == StatusCode::OK {
        parts.status = status;
    }
    Response::from_parts(parts, Body::from(body))
}

/// Pages without an island carry no script at all. The framework ends every page with inline scripts for islands that
/// are not there, and marks between its parts; user text cannot contain a tag, it is escaped.
pub(crate) fn without_scripts(body: &[u8]) -> Bytes {
    let text = std::str::from_utf8(body).map_or_else(|_| String::from_utf8_lossy(body), Cow::Borrowed);
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.as_ref();
    while let Some(start) = rest.find("<script") {
        kept.push_str(&rest[..start]);
        rest = rest[start..].find("</script>").map_or("", |end| &rest[start + end + "</script>".len()..]);
    }
    kept.push_str(rest);
    // Marks for islands to find their place by; text that looks like one is escaped.
    Bytes::from(kept.replace("<!>", ""))
}
