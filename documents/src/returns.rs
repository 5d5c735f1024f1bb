//! The returns file: CSV rows → figures, with every problem of the file.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

use domain::Problem;
use domain::budget::Budget;
use domain::calendar;
use domain::entry::{is_plain, understand, understand_growth};
use domain::money::{Measure, is_blank};
use domain::month::{Period, shorten};
use domain::plan::{Goal, Plan, SplitIndex};
use domain::region::{RegionId, fold_name, suggest};
use domain::returns::{Figure, Figures, ReturnRow, Source};

/// Longest note that is kept.
const NOTE_LIMIT: usize = 1000;

/// A row whose region the plan does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRegion {
    pub line: usize,
    pub region: String,
    pub message: String,
}

/// Everything a returns file holds.
#[derive(Debug, Default)]
pub struct ReturnsFile {
    pub rows: Vec<ReturnRow>,
    /// `standings` leaves these out and goes on; `import` refuses the file.
    pub unknown: Vec<UnknownRegion>,
    /// All other problems: these end a run.
    pub faults: Vec<Problem>,
    /// Rows without any figure: they count as not reported and change nothing.
    pub blank: usize,
    /// Cells that are read as something else than stands there: `“下降3.1%”读作 −3.1%`.
    pub said: Vec<Problem>,
}

impl ReturnsFile {
    pub fn figures(&self) -> Figures {
        let mut figures = Figures::default();
        for row in &self.rows {
            figures.insert(&row.goal, row.period, &row.region, row.figure.clone());
        }
        figures
    }

    /// Unknown regions and faults together, by line.
    pub fn all_problems(&self) -> Vec<Problem> {
        let unknown = self.unknown.iter().map(|row| Problem::new(row.line, row.message.clone()));
        let mut all: Vec<Problem> = self.faults.iter().cloned().chain(unknown).collect();
        all.sort_by_key(|problem| problem.line);
        all
    }
}

/// What a row says where the file has no such column: the form that a file is uploaded to.
#[derive(Debug, Clone, Copy)]
pub struct Defaults<'a> {
    pub region: &'a str,
    pub period: Period,
}

/// The text of a file in the form that the import asks for: its head has columns for the unit and the period. `None`
/// for any other, which is read as an office's own table, with a preview.
pub fn own_form(bytes: &[u8], budget: Budget<'_>) -> Option<String> {
    let text = if bytes.starts_with(b"PK\x03\x04") {
        crate::workbook::to_csv(bytes, budget)
    } else {
        crate::text::decode(bytes)
    };
    let text = text.ok()?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
    let is_own = reader.records().next().is_none_or(|head| {
        head.is_ok_and(|head| {
            head.iter().any(|cell| matches!(fold_name(cell).to_lowercase().as_str(), "period" | "region" | "期间"))
        })
    });
    is_own.then_some(text)
}

pub fn is_own_form(bytes: &[u8], budget: Budget<'_>) -> bool {
    own_form(bytes, budget).is_some()
}

/// Reads a returns file for `plan`: CSV, or the first sheet of an xlsx workbook. `file` is the name kept as the source
/// of each figure.
pub fn parse(plan: &Plan, default_goal: &Goal, bytes: &[u8], file: &str) -> ReturnsFile {
    parse_with(plan, default_goal, bytes, file, None, Budget::ENDLESS)
}

/// The same for one unit's form, as long as the budget goes: the end of it is a fault of the file.
pub fn parse_with(
    plan: &Plan,
    default_goal: &Goal,
    bytes: &[u8],
    file: &str,
    defaults: Option<Defaults<'_>>,
    budget: Budget<'_>,
) -> ReturnsFile {
    let mut read = ReturnsFile::default();
    let workbook = bytes.starts_with(b"PK\x03\x04");
    let text = match if workbook { crate::workbook::to_csv(bytes, budget) } else { crate::text::decode(bytes) } {
        Ok(text) => text,
        Err(problem) => {
            read.faults.push(problem);
            return read;
        }
    };
    if let Some(problem) = unpaired_quote(&text) {
        read.faults.push(problem);
        return read;
    }
    let mut lines_before = LineCounter { text: text.as_bytes(), at: 0, line: 1 };
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut records = reader.records();
    let columns = match records.next() {
        Some(Ok(header)) => Columns::read(&header, defaults.is_some(), &mut read.faults),
        _ => {
            read.faults.push(Problem::new(1, "文件是空的，第一行应为表头 region,period,value,base,growth_pct,note"));
            return read;
        }
    };
    let Some(columns) = columns else { return read };
    let known = Known::of(plan, default_goal);
    let mut lines: HashMap<(String, Period, RegionId), usize> = HashMap::new();
    for record in records {
        if let Err(ended) = budget.check() {
            read.faults.push(ended.into());
            return read;
        }
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, |position| position.line() as usize);
                read.faults.push(Problem::new(line, "这一行不是有效的 CSV，请检查引号是否成对"));
                continue;
            }
        };
        let line = record.position().map_or(0, |position| lines_before.line_at(position.byte() as usize));
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if record.len() > columns.count {
            let message = format!(
                "这一行有 {} 列，表头只有 {} 列；数字里有逗号时请加引号，例如 \"1,234.50\"",
                record.len(),
                columns.count
            );
            read.faults.push(Problem::new(line, message));
            continue;
        }
        let Some(row) =
            RowReader { plan, known: &known, columns: &columns, record: &record, line, file, defaults }.read(&mut read)
        else {
            continue;
        };
        let key = (row.goal.clone(), row.period, row.region.clone());
        match lines.insert(key, line) {
            Some(first) => {
                let message = format!(
                    "{} {} 已在第 {first} 行出现过，同一单位同一期只能有一行",
                    columns.cell(&record, "region"),
                    row.period
                );
                read.faults.push(Problem::new(line, message));
            }
            // A row without any figure counts as not reported.
            None if row.figure.is_reported() || row.figure.base.is_some() => read.rows.push(row),
            None => read.blank += 1,
        }
    }
    read
}

