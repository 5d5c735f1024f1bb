//! A sheet whose columns are the boxes of a form: each line is what somebody would have typed into it.

use std::collections::BTreeMap;

use domain::Problem;
use domain::region::{fold_name, suggest};

use crate::grid::Grid;

/// A box, and what a column's head may call it; without the bracket behind it.
#[derive(Debug, Clone)]
pub struct Head {
    pub name: String,
    pub words: Vec<String>,
}

impl Head {
    pub fn new(name: &str, words: &[&str]) -> Self {
        Self { name: name.to_owned(), words: words.iter().map(|word| (*word).to_owned()).collect() }
    }

    fn is_named(&self, head: &str) -> bool {
        let folded = fold_name(head);
        let short = folded.split('(').next().unwrap_or_default();
        self.words.iter().map(|word| fold_name(word)).any(|word| word == folded || word == short)
    }
}

/// A line of the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// As a spreadsheet counts, from 1.
    pub row: usize,
    /// Name and what was typed; blanks are left out.
    pub boxes: Vec<(String, String)>,
}

/// What stands in every list and is no box.
const NO_BOX: [&str; 3] = ["序号", "状态", "备注"];

/// Reads a sheet; `needed` are the boxes without whose columns there is no head. An amount without a unit has that of
/// its head: 金额（元）.
///
/// # Errors
/// All that is wrong with the head, with its line; or there is no line below it.
pub fn read(grid: &Grid, heads: &[Head], needed: &[&str]) -> Result<Vec<Row>, Vec<Problem>> {
    let of = |cell: &str| heads.iter().find(|head| head.is_named(cell));
    let has_all = |row: &Vec<String>| {
        let names: Vec<&str> = row.iter().filter_map(|cell| of(cell)).map(|head| head.name.as_str()).collect();
        needed.iter().all(|name| names.contains(name))
    };
    let Some(at) = grid.rows.iter().take(60).position(has_all) else {
        let called = |name: &&str| heads.iter().find(|head| head.name == *name).and_then(|head| head.words.first());
        let called: Vec<String> = needed.iter().filter_map(called).map(|word| format!("“{word}”")).collect();
        let sentence = format!("没有表头，请写一行列名，其中要有{}", called.join("、"));
        return Err(vec![Problem::new(grid.top + 1, sentence)]);
    };
    let line = |row: usize| grid.top + row + 1;
    let mut problems = Vec::new();
    let mut columns: BTreeMap<usize, (&str, Option<&str>)> = BTreeMap::new();
    for (column, cell) in grid.rows[at].iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()) {
        match of(cell) {
            Some(head) if columns.values().any(|(name, _)| *name == head.name) => {
                problems.push(Problem::new(line(at), format!("列“{}”出现两次，请只留一列", cell.trim())));
            }
            Some(head) => drop(columns.insert(column, (&head.name, unit(cell)))),
            None if NO_BOX.contains(&fold_name(cell).as_str()) => {}
            None => {
                let words = || heads.iter().flat_map(|head| &head.words).map(String::as_str);
                let hint = match suggest(&fold_name(cell), words()) {
                    Some(known) => format!("是否应为“{known}”？"),
                    None => format!("可写的有：{}", words().collect::<Vec<_>>().join("、")),
                };
                let shown = domain::month::shorten(cell.trim());
                problems.push(Problem::new(line(at), format!("不认识的列“{shown}”，{hint}")));
            }
        }
    }
    let mut rows = Vec::new();
    for row in at + 1..grid.rows.len() {
        let boxes = columns.iter().filter_map(|(column, (name, unit))| {
            let text = grid.cell(row, *column).trim();
            (!text.is_empty()).then(|| ((*name).to_owned(), with_unit(text, *unit)))
        });
        let boxes: Vec<(String, String)> = boxes.collect();
        if !boxes.is_empty() {
            problems.extend(grid.surplus(at, row).map(|sentence| Problem::new(line(row), sentence)));
            rows.push(Row { row: line(row), boxes });
        }
    }
    if rows.is_empty() && problems.is_empty() {
        problems.push(Problem::new(line(at), "表头下面一行也没有，请补上"));
    }
    if problems.is_empty() { Ok(rows) } else { Err(problems) }
}

/// An amount with the unit of its column's head, where it says none itself.
pub(crate) fn with_unit(text: &str, unit: Option<&str>) -> String {
    let is_bare = text.ends_with(|c: char| c.is_ascii_digit());
    format!("{text}{}", unit.filter(|_| is_bare).unwrap_or_default())
}

/// The unit of money in brackets behind a head.
pub(crate) fn unit(head: &str) -> Option<&'static str> {
    let inner = in_brackets(head)?;
    ["亿元", "万元", "元"].into_iter().find(|unit| *unit == inner)
}

/// What stands in brackets at the end of a head.
pub(crate) fn in_brackets(head: &str) -> Option<&str> {
    let (_, inner) = head.trim().strip_suffix(['）', ')'])?.rsplit_once(['（', '('])?;
    Some(inner.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(text: &str) -> Grid {
        crate::grid::read(text.as_bytes(), "a.csv", domain::budget::Budget::ENDLESS).unwrap().remove(0)
    }

    fn heads() -> Vec<Head> {
        vec![Head::new("amount", &["金额"]), Head::new("unit", &["县（市、区）"]), Head::new("day", &["日期"])]
    }

    #[test]
    fn a_line_is_what_somebody_would_have_typed() {
        let sheet =
            grid("台账,,,\n序号,县（市、区）,金额（元）,日期\n1,福清市,20000,2021-01-02\n,,,\n2,长乐区,3万元,\n");
        let rows = read(&sheet, &heads(), &["amount", "day"]).unwrap();
        let own = |row: usize, boxes: &[(&str, &str)]| {
            let boxes = boxes.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
            Row { row, boxes }
        };
        let first = own(3, &[("unit", "福清市"), ("amount", "20000元"), ("day", "2021-01-02")]);
        assert_eq!(rows, [first, own(5, &[("unit", "长乐区"), ("amount", "3万元")])]);
    }

    #[test]
    fn what_is_wrong_with_a_head_is_said_at_its_line() {
        let told = |text: &str| read(&grid(text), &heads(), &["amount"]).unwrap_err();
        let told_first = |text: &str| (told(text)[0].line, told(text)[0].message.clone());
        assert_eq!(told_first("甲,乙\n1,2\n"), (1, "没有表头，请写一行列名，其中要有“金额”".to_owned()));
        assert_eq!(told_first("金额,日其\n1,2\n"), (1, "不认识的列“日其”，是否应为“日期”？".to_owned()));
        assert_eq!(told("金额,金额（元）,别的\n1,2,3\n").len(), 2);
        let surplus = "D3（“000”）在表头的最后一列后面，没有列名；数里的千分位逗号请去掉，不要的请清空";
        assert_eq!(told_first("日期,县（市、区）,金额\n\n1月2日,福清市,3,000\n"), (3, surplus.to_owned()));
        assert_eq!(told_first("金额\n"), (1, "表头下面一行也没有，请补上".to_owned()));
    }
}
