//! `/rosters/{plan}`: the leading groups, task forces and offices of a plan with whoever stands in each seat on a day,
//! who was there before, and the office's forms for successions.

use chrono::NaiveDate;
use domain::calendar::{at_shanghai, chinese_date, moment};
use domain::plan::Plan;
use domain::plan::body::Body;
use domain::projects::field::unit_name;
use domain::rights::{Action, Object};
use domain::roster::{Act, Holder, Seat, Step, all, answering, without_seat};
use leptos::prelude::*;
use office::commands::roster::{field, others};
use office::posted::Posted;

use super::funds::day_of;
use super::policies::plain_box;
use super::{param, query};
use crate::backend::backend;
use crate::parts::{Menu, Page, PageError, alert, data_table, day_chooser, downloads, links, page};

/// The day that the address asks for.
const ON: &str = "on";

#[component]
pub(crate) fn Rosters() -> impl IntoView {
    let (plan, on) = (param("plan"), query(ON));
    let (body, seat) = (query(field::BODY), query(field::SEAT));
    page(async move { load(&plan, on.as_deref(), body.zip(seat)).await })
}

/// What all parts of the page know.
struct Scene<'p> {
    plan: &'p Plan,
    known: Vec<(&'p Body, Vec<Seat>)>,
    posted: Posted,
    today: NaiveDate,
    /// The day that is shown.
    on: NaiveDate,
    keeps: bool,
}

fn keeps(plan: &Plan) -> bool {
    let office = Object::office(plan.region.id());
    backend().viewer().is_some_and(|viewer| viewer.may(Action::KeepRosters, office).is_ok())
}

async fn load(plan: &str, on: Option<&str>, chosen: Option<(String, String)>) -> Result<Page, PageError> {
    let backend = backend();
    let version = backend.plan_versions(plan).await?.pop().ok_or_else(|| PageError::no_plan(plan))?;
    let plan = &version.plan;
    if plan.policies.bodies.is_empty() {
        let sentence = "这个计划没有机构名单。";
        return Err(PageError::not_found(sentence).with_link("计划", links::plan(&plan.id)));
    }
    let today = at_shanghai(backend.now()).date_naive();
    let on = day_of(on, today).map_err(|sentence| {
        PageError::bad_request(format!("{sentence}。")).with_link("机构名单", links::rosters(&plan.id))
    })?;
    let steps = backend.body_steps(plan).await?;
    let posted = use_context::<Posted>().unwrap_or_default();
    let scene = Scene { plan, known: all(plan, &steps), posted, today, on, keeps: keeps(plan) };
    let title = "机构名单".to_owned();
    let files = downloads(&format!("/export/rosters/{}", plan.id), &format!("?{ON}={on}"));
    let bodies = scene.known.iter().map(|(body, seats)| section(&scene, body, seats)).collect_view();
    let form = chosen.filter(|_| scene.keeps).and_then(|(body, seat)| forms(&scene, &body, &seat));
    let gone = scene.keeps.then(|| gone(plan, &steps));
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">
                <a href=links::plan(&plan.id)>{plan.title.clone()}</a>
            </p>
            {scene.posted.error.clone().map(alert)}
            {day_chooser(links::rosters(&plan.id), "哪一天的成员", ON, on)}
            <p class="not-printed">{files}</p>
            {form}
            {bodies}
            {gone}
        </section>
    };
    Ok(Page::new(title, Menu::Plans, body))
}

fn section(scene: &Scene<'_>, body: &Body, seats: &[Seat]) -> AnyView {
    let clause = body.clause.as_ref().map(|clause| format!("（{clause}）")).unwrap_or_default();
    let quote = body.quote.as_ref().map(|quote| view! { <p class="quote">{format!("“{quote}”{clause}")}</p> });
    let duties = body.duties.as_ref().map(|duties| view! { <p>{format!("职责：{duties}")}</p> });
    let open = domain::plan::check::check(scene.plan).into_iter();
    let open = open.filter(|finding| finding.numbers.get("body") == Some(&body.id));
    let open = open.map(|finding| view! { <p class="notes">{format!("{}。", finding.message)}</p> }).collect_view();
    view! {
        <section id=format!("body-{}", body.id)>
            <h2>{body.title.clone()}</h2>
            {quote}
            {duties}
            {(!seats.is_empty()).then(|| members(scene, body, seats))}
            {open}
        </section>
    }
    .into_any()
}

fn members(scene: &Scene<'_>, body: &Body, seats: &[Seat]) -> AnyView {
    let has_units = seats.iter().any(|seat| seat.unit.is_some());
    let rows = seats.iter().map(|seat| row(scene, body, seat, has_units)).collect_view();
    let heads = [
        Some(("身份", false)),
        has_units.then_some(("负责的单位", false)),
        Some(("姓名", false)),
        Some(("职务", false)),
        Some(("自", false)),
        Some(("前任", false)),
        scene.keeps.then_some(("登记", false)),
    ];
    let heads: Vec<(&str, bool)> = heads.into_iter().flatten().collect();
    data_table("成员", "data stack", &heads, rows)
}

