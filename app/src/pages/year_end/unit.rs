//! One unit at the year's end: its self-assessment beside the office's verification.

use domain::entry::is_percent;
use domain::evidence::Subject;
use domain::money::Amount;
use domain::month::Period;
use domain::plan::{Assessment, ComponentFrom, Goal, Plan};
use domain::returns::Figure;
use domain::rights::{Action, Object};
use domain::workflow::State;
use domain::year_end::{Stated, YearEndFigure, newest, self_assessment_days};
use leptos::prelude::*;

use super::scope::{address, reported_name, scope, unit_address};
use crate::backend::backend;
use crate::load::{facts, unknown_region};
use crate::pages::evidence::section;
use crate::pages::{param, query};
use crate::parts::{Menu, Page, PageError, alert, area, page};
use domain::calendar::moment;
use office::commands::year_end::field;
use office::commands::year_end::{gate_name, share_name};
use office::facts::YearEnd;
use office::posted::Posted;

#[component]
pub(crate) fn UnitYearEnd() -> impl IntoView {
    let (plan, region, goal, year) = (param("plan"), param("region"), query("goal"), query("year"));
    page(async move { load(&plan, &region, goal.as_deref(), year.as_deref()).await })
}

/// The parts of the score that are entered at the year's end.
pub(crate) fn entered(assessment: &Assessment) -> impl Iterator<Item = (usize, &str)> {
    let parts = assessment.components.iter().enumerate().filter(|(_, part)| part.from == ComponentFrom::Entered);
    parts.map(|(index, part)| (index, part.name.as_str()))
}

