//! 项目库: projects enter, change and leave; visits, meetings and matters are recorded.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;
use domain::calendar::{at_shanghai, chinese_date};
use domain::day::{Day, EXAMPLES};
use domain::plan::Plan;
use domain::projects::field::{Field, Place, unit, unit_name};
use domain::projects::{Entry, names};
use domain::region::fold_name;
use domain::rights::{Action, Object};
use serde_json::json;

use super::Command;
use crate::boxes::{optional, required};
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::projects::{KnownProject, Matter, Projects, Writing};
use crate::refusal::Refusal;
use crate::rows::Entry as Audited;
use crate::viewer::Viewer;
use crate::who::Who;

/// The names of the forms' fields; boxes of a project are `p.` and the field's id.
pub mod field {
    pub const BOX: &str = "p.";
    /// The library's newest row of the trail that the page had seen.
    pub const SEEN: &str = "seen";
    pub const REASON: &str = "reason";
    pub const DAY: &str = "day";
    pub const BY: &str = "by";
    pub const FOUND: &str = "found";
    pub const PROMISED: &str = "promised";
    pub const KIND: &str = "kind";
    pub const WHO: &str = "who";
    pub const WORDS: &str = "words";
    pub const PROJECTS: &str = "projects";
    pub const MATTER: &str = "matter";
    pub const PROJECT: &str = "project";
    pub const OWNER: &str = "owner";
    pub const DUE: &str = "due";
    pub const HOW: &str = "how";
    pub const TO: &str = "to";
    pub const ACT: &str = "act";
    /// Of a meeting's decisions, one line each: number of the line.
    pub const DECISION: &str = "decision.";
}

pub(super) async fn plan_of(ledger: &mut dyn Ledger, plan: &str) -> Result<Arc<Plan>, Refusal> {
    let found = ledger.plan(plan).await?;
    found.map(|version| version.plan).ok_or_else(|| Refusal::whole("没有这个计划"))
}

/// The newest row of the trail that a library rests on.
pub fn head(projects: &Projects) -> i64 {
    projects.values().map(|known| known.seq).max().unwrap_or_default()
}

/// What is wrong with a library as it would be: sentences, each with the project's number.
pub fn faults(plan: &Plan, wanted: &BTreeMap<String, &Entry>, changed: &BTreeSet<&str>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut by_code: BTreeMap<&str, &str> = BTreeMap::new();
    let mut by_name: BTreeMap<(String, &str), &str> = BTreeMap::new();
    for (id, entry) in wanted {
        let own = &entry.project;
        let is_changed = changed.contains(id.as_str());
        let mut wrong = |sentence: String| {
            if is_changed {
                found.push((id.clone(), format!("{}（{id}）：{sentence}", own.name)));
            }
        };
        if own.name.is_empty() {
            wrong("请写项目名称".to_owned());
        }
        let named = (fold_name(&own.name), own.unit.as_str());
        if let Some(other) = by_name.insert(named, id).filter(|_| own.successors.is_empty()) {
            wrong(format!("{}已有同名项目 {other}；同一项目请写同一编号，不同项目请改名", unit_name(plan, &own.unit)));
        }
        if let Some(code) = &own.code
            && let Some(other) = by_code.insert(code, id)
        {
            wrong(format!("项目代码 {code} 已是项目 {other} 的；同一项目请写同一编号"));
        }
        if own.equipment.zip(own.total).is_some_and(|(equipment, total)| equipment > total) {
            wrong("设备投资大于总投资，请核对".to_owned());
        }
        for listed in entry.years.values() {
            if listed.left.is_some() && listed.reason.is_none() {
                wrong(format!("{}年退库要写依据（文件或理由）", listed.year));
            }
            if listed.left.zip(listed.entered).is_some_and(|(left, entered)| left.month() < entered.month()) {
                wrong(format!("{}年退库时间早于入库时间，请核对", listed.year));
            }
        }
        for successor in &own.successors {
            if successor == id || !wanted.contains_key(successor) {
                wrong(format!("后续项目编号 {successor} 不在库里，请核对"));
            }
        }
    }
    found
}

/// Projects as a list or a form has them, put beside what the library knows.
#[derive(Debug, Clone)]
pub struct EnterProjects {
    pub plan: String,
    /// As each is to be after it; others stay.
    pub entries: Vec<Entry>,
    pub seen: i64,
    /// Needed where something that is known changes.
    pub reason: Option<String>,
    /// The file they came from, or empty for a form.
    pub file: String,
}

