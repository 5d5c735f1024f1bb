//! The entry form's posts: save, preview a paste or an upload, take a step.

use app::answers::entry::plan_paste;
use app::pages::report::{Conflicts, MovedBy, PastePreview};
use app::parts::links;
use app::routes::shell;
use app::wire::with_unit;
use axum::body::Body;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State};
use axum::http::{Response, StatusCode};
use axum::response::{IntoResponse, Redirect};
use documents::office_table::Use;
use documents::returns::ReturnsFile;
use domain::entry::{Cell, Field};
use domain::month::Period;
use domain::plan::Goal;
use domain::rights::{self, Action, Object};
use domain::workflow::Step;
use leptos::prelude::provide_context;
use office::commands::one_step::{self, OneStep};
use office::commands::save_draft::SaveDraft;
use office::commands::steps::field;
use office::entry_form::{Form as Entry, field_name, settle, version_name};
use office::facts::{Report, ReportKey};
use office::posted::Posted;
use office::refusal::Refusal;
use office::viewer::Viewer;

use super::{Fields, Upload, carry_out};
use crate::state::AppState;
use crate::web::render::{finish, page_context};
use crate::web::sentence::not_done;
use crate::web::session::Signed;

type Address = Path<(String, String, String)>;

/// What a page shows besides its own data.
#[derive(Default)]
struct Shown {
    posted: Option<Posted>,
    conflicts: Option<Conflicts>,
    moved: Option<MovedBy>,
    preview: Option<PastePreview>,
}

fn address(key: &ReportKey) -> String {
    links::report(&key.plan, key.period, &key.unit)
}

/// The form's page again, or its check page.
async fn page(state: &AppState, viewer: &Viewer, path: &str, shown: Shown, status: StatusCode) -> Response<Body> {
    let options = state.options.clone();
    let base = page_context(state.clone(), shown.posted);
    let (conflicts, moved, preview) = (shown.conflicts, shown.moved, shown.preview);
    let context = move || {
        base();
        if let Some(conflicts) = conflicts.clone() {
            provide_context(conflicts);
        }
        if let Some(moved) = moved.clone() {
            provide_context(moved);
        }
        if let Some(preview) = preview.clone() {
            provide_context(preview);
        }
    };
    finish(Some(viewer), path, status, context, move || shell(options.clone())).await
}

/// The return an address names, where whoever asks may see it.
async fn load(
    state: &AppState,
    viewer: &Viewer,
    (plan, period, unit): (String, String, String),
) -> Result<Report, Refusal> {
    let none = || Refusal::Forbidden(Action::ReadReturn, rights::Refusal::Scope);
    let backend = state.backend_for(Some(viewer.clone()));
    let period = Period::parse(&period).map_err(|_| none())?;
    let report = backend.report(&ReportKey { plan, period, unit }).await?.ok_or_else(none)?;
    let object = Object::of_unit(report.office(), &report.key.unit, report.state());
    let may = viewer.may(Action::ReadReturn, object);
    may.map_err(|refusal| Refusal::Forbidden(Action::ReadReturn, refusal))?;
    Ok(report)
}

pub(crate) async fn save(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(path): Address,
    Fields(fields): Fields,
) -> Response<Body> {
    let report = match load(&state, &viewer, path).await {
        Ok(report) => report,
        Err(refusal) => return not_done(&refusal),
    };
    let posted = Posted::new(fields);
    let form = Entry::new(&report, None);
    if posted.text("then") == "paste" {
        return preview(&state, &viewer, &report, &form, posted).await;
    }
    let saved = match SaveDraft::read(&report, &form, &posted) {
        Ok(command) => carry_out(&state, &viewer, command).await,
        Err(refusal) => Err(refusal),
    };
    match saved {
        Ok(_) => {
            let ending = if posted.text("then") == "check" { "/check" } else { "?saved=1" };
            Redirect::to(&format!("{}{ending}", address(&report.key))).into_response()
        }
        Err(Refusal::Conflict(conflicts)) => {
            let mut posted = posted;
            settle(&mut posted, &conflicts);
            let conflicts = Some(Conflicts(conflicts));
            let shown = Shown { posted: Some(posted), conflicts, ..Shown::default() };
            page(&state, &viewer, &address(&report.key), shown, StatusCode::CONFLICT).await
        }
        Err(refusal) => refused(&state, &viewer, &report, posted, refusal, "").await,
    }
}

