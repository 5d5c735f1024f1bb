//! Figures from the office's own table: uploaded, looked at as often as wanted, written when confirmed.

use std::collections::BTreeSet;
use std::sync::Arc;

use app::pages::import::{ImportLine, ImportPreview};
use axum::body::Body;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State};
use axum::http::{Response, StatusCode};
use documents::grid::Grid;
use documents::office_table::{self, Mapping, Preview};
use domain::Problem;
use domain::money::Amount;
use domain::plan::{Goal, Plan};
use domain::returns::{Figure, Figures, ReturnRow};
use domain::rights::Action;
use office::posted::Posted;
use office::viewer::Viewer;

use super::import_own::{Own, import_own, look_own};
use super::sheet::{RETURNS, seen};
use super::{Answer, Fields, carry_out, file_sent, plan_for, settle};
use crate::reading::reading;
use crate::state::AppState;
use crate::web::render::render_with;
use crate::web::sentence::{not_done, unavailable_page};
use crate::web::session::Signed;
use office::commands::import_returns::{ImportReturns, field};
use office::incoming::{self, Reporters, compare};
use office::refusal::Refusal;
use store::StoreError;

const UNTOUCHED: &str = "没有改动任何数";

/// A sheet that somebody looks at: the file it came from goes with it through the previews.
struct Looked<'p> {
    plan: &'p Plan,
    goal: &'p Goal,
    grid: Arc<Grid>,
    file: String,
    sha256: String,
}

/// The page with a preview, or with why there is none.
pub(super) async fn page(
    state: &AppState,
    viewer: &Viewer,
    plan: &Plan,
    posted: Posted,
    preview: Option<ImportPreview>,
    status: StatusCode,
) -> Response<Body> {
    render_with(state, Some(viewer), &format!("/import/{}", plan.id), posted, preview, status).await
}

pub(crate) async fn upload(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(id): Path<String>,
    multipart: Result<Multipart, MultipartRejection>,
) -> Answer {
    let plan = plan_for(&state, &viewer, &id, Action::ImportReturns).await?;
    let refused =
        async |posted: Posted| Ok(page(&state, &viewer, &plan, posted, None, StatusCode::UNPROCESSABLE_ENTITY).await);
    let (posted, file, bytes) = match file_sent(multipart, UNTOUCHED).await {
        Ok(sent) => sent,
        Err(posted) => return refused(posted).await,
    };
    let refused = async |sentence: String| refused(posted.clone().with_error(&sentence)).await;
    let goal = plan.goal(posted.text("goal")).unwrap_or(plan.default_goal());
    let bytes = Arc::new(bytes);
    let looked_at = bytes.clone();
    let own = match reading(move |budget| Ok(documents::returns::own_form(&looked_at, budget))).await {
        Ok(own) => own,
        Err(sentence) => return refused(format!("{sentence}。{UNTOUCHED}。")).await,
    };
    if let Some(text) = own {
        let own = Own { plan: &plan, goal, text, file, sha256: domain::canonical::sha256(&bytes) };
        return Ok(look_own(&state, &viewer, &own, Posted::default()).await);
    }
    let period = match incoming::period_of(&plan, posted.text("period")) {
        Ok(period) => period,
        Err(sentence) => return refused(format!("{sentence}。")).await,
    };
    let (of, name, sheet, goal_id) = (plan.clone(), file.clone(), posted.text("sheet").to_owned(), goal.id.clone());
    let sha256 = domain::canonical::sha256(&bytes);
    let read = reading(move |budget| {
        let sheets = documents::grid::read(&bytes, &name, budget).map_err(Problem::sentence)?;
        let goal = of.goal(&goal_id).unwrap_or(of.default_goal());
        let grid = incoming::choose(&of, goal, &sheets, Some(&sheet), period, budget)?.clone();
        let preview = office_table::preview(&of, goal, &grid, None, period, &name, budget)?;
        Ok((Arc::new(grid), preview))
    });
    let (grid, preview) = match read.await {
        Ok(read) => read,
        Err(sentence) => return refused(format!("{sentence}。{UNTOUCHED}。")).await,
    };
    let looked = Looked { plan: &plan, goal, grid, file, sha256 };
    Ok(look(&state, &viewer, &looked, preview, Posted::default()).await)
}

