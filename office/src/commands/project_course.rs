//! 节点 of a project and its way off the list: what its county keeps of it beside the monthly return.

use async_trait::async_trait;
use chrono::NaiveDate;
use domain::calendar::at_shanghai;
use domain::plan::Plan;
use domain::projects::When;
use domain::projects::field::unit_name;
use domain::rights::{Action, Object};
use serde_json::json;

use super::Command;
use super::projects::{due_day, field, known_project, past_day, plan_of};
use crate::boxes::{optional, required};
use crate::ports::Ledger;
use crate::posted::Posted;
use crate::projects::{LeaveStep, Writing};
use crate::refusal::Refusal;
use crate::rows::Entry as Audited;
use crate::who::Who;

/// The fields of these forms that those of [`field`] lack.
pub mod own {
    pub const NODE: &str = "node";
    pub const NAME: &str = "name";
    pub const DONE: &str = "done";
    pub const STEP: &str = "step";
}

/// 登记节点: a new one, or what became of one.
#[derive(Debug, Clone)]
pub struct RecordNode {
    pub plan: String,
    pub project: String,
    /// Its number, of one that is known.
    pub node: Option<i64>,
    /// The version that the page had seen; 0 of a new one.
    pub seen: i64,
    pub name: String,
    pub due: Option<NaiveDate>,
    pub responsible: String,
    pub done: Option<NaiveDate>,
    pub words: String,
}

impl RecordNode {
    pub fn read(plan: &Plan, project: &str, posted: &Posted, now: i64) -> Result<Self, Refusal> {
        let today = at_shanghai(now).date_naive();
        let node = match posted.text(own::NODE) {
            "" => None,
            number => Some(number.parse().map_err(|_| Refusal::whole("没有这个节点，请从项目页重新打开"))?),
        };
        let name = required(posted, own::NAME, "节点");
        let due = due_day(posted.text(field::DUE), field::DUE, today);
        let done = match domain::money::is_blank(posted.text(own::DONE)) {
            true => Ok(None),
            false => past_day(posted, own::DONE, "完成日期", today).map(Some),
        };
        let responsible = optional(posted, field::WHO, "责任单位、责任人");
        let words = optional(posted, field::WORDS, "安排和完成情况");
        match (name, due, done, responsible, words) {
            (Ok(name), Ok(due), Ok(done), Ok(responsible), Ok(words)) => Ok(Self {
                plan: plan.id.clone(),
                project: project.to_owned(),
                node,
                seen: posted.text(field::SEEN).parse().unwrap_or_default(),
                name,
                due,
                responsible: responsible.unwrap_or_default(),
                done,
                words: words.unwrap_or_default(),
            }),
            (name, due, done, responsible, words) => {
                let faults = [name.err(), due.err(), done.err(), responsible.err(), words.err()];
                Err(Refusal::all(faults.into_iter().flatten().collect()))
            }
        }
    }
}

#[async_trait]
impl Command for RecordNode {
    type Done = ();

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let plan = plan_of(ledger, &self.plan).await?;
        let office = plan.region.id();
        let known = known_project(ledger, office, &self.project).await?;
        who.may(Action::KeepProject, Object::unit(office, &known.entry.project.unit))?;
        let nodes = ledger.nodes(office, Some(&self.project)).await?;
        let (node, version) = match self.node {
            None => (nodes.iter().map(|node| node.node).max().unwrap_or_default() + 1, 0),
            Some(number) => match nodes.iter().find(|node| node.node == number) {
                Some(node) if node.version != self.seen => {
                    let sentence = "您打开页面之后，这个节点有了新的记录，没有保存；请看过之后再办";
                    return Err(Refusal::whole(sentence));
                }
                Some(node) => (number, node.version),
                None => return Err(Refusal::whole("没有这个节点")),
            },
        };
        if let Some(other) = nodes.iter().find(|other| other.node != node && other.name == self.name) {
            return Err(Refusal::field(own::NAME, format!("已有节点“{}”，请改那一个，或换个名称", other.name)));
        }
        let writing = Writing { office, plan: &plan.id, who, reason: None, source: "", since: None };
        let day = |day: Option<NaiveDate>| crate::rows::Cell::Text(day.map(|day| day.to_string()));
        let row = writing.row(
            "project_node",
            vec![
                ("project_id", (&self.project).into()),
                ("node", node.into()),
                ("version", (version + 1).into()),
                ("name", (&self.name).into()),
                ("due_on", day(self.due)),
                ("who", (&self.responsible).into()),
                ("done_on", day(self.done)),
                ("words", (&self.words).into()),
            ],
        );
        let object = format!("{}/projects/{}/node/{node}", plan.id, self.project);
        let detail = json!({ "name": self.name, "done": self.done.map(|day| day.to_string()) });
        ledger.append(who, Audited::new("record_node", object, detail).with_rows(vec![row])).await?;
        Ok(())
    }
}

