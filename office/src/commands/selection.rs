//! 评选: the office states how it chooses, units nominate, one of the office scores and another confirms; the result goes
//! before the public, objections are answered, and the final list is published.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::Datelike;
use domain::calendar::at_shanghai;
use domain::entry::{clean, one_line, units_with_posts};
use domain::month::Period;
use domain::personal;
use domain::plan::Plan;
use domain::plan::selection::{Selection, Subject};
use domain::projects::field::unit_name;
use domain::public_notice::Issuer;
use domain::rights::{Action, Object};
use domain::selection::edition::{Published, Scene, SelectionEdition, Stage, is_final, is_open, parse_subject};
use domain::selection::record::{
    Act, Content, Course, Fault, Nomination, Record, State, Step, read_scores, stated_terms, word,
};
use serde_json::json;

use super::Command;
use super::claim_notice::{MOVED, short_name};
use super::forget_objector::leaves_out;
use super::publish_comparison::{Frozen, proof, row};
use crate::boxes::{optional, required};
use crate::facts::{PublicationBody, PublicationKey, PublicationKind, PublicationSummary, Unavailable};
use crate::ports::{Facts, Ledger};
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::rows::{Entry, NewRow, Personal};
use crate::who::Who;

/// The names of the forms' fields besides those of [`word`].
pub mod field {
    pub const ACT: &str = "act";
    pub const NUMBER: &str = "number";
    /// What the page had seen: [`super::seen`].
    pub const SEEN: &str = "seen";
    pub const UNIT: &str = "unit";
    /// `final`: the list at the end; otherwise a notice.
    pub const STAGE: &str = "stage";
    /// What the form listed: [`super::listed`].
    pub const LISTED: &str = "listed";
}

/// The next step of a selection; without a number the first of a new nomination, or one of the selection itself.
#[derive(Debug, Clone)]
pub struct RecordSelection {
    pub plan: String,
    pub selection: String,
    pub year: i32,
    pub number: Option<u32>,
    pub seen: i64,
    pub act: Act,
    /// Of a new nomination.
    pub unit: String,
    pub content: Content,
    /// Beside the name of whoever objects: random, 64 characters.
    pub salt: String,
}

/// Who may take a step.
pub fn right(act: Act) -> Action {
    match act {
        Act::Nominate | Act::Withdraw => Action::Nominate,
        _ => Action::ScoreNominations,
    }
}

/// Whether units see a step: what the office scores and who objects is its own until it is published.
pub fn is_units_own(act: Act) -> bool {
    matches!(act, Act::Nominate | Act::Withdraw | Act::SendBack)
}

/// How much of a nomination a page shows; of the selection as a whole without one.
pub fn seen(act: Act, steps: &[Step]) -> i64 {
    let counts = |step: &&Step| match act {
        Act::Method => step.act == Act::Method,
        Act::Nominate | Act::Withdraw => is_units_own(step.act),
        _ => true,
    };
    steps.iter().filter(counts).count() as i64
}

/// What a step's form states, in the order of its boxes: name, label, and whether it has to be written.
pub fn boxes(act: Act, selection: &Selection) -> Vec<(&'static str, &'static str, bool)> {
    let own = &selection.terms;
    match act {
        Act::Method => [
            (word::DOCUMENT, "评选办法的名称和文号", true),
            (word::PLACES, "评选多少个", own.places.is_none()),
            (word::CRITERIA, "评分标准和满分，一行一项，例如 技术水平 40", own.criteria.is_empty()),
            (word::NOTICE_DAYS, "公示几天", own.notice_days.is_none()),
            (word::QUOTA, "每个单位最多推荐几个（不限的不填）", false),
            (word::TIES, "末位并列怎么办", false),
        ]
        .into_iter()
        .filter(|(name, _, is_open)| {
            *is_open || *name == word::QUOTA && own.quota.is_none() || *name == word::TIES && own.ties.is_none()
        })
        .collect(),
        Act::Nominate => {
            let mut boxes = match selection.subject {
                Subject::Project => vec![
                    (word::PROJECT, "项目库编号（库里有的只填编号和推荐理由）", false),
                    (word::NAME, "项目名称", true),
                ],
                Subject::Product => vec![(word::NAME, "产品名称", true)],
                Subject::Firm => Vec::new(),
            };
            boxes.extend([(word::FIRM, "企业名称（与营业执照一致）", true), (word::CODE, "统一社会信用代码", false)]);
            boxes.extend((selection.subject == Subject::Project).then_some((word::AMOUNT, "总投资（万元）", false)));
            boxes.push((word::WORDS, "推荐理由", true));
            boxes
        }
        Act::Withdraw => vec![(word::WORDS, "撤回的理由", true)],
        Act::SendBack => vec![(word::WORDS, "退回的理由", true)],
        Act::Score | Act::Confirm => Vec::new(),
        Act::Object => {
            vec![
                (word::BY, "提出异议的单位或个人", true),
                (word::WORDS, "异议的事实和理由（不写个人姓名、电话）", true),
            ]
        }
        Act::Answer => vec![(word::WORDS, "答复（不写个人姓名）", true)],
    }
}

