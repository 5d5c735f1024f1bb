//! 一季一评比 computed and said: every unit's figure and place in each column, the weighted sum where the plan gives
//! weights, and the sentences and table of its publication.
//!
//! Basis: 宁政办〔2021〕68号, 四（一）: 建立健全“一月一通报、一季一评比”.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use num_rational::BigRational;
use num_traits::Zero;
use serde::{Deserialize, Serialize};

use crate::bulletin::PlanSource;
use crate::bulletin::diff::Change;
use crate::bulletin::tables::Table;
use crate::bulletin::words;
use crate::money::Measure;
use crate::month::Period;
use crate::overview::{Quantity, own_period};
use crate::plan::comparison::{Compared, Comparison};
use crate::plan::rules::RankBy;
use crate::plan::{Direction, Goal, Plan, SplitKind};
use crate::rate::{Rate, big_round};
use crate::returns::Figures;
use crate::shown::{DASH, Shown, UNREPORTED};
use crate::standing::{Row, Standings, compute, ranking_figures};

/// The comparison of a quarter: what its publication freezes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarter {
    /// Of this JSON: 1.
    pub format: u32,
    pub plan: String,
    pub plan_title: String,
    /// The document and the clause: 宁政办〔2021〕68号《…》四、（一）.
    pub basis: String,
    pub plan_version: Option<PlanSource>,
    pub id: String,
    pub name: String,
    /// 全市.
    pub whole: String,
    /// What the units are called together.
    pub unit_noun: String,
    /// It ends with the quarter; figures are of the year so far.
    pub period: Period,
    pub edition: u32,
    pub published_on: Option<NaiveDate>,
    pub demo: bool,
    pub columns: Vec<Column>,
    /// In the plan's order.
    pub rows: Vec<Unit>,
    /// As published; nothing of them is composed anew.
    pub sentences: Vec<String>,
    pub notes: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<Correction>,
}

/// The edition that this one corrects, and what differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    pub edition: u32,
    pub sha256: String,
    pub reason: String,
    pub changes: Vec<Change>,
}

/// What the units are compared by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    pub goal: String,
    pub name: String,
    pub by: RankBy,
    pub measure: Measure,
    pub direction: Direction,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<Rate>,
    /// The goal's own newest period by then; another than the comparison's is said.
    pub period: Option<Period>,
    pub whole: Option<Quantity>,
    /// Counted in the library of projects: who has nothing has nothing due.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub counted: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    pub region: String,
    pub name: String,
    /// One for each column.
    pub cells: Vec<Cell>,
    /// Points, where the plan weighs the columns and every figure is known.
    #[serde(with = "crate::rate::optional_big")]
    pub score: Option<BigRational>,
    pub rank: Option<usize>,
    /// Its place in the quarter before, as published.
    pub rank_before: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cell {
    pub value: Option<Quantity>,
    /// Nothing for 左右, which says neither more nor less.
    pub rank: Option<usize>,
    pub rank_before: Option<usize>,
}

/// What a publication needs besides plan and figures.
#[derive(Debug, Clone, Default)]
pub struct Context {
    pub edition: u32,
    pub published_on: Option<NaiveDate>,
    pub demo: bool,
    pub plan_version: Option<PlanSource>,
    /// The newest edition of the quarter before, where one is out.
    pub before: Option<Quarter>,
    /// The rates that the library of projects gives, exact, by goal and region.
    pub rates: BTreeMap<String, BTreeMap<String, Rate>>,
}

/// The quarters' last months; a comparison is of no other period.
pub fn is_quarter(period: Period) -> bool {
    period.month.is_multiple_of(3)
}

/// The quarter that ends three months earlier.
pub fn quarter_before(period: Period) -> Period {
    match period.month {
        3 => Period { year: period.year - 1, month: 12 },
        month => Period { year: period.year, month: month - 3 },
    }
}

/// 2021年第三季度.
pub fn label(period: Period) -> String {
    let number = ["一", "二", "三", "四"][(period.month.clamp(1, 12) as usize - 1) / 3];
    format!("{}年第{number}季度", period.year)
}

