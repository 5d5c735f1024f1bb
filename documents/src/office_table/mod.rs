//! Returns as offices really keep them: a title above, heads in two lines, 合计 somewhere, two tables side by side. What
//! each column means is guessed, shown, and can be said otherwise; every doubt names its cell.

mod by_goal;
mod cells;
mod doubts;
mod heads;
mod lines;
mod mapping;
mod names;
mod split;

use std::collections::{BTreeMap, BTreeSet};

use domain::budget::{Budget, Ended};
use domain::head::{Head, Says, UNITS, months_in, unit_word, years_in};
use domain::money::Measure;
use domain::month::{Period, shorten};
use domain::plan::{Goal, Plan};
use domain::region::RegionId;
use domain::returns::{Figure, Figures};

pub use self::by_goal::one_goal;
pub use self::doubts::{Doubt, accept};
use self::heads::{above_and_heads, distinct, is_figure, names_time, period_in, stated_units, use_of};
use self::lines::read_lines;
pub use self::mapping::{from_toml, is_place, to_toml};
use self::names::Names;
pub use self::split::{SplitLine, SplitOf, SplitPreview, choose_split, preview_split};
use crate::grid::Grid;
use domain::returns::ReturnRow;

/// What a column is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// The document's own number of a unit: its order, where two tables stand side by side.
    Number,
    Name,
    Value,
    Base,
    /// Growth as the statistics bureau states it: it then ranks.
    Growth,
    /// The same written as a share: 0.123 for 12.3%, as a percent cell of an old xls comes out.
    GrowthShare,
    Note,
    Ignore,
}

impl Use {
    /// In a table of returns.
    pub const RETURNS: [Use; 7] =
        [Use::Name, Use::Value, Use::Base, Use::Growth, Use::GrowthShare, Use::Note, Use::Ignore];
    /// In the split of a target.
    pub const SPLIT: [Use; 6] = [Use::Number, Use::Name, Use::Value, Use::Growth, Use::GrowthShare, Use::Ignore];

    /// As written in a mapping file.
    pub fn id(self) -> &'static str {
        match self {
            Use::Number => "number",
            Use::Name => "name",
            Use::Value => "value",
            Use::Base => "base",
            Use::Growth => "growth",
            Use::GrowthShare => "growth_share",
            Use::Note => "note",
            Use::Ignore => "ignore",
        }
    }

    pub fn called(self) -> &'static str {
        match self {
            Use::Number => "序号",
            Use::Name => "单位名称",
            Use::Value => "本期累计",
            Use::Base => "上年同期",
            Use::Growth => "公布增幅",
            Use::GrowthShare => "公布增幅（小数）",
            Use::Note => "说明",
            Use::Ignore => "不用",
        }
    }

    /// Where the sheet is the split of a target.
    pub fn called_in_split(self) -> &'static str {
        match self {
            Use::Value => "目标",
            Use::Growth => "增幅目标",
            Use::GrowthShare => "增幅目标（小数）",
            other => other.called(),
        }
    }

    /// Both forms of a growth are one.
    fn kind(self) -> Use {
        if self == Use::GrowthShare { Use::Growth } else { self }
    }

    /// The use of this id, of those that such a table may have.
    pub fn parse(text: &str, uses: &[Use]) -> Option<Self> {
        uses.iter().copied().find(|known| known.id() == text.trim())
    }
}

/// How a sheet is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mapping {
    pub sheet: String,
    pub period: Option<Period>,
    /// The unit of money of its figures; `None`: the goal's.
    pub unit: Option<String>,
    /// The first line with a unit, as the spreadsheet numbers lines.
    pub first_row: usize,
    /// By the letters of the columns.
    pub columns: BTreeMap<String, UseOf>,
    /// What is left out: `F12`, the unit whose name stands there; `12`, the whole line.
    pub skip: BTreeSet<String>,
    /// The doubts that somebody finds right as they are, by their keys.
    pub accept: BTreeSet<String>,
}

impl Mapping {
    /// Whether a column's figures are read as its cells show them, where they hold more digits: what is published was
    /// rounded, an amount is what it is. Somebody may choose otherwise.
    fn reads_shown(&self, letters: &str, of: Use) -> bool {
        match of.kind() {
            Use::Growth => !self.accept.contains(&format!("held.{letters}")),
            _ => self.accept.contains(&format!("shown.{letters}")),
        }
    }

