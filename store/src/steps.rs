//! The steps of a return: right, state machine, rows and audit row in one transaction.

use domain::entry::Content;
use domain::returns::Figure;
use domain::returns::ReturnRow;
use domain::rights::{Object, Refusal};
use domain::workflow::{State, Step, can_undo};
use office::facts::{CellChange, ReportKey, StepRecord, is_own_work};
use office::viewer::Viewer;
use serde_json::json;
use sqlx::Row;

use super::reports::{Acting, OF_RETURN, STEP, draft_row, newest_versions, object, of_return, state_in, step};
use super::returns::{self, NewRevision, Revisions};
use super::rows::NewRow;
use super::{Store, StoreError, Transaction, Writer, rows};

/// What somebody wants done to a return.
pub struct NewStep {
    pub step: Step,
    /// The steps that the page had seen.
    pub seen: i64,
    pub reason: Option<String>,
    /// What is frozen with it: what is submitted, or what a correction would make of it.
    pub content: Option<Content>,
    /// The newest draft that a submission was made from.
    pub made_from: Option<i64>,
    /// Boxes typed with it: the figures a county wants corrected.
    pub typed: Vec<CellChange>,
    /// What is asked about each figure: goal, region, question.
    pub questions: Vec<(String, String, String)>,
    /// The same key again is the same step.
    pub key: Option<String>,
}

impl NewStep {
    pub fn new(step: Step, seen: i64, key: Option<String>) -> Self {
        Self { step, seen, reason: None, content: None, made_from: None, typed: Vec::new(), questions: Vec::new(), key }
    }
}

impl Store {
    /// Takes one step. The same key again returns the step that was taken with it.
    pub async fn take_step(&self, key: &ReportKey, new: NewStep, acting: Acting<'_>, writer: Writer) -> Result<StepRecord, StoreError> {
        let taken = self.take_steps(vec![(key.clone(), new)], acting, writer).await;
        taken.map(|mut taken| taken.pop().expect("one step for one")).map_err(|(_, error)| error)
    }

    /// Takes several steps, all or none; the error names the return that stopped them.
    pub async fn take_steps(
        &self,
        steps: Vec<(ReportKey, NewStep)>,
        acting: Acting<'_>,
        writer: Writer,
    ) -> Result<Vec<StepRecord>, (Option<ReportKey>, StoreError)> {
        let (viewer, office) = (acting.viewer.clone(), acting.office.to_owned());
        let stopped = std::sync::Arc::new(std::sync::Mutex::new(None));
        let at = stopped.clone();
        let done = self
            .transact(move |transaction| {
                Box::pin(async move {
                    let mut taken = Vec::new();
                    for (key, new) in steps {
                        let one = take(transaction, &key, new, &viewer, &office, &writer).await;
                        if one.is_err() {
                            *at.lock().expect("nobody panics with it") = Some(key);
                        }
                        taken.push(one?);
                    }
                    Ok(taken)
                })
            })
            .await;
        done.map_err(|error| (stopped.lock().expect("nobody panics with it").take(), error))
    }
}

async fn take(
    transaction: &mut Transaction,
    key: &ReportKey,
    new: NewStep,
    viewer: &Viewer,
    office: &str,
    writer: &Writer,
) -> Result<StepRecord, StoreError> {
    let sql = format!("SELECT {STEP} FROM return_step WHERE {OF_RETURN} ORDER BY version");
    let found = of_return(sqlx::query(sqlx::AssertSqlSafe(sql)), key).fetch_all(&mut **transaction).await?;
    let steps: Vec<StepRecord> = found.iter().map(step).collect::<Result<_, _>>()?;
    if let Some(done) = repeated(transaction, key, &new, &steps, viewer).await? {
        return Ok(done);
    }
    let state = state_in(transaction, key, steps.last()).await?;
    let moved = |steps: Vec<StepRecord>| StoreError::Moved(steps.into_iter().next_back().map(Box::new));
    match viewer.may(new.step.action(), Object::of_unit(office, &key.unit, state)) {
        Err(Refusal::State(_)) => return Err(moved(steps)),
        Err(other) => return Err(StoreError::Forbidden(new.step.action(), other)),
        Ok(()) => {}
    }
    if steps.last().map_or(0, |last| last.version) != new.seen {
        return Err(moved(steps));
    }
    if is_own_work(new.step, &steps, viewer.account.id) {
        return Err(StoreError::OwnWork);
    }
    if new.step == Step::Undo {
        may_undo(transaction, key, &steps, viewer, writer.at).await?;
    }
    let Some(after) = new.step.after(state) else { return Err(moved(steps)) };
    write_step(transaction, key, new, &steps, after, viewer, writer).await
}

