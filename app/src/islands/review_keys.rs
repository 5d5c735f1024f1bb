//! Keys of the review's worksheet: J and K go from unit to unit, A picks one, O opens it.

use leptos::prelude::*;

/// Works on `.worksheet`, and shows `#keys-said`.
#[island]
pub fn ReviewKeys() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    super::review_watch::start();
}
