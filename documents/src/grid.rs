//! Any table file as grids of text: xlsx and old xls workbooks, CSV in UTF-8 or GB18030. Merged cells say in each of
//! their places what they say once; every cell knows its address.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::panic::AssertUnwindSafe;

use calamine::{Data, Dimensions, Range, Reader, SheetVisible, Xls, XlsError, Xlsx};
use domain::Problem;
use domain::budget::Budget;
use serde::{Deserialize, Serialize};

use crate::workbook::{CELLS, COLUMNS, SHEETS, decimal, measure};
use crate::xlsx_looks::SheetLooks;

/// A sheet as text; rows and columns count from its first used cell.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Grid {
    pub name: String,
    pub rows: Vec<Vec<String>>,
    /// Where the first used cell stands in the sheet.
    pub top: usize,
    pub left: usize,
    /// Its rows (`12`) and columns (`F`) that nobody sees.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub hidden: BTreeSet<String>,
    /// What a cell shows where it holds more digits than that: `B5` → `4.4` for 4.449.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub shown: BTreeMap<String, String>,
}

impl Grid {
    /// `B5`: as a spreadsheet calls a cell.
    pub fn address(&self, row: usize, column: usize) -> String {
        format!("{}{}", letters(self.left + column), self.top + row + 1)
    }

    /// `B`: as a spreadsheet calls a column.
    pub fn letters(&self, column: usize) -> String {
        letters(self.left + column)
    }

    /// That a row has a cell behind the last column of its head, where nobody would read it: a comma within a number
    /// makes one. Without a full stop.
    pub fn surplus(&self, head: usize, row: usize) -> Option<String> {
        let last = |row: usize| self.rows.get(row)?.iter().rposition(|cell| !cell.trim().is_empty());
        let column = last(row).filter(|column| last(head).is_none_or(|named| *column > named))?;
        let (place, shown) = (self.address(row, column), domain::month::shorten(self.cell(row, column).trim()));
        Some(format!("{place}（“{shown}”）在表头的最后一列后面，没有列名；数里的千分位逗号请去掉，不要的请清空"))
    }

    /// Whether nobody sees this row of the grid.
    pub fn hides_row(&self, row: usize) -> bool {
        self.hidden.contains(&(self.top + row + 1).to_string())
    }

    /// Whether nobody sees the column of these letters.
    pub fn hides_column(&self, letters: &str) -> bool {
        self.hidden.contains(letters)
    }

    /// The column of these letters, where it is in the grid.
    pub fn column(&self, letters: &str) -> Option<usize> {
        let number = letters.trim().to_ascii_uppercase().chars().try_fold(0_usize, |number, c| {
            c.is_ascii_uppercase().then(|| number.saturating_mul(26).saturating_add(c as usize - 'A' as usize + 1))
        })?;
        let column = number.checked_sub(1)?.checked_sub(self.left)?;
        (column < self.width()).then_some(column)
    }

    pub fn width(&self) -> usize {
        self.rows.first().map_or(0, Vec::len)
    }

    pub fn cell(&self, row: usize, column: usize) -> &str {
        self.rows.get(row).and_then(|row| row.get(column)).map_or("", String::as_str)
    }
}

/// Stands where a formula has no value, and where one figure is merged over several lines: to be seen, not to be
/// skipped.
const UNCOMPUTED: &str = "没有算出的公式";
const MERGED: &str = "合并的格";

/// Why a cell with one of these is no figure, and what to do about it.
pub(crate) fn no_figure(text: &str) -> Option<&'static str> {
    match text.trim() {
        UNCOMPUTED => Some("这里是没有算出的公式；请在 Excel 或 WPS 里打开，保存后再用"),
        MERGED => Some("几行合并成一格，分不出各行的数；请拆开后各自填写"),
        _ => None,
    }
}

fn letters(mut column: usize) -> String {
    let mut letters = String::new();
    loop {
        letters.insert(0, char::from(b'A' + (column % 26) as u8));
        match column / 26 {
            0 => return letters,
            rest => column = rest - 1,
        }
    }
}

fn refused<T>(sentence: impl Into<String>) -> Result<T, Problem> {
    Err(Problem::new(0, sentence))
}

