//! The only code that reaches the browser. Each island works on what its page holds already, and has no picture of its
//! own: the words and forms stand in the page, where they are complete without it.

pub mod board;
#[cfg(feature = "hydrate")]
mod board_watch;
pub mod copy;
#[cfg(feature = "hydrate")]
mod copying;
#[cfg(feature = "hydrate")]
mod dialogs;
#[cfg(feature = "hydrate")]
mod dom;
pub mod entry;
#[cfg(feature = "hydrate")]
mod entry_watch;
pub mod plan_check;
#[cfg(feature = "hydrate")]
mod plan_watch;
pub mod review_keys;
#[cfg(feature = "hydrate")]
mod review_watch;
pub mod what_if;
#[cfg(feature = "hydrate")]
mod what_if_watch;

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
