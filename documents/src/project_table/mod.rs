//! Lists of projects as offices keep them: 明细表, 月报, our own form. A line is put onto what is known of its project;
//! every doubt names its cell.

mod heads;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::budget::{Budget, Ended};
use domain::money::Measure;
use domain::month::Period;
use domain::plan::Plan;
use domain::projects::field::{Field, Place, doubts, unit};
use domain::projects::{Entry, Role};
use domain::region::{fold_name, is_whole};

pub use self::heads::Use;
use self::heads::{unit_of, use_of};
use crate::grid::Grid;
use crate::office_table::Doubt;

/// What is known beside the sheet: what a reader chose, and what the library holds.
pub struct Around<'a> {
    pub plan: &'a Plan,
    pub year: i32,
    /// Of what is reported, where the sheet does not say it line by line.
    pub period: Option<Period>,
    /// The unit of money where the sheet names none.
    pub unit: Option<&'a str>,
    /// Uses of columns that somebody chose: letters → use.
    pub uses: &'a BTreeMap<String, Use>,
    /// The library by number.
    pub known: &'a BTreeMap<String, Entry>,
    /// Whose lines these are, where a unit hands in its own.
    pub own_unit: Option<&'a str>,
}

/// A column with its head and use.
#[derive(Debug, Clone)]
pub struct Column {
    pub letters: String,
    pub head: String,
    pub of: Use,
    /// What it would be used for if nobody had chosen.
    guessed: Use,
    pub unit: Option<&'static str>,
}

/// One project's line.
#[derive(Debug, Clone)]
pub struct Line {
    /// As a spreadsheet counts, from 1.
    pub row: usize,
    /// What its project is after it.
    pub entry: Entry,
    /// Whether the library knew it.
    pub known: bool,
    /// What differs from the library: what, before, after.
    pub changes: Vec<(Field, String, String)>,
}

/// How a sheet is read.
#[derive(Debug, Clone, Default)]
pub struct Preview {
    pub columns: Vec<Column>,
    pub lines: Vec<Line>,
    pub doubts: Vec<Doubt>,
    /// Every project of the sheet as it is after all its lines.
    pub entries: BTreeMap<String, Entry>,
}

impl Preview {
    pub fn stops(&self) -> bool {
        self.lines.is_empty() || self.doubts.iter().any(|doubt| doubt.stops)
    }

    pub fn added(&self) -> usize {
        let new: BTreeSet<&str> =
            self.lines.iter().filter(|line| !line.known).map(|line| line.entry.project.id.as_str()).collect();
        new.len()
    }
}

/// The rows of heads: from the one that names the projects to the last in which that head still stands.
fn find_heads(grid: &Grid, year: i32) -> Option<std::ops::Range<usize>> {
    let names = |row: usize, column: usize| use_of(grid.cell(row, column), year) == Some(Use::Of(Field::Name));
    let distinct =
        |row: usize| grid.rows[row].iter().filter(|cell| !cell.trim().is_empty()).collect::<BTreeSet<_>>().len();
    let found = (0..grid.rows.len().min(60)).find_map(|row| {
        let column = (0..grid.width()).find(|&column| names(row, column))?;
        (distinct(row) > 1).then_some((row, column))
    });
    let (row, column) = found?;
    let same = |other: &usize| grid.cell(*other, column).trim() == grid.cell(row, column).trim();
    let last = (row + 1..grid.rows.len()).take_while(same).last().unwrap_or(row);
    Some(row..last + 1)
}

/// Whether a sheet has a head that names projects.
pub fn names_projects(grid: &Grid, year: i32) -> bool {
    find_heads(grid, year).is_some()
}

/// A column's head: what stands in its rows of heads, each text once.
fn head_of(grid: &Grid, rows: &std::ops::Range<usize>, column: usize) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for row in rows.clone() {
        let text = grid.cell(row, column).trim();
        if !text.is_empty() && !parts.contains(&text) {
            parts.push(text);
        }
    }
    parts.join(" ")
}

/// 一、福清市（12个） → 福清市.
fn bare(text: &str) -> String {
    let folded = fold_name(text).replace('（', "(").replace('）', ")");
    let numbered = |text: &str| {
        let rest = text.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十()第".contains(c));
        rest.strip_prefix(['、', '.', '．', ','])
            .map(str::to_owned)
            .or_else(|| text.starts_with('(').then(|| rest.to_owned()))
    };
    let text = numbered(&folded).unwrap_or(folded);
    let text = text.split('(').next().unwrap_or_default();
    let text = text.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '项' | '个' | '共' | ':' | '：'));
    text.trim_end_matches(['共', ':', '：']).to_owned()
}

