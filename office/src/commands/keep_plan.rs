//! 新建和修订计划: a plan's file becomes its next version. Once a plan has returns, a revision binds when a second person
//! has confirmed it; until then everything goes on with the version that binds.

use std::collections::HashMap;

use async_trait::async_trait;
use domain::evidence::Subject;
use domain::plan::Plan;
use domain::plan::policy::Policy;
use domain::plan::task::Task;
use domain::policy::Fact;
use domain::region::Region;
use domain::rights::{Action, Object};
use serde_json::json;

use super::Command;
use crate::boxes::required;
use crate::facts::{Decision, PlanProposal, PlanVersion};
use crate::people;
use crate::plan_form::{self, Edited};
use crate::ports::{Facts, Ledger};
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::rows::{Entry, NewPlanVersion, NewRow};
use crate::who::Who;

/// The names of the form's fields beside those of [`crate::plan_form`].
pub mod field {
    /// Last year's plan that a new one starts from.
    pub const FROM: &str = "from";
    /// The version that an editor rests on.
    pub const SEEN: &str = "seen";
    pub const REASON: &str = "reason";
    /// The document that a revision rests on.
    pub const BASIS: &str = "basis";
    /// What a second person does about a proposed revision: the id of a [`super::Decision`].
    pub const DECISION: &str = "decision";
    /// The SHA-256 of the proposed file, as it was shown to him.
    pub const SHA256: &str = "sha256";
}

/// What became of a plan's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanChange {
    New,
    Unchanged(u32),
    Revised(u32),
    /// It waits for a second person.
    Proposed,
}

/// What is said when the form holds faults: they stand on the page themselves.
const FAULTS: &str = "还没有保存，请先改好下面列出的地方";

/// A plan's file from a command line. The same file again changes nothing; another one is a revision with its reason.
#[derive(Debug, Clone)]
pub struct ImportPlan {
    pub plan: Plan,
    pub source: String,
    pub file_name: String,
    pub reason: Option<String>,
}

#[async_trait]
impl Command for ImportPlan {
    type Done = PlanChange;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<PlanChange, Refusal> {
        let Self { plan, source, file_name, reason } = self;
        who.may(Action::ImportPlan, Object::office(plan.region.id()))?;
        if let Some(known) = ledger.plan(&plan.id).await? {
            // Another office's plan is not taken over by a file that names one's own region.
            who.may(Action::ImportPlan, Object::office(known.plan.region.id()))?;
        }
        keep(ledger, who, &plan, source, file_name, reason).await
    }
}

/// A plan made in the editor; `boxes` are the form's.
#[derive(Debug, Clone)]
pub struct NewPlan {
    pub boxes: Posted,
}

#[async_trait]
impl Command for NewPlan {
    /// The plan's id.
    type Done = String;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<String, Refusal> {
        let from = self.boxes.get(field::FROM).filter(|from| !from.is_empty());
        let from = match from {
            Some(from) => ledger.plan(from).await?.and_then(|version| version.own_words()),
            None => None,
        };
        // Another office's plan is nothing to start from.
        let own = |plan: &Plan| who.may(Action::ImportPlan, Object::office(plan.region.id())).is_ok();
        let from = from.filter(|(plan, _)| own(plan)).map(|(plan, _)| plan_form::next_year(&plan));
        let edited = plan_form::read(&self.boxes, from.as_ref());
        let Edited { plan: Some((plan, source)), .. } = edited else { return Err(Refusal::whole(FAULTS)) };
        if who.may(Action::ImportPlan, Object::office(plan.region.id())).is_err() {
            let set_up = ledger.setting_version("office").await?.map(|(value, _)| value);
            let plans = ledger.plans().await?;
            let offices = people::offices(plans.iter().map(|version| &*version.plan), set_up.as_deref());
            return Err(not_own(who, &plan.region, &offices));
        }
        if ledger.plan(&plan.id).await?.is_some() {
            let sentence = format!("已经有英文名为 {} 的计划；要改它请用“修订”，要新建请换一个英文名", plan.id);
            return Err(Refusal::whole(sentence));
        }
        keep(ledger, who, &plan, source, "网页新建".to_owned(), None).await?;
        Ok(plan.id)
    }
}

