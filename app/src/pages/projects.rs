//! `/projects/{plan}`: the projects of a plan's list in a month: filters that an address says, sums that follow them,
//! a table a hundred lines at a time. `…/lag`: what lags, why, and who may leave.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::Datelike;
use domain::calendar::at_shanghai;
use domain::money::Amount;
use domain::month::Period;
use domain::plan::{Kind, Plan};
use domain::projects::field::{unit_name, units};
use domain::projects::filter::{Filter, List, Sort};
use domain::projects::standing::{Lamp, Standing};
use domain::projects::sums::{Library, Share, Sums, sums};
use domain::projects::table::Spec;
use domain::projects::{Entry, Role, Stage, measure, people};
use domain::rate::Rate;
use domain::rights::{Action, Object};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use office::facts::Unavailable;
use office::project_ledger;
use office::projects::{KnownProject, LeaveStep, Projects};

use super::{param, query};
use crate::backend::{Backend, backend};
use crate::charts::bullet;
use crate::parts::{Menu, Page, PageError, data_table, links, page};

/// Lines of one page.
const LINES: usize = 100;
const PERIOD: &str = "period";
const FROM: &str = "from";

/// What somebody may see of a plan's projects, at a month.
pub struct Known {
    pub projects: Projects,
    pub at: Period,
    pub today: chrono::NaiveDate,
}

impl Known {
    pub fn library(&self, plan: &Plan) -> Library<'_> {
        Library::of(plan, self.projects.values().map(|known| &known.entry), self.at, self.today)
    }
}

/// The month that is meant: the one asked for, else the last one reported, else this one, within the plan's years; with
/// the reports of its year and what was before it.
pub async fn gather(backend: &dyn Backend, plan: &Plan, asked: Option<&str>) -> Result<Known, Unavailable> {
    let months = Months::of(backend, plan, asked);
    let projects = backend.projects(plan, Some(months.asked.unwrap_or(months.now).year)).await?;
    Ok(months.known(projects))
}

/// The month that is meant, and today. Only where no month is asked for does that need the library.
pub(crate) async fn month(
    backend: &dyn Backend,
    plan: &Plan,
    asked: Option<&str>,
) -> Result<(Period, chrono::NaiveDate), Unavailable> {
    let months = Months::of(backend, plan, asked);
    match months.asked {
        Some(at) => Ok((at, months.today)),
        None => gather(backend, plan, None).await.map(|known| (known.at, known.today)),
    }
}

/// The month that an address asks for, and this one, both within the plan's years.
struct Months {
    asked: Option<Period>,
    now: Period,
    today: chrono::NaiveDate,
}

impl Months {
    fn of(backend: &dyn Backend, plan: &Plan, asked: Option<&str>) -> Self {
        let today = at_shanghai(backend.now()).date_naive();
        let (first, last) = plan.years;
        let within = |period: Period| match () {
            () if period.year < first => Period { year: first, month: 1 },
            () if period.year > last => Period { year: last, month: 12 },
            () => period,
        };
        let now = within(Period { year: today.year(), month: today.month() });
        Self { asked: asked.and_then(|text| Period::parse(text).ok()).map(within), now, today }
    }

    fn known(self, projects: Projects) -> Known {
        let of_year = |known: &KnownProject| {
            let reported = known.entry.returns.range(..=Period { month: 12, ..self.now }).next_back();
            reported.map(|(at, _)| *at).filter(|at| at.year == self.now.year)
        };
        let newest = projects.values().filter_map(|known| of_year(known)).max();
        Known { at: self.asked.or(newest).unwrap_or(self.now), projects, today: self.today }
    }
}

#[component]
pub(crate) fn ProjectList() -> impl IntoView {
    let (plan, period, from) = (param("plan"), query(PERIOD), query(FROM));
    let map = use_query_map().get_untracked();
    let filter = Filter::read(|key| map.get(key));
    page(async move { load(&plan, period.as_deref(), filter, from.as_deref()).await })
}

