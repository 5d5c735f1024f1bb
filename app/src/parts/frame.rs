//! The frame of every page: title, navigation, the demo banner, the footer.

use chrono::Datelike;
use domain::month::Period;
use domain::plan::Plan;
use domain::rights::Role;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::{Meta, Title};
use leptos_router::hooks::use_location;

use super::{PageError, links};
use crate::backend::backend;
use crate::guide::{self, Guide};
use crate::load::newest_edition;
use crate::routes::{Insecure, ORIGIN};
use office::viewer::Viewer;

/// Which entry of the navigation a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Menu {
    Newest,
    Bulletins,
    Progress,
    Rank,
    Units,
    Assess,
    Plans,
    Projects,
    Help,
    Todo,
    Periods,
    Review,
    Account,
    Users,
    Posts,
    Policy,
    Holidays,
    Audit,
}

/// A loaded page.
pub(crate) struct Page {
    pub(crate) title: String,
    /// One sentence for readers who see only a link to the page.
    pub(crate) description: String,
    pub(crate) menu: Menu,
    pub(crate) body: AnyView,
    pub(crate) layout: Layout,
}

/// What stands around a page's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    Usual,
    /// A4 sheets.
    Print,
    /// A wall screen: the body alone.
    Wall,
}

impl Page {
    pub(crate) fn new(title: impl Into<String>, menu: Menu, body: impl IntoView + 'static) -> Self {
        let title = title.into();
        Self { description: title.clone(), title, menu, body: body.into_any(), layout: Layout::Usual }
    }
}

const PRODUCT: &str = "技改投资目标跟踪";
pub(crate) const DEMO: &str = "演示数据，非官方统计";

/// Loads a page and renders it whole, or renders the error with its status.
pub(crate) fn page(load: impl Future<Output = Result<Page, PageError>> + Send + 'static) -> impl IntoView {
    let rendered = async move {
        let found = load.await;
        let nav = Nav::load().await;
        match (found, nav) {
            (Ok(page), Ok(nav)) => framed(page, nav),
            (Err(error), nav) => failed(&error, nav.unwrap_or_default()),
            (Ok(_), Err(error)) => failed(&error.into(), Nav::default()),
        }
    };
    view! { <Suspense>{Suspend::new(rendered)}</Suspense> }
}

fn failed(error: &PageError, nav: Nav) -> AnyView {
    if let Some(response) = use_context::<ResponseOptions>() {
        let status = axum_status(error.status());
        response.set_status(status);
    }
    framed(Page::new(error.title(), Menu::Help, error.view()), nav)
}

fn axum_status(code: u16) -> http::StatusCode {
    http::StatusCode::from_u16(code).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR)
}

/// What every page's navigation needs to know.
#[derive(Default)]
struct Nav {
    demo: bool,
    plan: Option<NavPlan>,
    /// The title of the plan one is in.
    title: Option<String>,
    /// The plans one may change to, the reader's own office's first: title, address, whether it is this one.
    choices: Vec<(String, String, bool)>,
}

/// The plan whose ranking, units and assessment the navigation opens, at its newest published period.
struct NavPlan {
    id: String,
    period: Period,
    /// Its target is split among units; one without has its goals alone.
    is_split: bool,
}

impl Nav {
    /// The plan that is being read, where something of it is published; else what the reader's office published last.
    async fn load() -> Result<Self, office::facts::Unavailable> {
        let backend = backend();
        // Not the parameters of its route: a page that says that there is no such address has none.
        let path = use_location().pathname.get_untracked();
        let read = path.split('/').nth(2).filter(|plan| !plan.is_empty());
        let office = backend.viewer().and_then(|viewer| viewer.post.as_ref()?.domain.office.clone());
        let plans = backend.plans().await?;
        let plans: Vec<&Plan> = plans.iter().map(|version| &*version.plan).collect();
        // Whoever has a post is in the plan his office works on, wherever the page is of none.
        let year = domain::calendar::at_shanghai(backend.now()).year();
        let running = |plan: &&&Plan| {
            Some(plan.region.id()) == office.as_deref() && (plan.years.0..=plan.years.1).contains(&year)
        };
        let here = read.and_then(|read| plans.iter().find(|plan| plan.id == read));
        let here = here.or_else(|| plans.iter().filter(running).max_by_key(|plan| plan.years.0));
        let of_here = match here {
            Some(here) => newest_edition(Some(&here.id), None).await?,
            None => None,
        };
        let newest = match of_here {
            Some(newest) => Some(newest),
            None => newest_edition(None, office.as_deref()).await?,
        };
        let plan = newest.map(|edition| {
            let plan = plans.iter().find(|plan| plan.id == edition.plan);
            let is_split = plan.is_none_or(|plan| !plan.default_goal().splits.is_empty());
            NavPlan { id: edition.plan, period: edition.period, is_split }
        });
        let here = here.or_else(|| plans.iter().find(|other| plan.as_ref().is_some_and(|plan| plan.id == other.id)));
        let own = |plan: &Plan| Some(plan.region.id()) == office.as_deref();
        let mut ordered = plans.clone();
        ordered.sort_by_key(|plan| (!own(plan), std::cmp::Reverse(plan.years)));
        let editions = backend.editions().await?;
        let published = |plan: &Plan| editions.iter().find(|edition| edition.plan == plan.id).map(|of| of.period);
        let choices = ordered.iter().map(|plan| {
            let is_here = here.is_some_and(|here| here.id == plan.id);
            (plan.title.clone(), beside(&path, plan, published(plan)), is_here)
        });
        let choices = choices.collect();
        Ok(Self { demo: backend.is_demo().await?, title: here.map(|plan| plan.title.clone()), choices, plan })
    }
}

