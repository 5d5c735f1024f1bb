//! Everything the office does, a struct a command: the names of its form's fields, how it is read from what was sent,
//! whose right it is, its rules, and the rows it writes. A form, the browser's island and the command line run the same
//! one.

use async_trait::async_trait;

use crate::ports::Ledger;
use crate::refusal::Refusal;
use crate::who::Who;

pub mod approve;
pub mod ask_pack;
pub mod bureau;
pub mod choose_average;
pub mod choose_reading;
pub mod claim;
pub mod claim_notice;
pub mod closing;
pub mod correction;
pub mod evidence;
pub mod exception;
pub mod forget_objector;
pub mod fund;
pub mod holidays;
pub mod import_returns;
pub mod keep_plan;
pub mod letterhead;
pub mod message;
pub mod objection;
pub mod one_step;
pub mod project_course;
pub mod project_people;
pub mod projects;
pub mod publish;
pub mod publish_comparison;
pub mod receipt;
pub mod recognitions;
pub mod roster;
pub mod save_draft;
pub mod selection;
pub mod selection_import;
pub mod send_back;
pub mod sign_off;
pub mod sign_publication;
pub mod steps;
pub mod submit;
pub mod take_back;
pub mod task;
pub mod text;
pub mod watch;
pub mod withdraw;
pub mod year_end;

/// Something the office does: right, rules, rows and audit row, inside one transaction.
#[async_trait]
pub trait Command: Send + Sized + 'static {
    /// What it came to.
    type Done: Send + 'static;

    /// Carries it out in somebody's name, or changes nothing.
    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<Self::Done, Refusal>;
}
