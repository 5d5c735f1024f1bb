//! 与上年同期比较: a goal at the same period of two years, unit by unit.

use std::collections::HashMap;

use crate::bulletin::tables::Table;
use crate::bulletin::words::signed;
use crate::money::{Amount, Measure};
use crate::month::Period;
use crate::plan::{Goal, Plan};
use crate::rate::Rate;
use crate::region::RegionId;
use crate::shown::DASH;
use crate::standing::{Row, Standings};

/// What is compared of a unit, or of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct YearFigure {
    pub value: Option<Amount>,
    pub growth: Option<Rate>,
    pub completion: Option<Rate>,
    pub rank: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearLine {
    pub region: RegionId,
    pub name: String,
    /// 其中 of another unit.
    pub nested: bool,
    pub now: YearFigure,
    pub before: YearFigure,
    /// What this year's return calls last year's figure, where that is not what was reported then.
    pub stated_before: Option<Amount>,
}

impl YearLine {
    /// What this year has more than last year.
    pub fn more(&self) -> Option<Amount> {
        Some(Amount(self.now.value?.0 - self.before.value?.0))
    }

    /// By how much of the year's target this year is ahead of last year, as a share.
    pub fn ahead(&self) -> Option<Rate> {
        Some(self.now.completion?.minus(self.before.completion?))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Years {
    pub goal_name: String,
    pub measure: Measure,
    pub period: Period,
    pub total: YearLine,
    /// In the plan's order.
    pub lines: Vec<YearLine>,
    /// Units of last year's plan that this year's does not have.
    pub gone: Vec<String>,
}

/// The goal of last year that is compared with: of the same plan where it runs over both years, else of another plan
/// of the office under the same name and in the same unit.
pub fn goal_before<'p>(
    plans: impl Iterator<Item = &'p Plan>,
    plan: &'p Plan,
    goal: &'p Goal,
    year: i32,
) -> Option<(&'p Plan, &'p Goal)> {
    let covers = |plan: &Plan| (plan.years.0..=plan.years.1).contains(&(year - 1));
    if covers(plan) {
        return Some((plan, goal));
    }
    let same = |other: &&Goal| {
        other.measure == goal.measure && other.kind == goal.kind && (other.id == goal.id || other.name == goal.name)
    };
    let of_office = plans.filter(|other| other.region.id() == plan.region.id() && covers(other));
    of_office.filter_map(|other| Some((other, other.goals.iter().find(same)?))).last()
}

/// `before` is last year's, whose regions `renamed` calls as this year's plan does.
pub fn years(now: &Standings, before: &Standings, renamed: impl Fn(&str) -> RegionId) -> Years {
    let figure =
        |row: &Row| YearFigure { value: row.value, growth: row.growth, completion: row.completion, rank: row.rank };
    let total = |standings: &Standings| YearFigure {
        value: standings.total.value,
        growth: standings.total.growth,
        completion: standings.total.completion,
        rank: None,
    };
    let stated = |base: Option<Amount>, before: Option<Amount>| {
        base.zip(before).filter(|(base, before)| base != before).map(|(base, _)| base)
    };
    // Of two rows of one name now the first counts.
    let mut before_by_region: HashMap<RegionId, &Row> = HashMap::new();
    for row in &before.rows {
        before_by_region.entry(renamed(&row.region)).or_insert(row);
    }
    let lines = now.rows.iter().map(|row| {
        let then = before_by_region.get(&row.region).copied().map(figure).unwrap_or_default();
        YearLine {
            region: row.region.clone(),
            name: row.name.clone(),
            nested: row.within.is_some(),
            now: figure(row),
            before: then,
            stated_before: stated(row.base, then.value),
        }
    });
    let gone = before.rows.iter().filter(|row| now.row(&renamed(&row.region)).is_none());
    let before_total = total(before);
    Years {
        goal_name: now.goal_name.clone(),
        measure: now.measure.clone(),
        period: now.period,
        total: YearLine {
            region: String::new(),
            name: now.total.name.clone(),
            nested: false,
            now: total(now),
            before: before_total,
            stated_before: stated(now.total.base, before_total.value),
        },
        lines: lines.collect(),
        gone: gone.map(|row| row.name.clone()).collect(),
    }
}

impl Years {
    /// Whether anything of last year is known.
    pub fn is_known(&self) -> bool {
        std::iter::once(&self.total).chain(&self.lines).any(|line| line.before != YearFigure::default())
    }

