//! What visitors are shown, for every page they ask for: no question on SQLite and a shared one on PostgreSQL until
//! something is written.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::audit::{HEAD, Head};
use super::kept::kept;
use super::mark::{Mark, Marks};
use super::{Engine, Store, StoreError, Transaction};

/// So long a mark is believed; then the database is asked again. Where a file system does not show a file as others
/// have it in memory, that is the longest that a page is old.
const BELIEVED: Duration = Duration::from_secs(1);

/// By what an answer is kept.
const SHOWN: &str = "shown";

/// What visitors are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Whether they may read what is published without an account.
    pub open: bool,
    /// The last change of what is in force or published ([`Transaction::facts_state`]).
    pub facts: Head,
}

/// The newest answer, and who asks for the next one.
#[derive(Default)]
pub(super) struct Visitors {
    /// Of SQLite.
    pub(super) marks: Option<Marks>,
    /// How many questions were begun.
    begun: AtomicU64,
    turn: tokio::sync::Mutex<()>,
    newest: Mutex<Option<Answer>>,
}

#[derive(Clone)]
pub(super) struct Answer {
    /// Of the question, in the order in which they were begun.
    number: u64,
    at: Instant,
    /// Read before the question: a commit between the two has another one.
    mark: Option<Mark>,
    /// `None` where no connection came free.
    shown: Option<Shown>,
}

impl Visitors {
    pub(super) fn of(marks: Option<Marks>) -> Self {
        Self { marks, ..Self::default() }
    }

    fn newest(&self) -> MutexGuard<'_, Option<Answer>> {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The newest answer, where nothing was written since.
    fn marked(&self) -> Option<Shown> {
        let mark = self.marks.as_ref()?.newest()?;
        let newest = self.newest();
        let answer = newest.as_ref().filter(|answer| answer.mark == Some(mark) && answer.at.elapsed() < BELIEVED)?;
        answer.shown.clone()
    }

    /// The answer to a question that was begun after this many.
    fn later_than(&self, begun: u64) -> Option<Result<Shown, StoreError>> {
        let answer = self.newest().clone().filter(|answer| answer.number > begun)?;
        Some(answer.shown.ok_or(StoreError::NoConnection))
    }
}

impl Transaction {
    async fn shown(&mut self) -> Result<Shown, StoreError> {
        Ok(Shown { open: self.is_open().await?, facts: self.facts_state().await? })
    }
}

impl Store {
    /// Whether visitors may read, and what. Whoever comes while it is being asked shares the next question with all the
    /// others who came: each answer is younger than the page that it is for.
    pub async fn shown(&self) -> Result<Shown, StoreError> {
        let visitors = &self.visitors;
        if let Some(shown) = visitors.marked() {
            return Ok(shown);
        }
        let begun = visitors.begun.load(Ordering::SeqCst);
        let _turn = visitors.turn.lock().await;
        if let Some(answer) = visitors.later_than(begun) {
            return answer;
        }
        let number = visitors.begun.fetch_add(1, Ordering::SeqCst) + 1;
        let mark = visitors.marks.as_ref().and_then(Marks::newest);
        let asked = self.ask_shown().await;
        let shown = match &asked {
            Ok(shown) => Some(shown.clone()),
            Err(StoreError::NoConnection) => None,
            // Whoever waits asks himself.
            Err(_) => return asked,
        };
        *visitors.newest() = Some(Answer { number, at: Instant::now(), mark, shown });
        asked
    }

    async fn ask_shown(&self) -> Result<Shown, StoreError> {
        // One statement is one state: on SQLite no transaction is begun and ended for it.
        if self.engine == Engine::Sqlite {
            let row = sqlx::query(HEAD).fetch_optional(&self.read).await?;
            if let Some(known) = self.memory.found(&Head::of_row(row.as_ref()), SHOWN) {
                return Ok(known);
            }
        }
        let mut state = self.read().await?;
        Ok(kept!(state, SHOWN.to_owned(), state.shown().await?))
    }
}
