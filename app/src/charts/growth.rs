//! 增幅排名: one lollipop per ranked unit; hollow tick = its own target; brackets 前三 and 后三.

use domain::bulletin::Bulletin;
use domain::bulletin::tables::{growth_rows, placed_by_growth};
use domain::rate::Rate;
use domain::standing::Row;

use super::theme::{Align, BLUE, Canvas, FAINT, GREY, INK, ORANGE, Scale, WHITE, percent, svg, text_width};
use super::{Drawn, Size, both};

const ROW: i32 = 26;
const TOP: i32 = 12;

pub fn draw(bulletin: &Bulletin) -> Drawn {
    both(|size| draw_at(bulletin, size))
}

fn draw_at(bulletin: &Bulletin, size: Size) -> String {
    let rows = growth_rows(bulletin);
    let width = size.width() as i32;
    let height = TOP + ROW * rows.len() as i32 + 44;
    let names = rows.iter().map(|row| text_width(&row.name, 13)).max().unwrap_or(40);
    let left = 26 + names + 8;
    let right = width - if size == Size::Desk { 48 } else { 40 };
    let shown = rows.iter().flat_map(|row| [row.growth, row.target_growth]).flatten().chain(bulletin.standings.total.growth).map(percent);
    let (low, high) = shown.fold((0.0_f64, 5.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    // Room for the printed figure beyond the outermost dots.
    let room = (high - low) * if size == Size::Desk { 0.16 } else { 0.36 };
    let scale = Scale { low: if low < 0.0 { low - room } else { 0.0 }, high: high + room, from: left, to: right };
    let bottom = TOP + ROW * rows.len() as i32;
    svg(width as u32, height as u32, &bulletin.headlines.growth, |canvas| {
        for tick in scale.ticks(if size == Size::Desk { 6 } else { 4 }) {
            canvas.line((scale.at(tick), TOP), (scale.at(tick), bottom), FAINT, 1);
            canvas.text(&format!("{}%", tick.round() as i64).replace('-', "−"), (scale.at(tick), bottom + 12), 11, GREY, Align::Middle);
        }
        canvas.line((scale.at(0.0), TOP - 4), (scale.at(0.0), bottom), INK, 1);
        total_line(canvas, bulletin, scale, bottom);
        for (index, row) in rows.iter().enumerate() {
            lollipop(canvas, row, TOP + ROW * index as i32 + ROW / 2, left, scale);
        }
        if !placed_by_growth(bulletin) {
            return;
        }
        for (index, row) in rows.iter().enumerate() {
            let place = row.rank.map(|rank| rank.to_string()).unwrap_or_default();
            canvas.text(&place, (18, TOP + ROW * index as i32 + ROW / 2), 12, GREY, Align::Right);
        }
        bracket(canvas, &rows, "前三", right, |row| row.rank.is_some_and(|rank| rank <= 3));
        bracket(canvas, &rows, "后三", right, |row| {
            row.rank_from_bottom.is_some_and(|rank| rank <= 3) && row.rank.is_some_and(|rank| rank > 3)
        });
    })
}

fn total_line(canvas: &Canvas<'_>, bulletin: &Bulletin, scale: Scale, bottom: i32) {
    let Some(growth) = bulletin.standings.total.growth else { return };
    let x = scale.at(percent(growth));
    canvas.dashed((x, TOP - 4), (x, bottom + 20), BLUE);
    let label = format!("{} {}%", bulletin.heading.whole, growth.percent_on_page(1));
    canvas.text(&label, (x, bottom + 30), 12, BLUE, Align::Middle);
}

fn lollipop(canvas: &Canvas<'_>, row: &Row, y: i32, left: i32, scale: Scale) {
    let growth: Rate = row.growth.unwrap_or(Rate::ZERO);
    let x = scale.at(percent(growth));
    canvas.text(&row.name, (left - 8, y), 13, INK, Align::Right);
    canvas.line((scale.at(0.0), y), (x, y), BLUE, 3);
    if let Some(target) = row.target_growth {
        let x = scale.at(percent(target));
        canvas.line((x, y - 8), (x, y + 8), ORANGE, 2);
    }
    canvas.dot((x, y), 5, BLUE);
    let label = format!("{}%", growth.percent_on_page(1));
    // The figure stands outside the dot, clear of the target's tick when that is just beyond it; a fall is written on the
    // free side of the zero line.
    let target_x = row.target_growth.map(|target| scale.at(percent(target)));
    let wide = text_width(&label, 12);
    let outside = if growth.is_negative() { scale.at(0.0) + 6 } else { x + 9 };
    let from = target_x.filter(|target| (outside - 4..outside + wide + 5).contains(target)).map_or(outside, |target| target + 6);
    canvas.rectangle((from - 1, y - 8), (from + wide + 2, y + 8), WHITE);
    canvas.bold(&label, (from, y), 12, INK, Align::Left);
}

fn bracket(canvas: &Canvas<'_>, rows: &[&Row], word: &str, x: i32, belongs: impl Fn(&Row) -> bool) {
    let inside: Vec<i32> = rows.iter().enumerate().filter(|(_, row)| belongs(row)).map(|(index, _)| TOP + ROW * index as i32).collect();
    let (Some(first), Some(last)) = (inside.first(), inside.last()) else { return };
    let (top, bottom) = (first + 5, last + ROW - 5);
    canvas.path(&[(x - 4, top), (x + 3, top), (x + 3, bottom), (x - 4, bottom)], GREY, 1);
    canvas.bold(word, (x + 8, (top + bottom) / 2), 12, INK, Align::Left);
}
