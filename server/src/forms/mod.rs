//! Plain HTML forms: each POST carries out one command, then leads to a page; what was wrong comes back on the same
//! page with everything that was typed.

pub(crate) mod account;
pub(crate) mod admin;
pub(crate) mod assess;
pub(crate) mod claims;
pub(crate) mod evidence;
pub(crate) mod fund_import;
pub(crate) mod funds;
pub(crate) mod import;
mod import_own;
pub(crate) mod lists;
pub(crate) mod people;
pub(crate) mod plans;
pub(crate) mod projects;
pub(crate) mod publish;
pub(crate) mod report;
pub(crate) mod review;
pub(crate) mod rosters;
pub(crate) mod selection_import;
pub(crate) mod selections;
mod sheet;
pub(crate) mod tasks;
pub(crate) mod watch;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;
use axum::http::{Response, StatusCode};
use axum::response::{IntoResponse, Redirect};
use documents::grid::Grid;
use domain::Problem;
use domain::month::Period;
use domain::plan::{Plan, Round};
use domain::rights::{Action, Object};
use office::commands::Command;
use office::posted::Posted;
use office::refusal::Refusal;
use office::viewer::Viewer;
use office::who::Who;

use crate::reading::reading;
use crate::state::AppState;
pub(crate) use crate::web::fields::Fields;
use crate::web::render::{render, render_with};
use crate::web::sentence::{forbidden, not_done, unavailable_page, unknown};
use store::Writer;

/// What a form with a file sent.
#[derive(Default)]
pub(crate) struct Upload {
    pub(crate) fields: Vec<(String, String)>,
    /// The file's own name, without the folders that some browsers send along.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    /// All of it arrived; otherwise the rest is what came before.
    pub(crate) whole: bool,
}

/// Reads a form whose file stands in the field `file`.
pub(crate) async fn uploaded(multipart: Result<Multipart, MultipartRejection>, file: &str) -> Upload {
    let mut upload = Upload::default();
    let Ok(mut multipart) = multipart else { return upload };
    loop {
        match multipart.next_field().await {
            Ok(Some(field)) if field.name() == Some(file) => {
                upload.name =
                    field.file_name().and_then(|name| name.rsplit(['/', '\\']).next()).unwrap_or_default().to_owned();
                let Ok(bytes) = field.bytes().await else { return upload };
                upload.bytes = bytes.to_vec();
            }
            Ok(Some(field)) => {
                let name = field.name().unwrap_or_default().to_owned();
                upload.fields.extend(field.text().await.ok().map(|text| (name, text)));
            }
            Ok(None) => break,
            Err(_) => return upload,
        }
    }
    upload.whole = true;
    upload
}

/// A workbook or text file that came by a form: what was typed beside it, its name and its bytes; or, with a sentence,
/// what was typed: nothing came of it, which `untouched` says (“名单没有改动”).
pub(crate) async fn file_sent(
    multipart: Result<Multipart, MultipartRejection>,
    untouched: &str,
) -> Result<(Posted, String, Vec<u8>), Posted> {
    let Upload { fields, name, bytes, whole } = uploaded(multipart, "file").await;
    let posted = Posted::new(fields);
    if !whole {
        return Err(posted.with_error(&format!("文件没有传完，{untouched}；请再传一次。")));
    }
    if bytes.is_empty() {
        let sentence = "还没有选择文件，或文件是空的。请选择 xlsx、xls 或 CSV 文件后再预览。";
        return Err(posted.with_error(sentence));
    }
    Ok((posted, name.chars().take(120).collect(), bytes))
}

/// Such a file, and what `read` finds in its sheets, given the name of the one that was asked for. With it what was
/// typed beside it, and the file's name under `file`.
pub(crate) async fn sheet_sent<T: Send + 'static>(
    multipart: Result<Multipart, MultipartRejection>,
    untouched: &str,
    read: impl FnOnce(&[Grid], &str) -> Result<T, String> + Send + 'static,
) -> Result<(Posted, T), Posted> {
    let (mut posted, file, bytes) = file_sent(multipart, untouched).await?;
    let (wanted, read_name) = (posted.text("sheet").trim().to_owned(), file.clone());
    let found = reading(move |budget| {
        let sheets = documents::grid::read(&bytes, &read_name, budget).map_err(Problem::sentence)?;
        read(&sheets, &wanted)
    });
    match found.await {
        Ok(found) => {
            posted.set("file", &file);
            Ok((posted, found))
        }
        Err(sentence) => Err(posted.with_error(&format!("{sentence}。{untouched}。"))),
    }
}

