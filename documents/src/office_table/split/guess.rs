//! What each column of a split's sheet probably is, and whether the sheet is the one that is looked for.

use std::collections::BTreeSet;

use domain::budget::{Budget, Ended};
use domain::head::Head;
use domain::month::shorten;
use domain::plan::table;
use domain::region::is_whole;

use super::words::{is_figure, is_known, is_unit, is_year};
use super::{SplitOf, SplitPreview, begins};
use crate::grid::Grid;
use crate::office_table::heads::{self, above_and_heads, distinct, numbers_columns};
use crate::office_table::names::{Names, bare};
use crate::office_table::{NO_HEAD, UNNAMED, Use, UseOf, doubt, likeliest};

/// The columns of names: one for each table that stands side by side.
fn name_columns(
    known: &Names<'_>,
    grid: &Grid,
    body: &[usize],
    heads: &[String],
    budget: Budget<'_>,
) -> Result<Vec<usize>, Ended> {
    let texts = |column: usize| -> Vec<&str> {
        body.iter().map(|&row| grid.cell(row, column)).filter(|text| !text.trim().is_empty()).collect()
    };
    let in_words = |column: &usize| {
        let figures = texts(*column).iter().filter(|text| is_figure(text)).count();
        texts(*column).len() > 2 * figures
    };
    let words: Vec<usize> = (0..grid.width()).filter(in_words).collect();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut found: Vec<(usize, usize)> = Vec::new();
    for &column in &words {
        budget.check()?;
        let all = texts(column);
        let named: Vec<String> = all.iter().filter(|text| is_unit(known, text)).map(|text| bare(text)).collect();
        let own = |name: &&String| !is_whole(name, known.own());
        let unit = |name: &String| known.unit(name).map_or_else(|| name.clone(), |(unit, _)| unit.name.clone());
        let units: BTreeSet<String> = named.iter().filter(own).map(unit).collect();
        // Who is responsible for a unit may be called like it.
        if !units.is_empty() && named.len() * 2 > all.len() && units.is_disjoint(&taken) {
            found.push((column, units.len()));
            taken.extend(units);
        }
    }
    // Names beside names without a figure between them are of one table: those of most units count.
    let figures = |from: usize, to: usize| (from + 1..to).any(|other| texts(other).iter().any(|text| is_figure(text)));
    let mut kept: Vec<(usize, usize)> = Vec::new();
    for (column, count) in found {
        match kept.last_mut() {
            Some(last) if !figures(last.0, column) => {
                if count > last.1 {
                    *last = (column, count);
                }
            }
            _ => kept.push((column, count)),
        }
    }
    let mut names: Vec<usize> = kept.into_iter().map(|(column, _)| column).collect();
    if names.is_empty() {
        let aside = |column: usize| {
            ["备注", "说明", "责任", "牵头", "配合", "联系"].iter().any(|word| heads[column].contains(word))
        };
        let next = |column: usize| words.iter().copied().find(|&other| other > column).unwrap_or(grid.width());
        let with_figures =
            |column: &usize| (column + 1..next(*column)).any(|other| texts(other).iter().any(|text| is_figure(text)));
        names = words.iter().copied().filter(|column| !aside(*column) && with_figures(column)).collect();
        // Where departments are given targets, who is responsible is who has the target.
        if names.is_empty() {
            names = words.iter().copied().find(|column| with_figures(column)).into_iter().collect();
        }
    }
    Ok(names)
}

