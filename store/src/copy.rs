//! Backup and restore: all facts and accounts, row by row, from one snapshot into an empty database of either engine.
//!
//! A backup is a SQLite database of the same form, whatever engine it was taken from: `jigai verify` proves it as it
//! is.

use futures_util::StreamExt;
use sqlx::{Column, Row};

use super::rows::{self, cell_at};
use super::statements::Statements;
use super::{Engine, Store, StoreError};
use office::rows::Cell;

/// The tables that come before those of [`rows::TABLES`], all in the order in which rows refer to each other. Sessions,
/// devices, links and failed log-ins are not carried over: after a restore everybody logs in again.
const FIRST: [&str; 11] = [
    "audit",
    "mark",
    "plan_version",
    "return_revision",
    "edition",
    "account",
    "password_history",
    "notice_seen",
    "viewing_today",
    "contact_person",
    "personal_name",
];

impl Store {
    /// Copies everything into an empty database, all or nothing; returns the number of rows. Writes that were
    /// acknowledged before this began are in it.
    pub async fn copy_to(&self, target: &Store) -> Result<u64, StoreError> {
        if target.read().await?.head().await?.seq > 0 {
            return Err(StoreError::refused(
                "目标数据库里已有数据，没有恢复；请用 --data 换一个空文件夹，或换一个空的数据库",
            ));
        }
        if self.attach_to(target).await? {
            return target.take_all().await;
        }
        let mut snapshot = self.read_stored().await?;
        let mut into = target.begin(&target.write, &target.begins.alone).await?;
        let mut copied = copy_contents(&mut snapshot, &mut into).await?;
        for table in FIRST.into_iter().chain(rows::TABLES) {
            let mut rows = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT * FROM {table}"))).fetch(&mut *snapshot);
            let mut together = Together::default();
            while let Some(row) = rows.next().await {
                let row = row?;
                if together.names.is_empty() {
                    together.names = row.columns().iter().map(|column| column.name().to_owned()).collect();
                }
                together.rows.push((0..together.names.len()).map(|index| cell_at(&row, index)).collect());
                copied += 1;
                if together.rows.len() == TOGETHER {
                    together.insert(table, &mut into).await?;
                }
            }
            together.insert(table, &mut into).await?;
        }
        target.commit(into).await?;
        Ok(copied)
    }
}

/// The name that a source has beside the target.
const SOURCE: &str = "source";

impl Store {
    /// Lets a target on this machine read this database itself, as `source`: then no row passes through here, which
    /// is three times as fast. False where it cannot: the file is sealed, the engine another.
    async fn attach_to(&self, target: &Store) -> Result<bool, StoreError> {
        if (self.engine, target.engine) != (Engine::Sqlite, Engine::Sqlite) {
            return Ok(false);
        }
        let file = "SELECT file FROM pragma_database_list WHERE name = 'main'";
        let file: String = sqlx::query(file).fetch_one(&self.read).await?.get("file");
        let attached = sqlx::query("ATTACH DATABASE $1 AS source").bind(file).execute(&target.write).await;
        if attached.is_err() {
            return Ok(false);
        }
        let reads = sqlx::query("SELECT seq FROM source.audit LIMIT 1").fetch_optional(&target.write).await.is_ok();
        if !reads {
            sqlx::query("DETACH DATABASE source").execute(&target.write).await?;
        }
        Ok(reads)
    }

    /// All rows of what stands beside it, in one transaction: one snapshot there, all or nothing here.
    async fn take_all(&self) -> Result<u64, StoreError> {
        let mut into = self.begin(&self.write, &self.begins.alone).await?;
        let mut copied = 0;
        for table in ["evidence_content"].into_iter().chain(FIRST).chain(rows::TABLES) {
            let columns = format!("SELECT name FROM pragma_table_info('{table}', '{SOURCE}') ORDER BY cid");
            let columns = sqlx::query(sqlx::AssertSqlSafe(columns)).fetch_all(&mut *into).await?;
            let columns: Vec<String> = columns.iter().map(|column| column.get("name")).collect();
            let columns = columns.join(", ");
            let sql = format!("INSERT INTO main.{table} ({columns}) SELECT {columns} FROM {SOURCE}.{table}");
            copied += sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *into).await?.rows_affected();
        }
        self.commit(into).await?;
        sqlx::query("DETACH DATABASE source").execute(&self.write).await?;
        Ok(copied)
    }
}

/// So many rows go into one statement: each costs a trip to the database.
const TOGETHER: usize = 64;

/// Rows of one table on their way.
#[derive(Default)]
struct Together {
    names: Vec<String>,
    rows: Vec<Vec<Cell>>,
    /// The statement before.
    sql: String,
}

impl Together {
    async fn insert(&mut self, table: &str, into: &mut Statements) -> Result<(), StoreError> {
        let rows = std::mem::take(&mut self.rows);
        if rows.is_empty() {
            return Ok(());
        }
        // A NULL has no type of its own: PostgreSQL takes it as a word of the statement.
        let mut place = 0;
        let mut place_of = |cell: &Cell| match cell {
            Cell::Int(None) | Cell::Text(None) => "NULL".to_owned(),
            Cell::Int(_) | Cell::Text(_) => {
                place += 1;
                format!("${place}")
            }
        };
        let places: Vec<String> = rows
            .iter()
            .map(|row| format!("({})", row.iter().map(&mut place_of).collect::<Vec<_>>().join(", ")))
            .collect();
        let sql = format!("INSERT INTO {table} ({}) VALUES {}", self.names.join(", "), places.join(", "));
        // Of many rows that are empty in the same places, as the trail's, it is parsed once; which are empty may also
        // differ from one statement to the next, and none comes again.
        let again = sql == self.sql;
        self.sql.clone_from(&sql);
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql)).persistent(again);
        for cell in rows.into_iter().flatten() {
            query = match cell {
                Cell::Int(Some(number)) => query.bind(number),
                Cell::Text(Some(text)) => query.bind(text),
                Cell::Int(None) | Cell::Text(None) => query,
            };
        }
        query.execute(&mut *into).await?;
        Ok(())
    }
}

/// The contents of files, to which rows of theirs refer: one after another, each as large as a file may be.
async fn copy_contents(from: &mut Statements, into: &mut Statements) -> Result<u64, StoreError> {
    let mut rows = sqlx::query("SELECT sha256, content FROM evidence_content").fetch(from);
    let mut copied = 0;
    while let Some(row) = rows.next().await {
        let row = row?;
        sqlx::query("INSERT INTO evidence_content (sha256, content) VALUES ($1, $2)")
            .bind(row.get::<String, _>("sha256"))
            .bind(row.get::<Vec<u8>, _>("content"))
            .execute(&mut *into)
            .await?;
        copied += 1;
    }
    Ok(copied)
}