impl RecordSelection {
    /// As the forms of `/selections/{plan}/{selection}/{year}` send it.
    pub fn read(plan: &Plan, (selection, year): (&str, i32), posted: &Posted, salt: String) -> Result<Self, Refusal> {
        let found = plan.selection(selection).ok_or_else(|| Refusal::whole("计划里没有这项评选，请刷新页面"))?;
        let act = Act::parse(posted.text(field::ACT)).ok_or_else(|| Refusal::whole("没有这一步，请刷新页面"))?;
        let mut content = Content::new();
        let mut faults = Vec::new();
        for (name, label, needed) in boxes(act, found) {
            // What the library of projects knows need not be written again; the rest is checked with it.
            let needed = needed && act != Act::Nominate;
            let read = match needed {
                true => required(posted, name, label.split(['（', '，']).next().unwrap_or(label)).map(Some),
                false => optional(posted, name, label),
            };
            match read {
                Ok(Some(text)) if name == word::BY => match short_name(text) {
                    Ok(by) => drop(content.insert(name.to_owned(), by)),
                    Err(refusal) => faults.push(refusal),
                },
                Ok(text) => {
                    let is_line = act == Act::Nominate && name != word::WORDS;
                    let kept = |text: String| if is_line { one_line(&text) } else { text };
                    content.extend(text.map(|text| (name.to_owned(), kept(text))));
                }
                Err(refusal) => faults.push(refusal),
            }
        }
        if !faults.is_empty() {
            return Err(Refusal::all(faults));
        }
        let typed = |name: &str| (name.to_owned(), clean(posted.text(name)).trim().to_owned());
        match act {
            Act::Score => content
                .extend(posted.fields().filter(|(name, _)| name.starts_with(word::SCORE)).map(|(name, _)| typed(name))),
            Act::Answer => {
                content.extend([typed(word::OBJECTION)]);
                content.extend((posted.text(word::UPHELD) == "yes").then(|| typed(word::UPHELD)));
            }
            _ => {}
        }
        let number = posted.text(field::NUMBER);
        let gone = |_| Refusal::whole("没有这项推荐，请刷新页面");
        let number = if number.is_empty() { None } else { Some(number.parse().map_err(gone)?) };
        Ok(Self {
            plan: plan.id.clone(),
            selection: selection.to_owned(),
            year,
            number,
            seen: posted.text(field::SEEN).parse().unwrap_or(-1),
            act,
            unit: posted.text(field::UNIT).to_owned(),
            content,
            salt,
        })
    }
}

pub(super) fn faulty(faults: Vec<Fault>) -> Refusal {
    Refusal::all(faults.into_iter().map(|(name, sentence)| Refusal::field(&name, sentence)).collect())
}

pub(super) fn whole<T>(sentence: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::whole(sentence))
}