/// What it came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entered {
    pub added: usize,
    pub changed: usize,
    pub same: usize,
}

impl EnterProjects {
    /// One project as the form of its page sends it, with everything that is wrong at once.
    pub fn read(place: &Place<'_>, known: Option<&KnownProject>, id: &str, posted: &Posted) -> Result<Self, Refusal> {
        let mut entry = known.map(|known| known.entry.clone()).unwrap_or_default();
        let mut faults = Vec::new();
        for of in Field::ALL.into_iter().filter(|of| *of != Field::Id && !of.is_reported()) {
            let name = format!("{}{}", field::BOX, of.id());
            if let Some(sent) = posted.get(&name)
                && of.text(&entry, place) != sent.trim()
                && let Err(sentence) = of.set(&mut entry, sent, place)
            {
                faults.push(Refusal::field(&name, sentence));
            }
        }
        let needed = [(Field::Name, entry.project.name.is_empty()), (Field::Unit, entry.project.unit.is_empty())];
        for (of, is_missing) in needed {
            if is_missing {
                let name = format!("{}{}", field::BOX, of.id());
                faults.push(Refusal::field(&name, format!("请写{}", of.name())));
            }
        }
        if !faults.is_empty() {
            return Err(Refusal::all(faults));
        }
        entry.project.id = id.to_owned();
        Ok(Self {
            plan: place.plan.id.clone(),
            entries: vec![entry],
            seen: posted.text(field::SEEN).parse().unwrap_or(-1),
            reason: optional(posted, field::REASON, "修改的理由")?,
            file: String::new(),
        })
    }
}

/// So few projects are looked up one by one: all that was ever reported of the whole library need not be read for them.
const FEW: usize = 20;

impl EnterProjects {
    /// The library; all reports of those that are entered.
    async fn known(&self, office: &str, ledger: &mut dyn Ledger) -> Result<Projects, Refusal> {
        if self.entries.len() > FEW {
            return Ok(ledger.projects(office, None).await?);
        }
        let mut known = ledger.projects(office, Some(0)).await?;
        for entry in &self.entries {
            if let Some(own) = ledger.project(office, &entry.project.id).await? {
                known.insert(own.entry.project.id.clone(), Arc::new(own));
            }
        }
        Ok(known)
    }
}

#[async_trait]
impl Command for EnterProjects {
    type Done = Entered;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<Entered, Refusal> {
        let plan = plan_of(ledger, &self.plan).await?;
        let office = plan.region.id();
        who.may(Action::EnterProjects, Object::office(office))?;
        let known = self.known(office, ledger).await?;
        let mut wanted: BTreeMap<String, &Entry> = known.iter().map(|(id, known)| (id.clone(), &known.entry)).collect();
        let mut changed: BTreeSet<&str> = BTreeSet::new();
        let mut done = Entered { added: 0, changed: 0, same: 0 };
        for entry in &self.entries {
            let id = entry.project.id.as_str();
            match known.get(id) {
                Some(known) if known.entry == *entry => {
                    done.same += 1;
                    continue;
                }
                Some(_) => done.changed += 1,
                None => done.added += 1,
            }
            changed.insert(id);
            wanted.insert(id.to_owned(), entry);
        }
        if changed.is_empty() {
            return Ok(done);
        }
        // What the page had not seen yet: others may have changed the same projects meanwhile.
        let newer = known.iter().find(|(id, known)| known.seq > self.seen && changed.contains(id.as_str()));
        if let Some((id, known)) = newer {
            let name = &known.entry.project.name;
            let sentence = format!("您打开页面之后，项目“{name}”（{id}）有了新的记录，这一步没有执行；请看过之后再办");
            return Err(Refusal::whole(sentence));
        }
        let wrong = faults(&plan, &wanted, &changed);
        if !wrong.is_empty() {
            return Err(Refusal::Invalid(wrong.into_iter().map(|(_, sentence)| (String::new(), sentence)).collect()));
        }
        if done.changed > 0 && self.reason.is_none() {
            return Err(Refusal::field(field::REASON, "改动已有的项目要写理由，例如：按市政府第几号文件调整"));
        }
        let source = if self.file.is_empty() { "office".to_owned() } else { format!("file {}", self.file) };
        let writing =
            Writing { office, plan: &plan.id, who, reason: self.reason.as_deref(), source: &source, since: None };
        let mut rows = Vec::new();
        for entry in self.entries.iter().filter(|entry| changed.contains(entry.project.id.as_str())) {
            rows.extend(writing.rows(known.get(&entry.project.id).map(Arc::as_ref), entry));
        }
        let (action, object) = match (&self.entries[..], self.file.is_empty()) {
            ([one], true) => ("revise_project", format!("{}/projects/{}", plan.id, one.project.id)),
            _ => ("enter_projects", format!("{}/projects", plan.id)),
        };
        let detail = json!({
            "file": self.file, "added": done.added, "changed": done.changed, "reason": self.reason,
        });
        ledger.append(who, Audited::new(action, object, detail).with_rows(rows)).await?;
        Ok(done)
    }
}

