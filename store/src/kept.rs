//! What was read of one state of the chain, for every page until something is written.
//!
//! A page asks for the chain's end, the number and the hash of its last row, in the state that it reads: what stands
//! under that end was read of the same facts. Another writer's row is another end, here or at another copy, and two
//! databases that give two rows one number give them two hashes. Only facts whose every change has its row in the chain
//! are kept, and only for transactions that read: a command reads what is stored.

use std::any::Any;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::returns::Figures;
use domain::workflow::Step;
use office::facts::Edition;
use office::projects::Projects;
use office::publishing::Compared;
use sqlx::Row;

use super::audit::Head;
use super::{StoreError, Transaction};

/// So many answers are kept of a state: addresses with made-up periods ask for more than there is.
const ANSWERS: usize = 4096;

/// So many libraries are kept of a state: three thousand projects with their year have some 20 MB.
const LIBRARIES: usize = 4;

/// So many rows of the trail are looked through for what they moved.
const LOOKED_BACK: i64 = 1000;

/// Contents of editions are kept up to so many bytes together; twelve units' have some 30 kB, three thousand 5 MB.
const EDITIONS: usize = 12 << 20;

/// What returns do not move: it is read and parsed anew after an act of its own alone.
const SETTLED: [&str; 18] = [
    "account",
    "accounts",
    "averages",
    "claim_notices",
    "editions",
    "letterhead",
    "letterhead_to_start_from",
    "plan",
    "plan_versions",
    "plans",
    "post_of",
    "posts",
    "publications",
    "readings",
    "selection_editions",
    "settings",
    "unreadable_plans",
    "viewer",
];

/// Whether an action moves the answer to a question, by its first word, or figures and libraries of projects by
/// theirs. Of the most frequent ones it is known what they leave: somebody comes, types, goes; a return takes a step.
fn moves(action: &str, of: &str) -> bool {
    match action {
        "log_in" | "log_out" | "end_sessions" => ["account", "accounts", "posts", "viewer"].contains(&of),
        "log_in_failures" | "seal_viewings" | "clock_behind" => false,
        "save_draft" => ["drafts", "round_facts"].contains(&of),
        "import_returns" => of != LIBRARY && !SETTLED.contains(&of),
        _ => Step::parse(action).is_none() || !SETTLED.contains(&of),
    }
}

/// The word for libraries of projects.
const LIBRARY: &str = "projects";
/// The word for figures in force.
const FIGURES: &str = "figures";

/// What a transaction knows of what others read.
pub(super) enum Known {
    /// It writes.
    Nothing,
    /// It has not asked for the chain's end yet.
    Unasked(Arc<Memory>),
    Of(Arc<Memory>, Arc<State>),
}

/// All that is kept.
#[derive(Default)]
pub(super) struct Memory {
    newest: Mutex<Option<Arc<State>>>,
    /// By plan: figures grow with the chain, and what came since is added.
    figures: Mutex<HashMap<String, (Head, Figures)>>,
    /// By plan: the editions that they were taken from, and what those hold.
    published: Mutex<HashMap<String, (Vec<Frozen>, Figures)>>,
    /// By plan: which of both differed when they were compared last.
    compared: Mutex<HashMap<String, Compared>>,
    /// Those asked for last stand last.
    editions: Mutex<Vec<(Frozen, Arc<Edition>)>>,
}

/// What was found at one end of the chain, by question.
#[derive(Default)]
pub(super) struct State {
    of: Head,
    found: Mutex<HashMap<String, Arc<dyn Any + Send + Sync>>>,
    /// Libraries of projects, those read last.
    libraries: Mutex<Vec<(String, Projects)>>,
}

