//! Pages, parts, islands and charts.
//!
//! The server renders everything here; only [`islands`] and the callers of [`actions`] reach the browser.

// Views are deeply nested types.
#![recursion_limit = "256"]

pub mod actions;
pub mod islands;

#[cfg(feature = "ssr")]
pub mod backend;
#[cfg(feature = "ssr")]
pub mod charts;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod parts;
#[cfg(feature = "ssr")]
pub mod plan_form;
#[cfg(feature = "ssr")]
pub mod posted;
#[cfg(feature = "ssr")]
pub mod report;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
pub mod viewer;

/// Trunk names the bundle after the package.
pub const OUTPUT_NAME: &str = env!("CARGO_PKG_NAME");

#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