/// Every sheet with anything in it. `file` tells by its ending what a file claims to be.
///
/// # Errors
/// It is no table, or too large; or the budget ended.
pub fn read(bytes: &[u8], file: &str, budget: Budget<'_>) -> Result<Vec<Grid>, Problem> {
    let ending = file.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    if ending == "et" || ending == "ett" {
        return refused("这是 WPS 的 et 文件，请在 WPS 里“另存为”xlsx 再用");
    }
    let sheets = if bytes.starts_with(b"PK\x03\x04") {
        xlsx(bytes, budget)?
    } else if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        unfallen(|| xls(bytes, budget))
            .unwrap_or_else(|| refused("旧版工作簿打不开，可能已损坏；请在 Excel 或 WPS 里另存为 xlsx 再用"))?
    } else if bytes.starts_with(b"%PDF") {
        return refused("这是 PDF 文件，读不了表格；请用原来的 xlsx 或 CSV");
    } else if matches!(ending.as_str(), "xlsx" | "xlsm" | "xls") && bytes.contains(&0) {
        return refused("文件的内容不是工作簿，可能已损坏或没有传完整；请在 Excel 或 WPS 里打开，另存为 xlsx 再用");
    } else {
        let text = crate::text::decode(bytes)?;
        let head = text.trim_start().chars().take(20).collect::<String>().to_lowercase();
        if ["<html", "<!doctype", "<table", "<?xml"].iter().any(|tag| head.starts_with(tag)) {
            return refused("这是网页或 XML 存成的表，不是工作簿；请在 Excel 或 WPS 里打开，另存为 xlsx 再用");
        }
        vec![csv(&text, budget)?]
    };
    let used: Vec<Grid> = sheets.into_iter().filter(|grid| !grid.rows.is_empty()).collect();
    if used.is_empty() { refused("文件是空的，没有可用的表") } else { Ok(used) }
}

fn too_many_sheets<T>(count: usize) -> Result<T, Problem> {
    refused(format!("工作簿有 {count} 张表，超过 {SHEETS} 张；请只留要报的一张"))
}

/// A file's bytes as long as the budget goes: the readers of workbooks know nothing of it, and end where a read fails.
struct Budgeted<'a> {
    bytes: Cursor<&'a [u8]>,
    budget: Budget<'a>,
}

impl Read for Budgeted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.budget.check().map_err(io::Error::other)?;
        self.bytes.read(buffer)
    }
}

impl Seek for Budgeted<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.bytes.seek(to)
    }
}

/// What a reader of workbooks makes of a file; `None` where it fell over it, as those of calamine have been seen to do
/// over broken ones (<https://github.com/tafia/calamine/blob/v0.38.0/src/xlsx/mod.rs> multiplies rows without a check).
fn unfallen<T>(read: impl FnOnce() -> T) -> Option<T> {
    std::panic::catch_unwind(AssertUnwindSafe(read)).ok()
}

const BROKEN: &str = "工作簿打不开，可能已损坏或加了密码；请在 Excel 或 WPS 里另存一份再用";

pub(crate) fn xlsx(bytes: &[u8], budget: Budget<'_>) -> Result<Vec<Grid>, Problem> {
    unfallen(|| read_xlsx(bytes, budget)).unwrap_or_else(|| refused(BROKEN))
}

