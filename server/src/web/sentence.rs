//! Pages of one sentence: refusals and failures that happen outside of pages.

use std::any::Any;

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use domain::rights::Action;
use office::facts::Why;
use office::refusal::Refusal;

use crate::cache::NO_STORE;
use store::StoreError;

/// A page for the few errors that happen outside of pages.
pub(crate) fn sentence_page(status: StatusCode, title: &str, sentence: &str) -> Response<Body> {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let (title, sentence) = (escape(title), escape(sentence));
    let html = format!(
        "<!DOCTYPE html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title><link rel=\"stylesheet\" href=\"/assets/app.css\">\
         <link rel=\"icon\" href=\"/assets/icon.svg\" type=\"image/svg+xml\"></head><body><main class=\"page\"><section class=\"error-page\">\
         <h1>{title}</h1><p>{sentence}</p><p><a href=\"/\">回到首页</a></p></section></main></body></html>"
    );
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, NO_STORE)], html)
        .into_response()
}

/// A failure of the store as a page; the log gets the rest.
pub(crate) fn unavailable_page(error: &StoreError) -> Response<Body> {
    let sentence = store::unavailable(error).sentence();
    sentence_page(StatusCode::SERVICE_UNAVAILABLE, "暂时不能使用", &sentence)
}

/// 403 says which posts may.
pub(crate) fn forbidden(who: &[&str]) -> Response<Body> {
    let sentence = match who.is_empty() {
        true => "您的岗位不能做这件事。".to_owned(),
        false => format!("您的岗位不能做这件事，这是{}的工作。", who.join("、")),
    };
    sentence_page(StatusCode::FORBIDDEN, "没有权限", &sentence)
}

/// A command that was not carried out, as a page of its own: where no form can take it back.
pub(crate) fn not_done(refusal: &Refusal) -> Response<Body> {
    let (status, title) = match refusal {
        Refusal::Forbidden(action, domain::rights::Refusal::Scope) => {
            let what = match action {
                Action::ReadClaims | Action::EnterClaim | Action::DecideClaim | Action::PayClaim => "这项申报",
                Action::ReadFunds | Action::EnterFund | Action::ConfirmFund => "这笔资金",
                Action::ReportTask | Action::ConfirmTask | Action::ExtendTask => "这项任务",
                Action::ReadProjects | Action::EnterProjects | Action::VisitProject | Action::KeepProject => "这个项目",
                _ => "这份报送",
            };
            let sentence = format!("没有{what}，或它不属于您的单位。");
            return sentence_page(StatusCode::NOT_FOUND, "没有找到", &sentence);
        }
        Refusal::Forbidden(action, _) => return forbidden(&domain::rights::who_may(*action)),
        Refusal::Unavailable(error) if error.why == Why::Uncertain => {
            (StatusCode::SERVICE_UNAVAILABLE, "不能确定是否已经保存")
        }
        Refusal::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, "暂时不能保存"),
        Refusal::OwnWork => (StatusCode::FORBIDDEN, "要由另一个人来办"),
        Refusal::Invalid(_) | Refusal::NeedsReason(_) | Refusal::Altered(_) => {
            (StatusCode::UNPROCESSABLE_ENTITY, "没有执行")
        }
        Refusal::Conflict(_) | Refusal::Moved(_) | Refusal::Stale => (StatusCode::CONFLICT, "刚刚有人改动过"),
    };
    sentence_page(status, title, &refusal.sentence())
}

pub(crate) fn unknown() -> Response<Body> {
    sentence_page(StatusCode::NOT_FOUND, "没有找到", "没有这个计划或期间，请从待办进入。")
}

/// A panic is a bug: the reader gets a page and a number, the log gets the rest.
pub(crate) fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response<Body> {
    let what =
        panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    let error = store::StoreError::Unreadable(what.unwrap_or_default());
    let reference = store::unavailable(&error).reference;
    let sentence = format!("程序出错，已保存的数据没有受影响。请把编号 {reference} 告诉管理员。");
    sentence_page(StatusCode::INTERNAL_SERVER_ERROR, "程序出错", &sentence)
}

/// Errors of the layers come without a body: a reader gets a sentence instead of a white page.
pub(super) fn with_words(response: Response<Body>, is_api: bool) -> Response<Body> {
    let kind = response.headers().get(header::CONTENT_TYPE);
    // The framework says in English what it could not read of an address.
    let unread = response.status() == StatusCode::BAD_REQUEST
        && kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if unread && !is_api {
        return sentence_page(StatusCode::BAD_REQUEST, "地址有误", "地址里有读不懂的字符，请从首页重新进入。");
    }
    if kind.is_some() {
        return response;
    }
    match response.status() {
        StatusCode::FORBIDDEN => {
            let sentence = "这个请求像是从别的网站来的，为安全起见没有执行。请从本站的页面操作；如用代理转发，请保留 Host 和 Origin。";
            sentence_page(StatusCode::FORBIDDEN, "没有执行", sentence)
        }
        StatusCode::SERVICE_UNAVAILABLE => {
            let sentence = "处理超时，不能确定是否已经保存。请回到页面看一下，没有保存的请再做一次。";
            let mut page = sentence_page(StatusCode::SERVICE_UNAVAILABLE, "处理超时", sentence);
            page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            page
        }
        StatusCode::METHOD_NOT_ALLOWED => sentence_page(
            StatusCode::METHOD_NOT_ALLOWED,
            "不能这样操作",
            "这个地址不接受这种操作，请从页面上的按钮进入。",
        ),
        _ => response,
    }
}
