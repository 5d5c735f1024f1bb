//! The check page before a submission, and the receipt after it.

use domain::evidence::{FileStep, Subject};
use domain::rights::Role;
use domain::workflow::{State, Step};
use leptos::prelude::*;

use super::form::form_page;
use super::head::{address, heading, may_type, status, steps_line};
use super::projects::read_sheet;
use super::read::{figures_table, texts_view};
use super::steps::{new_key, steps_forms};
use crate::backend::backend;
use crate::parts::{Menu, Page, PageError, alert, links};
use office::entry_form::{Form, field_name, not_open};
use office::facts::{Report, StepRecord};
use office::posted::Posted;

pub(super) async fn check_page(report: Report) -> Result<Page, PageError> {
    if !may_type(&report) {
        return form_page(report).await;
    }
    let form = Form::new(&report, None);
    let backend = backend();
    let posted = use_context::<Posted>();
    let error = posted.as_ref().and_then(|posted| posted.error.clone());
    let mut faults: Vec<(String, String)> = form.faults();
    let closed = not_open(&report, backend.now(), backend.holidays());
    let at = address(&report);
    let ready = faults.is_empty() && closed.is_none();
    let summary = (!faults.is_empty()).then(|| {
        let items = faults.drain(..).map(|(cell, sentence)| {
            view! {
                <li>
                    <a href=format!("{at}#{}", links::encode(&field_name(&cell)))>{sentence}</a>
                </li>
            }
        });
        let items = items.collect_view();
        view! {
            <div class="notice act" role="alert">
                <p>
                    <b>"还不能提交，请先改好这几处："</b>
                </p>
                <ul>{items}</ul>
            </div>
        }
    });
    let doubts = form.doubts();
    let doubts = (doubts > 0).then(|| format!("有 {doubts} 处提示，您的说明会和数据一起送审。"));
    let names = names(&report).await?;
    let files = backend.evidence(&report.version.plan, Some(&Subject::Return(report.key.round.clone()))).await?;
    let files: Vec<&str> =
        files.iter().filter(|file| file.step == FileStep::Attach).map(|file| file.name.as_str()).collect();
    let files = (!files.is_empty()).then(|| format!("随报送提交证明材料 {} 份：{}。", files.len(), files.join("、")));
    let seen = report.step_version().to_string();
    let drafts = report.drafts_seq().to_string();
    let key = new_key();
    let submit = ready.then(|| {
        view! {
            <form method="post" action=format!("{at}/step") class="submit">
                <input type="hidden" name="step" value=Step::Submit.id() />
                <input type="hidden" name="seen" value=seen />
                <input type="hidden" name="drafts" value=drafts />
                <input type="hidden" name="key" value=key />
                <label class="tick">
                    <input type="checkbox" name="tick" value="on" autofocus />
                    "以上数据依法依规填报、实事求是，我对真实性负责。"
                </label>
                <p class="subtitle">{names}</p>
                <button type="submit">"确认提交"</button>
                <a href=at.clone()>"返回修改"</a>
            </form>
        }
    });
    let back = (!ready).then(|| {
        view! {
            <p class="after">
                <a class="button" href=at.clone()>
                    "返回修改"
                </a>
            </p>
        }
    });
    let body = view! {
        <section class="text-page wide report">
            <h1>{format!("核对{}", heading(&report))}</h1>
            {status(&report).await?}
            {error.map(alert)}
            {closed.map(alert)}
            {summary}
            {doubts.map(|doubts| view! { <p class="notice">{doubts}</p> })}
            {(!form.lines.is_empty()).then(|| figures_table(&report, &form))}
            {(!form.projects.is_empty()).then(|| read_sheet(&report, &form))}
            {texts_view(&report.version.plan, &form)}
            {files.map(|files| view! { <p>{files}</p> })}
            {submit}
            {back}
        </section>
    };
    Ok(Page::new(format!("核对{}", heading(&report)), Menu::Todo, body))
}

