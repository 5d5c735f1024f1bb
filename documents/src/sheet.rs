//! What our sheets are made of: one look, heads that stay, figures as numbers or live formulas, text as text.

use domain::money::{Amount, Measure};
use domain::rate::{BigRational, Rate};
use domain::shown::DASH;
use domain::standing::{FormedPart, Standings};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet, XlsxError};

/// A4.
pub(crate) const PAPER: u8 = 9;

/// How cells look.
#[derive(Clone)]
pub(crate) struct Formats {
    pub(crate) title: Format,
    pub(crate) small: Format,
    pub(crate) head: Format,
    pub(crate) text: Format,
    pub(crate) wrapped: Format,
    pub(crate) whole: Format,
    pub(crate) amount: Format,
    pub(crate) percent: Format,
    pub(crate) points: Format,
}

impl Formats {
    pub(crate) fn new(measure: &Measure) -> Self {
        let number = match (measure.decimals(), measure.money && measure.per_unit < 100_000_000) {
            (_, true) => "#,##0",
            (Some(2), _) => "0.00",
            (Some(_), _) => "0",
            (None, _) => "General",
        };
        let cell = || {
            Format::new()
                .set_font_name("宋体")
                .set_font_size(11)
                .set_border(FormatBorder::Thin)
                .set_border_color(Color::Gray)
        };
        let right = |format: &str| cell().set_num_format(format).set_align(FormatAlign::Right);
        Self {
            title: Format::new().set_font_name("黑体").set_font_size(16).set_align(FormatAlign::Center),
            small: Format::new().set_font_name("宋体").set_font_size(10).set_font_color(Color::Gray).set_text_wrap(),
            head: cell()
                .set_bold()
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap()
                .set_background_color(Color::RGB(0xEE_F3F7)),
            wrapped: cell().set_text_wrap().set_align(FormatAlign::Top),
            whole: right("0"),
            text: cell(),
            amount: right(number),
            percent: right("0.0%"),
            points: right("0.0"),
        }
    }

    /// A percentage with as many decimals as the page prints it with: more where rounding would contradict a decision.
    pub(crate) fn percent_as(&self, printed: Option<&str>) -> Format {
        self.percent.clone().set_num_format(format!("{}%", decimals(printed)))
    }

    /// The same for a difference in percentage points.
    pub(crate) fn points_as(&self, printed: Option<&str>) -> Format {
        self.points.clone().set_num_format(decimals(printed))
    }

    /// The same for the line of the whole.
    pub(crate) fn bold(&self) -> Self {
        let bold = |format: &Format| format.clone().set_bold();
        let (text, amount, percent, points) =
            (bold(&self.text), bold(&self.amount), bold(&self.percent), bold(&self.points));
        Self { text, amount, percent, points, ..self.clone() }
    }
}

/// `0.00` for what is printed with two decimals; one where nothing is printed.
fn decimals(printed: Option<&str>) -> String {
    let digits =
        printed.and_then(|text| text.trim_end_matches('%').split_once('.')).map_or(1, |(_, digits)| digits.len());
    format!("0.{}", "0".repeat(digits.max(1)))
}

/// In the printed unit. 15 digits hold every amount of up to ten million 亿元 to the 元.
pub(crate) fn number(measure: &Measure, amount: Amount) -> f64 {
    amount.0 as f64 / measure.per_unit as f64
}

pub(crate) fn float(rate: Rate) -> f64 {
    rate.numerator() as f64 / rate.denominator() as f64
}

/// Heads, paper and the lines that stay while scrolling: the same on every table.
pub(crate) fn lay_out(
    sheet: &mut Worksheet,
    name: &str,
    header: &[String],
    widths: &[f64],
    head: u32,
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    for (column, text) in header.iter().enumerate() {
        sheet.write_string_with_format(head, column as u16, text, &formats.head)?;
        sheet.set_column_width(column as u16, widths.get(column).copied().unwrap_or(11.0))?;
    }
    sheet.set_row_height(head, 34)?;
    sheet.set_freeze_panes(head + 1, 2)?;
    sheet.set_repeat_rows(head, head)?;
    sheet.set_paper_size(PAPER).set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_footer("&C— &P —");
    Ok(())
}

pub(crate) fn title(
    sheet: &mut Worksheet,
    text: &str,
    below: &str,
    columns: u16,
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.merge_range(0, 0, 0, columns - 1, text, &formats.title)?;
    sheet.merge_range(1, 0, 1, columns - 1, below, &formats.small)?;
    sheet.set_row_height(0, 28)?;
    sheet.set_row_height(1, 18)?;
    Ok(())
}

/// What stands where there is no figure: the same marks as on the page.
pub(crate) fn mark(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    sheet.write_string_with_format(row, column, text, &format.clone().set_align(FormatAlign::Right)).map(drop)
}

