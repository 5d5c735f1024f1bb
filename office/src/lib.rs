//! What the office does: its records, its forms as data, the rules of every command.
//!
//! No page, no SQL, no HTTP: `app` renders what stands here, `store` keeps it, `server` lets people in.

pub mod access;
mod box_reader;
pub mod boxes;
pub mod commands;
pub mod dates;
pub mod entry_form;
pub mod evidence;
pub mod facts;
pub mod incoming;
pub mod matters_table;
pub mod objections;
pub mod outbox;
pub mod people;
pub mod plan_changes;
pub mod plan_form;
pub mod portfolio;
pub mod ports;
pub mod posted;
pub mod project_ledger;
pub mod projects;
pub mod publications;
pub mod publishing;
pub mod ranking;
pub mod readings;
pub mod refusal;
pub mod reports;
pub mod rows;
pub mod rules_form;
pub mod texts;
pub mod upload;
pub mod viewer;
pub mod who;
pub mod worksheet;
pub mod year_end;
