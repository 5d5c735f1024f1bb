//! Watches the plan editor's form in the browser.

use std::cell::Cell;
use std::rc::Rc;

use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;
use web_sys::Element;

use super::dom::{add, after, by_id, document, fill, listen, property};
use crate::actions::check_plan;
use crate::wire::PlanFindings;

/// So long nothing is typed before the form goes to the server.
const PAUSE: i32 = 700;

pub(super) fn start(plan: String) {
    let Some(form) = by_id("plan-form") else { return };
    let turn = Rc::new(Cell::new(0_u32));
    let watch = move || {
        let mine = turn.get().wrapping_add(1);
        turn.set(mine);
        let (turn, plan) = (turn.clone(), plan.clone());
        after(PAUSE, move || {
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
                    fill("plan-findings", "");
                    show(&answer);
                }
            });
        });
    };
    // What was typed before this script had arrived is looked at too.
    if typed_already() {
        watch();
    }
    listen(&form, "input", move |_| watch());
}

/// What the form would come to, in the place of what was said last.
fn show(found: &PlanFindings) {
    let Some(place) = by_id("plan-live") else { return };
    place.set_text_content(None);
    let list = |class: &str, title: &str, sentences: &[String]| {
        let Some(notice) = add(&place, "div", class, "") else { return };
        add(&notice, "p", "", "").and_then(|line| add(&line, "b", "", title));
        if let Some(list) = add(&notice, "ul", "", "") {
            sentences.iter().for_each(|sentence| drop(add(&list, "li", "", sentence)));
        }
    };
    if !found.problems.is_empty() {
        list("notice act", &format!("要改的 {} 处：", found.problems.len()), &found.problems);
    }
    if !found.changes.is_empty() {
        list("notice", &format!("与现行一版相比改动 {} 处：", found.changes.len()), &found.changes);
    }
    if let Some((sum, projects)) = found.effects.split_first() {
        list("notice", &format!("{sum}："), projects);
    }
    if !found.findings.is_empty() {
        let title = format!("核对发现 {} 处（只提示，不改动任何数）：", found.findings.len());
        list("notice", &title, &found.findings);
    }
    if found.problems.is_empty() && found.findings.is_empty() {
        add(&place, "p", "notice", "核对完毕，没有发现问题。");
    }
}

fn elements() -> Vec<Element> {
    let Ok(list) = document().query_selector_all("#plan-form input, #plan-form select, #plan-form textarea") else {
        return Vec::new();
    };
    (0..list.length()).filter_map(|index| list.item(index)?.dyn_into::<Element>().ok()).collect()
}

fn text(element: &Element, key: &str) -> String {
    property(element, key).as_string().unwrap_or_default()
}

fn flag(element: &Element, key: &str) -> bool {
    property(element, key).as_bool().unwrap_or(false)
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
