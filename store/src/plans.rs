//! Plans: each version is the text of the file that was imported. A text is parsed once and kept.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use domain::plan::Plan;
use office::facts::{Decision, PlanProposal, PlanVersion, UnreadablePlan};
use office::rows::NewPlanVersion;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{StoreError, Transaction, Writer, readings};

const COLUMNS: &str = "plan_id, version, source, sha256, file_name, reason, recorded_at, recorded_by";

/// What a text says as a plan, or what of it this program does not understand.
type Parsed = Result<Arc<Plan>, String>;

/// So many texts are kept: more than the versions of any office's plans.
const KEPT: usize = 256;

/// By the text itself: who changes a stored text behind the program's back gets no older plan for it.
static PARSED: LazyLock<Mutex<HashMap<Arc<str>, Parsed>>> = LazyLock::new(Mutex::default);

fn parsed(source: &str) -> (Arc<str>, Parsed) {
    if let Some((source, known)) = PARSED.lock().expect("nobody panics with it").get_key_value(source) {
        return (source.clone(), known.clone());
    }
    let read = domain::plan::file::parse(source).map(Arc::new).map_err(|problems| {
        let first = problems.first().map(|problem| match problem.line {
            0 => problem.message.clone(),
            line => format!("第 {line} 行：{}", problem.message),
        });
        first.unwrap_or_default()
    });
    let source: Arc<str> = source.into();
    let mut kept = PARSED.lock().expect("nobody panics with it");
    if kept.len() >= KEPT {
        kept.clear();
    }
    kept.insert(source.clone(), read.clone());
    (source, read)
}

fn read(row: &AnyRow) -> Result<PlanVersion, UnreadablePlan> {
    let version = row.get::<i64, _>("version") as u32;
    let (source, plan) = parsed(row.get("source"));
    let plan = plan.map_err(|problem| UnreadablePlan { id: row.get("plan_id"), version, problem })?;
    Ok(PlanVersion {
        plan,
        source,
        version,
        sha256: row.get("sha256"),
        file_name: row.get("file_name"),
        reason: row.get("reason"),
        recorded_at: row.get("recorded_at"),
        recorded_by: row.get("recorded_by"),
    })
}

/// Where something can stand that was reported or stated for a goal.
const OF_GOALS: [&str; 4] = ["return_revision", "bureau_figure", "watched_figure", "year_end_figure"];

/// The tables that hold what a unit reported or what was stated of it, with the name of the unit's column.
const OF_UNITS: [(&str, &str); 8] = [
    ("return_revision", "region_id"),
    ("bureau_figure", "region_id"),
    ("watched_figure", "region_id"),
    ("year_end_figure", "region_id"),
    ("return_step", "unit_id"),
    ("draft", "unit_id"),
    ("claim_step", "unit_id"),
    ("selection_step", "unit_id"),
];

/// The tables that make a plan run: what was handed in, came by file or was stated.
const RUNNING: [&str; 9] = [
    "return_revision",
    "bureau_figure",
    "watched_figure",
    "year_end_figure",
    "return_step",
    "task_step",
    "project_return",
    "claim_step",
    "selection_step",
];

fn proposal(row: &AnyRow) -> Result<PlanProposal, StoreError> {
    let step: String = row.get("step");
    Ok(PlanProposal {
        version: row.get("version"),
        step: Decision::parse(&step).ok_or_else(|| StoreError::Unreadable(format!("计划修订的步骤：{step}")))?,
        revises: row.get::<i64, _>("plan_version") as u32,
        source: row.get("source"),
        sha256: row.get("sha256"),
        file_name: row.get("file_name"),
        reason: row.get("reason"),
        at: row.get("at"),
        actor: row.get("actor"),
        account: row.get("account_id"),
    })
}

