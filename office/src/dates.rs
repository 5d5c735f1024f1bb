//! The days on which something of a plan is due, as a list, as a calendar file, and the next of them in a sentence.

use chrono::{Days, NaiveDate};
use domain::calendar::{at_shanghai, chinese_date, moment};
use domain::holidays::Holidays;
use domain::plan::{Plan, Round};
use domain::year_end::self_assessment_days;

/// Something that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub plan: String,
    /// The plan's title.
    pub title: String,
    pub what: String,
    /// From this day on it can be done.
    pub from: Option<NaiveDate>,
    /// The last day, until 24:00.
    pub until: NaiveDate,
    /// Of a return.
    pub round: Option<Round>,
}

impl Due {
    /// `2026年3月数据，4月1日开始报送，4月8日 24:00 截止`: without a full stop.
    pub fn sentence(&self, today: NaiveDate) -> String {
        let day = |day: NaiveDate| day.format("%-m月%-d日");
        let from = self.from.filter(|from| *from > today).map(|from| format!("{}开始报送，", day(from)));
        format!("{}，{}{} 24:00 截止", self.what, from.unwrap_or_default(), day(self.until))
    }
}

/// All days of a plan's years, in their order: returns and final returns, dated tasks, self-assessments.
pub fn due_dates(plan: &Plan, holidays: &Holidays, today: NaiveDate) -> Vec<Due> {
    let due = |what: String, from: Option<NaiveDate>, until: NaiveDate, round: Option<Round>| Due {
        plan: plan.id.clone(),
        title: plan.title.clone(),
        what,
        from,
        until,
        round,
    };
    let mut found = Vec::new();
    let years = plan.years.0..=plan.years.1;
    for (rhythm, calendar) in plan.asking() {
        for period in years.clone().flat_map(|year| calendar.periods(year)) {
            let round = Round { period, rhythm: rhythm.to_owned() };
            if domain::entry::units_due(plan, &round).is_empty() {
                continue;
            }
            let label = format!("{}数据", plan.round_label(&round));
            if let Some((from, until)) = calendar.final_report_of(period) {
                // The first instant at which it is late is the day after.
                if let Some(last) = until.date_naive().checked_sub_days(Days::new(1)) {
                    found.push(due(format!("{label}年终定报"), Some(from.date_naive()), last, Some(round.clone())));
                }
            }
            if let Some(day) = calendar.deadline_day(period, holidays) {
                found.push(due(label, calendar.opening_day(period), day, Some(round)));
            }
        }
    }
    for task in domain::tasks::due(plan, &[], today) {
        found.push(due(format!("限时任务：{}", task.title), None, task.deadline, None));
    }
    for assessment in &plan.assessments {
        for year in years.clone() {
            if let Some((from, until)) = self_assessment_days(assessment.self_assessment_by, year) {
                found.push(due(format!("{year}年年终自评"), Some(from), until, None));
            }
        }
    }
    found.sort_by(|one, other| (one.until, &one.what).cmp(&(other.until, &other.what)));
    found.dedup();
    found
}

/// A text of a calendar file, RFC 5545, 3.3.11.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// A content line, folded where it is longer than 75 octets (RFC 5545, 3.1).
fn line(into: &mut String, name: &str, value: &str) {
    let mut octets = 0;
    for c in format!("{name}:{value}").chars() {
        if octets + c.len_utf8() > 75 {
            into.push_str("\r\n ");
            octets = 1;
        }
        into.push(c);
        octets += c.len_utf8();
    }
    into.push_str("\r\n");
}

