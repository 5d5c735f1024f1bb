//! `/report/{plan}/{period}/{region}`: the entry form, the check page before a submission, the receipt.
//!
//! Complete without script; the island `EntryHelper` works on the same form.

use domain::entry::{self, Cell, Field, Line, TEXT_LIMIT, Topic};
use domain::month::Period;
use domain::rights::{Action, Object, Refusal, Role};
use domain::workflow::{State, Step};
use leptos::prelude::*;

use super::{param, period_of, query};
use crate::actions::{Conflict, Message, Paste, PastedCell, RowView, Saved, TypedCell};
use crate::backend::{CellChange, CellConflict, CommandError, Report, ReportKey, StepRecord, backend};
use crate::islands::entry::EntryHelper;
use crate::parts::{Menu, Page, PageError, area, links, page};
use crate::posted::Posted;
use crate::report::{Form, KEPT, change, closed, due, field_name, kept, moment, row_name, saved_text, too_long, version_name, version_of};
use crate::routes::RequestPath;

/// The conflicts of a save, for the page that shows both versions.
#[derive(Debug, Clone)]
pub struct Conflicts(pub Vec<CellConflict>);

/// The step that came in between, for the page that says so.
#[derive(Debug, Clone)]
pub struct MovedBy(pub Option<StepRecord>);

#[component]
pub(crate) fn OwnReport() -> impl IntoView {
    let (plan, period) = (param("plan"), param("period"));
    page(async move {
        let backend = backend();
        let own = backend.viewer().and_then(|viewer| viewer.post.as_ref()).and_then(|post| post.domain.unit.clone());
        match own {
            Some(unit) => form_page(load(&plan, &period, &unit).await?),
            // The office has no form of its own: it looks at all of them.
            None => super::review::matrix(&plan, &period).await,
        }
    })
}

#[component]
pub(crate) fn ReportForm() -> impl IntoView {
    let (plan, period, region) = (param("plan"), param("period"), param("region"));
    page(async move { form_page(load(&plan, &period, &region).await?) })
}

#[component]
pub(crate) fn CheckReport() -> impl IntoView {
    let (plan, period, region) = (param("plan"), param("period"), param("region"));
    page(async move { check_page(load(&plan, &period, &region).await?).await })
}

#[component]
pub(crate) fn Receipt() -> impl IntoView {
    let (plan, period, region) = (param("plan"), param("period"), param("region"));
    page(async move { receipt_page(&load(&plan, &period, &region).await?) })
}

/// A return that whoever asks may see; anything else does not exist for him.
pub(crate) async fn load(plan: &str, period: &str, region: &str) -> Result<Report, PageError> {
    let backend = backend();
    let none = || PageError::not_found("没有这份报送，或它不属于您的单位。");
    let version = backend.plan_versions(plan).await?.pop().ok_or_else(|| PageError::no_plan(plan))?;
    let period = period_of(&version.plan, period)?;
    let key = ReportKey { plan: plan.to_owned(), period, unit: region.to_owned() };
    let report = backend.report(&key).await?.ok_or_else(none)?;
    let object = Object::of_unit(report.office(), region, report.state());
    match backend.viewer().map(|viewer| viewer.may(Action::ReadReturn, object)) {
        Some(Ok(())) => Ok(report),
        Some(Err(Refusal::State(_))) => {
            let sentence = format!("{}还没有提交{}的报送，提交之后才能查看。", report.unit_name, period.label());
            Err(PageError::not_found(sentence).with_link("全部单位的报送情况", links::review(plan, period)))
        }
        _ => Err(none()),
    }
}

/// Whether whoever asks may type into this form now.
fn may_type(report: &Report) -> bool {
    let object = Object::of_unit(report.office(), &report.key.unit, report.state());
    backend().viewer().is_some_and(|viewer| viewer.may(Action::SaveDraft, object).is_ok())
}

fn may_step(report: &Report, step: Step) -> bool {
    let object = Object::of_unit(report.office(), &report.key.unit, report.state());
    backend().viewer().is_some_and(|viewer| viewer.may(step.action(), object).is_ok())
}

fn heading(report: &Report) -> String {
    format!("{}{}报送", report.unit_name, report.key.period.label())
}

fn address(report: &Report) -> String {
    links::report(&report.key.plan, report.key.period, &report.key.unit)
}

