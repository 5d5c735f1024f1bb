//! 加分线测算: answers while the reader types. The same form works without it, by a plain GET.

use leptos::prelude::*;

/// Works on the box `#more` and on `#what-if-answer`.
#[island]
pub fn WhatIf(plan: String, region: String, period: String) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    super::what_if_watch::start(plan, region, period);
    #[cfg(not(feature = "hydrate"))]
    let _ = (plan, region, period);
}
