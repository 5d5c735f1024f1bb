//! A sheet with the split of a target: what each column is, every doubt at its cell, and the split itself.

mod guess;
mod lines;
mod words;

use domain::budget::{Budget, Ended};
use domain::money::Measure;
use domain::plan::table::{PastedRow, PastedSplit};
use domain::plan::{Split, Target};
use domain::region::Region;

use self::guess::{guess, other_table};
use self::lines::read_lines;
use super::doubts::accept;
use super::names::Names;
use super::{Doubt, Mapping, Use, sheet_named, units, with_heads};
use crate::grid::Grid;

/// Whose target a sheet splits.
#[derive(Clone, Copy)]
pub struct SplitOf<'a> {
    /// The goal's name.
    pub goal: &'a str,
    pub measure: &'a Measure,
    pub own: &'a Region,
    pub year: i32,
    /// Units that the plan has already, and its total for the year.
    pub units: &'a [Split],
    pub total: Option<Target>,
}

/// A line as it is understood.
#[derive(Debug, Clone, PartialEq)]
pub struct SplitLine {
    /// As the spreadsheet numbers it.
    pub row: usize,
    /// The cell of its name: side by side stand several units in a line.
    pub address: String,
    pub written: String,
    /// `None` where it cannot be read, or is left out.
    pub read: Option<PastedRow>,
    /// The plan does not have this unit yet.
    pub new: bool,
    /// Left out on request.
    pub skipped: bool,
}

/// A sheet as it is understood, before the plan takes anything of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SplitPreview {
    pub mapping: Mapping,
    pub lines: Vec<SplitLine>,
    pub doubts: Vec<Doubt>,
    pub split: PastedSplit,
}

impl SplitPreview {
    pub fn stops(&self) -> bool {
        self.doubts.iter().any(|doubt| doubt.stops)
    }

    /// The split as a table that the plan editor takes, in the goal's unit.
    pub fn block(&self, measure: &Measure) -> String {
        let mut block = format!("单位\t目标（{}）\t增幅（%）\n", measure.unit);
        let mut line = |name: &str, none: bool, target: Option<&Target>| {
            let value = target.and_then(|target| target.value).map(|value| measure.plain(value));
            let growth = target.and_then(|target| target.growth).map(|growth| growth.percent_as_written());
            let blank = || if none { "/".to_owned() } else { String::new() };
            block.push_str(&format!("{name}\t{}\t{}\n", value.unwrap_or_else(blank), growth.unwrap_or_else(blank)));
        };
        for split in &self.split.splits {
            let within = if split.within.is_some() { "其中：" } else { "" };
            line(&format!("{within}{}", split.name), split.no_target, split.targets.first());
        }
        if let Some(total) = &self.split.total {
            line("合计", false, Some(total));
        }
        block
    }
}

/// The sheet named, else the one that fits the year and has most units; the others that fit as well.
///
/// # Errors
/// There is no sheet of this name: the sentence lists those there are. Or the budget ended.
pub fn choose_split<'g>(
    of: &SplitOf<'_>,
    sheets: &'g [Grid],
    named: Option<&str>,
    budget: Budget<'_>,
) -> Result<(&'g Grid, Vec<&'g str>), String> {
    if let Some(name) = named.map(str::trim).filter(|name| !name.is_empty()) {
        return sheet_named(sheets, name).map(|sheet| (sheet, Vec::new()));
    }
    let fits = |sheet: &Grid| {
        let preview = preview_split(of, sheet, None, budget)?;
        let own = !preview.doubts.iter().any(|doubt| ["year", "title"].contains(&doubt.key.as_str()));
        let targets = preview.mapping.columns.values().any(|column| column.of == Use::Value);
        let called = sheet.name.contains(&of.year.to_string());
        let lines = preview.lines.len();
        Ok(if lines == 0 { (false, false, false, 0) } else { (own, targets, called, lines) })
    };
    let judged = sheets.iter().map(|sheet| Ok((sheet, fits(sheet)?))).collect::<Result<Vec<(&Grid, _)>, Ended>>()?;
    let most = judged.iter().map(|(_, fit)| *fit).max().unwrap_or_default();
    let mut best = judged.into_iter().filter(|(_, fit)| *fit == most).map(|(sheet, _)| sheet);
    let first = best.next().ok_or("文件是空的，没有可用的表")?;
    let others = if most.3 == 0 { Vec::new() } else { best.map(|sheet| sheet.name.as_str()).collect() };
    Ok((first, others))
}

/// More units than this has no target: some other table was chosen.
const LINES: usize = 3_000;

/// Reads a sheet; what `wished` leaves open is guessed.
///
/// What is doubtful about the guess stays so for one's own mapping, until that says otherwise or accepts it.
///
/// # Errors
/// The budget ended.
pub fn preview_split(
    of: &SplitOf<'_>,
    grid: &Grid,
    wished: Option<&Mapping>,
    budget: Budget<'_>,
) -> Result<SplitPreview, Ended> {
    let mut found = SplitPreview::default();
    let names = Names::of(of.own, of.units);
    guess(of, &names, grid, &mut found, budget)?;
    if let Some(mapping) = wished {
        found.mapping = with_heads(mapping, grid);
        found.doubts.retain(|doubt| doubt.stands(mapping));
    }
    other_table(of, grid, &mut found);
    units(of.measure, grid, &mut found.mapping, &mut found.doubts);
    read_lines(of, &names, grid, &mut found, budget)?;
    accept(&mut found.doubts, &found.mapping.accept);
    Ok(found)
}

/// Whether a column begins the next table: another column of names, or the numbers before one.
fn begins(before: &[(usize, Use)], of: Use) -> bool {
    matches!(of, Use::Name | Use::Number) && before.iter().any(|(_, of)| *of == Use::Name)
}

/// The tables of a mapping, each with its columns.
fn tables(grid: &Grid, mapping: &Mapping) -> Vec<Vec<(usize, Use)>> {
    let mut columns: Vec<(usize, Use)> =
        mapping.columns.iter().filter_map(|(letters, column)| Some((grid.column(letters)?, column.of))).collect();
    columns.sort_by_key(|(column, _)| *column);
    let mut tables: Vec<Vec<(usize, Use)>> = Vec::new();
    for (column, of) in columns {
        match tables.last_mut() {
            Some(table) if !begins(table, of) => table.push((column, of)),
            _ => tables.push(vec![(column, of)]),
        }
    }
    tables.retain(|table| table.iter().any(|(_, of)| *of == Use::Name));
    tables
}
