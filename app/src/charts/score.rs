//! 得分: one bar per ranked unit, best first, made of its parts; what takes away stands left of zero.

use domain::bulletin::Bulletin;
use domain::rate::{BigRational, big_round};
use domain::standing::Row;
use plotters::style::RGBColor;

use super::theme::{
    Align, BAND_DARK, BLUE, Canvas, FAINT, GREY, INK, LINE, ORANGE, Scale, Spot, short, svg, text_width,
};
use super::{Line, Size, left_out, source};

const ROW: i32 = 26;
const TOP: i32 = 8;
const BELOW: i32 = 26;

/// A shade for each part, and how the subtitle names it: told apart in grey, too.
const SHADES: [RGBColor; 5] = [BLUE, LINE, ORANGE, BAND_DARK, INK];
pub(super) const MARKS: [&str; 5] = ["■深蓝", "■灰", "■橙", "□浅灰", "■黑"];

/// A figure of the picture; the printed one is exact.
fn pixels(points: &BigRational) -> f64 {
    big_round(points, 6).parse().unwrap_or(0.0)
}

pub fn draw(bulletin: &Bulletin, size: Size) -> String {
    let rows = bulletin.standings.ranked();
    let lines = size.ends(rows.clone());
    let (width, row) = (size.width(), size.row(ROW, lines.len(), TOP + BELOW));
    let bottom = TOP + row * lines.len() as i32;
    let names = rows.iter().map(|row| text_width(&row.name, 13)).max().unwrap_or(40).min(size.names());
    let printed = |row: &Row| row.score.as_ref().map(|score| big_round(score, 2).replace('-', "−")).unwrap_or_default();
    let figures = rows.iter().map(|row| text_width(&printed(row), 12)).max().unwrap_or(0) + 12;
    let sides = rows.iter().map(|row| {
        let points = row.parts.iter().map(|part| pixels(&part.points));
        points.fold((0.0_f64, 0.0_f64), |(low, high), points| (low + points.min(0.0), high + points.max(0.0)))
    });
    let (low, high) = sides.fold((0.0_f64, 1.0_f64), |(low, high), (down, up)| (low.min(down), high.max(up)));
    let scale = Scale { low, high, from: 30 + names + 8, to: width - figures };
    svg(size, (width, bottom + BELOW), &bulletin.headlines.score, |canvas| {
        for (tick, text) in scale.ticks(if size.is_wide() { 6 } else { 4 }) {
            canvas.line((scale.at(tick), TOP), (scale.at(tick), bottom), FAINT, 1);
            canvas.text(&text, (scale.at(tick), bottom + 12), 11, GREY, Align::Middle);
        }
        for (index, line) in lines.iter().enumerate() {
            let y = TOP + row * index as i32 + row / 2;
            match line {
                Line::Row(unit) => {
                    let place = unit.rank.map(|rank| rank.to_string()).unwrap_or_default();
                    canvas.text(&place, (22, y), 12, GREY, Align::Right);
                    canvas.text(&short(&unit.name, names, 13), (30 + names, y), 13, INK, Align::Right);
                    bar(canvas, unit, y, scale);
                    canvas.bold(&printed(unit), (width - 4, y), 12, INK, Align::Right);
                    canvas.spot(spot(unit, (0, y - row / 2), (width, y + row / 2)));
                }
                Line::LeftOut(count) => canvas.aside(&left_out(*count, size), (scale.at(0.0) + 8, y)),
            }
        }
        canvas.line((scale.at(0.0), TOP - 4), (scale.at(0.0), bottom), INK, 1);
    })
}

fn bar(canvas: &Canvas<'_>, unit: &Row, y: i32, scale: Scale) {
    let (mut below, mut above) = (0.0, 0.0);
    for (part, shade) in unit.parts.iter().zip(SHADES.into_iter().cycle()) {
        let points = pixels(&part.points);
        let from = if points < 0.0 { &mut below } else { &mut above };
        let (start, end) = (scale.at(*from), scale.at(*from + points));
        *from += points;
        if start != end {
            canvas.rectangle((start.min(end), y - 7), (start.max(end), y + 7), shade);
        }
    }
}

fn spot(unit: &Row, from: (i32, i32), to: (i32, i32)) -> Spot {
    let parts = unit.parts.iter().map(|part| format!("{} {}分", part.name, big_round(&part.points, 2)));
    let score = unit.score.as_ref().map(|score| format!("{}得分{}分", unit.name, big_round(score, 2)));
    Spot { from, to, lines: score.into_iter().chain(parts).collect(), link: source(&unit.region) }
}
