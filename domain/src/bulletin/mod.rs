//! The bulletin as data: heading, sentences, figures, chart inputs. Pages, prints and exports render this and compute
//! nothing.

mod aims;
pub mod columns;
mod compose;
pub mod dated;
pub mod diff;
pub mod headline;
pub mod narrative;
pub mod projects;
pub mod steps;
pub mod tables;
pub mod text;
pub mod texts;
pub mod whole_plan;
pub mod wording;
pub mod words;

use serde::{Deserialize, Serialize};

use self::diff::Change;
use self::projects::ProjectPart;
use self::steps::UnitStep;
use self::text::{Edited, Headlines, Paragraph};
use self::texts::Picked;
use crate::lookup::Lookup;
use crate::money::Amount;
use crate::month::Period;
use crate::overview::Overview;
use crate::plan::rules::RankBy;
use crate::rate::Rate;
use crate::region::RegionId;
use crate::shown::DASH;
use crate::standing::{Move, Row, Standings};
use crate::tasks::{Step, TaskState};

pub use compose::compose;

/// Version of the frozen form; readers of old editions look here first. The first tells one goal.
pub const FIRST_FORMAT: u32 = 1;

/// All goals of the plan.
pub const WHOLE_PLAN: u32 = 2;

/// What is computed while an edition is rendered: it keeps the conventions that it was published under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conventions {
    /// Each figure has its own decimals, differences below the printed digit are listed, movement is told between any
    /// two places.
    #[default]
    First,
    /// One precision per column, nothing below the printed digit, movement among the units that stood in both periods.
    Second,
}

impl Conventions {
    fn is_first(&self) -> bool {
        *self == Self::First
    }
}

/// One bulletin, complete: an edition is this as canonical JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bulletin {
    pub format: u32,
    #[serde(default, skip_serializing_if = "Conventions::is_first")]
    pub conventions: Conventions,
    pub heading: Heading,
    pub standings: Standings,
    /// How far behind still counts as near.
    pub near: Rate,
    /// 线性, 按上年进度, 按计划曲线.
    pub pace_name: String,
    pub series: Series,
    /// Each ranked unit's completion through the year, for the small charts; empty in editions from before there were
    /// some.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<UnitPath>,
    /// What each ranked unit lacks, where the bulletin names awards; empty in editions from before it was told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<UnitStep>,
    pub previous: Option<Previous>,
    /// 8个县（市）区中7个未报，暂不测算: stands in the place of ranking charts and awards while most units are waited for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub withheld: String,
    /// Provisional awards, where the plan publishes them and the year is not over.
    pub provisional: Option<ProvisionalAwards>,
    pub paragraphs: Vec<Paragraph>,
    pub headlines: Headlines,
    pub notes: Vec<String>,
    /// What a correction changes against the edition it replaces.
    pub correction: Option<Correction>,
    /// Sentences that the office wrote itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edited: Vec<Edited>,
    /// All goals of the plan; of [`WHOLE_PLAN`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overview: Option<Overview>,
    /// The plan's dated tasks at its moment; empty in editions from before anybody recorded what became of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<TaskState>,
    /// What the office picked of the units' texts, in the order of the plan.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<Picked>,
    /// The library of projects at the end of its period; none in editions from before there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub projects: Option<ProjectPart>,
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
    /// Movements among the units that stood in both periods; of [`Conventions::Second`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<Move>,
    /// Where each unit's rank or movement is.
    #[serde(skip)]
    lookup: Lookup,
}

impl Previous {
    fn rank(&self, region: &str) -> Option<usize> {
        self.lookup.find(&self.ranks, region, |(id, _)| id).map(|(_, rank)| *rank)
    }
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
    /// 更正12处，主要是马尾区位次由3降为8; none in editions from before it was told.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub headline: String,
    pub changes: Vec<Change>,
}

/// What the caller knows beyond plan and figures.
#[derive(Debug, Clone, Default)]
pub struct Context {
    pub edition: u32,
    pub published_on: Option<chrono::NaiveDate>,
    pub demo: bool,
    pub plan_version: Option<PlanSource>,
    /// That of the edition it corrects; the newest where it corrects none.
    pub format: Option<u32>,
    /// What was recorded of its dated tasks.
    pub tasks: Vec<Step>,
    /// What was picked of the units' texts.
    pub texts: Vec<Picked>,
    /// What the library of projects comes to.
    pub projects: Option<ProjectPart>,
}

