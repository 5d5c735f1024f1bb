//! Figures → rows: what all rows of one computation share, and one row after another.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::row::{Lamp, Row, Unranked};
use super::standings::{Basis, Total};
use crate::assessment::completed::Parts;
use crate::money::Amount;
use crate::month::Period;
use crate::plan::check::{Finding, pace_unknown};
use crate::plan::rules::{RankBy, Rules};
use crate::plan::{Direction, Goal, Kind, Pace, Plan, Split, SplitKind, Whole};
use crate::rate::Rate;
use crate::region::RegionId;
use crate::returns::{Figure, Figures};

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
    /// The figures of this period, where there are any.
    now: Option<&'a BTreeMap<RegionId, Figure>>,
    /// The total's share of last year's, for those whose own is not known.
    total_share: OnceCell<Option<Rate>>,
}

/// The year's target of a row, or the one over several years; the latter is measured cumulatively.
struct Due {
    value: Option<Amount>,
    growth: Option<Rate>,
    whole: Option<Whole>,
}

impl<'a> Frame<'a> {
    pub(crate) fn new(
        plan: &'a Plan,
        goal: &'a Goal,
        figures: &'a Figures,
        period: Period,
        rules: Rules,
        basis: Basis,
    ) -> Self {
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
        let now = figures.at(&goal.id, period);
        let total_share = OnceCell::new();
        let mut frame = Self {
            plan,
            goal,
            figures,
            period,
            rules,
            basis,
            total: nothing,
            anybody_has_target: false,
            now,
            total_share,
        };
        frame.anybody_has_target = goal.running(period).any(|split| {
            let due = frame.due(split);
            due.value.is_some() || due.growth.is_some()
        });
        frame.total = frame.compute_total();
        frame
    }

