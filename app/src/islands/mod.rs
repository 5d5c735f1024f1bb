//! The only code that reaches the browser.

pub mod board;
#[cfg(feature = "hydrate")]
mod board_watch;
mod dialogs;
pub mod entry;
#[cfg(feature = "hydrate")]
mod entry_grid;
pub mod plan_check;
#[cfg(feature = "hydrate")]
mod plan_watch;
pub mod what_if;
