//! `/start`: the way from an empty site to the first bulletin, as far as it has come. Nothing is kept of it: each step
//! is done when the facts say so, so that it can be left and taken up again by whoever's turn it is.

use domain::calendar::{Standing, at_shanghai};
use domain::rights::Role;
use leptos::prelude::*;
use office::entry_form::due;
use office::people::{Places, offices};

use crate::backend::backend;
use crate::parts::{Menu, Page, PageError, links, page};

#[component]
pub(crate) fn Start() -> impl IntoView {
    page(async {
        let path = first_steps(true).await?;
        let body = view! { <section class="text-page">{path}</section> };
        Ok::<_, PageError>(Page::new("开始使用", Menu::Help, body))
    })
}

/// A step on the way.
struct Step {
    title: &'static str,
    /// How far it is.
    state: String,
    done: bool,
    /// Nothing can be done of it before another step.
    waits: bool,
    by: Role,
    /// Where it is done, and what the link says.
    at: (&'static str, String),
}

/// The steps; without `always` only until the first bulletin is out.
pub(super) async fn first_steps(always: bool) -> Result<Option<AnyView>, PageError> {
    let backend = backend();
    let published = !backend.editions().await?.is_empty();
    if published && !always {
        return Ok(None);
    }
    let (plans, posts, accounts) = (backend.plans().await?, backend.posts().await?, backend.accounts().await?);
    let set_up = backend.policies().await?.office;
    let plans: Vec<_> = plans.iter().map(|version| &*version.plan).collect();
    let offices = offices(plans.iter().copied(), set_up.as_deref());
    let role = backend.viewer().and_then(|viewer| viewer.role());
    let held = |role: Role, unit: Option<&str>| {
        posts.iter().any(|held| {
            held.post.domain.role == role && held.post.domain.unit.as_deref() == unit && held.holder.is_some()
        })
    };
    let admins = [Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin];
    let without: Vec<&str> = posts
        .iter()
        .filter(|held| admins.contains(&held.post.domain.role))
        .filter(|held| held.holder.as_ref().is_some_and(|holder| holder.password_at.is_none()))
        .map(|held| held.post.title.as_str())
        .collect();
    let missing: Vec<&str> = [Role::CityReviewer, Role::Publisher]
        .into_iter()
        .filter(|role| !posts.iter().any(|held| held.post.domain.role == *role && held.holder.is_some()))
        .map(Role::name)
        .collect();
    let places = Places { plans: &plans, offices: &offices };
    let units: Vec<(String, String)> = offices.iter().flat_map(|office| places.units(office.id())).collect();
    let manned = |id: &str| held(Role::CountyReporter, Some(id)) && held(Role::CountyApprover, Some(id));
    let open = units.iter().filter(|(id, _)| !manned(id)).count();
    let idle = accounts.iter().filter(|account| !account.disabled && account.password_at.is_none()).count();
    let (first, now) = (plans.first(), at_shanghai(backend.now()));
    let round = first.and_then(|plan| {
        let (rhythm, calendar) = plan.asking().next()?;
        let periods = (plan.years.0..=plan.years.1).flat_map(|year| calendar.periods(year));
        let mut open = periods.filter(|period| {
            matches!(calendar.standing(*period, now, backend.holidays()), Standing::Open | Standing::NotYet)
        });
        Some(domain::plan::Round { period: open.next()?, rhythm: rhythm.to_owned() })
    });
    let period = match (first, &round) {
        (Some(plan), Some(round)) => {
            let due = due(plan, round, backend.now(), backend.holidays()).unwrap_or_default();
            format!("最近的一期是{}，{due}", plan.round_label(round))
        }
        (Some(_), None) => "计划里没有还要报送的期间；早先各期的数可以由办公室用文件承接".to_owned(),
        (None, _) => "有了计划才知道各期的日子".to_owned(),
    };
    let people = ("/admin/people", "用花名册建账号、报岗位".to_owned());
    let steps = [
        Step {
            title: "牵头单位",
            state: match offices.first() {
                Some(office) => format!("{}（{}）", office.name, office.id()),
                None => "建第一个岗位时写明牵头地区".to_owned(),
            },
            done: !offices.is_empty(),
            waits: false,
            by: Role::SecurityAdmin,
            at: ("/admin/posts", "去建岗位".to_owned()),
        },
        Step {
            title: "三位管理员各设密码",
            state: match without.is_empty() {
                true => "都设好了".to_owned(),
                false => format!("还没有设：{}", without.join("、")),
            },
            done: without.is_empty(),
            waits: false,
            by: Role::SystemAdmin,
            at: ("/admin/people", "给他们生成一次性链接".to_owned()),
        },
        Step {
            title: "市级审核员、发布人",
            state: match missing.is_empty() {
                true => "都有人了".to_owned(),
                false => format!("还没有：{}", missing.join("、")),
            },
            done: missing.is_empty(),
            waits: false,
            by: Role::SystemAdmin,
            at: people.clone(),
        },
        Step {
            title: "计划和各单位的分解",
            state: match first {
                Some(plan) => format!("{}，{} 个单位", plan.title, units.len()),
                None => "还没有计划：填几页表，把文件里的分解表贴进去即可".to_owned(),
            },
            done: first.is_some(),
            waits: false,
            by: Role::CityReviewer,
            at: ("/plans/new", "新建计划".to_owned()),
        },
        Step {
            title: "各单位的填报员和审核人",
            state: match (units.is_empty(), open) {
                (true, _) => "有了分解才知道是哪些单位".to_owned(),
                (false, 0) => format!("{} 个单位都有了", units.len()),
                (false, open) => format!("{} 个单位中 {open} 个还缺人", units.len()),
            },
            done: !units.is_empty() && open == 0,
            waits: units.is_empty(),
            by: Role::SystemAdmin,
            at: people,
        },
        Step {
            title: "每个人设好密码",
            state: match idle {
                0 => "都设好了".to_owned(),
                idle => format!("还有 {idle} 人没有设，链接三天内有效，过期可以再发"),
            },
            done: !units.is_empty() && open == 0 && idle == 0,
            waits: idle == 0,
            by: Role::SystemAdmin,
            at: ("/admin/people", "看还缺谁、再发链接".to_owned()),
        },
        Step {
            title: "第一期报送和通报",
            state: if published { "第一期通报已发布".to_owned() } else { period },
            done: published,
            waits: first.is_none(),
            by: Role::CityReviewer,
            at: match (first, round) {
                (Some(plan), Some(round)) => ("", links::review(&plan.id, &round)),
                (Some(plan), None) => ("", format!("/import/{}", plan.id)),
                _ => ("/plans", "看计划".to_owned()),
            },
        },
    ];
    let next = steps.iter().position(|step| !step.done);
    let items = steps.into_iter().enumerate().map(|(index, step)| {
        let is_next = Some(index) == next;
        let (address, words) = match step.at {
            ("", address) => (address, "看这一期".to_owned()),
            (address, words) => (address.to_owned(), words),
        };
        let class = if is_next { "button" } else { "button second" };
        let go = (!step.done && !step.waits && role == Some(step.by)).then(|| {
            view! {
                <p>
                    <a class=class href=address>
                        {words}
                    </a>
                </p>
            }
        });
        let who = (!step.done && role != Some(step.by)).then(|| format!("由{}办理。", step.by.name()));
        let mark = if step.done { "●" } else { "○" };
        let class = if is_next {
            "next"
        } else if step.done {
            "done"
        } else {
            ""
        };
        view! {
            <li class=class aria-current=is_next.then_some("step")>
                <b>{format!("{mark} {}", step.title)}</b>
                <p>{format!("{}。", step.state)} {who}</p>
                {go}
            </li>
        }
    });
    Ok(Some(
        view! {
            <section class="first-steps" id="first-steps">
                <h2>"开始使用"</h2>
                <p class="subtitle">
                    "从头到第一期通报共七步，可以随时离开，回来接着办；办好一步自己会亮。"
                </p>
                <ol>{items.collect_view()}</ol>
            </section>
        }
        .into_any(),
    ))
}