/// The quarter that a comparison's period ends.
pub fn compare(plan: &Plan, comparison: &Comparison, figures: &Figures, period: Period, context: Context) -> Quarter {
    let known: Vec<(&Compared, &Goal, Option<Standings>)> = comparison
        .columns
        .iter()
        .filter_map(|column| {
            let goal = plan.goal(&column.goal)?;
            let own = own_period(plan, goal, period);
            let ranking = ranking_figures(plan, goal, figures);
            Some((column, goal, own.map(|own| compute(plan, goal, &ranking, own, plan.rules(&goal.id)))))
        })
        .collect();
    let columns = known.iter().map(|(column, goal, standings)| Column {
        goal: goal.id.clone(),
        name: goal.name.clone(),
        by: column.by,
        measure: goal.measure.clone(),
        direction: goal.direction,
        weight: column.weight,
        period: standings.as_ref().map(|standings| standings.period),
        whole: match context.rates.get(&goal.id) {
            Some(rates) => rates.get(plan.region.id()).copied().map(Quantity::Percent),
            None => standings.as_ref().and_then(|found| of_total(found, column.by)),
        },
        counted: context.rates.contains_key(&goal.id),
    });
    let columns: Vec<Column> = columns.collect();
    let mut rows: Vec<Unit> = Vec::new();
    for (_, goal, _) in &known {
        let ranked = |kind: SplitKind, declared: Option<bool>| declared.unwrap_or(kind != SplitKind::Department);
        for split in goal.splits.iter().filter(|split| split.within.is_none() && ranked(split.kind, split.ranked)) {
            if !rows.iter().any(|row| row.region == split.region) {
                let cells = vec![Cell::default(); columns.len()];
                let (region, name) = (split.region.clone(), split.name.clone());
                rows.push(Unit { region, name, cells, score: None, rank: None, rank_before: None });
            }
        }
    }
    for (at, (column, goal, standings)) in known.iter().enumerate() {
        for row in &mut rows {
            let found = standings.as_ref().and_then(|found| found.row(&row.region));
            row.cells[at].value = match context.rates.get(&goal.id) {
                Some(rates) => rates.get(&row.region).copied().map(Quantity::Percent),
                None => found.and_then(|found| of_row(found, column.by)),
            };
        }
        if goal.direction != Direction::About {
            let values: Vec<Option<Rate>> =
                rows.iter().map(|row| row.cells[at].value.and_then(|value| comparable(value, &goal.measure))).collect();
            let places = places(&values, goal.direction == Direction::AtMost);
            rows.iter_mut().zip(places).for_each(|(row, place)| row.cells[at].rank = place);
        }
    }
    if comparison.is_weighed() {
        rows.iter_mut().for_each(|row| row.score = score(row, &columns));
        let scores: Vec<Option<BigRational>> = rows.iter().map(|row| row.score.clone()).collect();
        let places = places(&scores, false);
        rows.iter_mut().zip(places).for_each(|(row, place)| row.rank = place);
    }
    if let Some(before) = &context.before {
        before_into(&mut rows, &columns, before);
    }
    let default = comparison.columns.first().and_then(|column| plan.goal(&column.goal)).unwrap_or(plan.default_goal());
    let clause = comparison.clause.as_deref().unwrap_or_default();
    let mut quarter = Quarter {
        format: 1,
        plan: plan.id.clone(),
        plan_title: plan.title.clone(),
        basis: format!("{}{clause}", plan.basis()),
        plan_version: context.plan_version,
        id: comparison.id.clone(),
        name: comparison.name.clone(),
        whole: words::whole(&plan.region.name),
        unit_noun: plan.unit_noun(default),
        period,
        edition: context.edition,
        published_on: context.published_on,
        demo: context.demo,
        columns,
        rows,
        sentences: Vec::new(),
        notes: Vec::new(),
        correction: None,
    };
    quarter.sentences = sentences(&quarter);
    quarter.notes = notes(&quarter, comparison);
    quarter
}

fn of_row(row: &Row, by: RankBy) -> Option<Quantity> {
    quantity(by, row.value, row.growth, row.completion)
}

fn of_total(standings: &Standings, by: RankBy) -> Option<Quantity> {
    let total = &standings.total;
    quantity(by, total.value, total.growth, total.completion)
}

fn quantity(
    by: RankBy,
    value: Option<crate::money::Amount>,
    growth: Option<Rate>,
    completion: Option<Rate>,
) -> Option<Quantity> {
    match by {
        RankBy::Value => value.map(Quantity::Amount),
        RankBy::Growth => growth.map(Quantity::Percent),
        RankBy::Completion => completion.map(Quantity::Percent),
        RankBy::Score => None,
    }
}

