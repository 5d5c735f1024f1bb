//! What a plan says as a whole: its name and region, its document, its calendar.

use domain::calendar::{Cadence, Calendar, DeadlineOf, DeadlineRule, HolidayRule};
use domain::plan::Plan;
use domain::rate::Rate;
use domain::region::Region;

use super::{YES, yes};
use crate::box_reader::Reader;
use crate::posted::Posted;

/// The box of a plan's calendar that says there is none.
const NONE: &str = "none";

pub(super) fn put(boxes: &mut Posted, plan: &Plan) {
    let (document, text) = (&plan.document, |text: &Option<String>| text.clone().unwrap_or_default());
    let year = |year: i32| if year == 0 { String::new() } else { year.to_string() };
    for (name, value) in [
        ("id", plan.id.clone()),
        ("title", plan.title.clone()),
        ("region_name", plan.region.name.clone()),
        ("region_code", text(&plan.region.code)),
        ("unit_noun", text(&plan.unit_noun)),
        ("year_from", year(plan.years.0)),
        ("year_to", year(plan.years.1)),
        ("number", text(&document.number)),
        ("document_title", text(&document.title)),
        ("issuer", text(&document.issuer)),
        ("dated", document.dated.map(|day| day.to_string()).unwrap_or_default()),
        ("document_source", text(&document.source)),
        ("plan_assumed", plan.assumed.join("\n")),
        ("near_pp", plan.near.percent_as_written()),
        ("step_pct", plan.step.percent_as_written()),
        ("publish_provisional", yes(plan.publish_provisional)),
    ] {
        boxes.set(name, &value);
    }
    match &plan.calendar {
        Some(calendar) => put_calendar(boxes, "", calendar),
        None => boxes.set("cadence", NONE),
    }
}

/// The boxes of a calendar; those of a rhythm begin with its row.
pub(super) fn put_calendar(boxes: &mut Posted, prefix: &str, calendar: &Calendar) {
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let deadline = calendar.deadline;
    let of = match deadline.map(|rule| rule.of) {
        Some(DeadlineOf::LastMonthOfPeriod) => "last_month_of_period",
        _ => "next_month",
    };
    for (name, value) in [
        ("cadence", calendar.cadence.word().to_owned()),
        ("first_month", calendar.first_month.to_string()),
        ("deadline_day", number(deadline.map(|rule| rule.day))),
        ("deadline_of", of.to_owned()),
        ("deadline_assumed", yes(deadline.is_some_and(|rule| rule.assumed))),
        ("holidays", if calendar.holidays == HolidayRule::None { "none" } else { "next_workday" }.to_owned()),
        ("final_month", number(calendar.final_report.map(|(month, _)| month))),
        ("final_day", number(calendar.final_report.map(|(_, day)| day))),
        ("calendar_source", calendar.source.clone().unwrap_or_default()),
        ("calendar_assumed", calendar.assumed.join("\n")),
    ] {
        boxes.set(&format!("{prefix}{name}"), &value);
    }
}

