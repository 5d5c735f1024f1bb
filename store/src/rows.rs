//! Rows of append-only tables: written with their hash, and read back for `verify`, in one generic form.

use office::rows::{Cell, NewRow};
use serde_json::{Map, Value, json};
use sqlx::any::{AnyRow, AnyTypeInfoKind};
use sqlx::{Column, Row, ValueRef};

use super::{StoreError, Transaction, Writer, audit};

/// The append-only tables whose rows carry `row_sha256`, in the order in which they refer to each other.
pub(super) const TABLES: [&str; 50] = [
    "post",
    "post_step",
    "holding",
    "setting",
    "screen_key",
    "draft",
    "return_step",
    "late_exception",
    "review_question",
    "bureau_figure",
    "watched_figure",
    "reading_choice",
    "edition_receipt",
    "letterhead",
    "year_end_figure",
    "objection",
    "objection_answer",
    "assessment_closure",
    "assessment_reopening",
    "self_assessment_sign",
    "proof",
    "access_request",
    "roster",
    "plan_proposal",
    "viewing",
    "task_step",
    "text_pick",
    "project_revision",
    "project_year",
    "project_step",
    "project_return",
    "project_node",
    "project_leave",
    "project_visit",
    "project_meeting",
    "project_matter",
    "publication",
    "publication_receipt",
    "average_choice",
    "evidence",
    "claim_step",
    "recognition",
    "claim_objection",
    "return_message",
    "project_contact",
    "selection_step",
    "fund_step",
    "body_step",
    "forgotten_name",
    "evidence_erasure",
];

/// A value as JSON: what is hashed of it.
fn json_of(cell: &Cell) -> Value {
    match cell {
        Cell::Int(value) => json!(value),
        Cell::Text(value) => json!(value),
    }
}

/// Columns that came later, empty in every row of before: left out of what is hashed and packed where they are, so that
/// those rows keep their hash, and packs of before what they hold.
const ADDED: [&str; 9] = [
    "rhythm",
    "output",
    "officials_since",
    "owner",
    "rate_base",
    "rate_spread",
    "rate_reset",
    "rate_penalty",
    "paired",
];

/// Whether a column has a part in its row's hash.
pub(super) fn counts(name: &str, value: &Value) -> bool {
    !(ADDED.contains(&name) && (value == "" || value.is_null()))
}

/// The hash of a row about to be written.
fn sha256(row: &NewRow) -> String {
    let cells = row.cells.iter().map(|(name, cell)| ((*name).to_owned(), json_of(cell)));
    hash(cells.filter(|(name, value)| counts(name, value)).collect())
}

async fn insert(row: &NewRow, transaction: &mut Transaction, seq: i64) -> Result<(), StoreError> {
    let names: Vec<&str> = row.cells.iter().map(|(name, _)| *name).chain(["audit_seq", "row_sha256"]).collect();
    let places: Vec<String> = (1..=names.len()).map(|place| format!("${place}")).collect();
    let sql = format!("INSERT INTO {} ({}) VALUES ({})", row.table, names.join(", "), places.join(", "));
    let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
    for (_, cell) in &row.cells {
        query = match cell {
            Cell::Int(value) => query.bind(*value),
            Cell::Text(value) => query.bind(value.clone()),
        };
    }
    query.bind(seq).bind(sha256(row)).execute(&mut **transaction).await?;
    Ok(())
}

async fn insert_all(rows: &[NewRow], transaction: &mut Transaction, seq: i64) -> Result<(), StoreError> {
    for row in rows {
        insert(row, transaction, seq).await?;
    }
    Ok(())
}

fn hash(object: Map<String, Value>) -> String {
    let text = domain::canonical::to_json(&object).expect("strings and integers");
    domain::canonical::sha256(text.as_bytes())
}

/// What the audit row says of the rows written with it: for each table their number and a digest.
fn digests<'r>(rows: impl Iterator<Item = (&'r str, String)>) -> Value {
    let mut by_table: std::collections::BTreeMap<&str, Vec<String>> = std::collections::BTreeMap::new();
    for (table, sha256) in rows {
        by_table.entry(table).or_default().push(sha256);
    }
    let entries = by_table
        .into_iter()
        .map(|(table, hashes)| (table.to_owned(), json!({ "rows": hashes.len(), "digest": digest(hashes) })));
    Value::Object(entries.collect())
}

