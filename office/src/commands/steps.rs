//! The way of a return: what every step has in common. Right, state machine, rows and audit row.

use domain::calendar::at_shanghai;
use domain::entry::Content;
use domain::evidence::Subject;
use domain::returns::{Figure, ReturnRow};
use domain::rights::{self, Object};
use domain::workflow::{State, Step, can_undo};
use serde_json::json;

use crate::evidence::hand_in;
use crate::facts::{CellChange, Report, ReportKey, StepRecord, is_asked_again, is_own_work};
use crate::ports::{Facts, Ledger};
use crate::posted::Posted;
use crate::projects::{Projects, Writing};
use crate::refusal::Refusal;
use crate::reports;
use crate::rows::{Cell, Entry, NewFigures, NewRevision, NewRow};
use crate::who::Who;

/// The names of the fields that every step's form has.
pub mod field {
    pub const STEP: &str = "step";
    /// The number of steps that the page had seen.
    pub const SEEN: &str = "seen";
    /// A key of the page's rendering: the same key again is the same step.
    pub const KEY: &str = "key";
    pub const REASON: &str = "reason";
    pub const REASON_KIND: &str = "reason_kind";
    /// The page it was asked on, to come back to.
    pub const FROM: &str = "from";
}

/// What is asked of one return, as every step's form says it.
#[derive(Debug, Clone)]
pub struct Taking {
    pub report: ReportKey,
    pub seen: i64,
    pub key: Option<String>,
}

impl Taking {
    pub fn read(report: ReportKey, posted: &Posted) -> Self {
        let key = Some(posted.text(field::KEY)).filter(|key| !key.is_empty() && key.len() <= 100);
        Self { report, seen: posted.text(field::SEEN).parse().unwrap_or(-1), key: key.map(str::to_owned) }
    }

    /// The step itself, without reason or content.
    pub fn step(&self, step: Step) -> NewStep {
        NewStep {
            step,
            seen: self.seen,
            reason: None,
            content: None,
            typed: Vec::new(),
            questions: Vec::new(),
            key: self.key.clone(),
        }
    }
}

/// What somebody wants done to a return.
#[derive(Debug, Clone)]
pub struct NewStep {
    pub step: Step,
    /// The steps that the page had seen.
    pub seen: i64,
    pub reason: Option<String>,
    /// What is frozen with it: what is submitted, or what a correction would make of it.
    pub content: Option<Content>,
    /// Boxes typed with it: the figures a county wants corrected.
    pub typed: Vec<CellChange>,
    /// What is asked about each figure: goal, region, question.
    pub questions: Vec<(String, String, String)>,
    /// The same key again is the same step.
    pub key: Option<String>,
}

/// The reason that a step needs, with the kind that was picked before it.
pub fn reason(posted: &Posted) -> Result<String, Refusal> {
    let (kind, own) = (posted.text(field::REASON_KIND).trim(), domain::entry::clean(posted.text(field::REASON)));
    if own.trim().is_empty() {
        return Err(Refusal::field(field::REASON, "请写具体说明，好让对方知道改哪里、为什么"));
    }
    let reason = if kind.is_empty() { own } else { format!("{}：{own}", domain::entry::clean(kind)) };
    if reason.chars().count() > domain::entry::TEXT_LIMIT {
        let sentence = format!("退回理由超过 {} 字，请缩短", domain::entry::TEXT_LIMIT);
        return Err(Refusal::field(field::REASON, sentence));
    }
    Ok(reason)
}

/// The return that a step is about. Who may not, whatever its state, is told so before anything else.
pub async fn open(ledger: &mut dyn Ledger, who: &Who, key: &ReportKey, step: Step) -> Result<Report, Refusal> {
    let none = || Refusal::Forbidden(step.action(), rights::Refusal::Scope);
    let report = reports::report(ledger, key, who.at).await?.ok_or_else(none)?;
    let object = Object::of_unit(report.office(), &key.unit, report.state());
    match who.may(step.action(), object) {
        Err(Refusal::Forbidden(_, rights::Refusal::State(_))) | Ok(()) => Ok(report),
        Err(other) => Err(other),
    }
}

