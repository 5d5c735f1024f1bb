//! The library of projects as the office keeps it: what is known with its versions, and the rows that a change writes.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use domain::month::Period;
use domain::overview::Quantity;
use domain::plan::projects::FromProjects;
use domain::plan::{Goal, Kind, Plan};
use domain::projects::sums::{Library, as_figure};
use domain::projects::{Dates, Entry, Listed, Project, Reported, Step};
use domain::rate::Rate;
use domain::returns::{Figure, Figures, Source};
use serde::Serialize;
use serde_json::json;

use crate::rows::{Cell, NewRow};
use crate::who::Who;

/// One of the facts of a project, each with versions of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Own,
    Year(i32),
    Step(Step),
    Return(Period),
}

/// A project with the newest version of each of its facts.
#[derive(Debug, Clone, Default)]
pub struct KnownProject {
    pub entry: Entry,
    pub versions: BTreeMap<Part, i64>,
    /// When the newest of them was written, in UTC milliseconds, and its row of the trail.
    pub at: i64,
    pub seq: i64,
}

impl KnownProject {
    pub fn note(&mut self, part: Part, version: i64, at: i64, seq: i64) {
        self.versions.insert(part, version);
        self.at = self.at.max(at);
        self.seq = self.seq.max(seq);
    }
}

/// The library by number, as [`crate::ports::Facts::projects`] gives it: what was read once is shared by many pages.
pub type Projects = BTreeMap<String, Arc<KnownProject>>;

/// `2021-001`: the next number of a year that nobody has.
pub fn next_id(projects: &Projects, year: i32) -> String {
    let own = projects.keys().filter_map(|id| id.strip_prefix(&format!("{year}-"))?.parse::<u32>().ok());
    format!("{year}-{:03}", own.max().unwrap_or_default() + 1)
}

/// The library's count as the figure of the goals that it judges (`figure_from = "projects"`), at its month: of the
/// whole and of each of the goal's rows.
pub fn judge(plan: &Plan, figures: &mut Figures, library: &Library<'_>) {
    if library.rows.is_empty() {
        return;
    }
    for goal in &plan.goals {
        let Some(from) = goal.meaning.from_projects.as_ref().filter(|from| from.judges) else { continue };
        let whole = library.counted(plan, from);
        let rows = goal.running(library.at).filter(|row| row.within.is_none());
        let rows = rows.map(|row| (row.region.as_str(), library.counted_of(plan, from, Some(&row.region))));
        for (region, number) in std::iter::once((plan.region.id(), whole)).chain(rows) {
            let stated = figures.get(&goal.id, library.at, region).cloned().unwrap_or_default();
            let source = Source { by: Some("项目库".into()), ..Source::default() };
            let value = number.and_then(|number| as_figure(number, &goal.measure));
            figures.insert(&goal.id, library.at, region, Figure { value, source, ..stated });
        }
    }
}

/// The rates of a comparison's columns that the library judges, exact, by goal and region.
pub fn rates(plan: &Plan, library: &Library<'_>) -> BTreeMap<String, BTreeMap<String, Rate>> {
    let judged = plan.goals.iter().filter_map(|goal| {
        let from = goal.meaning.from_projects.as_ref().filter(|from| from.judges)?;
        (from.count.kind() == Kind::Ratio).then_some((goal, from))
    });
    let of = |goal: &Goal, from: &FromProjects| {
        let rows = goal.running(library.at).map(|row| (row.region.clone(), Some(row.region.as_str())));
        let all = std::iter::once((plan.region.id().to_owned(), None)).chain(rows);
        let rate = |unit: Option<&str>| match library.counted_of(plan, from, unit) {
            Some(Quantity::Percent(rate)) => Some(rate),
            _ => None,
        };
        all.filter_map(|(region, unit)| Some((region, rate(unit)?))).collect()
    };
    judged.map(|(goal, from)| (goal.id.clone(), of(goal, from))).collect()
}

/// Its entries alone.
pub fn entries(projects: Projects) -> BTreeMap<String, Entry> {
    projects.into_iter().map(|(id, known)| (id, Arc::unwrap_or_clone(known).entry)).collect()
}

/// 挂钩领导: who was in charge of a project, from when to when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    pub project: String,
    /// Of the office's level; else of the unit's.
    pub is_offices: bool,
    /// As the box writes him: a person with his office, or a post.
    pub whom: String,
    pub from: NaiveDate,
    /// Whether somebody said that day; else it is the day on which it was written here.
    pub is_said: bool,
    /// The day on which the next one took over; `None` of who is in charge.
    pub until: Option<NaiveDate>,
}

