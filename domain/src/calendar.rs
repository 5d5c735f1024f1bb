//! Periods, deadlines and holidays. The clock is always an argument; deadlines live in Asia/Shanghai.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate};

use crate::holidays::Holidays;
use crate::month::Period;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cadence {
    /// 周监测: watched figures, which close no period.
    Weekly,
    /// 旬报, likewise.
    TenDays,
    Monthly,
    Quarterly,
    HalfYearly,
    Yearly,
}

impl Cadence {
    pub const ALL: [Cadence; 6] =
        [Cadence::Weekly, Cadence::TenDays, Cadence::Monthly, Cadence::Quarterly, Cadence::HalfYearly, Cadence::Yearly];

    /// As plan files write it.
    pub fn word(self) -> &'static str {
        match self {
            Cadence::Weekly => "weekly",
            Cadence::TenDays => "ten_days",
            Cadence::Monthly => "monthly",
            Cadence::Quarterly => "quarterly",
            Cadence::HalfYearly => "half_yearly",
            Cadence::Yearly => "yearly",
        }
    }

    /// 按季度报送: how a plan's figures come in.
    pub fn name(self) -> &'static str {
        match self {
            Cadence::Weekly => "按周监测",
            Cadence::TenDays => "按旬监测",
            Cadence::Monthly => "按月报送",
            Cadence::Quarterly => "按季度报送",
            Cadence::HalfYearly => "按半年报送",
            Cadence::Yearly => "按年报送",
        }
    }

    /// `季度`: before 报送, 数据.
    pub fn adjective(self) -> &'static str {
        match self {
            Cadence::Weekly => "周",
            Cadence::TenDays => "旬",
            Cadence::Monthly => "月度",
            Cadence::Quarterly => "季度",
            Cadence::HalfYearly => "半年度",
            Cadence::Yearly => "年度",
        }
    }

    /// Between the periods, and never counted.
    pub fn is_watched(self) -> bool {
        matches!(self, Cadence::Weekly | Cadence::TenDays)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeadlineOf {
    NextMonth,
    /// Before the period ends: 每季度末25日前.
    LastMonthOfPeriod,
}

/// Day `day` ends at 24:00, that is at 00:00 of the next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeadlineRule {
    pub day: u32,
    pub of: DeadlineOf,
    /// The document names no day.
    pub assumed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HolidayRule {
    None,
    /// A deadline on a day off moves to the next working day.
    NextWorkday,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    pub cadence: Cadence,
    /// Of a monthly calendar: 2 when 1—2月 is the first period.
    pub first_month: u32,
    pub deadline: Option<DeadlineRule>,
    pub holidays: HolidayRule,
    /// 年终定报: month and day of the next year by which the year's last period is asked for again, where its deadline
    /// lies before its end.
    pub final_report: Option<(u32, u32)>,
    pub source: Option<String>,
    pub assumed: Vec<String>,
}

/// The months that close a period, rising; all twelve where nothing is set.
pub fn months(calendar: Option<&Calendar>) -> Vec<u32> {
    calendar.map_or_else(|| (1..=12).collect(), Calendar::months)
}

/// Asia/Shanghai has kept +08:00 without daylight saving since 1992.
pub fn shanghai() -> FixedOffset {
    FixedOffset::east_opt(8 * 3600).expect("eight hours is a valid offset")
}

/// An instant kept as UTC milliseconds, in Asia/Shanghai.
pub fn at_shanghai(millis: i64) -> DateTime<FixedOffset> {
    DateTime::from_timestamp_millis(millis).unwrap_or_default().with_timezone(&shanghai())
}

/// `2021年7月3日 14:03`: what is on record is read years later.
pub fn moment(millis: i64) -> String {
    at_shanghai(millis).format("%Y年%-m月%-d日 %H:%M").to_string()
}

/// `2021年6月8日`, without leading zeros.
pub fn chinese_date(date: NaiveDate) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// `2021年`, `2021—2023年`: the first and the last of them.
pub fn span_of_years((first, last): (i32, i32)) -> String {
    if first == last { format!("{first}年") } else { format!("{first}—{last}年") }
}

impl Calendar {
    /// The months that close a period, rising.
    pub fn months(&self) -> Vec<u32> {
        match self.cadence {
            Cadence::Weekly | Cadence::TenDays => Vec::new(),
            Cadence::Monthly => (self.first_month..=12).collect(),
            Cadence::Quarterly => vec![3, 6, 9, 12],
            Cadence::HalfYearly => vec![6, 12],
            Cadence::Yearly => vec![12],
        }
    }

    pub fn periods(&self, year: i32) -> Vec<Period> {
        self.months().into_iter().filter_map(|month| Period::new(year, month)).collect()
    }

    /// The last day of reporting, after the holiday shift; `None` when the document sets no deadline.
    pub fn deadline_day(&self, period: Period, holidays: &Holidays) -> Option<NaiveDate> {
        let rule = self.deadline?;
        let (year, month) = match (rule.of, period.month) {
            (DeadlineOf::LastMonthOfPeriod, month) => (period.year, month),
            (DeadlineOf::NextMonth, 12) => (period.year + 1, 1),
            (DeadlineOf::NextMonth, month) => (period.year, month + 1),
        };
        let mut day = NaiveDate::from_ymd_opt(year, month, rule.day)?;
        while self.holidays == HolidayRule::NextWorkday && !holidays.is_workday(day) {
            day = day.succ_opt()?;
        }
        Some(day)
    }

    /// The first instant at which the period is late.
    pub fn deadline(&self, period: Period, holidays: &Holidays) -> Option<DateTime<FixedOffset>> {
        let next = self.deadline_day(period, holidays)?.checked_add_days(Days::new(1))?;
        next.and_hms_opt(0, 0, 0)?.and_local_timezone(shanghai()).single()
    }
}

/// Where a period stands at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The period has not begun to be reported.
    NotYet,
    Open,
    /// Past the deadline.
    Closed,
}

