//! The plan editor's findings while one types: the form's boxes go to the server, its sentences stand under the form.

use leptos::prelude::*;

/// Works on the form `#plan-form` and on `#plan-live`; `plan` is empty for a new one.
#[island]
pub fn PlanCheck(plan: String) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    super::plan_watch::start(plan);
    #[cfg(not(feature = "hydrate"))]
    let _ = plan;
}
