//! Into the clipboard by the way that also works without an encrypted connection: select, then copy.

use wasm_bindgen::JsCast;
use web_sys::HtmlDocument;

/// Copies the text of the element with this id, and leaves it selected; `false` where the browser does not let it.
pub(super) fn copy(id: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    let Some(document) = window.document() else { return false };
    let (Some(element), Ok(Some(selection))) = (document.get_element_by_id(id), window.get_selection()) else {
        return false;
    };
    let selected = selection.select_all_children(&element).is_ok();
    let document: Option<HtmlDocument> = document.dyn_into().ok();
    selected && document.is_some_and(|document| document.exec_command("copy").unwrap_or(false))
}
