//! A unit's return on its way: what was typed, and the steps taken. Both only grow.

use domain::entry::Content;
use domain::month::Period;
use domain::returns::{Figure, Figures};
use domain::rights::{Action, Object};
use domain::workflow::{State, Step};
use office::facts::{CellChange, CellConflict, Draft, Exception, Question, ReportKey, StepRecord, TrueUp};
use office::viewer::Viewer;
use serde_json::json;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::rows::NewRow;
use super::{Store, StoreError, Transaction, Writer, rows};

pub(super) const OF_RETURN: &str = "plan_id = $1 AND year = $2 AND month = $3 AND unit_id = $4";
const DRAFT: &str = "cell, version, content, at, actor, audit_seq";
pub(super) const STEP: &str = "version, step, state, at, actor, account_id, reason, content, sha256, unit_id";

fn draft(row: &AnyRow) -> Draft {
    Draft { cell: row.get(0), version: row.get(1), text: row.get(2), at: row.get(3), actor: row.get(4), audit_seq: row.get(5) }
}

pub(super) fn step(row: &AnyRow) -> Result<StepRecord, StoreError> {
    let unreadable = |what: &str| StoreError::Unreadable(format!("报送步骤：{what}"));
    let state: String = row.get(2);
    let content: Option<String> = row.get(7);
    let content: Option<Content> = content.map(|text| serde_json::from_str(&text)).transpose().map_err(|_| unreadable("内容"))?;
    Ok(StepRecord {
        version: row.get(0),
        step: Step::parse(&row.get::<String, _>(1)).ok_or_else(|| unreadable("步骤"))?,
        state: State::ALL.into_iter().find(|known| json!(known) == state).ok_or_else(|| unreadable("状态"))?,
        at: row.get(3),
        actor: row.get(4),
        account: row.get(5),
        reason: row.get(6),
        content,
        sha256: row.get(8),
    })
}

/// Who acts on whose return: what the table of rights is asked.
pub struct Acting<'a> {
    pub viewer: &'a Viewer,
    /// The region whose target the plan splits.
    pub office: &'a str,
}

impl Transaction {
    /// Every version of every box, oldest first within a box.
    pub async fn drafts(&mut self, key: &ReportKey) -> Result<Vec<Draft>, StoreError> {
        let sql = format!("SELECT {DRAFT} FROM draft WHERE {OF_RETURN} ORDER BY cell, version");
        Ok(of_return(sqlx::query(sqlx::AssertSqlSafe(sql)), key).fetch_all(&mut **self).await?.iter().map(draft).collect())
    }

    /// The steps of a return, oldest first.
    pub async fn steps(&mut self, key: &ReportKey) -> Result<Vec<StepRecord>, StoreError> {
        let sql = format!("SELECT {STEP} FROM return_step WHERE {OF_RETURN} ORDER BY version");
        of_return(sqlx::query(sqlx::AssertSqlSafe(sql)), key).fetch_all(&mut **self).await?.iter().map(step).collect()
    }

