//! Lines of a split's sheet → rows of the split, every doubt at its cell; then the split against what the plan says.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::budget::{Budget, Ended};
use domain::money::{Measure, is_blank};
use domain::month::shorten;
use domain::plan::table::{self, Part, PastedRow, gather};
use domain::plan::{Split, SplitIndex, Target};
use domain::region::{fold_name, is_whole, suggest};

use super::words::{compact, is_figure, is_head, is_known, is_unit};
use super::{LINES, SplitLine, SplitOf, SplitPreview, tables};
use crate::grid::{Grid, no_figure};
use crate::office_table::heads::{self, distinct};
use crate::office_table::lines::{fractions, growth_of, to_the_unit};
use crate::office_table::names::{Names, bare, is_aside};
use crate::office_table::{HIDDEN_ROW, Use, above_first, doubled, doubt, hidden_columns, nameless};
use domain::head::unit_word;

pub(super) fn read_lines(
    of: &SplitOf<'_>,
    known: &Names<'_>,
    grid: &Grid,
    found: &mut SplitPreview,
    budget: Budget<'_>,
) -> Result<(), Ended> {
    let tables = tables(grid, &found.mapping);
    let whole = |message: &str| doubt(String::new(), message, true);
    if tables.is_empty() {
        let message = match grid.width() {
            1 => "表里只有一列，没有读出单位和目标；请核对文件，CSV 要用逗号分隔",
            _ => "没有找到单位名称一列；请在对应关系里指定哪一列是单位名称",
        };
        found.doubts.push(whole(message));
        return Ok(());
    }
    if !tables.iter().flatten().any(|(_, of)| matches!(of.kind(), Use::Value | Use::Growth)) {
        let message = format!("没有找到{}年的目标一列；请在对应关系里指定哪一列是目标", of.year);
        found.doubts.push(whole(&message));
        return Ok(());
    }
    let unit = found.mapping.unit.as_deref().filter(|_| of.measure.money).and_then(Measure::money);
    let measure = unit.as_ref().unwrap_or(of.measure);
    found.doubts.extend(hidden_columns(grid, &found.mapping));
    found.doubts.extend(doubled(grid, tables.clone(), Use::called_in_split));
    let first = found.mapping.first_row.saturating_sub(grid.top + 1);
    let mut read = Lines::default();
    for table in &tables {
        let Some(name) = table.iter().find(|(_, of)| *of == Use::Name).map(|(column, _)| *column) else { continue };
        let written = |row: usize| grid.cell(row, name);
        let indent = |row: usize| written(row).chars().take_while(|c| c.is_whitespace()).count();
        let lines = first..grid.rows.len();
        let least = lines.clone().filter(|&row| !written(row).trim().is_empty()).map(indent).min().unwrap_or(0);
        // 一、老城区 among lines without a number heads those below it; where each has one it is its number.
        let numbered = |row: usize| {
            written(row).trim().chars().next().is_some_and(|c| "一二三四五六七八九十".contains(c))
                && written(row).contains('、')
        };
        let unit = |row: &usize| {
            let name = bare(written(*row));
            !name.is_empty() && !is_whole(&name, of.own) && !is_aside(&name) && distinct(&grid.rows[*row]).len() > 1
        };
        let headings = !lines.clone().filter(unit).all(numbered);
        for (column, of) in table.iter().filter(|(_, of)| of.kind() == Use::Growth) {
            fractions(grid, *column, *of, first, &mut found.doubts);
        }
        for row in
            (0..first.min(grid.rows.len())).filter(|&row| is_known(known, written(row)) && !is_head(written(row)))
        {
            found.doubts.push(above_first(grid.address(row, name), &shorten(written(row).trim())));
        }
        for row in lines {
            budget.check()?;
            let line = SplitReader { of, known, grid, measure, row, name, table };
            line.read(indent(row) > least, headings && numbered(row), &mut read, found);
        }
    }
    if read.rows.len() > LINES {
        found.doubts.push(whole(&format!("表里有 {} 行单位，最多 {LINES} 行；请核对选的是分解表", read.rows.len())));
        found.lines.clear();
        return Ok(());
    }
    found.split = gather(read.rows, of.own, of.year);
    found.split.tables = tables.len();
    for problem in &found.split.problems {
        let place = problem.line.checked_sub(1).and_then(|at| read.places.get(at)).cloned();
        found.doubts.push(doubt(place.unwrap_or_default(), problem.message.clone(), true));
    }
    if found.split.splits.is_empty() && !found.stops() {
        found.doubts.push(whole("没有读出单位；请核对单位名称一列和“从第几行起”"));
    }
    against_the_plan(of, &tables, found);
    Ok(())
}

