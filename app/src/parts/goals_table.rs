//! All goals of a plan in the document's order, under its headings; on a phone, one card per goal.

use domain::bulletin::whole_plan::{COLUMNS, cells};
use domain::overview::{GoalRow, Overview};
use domain::rate::Rate;
use leptos::prelude::*;

use super::lamp;

/// `link` is where a goal's name leads; lagging goals stand first where `lagging` asks for it.
pub(crate) fn goals_table(
    overview: &Overview,
    near: Rate,
    lagging: bool,
    link: impl Fn(&GoalRow) -> Option<String>,
) -> AnyView {
    let heads = COLUMNS.iter().map(|(head, number)| {
        view! {
            <th scope="col" class=if *number { "r" } else { "" }>
                {*head}
            </th>
        }
    });
    let heads = heads.collect_view();
    let sections = match lagging {
        true => {
            let (behind, others): (Vec<_>, Vec<_>) = overview.goals.iter().partition(|row| row.verdict.lags());
            vec![(Some("滞后"), behind), (Some("其他"), others)]
        }
        false => overview.sections(),
    };
    let several = sections.len() > 1 || sections.iter().any(|(heading, _)| heading.is_some());
    let bodies = sections.into_iter().filter(|(_, rows)| !rows.is_empty()).map(|(heading, rows)| {
        let heading = several.then(|| {
            view! {
                <tr class="group">
                    <th scope="rowgroup" colspan=COLUMNS.len()>
                        {heading.unwrap_or("其他").to_owned()}
                    </th>
                </tr>
            }
        });
        let rows = rows.into_iter().map(|row| line(row, near, link(row))).collect_view();
        view! {
            <tbody>
                {heading}
                {rows}
            </tbody>
        }
    });
    let bodies = bodies.collect_view();
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label="各项目标">
            <table class="data all-goals">
                <thead>
                    <tr>{heads}</tr>
                </thead>
                {bodies}
            </table>
        </div>
    }
    .into_any()
}

fn line(row: &GoalRow, near: Rate, link: Option<String>) -> AnyView {
    let cells = cells(row, near);
    let last = cells.len() - 1;
    let figures = cells.iter().enumerate().take(last).skip(1).map(|(at, text)| {
        let (head, number) = COLUMNS[at];
        // A card on a phone leaves out what there is nothing of.
        let class = match (number, text == domain::shown::DASH) {
            (true, true) => "r empty",
            (true, false) => "r",
            (false, _) => "",
        };
        view! {
            <td class=class data-name=head>
                {text.clone()}
            </td>
        }
    });
    let figures = figures.collect_view();
    let name = match link {
        Some(link) => view! { <a href=link>{row.name.clone()}</a> }.into_any(),
        None => row.name.clone().into_any(),
    };
    let why = row.source.as_ref().map(|source| source.describe());
    view! {
        <tr id=format!("goal-{}", row.goal)>
            <th scope="row" title=why>
                {name}
            </th>
            {figures}
            <td data-name="结论">
                <span class=lamp::class(row.lamp())>
                    <span class="shape" aria-hidden="true">
                        {row.lamp().mark()}
                    </span>
                    " "
                    {cells[last].clone()}
                </span>
            </td>
        </tr>
    }
    .into_any()
}

/// What the table cannot say: years that are missing, what is above a range, amounts that say otherwise.
pub(crate) fn goals_notes(overview: &Overview) -> Option<AnyView> {
    let notes =
        overview.goals.iter().flat_map(|row| &row.findings).map(|found| view! { <li>{found.message.clone()}</li> });
    let notes: Vec<_> = notes.collect();
    (!notes.is_empty()).then(|| view! { <ul class="notes plain">{notes}</ul> }.into_any())
}