    /// All steps of every unit of a period, by unit, oldest first.
    pub async fn last_steps(&mut self, plan: &str, period: Period) -> Result<Vec<(String, StepRecord)>, StoreError> {
        let sql = format!("SELECT {STEP} FROM return_step WHERE plan_id = $1 AND year = $2 AND month = $3 ORDER BY unit_id, version");
        let found = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan).bind(i64::from(period.year)).bind(i64::from(period.month));
        found.fetch_all(&mut **self).await?.iter().map(|row| Ok((row.get(9), step(row)?))).collect()
    }

    /// The units that have typed something for a period.
    pub async fn units_with_drafts(&mut self, plan: &str, period: Period) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT DISTINCT unit_id FROM draft WHERE plan_id = $1 AND year = $2 AND month = $3";
        let found = sqlx::query(sql).bind(plan).bind(i64::from(period.year)).bind(i64::from(period.month));
        Ok(found.fetch_all(&mut **self).await?.iter().map(|row| row.get(0)).collect())
    }

    /// The figures in force with what the unit has submitted for other periods and is not approved yet.
    pub async fn figures_for_form(&mut self, key: &ReportKey) -> Result<Figures, StoreError> {
        let mut figures = self.figures(&key.plan).await?;
        let sql = format!("SELECT {STEP}, year, month FROM return_step WHERE plan_id = $1 AND unit_id = $2 ORDER BY year, month, version");
        let found = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(&key.plan).bind(&key.unit).fetch_all(&mut **self).await?;
        let mut newest: std::collections::BTreeMap<(i64, i64), (State, Option<Content>)> = std::collections::BTreeMap::new();
        for row in &found {
            let read = step(row)?;
            let entry = newest.entry((row.get(10), row.get(11))).or_insert((State::Draft, None));
            entry.0 = read.state;
            entry.1 = read.content.or(entry.1.take());
        }
        for (state, content) in newest.into_values() {
            let (State::Submitted | State::Signed, Some(content)) = (state, content) else { continue };
            if content.period == key.period {
                continue;
            }
            for row in content.rows {
                let figure = Figure { value: row.value, base: row.base, published_growth: row.growth, ..Figure::default() };
                figures.insert(&row.goal, content.period, &row.region, figure);
            }
        }
        Ok(figures)
    }

    /// What the office asked, oldest first.
    pub async fn questions(&mut self, key: &ReportKey) -> Result<Vec<Question>, StoreError> {
        let sql =
            format!("SELECT step, goal_id, region_id, question FROM review_question WHERE {OF_RETURN} ORDER BY step, goal_id, region_id");
        let found = of_return(sqlx::query(sqlx::AssertSqlSafe(sql)), key).fetch_all(&mut **self).await?;
        let question = |row: &AnyRow| Question { step: row.get(0), goal: row.get(1), region: row.get(2), text: row.get(3) };
        Ok(found.iter().map(question).collect())
    }

    /// Mistakes of earlier periods of the year that the unit makes up for in the current one, oldest first.
    pub async fn true_ups(&mut self, key: &ReportKey) -> Result<Vec<TrueUp>, StoreError> {
        let sql = format!(
            "SELECT {STEP}, month FROM return_step WHERE plan_id = $1 AND year = $2 AND month < $3 AND unit_id = $4 \
             AND step IN ('ask_correction', 'true_up') ORDER BY month, version"
        );
        let found = of_return(sqlx::query(sqlx::AssertSqlSafe(sql)), key).fetch_all(&mut **self).await?;
        // What an approved later period contains is made up for.
        let sql = "SELECT MAX(at) FROM return_step WHERE plan_id = $1 AND year = $2 AND month < $3 AND unit_id = $4 AND step = 'submit' \
                   AND state = 'submitted' AND month > (SELECT COALESCE(MAX(month), 12) FROM return_step \
                   WHERE plan_id = $1 AND year = $2 AND month < $3 AND unit_id = $4 AND step = 'true_up')";
        let contained = of_return(sqlx::query(sql), key).fetch_one(&mut **self).await?.get::<Option<i64>, _>(0).unwrap_or(0);
        let (mut asked, mut true_ups) = (None, Vec::new());
        for row in &found {
            let read = step(row)?;
            let period = Period::new(key.period.year, row.get::<i64, _>(10) as u32);
            match (read.step, period) {
                (Step::TrueUp, Some(_)) if read.at < contained => asked = None,
                (Step::TrueUp, Some(period)) => true_ups.push(TrueUp { period, asked: asked.take(), answer: read }),
                (_, _) => asked = read.content,
            }
        }
        Ok(true_ups)
    }

    /// The newest 补报 of a return.
    pub async fn exception(&mut self, key: &ReportKey) -> Result<Option<Exception>, StoreError> {
        let sql = format!("SELECT until, reason, at, actor FROM late_exception WHERE {OF_RETURN} ORDER BY version DESC LIMIT 1");
        let found = of_return(sqlx::query(sqlx::AssertSqlSafe(sql)), key).fetch_optional(&mut **self).await?;
        Ok(found.map(|row| Exception { until: row.get(0), reason: row.get(1), at: row.get(2), actor: row.get(3) }))
    }

    /// The newest 补报 of every unit of a period.
    pub async fn exceptions(&mut self, plan: &str, period: Period) -> Result<std::collections::BTreeMap<String, Exception>, StoreError> {
        let sql =
            "SELECT unit_id, until, reason, at, actor FROM late_exception WHERE plan_id = $1 AND year = $2 AND month = $3 ORDER BY version";
        let found = sqlx::query(sql).bind(plan).bind(i64::from(period.year)).bind(i64::from(period.month)).fetch_all(&mut **self).await?;
        let exception = |row: &AnyRow| Exception { until: row.get(1), reason: row.get(2), at: row.get(3), actor: row.get(4) };
        Ok(found.iter().map(|row| (row.get(0), exception(row))).collect())
    }
}