    fn skips(&self, row: usize, address: &str) -> bool {
        self.skip.contains(address) || self.skip.contains(&row.to_string())
    }
}

/// The head of a column that has none.
const NO_HEAD: &str = "（无表头）";

/// A column's head as read, and its use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UseOf {
    pub head: String,
    pub of: Use,
}

/// A line as it is understood.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetLine {
    /// As the spreadsheet numbers it.
    pub row: usize,
    /// The cell of its name: side by side stand several units in a line.
    pub address: String,
    pub written: String,
    /// The unit of the plan, by id and name; `None` where none fits.
    pub region: Option<(RegionId, String)>,
    pub figure: Figure,
    /// Left out on request.
    pub skipped: bool,
}

/// A sheet as it is understood, before anything is written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Preview {
    pub mapping: Mapping,
    pub lines: Vec<SheetLine>,
    pub doubts: Vec<Doubt>,
    /// How many tables stand side by side.
    pub tables: usize,
}

impl Preview {
    pub fn stops(&self) -> bool {
        self.doubts.iter().any(|doubt| doubt.stops)
    }

    /// What the sheet has no column for stays as it is in force: a table without last year's figures does not empty
    /// them.
    pub fn keep(&mut self, in_force: &Figures, goal: &Goal) {
        let Some(period) = self.mapping.period else { return };
        let has = |wanted: Use| self.mapping.columns.values().any(|column| column.of.kind() == wanted);
        let (value, base, growth, note) = (has(Use::Value), has(Use::Base), has(Use::Growth), has(Use::Note));
        for line in &mut self.lines {
            let Some((region, _)) = &line.region else { continue };
            let Some(now) = in_force.get(&goal.id, period, region) else { continue };
            let figure = &mut line.figure;
            figure.value = if value { figure.value } else { now.value };
            figure.base = if base { figure.base } else { now.base };
            figure.published_growth = if growth { figure.published_growth } else { now.published_growth };
            if !note {
                figure.note.clone_from(&now.note);
            }
        }
    }

    /// Adds what somebody else finds doubtful, unless it has been accepted.
    pub fn add(&mut self, doubts: impl IntoIterator<Item = Doubt>) {
        let mut added: Vec<Doubt> = doubts.into_iter().collect();
        doubts::accept(&mut added, &self.mapping.accept);
        self.doubts.extend(added);
    }

    /// The rows to be written; none while something stops.
    pub fn rows(&self, goal: &Goal) -> Vec<ReturnRow> {
        if self.stops() { Vec::new() } else { self.read_rows(goal) }
    }

    /// The rows as far as they are read.
    pub fn read_rows(&self, goal: &Goal) -> Vec<ReturnRow> {
        let Some(period) = self.mapping.period else { return Vec::new() };
        let wanted = self.lines.iter().filter(|line| !line.skipped && line.figure.is_reported());
        let row = |line: &SheetLine| {
            let region = line.region.as_ref()?.0.clone();
            Some(ReturnRow { line: line.row, goal: goal.id.clone(), region, period, figure: line.figure.clone() })
        };
        wanted.filter_map(row).collect()
    }
}

