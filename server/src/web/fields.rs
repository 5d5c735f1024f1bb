//! What a plain form sent.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{Response, StatusCode};

use super::sentence::sentence_page;

/// A form's fields in their order; anything else than a form is refused with a sentence.
pub(crate) struct Fields(pub(crate) Vec<(String, String)>);

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Response<Body>;

    async fn from_request(request: Request<Body>, state: &S) -> Result<Self, Self::Rejection> {
        let read = axum::extract::Form::<Vec<(String, String)>>::from_request(request, state).await;
        read.map(|form| Self(form.0)).map_err(|_| {
            sentence_page(StatusCode::BAD_REQUEST, "没有执行", "提交的内容读不懂，没有保存。请刷新页面后再操作。")
        })
    }
}