impl Store {
    /// Lets a unit hand in late, until an instant.
    pub async fn grant_exception(
        &self,
        key: &ReportKey,
        until: i64,
        reason: &str,
        acting: Acting<'_>,
        writer: Writer,
    ) -> Result<(), StoreError> {
        let (key, viewer, office, reason) = (key.clone(), acting.viewer.clone(), acting.office.to_owned(), reason.to_owned());
        self.transact(move |transaction| {
            Box::pin(async move {
                let allowed = viewer.may(Action::GrantException, Object::office(&office));
                allowed.map_err(|refusal| StoreError::Forbidden(Action::GrantException, refusal))?;
                let sql = format!("SELECT MAX(version) FROM late_exception WHERE {OF_RETURN}");
                let newest = of_return(sqlx::query(sqlx::AssertSqlSafe(sql)), &key).fetch_one(&mut **transaction).await?;
                let row = NewRow {
                    table: "late_exception",
                    cells: vec![
                        ("plan_id", (&key.plan).into()),
                        ("year", i64::from(key.period.year).into()),
                        ("month", i64::from(key.period.month).into()),
                        ("unit_id", (&key.unit).into()),
                        ("version", (newest.get::<Option<i64>, _>(0).unwrap_or(0) + 1).into()),
                        ("until", until.into()),
                        ("reason", (&reason).into()),
                        ("at", writer.at.into()),
                        ("actor", (&writer.actor).into()),
                    ],
                };
                let detail = json!({ "until": until, "reason": reason });
                rows::append(transaction, &writer, "grant_exception", &object(&key), detail, &[row]).await?;
                Ok(())
            })
        })
        .await
    }

    /// Saves boxes, all or none; returns their newest versions. Boxes that somebody else changed meanwhile stop it.
    pub async fn save_drafts(
        &self,
        key: &ReportKey,
        changes: Vec<CellChange>,
        acting: Acting<'_>,
        writer: Writer,
    ) -> Result<Vec<Draft>, StoreError> {
        let (key, viewer, office) = (key.clone(), acting.viewer.clone(), acting.office.to_owned());
        self.transact(move |transaction| {
            Box::pin(async move {
                authorise(transaction, &key, &viewer, &office, Action::SaveDraft).await?;
                let sql = format!("SELECT {DRAFT} FROM draft WHERE {OF_RETURN} ORDER BY cell, version");
                let found = of_return(sqlx::query(sqlx::AssertSqlSafe(sql)), &key).fetch_all(&mut **transaction).await?;
                let known: Vec<Draft> = found.iter().map(draft).collect();
                let (changed, conflicts) = compare(&known, changes);
                if !conflicts.is_empty() {
                    return Err(StoreError::Cells(conflicts));
                }
                if changed.is_empty() {
                    return Ok(newest(known));
                }
                let new: Vec<NewRow> =
                    changed.iter().map(|(change, version)| draft_row(&key, change, *version, &viewer, &writer)).collect();
                let cells: Vec<&str> = changed.iter().map(|(change, _)| change.cell.as_str()).collect();
                let seq = rows::append(transaction, &writer, "save_draft", &object(&key), json!({ "cells": cells }), &new).await?;
                let mut all = known;
                all.extend(changed.into_iter().map(|(change, version)| Draft {
                    cell: change.cell,
                    version,
                    text: change.text,
                    at: writer.at,
                    actor: writer.actor.clone(),
                    audit_seq: seq,
                }));
                Ok(newest(all))
            })
        })
        .await
    }
}

/// Where a return stands; figures that came in by a file are approved without steps.
pub(super) async fn state_in(transaction: &mut Transaction, key: &ReportKey, last: Option<&StepRecord>) -> Result<State, StoreError> {
    if let Some(last) = last {
        return Ok(last.state);
    }
    let sql = "SELECT revision FROM return_revision WHERE plan_id = $1 AND year = $2 AND month = $3 AND region_id = $4 \
               AND (value IS NOT NULL OR growth IS NOT NULL) LIMIT 1";
    let imported = of_return(sqlx::query(sql), key).fetch_optional(&mut **transaction).await?;
    Ok(if imported.is_some() { State::Approved } else { State::Draft })
}