/// Running text that fills a line of its sheet, in a column that holds `width` units.
pub(crate) fn running(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    text: &str,
    width: usize,
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.write_string_with_format(row, column, text, &formats.wrapped)?;
    // Chinese characters are twice as wide as a column's unit; not every program finds the height itself.
    let lines = text.chars().count() * 2 / width + 1;
    sheet.set_row_height(row, 16.0 * lines as f64).map(drop)
}

/// What a cell of figures holds.
pub(crate) enum Cell {
    Number(f64),
    /// A formula and our result of it.
    Formula(String, f64),
    Mark(&'static str),
}

impl Cell {
    pub(crate) fn number(value: Option<f64>, none: &'static str) -> Self {
        value.map_or(Cell::Mark(none), Cell::Number)
    }

    pub(crate) fn write(
        self,
        sheet: &mut Worksheet,
        (row, column): (u32, u16),
        format: &Format,
    ) -> Result<(), XlsxError> {
        match self {
            Cell::Number(value) => sheet.write_number_with_format(row, column, value, format).map(drop),
            Cell::Formula(text, result) => sheet
                .write_formula_with_format(row, column, Formula::new(text).set_result(result.to_string()), format)
                .map(drop),
            Cell::Mark(text) => mark(sheet, (row, column), text, format),
        }
    }
}

/// Growth: value ÷ base − 1 as these cells hold them, or the figure itself where the bureau states it or one of them is
/// missing.
/// 得分: every part as a number, the sum as a formula; nothing where places follow no score.
pub(crate) fn score_sheet(workbook: &mut Workbook, standings: &Standings, formats: &Formats) -> Result<(), XlsxError> {
    let Some(formed) = &standings.formed else { return Ok(()) };
    let sheet = workbook.add_worksheet();
    let counted: Vec<&FormedPart> = formed.parts.iter().filter(|part| part.counted).collect();
    let full = |rate: Rate| domain::rate::big_plain(&rate.to_big());
    let mut header = vec!["位次".to_owned(), "单位".to_owned()];
    for part in &counted {
        header.extend([format!("{}与基准之比", part.name), format!("{}得分（满分{}）", part.name, full(part.full))]);
    }
    header.extend([format!("得分（满分{}）", full(formed.full())), "等次".to_owned()]);
    let note = domain::bulletin::tables::score_note(standings).unwrap_or_default();
    title(sheet, "得分的组成", &note, header.len() as u16, formats)?;
    let points = formats.points_as(Some("0.00"));
    lay_out(sheet, "得分", &header, &[8.0, 18.0, 12.0, 14.0, 12.0, 14.0, 12.0, 14.0], 2, formats)?;
    for (index, row) in standings.ranked().into_iter().enumerate() {
        let at = 3 + index as u32;
        Cell::number(row.rank.map(|place| place as f64), DASH).write(sheet, (at, 0), &formats.whole)?;
        sheet.write_string_with_format(at, 1, &row.name, &formats.text)?;
        let mut terms = Vec::new();
        for (part, column) in counted.iter().zip((2..).step_by(2)) {
            let found = row.parts.iter().find(|found| found.name == part.name);
            let share = found.and_then(|found| found.share.as_ref()).map(big_float);
            Cell::number(share, DASH).write(sheet, (at, column), &formats.percent)?;
            Cell::number(found.map(|found| big_float(&found.points)), DASH).write(sheet, (at, column + 1), &points)?;
            terms.push(format!("{}{}", column_letters(column + 1), at + 1));
        }
        let last = 2 + 2 * counted.len() as u16;
        let score = row.score.as_ref().map_or(0.0, big_float);
        Cell::Formula(format!("={}", terms.join("+")), score).write(sheet, (at, last), &points)?;
        mark(sheet, (at, last + 1), row.grade.as_deref().unwrap_or(DASH), &formats.text)?;
    }
    Ok(())
}

/// `C`, `AB`.
fn column_letters(column: u16) -> String {
    let letter = |at: u16| char::from(b'A' + (at % 26) as u8);
    match column / 26 {
        0 => letter(column).to_string(),
        more => format!("{}{}", letter(more - 1), letter(column)),
    }
}

/// A figure of a sheet; the exact one is in the trace.
fn big_float(value: &BigRational) -> f64 {
    domain::rate::big_round(value, 10).parse().unwrap_or(0.0)
}

pub(crate) fn growth_cell(growth: Option<Rate>, computed: bool, value: String, base: String) -> Cell {
    match growth.map(float) {
        Some(rate) if computed => Cell::Formula(format!("={value}/{base}-1"), rate),
        rate => Cell::number(rate, DASH),
    }
}