/// What a line without a project says.
enum Heading {
    Unit(String),
    Role(Role),
    Whole,
}

fn heading(plan: &Plan, text: &str) -> Option<Heading> {
    let bare = bare(text);
    let sum = ["合计", "小计", "总计"].iter().any(|word| bare.contains(word));
    if is_whole(&bare, &plan.region) || (sum && unit(plan, bare.trim_end_matches(['小', '合', '总', '计'])).is_err())
    {
        return Some(Heading::Whole);
    }
    let named = bare.trim_end_matches("小计").trim_end_matches("合计");
    if let Ok(found) = unit(plan, named) {
        return Some(Heading::Unit(found));
    }
    let short = named.chars().count() <= 10;
    Role::read(named).filter(|_| short).map(Heading::Role)
}

/// A sum that a sheet states for the lines of a unit, a role, or all.
struct Stated {
    row: usize,
    unit: Option<String>,
    role: Option<Role>,
    of: Vec<(Field, usize)>,
}

/// Reads a sheet.
///
/// # Errors
/// The budget ended.
pub fn preview(grid: &Grid, around: &Around<'_>, budget: Budget<'_>) -> Result<Preview, Ended> {
    let mut found = Preview::default();
    let Some(rows) = find_heads(grid, around.year) else {
        let sentence = "没有找到“项目名称”这一列；请在表头写明，例如：序号、项目名称、所在单位、总投资（万元）";
        found.doubts.push(Doubt::new("", sentence, true));
        return Ok(found);
    };
    let title: Vec<&str> = grid.rows[..rows.start].iter().flatten().map(String::as_str).collect();
    let title_unit = title.iter().find_map(|text| unit_of(text));
    found.columns = columns(grid, &rows, around);
    let mut reader = Reader {
        grid,
        around,
        title_unit,
        found,
        stated: Vec::new(),
        unit: None,
        role: None,
        by_code: HashMap::new(),
        by_name: HashMap::new(),
        last: HashMap::new(),
    };
    around.known.values().for_each(|entry| reader.learn(entry));
    reader.check_columns();
    for row in rows.end..grid.rows.len() {
        budget.check()?;
        // A head that stands again in the middle is none of the projects.
        if grid.rows[row] == grid.rows[rows.end - 1] {
            continue;
        }
        reader.read(row);
        // A comma within a number parts it in two.
        if let Some(sentence) = grid.surplus(rows.end - 1, row) {
            let place = sentence.split('（').next().unwrap_or_default().to_owned();
            reader.found.doubts.push(Doubt::new(place, sentence, true));
        }
    }
    reader.check_sums();
    Ok(reader.found)
}

fn columns(grid: &Grid, rows: &std::ops::Range<usize>, around: &Around<'_>) -> Vec<Column> {
    let mut taken: Vec<Use> = Vec::new();
    let width = grid.width();
    let mut columns = Vec::with_capacity(width);
    for column in 0..width {
        let letters = grid.letters(column);
        let head = head_of(grid, rows, column);
        let lowest = grid.cell(rows.end - 1, column);
        let guess = use_of(&head, around.year).or_else(|| use_of(lowest, around.year)).unwrap_or(Use::Ignore);
        let mut of = around.uses.get(&letters).copied().unwrap_or(guess);
        // Of two columns that say the same the first counts; the other is there to be chosen.
        if of != Use::Ignore && taken.contains(&of) {
            of = Use::Ignore;
        }
        taken.push(of);
        let unit = unit_of(&head);
        columns.push(Column { letters, head, of, guessed: guess, unit });
    }
    columns
}

struct Reader<'r> {
    grid: &'r Grid,
    around: &'r Around<'r>,
    title_unit: Option<&'static str>,
    found: Preview,
    stated: Vec<Stated>,
    /// Under which headings a line stands.
    unit: Option<String>,
    role: Option<Role>,
    /// What is known and read so far: by code, by folded name with its unit, and each year's last number.
    by_code: HashMap<String, String>,
    by_name: HashMap<String, Vec<(String, String)>>,
    last: HashMap<i32, u32>,
}

