//! A county's own file for its entry form: which boxes it fills, or every fault of it in sentences.

use std::collections::{BTreeMap, BTreeSet};

use documents::grid::Grid;
use documents::office_table::{self, Mapping, Use, one_goal};
use documents::project_table::{self, Around, Preview};
use documents::returns::ReturnsFile;
use domain::budget::Budget;
use domain::entry::{Cell, Field};
use domain::plan::Goal;
use domain::projects::Entry;
use domain::projects::sheet::{SheetBox, cell};
use domain::returns::ReturnRow;

use crate::entry_form::Form;
use crate::facts::Report;
use crate::incoming::choose;

/// What a file fills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// Lines of the file that were used.
    pub rows: usize,
    /// Box and text, in the file's order.
    pub boxes: Vec<(String, String)>,
    /// What was left out, and how cells were read.
    pub remarks: Vec<String>,
}

/// So many faults of a file are named.
const FAULTS: usize = 20;

/// What a table came to: rows for the form, and how they were found.
#[derive(Default)]
struct Taken {
    rows: Vec<ReturnRow>,
    remarks: Vec<String>,
}

/// What a list of projects (月报, 明细表, our own) fills of a unit's sheet: what is reported, and the dates that were kept.
fn filled_sheet(report: &Report, form: &Form, bytes: &[u8], name: &str, budget: Budget<'_>) -> Result<Filled, String> {
    let plan = &report.version.plan;
    let period = report.key.period();
    let sheets = documents::grid::read(bytes, name, budget)
        .map_err(|problem| format!("{}。没有改动任何数。", problem.message))?;
    let known: BTreeMap<String, Entry> =
        report.projects.iter().map(|(id, known)| (id.clone(), known.entry.clone())).collect();
    let uses = BTreeMap::new();
    let around = Around {
        plan,
        year: period.year,
        period: Some(period),
        unit: None,
        uses: &uses,
        known: &known,
        own_unit: Some(&report.key.unit),
    };
    let mut read: Option<Preview> = None;
    for sheet in &sheets {
        let found = project_table::preview(sheet, &around, budget)?;
        if !found.lines.is_empty() || read.is_none() {
            read = Some(found);
        }
        if read.as_ref().is_some_and(|read| !read.lines.is_empty()) {
            break;
        }
    }
    let read = read.ok_or_else(|| "文件里没有表，没有改动任何数。".to_owned())?;
    let stops: Vec<String> = read
        .doubts
        .iter()
        .filter(|doubt| doubt.stops)
        .map(|doubt| format!("{} {}", doubt.address, doubt.message))
        .collect();
    if !stops.is_empty() || read.lines.is_empty() {
        let more = stops.len().saturating_sub(FAULTS);
        let more = if more > 0 { format!("；还有{more}处") } else { String::new() };
        let said = stops.into_iter().take(FAULTS).collect::<Vec<_>>().join("；");
        let said = if said.is_empty() { "没有读到项目".to_owned() } else { said };
        return Err(format!("文件没有采用，没有改动任何数。{said}{more}。"));
    }
    let mut filled = Filled { rows: 0, boxes: Vec::new(), remarks: Vec::new() };
    for line in &read.lines {
        let own = &line.entry.project;
        if !form.projects.iter().any(|known| known.id == own.id) {
            filled
                .remarks
                .push(format!("第 {} 行“{}”不在本单位{}年的名单里，没有采用。", line.row, own.name, period.year));
            continue;
        }
        filled.rows += 1;
        let (boxes, rest): (Vec<_>, Vec<_>) =
            line.changes.iter().partition(|(of, ..)| SheetBox::parse(of.id()).is_some());
        for (of, _, after) in boxes {
            filled.boxes.push((cell(&own.id, SheetBox::Of(*of)), after.clone()));
        }
        if !rest.is_empty() {
            let names: Vec<&str> = rest.iter().map(|(of, ..)| of.name()).collect();
            filled.remarks.push(format!(
                "第 {} 行“{}”的{}与库里不同，不由本表填报，没有采用；要改请告诉办公室。",
                line.row,
                own.name,
                names.join("、")
            ));
        }
    }
    let said = read.doubts.iter().map(|doubt| format!("{} {}。", doubt.address, doubt.message));
    filled.remarks.extend(said);
    Ok(filled)
}

