//! 全市累计进度: this year against the pace, last year and the target.

use domain::bulletin::Bulletin;
use domain::money::Amount;
use domain::month::Period;

use plotters::style::RGBColor;

use super::theme::{Align, BLUE, Canvas, FAINT, GREY, INK, Scale, Spot, WHITE, percent, svg, text_width};
use super::{Size, WALL_HEIGHT, source};

pub fn draw(bulletin: &Bulletin, size: Size) -> String {
    let (series, standings) = (&bulletin.series, &bulletin.standings);
    let measure = &standings.measure;
    let in_unit = |amount: Amount| amount.0 as f64 / measure.per_unit as f64;
    let desk = size.is_wide();
    let (width, height) = match size {
        Size::Desk | Size::Paper => (size.width(), 340),
        Size::Phone => (size.width(), 280),
        // Beside the small panels, which are the wider of the two.
        Size::Wall => (310, WALL_HEIGHT),
    };
    // A target over several years has no place beside the months of one.
    let yearly = standings.total.target.filter(|_| standings.total.whole.is_none());
    let target = yearly.map(in_unit);
    let highest = series
        .value
        .iter()
        .chain(&series.last_year)
        .map(|(_, amount)| in_unit(*amount))
        .chain(target)
        .fold(1.0, f64::max);
    let target_label = yearly.map(|target| format!("目标 {}", measure.plain(target)));
    let (left, right) = (48, width - if desk { 92 } else { 14 });
    let (top, bottom) = (if desk { 16 } else { 30 }, height - 30);
    let x = Scale { low: 0.0, high: 12.0, from: left, to: right };
    let lowest = series.value.iter().chain(&series.last_year).map(|(_, amount)| in_unit(*amount)).fold(0.0, f64::min);
    let y = Scale { low: lowest * 1.06, high: highest * 1.06, from: bottom, to: top };
    svg(size, (width, height), &bulletin.headlines.cumulative, |canvas| {
        for (tick, text) in y.ticks(5) {
            canvas.line((left, y.at(tick)), (right, y.at(tick)), FAINT, 1);
            canvas.text(&text, (left - 6, y.at(tick)), 11, GREY, Align::Right);
        }
        // January alone is a period of its own in some plans.
        let alone = series.value.iter().chain(&series.last_year).any(|(month, _)| *month == 1);
        for month in if alone { 1 } else { 2 }..=12 {
            let skip = !desk && month % 2 == 1;
            if !skip {
                let label = if month == 2 && !alone {
                    "1—2".to_owned()
                } else if month == 12 {
                    "12月".to_owned()
                } else {
                    month.to_string()
                };
                canvas.text(&label, (x.at(f64::from(month)), bottom + 14), 11, GREY, Align::Middle);
            }
        }
        if let Some(target) = target {
            canvas.line((left, y.at(target)), (right, y.at(target)), INK, 1);
            let label = target_label.clone().unwrap_or_default();
            let at = if desk { (right + 6, y.at(target)) } else { (left + 4, y.at(target) - 10) };
            canvas.text(&label, at, 12, INK, Align::Left);
            let pace: Vec<(i32, i32)> = series
                .pace
                .iter()
                .map(|(month, share)| (x.at(f64::from(*month)), y.at(target * percent(*share) / 100.0)))
                .collect();
            canvas.dashed(&pace, GREY);
            // Far from the newest figures, above the line.
            let far = if standings.period.month >= 6 { 3 } else { 10 };
            if let Some((_, at)) = series.pace.iter().zip(&pace).find(|((month, _), _)| *month == far) {
                canvas.text("序时进度", (at.0 - 8, at.1 - 10), 12, GREY, Align::Right);
            }
        }
        let points = |values: &[(u32, Amount)]| -> Vec<(i32, i32)> {
            values.iter().map(|(month, amount)| (x.at(f64::from(*month)), y.at(in_unit(*amount)))).collect()
        };
        let last_year = points(&series.last_year);
        canvas.path(&last_year, GREY, 1);
        if let [only] = last_year[..] {
            canvas.dot(only, 3, GREY);
        }
        let this_year = points(&series.value);
        canvas.path(&this_year, BLUE, 3);
        this_year.iter().for_each(|point| canvas.dot(*point, 4, BLUE));
        let half = (x.at(1.0) - x.at(0.0)) / 2;
        for ((month, value), (at, _)) in series.value.iter().zip(&this_year) {
            canvas.spot(spot(bulletin, *month, *value, (at - half, top), (at + half, bottom)));
        }
        let own = this_year.last().zip(series.value.last()).map(|(at, (_, amount))| (*at, *amount));
        let before = last_year.last().zip(series.last_year.last()).map(|(at, (_, amount))| (*at, *amount));
        // A rising line leaves its upper left and its lower right free: the higher of the two ends gets the one.
        let on_top = own.zip(before).is_none_or(|((own, _), (before, _))| own.1 <= before.1);
        if let Some((at, amount)) = own {
            let text = format!("{} {}", standings.period.months(), measure.format(amount));
            label(
                canvas,
                &Label { text: &text, colour: BLUE, bold: true, above: on_top, line: &this_year },
                at,
                (left, width),
            );
        }
        if let Some((at, amount)) = before {
            let text = format!("上年同期 {}", measure.format(amount));
            label(
                canvas,
                &Label { text: &text, colour: GREY, bold: false, above: !on_top, line: &last_year },
                at,
                (left, width),
            );
        }
    })
}

fn spot(bulletin: &Bulletin, month: u32, value: Amount, from: (i32, i32), to: (i32, i32)) -> Spot {
    let (series, standings) = (&bulletin.series, &bulletin.standings);
    let measure = &standings.measure;
    let base = series.last_year.iter().find(|(at, _)| *at == month);
    let base = base.map(|(_, base)| format!("，上年同期{}", measure.format(*base))).unwrap_or_default();
    let period = Period { year: standings.period.year, month };
    let unit = if measure.money { "元" } else { measure.unit.as_str() };
    let lines = vec![
        format!("{}{}{}{base}", period.months(), measure.format(value), measure.unit),
        format!("精确值 {}{unit}", measure.exact_on_page(value)),
    ];
    Spot { from, to, lines, link: source(&bulletin.heading.region) }
}

struct Label<'l> {
    text: &'l str,
    colour: RGBColor,
    bold: bool,
    above: bool,
    line: &'l [(i32, i32)],
}

/// What a line is, at its end.
fn label(canvas: &Canvas<'_>, label: &Label<'_>, (x, y): (i32, i32), (left, width): (i32, i32)) {
    let wide = text_width(label.text, 12) + 4;
    let (from, at) = match label.above {
        true => ((x - 8 - wide).max(left + 6), y - 13),
        false if x + 8 + wide <= width => (x + 8, y + 8),
        false => {
            // Below where the line enters the label's width.
            let from = width - wide;
            let under = label.line.iter().rev().find(|point| point.0 <= from).map_or(y, |point| point.1);
            (from, under + 12)
        }
    };
    canvas.rectangle((from - 2, at - 8), (from + wide, at + 8), WHITE);
    let write = if label.bold { Canvas::bold } else { Canvas::text };
    write(canvas, label.text, (from, at), 12, label.colour, Align::Left);
}
