//! Every route on one screen, grouped by reader.

use std::sync::Arc;
use std::time::Duration;

use app::backend::Backend;
use app::routes::{App, BundleBuilt, RequestPath, shell};
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, Response, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Router, middleware};
use leptos::prelude::provide_context;
use leptos_axum::{LeptosRoutes, generate_route_list};
use rust_embed::EmbeddedFile;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::assets::{Assets, Bundle};
use crate::cache::ASK_EACH_TIME;
use crate::exports::export;
use crate::responses;
use crate::state::AppState;

/// Largest body of a form.
const BODY_LIMIT: usize = 256 * 1024;

pub(crate) fn router(state: AppState) -> Router {
    let pages = generate_route_list(App);
    let context = page_context(state.backend.clone());
    let fallback_state = state.clone();
    let layout = {
        let options = state.options.clone();
        move || shell(options.clone())
    };
    Router::new()
        // For machines that watch: liveness touches nothing, readiness asks the database.
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        // Files of this program.
        .route("/assets/{*file}", get(asset))
        .route("/pkg/{*file}", get(bundle))
        // Files of a page.
        .route("/export/{page}/{file}", get(export))
        // Pages, listed in app/src/routes.rs; server functions, listed in app/src/actions.rs, under /api/.
        .leptos_routes_with_context(&state, pages, context, layout)
        // Any other address: the page that says so.
        .fallback(move |request: Request| unknown_address(fallback_state, request))
        .layer(middleware::from_fn_with_state(state.clone(), responses::keep_pages))
        .layer(middleware::from_fn(responses::refuse_long_addresses))
        .layer(CsrfLayer::new())
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(10)))
        .layer(CatchPanicLayer::custom(responses::panicked))
        .layer(middleware::from_fn(responses::secure))
        .with_state(state)
}

/// What pages find in their context; the same for routes and for the fallback.
fn page_context(backend: Arc<dyn Backend>) -> impl Fn() + Clone + Send + Sync + 'static {
    move || {
        provide_context(backend.clone());
        provide_context(BundleBuilt(Bundle::iter().any(|file| file == "pkg/app.js")));
        if let Some(parts) = leptos::prelude::use_context::<axum::http::request::Parts>() {
            provide_context(RequestPath(parts.uri.path().to_owned()));
        }
    }
}

async fn unknown_address(state: AppState, request: Request) -> Response<Body> {
    let options = state.options.clone();
    let context = page_context(state.backend.clone());
    let render = leptos_axum::render_app_async_with_context(context, move || shell(options.clone()));
    let mut response = render(request).await.into_response();
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

async fn ready(State(state): State<AppState>) -> Response<Body> {
    match state.store.head().await {
        Ok(_) => "ok".into_response(),
        Err(error) => {
            let reference = crate::backend::unavailable(&error).reference;
            (StatusCode::SERVICE_UNAVAILABLE, reference).into_response()
        }
    }
}

async fn asset(Path(file): Path<String>, headers: HeaderMap) -> Response<Body> {
    // Plans and holidays are data, not files of pages.
    let found = file.ends_with(".css") || file.ends_with(".svg");
    serve(found.then(|| Assets::get(&file)).flatten(), &file, &headers)
}

async fn bundle(Path(file): Path<String>, headers: HeaderMap) -> Response<Body> {
    serve(Bundle::get(&format!("pkg/{file}")), &file, &headers)
}

fn serve(found: Option<EmbeddedFile>, name: &str, wishes: &HeaderMap) -> Response<Body> {
    let Some(file) = found else {
        return responses::sentence_page(StatusCode::NOT_FOUND, "没有这个文件", "没有这个文件。");
    };
    let etag = format!("\"{}\"", documents::canonical::sha256(&file.data)[..32].to_owned());
    if responses::knows(wishes, &etag) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response();
    }
    let mime = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let common = [
        (header::CONTENT_TYPE, mime.to_owned()),
        (header::CACHE_CONTROL, ASK_EACH_TIME.to_owned()),
        (header::ETAG, etag),
        (header::VARY, "accept-encoding".to_owned()),
    ];
    if responses::accepts_gzip(wishes) {
        return (common, [(header::CONTENT_ENCODING, "gzip")], crate::cache::gzip(&file.data)).into_response();
    }
    (common, file.data.into_owned()).into_response()
}
