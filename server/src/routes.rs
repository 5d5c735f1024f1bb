//! Every route on one screen, grouped by reader.

use app::routes::{App, shell};
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderMap, Method, Response, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, get, post};
use axum::{Router, middleware};
use leptos_axum::{LeptosRoutes, generate_route_list};
use rust_embed::EmbeddedFile;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;

use crate::assets::{Assets, Bundle};
use crate::cache::ASK_EACH_TIME;
use crate::exports::export;
use crate::forms::{
    account, admin, assess, claims, evidence, fund_import, funds, import, lists, people, plans, projects, publish,
    report, review, rosters, selection_import, selections, tasks, watch,
};
use crate::state::AppState;
use crate::web::render::page_context;
use crate::web::{bodies, front, gate, keep, sentence, session, sites};
use crate::{due, head, jobs, look, screen, trail};

pub(crate) fn router(state: AppState) -> Router {
    let pages = generate_route_list(App);
    let layout = {
        let options = state.options.clone();
        move || shell(options.clone())
    };
    let functions = server_fn::axum::server_fn_paths();
    let known =
        pages.iter().map(|page| (Method::GET, page.path())).chain(functions.map(|(path, method)| (method, path)));
    let missing = sites::missing(known);
    assert!(missing.is_empty(), "server/src/web/sites.rs does not say who may come to {missing:?}");
    let fallback_state = state.clone();
    Gated(Router::new())
        // For machines that watch: liveness touches nothing, readiness writes.
        .on(Method::GET, "/healthz", get(|| async { "ok" }))
        .on(Method::GET, "/readyz", get(ready))
        // Files of this program.
        .on(Method::GET, "/assets/{*file}", get(asset))
        .on(Method::GET, "/pkg/{*file}", get(bundle))
        // Files of a page.
        .on(Method::GET, "/export/{page}/{file}", get(export))
        // A month's figures from the office's own table.
        .on(Method::POST, "/import/{plan}/upload", post(import::upload))
        .on(Method::POST, "/import/{plan}", post(import::import))
        // Long exports: asked for, and fetched when they are made.
        .on(Method::POST, "/exports", post(jobs::ask))
        .on(Method::GET, "/exports/{id}", get(jobs::fetch))
        // A wall screen comes with its key once.
        .on(Method::GET, "/board/{key}", get(screen::enter))
        // How pages look in this browser.
        .on(Method::POST, "/look", post(look::change))
        // Coming and going.
        .on(Method::POST, "/login", post(session::log_in))
        .on(Method::POST, "/logout", post(session::log_out))
        .on(Method::POST, "/setup", post(account::set_up))
        .on(Method::POST, "/account/password", post(account::change_password))
        .on(Method::POST, "/account/sessions", post(account::end_sessions))
        .on(Method::POST, "/account/totp", post(account::change_totp))
        .on(Method::POST, "/account/seen", post(account::seen))
        // The entry form and the steps of a return.
        .on(Method::POST, "/report/{plan}/{period}/{region}/save", post(report::save))
        .on(Method::POST, "/report/{plan}/{period}/{region}/upload", post(report::upload))
        .on(Method::POST, "/report/{plan}/{period}/{region}/step", post(report::step))
        .on(Method::POST, "/report/{plan}/{period}/{region}/message", post(report::message))
        // Files with what is reported.
        .on(Method::POST, "/evidence/{plan}", post(evidence::change))
        .on(Method::GET, "/evidence/{plan}/{number}", get(evidence::download))
        // The office.
        .on(Method::POST, "/review/{plan}/{period}/exception", post(publish::exception))
        .on(Method::POST, "/review/{plan}/{period}/approve", post(review::approve))
        .on(Method::POST, "/review/{plan}/{period}/undo", post(review::undo))
        .on(Method::POST, "/review/{plan}/{period}/figures", post(review::figures))
        .on(Method::POST, "/bulletins/{plan}/{period}/{edition}/receipt", post(publish::receipt))
        .on(Method::POST, "/bulletins/{plan}/{period}/{edition}/paper", post(publish::letterhead))
        .on(Method::POST, "/plans/new", post(plans::create))
        .on(Method::POST, "/plans/new/table", post(plans::new_table))
        .on(Method::POST, "/plans/{plan}/edit", post(plans::revise))
        .on(Method::POST, "/plans/{plan}/changes", post(plans::decide))
        .on(Method::POST, "/plans/{plan}/edit/table", post(plans::edit_table))
        .on(Method::POST, "/assess/{plan}/year-end", post(assess::year_end))
        .on(Method::POST, "/assess/{plan}/year-end/all", post(assess::verify_all))
        .on(Method::POST, "/assess/{plan}/year-end/{region}", post(assess::unit_year_end))
        .on(Method::POST, "/watch/{plan}", post(watch::watch))
        .on(Method::POST, "/progress/{plan}/{period}", post(assess::average))
        .on(Method::POST, "/tasks/{plan}", post(tasks::step))
        .on(Method::POST, "/claims/{plan}/{year}", post(claims::step))
        .on(Method::POST, "/claims/{plan}/{year}/notice", post(claims::notice))
        .on(Method::POST, "/claims/{plan}/{year}/objection", post(claims::objection))
        .on(Method::POST, "/selections/{plan}/{selection}/{year}", post(selections::step))
        .on(Method::POST, "/selections/{plan}/{selection}/{year}/publish", post(selections::publish))
        .on(Method::POST, "/selections/{plan}/{selection}/{year}/import", post(selection_import::import))
        .on(Method::POST, "/selections/{plan}/{selection}/{year}/import/upload", post(selection_import::upload))
        .on(Method::POST, "/funds/{plan}", post(funds::step))
        .on(Method::POST, "/funds/{plan}/import", post(fund_import::import))
        .on(Method::POST, "/funds/{plan}/import/upload", post(fund_import::upload))
        .on(Method::POST, "/rosters/{plan}", post(rosters::step))
        .on(Method::POST, "/lists/{plan}", post(lists::keep))
        .on(Method::POST, "/lists/{plan}/import", post(lists::import))
        .on(Method::POST, "/lists/{plan}/import/upload", post(lists::upload))
        .on(Method::POST, "/projects/{plan}/import", post(projects::import))
        .on(Method::POST, "/projects/{plan}/import/upload", post(projects::upload))
        .on(Method::POST, "/projects/{plan}/new", post(projects::create))
        .on(Method::POST, "/projects/{plan}/matters", post(projects::matters))
        .on(Method::POST, "/projects/{plan}/officials", post(projects::officials))
        .on(Method::POST, "/projects/{plan}/{project}", post(projects::revise))
        .on(Method::POST, "/projects/{plan}/{project}/contact", post(projects::contact))
        .on(Method::POST, "/projects/{plan}/{project}/visit", post(projects::visit))
        .on(Method::POST, "/projects/{plan}/{project}/node", post(projects::node))
        .on(Method::POST, "/projects/{plan}/{project}/leave", post(projects::leave))
        .on(Method::POST, "/meetings/{plan}", post(projects::meeting))
        .on(Method::POST, "/review/{plan}/{period}/texts", post(tasks::texts))
        .on(Method::POST, "/assess/{plan}/objections", post(assess::object))
        .on(Method::POST, "/assess/{plan}/objections/answer", post(assess::answer))
        .on(Method::POST, "/assess/{plan}/readings", post(assess::readings))
        .on(Method::POST, "/publish/{plan}/{period}", post(publish::publish))
        .on(Method::POST, "/publish/{plan}/{period}/{comparison}", post(publish::comparison))
        .on(Method::POST, "/publications/{plan}/{kind}/{subject}/{period}/{edition}/receipt", post(publish::signed))
        .on(Method::GET, "/calendar.ics", get(due::calendar))
        .on(Method::GET, "/outbox/{key}/{file}", get(due::outbox))
        .on(Method::POST, "/admin/outbox", post(due::change_key))
        // Administrators.
        .on(Method::POST, "/admin/users/new", post(admin::new_user))
        .on(Method::POST, "/admin/users/change", post(admin::change_user))
        .on(Method::POST, "/admin/posts/new", post(admin::new_post))
        .on(Method::POST, "/admin/posts/appoint", post(admin::appoint))
        .on(Method::POST, "/admin/posts/change", post(admin::change_post))
        .on(Method::GET, "/admin/people/blank.xlsx", get(people::blank))
        .on(Method::POST, "/admin/people", post(people::people))
        .on(Method::POST, "/admin/people/upload", post(people::upload))
        .on(Method::POST, "/admin/requests", post(admin::requests))
        .on(Method::POST, "/admin/holidays", post(admin::holidays))
        .on(Method::POST, "/admin/policy", post(admin::policy))
        .on(Method::POST, "/admin/screen", post(screen::change))
        .on(Method::GET, "/audit/head", get(head::download))
        .on(Method::GET, "/audit/trail.jsonl", get(trail::chain))
        .on(Method::GET, "/audit/views.jsonl", get(trail::views))
        .0
        // Pages, listed in app/src/routes.rs; server functions, listed in app/src/actions.rs, under /api/.
        .leptos_routes_with_context(&state, pages, page_context(state.clone(), None), layout)
        // Any other address: the page that says so.
        .fallback(move |request: Request| unknown_address(fallback_state, request))
        .layer(middleware::from_fn_with_state(state.clone(), keep::keep_pages))
        .layer(middleware::from_fn(bodies::limit_bodies))
        .layer(middleware::from_fn_with_state(state.clone(), gate::gate))
        .layer(middleware::from_fn(keep::refuse_long_addresses))
        .layer(CsrfLayer::new())
        .layer(middleware::from_fn(bodies::limit_time))
        .layer(middleware::from_fn_with_state(state.front.clone(), front::face))
        .layer(DefaultBodyLimit::disable())
        .layer(CatchPanicLayer::custom(sentence::panicked))
        .layer(middleware::from_fn_with_state(state.secure, keep::secure))
        .with_state(state)
}
/// A router that takes no route without its line in the table of access.
struct Gated(Router<AppState>);