/// Reads a sheet; what `wished` leaves open is guessed. `period` is what the address or command says.
///
/// What is doubtful about the guess stays so for one's own mapping, until that says otherwise or accepts it.
///
/// # Errors
/// The budget ended.
pub fn preview(
    plan: &Plan,
    goal: &Goal,
    grid: &Grid,
    wished: Option<&Mapping>,
    period: Option<Period>,
    file: &str,
    budget: Budget<'_>,
) -> Result<Preview, Ended> {
    if let Some(own) = one_goal(plan, goal, grid, &plan.region.name, false, budget)? {
        let mut found = preview(plan, goal, &own, wished, period, file, budget)?;
        let message = format!("表里各行是指标，取“{}”一行，作为{}的数", goal.name, plan.region.name);
        found.add([doubt(String::new(), message, false)]);
        return Ok(found);
    }
    let asked = wished.map_or(period, |mapping| mapping.period);
    let names = Names::of(&plan.region, &goal.splits);
    let mut found = guess(plan, goal, &names, grid, asked, budget)?;
    let said = found.mapping.period;
    match wished {
        Some(mapping) => {
            found.mapping = with_heads(mapping, grid);
            found.doubts.retain(|doubt| doubt.stands(mapping));
        }
        None => found.mapping.period = period.or(said),
    }
    if let Some(asked) = found.mapping.period {
        if let Some(said) = said.filter(|said| *said != asked) {
            let message = format!("表里写的是{}，现在按{}读；请核对没有选错文件", said.label(), asked.label());
            found.doubts.push(doubt(String::new(), message, false).or_accept("period"));
        }
        let above = grid.rows.iter().take(found.mapping.first_row.saturating_sub(grid.top + 1)).flatten();
        let years: Vec<i32> = above.flat_map(|text| years_in(text)).collect();
        if !years.is_empty() && !years.contains(&asked.year) {
            let message = format!("表里写的是{}年，不是{}年；请核对没有选错文件", years[0], asked.year);
            found.doubts.push(doubt(String::new(), message, true).or_accept("year"));
        }
    }
    if let Some(mapping) = wished {
        for letters in mapping.columns.keys().filter(|letters| grid.column(letters).is_none()) {
            found.doubts.push(doubt(format!("{letters}列"), "表里没有这一列；请改对应关系", true));
        }
    }
    alone_month(grid, &mut found);
    units(&goal.measure, grid, &mut found.mapping, &mut found.doubts);
    strays(plan, &names, grid, &mut found, budget)?;
    read_lines(plan, goal, &names, (grid, file), &mut found, budget)?;
    doubts::accept(&mut found.doubts, &found.mapping.accept);
    Ok(found)
}

/// 7月 in the title and 累计 nowhere: it may be the month's own figure.
fn alone_month(grid: &Grid, found: &mut Preview) {
    let Some(period) = found.mapping.period.filter(|period| period.month > 1) else { return };
    let (above, heads) = above_and_heads(grid, found.mapping.first_row.saturating_sub(grid.top + 1));
    let texts: Vec<&str> = above.iter().copied().chain(heads.iter().map(String::as_str)).collect();
    let named: Vec<(u32, u32)> = above.iter().copied().flat_map(months_in).collect();
    let sums = texts.iter().any(|text| ["累计", "截至", "底", "末", "合计"].iter().any(|word| text.contains(word)));
    if !named.is_empty() && !sums && named.iter().all(|span| *span == (period.month, period.month)) {
        let message = format!("表里只写{}月，没有写累计；按{}累计读，当月数请不要导入", period.month, period.months());
        found.doubts.push(doubt(String::new(), message, false));
    }
}

/// One's own mapping with the heads of its columns.
fn with_heads(mapping: &Mapping, grid: &Grid) -> Mapping {
    let mut mapping = Mapping { sheet: grid.name.clone(), ..mapping.clone() };
    let (_, heads) = above_and_heads(grid, mapping.first_row.saturating_sub(grid.top + 1));
    for (column, head) in heads.into_iter().enumerate() {
        if let Some(known) = mapping.columns.get_mut(&grid.letters(column)) {
            known.head = if head.is_empty() { NO_HEAD.to_owned() } else { head };
        }
    }
    mapping
}

/// Columns of one table that are used alike: only one of them would be read.
fn doubled(
    grid: &Grid,
    tables: impl IntoIterator<Item = Vec<(usize, Use)>>,
    called: fn(Use) -> &'static str,
) -> Vec<Doubt> {
    let mut found = Vec::new();
    for table in tables {
        for wanted in [Use::Number, Use::Value, Use::Base, Use::Growth, Use::Note] {
            let same: Vec<String> = table
                .iter()
                .filter(|(_, of)| of.kind() == wanted)
                .map(|(column, _)| format!("{}列", grid.letters(*column)))
                .collect();
            if same.len() > 1 {
                let message = format!("都定为{}；一个表只能有一列，请改对应关系", called(wanted));
                found.push(doubt(same.join("、"), message, true));
            }
        }
    }
    found
}

