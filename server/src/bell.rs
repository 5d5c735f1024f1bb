//! What wakes the maker of long exports.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

/// Wakes the maker.
#[derive(Clone, Default)]
pub(crate) struct Jobs(Arc<Notify>);

impl Jobs {
    pub(crate) fn wake(&self) {
        self.0.notify_one();
    }

    /// Waits until somebody wakes the maker, as long as this at most.
    pub(crate) async fn wait(&self, longest: Duration) {
        drop(tokio::time::timeout(longest, self.0.notified()).await);
    }
}