/// A day that has been, as a box says it.
pub(super) fn past_day(posted: &Posted, name: &str, what: &str, today: NaiveDate) -> Result<NaiveDate, Refusal> {
    let read = Day::parse(posted.text(name)).and_then(|day| day.near(today));
    match read {
        Some(day) if day <= today => Ok(day),
        Some(_) => Err(Refusal::field(name, format!("{what}不能在今天（{}）以后", chinese_date(today)))),
        None => Err(Refusal::field(name, format!("{what}请写成日期，例如 {EXAMPLES}"))),
    }
}

/// A day ahead, as a box says it; `None` for an empty box.
pub(super) fn due_day(written: &str, name: &str, today: NaiveDate) -> Result<Option<NaiveDate>, Refusal> {
    if domain::money::is_blank(written) {
        return Ok(None);
    }
    let read = Day::parse(written).and_then(|day| day.near(today));
    read.map(Some).ok_or_else(|| Refusal::field(name, format!("完成时限请写成日期，例如 {EXAMPLES}")))
}

pub(super) async fn known_project(ledger: &mut dyn Ledger, office: &str, id: &str) -> Result<KnownProject, Refusal> {
    let known = ledger.project(office, id).await?;
    known.ok_or_else(|| Refusal::field(field::PROJECT, format!("项目库里没有项目 {id}")))
}

/// Whether a project is one of an official's own: its boxes name him, or his post, whose next holder has it then.
pub fn is_officials(entry: &Entry, viewer: &Viewer) -> bool {
    let own = &entry.project;
    let title = viewer.post.as_ref().map(|post| post.title.as_str()).unwrap_or_default();
    let boxes = [&own.official, &own.unit_official].into_iter().flatten();
    let named = |text: &String| names(text, &viewer.account.name) || names(text, title);
    boxes.into_iter().any(named)
}

/// 走访.
#[derive(Debug, Clone)]
pub struct RecordVisit {
    pub plan: String,
    pub project: String,
    pub day: NaiveDate,
    pub by_whom: String,
    pub found: String,
    pub promised: String,
}

impl RecordVisit {
    pub fn read(plan: &Plan, project: &str, posted: &Posted, now: i64) -> Result<Self, Refusal> {
        let today = at_shanghai(now).date_naive();
        let day = past_day(posted, field::DAY, "走访日期", today);
        let by_whom = required(posted, field::BY, "走访人");
        let found = required(posted, field::FOUND, "了解到的情况");
        let promised = optional(posted, field::PROMISED, "答复和承诺");
        match (day, by_whom, found, promised) {
            (Ok(day), Ok(by_whom), Ok(found), Ok(promised)) => Ok(Self {
                plan: plan.id.clone(),
                project: project.to_owned(),
                day,
                by_whom,
                found,
                promised: promised.unwrap_or_default(),
            }),
            (day, by_whom, found, promised) => {
                let faults = [day.err(), by_whom.err(), found.err(), promised.err()];
                Err(Refusal::all(faults.into_iter().flatten().collect()))
            }
        }
    }
}

#[async_trait]
impl Command for RecordVisit {
    type Done = ();

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let plan = plan_of(ledger, &self.plan).await?;
        let office = plan.region.id();
        let known = known_project(ledger, office, &self.project).await?;
        who.may(Action::VisitProject, Object::unit(office, &known.entry.project.unit))?;
        let number = ledger.visits(office, Some(&self.project)).await?.len() as i64 + 1;
        let writing = Writing { office, plan: &plan.id, who, reason: None, source: "", since: None };
        let row = writing.row(
            "project_visit",
            vec![
                ("project_id", (&self.project).into()),
                ("visit", number.into()),
                ("version", 1_i64.into()),
                ("visited_on", (&self.day.to_string()).into()),
                ("by_whom", (&self.by_whom).into()),
                ("found", (&self.found).into()),
                ("promised", (&self.promised).into()),
            ],
        );
        let object = format!("{}/projects/{}/visit/{number}", plan.id, self.project);
        let detail = json!({ "day": self.day.to_string(), "by": self.by_whom });
        ledger.append(who, Audited::new("record_visit", object, detail).with_rows(vec![row])).await?;
        Ok(())
    }
}