/// A refusal on the page it came from, with what was typed.
async fn refused(
    state: &AppState,
    viewer: &Viewer,
    report: &Report,
    posted: Posted,
    refusal: Refusal,
    part: &str,
) -> Response<Body> {
    // A step asked for on the page of the review comes back there.
    let own = match posted.text(field::FROM) {
        "review" => links::review_unit(&report.key.plan, report.key.period, &report.key.unit),
        _ => address(&report.key),
    };
    let status = match refusal {
        Refusal::Moved(step) => {
            let moved = Some(MovedBy(step.map(|step| *step)));
            let shown = Shown { posted: Some(posted), moved, ..Shown::default() };
            return page(state, viewer, &own, shown, StatusCode::CONFLICT).await;
        }
        Refusal::Stale => StatusCode::CONFLICT,
        Refusal::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        refusal => return not_done(&refusal),
    };
    let shown = Shown { posted: Some(posted.with_error(&refusal.sentence())), ..Shown::default() };
    page(state, viewer, &format!("{own}{part}"), shown, status).await
}

/// The form with a block laid over it; nothing is saved yet.
async fn preview(
    state: &AppState,
    viewer: &Viewer,
    report: &Report,
    form: &Entry,
    mut posted: Posted,
) -> Response<Body> {
    let Some(first) = form.lines.first() else {
        return not_done(&Refusal::whole("这个单位没有要填的指标"));
    };
    let start = first.cell(Field::Value).id();
    let mut paste = plan_paste(form, &start, posted.text("block"), |cell| posted.text(&field_name(cell)).to_owned());
    let unit = posted.text("block_unit").to_owned();
    for cell in paste.cells.iter_mut().filter(|cell| cell.money && matches!(unit.as_str(), "万" | "亿")) {
        cell.after = with_unit(&cell.after, &unit);
    }
    for cell in &paste.cells {
        posted.set(&field_name(&cell.cell), &cell.after);
    }
    let shown = Shown { posted: Some(posted), preview: Some(PastePreview(paste)), ..Shown::default() };
    page(state, viewer, &address(&report.key), shown, StatusCode::OK).await
}