/// A figure as a number that can be ordered; a percentage as a fraction.
fn comparable(value: Quantity, measure: &Measure) -> Option<Rate> {
    match value {
        Quantity::Amount(amount) if measure.is_percentage() => Rate::of_percent(amount, measure),
        Quantity::Amount(amount) => Rate::new(i128::from(amount.0), i128::from(measure.per_unit)),
        Quantity::Percent(rate) => Some(rate),
        Quantity::Units(units) => Rate::new(units as i128, 1),
    }
}

/// 1, 2, 2, 4: who is level shares the place.
fn places<T: Ord>(values: &[Option<T>], lower_is_better: bool) -> Vec<Option<usize>> {
    let place = |own: &T| {
        let ahead = |other: &&T| if lower_is_better { *other < own } else { *other > own };
        values.iter().flatten().filter(ahead).count() + 1
    };
    values.iter().map(|value| value.as_ref().map(place)).collect()
}

/// Σ weight × percentage, exact; `None` while a figure is missing.
fn score(row: &Unit, columns: &[Column]) -> Option<BigRational> {
    let parts = row.cells.iter().zip(columns).map(|(cell, column)| {
        let share = comparable(cell.value?, &column.measure)?;
        Some(share.to_big() * column.weight?.to_big())
    });
    parts.sum::<Option<BigRational>>().filter(|_| !columns.is_empty())
}

fn before_into(rows: &mut [Unit], columns: &[Column], before: &Quarter) {
    for row in rows {
        let Some(then) = before.rows.iter().find(|then| then.region == row.region) else { continue };
        row.rank_before = then.rank;
        for (cell, column) in row.cells.iter_mut().zip(columns) {
            let same = |known: &&Column| known.goal == column.goal && known.by == column.by;
            let at = before.columns.iter().position(|known| same(&known));
            cell.rank_before = at.and_then(|at| then.cells.get(at)).and_then(|then| then.rank);
        }
    }
}

impl Column {
    /// 项目开工率, 工业投资增幅.
    pub fn title(&self) -> String {
        match self.by {
            RankBy::Value => self.name.clone(),
            by if self.name.ends_with(by.name()) || self.name.ends_with("增速") => self.name.clone(),
            by => format!("{}{}", self.name, by.name()),
        }
    }

    /// `85%`, `1.5亿元`, `12.3%`: what was typed as it was typed, what was computed to one decimal.
    pub fn printed(&self, value: Quantity) -> String {
        let text = match value {
            Quantity::Amount(amount) => format!("{}{}", self.measure.plain(amount), self.measure.unit),
            Quantity::Percent(rate) => format!("{}%", rate.percent(1)),
            Quantity::Units(units) => units.to_string(),
        };
        text.replace('-', "−")
    }
}

impl Quarter {
    /// 2021年第三季度宁德市工业项目一季一评比.
    pub fn title(&self) -> String {
        format!("{}{}", label(self.period), self.name)
    }

    pub fn is_weighed(&self) -> bool {
        !self.columns.is_empty() && self.columns.iter().all(|column| column.weight.is_some())
    }

    /// Whether anybody's figure is known.
    pub fn is_empty(&self) -> bool {
        self.rows.iter().all(|row| row.cells.iter().all(|cell| cell.value.is_none()))
    }

    /// The same results: figures, places and words, whatever edition and day.
    pub fn same_results(&self, other: &Quarter) -> bool {
        self.columns == other.columns && self.rows == other.rows && self.sentences == other.sentences
    }

    /// Units in the order of their place; without weights in the plan's.
    pub fn ordered(&self) -> Vec<&Unit> {
        let mut rows: Vec<&Unit> = self.rows.iter().collect();
        if self.is_weighed() {
            rows.sort_by_key(|row| row.rank.unwrap_or(usize::MAX));
        }
        rows
    }

