//! `/projects/{plan}/{id}`: the ledger sheet (台账) of one project: what is known, its course, its matters and visits,
//! and the form that changes it. `…/new`: a project that is not there yet.

use domain::calendar::{at_shanghai, chinese_date, moment};
use domain::month::Period;
use domain::plan::Plan;
use domain::projects::field::{Field, Place, unit_name, units};
use domain::projects::standing::{Standing, standing};
use domain::projects::{Entry, Role, Step, measure, names};
use domain::rights::{Action, Object};
use leptos::prelude::*;
use office::commands::projects::field;
use office::posted::Posted;
use office::projects::{KnownProject, Matter, Meeting, Visit};

use super::officials;
use super::project_contacts::contact_list;
use super::project_course::{leave_view, node_list};
use super::projects::{lamp_class, may, money, month, percent, plan_of};
use super::{param, query};
use crate::backend::backend;
use crate::parts::{Menu, Page, PageError, alert, area, data_table, links, page};

#[component]
pub(crate) fn ProjectSheet() -> impl IntoView {
    let (plan, id, period) = (param("plan"), param("project"), query("period"));
    page(async move { load(&plan, &id, period.as_deref()).await })
}

#[component]
pub(crate) fn NewProject() -> impl IntoView {
    let plan = param("plan");
    page(async move {
        let plan = plan_of(&plan).await?;
        if !may(&plan, Action::EnterProjects) {
            return Err(PageError::not_found("录入项目由办公室的审核员办理。"));
        }
        let posted = use_context::<Posted>().unwrap_or_default();
        let year = chrono::Datelike::year(&at_shanghai(backend().now()).date_naive());
        let year = year.clamp(plan.years.0, plan.years.1);
        let title = "录入项目".to_owned();
        let place = Place { plan: &plan, year, period: None, measure: measure() };
        let body = view! {
            <section class="text-page">
                <h1>{title.clone()}</h1>
                <p class="subtitle">{format!("{}　{year}年　金额单位：万元", plan.title)}</p>
                {posted.error.clone().map(alert)}
                <form method="post" action=links::projects_part(&plan.id, "new") class="stacked">
                    {boxes(&Entry::default(), &place, &posted)}
                    <input type="hidden" name=field::SEEN value="0" />
                    <button type="submit">"保存"</button>
                </form>
            </section>
        };
        Ok::<_, PageError>(Page::new(title, Menu::Projects, body))
    })
}

