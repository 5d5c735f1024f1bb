//! 登记放假安排: a year's days off and make-up working days, from the notice that says them.

use async_trait::async_trait;
use domain::holidays::{HolidayYear, Holidays};
use domain::rights::{Action, Object};
use serde_json::json;

use super::Command;
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::rows::{Entry, NewRow};
use crate::who::Who;

/// The form's fields.
pub mod field {
    pub const YEAR: &str = "year";
    pub const SOURCE: &str = "source";
    pub const NOTICE: &str = "notice";
}

/// The setting in which typed years are kept, all in one value.
pub const SETTING: &str = "holidays";

/// A year's notice in the place of what was known of that year; the same once more changes nothing.
#[derive(Debug, Clone)]
pub struct KeepHolidays {
    pub year: i32,
    pub notice: HolidayYear,
}

impl KeepHolidays {
    /// # Errors
    /// Everything that is wrong, at its box.
    pub fn read(posted: &Posted) -> Result<Self, Refusal> {
        let mut wrong: Vec<(String, String)> = Vec::new();
        let written = domain::money::fold(posted.text(field::YEAR));
        let year = written.trim_end_matches('年').trim().parse().ok().filter(|year| (2000..=2100).contains(year));
        let source = posted.text(field::SOURCE).trim();
        let mut say = |name: &str, sentence: &str| wrong.push((name.to_owned(), sentence.to_owned()));
        if year.is_none() {
            say(field::YEAR, "年份请写四位数字，例如 2026");
        }
        if source.is_empty() {
            say(field::SOURCE, "请写明依据哪份通知，例如 国办发明电〔2025〕7号");
        }
        let notice = year.map(|year| HolidayYear::read(year, source, posted.text(field::NOTICE)));
        if let Some(Err(sentences)) = &notice {
            let sentences = sentences.iter().map(|sentence| sentence.trim_end_matches('。').to_owned());
            wrong.extend(sentences.map(|sentence| (field::NOTICE.to_owned(), sentence)));
        }
        match (year, notice) {
            (Some(year), Some(Ok(notice))) if wrong.is_empty() => Ok(Self { year, notice }),
            _ => Err(Refusal::Invalid(wrong)),
        }
    }
}

#[async_trait]
impl Command for KeepHolidays {
    /// All typed years as they are kept.
    type Done = String;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<String, Refusal> {
        who.may(Action::KeepHolidays, Object::SYSTEM)?;
        let (kept, version) = ledger.setting_version(SETTING).await?.unwrap_or_default();
        let mut typed = Holidays::default();
        if !kept.is_empty() {
            typed.add_typed(&kept).map_err(|_| Refusal::whole("已登记的放假安排读不出来，请运行 jigai verify"))?;
        }
        typed.set(self.year, self.notice);
        let value = typed.typed();
        if value == kept {
            return Ok(value);
        }
        let row = NewRow {
            table: "setting",
            cells: vec![
                ("name", SETTING.into()),
                ("version", (version + 1).into()),
                ("value", (&value).into()),
                ("at", who.at.into()),
                ("set_by", (&who.actor).into()),
            ],
        };
        let entry = Entry::new("keep_holidays", self.year.to_string(), json!({ "year": self.year })).with(row);
        ledger.append(who, entry).await?;
        Ok(value)
    }
}
