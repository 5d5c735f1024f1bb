//! Returns as offices really keep them: a title above, heads in two lines, 合计 somewhere, two tables side by side. What each
//! column means is guessed, shown, and can be said otherwise; every doubt names its cell.

use std::collections::BTreeMap;

use domain::entry::understand;
use domain::money::{Amount, Measure, fold, is_blank};
use domain::month::{Period, shorten};
use domain::plan::{Goal, Plan};
use domain::rate::Rate;
use domain::region::{RegionId, fold_name, suggest};
use domain::returns::{Figure, Figures, Source};

use crate::grid::Grid;
use crate::returns::ReturnRow;

/// What a column is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    Name,
    Value,
    Base,
    /// Growth as the statistics bureau states it: it then ranks.
    Growth,
    Note,
    Ignore,
}

impl Use {
    pub const ALL: [Use; 6] = [Use::Name, Use::Value, Use::Base, Use::Growth, Use::Note, Use::Ignore];

    /// As written in a mapping file.
    pub fn id(self) -> &'static str {
        match self {
            Use::Name => "name",
            Use::Value => "value",
            Use::Base => "base",
            Use::Growth => "growth",
            Use::Note => "note",
            Use::Ignore => "ignore",
        }
    }

    pub fn called(self) -> &'static str {
        match self {
            Use::Name => "单位名称",
            Use::Value => "本期累计",
            Use::Base => "上年同期",
            Use::Growth => "公布增幅",
            Use::Note => "说明",
            Use::Ignore => "不用",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.id() == text.trim())
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
    /// Lines left out, as the spreadsheet numbers them.
    pub skip: Vec<usize>,
}

/// A column's head as read, and its use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UseOf {
    pub head: String,
    pub of: Use,
}

/// Something to look at before it is confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// `B5`, or empty for the sheet as a whole.
    pub address: String,
    pub message: String,
    /// Nothing is written while it stands.
    pub stops: bool,
}

/// A line as it is understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// As the spreadsheet numbers it.
    pub row: usize,
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
    pub lines: Vec<Line>,
    pub doubts: Vec<Doubt>,
    /// How many tables stand side by side.
    pub tables: usize,
}

impl Preview {
    pub fn stops(&self) -> bool {
        self.doubts.iter().any(|doubt| doubt.stops)
    }