async fn load(plan: &str, id: &str, period: Option<&str>) -> Result<Page, PageError> {
    let backend = backend();
    let plan = plan_of(plan).await?;
    let none = || PageError::not_found("没有这个项目，或它不属于您。").with_link("全部项目", links::projects(&plan.id));
    let known: KnownProject = backend.project(&plan, id).await?.ok_or_else(none)?;
    let (at, today) = month(backend.as_ref(), &plan, period).await?;
    let entry = &known.entry;
    let found = standing(&plan, entry, at, today);
    let posted = use_context::<Posted>().unwrap_or_default();
    let visits = backend.visits(&plan, Some(id)).await?;
    let nodes = backend.nodes(&plan, Some(id)).await?;
    let leaving = backend.leaves(&plan).await?;
    let leaving = leaving.into_iter().find(|leaving| leaving.project == id && leaving.year == at.year);
    let meetings: Vec<Meeting> = backend
        .meetings(&plan)
        .await?
        .into_iter()
        .filter(|meeting| meeting.projects.iter().any(|it| it == id))
        .collect();
    let matters: Vec<Matter> =
        backend.matters(&plan).await?.into_iter().filter(|matter| matter.project == id).collect();
    let title = entry.project.name.clone();
    let place = Place { plan: &plan, year: at.year, period: Some(at), measure: measure() };
    let edit = may(&plan, Action::EnterProjects).then(|| edit(&known, &place, &posted));
    let holders = holders(entry).await?;
    let terms = officials::of_project(&backend.terms(&plan, Some(id)).await?);
    let contacts = backend.contacts(&plan, &[entry]).await?;
    let contacts = contacts.map(|contacts| contact_list(&plan, entry, &contacts, &posted));
    let project = &entry.project;
    let firm = project.firm.as_deref().map(|firm| super::firm::link((firm, project.credit_code.as_deref())));
    let firm = firm.map(|link| view! { <p>{link}</p> });
    let body = view! {
        <section class="text-page wide project">
            <h1>{title.clone()}</h1>
            <p class="subtitle">
                <a href=links::projects(&plan.id)>{format!("{} 重点项目", plan.title)}</a>
                {format!("　{}　{}　金额单位：万元", entry.project.id, at.label())}
            </p>
            {posted.error.clone().map(alert)}
            {heading(&plan, entry, &found)}
            <h2>"项目情况"</h2>
            {facts(entry, &place)}
            {firm}
            {holders}
            {terms}
            {contacts}
            <h2>"时间"</h2>
            {dates(entry)}
            <h2>"历年列入"</h2>
            {years(entry, &plan)}
            <h2>"逐月完成"</h2>
            {course(entry)}
            <h2>"节点"</h2>
            {node_list(&plan, entry, &nodes, today, &posted)}
            <h2>"事项"</h2>
            {matter_list(&plan, &matters, &meetings, today)}
            <h2>"走访"</h2>
            {visit_list(&visits)}
            {visit_form(&plan, entry, &posted)}
            {leave_view(&plan, entry, at.year, leaving.as_ref(), &posted)}
            {edit}
        </section>
    };
    Ok(Page::new(title, Menu::Projects, body))
}

fn heading(plan: &Plan, entry: &Entry, found: &Standing) -> AnyView {
    let words = found.fired.iter().map(|fired| view! { <li>{format!("{}：{}", fired.gives.name(), fired.words)}</li> });
    let words = words.collect_view();
    let level = found.level.as_ref().map(|level| format!("　{level}级项目库")).unwrap_or_default();
    let role = found.role.map_or("今年没有列入", Role::name);
    let place = format!("{}　{role}　{}{level}", unit_name(plan, &entry.project.unit), found.stage.name());
    let measure = measure();
    let course = match (found.this_year, found.planned) {
        (Some(done), Some(planned)) => format!(
            "年计划{}，完成{}（{}），序时{}；开工以来完成{}，占总投资{}。",
            measure.with_unit(planned),
            measure.with_unit(done),
            percent(found.year_completion),
            percent(found.pace),
            found.since_start.map_or_else(|| "—".to_owned(), |amount| measure.with_unit(amount)),
            percent(found.total_completion)
        ),
        (None, Some(planned)) => format!("年计划{}，还没有报送。", measure.with_unit(planned)),
        _ => "今年没有计划投资。".to_owned(),
    };
    view! {
        <p class="lead">
            <span class=lamp_class(found.lamp())>{found.lamp().name()}</span>
            {format!("　{place}")}
        </p>
        <p>{course}</p>
        <ul>{words}</ul>
    }
    .into_any()
}

/// Who holds the posts that the boxes of officials name.
async fn holders(entry: &Entry) -> Result<Option<AnyView>, PageError> {
    let own = &entry.project;
    let boxes: Vec<&String> = [&own.official, &own.unit_official].into_iter().flatten().collect();
    if boxes.is_empty() {
        return Ok(None);
    }
    let posts = backend().posts().await?;
    let held = posts.iter().filter(|held| boxes.iter().any(|text| names(text, &held.post.title)));
    let said: Vec<String> =
        held.filter_map(|held| Some(format!("{}现由{}担任", held.post.title, held.holder.as_ref()?.name))).collect();
    Ok((!said.is_empty()).then(|| view! { <p class="subtitle">{format!("{}。", said.join("；"))}</p> }.into_any()))
}