/// A new plan is of another region than whoever makes it: what to write instead, at its box.
fn not_own(who: &Who, region: &Region, offices: &[Region]) -> Refusal {
    let post = who.viewer.as_ref().and_then(|viewer| viewer.post.as_ref());
    let Some(own) = post.and_then(|post| people::office_of(offices, &post.domain)) else {
        let name = &region.name;
        return Refusal::whole(format!("计划的地区是{name}，不是您所在的地区；请核对地区和代码"));
    };
    let (name, id) = (&own.name, own.id());
    let (field, what) = match &region.code {
        _ if region.name != *name => ("region_name", format!("把地区改为{name}、地区代码填为{id}")),
        _ => ("region_code", format!("把地区代码填为{id}")),
    };
    Refusal::field(field, format!("您所在的地区是{name}（{id}），计划的地区写的是{}；请{what}", region.written()))
}

/// The next version of a plan, made in the editor.
#[derive(Debug, Clone)]
pub struct RevisePlan {
    pub plan: String,
    pub boxes: Posted,
}

#[async_trait]
impl Command for RevisePlan {
    type Done = PlanChange;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<PlanChange, Refusal> {
        let known = ledger.plan(&self.plan).await?;
        let Some((before, known)) = known.as_ref().and_then(PlanVersion::own_words) else {
            return Err(Refusal::whole("没有这个计划"));
        };
        who.may(Action::ImportPlan, Object::office(before.region.id()))?;
        let edited = plan_form::read(&self.boxes, Some(&before));
        let Edited { plan: Some((plan, source)), .. } = edited else { return Err(Refusal::whole(FAULTS)) };
        if plan.id != before.id || plan.region.id() != before.region.id() {
            return Err(Refusal::whole("修订不能改计划的英文名和地区；要给别的地区用，请新建计划"));
        }
        let basis = domain::entry::clean(self.boxes.text(field::BASIS)).trim().to_owned();
        if basis.is_empty() || basis.chars().count() > 100 {
            let sentence = "请写明修订依据的文号；没有文号的写会议或批示（不超过100字）";
            return Err(Refusal::field(field::BASIS, sentence));
        }
        let reason = required(&self.boxes, field::REASON, "修订的理由")?;
        let unchanged = || Refusal::whole("没有改动任何内容，不用保存");
        if plan == before {
            return Err(unchanged());
        }
        if self.boxes.text(field::SEEN).parse() != Ok(known) {
            let id = &plan.id;
            return Err(Refusal::whole(format!(
                "您打开页面之后，计划 {id} 刚被别人保存了第 {known} 版，没有保存；请看过那一版再修订"
            )));
        }
        let reason = Some(format!("依据{basis}：{reason}"));
        match keep(ledger, who, &plan, source, "网页修订".to_owned(), reason).await? {
            PlanChange::Unchanged(_) => Err(unchanged()),
            change => Ok(change),
        }
    }
}

/// Appends a version: what all entrances have in common.
async fn keep(
    ledger: &mut dyn Ledger,
    who: &Who,
    plan: &Plan,
    source: String,
    file_name: String,
    reason: Option<String>,
) -> Result<PlanChange, Refusal> {
    let file_name = domain::entry::clean(&file_name);
    let sha256 = domain::canonical::sha256(source.as_bytes());
    let newest = ledger.plan_versions(&plan.id).await?.pop();
    if let Some(newest) = newest.as_ref().filter(|newest| newest.sha256 == sha256) {
        return Ok(PlanChange::Unchanged(newest.version));
    }
    refuse_hidden(plan, &source)?;
    if let Some(newest) = &newest {
        refuse_other_measures(ledger, &newest.plan, plan).await?;
        refuse_gone_policies(ledger, &newest.plan, plan).await?;
        refuse_gone_selections(ledger, &newest.plan, plan).await?;
        refuse_lost(ledger, &newest.plan, plan).await?;
        if reason.is_none() {
            let sentence = format!("计划 {} 已有第 {} 版，内容不同；修订要写明理由", plan.id, newest.version);
            return Err(Refusal::field(field::REASON, sentence));
        }
    }
    let version = newest.as_ref().map_or(1, |newest| newest.version + 1);
    let id = plan.id.clone();
    // The machine's own user writes before there are posts, and so before there is a second person.
    if let (Some(newest), Some(reason), true) = (&newest, &reason, who.viewer.is_some())
        && ledger.is_plan_running(&id).await?
    {
        let last = ledger.plan_proposal(&id).await?;
        if let Some(open) = last.as_ref().filter(|last| last.is_open()) {
            return Err(Refusal::whole(format!(
                "还有一个修订在等第二人确认（{}提出），没有保存；请先确认或取消它",
                open.actor
            )));
        }
        let proposal = PlanProposal {
            version: last.map_or(0, |last| last.version) + 1,
            step: Decision::Proposed,
            revises: newest.version,
            source: Some(source),
            sha256,
            file_name,
            reason: reason.clone(),
            at: who.at,
            actor: who.actor.clone(),
            account: who.account(),
        };
        let detail = json!({ "revises": proposal.revises, "sha256": proposal.sha256, "reason": reason });
        ledger.append(who, Entry::new("propose_plan", &id, detail).with(row(&id, &proposal))).await?;
        return Ok(PlanChange::Proposed);
    }
    let new = NewPlanVersion { plan: id, version, source, sha256, file_name, reason };
    ledger.append(who, entry(new)).await?;
    Ok(if version == 1 { PlanChange::New } else { PlanChange::Revised(version) })
}

