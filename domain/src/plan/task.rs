//! Dated tasks: what a document wants done by a day.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::month::Period;

/// One dated duty of the document: 3月底前完成能源审计.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    pub id: String,
    pub title: String,
    pub section: Option<String>,
    pub clause: Option<String>,
    pub quote: Option<String>,
    pub due: Due,
    /// Ids of units, or `sort:…`.
    pub by: Vec<String>,
    /// What shows that it is done.
    pub evidence: Option<String>,
    pub assumed: Vec<String>,
    /// It ended then, and was not removed.
    pub until: Option<Period>,
}

/// When a task has to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    Day(NaiveDate),
    /// By the end of the month.
    Month(Period),
    /// Between two days, both included.
    Window(NaiveDate, NaiveDate),
}

impl Due {
    /// The last day on which it is in time.
    pub fn last_day(self) -> NaiveDate {
        match self {
            Due::Day(day) | Due::Window(_, day) => day,
            Due::Month(month) => month.last_day(),
        }
    }

    /// 3月31日前, 3月底前, 6月1日—6月30日; with its year.
    pub fn words(self) -> String {
        let day = |day: NaiveDate| format!("{}月{}日", day.month(), day.day());
        match self {
            Due::Day(last) => format!("{}年{}前", last.year(), day(last)),
            Due::Month(month) => format!("{}年{}月底前", month.year, month.month),
            Due::Window(from, to) if from.year() == to.year() => {
                format!("{}年{}—{}", from.year(), day(from), day(to))
            }
            Due::Window(from, to) => {
                format!("{}年{}—{}年{}", from.year(), day(from), to.year(), day(to))
            }
        }
    }
}

/// How far away a day may be and still is called near.
pub(crate) const NEAR_DAYS: i64 = 30;

/// Where a task that nobody has reported done stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// More than 30 days away.
    NotDue,
    Due,
    Overdue,
}

impl Task {
    /// Where it stands on `today` with the days to its last day, or the days since.
    pub fn state(&self, today: NaiveDate) -> (State, i64) {
        let left = (self.due.last_day() - today).num_days();
        match left {
            ..0 => (State::Overdue, -left),
            0..=NEAR_DAYS => (State::Due, left),
            _ => (State::NotDue, left),
        }
    }
}
