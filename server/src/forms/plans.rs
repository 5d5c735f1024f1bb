//! The plan editor: a new plan, or the next version of one.

use app::pages::plan_split::{PREFIX, SplitLine, SplitShown};
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use documents::grid::Grid;
use documents::office_table::{Doubt, Mapping, SplitOf, SplitPreview, choose_split, preview_split};
use domain::budget::Budget;
use domain::money::Amount;
use domain::plan::Plan;
use domain::rate::Rate;
use domain::region::fold_name;
use domain::rights::{Action, Object};
use office::commands::keep_plan::{DecideRevision, NewPlan, RevisePlan};
use office::plan_form::{self, SplitTarget};
use office::posted::Posted;
use office::refusal::Refusal;
use office::viewer::Viewer;

use super::sheet::{SPLIT, seen};
use super::{Answer, Fields, Upload, carry_out, carry_out_read, plan_of, settle, uploaded};
use crate::reading::reading;
use crate::state::AppState;
use crate::web::render::{render, render_with};
use crate::web::sentence::{forbidden, unavailable_page, unknown};
use crate::web::session::Signed;
use store::StoreError;

fn may(viewer: &Viewer, plan: &Plan) -> Result<(), Refusal> {
    let may = viewer.may(Action::ImportPlan, Object::office(plan.region.id()));
    may.map_err(|refusal| Refusal::Forbidden(Action::ImportPlan, refusal))
}

/// The plan that a form rests on, in its file's words.
async fn base(state: &AppState, id: &str) -> Result<Option<(Plan, u32)>, StoreError> {
    Ok(state.store.read().await?.plan(id).await?.and_then(|version| version.own_words()))
}

/// A file that was chosen and not read: a form that is not sent with its file names it only.
fn unread(posted: &Posted) -> Option<String> {
    let name = posted.get("table").map(str::trim).filter(|name| !name.is_empty())?;
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    Some(format!(
        "选了文件“{name}”，还没有读入，没有保存。要用它，请再选一次并按“读入这个文件”；不用它，请直接再按一次。"
    ))
}

