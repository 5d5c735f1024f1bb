//! 完成率与序时进度: one bar per unit. Bar = completion, tick = pace, three grey ranges around it, hollow diamond = what had
//! been reached in the same months of the year before, as a share of this year's target.

use domain::bulletin::Bulletin;
use domain::money::Amount;
use domain::rate::Rate;
use domain::standing::{Row, Standings};

use super::Size;
use super::theme::{BAND, BAND_DARK, BAND_LIGHT, BLUE, INK, Scale, percent, svg};

/// Four units to a pixel of the table: a bar is as exact as the screen.
const WIDTH: i32 = 800;
const HEIGHT: i32 = 68;

/// The common end of all bars of one table, in percent: the year's target, or a little beyond the longest.
pub fn scale_end(standings: &Standings) -> f64 {
    let shown = standings.rows.iter().filter_map(|row| row.completion).chain(standings.total.completion).map(percent);
    shown.fold(100.0, f64::max) * 1.05
}

/// Whether last year's level of somebody lies beyond that end.
pub fn has_beyond(standings: &Standings) -> bool {
    let (total, end) = (&standings.total, scale_end(standings));
    let levels = standings.rows.iter().map(|row| (row.base, row.target)).chain([(total.base, total.target)]);
    levels.filter_map(|(base, target)| last_year(base, target)).any(|level| percent(level) > end)
}

/// The bar of one row; `None` without a completion.
fn bar(shown: Shown, near: Rate, end: f64, label: &str) -> Option<String> {
    let (completion, pace) = (percent(shown.completion?), shown.pace);
    let scale = Scale { low: 0.0, high: end, from: 0, to: WIDTH };
    let drawn = svg(Size::Phone, (WIDTH, HEIGHT), label, |canvas| {
        canvas.rectangle((0, 10), (WIDTH, 58), BAND_LIGHT);
        if let Some(pace) = pace.map(percent) {
            canvas.rectangle((0, 10), (scale.at(pace), 58), BAND);
            canvas.rectangle((0, 10), (scale.at((pace - percent(near)).max(0.0)), 58), BAND_DARK);
        }
        canvas.rectangle((0, 26), (scale.at(completion.max(0.0)), 42), BLUE);
        if let Some(pace) = pace.map(percent) {
            let x = scale.at(pace);
            canvas.rectangle((x - 3, 2), (x + 3, 66), INK);
        }
        if let Some(last_year) = shown.last_year.map(percent) {
            canvas.hollow_diamond((scale.at(last_year.clamp(0.0, end)), 34), 15, INK);
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

/// Last year's amount as a share of this year's target.
fn last_year(base: Option<Amount>, target: Option<Amount>) -> Option<Rate> {
    Rate::of(base?, target?)
}

/// The bar of a unit.
pub fn of_row(row: &Row, near: Rate, end: f64) -> Option<String> {
    let label = format!("{}完成率{}%", row.name, row.completion_text()?);
    let last_year = last_year(row.base, row.target);
    bar(Shown { completion: row.completion, pace: row.pace, last_year }, near, end, &label)
}

/// The bar of a share, on a scale of 100 per cent.
pub fn of_share(share: Rate, label: &str) -> Option<String> {
    bar(Shown { completion: Some(share), pace: None, last_year: None }, Rate::ZERO, 100.0, label)
}

/// The bar of the whole.
pub fn of_total(bulletin: &Bulletin, end: f64) -> Option<String> {
    let total = &bulletin.standings.total;
    if bulletin.total_is_partial() {
        return None;
    }
    let label = format!("{}完成率{}%", bulletin.heading.whole, total.completion?.percent_beside(Rate::ONE, 1));
    let last_year = last_year(total.base, total.target);
    bar(Shown { completion: total.completion, pace: total.pace, last_year }, bulletin.near, end, &label)
}
