//! The boxes of the form: one row per goal, the four texts, the paste area, the bar with the buttons.

use domain::entry::{self, Cell, EntryLine, Field, TEXT_LIMIT, TextBox, Whose};
use domain::month::Period;
use domain::plan::projects::RHYTHM;
use leptos::prelude::*;

use super::dialogs::dialogs;
use super::head::{Conflicts, address, shown};
use super::preview::PastePreview;
use super::projects::sheet_view;
use crate::answers::entry::row_views;
use crate::backend::backend;
use crate::islands::entry::EntryHelper;
use crate::pages::query;
use crate::parts::{alert, area, links};
use crate::wire::RowView;
use domain::calendar::moment;
use office::entry_form::{Form, cell_name, field_name, not_open, saved_text, version_name, version_of};
use office::facts::{CellConflict, Report};
use office::posted::Posted;

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
                <label>
                    <input type="radio" name=pick.clone() value="mine" checked=true />
                    {format!("用我填的：{}", shown(&conflict.mine))}
                </label>
                <label>
                    <input type="radio" name=pick value="theirs" />
                    {format!(
                        "用已保存的：{}（{}　{}）",
                        shown(&conflict.theirs.text),
                        conflict.theirs.actor,
                        moment(conflict.theirs.at),
                    )}
                </label>
            </fieldset>
        }
    });
    let rows = rows.collect_view();
    Some(
        view! {
            <div class="notice act conflicts" role="alert">
                <p>
                    <b>
                        "还没有保存：下面的格子在您打开页面之后被改过。请逐格选定，再按“保存草稿”。"
                    </b>
                </p>
                {rows}
            </div>
        }
        .into_any(),
    )
}

pub(super) fn editable(report: &Report, form: &Form, posted: Option<&Posted>, evidence: AnyView) -> AnyView {
    let conflicts = use_context::<Conflicts>().map(|conflicts| conflicts.0).unwrap_or_default();
    let error = posted.and_then(|posted| posted.error.clone());
    let pasted = use_context::<PastePreview>();
    let backend = backend();
    let closed = not_open(report, backend.now(), backend.holidays());
    let saved = query("saved").is_some() && posted.is_none();
    let at = address(report);
    let views = row_views(form);
    let rows = form
        .lines
        .iter()
        .enumerate()
        .map(|(index, line)| input_row(report, form, posted, line, &views[index], index))
        .collect_view();
    let texts = texts(report, form, posted);
    // A unit that reports texts alone has nothing to paste.
    let figures = !form.lines.is_empty();
    let pastes = figures || !form.projects.is_empty();
    let (plan, period, region) = (report.key.plan.clone(), report.key.round.to_string(), report.key.unit.clone());
    let login = backend.viewer().map(|viewer| viewer.account.login.clone()).unwrap_or_default();
    let template = form.lines.first().map(|line| {
        let address =
            format!("/export/template/{plan}.{}.{}.{}.xlsx", report.key.period(), line.goal, links::encode(&region));
        view! { <a href=address>"下载空白模板"</a> }
    });
    let own_table = (!form.projects.is_empty()).then(|| {
        let address = format!("/export/projects/{plan}.{}.month.xlsx", report.key.period());
        view! { <a href=address>"下载本单位的月报表，填好再上传"</a> }
    });
    view! {
        {error.map(alert)}
        {closed
            .map(|closed| {
                view! {
                    <p class="notice" role="note">
                        {closed}
                    </p>
                }
            })}
        {pasted.map(|preview| preview.view(&at))}
        <form id="entry" class="entry" method="post" action=format!("{at}/save") autocomplete="off">
            // The button that Enter presses where no script moves on to the next row.
            <button type="submit" name="then" value="save" class="default-button" tabindex="-1" aria-hidden="true">
                "保存草稿"
            </button>
            {conflicts_view(&conflicts, form)}
            {figures
                .then(|| {
                    view! {
                        <div class="scroll">
                            <table class="data entry-table">{table_head(report)} <tbody>{rows}</tbody></table>
                        </div>
                    }
                })}
            {(report.key.round.rhythm == RHYTHM).then(|| sheet_view(report, form, posted))}
            <div class="texts">{texts}</div>
            <details class="paste-area" hidden=!pastes>
                <summary>"从 Excel、WPS 粘贴"</summary>
                <p class="subtitle">
                    "在 Excel 或 WPS 里选中一块复制，在上面的格子里直接粘贴即可；也可以贴在下面，先看再填。"
                </p>
                <label for="block">"粘贴区（从第一行的本期累计起，向右向下填）"</label>
                <textarea id="block" name="block" rows="4" />
                <p>
                    <label>
                        "单位 "<select name="block_unit">
                            <option value="">"与表头相同"</option>
                            <option value="万">"万元"</option>
                            <option value="亿">"亿元"</option>
                        </select>
                    </label>
                    <button type="submit" name="then" value="paste" class="second">
                        "预览粘贴"
                    </button>
                </p>
            </details>
            <div class="bar-bottom">
                <span class="keys">
                    "Enter 下一行　↑↓ 换行　Esc 还原　Ctrl+S 保存　可整列粘贴"
                </span>
                <span class="save-state" id="save-state" aria-live="polite">
                    {saved.then(|| format!("✓ 草稿已保存 {}", last_saved(report)))}
                </span>
                <button type="submit" name="then" value="save" class="second">
                    "保存草稿"
                </button>
                <button type="submit" name="then" value="check">
                    "核对并提交"
                </button>
            </div>
        </form>
        <form class="upload" method="post" enctype="multipart/form-data" action=format!("{at}/upload") hidden=!pastes>
            <label for="file">
                "上传 xlsx、xls 或 CSV 文件（先预览，不会直接提交；本单位一直用的表、办公室发的模板都可以，只取本单位的数）"
            </label>
            <input id="file" type="file" name="file" accept=".csv,.xlsx,.xls,text/csv" />
            <button type="submit" class="second">
                "预览上传"
            </button>
            {template}
            {own_table}
        </form>
        {dialogs(login)}
        {view! { <EntryHelper plan period region /> }.into_any()}
        {evidence}
        <p class="after">
            <a href=format!("{at}/history")>"每一格的修改记录"</a>
        </p>
    }
    .into_any()
}

