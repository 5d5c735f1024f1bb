//! Reported figures: what a unit states for a goal and a cumulative period, and where each came from.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::money::{Amount, Measure};
use crate::month::Period;
use crate::rate::Rate;
use crate::region::RegionId;

/// The figures in force of one unit, goal and period.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Figure {
    /// Cumulative value.
    pub value: Option<Amount>,
    /// Same period of the year before.
    pub base: Option<Amount>,
    /// Growth as the statistics bureau publishes it (可比口径); ranks where present.
    pub published_growth: Option<Rate>,
    pub note: String,
    pub source: Source,
}

/// Where a figure came from: what a reader of the bulletin sees when opening a number. Its texts are shared: thousands
/// of figures come from one file by one person.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Source {
    /// 1 for the first report, higher for corrections; 0 outside a database.
    pub revision: u32,
    /// UTC milliseconds.
    pub recorded_at: Option<i64>,
    pub by: Option<Arc<str>>,
    pub file: Option<Arc<str>>,
    pub line: Option<u32>,
    /// Why an earlier figure was replaced.
    pub reason: Option<Arc<str>>,
}

/// A figure on its way in: of a unit, goal and period, from a line of a file or a row of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct ReturnRow {
    /// Line of the file, counted from 1; 0 where it came by a form.
    pub line: usize,
    pub goal: String,
    pub region: RegionId,
    pub period: Period,
    pub figure: Figure,
}

impl Figure {
    /// The growth that ranks: published, else value ÷ base − 1.
    pub fn growth(&self) -> Option<Rate> {
        self.published_growth.or_else(|| self.computed_growth())
    }

    pub fn computed_growth(&self) -> Option<Rate> {
        Rate::growth(self.value?, self.base?)
    }

    /// Nothing at all: a figure that was taken back.
    pub fn is_blank(&self) -> bool {
        self.value.is_none() && self.base.is_none() && self.published_growth.is_none()
    }

    /// A base alone says nothing about this year: such a row counts as not reported.
    pub fn is_reported(&self) -> bool {
        self.value.is_some() || self.published_growth.is_some()
    }

    /// The same figures, whatever their source.
    pub fn same_figures(&self, other: &Figure) -> bool {
        self.value == other.value
            && self.base == other.base
            && self.published_growth == other.published_growth
            && self.note == other.note
    }
}

impl Source {
    /// `第2次报送，2021年6月5日 09:30，returns.csv 第7行`.
    pub fn describe(&self) -> String {
        let mut parts = Vec::new();
        if self.revision > 0 {
            parts.push(format!("第{}次报送", self.revision));
        }
        if let Some(millis) = self.recorded_at {
            let at = crate::calendar::at_shanghai(millis);
            parts.push(format!("{} {}", crate::calendar::chinese_date(at.date_naive()), at.format("%H:%M")));
        }
        if let Some(by) = &self.by {
            parts.push(by.to_string());
        }
        match (&self.file, self.line) {
            (Some(file), Some(line)) => parts.push(format!("{file} 第{line}行")),
            (Some(file), None) => parts.push(file.to_string()),
            _ => {}
        }
        if let Some(reason) = &self.reason {
            let what = if self.revision > 1 { "更正原因" } else { "原因" };
            parts.push(format!("{what}：{reason}"));
        }
        if parts.is_empty() { "来源未记录".to_owned() } else { parts.join("，") }
    }
}

/// What the statistics bureau states of a unit (or of the whole), recorded by the office beside the county's figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BureauFigure {
    pub value: Option<Amount>,
    pub base: Option<Amount>,
    pub published_growth: Option<Rate>,
    /// The publication it was taken from, and its date.
    pub publication: String,
    pub dated: chrono::NaiveDate,
    /// 1 for the first record, higher for later ones.
    pub version: u32,
    /// Why an earlier record was replaced.
    pub reason: Option<String>,
    /// UTC milliseconds.
    pub recorded_at: i64,
    pub by: String,
}

impl BureauFigure {
    /// A record that was cleared again: it counts as none.
    pub fn is_empty(&self) -> bool {
        self.value.is_none() && self.base.is_none() && self.published_growth.is_none()
    }

    /// The figure that ranks where the plan says `ranks_from = "bureau"`: the bureau's value with the bureau's base,
    /// or, where it states only a growth, that growth with the county's value.
    pub fn over(&self, county: Option<&Figure>) -> Figure {
        let county = county.cloned().unwrap_or_default();
        let by = format!("{}（{}），{}登记", self.publication, crate::calendar::chinese_date(self.dated), self.by);
        let source = Source {
            recorded_at: Some(self.recorded_at),
            by: Some(by.into()),
            reason: self.reason.as_deref().map(Arc::from),
            ..Source::default()
        };
        let (value, base) = if self.value.is_some() { (self.value, self.base) } else { (county.value, county.base) };
        Figure { value, base, published_growth: self.published_growth, note: county.note, source }
    }
}

