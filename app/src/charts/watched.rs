//! 监测数 between the figures of the periods: a year's course of one unit, by the day it runs up to.

use chrono::{Datelike, NaiveDate};
use domain::money::Amount;
use domain::month::Period;
use domain::plan::Goal;
use domain::watched::{Course, WatchedFigure};

use super::Size;
use super::theme::{Align, BLUE, Canvas, FAINT, GREY, Scale, Spot, percent, svg};

/// What is drawn of one unit: what it entered by day, and what was reported for the periods of the same year.
pub struct Drawing<'d> {
    pub goal: &'d Goal,
    pub course: &'d Course,
    pub reported: &'d [(Period, Amount)],
    /// What a screen reader says.
    pub title: &'d str,
    /// The year of both.
    pub year: i32,
}

pub fn draw(drawing: &Drawing<'_>, size: Size) -> String {
    let (width, height) = (size.width(), 220);
    let (left, right, top, bottom) = (56, width - 16, 14, height - 30);
    let of_year = drawing.course.iter().filter(|(day, _)| day.year() == drawing.year);
    let watched: Vec<(NaiveDate, f64, &WatchedFigure)> =
        of_year.filter_map(|(day, figure)| Some((*day, height_of(drawing.goal, figure)?, figure))).collect();
    let reported: Vec<(NaiveDate, f64, Amount)> = drawing
        .reported
        .iter()
        .map(|(period, value)| (period.last_day(), in_unit(drawing.goal, *value), *value))
        .collect();
    let values = || watched.iter().map(|(_, value, _)| *value).chain(reported.iter().map(|(_, value, _)| *value));
    let (low, high) = (values().fold(0.0, f64::min), values().fold(0.0, f64::max));
    let y = Scale { low: low * 1.06, high: if high > low { high * 1.06 } else { low + 1.0 }, from: bottom, to: top };
    let x = Scale { low: 1.0, high: 366.0, from: left, to: right };
    let at = |day: NaiveDate, value: f64| (x.at(f64::from(day.ordinal())), y.at(value));
    svg(size, (width, height), drawing.title, |canvas| {
        for (tick, text) in y.ticks(4) {
            canvas.line((left, y.at(tick)), (right, y.at(tick)), FAINT, 1);
            canvas.text(&text, (left - 6, y.at(tick)), 11, GREY, Align::Right);
        }
        for month in (1..=12).filter(|month| size.is_wide() || month % 2 == 0) {
            let end = Period { year: drawing.year, month }.last_day();
            let label = if month == 12 { "12月".to_owned() } else { month.to_string() };
            canvas.text(&label, (x.at(f64::from(end.ordinal())), bottom + 14), 11, GREY, Align::Middle);
        }
        let course: Vec<(i32, i32)> = watched.iter().map(|(day, value, _)| at(*day, *value)).collect();
        canvas.dashed(&course, GREY);
        course.iter().for_each(|point| canvas.ring(*point, 4, GREY));
        let periods: Vec<(i32, i32)> = reported.iter().map(|(day, value, _)| at(*day, *value)).collect();
        canvas.path(&periods, BLUE, 2);
        periods.iter().for_each(|point| canvas.dot(*point, 5, BLUE));
        for (day, value, figure) in &watched {
            spot(
                canvas,
                at(*day, *value),
                format!("截至{}：{}（监测，未审核）", day_text(*day), figure.text(drawing.goal)),
            );
        }
        for ((day, value, amount), (period, _)) in reported.iter().zip(drawing.reported) {
            let said = format!("{}报送：{}", period.months(), drawing.goal.measure.with_unit(*amount));
            spot(canvas, at(*day, *value), said);
        }
    })
}

/// `6月27日`.
pub fn day_text(day: NaiveDate) -> String {
    day.format("%-m月%-d日").to_string()
}

fn in_unit(goal: &Goal, value: Amount) -> f64 {
    value.0 as f64 / goal.measure.per_unit as f64
}

fn height_of(goal: &Goal, figure: &WatchedFigure) -> Option<f64> {
    figure.value.map(|value| in_unit(goal, value)).or(figure.growth.map(percent))
}

fn spot(canvas: &Canvas<'_>, (x, y): (i32, i32), said: String) {
    canvas.spot(Spot { from: (x - 8, y - 12), to: (x + 8, y + 12), lines: vec![said], link: "#watched".to_owned() });
}
