//! All SQL. One text serves SQLite and PostgreSQL; only migrations and connection settings differ.
//!
//! Private rows become domain types here and nowhere else.

mod access;
mod address;
mod audit;
#[cfg(test)]
mod bench;
mod bodies;
mod bureau;
mod claim_objections;
mod claims;
#[cfg(test)]
mod commands;
mod contacts;
mod copy;
mod editions;
mod evidence;
mod extract;
mod failures;
mod funds;
mod jobs;
mod kept;
mod letterheads;
mod link;
mod mark;
mod messages;
mod migrations;
mod names;
mod open;
mod own_rows;
pub mod passwords;
mod people;
mod plans;
mod ports;
mod posts;
mod projects;
mod prove;
mod publications;
mod readings;
mod receipts;
mod recognitions;
mod reports;
mod returns;
mod rosters;
mod rows;
mod screens;
mod seals;
mod selections;
mod servers;
mod sessions;
mod set_up;
mod settings;
mod statements;
mod structure;
mod tasks;
mod texts;
mod upgrade;
mod verify;
mod viewings;
mod visitors;
#[cfg(test)]
mod walk;
mod watched;
mod year_end;

pub use access::AccessChange;
pub use audit::{CLOCKS_APART, Head, TrailRow};
pub use extract::{Extract, Record, proposed_in, tables as extracted_tables};
pub use jobs::Claimed;
pub use open::{Access, Location, refuse_wide};
pub use ports::unavailable;
pub use sessions::{Candidate, EndSessions, Source};
pub use verify::{Links, Verified};
pub use visitors::Shown;

use std::sync::Arc;
use std::time::Duration;

use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AnyPool, AssertSqlSafe, Row};

use kept::Known;
use statements::{Begins, Statements};

/// Which engine is behind `Any`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// The database's own time in UTC milliseconds: the one clock that all copies of the program share.
    fn now(self) -> &'static str {
        match self {
            Engine::Sqlite => "CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER)",
            Engine::Postgres => "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
        }
    }
}

/// The facts. Reads and writes go through pools of their own: on SQLite one connection writes.
#[derive(Clone)]
pub struct Store {
    engine: Engine,
    read: AnyPool,
    write: AnyPool,
    begins: Arc<Begins>,
    /// Of PostgreSQL.
    servers: Option<Arc<servers::Servers>>,
    memory: Arc<kept::Memory>,
    visitors: Arc<visitors::Visitors>,
}

/// Connections of a pool.
#[derive(Debug, Clone, Copy)]
pub struct Connections {
    pub open: u32,
    pub idle: u32,
    pub most: u32,
}

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The person can mend it: the sentence says how.
    #[error("{0}")]
    Unusable(String),
    /// Refused: a rule of the facts was about to be broken; the sentences say which.
    #[error("{}", .0.join("\n"))]
    Refused(Vec<String>),
    /// Something was altered behind the program's back: the first such thing, without a full stop.
    #[error("{0}")]
    Altered(String),
    #[error("{}", database_sentence(.0))]
    Database(#[from] sqlx::Error),
    /// The server worked on is a standby, or was set so that it takes no writes.
    #[error("{}", servers::READ_ONLY)]
    ReadOnly,
    /// No connection to PostgreSQL came free in time: it is not reached, lets no more in, or all of them are at work.
    #[error("{}", servers::NO_CONNECTION)]
    NoConnection,
    /// The answer to COMMIT was lost, and nothing says whether it was carried out.
    #[error("保存时和数据库断了，不能确定是否已经保存，请看了再决定要不要重做：{0}")]
    Uncertain(sqlx::Error),
    #[error("数据库里的内容读不懂：{0}")]
    Unreadable(String),
}

/// What a database failure means for the person; what was not committed was not saved.
fn database_sentence(error: &sqlx::Error) -> String {
    if let Some(sentence) = servers::sentence_of(error) {
        return sentence;
    }
    match () {
        () if is_busy(error) => "数据库正被另一个程序占用，这次没有保存任何内容；请稍后再试".to_owned(),
        () if is_lost(error) => {
            format!("和数据库的连接断了（它可能正在重启或切换），这次没有保存任何内容；请过几秒再试：{error}")
        }
        () => format!("数据库出错，这次没有保存任何内容：{error}"),
    }
}

/// Whether PostgreSQL refused something with one of these codes
/// (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
fn has_code(error: &sqlx::Error, codes: &[&str]) -> bool {
    let code = error.as_database_error().and_then(|inner| inner.code());
    code.is_some_and(|code| codes.contains(&code.as_ref()))
}

