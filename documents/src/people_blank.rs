//! The blank of 花名册: a line for every post that nobody holds, with a log-in name for whoever will.

use domain::money::Measure;
use domain::rights::Role;
use rust_xlsxwriter::{DataValidation, Workbook, XlsxError};

use crate::sheet::{Formats, PAPER};

/// The blank with these heads and lines, as many cells in each.
pub fn write(heads: &[&str], lines: &[Vec<String>]) -> Result<Vec<u8>, XlsxError> {
    let formats = Formats::new(&Measure::count(""));
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("花名册")?;
    let last = heads.len() as u16 - 1;
    sheet.merge_range(0, 0, 0, last, "人员和岗位花名册", &formats.title)?;
    let how =
        "一人一行，写姓名和办公电话；登录名可以改。还没有定人的行空着，会跳过。代办的人另起一行，岗位后面加“B角”。";
    sheet.merge_range(1, 0, 1, last, how, &formats.small)?;
    for (column, head) in heads.iter().enumerate() {
        sheet.write_string_with_format(2, column as u16, *head, &formats.head)?;
    }
    for (index, line) in lines.iter().enumerate() {
        for (column, text) in line.iter().enumerate() {
            sheet.write_string_with_format(3 + index as u32, column as u16, text, &formats.text)?;
        }
    }
    let roles: Vec<&str> = Role::ALL.into_iter().filter(|role| !role.is_admin()).map(Role::name).collect();
    let more = 3 + lines.len() as u32 + 100;
    // A choice, not a wall: a B角 is written behind it.
    let choice = DataValidation::new().allow_list_strings(&roles)?.show_error_message(false);
    sheet.add_data_validation(3, 0, more, 0, &choice)?;
    for (column, width) in [18.0, 18.0, 14.0, 18.0, 22.0, 16.0].into_iter().take(heads.len()).enumerate() {
        sheet.set_column_width(column as u16, width)?;
    }
    sheet.set_row_height(0, 30)?;
    sheet.set_row_height(1, 30)?;
    sheet.set_freeze_panes(3, 0)?;
    sheet.set_repeat_rows(2, 2)?;
    sheet.set_paper_size(PAPER).set_print_fit_to_pages(1, 0);
    workbook.save_to_buffer()
}