    /// As pages, papers and files show it: the whole first, then the units.
    pub fn table(&self) -> Table {
        let mut header = vec![self.unit_noun.clone()];
        for column in &self.columns {
            let weight = column.weight.map(|weight| format!("（满分{}）", crate::rate::big_plain(&weight.to_big())));
            header.push(format!("{}{}", column.title(), weight.unwrap_or_default()));
            header.push("位次".to_owned());
        }
        if self.is_weighed() {
            header.extend(["综合得分", "综合位次"].map(str::to_owned));
        }
        let mut whole = vec![self.whole.clone()];
        for column in &self.columns {
            whole.extend([column.whole.map(|value| column.printed(value)).or_dash(), DASH.to_owned()]);
        }
        whole.resize(header.len(), DASH.to_owned());
        let line = |row: &Unit| {
            let mut line = vec![row.name.clone()];
            for (cell, column) in row.cells.iter().zip(&self.columns) {
                let none = if column.counted { DASH } else { UNREPORTED };
                line.push(cell.value.map_or(none.to_owned(), |value| column.printed(value)));
                line.push(moved(cell.rank, cell.rank_before));
            }
            if self.is_weighed() {
                line.push(row.score.as_ref().map(|score| big_round(score, 2)).or_dash());
                line.push(moved(row.rank, row.rank_before));
            }
            line
        };
        let rows = std::iter::once(whole).chain(self.ordered().into_iter().map(line));
        Table { header, rows: rows.collect() }
    }

    /// What a correction changes: every cell that is printed otherwise, or whose figure differs.
    pub fn changes_since(&self, before: &Quarter) -> Vec<Change> {
        let (old, new) = (before.table(), self.table());
        let mut changes = Vec::new();
        for line in &new.rows {
            let known = old.rows.iter().find(|other| other[0] == line[0]);
            for (at, cell) in line.iter().enumerate().skip(1) {
                let what = self.heading_of(at, &new.header);
                let was =
                    old.header.iter().enumerate().position(|(index, _)| before.heading_of(index, &old.header) == what);
                let was = known.zip(was).and_then(|(line, at)| line.get(at)).cloned().unwrap_or(DASH.to_owned());
                if was != *cell {
                    let region = self.rows.iter().find(|row| row.name == line[0]);
                    let region = region.map_or_else(|| self.whole.clone(), |row| row.region.clone());
                    changes.push(Change { region, name: line[0].clone(), what, before: was, after: cell.clone() });
                }
            }
        }
        changes
    }

    /// 项目开工率位次: the head of a column, a place named with what it is the place in.
    fn heading_of(&self, at: usize, header: &[String]) -> String {
        match (at, header.get(at).map(String::as_str)) {
            (1.., Some("位次")) => format!("{}位次", header[at - 1]),
            (_, head) => head.unwrap_or_default().to_owned(),
        }
    }
}

/// `3`, `3（升2）`, `3（降1）`.
fn moved(rank: Option<usize>, before: Option<usize>) -> String {
    let Some(rank) = rank else { return DASH.to_owned() };
    match before {
        Some(before) if before > rank => format!("{rank}（升{}）", before - rank),
        Some(before) if before < rank => format!("{rank}（降{}）", rank - before),
        _ => rank.to_string(),
    }
}

/// So many are named from the top, and from the end where as many are left.
const NAMED: usize = 3;

fn sentences(quarter: &Quarter) -> Vec<String> {
    let count = quarter.rows.len();
    let named: Vec<String> = quarter.columns.iter().map(Column::title).collect();
    let months = quarter.period.months();
    let mut said = vec![format!(
        "{}（{months}），{}{count}个{}按{}评比。",
        label(quarter.period),
        quarter.whole,
        quarter.unit_noun,
        named.join("、")
    )];
    for (at, column) in quarter.columns.iter().enumerate() {
        let ranks: Vec<(&Unit, Option<usize>, String)> = quarter
            .rows
            .iter()
            .map(|row| {
                let text = row.cells[at].value.map(|value| column.printed(value)).unwrap_or_default();
                (row, row.cells[at].rank, text)
            })
            .collect();
        let whole = column.whole.map(|value| format!("{}{}；", quarter.whole, column.printed(value)));
        let ranking = ranking(&ranks);
        let why = if column.counted { "没有到期的项目" } else { "未报" };
        let missing = missing(quarter.rows.iter().filter(|row| row.cells[at].value.is_none()), why);
        let risen = risen(quarter.rows.iter().map(|row| (row, row.cells[at].rank, row.cells[at].rank_before)));
        said.push(format!("{}：{}{ranking}{risen}{missing}。", column.title(), whole.unwrap_or_default()));
    }
    if quarter.is_weighed() {
        let ranks: Vec<(&Unit, Option<usize>, String)> = quarter
            .rows
            .iter()
            .map(|row| {
                let text = row.score.as_ref().map(|score| format!("{}分", big_round(score, 2))).unwrap_or_default();
                (row, row.rank, text)
            })
            .collect();
        let missing = missing(quarter.rows.iter().filter(|row| row.score.is_none()), "未报");
        let risen = risen(quarter.rows.iter().map(|row| (row, row.rank, row.rank_before)));
        said.push(format!("综合：{}{risen}{missing}。", ranking(&ranks)));
    }
    said
}

