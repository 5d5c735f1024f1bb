//! `/report/{plan}/{period}/{region}/print`: what was handed in, on one sheet to be signed and sealed; its scan comes
//! back as a file that is bound to this submission.

use domain::calendar::{at_shanghai, moment};
use domain::entry::Whose;
use leptos::prelude::*;
use office::entry_form::Form;
use office::facts::Report;

use super::check::receipt_number;
use super::head::{address, heading};
use super::read::texts_view;
use crate::parts::frame::Layout;
use crate::parts::{Menu, Page, PageError, data_table};

/// Who signs, in the order of the lines.
const SIGNERS: [&str; 3] = ["填报人（签字）", "审核人（签字）", "单位负责人（签字）"];

pub(super) fn print_page(report: &Report) -> Result<Page, PageError> {
    let Some(step) = report.submission() else {
        let sentence = "这一期还没有提交过；提交之后才能打印签字盖章的表。";
        return Err(PageError::not_found(sentence).with_link("去填报", address(report)));
    };
    let plan = &report.version.plan;
    let form = Form::handed_in(report);
    let rows = form.lines.iter().zip(&form.checked).map(|(line, row)| {
        let amount = |amount: Option<domain::money::Amount>| {
            amount.map_or("—".to_owned(), |amount| line.measure.plain(amount))
        };
        let growth = row.growth.map_or("—".to_owned(), |rate| format!("{}%", rate.percent_on_page(1)));
        let name = if line.whose == Whose::Own { line.goal_name.clone() } else { line.row_name() };
        let (value, base) = match line.percent {
            true => ("—".to_owned(), "—".to_owned()),
            false => (amount(row.value), amount(row.base)),
        };
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td>{line.unit().to_owned()}</td>
                <td class="r">{value}</td>
                <td class="r">{base}</td>
                <td class="r">{growth}</td>
                <td class="free">{row.note.clone()}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let heads = [
        ("指标", false),
        ("计量单位", false),
        ("本期累计", true),
        ("去年同期", true),
        ("同比增长", true),
        ("说明", false),
    ];
    let figures = (!form.lines.is_empty()).then(|| data_table("报送的数", "data", &heads, rows));
    let projects = (!form.projects.is_empty()).then(|| {
        let said = format!("本期另报重点项目 {} 个，明细见系统。", form.projects.len());
        view! { <p>{said}</p> }
    });
    let signers = SIGNERS.map(|who| view! { <p>{who} <span class="blank"></span></p> });
    let sha256 = step.sha256.clone().unwrap_or_default();
    let imprint = format!(
        "回执号 {}　{}　{}提交　内容 SHA-256 {sha256}",
        receipt_number(report, step),
        moment(step.at),
        step.actor,
    );
    let printed = at_shanghai(crate::backend::backend().now()).format("%Y年%-m月%-d日").to_string();
    let title = format!("{}表", heading(report));
    let body = view! {
        <section class="sign-sheet">
            <p class="not-printed subtitle">
                "打印这一页（Ctrl+P），签字盖章之后扫描，在"
                <a href=address(report)>"报表页"</a>
                "的“证明材料”里作为盖章扫描件上传。"
            </p>
            <h1>{title.clone()}</h1>
            <p class="subtitle">{plan.title.clone()}</p>
            {figures}
            {projects}
            {texts_view(plan, &form)}
            <div class="signers">
                {signers.into_iter().collect_view()} <p>"单位（盖章）"</p>
                <p>"　　　　年　　月　　日"</p>
            </div>
            <p class="imprint">{format!("{imprint}　打印于{printed}")}</p>
        </section>
    };
    Ok(Page { layout: Layout::Print, ..Page::new(title, Menu::Todo, body) })
}
