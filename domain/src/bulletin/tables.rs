//! The tables behind the charts: exactly what is drawn, as printed. Pages show them, files carry them.

use super::{Bulletin, words};
use crate::assessment::RankBy;
use crate::month::Period;
use crate::rate::{Rate, big_plain};
use crate::standing::Row;

/// A table as text.
pub struct Table {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

fn table(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Table {
    Table { header: header.iter().map(|name| (*name).to_owned()).collect(), rows: rows.collect() }
}

/// Growth as printed in a ranking: more digits while another ranked unit that differs would print alike.
pub fn growth_text(row: &Row, ranked: &[&Row]) -> Option<String> {
    let growth = row.growth?;
    let alike = |digits: u32| {
        let same = |other: Rate| other != growth && other.percent(digits) == growth.percent(digits);
        ranked.iter().filter_map(|other| other.growth).any(same)
    };
    let digits = if row.rank.is_some() { (1..=8).find(|&digits| !alike(digits)).unwrap_or(8) } else { 1 };
    Some(format!("{}%", growth.percent_on_page(digits)))
}

fn place(row: &Row) -> String {
    row.rank.map_or("—".to_owned(), |rank| rank.to_string())
}

/// Whether the places are those of growth: only then a list by growth may carry them.
pub fn placed_by_growth(bulletin: &Bulletin) -> bool {
    bulletin.standings.ranked_by() == RankBy::Growth
}

/// Ranked units with growth, highest growth first.
pub fn growth_rows(bulletin: &Bulletin) -> Vec<&Row> {
    let mut rows: Vec<&Row> = bulletin.standings.ranked().into_iter().filter(|row| row.growth.is_some()).collect();
    if !placed_by_growth(bulletin) {
        rows.sort_by_key(|row| std::cmp::Reverse(row.growth));
    }
    rows
}

pub fn growth(bulletin: &Bulletin) -> Table {
    let rows = growth_rows(bulletin);
    let lines = rows.iter().map(|row| {
        let target = row.target_growth.map_or("—".to_owned(), |target| format!("{}%", target.percent_on_page(1)));
        let place = if placed_by_growth(bulletin) { place(row) } else { "—".to_owned() };
        vec![place, row.name.clone(), growth_text(row, &rows).unwrap_or_default(), target]
    });
    table(&["位次", "单位", "同比增长", "目标增幅"], lines)
}

pub fn cumulative(bulletin: &Bulletin) -> Table {
    let (series, measure) = (&bulletin.series, &bulletin.standings.measure);
    let lines = series.value.iter().map(|(month, value)| {
        let base = series.last_year.iter().find(|(at, _)| at == month).map_or("—".to_owned(), |(_, base)| measure.format(*base));
        let period = Period { year: bulletin.standings.period.year, month: *month };
        vec![period.months(), measure.format(*value), base]
    });
    let (value, base) = (format!("累计（{}）", measure.unit), format!("上年同期（{}）", measure.unit));
    table(&["期间", &value, &base], lines)
}

/// Ranked units with a completion, best first.
pub fn quadrant_rows(bulletin: &Bulletin) -> Vec<&Row> {
    bulletin.standings.ranked().into_iter().filter(|row| row.completion.is_some()).collect()
}

pub fn quadrant(bulletin: &Bulletin) -> Table {
    let rows = quadrant_rows(bulletin);
    let lines = rows.iter().map(|row| {
        let award = row.points().map_or("—".to_owned(), |points| words::signed(&big_plain(&points)));
        let completion = row.completion_text().map_or("—".to_owned(), |text| format!("{text}%"));
        let completed = match row.completed {
            Some(true) => "已完成",
            Some(false) => "未完成",
            None => "—",
        };
        vec![place(row), row.name.clone(), completion, completed.to_owned(), award]
    });
    table(&["位次", "单位", "完成率", "是否完成", "加减分"], lines)
}
