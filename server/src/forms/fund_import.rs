//! Movements of a ledger from a workbook: looked at line by line, then confirmed.

use app::pages::fund_import::{FundLine, FundPreview};
use app::pages::funds::in_one_line;
use app::parts::links;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State};
use documents::form_rows;
use documents::grid::Grid;
use documents::office_table::sheet_of;
use domain::Problem;
use domain::plan::Plan;
use domain::rights::Action;
use office::commands::fund::{ImportFund, ImportedFund, NEEDED, field, heads};
use office::posted::Posted;
use office::refusal::Refusal;
use office::viewer::Viewer;

use super::{Answer, Fields, carry_out, plan_for, preview_page, settle, sheet_sent};
use crate::state::AppState;
use crate::web::sentence::not_done;
use crate::web::session::Signed;

/// Lines with their boxes: what goes to the page and comes back.
type Rows = Vec<(usize, Vec<(String, String)>)>;

fn command(plan: &Plan, posted: &Posted, rows: &Rows, dry_run: bool) -> ImportFund {
    ImportFund {
        plan: plan.id.clone(),
        fund: posted.text(field::FUND).to_owned(),
        rows: rows.iter().map(|(line, boxes)| (*line, Posted::new(boxes.clone()))).collect(),
        file: posted.text("file").to_owned(),
        dry_run,
    }
}

fn digest(done: &ImportedFund) -> String {
    domain::canonical::sha256(format!("{:?}", done.lines).as_bytes())
}

/// The preview as a page; with `error` above it.
async fn look(state: &AppState, viewer: &Viewer, plan: &Plan, rows: &Rows, posted: Posted) -> Answer {
    let address = links::fund_import(&plan.id);
    let Some(fund) = plan.policies.fund(posted.text(field::FUND)) else {
        let posted = posted.with_error("计划里没有这个台账，请重新选择。");
        return Ok(preview_page(state, viewer, &address, posted, None::<FundPreview>).await);
    };
    let mut preview = FundPreview {
        file: posted.text("file").to_owned(),
        fund: fund.id.clone(),
        rows: serde_json::to_string(rows).unwrap_or_default(),
        ..FundPreview::default()
    };
    match carry_out(state, viewer, command(plan, &posted, rows, true)).await {
        Ok(done) => {
            preview.shown = digest(&done);
            let line = |(row, known, stated): &(usize, bool, domain::fund::Stated)| FundLine {
                row: *row,
                contract: stated.contract.clone(),
                said: in_one_line(plan, fund, stated),
                known: *known,
            };
            preview.lines = done.lines.iter().map(line).collect();
        }
        Err(Refusal::Invalid(faults)) => preview.faults = faults.into_iter().map(|(_, sentence)| sentence).collect(),
        Err(refusal) => return Ok(not_done(&refusal)),
    }
    Ok(preview_page(state, viewer, &address, posted, Some(preview)).await)
}

pub(crate) async fn upload(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(id): Path<String>,
    multipart: Result<Multipart, MultipartRejection>,
) -> Answer {
    let plan = plan_for(&state, &viewer, &id, Action::EnterFund).await?;
    let rows = |sheets: &[Grid], wanted: &str| {
        let sheet = sheet_of(sheets, wanted, |_| true)?;
        let at = |problem: Problem| format!("第{}行：{}", problem.line, problem.message);
        let read = form_rows::read(sheet, &heads(), &NEEDED);
        let rows = read.map_err(|problems| domain::listed(problems.into_iter().map(at)).join("；"))?;
        Ok(rows.into_iter().map(|row| (row.row, row.boxes)).collect::<Rows>())
    };
    let (posted, rows) = match sheet_sent(multipart, "台账没有改动", rows).await {
        Ok(sent) => sent,
        Err(posted) => {
            let address = links::fund_import(&plan.id);
            return Ok(preview_page(&state, &viewer, &address, posted, None::<FundPreview>).await);
        }
    };
    look(&state, &viewer, &plan, &rows, posted).await
}

pub(crate) async fn import(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(id): Path<String>,
    Fields(fields): Fields,
) -> Answer {
    let plan = plan_for(&state, &viewer, &id, Action::EnterFund).await?;
    let posted = Posted::new(fields);
    let address = links::fund_import(&plan.id);
    let Ok(rows) = serde_json::from_str::<Rows>(posted.text("rows")) else {
        return settle(&state, &viewer, &address, Posted::default(), Err(Refusal::whole("请先选择文件预览"))).await;
    };
    let seen = carry_out(&state, &viewer, command(&plan, &posted, &rows, true)).await;
    if !seen.is_ok_and(|seen| digest(&seen) == posted.text("shown")) {
        let posted = posted.with_error("台账变过，没有登记。下面是新的预览，请看过再确认。");
        return look(&state, &viewer, &plan, &rows, posted).await;
    }
    let done = carry_out(&state, &viewer, command(&plan, &posted, &rows, false)).await;
    let done = done.map(|done| format!("{address}?done={}-{}", done.added, done.same));
    settle(&state, &viewer, &address, posted.only(&[]), done).await
}
