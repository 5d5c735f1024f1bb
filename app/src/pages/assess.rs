//! `/assess/{plan}?period=2021-05`: who gains or loses points, under every reading.

use std::sync::Arc;

use domain::assessment::{Alternative, Basis, Compare, CompletedWhen, Reading, Rules, Ties, alternatives};
use domain::bulletin::columns::Columns;
use domain::bulletin::words;
use domain::month::Period;
use domain::plan::{Assessment, Goal, Plan, Split};
use domain::rate::Rate;
use domain::returns::Figures;
use domain::rights::{Action, Object};
use domain::standing::{Standings, compute_with};
use domain::year_end::{Stated, YearResult, newest, to_verify, verified};
use leptos::prelude::*;

use super::{newest_period, param, period_switcher, query, require_known};
use crate::backend::{Backend, backend};
use crate::load::{facts, newest_edition, nothing_yet, period_of};
use crate::parts::{Menu, Page, PageError, links, page, score_table};
use office::facts::{Facts, ReadingChoice};

#[component]
pub(crate) fn Assess() -> impl IntoView {
    let (plan, period) = (param("plan"), query("period"));
    page(async move { load(&plan, period.as_deref()).await })
}

/// The assessed goal of a plan and the period asked for, or the newest.
pub(super) fn scope<'f>(
    facts: &'f Facts,
    period: Option<&str>,
) -> Result<Option<(&'f Goal, &'f Assessment, Period)>, PageError> {
    let plan = &facts.version.plan;
    let Some(assessment) = plan.assessments.first() else { return Ok(None) };
    let Some(goal) = plan.goal(&assessment.goal) else { return Ok(None) };
    let period = match period {
        Some(text) => {
            let period = period_of(plan, text)?;
            require_known(facts, &goal.id, period)?;
            Some(period)
        }
        None => newest_period(facts, &goal.id),
    };
    Ok(period.map(|period| (goal, assessment, period)))
}

/// What the figures of an assessment rest on.
pub(super) enum Counted {
    /// Frozen when the year's assessment was closed.
    Closed(Arc<YearResult>),
    /// Proposed, and shown for objections.
    Announced(Arc<YearResult>),
    /// Verified figures in the place of the reported ones of 1—12月, of so many units out of so many.
    Verified(Figures, usize, usize),
    Reported,
}

impl Counted {
    /// What this page's viewer may count by; anything but the reported figures only at the year's last period.
    pub(super) async fn of(
        backend: &Arc<dyn Backend>,
        facts: &Facts,
        goal: &Goal,
        period: Period,
    ) -> Result<Self, PageError> {
        if !period.is_year_end() {
            return Ok(Counted::Reported);
        }
        let plan = &facts.version.plan;
        let year_end = backend.year_end(plan, &goal.id, period.year).await?;
        if let Some(closed) = year_end.closed() {
            return Ok(Counted::Closed(closed.result.clone()));
        }
        if let Some(proposed) = year_end.proposed() {
            return Ok(Counted::Announced(proposed.result.clone()));
        }
        // A county sees its own verification only: a mixture would rank it against others' reports.
        let office = Object::office(plan.region.id());
        let sees_all = backend.viewer().is_some_and(|viewer| viewer.may(Action::ReadUnpublished, office).is_ok());
        let is_verified = |split: &&Split| newest(&year_end.stated, &split.region, Stated::Verified).is_some();
        let done = to_verify(goal, period.year).filter(is_verified).count();
        if !sees_all || done == 0 {
            return Ok(Counted::Reported);
        }
        let figures = verified(goal, &facts.figures, period.year, &year_end.stated);
        Ok(Counted::Verified(figures, done, to_verify(goal, period.year).count()))
    }

    /// The result that is shown and computed no more.
    pub(super) fn result(&self) -> Option<&YearResult> {
        match self {
            Counted::Closed(result) | Counted::Announced(result) => Some(result),
            Counted::Verified(..) | Counted::Reported => None,
        }
    }

