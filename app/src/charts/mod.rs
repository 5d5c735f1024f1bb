//! Data → SVG with plotters, one chart per file, one shared theme. Nothing here decides a figure: charts take
//! exact values and only here turn them into pixels.
//!
//! Each chart is drawn twice, for a desk and for a phone, so that its text is never scaled below 11 px.

pub mod alone;
pub mod bullet;
pub mod chosen;
pub mod contribution;
pub mod cumulative;
pub mod growth;
pub mod paths;
pub mod places;
pub mod quadrant;
pub mod score;
pub mod slope;
pub mod spark;
mod theme;
pub mod timeliness;
pub mod watched;

use domain::rate::Rate;

/// Where a chart will be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    Desk,
    Phone,
    /// In a document: as on a desk, without anything to point at.
    Paper,
    /// Half a wall screen, 2.4 times as large: nothing scrolls, so the rows share the height.
    Wall,
}

/// Height of a chart on a wall screen.
const WALL_HEIGHT: i32 = 285;

impl Size {
    fn width(self) -> i32 {
        match self {
            Size::Desk | Size::Paper => 560,
            Size::Phone => 328,
            Size::Wall => 375,
        }
    }

    fn is_wide(self) -> bool {
        matches!(self, Size::Desk | Size::Paper)
    }

    /// The smallest type, px: on the wall it becomes 29.
    fn least(self) -> i32 {
        if self == Size::Wall { 12 } else { 11 }
    }

    /// Height of each of `rows`, where heads and axes take `other`.
    fn row(self, usual: i32, rows: usize, other: i32) -> i32 {
        match self {
            Size::Wall => ((WALL_HEIGHT - other) / rows.max(1) as i32).clamp(14, usual + 4),
            _ => usual,
        }
    }

    /// The widest that names beside rows may be, px.
    fn names(self) -> i32 {
        match self {
            Size::Desk | Size::Paper => 13 * 13,
            Size::Phone | Size::Wall => 13 * 8,
        }
    }

    /// So many rows at most: more cannot be told apart, and the table below has them all. The phone's drawing is also
    /// the one on paper, where it has to fit on a sheet.
    fn most(self) -> usize {
        match self {
            Size::Desk | Size::Paper => 40,
            Size::Phone => 24,
            Size::Wall => 16,
        }
    }

    /// The two ends of a ranking that is too long to draw; who is left out between them is counted.
    fn ends<T>(self, rows: Vec<T>) -> Vec<Line<T>> {
        if rows.len() <= self.most() {
            return rows.into_iter().map(Line::Row).collect();
        }
        let (half, count) = (self.most() / 2, rows.len());
        let mut lines: Vec<Line<T>> = Vec::new();
        for (index, row) in rows.into_iter().enumerate() {
            if index < half || index >= count - half {
                lines.push(Line::Row(row));
            } else if index == half {
                lines.push(Line::LeftOut(count - 2 * half));
            }
        }
        lines
    }
}

/// A line of a ranking as drawn.
enum Line<T> {
    Row(T),
    /// So many between the two ends.
    LeftOut(usize),
}

impl<T> Line<T> {
    fn row(&self) -> Option<&T> {
        match self {
            Line::Row(row) => Some(row),
            Line::LeftOut(_) => None,
        }
    }
}

fn left_out(count: usize, size: Size) -> String {
    format!("中间{count}个单位见{}", if size == Size::Wall { "通报" } else { "数据表" })
}

/// The two drawings of one chart on a page.
pub struct Drawn {
    pub desk: String,
    pub phone: String,
}

impl Drawn {
    pub fn by(draw: impl Fn(Size) -> String) -> Self {
        Self { desk: draw(Size::Desk), phone: draw(Size::Phone) }
    }
}

/// A figure in full for those who point at its mark.
fn exact(rate: Rate) -> String {
    format!("精确值 {}", rate.exact_on_page())
}

fn source(region: &str) -> String {
    format!("#{}", crate::parts::links::source_id(region))
}

/// Width and height of a drawing of ours, as its head says.
pub fn size(svg: &str) -> (u32, u32) {
    let numbers = svg
        .strip_prefix("<svg viewBox=\"0 0 ")
        .and_then(|rest| rest.split_once('"'))
        .map_or("", |(numbers, _)| numbers);
    let mut numbers = numbers.split(' ').filter_map(|number| number.parse().ok());
    (numbers.next().unwrap_or(560), numbers.next().unwrap_or(340))
}
