//! 考核象限: completion across, growth place down; who gains or loses, and by how little.

use domain::bulletin::Bulletin;
use domain::bulletin::tables::quadrant_rows;
use domain::plan::From;
use domain::rate::Rate;
use domain::standing::Row;

use super::theme::{Align, BAND_LIGHT, BLUE, Canvas, GREY, INK, ORANGE, PINK, Scale, Spot, percent, short, svg, text_width};
use super::{Line, Size, exact, left_out, source};

const ROW: i32 = 26;
const TOP: i32 = 34;

pub fn draw(bulletin: &Bulletin, size: Size) -> String {
    let rows = quadrant_rows(bulletin);
    let lines = size.ends(rows.clone());
    let (width, row) = (size.width(), size.row(ROW, lines.len(), TOP + 40));
    let names = rows.iter().map(|row| text_width(&row.name, 13)).max().unwrap_or(40).min(size.names());
    let (left, right) = (30 + names + 12, width - 58);
    let shown = rows.iter().filter_map(|row| row.completion).map(percent);
    let (low, high) = shown.fold((100.0_f64, 100.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    let room = ((high - low) * 0.08).max(1.0);
    let x = Scale { low: (low - room).max(0.0), high: high + room, from: left, to: right };
    let bottom = TOP + row * lines.len() as i32;
    let middle = x.at(100.0);
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
        canvas.text("完成100%", (middle, TOP - 16), 12, INK, if middle > right - 40 { Align::Right } else { Align::Middle });
        for tick in x.ticks(if size == Size::Desk { 6 } else { 3 }) {
            canvas.text(&format!("{}%", tick.round() as i64), (x.at(tick), bottom + 12), 11, GREY, Align::Middle);
        }
        canvas.text("完成年度目标的比例", ((left + right) / 2, bottom + 29), 12, GREY, Align::Middle);
        for (index, line) in lines.iter().enumerate() {
            match line {
                Line::Row(unit) => {
                    mark(canvas, unit, y(index), left, right, x);
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

fn mark(canvas: &Canvas<'_>, row: &Row, y: i32, left: i32, right: i32, x: Scale) {
    let at = (x.at(percent(row.completion.unwrap_or(Rate::ZERO))), y);
    canvas.text(&row.rank.map(|rank| rank.to_string()).unwrap_or_default(), (22, y), 12, GREY, Align::Right);
    canvas.text(&short(&row.name, left - 42, 13), (left - 12, y), 13, INK, Align::Right);
    let award = row.awards.first();
    match award.map(|award| award.from) {
        Some(From::Top) => canvas.triangle(at, 7, BLUE),
        Some(From::Bottom) => canvas.square(at, 5, PINK),
        None if row.completed == Some(true) => canvas.dot(at, 5, ORANGE),
        None => canvas.ring(at, 5, GREY),
    }
    if let Some(points) = row.points() {
        canvas.bold(&domain::bulletin::words::signed(&domain::rate::big_plain(&points)), (right + 8, y), 13, INK, Align::Left);
    }
}