    pub(super) fn figures<'f>(&'f self, facts: &'f Facts) -> &'f Figures {
        match self {
            Counted::Verified(figures, ..) => figures,
            _ => &facts.figures,
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        matches!(self, Counted::Closed(_))
    }

    /// The head of the column of awards at the year's end.
    pub(super) fn head(&self) -> &'static str {
        match self {
            Counted::Closed(_) => "结果",
            Counted::Announced(_) => "公示的结果",
            Counted::Verified(..) => "按核验数预计",
            Counted::Reported => "按已报数预计",
        }
    }

    /// What to know before reading on.
    pub(super) fn note(&self) -> Option<String> {
        match self {
            Counted::Closed(_) => Some("考核已经办结：这里是按核验数确定的结果，以后的修订不再改变它。".to_owned()),
            Counted::Announced(_) => {
                Some("结果正在公示，还没有办结：这里是提出的结果，有异议的请在期限内提出。".to_owned())
            }
            Counted::Verified(_, done, all) if done == all => Some("各单位都已核验，按核验数计算。".to_owned()),
            Counted::Verified(_, done, all) => {
                Some(format!("已核验{done}个单位，按核验数计算；其余{}个按报送数。", all - done))
            }
            Counted::Reported => None,
        }
    }
}

/// A page for a plan that has nothing to assess.
pub(super) fn nothing(facts: &Facts) -> Page {
    let plan = &facts.version.plan;
    let title = format!("{}考核", plan.region.name);
    let sentence = match plan.assessments.is_empty() {
        true => "这个计划的文件没有规定加减分或奖励。".to_owned(),
        false => format!("{}，暂时没有考核结果。", nothing_yet(facts)),
    };
    let body = view! {
        <section class="text-page">
            <h1>{title.clone()}</h1>
            <p>{sentence}</p>
            <p>
                <a href=format!("/plans/{}", plan.id)>"查看计划"</a>
            </p>
        </section>
    };
    Page::new(title, Menu::Assess, body)
}

async fn load(plan: &str, period: Option<&str>) -> Result<Page, PageError> {
    let facts = facts(&backend(), plan).await?;
    let plan = &facts.version.plan;
    let Some((goal, assessment, period)) = scope(&facts, period)? else { return Ok(nothing(&facts)) };
    let rules = plan.rules(&goal.id);
    let counted = Counted::of(&backend(), &facts, goal, period).await?;
    let figures = counted.figures(&facts);
    let by_period = match counted.result() {
        Some(result) => result.standings.clone(),
        None => compute_with(plan, goal, figures, period, rules, Basis::Target),
    };
    let by_pace = (!period.is_year_end()).then(|| compute_with(plan, goal, figures, period, rules, Basis::Pace));
    let nine = alternatives(plan, goal, figures, period, rules, Basis::Target);
    let choices = backend().readings(&plan.id).await?;
    // Outside the office the rules are those of the newest edition: what was chosen later is not in force there yet.
    let until = match facts.figures.is_published() {
        true => newest_edition(Some(&plan.id), None).await?.map(|edition| edition.published_at),
        false => None,
    };
    let awaited = by_period.mostly_awaited().filter(|_| counted.result().is_none());
    let withheld = awaited.as_ref().map(|awaited| awaited.in_place(&plan.unit_noun(goal)));
    let periods: Vec<Period> =
        facts.figures.periods(&goal.id).into_iter().filter(|at| at.year == period.year).collect();
    let title = format!("{}{}考核{}", period.title(), goal.name, if counted.is_closed() { "" } else { "（预计）" });
    let plan_id = plan.id.clone();
    let quote = assessment.quote.clone().map(|quote| view! { <blockquote>{quote}</blockquote> });
    let weights: Vec<String> = by_period
        .findings
        .iter()
        .filter(|finding| finding.code == "weights_missing")
        .map(|finding| format!("{}。", finding.message))
        .collect();
    let body = view! {
        <section class="text-page wide">
            <h1>{title.clone()}</h1>
            <div class="toolbar">
                {period_switcher(&periods, period, |at| links::assess(&plan_id, at))} <span class="tools">
                    <a href=super::year_end::address(&plan_id, &goal.id, period.year)>"年终考核"</a>
                </span>
            </div>
            <p class="subtitle">
                {format!("依据：{} {}", plan.citation(), assessment.clause.clone().unwrap_or_default())}
            </p>
            {quote}
            {(!weights.is_empty()).then(|| view! { <p class="notice act">{weights.concat()}</p> })}
            {counted.result().is_none().then(|| waiting(&by_period))}
            {counted.note().map(|note| view! { <p class="notice">{note}</p> })}
            {by_period.barred_in_words().map(|barred| view! { <p class="notice">{format!("{barred}。")}</p> })}
            {match &withheld {
                Some(withheld) => view! { <p class="notice act">{format!("{withheld}。")}</p> }.into_any(),
                None => {
                    view! {
                        {results(&by_period, by_pace.as_ref(), (assessment, plan.near), &counted)}
                        {score_table(&by_period)}
                    }
                        .into_any()
                }
            }}
            {(counted.result().is_none() && withheld.is_none())
                .then(|| {
                    view! {
                        {readings(&by_period, &nine)}
                        {finer(&by_period, &finer_choices(plan, goal, figures, period, rules))}
                    }
                })}
            {chosen(plan, assessment, &choices, until)}
        </section>
    };
    Ok(Page::new(title, Menu::Assess, body))
}

