//! What is doubtful about a sheet, where, and what settles it.

use std::collections::BTreeSet;

use super::{Mapping, Use};

/// Something to look at before it is confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Doubt {
    /// `B5`, or empty for the sheet as a whole.
    pub address: String,
    pub message: String,
    /// Nothing is written while it stands.
    pub stops: bool,
    /// What somebody accepts it by who finds it right as it is; empty where only the sheet or its mapping can be
    /// mended.
    pub key: String,
    /// What happens instead where its key is accepted: it is a choice, and stops nothing.
    pub choice: Option<&'static str>,
    /// It stands as long as these columns are used so.
    about: Vec<(String, Use)>,
}

impl Doubt {
    pub fn new(address: impl Into<String>, message: impl Into<String>, stops: bool) -> Self {
        Self { address: address.into(), message: message.into(), stops, ..Self::default() }
    }

    /// It can be accepted as it is.
    pub fn or_accept(self, key: impl Into<String>) -> Self {
        Self { key: key.into(), ..self }
    }

    /// It can be had otherwise.
    pub fn or_choose(self, key: impl Into<String>, choice: &'static str) -> Self {
        Self { key: key.into(), choice: Some(choice), ..self }
    }

    pub(super) fn about(self, columns: Vec<(String, Use)>) -> Self {
        Self { about: columns, ..self }
    }

    /// Whether the mapping still uses the columns so.
    pub(super) fn stands(&self, mapping: &Mapping) -> bool {
        self.about.iter().all(|(letters, of)| mapping.columns.get(letters).is_some_and(|column| column.of == *of))
    }
}

/// Those that somebody has accepted stop nothing any more; they are still told.
pub fn accept(doubts: &mut [Doubt], accepted: &BTreeSet<String>) {
    for doubt in doubts.iter_mut().filter(|doubt| doubt.stops && accepted.contains(&doubt.key)) {
        doubt.stops = false;
        doubt.message.push_str("（已确认）");
    }
}
