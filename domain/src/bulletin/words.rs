//! The field's words: how rates, gaps and lists are said in a bulletin.

use crate::rate::Rate;
use crate::shown::Shown;

/// 全市, 全省, 全区, 全县: the whole of a region in one word.
pub fn whole(region_name: &str) -> String {
    match region_name.chars().last() {
        Some(last @ ('省' | '市' | '区' | '县' | '州')) => format!("全{last}"),
        _ => format!("{region_name}全域"),
    }
}

/// What the units of a region are called together.
pub fn unit_noun(region_name: &str) -> &'static str {
    match region_name.chars().last() {
        Some('省') => "设区市",
        Some('市' | '州') => "县（市）区",
        _ => "单位",
    }
}

/// `增长12.0%`, `下降3.1%`, `持平`.
pub fn growth(rate: Rate) -> String {
    let printed = points(rate);
    match rate {
        _ if rate == Rate::ZERO => "持平".to_owned(),
        _ if rate.is_negative() => format!("下降{printed}%"),
        _ => format!("增长{printed}%"),
    }
}

/// A difference of percentages without its sign, in 个百分点; more digits where one would print 0.0.
pub fn points(difference: Rate) -> String {
    let digits =
        (1..=8).find(|&digits| difference == Rate::ZERO || difference.rounded(digits) != Rate::ZERO).unwrap_or(8);
    difference.abs().percent(digits)
}

/// A movement of places, upwards if positive: `升2位`, `降3位`, `不变`.
pub fn moved(places: i64) -> String {
    match places {
        0 => "不变".to_owned(),
        up if up > 0 => format!("升{up}位"),
        down => format!("降{}位", -down),
    }
}

/// Awards with their sign as printed: `+0.3`, `−0.2`. Of several kinds each with its unit: `20万元、−0.5分`; what is
/// no score needs no plus.
pub fn signed(points: &str) -> String {
    let one = |part: &str| match part.strip_prefix('-') {
        Some(rest) => format!("−{rest}"),
        None if part == "0" || part.chars().any(|c| !c.is_ascii() && c != '分') => part.to_owned(),
        None => format!("+{part}"),
    };
    points.split('、').map(one).collect::<Vec<_>>().join("、")
}

/// A column of awards: 结果（分）; where each cell says its unit, the name alone.
pub fn award_head(name: &str, unit: &str) -> String {
    if unit.is_empty() { name.to_owned() } else { format!("{name}（{unit}）") }
}

/// What a unit gets under a reading, as printed; `—` for nothing.
pub fn awarded(given: &[(String, String)], region: &str) -> String {
    given.iter().find(|(id, _)| id == region).shown(|(_, points)| signed(points))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn awards_are_printed_with_their_sign() {
        let check = |points: &str, printed: &str| assert_eq!(signed(points), printed);
        check("0.3", "+0.3");
        check("-0.2", "−0.2");
        check("0", "0");
        check("1/30", "+1/30");
        check("20万元、-0.5分", "20万元、−0.5分");
        check("0.3分、1张红牌", "+0.3分、1张红牌");
    }
}