    /// What the sheet has no column for stays as it is in force: a table without last year's figures does not empty them.
    pub fn keep(&mut self, in_force: &Figures, goal: &Goal) {
        let Some(period) = self.mapping.period else { return };
        let has = |wanted: Use| self.mapping.columns.values().any(|column| column.of == wanted);
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

    /// The rows to be written; none while something stops.
    pub fn rows(&self, goal: &Goal) -> Vec<ReturnRow> {
        let Some(period) = self.mapping.period.filter(|_| !self.stops()) else { return Vec::new() };
        let wanted = self.lines.iter().filter(|line| !line.skipped && line.figure.is_reported());
        let row = |line: &Line| {
            let region = line.region.as_ref()?.0.clone();
            Some(ReturnRow { line: line.row, goal: goal.id.clone(), region, period, figure: line.figure.clone() })
        };
        wanted.filter_map(row).collect()
    }
}

/// A unit of the plan, and whether its name had to be guessed.
struct Named {
    region: RegionId,
    name: String,
    guessed: bool,
}

const TOTALS: [&str; 10] = ["合计", "总计", "全市", "全省", "全区", "全县", "全州", "全市合计", "全省合计", "市合计"];

/// The unit that a name means: as the plan writes it, by its code, without 市/县/区, with the parent's name before it.
fn named(plan: &Plan, goal: &Goal, written: &str) -> Option<Named> {
    let folded = fold_name(written).replace(['*', '#', '★'], "");
    let bare = folded.strip_prefix("其中").unwrap_or(&folded).trim_start_matches([':', '：', '、']);
    if bare.is_empty() {
        return None;
    }
    let own = &plan.region;
    if bare == own.id() || bare == fold_name(&own.name) || TOTALS.contains(&bare) {
        return Some(Named { region: own.id().to_owned(), name: own.name.clone(), guessed: false });
    }
    let found = |text: &str, guessed: bool| {
        goal.find_split(text).map(|split| Named { region: split.region.clone(), name: split.name.clone(), guessed })
    };
    if let Some(found) = found(bare, false) {
        return Some(found);
    }
    let mut short = bare.strip_prefix(&fold_name(&own.name)).unwrap_or(bare);
    for ending in ["人民政府", "政府", "管委会", "管理委员会", "工信局", "经信局"] {
        short = short.strip_suffix(ending).unwrap_or(short);
    }
    if let Some(found) = found(short, true) {
        return Some(found);
    }
    let stem = |name: &str| fold_name(name).trim_end_matches(['市', '县', '区']).to_owned();
    let mut same = goal.splits.iter().filter(|split| short.chars().count() >= 2 && stem(&split.name) == stem(short));
    match (same.next(), same.next()) {
        (Some(split), None) => Some(Named { region: split.region.clone(), name: split.name.clone(), guessed: true }),
        _ => None,
    }
}

/// Reads a sheet; what `wished` leaves open is guessed. `period` is what the address or command says.
pub fn preview(plan: &Plan, goal: &Goal, grid: &Grid, wished: Option<&Mapping>, period: Option<Period>, file: &str) -> Preview {
    let mut found = match wished {
        Some(mapping) => Preview { mapping: mapping.clone(), ..Preview::default() },
        None => guess(plan, goal, grid),
    };
    if wished.is_none() && period.is_some() {
        if let (Some(asked), Some(said)) = (period, found.mapping.period.filter(|said| Some(*said) != period)) {
            let message = format!("表里写的是{}，现在按{}读；请核对没有选错文件", said.label(), asked.label());
            found.doubts.push(Doubt { address: String::new(), message, stops: false });
        }
        let above = grid.rows.iter().take(found.mapping.first_row.saturating_sub(grid.top + 1)).flatten();
        let years: Vec<i32> = above.flat_map(|text| years_in(text)).collect();
        if let Some(asked) = period.filter(|asked| !years.is_empty() && !years.contains(&asked.year)) {
            let message = format!("表里写的是{}年，不是{}年；请核对没有选错文件", years[0], asked.year);
            found.doubts.push(doubt(String::new(), message, true));
        }
        found.mapping.period = period;
    }
    if wished.is_none() {
        strays(plan, goal, grid, &mut found);
    }
    read_lines(plan, goal, grid, file, &mut found);
    found
}

/// Units that stand where no names were looked for: a second table must not be left out in silence.
fn strays(plan: &Plan, goal: &Goal, grid: &Grid, found: &mut Preview) {
    let names = tables(grid, &found.mapping).into_iter().flatten().filter(|(_, of)| *of == Use::Name).map(|(column, _)| column);
    let names: Vec<usize> = names.collect();
    for row in 0..grid.rows.len() {
        let known = |column: usize| named(plan, goal, grid.cell(row, column)).filter(|named| named.region != plan.region.id());
        let own: Vec<RegionId> = names.iter().filter_map(|&column| known(column)).map(|named| named.region).collect();
        for column in (0..grid.width()).filter(|column| !names.contains(column)) {
            if let Some(stray) = known(column).filter(|stray| !own.contains(&stray.region)) {
                let message =
                    format!("{}在这里，这一列没有当作单位名称：前面的格可能多了或少了，请在表里改好；或把这一列定为单位名称", stray.name);
                found.doubts.push(doubt(grid.address(row, column), message, true));
            }
        }
    }
}

fn doubt(address: String, message: impl Into<String>, stops: bool) -> Doubt {
    Doubt { address, message: message.into(), stops }
}

/// Each table's first and last column; side by side stand as many as there are columns of names.
fn name_columns(plan: &Plan, goal: &Goal, grid: &Grid) -> Vec<usize> {
    let regions = |column: usize| -> Vec<RegionId> {
        let texts = (0..grid.rows.len()).map(|row| grid.cell(row, column)).filter(|text| !text.is_empty());
        texts.filter_map(|text| named(plan, goal, text)).map(|named| named.region).collect()
    };
    let digits = |column: usize| (0..grid.rows.len()).all(|row| grid.cell(row, column).chars().all(|c| !c.is_alphabetic()));
    // A stray name among figures makes no column of names; codes are figures that name a unit.
    let mostly = |column: usize, names: usize| {
        let stray = (0..grid.rows.len()).map(|row| grid.cell(row, column)).any(|text| is_figure(text) && named(plan, goal, text).is_none());
        names > 0 && !stray
    };
    let all = (0..grid.width()).map(|column| (column, regions(column)));
    let mut candidates: Vec<(usize, Vec<RegionId>)> = all.filter(|(column, found)| mostly(*column, found.len())).collect();
    // Codes beside names say the same: names are shown.
    candidates.sort_by_key(|(column, found)| (std::cmp::Reverse(found.len()), digits(*column), *column));
    let mut taken: Vec<RegionId> = Vec::new();
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
    columns
}

fn guess(plan: &Plan, goal: &Goal, grid: &Grid) -> Preview {
    let mut found = Preview::default();
    found.mapping.sheet.clone_from(&grid.name);
    let names = name_columns(plan, goal, grid);
    found.tables = names.len();
    let is_unit = |row: usize| names.iter().any(|&column| named(plan, goal, grid.cell(row, column)).is_some());
    let mut first = (0..grid.rows.len()).find(|&row| is_unit(row)).unwrap_or(grid.rows.len());
    // A line above with a name that the plan does not know, and figures, is one of the lines too.
    let has_figures =
        |row: usize| names.iter().any(|&column| !grid.cell(row, column).is_empty()) && grid.rows[row].iter().any(|cell| is_figure(cell));
    while first > 0 && has_figures(first - 1) {
        first -= 1;
    }
    found.mapping.first_row = grid.top + first + 1;
    let (titles, heads): (Vec<usize>, Vec<usize>) = (0..first).partition(|&row| is_title(&grid.rows[row]));
    let above: Vec<&str> = titles.iter().flat_map(|&row| distinct(&grid.rows[row])).collect();
    let head = |column: usize| {
        let mut parts: Vec<&str> = Vec::new();
        for text in heads.iter().map(|&row| grid.cell(row, column).trim()).filter(|text| !text.is_empty()) {
            if !parts.contains(&text) {
                parts.push(text);
            }
        }
        parts.join(" ")
    };
    let all: Vec<String> = (0..grid.width()).map(head).collect();
    let heads: Vec<&str> = all.iter().map(String::as_str).collect();
    found.mapping.period = period_in(&above, &heads, &grid.name, plan);
    let period = found.mapping.period;
    for (at, &name) in names.iter().enumerate() {
        let end = names.get(at + 1).copied().unwrap_or(grid.width());
        // What stands left of the first names belongs to its table: numbers and codes.
        let start = if at == 0 { 0 } else { name };
        let mut uses: Vec<(usize, Use)> =
            (start..end).map(|column| (column, if column == name { Use::Name } else { use_of(&all[column], period) })).collect();
        settle(goal, grid, &all, &mut uses, &mut found.doubts);
        for (column, of) in uses {
            let head = if all[column].is_empty() { "（无表头）".to_owned() } else { all[column].clone() };
            found.mapping.columns.insert(grid.letters(column), UseOf { head, of });
        }
    }
    if goal.measure.money {
        units(goal, grid, &above, first, &mut found);
    }
    for (column, head) in all.iter().enumerate() {
        let unused = found.mapping.columns.get(&grid.letters(column)).is_some_and(|column| column.of == Use::Ignore);
        let left = names.iter().all(|&name| name > column);
        let stray = (first..grid.rows.len()).find(|&row| is_unit(row) && is_figure(grid.cell(row, column)));
        if let Some(row) = stray.filter(|_| head.is_empty() && unused && !left) {
            let message = "这一列没有表头，却有数：CSV 里带千分位逗号的数要加引号；确实不用，请再看一遍后确认";
            found.doubts.push(doubt(grid.address(row, column), message, true));
        }
    }
    found
}

/// The units of money that heads and titles name: one for the whole sheet, or a doubt that stops.
fn units(goal: &Goal, grid: &Grid, above: &[&str], first: usize, found: &mut Preview) {
    let used = found.mapping.columns.iter().filter(|(_, column)| matches!(column.of, Use::Value | Use::Base));
    let named: Vec<(String, &'static str)> =
        used.filter_map(|(letters, column)| Some((letters.clone(), unit_word(&column.head)?))).collect();
    let alone = (first..grid.rows.len()).filter(|&row| distinct(&grid.rows[row]).len() == 1);
    let notes: Vec<&str> = alone.flat_map(|row| distinct(&grid.rows[row])).collect();
    let said = named.first().map(|(_, unit)| *unit).or_else(|| above.iter().chain(&notes).find_map(|text| stated_unit(text)));
    for (letters, unit) in named.iter().filter(|(_, unit)| Some(*unit) != said) {
        let message = format!("这一列的单位是{unit}，前面的列是{}；请在表里换成同一个单位", said.unwrap_or_default());
        found.doubts.push(doubt(format!("{letters}列"), message, true));
    }
    let by_line = |row: usize| (0..grid.width()).find(|&column| UNITS.contains(&grid.cell(row, column).trim())).map(|column| (row, column));
    if let Some((row, column)) = (first..grid.rows.len()).find_map(by_line) {
        found.doubts.push(doubt(grid.address(row, column), "单位按行写在格里；请把各行换成同一个单位，写在表头", true));
    }
    match said {
        Some(unit) if Measure::money(unit).is_some() => found.mapping.unit = Some(unit.to_owned()),
        Some(unit) => {
            let message = format!("表里的单位是“{unit}”，只能读亿元、万元和元；请换算后再导入");
            found.doubts.push(doubt(String::new(), message, true));
        }
        None => {
            let message = format!("表里没有写金额单位，按{}读；不对请改“金额单位”", goal.measure.unit);
            found.doubts.push(doubt(String::new(), message, false));
        }
    }
}

/// The longer ones first: 百万元 is not 万元.
const UNITS: [&str; 9] = ["百万元", "千万元", "亿美元", "万美元", "千元", "亿元", "万元", "美元", "元"];

/// The unit that a head names: `累计完成（万元）`, `投资额 亿元`.
fn unit_word(head: &str) -> Option<&'static str> {
    let text = fold_name(head).replace('（', "(").replace('）', ")");
    UNITS.into_iter().find(|unit| text.ends_with(unit) || text.contains(&format!("({unit}")) || text.contains(&format!("{unit})")))
}

/// The unit that a title or note states as such: behind 单位, or alone in parentheses. 亿元以上项目 states none.
fn stated_unit(text: &str) -> Option<&'static str> {
    let folded = fold_name(text).replace('（', "(").replace('）', ")");
    let behind = folded.split("单位").skip(1).map(|rest| rest.trim_start_matches([':', '：', '为', '(']));
    let stated = behind.flat_map(|rest| UNITS.into_iter().find(|unit| rest.starts_with(unit))).next();
    stated.or_else(|| UNITS.into_iter().find(|unit| folded.contains(&format!("({unit})"))))
}