/// The page of another plan that answers the page one is on; where it has none, its newest bulletin, or the plan.
fn beside(path: &str, plan: &Plan, published: Option<Period>) -> String {
    let kind = path.split('/').nth(1).unwrap_or_default();
    match (kind, published) {
        ("rank", Some(period)) => links::rank(&plan.id, period),
        ("progress", Some(period)) => links::progress(&plan.id, period),
        ("units" | "assess", Some(_)) => format!("/{kind}/{}", plan.id),
        ("plans" | "tasks", _) | (_, None) => format!("/plans/{}", plan.id),
        (_, Some(period)) => links::bulletin(&plan.id, period),
    }
}

/// 这一页怎么用, at the same place on every page.
fn page_help(guide: &Guide) -> AnyView {
    view! {
        <details class="page-help">
            <summary>"这一页怎么用"</summary>
            <dl>
                <dt>"这是什么"</dt>
                <dd>{guide.what}</dd>
                <dt>"可以做什么"</dt>
                <dd>{guide.can}</dd>
                <dt>"接下来"</dt>
                <dd>{guide.next}</dd>
            </dl>
        </details>
    }
    .into_any()
}

/// The plan one is in, and the others.
fn plan_bar(nav: &Nav) -> Option<AnyView> {
    let title = nav.title.clone()?;
    let named = view! { <b>{title}</b> };
    if nav.choices.len() < 2 {
        return Some(view! { <p class="plan-bar">{named}</p> }.into_any());
    }
    let choices = nav.choices.iter().map(|(title, address, here)| {
        view! {
            <li>
                <a href=address.clone() aria-current=here.then_some("true")>
                    {title.clone()}
                </a>
            </li>
        }
    });
    let choices = choices.collect_view();
    Some(
        view! {
            <details class="plan-bar">
                <summary>{named}<span>"换计划"</span></summary>
                <ul>{choices}</ul>
            </details>
        }
        .into_any(),
    )
}

/// The inside of a `<textarea>`: a first line end is not part of it.
pub(crate) fn area(text: &str) -> String {
    format!("\n{}", escaped(text))
}

/// What is wrong or did not happen, said before anything else of the page.
pub(crate) fn alert(sentence: String) -> impl IntoView {
    view! {
        <p class="notice act" role="alert">
            {sentence}
        </p>
    }
}

