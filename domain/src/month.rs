//! Cumulative periods: January up to a month.

use std::fmt;

use serde::{Deserialize, Serialize};

/// January to `month` of `year`; in URLs and files `2021-05`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    pub year: i32,
    pub month: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}”不是有效的期间，请写成 2021-05（表示2021年1—5月），月份为 01 至 12")]
pub struct PeriodError(pub String);

impl Period {
    pub fn new(year: i32, month: u32) -> Option<Self> {
        ((1900..=2999).contains(&year) && (1..=12).contains(&month)).then_some(Self { year, month })
    }

    pub fn parse(text: &str) -> Result<Self, PeriodError> {
        let folded = crate::money::fold(text);
        let error = || PeriodError(shorten(text));
        let (year, month) = folded.split_once('-').ok_or_else(error)?;
        let digits = |part: &str, len: usize| part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(error());
        }
        Self::new(year.parse().map_err(|_| error())?, month.parse().map_err(|_| error())?).ok_or_else(error)
    }

    /// `1—5月`; January alone is `1月`.
    pub fn months(self) -> String {
        if self.month == 1 { "1月".to_owned() } else { format!("1—{}月", self.month) }
    }

    /// `2021年1—5月`.
    pub fn label(self) -> String {
        format!("{}年{}", self.year, self.months())
    }

    /// For titles: 一季度, 上半年, 前三季度, 全年, else the months.
    pub fn title(self) -> String {
        let part = match self.month {
            3 => "一季度".to_owned(),
            6 => "上半年".to_owned(),
            9 => "前三季度".to_owned(),
            12 => "全年".to_owned(),
            _ => self.months(),
        };
        format!("{}年{part}", self.year)
    }

    /// The last day of the month.
    pub fn last_day(self) -> chrono::NaiveDate {
        let (year, month) = if self.month == 12 { (self.year + 1, 1) } else { (self.year, self.month + 1) };
        chrono::NaiveDate::from_ymd_opt(year, month, 1).and_then(|day| day.pred_opt()).unwrap_or_default()
    }

    pub fn is_year_end(self) -> bool {
        self.month == 12
    }

    pub fn months_left(self) -> u32 {
        12 - self.month
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl Serialize for Period {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// At most 40 characters of what somebody wrote, for quoting in a sentence.
pub fn shorten(text: &str) -> String {
    let text = text.trim();
    if text.chars().count() <= 40 { text.to_owned() } else { text.chars().take(40).collect::<String>() + "…" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn titles_use_the_fields_words() {
        let titles: Vec<String> =
            [2, 3, 6, 9, 12].iter().map(|&month| Period::new(2021, month).unwrap().title()).collect();
        assert_eq!(titles, ["2021年1—2月", "2021年一季度", "2021年上半年", "2021年前三季度", "2021年全年"]);
    }

    #[test]
    fn only_real_months_are_periods() {
        for text in ["2021-13", "2021-00", "2021-5", "21-05", "2021", "", "2021-05-01", "二〇二一-05"] {
            assert!(Period::parse(text).is_err(), "{text}");
        }
        assert_eq!(Period::parse(" ２０２１-０５ ").unwrap().to_string(), "2021-05");
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "\\PC{0,30}") {
            let _ = Period::parse(&text);
        }
    }
}