/// The entry that makes a version bind.
fn entry(new: NewPlanVersion) -> Entry {
    let detail = json!({
        "plan": new.plan, "version": new.version, "sha256": new.sha256, "file": new.file_name, "reason": new.reason,
    });
    let mut entry = Entry::new("import_plan", &new.plan, detail);
    entry.plan = Some(new);
    entry
}

fn row(plan: &str, proposal: &PlanProposal) -> NewRow {
    NewRow {
        table: "plan_proposal",
        cells: vec![
            ("plan_id", plan.into()),
            ("version", proposal.version.into()),
            ("step", proposal.step.id().into()),
            ("plan_version", proposal.revises.into()),
            ("source", proposal.source.as_deref().into()),
            ("sha256", (&proposal.sha256).into()),
            ("file_name", (&proposal.file_name).into()),
            ("reason", (&proposal.reason).into()),
            ("at", proposal.at.into()),
            ("actor", (&proposal.actor).into()),
            ("account_id", proposal.account.into()),
        ],
    }
}

/// What a second person does about a proposed revision.
#[derive(Debug, Clone)]
pub struct DecideRevision {
    pub plan: String,
    /// [`Decision::Confirmed`] or [`Decision::Dropped`].
    pub decision: Decision,
    /// The SHA-256 of the file that he saw: he decides about that and nothing else.
    pub sha256: String,
}

impl DecideRevision {
    pub fn read(plan: &str, posted: &Posted) -> Result<Self, Refusal> {
        let decision = Decision::parse(posted.text(field::DECISION))
            .filter(|decision| matches!(decision, Decision::Confirmed | Decision::Dropped))
            .ok_or_else(|| Refusal::field(field::DECISION, "请选择确认修订或取消修订"))?;
        Ok(Self { plan: plan.to_owned(), decision, sha256: posted.text(field::SHA256).to_owned() })
    }
}

