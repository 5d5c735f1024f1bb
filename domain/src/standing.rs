//! Facts → one [`Row`] per unit at a period: growth, completion, pace, gap, contribution, lamp, rank, awards.
//!
//! [`compute`] is the one computation behind every page, chart, export, edition and command.

use std::borrow::Cow;

use num_rational::BigRational;
use num_traits::Zero;
use serde::{Deserialize, Serialize};

use crate::assessment::{self, Basis, Readings, Rules, award::Award, completed::Parts};
use crate::money::{Amount, Measure};
use crate::month::Period;
use crate::plan::{Direction, Goal, Pace, Plan, RanksFrom, Split, SplitKind};
use crate::rate::Rate;
use crate::region::RegionId;
use crate::returns::{Figure, Figures, Source};

/// Everything known about one goal of one plan at one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standings {
    pub plan: String,
    pub goal: String,
    pub goal_name: String,
    pub measure: Measure,
    pub flow: bool,
    pub direction: Direction,
    pub period: Period,
    pub rules: Rules,
    /// Whether “completed” means the year's target or this period's pace.
    pub basis: Basis,
    pub provisional: bool,
    pub total: Total,
    /// In the plan's order.
    pub rows: Vec<Row>,
    /// Points per unit under each reading, the other rules unchanged.
    pub readings: Readings<Vec<(RegionId, String)>>,
    /// Units whose completion is not known and that stand on an award's place, under each reading.
    pub undecided: Readings<Vec<RegionId>>,
    /// Units without a value, where the total is a sum.
    pub total_incomplete: Vec<RegionId>,
    pub findings: Vec<crate::plan::check::Finding>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Total {
    pub name: String,
    /// Stated by the office, or summed here.
    pub stated: bool,
    pub value: Option<Amount>,
    pub base: Option<Amount>,
    pub target: Option<Amount>,
    pub target_growth: Option<Rate>,
    /// First and last year of a target over several years; completion and pace then run over all of them.
    pub whole: Option<(i32, i32)>,
    /// What counts against the target: the value, or the values of the years so far.
    pub so_far: Option<Amount>,
    pub growth: Option<Rate>,
    pub completion: Option<Rate>,
    pub pace: Option<Rate>,
    pub gap: Option<Rate>,
    /// What was written beside a stated total.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    pub source: Option<Source>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub region: RegionId,
    pub name: String,
    pub within: Option<RegionId>,
    pub kind: SplitKind,
    /// The plan says “none” for this unit, printed `/`.
    pub no_target: bool,
    pub value: Option<Amount>,
    pub base: Option<Amount>,
    pub published_growth: Option<Rate>,
    pub target: Option<Amount>,
    pub target_growth: Option<Rate>,
    pub growth: Option<Rate>,
    /// value ÷ target, exact.
    pub completion: Option<Rate>,
    pub pace: Option<Rate>,
    /// completion − pace, exact.
    pub gap: Option<Rate>,
    /// (value − base) ÷ the total's base.
    pub contribution: Option<Rate>,
    pub lamp: Lamp,
    /// `None` when a needed figure or target is missing; never guessed.
    pub completed: Option<bool>,
    /// Score in points, where the rule ranks by score and every weight is given.
    #[serde(with = "crate::rate::optional_big")]
    pub score: Option<BigRational>,
    pub rank: Option<usize>,
    pub rank_from_bottom: Option<usize>,
    pub unranked: Option<Unranked>,
    pub awards: Vec<Award>,
    pub note: String,
    pub source: Option<Source>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lamp {
    OnPace,
    Near,
    Behind,
    Missing,
    NotAssessed,
}

impl Lamp {
    pub fn word(self) -> &'static str {
        match self {
            Lamp::OnPace => "达到序时",
            Lamp::Near => "接近序时",
            Lamp::Behind => "滞后",
            Lamp::Missing => "未报",
            Lamp::NotAssessed => "不考核",
        }
    }

    pub fn mark(self) -> &'static str {
        match self {
            Lamp::OnPace => "●",
            Lamp::Near => "▲",
            Lamp::Behind => "■",
            Lamp::Missing => "◇",
            Lamp::NotAssessed => "—",
        }
    }
}

/// Why a unit has no rank, the first that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unranked {
    Within,
    Department,
    NoTarget,
    Missing,
    NoGrowth,
}