impl Transaction {
    /// The newest version of every plan, in the order of their first import.
    async fn newest_plans(&mut self) -> Result<Vec<Result<PlanVersion, UnreadablePlan>>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM plan_version p \
             WHERE version = (SELECT MAX(version) FROM plan_version q WHERE q.plan_id = p.plan_id) \
             ORDER BY (SELECT MIN(audit_seq) FROM plan_version q WHERE q.plan_id = p.plan_id)"
        ));
        Ok(sqlx::query(sql).fetch_all(&mut **self).await?.iter().map(read).collect())
    }

    /// The newest version of every plan that can be read: one that cannot does not take the others with it.
    pub async fn plans(&mut self) -> Result<Vec<PlanVersion>, StoreError> {
        // Where a reading was chosen the earlier versions say whether it still holds.
        let sql = format!(
            "SELECT {COLUMNS} FROM plan_version p \
             WHERE version = (SELECT MAX(version) FROM plan_version q WHERE q.plan_id = p.plan_id) \
             OR plan_id IN (SELECT plan_id FROM reading_choice) \
             ORDER BY (SELECT MIN(audit_seq) FROM plan_version q WHERE q.plan_id = p.plan_id), version"
        );
        let found = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut **self).await?;
        let (readings, averages) = (self.all_readings().await?, self.all_averages().await?);
        let id = |row: &AnyRow| row.get::<String, _>("plan_id");
        let mut plans: Vec<PlanVersion> = Vec::new();
        for rows in found.chunk_by(|one, other| id(one) == id(other)) {
            let Some(Ok(newest)) = rows.last().map(read) else { continue };
            let earlier = rows[..rows.len() - 1].iter().filter_map(|row| read(row).ok());
            let mut versions: Vec<PlanVersion> = earlier.chain([newest]).collect();
            let id = versions[0].plan.id.clone();
            readings::apply(&mut versions, readings.get(&id).map(Vec::as_slice).unwrap_or_default());
            readings::apply_averages(&mut versions, averages.get(&id).map(Vec::as_slice).unwrap_or_default());
            plans.extend(versions.pop());
        }
        self.apply_own_rows(&mut plans.iter_mut().map(|version| &mut version.plan).collect::<Vec<_>>()).await?;
        Ok(plans)
    }

    /// The plans whose newest version this program does not understand.
    pub async fn unreadable_plans(&mut self) -> Result<Vec<UnreadablePlan>, StoreError> {
        Ok(self.newest_plans().await?.into_iter().filter_map(Result::err).collect())
    }

    /// The goals of a plan that anything was reported or stated for.
    pub async fn used_goals(&mut self, plan: &str) -> Result<Vec<String>, StoreError> {
        let each = OF_GOALS.map(|table| format!("SELECT goal_id FROM {table} WHERE plan_id = $1"));
        let sql = each.join(" UNION ");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan).fetch_all(&mut **self).await?;
        Ok(rows.iter().map(|row| row.try_get("goal_id")).collect::<Result<_, _>>()?)
    }

    /// Whether anything was typed or handed in in a rhythm.
    pub async fn is_rhythm_used(&mut self, plan: &str, rhythm: &str) -> Result<bool, StoreError> {
        self.any_row(&["draft", "return_step"].map(|table| (table, "rhythm")), plan, rhythm).await
    }

    /// Whether a unit has reported, typed or been stated anything.
    pub async fn is_unit_used(&mut self, plan: &str, region: &str) -> Result<bool, StoreError> {
        self.any_row(&OF_UNITS, plan, region).await
    }

    /// Whether anything was reported or stated under a plan.
    pub async fn is_plan_running(&mut self, plan: &str) -> Result<bool, StoreError> {
        let each = RUNNING.map(|table| format!("SELECT 1 AS found FROM {table} WHERE plan_id = $1"));
        let sql = format!("SELECT found FROM ({}) AS each LIMIT 1", each.join(" UNION ALL "));
        Ok(sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan).fetch_optional(&mut **self).await?.is_some())
    }

    /// The last step of a plan's proposed revisions.
    pub async fn plan_proposal(&mut self, plan: &str) -> Result<Option<PlanProposal>, StoreError> {
        let sql = "SELECT * FROM plan_proposal WHERE plan_id = $1 ORDER BY version DESC LIMIT 1";
        sqlx::query(sql).bind(plan).fetch_optional(&mut **self).await?.as_ref().map(proposal).transpose()
    }

    async fn any_row(&mut self, tables: &[(&str, &str)], plan: &str, value: &str) -> Result<bool, StoreError> {
        for (table, column) in tables {
            let sql = format!("SELECT 1 FROM {table} WHERE plan_id = $1 AND {column} = $2 LIMIT 1");
            let found =
                sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan).bind(value).fetch_optional(&mut **self).await?;
            if found.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub async fn plan(&mut self, id: &str) -> Result<Option<PlanVersion>, StoreError> {
        Ok(self.plan_versions(id).await?.pop())
    }

    /// All versions of a plan, oldest first; the newest with its rules as the office chose to read them.
    pub async fn plan_versions(&mut self, id: &str) -> Result<Vec<PlanVersion>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM plan_version WHERE plan_id = $1 ORDER BY version");
        let found = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).fetch_all(&mut **self).await?;
        let versions: Result<Vec<PlanVersion>, UnreadablePlan> = found.iter().map(read).collect();
        let mut versions = versions.map_err(|unreadable| StoreError::Unreadable(unreadable.sentence()))?;
        readings::apply(&mut versions, &self.readings(id).await?);
        if let Some(newest) = versions.last_mut() {
            self.apply_own_rows(&mut [&mut newest.plan]).await?;
        }
        readings::apply_averages(&mut versions, &self.average_choices(id).await?);
        Ok(versions)
    }
}

pub(super) async fn insert(
    new: &NewPlanVersion,
    transaction: &mut Transaction,
    writer: &Writer,
    seq: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO plan_version (plan_id, version, source, sha256, file_name, reason, recorded_at, recorded_by, audit_seq) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&new.plan)
    .bind(i64::from(new.version))
    .bind(&new.source)
    .bind(&new.sha256)
    .bind(&new.file_name)
    .bind(&new.reason)
    .bind(writer.at)
    .bind(&writer.actor)
    .bind(seq)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}
