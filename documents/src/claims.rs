//! Claims of support policies, as a table that people write in any spreadsheet: a head of facts, a line each.

use std::collections::{BTreeMap, BTreeSet};

use domain::Problem;
use domain::budget::Budget;
use domain::firms::Firms;
use domain::plan::policy::Policies;
use domain::policy::{Claim, Fact, Recipients, disagreements, recipients};
use domain::region::{fold_name, suggest};

use crate::form_rows::{in_brackets, unit, with_unit};
use crate::grid::{Grid, read};

/// The claims of a file with what they say about their recipients, or every problem with its line.
pub fn parse(
    bytes: &[u8],
    name: &str,
    policies: &Policies,
    year: i32,
) -> Result<(Vec<Claim>, Recipients), Vec<Problem>> {
    let sheets = read(bytes, name, Budget::ENDLESS).map_err(|problem| vec![problem])?;
    // `read` gives no sheet that is empty.
    let Some(sheet) = sheets.into_iter().next() else { return Ok((Vec::new(), Recipients::default())) };
    let mut problems = Vec::new();
    let (head, columns) = columns(&sheet, &mut problems);
    let mut claims = Vec::new();
    let mut lines: Vec<usize> = Vec::new();
    for (row, cells) in sheet.rows.iter().enumerate().skip(head + 1) {
        let line = sheet.top + row + 1;
        if columns.keys().all(|column| cells.get(*column).is_none_or(|cell| cell.trim().is_empty())) {
            continue;
        }
        problems.extend(sheet.surplus(head, row).map(|sentence| Problem::new(line, sentence)));
        let mut claim = Claim::default();
        for (column, (fact, unit)) in &columns {
            let text = with_unit(cells.get(*column).map(|cell| cell.trim()).unwrap_or_default(), *unit);
            if let Err(sentence) = fact.set(&mut claim, &text, policies, year) {
                problems.push(Problem::new(line, sentence));
            }
        }
        if claim.recipient.is_empty() {
            problems.push(Problem::new(line, "没有写申报单位，请补上"));
        }
        if claim.id.is_empty() {
            claim.id = format!("第{line}行");
        }
        claims.push(claim);
        lines.push(line);
    }
    repeated(&claims, &lines, &mut problems);
    problems.extend(disagreements(policies, &claims, year).into_iter().map(|sentence| Problem::new(0, sentence)));
    if claims.is_empty() && problems.is_empty() {
        problems = vec![Problem::new(sheet.top + head + 1, "只有表头，没有申报，请在下面每行写一项")];
    }
    problems.sort_by_key(|problem| problem.line);
    if !problems.is_empty() {
        return Err(problems);
    }
    let known = recipients(&claims);
    Ok((claims, known))
}

/// The line of the head, and which fact stands in which column, with the unit of money that its head says.
fn columns(sheet: &Grid, problems: &mut Vec<Problem>) -> (usize, BTreeMap<usize, (Fact, Option<&'static str>)>) {
    let is_head = |row: &Vec<String>| {
        let facts: Vec<Fact> = row.iter().filter_map(|cell| Fact::parse(cell)).collect();
        facts.contains(&Fact::Recipient) && facts.contains(&Fact::Policy)
    };
    let Some(head) = sheet.rows.iter().position(is_head) else {
        let has = |row: &Vec<String>, fact: Fact| row.iter().any(|cell| Fact::parse(cell) == Some(fact));
        let half = sheet.rows.iter().enumerate().find_map(|(at, row)| {
            let missing = [Fact::Recipient, Fact::Policy].into_iter().find(|fact| !has(row, *fact))?;
            (has(row, Fact::Recipient) || has(row, Fact::Policy)).then_some((at, missing))
        });
        let problem = match half {
            Some((at, missing)) => {
                Problem::new(sheet.top + at + 1, format!("表头没有“{}”一列，请补上", missing.name()))
            }
            None => Problem::new(sheet.top + 1, "没有表头，请写一行列名，其中要有“申报单位”和“政策”"),
        };
        problems.push(problem);
        return (sheet.rows.len(), BTreeMap::new());
    };
    let line = sheet.top + head + 1;
    let mut found: BTreeMap<usize, (Fact, Option<&'static str>)> = BTreeMap::new();
    for (column, cell) in sheet.rows[head].iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()) {
        match Fact::parse(cell) {
            Some(fact) if found.values().any(|(other, _)| *other == fact) => {
                problems.push(Problem::new(line, format!("列“{}”出现两次，请只留一列", cell.trim())));
            }
            Some(fact) => {
                problems.extend(other_unit(fact, cell).map(|sentence| Problem::new(line, sentence)));
                let usual = fact.measure().map(|measure| measure.unit);
                found.insert(column, (fact, unit(cell).filter(|unit| usual.as_deref() != Some(*unit))));
            }
            None => {
                let folded = fold_name(cell);
                let hint = match suggest(&folded, Fact::all().map(Fact::name)) {
                    Some(known) => format!("是否应为“{known}”？"),
                    None => {
                        let known: Vec<&str> = Fact::all().map(Fact::name).collect();
                        format!("可写的有：{}", known.join("、"))
                    }
                };
                let shown = domain::month::shorten(cell.trim());
                problems.push(Problem::new(line, format!("不认识的列“{shown}”，{hint}")));
            }
        }
    }
    (head, found)
}

/// That a head says another unit than its numbers can have.
fn other_unit(fact: Fact, head: &str) -> Option<String> {
    let (measure, said) = (fact.measure()?, in_brackets(head)?);
    let fits = if measure.money { unit(head).is_some() } else { said == measure.unit };
    let known = if measure.money { "亿元、万元 或 元".to_owned() } else { measure.unit };
    let shown = domain::month::shorten(head.trim());
    (!fits).then(|| format!("列“{shown}”的单位读不懂，{}请按{known}填写，并在列名里写明", fact.name()))
}

/// The same claim twice, and one number for two claims.
fn repeated(claims: &[Claim], lines: &[usize], problems: &mut Vec<Problem>) {
    let (mut ids, mut matters) = (BTreeSet::new(), BTreeMap::new());
    let firms = Firms::of(claims.iter().map(Claim::firm));
    for (claim, line) in claims.iter().zip(lines) {
        if !ids.insert(claim.id.as_str()) {
            problems.push(Problem::new(*line, format!("申报编号“{}”出现两次，请改成不同的编号", claim.id)));
        }
        let matter = (firms.key(claim.firm()), claim.policy.clone(), claim.project_key(), claim.level_key());
        if let Some(other) = matters.insert(matter, *line) {
            let sentence =
                format!("{}就同一项目申报同一政策，与第{other}行重复，请删去一行或写明项目", claim.recipient);
            problems.push(Problem::new(*line, sentence));
        }
    }
}