/// An edition, which never changes: by the number and hash of the row of the chain that published it.
pub(super) type Frozen = (i64, String);

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Memory {
    /// What was found for a question in the state with this end, where it is the one read last.
    pub(super) fn found<T: Clone + 'static>(&self, head: &Head, question: &str) -> Option<T> {
        let newest = lock(&self.newest).clone();
        newest.filter(|known| known.of == *head)?.found(question)
    }

    #[cfg(test)]
    pub(super) fn put_figures(&self, plan: &str, of: Head, figures: Figures) {
        lock(&self.figures).insert(plan.to_owned(), (of, figures));
    }

    /// What is kept of the state with this end.
    fn state(&self, head: Head) -> Arc<State> {
        let mut newest = lock(&self.newest);
        match &*newest {
            Some(known) if known.of == head => known.clone(),
            _ => newest.insert(Arc::new(State { of: head, ..State::default() })).clone(),
        }
    }

    /// The same, of what was known of an earlier end of its chain, where these actions came between.
    fn state_after(&self, earlier: &State, head: Head, actions: &[String]) -> Arc<State> {
        let moved = |word: &str| actions.iter().any(|action| moves(action, word));
        let word = |question: &str| moved(question.split(' ').next().unwrap_or_default());
        let found = lock(&earlier.found).clone().into_iter().filter(|(question, _)| !word(question));
        let libraries = if moved(LIBRARY) { Vec::new() } else { lock(&earlier.libraries).clone() };
        let (found, libraries) = (Mutex::new(found.collect()), Mutex::new(libraries));
        if !moved(FIGURES) {
            for (of, _) in lock(&self.figures).values_mut().filter(|(of, _)| *of == earlier.of) {
                of.clone_from(&head);
            }
        }
        let mut newest = lock(&self.newest);
        match &*newest {
            Some(known) if known.of == head => known.clone(),
            _ => newest.insert(Arc::new(State { of: head, found, libraries })).clone(),
        }
    }
}

impl State {
    fn found<T: Clone + 'static>(&self, question: &str) -> Option<T> {
        let found = lock(&self.found).get(question).cloned();
        found.and_then(|found| found.downcast_ref::<T>().cloned())
    }
}

impl Transaction {
    /// Whether it may answer from what others read.
    pub(super) fn keeps(&self) -> bool {
        !matches!(self.known, Known::Nothing)
    }

    async fn state(&mut self) -> Result<Option<(Arc<Memory>, Arc<State>)>, StoreError> {
        let memory = match &self.known {
            Known::Nothing => return Ok(None),
            Known::Of(memory, state) => return Ok(Some((memory.clone(), state.clone()))),
            Known::Unasked(memory) => memory.clone(),
        };
        let head = self.head().await?;
        let earlier = lock(&memory.newest).clone().filter(|known| known.of != head);
        let mut between = None;
        if let Some(earlier) = &earlier {
            between = self.actions_since(&earlier.of, &head).await?;
        }
        let state = match (&earlier, between) {
            (Some(earlier), Some(actions)) => memory.state_after(earlier, head, &actions),
            _ => memory.state(head),
        };
        self.known = Known::Of(memory.clone(), state.clone());
        Ok(Some((memory, state)))
    }

    /// What was done between an end of this chain and a later one; `None` where that is long ago, or where this is not
    /// that chain.
    async fn actions_since(&mut self, earlier: &Head, head: &Head) -> Result<Option<Vec<String>>, StoreError> {
        if !(earlier.seq + 1..earlier.seq + LOOKED_BACK).contains(&head.seq) {
            return Ok(None);
        }
        let sql = "SELECT DISTINCT action FROM audit WHERE seq > $1 AND seq <= $2 \
                   AND EXISTS (SELECT 1 FROM audit WHERE seq = $1 AND hash = $3)";
        let query = sqlx::query(sql).bind(earlier.seq).bind(head.seq).bind(&earlier.hash);
        let rows = query.fetch_all(&mut **self).await?;
        let actions: Vec<String> = rows.iter().map(|row| row.get("action")).collect();
        Ok((!actions.is_empty()).then_some(actions))
    }

