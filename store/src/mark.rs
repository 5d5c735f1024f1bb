//! Whether anything was written since, without asking the database: SQLite's own mark of its newest commit.
//!
//! In front of `jigai.db-shm`, the index of the log, stands a header in two copies of 48 bytes. Whoever commits, in
//! this process or another, changes it before his commit returns, and every reader of SQLite compares it to learn
//! whether his pages still hold (<https://sqlite.org/walformat.html>, 2.1 and 2.4). It is read as a file: one call, no
//! lock.

use std::fs::File;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Of one header, in bytes.
const HEADER: usize = 48;

pub(super) type Mark = [u8; HEADER];

/// The index of one database's log.
pub(super) struct Marks {
    path: PathBuf,
    opened: Mutex<Option<&'static File>>,
}

impl Marks {
    pub(super) fn of(database: &Path) -> Self {
        let mut path = database.as_os_str().to_owned();
        path.push("-shm");
        Self { path: path.into(), opened: Mutex::default() }
    }

    /// The mark of the newest commit; `None` while somebody is committing, or where there is no such index.
    pub(super) fn newest(&self) -> Option<Mark> {
        let mut both = [0; 2 * HEADER];
        self.index()?.read_exact_at(&mut both, 0).ok()?;
        let (first, second) = both.split_at(HEADER);
        // Nothing was written into it yet, or only half.
        if first != second || first.iter().all(|byte| *byte == 0) {
            return None;
        }
        first.try_into().ok()
    }

    /// It is never closed: whoever closes a file gives up all locks of his process on it, SQLite's too
    /// (<https://sqlite.org/howtocorrupt.html>, 2.2). When the last connection ends SQLite removes it, and the next one
    /// makes another.
    fn index(&self) -> Option<&'static File> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let there = |file: &&File| file.metadata().is_ok_and(|metadata| metadata.nlink() > 0);
        if opened.as_ref().is_none_or(|file| !there(file)) {
            *opened = File::open(&self.path).ok().map(|file| &*Box::leak(Box::new(file)));
        }
        *opened
    }
}

#[cfg(test)]
mod tests {
    use super::super::bench::Bench;
    use super::super::{Store, Writer};

    fn write(bench: &Bench, store: &Store, value: &str) {
        let writer = Writer { actor: "测试".to_owned(), at: 0, session: None };
        bench.runtime.block_on(store.set_setting("office", value, writer)).unwrap();
    }

    #[test]
    fn every_commit_moves_the_mark_and_nothing_else_does() {
        let bench = Bench::sqlite();
        let (marks, other) = (bench.store.visitors.marks.as_ref().unwrap(), bench.another());
        let mut seen = vec![marks.newest().unwrap()];
        for number in 0..40 {
            write(&bench, if number % 2 == 0 { &bench.store } else { &other }, &number.to_string());
            let mark = marks.newest().unwrap();
            assert!(!seen.contains(&mark), "commit {number}");
            seen.push(mark);
            bench.runtime.block_on(other.shown()).unwrap();
            assert_eq!((marks.newest(), other.visitors.marks.as_ref().unwrap().newest()), (Some(mark), Some(mark)));
        }
        // The log begins anew.
        let checkpoint = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&bench.store.write);
        bench.runtime.block_on(checkpoint).unwrap();
        write(&bench, &other, "after a checkpoint");
        assert!(!seen.contains(&marks.newest().unwrap()));
    }

    #[test]
    fn an_index_made_anew_is_found() {
        let bench = Bench::sqlite();
        let marks = bench.store.visitors.marks.as_ref().unwrap();
        assert!(marks.newest().is_some());
        bench.runtime.block_on(bench.store.close());
        assert_eq!(marks.newest(), None, "the last connection took it away");
        let other = bench.another();
        assert!(marks.newest().is_some());
        write(&bench, &other, "x");
        assert_eq!(marks.newest(), other.visitors.marks.as_ref().unwrap().newest());
    }

    #[test]
    fn a_database_without_an_index_has_no_mark() {
        assert_eq!(super::Marks::of(std::path::Path::new("/nowhere/jigai.db")).newest(), None);
    }
}
