//! Files that somebody could send, changed at random, through every reader. A reader never falls over, gives a sentence
//! for each refusal, ends within its budget, and reads what was written of it as the same.
//!
//! What is changed stands in `tests/fuzz/corpus/NAME`: small real files, and every file that a reader once fell over.
//! The same seed makes the same files; `cargo xtask long fuzz` goes on with other seeds (`JIGAI_FUZZ_MINUTES`).

mod targets;

use std::io::{Cursor, Read, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use targets::{TARGETS, Target};

/// Changed files of each target in `cargo xtask test`.
const CASES: u32 = 96;
/// Longer than any reader may take, on a busy machine in a debug build.
const LONGEST: Duration = Duration::from_secs(20);

fn folder(name: &str) -> PathBuf {
    tests::root().join("tests/fuzz/corpus").join(name)
}

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder(name)).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// One change: where, of how many bytes, what to.
#[derive(Debug, Clone)]
enum Change {
    Remove(Index, usize),
    Repeat(Index, usize),
    Put(Index, Vec<u8>),
    Flip(Index, u8),
}

/// What readers stumble over.
const WORDS: [&str; 26] = [
    "\0",
    "\u{feff}",
    "\u{202e}",
    "\u{3000}",
    "\"",
    ",",
    "\t",
    "\n",
    "\r\n",
    "=",
    "-",
    "−",
    "%",
    "&",
    "[[",
    "]]",
    "0",
    "1e999",
    "99999999999999999999",
    "0.0000000000001",
    "亿元",
    "合计",
    "（",
    "年",
    "\u{1F600}",
    "\u{ffff}",
];

fn change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        (at(), 1..64_usize).prop_map(|(at, length)| Change::Remove(at, length)),
        (at(), 1..256_usize).prop_map(|(at, length)| Change::Repeat(at, length)),
        (at(), select(&WORDS[..])).prop_map(|(at, word)| Change::Put(at, word.as_bytes().to_vec())),
        (at(), vec(any::<u8>(), 1..8)).prop_map(|(at, bytes)| Change::Put(at, bytes)),
        (at(), 1..=255_u8).prop_map(|(at, bits)| Change::Flip(at, bits)),
    ]
}

fn changed(mut bytes: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for change in changes {
        let place = |at: &Index| at.index(bytes.len() + 1);
        match change {
            Change::Remove(at, length) => {
                let at = place(at);
                bytes.drain(at..(at + length).min(bytes.len()));
            }
            Change::Repeat(at, length) => {
                let at = place(at);
                let again = bytes[at..(at + length).min(bytes.len())].to_vec();
                bytes.splice(at..at, again);
            }
            Change::Put(at, word) => {
                let at = place(at);
                bytes.splice(at..at, word.iter().copied());
            }
            Change::Flip(at, bits) if !bytes.is_empty() => {
                let at = at.index(bytes.len());
                bytes[at] ^= bits;
            }
            Change::Flip(..) => {}
        }
    }
    bytes
}

/// A zip file with one of its parts changed: in its packed bytes a change only breaks its sums.
fn changed_inside(bytes: &[u8], part: Index, changes: &[Change]) -> Option<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let wanted = part.index(archive.len().max(1));
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut content = Vec::new();
        let mut entry = archive.by_index(index).ok()?;
        let name = entry.name().ok()?.into_owned();
        entry.read_to_end(&mut content).ok()?;
        let content = if index == wanted { changed(content, changes) } else { content };
        writer.start_file(name, SimpleFileOptions::default()).ok()?;
        writer.write_all(&content).ok()?;
    }
    Some(writer.finish().ok()?.into_inner())
}

/// Files made of those that are kept.
fn files(kept: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    (select(kept), any::<bool>(), any::<Index>(), vec(change(), 1..12)).prop_map(|(bytes, inside, part, changes)| {
        let unpacked = if inside { changed_inside(&bytes, part, &changes) } else { None };
        unpacked.unwrap_or_else(|| changed(bytes, &changes))
    })
}

fn timed(target: Target, bytes: &[u8]) {
    let start = Instant::now();
    target(bytes);
    assert!(start.elapsed() < LONGEST, "took {:?}", start.elapsed());
}

/// Runs a target on so many changed files of a seed; a file that it falls over is kept among the corpus.
fn run(name: &str, target: Target, seed: u8, cases: u32) {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 2_000, ..Config::default() };
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let outcome = TestRunner::new_with_rng(config, random).run(&files(corpus(name)), |bytes| {
        timed(target, &bytes);
        Ok(())
    });
    if let Err(TestError::Fail(reason, bytes)) = outcome {
        let file = folder(name).join(format!("found-{}", &domain::canonical::sha256(&bytes)[..12]));
        std::fs::write(&file, &bytes).unwrap();
        panic!("{name}: {reason}\nkept as {}", file.display());
    }
}

/// What is kept, as it is; then changed, for seconds or for as many minutes as are asked for.
fn fuzz(name: &str) {
    let (_, target) = TARGETS.into_iter().find(|(known, _)| *known == name).unwrap();
    corpus(name).iter().for_each(|bytes| timed(target, bytes));
    let minutes = std::env::var("JIGAI_FUZZ_MINUTES").ok().and_then(|minutes| minutes.parse::<u64>().ok());
    let Some(minutes) = minutes else { return run(name, target, 1, CASES) };
    let (start, mut files) = (Instant::now(), 0);
    for seed in (0..=255).cycle().skip(2) {
        if start.elapsed() >= Duration::from_secs(60 * minutes) / TARGETS.len() as u32 {
            break;
        }
        run(name, target, seed, CASES);
        files += CASES;
    }
    println!("{name}: {files} files");
}

macro_rules! each {
    ($($name:ident)+) => {
        $(#[test]
        fn $name() {
            fuzz(stringify!($name));
        })+

        #[test]
        fn every_target_is_run_and_has_a_corpus() {
            assert_eq!(TARGETS.map(|(name, _)| name), [$(stringify!($name)),+]);
            assert!(TARGETS.iter().all(|(name, _)| !corpus(name).is_empty()));
        }
    };
}

each! { plan csv xlsx xls block number date pack form attachment }
