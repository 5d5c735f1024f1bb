//! A county's own file for its entry form: which boxes it fills, or every fault of it in sentences.

use documents::office_table::Use;
use documents::returns::ReturnsFile;
use domain::entry::{Cell, Field};
use domain::plan::Goal;

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
}

/// So many faults of a file are named.
const FAULTS: usize = 20;

/// The unit's own lines of a table as an office keeps it; what the form's own reader found wrong, where that reads no
/// better.
fn own_table(
    report: &Report,
    goal: &Goal,
    bytes: &[u8],
    name: &str,
    strict: ReturnsFile,
) -> Result<ReturnsFile, String> {
    let plan = &report.version.plan;
    let sheets =
        documents::grid::read(bytes, name).map_err(|problem| format!("{}。没有改动任何数。", problem.message))?;
    let grid = choose(plan, goal, &sheets, None, Some(report.key.period))?;
    let preview = documents::office_table::preview(plan, goal, grid, None, Some(report.key.period), name);
    if preview.lines.iter().all(|line| line.region.is_none()) {
        return Ok(strict);
    }
    // What is doubtful about other units' lines is not this unit's concern.
    let own = |region: &str| {
        region == report.key.unit
            || goal.split(region).is_some_and(|split| split.within.as_deref() == Some(&report.key.unit))
    };
    let of_others = preview.lines.iter().filter(|line| !line.region.as_ref().is_some_and(|(region, _)| own(region)));
    let skip = of_others.map(|line| line.address.clone()).collect();
    let accept =
        preview.doubts.iter().map(|doubt| doubt.key.clone()).filter(|key| key.starts_with("nameless.")).collect();
    let mut mapping = documents::office_table::Mapping { skip, accept, ..preview.mapping };
    // A growth is the bureau's to state.
    let growths = mapping.columns.values_mut().filter(|column| matches!(column.of, Use::Growth | Use::GrowthShare));
    growths.for_each(|column| column.of = Use::Ignore);
    let preview = documents::office_table::preview(plan, goal, grid, Some(&mapping), None, name);
    let stops: Vec<String> = preview
        .doubts
        .iter()
        .filter(|doubt| doubt.stops || doubt.key == "period")
        .map(|doubt| format!("{} {}", doubt.address, doubt.message).trim().to_owned())
        .collect();
    match stops.is_empty() {
        true => Ok(ReturnsFile { rows: preview.rows(goal), ..ReturnsFile::default() }),
        false => {
            let way = "这里不能改读法：请在表里改好、只留要报的列，或用本页下载的空白模板";
            Err(format!("文件没有采用，没有改动任何数。{}。{way}。", stops.join("；")))
        }
    }
}

/// The boxes that a file fills, over those saved; or every problem of the file in sentences.
pub fn filled(report: &Report, form: &Form, bytes: &[u8], name: &str) -> Result<Filled, String> {
    if bytes.is_empty() {
        return Err("还没有选择文件，或文件是空的。请选择 xlsx、xls 或 CSV 文件后再上传。".to_owned());
    }
    let plan = &report.version.plan;
    let default = form.lines.first().and_then(|line| plan.goal(&line.goal)).unwrap_or(plan.default_goal());
    let defaults = documents::returns::Defaults { region: &report.key.unit, period: report.key.period };
    let mut read = documents::returns::parse_with(plan, default, bytes, "", Some(defaults));
    if !read.faults.is_empty() && !documents::returns::is_own_form(bytes) {
        read = own_table(report, default, bytes, name, read)?;
    }
    let mut faults: Vec<String> =
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
    let mut filled: Vec<(Cell, String)> = Vec::new();
    for row in &read.rows {
        let Some(line) = form.lines.iter().find(|line| line.goal == row.goal && line.region == row.region) else {
            faults.push(format!("第 {} 行：不是{}的数据。只能上传本单位的数", row.line, report.unit_name));
            continue;
        };
        if row.period != report.key.period {
            faults.push(format!("第 {} 行：期间是 {}，这里报的是 {}", row.line, row.period, report.key.period));
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
    Ok(Filled { rows: read.rows.len(), boxes: filled.into_iter().map(|(cell, text)| (cell.id(), text)).collect() })
}
