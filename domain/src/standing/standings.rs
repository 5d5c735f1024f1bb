//! All units of one goal at one period as data, with their total.

use serde::{Deserialize, Serialize};

use super::formed::Formed;
use super::row::{Lamp, Row};
use crate::lookup::Lookup;
use crate::money::{Amount, Measure};
use crate::month::Period;
use crate::plan::check::Finding;
use crate::plan::rules::{RankBy, Reading, Rules};
use crate::plan::{Direction, SplitKind};
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
    pub findings: Vec<Finding>,
    /// How the score was formed that ranks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formed: Option<Formed>,
    /// What the second column of places is by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank_also: Option<RankBy>,
    /// Where each unit's row is.
    #[serde(skip)]
    pub(super) lookup: Lookup,
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

/// The units that are waited for, of all that would be ranked.
#[derive(Debug, Clone)]
pub struct Awaited<'s> {
    pub all: usize,
    /// In the plan's order.
    pub awaited: Vec<&'s Row>,
}

impl Awaited<'_> {
    /// 8个县（市）区中7个未报.
    pub fn sentence(&self, noun: &str) -> String {
        let unreported = self.awaited.iter().all(|row| row.value.is_none() && row.growth.is_none());
        let what = if unreported { "未报" } else { "未报或缺排位所需的数" };
        match self.awaited.len() == self.all {
            true => format!("{}个{noun}均{what}", self.all),
            false => format!("{}个{noun}中{}个{what}", self.all, self.awaited.len()),
        }
    }

    /// 8个县（市）区中7个未报，暂不测算: what stands in the place of places and awards.
    pub fn in_place(&self, noun: &str) -> String {
        format!("{}，暂不测算", self.sentence(noun))
    }
}

/// What “completed” is measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// 若以本期为终: the rule as it stands.
    Target,
    /// 若按序时进度: completed means completion ≥ pace.
    Pace,
}

/// One value per reading.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Readings<T> {
    pub rank_then_filter: T,
    pub filter_then_rank: T,
    pub mixed: T,
}

impl<T> Readings<T> {
    pub(crate) fn each(mut make: impl FnMut(Reading) -> T) -> Self {
        Self {
            rank_then_filter: make(Reading::RankThenFilter),
            filter_then_rank: make(Reading::FilterThenRank),
            mixed: make(Reading::Mixed),
        }
    }

    pub fn get(&self, reading: Reading) -> &T {
        match reading {
            Reading::RankThenFilter => &self.rank_then_filter,
            Reading::FilterThenRank => &self.filter_then_rank,
            Reading::Mixed => &self.mixed,
        }
    }
}

impl Standings {
    /// Whether a unit has done its part: of the year at its end, of the pace before.
    pub fn is_done(&self, row: &Row) -> Option<bool> {
        if self.period.is_year_end() { row.completed } else { row.gap.map(|gap| self.is_on_pace(gap)) }
    }

    /// Whether this gap is on the right side of the pace.
    pub fn is_on_pace(&self, gap: Rate) -> bool {
        if self.direction == Direction::AtMost { !gap.is_positive() } else { !gap.is_negative() }
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
            let figure = Figure {
                value: row.value,
                base: row.base,
                published_growth: row.published_growth,
                note: row.note.clone(),
                source,
            };
            if figure.is_reported() || figure.base.is_some() {
                figures.insert(&self.goal, self.period, &row.region, figure);
            }
        }
        let total = &self.total;
        if let (true, Some(source)) = (total.stated, &total.source) {
            let mut figure =
                Figure { value: total.value, base: total.base, source: source.clone(), ..Figure::default() };
            figure.published_growth = total.growth.filter(|_| total.growth != figure.computed_growth());
            figures.insert(&self.goal, self.period, whole, figure);
        }
    }

    /// What the places are by: a score without weights stands on completion.
    pub fn ranked_by(&self) -> RankBy {
        match self.rules.rank_by {
            RankBy::Score if self.rows.iter().all(|row| row.score.is_none()) => RankBy::Completion,
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

    /// What stands behind the numbers of awards: nothing where each says its own, `None` where nobody has any.
    pub fn award_unit(&self) -> Option<String> {
        let first = self.rows.iter().flat_map(|row| &row.awards).next()?;
        let says_its_own = |(_, points): &(RegionId, String)| points.ends_with(first.unit.as_str());
        let own =
            self.readings.get(self.rules.reading).iter().any(|given| given.1.contains('、') || says_its_own(given));
        Some(if own { String::new() } else { first.unit.clone() })
    }

    /// 台江区（单位能耗未完成）、晋安区（安全事故）按规定不得奖励; `None` where nobody is barred.
    pub fn barred_in_words(&self) -> Option<String> {
        let barred = self.rows.iter().filter(|row| !row.barred.is_empty() && row.is_assessed());
        let named: Vec<String> = barred.map(|row| format!("{}（{}）", row.name, row.barred.join("、"))).collect();
        (!named.is_empty()).then(|| format!("{}按规定不得奖励", named.join("、")))
    }

    pub fn row(&self, region: &str) -> Option<&Row> {
        self.lookup.find(&self.rows, region, |row| &row.region)
    }

    /// Rows with a rank, best first; units on one place keep the plan's order.
    pub fn ranked(&self) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.rows.iter().filter(|row| row.rank.is_some()).collect();
        rows.sort_by_key(|row| row.rank);
        rows
    }

    pub fn count_ranked(&self) -> usize {
        self.rows.iter().filter(|row| row.rank.is_some()).count()
    }

    /// How many share a row's place, itself counted; 0 without a place.
    pub fn sharing(&self, row: &Row) -> usize {
        row.rank.map_or(0, |rank| self.rows.iter().filter(|other| other.rank == Some(rank)).count())
    }

    /// Who would be ranked and lacks what ranks it, while that is most of them: then places and awards say nothing.
    pub fn mostly_awaited(&self) -> Option<Awaited<'_>> {
        let awaited: Vec<&Row> = self.rows.iter().filter(|row| row.is_awaited()).collect();
        let all = self.count_ranked() + awaited.len();
        (awaited.len() * 2 > all).then_some(Awaited { all, awaited })
    }

    pub fn count(&self, lamp: Lamp) -> usize {
        self.rows
            .iter()
            .filter(|row| row.lamp == lamp && row.within.is_none() && row.kind != SplitKind::Department)
            .count()
    }
}
