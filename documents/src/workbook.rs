//! An xlsx workbook's first sheet as CSV text, after its size has been measured: a small file can unpack to gigabytes.

use std::io::{Cursor, Read};

use domain::Problem;
use domain::budget::Budget;

use crate::csv_text;

/// What a workbook of an office never exceeds (`docs/security.md`).
const ENTRIES: usize = 2_000;
const UNPACKED: u64 = 64 * 1024 * 1024;
pub(crate) const SHEETS: usize = 50;
pub(crate) const CELLS: usize = 200_000;
pub(crate) const COLUMNS: usize = 1_000;
/// How many times larger than the file its content may be, once it is larger than a page of text.
const RATIO: u64 = 100;
const SMALL: u64 = 1024 * 1024;
/// So much is unpacked at a time.
const PIECE: u64 = 256 * 1024;

fn refused<T>(sentence: impl Into<String>) -> Result<T, Problem> {
    Err(Problem::new(0, sentence))
}

/// The sheet that our own workbooks keep for this, else the first with anything in it, as CSV.
pub fn to_csv(bytes: &[u8], budget: Budget<'_>) -> Result<String, Problem> {
    let mut sheets = crate::grid::xlsx(bytes, budget)?;
    sheets.sort_by_key(|sheet| sheet.name != crate::bulletin_workbook::RETURNS_SHEET);
    let Some(sheet) = sheets.into_iter().find(|sheet| !sheet.rows.is_empty()) else {
        return refused("工作簿是空的，没有可用的表");
    };
    let rows: Vec<Vec<String>> =
        sheet.rows.into_iter().map(|row| row.iter().map(|cell| cell.trim().to_owned()).collect()).collect();
    let (header, body) = rows.split_first().map_or((&[][..], &[][..]), |(first, rest)| (first.as_slice(), rest));
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    Ok(csv_text::write(&header, body))
}

/// Unpacks every entry once and counts, one at a time: what the directory says of itself may be a lie, and so may
/// what a list of strings says of its length, for which its reader takes memory at once.
pub(crate) fn measure(bytes: &[u8], budget: Budget<'_>) -> Result<(), Problem> {
    let broken = |_| Problem::new(0, "工作簿打不开，可能没有下载完整；请重新保存后再用");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.len() > ENTRIES {
        return refused(format!("工作簿里有 {} 个部件，不像是普通的表格，没有打开", archive.len()));
    }
    let allowed = UNPACKED.min((bytes.len() as u64).saturating_mul(RATIO).max(SMALL));
    let mut unpacked = 0;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(broken)?;
        let damaged = || Problem::new(0, "工作簿打不开，可能已损坏；请在 Excel 或 WPS 里另存一份再用");
        let mut entry = entry.take(allowed - unpacked + 1);
        let mut content = Vec::new();
        loop {
            budget.check()?;
            if entry.by_ref().take(PIECE).read_to_end(&mut content).map_err(|_| damaged())? == 0 {
                break;
            }
        }
        unpacked += content.len() as u64;
        if unpacked > allowed {
            return refused("工作簿解开后异常地大，没有打开；请确认选对了文件，或在 Excel、WPS 里另存一份");
        }
        if says_more_than_it_holds(&content) {
            return Err(damaged());
        }
    }
    Ok(())
}

/// Whether a list says that it has more strings than it has bytes.
fn says_more_than_it_holds(content: &[u8]) -> bool {
    const COUNT: &[u8] = b"uniqueCount";
    let counts = content.windows(COUNT.len()).enumerate().filter(|(_, part)| *part == COUNT);
    let said = counts.map(|(at, _)| {
        let behind = content[at + COUNT.len()..].iter().skip_while(|byte| !byte.is_ascii_digit() && **byte != b'>');
        behind
            .take_while(|byte| byte.is_ascii_digit())
            .fold(0_usize, |number, digit| number.saturating_mul(10).saturating_add(usize::from(digit - b'0')))
    });
    said.max().is_some_and(|said| said > content.len())
}

/// A spreadsheet keeps 15 digits and shows no more: 0.1 + 0.2 is 0.3.
pub(crate) fn decimal(number: f64) -> String {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    format!("{rounded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_a_spreadsheet_shows_them() {
        assert_eq!(
            ["140.5", "0.3", "-12", "1234567.89"],
            [140.5, 0.1 + 0.2, -12.0, 1_234_567.89].map(decimal).each_ref().map(String::as_str)
        );
    }

    #[test]
    fn rubbish_is_refused_with_a_sentence() {
        for bytes in [b"PK\x03\x04".as_slice(), b"", b"PK\x03\x04 and then nothing of a zip file"] {
            assert!(to_csv(bytes, Budget::ENDLESS).unwrap_err().message.contains("工作簿打不开"));
        }
    }
}