/// A decision of a meeting, or a problem somebody raises: it becomes a matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMatter {
    pub project: String,
    pub kind: String,
    pub words: String,
    /// A unit's id, or a body's name.
    pub owner: String,
    pub due: Option<NaiveDate>,
}

impl NewMatter {
    /// Reads the boxes whose names end so; `None` where all of them are empty.
    fn read(plan: &Plan, posted: &Posted, ending: &str, today: NaiveDate) -> Result<Option<Self>, Refusal> {
        let name = |field: &str| format!("{field}{ending}");
        let text = |field: &str| domain::entry::clean(posted.text(&name(field))).trim().to_owned();
        let (words, owner) = (text(field::WORDS), text(field::OWNER));
        if words.is_empty() && owner.is_empty() && text(field::DUE).is_empty() {
            return Ok(None);
        }
        let mut faults = Vec::new();
        if words.is_empty() {
            faults.push(Refusal::field(&name(field::WORDS), "请写明要解决什么问题、做什么"));
        }
        if owner.is_empty() {
            faults.push(Refusal::field(&name(field::OWNER), "请写明由谁办理"));
        }
        let due = due_day(&text(field::DUE), &name(field::DUE), today);
        if let Ok(None) = due {
            faults.push(Refusal::field(&name(field::DUE), "请写明完成时限"));
        }
        match due {
            Err(fault) => faults.push(fault),
            Ok(due) if faults.is_empty() => {
                let owner = unit(plan, &owner).unwrap_or(owner);
                let kind = text(field::KIND);
                let kind = if kind.is_empty() { "其他".to_owned() } else { kind };
                return Ok(Some(Self { project: text(field::PROJECT), kind, words, owner, due }));
            }
            Ok(_) => {}
        }
        Err(Refusal::all(faults))
    }

    fn row(&self, writing: &Writing<'_>, number: i64, source: &str) -> crate::rows::NewRow {
        let due = self.due.map(|due| due.to_string());
        writing.row(
            "project_matter",
            vec![
                ("matter", number.into()),
                ("version", 1_i64.into()),
                ("project_id", (&self.project).into()),
                ("source", source.into()),
                ("kind", (&self.kind).into()),
                ("words", (&self.words).into()),
                ("owner", (&self.owner).into()),
                ("due_on", due.as_deref().into()),
                ("solved_on", crate::rows::Cell::Text(None)),
                ("how", "".into()),
                ("escalated_to", crate::rows::Cell::Text(None)),
                ("reason", crate::rows::Cell::Text(None)),
            ],
        )
    }
}

/// 会诊 of projects, or 调度会, 联席会议 of the plan as a whole: its decisions become matters with owners and days.
#[derive(Debug, Clone)]
pub struct HoldMeeting {
    pub plan: String,
    pub kind: String,
    pub day: NaiveDate,
    pub attended: String,
    pub words: String,
    pub projects: Vec<String>,
    pub decisions: Vec<NewMatter>,
}

/// So many decisions a form has room for; a second form of the same meeting is another meeting.
pub const DECISIONS: usize = 8;

impl HoldMeeting {
    pub fn read(plan: &Plan, posted: &Posted, now: i64) -> Result<Self, Refusal> {
        let today = at_shanghai(now).date_naive();
        let mut faults = Vec::new();
        let mut keep = |read: Result<String, Refusal>| read.map_err(|fault| faults.push(fault)).unwrap_or_default();
        let kind = keep(required(posted, field::KIND, "会议的名称"));
        let attended = keep(required(posted, field::WHO, "参加人"));
        let words = keep(optional(posted, field::WORDS, "会议情况").map(Option::unwrap_or_default));
        let day = past_day(posted, field::DAY, "开会日期", today).map_err(|fault| faults.push(fault)).ok();
        let mut projects: Vec<String> = Vec::new();
        for sent in posted.all(field::PROJECTS) {
            for id in sent.split(['、', ',', '，', ' ', '\n']).map(str::trim).filter(|id| !id.is_empty()) {
                if !projects.iter().any(|known| known == id) {
                    projects.push(id.to_owned());
                }
            }
        }
        let mut decisions = Vec::new();
        let mut says_nothing = projects.is_empty() && words.is_empty();
        for line in 0..DECISIONS {
            let read = NewMatter::read(plan, posted, &format!(".{line}"), day.unwrap_or(today));
            says_nothing &= matches!(read, Ok(None));
            match read {
                Ok(found) => decisions.extend(found),
                Err(fault) => faults.push(fault),
            }
        }
        if says_nothing {
            let fault = "请选会上研究的项目；没有研究具体项目的，请写会议情况或会上的决定";
            faults.push(Refusal::field(field::PROJECTS, fault));
        }
        match day.filter(|_| faults.is_empty()) {
            Some(day) => Ok(Self { plan: plan.id.clone(), kind, day, attended, words, projects, decisions }),
            None => Err(Refusal::all(faults)),
        }
    }
}

