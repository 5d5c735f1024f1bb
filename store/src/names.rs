//! Names of people beside the chain, whose rows hold `sha256:` and a key ([`domain::personal`]); deleted with their
//! salt.

use std::collections::{BTreeMap, BTreeSet};

use domain::personal::{key, key_in};
use sqlx::Row;

use super::contacts::Forgotten;
use super::verify::Only;
use super::{StoreError, Transaction};

/// Rows that may hold a key: what is said of one, and the text that holds it.
const HOLDERS: [(&str, &str); 2] = [
    ("对申报的异议", "SELECT objector AS held FROM claim_objection WHERE audit_seq > $1"),
    ("对评选的异议", "SELECT content AS held FROM selection_step WHERE step = 'object' AND audit_seq > $1"),
];

/// The key in an objector's column, or in what a step of a selection states.
fn key_held(held: &str) -> Option<String> {
    if let Some(key) = key_in(held) {
        return Some(key.to_owned());
    }
    let stated: domain::selection::record::Content = serde_json::from_str(held).ok()?;
    key_in(stated.get(domain::selection::record::word::BY)?).map(str::to_owned)
}

impl Transaction {
    /// The names behind keys, as far as they are known.
    pub(super) async fn names(&mut self, keys: &[String]) -> Result<BTreeMap<String, String>, StoreError> {
        if keys.is_empty() {
            return Ok(BTreeMap::new());
        }
        let places: Vec<String> = (1..=keys.len()).map(|place| format!("${place}")).collect();
        let sql = format!("SELECT sha256, name FROM personal_name WHERE sha256 IN ({})", places.join(", "));
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
        for key in keys {
            query = query.bind(key);
        }
        let found = query.fetch_all(&mut **self).await?;
        Ok(found.iter().map(|row| (row.get("sha256"), row.get("name"))).collect())
    }

    /// Every name behind a row of the trail: as its key says, or deleted with a record and gone; and, where all are
    /// looked at, that none stands there without a row.
    pub(super) async fn verify_names(&mut self, only: Only<'_>) -> Result<Forgotten, StoreError> {
        let altered = |sentence: String| Err(StoreError::Altered(sentence));
        let mut known: BTreeSet<String> = BTreeSet::new();
        for row in sqlx::query("SELECT sha256, salt, name FROM personal_name").fetch_all(&mut **self).await? {
            let (own, salt, name): (String, String, String) = (row.get("sha256"), row.get("salt"), row.get("name"));
            if key(&salt, &name) != own {
                return altered(format!("提出异议的人的姓名被改动过：SHA-256 应为 {own}"));
            }
            known.insert(own);
        }
        let mut forgotten: BTreeSet<String> = BTreeSet::new();
        let mut last = None;
        let sql = "SELECT name_sha256, at FROM forgotten_name";
        for row in sqlx::query(sql).fetch_all(&mut **self).await? {
            let own: String = row.get("name_sha256");
            if known.contains(&own) {
                return altered("提出异议的人的姓名已经删除，数据库里又有了".to_owned());
            }
            forgotten.insert(own);
            last = last.max(Some(row.get::<i64, _>("at")));
        }
        let mut held: BTreeSet<String> = BTreeSet::new();
        for (what, sql) in HOLDERS {
            for row in sqlx::query(sql).bind(only.after).fetch_all(&mut **self).await? {
                let Some(own) = key_held(&row.get::<String, _>("held")) else { continue };
                if !known.contains(&own) && !forgotten.contains(&own) {
                    return altered(format!("{what}由谁提出不在了，又没有删除的记录"));
                }
                held.insert(own);
            }
        }
        if only.after == 0 && known.iter().any(|own| !held.contains(own)) {
            return altered("数据库里有一个提出异议的人的姓名，没有登记异议".to_owned());
        }
        Ok(last.map(|at| (forgotten.len(), at)))
    }
}
