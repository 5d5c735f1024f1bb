//! The bulletin as data: heading, sentences, figures, chart inputs. Pages, prints and exports render this and compute nothing.

pub mod diff;
pub mod headline;
pub mod narrative;
pub mod steps;
pub mod tables;
pub mod wording;
pub mod words;

use serde::{Deserialize, Serialize};

use self::steps::UnitStep;
use crate::assessment::Basis;
use crate::bulletin::diff::Change;
use crate::bulletin::narrative::Paragraph;
use crate::money::Amount;
use crate::month::Period;
use crate::plan::{Goal, Pace, Plan};
use crate::rate::Rate;
use crate::region::RegionId;
use crate::returns::Figures;
use crate::standing::{Standings, compute, compute_with};

/// Version of the frozen form; readers of old editions look here first.
pub const FORMAT: u32 = 1;

/// One bulletin, complete: an edition is this as canonical JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bulletin {
    pub format: u32,
    pub heading: Heading,
    pub standings: Standings,
    /// How far behind still counts as near.
    pub near: Rate,
    /// 线性, 按上年进度, 按计划曲线.
    pub pace_name: String,
    pub series: Series,
    /// Each ranked unit's completion through the year, for the small charts; empty in editions from before there were some.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<UnitPath>,
    /// What each ranked unit lacks, where the bulletin names awards; empty in editions from before it was told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<UnitStep>,
    pub previous: Option<Previous>,
    /// Provisional awards, where the plan publishes them and the year is not over.
    pub provisional: Option<ProvisionalAwards>,
    pub paragraphs: Vec<Paragraph>,
    pub headlines: headline::Headlines,
    pub notes: Vec<String>,
    /// What a correction changes against the edition it replaces.
    pub correction: Option<Correction>,
    /// Sentences that the office wrote itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edited: Vec<wording::Edited>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    pub plan: String,
    pub plan_title: String,
    pub citation: String,
    pub issuer: Option<String>,
    pub region: String,
    pub region_name: String,
    /// 全市, 全省 …
    pub whole: String,
    /// 县（市）区, 设区市 …
    pub unit_noun: String,
    pub title: String,
    /// 第N期: the period's place in the plan's calendar.
    pub issue: u32,
    /// 1 for the first edition of a period; 0 while it is a preview.
    pub edition: u32,
    pub published_on: Option<chrono::NaiveDate>,
    /// The figures are made up for demonstration.
    pub demo: bool,
    pub clause: Option<String>,
    /// The version of the plan it was computed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_version: Option<PlanSource>,
}

/// A version of a plan, and its file's SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanSource {
    pub version: u32,
    pub sha256: String,
}

/// The total through the year, for the cumulative chart; months rise.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Series {
    pub value: Vec<(u32, Amount)>,
    pub last_year: Vec<(u32, Amount)>,
    pub pace: Vec<(u32, Rate)>,
}

/// A unit's cumulative completion and its pace by month; months rise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitPath {
    pub region: RegionId,
    pub name: String,
    pub completion: Vec<(u32, Rate)>,
    pub pace: Vec<(u32, Rate)>,
}

/// What moved since the bulletin before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Previous {
    pub period: Period,
    pub growth: Option<Rate>,
    pub gap: Option<Rate>,
    pub ranks: Vec<(RegionId, usize)>,
    /// Whose values its total lacked: totals over different units are not compared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub incomplete: Vec<RegionId>,
}

/// 若以本期为终 and 若按序时进度, points per unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvisionalAwards {
    pub by_period: Vec<(RegionId, String)>,
    pub by_pace: Vec<(RegionId, String)>,
    pub unit: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The edition this one replaces.
    pub edition: u32,
    pub sha256: String,
    pub reason: Option<String>,
    pub changes: Vec<Change>,
}

/// What the caller knows beyond plan and figures.
#[derive(Debug, Clone, Default)]
pub struct Context {
    pub edition: u32,
    pub published_on: Option<chrono::NaiveDate>,
    pub demo: bool,
    pub plan_version: Option<PlanSource>,
}

