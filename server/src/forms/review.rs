//! The office at work on a period: approving together, taking back, the bureau's figures and the total.

use app::pages::figures::box_name;
use app::parts::links;
use axum::extract::{Path, State};
use chrono::{Datelike, NaiveDate};
use domain::calendar::{Standing, at_shanghai};
use domain::entry::{clean, is_percent};
use domain::month::Period;
use domain::plan::{Goal, Plan};
use domain::returns::Figure;
use domain::workflow::Step;
use office::facts::ReportKey;
use office::posted::Posted;

use super::read::{amount, optional, percent};
use super::{Answer, Fields, Outcome, named, settle, unknown, writer};
use crate::auth::Signed;
use crate::state::AppState;
use store::{Acting, NewBureauFigure, NewStep, Publication, StoreError, total_row};

type Address = Path<(String, String)>;

/// The units a form names, each with the steps that its page had seen: `350181@2`.
fn picked(plan: &Plan, period: Period, posted: &Posted, step: Step) -> Result<Vec<(ReportKey, NewStep)>, String> {
    let units = domain::entry::units(plan);
    let base = posted.text("key");
    let one = |text: &str| {
        let (unit, seen) = text.rsplit_once('@')?;
        units.iter().find(|(id, _)| id == unit)?;
        let key = ReportKey { plan: plan.id.clone(), period, unit: unit.to_owned() };
        let idempotency = (!base.is_empty() && base.len() <= 60).then(|| format!("{base}-{}-{unit}", step.id()));
        Some((key, NewStep::new(step, seen.parse().ok()?, idempotency)))
    };
    let found: Option<Vec<_>> = posted.all("unit").into_iter().map(one).collect();
    found.filter(|found| !found.is_empty()).ok_or_else(|| "没有选定单位，请回到报送情况再看。".to_owned())
}

async fn together(state: AppState, viewer: office::viewer::Viewer, path: (String, String), fields: Fields, step: Step) -> Answer {
    let posted = Posted::new(fields.0);
    let (plan, period) = named(&state, path).await?;
    let review = links::review(&plan.id, period);
    let page = if step == Step::Approve { format!("{review}/approve") } else { review.clone() };
    let done: Outcome = async {
        let steps = match picked(&plan, period, &posted, step) {
            Ok(steps) => steps,
            Err(sentence) => return Ok(Err(sentence)),
        };
        let acting = Acting { viewer: &viewer, office: plan.region.id() };
        match state.store.take_steps(steps, acting, writer(&state, &viewer)).await {
            Ok(_) => Ok(Ok(review)),
            Err((Some(key), StoreError::Moved(_))) => {
                let name = domain::entry::units(&plan).into_iter().find(|(id, _)| *id == key.unit).map(|(_, name)| name);
                Ok(Err(format!("{}的报送刚刚有变动，一个也没有办理。下面是现在的情况。", name.unwrap_or(key.unit))))
            }
            Err((_, error)) => Err(error),
        }
    }
    .await;
    settle(&state, &viewer, &page, posted, done).await
}

/// All the returns named on the page, or none.
pub(crate) async fn approve(State(state): State<AppState>, Signed(viewer): Signed, Path(path): Address, fields: Fields) -> Answer {
    together(state, viewer, path, fields, Step::Approve).await
}

/// Takes back what was just done, all or none.
pub(crate) async fn undo(State(state): State<AppState>, Signed(viewer): Signed, Path(path): Address, fields: Fields) -> Answer {
    together(state, viewer, path, fields, Step::Undo).await
}