impl Bulletin {
    /// There is a ranked or at least a split goal: without one its table and charts have nothing to show.
    pub fn has_units(&self) -> bool {
        self.overview.is_none() || !self.standings.rows.is_empty()
    }

    /// The series it is an issue of: 工业技改投资通报; of a plan without units the plan's own.
    pub fn series_name(&self) -> String {
        match self.has_units() {
            true => format!("{}通报", self.standings.goal_name),
            false => format!("{}进展通报", self.heading.plan_title),
        }
    }

    /// 各县（市）区报送: whose figures these are.
    pub fn reported_by(&self) -> String {
        match self.has_units() {
            true => format!("各{}报送", self.heading.unit_noun),
            false => "各责任单位报送".to_owned(),
        }
    }

    /// A row's place as tables print it: none while places say nothing.
    pub fn place(&self, row: &Row) -> Option<usize> {
        row.rank.filter(|_| self.withheld.is_empty())
    }

    /// The total is the sum of a few units alone: it says nothing of the whole's target and pace.
    pub fn total_is_partial(&self) -> bool {
        !self.withheld.is_empty() && !self.standings.total_incomplete.is_empty()
    }

    /// 编制依据: the document, its title not twice.
    pub fn basis(&self) -> String {
        let Heading { citation, plan_title, .. } = &self.heading;
        match self.conventions {
            Conventions::First => format!("{citation}《{plan_title}》"),
            Conventions::Second => crate::plan::cited(citation, plan_title),
        }
    }

    /// A unit's places in the bulletin before and in this one.
    pub fn places(&self, region: &str) -> Option<(usize, usize)> {
        let (previous, row) = (self.previous.as_ref()?, self.standings.row(region)?);
        match self.conventions {
            Conventions::First => Some((previous.rank(region)?, row.rank?)),
            Conventions::Second => {
                let found = previous.lookup.find(&previous.moves, region, |each| &each.region)?;
                Some((found.before, found.now))
            }
        }
    }

    /// How many places better (positive) or worse a unit stands than in the bulletin before.
    pub fn movement(&self, region: &str) -> Option<i64> {
        self.places(region).map(|(before, now)| before as i64 - now as i64)
    }

    /// What a unit gains or loses where one column must do: by the pace before the year's end, then as the rule says.
    pub fn shown_award(&self, region: &str) -> Option<String> {
        self.award_columns().last().map(|column| column.text(region)).filter(|text| text != DASH)
    }

    /// The columns of awards: two provisional ones before December, the awards themselves at its end.
    pub fn award_columns(&self) -> Vec<AwardColumn> {
        if !self.withheld.is_empty() {
            return Vec::new();
        }
        // A score without weights decides nothing: no column, rather than one that says “none”.
        let unweighed = self.standings.rules.rank_by == RankBy::Score;
        if unweighed && self.standings.rows.iter().all(|row| row.score.is_none()) {
            return Vec::new();
        }
        let of = |points: &[(RegionId, String)]| points.to_vec();
        match &self.provisional {
            Some(awards) => vec![
                AwardColumn { name: BY_PERIOD, unit: awards.unit.clone(), points: of(&awards.by_period) },
                AwardColumn { name: BY_PACE, unit: awards.unit.clone(), points: of(&awards.by_pace) },
            ],
            None if self.standings.period.is_year_end() => {
                let unit = self.standings.award_unit();
                let points = of(self.standings.readings.get(self.standings.rules.reading));
                // Final is what the office has verified and closed: /assess.
                unit.map(|unit| vec![AwardColumn { name: "预计结果", unit, points }]).unwrap_or_default()
            }
            None => Vec::new(),
        }
    }
}

/// The two ways to foresee awards before the year's end.
pub const BY_PERIOD: &str = "若以本期为终";
pub const BY_PACE: &str = "若按序时进度";

/// A column of points by unit.
pub struct AwardColumn {
    pub name: &'static str,
    pub unit: String,
    pub points: Vec<(RegionId, String)>,
}

impl AwardColumn {
    /// 预计结果（分）.
    pub fn head(&self) -> String {
        words::award_head(self.name, &self.unit)
    }

    /// As printed: `+0.3`, `−0.2`; `—` for none.
    pub fn text(&self, region: &str) -> String {
        let points = self.points.iter().find(|(id, _)| id == region).map(|(_, points)| points.as_str());
        match points {
            None => DASH.to_owned(),
            Some(points) => words::signed(points),
        }
    }
}
