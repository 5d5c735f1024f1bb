//! What was recorded of dated tasks.

use domain::tasks::Act;
use office::facts::TaskStep;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{StoreError, Transaction};

fn step(row: &AnyRow) -> Result<TaskStep, StoreError> {
    let unreadable = |what: &str| StoreError::Unreadable(format!("限时任务：{what}"));
    let day: Option<String> = row.get("day");
    Ok(TaskStep {
        task: row.get("task_id"),
        unit: row.get("unit_id"),
        version: row.get("version"),
        act: Act::parse(&row.get::<String, _>("step")).ok_or_else(|| unreadable("步骤"))?,
        day: day.map(|day| day.parse().map_err(|_| unreadable("日期"))).transpose()?,
        words: row.get("words"),
        proof: row.get("proof"),
        at: row.get("at"),
        actor: row.get("actor"),
        account: row.get("account_id"),
    })
}

impl Transaction {
    /// Every step of a plan's tasks; each unit's own are in their order.
    pub async fn task_steps(&mut self, plan: &str) -> Result<Vec<TaskStep>, StoreError> {
        let sql = "SELECT task_id, unit_id, version, step, day, words, proof, at, actor, account_id FROM task_step \
                   WHERE plan_id = $1 ORDER BY task_id, unit_id, version";
        let found = sqlx::query(sql).bind(plan).fetch_all(&mut **self).await?;
        found.iter().map(step).collect()
    }
}
