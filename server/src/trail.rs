//! The audit trail and the trail of views as JSON lines, for whoever keeps or searches them elsewhere: by page and by
//! command line, the same lines.

use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{Response, header};
use axum::response::IntoResponse;
use domain::calendar::at_shanghai;
use office::facts::{Viewing, ViewingsOf};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Store, StoreError, TrailRow};

use crate::cache::NO_STORE;
use crate::state::AppState;
use crate::web::sentence::unavailable_page;

/// Which lines are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trail {
    /// The chain, after the row of this number.
    Chain { after: i64 },
    /// The views, after so many of them, oldest first.
    Views { after: i64 },
}

fn time(at: i64) -> String {
    at_shanghai(at).to_rfc3339_opts(chrono::SecondsFormat::Millis, false)
}

fn of_row(row: &TrailRow) -> Value {
    json!({
        "seq": row.seq,
        "form": row.form,
        "time": time(row.at),
        "at": row.at,
        "actor": row.actor,
        "action": row.action,
        "object": row.object,
        "detail": serde_json::from_str(&row.detail).unwrap_or_else(|_| Value::from(row.detail.clone())),
        "previous_hash": row.previous_hash,
        "hash": row.hash,
    })
}

fn of_viewing(view: &Viewing) -> Value {
    json!({
        "day": view.day,
        "account": view.account,
        "actor": view.actor,
        "path": view.path,
        "views": view.views,
        "first": time(view.first_at),
        "last": time(view.last_at),
        "sealed": view.sealed,
    })
}

impl Trail {
    /// The next lines and what comes after them; `None` at the end.
    pub(crate) async fn next(self, store: &Store) -> Result<Option<(String, Trail)>, StoreError> {
        let mut state = store.read().await?;
        let (lines, next): (Vec<Value>, Trail) = match self {
            Trail::Chain { after } => {
                let rows = state.trail_after(after).await?;
                let last = rows.last().map_or(after, |row| row.seq);
                (rows.iter().map(of_row).collect(), Trail::Chain { after: last })
            }
            Trail::Views { after } => {
                let of = ViewingsOf { skip: after, oldest_first: true, ..ViewingsOf::all() };
                let views = state.viewings(&of).await?;
                let next = Trail::Views { after: after + views.len() as i64 };
                (views.iter().map(of_viewing).collect(), next)
            }
        };
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        Ok((!lines.is_empty()).then_some((text, next)))
    }
}

/// `after` of an address.
#[derive(Deserialize)]
pub(crate) struct After {
    after: Option<i64>,
}

/// `GET /audit/trail.jsonl?after=SEQ`.
pub(crate) async fn chain(State(state): State<AppState>, Query(asked): Query<After>) -> Response<Body> {
    download(state, Trail::Chain { after: asked.after.unwrap_or(0) }, "jigai-trail.jsonl").await
}

/// `GET /audit/views.jsonl`.
pub(crate) async fn views(State(state): State<AppState>) -> Response<Body> {
    // Of its own: whoever breaks the connection off takes no view with it.
    let (viewings, store) = (state.viewings.clone(), state.store.clone());
    let _ = tokio::spawn(async move { viewings.write(&store).await }).await;
    download(state, Trail::Views { after: 0 }, "jigai-views.jsonl").await
}

/// Line by line as the reader takes them: a trail of years does not stand in memory.
async fn download(state: AppState, trail: Trail, name: &str) -> Response<Body> {
    let first = match trail.next(&state.store).await {
        Ok(first) => first,
        Err(error) => return unavailable_page(&error),
    };
    let lines = futures_util::stream::unfold(first, move |next| {
        let store = state.store.clone();
        async move {
            let (text, trail) = next?;
            // A broken connection to the database breaks the file off, so that it is not taken for whole.
            match trail.next(&store).await {
                Ok(next) => Some((Ok(Bytes::from(text)), next)),
                Err(error) => Some((Err(std::io::Error::other(error.to_string())), None)),
            }
        }
    });
    let headers = [
        (header::CONTENT_TYPE, "application/jsonl; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, NO_STORE.to_owned()),
    ];
    (headers, Body::from_stream(lines)).into_response()
}
