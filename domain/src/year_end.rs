//! The year's end: self-assessment beside verification, objections, and what must hold before the assessment is closed.
//!
//! Awards come from the verified figures. The basis is 闽政办〔2013〕 (self-review in January, check in February) and
//! the year-end acceptance of 榕政综〔2021〕34号 四、（三）.

use serde::{Deserialize, Serialize};

use crate::bulletin::columns::Columns;
use crate::bulletin::tables::Table;
use crate::bulletin::words;
use crate::money::Amount;
use crate::month::Period;
use crate::plan::{Goal, Plan, SplitKind};
use crate::rate::Rate;
use crate::region::RegionId;
use crate::returns::{Figure, Figures, Source};
use crate::shown::Shown;
use crate::standing::{Row, Standings, compute};

/// Who states a figure of the year's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stated {
    /// 自评: by the unit, in January.
    #[serde(rename = "self")]
    Own,
    /// 核验: by the office, in February.
    Verified,
}

impl Stated {
    pub fn id(self) -> &'static str {
        match self {
            Stated::Own => "self",
            Stated::Verified => "verified",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Stated::Own => "自评",
            Stated::Verified => "核验",
        }
    }
}

/// A unit's figures of the whole year, as stated by itself or by the office; the highest version counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearEndFigure {
    pub region: RegionId,
    pub stated: Stated,
    pub version: u32,
    pub value: Option<Amount>,
    pub base: Option<Amount>,
    pub published_growth: Option<Rate>,
    /// Entered parts of a score: name and share, 1 for full marks.
    pub shares: Vec<(String, Rate)>,
    pub remark: String,
    /// UTC milliseconds.
    pub at: i64,
    pub by: String,
}

impl YearEndFigure {
    pub fn growth(&self) -> Option<Rate> {
        self.published_growth.or_else(|| Rate::growth(self.value?, self.base?))
    }
}

/// The newest figure of a unit by one who states it.
pub fn newest<'y>(stated: &'y [YearEndFigure], region: &str, by: Stated) -> Option<&'y YearEndFigure> {
    stated.iter().filter(|figure| figure.region == region && figure.stated == by).max_by_key(|figure| figure.version)
}

/// The figures with the verified ones in the place of those reported for 1—12月.
pub fn verified(goal: &Goal, figures: &Figures, year: i32, stated: &[YearEndFigure]) -> Figures {
    let mut after = figures.clone();
    let period = Period { year, month: 12 };
    for split in &goal.splits {
        let Some(found) = newest(stated, &split.region, Stated::Verified) else { continue };
        let source = Source {
            recorded_at: Some(found.at),
            by: Some(format!("年终核验，{}", found.by).into()),
            ..Source::default()
        };
        let figure = Figure {
            value: found.value,
            base: found.base,
            published_growth: found.published_growth,
            note: found.remark.clone(),
            source,
        };
        after.forget_bureau(&goal.id, period, &split.region);
        after.insert(&goal.id, period, &split.region, figure);
        for (component, share) in &found.shares {
            after.enter_score(&goal.id, &split.region, component, *share);
        }
    }
    after
}

/// The year's standings as they count for the awards.
pub fn standings(plan: &Plan, goal: &Goal, figures: &Figures, year: i32, stated: &[YearEndFigure]) -> Standings {
    let figures = verified(goal, figures, year, stated);
    compute(plan, goal, &figures, Period { year, month: 12 }, plan.rules(&goal.id))
}

/// The units that are verified at the year's end: those that can be ranked.
pub fn to_verify(goal: &Goal, year: i32) -> impl Iterator<Item = &crate::plan::Split> {
    goal.running(Period { year, month: 12 }).filter(|split| {
        let ranked = split.ranked.unwrap_or(split.within.is_none() && split.kind != SplitKind::Department);
        ranked && !split.no_target
    })
}