/// Units that stand where no names were looked for: a second table must not be left out in silence.
fn strays(plan: &Plan, units: &Names<'_>, grid: &Grid, found: &mut Preview, budget: Budget<'_>) -> Result<(), Ended> {
    let names =
        tables(grid, &found.mapping).into_iter().flatten().filter(|(_, of)| *of == Use::Name).map(|(column, _)| column);
    let names: Vec<usize> = names.collect();
    for row in 0..grid.rows.len() {
        budget.check()?;
        let known =
            |column: usize| units.named(grid.cell(row, column)).filter(|named| named.region != plan.region.id());
        let own: Vec<RegionId> = names.iter().filter_map(|&column| known(column)).map(|named| named.region).collect();
        for column in (0..grid.width()).filter(|column| !names.contains(column)) {
            if let Some(stray) = known(column).filter(|stray| !own.contains(&stray.region)) {
                let message = format!(
                    "{}在这里，这一列没有当作单位名称：前面的格可能多了或少了，请在表里改好；或把这一列定为单位名称",
                    stray.name
                );
                let place = grid.address(row, column);
                found.doubts.push(doubt(place.clone(), message, true).or_accept(format!("stray.{place}")));
            }
        }
    }
    Ok(())
}

/// A figure whose name is missing.
fn nameless(address: String) -> Doubt {
    let key = format!("nameless.{address}");
    doubt(address, "这一行有数，没有单位名称，没有用", true).or_accept(key)
}

/// A unit above the line that is said to be the first.
fn above_first(address: String, name: &str) -> Doubt {
    doubt(address, format!("“{name}”在“从第几行起”之前，没有读"), true).or_accept("first_row")
}

/// Columns that are used although nobody sees them in the file.
fn hidden_columns(grid: &Grid, mapping: &Mapping) -> Vec<Doubt> {
    let used =
        mapping.columns.iter().filter(|(letters, column)| column.of != Use::Ignore && grid.hides_column(letters));
    used.map(|(letters, _)| doubt(format!("{letters}列"), "这一列在文件里是隐藏的，也读了；请核对", false)).collect()
}

/// Columns whose cells show fewer digits than they hold, with how they are read and the choice to read them otherwise.
fn hidden_digits(grid: &Grid, mapping: &Mapping) -> Vec<Doubt> {
    let first = mapping.first_row.saturating_sub(grid.top + 1);
    let of_column = |(letters, column): (&String, &UseOf)| {
        let at = grid.column(letters)?;
        let short: Vec<(String, &String, &str)> = (first..grid.rows.len())
            .map(|row| (row, grid.address(row, at)))
            .filter_map(|(row, address)| Some((address.clone(), grid.shown.get(&address)?, grid.cell(row, at))))
            .collect();
        let (address, shown, held) = short.first()?;
        let count = short.len();
        let reads_shown = mapping.reads_shown(letters, column.of);
        let read = if reads_shown { "显示" } else { "存" };
        let message =
            format!("有 {count} 格显示的位数比存的少（{address}显示 {shown}，存的是 {held}），按{read}的数读");
        let doubt = doubt(format!("{letters}列"), message, false);
        Some(match column.of.kind() {
            Use::Growth => doubt.or_choose(format!("held.{letters}"), "按存的数读"),
            _ => doubt.or_choose(format!("shown.{letters}"), "按显示的数读"),
        })
    };
    let used = |column: &UseOf| matches!(column.of.kind(), Use::Value | Use::Base | Use::Growth);
    mapping.columns.iter().filter(|(_, column)| used(column)).filter_map(of_column).collect()
}

const HIDDEN_ROW: &str = "这一行在文件里是隐藏的，也读了；不要请把它去掉";

fn doubt(address: String, message: impl Into<String>, stops: bool) -> Doubt {
    Doubt::new(address, message, stops)
}

