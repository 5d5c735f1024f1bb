//! 拉动点数: who pulled the whole's growth. Bars to both sides of zero; with 统计误差 they add up to the stated growth,
//! which closes the list. 其中 rows are hatched: shown, not added.

use domain::bulletin::Bulletin;
use domain::bulletin::tables::{contribution_rows, contribution_within, discrepancy, points_text};
use domain::rate::Rate;
use domain::standing::Row;

use super::theme::{Align, BLUE, Canvas, FAINT, GREY, INK, Scale, Spot, percent, short, svg, text_width};
use super::{Line, Size, exact, left_out, source};

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
    region: String,
}

fn bars(bulletin: &Bulletin, size: Size) -> Vec<Line<Bar>> {
    let of = |rows: Vec<&Row>, mark: Mark| -> Vec<Bar> {
        let name = |row: &Row| if mark == Mark::Within { format!("其中：{}", row.name) } else { row.name.clone() };
        rows.into_iter()
            .filter_map(|row| Some(Bar { name: name(row), rate: row.contribution?, mark, region: row.region.clone() }))
            .collect()
    };
    let mut bars = size.ends(of(contribution_rows(bulletin), Mark::Added));
    let whole =
        |name: String, rate: Rate, mark: Mark| Bar { name, rate, mark, region: bulletin.heading.region.clone() };
    let mut rest = of(contribution_within(bulletin), Mark::Within);
    rest.extend(discrepancy(bulletin).map(|rate| whole("统计误差".to_owned(), rate, Mark::Discrepancy)));
    let growth = format!("{}增长", bulletin.heading.whole);
    rest.extend(bulletin.standings.total.growth.map(|rate| whole(growth, rate, Mark::Total)));
    bars.extend(rest.into_iter().map(Line::Row));
    bars
}

pub fn draw(bulletin: &Bulletin, size: Size) -> String {
    let lines = bars(bulletin, size);
    let bars: Vec<&Bar> = lines.iter().filter_map(Line::row).collect();
    let (width, row) = (size.width(), size.row(ROW, lines.len(), TOP + 10));
    let bottom = TOP + row * lines.len() as i32 + 6;
    let names = bars.iter().map(|bar| text_width(&bar.name, 13)).max().unwrap_or(40).min(size.names()) + 2;
    let label = |bar: &Bar| text_width(&points_text(bar.rate), 12) + 10;
    // The figures stand beyond the ends of their bars, on both sides.
    let beyond = |below: bool| {
        bars.iter().filter(|bar| bar.rate.is_negative() == below).map(|bar| label(bar)).max().unwrap_or(0)
    };
    let shown = bars.iter().map(|bar| percent(bar.rate));
    let (low, high) = shown.fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    let scale = Scale { low, high: high.max(low + 0.1), from: names + 12 + beyond(true), to: width - beyond(false) };
    svg(size, (width, bottom + 4), &bulletin.headlines.contribution, |canvas| {
        for (index, line) in lines.iter().enumerate() {
            let y = TOP + row * index as i32 + row / 2;
            match line {
                Line::Row(bar) if bar.mark == Mark::Total => {
                    canvas.line((0, y - row / 2 + 3), (width, y - row / 2 + 3), FAINT, 1);
                    draw_bar(canvas, bar, y + 6, names, scale);
                }
                Line::Row(bar) => draw_bar(canvas, bar, y, names, scale),
                Line::LeftOut(count) => canvas.aside(&left_out(*count, size), (scale.at(0.0) + 8, y)),
            }
            if let Some(bar) = line.row() {
                canvas.spot(spot(bar, (0, y - row / 2), (width, y + row / 2)));
            }
        }
        canvas.line((scale.at(0.0), TOP - 4), (scale.at(0.0), bottom), INK, 1);
    })
}

fn spot(bar: &Bar, from: (i32, i32), to: (i32, i32)) -> Spot {
    let what = match bar.mark {
        Mark::Added => "拉动",
        Mark::Within => "拉动（不相加）",
        Mark::Discrepancy | Mark::Total => "",
    };
    let what = if bar.rate.is_negative() { what.replace("拉动", "拉低") } else { what.to_owned() };
    let number = match bar.mark {
        Mark::Added | Mark::Within => points_text(bar.rate).trim_start_matches('−').to_owned(),
        Mark::Discrepancy | Mark::Total => points_text(bar.rate),
    };
    let text = match bar.mark {
        Mark::Total => format!("{number}%"),
        _ => format!("{number}个百分点"),
    };
    Spot { from, to, lines: vec![format!("{}{what}{text}", bar.name), exact(bar.rate)], link: source(&bar.region) }
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
    name(canvas, &short(&bar.name, names, 13), (names, y), 13, INK, Align::Right);
    let (x, align) = if bar.rate.is_negative() { (from.0 - 5, Align::Right) } else { (to.0 + 5, Align::Left) };
    canvas.bold(&points_text(bar.rate), (x, y), 12, INK, align);
}