#[async_trait]
impl Command for DecideRevision {
    /// The version that binds now.
    type Done = u32;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<u32, Refusal> {
        let known = ledger.plan(&self.plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?;
        who.may(Action::ConfirmPlan, Object::office(known.plan.region.id()))?;
        let last = ledger.plan_proposal(&self.plan).await?;
        let Some(open) = last.filter(PlanProposal::is_open) else {
            return Err(Refusal::whole("没有待确认的修订，请刷新页面"));
        };
        if open.sha256 != self.sha256 {
            return Err(Refusal::Stale);
        }
        let decided = PlanProposal {
            version: open.version + 1,
            step: self.decision,
            source: None,
            at: who.at,
            actor: who.actor.clone(),
            account: who.account(),
            ..open.clone()
        };
        let row = row(&self.plan, &decided);
        if self.decision != Decision::Confirmed {
            let detail = json!({ "sha256": open.sha256, "reason": open.reason });
            ledger.append(who, Entry::new("drop_plan", &self.plan, detail).with(row)).await?;
            return Ok(known.version);
        }
        if open.account == who.account() {
            return Err(Refusal::OwnWork);
        }
        if open.revises != known.version {
            return Err(Refusal::Stale);
        }
        let plan = open.plan().ok_or_else(|| Refusal::whole("提出的计划文件读不懂，请取消它，重新提出"))?;
        // Figures may have come in since it was proposed.
        refuse_other_measures(ledger, &known.plan, &plan).await?;
        refuse_gone_policies(ledger, &known.plan, &plan).await?;
        refuse_gone_selections(ledger, &known.plan, &plan).await?;
        refuse_lost(ledger, &known.plan, &plan).await?;
        let new = NewPlanVersion {
            plan: self.plan,
            version: known.version + 1,
            source: open.source.unwrap_or_default(),
            sha256: open.sha256,
            file_name: open.file_name,
            reason: Some(format!("{}（{}提出，{}确认）", open.reason, open.actor, who.actor)),
        };
        let version = new.version;
        ledger.append(who, entry(new).with(row)).await?;
        Ok(version)
    }
}

/// What no reader sees breaks papers and makes two units of one; what looks alike is taken for one.
fn refuse_hidden(plan: &Plan, source: &str) -> Result<(), Refusal> {
    let hidden = domain::hidden::in_toml(source);
    if !hidden.is_empty() {
        let faults = hidden.iter().map(|problem| (String::new(), format!("第 {} 行{}", problem.line, problem.message)));
        return Err(Refusal::Invalid(faults.collect()));
    }
    for goal in &plan.goals {
        let mut seen: HashMap<String, &str> = HashMap::new();
        for split in &goal.splits {
            if let Some(other) = seen.insert(domain::hidden::look(&split.name), &split.name) {
                let sentence = format!("{other}和{}看起来是同一个名称，字却不同；请核对后改成不同的名称", split.name);
                return Err(Refusal::whole(sentence));
            }
        }
    }
    Ok(())
}

/// Claims are settled by their policy: while there are any, a revision keeps it.
async fn refuse_gone_policies(facts: &mut dyn Facts, before: &Plan, after: &Plan) -> Result<(), Refusal> {
    let is_gone = |policy: &&Policy| after.policies.get(&policy.id).is_none();
    if !before.policies.list.iter().any(|policy| is_gone(&policy)) {
        return Ok(());
    }
    let years = facts.claim_years(&after.id).await?;
    let stated = years.values().flatten().filter_map(|step| step.content.get(Fact::Policy.word()));
    let claimed = stated.filter_map(|written| before.policies.find(written)).find(is_gone);
    claimed.map_or(Ok(()), |policy| {
        let sentence = format!(
            "政策“{}”（{}）已有申报，修订不能去掉它或改它的代号；不再受理的请写截止日，例如 valid_to = 2022-12-31",
            policy.title, policy.id
        );
        Err(Refusal::whole(sentence))
    })
}

/// Objections to a selection are answered, and who objected is forgotten, where it is declared: while anything is
/// recorded of one, a revision keeps it.
async fn refuse_gone_selections(facts: &mut dyn Facts, before: &Plan, after: &Plan) -> Result<(), Refusal> {
    for selection in before.selections.iter().filter(|own| after.selection(&own.id).is_none()) {
        for year in before.years.0..=before.years.1 {
            if !facts.selection_steps(&after.id, &selection.id, year).await?.is_empty() {
                let sentence = format!(
                    "评选“{}”（{}）{year}年已有办理记录，修订不能去掉它或改它的代号；要另外评的请新加一项评选",
                    selection.title, selection.id
                );
                return Err(Refusal::whole(sentence));
            }
        }
    }
    Ok(())
}

/// Figures are stored in a goal's smallest unit: while there are any, a revision may not count in another.
async fn refuse_other_measures(facts: &mut dyn Facts, before: &Plan, after: &Plan) -> Result<(), Refusal> {
    let used = facts.used_goals(&after.id).await?;
    for goal in &after.goals {
        let Some(old) = before.goal(&goal.id) else { continue };
        // 亿元, 万元 and 元 are all stored as 元.
        let (was, now) = (&old.measure, &goal.measure);
        let same = was.money == now.money && (now.money || was.per_unit == now.per_unit);
        if !same && used.contains(&goal.id) {
            let name = &goal.name;
            let sentence = format!("目标“{name}”已有报送数据，不能改变它的类型（kind）；请另立一个目标");
            return Err(Refusal::whole(sentence));
        }
    }
    Ok(())
}

/// A task of which anything is recorded is not taken out: it ends, and what became of it stays.
async fn refuse_lost_tasks(facts: &mut dyn Facts, before: &Plan, after: &Plan) -> Result<(), Refusal> {
    let mut gone: Vec<&Task> = before.tasks.iter().collect();
    gone.retain(|task| !after.tasks.iter().any(|kept| kept.id == task.id));
    if gone.is_empty() {
        return Ok(());
    }
    let steps = facts.task_steps(&after.id).await?;
    let files = facts.evidence(&after.id, None).await?;
    let is_told = |task: &&Task| {
        let subject = Subject::Task(task.id.clone());
        steps.iter().any(|step| step.task == task.id) || files.iter().any(|file| file.subject == subject)
    };
    match gone.into_iter().find(is_told) {
        None => Ok(()),
        Some(task) => {
            let (title, id) = (&task.title, &task.id);
            let sentence = format!(
                "限时任务“{title}”（{id}）已有办理记录，修订不能去掉它或改它的 id；\
                 不再要求的，请写 until（到哪个月为止），改做别的另立一项"
            );
            Err(Refusal::whole(sentence))
        }
    }
}

/// What anything was reported of is never taken out of a plan: it ends, and another id begins.
async fn refuse_lost(facts: &mut dyn Facts, before: &Plan, after: &Plan) -> Result<(), Refusal> {
    let used = facts.used_goals(&after.id).await?;
    let gone = before.goals.iter().find(|goal| after.goal(&goal.id).is_none() && used.contains(&goal.id));
    if let Some(goal) = gone {
        return Err(ends("目标", &goal.name, &goal.id));
    }
    for rhythm in before.rhythms.iter().filter(|rhythm| after.rhythm(&rhythm.id).is_none()) {
        // What is watched names its goal and its day, not its rhythm.
        let mut watched = before.watched_goals().filter(|(goal, _)| goal.meaning.rhythm.as_ref() == Some(&rhythm.id));
        let is_watched = watched.any(|(goal, _)| used.contains(&goal.id));
        if is_watched || facts.is_rhythm_used(&after.id, &rhythm.id).await? {
            return Err(ends("报送周期", rhythm.calendar.cadence.name(), &rhythm.id));
        }
    }
    refuse_lost_tasks(facts, before, after).await?;
    refuse_lost_units(facts, before, after).await
}

fn ends(what: &str, name: &str, id: &str) -> Refusal {
    Refusal::whole(format!(
        "{what}“{name}”（{id}）在这个计划里已有数据，修订不能去掉它或改它的 id；\
         不再报送的请在“止于”（until）写最后一期，例如 2022-06；新的另起一个 id"
    ))
}

/// A unit with a history stays under its code: taking it out or giving it another would hide what it reported.
async fn refuse_lost_units(facts: &mut dyn Facts, before: &Plan, after: &Plan) -> Result<(), Refusal> {
    let known = |plan: &Plan, region: &str| {
        plan.unit(region).is_some() || plan.goals.iter().any(|goal| goal.split(region).is_some())
    };
    let splits = before.goals.iter().flat_map(|goal| &goal.splits);
    let splits = splits.map(|split| (split.region.as_str(), split.name.as_str()));
    let units = before.units.iter().map(|unit| (unit.id.as_str(), unit.name.as_str()));
    let mut gone: Vec<(&str, &str)> = splits.chain(units).collect();
    gone.retain(|(region, _)| !known(after, region));
    gone.sort_unstable();
    gone.dedup();
    for (region, name) in gone {
        if facts.is_unit_used(&after.id, region).await? {
            let sentence = format!(
                "{name}（{region}）在这个计划里已有数据，修订不能去掉它或改它的代码；\
                 名称可以改；不再报送的请在“止于”（until）写最后一期，例如 2022-06，代码变了的单位请在下一年的计划里改"
            );
            return Err(Refusal::whole(sentence));
        }
    }
    Ok(())
}