async fn load(plan: &str, region: &str, goal: Option<&str>, year: Option<&str>) -> Result<Page, PageError> {
    let backend = backend();
    let facts = facts(&backend, plan).await?;
    let plan = &facts.version.plan;
    let posted = use_context::<Posted>().unwrap_or_default();
    let (goal, assessment, year) = scope(plan, goal.or(posted.get(field::GOAL)), year.or(posted.get(field::YEAR)))?;
    let split = goal.split(region).ok_or_else(|| unknown_region(plan, region))?;
    let object = Object::of_unit(plan.region.id(), region, State::Approved);
    let may = |action: Action| backend.viewer().is_some_and(|viewer| viewer.may(action, object).is_ok());
    if !may(Action::ReadReturn) {
        return Err(PageError::not_found("没有这个单位的年终自评，或它不属于您的单位。"));
    }
    let year_end = backend.year_end(plan, &goal.id, year).await?;
    let reported = domain::standing::ranking_figures(plan, goal, &facts.figures)
        .get(&goal.id, Period { year, month: 12 }, region)
        .cloned()
        .unwrap_or_default();
    let title = format!("{}{year}年{}自评和核验", split.name, goal.name);
    let error = posted.error.clone().map(alert);
    let closed = year_end.closed().is_some();
    let amount = |amount: Option<Amount>| amount.map_or("—".to_owned(), |amount| goal.measure.plain(amount));
    let growth = |rate: Option<domain::rate::Rate>| {
        rate.map_or("—".to_owned(), |rate| format!("{}%", rate.percent_on_page(2)))
    };
    let (own, verified) =
        (newest(&year_end.stated, region, Stated::Own), newest(&year_end.stated, region, Stated::Verified));
    let column = |figure: Option<&YearEndFigure>| {
        let when = figure.map_or("还没有填".to_owned(), |figure| format!("{}　{}", figure.by, moment(figure.at)));
        view! {
            <td class="r" data-name="全年">
                {amount(figure.and_then(|figure| figure.value))}
            </td>
            <td class="r" data-name="上年">
                {amount(figure.and_then(|figure| figure.base))}
            </td>
            <td class="r" data-name="增幅">
                {growth(figure.and_then(YearEndFigure::growth))}
            </td>
            <td>{shares(assessment, figure)}</td>
            <td class="free">{figure.map(|figure| figure.remark.clone())}</td>
            <td>{when}</td>
        }
    };
    let now = domain::calendar::at_shanghai(backend.now()).date_naive();
    let days = self_assessment_days(assessment.self_assessment_by, year);
    let term = days.map(|(from, to)| {
        format!("自评时间：{}至{}。", domain::calendar::chinese_date(from), domain::calendar::chinese_date(to))
    });
    let verification = assessment.verification_in.map(|month| format!("核验时间：{}年{month}月。", year + 1));
    let in_term = days.is_some_and(|(from, to)| from <= now && now <= to);
    let after_year = days.is_some_and(|(from, _)| from <= now);
    let own_form = (may(Action::AssessSelf) && in_term && !closed)
        .then(|| form(plan, goal, assessment, year, region, Stated::Own, own, &reported, &posted));
    let start = own.or(verified);
    let office_form = (may(Action::Verify) && after_year && !closed).then(|| {
        let start = verified.or(start);
        form(plan, goal, assessment, year, region, Stated::Verified, start, &reported, &posted)
    });
    let sign = own.map(|own| {
        let said = match year_end.signed(region) {
            Some(sign) => format!("自评（第{}次）已由{}于{}签核。", own.version, sign.actor, moment(sign.at)),
            None => format!("自评（第{}次）还没有经县级审核人签核。", own.version),
        };
        let open = may(Action::SignAssessment) && !closed && year_end.signed(region).is_none();
        let button = open.then(|| {
            view! {
                <form method="post" action=unit_address(&plan.id, &goal.id, year, region) class="step">
                    <input type="hidden" name=field::KIND value="sign" />
                    <input type="hidden" name=field::GOAL value=goal.id.clone() />
                    <input type="hidden" name=field::YEAR value=year.to_string() />
                    <input type="hidden" name=field::SEEN value=own.version.to_string() />
                    <button type="submit">"签核自评"</button>
                </form>
            }
        });
        view! {
            <p>{said}</p>
            {button}
        }
    });
    let subject = Subject::SelfAssessment { goal: goal.id.clone(), year };
    let evidence = section(plan, subject, region, None, "自评的证明材料").await?;
    let seen_own = own.map_or(0, |figure| figure.version);
    let seen_verified = verified.map_or(0, |figure| figure.version);
    let own_form = own_form.map(|form| form(seen_own));
    let office_form = office_form.map(|form| form(seen_verified));
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">{format!("{} {}", plan.citation(), assessment.clause.clone().unwrap_or_default())}</p>
            <p>{term}{verification}</p>
            {error}
            <div class="scroll" tabindex="0" role="group" aria-label="表格">
                <table class="data stack">
                    <thead>
                        <tr>
                            <th scope="col" />
                            <th scope="col" class="r">
                                {format!("全年（{}）", goal.measure.unit)}
                            </th>
                            <th scope="col" class="r">
                                "上年"
                            </th>
                            <th scope="col" class="r">
                                "增幅"
                            </th>
                            <th scope="col">"分项"</th>
                            <th scope="col">"意见"</th>
                            <th scope="col">"经手"</th>
                        </tr>
                    </thead>
                    <tbody>
                        <tr>
                            <th scope="row">{reported_name(assessment)}</th>
                            <td class="r" data-name="全年">
                                {amount(reported.value)}
                            </td>
                            <td class="r" data-name="上年">
                                {amount(reported.base)}
                            </td>
                            <td class="r" data-name="增幅">
                                {growth(reported.growth())}
                            </td>
                            <td />
                            <td />
                            <td>{reported.source.by.as_deref().map(str::to_owned)}</td>
                        </tr>
                        <tr>
                            <th scope="row">"自评"</th>
                            {column(own)}
                        </tr>
                        <tr class="chosen">
                            <th scope="row">"核验（计分用）"</th>
                            {column(verified)}
                        </tr>
                    </tbody>
                </table>
            </div>
            {versions(&year_end, &goal.measure, region)}
            {sign}
            {evidence}
            {own_form}
            {office_form}
            <p class="after">
                <a href=address(&plan.id, &goal.id, year)>"年终考核"</a>
                "　"
                <a href=format!("/assess/{}/objections", plan.id)>"异议"</a>
            </p>
        </section>
    };
    Ok(Page::new(title, Menu::Assess, body))
}

fn shares(assessment: &Assessment, figure: Option<&YearEndFigure>) -> String {
    let each = figure.map(|figure| figure.shares.as_slice()).unwrap_or_default();
    let gates = assessment.entered_gates();
    let said = |(name, share): &(String, domain::rate::Rate)| match gates.contains(&name.as_str()) {
        true if *share == domain::rate::Rate::ZERO => format!("{name}：没有"),
        true => format!("{name}：有"),
        false => format!("{name} {}%", share.percent_as_written()),
    };
    each.iter().map(said).collect::<Vec<_>>().join("，")
}

/// Earlier versions stay to be seen.
fn versions(year_end: &YearEnd, measure: &domain::money::Measure, region: &str) -> Option<AnyView> {
    let own: Vec<&YearEndFigure> = year_end.stated.iter().filter(|figure| figure.region == region).collect();
    if own.len() < 2 {
        return None;
    }
    let items = own.iter().map(|figure| {
        let value = figure.value.map_or("—".to_owned(), |value| format!("{}{}", measure.plain(value), measure.unit));
        let remark = if figure.remark.is_empty() { String::new() } else { format!("；{}", figure.remark) };
        let text = format!(
            "{}第{}次：{value}，{}　{}{remark}",
            figure.stated.name(),
            figure.version,
            figure.by,
            moment(figure.at)
        );
        view! { <li class="free">{text}</li> }
    });
    let items = items.collect_view();
    Some(
        view! {
            <details>
                <summary>"历次填报"</summary>
                <ul class="plain">{items}</ul>
            </details>
        }
        .into_any(),
    )
}

