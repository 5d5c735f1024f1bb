//! Days as people write them.

use chrono::NaiveDate;

use crate::money::fold;

/// A day as written: a year may be left out, `4月10日`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    year: Option<i32>,
    month: u32,
    day: u32,
}

/// What a box of a day asks for.
pub const EXAMPLES: &str = "2026-02-16、2026年2月16日 或 2月16日";

impl Day {
    /// Reads `2026年2月16日`, `二〇二六年二月十六日`, `2026-2-16`, `2026.2.16`, `2026/2/16`, `20260216` and, without a
    /// year, `2月16日`, `2-16`, `2.16`, `2/16`: full-width or not, with blanks between, with the time of day that a
    /// spreadsheet adds. `None` for anything else, and for a day that no calendar has.
    ///
    /// ```
    /// use domain::day::Day;
    ///
    /// let near = chrono::NaiveDate::from_ymd_opt(2026, 3, 31).unwrap();
    /// let read = |text: &str| Day::parse(text).and_then(|day| day.near(near)).map(|day| day.to_string());
    /// assert_eq!(read("2026年2月16日").as_deref(), Some("2026-02-16"));
    /// assert_eq!(read("4月10日").as_deref(), Some("2026-04-10"));
    /// assert_eq!(read("2026.2.30"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let text = fold(text).chars().map(digit_of).collect::<String>();
        let text = without_time(text.trim());
        if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::of(&[&text[..4], &text[4..6], &text[6..]]);
        }
        let text = text.strip_suffix(['日', '号']).unwrap_or(text);
        let marks = ['年', '月', '-', '/', '.', '‐', '–', '—'];
        let parts: Vec<String> = text.split(marks).map(|part| part.split_whitespace().collect()).collect();
        // 年 stands behind a year and 月 behind a month, wherever they are written.
        let marked: Vec<char> = text.chars().filter(|c| matches!(c, '年' | '月')).collect();
        let fits = matches!((parts.len(), &marked[..]), (2, ['月'] | []) | (3, ['年', '月'] | []));
        let parts: Vec<String> = parts.iter().map(|part| number_of(part)).collect();
        if fits { Self::of(&parts.iter().map(String::as_str).collect::<Vec<_>>()) } else { None }
    }

    fn of(parts: &[&str]) -> Option<Self> {
        let number = |text: &str, most: usize| -> Option<u32> {
            let digits = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse().ok().filter(|_| digits)
        };
        let (year, month, day) = match parts {
            [year, month, day] if year.len() == 4 => (Some(number(year, 4)? as i32), month, day),
            [month, day] => (None, month, day),
            _ => return None,
        };
        let found = Self { year, month: number(month, 2)?, day: number(day, 2)? };
        // 29 February is a day of some years.
        let exists = NaiveDate::from_ymd_opt(year.unwrap_or(2024), found.month, found.day).is_some();
        (exists && year.is_none_or(|year| (1900..=2999).contains(&year))).then_some(found)
    }

    /// The day that all days of a year are nearest to: what [`Day::near`] takes where a year is meant.
    pub fn middle_of(year: i32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, 7, 2).unwrap_or_default()
    }

    pub fn names_year(self) -> bool {
        self.year.is_some()
    }

    /// The day itself; where no year is written the one that brings it nearest to `about`.
    pub fn near(self, about: NaiveDate) -> Option<NaiveDate> {
        use chrono::Datelike;
        let in_year = |year: i32| NaiveDate::from_ymd_opt(year, self.month, self.day);
        match self.year {
            Some(year) => in_year(year),
            None => (about.year() - 1..=about.year() + 1)
                .filter_map(in_year)
                .min_by_key(|day| (*day - about).num_days().abs()),
        }
    }
}

/// `〇` to `九` as digits; 十 stays.
pub fn digit_of(c: char) -> char {
    match "〇一二三四五六七八九".chars().position(|known| known == c) {
        Some(digit) => char::from(b'0' + digit as u8),
        None if matches!(c, '零' | '○') => '0',
        None => c,
    }
}

/// 十六 as 16, 二十 as 20; the digits are ASCII already.
fn number_of(text: &str) -> String {
    match text.split_once('十') {
        Some((tens, ones)) if tens.len() <= 1 && ones.len() <= 1 => {
            format!("{}{}", if tens.is_empty() { "1" } else { tens }, if ones.is_empty() { "0" } else { ones })
        }
        _ => text.to_owned(),
    }
}

/// Without ` 00:00:00` or `T00:00` behind a day.
fn without_time(text: &str) -> &str {
    match text.split_once(['T', ' ']) {
        Some((day, time)) if time.contains(':') && time.chars().all(|c| c.is_ascii_digit() || ":.Z".contains(c)) => day,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_without_a_year_are_of_the_year_that_is_meant() {
        for year in [2020, 2021, 2022, 2024] {
            for text in ["1月1日", "2月28日", "7月1日", "12月31日"] {
                let day = Day::parse(text).unwrap().near(Day::middle_of(year)).unwrap();
                assert_eq!(chrono::Datelike::year(&day), year, "{text}");
            }
        }
    }
    use proptest::prelude::*;

    fn check(text: &str, expected: Option<&str>) {
        let about = NaiveDate::from_ymd_opt(2026, 3, 31).unwrap();
        let found = Day::parse(text).and_then(|day| day.near(about)).map(|day| day.to_string());
        assert_eq!(found.as_deref(), expected, "{text}");
    }

    #[test]
    fn days_as_people_write_them() {
        for text in [
            "2026年2月16日",
            " 2026 年 2 月 16 日 ",
            "２０２６年０２月１６日",
            "二〇二六年二月十六日",
            "2026年2月16号",
            "2026年2月16",
            "2026-2-16",
            "2026-02-16",
            "2026.2.16",
            "2026. 2. 16",
            "2026/2/16",
            "2026／02／16",
            "20260216",
            "2026-02-16 00:00:00",
            "2026-02-16T08:30",
            "2月16日",
            "2-16",
            "2.16",
            "2/16",
            "二月十六日",
        ] {
            check(text, Some("2026-02-16"));
        }
        check("4月10日", Some("2026-04-10"));
        // The year that brings it nearest: a paper of a January about December.
        check("12月20日", Some("2025-12-20"));
        check("2028年2月29日", Some("2028-02-29"));
    }

    #[test]
    fn what_is_no_day() {
        for text in [
            "",
            "2026",
            "2026年2月",
            "2月",
            "16日",
            "2026-02-30",
            "2026-13-01",
            "13月1日",
            "2月30日",
            "2026-2-16-1",
            "26-2-16",
            "2026月2年16日",
            "明天",
            "2026-2-x",
            "--",
            "2026年2-16",
            "1.5亿",
            "12345",
            "2026-02-16 周一",
        ] {
            check(text, None);
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,30}") {
            let about = NaiveDate::from_ymd_opt(2026, 3, 31).unwrap();
            let _ = Day::parse(&text).and_then(|day| day.near(about));
        }

        #[test]
        fn every_day_reads_back(days in 0..40_000_i64) {
            let day = NaiveDate::from_ymd_opt(1950, 1, 1).unwrap() + chrono::Duration::days(days);
            for text in [day.to_string(), crate::calendar::chinese_date(day), day.format("%Y/%-m/%-d").to_string()] {
                prop_assert_eq!(Day::parse(&text).and_then(|read| read.near(day)), Some(day));
            }
        }
    }
}