impl Calendar {
    /// The day reporting begins: the first one after the period, or, where the deadline lies before its end, the first
    /// one of its last month.
    pub fn opening_day(&self, period: Period) -> Option<NaiveDate> {
        let begins_after = self.deadline.is_some_and(|rule| rule.of == DeadlineOf::NextMonth);
        match (begins_after, period.month) {
            (true, 12) => NaiveDate::from_ymd_opt(period.year + 1, 1, 1),
            (true, month) => NaiveDate::from_ymd_opt(period.year, month + 1, 1),
            (false, month) => NaiveDate::from_ymd_opt(period.year, month, 1),
        }
    }

    /// 年终定报 of a year's last period: the first instant after the year, and the first one at which it is late.
    pub fn final_report_of(&self, period: Period) -> Option<(DateTime<FixedOffset>, DateTime<FixedOffset>)> {
        let (month, day) = self.final_report.filter(|_| period.is_year_end())?;
        let midnight = |day: NaiveDate| day.and_hms_opt(0, 0, 0)?.and_local_timezone(shanghai()).single();
        let last = NaiveDate::from_ymd_opt(period.year + 1, month, day)?;
        Some((midnight(period.last_day().succ_opt()?)?, midnight(last.succ_opt()?)?))
    }

    /// Whether a year's last period is asked for again at this moment.
    pub fn is_final(&self, period: Period, now: DateTime<FixedOffset>) -> bool {
        self.final_report_of(period).is_some_and(|(from, until)| (from..until).contains(&now))
    }

    /// The day whose figures a year's last period ends with, where they are asked for before its end and never again.
    pub fn ends_early(&self, period: Period) -> Option<NaiveDate> {
        let rule = self.deadline.filter(|rule| rule.of == DeadlineOf::LastMonthOfPeriod)?;
        let day = NaiveDate::from_ymd_opt(period.year, period.month, rule.day)?;
        (period.is_year_end() && self.final_report.is_none() && day < period.last_day()).then_some(day)
    }

