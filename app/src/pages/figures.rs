//! `/review/{plan}/{period}/figures?goal=`: the statistics bureau's figures beside the counties', and the stated total.

use domain::bulletin::words;
use domain::entry::is_percent;
use domain::month::Period;
use domain::plan::{Goal, Plan, RanksFrom};
use domain::returns::{BureauFigure, Figure, Figures};
use domain::rights::{Action, Object};
use leptos::prelude::*;

use super::{param, query, review};
use crate::backend::backend;
use crate::load::period_of;
use crate::parts::{Menu, Page, PageError, alert, links, page};
use domain::calendar::moment;
use office::commands::bureau::{box_name, field};
use office::posted::Posted;

#[component]
pub(crate) fn BureauFigures() -> impl IntoView {
    let (plan, period, goal) = (param("plan"), param("period"), query("goal"));
    page(async move {
        let version = review::own_plan(&plan).await?;
        let period = period_of(&version.plan, &period)?;
        let plan = &version.plan;
        let posted = use_context::<Posted>().unwrap_or_default();
        let goal =
            goal.as_deref().or(posted.get(field::GOAL)).and_then(|id| plan.goal(id)).unwrap_or(plan.default_goal());
        let figures = backend().facts(&plan.id).await?.map(|facts| facts.figures).unwrap_or_default();
        // A total that was taken back leaves its revisions.
        let revisions = backend().revisions(&plan.id, plan.region.id()).await?;
        let last = revisions.iter().rev().find(|revision| revision.goal == goal.id && revision.period == period);
        let total_revision = last.map_or(0, |revision| revision.figure.source.revision);
        Ok::<_, PageError>(shown(plan, period, goal, &figures, total_revision, &posted))
    })
}

fn shown(plan: &Plan, period: Period, goal: &Goal, figures: &Figures, total_revision: u32, posted: &Posted) -> Page {
    let title = format!("{}{}：统计部门数和总数", period.label(), goal.name);
    let at = format!("{}/figures", links::review(&plan.id, &period.into()));
    let others = plan
        .goals
        .iter()
        .filter(|other| other.id != goal.id && (!other.splits.is_empty() || other.reference().is_some()))
        .map(|other| {
            view! {
                <a href=format!("{at}?goal={}", other.id)>{other.name.clone()}</a>
                "　"
            }
        });
    let others: Vec<_> = others.collect();
    let others = (!others.is_empty()).then(|| view! { <p class="subtitle">"其他指标："{others}</p> });
    let error = posted.error.clone().map(alert);
    let saved = match (query("saved").as_deref(), query("total").as_deref()) {
        (Some("0"), _) | (_, Some("same")) => Some("没有改动。".to_owned()),
        (Some(count), _) => Some(format!("已登记 {count} 个单位的统计部门数。")),
        (None, Some(_)) => Some("总数已保存。".to_owned()),
        (None, None) => None,
    };
    let saved = saved.map(|sentence| {
        view! {
            <p class="notice" role="status">
                {sentence}
            </p>
        }
    });
    let ranks = match plan.assessment(&goal.id).map(|assessment| assessment.ranks_from) {
        Some(RanksFrom::Bureau) => {
            "本计划规定按统计部门的数排位；还没有统计部门数的单位，暂按单位报的数，并在通报里注明。"
        }
        Some(RanksFrom::County) => "本计划按单位报的数排位；统计部门数只作对照。",
        None => "这项指标不考核；统计部门数只作对照。",
    };
    let own = plan.region.id();
    let rows: Vec<AnyView> = std::iter::once((own.to_owned(), plan.region.name.clone(), false))
        .chain(goal.splits.iter().map(|split| (split.region.clone(), split.name.clone(), split.within.is_some())))
        .chain(goal.reference().map(|(region, words)| (region, format!("比较对象：{words}"), false)))
        .map(|(region, name, nested)| {
            let county = figures.get(&goal.id, period, &region);
            row(goal, &region, name, nested, county, figures.bureau_record(&goal.id, period, &region), posted)
        })
        .collect();
    let may = backend().viewer().is_some_and(|viewer| viewer.may(Action::RecordFigures, Object::office(own)).is_ok());
    let recorded = (plan.region.id(), &goal.splits);
    let reference = goal.reference().map(|(region, _)| region);
    let known = std::iter::once(recorded.0).chain(recorded.1.iter().map(|split| split.region.as_str()));
    let known = known.chain(reference.as_deref());
    let newest = known
        .filter_map(|region| figures.bureau(&goal.id, period, region))
        .max_by_key(|figure| figure.recorded_at)
        .cloned();
    let buttons = may.then(|| recording(posted, newest.as_ref()));
    let total = may.then(|| total_form(plan, goal, figures.get(&goal.id, period, own), total_revision, &at, posted));
    let unit = if is_percent(goal) { "%" } else { goal.measure.unit.as_str() };
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <p class="subtitle">{plan.title.clone()}</p>
            {others}
            {error}
            {saved}
            <p>{ranks}</p>
            <form method="post" action=at.clone() class="bureau" autocomplete="off">
                <input type="hidden" name=field::KIND value="bureau" />
                <input type="hidden" name=field::GOAL value=goal.id.clone() />
                <div class="scroll">
                    <table class="data entry-table">
                        <thead>
                            <tr>
                                <th scope="col" rowspan="2">
                                    {format!("单位（{unit}）")}
                                </th>
                                <th scope="colgroup" colspan="3">
                                    "单位报的"
                                </th>
                                <th scope="colgroup" colspan="3">
                                    "统计部门的"
                                </th>
                                <th scope="col" rowspan="2">
                                    "相差"
                                </th>
                            </tr>
                            <tr>
                                <th scope="col" class="r">
                                    "累计"
                                </th>
                                <th scope="col" class="r">
                                    "去年同期"
                                </th>
                                <th scope="col" class="r">
                                    "增幅"
                                </th>
                                <th scope="col">"累计"</th>
                                <th scope="col">"去年同期"</th>
                                <th scope="col">"公布增幅（%）"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                {buttons}
            </form>
            {total}
            <p class="after">
                <a href=links::review(&plan.id, &period.into())>"回到报送情况"</a>
            </p>
        </section>
    };
    Page::new(title, Menu::Review, body)
}

