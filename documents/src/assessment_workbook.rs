//! A year's assessment as a workbook: self-assessment beside verification, live formulas, readings, traces, all
//! periods.

use domain::assessment::trace::explain;
use domain::assessment::{Alternative, RankBy};
use domain::bulletin::columns::Columns;
use domain::bulletin::words;
use domain::money::Amount;
use domain::shown::{DASH, UNREPORTED};
use domain::standing::{Row, Standings};
use domain::year_end::{Stated, newest};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

use crate::notice::Assessed;
use crate::sheet::{Cell, Formats, PAPER, float, growth_cell, lay_out, mark, number, running, score_sheet, title};

/// The first line of units: title, subtitle and head stand before them.
const FIRST: u32 = 3;

/// An objection and how it ended, as text.
pub struct Objection {
    pub cells: [String; 6],
}

/// The finished file; `periods` are the year's standings as reported, in order.
pub fn write(assessed: &Assessed<'_>, periods: &[Standings], objections: &[Objection]) -> Result<Vec<u8>, XlsxError> {
    let formats = Formats::new(&assessed.standings.measure);
    let mut workbook = Workbook::new();
    let mut properties = DocProperties::new().set_title(heading(assessed)).set_comment(&assessed.imprint);
    if let Some(day) = assessed.closed_on {
        use chrono::Datelike;
        // The day of the closing, not today: the same result makes the same file.
        properties = properties.set_creation_datetime(&ExcelDateTime::from_ymd(
            day.year() as u16,
            day.month() as u8,
            day.day() as u8,
        )?);
    } else {
        properties =
            properties.set_creation_datetime(&ExcelDateTime::from_ymd(assessed.standings.period.year as u16, 12, 31)?);
    }
    workbook.set_properties(&properties);
    result_sheet(workbook.add_worksheet(), assessed, &formats)?;
    score_sheet(&mut workbook, assessed.standings, &formats)?;
    readings_sheet(workbook.add_worksheet(), assessed, &formats)?;
    trace_sheet(workbook.add_worksheet(), assessed, &formats)?;
    periods_sheet(workbook.add_worksheet(), assessed, periods, &formats)?;
    objections_sheet(workbook.add_worksheet(), objections, &formats)?;
    notes_sheet(workbook.add_worksheet(), assessed, &formats)?;
    workbook.save_to_buffer()
}

fn heading(assessed: &Assessed<'_>) -> String {
    let provisional = if assessed.closed_on.is_none() { "（预计，未办结）" } else { "" };
    format!("{}年{}考核结果{provisional}", assessed.standings.period.year, assessed.standings.goal_name)
}

/// A letter for each column: `A`, `B`, …; a sheet of ours never has more than 26 with formulas.
fn letter(column: u16) -> char {
    char::from(b'A' + column as u8)
}

fn result_sheet(sheet: &mut Worksheet, assessed: &Assessed<'_>, formats: &Formats) -> Result<(), XlsxError> {
    let (standings, measure) = (assessed.standings, &assessed.standings.measure);
    let two = assessed.has_two_columns();
    let unit = &measure.unit;
    let mut header: Vec<String> = vec!["单位".to_owned(), format!("年度目标（{unit}）"), "目标增幅".to_owned()];
    if two {
        header.extend([format!("自评完成（{unit}）"), format!("自评上年（{unit}）"), "自评增幅".to_owned()]);
    }
    let name = if two { "核验" } else { "" };
    header.extend([
        format!("{name}完成（{unit}）"),
        format!("{name}上年（{unit}）"),
        format!("{name}增幅"),
        "完成率".to_owned(),
    ]);
    header.extend(two.then(|| format!("核验减自评（{unit}）")));
    header.extend(["是否完成", "位次", "增幅位次（表内计算）"].map(str::to_owned));
    header.push(words::award_head("结果", &assessed.unit()));
    let demo = if assessed.demo { "演示数据，非官方统计　" } else { "" };
    let clause = assessed.assessment.clause.clone().unwrap_or_default();
    let below = format!("{demo}依据：{}{clause}　{}", assessed.plan.citation(), words::units_line(unit, false));
    title(sheet, &heading(assessed), &below, header.len() as u16, formats)?;
    lay_out(
        sheet,
        "考核结果",
        &header,
        &[18.0, 12.0, 10.0, 12.0, 12.0, 10.0, 12.0, 12.0, 10.0, 10.0, 12.0],
        FIRST - 1,
        formats,
    )?;
    let last = FIRST + standings.rows.len() as u32;
    let ranked = standings.ranked();
    let columns = Columns::fitting(standings, assessed.plan.near);
    for (index, row) in standings.rows.iter().enumerate() {
        write_result(sheet, assessed, (row, &ranked, &columns), (FIRST + index as u32, last), formats)?;
    }
    Ok(())
}

