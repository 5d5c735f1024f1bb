//! What is due, as files: the days of a calendar; who has to be told, for a gateway of messages with its key.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Response, StatusCode, header};
use axum::response::IntoResponse;
use domain::calendar::at_shanghai;
use domain::canonical::sha256;
use office::dates::{as_calendar, due_dates};
use office::outbox::{messages, table};
use office::posted::Posted;
use office::refusal::Refusal;
use store::StoreError;

use crate::cache::NO_STORE;
use crate::forms::admin::{answer, site};
use crate::forms::{Fields, writer};
use crate::state::AppState;
use crate::web::sentence::{not_done, sentence_page, unavailable_page};
use crate::web::session::Signed;

/// `/calendar.ics`: the days of the plans of one's office.
pub(crate) async fn calendar(State(state): State<AppState>, Signed(viewer): Signed) -> Response<Body> {
    let found = async { state.store.read().await?.plans().await };
    let plans = match found.await {
        Ok(plans) => plans,
        Err(error) => return unavailable_page(&error),
    };
    let (office, now) = (viewer.post.and_then(|post| post.domain.office), state.clock.now());
    let today = at_shanghai(now).date_naive();
    let own = plans.iter().map(|version| &*version.plan).filter(|plan| office.as_deref() == Some(plan.region.id()));
    let due: Vec<_> = own.flat_map(|plan| due_dates(plan, &state.holidays.now(), today)).collect();
    let heads = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"jigai.ics\""),
        (header::CACHE_CONTROL, NO_STORE),
    ];
    (heads, as_calendar(&due, now)).into_response()
}

/// The setting that holds the SHA-256 of the gateway's key; empty where none is in force.
const KEY: &str = "outbox_key";

/// `/outbox/{key}/due.json` and `due.csv`: who has to do what before which deadline, for whoever has the key.
pub(crate) async fn outbox(State(state): State<AppState>, Path((key, file)): Path<(String, String)>) -> Response<Body> {
    let found = async {
        let mut now = state.store.read().await?;
        let known = now.setting(KEY).await?.filter(|known| !known.is_empty());
        if known.as_deref() != Some(sha256(key.as_bytes()).as_str()) {
            return Ok(None);
        }
        let due = messages(&mut now, &state.holidays.now(), state.clock.now()).await;
        Ok::<_, StoreError>(Some(due))
    };
    let due = match found.await {
        Ok(Some(Ok(due))) => due,
        Ok(Some(Err(error))) => return not_done(&Refusal::Unavailable(error)),
        Ok(None) => {
            let sentence = "催报名单的地址不对或已作废。请找安全管理员在“策略”里重新生成一个。";
            return sentence_page(StatusCode::NOT_FOUND, "地址不对", sentence);
        }
        Err(error) => return unavailable_page(&error),
    };
    let (kind, body) = match file.as_str() {
        "due.json" => match serde_json::to_vec(&due) {
            Ok(body) => ("application/json", body),
            Err(error) => return unavailable_page(&StoreError::Unreadable(error.to_string())),
        },
        "due.csv" => ("text/csv; charset=utf-8", crate::exports::csv(table(&due))),
        _ => return sentence_page(StatusCode::NOT_FOUND, "没有这个文件", "催报名单是 due.json 或 due.csv。"),
    };
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, NO_STORE)], body).into_response()
}

/// A new key, shown once; the one before ends. Or none any more.
pub(crate) async fn change_key(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    headers: HeaderMap,
    Fields(fields): Fields,
) -> Response<Body> {
    let posted = Posted::new(fields);
    let done = async {
        let key = match posted.text("do") {
            "issue" => Some(store::passwords::random_token()),
            "withdraw" => None,
            _ => return Err(StoreError::refused("不认识的操作")),
        };
        let hash = key.as_ref().map(|key| sha256(key.as_bytes())).unwrap_or_default();
        state.store.set_setting(KEY, &hash, writer(&state, &viewer)).await?;
        let link = |key: String| format!("{}/outbox/{key}/due.json", site(&state, &headers));
        Ok(key.map(|key| Posted::new(vec![("outbox".to_owned(), link(key))])).unwrap_or_default())
    };
    let done = done.await;
    answer(&state, &viewer, "/admin/policy", posted, done).await
}
