//! What the island asks for: saving boxes, and what a pasted block would do.

use domain::entry::{self, Cell, Field};
use leptos::prelude::*;

use super::{cell_name, load, shown};
use crate::actions::{Conflict, Message, Paste, PastedCell, Saved, TypedCell};
use crate::backend::{CellChange, CellConflict, CommandError, Report, backend};
use crate::report::{Form, KEPT, change, moment, too_long};

/// What a pasted block or an uploaded file would change, shown before anything is saved.
#[derive(Debug, Clone)]
pub struct PastePreview(pub Paste);

impl PastePreview {
    pub(super) fn view(self, at: &str) -> AnyView {
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
