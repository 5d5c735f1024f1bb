//! A sheet with the split of a target: what each column is, every doubt at its cell, and the split itself.

use std::collections::BTreeSet;

use domain::money::{Measure, is_blank};
use domain::month::shorten;
use domain::plan::Split;
use domain::plan::table::{self, Part, PastedSplit, Row, gather};
use domain::region::{Region, code_of, fold_name, suggest};

use super::heads::{self, above_and_heads, distinct, numbers_columns};
use super::{Doubt, HIDDEN_ROW, Mapping, NO_HEAD, Use, UseOf, doubt, hidden_columns, likeliest, units};
use crate::grid::Grid;

/// Whose target a sheet splits.
#[derive(Clone, Copy)]
pub struct SplitOf<'a> {
    /// The goal's name.
    pub goal: &'a str,
    pub measure: &'a Measure,
    pub own: &'a Region,
    pub year: i32,
    /// Units that the plan has already.
    pub units: &'a [Split],
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
    pub read: Option<Row>,
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
        let mut line = |name: &str, none: bool, target: Option<&domain::plan::Target>| {
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

/// The sheet named, else the one with most units; the others that fit as well.
///
/// # Errors
/// There is no sheet of this name: the sentence lists those there are.
pub fn choose_split<'g>(of: &SplitOf<'_>, sheets: &'g [Grid], named: Option<&str>) -> Result<(&'g Grid, Vec<&'g str>), String> {
    if let Some(name) = named.map(str::trim).filter(|name| !name.is_empty()) {
        return super::sheet_named(sheets, name).map(|sheet| (sheet, Vec::new()));
    }
    // A sheet of another year has no target for this one, whatever else it has.
    let fits = |sheet: &Grid| {
        let preview = preview_split(of, sheet, None);
        let targets = preview.mapping.columns.values().any(|column| column.of == Use::Value);
        if preview.lines.is_empty() { (false, 0) } else { (targets, preview.lines.len()) }
    };
    let judged: Vec<(&Grid, (bool, usize))> = sheets.iter().map(|sheet| (sheet, fits(sheet))).collect();
    let most = judged.iter().map(|(_, fit)| *fit).max().unwrap_or_default();
    let mut best = judged.into_iter().filter(|(_, fit)| *fit == most).map(|(sheet, _)| sheet);
    let first = best.next().ok_or("文件是空的，没有可用的表")?;
    let others = if most.1 == 0 { Vec::new() } else { best.map(|sheet| sheet.name.as_str()).collect() };
    Ok((first, others))
}

/// More units than this has no target: some other table was chosen.
const LINES: usize = 3_000;

/// Reads a sheet; what `wished` leaves open is guessed.
pub fn preview_split(of: &SplitOf<'_>, grid: &Grid, wished: Option<&Mapping>) -> SplitPreview {
    let mut found = SplitPreview::default();
    match wished {
        Some(mapping) => found.mapping = mapping.clone(),
        None => guess(of, grid, &mut found),
    }
    read_lines(of, grid, &mut found);
    found
}

fn is_figure(text: &str) -> bool {
    heads::is_figure(text) || table::is_figure(text)
}

fn is_year(text: &str) -> bool {
    text.trim().parse().is_ok_and(|number: i32| (1990..2100).contains(&number))
}

/// Names as a document writes them, without the blanks that spread 鼓 楼 区 over its column.
fn compact(text: &str) -> String {
    if text.is_ascii() { text.trim().to_owned() } else { text.chars().filter(|c| !c.is_whitespace()).collect() }
}

fn bare(written: &str) -> &str {
    let rest = written.trim_start_matches(['#', '*', '★']);
    rest.strip_prefix("其中").unwrap_or(rest).trim_start_matches([':', '：', '、'])
}

/// A unit that the plan has, or that lies in its region.
fn is_known(of: &SplitOf<'_>, written: &str) -> bool {
    // No name is that long, or a number: most cells of a large sheet are passed over cheaply.
    if written.is_empty() || written.len() > 200 || is_figure(written) {
        return false;
    }
    let folded = fold_name(bare(&compact(written)));
    let is_it = |split: &Split| {
        fold_name(&split.name) == folded || split.region == folded || split.former.iter().any(|name| fold_name(name) == folded)
    };
    of.units.iter().any(is_it) || code_of(&folded, of.own).is_some()
}