/// The year's result as it is frozen when the assessment is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearResult {
    pub format: u32,
    pub plan_version: crate::bulletin::PlanSource,
    pub year: i32,
    /// The newest edition of 1—12月 and its SHA-256.
    pub edition: u32,
    pub edition_sha256: String,
    /// From the verified figures, with the awards and their traces.
    pub standings: Standings,
    /// What was verified, newest versions.
    pub verified: Vec<YearEndFigure>,
    /// The result that this one takes the place of, opened again by two persons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Replaced>,
}

/// A result that was closed and opened again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    pub sha256: String,
    /// The day it was closed.
    pub closed_on: chrono::NaiveDate,
    /// Why it was opened again.
    pub reason: String,
}

impl Replaced {
    /// As pages and papers say it.
    pub fn sentence(&self) -> String {
        let day = crate::calendar::chinese_date(self.closed_on);
        format!("本结果替代{day}办结的结果（SHA-256 {}…），重开核定的原因：{}", &self.sha256[..16], self.reason)
    }
}

impl YearResult {
    /// As pages, papers and files show it: in the order of the plan, who was not verified with what he reported.
    pub fn table(&self, near: Rate) -> Table {
        let standings = &self.standings;
        let printed = Columns::fitting(standings, near);
        let reached = printed.reached();
        let header = vec![
            "单位".to_owned(),
            format!("核验的全年数（{}）", standings.measure.unit),
            printed.head(reached),
            "是否完成".to_owned(),
            "同比增长".to_owned(),
            "位次".to_owned(),
            words::award_head("结果", &standings.award_unit().unwrap_or_default()),
        ];
        let line = |row: &Row| {
            let stated = self.verified.iter().any(|figure| figure.region == row.region);
            vec![
                format!("{}{}", row.name, if stated { "" } else { "（报送数）" }),
                row.value.map(|value| standings.measure.format(value)).or_dash(),
                printed.cell(reached, row).or_dash(),
                row.completed_text().to_owned(),
                row.growth.map(|growth| format!("{}%", growth.percent_on_page(2))).or_dash(),
                row.rank.or_dash(),
                standings.points_of(&row.region),
            ]
        };
        Table { header, rows: standings.rows.iter().map(line).collect() }
    }

    /// The same but for what another release may word otherwise, or did not keep: the traces, what is
    /// noted about the plan, and how a score was formed.
    pub fn agrees(&self, other: &YearResult) -> bool {
        let bare = |result: &YearResult| {
            let mut bare = result.clone();
            bare.standings.findings.clear();
            bare.standings.formed = None;
            for row in &mut bare.standings.rows {
                row.parts.clear();
                row.awards.iter_mut().for_each(|award| award.trace.clear());
            }
            bare
        };
        bare(self) == bare(other)
    }
}

/// The first day on which a unit may assess itself, and the last: 1 January to the plan's day, 31 January by default.
pub fn self_assessment_days(by: Option<(u32, u32)>, year: i32) -> Option<(chrono::NaiveDate, chrono::NaiveDate)> {
    let (month, day) = by.unwrap_or((1, 31));
    Some((chrono::NaiveDate::from_ymd_opt(year + 1, 1, 1)?, chrono::NaiveDate::from_ymd_opt(year + 1, month, day)?))
}

/// What an objection is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    Figure,
    Award,
}

impl About {
    pub const ALL: [About; 2] = [About::Figure, About::Award];

    pub fn id(self) -> &'static str {
        match self {
            About::Figure => "figure",
            About::Award => "award",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            About::Figure => "数据",
            About::Award => "加减分",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|about| about.id() == text)
    }
}

/// How an objection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectionOutcome {
    Upheld,
    Rejected,
    /// Taken back by the unit.
    Withdrawn,
}

impl ObjectionOutcome {
    pub const ALL: [ObjectionOutcome; 3] =
        [ObjectionOutcome::Upheld, ObjectionOutcome::Rejected, ObjectionOutcome::Withdrawn];