/// What stands above the form: state, deadline, who acts next.
fn status(report: &Report) -> AnyView {
    let backend = backend();
    let state = report.state();
    let due = due(&report.version.plan, report.key.period, backend.now(), backend.holidays()).filter(|_| state.is_editable());
    let last = report.steps.last().map(|step| format!("{}　{}", step.actor, moment(step.at)));
    let exception = report.exception.as_ref().filter(|exception| backend.now() < exception.until && state.is_editable()).map(|exception| {
        view! { <span>{format!("准予补报到{}（{}：{}）", moment(exception.until - 1), exception.actor, exception.reason)}</span> }
    });
    let imported = report.imported().then_some("这一期的数由文件导入，已经通过。");
    view! {
        <p class="report-status">
            <b class=format!("state {}", state_class(state))>{state.name()}</b>
            {due.map(|due| view! { <span>{due}</span> })}
            {exception}
            {last.map(|last| view! { <span class="subtitle">{last}</span> })}
            {imported}
        </p>
    }
    .into_any()
}

pub(crate) fn state_class(state: State) -> &'static str {
    match state {
        State::Draft => "draft",
        State::Submitted | State::Signed => "waiting",
        State::SentBack => "back",
        State::Approved => "approved",
        State::CorrectionAsked => "back",
    }
}

/// Why it came back, on top of everything.
pub(crate) fn sent_back(report: &Report) -> Option<AnyView> {
    let asked = |step: &&StepRecord| matches!(step.state, State::SentBack | State::CorrectionAsked) || step.step == Step::RefuseCorrection;
    let last = report.steps.last().filter(asked)?;
    let what = match last.step {
        Step::AskCorrection => "申请更正",
        Step::AllowCorrection => "同意更正，请修改后重新提交",
        Step::RefuseCorrection => "不同意更正",
        _ => "已退回",
    };
    let reason = last.reason.clone().unwrap_or_default();
    Some(
        view! {
            <div class="notice act" role="note">
                <p><b>{format!("{what}：{}　{}", last.actor, moment(last.at))}</b></p>
                <p class="free">{reason}</p>
            </div>
        }
        .into_any(),
    )
}

fn form_page(report: Report) -> Result<Page, PageError> {
    let typing = may_type(&report);
    let posted = use_context::<Posted>();
    let form = if typing { Form::new(&report, posted.as_ref()) } else { form_of_reader(&report) };
    let body = view! {
        <section class="text-page wide report">
            <h1>{heading(&report)}</h1>
            {status(&report)}
            {sent_back(&report)}
            {moved()}
            {(!typing).then(|| unsaved(&report, posted.as_ref()))}
            {if typing { editable(&report, &form, posted.as_ref()) } else { read_only(&report, &form) }}
        </section>
    };
    Ok(Page::new(heading(&report), Menu::Todo, body))
}

/// What was typed into a form that can no longer be changed: it is shown, so that it can be copied.
fn unsaved(report: &Report, posted: Option<&Posted>) -> Option<AnyView> {
    let form = Form::new(report, None);
    let differs = |cell: &String| {
        let typed = posted?.get(&field_name(cell))?.trim();
        let saved = report.draft(cell).map_or("", |draft| draft.text.as_str());
        (typed != saved.trim() && !typed.is_empty()).then(|| (cell_name(&form, cell), typed.to_owned()))
    };
    let lost: Vec<(String, String)> = form.cells().iter().filter_map(differs).collect();
    if lost.is_empty() {
        return None;
    }
    let items = lost.into_iter().map(|(name, text)| view! { <div><dt>{name}</dt><dd class="free">{text}</dd></div> }).collect_view();
    Some(view! { <p>"您刚才填的、没有保存的内容："</p><dl class="trace facts">{items}</dl> }.into_any())
}

/// The county sees its own boxes while they may change; otherwise, and to everybody else, what was handed in counts.
fn form_of_reader(report: &Report) -> Form {
    let own = backend().viewer().and_then(|viewer| viewer.role()).is_some_and(Role::is_county);
    if own && report.state().is_editable() { Form::new(report, None) } else { Form::handed_in(report) }
}

/// Somebody acted in between.
pub(crate) fn moved() -> Option<AnyView> {
    let MovedBy(step) = use_context::<MovedBy>()?;
    let text = match step {
        Some(step) => {
            format!("刚才的操作没有生效：{}已在{}{}，现在是“{}”。", step.actor, moment(step.at), step.step.name(), step.state.name())
        }
        None => "刚才的操作没有生效：这份报送的状态已经变了。".to_owned(),
    };
    Some(view! { <p class="notice act" role="alert">{text}</p> }.into_any())
}

