//! 考核象限: completion across, growth place down; who gains or loses, and by how little.

use domain::bulletin::Bulletin;
use domain::bulletin::tables::quadrant_rows;
use domain::standing::Row;

use super::theme::{Align, BAND_LIGHT, BLUE, Canvas, GREY, INK, Scale, Spot, percent, short, svg, text_width};
use super::{Line, Size, exact, left_out, source};

const ROW: i32 = 26;
const TOP: i32 = 34;

pub fn draw(bulletin: &Bulletin, size: Size) -> String {
    let rows = quadrant_rows(bulletin);
    let lines = size.ends(rows.clone());
    let (width, row) = (size.width(), size.row(ROW, lines.len(), TOP + 40));
    let names = rows.iter().map(|row| text_width(&row.name, 13)).max().unwrap_or(40).min(size.names());
    let award = |row: &&&Row| bulletin.shown_award(&row.region).map(|text| text_width(&text, 13));
    let awards = rows.iter().filter_map(|row| award(&row)).max().unwrap_or(0).min(size.names());
    let (left, right) = (30 + names + 12, width - (awards + 16).max(58));
    let at_end = bulletin.standings.period.is_year_end();
    // Before the year's end everybody is far from the target: the distance to the pace tells them apart.
    let line = if at_end { 100.0 } else { 0.0 };
    let value = |row: &Row| if at_end { row.completion.map(percent) } else { row.gap.map(percent) };
    let shown = rows.iter().filter_map(|row| value(row));
    let (low, high) = shown.fold((line, line), |(low, high): (f64, f64), value| (low.min(value), high.max(value)));
    let room = ((high - low) * 0.08).max(1.0);
    let x = Scale { low: low - room, high: high + room, from: left, to: right };
    let bottom = TOP + row * lines.len() as i32;
    let middle = x.at(line);
    let y = |index: usize| TOP + row * index as i32 + row / 2;
    svg(size, (width, bottom + 40), &bulletin.headlines.quadrant, |canvas| {
        for (index, unit) in lines.iter().enumerate().filter_map(|(index, line)| Some((index, line.row()?))) {
            let (top, bottom) = (y(index) - row / 2, y(index) - row / 2 + row);
            if unit.rank.is_some_and(|rank| rank <= 3) {
                canvas.rectangle((middle, top), (right, bottom), BAND_LIGHT);
            }
            if unit.rank_from_bottom.is_some_and(|rank| rank <= 3) {
                canvas.rectangle((left, top), (middle, bottom), BAND_LIGHT);
            }
        }
        canvas.line((middle, TOP - 6), (middle, bottom), INK, 1);
        let word = if at_end { "完成100%" } else { "序时进度" };
        canvas.text(word, (middle, TOP - 16), 12, INK, if middle > right - 40 { Align::Right } else { Align::Middle });
        for (tick, text) in x.ticks(if size.is_wide() { 6 } else { 3 }) {
            let text = if at_end { format!("{text}%") } else { text };
            canvas.text(&text, (x.at(tick), bottom + 12), 11, GREY, Align::Middle);
        }
        let axis = if at_end { "完成率" } else { "与序时进度的差（个百分点）" };
        canvas.text(axis, ((left + right) / 2, bottom + 29), 12, GREY, Align::Middle);
        for (index, line) in lines.iter().enumerate() {
            match line {
                Line::Row(unit) => {
                    mark(
                        canvas,
                        bulletin,
                        unit,
                        value(unit).map_or(left, |value| x.at(value)),
                        y(index),
                        (left, right),
                    );
                    canvas.spot(spot(unit, (0, y(index) - row / 2), (width, y(index) + row / 2)));
                }
                Line::LeftOut(count) => canvas.aside(&left_out(*count, size), (left, y(index))),
            }
        }
    })
}

fn spot(row: &Row, from: (i32, i32), to: (i32, i32)) -> Spot {
    let growth = row.growth.map(|growth| format!("，同比增长{}%", growth.percent_on_page(1))).unwrap_or_default();
    let lines = [
        row.completion_text().map(|text| format!("{}完成率{text}%{growth}", row.name)),
        row.completion.map(|completion| format!("完成率{}", exact(completion))),
    ];
    Spot { from, to, lines: lines.into_iter().flatten().collect(), link: source(&row.region) }
}

/// Filled: its part is done; hollow: it is not. What it gains or loses stands at the end of the line.
fn mark(canvas: &Canvas<'_>, bulletin: &Bulletin, row: &Row, x: i32, y: i32, (left, right): (i32, i32)) {
    canvas.text(&row.rank.map(|rank| rank.to_string()).unwrap_or_default(), (22, y), 12, GREY, Align::Right);
    canvas.text(&short(&row.name, left - 42, 13), (left - 12, y), 13, INK, Align::Right);
    if bulletin.standings.is_done(row) == Some(true) {
        canvas.dot((x, y), 5, BLUE)
    } else {
        canvas.ring((x, y), 5, BLUE)
    }
    if let Some(points) = bulletin.shown_award(&row.region) {
        canvas.bold(&points, (right + 8, y), 13, INK, Align::Left);
    }
}
