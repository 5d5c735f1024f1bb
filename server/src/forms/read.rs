//! Boxes of a form: read, or the sentence that says what to write.

use domain::entry::{TEXT_LIMIT, clean, understand};
use domain::money::{Amount, is_blank};
use domain::plan::Goal;
use domain::rate::Rate;
use office::posted::Posted;

/// An amount in the goal's unit; a blank box is none. `label` says in a sentence which box it is.
pub(super) fn amount(goal: &Goal, label: &str, text: &str) -> Result<Option<Amount>, String> {
    let read = understand(&goal.measure, text).map_err(|error| format!("{label}：{error}。"))?;
    match read.map(|read| read.amount) {
        Some(amount) if amount.0 < 0 && goal.kind.is_flow() => Err(format!("{label}是负数，累计不会小于零；请核对。")),
        other => Ok(other),
    }
}

/// A percentage; a blank box is none.
pub(super) fn percent(label: &str, text: &str) -> Result<Option<Rate>, String> {
    if is_blank(text) {
        return Ok(None);
    }
    match Rate::parse_percent(text) {
        Ok(rate) if rate < Rate::ZERO.minus(Rate::ONE) => Err(format!("{label}不会低于 −100%；请核对。")),
        Ok(rate) => Ok(Some(rate)),
        Err(error) => Err(format!("{label}：{error}。")),
    }
}

/// A text that may be missing.
pub(super) fn optional(posted: &Posted, field: &str, label: &str) -> Result<Option<String>, String> {
    let text = clean(posted.text(field)).trim().to_owned();
    match text.chars().count() {
        0 => Ok(None),
        count if count > TEXT_LIMIT => Err(format!("{label}写了 {count} 字，请缩短到 {TEXT_LIMIT} 字以内。")),
        _ => Ok(Some(text)),
    }
}

/// A text that may not.
pub(super) fn required(posted: &Posted, field: &str, label: &str) -> Result<String, String> {
    optional(posted, field, label)?.ok_or_else(|| format!("请写明{label}。"))
}