/// Composes the bulletin of one goal and period.
pub fn compose(plan: &Plan, goal: &Goal, figures: &Figures, period: Period, context: &Context) -> Bulletin {
    let rules = plan.rules(&goal.id);
    let standings = compute(plan, goal, figures, period, rules);
    let year = year_so_far(plan, goal, figures, period);
    let previous = before(plan, &year, period).map(|before| {
        let ranks = before.rows.iter().filter_map(|row| Some((row.region.clone(), row.rank?))).collect();
        Previous {
            period: before.period,
            growth: before.total.growth,
            gap: before.total.gap,
            ranks,
            incomplete: before.total_incomplete.clone(),
        }
    });
    let mut bulletin = Bulletin {
        format: FORMAT,
        heading: heading(plan, goal, period, context),
        near: plan.near,
        pace_name: goal.pace.name().to_owned(),
        series: series(goal, &year),
        paths: paths(&year, &standings),
        steps: Vec::new(),
        previous,
        provisional: provisional(plan, goal, figures, &standings),
        standings,
        paragraphs: Vec::new(),
        headlines: headline::Headlines::default(),
        notes: Vec::new(),
        correction: None,
        edited: Vec::new(),
    };
    if bulletin.award_columns().is_empty() {
        withhold_awards(&mut bulletin.standings);
    } else {
        bulletin.steps = steps::steps(plan, goal, figures, &bulletin.standings);
    }
    bulletin.paragraphs = narrative::paragraphs(&bulletin);
    bulletin.headlines = headline::headlines(&bulletin);
    bulletin.notes = narrative::notes(&bulletin);
    bulletin
}

/// Before the year's end awards are the office's own until the plan publishes them: they do not enter the bulletin at all.
fn withhold_awards(standings: &mut Standings) {
    standings.rows.iter_mut().for_each(|row| row.awards.clear());
    standings.readings = Default::default();
    standings.undecided = Default::default();
}

fn heading(plan: &Plan, goal: &Goal, period: Period, context: &Context) -> Heading {
    let months = plan.calendar.as_ref().map_or_else(|| (1..=12).collect(), |calendar| calendar.months());
    let issue = months.iter().position(|&month| month == period.month).map_or(period.month, |at| at as u32 + 1);
    let whole = words::whole(&plan.region.name);
    Heading {
        plan: plan.id.clone(),
        plan_title: plan.title.clone(),
        citation: plan.citation().to_owned(),
        issuer: plan.document.issuer.clone(),
        region: plan.region.id().to_owned(),
        region_name: plan.region.name.clone(),
        title: format!("{}{whole}{}完成情况", period.title(), goal.name),
        whole,
        unit_noun: words::unit_noun(&plan.region.name).to_owned(),
        issue,
        edition: context.edition,
        published_on: context.published_on,
        demo: context.demo,
        clause: plan.assessment(&goal.id).and_then(|assessment| assessment.clause.clone()),
        plan_version: context.plan_version.clone(),
    }
}

/// The newest reported period before this one, where the plan asks for it.
fn before<'y>(plan: &Plan, year: &'y [Standings], period: Period) -> Option<&'y Standings> {
    let before = year.iter().rev().find(|at| at.period < period)?;
    crate::calendar::allowed(plan.calendar.as_ref(), plan.years, before.period).is_ok().then_some(before)
}

/// The standings of every reported period of the year up to `period`, in order.
fn year_so_far(plan: &Plan, goal: &Goal, figures: &Figures, period: Period) -> Vec<Standings> {
    let periods = figures.periods(&goal.id).into_iter().filter(|at| at.year == period.year && *at <= period);
    periods.map(|at| compute(plan, goal, figures, at, plan.rules(&goal.id))).collect()
}

