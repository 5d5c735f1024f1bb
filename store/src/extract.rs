//! Everything the store holds of one plan, row by row, with the part of the audit chain that covers it; and the way
//! back into an empty database, where it can be proved without the one it came from.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sqlx::{Column, Row as _};

use super::audit::MARK_DEMO;
use super::link::{Body, Form, LINK, Link, Said};
use super::rows::{cell_at, counts};
use super::verify::{Links, Only, Proved, check_chain, concerns};
use super::{Store, StoreError, rows};
use office::rows::Cell;

/// Not a plan's evidence: accounts and posts are the office's, and drafts the county's own until they are handed in;
/// what was handed in stands in its step. A revision that binds is a version of the plan; one that waits is the
/// office's. Of files the entries of the trail say number, size and SHA-256; their names are for who may see them.
/// Claims of support hold firms' taxes, ledgers of funds their loans: they leave with no pack. Lists of firms are the
/// office's, whatever its plan. Whom to telephone about a project is personal: nothing of it leaves. Of a selection its
/// publications leave; what was nominated and objected is the office's.
const NOT_OF_A_PLAN: [&str; 21] = [
    "post",
    "post_step",
    "holding",
    "setting",
    "screen_key",
    "draft",
    "proof",
    "access_request",
    "roster",
    "plan_proposal",
    "viewing",
    "evidence",
    "claim_step",
    "recognition",
    "claim_objection",
    "return_message",
    "project_contact",
    "selection_step",
    "fund_step",
    "forgotten_name",
    "evidence_erasure",
];

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

/// A plan's rows by table, and every row of the trail, of others as its commitment.
#[derive(Debug, Clone, Default)]
pub struct Extract {
    pub tables: Vec<(String, Vec<Record>)>,
    pub audit: Vec<Record>,
}

impl Extract {
    /// Proves the links of its trail; the error names the first altered row.
    pub fn links(&self) -> Result<Links, String> {
        check_extracted(&self.audit).map(|proved| proved.links)
    }
}

fn record(row: &sqlx::any::AnyRow) -> Record {
    let value = |index: usize| match cell_at(row, index) {
        Cell::Int(value) => Value::from(value),
        Cell::Text(value) => Value::from(value),
    };
    let columns = row.columns().iter().enumerate().map(|(index, column)| (column.name().to_owned(), value(index)));
    columns.filter(|(name, value)| counts(name, value)).collect()
}

fn seq(record: &Record, name: &str) -> i64 {
    record.get(name).and_then(Value::as_i64).unwrap_or(0)
}

impl Store {
    /// One snapshot of everything about a plan; of the trail, what is not about it as commitments only.
    pub async fn extract(&self, plan: &str) -> Result<Extract, StoreError> {
        let mut snapshot = self.read_stored().await?;
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
        let sql = format!("SELECT {LINK} FROM audit ORDER BY seq");
        let all = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut *snapshot).await?;
        extract.audit = all.iter().map(|row| for_pack(record(row), plan)).collect::<Result<_, _>>()?;
        Ok(extract)
    }

    /// Fills an empty database with an extract; of the rows only those written before audit row `before`, where named.
    pub async fn fill(&self, extract: &Extract, before: Option<i64>) -> Result<(), StoreError> {
        check_extracted(&extract.audit).map_err(|altered| StoreError::Refused(vec![altered]))?;
        // Accounts and posts are not in an extract: what refers to them stays as it is.
        sqlx::query("PRAGMA foreign_keys = OFF").execute(&self.write).await?;
        let mut into = self.write.begin().await?;
        let shown: Vec<Record> = extract.audit.iter().filter(|entry| is_shown(entry)).cloned().collect();
        insert(&mut into, "audit", &shown).await?;
        for entry in shown.iter().filter(|entry| entry.get("action").is_some_and(|action| action == MARK_DEMO)) {
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
    pub async fn verify_extract(&self, extract: &Extract, plan: &str) -> Result<Links, StoreError> {
        let Proved { mut chain, links, .. } = check_extracted(&extract.audit).map_err(StoreError::Altered)?;
        let of_others = chain.values().any(|entry| entry.action != MARK_DEMO && !entry.concerns(plan));
        if links.hidden > 0 && of_others {
            return Err(StoreError::Altered("审计链里有别的计划或账号的明细".to_owned()));
        }
        let foreign = |record: &&Record| record.get("plan_id").and_then(Value::as_str) != Some(plan);
        let foreign = extract.tables.iter().find(|(_, records)| records.iter().any(|record| foreign(&record)));
        if let Some((table, _)) = foreign {
            return Err(StoreError::Altered(format!("{table} 里有别的计划的记录")));
        }
        chain.retain(|_, entry| entry.concerns(plan));
        let mut state = self.read_stored().await?;
        let with_hash: Vec<&str> = row_tables().collect();
        state.verify_plans(&chain, Only::ALL).await?;
        state.verify_returns(&chain, Only::ALL).await?;
        state.verify_editions(&chain, Only::ALL).await?;
        state.verify_rows(&with_hash, &chain, Only::ALL).await?;
        Ok(links)
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

/// A row of the trail as a pack holds it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Row {
    Shown(Shown),
    Hidden(Hidden),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shown {
    seq: i64,
    /// Packs of the first format were made before there was another.
    #[serde(default = "whole")]
    form: i64,
    at: i64,
    actor: String,
    action: String,
    object: String,
    detail: String,
    previous_hash: String,
    hash: String,
}

/// A row of somebody else's.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hidden {
    seq: i64,
    form: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body_sha256: Option<String>,
    hash: String,
}

fn whole() -> i64 {
    Form::Whole.into()
}

impl From<Row> for Link {
    fn from(row: Row) -> Self {
        match row {
            Row::Shown(Shown { seq, form, at, actor, action, object, detail, previous_hash, hash }) => {
                let body = Body { at, actor, action, object, detail };
                Link { seq, form, said: Said::Shown { body, previous_hash }, hash }
            }
            Row::Hidden(Hidden { seq, form, body_sha256, hash }) => {
                Link { seq, form, said: Said::Hidden { body_sha256 }, hash }
            }
        }
    }
}

fn link(record: &Record) -> Result<Link, String> {
    let row: Result<Row, _> = serde_json::from_value(Value::Object(record.clone()));
    row.map(Link::from).map_err(|_| format!("审计记录第 {} 条读不懂", seq(record, "seq")))
}

/// Whether a row says all that it says.
fn is_shown(record: &Record) -> bool {
    record.contains_key("detail")
}

/// A row of the trail as a pack of this plan shows it: what is not the plan's as number, hash and commitment.
fn for_pack(record: Record, plan: &str) -> Result<Record, StoreError> {
    let link = link(&record).map_err(StoreError::Altered)?;
    let Said::Shown { body, .. } = &link.said else { return Ok(record) };
    if concerns(&body.object, plan) || body.action == MARK_DEMO {
        return Ok(record);
    }
    let body_sha256 = (link.form == i64::from(Form::Committed)).then(|| body.sha256());
    let hidden = Hidden { seq: link.seq, form: link.form, body_sha256, hash: link.hash };
    match serde_json::to_value(hidden) {
        Ok(Value::Object(record)) => Ok(record),
        _ => Err(StoreError::Unreadable("审计记录".to_owned())),
    }
}

/// The chain of an extract.
fn check_extracted(audit: &[Record]) -> Result<Proved, String> {
    let links: Vec<Link> = audit.iter().map(link).collect::<Result<_, _>>()?;
    check_chain(links.into_iter())
}
