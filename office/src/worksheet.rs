//! 审核工作表: the returns of a round side by side, each figure with what a reviewer compares it with.

use std::collections::{BTreeMap, BTreeSet};

use domain::entry::{
    Cell, Content, ContentRow, Derived, Doubt, EntryCheck, EntryLine, Field, Typed, check, lines_by_unit,
};
use domain::money::Amount;
use domain::month::Period;
use domain::plan::{Plan, Round};
use domain::rate::Rate;
use domain::returns::{BureauFigure, Figure, Figures};
use domain::workflow::State;

use crate::facts::{Draft, Unavailable, UnitState};
use crate::ports::Facts;
use crate::reports::unit_states;

/// A figure as its unit handed it in, or as it came by a file; of a draft nothing is known outside its unit.
#[derive(Debug, Clone)]
pub struct WorkRow {
    pub line: EntryLine,
    pub figure: Option<Figure>,
    pub derived: Derived,
    /// 上期同比: the growth of the newest earlier figure of the year.
    pub growth_before: Option<Rate>,
    pub bureau: Option<BureauFigure>,
    pub trend: Trend,
    /// The sentences it was handed in with, and which check each is of.
    pub doubts: Vec<(Option<Doubt>, String)>,
    pub note: String,
    pub question: String,
    pub answer: String,
}

/// A row through the year, up to this period: its growth, or how far it got where nothing is known of last year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trend {
    pub name: &'static str,
    pub points: Vec<(Period, Rate)>,
}

/// A unit's return: its rows, and what is doubtful about its projects.
#[derive(Debug, Clone)]
pub struct WorkUnit {
    pub state: UnitState,
    pub rows: Vec<WorkRow>,
    /// A project's name, and what is doubtful about it.
    pub projects: Vec<(String, Vec<String>)>,
}

impl WorkUnit {
    /// Whether it can be approved beside others: what corrects an approved return is looked at by itself, with all that
    /// it moves, and nobody approves his own work.
    pub fn is_for(&self, account: i64) -> bool {
        self.state.state == State::Signed && !self.state.signed_by(account) && !self.state.corrects
    }
}

/// A unit with those of its rows that are shown: all, or those of one goal.
#[derive(Debug, Clone)]
pub struct Listed<'w> {
    pub unit: &'w WorkUnit,
    pub rows: Vec<&'w WorkRow>,
}

impl Listed<'_> {
    /// How far the bureau's figure is from the unit's, of the first row that has both.
    fn difference(&self) -> Option<Amount> {
        self.rows.iter().find_map(|row| {
            let (ours, theirs) = (row.figure.as_ref()?.value?, row.bureau.as_ref()?.value?);
            Some(Amount(theirs.0 - ours.0))
        })
    }
}

/// A round's returns, with what is said of all of them.
#[derive(Debug, Clone, Default)]
pub struct Worksheet {
    pub units: Vec<WorkUnit>,
    pub common: Vec<Common>,
    pub hints: Hints,
}

/// A doubt that more than half of the units have about one goal: its cause is hardly each unit's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Common {
    pub goal: String,
    pub goal_name: String,
    pub doubt: Doubt,
    /// Who has it.
    pub names: Vec<String>,
}

/// What became of the doubts that units were told while they typed; of units that have handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hints {
    pub fired: usize,
    /// The figure was typed anew, and the doubt was gone.
    pub changed: usize,
    /// It stands in what was handed in, with an explanation.
    pub explained: usize,
}

/// Puts a round's worksheet together.
pub async fn worksheet(facts: &mut dyn Facts, plan: &Plan, round: &Round, now: i64) -> Result<Worksheet, Unavailable> {
    let states = unit_states(facts, plan, std::slice::from_ref(round), now).await?.remove(0);
    let figures = facts.figures(&plan.id).await?;
    let mut lines = lines_by_unit(plan, round, &figures);
    let mut rows = |state: &UnitState| lines.remove(&state.unit).unwrap_or_default();
    let units: Vec<WorkUnit> = states.into_iter().map(|state| unit(round, rows(&state), state, &figures)).collect();
    let mut typed: BTreeMap<String, Vec<Draft>> = BTreeMap::new();
    for (unit, draft) in facts.typed_figures(&plan.id, round).await? {
        typed.entry(unit).or_default().push(draft);
    }
    let mut hints = Hints::default();
    for unit in units.iter().filter(|unit| unit.state.state != State::Draft) {
        let (fired, changed) = told(unit, typed.get(&unit.state.unit).map(Vec::as_slice).unwrap_or_default());
        hints.fired += fired;
        hints.changed += changed;
        hints.explained += unit.rows.iter().map(|row| row.doubts.len()).sum::<usize>();
    }
    Ok(Worksheet { common: common(&units), units, hints })
}

