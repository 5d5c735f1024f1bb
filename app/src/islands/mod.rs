//! The only code that reaches the browser.

pub mod what_if;