#[component]
pub(crate) fn ProjectLag() -> impl IntoView {
    let (plan, period) = (param("plan"), query(PERIOD));
    page(async move { lag(&plan, period.as_deref()).await })
}

/// A plan whose projects somebody may see; anything else does not exist for him.
pub(crate) async fn plan_of(plan: &str) -> Result<Arc<Plan>, PageError> {
    let version = backend().plan_versions(plan).await?.pop().ok_or_else(|| PageError::no_plan(plan))?;
    match is_open(&version.plan) {
        true => Ok(version.plan),
        false => Err(PageError::not_found("没有这个计划的项目库，或它不属于您的单位。").with_link("计划", "/plans")),
    }
}

/// Whether somebody may see projects of a plan's office.
pub(crate) fn is_open(plan: &Plan) -> bool {
    let backend = backend();
    backend.viewer().is_some_and(|viewer| viewer.sees_projects(plan.region.id()))
}

pub(crate) fn may(plan: &Plan, action: Action) -> bool {
    backend().viewer().is_some_and(|viewer| viewer.may(action, Object::office(plan.region.id())).is_ok())
}

pub(crate) fn lamp_class(lamp: Lamp) -> &'static str {
    match lamp {
        Lamp::Red => "lamp behind",
        Lamp::Yellow => "lamp near",
        Lamp::Green => "lamp on-pace",
        Lamp::None => "lamp not-assessed",
    }
}

pub(crate) fn percent(rate: Option<Rate>) -> String {
    rate.map_or_else(|| "—".to_owned(), |rate| rate.in_percent(1))
}

pub(crate) fn money(amount: Option<Amount>) -> String {
    amount.map_or_else(|| "—".to_owned(), |amount| measure().format_visible(amount))
}

async fn load(plan: &str, period: Option<&str>, filter: Filter, from: Option<&str>) -> Result<Page, PageError> {
    let backend = backend();
    let plan = plan_of(plan).await?;
    let known = gather(backend.as_ref(), &plan, period).await?;
    let library = known.library(&plan);
    let title = "重点项目".to_owned();
    let head = view! {
        <h1>{title.clone()}</h1>
        <p class="subtitle">
            <a href=links::plan(&plan.id)>{plan.title.clone()}</a>
            {format!("　{}　金额单位：万元", known.at.label())}
        </p>
        {tools(&plan, known.at)}
    };
    if library.rows.is_empty() {
        let body = view! {
            <section class="text-page wide">
                {head} {periods(&plan, known.at, &Filter::default())}
                <p class="lead">{format!("{}年还没有列入项目。", known.at.year)}</p>
                {may(&plan, Action::EnterProjects).then(|| start(&plan))}
            </section>
        };
        return Ok(Page::new(title, Menu::Projects, body));
    }
    let chosen = filter.choose(&plan, &library.rows);
    let found = sums(chosen.iter().map(|(entry, standing)| (*entry, standing)), library.at);
    // An address of a longer choice opens the last page of this one.
    let last = chosen.len().saturating_sub(1) / LINES * LINES;
    let from = from.and_then(|from| from.parse::<usize>().ok()).unwrap_or(0).min(last);
    let shown = &chosen[from..(from + LINES).min(chosen.len())];
    let beside = beside_figures(&plan, &library).await?;
    let editions = super::publications::of_library(&plan).await?;
    let body = view! {
        <section class="text-page wide projects">
            {head} {chooser(&plan, &known, &filter, &library)} {summary(&found)} {editions}
            {files(&plan, known.at, &filter)} {lines(&plan, &known, shown)}
            {pages(&plan, known.at, &filter, from, chosen.len())} {rates(&plan, known.at, &chosen)} {beside}
        </section>
    };
    Ok(Page::new(title, Menu::Projects, body))
}

/// What an empty library begins with.
fn start(plan: &Plan) -> AnyView {
    view! {
        <p>
            <a href=links::projects_part(&plan.id, "import")>"从现有的项目表导入"</a>
            "，或"
            <a href=links::projects_part(&plan.id, "new")>"逐个录入"</a>
            "。"
        </p>
    }
    .into_any()
}