/// What a version of a project says of who is in charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InCharge {
    pub project: String,
    pub official: Option<String>,
    pub unit_official: Option<String>,
    /// From which day, where somebody said it.
    pub since: Option<NaiveDate>,
    /// The day on which it was written.
    pub written: NaiveDate,
}

/// The terms that the versions of projects make up, versions of one project in their order: by project, then by when
/// each began.
pub fn terms(versions: &[InCharge]) -> Vec<Term> {
    let mut found: Vec<Term> = Vec::new();
    for own in versions.chunk_by(|one, next| one.project == next.project) {
        let begin = found.len();
        for version in own {
            let day = version.since.unwrap_or(version.written);
            for (is_offices, text) in [(true, &version.official), (false, &version.unit_official)] {
                let named: Vec<&str> = domain::projects::people(text.as_deref().unwrap_or_default()).collect();
                let open =
                    found[begin..].iter_mut().filter(|term| term.is_offices == is_offices && term.until.is_none());
                let mut known = Vec::new();
                for term in open {
                    match named.contains(&term.whom.as_str()) {
                        true => known.push(term.whom.clone()),
                        false => {
                            // Somebody who was written here only after he had gone: nobody said since when he was there.
                            term.from = term.from.min(day);
                            term.until = Some(day);
                        }
                    }
                }
                let new = named.into_iter().filter(|whom| !known.iter().any(|known| known == whom));
                let term = |whom: &str| Term {
                    project: version.project.clone(),
                    is_offices,
                    whom: whom.to_owned(),
                    from: day,
                    is_said: version.since.is_some(),
                    until: None,
                };
                let new: Vec<Term> = new.map(term).collect();
                found.extend(new);
            }
        }
    }
    found
}

/// Whom to ask about a project. Personal data: stands beside the chain and can be deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// 业主联系人, 责任人, 现场联系人.
    pub duty: String,
    pub name: String,
    pub phone: String,
}

impl Person {
    /// What the chain keeps of a person: SHA-256 of salt and canonical JSON, in hex.
    pub fn sha256(&self, salt: &str) -> String {
        let own = domain::canonical::to_json(self).expect("three strings");
        domain::canonical::sha256(format!("{salt}{own}").as_bytes())
    }
}

/// The usual duties.
pub const DUTIES: [&str; 5] = ["业主联系人", "法定代表人", "责任单位联系人", "责任人", "现场联系人"];

/// 联系人 of a project as its last row left him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    pub project: String,
    pub number: i64,
    pub version: i64,
    /// `None`: what was known of him is deleted.
    pub person: Option<Person>,
    /// Why it was deleted.
    pub reason: Option<String>,
    /// UTC milliseconds.
    pub at: i64,
    pub actor: String,
}

/// What somebody found at a project and promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    pub project: String,
    pub visit: i64,
    pub version: i64,
    pub day: NaiveDate,
    pub by_whom: String,
    pub found: String,
    pub promised: String,
    /// UTC milliseconds.
    pub at: i64,
    pub actor: String,
}

/// 节点: an intermediate step of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub project: String,
    pub node: i64,
    pub version: i64,
    pub name: String,
    pub due: Option<NaiveDate>,
    pub who: String,
    pub done: Option<NaiveDate>,
    pub words: String,
    /// UTC milliseconds.
    pub at: i64,
    pub actor: String,
}

impl Node {
    /// Days since it was due; `None` where it is done, not due, or has no day.
    pub fn overdue(&self, today: NaiveDate) -> Option<i64> {
        days_late(self.due, self.done, today)
    }
}

fn days_late(due: Option<NaiveDate>, done: Option<NaiveDate>, today: NaiveDate) -> Option<i64> {
    let due = due.filter(|due| done.is_none() && *due < today)?;
    Some((today - due).num_days())
}

/// The usual nodes, before the start and after it.
pub const NODES: [&str; 19] = [
    "申请报告",
    "可研批复",
    "环评批复",
    "能评批复",
    "用地预审",
    "供地",
    "初步设计",
    "施工图审查",
    "招投标",
    "施工许可",
    "供水供电",
    "进场施工",
    "桩基完成",
    "基础完成",
    "主体封顶",
    "设备到货",
    "安装调试",
    "试投产",
    "竣工验收",
];

