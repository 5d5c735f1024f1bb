//! 填报 → 县审 → 市审 → 发布: where a return, or a round of returns, stands. The same line on every page of theirs.

use domain::plan::{Plan, Round};
use domain::workflow::State;
use leptos::prelude::*;
use office::facts::UnitState;

/// The steps as the plan's region calls them.
fn names(plan: &Plan, round: &Round) -> [&'static str; 4] {
    let region = plan.region.name.as_str();
    let [unit, office] = match () {
        () if region.ends_with('省') || region.ends_with("自治区") => ["市审", "省审"],
        () if region.ends_with('市') && plan.region.id().ends_with("00") => ["县审", "市审"],
        () => ["单位审", "办公室审"],
    };
    ["填报", unit, office, if plan.publishes(round) { "发布" } else { "通过" }]
}

/// Which step has to be done next; 4 where nothing is left.
fn at(state: State, published: bool) -> usize {
    match state {
        State::Draft | State::SentBack => 0,
        State::Submitted => 1,
        State::Signed | State::CorrectionAsked => 2,
        State::Approved if published => 4,
        State::Approved => 3,
    }
}

/// Of one return.
pub(crate) fn of_return(plan: &Plan, round: &Round, state: State, published: bool) -> AnyView {
    let published = published || !plan.publishes(round);
    let now = at(state, published);
    let steps = names(plan, round)
        .into_iter()
        .enumerate()
        .map(|(index, name)| (name, String::new(), index < now, index == now));
    line(steps)
}

/// Of all returns of a round, with how many stand before each step.
pub(crate) fn of_round(plan: &Plan, round: &Round, units: &[UnitState], published: bool) -> AnyView {
    let published = published || !plan.publishes(round);
    let waiting = |step: usize| units.iter().filter(|unit| at(unit.state, published) == step).count();
    let steps = names(plan, round).into_iter().enumerate().map(move |(index, name)| {
        let here = waiting(index);
        let said = match (index, here) {
            (_, 0) if (0..=index).all(|before| waiting(before) == 0) => "完成".to_owned(),
            (_, 0) => String::new(),
            (3, here) if here == units.len() => "待发布".to_owned(),
            (3, here) => format!("已通过{here}"),
            (0, here) => format!("未报{here}"),
            (_, here) => format!("待审{here}"),
        };
        let done = said == "完成";
        (name, said, done, !done && here > 0)
    });
    line(steps)
}

fn line<'s>(steps: impl Iterator<Item = (&'static str, String, bool, bool)> + 's) -> AnyView {
    let steps = steps.map(|(name, said, done, here)| {
        let class = if done {
            "done"
        } else if here {
            "here"
        } else {
            ""
        };
        view! {
            <li class=class aria-current=here.then_some("step")>
                <b>{name}</b>
                {(!said.is_empty()).then(|| view! { " "<span>{said}</span> })}
                {done.then(|| view! { <span class="unseen">"（已完成）"</span> })}
            </li>
        }
    });
    let steps = steps.collect_view();
    view! {
        <ol class="stepper" aria-label="流程">
            {steps}
        </ol>
    }
    .into_any()
}
