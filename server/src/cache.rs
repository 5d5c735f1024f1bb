//! Cache policies as named values, and the pages kept in memory.
//!
//! A kept page is only used while nothing that is in force or published has changed since (`Transaction::facts_state`):
//! another copy of the program that writes to the same database makes all kept pages stale at once.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, Weak};

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use store::Head;
use tokio::sync::Mutex as Turn;

/// Figures that are not published: nobody may keep them.
pub(crate) const NO_STORE: &str = "no-store";

/// Published pages and files of this program: keep, but ask each time; an unchanged one costs a 304.
pub(crate) const ASK_EACH_TIME: &str = "no-cache";

/// All bodies together, so that garbage addresses cannot fill the memory.
const ROOM: usize = 64 * 1024 * 1024;

/// Of so many addresses it is known what they answered.
const PAGES: usize = 4_000;

/// What is longer is kept packed alone: a bulletin of 3 000 units has 7 MB, packed 0.4.
const LONG: usize = 256 * 1024;

/// A rendered page.
pub(crate) struct KeptPage {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) etag: String,
    body: Kept,
}

enum Kept {
    /// Packed when somebody wants it so.
    Plain(Bytes, OnceLock<Bytes>),
    Packed(Bytes),
    /// There was no room for it: whoever has the page already is told that it is still the same.
    Dropped,
}

impl KeptPage {
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        let etag = format!("\"{}\"", &domain::canonical::sha256(&body)[..32]);
        Self { status, headers, etag, body: Kept::Plain(body, OnceLock::new()) }
    }

    fn with(&self, body: Kept) -> Self {
        Self { status: self.status, headers: self.headers.clone(), etag: self.etag.clone(), body }
    }

    pub(crate) fn is_long(&self) -> bool {
        matches!(&self.body, Kept::Plain(body, _) if body.len() > LONG)
    }

    /// Gzip, made once; `None` where the body was dropped.
    pub(crate) fn packed(&self) -> Option<Bytes> {
        match &self.body {
            Kept::Plain(body, packed) => Some(packed.get_or_init(|| gzip(body)).clone()),
            Kept::Packed(packed) => Some(packed.clone()),
            Kept::Dropped => None,
        }
    }

    /// For the few readers that cannot unpack.
    pub(crate) fn plain(&self) -> Option<Bytes> {
        match &self.body {
            Kept::Plain(body, _) => Some(body.clone()),
            Kept::Packed(packed) => Some(unpacked(packed)),
            Kept::Dropped => None,
        }
    }

    /// How much room it takes at most.
    fn weight(&self) -> usize {
        match &self.body {
            Kept::Plain(body, _) => 2 * body.len(),
            Kept::Packed(packed) => packed.len(),
            Kept::Dropped => 0,
        }
    }
}

pub(crate) fn gzip(body: &[u8]) -> Bytes {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    // Writing to memory cannot fail.
    let packed = encoder.write_all(body).and_then(|()| encoder.finish());
    Bytes::from(packed.unwrap_or_default())
}

/// Of what [`gzip`] made.
fn unpacked(packed: &[u8]) -> Bytes {
    let mut body = Vec::new();
    let read = flate2::read::GzDecoder::new(packed).read_to_end(&mut body);
    debug_assert!(read.is_ok());
    Bytes::from(body)
}

#[derive(Default)]
pub(crate) struct PageCache {
    pages: Mutex<Pages>,
    /// Of pages that are being rendered, by address.
    turns: Mutex<HashMap<String, Weak<Turn<()>>>>,
}

#[derive(Default)]
struct Pages {
    /// The audit row at which these pages were rendered, with its hash: after a failover another may have its number.
    head: Option<Head>,
    by_address: HashMap<String, Arc<KeptPage>>,
    weight: usize,
}

impl PageCache {
    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// The page as rendered while `head` was the last change of what is in force or published.
    pub(crate) fn get(&self, head: &Head, address: &str) -> Option<Arc<KeptPage>> {
        let pages = self.pages();
        (pages.head.as_ref() == Some(head)).then(|| pages.by_address.get(address).cloned()).flatten()
    }

    /// Drops all pages: what they rest on beside the facts (days off that were typed) has changed.
    pub(crate) fn forget(&self) {
        *self.pages() = Pages::default();
    }

