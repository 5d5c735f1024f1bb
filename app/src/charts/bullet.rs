//! 完成率与序时进度: one bar per unit. Bar = completion, tick = pace, three grey ranges around it.

use domain::rate::Rate;
use domain::standing::{Row, Standings};

use super::theme::{BAND, BAND_DARK, BAND_LIGHT, BLUE, INK, Scale, percent, svg};

const WIDTH: u32 = 220;
const HEIGHT: u32 = 18;

/// The common end of all bars of one table, in percent: a little beyond the longest.
pub fn scale_end(standings: &Standings) -> f64 {
    let shown = standings.rows.iter().flat_map(|row| [row.completion, row.pace]).flatten().map(percent);
    let longest = shown.chain([standings.total.completion, standings.total.pace].into_iter().flatten().map(percent)).fold(10.0, f64::max);
    longest * 1.08
}

/// The bar of one row; `None` without a completion.
pub fn bar(completion: Option<Rate>, pace: Option<Rate>, near: Rate, end: f64, label: &str) -> Option<String> {
    let completion = percent(completion?);
    let scale = Scale { low: 0.0, high: end, from: 0, to: WIDTH as i32 };
    let drawn = svg(WIDTH, HEIGHT, label, |canvas| {
        canvas.rectangle((0, 3), (WIDTH as i32, 15), BAND_LIGHT);
        if let Some(pace) = pace.map(percent) {
            canvas.rectangle((0, 3), (scale.at(pace), 15), BAND);
            canvas.rectangle((0, 3), (scale.at((pace - percent(near)).max(0.0)), 15), BAND_DARK);
        }
        canvas.rectangle((0, 7), (scale.at(completion.max(0.0)), 11), BLUE);
        if let Some(pace) = pace.map(percent) {
            let x = scale.at(pace);
            canvas.rectangle((x - 1, 1), (x + 1, 17), INK);
        }
    });
    // A bar fills its cell, whatever the cell's shape.
    Some(drawn.replacen("<svg ", "<svg preserveAspectRatio=\"none\" ", 1))
}

/// The bar of a unit.
pub fn of_row(row: &Row, near: Rate, end: f64) -> Option<String> {
    let label = format!("{}完成率{}%", row.name, row.completion_text()?);
    bar(row.completion, row.pace, near, end, &label)
}