/// Each table's first and last column; side by side stand as many as there are columns of names.
fn name_columns(plan: &Plan, units: &Names<'_>, grid: &Grid, budget: Budget<'_>) -> Result<Vec<usize>, Ended> {
    let regions = |column: usize| -> Vec<RegionId> {
        let texts = (0..grid.rows.len()).map(|row| grid.cell(row, column)).filter(|text| !text.is_empty());
        texts.filter_map(|text| units.named(text)).map(|named| named.region).collect()
    };
    let digits =
        |column: usize| (0..grid.rows.len()).all(|row| grid.cell(row, column).chars().all(|c| !c.is_alphabetic()));
    // A stray name among figures makes no column of names; codes are figures that name a unit.
    let mostly = |column: usize, names: usize| {
        let stray = (0..grid.rows.len())
            .map(|row| grid.cell(row, column))
            .any(|text| is_figure(text) && units.named(text).is_none());
        names > 0 && !stray
    };
    let mut candidates: Vec<(usize, Vec<RegionId>)> = Vec::new();
    for column in 0..grid.width() {
        budget.check()?;
        let found = regions(column);
        if mostly(column, found.len()) {
            candidates.push((column, found));
        }
    }
    // Codes beside names say the same: names are shown.
    candidates.sort_by_key(|(column, found)| (std::cmp::Reverse(found.len()), digits(*column), *column));
    let mut taken: BTreeSet<RegionId> = BTreeSet::new();
    let mut columns = Vec::new();
    for (column, found) in candidates {
        if found.iter().any(|region| !taken.contains(region))
            && !found.iter().filter(|region| **region != plan.region.id()).any(|region| taken.contains(region))
        {
            taken.extend(found);
            columns.push(column);
        }
    }
    columns.sort_unstable();
    Ok(columns)
}

/// `asked` is the period that somebody has chosen: it says which of several months' columns is meant.
fn guess(
    plan: &Plan,
    goal: &Goal,
    units: &Names<'_>,
    grid: &Grid,
    asked: Option<Period>,
    budget: Budget<'_>,
) -> Result<Preview, Ended> {
    let mut found = Preview::default();
    found.mapping.sheet.clone_from(&grid.name);
    let names = name_columns(plan, units, grid, budget)?;
    found.tables = names.len();
    let is_unit = |row: usize| names.iter().any(|&column| units.named(grid.cell(row, column)).is_some());
    let mut first = (0..grid.rows.len()).find(|&row| is_unit(row)).unwrap_or(grid.rows.len());
    // A line above with a name that the plan does not know, and figures, is one of the lines too.
    let has_figures = |row: usize| {
        names.iter().any(|&column| !grid.cell(row, column).is_empty())
            && grid.rows[row].iter().any(|cell| is_figure(cell))
    };
    while first > 0 && has_figures(first - 1) {
        first -= 1;
    }
    found.mapping.first_row = grid.top + first + 1;
    let (above, all) = above_and_heads(grid, first);
    let heads: Vec<&str> = all.iter().map(String::as_str).collect();
    found.mapping.period = period_in(&above, &heads, &grid.name, plan);
    let period = asked.or(found.mapping.period);
    for (at, &name) in names.iter().enumerate() {
        budget.check()?;
        let end = names.get(at + 1).copied().unwrap_or(grid.width());
        // What stands left of the first names belongs to its table: numbers and codes.
        let start = if at == 0 { 0 } else { name };
        let mut uses: Vec<(usize, Use)> = (start..end)
            .map(|column| (column, if column == name { Use::Name } else { use_of(&all[column], period, goal.kind) }))
            .collect();
        settle(goal, (grid, first), (&all, period), &mut uses, &mut found.doubts);
        for (column, of) in uses {
            let head = if all[column].is_empty() { NO_HEAD.to_owned() } else { all[column].clone() };
            found.mapping.columns.insert(grid.letters(column), UseOf { head, of });
        }
    }
    for (column, head) in all.iter().enumerate() {
        let unused = found.mapping.columns.get(&grid.letters(column)).is_some_and(|column| column.of == Use::Ignore);
        let left = names.iter().all(|&name| name > column);
        let stray = (first..grid.rows.len()).find(|&row| is_unit(row) && is_figure(grid.cell(row, column)));
        if let Some(row) = stray.filter(|_| head.is_empty() && unused && !left) {
            let letters = grid.letters(column);
            let no_head = doubt(grid.address(row, column), UNNAMED, true).or_accept(format!("column.{letters}"));
            found.doubts.push(no_head.about(vec![(letters, Use::Ignore)]));
        }
    }
    Ok(found)
}

