//! 填报: saving boxes of a return as drafts, all or none.

use async_trait::async_trait;
use domain::rights::{self, Action, Object};
use serde_json::json;

use super::Command;
use super::steps::{draft_row, object, state_of};
use crate::entry_form::{Form, change, changes};
use crate::facts::{CellChange, CellConflict, Draft, Report, ReportKey};
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::rows::Entry;
use crate::who::Who;

/// Boxes as somebody typed them.
#[derive(Debug, Clone)]
pub struct SaveDraft {
    pub report: ReportKey,
    pub changes: Vec<CellChange>,
}

impl SaveDraft {
    /// As the entry form sends them; unknown names are not looked at.
    pub fn read(report: &Report, form: &Form, posted: &Posted) -> Result<Self, Refusal> {
        Ok(Self { report: report.key.clone(), changes: changes(report, form, posted)? })
    }

    /// As the browser's island sends them: box, version it showed, text.
    pub fn typed(report: &Report, form: &Form, cells: Vec<(String, i64, String)>) -> Result<Self, Refusal> {
        let known = form.cells();
        let mut changes = Vec::new();
        for (cell, seen, text) in cells.into_iter().filter(|(cell, ..)| known.contains(cell)) {
            changes.push(change(report, cell, seen, text)?);
        }
        Ok(Self { report: report.key.clone(), changes })
    }
}

#[async_trait]
impl Command for SaveDraft {
    /// The newest version of each box.
    type Done = Vec<Draft>;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<Vec<Draft>, Refusal> {
        let key = &self.report;
        let scope = || Refusal::Forbidden(Action::SaveDraft, rights::Refusal::Scope);
        let version = ledger.plan(&key.plan).await?.ok_or_else(scope)?;
        may_type(ledger, who, version.plan.region.id(), key).await?;
        let mut known = ledger.drafts(key).await?;
        // Of a box that somebody else changed meanwhile, what it showed, too.
        for change in &self.changes {
            let is_known = |draft: &Draft| draft.cell == change.cell && draft.version == change.seen;
            if change.seen > 0 && !known.iter().any(is_known) {
                let shown = ledger.draft_in(key, &change.cell, change.seen).await?;
                shown.into_iter().for_each(|draft| known.insert(0, draft));
            }
        }
        let (changed, conflicts) = compare(&known, self.changes);
        if !conflicts.is_empty() {
            return Err(Refusal::Conflict(conflicts));
        }
        if changed.is_empty() {
            return Ok(newest(known));
        }
        let rows = changed.iter().map(|(change, version)| draft_row(key, change, *version, who)).collect();
        let cells: Vec<&str> = changed.iter().map(|(change, _)| change.cell.as_str()).collect();
        let entry = Entry::new("save_draft", object(key), json!({ "cells": cells })).with_rows(rows);
        let seq = ledger.append(who, entry).await?;
        let mut all = known;
        all.extend(changed.into_iter().map(|(change, version)| Draft {
            cell: change.cell,
            version,
            text: change.text,
            at: who.at,
            actor: who.actor.clone(),
            audit_seq: seq,
        }));
        Ok(newest(all))
    }
}

/// Whether somebody may type into a return in the state it has inside this transaction.
async fn may_type(ledger: &mut dyn Ledger, who: &Who, office: &str, key: &ReportKey) -> Result<(), Refusal> {
    let mut steps = ledger.steps(key).await?;
    let state = state_of(ledger, key, &steps, who.at).await?;
    let last = steps.pop();
    who.may(Action::SaveDraft, Object::of_unit(office, &key.unit, state)).map_err(|refusal| match refusal {
        Refusal::Forbidden(_, rights::Refusal::State(_)) => Refusal::Moved(last.map(Box::new)),
        other => other,
    })
}

/// Which boxes change, with their new version, and which of them somebody else has changed since they were shown.
fn compare(known: &[Draft], changes: Vec<CellChange>) -> (Vec<(CellChange, i64)>, Vec<CellConflict>) {
    let (mut changed, mut conflicts) = (Vec::new(), Vec::new());
    for change in changes {
        let of_cell = |draft: &&Draft| draft.cell == change.cell;
        let shown = known.iter().filter(of_cell).find(|draft| draft.version == change.seen);
        let shown = shown.map(|draft| draft.text.as_str()).or((change.seen == 0).then_some(change.shown.as_str()));
        let now = known.iter().rev().find(of_cell);
        let text_now = now.map_or(change.shown.as_str(), |draft| draft.text.as_str());
        // A box that still holds what it showed was not touched here.
        if shown == Some(change.text.as_str()) || text_now == change.text {
            continue;
        }
        match now {
            Some(theirs) if theirs.version != change.seen => {
                let theirs = theirs.clone();
                conflicts.push(CellConflict { cell: change.cell, mine: change.text, theirs });
            }
            now => {
                let version = now.map_or(1, |draft| draft.version + 1);
                changed.push((change, version));
            }
        }
    }
    (changed, conflicts)
}

/// The newest version of each box.
fn newest(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut by_cell = std::collections::BTreeMap::new();
    for draft in drafts {
        by_cell.insert(draft.cell.clone(), draft);
    }
    by_cell.into_values().collect()
}
