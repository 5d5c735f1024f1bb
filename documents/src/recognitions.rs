//! 认定名单 as files: a list as offices keep it, read line by line onto what is known; and the lists as a table and as
//! JSON, whose keys are a stable contract.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::budget::{Budget, Ended};
use domain::bulletin::tables::Table;
use domain::plan::Plan;
use domain::recognition::{Field, Index, Recognition, Stated};
use domain::region::fold_name;

use crate::grid::Grid;

/// What is known beside the sheet.
pub struct Around<'a> {
    pub plan: &'a Plan,
    pub known: &'a [Recognition],
    /// What was typed for columns that the sheet does not have.
    pub usual: &'a BTreeMap<Field, String>,
    pub today: NaiveDate,
}

/// One line as it is understood.
#[derive(Debug, Clone)]
pub struct Line {
    /// As a spreadsheet counts, from 1.
    pub row: usize,
    pub stated: Stated,
    /// The recognition that it states anew.
    pub known: Option<u32>,
    /// What differs from it: what, before, after.
    pub changes: Vec<(Field, String, String)>,
}

#[derive(Debug, Clone, Default)]
pub struct Preview {
    /// The columns that are read, with their heads.
    pub columns: Vec<(String, Field)>,
    /// Heads that say nothing known.
    pub unread: Vec<String>,
    pub lines: Vec<Line>,
    /// Cell, or empty for the sheet, and what is wrong there: nothing is taken while there is any.
    pub faults: Vec<(String, String)>,
}

impl Preview {
    pub fn stops(&self) -> bool {
        self.lines.is_empty() || !self.faults.is_empty()
    }
}

/// What is known, and the lines that were read, by what a line may repeat.
struct Near {
    known: Index,
    lines: Index,
}

fn find_head(grid: &Grid) -> Option<usize> {
    let names = |row: &Vec<String>| row.iter().any(|cell| Field::of_head(cell) == Some(Field::Firm));
    grid.rows.iter().take(60).position(names)
}

/// Whether a sheet has a head that names firms.
pub fn names_firms(grid: &Grid) -> bool {
    find_head(grid).is_some()
}

/// Reads a sheet.
///
/// # Errors
/// The budget ended.
pub fn preview(grid: &Grid, around: &Around<'_>, budget: Budget<'_>) -> Result<Preview, Ended> {
    let mut found = Preview::default();
    let Some(head) = find_head(grid) else {
        let sentence = "没有找到“企业名称”（或平台、产品、标准名称）这一列；请在表头写明，\
                        例如：序号、企业名称、统一社会信用代码、县（市、区）";
        found.faults.push((String::new(), sentence.to_owned()));
        return Ok(found);
    };
    let mut columns: BTreeMap<Field, usize> = BTreeMap::new();
    // Of a product beside the firm that makes it the product is what was recognised.
    let is_product = |head: &str| ["平台名称", "产品名称", "技术名称", "标准名称"].contains(&fold_name(head).as_str());
    let of_products = grid.rows[head].iter().any(|text| is_product(text));
    let field = |text: &str| match Field::of_head(text) {
        Some(Field::Firm) if of_products && !is_product(text) => Some(Field::Owner),
        of => of,
    };
    for (column, text) in grid.rows[head].iter().enumerate() {
        let is_twice = |of: &Field| {
            let before = columns.get(of).map(|before| fold_name(grid.cell(head, *before)));
            before.is_some_and(|before| before == fold_name(text))
        };
        match field(text) {
            // Which of the two is meant, nobody can say.
            Some(of) if is_twice(&of) => {
                let sentence = format!("列“{}”出现两次，请只留一列", text.trim());
                found.faults.push((grid.address(head, column), sentence));
            }
            Some(of) if !columns.contains_key(&of) => drop(columns.insert(of, column)),
            None if text.trim().is_empty() || fold_name(text) == "序号" => {}
            _ => found.unread.push(text.trim().to_owned()),
        }
    }
    found.columns = columns.iter().map(|(of, column)| (grid.letters(*column), *of)).collect();
    let mut near = Near { known: Index::of(around.known.iter().map(|one| &one.stated)), lines: Index::default() };
    for row in head + 1..grid.rows.len() {
        budget.check()?;
        let firm = columns.get(&Field::Firm).map_or("", |column| grid.cell(row, *column).trim());
        let is_sum = ["合计", "小计", "总计"].iter().any(|word| fold_name(firm).starts_with(word));
        if firm.is_empty() || is_sum {
            continue;
        }
        found.faults.extend(grid.surplus(head, row).map(|sentence| (String::new(), sentence)));
        // A head that stands again in the middle is none of the lines.
        if grid.rows[row].iter().filter(|cell| Field::of_head(cell).is_some()).count() > 1 {
            continue;
        }
        line((grid, row), around, &columns, &mut near, &mut found);
    }
    if found.lines.is_empty() && found.faults.is_empty() {
        found.faults.push((String::new(), "表里一条也没有；请核对工作表".to_owned()));
    }
    Ok(found)
}

