//! 附证明材料: a unit attaches a file to what it reports, and takes it back before that is handed in; from then on files
//! are only added. Two may empty one.

use std::sync::Arc;

use async_trait::async_trait;
use documents::attachment::kind;
use domain::evidence::{FileKind, FileStep, LARGEST, MOST, MOST_STORED, Subject, clean_name, size_text};
use domain::holidays::Holidays;
use domain::plan::Plan;
use domain::rights::{Action, Object};
use domain::workflow::{State, Step};
use serde_json::json;

use super::Command;
use crate::boxes::required;
use crate::evidence::{row, takes};
use crate::facts::{Evidence, ReportKey, Stamp};
use crate::ports::{Facts, Ledger};
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::reports::report;
use crate::rows::{Entry, NewContent, NewRow, Personal};
use crate::who::Who;

/// The names of the forms' fields.
pub mod field {
    pub const FILE: &str = "evidence";
    /// [`super::WITHDRAW`]; otherwise a file is attached.
    pub const ACT: &str = "act";
    pub const SUBJECT: &str = "subject";
    pub const UNIT: &str = "unit";
    /// `on`: 盖章扫描件.
    pub const STAMPED: &str = "stamped";
    pub const NUMBER: &str = "number";
    /// Why a content is to be emptied.
    pub const REASON: &str = "reason";
}

/// The form takes a file back.
pub const WITHDRAW: &str = "withdraw";

/// A file that was looked at.
#[derive(Debug, Clone)]
pub struct NewFile {
    name: String,
    kind: FileKind,
    sha256: String,
    bytes: Vec<u8>,
}

impl NewFile {
    /// What somebody chose, by its bytes; it takes as long as the file is large.
    ///
    /// # Errors
    /// Why it is not taken, without a full stop.
    pub fn read(name: &str, bytes: Vec<u8>) -> Result<Self, String> {
        if bytes.len() > LARGEST {
            let (size, most) = (size_text(bytes.len() as i64), LARGEST / 1024 / 1024);
            return Err(format!("文件有 {size}，超过 {most} MB，没有收下；请压缩、拆成几份，或降低扫描精度后再传"));
        }
        let kind = kind(&bytes)?;
        Ok(Self { name: clean_name(name, kind), kind, sha256: domain::canonical::sha256(&bytes), bytes })
    }
}

/// A file to be attached.
#[derive(Debug, Clone)]
pub struct AttachFile {
    pub plan: String,
    pub subject: Subject,
    pub unit: String,
    /// 盖章扫描件: it confirms what the return's last submission says.
    pub stamped: bool,
    pub file: NewFile,
    pub holidays: Arc<Holidays>,
}

/// What a form is about.
pub fn subject(posted: &Posted) -> Result<Subject, Refusal> {
    Subject::parse(posted.text(field::SUBJECT)).ok_or_else(|| Refusal::whole("没有这个事项，请刷新页面"))
}

impl AttachFile {
    pub fn read(plan: &str, posted: &Posted, file: NewFile, holidays: Arc<Holidays>) -> Result<Self, Refusal> {
        Ok(Self {
            plan: plan.to_owned(),
            subject: subject(posted)?,
            unit: posted.text(field::UNIT).to_owned(),
            stamped: posted.text(field::STAMPED) == "on",
            file,
            holidays,
        })
    }

    /// What the seal on a scan confirms.
    async fn stamp(&self, facts: &mut dyn Facts, now: i64) -> Result<Option<Stamp>, Refusal> {
        if !self.stamped {
            return Ok(None);
        }
        let wrong = |sentence: &str| Refusal::field(field::STAMPED, sentence);
        let Subject::Return(round) = &self.subject else {
            return Err(wrong("只有报送可以附盖章扫描件；请去掉“盖章扫描件”的勾选，作为一般材料上传"));
        };
        if !self.file.kind.is_scan() {
            return Err(wrong("盖章扫描件应是 PDF、JPG 或 PNG；请扫描盖了章的纸质件再上传"));
        }
        let key = ReportKey { plan: self.plan.clone(), round: round.clone(), unit: self.unit.clone() };
        let report = report(facts, &key, now).await?;
        let stamp = report.and_then(|report| {
            let sha256 = report.handed_in()?.to_owned();
            let submission = report.steps.iter().filter(|step| step.step == Step::Submit).count() as i64;
            Some(Stamp { submission, sha256 })
        });
        let none = "盖章扫描件对应已提交的数据，现在没有（还没有提交，或已退回、撤回）；请先提交，再上传盖章扫描件";
        stamp.map(Some).ok_or_else(|| wrong(none))
    }
}