const UNNAMED: &str = "这一列没有表头，却有数，没有用：CSV 里带千分位逗号的数要加引号";

/// In what the sheet counts: its unit of money where it names one, else the goal's; what cannot be read stops.
fn units(measure: &Measure, grid: &Grid, mapping: &mut Mapping, doubts: &mut Vec<Doubt>) {
    let first = mapping.first_row.saturating_sub(grid.top + 1);
    let (above, heads) = above_and_heads(grid, first);
    let head = |letters: &String| {
        grid.column(letters).and_then(|column| heads.get(column)).map(String::as_str).unwrap_or_default()
    };
    let used: Vec<(String, Use)> = mapping
        .columns
        .iter()
        .filter(|(_, column)| matches!(column.of, Use::Value | Use::Base))
        .map(|(letters, column)| (letters.clone(), column.of))
        .collect();
    let stop = |column: &(String, Use), message: String| {
        doubt(format!("{}列", column.0), message, true).about(vec![column.clone()])
    };
    if !measure.money {
        for column in &used {
            let tens = ["十", "百", "千", "万"].map(|tens| format!("{tens}{}", measure.unit));
            let other = unit_word(head(&column.0))
                .or_else(|| tens.iter().map(String::as_str).find(|unit| head(&column.0).contains(unit)));
            if let Some(unit) = other {
                doubts.push(stop(
                    column,
                    format!("这一列的单位是{unit}，目标的单位是{}；请改对应关系，或在表里换算", measure.unit),
                ));
            }
        }
        return;
    }
    let named: Vec<(&(String, Use), &'static str)> =
        used.iter().filter_map(|column| Some((column, unit_word(head(&column.0))?))).collect();
    for (column, unit) in named.iter().filter(|(_, unit)| *unit != named[0].1) {
        doubts.push(stop(column, format!("这一列的单位是{unit}，前面的列是{}；请在表里换成同一个单位", named[0].1)));
    }
    let alone = (first..grid.rows.len()).filter(|&row| distinct(&grid.rows[row]).len() == 1);
    let notes = alone.flat_map(|row| distinct(&grid.rows[row]));
    // 计量单位 may have a column of its own: good where all its lines say the same.
    let by_line: Vec<(String, &'static str)> = (first..grid.rows.len())
        .flat_map(|row| (0..grid.width()).map(move |column| (row, column)))
        .filter_map(|(row, column)| {
            let unit = UNITS.into_iter().find(|unit| *unit == grid.cell(row, column).trim())?;
            Some((grid.address(row, column), unit))
        })
        .collect();
    let titled =
        || above.iter().copied().chain(notes).map(stated_units).find(|units| !units.is_empty()).unwrap_or_default();
    let said: Vec<&'static str> = match named.first() {
        Some((_, unit)) => vec![unit],
        None => heads.iter().find_map(|head| unit_word(head)).map_or_else(titled, |unit| vec![unit]),
    };
    let lines: Vec<&'static str> = distinct(by_line.iter().map(|(_, unit)| *unit))
        .iter()
        .filter_map(|unit| UNITS.into_iter().find(|known| known == unit))
        .collect();
    if let Some((place, _)) = by_line.first().filter(|_| lines.len() > 1 || (said.len() == 1 && lines != said)) {
        doubts.push(doubt(place.clone(), "单位按行写在格里，各处不同；请把各行换成同一个单位，写在表头", true));
    }
    let said = if said.is_empty() { lines } else { said };
    match (&said[..], &mapping.unit) {
        ([], _) if used.is_empty() => {}
        ([], chosen) => {
            let unit = chosen.clone().unwrap_or_else(|| measure.unit.clone());
            if unit == measure.unit {
                let message = format!("表里没有写金额单位，按{unit}读；不对请改“金额单位”");
                doubts.push(doubt(String::new(), message, false));
            }
            mapping.unit = Some(unit);
        }
        ([unit], None) if Measure::money(unit).is_some() => mapping.unit = Some((*unit).to_owned()),
        ([unit], Some(chosen)) if unit == chosen => {}
        (units, Some(chosen)) => {
            let message = format!("表里的单位是“{}”，按您定的{chosen}读；数已换算好才能确认", units.join("、"));
            doubts.push(doubt(String::new(), message, true).or_accept("unit"));
        }
        (units, None) => {
            let message =
                format!("表里的单位是“{}”，只能读亿元、万元和元；请换算好，再选定“金额单位”", units.join("、"));
            doubts.push(doubt(String::new(), message, true));
        }
    }
}

/// One column for each use in a table: the likelier one, the others are left out and told. `first` is the first line
/// below the heads.
fn settle(
    goal: &Goal,
    (grid, first): (&Grid, usize),
    (heads, period): (&[String], Option<Period>),
    uses: &mut [(usize, Use)],
    doubts: &mut Vec<Doubt>,
) {
    let topic = goal.name.trim_start_matches("工业").trim_end_matches("投资");
    let topical = |head: &str| {
        let weight = |word: &str, weight: usize| if !word.is_empty() && head.contains(word) { weight } else { 0 };
        weight(&goal.name, 2) + weight(topic, 1)
    };
    let score = |head: &str| [topical(head), usize::from(names_time(head, period))];
    for of in [Use::Value, Use::Base, Use::Growth, Use::Note] {
        likeliest(grid, heads, uses, of, of.called(), score, doubts);
    }
    let told = |column: usize, message: String, of: Use| {
        let letters = grid.letters(column);
        doubt(format!("{letters}列"), message, false).about(vec![(letters, of)])
    };
    let says = |column: usize| Head::of(&heads[column]);
    let since_start = uses.iter().find(|(column, _)| says(*column).says == Some(Says::SinceStart));
    let value = uses.iter().find(|(_, of)| *of == Use::Value).map(|(column, _)| *column);
    if let (Some((start, _)), Some(value)) = (since_start, value)
        && heads[value].contains("累计")
        && !names_time(&heads[value], period)
    {
        let message = format!(
            "旁边有“{}”，“{}”没有写是今年的还是自开工以来的；是今年1月以来的累计请确认",
            shorten(&heads[*start]),
            shorten(&heads[value])
        );
        let letters = grid.letters(value);
        let asked = doubt(format!("{letters}列"), message, true).or_accept(format!("column.{letters}"));
        doubts.push(asked.about(vec![(letters, Use::Value)]));
    }
    let base = uses.iter().find(|(_, of)| *of == Use::Base).map(|(column, _)| *column);
    if let Some(base) = base.filter(|&base| !names_time(&heads[base], None) && says(base).months.is_empty())
        && period.is_some_and(|period| period.month < 12)
    {
        let message = format!("“{}”按上年同期读；如是上年全年的数，请把这一列改为不用", shorten(&heads[base]));
        doubts.push(told(base, message, Use::Base));
    }
    // A growth beside value and base is what they make, rounded: only a stated one ranks by itself.
    if value.is_some()
        && base.is_some()
        && let Some((column, of)) = uses.iter_mut().find(|(_, of)| *of == Use::Growth)
    {
        *of = Use::Ignore;
        let message = format!(
            "“{}”没有用：增幅由本期和上年同期两数计算；如它是统计部门公布的可比口径增幅，请把这一列改为“公布增幅”",
            shorten(&heads[*column])
        );
        doubts.push(told(*column, message, Use::Ignore));
    }
    for (column, _) in uses.iter().filter(|(_, of)| *of == Use::Ignore) {
        let letters = format!("{}列", grid.letters(*column));
        let percent = (first..grid.rows.len()).any(|row| grid.cell(row, *column).trim().ends_with(['%', '％']));
        if doubts.iter().any(|doubt| doubt.address == letters) {
            continue;
        }
        if let Some(why) = unused(&says(*column), percent) {
            doubts.push(told(*column, format!("“{}”{why}", shorten(&heads[*column])), Use::Ignore));
        }
    }
}

/// Why a column that could be missed is not used; `percent`: its cells say %.
fn unused(head: &Head, percent: bool) -> Option<&'static str> {
    let percent = percent || head.percent;
    match head.says {
        Some(Says::SinceStart) => Some("不是今年的数，没有用；报送的是今年1月以来的累计数"),
        Some(Says::Growth) if head.planned => Some("是目标，没有用"),
        Some(Says::Growth) if head.alone => Some("是当月的增幅，没有用；要用的是累计的"),
        Some(Says::Growth) => Some("是别的时期的增幅，没有用；如就是本期的公布增幅，请把用作改为“公布增幅”"),
        Some(Says::Difference) if percent || head.text.contains("百分点") => {
            Some("是增减的百分点，不是增幅，没有用")
        }
        Some(Says::Share) => Some("是完成率、比重一类的百分数，没有用；如是公布增幅，请把用作改为“公布增幅”"),
        _ if percent => Some("是百分数，没有用；如是公布增幅，请把用作改为“公布增幅”"),
        _ if head.alone => Some("是当月数，没有用；报送的是累计数"),
        _ => None,
    }
}