fn read_xlsx(bytes: &[u8], budget: Budget<'_>) -> Result<Vec<Grid>, Problem> {
    measure(bytes, budget)?;
    let broken = || match budget.check() {
        Ok(()) => Problem::new(0, BROKEN),
        Err(ended) => ended.into(),
    };
    let mut workbook: Xlsx<_> = Xlsx::new(Budgeted { bytes: Cursor::new(bytes), budget }).map_err(|_| broken())?;
    let hidden: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible != SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    // What nobody sees is no report, unless there is nothing else.
    let mut names = workbook.sheet_names();
    if names.len() > hidden.len() {
        names.retain(|name| !hidden.contains(name));
    }
    if names.len() > SHEETS {
        return too_many_sheets(names.len());
    }
    budget.check()?;
    let looks = crate::xlsx_looks::looks(bytes, budget);
    let mut grids = Vec::new();
    for name in names {
        let plain = SheetLooks::default();
        let looks = looks.get(&name).unwrap_or(&plain);
        let mut cells = Vec::new();
        let mut shown = BTreeMap::new();
        {
            let mut reader = workbook.worksheet_cells_reader(&name).map_err(|_| broken())?;
            while let Some(found) = reader.next_cell().map_err(|_| broken())? {
                budget.check()?;
                let look = looks.cells.get(&found.get_position()).copied().unwrap_or_default();
                let text = match Data::from(found.get_value().clone()) {
                    // A cell that shows 12.3% holds 0.123.
                    Data::Float(number) if look.percent => format!("{}%", decimal((number * 1e12).round() / 1e10)),
                    Data::Int(number) if look.percent => format!("{}%", number * 100),
                    Data::String(text) if look.indented => format!("\u{3000}{}", cell(&Data::String(text))),
                    other => cell(&other),
                };
                if let Some(short) = look.decimals.and_then(|decimals| shortened(&text, decimals)) {
                    let (row, column) = found.get_position();
                    shown.insert(format!("{}{}", letters(column as usize), row + 1), short);
                }
                if !text.trim().is_empty() {
                    cells.push((found.get_position(), text));
                }
                if cells.len() > CELLS {
                    return refused(format!("表“{name}”超过 {CELLS} 格，太大了；请删去无关内容"));
                }
            }
        }
        // A formula that no program has computed yet has no value to read. They are asked for one by one: all at once,
        // two in opposite corners of a sheet would be laid out as seventeen billion.
        let known: HashSet<(u32, u32)> = cells.iter().map(|(place, _)| *place).collect();
        let mut reader = workbook.worksheet_cells_reader(&name).map_err(|_| broken())?;
        while let Ok(Some(formula)) = reader.next_formula() {
            budget.check()?;
            let place = formula.get_position();
            if !formula.get_value().is_empty() && !known.contains(&place) {
                cells.push((place, UNCOMPUTED.to_owned()));
            }
            if cells.len() > CELLS {
                return refused(format!("表“{name}”超过 {CELLS} 格，太大了；请删去无关内容"));
            }
        }
        drop(reader);
        let merged = workbook.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let mut grid = Grid { shown, ..grid(name, cells, &merged)? };
        let rows =
            (0..grid.rows.len()).map(|row| grid.top + row).filter(|&row| looks.hidden_rows.contains(&(row as u32)));
        let is_hidden = |column: usize| {
            looks.hidden_columns.iter().any(|&(from, to)| (from as usize..=to as usize).contains(&column))
        };
        let columns = (0..grid.width()).filter(|&column| is_hidden(grid.left + column));
        grid.hidden = rows.map(|row| (row + 1).to_string()).chain(columns.map(|column| grid.letters(column))).collect();
        grids.push(grid);
    }
    Ok(grids)
}

/// A figure with as many decimals as its cell shows, where it holds more.
fn shortened(text: &str, decimals: u32) -> Option<String> {
    let (number, percent) = text.strip_suffix('%').map_or((text, ""), |number| (number, "%"));
    let (whole, fraction) = number.split_once('.')?;
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if fraction.len() <= decimals as usize || !digits(fraction) || !digits(whole.trim_start_matches('-')) {
        return None;
    }
    let power = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let rounded = domain::money::round_decimal(format!("{whole}{fraction}").parse().ok()?, power, decimals);
    Some(format!("{rounded}{percent}"))
}

fn xls(bytes: &[u8], budget: Budget<'_>) -> Result<Vec<Grid>, Problem> {
    let bytes = crate::xls::measured(bytes, budget)?;
    let mut workbook: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsError::Password => Problem::new(0, "工作簿加了密码，打不开；请去掉密码再用"),
        _ => Problem::new(
            0,
            "这不是能读的旧版工作簿（可能是 WPS 的 et、Word 或别的文件）；请在 Excel 或 WPS 里另存为 xlsx 再用",
        ),
    })?;
    let names = workbook.sheet_names();
    if names.len() > SHEETS {
        return too_many_sheets(names.len());
    }
    let mut grids = Vec::new();
    for name in names {
        budget.check()?;
        let merged = workbook.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let Ok(range) = workbook.worksheet_range(&name) else { continue };
        grids.push(grid(name, used(&range)?, &merged)?);
    }
    Ok(grids)
}

type Found = Vec<((u32, u32), String)>;