fn row(scene: &Scene<'_>, body: &Body, seat: &Seat, has_units: bool) -> AnyView {
    let holder = seat.on(scene.on);
    let name = if holder.is_vacant() { Some("（空缺）".to_owned()) } else { holder.name.clone() };
    let unit = has_units.then(|| {
        let name = seat.unit.as_deref().map(|unit| unit_name(scene.plan, unit).to_owned());
        view! { <td data-name="负责的单位">{name}</td> }
    });
    let before = seat.before(scene.on).map(|(holder, until)| view! { <div>{past(holder, until)}</div> });
    let change = scene.keeps.then(|| {
        let at = format!(
            "{}?{}={}&{}={}#change",
            links::rosters(&scene.plan.id),
            field::BODY,
            links::encode(&body.id),
            field::SEAT,
            links::encode(&seat.key)
        );
        let label = format!("{}{}的变动", seat.role, holder.text());
        view! {
            <td class="not-printed">
                <a href=at aria-label=label>
                    "变动"
                </a>
            </td>
        }
    });
    view! {
        <tr>
            <th scope="row">{seat.role.clone()}</th>
            {unit}
            <td data-name="姓名">{name}</td>
            <td data-name="职务">{holder.title.clone()}</td>
            <td data-name="自">{since(holder)}</td>
            <td data-name="前任" class="said">
                {before.collect_view()}
            </td>
            {change}
        </tr>
    }
    .into_any()
}

/// Since when, and what says so.
fn since(holder: &Holder) -> String {
    match holder.since {
        None => "文件印发时".to_owned(),
        Some(day) => format!("{}（{}）", chinese_date(day), holder.words),
    }
}

/// 林中麟，市政府副市长，至2021年6月1日.
fn past(holder: &Holder, until: Option<NaiveDate>) -> String {
    let until = until.map(|day| format!("，至{}", chinese_date(day))).unwrap_or_default();
    format!("{}{until}", holder.text())
}

/// The forms of one seat: who takes it over, that it is vacant, that the last entry was wrong.
fn forms(scene: &Scene<'_>, body: &str, seat: &str) -> Option<AnyView> {
    let (of, seats) = scene.known.iter().find(|(of, _)| of.id == body)?;
    let seat = seats.iter().find(|known| known.key == seat)?;
    let last = seat.last();
    let unit = seat.unit.as_deref().map(|unit| format!("（{}）", unit_name(scene.plan, unit))).unwrap_or_default();
    let heading = format!("{}：{}{unit}", of.title, seat.role);
    let noted = last.by.as_ref().map(|(actor, at)| format!("　{}{actor}登记，{}", moment(*at), last.words));
    let usual = last.title.clone().unwrap_or_default();
    let take = view! {
        <form method="post" action=links::rosters(&scene.plan.id) class="stacked" autocomplete="off">
            {hidden(of, seat, Act::Take)}
            {plain_box(field::NAME, "接任的人", &scene.typed(Act::Take, field::NAME, ""))}
            {plain_box(field::TITLE, "职务", &scene.typed(Act::Take, field::TITLE, &usual))}
            {day_box(scene, Act::Take, "自哪一天起")}
            {words_box(scene, Act::Take)}
            {also(scene, of, seat, Act::Take)}
            <button type="submit">{Act::Take.name()}</button>
        </form>
    };
    let vacate = (!last.is_vacant()).then(|| {
        let more = view! {
            {day_box(scene, Act::Vacate, "自哪一天起空缺")}
            {words_box(scene, Act::Vacate)}
            {also(scene, of, seat, Act::Vacate)}
        };
        folded(scene, of, seat, Act::Vacate, more.into_any())
    });
    let withdraw = last.by.is_some().then(|| {
        let more = words_box(scene, Act::Withdraw);
        folded(scene, of, seat, Act::Withdraw, more)
    });
    Some(
        view! {
            <section id="change" class="not-printed">
                <h2>{heading}</h2>
                <p class="subtitle">{format!("现在是{}，{}。", last.text(), since_when(last))} {noted}</p>
                {take}
                {vacate}
                {withdraw}
                <p>
                    <a class="button second" href=format!("{}#body-{}", links::rosters(&scene.plan.id), of.id)>
                        "不登记，回名单"
                    </a>
                </p>
            </section>
        }
        .into_any(),
    )
}

fn since_when(holder: &Holder) -> String {
    holder.since.map_or("文件印发时就是".to_owned(), |day| format!("自{}起", chinese_date(day)))
}