/// 申请退库 and its answer. Who asks is the county; agreed to, the project leaves the year's list with both reasons.
///
/// Basis: 浙江 2019: 当年不能开工的项目由所在县（市、区）申请退库.
#[derive(Debug, Clone)]
pub struct Leave {
    pub plan: String,
    pub project: String,
    pub year: i32,
    pub step: LeaveStep,
    pub reason: String,
}

impl Leave {
    /// `year` as the form's address says it.
    pub fn read(plan: &Plan, project: &str, year: &str, posted: &Posted) -> Result<Self, Refusal> {
        let of_plan = |year: &i32| (plan.years.0..=plan.years.1).contains(year);
        let unread = || Refusal::whole(format!("“{year}”不是这个计划的年份，请从项目页重新办理退库"));
        let year = year.parse().ok().filter(of_plan).ok_or_else(unread)?;
        let step = LeaveStep::parse(posted.text(own::STEP)).ok_or_else(|| Refusal::whole("请选申请、同意或不同意"))?;
        let what = match step {
            LeaveStep::Ask => "退库的理由",
            LeaveStep::Withdraw => "撤回的理由",
            LeaveStep::Agree => "同意的依据",
            LeaveStep::Refuse => "不同意的理由",
        };
        let reason = required(posted, field::REASON, what)?;
        Ok(Self { plan: plan.id.clone(), project: project.to_owned(), year, step, reason })
    }
}

#[async_trait]
impl Command for Leave {
    type Done = ();

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let plan = plan_of(ledger, &self.plan).await?;
        let (office, year) = (plan.region.id(), self.year);
        let known = known_project(ledger, office, &self.project).await?;
        let unit = &known.entry.project.unit;
        match self.step {
            LeaveStep::Ask | LeaveStep::Withdraw => who.may(Action::KeepProject, Object::unit(office, unit))?,
            LeaveStep::Agree | LeaveStep::Refuse => who.may(Action::EnterProjects, Object::office(office))?,
        }
        let listed = known.entry.years.get(&year);
        let listed = listed.ok_or_else(|| Refusal::whole(format!("项目没有列入{year}年名单，不用退库")))?;
        if listed.left.is_some() {
            return Err(Refusal::whole(format!("项目已经退出{year}年名单")));
        }
        let asked = ledger.leaves(office).await?;
        let newest = asked.iter().find(|leave| leave.project == self.project && leave.year == year);
        let open = newest.filter(|leave| leave.step == LeaveStep::Ask);
        match (self.step, open) {
            (LeaveStep::Ask, Some(_)) => return Err(Refusal::whole("已经申请退库，在等办公室答复")),
            (LeaveStep::Ask, None) => {}
            (_, None) => return Err(Refusal::whole("没有等待答复的退库申请，可能已有人办过；请看过之后再办")),
            (_, Some(_)) => {}
        }
        let writing = Writing { office, plan: &plan.id, who, reason: Some(&self.reason), source: "", since: None };
        let mut rows = vec![writing.row(
            "project_leave",
            vec![
                ("project_id", (&self.project).into()),
                ("year", year.into()),
                ("version", (newest.map_or(0, |leave| leave.version) + 1).into()),
                ("step", self.step.id().into()),
                ("reason", (&self.reason).into()),
            ],
        )];
        if let (LeaveStep::Agree, Some(asked)) = (self.step, open) {
            let mut wanted = known.entry.clone();
            if let Some(listed) = wanted.years.get_mut(&year) {
                listed.left = Some(When::Day(at_shanghai(who.at).date_naive()));
                let applied = format!("{}申请：{}", unit_name(&plan, unit), asked.reason);
                listed.reason = Some(format!("{applied}；{}", self.reason));
            }
            rows.extend(writing.rows(Some(&known), &wanted));
        }
        let action = match self.step {
            LeaveStep::Ask => "ask_leave",
            LeaveStep::Withdraw => "withdraw_leave",
            LeaveStep::Agree => "agree_leave",
            LeaveStep::Refuse => "refuse_leave",
        };
        let object = format!("{}/projects/{}/leave/{year}", plan.id, self.project);
        ledger.append(who, Audited::new(action, object, json!({ "reason": self.reason })).with_rows(rows)).await?;
        Ok(())
    }
}