pub(super) fn guess(
    of: &SplitOf<'_>,
    known: &Names<'_>,
    grid: &Grid,
    found: &mut SplitPreview,
    budget: Budget<'_>,
) -> Result<(), Ended> {
    found.mapping.sheet.clone_from(&grid.name);
    let filled = |row: &[String]| row.iter().any(|cell| (is_figure(cell) && !is_year(cell)) || table::is_none(cell));
    // A line whose target is no figure is one of the lines too.
    let is_body = |row: &[String]| {
        row.iter().any(|cell| !is_figure(cell) && is_known(known, cell))
            || (distinct(row).len() > 1 && !numbers_columns(row) && filled(row))
    };
    let mut body: Vec<usize> = Vec::new();
    for (row, cells) in grid.rows.iter().enumerate() {
        budget.check()?;
        if is_body(cells) {
            body.push(row);
        }
    }
    let first = body.first().copied().unwrap_or(grid.rows.len());
    let names = name_columns(known, grid, &body, &above_and_heads(grid, first).1, budget)?;
    let is_line = |&row: &usize| {
        distinct(&grid.rows[row]).len() > 1 && names.iter().any(|&name| is_unit(known, grid.cell(row, name)))
    };
    let first = (0..first).find(is_line).unwrap_or(first);
    found.mapping.first_row = grid.top + first + 1;
    let (_, heads) = above_and_heads(grid, first);
    let mut uses: Vec<(usize, Use)> = (0..grid.width())
        .map(|column| {
            (
                column,
                if names.contains(&column) {
                    Use::Name
                } else {
                    heads::use_in_split(&heads[column], of.year, of.measure.money)
                },
            )
        })
        .collect();
    let in_body = |column: usize| body.iter().any(|&row| is_figure(grid.cell(row, column)));
    let mut start = 0;
    while start < uses.len() {
        let length =
            uses[start..].iter().enumerate().skip(1).position(|(at, (_, of))| begins(&uses[start..start + at], *of));
        let end = length.map_or(uses.len(), |length| start + length + 1);
        let group = &mut uses[start..end];
        let named = group.iter().position(|(_, of)| *of == Use::Name);
        if let Some(named) = named.filter(|_| !group.iter().any(|(_, of)| matches!(of, Use::Value | Use::Growth))) {
            let open: Vec<usize> =
                (named + 1..group.len()).filter(|&at| heads[group[at].0].is_empty() && in_body(group[at].0)).collect();
            for (at, use_as) in open.into_iter().zip([Use::Value, Use::Growth]) {
                group[at].1 = use_as;
                let message = format!("这一列没有表头，按{}读；不对请改对应关系", use_as.called_in_split());
                let letters = grid.letters(group[at].0);
                found.doubts.push(doubt(format!("{letters}列"), message, false).about(vec![(letters, use_as)]));
            }
        }
        for use_as in [Use::Value, Use::Growth] {
            likeliest(
                grid,
                &heads,
                group,
                use_as,
                use_as.called_in_split(),
                |head| [score(of, head)],
                &mut found.doubts,
            );
        }
        start = end;
    }
    for (column, of) in uses {
        let head = if heads[column].is_empty() { NO_HEAD.to_owned() } else { heads[column].clone() };
        found.mapping.columns.insert(grid.letters(column), UseOf { head, of });
    }
    for (column, head) in heads.iter().enumerate() {
        let letters = grid.letters(column);
        let unused = found.mapping.columns.get(&letters).is_some_and(|column| column.of == Use::Ignore);
        let percent = || body.iter().any(|&row| grid.cell(row, column).trim().ends_with(['%', '％']));
        let address = format!("{letters}列");
        let told = found.doubts.iter().any(|doubt| doubt.address == address);
        if unused && !told && (Head::of(head).percent || percent()) {
            let message = format!("“{}”是百分数，没有用；如是增幅目标，请把用作改为“增幅目标”", shorten(head));
            found.doubts.push(doubt(address, message, false).about(vec![(letters, Use::Ignore)]));
        }
    }
    let last = names.iter().max().copied().unwrap_or(grid.width());
    for (column, head) in heads.iter().enumerate().skip(last + 1) {
        let letters = grid.letters(column);
        let unused = found.mapping.columns.get(&letters).is_some_and(|column| column.of == Use::Ignore);
        if let Some(row) = body.iter().find(|&&row| head.is_empty() && unused && is_figure(grid.cell(row, column))) {
            let no_head = doubt(grid.address(*row, column), UNNAMED, true).or_accept(format!("column.{letters}"));
            found.doubts.push(no_head.about(vec![(letters, Use::Ignore)]));
        }
    }
    Ok(())
}

/// How much a head sounds like the target that is looked for.
fn score(of: &SplitOf<'_>, head: &str) -> usize {
    let topic = of.goal.trim_start_matches("工业").trim_end_matches("投资");
    let weight = |words: &[&str], weight: usize| {
        if words.iter().any(|word| !word.is_empty() && head.contains(word)) { weight } else { 0 }
    };
    weight(&[of.goal], 16)
        + weight(&[topic], 8)
        + weight(&[&of.year.to_string()], 4)
        + weight(&["目标", "任务", "计划"], 2)
        + weight(&["全年", "年度", "总量"], 1)
}

/// The title, the heads or the sheet's name speak of another year, of a part of it, or of something else.
pub(super) fn other_table(of: &SplitOf<'_>, grid: &Grid, found: &mut SplitPreview) {
    let (above, heads) = above_and_heads(grid, found.mapping.first_row.saturating_sub(grid.top + 1));
    let years = |text: &str| -> Vec<i32> {
        let folded = domain::money::fold(text);
        let runs = folded.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 4);
        runs.filter_map(|run| run.parse().ok()).filter(|year| (1990..2100).contains(year)).collect()
    };
    let mut named: Vec<i32> = above.iter().copied().chain(heads.iter().map(String::as_str)).flat_map(years).collect();
    if named.is_empty() {
        named = years(&grid.name);
    }
    if let (Some(from), Some(to)) = (named.iter().min(), named.iter().max())
        && !(*from..=*to).contains(&of.year)
    {
        let said = if from == to { format!("{from}年") } else { format!("{from}—{to}年") };
        let message = format!("表里写的是{said}，要读的是{}年的目标；请核对没有选错文件", of.year);
        found.doubts.push(doubt(String::new(), message, true).or_accept("year"));
    }
    let topic = of.goal.trim_start_matches("工业").trim_end_matches("投资");
    let of_other = |text: &&str| {
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word) && !of.goal.contains(word));
        let topics = ["固定资产", "固投", "担保", "贷款", "产值", "招商", "外资", "财政", "税收", "出口", "消费"];
        let own = !topic.is_empty() && text.contains(topic);
        let part = ["上半年", "下半年", "季度", "月份"];
        (!own && has(&topics)) || (!text.contains("年度") && has(&part)) || has(&["完成情况", "进度"])
    };
    if let Some(title) = above.iter().copied().chain([grid.name.as_str()]).find(of_other) {
        let message = format!("“{}”不像{}年{}的分解；请核对没有选错表", shorten(title), of.year, of.goal);
        found.doubts.push(doubt(String::new(), message, true).or_accept("title"));
    }
}
