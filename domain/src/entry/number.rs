//! Figures as people type them.

use super::as_typed::{compact, quoted};
use super::unreadable::not_an_amount;
use crate::money::{Amount, Measure, fold, is_blank};

/// A number as understood; `said` where that was not what stood there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Understood {
    pub amount: Amount,
    pub said: Option<String>,
}

/// Whether a text is a number with nothing but its digits, its point and the commas of its thousands.
pub fn is_plain(text: &str) -> bool {
    text.trim().chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-'))
}

/// Reads a figure: full-width digits, `1,234.50`, a trailing 亿 or 万 (with or without 元), `(12)` for −12.
///
/// `None` for a blank box; the error says what to write.
pub fn understand(measure: &Measure, text: &str) -> Result<Option<Understood>, String> {
    if is_blank(text) {
        return Ok(None);
    }
    if are_two(text) {
        return Err(format!("{}像是两个数；请只写一个数，中间不要空格或换行", quoted(text)));
    }
    let folded = compact(text);
    let (body, written) = split_unit(measure, &folded);
    let (body, negative) = match body.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) if !inner.starts_with(['-', '+', '(']) => (inner.to_owned(), true),
        _ => (body.to_owned(), false),
    };
    let parsed = written.as_ref().unwrap_or(measure).parse(&body).map_err(|error| not_an_amount(text, &error))?;
    let amount = if negative { Amount(-parsed.0) } else { parsed };
    let plain = measure.plain(amount);
    let as_typed = text.trim() == plain || text.trim().trim_end_matches('0').trim_end_matches('.') == plain;
    let said = (!as_typed).then(|| format!("“{}”读作 {} {}", text.trim(), plain.replace('-', "−"), measure.unit));
    Ok(Some(Understood { amount, said }))
}

/// `10 11`, or one number above another: blanks may only part thousands, `1 120`.
fn are_two(text: &str) -> bool {
    let folded = fold(text);
    let parts: Vec<&str> = folded.trim_start().trim_start_matches(['-', '+', '(']).split_whitespace().collect();
    let number = |part: &str| part.starts_with(|c: char| c.is_ascii_digit());
    let ends = |part: &str| part.ends_with(|c: char| c.is_ascii_digit());
    let gap = |pair: &[&str]| ends(pair[0]) && number(pair[1]);
    let broken = text.trim().contains('\n');
    let thousands =
        |part: &&str| part.split(|c: char| !c.is_ascii_digit()).next().is_some_and(|digits| digits.len() == 3);
    let first = parts.first().map_or(0, |part| part.len());
    parts.windows(2).any(gap) && (broken || first > 3 || !parts[1..].iter().all(thousands))
}

/// The number and the measure it names: `1.2亿` in a column of 万元.
fn split_unit<'t>(measure: &Measure, text: &'t str) -> (&'t str, Option<Measure>) {
    if !measure.money {
        return (text.strip_suffix(measure.unit.as_str()).unwrap_or(text), None);
    }
    for (ending, unit) in [("亿元", "亿元"), ("亿", "亿元"), ("万元", "万元"), ("万", "万元"), ("元", "元")]
    {
        if let Some(body) = text.strip_suffix(ending) {
            return (body, Measure::money(unit));
        }
    }
    (text, None)
}