/// The sheet read as somebody wishes.
async fn previewed(looked: &Looked<'_>, mapping: Option<&Mapping>) -> Result<Preview, super::Refused> {
    let (plan, goal, grid) = (looked.plan.clone(), looked.goal.clone(), looked.grid.clone());
    let (file, mapping) = (looked.file.clone(), mapping.cloned());
    let read =
        reading(move |budget| Ok(office_table::preview(&plan, &goal, &grid, mapping.as_ref(), None, &file, budget)?));
    read.await.map_err(|sentence| not_done(&Refusal::whole(format!("{sentence}。没有改动任何数"))).into())
}

/// The preview as a page, with what the store knows against it.
async fn look(
    state: &AppState,
    viewer: &Viewer,
    looked: &Looked<'_>,
    mut preview: Preview,
    posted: Posted,
) -> Response<Body> {
    let (stored, theirs) = match checked(state, looked, &mut preview).await {
        Ok(found) => found,
        Err(error) => return unavailable_page(&error),
    };
    let status = if posted.error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let shown = as_shown(looked, &preview, &stored, theirs.len());
    page(state, viewer, looked.plan, posted, Some(shown), status).await
}

/// Who of a plan reports for itself.
pub(super) async fn reporters(state: &AppState, plan: &Plan) -> Result<Reporters, StoreError> {
    let mut now = state.store.read().await?;
    let found = Reporters::load(&mut now, &plan.id, state.holidays.now()).await;
    found.map_err(|error| StoreError::Unreadable(error.cause))
}

/// What is in force, and the cells with the names of units that report for themselves.
async fn checked(
    state: &AppState,
    looked: &Looked<'_>,
    preview: &mut Preview,
) -> Result<(Figures, Vec<String>), StoreError> {
    let stored = state.store.read().await?.figures(&looked.plan.id).await?;
    let reporters = reporters(state, looked.plan).await?;
    let theirs = incoming::check(looked.plan, looked.goal, preview, &reporters, &stored);
    Ok((stored, theirs))
}

/// The mapping that a form sends, with its period.
fn wished(grid: &Grid, plan: &Plan, posted: &Posted) -> Result<Mapping, String> {
    let period = incoming::period_of(plan, posted.text("period"))?;
    Ok(Mapping { period, ..RETURNS.wished(grid, posted)? })
}

fn as_shown(looked: &Looked<'_>, preview: &Preview, stored: &Figures, theirs: usize) -> ImportPreview {
    let (goal, mapping) = (looked.goal, &preview.mapping);
    let rows = preview.rows(goal);
    let compared = compare(&rows, stored);
    let differs = |region: &str, figure: &Figure| {
        let now = stored.get(&goal.id, mapping.period?, region)?;
        (!now.same_figures(figure)).then(|| in_force(goal, now))
    };
    let lines = preview.lines.iter().map(|line| ImportLine {
        row: line.row,
        address: line.address.clone(),
        written: line.written.clone(),
        name: line.region.as_ref().map(|(_, name)| name.clone()),
        now: line.region.as_ref().filter(|_| !line.skipped).and_then(|(region, _)| differs(region, &line.figure)),
        skipped: line.skipped,
        ..figures(goal, &line.figure)
    });
    ImportPreview {
        reading: RETURNS.shown(&looked.file, mapping, &goal.measure, &preview.doubts),
        sha256: looked.sha256.clone(),
        grid: serde_json::to_string(&looked.grid).unwrap_or_default(),
        goal: goal.id.clone(),
        goal_unit: goal.measure.unit.clone(),
        period: mapping.period,
        tables: preview.tables,
        theirs,
        lines: lines.collect(),
        new: compared.new,
        revised: compared.revised.len(),
        unchanged: compared.unchanged,
        ..ImportPreview::default()
    }
}

fn plain(goal: &Goal, amount: Option<Amount>) -> String {
    amount.map_or("—".to_owned(), |amount| goal.measure.plain(amount))
}

/// The cells of a line with its figures.
pub(super) fn figures(goal: &Goal, figure: &Figure) -> ImportLine {
    let growth = figure.published_growth.map(|growth| format!("{}%", growth.percent_as_written()));
    ImportLine {
        value: plain(goal, figure.value),
        base: plain(goal, figure.base),
        growth: growth.unwrap_or("—".to_owned()),
        note: figure.note.clone(),
        ..ImportLine::default()
    }
}