/// `<Title>` and `<textarea>` write their text as it is; everything else of a page is escaped by the framework.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The navigation's entries for whoever asks, at most seven.
fn entries(nav: &Nav, viewer: Option<&Viewer>) -> Vec<(Menu, &'static str, String)> {
    let role = viewer.and_then(Viewer::role);
    let staff = role.is_some_and(|role| role.is_county() || role.is_office());
    let mut entries = match role {
        _ if staff => vec![
            (Menu::Todo, "待办", "/".to_owned()),
            (Menu::Periods, "各期", "/periods".to_owned()),
            (Menu::Bulletins, "通报", "/bulletins".to_owned()),
        ],
        Some(Role::SystemAdmin) => {
            let own = [(Menu::Users, "账号", "/admin/users"), (Menu::Holidays, "放假", "/admin/holidays")];
            let all = own.into_iter().chain([(Menu::Bulletins, "通报", "/bulletins")]);
            all.map(|(menu, name, link)| (menu, name, link.to_owned())).collect()
        }
        Some(Role::SecurityAdmin) => {
            let own = vec![
                (Menu::Posts, "岗位", "/admin/posts".to_owned()),
                (Menu::Policy, "策略", "/admin/policy".to_owned()),
            ];
            own.into_iter().chain([(Menu::Bulletins, "通报", "/bulletins".to_owned())]).collect()
        }
        Some(Role::AuditAdmin) => {
            vec![(Menu::Audit, "审计", "/audit".to_owned()), (Menu::Bulletins, "通报", "/bulletins".to_owned())]
        }
        _ => vec![(Menu::Newest, "本期", "/".to_owned()), (Menu::Bulletins, "往期", "/bulletins".to_owned())],
    };
    match nav.plan.as_ref().filter(|_| !role.is_some_and(Role::is_admin)) {
        Some(NavPlan { id, period, is_split: true }) => {
            entries.push((Menu::Rank, "排名", links::rank(id, *period)));
            entries.push((Menu::Units, "各单位", format!("/units/{id}")));
            entries.push((Menu::Assess, "考核", format!("/assess/{id}")));
        }
        Some(NavPlan { id, period, is_split: false }) => {
            entries.push((Menu::Progress, "进展", links::progress(id, *period)));
        }
        None => {}
    }
    entries.push((Menu::Plans, "计划", "/plans".to_owned()));
    entries.push((Menu::Help, "帮助", "/help".to_owned()));
    entries
}

/// 大字版 and back; the stylesheet shows the one that changes something.
fn type_size() -> AnyView {
    view! {
        <form method="post" action="/look">
            <button type="submit" name="look" value="large" class="link to-large">
                "大字版"
            </button>
            <button type="submit" name="look" value="usual" class="link to-usual">
                "标准字号"
            </button>
        </form>
    }
    .into_any()
}

/// Who is logged in, and the way out; for a visitor the way in.
fn person(viewer: Option<&Viewer>) -> AnyView {
    match viewer {
        None => view! { <div class="who">{type_size()}<a href="/login">"登录"</a></div> }.into_any(),
        Some(viewer) => view! {
            <div class="who person">
                {type_size()} <a href="/account">{viewer.actor()}</a> <form method="post" action="/logout">
                    <button type="submit" class="link">
                        "退出"
                    </button>
                </form>
            </div>
        }
        .into_any(),
    }
}

fn framed(page: Page, nav: Nav) -> AnyView {
    let viewer = backend().viewer().cloned();
    let entries = entries(&nav, viewer.as_ref()).into_iter().map(|(menu, text, address)| {
        let current = (menu == page.menu).then_some("page");
        view! {
            <a href=address aria-current=current>
                {text}
            </a>
        }
    });
    let entries = entries.collect_view();
    let banner = nav.demo.then(|| {
        view! {
            <p class="demo-banner" role="note">
                {DEMO}
            </p>
        }
    });
    let insecure = use_context::<Insecure>().is_some_and(|insecure| insecure.0).then(|| {
        view! {
            <p class="insecure-banner" role="note">
                "本站没有加密：旁人可能看到传输的内容，请只在可信的网络里使用。"
            </p>
        }
    });
    let path = use_location().pathname.get_untracked();
    let help = guide::of(&path).filter(|_| page.layout == Layout::Usual).map(page_help);
    let is_admin = viewer.as_ref().and_then(Viewer::role).is_some_and(Role::is_admin);
    let plan_bar = plan_bar(&nav).filter(|_| page.layout == Layout::Usual && !is_admin);
    let title = format!("{} · {PRODUCT}", page.title);
    let class = if page.layout == Layout::Print { "page print-page" } else { "page" };
    let metas = view! {
        <Title text=escaped(&title) />
        <Meta name="description" content=page.description.clone() />
        <Meta property="og:type" content="article" />
        <Meta property="og:title" content=title />
        <Meta property="og:description" content=page.description />
        <Meta property="og:image" content=format!("{ORIGIN}/assets/share.png") />
    };
    if page.layout == Layout::Wall {
        return view! {
            {metas}
            <main id="main" class="board">
                {page.body}
            </main>
        }
        .into_any();
    }
    view! {
        {metas}
        <a class="skip" href="#main">
            "跳到正文"
        </a>
        <header class="top">
            <a class="product" href="/">
                {PRODUCT}
            </a>
            <nav aria-label="主导航">{entries}</nav>
            {person(viewer.as_ref())}
        </header>
        {plan_bar}
        {insecure}
        {banner}
        <main id="main" class=class>
            {page.body}
            {help}
        </main>
        <footer class="foot">
            <a href="/help">"帮助"</a>
            <a href="/about">"关于"</a>
            <span>{format!("jigai {}", env!("CARGO_PKG_VERSION"))}</span>
        </footer>
    }
    .into_any()
}