fn conflicts_view(conflicts: &[CellConflict], form: &Form) -> Option<AnyView> {
    if conflicts.is_empty() {
        return None;
    }
    let rows = conflicts.iter().map(|conflict| {
        let name = cell_name(form, &conflict.cell);
        let pick = format!("pick.{}", conflict.cell);
        view! {
            <fieldset>
                <legend>{name}</legend>
                <label><input type="radio" name=pick.clone() value="mine" checked=true/>{format!("用我填的：{}", shown(&conflict.mine))}</label>
                <label>
                    <input type="radio" name=pick value="theirs"/>
                    {format!("用已保存的：{}（{}　{}）", shown(&conflict.theirs.text), conflict.theirs.actor, moment(conflict.theirs.at))}
                </label>
            </fieldset>
        }
    });
    let rows = rows.collect_view();
    Some(
        view! {
            <div class="notice act conflicts" role="alert">
                <p><b>"还没有保存：下面的格子在您打开页面之后被改过。请逐格选定，再按“保存草稿”。"</b></p>
                {rows}
            </div>
        }
        .into_any(),
    )
}

fn shown(text: &str) -> String {
    if text.is_empty() { "（空）".to_owned() } else { text.to_owned() }
}

/// What a box is called in a sentence.
pub fn cell_name(form: &Form, id: &str) -> String {
    match Cell::parse(id) {
        Some(Cell::Text(topic)) => topic.name().to_owned(),
        Some(Cell::Row { goal, region, field }) => {
            let line = form.lines.iter().find(|line| line.goal == goal && line.region == region);
            format!("{} {}", line.map(row_name).unwrap_or_default(), field.name())
        }
        None => id.to_owned(),
    }
}

fn editable(report: &Report, form: &Form, posted: Option<&Posted>) -> AnyView {
    let conflicts = use_context::<Conflicts>().map(|conflicts| conflicts.0).unwrap_or_default();
    let error = posted.and_then(|posted| posted.error.clone());
    let pasted = use_context::<PastePreview>();
    let backend = backend();
    let closed = closed(report, backend.now(), backend.holidays());
    let saved = query("saved").is_some() && posted.is_none();
    let at = address(report);
    let views = form.row_views();
    let rows =
        form.lines.iter().enumerate().map(|(index, line)| input_row(report, form, posted, line, &views[index], index)).collect_view();
    let texts = Topic::ALL.into_iter().enumerate().map(|(index, topic)| text_box(report, form, posted, topic, index)).collect_view();
    let (plan, period, region) = (report.key.plan.clone(), report.key.period.to_string(), report.key.unit.clone());
    let login = backend.viewer().map(|viewer| viewer.account.login.clone()).unwrap_or_default();
    view! {
        {error.map(|error| view! { <p class="notice act" role="alert">{error}</p> })}
        {closed.map(|closed| view! { <p class="notice" role="note">{closed}</p> })}
        {pasted.map(|preview| preview.view(&at))}
        <form id="entry" class="entry" method="post" action=format!("{at}/save") autocomplete="off">
            // The button that Enter presses where no script moves on to the next row.
            <button type="submit" name="then" value="save" class="default-button" tabindex="-1" aria-hidden="true">"保存草稿"</button>
            {conflicts_view(&conflicts, form)}
            <div class="scroll"><table class="data entry-table">
                {table_head(report)}
                <tbody>{rows}</tbody>
            </table></div>
            <div class="texts">{texts}</div>
            <details class="paste-area">
                <summary>"从 Excel、WPS 粘贴"</summary>
                <p class="subtitle">"在 Excel 或 WPS 里选中一块复制，在上面的格子里直接粘贴即可；也可以贴在下面，先看再填。"</p>
                <label for="block">"粘贴区（从第一行的本期累计起，向右向下填）"</label>
                <textarea id="block" name="block" rows="4"></textarea>
                <p>
                    <label>"单位 "<select name="block_unit"><option value="">"与表头相同"</option><option value="万">"万元"</option><option value="亿">"亿元"</option></select></label>
                    <button type="submit" name="then" value="paste" class="second">"预览粘贴"</button>
                </p>
            </details>
            <div class="bar-bottom">
                <span class="keys">"Enter 下一行　↑↓ 换行　Esc 还原　Ctrl+S 保存　可整列粘贴"</span>
                <span class="save-state" id="save-state" aria-live="polite">{saved.then(|| format!("✓ 草稿已保存 {}", last_saved(report)))}</span>
                <button type="submit" name="then" value="save" class="second">"保存草稿"</button>
                <button type="submit" name="then" value="check">"核对并提交"</button>
            </div>
        </form>
        <form class="upload" method="post" enctype="multipart/form-data" action=format!("{at}/upload")>
            <label for="file">"上传 xlsx 或 CSV 文件（先预览，不会直接提交；表头写 指标、单位名称、本期累计、去年同期、说明）"</label>
            <input id="file" type="file" name="file" accept=".csv,.xlsx,text/csv"/>
            <button type="submit" class="second">"预览上传"</button>
        </form>
        {view! { <EntryHelper plan period region login/> }.into_any()}
        <p class="after"><a href=format!("{at}/history")>"每一格的修改记录"</a></p>
    }
    .into_any()
}

