//! The field's words: how rates, gaps and lists are said in a bulletin.

use crate::rate::Rate;
use crate::shown::Shown;

/// 全市, 全省, 全旗, 全国: the whole of a region in one word; a region of no known sort by its own name.
pub fn whole(region_name: &str) -> String {
    const ENDINGS: [&str; 14] =
        ["街道", "社区", "苏木", "地区", "省", "市", "区", "县", "州", "盟", "旗", "镇", "乡", "村"];
    if crate::plan::is_country(region_name) {
        return "全国".to_owned();
    }
    let name = region_name.trim_end_matches("办事处");
    let ending = ENDINGS.into_iter().find(|ending| name.ends_with(ending));
    match ending.filter(|ending| name.chars().count() > ending.chars().count()) {
        Some(ending) => format!("全{ending}"),
        None => region_name.to_owned(),
    }
}

/// What stands above a table's right end: its unit, the percentages and the 个百分点, each once.
pub fn units_line(unit: &str, points: bool) -> String {
    let mut units = vec![unit];
    units.extend((unit != "%").then_some("%"));
    units.extend(points.then_some("个百分点"));
    format!("单位：{}", units.join("、"))
}

/// `增长12.0%`, `下降3.1%`, `持平`.
pub fn growth(rate: Rate) -> String {
    let printed = rate.percent_on_page(1);
    match growth_word(rate, &printed) {
        word @ ("增长" | "下降") => format!("{word}{}%", printed.trim_start_matches('−')),
        level => level.to_owned(),
    }
}

/// The word before a growth that is printed like this: 增长, 下降; for one that prints as zero the word alone.
pub fn growth_word(rate: Rate, printed: &str) -> &'static str {
    match printed.chars().any(|c| matches!(c, '1'..='9')) {
        false => level(rate),
        true if rate.is_negative() => "下降",
        true => "增长",
    }
}

/// 持平; 基本持平 where only digits that are not printed differ.
pub fn level(difference: Rate) -> &'static str {
    if difference == Rate::ZERO { "持平" } else { "基本持平" }
}

/// 加 or 扣 of points, 奖励 or 扣减 of anything else.
pub fn gives(unit: &str, takes: bool) -> &'static str {
    match (unit == "分", takes) {
        (true, false) => "加",
        (true, true) => "扣",
        (false, false) => "奖励",
        (false, true) => "扣减",
    }
}

/// What a unit is given, kind by kind: the verb, the number without its sign, and what it counts. `unit` stands behind a
/// bare number. A thing that is no score and no money is got: 得1张红牌.
pub fn giving<'p>(points: &'p str, unit: &'p str) -> Vec<(&'static str, &'p str, &'p str)> {
    let one = |part: &'p str| {
        let end = part.find(|c: char| !c.is_ascii()).unwrap_or(part.len());
        let (number, own) = part.split_at(end);
        let unit = if own.is_empty() { unit } else { own };
        let verb = match unit {
            "分" | "元" | "万元" | "亿元" => gives(unit, number.starts_with('-')),
            _ => "得",
        };
        (verb, number.trim_start_matches('-'), unit)
    };
    points.split('、').map(one).collect()
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
        None if part.is_empty() || part == "0" || part.chars().any(|c| !c.is_ascii() && c != '分') => part.to_owned(),
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
        check("", "");
        check("1/30", "+1/30");
        check("20万元、-0.5分", "20万元、−0.5分");
        check("0.3分、1张红牌", "+0.3分、1张红牌");
    }

    #[test]
    fn what_is_given_has_its_own_verb() {
        let said =
            |points, unit| giving(points, unit).into_iter().map(|(verb, number, unit)| format!("{verb}{number}{unit}"));
        let check =
            |points, unit, expected: &str| assert_eq!(said(points, unit).collect::<Vec<_>>().join("、"), expected);
        check("0.3", "分", "加0.3分");
        check("-0.1", "分", "扣0.1分");
        check("200", "万元", "奖励200万元");
        check("1", "张红牌", "得1张红牌");
        check("-0.5分、1张红牌", "", "扣0.5分、得1张红牌");
        check("30万元、0.5分", "", "奖励30万元、加0.5分");
    }
}
