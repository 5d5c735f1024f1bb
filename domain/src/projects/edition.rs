//! The library of projects at the end of a quarter, as its edition freezes it: who is in it, what it comes to, what
//! entered and what left since the edition of the quarter before.
//!
//! Basis: 闽政〔2013〕, 一（二）2: 滚动实施“百项千亿”项目, 3: 按季度更新储备库; 龙南 2022, 四（一）: 项目库滚动调整.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::field::{Place, unit_name};
use super::standing::Standing;
use super::sums::{Library, Share, Sums};
use super::table::{Spec, render};
use super::{Dates, Entry, Listed, Project, Reported, Stage, Step, When, measure};
use crate::bulletin::diff::Change;
use crate::bulletin::tables::Table;
use crate::bulletin::words;
use crate::comparison::{Context, Correction, label, quarter_before};
use crate::money::{Amount, Measure};
use crate::month::Period;
use crate::plan::Plan;
use crate::shown::DASH;

/// The subject of its publications, and its name in addresses; no comparison may have it.
pub const LIBRARY: &str = "library";

/// The library of a quarter: what its publication freezes. Amounts in whole 元.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LibraryEdition {
    /// Of this JSON: 1.
    pub format: u32,
    pub plan: String,
    pub plan_title: String,
    pub basis: String,
    pub plan_version: Option<crate::bulletin::PlanSource>,
    /// 全市.
    pub whole: String,
    /// It ends with the quarter.
    pub period: Period,
    pub edition: u32,
    pub published_on: Option<NaiveDate>,
    pub demo: bool,
    /// Everything in the library at the quarter's end, by number.
    pub projects: Vec<Held>,
    /// Since the edition of the quarter before; without one, what the lists say of this quarter.
    pub entered: Vec<Moved>,
    pub left: Vec<Moved>,
    /// The edition's number of the quarter before, with which this one was compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<u32>,
    /// As published; nothing of them is composed anew.
    pub sentences: Vec<String>,
    pub notes: Vec<String>,
    /// By unit; the list as papers and pages show it; the list whole, as files carry it.
    pub by_unit: Table,
    pub list: Table,
    pub whole_list: Table,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<Correction>,
}

/// A project of the library, as it was known at the quarter's end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub project: Project,
    pub listed: Listed,
    pub stage: Stage,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub steps: BTreeMap<Step, Dates>,
    /// The last month reported in the year, and what it said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported_for: Option<Period>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported: Option<Reported>,
}

/// A project that entered or left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    pub id: String,
    pub name: String,
    pub unit: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Amount>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

impl Held {
    fn of(entry: &Entry, standing: &Standing, at: Period) -> Option<Self> {
        // What was done later is no part of the quarter, whenever the edition is made.
        let listed = entry.years.get(&at.year)?;
        let listed = Listed { left: listed.left.filter(|when| when.month() <= at), ..listed.clone() };
        let until = |dates: &Dates| Dates { actual: dates.actual.filter(|when| when.month() <= at), ..dates.clone() };
        let steps = entry.steps.iter().map(|(step, dates)| (*step, until(dates)));
        let reported_for = standing.as_of;
        Some(Self {
            project: entry.project.clone(),
            listed,
            stage: standing.stage,
            level: standing.level.clone(),
            steps: steps.collect(),
            reported_for,
            reported: reported_for.and_then(|period| entry.returns.get(&period)).cloned(),
        })
    }
}

impl LibraryEdition {
    /// Freezes the library at the end of its month. `context.before` is a comparison's and not used; `before` is the
    /// newest edition of the quarter before.
    pub fn of(plan: &Plan, library: &Library<'_>, context: &Context, before: Option<&LibraryEdition>) -> Self {
        let at = library.at;
        let place = Place { plan, year: at.year, period: Some(at), measure: measure() };
        let (inside, gone): (Vec<_>, Vec<_>) =
            library.rows.iter().cloned().partition(|(_, standing)| standing.stage != Stage::Left);
        let held = Library { at, rows: inside };
        let projects: Vec<Held> =
            held.rows.iter().filter_map(|(entry, standing)| Held::of(entry, standing, at)).collect();
        let (entered, left) = moves(plan, &held, &gone, before);
        let table = |spec: Spec, columns| render(spec, columns, &held.rows, &place, &held).table();
        let clause = plan.projects.windows.iter().find_map(|window| window.clause.clone()).unwrap_or_default();
        let mut edition = Self {
            format: 1,
            plan: plan.id.clone(),
            plan_title: plan.title.clone(),
            basis: format!("{}{clause}", plan.basis()),
            plan_version: context.plan_version.clone(),
            whole: words::whole(&plan.region.name),
            period: at,
            edition: context.edition,
            published_on: context.published_on,
            demo: context.demo,
            projects,
            entered,
            left,
            before: before.map(|before| before.edition),
            sentences: Vec::new(),
            notes: Vec::new(),
            by_unit: table(Spec::Year, Vec::new()),
            list: table(Spec::Detail, Spec::Detail.paper_columns()),
            whole_list: table(Spec::Detail, Spec::Detail.columns()),
            correction: None,
        };
        edition.sentences = sentences(&edition, &held.sums());
        edition.notes = notes(&edition);
        edition
    }