    /// Between its opening day and its deadline a period is open, and again while its final figures are asked for.
    pub fn standing(&self, period: Period, now: DateTime<FixedOffset>, holidays: &Holidays) -> Standing {
        if self.is_final(period, now) {
            return Standing::Open;
        }
        let opens = self.opening_day(period);
        if opens.is_some_and(|opens| now.date_naive() < opens) {
            return Standing::NotYet;
        }
        match self.deadline(period, holidays) {
            Some(deadline) if now >= deadline => Standing::Closed,
            _ => Standing::Open,
        }
    }
}

/// How a unit kept a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Punctuality {
    OnTime,
    /// First handed in after the deadline, by exception.
    Late,
    /// The deadline is over and nothing was handed in.
    Missing,
    /// The deadline is still to come.
    NotDue,
    /// The figure came in by a file: nothing can be said.
    Imported,
}

impl Punctuality {
    pub fn word(self) -> &'static str {
        match self {
            Punctuality::OnTime => "按时",
            Punctuality::Late => "迟报",
            Punctuality::Missing => "未报",
            Punctuality::NotDue => "未到期",
            Punctuality::Imported => "文件导入",
        }
    }
}

/// Judges the first submission against the deadline; `imported` where figures came in by a file and nothing was
/// submitted; all times are UTC milliseconds. Without a deadline nobody is late.
pub fn punctuality(first_submitted: Option<i64>, imported: bool, deadline: Option<i64>, now: i64) -> Punctuality {
    let over = |at: i64| deadline.is_some_and(|deadline| at >= deadline);
    match first_submitted {
        Some(at) if over(at) => Punctuality::Late,
        Some(_) => Punctuality::OnTime,
        None if imported => Punctuality::Imported,
        None if over(now) => Punctuality::Missing,
        None => Punctuality::NotDue,
    }
}

/// `2 天 3 小时`, `40 分钟`: the time left, rounded down; the largest two units.
pub fn time_left(from: DateTime<FixedOffset>, to: DateTime<FixedOffset>) -> String {
    let minutes = (to - from).num_minutes().max(0);
    let (days, hours, rest) = (minutes / 1440, minutes % 1440 / 60, minutes % 60);
    match (days, hours) {
        (0, 0) => format!("{rest} 分钟"),
        (0, hours) => format!("{hours} 小时 {rest} 分钟"),
        (days, 0) => format!("{days} 天"),
        (days, hours) => format!("{days} 天 {hours} 小时"),
    }
}