fn is_unit(of: &SplitOf<'_>, written: &str) -> bool {
    let name = compact(written);
    let name = bare(&name);
    let head = ["单位", "地区", "名称", "市）", "市)", "市、", "县区", "区县", "县市", "市县"].iter().any(|word| name.contains(word));
    let named = !head && ["市", "县", "区", "镇", "乡", "街道", "旗", "州", "盟"].iter().any(|ending| name.ends_with(ending));
    is_known(of, name)
        || (named && name.chars().count() > 1)
        || matches!(name, "合计" | "总计" | "全市" | "全省" | "全县" | "全区" | "全州")
}

/// The columns of names: one for each table that stands side by side.
fn name_columns(of: &SplitOf<'_>, grid: &Grid, body: &[usize], heads: &[String]) -> Vec<usize> {
    let texts =
        |column: usize| -> Vec<&str> { body.iter().map(|&row| grid.cell(row, column)).filter(|text| !text.trim().is_empty()).collect() };
    let in_words = |column: &usize| {
        let figures = texts(*column).iter().filter(|text| is_figure(text)).count();
        texts(*column).len() > 2 * figures
    };
    let words: Vec<usize> = (0..grid.width()).filter(in_words).collect();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut names: Vec<usize> = Vec::new();
    for &column in &words {
        let all = texts(column);
        let units: BTreeSet<String> = all.iter().filter(|text| is_unit(of, text)).map(|text| fold_name(&compact(text))).collect();
        // Who is responsible for a unit may be called like it.
        if units.len() * 2 > all.len() && units.is_disjoint(&taken) {
            taken.extend(units);
            names.push(column);
        }
    }
    if names.is_empty() {
        let aside = |column: usize| ["备注", "说明", "责任", "牵头", "配合", "联系"].iter().any(|word| heads[column].contains(word));
        let next = |column: usize| words.iter().copied().find(|&other| other > column).unwrap_or(grid.width());
        let with_figures = |column: &usize| (column + 1..next(*column)).any(|other| texts(other).iter().any(|text| is_figure(text)));
        names = words.iter().copied().filter(|column| !aside(*column) && with_figures(column)).collect();
    }
    names
}

fn guess(of: &SplitOf<'_>, grid: &Grid, found: &mut SplitPreview) {
    found.mapping.sheet.clone_from(&grid.name);
    let filled = |row: &[String]| row.iter().any(|cell| (is_figure(cell) && !is_year(cell)) || table::is_none(cell));
    // A line whose target is no figure is one of the lines too.
    let is_body =
        |row: &[String]| distinct(row).len() > 1 && !numbers_columns(row) && (filled(row) || row.iter().any(|cell| is_known(of, cell)));
    let body: Vec<usize> = (0..grid.rows.len()).filter(|&row| is_body(&grid.rows[row])).collect();
    let first = body.first().copied().unwrap_or(grid.rows.len());
    let names = name_columns(of, grid, &body, &above_and_heads(grid, first).1);
    let is_line = |&row: &usize| distinct(&grid.rows[row]).len() > 1 && names.iter().any(|&name| is_unit(of, grid.cell(row, name)));
    let first = (0..first).find(is_line).unwrap_or(first);
    found.mapping.first_row = grid.top + first + 1;
    let (above, heads) = above_and_heads(grid, first);
    other_year(of, &above, &heads, found);
    let mut uses: Vec<(usize, Use)> = (0..grid.width())
        .map(|column| {
            (column, if names.contains(&column) { Use::Name } else { heads::use_in_split(&heads[column], of.year, of.measure.money) })
        })
        .collect();
    let in_body = |column: usize| body.iter().any(|&row| is_figure(grid.cell(row, column)));
    let mut start = 0;
    while start < uses.len() {
        let length = uses[start..].iter().enumerate().skip(1).position(|(at, (_, of))| begins(&uses[start..start + at], *of));
        let end = length.map_or(uses.len(), |length| start + length + 1);
        let group = &mut uses[start..end];
        let named = group.iter().position(|(_, of)| *of == Use::Name);
        if let Some(named) = named.filter(|_| !group.iter().any(|(_, of)| matches!(of, Use::Value | Use::Growth))) {
            let open: Vec<usize> = (named + 1..group.len()).filter(|&at| heads[group[at].0].is_empty() && in_body(group[at].0)).collect();
            for (at, use_as) in open.into_iter().zip([Use::Value, Use::Growth]) {
                group[at].1 = use_as;
                let message = format!("这一列没有表头，按{}读；不对请改对应关系", use_as.called_in_split());
                found.doubts.push(doubt(format!("{}列", grid.letters(group[at].0)), message, false));
            }
        }
        for use_as in [Use::Value, Use::Growth] {
            likeliest(grid, &heads, group, use_as, use_as.called_in_split(), |head| score(of, head), &mut found.doubts);
        }
        start = end;
    }
    for (column, of) in uses {
        let head = if heads[column].is_empty() { NO_HEAD.to_owned() } else { heads[column].clone() };
        found.mapping.columns.insert(grid.letters(column), UseOf { head, of });
    }
    if of.measure.money {
        units(of.measure, grid, &above, first, &mut found.mapping, &mut found.doubts);
    }
}

