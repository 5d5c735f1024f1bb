//! A bulletin as a workbook: tables with live formulas, series, sources, native charts, and a sheet that can be
//! imported.
//!
//! Every figure is the frozen edition's. Formulas only repeat what the edition says, so that a reader can follow them:
//! each carries our result, and a test recomputes them. Text is always written as text, never as a formula.

use crate::paper::Edition;
use crate::sheet::{Cell, Formats, PAPER, float, growth_cell, lay_out, mark, number, running, score_sheet, title};
use crate::table_workbook::{self, Sheet};
use domain::bulletin::columns::Columns;
use domain::bulletin::narrative::plain;
use domain::bulletin::tables::extra_columns;
use domain::bulletin::{Bulletin, tables, whole_plan, words};
use domain::calendar::chinese_date;
use domain::money::{Amount, Measure};
use domain::overview::{Overview, Quantity};
use domain::rate::Rate;
use domain::shown::{DASH, Shown, UNREPORTED};
use domain::standing::Row;
use rust_xlsxwriter::{Chart, ChartType, DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

/// The sheet whose rows the import reads back.
pub const RETURNS_SHEET: &str = "报送格式";
const MAIN: &str = "通报";
const SERIES: &str = "各期";
/// The first line of units: title, subtitle, head and total stand before them.
const FIRST: u32 = 4;

/// The finished file.
pub fn write(edition: &Edition<'_>) -> Result<Vec<u8>, XlsxError> {
    let bulletin = edition.bulletin;
    let formats = Formats::new(&bulletin.standings.measure);
    let mut workbook = Workbook::new();
    let mut properties =
        DocProperties::new().set_title(&bulletin.heading.title).set_comment(format!("SHA-256 {}", edition.sha256));
    if let Some(date) = bulletin.heading.published_on {
        use chrono::Datelike;
        // The edition's day, not today: the same edition makes the same file.
        let day =
            ExcelDateTime::from_ymd(u16::try_from(date.year()).unwrap_or(1900), date.month() as u8, date.day() as u8)?;
        properties = properties.set_creation_datetime(&day);
    }
    workbook.set_properties(&properties);
    if let Some(overview) = bulletin.overview.as_ref().filter(|_| !bulletin.has_units()) {
        goals_sheet(workbook.add_worksheet(), bulletin, overview, &formats)?;
        projects_sheet(&mut workbook, bulletin, &formats)?;
        tasks_sheet(&mut workbook, bulletin, &formats)?;
        texts_sheet(&mut workbook, bulletin, &formats)?;
        notes_sheet(workbook.add_worksheet(), edition, &formats)?;
        goals_returns(workbook.add_worksheet(), bulletin, overview, &formats)?;
        return workbook.save_to_buffer();
    }
    main_sheet(workbook.add_worksheet(), edition, &formats)?;
    if let Some(overview) = &bulletin.overview {
        goals_sheet(workbook.add_worksheet(), bulletin, overview, &formats)?;
    }
    projects_sheet(&mut workbook, bulletin, &formats)?;
    tasks_sheet(&mut workbook, bulletin, &formats)?;
    texts_sheet(&mut workbook, bulletin, &formats)?;
    if bulletin.withheld.is_empty() {
        ranking_sheet(workbook.add_worksheet(), bulletin, &formats)?;
        score_sheet(&mut workbook, &bulletin.standings, &formats)?;
    }
    series_sheet(workbook.add_worksheet(), bulletin, &formats)?;
    if !bulletin.award_columns().is_empty() {
        awards_sheet(workbook.add_worksheet(), bulletin, &formats)?;
        trace_sheet(workbook.add_worksheet(), bulletin, &formats)?;
    }
    sources_sheet(workbook.add_worksheet(), bulletin, &formats)?;
    notes_sheet(workbook.add_worksheet(), edition, &formats)?;
    returns_sheet(workbook.add_worksheet(), bulletin, &formats)?;
    workbook.save_to_buffer()
}

/// One line of the main table.
struct TableLine {
    place: Option<usize>,
    name: String,
    target: Option<Amount>,
    no_target: &'static str,
    value: Option<Amount>,
    base: Option<Amount>,
    completion: Option<Rate>,
    pace: Option<Rate>,
    gap: Option<Rate>,
    growth: Option<Rate>,
    /// The growth is what the bureau states, not what value and base make.
    stated: bool,
    target_growth: Option<Rate>,
    lamp: String,
    /// Completion, gap and growth as the page prints them.
    printed: [Option<String>; 3],
}

fn line(bulletin: &Bulletin, row: &Row, columns: &Columns<'_>) -> TableLine {
    TableLine {
        printed: [columns.completion(row), columns.gap(row), columns.growth(row)],
        place: bulletin.place(row),
        name: if row.within.is_some() { format!("  其中：{}", row.name) } else { row.name.clone() },
        target: row.target,
        no_target: row.target_mark(),
        value: row.value,
        base: row.base,
        completion: row.completion.filter(|_| columns.is_progress()),
        pace: row.pace.filter(|_| columns.is_progress()),
        gap: row.gap.filter(|_| columns.is_progress()),
        growth: row.growth,
        stated: row.published_growth.is_some() || row.base.is_none(),
        target_growth: row.target_growth,
        lamp: format!("{} {}", columns.lamp(row).0.mark(), columns.lamp(row).1),
    }
}

fn total(bulletin: &Bulletin, columns: &Columns<'_>) -> TableLine {
    let total = &bulletin.standings.total;
    // A target over several years is not what the year's value is divided by.
    let own = total.whole.is_none();
    let computed = total.value.zip(total.base).and_then(|(value, base)| Some(Rate::of(value, base)?.minus(Rate::ONE)));
    TableLine {
        printed: [columns.total_completion(), columns.total_gap(), columns.total_growth()],
        place: None,
        name: bulletin.heading.whole.clone(),
        target: total.target.filter(|_| own),
        no_target: DASH,
        value: total.value,
        base: total.base,
        completion: total.completion.filter(|_| own && columns.is_progress()),
        pace: total.pace.filter(|_| columns.is_progress()),
        gap: total.gap.filter(|_| own && columns.is_progress()),
        growth: total.growth,
        stated: total.growth != computed,
        target_growth: total.target_growth,
        lamp: String::new(),
    }
}

fn main_sheet(sheet: &mut Worksheet, edition: &Edition<'_>, formats: &Formats) -> Result<(), XlsxError> {
    let bulletin = edition.bulletin;
    let (heading, standings) = (&bulletin.heading, &bulletin.standings);
    let unit = &standings.measure.unit;
    let awards = bulletin.award_columns();
    let mut header: Vec<String> = vec![format!("{}位次", standings.ranked_by().name()), heading.unit_noun.clone()];
    header.extend([
        format!("年度目标（{unit}）"),
        format!("累计完成（{unit}）"),
        "完成率".to_owned(),
        "序时进度".to_owned(),
    ]);
    header.extend([
        "与序时差（个百分点）".to_owned(),
        format!("上年同期（{unit}）"),
        "同比增长".to_owned(),
        "目标增幅".to_owned(),
        "进度".to_owned(),
    ]);
    let extra = extra_columns(standings);
    header.extend(extra.iter().map(|column| column.head.clone()));
    header.extend(awards.iter().map(domain::bulletin::AwardColumn::head));
    let date = heading.published_on.map(chinese_date).unwrap_or_default();
    let demo = if heading.demo { "演示数据，非官方统计　" } else { "" };
    let units = words::units_line(unit, true);
    let below = format!("{demo}第{}期　第{}版　{date}　{units}", heading.issue, edition.edition);
    title(sheet, &heading.title, &below, header.len() as u16, formats)?;
    lay_out(
        sheet,
        MAIN,
        &header,
        &[8.0, 18.0, 12.0, 12.0, 10.0, 10.0, 12.0, 12.0, 10.0, 10.0, 13.0],
        FIRST - 2,
        formats,
    )?;
    let columns = Columns::of(bulletin);
    write_line(sheet, FIRST - 1, &total(bulletin, &columns), &standings.measure, &formats.bold())?;
    for (index, row) in standings.rows.iter().enumerate() {
        let at = FIRST + index as u32;
        write_line(sheet, at, &line(bulletin, row, &columns), &standings.measure, formats)?;
        let more = extra.iter().map(|column| (column.of)(row).unwrap_or_else(|| DASH.to_owned()));
        let given = awards.iter().map(|award| award.text(&row.region));
        for (column, text) in more.chain(given).enumerate() {
            mark(sheet, (at, 11 + column as u16), &text, &formats.text)?;
        }
    }
    let after = FIRST + standings.rows.len() as u32;
    sheet.merge_range(after, 0, after, header.len() as u16 - 1, &bulletin.notes.concat(), &formats.small)?;
    sheet.set_row_height(after, 60)?;
    Ok(())
}

fn write_line(
    sheet: &mut Worksheet,
    row: u32,
    line: &TableLine,
    measure: &Measure,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let of = row + 1;
    let amount = |amount: Option<Amount>, none| Cell::number(amount.map(|amount| number(measure, amount)), none);
    Cell::number(line.place.map(|place| place as f64), DASH).write(sheet, (row, 0), &formats.whole)?;
    sheet.write_string_with_format(row, 1, &line.name, &formats.text)?;
    amount(line.target, line.no_target).write(sheet, (row, 2), &formats.amount)?;
    amount(line.value, UNREPORTED).write(sheet, (row, 3), &formats.amount)?;
    let completion = match line.completion.filter(|_| line.value.is_some() && line.target.is_some()) {
        Some(rate) => Cell::Formula(format!("=D{of}/C{of}"), float(rate)),
        None => Cell::Mark(DASH),
    };
    let [printed_completion, printed_gap, printed_growth] = line.printed.each_ref().map(Option::as_deref);
    completion.write(sheet, (row, 4), &formats.percent_as(printed_completion))?;
    Cell::number(line.pace.map(float), DASH).write(sheet, (row, 5), &formats.percent)?;
    let gap = match line.gap.filter(|_| line.completion.is_some() && line.pace.is_some()) {
        Some(gap) => Cell::Formula(format!("=(E{of}-F{of})*100"), float(gap) * 100.0),
        None => Cell::Mark(DASH),
    };
    gap.write(sheet, (row, 6), &formats.points_as(printed_gap))?;
    amount(line.base, DASH).write(sheet, (row, 7), &formats.amount)?;
    let computed = !line.stated && line.value.is_some() && line.base.is_some();
    growth_cell(line.growth, computed, format!("D{of}"), format!("H{of}")).write(
        sheet,
        (row, 8),
        &formats.percent_as(printed_growth),
    )?;
    Cell::number(line.target_growth.map(float), DASH).write(sheet, (row, 9), &formats.percent)?;
    sheet.write_string_with_format(row, 10, &line.lamp, &formats.text).map(drop)
}

fn ranking_sheet(sheet: &mut Worksheet, bulletin: &Bulletin, formats: &Formats) -> Result<(), XlsxError> {
    let (rows, columns) = (tables::growth_rows(bulletin), Columns::of(bulletin));
    let header = ["位次", "单位", "同比增长", "目标增幅", "完成率", "比上期"].map(str::to_owned);
    title(sheet, &bulletin.headlines.growth, &format!("同比增长　{}", bulletin.standings.period.label()), 6, formats)?;
    lay_out(sheet, "排名", &header, &[8.0, 20.0, 12.0, 12.0, 12.0, 10.0], 2, formats)?;
    for (index, row) in rows.iter().enumerate() {
        let at = 3 + index as u32;
        Cell::number(row.rank.map(|place| place as f64), DASH).write(sheet, (at, 0), &formats.whole)?;
        sheet.write_string_with_format(at, 1, &row.name, &formats.text)?;
        let (growth, completion) = (columns.growth(row), columns.completion(row));
        for (column, rate, printed) in
            [(2, row.growth, growth), (3, row.target_growth, None), (4, row.completion, completion)]
        {
            Cell::number(rate.map(float), DASH).write(sheet, (at, column), &formats.percent_as(printed.as_deref()))?;
        }
        let moved = bulletin.movement(&row.region).shown(words::moved);
        mark(sheet, (at, 5), &moved, &formats.text)?;
    }
    if rows.len() > 1 {
        let last = 2 + rows.len() as u32;
        let mut chart = Chart::new(ChartType::Bar);
        chart.title().set_name(&bulletin.headlines.growth);
        chart
            .add_series()
            .set_name("同比增长")
            .set_categories(("排名", 3, 1, last, 1))
            .set_values(("排名", 3, 2, last, 2));
        chart.legend().set_hidden();
        // The first stands on top, as in the table.
        chart.y_axis().set_reverse();
        chart.x_axis().set_num_format("0%");
        chart.set_width(560).set_height(120 + 24 * rows.len() as u32);
        sheet.insert_chart(2, 7, &chart)?;
    }
    Ok(())
}

fn series_sheet(sheet: &mut Worksheet, bulletin: &Bulletin, formats: &Formats) -> Result<(), XlsxError> {
    let (series, measure) = (&bulletin.series, &bulletin.standings.measure);
    let target = bulletin.standings.total.target.filter(|_| bulletin.standings.total.whole.is_none());
    let whole = &bulletin.heading.whole;
    let mut header: Vec<String> = vec!["期间".to_owned(), format!("{whole}累计（{}）", measure.unit)];
    header.extend([format!("上年同期（{}）", measure.unit), format!("序时应完成（{}）", measure.unit)]);
    header.extend(bulletin.paths.iter().map(|path| format!("{}完成率", path.name)));
    title(
        sheet,
        &bulletin.headlines.cumulative,
        &format!("{}年累计", bulletin.standings.period.year),
        header.len() as u16,
        formats,
    )?;
    lay_out(sheet, SERIES, &header, &[12.0, 15.0, 15.0, 17.0], 2, formats)?;
    for (index, (month, value)) in series.value.iter().enumerate() {
        let at = 3 + index as u32;
        let period = domain::month::Period { year: bulletin.standings.period.year, month: *month };
        sheet.write_string_with_format(at, 0, period.months(), &formats.text)?;
        sheet.write_number_with_format(at, 1, number(measure, *value), &formats.amount)?;
        let base = series.last_year.iter().find(|(known, _)| known == month).map(|(_, base)| number(measure, *base));
        let pace = series.pace.iter().find(|(known, _)| known == month).zip(target);
        let due = pace.map(|((_, share), target)| number(measure, target) * float(*share));
        for (column, value) in [(2, base), (3, due)] {
            Cell::number(value, DASH).write(sheet, (at, column), &formats.amount)?;
        }
        for (column, path) in bulletin.paths.iter().enumerate() {
            let rate = path.completion.iter().find(|(known, _)| known == month).map(|(_, rate)| float(*rate));
            Cell::number(rate, DASH).write(sheet, (at, 4 + column as u16), &formats.percent)?;
        }
    }
    if series.value.len() > 1 {
        let last = 2 + series.value.len() as u32;
        let mut chart = Chart::new(ChartType::Line);
        chart.title().set_name(&bulletin.headlines.cumulative);
        for (column, name) in [(1, "累计"), (2, "上年同期"), (3, "序时应完成")] {
            chart
                .add_series()
                .set_name(name)
                .set_categories((SERIES, 3, 0, last, 0))
                .set_values((SERIES, 3, column, last, column));
        }
        chart.set_width(640).set_height(340);
        sheet.insert_chart(last + 2, 0, &chart)?;
    }
    Ok(())
}

/// 考核: completion, growth, places and what is lacking, computed in the sheet, beside what the rule gave.
fn awards_sheet(sheet: &mut Worksheet, bulletin: &Bulletin, formats: &Formats) -> Result<(), XlsxError> {
    let (standings, measure) = (&bulletin.standings, &bulletin.standings.measure);
    let (rows, columns) = (standings.ranked(), Columns::of(bulletin));
    let by_growth = standings.ranked_by() == domain::assessment::RankBy::Growth;
    let awards = bulletin.award_columns();
    let mut header: Vec<String> = ["单位", "位次"].map(str::to_owned).to_vec();
    header.extend(["年度目标", "累计完成", "上年同期"].map(|name| format!("{name}（{}）", measure.unit)));
    header.extend(["完成率", "是否完成", "同比增长", "增幅位次（表内计算）"].map(str::to_owned));
    header.extend(awards.iter().map(domain::bulletin::AwardColumn::head));
    let clause = bulletin.heading.clause.clone().unwrap_or_default();
    title(
        sheet,
        &bulletin.headlines.quadrant,
        &format!("依据：{}{clause}", bulletin.heading.citation),
        header.len() as u16,
        formats,
    )?;
    lay_out(sheet, "考核", &header, &[18.0, 8.0, 13.0, 13.0, 13.0, 10.0, 10.0, 10.0, 12.0], 2, formats)?;
    let last = 3 + rows.len() as u32;
    for (index, row) in rows.iter().enumerate() {
        let at = 3 + index as u32;
        let of = at + 1;
        sheet.write_string_with_format(at, 0, &row.name, &formats.text)?;
        sheet.write_number_with_format(at, 1, row.rank.unwrap_or_default() as f64, &formats.whole)?;
        for (column, value) in [(2, row.target), (3, row.value), (4, row.base)] {
            Cell::number(value.map(|value| number(measure, value)), DASH).write(
                sheet,
                (at, column),
                &formats.amount,
            )?;
        }
        let completion =
            row.completion.map_or(Cell::Mark(DASH), |rate| Cell::Formula(format!("=D{of}/C{of}"), float(rate)));
        completion.write(sheet, (at, 5), &formats.percent_as(columns.completion(row).as_deref()))?;
        mark(sheet, (at, 6), row.completed_text(), &formats.text)?;
        let computed = row.published_growth.is_none() && row.value.is_some() && row.base.is_some();
        growth_cell(row.growth, computed, format!("D{of}"), format!("E{of}")).write(
            sheet,
            (at, 7),
            &formats.percent_as(columns.growth(row).as_deref()),
        )?;
        let counted =
            row.growth.filter(|_| by_growth).map(|_| rows.iter().filter(|other| other.growth > row.growth).count() + 1);
        let place = counted.map_or(Cell::Mark(DASH), |higher| {
            Cell::Formula(format!("=COUNTIF(H$4:H${last},\">\"&H{of})+1"), higher as f64)
        });
        place.write(sheet, (at, 8), &formats.whole)?;
        for (column, award) in awards.iter().enumerate() {
            mark(sheet, (at, 9 + column as u16), &award.text(&row.region), &formats.text)?;
        }
    }
    Ok(())
}

/// 推导: from the clause to the points, as the edition froze it; units without points have none.
fn trace_sheet(sheet: &mut Worksheet, bulletin: &Bulletin, formats: &Formats) -> Result<(), XlsxError> {
    let header = ["单位", "加减", "步骤", "内容"].map(str::to_owned);
    title(
        sheet,
        "推导过程",
        "条款 → 数据 → 是否完成 → 排位 → 并列 → 读法 → 结果；没有列出的单位不加也不减",
        4,
        formats,
    )?;
    lay_out(sheet, "推导", &header, &[18.0, 10.0, 8.0, 100.0], 2, formats)?;
    let mut at = 3;
    for row in &bulletin.standings.rows {
        for award in &row.awards {
            let points = format!("{}{}", words::signed(&award.points_text()), award.unit);
            for (step, text) in award.trace.iter().enumerate() {
                sheet.write_string_with_format(at, 0, &row.name, &formats.text)?;
                sheet.write_string_with_format(at, 1, &points, &formats.text)?;
                sheet.write_number_with_format(at, 2, step as f64 + 1.0, &formats.whole)?;
                running(sheet, (at, 3), text, 96, formats)?;
                at += 1;
            }
        }
    }
    Ok(())
}

fn sources_sheet(sheet: &mut Worksheet, bulletin: &Bulletin, formats: &Formats) -> Result<(), XlsxError> {
    let measure = &bulletin.standings.measure;
    let unit = if measure.money { "元" } else { measure.unit.as_str() };
    let header = [
        "单位".to_owned(),
        format!("累计完成（{unit}）"),
        format!("上年同期（{unit}）"),
        "增幅（分数）".to_owned(),
        "来源".to_owned(),
    ];
    title(sheet, "数据来源", "每个数的精确值和报送记录", 5, formats)?;
    lay_out(sheet, "来源", &header, &[18.0, 20.0, 20.0, 24.0, 60.0], 2, formats)?;
    let exact = |amount: Option<Amount>| amount.shown(|amount| measure.exact(amount));
    for (index, row) in bulletin.standings.rows.iter().enumerate() {
        let at = 3 + index as u32;
        let growth = row.growth.shown(Rate::exact);
        let source = tables::source_of(bulletin, row);
        sheet.write_string_with_format(at, 0, &row.name, &formats.text)?;
        for (column, text) in [(1, exact(row.value)), (2, exact(row.base)), (3, growth)] {
            // As text: a spreadsheet keeps fifteen digits only.
            mark(sheet, (at, column), &text, &formats.text)?;
        }
        sheet.write_string_with_format(at, 4, source, &formats.wrapped)?;
    }
    Ok(())
}

fn notes_sheet(sheet: &mut Worksheet, edition: &Edition<'_>, formats: &Formats) -> Result<(), XlsxError> {
    let bulletin = edition.bulletin;
    sheet.set_name("说明")?;
    sheet.set_column_width(0, 88)?;
    sheet.set_paper_size(PAPER).set_print_fit_to_pages(1, 0);
    let mut lines: Vec<String> = vec![bulletin.heading.title.clone()];
    for paragraph in &bulletin.paragraphs {
        let sentences: String = paragraph.sentences.iter().map(|sentence| plain(sentence)).collect();
        lines.push(if paragraph.heading.is_empty() {
            sentences
        } else {
            format!("{}：{sentences}", paragraph.heading)
        });
    }
    if let Some(correction) = &bulletin.correction {
        let reason = correction.reason.clone().unwrap_or_default();
        lines.push(format!("本版更正第{}版（SHA-256 {}）。原因：{reason}", correction.edition, correction.sha256));
        lines.extend(
            correction
                .changes
                .iter()
                .map(|change| format!("{}　{}：{} → {}", change.name, change.what, change.before, change.after)),
        );
    }
    lines.extend(bulletin.notes.iter().cloned());
    lines.push(
        "完成率、同比增长、与序时差和表内位次是公式，可以逐格核对；排位、是否完成和加减分按精确值判定，见“来源”。"
            .to_owned(),
    );
    lines.push(format!("编制依据：{}", bulletin.basis()));
    lines.push(format!("第{}版　SHA-256 {}", edition.edition, edition.sha256));
    for (row, line) in lines.iter().enumerate() {
        running(sheet, (row as u32, 0), line, 84, formats)?;
    }
    Ok(())
}

/// All goals: as printed, and each figure as a number in its own unit.
fn goals_sheet(
    sheet: &mut Worksheet,
    bulletin: &Bulletin,
    overview: &Overview,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let header =
        ["板块", "目标", "截至", "目标值", "完成", "完成数", "单位", "完成率", "序时", "与序时差", "同比", "结论"]
            .map(str::to_owned);
    let widths = [20.0, 28.0, 11.0, 22.0, 14.0, 14.0, 9.0, 9.0, 9.0, 10.0, 9.0, 14.0];
    let heading = format!("{}{}各项目标进展情况表", overview.period.title(), bulletin.heading.region_name);
    title(sheet, &heading, &bulletin.heading.plan_title, header.len() as u16, formats)?;
    lay_out(sheet, "各项目标", &header, &widths, 2, formats)?;
    let mut at = 3;
    for (section, rows) in overview.sections() {
        for row in rows {
            let printed = whole_plan::cells(row, bulletin.near);
            for (column, text) in [section.unwrap_or(DASH), &printed[0], &printed[1]].into_iter().enumerate() {
                sheet.write_string_with_format(at, column as u16, text, &formats.wrapped)?;
            }
            for (column, text) in [(3, &printed[2]), (4, &printed[3])] {
                mark(sheet, (at, column), text, &formats.text)?;
            }
            let value = row.value.map(|value| match value {
                Quantity::Amount(amount) => number(&row.measure, amount),
                Quantity::Percent(share) => float(share) * 100.0,
                Quantity::Units(units) => units as f64,
            });
            let general = formats.amount.clone().set_num_format("General");
            Cell::number(value, DASH).write(sheet, (at, 5), &general)?;
            sheet.write_string_with_format(at, 6, row.unit(), &formats.text)?;
            let completion = formats.percent_as(row.completion_text().as_deref());
            Cell::number(row.completion.map(float), DASH).write(sheet, (at, 7), &completion)?;
            Cell::number(row.pace.map(float), DASH).write(sheet, (at, 8), &formats.percent)?;
            let gap = formats.points_as(row.gap_text(bulletin.near).as_deref());
            Cell::number(row.gap.map(|gap| float(gap) * 100.0), DASH).write(sheet, (at, 9), &gap)?;
            let growth = formats.percent_as(row.growth_text().as_deref());
            Cell::number(row.growth.map(float), DASH).write(sheet, (at, 10), &growth)?;
            sheet.write_string_with_format(at, 11, row.verdict_text(), &formats.text)?;
            at += 1;
        }
    }
    Ok(())
}

/// Projects by unit at the end of the edition's period.
fn projects_sheet(workbook: &mut Workbook, bulletin: &Bulletin, formats: &Formats) -> Result<(), XlsxError> {
    let Some(table) = tables::of_chart(bulletin, "projects") else { return Ok(()) };
    let title = format!("{}重点项目进展情况表", bulletin.heading.region_name);
    let below = bulletin.heading.title.as_str();
    let sheet = Sheet { name: "重点项目", title: &title, below, table: &table, widths: &[12.0; 12] };
    table_workbook::fill(workbook.add_worksheet(), &sheet, formats)
}

/// Every dated task at the edition's moment, where it tells of any.
fn tasks_sheet(workbook: &mut Workbook, bulletin: &Bulletin, formats: &Formats) -> Result<(), XlsxError> {
    let Some(table) = tables::of_chart(bulletin, "tasks") else { return Ok(()) };
    let title = format!("{}限时任务办理情况表", bulletin.heading.region_name);
    let below = bulletin.heading.published_on.map(|day| format!("截至{}", chinese_date(day))).unwrap_or_default();
    let sheet = Sheet { name: "限时任务", title: &title, below: &below, table: &table, widths: &TASK_WIDTHS };
    table_workbook::fill(workbook.add_worksheet(), &sheet, formats)
}

/// The units' words that stand in the edition.
fn texts_sheet(workbook: &mut Workbook, bulletin: &Bulletin, formats: &Formats) -> Result<(), XlsxError> {
    let Some(table) = tables::of_chart(bulletin, "texts") else { return Ok(()) };
    let title = format!("{}各单位情况选编", bulletin.heading.region_name);
    let below = bulletin.heading.title.as_str();
    let sheet = Sheet { name: "各单位情况", title: &title, below, table: &table, widths: &TEXT_WIDTHS };
    table_workbook::fill(workbook.add_worksheet(), &sheet, formats)
}

/// The widths of a sheet of texts.
pub const TEXT_WIDTHS: [f64; 6] = [24.0, 24.0, 10.0, 18.0, 70.0, 10.0];

/// The widths of a sheet of dated tasks.
pub const TASK_WIDTHS: [f64; 8] = [24.0, 34.0, 14.0, 18.0, 30.0, 16.0, 12.0, 34.0];

/// The stated figures of a plan without units, as [`returns_sheet`] writes them.
fn goals_returns(
    sheet: &mut Worksheet,
    bulletin: &Bulletin,
    overview: &Overview,
    formats: &Formats,
) -> Result<(), XlsxError> {
    lay_out(sheet, RETURNS_SHEET, &RETURNS_HEADER.map(str::to_owned), &RETURNS_WIDTHS, 0, formats)?;
    let mut at = 1;
    for row in overview.goals.iter().filter(|row| row.reach.is_none() && row.source.is_some()) {
        let (Some(period), Some(Quantity::Amount(value))) = (row.period, row.stated) else { continue };
        let base = match row.base {
            Some(Quantity::Amount(base)) => row.measure.plain(base),
            _ => String::new(),
        };
        let cells = [
            bulletin.heading.region.clone(),
            period.to_string(),
            row.measure.plain(value),
            base,
            String::new(),
            String::new(),
            row.goal.clone(),
        ];
        for (column, text) in cells.iter().enumerate() {
            sheet.write_string_with_format(at, column as u16, text, &formats.text)?;
        }
        at += 1;
    }
    Ok(())
}

const RETURNS_HEADER: [&str; 7] = ["region", "period", "value", "base", "growth_pct", "note", "goal"];
const RETURNS_WIDTHS: [f64; 7] = [18.0, 12.0, 16.0, 16.0, 12.0, 30.0, 16.0];

/// Exactly what `jigai import returns` reads: what is exported can be imported unchanged.
fn returns_sheet(sheet: &mut Worksheet, bulletin: &Bulletin, formats: &Formats) -> Result<(), XlsxError> {
    let standings = &bulletin.standings;
    let measure = &standings.measure;
    lay_out(sheet, RETURNS_SHEET, &RETURNS_HEADER.map(str::to_owned), &RETURNS_WIDTHS, 0, formats)?;
    let total = &standings.total;
    let stated = (total.stated && total.value.is_some()).then_some((
        &bulletin.heading.region_name,
        total.value,
        total.base,
        None,
        total.note.as_str(),
    ));
    let units =
        standings.rows.iter().map(|row| (&row.region, row.value, row.base, row.published_growth, row.note.as_str()));
    let reported = units.filter(|(_, value, base, growth, _)| value.is_some() || base.is_some() || growth.is_some());
    for (index, (region, value, base, growth, note)) in stated.into_iter().chain(reported).enumerate() {
        let at = 1 + index as u32;
        let amount = |amount: Option<Amount>| amount.map(|amount| measure.plain(amount)).unwrap_or_default();
        let growth = growth.map(Rate::percent_as_written).unwrap_or_default();
        let cells = [
            region.clone(),
            standings.period.to_string(),
            amount(value),
            amount(base),
            growth,
            note.to_owned(),
            standings.goal.clone(),
        ];
        for (column, text) in cells.iter().enumerate() {
            sheet.write_string_with_format(at, column as u16, text, &formats.text)?;
        }
    }
    Ok(())
}