/// Where else one can go from here.
pub(crate) fn tools(plan: &Plan, at: Period) -> AnyView {
    let part = |part: &str| format!("{}?{PERIOD}={at}", links::projects_part(&plan.id, part));
    let enter = may(plan, Action::EnterProjects).then(|| {
        view! {
            <a href=links::projects_part(&plan.id, "import")>"导入项目表"</a>
            <a href=links::projects_part(&plan.id, "new")>"录入项目"</a>
        }
    });
    view! {
        <p class="tools">
            <a href=links::projects(&plan.id)>"全部项目"</a>
            <a href=part("lag")>"滞后项目"</a>
            <a href=links::projects_part(&plan.id, "matters")>"待办事项"</a>
            <a href=links::meetings(&plan.id)>"会诊和调度会"</a>
            <a href=part("officials")>"挂钩领导"</a>
            {enter}
        </p>
    }
    .into_any()
}

fn periods(plan: &Plan, at: Period, filter: &Filter) -> AnyView {
    let kept = filter.pairs().into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
    view! {
        <form method="get" action=links::projects(&plan.id) class="chooser">
            {kept.collect_view()}
            {period_box(plan, at)}
            <button type="submit" class="second">
                "查看"
            </button>
        </form>
    }
    .into_any()
}

/// The choice of a month.
pub(crate) fn period_box(plan: &Plan, at: Period) -> AnyView {
    view! { <label>"期间 "{period_select(plan, Some(at), None)}</label> }.into_any()
}

/// All months of the plan's years; `none` says what stands for no month.
pub(crate) fn period_select(plan: &Plan, chosen: Option<Period>, none: Option<&'static str>) -> AnyView {
    let all = (plan.years.0..=plan.years.1).flat_map(|year| (1..=12).map(move |month| Period { year, month }));
    let options = all.map(|period| {
        view! {
            <option value=period.to_string() selected=chosen == Some(period)>
                {period.label()}
            </option>
        }
    });
    let none = none.map(|none| {
        view! {
            <option value="" selected=chosen.is_none()>
                {none}
            </option>
        }
    });
    view! { <select name=PERIOD>{none} {options.collect_view()}</select> }.into_any()
}

fn select(name: &'static str, label: &'static str, options: Vec<(String, String)>, chosen: Option<&str>) -> AnyView {
    let options = options.into_iter().map(|(id, text)| {
        let is = chosen == Some(id.as_str());
        view! {
            <option value=id selected=is>
                {text}
            </option>
        }
    });
    view! {
        <label>
            {label} " " <select name=name>
                <option value="">"全部"</option>
                {options.collect_view()}
            </select>
        </label>
    }
    .into_any()
}