fn used(range: &Range<Data>) -> Result<Found, Problem> {
    let (top, left) = range.start().unwrap_or_default();
    let texts = range.used_cells().map(|(row, column, data)| ((top + row as u32, left + column as u32), cell(data)));
    let cells: Found = texts.filter(|(_, text)| !text.trim().is_empty()).take(CELLS + 1).collect();
    if cells.len() > CELLS {
        refused(format!("表超过 {CELLS} 格，太大了；请删去无关内容"))
    } else {
        Ok(cells)
    }
}

/// A cell as somebody would have typed it; leading blanks are kept, they may be an indentation.
fn cell(data: &Data) -> String {
    match data {
        Data::Float(number) => decimal(*number),
        Data::Int(number) => number.to_string(),
        Data::Bool(value) => value.to_string(),
        Data::String(text) => one_line(text),
        // A day is no figure, whatever number stands for it.
        Data::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year}-{month:02}-{day:02}")
        }
        Data::Error(error) => error.to_string(),
        Data::Empty => String::new(),
        other => other.to_string(),
    }
}

/// A cell's text in one line; of figures one above the other the break stays, for two numbers are not one.
fn one_line(text: &str) -> String {
    let text = text.trim_end();
    let broken = text.contains('\n')
        && text.trim().chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '.' | ',' | '%'));
    if broken { text.to_owned() } else { text.replace(['\r', '\n'], " ") }
}

/// The cells as a grid without the empty rows and columns around it. Its size is looked at before there is one: two
/// cells in opposite corners of a sheet are seventeen billion.
pub(crate) fn grid(name: String, cells: Found, merged: &[Dimensions]) -> Result<Grid, Problem> {
    if cells.is_empty() {
        return Ok(Grid { name, ..Grid::default() });
    }
    let bounds = |of: fn(&(u32, u32)) -> u32| {
        let places = cells.iter().map(|(place, _)| of(place));
        (places.clone().min().unwrap_or(0) as usize, places.max().unwrap_or(0) as usize)
    };
    let ((top, bottom), (left, right)) = (bounds(|place| place.0), bounds(|place| place.1));
    let (height, width) = (bottom - top + 1, right - left + 1);
    if height.saturating_mul(width) > CELLS || width > COLUMNS {
        return refused(format!("表“{name}”有 {height} 行 {width} 列，太大了；请删去空行空列和无关内容"));
    }
    let mut rows = vec![vec![String::new(); width]; height];
    for ((row, column), text) in cells {
        rows[row as usize - top][column as usize - left] = text;
    }
    for area in merged {
        let (first_row, first_column) = (area.start.0 as usize, area.start.1 as usize);
        if !(top..=bottom).contains(&first_row) || !(left..=right).contains(&first_column) {
            continue;
        }
        let text = rows[first_row - top][first_column - left].clone();
        // A name or head merged over cells is said in each; a figure is not each one's.
        let figure = text.trim().parse::<f64>().is_ok();
        for row in first_row..=(area.end.0 as usize).min(bottom) {
            for column in first_column..=(area.end.1 as usize).min(right) {
                let own = (row, column) == (first_row, first_column);
                if !figure {
                    rows[row - top][column - left].clone_from(&text);
                } else if !own && row > first_row {
                    MERGED.clone_into(&mut rows[row - top][column - left]);
                }
            }
        }
    }
    Ok(Grid { name, rows, top, left, ..Grid::default() })
}

fn csv(text: &str, budget: Budget<'_>) -> Result<Grid, Problem> {
    if let Some(problem) = crate::returns::unpaired_quote(text) {
        return Err(problem);
    }
    // What is copied from a spreadsheet has tabs; some programs part by semicolons, some people by the comma of their
    // script.
    let count = |mark: char| text.lines().take(20).filter(|line| line.contains(mark)).count();
    let replaced;
    let (text, delimiter) = match () {
        () if count(',') > 0 && count('\t') <= count(',') && count(';') <= count(',') => (text, b','),
        () if count('\t') > 0 => (text, b'\t'),
        () if count(';') > 0 => (text, b';'),
        () if count('，') > 1 => {
            replaced = text.replace('，', ",");
            (replaced.as_str(), b',')
        }
        () => (text, b','),
    };
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).has_headers(false).delimiter(delimiter).from_reader(text.as_bytes());
    let mut cells: Found = Vec::new();
    // Lines before the record, and as far as they were counted.
    let (mut row, mut counted) = (0, 0);
    for record in reader.records() {
        budget.check()?;
        let record = record.map_err(|error| {
            let line = error.position().map_or(0, |position| position.line() as usize);
            Problem::new(line, "这一行不是有效的 CSV，请检查引号是否成对")
        })?;
        // Blank lines count, as an editor counts them; the reader passes over those before a record.
        let begins = record.position().map_or(counted, |position| position.byte() as usize);
        let begins = begins + text.as_bytes()[begins..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        row += line_ends(&text.as_bytes()[counted..begins]);
        counted = begins;
        for (column, text) in record.iter().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
            cells.push(((row, column as u32), one_line(text)));
        }
        if cells.len() > CELLS {
            return refused(format!("文件超过 {CELLS} 格，太大了；请删去无关内容"));
        }
    }
    grid("CSV".to_owned(), cells, &[])
}

