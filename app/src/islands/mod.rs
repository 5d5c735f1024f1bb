//! The only code that reaches the browser.

pub mod board;
#[cfg(feature = "hydrate")]
mod board_watch;
pub mod copy;
#[cfg(feature = "hydrate")]
mod copying;
mod dialogs;
pub mod entry;
#[cfg(feature = "hydrate")]
mod entry_grid;
pub mod plan_check;
#[cfg(feature = "hydrate")]
mod plan_watch;
pub mod review_keys;
pub mod what_if;

/// Sends what islands ask for to the path under which the site stands; called once, before any island starts.
#[cfg(feature = "hydrate")]
pub fn at_its_base() {
    let document = web_sys::window().and_then(|window| window.document());
    let selector = format!("meta[name={}]", crate::wire::BASE);
    let said = document.and_then(|document| document.query_selector(&selector).ok().flatten());
    if let Some(base) = said.and_then(|said| said.get_attribute("content")).filter(|base| !base.is_empty()) {
        // For as long as the page lives; a second call changes nothing.
        let _ = server_fn::client::try_set_server_url(Box::leak(base.into_boxed_str()));
    }
}