impl Reader<'_> {
    fn learn(&mut self, entry: &Entry) {
        let own = &entry.project;
        if let Some(code) = &own.code {
            self.by_code.insert(code.clone(), own.id.clone());
        }
        let named = self.by_name.entry(fold_name(&own.name)).or_default();
        if !named.iter().any(|(_, id)| *id == own.id) {
            named.push((own.unit.clone(), own.id.clone()));
        }
        if let Some((year, number)) =
            own.id.split_once('-').and_then(|(year, number)| Some((year.parse().ok()?, number.parse().ok()?)))
        {
            let last = self.last.entry(year).or_default();
            *last = u32::max(*last, number);
        }
    }

    fn column(&self, of: Use) -> Option<usize> {
        self.found.columns.iter().position(|column| column.of == of)
    }

    fn doubt(&mut self, row: usize, column: usize, sentence: String) {
        let address = self.grid.address(row, column);
        self.found.doubts.push(Doubt::new(address, sentence, true));
    }

    fn check_columns(&mut self) {
        let mut doubts = Vec::new();
        let uses: Vec<(usize, Column)> = self.found.columns.iter().cloned().enumerate().collect();
        for (number, column) in &uses {
            let Use::Of(field) = column.of else { continue };
            let stated = column.unit.or(self.title_unit).or(self.around.unit.and_then(known_unit));
            if field.is_money() && stated.is_none() {
                let sentence = format!("“{}”没有写明金额单位，请在表头写“（万元）”，或在这里选单位", column.head);
                doubts.push(Doubt::new(self.found.columns[*number].letters.clone(), sentence, true));
            }
            if let Some(unit) = stated.filter(|unit| field.is_money() && Measure::money(unit).is_none()) {
                let sentence = format!("“{}”以{unit}计，请换算成万元或亿元再导入", column.head);
                doubts.push(Doubt::new(column.letters.clone(), sentence, true));
            }
            if field.is_reported() && self.around.period.is_none() && self.column(Use::Period).is_none() {
                let sentence = format!("“{}”是哪一期的没有写明，请选期间", column.head);
                doubts.push(Doubt::new(column.letters.clone(), sentence, true));
            }
            let months = domain::head::months_in(&column.head);
            let other = self.around.period.filter(|period| {
                field == Field::ThisYear && !months.is_empty() && !months.iter().any(|(_, to)| *to == period.month)
            });
            if let Some(period) = other {
                let sentence = format!("“{}”与所选的{}不是同一期，请核对", column.head, period.label());
                doubts.push(
                    Doubt::new(column.letters.clone(), sentence, true).or_accept(format!("months.{}", column.letters)),
                );
            }
            let bare = !column.head.contains("计划") && !column.head.contains("拟") && !column.head.contains("预计");
            if let Field::PlannedOf(step) = field
                && bare
                && column.of == column.guessed
            {
                let sentence = format!("“{}”没有写明是计划还是实际，现按计划{}时间取用", column.head, step.name());
                doubts.push(
                    Doubt::new(column.letters.clone(), sentence, true).or_accept(format!("planned.{}", column.letters)),
                );
            }
        }
        self.found.doubts.extend(doubts);
    }

    fn read(&mut self, row: usize) {
        let grid = self.grid;
        let cells: BTreeSet<&str> =
            grid.rows[row].iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
        let Some(name_at) = self.column(Use::Of(Field::Name)) else { return };
        if cells.is_empty() {
            return;
        }
        let name = grid.cell(row, name_at).trim();
        let number = self.column(Use::Number).map_or("", |column| grid.cell(row, column).trim());
        let numbered = number.chars().next().is_some_and(|c| c.is_ascii_digit());
        let text = if name.is_empty() { number } else { name };
        let lone = cells.len() == 1;
        let marked = !numbered || lone;
        // 项目名称 of a project may well be called after a place: a line with a number of its own is a project.
        match heading(self.around.plan, text).filter(|_| marked) {
            Some(Heading::Unit(unit)) => {
                self.unit = Some(unit);
                return self.note_sums(row);
            }
            Some(Heading::Role(role)) => {
                self.role = Some(role);
                return self.note_sums(row);
            }
            Some(Heading::Whole) => {
                (self.unit, self.role) = (None, None);
                return self.note_sums(row);
            }
            None => {}
        }
        if lone && (name.is_empty() || !numbered) {
            // A heading that says nothing the plan knows, or a note below the table.
            return;
        }
        self.read_project(row, name_at);
    }

    fn read_project(&mut self, row: usize, name_at: usize) {
        let grid = self.grid;
        let around = self.around;
        let text = |column: Option<usize>| column.map_or("", |column| grid.cell(row, column).trim());
        let name = text(Some(name_at)).to_owned();
        let (year, period) = match self.time(row) {
            Some(time) => time,
            None => return,
        };
        let place = |measure: Measure| Place { plan: around.plan, year, period, measure };
        let ten_thousand = domain::projects::measure();
        let id = text(self.column(Use::Of(Field::Id))).to_owned();
        let code = text(self.column(Use::Of(Field::Code)));
        let code = domain::projects::codes::project_code(code).ok();
        let unit_text = text(self.column(Use::Of(Field::Unit)));
        let own = unit(around.plan, unit_text).ok().or_else(|| self.unit.clone());
        let own = own.or_else(|| around.own_unit.map(str::to_owned));
        let found = self.find(&id, code.as_deref(), &name, own.as_deref());
        if name.is_empty() && found.is_none() {
            return self.doubt(row, name_at, "这一行没有项目名称，请补填，或删去这一行".to_owned());
        }
        let known = found.as_ref().is_some_and(|id| around.known.contains_key(id));
        let mut entry = match &found {
            Some(id) => self.found.entries.get(id).or_else(|| around.known.get(id)).cloned().unwrap_or_default(),
            None => Entry::default(),
        };
        let before = entry.clone();
        if entry.project.unit.is_empty()
            && let Some(unit) = &own
        {
            entry.project.unit = unit.clone();
        }
        if let Some(role) = self.role
            && self.column(Use::Of(Field::Role)).is_none()
        {
            let _ = Field::Role.set(&mut entry, role.name(), &place(ten_thousand.clone()));
        }
        let mut columns: Vec<(usize, Field, Option<&'static str>)> = Vec::new();
        for (number, column) in self.found.columns.iter().enumerate() {
            if let Use::Of(field) = column.of {
                columns.push((number, field, column.unit));
            }
        }
        // What was done before the year gives what was done since the start once the year's own is known.
        columns.sort_by_key(|(_, field, _)| *field == Field::Before);
        for (number, field, stated) in columns {
            let cell = grid.cell(row, number).trim();
            if domain::money::is_blank(cell) {
                continue;
            }
            let unit = stated.or(self.title_unit).or(around.unit.and_then(known_unit)).unwrap_or("万元");
            let measure = Measure::money(unit).unwrap_or_else(|| ten_thousand.clone());
            // That the column has no month was said at its head.
            if field.is_reported() && period.is_none() {
                continue;
            }
            if let Err(sentence) = field.set(&mut entry, cell, &place(measure)) {
                self.doubt(row, number, sentence);
            }
        }
        if entry.project.unit.is_empty() {
            return self.doubt(row, name_at, format!("“{name}”属于哪个单位没有写明，请补“所在单位”一列或分单位列表"));
        }
        if around.own_unit.is_some_and(|own| own != entry.project.unit) {
            let whose = domain::projects::field::unit_name(around.plan, &entry.project.unit).to_owned();
            return self.doubt(row, name_at, format!("“{name}”是{whose}的项目，不能由本单位填报，请删去这一行"));
        }
        if entry.project.id.is_empty() {
            entry.project.id = self.next_id(year);
        }
        if !entry.years.contains_key(&year) {
            let _ = Field::Role.set(&mut entry, Role::Continued.name(), &place(ten_thousand.clone()));
        }
        if let Some(period) = period {
            for sentence in doubts(&entry, period) {
                let address = grid.address(row, name_at);
                self.found.doubts.push(Doubt::new(address, format!("{}：{sentence}", entry.project.name), false));
            }
        }
        let shown = place(ten_thousand);
        let changes = Field::ALL.into_iter().filter(|field| !matches!(field, Field::Span | Field::Before));
        let changes = changes.filter_map(|field| {
            let (old, new) = (field.text(&before, &shown), field.text(&entry, &shown));
            (old != new).then_some((field, old, new))
        });
        let changes = changes.collect();
        self.learn(&entry);
        self.found.entries.insert(entry.project.id.clone(), entry.clone());
        self.found.lines.push(Line { row: grid.top + row + 1, entry, known, changes });
    }

    /// The year and the month of a line; `None` where its own are unreadable, which is said.
    fn time(&mut self, row: usize) -> Option<(i32, Option<Period>)> {
        let mut year = self.around.year;
        let mut period = self.around.period;
        if let Some(column) = self.column(Use::Period) {
            let text = self.grid.cell(row, column).trim().to_owned();
            if !text.is_empty() {
                let read = Period::parse(&text).ok();
                let read = read.or_else(|| domain::projects::When::read(&text, year).map(|when| when.month()));
                let Some(read) = read else {
                    let sentence = format!("期间“{text}”看不懂，请写成 2021-05");
                    self.doubt(row, column, sentence);
                    return None;
                };
                (year, period) = (read.year, Some(read));
            } else {
                period = None;
            }
        }
        if let Some(column) = self.column(Use::Year) {
            let text = domain::money::fold(self.grid.cell(row, column));
            let text = text.trim().trim_end_matches("年度").trim_end_matches('年').to_owned();
            if !text.is_empty() {
                let Some(read) = text.parse().ok().filter(|year: &i32| (1990..2100).contains(year)) else {
                    self.doubt(row, column, format!("年度“{text}”不是年份，请写成 2021"));
                    return None;
                };
                if period.is_some_and(|period| period.year != read) {
                    let sentence = format!(
                        "年度 {read} 与期间 {} 不是同一年，请改正",
                        period.map(|it| it.to_string()).unwrap_or_default()
                    );
                    self.doubt(row, column, sentence);
                    return None;
                }
                year = read;
            }
        }
        Some((year, period))
    }

    /// The number of the project that a line is of: by number, code, or name within its unit.
    fn find(&self, id: &str, code: Option<&str>, name: &str, unit: Option<&str>) -> Option<String> {
        if !id.is_empty() {
            let known = self.found.entries.contains_key(id) || self.around.known.contains_key(id);
            return known.then(|| id.to_owned());
        }
        let by_code = code.and_then(|code| self.by_code.get(code)).cloned();
        by_code.or_else(|| {
            let named = self.by_name.get(&fold_name(name))?;
            let own = named.iter().find(|(of, _)| unit.is_none_or(|unit| unit == of));
            own.map(|(_, id)| id.clone())
        })
    }

    /// `2021-001`: the next number of the year that nobody has.
    fn next_id(&self, year: i32) -> String {
        format!("{year}-{:03}", self.last.get(&year).copied().unwrap_or_default() + 1)
    }

    fn note_sums(&mut self, row: usize) {
        let of = [Field::Total, Field::Planned, Field::ThisYear];
        let of: Vec<(Field, usize)> = of
            .into_iter()
            .filter_map(|field| Some((field, self.column(Use::Of(field))?)))
            .filter(|(_, column)| !self.grid.cell(row, *column).trim().is_empty())
            .collect();
        if !of.is_empty() {
            self.stated.push(Stated { row, unit: self.unit.clone(), role: self.role, of });
        }
    }

    /// What the sheet states as sums beside the sums of its lines.
    fn check_sums(&mut self) {
        let mut doubts = Vec::new();
        for stated in &self.stated {
            let fits = |line: &&Line| {
                let role = line.entry.years.get(&self.around.year).map(|listed| listed.role);
                stated.unit.as_ref().is_none_or(|unit| line.entry.project.unit == *unit)
                    && stated.role.is_none_or(|own| role == Some(own))
            };
            for (field, column) in &stated.of {
                let head = &self.found.columns[*column];
                let unit = head.unit.or(self.title_unit).or(self.around.unit.and_then(known_unit)).unwrap_or("万元");
                let Some(measure) = Measure::money(unit) else { continue };
                let text = self.grid.cell(stated.row, *column);
                let Ok(Some(said)) = domain::entry::understand(&measure, text) else { continue };
                let amount = |line: &Line| {
                    let own = &line.entry;
                    match field {
                        Field::Total => own.project.total,
                        Field::Planned => own.years.get(&self.around.year).and_then(|listed| listed.planned),
                        _ => self.around.period.and_then(|at| own.returns.get(&at)).and_then(|found| found.this_year),
                    }
                };
                let chosen: Vec<&Line> = self.found.lines.iter().filter(fits).collect();
                let sum = domain::money::Amount(chosen.iter().filter_map(|line| amount(line)).map(|it| it.0).sum());
                if !chosen.is_empty() && sum != said.amount {
                    let sentence = format!(
                        "表里写的{}合计 {} 与各项目相加 {} 不符（{}个项目）；以各项目的数为准，请核对有没有漏行",
                        field.name(),
                        measure.with_unit(said.amount),
                        measure.with_unit(sum),
                        chosen.len()
                    );
                    let address = self.grid.address(stated.row, *column);
                    doubts.push(Doubt::new(address.clone(), sentence, true).or_accept(format!("sum.{address}")));
                }
            }
        }
        self.found.doubts.extend(doubts);
    }
}

fn known_unit(unit: &str) -> Option<&'static str> {
    domain::head::UNITS.into_iter().find(|known| *known == unit)
}
