//! The only code that reaches the browser.

pub mod entry;
pub mod what_if;