fn last_saved(report: &Report) -> String {
    let newest = report.drafts.iter().map(|draft| draft.at).max();
    newest.map(moment).unwrap_or_default()
}

fn table_head(report: &Report) -> AnyView {
    let previous = previous_label(report);
    view! {
        <thead><tr>
            <th scope="col">"指标"</th>
            <th scope="col" class="r">"本期累计"</th>
            <th scope="col" class="r">{previous}</th>
            <th scope="col" class="r">"本月"</th>
            <th scope="col" class="r">"去年同期"</th>
            <th scope="col" class="r">"同比增长"</th>
            <th scope="col" class="r">"年度目标"</th>
            <th scope="col" class="r">"完成目标"</th>
            <th scope="col">"说明"</th>
        </tr></thead>
    }
    .into_any()
}

/// `1—5月累计`, where one earlier period serves all rows.
fn previous_label(report: &Report) -> String {
    let lines = entry::lines(&report.version.plan, &report.key.unit, report.key.period, &report.figures);
    let periods: Vec<Period> = lines.iter().filter_map(|line| line.previous.map(|(at, _)| at)).collect();
    match periods.first() {
        Some(first) if periods.iter().all(|at| at == first) => format!("{}累计", first.months()),
        _ => "上期累计".to_owned(),
    }
}

/// The boxes of a row that cannot be typed into: the figure before, month, growth, target, completion.
fn derived(line: &Line, view: &RowView) -> [AnyView; 5] {
    let measure = &line.measure;
    let previous = line.previous.map_or("—".to_owned(), |(_, amount)| measure.format(amount));
    let target = match (line.target, line.no_target) {
        (Some(target), _) => measure.format(target),
        (None, true) => "/".to_owned(),
        (None, false) => line.target_growth.map_or("—".to_owned(), |growth| format!("增长{}%", growth.percent_as_written())),
    };
    let cell =
        |text: String, id: &'static str, name: &'static str| view! { <td class="r" data-derived=id data-name=name>{text}</td> }.into_any();
    [
        cell(previous, "previous", "上期累计"),
        cell(view.month.clone(), "month", "本月"),
        cell(view.growth.clone(), "growth", "同比增长"),
        cell(target, "target", "年度目标"),
        cell(view.completion.clone(), "completion", "完成目标"),
    ]
}

fn input_row(report: &Report, form: &Form, posted: Option<&Posted>, line: &Line, view: &RowView, index: usize) -> AnyView {
    let typed = &form.typed[index];
    let [previous, month, growth, target, completion] = derived(line, view);
    let described = format!("messages-{index}");
    let input = |field: Field, text: &str, placeholder: String, width: &'static str| {
        let cell = line.cell(field).id();
        let wrong = view.messages.iter().any(|message| message.cell == cell && message.kind == "wrong");
        let label = format!("{} {}（{}）", row_name(line), field.name(), line.unit());
        let mode = (field != Field::Note).then_some("decimal");
        view! {
            <input
                type="text" class=width id=field_name(&cell) name=field_name(&cell) value=text.to_owned() inputmode=mode placeholder=placeholder
                aria-label=label aria-describedby=described.clone() aria-invalid=wrong.then_some("true") data-cell=cell.clone() data-saved=saved_text(report, &cell)
            />
            <input type="hidden" name=version_name(&cell) value=version_of(report, posted, &cell).to_string()/>
        }
    };
    let proposed = line.proposed_base.map(|base| line.measure.plain(base)).unwrap_or_default();
    let base = (!line.percent).then(|| input(Field::Base, &typed.base, proposed, "num-in"));
    let class = if line.within.is_some() { "nested" } else { "" };
    view! {
        <tr class=class data-line=view.row.clone()>
            <th scope="row">{label(line)}</th>
            <td class="r" data-name="本期累计">{input(Field::Value, &typed.value, String::new(), "num-in")}</td>
            {previous}
            {month}
            <td class="r" data-name="去年同期">{base}</td>
            {growth}
            {target}
            {completion}
            <td data-name="说明">{input(Field::Note, &typed.note, String::new(), "note-in")}</td>
        </tr>
        <tr class="messages" id=format!("messages-{index}") data-messages=view.row.clone()>
            <td colspan="9">{messages(view)}</td>
        </tr>
    }
    .into_any()
}