impl Unranked {
    pub fn sentence(self) -> &'static str {
        match self {
            Unranked::Within => "含在所属县（市）区内，不单独排位",
            Unranked::Department => "部门或市本级，不与县（市）区排位",
            Unranked::NoTarget => "没有目标，不排位",
            Unranked::Missing => "本期未报，不排位",
            Unranked::NoGrowth => "没有增幅（缺上年同期数或上年同期为零），不排位",
        }
    }
}

/// Computes the standings of `goal` at `period` under `rules`.
pub fn compute(plan: &Plan, goal: &Goal, figures: &Figures, period: Period, rules: Rules) -> Standings {
    compute_with(plan, goal, figures, period, rules, Basis::Target)
}

/// The same with “completed” measured against `basis`.
pub fn compute_with(plan: &Plan, goal: &Goal, figures: &Figures, period: Period, rules: Rules, basis: Basis) -> Standings {
    let lacking = without_bureau(plan, goal, figures, period);
    let ranking = ranking_figures(plan, goal, figures);
    let figures = ranking.as_ref();
    let frame = Frame::new(plan, goal, figures, period, rules, basis);
    let mut rows: Vec<Row> = goal.splits.iter().map(|split| frame.row(split)).collect();
    let assessment = plan.assessment(&goal.id);
    let outcome = assessment::assess(goal, assessment, figures, &rules, &mut rows);
    let mut standings = Standings {
        plan: plan.id.clone(),
        goal: goal.id.clone(),
        goal_name: goal.name.clone(),
        measure: goal.measure.clone(),
        flow: goal.kind.is_flow(),
        direction: goal.direction,
        period,
        rules,
        basis,
        provisional: is_provisional(period, &rows, outcome.undecided.get(rules.reading)),
        total_incomplete: frame.total_incomplete(),
        findings: frame.findings(assessment, &rows).into_iter().chain(lacking).collect(),
        total: frame.total,
        rows,
        readings: outcome.readings,
        undecided: outcome.undecided,
    };
    assessment::trace::fill(plan, &mut standings);
    standings
}

impl Row {
    /// 已完成, 未完成, — where it is not known.
    pub fn completed_text(&self) -> &'static str {
        match self.completed {
            Some(true) => "已完成",
            Some(false) => "未完成",
            None => "—",
        }
    }

    /// It would be ranked, and what ranks it is missing.
    pub fn is_awaited(&self) -> bool {
        matches!(self.unranked, Some(Unranked::Missing | Unranked::NoGrowth))
    }
}

/// The figures that count: the county's, or the statistics bureau's where the plan says so and it has stated some.
pub fn ranking_figures<'f>(plan: &Plan, goal: &Goal, figures: &'f Figures) -> Cow<'f, Figures> {
    let from = plan.assessment(&goal.id).map(|assessment| assessment.ranks_from);
    if from != Some(RanksFrom::Bureau) {
        return Cow::Borrowed(figures);
    }
    let mut ranking = figures.with_bureau(&goal.id);
    // A growth of the whole alone: its amounts are those that would stand there without it.
    let own = plan.region.id();
    for period in ranking.periods(&goal.id) {
        let stated = ranking.get(&goal.id, period, own).filter(|figure| figure.value.is_none() && figure.published_growth.is_some());
        if let Some(stated) = stated.filter(|_| figures.bureau(&goal.id, period, own).is_some()).cloned() {
            let parts = summed(goal, &ranking, period);
            ranking.insert(&goal.id, period, own, Figure { value: parts.value, base: parts.base, ..stated });
        }
    }
    Cow::Owned(ranking)
}

/// Rows that add up to the total: everything not inside another row, departments and `/` rows included.
fn added_splits(goal: &Goal) -> impl Iterator<Item = &Split> {
    goal.splits.iter().filter(|split| split.within.is_none())
}

