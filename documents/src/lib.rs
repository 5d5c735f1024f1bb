//! Files in and out: returns read from CSV, standings and bulletins written as JSON, CSV and text.
//!
//! Nothing here computes a figure: readers give rows with their problems, writers render what `domain` computed.

pub mod assessment_workbook;
pub mod attachment;
pub mod bulletin_workbook;
pub mod claim_ledger;
pub mod claims;
pub mod csv_text;
pub mod docx;
pub mod form_rows;
pub mod funds;
pub mod grid;
pub mod notice;
pub mod office_table;
pub mod overview;
pub mod pack;
pub mod paper;
pub mod people_blank;
pub mod policies;
pub mod policy_what_if;
pub mod project_table;
pub mod projects;
pub mod publication;
pub mod recognitions;
pub mod returns;
pub mod rosters;
pub mod selections;
mod sheet;
pub mod standings;
pub mod table_workbook;
pub mod template;
pub mod text;
pub mod workbook;
mod xls;
mod xlsx_looks;