fn hidden(body: &Body, seat: &Seat, act: Act) -> AnyView {
    view! {
        <input type="hidden" name=field::BODY value=body.id.clone() />
        <input type="hidden" name=field::SEAT value=seat.key.clone() />
        <input type="hidden" name=field::ACT value=act.id() />
        <input type="hidden" name=field::SEEN value=seat.version.to_string() />
    }
    .into_any()
}

fn day_box(scene: &Scene<'_>, act: Act, label: &str) -> AnyView {
    plain_box(field::SINCE, label, &scene.typed(act, field::SINCE, &scene.today.to_string()))
}

fn words_box(scene: &Scene<'_>, act: Act) -> AnyView {
    let label =
        if act == Act::Withdraw { "撤销的理由（必填）" } else { "依据（文件或理由，必填）" };
    plain_box(field::WORDS, label, &scene.typed(act, field::WORDS, ""))
}

fn folded(scene: &Scene<'_>, body: &Body, seat: &Seat, act: Act, more: AnyView) -> AnyView {
    view! {
        <details open=scene.is_back(act)>
            <summary>{act.name()}</summary>
            <form method="post" action=links::rosters(&scene.plan.id) class="stacked" autocomplete="off">
                {hidden(body, seat, act)}
                {more}
                <button type="submit" class="second">
                    {act.name()}
                </button>
            </form>
        </details>
    }
    .into_any()
}

/// Whether the other seats of the same person go the same way, where he has others.
fn also(scene: &Scene<'_>, body: &Body, seat: &Seat, act: Act) -> Option<AnyView> {
    let found = others(&scene.known, &body.id, seat);
    if found.is_empty() {
        return None;
    }
    let names: Vec<String> = found.iter().map(|(body, seat)| format!("{}{}", body.title, seat.role)).collect();
    let name = seat.last().name.clone().unwrap_or_default();
    let ticked = !scene.is_back(act) || !scene.posted.text(field::ALSO).is_empty();
    Some(
        view! {
            <label class="tick">
                <input type="checkbox" name=field::ALSO value="1" checked=ticked />
                {format!("{name}的其他席位也一样：{}", names.join("、"))}
            </label>
        }
        .into_any(),
    )
}

impl Scene<'_> {
    /// What was typed into a form that came back.
    fn typed(&self, act: Act, name: &str, usual: &str) -> String {
        if self.is_back(act) { self.posted.text(name).to_owned() } else { usual.to_owned() }
    }

    fn is_back(&self, act: Act) -> bool {
        self.posted.text(field::ACT) == act.id()
    }
}

/// What was recorded of seats that a later version of the plan names otherwise.
fn gone(plan: &Plan, steps: &[Step]) -> Option<AnyView> {
    let found = without_seat(plan, steps);
    let lines = found.iter().map(|step| {
        let since = step.since.map(|day| format!("{}起", chinese_date(day))).unwrap_or_default();
        let holder = Holder { name: step.name.clone(), title: step.title.clone(), ..Holder::default() };
        let who = if step.act == Act::Withdraw { "撤销".to_owned() } else { holder.text() };
        view! { <li>{format!("{}　{since}{who}，{}，{}登记", step.seat, step.words, step.actor)}</li> }
    });
    let lines = lines.collect_view();
    (!found.is_empty()).then(|| {
        view! {
            <h2>"现行计划里没有的席位"</h2>
            <p class="subtitle">"计划修订时改了这些成员的写法，变动请对着新的席位重新登记。"</p>
            <ul>{lines}</ul>
        }
        .into_any()
    })
}

/// Who answers for a unit today, for its own page; nothing where nobody does.
pub(super) async fn of_unit(plan: &Plan, unit: &str) -> Result<Option<AnyView>, PageError> {
    if plan.policies.bodies.is_empty() {
        return Ok(None);
    }
    let backend = backend();
    let steps = backend.body_steps(plan).await?;
    let found = answering(plan, &steps, unit, at_shanghai(backend.now()).date_naive());
    if found.is_empty() {
        return Ok(None);
    }
    let rows = found.into_iter().map(|(body, role, holder)| {
        let at = format!("{}#body-{}", links::rosters(&plan.id), body.id);
        let name = if holder.is_vacant() { Some("（空缺）".to_owned()) } else { holder.name.clone() };
        view! {
            <tr>
                <th scope="row">{role}</th>
                <td data-name="姓名">{name}</td>
                <td data-name="职务">{holder.title}</td>
                <td data-name="机构">
                    <a href=at>{body.title.clone()}</a>
                </td>
            </tr>
        }
    });
    let heads = [("身份", false), ("姓名", false), ("职务", false), ("机构", false)];
    Ok(Some(
        view! {
            <h2>"谁负责"</h2>
            {data_table("谁负责", "data stack", &heads, rows.collect_view())}
        }
        .into_any(),
    ))
}
