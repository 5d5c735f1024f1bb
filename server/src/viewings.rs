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
pub(crate) struct Viewings {
    waiting: Arc<Mutex<BTreeMap<Key, Viewing>>>,
    /// Held while some are written: they stand neither in memory nor in the database, and who reads waits for them.
    writing: Arc<tokio::sync::Mutex<()>>,
}

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
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        match waiting.get_mut(&key) {
            Some(known) => {
                known.views += seen.views;
                known.first_at = known.first_at.min(seen.first_at);
                known.last_at = known.last_at.max(seen.last_at);
            }
            None => drop(waiting.insert(key, seen)),
        }
    }

    /// Writes what is waiting, after what is being written; what could not be written waits on.
    pub(crate) async fn write(&self, store: &Store) {
        let _writing = self.writing.lock().await;
        let waiting = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
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

#[cfg(test)]
mod tests {
    use office::facts::ViewingsOf;
    use store::{Access, Location, Writer};

    use super::*;

    /// Whoever reads writes first, and waits for what is being written at that moment.
    #[tokio::test]
    async fn a_reader_waits_for_views_that_are_being_written() {
        let folder = std::env::temp_dir().join(format!("jigai-viewings-{}", std::process::id()));
        let store = Store::open(&Location::Folder(folder.clone()), Access::Create).await.unwrap();
        let writer = Writer { actor: "系统".to_owned(), at: 1_625_713_200_000, session: None };
        let account = store.create_account("shenhe", "某人", "", writer).await.unwrap();
        let viewings = Viewings::default();
        viewings.add(Viewing {
            day: "2021-07-08".to_owned(),
            account,
            actor: "福州市审核员".to_owned(),
            path: "/rank/fuzhou-2021/2021-06".to_owned(),
            views: 1,
            first_at: 1_625_713_200_000,
            last_at: 1_625_713_200_000,
            sealed: None,
        });
        let read = async {
            viewings.write(&store).await;
            store.read().await.unwrap().viewings(&ViewingsOf::all()).await.unwrap()
        };
        let (_, seen) = tokio::join!(viewings.write(&store), read);
        assert_eq!(seen.len(), 1);
        store.close().await;
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
