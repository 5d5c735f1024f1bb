//! A sheet with the split of a target: what each column is, every doubt at its cell, and the split itself.

use std::collections::BTreeSet;

use domain::money::{Measure, is_blank};
use domain::month::shorten;
use domain::plan::table::{self, Part, PastedSplit, Row, gather};
use domain::plan::{Split, Target};
use domain::region::{Region, code_of, fold_name, is_whole, suggest};

use super::doubts::accept;
use super::heads::{self, above_and_heads, distinct, numbers_columns};
use super::lines::{growth_of, to_the_unit};
use super::names::{bare, is_unseen, unit_of};
use super::{Doubt, HIDDEN_ROW, Mapping, NO_HEAD, UNNAMED, Use, UseOf, doubled, doubt, hidden_columns, likeliest, units, with_heads};
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

/// The sheet named, else the one that fits the year and has most units; the others that fit as well.
///
/// # Errors
/// There is no sheet of this name: the sentence lists those there are.
pub fn choose_split<'g>(of: &SplitOf<'_>, sheets: &'g [Grid], named: Option<&str>) -> Result<(&'g Grid, Vec<&'g str>), String> {
    if let Some(name) = named.map(str::trim).filter(|name| !name.is_empty()) {
        return super::sheet_named(sheets, name).map(|sheet| (sheet, Vec::new()));
    }
    let fits = |sheet: &Grid| {
        let preview = preview_split(of, sheet, None);
        let own = !preview.doubts.iter().any(|doubt| ["year", "title"].contains(&doubt.key.as_str()));
        let targets = preview.mapping.columns.values().any(|column| column.of == Use::Value);
        let called = sheet.name.contains(&of.year.to_string());
        if preview.lines.is_empty() { (false, false, false, 0) } else { (own, targets, called, preview.lines.len()) }
    };
    let judged: Vec<(&Grid, _)> = sheets.iter().map(|sheet| (sheet, fits(sheet))).collect();
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
pub fn preview_split(of: &SplitOf<'_>, grid: &Grid, wished: Option<&Mapping>) -> SplitPreview {
    let mut found = SplitPreview::default();
    guess(of, grid, &mut found);
    if let Some(mapping) = wished {
        found.mapping = with_heads(mapping, grid);
        found.doubts.retain(|doubt| doubt.stands(mapping));
    }
    other_table(of, grid, &mut found);
    units(of.measure, grid, &mut found.mapping, &mut found.doubts);
    read_lines(of, grid, &mut found);
    accept(&mut found.doubts, &found.mapping);
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
    if text.is_ascii() { text.trim().to_owned() } else { text.chars().filter(|c| !c.is_whitespace() && !is_unseen(*c)).collect() }
}

/// A unit that the plan has, or that lies in its region.
fn is_known(of: &SplitOf<'_>, written: &str) -> bool {
    // No name is that long, or a number: most cells of a large sheet are passed over cheaply.
    let code = || of.units.iter().any(|split| split.region == written.trim());
    if written.is_empty() || written.len() > 200 || is_figure(written) {
        return code();
    }
    unit_of(of.own, of.units, written).is_some() || code_of(&bare(&compact(written)), of.own).is_some()
}

/// What stands above names: 县（市）区, 设区市.
fn is_head(name: &str) -> bool {
    let plain: String = name.chars().filter(|c| !matches!(c, '(' | ')' | '（' | '）' | '、' | '各')).collect();
    let words = [
        "县市区",
        "县区",
        "区县",
        "市县",
        "县市",
        "市县区",
        "设区市",
        "地市",
        "市州",
        "市区县",
        "市",
        "县",
        "区",
        "乡镇",
        "镇乡",
        "镇街",
        "乡镇街道",
        "镇街道",
        "街道",
        "片区",
        "园区",
        "城市",
        "开发区",
        "部门",
        "企业",
        "项目",
    ];
    words.contains(&plain.as_str()) || ["单位", "名称", "地区", "区域"].iter().any(|word| plain.ends_with(word))
}

fn is_unit(of: &SplitOf<'_>, written: &str) -> bool {
    let name = bare(&compact(written));
    let named = ["市", "县", "区", "镇", "乡", "街道", "旗", "州", "盟"].iter().any(|ending| name.ends_with(ending));
    is_known(of, written) || (named && name.chars().count() > 1 && !is_head(&name)) || is_whole(&name, of.own)
}

