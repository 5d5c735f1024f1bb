//! A sheet with the split of a target, as the text that the plan editor takes.

use super::heads::{distinct, is_figure, is_title, stated_unit, unit_word};
use crate::grid::Grid;

/// The split of a target from a workbook as [`block`] gives it: of several sheets the one with most figures.
pub fn split_block(sheets: &[Grid]) -> String {
    sheets.iter().rev().map(block).max_by_key(|block| block.trim().lines().count()).unwrap_or_default()
}

/// A sheet with the split of a target as the block of text that the plan editor takes: a line for each line of the sheet, so
/// that what is wrong is said by its number. Titles go; an indented row is 其中 of the one above; a unit that only a title
/// names stands in the heads.
fn block(grid: &Grid) -> String {
    let mark = |text: &str| matches!(text.trim(), "/" | "—" | "-" | "－" | "--");
    let filled = |row: &[String]| row.iter().any(|cell| is_figure(cell) || mark(cell));
    let first = grid.rows.iter().position(|row| distinct(row).len() > 1 && filled(row)).unwrap_or(grid.rows.len());
    let titles: Vec<&str> = grid.rows[..first].iter().filter(|row| is_title(row)).flat_map(distinct).collect();
    let heads: Vec<usize> = (0..first).filter(|&row| !is_title(&grid.rows[row])).collect();
    let named = heads.iter().any(|&row| grid.rows[row].iter().any(|cell| unit_word(cell).is_some()));
    let unit = titles.iter().find_map(|text| stated_unit(text)).filter(|_| !named);
    let mut block = "\n".repeat(grid.top);
    for (index, row) in grid.rows.iter().enumerate() {
        let is_head = heads.contains(&index);
        if is_head || (index >= first && filled(row)) {
            let cell = |cell: &String| {
                // 鼓 楼 区 is written so to fill its column.
                let spread = !is_head && !cell.is_ascii();
                let text: String = if spread { cell.chars().filter(|c| !c.is_whitespace()).collect() } else { cell.trim().to_owned() };
                let amount = ["目标", "任务", "总量", "投资", "计划"].iter().any(|word| text.contains(word)) && !text.contains('增');
                match unit {
                    Some(unit) if is_head && amount => format!("{text}（{unit}）"),
                    _ if !is_head
                        && cell.starts_with([' ', '\u{3000}'])
                        && !text.starts_with("其中")
                        && !is_figure(&text)
                        && !text.is_empty() =>
                    {
                        format!("其中：{text}")
                    }
                    _ => text,
                }
            };
            block.push_str(&row.iter().map(cell).collect::<Vec<_>>().join("\t"));
        }
        block.push('\n');
    }
    block
}
