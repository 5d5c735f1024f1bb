//! The keys of wall screens: the newest counts, all are kept as hashes.

use serde_json::json;
use sqlx::Row;

use super::{Store, StoreError, Transaction, Writer, rows};
use office::rows::{Cell, NewRow};

const NEWEST: &str = "SELECT version, sha256, at FROM screen_key ORDER BY version DESC LIMIT 1";

impl Transaction {
    /// SHA-256 of the key in force, and when it was made.
    pub async fn screen_key(&mut self) -> Result<Option<(String, i64)>, StoreError> {
        let newest = sqlx::query(NEWEST).fetch_optional(&mut **self).await?;
        Ok(newest.and_then(|row| Some((row.get::<Option<String>, _>("sha256")?, row.get("at")))))
    }
}

impl Store {
    /// A new key takes the place of the one before; `None` withdraws it.
    pub async fn set_screen_key(&self, sha256: Option<String>, writer: Writer) -> Result<(), StoreError> {
        self.transact(move |transaction| {
            Box::pin(async move {
                let newest = sqlx::query(NEWEST).fetch_optional(&mut **transaction).await?;
                let row = NewRow {
                    table: "screen_key",
                    cells: vec![
                        ("version", newest.map_or(1, |row| row.get::<i64, _>("version") + 1).into()),
                        ("sha256", Cell::Text(sha256.clone())),
                        ("at", writer.at.into()),
                        ("set_by", (&writer.actor).into()),
                    ],
                };
                let action = if sha256.is_some() { "issue_screen_key" } else { "withdraw_screen_key" };
                rows::append(transaction, &writer, action, "wall_screen", json!({}), &[row]).await?;
                Ok(())
            })
        })
        .await
    }
}
