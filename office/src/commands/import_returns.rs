//! 导入报送数据: rows of a file that somebody has seen as they are read, all of them or none.

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::returns::ReturnRow;
use domain::rights::{Action, Object};
use serde_json::json;

use super::Command;
use crate::incoming::{Doubtful, doubtful, others_figures};
use crate::ports::Ledger;
use crate::refusal::{Changed, Refusal};
use crate::rows::{Entry, NewFigures, NewRevision};
use crate::who::Who;

/// The names of the form's fields, beside those of the preview.
pub mod field {
    pub const REASON: &str = "reason";
}

/// Rows that have passed the checks of their file.
#[derive(Debug, Clone)]
pub struct ImportReturns {
    pub plan: String,
    pub rows: Vec<ReturnRow>,
    pub file_name: String,
    pub file_sha256: String,
    /// Needed where a figure in force changes; it answers what is doubtful too.
    pub reason: Option<String>,
    /// The kinds of doubt that somebody finds right as they are.
    pub accept: BTreeSet<String>,
}

/// What an import did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    pub new: usize,
    pub revised: usize,
    pub unchanged: usize,
}

#[async_trait]
impl Command for ImportReturns {
    type Done = Imported;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<Imported, Refusal> {
        let Self { plan: id, rows, file_name, file_sha256, reason, accept } = self;
        let plan = ledger.plan(&id).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?.plan;
        who.may(Action::ImportReturns, Object::office(plan.region.id()))?;
        let doubts = doubtful(&plan, &rows, &ledger.figures(&id).await?);
        let mut imported = Imported::default();
        let (mut new, mut changed) = (Vec::new(), Vec::new());
        for row in rows {
            match ledger.in_force(&id, &row).await? {
                Some((_, figure)) if figure.same_figures(&row.figure) => imported.unchanged += 1,
                Some((revision, before)) if reason.is_none() => changed.push(Changed { row, revision, before }),
                Some((revision, _)) => {
                    imported.revised += 1;
                    new.push(NewRevision::new(row, revision + 1, reason.clone()));
                }
                None => {
                    imported.new += 1;
                    new.push(NewRevision::new(row, 1, None));
                }
            }
        }
        // What stays as it is touches nobody's figure; what changes must not be a county's own.
        let touched: Vec<ReturnRow> =
            new.iter().map(|new| &new.row).chain(changed.iter().map(|changed| &changed.row)).cloned().collect();
        let theirs = others_figures(&plan, &touched, &ledger.posts().await?);
        if !theirs.is_empty() {
            let named = |problem: domain::Problem| (format!("line.{}", problem.line), problem.message);
            return Err(Refusal::Invalid(theirs.into_iter().map(named).collect()));
        }
        let (accepted, open): (Vec<Doubtful>, Vec<Doubtful>) = doubts
            .into_iter()
            .filter(|found| found.key.is_some())
            .partition(|found| reason.is_some() || found.key.is_some_and(|key| accept.contains(key)));
        if !open.is_empty() {
            let named = |found: Doubtful| (format!("line.{}", found.line), found.fact);
            return Err(Refusal::Invalid(open.into_iter().map(named).collect()));
        }
        if !changed.is_empty() {
            return Err(Refusal::NeedsReason(changed));
        }
        if !new.is_empty() {
            let mut detail = json!({ "plan": id, "file": file_name, "file_sha256": file_sha256, "reason": reason });
            if !accepted.is_empty() {
                detail["accepted"] = accepted.into_iter().map(|found| found.fact).collect();
            }
            let file = Some((file_name, file_sha256));
            let figures = NewFigures { plan: id.clone(), rows: new, file, at: who.at, by: who.actor.clone() };
            ledger.append(who, Entry::new("import_returns", id, detail).with_figures(figures)).await?;
        }
        Ok(imported)
    }
}
