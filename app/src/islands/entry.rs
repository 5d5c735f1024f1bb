//! The entry form's helper: keys, paste, drafts.

use leptos::prelude::*;

/// Works on the form beside it, which is complete without it.
#[island]
pub fn EntryHelper(plan: String, period: String, region: String) -> impl IntoView {
    let _ = (plan, period, region);
}