fn last_saved(report: &Report) -> String {
    let newest = report.drafts.iter().map(|draft| draft.at).max();
    newest.map(moment).unwrap_or_default()
}

pub(super) fn table_head(report: &Report) -> AnyView {
    let previous = previous_label(report);
    view! {
        <thead>
            <tr>
                <th scope="col">"指标"</th>
                <th scope="col" class="r">
                    "本期累计"
                </th>
                <th scope="col" class="r">
                    {previous}
                </th>
                <th scope="col" class="r">
                    "本月"
                </th>
                <th scope="col" class="r">
                    "去年同期"
                </th>
                <th scope="col" class="r">
                    "同比增长"
                </th>
                <th scope="col" class="r">
                    "年度目标"
                </th>
                <th scope="col" class="r">
                    "完成目标"
                </th>
                <th scope="col">"说明"</th>
            </tr>
        </thead>
    }
    .into_any()
}

/// `1—5月累计`, where one earlier period serves all rows.
fn previous_label(report: &Report) -> String {
    let lines = entry::lines(&report.version.plan, &report.key.unit, &report.key.round, &report.figures);
    let periods: Vec<Period> = lines.iter().filter_map(|line| line.previous.map(|(at, _)| at)).collect();
    match periods.first() {
        Some(first) if periods.iter().all(|at| at == first) => format!("{}累计", first.months()),
        _ => "上期累计".to_owned(),
    }
}

/// The boxes of a row that cannot be typed into: the figure before, month, growth, target, completion.
pub(super) fn derived(line: &EntryLine, view: &RowView) -> [AnyView; 5] {
    let measure = &line.measure;
    let previous = line.previous.map_or("—".to_owned(), |(_, amount)| measure.format(amount));
    let target = match (line.target, line.no_target) {
        (Some(target), _) => measure.format(target),
        (None, true) => "/".to_owned(),
        (None, false) => {
            line.target_growth.map_or("—".to_owned(), |growth| format!("增长{}%", growth.percent_as_written()))
        }
    };
    let cell = |text: String, id: &'static str, name: &'static str| {
        view! {
            <td class="r" data-derived=id data-name=name>
                {text}
            </td>
        }
        .into_any()
    };
    [
        cell(previous, "previous", "上期累计"),
        cell(view.month.clone(), "month", "本月"),
        cell(view.growth.clone(), "growth", "同比增长"),
        cell(target, "target", "年度目标"),
        cell(view.completion.clone(), "completion", "完成目标"),
    ]
}

