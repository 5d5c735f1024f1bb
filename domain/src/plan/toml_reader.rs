//! Reads a TOML table field by field and collects every problem with its line, instead of stopping at the first.

use std::collections::{BTreeMap, HashMap};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::Problem;
use crate::day::Day;
use crate::month::shorten;
use crate::region::suggest;

/// Where problems are collected, with the text they are in.
pub(super) struct Problems {
    /// Where each line ends: a problem in the last of many lines costs no walk through all of them.
    ends: Vec<usize>,
    pub(super) found: Vec<Problem>,
    /// Every key that was asked for, as `goal.split.name`, and whether the file has it.
    pub(super) keys: BTreeMap<String, bool>,
}

impl Problems {
    pub(super) fn new(source: &str) -> Self {
        let ends = source.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect();
        Self { ends, found: Vec::new(), keys: BTreeMap::new() }
    }

    pub(super) fn at(&mut self, offset: usize, message: impl Into<String>) {
        let line = self.ends.partition_point(|end| *end < offset) + 1;
        self.found.push(Problem::new(line, message));
    }
}

/// A text and where it stands.
#[derive(Clone)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) at: usize,
}

/// One table being read; remembers which keys were asked for, so that [`Fields::finish`] can name the others.
pub(super) struct Fields<'t> {
    table: &'t DeTable<'t>,
    /// As in the file: `goal.split`; empty at the top.
    path: String,
    at: usize,
    known: Vec<&'static str>,
}

impl<'t> Fields<'t> {
    pub(super) fn new(table: &'t DeTable<'t>, path: &str, at: usize) -> Self {
        Self { table, path: path.to_owned(), at, known: Vec::new() }
    }

    pub(super) fn offset(&self) -> usize {
        self.at
    }

    /// The key as it is named in sentences.
    fn name(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    fn take(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.known.push(key);
        self.table.iter().find(|(name, _)| name.get_ref().as_ref() == key).map(|(_, value)| value)
    }

    /// Where a key's value stands; the table's own place when the key is absent.
    pub(super) fn at(&self, key: &str) -> usize {
        self.table
            .iter()
            .find(|(name, _)| name.get_ref().as_ref() == key)
            .map_or(self.at, |(_, value)| value.span().start)
    }

    /// Whether some other key here is nearly this one: its own sentence will then say so.
    pub(super) fn misspelt(&self, key: &str) -> bool {
        let near = |name: &str| name.len() == key.len() && suggest(name, std::iter::once(key)).is_some();
        self.table.iter().any(|(name, _)| near(name.get_ref().as_ref()))
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.iter().any(|(name, _)| name.get_ref().as_ref() == key)
    }

    pub(super) fn text(&mut self, key: &'static str, problems: &mut Problems) -> Option<Text> {
        let value = self.take(key)?;
        let at = value.span().start;
        match value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => Some(Text { text: text.trim().to_owned(), at }),
            DeValue::String(_) => {
                problems.at(at, format!("{} 是空的，请填写内容；不是必填的可以删去这一行", self.name(key)));
                None
            }
            other => {
                let name = self.name(key);
                problems.at(at, format!("{name} 应为带引号的文字，请写成 {key} = \"{}\"", bare(other)));
                None
            }
        }
    }

    /// A number as written, with quotes or as a bare integer.
    pub(super) fn number_text(&mut self, key: &'static str, problems: &mut Problems) -> Option<Text> {
        let bare = self.table.iter().find(|(name, _)| name.get_ref().as_ref() == key).map(|(_, value)| value);
        match bare.map(|value| (value.get_ref(), value.span().start)) {
            Some((DeValue::Integer(integer), at)) => {
                self.take(key);
                Some(Text { text: integer.as_str().to_owned(), at })
            }
            _ => self.text(key, problems),
        }
    }

    pub(super) fn required_text(&mut self, key: &'static str, example: &str, problems: &mut Problems) -> Option<Text> {
        if !self.has(key) {
            self.known.push(key);
            problems.at(self.at, format!("缺少 {}，请补一行 {key} = \"{example}\"", self.name(key)));
            return None;
        }
        self.text(key, problems)
    }

