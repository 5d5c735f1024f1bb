//! Pages, parts, islands and charts.
//!
//! The server renders everything here; only [`islands`] and the callers of [`actions`] reach the browser.

// Views are deeply nested types.
#![recursion_limit = "256"]

pub mod actions;
pub mod islands;
pub mod wire;

#[cfg(feature = "ssr")]
pub mod answers;
#[cfg(feature = "ssr")]
pub mod backend;
#[cfg(feature = "ssr")]
pub mod charts;
#[cfg(feature = "ssr")]
pub mod guide;
#[cfg(feature = "ssr")]
pub(crate) mod load;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod parts;
#[cfg(feature = "ssr")]
pub mod routes;

/// Trunk names the bundle after the package.
pub const OUTPUT_NAME: &str = env!("CARGO_PKG_NAME");
