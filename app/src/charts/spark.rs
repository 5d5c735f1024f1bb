//! A row's year as one small line, for a table's cell.

use domain::month::Period;
use domain::rate::Rate;

use super::Size;
use super::theme::{BLUE, LINE, percent, svg};

const WIDTH: i32 = 96;
const HEIGHT: i32 = 26;

/// `name` says what the points are. `None` where fewer than two are known: one point has no course.
pub fn draw(name: &str, points: &[(Period, Rate)]) -> Option<String> {
    let (first, last) = (points.first()?, points.last()?);
    if points.len() < 2 {
        return None;
    }
    let values: Vec<f64> = points.iter().map(|(_, rate)| percent(*rate)).collect();
    let (least, most) = values.iter().fold((0.0_f64, 0.0_f64), |(least, most), v| (least.min(*v), most.max(*v)));
    let span = if most > least { most - least } else { 1.0 };
    let months = (last.0.month.saturating_sub(first.0.month)).max(1) as f64;
    let x = |at: Period| 4 + ((at.month - first.0.month) as f64 / months * (WIDTH - 8) as f64) as i32;
    let y = |value: f64| HEIGHT - 4 - ((value - least) / span * (HEIGHT - 8) as f64) as i32;
    let label = points.iter().map(|(at, rate)| format!("{}{}%", at.label(), rate.percent_on_page(1)));
    let label = format!("{name}：{}", label.collect::<Vec<_>>().join("，"));
    let line: Vec<(i32, i32)> = points.iter().zip(&values).map(|((at, _), value)| (x(*at), y(*value))).collect();
    Some(svg(Size::Paper, (WIDTH, HEIGHT), &label, |canvas| {
        canvas.line((4, y(0.0)), (WIDTH - 4, y(0.0)), LINE, 1);
        canvas.path(&line, BLUE, 2);
        if let Some(end) = line.last() {
            canvas.dot(*end, 3, BLUE);
        }
    }))
}
