//! The holidays that ship, with the years that an administrator typed in the place of theirs.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use domain::holidays::Holidays;
use office::commands::holidays::SETTING;
use store::{Store, StoreError};

use crate::cache::PageCache;

/// How long another copy's typing may stay unseen here.
const EVERY: Duration = Duration::from_secs(10);

/// What is known now; a request that has begun keeps what it took.
#[derive(Clone, Default)]
pub(crate) struct Known(Arc<RwLock<Arc<Holidays>>>);

impl Known {
    pub(crate) fn now(&self) -> Arc<Holidays> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The years that were typed, as they are kept.
    pub(crate) fn set(&self, typed: Option<&str>) {
        let known = Arc::new(with(typed));
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = known;
    }

    /// Reads them now and, as others write, every few seconds.
    pub(crate) async fn follow(&self, store: &Store, pages: Arc<PageCache>) -> Result<(), StoreError> {
        let mut seen = typed(store).await?;
        self.set(seen.as_deref());
        let (known, store) = (self.clone(), store.clone());
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(EVERY).await;
                // A database that cannot be reached says so elsewhere; what was known stays.
                match typed(&store).await {
                    Ok(newest) if newest != seen => {
                        known.set(newest.as_deref());
                        // Rendered since the other copy wrote, with what was known here.
                        pages.forget();
                        seen = newest;
                    }
                    _ => {}
                }
            }
        });
        Ok(())
    }
}

async fn typed(store: &Store) -> Result<Option<String>, StoreError> {
    store.read().await?.setting(SETTING).await
}

fn with(typed: Option<&str>) -> Holidays {
    let mut holidays = crate::assets::holidays();
    if let Some(Err(error)) = typed.map(|text| holidays.add_typed(text)) {
        tracing::error!(%error, "typed holidays ignored");
    }
    holidays
}

/// What a command of the command line works with.
pub(crate) async fn of(store: &Store) -> Result<Arc<Holidays>, StoreError> {
    Ok(Arc::new(with(typed(store).await?.as_deref())))
}