    pub fn id(self) -> &'static str {
        match self {
            ObjectionOutcome::Upheld => "upheld",
            ObjectionOutcome::Rejected => "rejected",
            ObjectionOutcome::Withdrawn => "withdrawn",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            ObjectionOutcome::Upheld => "异议成立",
            ObjectionOutcome::Rejected => "异议不成立",
            ObjectionOutcome::Withdrawn => "单位撤回",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.id() == text)
    }
}

const DAY: i64 = 24 * 60 * 60 * 1000;

/// The first instant at which an objection is too late: so many whole days after the day of `from`, in Asia/Shanghai.
pub fn objection_end(from: i64, days: u32) -> i64 {
    const SHANGHAI: i64 = 8 * 60 * 60 * 1000;
    let midnight = (from + SHANGHAI).div_euclid(DAY) * DAY - SHANGHAI;
    midnight + (i64::from(days) + 1) * DAY
}

/// What is known when somebody wants to close an assessment.
pub struct Closing<'a> {
    pub goal: &'a Goal,
    pub standings: &'a Standings,
    pub stated: &'a [YearEndFigure],
    /// The newest edition of 1—12月.
    pub edition: Option<u32>,
    /// The last day for self-assessment, while it runs and somebody has not assessed itself.
    pub self_assessment_until: Option<chrono::NaiveDate>,
    /// Numbers of objections without an answer.
    pub open_objections: &'a [u32],
    /// The first instant after every term for objections, where one still runs.
    pub objections_until: Option<i64>,
    /// A reading that somebody proposed and nobody answered.
    pub reading_proposed: bool,
}

/// Everything that keeps the assessment open, as sentences; empty when it can be closed.
pub fn obstacles(closing: &Closing<'_>) -> Vec<String> {
    let mut found = Vec::new();
    if closing.edition.is_none() {
        found.push("1—12月的通报还没有发布".to_owned());
    }
    if let Some(day) = closing.self_assessment_until {
        found.push(format!("自评还没有截止（{}）", crate::calendar::chinese_date(day)));
    }
    let unverified: Vec<&str> = to_verify(closing.goal, closing.standings.period.year)
        .filter(|split| newest(closing.stated, &split.region, Stated::Verified).is_none())
        .map(|split| split.name.as_str())
        .collect();
    let undecided = closing.standings.undecided.get(closing.standings.rules.reading);
    let undecided: Vec<&str> =
        undecided.iter().filter_map(|region| closing.standings.row(region)).map(|row| row.name.as_str()).collect();
    let missing: Vec<&str> =
        closing.standings.rows.iter().filter(|row| row.is_awaited()).map(|row| row.name.as_str()).collect();
    for (what, names) in [("还没有核验", unverified), ("是否完成无法判定", undecided), ("没有数或没有增幅", missing)]
    {
        if !names.is_empty() {
            found.push(format!("{what}：{}", names.join("、")));
        }
    }
    if closing.standings.findings.iter().any(|finding| finding.code == "weights_missing") {
        found.push("得分的权重还没有补齐".to_owned());
    }
    if !closing.open_objections.is_empty() {
        let numbers: Vec<String> = closing.open_objections.iter().map(|number| format!("第{number}号")).collect();
        found.push(format!("异议还没有答复：{}", numbers.join("、")));
    }
    if let Some(until) = closing.objections_until {
        let day = crate::calendar::chinese_date(crate::calendar::at_shanghai(until - 1).date_naive());
        found.push(format!("异议期未满，到{day}24:00"));
    }
    if closing.reading_proposed {
        found.push("条款读法的改动还没有第二人确认".to_owned());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis()
    }

    #[test]
    fn the_term_for_objections_ends_at_midnight_in_shanghai() {
        assert_eq!(objection_end(at("2022-01-20T23:59:59.999+08:00"), 7), at("2022-01-28T00:00:00+08:00"));
        assert_eq!(objection_end(at("2022-01-21T00:00:00+08:00"), 7), at("2022-01-29T00:00:00+08:00"));
        assert_eq!(objection_end(at("2022-01-20T16:00:00Z"), 0), at("2022-01-22T00:00:00+08:00"));
    }
}
