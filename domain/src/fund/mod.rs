//! Ledgers of funds, guarantees and appropriations: what was committed, paid and paid back, and what that comes to on
//! any day. Movements are facts; balances, interest, what is overdue and what is left of a quota are computed.
//!
//! Money is whole 元, interest an exact fraction of one; it is rounded to 分, half up, only where it is printed.

pub mod interest;
mod ledger;
pub mod record;

pub use interest::{LoanRate, fen};
pub use ledger::{Contract, Movement, Standing, Stated, Sums, Terms, fault, standing};