fn label(line: &Line) -> AnyView {
    let name = if line.within.is_some() { format!("其中：{}", line.name) } else { line.goal_name.clone() };
    view! { {name}<small class="unit">{format!("（{}）", line.unit())}</small> }.into_any()
}

fn messages(view: &RowView) -> AnyView {
    let each = view.messages.iter().map(|message| {
        let class = format!("message {}", message.kind);
        view! { <p class=class>{message.text.clone()}</p> }
    });
    each.collect_view().into_any()
}

fn text_box(report: &Report, form: &Form, posted: Option<&Posted>, topic: Topic, index: usize) -> AnyView {
    let cell = Cell::Text(topic).id();
    let text = form.texts[index].clone();
    let fault = form.text_faults().into_iter().find(|(of, _)| *of == topic).map(|(_, sentence)| sentence);
    let id = field_name(&cell);
    view! {
        <div class="text-box">
            <label for=id.clone()>{topic.name()}<small>{format!("（至多 {TEXT_LIMIT} 字）")}</small></label>
            <textarea id=id name=field_name(&cell) rows="3" data-cell=cell.clone() data-saved=saved_text(report, &cell) inner_html=area(&text)></textarea>
            <input type="hidden" name=version_name(&cell) value=version_of(report, posted, &cell).to_string()/>
            {fault.map(|fault| view! { <p class="message wrong">{fault}</p> })}
        </div>
    }
    .into_any()
}

/// The submitted form: for the reporter, who waits; for the approver, who signs; for the office.
pub(crate) fn read_only(report: &Report, form: &Form) -> AnyView {
    let at = address(report);
    let submitted = report.submission().and_then(|step| Some((step.at, step.actor.clone(), step.sha256.clone()?)));
    let receipt = submitted.map(|(time, actor, sha256)| {
        view! { <p class="subtitle">{format!("{actor}　{}提交，内容 SHA-256 {}…　", moment(time), &sha256[..16])}<a href=format!("{at}/receipt")>"回执"</a></p> }
    });
    view! {
        {receipt}
        {figures_table(report, form)}
        {texts_view(form)}
        {steps_forms(report)}
        <p class="after"><a href=format!("{at}/history")>"每一格的修改记录"</a></p>
    }
    .into_any()
}

/// The figures with what changed since the submission before; doubts with their explanations first.
fn figures_table(report: &Report, form: &Form) -> AnyView {
    let earlier = report.earlier_submission().and_then(|step| step.content.as_ref());
    let views = form.row_views();
    let rows = form.lines.iter().enumerate().map(|(index, line)| {
        let (row, view) = (&form.checked[index], &views[index]);
        let [previous, month, growth, target, completion] = derived(line, view);
        let was = earlier.and_then(|content| content.row(&line.goal, &line.region));
        let amount = |amount: Option<domain::money::Amount>| amount.map_or("—".to_owned(), |amount| line.measure.plain(amount));
        let value = match line.percent {
            true => row.stated_growth.map_or("—".to_owned(), |rate| format!("{}%", rate.percent_as_written())),
            false => amount(row.value),
        };
        let before = |changed: bool, text: String| changed.then(|| view! { <small class="was">{format!("上次 {text}")}</small> });
        let value_was = was.map(|was| before(was.value != row.value, amount(was.value)));
        let base_was = was.map(|was| before(was.base != row.base, amount(was.base)));
        let class = if line.within.is_some() { "nested" } else { "" };
        let doubts = row.soft.iter().map(|remark| view! { <p class="message doubt">{remark.sentence.clone()}</p> }).collect_view();
        view! {
            <tr class=class>
                <th scope="row">{label(line)}</th>
                <td class="r" data-name="本期累计"><b>{value}</b>{value_was}</td>
                {previous}
                {month}
                <td class="r" data-name="去年同期">{if line.percent { "—".to_owned() } else { amount(row.base) }}{base_was}</td>
                {growth}
                {target}
                {completion}
                <td class="free" data-name="说明">{row.note.clone()}</td>
            </tr>
            <tr class="messages"><td colspan="9">{doubts}</td></tr>
        }
    });
    let rows = rows.collect_view();
    view! { <div class="scroll"><table class="data entry-table">{table_head(report)}<tbody>{rows}</tbody></table></div> }.into_any()
}

