//! 认定名单: firms put onto an office's lists, corrected and withdrawn, by form or from a workbook.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::calendar::at_shanghai;
use domain::plan::Plan;
use domain::recognition::{Field, Index, NO_LEVEL, Recognition, Stated};
use domain::rights::{Action, Object};
use serde_json::json;

use super::Command;
use crate::boxes::optional;
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::rows::{Entry, NewRow};
use crate::who::Who;

/// The names of the form's fields, besides the facts by their ids.
pub mod field {
    pub const NUMBER: &str = "number";
    /// What of the lists the page had seen: [`super::seen`].
    pub const SEEN: &str = "seen";
    pub const REASON: &str = "reason";
}

/// Puts recognitions onto the lists, or states known ones anew.
#[derive(Debug, Clone)]
pub struct KeepRecognitions {
    pub plan: String,
    /// With the number of the one that is stated anew.
    pub lines: Vec<(Option<u32>, Stated)>,
    pub seen: i64,
    pub reason: Option<String>,
    /// The file they came from; empty for a form.
    pub file: String,
}

/// What became of the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kept {
    pub added: usize,
    pub changed: usize,
    pub same: usize,
}

/// How many versions the lists hold: it moves with each.
pub fn seen(list: &[Recognition]) -> i64 {
    list.iter().map(|one| one.version).sum()
}

impl KeepRecognitions {
    /// As the form of `/lists/{plan}` sends it: everything that is wrong with it at once.
    pub fn read(plan: &Plan, posted: &Posted, now: i64) -> Result<Self, Refusal> {
        let today = at_shanghai(now).date_naive();
        let mut stated = Stated::default();
        let mut faults = Vec::new();
        for of in Field::ALL {
            let read = optional(posted, of.id(), of.name()).and_then(|text| {
                let text = text.unwrap_or_default();
                of.set(&mut stated, &text, plan, today).map_err(|sentence| Refusal::field(of.id(), sentence))
            });
            faults.extend(read.err());
        }
        if !faults.is_empty() {
            return Err(Refusal::all(faults));
        }
        let number = posted.text(field::NUMBER);
        let gone = || Refusal::whole("名单里没有这一条，请刷新页面");
        let number = if number.is_empty() { None } else { Some(number.parse().map_err(|_| gone())?) };
        Ok(Self {
            plan: plan.id.clone(),
            lines: vec![(number, stated)],
            seen: posted.text(field::SEEN).parse().unwrap_or(-1),
            reason: optional(posted, field::REASON, "理由")?,
            file: String::new(),
        })
    }
}

#[async_trait]
impl Command for KeepRecognitions {
    type Done = Kept;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<Kept, Refusal> {
        let plan = ledger.plan(&self.plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?.plan;
        let office = plan.region.id();
        who.may(Action::KeepLists, Object::office(office))?;
        let mut known = ledger.recognitions(office).await?;
        if seen(&known) != self.seen {
            return Err(Refusal::whole("您打开页面之后名单改动过，没有保存；请看过现在的名单再办"));
        }
        let today = at_shanghai(who.at).date_naive();
        let (mut done, mut rows) = (Kept::default(), Vec::new());
        let mut index = Index::of(known.iter().map(|one| &one.stated));
        let places: BTreeMap<u32, usize> = known.iter().enumerate().map(|(at, one)| (one.number, at)).collect();
        let mut last = known.iter().map(|other| other.number).max().unwrap_or_default();
        for (number, stated) in &self.lines {
            if let Some((of, sentence)) = stated.fault(today).or_else(|| stated.misfit(&plan)) {
                return Err(Refusal::field(of.id(), format!("{}：{sentence}", stated.firm)));
            }
            // A firm may be recognised again after that was withdrawn.
            let mut near = index.near(stated).into_iter().map(|at| &known[at]);
            let repeated = near.find(|other| {
                Some(other.number) != *number
                    && other.stated.withdrawn.is_none()
                    && stated.withdrawn.is_none()
                    && other.stated.repeats(stated)
            });
            if let Some(other) = repeated {
                return Err(Refusal::field(
                    Field::Firm.id(),
                    format!(
                        "名单里已有第{}条：{}，{}{}；请改那一条，不要再登记一条",
                        other.number, other.stated.firm, stated.level, stated.title
                    ),
                ));
            }
            let at = match number {
                None => None,
                Some(number) => {
                    let found = places.get(number).copied();
                    Some(found.ok_or_else(|| Refusal::whole("名单里没有这一条，请刷新页面"))?)
                }
            };
            let old = at.map(|at| known[at].clone());
            if old.as_ref().is_some_and(|old| old.stated == *stated) {
                done.same += 1;
                continue;
            }
            if old.is_some() && self.reason.is_none() {
                return Err(Refusal::field(field::REASON, "改动或撤销名单里已有的条目，请写明理由"));
            }
            let new = Recognition {
                number: old.as_ref().map_or(last + 1, |old| old.number),
                version: old.as_ref().map_or(1, |old| old.version + 1),
                stated: stated.clone(),
                reason: self.reason.clone().unwrap_or_default(),
                at: who.at,
                actor: who.actor.clone(),
            };
            rows.push(row(office, &new, who));
            index.put(at.unwrap_or(known.len()), stated);
            match at {
                Some(at) => {
                    known[at] = new;
                    done.changed += 1;
                }
                None => {
                    last = new.number;
                    known.push(new);
                    done.added += 1;
                }
            }
        }
        if rows.is_empty() {
            return Ok(done);
        }
        let detail = json!({
            "added": done.added, "changed": done.changed, "reason": self.reason, "file": self.file,
        });
        let entry = Entry::new("keep_recognitions", format!("lists/{office}"), detail);
        ledger.append(who, entry.with_rows(rows)).await?;
        Ok(done)
    }
}

fn row(office: &str, new: &Recognition, who: &Who) -> NewRow {
    let stated = &new.stated;
    let (day, withdrawn) = (stated.day.to_string(), stated.withdrawn.map(|day| day.to_string()));
    NewRow {
        table: "recognition",
        cells: vec![
            ("office", office.into()),
            ("number", new.number.into()),
            ("version", new.version.into()),
            ("firm", (&stated.firm).into()),
            ("owner", stated.owner.as_deref().into()),
            ("credit_code", stated.credit_code.as_deref().into()),
            ("unit_id", (&stated.unit).into()),
            ("title", (&stated.title).into()),
            ("level", (if stated.level.is_empty() { NO_LEVEL } else { &stated.level }).into()),
            ("batch", (&stated.batch).into()),
            ("document", (&stated.document).into()),
            ("day", (&day).into()),
            ("withdrawn", withdrawn.as_deref().into()),
            ("paired", stated.paired.as_deref().into()),
            ("reason", (&new.reason).into()),
            ("at", who.at.into()),
            ("actor", (&who.actor).into()),
            ("account_id", who.account().into()),
        ],
    }
}