/// The filters, each with what there is to choose.
fn chooser(plan: &Plan, known: &Known, filter: &Filter, library: &Library<'_>) -> AnyView {
    let own = |of: fn(&Entry) -> Vec<String>| {
        let all: BTreeSet<String> = library.rows.iter().flat_map(|(entry, _)| of(entry)).collect();
        all.into_iter().map(|text| (text.clone(), text)).collect::<Vec<_>>()
    };
    let names = |text: &Option<String>| -> Vec<String> {
        people(text.as_deref().unwrap_or_default()).map(str::to_owned).collect()
    };
    let officials: BTreeSet<String> = library
        .rows
        .iter()
        .flat_map(|(entry, _)| names(&entry.project.official).into_iter().chain(names(&entry.project.unit_official)))
        .collect();
    let present: BTreeSet<&str> = library.rows.iter().map(|(entry, _)| entry.project.unit.as_str()).collect();
    let units: Vec<(String, String)> =
        units(plan).into_iter().filter(|(id, _)| present.contains(id.as_str())).collect();
    let many_units = present.len() > 1;
    let of = |pairs: Vec<(&'static str, &'static str)>| {
        pairs.into_iter().map(|(id, name)| (id.to_owned(), name.to_owned())).collect::<Vec<_>>()
    };
    let directions = own(|entry| entry.project.direction.iter().cloned().collect());
    let labels = own(|entry| entry.project.labels.clone());
    let levels: Vec<(String, String)> =
        plan.projects.levels.iter().map(|level| (level.name.clone(), format!("{}级项目库", level.name))).collect();
    let officials: Vec<(String, String)> = officials.into_iter().map(|name| (name.clone(), name)).collect();
    let box_of = |name, label, options: Vec<(String, String)>, chosen: Option<&str>| {
        (options.len() > 1 || chosen.is_some()).then(|| select(name, label, options, chosen))
    };
    let sorts = Sort::ALL.map(|sort| {
        view! {
            <option value=sort.id() selected=sort == filter.sort>
                {sort.name()}
            </option>
        }
    });
    let text = filter.text.clone().unwrap_or_default();
    view! {
        <form method="get" action=links::projects(&plan.id) class="chooser filters">
            {period_box(plan, known.at)}
            {many_units.then(|| select("unit", "单位", units, filter.unit.as_deref()))}
            {select("role", "类别", of(Role::ALL.map(|it| (it.id(), it.name())).to_vec()), filter.role.map(Role::id))}
            {select("lamp", "亮灯", of(Lamp::ALL.map(|it| (it.id(), it.name())).to_vec()), filter.lamp.map(Lamp::id))}
            {select(
                "stage",
                "阶段",
                of(Stage::ALL.map(|it| (it.id(), it.name())).to_vec()),
                filter.stage.map(Stage::id),
            )}
            {select("list", "名单", of(List::ALL.map(|it| (it.id(), it.name())).to_vec()), filter.list.map(List::id))}
            {box_of("direction", "方向", directions, filter.direction.as_deref())}
            {box_of("level", "项目库", levels, filter.level.as_deref())}
            {box_of("label", "标签", labels, filter.label.as_deref())}
            {box_of("official", "挂钩领导", officials, filter.official.as_deref())}
            <label>
                "找 "<input type="search" name="q" value=text placeholder="名称、编号、业主" size="16" />
            </label>
            <label>"排序 "<select name="sort">{sorts.into_iter().collect_view()}</select></label>
            <button type="submit">"查看"</button>
            <a href=format!("{}?{PERIOD}={}", links::projects(&plan.id), known.at)>"清除筛选"</a>
        </form>
    }
    .into_any()
}

pub(crate) fn share_text(share: Share) -> String {
    match share.rate() {
        Some(rate) => format!("{}/{}项，{}", share.done, share.of, rate.in_percent(1)),
        None => "没有到期的".to_owned(),
    }
}

