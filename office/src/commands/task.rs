//! 限时任务: a unit reports it done, or takes that back; the office confirms, sends back, or grants a later day.

use async_trait::async_trait;
use chrono::NaiveDate;
use domain::calendar::{at_shanghai, chinese_date};
use domain::day::{Day, EXAMPLES};
use domain::evidence::Subject;
use domain::plan::Plan;
use domain::plan::task::Task;
use domain::rights::{Action, Object};
use domain::tasks::{Act, Part, Standing, due};
use domain::workflow::State;
use serde_json::json;

use super::Command;
use crate::boxes::{optional, required};
use crate::evidence::hand_in;
use crate::facts::TaskStep;
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::rows::{Entry, NewRow};
use crate::who::Who;

/// The names of the forms' fields.
pub mod field {
    pub const TASK: &str = "task";
    pub const UNIT: &str = "unit";
    pub const ACT: &str = "act";
    /// The number of steps that the page had seen of this unit's part, or of the task where it is everybody's.
    pub const SEEN: &str = "seen";
    pub const DAY: &str = "day";
    pub const WORDS: &str = "words";
    pub const PROOF: &str = "proof";
}

/// Stands for every unit that has not done its part yet, in the form of an extension.
pub const ALL: &str = "all";

/// The next step of one unit's part in a task; an extension may be everybody's who has not done his.
#[derive(Debug, Clone)]
pub struct RecordTask {
    pub plan: String,
    pub task: String,
    /// [`ALL`], or a unit's id.
    pub unit: String,
    pub seen: i64,
    pub what: What,
}

/// What is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Done on a day; where no year is written the last one that has passed.
    Report {
        day: Day,
        words: String,
        proof: String,
    },
    Withdraw,
    Confirm {
        words: String,
    },
    SendBack {
        reason: String,
    },
    Extend {
        to: Day,
        reason: String,
    },
}

impl What {
    pub fn act(&self) -> Act {
        match self {
            What::Report { .. } => Act::Report,
            What::Withdraw => Act::Withdraw,
            What::Confirm { .. } => Act::Confirm,
            What::SendBack { .. } => Act::SendBack,
            What::Extend { .. } => Act::Extend,
        }
    }

    /// What was done or why, and where the proof is.
    fn words(&self) -> (&str, &str) {
        match self {
            What::Report { words, proof, .. } => (words, proof),
            What::Withdraw => ("", ""),
            What::Confirm { words } => (words, ""),
            What::SendBack { reason } | What::Extend { reason, .. } => (reason, ""),
        }
    }
}

/// Who may take a step.
pub fn right(act: Act) -> Action {
    match act {
        Act::Report | Act::Withdraw => Action::ReportTask,
        Act::Confirm | Act::SendBack => Action::ConfirmTask,
        Act::Extend => Action::ExtendTask,
    }
}

impl RecordTask {
    /// As the forms of `/tasks/{plan}` send it: everything that is wrong with it at once.
    pub fn read(plan: &Plan, posted: &Posted) -> Result<Self, Refusal> {
        let act = Act::parse(posted.text(field::ACT)).ok_or_else(|| Refusal::whole("没有这一步，请刷新页面"))?;
        let day = |what: &str| {
            let read = Day::parse(posted.text(field::DAY));
            read.ok_or_else(|| Refusal::field(field::DAY, format!("{what}请写成日期，例如 {EXAMPLES}")))
        };
        let what = match act {
            Act::Report => {
                let day = day("完成日期");
                let words = required(posted, field::WORDS, "完成情况");
                let proof = required(posted, field::PROOF, "证明材料的名称、文号或存放处");
                match (day, words, proof) {
                    (Ok(day), Ok(words), Ok(proof)) => What::Report { day, words, proof },
                    (day, words, proof) => {
                        let faults = [day.err(), words.err(), proof.err()];
                        return Err(Refusal::all(faults.into_iter().flatten().collect()));
                    }
                }
            }
            Act::Withdraw => What::Withdraw,
            Act::Confirm => {
                What::Confirm { words: optional(posted, field::WORDS, "确认意见")?.unwrap_or_default() }
            }
            Act::SendBack => What::SendBack { reason: required(posted, field::WORDS, "退回的理由")? },
            Act::Extend => match (day("延期到哪一天"), required(posted, field::WORDS, "延期的理由")) {
                (Ok(to), Ok(reason)) => What::Extend { to, reason },
                (to, reason) => return Err(Refusal::all([to.err(), reason.err()].into_iter().flatten().collect())),
            },
        };
        Ok(Self {
            plan: plan.id.clone(),
            task: posted.text(field::TASK).to_owned(),
            unit: posted.text(field::UNIT).to_owned(),
            seen: posted.text(field::SEEN).parse().unwrap_or(-1),
            what,
        })
    }
}

