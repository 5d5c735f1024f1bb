//! Settings: the newest version of each counts, all are kept.

use serde_json::json;
use sqlx::Row;

use super::{Store, StoreError, Transaction, Writer, rows};
use crate::passwords::Policy;
use domain::rights::Role;
use office::rows::NewRow;

impl Transaction {
    /// The newest value of a setting.
    pub async fn setting(&mut self, name: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT value FROM setting WHERE name = $1 ORDER BY version DESC LIMIT 1";
        Ok(sqlx::query(sql).bind(name).fetch_optional(&mut **self).await?.map(|row| row.get("value")))
    }

    pub async fn policy(&mut self) -> Result<Policy, StoreError> {
        Ok(self.setting("password_policy").await?.and_then(|text| Policy::parse(&text)).unwrap_or(Policy::Dengbao))
    }

    /// The roles whose holders need one-time codes (GB/T 22239-2019, 8.1.4.1 d).
    pub async fn totp_roles(&mut self) -> Result<Vec<Role>, StoreError> {
        let roles = self.setting("totp_roles").await?.unwrap_or_default();
        Ok(roles.split(',').filter_map(Role::parse).collect())
    }

    /// Whether visitors without an account may read what is published.
    pub async fn is_open(&mut self) -> Result<bool, StoreError> {
        Ok(self.setting("public_reading").await?.as_deref() == Some("open"))
    }
}

impl Store {
    pub async fn set_setting(&self, name: &'static str, value: &str, writer: Writer) -> Result<(), StoreError> {
        let value = value.to_owned();
        self.transact(move |transaction| {
            Box::pin(async move { write_setting(transaction, name, &value, &writer).await })
        })
        .await
    }
}

pub(super) async fn write_setting(
    transaction: &mut Transaction,
    name: &str,
    value: &str,
    writer: &Writer,
) -> Result<(), StoreError> {
    let newest = sqlx::query("SELECT version, value FROM setting WHERE name = $1 ORDER BY version DESC LIMIT 1")
        .bind(name)
        .fetch_optional(&mut **transaction)
        .await?;
    if newest.as_ref().is_some_and(|row| row.get::<String, _>("value") == value) {
        return Ok(());
    }
    let row = NewRow {
        table: "setting",
        cells: vec![
            ("name", name.into()),
            ("version", newest.map_or(1, |row| row.get::<i64, _>("version") + 1).into()),
            ("value", value.into()),
            ("at", writer.at.into()),
            ("set_by", (&writer.actor).into()),
        ],
    };
    rows::append(transaction, writer, "set_policy", name, json!({ "value": value }), &[row]).await.map(drop)
}
