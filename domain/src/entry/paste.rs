//! A block from Excel or WPS, laid over the boxes of the form.

use super::{Cell, Doubt, EntryLine, Field, clean, doubts, understand};
use crate::money::{fold, is_blank};
use crate::region::fold_name;

/// What a pasted block would put where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pasted {
    pub rows: usize,
    pub columns: usize,
    /// Box, row of the form, text.
    pub cells: Vec<(Cell, usize, String)>,
    /// What was left out and what looks doubtful, as sentences.
    pub remarks: Vec<String>,
}

/// Reads a block as Excel and WPS put it on the clipboard, and lays it from `start` to the right and down over the
/// boxes that can be typed into. Heading lines and a column of names on the left are left out, and said.
pub fn paste(lines: &[EntryLine], start: (usize, Field), block: &str) -> Pasted {
    let mut pasted = Pasted::default();
    let text = clean(block);
    let mut table: Vec<Vec<String>> =
        text.lines().map(|line| line.split('\t').map(|cell| cell.trim().to_owned()).collect()).collect();
    drop_headings(&mut table, start.1, &mut pasted.remarks);
    let places = match by_names(lines, start, &mut table) {
        Some(places) => {
            let said = match places.is_empty() {
                true => {
                    "粘贴的是多个单位的表，左边的名称没有一个是本单位的，没有粘贴；请从本单位那一行复制。".to_owned()
                }
                false => format!("粘贴的是多个单位的表，按左边的名称只取了本单位的 {} 行。", places.len()),
            };
            pasted.remarks.push(said);
            places
        }
        None => (start.0..lines.len()).collect(),
    };
    drop_names(&mut table, start.1, &mut pasted.remarks);
    let fields: Vec<Field> = Field::COLUMNS.into_iter().skip_while(|field| *field != start.1).collect();
    let wide = table.iter().map(Vec::len).max().unwrap_or(0);
    if wide > fields.len() {
        pasted
            .remarks
            .push(format!("粘贴的内容有 {wide} 列，从这里起只能填 {} 列，右边多出的没有粘贴。", fields.len()));
    }
    let room = places.len();
    if table.len() > room {
        pasted.remarks.push(format!("粘贴的内容有 {} 行，从这里起只有 {room} 行，下面多出的没有粘贴。", table.len()));
    }
    (pasted.rows, pasted.columns) = (table.len().min(room), wide.min(fields.len()));
    for (&at, row) in places.iter().zip(&table) {
        for (field, text) in fields.iter().zip(row) {
            if lines[at].percent && *field == Field::Base {
                pasted.remarks.push(format!("{}没有去年同期一格，这个数没有粘贴。", lines[at].goal_name));
                continue;
            }
            pasted.cells.push((lines[at].cell(*field), at, text.clone()));
        }
    }
    slips(lines, &mut pasted);
    pasted
}

/// A number, or what was meant for one: `10 11` is to be refused at its box, not to be taken for a name.
fn is_number(text: &str) -> bool {
    let digits = text.chars().any(|c| c.is_ascii_digit()) && !text.chars().any(char::is_alphabetic);
    let body = fold(text);
    let body = body.trim_end_matches(['亿', '万', '元', '%']).trim_start_matches('(').trim_end_matches(')');
    digits || crate::money::Decimal::parse(body).is_ok()
}

fn drop_headings(table: &mut Vec<Vec<String>>, field: Field, remarks: &mut Vec<String>) {
    if field == Field::Note {
        return;
    }
    let is_heading =
        |row: &Vec<String>| row.iter().any(|cell| !is_blank(cell)) && !row.iter().any(|cell| is_number(cell));
    let count = table.iter().take_while(|row| is_heading(row)).count();
    if count > 0 && count < table.len() {
        remarks.push(format!("上面 {count} 行是表头（{}），没有粘贴。", crate::month::shorten(&table[0].join(" "))));
        table.drain(..count);
    }
}

/// Of a table with names at its left that is longer than the form: the rows that are the form's own are kept in the
/// table, and the lines they belong to are given. `None` where the block is laid down as it comes.
fn by_names(lines: &[EntryLine], (start, field): (usize, Field), table: &mut Vec<Vec<String>>) -> Option<Vec<usize>> {
    let goal = &lines.get(start)?.goal;
    if field == Field::Note || table.len() <= lines.len() || !table.iter().all(|row| is_named(row)) {
        return None;
    }
    let of = |name: &str| {
        let name = fold_name(name.trim_start_matches("其中").trim_start_matches(['：', ':']));
        let all = || lines.iter().enumerate();
        // A unit stands in a table of the goal in which the block begins.
        let regions = all().filter(|(_, line)| line.goal == *goal && fold_name(&line.name) == name);
        let goals = all().filter(|(_, line)| fold_name(&line.goal_name) == name);
        let only = |found: Vec<usize>| if found.len() == 1 { Some(found[0]) } else { None };
        // One name of several lines does not say which.
        only(regions.map(|(at, _)| at).collect()).or_else(|| only(goals.map(|(at, _)| at).collect()))
    };
    let found: Vec<Option<usize>> = table.iter().map(|row| of(&row[0])).collect();
    let mut kept = found.iter();
    table.retain(|_| kept.next().is_some_and(Option::is_some));
    Some(found.into_iter().flatten().collect())
}

fn is_named(row: &[String]) -> bool {
    row.len() > 1 && !is_blank(&row[0]) && !is_number(&row[0])
}

fn drop_names(table: &mut [Vec<String>], field: Field, remarks: &mut Vec<String>) {
    if field == Field::Note || table.is_empty() {
        return;
    }
    if table.iter().all(|row| is_named(row)) {
        remarks.push(format!("左边一列是文字（{}等），没有粘贴。", crate::month::shorten(&table[0][0])));
        table.iter_mut().for_each(|row| drop(row.remove(0)));
    }
}

/// Says where values are not in the unit of their boxes.
fn slips(lines: &[EntryLine], pasted: &mut Pasted) {
    let slip = |(cell, at, text): &(Cell, usize, String)| {
        let line = &lines[*at];
        let Cell::Row { field: Field::Value, .. } = cell else { return None };
        let value = understand(&line.measure, text).ok().flatten()?.amount;
        let mut remarks = doubts::of_figure(line, Some(value), None, None).into_iter();
        let is_slip = |doubt: Option<Doubt>| matches!(doubt, Some(Doubt::UnitSlip | Doubt::OffTarget));
        remarks.find(|remark| is_slip(remark.doubt)).map(|remark| remark.fact)
    };
    if let Some(sentence) = pasted.cells.iter().find_map(slip) {
        let other = lines.first().map_or("万元", |line| if line.measure.unit == "万元" { "亿元" } else { "万元" });
        pasted.remarks.push(format!("{sentence}。这些数的单位是否应为{other}？"));
    }
}