fn is_figure(text: &str) -> bool {
    let folded = fold(text).replace([',', ' ', '%'], "");
    !folded.is_empty() && domain::money::Decimal::parse(&folded).is_ok()
}

/// A line with one text, merged over the table or alone: a title, or 单位：万元 at the right.
fn is_title(row: &[String]) -> bool {
    let texts = distinct(row);
    match texts[..] {
        [] => true,
        // One text over the table is its title; a head of its own would say what its column holds.
        [only] => {
            let head = matches!(use_of(only, None), Use::Value | Use::Base);
            !row[0].trim().is_empty() || !head || only.contains("情况") || only.ends_with('表')
        }
        _ => texts.iter().any(|text| text.contains("填报单位") || text.contains("填表人") || text.contains("制表")),
    }
}

fn distinct(row: &[String]) -> Vec<&str> {
    let mut texts: Vec<&str> = Vec::new();
    for text in row.iter().map(|cell| cell.trim()).filter(|text| !text.is_empty()) {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

/// What a head means, where the sheet is of this period.
fn use_of(head: &str, period: Option<Period>) -> Use {
    let text = fold_name(head).replace('（', "(").replace('）', ")");
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let years = years_in(&text);
    let last_year = period.is_some_and(|period| !years.is_empty() && years.iter().all(|year| *year == period.year - 1));
    let other_year = period.is_some_and(|period| !years.is_empty() && !years.contains(&period.year)) && !last_year;
    // A head that names months is of those: 1—4月 beside 1—5月, and a single month without 累计.
    let other_months = period.is_some_and(|period| {
        let named = months_in(&text);
        let fits = |&(from, to): &(u32, u32)| to == period.month && (from == 1 || has(&["累计"]));
        !named.is_empty() && !named.iter().any(fits)
    });
    let rising = || match last_year || other_year || other_months || has(&["上年", "去年", "当月", "本月"]) {
        true => Use::Ignore,
        false => Use::Growth,
    };
    match () {
        () if text.is_empty() || has(&["上期", "上月", "位次", "排名", "名次", "序号", "编号", "代码", "电话"]) => {
            Use::Ignore
        }
        () if has(&["备注", "说明", "原因"]) => Use::Note,
        () if has(&["增减", "增加额", "增长额", "环比", "比重", "占", "个)", "项)", "项目数", "户)"]) => Use::Ignore,
        () if has(&["目标", "任务", "计划"]) => Use::Ignore,
        () if has(&["增幅", "增速", "增长", "比增", "±%", "同比"]) => rising(),
        () if has(&["完成率", "进度", "序时", "%", "百分比"]) => Use::Ignore,
        () if has(&["当月", "本月", "单月", "新增"]) && !has(&["累计"]) => Use::Ignore,
        () if other_year || other_months => Use::Ignore,
        () if last_year || has(&["同期", "上年", "去年", "基数", "基期"]) => Use::Base,
        () if has(&["累计", "完成", "投资", "实际", "本期", "本年", "总量", "金额", "数量", "月"]) || !years.is_empty() => {
            Use::Value
        }
        () => Use::Ignore,
    }
}

/// One column for each use in a table: the likelier one, the others are left out and told.
fn settle(goal: &Goal, grid: &Grid, heads: &[String], uses: &mut [(usize, Use)], doubts: &mut Vec<Doubt>) {
    for of in [Use::Value, Use::Base, Use::Growth, Use::Note] {
        let same: Vec<usize> = uses.iter().filter(|(_, known)| *known == of).map(|(column, _)| *column).collect();
        if same.len() < 2 {
            continue;
        }
        let topic = goal.name.trim_start_matches("工业").trim_end_matches("投资");
        let score = |column: usize| {
            let weight = |word: &str, weight: usize| if !word.is_empty() && heads[column].contains(word) { weight } else { 0 };
            weight(&goal.name, 8) + weight(topic, 4) + weight("累计", 2) + weight("完成", 1)
        };
        let best = same.iter().copied().max_by_key(|&column| (score(column), std::cmp::Reverse(column))).unwrap_or(same[0]);
        for (column, known) in uses.iter_mut().filter(|(column, known)| *known == of && *column != best) {
            let column = *column;
            *known = Use::Ignore;
            // Two that look alike are for a person to tell apart.
            let alike = of != Use::Note && score(column) == score(best);
            let (this, that) = (shorten(&heads[column]), shorten(&heads[best]));
            let message = match alike {
                true => format!("“{this}”和{}列“{that}”都像是{}；请在对应关系里定下用哪一列，再看一遍", grid.letters(best), of.called()),
                false => format!("“{this}”也像是{}，没有用；要用它请改对应关系", of.called()),
            };
            doubts.push(doubt(format!("{}列", grid.letters(column)), message, alike));
        }
    }
    let has = |wanted: Use| uses.iter().any(|(_, of)| *of == wanted);
    // A growth beside value and base is what they make, rounded: only a stated one ranks by itself.
    if has(Use::Value)
        && has(Use::Base)
        && let Some((column, of)) = uses.iter_mut().find(|(_, of)| *of == Use::Growth)
    {
        *of = Use::Ignore;
        let message = format!(
            "“{}”没有用：增幅由本期和上年同期两数计算；如它是统计部门公布的可比口径增幅，请把这一列改为“公布增幅”",
            shorten(&heads[*column])
        );
        doubts.push(doubt(format!("{}列", grid.letters(*column)), message, false));
    }
    for (column, _) in
        uses.iter().filter(|(column, of)| *of == Use::Ignore && ["当月", "本月", "单月"].iter().any(|word| heads[*column].contains(word)))
    {
        let message = format!("“{}”是当月数，没有用；报送的是累计数", shorten(&heads[*column]));
        doubts.push(doubt(format!("{}列", grid.letters(*column)), message, false));
    }
}

/// Lines that say when something was filled in, not of which months it is.
const DATES: [&str; 7] = ["填报日期", "填表", "报送", "制表", "打印", "日期", "时间"];

/// The period that titles name, else heads, else the sheet: one span from January, or one month alone. Several that differ
/// are none, and so is a year that the plan does not have.
fn period_in(above: &[&str], heads: &[&str], sheet: &str, plan: &Plan) -> Option<Period> {
    let dated = |text: &&str| DATES.iter().any(|word| text.contains(word)) && !months_in(text).iter().any(|(from, to)| from < to);
    let above: Vec<&str> = above.iter().copied().filter(|text| !dated(text)).collect();
    let titled: Vec<i32> = above.iter().copied().flat_map(years_in).collect();
    let years = if titled.is_empty() { heads.iter().copied().chain([sheet]).flat_map(years_in).collect() } else { titled };
    let known = years.iter().copied().filter(|year| (plan.years.0..=plan.years.1).contains(year)).max();
    let year = if years.is_empty() { (plan.years.0 == plan.years.1).then_some(plan.years.0)? } else { known? };
    let sheet = [sheet];
    for (texts, spans) in [(&above[..], true), (heads, true), (&above[..], false), (&sheet[..], true), (heads, false), (&sheet[..], false)]
    {
        let named = texts.iter().flat_map(|text| months_in(text));
        let fits = |(from, to): &(u32, u32)| if spans { *from == 1 && *to > 1 } else { from == to };
        let mut ends: Vec<u32> = named.filter(fits).map(|(_, to)| to).collect();
        ends.sort_unstable();
        ends.dedup();
        match ends[..] {
            [] => {}
            [month] => {
                let period = Period::new(year, month);
                return period.filter(|period| domain::calendar::allowed(plan.calendar.as_ref(), plan.years, *period).is_ok());
            }
            _ => return None,
        }
    }
    None
}

/// The years that a text names: 2021年, or 2021 alone.
fn years_in(text: &str) -> Vec<i32> {
    let folded = fold(text);
    let mut parts: Vec<&str> = folded.split('年').collect();
    let last = parts.pop().unwrap_or_default();
    let alone = if parts.is_empty() { last.trim().parse().ok() } else { None };
    let before = parts.into_iter().map(|part| trailing_digits(part.trim_end())).filter(|digits| digits.len() == 4);
    before.filter_map(|digits| digits.parse().ok()).chain(alone).filter(|year| (1990..2100).contains(year)).collect()
}

fn trailing_digits(text: &str) -> &str {
    &text[text.trim_end_matches(|c: char| c.is_ascii_digit()).len()..]
}

/// The spans of months that a text names: 1—5月, 1月至5月, 5月, 上半年.
fn months_in(text: &str) -> Vec<(u32, u32)> {
    let folded: String = fold(text).chars().filter(|c| !c.is_whitespace()).collect();
    for (words, month) in [("上半年", 6), ("前三季度", 9), ("一季度", 3), ("全年", 12)] {
        if folded.contains(words) {
            return vec![(1, month)];
        }
    }
    let mut parts: Vec<&str> = folded.split('月').collect();
    parts.pop();
    let mut spans: Vec<(u32, u32)> = Vec::new();
    for part in parts {
        let digits = trailing_digits(part);
        let Some(to) = digits.parse().ok().filter(|month| (1..=12).contains(month)) else { continue };
        let before = &part[..part.len() - digits.len()];
        let rest = before.trim_end_matches(['-', '—', '–', '－', '~', '～', '至', '到']);
        let joined = rest.len() < before.len();
        let from: Option<u32> = trailing_digits(rest).parse().ok().filter(|_| joined);
        match (from, spans.last_mut()) {
            (Some(from), _) => spans.push((from, to)),
            // 1月至5月: the month before began the span.
            (None, Some(last)) if joined && rest.is_empty() && last.0 == last.1 => last.1 = to,
            _ => spans.push((to, to)),
        }
    }
    spans
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

fn read_lines(plan: &Plan, goal: &Goal, grid: &Grid, file: &str, found: &mut Preview) {
    let whole = |message: &str| doubt(String::new(), message, true);
    let mapped = tables(grid, &found.mapping);
    found.tables = mapped.len();
    if mapped.is_empty() {
        found.doubts.push(whole("没有找到单位名称一列：表里没有计划分解表中的单位，请核对选的计划和表"));
        return;
    }
    if !mapped.iter().flat_map(BTreeMap::values).any(|of| matches!(of, Use::Value | Use::Growth)) {
        found.doubts.push(whole("没有找到“本期累计”一列，请在对应关系里指定哪一列是本期累计"));
    }
    if found.mapping.period.is_none() {
        found.doubts.push(whole("表里没有写明是哪一期，请选定期间"));
    }
    let measure = match &found.mapping.unit {
        Some(unit) => Measure::money(unit).filter(|_| goal.measure.money).unwrap_or_else(|| goal.measure.clone()),
        None => goal.measure.clone(),
    };
    let first = found.mapping.first_row.saturating_sub(grid.top + 1);
    let mut seen: BTreeMap<RegionId, usize> = BTreeMap::new();
    for columns in &mapped {
        let used: Vec<(usize, Use)> = columns.iter().map(|(column, of)| (*column, *of)).collect();
        for row in first..grid.rows.len() {
            let reader = LineReader { plan, goal, grid, file, measure: &measure, columns: &used, row };
            reader.read(&mut seen, found);
        }
    }
    fractions(grid, &mapped, first, found);
    compare_total(plan, goal, found);
}

/// A column of percentages that are all below one was written as fractions: 0.123 for 12.3%.
fn fractions(grid: &Grid, mapped: &[BTreeMap<usize, Use>], first: usize, found: &mut Preview) {
    for column in mapped.iter().flatten().filter(|(_, of)| **of == Use::Growth).map(|(column, _)| *column) {
        let texts: Vec<&str> = (first..grid.rows.len()).map(|row| grid.cell(row, column).trim()).filter(|text| is_figure(text)).collect();
        let small = |text: &&str| !text.contains(['%', '％']) && text.parse::<f64>().is_ok_and(|number| number.abs() < 1.0);
        if !texts.is_empty() && texts.iter().all(small) && texts.iter().any(|text| text.contains('.')) {
            let message = "都小于 1，像是小数写法的百分数（0.123 即 12.3%）；请在表里改成 12.3 或 12.3%";
            found.doubts.push(doubt(format!("{}列", grid.letters(column)), message, texts.len() > 1));
        }
    }
}

struct LineReader<'a> {
    plan: &'a Plan,
    goal: &'a Goal,
    grid: &'a Grid,
    file: &'a str,
    measure: &'a Measure,
    columns: &'a [(usize, Use)],
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
        let figures = [Use::Value, Use::Base, Use::Growth].into_iter().filter_map(|of| self.column(of));
        let filled =
            figures.map(|column| self.grid.cell(self.row, column)).any(|text| !is_blank(text) && text.chars().any(|c| c.is_numeric()));
        let skipped = found.mapping.skip.contains(&number);
        let address = self.grid.address(self.row, name);
        if written.is_empty() {
            if filled && !skipped {
                found.doubts.push(doubt(address, "这一行有数，没有单位名称，没有用", false));
            }
            return;
        }
        let Some(known) = named(self.plan, self.goal, &written) else {
            if !filled {
                // 注：…… and the like. Another head means other columns from here on.
                let texts = self.columns.iter().filter(|(_, of)| matches!(of, Use::Value | Use::Base)).map(|(column, _)| *column);
                let head =
                    texts.map(|column| use_of(self.grid.cell(self.row, column), None)).any(|of| matches!(of, Use::Value | Use::Base));
                if head && !skipped {
                    let message = "这里又是一行表头：下面是另一张表，请分开导入；确实是同样的列，请选不导入这一行";
                    found.doubts.push(doubt(address, message, true));
                    found.lines.push(Line { row: number, written, region: None, figure: Figure::default(), skipped });
                }
                return;
            }
            if !skipped {
                let aside = ["小计", "平均", "均值"].iter().any(|word| written.contains(word));
                let names = self.goal.splits.iter().map(|split| split.name.as_str());
                let message = match suggest(&written, names) {
                    _ if aside => format!("“{}”不是计划里的单位，没有用", shorten(&written)),
                    Some(name) => format!("计划里没有“{}”，是否应为“{name}”？请在表里改好，或选不导入这一行", shorten(&written)),
                    None => format!("计划里没有“{}”；请在表里改好，或选不导入这一行", shorten(&written)),
                };
                found.doubts.push(doubt(address, message, !aside));
                if aside {
                    return;
                }
            }
            found.lines.push(Line { row: number, written, region: None, figure: Figure::default(), skipped });
            return;
        };
        if skipped {
            found.lines.push(Line { row: number, written, region: Some((known.region, known.name)), figure: Figure::default(), skipped });
            return;
        }
        if let Some(first) = seen.get(&known.region) {
            // A merged name covers several lines; only one of them has the figures.
            if filled {
                let message = format!("{}已在第 {first} 行出现过，同一单位只能有一行；请选不导入其中一行", known.name);
                found.doubts.push(doubt(address, message, true));
                found.lines.push(Line {
                    row: number,
                    written,
                    region: Some((known.region, known.name)),
                    figure: Figure::default(),
                    skipped,
                });
            }
            return;
        }
        seen.insert(known.region.clone(), number);
        if known.guessed {
            found.doubts.push(doubt(address, format!("“{}”读作“{}”", shorten(&written), known.name), false));
        }
        let figure = self.figure(&mut found.doubts);
        found.lines.push(Line { row: number, written, region: Some((known.region, known.name)), figure, skipped });
    }

    fn figure(&self, doubts: &mut Vec<Doubt>) -> Figure {
        let mut amount = |of: Use| {
            let column = self.column(of)?;
            let text = self.grid.cell(self.row, column).trim();
            if is_blank(text) {
                return None;
            }
            let address = self.grid.address(self.row, column);
            // In the unit of the sheet; a figure may name its own.
            match understand(self.measure, text) {
                Ok(read) => {
                    if let Some(said) = read.as_ref().and_then(|read| read.said.clone()).filter(|_| !text.is_ascii()) {
                        doubts.push(doubt(address, said, false));
                    }
                    read.map(|read| read.amount)
                }
                Err(error) => {
                    doubts.push(doubt(address, format!("{}：{error}", of.called()), true));
                    None
                }
            }
        };
        let (value, base) = (amount(Use::Value), amount(Use::Base));
        let growth = self.column(Use::Growth).and_then(|column| {
            let text = self.grid.cell(self.row, column).trim();
            if is_blank(text) {
                return None;
            }
            Rate::parse_percent(text)
                .map_err(|error| doubts.push(doubt(self.grid.address(self.row, column), format!("公布增幅：{error}"), true)))
                .ok()
        });
        let note = self.column(Use::Note).map(|column| self.grid.cell(self.row, column).trim().to_owned()).unwrap_or_default();
        if note.chars().count() > 1000 {
            let column = self.column(Use::Note).unwrap_or_default();
            doubts.push(doubt(self.grid.address(self.row, column), "说明超过 1000 字，请缩短", true));
        }
        let line = u32::try_from(self.grid.top + self.row + 1).ok();
        let source = Source { file: Some(self.file.to_owned()), line, ..Source::default() };
        Figure { value, base, published_growth: growth, note, source }
    }
}

/// The total of the sheet against the sum of its parts: told, never changed.
fn compare_total(plan: &Plan, goal: &Goal, found: &mut Preview) {
    let of = |line: &Line| line.region.as_ref().filter(|_| !line.skipped).map(|(region, _)| region.clone());
    let total =
        found.lines.iter().find(|line| of(line).as_deref() == Some(plan.region.id())).and_then(|line| Some((line.row, line.figure.value?)));
    let Some((row, total)) = total else { return };
    let parts = found
        .lines
        .iter()
        .filter(|line| of(line).and_then(|region| goal.split(&region).map(|split| split.within.is_none())).unwrap_or(false));
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

/// A sheet with the split of a target as the block of text that the plan editor takes: a line for each line of the sheet, so
/// that what is wrong is said by its number. Titles go; an indented row is 其中 of the one above; a unit that only a title
/// names stands in the heads.
pub fn split_block(grid: &Grid) -> String {
    let mark = |text: &str| matches!(text.trim(), "/" | "—" | "-" | "－" | "--");
    let filled = |row: &[String]| row.iter().any(|cell| is_figure(cell) || mark(cell));
    let first = grid.rows.iter().position(|row| distinct(row).len() > 1 && filled(row)).unwrap_or(grid.rows.len());
    let titles: Vec<&str> = grid.rows[..first].iter().filter(|row| is_title(row)).flat_map(|row| distinct(row)).collect();
    let heads: Vec<usize> = (0..first).filter(|&row| !is_title(&grid.rows[row])).collect();
    let named = heads.iter().any(|&row| grid.rows[row].iter().any(|cell| unit_word(cell).is_some()));
    let unit = titles.iter().find_map(|text| stated_unit(text)).filter(|_| !named);
    let mut block = "\n".repeat(grid.top);
    for (index, row) in grid.rows.iter().enumerate() {
        let is_head = heads.contains(&index);
        if is_head || (index >= first && filled(row)) {
            let cell = |cell: &String| {
                // 鼓 楼 区 is written so to fill its column.
                let spread = !is_head && !cell.is_ascii();
                let text: String = if spread { cell.chars().filter(|c| !c.is_whitespace()).collect() } else { cell.trim().to_owned() };
                let amount = ["目标", "任务", "总量", "投资", "计划"].iter().any(|word| text.contains(word)) && !text.contains('增');
                match unit {
                    Some(unit) if is_head && amount => format!("{text}（{unit}）"),
                    _ if !is_head
                        && cell.starts_with([' ', '\u{3000}'])
                        && !text.starts_with("其中")
                        && !is_figure(&text)
                        && !text.is_empty() =>
                    {
                        format!("其中：{text}")
                    }
                    _ => text,
                }
            };
            block.push_str(&row.iter().map(cell).collect::<Vec<_>>().join("\t"));
        }
        block.push('\n');
    }
    block
}

/// The mapping as a file that `--mapping` reads.
pub fn to_toml(mapping: &Mapping) -> String {
    let quoted = |text: &str| toml_string(text);
    let mut text = format!("sheet = {}\n", quoted(&mapping.sheet));
    if let Some(period) = mapping.period {
        text.push_str(&format!("period = \"{period}\"\n"));
    }
    if let Some(unit) = &mapping.unit {
        text.push_str(&format!("unit = {}\n", quoted(unit)));
    }
    let skip: Vec<String> = mapping.skip.iter().map(usize::to_string).collect();
    text.push_str(&format!(
        "first_row = {}\nskip_rows = [{}]\n\n[columns]   # name value base growth note ignore\n",
        mapping.first_row,
        skip.join(", ")
    ));
    let mut columns: Vec<(&String, &UseOf)> = mapping.columns.iter().collect();
    columns.sort_by_key(|(letters, _)| (letters.len(), (*letters).clone()));
    for (letters, column) in columns {
        text.push_str(&format!("{letters} = \"{}\"   # {}\n", column.of.id(), column.head.replace('\n', " ")));
    }
    text
}

/// Reads a mapping file; every fault as a sentence.
pub fn from_toml(text: &str) -> Result<Mapping, Vec<String>> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| vec![format!("不是有效的 TOML：{}", error.message())])?;
    let mut faults = Vec::new();
    let mut mapping = Mapping { first_row: 1, ..Mapping::default() };
    for (key, value) in &table {
        match (key.as_str(), value) {
            ("sheet", toml::Value::String(sheet)) => mapping.sheet.clone_from(sheet),
            ("unit", toml::Value::String(unit)) if Measure::money(unit).is_some() => mapping.unit = Some(unit.clone()),
            ("unit", _) => faults.push("unit 请写 亿元、万元 或 元".to_owned()),
            ("period", toml::Value::String(period)) => match Period::parse(period) {
                Ok(period) => mapping.period = Some(period),
                Err(error) => faults.push(format!("period：{error}")),
            },
            ("first_row", toml::Value::Integer(row)) if *row >= 1 => mapping.first_row = *row as usize,
            ("skip_rows", toml::Value::Array(rows)) => {
                let rows: Option<Vec<usize>> = rows.iter().map(|row| row.as_integer().and_then(|row| usize::try_from(row).ok())).collect();
                match rows {
                    Some(rows) => mapping.skip = rows,
                    None => faults.push("skip_rows 请写行号，例如 [12, 15]".to_owned()),
                }
            }
            ("columns", toml::Value::Table(columns)) => {
                for (letters, of) in columns {
                    match of.as_str().and_then(Use::parse) {
                        Some(of) => drop(mapping.columns.insert(letters.trim().to_ascii_uppercase(), UseOf { head: String::new(), of })),
                        None => faults.push(format!("columns 的 {letters} 请写 name、value、base、growth、note、ignore 之一")),
                    }
                }
            }
            ("sheet" | "period" | "first_row" | "skip_rows" | "columns", _) => {
                faults.push(format!("{key} 的写法不对，请照 --dry-run 打印的样子写"))
            }
            _ => faults.push(format!("不认识 {key}，可用的有 sheet、period、unit、first_row、skip_rows、columns")),
        }
    }
    if faults.is_empty() { Ok(mapping) } else { Err(faults) }
}

fn toml_string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace(|c: char| c.is_control(), " "))
}
