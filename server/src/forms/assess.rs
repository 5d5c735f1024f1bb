//! The assessment: which reading holds, the year's figures, objections, the closing.

use app::backend::{Decision, is_proposed};
use app::pages::objections::open_terms;
use app::pages::readings::{address, year_is_over};
use app::pages::year_end::{address as year_end_address, kept_open, last_edition, result, share_name, unit_address};
use app::posted::Posted;
use app::viewer::Viewer;
use axum::extract::{Path, State};
use domain::assessment::Rules;
use domain::month::Period;
use domain::plan::{ComponentFrom, Goal, Plan};
use domain::rate::Rate;
use domain::returns::Figure;
use domain::rights::{Action, Object};
use domain::standing::ranking_figures;
use domain::year_end::{ObjectionOutcome as Ended, Stated, YearEndFigure, self_assessment_days};

use super::read::{amount, optional, percent, required};
use super::{Answer, Fields, Outcome, plan_of, settle, unknown, writer};
use crate::auth::{Signed, forbidden};
use crate::state::AppState;
use crate::store::{Acting, StoreError, Writer};

pub(crate) async fn readings(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(plan): Path<String>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let plan = plan_of(&state, &plan).await?;
    if viewer.may(Action::ChooseReading, Object::office(plan.region.id())).is_err() {
        return Err(forbidden(&domain::rights::who_may(Action::ChooseReading)).into());
    }
    let Some(assessment) = plan.assessment(posted.text("goal")) else { return Err(unknown().into()) };
    let page = address(&plan.id, &assessment.goal);
    let done: Outcome = async {
        let asked = match choice(&plan, assessment.rules, &posted, state.clock.now()) {
            Ok(asked) => asked,
            Err(sentence) => return Ok(Err(sentence)),
        };
        let acting = Acting { viewer: &viewer, office: plan.region.id() };
        let key = (plan.id.as_str(), assessment.goal.as_str(), plan.years.1);
        let seen = posted.text("seen").parse().unwrap_or(-1);
        state.store.choose_reading(key, asked.rules, &asked.reason, (asked.step, seen), acting, writer(&state, &viewer)).await?;
        Ok(Ok(page.clone()))
    }
    .await;
    settle(&state, &viewer, &page, posted, done).await
}

struct Asked {
    step: Decision,
    rules: Rules,
    reason: String,
}

fn choice(plan: &Plan, now_in_force: Rules, posted: &Posted, now: i64) -> Result<Asked, String> {
    match Decision::parse(posted.text("decision")) {
        Some(step @ Decision::Confirmed) => return Ok(Asked { step, rules: now_in_force, reason: "第二人确认".to_owned() }),
        Some(step @ Decision::Dropped) => return Ok(Asked { step, rules: now_in_force, reason: "取消改动".to_owned() }),
        _ => {}
    }
    let rules = Rules {
        rank_by: now_in_force.rank_by,
        reading: posted.text("reading").parse().map_err(|_| "请选定先后。".to_owned())?,
        completed_when: posted.text("completed_when").parse().map_err(|_| "请选定何为完成。".to_owned())?,
        ties: posted.text("ties").parse().map_err(|_| "请选定并列怎么办。".to_owned())?,
        compare: posted.text("compare").parse().map_err(|_| "请选定取整办法。".to_owned())?,
    };
    let reason = required(posted, "reason", "理由和依据")?;
    let step = if year_is_over(plan, now) { Decision::Proposed } else { Decision::Chosen };
    if step == Decision::Chosen && posted.text("warned") != "on" {
        return Err("年度还没有结束，请先勾选“我知道这会改变各期的预计结果”。".to_owned());
    }
    Ok(Asked { step, rules, reason })
}

