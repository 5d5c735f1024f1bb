//! What a correction changes: figures, places and awards of two editions, side by side.

use serde::{Deserialize, Serialize};

use crate::standing::{Row, Standings};

/// One changed cell, as printed before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub region: String,
    pub name: String,
    pub what: String,
    pub before: String,
    pub after: String,
}

/// All changes of `after` against `before`, the total first, then in the plan's order.
pub fn changes(before: &Standings, after: &Standings) -> Vec<Change> {
    let mut changes = Vec::new();
    let total = after.total.name.clone();
    compare(&mut changes, &total, &total, total_cells(before), total_cells(after));
    for row in &after.rows {
        let cells = before.row(&row.region).map_or_else(Vec::new, |row| row_cells(before, row));
        compare(&mut changes, &row.region, &row.name, cells, row_cells(after, row));
    }
    for row in before.rows.iter().filter(|row| after.row(&row.region).is_none()) {
        compare(&mut changes, &row.region, &row.name, row_cells(before, row), Vec::new());
    }
    changes
}

type Cells = Vec<(&'static str, String)>;

fn compare(changes: &mut Vec<Change>, region: &str, name: &str, before: Cells, after: Cells) {
    let names = after.iter().chain(&before).map(|(what, _)| *what).fold(Vec::new(), |mut names, what| {
        if !names.contains(&what) {
            names.push(what);
        }
        names
    });
    let find = |cells: &Cells, what: &str| cells.iter().find(|(name, _)| *name == what).map_or("—".to_owned(), |(_, text)| text.clone());
    for what in names {
        let (before, after) = (find(&before, what), find(&after, what));
        if before != after {
            changes.push(Change { region: region.to_owned(), name: name.to_owned(), what: what.to_owned(), before, after });
        }
    }
}

fn total_cells(standings: &Standings) -> Cells {
    let total = &standings.total;
    let amount = |amount: Option<crate::money::Amount>| amount.map_or("—".to_owned(), |amount| exact(standings, amount));
    vec![
        ("累计完成", amount(total.value)),
        ("上年同期", amount(total.base)),
        ("年度目标", amount(total.target)),
        ("同比增长", total.growth.map_or("—".to_owned(), |rate| format!("{}%", rate.percent_on_page(1)))),
    ]
}

fn row_cells(standings: &Standings, row: &Row) -> Cells {
    let amount = |amount: Option<crate::money::Amount>| amount.map_or("—".to_owned(), |amount| exact(standings, amount));
    let points: Vec<String> = row.awards.iter().map(|award| award.points_text()).collect();
    vec![
        ("累计完成", amount(row.value)),
        ("上年同期", amount(row.base)),
        ("年度目标", amount(row.target)),
        ("同比增长", row.growth.map_or("—".to_owned(), |rate| format!("{}%", rate.percent_on_page(1)))),
        ("位次", row.rank.map_or("—".to_owned(), |rank| rank.to_string())),
        ("奖惩", if points.is_empty() { "—".to_owned() } else { points.join("；") }),
    ]
}

/// As printed; where two decimals would hide the change, the exact figure is the better witness.
fn exact(standings: &Standings, amount: crate::money::Amount) -> String {
    format!("{}{}", standings.measure.plain(amount), standings.measure.unit)
}
