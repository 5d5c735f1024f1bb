//! Who of an office looks at figures of others that may not be published: noted after each answer, written within a
//! second (`store/src/viewings.rs`). GB/T 22239-2019, 8.1.4.3 安全审计 b).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::calendar::at_shanghai;
use domain::rights::{Action, Object};
use office::facts::Viewing;
use office::viewer::Viewer;
use store::Store;

/// How long a view may stand in memory only.
const WRITTEN_WITHIN: Duration = Duration::from_secs(1);

/// Day, account, actor and path: what views are counted by.
type Key = (String, i64, String, String);

/// Views that are not written yet.
#[derive(Clone, Default)]
pub(crate) struct Viewings(Arc<Mutex<BTreeMap<Key, Viewing>>>);

impl Viewings {
    /// Counts a view of an address that shows figures of others, if this is somebody who sees unpublished ones.
    pub(crate) fn record(&self, viewer: &Viewer, path: &str, at: i64) {
        let office = viewer.post.as_ref().and_then(|post| post.domain.office.as_deref());
        if office.is_none_or(|office| viewer.may(Action::ReadUnpublished, Object::office(office)).is_err()) {
            return;
        }
        let day = at_shanghai(at).format("%Y-%m-%d").to_string();
        self.add(Viewing {
            day,
            account: viewer.account.id,
            actor: viewer.actor(),
            path: path.to_owned(),
            views: 1,
            first_at: at,
            last_at: at,
            sealed: None,
        });
    }

    fn add(&self, seen: Viewing) {
        let key = (seen.day.clone(), seen.account, seen.actor.clone(), seen.path.clone());
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match waiting.get_mut(&key) {
            Some(known) => {
                known.views += seen.views;
                known.first_at = known.first_at.min(seen.first_at);
                known.last_at = known.last_at.max(seen.last_at);
            }
            None => drop(waiting.insert(key, seen)),
        }
    }

    /// Writes what is waiting; what could not be written waits on.
    pub(crate) async fn write(&self, store: &Store) {
        let waiting = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if waiting.is_empty() {
            return;
        }
        let seen: Vec<Viewing> = waiting.into_values().collect();
        if let Err(error) = store.record_viewings(seen.clone()).await {
            tracing::warn!(%error, "views are not written yet");
            seen.into_iter().for_each(|one| self.add(one));
        }
    }

    /// Writes views for as long as the program runs.
    pub(crate) fn start(&self, store: Store) {
        let viewings = self.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(WRITTEN_WITHIN).await;
                viewings.write(&store).await;
            }
        });
    }
}
