//! Lines of a mapped sheet → figures, with every doubt at its cell.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::budget::{Budget, Ended};
use domain::entry::{TRIANGLES, UnderstoodGrowth, is_plain, understand, understand_growth};
use domain::money::{Amount, Decimal, Measure, is_blank};
use domain::month::shorten;
use domain::plan::{Goal, Plan};
use domain::rate::Rate;
use domain::region::{RegionId, suggest};
use domain::returns::{Figure, Source};

use super::heads::{is_figure, use_of};
use super::names::{Names, bare, is_aside};
use super::{
    Doubt, HIDDEN_ROW, Mapping, Preview, SheetLine, Use, above_first, doubled, doubt, hidden_columns, hidden_digits,
    nameless, tables,
};
use crate::grid::{Grid, no_figure};

pub(super) fn read_lines(
    plan: &Plan,
    goal: &Goal,
    units: &Names<'_>,
    (grid, file): (&Grid, &str),
    found: &mut Preview,
    budget: Budget<'_>,
) -> Result<(), Ended> {
    let whole = |message: &str| doubt(String::new(), message, true);
    let mapped = tables(grid, &found.mapping);
    found.tables = mapped.len();
    if mapped.is_empty() {
        found.doubts.push(whole("没有找到单位名称一列：表里没有计划分解表中的单位，请核对选的计划和表"));
        return Ok(());
    }
    if !mapped.iter().flat_map(BTreeMap::values).any(|of| matches!(of.kind(), Use::Value | Use::Growth)) {
        found.doubts.push(whole("没有找到“本期累计”一列，请在对应关系里指定哪一列是本期累计"));
    }
    if found.mapping.period.is_none() {
        found.doubts.push(whole("表里没有写明是哪一期，请选定期间"));
    }
    let measure = match &found.mapping.unit {
        Some(unit) => Measure::money(unit).filter(|_| goal.measure.money).unwrap_or_else(|| goal.measure.clone()),
        None => goal.measure.clone(),
    };
    found.doubts.extend(hidden_columns(grid, &found.mapping));
    found.doubts.extend(hidden_digits(grid, &found.mapping));
    let each = mapped.iter().map(|table| table.iter().map(|(column, of)| (*column, *of)).collect());
    found.doubts.extend(doubled(grid, each, Use::called));
    let first = found.mapping.first_row.saturating_sub(grid.top + 1);
    let mut seen: BTreeMap<RegionId, usize> = BTreeMap::new();
    let names: Vec<usize> =
        mapped.iter().flatten().filter(|(_, of)| **of == Use::Name).map(|(column, _)| *column).collect();
    for (row, column) in (0..first.min(grid.rows.len())).flat_map(|row| names.iter().map(move |column| (row, *column)))
    {
        if let Some(unit) = units.named(grid.cell(row, column)).filter(|unit| unit.region != plan.region.id()) {
            found.doubts.push(above_first(grid.address(row, column), &unit.name));
        }
    }
    for columns in &mapped {
        let used: Vec<(usize, Use)> = columns.iter().map(|(column, of)| (*column, *of)).collect();
        let growth = used.iter().find(|(_, of)| of.kind() == Use::Growth);
        let rises = growth.and_then(|(column, _)| triangle(grid, *column, first));
        for row in first..grid.rows.len() {
            budget.check()?;
            let reader = LineReader { goal, units, grid, file, measure: &measure, columns: &used, rises, row };
            reader.read(&mut seen, found);
        }
    }
    for (column, of) in mapped.iter().flatten().filter(|(_, of)| of.kind() == Use::Growth) {
        fractions(grid, *column, *of, first, &mut found.doubts);
    }
    compare_total(plan, goal, units, found);
    Ok(())
}