/// A write on a standby: read_only_sql_transaction.
fn is_read_only(error: &sqlx::Error) -> bool {
    has_code(error, &["25006"])
}

/// Somebody else holds the database: its lock (lock_not_available, SQLite's own words), or the connection that writes.
fn is_busy(error: &sqlx::Error) -> bool {
    let is_locked = error.as_database_error().is_some_and(|inner| inner.message().contains("locked"));
    matches!(error, sqlx::Error::PoolTimedOut) || is_locked || has_code(error, &["55P03"])
}

/// The way to the database was cut, or it is ending or starting: admin_shutdown, crash_shutdown, cannot_connect_now.
fn is_lost(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed) || has_code(error, &["57P01", "57P02", "57P03"])
}

impl StoreError {
    pub fn refused(sentence: impl Into<String>) -> Self {
        StoreError::Refused(vec![sentence.into()])
    }
}

/// Who writes, and when (UTC milliseconds): the clock is an argument here too.
#[derive(Debug, Clone)]
pub struct Writer {
    pub actor: String,
    pub at: i64,
    /// The session that must still live when the write happens: its post may have changed hands meanwhile.
    pub session: Option<String>,
}

impl Writer {
    /// In the same name.
    pub fn of(who: &office::who::Who) -> Self {
        Self { actor: who.actor.clone(), at: who.at, session: who.session.clone() }
    }
}

/// One state of the database: all that a page reads, or all that a command reads and writes.
pub struct Transaction {
    inner: Statements,
    /// The last row of the trail that this transaction wrote: by it a lost answer to COMMIT is looked up.
    appended: Option<Head>,
    /// Of one that only reads: what was read of its state before.
    known: Known,
}

impl std::ops::Deref for Transaction {
    type Target = Statements;

    fn deref(&self) -> &Self::Target {
        &self.inner
    }
}

impl std::ops::DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.inner
    }
}

impl Store {
    /// A state of the database to read from; it ends when it is dropped.
    pub async fn read(&self) -> Result<Transaction, StoreError> {
        let mut transaction = self.read_stored().await?;
        transaction.known = Known::Unasked(self.memory.clone());
        Ok(transaction)
    }

    /// The same, with nothing that was read before: for what proves or copies what is stored.
    async fn read_stored(&self) -> Result<Transaction, StoreError> {
        self.begin(&self.read, &self.begins.read).await
    }

    /// Begins a transaction; where the server worked on does not answer, at the one that fits now.
    async fn begin(&self, pool: &AnyPool, begin: &str) -> Result<Transaction, StoreError> {
        let names = self.begins.names;
        let opened = |transaction| Transaction {
            inner: Statements { transaction, names },
            appended: None,
            known: Known::Nothing,
        };
        let begin = || pool.begin_with(AssertSqlSafe(begin.to_owned()));
        // On SQLite somebody else has the one connection that writes.
        let refused = |error| match (self.engine, error) {
            (Engine::Postgres, sqlx::Error::PoolTimedOut) => StoreError::NoConnection,
            (_, error) => error.into(),
        };
        let Some(servers) = self.servers.as_ref().filter(|servers| servers.are_several()) else {
            return Ok(opened(begin().await.map_err(refused)?));
        };
        let mut begun = std::pin::pin!(begin());
        let first = tokio::time::timeout(Duration::from_secs(1), &mut begun).await;
        if let Ok(Ok(inner)) = first {
            return Ok(opened(inner));
        }
        servers.choose_again([&self.read, &self.write]).await;
        Ok(opened(match first {
            // It is still trying, from now on where it was sent.
            Err(_) => begun.await.map_err(refused)?,
            Ok(_) => begin().await.map_err(refused)?,
        }))
    }

    /// One statement about what is no fact, in a transaction of its own that waits for nobody's turn.
    async fn alone(&self, query: Query<'_, Any, AnyArguments>) -> Result<(), StoreError> {
        let mut transaction = self.begin(&self.write, &self.begins.alone).await?;
        query.execute(&mut *transaction).await?;
        self.commit(transaction).await
    }

    /// Whether the database takes no writes: then published pages can be read, and nothing else be done.
    pub fn is_read_only(&self) -> bool {
        self.servers.as_ref().is_some_and(|servers| servers.is_read_only())
    }

    /// A server that took no writes may have become the primary, or another one may have.
    async fn require_writable(&self) -> Result<(), StoreError> {
        let Some(servers) = self.servers.as_ref().filter(|servers| servers.is_read_only()) else { return Ok(()) };
        servers.choose_again([&self.read, &self.write]).await;
        if servers.is_read_only() { Err(StoreError::ReadOnly) } else { Ok(()) }
    }