/// Only the last step, by whoever took it, while it is fresh and no edition holds it.
async fn may_undo(
    transaction: &mut Transaction,
    key: &ReportKey,
    steps: &[StepRecord],
    viewer: &Viewer,
    now: i64,
) -> Result<(), StoreError> {
    let last = steps.last().filter(|last| last.account == viewer.account.id && matches!(last.step, Step::Approve | Step::SendBackToCounty));
    let Some(last) = last else { return Err(StoreError::refused("只能撤销自己刚才做的审核通过或退回")) };
    if !can_undo(last.step, last.at, now) {
        return Err(StoreError::refused("已超过10秒，不能撤销了；审核通过之后要改数，请县里申请更正，退回之后请县里重新提交"));
    }
    let sql = "SELECT 1 FROM edition WHERE plan_id = $1 AND audit_seq > \
               (SELECT audit_seq FROM return_step WHERE plan_id = $1 AND year = $2 AND month = $3 AND unit_id = $4 AND version = $5)";
    let published = of_return(sqlx::query(sql), key).bind(last.version).fetch_optional(&mut **transaction).await?;
    match published {
        Some(_) => Err(StoreError::refused("通过之后已经发布了通报，不能撤销；要改数请县里申请更正")),
        None => Ok(()),
    }
}

/// A step with this key that was already taken: a double press, or the answer was lost on its way.
async fn repeated(
    transaction: &mut Transaction,
    key: &ReportKey,
    new: &NewStep,
    steps: &[StepRecord],
    viewer: &Viewer,
) -> Result<Option<StepRecord>, StoreError> {
    let Some(idempotency_key) = &new.key else { return Ok(None) };
    let sql = "SELECT plan_id, year, month, unit_id, version FROM return_step WHERE idempotency_key = $1";
    let Some(row) = sqlx::query(sql).bind(idempotency_key).fetch_optional(&mut **transaction).await? else { return Ok(None) };
    let same = row.get::<String, _>(0) == key.plan
        && row.get::<i64, _>(1) == i64::from(key.period.year)
        && row.get::<i64, _>(2) == i64::from(key.period.month)
        && row.get::<String, _>(3) == key.unit;
    let version: i64 = row.get(4);
    let done = steps.iter().find(|step| same && step.version == version && step.account == viewer.account.id && step.step == new.step);
    // The same request again is the same step; another one from the same page, or one that was taken back, is not.
    let again = done.filter(|done| {
        let undone = steps.iter().any(|step| step.step == Step::Undo && step.version == done.version + 1);
        let same_words = done.reason == new.reason && (new.content.is_none() || done.content == new.content || new.step == Step::Submit);
        !undone && same_words
    });
    again.cloned().map(Some).ok_or_else(|| StoreError::refused("这个页面已经用过了，没有再办；请刷新页面，看过现在的情况再办"))
}

async fn write_step(
    transaction: &mut Transaction,
    key: &ReportKey,
    new: NewStep,
    steps: &[StepRecord],
    after: State,
    viewer: &Viewer,
    writer: &Writer,
) -> Result<StepRecord, StoreError> {
    let version = steps.last().map_or(0, |last| last.version) + 1;
    if let Some(made_from) = new.made_from {
        let sql = format!("SELECT MAX(audit_seq) FROM draft WHERE {OF_RETURN}");
        let newest = of_return(sqlx::query(sqlx::AssertSqlSafe(sql)), key).fetch_one(&mut **transaction).await?;
        if newest.get::<Option<i64>, _>(0).unwrap_or(0) != made_from {
            return Err(StoreError::Stale);
        }
    }
    let (content, sha256) = match &new.content {
        None => (None, None),
        Some(content) => {
            let text = domain::canonical::to_json(content).map_err(|error| StoreError::Unreadable(error.to_string()))?;
            let sha256 = domain::canonical::sha256(text.as_bytes());
            (Some(text), Some(sha256))
        }
    };
    let row = NewRow {
        table: "return_step",
        cells: vec![
            ("plan_id", (&key.plan).into()),
            ("year", i64::from(key.period.year).into()),
            ("month", i64::from(key.period.month).into()),
            ("unit_id", (&key.unit).into()),
            ("version", version.into()),
            ("step", new.step.id().into()),
            ("state", json!(after).as_str().into()),
            ("at", writer.at.into()),
            ("actor", (&writer.actor).into()),
            ("account_id", viewer.account.id.into()),
            ("reason", new.reason.as_deref().into()),
            ("content", content.as_deref().into()),
            ("sha256", sha256.as_deref().into()),
            ("idempotency_key", new.key.as_deref().into()),
        ],
    };
    let mut detail = json!({ "version": version, "reason": new.reason, "sha256": sha256 });
    let revisions = match (new.step, steps.iter().rev().find(|step| step.step == Step::Submit)) {
        (Step::Approve, Some(submission)) => Some(approved(transaction, key, submission, steps).await?),
        (Step::Undo, _) => taken_back(transaction, key, steps, writer).await?,
        _ => None,
    };
    if let Some(revisions) = &revisions {
        (detail["rows"], detail["digest"]) = (json!(revisions.rows.len()), json!(revisions.digest()));
    }
    let mut new_rows = vec![row];
    new_rows.extend(new.questions.iter().map(|(goal, region, question)| question_row(key, version, goal, region, question, writer)));
    let known = newest_versions(transaction, key).await?;
    for change in &new.typed {
        let before = known.get(&change.cell).copied().unwrap_or(0);
        new_rows.push(draft_row(key, change, before + 1, viewer, writer));
    }
    let seq = rows::append(transaction, writer, new.step.id(), &object(key), detail, &new_rows).await?;
    if let Some(revisions) = revisions {
        revisions.insert(transaction, seq).await?;
    }
    Ok(StepRecord {
        version,
        step: new.step,
        state: after,
        at: writer.at,
        actor: writer.actor.clone(),
        account: viewer.account.id,
        reason: new.reason,
        content: new.content,
        sha256,
    })
}

