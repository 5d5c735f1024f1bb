//! A table of words and figures that scrolls within its frame where a screen is too narrow for it.

use leptos::prelude::*;

/// Its heads in order, `true` where a column's figures stand at the right; `label` names the frame for who cannot see it.
pub(crate) fn data_table(
    label: &'static str,
    class: &'static str,
    heads: &[(&str, bool)],
    rows: impl IntoView + 'static,
) -> AnyView {
    let heads = heads.iter().map(|(text, right)| {
        view! {
            <th scope="col" class=right.then_some("r")>
                {(*text).to_owned()}
            </th>
        }
    });
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label=label>
            <table class=class>
                <thead>
                    <tr>{heads.collect_view()}</tr>
                </thead>
                <tbody>{rows.into_any()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
