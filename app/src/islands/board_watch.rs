//! Works on the wall screen's plain radio buttons: the stylesheet shows the scene of the one that is chosen, or turns
//! through all of them.

use std::cell::Cell;
use std::rc::Rc;

use leptos::task::spawn_local;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::*;
use web_sys::KeyboardEvent;

use super::dom::{document, fill, input as radio, listen};
use crate::actions::board_edition;

const SCENES: usize = 3;
/// How often the server is asked, and after how many answers the page is loaded anew.
const MINUTE: i32 = 60_000;
const RELOAD_AFTER: u32 = 5;

pub(super) fn start(plan: Option<String>, shown: String) {
    // A scene that somebody chose outlives a reload.
    if let Some(scene) = hash().parse().ok().filter(|scene| (1..=SCENES).contains(scene)) {
        choose(Some(scene));
    }
    if let Some(root) = document().document_element() {
        listen(&root, "keydown", |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            // Alt and ← is the browser's own way back.
            if event.ctrl_key() || event.alt_key() || event.meta_key() {
                return;
            }
            let at = visible();
            match event.key().as_str() {
                " " if is_turning() => choose(Some(at)),
                " " => choose(None),
                "ArrowRight" | "ArrowDown" | "PageDown" => choose(Some(at % SCENES + 1)),
                "ArrowLeft" | "ArrowUp" | "PageUp" => choose(Some((at + SCENES - 2) % SCENES + 1)),
                "1" => choose(Some(1)),
                "2" => choose(Some(2)),
                "3" => choose(Some(3)),
                _ => return,
            }
            event.prevent_default();
        });
    }
    let answers = Cell::new(0);
    let waiting = Rc::new(Cell::new(false));
    let each_minute = Closure::<dyn Fn()>::new(move || {
        if waiting.get() {
            // A server that hangs is as far away as one that is gone.
            say(true);
            return;
        }
        answers.set(answers.get() + 1);
        let (plan, shown, due) = (plan.clone(), shown.clone(), answers.get() >= RELOAD_AFTER);
        waiting.set(true);
        let waiting = waiting.clone();
        spawn_local(async move {
            let newest = board_edition(plan).await;
            waiting.set(false);
            // Whoever is not let in any more shall not go on seeing the figures.
            let ended = newest.as_ref().is_err_and(|error| error.to_string().contains("login"));
            say(newest.is_err() && !ended);
            // Only what can be reached is loaded anew: without a network the last picture stays.
            if ended || newest.is_ok_and(|newest| due || newest != shown) {
                reload();
            }
        });
    });
    if let Some(window) = web_sys::window() {
        let _ =
            window.set_interval_with_callback_and_timeout_and_arguments_0(each_minute.as_ref().unchecked_ref(), MINUTE);
    }
    // The wall screen is asked as long as it is shown.
    each_minute.forget();
}

/// Whether the server is out of reach.
fn say(offline: bool) {
    fill("offline", if offline { "■ 离线：连不上服务器，画面停在最后收到的数据" } else { "" });
}

fn reload() {
    if let Some(window) = web_sys::window() {
        let _ = window.location().reload();
    }
}

fn hash() -> String {
    let hash = web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    hash.trim_start_matches('#').to_owned()
}

fn is_turning() -> bool {
    radio("scene-auto").is_some_and(|radio| radio.checked())
}

/// The scene that is seen, from one.
fn visible() -> usize {
    let shown = |scene: &usize| {
        let section = document().query_selector(&format!(".scene-{scene}")).ok().flatten();
        let style = section.and_then(|section| web_sys::window()?.get_computed_style(&section).ok().flatten());
        style.and_then(|style| style.get_property_value("visibility").ok()).as_deref() == Some("visible")
    };
    (1..=SCENES).find(shown).unwrap_or(1)
}

/// Shows one scene, or turns through all.
fn choose(scene: Option<usize>) {
    let id = scene.map_or("scene-auto".to_owned(), |scene| format!("scene-{scene}"));
    if let Some(radio) = radio(&id) {
        radio.set_checked(true);
        let _ = radio.focus();
    }
    if let Some(window) = web_sys::window() {
        // No step of the browser's history for each turn.
        let hash = scene.map_or("#".to_owned(), |scene| format!("#{scene}"));
        let _ = window.history().and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&hash)));
    }
}
