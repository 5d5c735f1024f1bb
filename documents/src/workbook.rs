//! An xlsx workbook's first sheet as CSV text, after its size has been measured: a small file can unpack to gigabytes.

use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use domain::Problem;

use crate::csv_text;

/// What a workbook of an office never exceeds (`docs/security.md`).
const ENTRIES: usize = 2_000;
const UNPACKED: u64 = 64 * 1024 * 1024;
const SHEETS: usize = 50;
const CELLS: usize = 200_000;
/// How many times larger than the file its content may be, once it is larger than a page of text.
const RATIO: u64 = 100;
const SMALL: u64 = 1024 * 1024;

fn refused<T>(sentence: impl Into<String>) -> Result<T, Problem> {
    Err(Problem::new(0, sentence))
}

/// The sheet that our own workbooks keep for this, else the first with anything in it, as CSV.
pub fn to_csv(bytes: &[u8]) -> Result<String, Problem> {
    measure(bytes)?;
    let broken = || Problem::new(0, "工作簿打不开，可能已损坏或加了密码；请在 Excel 或 WPS 里另存一份再用");
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let mut names = workbook.sheet_names();
    names.sort_by_key(|name| name != crate::bulletin_workbook::RETURNS_SHEET);
    if names.len() > SHEETS {
        return refused(format!("工作簿有 {} 张表，超过 {SHEETS} 张；请只留要报的一张", names.len()));
    }
    for name in names {
        let mut reader = workbook.worksheet_cells_reader(&name).map_err(|_| broken())?;
        let mut cells: Vec<((u32, u32), String)> = Vec::new();
        while let Some(found) = reader.next_cell().map_err(|_| broken())? {
            let text = cell(&Data::from(found.get_value().clone()));
            if !text.is_empty() {
                cells.push((found.get_position(), text));
            }
            if cells.len() > CELLS {
                return refused(format!("表“{name}”超过 {CELLS} 格，太大了；请删去无关内容"));
            }
        }
        if cells.is_empty() {
            continue;
        }
        let rows = table(&name, cells)?;
        let (header, body) = rows.split_first().map_or((&[][..], &[][..]), |(first, rest)| (first.as_slice(), rest));
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        return Ok(csv_text::write(&header, body));
    }
    refused("工作簿是空的，没有可用的表")
}

/// The cells as a table without the empty rows and columns around it. Its size is looked at before there is one: two
/// cells in opposite corners of a sheet are seventeen billion.
fn table(name: &str, cells: Vec<((u32, u32), String)>) -> Result<Vec<Vec<String>>, Problem> {
    let bounds = |of: fn(&(u32, u32)) -> u32| {
        let places = cells.iter().map(|(place, _)| of(place));
        (places.clone().min().unwrap_or(0), places.max().unwrap_or(0))
    };
    let ((top, bottom), (left, right)) = (bounds(|place| place.0), bounds(|place| place.1));
    let (height, width) = ((bottom - top) as usize + 1, (right - left) as usize + 1);
    if height.saturating_mul(width) > CELLS {
        return refused(format!("表“{name}”有 {height} 行 {width} 列，太大了；请删去空行空列和无关内容"));
    }
    let mut rows = vec![vec![String::new(); width]; height];
    for ((row, column), text) in cells {
        rows[(row - top) as usize][(column - left) as usize] = text;
    }
    Ok(rows)
}

/// Unpacks every entry once and counts, without keeping anything: what the directory says of itself may be a lie.
fn measure(bytes: &[u8]) -> Result<(), Problem> {
    let broken = |_| Problem::new(0, "工作簿打不开，可能没有下载完整；请重新保存后再用");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.len() > ENTRIES {
        return refused(format!("工作簿里有 {} 个部件，不像是普通的表格，没有打开", archive.len()));
    }
    let allowed = UNPACKED.min((bytes.len() as u64).saturating_mul(RATIO).max(SMALL));
    let mut unpacked = 0;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(broken)?;
        let mut counted = entry.take(allowed - unpacked + 1);
        unpacked += std::io::copy(&mut counted, &mut std::io::sink())
            .map_err(|_| Problem::new(0, "工作簿打不开，可能已损坏；请在 Excel 或 WPS 里另存一份再用"))?;
        if unpacked > allowed {
            return refused("工作簿解开后异常地大，没有打开；请确认选对了文件，或在 Excel、WPS 里另存一份");
        }
    }
    Ok(())
}

/// A cell as somebody would have typed it.
fn cell(data: &Data) -> String {
    match data {
        Data::Float(number) => decimal(*number),
        Data::Int(number) => number.to_string(),
        Data::Bool(value) => value.to_string(),
        Data::String(text) => text.trim().replace(['\r', '\n'], " "),
        Data::Error(error) => format!("{error:?}"),
        Data::Empty => String::new(),
        other => other.to_string(),
    }
}

/// A spreadsheet keeps 15 digits and shows no more: 0.1 + 0.2 is 0.3.
fn decimal(number: f64) -> String {
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
    fn a_sheet_is_measured_before_it_is_laid_out() {
        let corner = |row, column| ((row, column), "1".to_owned());
        assert!(table("表", vec![corner(0, 0), corner(1_048_575, 16_383)]).unwrap_err().message.contains("太大了"));
        assert_eq!(table("表", vec![corner(2, 3), corner(3, 4)]).unwrap(), [["1", ""], ["", "1"]]);
    }

    #[test]
    fn rubbish_is_refused_with_a_sentence() {
        for bytes in [b"PK\x03\x04".as_slice(), b"", b"PK\x03\x04 and then nothing of a zip file"] {
            assert!(to_csv(bytes).unwrap_err().message.contains("工作簿打不开"));
        }
    }
}