/// What no unit is called: a note, a subtotal, a date, a mark.
fn is_aside(name: &str) -> bool {
    let sums = ["小计", "平均", "均值", "合计", "总计", "共计", "汇总"];
    let notes =
        ["备注", "注：", "注:", "说明", "续表", "单位：", "单位:", "审核", "填表", "制表", "填报", "联系", "电话", "日期", "目标", "任务"];
    let dated = name.contains('年') && name.contains('月');
    let bare = name.split(['(', '（']).next().unwrap_or_default();
    sums.iter().any(|word| bare.trim_end_matches([':', '：']).ends_with(word))
        || notes.iter().any(|word| name.starts_with(word))
        || matches!(name, "注" | "其中" | "其中：")
        || dated
        || !name.chars().any(char::is_alphabetic)
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
    let mut found: Vec<(usize, usize)> = Vec::new();
    for &column in &words {
        let all = texts(column);
        let named: Vec<String> = all.iter().filter(|text| is_unit(of, text)).map(|text| bare(&compact(text))).collect();
        let own = |name: &&String| !is_whole(name, of.own);
        let unit = |name: &String| unit_of(of.own, of.units, name).map_or_else(|| name.clone(), |(unit, _)| unit.name.clone());
        let units: BTreeSet<String> = named.iter().filter(own).map(unit).collect();
        // Who is responsible for a unit may be called like it.
        if !units.is_empty() && named.len() * 2 > all.len() && units.is_disjoint(&taken) {
            found.push((column, units.len()));
            taken.extend(units);
        }
    }
    // Names beside names without a figure between them are of one table: those of most units count.
    let figures = |from: usize, to: usize| (from + 1..to).any(|other| texts(other).iter().any(|text| is_figure(text)));
    let mut kept: Vec<(usize, usize)> = Vec::new();
    for (column, count) in found {
        match kept.last_mut() {
            Some(last) if !figures(last.0, column) => {
                if count > last.1 {
                    *last = (column, count);
                }
            }
            _ => kept.push((column, count)),
        }
    }
    let mut names: Vec<usize> = kept.into_iter().map(|(column, _)| column).collect();
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
    let is_body = |row: &[String]| {
        row.iter().any(|cell| !is_figure(cell) && is_known(of, cell)) || (distinct(row).len() > 1 && !numbers_columns(row) && filled(row))
    };
    let body: Vec<usize> = (0..grid.rows.len()).filter(|&row| is_body(&grid.rows[row])).collect();
    let first = body.first().copied().unwrap_or(grid.rows.len());
    let names = name_columns(of, grid, &body, &above_and_heads(grid, first).1);
    let is_line = |&row: &usize| distinct(&grid.rows[row]).len() > 1 && names.iter().any(|&name| is_unit(of, grid.cell(row, name)));
    let first = (0..first).find(is_line).unwrap_or(first);
    found.mapping.first_row = grid.top + first + 1;
    let (_, heads) = above_and_heads(grid, first);
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
                let letters = grid.letters(group[at].0);
                found.doubts.push(doubt(format!("{letters}列"), message, false).about(vec![(letters, use_as)]));
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
    let last = names.iter().max().copied().unwrap_or(grid.width());
    for (column, head) in heads.iter().enumerate().skip(last + 1) {
        let letters = grid.letters(column);
        let unused = found.mapping.columns.get(&letters).is_some_and(|column| column.of == Use::Ignore);
        if let Some(row) = body.iter().find(|&&row| head.is_empty() && unused && is_figure(grid.cell(row, column))) {
            let no_head = doubt(grid.address(*row, column), UNNAMED, true).or_accept(format!("column.{letters}"));
            found.doubts.push(no_head.about(vec![(letters, Use::Ignore)]));
        }
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

/// The title, the heads or the sheet's name speak of another year, of a part of it, or of something else.
fn other_table(of: &SplitOf<'_>, grid: &Grid, found: &mut SplitPreview) {
    let (above, heads) = above_and_heads(grid, found.mapping.first_row.saturating_sub(grid.top + 1));
    let years = |text: &str| -> Vec<i32> {
        let folded = domain::money::fold(text);
        let runs = folded.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 4);
        runs.filter_map(|run| run.parse().ok()).filter(|year| (1990..2100).contains(year)).collect()
    };
    let mut named: Vec<i32> = above.iter().copied().chain(heads.iter().map(String::as_str)).flat_map(years).collect();
    if named.is_empty() {
        named = years(&grid.name);
    }
    if let (Some(from), Some(to)) = (named.iter().min(), named.iter().max())
        && !(*from..=*to).contains(&of.year)
    {
        let said = if from == to { format!("{from}年") } else { format!("{from}—{to}年") };
        let message = format!("表里写的是{said}，要读的是{}年的目标；请核对没有选错文件", of.year);
        found.doubts.push(doubt(String::new(), message, true).or_accept("year"));
    }
    let topic = of.goal.trim_start_matches("工业").trim_end_matches("投资");
    let of_other = |text: &&str| {
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word) && !of.goal.contains(word));
        let topics = ["固定资产", "固投", "担保", "贷款", "产值", "招商", "外资", "财政", "税收", "出口", "消费"];
        let own = !topic.is_empty() && text.contains(topic);
        let part = ["上半年", "下半年", "季度", "月份"];
        (!own && has(&topics)) || (!text.contains("年度") && has(&part)) || has(&["完成情况", "进度"])
    };
    if let Some(title) = above.iter().copied().chain([grid.name.as_str()]).find(of_other) {
        let message = format!("“{}”不像{}年{}的分解；请核对没有选错表", shorten(title), of.year, of.goal);
        found.doubts.push(doubt(String::new(), message, true).or_accept("title"));
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
        let message = match grid.width() {
            1 => "表里只有一列，没有读出单位和目标；请核对文件，CSV 要用逗号分隔",
            _ => "没有找到单位名称一列；请在对应关系里指定哪一列是单位名称",
        };
        found.doubts.push(whole(message));
        return;
    }
    if !tables.iter().flatten().any(|(_, of)| matches!(of, Use::Value | Use::Growth | Use::GrowthShare)) {
        let message = format!("没有找到{}年的目标一列；请在对应关系里指定哪一列是目标", of.year);
        found.doubts.push(whole(&message));
        return;
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
            written(row).trim().chars().next().is_some_and(|c| "一二三四五六七八九十".contains(c)) && written(row).contains('、')
        };
        let headings = !lines.clone().filter(|&row| !written(row).trim().is_empty()).all(numbered);
        if let Some((growth, _)) = table.iter().find(|(_, of)| *of == Use::Growth) {
            super::lines::fractions(grid, *growth, first, &mut found.doubts);
        }
        for row in (0..first.min(grid.rows.len())).filter(|&row| is_known(of, written(row)) && !is_head(written(row))) {
            let message = format!("“{}”在“从第几行起”之前，没有读", shorten(written(row).trim()));
            found.doubts.push(doubt(grid.address(row, name), message, false));
        }
        for row in lines {
            let line = SplitReader { of, grid, measure, row, name, table };
            line.read(indent(row) > least, headings && numbered(row), &mut read, found);
        }
    }
    if read.rows.len() > LINES {
        found.doubts.push(whole(&format!("表里有 {} 行单位，最多 {LINES} 行；请核对选的是分解表", read.rows.len())));
        found.lines.clear();
        return;
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
}