/// The unit's own lines of a table as an office keeps it: of a table of all units, or with the goals down its side.
/// `None` where the table has neither.
fn own_table(
    report: &Report,
    form: &Form,
    goal: &Goal,
    (grid, name): (&Grid, &str),
    budget: Budget<'_>,
) -> Result<Option<Taken>, String> {
    let plan = &report.version.plan;
    let goals: Vec<&Goal> =
        plan.goals.iter().filter(|goal| form.lines.iter().any(|line| line.goal == goal.id)).collect();
    let alone = form.lines.iter().filter(|line| line.region == report.key.unit).count() == 1;
    let mut by_goal: Vec<(&Goal, Grid)> = Vec::new();
    for goal in goals {
        by_goal.extend(one_goal(plan, goal, grid, &report.unit_name, alone, budget)?.map(|grid| (goal, grid)));
    }
    let mut taken = Taken::default();
    for (goal, grid) in &by_goal {
        taken.rows.extend(own_lines(report, goal, (grid, name), budget)?.unwrap_or_default().rows);
    }
    if by_goal.is_empty() { own_lines(report, goal, (grid, name), budget) } else { Ok(Some(taken)) }
}

/// Whether a region's figure stands in this form.
fn is_own(report: &Report, goal: &Goal, region: &str) -> bool {
    report.version.plan.reporter(goal, region, report.key.period()) == Some(&report.key.unit)
}

/// The lines of the unit and those within it, of a table of units.
fn own_lines(
    report: &Report,
    goal: &Goal,
    (grid, name): (&Grid, &str),
    budget: Budget<'_>,
) -> Result<Option<Taken>, String> {
    let plan = &report.version.plan;
    let preview = office_table::preview(plan, goal, grid, None, Some(report.key.period()), name, budget)?;
    let units: BTreeSet<&str> =
        preview.lines.iter().filter_map(|line| line.region.as_ref()).map(|(region, _)| region.as_str()).collect();
    if units.is_empty() {
        return Ok(None);
    }
    // What is doubtful about other units' lines is not this unit's concern.
    let own = |region: &str| is_own(report, goal, region);
    let mut remarks = Vec::new();
    if units.iter().any(|region| !own(region)) {
        if !units.iter().any(|region| own(region)) {
            return Err(format!("表里有 {} 个单位，没有{}的一行，没有改动任何数。", units.len(), report.unit_name));
        }
        remarks.push(format!("表里有 {} 个单位，只取{}的数。", units.len(), report.unit_name));
    }
    let of_others = preview.lines.iter().filter(|line| !line.region.as_ref().is_some_and(|(region, _)| own(region)));
    let skip = of_others.map(|line| line.address.clone()).collect();
    let accept =
        preview.doubts.iter().map(|doubt| doubt.key.clone()).filter(|key| key.starts_with("nameless.")).collect();
    let mut mapping = Mapping { skip, accept, ..preview.mapping };
    // A growth is the bureau's to state.
    let growths = mapping.columns.values_mut().filter(|column| matches!(column.of, Use::Growth | Use::GrowthShare));
    let percent = domain::entry::is_percent(goal);
    growths.filter(|_| !percent).for_each(|column| column.of = Use::Ignore);
    let preview = office_table::preview(plan, goal, grid, Some(&mapping), None, name, budget)?;
    let stops: Vec<String> = preview
        .doubts
        .iter()
        .filter(|doubt| doubt.stops || doubt.key == "period")
        .map(|doubt| format!("{} {}", doubt.address, doubt.message).trim().to_owned())
        .collect();
    if !stops.is_empty() {
        let way = "这里不能改读法：请在表里改好、只留要报的列，或用本页下载的空白模板";
        return Err(format!("文件没有采用，没有改动任何数。{}。{way}。", stops.join("；")));
    }
    Ok(Some(Taken { rows: preview.rows(goal), remarks }))
}

/// What a block from a spreadsheet fills, where it says itself whose its figures are: our own form, a table of all
/// units, goals down the side. `None`: it is laid over the boxes as it stands.
///
/// # Errors
/// What the block says that cannot be taken; or the budget ended.
pub fn pasted(
    report: &Report,
    form: &Form,
    goal: &str,
    block: &str,
    budget: Budget<'_>,
) -> Result<Option<Filled>, String> {
    let plan = &report.version.plan;
    let goal = plan.goal(goal).unwrap_or(plan.default_goal());
    if block.trim().lines().count() < 2 {
        return Ok(None);
    }
    let sheets = documents::grid::read(block.as_bytes(), "粘贴", budget);
    budget.check()?;
    let Some(mut csv) = sheets.ok().map(|mut sheets| sheets.remove(0)) else { return Ok(None) };
    let first: Vec<&str> = csv.rows[0].iter().map(String::as_str).collect();
    let head = documents::csv_text::write(&first, &csv.rows[1..]);
    if documents::returns::is_own_form(head.as_bytes(), budget) {
        return filled(report, form, head.as_bytes(), "粘贴", budget).map(Some);
    }
    let preview = office_table::preview(plan, goal, &csv, None, Some(report.key.period()), "", budget)?;
    // Lines alone, without their heads, are in the order of the form's columns.
    let name = preview.mapping.columns.iter().find(|(_, column)| column.of == Use::Name);
    if let Some(name) = name.and_then(|(letters, _)| csv.column(letters)).filter(|_| preview.mapping.first_row == 1) {
        let called = |column: usize| {
            let field = column.checked_sub(name + 1).and_then(|at| Field::COLUMNS.get(at));
            field.map_or(String::new(), |field| field.name().to_owned())
        };
        csv.rows.insert(0, (0..csv.width()).map(called).collect());
    }
    let of_others = preview.lines.iter().any(|line| {
        line.region.as_ref().is_some_and(|(region, _)| goal.split(region).is_some() && !is_own(report, goal, region))
    });
    let mut by_goal = false;
    for goal in &plan.goals {
        by_goal = by_goal || one_goal(plan, goal, &csv, &report.unit_name, false, budget)?.is_some();
    }
    if !of_others && !by_goal {
        return Ok(None);
    }
    let taken = own_table(report, form, goal, (&csv, "粘贴"), budget)?;
    taken.map(|taken| boxes(report, form, taken.rows, taken.remarks, Vec::new())).transpose()
}