/// What the sheet says beside what the plan says: what it leaves open stays, what does not fit is told.
fn against_the_plan(of: &SplitOf<'_>, tables: &[Vec<(usize, Use)>], found: &mut SplitPreview) {
    let has = |wanted: Use| tables.iter().flatten().any(|(_, of)| of.kind() == wanted);
    let (values, growths) = (has(Use::Value), has(Use::Growth));
    let rows = SplitIndex::of(of.units);
    let known = |split: &Split| rows.same_as(split);
    let keep = |target: &mut Target, before: Option<Target>| {
        let Some(before) = before else { return };
        target.value = if values { target.value } else { before.value };
        target.growth = if growths { target.growth } else { before.growth };
    };
    let regions: BTreeSet<String> = found.split.splits.iter().map(|split| split.region.clone()).collect();
    let mut said = Vec::new();
    let mut jumps = Vec::new();
    for split in &mut found.split.splits {
        let Some(unit) = known(split) else { continue };
        split.targets.iter_mut().for_each(|target| keep(target, unit.target(of.year)));
        let above = unit.within.as_ref().and_then(|within| rows.get(within));
        if let Some(above) = above.filter(|above| split.within.is_none() && regions.contains(&above.region)) {
            split.within = Some(above.region.clone());
            said.push(format!("{}在计划里属于{}之内，照旧；不对请在计划的表格里改", split.name, above.name));
        }
        // Of the same year, else of any: a slip of the unit makes ten thousand times.
        let before = unit
            .target(of.year)
            .or(unit.targets.first().copied())
            .and_then(|target| target.value)
            .filter(|value| value.0 > 0);
        let now = split.targets.first().and_then(|target| target.value).filter(|value| value.0 > 0);
        if let Some((before, now)) =
            before.zip(now).filter(|(before, now)| now.0 / 1_000 >= before.0 || before.0 / 1_000 >= now.0)
        {
            jumps.push(format!(
                "{}读作 {}，计划里是 {}",
                split.name,
                of.measure.with_unit(now),
                of.measure.with_unit(before)
            ));
        }
    }
    // 其中 stands behind its unit.
    let all = std::mem::take(&mut found.split.splits);
    let (nested, own): (Vec<Split>, Vec<Split>) = all.into_iter().partition(|split| split.within.is_some());
    for split in own {
        let region = split.region.clone();
        found.split.splits.push(split);
        found.split.splits.extend(nested.iter().filter(|part| part.within.as_deref() == Some(&region)).cloned());
    }
    if let Some(total) = &mut found.split.total {
        keep(total, of.total);
    }
    let mut by_name: HashMap<String, &Split> = HashMap::new();
    for split in &found.split.splits {
        by_name.entry(fold_name(&split.name)).or_insert(split);
    }
    // The lines say what the plan will say.
    for row in found.lines.iter_mut().filter_map(|line| line.read.as_mut()) {
        let split = by_name.get(&fold_name(&row.name));
        let target = if row.is_total(of.own) {
            found.split.total
        } else {
            split.and_then(|split| split.targets.first().copied())
        };
        (row.value, row.growth) = target.map_or((row.value, row.growth), |target| (target.value, target.growth));
    }
    let sum: i64 = found
        .split
        .splits
        .iter()
        .filter(|split| split.within.is_none())
        .filter_map(|split| split.targets.first()?.value)
        .map(|value| value.0)
        .sum();
    if let Some(total) =
        found.split.total.and_then(|total| total.value).filter(|total| total.0 != sum && sum > 0 && values)
    {
        let (total, sum) = (of.measure.with_unit(total), of.measure.with_unit(domain::money::Amount(sum)));
        said.push(format!("合计 {total} 与各单位之和 {sum} 不等；各按写明的数读"));
    }
    let in_sheet: HashSet<&str> =
        found.split.splits.iter().filter_map(known).map(|unit| unit.region.as_str()).collect();
    let missing: Vec<&str> = of
        .units
        .iter()
        .filter(|unit| !in_sheet.contains(unit.region.as_str()))
        .map(|unit| unit.name.as_str())
        .collect();
    if !missing.is_empty() && !found.split.splits.is_empty() {
        said.push(format!("计划里有、表里没有：{}；填进去后这些单位不再在分解里", missing.join("、")));
    }
    found.doubts.extend(said.into_iter().map(|message| doubt(String::new(), message, false)));
    if !jumps.is_empty() {
        let message = format!("与计划相差上千倍，像是金额单位不对：{}", jumps.join("；"));
        found.doubts.push(doubt(String::new(), message, true).or_accept("jump"));
    }
}