#[async_trait]
impl Command for HoldMeeting {
    /// Its number.
    type Done = i64;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<i64, Refusal> {
        let plan = plan_of(ledger, &self.plan).await?;
        let office = plan.region.id();
        who.may(Action::HoldMeeting, Object::office(office))?;
        let known = ledger.projects(office, Some(0)).await?;
        let unknown = self.projects.iter().find(|id| !known.contains_key(*id));
        if let Some(id) = unknown {
            return Err(Refusal::field(field::PROJECTS, format!("项目库里没有项目 {id}")));
        }
        let of_meeting = |matter: &&NewMatter| !matter.project.is_empty() && !self.projects.contains(&matter.project);
        if let Some(matter) = self.decisions.iter().find(of_meeting) {
            return Err(Refusal::whole(format!("“{}”说的项目 {} 不在会上研究的项目里", matter.words, matter.project)));
        }
        let number = ledger.meetings(office).await?.last().map_or(0, |last| last.meeting) + 1;
        let first = ledger.matters(office).await?.last().map_or(0, |last| last.matter) + 1;
        let writing = Writing { office, plan: &plan.id, who, reason: None, source: "", since: None };
        let mut rows = vec![writing.row(
            "project_meeting",
            vec![
                ("meeting", number.into()),
                ("version", 1_i64.into()),
                ("kind", (&self.kind).into()),
                ("held_on", (&self.day.to_string()).into()),
                ("who", (&self.attended).into()),
                ("words", (&self.words).into()),
                ("projects", (&json!(self.projects).to_string()).into()),
            ],
        )];
        let source = crate::projects::meeting_source(number);
        rows.extend((first..).zip(&self.decisions).map(|(number, matter)| matter.row(&writing, number, &source)));
        let object = format!("{}/meetings/{number}", plan.id);
        let detail = json!({ "kind": self.kind, "day": self.day.to_string(), "decisions": self.decisions.len() });
        ledger.append(who, Audited::new("hold_meeting", object, detail).with_rows(rows)).await?;
        Ok(number)
    }
}

/// A problem that somebody raises.
#[derive(Debug, Clone)]
pub struct RaiseMatter {
    pub plan: String,
    pub matter: NewMatter,
    pub source: String,
}

impl RaiseMatter {
    pub fn read(plan: &Plan, posted: &Posted, now: i64) -> Result<Self, Refusal> {
        let today = at_shanghai(now).date_naive();
        let read = NewMatter::read(plan, posted, "", today)?;
        let matter = read.ok_or_else(|| Refusal::field(field::WORDS, "请写明要解决什么问题、做什么"))?;
        Ok(Self { plan: plan.id.clone(), matter, source: "office".to_owned() })
    }
}

#[async_trait]
impl Command for RaiseMatter {
    type Done = i64;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<i64, Refusal> {
        let plan = plan_of(ledger, &self.plan).await?;
        let office = plan.region.id();
        let about = match self.matter.project.as_str() {
            "" => None,
            id => Some(known_project(ledger, office, id).await?.entry.project.unit),
        };
        let object = about.as_deref().map_or(Object::office(office), |unit| Object::unit(office, unit));
        who.may(Action::HandleMatter, object)?;
        let number = ledger.matters(office).await?.last().map_or(0, |last| last.matter) + 1;
        let writing = Writing { office, plan: &plan.id, who, reason: None, source: "", since: None };
        let row = self.matter.row(&writing, number, &self.source);
        let object = format!("{}/matters/{number}", plan.id);
        let detail = json!({ "owner": self.matter.owner, "words": self.matter.words });
        ledger.append(who, Audited::new("record_matter", object, detail).with_rows(vec![row])).await?;
        Ok(number)
    }
}

