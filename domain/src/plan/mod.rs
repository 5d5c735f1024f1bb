//! The plan: targets, splits, calendar and assessment rules of one government document.

pub mod above;
pub mod body;
mod body_check;
pub mod check;
pub mod comparison;
pub mod declared;
pub mod file;
mod finding;
pub mod fund;
mod fund_check;
mod in_words;
pub mod meaning;
mod noun;
pub mod policy;
mod policy_check;
pub mod projects;
mod reporter;
pub mod rhythm;
pub mod round;
pub mod rules;
mod scoring;
pub mod selection;
mod splits;
pub mod table;
pub mod task;
mod toml_reader;
mod units;
pub mod writer;

use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::money::{Amount, Measure};
use crate::month::Period;
use crate::rate::Rate;
use crate::region::{Region, RegionId, fold_name};

pub use in_words::rules_in_words;
pub(crate) use noun::is_country;
pub use round::Round;
pub use rules::{AwardGroup, AwardRule, From, When};
pub use scoring::{Against, Band, Component, ComponentFrom, Gate, Grade, Scoring, Steps, measure_word};
pub use splits::Splits;
pub use units::SplitIndex;

use comparison::Comparison;
use declared::{Category, Unit};
use meaning::{Made, Meaning};
use policy::Policies;
use projects::ProjectRules;
use rhythm::Rhythm;
use rules::{RankBy, Reading, Rules};
use selection::Selection;
use task::Task;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Lower-case name used in URLs: `fuzhou-2021`.
    pub id: String,
    pub title: String,
    pub region: Region,
    /// First and last year, inclusive.
    pub years: (i32, i32),
    pub document: Document,
    /// Absent when the document names none: then any month of the plan's years is a period.
    pub calendar: Option<Calendar>,
    pub goals: Vec<Goal>,
    pub assessments: Vec<Assessment>,
    /// Those of each quarter.
    pub comparisons: Vec<Comparison>,
    /// What the document does not say and the plan file decides, as sentences.
    pub assumed: Vec<String>,
    /// How far behind the pace still counts as near, in percentage points ÷ 100; 5 points by default.
    pub near: Rate,
    /// How far a month may be from what it is measured by before the form asks, as a share; one half by default.
    pub step: Rate,
    /// Whether provisional awards appear on a bulletin before the year's end.
    pub publish_provisional: bool,
    /// What its units are called together, where their names do not say it: 企业, 片区.
    pub unit_noun: Option<String>,
    /// Besides `[calendar]`.
    pub rhythms: Vec<Rhythm>,
    /// Declared for themselves; rows of splits need not be.
    pub units: Vec<Unit>,
    pub categories: Vec<Category>,
    /// In the document's order.
    pub tasks: Vec<Task>,
    /// How its key projects are judged, sorted and published.
    pub projects: ProjectRules,
    /// What it promises firms and others.
    pub policies: Policies,
    /// What it chooses in the open.
    pub selections: Vec<Selection>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Document {
    /// 发文字号.
    pub number: Option<String>,
    pub title: Option<String>,
    pub issuer: Option<String>,
    pub dated: Option<chrono::NaiveDate>,
    /// File in `assets/plans/sources` that holds the document's text.
    pub source: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Amount,
    Count,
    Ratio,
    Growth,
    AverageGrowth,
    /// Only the share of the year's target that is done is published, in %: its target is 100.
    Completion,
    /// 工业强基工程: a work without any number, of which units report texts alone.
    Text,
}

impl Kind {
    /// Runs through the year towards its target: it has a pace.
    pub fn is_flow(self) -> bool {
        matches!(self, Kind::Amount | Kind::Count | Kind::Completion)
    }

    /// The units' figures add up to the whole's.
    pub fn adds_up(self) -> bool {
        matches!(self, Kind::Amount | Kind::Count)
    }

