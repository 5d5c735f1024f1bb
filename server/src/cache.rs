//! Cache policies as named values, and the pages kept in memory.
//!
//! A kept page is only used while nothing that is in force or published has changed since (`Transaction::facts_state`):
//! another copy of the program that writes to the same database makes all kept pages stale at once.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use store::Head;

/// Figures that are not published: nobody may keep them.
pub(crate) const NO_STORE: &str = "no-store";

/// Published pages and files of this program: keep, but ask each time; an unchanged one costs a 304.
pub(crate) const ASK_EACH_TIME: &str = "no-cache";

/// At most this many pages, and none larger, so that garbage addresses cannot fill the memory.
const PAGES: usize = 400;
const PAGE_SIZE: usize = 1024 * 1024;

/// A rendered page, plain and packed.
pub(crate) struct KeptPage {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) etag: String,
    pub(crate) body: Bytes,
    packed: OnceLock<Bytes>,
}

impl KeptPage {
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        let etag = format!("\"{}\"", &domain::canonical::sha256(&body)[..32]);
        Self { status, headers, etag, body, packed: OnceLock::new() }
    }

    /// Gzip, made once.
    pub(crate) fn packed(&self) -> Bytes {
        self.packed.get_or_init(|| gzip(&self.body)).clone()
    }
}

pub(crate) fn gzip(body: &[u8]) -> Bytes {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    // Writing to memory cannot fail.
    let packed = encoder.write_all(body).and_then(|()| encoder.finish());
    Bytes::from(packed.unwrap_or_default())
}

#[derive(Default)]
pub(crate) struct PageCache {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// The audit row at which these pages were rendered, with its hash: after a failover another may have its number.
    head: Option<Head>,
    pages: HashMap<String, Arc<KeptPage>>,
}

impl PageCache {
    /// The page as rendered while `head` was the last change of what is in force or published.
    pub(crate) fn get(&self, head: &Head, address: &str) -> Option<Arc<KeptPage>> {
        let kept = self.kept.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        (kept.head.as_ref() == Some(head)).then(|| kept.pages.get(address).cloned()).flatten()
    }

    /// Drops all pages: what they rest on beside the facts (days off that were typed) has changed.
    pub(crate) fn forget(&self) {
        *self.kept.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Kept::default();
    }

    pub(crate) fn put(&self, head: Head, address: String, page: Arc<KeptPage>) {
        if page.body.len() > PAGE_SIZE {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if kept.head.as_ref() != Some(&head) || kept.pages.len() >= PAGES {
            kept.pages.clear();
            kept.head = Some(head);
        }
        kept.pages.insert(address, page);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &'static str) -> Arc<KeptPage> {
        Arc::new(KeptPage::new(StatusCode::OK, HeaderMap::new(), Bytes::from_static(body.as_bytes())))
    }

    fn head(seq: i64, hash: &str) -> Head {
        Head { seq, hash: hash.to_owned() }
    }

    /// Fault F4: after a failover readers saw an edition that the database no longer has.
    #[test]
    fn a_page_of_another_database_is_not_shown() {
        let cache = PageCache::default();
        cache.put(head(500, "a"), "/".to_owned(), page("lost"));
        assert!(cache.get(&head(500, "a"), "/").is_some());
        assert!(cache.get(&head(500, "b"), "/").is_none(), "the same number, another row");
        cache.put(head(500, "a"), "/".to_owned(), page("of older days off"));
        cache.forget();
        assert!(cache.get(&head(500, "a"), "/").is_none());
        // The other database may be behind: its pages are kept, too.
        cache.put(head(480, "b"), "/".to_owned(), page("there"));
        assert_eq!(cache.get(&head(480, "b"), "/").unwrap().body, "there");
        assert!(cache.get(&head(500, "a"), "/").is_none());
    }
}
