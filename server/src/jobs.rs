//! Long exports: one maker in this process takes them up in turn; pages never wait for it.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode, header};
use axum::response::IntoResponse;
use office::posted::Posted;

use crate::cache::NO_STORE;
use crate::forms::{Answer, Fields, carry_out, settle};
use crate::pack;
use crate::state::AppState;
use crate::web::sentence::{sentence_page, unavailable_page};
use crate::web::session::Signed;
use office::commands::ask_pack::AskPack;
use store::{Claimed, StoreError, Writer};

/// Another copy of the program may have taken a job and died: look again now and then.
const LOOK_AGAIN: Duration = Duration::from_secs(30);
/// How often the maker of a long step says that it lives.
const STILL_HERE: Duration = Duration::from_secs(30);

/// Makes jobs for as long as the program runs.
pub(crate) fn start(state: AppState) {
    tokio::spawn(async move {
        loop {
            match state.store.claim_job().await {
                Ok(Some(job)) => make(&state, job).await,
                Ok(None) => state.jobs.wait(LOOK_AGAIN).await,
                Err(error) => {
                    tracing::error!(%error, "export jobs");
                    tokio::time::sleep(LOOK_AGAIN).await;
                }
            }
        }
    });
}

async fn make(state: &AppState, job: Claimed) {
    let told = |step: usize| {
        let (store, id) = (state.store.clone(), job.id.clone());
        // Progress that is not told is no reason to stop.
        tokio::spawn(async move { store.job_reached(&id, pack::STEPS[step], step).await });
    };
    let making = pack::make(&state.store, &state.printer, &state.signer, (&job.plan, &job.goal, job.year), told);
    let living = async {
        loop {
            tokio::time::sleep(STILL_HERE).await;
            drop(state.store.job_lives(&job.id).await);
        }
    };
    let made = tokio::select! {
        made = making => made,
        never = living => never,
    };
    let finished = match made {
        Ok(made) => {
            let writer = Writer { actor: job.asked_by.clone(), at: state.clock.now(), session: None };
            let detail =
                serde_json::json!({ "plan": job.plan, "goal": job.goal, "year": job.year, "sha256sums": made.digest });
            match state.store.note(writer, "export_assessment", &made.name, detail).await {
                Ok(()) => Ok((made.name, made.bytes)),
                Err(error) => Err(error),
            }
        }
        Err(error) => Err(error),
    };
    let finished = finished.map_err(|error| match error {
        StoreError::Refused(sentences) => format!("{}。", sentences.join("；")),
        error => {
            format!("没有做成，请再要一次；如仍不行，请把编号 {} 告诉管理员。", store::unavailable(&error).reference)
        }
    });
    if let Err(error) = state.store.finish_job(&job.id, finished).await {
        tracing::error!(%error, "export jobs");
    }
}

/// `POST /exports`: asks for the pack of a plan's year.
pub(crate) async fn ask(State(state): State<AppState>, Signed(viewer): Signed, Fields(fields): Fields) -> Answer {
    let posted = Posted::new(fields);
    let done = carry_out(&state, &viewer, AskPack::read(&posted, pack::STEPS.len())).await;
    state.jobs.wake();
    settle(&state, &viewer, "/exports", posted, done.map(|()| "/exports".to_owned())).await
}

/// `GET /exports/{id}`: the finished file, for whoever asked for it.
pub(crate) async fn fetch(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(id): Path<String>,
) -> Response<Body> {
    let found = async { state.store.read().await?.job_file(&id, viewer.account.id).await };
    match found.await {
        Ok(Some((name, bytes))) => {
            let headers = [
                (header::CONTENT_TYPE, "application/zip".to_owned()),
                (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
                (header::CACHE_CONTROL, NO_STORE.to_owned()),
            ];
            (headers, bytes).into_response()
        }
        Ok(None) => sentence_page(
            StatusCode::NOT_FOUND,
            "没有这个文件",
            "没有这个文件，或它已过期；请到“归档和导出”页再要一次。",
        ),
        Err(error) => unavailable_page(&error),
    }
}
