//! `/search?q=`: one search over plans, goals, units, editions, publications, dated tasks, projects, firms,
//! people, posts and the trail, as far as whoever asks may see them.

use std::sync::Arc;

use domain::money::fold;
use domain::plan::Plan;
use domain::rights::Role;
use leptos::prelude::*;
use office::facts::EditionSummary;

use super::query;
use crate::backend::backend;
use crate::parts::{Menu, Page, PageError, links, page};

/// So many are listed of each kind.
const LISTED: usize = 20;

#[component]
pub(crate) fn Search() -> impl IntoView {
    let asked = query("q").unwrap_or_default();
    page(async move { load(&asked).await })
}

/// The form, also on other pages.
pub(crate) fn form(asked: &str) -> AnyView {
    view! {
        <form method="get" action="/search" class="chooser" role="search">
            <label>
                "搜索 "
                <input
                    type="search"
                    name="q"
                    value=asked.to_owned()
                    placeholder="单位、指标、项目、任务、通报、人员"
                    size="24"
                />
            </label>
            <button type="submit" class="second">
                "查找"
            </button>
        </form>
    }
    .into_any()
}

/// Something that was found: what it says, and its address.
type Hit = (String, String);

/// What is looked for: every word of it has to stand in what is found.
struct Words(Vec<String>);

impl Words {
    fn of(asked: &str) -> Self {
        Self(fold(asked).to_lowercase().split_whitespace().map(str::to_owned).collect())
    }

    fn fit(&self, texts: &[&str]) -> bool {
        let text = fold(&texts.join(" ")).to_lowercase();
        !self.0.is_empty() && self.0.iter().all(|word| text.contains(word))
    }
}