/// What keeps the assessment open at the year's end.
fn waiting(standings: &Standings) -> Option<AnyView> {
    if !standings.period.is_year_end() || !standings.provisional {
        return None;
    }
    let names = |regions: &[String]| {
        regions
            .iter()
            .filter_map(|region| standings.row(region))
            .map(|row| row.name.clone())
            .collect::<Vec<_>>()
            .join("、")
    };
    let formed = standings.formed.as_ref();
    let lacks = |region: &str| formed.is_some_and(|formed| formed.lacking.iter().any(|(other, _)| other == region));
    let unreported = standings.rows.iter().filter(|row| row.is_awaited() && !lacks(&row.region));
    let unreported: Vec<String> = unreported.map(|row| row.region.clone()).collect();
    let undecided = standings.undecided.get(standings.rules.reading);
    let mut why = Vec::new();
    if !unreported.is_empty() {
        why.push(format!("{}未报或没有增幅", names(&unreported)));
    }
    why.extend(formed.and_then(|formed| formed.lacking_in_words(|region| names(&[region.to_owned()]))));
    let left_out: Vec<&str> = formed.iter().flat_map(|formed| formed.left_out()).collect();
    if !left_out.is_empty() {
        why.push(format!("{}还没有填", left_out.join("、")));
    }
    if !undecided.is_empty() {
        why.push(format!("{}是否符合奖惩条件无法判定，而名次在奖惩范围内", names(undecided)));
    }
    let sentence = match why.is_empty() {
        true => "年终结果还不能确定：一票否决的事项还没有逐个单位填写".to_owned(),
        false => format!("年终结果还不能确定：{}", why.join("；")),
    };
    Some(view! { <p class="notice act">{sentence}"。"</p> }.into_any())
}

