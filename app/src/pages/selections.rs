//! `/selections/{plan}`: what a plan chooses in the open, with the document's words, how far each year is, and what was
//! published.

use std::sync::Arc;

use domain::calendar::{at_shanghai, chinese_date};
use domain::plan::Plan;
use domain::plan::selection::{Selection, Terms, plain};
use domain::rights::{Action, Object};
use domain::selection::edition::{Published, Stage};
use domain::selection::record::{Course, State, word};
use leptos::prelude::*;

use super::param;
use crate::backend::backend;
use crate::parts::{Menu, Page, PageError, links, page};

#[component]
pub(crate) fn SelectionList() -> impl IntoView {
    let plan = param("plan");
    page(async move { load(&plan).await })
}

/// Whether whoever asks may do something for the office.
pub(super) fn may(plan: &Plan, action: Action) -> bool {
    backend().viewer().is_some_and(|viewer| viewer.may(action, Object::office(plan.region.id())).is_ok())
}

/// A plan that chooses something.
pub(super) async fn plan_of(plan: &str) -> Result<Arc<Plan>, PageError> {
    let version = backend().plan_versions(plan).await?.pop().ok_or_else(|| PageError::no_plan(plan))?;
    match version.plan.selections.is_empty() {
        true => Err(PageError::not_found("这个计划没有写评选。").with_link("计划", links::plan(&version.plan.id))),
        false => Ok(version.plan),
    }
}

/// The selection and year of an address.
pub(super) fn named<'p>(plan: &'p Plan, id: &str, year: &str) -> Result<(&'p Selection, i32), PageError> {
    let all = || ("全部评选", links::selections(&plan.id));
    let selection = plan.selection(id).ok_or_else(|| {
        let sentence = format!("这个计划没有评选“{}”。", domain::month::shorten(id));
        PageError::not_found(sentence).with_link(all().0, all().1)
    })?;
    let (first, last) = plan.years;
    let year = year.parse().ok().filter(|year| (first..=last).contains(year)).ok_or_else(|| {
        let sentence = format!("“{}”不是计划的年份，请写 {first} 至 {last}。", domain::month::shorten(year));
        PageError::bad_request(sentence).with_link(all().0, all().1)
    })?;
    Ok((selection, year))
}

async fn load(plan: &str) -> Result<Page, PageError> {
    let plan = &plan_of(plan).await?;
    let mut cards = Vec::new();
    for selection in &plan.selections {
        cards.push(card(plan, selection).await?);
    }
    let title = "评选".to_owned();
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">
                <a href=links::plan(&plan.id)>{plan.basis()}</a>
            </p>
            <div class="tasks dated">{cards}</div>
        </section>
    };
    Ok(Page::new(title, Menu::Plans, body))
}

async fn card(plan: &Plan, selection: &Selection) -> Result<AnyView, PageError> {
    let mut years = Vec::new();
    for year in plan.years.0..=plan.years.1 {
        let steps = backend().selection_steps(plan, &selection.id, year).await?;
        let course = Course::of(selection, &steps);
        let published = backend().selection_editions(plan, &selection.id, year).await?;
        let said = standing(plan, &course, &published);
        years.push(view! {
            <li>
                <a href=links::selection(&plan.id, &selection.id, year)>{format!("{year}年")}</a>
                {said}
            </li>
        });
    }
    Ok(view! {
        <article class="task" id=selection.id.clone()>
            <h4>{format!("{}评选", selection.title)}</h4>
            {quote(selection)}
            <p>{terms(selection, &selection.terms)}</p>
            <ul>{years}</ul>
        </article>
    }
    .into_any())
}

pub(super) fn quote(selection: &Selection) -> AnyView {
    let clause = selection.clause.as_ref().map(|clause| format!("（{clause}）")).unwrap_or_default();
    view! { <p class="quote">{format!("“{}”{clause}", selection.quote)}</p> }.into_any()
}

/// 评选30个项目；… 文件没有写评分标准，由办公室的评选办法定。
pub(super) fn terms(selection: &Selection, terms: &Terms) -> String {
    let criteria: Vec<String> = terms.criteria.iter().map(|of| format!("{}{}分", of.name, plain(of.full))).collect();
    let parts = [
        terms.places.map(|places| format!("评选{}", selection.subject.counted(places as usize))),
        terms.quota.map(|quota| format!("每个单位最多推荐{quota}个")),
        (!criteria.is_empty()).then(|| format!("按{}评分，满分{}", criteria.join("、"), plain(terms.full()))),
        terms.ties.map(|ties| ties.name().to_owned()),
        terms.notice_days.map(|days| format!("公示{days}天")),
    ];
    let mut said: Vec<String> = parts.into_iter().flatten().collect();
    let mut open = terms.open();
    open.extend(terms.ties.is_none().then_some("末位并列怎么办"));
    if !open.is_empty() {
        said.push(format!("{}还没有定，由办公室登记评选办法", open.join("、")));
    }
    format!("{}。", said.join("；"))
}

/// ：推荐12项，已打分8项 …
fn standing(plan: &Plan, course: &Course, published: &[Published]) -> String {
    let last = published.last().map(|(at, edition)| match edition.stage {
        Stage::Final => {
            let day = chinese_date(at_shanghai(*at).date_naive());
            format!("{day}公布结果，入选{}", edition.subject.counted(edition.lines.len()))
        }
        Stage::Notice => format!("第{}次公示到{}", edition.number, chinese_date(edition.to)),
    });
    let count = |state: State| course.records.iter().filter(|record| record.state == state).count();
    let entrants = course.entrants().count();
    let nominated = (entrants > 0).then(|| format!("推荐{entrants}项"));
    let scored = (entrants > 0 && may(plan, Action::ReadNominations))
        .then(|| format!("得分已确认{}项", count(State::Confirmed)));
    let method = course.method.as_ref().map(|step| format!("办法：{}", step.text(word::DOCUMENT)));
    let parts: Vec<String> = [method, nominated, scored, last].into_iter().flatten().collect();
    if parts.is_empty() { "：还没有开始".to_owned() } else { format!("：{}", parts.join("，")) }
}
