//! A button that copies what stands beside it: without script there is none, and the text can be selected as ever.

use leptos::prelude::*;

/// Works on the hidden button `copy-ID`, which copies the text of the element with this id.
#[island]
pub fn Copy(of: String) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    super::copying::start(of);
    #[cfg(not(feature = "hydrate"))]
    let _ = of;
}