/// Whether a viewer may do this to a return in the state it has inside this transaction.
async fn authorise(
    transaction: &mut Transaction,
    key: &ReportKey,
    viewer: &Viewer,
    office: &str,
    action: Action,
) -> Result<(), StoreError> {
    let sql = format!("SELECT {STEP} FROM return_step WHERE {OF_RETURN} ORDER BY version DESC LIMIT 1");
    let last = of_return(sqlx::query(sqlx::AssertSqlSafe(sql)), key).fetch_optional(&mut **transaction).await?;
    let last = last.as_ref().map(step).transpose()?;
    let state = state_in(transaction, key, last.as_ref()).await?;
    viewer.may(action, Object::of_unit(office, &key.unit, state)).map_err(|refusal| match refusal {
        domain::rights::Refusal::State(_) => StoreError::Moved(last.map(Box::new)),
        other => StoreError::Forbidden(action, other),
    })
}

pub(super) fn draft_row(key: &ReportKey, change: &CellChange, version: i64, viewer: &Viewer, writer: &Writer) -> NewRow {
    NewRow {
        table: "draft",
        cells: vec![
            ("plan_id", (&key.plan).into()),
            ("year", i64::from(key.period.year).into()),
            ("month", i64::from(key.period.month).into()),
            ("unit_id", (&key.unit).into()),
            ("cell", (&change.cell).into()),
            ("version", version.into()),
            ("content", (&change.text).into()),
            ("at", writer.at.into()),
            ("actor", (&writer.actor).into()),
            ("account_id", viewer.account.id.into()),
        ],
    }
}

/// Which boxes change, with their new version, and which of them somebody else has changed since they were shown.
fn compare(known: &[Draft], changes: Vec<CellChange>) -> (Vec<(CellChange, i64)>, Vec<CellConflict>) {
    let (mut changed, mut conflicts) = (Vec::new(), Vec::new());
    for change in changes {
        let shown = known.iter().find(|draft| draft.cell == change.cell && draft.version == change.seen).map(|draft| draft.text.as_str());
        let shown = shown.or((change.seen == 0).then_some(change.shown.as_str()));
        let now = known.iter().rev().find(|draft| draft.cell == change.cell);
        let text_now = now.map_or(change.shown.as_str(), |draft| draft.text.as_str());
        // A box that still holds what it showed was not touched here.
        if shown == Some(change.text.as_str()) || text_now == change.text {
            continue;
        }
        match now {
            Some(theirs) if theirs.version != change.seen => {
                conflicts.push(CellConflict { cell: change.cell, mine: change.text, theirs: theirs.clone() });
            }
            now => {
                let version = now.map_or(1, |draft| draft.version + 1);
                changed.push((change, version));
            }
        }
    }
    (changed, conflicts)
}

/// The newest version of each box.
pub(super) async fn newest_versions(
    transaction: &mut Transaction,
    key: &ReportKey,
) -> Result<std::collections::BTreeMap<String, i64>, StoreError> {
    let sql = format!("SELECT cell, MAX(version) FROM draft WHERE {OF_RETURN} GROUP BY cell");
    let found = of_return(sqlx::query(sqlx::AssertSqlSafe(sql)), key).fetch_all(&mut **transaction).await?;
    Ok(found.iter().map(|row| (row.get(0), row.get(1))).collect())
}

fn newest(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut by_cell = std::collections::BTreeMap::new();
    for draft in drafts {
        by_cell.insert(draft.cell.clone(), draft);
    }
    by_cell.into_values().collect()
}

/// How the audit trail names a return.
pub(super) fn object(key: &ReportKey) -> String {
    format!("{}/{}/{}", key.plan, key.period, key.unit)
}

pub(super) type Query<'q> = sqlx::query::Query<'q, sqlx::Any, sqlx::any::AnyArguments>;

pub(super) fn of_return<'q>(query: Query<'q>, key: &'q ReportKey) -> Query<'q> {
    query.bind(&key.plan).bind(i64::from(key.period.year)).bind(i64::from(key.period.month)).bind(&key.unit)
}
