//! One finding of a plan.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub code: String,
    pub message: String,
    /// The numbers of the sentence by name, as decimal strings.
    pub numbers: BTreeMap<String, String>,
}

pub(super) fn finding(code: &str, message: String, numbers: &[(&str, String)]) -> Finding {
    let numbers = numbers.iter().map(|(name, number)| ((*name).to_owned(), number.clone())).collect();
    Finding { code: code.to_owned(), message, numbers }
}
