//! What was recorded of the seats of leading groups, task forces and offices.

use chrono::NaiveDate;
use domain::roster::{Act, Step};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{StoreError, Transaction};

fn unreadable(what: &str) -> StoreError {
    StoreError::Unreadable(format!("机构名单：{what}"))
}

fn step(row: &AnyRow) -> Result<Step, StoreError> {
    let since: Option<String> = row.get("since");
    let since = since.map(|day| day.parse::<NaiveDate>().map_err(|_| unreadable("since"))).transpose()?;
    Ok(Step {
        body: row.get("body"),
        seat: row.get("seat"),
        version: row.get("version"),
        act: Act::parse(&row.get::<String, _>("step")).ok_or_else(|| unreadable("step"))?,
        name: row.get("name"),
        title: row.get("title"),
        since,
        words: row.get("words"),
        at: row.get("at"),
        actor: row.get("actor"),
    })
}

impl Transaction {
    /// Every step of the seats of a plan's bodies; each seat's own are in their order.
    pub async fn body_steps(&mut self, plan: &str) -> Result<Vec<Step>, StoreError> {
        let sql = "SELECT body, seat, version, step, name, title, since, words, at, actor \
                   FROM body_step WHERE plan_id = $1 ORDER BY body, seat, version";
        let found = sqlx::query(sql).bind(plan).fetch_all(&mut **self).await?;
        found.iter().map(step).collect()
    }
}
