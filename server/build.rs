//! Rebuilds the binary when a file inside it changes. Debug builds read assets and bundle from their folders: a fresh
//! bundle must not cost the next `cargo xtask run` a compilation.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// What decides how a pack is computed, worded and laid out.
const SOURCES: [&str; 12] = [
    "../Cargo.lock",
    "../app/src",
    "../assets/app.css",
    "../documents/src",
    "../domain/src",
    "../migrations",
    "../office/src",
    "../store/src",
    "../typeset/build.rs",
    "../typeset/han.txt",
    "../typeset/src",
    "src",
];

fn main() {
    // Debug builds look for the bundle where this folder was while they were compiled: it has to be there before the
    // bundle is.
    fs::create_dir_all("../dist").expect("the folder of the browser's bundle can be made");
    println!("cargo::rerun-if-changed=build.rs");
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
    }
    println!("cargo::rustc-env=JIGAI_SOURCES={}", digest());
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed=../assets");
        println!("cargo::rerun-if-changed=../dist");
    }
}

/// The first 12 digits of one SHA-256 over the names and contents of all sources: the same tree, the same program.
fn digest() -> String {
    let mut paths = Vec::new();
    SOURCES.iter().for_each(|source| files(Path::new(source), &mut paths));
    paths.sort();
    let mut sum = Sha256::new();
    for path in paths {
        let content = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        sum.update(format!("{} {}\n", path.display(), content.len()));
        sum.update(content);
    }
    hex::encode(sum.finalize())[..12].to_owned()
}

fn files(path: &Path, into: &mut Vec<PathBuf>) {
    match fs::read_dir(path) {
        Ok(entries) => entries.for_each(|entry| files(&entry.expect("a folder can be read").path(), into)),
        Err(_) => into.push(path.to_owned()),
    }
}