impl Worksheet {
    /// The doubts of a row that are its own.
    pub fn own<'r>(&'r self, row: &'r WorkRow) -> impl Iterator<Item = &'r str> {
        let shared = |doubt: &Option<Doubt>| {
            doubt.is_some_and(|doubt| self.common.iter().any(|of| of.doubt == doubt && of.goal == row.line.goal))
        };
        row.doubts.iter().filter(move |(doubt, _)| !shared(doubt)).map(|(_, sentence)| sentence.as_str())
    }

    /// The units that are wanted, in the plan's order; of one goal those that have a row of it.
    pub fn listed(&self, goal: Option<&str>, wanted: impl Fn(&UnitState) -> bool) -> Vec<Listed<'_>> {
        let of_goal = |row: &&WorkRow| goal.is_none_or(|goal| row.line.goal == goal);
        let units = self.units.iter().filter(|unit| wanted(&unit.state));
        let listed = units.map(|unit| Listed { unit, rows: unit.rows.iter().filter(of_goal).collect() });
        listed.filter(|listed| goal.is_none() || !listed.rows.is_empty()).collect()
    }

    /// Whether nothing about a unit needs a look of its own.
    pub fn is_plain(&self, unit: &WorkUnit) -> bool {
        unit.projects.is_empty() && unit.rows.iter().all(|row| self.own(row).next().is_none())
    }
}

fn common(units: &[WorkUnit]) -> Vec<Common> {
    let mut found: Vec<Common> = Vec::new();
    for unit in units {
        for row in &unit.rows {
            let kinds: Vec<Doubt> = row.doubts.iter().filter_map(|(doubt, _)| *doubt).collect();
            for doubt in kinds {
                let goal = &row.line.goal;
                let at = match found.iter().position(|of| of.doubt == doubt && of.goal == *goal) {
                    Some(at) => at,
                    None => {
                        let (goal, goal_name) = (goal.clone(), row.line.goal_name.clone());
                        found.push(Common { goal, goal_name, doubt, names: Vec::new() });
                        found.len() - 1
                    }
                };
                if found[at].names.last() != Some(&unit.state.name) {
                    found[at].names.push(unit.state.name.clone());
                }
            }
        }
    }
    // Of two or three units each is looked at anyway.
    let asked = |goal: &str| units.iter().filter(|unit| unit.rows.iter().any(|row| row.line.goal == goal)).count();
    found.retain(|of| asked(&of.goal) > 3 && of.names.len() * 2 > asked(&of.goal));
    found
}