/// The boxes that a file fills, over those saved; or every problem of the file in sentences.
pub fn filled(report: &Report, form: &Form, bytes: &[u8], name: &str, budget: Budget<'_>) -> Result<Filled, String> {
    if bytes.is_empty() {
        return Err("还没有选择文件，或文件是空的。请选择 xlsx、xls 或 CSV 文件后再上传。".to_owned());
    }
    if !form.projects.is_empty() {
        return filled_sheet(report, form, bytes, name, budget);
    }
    let plan = &report.version.plan;
    let default = form.lines.first().and_then(|line| plan.goal(&line.goal)).unwrap_or(plan.default_goal());
    let defaults = documents::returns::Defaults { region: &report.key.unit, period: report.key.period() };
    let mut read = documents::returns::parse_with(plan, default, bytes, "", Some(defaults), budget);
    budget.check()?;
    let mut remarks: Vec<String> = read.said.iter().map(|said| format!("{}。", said.message)).collect();
    if !read.faults.is_empty() && !documents::returns::is_own_form(bytes, budget) {
        let sheets = documents::grid::read(bytes, name, budget)
            .map_err(|problem| format!("{}。没有改动任何数。", problem.message))?;
        let grid = choose(plan, default, &sheets, None, Some(report.key.period()), budget)?;
        // Where the form's own reader reads no worse, its faults are told.
        if let Some(taken) = own_table(report, form, default, (grid, name), budget)? {
            (read, remarks) = (ReturnsFile { rows: taken.rows, ..ReturnsFile::default() }, taken.remarks);
        }
    }
    let faults: Vec<String> =
        read.all_problems()
            .into_iter()
            .map(|problem| {
                if problem.line > 0 {
                    format!("第 {} 行：{}", problem.line, problem.message)
                } else {
                    problem.message
                }
            })
            .collect();
    boxes(report, form, read.rows, remarks, faults)
}

/// Why a row has no box in this form.
fn not_asked(report: &Report, row: &ReturnRow) -> String {
    let plan = &report.version.plan;
    match plan.goal(&row.goal).filter(|goal| is_own(report, goal, &row.region) && !plan.is_due(goal, &report.key.round))
    {
        Some(goal) => {
            let label = plan.round_label(&report.key.round);
            format!("{label}的报送不报“{}”，请在它自己的报送周期里填", goal.name)
        }
        None => format!("不是{}的数据。只能上传本单位的数", report.unit_name),
    }
}

