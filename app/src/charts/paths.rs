//! 各单位完成进度: one small panel per unit on the same axes: its cumulative completion against the pace, the whole's line
//! pale behind it.

use domain::bulletin::{Bulletin, UnitPath};
use domain::month::Period;
use domain::rate::Rate;

use super::theme::{Align, BLUE, Canvas, FAINT, GREY, INK, LINE, Scale, Spot, percent, short, svg};
use super::{Size, WALL_HEIGHT, exact, source};

const PANEL: i32 = 118;
/// On a wall screen small panels stand beside one larger chart.
const WALL_WIDTH: i32 = 440;
const WALL_PANELS: usize = 12;
/// So many still fit on one sheet of paper.
pub(super) const PANELS: usize = 24;
/// Name and newest figure above each panel's lines.
const HEAD: i32 = 40;
const GAP: i32 = 16;

/// What all panels share.
struct Shared {
    whole: Vec<(u32, f64)>,
    /// The axes end with the period, so that small gaps can be seen in spring too.
    months: f64,
    highest: f64,
    /// The months that anybody reported for.
    order: Vec<u32>,
}

fn shared(bulletin: &Bulletin) -> Shared {
    let target =
        bulletin.standings.total.target.filter(|target| bulletin.standings.total.whole.is_none() && target.0 > 0);
    let of_target = |target: domain::money::Amount| {
        let values = bulletin.series.value.iter();
        values.filter_map(|(month, value)| Some((*month, percent(Rate::of(*value, target)?)))).collect()
    };
    let shown =
        bulletin.paths.iter().flat_map(|path| path.completion.iter().chain(&path.pace)).map(|(_, rate)| percent(*rate));
    let months = f64::from(bulletin.standings.period.month);
    let mut order: Vec<u32> =
        bulletin.paths.iter().flat_map(|path| &path.completion).map(|(month, _)| *month).collect();
    order.sort_unstable();
    order.dedup();
    Shared { whole: target.map(of_target).unwrap_or_default(), months, highest: shown.fold(1.0, f64::max), order }
}

/// All, in the document's order; where there are too many, those furthest behind their pace.
fn shown(bulletin: &Bulletin, most: usize) -> Vec<&UnitPath> {
    let mut paths: Vec<&UnitPath> = bulletin.paths.iter().collect();
    if paths.len() > most {
        let gap = |path: &UnitPath| Some(path.completion.last()?.1.minus(path.pace.last()?.1));
        let mut order: Vec<usize> = (0..paths.len()).collect();
        order.sort_by_cached_key(|&index| gap(paths[index]));
        order.truncate(most);
        order.sort_unstable();
        paths = order.into_iter().map(|index| paths[index]).collect();
    }
    paths
}

pub fn draw(bulletin: &Bulletin, size: Size) -> String {
    let shared = shared(bulletin);
    let columns = if size == Size::Phone { 2 } else { 4 };
    let width = if size == Size::Wall { WALL_WIDTH } else { size.width() };
    let wide = (width - GAP * (columns - 1)) / columns;
    let paths = shown(bulletin, if size == Size::Wall { WALL_PANELS } else { PANELS });
    let lines = (paths.len() as i32 + columns - 1) / columns;
    let high = if size == Size::Wall { (WALL_HEIGHT / lines.max(1)).min(PANEL) } else { PANEL };
    svg(size, (width, lines * high), &bulletin.headlines.paths, |canvas| {
        for (index, path) in paths.into_iter().enumerate() {
            let at = (index as i32 % columns * (wide + GAP), index as i32 / columns * high);
            draw_panel(canvas, path, &shared, at, (wide, high));
            if let Some((month, newest)) = path.completion.last() {
                let period = Period { year: bulletin.standings.period.year, month: *month };
                let line = format!("{}{}完成率{}%", path.name, period.months(), newest.percent_beside(Rate::ONE, 1));
                let (from, to) = (at, (at.0 + wide, at.1 + high - 6));
                canvas.spot(Spot { from, to, lines: vec![line, exact(*newest)], link: source(&path.region) });
            }
        }
    })
}

fn draw_panel(
    canvas: &Canvas<'_>,
    path: &UnitPath,
    shared: &Shared,
    (left, top): (i32, i32),
    (width, height): (i32, i32),
) {
    let x = Scale { low: 0.0, high: shared.months, from: left, to: left + width - 5 };
    let y = Scale { low: 0.0, high: shared.highest, from: top + height - 12, to: top + HEAD };
    canvas.text(&short(&path.name, width, 13), (left, top + 10), 13, INK, Align::Left);
    if let Some((_, newest)) = path.completion.last() {
        canvas.bold(&format!("{}%", newest.percent_beside(Rate::ONE, 1)), (left, top + 26), 13, INK, Align::Left);
    }
    if shared.highest >= 100.0 {
        // Beside the newest dot, which is often just there.
        canvas.text("100%", (left + width - 16, y.at(100.0) - 8), 11, GREY, Align::Right);
        canvas.line((left, y.at(100.0)), (left + width, y.at(100.0)), FAINT, 1);
    }
    canvas.line((left, y.at(0.0)), (left + width, y.at(0.0)), GREY, 1);
    // Every year begins with nothing done.
    let points = |values: &[(u32, f64)]| -> Vec<(i32, i32)> {
        std::iter::once(&(0, 0.0)).chain(values).map(|(month, value)| (x.at(f64::from(*month)), y.at(*value))).collect()
    };
    let of = |rates: &[(u32, Rate)]| rates.iter().map(|(month, rate)| (*month, percent(*rate))).collect::<Vec<_>>();
    canvas.path(&points(&shared.whole), LINE, 3);
    canvas.dashed(&points(&of(&path.pace)), GREY);
    // A month without a figure leaves a gap; before the first one nothing was done.
    let mut run = vec![(x.at(0.0), y.at(0.0))];
    let mut before = None;
    for (month, value) in of(&path.completion) {
        let position = shared.order.iter().position(|known| *known == month);
        if before.is_some_and(|before: usize| position != Some(before + 1)) {
            canvas.path(&std::mem::take(&mut run), BLUE, 2);
        }
        (before, _) = (position, run.push((x.at(f64::from(month)), y.at(value))));
    }
    canvas.path(&run, BLUE, 2);
    if let Some(end) = run.last() {
        canvas.dot(*end, 4, BLUE);
    }
}
