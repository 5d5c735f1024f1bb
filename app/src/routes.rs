//! The HTML shell and every page's route on one screen.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::{MetaTags, provide_meta_context};
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

use crate::pages::*;

/// The document around every page. Only pages with an island ask for the bundle.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="zh-CN">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <link rel="stylesheet" href="/assets/app.css" />
                <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
                <IslandScripts options />
                <Reload />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

#[component]
fn IslandScripts(options: LeptosOptions) -> impl IntoView {
    let has_island = use_context::<HasIsland>().is_some_and(|page| page.0);
    let bundled = use_context::<BundleBuilt>().is_some_and(|built| built.0);
    let wanted = bundled && has_island;
    if wanted && let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) {
        // The bundle's loader is an inline script: only this page may run one, and only with this number.
        let policy = format!("{CONTENT_POLICY}; script-src 'self' 'wasm-unsafe-eval' 'nonce-{nonce}'");
        if let Ok(policy) = policy.parse() {
            response.insert_header(http::header::CONTENT_SECURITY_POLICY, policy);
        }
    }
    wanted.then(|| {
        let base = use_context::<BasePath>().map(|base| base.0).unwrap_or_default();
        view! {
            <meta name=crate::wire::BASE content=base.clone() />
            <script nonce=use_nonce()>{SOON_IDLE}</script>
            <HydrationScripts options islands=true root=base />
        }
    })
}

/// The bundle's loader waits until the browser is idle, which a busy machine may never be: a form would then stay
/// without its helper. It waits half a second at most.
const SOON_IDLE: &str = "((idle) => { if (idle) window.requestIdleCallback = (work) => \
                         idle.call(window, work, { timeout: 500 }) })(window.requestIdleCallback)";

/// A wall screen without script loads its page anew by itself.
#[component]
fn Reload() -> impl IntoView {
    let is_board = use_context::<RequestPath>().is_some_and(|path| path.0 == "/board");
    is_board.then(|| {
        view! {
            <noscript>
                <meta http-equiv="refresh" content="300" />
            </noscript>
        }
    })
}

/// What a page may load: nothing from elsewhere, no inline styles, no frames.
pub const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                                  form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";

/// Stands in pages for the address under which the reader knows this site, which only the server knows.
pub const ORIGIN: &str = "https://origin.invalid";

/// The path being answered, provided by the server.
#[derive(Clone)]
pub struct RequestPath(pub String);

/// Whether the page being answered holds an island, provided by the server from its table of sites.
#[derive(Clone, Copy)]
pub struct HasIsland(pub bool);

/// The path of the proxy's under which the site stands, `/jigai` or nothing: what the browser's code asks for by itself
/// stands there. What pages hold gets it when they leave the program.
#[derive(Clone)]
pub struct BasePath(pub String);

/// Whether the connection is not encrypted although it leaves this machine: every page then says so.
#[derive(Clone, Copy)]
pub struct Insecure(pub bool);

/// Whether the browser's bundle exists: before it is built, no page asks for it.
#[derive(Clone, Copy)]
pub struct BundleBuilt(pub bool);