/// The plan, where this person may attach files of the unit.
async fn plan_of(facts: &mut dyn Facts, who: &Who, plan: &str, unit: &str) -> Result<Arc<Plan>, Refusal> {
    let plan = facts.plan(plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?.plan;
    who.may(Action::AttachEvidence, Object::of_unit(plan.region.id(), unit, State::Approved))?;
    Ok(plan)
}

fn object(plan: &str, file: &Evidence) -> String {
    format!("{plan}/{}/{}", file.subject.id(), file.unit)
}

/// A file's name is its unit's own until it is handed in, and no part of what the trail says.
fn detail(file: &Evidence) -> serde_json::Value {
    json!({ "number": file.number, "kind": file.kind.id(), "size": file.size, "sha256": file.sha256 })
}

#[async_trait]
impl Command for AttachFile {
    /// The file's number.
    type Done = i64;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<i64, Refusal> {
        let plan = plan_of(ledger, who, &self.plan, &self.unit).await?;
        let taken = takes(ledger, &plan, (&self.subject, &self.unit), who.at, &self.holidays).await?;
        let step = taken.map_err(Refusal::whole)?;
        let stamp = self.stamp(ledger, who.at).await?;
        let all = ledger.evidence(&plan.id, None).await?;
        let own = all.iter().filter(|file| file.subject == self.subject && file.unit == self.unit);
        let there: Vec<&Evidence> = own.clone().filter(|file| !file.is_withdrawn() && !file.is_erased()).collect();
        // The same file once more, or a second press of the same page.
        let is_same = |file: &&&Evidence| file.sha256 == self.file.sha256 && file.stamp == stamp;
        if let Some(same) = there.iter().find(is_same) {
            return Ok(same.number);
        }
        if there.len() >= MOST {
            let sentence = format!("已经有 {MOST} 份，不能再附；请撤回没有提交的、用不着的，或合并成一份 PDF");
            return Err(Refusal::field(field::FILE, sentence));
        }
        if own.count() >= MOST_STORED {
            let sentence = format!("连同撤回的已经上传过 {MOST_STORED} 份，不能再附；确有需要请与办公室联系");
            return Err(Refusal::field(field::FILE, sentence));
        }
        let NewFile { name, kind, sha256, bytes } = self.file;
        let file = Evidence {
            number: all.iter().map(|file| file.number).max().unwrap_or(0) + 1,
            subject: self.subject,
            unit: self.unit,
            name,
            kind,
            size: bytes.len() as i64,
            sha256: sha256.clone(),
            stamp,
            at: who.at,
            actor: who.actor.clone(),
            step,
            version: 0,
            last_at: who.at,
            last_actor: who.actor.clone(),
            erasure: None,
        };
        let mut detail = detail(&file);
        detail["stamps"] = json!(file.stamp.as_ref().map(|stamp| &stamp.sha256));
        let entry = Entry::new("attach_evidence", object(&plan.id, &file), detail);
        let entry = entry.with(row(&plan.id, &file, step, who)).with_content(NewContent { sha256, bytes });
        ledger.append(who, entry).await?;
        Ok(file.number)
    }
}

/// A file is taken back before it is handed in: nobody else has seen it, so what it holds is emptied, unless another
/// file has the same. That it was attached stays in the chain.
#[derive(Debug, Clone)]
pub struct WithdrawFile {
    pub plan: String,
    pub number: i64,
}

impl WithdrawFile {
    pub fn read(plan: &str, posted: &Posted) -> Self {
        Self { plan: plan.to_owned(), number: posted.text(field::NUMBER).parse().unwrap_or(0) }
    }
}

#[async_trait]
impl Command for WithdrawFile {
    type Done = ();

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let files = ledger.evidence(&self.plan, None).await?;
        let found = files.into_iter().find(|file| file.number == self.number);
        let unit = found.as_ref().map_or("", |file| file.unit.as_str());
        let plan = plan_of(ledger, who, &self.plan, unit).await?;
        let Some(file) = found else { return Err(Refusal::whole("没有这份材料，请刷新页面")) };
        match file.step {
            // A second press of the same page.
            FileStep::Withdraw => Ok(()),
            FileStep::Add | FileStep::HandIn => {
                let handing_in = file.subject.handing_in();
                Err(Refusal::whole(format!(
                    "{handing_in}以后的材料不能撤回，只能补充；“{}”有误的，请再附一份正确的",
                    file.name
                )))
            }
            FileStep::Attach => {
                let others = ledger.erasure_of(&plan.id, file.number, &file.sha256).await?;
                let entry = Entry::new("withdraw_evidence", object(&plan.id, &file), detail(&file));
                let entry = entry.with(row(&plan.id, &file, FileStep::Withdraw, who));
                let personal = (!others.is_readable).then(|| Personal::Empty(file.sha256.clone()));
                ledger.append(who, Entry { personal, ..entry }).await?;
                Ok(())
            }
        }
    }
}

