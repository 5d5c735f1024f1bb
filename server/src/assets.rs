//! Files inside the binary: the five plans, holidays, the stylesheet, and the browser's bundle.
//!
//! Debug builds read them from the folders, so that a change needs no compilation.

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../assets"]
#[include = "plans/*.plan.toml"]
#[include = "holidays/*.toml"]
#[include = "app.css"]
#[include = "icon.svg"]
#[include = "share.png"]
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
pub(crate) fn holidays() -> domain::calendar::Holidays {
    let mut holidays = domain::calendar::Holidays::default();
    for path in Assets::iter().filter(|path| path.starts_with("holidays/")) {
        if let Some(Err(problem)) = text(&path).map(|source| holidays.add(&source)) {
            tracing::error!(file = %path, problem = %problem.message, "holiday file ignored");
        }
    }
    holidays
}