/// Σ of the values present; Σ of the bases only when every row with a value has one.
fn summed(goal: &Goal, figures: &Figures, period: Period) -> Figure {
    let at = |split: &Split| figures.get(&goal.id, period, &split.region);
    let reported: Vec<&Figure> = added_splits(goal).filter_map(at).filter(|figure| figure.value.is_some()).collect();
    let add = |amounts: Vec<Option<Amount>>| -> Option<Amount> {
        let amounts: Option<Vec<Amount>> = amounts.into_iter().collect();
        amounts.filter(|amounts| !amounts.is_empty()).map(|amounts| Amount(amounts.iter().map(|amount| amount.0).sum()))
    };
    // Ratios of several units have no sum.
    if !goal.kind.is_flow() {
        return Figure::default();
    }
    Figure {
        value: add(reported.iter().map(|figure| figure.value).collect()),
        base: add(reported.iter().map(|figure| figure.base).collect()),
        ..Figure::default()
    }
}

/// Where the bureau's figures rank: who has none yet and counts by the county's.
fn without_bureau(plan: &Plan, goal: &Goal, figures: &Figures, period: Period) -> Option<crate::plan::check::Finding> {
    let bureau = plan.assessment(&goal.id).is_some_and(|assessment| assessment.ranks_from == RanksFrom::Bureau);
    let counts = |split: &&Split| {
        let reported = figures.get(&goal.id, period, &split.region).is_some_and(Figure::is_reported);
        reported && figures.bureau(&goal.id, period, &split.region).is_none()
    };
    let names: Vec<&str> = goal.splits.iter().filter(counts).map(|split| split.name.as_str()).collect();
    (bureau && !figures.published && !names.is_empty()).then(|| {
        let message = format!("按统计部门的数排位；{}尚无统计部门的数，按报送数排位", names.join("、"));
        crate::plan::check::Finding { code: "without_bureau".to_owned(), message, numbers: Default::default() }
    })
}

fn is_provisional(period: Period, rows: &[Row], undecided: &[RegionId]) -> bool {
    let waiting = rows.iter().any(Row::is_awaited);
    !period.is_year_end() || waiting || !undecided.is_empty()
}

/// What all rows of one computation share.
pub(crate) struct Frame<'a> {
    plan: &'a Plan,
    goal: &'a Goal,
    figures: &'a Figures,
    period: Period,
    rules: Rules,
    basis: Basis,
    pub(crate) total: Total,
    anybody_has_target: bool,
}

/// The year's target of a row, or the one over several years; the latter is measured cumulatively.
struct Due {
    value: Option<Amount>,
    growth: Option<Rate>,
    whole: Option<crate::plan::Whole>,
}

impl<'a> Frame<'a> {
    pub(crate) fn new(plan: &'a Plan, goal: &'a Goal, figures: &'a Figures, period: Period, rules: Rules, basis: Basis) -> Self {
        let nothing = Total {
            name: plan.region.name.clone(),
            stated: false,
            value: None,
            base: None,
            target: None,
            target_growth: None,
            whole: None,
            so_far: None,
            growth: None,
            completion: None,
            pace: None,
            gap: None,
            note: String::new(),
            source: None,
        };
        let mut frame = Self { plan, goal, figures, period, rules, basis, total: nothing, anybody_has_target: false };
        frame.anybody_has_target = goal.splits.iter().any(|split| {
            let due = frame.due(split);
            due.value.is_some() || due.growth.is_some()
        });
        frame.total = frame.compute_total();
        frame
    }

