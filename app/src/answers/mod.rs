//! The bodies of server functions: each loads what it is about and answers in texts as printed.

pub(crate) mod board;
pub mod entry;
pub(crate) mod plan_check;
pub(crate) mod what_if;
