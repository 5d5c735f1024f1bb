//! Long exports: asked for, taken up in turn by whichever copy of the program is free, kept for some days.

use office::facts::{ExportJob, JobState, NewJob};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Store, StoreError, Transaction};

/// A job whose maker has been silent for so long, by the database's clock, is taken up by another one.
const SILENT: i64 = 2 * 60 * 1000;
/// Finished files are kept so long.
pub const KEPT: i64 = 7 * 24 * 60 * 60 * 1000;

/// A job to be made.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub id: String,
    pub plan: String,
    pub goal: String,
    pub year: i32,
    pub asked_by: String,
}

const COLUMNS: &str =
    "id, plan_id, asked_by, asked_at, state, step, done, steps, file_name, sha256, failure, goal_id, year";

fn read(row: &AnyRow) -> Result<ExportJob, StoreError> {
    let state: String = row.get("state");
    Ok(ExportJob {
        id: row.get("id"),
        plan: row.get("plan_id"),
        asked_by: row.get("asked_by"),
        asked_at: row.get("asked_at"),
        state: JobState::parse(&state).ok_or_else(|| StoreError::Unreadable(format!("导出任务的状态 {state}")))?,
        step: row.get("step"),
        done: row.get::<i64, _>("done") as usize,
        steps: row.get::<i64, _>("steps") as usize,
        file_name: row.get("file_name"),
        sha256: row.get("sha256"),
        failure: row.get("failure"),
        year: row.get::<i64, _>("year") as i32,
    })
}

impl Transaction {
    /// An account's jobs, newest first.
    pub async fn jobs(&mut self, account: i64) -> Result<Vec<ExportJob>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM export_job WHERE account_id = $1 ORDER BY asked_at DESC, id");
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(account).fetch_all(&mut **self).await?.iter().map(read).collect()
    }

    /// How many of an account's jobs are not finished.
    pub async fn open_jobs(&mut self, account: i64) -> Result<usize, StoreError> {
        let sql = "SELECT COUNT(*) AS open FROM export_job WHERE account_id = $1 AND state IN ('waiting', 'running')";
        let found = sqlx::query(sql).bind(account).fetch_one(&mut **self).await?;
        Ok(found.get::<i64, _>("open") as usize)
    }

    /// Adds a job to those that wait. Finished files that are old are cleared on this occasion.
    pub(super) async fn insert_job(&mut self, job: NewJob) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM export_job WHERE state IN ('done', 'failed') AND asked_at < $1")
            .bind(job.asked_at - KEPT)
            .execute(&mut **self)
            .await?;
        sqlx::query(
            "INSERT INTO export_job (id, kind, plan_id, goal_id, year, asked_by, account_id, asked_at, state, heard_at, step, \
             done, steps) VALUES ($1, 'assessment', $2, $3, $4, $5, $6, $7, 'waiting', $7, '', 0, $8)",
        )
        .bind(&crate::passwords::random_token()[..32])
        .bind(&job.plan)
        .bind(&job.goal)
        .bind(i64::from(job.year))
        .bind(&job.asked_by)
        .bind(job.account)
        .bind(job.asked_at)
        .bind(job.steps as i64)
        .execute(&mut **self)
        .await?;
        Ok(())
    }

    /// The file of an account's own finished job.
    pub async fn job_file(&mut self, id: &str, account: i64) -> Result<Option<(String, Vec<u8>)>, StoreError> {
        let sql = "SELECT file_name, content FROM export_job WHERE id = $1 AND account_id = $2 AND state = 'done'";
        Ok(sqlx::query(sql)
            .bind(id)
            .bind(account)
            .fetch_optional(&mut **self)
            .await?
            .map(|row| (row.get("file_name"), row.get("content"))))
    }
}

impl Store {
    /// Takes up the oldest job that waits, or that its maker left. A maker that was heard in the future was heard
    /// before the database's clock was set back: nobody knows when.
    pub async fn claim_job(&self) -> Result<Option<Claimed>, StoreError> {
        // Mostly there is none: writers need not wait for that to be found out.
        let open = sqlx::query("SELECT COUNT(*) AS open FROM export_job WHERE state IN ('waiting', 'running')");
        if open.fetch_one(&mut *self.read().await?).await?.get::<i64, _>("open") == 0 {
            return Ok(None);
        }
        let now = self.engine.now();
        self.transact(move |transaction| {
            Box::pin(async move {
                let sql = format!(
                    "SELECT id, plan_id, goal_id, year, asked_by FROM export_job WHERE state = 'waiting' OR \
                     (state = 'running' AND (heard_at < {now} - $1 OR heard_at > {now} + $1)) \
                     ORDER BY asked_at, id LIMIT 1"
                );
                let found =
                    sqlx::query(sqlx::AssertSqlSafe(sql)).bind(SILENT).fetch_optional(&mut **transaction).await?;
                let Some(row) = found else { return Ok(None) };
                let claimed = Claimed {
                    id: row.get("id"),
                    plan: row.get("plan_id"),
                    goal: row.get("goal_id"),
                    year: row.get::<i64, _>("year") as i32,
                    asked_by: row.get("asked_by"),
                };
                let sql = format!("UPDATE export_job SET state = 'running', heard_at = {now} WHERE id = $1");
                sqlx::query(sqlx::AssertSqlSafe(sql)).bind(&claimed.id).execute(&mut **transaction).await?;
                Ok(Some(claimed))
            })
        })
        .await
    }

    /// Its maker lives.
    pub async fn job_lives(&self, id: &str) -> Result<(), StoreError> {
        let sql = format!("UPDATE export_job SET heard_at = {} WHERE id = $1 AND state = 'running'", self.engine.now());
        self.alone(sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id)).await
    }

    /// How far a job is.
    pub async fn job_reached(&self, id: &str, step: &str, done: usize) -> Result<(), StoreError> {
        let sql = format!(
            "UPDATE export_job SET step = $2, done = $3, heard_at = {} WHERE id = $1 AND state = 'running' \
             AND done <= $3",
            self.engine.now()
        );
        self.alone(sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).bind(step).bind(done as i64)).await
    }

    /// A job's file, or the sentence that says why there is none.
    pub async fn finish_job(&self, id: &str, made: Result<(String, Vec<u8>), String>) -> Result<(), StoreError> {
        match made {
            Ok((name, content)) => {
                let sql = "UPDATE export_job SET state = 'done', step = '', done = steps, file_name = $2, content = $3, sha256 = $4 WHERE id = $1";
                let sha256 = domain::canonical::sha256(&content);
                self.alone(sqlx::query(sql).bind(id).bind(name).bind(content).bind(sha256)).await
            }
            Err(sentence) => {
                let sql = "UPDATE export_job SET state = 'failed', step = '', failure = $2 WHERE id = $1";
                self.alone(sqlx::query(sql).bind(id).bind(sentence)).await
            }
        }
    }
}
