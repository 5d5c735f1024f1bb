//! What was recorded of selections.

use domain::personal::key_in;
use domain::selection::record::{Act, Step, word};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{StoreError, Transaction};

fn step(row: &AnyRow) -> Result<Step, StoreError> {
    let unreadable = |what: &str| StoreError::Unreadable(format!("评选：{what}"));
    Ok(Step {
        number: u32::try_from(row.get::<i64, _>("number")).map_err(|_| unreadable("编号"))?,
        version: row.get("version"),
        unit: row.get("unit_id"),
        act: Act::parse(&row.get::<String, _>("step")).ok_or_else(|| unreadable("步骤"))?,
        content: serde_json::from_str(&row.get::<String, _>("content")).map_err(|_| unreadable("内容"))?,
        at: row.get("at"),
        actor: row.get("actor"),
        account: row.get("account_id"),
        name: None,
    })
}

impl Transaction {
    /// Every step of a selection's year, by nomination and version.
    pub async fn selection_steps(&mut self, plan: &str, selection: &str, year: i32) -> Result<Vec<Step>, StoreError> {
        let sql = "SELECT number, version, unit_id, step, content, at, actor, account_id FROM selection_step \
                   WHERE plan_id = $1 AND selection = $2 AND year = $3 ORDER BY number, version";
        let found = sqlx::query(sql).bind(plan).bind(selection).bind(i64::from(year)).fetch_all(&mut **self).await?;
        let mut steps = found.iter().map(step).collect::<Result<Vec<Step>, StoreError>>()?;
        let key = |step: &Step| key_in(step.text(word::BY)).map(str::to_owned);
        let names = self.names(&steps.iter().filter_map(key).collect::<Vec<String>>()).await?;
        for step in &mut steps {
            step.name = key(step).and_then(|key| names.get(&key).cloned());
        }
        Ok(steps)
    }
}
