//! The frame of every page: title, navigation, the demo banner, the footer.

use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::{Meta, Title};

use super::PageError;
use crate::backend::backend;

/// Which entry of the navigation a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Menu {
    Newest,
    Bulletins,
    Rank,
    Units,
    Assess,
    Plans,
    Help,
}

/// A loaded page.
pub(crate) struct Page {
    pub(crate) title: String,
    /// One sentence for readers who see only a link to the page.
    pub(crate) description: String,
    pub(crate) menu: Menu,
    pub(crate) body: AnyView,
    /// A4 layout without navigation.
    pub(crate) print: bool,
}

impl Page {
    pub(crate) fn new(title: impl Into<String>, menu: Menu, body: impl IntoView + 'static) -> Self {
        let title = title.into();
        Self { description: title.clone(), title, menu, body: body.into_any(), print: false }
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
    /// The plan whose units, ranking and assessment the navigation opens, and its newest period.
    plan: Option<(String, String)>,
}

impl Nav {
    async fn load() -> Result<Self, crate::backend::Unavailable> {
        let backend = backend();
        let newest = backend.editions().await?.into_iter().next().map(|edition| (edition.plan, edition.period.to_string()));
        Ok(Self { demo: backend.is_demo().await?, plan: newest })
    }
}

/// `<Title>` writes its text as it is; everything else of a page is escaped by the framework.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn framed(page: Page, nav: Nav) -> AnyView {
    let entry = |menu: Menu, text: &'static str, address: String| {
        let current = (menu == page.menu).then_some("page");
        view! { <a href=address aria-current=current>{text}</a> }
    };
    let of_plan = nav.plan.clone().map(|(plan, period)| {
        view! {
            {entry(Menu::Rank, "排名", format!("/rank/{plan}/{period}"))}
            {entry(Menu::Units, "各单位", format!("/units/{plan}"))}
            {entry(Menu::Assess, "考核", format!("/assess/{plan}"))}
        }
    });
    let banner = nav.demo.then(|| view! { <p class="demo-banner" role="note">{DEMO}</p> });
    let title = format!("{} · {PRODUCT}", page.title);
    let class = if page.print { "page print-page" } else { "page" };
    view! {
        <Title text=escaped(&title)/>
        <Meta name="description" content=page.description.clone()/>
        <Meta property="og:title" content=title/>
        <Meta property="og:description" content=page.description/>
        <a class="skip" href="#main">"跳到正文"</a>
        <header class="top">
            <a class="product" href="/">{PRODUCT}</a>
            <nav aria-label="主导航">
                {entry(Menu::Newest, "本期", "/".to_owned())}
                {entry(Menu::Bulletins, "往期", "/bulletins".to_owned())}
                {of_plan}
                {entry(Menu::Plans, "计划", "/plans".to_owned())}
                {entry(Menu::Help, "帮助", "/help".to_owned())}
            </nav>
        </header>
        {banner}
        <main id="main" class=class>{page.body}</main>
        <footer class="foot">
            <a href="/help">"帮助"</a>
            <a href="/about">"关于"</a>
            <span>{format!("jigai {}", env!("CARGO_PKG_VERSION"))}</span>
        </footer>
    }
    .into_any()
}