/// How many doubts a unit was told while it typed, and after how many of them it typed another figure.
fn told(unit: &WorkUnit, drafts: &[Draft]) -> (usize, usize) {
    let lines: Vec<EntryLine> = unit.rows.iter().map(|row| row.line.clone()).collect();
    let mut typed = vec![Typed::default(); lines.len()];
    let mut fired: BTreeSet<(usize, &'static str)> = BTreeSet::new();
    let mut changed: BTreeSet<(usize, &'static str)> = BTreeSet::new();
    for draft in drafts {
        let Some(Cell::Row { goal, region, field }) = Cell::parse(&draft.cell) else { continue };
        let Some(at) = lines.iter().position(|line| line.goal == goal && line.region == region) else { continue };
        let text = match field {
            Field::Value => &mut typed[at].value,
            Field::Base => &mut typed[at].base,
            Field::Note | Field::Answer => continue,
        };
        let retyped = !text.trim().is_empty() && !draft.text.trim().is_empty() && *text != draft.text;
        text.clone_from(&draft.text);
        for (index, row) in check(&lines, &typed).into_iter().enumerate() {
            let now: BTreeSet<_> = row.soft.iter().filter_map(|remark| Some((index, remark.doubt?.name()))).collect();
            if retyped && index == at && !row.is_empty() {
                changed.extend(fired.iter().filter(|told| told.0 == index && !now.contains(*told)));
            }
            changed.retain(|told| !now.contains(told));
            fired.extend(now);
        }
    }
    (fired.len(), changed.len())
}

fn unit(round: &Round, lines: Vec<EntryLine>, state: UnitState, figures: &Figures) -> WorkUnit {
    let handed_in = state.submitted.as_ref().filter(|_| state.state != State::Draft);
    let rows = lines.into_iter().map(|line| row(line, round.period, (handed_in, state.imported), figures));
    let projects = handed_in.map(|content| content.projects.as_slice()).unwrap_or_default();
    let projects = projects.iter().filter(|project| !project.doubts.is_empty());
    let projects = projects.map(|project| (project.name.clone(), project.doubts.clone())).collect();
    WorkUnit { rows: rows.collect(), projects, state }
}

fn row(line: EntryLine, period: Period, (handed_in, imported): (Option<&Content>, bool), figures: &Figures) -> WorkRow {
    let sent = handed_in.and_then(|content| content.row(&line.goal, &line.region));
    let in_force = figures.get(&line.goal, period, &line.region).filter(|_| imported);
    let figure = match sent {
        Some(sent) => Some(Figure {
            value: sent.value,
            base: sent.base,
            published_growth: sent.growth.filter(|_| line.percent),
            ..Figure::default()
        }),
        None => in_force.cloned(),
    };
    let derived = figure.as_ref().map(|figure| line.derived(figure.value, figure.base)).unwrap_or_default();
    let growth = figure.as_ref().and_then(Figure::growth);
    let of_year = figures.periods(&line.goal).into_iter().filter(|at| at.year == period.year && *at < period);
    let earlier: Vec<(Period, &Figure)> =
        of_year.filter_map(|at| Some((at, figures.get(&line.goal, at, &line.region)?))).collect();
    let growing: Vec<(Period, Rate)> = earlier
        .iter()
        .filter_map(|(at, figure)| Some((*at, figure.growth()?)))
        .chain(growth.map(|growth| (period, growth)))
        .collect();
    let share = |value: Option<Amount>| Rate::of(value?, line.target?);
    let completing = earlier.iter().filter_map(|(at, figure)| Some((*at, share(figure.value)?)));
    let trend = match growing.is_empty() {
        false => Trend { name: "同比增长", points: growing.clone() },
        true => Trend {
            name: "完成目标",
            points: completing.chain(derived.completion.map(|share| (period, share))).collect(),
        },
    };
    let bureau = figures.bureau(&line.goal, period, &line.region).cloned();
    let words = |of: fn(&ContentRow) -> &String| sent.map(of).cloned().unwrap_or_default();
    WorkRow {
        growth_before: growing.iter().rev().find(|(at, _)| *at < period).map(|(_, rate)| *rate),
        derived: Derived { growth, ..derived },
        doubts: sent.map(|sent| kinds(&line, sent)).unwrap_or_default(),
        note: words(|sent| &sent.note),
        question: words(|sent| &sent.question),
        answer: words(|sent| &sent.answer),
        bureau,
        trend,
        figure,
        line,
    }
}

/// The doubts a row was handed in with; which check speaks is found by checking its figures again.
fn kinds(line: &EntryLine, sent: &ContentRow) -> Vec<(Option<Doubt>, String)> {
    let plain = |amount: Option<Amount>| amount.map(|amount| line.measure.plain(amount)).unwrap_or_default();
    let value = match line.percent {
        true => sent.growth.map(|growth| growth.percent_as_written()).unwrap_or_default(),
        false => plain(sent.value),
    };
    let typed = Typed { value, base: plain(sent.base), ..Typed::default() };
    let again: Vec<EntryCheck> = check(std::slice::from_ref(line), &[typed]);
    let of = |sentence: &String| {
        let mut remarks = again.iter().flat_map(|row| &row.soft);
        remarks.find(|remark| remark.sentence == *sentence).and_then(|remark| remark.doubt)
    };
    sent.doubts.iter().map(|sentence| (of(sentence), sentence.clone())).collect()
}

/// What of a worksheet is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    Waiting,
    Doubtful,
    Missing,
    Back,
    Approved,
}

impl Only {
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Doubtful, Self::Missing, Self::Back, Self::Approved];

    pub fn id(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Doubtful => "doubtful",
            Self::Missing => "missing",
            Self::Back => "back",
            Self::Approved => "approved",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "待审",
            Self::Doubtful => "有提示",
            Self::Missing => "未报齐",
            Self::Back => "退回和更正",
            Self::Approved => "已通过",
        }
    }

    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|of| of.id() == id)
    }

    pub fn holds(self, unit: &UnitState) -> bool {
        match self {
            Self::Waiting => unit.state == State::Signed,
            Self::Doubtful => unit.doubts > 0,
            Self::Missing => matches!(unit.state, State::Draft | State::Submitted),
            Self::Back => matches!(unit.state, State::SentBack | State::CorrectionAsked),
            Self::Approved => unit.state == State::Approved,
        }
    }
}

