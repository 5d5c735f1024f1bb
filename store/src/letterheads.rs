//! The letterhead of an edition's paper: the newest version is in force, all are kept.

use domain::letterhead::Letterhead;
use domain::month::Period;
use sqlx::Row;

use super::{StoreError, Transaction};

fn read(content: &str) -> Result<Letterhead, StoreError> {
    serde_json::from_str(content).map_err(|error| StoreError::Unreadable(format!("公文稿头：{error}")))
}

impl Transaction {
    /// What was written for this edition, with its version; 0 before anybody wrote anything.
    pub async fn letterhead(
        &mut self,
        plan: &str,
        period: Period,
        edition: u32,
    ) -> Result<(Option<Letterhead>, i64), StoreError> {
        let sql = "SELECT version, content FROM letterhead WHERE plan_id = $1 AND year = $2 AND month = $3 AND edition = $4 \
                   ORDER BY version DESC LIMIT 1";
        let query = sqlx::query(sql).bind(plan).bind(i64::from(period.year)).bind(i64::from(period.month));
        let found = query.bind(i64::from(edition)).fetch_optional(&mut **self).await?;
        found.map_or(Ok((None, 0)), |row| Ok((Some(read(row.get("content"))?), row.get("version"))))
    }

    /// What the plan's newest paper says, without what belongs to that paper alone.
    pub async fn letterhead_to_start_from(&mut self, plan: &str) -> Result<Letterhead, StoreError> {
        let sql = "SELECT content FROM letterhead WHERE plan_id = $1 ORDER BY audit_seq DESC LIMIT 1";
        let newest = sqlx::query(sql).bind(plan).fetch_optional(&mut **self).await?;
        newest.map_or(Ok(Letterhead::default()), |row| Ok(read(row.get("content"))?.for_another()))
    }
}