/// What is known, box by box, without what is empty.
fn facts(entry: &Entry, place: &Place<'_>) -> AnyView {
    let own = Field::ALL.into_iter().filter(|of| {
        let dated = matches!(of, Field::PlannedOf(_) | Field::ActualOf(_) | Field::Span | Field::SuspendedFor);
        !of.is_reported() && !of.is_listed() && !dated && *of != Field::Name
    });
    let rows = own.filter_map(|of| {
        let text = match of {
            Field::Total => entry.project.total.map(|amount| place.measure.with_unit(amount)).unwrap_or_default(),
            Field::Equipment => {
                entry.project.equipment.map(|amount| place.measure.with_unit(amount)).unwrap_or_default()
            }
            Field::Output => entry.project.output.map(|amount| place.measure.with_unit(amount)).unwrap_or_default(),
            of => of.text(entry, place),
        };
        (!text.is_empty()).then(|| {
            view! {
                <tr>
                    <th scope="row">{of.name()}</th>
                    <td class="said">{text}</td>
                </tr>
            }
        })
    });
    view! {
        <table class="data facts">
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn dates(entry: &Entry) -> AnyView {
    let rows = Step::ALL.into_iter().filter_map(|step| {
        let dates = entry.steps.get(&step)?;
        let words = |when: Option<domain::projects::When>| when.map_or("—".to_owned(), |when| when.words());
        Some(view! {
            <tr>
                <th scope="row">{step.name()}</th>
                <td>{words(dates.planned)}</td>
                <td>{words(dates.actual)}</td>
                <td class="said">{dates.reason.clone().unwrap_or_default()}</td>
            </tr>
        })
    });
    view! {
        {data_table(
            "时间",
            "data",
            &[("步骤", false), ("计划", false), ("实际", false), ("说明", false)],
            rows.collect_view(),
        )}
    }
    .into_any()
}

fn years(entry: &Entry, plan: &Plan) -> AnyView {
    let rows = entry.years.iter().map(|(year, listed)| {
        let place = Place { plan, year: *year, period: None, measure: measure() };
        let text = |of: Field| of.text(entry, &place);
        let came = [("入库", text(Field::Entered)), ("退库", text(Field::Left)), ("依据", text(Field::ListReason))];
        let excused = [("认可的延期理由", text(Field::Excused)), ("分月计划", text(Field::ByMonth))];
        let said: Vec<String> = came
            .into_iter()
            .chain(excused)
            .filter(|(_, text)| !text.is_empty())
            .map(|(name, text)| format!("{name}：{text}"))
            .collect();
        view! {
            <tr>
                <th scope="row">{format!("{year}年")}</th>
                <td>{listed.role.name()}</td>
                <td class="r">{money(listed.planned)}</td>
                <td class="said">{listed.milestone.clone().unwrap_or_default()}</td>
                <td class="said">{said.join("；")}</td>
            </tr>
        }
    });
    view! {
        {data_table(
            "历年列入",
            "data",
            &[
                ("年度", false),
                ("类别", false),
                ("年计划投资", true),
                ("年度形象进度目标", false),
                ("其他", false),
            ],
            rows.collect_view(),
        )}
    }
    .into_any()
}

fn course(entry: &Entry) -> AnyView {
    if entry.returns.is_empty() {
        return view! { <p class="subtitle">"还没有报送。"</p> }.into_any();
    }
    let rows = entry.returns.iter().rev().map(|(period, found)| {
        view! {
            <tr>
                <th scope="row">{format!("{}年{}月", period.year, period.month)}</th>
                <td class="r">{money(found.this_year)}</td>
                <td class="r">{money(found.since_start)}</td>
                <td class="said">{found.progress.clone()}</td>
                <td class="said">{found.problem.clone()}</td>
                <td class="said">{found.next.clone()}</td>
            </tr>
        }
    });
    view! {
        {data_table(
            "逐月完成",
            "data",
            &[
                ("月份", false),
                ("本年累计", true),
                ("开工以来", true),
                ("形象进度", false),
                ("存在问题", false),
                ("下步措施", false),
            ],
            rows.collect_view(),
        )}
    }
    .into_any()
}

/// `会诊 2021年6月10日`: where a matter comes from.
fn source(matter: &Matter, meetings: &[Meeting]) -> String {
    let number = matter.source.strip_prefix("meeting ").and_then(|number| number.parse::<i64>().ok());
    let meeting = number.and_then(|number| meetings.iter().find(|meeting| meeting.meeting == number));
    match meeting {
        Some(meeting) => format!("{}（{}）", meeting.kind, chinese_date(meeting.day)),
        None => "办公室交办".to_owned(),
    }
}

fn matter_list(plan: &Plan, matters: &[Matter], meetings: &[Meeting], today: chrono::NaiveDate) -> AnyView {
    if matters.is_empty() {
        return view! { <p class="subtitle">"没有。"</p> }.into_any();
    }
    let items = matters.iter().map(|matter| {
        let state = super::project_matters::state(matter, today);
        let owner = unit_name(plan, &matter.owner).to_owned();
        let from = source(matter, meetings);
        view! { <li class="free">{format!("{}（{}）　{owner}　{state}　来自{from}", matter.words, matter.kind)}</li> }
    });
    let to = links::projects_part(&plan.id, "matters");
    view! {
        <ul>{items.collect_view()}</ul>
        <p>
            <a href=to>"办理事项"</a>
        </p>
    }
    .into_any()
}

fn visit_list(visits: &[Visit]) -> AnyView {
    if visits.is_empty() {
        return view! { <p class="subtitle">"还没有走访记录。"</p> }.into_any();
    }
    let items = visits.iter().rev().map(|visit| {
        let promised =
            if visit.promised.is_empty() { String::new() } else { format!("；答复和承诺：{}", visit.promised) };
        let text = format!(
            "{}　{}：{}{promised}（{}由{}登记）",
            chinese_date(visit.day),
            visit.by_whom,
            visit.found,
            moment(visit.at),
            visit.actor
        );
        view! { <li class="free">{text}</li> }
    });
    view! { <ul>{items.collect_view()}</ul> }.into_any()
}

fn visit_form(plan: &Plan, entry: &Entry, posted: &Posted) -> AnyView {
    let object = Object::unit(plan.region.id(), &entry.project.unit);
    let backend = backend();
    let Some(viewer) = backend.viewer().filter(|viewer| viewer.may(Action::VisitProject, object).is_ok()) else {
        return ().into_any();
    };
    let is_back = !posted.text(field::FOUND).is_empty() || !posted.text(field::BY).is_empty();
    let today = at_shanghai(backend.now()).date_naive().to_string();
    let typed = |name: &str, start: String| if is_back { posted.text(name).to_owned() } else { start };
    let action = format!("{}/visit", links::project(&plan.id, &entry.project.id));
    view! {
        <details open=is_back>
            <summary>"登记走访"</summary>
            <form method="post" action=action class="stacked">
                <label for="visit-day">"走访日期"</label>
                <input id="visit-day" name=field::DAY value=typed(field::DAY, today) autocomplete="off" />
                <label for="visit-by">"走访人"</label>
                <input
                    id="visit-by"
                    name=field::BY
                    value=typed(field::BY, viewer.account.name.clone())
                    autocomplete="off"
                />
                <label for="visit-found">"了解到的情况（必填）"</label>
                <textarea
                    id="visit-found"
                    name=field::FOUND
                    rows="3"
                    inner_html=area(&typed(field::FOUND, String::new()))
                />
                <label for="visit-promised">"答复和承诺"</label>
                <textarea
                    id="visit-promised"
                    name=field::PROMISED
                    rows="2"
                    inner_html=area(&typed(field::PROMISED, String::new()))
                />
                <button type="submit">"登记"</button>
            </form>
        </details>
    }
    .into_any()
}

fn edit(known: &KnownProject, place: &Place<'_>, posted: &Posted) -> AnyView {
    let is_back = posted.get(&format!("{}{}", field::BOX, Field::Name.id())).is_some();
    let own = &known.entry.project;
    let action = format!("{}?period={}", links::project(&place.plan.id, &own.id), period_text(place.period));
    let seen = if is_back { posted.text(field::SEEN).to_owned() } else { known.seq.to_string() };
    view! {
        <details open=is_back>
            <summary>{format!("修改（{}年）", place.year)}</summary>
            <form method="post" action=action class="stacked">
                <input type="hidden" name=field::SEEN value=seen />
                {boxes(&known.entry, place, posted)}
                <label for="edit-reason">"修改的理由（必填）"</label>
                <textarea id="edit-reason" name=field::REASON rows="2" inner_html=area(posted.text(field::REASON)) />
                <button type="submit">"保存修改"</button>
            </form>
        </details>
    }
    .into_any()
}

fn period_text(period: Option<Period>) -> String {
    period.map(|period| period.to_string()).unwrap_or_default()
}

/// Every box of a project, by what it is about.
fn boxes(entry: &Entry, place: &Place<'_>, posted: &Posted) -> AnyView {
    let group = |title: &'static str, of: fn(&Field) -> bool| {
        let own = Field::ALL
            .into_iter()
            .filter(|field| !field.is_reported() && !matches!(field, Field::Id | Field::Span) && of(field));
        let own = own.map(|of| one_box(of, entry, place, posted)).collect_view();
        view! {
            <fieldset>
                <legend>{title}</legend>
                {own}
            </fieldset>
        }
    };
    let dated = |of: &Field| matches!(of, Field::PlannedOf(_) | Field::ActualOf(_) | Field::SuspendedFor);
    view! {
        {group(
            "项目",
            |of| { !of.is_listed() && !matches!(of, Field::PlannedOf(_) | Field::ActualOf(_) | Field::SuspendedFor) },
        )}
        {group("年度", |of| of.is_listed())}
        {group("时间", dated)}
    }
    .into_any()
}

fn one_box(of: Field, entry: &Entry, place: &Place<'_>, posted: &Posted) -> AnyView {
    let name = format!("{}{}", field::BOX, of.id());
    let id = format!("box-{}", of.id());
    let text = posted.get(&name).map_or_else(|| of.text(entry, place), str::to_owned);
    let hint = match of {
        Field::PlannedOf(_) | Field::ActualOf(_) | Field::Entered | Field::Left => "写 2021-06 或 2021年6月15日",
        Field::ByMonth => "3月 100；6月 250（各月末累计，万元）",
        Field::Official | Field::UnitOfficial => "姓名，或岗位名称（换人后跟着岗位走）",
        Field::CreditCode => "18位",
        Field::Code => "2108-350181-04-02-123458",
        Field::Labels | Field::Successors => "几个之间用顿号",
        _ => "",
    };
    let options = |all: Vec<(String, String)>, chosen: &str| {
        let options = all.into_iter().map(|(id, name)| {
            let is = id == chosen || name == chosen;
            view! {
                <option value=name.clone() selected=is>
                    {name.clone()}
                </option>
            }
        });
        options.collect_view()
    };
    let own = match of {
        Field::Unit => view! {
            <select id=id.clone() name=name>
                {options(units(place.plan), &text)}
            </select>
        }
        .into_any(),
        Field::Role => {
            let all = Role::ALL.map(|role| (role.id().to_owned(), role.name().to_owned())).to_vec();
            view! {
                <select id=id.clone() name=name>
                    {options(all, &text)}
                </select>
            }
            .into_any()
        }
        Field::Content | Field::Milestone | Field::ListReason | Field::Excused => {
            view! { <textarea id=id.clone() name=name rows="2" inner_html=area(&text) /> }.into_any()
        }
        _ => view! { <input id=id.clone() name=name value=text autocomplete="off" placeholder=hint /> }.into_any(),
    };
    let unit = if of.is_money() { "（万元）" } else { "" };
    view! {
        <label for=id.clone()>{format!("{}{unit}", of.name())}</label>
        {own}
    }
    .into_any()
}