fn results(
    by_period: &Standings,
    by_pace: Option<&Standings>,
    (assessment, near): (&Assessment, Rate),
    counted: &Counted,
) -> AnyView {
    let printed = Columns::fitting(by_period, near);
    let reached = printed.reached();
    let unit = assessment.award_unit();
    let rows = by_period.rows.iter().map(|row| {
        let name = if row.within.is_some() { format!("其中：{}", row.name) } else { row.name.clone() };
        let pace = by_pace.map(|by_pace| view! { <td class="r award">{by_pace.points_of(&row.region)}</td> });
        let or = |text: Option<String>| text.unwrap_or_else(|| "—".to_owned());
        view! {
            <tr class=if row.within.is_some() { "nested" } else { "" }>
                <th scope="row">
                    <a href=links::assess_unit(&by_period.plan, &row.region, by_period.period)>{name}</a>
                </th>
                <td class="r">{or(printed.cell(reached, row))}</td>
                <td>{row.completed_text()}</td>
                <td class="r">{or(printed.growth(row).map(|text| format!("{text}%")))}</td>
                <td class="r">{or(row.rank.map(|rank| rank.to_string()))}</td>
                <td class="r">{or(row.rank_from_bottom.map(|rank| rank.to_string()))}</td>
                <td class="r award">{by_period.points_of(&row.region)}</td>
                {pace}
            </tr>
        }
    });
    let rows = rows.collect_view();
    let first = words::award_head(if by_pace.is_some() { "若以本期为终" } else { counted.head() }, &unit);
    let second = by_pace.is_some().then(|| {
        view! {
            <th scope="col" class="r">
                {words::award_head("若按序时进度", &unit)}
            </th>
        }
    });
    let note = by_pace.is_some().then(|| {
        view! {
            <p class="notes">
                "“若以本期为终”按规则原样计算，年底前多数单位未完成全年目标，因此主要出现扣减；“若按序时进度”把完成率不低于序时进度视为完成。两栏都是预计，不是结果。"
            </p>
        }
    });
    view! {
        <h2>{if counted.result().is_some() { "加减分" } else { "预计加减分" }}</h2>
        <div class="scroll" tabindex="0" role="group" aria-label="表格">
            <table class="data">
                <thead>
                    <tr>
                        <th scope="col">"单位"</th>
                        <th scope="col" class="r">
                            {printed.head(reached)}
                        </th>
                        <th scope="col">"是否完成"</th>
                        <th scope="col" class="r">
                            "同比增长"
                        </th>
                        <th scope="col" class="r">
                            "位次"
                        </th>
                        <th scope="col" class="r">
                            "倒数位次"
                        </th>
                        <th scope="col" class="r">
                            {first}
                        </th>
                        {second}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {note}
    }
    .into_any()
}

/// All nine combinations against the one in force: who would gain or lose.
fn readings(standings: &Standings, nine: &[Alternative]) -> AnyView {
    let in_force = |alternative: &&Alternative| {
        alternative.reading == standings.rules.reading && alternative.completed_when == standings.rules.completed_when
    };
    let Some(own) = nine.iter().find(in_force) else { return ().into_any() };
    let said = |alternative: &Alternative| {
        let named: Vec<String> = alternative
            .points
            .iter()
            .filter_map(|(region, points)| Some(format!("{} {}", standings.row(region)?.name, words::signed(points))))
            .collect();
        if named.is_empty() { "没有单位加分或扣分".to_owned() } else { named.join("，") }
    };
    let groups = CompletedWhen::WORDS.map(|(_, completed_when)| {
        let rows = Reading::WORDS.map(|(_, reading)| {
            let alternative = nine
                .iter()
                .find(|alternative| alternative.reading == reading && alternative.completed_when == completed_when);
            let chosen = reading == standings.rules.reading && completed_when == standings.rules.completed_when;
            let difference = alternative.map(|alternative| difference(standings, own, alternative)).unwrap_or_default();
            let undecided = alternative.filter(|alternative| !alternative.undecided.is_empty()).map(|alternative| {
                let names: Vec<String> = alternative
                    .undecided
                    .iter()
                    .filter_map(|region| standings.row(region))
                    .map(|row| row.name.clone())
                    .collect();
                format!("（未定：{}）", names.join("、"))
            });
            view! {
                <tr class=if chosen { "chosen" } else { "" }>
                    <th scope="row">{reading.name()}{chosen.then_some(" ✓ 现行")}</th>
                    <td>{alternative.map(said)}{undecided}</td>
                    <td>{if chosen { "—".to_owned() } else { difference }}</td>
                </tr>
            }
        });
        view! {
            <tbody>
                <tr class="group">
                    <th scope="rowgroup" colspan="3">
                        {format!("何为完成：{}", completed_when.name())}
                    </th>
                </tr>
                {rows.into_iter().collect_view()}
            </tbody>
        }
    });
    view! {
        <h2>"条款的不同读法"</h2>
        <p class="subtitle">"条款可以有不同读法，这里逐一算出，供办公室书面确定。"</p>
        <div class="scroll" tabindex="0" role="group" aria-label="表格">
            <table class="data readings">
                <thead>
                    <tr>
                        <th scope="col">"读法"</th>
                        <th scope="col">"结果"</th>
                        <th scope="col">"与现行读法的差别"</th>
                    </tr>
                </thead>
                {groups.into_iter().collect_view()}
            </table>
        </div>
    }
    .into_any()
}

