//! Errors as pages: what happened, what to do, where to go next.

use domain::month::shorten;
use leptos::prelude::*;

use office::facts::Unavailable;

/// Why a page cannot be shown.
#[derive(Debug, Clone)]
pub(crate) enum PageError {
    /// There is no such thing; `links` are the nearest that exist, as (text, address).
    NotFound {
        sentence: String,
        links: Vec<(String, String)>,
    },
    /// The address or a field cannot be understood; the sentence says what to write.
    BadRequest {
        sentence: String,
        links: Vec<(String, String)>,
    },
    /// It was there once: a one-time link.
    Gone(String),
    Unavailable(Unavailable),
}

impl From<Unavailable> for PageError {
    fn from(error: Unavailable) -> Self {
        PageError::Unavailable(error)
    }
}

impl PageError {
    pub(crate) fn not_found(sentence: impl Into<String>) -> Self {
        PageError::NotFound { sentence: sentence.into(), links: Vec::new() }
    }

    pub(crate) fn no_plan(id: &str) -> Self {
        let sentence = format!("没有计划“{}”，可能地址写错了或计划还没有导入。", shorten(id));
        PageError::NotFound { sentence, links: vec![("全部计划".to_owned(), "/plans".to_owned())] }
    }

    pub(crate) fn bad_request(sentence: impl Into<String>) -> Self {
        PageError::BadRequest { sentence: sentence.into(), links: Vec::new() }
    }

    pub(crate) fn with_link(mut self, text: &str, address: impl Into<String>) -> Self {
        if let PageError::NotFound { links, .. } | PageError::BadRequest { links, .. } = &mut self {
            links.push((text.to_owned(), address.into()));
        }
        self
    }

    pub(crate) fn status(&self) -> u16 {
        match self {
            PageError::NotFound { .. } => 404,
            PageError::BadRequest { .. } => 400,
            PageError::Gone(_) => 410,
            PageError::Unavailable(_) => 503,
        }
    }

    pub(crate) fn title(&self) -> &'static str {
        match self {
            PageError::NotFound { .. } => "没有找到",
            PageError::BadRequest { .. } => "地址有误",
            PageError::Gone(_) => "链接已失效",
            PageError::Unavailable(_) => "暂时不能显示",
        }
    }

    pub(crate) fn sentence(&self) -> String {
        match self {
            PageError::NotFound { sentence, .. }
            | PageError::BadRequest { sentence, .. }
            | PageError::Gone(sentence) => sentence.clone(),
            PageError::Unavailable(error) => {
                format!(
                    "读取数据时出了问题，已保存的数据没有受影响。请稍后再试；如仍不行，请把编号 {} 告诉管理员。",
                    error.reference
                )
            }
        }
    }

    pub(crate) fn view(&self) -> AnyView {
        let links = match self {
            PageError::NotFound { links, .. } | PageError::BadRequest { links, .. } => links.clone(),
            PageError::Gone(_) | PageError::Unavailable(_) => Vec::new(),
        };
        view! {
            <section class="error-page">
                <h1>{self.title()}</h1>
                <p>{self.sentence()}</p>
                <ul class="plain">
                    {links
                        .into_iter()
                        .map(|(text, address)| {
                            view! {
                                <li>
                                    <a href=address>{text}</a>
                                </li>
                            }
                        })
                        .collect_view()} <li>
                        <a href="/">"回到首页"</a>
                    </li> <li>
                        <a href="/help">"帮助"</a>
                    </li>
                </ul>
            </section>
        }
        .into_any()
    }
}
