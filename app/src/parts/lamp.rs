//! 灯号: shape, word and colour; never colour alone.

use domain::standing::Lamp;
use leptos::prelude::*;

pub(crate) fn class(lamp: Lamp) -> &'static str {
    match lamp {
        Lamp::OnPace => "lamp on-pace",
        Lamp::Near => "lamp near",
        Lamp::Behind => "lamp behind",
        Lamp::Missing => "lamp missing",
        Lamp::NotAssessed => "lamp not-assessed",
    }
}

/// `word` is what the standings say of the unit (`Standings::lamp_word`).
#[component]
pub(crate) fn LampMark(lamp: Lamp, word: &'static str) -> impl IntoView {
    // A mark that is its own word stands once.
    let shape = (word != lamp.mark()).then(|| {
        view! {
            <span class="shape" aria-hidden="true">
                {lamp.mark()}
            </span>
            " "
        }
    });
    view! { <span class=class(lamp)>{shape} {word}</span> }
}