/// `福清市 由无变为+0.1，罗源县 由+0.1变为+0.2`.
fn difference(standings: &Standings, own: &Alternative, other: &Alternative) -> String {
    let of = |alternative: &Alternative, region: &str| {
        alternative
            .points
            .iter()
            .find(|(id, _)| id == region)
            .map_or("无".to_owned(), |(_, points)| words::signed(points))
    };
    let changed: Vec<String> = standings
        .rows
        .iter()
        .filter_map(|row| {
            let (was, now) = (of(own, &row.region), of(other, &row.region));
            (was != now).then(|| format!("{} 由{was}变为{now}", row.name))
        })
        .collect();
    if changed.is_empty() { "相同".to_owned() } else { changed.join("，") }
}

/// A rule with one setting changed, and what it changes.
struct Finer {
    name: String,
    chosen: bool,
    other: Alternative,
}

/// Each way to settle ties and to round, the other settings unchanged.
fn finer_choices(plan: &Plan, goal: &Goal, figures: &Figures, period: Period, rules: Rules) -> Vec<Finer> {
    let ties = Ties::WORDS.map(|(_, ties)| (format!("并列：{}", ties.name()), Rules { ties, ..rules }));
    let compares = [Compare::Exact, Compare::Digits(2), Compare::Digits(1), Compare::Digits(0)];
    let compares = compares.map(|compare| (format!("取整：{}", compare.name()), Rules { compare, ..rules }));
    let each = ties.into_iter().chain(compares).map(|(name, changed)| {
        let standings = compute_with(plan, goal, figures, period, changed, Basis::Target);
        let other = Alternative {
            reading: changed.reading,
            completed_when: changed.completed_when,
            points: standings.readings.get(changed.reading).clone(),
            undecided: standings.undecided.get(changed.reading).clone(),
        };
        Finer { name, chosen: changed == rules, other }
    });
    each.collect()
}

fn finer(standings: &Standings, choices: &[Finer]) -> AnyView {
    let Some(own) = choices.iter().find(|choice| choice.chosen) else { return ().into_any() };
    let rows = choices.iter().map(|choice| {
        let text = if choice.chosen { "—".to_owned() } else { difference(standings, &own.other, &choice.other) };
        view! {
            <tr class=if choice.chosen { "chosen" } else { "" }>
                <th scope="row">{choice.name.clone()}{choice.chosen.then_some(" ✓ 现行")}</th>
                <td>{text}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <h3>"并列和取整"</h3>
        <div class="scroll" tabindex="0" role="group" aria-label="表格">
            <table class="data finer">
                <thead>
                    <tr>
                        <th scope="col">"办法"</th>
                        <th scope="col">"与现行办法的差别"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Who chose the reading in force, when and why.
fn chosen(plan: &Plan, assessment: &Assessment, choices: &[ReadingChoice], until: Option<i64>) -> AnyView {
    let day = |at: i64| domain::calendar::chinese_date(domain::calendar::at_shanghai(at).date_naive());
    let mut holding = choices.iter().rev().filter(|choice| choice.goal == assessment.goal && choice.step.holds());
    let newest = holding.clone().next();
    let last = holding.find(|choice| until.is_none_or(|until| choice.at <= until));
    // A later version of the plan that changes the rule ends a choice.
    let in_force =
        |choice: &&ReadingChoice| Rules { rank_by: assessment.rules.rank_by, ..choice.rules } == assessment.rules;
    let text = match (last.filter(in_force), last) {
        (None, Some(choice)) => {
            format!("计划修订改了规则，{}确定的读法不再适用；现行读法来自计划文件。", day(choice.at))
        }
        (Some(choice), _) => {
            format!("现行读法由{}于{}确定：{}。", choice.actor, day(choice.at), choice.reason.trim_end_matches('。'))
        }
        (None, None) => "现行读法来自计划文件，还没有书面确定过。".to_owned(),
    };
    let later = newest.filter(|newest| until.is_some_and(|until| newest.at > until));
    let later = later.map(|later| format!("{}确定的读法从下一版通报起适用。", day(later.at)));
    let address = super::readings::address(&plan.id, &assessment.goal);
    view! { <p class="free">{text}{later}" "<a href=address>"确定读法和历次记录"</a></p> }.into_any()
}