/// Takes one step. The same key again returns the step that was taken with it. `office` is the region whose target the
/// plan splits.
pub async fn take(
    ledger: &mut dyn Ledger,
    who: &Who,
    office: &str,
    key: &ReportKey,
    new: NewStep,
) -> Result<StepRecord, Refusal> {
    let steps = ledger.steps(key).await?;
    if let Some(done) = repeated(ledger, key, &new, &steps, who).await? {
        return Ok(done);
    }
    let state = state_of(ledger, key, &steps, who.at).await?;
    let moved = |steps: Vec<StepRecord>| Refusal::Moved(steps.into_iter().next_back().map(Box::new));
    match who.may(new.step.action(), Object::of_unit(office, &key.unit, state)) {
        Err(Refusal::Forbidden(_, rights::Refusal::State(_))) => return Err(moved(steps)),
        other => other?,
    }
    if steps.last().map_or(0, |last| last.version) != new.seen {
        return Err(moved(steps));
    }
    if is_own_work(new.step, &steps, who.account()) {
        return Err(Refusal::OwnWork);
    }
    if new.step == Step::Undo {
        may_undo(ledger, key, &steps, who).await?;
    }
    let Some(after) = new.step.after(state) else { return Err(moved(steps)) };
    write(ledger, key, new, &steps, after, who).await
}

/// Where a return stands; figures that came in by a file are approved without steps.
pub(super) async fn state_of(
    facts: &mut dyn Facts,
    key: &ReportKey,
    steps: &[StepRecord],
    now: i64,
) -> Result<State, Refusal> {
    let last = steps.last().map(|last| last.state);
    if let Some(state) = last.filter(|state| *state != State::Approved) {
        return Ok(state);
    }
    let Some(version) = facts.plan(&key.plan).await? else { return Ok(last.unwrap_or(State::Draft)) };
    if is_asked_again(&version.plan, &key.round, steps, now) {
        return Ok(State::SentBack);
    }
    if let Some(state) = last {
        return Ok(state);
    }
    let in_force = facts.units_in_force(&version.plan, std::slice::from_ref(&key.round)).await?;
    let imported = in_force.get(&key.round).is_some_and(|units| units.contains(&key.unit));
    Ok(if imported { State::Approved } else { State::Draft })
}

/// Only the last step, by whoever took it, while it is fresh and no edition holds it.
async fn may_undo(facts: &mut dyn Facts, key: &ReportKey, steps: &[StepRecord], who: &Who) -> Result<(), Refusal> {
    let undoable = |last: &&StepRecord| matches!(last.step, Step::Approve | Step::SendBackToCounty);
    let last = steps.last().filter(|last| last.account == who.account()).filter(undoable);
    let Some(last) = last else { return Err(Refusal::whole("只能撤销自己刚才做的审核通过或退回")) };
    if !can_undo(last.step, last.at, who.at) {
        let sentence = "已超过10秒，不能撤销了；审核通过之后要改数，请单位申请更正，退回之后请单位重新提交";
        return Err(Refusal::whole(sentence));
    }
    match facts.is_published_since(key, last.version).await? {
        true => Err(Refusal::whole("通过之后已经发布了通报，不能撤销；要改数请单位申请更正")),
        false => Ok(()),
    }
}

/// A step with this key that was already taken: a double press, or the answer was lost on its way.
async fn repeated(
    facts: &mut dyn Facts,
    key: &ReportKey,
    new: &NewStep,
    steps: &[StepRecord],
    who: &Who,
) -> Result<Option<StepRecord>, Refusal> {
    let Some(idempotency_key) = &new.key else { return Ok(None) };
    let Some((of, version)) = facts.step_with_key(idempotency_key).await? else { return Ok(None) };
    let is_it = |step: &&StepRecord| step.version == version && step.account == who.account() && step.step == new.step;
    let done = steps.iter().find(is_it).filter(|_| of == *key);
    // The same request again is the same step; another one from the same page, or one that was taken back, is not.
    let again = done.filter(|done| {
        let undone = steps.iter().any(|step| step.step == Step::Undo && step.version == done.version + 1);
        let same_content = new.content.is_none() || done.content == new.content || new.step == Step::Submit;
        !undone && done.reason == new.reason && same_content
    });
    let used = || Refusal::whole("这个页面已经用过了，没有再办；请刷新页面，看过现在的情况再办");
    again.cloned().map(Some).ok_or_else(used)
}