/// 前三为甲（95%）、乙（90%）、丙（88%），后三为…: whoever is level with the last one named is named too.
fn ranking(ranks: &[(&Unit, Option<usize>, String)]) -> String {
    let mut ranked: Vec<(&Unit, usize, &str)> =
        ranks.iter().filter_map(|(row, rank, text)| Some((*row, (*rank)?, text.as_str()))).collect();
    if ranked.is_empty() {
        return "不排位".to_owned();
    }
    ranked.sort_by_key(|(_, rank, _)| *rank);
    let list = |rows: &[(&Unit, usize, &str)]| {
        rows.iter().map(|(row, _, text)| format!("{}（{text}）", row.name)).collect::<Vec<_>>().join("、")
    };
    let top = ranked.iter().filter(|(_, rank, _)| *rank <= NAMED).count();
    let first = format!("居前的是{}", list(&ranked[..top]));
    match ranked.len() >= top + NAMED {
        true => {
            let edge = ranked[ranked.len() - NAMED].1;
            let last = ranked.iter().position(|(_, rank, _)| *rank >= edge).unwrap_or(ranked.len()).max(top);
            format!("{first}；居后的是{}", list(&ranked[last..]))
        }
        false => first,
    }
}

/// Who rose and who fell furthest since the quarter before.
fn risen<'u>(rows: impl Iterator<Item = (&'u Unit, Option<usize>, Option<usize>)>) -> String {
    let moves: Vec<(&Unit, i64, usize, usize)> = rows
        .filter_map(|(row, rank, before)| {
            let (rank, before) = (rank?, before?);
            Some((row, before as i64 - rank as i64, before, rank))
        })
        .collect();
    // Of several that moved as far the first in the plan's order is named.
    let furthest = |sign: i64| {
        let moved = moves.iter().rev().filter(|(_, by, ..)| by * sign > 0);
        moved.max_by_key(|(_, by, ..)| by * sign)
    };
    let said = |word: &str, found: Option<&(&Unit, i64, usize, usize)>| {
        found.map(|(row, _, before, rank)| format!("；较上季{word}最多的是{}（由第{before}到第{rank}）", row.name))
    };
    [said("上升", furthest(1)), said("下降", furthest(-1))].into_iter().flatten().collect()
}

fn missing<'u>(rows: impl Iterator<Item = &'u Unit>, why: &str) -> String {
    let names: Vec<&str> = rows.map(|row| row.name.as_str()).collect();
    if names.is_empty() { String::new() } else { format!("；{}{why}，不排位", names.join("、")) }
}

fn notes(quarter: &Quarter, comparison: &Comparison) -> Vec<String> {
    let mut notes = vec![format!("依据{}。", quarter.basis)];
    if quarter.is_weighed() {
        let parts = quarter.columns.iter().filter_map(|column| {
            Some(format!("{}×{}", column.title(), crate::rate::big_plain(&column.weight?.to_big())))
        });
        let full: BigRational = quarter
            .columns
            .iter()
            .filter_map(|column| column.weight)
            .fold(BigRational::zero(), |sum, weight| sum + weight.to_big());
        let parts: Vec<String> = parts.collect();
        notes.push(format!("综合得分＝{}，满分{}。", parts.join("＋"), crate::rate::big_plain(&full)));
    } else {
        notes.push("计划没有写权重，分项排位，不作综合排名。".to_owned());
    }
    notes.extend(quarter.columns.iter().filter_map(|column| {
        let own = column.period.filter(|own| *own != quarter.period)?;
        Some(format!("{}取最近一期（{}）。", column.title(), own.label()))
    }));
    if quarter.columns.iter().any(|column| column.counted) {
        notes.push("开工率、竣工率、投产率、履约率按项目库截至季末的情况计算，到期的日期按年初名单。".to_owned());
    }
    notes.push("位次按精确值排，同值同位；“—”不排位。".to_owned());
    notes.extend(comparison.assumed.iter().map(|assumed| format!("{}。", assumed.trim_end_matches('。'))));
    notes
}
