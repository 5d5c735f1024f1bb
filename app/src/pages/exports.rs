//! `/exports`: what the viewer asked to have made, how far it is, and the finished files.

use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use crate::backend::backend;
use crate::parts::{Menu, Page, PageError, alert, data_table, page};
use domain::calendar::moment;
use office::facts::{ExportJob, JobState};
use office::posted::Posted;

#[component]
pub(crate) fn Exports() -> impl IntoView {
    page(async move { load().await })
}

async fn load() -> Result<Page, PageError> {
    let jobs = backend().jobs().await?;
    let posted = use_context::<Posted>().unwrap_or_default();
    let error = posted.error.map(alert);
    let open = jobs.iter().any(|job| matches!(job.state, JobState::Waiting | JobState::Running));
    if open && let Some(response) = use_context::<ResponseOptions>() {
        // Whoever waits need not press anything.
        response.insert_header(http::header::REFRESH, http::HeaderValue::from_static("3"));
    }
    let waiting = open.then(|| {
        view! {
            <p class="notice" role="status">
                "正在生成，本页每 3 秒自动更新；可以离开，做好的文件在这里等您。"
            </p>
        }
    });
    let body = match jobs.is_empty() {
        true => view! { <p>"还没有要过归档包。年终考核页上有“生成归档包”。"</p> }.into_any(),
        false => {
            let rows = jobs.iter().map(row).collect_view();
            view! {
                {data_table(
                    "表格",
                    "data",
                    &[("内容", false), ("提出", false), ("进度", false), ("文件", false)],
                    rows,
                )}
            }
            .into_any()
        }
    };
    let body = view! {
        <section class="text-page wide">
            <h1>"归档和导出"</h1>
            {error}
            {waiting}
            {body}
            <p class="subtitle">
                "文件保留 7 天，只有提出的人能下载；过期可以再要，内容随最新记录。收到的人用 jigai verify 归档包.zip 核验，不需要数据库。"
            </p>
        </section>
    };
    Ok(Page::new("归档和导出".to_owned(), Menu::Assess, body))
}

fn row(job: &ExportJob) -> AnyView {
    let progress = match job.state {
        JobState::Waiting => "排队等候".to_owned(),
        JobState::Running => format!("第 {} 步，共 {} 步：{}", job.done + 1, job.steps, job.step),
        JobState::Done => "已完成".to_owned(),
        JobState::Failed => job.failure.clone().unwrap_or_default(),
    };
    let file = match (&job.file_name, &job.sha256) {
        (Some(name), Some(sha256)) => {
            let address = format!("/exports/{}", job.id);
            view! {
                <a href=address>{name.clone()}</a>
                <br />
                <small>"SHA-256 "<code>{sha256[..16].to_owned()}</code>"…"</small>
            }
            .into_any()
        }
        _ => view! { <span class="mark">"—"</span> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row">{format!("{} {}年考核归档包", job.plan, job.year)}</th>
            <td>{moment(job.asked_at)}</td>
            <td>{progress}</td>
            <td>{file}</td>
        </tr>
    }
    .into_any()
}