/// How many lines end in a piece of a file: with `\n`, `\r\n`, or `\r` alone.
fn line_ends(bytes: &[u8]) -> u32 {
    let ends = |at: &usize| bytes[*at] == b'\n' || bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
    (0..bytes.len()).filter(ends).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_called_as_a_spreadsheet_calls_them() {
        let grid = Grid { rows: vec![vec![String::new(); 30]], top: 3, left: 24, ..Grid::default() };
        assert_eq!(
            ["Y4", "Z4", "AA5", "BB4"],
            [(0, 0), (0, 1), (1, 2), (0, 29)]
                .map(|(row, column)| grid.address(row, column))
                .each_ref()
                .map(String::as_str)
        );
        assert_eq!(
            [Some(0), Some(2), None, None, None],
            ["y", "AA", "A", "ZZ", "Ä"].map(|letters| grid.column(letters))
        );
    }

    #[test]
    fn blank_lines_of_a_text_file_count() {
        let text = "\n\n甲,乙\n\n\r\n\"一\n行\",2\n\n3,4\n";
        let grid = read(text.as_bytes(), "a.csv", Budget::ENDLESS).unwrap().remove(0);
        let line = |cell: &str| {
            let row = grid.rows.iter().position(|row| row.iter().any(|found| found == cell)).unwrap();
            grid.top + row + 1
        };
        assert_eq!([line("甲"), line("2"), line("4")], [3, 6, 9]);
    }

    #[test]
    fn a_sheet_is_measured_before_it_is_laid_out() {
        let corner = |row, column| ((row, column), "1".to_owned());
        assert!(
            grid("表".to_owned(), vec![corner(0, 0), corner(1_048_575, 16_383)], &[])
                .unwrap_err()
                .message
                .contains("太大了")
        );
        assert_eq!(grid("表".to_owned(), vec![corner(2, 3), corner(3, 4)], &[]).unwrap().rows, [["1", ""], ["", "1"]]);
    }

    #[test]
    fn merged_cells_say_the_same_in_each_place() {
        let area = Dimensions { start: (0, 0), end: (1, 1) };
        let cells = vec![((0, 0), "甲".to_owned()), ((1, 2), "乙".to_owned())];
        assert_eq!(grid("表".to_owned(), cells, &[area]).unwrap().rows, [["甲", "甲", ""], ["甲", "甲", "乙"]]);
    }

    #[test]
    fn rubbish_is_refused_with_a_sentence() {
        for (bytes, file, says) in [
            (b"PK\x03\x04 nothing".as_slice(), "a.xlsx", "工作簿打不开"),
            (&[0xD0, 0xCF, 0x11, 0xE0, 1, 2, 3], "a.xls", "不是能读的旧版工作簿"),
            (b"region", "a.et", "et 文件"),
            (&[0, 0, 3, 4, 5], "a.xlsx", "内容不是工作簿，可能已损坏或没有传完整"),
            (b"", "a.csv", "文件是空的"),
            (b",,\n,,\n", "a.csv", "文件是空的"),
        ] {
            assert!(read(bytes, file, Budget::ENDLESS).unwrap_err().message.contains(says), "{file}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_file_makes_it_panic(head in 0..3_usize, bytes: Vec<u8>) {
            let head: &[u8] = [b"PK\x03\x04".as_slice(), &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], b""][head];
            let _ = read(&[head, &bytes].concat(), "a.xls", Budget::ENDLESS);
        }
    }
}