/// The page of a file with its preview, or with why there is none.
pub(crate) async fn preview_page<T: Clone + Send + Sync + 'static>(
    state: &AppState,
    viewer: &Viewer,
    address: &str,
    posted: Posted,
    preview: Option<T>,
) -> Response<Body> {
    let status = if posted.error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    render_with(state, Some(viewer), address, posted, preview, status).await
}

/// An answer, or the page that says why there is none.
pub(crate) type Answer = Result<Response<Body>, Refused>;

/// The page of a request that names nothing there is, or comes from somebody who may not.
pub(crate) struct Refused(Box<Response<Body>>);

impl From<Response<Body>> for Refused {
    fn from(answer: Response<Body>) -> Self {
        Self(Box::new(answer))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response<Body> {
        *self.0
    }
}

/// Leads on to an address, or shows the page again with everything that was typed and what was wrong.
pub(crate) async fn settle(
    state: &AppState,
    viewer: &Viewer,
    page: &str,
    posted: Posted,
    done: Result<String, Refusal>,
) -> Answer {
    match done {
        Ok(address) => Ok(Redirect::to(&address).into_response()),
        Err(refusal @ (Refusal::Forbidden(..) | Refusal::Unavailable(_))) => Ok(not_done(&refusal)),
        Err(refusal) => {
            let posted = posted.with_error(&refusal.sentence());
            Ok(render(state, Some(viewer), page, posted, StatusCode::UNPROCESSABLE_ENTITY).await)
        }
    }
}

/// Carries out a command of the office in the name of whoever is signed in.
pub(crate) async fn carry_out<C: Command>(state: &AppState, viewer: &Viewer, command: C) -> Result<C::Done, Refusal> {
    state.store.carry_out(command, Who::signed_in(viewer.clone(), state.clock.now())).await
}

/// The same, unless what the form sent could not be read as the command.
pub(crate) async fn carry_out_read<C: Command>(
    state: &AppState,
    viewer: &Viewer,
    read: Result<C, Refusal>,
) -> Result<C::Done, Refusal> {
    carry_out(state, viewer, read?).await
}

/// The plan of an address.
pub(crate) async fn plan_of(state: &AppState, id: &str) -> Result<Arc<Plan>, Refused> {
    let found = async { state.store.read().await?.plan(id).await };
    Ok(found.await.map_err(|error| unavailable_page(&error))?.ok_or_else(unknown)?.plan)
}

/// The same, for somebody who may do this in its office.
pub(crate) async fn plan_for(
    state: &AppState,
    viewer: &Viewer,
    id: &str,
    action: Action,
) -> Result<Arc<Plan>, Refused> {
    let plan = plan_of(state, id).await?;
    match viewer.may(action, Object::office(plan.region.id())) {
        Ok(()) => Ok(plan),
        Err(_) => Err(forbidden(&domain::rights::who_may(action)).into()),
    }
}

/// The plan and period of an address.
pub(crate) async fn named(state: &AppState, (plan, period): (String, String)) -> Result<(Arc<Plan>, Period), Refused> {
    let plan = plan_of(state, &plan).await?;
    let period = Period::parse(&period).ok();
    let known = period.filter(|period| plan.allows(*period).is_ok());
    Ok((plan, known.ok_or_else(unknown)?))
}

/// The plan and round of an address about returns.
pub(crate) async fn named_round(
    state: &AppState,
    (plan, round): (String, String),
) -> Result<(Arc<Plan>, Round), Refused> {
    let plan = plan_of(state, &plan).await?;
    let round = Round::parse(&round).ok().filter(|round| plan.asks(round).is_ok());
    Ok((plan, round.ok_or_else(unknown)?))
}

/// A writer in the name of whoever asks.
pub(crate) fn writer(state: &AppState, viewer: &Viewer) -> Writer {
    Writer { actor: viewer.actor(), at: state.clock.now(), session: Some(viewer.session.clone()) }
}