    pub fn name(self) -> &'static str {
        match self {
            Kind::Amount => "金额",
            Kind::Count => "数量",
            Kind::Ratio => "比率",
            Kind::Growth => "增幅",
            Kind::AverageGrowth => "年均增速",
            Kind::Completion => "完成率",
            Kind::Text => "只报文字",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    AtLeast,
    AtMost,
    /// 左右: neither reached nor missed, only a distance.
    About,
}

impl Direction {
    pub fn name(self) -> &'static str {
        match self {
            Direction::AtLeast => "以上",
            Direction::AtMost => "以下",
            Direction::About => "左右",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pace {
    /// month ÷ 12.
    Linear,
    /// The share reached in the same month of the year before.
    LastYear,
    /// Straight lines between these points, from month 0, share 0; the last is month 12, share 1.
    Curve(Vec<(u32, Rate)>),
}

impl Pace {
    pub fn name(&self) -> &'static str {
        match self {
            Pace::Linear => "线性",
            Pace::LastYear => "按上年进度",
            Pace::Curve(_) => "按计划曲线",
        }
    }

    /// The share due at the end of `month`, for the two kinds that need no figures; `None` for `LastYear`.
    pub fn share(&self, month: u32) -> Option<Rate> {
        match self {
            Pace::Linear => Rate::new(i128::from(month), 12),
            Pace::LastYear => None,
            Pace::Curve(points) => {
                let mut from = (0, Rate::ZERO);
                for &(to_month, to_share) in points {
                    if month <= to_month {
                        let step = to_share.minus(from.1);
                        return Some(
                            from.1.plus(step.times(i128::from(month - from.0), i128::from(to_month - from.0))),
                        );
                    }
                    from = (to_month, to_share);
                }
                Some(Rate::ONE)
            }
        }
    }
}

/// What is due in one year: an amount, a growth, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    pub year: i32,
    pub value: Option<Amount>,
    pub growth: Option<Rate>,
}

/// One target over several years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole {
    pub from: i32,
    pub to: i32,
    pub value: Amount,
}

impl Whole {
    /// Whether it measures `year`: a year of its span whose own `target` names no value.
    pub fn is_in_force(self, year: i32, target: Option<Target>) -> bool {
        target.is_none_or(|target| target.value.is_none()) && (self.from..=self.to).contains(&year)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    pub id: String,
    pub name: String,
    pub kind: Kind,
    pub measure: Measure,
    pub direction: Direction,
    pub targets: Vec<Target>,
    pub whole: Option<Whole>,
    pub base_year: Option<i32>,
    pub clause: Option<String>,
    /// The words of the document that hold the numbers.
    pub quote: Option<String>,
    pub assumed: Vec<String>,
    pub pace: Pace,
    /// 牵头单位.
    pub lead: Vec<String>,
    /// 责任单位.
    pub responsible: Vec<String>,
    pub meaning: Meaning,
    pub splits: Splits,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SplitKind {
    Region,
    /// 开发区、高新区: ranked like a region.
    Zone,
    /// 市本级、州直、省直部门: a row with a target, not ranked.
    Department,
}

/// One row of a split, in the document's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The code, or the name where there is no code.
    pub region: RegionId,
    pub name: String,
    pub kind: SplitKind,
    /// 其中 of this row: shown under it, never added.
    pub within: Option<RegionId>,
    /// `target = "none"`, printed `/`.
    pub no_target: bool,
    pub targets: Vec<Target>,
    pub whole: Option<Whole>,
    /// Lifts (or sets) the default of nested and department rows.
    pub ranked: Option<bool>,
    /// Names and codes it had in earlier years: 长乐市, 350182.
    pub former: Vec<String>,
    /// The group in which it competes (一类县), where the document forms groups.
    pub group: Option<String>,
    /// Its last period: a row with figures ends, it is not removed.
    pub until: Option<Period>,
    /// That of its `[[unit]]`. No key of the row.
    pub unit_until: Option<Period>,
    /// Of a 其中 row: the first period that its own unit reports, since it has somebody who does. No key of the file:
    /// it is known where the plan is loaded.
    pub own_since: Option<Period>,
    /// Not a row of the document's split: it comes from a unit or a category that reports the goal.
    pub declared: bool,
}

impl Split {
    pub fn target(&self, year: i32) -> Option<Target> {
        self.targets.iter().copied().find(|target| target.year == year)
    }

    /// The target over several years, where it measures `year`.
    pub fn whole_in(&self, year: i32) -> Option<Whole> {
        self.whole.filter(|whole| whole.is_in_force(year, self.target(year)))
    }
}

impl Goal {
    /// Whether it has a number at all; a work without one is in no computation, table or file of figures.
    pub fn has_figure(&self) -> bool {
        self.kind != Kind::Text
    }

