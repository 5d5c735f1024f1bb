//! The entry form's helper: keys, paste with preview and undo, drafts box by box.
//!
//! The form is plain HTML in the page and complete without it. The helper reads what stands in the boxes when it
//! starts, so that nothing typed before is lost, and saves a box when it is left and a second after the last key.

use leptos::prelude::*;

/// Works on the form `#entry` and the dialogs beside it.
#[island]
pub fn EntryHelper(plan: String, period: String, region: String) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    super::entry_watch::start(plan, period, region);
    #[cfg(not(feature = "hydrate"))]
    let _ = (plan, period, region);
}
