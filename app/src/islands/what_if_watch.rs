//! Asks the server what the reader types would come to.

use std::cell::Cell;
use std::rc::Rc;

use leptos::task::spawn_local;

use super::dom::{add, by_id, input, listen};
use crate::actions::what_if_with;
use crate::wire::WhatIfAnswer;

pub(super) fn start(plan: String, region: String, period: String) {
    let Some(more) = input("more") else { return };
    // Answers can overtake each other: only that to the last question is shown.
    let asked = Rc::new(Cell::new(0_u32));
    let ask = {
        let more = more.clone();
        move || {
            let text = more.value();
            if text.trim().is_empty() {
                return;
            }
            let turn = asked.get().wrapping_add(1);
            asked.set(turn);
            let (asked, question) = (asked.clone(), what_if_with(plan.clone(), region.clone(), period.clone(), text));
            spawn_local(async move {
                let answer = question.await;
                if asked.get() == turn {
                    show(answer.unwrap_or_else(|_| WhatIfAnswer {
                        lines: vec!["没有连上服务器，刚才的测算没有完成；请稍后再试，或按“测算”按钮。".to_owned()],
                        is_error: true,
                    }));
                }
            });
        }
    };
    // What was typed before this script had arrived is answered too.
    if more.value() != more.default_value() {
        ask();
    }
    listen(&more, "input", move |_| ask());
}

fn show(answer: WhatIfAnswer) {
    let Some(place) = by_id("what-if-answer") else { return };
    place.set_text_content(None);
    if let Some(said) = add(&place, "div", if answer.is_error { "error" } else { "" }, "") {
        answer.lines.iter().for_each(|line| drop(add(&said, "p", "", line)));
    }
}