pub(crate) async fn figures(State(state): State<AppState>, Signed(viewer): Signed, Path(path): Address, Fields(fields): Fields) -> Answer {
    let posted = Posted::new(fields);
    let (plan, period) = named(&state, path).await?;
    let Some(goal) = plan.goal(posted.text("goal")) else { return Err(unknown().into()) };
    let page = format!("{}/figures?goal={}", links::review(&plan.id, period), goal.id);
    let acting = Acting { viewer: &viewer, office: plan.region.id() };
    let begun = plan
        .calendar
        .as_ref()
        .is_none_or(|calendar| calendar.standing(period, at_shanghai(state.clock.now()), &state.holidays) != Standing::NotYet);
    let done: Outcome = async {
        if !begun {
            return Ok(Err(format!("{}还没有结束，没有数可登记；请核对期间。", period.label())));
        }
        if posted.text("kind") == "total" {
            let (figure, reason) = match total(&plan, goal, &posted) {
                Ok(read) => read,
                Err(sentence) => return Ok(Err(sentence)),
            };
            let row = total_row(&goal.id, plan.region.id(), period, figure);
            let seen = posted.text("total_seen").parse().unwrap_or(-1);
            let changed = state.store.state_total(&plan.id, row, (reason, seen), acting, writer(&state, &viewer)).await?;
            return Ok(Ok(format!("{page}&total={}", if changed { "saved" } else { "same" })));
        }
        let (figures, publication) = match bureau(&plan, goal, &posted, state.clock.now()) {
            Ok(read) => read,
            Err(sentence) => return Ok(Err(sentence)),
        };
        let key = (plan.id.as_str(), goal.id.as_str(), period);
        let changed = state.store.record_bureau(key, figures, publication, acting, writer(&state, &viewer)).await?;
        Ok(Ok(format!("{page}&saved={changed}")))
    }
    .await;
    settle(&state, &viewer, &page, posted, done).await
}

fn total(plan: &Plan, goal: &Goal, posted: &Posted) -> Result<(Figure, Option<String>), String> {
    let name = &plan.region.name;
    let read =
        |label: &str, field: &str| if is_percent(goal) { Ok(None) } else { amount(goal, &format!("{name}{label}"), posted.text(field)) };
    let value = read("累计", "total")?;
    let base = read("去年同期", "total_base")?;
    let published_growth = percent(&format!("{name}公布增幅"), posted.text("total_growth"))?;
    let withdraws = value.is_none() && base.is_none() && published_growth.is_none() && posted.text("withdraw") == "on";
    if value.is_none() && published_growth.is_none() && !withdraws {
        return Err("还没有填总数；请填累计，或只填公布增幅。要撤回已填的总数，请清空各格并勾选“撤回”。".to_owned());
    }
    let reason = optional(posted, "total_reason", "原因")?;
    Ok((Figure { value, base, published_growth, ..Figure::default() }, reason))
}

fn bureau(plan: &Plan, goal: &Goal, posted: &Posted, now: i64) -> Result<(Vec<NewBureauFigure>, Publication), String> {
    let own = std::iter::once((plan.region.id(), plan.region.name.as_str()));
    let rows = own.chain(goal.splits.iter().map(|split| (split.region.as_str(), split.name.as_str())));
    let mut figures = Vec::new();
    let mut wrong = Vec::new();
    for (region, name) in rows {
        let text = |field: &str| posted.text(&box_name(field, region)).to_owned();
        // Boxes that still hold what they showed were not touched here.
        if text("w") == format!("{}|{}|{}", text("v"), text("b"), text("g")) {
            continue;
        }
        let value = if is_percent(goal) { Ok(None) } else { amount(goal, &format!("{name}累计"), &text("v")) };
        let base = if is_percent(goal) { Ok(None) } else { amount(goal, &format!("{name}去年同期"), &text("b")) };
        match (value, base, percent(&format!("{name}公布增幅"), &text("g"))) {
            (Ok(value), Ok(base), Ok(growth)) => {
                let seen = text("s").parse().unwrap_or(-1);
                figures.push(NewBureauFigure { region: region.to_owned(), seen, value, base, growth });
            }
            (value, base, growth) => wrong.extend([value.err(), base.err(), growth.err()].into_iter().flatten()),
        }
    }
    if !wrong.is_empty() {
        return Err(wrong.concat());
    }
    let name = clean(posted.text("source")).trim().to_owned();
    if name.is_empty() || name.chars().count() > 200 {
        return Err("请写明出处：哪个部门的哪份资料（不超过200字）。".to_owned());
    }
    let dated = domain::money::fold(posted.text("dated")).parse::<NaiveDate>();
    let today = domain::calendar::at_shanghai(now).date_naive();
    let Some(dated) = dated.ok().filter(|day| *day <= today && day.year() >= 1900) else {
        return Err("资料日期请写成今天或以前的日期，例如 2021-07-20。".to_owned());
    };
    Ok((figures, Publication { name, dated, reason: optional(posted, "reason", "原因")? }))
}