/// The figures that an approval puts in force: those that differ from the ones there.
async fn approved(
    transaction: &mut Transaction,
    key: &ReportKey,
    submission: &StepRecord,
    steps: &[StepRecord],
) -> Result<Revisions, StoreError> {
    // Why a figure in force changes: what the county wrote when it asked.
    let asked = steps.iter().rev().find(|step| step.step == Step::AskCorrection).and_then(|step| step.reason.clone());
    let taken_back =
        steps.iter().rev().find(|step| matches!(step.step, Step::Undo | Step::Submit)).is_some_and(|step| step.step == Step::Undo);
    let otherwise = if taken_back { "撤销之后重新审核通过" } else { "县里重新报送" };
    let correction = asked.unwrap_or_else(|| otherwise.to_owned());
    let content = submission.content.as_ref().ok_or_else(|| StoreError::Unreadable("报送内容".to_owned()))?;
    let mut new = Vec::new();
    for row in &content.rows {
        if row.value.is_none() && row.growth.is_none() {
            continue;
        }
        // The explanation is for the reviewer and stays with the submission; it is not published.
        let figure = Figure { value: row.value, base: row.base, published_growth: row.growth, ..Figure::default() };
        let mut read = ReturnRow { line: 0, goal: row.goal.clone(), region: row.region.clone(), period: key.period, figure };
        let in_force = returns::in_force(transaction, &key.plan, &read).await?;
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
    Ok(Revisions { plan: key.plan.clone(), rows: new, file: None, at: submission.at, by: submission.actor.clone() })
}

/// What an approval that is taken back had put in force goes out again: what stood there before comes back, or nothing.
async fn taken_back(
    transaction: &mut Transaction,
    key: &ReportKey,
    steps: &[StepRecord],
    writer: &Writer,
) -> Result<Option<Revisions>, StoreError> {
    let Some(approval) = steps.last().filter(|last| last.step == Step::Approve) else { return Ok(None) };
    let put = returns::put_by_step(transaction, key, approval.version).await?;
    let mut new = Vec::new();
    for (row, revision) in put {
        let newest = returns::in_force(transaction, &key.plan, &row).await?.map_or(0, |(revision, _)| revision);
        if newest != revision {
            return Err(StoreError::refused("通过之后又有新的数写入，不能撤销；要改数请县里申请更正"));
        }
        let before = returns::before(transaction, &key.plan, &row, revision).await?;
        // What stood there before keeps its own source; where nothing stood, nothing stands again.
        let source = before.as_ref().and_then(|before| Some((before.source.recorded_at?, before.source.by.clone()?)));
        let state = if before.is_some() { "approved" } else { "withdrawn" };
        let row = ReturnRow { figure: before.unwrap_or_default(), ..row };
        new.push(NewRevision { row, revision: revision + 1, state, source, reason: Some("撤销审核通过".to_owned()) });
    }
    Ok(Some(Revisions { plan: key.plan.clone(), rows: new, file: None, at: writer.at, by: writer.actor.clone() }))
}

fn question_row(key: &ReportKey, version: i64, goal: &str, region: &str, question: &str, writer: &Writer) -> NewRow {
    NewRow {
        table: "review_question",
        cells: vec![
            ("plan_id", (&key.plan).into()),
            ("year", i64::from(key.period.year).into()),
            ("month", i64::from(key.period.month).into()),
            ("unit_id", (&key.unit).into()),
            ("step", version.into()),
            ("goal_id", goal.into()),
            ("region_id", region.into()),
            ("question", question.into()),
            ("at", writer.at.into()),
            ("actor", (&writer.actor).into()),
        ],
    }
}