    /// Keeps a page; where it finds no room, all other bodies are dropped.
    pub(crate) fn put(&self, head: Head, address: String, page: &KeptPage) {
        let body = match &page.body {
            Kept::Plain(body, _) if body.len() <= LONG => Kept::Plain(body.clone(), OnceLock::new()),
            _ => page.packed().map_or(Kept::Dropped, Kept::Packed),
        };
        let mut page = page.with(body);
        if page.weight() > ROOM / 4 {
            page.body = Kept::Dropped;
        }
        let mut pages = self.pages();
        if pages.head.as_ref() != Some(&head) || pages.by_address.len() >= PAGES {
            *pages = Pages { head: Some(head), ..Pages::default() };
        }
        if pages.weight + page.weight() > ROOM {
            pages.by_address.values_mut().for_each(|kept| *kept = Arc::new(kept.with(Kept::Dropped)));
            pages.weight = 0;
        }
        pages.weight += page.weight();
        let before = pages.by_address.insert(address, Arc::new(page));
        pages.weight -= before.map_or(0, |before| before.weight());
    }

    /// One request renders a page, the others that ask for it meanwhile wait for that one.
    pub(crate) fn turn(&self, address: &str) -> Arc<Turn<()>> {
        let mut turns = self.turns.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(turn) = turns.get(address).and_then(Weak::upgrade) {
            return turn;
        }
        turns.retain(|_, turn| turn.strong_count() > 0);
        let turn = Arc::new(Turn::default());
        turns.insert(address.to_owned(), Arc::downgrade(&turn));
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: impl Into<Bytes>) -> KeptPage {
        KeptPage::new(StatusCode::OK, HeaderMap::new(), body.into())
    }

    fn head(seq: i64, hash: &str) -> Head {
        Head { seq, hash: hash.to_owned() }
    }

    /// Fault F4: after a failover readers saw an edition that the database no longer has.
    #[test]
    fn a_page_of_another_database_is_not_shown() {
        let cache = PageCache::default();
        cache.put(head(500, "a"), "/".to_owned(), &page("lost"));
        assert!(cache.get(&head(500, "a"), "/").is_some());
        assert!(cache.get(&head(500, "b"), "/").is_none(), "the same number, another row");
        cache.put(head(500, "a"), "/".to_owned(), &page("of older days off"));
        cache.forget();
        assert!(cache.get(&head(500, "a"), "/").is_none());
        // The other database may be behind: its pages are kept, too.
        cache.put(head(480, "b"), "/".to_owned(), &page("there"));
        assert_eq!(cache.get(&head(480, "b"), "/").unwrap().plain().unwrap(), "there");
        assert!(cache.get(&head(500, "a"), "/").is_none());
    }

    /// A bulletin of 450 units had more than 1 MiB: it was rendered for each reader, for a 304 too.
    #[test]
    fn a_long_page_is_kept_packed() {
        let (cache, long) = (PageCache::default(), "鼓楼区 12.3 ".repeat(200_000));
        let rendered = page(long.clone());
        cache.put(head(1, "a"), "/".to_owned(), &rendered);
        let kept = cache.get(&head(1, "a"), "/").unwrap();
        assert!(matches!(&kept.body, Kept::Packed(packed) if packed.len() < long.len() / 10));
        assert_eq!((kept.plain().unwrap(), kept.packed()), (Bytes::from(long), rendered.packed()));
        assert_eq!(kept.etag, rendered.etag);
    }

    #[test]
    fn bodies_share_one_room_and_tags_outlive_them() {
        let cache = PageCache::default();
        let packed = || Kept::Packed(Bytes::from(vec![0; 10 * 1024 * 1024]));
        let pages: Vec<KeptPage> = (0..7).map(|number| page(number.to_string()).with(packed())).collect();
        for (number, page) in pages.iter().enumerate() {
            cache.put(head(1, "a"), number.to_string(), page);
            assert!(cache.pages().weight <= ROOM);
        }
        let kept: Vec<Arc<KeptPage>> = (0..7).map(|at| cache.get(&head(1, "a"), &at.to_string()).unwrap()).collect();
        assert_eq!(kept.iter().filter(|page| matches!(page.body, Kept::Dropped)).count(), 6);
        assert!(kept.iter().zip(&pages).all(|(kept, page)| kept.etag == page.etag));
        let weight = cache.pages().weight;
        cache.put(head(1, "a"), "6".to_owned(), &pages[6]);
        assert_eq!(cache.pages().weight, weight, "the same page again");
    }

    #[test]
    fn whoever_asks_for_a_page_meanwhile_waits() {
        let cache = PageCache::default();
        let first = cache.turn("/");
        let rendering = first.try_lock().unwrap();
        assert!(cache.turn("/").try_lock().is_err() && cache.turn("/rank").try_lock().is_ok());
        drop(rendering);
        assert!(cache.turn("/").try_lock().is_ok());
    }
}