/// Percentages below one were written as fractions: 0.123 for 12.3%. Where all are, they cannot be taken as they stand;
/// some among others are for a person to tell.
pub(super) fn fractions(grid: &Grid, column: usize, of: Use, first: usize, doubts: &mut Vec<Doubt>) {
    let figures: Vec<(usize, &str)> = (first..grid.rows.len())
        .map(|row| (row, grid.cell(row, column).trim()))
        .filter(|(_, text)| is_figure(text))
        .collect();
    let number = |text: &str| Decimal::parse(text).ok().filter(|_| !text.contains(['%', '％']));
    let is_small = |text: &str| number(text).is_some_and(|number| number.digits.abs() < 10_i128.pow(number.scale));
    let small: Vec<usize> = figures.iter().filter(|(_, text)| is_small(text)).map(|(row, _)| *row).collect();
    // 0.5 among others may well be half a percent, but not among cells that say %.
    let percent = figures.iter().any(|(_, text)| text.contains(['%', '％']));
    let odd = |row: &&usize| percent || number(grid.cell(**row, column).trim()).is_some_and(|number| number.scale > 1);
    let letters = grid.letters(column);
    if of == Use::GrowthShare {
        let large =
            |text: &str| number(text).is_some_and(|number| number.digits.abs() >= 2 * 10_i128.pow(number.scale));
        if let Some((row, text)) = figures.iter().find(|(_, text)| large(text)) {
            let message = format!("“{text}”按小数读是百分之几百，像是百分数；请核对用作");
            doubts.push(doubt(grid.address(*row, column), message, true).or_accept(format!("growth.{letters}")));
        }
        return;
    }
    if !small.is_empty() && small.len() == figures.len() && figures.iter().any(|(_, text)| text.contains('.')) {
        let message = "都小于 1，像是小数写法的百分数（0.123 即 12.3%）；请把这一列的用作改为“（小数）”的一种";
        doubts.push(doubt(format!("{letters}列"), message, figures.len() > 1));
    } else if let Some(row) = small.iter().find(odd) {
        let message = format!(
            "“{}”是百分之几，还是小数写法（0.13 即 13%）？请在表里写成带 % 的数，或把这一列的用作改为“（小数）”的一种",
            grid.cell(*row, column).trim()
        );
        doubts.push(doubt(grid.address(*row, column), message, true).or_accept(format!("growth.{letters}")));
    }
}

/// A growth as a cell has it: in percent or words, or as a share. `triangle` is whether ▲ is a rise.
pub(super) fn growth_of(text: &str, of: Use, triangle: Option<bool>) -> Result<Option<UnderstoodGrowth>, String> {
    if of == Use::GrowthShare
        && !text.contains(['%', '％'])
        && let Ok(rate) = Rate::parse_share(text)
    {
        return Ok(Some(UnderstoodGrowth { rate, said: None }));
    }
    understand_growth(text, triangle)
}

/// Whether ▲ in this column is a rise: a legend of the sheet says so, or falls have marks of their own. `None`: only
/// somebody who knows the table can tell.
fn triangle(grid: &Grid, column: usize, first: usize) -> Option<bool> {
    let legends = grid.rows.iter().flatten().filter(|text| text.contains(TRIANGLES) && text.chars().count() > 4);
    for legend in legends {
        let behind = legend.rsplit(TRIANGLES).next().unwrap_or_default();
        let at = |words: &[&str]| words.iter().filter_map(|word| behind.find(word)).min();
        match (at(&["增", "升", "上涨", "正"]), at(&["降", "减", "负", "下跌"])) {
            (Some(up), Some(down)) => return Some(up < down),
            (Some(_), None) => return Some(true),
            (None, Some(_)) => return Some(false),
            (None, None) => {}
        }
    }
    let cells = || (first..grid.rows.len()).map(|row| grid.cell(row, column));
    cells().any(|text| text.contains(['▼', '▽', '↓', '-', '−', '－', '负']) || text.contains("降")).then_some(true)
}

/// A computed figure has more decimals than the least unit of money: to the nearest 元.
pub(super) fn to_the_unit<'t>(measure: &Measure, text: &'t str) -> Cow<'t, str> {
    let digits = measure.per_unit.ilog10() as usize;
    let rounded = || {
        let (whole, fraction) = text.split_once('.')?;
        let figures = |text: &str| text.chars().all(|c| c.is_ascii_digit());
        let sure = measure.money && fraction.len() > digits && fraction.len() < 18 && whole.len() < 13;
        if !sure || !figures(fraction) || !figures(whole.trim_start_matches('-')) {
            return None;
        }
        let number: i128 = format!("{whole}{fraction}").parse().ok()?;
        Some(domain::money::round_decimal(number, 10_i128.pow(fraction.len() as u32), measure.per_unit.ilog10()))
    };
    rounded().map_or(Cow::Borrowed(text), Cow::Owned)
}