/// `填报人：陈芳　县级审核人：林敏`, from the accounts.
async fn names(report: &Report) -> Result<String, PageError> {
    let backend = backend();
    let reporter = backend.viewer().map(|viewer| viewer.account.name.clone()).unwrap_or_default();
    let signs = |held: &office::facts::HeldPost| {
        let domain = &held.post.domain;
        domain.role == Role::CountyApprover
            && domain.office.as_deref() == Some(report.office())
            && domain.unit.as_deref() == Some(report.key.unit.as_str())
    };
    let approver = backend
        .posts()
        .await?
        .into_iter()
        .find(signs)
        .and_then(|held| held.holder)
        .map_or("（岗位空缺）".to_owned(), |holder| holder.name);
    Ok(format!("填报人：{reporter}　县级审核人：{approver}"))
}

pub(super) async fn receipt_page(report: &Report) -> Result<Page, PageError> {
    let Some(step) = report.submission() else {
        return Err(PageError::not_found("这一期还没有提交过，没有回执。").with_link("去填报", address(report)));
    };
    let number = receipt_number(report, step);
    let sha256 = step.sha256.clone().unwrap_or_default();
    let subject = Subject::Return(report.key.round.clone());
    let files = backend().evidence(&report.version.plan, Some(&subject)).await?;
    let files: Vec<AnyView> = files
        .iter()
        .filter(|file| file.unit == report.key.unit && file.is_handed_in())
        .map(|file| {
            view! {
                <p>
                    {file.name.clone()} " " <code>{format!("SHA-256 {}", file.sha256)}</code>
                </p>
            }
            .into_any()
        })
        .collect();
    let files = (!files.is_empty()).then(|| {
        view! {
            <div>
                <dt>"证明材料"</dt>
                <dd>{files}</dd>
            </div>
        }
    });
    let next = match report.state() {
        State::Submitted => "下一步：县级审核人签核。签核之前可以撤回修改。",
        State::Signed => "下一步：市级审核员审核。",
        State::SentBack => "已退回，请按退回理由修改后再提交。",
        State::Approved => "已审核通过。如发现有误，可以申请更正。",
        State::CorrectionAsked => "已申请更正，等市级审核员答复。",
        State::Draft => "已撤回，可以修改后再提交。",
    };
    let at = address(report);
    let body = view! {
        <section class="text-page report">
            <h1>"报送回执"</h1>
            {steps_line(report).await?}
            <p class="lead">
                {format!(
                    "{}{}",
                    heading(report),
                    if report.state() == State::Draft { "已撤回，这份回执作废。" } else { "已提交。" },
                )}
            </p>
            <dl class="trace facts">
                <div>
                    <dt>"回执号"</dt>
                    <dd>
                        <b>{number}</b>
                    </dd>
                </div>
                <div>
                    <dt>"提交时间"</dt>
                    <dd>{domain::calendar::at_shanghai(step.at).format("%Y年%-m月%-d日 %H:%M:%S").to_string()}</dd>
                </div>
                <div>
                    <dt>"提交人"</dt>
                    <dd>{step.actor.clone()}</dd>
                </div>
                <div>
                    <dt>"内容校验"</dt>
                    <dd>
                        <code>{format!("SHA-256 {sha256}")}</code>
                    </dd>
                </div>
                {files}
                <div>
                    <dt>"状态"</dt>
                    <dd>{report.state().name()}</dd>
                </div>
            </dl>
            <p class="notice">{next}</p>
            {steps_forms(report)}
            <p class="after">
                <a href=format!("{at}/print")>"打印签字盖章表"</a>
                "　"
                <a href=at>"查看提交的内容"</a>
                "　"
                <a href="/">"回到待办"</a>
            </p>
        </section>
    };
    Ok(Page::new("报送回执", Menu::Todo, body))
}

/// `202106-350181-1`, `202106.quarter-350181-1`: round, unit, step.
pub(crate) fn receipt_number(report: &Report, step: &StepRecord) -> String {
    format!("{}-{}-{}", report.key.round.to_string().replacen('-', "", 1), report.key.unit, step.version)
}