fn texts_view(form: &Form) -> AnyView {
    let each = Topic::ALL.into_iter().zip(&form.texts).map(|(topic, text)| {
        let text = if text.trim().is_empty() { "（没有填）".to_owned() } else { text.clone() };
        view! { <div><dt>{topic.name()}</dt><dd class="free">{text}</dd></div> }
    });
    view! { <dl class="trace facts texts-read">{each.collect_view()}</dl> }.into_any()
}

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
    let account = backend.viewer().map(|viewer| viewer.account.id);
    let did = |of: Step| report.steps.iter().rev().find(|done| done.step == of).map(|done| done.account) == account;
    let own_work = match report.state() {
        State::Submitted => may_step(report, Step::SignOff) && did(Step::Submit),
        State::Signed => may_step(report, Step::Approve) && (did(Step::Submit) || did(Step::SignOff)),
        _ => false,
    };
    let own_work_note = own_work.then(|| view! { <p class="notice">"您自己提交或签核过这份报送，要由另一个人来审。"</p> });
    let from = if use_context::<RequestPath>().is_some_and(|path| path.0.starts_with("/review")) { "review" } else { "" };
    let plain = |step: Step, text: &'static str| {
        may_step(report, step).then(|| {
            view! {
                <form method="post" action=format!("{at}/step") class="step">
                    <input type="hidden" name="step" value=step.id()/>
                    <input type="hidden" name="seen" value=seen.clone()/>
                    <input type="hidden" name="from" value=from/>
                    <input type="hidden" name="key" value=format!("{key}-{}", step.id())/>
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
                    <input type="hidden" name="step" value=step.id()/>
                    <input type="hidden" name="seen" value=seen.clone()/>
                    <input type="hidden" name="from" value=from/>
                    <input type="hidden" name="key" value=format!("{key}-{}", step.id())/>
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
                    <input type="hidden" name="step" value=step.id()/>
                    <input type="hidden" name="seen" value=seen.clone()/>
                    <input type="hidden" name="from" value=from/>
                    <input type="hidden" name="key" value=format!("{key}-{}", step.id())/>
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
fn new_key() -> String {
    backend().fresh_key()
}

async fn check_page(report: Report) -> Result<Page, PageError> {
    if !may_type(&report) {
        return form_page(report);
    }
    let form = Form::new(&report, None);
    let backend = backend();
    let posted = use_context::<Posted>();
    let error = posted.as_ref().and_then(|posted| posted.error.clone());
    let mut faults: Vec<(String, String)> = form.faults();
    let closed = closed(&report, backend.now(), backend.holidays());
    let at = address(&report);
    let ready = faults.is_empty() && closed.is_none();
    let summary = (!faults.is_empty()).then(|| {
        let items = faults.drain(..).map(|(cell, sentence)| {
            view! { <li><a href=format!("{at}#{}", links::encode(&field_name(&cell)))>{sentence}</a></li> }
        });
        let items = items.collect_view();
        view! { <div class="notice act" role="alert"><p><b>"还不能提交，请先改好这几处："</b></p><ul>{items}</ul></div> }
    });
    let doubts = form.doubts();
    let doubts = (doubts > 0).then(|| format!("有 {doubts} 处提示，您的说明会和数据一起送审。"));
    let names = names(&report).await?;
    let seen = report.step_version().to_string();
    let drafts = report.drafts_seq().to_string();
    let key = new_key();
    let submit = ready.then(|| {
        view! {
            <form method="post" action=format!("{at}/step") class="submit">
                <input type="hidden" name="step" value=Step::Submit.id()/>
                <input type="hidden" name="seen" value=seen/>
                <input type="hidden" name="drafts" value=drafts/>
                <input type="hidden" name="key" value=key/>
                <label class="tick"><input type="checkbox" name="tick" value="on"/>"以上数据依法依规填报、实事求是，我对真实性负责。"</label>
                <p class="subtitle">{names}</p>
                <button type="submit">"确认提交"</button>
                <a href=at.clone()>"返回修改"</a>
            </form>
        }
    });
    let back = (!ready).then(|| view! { <p class="after"><a class="button" href=at.clone()>"返回修改"</a></p> });
    let body = view! {
        <section class="text-page wide report">
            <h1>{format!("核对{}", heading(&report))}</h1>
            {status(&report)}
            {error.map(|error| view! { <p class="notice act" role="alert">{error}</p> })}
            {closed.map(|closed| view! { <p class="notice act" role="alert">{closed}</p> })}
            {summary}
            {doubts.map(|doubts| view! { <p class="notice">{doubts}</p> })}
            {figures_table(&report, &form)}
            {texts_view(&form)}
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
    let signs = |held: &crate::backend::HeldPost| {
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

fn receipt_page(report: &Report) -> Result<Page, PageError> {
    let Some(step) = report.submission() else {
        return Err(PageError::not_found("这一期还没有提交过，没有回执。").with_link("去填报", address(report)));
    };
    let number = receipt_number(report, step);
    let sha256 = step.sha256.clone().unwrap_or_default();
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
            <p class="lead">{format!("{}{}", heading(report), if report.state() == State::Draft { "已撤回，这份回执作废。" } else { "已提交。" })}</p>
            <dl class="trace facts">
                <div><dt>"回执号"</dt><dd><b>{number}</b></dd></div>
                <div><dt>"提交时间"</dt><dd>{domain::calendar::at_shanghai(step.at).format("%Y年%-m月%-d日 %H:%M:%S").to_string()}</dd></div>
                <div><dt>"提交人"</dt><dd>{step.actor.clone()}</dd></div>
                <div><dt>"内容校验"</dt><dd><code>{format!("SHA-256 {sha256}")}</code></dd></div>
                <div><dt>"状态"</dt><dd>{report.state().name()}</dd></div>
            </dl>
            <p class="notice">{next}</p>
            {steps_forms(report)}
            <p class="after"><a href=at>"查看提交的内容"</a>"　"<a href="/">"回到待办"</a></p>
        </section>
    };
    Ok(Page::new("报送回执", Menu::Todo, body))
}

/// `202106-350181-1`: period, unit, step.
pub(crate) fn receipt_number(report: &Report, step: &StepRecord) -> String {
    let period = report.key.period;
    format!("{}{:02}-{}-{}", period.year, period.month, report.key.unit, step.version)
}

/// What a pasted block or an uploaded file would change, shown before anything is saved.
#[derive(Debug, Clone)]
pub struct PastePreview(pub Paste);

impl PastePreview {
    fn view(self, at: &str) -> AnyView {
        let paste = self.0;
        let cells = paste.cells.iter().map(|cell| {
            view! { <tr><th scope="row">{cell.row_name.clone()}</th><td class="r">{shown(&cell.before)}</td><td class="r"><b>{shown(&cell.after)}</b></td></tr> }
        });
        let cells = cells.collect_view();
        let remarks = paste.remarks.iter().map(|remark| view! { <p class="message doubt">{remark.clone()}</p> }).collect_view();
        view! {
            <div class="notice preview" role="status">
                <p><b>{finding(&paste)}</b>"　还没有保存：按“保存草稿”生效，"<a href=at.to_owned()>"放弃"</a>"则恢复原样。"</p>
                {remarks}
                <table class="data narrow"><thead><tr><th scope="col">"格子"</th><th scope="col" class="r">"原来"</th><th scope="col" class="r">"改为"</th></tr></thead><tbody>{cells}</tbody></table>
            </div>
        }
        .into_any()
    }
}

/// `粘贴 6 行 1 列，将覆盖 4 个已填的格子。`
fn finding(paste: &Paste) -> String {
    match paste.overwritten {
        0 => format!("粘贴 {} 行 {} 列。", paste.rows, paste.columns),
        count => format!("粘贴 {} 行 {} 列，将覆盖 {count} 个已填的格子。", paste.rows, paste.columns),
    }
}

/// What a block would put where, from a box on; `current` tells what a box holds.
pub fn plan_paste(form: &Form, start: &str, block: &str, current: impl Fn(&str) -> String) -> Paste {
    let start = match Cell::parse(start) {
        Some(Cell::Row { goal, region, field }) => {
            form.lines.iter().position(|line| line.goal == goal && line.region == region).map(|row| (row, field))
        }
        _ => None,
    };
    let pasted = entry::paste(&form.lines, start.unwrap_or((0, Field::Value)), block);
    let cells: Vec<PastedCell> = pasted
        .cells
        .into_iter()
        .map(|(cell, row, after)| {
            let id = cell.id();
            let line = &form.lines[row];
            let money = line.measure.money && !line.percent && !matches!(cell, Cell::Row { field: Field::Note, .. });
            PastedCell { row_name: cell_name(form, &id), before: current(&id), after, cell: id, money }
        })
        .collect();
    let overwritten = cells.iter().filter(|cell| !cell.before.trim().is_empty() && cell.before != cell.after).count();
    Paste { rows: pasted.rows, columns: pasted.columns, cells, overwritten, remarks: pasted.remarks }
}

/// The server function behind the island: saves boxes, then says what follows from all of them.
pub(crate) async fn save(plan: &str, period: &str, region: &str, cells: Vec<TypedCell>) -> Saved {
    let problem = |sentence: String| Saved { problem: Some(sentence), ..Saved::default() };
    let report = match load(plan, period, region).await {
        Ok(report) => report,
        Err(error) => return problem(error.sentence()),
    };
    let form = Form::new(&report, None);
    let known = form.cells();
    if let Some(long) = cells.iter().find(|cell| cell.text.chars().count() > KEPT) {
        return problem(too_long(long.text.chars().count()));
    }
    let changes: Vec<CellChange> = cells
        .into_iter()
        .filter(|cell| known.contains(&cell.cell))
        .map(|cell| change(&report, cell.cell, cell.seen, domain::entry::clean(&cell.text)))
        .collect();
    let backend = backend();
    match backend.save_drafts(&report.key, changes).await {
        Ok(drafts) => {
            let at = domain::calendar::at_shanghai(backend.now()).format("%H:%M").to_string();
            let versions = drafts.iter().map(|draft| (draft.cell.clone(), draft.version)).collect();
            let report = Report { drafts, ..report };
            let form = Form::new(&report, None);
            let text = |(topic, text)| Message { kind: "wrong".to_owned(), cell: Cell::Text(topic).id(), text };
            Saved { versions, rows: form.row_views(), texts: form.text_faults().into_iter().map(text).collect(), at, ..Saved::default() }
        }
        Err(CommandError::Cells(conflicts)) => {
            Saved { conflicts: conflicts.into_iter().map(|found| conflict(&form, found)).collect(), ..Saved::default() }
        }
        Err(error) => problem(sentence_of(&error)),
    }
}

fn conflict(form: &Form, conflict: CellConflict) -> Conflict {
    let (name, theirs) = (cell_name(form, &conflict.cell), conflict.theirs);
    Conflict {
        cell: conflict.cell,
        name,
        version: theirs.version,
        by: format!("{}　{}", theirs.actor, moment(theirs.at)),
        text: theirs.text,
    }
}

/// A command's refusal in one sentence.
pub fn sentence_of(error: &CommandError) -> String {
    match error {
        CommandError::Forbidden(..) => "您的岗位不能填这份报送，没有保存。".to_owned(),
        CommandError::OwnWork => "您自己提交或签核过这份报送，要由另一个人来审。".to_owned(),
        CommandError::Cells(conflicts) => format!("有 {} 格刚被别人改过，没有保存。", conflicts.len()),
        CommandError::Moved(Some(step)) => {
            format!("没有保存：{}已在{}{}，现在是“{}”，不能再改。", step.actor, moment(step.at), step.step.name(), step.state.name())
        }
        CommandError::Moved(None) => "没有保存：这份报送已经通过，不能再改。".to_owned(),
        CommandError::Stale => "核对之后又有改动，请重新核对。".to_owned(),
        CommandError::Refused(sentences) => sentences.join(""),
        CommandError::Unavailable(error) => format!("暂时不能保存，请稍后再试；如仍不行，请把编号 {} 告诉管理员。", error.reference),
    }
}

/// The server function behind a paste in the island.
pub(crate) async fn preview(plan: &str, period: &str, region: &str, start: &str, block: &str, current: Vec<TypedCell>) -> Paste {
    match load(plan, period, region).await {
        Ok(report) => {
            let holds = |id: &str| current.iter().find(|cell| cell.cell == id).map(|cell| cell.text.clone()).unwrap_or_default();
            plan_paste(&Form::new(&report, None), start, block, holds)
        }
        Err(error) => Paste { remarks: vec![error.sentence()], ..Paste::default() },
    }
}