    /// 2021年第三季度重点项目库.
    pub fn title(&self) -> String {
        title(self.period)
    }

    pub fn is_empty(&self) -> bool {
        self.projects.is_empty() && self.left.is_empty()
    }

    /// The same library: projects, moves and words, whatever edition and day.
    pub fn same_results(&self, other: &LibraryEdition) -> bool {
        self.projects == other.projects
            && self.entered == other.entered
            && self.left == other.left
            && self.sentences == other.sentences
    }

    /// What a correction changes: every cell of the whole list that is printed otherwise, what came and what went.
    pub fn changes_since(&self, before: &LibraryEdition) -> Vec<Change> {
        let id_at = |table: &Table| table.header.iter().position(|head| head == super::field::Field::Id.name());
        let (Some(own), Some(was)) = (id_at(&self.whole_list), id_at(&before.whole_list)) else { return Vec::new() };
        let name = |id: &str| {
            let known = self.projects.iter().chain(&before.projects).find(|held| held.project.id == id);
            known.map_or_else(|| id.to_owned(), |held| held.project.name.clone())
        };
        let change = |id: &str, what: &str, old: &str, new: &str| {
            let shown = |text: &str| if text.is_empty() { DASH.to_owned() } else { text.to_owned() };
            let (before, after) = (shown(old), shown(new));
            Change { region: id.to_owned(), name: name(id), what: what.to_owned(), before, after }
        };
        let mut changes = Vec::new();
        for line in self.whole_list.rows.iter().filter(|line| !line[own].is_empty()) {
            let id = line[own].as_str();
            let Some(old) = before.whole_list.rows.iter().find(|old| old[was] == id) else {
                changes.push(change(id, "是否在库", "不在库", "在库"));
                continue;
            };
            // 序号 follows from who is there.
            for (head, cell) in self.whole_list.header.iter().zip(line).filter(|(head, _)| *head != "序号") {
                let at = before.whole_list.header.iter().position(|known| known == head);
                let old = at.map_or("", |at| old[at].as_str());
                if old != cell {
                    changes.push(change(id, head, old, cell));
                }
            }
        }
        let known: BTreeSet<&str> = self.whole_list.rows.iter().map(|line| line[own].as_str()).collect();
        for line in before.whole_list.rows.iter().filter(|line| !known.contains(line[was].as_str())) {
            changes.push(change(&line[was], "是否在库", "在库", "不在库"));
        }
        changes
    }

    /// What entered and what left, as a table.
    pub fn moved(&self) -> Table {
        let measure = measure();
        let header = ["变动", "项目编号", "项目名称", "所在单位", "总投资（万元）", "时间", "原因和依据"];
        let line = |what: &str, moved: &Moved| {
            vec![
                what.to_owned(),
                moved.id.clone(),
                moved.name.clone(),
                moved.unit.clone(),
                moved.total.map(|total| measure.plain(total)).unwrap_or_default(),
                moved.when.map(|when| when.to_string()).unwrap_or_default(),
                moved.reason.clone(),
            ]
        };
        let entered = self.entered.iter().map(|moved| line("入库", moved));
        let rows = entered.chain(self.left.iter().map(|moved| line("退库", moved)));
        Table { header: header.map(str::to_owned).to_vec(), rows: rows.collect() }
    }
}

/// 2021年第三季度重点项目库.
pub fn title(period: Period) -> String {
    format!("{}重点项目库", label(period))
}