/// The right to read a file: whoever decides or pays a claim sees its form, and no other.
pub fn read_right(subject: &Subject) -> Action {
    match subject {
        Subject::Claim { .. } => Action::ReadClaims,
        _ => Action::ReadEvidence,
    }
}

/// The acts about emptying a file.
pub const ASK_ERASURE: &str = "ask_erasure";
pub const ERASE: &str = "erase";
pub const LEAVE: &str = "leave";

/// 清除内容: one of the office asks and says why; another of it, or who signs for the unit, does it or leaves the file
/// as it is. That it was there, its name, size and SHA-256 stay.
#[derive(Debug, Clone)]
pub struct EraseFile {
    pub plan: String,
    pub number: i64,
    pub what: Erasing,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Erasing {
    Ask { reason: String },
    Erase,
    Leave { reason: String },
}

impl EraseFile {
    pub fn read(plan: &str, posted: &Posted) -> Result<Self, Refusal> {
        let what = match posted.text(field::ACT) {
            ERASE => Erasing::Erase,
            LEAVE => Erasing::Leave { reason: required(posted, field::REASON, "不清除的理由")? },
            _ => Erasing::Ask { reason: required(posted, field::REASON, "清除的理由")? },
        };
        Ok(Self { plan: plan.to_owned(), number: posted.text(field::NUMBER).parse().unwrap_or(0), what })
    }
}

#[async_trait]
impl Command for EraseFile {
    type Done = ();

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let plan = ledger.plan(&self.plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?.plan;
        let files = ledger.evidence(&plan.id, None).await?;
        let found = files.into_iter().find(|file| file.number == self.number && file.is_handed_in());
        let office = plan.region.id();
        let object = match found.as_ref().filter(|_| !matches!(self.what, Erasing::Ask { .. })) {
            Some(file) => Object::unit(office, &file.unit),
            None => Object::office(office),
        };
        let may = who.may(Action::EraseEvidence, object);
        // The unit's approver answers, and does not ask.
        if let (Err(_), Some(file)) = (&may, &found)
            && who.may(Action::EraseEvidence, Object::unit(office, &file.unit)).is_ok()
        {
            return Err(Refusal::whole("清除材料内容由办公室申请，请与办公室联系"));
        }
        may?;
        if let Some(file) = &found {
            who.may(read_right(&file.subject), Object::unit(office, &file.unit))?;
        }
        let file = found.ok_or_else(|| Refusal::whole("没有这份材料，请刷新页面"))?;
        let others = ledger.erasure_of(&plan.id, file.number, &file.sha256).await?;
        let asked = file.erasure_asked();
        if file.is_erased() {
            return Err(Refusal::whole(format!("“{}”的内容已经清除，请刷新页面", file.name)));
        }
        let (action, step, words) = match (self.what, asked) {
            (Erasing::Ask { .. }, Some(asked)) => {
                return Err(Refusal::whole(format!("{}已经申请清除，请刷新页面", asked.actor)));
            }
            (Erasing::Ask { reason }, None) => ("ask_evidence_erasure", "ask", reason),
            (_, None) => return Err(Refusal::whole(format!("没有人申请清除“{}”的内容，请刷新页面", file.name))),
            (Erasing::Erase, Some(asked)) if asked.account == who.account() => {
                return Err(Refusal::whole("申请清除的人不能自己确认，请另一位同事办理"));
            }
            (Erasing::Erase, Some(asked)) => ("erase_evidence", "erase", asked.reason.clone()),
            (Erasing::Leave { reason }, Some(_)) => ("leave_evidence", "leave", reason),
        };
        let row = NewRow {
            table: "evidence_erasure",
            cells: vec![
                ("plan_id", (&plan.id).into()),
                ("number", file.number.into()),
                ("version", (others.steps + 1).into()),
                ("step", step.into()),
                ("words", (&words).into()),
                ("at", who.at.into()),
                ("actor", (&who.actor).into()),
                ("account_id", who.account().into()),
            ],
        };
        // Why stands in the row alone: a pack has what the trail says.
        let entry = Entry::new(action, self::object(&plan.id, &file), detail(&file)).with(row);
        // What others attached too, and nobody emptied, stays theirs.
        let personal = (step == "erase" && !others.is_readable).then(|| Personal::Empty(file.sha256.clone()));
        ledger.append(who, Entry { personal, ..entry }).await?;
        Ok(())
    }
}
