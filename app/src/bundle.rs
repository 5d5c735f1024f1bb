//! The browser's bundle: pages import its script and call `hydrate`.

// Islands register themselves; naming the crate links them.
use app as _;

#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}

fn main() {}
