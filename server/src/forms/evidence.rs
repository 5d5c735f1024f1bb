//! 证明材料: attached, taken back and emptied by one form, fetched by whoever may see them.

use app::pages::evidence::page_of;
use app::parts::links;
use axum::body::Body;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State};
use axum::http::{Response, StatusCode, header};
use axum::response::IntoResponse;
use domain::evidence::Subject;
use domain::plan::Plan;
use domain::rights::{Action, Object};
use office::commands::evidence::{
    ASK_ERASURE, AttachFile, ERASE, EraseFile, LEAVE, NewFile, WITHDRAW, WithdrawFile, field, subject,
};
use office::facts::{Evidence, ReportKey};
use office::posted::Posted;
use office::refusal::Refusal;
use office::viewer::Viewer;

use super::{Answer, Upload, carry_out, carry_out_read, plan_of, settle};
use crate::cache::NO_STORE;
use crate::exports::attachment;
use crate::reading::reading;
use crate::state::AppState;
use crate::web::sentence::{not_done, sentence_page, unavailable_page, unknown};
use crate::web::session::Signed;

/// Attaches a file, takes one back, or empties one.
pub(crate) async fn change(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(plan): Path<String>,
    multipart: Result<Multipart, MultipartRejection>,
) -> Answer {
    let plan = plan_of(&state, &plan).await?;
    let upload = super::uploaded(multipart, field::FILE).await;
    let posted = Posted::new(upload.fields.clone());
    let Ok(about) = subject(&posted) else { return Err(unknown().into()) };
    let page = page_of(&plan.id, &about, posted.text(field::UNIT));
    let place = format!("{page}#{}", links::evidence_id(&about, posted.text(field::UNIT)));
    let done = match posted.text(field::ACT) {
        WITHDRAW => carry_out(&state, &viewer, WithdrawFile::read(&plan.id, &posted)).await,
        ASK_ERASURE | ERASE | LEAVE => carry_out_read(&state, &viewer, EraseFile::read(&plan.id, &posted)).await,
        _ => attach(&state, &viewer, &plan, &posted, upload).await,
    };
    settle(&state, &viewer, &page, posted, done.map(|()| place)).await
}

async fn attach(
    state: &AppState,
    viewer: &Viewer,
    plan: &Plan,
    posted: &Posted,
    upload: Upload,
) -> Result<(), Refusal> {
    if !upload.whole {
        return Err(Refusal::whole("文件没有传完，没有收下；请再传一次"));
    }
    let Upload { name, bytes, .. } = upload;
    let file = reading(move |_| NewFile::read(&name, bytes)).await;
    let file = file.map_err(|sentence| Refusal::field(field::FILE, sentence))?;
    carry_out_read(state, viewer, AttachFile::read(&plan.id, posted, file, state.holidays.now())).await.map(|_| ())
}

/// A file as it was attached: never shown by the browser itself, whatever it holds.
pub(crate) async fn download(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path((plan, number)): Path<(String, String)>,
) -> Answer {
    let plan = plan_of(&state, &plan).await?;
    let backend = state.backend_for(Some(viewer.clone()));
    let unavailable = |error| not_done(&Refusal::Unavailable(error));
    let files = backend.evidence(&plan, None).await.map_err(unavailable)?;
    let is_there = |file: &Evidence| !file.is_withdrawn() && !file.is_erased();
    let found = files.into_iter().find(|file| Ok(file.number) == number.parse() && is_there(file));
    let Some(file) = found else { return Err(none().into()) };
    if let Subject::Return(round) | Subject::Correction(round) = &file.subject {
        let key = ReportKey { plan: plan.id.clone(), round: round.clone(), unit: file.unit.clone() };
        let report = backend.report(&key).await.map_err(unavailable)?.ok_or_else(none)?;
        let object = Object::of_unit(plan.region.id(), &file.unit, report.state());
        viewer.may(Action::ReadEvidence, object).map_err(|_| none())?;
    }
    let content = async { state.store.read().await?.evidence_content(&file.sha256).await };
    match content.await {
        Ok(Some(bytes)) => Ok(answer(&file, bytes)),
        Ok(None) => Err(none().into()),
        Err(error) => Err(unavailable_page(&error).into()),
    }
}

fn none() -> Response<Body> {
    sentence_page(StatusCode::NOT_FOUND, "没有找到", "没有这份材料，或它不属于您的单位，或已经撤回、清除。")
}

fn answer(file: &Evidence, bytes: Vec<u8>) -> Response<Body> {
    let plain = format!("evidence-{}.{}", file.number, file.kind.id());
    let headers = [
        (header::CONTENT_TYPE, file.kind.mime().to_owned()),
        (header::CONTENT_DISPOSITION, attachment(&plain, &file.name)),
        (header::CACHE_CONTROL, NO_STORE.to_owned()),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'".to_owned()),
    ];
    (headers, bytes).into_response()
}