    /// What was found for a question in this state of the chain.
    pub(super) async fn found<T: Clone + 'static>(&mut self, question: &str) -> Result<Option<T>, StoreError> {
        Ok(self.state().await?.and_then(|(_, state)| state.found(question)))
    }

    pub(super) fn keep<T: Clone + Send + Sync + 'static>(&mut self, question: String, answer: &T) {
        if let Known::Of(_, state) = &self.known {
            let mut found = lock(&state.found);
            if found.len() >= ANSWERS {
                found.clear();
            }
            found.insert(question, Arc::new(answer.clone()));
        }
    }

    pub(super) async fn kept_library(&mut self, question: &str) -> Result<Option<Projects>, StoreError> {
        let Some((_, state)) = self.state().await? else { return Ok(None) };
        let libraries = lock(&state.libraries);
        Ok(libraries.iter().find(|(known, _)| known == question).map(|(_, found)| found.clone()))
    }

    pub(super) fn keep_library(&mut self, question: String, found: &Projects) {
        let Known::Of(_, state) = &self.known else { return };
        let mut libraries = lock(&state.libraries);
        if libraries.len() >= LIBRARIES {
            libraries.remove(0);
        }
        libraries.push((question, found.clone()));
    }

    /// The figures in force of one plan: those known of an earlier end of this chain, with what was written since.
    pub async fn figures(&mut self, plan: &str) -> Result<Figures, StoreError> {
        let Some((memory, state)) = self.state().await? else {
            return self.figures_since(plan, 0, Figures::default()).await;
        };
        let known = lock(&memory.figures).get(plan).cloned();
        let (since, known) = match known {
            Some((of, figures)) if of == state.of => return Ok(figures),
            // Rows of this chain, or of another one that lost them?
            Some((of, figures)) if of.seq < state.of.seq && self.holds(&of).await? => (of.seq, figures),
            _ => (0, Figures::default()),
        };
        let mut figures = self.figures_since(plan, since, known).await?;
        figures.settle();
        lock(&memory.figures).insert(plan.to_owned(), (state.of.clone(), figures.clone()));
        Ok(figures)
    }

    /// Those of some cells at least, goal and region: of a state that is kept all, else theirs alone are read. Whoever
    /// writes reads what is stored, and a province's whole year would take longer than everything else of his step.
    pub async fn figures_of(&mut self, plan: &str, cells: &BTreeSet<(String, String)>) -> Result<Figures, StoreError> {
        match self.state().await? {
            Some(_) => self.figures(plan).await,
            None => self.figures_in(plan, cells).await,
        }
    }

    /// What was taken last from editions of a plan, where all of them are among these.
    pub(super) async fn published_before(
        &mut self,
        plan: &str,
        of: &[Frozen],
    ) -> Result<(Vec<Frozen>, Figures), StoreError> {
        let known = self.state().await?.and_then(|(memory, _)| lock(&memory.published).get(plan).cloned());
        let known = known.filter(|(taken, _)| taken.iter().all(|edition| of.contains(edition)));
        Ok(known.unwrap_or_else(|| (Vec::new(), Figures::published())))
    }

    pub(super) fn keep_published(&mut self, plan: &str, of: Vec<Frozen>, figures: &Figures) {
        if let Known::Of(memory, _) = &self.known {
            lock(&memory.published).insert(plan.to_owned(), (of, figures.clone()));
        }
    }

    /// What was found when the figures in force of a plan were compared last with those published. Whoever compares them
    /// at the same time begins anew.
    pub(super) fn compared_before(&self, plan: &str) -> Compared {
        match &self.known {
            Known::Of(memory, _) => lock(&memory.compared).remove(plan).unwrap_or_default(),
            _ => Compared::default(),
        }
    }

    pub(super) fn keep_compared(&mut self, plan: &str, compared: Compared) {
        if let Known::Of(memory, _) = &self.known {
            lock(&memory.compared).insert(plan.to_owned(), compared);
        }
    }

    pub(super) fn has_kept_editions(&self) -> bool {
        match &self.known {
            Known::Nothing => false,
            Known::Unasked(memory) | Known::Of(memory, _) => !lock(&memory.editions).is_empty(),
        }
    }

    pub(super) async fn kept_edition(&mut self, of: &Frozen) -> Result<Option<Arc<Edition>>, StoreError> {
        let Some((memory, _)) = self.state().await? else { return Ok(None) };
        let mut editions = lock(&memory.editions);
        let Some(place) = editions.iter().position(|(known, _)| known == of) else { return Ok(None) };
        let found = editions.remove(place);
        editions.push(found.clone());
        Ok(Some(found.1))
    }

    pub(super) fn keep_edition(&mut self, of: Frozen, edition: &Arc<Edition>) {
        let Known::Of(memory, _) = &self.known else { return };
        let mut editions = lock(&memory.editions);
        editions.push((of, edition.clone()));
        let mut bytes: usize = editions.iter().map(|(_, edition)| edition.content.len()).sum();
        while bytes > EDITIONS && editions.len() > 1 {
            bytes -= editions.remove(0).1.content.len();
        }
    }
}

/// What was found for a question in the state that is read, or else what reading it finds.
macro_rules! kept {
    ($of:expr, $question:expr, $read:expr) => {{
        let question: String = $question;
        match $of.found(&question).await? {
            Some(found) => found,
            None => {
                let found = $read;
                $of.keep(question, &found);
                found
            }
        }
    }};
}

pub(super) use kept;