    /// 1—5月累计…，比上年同期…；完成年度目标的…，上年同期为….
    pub fn sentence(&self) -> String {
        let total = &self.total;
        let mut said = format!("{}{}", self.period.label(), self.goal_name);
        if let Some(value) = total.now.value {
            said.push_str(&format!("累计{}", self.measure.with_unit(value)));
        }
        if let Some(more) = total.more() {
            let amount = self.measure.with_unit(Amount(more.0.abs()));
            said.push_str(&match more.0 {
                0 => "，与上年同期相同".to_owned(),
                more if more > 0 => format!("，比上年同期多{amount}"),
                _ => format!("，比上年同期少{amount}"),
            });
        }
        if let (Some(now), Some(before)) = (total.now.completion, total.before.completion) {
            let (now, before) = (now.percent_on_page(1), before.percent_on_page(1));
            said.push_str(&format!("；完成年度目标的{now}%，上年同期为{before}%"));
        }
        let units: Vec<Rate> = self.lines.iter().filter(|line| !line.nested).filter_map(YearLine::ahead).collect();
        let ahead = units.iter().filter(|ahead| !ahead.is_negative() && **ahead != Rate::ZERO).count();
        match (units.len(), ahead) {
            (0, _) => {}
            (all, 0) => said.push_str(&format!("；{all}个单位的完成率都不高于上年同期")),
            (all, ahead) if ahead == all => said.push_str(&format!("；{all}个单位的完成率都高于上年同期")),
            (all, ahead) => said.push_str(&format!("；{all}个单位中{ahead}个的完成率高于上年同期")),
        }
        said.push('。');
        said
    }

    /// The heads of the table.
    pub fn header(&self) -> Vec<String> {
        let (unit, now, before) = (&self.measure.unit, self.period.year, self.period.year - 1);
        vec![
            "单位".to_owned(),
            format!("{now}年累计（{unit}）"),
            format!("{before}年累计（{unit}）"),
            format!("增减（{unit}）"),
            format!("{now}年同比"),
            format!("{before}年同比"),
            format!("{now}年完成目标"),
            format!("{before}年完成目标"),
            "完成率相差（百分点）".to_owned(),
            format!("{now}年位次"),
            format!("{before}年位次"),
        ]
    }

    /// The lines as printed, the whole first.
    pub fn table(&self) -> Table {
        let rows = std::iter::once(&self.total).chain(&self.lines).map(|line| self.cells(line));
        Table { header: self.header(), rows: rows.collect() }
    }

    /// A line under these heads.
    pub fn cells(&self, line: &YearLine) -> Vec<String> {
        let or = |text: Option<String>| text.unwrap_or_else(|| DASH.to_owned());
        let amount = |amount: Option<Amount>| or(amount.map(|amount| self.measure.format(amount)));
        let percent = |rate: Option<Rate>| or(rate.map(|rate| format!("{}%", rate.percent_on_page(1))));
        let rank = |rank: Option<usize>| or(rank.map(|rank| rank.to_string()));
        let name = if line.nested { format!("其中：{}", line.name) } else { line.name.clone() };
        vec![
            name,
            amount(line.now.value),
            amount(line.before.value),
            or(line.more().map(|more| signed(&self.measure.format(more)))),
            percent(line.now.growth),
            percent(line.before.growth),
            percent(line.now.completion),
            percent(line.before.completion),
            or(line.ahead().map(|ahead| signed(&ahead.percent_on_page(1)))),
            rank(line.now.rank),
            rank(line.before.rank),
        ]
    }
}