/// The line a record starts on, blank lines before it counted; asked with rising offsets.
struct LineCounter<'t> {
    text: &'t [u8],
    at: usize,
    line: usize,
}

impl LineCounter<'_> {
    fn line_at(&mut self, offset: usize) -> usize {
        let blank = self.text[offset..].iter().take_while(|&&byte| byte == b'\n').count();
        let start = offset + blank;
        self.line += self.text[self.at..start].iter().filter(|&&byte| byte == b'\n').count();
        self.at = start;
        self.line
    }
}

/// Where quotes are not as CSV wants them: the reader would forgive it and swallow rows.
pub(crate) fn unpaired_quote(text: &str) -> Option<Problem> {
    let (mut line, mut inside, mut field_start, mut opened) = (1, false, true, 0);
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match (c, inside) {
            ('"', true) if characters.peek() == Some(&'"') => {
                characters.next();
            }
            ('"', true) => {
                inside = false;
                if characters.peek().is_some_and(|next| !matches!(next, ',' | '\n')) {
                    return Some(Problem::new(line, "右引号后面应是逗号或行末；内容里的引号请写成两个 \"\""));
                }
            }
            ('"', false) if field_start => (inside, opened) = (true, line),
            ('"', false) => {
                return Some(Problem::new(
                    line,
                    "引号应在一格的开头；内容里有引号时请把整格用引号括起来，里面的引号写成两个 \"\"",
                ));
            }
            ('\n', _) => line += 1,
            _ => {}
        }
        field_start = !inside && matches!(c, ',' | '\n');
    }
    inside.then(|| Problem::new(opened, "这一行的引号没有成对，后面的行会被并进来；请补上右引号"))
}

const KNOWN: [&str; 8] = ["region", "period", "value", "base", "growth_pct", "note", "goal", "unit"];

/// The same columns as an office calls them.
const ALSO: [(&str, &str); 15] = [
    ("单位名称", "region"),
    ("单位", "region"),
    ("地区", "region"),
    ("县市区", "region"),
    ("县（市）区", "region"),
    ("期间", "period"),
    ("本期累计", "value"),
    ("累计完成", "value"),
    ("去年同期", "base"),
    ("上年同期", "base"),
    ("公布增幅", "growth_pct"),
    ("说明", "note"),
    ("指标", "goal"),
    ("目标", "goal"),
    ("计量单位", "unit"),
];

struct Columns {
    at: HashMap<&'static str, usize>,
    count: usize,
}

impl Columns {
    fn read(header: &csv::StringRecord, form: bool, faults: &mut Vec<Problem>) -> Option<Self> {
        let mut at = HashMap::new();
        for (index, name) in header.iter().enumerate() {
            let folded = fold_name(name).to_lowercase();
            let also = ALSO.iter().find(|(name, _)| fold_name(name) == folded).map(|(_, known)| (*known).to_owned());
            let folded = also.unwrap_or(folded);
            match KNOWN.iter().find(|known| **known == folded) {
                Some(known) if at.insert(*known, index).is_some() => {
                    faults.push(Problem::new(1, format!("表头里 {known} 出现两次，请只留一列")));
                }
                Some(_) => {}
                None if folded.is_empty() => {}
                None => faults
                    .push(Problem::new(1, format!("表头里不认识“{}”，可用的列名：{}", shorten(name), KNOWN.join(",")))),
            }
        }
        for required in ["region", "period"] {
            if !form && !at.contains_key(required) {
                faults.push(Problem::new(
                    1,
                    format!("表头缺少 {required}，第一行应为 region,period,value,base,growth_pct,note"),
                ));
            }
        }
        if !["value", "growth_pct"].iter().any(|column| at.contains_key(column)) {
            faults.push(Problem::new(1, "表头既没有 value 也没有 growth_pct，至少要有一列数"));
        }
        faults.is_empty().then_some(Self { at, count: header.len() })
    }

