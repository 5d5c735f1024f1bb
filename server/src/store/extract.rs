//! Everything the store holds of one plan, row by row, with the part of the audit chain that covers it; and the way back
//! into an empty database, where it can be proved without the one it came from.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use sqlx::{Column, Row};

use super::rows::{Cell, cell_at};
use super::verify::{LINKS, check_links};
use super::{Engine, Store, StoreError, rows};

/// The tables of a plan's evidence, in the order in which rows refer to each other. Drafts are the county's own until they
/// are handed in: what was handed in stands in its step.
pub(crate) const TABLES: [&str; 14] = [
    "plan_version",
    "return_revision",
    "edition",
    "letterhead",
    "return_step",
    "late_exception",
    "review_question",
    "bureau_figure",
    "reading_choice",
    "edition_receipt",
    "year_end_figure",
    "objection",
    "objection_answer",
    "assessment_closure",
];

/// A row as its columns say.
pub(crate) type Record = Map<String, Value>;

/// A plan's rows by table, and the audit chain: in full where it covers them, else only its links.
#[derive(Debug, Clone, Default)]
pub(crate) struct Extract {
    pub(crate) tables: Vec<(String, Vec<Record>)>,
    pub(crate) audit: Vec<Record>,
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
    pub(crate) async fn extract(&self, plan: &str) -> Result<Extract, StoreError> {
        let begin = match self.engine {
            Engine::Sqlite => "BEGIN",
            Engine::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ",
        };
        let mut snapshot = self.read.begin_with(begin).await?;
        let mut extract = Extract::default();
        let mut covered = BTreeSet::new();
        for table in TABLES {
            let sql = format!("SELECT * FROM {table} WHERE plan_id = $1 ORDER BY audit_seq");
            let found = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan).fetch_all(&mut *snapshot).await?;
            let records: Vec<Record> = found.iter().map(record).collect();
            covered.extend(records.iter().map(|record| seq(record, "audit_seq")));
            extract.tables.push((table.to_owned(), records));
        }
        let all = sqlx::query("SELECT seq, at, actor, action, object, detail, previous_hash, hash FROM audit ORDER BY seq");
        for row in all.fetch_all(&mut *snapshot).await? {
            let mut entry = record(&row);
            if !covered.contains(&seq(&entry, "seq")) && entry["action"] != "mark_demo" {
                entry.retain(|name, _| LINKS.contains(&name.as_str()));
            }
            extract.audit.push(entry);
        }
        Ok(extract)
    }

    /// Fills an empty database with an extract; of the rows only those written before audit row `before`, where named.
    pub(crate) async fn fill(&self, extract: &Extract, before: Option<i64>) -> Result<(), StoreError> {
        // Accounts and posts are not in an extract: what refers to them stays as it is.
        sqlx::query("PRAGMA foreign_keys = OFF").execute(&self.write).await?;
        let mut into = self.write.begin().await?;
        let full = |entry: &&Record| entry.contains_key("detail");
        let audit: Vec<Record> = extract.audit.iter().filter(full).cloned().collect();
        insert(&mut into, "audit", &audit).await?;
        for (table, records) in &extract.tables {
            if !TABLES.contains(&table.as_str()) {
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
    pub(crate) async fn verify_extract(&self, extract: &Extract) -> Result<Result<String, String>, StoreError> {
        let (chain, head) = match check_links(&extract.audit) {
            Ok(checked) => checked,
            Err(altered) => return Ok(Err(altered)),
        };
        let mut connection = self.read.acquire().await?;
        let tables: Vec<&str> = rows::TABLES.into_iter().filter(|table| TABLES.contains(table)).collect();
        for proved in [
            self.verify_plans(&chain, &mut connection).await?,
            self.verify_returns(&chain, &mut connection).await?,
            self.verify_editions(&chain, &mut connection).await?,
            self.verify_rows(&tables, &chain, &mut connection).await?.map(|()| 0),
        ] {
            if let Err(altered) = proved {
                return Ok(Err(altered));
            }
        }
        Ok(Ok(head))
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
        query.execute(&mut *into).await.map_err(|error| StoreError::Refused(vec![format!("{table} 的一行装不进去（{error}）")]))?;
    }
    Ok(())
}

/// The rows of a closing: which audit row it was proposed in.
pub(crate) fn proposed_in(extract: &Extract, sha256: &str) -> Option<i64> {
    let closures = extract.tables.iter().find(|(table, _)| table == "assessment_closure")?;
    closures
        .1
        .iter()
        .filter(|record| record.get("sha256").and_then(Value::as_str) == Some(sha256))
        .map(|record| seq(record, "audit_seq"))
        .min()
}
