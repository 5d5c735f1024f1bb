//! Boxes of a form: read, or the refusal that names the box and says what to write.

use domain::entry::{TEXT_LIMIT, clean, understand};
use domain::money::{Amount, is_blank};
use domain::plan::Goal;
use domain::rate::Rate;

use crate::posted::Posted;
use crate::refusal::Refusal;

/// An amount in the goal's unit; a blank box is none. `label` says in a sentence which box it is.
pub fn amount(goal: &Goal, label: &str, posted: &Posted, field: &str) -> Result<Option<Amount>, Refusal> {
    let wrong = |sentence: String| Refusal::field(field, sentence);
    let read = understand(&goal.measure, posted.text(field)).map_err(|error| wrong(format!("{label}：{error}")))?;
    match read.map(|read| read.amount) {
        Some(amount) if amount.0 < 0 && goal.kind.is_flow() => {
            Err(wrong(format!("{label}是负数，累计不会小于零；请核对")))
        }
        other => Ok(other),
    }
}

/// A percentage; a blank box is none.
pub fn percent(label: &str, posted: &Posted, field: &str) -> Result<Option<Rate>, Refusal> {
    let text = posted.text(field);
    if is_blank(text) {
        return Ok(None);
    }
    match Rate::parse_percent(text) {
        Ok(rate) if rate < Rate::ZERO.minus(Rate::ONE) => {
            Err(Refusal::field(field, format!("{label}不会低于 −100%；请核对")))
        }
        Ok(rate) => Ok(Some(rate)),
        Err(error) => Err(Refusal::field(field, format!("{label}：{error}"))),
    }
}

/// A text that may be missing.
pub fn optional(posted: &Posted, field: &str, label: &str) -> Result<Option<String>, Refusal> {
    let text = clean(posted.text(field)).trim().to_owned();
    match text.chars().count() {
        0 => Ok(None),
        count if count > TEXT_LIMIT => {
            Err(Refusal::field(field, format!("{label}写了 {count} 字，请缩短到 {TEXT_LIMIT} 字以内")))
        }
        _ => Ok(Some(text)),
    }
}

/// A text that may not.
pub fn required(posted: &Posted, field: &str, label: &str) -> Result<String, Refusal> {
    optional(posted, field, label)?.ok_or_else(|| Refusal::field(field, format!("请写明{label}")))
}
