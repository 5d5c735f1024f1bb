//! Tables with goals down their side: 指标｜本期累计｜去年同期. Each of their lines is a table of one unit.

use domain::budget::{Budget, Ended};
use domain::head::unit_word;
use domain::money::is_blank;
use domain::plan::{Goal, Plan};
use domain::region::fold_name;

use super::cells::{is_figure, numbers_columns};
use super::names::{Names, bare};
use crate::grid::Grid;

/// The goal that a text names: by its name or id, with its unit behind it, shortened, or 其中 of something.
fn goal_named<'p>(plan: &'p Plan, written: &str) -> Option<&'p Goal> {
    let bare = bare(written);
    let name = bare.split(['(', '（']).next().unwrap_or_default();
    if name.chars().count() < 2 || is_figure(name) {
        return None;
    }
    let exact = |goal: &&Goal| goal.id == name || fold_name(&goal.name) == name;
    if let Some(goal) = plan.goals.iter().find(exact) {
        return Some(goal);
    }
    let like = |goal: &&Goal| {
        let known = fold_name(&goal.name);
        (name.chars().count() > 3 && known.contains(name))
            || name.strip_suffix(['额', '值', '数']) == Some(known.as_str())
    };
    let mut all = plan.goals.iter().filter(like);
    all.next().filter(|_| all.next().is_none())
}

/// The sheet with nothing but its heads and the line of this goal, which now names `unit`. `None` where units stand in
/// the sheet, or no line is the goal's.
///
/// A sheet of one line of figures without any name is the unit's too where its form has `alone` this goal.
///
/// # Errors
/// The budget ended.
pub fn one_goal(
    plan: &Plan,
    goal: &Goal,
    grid: &Grid,
    unit: &str,
    alone: bool,
    budget: Budget<'_>,
) -> Result<Option<Grid>, Ended> {
    let names = Names::of(&plan.region, &goal.splits);
    for row in &grid.rows {
        budget.check()?;
        if row.iter().any(|cell| names.unit(cell).is_some()) {
            return Ok(None);
        }
    }
    let figures = |row: usize| {
        let row = &grid.rows[row];
        row.iter().any(|cell| is_figure(cell) || cell.contains('持')) && !numbers_columns(row)
    };
    let lines: Vec<usize> = (0..grid.rows.len()).filter(|&row| figures(row)).collect();
    let is_it = |cell: &str| goal_named(plan, cell).is_some_and(|named| named.id == goal.id);
    let mut named = lines.iter().flat_map(|&row| (0..grid.width()).map(move |column| (row, column)));
    let found = named.find(|&(row, column)| is_it(grid.cell(row, column)));
    let words = |row: usize| grid.rows[row].iter().any(|cell| !is_blank(cell) && !is_figure(cell));
    let (line, column) = match (found, &lines[..]) {
        (Some(found), _) => found,
        (None, [only]) if alone && !words(*only) && *only > 0 => (*only, grid.width()),
        _ => return Ok(None),
    };
    budget.check()?;
    let mut only = grid.clone();
    let written = grid.cell(line, column).to_owned();
    for &other in lines.iter().filter(|&&other| other != line) {
        only.rows[other].iter_mut().for_each(String::clear);
    }
    for row in &mut only.rows {
        row.resize(grid.width() + 2, String::new());
    }
    unit.clone_into(&mut only.rows[line][column]);
    // A unit of money behind the goal's name is that of its line.
    if let Some(unit) = unit_word(&written) {
        unit.clone_into(&mut only.rows[line][grid.width() + 1]);
    }
    Ok(Some(only))
}
