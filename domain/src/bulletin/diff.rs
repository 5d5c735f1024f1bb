//! What a correction changes: figures, places and awards of two editions, side by side.

use serde::{Deserialize, Serialize};

use super::Bulletin;
use crate::rate::Rate;
use crate::shown::{DASH, Shown};
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

/// All changes of an edition against the one it corrects: of the ranked goal by unit, then of the others, then of
/// dated tasks.
pub fn of_editions(before: &Bulletin, after: &Bulletin) -> Vec<Change> {
    let mut changes = changes(&before.standings, &after.standings);
    if let Some((old, new)) = before.overview.as_ref().zip(after.overview.as_ref()) {
        changes.extend(super::whole_plan::changes(old, new, &after.standings.goal, after.near));
    }
    changes.extend(of_projects(before, after));
    changes.extend(of_tasks(before, after));
    changes
}

/// What projects come to otherwise, by unit; editions from before the library have nothing to compare with.
fn of_projects(before: &Bulletin, after: &Bulletin) -> Vec<Change> {
    let (Some(old), Some(new)) = (&before.projects, &after.projects) else { return Vec::new() };
    let (old, new) = (super::projects::table(old), super::projects::table(new));
    let mut changes = Vec::new();
    for row in &new.rows {
        let known = old.rows.iter().find(|known| known[0] == row[0]);
        for (column, (head, text)) in new.header.iter().zip(row).enumerate().skip(1) {
            let was = known.map_or(crate::shown::DASH, |known| known[column].as_str());
            if was != text {
                changes.push(Change {
                    region: row[0].clone(),
                    name: row[0].clone(),
                    what: format!("重点项目{head}"),
                    before: was.to_owned(),
                    after: text.clone(),
                });
            }
        }
    }
    changes
}

/// The dated tasks that stand otherwise; editions from before they were told have nothing to compare with.
pub fn of_tasks(before: &Bulletin, after: &Bulletin) -> Vec<Change> {
    if before.tasks.is_empty() { Vec::new() } else { super::dated::changes(&before.tasks, &after.tasks) }
}

/// All changes of `after` against `before`, the total first, then in the plan's order.
pub fn changes(before: &Standings, after: &Standings) -> Vec<Change> {
    let mut changes = Vec::new();
    let total = &after.total.name;
    compare(&mut changes, total, &super::words::whole(total), total_cells(before), total_cells(after));
    for row in &after.rows {
        let cells = before.row(&row.region).map_or_else(Vec::new, |row| row_cells(before, row));
        compare(&mut changes, &row.region, &row.name, cells, row_cells(after, row));
    }
    for row in before.rows.iter().filter(|row| after.row(&row.region).is_none()) {
        compare(&mut changes, &row.region, &row.name, row_cells(before, row), Vec::new());
    }
    changes
}

/// 更正12处，主要是马尾区位次由3降为8: how much a correction changes, and what of it matters most: the place that moved
/// furthest, else the first change of what units gain or lose, of the whole, of any unit.
pub fn headline(changes: &[Change]) -> String {
    let Some(first) = changes.first() else { return "数据没有改动，只改文字".to_owned() };
    let moved = |change: &&Change| {
        let place = |text: &str| text.parse::<i64>().ok();
        place(&change.before).zip(place(&change.after)).map_or(0, |(before, after)| (before - after).abs())
    };
    // Of several that moved as far the first is named.
    let furthest = changes.iter().rev().filter(|change| change.what == PLACE).max_by_key(moved);
    let furthest = furthest.filter(|change| moved(change) > 0);
    let main = furthest.or_else(|| changes.iter().find(|change| change.what == AWARDS)).unwrap_or(first);
    let (before, after) = (&main.before, &main.after);
    let becomes = match (main.what.as_str(), before.parse::<i64>(), after.parse::<i64>()) {
        (PLACE, Ok(before), Ok(after)) if after > before => "降为",
        (PLACE, Ok(_), Ok(_)) => "升为",
        _ => "改为",
    };
    let main = format!("{}{}由{before}{becomes}{after}", main.name, main.what);
    match changes.len() {
        1 => format!("更正1处：{main}"),
        count => format!("更正{count}处，主要是{main}"),
    }
}

const PLACE: &str = "位次";
const AWARDS: &str = "奖惩";

/// Name, as printed, and exactly: two editions can differ where print does not.
type Cells = Vec<(&'static str, String, String)>;

fn compare(changes: &mut Vec<Change>, region: &str, name: &str, before: Cells, after: Cells) {
    let mut names: Vec<&'static str> = Vec::new();
    for (what, ..) in after.iter().chain(&before) {
        if !names.contains(what) {
            names.push(what);
        }
    }
    let none = || (DASH.to_owned(), DASH.to_owned());
    let find = |cells: &Cells, what: &str| {
        let cell = cells.iter().find(|(name, ..)| *name == what);
        cell.map_or_else(none, |(_, printed, exact)| (printed.clone(), exact.clone()))
    };
    for what in names {
        let ((printed_before, exact_before), (printed_after, exact_after)) = (find(&before, what), find(&after, what));
        if exact_before == exact_after {
            continue;
        }
        let (before, after) =
            if printed_before == printed_after { (exact_before, exact_after) } else { (printed_before, printed_after) };
        changes.push(Change { region: region.to_owned(), name: name.to_owned(), what: what.to_owned(), before, after });
    }
}

fn plain(text: String) -> (String, String) {
    (text.clone(), text)
}

fn growth(rate: Option<Rate>) -> (String, String) {
    match rate {
        None => plain(DASH.to_owned()),
        Some(rate) => {
            (format!("{}%", rate.percent_on_page(1)), format!("{}%", rate.percent_as_written().replace('-', "−")))
        }
    }
}

fn cell(what: &'static str, (printed, exact): (String, String)) -> (&'static str, String, String) {
    (what, printed, exact)
}

fn total_cells(standings: &Standings) -> Cells {
    let total = &standings.total;
    let amount = |amount: Option<crate::money::Amount>| plain(amount.shown(|amount| exact(standings, amount)));
    vec![
        cell("累计完成", amount(total.value)),
        cell("上年同期", amount(total.base)),
        cell("年度目标", amount(total.target)),
        cell("增幅目标", growth(total.target_growth)),
        cell("同比增长", growth(total.growth)),
        cell("完成率", growth(total.completion)),
    ]
}

fn row_cells(standings: &Standings, row: &Row) -> Cells {
    let amount = |amount: Option<crate::money::Amount>| plain(amount.shown(|amount| exact(standings, amount)));
    let points: Vec<String> = row.awards.iter().map(|award| award.points_text()).collect();
    vec![
        cell("累计完成", amount(row.value)),
        cell("上年同期", amount(row.base)),
        cell("年度目标", amount(row.target)),
        cell("增幅目标", growth(row.target_growth)),
        cell("同比增长", growth(row.growth)),
        cell("完成率", growth(row.completion)),
        cell("是否完成", plain(row.completed_text().to_owned())),
        cell(PLACE, plain(row.rank.or_dash())),
        cell(AWARDS, plain(if points.is_empty() { DASH.to_owned() } else { points.join("；") })),
        cell("说明", plain(row.note.clone())),
    ]
}

/// As printed; where that would hide the change, the exact figure is the better witness.
fn exact(standings: &Standings, amount: crate::money::Amount) -> String {
    format!("{}{}", standings.measure.in_full(amount), standings.measure.unit)
}