fn series(goal: &Goal, year: &[Standings]) -> Series {
    let mut series = Series::default();
    for at in year {
        series.value.extend(at.total.value.map(|value| (at.period.month, value)));
        series.last_year.extend(at.total.base.map(|base| (at.period.month, base)));
    }
    series.pace = match &goal.pace {
        Pace::LastYear => Vec::new(),
        pace => (0..=12).filter_map(|month| Some((month, pace.share(month)?))).collect(),
    };
    series
}

/// The ranked units' ways through the year, in the plan's order.
fn paths(year: &[Standings], standings: &Standings) -> Vec<UnitPath> {
    let ranked = standings.rows.iter().filter(|row| row.rank.is_some() && row.completion.is_some());
    let path = |row: &crate::standing::Row| {
        let own = || year.iter().filter_map(|at| Some((at.period.month, at.row(&row.region)?)));
        UnitPath {
            region: row.region.clone(),
            name: row.name.clone(),
            completion: own().filter_map(|(month, row)| Some((month, row.completion?))).collect(),
            pace: own().filter_map(|(month, row)| Some((month, row.pace?))).collect(),
        }
    };
    ranked.map(path).collect()
}

fn provisional(plan: &Plan, goal: &Goal, figures: &Figures, standings: &Standings) -> Option<ProvisionalAwards> {
    let assessment = plan.assessment(&goal.id)?;
    let shown = plan.publish_provisional && !standings.period.is_year_end() && !assessment.awards.is_empty();
    shown.then(|| {
        let by_pace = compute_with(plan, goal, figures, standings.period, standings.rules, Basis::Pace);
        let reading = standings.rules.reading;
        ProvisionalAwards {
            by_period: standings.readings.get(reading).clone(),
            by_pace: by_pace.readings.get(reading).clone(),
            unit: assessment.awards[0].unit.clone(),
        }
    })
}

impl Bulletin {
    /// How many places better (positive) or worse a unit stands than in the bulletin before.
    pub fn movement(&self, region: &str) -> Option<i64> {
        let now = self.standings.row(region)?.rank?;
        let before = self.previous.as_ref()?.ranks.iter().find(|(id, _)| id == region)?.1;
        Some(before as i64 - now as i64)
    }

    /// What a unit gains or loses where one column must do: by the pace before the year's end, then as the rule says.
    pub fn shown_award(&self, region: &str) -> Option<String> {
        self.award_columns().last().map(|column| column.text(region)).filter(|text| text != "—")
    }

    /// The columns of awards: two provisional ones before December, the awards themselves at its end.
    pub fn award_columns(&self) -> Vec<AwardColumn> {
        // A score without weights decides nothing: no column, rather than one that says “none”.
        let unweighed = self.standings.rules.rank_by == crate::assessment::RankBy::Score;
        if unweighed && self.standings.rows.iter().all(|row| row.score.is_none()) {
            return Vec::new();
        }
        let of = |points: &[(RegionId, String)]| points.to_vec();
        match &self.provisional {
            Some(awards) => vec![
                AwardColumn { name: "若以本期为终", unit: awards.unit.clone(), points: of(&awards.by_period) },
                AwardColumn { name: "若按序时进度", unit: awards.unit.clone(), points: of(&awards.by_pace) },
            ],
            None if self.standings.period.is_year_end() => {
                let unit = self.standings.rows.iter().flat_map(|row| &row.awards).map(|award| award.unit.clone()).next();
                let points = of(self.standings.readings.get(self.standings.rules.reading));
                // Final is what the office has verified and closed: /assess.
                unit.map(|unit| vec![AwardColumn { name: "预计结果", unit, points }]).unwrap_or_default()
            }
            None => Vec::new(),
        }
    }
}

/// A column of points by unit.
pub struct AwardColumn {
    pub name: &'static str,
    pub unit: String,
    pub points: Vec<(RegionId, String)>,
}

impl AwardColumn {
    /// As printed: `+0.3`, `−0.2`; `—` for none.
    pub fn text(&self, region: &str) -> String {
        let points = self.points.iter().find(|(id, _)| id == region).map(|(_, points)| points.as_str());
        match points {
            None => "—".to_owned(),
            Some(points) => words::signed(points),
        }
    }
}