impl Gated {
    fn on(self, method: Method, path: &str, handler: MethodRouter<AppState>) -> Self {
        assert!(
            sites::of(&method, path).is_some(),
            "server/src/web/sites.rs does not say who may come to {method} {path}"
        );
        Self(self.0.route(path, handler))
    }
}

async fn unknown_address(state: AppState, request: Request) -> Response<Body> {
    let options = state.options.clone();
    let render = leptos_axum::render_app_async_with_context(page_context(state, None), move || shell(options.clone()));
    let mut response = render(request).await.into_response();
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

async fn ready(State(state): State<AppState>) -> Response<Body> {
    let (status, text) = match state.readiness.now(&state.store, state.clock.now()).await {
        Ok(what) => (StatusCode::OK, what),
        Err(what) => (StatusCode::SERVICE_UNAVAILABLE, what),
    };
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

async fn asset(Path(file): Path<String>, headers: HeaderMap) -> Response<Body> {
    // Plans and holidays are data, not files of pages.
    let found = [".css", ".svg", ".png"].iter().any(|kind| file.ends_with(kind));
    serve(found.then(|| Assets::get(&file)).flatten(), &file, &headers)
}

async fn bundle(Path(file): Path<String>, headers: HeaderMap) -> Response<Body> {
    serve(Bundle::get(&format!("pkg/{file}")), &file, &headers)
}

fn serve(found: Option<EmbeddedFile>, name: &str, wishes: &HeaderMap) -> Response<Body> {
    let Some(file) = found else {
        return sentence::sentence_page(StatusCode::NOT_FOUND, "没有这个文件", "没有这个文件。");
    };
    // Of a release this hash was taken when the program was built.
    let etag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..16]));
    if keep::knows(wishes, &etag) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response();
    }
    let mime = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    };
    let common = [
        (header::CONTENT_TYPE, mime.to_owned()),
        (header::CACHE_CONTROL, ASK_EACH_TIME.to_owned()),
        (header::ETAG, etag.clone()),
        (header::VARY, "accept-encoding".to_owned()),
    ];
    if keep::accepts_gzip(wishes) {
        let packed = crate::assets::packed(&etag, &file.data);
        return (common, [(header::CONTENT_ENCODING, "gzip")], packed).into_response();
    }
    (common, file.data.into_owned()).into_response()
}
