//! The boxes of a page of the plan editor: as they were sent, else as the working copy has them, each with what is
//! wrong with it.

use std::collections::HashMap;

use leptos::prelude::*;
use office::plan_form::{Fault, Turn};

use crate::parts::area;

/// Empty rows at the end of a list, for more.
pub(super) const SPARE: usize = 3;

/// A choice by its word and what it is called.
pub(super) type Choices<'c> = &'c [(&'c str, &'c str)];

pub(super) struct Sheet<'t> {
    pub(super) turn: &'t Turn,
    wrong: HashMap<&'t str, Vec<&'t str>>,
}

impl<'t> Sheet<'t> {
    pub(super) fn of(turn: &'t Turn) -> Self {
        let mut wrong: HashMap<&str, Vec<&str>> = HashMap::new();
        for fault in turn.edited.iter().flat_map(|edited| &edited.faults) {
            if is_here(turn, fault) {
                wrong.entry(fault.field.as_str()).or_default().push(fault.sentence.as_str());
            }
        }
        Self { turn, wrong }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.turn.posted.get(name).or_else(|| self.turn.known.get(name)).is_some()
    }

    pub(super) fn text(&self, name: &str) -> String {
        self.turn.posted.get(name).unwrap_or_else(|| self.turn.known.text(name)).to_owned()
    }

    pub(super) fn is_wrong(&self, name: &str) -> bool {
        self.wrong.contains_key(name)
    }

    pub(super) fn said(&self, name: &str) -> Option<AnyView> {
        let said = self.wrong.get(name)?.join("");
        Some(
            view! {
                <span class="wrong" id=format!("wrong-{name}")>
                    {said}
                </span>
            }
            .into_any(),
        )
    }

    fn described(&self, name: &str) -> Option<String> {
        self.is_wrong(name).then(|| format!("wrong-{name}"))
    }

    /// One box with its label; `hint` says what belongs into it.
    pub(super) fn input(&self, name: &str, label: &str, example: &str, hint: &str) -> AnyView {
        let hint = (!hint.is_empty()).then(|| view! { <small>{hint.to_owned()}</small> });
        view! {
            <label>
                <span>{label.to_owned()}{hint}</span>
                <input
                    type="text"
                    id=name.to_owned()
                    name=name.to_owned()
                    value=self.text(name)
                    placeholder=example.to_owned()
                    aria-invalid=self.is_wrong(name).then_some("true")
                    aria-describedby=self.described(name)
                />
                {self.said(name)}
            </label>
        }
        .into_any()
    }

    /// The same with proposals: what other goals have there.
    pub(super) fn proposed(&self, name: &str, label: &str, hint: &str, proposals: Vec<String>) -> AnyView {
        let list = format!("list-{name}");
        let options = proposals.into_iter().map(|text| view! { <option value=text /> }).collect_view();
        view! {
            <label>
                <span>{label.to_owned()}<small>{hint.to_owned()}</small></span>
                <input type="text" id=name.to_owned() name=name.to_owned() value=self.text(name) list=list.clone() />
                <datalist id=list>{options}</datalist>
                {self.said(name)}
            </label>
        }
        .into_any()
    }

    /// A text of several lines.
    pub(super) fn long(&self, name: &str, label: &str, hint: &str) -> AnyView {
        let text = self.text(name);
        let rows = text.lines().count().clamp(2, 8).to_string();
        let hint = (!hint.is_empty()).then(|| view! { <small>{hint.to_owned()}</small> });
        view! {
            <label class="across">
                <span>{label.to_owned()}{hint}</span>
                <textarea id=name.to_owned() name=name.to_owned() rows=rows inner_html=area(&text) />
                {self.said(name)}
            </label>
        }
        .into_any()
    }

    pub(super) fn choice(&self, name: &str, label: &str, choices: Choices<'_>, hint: &str) -> AnyView {
        let now = self.text(name);
        let hint = (!hint.is_empty()).then(|| view! { <small>{hint.to_owned()}</small> });
        view! {
            <label>
                <span>{label.to_owned()}{hint}</span>
                <select id=name.to_owned() name=name.to_owned() aria-describedby=self.described(name)>
                    {options(choices, &now)}
                </select>
                {self.said(name)}
            </label>
        }
        .into_any()
    }

