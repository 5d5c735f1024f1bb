//! The entry form's posts: save, preview a paste or an upload, take a step.

use app::answers::entry::plan_paste;
use app::pages::report::{Conflicts, MovedBy, PastePreview};
use app::parts::links;
use app::routes::shell;
use app::wire::{Paste, PastedCell, with_unit};
use axum::body::Body;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State};
use axum::http::{Response, StatusCode};
use axum::response::{IntoResponse, Redirect};
use domain::entry::Field;
use domain::plan::Round;
use domain::rights::{self, Action, Object};
use domain::workflow::Step;
use leptos::prelude::provide_context;
use office::commands::message::WriteMessage;
use office::commands::one_step::{self, OneStep};
use office::commands::save_draft::SaveDraft;
use office::commands::steps::field;
use office::entry_form::{Form as Entry, field_name, settle, version_name};
use office::facts::{Report, ReportKey};
use office::posted::Posted;
use office::refusal::Refusal;
use office::upload::{Filled, filled};
use office::viewer::Viewer;

use super::{Answer, Fields, Upload, carry_out, carry_out_read};
use crate::reading::reading;
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
    links::report(&key.plan, &key.round, &key.unit)
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
    (plan, round, unit): (String, String, String),
) -> Result<Report, Refusal> {
    let none = || Refusal::Forbidden(Action::ReadReturn, rights::Refusal::Scope);
    let backend = state.backend_for(Some(viewer.clone()));
    let round = Round::parse(&round).map_err(|_| none())?;
    let report = backend.report(&ReportKey { plan, round, unit }).await?.ok_or_else(none)?;
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
        return preview(&state, &viewer, report, posted).await;
    }
    let saved = carry_out_read(&state, &viewer, SaveDraft::read(&report, &form, &posted)).await;
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
        "review" | "worksheet" => links::review_unit(&report.key.plan, &report.key.round, &report.key.unit),
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
async fn preview(state: &AppState, viewer: &Viewer, report: Report, mut posted: Posted) -> Response<Body> {
    let Some(start) = Entry::new(&report, None).lines.first().map(|first| first.cell(Field::Value).id()) else {
        return not_done(&Refusal::whole("这个单位没有要填的指标"));
    };
    let (address, sent) = (address(&report.key), posted.clone());
    let read = reading(move |budget| {
        let form = Entry::new(&report, None);
        let holds = |cell: &str| sent.text(&field_name(cell)).to_owned();
        plan_paste(&report, &form, (&start, sent.text("block")), holds, budget)
    });
    let mut paste = read.await.unwrap_or_else(|sentence| Paste { remarks: vec![sentence], ..Paste::default() });
    let unit = posted.text("block_unit").to_owned();
    for cell in paste.cells.iter_mut().filter(|cell| cell.money && matches!(unit.as_str(), "万" | "亿")) {
        cell.after = with_unit(&cell.after, &unit);
    }
    for cell in &paste.cells {
        posted.set(&field_name(&cell.cell), &cell.after);
    }
    let shown = Shown { posted: Some(posted), preview: Some(PastePreview { paste, file: None }), ..Shown::default() };
    page(state, viewer, &address, shown, StatusCode::OK).await
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
    let (of, file) = (report.clone(), name.clone());
    let read = reading(move |budget| filled(&of, &Entry::new(&of, None), &bytes, &name, budget));
    match read.await {
        Ok(filled) => {
            let (posted, paste) = laid_over(&report, filled);
            let preview = PastePreview { paste, file: Some(file) };
            let shown = Shown { posted: Some(posted), preview: Some(preview), ..Shown::default() };
            page(&state, &viewer, &address(&report.key), shown, StatusCode::OK).await
        }
        Err(sentence) => {
            let shown = Shown { posted: Some(Posted::default().with_error(&sentence)), ..Shown::default() };
            page(&state, &viewer, &address(&report.key), shown, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// The form with a file laid over it, and what that changes.
fn laid_over(report: &Report, filled: Filled) -> (Posted, Paste) {
    let form = Entry::new(report, None);
    let mut posted = Posted::default();
    let mut paste = Paste { rows: filled.rows, columns: 3, remarks: filled.remarks, ..Paste::default() };
    for (cell, after) in filled.boxes {
        let draft = report.draft(&cell);
        let before = draft.map(|draft| draft.text.clone()).unwrap_or_default();
        posted.set(&field_name(&cell), &after);
        posted.set(&version_name(&cell), &draft.map_or(0, |draft| draft.version).to_string());
        paste.overwritten += usize::from(!before.is_empty() && before != after);
        let row_name = office::entry_form::cell_name(&form, &cell);
        paste.cells.push(PastedCell { row_name, before, after, cell, money: false });
    }
    (posted, paste)
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
    let from = posted.text(field::FROM).to_owned();
    let step = match one_step::named(&posted) {
        Ok(step) => step,
        Err(refusal) => return refused(&state, &viewer, &report, posted, refusal, "").await,
    };
    // Who may not is told so before anything that is wrong with the form.
    let object = Object::of_unit(report.office(), &report.key.unit, report.state());
    if let Err(refusal @ (rights::Refusal::Role | rights::Refusal::Scope)) = viewer.may(step.action(), object) {
        return not_done(&Refusal::Forbidden(step.action(), refusal));
    }
    let taken =
        carry_out_read(&state, &viewer, OneStep::read(report.key.clone(), step, &posted, &state.holidays.now())).await;
    match taken {
        Ok(_) if from == "worksheet" => {
            Redirect::to(&links::review(&report.key.plan, &report.key.round)).into_response()
        }
        Ok(_) => Redirect::to(&after(&report.key, step)).into_response(),
        Err(refusal) => {
            let part = if step == Step::Submit { "/check" } else { "" };
            refused(&state, &viewer, &report, posted, refusal, part).await
        }
    }
}

/// 留言, or that the other side's were seen.
pub(crate) async fn message(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(path): Address,
    Fields(fields): Fields,
) -> Answer {
    let report = match load(&state, &viewer, path).await {
        Ok(report) => report,
        Err(refusal) => return Ok(not_done(&refusal)),
    };
    let posted = Posted::new(fields);
    let office = viewer.role().is_some_and(rights::Role::is_office);
    let page = match office {
        true => links::review_unit(&report.key.plan, &report.key.round, &report.key.unit),
        false => address(&report.key),
    };
    let done = carry_out(&state, &viewer, WriteMessage::read(report.key.clone(), &posted)).await;
    super::settle(&state, &viewer, &page, posted, done.map(|()| format!("{page}#messages"))).await
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
        | Step::Undo => links::review_unit(&key.plan, &key.round, &key.unit),
        _ => address(key),
    }
}