/// The form for one who states; the version it rests on is filled in last.
#[expect(clippy::too_many_arguments, reason = "a form needs what it shows")]
fn form<'f>(
    plan: &'f Plan,
    goal: &'f Goal,
    assessment: &'f Assessment,
    year: i32,
    region: &'f str,
    stated: Stated,
    start: Option<&'f YearEndFigure>,
    reported: &'f Figure,
    posted: &'f Posted,
) -> impl FnOnce(u32) -> AnyView + 'f {
    move |seen| {
        // What was typed into the other form is not this one's.
        let mine = posted.text(field::KIND) == stated.id();
        let typed = |name: &str, known: String| if mine { posted.text(name).to_owned() } else { known };
        let plain = |amount: Option<Amount>| amount.map(|amount| goal.measure.plain(amount)).unwrap_or_default();
        let value = typed(field::VALUE, plain(start.map_or(reported.value, |figure| figure.value)));
        let base = typed(field::BASE, plain(start.map_or(reported.base, |figure| figure.base)));
        let growth = start
            .map_or(reported.published_growth, |figure| figure.published_growth)
            .map(|rate| rate.percent_as_written())
            .unwrap_or_default();
        let growth = typed(field::GROWTH, growth);
        let percent = is_percent(goal);
        let parts = entered(assessment).map(|(index, name)| {
            let known = start
                .and_then(|figure| figure.shares.iter().find(|(of, _)| of == name))
                .map(|(_, share)| share.percent_as_written());
            let text = typed(&share_name(index), known.unwrap_or_default());
            view! {
                <label>
                    {format!("{name}（%，满分为100）")}
                    <input type="text" name=share_name(index) value=text inputmode="decimal" class="num-in" />
                </label>
            }
        });
        let parts = parts.collect_view();
        let gates = assessment.entered_gates().into_iter().enumerate().map(|(index, name)| {
            let known = start.and_then(|figure| figure.shares.iter().find(|(of, _)| of == name));
            let known = known.map_or("", |(_, share)| if *share == domain::rate::Rate::ZERO { "no" } else { "yes" });
            let now = typed(&gate_name(index), known.to_owned());
            let options =
                [("", "请选择"), ("no", "没有"), ("yes", "有（意见里写明认定的文件）")].map(|(value, text)| {
                    view! {
                        <option value=value selected=value == now>
                            {text}
                        </option>
                    }
                });
            view! {
                <label>
                    {format!("{name}（一票否决）")}
                    <select name=gate_name(index)>{options.into_iter().collect_view()}</select>
                </label>
            }
        });
        let gates = gates.collect_view();
        let (heading, remark_label, button) = match stated {
            Stated::Own => ("自评", "自评说明（措施、依据）", "提交自评"),
            Stated::Verified => ("核验", "核验意见（与报送不同的必填）", "记录核验"),
        };
        let remark = typed(field::REMARK, String::new());
        let unit = goal.measure.unit.clone();
        let id = |name: &str| format!("{}-{name}", stated.id());
        let amounts = (!percent).then(|| {
            view! {
                <label for=id("value")>{format!("全年（{unit}）")}</label>
                <input id=id("value") name=field::VALUE type="text" class="num-in" inputmode="decimal" value=value />
                <label for=id("base")>{format!("上年（{unit}）")}</label>
                <input id=id("base") name=field::BASE type="text" class="num-in" inputmode="decimal" value=base />
            }
        });
        view! {
            <h2>{heading}</h2>
            <form
                method="post"
                action=unit_address(&plan.id, &goal.id, year, region)
                class="stacked"
                autocomplete="off"
            >
                <input type="hidden" name=field::KIND value=stated.id() />
                <input type="hidden" name=field::GOAL value=goal.id.clone() />
                <input type="hidden" name=field::YEAR value=year.to_string() />
                <input type="hidden" name=field::SEEN value=seen.to_string() />
                {amounts}
                <label for=id("growth")>"公布增幅（%，没有不填）"</label>
                <input id=id("growth") name=field::GROWTH type="text" class="num-in" inputmode="decimal" value=growth />
                {parts}
                {gates}
                <label for=id("remark")>{remark_label}</label>
                <textarea id=id("remark") name=field::REMARK rows="3" inner_html=area(&remark) />
                <button type="submit">{button}</button>
            </form>
        }
        .into_any()
    }
}
