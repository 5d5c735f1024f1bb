//! The one way in which statements reach a database.
//!
//! Between the program and PostgreSQL a pooler may stand that gives every transaction another session (PgBouncer's
//! `pool_mode = transaction`). Nothing of a session is relied on: statements have no names there, which another
//! program's session could know by another text, settings end with their transaction, and locks too. Whoever knows that
//! nothing stands between may have names (`prepared=on`): a statement is then parsed once in a session.

use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use sqlx::any::{AnyArguments, AnyQueryResult, AnyRow, AnyStatement, AnyTypeInfo};
use sqlx::error::BoxDynError;
use sqlx::{Any, Arguments, Either, Execute, Executor, SqlStr};

use super::address::Settings;

/// How transactions begin, each in one message: what is set for them ends with them.
#[derive(Debug)]
pub(crate) struct Begins {
    /// One state to read from.
    pub(crate) read: String,
    /// What takes the trail's lock next.
    pub(crate) write: String,
    /// What is no fact, and waits for nobody's turn.
    pub(crate) alone: String,
    /// Whether a session keeps statements under names.
    pub(crate) names: bool,
}

impl Begins {
    pub(crate) fn sqlite() -> Self {
        Self { read: "BEGIN".to_owned(), write: "BEGIN IMMEDIATE".to_owned(), alone: "BEGIN".to_owned(), names: true }
    }

    pub(crate) fn postgres(settings: &Settings) -> Self {
        let statement =
            settings.statement_timeout.map_or(String::new(), |time| format!("; SET LOCAL statement_timeout = {time}"));
        let lock = format!("; SET LOCAL lock_timeout = {}", settings.lock_timeout);
        Self {
            read: format!("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY{statement}"),
            // A server may be set to answer before the disk has it; what we call saved is on the disk.
            write: format!("BEGIN{statement}{lock}; SET LOCAL synchronous_commit = on"),
            alone: format!("BEGIN{statement}{lock}"),
            names: settings.prepared,
        }
    }
}

/// What runs the statements of a transaction.
#[derive(Debug)]
pub struct Statements {
    pub(crate) transaction: sqlx::Transaction<'static, Any>,
    pub(crate) names: bool,
}

impl<'c> Executor<'c> for &'c mut Statements {
    type Database = Any;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Either<AnyQueryResult, AnyRow>, sqlx::Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        match self.names {
            true => self.transaction.fetch_many(query),
            false => self.transaction.fetch_many(Unnamed(query)),
        }
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<AnyRow>, sqlx::Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        match self.names {
            true => self.transaction.fetch_optional(query),
            false => self.transaction.fetch_optional(Unnamed(query)),
        }
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [AnyTypeInfo],
    ) -> BoxFuture<'e, Result<AnyStatement, sqlx::Error>>
    where
        'c: 'e,
    {
        self.transaction.prepare_with(sql, parameters)
    }
}

/// A statement without a name: with arguments it is parsed anew each time, without any it goes in one message.
struct Unnamed<E>(E);

impl<'q, E: Execute<'q, Any>> Execute<'q, Any> for Unnamed<E> {
    fn sql(self) -> SqlStr {
        self.0.sql()
    }

    fn statement(&self) -> Option<&AnyStatement> {
        None
    }

    fn take_arguments(&mut self) -> Result<Option<AnyArguments>, BoxDynError> {
        Ok(self.0.take_arguments()?.filter(|arguments| arguments.len() > 0))
    }

    fn persistent(&self) -> bool {
        false
    }
}
