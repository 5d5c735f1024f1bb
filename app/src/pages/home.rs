//! `/`: the newest published bulletin; before the first one, how to begin.

use leptos::prelude::*;

use super::bulletin::{Mode, page_of};
use crate::backend::backend;
use crate::parts::{Menu, Page, page};

#[component]
pub(crate) fn Home() -> impl IntoView {
    page(async {
        let backend = backend();
        let Some(newest) = backend.editions().await?.into_iter().next() else { return Ok(welcome()) };
        let edition = backend.edition(&newest.plan, newest.period, None).await?;
        match edition {
            Some(edition) => Ok(Page { menu: Menu::Newest, ..page_of(&backend, &edition, Mode::Screen).await? }),
            None => Ok(welcome()),
        }
    })
}

fn welcome() -> Page {
    let body = view! {
        <section class="text-page">
            <h1>"还没有发布通报"</h1>
            <p>"第一期通报发布之后，会显示在这里。现在可以："</p>
            <ol>
                <li>"导入计划："<code>"jigai import plan 计划.plan.toml"</code></li>
                <li>"导入报送数据："<code>"jigai import returns --plan 计划的id 报送.csv"</code></li>
                <li>"发布通报："<code>"jigai bulletin publish --plan 计划的id --period 2021-05"</code></li>
            </ol>
            <p><a href="/plans">"查看已导入的计划"</a>"，"<a href="/help">"查看帮助"</a>"。"</p>
        </section>
    };
    Page::new("还没有发布通报", Menu::Newest, body)
}
