//! One asking of one rhythm: what a unit's return, its deadline and its exceptions are of.

use std::fmt;

use chrono::{DateTime, FixedOffset};

use crate::calendar::{Calendar, Standing};
use crate::holidays::Holidays;
use crate::month::{Period, PeriodError, shorten};

use super::{Goal, Plan};

/// A rhythm's period. In addresses `2021-06` for `[calendar]`, `2021-06.quarter` for another rhythm.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Round {
    pub period: Period,
    /// Empty for `[calendar]`.
    pub rhythm: String,
}

/// Of `[calendar]`.
impl From<Period> for Round {
    fn from(period: Period) -> Self {
        Self { period, rhythm: String::new() }
    }
}

impl fmt::Display for Round {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rhythm.as_str() {
            "" => self.period.fmt(f),
            rhythm => write!(f, "{}.{rhythm}", self.period),
        }
    }
}

impl Round {
    /// # Errors
    /// Before the point stands no period, or after it nothing.
    pub fn parse(text: &str) -> Result<Self, PeriodError> {
        match text.split_once('.') {
            None => Period::parse(text).map(Self::from),
            Some((_, "")) => Err(PeriodError(shorten(text))),
            Some((period, rhythm)) => Ok(Self { period: Period::parse(period)?, rhythm: rhythm.to_owned() }),
        }
    }
}

impl Plan {
    /// Every round of the plan that has begun and whether it is open, rhythm by rhythm, the oldest first.
    pub fn begun(&self, now: DateTime<FixedOffset>, holidays: &Holidays) -> Vec<(Round, Standing)> {
        let of = |(rhythm, calendar): (&str, &Calendar)| {
            let periods = (self.years.0..=self.years.1).flat_map(|year| calendar.periods(year));
            let rounds = periods.map(|period| {
                let standing = calendar.standing(period, now, holidays);
                (Round { period, rhythm: rhythm.to_owned() }, standing)
            });
            rounds.filter(|(_, standing)| *standing != Standing::NotYet).collect::<Vec<_>>()
        };
        self.asking().flat_map(of).collect()
    }

    /// The calendar that sets a round's days; `None` where any month is a period.
    pub fn calendar_of_round(&self, round: &Round) -> Option<&Calendar> {
        match round.rhythm.as_str() {
            "" => self.calendar.as_ref(),
            id => self.rhythm(id).map(|rhythm| &rhythm.calendar),
        }
    }

    /// Whether a return is asked for in this round.
    ///
    /// # Errors
    /// As a sentence, what to write instead.
    pub fn asks(&self, round: &Round) -> Result<(), String> {
        if !round.rhythm.is_empty() {
            let unknown = || format!("本计划没有叫 {} 的报送周期", shorten(&round.rhythm));
            let rhythm = self.rhythm(&round.rhythm).ok_or_else(unknown)?;
            if let Some(until) = rhythm.until.filter(|until| round.period > *until) {
                return Err(format!("{}的{}报送到{}为止", self.title, self.adjective(round), until.label()));
            }
        }
        crate::calendar::allowed(self.calendar_of_round(round), self.years, round.period)
    }

    /// `2021年1—6月` of `[calendar]`, `2021年1—6月季度` of another rhythm.
    pub fn round_label(&self, round: &Round) -> String {
        format!("{}{}", round.period.label(), self.adjective(round))
    }

    /// What tells a rhythm's returns from those of `[calendar]`, which have nothing: `季度`; with the rhythm's id where
    /// two have the same cadence.
    pub fn adjective(&self, round: &Round) -> String {
        let Some(own) = self.rhythm(&round.rhythm) else { return String::new() };
        if own.id == super::projects::RHYTHM {
            return "重点项目".to_owned();
        }
        let cadence = own.calendar.cadence;
        let calendars = self.calendar.iter().chain(self.rhythms.iter().map(|rhythm| &rhythm.calendar));
        let alone = calendars.filter(|calendar| calendar.cadence == cadence).count() == 1;
        let id = if alone { String::new() } else { format!("（{}）", own.id) };
        format!("{}{id}", cadence.adjective())
    }

    /// The round in which a goal would be reported for a period.
    pub fn round_of(&self, goal: &Goal, period: Period) -> Round {
        Round { period, rhythm: goal.meaning.rhythm.clone().unwrap_or_default() }
    }

    /// Whether a goal is reported in the rhythm of a round, in whatever period.
    pub fn is_of_rhythm(&self, goal: &Goal, round: &Round) -> bool {
        goal.meaning.rhythm.as_deref().unwrap_or_default() == round.rhythm
    }

    /// Whether a figure or a text of the goal is due in this round: one of its rhythm's, and not after its end.
    pub fn is_due(&self, goal: &Goal, round: &Round) -> bool {
        let over = self.last_of(goal).is_some_and(|last| round.period > last);
        !over && self.is_of_rhythm(goal, round) && self.asks(round).is_ok()
    }

    /// The calendars by which returns are asked for, with their rhythm, `[calendar]` first as the empty one; without
    /// what is only watched.
    pub fn asking(&self) -> impl Iterator<Item = (&str, &Calendar)> {
        let others = self.rhythms.iter().map(|rhythm| (rhythm.id.as_str(), &rhythm.calendar));
        let all = self.calendar.iter().map(|calendar| ("", calendar)).chain(others);
        all.filter(|(_, calendar)| !calendar.cadence.is_watched())
    }

    /// Whether a bulletin appears for this round: of the rhythm that says so, else of `[calendar]`.
    pub fn publishes(&self, round: &Round) -> bool {
        let named = self.rhythms.iter().find(|rhythm| rhythm.bulletin).map(|rhythm| rhythm.id.as_str());
        named.unwrap_or_default() == round.rhythm
    }

    /// The rounds that end with a period, `[calendar]`'s first: in June of a plan by months and quarters two.
    pub fn rounds_at(&self, period: Period) -> Vec<Round> {
        let others = self.rhythms.iter().map(|rhythm| Round { period, rhythm: rhythm.id.clone() });
        std::iter::once(Round::from(period)).chain(others).filter(|round| self.asks(round).is_ok()).collect()
    }
}
