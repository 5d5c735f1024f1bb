//! The plan editor: a new plan, or the next version of one.

use app::pages::plan_edit::base_of_version;
use app::plan_form::{self, Edited};
use app::posted::Posted;
use app::viewer::Viewer;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use domain::entry::clean;
use domain::plan::Plan;
use domain::rights::{Action, Object};

use super::read::required;
use super::{Answer, Fields, Outcome, Upload, render, settle, unknown, uploaded, writer};
use crate::auth::Signed;
use crate::responses::unavailable_page;
use crate::state::AppState;
use crate::store::{PlanChange, StoreError};

fn may(viewer: &Viewer, plan: &Plan) -> Result<(), StoreError> {
    viewer.may(Action::ImportPlan, Object::office(plan.region.id())).map_err(|refusal| StoreError::Forbidden(Action::ImportPlan, refusal))
}

/// The plan that a form rests on, in its file's words.
async fn base(state: &AppState, id: &str) -> Result<Option<(Plan, u32)>, StoreError> {
    Ok(state.store.plan(id).await?.as_ref().and_then(base_of_version))
}

/// What is said when the form holds faults: they stand on the page themselves.
const FAULTS: &str = "还没有保存，请先改好下面列出的地方。";

pub(crate) async fn create(State(state): State<AppState>, Signed(viewer): Signed, Fields(fields): Fields) -> Answer {
    let posted = Posted::new(fields);
    if posted.text("then") != "save" {
        return Ok(render(&state, Some(&viewer), "/plans/new", posted, StatusCode::OK).await);
    }
    let done: Outcome = async {
        let from = match posted.get("from").filter(|from| !from.is_empty()) {
            Some(from) => base(&state, from).await?.map(|(plan, _)| plan_form::next_year(&plan)),
            None => None,
        };
        let Edited { plan: Some((plan, source)), .. } = plan_form::read(&posted, from.as_ref()) else { return Ok(Err(FAULTS.to_owned())) };
        if may(&viewer, &plan).is_err() {
            return Ok(Err(format!("计划的地区是{}，不是您所在的地区；请核对地区和代码。", plan.region.name)));
        }
        if state.store.plan(&plan.id).await?.is_some() {
            return Ok(Err(format!("已经有英文名为 {} 的计划；要改它请用“修订”，要新建请换一个英文名。", plan.id)));
        }
        state.store.import_plan(&source, &plan, "网页新建", None, Some(0), writer(&state, &viewer)).await?;
        Ok(Ok(format!("/plans/{}", plan.id)))
    }
    .await;
    settle(&state, &viewer, "/plans/new", posted, done).await
}

/// The editor's form with the file of a split: its table stands in the block, everything else as it was sent.
async fn with_table(multipart: Result<Multipart, MultipartRejection>) -> Posted {
    let Upload { fields, name, bytes, whole } = uploaded(multipart, "table").await;
    if !whole {
        return Posted::new(fields).with_error("文件没有传完，没有改动任何内容；请再选一次。");
    }
    let mut posted = Posted::new(fields).without(&["then"]);
    if bytes.is_empty() {
        return posted.with_error("还没有选择文件，或文件是空的。");
    }
    let read = tokio::task::spawn_blocking(move || documents::grid::read(&bytes, &name).map_err(|problem| problem.message));
    match read.await.unwrap_or_else(|_| Err("文件读不懂".to_owned())) {
        Ok(sheets) => {
            posted.set("block", &documents::office_table::split_block(&sheets));
            posted
        }
        Err(sentence) => posted.with_error(&format!("{sentence}。没有改动任何内容。")),
    }
}

pub(crate) async fn new_table(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    multipart: Result<Multipart, MultipartRejection>,
) -> Answer {
    let posted = with_table(multipart).await;
    let status = if posted.error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(render(&state, Some(&viewer), "/plans/new", posted, status).await)
}

pub(crate) async fn edit_table(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(id): Path<String>,
    multipart: Result<Multipart, MultipartRejection>,
) -> Answer {
    match base(&state, &id).await {
        Ok(Some((before, _))) if may(&viewer, &before).is_ok() => {}
        Ok(_) => return Err(unknown().into()),
        Err(error) => return Err(unavailable_page(&error).into()),
    }
    let posted = with_table(multipart).await;
    let status = if posted.error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(render(&state, Some(&viewer), &format!("/plans/{id}/edit"), posted, status).await)
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
    if let Err(error) = may(&viewer, &before) {
        return Err(super::not_done(&crate::backend::command_error(error)).into());
    }
    if posted.text("then") != "save" {
        return Ok(render(&state, Some(&viewer), &page, posted, StatusCode::OK).await);
    }
    let done: Outcome = async {
        let Edited { plan: Some((plan, source)), .. } = plan_form::read(&posted, Some(&before)) else { return Ok(Err(FAULTS.to_owned())) };
        if plan.id != before.id || plan.region.id() != before.region.id() {
            return Ok(Err("修订不能改计划的英文名和地区；要给别的地区用，请新建计划。".to_owned()));
        }
        let basis = clean(posted.text("basis")).trim().to_owned();
        if basis.is_empty() || basis.chars().count() > 100 {
            return Ok(Err("请写明修订依据的文号；没有文号的写会议或批示（不超过100字）。".to_owned()));
        }
        let reason = match required(&posted, "reason", "修订的理由") {
            Ok(reason) => format!("依据{basis}：{reason}"),
            Err(sentence) => return Ok(Err(sentence)),
        };
        if plan == before {
            return Ok(Err("没有改动任何内容，不用保存。".to_owned()));
        }
        let seen = posted.text("seen").parse().unwrap_or(i64::MAX);
        let change = state.store.import_plan(&source, &plan, "网页修订", Some(&reason), Some(seen), writer(&state, &viewer)).await?;
        match change {
            PlanChange::Unchanged(_) => Ok(Err("没有改动任何内容，不用保存。".to_owned())),
            _ => Ok(Ok(format!("/plans/{}/changes", plan.id))),
        }
    }
    .await;
    settle(&state, &viewer, &page, posted, done).await
}