/// What was done about leaving a year's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaveStep {
    Ask,
    Withdraw,
    Agree,
    Refuse,
}

impl LeaveStep {
    pub const ALL: [LeaveStep; 4] = [LeaveStep::Ask, LeaveStep::Withdraw, LeaveStep::Agree, LeaveStep::Refuse];

    pub fn id(self) -> &'static str {
        match self {
            LeaveStep::Ask => "ask",
            LeaveStep::Withdraw => "withdraw",
            LeaveStep::Agree => "agree",
            LeaveStep::Refuse => "refuse",
        }
    }

    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.id() == id)
    }
}

/// 退库申请 of a project and year as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    pub project: String,
    pub year: i32,
    pub version: i64,
    pub step: LeaveStep,
    pub reason: String,
    /// UTC milliseconds.
    pub at: i64,
    pub actor: String,
}

/// 会诊, 调度会, 推进会.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    pub meeting: i64,
    pub version: i64,
    pub plan: String,
    pub kind: String,
    pub day: NaiveDate,
    pub who: String,
    pub words: String,
    /// Numbers of the projects it was about; none where it was about the plan as a whole (定期调度, 联席会议).
    pub projects: Vec<String>,
    pub at: i64,
    pub actor: String,
}

impl Meeting {
    /// What its decisions say of where they come from.
    pub fn source(&self) -> String {
        meeting_source(self.meeting)
    }
}

pub(crate) fn meeting_source(meeting: i64) -> String {
    format!("meeting {meeting}")
}

/// A problem with an owner and a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    pub matter: i64,
    pub version: i64,
    pub plan: String,
    /// Empty where it is of no single project.
    pub project: String,
    /// `meeting 1`, `visit 3`, `return 2021-05`, `office`.
    pub source: String,
    pub kind: String,
    pub words: String,
    /// A unit's id, or a body's name.
    pub owner: String,
    pub due: Option<NaiveDate>,
    pub solved: Option<NaiveDate>,
    pub how: String,
    pub escalated_to: Option<String>,
    pub at: i64,
    pub actor: String,
}

impl Matter {
    /// Days since it was due; `None` where it is solved, not due, or has no day.
    pub fn overdue(&self, today: NaiveDate) -> Option<i64> {
        days_late(self.due, self.solved, today)
    }
}

/// The kinds of problems that a matter may be of.
pub const KINDS: [&str; 7] = ["资金", "用地", "用电", "审批", "用工", "市场", "其他"];

/// In whose name, of which plan and office, and why rows are written.
pub(crate) struct Writing<'w> {
    pub(crate) office: &'w str,
    pub(crate) plan: &'w str,
    pub(crate) who: &'w Who,
    pub(crate) reason: Option<&'w str>,
    /// Where reports come from: a return's step, or a file.
    pub(crate) source: &'w str,
    /// From which day the officials that a new version names are in charge, where that was said.
    pub(crate) since: Option<NaiveDate>,
}

fn text<T: serde::Serialize>(value: &T) -> Cell {
    Cell::Text(Some(json!(value).to_string()))
}

