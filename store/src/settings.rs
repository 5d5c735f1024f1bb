//! Settings: the newest version of each counts, all are kept.

use std::collections::HashMap;

use serde_json::json;
use sqlx::Row;

use super::kept::kept;
use super::{Store, StoreError, Transaction, Writer, rows};
use crate::passwords::{CHANGED_AFTER, Policy};
use domain::rights::Role;
use office::rows::NewRow;

impl Transaction {
    /// The newest value of a setting.
    pub async fn setting(&mut self, name: &str) -> Result<Option<String>, StoreError> {
        Ok(self.setting_version(name).await?.map(|(value, _)| value))
    }

    /// The same with its version.
    pub async fn setting_version(&mut self, name: &str) -> Result<Option<(String, i64)>, StoreError> {
        Ok(kept!(self, "settings".to_owned(), self.settings().await?).remove(name))
    }

    /// The newest value of every setting, with its version: pages need several of the few there are. From one name to
    /// the next by the primary key, however often each was set.
    async fn settings(&mut self) -> Result<HashMap<String, (String, i64)>, StoreError> {
        let sql = "WITH RECURSIVE names(name) AS (SELECT MIN(name) FROM setting UNION ALL \
                   SELECT (SELECT MIN(name) FROM setting WHERE name > names.name) FROM names \
                   WHERE names.name IS NOT NULL) \
                   SELECT setting.name, version, value FROM names JOIN setting ON setting.name = names.name \
                   AND version = (SELECT MAX(version) FROM setting WHERE name = names.name)";
        let rows = sqlx::query(sql).fetch_all(&mut **self).await?;
        Ok(rows.iter().map(|row| (row.get("name"), (row.get("value"), row.get("version")))).collect())
    }

    pub async fn policy(&mut self) -> Result<Policy, StoreError> {
        Ok(self.setting("password_policy").await?.and_then(|text| Policy::parse(&text)).unwrap_or(Policy::Dengbao))
    }

    /// The policy, with the days after which a password has to be changed.
    pub async fn password_rules(&mut self) -> Result<(Policy, i64), StoreError> {
        let days = self.setting("password_days").await?.and_then(|text| text.parse().ok());
        Ok((self.policy().await?, days.unwrap_or(CHANGED_AFTER)))
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
    let newest = transaction.setting_version(name).await?;
    if newest.as_ref().is_some_and(|(known, _)| known == value) {
        return Ok(());
    }
    let row = NewRow {
        table: "setting",
        cells: vec![
            ("name", name.into()),
            ("version", newest.map_or(1, |(_, version)| version + 1).into()),
            ("value", value.into()),
            ("at", writer.at.into()),
            ("set_by", (&writer.actor).into()),
        ],
    };
    rows::append(transaction, writer, "set_policy", name, json!({ "value": value }), &[row]).await.map(drop)
}
