//! Files inside the binary: the five plans, holidays, the stylesheet, and the browser's bundle.
//!
//! Debug builds read them from the folders, so that a change needs no compilation.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../assets"]
#[include = "plans/*.plan.toml"]
#[include = "demo/*.plan.toml"]
#[include = "demo/*.projects.csv"]
#[include = "holidays/*.toml"]
#[include = "app.css"]
#[include = "icon.svg"]
#[include = "share.png"]
#[include = "help-*.png"]
pub(crate) struct Assets;

/// Trunk's output; empty until the bundle is built, and every page is complete without it.
#[derive(RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
#[include = "pkg/*"]
pub(crate) struct Bundle;

pub(crate) fn text(path: &str) -> Option<String> {
    Assets::get(path).and_then(|file| String::from_utf8(file.data.into_owned()).ok())
}

/// The plans that ship with jigai, as (file name, source), in the order of their years.
pub(crate) fn plans() -> Vec<(String, String)> {
    let mut plans: Vec<(String, String)> = Assets::iter()
        .filter(|path| path.ends_with(".plan.toml"))
        .filter_map(|path| Some((path.strip_prefix("plans/")?.to_owned(), text(&path)?)))
        .collect();
    plans.sort();
    plans
}

/// The holidays of every year that ships.
pub(crate) fn holidays() -> domain::holidays::Holidays {
    let mut holidays = domain::holidays::Holidays::default();
    for path in Assets::iter().filter(|path| path.starts_with("holidays/")) {
        if let Some(Err(problem)) = text(&path).map(|source| holidays.add_file(&source)) {
            tracing::error!(file = %path, problem, "holiday file ignored");
        }
    }
    holidays
}

/// A file packed, once for all readers; `etag` names its content.
pub(crate) fn packed(etag: &str, content: &[u8]) -> axum::body::Bytes {
    static PACKED: LazyLock<Mutex<HashMap<String, axum::body::Bytes>>> = LazyLock::new(Mutex::default);
    // More than one content of a file is only there while a debug build's files are being edited.
    const KEPT: usize = 64;
    let mut kept = PACKED.lock().expect("nobody panics with it");
    if let Some(known) = kept.get(etag) {
        return known.clone();
    }
    if kept.len() >= KEPT {
        kept.clear();
    }
    let packed = crate::cache::gzip(content);
    kept.insert(etag.to_owned(), packed.clone());
    packed
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_picture_of_the_help_is_there() {
        for role in domain::rights::Role::ALL {
            let Some(picture) = app::guide::picture(role) else { continue };
            let found = super::Assets::get(picture.file).unwrap_or_else(|| panic!("{} is missing", picture.file));
            // The width and height of a PNG stand behind its name and the head's.
            let side = |at: usize| u32::from_be_bytes(found.data[at..at + 4].try_into().unwrap());
            assert_eq!((side(16), side(20)), (picture.width, picture.height), "{}", picture.file);
            assert!(found.data.len() < 150_000, "{}: {} bytes", picture.file, found.data.len());
        }
    }

    #[test]
    fn every_year_that_ships_is_read() {
        let years: Vec<i32> = super::holidays().years().map(|(year, _)| year).collect();
        assert_eq!(years, [2021, 2022, 2023, 2024, 2025, 2026]);
    }
}
