//! Whether the database still is what the program built: the triggers that refuse changes, the indexes that pages read
//! by, and indexes that agree with their tables.

use std::collections::BTreeMap;

use sqlx::{AnyConnection, Connection, Row};

use super::upgrade::OURS;
use super::{Engine, Store, StoreError, Transaction, migrations};

/// What a function of PostgreSQL's does, between `$$` and `$$` of the step that makes it.
const REFUSE_CHANGE: &str = "refuse_change";

impl Store {
    /// As [`Transaction::fault_of_guards`], in a state of its own.
    pub async fn fault_of_guards(&self) -> Result<Option<String>, StoreError> {
        self.read_stored().await?.fault_of_guards(self.engine).await
    }
}

impl Transaction {
    /// The first trigger (on SQLite also index) that is missing, changed or disabled, or trigger of somebody else's.
    pub(super) async fn fault_of_guards(&mut self, engine: Engine) -> Result<Option<String>, StoreError> {
        let (there, expected) = match engine {
            Engine::Sqlite => (self.sqlite_guards().await?, fresh_sqlite().await?),
            Engine::Postgres => (self.postgres_guards().await?, postgres_by_the_steps()),
        };
        for (name, what) in &expected {
            match there.get(name) {
                None => return Ok(Some(format!("数据库里少了 {name}"))),
                Some(found) if found != what => return Ok(Some(format!("数据库里的 {name} 被改过或停用了"))),
                Some(_) => {}
            }
        }
        let foreign = there.keys().find(|name| name.starts_with("触发器") && !expected.contains_key(*name));
        Ok(foreign.map(|name| format!("数据库里多了 {name}")))
    }

    /// Checks indexes against their tables. Whether that was possible: PostgreSQL does it by an extension, `amcheck`.
    pub(super) async fn verify_indexes(&mut self, engine: Engine) -> Result<bool, StoreError> {
        match engine {
            Engine::Sqlite => {
                let said = sqlx::query("PRAGMA integrity_check(1)").fetch_one(&mut **self).await?;
                match said.get::<String, _>(0) {
                    ok if ok == "ok" => Ok(true),
                    fault => Err(StoreError::Altered(format!("数据库文件有损坏，页面可能读到旧数：{fault}"))),
                }
            }
            Engine::Postgres => {
                let sql = "SELECT 1 FROM pg_extension WHERE extname = 'amcheck'";
                if sqlx::query(sql).fetch_optional(&mut **self).await?.is_none() {
                    return Ok(false);
                }
                let sql = format!(
                    "SELECT CAST(bt_index_check(c.oid, true) AS TEXT) FROM pg_index i \
                           JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam \
                           WHERE m.amname = 'btree' AND c.relnamespace = {OURS}"
                );
                match sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut **self).await {
                    Ok(_) => Ok(true),
                    Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("42501") => Ok(false),
                    Err(sqlx::Error::Database(error)) => {
                        Err(StoreError::Altered(format!("数据库的索引有损坏，页面可能读到旧数：{}", error.message())))
                    }
                    Err(error) => Err(error.into()),
                }
            }
        }
    }

    async fn sqlite_guards(&mut self) -> Result<Guards, StoreError> {
        Ok(sqlx::query(SQLITE_GUARDS).fetch_all(&mut **self).await?.iter().map(guard).collect())
    }

    async fn postgres_guards(&mut self) -> Result<Guards, StoreError> {
        let sql = format!(
            "SELECT CAST(t.tgname AS TEXT) AS name, CAST(t.tgenabled AS TEXT) AS enabled, \
                   CAST(p.proname AS TEXT) AS function, p.prosrc AS body FROM pg_trigger t \
                   JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid \
                   WHERE NOT t.tgisinternal AND c.relnamespace = {OURS}"
        );
        let mut guards = Guards::new();
        for row in sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut **self).await? {
            let (name, enabled): (String, String) = (row.get("name"), row.get("enabled"));
            let (function, body): (String, String) = (row.get("function"), row.get("body"));
            let on = matches!(enabled.as_str(), "O" | "A") && function == REFUSE_CHANGE;
            guards.insert(format!("触发器 {name}"), if on { "on" } else { "off" }.to_owned());
            guards.insert(format!("函数 {function}"), body);
        }
        Ok(guards)
    }
}

/// By what a person calls it: the text that made it, or what stands for that.
type Guards = BTreeMap<String, String>;

const SQLITE_GUARDS: &str = "SELECT type, name, sql FROM sqlite_master \
                             WHERE type IN ('trigger', 'index') AND sql IS NOT NULL";

fn guard(row: &sqlx::any::AnyRow) -> (String, String) {
    let kind = if row.get::<String, _>("type") == "trigger" { "触发器" } else { "索引" };
    (format!("{kind} {}", row.get::<String, _>("name")), row.get("sql"))
}

/// What the steps make of an empty database.
async fn fresh_sqlite() -> Result<Guards, StoreError> {
    let mut fresh = AnyConnection::connect("sqlite::memory:").await?;
    let built = migrations::of(Engine::Sqlite).run(&mut fresh).await;
    built.map_err(|error| StoreError::Unreadable(error.to_string()))?;
    let rows = sqlx::query(SQLITE_GUARDS).fetch_all(&mut fresh).await?;
    Ok(rows.iter().map(guard).collect())
}

/// The names in the steps, and the body of the one function.
fn postgres_by_the_steps() -> Guards {
    let mut guards = Guards::new();
    for step in migrations::of(Engine::Postgres).iter() {
        let sql = step.sql.as_str();
        let mut words = sql.split_whitespace().peekable();
        while let Some(word) = words.next() {
            if word == "TRIGGER"
                && let Some(name) = words.peek()
            {
                guards.insert(format!("触发器 {name}"), "on".to_owned());
            }
        }
        if let Some(made) = sql.split(&format!("CREATE FUNCTION {REFUSE_CHANGE}()")).nth(1)
            && let Some(body) = made.split("$$").nth(1)
        {
            guards.insert(format!("函数 {REFUSE_CHANGE}"), body.to_owned());
        }
    }
    guards
}