/// The rows read so far, and where the name of each stands: side by side stand several in one line.
#[derive(Default)]
struct Lines {
    rows: Vec<PastedRow>,
    places: Vec<String>,
}

struct SplitReader<'a> {
    of: &'a SplitOf<'a>,
    known: &'a Names<'a>,
    grid: &'a Grid,
    measure: &'a Measure,
    row: usize,
    name: usize,
    table: &'a [(usize, Use)],
}

impl SplitReader<'_> {
    fn column(&self, wanted: Use) -> Option<(usize, Use)> {
        self.table.iter().copied().find(|(_, of)| of.kind() == wanted)
    }

    fn cell(&self, of: Use) -> &str {
        self.column(of).map_or("", |(column, _)| self.grid.cell(self.row, column).trim())
    }

    /// The name, and where it stands: 合计 may stand in the column of numbers, 其中 in one of its own.
    fn written(&self, filled: bool) -> (String, String) {
        let own = compact(self.grid.cell(self.row, self.name));
        let first = self.table.first().map_or(0, |(column, _)| *column);
        let beside = |column: usize| {
            let text = compact(self.grid.cell(self.row, column));
            let named = if column < self.name { is_whole(&text, self.of.own) } else { is_unit(self.known, &text) };
            named.then(|| {
                (
                    if column < self.name { text.clone() } else { format!("其中：{text}") },
                    self.grid.address(self.row, column),
                )
            })
        };
        if own.is_empty() && filled {
            let value = self.column(Use::Value).or(self.column(Use::Growth)).map_or(self.name, |(column, _)| column);
            if let Some(found) = (first..self.name).rev().chain(self.name + 1..value).find_map(beside) {
                return found;
            }
        }
        (own, self.grid.address(self.row, self.name))
    }

    /// Another line of heads: of the same columns once more, or of another table.
    fn heads_again(&self, written: &str) -> Option<&str> {
        let text = self.cell(Use::Value);
        let head = is_head(&bare(written))
            && !is_figure(text)
            && matches!(heads::use_in_split(text, self.of.year, self.of.measure.money), Use::Value | Use::Growth);
        head.then_some(text)
    }

    fn read(&self, indented: bool, heading: bool, read: &mut Lines, found: &mut SplitPreview) {
        let filled = [Use::Value, Use::Growth].into_iter().any(|of| !is_blank(self.cell(of)));
        let (written, address) = self.written(filled);
        let number = self.grid.top + self.row + 1;
        let skipped = found.mapping.skips(number, &address);
        if written.is_empty() {
            if filled && !skipped {
                found.doubts.push(nameless(address));
            }
            return;
        }
        let mut line = SplitLine {
            row: number,
            address: address.clone(),
            written: written.clone(),
            read: None,
            new: false,
            skipped,
        };
        if let Some(head) = self.heads_again(&written) {
            let unit = unit_word(head).filter(|unit| self.of.measure.money && *unit != self.measure.unit);
            let same = self.column(Use::Value).is_some_and(|(column, _)| {
                found
                    .mapping
                    .columns
                    .get(&self.grid.letters(column))
                    .is_some_and(|known| known.head.ends_with(&head.split_whitespace().collect::<String>()))
            });
            let message = match unit {
                Some(unit) => {
                    Some((format!("这里又是一行表头，单位是{unit}，与上面不同；请把下面的表另存成一张再读"), true))
                }
                None if same => Some(("又是一行同样的表头，没有用".to_owned(), false)),
                None => (!skipped).then(|| {
                    ("这里又是一行表头：下面是另一张表，请分开读；确实是同样的列，请勾选不要这一行".to_owned(), true)
                }),
            };
            found.doubts.extend(message.map(|(message, stops)| doubt(address, message, stops)));
            found.lines.push(line);
            return;
        }
        // 注：…… below the table, or a heading between its lines.
        let alone = distinct(&self.grid.rows[self.row]).len() == 1;
        let total = is_whole(&bare(&written), self.of.own);
        let known = is_known(self.known, &written);
        let other = !total
            && !known
            && (is_aside(&bare(&written)) || heading || ((alone || !filled) && !is_unit(self.known, &written)));
        if other || (total && !filled) {
            if filled && !skipped {
                found.doubts.push(doubt(address, format!("“{}”不是单位，这一行没有用", shorten(&written)), false));
            }
            return;
        }
        if !skipped {
            self.take(&mut line, &address, indented, read, found);
        }
        found.lines.push(line);
    }

    fn take(&self, line: &mut SplitLine, address: &str, indented: bool, read: &mut Lines, found: &mut SplitPreview) {
        if self.grid.hides_row(self.row) {
            found.doubts.push(doubt(address.to_owned(), HIDDEN_ROW, false));
        }
        let nested = indented || line.written.trim_start_matches(['#', '*', '★']).starts_with("其中");
        let mut name = bare(&line.written);
        if !is_whole(&name, self.of.own) {
            match self.known.unit(&line.written) {
                Some((unit, guessed)) => {
                    if guessed {
                        found.doubts.push(doubt(
                            address.to_owned(),
                            format!("“{}”读作“{}”", shorten(&line.written), unit.name),
                            false,
                        ));
                    }
                    name.clone_from(&unit.name);
                }
                None if self.of.units.is_empty() => {}
                None => {
                    line.new = true;
                    let like = suggest(&name, self.of.units.iter().map(|split| split.name.as_str()));
                    let message = match like {
                        Some(like) => format!("计划里没有“{}”，是否应为“{like}”？不改就当作新的单位", shorten(&name)),
                        None => format!("计划里没有“{}”，当作新的单位", shorten(&name)),
                    };
                    found.doubts.push(doubt(address.to_owned(), message, false));
                }
            }
        }
        let place =
            |of: Use| self.column(of).map_or(address.to_owned(), |(column, _)| self.grid.address(self.row, column));
        let value = self.cell(Use::Value);
        let least = to_the_unit(self.measure, value);
        if least != value {
            found.doubts.push(doubt(place(Use::Value), format!("“{value}”小数太多，四舍五入到元：{least}"), false));
        }
        // What is shared out in percent comes as percent.
        let growth = match self.column(Use::Growth) {
            Some((_, of)) if !table::is_none(self.cell(Use::Growth)) => {
                match growth_of(self.cell(Use::Growth), of, None) {
                    Ok(Some(read)) => {
                        found.doubts.extend(read.said.map(|said| doubt(place(Use::Growth), said, false)));
                        format!("{}%", read.rate.percent_as_written())
                    }
                    _ => self.cell(Use::Growth).to_owned(),
                }
            }
            _ => self.cell(Use::Growth).to_owned(),
        };
        let name = if nested { format!("其中：{name}") } else { name };
        // Of a line without a target it is the target's cell that is looked at.
        let empty = is_blank(value) && is_blank(&growth);
        read.places.push(if empty { place(Use::Value) } else { address.to_owned() });
        match PastedRow::read(read.places.len(), [self.cell(Use::Number), &name, &least, &growth], self.measure) {
            Ok(row) => {
                if row.value.is_some_and(|value| value.0 == 0) {
                    found.doubts.push(doubt(place(Use::Value), "目标是 0；没有目标请写 /", false));
                }
                line.read = Some(row.clone());
                read.rows.push(row);
            }
            Err((part, error)) => {
                let of = if part == Part::Value { Use::Value } else { Use::Growth };
                let why = no_figure(self.cell(of)).map_or(error, str::to_owned);
                let message = format!("{}的{}：{why}", shorten(&line.written), of.called_in_split());
                found.doubts.push(doubt(place(of), message, true));
            }
        }
    }
}
