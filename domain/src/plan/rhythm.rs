//! Rhythms beside the plan's calendar: 周监测、季调度、年终.

use crate::calendar::Calendar;
use crate::month::Period;

use super::meaning::Made;
use super::{Goal, Pace, Plan};

/// The id of `[calendar]`.
pub const CALENDAR: &str = "calendar";

/// How often, and until when, some of the plan's goals are reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rhythm {
    pub id: String,
    pub calendar: Calendar,
    /// Bulletins appear in its periods; without any in those of `[calendar]`.
    pub bulletin: bool,
    /// Its last period: a rhythm in which anything was reported ends, it is not removed.
    pub until: Option<Period>,
}

impl Plan {
    pub fn rhythm(&self, id: &str) -> Option<&Rhythm> {
        self.rhythms.iter().find(|rhythm| rhythm.id == id)
    }

    /// The calendar a goal is reported by; `None` where any month is a period.
    pub fn calendar_of(&self, goal: &Goal) -> Option<&Calendar> {
        match &goal.meaning.rhythm {
            Some(id) => self.rhythm(id).map(|rhythm| &rhythm.calendar),
            None => self.calendar.as_ref(),
        }
    }

    /// The last period of a goal: its own end, or that of its rhythm; `None` while it runs.
    pub fn last_of(&self, goal: &Goal) -> Option<Period> {
        let rhythm = goal.meaning.rhythm.as_ref().and_then(|id| self.rhythm(id)).and_then(|rhythm| rhythm.until);
        goal.meaning.until.into_iter().chain(rhythm).min()
    }

    /// 1—12月 of a year outside the plan whose figure something starts from: the year before, for a pace by last
    /// year's shape; the base year of an average growth.
    pub fn is_base_period(&self, goal: &Goal, period: Period) -> bool {
        let from = |average: &Goal| {
            let first = average.whole.map_or(self.years.0, |whole| whole.from);
            average.base_year.unwrap_or(first - 1) == period.year
        };
        let averaged = || {
            let averages = self.goals.iter();
            averages.filter(|other| other.meaning.made == Made::AverageOf(goal.id.clone())).any(from)
        };
        let by_last_year = goal.pace == Pace::LastYear && period.year == self.years.0 - 1;
        period.is_year_end() && (by_last_year || averaged())
    }

    /// Whether any of the plan's rhythms has this period.
    ///
    /// # Errors
    /// As a sentence, what to write instead.
    pub fn allows(&self, period: Period) -> Result<(), String> {
        let of = |calendar: &Calendar| crate::calendar::allowed(Some(calendar), self.years, period).is_ok();
        if self.calendar.is_some() && self.rhythms.iter().any(|rhythm| of(&rhythm.calendar)) {
            return Ok(());
        }
        crate::calendar::allowed(self.calendar.as_ref(), self.years, period)
    }
}
