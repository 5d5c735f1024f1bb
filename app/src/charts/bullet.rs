//! 完成率与序时进度: one bar per unit. Bar = completion, tick = pace, three grey ranges around it, hollow diamond = what had
//! been reached in the same months of the year before, as a share of this year's target.

use domain::bulletin::Bulletin;
use domain::rate::Rate;
use domain::standing::{Row, Standings};

use super::Size;
use super::theme::{BAND, BAND_DARK, BAND_LIGHT, BLUE, INK, Scale, percent, svg};

const WIDTH: i32 = 220;
const HEIGHT: i32 = 18;

/// The common end of all bars of one table, in percent: a little beyond the longest.
pub fn scale_end(standings: &Standings) -> f64 {
    let shown = standings.rows.iter().flat_map(|row| [row.completion, row.pace]).flatten().map(percent);
    let longest = shown.chain([standings.total.completion, standings.total.pace].into_iter().flatten().map(percent)).fold(10.0, f64::max);
    longest * 1.08
}

/// The bar of one row; `None` without a completion.
fn bar(shown: Shown, near: Rate, end: f64, label: &str) -> Option<String> {
    let (completion, pace) = (percent(shown.completion?), shown.pace);
    let scale = Scale { low: 0.0, high: end, from: 0, to: WIDTH };
    let drawn = svg(Size::Phone, (WIDTH, HEIGHT), label, |canvas| {
        canvas.rectangle((0, 3), (WIDTH, 15), BAND_LIGHT);
        if let Some(pace) = pace.map(percent) {
            canvas.rectangle((0, 3), (scale.at(pace), 15), BAND);
            canvas.rectangle((0, 3), (scale.at((pace - percent(near)).max(0.0)), 15), BAND_DARK);
        }
        canvas.rectangle((0, 7), (scale.at(completion.max(0.0)), 11), BLUE);
        if let Some(pace) = pace.map(percent) {
            let x = scale.at(pace);
            canvas.rectangle((x - 1, 1), (x + 1, 17), INK);
        }
        if let Some(last_year) = shown.last_year.map(percent) {
            canvas.hollow_diamond((scale.at(last_year.clamp(0.0, end)), 9), 4, INK);
        }
    });
    // A bar fills its cell, whatever the cell's shape.
    Some(drawn.replacen("<svg ", "<svg preserveAspectRatio=\"none\" ", 1))
}

/// What one bar shows.
struct Shown {
    completion: Option<Rate>,
    pace: Option<Rate>,
    last_year: Option<Rate>,
}

/// The bar of a unit.
pub fn of_row(row: &Row, near: Rate, end: f64) -> Option<String> {
    let label = format!("{}完成率{}%", row.name, row.completion_text()?);
    let last_year = row.base.zip(row.target).and_then(|(base, target)| Rate::of(base, target));
    bar(Shown { completion: row.completion, pace: row.pace, last_year }, near, end, &label)
}

/// The bar of the whole.
pub fn of_total(bulletin: &Bulletin, end: f64) -> Option<String> {
    let total = &bulletin.standings.total;
    let label = format!("{}完成率{}%", bulletin.heading.whole, total.completion?.percent_beside(Rate::ONE, 1));
    let last_year = total.base.zip(total.target).and_then(|(base, target)| Rate::of(base, target));
    bar(Shown { completion: total.completion, pace: total.pace, last_year }, bulletin.near, end, &label)
}
