//! Titles that state the finding: what a leader reads in ten seconds above a table or a chart.

use serde::{Deserialize, Serialize};

use super::{Bulletin, words};
use crate::plan::SplitKind;
use crate::rate::Rate;
use crate::standing::{Lamp, Row};

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Headlines {
    pub table: String,
    pub cumulative: String,
    pub bullet: String,
    pub growth: String,
    pub quadrant: String,
}

pub fn headlines(bulletin: &Bulletin) -> Headlines {
    Headlines {
        table: table(bulletin),
        cumulative: cumulative(bulletin),
        bullet: bullet(bulletin),
        growth: growth(bulletin),
        quadrant: quadrant(bulletin),
    }
}

/// Units whose gap is known, furthest behind first.
fn by_gap(bulletin: &Bulletin) -> Vec<&Row> {
    let assessed = |row: &&Row| row.gap.is_some() && row.within.is_none() && row.kind != SplitKind::Department;
    let mut rows: Vec<&Row> = bulletin.standings.rows.iter().filter(assessed).collect();
    rows.sort_by_key(|row| row.gap);
    rows
}

fn table(bulletin: &Bulletin) -> String {
    let rows = by_gap(bulletin);
    let noun = &bulletin.heading.unit_noun;
    let on_pace = rows.iter().filter(|row| row.lamp == Lamp::OnPace).count();
    match (rows.first(), rows.last()) {
        (Some(worst), Some(best)) if rows.len() > 1 => match on_pace {
            0 => format!("{}个{noun}均未达到序时进度，{}差距最小，{}差距最大", rows.len(), best.name, worst.name),
            all if all == rows.len() => format!("{all}个{noun}全部达到序时进度，{}领先最多", best.name),
            some => format!("{}个{noun}中{some}个达到序时进度，{}领先最多，{}落后最多", rows.len(), best.name, worst.name),
        },
        _ => format!("{}{}完成情况", bulletin.heading.whole, bulletin.standings.goal_name),
    }
}

fn cumulative(bulletin: &Bulletin) -> String {
    let total = &bulletin.standings.total;
    let measure = &bulletin.standings.measure;
    let whole = &bulletin.heading.whole;
    let (Some(value), Some(target), Some(pace), None) = (total.value, total.target, total.pace, total.whole) else {
        return total.value.map_or(format!("{whole}累计进度"), |value| format!("{whole}累计{}", measure.with_unit(value)));
    };
    // The amount due by now, rounded half up to the smallest unit.
    let due = crate::money::round_to(pace.numerator() * i128::from(target.0), pace.denominator(), 0);
    let ahead = crate::money::Amount(i64::try_from(i128::from(value.0) - due).unwrap_or(0));
    let value = measure.with_unit(value);
    match ahead.0 {
        0 => format!("{whole}累计{value}，与序时进度持平"),
        more if more > 0 => format!("{whole}累计{value}，比序时进度多{}{}", measure.format_visible(ahead), measure.unit),
        less => format!("{whole}累计{value}，距序时进度还差{}{}", measure.format_visible(crate::money::Amount(-less)), measure.unit),
    }
}

fn bullet(bulletin: &Bulletin) -> String {
    let rows = by_gap(bulletin);
    let behind: Vec<&&Row> = rows.iter().filter(|row| row.lamp == Lamp::Behind).collect();
    match (behind.len(), rows.first()) {
        (_, None) => "各单位完成年度目标的情况".to_owned(),
        (0, Some(_)) => "没有单位落后序时进度较多".to_owned(),
        (count, Some(worst)) => {
            let gap = worst.gap.unwrap_or(Rate::ZERO);
            format!("{count}个单位滞后，{}落后最多，差{}个百分点", worst.name, words::points(gap))
        }
    }
}

fn growth(bulletin: &Bulletin) -> String {
    let mut rows: Vec<&Row> = bulletin.standings.rows.iter().filter(|row| row.rank.is_some() && row.growth.is_some()).collect();
    rows.sort_by_key(|row| row.growth);
    match (rows.last(), rows.first()) {
        (Some(best), Some(worst)) if rows.len() > 1 => {
            let said = |row: &Row| row.growth.map(words::growth).unwrap_or_default();
            format!("{}{}居首，{}{}居末", best.name, said(best), worst.name, said(worst))
        }
        _ => "各单位同比增幅".to_owned(),
    }
}

fn quadrant(bulletin: &Bulletin) -> String {
    let rules = &bulletin.standings.rules;
    let points = bulletin.standings.readings.get(rules.reading);
    let minus = points.iter().filter(|(_, points)| points.starts_with('-')).count();
    let plus = points.len() - minus;
    let expected = match (bulletin.standings.provisional, bulletin.standings.period.is_year_end()) {
        (false, _) => "",
        (true, false) => "若以本期为终，",
        (true, true) => "预计",
    };
    match (plus, minus) {
        (0, 0) => format!("{expected}没有单位加分或扣分"),
        (0, minus) => format!("{expected}{minus}个单位扣分，没有单位加分"),
        (plus, 0) => format!("{expected}{plus}个单位加分，没有单位扣分"),
        (plus, minus) => format!("{expected}{plus}个单位加分，{minus}个单位扣分"),
    }
}