/// The self-assessment or verification as typed.
fn stated(
    plan: &Plan,
    (goal, year, region): (&Goal, i32, &str),
    posted: &Posted,
    reported: &Figure,
    by: &Writer,
) -> Result<(YearEndFigure, u32), String> {
    let Some(assessment) = plan.assessment(&goal.id) else { return Err("这项指标没有年终考核。".to_owned()) };
    let stated = if posted.text("kind") == "self" { Stated::Own } else { Stated::Verified };
    let today = domain::calendar::at_shanghai(by.at).date_naive();
    let days = self_assessment_days(assessment.self_assessment_by, year);
    let Some((from, to)) = days else { return Err("这一年的自评时间无法确定。".to_owned()) };
    let said = |day| domain::calendar::chinese_date(day);
    if today < from {
        return Err(format!("{year}年还没有结束，{}起才能填。", said(from)));
    }
    if stated == Stated::Own && today > to {
        return Err(format!("自评已于{}截止，没有提交；请与市里的审核员联系。", said(to)));
    }
    let value = amount(goal, "全年", posted.text("value"))?;
    let base = amount(goal, "上年", posted.text("base"))?;
    let published_growth = percent("公布增幅", posted.text("growth"))?;
    if value.is_none() && published_growth.is_none() {
        return Err("还没有填全年的数；没有总量的请填公布增幅。".to_owned());
    }
    let mut shares = Vec::new();
    for (index, part) in assessment.components.iter().enumerate().filter(|(_, part)| part.from == ComponentFrom::Entered) {
        let Some(share) = percent(&part.name, posted.text(&share_name(index)))? else {
            return Err(format!("还没有填{}的得分（%）。", part.name));
        };
        if share.is_negative() || share > Rate::ONE {
            return Err(format!("{}的得分请写 0 至 100。", part.name));
        }
        shares.push((part.name.clone(), share));
    }
    let remark = optional(posted, "remark", "意见")?.unwrap_or_default();
    let differs = (value, base, published_growth) != (reported.value, reported.base, reported.published_growth);
    if stated == Stated::Verified && differs && remark.is_empty() {
        return Err("核验的数与报送的不同，请写明核验意见。".to_owned());
    }
    let seen = posted.text("seen").parse().unwrap_or(u32::MAX);
    let figure = YearEndFigure {
        region: region.to_owned(),
        stated,
        version: 0,
        value,
        base,
        published_growth,
        shares,
        remark,
        at: by.at,
        by: by.actor.clone(),
    };
    Ok((figure, seen))
}

/// The goal and year that a form names.
fn goal_and_year<'p>(plan: &'p Plan, posted: &Posted) -> Option<(&'p Goal, i32)> {
    let year = posted.text("year").parse().ok().filter(|year| (plan.years.0..=plan.years.1).contains(year))?;
    let goal = plan.goal(posted.text("goal")).filter(|goal| plan.assessment(&goal.id).is_some())?;
    Some((goal, year))
}

pub(crate) async fn unit_year_end(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path((plan, region)): Path<(String, String)>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let plan = plan_of(&state, &plan).await?;
    let Some((goal, year)) = goal_and_year(&plan, &posted) else { return Err(unknown().into()) };
    if goal.split(&region).is_none() {
        return Err(unknown().into());
    }
    let page = unit_address(&plan.id, &goal.id, year, &region);
    let done: Outcome = async {
        let figures = state.store.figures(&plan.id).await?;
        let reported =
            ranking_figures(&plan, goal, &figures).get(&goal.id, Period { year, month: 12 }, &region).cloned().unwrap_or_default();
        let writer = writer(&state, &viewer);
        let (figure, seen) = match stated(&plan, (goal, year, &region), &posted, &reported, &writer) {
            Ok(read) => read,
            Err(sentence) => return Ok(Err(sentence)),
        };
        let acting = Acting { viewer: &viewer, office: plan.region.id() };
        state.store.state_year_end((&plan.id, &goal.id, year), (vec![(figure, seen)], None), acting, writer).await?;
        Ok(Ok(page.clone()))
    }
    .await;
    settle(&state, &viewer, &page, posted, done).await
}