    pub(super) fn integer(
        &mut self,
        key: &'static str,
        range: std::ops::RangeInclusive<i64>,
        problems: &mut Problems,
    ) -> Option<i64> {
        let value = self.take(key)?;
        let at = value.span().start;
        let parsed = match value.get_ref() {
            DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix()).ok(),
            _ => None,
        };
        match parsed {
            Some(number) if range.contains(&number) => Some(number),
            _ => {
                let (low, high) = (range.start(), range.end());
                problems.at(at, format!("{} 应为 {low} 至 {high} 的整数，不加引号", self.name(key)));
                None
            }
        }
    }

    pub(super) fn boolean(&mut self, key: &'static str, problems: &mut Problems) -> Option<bool> {
        let value = self.take(key)?;
        match value.get_ref() {
            DeValue::Boolean(boolean) => Some(*boolean),
            _ => {
                problems.at(value.span().start, format!("{} 应为 true 或 false，不加引号", self.name(key)));
                None
            }
        }
    }

    /// A date of TOML, or a day as people write one; without a year as near to `about` as it can be.
    pub(super) fn date(
        &mut self,
        key: &'static str,
        about: chrono::NaiveDate,
        problems: &mut Problems,
    ) -> Option<chrono::NaiveDate> {
        let value = self.take(key)?;
        let date = match value.get_ref() {
            DeValue::Datetime(datetime) => datetime.date.and_then(|date| {
                chrono::NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))
            }),
            DeValue::String(text) => Day::parse(text).and_then(|day| day.near(about)),
            _ => None,
        };
        if date.is_none() {
            let name = self.name(key);
            problems.at(value.span().start, format!("{name} 不是存在的日期，请写成 {key} = 2021-02-16（不加引号）"));
        }
        date
    }

    /// One of a few words; `default` when the key is absent.
    pub(super) fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&str, T)],
        default: T,
        problems: &mut Problems,
    ) -> T {
        let Some(text) = self.text(key, problems) else { return default };
        match choices.iter().find(|(word, _)| *word == text.text) {
            Some((_, value)) => *value,
            None => {
                let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
                let name = self.name(key);
                problems.at(text.at, format!("{name} 不能写“{}”，请写 {} 之一", shorten(&text.text), words.join("、")));
                default
            }
        }
    }

    /// A list of texts; empty when absent.
    pub(super) fn texts(&mut self, key: &'static str, problems: &mut Problems) -> Vec<Text> {
        let Some(value) = self.take(key) else { return Vec::new() };
        let DeValue::Array(array) = value.get_ref() else {
            let name = self.name(key);
            problems.at(value.span().start, format!("{name} 应为方括号里的一列文字，请写成 {key} = [\"…\", \"…\"]"));
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in array.iter() {
            match item.get_ref() {
                DeValue::String(text) => texts.push(Text { text: text.trim().to_owned(), at: item.span().start }),
                other => {
                    let name = self.name(key);
                    problems
                        .at(item.span().start, format!("{name} 的每一项应为带引号的文字，请写成 \"{}\"", bare(other)));
                }
            }
        }
        texts
    }

    pub(super) fn integers(&mut self, key: &'static str, problems: &mut Problems) -> Option<Vec<i64>> {
        let value = self.take(key)?;
        let numbers = match value.get_ref() {
            DeValue::Array(array) => array
                .iter()
                .map(|item| match item.get_ref() {
                    DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix()).ok(),
                    _ => None,
                })
                .collect::<Option<Vec<i64>>>(),
            _ => None,
        };
        if numbers.is_none() {
            problems
                .at(value.span().start, format!("{} 应为方括号里的整数，例如 {key} = [2021, 2021]", self.name(key)));
        }
        numbers
    }

    pub(super) fn table(&mut self, key: &'static str, problems: &mut Problems) -> Option<Fields<'t>> {
        let value = self.take(key)?;
        let path = self.name(key);
        match value.get_ref() {
            DeValue::Table(table) => Some(Fields::new(table, &path, value.span().start)),
            _ => {
                problems.at(value.span().start, format!("{path} 应为一个表，请写成 [{path}] 或 {key} = {{ … }}"));
                None
            }
        }
    }

    /// `[[key]]` blocks or an inline list of tables; empty when absent.
    pub(super) fn tables(&mut self, key: &'static str, problems: &mut Problems) -> Vec<Fields<'t>> {
        let Some(value) = self.take(key) else { return Vec::new() };
        let path = self.name(key);
        let wrong = |at: usize, problems: &mut Problems| {
            problems.at(at, format!("{path} 应为若干个表，每个以 [[{path}]] 开头"));
        };
        let DeValue::Array(array) = value.get_ref() else {
            wrong(value.span().start, problems);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in array.iter() {
            match item.get_ref() {
                DeValue::Table(table) => tables.push(Fields::new(table, &path, item.span().start)),
                _ => wrong(item.span().start, problems),
            }
        }
        tables
    }

    /// Where the values of all its keys stand.
    pub(super) fn places(&self) -> Places {
        let keys = self.table.iter().map(|(name, value)| (name.get_ref().to_string(), value.span().start));
        Places { block: self.at, keys: keys.collect() }
    }

    /// Names every key nobody asked for.
    pub(super) fn finish(self, problems: &mut Problems) {
        for key in &self.known {
            let has = self.has(key);
            *problems.keys.entry(self.name(key)).or_default() |= has;
        }
        for (key, _) in self.table.iter() {
            let name = key.get_ref().as_ref();
            if self.known.contains(&name) {
                continue;
            }
            let hint = match suggest(name, self.known.iter().copied()) {
                Some(known) => format!("是否应为 {known}？"),
                None => format!("这里可写的有：{}", self.known.join("、")),
            };
            problems.at(key.span().start, format!("不认识的键 {}，{hint}", self.name(&shorten(name))));
        }
    }
}

/// A table that was read, for what is found to be wrong with it later.
pub(super) struct Places {
    block: usize,
    keys: HashMap<String, usize>,
}

impl Places {
    /// Where the first of these keys stands that the table has; without any the table's own place.
    pub(super) fn of(&self, keys: &[&str]) -> usize {
        keys.iter().find_map(|key| self.keys.get(*key).copied()).unwrap_or(self.block)
    }
}

/// A value as it would be written without quotes, for the sentence that asks for quotes.
fn bare(value: &DeValue<'_>) -> String {
    match value {
        DeValue::Integer(integer) => integer.as_str().to_owned(),
        DeValue::Float(float) => float.as_str().to_owned(),
        DeValue::Boolean(boolean) => boolean.to_string(),
        DeValue::Datetime(datetime) => datetime.to_string(),
        _ => "…".to_owned(),
    }
}
