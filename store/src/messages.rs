//! 留言: what unit and office say to each other about a return.

use domain::month::Period;
use domain::plan::Round;
use office::facts::{Message, ReportKey};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::reports::{OF_RETURN, of_return};
use super::{StoreError, Transaction};

const MESSAGE: &str = "SELECT rhythm, year, month, unit_id, version, side, words, at, actor FROM return_message";

fn message(plan: &str, row: &AnyRow) -> Result<Message, StoreError> {
    let (year, month): (i64, i64) = (row.get("year"), row.get("month"));
    let period = Period::new(year as i32, month as u32);
    let period = period.ok_or_else(|| StoreError::Unreadable("留言：期间".to_owned()))?;
    let round = Round { rhythm: row.get("rhythm"), period };
    Ok(Message {
        of: ReportKey { plan: plan.to_owned(), round, unit: row.get("unit_id") },
        version: row.get("version"),
        by_office: row.get::<String, _>("side") == "office",
        words: row.get("words"),
        at: row.get("at"),
        actor: row.get("actor"),
    })
}

impl Transaction {
    /// What was said about the returns of a plan, or about one of them, oldest first within each.
    pub async fn messages(&mut self, plan: &str, of: Option<&ReportKey>) -> Result<Vec<Message>, StoreError> {
        let found = match of {
            Some(key) => {
                let sql = format!("{MESSAGE} WHERE {OF_RETURN} ORDER BY version");
                of_return(sqlx::query(sqlx::AssertSqlSafe(sql)), key).fetch_all(&mut **self).await?
            }
            None => {
                let sql = format!("{MESSAGE} WHERE plan_id = $1 ORDER BY year, month, rhythm, unit_id, version");
                sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan).fetch_all(&mut **self).await?
            }
        };
        found.iter().map(|row| message(plan, row)).collect()
    }
}