/// Every unit that nobody has verified, as it reported; the units come from the page that listed them.
pub(crate) async fn verify_all(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(plan): Path<String>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let plan = plan_of(&state, &plan).await?;
    let Some((goal, year)) = goal_and_year(&plan, &posted) else { return Err(unknown().into()) };
    let page = year_end_address(&plan.id, &goal.id, year);
    let done: Outcome = async {
        let writer = writer(&state, &viewer);
        let assessment = plan.assessment(&goal.id);
        let days = assessment.and_then(|assessment| self_assessment_days(assessment.self_assessment_by, year));
        if days.is_none_or(|(from, _)| domain::calendar::at_shanghai(writer.at).date_naive() < from) {
            return Ok(Err(format!("{year}年还没有结束，不能核验。")));
        }
        if assessment.is_some_and(|assessment| assessment.components.iter().any(|part| part.from == ComponentFrom::Entered)) {
            return Ok(Err("这项考核有要登记的得分，请逐个单位核验。".to_owned()));
        }
        let figures = state.store.figures(&plan.id).await?;
        let figures = ranking_figures(&plan, goal, &figures);
        let mut verified = Vec::new();
        for region in posted.all("unit") {
            let Some(split) = goal.split(region) else { continue };
            let Some(reported) = figures.get(&goal.id, Period { year, month: 12 }, &split.region).filter(|figure| figure.is_reported())
            else {
                return Ok(Err(format!("{}没有1—12月的数，不能按报送核验。", split.name)));
            };
            let figure = YearEndFigure {
                region: split.region.clone(),
                stated: Stated::Verified,
                version: 0,
                value: reported.value,
                base: reported.base,
                published_growth: reported.published_growth,
                shares: Vec::new(),
                remark: "与报送一致".to_owned(),
                at: writer.at,
                by: writer.actor.clone(),
            };
            verified.push((figure, 0));
        }
        if verified.is_empty() {
            return Ok(Err("没有可以一并核验的单位。".to_owned()));
        }
        let acting = Acting { viewer: &viewer, office: plan.region.id() };
        let based_on = Some(posted.text("based_on").parse().unwrap_or(-1));
        state.store.state_year_end((&plan.id, &goal.id, year), (verified, based_on), acting, writer).await?;
        Ok(Ok(page.clone()))
    }
    .await;
    settle(&state, &viewer, &page, posted, done).await
}

/// Proposes, confirms or drops the closing.
pub(crate) async fn year_end(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(plan): Path<String>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let plan = plan_of(&state, &plan).await?;
    if viewer.may(Action::CloseAssessment, Object::office(plan.region.id())).is_err() {
        return Err(forbidden(&domain::rights::who_may(Action::CloseAssessment)).into());
    }
    let (Some((goal, year)), Some(step)) = (goal_and_year(&plan, &posted), Decision::parse(posted.text("decision"))) else {
        return Err(unknown().into());
    };
    let page = year_end_address(&plan.id, &goal.id, year);
    let done: Outcome = async {
        let content = match frozen(&state, &viewer, &plan, (goal, year), step).await? {
            Ok(content) => content,
            Err(sentence) => return Ok(Err(sentence)),
        };
        let seen = posted.text("seen").parse().unwrap_or(-1);
        let based_on = posted.text("based_on").parse().unwrap_or(-1);
        let acting = Acting { viewer: &viewer, office: plan.region.id() };
        let key = (plan.id.as_str(), goal.id.as_str(), year);
        state.store.close_assessment(key, (step, seen), (content, based_on), acting, writer(&state, &viewer)).await?;
        Ok(Ok(page.clone()))
    }
    .await;
    settle(&state, &viewer, &page, posted, done).await
}

