//! `/bulletins/{plan}/{period}/e{n}/paper`: what the office writes around an edition, and its paper as Word and PDF.

use domain::letterhead::{DATES, Letterhead, TEXTS};
use domain::month::Period;
use domain::rights::{Action, Object};
use leptos::prelude::*;

use super::param;
use crate::backend::backend;
use crate::load::period_of;
use crate::parts::{Menu, Page, PageError, alert, area, links, page};
use office::facts::LetterheadState;
use office::posted::Posted;

#[component]
pub(crate) fn PaperPage() -> impl IntoView {
    let (plan, period, edition) = (param("plan"), param("period"), param("edition"));
    page(async move { load(&plan, &period, &edition).await })
}

async fn load(plan: &str, period: &str, edition: &str) -> Result<Page, PageError> {
    let backend = backend();
    let version = backend.plan_versions(plan).await?.pop().ok_or_else(|| PageError::no_plan(plan))?;
    let plan = &version.plan;
    let period = period_of(plan, period)?;
    let may = backend
        .viewer()
        .is_some_and(|viewer| viewer.may(Action::WriteLetterhead, Object::office(plan.region.id())).is_ok());
    let number = edition.strip_prefix('e').and_then(|digits| digits.parse().ok()).unwrap_or(0);
    let unknown = || PageError::not_found("没有这一版通报，或它不属于您的地区。");
    let state = if may { backend.letterhead(&plan.id, period, number).await? } else { None };
    let state = state.ok_or_else(unknown)?;
    let posted = use_context::<Posted>().unwrap_or_default();
    Ok(shown(&plan.id, period, number, &state, &posted))
}

/// What each field is for, beside its box.
fn hint(name: &str) -> &'static str {
    match name {
        "masthead" => "红色大字，例如 福州市工业和信息化局文件、福州市技改工作简报；不写则用通报名",
        "number" => "例如 榕工信〔2021〕34号；写了就按“文件”排，不写按“简报”排",
        "issue" => "例如 第4期；按“简报”排时印在红线上方",
        "recipients" => "例如 各县（市）区人民政府，高新区管委会；冒号不用写",
        "signature" => "例如 福州市工业和信息化局",
        "note" => "例如 此件主动公开；括号不用写",
        "copies" => "例如 市委办公厅，市人大常委会办公厅；“抄送：”和句号不用写",
        "printed_by" => "例如 福州市工业和信息化局办公室",
        _ => "例如 2021-06-08 或 2021年6月8日；不写就不印",
    }
}

fn shown(plan: &str, period: Period, edition: u32, state: &LetterheadState, posted: &Posted) -> Page {
    let title = format!("{}通报第{edition}版的公文稿", period.title());
    let own = links::edition(plan, period, edition);
    let start = state.saved.as_ref().unwrap_or(&state.start);
    let value = |name: &str| posted.get(name).map_or_else(|| start.text(name), str::to_owned);
    let error = posted.error.clone().map(alert);
    let fields = TEXTS.iter().map(|&(name, called, most)| {
        let id = format!("f-{name}");
        let value = value(name);
        let input = match most > 100 {
            true => view! { <textarea id=id.clone() name=name rows="2" inner_html=area(&value) /> }.into_any(),
            false => view! { <input id=id.clone() type="text" name=name value=value autocomplete="off" /> }.into_any(),
        };
        view! {
            <label for=id>{called}<small>{hint(name)}</small></label>
            {input}
        }
    });
    let fields = fields.collect_view();
    let dates = DATES.iter().map(|&(name, called)| {
        let id = format!("f-{name}");
        view! {
            <label for=id.clone()>{called}<small>{hint(name)}</small></label>
            <input id=id type="text" name=name value=value(name) autocomplete="off" />
        }
    });
    let dates = dates.collect_view();
    let missing = (!state.missing.is_empty()).then(|| {
        let text = format!("{}。", office::refusal::without_faces("PDF ", &state.missing));
        view! {
            <p class="notice act" role="note">
                {text}
            </p>
        }
    });
    let faces = match state.own_faces.is_empty() {
        true => {
            "PDF 用内置的思源宋体、思源黑体和霞鹜文楷。数据文件夹的 fonts 里放了本单位的仿宋、小标宋、楷体、黑体，就改用它们。".to_owned()
        }
        false => format!("PDF 用本单位的字体：{}；缺的用内置字体。", state.own_faces.join("、")),
    };
    let faulty = posted.error.is_some();
    let saved = match &state.saved {
        Some(saved) if *saved == Letterhead::default() => "稿头全部空着：公文稿上只有通报名、标题和正文。",
        Some(_) => "稿头已保存，下面的文件就用它。",
        None => "还没有保存稿头：下面的文件只有通报名、标题和正文，文号、期号、日期都空着。",
    };
    let file = |kind: &str| format!("/export/bulletin/{plan}.{period}.e{edition}.paper.{kind}");
    let body = view! {
        <section class="text-page">
            <h1>{title.clone()}</h1>
            <p class="subtitle">
                "照《党政机关公文格式》（GB/T 9704-2012）排版。文字和数字取自这一版，不另改动；下面几项由您填写，系统不代拟文号、期号和日期，不画印章。"
            </p>
            {error}
            {missing}
            {(!faulty)
                .then(|| {
                    view! {
                        <p class="notice" role="note">
                            {saved}
                        </p>
                    }
                })}
            <p class="files">
                <a class="button" href=file("pdf")>
                    "下载 PDF"
                </a>
                " "
                <a class="button second" href=file("docx")>
                    "下载 Word"
                </a>
                " "
                <a href=own.clone()>"看网页版"</a>
            </p>
            <h2>"稿头和版记"</h2>
            <form method="post" action=format!("{own}/paper") class="stacked letterhead">
                {fields}
                {dates}
                <button type="submit">"保存稿头"</button>
            </form>
            <p class="subtitle">
                {faces}
                "Word 里写的是仿宋_GB2312、方正小标宋简体、黑体、楷体_GB2312，没有装的电脑会自动代替。"
            </p>
        </section>
    };
    Page::new(title, Menu::Bulletins, body)
}