/// A matter is solved, or passed upwards, or gets another day.
#[derive(Debug, Clone)]
pub struct HandleMatter {
    pub plan: String,
    pub matter: i64,
    /// The version that the page had seen.
    pub seen: i64,
    pub what: Handling,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handling {
    Solve { day: NaiveDate, how: String },
    Escalate { to: String, reason: String },
    Postpone { due: NaiveDate, reason: String },
}

impl HandleMatter {
    pub fn read(plan: &Plan, posted: &Posted, now: i64) -> Result<Self, Refusal> {
        let today = at_shanghai(now).date_naive();
        let what = match posted.text(field::ACT) {
            "solve" => {
                let day = past_day(posted, field::DAY, "办结日期", today);
                let how = required(posted, field::HOW, "怎样解决的");
                match (day, how) {
                    (Ok(day), Ok(how)) => Handling::Solve { day, how },
                    (day, how) => return Err(Refusal::all([day.err(), how.err()].into_iter().flatten().collect())),
                }
            }
            "escalate" => Handling::Escalate {
                to: required(posted, field::TO, "提请哪一级协调")?,
                reason: required(posted, field::REASON, "提请协调的理由")?,
            },
            "postpone" => {
                let due = due_day(posted.text(field::DUE), field::DUE, today)?;
                let due = due.ok_or_else(|| Refusal::field(field::DUE, "请写明新的时限"))?;
                Handling::Postpone { due, reason: required(posted, field::REASON, "延期的理由")? }
            }
            _ => return Err(Refusal::whole("没有这一步，请刷新页面")),
        };
        Ok(Self {
            plan: plan.id.clone(),
            matter: posted.text(field::MATTER).parse().unwrap_or(-1),
            seen: posted.text(field::SEEN).parse().unwrap_or(-1),
            what,
        })
    }
}

#[async_trait]
impl Command for HandleMatter {
    type Done = ();

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let plan = plan_of(ledger, &self.plan).await?;
        let office = plan.region.id();
        let found = ledger.matters(office).await?.into_iter().find(|matter| matter.matter == self.matter);
        let matter: Matter = found.ok_or_else(|| Refusal::whole("没有这个事项，请刷新页面"))?;
        // A unit handles what it owns, and what is about its own projects.
        let unit = match matter.project.as_str() {
            "" => matter.owner.clone(),
            id => known_project(ledger, office, id).await?.entry.project.unit,
        };
        let own = who.may(Action::HandleMatter, Object::unit(office, &matter.owner));
        own.or_else(|_| who.may(Action::HandleMatter, Object::unit(office, &unit)))?;
        if matter.version != self.seen {
            return Err(Refusal::whole(format!(
                "您打开页面之后{}又记了一笔，这一步没有执行；请看过之后再办",
                matter.actor
            )));
        }
        if matter.solved.is_some() {
            return Err(Refusal::whole("这个事项已经办结"));
        }
        let mut next = matter.clone();
        let (action, reason) = match &self.what {
            Handling::Solve { day, how } => {
                (next.solved, next.how) = (Some(*day), how.clone());
                ("solve_matter", None)
            }
            Handling::Escalate { to, reason } => {
                next.escalated_to = Some(to.clone());
                ("escalate_matter", Some(reason.clone()))
            }
            Handling::Postpone { due, reason } => {
                if matter.due.is_some_and(|known| *due <= known) {
                    return Err(Refusal::field(field::DUE, "新的时限要晚于现在的时限"));
                }
                next.due = Some(*due);
                ("record_matter", Some(reason.clone()))
            }
        };
        let writing = Writing { office, plan: &plan.id, who, reason: None, source: "", since: None };
        let day = |day: Option<NaiveDate>| crate::rows::Cell::Text(day.map(|day| day.to_string()));
        let row = writing.row(
            "project_matter",
            vec![
                ("matter", next.matter.into()),
                ("version", (next.version + 1).into()),
                ("project_id", (&next.project).into()),
                ("source", (&next.source).into()),
                ("kind", (&next.kind).into()),
                ("words", (&next.words).into()),
                ("owner", (&next.owner).into()),
                ("due_on", day(next.due)),
                ("solved_on", day(next.solved)),
                ("how", (&next.how).into()),
                ("escalated_to", next.escalated_to.as_deref().into()),
                ("reason", reason.as_deref().into()),
            ],
        );
        let object = format!("{}/matters/{}", plan.id, next.matter);
        let detail = json!({ "reason": reason, "how": next.how });
        ledger.append(who, Audited::new(action, object, detail).with_rows(vec![row])).await?;
        Ok(())
    }
}