struct LineReader<'a> {
    goal: &'a Goal,
    units: &'a Names<'a>,
    grid: &'a Grid,
    file: &'a str,
    measure: &'a Measure,
    columns: &'a [(usize, Use)],
    /// Whether ▲ in the column of growths is a rise.
    rises: Option<bool>,
    row: usize,
}

impl LineReader<'_> {
    fn column(&self, wanted: Use) -> Option<usize> {
        self.columns.iter().find(|(_, of)| *of == wanted).map(|(column, _)| *column)
    }

    fn read(&self, seen: &mut BTreeMap<RegionId, usize>, found: &mut Preview) {
        let Some(name) = self.column(Use::Name) else { return };
        let written = self.grid.cell(self.row, name).trim().to_owned();
        let number = self.grid.top + self.row + 1;
        let figures =
            [Use::Value, Use::Base, Use::Growth, Use::GrowthShare].into_iter().filter_map(|of| self.column(of));
        let filled = figures
            .map(|column| self.grid.cell(self.row, column))
            .any(|text| !is_blank(text) && (text.chars().any(|c| c.is_numeric()) || text.contains("平")));
        let address = self.grid.address(self.row, name);
        let skipped = found.mapping.skips(number, &address);
        let line = |region: Option<(RegionId, String)>, figure: Figure| SheetLine {
            row: number,
            address: address.clone(),
            written: written.clone(),
            region,
            figure,
            skipped,
        };
        if written.is_empty() {
            if filled && !skipped {
                found.doubts.push(nameless(address));
            }
            return;
        }
        let Some(known) = self.units.named(&written) else {
            if !filled {
                // 注：…… and the like. Another head means other columns from here on.
                let texts = self
                    .columns
                    .iter()
                    .filter(|(_, of)| matches!(of, Use::Value | Use::Base))
                    .map(|(column, _)| *column);
                let head = texts
                    .map(|column| use_of(self.grid.cell(self.row, column), None, self.goal.kind))
                    .any(|of| matches!(of, Use::Value | Use::Base));
                if head && !skipped {
                    let message = "这里又是一行表头：下面是另一张表，请分开导入；确实是同样的列，请选不导入这一行";
                    found.doubts.push(doubt(address.clone(), message, true));
                    found.lines.push(line(None, Figure::default()));
                }
                return;
            }
            if !skipped {
                let aside = is_aside(&bare(&written));
                let names = self.goal.splits.iter().map(|split| split.name.as_str());
                let message = match suggest(&written, names) {
                    _ if aside => format!("“{}”不是计划里的单位，没有用", shorten(&written)),
                    Some(name) => {
                        format!("计划里没有“{}”，是否应为“{name}”？请在表里改好，或选不导入这一行", shorten(&written))
                    }
                    None => format!("计划里没有“{}”；请在表里改好，或选不导入这一行", shorten(&written)),
                };
                found.doubts.push(doubt(address.clone(), message, !aside));
                if aside {
                    return;
                }
            }
            found.lines.push(line(None, Figure::default()));
            return;
        };
        if skipped {
            found.lines.push(line(Some((known.region, known.name)), Figure::default()));
            return;
        }
        if let Some(first) = seen.get(&known.region) {
            // A merged name covers several lines; only one of them has the figures.
            if filled {
                let message = format!("{}已在第 {first} 行出现过，同一单位只能有一行；请选不导入其中一行", known.name);
                found.doubts.push(doubt(address.clone(), message, true));
                found.lines.push(line(Some((known.region, known.name)), Figure::default()));
            }
            return;
        }
        seen.insert(known.region.clone(), number);
        if known.guessed {
            found.doubts.push(doubt(address.clone(), format!("“{}”读作“{}”", shorten(&written), known.name), false));
        }
        if self.grid.hides_row(self.row) {
            found.doubts.push(doubt(address.clone(), HIDDEN_ROW, false));
        }
        let figure = self.figure(&found.mapping, &mut found.doubts);
        found.lines.push(line(Some((known.region, known.name)), figure));
    }

    /// What stands in a cell, as it is to be read.
    fn text(&self, column: usize, of: Use, mapping: &Mapping) -> &str {
        let shown = self.grid.shown.get(&self.grid.address(self.row, column));
        let shown = shown.filter(|_| mapping.reads_shown(&self.grid.letters(column), of));
        shown.map_or(self.grid.cell(self.row, column), String::as_str).trim()
    }

    fn figure(&self, mapping: &Mapping, doubts: &mut Vec<Doubt>) -> Figure {
        let mut amount = |of: Use| {
            let column = self.column(of)?;
            let text = self.text(column, of, mapping);
            if is_blank(text) {
                return None;
            }
            let address = self.grid.address(self.row, column);
            // In the unit of the sheet; a figure may name its own.
            let least = to_the_unit(self.measure, text);
            if least != text {
                doubts.push(doubt(address.clone(), format!("“{text}”小数太多，四舍五入到元：{least}"), false));
            }
            match understand(self.measure, &least) {
                Ok(read) => {
                    if let Some(said) = read.as_ref().and_then(|read| read.said.clone()).filter(|_| !is_plain(text)) {
                        doubts.push(doubt(address, said, false));
                    }
                    read.map(|read| read.amount)
                }
                Err(error) => {
                    let why = no_figure(text).map_or(error, str::to_owned);
                    doubts.push(doubt(address, format!("{}：{why}", of.called()), true));
                    None
                }
            }
        };
        let (value, base) = (amount(Use::Value), amount(Use::Base));
        let stated = self.columns.iter().find(|(_, of)| matches!(of, Use::Growth | Use::GrowthShare));
        let growth = stated.and_then(|&(column, of)| self.growth(column, of, mapping, doubts));
        let note =
            self.column(Use::Note).map(|column| self.grid.cell(self.row, column).trim().to_owned()).unwrap_or_default();
        if note.chars().count() > 1000 {
            let column = self.column(Use::Note).unwrap_or_default();
            doubts.push(doubt(self.grid.address(self.row, column), "说明超过 1000 字，请缩短", true));
        }
        let line = u32::try_from(self.grid.top + self.row + 1).ok();
        let source = Source { file: Some(self.file.into()), line, ..Source::default() };
        Figure { value, base, published_growth: growth, note, source }
    }
}

