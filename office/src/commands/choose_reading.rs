//! 确定条款读法: chosen by one person while the year runs, proposed and confirmed by two after it.

use async_trait::async_trait;
use domain::assessment::Rules;
use domain::plan::Plan;
use domain::rights::{Action, Object};
use serde_json::json;

use super::Command;
use crate::boxes::required;
use crate::facts::{Decision, ReadingChoice};
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::readings::year_is_over;
use crate::refusal::Refusal;
use crate::rows::{Entry, NewRow};
use crate::who::Who;

/// The names of the form's fields.
pub mod field {
    pub const GOAL: &str = "goal";
    pub const DECISION: &str = "decision";
    pub const READING: &str = "reading";
    pub const COMPLETED_WHEN: &str = "completed_when";
    pub const TIES: &str = "ties";
    pub const COMPARE: &str = "compare";
    pub const REASON: &str = "reason";
    /// The version that the page showed.
    pub const SEEN: &str = "seen";
    /// That a change during the year moves what was computed before.
    pub const WARNED: &str = "warned";
}

/// What is done about the reading of one goal's rule.
#[derive(Debug, Clone)]
pub enum Wish {
    /// These rules; `rank_by` is the plan's. `warned`: that it moves the results of all periods is known.
    These {
        rules: Rules,
        reason: String,
        warned: bool,
    },
    /// What somebody else proposed holds.
    Confirm,
    Drop,
}

#[derive(Debug, Clone)]
pub struct ChooseReading {
    pub plan: String,
    pub goal: String,
    pub wish: Wish,
    pub seen: i64,
}

impl ChooseReading {
    pub fn read(plan: &Plan, posted: &Posted) -> Result<Self, Refusal> {
        let goal = posted.text(field::GOAL).to_owned();
        let assessment = plan.assessment(&goal).ok_or_else(|| Refusal::field(field::GOAL, "没有这项考核"))?;
        let wish = match Decision::parse(posted.text(field::DECISION)) {
            Some(Decision::Confirmed) => Wish::Confirm,
            Some(Decision::Dropped) => Wish::Drop,
            _ => Wish::These {
                rules: rules(assessment.rules, posted)?,
                reason: required(posted, field::REASON, "理由和依据")?,
                warned: posted.text(field::WARNED) == "on",
            },
        };
        Ok(Self { plan: plan.id.clone(), goal, wish, seen: posted.text(field::SEEN).parse().unwrap_or(-1) })
    }
}

fn rules(in_force: Rules, posted: &Posted) -> Result<Rules, Refusal> {
    fn chosen<T: std::str::FromStr>(posted: &Posted, name: &str, sentence: &str) -> Result<T, Refusal> {
        posted.text(name).parse().map_err(|_| Refusal::field(name, sentence))
    }
    Ok(Rules {
        rank_by: in_force.rank_by,
        reading: chosen(posted, field::READING, "请选定先后")?,
        completed_when: chosen(posted, field::COMPLETED_WHEN, "请选定何为完成")?,
        ties: chosen(posted, field::TIES, "请选定并列怎么办")?,
        compare: chosen(posted, field::COMPARE, "请选定取整办法")?,
    })
}

#[async_trait]
impl Command for ChooseReading {
    type Done = ();

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let (plan_id, goal) = (&self.plan, &self.goal);
        let version = ledger.plan(plan_id).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?;
        let plan = &version.plan;
        who.may(Action::ChooseReading, Object::office(plan.region.id()))?;
        let in_force = plan.assessment(goal).ok_or_else(|| Refusal::field(field::GOAL, "没有这项考核"))?.rules;
        let (step, rules, reason) = match &self.wish {
            Wish::Confirm => (Decision::Confirmed, in_force, "第二人确认".to_owned()),
            Wish::Drop => (Decision::Dropped, in_force, "取消改动".to_owned()),
            Wish::These { rules, reason, .. } if year_is_over(plan, who.at) => {
                (Decision::Proposed, *rules, reason.clone())
            }
            Wish::These { warned: false, .. } => {
                let sentence = "年度还没有结束，请先勾选“我知道这会改变各期的预计结果”";
                return Err(Refusal::field(field::WARNED, sentence));
            }
            Wish::These { rules, reason, .. } => (Decision::Chosen, *rules, reason.clone()),
        };
        if ledger.is_closed(plan_id, goal, plan.years.1).await? {
            return Err(Refusal::whole("这项考核已经办结，读法不能再改"));
        }
        let choices = ledger.readings(plan_id).await?;
        let last = choices.iter().rfind(|choice| choice.goal == *goal);
        if last.map_or(0, |choice| choice.version) != self.seen {
            return Err(Refusal::whole("您打开页面之后，别人刚定过读法，没有保存；请看过之后再定"));
        }
        let open = last.filter(|choice| choice.step == Decision::Proposed);
        match (step, open) {
            (Decision::Chosen | Decision::Proposed, Some(_)) => {
                return Err(Refusal::whole("还有一个改动在等第二人确认，请先确认或取消它"));
            }
            (Decision::Confirmed | Decision::Dropped, None) => {
                return Err(Refusal::whole("没有待确认的改动，请刷新页面"));
            }
            (Decision::Confirmed, Some(open)) if open.account == who.account() => return Err(Refusal::OwnWork),
            _ => {}
        }
        // Whoever confirms confirms what was proposed, and nothing else.
        let rules = open.map_or(rules, |open| open.rules);
        let proposed = |open: &ReadingChoice| open.reason.clone();
        let reason = open.filter(|_| step == Decision::Confirmed).map_or(reason, proposed);
        let action = match step {
            Decision::Chosen => "choose_reading",
            Decision::Proposed => "propose_reading",
            Decision::Confirmed => "confirm_reading",
            Decision::Dropped => "drop_reading",
        };
        let row = NewRow {
            table: "reading_choice",
            cells: vec![
                ("plan_id", plan_id.into()),
                ("goal_id", goal.into()),
                ("version", (self.seen + 1).into()),
                ("step", step.id().into()),
                ("reading", rules.reading.word().into()),
                ("completed_when", rules.completed_when.word().into()),
                ("ties", rules.ties.word().into()),
                ("compare", rules.compare.to_string().as_str().into()),
                ("reason", (&reason).into()),
                ("at", who.at.into()),
                ("actor", (&who.actor).into()),
                ("account_id", who.account().into()),
            ],
        };
        let entry = Entry::new(action, format!("{plan_id}/{goal}"), json!({ "reason": reason })).with(row);
        ledger.append(who, entry).await?;
        Ok(())
    }
}
