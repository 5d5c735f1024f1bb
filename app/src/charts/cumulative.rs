//! 全市累计进度: this year against the pace, last year and the target.

use domain::bulletin::Bulletin;
use domain::money::Amount;
use domain::month::Period;

use super::theme::{Align, BLUE, Canvas, FAINT, GREY, INK, Scale, Spot, percent, svg};
use super::{Size, WALL_HEIGHT, source};

pub fn draw(bulletin: &Bulletin, size: Size) -> String {
    let (series, standings) = (&bulletin.series, &bulletin.standings);
    let measure = &standings.measure;
    let in_unit = |amount: Amount| amount.0 as f64 / measure.per_unit as f64;
    let desk = size == Size::Desk;
    let (width, height) = match size {
        Size::Desk => (size.width(), 340),
        Size::Phone => (size.width(), 280),
        // Beside the small panels, which are the wider of the two.
        Size::Wall => (310, WALL_HEIGHT),
    };
    // A target over several years has no place beside the months of one.
    let yearly = standings.total.target.filter(|_| standings.total.whole.is_none());
    let target = yearly.map(in_unit);
    let highest = series.value.iter().chain(&series.last_year).map(|(_, amount)| in_unit(*amount)).chain(target).fold(1.0, f64::max);
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
            let at = if desk { (right + 6, y.at(target)) } else { (right, y.at(target) - 10) };
            canvas.text(&label, at, 12, INK, if desk { Align::Left } else { Align::Right });
            let pace: Vec<(i32, i32)> =
                series.pace.iter().map(|(month, share)| (x.at(f64::from(*month)), y.at(target * percent(*share) / 100.0))).collect();
            canvas.dashed(&pace, GREY);
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
        legend(canvas, bulletin, (left + 10, target.map_or(top, |target| y.at(target)) + 20));
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

/// In the upper left, which rising lines leave free: what each line is, with the newest figures.
fn legend(canvas: &Canvas<'_>, bulletin: &Bulletin, (x, y): (i32, i32)) {
    let standings = &bulletin.standings;
    let text = |name: &str, amount: Option<&(u32, Amount)>| match amount {
        Some((_, amount)) => format!("{name} {}", standings.measure.format(*amount)),
        None => name.to_owned(),
    };
    let this_year = text(&standings.period.months(), bulletin.series.value.last());
    canvas.line((x, y), (x + 22, y), BLUE, 3);
    canvas.dot((x + 11, y), 4, BLUE);
    canvas.bold(&this_year, (x + 30, y), 12, BLUE, Align::Left);
    if !bulletin.series.pace.is_empty() && standings.total.whole.is_none() {
        canvas.dashed(&[(x, y + 20), (x + 22, y + 20)], GREY);
        canvas.text("序时进度", (x + 30, y + 20), 12, GREY, Align::Left);
    }
    if !bulletin.series.last_year.is_empty() {
        canvas.line((x, y + 40), (x + 22, y + 40), GREY, 1);
        canvas.text(&text("上年同期", bulletin.series.last_year.last()), (x + 30, y + 40), 12, GREY, Align::Left);
    }
}
