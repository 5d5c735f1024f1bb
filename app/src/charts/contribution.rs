//! 拉动点数: who pulled the whole's growth. Bars to both sides of zero; with 统计误差 they add up to the stated growth,
//! which closes the list. 其中 rows are hatched: shown, not added.

use domain::bulletin::Bulletin;
use domain::bulletin::tables::{contribution_rows, contribution_within, discrepancy, points_text};
use domain::rate::Rate;
use domain::standing::Row;

use super::theme::{Align, BLUE, Canvas, FAINT, GREY, INK, Scale, percent, svg, text_width};
use super::{Drawn, Size, both};

const ROW: i32 = 26;
const TOP: i32 = 8;

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Added,
    Within,
    Discrepancy,
    Total,
}

struct Bar {
    name: String,
    rate: Rate,
    mark: Mark,
}

pub fn draw(bulletin: &Bulletin) -> Drawn {
    both(|size| draw_at(bulletin, size))
}

fn bars(bulletin: &Bulletin) -> Vec<Bar> {
    let of = |rows: Vec<&Row>, mark: Mark| -> Vec<Bar> {
        let name = |row: &Row| if mark == Mark::Within { format!("其中：{}", row.name) } else { row.name.clone() };
        rows.into_iter().filter_map(|row| Some(Bar { name: name(row), rate: row.contribution?, mark })).collect()
    };
    let mut bars = of(contribution_rows(bulletin), Mark::Added);
    bars.extend(of(contribution_within(bulletin), Mark::Within));
    bars.extend(discrepancy(bulletin).map(|rate| Bar { name: "统计误差".to_owned(), rate, mark: Mark::Discrepancy }));
    let whole = format!("{}增长", bulletin.heading.whole);
    bars.extend(bulletin.standings.total.growth.map(|rate| Bar { name: whole, rate, mark: Mark::Total }));
    bars
}

fn draw_at(bulletin: &Bulletin, size: Size) -> String {
    let bars = bars(bulletin);
    let width = size.width() as i32;
    let bottom = TOP + ROW * bars.len() as i32 + 6;
    let names = bars.iter().map(|bar| text_width(&bar.name, 13)).max().unwrap_or(40) + 2;
    let label = |bar: &Bar| text_width(&points_text(bar.rate), 12) + 10;
    // The figures stand beyond the ends of their bars, on both sides.
    let beyond = |below: bool| bars.iter().filter(|bar| bar.rate.is_negative() == below).map(label).max().unwrap_or(0);
    let shown = bars.iter().map(|bar| percent(bar.rate));
    let (low, high) = shown.fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    let scale = Scale { low, high: high.max(low + 0.1), from: names + 12 + beyond(true), to: width - beyond(false) };
    svg(width as u32, bottom as u32 + 4, &bulletin.headlines.contribution, |canvas| {
        let zero = scale.at(0.0);
        for (index, bar) in bars.iter().enumerate() {
            let total = if bar.mark == Mark::Total { 6 } else { 0 };
            let y = TOP + ROW * index as i32 + ROW / 2 + total;
            if bar.mark == Mark::Total {
                canvas.line((0, y - ROW / 2 - 3), (width, y - ROW / 2 - 3), FAINT, 1);
            }
            draw_bar(canvas, bar, y, names, scale);
        }
        canvas.line((zero, TOP - 4), (zero, bottom), INK, 1);
    })
}

fn draw_bar(canvas: &Canvas<'_>, bar: &Bar, y: i32, names: i32, scale: Scale) {
    let (zero, end) = (scale.at(0.0), scale.at(percent(bar.rate)));
    let (from, to) = ((zero.min(end), y - 7), (zero.max(end), y + 7));
    match bar.mark {
        Mark::Added => canvas.rectangle(from, to, BLUE),
        Mark::Within => canvas.hatched(from, to, BLUE),
        Mark::Discrepancy => canvas.rectangle(from, to, GREY),
        Mark::Total => canvas.rectangle(from, to, INK),
    }
    let name = if bar.mark == Mark::Total { Canvas::bold } else { Canvas::text };
    name(canvas, &bar.name, (names, y), 13, INK, Align::Right);
    let (x, align) = if bar.rate.is_negative() { (from.0 - 5, Align::Right) } else { (to.0 + 5, Align::Left) };
    canvas.bold(&points_text(bar.rate), (x, y), 12, INK, align);
}