/// Whether a period is one of a plan's years and of its calendar; the error says what to write instead.
pub fn allowed(calendar: Option<&Calendar>, years: (i32, i32), period: Period) -> Result<(), String> {
    let (from, to) = years;
    if !(from..=to).contains(&period.year) {
        let years = if from == to { format!("{from} 年") } else { format!("{from}—{to} 年") };
        return Err(format!("期间 {period} 不在计划的 {years}之内"));
    }
    let Some(calendar) = calendar else { return Ok(()) };
    let months = calendar.months();
    if months.contains(&period.month) {
        return Ok(());
    }
    let listed: BTreeMap<u32, String> =
        months.iter().map(|&month| (month, format!("{}-{month:02}", period.year))).collect();
    let next =
        listed.iter().find(|(month, _)| **month > period.month).or(listed.iter().next_back()).map(|(_, id)| id.clone());
    let why = match calendar.cadence {
        Cadence::Monthly => format!("本计划的第一期是 1—{}月", calendar.first_month),
        Cadence::Weekly | Cadence::TenDays => {
            return Err(format!("期间 {period} 不是报送期：{}的数只作监测，不列入各期", calendar.cadence.name()));
        }
        cadence => format!("本计划{}", cadence.name()),
    };
    Err(format!("期间 {period} 不是报送期，{why}，请写 {}", next.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holidays() -> Holidays {
        let mut holidays = Holidays::default();
        holidays.add_file(include_str!("../../assets/holidays/2021.toml")).unwrap();
        holidays.add_file(include_str!("../../assets/holidays/2022.toml")).unwrap();
        holidays
    }

    fn check(of: DeadlineOf, day: u32, period: &str, rule: HolidayRule, expected: &str) {
        let deadline = Some(DeadlineRule { day, of, assumed: false });
        let calendar = Calendar {
            cadence: Cadence::Monthly,
            first_month: 2,
            deadline,
            holidays: rule,
            final_report: None,
            source: None,
            assumed: vec![],
        };
        let period = Period::parse(period).unwrap();
        assert_eq!(calendar.deadline(period, &holidays()).unwrap().to_rfc3339(), expected, "{period}");
    }

    #[test]
    fn the_fifth_ends_at_midnight_in_shanghai() {
        check(DeadlineOf::NextMonth, 5, "2021-07", HolidayRule::None, "2021-08-06T00:00:00+08:00");
        check(DeadlineOf::LastMonthOfPeriod, 25, "2022-03", HolidayRule::None, "2022-03-26T00:00:00+08:00");
        check(DeadlineOf::NextMonth, 5, "2021-12", HolidayRule::None, "2022-01-06T00:00:00+08:00");
    }

    #[test]
    fn a_deadline_on_a_day_off_moves_to_the_next_working_day() {
        // 5 June 2021 is a Saturday.
        check(DeadlineOf::NextMonth, 5, "2021-05", HolidayRule::NextWorkday, "2021-06-08T00:00:00+08:00");
        // 5 October lies in the National Day holiday; 8 October is the first working day.
        check(DeadlineOf::NextMonth, 5, "2021-09", HolidayRule::NextWorkday, "2021-10-09T00:00:00+08:00");
        // 5 April 2021 is the last day of Qingming; 8 May 2021, a Saturday, is a make-up working day.
        check(DeadlineOf::NextMonth, 5, "2021-03", HolidayRule::NextWorkday, "2021-04-07T00:00:00+08:00");
        check(DeadlineOf::NextMonth, 8, "2021-04", HolidayRule::NextWorkday, "2021-05-09T00:00:00+08:00");
    }

    #[test]
    fn on_time_until_the_last_millisecond() {
        let check = |at: Option<i64>, now: i64| punctuality(at, false, Some(1_000), now);
        assert_eq!(
            [check(Some(999), 5_000), check(Some(1_000), 5_000), check(Some(1_001), 5_000)],
            [Punctuality::OnTime, Punctuality::Late, Punctuality::Late]
        );
        assert_eq!([check(None, 999), check(None, 1_000)], [Punctuality::NotDue, Punctuality::Missing]);
        assert_eq!(punctuality(None, true, Some(1_000), 5_000), Punctuality::Imported);
    }

    #[test]
    fn a_period_is_open_until_the_last_millisecond_of_its_deadline() {
        let calendar = Calendar {
            cadence: Cadence::Monthly,
            first_month: 2,
            deadline: Some(DeadlineRule { day: 5, of: DeadlineOf::NextMonth, assumed: false }),
            holidays: HolidayRule::None,
            final_report: None,
            source: None,
            assumed: vec![],
        };
        let period = Period::parse("2021-07").unwrap();
        let at = |text: &str| {
            calendar.standing(
                period,
                DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&shanghai()),
                &holidays(),
            )
        };
        assert_eq!(at("2021-07-31T15:59:59.999Z"), Standing::NotYet);
        assert_eq!(at("2021-07-31T16:00:00Z"), Standing::Open);
        assert_eq!(at("2021-08-05T15:59:59.999Z"), Standing::Open);
        assert_eq!(at("2021-08-05T16:00:00Z"), Standing::Closed);
    }
}