/// The figures of one period by region. Copies share them until something changes in them.
pub type Rows = Arc<BTreeMap<RegionId, Figure>>;

/// By goal, period and region. A copy shares the periods in which nothing changes: a plan of five years has sixty.
type ByKey<T> = BTreeMap<String, BTreeMap<Period, Arc<BTreeMap<RegionId, T>>>>;

/// The same text in the place of its equal.
fn share(texts: &mut HashSet<Arc<str>>, text: &mut Arc<str>) {
    match texts.get(text) {
        Some(known) => text.clone_from(known),
        None => {
            texts.insert(Arc::clone(text));
        }
    }
}

/// The rows of one period, made where there are none.
fn entry<'k, T: Clone>(all: &'k mut ByKey<T>, goal: &str, period: Period) -> &'k mut BTreeMap<RegionId, T> {
    Arc::make_mut(all.entry(goal.to_owned()).or_default().entry(period).or_default())
}

/// All figures in force of one plan, by goal, period and region.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    by_key: ByKey<Figure>,
    /// The statistics bureau's, likewise.
    bureau: ByKey<BureauFigure>,
    /// These are what editions hold: the bureau's figures are in them already.
    pub(crate) published: bool,
    /// Shares of a score entered at verification, by goal, region and component.
    entered: BTreeMap<String, BTreeMap<RegionId, BTreeMap<String, Rate>>>,
}

impl Figures {
    /// Whether these are what editions hold.
    pub fn is_published(&self) -> bool {
        self.published
    }

    /// To be filled with what editions hold.
    pub fn published() -> Self {
        Self { published: true, ..Self::default() }
    }

    /// Returns the figure that stood there before.
    pub fn insert(&mut self, goal: &str, period: Period, region: &str, figure: Figure) -> Option<Figure> {
        entry(&mut self.by_key, goal, period).insert(region.to_owned(), figure)
    }

    pub fn get(&self, goal: &str, period: Period, region: &str) -> Option<&Figure> {
        self.at(goal, period)?.get(region)
    }

    /// The figures of a period by region; `None` where there is none at all.
    pub fn at(&self, goal: &str, period: Period) -> Option<&BTreeMap<RegionId, Figure>> {
        self.rows(goal, period).map(Arc::as_ref)
    }

    /// The same, to be kept: while it is the same allocation, nothing in it has changed.
    pub fn rows(&self, goal: &str, period: Period) -> Option<&Rows> {
        self.by_key.get(goal)?.get(&period)
    }

    pub fn record_bureau(&mut self, goal: &str, period: Period, region: &str, figure: BureauFigure) {
        entry(&mut self.bureau, goal, period).insert(region.to_owned(), figure);
    }

    pub fn forget_bureau(&mut self, goal: &str, period: Period, region: &str) {
        if let Some(rows) = self.bureau.get_mut(goal).and_then(|periods| periods.get_mut(&period)) {
            Arc::make_mut(rows).remove(region);
        }
    }

    /// The newest record, also one that was cleared again.
    pub fn bureau_record(&self, goal: &str, period: Period, region: &str) -> Option<&BureauFigure> {
        self.bureau.get(goal)?.get(&period)?.get(region)
    }

    /// What the bureau states, where it states something.
    pub fn bureau(&self, goal: &str, period: Period, region: &str) -> Option<&BureauFigure> {
        self.bureau_record(goal, period, region).filter(|stated| !stated.is_empty())
    }

    /// Takes a figure out: nothing stands there any more.
    pub fn remove(&mut self, goal: &str, period: Period, region: &str) {
        let Some(periods) = self.by_key.get_mut(goal) else { return };
        if let Some(rows) = periods.get_mut(&period) {
            Arc::make_mut(rows).remove(region);
            if rows.is_empty() {
                periods.remove(&period);
            }
        }
    }

    /// The same with the bureau's figures of a goal in the place of the county's.
    pub fn with_bureau(&self, goal: &str) -> Figures {
        let mut figures = Figures {
            by_key: self.by_key.clone(),
            bureau: BTreeMap::new(),
            published: self.published,
            entered: self.entered.clone(),
        };
        for (period, rows) in self.bureau.get(goal).into_iter().flatten() {
            for (region, stated) in rows.iter().filter(|(_, stated)| !stated.is_empty()) {
                let ranking = stated.over(self.get(goal, *period, region));
                figures.insert(goal, *period, region, ranking);
            }
        }
        figures
    }

