//! The browser's bundle: pages import its script and call `hydrate`.

// Islands register themselves; naming the crate links them.
use app as _;

#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    app::islands::at_its_base();
    leptos::mount::hydrate_islands();
}

fn main() {}
