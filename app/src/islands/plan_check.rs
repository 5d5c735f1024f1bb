//! The plan editor's findings while one types: the form's boxes go to the server, its sentences stand under the form.

use leptos::prelude::*;

use crate::wire::PlanFindings;

/// Works on the form `#plan-form`; `plan` is empty for a new one.
#[island]
pub fn PlanCheck(plan: String) -> impl IntoView {
    let found = RwSignal::new(None::<PlanFindings>);
    #[cfg(feature = "hydrate")]
    Effect::new({
        let plan = plan.clone();
        move |_| super::plan_watch::start(plan.clone(), found)
    });
    let _ = &plan;
    let list =
        |sentences: Vec<String>| sentences.into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect_view();
    view! {
        <div class="plan-live" aria-live="polite">
            {move || {
                found
                    .get()
                    .map(|found| {
                        let fine = found.problems.is_empty() && found.findings.is_empty();
                        let problems = (!found.problems.is_empty())
                            .then(|| {
                                view! {
                                    <div class="notice act">
                                        <p>
                                            <b>{format!("要改的 {} 处：", found.problems.len())}</b>
                                        </p>
                                        <ul>{list(found.problems.clone())}</ul>
                                    </div>
                                }
                            });
                        let findings = (!found.findings.is_empty())
                            .then(|| {
                                view! {
                                    <div class="notice">
                                        <p>
                                            <b>
                                                {format!(
                                                    "核对发现 {} 处（只提示，不改动任何数）：",
                                                    found.findings.len(),
                                                )}
                                            </b>
                                        </p>
                                        <ul>{list(found.findings.clone())}</ul>
                                    </div>
                                }
                            });
                        let changes = (!found.changes.is_empty())
                            .then(|| {
                                view! {
                                    <div class="notice">
                                        <p>
                                            <b>
                                                {format!("与现行一版相比改动 {} 处：", found.changes.len())}
                                            </b>
                                        </p>
                                        <ul>{list(found.changes.clone())}</ul>
                                    </div>
                                }
                            });
                        let effects = found
                            .effects
                            .split_first()
                            .map(|(sum, projects)| {
                                view! {
                                    <div class="notice">
                                        <p>
                                            <b>{format!("{sum}：")}</b>
                                        </p>
                                        <ul>{list(projects.to_vec())}</ul>
                                    </div>
                                }
                            });
                        view! {
                            {problems}
                            {changes}
                            {effects}
                            {findings}
                            {fine.then(|| view! { <p class="notice">"核对完毕，没有发现问题。"</p> })}
                        }
                    })
            }}
        </div>
    }
}