pub(crate) async fn create(State(state): State<AppState>, Signed(viewer): Signed, Fields(fields): Fields) -> Answer {
    let posted = Posted::new(fields);
    if let Some(error) = unread(&posted) {
        return Ok(render(
            &state,
            Some(&viewer),
            "/plans/new",
            posted.with_error(&error),
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await);
    }
    if posted.text("then") != "save" {
        return Ok(render(&state, Some(&viewer), "/plans/new", posted, StatusCode::OK).await);
    }
    let done = carry_out(&state, &viewer, NewPlan { boxes: posted.clone() }).await;
    settle(&state, &viewer, "/plans/new", posted, done.map(|id| format!("/plans/{id}"))).await
}

/// A sheet of a file with a split, as somebody looks at it.
struct Looked {
    sheets: Vec<Grid>,
    mapping: Mapping,
    preview: SplitPreview,
    /// What was asked for cannot be done so.
    error: Option<String>,
}

/// A sheet of more lines that was not chosen does not go on with the page.
const CARRIED: usize = 1_000;

/// Reads the file, or the sheets that a preview carries on, as the form wishes. Everything here may take long.
fn read_split(of: &SplitTarget, upload: &Upload, sent: &Posted, budget: Budget<'_>) -> Result<Looked, String> {
    let sheets = match upload.bytes.is_empty() {
        false => documents::grid::read(&upload.bytes, &upload.name, budget)
            .map_err(|problem| format!("{}。没有改动任何内容。", problem.message))?,
        true => {
            serde_json::from_str(sent.text("split.sheets")).map_err(|_| "还没有选择文件，或文件是空的。".to_owned())?
        }
    };
    let target = SplitOf {
        goal: &of.goal,
        measure: &of.measure,
        own: &of.own,
        year: of.year,
        units: &of.units,
        total: of.total,
    };
    let (grid, others) =
        choose_split(&target, &sheets, sent.get("split.sheet"), budget).map_err(|sentence| format!("{sentence}。"))?;
    // The boxes are those of the sheet that was shown; another one is looked at afresh.
    let shown = sent.get("split.of") == Some(grid.name.as_str());
    let grid = grid.clone();
    let (mapping, error) = match shown.then(|| SPLIT.wished(&grid, sent)).transpose() {
        Ok(mapping) => (mapping, None),
        Err(sentence) => (None, Some(format!("{sentence}。"))),
    };
    let mut preview = preview_split(&target, &grid, mapping.as_ref(), budget)?;
    if !others.is_empty() {
        let message = format!("“{}”也像分解表，现在读的是“{}”；请选定工作表，再看一遍", others.join("”“"), grid.name);
        preview.doubts.insert(0, Doubt::new("", message, true));
    }
    if preview.split.splits.len() > plan_form::ROWS {
        let message = format!(
            "表里有 {} 个单位，网页的表格最多 {} 行；请用计划文件",
            preview.split.splits.len(),
            plan_form::ROWS
        );
        preview.doubts.insert(0, Doubt::new("", message, true));
    }
    let name = grid.name.clone();
    // What goes on with the page: the other sheets only where they hold a split too.
    let sifted = upload.bytes.is_empty();
    let mut kept = Vec::new();
    for sheet in sheets {
        let fits = sifted
            || sheet.name == name
            || (sheet.rows.len() <= CARRIED && !preview_split(&target, &sheet, None, budget)?.lines.is_empty());
        kept.extend(fits.then_some(sheet));
    }
    Ok(Looked { mapping: preview.mapping.clone(), preview, error, sheets: kept })
}

/// The split of a file: shown with how it is read until it is taken, then filled into the editor's form.
async fn table(
    state: &AppState,
    viewer: &Viewer,
    page: &str,
    base: Option<&Plan>,
    multipart: Result<Multipart, MultipartRejection>,
) -> Answer {
    let upload = uploaded(multipart, "table").await;
    let sent = Posted::new(upload.fields.clone());
    let mut editor = sent.clone().without(&["then"]).without_prefix(PREFIX);
    let back = async |editor: Posted| {
        let status = if editor.error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        Ok(render(state, Some(viewer), page, editor, status).await)
    };
    if !upload.whole {
        return back(editor.with_error("文件没有传完，没有改动任何内容；请再选一次。")).await;
    }
    if sent.text("then") == "drop" {
        return back(editor).await;
    }
    // The next year's plan begins from the last one.
    let last = match editor.get("from").filter(|from| base.is_none() && !from.is_empty()) {
        Some(from) => self::base(state, from)
            .await
            .map_err(|error| unavailable_page(&error))?
            .filter(|(plan, _)| may(viewer, plan).is_ok())
            .map(|(plan, _)| plan_form::next_year(&plan)),
        None => None,
    };
    let of = match plan_form::split_target(&editor, base.or(last.as_ref())) {
        Ok(of) => of,
        Err(sentence) => return back(editor.with_error(&sentence)).await,
    };
    let (wish, seen_before) = (sent.text("then").to_owned(), sent.text("split.seen").to_owned());
    let file: String = if upload.bytes.is_empty() {
        sent.text("split.file").to_owned()
    } else {
        upload.name.chars().take(120).collect()
    };
    let read = reading(move |budget| read_split(&of, &upload, &sent, budget).map(|looked| (of, looked)));
    let (of, looked) = match read.await {
        Ok(read) => read,
        Err(sentence) => return back(editor.with_error(&sentence)).await,
    };
    let same = seen(&looked.mapping) == seen_before;
    if wish == "take" && same && !looked.preview.stops() {
        editor.set("block", &looked.preview.block(&of.measure));
        return back(editor).await;
    }
    let changed = wish == "take" && !same;
    let error = looked
        .error
        .clone()
        .or(changed.then(|| "您改过读法，还没有填到计划里。下面是新的预览，请看过再填。".to_owned()));
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    if let Some(error) = error {
        editor = editor.with_error(&error);
    }
    let shown = as_shown(&of, &looked, &file);
    Ok(render_with(state, Some(viewer), page, editor, Some(shown), status).await)
}

fn as_shown(of: &SplitTarget, Looked { sheets, mapping, preview, .. }: &Looked, file: &str) -> SplitShown {
    let value = |value: Option<Amount>, none: bool| match value {
        Some(value) => of.measure.plain(value),
        None => if none { "/" } else { "—" }.to_owned(),
    };
    let growth = |growth: Option<Rate>| growth.map_or("—".to_owned(), |growth| growth.percent_as_written());
    let line = |line: &documents::office_table::SplitLine| {
        let row = line.read.as_ref();
        // What the plan says of this unit and year now.
        let known = row.and_then(|row| of.units.iter().find(|split| fold_name(&split.name) == fold_name(&row.name)));
        let differs = known.zip(row).and_then(|(known, row)| {
            let target = known.target(of.year);
            let (before, rate) = (target.and_then(|target| target.value), target.and_then(|target| target.growth));
            ((before, rate) != (row.value, row.growth)).then(|| {
                let growth = rate.map(|rate| format!("，增幅 {}", rate.percent_as_written())).unwrap_or_default();
                format!("现为 {}{growth}", value(before, known.no_target))
            })
        });
        SplitLine {
            row: line.row,
            address: line.address.clone(),
            written: line.written.clone(),
            name: row.map(|row| row.name.clone()),
            nested: row.is_some_and(|row| row.nested),
            value: row.map_or("—".to_owned(), |row| value(row.value, row.none)),
            growth: growth(row.and_then(|row| row.growth)),
            now: if line.new { Some("新单位".to_owned()) } else { differs },
            skipped: line.skipped,
        }
    };
    let total = preview.split.total.as_ref();
    SplitShown {
        reading: SPLIT.shown(file, mapping, &of.measure, &preview.doubts),
        grids: serde_json::to_string(sheets).unwrap_or_default(),
        sheets: sheets.iter().map(|sheet| sheet.name.clone()).collect(),
        goal: of.goal.clone(),
        goal_unit: of.measure.unit.clone(),
        year: of.year,
        tables: preview.split.tables,
        units: preview.split.splits.len(),
        total: total.and_then(|total| total.value).map(|total| of.measure.with_unit(total)),
        lines: preview.lines.iter().map(line).collect(),
    }
}

pub(crate) async fn new_table(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    multipart: Result<Multipart, MultipartRejection>,
) -> Answer {
    table(&state, &viewer, "/plans/new", None, multipart).await
}

pub(crate) async fn edit_table(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(id): Path<String>,
    multipart: Result<Multipart, MultipartRejection>,
) -> Answer {
    let before = match base(&state, &id).await {
        Ok(Some((before, _))) if may(&viewer, &before).is_ok() => before,
        Ok(_) => return Err(unknown().into()),
        Err(error) => return Err(unavailable_page(&error).into()),
    };
    table(&state, &viewer, &format!("/plans/{id}/edit"), Some(&before), multipart).await
}

pub(crate) async fn revise(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(id): Path<String>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let page = format!("/plans/{id}/edit");
    let (before, _) = match base(&state, &id).await {
        Ok(Some(found)) => found,
        Ok(None) => return Err(unknown().into()),
        Err(error) => return Err(unavailable_page(&error).into()),
    };
    if let Err(refusal) = may(&viewer, &before) {
        return Err(crate::web::sentence::not_done(&refusal).into());
    }
    if let Some(error) = unread(&posted) {
        return Ok(
            render(&state, Some(&viewer), &page, posted.with_error(&error), StatusCode::UNPROCESSABLE_ENTITY).await
        );
    }
    if posted.text("then") != "save" {
        return Ok(render(&state, Some(&viewer), &page, posted, StatusCode::OK).await);
    }
    let done = carry_out(&state, &viewer, RevisePlan { plan: id.clone(), boxes: posted.clone() }).await;
    settle(&state, &viewer, &page, posted, done.map(|_| format!("/plans/{id}/changes"))).await
}

/// A second person confirms a proposed revision, or it is dropped.
pub(crate) async fn decide(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(id): Path<String>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let plan = plan_of(&state, &id).await?;
    if viewer.may(Action::ConfirmPlan, Object::office(plan.region.id())).is_err() {
        return Err(forbidden(&domain::rights::who_may(Action::ConfirmPlan)).into());
    }
    let page = format!("/plans/{id}/changes");
    let done = carry_out_read(&state, &viewer, DecideRevision::read(&id, &posted)).await;
    settle(&state, &viewer, &page, posted, done.map(|_| page.clone())).await
}
