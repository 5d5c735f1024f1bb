//! 花名册: a workbook of people and posts, looked at before anything is made; the one-time links it brings.

use app::pages::people::{Links, Looked};
use axum::body::Body;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::http::{HeaderMap, Response, StatusCode, header};
use axum::response::IntoResponse;
use documents::grid::Grid;
use domain::plan::Plan;
use domain::rights::Role;
use office::access::Enrolled;
use office::people::{self, Known, Places, Roster};
use office::posted::Posted;
use office::viewer::Viewer;

use super::admin::{answer, plans_and_offices, site, told};
use super::{Fields, sheet_sent, writer};
use crate::cache::NO_STORE;
use crate::state::AppState;
use crate::web::render::{render, render_with};
use crate::web::sentence::{forbidden, unavailable_page};
use crate::web::session::Signed;
use store::StoreError;

const PAGE: &str = "/admin/people";

/// What is done with everything that a workbook is read against.
async fn with_known<T>(state: &AppState, work: impl FnOnce(Known<'_>) -> T) -> Result<T, StoreError> {
    let (plans, offices) = plans_and_offices(&state.store).await?;
    let plans: Vec<&Plan> = plans.iter().map(|version| &*version.plan).collect();
    let mut now = state.store.read().await?;
    let (posts, accounts) = (now.posts().await?, now.accounts().await?);
    let places = Places { plans: &plans, offices: &offices };
    Ok(work(Known { places, posts: &posts, accounts: &accounts }))
}

/// The blank: a line for every post that nobody holds.
pub(crate) async fn blank(State(state): State<AppState>, Signed(_): Signed) -> Response<Body> {
    let open = with_known(&state, |known| {
        let several = known.places.offices.len() > 1;
        let lines = people::open_posts(known).into_iter().map(|open| {
            let cells = vec![open.role.name().to_owned(), open.unit, String::new(), open.login, String::new()];
            cells.into_iter().chain(several.then_some(open.office)).collect::<Vec<String>>()
        });
        (people::heads(several), lines.collect::<Vec<_>>())
    });
    let made = match open.await {
        Ok((heads, lines)) => documents::people_blank::write(&heads, &lines),
        Err(error) => return unavailable_page(&error),
    };
    match made {
        Ok(bytes) => (
            [
                (header::CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"jigai-people.xlsx\""),
                (header::CACHE_CONTROL, NO_STORE),
            ],
            bytes,
        )
            .into_response(),
        Err(error) => unavailable_page(&StoreError::Unreadable(error.to_string())),
    }
}

async fn look(state: &AppState, viewer: &Viewer, sheets: &[Grid], error: Option<&str>) -> Response<Body> {
    let roster = match with_known(state, |known| people::read_roster(sheets, known)).await {
        Ok(roster) => roster,
        Err(error) => return unavailable_page(&error),
    };
    let status =
        if roster.faults.is_empty() && error.is_none() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let posted = error.map_or(Posted::default(), |error| Posted::default().with_error(error));
    let looked = Looked { roster, sheets: serde_json::to_string(sheets).unwrap_or_default() };
    render_with(state, Some(viewer), PAGE, posted, Some(looked), status).await
}

pub(crate) async fn upload(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    multipart: Result<Multipart, MultipartRejection>,
) -> Response<Body> {
    match sheet_sent(multipart, "没有建任何账号", |sheets, _| Ok(sheets.to_vec())).await {
        Ok((_, sheets)) => look(&state, &viewer, &sheets, None).await,
        Err(posted) => render(&state, Some(&viewer), PAGE, posted, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

/// Who may do a step of the page.
fn may(viewer: &Viewer, role: Role) -> Result<(), Box<Response<Body>>> {
    match viewer.role() == Some(role) {
        true => Ok(()),
        false => Err(Box::new(forbidden(&[role.name()]))),
    }
}

/// The links that were made, as a list to print.
async fn hand_out(
    state: &AppState,
    viewer: &Viewer,
    headers: &HeaderMap,
    enrolled: Vec<Enrolled>,
    asked: bool,
) -> Response<Body> {
    let base = site(state, headers);
    let links = Links { base: format!("{base}/setup?token="), people: enrolled, asked };
    render_with(state, Some(viewer), PAGE, Posted::default(), Some(links), StatusCode::OK).await
}

pub(crate) async fn people(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    headers: HeaderMap,
    Fields(fields): Fields,
) -> Response<Body> {
    let posted = Posted::new(fields);
    let id = posted.text("id").parse().unwrap_or_default();
    let now = || writer(&state, &viewer);
    match posted.text("do") {
        "enrol" => {
            if let Err(refused) = may(&viewer, Role::SystemAdmin) {
                return *refused;
            }
            let Ok(sheets) = serde_json::from_str::<Vec<Grid>>(posted.text("sheets")) else {
                let posted = Posted::default().with_error("请先选择文件预览。");
                return render(&state, Some(&viewer), PAGE, posted, StatusCode::UNPROCESSABLE_ENTITY).await;
            };
            let roster: Roster = match with_known(&state, |known| people::read_roster(&sheets, known)).await {
                Ok(roster) => roster,
                Err(error) => return unavailable_page(&error),
            };
            if !roster.faults.is_empty() {
                return look(&state, &viewer, &sheets, Some("还有要先改好的地方，没有建任何账号。")).await;
            }
            let asks = roster.lines.iter().any(|line| line.post.is_some());
            match state.store.enrol(roster.lines, viewer.account.id, now()).await {
                Ok(enrolled) => hand_out(&state, &viewer, &headers, enrolled, asks).await,
                Err(StoreError::Refused(said)) => {
                    look(&state, &viewer, &sheets, Some(&format!("{}。没有建任何账号。", said.join("；")))).await
                }
                Err(error) => unavailable_page(&error),
            }
        }
        "links" => {
            if let Err(refused) = may(&viewer, Role::SystemAdmin) {
                return *refused;
            }
            match state.store.links_for_the_new(now()).await {
                Ok(enrolled) => hand_out(&state, &viewer, &headers, enrolled, false).await,
                Err(error) => answer(&state, &viewer, PAGE, Posted::default(), Err(error)).await,
            }
        }
        "appoint" => {
            if let Err(refused) = may(&viewer, Role::SecurityAdmin) {
                return *refused;
            }
            let done = state.store.confirm_roster(id, &viewer.account, now()).await;
            let done = done.map(|()| told("已按花名册定岗，各人登录后就能办理本岗位的事".to_owned()));
            answer(&state, &viewer, PAGE, Posted::default(), done).await
        }
        "drop" => {
            let done = state.store.drop_roster(id, &viewer.account, now()).await;
            let done = done.map(|()| told("花名册已退回，账号还在，没有定岗；改好后由系统管理员再报".to_owned()));
            answer(&state, &viewer, PAGE, Posted::default(), done).await
        }
        _ => answer(&state, &viewer, PAGE, posted, Err(StoreError::refused("不认识的操作"))).await,
    }
}
