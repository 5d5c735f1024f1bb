//! What stands in the page, and of the entry form its boxes, their versions, and what is said beside them.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, Event, HtmlElement, HtmlInputElement, HtmlTextAreaElement};

use crate::wire::RowView;

pub(super) fn document() -> Document {
    leptos::prelude::document()
}

pub(super) fn by_id(id: &str) -> Option<Element> {
    document().get_element_by_id(id)
}

pub(super) fn fill(id: &str, text: &str) {
    by_id(id).inspect(|element| element.set_text_content(Some(text)));
}

pub(super) fn show(element: &Element, shown: bool) {
    let _ = element.toggle_attribute_with_force("hidden", !shown);
}

/// Opens or closes a dialog.
pub(super) fn open(id: &str, shown: bool) {
    by_id(id).inspect(|dialog| drop(dialog.toggle_attribute_with_force("open", shown)));
}

/// A new element at the end of another one.
pub(super) fn add(parent: &Element, tag: &str, class: &str, text: &str) -> Option<Element> {
    let made = document().create_element(tag).ok()?;
    if !class.is_empty() {
        made.set_class_name(class);
    }
    made.set_text_content(Some(text));
    parent.append_child(&made).ok()?;
    Some(made)
}

pub(super) fn input(id: &str) -> Option<HtmlInputElement> {
    by_id(id)?.dyn_into().ok()
}

/// A property of an element that every kind of box has.
pub(super) fn property(element: &Element, name: &str) -> JsValue {
    js_sys::Reflect::get(element, &name.into()).unwrap_or_default()
}

/// What is chosen in a list.
pub(super) fn chosen(id: &str) -> String {
    by_id(id).and_then(|list| property(&list, "value").as_string()).unwrap_or_default()
}

pub(super) fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// After so many milliseconds; the number stops it.
pub(super) fn after(milliseconds: i32, work: impl FnOnce() + 'static) -> Option<i32> {
    let closure = Closure::once_into_js(work);
    let window = web_sys::window()?;
    window.set_timeout_with_callback_and_timeout_and_arguments_0(closure.unchecked_ref(), milliseconds).ok()
}

pub(super) fn boxes() -> Vec<Element> {
    let found = document().query_selector_all("#entry [data-cell]").ok();
    let list = found
        .map(|list| (0..list.length()).filter_map(|index| list.item(index)).collect::<Vec<_>>())
        .unwrap_or_default();
    list.into_iter().filter_map(|node| node.dyn_into::<Element>().ok()).collect()
}

pub(super) fn id_of(element: &Element) -> Option<String> {
    element.get_attribute("data-cell")
}

pub(super) fn text(element: &Element) -> String {
    match element.dyn_ref::<HtmlInputElement>() {
        Some(input) => input.value(),
        None => element.dyn_ref::<HtmlTextAreaElement>().map(HtmlTextAreaElement::value).unwrap_or_default(),
    }
}

pub(super) fn set_text(element: &Element, value: &str) {
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        input.set_value(value);
    } else if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>() {
        area.set_value(value);
    }
}

pub(super) fn find(cell: &str) -> Option<Element> {
    boxes().into_iter().find(|element| id_of(element).as_deref() == Some(cell))
}

pub(super) fn text_in(cell: &str) -> String {
    find(cell).as_ref().map(text).unwrap_or_default()
}

pub(super) fn version_box(cell: &str) -> Option<HtmlInputElement> {
    let name = format!("v.{cell}");
    let found = document().query_selector_all("#entry input[type=hidden]").ok()?;
    let inputs = (0..found.length()).filter_map(|index| found.item(index)?.dyn_into::<HtmlInputElement>().ok());
    inputs.into_iter().find(|input| input.name() == name)
}

pub(super) fn version(cell: &str) -> i64 {
    version_box(cell).and_then(|input| input.value().parse().ok()).unwrap_or(0)
}

pub(super) fn set_version(cell: &str, version: i64) {
    if let Some(input) = version_box(cell) {
        input.set_value(&version.to_string());
    }
}

/// The one line of state at the bottom, announced politely.
pub(super) fn say(sentence: &str, alarm: bool) {
    if let Some(bar) = document().get_element_by_id("save-state") {
        if bar.text_content().as_deref() != Some(sentence) {
            bar.set_text_content(Some(sentence));
        }
        bar.set_class_name(if alarm { "save-state alarm" } else { "save-state" });
    }
}

/// The small state below a box.
pub(super) fn mark(cell: &str, sentence: &str, alarm: bool) {
    let Some(parent) = find(cell).and_then(|element| element.parent_element()) else { return };
    let state = match parent.query_selector(".cell-state").ok().flatten() {
        Some(state) => state,
        None => match add(&parent, "span", "", "") {
            Some(made) => made,
            None => return,
        },
    };
    state.set_class_name(if alarm { "cell-state alarm" } else { "cell-state" });
    state.set_text_content(Some(sentence));
}

/// The check page names a box in the address.
pub(super) fn focus_named() {
    let hash = web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    let name = js_sys::decode_uri_component(hash.trim_start_matches('#'))
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default();
    by_id(&name).inspect(focus);
}

pub(super) fn listen(target: &web_sys::EventTarget, name: &str, work: impl Fn(Event) + 'static) {
    let closure = Closure::<dyn Fn(Event)>::new(work);
    let _ = target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    closure.forget();
}

pub(super) fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok().filter(|element| element.has_attribute("data-cell"))
}

/// Once the dialog is drawn.
pub(super) fn focus_soon(id: &'static str) {
    after(50, move || {
        by_id(id).inspect(focus);
    });
}

/// What the server computed: it is what counts.
pub(super) fn show_rows(rows: &[RowView]) {
    for row in rows {
        let Ok(Some(line)) = document().query_selector(&format!("[data-line=\"{}\"]", row.row)) else { continue };
        for (name, text) in [("month", &row.month), ("growth", &row.growth), ("completion", &row.completion)] {
            if let Ok(Some(cell)) = line.query_selector(&format!("[data-derived={name}]")) {
                cell.set_text_content(Some(text));
            }
        }
        show_messages(row);
    }
}

pub(super) fn show_messages(row: &RowView) {
    let Ok(Some(place)) = document().query_selector(&format!("[data-messages=\"{}\"] td", row.row)) else { return };
    place.set_text_content(None);
    for message in &row.messages {
        add(&place, "p", &format!("message {}", message.kind), &message.text);
    }
    let wrong = |cell: &str| row.messages.iter().any(|message| message.kind == "wrong" && message.cell == cell);
    for element in boxes() {
        let Some(cell) = id_of(&element).filter(|cell| cell.starts_with(&format!("{}/", row.row))) else { continue };
        let _ = if wrong(&cell) {
            element.set_attribute("aria-invalid", "true")
        } else {
            element.remove_attribute("aria-invalid")
        };
    }
}
