//! The only code that reaches the browser.

pub mod entry;
#[cfg(feature = "hydrate")]
mod entry_grid;
pub mod what_if;
