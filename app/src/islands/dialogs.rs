//! What the entry form's helper shows over the form, and what its buttons ask for.

use leptos::prelude::*;

use crate::wire::{Conflict, Paste};

/// What the dialogs show.
#[derive(Clone, Copy)]
pub(crate) struct Dialogs {
    pub(crate) paste: RwSignal<Option<Paste>>,
    /// Numbers of the block get this behind them: nothing, 万 or 亿.
    pub(crate) unit: RwSignal<String>,
    pub(crate) undo: RwSignal<Option<Vec<(String, String)>>>,
    pub(crate) conflicts: RwSignal<Vec<Conflict>>,
    pub(crate) log_in: RwSignal<bool>,
    pub(crate) log_in_error: RwSignal<String>,
}

impl Dialogs {
    pub(super) fn new() -> Self {
        Self {
            paste: RwSignal::new(None),
            unit: RwSignal::new(String::new()),
            undo: RwSignal::new(None),
            conflicts: RwSignal::new(Vec::new()),
            log_in: RwSignal::new(false),
            log_in_error: RwSignal::new(String::new()),
        }
    }
}

/// What a button of a dialog asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    ApplyPaste,
    DropPaste,
    UndoPaste,
    TakeMine,
    TakeTheirs,
    LogIn,
}
