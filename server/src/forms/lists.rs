//! 认定名单: one firm by form; whole lists uploaded, looked at line by line and confirmed.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::pages::lists::{ListLine, ListPreview, usual};
use app::parts::links;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State};
use documents::grid::Grid;
use documents::office_table::sheet_of;
use documents::recognitions::{Around, Preview, names_firms, preview};
use domain::plan::Plan;
use domain::recognition::{Field, Recognition};
use domain::rights::Action;
use office::commands::recognitions::{KeepRecognitions, field, seen};
use office::posted::Posted;
use office::refusal::Refusal;
use office::viewer::Viewer;

use super::{Answer, Fields, carry_out, carry_out_read, plan_for, preview_page, settle, sheet_sent};
use crate::reading::reading;
use crate::state::AppState;
use crate::web::sentence::{not_done, unavailable_page};
use crate::web::session::Signed;

fn import_address(plan: &Plan) -> String {
    format!("{}/import", links::lists(&plan.id))
}

pub(crate) async fn keep(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(id): Path<String>,
    Fields(fields): Fields,
) -> Answer {
    let plan = plan_for(&state, &viewer, &id, Action::KeepLists).await?;
    let posted = Posted::new(fields);
    let address = links::lists(&plan.id);
    let number = posted.text(field::NUMBER);
    let shown = if number.is_empty() { address.clone() } else { format!("{address}?edit={}", links::encode(number)) };
    let done = carry_out_read(&state, &viewer, KeepRecognitions::read(&plan, &posted, state.clock.now())).await;
    settle(&state, &viewer, &shown, posted, done.map(|_| address)).await
}

/// The sheet read onto the lists.
async fn read(
    state: &AppState,
    plan: &Plan,
    grid: &Grid,
    typed: BTreeMap<Field, String>,
    known: &Arc<Vec<Recognition>>,
) -> Result<Preview, String> {
    let today = domain::calendar::at_shanghai(state.clock.now()).date_naive();
    let (plan, grid, known) = (plan.clone(), grid.clone(), known.clone());
    reading(move |budget| {
        let around = Around { plan: &plan, known: &known, usual: &typed, today };
        Ok(preview(&grid, &around, budget)?)
    })
    .await
}

/// What a preview rests on, in short.
fn digest(found: &Preview) -> String {
    let lines: Vec<_> = found.lines.iter().map(|line| (line.row, line.known, &line.stated)).collect();
    domain::canonical::sha256(format!("{lines:?}").as_bytes())
}

fn as_shown(plan: &Plan, grid: &Grid, file: &str, found: &Preview, known: &[Recognition]) -> ListPreview {
    let lines = found.lines.iter().map(|line| ListLine {
        row: line.row,
        firm: line.stated.firm.clone(),
        unit: Field::Unit.text(&line.stated, plan),
        what: format!("{}{}", line.stated.level, line.stated.title),
        known: line.known,
        changes: line.changes.iter().map(|(of, old, new)| (of.name().to_owned(), old.clone(), new.clone())).collect(),
    });
    ListPreview {
        file: file.to_owned(),
        sheet: grid.name.clone(),
        grid: serde_json::to_string(grid).unwrap_or_default(),
        columns: found.columns.iter().map(|(letters, of)| (letters.clone(), of.name().to_owned())).collect(),
        unread: found.unread.clone(),
        faults: found.faults.clone(),
        lines: lines.collect(),
        shown: digest(found),
        seen: seen(known),
    }
}

async fn known(state: &AppState, plan: &Plan) -> Result<Arc<Vec<Recognition>>, super::Refused> {
    let found = async { state.store.read().await?.recognitions(plan.region.id()).await };
    Ok(Arc::new(found.await.map_err(|error| unavailable_page(&error))?))
}

/// The preview as a page.
async fn look(state: &AppState, viewer: &Viewer, plan: &Plan, grid: Grid, posted: Posted) -> Answer {
    let known = known(state, plan).await?;
    let found = match read(state, plan, &grid, usual(&posted), &known).await {
        Ok(found) => found,
        Err(sentence) => return Ok(not_done(&Refusal::whole(format!("{sentence}。名单没有改动")))),
    };
    let shown = as_shown(plan, &grid, posted.text("file"), &found, &known);
    Ok(preview_page(state, viewer, &import_address(plan), posted, Some(shown)).await)
}

pub(crate) async fn upload(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(id): Path<String>,
    multipart: Result<Multipart, MultipartRejection>,
) -> Answer {
    let plan = plan_for(&state, &viewer, &id, Action::KeepLists).await?;
    let sheet = |sheets: &[Grid], wanted: &str| sheet_of(sheets, wanted, names_firms).cloned();
    let (posted, grid) = match sheet_sent(multipart, "名单没有改动", sheet).await {
        Ok(sent) => sent,
        Err(posted) => {
            return Ok(preview_page(&state, &viewer, &import_address(&plan), posted, None::<ListPreview>).await);
        }
    };
    look(&state, &viewer, &plan, grid, posted).await
}

pub(crate) async fn import(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(id): Path<String>,
    Fields(fields): Fields,
) -> Answer {
    let plan = plan_for(&state, &viewer, &id, Action::KeepLists).await?;
    let posted = Posted::new(fields);
    let address = import_address(&plan);
    let Ok(grid) = serde_json::from_str::<Grid>(posted.text("grid")) else {
        return settle(&state, &viewer, &address, Posted::default(), Err(Refusal::whole("请先选择文件预览"))).await;
    };
    if posted.text("then") != "confirm" {
        return look(&state, &viewer, &plan, grid, posted).await;
    }
    let wrong =
        async |sentence: &str| look(&state, &viewer, &plan, grid.clone(), posted.clone().with_error(sentence)).await;
    let known = known(&state, &plan).await?;
    let found = match read(&state, &plan, &grid, usual(&posted), &known).await {
        Ok(found) => found,
        Err(sentence) => return Ok(not_done(&Refusal::whole(format!("{sentence}。名单没有改动")))),
    };
    if digest(&found) != posted.text("shown") {
        return wrong("读法或名单变过，没有导入。下面是新的预览，请看过再确认。").await;
    }
    if found.stops() {
        return wrong("还有要先改好的地方，名单没有改动。").await;
    }
    let reason = Some(posted.text(field::REASON).trim()).filter(|reason| !reason.is_empty());
    let command = KeepRecognitions {
        plan: plan.id.clone(),
        lines: found.lines.into_iter().map(|line| (line.known, line.stated)).collect(),
        seen: posted.text(field::SEEN).parse().unwrap_or(-1),
        reason: reason.map(str::to_owned),
        file: posted.text("file").to_owned(),
    };
    match carry_out(&state, &viewer, command).await {
        Err(refusal @ Refusal::Invalid(_)) => wrong(&refusal.sentence()).await,
        done => {
            let done = done.map(|done| format!("{address}?done={}-{}-{}", done.added, done.changed, done.same));
            settle(&state, &viewer, &address, posted.only(&[]), done).await
        }
    }
}