/// What was chosen comes to.
pub(crate) fn summary(found: &Sums) -> AnyView {
    let measure = measure();
    let text = |label: &'static str, value: String| {
        view! {
            <div>
                <dt>{label}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    let done = format!("{}（{}）", measure.format(found.this_year), percent(found.completion));
    view! {
        <dl class="sums">
            {text("项目", format!("{}个", found.projects))} {text("总投资", measure.format(found.total))}
            {text("年计划", measure.format(found.planned))} {text("本年完成", done)}
            {text("开工率", share_text(found.starts))} {text("竣工率", share_text(found.finishes))}
            {text("投产率", share_text(found.productions))} {text("履约率", share_text(found.kept))}
            {text("亮灯", format!("红{}　黄{}", found.red, found.yellow))}
        </dl>
    }
    .into_any()
}

/// 开工率, 竣工率, 投产率 and 履约率 of each unit among what was chosen, each as a bar with its numbers.
fn rates(plan: &Plan, at: Period, chosen: &[(&Entry, Standing)]) -> Option<AnyView> {
    let of = Library { at, rows: chosen.to_vec() };
    let units = of.by_unit(plan);
    if units.len() < 2 {
        return None;
    }
    let cell = |name: &str, what: &'static str, share: Share| {
        let label = format!("{name}{what}{}", share_text(share));
        let bar = share.rate().and_then(|rate| bullet::of_share(rate, &label));
        let text = match share.rate() {
            Some(rate) => format!("{}（{}/{}）", rate.in_percent(1), share.done, share.of),
            None => "—".to_owned(),
        };
        view! {
            <td class="r rate" data-name=what>
                {text}
                <span class="rate-bar" inner_html=bar.unwrap_or_default() />
            </td>
        }
    };
    let rows = units.iter().map(|(id, name, sums)| {
        let to = format!("{}?{PERIOD}={at}&unit={}", links::projects(&plan.id), links::encode(id));
        view! {
            <tr>
                <th scope="row">
                    <a href=to>{name.clone()}</a>
                </th>
                <td class="r" data-name="项目">
                    {sums.projects}
                </td>
                {cell(name, "开工率", sums.starts)}
                {cell(name, "竣工率", sums.finishes)}
                {cell(name, "投产率", sums.productions)}
                {cell(name, "履约率", sums.kept)}
            </tr>
        }
    });
    let heads =
        [("单位", false), ("项目", true), ("开工率", true), ("竣工率", true), ("投产率", true), ("履约率", true)];
    Some(
        view! {
            <h2>"各单位开工、竣工、投产和履约"</h2>
            <p class="subtitle">
                "按到期的日期算：应开工的里已开工几个；履约是到期的每一步都做完。"
            </p>
            {data_table("各单位开工、竣工、投产和履约", "data stack", &heads, rows.collect_view())}
        }
        .into_any(),
    )
}

fn address(plan: &Plan, at: Period, filter: &Filter, from: usize) -> String {
    let mut parts = vec![format!("{PERIOD}={at}")];
    parts.extend(filter.pairs().into_iter().map(|(key, value)| format!("{key}={}", links::encode(&value))));
    if from > 0 {
        parts.push(format!("{FROM}={from}"));
    }
    format!("{}?{}", links::projects(&plan.id), parts.join("&"))
}

/// The tables as offices publish them, of what was chosen.
fn files(plan: &Plan, at: Period, filter: &Filter) -> AnyView {
    let said: String =
        filter.pairs().into_iter().map(|(key, value)| format!("&{key}={}", links::encode(&value))).collect();
    let said = if said.is_empty() { String::new() } else { format!("?{}", &said[1..]) };
    let tables = Spec::ALL.map(|spec| (spec.id(), spec.name())).into_iter();
    let tables = tables.chain([(project_ledger::ID, project_ledger::NAME)]);
    let specs = tables.map(|(id, name)| {
        let file = |ending: &str| format!("/export/projects/{}.{at}.{id}.{ending}{said}", plan.id);
        view! {
            <li>
                {name} " " <a href=file("xlsx")>"Excel"</a> " " <a href=file("docx")>"Word"</a> " "
                <a href=file("pdf")>"PDF"</a> " " <a href=file("csv")>"CSV"</a> " " <a href=file("json")>"JSON"</a>
            </li>
        }
    });
    view! {
        <details class="files">
            <summary>"下载表格（按上面的筛选）"</summary>
            <ul class="plain">{specs.collect_view()}</ul>
        </details>
    }
    .into_any()
}

fn lines(plan: &Plan, known: &Known, shown: &[(&Entry, Standing)]) -> AnyView {
    if shown.is_empty() {
        return view! { <p class="lead">"没有符合筛选的项目。"</p> }.into_any();
    }
    let rows = shown.iter().map(|(entry, standing)| line(plan, known.at, entry, standing)).collect_view();
    view! {
        {data_table(
            "项目",
            "data stack",
            &[
                ("项目", false),
                ("单位", false),
                ("类别", false),
                ("阶段", false),
                ("总投资", true),
                ("年计划", true),
                ("本年完成", true),
                ("占年计划", true),
                ("序时", true),
                ("亮灯", false),
            ],
            rows,
        )}
    }
    .into_any()
}