    fn figure(&self, region: &str) -> Option<&'a Figure> {
        self.figures.get(&self.goal.id, self.period, region)
    }

    fn compute_total(&self) -> Total {
        let stated = self.figure(self.plan.region.id()).filter(|figure| figure.is_reported());
        let figure = self.total_figure(self.period);
        let target = self.goal.target(self.period.year);
        let whole = self.goal.whole.filter(|whole| whole.is_in_force(self.period.year, target));
        let due = Due {
            value: target.and_then(|target| target.value).or(whole.map(|whole| whole.value)),
            growth: target.and_then(|target| target.growth),
            whole,
        };
        let region = self.plan.region.id();
        let completion = self.completion(region, &figure, &due);
        let pace = self.total_pace(&figure, whole);
        let gap = self.goal.kind.is_flow().then(|| Some(completion?.minus(pace?))).flatten();
        Total {
            name: self.plan.region.name.clone(),
            stated: stated.is_some(),
            value: figure.value,
            base: figure.base,
            target: due.value,
            target_growth: due.growth,
            whole: whole.map(|whole| (whole.from, whole.to)),
            so_far: self.so_far(region, &figure, &due),
            growth: figure.growth(),
            completion,
            pace,
            gap,
            note: stated.map(|figure| figure.note.clone()).unwrap_or_default(),
            source: stated.map(|figure| figure.source.clone()),
        }
    }

    /// The total's figures at any period: stated, else summed.
    fn total_figure(&self, period: Period) -> Figure {
        let stated = self.figures.get(&self.goal.id, period, self.plan.region.id());
        stated.filter(|figure| figure.is_reported()).cloned().unwrap_or_else(|| summed(self.goal, self.figures, period))
    }

    /// The figures of a row, or of the plan's own region: its total.
    fn figure_at(&self, period: Period, region: &str) -> Option<Figure> {
        if region == self.plan.region.id() {
            return Some(self.total_figure(period));
        }
        self.figures.get(&self.goal.id, period, region).cloned()
    }

    fn total_incomplete(&self) -> Vec<RegionId> {
        if self.total.stated {
            return Vec::new();
        }
        let without = |split: &&Split| self.figure(&split.region).is_none_or(|figure| figure.value.is_none());
        added_splits(self.goal).filter(without).map(|split| split.region.clone()).collect()
    }

    fn due(&self, split: &Split) -> Due {
        if split.no_target {
            return Due { value: None, growth: None, whole: None };
        }
        let target = split.target(self.period.year);
        let whole = split.whole_in(self.period.year);
        Due {
            value: target.and_then(|target| target.value).or(whole.map(|whole| whole.value)),
            growth: target.and_then(|target| target.growth),
            whole,
        }
    }

    /// value ÷ target; against a target over several years, the values of the years so far ÷ target.
    fn completion(&self, region: &str, figure: &Figure, due: &Due) -> Option<Rate> {
        Rate::of(self.so_far(region, figure, due)?, due.value?)
    }

    /// What counts against the target.
    fn so_far(&self, region: &str, figure: &Figure, due: &Due) -> Option<Amount> {
        let value = figure.value?;
        match due.whole {
            // A rate over several years is not a sum of years: the newest figure stands for it.
            Some(whole) if self.goal.kind.is_flow() => {
                let earlier = (whole.from..self.period.year)
                    .map(|year| self.figure_at(Period { year, month: 12 }, region).and_then(|figure| figure.value));
                Some(Amount(value.0 + earlier.sum::<Option<Amount>>()?.0))
            }
            _ => Some(value),
        }
    }

    /// The share due by now within the span of a target: the year, or all its years.
    fn stretched(&self, share: Rate, whole: Option<crate::plan::Whole>) -> Rate {
        match whole {
            None => share,
            Some(whole) => {
                let years = i128::from(whole.to - whole.from + 1);
                share.plus(Rate::ONE.times(i128::from(self.period.year - whole.from), 1)).times(1, years)
            }
        }
    }

    fn total_pace(&self, figure: &Figure, whole: Option<crate::plan::Whole>) -> Option<Rate> {
        if !self.goal.kind.is_flow() {
            return None;
        }
        let share = self.goal.pace.share(self.period.month).or_else(|| self.last_year_share(self.plan.region.id(), figure.base));
        share.map(|share| self.stretched(share, whole))
    }

    fn row_pace(&self, split: &Split, figure: Option<&Figure>, whole: Option<crate::plan::Whole>) -> Option<Rate> {
        if !self.goal.kind.is_flow() {
            return None;
        }
        let own = || self.last_year_share(&split.region, figure.and_then(|figure| figure.base));
        let totals = || self.last_year_share(self.plan.region.id(), self.total.base);
        let share = self.goal.pace.share(self.period.month).or_else(own).or_else(totals);
        share.map(|share| self.stretched(share, whole))
    }

    /// This period's base ÷ the value at 1—12月 of the year before.
    fn last_year_share(&self, region: &str, base: Option<Amount>) -> Option<Rate> {
        let year_end = Period { year: self.period.year - 1, month: 12 };
        Rate::of(base?, self.figure_at(year_end, region)?.value?)
    }

    pub(crate) fn row(&self, split: &Split) -> Row {
        let figure = self.figure(&split.region).filter(|figure| figure.is_reported() || figure.base.is_some());
        self.row_from(split, figure)
    }

    /// A row from a figure that need not be the reported one: the what-if asks with other values.
    pub(crate) fn row_from(&self, split: &Split, figure: Option<&Figure>) -> Row {
        let due = self.due(split);
        let nothing = Figure::default();
        let known = figure.unwrap_or(&nothing);
        let completion = self.completion(&split.region, known, &due);
        let pace = self.row_pace(split, figure, due.whole);
        let flow = self.goal.kind.is_flow();
        let gap = flow.then(|| Some(completion?.minus(pace?))).flatten();
        let step = known.value.zip(known.base).map(|(value, base)| Amount(value.0 - base.0));
        let contribution = flow.then(|| Rate::of(step?, self.total.base?)).flatten();
        let mut row = Row {
            region: split.region.clone(),
            name: split.name.clone(),
            within: split.within.clone(),
            kind: split.kind,
            no_target: split.no_target,
            value: known.value,
            base: known.base,
            published_growth: known.published_growth,
            target: due.value,
            target_growth: due.growth,
            growth: known.growth(),
            completion,
            pace,
            gap,
            contribution,
            lamp: Lamp::NotAssessed,
            completed: None,
            score: None,
            rank: None,
            rank_from_bottom: None,
            unranked: self.unranked(split, known, &due, completion),
            awards: Vec::new(),
            note: known.note.clone(),
            source: figure.map(|figure| figure.source.clone()),
        };
        row.completed = self.completed(&row, due.whole.is_some());
        row.lamp = self.lamp(gap, &due, known.is_reported(), row.completed);
        row
    }

    fn lamp(&self, gap: Option<Rate>, due: &Due, reported: bool, completed: Option<bool>) -> Lamp {
        if due.value.is_none() {
            let missing = due.growth.is_some() && !reported;
            return if missing { Lamp::Missing } else { Lamp::NotAssessed };
        }
        if !reported {
            return Lamp::Missing;
        }
        if !self.goal.kind.is_flow() {
            return match completed {
                Some(true) => Lamp::OnPace,
                Some(false) => Lamp::Behind,
                None => Lamp::NotAssessed,
            };
        }
        match gap {
            None => Lamp::NotAssessed,
            Some(gap) if !gap.is_negative() => Lamp::OnPace,
            Some(gap) if gap.abs() <= self.plan.near => Lamp::Near,
            Some(_) => Lamp::Behind,
        }
    }

    fn completed(&self, row: &Row, over_years: bool) -> Option<bool> {
        if self.basis == Basis::Pace {
            return row.gap.map(|gap| !gap.is_negative());
        }
        Parts::of(&self.rules, self.goal.direction, row, over_years).completed(self.rules.completed_when)
    }

    fn unranked(&self, split: &Split, figure: &Figure, due: &Due, completion: Option<Rate>) -> Option<Unranked> {
        use assessment::RankBy;
        let lifted = split.ranked == Some(true);
        let rank_by = self.rules.rank_by;
        let weighed = self.plan.assessment(&self.goal.id).is_some_and(|assessment| assessment::score::is_weighed(&self.rules, assessment));
        let by_completion = rank_by == RankBy::Completion || (rank_by == RankBy::Score && !weighed);
        let no_target = due.value.is_none() && due.growth.is_none();
        if split.within.is_some() && !lifted {
            Some(Unranked::Within)
        } else if (split.kind == SplitKind::Department && !lifted) || split.ranked == Some(false) {
            Some(Unranked::Department)
        } else if split.no_target
            || (no_target && (self.anybody_has_target || rank_by != RankBy::Growth))
            || (by_completion && due.value.is_none())
        {
            Some(Unranked::NoTarget)
        } else if !figure.is_reported() || (rank_by != RankBy::Growth && figure.value.is_none()) || (by_completion && completion.is_none())
        {
            Some(Unranked::Missing)
        } else if rank_by == RankBy::Growth && figure.growth().is_none() {
            Some(Unranked::NoGrowth)
        } else {
            None
        }
    }

    fn findings(&self, assessment: Option<&crate::plan::Assessment>, rows: &[Row]) -> Vec<crate::plan::check::Finding> {
        let mut findings = crate::plan::check::findings_of_goal(self.plan, self.goal);
        findings.extend(assessment.into_iter().flat_map(crate::plan::check::findings_of_assessment));
        let unknown = self.goal.pace == Pace::LastYear && rows.iter().any(|row| row.pace.is_none());
        if unknown {
            findings.push(crate::plan::check::pace_unknown(self.goal, Some(self.period)));
        }
        findings
    }
}

