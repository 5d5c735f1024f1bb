//! Keys on the review's worksheet in the browser.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::dom::{by_id, document, listen, show};

const HERE: &str = "here";

pub(super) fn start() {
    by_id("keys-said").inspect(|said| show(said, true));
    let Some(root) = document().document_element() else { return };
    listen(&root, "keydown", |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        let held = event.ctrl_key() || event.alt_key() || event.meta_key();
        if held || is_typing(event.target().and_then(|target| target.dyn_into().ok())) {
            return;
        }
        match event.key().as_str() {
            "j" | "J" => go(1),
            "k" | "K" => go(-1),
            "a" | "A" => press("input[type=checkbox]"),
            "o" | "O" => press("th a"),
            _ => return,
        }
        event.prevent_default();
    });
}

fn is_typing(target: Option<Element>) -> bool {
    let Some(target) = target else { return false };
    let is_box = target.get_attribute("type").is_some_and(|kind| kind == "checkbox" || kind == "radio");
    matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT") && !is_box
}

fn bodies() -> Vec<Element> {
    let Ok(found) = document().query_selector_all(".worksheet tbody") else { return Vec::new() };
    (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok()).collect()
}

fn here() -> Option<Element> {
    document().query_selector(&format!(".worksheet tbody.{HERE}")).ok().flatten()
}

/// To the next unit or the one before; the first key stands on the first.
fn go(by: i32) {
    let bodies = bodies();
    let at = here().and_then(|here| bodies.iter().position(|body| *body == here));
    let next = at.map_or(0, |at| at as i32 + by).clamp(0, (bodies.len() as i32 - 1).max(0));
    let Some(body) = bodies.get(next as usize) else { return };
    if let Some(before) = at.and_then(|at| bodies.get(at)) {
        let _ = before.class_list().remove_1(HERE);
    }
    let _ = body.class_list().add_1(HERE);
    // Its box, or its link, has the focus too: a reader of the screen follows.
    let focused = body.query_selector("input[type=checkbox], th a").ok().flatten();
    if let Some(focused) = focused.and_then(|focused| focused.dyn_into::<HtmlElement>().ok()) {
        let _ = focused.focus();
    }
}

fn press(of: &str) {
    let found = here().and_then(|here| here.query_selector(of).ok().flatten());
    if let Some(found) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        found.click();
    }
}
