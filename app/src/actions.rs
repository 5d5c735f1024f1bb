//! Server functions. Each is a public POST endpoint with a fixed address, and a line in the server's table of access.

use leptos::prelude::*;

use crate::wire::{Paste, PlanFindings, Saved, TypedCell, WhatIfAnswer};

/// Recomputes the ranking with `more` (in the goal's unit) added to one unit's cumulative value.
#[server(endpoint = "what-if")]
pub async fn what_if_with(
    plan: String,
    region: String,
    period: String,
    more: String,
) -> Result<WhatIfAnswer, ServerFnError> {
    let answer = crate::answers::what_if::answer(&crate::backend::backend(), &plan, &region, &period, &more).await;
    Ok(answer.unwrap_or_else(|error| WhatIfAnswer { lines: vec![error.sentence()], is_error: true }))
}

/// Names the newest published edition, of one plan or of all: a wall screen asks whether there is something newer.
#[server(endpoint = "board")]
pub async fn board_edition(plan: Option<String>) -> Result<String, ServerFnError> {
    crate::answers::board::showing(plan.as_deref()).await.map_err(|error| ServerFnError::new(error.reference))
}

/// Saves boxes of a return as drafts and says what follows from them; with none, only says what follows.
#[server(endpoint = "draft", input = server_fn::codec::Json)]
pub async fn save_draft(
    plan: String,
    period: String,
    region: String,
    cells: Vec<TypedCell>,
) -> Result<Saved, ServerFnError> {
    Ok(crate::answers::entry::save(&plan, &period, &region, cells).await)
}

/// What a block from Excel or WPS would put where; changes nothing. `current` is what the page holds.
#[server(endpoint = "paste", input = server_fn::codec::Json)]
pub async fn preview_paste(
    plan: String,
    period: String,
    region: String,
    start: String,
    block: String,
    current: Vec<TypedCell>,
) -> Result<Paste, ServerFnError> {
    Ok(crate::answers::entry::preview(&plan, &period, &region, &start, &block, current).await)
}

/// Checks the plan editor's form; changes nothing. `plan` is empty for a new one.
#[server(endpoint = "plan-check", input = server_fn::codec::Json)]
pub async fn check_plan(plan: String, boxes: Vec<(String, String)>) -> Result<PlanFindings, ServerFnError> {
    Ok(crate::answers::plan_check::checked(&plan, boxes).await)
}
