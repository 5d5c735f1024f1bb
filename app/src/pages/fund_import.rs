//! `/funds/{plan}/import`: movements of one ledger from a workbook: how each line is read, what is wrong, and the
//! button that writes, only after that. A second person confirms them on the ledgers' page.

use domain::plan::Plan;
use domain::plan::fund::Fund;
use domain::rights::{Action, Object};
use leptos::prelude::*;
use office::commands::fund::field;
use office::posted::Posted;

use super::{param, query};
use crate::backend::backend;
use crate::parts::sheet::{confirm_form, counts, faults_list, file_boxes};
use crate::parts::{Menu, Page, PageError, alert, data_table, links, page};

/// A file as it is understood, before anything is written.
#[derive(Debug, Clone, Default)]
pub struct FundPreview {
    pub file: String,
    pub fund: String,
    /// The lines as boxes, for the confirmation.
    pub rows: String,
    pub lines: Vec<FundLine>,
    /// All that has to be mended first, with its line.
    pub faults: Vec<String>,
    /// What the confirmation answers to.
    pub shown: String,
}

/// A line of the file.
#[derive(Debug, Clone)]
pub struct FundLine {
    pub row: usize,
    pub contract: String,
    /// 投放2000万元，2021年2月1日，凭证2.
    pub said: String,
    /// On record already: the same file twice is nothing.
    pub known: bool,
}

#[component]
pub(crate) fn FundImport() -> impl IntoView {
    let (plan, done) = (param("plan"), query("done"));
    page(async move { load(&plan, done.as_deref()).await })
}

async fn load(plan: &str, done: Option<&str>) -> Result<Page, PageError> {
    let backend = backend();
    let version = backend.plan_versions(plan).await?.pop().ok_or_else(|| PageError::no_plan(plan))?;
    let plan = &version.plan;
    let office = Object::office(plan.region.id());
    let enters = backend.viewer().is_some_and(|viewer| viewer.may(Action::EnterFund, office).is_ok());
    if !enters || plan.policies.funds.is_empty() {
        let sentence = "这个计划没有资金台账，或您的岗位不登记台账。";
        return Err(PageError::not_found(sentence).with_link("计划", links::plan(&plan.id)));
    }
    let posted = use_context::<Posted>().unwrap_or_default();
    let done = done.and_then(counts).map(|[added, same]| {
        view! {
            <p class="notice" role="status">
                {format!("已登记 {added} 笔，待另一个人确认；已有 {same} 笔，没有再登记。")}
                <a href=links::funds(&plan.id)>"看台账"</a>
            </p>
        }
    });
    let body = match use_context::<FundPreview>() {
        Some(preview) => preview_view(plan, &preview),
        None => upload_view(plan, &posted),
    };
    let title = "导入资金往来".to_owned();
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">
                <a href=links::funds(&plan.id)>{format!("{}：资金台账", plan.title)}</a>
            </p>
            {posted.error.clone().map(alert)}
            {done}
            {body}
        </section>
    };
    Ok(Page::new(title, Menu::Plans, body))
}

fn upload_view(plan: &Plan, posted: &Posted) -> AnyView {
    let option = |fund: &Fund| {
        view! {
            <option value=fund.id.clone() selected=posted.text(field::FUND) == fund.id>
                {fund.title.clone()}
            </option>
        }
    };
    let options = plan.policies.funds.iter().map(option).collect_view();
    view! {
        <form
            class="stacked import-file"
            method="post"
            enctype="multipart/form-data"
            action=format!("{}/upload", links::fund_import(&plan.id))
        >
            <label for="fund">"台账"</label>
            <select id="fund" name=field::FUND>
                {options}
            </select>
            {file_boxes(
                posted,
                "一行一笔，表头里要有“登记”“合同编号”“日期”“金额”，签约的行另写企业、县（市、区）、银行、利率、到期日；\
                 利率浮动的写“浮动基准”“加减基点”“重定价”，有罚息的写“逾期加收”",
                "不写则取第一张",
            )}
            <p class="subtitle">"先给您看每一行怎样读，您确认之后才写入；有一行不对就整份不写。"</p>
            <button type="submit">"预览"</button>
        </form>
    }
    .into_any()
}

fn preview_view(plan: &Plan, preview: &FundPreview) -> AnyView {
    let fund = plan.policies.fund(&preview.fund).map(|fund| fund.title.clone()).unwrap_or_default();
    let same = preview.lines.iter().filter(|line| line.known).count();
    let new = preview.lines.len() - same;
    let what = match preview.faults.is_empty() {
        true => format!("将登记 {new} 笔，已有 {same} 笔。"),
        false => "还不能登记。".to_owned(),
    };
    let fault = |said: &String| view! { <li>{format!("{said}。")}</li> }.into_any();
    let faults = faults_list(preview.faults.iter().map(fault));
    let rows = preview.lines.iter().map(|line| {
        view! {
            <tr>
                <td class="r" data-name="行">
                    {line.row.to_string()}
                </td>
                <th scope="row">{line.contract.clone()}</th>
                <td data-name="读作">{line.said.clone()}</td>
                <td data-name="登记">{if line.known { "已有，不再登记" } else { "新登记" }}</td>
            </tr>
        }
    });
    let heads = [("行", true), ("合同", false), ("读作", false), ("登记", false)];
    let table =
        (!preview.lines.is_empty()).then(|| data_table("读出的往来", "data stack", &heads, rows.collect_view()));
    let confirm = (preview.faults.is_empty() && new > 0).then(|| format!("确认登记 {new} 笔"));
    let shown = vec![
        (field::FUND, preview.fund.clone()),
        ("file", preview.file.clone()),
        ("rows", preview.rows.clone()),
        ("shown", preview.shown.clone()),
    ];
    view! {
        <p class="lead">{format!("“{fund}”，文件“{}”：{what}", preview.file)}</p>
        {faults}
        {table}
        {confirm_form(links::fund_import(&plan.id), shown, confirm)}
    }
    .into_any()
}