/// How much a head sounds like the target that is looked for.
fn score(of: &SplitOf<'_>, head: &str) -> usize {
    let topic = of.goal.trim_start_matches("工业").trim_end_matches("投资");
    let weight = |words: &[&str], weight: usize| {
        if words.iter().any(|word| !word.is_empty() && head.contains(word)) { weight } else { 0 }
    };
    weight(&[of.goal], 16)
        + weight(&[topic], 8)
        + weight(&[&of.year.to_string()], 4)
        + weight(&["目标", "任务", "计划"], 2)
        + weight(&["全年", "年度", "总量"], 1)
}

/// The title and heads speak of other years only.
fn other_year(of: &SplitOf<'_>, above: &[&str], heads: &[String], found: &mut SplitPreview) {
    let texts = above.iter().copied().chain(heads.iter().map(String::as_str));
    let digits = |text: &str| -> Vec<i32> {
        let folded = domain::money::fold(text);
        let runs = folded.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 4);
        runs.filter_map(|run| run.parse().ok()).filter(|year| (1990..2100).contains(year)).collect()
    };
    let years: Vec<i32> = texts.flat_map(digits).collect();
    let (Some(from), Some(to)) = (years.iter().min(), years.iter().max()) else { return };
    if !(*from..=*to).contains(&of.year) {
        let said = if from == to { format!("{from}年") } else { format!("{from}—{to}年") };
        let message = format!("表里写的是{said}，要读的是{}年的目标；请核对没有选错文件", of.year);
        found.doubts.push(doubt(String::new(), message, true));
    }
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

fn read_lines(of: &SplitOf<'_>, grid: &Grid, found: &mut SplitPreview) {
    let tables = tables(grid, &found.mapping);
    let whole = |message: &str| doubt(String::new(), message, true);
    if tables.is_empty() {
        found.doubts.push(whole("没有找到单位名称一列；请在对应关系里指定哪一列是单位名称"));
        return;
    }
    if !tables.iter().flatten().any(|(_, of)| matches!(of, Use::Value | Use::Growth)) {
        let message = format!("没有找到{}年的目标一列；请在对应关系里指定哪一列是目标", of.year);
        found.doubts.push(whole(&message));
        return;
    }
    let unit = found.mapping.unit.as_deref().filter(|_| of.measure.money).and_then(Measure::money);
    let measure = unit.as_ref().unwrap_or(of.measure);
    found.doubts.extend(hidden_columns(grid, &found.mapping));
    let first = found.mapping.first_row.saturating_sub(grid.top + 1);
    let mut rows = Vec::new();
    // Where each row's name stands: side by side stand several in one line.
    let mut places = Vec::new();
    for table in &tables {
        let column = |wanted: Use| table.iter().find(|(_, of)| *of == wanted).map(|(column, _)| *column);
        let Some(name) = column(Use::Name) else { continue };
        let indent = |row: usize| grid.cell(row, name).chars().take_while(|c| c.is_whitespace()).count();
        let least = (first..grid.rows.len()).filter(|&row| !grid.cell(row, name).trim().is_empty()).map(indent).min().unwrap_or(0);
        if let Some(growth) = column(Use::Growth) {
            super::lines::fractions(grid, growth, first, &mut found.doubts);
        }
        for row in first..grid.rows.len() {
            let line = SplitReader { of, grid, measure, row, name, column: &column };
            line.read(indent(row) > least, &mut rows, &mut places, found);
        }
    }
    if rows.len() > LINES {
        found.doubts.push(whole(&format!("表里有 {} 行单位，最多 {LINES} 行；请核对选的是分解表", rows.len())));
        found.lines.clear();
        return;
    }
    found.split = gather(rows, of.own, of.year);
    found.split.tables = tables.len();
    for problem in &found.split.problems {
        let place = problem.line.checked_sub(1).and_then(|at| places.get(at)).cloned();
        found.doubts.push(doubt(place.unwrap_or_default(), problem.message.clone(), true));
    }
    if found.split.splits.is_empty() && !found.stops() {
        found.doubts.push(whole("没有读出单位；请核对单位名称一列和“从第几行起”"));
    }
}

