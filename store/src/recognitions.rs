//! Lists of recognised firms.

use domain::recognition::{NO_LEVEL, Recognition, Stated};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{StoreError, Transaction};

fn recognition(row: &AnyRow) -> Result<Recognition, StoreError> {
    let unreadable = |what: &str| StoreError::Unreadable(format!("认定名单：{what}"));
    let day = |text: String| text.parse().map_err(|_| unreadable("日期"));
    let withdrawn: Option<String> = row.get("withdrawn");
    Ok(Recognition {
        number: u32::try_from(row.get::<i64, _>("number")).map_err(|_| unreadable("编号"))?,
        version: row.get("version"),
        stated: Stated {
            firm: row.get("firm"),
            owner: row.get("owner"),
            credit_code: row.get("credit_code"),
            unit: row.get("unit_id"),
            title: row.get("title"),
            level: row.get::<String, _>("level").replace(NO_LEVEL, ""),
            batch: row.get("batch"),
            document: row.get("document"),
            day: day(row.get("day"))?,
            withdrawn: withdrawn.map(day).transpose()?,
            paired: row.get("paired"),
        },
        reason: row.get("reason"),
        at: row.get("at"),
        actor: row.get("actor"),
    })
}

impl Transaction {
    /// The newest version of every recognition of an office, by number.
    pub async fn recognitions(&mut self, office: &str) -> Result<Vec<Recognition>, StoreError> {
        let sql = "SELECT number, version, firm, owner, credit_code, unit_id, title, level, batch, document, day, withdrawn, \
                   paired, reason, at, actor FROM recognition r WHERE office = $1 AND version = \
                   (SELECT MAX(version) FROM recognition q WHERE q.office = r.office AND q.number = r.number) \
                   ORDER BY number";
        let found = sqlx::query(sql).bind(office).fetch_all(&mut **self).await?;
        found.iter().map(recognition).collect()
    }
}
