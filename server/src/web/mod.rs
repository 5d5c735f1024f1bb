//! What stands between a request and the office: the table of sites, the gate, sessions, bodies, pages.

pub(crate) mod asking;
pub(crate) mod base;
pub(crate) mod bodies;
pub(crate) mod door;
pub(crate) mod fields;
pub(crate) mod front;
pub(crate) mod gate;
pub(crate) mod keep;
pub(crate) mod render;
pub(crate) mod sentence;
pub(crate) mod session;
pub(crate) mod sites;
pub(crate) mod turns;