/// By what a worksheet is ordered; figures from the largest, those that are not known last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// What the office does first.
    Urgency,
    Plan,
    Value,
    Month,
    Growth,
    GrowthBefore,
    Completion,
    Difference,
}

impl Order {
    pub const ALL: [Self; 8] = [
        Self::Urgency,
        Self::Plan,
        Self::Value,
        Self::Month,
        Self::Growth,
        Self::GrowthBefore,
        Self::Completion,
        Self::Difference,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Self::Urgency => "urgency",
            Self::Plan => "plan",
            Self::Value => "value",
            Self::Month => "month",
            Self::Growth => "growth",
            Self::GrowthBefore => "growth_before",
            Self::Completion => "completion",
            Self::Difference => "difference",
        }
    }

    /// `growth`, and `-growth` from the smallest.
    pub fn parse(text: &str) -> Option<(Self, bool)> {
        let (id, ascending) = text.strip_prefix('-').map_or((text, false), |id| (id, true));
        Some((Self::ALL.into_iter().find(|of| of.id() == id)?, ascending))
    }

    /// Orders the units, which stand in the plan's order.
    pub fn apply(self, units: &mut [Listed<'_>], ascending: bool) {
        let first = |unit: &Listed<'_>, of: fn(&WorkRow) -> Option<Rate>| of(unit.rows.first()?);
        let value = |unit: &Listed<'_>| unit.rows.first()?.figure.as_ref()?.value;
        let month = |unit: &Listed<'_>| unit.rows.first()?.derived.month;
        match self {
            Self::Plan => {}
            Self::Urgency => units.sort_by_key(|listed| urgency(&listed.unit.state)),
            Self::Value => sort(units, ascending, value),
            Self::Month => sort(units, ascending, month),
            Self::Growth => sort(units, ascending, |unit| first(unit, |row| row.derived.growth)),
            Self::GrowthBefore => sort(units, ascending, |unit| first(unit, |row| row.growth_before)),
            Self::Completion => sort(units, ascending, |unit| first(unit, |row| row.derived.completion)),
            Self::Difference => {
                sort(units, ascending, |unit| unit.difference().map(|amount| amount.0.unsigned_abs()));
            }
        }
    }
}

fn sort<K: Ord>(units: &mut [Listed<'_>], ascending: bool, key: impl Fn(&Listed<'_>) -> Option<K>) {
    units.sort_by(|one, other| match (key(one), key(other)) {
        (Some(one), Some(other)) if ascending => one.cmp(&other),
        (Some(one), Some(other)) => other.cmp(&one),
        (one, other) => other.is_some().cmp(&one.is_some()),
    });
}

/// Signed returns with doubts, then those without, then who is missing.
fn urgency(unit: &UnitState) -> (u8, usize) {
    let kind = match unit.state {
        State::Signed if unit.doubts > 0 => 0,
        State::Signed => 1,
        State::SentBack => 2,
        State::CorrectionAsked => 2,
        State::Draft => 3,
        State::Submitted => 4,
        State::Approved => 5,
    };
    (kind, usize::MAX - unit.doubts)
}
