//! How much a request may bring.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Response, StatusCode, header};
use axum::middleware::Next;
use axum::response::IntoResponse;
use futures_util::StreamExt;
use tokio::sync::Semaphore;

use super::sentence::sentence_page;
use super::sites::{self, Brings};

/// Files that are held in memory at once: the others wait their turn. Those that are kept are larger and take longer to
/// arrive, and keep no table waiting.
static FILES: Semaphore = Semaphore::const_new(8);
static EVIDENCE: Semaphore = Semaphore::const_new(4);

/// Ends a request that takes too long, its body included.
pub(crate) async fn limit_time(request: Request, next: Next) -> Response<Body> {
    let brings = sites::at(request.method(), request.uri().path()).map_or(Brings::Form, |site| site.brings);
    let answer = tokio::time::timeout(brings.longest(), next.run(request)).await;
    // Said in a sentence further out.
    answer.unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())
}

/// Reads the body of whoever the gate let in, as far as its limit; a longer one is refused with a sentence.
pub(crate) async fn limit_bodies(request: Request, next: Next) -> Response<Body> {
    let brings = sites::at(request.method(), request.uri().path()).map_or(Brings::Form, |site| site.brings);
    // Held until the answer is there: what a file is made into is held as long.
    let limit = brings.limit();
    let _turn = match brings {
        Brings::File => FILES.acquire().await.ok(),
        Brings::Evidence => EVIDENCE.acquire().await.ok(),
        Brings::Form | Brings::LongForm => None,
    };
    let said =
        request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let api = request.uri().path().starts_with("/api/");
    let too_large = || {
        let sentence = match brings {
            Brings::File => "文件或表超过 8 MB，没有接收；请确认选对了文件，或只留要用的一张表。",
            Brings::Evidence => {
                "文件超过 20 MB，没有收下；请按“后退”回到刚才的页面，压缩、拆成几份或降低扫描精度后再传。"
            }
            Brings::Form | Brings::LongForm => "提交的内容太大，没有保存；请按“后退”回到刚才的页面，缩短文字后再提交。",
        };
        if api {
            return (StatusCode::PAYLOAD_TOO_LARGE, format!("ServerError|{sentence}")).into_response();
        }
        sentence_page(StatusCode::PAYLOAD_TOO_LARGE, "内容太大", sentence)
    };
    let (parts, body) = request.into_parts();
    if said.is_some_and(|length| length > limit) {
        drain(body).await;
        return too_large();
    }
    match to_bytes(body, limit).await {
        Ok(body) => next.run(Request::from_parts(parts, Body::from(body))).await,
        Err(_) => too_large(),
    }
}

/// Reads what will be refused, as far as a mistaken file goes: a browser that is cut off while sending shows its own
/// error instead of our sentence.
pub(super) async fn drain(body: Body) {
    const FARTHEST: usize = 64 * 1024 * 1024;
    let mut body = body.into_data_stream();
    let mut read = 0;
    // Who stops sending is waiting for the answer.
    while let Ok(Some(Ok(chunk))) = tokio::time::timeout(Duration::from_millis(500), body.next()).await {
        read += chunk.len();
        if read > FARTHEST {
            return;
        }
    }
}

/// Whether a body is a page.
pub(crate) fn is_html(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}
