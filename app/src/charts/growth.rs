//! 增幅排名: one lollipop per ranked unit; hollow tick = its own target; brackets 前三 and 后三.

use domain::bulletin::columns::Columns;
use domain::bulletin::narrative::all_falling;
use domain::bulletin::tables::{growth_rows, placed_by_growth};
use domain::bulletin::{Bulletin, Conventions};
use domain::rate::Rate;
use domain::standing::Row;

use super::theme::{Align, BLUE, Canvas, FAINT, GREY, INK, Scale, Spot, WHITE, percent, short, svg, text_width};
use super::{Line, Size, exact, left_out, source};

const ROW: i32 = 26;
const BELOW: i32 = 44;
const TOP: i32 = 12;

pub fn draw(bulletin: &Bulletin, size: Size) -> String {
    let rows = growth_rows(bulletin);
    let columns = Columns::of(bulletin);
    let printed = |row: &Row| printed(bulletin, &columns, row);
    let lines = size.ends(rows.clone());
    let (width, row) = (size.width(), size.row(ROW, lines.len(), TOP + BELOW));
    let bottom = TOP + row * lines.len() as i32;
    let middle = |index: usize| TOP + row * index as i32 + row / 2;
    let names = rows.iter().map(|row| text_width(&row.name, 13)).max().unwrap_or(40).min(size.names());
    let left = 30 + names + 8;
    let right = width - if size.is_wide() { 48 } else { 42 };
    let shown = rows
        .iter()
        .flat_map(|row| [row.growth, row.target_growth])
        .flatten()
        .chain(bulletin.standings.total.growth)
        .map(percent);
    let (low, high) = shown.fold((0.0_f64, 5.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    let high = high.min(far_end(&rows));
    // The printed figures stand in a column of their own, beyond the outermost dots and ticks.
    let figures = rows.iter().map(|row| text_width(&printed(row), 12)).max().unwrap_or(0) + 16;
    let scale = Scale { low: low * 1.1, high, from: left, to: right - figures };
    svg(size, (width, bottom + BELOW), &bulletin.headlines.growth, |canvas| {
        for (tick, text) in scale.ticks(if size.is_wide() { 6 } else { 4 }) {
            canvas.line((scale.at(tick), TOP), (scale.at(tick), bottom), FAINT, 1);
            canvas.text(&format!("{text}%"), (scale.at(tick), bottom + 12), 11, GREY, Align::Middle);
        }
        canvas.line((scale.at(0.0), TOP - 4), (scale.at(0.0), bottom), INK, 1);
        total_line(canvas, bulletin, scale, bottom);
        let placed = placed_by_growth(bulletin);
        for (index, line) in lines.iter().enumerate() {
            match line {
                Line::Row(unit) => {
                    lollipop(canvas, unit, &printed(unit), middle(index), (left, right - 6), scale);
                    canvas.spot(spot(unit, &columns, (0, middle(index) - row / 2), (right, middle(index) + row / 2)));
                    let place = unit.rank.filter(|_| placed).map(|rank| rank.to_string()).unwrap_or_default();
                    canvas.text(&place, (22, middle(index)), 12, GREY, Align::Right);
                }
                Line::LeftOut(count) => canvas.aside(&left_out(*count, size), (scale.at(0.0) + 8, middle(index))),
            }
        }
        // Nobody leads where all fall.
        if placed && !is_falling(bulletin) {
            let of = |belongs: fn(&Row) -> bool| -> Vec<i32> {
                lines
                    .iter()
                    .enumerate()
                    .filter(|(_, line)| line.row().is_some_and(|unit| belongs(unit)))
                    .map(|(at, _)| middle(at))
                    .collect()
            };
            bracket(canvas, &of(|unit| unit.rank.is_some_and(|rank| rank <= 3)), "前三", right, row);
            let last = |unit: &Row| {
                unit.rank_from_bottom.is_some_and(|rank| rank <= 3) && unit.rank.is_some_and(|rank| rank > 3)
            };
            bracket(canvas, &of(last), "后三", right, row);
        }
    })
}

/// Where the picture ends: one unit that started from almost nothing must not press all others together.
fn far_end(rows: &[&Row]) -> f64 {
    let mut shown: Vec<f64> =
        rows.iter().flat_map(|row| [row.growth, row.target_growth]).flatten().map(percent).collect();
    shown.sort_by(f64::total_cmp);
    let usual = shown.get(shown.len() * 9 / 10).copied().unwrap_or(0.0).max(5.0);
    if shown.last().is_some_and(|highest| *highest > 4.0 * usual) { 1.5 * usual } else { f64::INFINITY }
}

/// Whether a growth is too far out to be drawn to scale.
pub(super) fn has_far(bulletin: &Bulletin) -> bool {
    far_end(&growth_rows(bulletin)).is_finite()
}

fn total_line(canvas: &Canvas<'_>, bulletin: &Bulletin, scale: Scale, bottom: i32) {
    let Some(growth) = bulletin.standings.total.growth.filter(|growth| percent(*growth) <= scale.high) else { return };
    let x = scale.at(percent(growth));
    canvas.dashed(&[(x, TOP - 4), (x, bottom + 20)], BLUE);
    let label = format!("{} {}%", bulletin.heading.whole, growth.percent_on_page(1));
    canvas.text(&label, (x, bottom + 30), 12, BLUE, Align::Middle);
}

/// Whether all fell, as an edition of today tells it.
pub(super) fn is_falling(bulletin: &Bulletin) -> bool {
    bulletin.conventions != Conventions::First && placed_by_growth(bulletin) && all_falling(bulletin)
}

/// As the column of the table; editions of the first conventions draw one decimal.
fn printed(bulletin: &Bulletin, columns: &Columns<'_>, row: &Row) -> String {
    let text = match bulletin.conventions {
        Conventions::First => row.growth.map(|growth| growth.percent_on_page(1)),
        Conventions::Second => columns.growth(row),
    };
    text.map(|text| format!("{text}%")).unwrap_or_default()
}

fn lollipop(canvas: &Canvas<'_>, row: &Row, printed: &str, y: i32, (left, figures): (i32, i32), scale: Scale) {
    let growth: Rate = row.growth.unwrap_or(Rate::ZERO);
    let is_far = percent(growth) > scale.high;
    let x = scale.at(percent(growth).min(scale.high));
    canvas.text(&short(&row.name, left - 38, 13), (left - 8, y), 13, INK, Align::Right);
    canvas.line((scale.at(0.0), y), (x, y), BLUE, 3);
    if let Some(target) = row.target_growth {
        let x = scale.at(percent(target));
        canvas.line((x, y - 8), (x, y + 8), WHITE, 6);
        canvas.line((x, y - 8), (x, y + 8), INK, 2);
    }
    if is_far {
        // The line goes on beyond the picture.
        canvas.rectangle((x - 16, y - 5), (x - 12, y + 5), WHITE);
        canvas.line((x - 18, y + 5), (x - 14, y - 5), BLUE, 1);
        canvas.line((x - 14, y + 5), (x - 10, y - 5), BLUE, 1);
    }
    canvas.dot((x, y), 5, BLUE);
    canvas.bold(printed, (figures, y), 12, INK, Align::Right);
}

/// A bracket around the lines at these heights, with its word.
fn bracket(canvas: &Canvas<'_>, lines: &[i32], word: &str, x: i32, row: i32) {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return };
    let (top, bottom) = (first - row / 2 + 5, last + row / 2 - 5);
    canvas.path(&[(x - 4, top), (x + 3, top), (x + 3, bottom), (x - 4, bottom)], GREY, 1);
    canvas.bold(word, (x + 8, (top + bottom) / 2), 12, INK, Align::Left);
}

fn spot(row: &Row, columns: &Columns<'_>, from: (i32, i32), to: (i32, i32)) -> Spot {
    let printed = columns.growth(row).map(|text| format!("{text}%")).unwrap_or_default();
    let target = row
        .target_growth
        .map(|target| format!("，目标{}%", target.percent_as_written().replace('-', "−")))
        .unwrap_or_default();
    let growth = if row.growth.is_some_and(Rate::is_negative) {
        format!("下降{}", printed.trim_start_matches('−'))
    } else {
        format!("增长{printed}")
    };
    let lines = [Some(format!("{}同比{growth}{target}", row.name)), row.growth.map(exact)];
    Spot { from, to, lines: lines.into_iter().flatten().collect(), link: source(&row.region) }
}