/// Why a lamp is on, each rule in its words.
pub(crate) fn why(standing: &Standing) -> String {
    let words: Vec<&str> = standing.fired.iter().map(|fired| fired.words.as_str()).collect();
    words.join("；")
}

fn line(plan: &Plan, at: Period, entry: &Entry, standing: &Standing) -> AnyView {
    let own = &entry.project;
    let to = format!("{}?{PERIOD}={at}", links::project(&plan.id, &own.id));
    let as_of = standing.as_of.filter(|of| *of != at).map(|of| format!("（{}月）", of.month)).unwrap_or_default();
    let why = why(standing);
    let why = (!why.is_empty()).then(|| view! { <small>{why}</small> });
    view! {
        <tr>
            <th scope="row" class="said">
                <a href=to>{own.name.clone()}</a>
                <small>{own.id.clone()}</small>
            </th>
            <td data-name="单位">{unit_name(plan, &own.unit).to_owned()}</td>
            <td data-name="类别">{standing.role.map(Role::name)}</td>
            <td data-name="阶段">{standing.stage.name()}</td>
            <td data-name="总投资" class="r">
                {money(own.total)}
            </td>
            <td data-name="年计划" class="r">
                {money(standing.planned)}
            </td>
            <td data-name="本年完成" class="r">
                {money(standing.this_year)}
                {as_of}
            </td>
            <td data-name="占年计划" class="r">
                {percent(standing.year_completion)}
            </td>
            <td data-name="序时" class="r">
                {percent(standing.pace)}
            </td>
            <td data-name="亮灯" class="said">
                <span class=lamp_class(standing.lamp())>{standing.lamp().name()}</span>
                {why}
            </td>
        </tr>
    }
    .into_any()
}