    /// The same for choices that the plan has itself.
    pub(super) fn choice_of(&self, name: &str, label: &str, choices: &[(String, String)], hint: &str) -> AnyView {
        self.choice(name, label, &borrowed(choices), hint)
    }

    pub(super) fn tick(&self, name: &str, value: &'static str, label: &str) -> AnyView {
        // A box that is not ticked is not sent.
        let from = if self.turn.posted.get("by").is_some() { &self.turn.posted } else { &self.turn.known };
        view! {
            <label class="pick">
                <input type="checkbox" name=name.to_owned() value=value checked=from.text(name) == value />
                {label.to_owned()}
            </label>
        }
        .into_any()
    }

    /// A box of a table's row.
    pub(super) fn cell(&self, name: String, label: &str, row: usize, class: &'static str) -> AnyView {
        view! {
            <td data-name=label.to_owned()>
                <input
                    type="text"
                    value=self.text(&name)
                    class=class
                    aria-label=format!("第{}行 {label}", row + 1)
                    aria-invalid=self.is_wrong(&name).then_some("true")
                    aria-describedby=self.described(&name)
                    name=name.clone()
                />
                {self.said(&name)}
            </td>
        }
        .into_any()
    }

    pub(super) fn pick(&self, name: String, label: &str, row: usize, choices: Choices<'_>) -> AnyView {
        let now = self.text(&name);
        view! {
            <td data-name=label.to_owned()>
                <select name=name.clone() aria-label=format!("第{}行 {label}", row + 1)>
                    {options(choices, &now)}
                </select>
                {self.said(&name)}
            </td>
        }
        .into_any()
    }

    /// A box that nobody sees.
    pub(super) fn hidden(&self, name: &str) -> AnyView {
        view! { <input type="hidden" name=name.to_owned() value=self.text(name) /> }.into_any()
    }

    /// How many rows: those that were sent, else those that are known and some more.
    pub(super) fn rows(&self, name: impl Fn(usize) -> String, most: usize, spare: usize) -> usize {
        let sent = (0..most).take_while(|row| self.turn.posted.get(&name(*row)).is_some()).count();
        let known = (0..most).take_while(|row| self.turn.known.get(&name(*row)).is_some()).count();
        if sent > 0 { sent } else { (known + spare).min(most) }
    }
}

/// Whether a problem stands on the page that is shown.
pub(super) fn is_here(turn: &Turn, fault: &Fault) -> bool {
    turn.part.shows(&fault.part, &turn.plan, &turn.goal)
}

pub(super) fn borrowed(choices: &[(String, String)]) -> Vec<(&str, &str)> {
    choices.iter().map(|(word, name)| (word.as_str(), name.as_str())).collect()
}

/// The options of a select; a word that is none of them stays as it is.
fn options(choices: Choices<'_>, now: &str) -> AnyView {
    let unknown = !now.is_empty() && !choices.iter().any(|(word, _)| *word == now);
    let unknown = unknown.then(|| {
        view! {
            <option value=now.to_owned() selected=true>
                {now.to_owned()}
            </option>
        }
    });
    let options = choices.iter().map(|(word, name)| {
        view! {
            <option value=(*word).to_owned() selected=*word == now>
                {(*name).to_owned()}
            </option>
        }
    });
    view! {
        {unknown}
        {options.collect_view()}
    }
    .into_any()
}

/// A table of rows of boxes.
pub(super) fn table(heads: &[&'static str], rows: Vec<AnyView>) -> AnyView {
    let heads = heads.iter().map(|head| view! { <th scope="col">{*head}</th> }).collect_view();
    view! {
        <div class="scroll">
            <table class="data entry-table">
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A button that leads to another page of the editor and takes along what this one says.
pub(super) fn go(code: &str, text: String, class: &'static str) -> AnyView {
    view! {
        <button type="submit" name="then" value=format!("go:{code}") class=class>
            {text}
        </button>
    }
    .into_any()
}