/// A file with the figures: through the same checks and the same preview as a paste.
pub(crate) async fn upload(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(path): Address,
    multipart: Result<Multipart, MultipartRejection>,
) -> Response<Body> {
    let report = match load(&state, &viewer, path).await {
        Ok(report) => report,
        Err(refusal) => return not_done(&refusal),
    };
    let Upload { name, bytes, whole, .. } = super::uploaded(multipart, "file").await;
    if !whole {
        return not_done(&Refusal::whole("文件没有传完，没有改动任何数；请再传一次"));
    }
    let of = report.clone();
    // Unpacking and reading take a thread of their own.
    let read = tokio::task::spawn_blocking(move || filled(&of, &Entry::new(&of, None), &bytes, &name)).await;
    match read.unwrap_or_else(|_| Err("文件读不懂，没有改动任何数。".to_owned())) {
        Ok((posted, paste)) => {
            let shown = Shown { posted: Some(posted), preview: Some(PastePreview(paste)), ..Shown::default() };
            page(&state, &viewer, &address(&report.key), shown, StatusCode::OK).await
        }
        Err(sentence) => {
            let shown = Shown { posted: Some(Posted::default().with_error(&sentence)), ..Shown::default() };
            page(&state, &viewer, &address(&report.key), shown, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// So many faults of a file are named.
const FAULTS: usize = 20;

/// The unit's own lines of a table as an office keeps it; what the form's own reader found wrong, where that reads no
/// better.
fn own_table(
    report: &Report,
    goal: &Goal,
    bytes: &[u8],
    name: &str,
    strict: ReturnsFile,
) -> Result<ReturnsFile, String> {
    let plan = &report.version.plan;
    let sheets =
        documents::grid::read(bytes, name).map_err(|problem| format!("{}。没有改动任何数。", problem.message))?;
    let grid = office::incoming::choose(plan, goal, &sheets, None, Some(report.key.period))?;
    let preview = documents::office_table::preview(plan, goal, grid, None, Some(report.key.period), name);
    if preview.lines.iter().all(|line| line.region.is_none()) {
        return Ok(strict);
    }
    // What is doubtful about other units' lines is not this unit's concern.
    let own = |region: &str| {
        region == report.key.unit
            || goal.split(region).is_some_and(|split| split.within.as_deref() == Some(&report.key.unit))
    };
    let of_others = preview.lines.iter().filter(|line| !line.region.as_ref().is_some_and(|(region, _)| own(region)));
    let skip = of_others.map(|line| line.address.clone()).collect();
    let accept =
        preview.doubts.iter().map(|doubt| doubt.key.clone()).filter(|key| key.starts_with("nameless.")).collect();
    let mut mapping = documents::office_table::Mapping { skip, accept, ..preview.mapping };
    // A growth is the bureau's to state.
    let growths = mapping.columns.values_mut().filter(|column| matches!(column.of, Use::Growth | Use::GrowthShare));
    growths.for_each(|column| column.of = Use::Ignore);
    let preview = documents::office_table::preview(plan, goal, grid, Some(&mapping), None, name);
    let stops: Vec<String> = preview
        .doubts
        .iter()
        .filter(|doubt| doubt.stops || doubt.key == "period")
        .map(|doubt| format!("{} {}", doubt.address, doubt.message).trim().to_owned())
        .collect();
    match stops.is_empty() {
        true => Ok(ReturnsFile { rows: preview.rows(goal), ..ReturnsFile::default() }),
        false => {
            let way = "这里不能改读法：请在表里改好、只留要报的列，或用本页下载的空白模板";
            Err(format!("文件没有采用，没有改动任何数。{}。{way}。", stops.join("；")))
        }
    }
}

/// The boxes that a file fills, over those saved; or every problem of the file in sentences.
fn filled(report: &Report, form: &Entry, bytes: &[u8], name: &str) -> Result<(Posted, app::wire::Paste), String> {
    if bytes.is_empty() {
        return Err("还没有选择文件，或文件是空的。请选择 xlsx、xls 或 CSV 文件后再上传。".to_owned());
    }
    let plan = &report.version.plan;
    let default = form.lines.first().and_then(|line| plan.goal(&line.goal)).unwrap_or(plan.default_goal());
    let defaults = documents::returns::Defaults { region: &report.key.unit, period: report.key.period };
    let mut read = documents::returns::parse_with(plan, default, bytes, "", Some(defaults));
    if !read.faults.is_empty() && !documents::returns::is_own_form(bytes) {
        read = own_table(report, default, bytes, name, read)?;
    }
    let mut faults: Vec<String> =
        read.all_problems()
            .into_iter()
            .map(|problem| {
                if problem.line > 0 {
                    format!("第 {} 行：{}", problem.line, problem.message)
                } else {
                    problem.message
                }
            })
            .collect();
    let mut filled: Vec<(Cell, String)> = Vec::new();
    for row in &read.rows {
        let Some(line) = form.lines.iter().find(|line| line.goal == row.goal && line.region == row.region) else {
            faults.push(format!("第 {} 行：不是{}的数据。只能上传本单位的数", row.line, report.unit_name));
            continue;
        };
        if row.period != report.key.period {
            faults.push(format!("第 {} 行：期间是 {}，这里报的是 {}", row.line, row.period, report.key.period));
            continue;
        }
        if row.figure.published_growth.is_some() && !line.percent {
            faults.push(format!("第 {} 行：公布增幅由市里按统计部门的数登记，请把 growth_pct 一格留空", row.line));
            continue;
        }
        let amount = |amount: Option<domain::money::Amount>| amount.map(|amount| line.measure.plain(amount));
        let value = if line.percent {
            row.figure.published_growth.map(|rate| rate.percent_as_written())
        } else {
            amount(row.figure.value)
        };
        filled.extend(value.map(|text| (line.cell(Field::Value), text)));
        filled.extend(amount(row.figure.base).filter(|_| !line.percent).map(|text| (line.cell(Field::Base), text)));
        if !row.figure.note.is_empty() {
            filled.push((line.cell(Field::Note), row.figure.note.clone()));
        }
    }
    if !faults.is_empty() {
        let more =
            if faults.len() > FAULTS { format!("；另有 {} 处", faults.len() - FAULTS) } else { String::new() };
        faults.truncate(FAULTS);
        return Err(format!("文件没有采用，没有改动任何数。{}{more}。", faults.join("；")));
    }
    if filled.is_empty() {
        return Err("文件里没有可用的数，没有改动任何数。请在表头下面填好数再上传。".to_owned());
    }
    let mut posted = Posted::default();
    let mut paste = app::wire::Paste { rows: read.rows.len(), columns: 3, ..app::wire::Paste::default() };
    for (cell, after) in filled {
        let id = cell.id();
        let before = report.draft(&id).map(|draft| draft.text.clone()).unwrap_or_default();
        posted.set(&field_name(&id), &after);
        posted.set(&version_name(&id), &report.draft(&id).map_or(0, |draft| draft.version).to_string());
        paste.overwritten += usize::from(!before.is_empty() && before != after);
        paste.cells.push(app::wire::PastedCell {
            row_name: office::entry_form::cell_name(form, &id),
            before,
            after,
            cell: id,
            money: false,
        });
    }
    Ok((posted, paste))
}

/// One address takes every step: which command it is stands in the form.
pub(crate) async fn step(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(path): Address,
    Fields(fields): Fields,
) -> Response<Body> {
    let report = match load(&state, &viewer, path).await {
        Ok(report) => report,
        Err(refusal) => return not_done(&refusal),
    };
    let posted = Posted::new(fields);
    let step = match one_step::named(&posted) {
        Ok(step) => step,
        Err(refusal) => return refused(&state, &viewer, &report, posted, refusal, "").await,
    };
    // Who may not is told so before anything that is wrong with the form.
    let object = Object::of_unit(report.office(), &report.key.unit, report.state());
    if let Err(refusal @ (rights::Refusal::Role | rights::Refusal::Scope)) = viewer.may(step.action(), object) {
        return not_done(&Refusal::Forbidden(step.action(), refusal));
    }
    let taken = match OneStep::read(report.key.clone(), step, &posted, &state.holidays) {
        Ok(command) => carry_out(&state, &viewer, command).await,
        Err(refusal) => Err(refusal),
    };
    match taken {
        Ok(_) => Redirect::to(&after(&report.key, step)).into_response(),
        Err(refusal) => {
            let part = if step == Step::Submit { "/check" } else { "" };
            refused(&state, &viewer, &report, posted, refusal, part).await
        }
    }
}

/// Where a step leads: its receipt, the office's page, or the form.
fn after(key: &ReportKey, step: Step) -> String {
    match step {
        Step::Submit => format!("{}/receipt", address(key)),
        Step::Approve
        | Step::SendBackToCounty
        | Step::AllowCorrection
        | Step::RefuseCorrection
        | Step::TrueUp
        | Step::Undo => links::review_unit(&key.plan, key.period, &key.unit),
        _ => address(key),
    }
}
