//! `/plans/{plan}/changes`: every version of a plan, with what changed in targets.

use domain::calendar::{at_shanghai, chinese_date};
use domain::plan::Plan;
use leptos::prelude::*;

use super::param;
use super::plan::target_text;
use super::plan_edit::base_of_version;
use crate::backend::{PlanVersion, backend};
use crate::parts::{Menu, Page, PageError, page};

#[component]
pub(crate) fn PlanChanges() -> impl IntoView {
    let plan = param("plan");
    page(async move {
        let versions = backend().plan_versions(&plan).await?;
        let Some(newest) = versions.last() else { return Err(PageError::no_plan(&plan)) };
        let title = format!("{}：历次修订", newest.plan.title);
        let items = versions.iter().enumerate().rev().map(|(index, version)| {
            // The files' own words: the newest version stands elsewhere with its rules as the office reads them.
            let own = |version: &PlanVersion| base_of_version(version).map(|(plan, _)| plan);
            let before = index.checked_sub(1).and_then(|at| own(&versions[at]));
            let changes = before.as_ref().zip(own(version)).map(|(before, after)| changes(before, &after)).unwrap_or_default();
            let none = (before.is_some() && changes.is_empty()).then(|| view! { <p>"只改了文件的写法，内容没有改动。"</p> });
            let reason = version.reason.clone().unwrap_or_else(|| "首次导入".to_owned());
            let when = chinese_date(at_shanghai(version.recorded_at).date_naive());
            let changes = changes.into_iter().map(|change| view! { <li>{change}</li> }).collect_view();
            view! {
                <h2>{format!("第 {} 版", version.version)}</h2>
                <p>{format!("{when}，{}，{}；{reason}。", version.recorded_by, version.file_name)}</p>
                {none}
                <ul class="plain">{changes}</ul>
                <p class="subtitle">"SHA-256 "<code>{version.sha256.clone()}</code></p>
            }
        });
        let items = items.collect_view();
        let body = view! { <section class="text-page"><h1>{title.clone()}</h1>{items}<p><a href=format!("/plans/{plan}")>"回到计划"</a></p></section> };
        Ok(Page::new(title, Menu::Plans, body))
    })
}

/// What changed, as sentences: goals and splits by name, everything else as the file's lines.
pub(crate) fn changes(before: &Plan, after: &Plan) -> Vec<String> {
    let mut found = Vec::new();
    for goal in &after.goals {
        let Some(old) = before.goal(&goal.id) else {
            found.push(format!("增加目标“{}”：{}", goal.name, target_text(goal)));
            continue;
        };
        if target_text(old) != target_text(goal) {
            found.push(format!("{}：{} → {}", goal.name, target_text(old), target_text(goal)));
        }
        for split in &goal.splits {
            let said = |split: &domain::plan::Split| match split.target(after.years.0) {
                Some(target) => {
                    let value = target.value.map_or("—".to_owned(), |value| goal.measure.plain(value));
                    let growth = target.growth.map(|growth| format!("、增幅{}%", growth.percent_as_written())).unwrap_or_default();
                    format!("{value}{}{growth}", goal.measure.unit)
                }
                None => "/".to_owned(),
            };
            match old.split(&split.region) {
                None => found.push(format!("{}增加{}：{}", goal.name, split.name, said(split))),
                Some(was) if said(was) != said(split) => {
                    found.push(format!("{} {}：{} → {}", goal.name, split.name, said(was), said(split)))
                }
                Some(_) => {}
            }
        }
        for (split, was) in goal.splits.iter().filter_map(|split| Some((split, old.split(&split.region)?))) {
            if split.name != was.name {
                found.push(format!("{} {}改名为{}", goal.name, was.name, split.name));
            }
            let of = |goal: &domain::plan::Goal, within: &Option<String>| match within {
                Some(within) => format!("{}之内", goal.split(within).map_or(within.as_str(), |unit| &unit.name)),
                None => "单列".to_owned(),
            };
            if split.within != was.within {
                found.push(format!("{} {}：{} → {}", goal.name, split.name, of(old, &was.within), of(goal, &split.within)));
            }
            if (split.kind, split.ranked) != (was.kind, was.ranked) {
                found.push(format!("{} {}的类别或是否排位有改动", goal.name, split.name));
            }
        }
        for gone in old.splits.iter().filter(|split| goal.split(&split.region).is_none()) {
            found.push(format!("{}去掉{}", goal.name, gone.name));
        }
    }
    for gone in before.goals.iter().filter(|goal| after.goal(&goal.id).is_none()) {
        found.push(format!("去掉目标“{}”", gone.name));
    }
    found.extend(lines(before, after));
    found
}

/// The lines of the two files outside goals' targets and splits: document, calendar, rules.
fn lines(before: &Plan, after: &Plan) -> Vec<String> {
    let bare = |plan: &Plan| -> Vec<String> {
        let mut plan = plan.clone();
        for goal in &mut plan.goals {
            goal.splits.clear();
            goal.targets.clear();
        }
        let text = domain::plan::writer::write(&plan);
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    let (was, now) = (bare(before), bare(after));
    let only = |these: &[String], others: &[String]| these.iter().filter(|line| !others.contains(line)).cloned().collect::<Vec<_>>();
    let gone = only(&was, &now).into_iter().map(|line| format!("去掉：{line}"));
    let new = only(&now, &was).into_iter().map(|line| format!("写入：{line}"));
    gone.chain(new).collect()
}
