//! 监测数: weekly and ten-day figures between the periods. Nobody has approved them, and nothing counts them: they are a
//! type of their own, which no computation takes.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::calendar::Cadence;
use crate::money::Amount;
use crate::month::Period;
use crate::plan::{Goal, Plan, Split};
use crate::rate::Rate;
use crate::region::RegionId;

/// What a unit entered for a day; the newest version counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedFigure {
    pub version: u32,
    /// From 1 January up to the day; `None` for a goal that is itself a percentage, or where it was taken back.
    pub value: Option<Amount>,
    /// Of a goal that is itself a percentage.
    pub growth: Option<Rate>,
    /// UTC milliseconds.
    pub at: i64,
    pub by: String,
}

impl WatchedFigure {
    pub fn is_blank(&self) -> bool {
        self.value.is_none() && self.growth.is_none()
    }

    /// As it is printed, with its unit.
    pub fn text(&self, goal: &Goal) -> String {
        match (self.value, self.growth) {
            (Some(value), _) => goal.measure.with_unit(value),
            (None, Some(growth)) => format!("{}%", growth.percent_as_written()),
            (None, None) => "—".to_owned(),
        }
    }
}

/// A goal's and a unit's figures by day.
pub type Course = BTreeMap<NaiveDate, WatchedFigure>;

/// The watched figures of one plan, the newest version of each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Watched {
    courses: BTreeMap<(String, RegionId), Course>,
}

impl Watched {
    pub fn insert(&mut self, goal: &str, region: &str, day: NaiveDate, figure: WatchedFigure) {
        self.courses.entry((goal.to_owned(), region.to_owned())).or_default().insert(day, figure);
    }

    pub fn get(&self, goal: &str, region: &str, day: NaiveDate) -> Option<&WatchedFigure> {
        self.courses.get(&(goal.to_owned(), region.to_owned()))?.get(&day)
    }

    /// What stands, by day: figures that were taken back are left out.
    pub fn course(&self, goal: &str, region: &str) -> Course {
        let mut course = self.courses.get(&(goal.to_owned(), region.to_owned())).cloned().unwrap_or_default();
        course.retain(|_, figure| !figure.is_blank());
        course
    }

    /// Only the rows that `keep` says.
    pub fn of(mut self, keep: impl Fn(&str, &str) -> bool) -> Self {
        self.courses.retain(|(goal, region), _| keep(goal, region));
        self
    }
}

impl Cadence {
    /// Whether a watched figure runs up to this day: weeks end on Sunday (GB/T 7408), a month's tens on the 10th, the
    /// 20th and its last day.
    pub fn is_watch_day(self, day: NaiveDate) -> bool {
        match self {
            Cadence::Weekly => day.weekday() == Weekday::Sun,
            Cadence::TenDays => matches!(day.day(), 10 | 20) || day.succ_opt().is_some_and(|next| next.day() == 1),
            _ => false,
        }
    }

    /// Which days these are, in words.
    pub fn watch_days(self) -> &'static str {
        match self {
            Cadence::TenDays => "每月10日、20日和最后一天",
            _ => "星期日",
        }
    }

    /// The newest `count` of these days up to `today`, newest first.
    pub fn newest_watch_days(self, today: NaiveDate, count: usize) -> Vec<NaiveDate> {
        let back = (0..=count as u64 * 12).filter_map(|days| today.checked_sub_days(Days::new(days)));
        back.filter(|day| self.is_watch_day(*day)).take(count).collect()
    }
}

impl Plan {
    /// The goals that are watched between the periods.
    pub fn watched_goals(&self) -> impl Iterator<Item = (&Goal, Cadence)> {
        let cadence = |goal: &Goal| self.calendar_of(goal).map(|calendar| calendar.cadence);
        let watched = move |goal: &'_ Goal| cadence(goal).filter(|cadence| cadence.is_watched());
        self.goals.iter().filter_map(move |goal| Some((goal, watched(goal)?)))
    }

    /// The rows of a goal that a unit enters on a day: those of its form in the month.
    pub fn watched_rows<'p>(
        &'p self,
        goal: &'p Goal,
        unit: &'p str,
        day: NaiveDate,
    ) -> impl Iterator<Item = &'p Split> + use<'p> {
        self.rows_of(goal, unit, Period { year: day.year(), month: day.month() })
    }

    /// Whether a figure may be watched on a day: one of the cadence's, in the plan's years, before the goal's end, not
    /// in the future.
    ///
    /// # Errors
    /// As a sentence, what to write instead.
    pub fn watches_on(&self, goal: &Goal, cadence: Cadence, day: NaiveDate, today: NaiveDate) -> Result<(), String> {
        let (from, to) = self.years;
        if !cadence.is_watch_day(day) {
            return Err(format!("“{}”{}的数截至{}", goal.name, cadence.name(), cadence.watch_days()));
        }
        if day > today {
            return Err("监测数只填今天或以前的，这一天还没有到".to_owned());
        }
        let over = self.last_of(goal).is_some_and(|last| day > last.last_day());
        match (from..=to).contains(&day.year()) && !over {
            true => Ok(()),
            false => Err(format!("“{}”在这一天不监测，请核对计划的起止年份和目标的最后一期", goal.name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn check(cadence: Cadence, today: &str, expected: [&str; 4]) {
        assert_eq!(cadence.newest_watch_days(day(today), 4), expected.map(day), "{cadence:?} {today}");
    }

    #[test]
    fn weeks_end_on_sunday_and_tens_with_the_month() {
        check(Cadence::Weekly, "2021-07-03", ["2021-06-27", "2021-06-20", "2021-06-13", "2021-06-06"]);
        check(Cadence::Weekly, "2021-07-04", ["2021-07-04", "2021-06-27", "2021-06-20", "2021-06-13"]);
        check(Cadence::TenDays, "2021-03-10", ["2021-03-10", "2021-02-28", "2021-02-20", "2021-02-10"]);
        check(Cadence::TenDays, "2020-03-01", ["2020-02-29", "2020-02-20", "2020-02-10", "2020-01-31"]);
    }

    #[test]
    fn the_newest_version_counts_and_a_blank_one_takes_back() {
        let figure = |version, value| WatchedFigure { version, value, growth: None, at: 0, by: String::new() };
        let mut watched = Watched::default();
        watched.insert("g", "u", day("2021-06-20"), figure(1, Some(Amount(1))));
        watched.insert("g", "u", day("2021-06-27"), figure(1, Some(Amount(2))));
        watched.insert("g", "u", day("2021-06-20"), figure(2, None));
        assert_eq!(watched.course("g", "u").into_keys().collect::<Vec<_>>(), [day("2021-06-27")]);
        assert_eq!(watched.get("g", "u", day("2021-06-20")).unwrap().version, 2);
        assert_eq!(watched.of(|_, region| region == "v"), Watched::default());
    }
}
