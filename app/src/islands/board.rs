//! The wall screen in the browser: keys turn the scenes, a lost connection is marked, a newer edition is fetched.

use leptos::prelude::*;

/// Works on the scenes' radio buttons and on `#offline`; `shown` names the edition on the screen.
#[island]
pub fn BoardKeys(plan: Option<String>, shown: String) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    super::board_watch::start(plan, shown);
    #[cfg(not(feature = "hydrate"))]
    let _ = (plan, shown);
}