pub(super) fn digest(mut hashes: Vec<String>) -> String {
    hashes.sort();
    domain::canonical::sha256(hashes.join("\n").as_bytes())
}

/// What an audit row says, with the digests of the rows it covers.
fn covering(mut detail: Value, rows: &[NewRow]) -> Value {
    if !rows.is_empty() {
        detail["facts"] = digests(rows.iter().map(|row| (row.table, sha256(row))));
    }
    detail
}

/// Appends one audit row and the rows it covers; returns its number.
pub(super) async fn append(
    transaction: &mut Transaction,
    writer: &Writer,
    action: &str,
    object: &str,
    detail: Value,
    rows: &[NewRow],
) -> Result<i64, StoreError> {
    let seq = audit::append(transaction, writer, action, object, &covering(detail, rows)).await?;
    insert_all(rows, transaction, seq).await?;
    Ok(seq)
}

/// The same for what the program itself writes before somebody's entry.
pub(super) async fn link(
    transaction: &mut Transaction,
    writer: &Writer,
    action: &str,
    object: &str,
    detail: Value,
    rows: &[NewRow],
) -> Result<(), StoreError> {
    let seq = audit::link(transaction, writer, action, object, &covering(detail, rows)).await?;
    insert_all(rows, transaction, seq).await
}

/// A stored row of one of [`TABLES`]: its audit row, whether its hash holds, and what it is called.
pub(super) struct Stored {
    pub(super) seq: i64,
    pub(super) sha256: String,
    pub(super) intact: bool,
    pub(super) name: String,
}

pub(super) fn read(row: &AnyRow) -> Stored {
    let mut object = Map::new();
    let (mut seq, mut sha256, mut key) = (0, String::new(), Vec::new());
    for (index, column) in row.columns().iter().enumerate() {
        match column.name() {
            "audit_seq" => seq = row.get(index),
            "row_sha256" => sha256 = row.get(index),
            name => {
                let value = json_of(&cell_at(row, index));
                if !counts(name, &value) {
                    continue;
                }
                if key.len() < 5 {
                    key.push(value.as_str().map_or_else(|| value.to_string(), str::to_owned));
                }
                object.insert(name.to_owned(), value);
            }
        }
    }
    key.extend(object.get("rhythm").and_then(Value::as_str).map(str::to_owned));
    Stored { seq, intact: hash(object) == sha256, sha256, name: key.join(" ") }
}

/// A value of a stored row; every kind of NULL is the same one.
pub(super) fn cell_at(row: &AnyRow, index: usize) -> Cell {
    let kind = row.try_get_raw(index).map(|raw| (raw.is_null(), raw.type_info().kind()));
    match kind {
        Ok((true, _)) | Err(_) => Cell::Text(None),
        Ok((_, AnyTypeInfoKind::Text)) => Cell::Text(Some(row.get(index))),
        Ok(_) => Cell::Int(Some(row.get(index))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rhythm: Option<&str>) -> String {
        let cells = [("plan_id", "p".into()), ("year", Cell::Int(Some(2021))), ("unit_id", "350181".into())];
        let rhythm = rhythm.map(|rhythm| ("rhythm", rhythm.into()));
        sha256(&NewRow { table: "draft", cells: cells.into_iter().chain(rhythm).collect() })
    }

    #[test]
    fn a_loan_without_a_floating_rate_is_hashed_as_before_there_were_any() {
        let row = |more: &[(&'static str, Cell)]| {
            let cells = [("plan_id", "p".into()), ("rate", "77/2000".into())];
            sha256(&NewRow { table: "fund_step", cells: cells.into_iter().chain(more.iter().cloned()).collect() })
        };
        let names = ["rate_base", "rate_spread", "rate_reset", "rate_penalty"];
        assert_eq!(row(&names.map(|name| (name, Cell::Text(None)))), row(&[]));
        for name in names {
            assert_ne!(row(&[(name, "1/2".into())]), row(&[]));
        }
    }

    #[test]
    fn rows_of_before_keep_their_hash() {
        assert_eq!(check(Some("")), check(None));
        assert_ne!(check(Some("quarter")), check(None));
        assert_ne!(check(Some("quarter")), check(Some("year")));
    }
}
