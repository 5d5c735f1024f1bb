//! Into the clipboard by the way that also works without an encrypted connection: select, then copy.

use wasm_bindgen::JsCast;
use web_sys::HtmlDocument;

use super::dom::{by_id, listen, show};

pub(super) fn start(of: String) {
    let Some(button) = by_id(&format!("copy-{of}")) else { return };
    show(&button, true);
    listen(&button.clone(), "click", move |_| {
        let said = if copy(&of) { "已复制" } else { "没有复制成，请选中后按 Ctrl+C" };
        button.set_text_content(Some(said));
    });
}

/// Copies the text of the element with this id, and leaves it selected; `false` where the browser does not let it.
fn copy(id: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    let Some(document) = window.document() else { return false };
    let (Some(element), Ok(Some(selection))) = (document.get_element_by_id(id), window.get_selection()) else {
        return false;
    };
    let selected = selection.select_all_children(&element).is_ok();
    let document: Option<HtmlDocument> = document.dyn_into().ok();
    selected && document.is_some_and(|document| document.exec_command("copy").unwrap_or(false))
}