    /// The target that need not be written: 100% of the year's, where only the completion is published.
    pub fn implied_target(&self) -> Option<Amount> {
        (self.kind == Kind::Completion).then_some(Amount(100 * self.measure.per_unit))
    }

    /// A figure that rises through the time of its target and so has a pace: a flow, or a level whose start is known.
    pub fn is_flow(&self) -> bool {
        let level = self.meaning.stock.is_some_and(|stock| stock.start.is_none());
        self.kind.is_flow() && !level && matches!(self.meaning.made, Made::Reported)
    }

    /// What the goal is compared with in place of a target: where its figure stands, and the words of the document.
    pub fn reference(&self) -> Option<(RegionId, String)> {
        let words = self.meaning.compared_with.as_ref()?;
        Some((fold_name(words), words.clone()))
    }

    /// A level, whose years are not added up.
    pub fn is_stock(&self) -> bool {
        self.meaning.stock.is_some()
    }

    pub fn target(&self, year: i32) -> Option<Target> {
        self.targets.iter().copied().find(|target| target.year == year)
    }

    /// The target over several years, where it measures `year`.
    pub fn whole_in(&self, year: i32) -> Option<Whole> {
        self.whole.filter(|whole| whole.is_in_force(year, self.target(year)))
    }

    pub fn split(&self, region: &str) -> Option<&Split> {
        self.splits.of_region(region)
    }

    /// Finds a row by code or by name, however its blanks and widths are written. For many look-ups: [`SplitIndex`].
    pub fn find_split(&self, written: &str) -> Option<&Split> {
        let folded = fold_name(written);
        let current = self.splits.iter().find(|split| split.region == folded || fold_name(&split.name) == folded);
        current
            .or_else(|| self.splits.iter().find(|split| split.former.iter().any(|former| fold_name(former) == folded)))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    pub goal: String,
    pub clause: Option<String>,
    pub quote: Option<String>,
    pub assumed: Vec<String>,
    pub responsible: Vec<String>,
    pub rules: Rules,
    /// A second column of places; awards follow `rules.rank_by` alone.
    pub rank_also: Option<RankBy>,
    pub components: Vec<Component>,
    /// Highest first.
    pub grades: Vec<Grade>,
    pub awards: Vec<AwardRule>,
    /// What closes the awards counted from the top, of all lists.
    pub gates: Vec<Gate>,
    /// Month and day of the next year.
    pub self_assessment_by: Option<(u32, u32)>,
    /// Month of the next year.
    pub verification_in: Option<u32>,
    pub ranks_from: RanksFrom,
    /// How many days after publication a unit may object; 7 by default.
    pub objection_days: u32,
}

impl Assessment {
    /// Whether ranks follow a score that can be formed.
    pub fn is_weighed(&self, rules: &Rules) -> bool {
        scoring::is_weighed(rules.rank_by, &self.components)
    }

    /// The gates of the assessment, and those of its lists.
    pub fn every_gate(&self) -> impl Iterator<Item = &Gate> {
        self.gates.iter().chain(self.awards.iter().flat_map(|list| &list.gates))
    }

    /// What the office has to enter at verification, besides parts of the score: each gate of its own once.
    pub fn entered_gates(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for gate in self.every_gate() {
            if let Gate::Entered(name) = gate
                && !names.contains(&name.as_str())
            {
                names.push(name.as_str());
            }
        }
        names
    }

    /// What stands behind the numbers of awards; nothing where several kinds are given, and each says its own.
    pub fn award_unit(&self) -> String {
        let first = self.awards.first().map(AwardRule::counted_in).unwrap_or_default();
        if self.has_several_units() { String::new() } else { first }
    }

    /// Whether awards of several kinds are given: then a sum is said with its units.
    pub fn has_several_units(&self) -> bool {
        self.awards.iter().any(|list| list.counted_in() != self.awards[0].counted_in())
    }

    /// What a reading means, with what the clause has for it.
    pub fn explanation(&self, reading: Reading) -> String {
        let whole = self.deducts_among_all().filter(|_| reading == Reading::Mixed);
        let says = whole.map(|whole| format!("（只有扣分条款写了“{whole}”）")).unwrap_or_default();
        format!("{}{says}", reading.explanation())
    }

