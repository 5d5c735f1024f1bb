//! The boxes of the plan editor, read one by one.

use domain::day::{Day, EXAMPLES};
use domain::entry::{clean, understand};
use domain::money::{Amount, Measure, fold, is_blank};
use domain::month::Period;
use domain::rate::Rate;

use crate::posted::Posted;

/// What is wrong, at which box; without one with the page as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    pub field: String,
    pub sentence: String,
}

/// Collects what is wrong, so that all of it is said at once.
pub(crate) struct Reader<'p> {
    pub(crate) posted: &'p Posted,
    pub(crate) problems: Vec<Wrong>,
}

impl<'p> Reader<'p> {
    pub(crate) fn of(posted: &'p Posted) -> Self {
        Self { posted, problems: Vec::new() }
    }

    pub(crate) fn wrong<T>(&mut self, field: &str, sentence: impl Into<String>) -> Option<T> {
        self.say(field, sentence);
        None
    }

    pub(crate) fn say(&mut self, field: &str, sentence: impl Into<String>) {
        self.problems.push(Wrong { field: field.to_owned(), sentence: sentence.into() });
    }

    /// Whether the page had this box: what it did not have stays as it was.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.posted.get(name).is_some()
    }

    pub(crate) fn text(&self, name: &str) -> String {
        clean(self.posted.text(name)).trim().to_owned()
    }

    pub(crate) fn optional(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    /// The box's text in the place of the one before.
    pub(crate) fn keep(&self, name: &str, text: &mut Option<String>) {
        if self.has(name) {
            *text = self.optional(name);
        }
    }

    /// A list, one a line, in the place of the one before.
    pub(crate) fn keep_lines(&self, name: &str, lines: &mut Vec<String>) {
        if self.has(name) {
            let text = self.text(name);
            *lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
        }
    }

    pub(crate) fn required(&mut self, name: &str, label: &str, example: &str) -> String {
        let text = self.text(name);
        if text.is_empty() {
            self.say(name, format!("还没有填{label}，例如 {example}。"));
        }
        text
    }

    pub(crate) fn number(
        &mut self,
        name: &str,
        label: &str,
        range: std::ops::RangeInclusive<i32>,
        default: Option<i32>,
    ) -> i32 {
        let text = fold(&self.text(name));
        if text.is_empty()
            && let Some(default) = default
        {
            return default;
        }
        match text.parse() {
            Ok(number) if range.contains(&number) => number,
            _ => {
                self.say(name, format!("{label}请写 {} 至 {} 的整数。", range.start(), range.end()));
                *range.start()
            }
        }
    }

    /// A number that may be left out.
    pub(crate) fn number_or_none(
        &mut self,
        name: &str,
        label: &str,
        range: std::ops::RangeInclusive<i32>,
    ) -> Option<i32> {
        (!self.text(name).is_empty()).then(|| self.number(name, label, range, None))
    }

    pub(crate) fn amount(&mut self, name: &str, label: &str, measure: &Measure) -> Option<Amount> {
        match understand(measure, self.posted.text(name)) {
            Ok(found) => found.map(|found| found.amount),
            Err(error) => self.wrong(name, format!("{label}：{error}。")),
        }
    }

    pub(crate) fn percent(&mut self, name: &str, label: &str) -> Option<Rate> {
        if is_blank(self.posted.text(name)) {
            return None;
        }
        match Rate::parse_percent(self.posted.text(name)) {
            Ok(rate) => Some(rate),
            Err(error) => self.wrong(name, format!("{label}：{error}。")),
        }
    }

    /// A month: `2023-12`, `2023年12月`.
    pub(crate) fn month(&mut self, name: &str, label: &str) -> Option<Period> {
        let text = self.optional(name)?;
        let read = month(&text);
        read.or_else(|| self.wrong(name, format!("{label}“{text}”不是月份，请写成 2023-12 或 2023年12月。")))
    }

    /// A day; without a year as near to `about` as it can be.
    pub(crate) fn day(&mut self, name: &str, label: &str, about: chrono::NaiveDate) -> Option<chrono::NaiveDate> {
        let text = self.optional(name)?;
        let day = Day::parse(&text).and_then(|day| day.near(about));
        day.or_else(|| self.wrong(name, format!("{label}“{text}”不是日期，请写成 {EXAMPLES}。")))
    }
}

/// A month as people write one: 2023-12, 2023.12, 2023年12月, 2023年12月底.
pub(crate) fn month(text: &str) -> Option<Period> {
    let text = fold(text);
    let text = text.trim_end_matches(['前', '底', '份', '止']).trim_end_matches('月');
    let (year, month) = text.split_once(['年', '-', '/', '.'])?;
    let number = |text: &str, most: usize| -> Option<u32> {
        let text = text.trim();
        text.parse().ok().filter(|_| (1..=most).contains(&text.len()))
    };
    Period::new(number(year, 4).filter(|year| *year >= 1900)? as i32, number(month, 2)?)
}

#[cfg(test)]
mod tests {
    #[test]
    fn months_as_people_write_them() {
        let read = |text: &str| super::month(text).map(|month| month.to_string());
        for text in
            ["2023-12", "2023年12月", "2023.12", "2023/12", "２０２３年１２月底", "2023年12月底前", " 2023 年 12 月"]
        {
            assert_eq!(read(text).as_deref(), Some("2023-12"), "{text}");
        }
        assert_eq!(read("2013年3月").as_deref(), Some("2013-03"));
        for text in ["2023", "2023-13", "12月", "2023年12月5日", "去年底", "2023-12-05", ""] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
