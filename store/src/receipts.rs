//! 签收: which posts have taken note of an edition.

use domain::month::Period;
use office::facts::EditionReceipt;
use sqlx::Row;

use super::{StoreError, Transaction};

impl Transaction {
    /// All receipts of an edition, oldest first.
    pub async fn receipts(
        &mut self,
        plan: &str,
        period: Period,
        edition: u32,
    ) -> Result<Vec<EditionReceipt>, StoreError> {
        let sql = "SELECT post_id, at, actor FROM edition_receipt \
                   WHERE plan_id = $1 AND year = $2 AND month = $3 AND edition = $4 ORDER BY at, post_id";
        let found = sqlx::query(sql)
            .bind(plan)
            .bind(i64::from(period.year))
            .bind(i64::from(period.month))
            .bind(i64::from(edition))
            .fetch_all(&mut **self)
            .await?;
        Ok(found
            .iter()
            .map(|row| EditionReceipt { post: row.get("post_id"), at: row.get("at"), actor: row.get("actor") })
            .collect())
    }
}