/// What entered and what left since the edition of the quarter before; without one by the days that the lists have.
fn moves(
    plan: &Plan,
    held: &Library<'_>,
    gone: &[(&Entry, Standing)],
    before: Option<&LibraryEdition>,
) -> (Vec<Moved>, Vec<Moved>) {
    let at = held.at;
    let since = quarter_before(at);
    let in_quarter = |when: Option<When>| when.is_some_and(|when| when.month() > since && when.month() <= at);
    let moved = |project: &Project, when: Option<When>, reason: Option<&String>| Moved {
        id: project.id.clone(),
        name: project.name.clone(),
        unit: unit_name(plan, &project.unit).to_owned(),
        total: project.total,
        when,
        reason: reason.cloned().unwrap_or_default(),
    };
    let known =
        before.map(|before| before.projects.iter().map(|held| held.project.id.as_str()).collect::<BTreeSet<_>>());
    let listed = |entry: &Entry| entry.years.get(&at.year).cloned();
    let entered = held.rows.iter().filter_map(|(entry, _)| {
        let listed = listed(entry)?;
        let is_new = match &known {
            Some(known) => !known.contains(entry.project.id.as_str()),
            None => in_quarter(listed.entered),
        };
        is_new.then(|| moved(&entry.project, listed.entered, listed.reason.as_ref().filter(|_| listed.left.is_none())))
    });
    let entered = entered.collect();
    let mut left: Vec<Moved> = Vec::new();
    for (entry, _) in gone {
        let Some(listed) = listed(entry) else { continue };
        let is_new = match &known {
            Some(known) => known.contains(entry.project.id.as_str()),
            None => in_quarter(listed.left),
        };
        if is_new {
            left.push(moved(&entry.project, listed.left, listed.reason.as_ref()));
        }
    }
    // What a new year's list no longer names has left with the old one.
    let here: BTreeSet<&str> = held.rows.iter().chain(gone).map(|(entry, _)| entry.project.id.as_str()).collect();
    let unlisted = before.iter().flat_map(|before| &before.projects);
    let unlisted = unlisted.filter(|held| !here.contains(held.project.id.as_str()));
    let reason = format!("未列入{}年名单", at.year);
    left.extend(unlisted.map(|held| moved(&held.project, None, Some(&reason))));
    (entered, left)
}

/// So many are named in a sentence.
const NAMED: usize = 5;

fn named(moved: &[Moved], with_reason: bool) -> String {
    let one = |moved: &Moved| match with_reason && !moved.reason.is_empty() {
        true => format!("{}（{}）", moved.name, moved.reason),
        false => moved.name.clone(),
    };
    let names: Vec<String> = moved.iter().take(NAMED).map(one).collect();
    let more = if moved.len() > NAMED { "等" } else { "" };
    format!("{}{more}", names.join("、"))
}

fn sentences(edition: &LibraryEdition, sums: &Sums) -> Vec<String> {
    let measure = Measure::yi_yuan();
    let money = |amount: Amount| measure.visible_with_unit(amount);
    let at = edition.period;
    let mut first =
        format!("{}末，{}重点项目库在库{}个，总投资{}", label(at), edition.whole, sums.projects, money(sums.total));
    if sums.planned.0 > 0 {
        first.push_str(&format!("；{}年计划投资{}，已完成{}", at.year, money(sums.planned), money(sums.this_year)));
        if let Some(rate) = sums.completion {
            first.push_str(&format!("，占年计划的{}%", rate.percent(1)));
        }
    }
    let mut said = vec![format!("{first}。")];
    let stages = Stage::ALL.iter().zip(sums.stages).filter(|(stage, count)| *count > 0 && **stage != Stage::Left);
    let stages: Vec<String> = stages.map(|(stage, count)| format!("{}{count}个", stage.name())).collect();
    if !stages.is_empty() {
        said.push(format!("按阶段分：{}。", stages.join("、")));
    }
    let shares = [
        ("应开工", "已开工", "开工率", sums.starts),
        ("应竣工", "已竣工", "竣工率", sums.finishes),
        ("应投产", "已投产", "投产率", sums.productions),
    ];
    let one = |(asked, done, name, share): (&str, &str, &str, Share)| {
        let rate = share.rate()?;
        Some(format!("{asked}{}个，{done}{}个，{name}{}%", share.of, share.done, rate.percent(1)))
    };
    let mut shares: Vec<String> = shares.into_iter().filter_map(one).collect();
    shares.extend(sums.kept.rate().map(|rate| format!("履约率{}%", rate.percent(1))));
    if !shares.is_empty() {
        said.push(format!("截至{}：{}。", at.label(), shares.join("；")));
    }
    let compared = match edition.before {
        Some(number) => format!("与{}（第{number}版）相比", label(quarter_before(at))),
        None => "本季度".to_owned(),
    };
    let moves = match (edition.entered.len(), edition.left.len()) {
        (0, 0) => "没有项目入库或退库".to_owned(),
        (entered, 0) => format!("入库{entered}个（{}），没有退库", named(&edition.entered, false)),
        (0, left) => format!("没有入库，退库{left}个：{}", named(&edition.left, true)),
        (entered, left) => format!(
            "入库{entered}个（{}），退库{left}个：{}",
            named(&edition.entered, false),
            named(&edition.left, true)
        ),
    };
    said.push(format!("{compared}，{moves}。"));
    said
}

fn notes(edition: &LibraryEdition) -> Vec<String> {
    vec![
        format!("依据{}。", edition.basis),
        "投资为各单位按月报送、经审核的累计数（调度数），不是统计部门的数。".to_owned(),
        "应开工、应竣工、应投产按本年计划的日期算到季末；退库的不计。".to_owned(),
    ]
}
