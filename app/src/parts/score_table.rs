//! What each unit's score is the sum of.

use domain::bulletin::tables::{score_note, scores};
use domain::standing::Standings;
use leptos::prelude::*;

/// The table with its head and note; nothing where places follow no score.
pub(crate) fn score_table(standings: &Standings) -> Option<AnyView> {
    let table = scores(standings)?;
    let heads = table.header.into_iter().enumerate().map(|(column, head)| {
        view! {
            <th scope="col" class=if column == 1 { "" } else { "r" }>
                {head}
            </th>
        }
    });
    let heads = heads.collect_view();
    let rows = table.rows.into_iter().map(|cells| {
        let cells = cells.into_iter().enumerate().map(|(column, cell)| match column {
            1 => view! { <th scope="row">{cell}</th> }.into_any(),
            _ => view! { <td class="r">{cell}</td> }.into_any(),
        });
        view! { <tr>{cells.collect_view()}</tr> }
    });
    let rows = rows.collect_view();
    Some(
        view! {
            <section class="scores" id="scores">
                <h2>"得分的组成"</h2>
                <div class="scroll" tabindex="0" role="group" aria-label="表格">
                    <table class="data">
                        <thead>
                            <tr>{heads}</tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                <p class="notes">{score_note(standings)}</p>
            </section>
        }
        .into_any(),
    )
}
