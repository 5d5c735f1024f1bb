//! 加分线测算: answers while the reader types. The same form works without it, by a plain GET.

use leptos::prelude::*;

use crate::actions::what_if_with;
use crate::wire::WhatIfAnswer;

/// `unit` is printed behind the box; `initial` is the answer the server already computed for `more`.
#[island]
pub fn WhatIf(
    plan: String,
    region: String,
    period: String,
    unit: String,
    more: String,
    initial: Option<WhatIfAnswer>,
) -> impl IntoView {
    // Answers can overtake each other: only that to the last question is shown.
    let asked = StoredValue::new(0_u32);
    let answered = RwSignal::new(None);
    let ask = Callback::new({
        let (plan, region, period) = (plan.clone(), region.clone(), period.clone());
        move |text: String| {
            let turn = asked.get_value() + 1;
            asked.set_value(turn);
            let question = what_if_with(plan.clone(), region.clone(), period.clone(), text);
            leptos::task::spawn_local(async move {
                let answer = question.await;
                if asked.try_get_value() == Some(turn) {
                    answered.set(Some(answer));
                }
            });
        }
    });
    let on_input = move |event| {
        let text = event_target_value(&event);
        if !text.trim().is_empty() {
            ask.run(text);
        }
    };
    // What was typed before this script had arrived is answered too.
    let input = NodeRef::<leptos::html::Input>::new();
    let known = more.clone();
    Effect::new(move |_| {
        let typed = input.get().map(|input| input.value()).filter(|typed| *typed != known && !typed.trim().is_empty());
        if let Some(typed) = typed {
            ask.run(typed);
        }
    });
    let answer = move || match answered.get() {
        None => initial.clone(),
        Some(Ok(answer)) => Some(answer),
        Some(Err(_)) => Some(WhatIfAnswer {
            lines: vec!["没有连上服务器，刚才的测算没有完成；请稍后再试，或按“测算”按钮。".to_owned()],
            is_error: true,
        }),
    };
    let action = format!("/assess/{plan}/{region}");
    view! {
        <form class="what-if" method="get" action=action>
            <input type="hidden" name="period" value=period />
            <label for="more">"假设累计再增加"</label>
            <input
                id="more"
                name="more"
                type="text"
                inputmode="decimal"
                autocomplete="off"
                value=more
                node_ref=input
                on:input=on_input
            />
            <span class="unit">{unit}</span>
            <button type="submit">"测算"</button>
        </form>
        <div class="what-if-answer" aria-live="polite">
            {move || {
                answer()
                    .map(|answer| {
                        view! {
                            <div class:error=answer
                                .is_error>
                                {answer.lines.into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}
                            </div>
                        }
                    })
            }}
        </div>
    }
}