    fn figure(&self, region: &str) -> Option<&'a Figure> {
        self.now?.get(region)
    }

    fn compute_total(&self) -> Total {
        let stated = self.figure(self.plan.region.id()).filter(|figure| figure.is_reported());
        let figure = self.total_figure(self.period);
        let target = self.goal.target(self.period.year);
        let whole = self.goal.whole_in(self.period.year);
        let due = Due {
            value: target
                .and_then(|target| target.value)
                .or(whole.map(|whole| whole.value))
                .or(self.goal.implied_target()),
            growth: target.and_then(|target| target.growth),
            whole,
        };
        let region = self.plan.region.id();
        let completion = self.completion(region, &figure, &due);
        let pace = self.total_pace(&figure, &due);
        let gap = self.goal.is_flow().then(|| Some(completion?.minus(pace?))).flatten();
        Total {
            name: self.plan.region.name.clone(),
            stated: stated.is_some(),
            value: figure.value,
            base: figure.base,
            target: due.value,
            target_growth: due.growth,
            whole: whole.map(|whole| (whole.from, whole.to)),
            so_far: self.so_far(region, &figure, &due),
            growth: self.growth(&figure),
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

    pub(super) fn total_incomplete(&self) -> Vec<RegionId> {
        if self.total.stated {
            return Vec::new();
        }
        let without = |split: &&Split| self.figure(&split.region).is_none_or(|figure| figure.value.is_none());
        added_splits(self.goal, self.period).filter(without).map(|split| split.region.clone()).collect()
    }

    fn due(&self, split: &Split) -> Due {
        if split.no_target {
            return Due { value: None, growth: None, whole: None };
        }
        let target = split.target(self.period.year);
        let whole = split.whole_in(self.period.year);
        Due {
            value: target
                .and_then(|target| target.value)
                .or(whole.map(|whole| whole.value))
                .or(self.goal.implied_target()),
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
            Some(whole) if self.goal.is_flow() && !self.goal.is_stock() => {
                let earlier = (whole.from..self.period.year)
                    .map(|year| self.figure_at(Period { year, month: 12 }, region).and_then(|figure| figure.value));
                Some(Amount(value.0 + earlier.sum::<Option<Amount>>()?.0))
            }
            _ => Some(value),
        }
    }

    /// Growth; of a goal that is a growth itself, its own figure.
    fn growth(&self, figure: &Figure) -> Option<Rate> {
        let itself = || {
            let percent = figure.value.filter(|_| self.goal.kind == Kind::Growth)?;
            Rate::of_percent(percent, &self.goal.measure)
        };
        figure.growth().or_else(itself)
    }

    /// The share of a row's target that was due when the year began: that of the years before, where it runs over several.
    pub(crate) fn pace_at_start(&self, split: &Split) -> Rate {
        self.stretched(Rate::ZERO, self.due(split).whole)
    }

    /// The same of the whole's target; of a level, where it stood.
    pub(crate) fn total_pace_at_start(&self) -> Rate {
        let whole = self.goal.whole_in(self.period.year);
        self.along_from_start(self.stretched(Rate::ZERO, whole), self.total.target).unwrap_or(Rate::ZERO)
    }

    /// A share of the way; of a level the share of its target that lies there: start + (target − start) × share.
    fn along_from_start(&self, share: Rate, target: Option<Amount>) -> Option<Rate> {
        let Some(start) = self.goal.meaning.stock.and_then(|stock| stock.start) else { return Some(share) };
        let target = target?;
        let begun = Rate::of(start, target)?;
        let way = Rate::ONE.minus(begun);
        Some(begun.plus(way.times(share.numerator(), share.denominator())))
    }

    /// The share of the way to a milestone: months gone by of those up to it; along the goal's curve within its year.
    fn share_to(&self, due: Period, whole: Option<Whole>) -> Rate {
        if self.period >= due {
            return Rate::ONE;
        }
        let first = whole.map_or(due.year, |whole| whole.from);
        let months = |period: Period| i128::from(period.year - first) * 12 + i128::from(period.month);
        let curved = |month: u32| self.goal.pace.share(month).filter(|_| first == due.year && whole.is_none());
        match (curved(self.period.month), curved(due.month)) {
            (Some(gone), Some(all)) if all.is_positive() => gone.times(all.denominator(), all.numerator()),
            _ => Rate::new(months(self.period).max(0), months(due)).unwrap_or(Rate::ONE),
        }
    }

    /// The share due by now within the span of a target: the year, or all its years.
    fn stretched(&self, share: Rate, whole: Option<Whole>) -> Rate {
        match whole {
            None => share,
            Some(whole) => {
                let years = i128::from(whole.to - whole.from + 1);
                share.plus(Rate::ONE.times(i128::from(self.period.year - whole.from), 1)).times(1, years)
            }
        }
    }

    fn total_pace(&self, figure: &Figure, due: &Due) -> Option<Rate> {
        if !self.goal.is_flow() {
            return None;
        }
        let whole = due.whole;
        if let Some(by) = self.goal.meaning.due {
            return self.along_from_start(self.share_to(by, whole), due.value);
        }
        let share = self
            .goal
            .pace
            .share(self.period.month)
            .or_else(|| self.last_year_share(self.plan.region.id(), figure.base));
        self.along_from_start(self.stretched(share?, whole), due.value)
    }

    fn row_pace(&self, split: &Split, figure: Option<&Figure>, whole: Option<Whole>) -> Option<Rate> {
        // Where a unit's level began is not known.
        if !self.goal.is_flow() || self.goal.is_stock() {
            return None;
        }
        if let Some(by) = self.goal.meaning.due {
            return Some(self.share_to(by, whole));
        }
        let own = || self.last_year_share(&split.region, figure.and_then(|figure| figure.base));
        let of_total = || self.last_year_share(self.plan.region.id(), self.total.base);
        let totals = || *self.total_share.get_or_init(of_total);
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
        let flow = self.goal.is_flow();
        let gap = flow.then(|| Some(completion?.minus(pace?))).flatten();
        let step = known.value.zip(known.base).map(|(value, base)| Amount(value.0 - base.0));
        let contribution = self.goal.kind.adds_up().then(|| Rate::of(step?, self.total.base?)).flatten();
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
            growth: self.growth(known),
            completion,
            pace,
            gap,
            contribution,
            lamp: Lamp::NotAssessed,
            completed: None,
            group: split.group.clone(),
            score: None,
            parts: Vec::new(),
            grade: None,
            rank: None,
            rank_from_bottom: None,
            group_rank: None,
            rank_also: None,
            unranked: self.unranked(split, known, &due, completion),
            barred: Vec::new(),
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
        if !self.goal.is_flow() {
            return match completed {
                Some(true) => Lamp::OnPace,
                Some(false) => Lamp::Behind,
                None => Lamp::NotAssessed,
            };
        }
        match gap {
            None => Lamp::NotAssessed,
            Some(gap) if !self.lag(gap).is_positive() => Lamp::OnPace,
            Some(gap) if gap.abs() <= self.plan.near => Lamp::Near,
            Some(_) => Lamp::Behind,
        }
    }

    /// How far on the wrong side of the pace: below it, or above where lower is better.
    fn lag(&self, gap: Rate) -> Rate {
        if self.goal.direction == Direction::AtMost { gap } else { Rate::ZERO.minus(gap) }
    }

    fn completed(&self, row: &Row, over_years: bool) -> Option<bool> {
        if self.basis == Basis::Pace {
            return row.gap.map(|gap| !self.lag(gap).is_positive());
        }
        Parts::of(&self.rules, self.goal.direction, row, over_years).completed(self.rules.completed_when)
    }

    fn unranked(&self, split: &Split, figure: &Figure, due: &Due, completion: Option<Rate>) -> Option<Unranked> {
        let lifted = split.ranked == Some(true);
        let rank_by = self.rules.rank_by;
        let weighed = self.plan.assessment(&self.goal.id).is_some_and(|assessment| assessment.is_weighed(&self.rules));
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
        } else if !figure.is_reported()
            || (rank_by != RankBy::Growth && figure.value.is_none())
            || (by_completion && completion.is_none())
        {
            Some(Unranked::Missing)
        } else if rank_by == RankBy::Growth && self.growth(figure).is_none() {
            Some(Unranked::NoGrowth)
        } else {
            None
        }
    }

    /// The pace follows last year's, and somebody's is not known.
    pub(super) fn pace_unknown(&self, rows: &[Row]) -> Option<Finding> {
        let unknown = self.goal.pace == Pace::LastYear && rows.iter().any(|row| row.pace.is_none());
        unknown.then(|| pace_unknown(self.goal, Some(self.period)))
    }
}

/// Rows that add up to the total: everything not inside another row, departments and `/` rows included.
fn added_splits(goal: &Goal, period: Period) -> impl Iterator<Item = &Split> {
    goal.running(period).filter(|split| split.within.is_none())
}

/// Σ of the values present; Σ of the bases only when every row with a value has one.
pub(super) fn summed(goal: &Goal, figures: &Figures, period: Period) -> Figure {
    let at = |split: &Split| figures.get(&goal.id, period, &split.region);
    let reported: Vec<&Figure> =
        added_splits(goal, period).filter_map(at).filter(|figure| figure.value.is_some()).collect();
    let add = |amounts: Vec<Option<Amount>>| -> Option<Amount> {
        let amounts: Option<Vec<Amount>> = amounts.into_iter().collect();
        amounts.filter(|amounts| !amounts.is_empty()).map(|amounts| Amount(amounts.iter().map(|amount| amount.0).sum()))
    };
    // Ratios of several units have no sum.
    if !goal.kind.adds_up() {
        return Figure::default();
    }
    Figure {
        value: add(reported.iter().map(|figure| figure.value).collect()),
        base: add(reported.iter().map(|figure| figure.base).collect()),
        ..Figure::default()
    }
}
