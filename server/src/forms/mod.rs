//! Plain HTML forms: each POST carries out one command, then leads to a page; what was wrong comes back on the same
//! page with everything that was typed.

pub(crate) mod account;
pub(crate) mod admin;
pub(crate) mod assess;
pub(crate) mod import;
pub(crate) mod plans;
pub(crate) mod publish;
pub(crate) mod report;
pub(crate) mod review;
mod sheet;

use app::routes::{has_island, shell};
use axum::body::{Body, to_bytes};
use axum::extract::multipart::MultipartRejection;
use axum::extract::{FromRequest, Multipart};
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use domain::month::Period;
use domain::plan::Plan;
use leptos::prelude::{IntoView, provide_context};
use office::commands::Command;
use office::posted::Posted;
use office::refusal::Refusal;
use office::viewer::{Viewer, Who};

use crate::auth::{Asking, forbidden};
use crate::cache::NO_STORE;
use crate::responses::{sentence_page, unavailable_page, without_scripts};
use crate::routes::page_context;
use crate::state::AppState;
use store::Writer;

/// A form's fields in their order; anything else than a form is refused with a sentence.
pub(crate) struct Fields(pub(crate) Vec<(String, String)>);

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Response<Body>;

    async fn from_request(request: Request<Body>, state: &S) -> Result<Self, Self::Rejection> {
        let read = axum::extract::Form::<Vec<(String, String)>>::from_request(request, state).await;
        read.map(|form| Self(form.0))
            .map_err(|_| sentence_page(StatusCode::BAD_REQUEST, "没有执行", "提交的内容读不懂，没有保存。请刷新页面后再操作。"))
    }
}

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
                upload.name = field.file_name().and_then(|name| name.rsplit(['/', '\\']).next()).unwrap_or_default().to_owned();
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

/// Renders the page of an address with what was posted in its context.
pub(crate) async fn render(state: &AppState, viewer: Option<&Viewer>, address: &str, posted: Posted, status: StatusCode) -> Response<Body> {
    render_with(state, viewer, address, posted, None::<()>, status).await
}

/// The same with something more for the page to show.
pub(crate) async fn render_with<T: Clone + Send + Sync + 'static>(
    state: &AppState,
    viewer: Option<&Viewer>,
    address: &str,
    posted: Posted,
    more: Option<T>,
    status: StatusCode,
) -> Response<Body> {
    let options = state.options.clone();
    let base = page_context(state.clone(), Some(posted));
    let context = move || {
        base();
        if let Some(more) = more.clone() {
            provide_context(more);
        }
    };
    finish(viewer, address, status, context, move || shell(options.clone())).await
}

/// Renders a page with this context and status; an error of the page itself outranks the status.
pub(crate) async fn finish<V: IntoView + 'static>(
    viewer: Option<&Viewer>,
    address: &str,
    status: StatusCode,
    context: impl Fn() + Clone + Send + Sync + 'static,
    layout: impl Fn() -> V + Clone + Send + Sync + 'static,
) -> Response<Body> {
    let Ok(request) = Request::builder().uri(address).extension(Asking(viewer.cloned())).body(Body::empty()) else {
        return sentence_page(StatusCode::BAD_REQUEST, "地址有误", "地址有误，请从首页重新进入。");
    };
    let page = leptos_axum::render_app_async_with_context(context, layout);
    let (mut parts, body) = page(request).await.into_response().into_parts();
    let Ok(body) = to_bytes(body, 16 * 1024 * 1024).await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let path = address.split('?').next().unwrap_or_default();
    let body = if has_island(path) { body } else { without_scripts(&body) };
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(NO_STORE));
    if parts.status == StatusCode::OK {
        parts.status = status;
    }
    Response::from_parts(parts, Body::from(body))
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
pub(crate) async fn settle(state: &AppState, viewer: &Viewer, page: &str, posted: Posted, done: Result<String, Refusal>) -> Answer {
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

/// The plan of an address.
pub(crate) async fn plan_of(state: &AppState, id: &str) -> Result<Plan, Refused> {
    let found = async { state.store.read().await?.plan(id).await };
    Ok(found.await.map_err(|error| unavailable_page(&error))?.ok_or_else(unknown)?.plan)
}

/// The plan and period of an address.
pub(crate) async fn named(state: &AppState, (plan, period): (String, String)) -> Result<(Plan, Period), Refused> {
    let plan = plan_of(state, &plan).await?;
    let period = Period::parse(&period).ok();
    let known = period.filter(|period| domain::calendar::allowed(plan.calendar.as_ref(), plan.years, *period).is_ok());
    Ok((plan, known.ok_or_else(unknown)?))
}

pub(crate) fn unknown() -> Response<Body> {
    sentence_page(StatusCode::NOT_FOUND, "没有找到", "没有这个计划或期间，请从待办进入。")
}

/// A writer in the name of whoever asks.
pub(crate) fn writer(state: &AppState, viewer: &Viewer) -> Writer {
    Writer { actor: viewer.actor(), at: state.clock.now(), session: Some(viewer.session.clone()) }
}

/// A command that was not carried out, as a page of its own: where no form can take it back.
pub(crate) fn not_done(refusal: &Refusal) -> Response<Body> {
    let (status, title) = match refusal {
        Refusal::Forbidden(_, domain::rights::Refusal::Scope) => {
            return sentence_page(StatusCode::NOT_FOUND, "没有找到", "没有这份报送，或它不属于您的单位。");
        }
        Refusal::Forbidden(action, _) => return forbidden(&domain::rights::who_may(*action)),
        Refusal::Unavailable(error) => {
            let reference = &error.reference;
            let sentence = format!("暂时不能保存，刚才的操作没有生效。请稍后再试；如仍不行，请把编号 {reference} 告诉管理员。");
            return sentence_page(StatusCode::SERVICE_UNAVAILABLE, "暂时不能保存", &sentence);
        }
        Refusal::OwnWork => (StatusCode::FORBIDDEN, "要由另一个人来办"),
        Refusal::Invalid(_) | Refusal::NeedsReason(_) | Refusal::Altered(_) => (StatusCode::UNPROCESSABLE_ENTITY, "没有执行"),
        Refusal::Conflict(_) | Refusal::Moved(_) | Refusal::Stale => (StatusCode::CONFLICT, "刚刚有人改动过"),
    };
    sentence_page(status, title, &refusal.sentence())
}