/// Every page. Reads no context itself: the server also runs it outside any request, to list the routes.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let whole = SsrMode::Async;
    view! {
        <Router>
            <FlatRoutes fallback=not_found::NotFound>
                <Route path=path!("/") view=home::Home ssr=whole.clone() />
                <Route path=path!("/bulletins") view=bulletins::Bulletins ssr=whole.clone() />
                <Route path=path!("/bulletins/:plan/:period") view=bulletin::NewestBulletin ssr=whole.clone() />
                <Route path=path!("/bulletins/:plan/:period/print") view=bulletin::PrintedBulletin ssr=whole.clone() />
                <Route path=path!("/bulletins/:plan/:period/:edition") view=bulletin::FixedBulletin ssr=whole.clone() />
                <Route path=path!("/bulletins/:plan/:period/:edition/paper") view=paper::PaperPage ssr=whole.clone() />
                <Route
                    path=path!("/bulletins/:plan/:period/:edition/print")
                    view=bulletin::PrintedBulletin
                    ssr=whole.clone()
                />
                <Route
                    path=path!("/publications/:plan/:kind/:subject/:period")
                    view=publications::PublicationPage
                    ssr=whole.clone()
                />
                <Route
                    path=path!("/publications/:plan/:kind/:subject/:period/:edition")
                    view=publications::PublicationPage
                    ssr=whole.clone()
                />
                <Route path=path!("/board") view=board::Board ssr=whole.clone() />
                <Route path=path!("/progress/:plan/:period") view=progress::Progress ssr=whole.clone() />
                <Route path=path!("/tasks/:plan") view=tasks::Tasks ssr=whole.clone() />
                <Route path=path!("/claims/:plan/:year") view=claims::Claims ssr=whole.clone() />
                <Route path=path!("/claims/:plan/:year/budget") view=claim_budget::ClaimBudget ssr=whole.clone() />
                <Route path=path!("/policies/:plan") view=policies::PolicyList ssr=whole.clone() />
                <Route path=path!("/selections/:plan") view=selections::SelectionList ssr=whole.clone() />
                <Route
                    path=path!("/selections/:plan/:selection/:year")
                    view=selection::SelectionPage
                    ssr=whole.clone()
                />
                <Route
                    path=path!("/selections/:plan/:selection/:year/import")
                    view=selection_import::SelectionImport
                    ssr=whole.clone()
                />
                <Route path=path!("/funds/:plan") view=funds::Funds ssr=whole.clone() />
                <Route path=path!("/firms/:id") view=firm::FirmPage ssr=whole.clone() />
                <Route path=path!("/funds/:plan/import") view=fund_import::FundImport ssr=whole.clone() />
                <Route path=path!("/rosters/:plan") view=rosters::Rosters ssr=whole.clone() />
                <Route path=path!("/lists/:plan") view=lists::Lists ssr=whole.clone() />
                <Route path=path!("/lists/:plan/import") view=lists::ListImport ssr=whole.clone() />
                <Route path=path!("/projects/:plan") view=projects::ProjectList ssr=whole.clone() />
                <Route path=path!("/projects/:plan/lag") view=projects::ProjectLag ssr=whole.clone() />
                <Route path=path!("/projects/:plan/matters") view=project_matters::ProjectMatters ssr=whole.clone() />
                <Route path=path!("/projects/:plan/officials") view=officials::Officials ssr=whole.clone() />
                <Route path=path!("/projects/:plan/import") view=project_import::ProjectImport ssr=whole.clone() />
                <Route path=path!("/projects/:plan/new") view=project::NewProject ssr=whole.clone() />
                <Route path=path!("/projects/:plan/:project") view=project::ProjectSheet ssr=whole.clone() />
                <Route path=path!("/meetings/:plan") view=project_matters::Meetings ssr=whole.clone() />
                <Route path=path!("/rank/:plan/:period") view=rank::Rank ssr=whole.clone() />
                <Route path=path!("/units/:plan") view=units::Units ssr=whole.clone() />
                <Route path=path!("/units/:plan/:region") view=unit::Unit ssr=whole.clone() />
                <Route path=path!("/plans") view=plans::Plans ssr=whole.clone() />
                <Route path=path!("/plans/new") view=plan_edit::NewPlan ssr=whole.clone() />
                <Route path=path!("/plans/:plan/edit") view=plan_edit::EditPlan ssr=whole.clone() />
                <Route path=path!("/plans/:plan") view=plan::PlanPage ssr=whole.clone() />
                <Route path=path!("/plans/:plan/changes") view=plan_changes::PlanChanges ssr=whole.clone() />
                <Route path=path!("/assess/:plan") view=assess::Assess ssr=whole.clone() />
                <Route path=path!("/assess/:plan/readings") view=readings::Readings ssr=whole.clone() />
                <Route path=path!("/assess/:plan/year-end") view=year_end::YearEndPage ssr=whole.clone() />
                <Route path=path!("/assess/:plan/year-end/print") view=year_end::YearEndSheet ssr=whole.clone() />
                <Route path=path!("/assess/:plan/year-end/:region") view=year_end::UnitYearEnd ssr=whole.clone() />
                <Route path=path!("/assess/:plan/objections") view=objections::Objections ssr=whole.clone() />
                <Route path=path!("/assess/:plan/:region") view=assess_unit::AssessUnit ssr=whole.clone() />
                <Route path=path!("/report/:plan/:period") view=report::OwnReport ssr=whole.clone() />
                <Route path=path!("/report/:plan/:period/:region") view=report::ReportForm ssr=whole.clone() />
                <Route path=path!("/report/:plan/:period/:region/check") view=report::CheckReport ssr=whole.clone() />
                <Route path=path!("/report/:plan/:period/:region/receipt") view=report::Receipt ssr=whole.clone() />
                <Route path=path!("/report/:plan/:period/:region/print") view=report::SignSheet ssr=whole.clone() />
                <Route path=path!("/report/:plan/:period/:region/history") view=history::History ssr=whole.clone() />
                <Route path=path!("/rank/:plan/:period/years") view=years::YearsPage ssr=whole.clone() />
                <Route path=path!("/review/:plan/timeliness") view=timeliness::TimelinessPage ssr=whole.clone() />
                <Route path=path!("/review/:plan/:period") view=review::Review ssr=whole.clone() />
                // What is spelled out stands before what is a parameter.
                <Route path=path!("/review/:plan/:period/figures") view=figures::BureauFigures ssr=whole.clone() />
                <Route path=path!("/review/:plan/:period/texts") view=review_texts::ReviewTexts ssr=whole.clone() />
                <Route path=path!("/review/:plan/:period/:region") view=review::ReviewUnit ssr=whole.clone() />
                <Route path=path!("/watch/:plan") view=watch::Watch ssr=whole.clone() />
                <Route path=path!("/watch/:plan/:region") view=watch::WatchUnit ssr=whole.clone() />
                <Route path=path!("/publish/:plan/:period") view=publish::Publish ssr=whole.clone() />
                <Route
                    path=path!("/publish/:plan/:period/:comparison")
                    view=publications::PublishComparison
                    ssr=whole.clone()
                />
                <Route path=path!("/import/:plan") view=import::Import ssr=whole.clone() />
                <Route path=path!("/exports") view=exports::Exports ssr=whole.clone() />
                <Route path=path!("/login") view=login::Login ssr=whole.clone() />
                <Route path=path!("/setup") view=login::Setup ssr=whole.clone() />
                <Route path=path!("/account") view=account::Account ssr=whole.clone() />
                <Route path=path!("/admin/users") view=admin::Users ssr=whole.clone() />
                <Route path=path!("/admin/posts") view=admin::Posts ssr=whole.clone() />
                <Route path=path!("/admin/people") view=people::People ssr=whole.clone() />
                <Route path=path!("/periods") view=periods::Periods ssr=whole.clone() />
                <Route path=path!("/calendar") view=periods::CalendarPage ssr=whole.clone() />
                <Route path=path!("/start") view=start::Start ssr=whole.clone() />
                <Route path=path!("/admin/requests") view=admin::Requests ssr=whole.clone() />
                <Route path=path!("/search") view=search::Search ssr=whole.clone() />
                <Route path=path!("/admin/holidays") view=holidays::Holidays ssr=whole.clone() />
                <Route path=path!("/admin/policy") view=admin::Policy ssr=whole.clone() />
                <Route path=path!("/audit") view=admin::Audit ssr=whole.clone() />
                <Route path=path!("/audit/views") view=admin::Views ssr=whole.clone() />
                <Route path=path!("/help") view=help::Help ssr=whole.clone() />
                <Route path=path!("/about") view=about::About ssr=whole />
            </FlatRoutes>
        </Router>
    }
}