/// The day that a step is about, and the rules of its kind.
fn check(what: &What, task: &Task, part: &Part, today: NaiveDate) -> Result<Option<NaiveDate>, Refusal> {
    let title = &task.title;
    let ended = || Refusal::whole(format!("“{title}”在计划里已经终止，不再报告或延期"));
    match what {
        What::Report { .. } | What::Extend { .. } if part.standing == Standing::Ended => Err(ended()),
        What::Report { .. } if part.standing.is_done() => {
            Err(Refusal::whole(format!("“{title}”已经确认完成；要改，请办公室先退回")))
        }
        What::Report { day, .. } => {
            let done = day.near(today).filter(|done| *done <= today);
            let sentence = format!("完成日期不能在今天（{}）以后；还没有完成的，完成以后再报告", chinese_date(today));
            done.map(Some).ok_or_else(|| Refusal::field(field::DAY, sentence))
        }
        What::Withdraw | What::Confirm { .. } if part.standing != Standing::Waiting => {
            Err(Refusal::whole(format!("“{title}”没有在等确认的报告，请刷新页面")))
        }
        What::SendBack { .. } if part.standing != Standing::Waiting && !part.standing.is_done() => {
            Err(Refusal::whole(format!("“{title}”没有可以退回的报告，请刷新页面")))
        }
        What::Extend { .. } if !part.standing.is_open() => {
            Err(Refusal::whole(format!("“{title}”已经报告完成，不用延期；不认可的，请先退回")))
        }
        What::Extend { to, .. } => {
            let known = part.extended.map_or(part.deadline, |extended| extended.to.max(part.deadline));
            let to = to.near(known).filter(|to| *to > known && *to >= today);
            let sentence = format!("延期要晚于现在的期限（{}），也不能早于今天", chinese_date(known));
            to.map(Some).ok_or_else(|| Refusal::field(field::DAY, sentence))
        }
        What::Withdraw | What::Confirm { .. } | What::SendBack { .. } => Ok(None),
    }
}

#[async_trait]
impl Command for RecordTask {
    type Done = ();

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let plan = ledger.plan(&self.plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?.plan;
        let (act, all) = (self.what.act(), self.unit == ALL && matches!(self.what, What::Extend { .. }));
        let office = plan.region.id();
        let about = if all { Object::office(office) } else { Object::of_unit(office, &self.unit, State::Approved) };
        who.may(right(act), about)?;
        let unknown = || Refusal::field(field::TASK, "计划里没有这项任务，请刷新页面");
        let task = plan.tasks.iter().find(|task| task.id == self.task).ok_or_else(unknown)?;
        let steps = ledger.task_steps(&plan.id).await?;
        let asked = |unit: &str| all || unit == self.unit;
        let own: Vec<&TaskStep> = steps.iter().filter(|step| step.task == task.id && asked(&step.unit)).collect();
        let words = self.what.words();
        if own.len() as i64 != self.seen {
            let last = own.iter().max_by_key(|step| step.at);
            // A second press of the same page.
            let again = last.filter(|step| step.account == who.account() && own.len() as i64 > self.seen);
            if again.is_some_and(|step| (step.act, &*step.words, &*step.proof) == (act, words.0, words.1)) {
                return Ok(());
            }
            let by = last.map_or_else(String::new, |step| format!("{}已经{}，", step.actor, step.act.name()));
            return Err(Refusal::whole(format!("您打开页面之后{by}这一步没有执行；请看过之后再办")));
        }
        let today = at_shanghai(who.at).date_naive();
        let state = due(&plan, &steps, today).into_iter().find(|state| state.task == task.id).ok_or_else(unknown)?;
        let parts: Vec<&Part> =
            state.parts.iter().filter(|part| asked(&part.unit) && (!all || part.standing.is_open())).collect();
        if parts.is_empty() {
            let none = if all { "没有还没完成的单位，不用延期" } else { "不由这个单位办理" };
            return Err(Refusal::field(field::UNIT, format!("“{}”{none}", task.title)));
        }
        let mut rows = Vec::new();
        let mut day = None;
        for part in parts {
            day = check(&self.what, task, part, today)?.map(|day| day.to_string());
            let mut of_part = own.iter().filter(|step| step.unit == part.unit);
            let version = of_part.clone().count() as i64 + 1;
            let reporter = of_part.rfind(|step| step.act == Act::Report).map(|step| step.account);
            if act == Act::Confirm && reporter == Some(who.account()) {
                return Err(Refusal::OwnWork);
            }
            rows.push(NewRow {
                table: "task_step",
                cells: vec![
                    ("plan_id", (&plan.id).into()),
                    ("task_id", (&task.id).into()),
                    ("unit_id", (&part.unit).into()),
                    ("version", version.into()),
                    ("step", act.id().into()),
                    ("day", day.as_deref().into()),
                    ("words", words.0.into()),
                    ("proof", words.1.into()),
                    ("at", who.at.into()),
                    ("actor", (&who.actor).into()),
                    ("account_id", who.account().into()),
                ],
            });
        }
        let action = match act {
            Act::Report => "report_task",
            Act::Withdraw => "withdraw_task",
            Act::Confirm => "confirm_task",
            Act::SendBack => "send_back_task",
            Act::Extend => "extend_task",
        };
        if act == Act::Report {
            let subject = Subject::Task(task.id.clone());
            rows.extend(hand_in(ledger, &plan.id, (&subject, &self.unit), who).await?);
        }
        let detail = json!({ "day": day, "words": words.0, "proof": words.1 });
        let object = format!("{}/tasks/{}/{}", plan.id, task.id, self.unit);
        ledger.append(who, Entry::new(action, object, detail).with_rows(rows)).await?;
        Ok(())
    }
}
