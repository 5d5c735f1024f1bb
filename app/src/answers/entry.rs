//! What the entry form's island asks for: saving boxes, what follows from them, what a pasted block would do.

use domain::budget::Budget;
use domain::calendar::moment;
use domain::entry::{self, Cell, EntryCheck, EntryLine, Field, Typed};
use office::commands::save_draft::SaveDraft;
use office::entry_form::{Form, cell_name};
use office::facts::{CellConflict, Report};
use office::refusal::Refusal;
use office::upload::{Filled, pasted};

use crate::backend::backend;
use crate::load;
use crate::wire::{Conflict, Message, Paste, PastedCell, RowView, Saved, TypedCell};

/// What a block would put where, from a box on; `current` tells what a box holds.
///
/// # Errors
/// The budget ended.
pub fn plan_paste(
    report: &Report,
    form: &Form,
    (start, block): (&str, &str),
    current: impl Fn(&str) -> String,
    budget: Budget<'_>,
) -> Result<Paste, String> {
    if !form.projects.is_empty() {
        return Ok(pasted_projects(form, start, block, current));
    }
    let goal = match Cell::parse(start) {
        Some(Cell::Row { goal, .. }) => goal,
        _ => String::new(),
    };
    match pasted(report, form, &goal, block, budget) {
        Ok(Some(filled)) => return Ok(taken(form, filled, current)),
        Err(sentence) => return Ok(Paste { remarks: vec![sentence], ..Paste::default() }),
        Ok(None) => {}
    }
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
    Ok(Paste { rows: pasted.rows, columns: pasted.columns, cells, overwritten, remarks: pasted.remarks })
}

/// A block pasted into the sheet of projects.
fn pasted_projects(form: &Form, start: &str, block: &str, current: impl Fn(&str) -> String) -> Paste {
    let found = crate::pages::report::projects::pasted(form, start, block);
    let cells: Vec<PastedCell> = found
        .into_iter()
        .map(|(id, after, money)| PastedCell {
            row_name: cell_name(form, &id),
            before: current(&id),
            after,
            cell: id,
            money,
        })
        .collect();
    let overwritten = cells.iter().filter(|cell| !cell.before.trim().is_empty() && cell.before != cell.after).count();
    let rows = block.trim_end_matches(['\r', '\n']).lines().count();
    let columns = block.lines().map(|line| line.split('\t').count()).max().unwrap_or(0);
    let remarks = if cells.is_empty() {
        vec!["没有找到对应的项目，请从项目那一行的格子开始粘贴".to_owned()]
    } else {
        Vec::new()
    };
    Paste { rows, columns, cells, overwritten, remarks }
}

/// The paste of a table that says itself which boxes its figures belong to; its unit is settled.
fn taken(form: &Form, filled: Filled, current: impl Fn(&str) -> String) -> Paste {
    let cell = |(id, after): (String, String)| {
        let (row_name, before) = (cell_name(form, &id), current(&id));
        PastedCell { row_name, before, after, cell: id, money: false }
    };
    let cells: Vec<PastedCell> = filled.boxes.into_iter().map(cell).collect();
    let overwritten = cells.iter().filter(|cell| !cell.before.trim().is_empty() && cell.before != cell.after).count();
    Paste { rows: filled.rows, columns: Field::COLUMNS.len(), cells, overwritten, remarks: filled.remarks }
}

/// The server function behind the island: saves boxes, then says what follows from all of them.
pub(crate) async fn save(plan: &str, period: &str, region: &str, cells: Vec<TypedCell>) -> Saved {
    let problem = |sentence: String| Saved { problem: Some(sentence), ..Saved::default() };
    let report = match load::report(plan, period, region).await {
        Ok(report) => report,
        Err(error) => return problem(error.sentence()),
    };
    let form = Form::new(&report, None);
    let typed = cells.into_iter().map(|cell| (cell.cell, cell.seen, cell.text)).collect();
    let command = match SaveDraft::typed(&report, &form, typed) {
        Ok(command) => command,
        Err(refusal) => return problem(refusal.sentence()),
    };
    let backend = backend();
    match backend.save_drafts(command).await {
        Ok(drafts) => {
            let at = domain::calendar::at_shanghai(backend.now()).format("%H:%M").to_string();
            let versions = drafts.iter().map(|draft| (draft.cell.clone(), draft.version)).collect();
            let report = Report { drafts, ..report };
            let form = Form::new(&report, None);
            let text = |(of, text)| Message { kind: "wrong".to_owned(), cell: Cell::Text(of).id(), text };
            Saved {
                versions,
                rows: row_views(&form),
                texts: form.text_faults().into_iter().map(text).collect(),
                at,
                ..Saved::default()
            }
        }
        Err(Refusal::Conflict(conflicts)) => {
            Saved { conflicts: conflicts.into_iter().map(|found| conflict(&form, found)).collect(), ..Saved::default() }
        }
        Err(refusal) => problem(refusal.sentence()),
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

/// The server function behind a paste in the island.
pub(crate) async fn preview(
    plan: &str,
    period: &str,
    region: &str,
    start: &str,
    block: &str,
    current: Vec<TypedCell>,
) -> Paste {
    match load::report(plan, period, region).await {
        Ok(report) => {
            let (start, block) = (start.to_owned(), block.to_owned());
            let holds = move |id: &str| {
                current.iter().find(|cell| cell.cell == id).map(|cell| cell.text.clone()).unwrap_or_default()
            };
            let work = move |budget: Budget<'_>| {
                plan_paste(&report, &Form::new(&report, None), (&start, &block), holds, budget)
            };
            let read = backend().paste(Box::new(work)).await;
            read.unwrap_or_else(|sentence| Paste { remarks: vec![sentence], ..Paste::default() })
        }
        Err(error) => Paste { remarks: vec![error.sentence()], ..Paste::default() },
    }
}

/// What follows from each row of a form, as printed.
pub(crate) fn row_views(form: &Form) -> Vec<RowView> {
    form.lines
        .iter()
        .zip(&form.checked)
        .zip(&form.typed)
        .map(|((line, row), typed)| row_view(line, row, typed))
        .collect()
}

fn row_view(line: &EntryLine, row: &EntryCheck, typed: &Typed) -> RowView {
    let measure = &line.measure;
    let dash = || "—".to_owned();
    let percent =
        |rate: Option<domain::rate::Rate>| rate.map_or_else(dash, |rate| format!("{}%", rate.percent_on_page(1)));
    let mut messages = Vec::new();
    let message = |kind: &str, field: Field, text: &str| Message {
        kind: kind.to_owned(),
        cell: line.cell(field).id(),
        text: text.to_owned(),
    };
    // A row that nobody has begun is not scolded for being empty.
    let begun = !typed.value.trim().is_empty();
    messages.extend(row.hard.iter().filter(|_| begun).map(|remark| message("wrong", remark.field, &remark.sentence)));
    messages.extend(row.soft.iter().map(|remark| message("doubt", remark.field, &remark.sentence)));
    messages.extend(row.said.iter().map(|(field, said)| message("said", *field, said)));
    RowView {
        row: format!("{}/{}", line.goal, line.region),
        month: row.month.map_or_else(dash, |amount| measure.format(amount)),
        growth: percent(row.growth),
        completion: percent(row.completion),
        messages,
    }
}