/// The result as canonical JSON, where nothing keeps the assessment open.
async fn frozen(
    state: &AppState,
    viewer: &Viewer,
    plan: &Plan,
    (goal, year): (&Goal, i32),
    step: Decision,
) -> Result<Result<String, String>, StoreError> {
    let backend = state.backend_for(Some(viewer.clone()));
    let unavailable = |error: app::backend::Unavailable| StoreError::Unreadable(error.reference);
    let facts = backend.facts(&plan.id).await.map_err(unavailable)?;
    let Some((facts, assessment)) = facts.as_ref().zip(plan.assessment(&goal.id)) else {
        return Ok(Err("没有这项考核。".to_owned()));
    };
    let year_end = backend.year_end(plan, &goal.id, year).await.map_err(unavailable)?;
    if step == Decision::Dropped {
        // What is dropped is what was proposed.
        return Ok(year_end.proposed().map(|proposed| proposed.content.clone()).ok_or_else(|| "没有待确认的办结，请刷新页面。".to_owned()));
    }
    let edition = last_edition(&backend.editions().await.map_err(unavailable)?, &plan.id, year);
    let readings = backend.readings(&plan.id).await.map_err(unavailable)?;
    let proposed = is_proposed(&readings, &goal.id);
    let Some(result) = result(facts, goal, year, &year_end, edition.as_ref()) else {
        return Ok(Err("1—12月的通报还没有发布，不能办结。".to_owned()));
    };
    let number = edition.map(|edition| edition.edition);
    let open = kept_open((goal, assessment), (&result.standings, &year_end), number, (proposed, state.clock.now()));
    if !open.is_empty() {
        return Ok(Err(format!("还不能办结：{}。", open.join("；"))));
    }
    documents::canonical::to_json(&result).map(Ok).map_err(|error| StoreError::Unreadable(error.to_string()))
}

pub(crate) async fn object(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(plan): Path<String>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let plan = plan_of(&state, &plan).await?;
    let page = format!("/assess/{}/objections", plan.id);
    let done: Outcome = async {
        // The unit comes from the session, never from the form.
        let unit = viewer.post.as_ref().and_then(|post| post.domain.unit.clone()).unwrap_or_default();
        let mut year_ends = Vec::new();
        for goal in plan.assessments.iter().map(|assessment| &assessment.goal) {
            for year in plan.years.0..=plan.years.1 {
                year_ends.push((goal.clone(), year, state.store.year_end(&plan.id, goal, year).await?));
            }
        }
        let terms = open_terms(&plan, &state.store.editions().await?, &year_ends, state.clock.now());
        let Some(term) = terms.iter().find(|term| term.id() == posted.text("what")) else {
            return Ok(Err("这一项不在异议期内，没有提出；请另选一项。".to_owned()));
        };
        let reason = match required(&posted, "reason", "异议的理由") {
            Ok(reason) => reason,
            Err(sentence) => return Ok(Err(sentence)),
        };
        let acting = Acting { viewer: &viewer, office: plan.region.id() };
        state.store.object((&plan.id, &term.goal, term.period), (&unit, term.about, &reason), acting, writer(&state, &viewer)).await?;
        Ok(Ok(page.clone()))
    }
    .await;
    settle(&state, &viewer, &page, posted, done).await
}

pub(crate) async fn answer(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(plan): Path<String>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let plan = plan_of(&state, &plan).await?;
    let page = format!("/assess/{}/objections", plan.id);
    let done: Outcome = async {
        let Some(outcome) = Ended::parse(posted.text("outcome")) else { return Ok(Err("请先选定异议是否成立。".to_owned())) };
        let text = match required(&posted, "answer", "答复的理由") {
            Ok(text) => text,
            Err(sentence) => return Ok(Err(sentence)),
        };
        let (Ok(year), Ok(number)) = (posted.text("year").parse(), posted.text("number").parse()) else {
            return Ok(Err("没有这个异议，请刷新页面。".to_owned()));
        };
        let acting = Acting { viewer: &viewer, office: plan.region.id() };
        state.store.answer_objection((&plan.id, year, number), (outcome, &text), acting, writer(&state, &viewer)).await?;
        Ok(Ok(page.clone()))
    }
    .await;
    settle(&state, &viewer, &page, posted, done).await
}