fn input_row(
    report: &Report,
    form: &Form,
    posted: Option<&Posted>,
    line: &EntryLine,
    view: &RowView,
    index: usize,
) -> AnyView {
    let typed = &form.typed[index];
    let [previous, month, growth, target, completion] = derived(line, view);
    let described = format!("messages-{index}");
    let input = |field: Field, text: &str, placeholder: String, width: &'static str| {
        let cell = line.cell(field).id();
        // Whoever opens the form types its first figure.
        let first = index == 0 && field == Field::Value;
        let wrong = view.messages.iter().any(|message| message.cell == cell && message.kind == "wrong");
        let label = format!("{} {}（{}）", line.row_name(), field.name(), line.unit());
        let mode = matches!(field, Field::Value | Field::Base).then_some("decimal");
        view! {
            <input
                type="text"
                class=width
                id=field_name(&cell)
                name=field_name(&cell)
                value=text.to_owned()
                inputmode=mode
                placeholder=placeholder
                aria-label=label
                aria-describedby=described.clone()
                aria-invalid=wrong.then_some("true")
                data-cell=cell.clone()
                data-saved=saved_text(report, &cell)
                autofocus=first
            />
            <input type="hidden" name=version_name(&cell) value=version_of(report, posted, &cell).to_string() />
        }
    };
    let proposed = line.proposed_base.map(|base| line.measure.plain(base)).unwrap_or_default();
    let base = (!line.percent).then(|| input(Field::Base, &typed.base, proposed, "num-in"));
    let class = if line.whose == Whose::Within { "nested" } else { "" };
    view! {
        <tr class=class data-line=view.row.clone()>
            <th scope="row">{label(line)}</th>
            <td class="r" data-name="本期累计">
                {input(Field::Value, &typed.value, String::new(), "num-in")}
            </td>
            {previous}
            {month}
            <td class="r" data-name="去年同期">
                {base}
            </td>
            {growth}
            {target}
            {completion}
            <td data-name="说明">{input(Field::Note, &typed.note, String::new(), "note-in")}</td>
        </tr>
        <tr class="messages" id=format!("messages-{index}") data-messages=view.row.clone()>
            <td colspan="9">{messages(view)}</td>
        </tr>
        {line
            .question
            .as_ref()
            .map(|question| {
                let label = format!("{}：办公室问", line.row_name());
                view! {
                    <tr class="question">
                        <td colspan="9">
                            <p class="free">
                                <b>{label}</b>
                                " "
                                {question.clone()}
                            </p>
                            <label>"答复 "{input(Field::Answer, &typed.answer, String::new(), "answer-in")}</label>
                        </td>
                    </tr>
                }
            })}
    }
    .into_any()
}

pub(super) fn label(line: &EntryLine) -> AnyView {
    let name = if line.whose == Whose::Within { format!("其中：{}", line.name) } else { line.row_name() };
    view! {
        {name}
        <small class="unit">{format!("（{}）", line.unit())}</small>
    }
    .into_any()
}

fn messages(view: &RowView) -> AnyView {
    let each = view.messages.iter().map(|message| {
        let class = format!("message {}", message.kind);
        view! { <p class=class>{message.text.clone()}</p> }
    });
    each.collect_view().into_any()
}

/// The boxes for words, under their goal where the unit reports by goal.
fn texts(report: &Report, form: &Form, posted: Option<&Posted>) -> AnyView {
    let plan = &report.version.plan;
    let groups = form.texts.chunk_by(|(one, _), (other, _)| one.goal == other.goal);
    let each = groups.map(|boxes| {
        let goal = boxes[0].0.goal.as_deref().and_then(|id| plan.goal(id));
        let heading = goal.map(|goal| {
            let section = goal.meaning.section.as_ref().map(|section| view! { <small>{section.clone()}</small> });
            view! { <h3 class="text-goal">{goal.name.clone()} " " {section}</h3> }
        });
        let boxes = boxes.iter().map(|(of, text)| text_box(report, form, posted, of, text)).collect_view();
        view! {
            {heading}
            {boxes}
        }
    });
    each.collect_view().into_any()
}

fn text_box(report: &Report, form: &Form, posted: Option<&Posted>, of: &TextBox, text: &str) -> AnyView {
    let (cell, topic) = (Cell::Text(of.clone()).id(), of.topic);
    let text = text.to_owned();
    let fault = form.text_faults().into_iter().find(|(found, _)| found == of).map(|(_, sentence)| sentence);
    let id = field_name(&cell);
    view! {
        <div class="text-box">
            <label for=id.clone()>{topic.name()}<small>{format!("（至多 {TEXT_LIMIT} 字）")}</small></label>
            <textarea
                id=id
                name=field_name(&cell)
                rows="3"
                data-cell=cell.clone()
                data-saved=saved_text(report, &cell)
                inner_html=area(&text)
            />
            <input type="hidden" name=version_name(&cell) value=version_of(report, posted, &cell).to_string() />
            {fault.map(|fault| view! { <p class="message wrong">{fault}</p> })}
        </div>
    }
    .into_any()
}
