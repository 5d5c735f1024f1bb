//! What pages are made of.

pub(crate) mod chart_frame;
mod copy_button;
mod data_table;
mod downloads;
pub(crate) mod error;
pub(crate) mod frame;
pub(crate) mod goals_table;
pub(crate) mod lamp;
pub mod links;
mod portfolio;
mod score_table;
pub mod sheet;
pub(crate) mod standings_table;
pub(crate) mod stepper;

pub(crate) use copy_button::copy_button;
pub(crate) use data_table::data_table;
pub(crate) use downloads::{day_chooser, downloads};
pub(crate) use error::PageError;
pub(crate) use frame::{Menu, Page, alert, area, page};
pub(crate) use portfolio::portfolio_table;
pub(crate) use score_table::score_table;