fn row(
    goal: &Goal,
    region: &str,
    name: String,
    nested: bool,
    county: Option<&Figure>,
    bureau: Option<&BureauFigure>,
    posted: &Posted,
) -> AnyView {
    let measure = &goal.measure;
    let plain = |amount: Option<domain::money::Amount>| amount.map(|amount| measure.plain(amount)).unwrap_or_default();
    let dash = |text: String| if text.is_empty() { "—".to_owned() } else { text };
    let percent = |rate: Option<domain::rate::Rate>| rate.map(|rate| rate.percent_as_written()).unwrap_or_default();
    let bureau_text = |field: &str| match (field, bureau) {
        (_, None) => String::new(),
        (field::VALUE, Some(figure)) => plain(figure.value),
        (field::BASE, Some(figure)) => plain(figure.base),
        (_, Some(figure)) => percent(figure.published_growth),
    };
    let now = format!("{}|{}|{}", bureau_text(field::VALUE), bureau_text(field::BASE), bureau_text(field::GROWTH));
    let sent = |field: &str| posted.text(&box_name(field, region)).to_owned();
    // A row that was not touched shows what is recorded now, whoever recorded it meanwhile.
    let touched = posted
        .get(&box_name(field::SHOWN, region))
        .is_some_and(|shown| shown != format!("{}|{}|{}", sent(field::VALUE), sent(field::BASE), sent(field::GROWTH)));
    let input = |field: &'static str, label: &str| {
        let id = box_name(field, region);
        let text = if touched { sent(field) } else { bureau_text(field) };
        let label = format!("{name} 统计部门{label}");
        view! { <input type="text" class="num-in" name=id value=text inputmode="decimal" aria-label=label /> }
    };
    let value = (!is_percent(goal)).then(|| input(field::VALUE, "累计"));
    let base = (!is_percent(goal)).then(|| input(field::BASE, "去年同期"));
    let growth = input(field::GROWTH, "公布增幅");
    let seen = bureau.map_or(0, |figure| figure.version).to_string();
    let recorded = (touched && bureau.is_some()).then(|| {
        let said = format!(
            "现登记：累计 {}，去年同期 {}，增幅 {}",
            dash(bureau_text(field::VALUE)),
            dash(bureau_text(field::BASE)),
            dash(bureau_text(field::GROWTH))
        );
        view! { <small class="was">{said}</small> }
    });
    let source = bureau.map(|figure| {
        let when = domain::calendar::chinese_date(figure.dated);
        let text = format!("{}（{when}），{}　{}登记", figure.publication, figure.by, moment(figure.recorded_at));
        view! { <small class="was">{text}</small> }
    });
    let county_growth = county.and_then(Figure::growth).map(|growth| format!("{}%", growth.percent_on_page(1)));
    let class = if nested { "nested" } else { "" };
    view! {
        <tr class=class>
            <th scope="row">{if nested { format!("其中：{name}") } else { name.clone() }}</th>
            <td class="r" data-name="单位报的累计">
                {dash(county.map(|figure| plain(figure.value)).unwrap_or_default())}
            </td>
            <td class="r" data-name="单位报的去年同期">
                {dash(county.map(|figure| plain(figure.base)).unwrap_or_default())}
            </td>
            <td class="r" data-name="单位报的增幅">
                {dash(county_growth.unwrap_or_default())}
            </td>
            <td data-name="统计部门累计">{value}</td>
            <td data-name="统计部门去年同期">{base}</td>
            <td data-name="统计部门公布增幅">
                {growth}<input type="hidden" name=box_name(field::SEEN, region) value=seen />
                <input type="hidden" name=box_name(field::SHOWN, region) value=now.clone() />
            </td>
            <td data-name="相差">
                {difference(goal, county, bureau.filter(|figure| !figure.is_empty()))}{source}{recorded}
            </td>
        </tr>
    }
    .into_any()
}

