//! A table of words as a workbook: every cell as text, never as a formula.

use domain::bulletin::tables::Table;
use domain::money::Measure;
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use crate::sheet::{Formats, lay_out, title};

/// A sheet with its title and what stands below it.
pub struct Sheet<'t> {
    pub name: &'t str,
    pub title: &'t str,
    pub below: &'t str,
    pub table: &'t Table,
    /// Of the columns, in characters of a figure.
    pub widths: &'t [f64],
}

/// A workbook of one sheet.
pub fn write(sheet: &Sheet<'_>) -> Result<Vec<u8>, XlsxError> {
    write_all(std::slice::from_ref(sheet))
}

/// A workbook of several sheets, in their order.
pub fn write_all(sheets: &[Sheet<'_>]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let formats = Formats::new(&Measure::count(""));
    for sheet in sheets {
        fill(workbook.add_worksheet(), sheet, &formats)?;
    }
    workbook.save_to_buffer()
}

/// The sheet in a workbook that has others.
pub(crate) fn fill(into: &mut Worksheet, sheet: &Sheet<'_>, formats: &Formats) -> Result<(), XlsxError> {
    let Table { header, rows } = sheet.table;
    title(into, sheet.title, sheet.below, header.len() as u16, formats)?;
    lay_out(into, sheet.name, header, sheet.widths, 2, formats)?;
    for (at, row) in rows.iter().enumerate() {
        for (column, text) in row.iter().enumerate() {
            into.write_string_with_format(3 + at as u32, column as u16, text, &formats.wrapped)?;
        }
        // Chinese characters are twice as wide as a column's unit; not every program finds the height itself.
        let lines = row.iter().zip(sheet.widths).map(|(text, width)| {
            let of_line = |line: &str| (line.chars().count() as f64 * 2.0 / width).ceil().max(1.0);
            text.lines().map(of_line).sum::<f64>()
        });
        into.set_row_height(3 + at as u32, 16.0 * lines.fold(1.0, f64::max).min(25.0))?;
    }
    Ok(())
}
