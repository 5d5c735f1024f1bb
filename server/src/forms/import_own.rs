//! A file in our own form, looked at in the browser before it is written: nothing is guessed, each doubt has its line.

use app::pages::import::{ImportLine, ImportPreview};
use axum::body::Body;
use axum::http::{Response, StatusCode};
use documents::office_table::{self, Mapping};
use domain::plan::{Goal, Plan};
use domain::returns::{Figures, ReturnRow};
use office::incoming::{self, OwnForm, compare};
use office::posted::Posted;
use office::refusal::Refusal;
use office::viewer::Viewer;
use store::StoreError;

use super::import::{figures, in_force, page, write};
use super::sheet::{RETURNS, seen};
use super::{Answer, settle};
use crate::reading::reading;
use crate::state::AppState;
use crate::web::sentence::unavailable_page;

/// A file in our own form that somebody looks at: its text goes with it through the previews.
pub(super) struct Own<'p> {
    pub(super) plan: &'p Plan,
    pub(super) goal: &'p Goal,
    pub(super) text: String,
    pub(super) file: String,
    pub(super) sha256: String,
}

/// The lines that somebody leaves out and the doubts he accepts, as a mapping without columns.
fn choices(posted: &Posted) -> Mapping {
    let skip = posted.all("skip").into_iter().filter(|place| office_table::is_place(place)).map(str::to_owned);
    let accept = posted.all("accept").into_iter().map(str::to_owned);
    Mapping { sheet: "报送格式".to_owned(), skip: skip.collect(), accept: accept.collect(), ..Mapping::default() }
}

/// The file as it would be taken, what somebody accepted marked so, and what is in force.
async fn own_checked(state: &AppState, own: &Own<'_>, mapping: &Mapping) -> Result<(OwnForm, Figures), StoreError> {
    let stored = state.store.read().await?.figures(&own.plan.id).await?;
    let reporters = super::import::reporters(state, own.plan).await?;
    let (plan, goal, figures, skip) = (own.plan.clone(), own.goal.clone(), stored.clone(), mapping.skip.clone());
    let (text, file) = (own.text.clone(), own.file.clone());
    let read = reading(move |budget| {
        Ok(incoming::own_form((&plan, &goal), (&text, &file), &skip, &reporters, &figures, budget))
    });
    let mut read = read.await.unwrap_or_else(|sentence| OwnForm {
        doubts: vec![office_table::Doubt::new("", sentence, true)],
        ..OwnForm::default()
    });
    office_table::accept(&mut read.doubts, &mapping.accept);
    Ok((read, stored))
}

pub(super) async fn look_own(state: &AppState, viewer: &Viewer, own: &Own<'_>, posted: Posted) -> Response<Body> {
    let mut mapping = choices(&posted);
    let mut checked = own_checked(state, own, &mapping).await;
    if posted.text("then") == "leave"
        && let Ok((read, _)) = &checked
    {
        mapping.skip.extend(read.theirs.iter().map(usize::to_string));
        checked = own_checked(state, own, &mapping).await;
    }
    let (read, stored) = match checked {
        Ok(found) => found,
        Err(error) => return unavailable_page(&error),
    };
    let kept: Vec<ReturnRow> =
        read.rows.iter().filter(|row| !mapping.skip.contains(&row.line.to_string())).cloned().collect();
    let compared = compare(&kept, &stored);
    let line = |row: &ReturnRow| {
        let goal = own.plan.goal(&row.goal).unwrap_or(own.goal);
        let name = goal.split(&row.region).map_or(own.plan.region.name.clone(), |split| split.name.clone());
        let skipped = mapping.skip.contains(&row.line.to_string());
        let now = stored.get(&row.goal, row.period, &row.region).filter(|now| !now.same_figures(&row.figure));
        ImportLine {
            row: row.line,
            address: row.line.to_string(),
            written: format!("{}　{}", row.period.label(), goal.name),
            name: Some(name),
            now: now.filter(|_| !skipped).map(|now| in_force(goal, now)),
            skipped,
            ..figures(goal, &row.figure)
        }
    };
    let shown = ImportPreview {
        reading: RETURNS.shown(&own.file, &mapping, &own.goal.measure, &read.doubts),
        sha256: own.sha256.clone(),
        own: Some(own.text.clone()),
        goal: own.goal.id.clone(),
        goal_unit: own.goal.measure.unit.clone(),
        theirs: read.theirs.len(),
        lines: read.rows.iter().map(line).collect(),
        new: compared.new,
        revised: compared.revised.len(),
        unchanged: compared.unchanged,
        ..ImportPreview::default()
    };
    let status = if posted.error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page(state, viewer, own.plan, posted, Some(shown), status).await
}

pub(super) async fn import_own(state: &AppState, viewer: &Viewer, plan: &Plan, posted: Posted) -> Answer {
    let goal = plan.goal(posted.text("goal")).unwrap_or(plan.default_goal());
    let own = Own {
        plan,
        goal,
        text: posted.text("own").to_owned(),
        file: posted.text("file").to_owned(),
        sha256: posted.text("sha256").to_owned(),
    };
    if posted.text("then") != "confirm" {
        return Ok(look_own(state, viewer, &own, posted).await);
    }
    let mapping = choices(&posted);
    if seen(&mapping) != posted.text("seen") {
        let error = "您改过读法，没有导入。下面是新的预览，请看过再确认。";
        return Ok(look_own(state, viewer, &own, posted.with_error(error)).await);
    }
    let read = match own_checked(state, &own, &mapping).await {
        Ok((read, _)) => read,
        Err(error) => return Ok(unavailable_page(&error)),
    };
    let stops = read.doubts.iter().any(|doubt| doubt.stops);
    let rows = read.rows.into_iter().filter(|row| !mapping.skip.contains(&row.line.to_string())).collect();
    let done = write(state, viewer, plan, stops, rows, &posted, mapping.accept).await;
    match done {
        Err(refusal @ (Refusal::Invalid(_) | Refusal::NeedsReason(_))) => {
            Ok(look_own(state, viewer, &own, posted.with_error(&refusal.sentence())).await)
        }
        done => settle(state, viewer, &format!("/import/{}", plan.id), posted.only(&[]), done).await,
    }
}
