//! Cache policies as named values, and the pages kept in memory.
//!
//! A kept page is only used while nothing that is in force or published has changed since (`Store::facts_head`):
//! another copy of the program that writes to the same database makes all kept pages stale at once.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};

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
    /// The audit row at which these pages were rendered.
    seq: i64,
    pages: HashMap<String, Arc<KeptPage>>,
}

impl PageCache {
    /// The page as rendered while the chain ended at `seq`.
    pub(crate) fn get(&self, seq: i64, address: &str) -> Option<Arc<KeptPage>> {
        let kept = self.kept.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        (kept.seq == seq).then(|| kept.pages.get(address).cloned()).flatten()
    }

    pub(crate) fn put(&self, seq: i64, address: String, page: Arc<KeptPage>) {
        if page.body.len() > PAGE_SIZE {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        // A page rendered before the newest change must not displace those rendered after it.
        if seq < kept.seq {
            return;
        }
        if kept.seq != seq || kept.pages.len() >= PAGES {
            kept.pages.clear();
            kept.seq = seq;
        }
        kept.pages.insert(address, page);
    }
}
