//! The form of a return: to type into for who may, as handed in for who may read.

use domain::rights::Role;
use leptos::prelude::*;
use office::entry_form::{Form, cell_name, field_name};
use office::facts::Report;
use office::posted::Posted;

use super::fields::editable;
use super::head::{beside, heading, may_type, moved, sent_back, status, true_ups};
use super::read::read_only;
use crate::backend::backend;
use crate::pages::evidence::of_report;
use crate::pages::messages;
use crate::parts::{Menu, Page, PageError, links};

pub(super) async fn form_page(report: Report) -> Result<Page, PageError> {
    let evidence = of_report(&report).await?;
    let typing = may_type(&report);
    let posted = use_context::<Posted>();
    let form = if typing { Form::new(&report, posted.as_ref()) } else { form_of_reader(&report) };
    let body = view! {
        <section class="text-page wide report">
            <h1>{heading(&report)}</h1>
            {beside(
                &report.version.plan,
                &report.key.round,
                Some(&report.key.unit),
                |other| { links::report(&report.key.plan, other, &report.key.unit) },
            )}
            {status(&report).await?}
            {sent_back(&report)}
            {true_ups(&report)}
            {handovers(&report)}
            {moved()}
            {(!typing).then(|| unsaved(&report, posted.as_ref()))}
            {if typing {
                editable(&report, &form, posted.as_ref(), evidence)
            } else {
                read_only(&report, &form, evidence)
            }}
            {messages::of_report(&report).await?}
        </section>
    };
    Ok(Page::new(heading(&report), Menu::Todo, body))
}

/// Who reports a 其中 row from now on.
fn handovers(report: &Report) -> AnyView {
    let told = report.version.plan.handovers(&report.key.unit).into_iter();
    let told = told.filter(|(since, _)| *since <= report.key.period());
    told.map(|(_, sentence)| view! { <p class="subtitle">{format!("{sentence}。")}</p> }).collect_view().into_any()
}

/// What was typed into a form that can no longer be changed: it is shown, so that it can be copied.
fn unsaved(report: &Report, posted: Option<&Posted>) -> Option<AnyView> {
    let form = Form::new(report, None);
    let differs = |cell: &String| {
        let typed = posted?.get(&field_name(cell))?.trim();
        let saved = report.draft(cell).map_or("", |draft| draft.text.as_str());
        (typed != saved.trim() && !typed.is_empty()).then(|| (cell_name(&form, cell), typed.to_owned()))
    };
    let lost: Vec<(String, String)> = form.cells().iter().filter_map(differs).collect();
    if lost.is_empty() {
        return None;
    }
    let items = lost
        .into_iter()
        .map(|(name, text)| {
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd class="free">{text}</dd>
                </div>
            }
        })
        .collect_view();
    Some(
        view! {
            <p>"您刚才填的、没有保存的内容："</p>
            <dl class="trace facts">{items}</dl>
        }
        .into_any(),
    )
}

/// The county sees its own boxes while they may change; otherwise, and to everybody else, what was handed in counts.
fn form_of_reader(report: &Report) -> Form {
    let own = backend().viewer().and_then(|viewer| viewer.role()).is_some_and(Role::is_county);
    if own && report.state().is_editable() { Form::new(report, None) } else { Form::handed_in(report) }
}