    /// The one transaction that writes; others wait for their turn, some seconds and no longer.
    async fn begin_write(&self) -> Result<Transaction, StoreError> {
        if self.engine == Engine::Sqlite {
            return self.begin(&self.write, &self.begins.write).await;
        }
        self.require_writable().await?;
        let mut transaction = self.begin(&self.write, &self.begins.write).await?;
        // One writer at a time: the audit chain has one end.
        if let Err(error) = sqlx::query("LOCK TABLE audit IN EXCLUSIVE MODE").execute(&mut *transaction).await {
            // It was the primary when it was chosen.
            if let (true, Some(servers)) = (is_read_only(&error), &self.servers) {
                servers.choose_again([&self.read, &self.write]).await;
            }
            return Err(error.into());
        }
        Ok(transaction)
    }

    /// Commits. Where the answer is lost, the trail says whether it was carried out.
    async fn commit(&self, transaction: Transaction) -> Result<(), StoreError> {
        let Transaction { inner, appended, known: _ } = transaction;
        let Err(error) = inner.transaction.commit().await else { return Ok(()) };
        tracing::warn!(%error, "commit");
        let found = match &appended {
            Some(head) => self.look_up(head).await,
            // What the database itself refused it did not carry out.
            None => error.as_database_error().map(|_| false),
        };
        match found {
            Some(true) => Ok(()),
            Some(false) => Err(StoreError::Database(error)),
            None => Err(StoreError::Uncertain(error)),
        }
    }

    /// Whether a row of the trail is there; `None` where the database does not come back in time.
    async fn look_up(&self, head: &Head) -> Option<bool> {
        let asked = async {
            loop {
                match self.holds_when_settled(head).await {
                    Ok(found) => return found,
                    Err(error) => tracing::warn!(%error, "the outcome of a commit"),
                }
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), asked).await.ok()
    }

    async fn holds_when_settled(&self, head: &Head) -> Result<bool, StoreError> {
        let mut state = match self.engine {
            Engine::Sqlite => self.read_stored().await?,
            // The transaction may still be running at the other end: whoever gets its lock comes after it.
            Engine::Postgres => self.begin_write().await?,
        };
        state.holds(head).await
    }

    /// How many connections each pool has, by what it is for.
    pub fn connections(&self) -> [(&'static str, Connections); 2] {
        [("read", &self.read), ("write", &self.write)].map(|(name, pool)| {
            let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
            (name, Connections { open: pool.size(), idle, most: pool.options().get_max_connections() })
        })
    }

    /// How far this machine's clock (`now`, UTC milliseconds) is ahead of the database's, in milliseconds.
    pub async fn ahead_of_database(&self, now: i64) -> Result<i64, StoreError> {
        let sql = format!("SELECT {} AS now", self.engine.now());
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_one(&mut *self.read_stored().await?).await?;
        Ok(now - row.get::<i64, _>("now"))
    }

    /// Whether other machines may work on the database, each with a clock of its own.
    pub fn is_shared(&self) -> bool {
        self.engine == Engine::Postgres
    }

    /// Whether something can be written now: a commit that changes nothing.
    pub async fn can_write(&self) -> Result<(), StoreError> {
        let mut transaction = self.begin_write().await?;
        match self.engine {
            Engine::Sqlite => {
                let found = sqlx::query("PRAGMA user_version").fetch_one(&mut *transaction).await?;
                let set = format!("PRAGMA user_version = {}", found.get::<i64, _>(0));
                sqlx::query(sqlx::AssertSqlSafe(set)).execute(&mut *transaction).await?;
            }
            // With a number of its own a transaction is written down.
            Engine::Postgres => {
                sqlx::query("SELECT CAST(txid_current() AS TEXT)").execute(&mut *transaction).await?;
            }
        }
        self.commit(transaction).await
    }

    async fn transact<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Transaction) -> Work<'t, T, StoreError> + Send + 'static,
    {
        self.transact_with(work).await
    }

    /// Runs a write transaction in a task of its own: a caller that goes away must not leave a half-begun
    /// transaction on a pooled connection (sqlx issue 4385).
    async fn transact_with<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Transaction) -> Work<'t, T, E> + Send + 'static,
    {
        let store = self.clone();
        let task = tokio::spawn(async move {
            let mut transaction = store.begin_write().await?;
            let done = work(&mut transaction).await?;
            store.commit(transaction).await?;
            Ok(done)
        });
        task.await.map_err(|error| E::from(StoreError::Unreadable(error.to_string())))?
    }
}

type Work<'t, T, E> = std::pin::Pin<Box<dyn Future<Output = Result<T, E>> + Send + 't>>;
