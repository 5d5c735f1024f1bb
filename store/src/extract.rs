//! Everything the store holds of one plan, row by row, with the part of the audit chain that covers it; and the way
//! back into an empty database, where it can be proved without the one it came from.

use serde_json::{Map, Value};
use sqlx::{Column, Row};

use super::rows::cell_at;
use super::verify::{Chain, Link, Only, check_chain};
use super::{Store, StoreError, rows};
use office::rows::Cell;

/// Not a plan's evidence: accounts and posts are the office's, and drafts the county's own until they are handed in;
/// what was handed in stands in its step.
const NOT_OF_A_PLAN: [&str; 6] = ["post", "holding", "setting", "screen_key", "draft", "proof"];

/// The tables of a plan's evidence, in the order in which rows refer to each other.
pub fn tables() -> impl Iterator<Item = &'static str> {
    ["plan_version", "return_revision", "edition"].into_iter().chain(row_tables())
}

/// Those of them whose rows carry their hash.
fn row_tables() -> impl Iterator<Item = &'static str> {
    rows::TABLES.into_iter().filter(|table| !NOT_OF_A_PLAN.contains(table))
}

/// A row as its columns say.
pub type Record = Map<String, Value>;

/// A plan's rows by table, and the whole audit chain.
#[derive(Debug, Clone, Default)]
pub struct Extract {
    pub tables: Vec<(String, Vec<Record>)>,
    pub audit: Vec<Record>,
}

fn record(row: &sqlx::any::AnyRow) -> Record {
    let value = |index: usize| match cell_at(row, index) {
        Cell::Int(value) => Value::from(value),
        Cell::Text(value) => Value::from(value),
    };
    row.columns().iter().enumerate().map(|(index, column)| (column.name().to_owned(), value(index))).collect()
}

fn seq(record: &Record, name: &str) -> i64 {
    record.get(name).and_then(Value::as_i64).unwrap_or(0)
}

impl Store {
    /// One snapshot of everything about a plan.
    pub async fn extract(&self, plan: &str) -> Result<Extract, StoreError> {
        let mut snapshot = self.read().await?;
        let mut extract = Extract::default();
        for table in tables() {
            let sql = format!("SELECT * FROM {table} WHERE plan_id = $1 ORDER BY audit_seq");
            let found = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan).fetch_all(&mut *snapshot).await?;
            let mut records: Vec<Record> = found.iter().map(record).collect();
            // Rows of one audit row have no order of their own; the same facts make the same files.
            records.sort_by_cached_key(|record| {
                (seq(record, "audit_seq"), domain::canonical::to_json(record).unwrap_or_default())
            });
            extract.tables.push((table.to_owned(), records));
        }
        let all =
            sqlx::query("SELECT seq, at, actor, action, object, detail, previous_hash, hash FROM audit ORDER BY seq");
        // The whole chain in full: of an entry that shows its hash only nobody could prove that it is not the plan's.
        extract.audit = all.fetch_all(&mut *snapshot).await?.iter().map(record).collect();
        Ok(extract)
    }

    /// Fills an empty database with an extract; of the rows only those written before audit row `before`, where named.
    pub async fn fill(&self, extract: &Extract, before: Option<i64>) -> Result<(), StoreError> {
        check_extracted(&extract.audit).map_err(|altered| StoreError::Refused(vec![altered]))?;
        // Accounts and posts are not in an extract: what refers to them stays as it is.
        sqlx::query("PRAGMA foreign_keys = OFF").execute(&self.write).await?;
        let mut into = self.write.begin().await?;
        insert(&mut into, "audit", &extract.audit).await?;
        for entry in
            extract.audit.iter().filter(|entry| entry.get("action").is_some_and(|action| action == "mark_demo"))
        {
            sqlx::query("INSERT INTO mark (name, audit_seq) VALUES ('demo', $1)")
                .bind(seq(entry, "seq"))
                .execute(&mut *into)
                .await?;
        }
        for (table, records) in &extract.tables {
            if !tables().any(|known| known == table) {
                return Err(StoreError::Refused(vec![format!("材料里有一张不认识的表：{table}")]));
            }
            let wanted = |record: &&Record| before.is_none_or(|before| seq(record, "audit_seq") < before);
            let records: Vec<Record> = records.iter().filter(wanted).cloned().collect();
            insert(&mut into, table, &records).await?;
        }
        into.commit().await?;
        Ok(())
    }

    /// Proves a filled database against the chain of its extract; the error names the first altered thing.
    /// Every entry that concerns the plan must have its rows, and every row its entry.
    pub async fn verify_extract(&self, extract: &Extract, plan: &str) -> Result<String, StoreError> {
        let (mut chain, head) = check_extracted(&extract.audit).map_err(StoreError::Altered)?;
        let foreign = |record: &&Record| record.get("plan_id").and_then(Value::as_str) != Some(plan);
        let foreign = extract.tables.iter().find(|(_, records)| records.iter().any(|record| foreign(&record)));
        if let Some((table, _)) = foreign {
            return Err(StoreError::Altered(format!("{table} 里有别的计划的记录")));
        }
        chain.retain(|_, entry| entry.concerns(plan));
        let mut state = self.read().await?;
        let with_hash: Vec<&str> = row_tables().collect();
        state.verify_plans(&chain, Only::ALL).await?;
        state.verify_returns(&chain, Only::ALL).await?;
        state.verify_editions(&chain, Only::ALL).await?;
        state.verify_rows(&with_hash, &chain, Only::ALL).await?;
        Ok(head)
    }
}

async fn insert(into: &mut sqlx::AnyConnection, table: &str, records: &[Record]) -> Result<(), StoreError> {
    for record in records {
        let known = |name: &str| name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !record.keys().all(|name| known(name)) {
            return Err(StoreError::Refused(vec![format!("{table} 里有一列的名字不对")]));
        }
        let given: Vec<(&String, &Value)> = record.iter().filter(|(_, value)| !value.is_null()).collect();
        let names: Vec<&str> = given.iter().map(|(name, _)| name.as_str()).collect();
        let places: Vec<String> = (1..=given.len()).map(|place| format!("${place}")).collect();
        let sql = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), places.join(", "));
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
        for (_, value) in given {
            query = match value {
                Value::Number(number) => query.bind(number.as_i64().unwrap_or_default()),
                value => query.bind(value.as_str().unwrap_or_default().to_owned()),
            };
        }
        query
            .execute(&mut *into)
            .await
            .map_err(|error| StoreError::Refused(vec![format!("{table} 的一行装不进去（{error}）")]))?;
    }
    Ok(())
}

/// The rows of a closing: which audit row it was proposed in.
pub fn proposed_in(extract: &Extract, sha256: &str) -> Option<i64> {
    let closures = extract.tables.iter().find(|(table, _)| table == "assessment_closure")?;
    closures
        .1
        .iter()
        .filter(|record| record.get("sha256").and_then(Value::as_str) == Some(sha256))
        .map(|record| seq(record, "audit_seq"))
        .min()
}

/// The chain of an extract.
fn check_extracted(audit: &[Record]) -> Result<(Chain, String), String> {
    let link = |record: &Record| {
        let text = |name: &str| record.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let number = |name: &str| record.get(name).and_then(Value::as_i64).unwrap_or_default();
        Link {
            seq: number("seq"),
            at: number("at"),
            actor: text("actor"),
            action: text("action"),
            object: text("object"),
            detail: text("detail"),
            previous_hash: text("previous_hash"),
            hash: text("hash"),
        }
    };
    check_chain(audit.iter().map(link))
}