    fn cell<'r>(&self, record: &'r csv::StringRecord, column: &str) -> &'r str {
        self.at.get(column).and_then(|&index| record.get(index)).unwrap_or("").trim()
    }
}

/// A goal by the name it is compared with, and the rows of its split by theirs.
struct KnownGoal<'p> {
    goal: &'p Goal,
    name: String,
    rows: OnceCell<SplitIndex<'p>>,
}

impl<'p> KnownGoal<'p> {
    fn of(goal: &'p Goal) -> Self {
        Self { goal, name: fold_name(&goal.name), rows: OnceCell::new() }
    }

    fn rows(&self) -> &SplitIndex<'p> {
        self.rows.get_or_init(|| SplitIndex::of(&self.goal.splits))
    }
}

/// What the rows of a file name, looked up in constant time.
struct Known<'p> {
    default: KnownGoal<'p>,
    goals: Vec<KnownGoal<'p>>,
    /// The plan's region, folded.
    own: String,
    /// What to write for a name that is not known, by goal and name: a name comes once for each period.
    hints: RefCell<HashMap<(String, String), String>>,
}

impl<'p> Known<'p> {
    fn of(plan: &'p Plan, default_goal: &'p Goal) -> Self {
        Self {
            default: KnownGoal::of(default_goal),
            goals: plan.goals.iter().map(KnownGoal::of).collect(),
            own: fold_name(&plan.region.name),
            hints: RefCell::default(),
        }
    }
}

struct RowReader<'a, 'p> {
    plan: &'a Plan,
    known: &'a Known<'p>,
    columns: &'a Columns,
    record: &'a csv::StringRecord,
    line: usize,
    file: &'a str,
    defaults: Option<Defaults<'a>>,
}

impl<'a, 'p> RowReader<'a, 'p> {
    fn cell(&self, column: &str) -> &str {
        let written = self.columns.cell(self.record, column);
        match self.defaults {
            Some(defaults) if column == "region" && written.is_empty() => defaults.region,
            _ => written,
        }
    }

    /// `None` when the row has a problem; all of its problems are noted.
    fn read(&self, read: &mut ReturnsFile) -> Option<ReturnRow> {
        let before = read.faults.len();
        let known = self.goal(&mut read.faults);
        let goal = known.map(|known| known.goal);
        let period = self.period(goal, &mut read.faults);
        let region = known.and_then(|known| self.region(known, read));
        let figure = goal.and_then(|goal| self.figure(goal, read));
        if read.faults.len() > before {
            return None;
        }
        Some(ReturnRow { line: self.line, goal: goal?.id.clone(), region: region?, period: period?, figure: figure? })
    }

    fn fault(&self, faults: &mut Vec<Problem>, message: impl Into<String>) {
        faults.push(Problem::new(self.line, message));
    }

    fn goal(&self, faults: &mut Vec<Problem>) -> Option<&'a KnownGoal<'p>> {
        let written = self.cell("goal");
        if written.is_empty() {
            return Some(&self.known.default);
        }
        let folded = fold_name(written);
        let found = self.known.goals.iter().find(|known| known.goal.id == folded || known.name == folded);
        if found.is_none() {
            let ids: Vec<&str> =
                self.plan.goals.iter().filter(|goal| goal.has_figure()).map(|goal| goal.id.as_str()).collect();
            self.fault(faults, format!("计划里没有目标“{}”，请写 {} 之一", shorten(written), ids.join("、")));
        }
        if let Some(text) = found.filter(|known| !known.goal.has_figure()) {
            self.fault(faults, format!("“{}”只报文字，没有数可以导入，请删去这一行", text.goal.name));
            return None;
        }
        found
    }

    /// A period of the goal's rhythm, or one that its pace or its average growth starts from.
    fn period(&self, goal: Option<&Goal>, faults: &mut Vec<Problem>) -> Option<Period> {
        if let Some(defaults) = self.defaults.filter(|_| self.cell("period").is_empty()) {
            return Some(defaults.period);
        }
        let period = match Period::parse(self.cell("period")) {
            Ok(period) => period,
            Err(error) => {
                self.fault(faults, error.to_string());
                return None;
            }
        };
        if goal.is_some_and(|goal| self.plan.is_base_period(goal, period)) {
            return Some(period);
        }
        let calendar = match goal {
            Some(goal) => self.plan.calendar_of(goal),
            None => self.plan.calendar.as_ref(),
        };
        match calendar::allowed(calendar, self.plan.years, period) {
            Ok(()) => Some(period),
            Err(message) => {
                self.fault(faults, message);
                None
            }
        }
    }

