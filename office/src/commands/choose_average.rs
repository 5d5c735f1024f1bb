//! 确定年均增速的算法: which average judges a goal, by name, reason and date.

use async_trait::async_trait;
use domain::plan::meaning::AverageBy;
use domain::plan::{Kind, Plan};
use domain::rights::{Action, Object};
use serde_json::json;

use super::Command;
use crate::boxes::required;
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::rows::{Entry, NewRow};
use crate::who::Who;

/// The names of the form's fields.
pub mod field {
    pub const GOAL: &str = "goal";
    pub const AVERAGE: &str = "average";
    pub const REASON: &str = "reason";
    /// The version that the page showed; 0 for none.
    pub const SEEN: &str = "seen";
}

/// The average that judges a goal from now on; editions that are out keep theirs.
#[derive(Debug, Clone)]
pub struct ChooseAverage {
    pub plan: String,
    pub goal: String,
    pub by: AverageBy,
    pub reason: String,
    /// `None` chooses whatever stands now.
    pub seen: Option<i64>,
}

impl ChooseAverage {
    pub fn read(plan: &Plan, posted: &Posted) -> Result<Self, Refusal> {
        let by = AverageBy::parse(posted.text(field::AVERAGE));
        Ok(Self {
            plan: plan.id.clone(),
            goal: posted.text(field::GOAL).to_owned(),
            by: by.ok_or_else(|| Refusal::field(field::AVERAGE, "请选定按哪一种算法判断"))?,
            reason: required(posted, field::REASON, "理由和依据")?,
            seen: Some(posted.text(field::SEEN).parse().unwrap_or(-1)),
        })
    }
}

#[async_trait]
impl Command for ChooseAverage {
    type Done = ();

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let version = ledger.plan(&self.plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?;
        let plan = &version.plan;
        who.may(Action::ChooseReading, Object::office(plan.region.id()))?;
        let averages = plan.goals.iter().filter(|goal| goal.kind == Kind::AverageGrowth);
        let ids: Vec<&str> = averages.map(|goal| goal.id.as_str()).collect();
        if !ids.contains(&self.goal.as_str()) {
            let sentence = match ids.is_empty() {
                true => "这个计划没有年均增速的目标，不用选定算法".to_owned(),
                false => format!("“{}”不是年均增速的目标，请写 {} 之一", self.goal, ids.join("、")),
            };
            return Err(Refusal::field(field::GOAL, sentence));
        }
        if self.reason.trim().is_empty() {
            return Err(Refusal::field(field::REASON, "请写明理由和依据"));
        }
        let choices = ledger.average_choices(&self.plan).await?;
        let newest = choices.iter().rfind(|choice| choice.goal == self.goal);
        let known = newest.map_or(0, |choice| choice.version);
        if self.seen.is_some_and(|seen| seen != known) {
            return Err(Refusal::whole("您打开页面之后，别人刚选定过算法，没有保存；请看过之后再定"));
        }
        if newest.is_some_and(|choice| choice.chosen.by == self.by) {
            return Err(Refusal::field(field::AVERAGE, "现在用的就是这种算法，不用再选"));
        }
        let row = NewRow {
            table: "average_choice",
            cells: vec![
                ("plan_id", (&self.plan).into()),
                ("goal_id", (&self.goal).into()),
                ("version", (known + 1).into()),
                ("average", self.by.word().into()),
                ("reason", (&self.reason).into()),
                ("at", who.at.into()),
                ("actor", (&who.actor).into()),
                ("account_id", who.account().into()),
            ],
        };
        let object = format!("{}/{}", self.plan, self.goal);
        let detail = json!({ "average": self.by.word(), "reason": self.reason });
        ledger.append(who, Entry::new("choose_average", object, detail).with(row)).await?;
        Ok(())
    }
}