async fn write(
    ledger: &mut dyn Ledger,
    key: &ReportKey,
    new: NewStep,
    steps: &[StepRecord],
    after: State,
    who: &Who,
) -> Result<StepRecord, Refusal> {
    let version = steps.last().map_or(0, |last| last.version) + 1;
    let content = new.content.as_ref().map(|content| {
        let text = domain::canonical::to_json(content).expect("a return's content is strings, integers and lists");
        let sha256 = domain::canonical::sha256(text.as_bytes());
        (text, sha256)
    });
    let (content, sha256) = content.unzip();
    let row = NewRow {
        table: "return_step",
        cells: cells(
            key,
            [
                ("version", version.into()),
                ("step", new.step.id().into()),
                ("state", json!(after).as_str().into()),
                ("at", who.at.into()),
                ("actor", (&who.actor).into()),
                ("account_id", who.account().into()),
                ("reason", new.reason.as_deref().into()),
                ("content", content.as_deref().into()),
                ("sha256", sha256.as_deref().into()),
                ("idempotency_key", new.key.as_deref().into()),
            ],
        ),
    };
    let detail = json!({ "version": version, "reason": new.reason, "sha256": sha256 });
    let mut entry = Entry::new(new.step.id(), object(key), detail).with(row);
    entry.figures = match (new.step, steps.iter().rev().find(|step| step.step == Step::Submit)) {
        (Step::Approve, Some(submission)) => Some(approved(ledger, key, submission, steps).await?),
        (Step::Undo, _) => taken_back(ledger, key, steps, who).await?,
        _ => None,
    };
    entry.rows.extend(of_projects(ledger, key, new.step, version, steps, who).await?);
    let subject = match new.step {
        Step::Submit => Some(Subject::Return(key.round.clone())),
        Step::AskCorrection => Some(Subject::Correction(key.round.clone())),
        _ => None,
    };
    if let Some(subject) = subject {
        entry.rows.extend(hand_in(ledger, &key.plan, (&subject, &key.unit), who).await?);
    }
    let questions = new.questions.iter().map(|question| question_row(key, version, question, who));
    entry.rows.extend(questions);
    if !new.typed.is_empty() {
        let drafts = ledger.drafts(key).await?;
        for change in &new.typed {
            let newest = drafts.iter().filter(|draft| draft.cell == change.cell).map(|draft| draft.version).max();
            entry.rows.push(draft_row(key, change, newest.unwrap_or(0) + 1, who));
        }
    }
    ledger.append(who, entry).await?;
    Ok(StepRecord {
        version,
        step: new.step,
        state: after,
        at: who.at,
        actor: who.actor.clone(),
        account: who.account(),
        reason: new.reason,
        content: new.content,
        sha256,
    })
}

/// The figures that an approval puts in force: those that differ from the ones there.
async fn approved(
    facts: &mut dyn Facts,
    key: &ReportKey,
    submission: &StepRecord,
    steps: &[StepRecord],
) -> Result<NewFigures, Refusal> {
    // Why a figure in force changes: what the county wrote when it asked.
    let asked = steps.iter().rev().find(|step| step.step == Step::AskCorrection).and_then(|step| step.reason.clone());
    let last = steps.iter().rev().find(|step| matches!(step.step, Step::Undo | Step::Submit));
    let taken_back = last.is_some_and(|step| step.step == Step::Undo);
    let plan = facts.plan(&key.plan).await?.map(|version| version.plan);
    let calendar = plan.as_ref().and_then(|plan| plan.calendar_of_round(&key.round));
    let is_final = calendar.is_some_and(|calendar| calendar.is_final(key.period(), at_shanghai(submission.at)));
    let otherwise = match (taken_back, is_final) {
        (true, _) => "撤销之后重新审核通过",
        (false, true) => "年终定报",
        (false, false) => "单位重新报送",
    };
    let correction = asked.unwrap_or_else(|| otherwise.to_owned());
    let content = submission.content.as_ref().ok_or_else(|| Refusal::whole("这份报送的内容读不懂，请告诉管理员"))?;
    let mut new = Vec::new();
    for row in &content.rows {
        if row.value.is_none() && row.growth.is_none() {
            continue;
        }
        // The explanation is for the reviewer and stays with the submission; it is not published.
        let figure = Figure { value: row.value, base: row.base, published_growth: row.growth, ..Figure::default() };
        let (goal, region) = (row.goal.clone(), row.region.clone());
        let mut read = ReturnRow { line: 0, goal, region, period: key.period(), figure };
        let in_force = facts.in_force(&key.plan, &read).await?;
        if let Some((_, figure)) = &in_force {
            // The bureau's growth is the office's to record: a county's new figure leaves it.
            read.figure.published_growth = read.figure.published_growth.or(figure.published_growth);
            read.figure.note.clone_from(&figure.note);
            if figure.same_figures(&read.figure) {
                continue;
            }
        }
        let revision = in_force.map_or(1, |(revision, _)| revision + 1);
        let reason = (revision > 1).then(|| correction.clone());
        new.push(NewRevision::new(read, revision, reason));
    }
    Ok(NewFigures { plan: key.plan.clone(), rows: new, file: None, at: submission.at, by: submission.actor.clone() })
}