    fn region(&self, known: &KnownGoal<'_>, read: &mut ReturnsFile) -> Option<RegionId> {
        let written = self.cell("region");
        let folded = fold_name(written);
        let own = &self.plan.region;
        if folded == own.id() || folded == self.known.own {
            return Some(own.id().to_owned());
        }
        let rows = known.rows();
        if let Some(split) = rows.current(&folded).or_else(|| rows.former(&folded)) {
            return Some(split.region.clone());
        }
        // What the goal is compared with: 全市平均水平.
        if known.goal.meaning.compared_with.as_deref().is_some_and(|words| fold_name(words) == folded) {
            return Some(folded);
        }
        let message = format!("计划里没有“{}”，{}", shorten(written), self.hint(known.goal, written, &folded));
        read.unknown.push(UnknownRegion { line: self.line, region: shorten(written), message });
        None
    }

    /// What to write instead of a name that the plan does not know.
    fn hint(&self, goal: &Goal, written: &str, folded: &str) -> String {
        let own = &self.plan.region.name;
        match folded {
            "全市" | "全省" | "全区" | "全县" | "合计" | "总计" => format!("总数一行请写“{own}”"),
            _ => {
                let mut hints = self.known.hints.borrow_mut();
                let like = || {
                    let names = goal.splits.iter().map(|split| split.name.as_str()).chain([own.as_str()]);
                    match suggest(written, names) {
                        Some(name) => format!("是否应为“{name}”？"),
                        None => "请写分解表里的名称或行政区划代码".to_owned(),
                    }
                };
                hints.entry((goal.id.clone(), folded.to_owned())).or_insert_with(like).clone()
            }
        }
    }

    fn figure(&self, goal: &Goal, read: &mut ReturnsFile) -> Option<Figure> {
        let (faults, told) = (&mut read.faults, &mut read.said);
        let measure = self.measure(goal, faults)?;
        let before = faults.len();
        let mut amount = |column: &str, name: &str| {
            let written = self.cell(column);
            if is_blank(written) {
                return None;
            }
            // What programs read too names its unit once, in its column.
            if self.defaults.is_none() && written.contains(['亿', '万', '元']) {
                let fault = format!("{name}（{column}）：“{}”不是数字，请只写数，单位写在 unit 一列", shorten(written));
                self.fault(faults, fault);
                return None;
            }
            match understand(&measure, written) {
                Ok(understood) => {
                    let understood = understood?;
                    let said = understood.said.filter(|_| !is_plain(written));
                    told.extend(said.map(|said| Problem::new(self.line, said)));
                    Some(understood.amount)
                }
                Err(error) => {
                    self.fault(faults, format!("{name}（{column}）：{error}"));
                    None
                }
            }
        };
        let value = amount("value", "累计完成");
        let base = amount("base", "上年同期");
        let published_growth = match understand_growth(self.cell("growth_pct"), None) {
            Ok(understood) => understood.map(|understood| {
                told.extend(understood.said.map(|said| Problem::new(self.line, said)));
                understood.rate
            }),
            Err(error) => {
                self.fault(faults, format!("公布增幅（growth_pct）：{error}"));
                None
            }
        };
        let note = domain::entry::clean(self.cell("note"));
        if note.chars().count() > NOTE_LIMIT {
            self.fault(faults, format!("说明（note）超过 {NOTE_LIMIT} 字，请缩短"));
        }
        if faults.len() > before {
            return None;
        }
        let source = Source { file: Some(self.file.into()), line: u32::try_from(self.line).ok(), ..Source::default() };
        Some(Figure { value, base, published_growth, note, source })
    }

    /// The unit of the row: the goal's, or another one of money where the column says so.
    fn measure(&self, goal: &Goal, faults: &mut Vec<Problem>) -> Option<Measure> {
        let written = fold_name(self.cell("unit"));
        if written.is_empty() || written == fold_name(&goal.measure.unit) {
            return Some(goal.measure.clone());
        }
        let other = Measure::money(&written).filter(|_| goal.measure.money);
        if other.is_none() {
            let allowed = if goal.measure.money { "亿元、万元 或 元" } else { goal.measure.unit.as_str() };
            self.fault(faults, format!("单位（unit）不能写“{}”，请写 {allowed}", shorten(&written)));
        }
        other
    }
}