async fn load(asked: &str) -> Result<Page, PageError> {
    let words = Words::of(asked);
    let mut groups: Vec<(&'static str, Vec<Hit>)> = Vec::new();
    if !words.0.is_empty() {
        groups = found(&words, asked).await?;
        groups.retain(|(_, hits)| !hits.is_empty());
    }
    let none = match (words.0.is_empty(), groups.is_empty()) {
        (true, _) => Some("写下要找的名称或其中几个字；几个词之间空一格，都要有。".to_owned()),
        (false, true) => Some(format!("没有找到“{asked}”。只找您能看的内容；可以换几个字，或少写一个词。")),
        (false, false) => None,
    };
    let groups = groups.into_iter().map(|(name, hits)| {
        let count = hits.len();
        let more = (count > LISTED)
            .then(|| view! { <p class="subtitle">{format!("还有{}条，请再加一个词。", count - LISTED)}</p> });
        let hits = hits.into_iter().take(LISTED).map(|(text, address)| {
            view! {
                <li>
                    <a href=address>{text}</a>
                </li>
            }
        });
        view! {
            <h2>{format!("{name}（{count}）")}</h2>
            <ul>{hits.collect_view()}</ul>
            {more}
        }
    });
    let body = view! {
        <section class="text-page">
            <h1>"搜索"</h1>
            {form(asked)}
            {none.map(|none| view! { <p class="lead">{none}</p> })}
            {groups.collect_view()}
        </section>
    };
    Ok(Page::new("搜索", Menu::Help, body.into_any()))
}

async fn found(words: &Words, asked: &str) -> Result<Vec<(&'static str, Vec<Hit>)>, PageError> {
    let backend = backend();
    let plans: Vec<_> = backend.plans().await?.into_iter().map(|version| version.plan).collect();
    let mut groups = vec![("计划", plan_hits(words, &plans)), ("单位", Vec::new()), ("指标", Vec::new())];
    groups[1].1 = unit_hits(words, &plans);
    groups[2].1 = goal_hits(words, &plans);
    let editions = backend.editions().await?;
    groups.push(("通报", edition_hits(words, &plans, &editions)));
    let published = backend.publications().await?;
    let publications = published.iter().filter_map(|summary| {
        let plan = plans.iter().find(|plan| plan.id == summary.key.plan)?;
        let title = format!("{}（第{}版）", summary.key.title(plan), summary.edition);
        words.fit(&[&title, &plan.title]).then(|| (title, links::publication(&summary.key, summary.edition)))
    });
    groups.push(("评比、项目库和考核结果", publications.collect()));
    let tasks = plans.iter().flat_map(|plan| {
        let fits = plan.tasks.iter().filter(|task| words.fit(&[&task.title, &plan.title]));
        fits.map(|task| (format!("{}（{}，{}）", task.title, task.due.words(), plan.title), links::tasks(&plan.id)))
    });
    groups.push(("限时任务", tasks.collect()));
    groups.push(("重点项目", project_hits(words, &plans).await?));
    groups.push(("企业", firm_hits(words).await?));
    groups.push(("人员和岗位", people_hits(words).await?));
    if backend.viewer().and_then(|viewer| viewer.role()) == Some(Role::AuditAdmin) {
        groups.push(("审计记录", super::admin::found_in_trail(asked.trim()).await?));
    }
    Ok(groups)
}

fn plan_hits(words: &Words, plans: &[Arc<Plan>]) -> Vec<Hit> {
    let fits = plans.iter().filter(|plan| {
        let number = plan.document.number.as_deref().unwrap_or_default();
        words.fit(&[&plan.title, &plan.id, number])
    });
    fits.map(|plan| (plan.title.clone(), links::plan(&plan.id))).collect()
}

fn unit_hits(words: &Words, plans: &[Arc<Plan>]) -> Vec<Hit> {
    let of_plan = |plan: &Arc<Plan>| {
        let fits =
            plan.default_goal().splits.iter().filter(|split| words.fit(&[&split.name, &split.region, &plan.title]));
        let hit = |split: &domain::plan::Split| {
            (format!("{}（{}）", split.name, plan.title), links::unit(&plan.id, &split.region))
        };
        fits.map(hit).collect::<Vec<Hit>>()
    };
    plans.iter().flat_map(of_plan).collect()
}

fn goal_hits(words: &Words, plans: &[Arc<Plan>]) -> Vec<Hit> {
    let of_plan = |plan: &Arc<Plan>| {
        let fits = plan
            .goals
            .iter()
            .filter(|goal| words.fit(&[&goal.name, goal.meaning.section.as_deref().unwrap_or_default(), &plan.title]));
        fits.map(|goal| (format!("{}（{}）", goal.name, plan.title), links::plan(&plan.id))).collect::<Vec<Hit>>()
    };
    plans.iter().flat_map(of_plan).collect()
}

fn edition_hits(words: &Words, plans: &[Arc<Plan>], editions: &[EditionSummary]) -> Vec<Hit> {
    let hit = |edition: &EditionSummary| {
        let plan = plans.iter().find(|plan| plan.id == edition.plan)?;
        let title = format!("{}第{}版（{}）", edition.period.label(), edition.edition, plan.title);
        let reason = edition.reason.as_deref().unwrap_or_default();
        let address = links::edition(&edition.plan, edition.period, edition.edition);
        words.fit(&[&title, "通报", reason]).then_some((title, address))
    };
    editions.iter().filter_map(hit).collect()
}

/// Once for each office: its plans share the library.
async fn project_hits(words: &Words, plans: &[Arc<Plan>]) -> Result<Vec<Hit>, PageError> {
    let backend = backend();
    let mut hits = Vec::new();
    let mut offices: Vec<&str> = Vec::new();
    for plan in plans.iter().rev() {
        let office = plan.region.id();
        let sees = backend.viewer().is_some_and(|viewer| viewer.sees_projects(office));
        if offices.contains(&office) || !sees {
            continue;
        }
        offices.push(office);
        for known in backend.projects(plan, Some(0)).await?.into_values() {
            let own = &known.entry.project;
            let firm = own.firm.as_deref().unwrap_or_default();
            let official = own.official.as_deref().unwrap_or_default();
            if words.fit(&[&own.name, &own.id, firm, official]) {
                // Of the newest plan that has it on a list.
                let year = known.entry.years.keys().next_back();
                let listed = plans.iter().find(|plan| {
                    plan.region.id() == office && year.is_some_and(|year| (plan.years.0..=plan.years.1).contains(year))
                });
                hits.push((format!("{}（{}）", own.name, own.id), links::project(&listed.unwrap_or(plan).id, &own.id)));
            }
        }
    }
    Ok(hits)
}

/// Firms of his own office.
async fn firm_hits(words: &Words) -> Result<Vec<Hit>, PageError> {
    let Some(known) = super::firm::Known::load().await? else { return Ok(Vec::new()) };
    let fits = known.firms().into_iter().filter(|(names, code, _)| {
        let texts: Vec<&str> = names.iter().map(String::as_str).chain(code.as_deref()).collect();
        words.fit(&texts)
    });
    let hit = |(names, code, at): (Vec<String>, Option<String>, String)| {
        let code = code.map(|code| format!("（{code}）")).unwrap_or_default();
        (format!("{}{code}", names.join("、")), at)
    };
    Ok(fits.map(hit).collect())
}

/// For administrators: accounts and posts, where they are kept.
async fn people_hits(words: &Words) -> Result<Vec<Hit>, PageError> {
    let backend = backend();
    let role = backend.viewer().and_then(|viewer| viewer.role());
    let mut hits = Vec::new();
    if role == Some(Role::SystemAdmin) {
        let accounts = backend.accounts().await?;
        let fits = accounts.into_iter().filter(|person| words.fit(&[&person.name, &person.login, &person.phone]));
        hits.extend(fits.map(|person| (format!("{}（{}）", person.name, person.login), "/admin/users".to_owned())));
    }
    if role == Some(Role::SecurityAdmin) {
        for held in backend.posts().await? {
            let holder = held.holder.map(|person| person.name).unwrap_or_else(|| "空缺".to_owned());
            if words.fit(&[&held.post.title, &holder, &held.post.id]) {
                hits.push((format!("{}：{holder}", held.post.title), "/admin/posts".to_owned()));
            }
        }
    }
    Ok(hits)
}