fn write_result(
    sheet: &mut Worksheet,
    assessed: &Assessed<'_>,
    (row, ranked, printed): (&Row, &[&Row], &Columns<'_>),
    (at, last): (u32, u32),
    formats: &Formats,
) -> Result<(), XlsxError> {
    let (standings, measure) = (assessed.standings, &assessed.standings.measure);
    let of = at + 1;
    let amount = |amount: Option<Amount>, none| Cell::number(amount.map(|amount| number(measure, amount)), none);
    let name = if row.within.is_some() { format!("  其中：{}", row.name) } else { row.name.clone() };
    sheet.write_string_with_format(at, 0, name, &formats.text)?;
    amount(row.target, row.target_mark()).write(sheet, (at, 1), &formats.amount)?;
    Cell::number(row.target_growth.map(float), DASH).write(sheet, (at, 2), &formats.percent)?;
    let mut column = 3;
    let own = newest(assessed.stated, &row.region, Stated::Own);
    let two = assessed.has_two_columns();
    if two {
        amount(own.and_then(|own| own.value), DASH).write(sheet, (at, 3), &formats.amount)?;
        amount(own.and_then(|own| own.base), DASH).write(sheet, (at, 4), &formats.amount)?;
        let computed =
            own.is_some_and(|own| own.published_growth.is_none() && own.value.is_some() && own.base.is_some());
        let growth = own.and_then(domain::year_end::YearEndFigure::growth);
        growth_cell(growth, computed, format!("D{of}"), format!("E{of}")).write(sheet, (at, 5), &formats.percent)?;
        column = 6;
    }
    let (value, base, growth) = (letter(column), letter(column + 1), letter(column + 2));
    amount(row.value, DASH).write(sheet, (at, column), &formats.amount)?;
    amount(row.base, DASH).write(sheet, (at, column + 1), &formats.amount)?;
    let computed = row.published_growth.is_none() && row.value.is_some() && row.base.is_some();
    growth_cell(row.growth, computed, format!("{value}{of}"), format!("{base}{of}")).write(
        sheet,
        (at, column + 2),
        &formats.percent_as(printed.growth(row).as_deref()),
    )?;
    let completion = row.completion.filter(|_| row.value.is_some() && row.target.is_some());
    let completion =
        completion.map_or(Cell::Mark(DASH), |rate| Cell::Formula(format!("={value}{of}/B{of}"), float(rate)));
    completion.write(sheet, (at, column + 3), &formats.percent_as(printed.completion(row).as_deref()))?;
    column += 4;
    if two {
        let difference = row.value.zip(own.and_then(|own| own.value)).map(|(verified, own)| Amount(verified.0 - own.0));
        let cell =
            difference.map_or(Cell::Mark(DASH), |by| Cell::Formula(format!("={value}{of}-D{of}"), number(measure, by)));
        cell.write(sheet, (at, column), &formats.amount)?;
        column += 1;
    }
    mark(sheet, (at, column), row.completed_text(), &formats.text)?;
    Cell::number(row.rank.map(|place| place as f64), DASH).write(sheet, (at, column + 1), &formats.whole)?;
    // Only units with a place count: other rows may have a growth, and take none.
    let counted = row.growth.filter(|_| standings.ranked_by() == RankBy::Growth && row.rank.is_some());
    let counted =
        counted.map(|own| ranked.iter().filter(|other| other.growth.is_some_and(|growth| growth > own)).count() + 1);
    let places = letter(column + 1);
    let place = counted.map_or(Cell::Mark(DASH), |place| {
        let first = FIRST + 1;
        let formula = format!(
            "=SUMPRODUCT(ISNUMBER({places}${first}:{places}${last})*({growth}${first}:{growth}${last}>{growth}{of}))+1"
        );
        Cell::Formula(formula, place as f64)
    });
    place.write(sheet, (at, column + 2), &formats.whole)?;
    mark(sheet, (at, column + 3), &assessed.points(row), &formats.text)
}

fn readings_sheet(sheet: &mut Worksheet, assessed: &Assessed<'_>, formats: &Formats) -> Result<(), XlsxError> {
    let standings = assessed.standings;
    let in_force = |other: &Alternative| {
        other.reading == standings.rules.reading && other.completed_when == standings.rules.completed_when
    };
    let head = |other: &Alternative| {
        let now = if in_force(other) { "（现行）" } else { "" };
        format!("{}；{}{now}", other.reading.name(), other.completed_when.name())
    };
    let header: Vec<String> =
        std::iter::once("单位".to_owned()).chain(assessed.alternatives.iter().map(head)).collect();
    title(
        sheet,
        "各种读法的结果",
        &format!("{}　“未定”为缺数无法判定，空白为不加不减", crate::notice::in_unit(&assessed.unit())),
        header.len() as u16,
        formats,
    )?;
    lay_out(sheet, "读法", &header, &[18.0, 13.0, 13.0, 13.0, 13.0, 13.0, 13.0, 13.0, 13.0, 13.0], FIRST - 1, formats)?;
    sheet.set_row_height(FIRST - 1, 64)?;
    for (index, row) in standings.ranked().into_iter().enumerate() {
        let at = FIRST + index as u32;
        sheet.write_string_with_format(at, 0, &row.name, &formats.text)?;
        for (column, other) in assessed.alternatives.iter().enumerate() {
            let text = if other.undecided.contains(&row.region) {
                "未定".to_owned()
            } else {
                words::awarded(&other.points, &row.region).replace('—', "")
            };
            mark(sheet, (at, 1 + column as u16), &text, &formats.text)?;
        }
    }
    Ok(())
}

fn trace_sheet(sheet: &mut Worksheet, assessed: &Assessed<'_>, formats: &Formats) -> Result<(), XlsxError> {
    let header = ["单位", "步骤", "内容"].map(str::to_owned);
    title(sheet, "推导过程", "条款 → 数据 → 是否完成 → 排位 → 并列 → 读法 → 结果", 3, formats)?;
    lay_out(sheet, "推导", &header, &[18.0, 8.0, 100.0], FIRST - 1, formats)?;
    let mut at = FIRST;
    for row in &assessed.standings.rows {
        for (step, text) in explain(assessed.plan, assessed.standings, row).into_iter().enumerate() {
            sheet.write_string_with_format(at, 0, &row.name, &formats.text)?;
            sheet.write_number_with_format(at, 1, step as f64 + 1.0, &formats.whole)?;
            running(sheet, (at, 2), &text, 96, formats)?;
            at += 1;
        }
    }
    Ok(())
}

/// Every unit's cumulative value through the year, as reported.
fn periods_sheet(
    sheet: &mut Worksheet,
    assessed: &Assessed<'_>,
    periods: &[Standings],
    formats: &Formats,
) -> Result<(), XlsxError> {
    let measure = &assessed.standings.measure;
    let header: Vec<String> =
        std::iter::once("单位".to_owned()).chain(periods.iter().map(|at| at.period.months())).collect();
    let below = format!("各期累计完成，按报送数　单位：{}", measure.unit);
    title(sheet, &format!("{}年各期", assessed.standings.period.year), &below, header.len().max(2) as u16, formats)?;
    lay_out(sheet, "各期", &header, &[18.0], FIRST - 1, formats)?;
    for (index, row) in assessed.standings.rows.iter().enumerate() {
        let at = FIRST + index as u32;
        sheet.write_string_with_format(at, 0, &row.name, &formats.text)?;
        for (column, period) in periods.iter().enumerate() {
            let value = period.row(&row.region).and_then(|row| row.value).map(|value| number(measure, value));
            Cell::number(value, UNREPORTED).write(sheet, (at, 1 + column as u16), &formats.amount)?;
        }
    }
    Ok(())
}

fn objections_sheet(sheet: &mut Worksheet, objections: &[Objection], formats: &Formats) -> Result<(), XlsxError> {
    let header = ["编号", "单位", "事项", "理由", "结果", "答复"].map(str::to_owned);
    let below = if objections.is_empty() { "没有单位提出异议" } else { "每一件异议和答复" };
    title(sheet, "异议", below, 6, formats)?;
    lay_out(sheet, "异议", &header, &[8.0, 18.0, 26.0, 50.0, 14.0, 50.0], FIRST - 1, formats)?;
    for (index, objection) in objections.iter().enumerate() {
        for (column, text) in objection.cells.iter().enumerate() {
            sheet.write_string_with_format(FIRST + index as u32, column as u16, text, &formats.wrapped)?;
        }
    }
    Ok(())
}

fn notes_sheet(sheet: &mut Worksheet, assessed: &Assessed<'_>, formats: &Formats) -> Result<(), XlsxError> {
    sheet.set_name("说明")?;
    sheet.set_column_width(0, 88)?;
    sheet.set_paper_size(PAPER).set_print_fit_to_pages(1, 0);
    let quote = assessed.assessment.quote.clone().map(|quote| format!("条款原文：“{quote}”")).unwrap_or_default();
    let rules = assessed.standings.rules;
    let lines = [
        heading(assessed),
        format!("依据：{}{}", assessed.plan.basis(), assessed.assessment.clause.clone().unwrap_or_default()),
        quote,
        format!(
            "现行读法：{}；{}；{}；{}",
            assessed.assessment.explanation(rules.reading),
            rules.completed_when.name(),
            rules.ties.name(),
            rules.compare.name()
        ),
        "增幅、完成率、核验减自评和表内位次是公式，可以逐格核对；排位、是否完成和结果按精确值判定，过程见“推导”。"
            .to_owned(),
        assessed.imprint.clone(),
    ];
    for (row, line) in lines.iter().filter(|line| !line.is_empty()).enumerate() {
        running(sheet, (row as u32, 0), line, 84, formats)?;
    }
    Ok(())
}