/// What a selection's year put before the public, oldest first.
pub async fn editions(
    facts: &mut dyn Facts,
    plan: &str,
    selection: &str,
    year: i32,
) -> Result<Vec<Published>, Unavailable> {
    let all = facts.selection_editions().await?;
    let is_own = |summary: &PublicationSummary| {
        let own = parse_subject(&summary.key.subject);
        summary.key.plan == plan && own.is_some_and(|(id, at, _)| (id, at) == (selection, year))
    };
    let own = all.iter().filter(|(summary, _)| is_own(summary));
    Ok(own.map(|(summary, edition)| (summary.at, edition.clone())).collect())
}

/// The selection of a plan's year as the transaction finds it.
pub(super) struct Found {
    pub(super) plan: Arc<Plan>,
    pub(super) selection: Selection,
    steps: Vec<Step>,
    pub(super) course: Course,
    pub(super) published: Vec<Published>,
}

pub(super) async fn find(ledger: &mut dyn Ledger, plan: &str, selection: &str, year: i32) -> Result<Found, Refusal> {
    let plan = ledger.plan(plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?.plan;
    let selection = plan.selection(selection).cloned();
    let selection = selection.ok_or_else(|| Refusal::whole("计划里没有这项评选，请刷新页面"))?;
    let (from, to) = plan.years;
    if !(from..=to).contains(&year) {
        return whole(format!("{year}年不在计划的{from}—{to}年之内"));
    }
    let steps = ledger.selection_steps(&plan.id, &selection.id, year).await?;
    let published = editions(ledger, &plan.id, &selection.id, year).await?;
    Ok(Found { course: Course::of(&selection, &steps), plan, selection, steps, published })
}

#[async_trait]
impl Command for RecordSelection {
    type Done = u32;

    async fn run(mut self, who: &Who, ledger: &mut dyn Ledger) -> Result<u32, Refusal> {
        let found = find(ledger, &self.plan, &self.selection, self.year).await?;
        let (office, act) = (found.plan.region.id().to_owned(), self.act);
        let gone = || Refusal::whole("没有这项推荐，请刷新页面");
        let record = match self.number {
            None => None,
            Some(number) => Some(found.course.get(number).ok_or_else(gone)?),
        };
        let unit = record.map_or_else(|| self.unit.clone(), |record| record.unit.clone());
        let of_unit = right(act) == Action::Nominate;
        let object = if of_unit { Object::unit(&office, &unit) } else { Object::office(&office) };
        who.may(right(act), object)?;
        if is_final(&found.published) {
            return whole("评选结果已经公布，不再改动");
        }
        let of_selection = matches!(act, Act::Method | Act::Confirm);
        if record.is_none() && !of_selection && act != Act::Nominate {
            return Err(gone());
        }
        let known = if of_selection { &found.steps } else { record.map_or(&[][..], |record| &record.steps) };
        if seen(act, known) != self.seen {
            let last = known.last().map_or_else(String::new, |step| format!("{}已经{}，", step.actor, step.act.name()));
            return whole(format!("您打开页面之后{last}这一步没有执行；请看过之后再办"));
        }
        let rows = match act {
            Act::Confirm => found.to_confirm(who)?,
            Act::Method => {
                found.method(&self.content)?;
                vec![(0, self.seen + 1, String::new())]
            }
            Act::Nominate => {
                if !units_with_posts(&found.plan).iter().any(|(id, _)| *id == unit) {
                    return Err(Refusal::field(field::UNIT, "计划里没有这个单位，请重新选择"));
                }
                if self.content.contains_key(word::PROJECT) {
                    let library = ledger.projects(&office, Some(self.year)).await?;
                    from_library(&mut self.content, &library, &unit, &found.plan)?;
                }
                found.nominated(record, &unit, &self.content, who)?;
                let next = found.course.records.iter().map(|record| record.number).max().unwrap_or_default() + 1;
                let version = record.map_or(1, |record| record.steps.len() as i64 + 1);
                vec![(self.number.unwrap_or(next), version, unit)]
            }
            _ => {
                let record = record.ok_or_else(gone)?;
                found.stepped(record, act, &self.content, who)?;
                vec![(record.number, record.steps.len() as i64 + 1, unit)]
            }
        };
        self.append(&rows, who, ledger).await?;
        Ok(rows.first().map_or(0, |(number, ..)| *number))
    }
}

/// What the library of projects knows of one that is nominated, where the form says nothing else.
pub(super) fn from_library(
    content: &mut Content,
    library: &crate::projects::Projects,
    unit: &str,
    plan: &Plan,
) -> Result<(), Refusal> {
    let id = content.get(word::PROJECT).cloned().unwrap_or_default();
    let wrong = |sentence: String| Refusal::field(word::PROJECT, sentence);
    let shown = domain::month::shorten(&id);
    let known = library.get(&id).ok_or_else(|| wrong(format!("项目库里没有编号“{shown}”，请核对，或不填编号")))?;
    let project = &known.entry.project;
    if project.unit != unit {
        let name = unit_name(plan, &project.unit);
        return Err(wrong(format!("项目“{shown}”在{name}，由{name}推荐")));
    }
    let amount = project.total.map(|total| format!("{}元", total.0));
    let own = [
        (word::NAME, Some(project.name.clone())),
        (word::FIRM, project.firm.clone()),
        (word::CODE, project.credit_code.clone()),
        (word::AMOUNT, amount),
    ];
    for (name, value) in own {
        if let Some(value) = value {
            content.entry(name.to_owned()).or_insert(value);
        }
    }
    Ok(())
}

impl Found {
    fn method(&self, content: &Content) -> Result<(), Refusal> {
        if !self.published.is_empty() {
            return whole("已经公示，评选办法不能再改");
        }
        stated_terms(content, &self.selection.terms).map_err(faulty)?;
        match &self.course.method {
            Some(method) if method.content == *content => whole("与已经登记的评选办法一样，不用再登记"),
            _ => Ok(()),
        }
    }

    /// Whether somebody may be nominated so. Of nominations that whoever nominates does not see, no number is told.
    pub(super) fn nominated(
        &self,
        record: Option<&Record>,
        unit: &str,
        content: &Content,
        who: &Who,
    ) -> Result<(), Refusal> {
        let open = self.course.terms.open();
        if !open.is_empty() {
            return whole(format!("还没有定{}，请办公室先登记评选办法", open.join("、")));
        }
        match record.map(|record| record.state) {
            None if !self.published.is_empty() => return whole("已经公示，不再受理推荐"),
            Some(State::Scored | State::Confirmed) => return whole("已经打分；要改，请办公室先退回"),
            Some(State::Withdrawn) if !self.published.is_empty() => return whole("已经公示，撤回的不能再推荐"),
            _ => {}
        }
        let nomination = Nomination::read(content, self.selection.subject).map_err(faulty)?;
        let number = record.map(|record| record.number);
        let mut others = self.course.records.iter().filter(|other| Some(other.number) != number);
        let repeated =
            others.clone().find(|other| other.state != State::Withdrawn && other.nomination.repeats(&nomination));
        if let Some(other) = repeated {
            let by = unit_name(&self.plan, &other.unit);
            let object = Object::unit(self.plan.region.id(), &other.unit);
            let sees = who.may(Action::ReadNominations, object).is_ok();
            let (number, name) = match sees {
                true => (format!("第{}号（{by}）", other.number), &other.nomination.name),
                false => ("别的单位".to_owned(), &nomination.name),
            };
            return whole(format!(
                "{number}已经推荐了“{name}”，不要重复推荐{}",
                if sees { "" } else { "；推荐得不对的，请与办公室联系" }
            ));
        }
        let counts = |other: &&Record| other.unit == unit && !matches!(other.state, State::Withdrawn | State::SentBack);
        let own = others.by_ref().filter(counts).count();
        match self.course.terms.quota {
            Some(quota) if own >= quota as usize => whole(format!(
                "每个单位最多推荐{quota}个，{}已经推荐{own}个；要换，请先撤回一个",
                unit_name(&self.plan, unit)
            )),
            _ => Ok(()),
        }
    }

    pub(super) fn stepped(&self, record: &Record, act: Act, content: &Content, who: &Who) -> Result<(), Refusal> {
        let is_gone = matches!(record.state, State::Withdrawn | State::SentBack);
        let text = |name: &str| content.get(name).map_or("", String::as_str);
        match act {
            Act::Withdraw if record.state == State::Withdrawn => whole("这项推荐已经撤回，请刷新页面"),
            Act::SendBack | Act::Score if is_gone => {
                whole(format!("这项推荐{}，等重新推荐以后再办", record.state.name()))
            }
            Act::Score => {
                if self.course.terms.criteria.is_empty() {
                    return whole("还没有评分标准，请先登记评选办法");
                }
                let scores = read_scores(content, &self.course.terms.criteria).map_err(faulty)?;
                if scores.len() != content.len() {
                    return whole("评分标准已经变了，请刷新页面，照新的标准打分");
                }
                Ok(())
            }
            Act::Object if !is_open(&self.published, who.at) => whole("不在公示期内，不能登记异议"),
            Act::Object => leaves_out(text(word::BY), (word::WORDS, text(word::WORDS))),
            Act::Answer => {
                let number = content.get(word::OBJECTION).and_then(|text| text.parse().ok()).unwrap_or(0_u32);
                let found = record.objections.iter().find(|objection| objection.number == number);
                let recorded_by = found.map(|objection| objection.step.account);
                match found.map(|objection| &objection.answer) {
                    None => whole("没有这个异议，请刷新页面"),
                    Some(Some(answer)) => whole(format!("{}已经答复过这个异议，请刷新页面", answer.actor)),
                    Some(None) if recorded_by == Some(who.account()) => {
                        whole("登记异议的人不能自己答复，请另一位同事答复")
                    }
                    Some(None) => {
                        let by = found.map_or("", |objection| objection.step.by());
                        leaves_out(by, (word::WORDS, text(word::WORDS)))
                    }
                }
            }
            _ => Ok(()),
        }
    }

    /// The scores that others entered.
    fn to_confirm(&self, who: &Who) -> Result<Vec<(u32, i64, String)>, Refusal> {
        let waiting: Vec<&Record> = self.course.records.iter().filter(|record| record.state == State::Scored).collect();
        if waiting.is_empty() {
            return whole("没有在等确认的得分，请刷新页面");
        }
        let others = waiting.into_iter().filter(|record| record.scored_by != Some(who.account()));
        let rows: Vec<_> =
            others.map(|record| (record.number, record.steps.len() as i64 + 1, record.unit.clone())).collect();
        if rows.is_empty() { Err(Refusal::OwnWork) } else { Ok(rows) }
    }
}

impl RecordSelection {
    async fn append(mut self, rows: &[(u32, i64, String)], who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let salt = std::mem::take(&mut self.salt);
        let objector = self.content.get_mut(word::BY).filter(|_| self.act == Act::Object);
        let personal = objector.map(|by| {
            let name = std::mem::replace(by, personal::reference(&personal::key(&salt, by)));
            Personal::KeepName { salt, name }
        });
        let places = (self.plan.as_str(), self.selection.as_str(), self.year);
        let of = |(number, version, unit): &(u32, i64, String)| Step {
            number: *number,
            version: *version,
            unit: unit.clone(),
            act: self.act,
            content: self.content.clone(),
            at: who.at,
            actor: who.actor.clone(),
            account: who.account(),
            name: None,
        };
        let steps: Vec<Step> = rows.iter().map(of).collect();
        append(places, (&steps, personal), who, ledger).await
    }
}

/// Writes steps of one kind as one entry of the trail.
pub(super) async fn append(
    (plan, selection, year): (&str, &str, i32),
    (steps, personal): (&[Step], Option<Personal>),
    who: &Who,
    ledger: &mut dyn Ledger,
) -> Result<(), Refusal> {
    let Some(act) = steps.first().map(|step| step.act) else { return Ok(()) };
    let row = |step: &Step| {
        let content = serde_json::to_string(&step.content).map_err(|_| Refusal::whole("内容无法保存，请核对"))?;
        Ok(NewRow {
            table: "selection_step",
            cells: vec![
                ("plan_id", plan.into()),
                ("selection", selection.into()),
                ("year", year.into()),
                ("number", step.number.into()),
                ("version", step.version.into()),
                ("unit_id", (&step.unit).into()),
                ("step", act.id().into()),
                ("content", (&content).into()),
                ("at", step.at.into()),
                ("actor", (&step.actor).into()),
                ("account_id", step.account.into()),
            ],
        })
    };
    let action = match act {
        Act::Method => "state_selection_method",
        Act::Nominate => "nominate",
        Act::Withdraw => "withdraw_nomination",
        Act::SendBack => "send_back_nomination",
        Act::Score => "score_nomination",
        Act::Confirm => "confirm_scores",
        Act::Object => "object_to_nomination",
        Act::Answer => "answer_nomination_objection",
    };
    // Scores and who objected stand in the rows alone: the journal has more readers.
    let numbers: Vec<u32> = steps.iter().map(|step| step.number).collect();
    let object = format!("selections/{plan}/{selection}/{year}");
    let detail = json!({ "nominations": numbers });
    let rows = steps.iter().map(row).collect::<Result<Vec<NewRow>, Refusal>>()?;
    let entry = Entry::new(action, object, detail).with_rows(rows);
    ledger.append(who, Entry { personal, ..entry }).await?;
    Ok(())
}

/// What an edition lists, in short: whether it is still what somebody looked at.
pub fn listed(edition: &SelectionEdition) -> String {
    domain::canonical::sha256(format!("{:?}", edition.lines).as_bytes())
}

/// Puts a selection's result before the public, or publishes the list at its end.
#[derive(Debug, Clone)]
pub struct PublishSelection {
    pub plan: String,
    pub selection: String,
    pub year: i32,
    pub stage: Stage,
    pub issuer: Issuer,
    /// What whoever publishes had before him, by [`listed`]; nothing where he had no list.
    pub listed: Option<String>,
    /// What the office signs with, as its papers print it.
    pub public_key: Option<String>,
}

#[async_trait]
impl Command for PublishSelection {
    type Done = PublicationSummary;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<PublicationSummary, Refusal> {
        let found = find(ledger, &self.plan, &self.selection, self.year).await?;
        let plan = &found.plan;
        let office = plan.region.id().to_owned();
        who.may(Action::Publish, Object::office(&office))?;
        let today = at_shanghai(who.at).date_naive();
        let period = Period::new(today.year(), today.month()).ok_or_else(|| Refusal::whole("今天的日期不能用"))?;
        let scene = Scene {
            plan,
            selection: &found.selection,
            year: self.year,
            course: &found.course,
            published: &found.published,
            today,
        };
        let made = if self.stage == Stage::Notice { scene.notice() } else { scene.final_list() };
        let made = made.map_err(Refusal::whole)?;
        if self.listed.is_some_and(|seen| seen != listed(&made)) {
            return Err(Refusal::whole(MOVED));
        }
        let mut edition = made.by(self.issuer.clone(), today);
        edition.demo = ledger.is_demo().await?;
        let proved = ledger.prove(&plan.id, period).await?;
        let subject = edition.key();
        let key = PublicationKey { plan: plan.id.clone(), kind: PublicationKind::Selection, subject, period };
        let lines = edition.lines.len();
        let content = PublicationBody::Selection(Box::new(edition)).content();
        let sha256 = domain::canonical::sha256(content.as_bytes());
        let object = format!("{}/{period}/{}/{}/e1", plan.id, key.kind.id(), key.subject);
        let detail = json!({ "edition": 1, "sha256": sha256, "lines": lines });
        let frozen = Frozen { key: &key, edition: 1, office: &office, content: &content, reason: None };
        let entry = Entry::new("publish_selection", object, detail).with(proof(proved, who)).with(row(
            &frozen,
            self.public_key.as_deref(),
            who,
        ));
        ledger.append(who, entry).await?;
        let published = ledger.publication(&key, Some(1)).await?;
        published.map(|published| published.summary).ok_or_else(|| Refusal::whole("没有公示，请再试一次"))
    }
}