/// What the library's projects invested beside what the units reported and the bureau states: four numbers side by
/// side, none of them adjusted to another.
async fn beside_figures(plan: &Plan, library: &Library<'_>) -> Result<Option<AnyView>, PageError> {
    let goal = plan.default_goal();
    if goal.kind != Kind::Amount || !goal.measure.money {
        return Ok(None);
    }
    let Some(facts) = backend().facts(&plan.id).await? else { return Ok(None) };
    let figures = &facts.figures;
    let measure = &goal.measure;
    let shown = |amount: Option<Amount>| amount.map_or_else(|| "—".to_owned(), |amount| measure.format(amount));
    let lines = library.by_unit(plan).into_iter().map(|(unit, name, sums)| {
        let reported = figures.get(&goal.id, library.at, &unit).and_then(|figure| figure.value);
        let bureau = figures.bureau(&goal.id, library.at, &unit).and_then(|figure| figure.value);
        let rest = reported.map(|reported| Amount(reported.0 - sums.this_year.0));
        let wrong = rest.is_some_and(|rest| rest.0 < 0);
        let note = if wrong { "项目库多于报送数，请核对" } else { "" };
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="r" data-name="项目库">
                    {shown(Some(sums.this_year))}
                </td>
                <td class="r" data-name="单位报送">
                    {shown(reported)}
                </td>
                <td class="r" data-name="统计部门">
                    {shown(bureau)}
                </td>
                <td class="r" data-name="库外">
                    {shown(rest)}
                </td>
                <td data-name="说明">{note}</td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    let title = format!("{}：项目库与报送数对照（{}）", goal.name, measure.unit);
    Ok(Some(
        view! {
            <details class="files">
                <summary>{title}</summary>
                <p class="subtitle">
                    "四个数各是各的，只作对照，不互相调整；项目库只统计列入的项目，库外＝单位报送－项目库。"
                </p>
                {data_table(
                    "对照",
                    "data stack",
                    &[
                        ("单位", false),
                        ("项目库", true),
                        ("单位报送", true),
                        ("统计部门", true),
                        ("库外", true),
                        ("说明", false),
                    ],
                    lines,
                )}
            </details>
        }
        .into_any(),
    ))
}

fn pages(plan: &Plan, at: Period, filter: &Filter, from: usize, all: usize) -> AnyView {
    if all <= LINES {
        return ().into_any();
    }
    let to = |from: usize| address(plan, at, filter, from);
    let before = (from > 0).then(|| view! { <a href=to(from.saturating_sub(LINES))>"上一页"</a> });
    let after = (from + LINES < all).then(|| view! { <a href=to(from + LINES)>"下一页"</a> });
    let text = format!("第 {}—{} 个，共 {all} 个", from + 1, (from + LINES).min(all));
    view! { <p class="tools">{before} <span>{text}</span> {after}</p> }.into_any()
}

async fn lag(plan: &str, period: Option<&str>) -> Result<Page, PageError> {
    let backend = backend();
    let plan = plan_of(plan).await?;
    let known = gather(backend.as_ref(), &plan, period).await?;
    let library = known.library(&plan);
    let matters = backend.matters(&plan).await?;
    let nodes = backend.nodes(&plan, None).await?;
    let mut asked = backend.leaves(&plan).await?;
    asked.retain(|leaving| leaving.step == LeaveStep::Ask && leaving.year == known.at.year);
    let lagging = library.lagging();
    let leaving: Vec<&(&Entry, Standing)> = library.rows.iter().filter(|(_, found)| found.is_to_leave()).collect();
    let window = domain::projects::standing::window(&plan, known.at.month);
    let cards = lagging.iter().map(|(entry, standing)| {
        let own = &entry.project;
        let open: Vec<_> =
            matters.iter().filter(|matter| matter.project == own.id && matter.solved.is_none()).collect();
        let turn = match open.first() {
            Some(matter) => {
                let due = matter.due.map(|due| format!("，{}前", domain::calendar::chinese_date(due)));
                format!("由{}办理{}：{}", unit_name(&plan, &matter.owner), due.unwrap_or_default(), matter.words)
            }
            None => "还没有交办，会诊后定责任单位和时限".to_owned(),
        };
        let late = nodes.iter().filter(|node| node.project == own.id);
        let late = late.filter_map(|node| Some(format!("{}逾期{}天", node.name, node.overdue(known.today)?)));
        let late: Vec<String> = late.collect();
        let turn = if late.is_empty() { turn } else { format!("节点{}；{turn}", late.join("、")) };
        card(&plan, known.at, entry, standing, turn)
    });
    let cards = cards.collect_view();
    let leave = leaving.iter().map(|(entry, standing)| {
        let to = links::project(&plan.id, &entry.project.id);
        let text = format!("（{}）：{}", unit_name(&plan, &entry.project.unit), why(standing));
        view! {
            <li>
                <a href=to>{entry.project.name.clone()}</a>
                {text}
            </li>
        }
    });
    let leave = leave.collect_view();
    let asked = asked.iter().filter_map(|leaving| {
        let entry = &known.projects.get(&leaving.project)?.entry;
        let to = format!("{}?{PERIOD}={}", links::project(&plan.id, &leaving.project), known.at);
        let unit = unit_name(&plan, &entry.project.unit);
        let text = format!("（{unit}）：{}，{}申请", leaving.reason, domain::calendar::moment(leaving.at));
        Some(view! {
            <li>
                <a href=to>{entry.project.name.clone()}</a>
                {text}
            </li>
        })
    });
    let asked = asked.collect_view();
    let asked = (!asked.is_empty()).then(|| {
        view! {
            <h2>"退库申请，等办公室答复"</h2>
            <ul>{asked}</ul>
        }
    });
    let rules = plan.projects.rules.iter().map(|rule| {
        let clause = rule.clause.as_ref().map(|clause| format!("（{clause}）")).unwrap_or_default();
        let unless = if rule.unless_reason { "，有认可的理由除外" } else { "" };
        let roles: Vec<&str> = rule.roles.iter().map(|role| role.name()).collect();
        let roles = if roles.is_empty() { String::new() } else { format!("{}项目", roles.join("、")) };
        view! { <li>{format!("{}：{roles}{}{unless}，{}{clause}", rule.gives.name(), rule.in_words(), rule.words)}</li> }
    });
    let rules = rules.collect_view();
    let count = match lagging.len() {
        0 => format!("{}没有滞后项目。", known.at.label()),
        some => format!("{}共{some}个项目滞后，最严重的在前。", known.at.label()),
    };
    let meet = may(&plan, Action::HoldMeeting).then(|| {
        let to = format!("{}?{PERIOD}={}", links::meetings(&plan.id), known.at);
        view! {
            <p>
                <a href=to>"登记会诊，把决定交办下去"</a>
            </p>
        }
    });
    let title = "滞后项目".to_owned();
    let no_leave = leaving.is_empty();
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">
                <a href=links::projects(&plan.id)>{format!("{} 重点项目", plan.title)}</a>
            </p>
            <form method="get" action=links::projects_part(&plan.id, "lag") class="chooser">
                {period_box(&plan, known.at)}
                <button type="submit" class="second">
                    "查看"
                </button>
            </form>
            <p class="lead">{count}</p>
            {meet}
            <div class="tasks dated">{cards}</div>
            {asked}
            <h2>"建议退库"</h2>
            {no_leave.then(|| view! { <p class="subtitle">"没有。"</p> })}
            <ul>{leave}</ul>
            {window.map(|words| view! { <p class="subtitle">{words}</p> })}
            <h2>"亮灯规则"</h2>
            {plan
                .projects
                .rules
                .is_empty()
                .then(|| {
                    view! {
                        <p class="subtitle">
                            "计划里还没有写亮灯规则，可在编辑计划时加上（“重点项目”一页）。"
                        </p>
                    }
                })}
            <ul>{rules}</ul>
        </section>
    };
    Ok(Page::new(title, Menu::Projects, body))
}

fn card(plan: &Plan, at: Period, entry: &Entry, standing: &Standing, turn: String) -> AnyView {
    let own = &entry.project;
    let measure = measure();
    let to = format!("{}?{PERIOD}={at}", links::project(&plan.id, &own.id));
    let report = standing.as_of.and_then(|of| entry.returns.get(&of));
    let problem = report.map(|report| report.problem.clone()).filter(|problem| !problem.is_empty());
    let mut facts = vec![unit_name(plan, &own.unit).to_owned()];
    facts.extend(own.firm.clone());
    facts.extend(own.official.as_ref().map(|name| format!("挂钩{name}")));
    facts.extend(own.unit_official.as_ref().map(|name| format!("县级挂钩{name}")));
    let course = match (standing.this_year, standing.planned) {
        (Some(done), Some(planned)) => format!(
            "年计划{}，完成{}（{}），序时{}{}",
            measure.with_unit(planned),
            measure.with_unit(done),
            percent(standing.year_completion),
            percent(standing.pace),
            standing.missing.map(|missing| format!("，还差{}", measure.with_unit(missing))).unwrap_or_default()
        ),
        _ => "今年还没有报送投资".to_owned(),
    };
    let words = standing.fired.iter().map(|fired| {
        let found = match fired.test.unit() {
            "个月" => format!("{}个月", fired.found.numerator()),
            unit => format!("{}{unit}", fired.found.percent_on_page(1)),
        };
        view! { <li>{format!("{}：{}（{}）", fired.gives.name(), fired.words, found)}</li> }
    });
    let is_red = standing.lamp() == Lamp::Red;
    view! {
        <article class=if is_red { "task act" } else { "task" }>
            <h4>
                <a href=to>{own.name.clone()}</a>
                " "
                <span class=lamp_class(standing.lamp())>{standing.lamp().name()}</span>
            </h4>
            <p class="subtitle">{facts.join("　")}</p>
            <ul>{words.collect_view()}</ul>
            <p>{course}</p>
            {problem.map(|problem| view! { <p>{format!("存在问题：{problem}")}</p> })}
            <p>{format!("轮到谁：{turn}")}</p>
        </article>
    }
    .into_any()
}