impl Writing<'_> {
    /// A row of a table of the library: where it belongs, its own cells, who wrote it.
    pub(crate) fn row(&self, table: &'static str, own: Vec<(&'static str, Cell)>) -> NewRow {
        let mut cells: Vec<(&'static str, Cell)> =
            vec![("office_id", self.office.into()), ("plan_id", self.plan.into())];
        cells.extend(own);
        let who = self.who;
        cells.extend([("at", who.at.into()), ("actor", (&who.actor).into()), ("account_id", who.account().into())]);
        NewRow { table, cells }
    }

    /// The rows that bring what is known to what is wanted; none where nothing differs.
    pub(crate) fn rows(&self, known: Option<&KnownProject>, wanted: &Entry) -> Vec<NewRow> {
        let empty = KnownProject::default();
        let known = known.unwrap_or(&empty);
        let next = |part: Part| known.versions.get(&part).copied().unwrap_or_default() + 1;
        let id = &wanted.project.id;
        let mut rows = Vec::new();
        if known.entry.project != wanted.project {
            rows.push(self.own(next(Part::Own), &wanted.project));
        }
        for (year, listed) in &wanted.years {
            if known.entry.years.get(year) != Some(listed) {
                rows.push(self.listed(id, next(Part::Year(*year)), listed));
            }
        }
        for step in Step::ALL {
            let none = Dates::default();
            let (old, new) = (known.entry.steps.get(&step), wanted.steps.get(&step));
            if old.unwrap_or(&none) != new.unwrap_or(&none) {
                rows.push(self.step(id, step, next(Part::Step(step)), new.unwrap_or(&none)));
            }
        }
        let periods = known.entry.returns.keys().chain(wanted.returns.keys());
        let periods: std::collections::BTreeSet<Period> = periods.copied().collect();
        for period in periods {
            let none = Reported::default();
            let (old, new) = (known.entry.returns.get(&period), wanted.returns.get(&period));
            if old.unwrap_or(&none) != new.unwrap_or(&none) {
                let version = next(Part::Return(period));
                rows.push(self.reported(&wanted.project, period, version, new.unwrap_or(&none)));
            }
        }
        rows
    }

    fn own(&self, version: i64, project: &Project) -> NewRow {
        let amount = |amount: Option<domain::money::Amount>| Cell::Int(amount.map(|amount| amount.0));
        self.row(
            "project_revision",
            vec![
                ("project_id", (&project.id).into()),
                ("version", version.into()),
                ("name", (&project.name).into()),
                ("code", project.code.as_deref().into()),
                ("firm", project.firm.as_deref().into()),
                ("credit_code", project.credit_code.as_deref().into()),
                ("unit_id", (&project.unit).into()),
                ("site", project.site.as_deref().into()),
                ("industry", project.industry.as_deref().into()),
                ("direction", project.direction.as_deref().into()),
                ("nature", project.nature.as_deref().into()),
                ("content", project.content.as_deref().into()),
                ("total", amount(project.total)),
                ("equipment", amount(project.equipment)),
                ("output", amount(project.output)),
                ("funds", project.funds.as_deref().into()),
                ("lead", project.lead.as_deref().into()),
                ("official", project.official.as_deref().into()),
                ("unit_official", project.unit_official.as_deref().into()),
                ("officials_since", Cell::Text(self.since.map(|day| day.to_string()))),
                ("labels", text(&project.labels)),
                ("successors", text(&project.successors)),
                ("reason", self.reason.into()),
            ],
        )
    }

    fn listed(&self, id: &str, version: i64, listed: &Listed) -> NewRow {
        let when = |when: Option<domain::projects::When>| Cell::Text(when.map(|when| when.to_string()));
        self.row(
            "project_year",
            vec![
                ("project_id", id.into()),
                ("year", listed.year.into()),
                ("version", version.into()),
                ("role", listed.role.id().into()),
                ("planned", Cell::Int(listed.planned.map(|amount| amount.0))),
                ("by_month", text(&listed.by_month)),
                ("milestone", listed.milestone.as_deref().into()),
                ("batch", listed.batch.as_deref().into()),
                ("entered_on", when(listed.entered)),
                ("left_on", when(listed.left)),
                ("basis", listed.reason.as_deref().into()),
                ("excused", listed.excused.as_deref().into()),
                ("reason", self.reason.into()),
            ],
        )
    }

    fn step(&self, id: &str, step: Step, version: i64, dates: &Dates) -> NewRow {
        let when = |when: Option<domain::projects::When>| Cell::Text(when.map(|when| when.to_string()));
        self.row(
            "project_step",
            vec![
                ("project_id", id.into()),
                ("step", step.id().into()),
                ("version", version.into()),
                ("planned_on", when(dates.planned)),
                ("actual_on", when(dates.actual)),
                ("because", dates.reason.as_deref().into()),
                ("reason", self.reason.into()),
            ],
        )
    }

    fn reported(&self, project: &Project, period: Period, version: i64, reported: &Reported) -> NewRow {
        self.row(
            "project_return",
            vec![
                ("project_id", (&project.id).into()),
                ("year", period.year.into()),
                ("month", period.month.into()),
                ("version", version.into()),
                ("unit_id", (&project.unit).into()),
                ("this_year", Cell::Int(reported.this_year.map(|amount| amount.0))),
                ("since_start", Cell::Int(reported.since_start.map(|amount| amount.0))),
                ("progress", (&reported.progress).into()),
                ("problem", (&reported.problem).into()),
                ("next_step", (&reported.next).into()),
                ("source", self.source.into()),
            ],
        )
    }
}