struct SplitReader<'a, C: Fn(Use) -> Option<usize>> {
    of: &'a SplitOf<'a>,
    grid: &'a Grid,
    measure: &'a Measure,
    row: usize,
    name: usize,
    column: &'a C,
}

impl<C: Fn(Use) -> Option<usize>> SplitReader<'_, C> {
    fn cell(&self, of: Use) -> &str {
        (self.column)(of).map_or("", |column| self.grid.cell(self.row, column).trim())
    }

    fn read(&self, indented: bool, rows: &mut Vec<Row>, places: &mut Vec<String>, found: &mut SplitPreview) {
        let written = compact(self.grid.cell(self.row, self.name));
        let number = self.grid.top + self.row + 1;
        let address = self.grid.address(self.row, self.name);
        let skipped = found.mapping.skips(number, &address);
        let filled = [Use::Value, Use::Growth].into_iter().any(|of| !is_blank(self.cell(of)));
        if written.is_empty() {
            if filled && !skipped {
                found.doubts.push(doubt(address, "这一行有数，没有单位名称，没有用", false));
            }
            return;
        }
        // 注：…… below the table, or a heading between its lines.
        let alone = distinct(&self.grid.rows[self.row]).len() == 1;
        let aside = ["小计", "平均", "均值"].iter().any(|word| written.contains(word));
        if aside || ((alone || !filled) && !is_unit(self.of, &written)) {
            let note = ["注", "说明", "备注", "填表", "制表", "审核"].iter().any(|word| written.starts_with(word));
            if !note && !skipped {
                found.doubts.push(doubt(address, format!("“{}”不是单位，这一行没有用", shorten(&written)), false));
            }
            return;
        }
        let mut line = SplitLine { row: number, address: address.clone(), written: written.clone(), read: None, new: false, skipped };
        if !skipped {
            if self.grid.hides_row(self.row) {
                found.doubts.push(doubt(address.clone(), HIDDEN_ROW, false));
            }
            places.push(address.clone());
            let name = if indented && !written.starts_with("其中") { format!("其中：{written}") } else { written };
            match Row::read(places.len(), [self.cell(Use::Number), &name, self.cell(Use::Value), self.cell(Use::Growth)], self.measure) {
                Ok(row) => {
                    line.new = !row.is_total(self.of.own) && !self.of.units.is_empty() && !is_known(self.of, &row.name);
                    let names = self.of.units.iter().map(|split| split.name.as_str());
                    if let Some(like) = suggest(&row.name, names).filter(|_| line.new) {
                        let message = format!("计划里没有“{}”，是否应为“{like}”？不改就当作新的单位", shorten(&row.name));
                        found.doubts.push(doubt(address, message, false));
                    }
                    line.read = Some(row.clone());
                    rows.push(row);
                }
                Err((part, error)) => {
                    let of = if part == Part::Value { Use::Value } else { Use::Growth };
                    let place = (self.column)(of).map_or(address, |column| self.grid.address(self.row, column));
                    found.doubts.push(doubt(place, format!("{}的{}：{error}", shorten(&line.written), of.called_in_split()), true));
                }
            }
        }
        found.lines.push(line);
    }
}
