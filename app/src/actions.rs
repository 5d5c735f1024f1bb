//! Server functions. Each is a public POST endpoint with a fixed address.
//!
//! This one only reads: the what-if island asks it while the reader types.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Where a unit would stand with some more investment, as printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhatIfAnswer {
    /// Sentences; the first is the finding.
    pub lines: Vec<String>,
    /// The text could not be understood; `lines` says what to write.
    pub is_error: bool,
}

/// Recomputes the ranking with `more` (in the goal's unit) added to one unit's cumulative value.
#[server(endpoint = "what-if")]
pub async fn what_if_with(plan: String, region: String, period: String, more: String) -> Result<WhatIfAnswer, ServerFnError> {
    let answer = crate::pages::assess_unit::answer(&crate::backend::backend(), &plan, &region, &period, &more).await;
    Ok(answer.unwrap_or_else(|error| WhatIfAnswer { lines: vec![error.sentence()], is_error: true }))
}
