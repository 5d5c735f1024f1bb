//! 导入报送数据: rows of a file that somebody has seen as they are read, all of them or none.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use async_trait::async_trait;
use domain::Problem;
use domain::holidays::Holidays;
use domain::month::Period;
use domain::plan::Plan;
use domain::returns::{Figure, ReturnRow};
use domain::rights::{Action, Object};
use serde_json::json;

use super::Command;
use crate::facts::{ReportKey, Unavailable};
use crate::incoming::{Doubtful, ON_BEHALF, Reporters, doubtful, others_figures, unit_of};
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
    /// Needed where a figure in force changes or a unit's figure is entered in its place; it answers what is doubtful
    /// too.
    pub reason: Option<String>,
    /// The kinds of doubt that somebody finds right as they are; with [`ON_BEHALF`], figures in the units' place.
    pub accept: BTreeSet<String>,
    /// By which deadlines are counted: what was over before a unit could report is taken over.
    pub holidays: Arc<Holidays>,
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
        let Self { plan: id, rows, file_name, file_sha256, reason, accept, holidays } = self;
        let plan = ledger.plan(&id).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?.plan;
        who.may(Action::ImportReturns, Object::office(plan.region.id()))?;
        let stored = ledger.figures(&id).await?;
        let withdrawn = ledger.withdrawn(&id).await?;
        let withdrawn: HashMap<(&str, Period, &str), &Figure> =
            withdrawn.iter().map(|cell| ((&*cell.goal, cell.period, &*cell.region), &cell.figure)).collect();
        let in_force = |row: &ReturnRow| {
            let taken_back = || withdrawn.get(&(row.goal.as_str(), row.period, row.region.as_str())).copied();
            stored.get(&row.goal, row.period, &row.region).or_else(taken_back)
        };
        let doubts = doubtful(&plan, &rows, &stored);
        let reporters = Reporters::load(&mut *ledger, &id, holidays).await?;
        let mut imported = Imported::default();
        let (mut new, mut changed) = (Vec::new(), Vec::new());
        for row in rows {
            let before = in_force(&row);
            let revision = before.map_or(0, |before| i64::from(before.source.revision));
            match before {
                Some(before) if before.same_figures(&row.figure) => imported.unchanged += 1,
                Some(before) if reason.is_none() => changed.push(Changed { row, revision, before: before.clone() }),
                Some(_) => {
                    imported.revised += 1;
                    new.push(NewRevision::new(row, revision + 1, reason.clone()));
                }
                None => {
                    imported.new += 1;
                    new.push(NewRevision::new(row, 1, None));
                }
            }
        }
        // What stays as it is touches nobody's figure; what changes must not be a county's own, or be entered in its
        // place.
        let touched: Vec<ReturnRow> =
            new.iter().map(|new| &new.row).chain(changed.iter().map(|changed| &changed.row)).cloned().collect();
        let on_behalf = accept.contains(ON_BEHALF);
        // Not by its line: two units stand in one where tables stand side by side.
        let replaced = |row: &ReturnRow| on_behalf && reporters.owner(&plan, row).is_some();
        let mut theirs = if on_behalf { Vec::new() } else { others_figures(&plan, &touched, &reporters) };
        let taken = |row: &&ReturnRow| reporters.is_taken_over(&plan, row) || replaced(row);
        theirs.extend(handed_in(ledger, &plan, touched.iter().filter(taken)).await?);
        if !theirs.is_empty() {
            let named = |problem: domain::Problem| (format!("line.{}", problem.line), problem.message);
            return Err(Refusal::Invalid(theirs.into_iter().map(named).collect()));
        }
        if reason.is_none() && touched.iter().any(replaced) {
            let sentence = "由办公室代报，请写明原因和依据，例如：填报员病假，按县里9月20日盖章报来的表录入";
            return Err(Refusal::field(field::REASON, sentence));
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
            for row in &mut new {
                if replaced(&row.row) {
                    row.source = Some((who.at, format!("{}（代报）", who.actor)));
                    row.reason.clone_from(&reason);
                } else if reporters.is_taken_over(&plan, &row.row) {
                    row.source = Some((who.at, format!("{}（承接报送开始前的数）", who.actor)));
                }
            }
            let mut detail = json!({ "plan": id, "file": file_name, "file_sha256": file_sha256, "reason": reason });
            let entered = new.iter().filter(|new| replaced(&new.row)).map(|new| new.row.region.as_str());
            let entered: BTreeSet<&str> = entered.collect();
            if !entered.is_empty() {
                detail["on_behalf"] = json!(entered);
            }
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

/// Of rows taken over or entered in the unit's place, those of a period that the unit has handed in all the same.
async fn handed_in<'r>(
    ledger: &mut dyn Ledger,
    plan: &Plan,
    rows: impl Iterator<Item = &'r ReturnRow>,
) -> Result<Vec<Problem>, Unavailable> {
    let mut theirs = Vec::new();
    let mut known: HashMap<ReportKey, bool> = HashMap::new();
    for row in rows {
        let (Some(goal), Some(unit)) = (plan.goal(&row.goal), unit_of(plan, row)) else { continue };
        let key = ReportKey { plan: plan.id.clone(), round: plan.round_of(goal, row.period), unit: unit.to_owned() };
        let handed_in = match known.get(&key) {
            Some(handed_in) => *handed_in,
            None => !ledger.steps(&key).await?.is_empty(),
        };
        known.insert(key, handed_in);
        if handed_in {
            let sentence = "这一期单位自己已在网页上报过，不能由文件承接或代报；要改请单位修改或申请更正";
            theirs.push(Problem::new(row.line, sentence.to_owned()));
        }
    }
    Ok(theirs)
}