/// What an approval puts into the library of projects, or takes out of it again.
async fn of_projects(
    facts: &mut dyn Facts,
    key: &ReportKey,
    step: Step,
    version: i64,
    steps: &[StepRecord],
    who: &Who,
) -> Result<Vec<NewRow>, Refusal> {
    let submission = steps.iter().rev().find(|step| step.step == Step::Submit);
    let lines = submission.and_then(|step| step.content.as_ref()).map(|content| &content.projects);
    let Some(lines) = lines.filter(|lines| !lines.is_empty() && matches!(step, Step::Approve | Step::Undo)) else {
        return Ok(Vec::new());
    };
    let Some(plan) = facts.plan(&key.plan).await?.map(|version| version.plan) else { return Ok(Vec::new()) };
    let office = plan.region.id();
    let known = facts.projects(office, None).await?;
    let source = format!("{}/{version}", object(key));
    let approval = steps.last().filter(|last| last.step == Step::Approve);
    let before = match (step, approval) {
        (Step::Undo, Some(approval)) => facts.projects_without(office, approval.at, approval.account).await?,
        (Step::Undo, None) => return Ok(Vec::new()),
        _ => Projects::new(),
    };
    let asked =
        steps.iter().rev().find(|step| step.step == Step::AskCorrection).and_then(|step| step.reason.as_deref());
    let reason = if step == Step::Undo { Some("撤销审核通过") } else { asked };
    let writing = Writing { office, plan: &plan.id, who, reason, source: &source, since: None };
    let mut rows = Vec::new();
    for line in lines {
        // A project that has left the library meanwhile takes no report.
        let Some(own) = known.get(&line.project) else { continue };
        if step == Step::Undo {
            let Some(before) = before.get(&line.project) else { continue };
            rows.extend(writing.rows(Some(own), &before.entry));
            continue;
        }
        let read = line.line(&plan, &own.entry, key.period());
        if let Some((_, sentence)) = read.hard.first() {
            return Err(Refusal::whole(format!("“{}”：{sentence}；请退回单位修改", line.name)));
        }
        rows.extend(writing.rows(Some(own), &read.after));
    }
    Ok(rows)
}

/// What an approval that is taken back had put in force goes out again: what stood there before comes back, or nothing.
async fn taken_back(
    facts: &mut dyn Facts,
    key: &ReportKey,
    steps: &[StepRecord],
    who: &Who,
) -> Result<Option<NewFigures>, Refusal> {
    let Some(approval) = steps.last().filter(|last| last.step == Step::Approve) else { return Ok(None) };
    let put = facts.put_by_step(key, approval.version).await?;
    let mut new = Vec::new();
    for (row, revision) in put {
        let newest = facts.in_force(&key.plan, &row).await?.map_or(0, |(revision, _)| revision);
        if newest != revision {
            return Err(Refusal::whole("通过之后又有新的数写入，不能撤销；要改数请单位申请更正"));
        }
        let before = facts.before(&key.plan, &row, revision).await?;
        // What stood there before keeps its own source; where nothing stood, nothing stands again.
        let source = before
            .as_ref()
            .and_then(|before| Some((before.source.recorded_at?, before.source.by.as_deref()?.to_owned())));
        let withdrawn = before.is_none();
        let row = ReturnRow { figure: before.unwrap_or_default(), ..row };
        let reason = Some("撤销审核通过".to_owned());
        new.push(NewRevision { row, revision: revision + 1, withdrawn, source, reason });
    }
    Ok(Some(NewFigures { plan: key.plan.clone(), rows: new, file: None, at: who.at, by: who.actor.clone() }))
}

fn question_row(key: &ReportKey, version: i64, question: &(String, String, String), who: &Who) -> NewRow {
    let (goal, region, question) = question;
    NewRow {
        table: "review_question",
        cells: cells(
            key,
            [
                ("step", version.into()),
                ("goal_id", goal.into()),
                ("region_id", region.into()),
                ("question", question.into()),
                ("at", who.at.into()),
                ("actor", (&who.actor).into()),
            ],
        ),
    }
}

/// The columns of a row about a return, those that say which one first.
pub(super) fn cells<const N: usize>(key: &ReportKey, of_row: [(&'static str, Cell); N]) -> Vec<(&'static str, Cell)> {
    let of_key: [(&'static str, Cell); 5] = [
        ("plan_id", (&key.plan).into()),
        ("rhythm", (&key.round.rhythm).into()),
        ("year", key.period().year.into()),
        ("month", key.period().month.into()),
        ("unit_id", (&key.unit).into()),
    ];
    of_key.into_iter().chain(of_row).collect()
}

/// How the audit trail names a return.
pub fn object(key: &ReportKey) -> String {
    format!("{}/{}/{}", key.plan, key.round, key.unit)
}

/// A version of what was typed into one box.
pub(super) fn draft_row(key: &ReportKey, change: &CellChange, version: i64, who: &Who) -> NewRow {
    NewRow {
        table: "draft",
        cells: cells(
            key,
            [
                ("cell", (&change.cell).into()),
                ("version", version.into()),
                ("content", (&change.text).into()),
                ("at", who.at.into()),
                ("actor", (&who.actor).into()),
                ("account_id", who.account().into()),
            ],
        ),
    }
}