/// The boxes that rows fill; `faults` are what was wrong before.
fn boxes(
    report: &Report,
    form: &Form,
    rows: Vec<ReturnRow>,
    remarks: Vec<String>,
    mut faults: Vec<String>,
) -> Result<Filled, String> {
    let mut filled: Vec<(Cell, String)> = Vec::new();
    for row in &rows {
        let Some(line) = form.lines.iter().find(|line| line.goal == row.goal && line.region == row.region) else {
            faults.push(format!("第 {} 行：{}", row.line, not_asked(report, row)));
            continue;
        };
        if row.period != report.key.period() {
            faults.push(format!("第 {} 行：期间是 {}，这里报的是 {}", row.line, row.period, report.key.period()));
            continue;
        }
        if row.figure.published_growth.is_some() && !line.percent {
            faults.push(format!("第 {} 行：公布增幅由办公室按统计部门的数登记，请把 growth_pct 一格留空", row.line));
            continue;
        }
        let amount = |amount: Option<domain::money::Amount>| amount.map(|amount| line.measure.plain(amount));
        let value = if line.percent {
            row.figure.published_growth.map(|rate| rate.percent_as_written())
        } else {
            amount(row.figure.value)
        };
        filled.extend(value.map(|text| (line.cell(Field::Value), text)));
        filled.extend(amount(row.figure.base).filter(|_| !line.percent).map(|text| (line.cell(Field::Base), text)));
        if !row.figure.note.is_empty() {
            filled.push((line.cell(Field::Note), row.figure.note.clone()));
        }
    }
    if !faults.is_empty() {
        let more =
            if faults.len() > FAULTS { format!("；另有 {} 处", faults.len() - FAULTS) } else { String::new() };
        faults.truncate(FAULTS);
        return Err(format!("文件没有采用，没有改动任何数。{}{more}。", faults.join("；")));
    }
    if filled.is_empty() {
        return Err("文件里没有可用的数，没有改动任何数。请在表头下面填好数再上传。".to_owned());
    }
    let boxes = filled.into_iter().map(|(cell, text)| (cell.id(), text)).collect();
    Ok(Filled { rows: rows.len(), boxes, remarks })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry_form::tests::report;

    /// The boxes that a file or a block fills in 福清市's form of 1—6月, the goal's name left out.
    fn said(filled: &Result<Filled, String>) -> Vec<String> {
        let filled = filled.as_ref().unwrap_or_else(|error| panic!("{error}"));
        filled.boxes.iter().map(|(cell, text)| format!("{} {text}", cell.replace("investment/350181/", ""))).collect()
    }

    fn upload(text: &str) -> Result<Filled, String> {
        let report = report();
        filled(&report, &Form::new(&report, None), text.as_bytes(), "表.csv", Budget::ENDLESS)
    }

    fn paste(block: &str) -> Option<Result<Filled, String>> {
        let report = report();
        pasted(&report, &Form::new(&report, None), "investment", block, Budget::ENDLESS).transpose()
    }

    #[test]
    fn a_countys_own_one_row_table_is_read() {
        for table in [
            "指标,本期累计（万元）,去年同期（万元）\n工业技改投资,1405000,1202000\n",
            "指标名称,计量单位,本期累计,去年同期\n工业技改投资,万元,1405000,1202000\n",
            "福清市2021年1—6月技改投资,,\n指标,本期累计,去年同期\n工业技改投资（万元）,1405000,1202000\n",
            "本期累计（万元）,去年同期（万元）\n1405000,1202000\n",
            "指标,1—6月累计（亿元）,上年同期,增长（%）\n固定资产投资,900,800,12.5\n其中：工业技改投资,140.5,120.2,16.9\n",
        ] {
            assert_eq!(said(&upload(table)), ["value 140.5", "base 120.2"], "{table}");
        }
        assert!(upload("指标,1—5月累计（亿元）\n固定资产投资,900\n").is_err());
    }

    #[test]
    fn of_the_whole_citys_table_the_countys_row_is_taken_and_said() {
        let table = "县（市）区,累计完成（万元）,去年同期\n鼓楼区,91000,82000\n福清市,1405000,1202000\n";
        let read = upload(&format!("2021年1—6月,,\n{table}"));
        assert_eq!(said(&read), ["value 140.5", "base 120.2"]);
        assert_eq!(read.unwrap().remarks, ["表里有 2 个单位，只取福清市的数。"]);
        let read = paste(&table.replace(',', "\t")).unwrap();
        assert_eq!(said(&read), ["value 140.5", "base 120.2"]);
        assert_eq!(read.unwrap().remarks.len(), 1);
        // Without heads the columns are the form's.
        assert_eq!(said(&paste("鼓楼区\t9.1\t8.2\n福清市\t140.5\t120.2\n").unwrap()), ["value 140.5", "base 120.2"]);
        let none = paste("鼓楼区\t9.1\t8.2\n仓山区\t14\t12\n").unwrap().unwrap_err();
        assert!(none.contains("没有福清市的一行"), "{none}");
    }

    #[test]
    fn our_own_form_and_goals_down_the_side_are_recognised_in_a_paste() {
        let own = "region\tperiod\tvalue\tbase\tnote\n福清市\t2021-06\t140.5\t120.2\t\n";
        assert_eq!(said(&paste(own).unwrap()), ["value 140.5", "base 120.2"]);
        let goals = "指标\t本期累计（万元）\t去年同期（万元）\n工业技改投资\t1405000\t1202000\n";
        assert_eq!(said(&paste(goals).unwrap()), ["value 140.5", "base 120.2"]);
        // What does not say whose it is goes where it is put.
        assert_eq!(paste("140.5\t120.2\n").map(|_| ()), None);
        assert_eq!(paste("本期\t去年\n140.5\t120.2\n").map(|_| ()), None);
    }
}