/// Of several columns that would be used alike the one whose head is at least as good as the others in every respect of
/// `score`, and better in one; the others are left out and told. Where there is no such one somebody has to choose.
fn likeliest<const N: usize>(
    grid: &Grid,
    heads: &[String],
    uses: &mut [(usize, Use)],
    of: Use,
    called: &str,
    score: impl Fn(&str) -> [usize; N],
    doubts: &mut Vec<Doubt>,
) {
    let score = |column: usize| score(&heads[column]);
    let same = uses.iter().filter(|(_, known)| *known == of).map(|(column, _)| *column);
    let Some(best) = same.max_by_key(|&column| (score(column), std::cmp::Reverse(column))) else { return };
    for (column, known) in uses.iter_mut().filter(|(column, known)| *known == of && *column != best) {
        let column = *column;
        *known = Use::Ignore;
        let (other, best_score) = (score(column), score(best));
        let worse = other != best_score && other.iter().zip(&best_score).all(|(other, best)| other <= best);
        // Two that look alike are for a person to tell apart.
        let alike = of != Use::Note && !worse;
        let (this, that) = (shorten(&heads[column]), shorten(&heads[best]));
        let message = match alike {
            true => format!("“{this}”和{0}列“{that}”都像是{called}，用的是{0}列；不对请改对应关系", grid.letters(best)),
            false => format!("“{this}”也像是{called}，没有用；要用它请改对应关系"),
        };
        let letters = grid.letters(column);
        let told = doubt(format!("{letters}列"), message, alike).or_accept(format!("column.{letters}"));
        doubts.push(told.about(vec![(letters, Use::Ignore), (grid.letters(best), of)]));
    }
}