impl LineReader<'_> {
    fn growth(&self, column: usize, of: Use, mapping: &Mapping, doubts: &mut Vec<Doubt>) -> Option<Rate> {
        let (text, address) = (self.text(column, of, mapping), self.grid.address(self.row, column));
        let known = self.rises;
        match growth_of(text, of, known.or(Some(true))) {
            Ok(read) => {
                let read = read?;
                if known.is_none() && text.contains(TRIANGLES) {
                    let message = format!("“{text}”按增长读；三角在有的表里表示下降，是下降请在表里写成负数");
                    let key = format!("triangle.{}", self.grid.letters(column));
                    doubts.push(doubt(address, message, true).or_accept(key));
                } else {
                    doubts.extend(read.said.map(|said| doubt(address, said, false)));
                }
                Some(read.rate)
            }
            Err(error) => {
                let why = no_figure(text).map_or(error, str::to_owned);
                doubts.push(doubt(address, format!("公布增幅：{why}"), true));
                None
            }
        }
    }
}

/// The total of the sheet against the sum of its parts: told, never changed.
fn compare_total(plan: &Plan, goal: &Goal, units: &Names<'_>, found: &mut Preview) {
    let of = |line: &SheetLine| line.region.as_ref().filter(|_| !line.skipped).map(|(region, _)| region.clone());
    let total = found
        .lines
        .iter()
        .find(|line| of(line).as_deref() == Some(plan.region.id()))
        .and_then(|line| Some((line.row, line.figure.value?)));
    let Some((row, total)) = total else { return };
    let parts = found.lines.iter().filter(|line| {
        of(line).and_then(|region| units.of_code(&region).map(|split| split.within.is_none())).unwrap_or(false)
    });
    let sum: i64 = parts.filter_map(|line| line.figure.value).map(|value| value.0).sum();
    if sum != total.0 && sum != 0 {
        let measure = &goal.measure;
        let message = format!(
            "第 {row} 行的合计 {} 与各单位之和 {} 不等；按各自写明的数导入",
            measure.with_unit(total),
            measure.with_unit(Amount(sum))
        );
        found.doubts.push(doubt(String::new(), message, false));
    }
}
