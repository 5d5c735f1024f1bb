//! What the office picked of the units' texts.

use domain::entry::Topic;
use domain::month::Period;
use office::facts::TextPick;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{StoreError, Transaction};

fn pick(row: &AnyRow) -> Result<TextPick, StoreError> {
    let topic: String = row.get("topic");
    let topic = Topic::ALL.into_iter().find(|known| known.id() == topic);
    Ok(TextPick {
        number: row.get::<i64, _>("number") as u32,
        version: row.get("version"),
        unit: row.get("unit_id"),
        goal: Some(row.get::<String, _>("goal_id")).filter(|goal| !goal.is_empty()),
        topic: topic.ok_or_else(|| StoreError::Unreadable("选入的文字：类别".to_owned()))?,
        source: row.get("source"),
        words: row.get("words"),
        actor: row.get("actor"),
    })
}

impl Transaction {
    /// The newest version of each passage of a period, by number; what was taken out again too.
    pub async fn text_picks(&mut self, plan: &str, period: Period) -> Result<Vec<TextPick>, StoreError> {
        let sql = "SELECT number, version, unit_id, goal_id, topic, source, words, actor FROM text_pick AS pick \
                   WHERE plan_id = $1 AND year = $2 AND month = $3 AND version = (SELECT MAX(version) FROM text_pick \
                   WHERE plan_id = $1 AND year = $2 AND month = $3 AND number = pick.number) ORDER BY number";
        let (year, month) = (i64::from(period.year), i64::from(period.month));
        let found = sqlx::query(sql).bind(plan).bind(year).bind(month).fetch_all(&mut **self).await?;
        found.iter().map(pick).collect()
    }
}
