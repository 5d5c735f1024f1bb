//! The boxes of the plan editor, read one by one.

use domain::entry::{clean, understand};
use domain::money::{Amount, Measure, fold, is_blank};
use domain::rate::Rate;

use crate::posted::Posted;

/// Collects what is wrong, so that all of it is said at once.
pub(crate) struct Reader<'p> {
    pub(crate) posted: &'p Posted,
    pub(crate) problems: Vec<String>,
}

impl<'p> Reader<'p> {
    pub(crate) fn of(posted: &'p Posted) -> Self {
        Self { posted, problems: Vec::new() }
    }

    pub(crate) fn wrong<T>(&mut self, sentence: impl Into<String>) -> Option<T> {
        self.problems.push(sentence.into());
        None
    }

    pub(crate) fn say(&mut self, sentence: String) {
        self.problems.push(sentence);
    }

    pub(crate) fn text(&self, name: &str) -> String {
        clean(self.posted.text(name)).trim().to_owned()
    }

    pub(crate) fn optional(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    pub(crate) fn required(&mut self, name: &str, label: &str, example: &str) -> String {
        let text = self.text(name);
        if text.is_empty() {
            self.problems.push(format!("还没有填{label}，例如 {example}。"));
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
                self.problems.push(format!("{label}请写 {} 至 {} 的整数。", range.start(), range.end()));
                *range.start()
            }
        }
    }

    pub(crate) fn amount(&mut self, name: &str, label: &str, measure: &Measure) -> Option<Amount> {
        match understand(measure, self.posted.text(name)) {
            Ok(found) => found.map(|found| found.amount),
            Err(error) => self.wrong(format!("{label}：{error}。")),
        }
    }

    pub(crate) fn percent(&mut self, name: &str, label: &str) -> Option<Rate> {
        if is_blank(self.posted.text(name)) {
            return None;
        }
        match Rate::parse_percent(self.posted.text(name)) {
            Ok(rate) => Some(rate),
            Err(error) => self.wrong(format!("{label}：{error}。")),
        }
    }
}
