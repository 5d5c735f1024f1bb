//! Growth as people write it: in percent, in words, with arrows.

use super::as_typed::{DOWN, UP, compact, quoted};
use super::unreadable::reason;
use crate::money::{Decimal, is_blank};
use crate::rate::Rate;

/// A growth as understood; `said` where that was not what stood there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnderstoodGrowth {
    pub rate: Rate,
    pub said: Option<String>,
}

/// Marks that mean a rise in some tables and a fall in accounts.
pub const TRIANGLES: [char; 2] = ['▲', '△'];

const LEADING: [&str; 12] = [
    "同比",
    "比上年同期",
    "较上年同期",
    "比去年同期",
    "较去年同期",
    "比上年",
    "较上年",
    "比去年",
    "较去年",
    "与上年同期相比",
    "累计",
    "增速",
];

/// Reads a growth: `12.5`, `12.5%`, `下降3.1%`, `增长1.39倍`, `持平`, `(3.1)`, `↓3.1`, `降3.1个百分点`. What a triangle means
/// the table has to say: `triangle` is whether it is a rise.
///
/// `None` for a blank cell; the error says what is the matter with this one.
pub fn understand_growth(text: &str, triangle: Option<bool>) -> Result<Option<UnderstoodGrowth>, String> {
    if is_blank(text) {
        return Ok(None);
    }
    let folded = compact(text);
    if let Ok(rate) = Rate::parse_percent(&folded) {
        let plain = folded == text.trim();
        return Ok(Some(UnderstoodGrowth { rate, said: (!plain).then(|| said(text, rate)) }));
    }
    let rate = in_words(&folded, triangle).map_err(|why| format!("{}{why}", quoted(text)))?;
    Ok(Some(UnderstoodGrowth { rate, said: Some(said(text, rate)) }))
}

fn said(text: &str, rate: Rate) -> String {
    format!("{}读作 {}%", quoted(text), rate.percent_as_written().replace('-', "−"))
}

fn in_words(folded: &str, triangle: Option<bool>) -> Result<Rate, String> {
    let mut rest = folded;
    while let Some(after) = LEADING.iter().find_map(|word| rest.strip_prefix(word)) {
        rest = after.trim_start_matches(['为', ':', '，', ',']);
    }
    match rest {
        "持平" | "平" | "零增长" | "与上年持平" | "与去年持平" | "与上年同期持平" | "与去年同期持平" =>
        {
            return Ok(Rate::ZERO);
        }
        "翻番" | "翻一番" | "增长一倍" => return Ok(Rate::ONE),
        "翻两番" => return Ok(Rate::ONE.times(3, 1)),
        _ if rest.contains("持平") => return Err("没有写数；请写出具体的增幅，持平写 0".to_owned()),
        _ => {}
    }
    if let Some(times) = multiple(rest) {
        return Ok(times?.minus(Rate::ONE));
    }
    let (direction, body) = direction(rest, triangle)?;
    let body = body.trim_start_matches(['了', '为', ':']);
    let body = body.strip_suffix("个百分点").or_else(|| body.strip_suffix("百分点")).unwrap_or(body);
    let rate = match (body.strip_suffix('倍'), body.strip_suffix('成')) {
        (Some(times), _) => match direction {
            Some(true) => number(times)?,
            Some(false) => return Err("看不出降到多少；请写成下降百分之几".to_owned()),
            None => return Err("是增长这么多倍，还是上年的这么多倍？请写成百分数".to_owned()),
        },
        (_, Some(tenths)) => number(tenths)?.times(1, 10),
        _ => Rate::parse_percent(body).map_err(|_| reason(folded))?,
    };
    match direction {
        Some(false) if rate.is_negative() => Err("又是下降又是负数，看不出增还是减；请写成一个数".to_owned()),
        Some(false) => Ok(Rate::ZERO.minus(rate)),
        _ => Ok(rate),
    }
}

/// 是上年的1.39倍, 增长到1.39倍: how many times last year's.
fn multiple(text: &str) -> Option<Result<Rate, String>> {
    let times = text.strip_suffix('倍')?;
    let at = ["期的", "年的", "增长到", "增长至", "增至", "达到", "相当于"]
        .iter()
        .find_map(|word| times.rfind(word).map(|at| at + word.len()))?;
    Some(number(&times[at..]))
}

/// Whether a text says rise or fall, and what stands beside that.
fn direction(text: &str, triangle: Option<bool>) -> Result<(Option<bool>, &str), String> {
    let beside = |mark: &str| text.strip_prefix(mark).or_else(|| text.strip_suffix(mark));
    let inner = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')').or_else(|| rest.strip_suffix(")%")));
    if let Some(inner) = inner.filter(|inner| !inner.starts_with(['-', '+', '('])) {
        return Ok((Some(false), inner));
    }
    if let Some(rest) = TRIANGLES.iter().find_map(|mark| text.strip_prefix(*mark).or_else(|| text.strip_suffix(*mark)))
    {
        let ask = "的三角是增长还是下降看不出；请写成数，下降写负号".to_owned();
        return triangle.map(|up| (Some(up), rest)).ok_or(ask);
    }
    if let Some(rest) = DOWN.iter().find_map(|word| beside(word)) {
        return Ok((Some(false), rest));
    }
    Ok(UP.iter().find_map(|word| beside(word)).map_or((None, text), |rest| (Some(true), rest)))
}

/// `1.39`, or one of the few numbers that are written in characters before 倍 and 成.
fn number(text: &str) -> Result<Rate, String> {
    let words = [
        ("半", (1, 2)),
        ("一", (1, 1)),
        ("两", (2, 1)),
        ("二", (2, 1)),
        ("三", (3, 1)),
        ("四", (4, 1)),
        ("五", (5, 1)),
    ];
    if let Some((_, (numerator, denominator))) = words.iter().find(|(word, _)| *word == text) {
        return Ok(Rate::ONE.times(*numerator, *denominator));
    }
    let unreadable = || reason(text);
    Decimal::parse(text).map_err(|_| unreadable())?;
    Rate::parse_share(text).map_err(|_| unreadable())
}