/// `累计+0.50亿元，增幅−0.3个百分点`: the bureau's against the county's.
pub(crate) fn difference(goal: &Goal, county: Option<&Figure>, bureau: Option<&BureauFigure>) -> String {
    let (Some(county), Some(bureau)) = (county, bureau) else { return "—".to_owned() };
    let mut said = Vec::new();
    if let (Some(ours), Some(theirs)) = (county.value, bureau.value)
        && ours != theirs
    {
        let amount = domain::money::Amount(theirs.0 - ours.0);
        said.push(format!("累计{}{}", words::signed(&goal.measure.plain(amount)), goal.measure.unit));
    }
    let stated = bureau.over(Some(county)).growth();
    if let (Some(ours), Some(theirs)) = (county.growth(), stated)
        && ours != theirs
    {
        let points = theirs.minus(ours);
        let printed = points.percent(1);
        let printed = if printed.trim_start_matches('-') == "0.0" { points.percent_as_written() } else { printed };
        said.push(format!("增幅{}个百分点", words::signed(&printed)));
    }
    if said.is_empty() { "一致".to_owned() } else { said.join("，") }
}

fn recording(posted: &Posted, newest: Option<&BureauFigure>) -> AnyView {
    let publication = posted
        .get(field::SOURCE)
        .map(str::to_owned)
        .or(newest.map(|figure| figure.publication.clone()))
        .unwrap_or_default();
    let dated = posted
        .get(field::DATED)
        .map(str::to_owned)
        .or(newest.map(|figure| figure.dated.to_string()))
        .unwrap_or_default();
    let reason = newest.map(|_| {
        view! {
            <label for="reason">"改动原因（改已登记的数时必填）"</label>
            <input id="reason" name=field::REASON type="text" value=posted.text(field::REASON).to_owned() />
        }
    });
    view! {
        <div class="row-form">
            <label for="source">"出处（哪个部门的哪份资料）"</label>
            <input
                id="source"
                name=field::SOURCE
                type="text"
                value=publication
                placeholder="市统计局《统计月报》2021年第6期"
            />
            <label for="dated">"资料日期"</label>
            <input id="dated" name=field::DATED type="text" value=dated placeholder=super::example_day(0) />
            {reason}
            <button type="submit">"登记统计部门数"</button>
        </div>
    }
    .into_any()
}

fn total_form(plan: &Plan, goal: &Goal, stated: Option<&Figure>, seen: u32, at: &str, posted: &Posted) -> AnyView {
    let seen = seen.to_string();
    let stated = stated.filter(|figure| figure.is_reported());
    let plain =
        |amount: Option<domain::money::Amount>| amount.map(|amount| goal.measure.plain(amount)).unwrap_or_default();
    let value = posted
        .get(field::TOTAL)
        .map_or_else(|| stated.map(|figure| plain(figure.value)).unwrap_or_default(), str::to_owned);
    let base = posted
        .get(field::TOTAL_BASE)
        .map_or_else(|| stated.map(|figure| plain(figure.base)).unwrap_or_default(), str::to_owned);
    let percent = |figure: &Figure| figure.published_growth.map(|rate| rate.percent_as_written()).unwrap_or_default();
    let growth = posted.get(field::TOTAL_GROWTH).map_or_else(|| stated.map(percent).unwrap_or_default(), str::to_owned);
    let now = match stated {
        Some(figure) => format!("现在用的是{}", figure.source.describe()),
        None => "没有填总数时，总数为各单位已报数之和，并在通报里注明".to_owned(),
    };
    let unit = goal.measure.unit.clone();
    let reason = stated.map(|_| {
        view! {
            <label for="total-reason">"改动原因（必填）"</label>
            <input
                id="total-reason"
                name=field::TOTAL_REASON
                type="text"
                value=posted.text(field::TOTAL_REASON).to_owned()
            />
        }
    });
    let withdraw = stated.map(|_| {
        view! {
            <label class="pick">
                <input type="checkbox" name=field::WITHDRAW value="on" />
                "撤回总数，改用各单位之和"
            </label>
        }
    });
    view! {
        <h2>{format!("{}总数", plan.region.name)}</h2>
        <p class="subtitle">{format!("{now}。")}</p>
        <form method="post" action=at.to_owned() class="row-form" autocomplete="off">
            <input type="hidden" name=field::KIND value="total" />
            <input type="hidden" name=field::GOAL value=goal.id.clone() />
            <label for="total">{format!("累计（{unit}）")}</label>
            <input id="total" name=field::TOTAL type="text" class="num-in" inputmode="decimal" value=value />
            <label for="total-base">{format!("去年同期（{unit}）")}</label>
            <input id="total-base" name=field::TOTAL_BASE type="text" class="num-in" inputmode="decimal" value=base />
            <label for="total-growth">"公布增幅（%，没有不填）"</label>
            <input
                id="total-growth"
                name=field::TOTAL_GROWTH
                type="text"
                class="num-in"
                inputmode="decimal"
                value=growth
            />
            <input type="hidden" name=field::TOTAL_SEEN value=seen />
            {reason}
            {withdraw}
            <button type="submit" class="second">
                "填报总数"
            </button>
        </form>
    }
    .into_any()
}
