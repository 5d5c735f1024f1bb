//! What a plan's policies come to: [`settle`] takes claims as they are stated and gives each its sum, exact, with the
//! sentences that lead there from clause and input. [`Claim`] is a claim as data, [`asked()`] what a policy has to be
//! told.
//!
//! Every sum is whole 元: what a share leaves below one 元 is dropped once, where the sum is formed, so that no later
//! step can pass a cap.

mod answer;
mod asked;
mod borne;
mod claim;
mod combine;
mod eligible;
mod listed;
pub mod notice;
pub mod record;
mod settle;
mod share_out;
mod sum;
mod top_up;
pub mod what_if;
mod words;
mod work;

pub use answer::{Answer, BudgetUse, Settled, Settlement};
pub use asked::{Asked, Entry, asked};
pub use borne::{Borne, borne};
pub use claim::{Claim, Fact, Given, Had, Recipients, disagreements, recipients};
pub use eligible::{outside, strange_level};
pub use listed::listed;
pub use settle::settle;
pub use words::{alike, conditions_in_words, in_words, payers_in_words, yuan};