/// The days as a calendar file: one whole-day event on each last day, with a reminder the day before.
pub fn as_calendar(due: &[Due], now: i64) -> String {
    let mut text = String::new();
    for (name, value) in [("BEGIN", "VCALENDAR"), ("VERSION", "2.0"), ("PRODID", "-//jigai//deadlines//ZH")] {
        line(&mut text, name, value);
    }
    let stamp = at_shanghai(now).to_utc().format("%Y%m%dT%H%M%SZ").to_string();
    for one in due {
        let day = one.until.format("%Y%m%d").to_string();
        let next = one.until.succ_opt().unwrap_or(one.until).format("%Y%m%d").to_string();
        let key = domain::canonical::sha256(format!("{}\n{}\n{day}", one.plan, one.what).as_bytes());
        line(&mut text, "BEGIN", "VEVENT");
        line(&mut text, "UID", &format!("{}@jigai", &key[..32]));
        line(&mut text, "DTSTAMP", &stamp);
        line(&mut text, "DTSTART;VALUE=DATE", &day);
        line(&mut text, "DTEND;VALUE=DATE", &next);
        line(&mut text, "SUMMARY", &escaped(&format!("{}截止（24:00）", one.what)));
        line(&mut text, "DESCRIPTION", &escaped(&one.title));
        line(&mut text, "BEGIN", "VALARM");
        line(&mut text, "ACTION", "DISPLAY");
        line(&mut text, "TRIGGER", "-P1D");
        line(&mut text, "DESCRIPTION", &escaped(&one.what));
        line(&mut text, "END", "VALARM");
        line(&mut text, "END", "VEVENT");
    }
    line(&mut text, "END", "VCALENDAR");
    text
}

/// What comes next of several plans, for a first page on which nothing is to be done; with its full stop.
pub fn next_sentence<'p>(plans: impl Iterator<Item = &'p Plan>, holidays: &Holidays, now: i64) -> String {
    let today = at_shanghai(now).date_naive();
    let mut plans = plans.peekable();
    if plans.peek().is_none() {
        return "还没有计划；计划由市级审核员从“计划”页新建。".to_owned();
    }
    let all = plans.flat_map(|plan| due_dates(plan, holidays, today));
    let next = all.filter(|due| due.round.is_some() && due.until >= today).min_by_key(|due| due.until);
    next.map_or_else(
        || format!("到{}为止的各期都已截止，没有下一期；新的计划从“计划”页开始。", moment(now)),
        |next| format!("下一期：{}。", next.sentence(today)),
    )
}

/// A day in a table: `2026年4月8日（还有3天）`.
pub fn with_days_left(day: NaiveDate, today: NaiveDate) -> String {
    match (day - today).num_days() {
        0 => format!("{}（今天）", chinese_date(day)),
        left if left > 0 => format!("{}（还有{left}天）", chinese_date(day)),
        _ => chinese_date(day),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fuzhou() -> Plan {
        domain::plan::file::parse(include_str!("../../assets/plans/fuzhou-2021.plan.toml")).unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
    }

    #[test]
    fn a_years_days_stand_in_their_order() {
        let due = due_dates(&fuzhou(), &Holidays::default(), day("2021-07-03"));
        assert!(due.is_sorted_by_key(|due| due.until));
        let june = due.iter().find(|due| due.what == "2021年1—6月数据").unwrap();
        assert_eq!((june.from, june.until), (Some(day("2021-07-01")), day("2021-07-05")));
        assert_eq!(june.sentence(day("2021-06-20")), "2021年1—6月数据，7月1日开始报送，7月5日 24:00 截止");
        assert_eq!(june.sentence(day("2021-07-03")), "2021年1—6月数据，7月5日 24:00 截止");
    }

    #[test]
    fn the_next_one_is_said_where_nothing_is_to_be_done() {
        let noon = |text: &str| day(text).and_hms_opt(4, 0, 0).unwrap().and_utc().timestamp_millis();
        let said = |text: &str| next_sentence([fuzhou()].iter(), &Holidays::default(), noon(text));
        assert_eq!(said("2021-07-06"), "下一期：2021年1—7月数据，8月1日开始报送，8月5日 24:00 截止。");
        assert!(said("2023-01-01").contains("没有下一期"), "{}", said("2023-01-01"));
    }

    #[test]
    fn a_calendar_file_has_short_lines_and_a_key_for_each_day() {
        let due = due_dates(&fuzhou(), &Holidays::default(), day("2021-07-03"));
        let text = as_calendar(&due, 0);
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"), "{text}");
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        assert_eq!(text.matches("BEGIN:VEVENT").count(), due.len());
        let mut keys: Vec<&str> = text.split("\r\n").filter(|line| line.starts_with("UID:")).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), due.len());
    }
}