impl std::iter::Sum for Amount {
    fn sum<I: Iterator<Item = Amount>>(iter: I) -> Amount {
        Amount(iter.map(|amount| amount.0).sum())
    }
}

impl Standings {
    /// Whether a unit has done its part: of the year at its end, of the pace before.
    pub fn is_done(&self, row: &Row) -> Option<bool> {
        if self.period.is_year_end() { row.completed } else { row.gap.map(|gap| !gap.is_negative()) }
    }

    /// The word beside a unit's lamp: at the year's end it is the target that counts, and no pace.
    pub fn lamp_word(&self, row: &Row) -> &'static str {
        match (self.period.is_year_end() && row.gap.is_some(), row.completed) {
            (true, Some(true)) => "已完成",
            (true, Some(false)) => "未完成",
            _ => row.lamp.word(),
        }
    }

    /// What a unit gets under the reading in force, as printed; `—` for nothing.
    pub fn points_of(&self, region: &str) -> String {
        crate::bulletin::words::awarded(self.readings.get(self.rules.reading), region)
    }

    /// The figures these standings were computed from, as far as they show them; `whole` is the region of the total.
    pub fn figures_into(&self, whole: &str, figures: &mut Figures) {
        for row in &self.rows {
            let source = row.source.clone().unwrap_or_default();
            let figure =
                Figure { value: row.value, base: row.base, published_growth: row.published_growth, note: row.note.clone(), source };
            if figure.is_reported() || figure.base.is_some() {
                figures.insert(&self.goal, self.period, &row.region, figure);
            }
        }
        let total = &self.total;
        if let (true, Some(source)) = (total.stated, &total.source) {
            let mut figure = Figure { value: total.value, base: total.base, source: source.clone(), ..Figure::default() };
            figure.published_growth = total.growth.filter(|_| total.growth != figure.computed_growth());
            figures.insert(&self.goal, self.period, whole, figure);
        }
    }

    /// What the places are by: a score without weights stands on completion.
    pub fn ranked_by(&self) -> assessment::RankBy {
        match self.rules.rank_by {
            assessment::RankBy::Score if self.rows.iter().all(|row| row.score.is_none()) => assessment::RankBy::Completion,
            by => by,
        }
    }

    /// The same figures, places and awards, wherever they came from.
    pub fn same_results(&self, other: &Standings) -> bool {
        let bare = |standings: &Standings| {
            let mut bare = standings.clone();
            bare.total.source = None;
            for row in &mut bare.rows {
                row.source = None;
                row.awards.iter_mut().for_each(|award| award.trace.clear());
            }
            bare
        };
        bare(self) == bare(other)
    }

    pub fn row(&self, region: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.region == region)
    }

    /// Rows with a rank, best first; units on one place keep the plan's order.
    pub fn ranked(&self) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.rows.iter().filter(|row| row.rank.is_some()).collect();
        rows.sort_by_key(|row| row.rank);
        rows
    }

    pub fn count(&self, lamp: Lamp) -> usize {
        self.rows.iter().filter(|row| row.lamp == lamp && row.within.is_none() && row.kind != SplitKind::Department).count()
    }
}

impl Row {
    /// The sum of the unit's awards; `None` when it has none.
    pub fn points(&self) -> Option<BigRational> {
        (!self.awards.is_empty()).then(|| self.awards.iter().fold(BigRational::zero(), |sum, award| sum + &award.points))
    }

    /// Completion as printed beside the decision: more digits while a rounded figure would contradict it.
    pub fn completion_text(&self) -> Option<String> {
        self.completion.map(|completion| completion.percent_beside(Rate::ONE, 1))
    }

    /// The gap as printed beside the lamp, likewise.
    pub fn gap_text(&self, near: Rate) -> Option<String> {
        self.gap.map(|gap| gap_text(gap, near))
    }
}

/// A gap in 个百分点, with more digits while the rounded figure would light another lamp.
pub fn gap_text(gap: Rate, near: Rate) -> String {
    let side = |gap: Rate| (gap.is_negative(), gap.is_negative() && gap.abs() > near);
    let digits = (1..=8).find(|&digits| side(gap.rounded(digits)) == side(gap)).unwrap_or(8);
    gap.percent_on_page(digits)
}
