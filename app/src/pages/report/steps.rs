//! The buttons of whoever may act on a return now.

use domain::workflow::Step;
use leptos::prelude::*;

use super::{address, may_step};
use crate::backend::{Report, backend, is_own_work};
use crate::parts::area;
use crate::posted::Posted;
use crate::report::kept;
use crate::routes::RequestPath;

/// Why a return goes back: the usual reasons, and one's own words.
const REASONS: [&str; 5] = [
    "数据与台账不符，请核对",
    "单位可能写错，请核对万元和亿元",
    "说明不清楚，请补充",
    "缺少去年同期或口径不一致",
    "文字材料不完整，请补充",
];

/// The buttons of whoever may act now.
pub(crate) fn steps_forms(report: &Report) -> AnyView {
    let at = address(report);
    let posted = use_context::<Posted>();
    let error = posted.as_ref().and_then(|posted| posted.error.clone());
    let typed = posted.as_ref().map(|posted| posted.text("reason").to_owned()).unwrap_or_default();
    let chosen = posted.as_ref().map(|posted| posted.text("reason_kind").to_owned()).unwrap_or_default();
    let (seen, key) = (report.step_version().to_string(), new_key());
    let backend = backend();
    let after_deadline = kept(report, backend.now(), backend.holidays()).is_some();
    // Nobody judges his own work: the button would only refuse.
    let own = |step: Step| backend.viewer().is_some_and(|viewer| is_own_work(step, &report.steps, viewer.account.id));
    let own_work = [Step::SignOff, Step::Approve].into_iter().any(|step| may_step(report, step) && own(step));
    let own_work_note = own_work.then(|| view! { <p class="notice">"您自己提交或签核过这份报送，要由另一个人来审。"</p> });
    let from = if use_context::<RequestPath>().is_some_and(|path| path.0.starts_with("/review")) { "review" } else { "" };
    // What every step sends along: itself, the steps this page has seen, where it came from, and its key.
    let hidden = |step: Step| {
        view! {
            <input type="hidden" name="step" value=step.id()/>
            <input type="hidden" name="seen" value=seen.clone()/>
            <input type="hidden" name="from" value=from/>
            <input type="hidden" name="key" value=format!("{key}-{}", step.id())/>
        }
    };
    let plain = |step: Step, text: &'static str| {
        may_step(report, step).then(|| {
            view! {
                <form method="post" action=format!("{at}/step") class="step">
                    {hidden(step)}
                    <button type="submit" class=if matches!(step, Step::Withdraw | Step::TakeBack) { "second" } else { "" }>{text}</button>
                </form>
            }
        })
    };
    let back = |step: Step, text: &'static str| {
        may_step(report, step).then(|| {
            let options = REASONS.map(|reason| view! { <option value=reason selected={reason == chosen}>{reason}</option> }).collect_view();
            view! {
                <form method="post" action=format!("{at}/step") class="step back-form">
                    {hidden(step)}
                    <label for="reason-kind">"退回理由"</label>
                    <select id="reason-kind" name="reason_kind"><option value="">"请选择"</option>{options}</select>
                    <label for="reason">"具体说明（必填）"</label>
                    <textarea id="reason" name="reason" rows="2" inner_html=area(&typed)></textarea>
                    <button type="submit" class="act">{text}</button>
                </form>
            }
        })
    };
    let with_reason = |step: Step, text: &'static str, label: &'static str| {
        may_step(report, step).then(|| {
            let id = format!("reason-{}", step.id());
            view! {
                <form method="post" action=format!("{at}/step") class="step back-form">
                    {hidden(step)}
                    <label for=id.clone()>{label}</label>
                    <textarea id=id name="reason" rows="2" inner_html=area(&typed)></textarea>
                    <button type="submit" class="second">{text}</button>
                </form>
            }
        })
    };
    view! {
        {error.map(|error| view! { <p class="notice act" role="alert">{error}</p> })}
        <div class="steps">
            {own_work_note}
            {(!own_work).then(|| plain(Step::SignOff, "签核，报市里"))}
            {(!own_work).then(|| plain(Step::Approve, "审核通过"))}
            {(!after_deadline).then(|| plain(Step::Withdraw, "撤回修改"))}
            {plain(Step::TakeBack, "收回签核")}
            {back(Step::SendBackToReporter, "退回填报员")}
            {back(Step::SendBackToCounty, "退回县里")}
            {with_reason(Step::AskCorrection, "申请更正", "哪个数有误、应为多少、为什么（必填）")}
            {with_reason(Step::AllowCorrection, "同意更正，请县里重报", "答复（必填）")}
            {with_reason(Step::RefuseCorrection, "不同意更正", "理由（必填）")}
        </div>
    }
    .into_any()
}

/// A key of this rendering: two presses of one page are one step.
pub(super) fn new_key() -> String {
    backend().fresh_key()
}