    /// 全市, where the words of the clause about deductions have it and those about additions do not.
    fn deducts_among_all(&self) -> Option<&'static str> {
        const WHOLES: [&str; 10] = ["全市", "全省", "全区", "全县", "全州", "全盟", "全旗", "全国", "全镇", "全街道"];
        let parts: Vec<&str> = self.quote.as_deref()?.split(['；', '。', ';']).collect();
        let takes = |part: &str| part.contains(['扣', '减', '罚']);
        let gives = |part: &str| part.contains(['加', '奖']);
        WHOLES.into_iter().find(|whole| {
            let in_one = |part: &&str| takes(part) && !gives(part) && part.contains(whole);
            parts.iter().any(in_one) && !parts.iter().any(|part| gives(part) && part.contains(whole))
        })
    }
}

/// How long a unit may object where the plan does not say.
pub const OBJECTION_DAYS: u32 = 7;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RanksFrom {
    County,
    Bureau,
}

/// A document as it is cited: 榕政综〔2021〕34号《…行动方案》; without a number its title alone, never twice.
pub fn cited(citation: &str, title: &str) -> String {
    let (citation, title) = (citation.trim(), title.trim());
    let numbered = citation.ends_with('号') && citation != title;
    match (numbered, citation.is_empty(), title.is_empty()) {
        (true, _, true) => citation.to_owned(),
        (true, ..) => format!("{citation}《{title}》"),
        (false, true, true) => String::new(),
        (false, true, false) => format!("《{title}》"),
        (false, false, _) => format!("《{}》", citation.trim_start_matches('《').trim_end_matches('》')),
    }
}

impl Plan {
    pub fn goal(&self, id: &str) -> Option<&Goal> {
        self.goals.iter().find(|goal| goal.id == id)
    }

    pub fn assessment(&self, goal: &str) -> Option<&Assessment> {
        self.assessments.iter().find(|assessment| assessment.goal == goal)
    }

    pub fn comparison(&self, id: &str) -> Option<&Comparison> {
        self.comparisons.iter().find(|comparison| comparison.id == id)
    }

    pub fn selection(&self, id: &str) -> Option<&Selection> {
        self.selections.iter().find(|selection| selection.id == id)
    }

    /// The goal shown when nobody names one: the first assessment's, else the first with a figure.
    pub fn default_goal(&self) -> &Goal {
        let assessed = self.assessments.first().and_then(|assessment| self.goal(&assessment.goal));
        let first = || self.goals.iter().find(|goal| goal.has_figure());
        assessed.or_else(first).unwrap_or(&self.goals[0])
    }

    /// What a region of an earlier year is called in this plan: 长乐市 (350182) became 长乐区 (350112).
    pub fn renamed(&self, goal: &str, region: &str) -> RegionId {
        let Some(goal) = self.goal(goal) else { return region.to_owned() };
        if goal.split(region).is_some() {
            return region.to_owned();
        }
        let now = goal.splits.iter().find(|split| split.former.iter().any(|former| fold_name(former) == region));
        now.map_or_else(|| region.to_owned(), |split| split.region.clone())
    }

    /// The rules in force for a goal; the defaults where it is not assessed.
    pub fn rules(&self, goal: &str) -> Rules {
        self.assessment(goal).map(|assessment| assessment.rules).unwrap_or_default()
    }

    /// How the document is cited: its number, else its title, else the plan's title.
    pub fn citation(&self) -> &str {
        let document = &self.document;
        let written = [&document.number, &document.title].into_iter().flatten().map(|text| text.trim());
        written.into_iter().find(|text| !text.is_empty()).unwrap_or(&self.title)
    }

    /// The plan at a period, as titles begin: 2013年1—11月全省工业转型升级专项行动计划, the year not twice.
    pub fn title_at(&self, period: Period) -> String {
        let year = format!("{}年", period.year);
        format!("{}{}", period.title(), self.title.strip_prefix(&year).unwrap_or(&self.title))
    }

    /// What the plan rests on in one phrase: [`cited`] with its title.
    pub fn basis(&self) -> String {
        cited(self.citation(), &self.title)
    }
}