/// What the sheet says beside what the plan says: what it leaves open stays, what does not fit is told.
fn against_the_plan(of: &SplitOf<'_>, tables: &[Vec<(usize, Use)>], found: &mut SplitPreview) {
    let has = |wanted: &[Use]| tables.iter().flatten().any(|(_, of)| wanted.contains(of));
    let (values, growths) = (has(&[Use::Value]), has(&[Use::Growth, Use::GrowthShare]));
    let known = |split: &Split| of.units.iter().find(|unit| unit.region == split.region || fold_name(&unit.name) == fold_name(&split.name));
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
        let above = unit.within.as_ref().and_then(|within| of.units.iter().find(|unit| unit.region == *within));
        if let Some(above) = above.filter(|above| split.within.is_none() && regions.contains(&above.region)) {
            split.within = Some(above.region.clone());
            said.push(format!("{}在计划里属于{}之内，照旧；不对请在计划的表格里改", split.name, above.name));
        }
        // Of the same year, else of any: a slip of the unit makes ten thousand times.
        let before = unit.target(of.year).or(unit.targets.first().copied()).and_then(|target| target.value).filter(|value| value.0 > 0);
        let now = split.targets.first().and_then(|target| target.value).filter(|value| value.0 > 0);
        if let Some((before, now)) = before.zip(now).filter(|(before, now)| now.0 / 1_000 >= before.0 || before.0 / 1_000 >= now.0) {
            jumps.push(format!("{}读作 {}，计划里是 {}", split.name, of.measure.with_unit(now), of.measure.with_unit(before)));
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
    // The lines say what the plan will say.
    for row in found.lines.iter_mut().filter_map(|line| line.read.as_mut()) {
        let split = found.split.splits.iter().find(|split| fold_name(&split.name) == fold_name(&row.name));
        let target = if row.is_total(of.own) { found.split.total } else { split.and_then(|split| split.targets.first().copied()) };
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
    if let Some(total) = found.split.total.and_then(|total| total.value).filter(|total| total.0 != sum && sum > 0 && values) {
        let (total, sum) = (of.measure.with_unit(total), of.measure.with_unit(domain::money::Amount(sum)));
        said.push(format!("合计 {total} 与各单位之和 {sum} 不等；各按写明的数读"));
    }
    let missing: Vec<&str> = of
        .units
        .iter()
        .filter(|unit| !found.split.splits.iter().any(|split| known(split).is_some_and(|known| known.region == unit.region)))
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
    rows: Vec<Row>,
    places: Vec<String>,
}

struct SplitReader<'a> {
    of: &'a SplitOf<'a>,
    grid: &'a Grid,
    measure: &'a Measure,
    row: usize,
    name: usize,
    table: &'a [(usize, Use)],
}

impl SplitReader<'_> {
    fn column(&self, wanted: Use) -> Option<(usize, Use)> {
        let kind = |of: Use| if of == Use::GrowthShare { Use::Growth } else { of };
        self.table.iter().copied().find(|(_, of)| kind(*of) == wanted)
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
            let named = if column < self.name { is_whole(&text, self.of.own) } else { is_unit(self.of, &text) };
            named.then(|| (if column < self.name { text.clone() } else { format!("其中：{text}") }, self.grid.address(self.row, column)))
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
                found.doubts.push(doubt(address, "这一行有数，没有单位名称，没有用", false));
            }
            return;
        }
        let mut line = SplitLine { row: number, address: address.clone(), written: written.clone(), read: None, new: false, skipped };
        if let Some(head) = self.heads_again(&written) {
            let unit = heads::unit_word(head).filter(|unit| self.of.measure.money && *unit != self.measure.unit);
            let same = self.column(Use::Value).is_some_and(|(column, _)| {
                found.mapping.columns.get(&self.grid.letters(column)).is_some_and(|known| known.head.ends_with(head))
            });
            let message = match unit {
                Some(unit) => Some((format!("这里又是一行表头，单位是{unit}，与上面不同；请把下面的表另存成一张再读"), true)),
                None if same => Some(("又是一行同样的表头，没有用".to_owned(), false)),
                None => {
                    (!skipped).then(|| ("这里又是一行表头：下面是另一张表，请分开读；确实是同样的列，请勾选不要这一行".to_owned(), true))
                }
            };
            found.doubts.extend(message.map(|(message, stops)| doubt(address, message, stops)));
            found.lines.push(line);
            return;
        }
        // 注：…… below the table, or a heading between its lines.
        let alone = distinct(&self.grid.rows[self.row]).len() == 1;
        let total = is_whole(&bare(&written), self.of.own);
        let known = is_known(self.of, &written);
        let other = !total && !known && (is_aside(&bare(&written)) || heading || ((alone || !filled) && !is_unit(self.of, &written)));
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
            match unit_of(self.of.own, self.of.units, &line.written) {
                Some((unit, guessed)) => {
                    if guessed {
                        found.doubts.push(doubt(address.to_owned(), format!("“{}”读作“{}”", shorten(&line.written), unit.name), false));
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
        let place = |of: Use| self.column(of).map_or(address.to_owned(), |(column, _)| self.grid.address(self.row, column));
        let value = self.cell(Use::Value);
        let least = to_the_unit(self.measure, value);
        if least != value {
            found.doubts.push(doubt(place(Use::Value), format!("“{value}”小数太多，四舍五入到元：{least}"), false));
        }
        // What is shared out in percent comes as percent.
        let growth = match self.column(Use::Growth) {
            Some((_, of @ Use::GrowthShare)) if is_figure(self.cell(Use::Growth)) && !table::is_none(self.cell(Use::Growth)) => {
                match growth_of(self.cell(Use::Growth), of) {
                    Ok(rate) => format!("{}%", rate.percent_as_written()),
                    Err(_) => self.cell(Use::Growth).to_owned(),
                }
            }
            _ => self.cell(Use::Growth).to_owned(),
        };
        let name = if nested { format!("其中：{name}") } else { name };
        read.places.push(address.to_owned());
        match Row::read(read.places.len(), [self.cell(Use::Number), &name, &least, &growth], self.measure) {
            Ok(row) => {
                if row.value.is_some_and(|value| value.0 == 0) {
                    found.doubts.push(doubt(place(Use::Value), "目标是 0；没有目标请写 /", false));
                }
                line.read = Some(row.clone());
                read.rows.push(row);
            }
            Err((part, error)) => {
                let of = if part == Part::Value { Use::Value } else { Use::Growth };
                let message = format!("{}的{}：{error}", shorten(&line.written), of.called_in_split());
                found.doubts.push(doubt(place(of), message, true));
            }
        }
    }
}
