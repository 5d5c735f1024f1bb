//! A blank to be filled in and sent back: the units of a plan for one period, with last year's figures where they are
//! known.

use domain::money::Amount;
use domain::month::Period;
use domain::plan::{Goal, Plan, Split};
use domain::region::RegionId;
use rust_xlsxwriter::{DataValidation, DataValidationRule, Format, Workbook, XlsxError};

use crate::sheet::{Formats, PAPER};

/// The sheet of a template.
pub const SHEET: &str = "报送表";

/// The blank of a goal and period for these rows; `base` is last year's figure of a unit.
pub fn write(
    plan: &Plan,
    goal: &Goal,
    period: Period,
    rows: &[&Split],
    base: impl Fn(&RegionId) -> Option<Amount>,
) -> Result<Vec<u8>, XlsxError> {
    let formats = Formats::new(&goal.measure);
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(SHEET)?;
    let unit = &goal.measure.unit;
    sheet.merge_range(
        0,
        0,
        0,
        3,
        &format!("{}{}{}报送表", plan.region.name, period.label(), goal.name),
        &formats.title,
    )?;
    sheet.merge_range(
        1,
        0,
        1,
        3,
        &format!("单位：{unit}　只填白色的格；累计数从1月起；没有数的空着。填好原样发回即可导入。"),
        &formats.small,
    )?;
    let heads =
        ["单位名称".to_owned(), format!("本期累计（{unit}）"), format!("上年同期（{unit}）"), "说明".to_owned()];
    for (column, head) in heads.iter().enumerate() {
        sheet.write_string_with_format(2, column as u16, head, &formats.head)?;
    }
    let open = |format: &Format| format.clone().set_unlocked();
    let (figure, note) = (open(&formats.amount), open(&formats.wrapped));
    let name = formats.text.clone().set_background_color(rust_xlsxwriter::Color::RGB(0xEE_F3F7));
    for (index, split) in rows.iter().enumerate() {
        let at = 3 + index as u32;
        let written = if split.within.is_some() { format!("其中：{}", split.name) } else { split.name.clone() };
        sheet.write_string_with_format(at, 0, written, &name)?;
        sheet.write_blank(at, 1, &figure)?;
        match base(&split.region) {
            Some(base) => sheet.write_number_with_format(at, 2, crate::sheet::number(&goal.measure, base), &figure)?,
            None => sheet.write_blank(at, 2, &figure)?,
        };
        sheet.write_blank(at, 3, &note)?;
    }
    let last = 2 + rows.len().max(1) as u32;
    let validation = DataValidation::new()
        .allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(0.0))
        .set_error_title("请填数字")?
        .set_error_message(format!("这里填累计数，单位是{unit}，不要写文字。"))?;
    sheet.add_data_validation(3, 1, last, 2, &validation)?;
    for (column, width) in [22.0, 18.0, 18.0, 40.0].into_iter().enumerate() {
        sheet.set_column_width(column as u16, width)?;
    }
    sheet.set_row_height(0, 30)?;
    sheet.set_row_height(1, 30)?;
    sheet.set_freeze_panes(3, 1)?;
    sheet.set_repeat_rows(2, 2)?;
    sheet.set_paper_size(PAPER).set_print_fit_to_pages(1, 0);
    // Names stay as they are; no password keeps anybody out.
    sheet.protect();
    let day = rust_xlsxwriter::ExcelDateTime::from_ymd(period.year as u16, period.month as u8, 1)?;
    workbook.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&day));
    workbook.save_to_buffer()
}
