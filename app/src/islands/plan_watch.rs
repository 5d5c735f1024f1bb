//! Watches the plan editor's form in the browser.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::Reflect;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;
use web_sys::Element;

use super::entry_grid::dom::listen;
use crate::actions::check_plan;
use crate::wire::PlanFindings;

/// So long nothing is typed before the form goes to the server.
const PAUSE: i32 = 700;

pub(super) fn start(plan: String, found: RwSignal<Option<PlanFindings>>) {
    let Some(form) = document().get_element_by_id("plan-form") else { return };
    let turn = Rc::new(Cell::new(0_u32));
    let watch = move || {
        let mine = turn.get().wrapping_add(1);
        turn.set(mine);
        let (turn, plan) = (turn.clone(), plan.clone());
        let later = Closure::once_into_js(move || {
            // Something was typed meanwhile: that keystroke has its own turn.
            if turn.get() != mine {
                return;
            }
            spawn_local(async move {
                let answer = check_plan(plan, boxes()).await;
                if turn.get() == mine
                    && let Ok(answer) = answer
                {
                    // What the server had rendered is old now.
                    if let Some(old) = document().get_element_by_id("plan-findings") {
                        old.set_text_content(None);
                    }
                    found.set(Some(answer));
                }
            });
        });
        if let Some(window) = web_sys::window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(later.unchecked_ref(), PAUSE);
        }
    };
    // What was typed before this script had arrived is looked at too.
    if typed_already() {
        watch();
    }
    listen(&form, "input", move |_| watch());
}

fn elements() -> Vec<Element> {
    let Ok(list) = document().query_selector_all("#plan-form input, #plan-form select, #plan-form textarea") else {
        return Vec::new();
    };
    (0..list.length()).filter_map(|index| list.item(index)?.dyn_into::<Element>().ok()).collect()
}

fn text(element: &Element, key: &str) -> String {
    Reflect::get(element, &key.into()).ok().and_then(|value| value.as_string()).unwrap_or_default()
}

fn flag(element: &Element, key: &str) -> bool {
    Reflect::get(element, &key.into()).ok().and_then(|value| value.as_bool()).unwrap_or(false)
}

fn is_ticked_or_not(element: &Element) -> bool {
    matches!(text(element, "type").as_str(), "checkbox" | "radio")
}

/// Whether any box holds something else than the page was sent with.
fn typed_already() -> bool {
    elements().iter().any(|element| match element.tag_name().as_str() {
        "SELECT" => element
            .query_selector("option:checked")
            .ok()
            .flatten()
            .is_some_and(|option| !option.has_attribute("selected")),
        _ if is_ticked_or_not(element) => flag(element, "checked") != flag(element, "defaultChecked"),
        _ => text(element, "value") != text(element, "defaultValue"),
    })
}

/// Every box as the form would send it.
fn boxes() -> Vec<(String, String)> {
    let sent = elements().into_iter().filter(|element| !is_ticked_or_not(element) || flag(element, "checked"));
    sent.map(|element| (text(&element, "name"), text(&element, "value"))).filter(|(name, _)| !name.is_empty()).collect()
}
