//! Long exports: asked for, taken up in turn by whichever copy of the program is free, kept for some days.

use office::facts::{ExportJob, JobState};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Store, StoreError, Transaction};

/// A job whose maker has been silent for so long is taken up by another one.
const SILENT: i64 = 2 * 60 * 1000;
/// Finished files are kept so long.
pub const KEPT: i64 = 7 * 24 * 60 * 60 * 1000;
/// One account's jobs that are not finished yet.
const OPEN: i64 = 3;

/// What a job is to make: the pack of a goal and year, `goal/year`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    pub plan: String,
    pub goal: String,
    pub year: i32,
    pub account: i64,
    pub asked_by: String,
}

/// A job to be made.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub id: String,
    pub plan: String,
    pub goal: String,
    pub year: i32,
    pub asked_by: String,
}

const COLUMNS: &str = "id, plan_id, asked_by, asked_at, state, step, done, steps, file_name, sha256, failure, goal_id, year";

fn read(row: &AnyRow) -> Result<ExportJob, StoreError> {
    let state: String = row.get(4);
    Ok(ExportJob {
        id: row.get(0),
        plan: row.get(1),
        asked_by: row.get(2),
        asked_at: row.get(3),
        state: JobState::parse(&state).ok_or_else(|| StoreError::Unreadable(format!("导出任务的状态 {state}")))?,
        step: row.get(5),
        done: row.get::<i64, _>(6) as usize,
        steps: row.get::<i64, _>(7) as usize,
        file_name: row.get(8),
        sha256: row.get(9),
        failure: row.get(10),
        year: row.get::<i64, _>(12) as i32,
    })
}

impl Transaction {
    /// An account's jobs, newest first.
    pub async fn jobs(&mut self, account: i64) -> Result<Vec<ExportJob>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM export_job WHERE account_id = $1 ORDER BY asked_at DESC, id");
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(account).fetch_all(&mut **self).await?.iter().map(read).collect()
    }

    /// The file of an account's own finished job.
    pub async fn job_file(&mut self, id: &str, account: i64) -> Result<Option<(String, Vec<u8>)>, StoreError> {
        let sql = "SELECT file_name, content FROM export_job WHERE id = $1 AND account_id = $2 AND state = 'done'";
        Ok(sqlx::query(sql).bind(id).bind(account).fetch_optional(&mut **self).await?.map(|row| (row.get(0), row.get(1))))
    }
}

impl Store {
    /// Asks for a pack; returns the job's id. Finished files that are old are cleared on this occasion.
    pub async fn ask_job(&self, job: NewJob, steps: usize, now: i64) -> Result<String, StoreError> {
        let id = crate::passwords::random_token()[..32].to_owned();
        let made = id.clone();
        self.transact(move |transaction| {
            Box::pin(async move {
                sqlx::query("DELETE FROM export_job WHERE state IN ('done', 'failed') AND asked_at < $1").bind(now - KEPT).execute(&mut **transaction).await?;
                let open = sqlx::query("SELECT COUNT(*) FROM export_job WHERE account_id = $1 AND state IN ('waiting', 'running')");
                if open.bind(job.account).fetch_one(&mut **transaction).await?.get::<i64, _>(0) >= OPEN {
                    return Err(StoreError::refused(format!("您已有 {OPEN} 个归档包在生成，请等它们做完再要")));
                }
                sqlx::query(
                    "INSERT INTO export_job (id, kind, plan_id, goal_id, year, asked_by, account_id, asked_at, state, heard_at, step, done, steps) \
                     VALUES ($1, 'assessment', $2, $3, $4, $5, $6, $7, 'waiting', $7, '', 0, $8)",
                )
                .bind(&id)
                .bind(&job.plan)
                .bind(&job.goal)
                .bind(i64::from(job.year))
                .bind(&job.asked_by)
                .bind(job.account)
                .bind(now)
                .bind(steps as i64)
                .execute(&mut **transaction)
                .await?;
                Ok(())
            })
        })
        .await?;
        Ok(made)
    }

    /// Takes up the oldest job that waits, or that its maker left.
    pub async fn claim_job(&self, now: i64) -> Result<Option<Claimed>, StoreError> {
        // Mostly there is none: writers need not wait for that to be found out.
        let open = sqlx::query("SELECT COUNT(*) FROM export_job WHERE state IN ('waiting', 'running')");
        if open.fetch_one(&self.read).await?.get::<i64, _>(0) == 0 {
            return Ok(None);
        }
        self.transact(move |transaction| {
            Box::pin(async move {
                let sql = "SELECT id, plan_id, goal_id, year, asked_by FROM export_job \
                           WHERE state = 'waiting' OR (state = 'running' AND heard_at < $1) ORDER BY asked_at, id LIMIT 1";
                let Some(row) = sqlx::query(sql).bind(now - SILENT).fetch_optional(&mut **transaction).await? else { return Ok(None) };
                let claimed =
                    Claimed { id: row.get(0), plan: row.get(1), goal: row.get(2), year: row.get::<i64, _>(3) as i32, asked_by: row.get(4) };
                sqlx::query("UPDATE export_job SET state = 'running', heard_at = $2 WHERE id = $1")
                    .bind(&claimed.id)
                    .bind(now)
                    .execute(&mut **transaction)
                    .await?;
                Ok(Some(claimed))
            })
        })
        .await
    }

    /// How far a job is.
    pub async fn job_reached(&self, id: &str, step: &str, done: usize, now: i64) -> Result<(), StoreError> {
        let sql = "UPDATE export_job SET step = $2, done = $3, heard_at = $4 WHERE id = $1 AND state = 'running' AND done <= $3";
        sqlx::query(sql).bind(id).bind(step).bind(done as i64).bind(now).execute(&self.write).await?;
        Ok(())
    }

    /// A job's file, or the sentence that says why there is none.
    pub async fn finish_job(&self, id: &str, made: Result<(String, Vec<u8>), String>) -> Result<(), StoreError> {
        match made {
            Ok((name, content)) => {
                let sql = "UPDATE export_job SET state = 'done', step = '', done = steps, file_name = $2, content = $3, sha256 = $4 WHERE id = $1";
                let sha256 = domain::canonical::sha256(&content);
                sqlx::query(sql).bind(id).bind(name).bind(content).bind(sha256).execute(&self.write).await?;
            }
            Err(sentence) => {
                let sql = "UPDATE export_job SET state = 'failed', step = '', failure = $2 WHERE id = $1";
                sqlx::query(sql).bind(id).bind(sentence).execute(&self.write).await?;
            }
        }
        Ok(())
    }
}