/// The sheet of this name.
///
/// # Errors
/// There is none: the sentence lists those there are.
pub fn sheet_named<'g>(sheets: &'g [Grid], name: &str) -> Result<&'g Grid, String> {
    sheets.iter().find(|sheet| sheet.name.trim() == name.trim()).ok_or_else(|| {
        let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        format!("没有名为“{name}”的表，文件里有 {}", names.join("、"))
    })
}

/// The sheet that somebody names; without a name the first that holds what is looked for, else the first.
///
/// # Errors
/// As [`sheet_named`], and where the file has no sheet.
pub fn sheet_of<'g>(sheets: &'g [Grid], named: &str, holds: impl Fn(&Grid) -> bool) -> Result<&'g Grid, String> {
    if !named.is_empty() {
        return sheet_named(sheets, named);
    }
    let found = sheets.iter().find(|sheet| holds(sheet));
    found.or(sheets.first()).ok_or_else(|| "文件是空的".to_owned())
}

/// The tables of a mapping: for each column of names the columns up to the next.
fn tables(grid: &Grid, mapping: &Mapping) -> Vec<BTreeMap<usize, Use>> {
    let columns: BTreeMap<usize, Use> =
        mapping.columns.iter().filter_map(|(letters, column)| Some((grid.column(letters)?, column.of))).collect();
    let names: Vec<usize> = columns.iter().filter(|(_, of)| **of == Use::Name).map(|(column, _)| *column).collect();
    let table = |(at, &name): (usize, &usize)| {
        let end = names.get(at + 1).copied().unwrap_or(usize::MAX);
        let start = if at == 0 { 0 } else { name };
        columns.range(start..end).map(|(column, of)| (*column, *of)).collect()
    };
    names.iter().enumerate().map(table).collect()
}
