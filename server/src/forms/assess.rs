//! The assessment: which reading holds, the year's figures, objections, the closing.

use app::pages::readings::address;
use app::pages::year_end::{address as year_end_address, unit_address};
use app::parts::links::progress;
use axum::extract::{Path, State};
use domain::rights::{Action, Object};
use office::commands::choose_average::ChooseAverage;
use office::commands::choose_reading::{ChooseReading, field as reading};
use office::commands::closing::{CloseYear, ReopenYear, field as closing};
use office::commands::objection::{AnswerObjection, Object as Objection};
use office::commands::year_end::{SignSelf, StateYear, VerifyAll, field as year_end, goal_and_year};
use office::posted::Posted;

use super::{Answer, Fields, carry_out, carry_out_read, named, plan_of, settle};
use crate::state::AppState;
use crate::web::sentence::{forbidden, unknown};
use crate::web::session::Signed;

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
    let Some(assessment) = plan.assessment(posted.text(reading::GOAL)) else { return Err(unknown().into()) };
    let page = address(&plan.id, &assessment.goal);
    let done = carry_out_read(&state, &viewer, ChooseReading::read(&plan, &posted)).await;
    settle(&state, &viewer, &page, posted, done.map(|()| page.clone())).await
}

/// Which average judges a goal.
pub(crate) async fn average(
    State(state): State<AppState>,
    Signed(viewer): Signed,
    Path(path): Path<(String, String)>,
    Fields(fields): Fields,
) -> Answer {
    let posted = Posted::new(fields);
    let (plan, period) = named(&state, path).await?;
    let page = progress(&plan.id, period);
    let done = carry_out_read(&state, &viewer, ChooseAverage::read(&plan, &posted)).await;
    settle(&state, &viewer, &page, posted, done.map(|()| page.clone())).await
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
    let done = match posted.text(year_end::KIND) {
        "sign" => carry_out(&state, &viewer, SignSelf::read(&plan, goal, year, &region, &posted)).await,
        _ => carry_out_read(&state, &viewer, StateYear::read(&plan, goal, year, &region, &posted)).await,
    };
    settle(&state, &viewer, &page, posted, done.map(|()| page.clone())).await
}

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
    let done = carry_out(&state, &viewer, VerifyAll::read(&plan, goal, year, &posted)).await;
    settle(&state, &viewer, &page, posted, done.map(|()| page.clone())).await
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
    let Some((goal, year)) = goal_and_year(&plan, &posted) else { return Err(unknown().into()) };
    let page = year_end_address(&plan.id, &goal.id, year);
    let done = match posted.get(closing::REOPEN) {
        Some(_) => carry_out_read(&state, &viewer, ReopenYear::read(&plan, goal, year, &posted)).await,
        None => {
            let command = CloseYear::read(&plan, goal, year, &posted).ok_or_else(unknown)?;
            carry_out(&state, &viewer, command).await
        }
    };
    settle(&state, &viewer, &page, posted, done.map(|()| page.clone())).await
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
    let done = carry_out_read(&state, &viewer, Objection::read(&plan.id, &posted)).await.map(|_| page.clone());
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
    let done = carry_out_read(&state, &viewer, AnswerObjection::read(&plan.id, &posted)).await.map(|()| page.clone());
    settle(&state, &viewer, &page, posted, done).await
}
