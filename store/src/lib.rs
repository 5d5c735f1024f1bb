//! All SQL. One text serves SQLite and PostgreSQL; only migrations and connection settings differ.
//!
//! Private rows become domain types here and nowhere else.

mod audit;
#[cfg(test)]
mod bench;
mod bureau;
#[cfg(test)]
mod commands;
mod copy;
mod editions;
mod extract;
mod jobs;
mod letterheads;
mod migrations;
mod open;
pub mod passwords;
mod people;
mod plans;
mod ports;
mod posts;
mod prove;
mod readings;
mod receipts;
mod reports;
mod returns;
mod rows;
mod screens;
mod sessions;
mod set_up;
mod settings;
mod verify;
#[cfg(test)]
mod walk;
mod year_end;

pub use extract::{Extract, Record, proposed_in, tables as extracted_tables};
pub use jobs::Claimed;
pub use open::{Access, Location};
pub use people::fold_login;
pub use ports::unavailable;
pub use posts::NewPost;
pub use sessions::{Candidate, EndSessions, Source};

use sqlx::AnyPool;

/// Which engine is behind `Any`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// The facts. Reads and writes go through pools of their own: on SQLite one connection writes.
#[derive(Clone)]
pub struct Store {
    engine: Engine,
    read: AnyPool,
    write: AnyPool,
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
    #[error("数据库里的内容读不懂：{0}")]
    Unreadable(String),
}

/// What a database failure means for the person; what was not committed was not saved.
fn database_sentence(error: &sqlx::Error) -> String {
    let busy = error.as_database_error().is_some_and(|inner| inner.message().contains("locked"));
    match busy {
        true => "数据库正被另一个程序占用，这次没有保存任何内容；请稍后再试".to_owned(),
        false => format!("数据库出错，这次没有保存任何内容：{error}"),
    }
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

/// One state of the database: all that a page reads, or all that a command reads and writes.
pub struct Transaction {
    inner: sqlx::Transaction<'static, sqlx::Any>,
}

impl std::ops::Deref for Transaction {
    type Target = sqlx::AnyConnection;

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
        let begin = match self.engine {
            Engine::Sqlite => "BEGIN",
            Engine::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        };
        Ok(Transaction { inner: self.read.begin_with(begin).await? })
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
        let (pool, engine) = (self.write.clone(), self.engine);
        let failed = |error: sqlx::Error| E::from(StoreError::Database(error));
        let task = tokio::spawn(async move {
            let begin = match engine {
                Engine::Sqlite => "BEGIN IMMEDIATE",
                Engine::Postgres => "BEGIN",
            };
            let mut transaction = Transaction { inner: pool.begin_with(begin).await.map_err(failed)? };
            if engine == Engine::Postgres {
                // One writer at a time: the audit chain has one end.
                sqlx::query("LOCK TABLE audit IN EXCLUSIVE MODE")
                    .execute(&mut *transaction.inner)
                    .await
                    .map_err(failed)?;
                // A server may be set to answer before the disk has it; what we call saved is on the disk.
                sqlx::query("SET LOCAL synchronous_commit = on")
                    .execute(&mut *transaction.inner)
                    .await
                    .map_err(failed)?;
            }
            let done = work(&mut transaction).await?;
            transaction.inner.commit().await.map_err(failed)?;
            Ok(done)
        });
        task.await.map_err(|error| E::from(StoreError::Unreadable(error.to_string())))?
    }
}

type Work<'t, T, E> = std::pin::Pin<Box<dyn Future<Output = Result<T, E>> + Send + 't>>;
