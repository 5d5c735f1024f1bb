//! Old workbooks (BIFF, MS-XLS) as far as they are measured before they are read: the reader lays out what records say
//! of rows and columns, and two cells of 20 bytes in opposite corners are 4 billion.

use std::io::{Cursor, Read, Write};

use domain::Problem;
use domain::budget::Budget;

use crate::workbook::CELLS;

/// So many rows and columns has such a sheet at most.
const ROWS: usize = 65_536;
const COLUMNS: usize = 256;

const BEGINS: u16 = 0x0809;
const ENDS: u16 = 0x000A;
const SHEET: u16 = 0x0085;
const EXTENT: u16 = 0x0200;
/// Records of cells that the reader lays out: each begins with its row and column.
const OF_CELLS: [u16; 8] = [0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, 0x00FD, 0x00BD, 0x0006];

fn broken() -> Problem {
    Problem::new(0, "这不是能读的旧版工作簿（可能是 WPS 的 et、Word 或别的文件）；请在 Excel 或 WPS 里另存为 xlsx 再用")
}

/// The workbook's own stream in a new file of its own: what has been measured is what will be read, whatever else the
/// file holds.
///
/// # Errors
/// It is no such workbook, or too large; or the budget ended.
pub(crate) fn measured(bytes: &[u8], budget: Budget<'_>) -> Result<Vec<u8>, Problem> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| broken())?;
    let name = ["Workbook", "Book"].into_iter().find(|name| file.is_stream(name)).ok_or_else(broken)?;
    let mut stream = Vec::new();
    file.open_stream(name).and_then(|mut found| found.read_to_end(&mut stream)).map_err(|_| broken())?;
    measure(&stream, budget)?;
    let alone = || -> std::io::Result<Vec<u8>> {
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new()))?;
        file.create_stream(name)?.write_all(&stream)?;
        file.flush()?;
        Ok(file.into_inner().into_inner())
    };
    alone().map_err(|_| broken())
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?)).ok()
}

/// Each record's kind and content, as far as they are whole.
fn records(stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = stream;
    std::iter::from_fn(move || {
        let (kind, length) = (number(rest, 0)? as u16, number(rest, 2)?);
        let content = rest.get(4..4 + length)?;
        rest = &rest[4 + length..];
        Some((kind, content))
    })
}

/// Refuses a stream whose sheets would be laid out larger than all cells that a file may have.
fn measure(stream: &[u8], budget: Budget<'_>) -> Result<(), Problem> {
    let mut all = 0_usize;
    let sheets = records(stream).take_while(|(kind, _)| *kind != ENDS).filter(|(kind, _)| *kind == SHEET);
    for start in sheets.filter_map(|(_, content)| long(content, 0)) {
        budget.check()?;
        all = all.saturating_add(laid_out(stream.get(start..).ok_or_else(broken)?)?);
        if all > 10 * CELLS {
            return Err(Problem::new(0, "工作簿里的格散得太开，太大了；请删去空行空列和无关内容，或另存为 xlsx 再用"));
        }
    }
    Ok(())
}

/// How many cells the reader would lay out for the sheet that begins here.
fn laid_out(sheet: &[u8]) -> Result<usize, Problem> {
    let (mut rows, mut columns): (Option<(usize, usize)>, Option<(usize, usize)>) = (None, None);
    // Charts within a sheet have cells of their own, which are not read.
    let mut depth = 0_usize;
    for (kind, content) in records(sheet) {
        match kind {
            BEGINS => depth += 1,
            ENDS if depth <= 1 => break,
            ENDS => depth -= 1,
            _ if depth > 1 => {}
            EXTENT => {
                let (last_row, last_column) = match content.len() {
                    10 => (number(content, 2), number(content, 6)),
                    _ => (long(content, 4), number(content, 10)),
                };
                if last_row.is_some_and(|last| last > ROWS) || last_column.is_some_and(|last| last > COLUMNS) {
                    return Err(broken());
                }
            }
            kind if OF_CELLS.contains(&kind) => {
                let (Some(row), Some(column)) = (number(content, 0), number(content, 2)) else { continue };
                let wide = |known: Option<(usize, usize)>, at: usize| {
                    known.map_or((at, at), |(from, to)| (from.min(at), to.max(at)))
                };
                rows = Some(wide(rows, row));
                columns = Some(wide(columns, column));
                // Several figures of one row: as many as there is room for.
                if kind == 0x00BD {
                    columns = columns.map(|known| wide(Some(known), column + content.len().saturating_sub(6) / 6));
                }
            }
            _ => {}
        }
    }
    let length = |span: Option<(usize, usize)>| span.map_or(0, |(from, to)| to - from + 1);
    Ok(length(rows) * length(columns))
}
