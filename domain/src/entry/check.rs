//! What is typed into the rows of a form, read and checked.

use super::doubts::{self, Remark};
use super::growth::{UnderstoodGrowth, understand_growth};
use super::lines::EntryLine;
use super::number::understand;
use super::{Field, NOTE_LEAST, TEXT_LIMIT};
use crate::money::Amount;
use crate::rate::Rate;

/// What somebody typed into a row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Typed {
    pub value: String,
    pub base: String,
    pub note: String,
    pub answer: String,
}

/// A row after reading and checking.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EntryCheck {
    pub value: Option<Amount>,
    pub base: Option<Amount>,
    /// What was typed into a row of percent.
    pub stated_growth: Option<Rate>,
    pub note: String,
    pub answer: String,
    /// The amount since the figure before, where that is the month before.
    pub month: Option<Amount>,
    pub growth: Option<Rate>,
    pub completion: Option<Rate>,
    /// How a text was understood, where that was not plain.
    pub said: Vec<(Field, String)>,
    pub hard: Vec<Remark>,
    pub soft: Vec<Remark>,
}

impl EntryCheck {
    fn wrong(&mut self, field: Field, sentence: impl Into<String>) {
        let sentence = sentence.into();
        self.hard.push(Remark { field, fact: sentence.clone(), sentence, doubt: None });
    }

    pub fn is_empty(&self) -> bool {
        self.value.is_none() && self.stated_growth.is_none()
    }
}

/// Reads and checks all rows of a form; `typed` are as many as `lines`.
pub fn check(lines: &[EntryLine], typed: &[Typed]) -> Vec<EntryCheck> {
    let mut checked: Vec<EntryCheck> = lines.iter().zip(typed).map(|(line, typed)| check_line(line, typed)).collect();
    for index in 0..lines.len() {
        let whole =
            |line: &EntryLine| line.goal == lines[index].goal && Some(&line.region) == lines[index].within.as_ref();
        let apart = doubts::apart(&lines[index], checked[index].value);
        checked[index].soft.extend(apart);
        let Some(whole) = lines.iter().position(whole) else { continue };
        let doubt = doubts::within((&lines[index], checked[index].value), (&lines[whole].name, checked[whole].value));
        checked[index].soft.extend(doubt);
    }
    for (line, row) in lines.iter().zip(&mut checked) {
        require(line, row);
    }
    checked
}

fn check_line(line: &EntryLine, typed: &Typed) -> EntryCheck {
    let mut row = EntryCheck {
        note: typed.note.trim().to_owned(),
        answer: typed.answer.trim().to_owned(),
        ..EntryCheck::default()
    };
    if typed.note.chars().count() > TEXT_LIMIT {
        row.wrong(Field::Note, format!("说明超过 {TEXT_LIMIT} 字，请缩短。"));
    }
    if typed.answer.chars().count() > TEXT_LIMIT {
        row.wrong(Field::Answer, format!("答复超过 {TEXT_LIMIT} 字，请缩短。"));
    }
    if line.percent {
        check_percent(&mut row, &typed.value);
        return row;
    }
    row.value = read(line, Field::Value, &typed.value, &mut row);
    row.base = match typed.base.trim() {
        "" => line.proposed_base,
        _ => read(line, Field::Base, &typed.base, &mut row),
    };
    Derived { month: row.month, growth: row.growth, completion: row.completion } = line.derived(row.value, row.base);
    row.soft = doubts::of_figure(line, row.value, row.base, row.growth);
    row
}

fn read(line: &EntryLine, field: Field, text: &str, row: &mut EntryCheck) -> Option<Amount> {
    match understand(&line.measure, text) {
        Ok(understood) => {
            let understood = understood?;
            row.said.extend(understood.said.map(|said| (field, said)));
            Some(understood.amount)
        }
        Err(sentence) => {
            row.wrong(field, format!("{}：{sentence}。", field.name()));
            None
        }
    }
}

fn check_percent(row: &mut EntryCheck, text: &str) {
    match understand_growth(text, None) {
        Ok(None) => {}
        Ok(Some(UnderstoodGrowth { rate, said })) => {
            (row.stated_growth, row.growth) = (Some(rate), Some(rate));
            row.said.extend(said.map(|said| (Field::Value, said)));
            row.soft = doubts::of_growth(rate).into_iter().collect();
        }
        Err(error) => row.wrong(Field::Value, format!("{}：{error}。", Field::Value.name())),
    }
}

/// What follows from a row's figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Derived {
    /// The amount since the figure before, where that is the month before.
    pub month: Option<Amount>,
    pub growth: Option<Rate>,
    pub completion: Option<Rate>,
}

impl EntryLine {
    pub fn derived(&self, value: Option<Amount>, base: Option<Amount>) -> Derived {
        // Only two neighbouring cumulative figures give a month.
        let before = self.previous.filter(|(at, _)| at.month + 1 == self.month);
        Derived {
            month: value.zip(before).map(|(value, (_, before))| Amount(value.0 - before.0)),
            growth: value.zip(base).and_then(|(value, base)| Rate::growth(value, base)),
            completion: value.zip(self.target).and_then(|(value, target)| Rate::of(value, target)),
        }
    }
}

/// What a submission may not lack: the figure, its base where growth counts, an explanation of each doubt.
fn require(line: &EntryLine, row: &mut EntryCheck) {
    let unreadable = |row: &EntryCheck, field: Field| row.hard.iter().any(|remark| remark.field == field);
    if row.is_empty() && !line.no_target && !unreadable(row, Field::Value) {
        row.wrong(Field::Value, "还没有填本期累计；确实没有完成的请填 0。");
    }
    if row.value.is_some() && row.base.is_none() && line.needs_base && !unreadable(row, Field::Base) {
        row.wrong(Field::Base, "还没有填去年同期；没有它算不出增幅。");
    }
    if line.question.is_some() && row.answer.is_empty() {
        row.wrong(Field::Answer, "办公室问到了这个数，请在“答复”里写明情况。");
    }
    if !row.soft.is_empty() && row.note.chars().count() < NOTE_LEAST {
        row.wrong(Field::Note, format!("带 ▲ 的提示需要在“说明”里写明原因，至少 {NOTE_LEAST} 个字。"));
    }
}