pub(super) fn read(reader: &mut Reader<'_>, plan: &mut Plan) {
    plan.id = reader.required("id", "计划的英文名（用在网址里）", "fuzhou-2022");
    plan.title = reader.required("title", "计划名称", "2022年技术改造行动方案");
    plan.region =
        Region { code: reader.optional("region_code"), name: reader.required("region_name", "地区", "福州市") };
    let from = reader.number("year_from", "起始年", 1900..=2999, None);
    let to = reader.number("year_to", "结束年", 1900..=2999, Some(from));
    if to < from || to - from > 20 {
        reader.say("year_to", "结束年不能早于起始年，一个计划至多 20 年；只有一年的不填。".to_owned());
    }
    plan.years = (from, to);
    reader.keep("unit_noun", &mut plan.unit_noun);
    let document = &mut plan.document;
    reader.keep("number", &mut document.number);
    reader.keep("document_title", &mut document.title);
    reader.keep("issuer", &mut document.issuer);
    reader.keep("document_source", &mut document.source);
    if reader.has("dated") {
        // A plan is written around the beginning of its first year.
        let about = chrono::NaiveDate::from_ymd_opt(from, 4, 1).unwrap_or_default();
        document.dated = reader.day("dated", "成文日期", about);
    }
    reader.keep_lines("plan_assumed", &mut plan.assumed);
    if !reader.text("step_pct").is_empty() {
        match reader.percent("step_pct", "与去年同月相差的界线") {
            Some(step) if step > Rate::ZERO => plan.step = step,
            Some(_) => reader.say("step_pct", "与去年同月相差的界线请写大于 0 的数，例如 50。"),
            None => {}
        }
    }
    if !reader.text("near_pp").is_empty() {
        match reader.percent("near_pp", "接近的界线") {
            Some(near) if near >= Rate::ZERO => plan.near = near,
            Some(_) => reader.say("near_pp", "接近的界线请写 0 或正数，例如 5。"),
            None => {}
        }
    }
    if reader.has("publish_provisional") {
        plan.publish_provisional = reader.posted.text("publish_provisional") == YES;
    }
    if reader.has("cadence") {
        plan.calendar = read_calendar(reader, "", plan.calendar.as_ref());
    }
}

/// `old` keeps what the page has no box for.
pub(super) fn read_calendar(reader: &mut Reader<'_>, prefix: &str, old: Option<&Calendar>) -> Option<Calendar> {
    let name = |name: &str| format!("{prefix}{name}");
    let word = reader.posted.text(&name("cadence"));
    let cadence = Cadence::ALL.into_iter().find(|cadence| cadence.word() == word)?;
    let first_month = match cadence {
        Cadence::Monthly => reader.number(&name("first_month"), "第一期的月份", 1..=12, Some(1)) as u32,
        _ => 1,
    };
    let of = match reader.posted.text(&name("deadline_of")) {
        "last_month_of_period" => DeadlineOf::LastMonthOfPeriod,
        _ => DeadlineOf::NextMonth,
    };
    let day = reader.number_or_none(&name("deadline_day"), "报送截止日", 1..=28);
    let deadline = day.map(|day| {
        let day = day as u32;
        let same = old.and_then(|old| old.deadline).filter(|old| (old.day, old.of) == (day, of));
        let assumed = match reader.has(&name("deadline_assumed")) {
            true => reader.posted.text(&name("deadline_assumed")) == YES,
            false => same.is_some_and(|old| old.assumed),
        };
        DeadlineRule { day, of, assumed }
    });
    let holidays = match reader.posted.text(&name("holidays")) {
        "next_workday" => HolidayRule::NextWorkday,
        _ => HolidayRule::None,
    };
    let early = deadline.is_some_and(|rule| rule.of == DeadlineOf::LastMonthOfPeriod);
    let final_report = final_report(reader, prefix, early, old);
    let (mut source, mut assumed) = old.map(|old| (old.source.clone(), old.assumed.clone())).unwrap_or_default();
    reader.keep(&name("calendar_source"), &mut source);
    reader.keep_lines(&name("calendar_assumed"), &mut assumed);
    Some(Calendar { cadence, first_month, deadline, holidays, final_report, source, assumed })
}

/// Only a deadline before the period's end leaves something for a final report.
fn final_report(reader: &mut Reader<'_>, prefix: &str, early: bool, old: Option<&Calendar>) -> Option<(u32, u32)> {
    let (month, day) = (format!("{prefix}final_month"), format!("{prefix}final_day"));
    if !reader.has(&month) {
        return old.and_then(|old| old.final_report).filter(|_| early);
    }
    if reader.text(&month).is_empty() && reader.text(&day).is_empty() {
        return None;
    }
    if !early {
        return reader.wrong(&month, "年终定报只用于截止日早于期末的报送，请清空年终定报的月和日。");
    }
    let month = reader.number(&month, "年终定报的月份", 1..=12, None);
    Some((month as u32, reader.number(&day, "年终定报的日期", 1..=28, None) as u32))
}
