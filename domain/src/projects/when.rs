//! Dates as project lists write them: a day, or only a month.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::money::fold;
use crate::month::Period;

/// A day, or a month where a list says no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum When {
    Month(Period),
    Day(NaiveDate),
}

/// What a box of such a date asks for.
pub const EXAMPLES: &str = "2021-06、2021年6月 或 2021年6月15日";

impl When {
    pub fn month(self) -> Period {
        match self {
            When::Month(month) => month,
            When::Day(day) => Period { year: day.year(), month: day.month() },
        }
    }

    /// The last day that it may mean.
    pub fn last_day(self) -> NaiveDate {
        match self {
            When::Month(month) => month.last_day(),
            When::Day(day) => day,
        }
    }

    /// Reads `2021年6月`, `2021-06`, `2021.6`, `202106`, `6月` (of `year`), `2021年底`, `2021年三季度`, `6月底`, and days
    /// as [`Day`] does. A year alone is its December. `None` for anything else.
    ///
    /// ```
    /// use domain::projects::When;
    ///
    /// let read = |text: &str| When::read(text, 2021).map(|when| when.to_string());
    /// assert_eq!(read("2021年6月").as_deref(), Some("2021-06"));
    /// assert_eq!(read("9月底").as_deref(), Some("2021-09"));
    /// assert_eq!(read("2022年6月15日").as_deref(), Some("2022-06-15"));
    /// assert_eq!(read("下半年再说"), None);
    /// ```
    pub fn read(text: &str, year: i32) -> Option<Self> {
        let folded: String = fold(text).chars().filter(|c| !c.is_whitespace()).collect();
        let mut text = folded.trim_end_matches(['前', '初', '中', '旬', '份']);
        text = text.strip_suffix("月底").map_or(text, |_| text.trim_end_matches('底'));
        if let Some(month) = month_of(text, year) {
            return Some(When::Month(month));
        }
        Day::parse(text).and_then(|day| day.near(Day::middle_of(year))).map(When::Day)
    }
}

fn month_of(text: &str, year: i32) -> Option<Period> {
    let digits = |text: &str, from: usize, to: usize| -> Option<u32> {
        let fits = (from..=to).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| fits)
    };
    let year_of = |text: &str| digits(text, 4, 4).and_then(|year| i32::try_from(year).ok());
    // Its year first, where it names one.
    let (year, rest) = match text.split_once('年') {
        Some((named, rest)) => (year_of(named)?, rest),
        None => (year, text),
    };
    let named = |rest: &str| match rest {
        "底" | "末" | "年底" | "年末" | "全年" | "下半年" | "四季度" | "第四季度" => Some(12),
        "三季度" | "第三季度" => Some(9),
        "上半年" | "二季度" | "第二季度" => Some(6),
        "一季度" | "第一季度" => Some(3),
        _ => None,
    };
    if let Some(month) = named(rest) {
        return Period::new(year, month);
    }
    if text.contains('年') && rest.is_empty() {
        return Period::new(year, 12);
    }
    if let Some(month) = rest.strip_suffix('月') {
        return digits(month, 1, 2).and_then(|month| Period::new(year, month));
    }
    if text.contains('年') {
        return None;
    }
    let parts: Vec<&str> = text.split(['-', '.', '/']).collect();
    match parts[..] {
        [year, month] => Period::new(year_of(year)?, digits(month, 1, 2)?),
        [all] if all.len() == 6 => Period::new(year_of(all.get(..4)?)?, digits(all.get(4..)?, 2, 2)?),
        [all] => year_of(all).and_then(|year| Period::new(year, 12)),
        _ => None,
    }
}

/// `2021-06`, `2021-06-15`.
impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            When::Month(month) => month.fmt(f),
            When::Day(day) => day.fmt(f),
        }
    }
}

impl When {
    /// `2021年6月`, `2021年6月15日`.
    pub fn words(self) -> String {
        match self {
            When::Month(month) => format!("{}年{}月", month.year, month.month),
            When::Day(day) => crate::calendar::chinese_date(day),
        }
    }

    /// Reads what `Display` writes.
    pub fn parse(text: &str) -> Option<Self> {
        let day = || text.parse::<NaiveDate>().ok().map(When::Day);
        Period::parse(text).ok().map(When::Month).or_else(day)
    }
}

impl Serialize for When {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        When::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("{text} is neither a day nor a month")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(When::read(text, 2021).map(|when| when.to_string()).as_deref(), expected, "{text}");
    }

    #[test]
    fn as_lists_write_them() {
        for (text, expected) in [
            ("2021年6月", "2021-06"),
            ("２０２１．６", "2021-06"),
            ("2021/06", "2021-06"),
            ("202106", "2021-06"),
            ("6月", "2021-06"),
            ("12月底前", "2021-12"),
            ("2022年底", "2022-12"),
            ("2022年", "2022-12"),
            ("2022", "2022-12"),
            ("三季度", "2021-09"),
            ("2023年第一季度", "2023-03"),
            ("2021年3月中旬", "2021-03"),
            ("2021-03-15", "2021-03-15"),
            ("3月15日", "2021-03-15"),
            ("20210315", "2021-03-15"),
        ] {
            check(text, Some(expected));
        }
        for text in ["", "待定", "2021年13月", "13月", "2021-02-30", "已开工", "2021年6月-2022年5月"] {
            check(text, None);
        }
    }
}