    /// Adds what another plan holds for one year of some cells, where nothing stands yet: goal, region there, and what
    /// the region is called here.
    pub fn take_year(&mut self, other: &Figures, year: i32, cells: &[(String, RegionId, RegionId)]) {
        for (goal, region, here) in cells {
            for period in other.periods(goal).into_iter().filter(|period| period.year == year) {
                let Some(figure) = other.get(goal, period, region) else { continue };
                if self.get(goal, period, here).is_none() {
                    self.insert(goal, period, here, figure.clone());
                }
            }
        }
    }

    pub fn enter_score(&mut self, goal: &str, region: &str, component: &str, share: Rate) {
        let regions = self.entered.entry(goal.to_owned()).or_default();
        regions.entry(region.to_owned()).or_default().insert(component.to_owned(), share);
    }

    pub fn entered_score(&self, goal: &str, region: &str, component: &str) -> Option<Rate> {
        self.entered.get(goal)?.get(region)?.get(component).copied()
    }

    /// Gives back what filling it took: rows that came in their order leave each node of a tree half empty, and each
    /// brings its own copy of who and which file; a province of five years has hundreds of thousands.
    pub fn settle(&mut self) {
        let mut texts = HashSet::new();
        for rows in self.by_key.values_mut().flat_map(BTreeMap::values_mut) {
            // What a copy holds was settled before.
            if let Some(rows) = Arc::get_mut(rows) {
                *rows = std::mem::take(rows).into_iter().collect();
                for figure in rows.values_mut() {
                    let Source { by, file, reason, .. } = &mut figure.source;
                    [by, file, reason].into_iter().flatten().for_each(|text| share(&mut texts, text));
                }
            }
        }
    }

    /// Periods with at least one figure, rising.
    pub fn periods(&self, goal: &str) -> Vec<Period> {
        self.by_key.get(goal).map(|periods| periods.keys().copied().collect()).unwrap_or_default()
    }

    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// The newest earlier period of the same year in which the unit reported a value.
    pub fn previous_value(&self, goal: &str, period: Period, region: &str) -> Option<(Period, Amount)> {
        let periods = self.by_key.get(goal)?;
        let start = Period { year: period.year, month: 1 };
        periods.range(start..period).rev().find_map(|(at, rows)| Some((*at, rows.get(region)?.value?)))
    }

    /// The first later period of the same year in which the unit reported a value.
    pub fn next_value(&self, goal: &str, period: Period, region: &str) -> Option<(Period, Amount)> {
        let periods = self.by_key.get(goal)?;
        let end = Period { year: period.year + 1, month: 1 };
        let mut later = periods.range(period..end).filter(|(at, _)| **at > period);
        later.find_map(|(at, rows)| Some((*at, rows.get(region)?.value?)))
    }
}

/// From this factor on, a step between two months can only be a mistaken unit (万元 and 亿元 differ by 10 000).
const UNIT_SLIP: i64 = 2_000;

/// The sentence for a figure that is about 10 000 times last month's (or its ten-thousandth), if it is.
pub fn unit_slip(measure: &Measure, value: Amount, previous_period: Period, previous: Amount) -> Option<String> {
    if previous.0 <= 0 || value.0 <= 0 || !measure.money {
        return None;
    }
    let (larger, smaller) = (value.0.max(previous.0), value.0.min(previous.0));
    let other = if measure.per_unit == 10_000 { "亿元" } else { "万元" };
    (larger / smaller >= UNIT_SLIP).then(|| {
        format!(
            "{} 与{}的 {} 相差 {} 倍（都折合成{}），是否其中一个按{other}填了？请核对单位",
            measure.visible_with_unit(value),
            previous_period.months(),
            measure.visible_with_unit(previous),
            larger / smaller,
            measure.unit,
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousand_times_last_month_is_a_mistaken_unit() {
        let measure = Measure::money("亿元").unwrap();
        let april = Period::parse("2021-04").unwrap();
        let check = |value: &str, previous: &str| {
            unit_slip(&measure, measure.parse(value).unwrap(), april, measure.parse(previous).unwrap())
        };
        assert!(check("71000", "5.6").unwrap().contains("万元"));
        assert!(check("0.00071", "5.6").unwrap().contains("万元"));
        assert_eq!(check("560", "5.6"), None);
        assert_eq!(check("5.6", "0"), None);
    }
}