/// What is in force where a line says something else.
pub(super) fn in_force(goal: &Goal, now: &Figure) -> String {
    let growth = now.published_growth.map(|growth| format!("，公布增幅 {}%", growth.percent_as_written()));
    format!("已报 {}，上年 {}{}", plain(goal, now.value), plain(goal, now.base), growth.unwrap_or_default())
}

/// Writes the rows of a preview, and returns the address that says how many.
pub(super) async fn write(
    state: &AppState,
    viewer: &Viewer,
    plan: &Plan,
    stops: bool,
    rows: Vec<ReturnRow>,
    posted: &Posted,
    accept: BTreeSet<String>,
) -> Result<String, Refusal> {
    if stops {
        return Err(Refusal::whole("还有要先改好的地方，没有导入任何数"));
    }
    if rows.is_empty() {
        return Err(Refusal::whole("没有可导入的数"));
    }
    let reason = Some(posted.text(field::REASON).trim()).filter(|reason| !reason.is_empty());
    let command = ImportReturns {
        plan: plan.id.clone(),
        rows,
        file_name: posted.text("file").to_owned(),
        file_sha256: posted.text("sha256").to_owned(),
        reason: reason.map(str::to_owned),
        accept,
        holidays: state.holidays.now(),
    };
    let done = carry_out(state, viewer, command).await?;
    Ok(format!("/import/{}?done={}-{}-{}", plan.id, done.new, done.revised, done.unchanged))
}

pub(crate) async fn import(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(id): Path<String>,
    Fields(fields): Fields,
) -> Answer {
    let plan = plan_for(&state, &viewer, &id, Action::ImportReturns).await?;
    let posted = Posted::new(fields);
    let address = format!("/import/{}", plan.id);
    if !posted.text("own").is_empty() {
        return import_own(&state, &viewer, &plan, posted).await;
    }
    let Ok(grid) = serde_json::from_str::<Grid>(posted.text("grid")) else {
        return settle(&state, &viewer, &address, Posted::default(), Err(Refusal::whole("请先选择文件预览"))).await;
    };
    let goal = plan.goal(posted.text("goal")).unwrap_or(plan.default_goal());
    let (file, sha256) = (posted.text("file").to_owned(), posted.text("sha256").to_owned());
    let looked = Looked { plan: &plan, goal, grid: Arc::new(grid), file, sha256 };
    let mut mapping = match wished(&looked.grid, &plan, &posted) {
        Ok(mapping) => mapping,
        Err(sentence) => {
            let preview = previewed(&looked, None).await?;
            return Ok(look(&state, &viewer, &looked, preview, posted.with_error(&format!("{sentence}。"))).await);
        }
    };
    let mut preview = previewed(&looked, Some(&mapping)).await?;
    if posted.text("then") == "leave" {
        let theirs = match checked(&state, &looked, &mut preview).await {
            Ok((_, theirs)) => theirs,
            Err(error) => return Ok(unavailable_page(&error)),
        };
        mapping.skip.extend(theirs);
        preview = previewed(&looked, Some(&mapping)).await?;
    }
    if posted.text("then") != "confirm" {
        return Ok(look(&state, &viewer, &looked, preview, posted).await);
    }
    if seen(&mapping) != posted.text("seen") {
        let error = "您改过读法，没有导入。下面是新的预览，请看过再确认。";
        return Ok(look(&state, &viewer, &looked, preview, posted.with_error(error)).await);
    }
    if let Err(error) = checked(&state, &looked, &mut preview).await {
        return Ok(unavailable_page(&error));
    }
    let (stops, rows, accept) = (preview.stops(), preview.rows(goal), preview.mapping.accept);
    match write(&state, &viewer, &plan, stops, rows, &posted, accept).await {
        Err(refusal @ (Refusal::Invalid(_) | Refusal::NeedsReason(_))) => {
            let preview = previewed(&looked, Some(&mapping)).await?;
            Ok(look(&state, &viewer, &looked, preview, posted.with_error(&refusal.sentence())).await)
        }
        done => settle(&state, &viewer, &address, posted.only(&[]), done).await,
    }
}