fn line(
    (grid, row): (&Grid, usize),
    around: &Around<'_>,
    columns: &BTreeMap<Field, usize>,
    near: &mut Near,
    found: &mut Preview,
) {
    let mut stated = Stated::default();
    let before = found.faults.len();
    let place = |of: Field| match columns.get(&of) {
        Some(column) => grid.address(row, *column),
        None => format!("第{}行", grid.top + row + 1),
    };
    for of in Field::ALL {
        let own = columns.get(&of).map(|column| grid.cell(row, *column).trim()).filter(|text| !text.is_empty());
        let text = own.or_else(|| around.usual.get(&of).map(String::as_str)).unwrap_or_default();
        if let Err(sentence) = of.set(&mut stated, text, around.plan, around.today) {
            found.faults.push((place(of), sentence));
        }
    }
    if found.faults.len() == before
        && let Some((of, sentence)) = stated.fault(around.today).or_else(|| stated.misfit(around.plan))
    {
        found.faults.push((place(of), sentence));
    }
    if found.faults.len() > before {
        return;
    }
    let lines = near.lines.near(&stated);
    if let Some(other) = lines.iter().map(|at| &found.lines[*at]).find(|other| other.stated.repeats(&stated)) {
        let sentence = format!("与第{}行是同一家企业的同一项认定，请只留一行", other.row);
        found.faults.push((place(Field::Firm), sentence));
        return;
    }
    // Of several the one that holds; what was withdrawn stays so unless the sheet says that very one again.
    let same: Vec<&Recognition> = near.known.near(&stated).into_iter().map(|at| &around.known[at]).collect();
    let same: Vec<&Recognition> = same.into_iter().filter(|one| one.stated.repeats(&stated)).collect();
    let exactly = same.iter().find(|one| one.stated == stated);
    let holds = || same.iter().find(|one| one.stated.withdrawn.is_none());
    let ended = || same.iter().find(|one| one.stated.day == stated.day);
    let known = exactly.or_else(holds).or_else(ended).copied();
    let text = |of: Field, stated: &Stated| of.text(stated, around.plan);
    if let Some(known) = known
        && stated.credit_code.is_none()
    {
        // A list without codes takes none away.
        stated.credit_code.clone_from(&known.stated.credit_code);
    }
    let changes = Field::ALL.into_iter().filter_map(|of| {
        let (old, new) = (text(of, &known?.stated), text(of, &stated));
        (old != new).then_some((of, old, new))
    });
    let changes = changes.collect();
    near.lines.put(found.lines.len(), &stated);
    found.lines.push(Line { row: grid.top + row + 1, known: known.map(|known| known.number), changes, stated });
}

/// The lists as a table; it can be read again unchanged.
pub fn table(plan: &Plan, list: &[Recognition]) -> Table {
    let rows = list.iter().map(|one| Field::ALL.map(|of| of.text(&one.stated, plan)).to_vec()).collect();
    Table { header: Field::ALL.map(|of| of.name().to_owned()).to_vec(), rows }
}

/// Widths of its columns in a workbook.
pub const WIDTHS: [f64; 11] = [34.0, 28.0, 22.0, 14.0, 26.0, 8.0, 10.0, 30.0, 12.0, 12.0, 30.0];

/// For programs.
///
/// # Errors
/// None that this content can cause.
pub fn json(plan: &Plan, list: &[Recognition]) -> serde_json::Result<String> {
    let lines: Vec<serde_json::Value> = list
        .iter()
        .map(|one| {
            let stated = &one.stated;
            serde_json::json!({
                "number": one.number, "firm": stated.firm, "owner": stated.owner,
                "credit_code": stated.credit_code, "unit": stated.unit,
                "unit_name": Field::Unit.text(stated, plan), "title": stated.title, "level": stated.level,
                "batch": stated.batch, "document": stated.document, "day": stated.day.to_string(),
                "withdrawn": stated.withdrawn.map(|day| day.to_string()), "paired": stated.paired,
            })
        })
        .collect();
    let titles: BTreeSet<&str> = list.iter().map(|one| one.stated.title.as_str()).collect();
    domain::canonical::to_json(&serde_json::json!({ "plan": plan.id, "lists": titles, "recognitions": lines }))
}
