//! 年终自评和核验: a unit's own figures of the year, and the office's.

use std::sync::Arc;

use async_trait::async_trait;
use domain::calendar::{at_shanghai, chinese_date};
use domain::evidence::Subject;
use domain::money::Amount;
use domain::month::Period;
use domain::plan::{Assessment, ComponentFrom, Goal, Plan};
use domain::rate::Rate;
use domain::returns::{Figure, Figures};
use domain::rights::{Action, Object};
use domain::standing::ranking_figures;
use domain::workflow::State;
use domain::year_end::{Stated, YearEndFigure, newest, self_assessment_days};
use serde_json::json;

use super::Command;
use crate::boxes::{amount, optional, percent};
use crate::evidence::hand_in;
use crate::facts::YearEnd;
use crate::ports::{Facts, Ledger};
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::rows::{Entry, NewRow};
use crate::who::Who;

/// The names of the forms' fields.
pub mod field {
    pub const GOAL: &str = "goal";
    pub const YEAR: &str = "year";
    /// `self`, the office's verification, or `sign`: the approver's signature.
    pub const KIND: &str = "kind";
    pub const VALUE: &str = "value";
    pub const BASE: &str = "base";
    pub const GROWTH: &str = "growth";
    pub const REMARK: &str = "remark";
    /// The version that the page showed.
    pub const SEEN: &str = "seen";
    /// Of several: a unit that the page listed.
    pub const UNIT: &str = "unit";
    /// The last change of the facts that the page knew.
    pub const BASED_ON: &str = "based_on";
    /// Before the number of a part that is entered: its share of full marks.
    pub const SHARE: &str = "share.";
    /// Before the number of a gate that is entered: whether it happened, `yes` or `no`.
    pub const HAPPENED: &str = "happened.";
}

/// The name of the box for a part of the score that is entered.
pub fn share_name(index: usize) -> String {
    format!("{}{index}", field::SHARE)
}

/// The name of the box for what must not have happened.
pub fn gate_name(index: usize) -> String {
    format!("{}{index}", field::HAPPENED)
}

/// The goal and year that a form names; `None` where the plan assesses no such goal or year.
pub fn goal_and_year<'p>(plan: &'p Plan, posted: &Posted) -> Option<(&'p Goal, i32)> {
    let year = posted.text(field::YEAR).parse().ok();
    let year = year.filter(|year| (plan.years.0..=plan.years.1).contains(year))?;
    let goal = plan.goal(posted.text(field::GOAL)).filter(|goal| plan.assessment(&goal.id).is_some())?;
    Some((goal, year))
}

/// One unit's year as somebody states it.
#[derive(Debug, Clone)]
pub struct StateYear {
    pub plan: String,
    pub goal: String,
    pub year: i32,
    pub region: String,
    pub stated: Stated,
    pub value: Option<Amount>,
    pub base: Option<Amount>,
    pub published_growth: Option<Rate>,
    /// Shares of full marks of the parts that are entered, by name.
    pub shares: Vec<(String, Rate)>,
    pub remark: String,
    pub seen: u32,
}

impl StateYear {
    pub fn read(plan: &Plan, goal: &Goal, year: i32, region: &str, posted: &Posted) -> Result<Self, Refusal> {
        let assessment = plan.assessment(&goal.id).ok_or_else(|| Refusal::whole("这项指标没有年终考核"))?;
        let value = amount(goal, "全年", posted, field::VALUE)?;
        let base = amount(goal, "上年", posted, field::BASE)?;
        let published_growth = percent("公布增幅", posted, field::GROWTH)?;
        if value.is_none() && published_growth.is_none() {
            return Err(Refusal::field(field::VALUE, "还没有填全年的数；没有总量的请填公布增幅"));
        }
        Ok(Self {
            plan: plan.id.clone(),
            goal: goal.id.clone(),
            year,
            region: region.to_owned(),
            stated: if posted.text(field::KIND) == "self" { Stated::Own } else { Stated::Verified },
            value,
            base,
            published_growth,
            shares: shares(assessment, posted)?,
            remark: optional(posted, field::REMARK, "意见")?.unwrap_or_default(),
            seen: posted.text(field::SEEN).parse().unwrap_or(u32::MAX),
        })
    }
}

/// The parts that are entered: every one of them, between nothing and full marks.
fn shares(assessment: &Assessment, posted: &Posted) -> Result<Vec<(String, Rate)>, Refusal> {
    let parts = assessment.components.iter().enumerate();
    let mut shares = Vec::new();
    for (index, part) in parts.filter(|(_, part)| part.from == ComponentFrom::Entered) {
        let name = share_name(index);
        let wrong = |sentence: String| Refusal::field(&name, sentence);
        let share = percent(&part.name, posted, &name)?;
        let share = share.ok_or_else(|| wrong(format!("还没有填{}的得分（%）", part.name)))?;
        if share.is_negative() || share > Rate::ONE {
            return Err(wrong(format!("{}的得分请写 0 至 100", part.name)));
        }
        shares.push((part.name.clone(), share));
    }
    for (index, gate) in assessment.entered_gates().into_iter().enumerate() {
        let name = gate_name(index);
        let happened = match posted.text(&name) {
            "yes" => Rate::ONE,
            "no" => Rate::ZERO,
            _ => return Err(Refusal::field(&name, format!("还没有选{gate}有没有发生"))),
        };
        if happened == Rate::ONE && posted.text(field::REMARK).trim().is_empty() {
            let sentence = format!("{gate}填了“有”，请在意见里写明认定的文件或日期，例如 榕安委〔2021〕12号");
            return Err(Refusal::field(field::REMARK, sentence));
        }
        shares.push((gate.to_owned(), happened));
    }
    Ok(shares)
}

/// The plan, and its assessment of the goal.
async fn assessed(facts: &mut dyn Facts, plan: &str, goal: &str) -> Result<(Arc<Plan>, Goal, Assessment), Refusal> {
    let plan = facts.plan(plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?.plan;
    let found = plan.goal(goal).cloned().zip(plan.assessment(goal).cloned());
    let (goal, assessment) = found.ok_or_else(|| Refusal::whole("这项指标没有年终考核"))?;
    Ok((plan, goal, assessment))
}

/// A year's figure of a unit as it ranks.
fn reported(plan: &Plan, goal: &Goal, figures: &Figures, year: i32, region: &str) -> Option<Figure> {
    ranking_figures(plan, goal, figures).get(&goal.id, Period { year, month: 12 }, region).cloned()
}

#[async_trait]
impl Command for StateYear {
    type Done = ();

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let (plan, goal, assessment) = assessed(ledger, &self.plan, &self.goal).await?;
        may_state(who, &plan, &self.region, self.stated)?;
        let days = self_assessment_days(assessment.self_assessment_by, self.year);
        let (from, to) = days.ok_or_else(|| Refusal::whole("这一年的自评时间无法确定"))?;
        let today = at_shanghai(who.at).date_naive();
        if today < from {
            let sentence = format!("{}年还没有结束，{}起才能填", self.year, chinese_date(from));
            return Err(Refusal::whole(sentence));
        }
        if self.stated == Stated::Own && today > to {
            let sentence = format!("自评已于{}截止，没有提交；请与办公室的审核员联系", chinese_date(to));
            return Err(Refusal::whole(sentence));
        }
        let figures = ledger.figures(&self.plan).await?;
        let known = reported(&plan, &goal, &figures, self.year, &self.region).unwrap_or_default();
        let differs =
            (self.value, self.base, self.published_growth) != (known.value, known.base, known.published_growth);
        if self.stated == Stated::Verified && differs && self.remark.is_empty() {
            return Err(Refusal::field(field::REMARK, "核验的数与报送的不同，请写明核验意见"));
        }
        let figure = YearEndFigure {
            region: self.region,
            stated: self.stated,
            version: 0,
            value: self.value,
            base: self.base,
            published_growth: self.published_growth,
            shares: self.shares,
            remark: self.remark,
            at: who.at,
            by: who.actor.clone(),
        };
        let year_end = ledger.year_end(&self.plan, &self.goal, self.year).await?;
        refuse_closed(&year_end, self.year)?;
        write(ledger, who, (&self.plan, &self.goal, self.year), &year_end, figure, self.seen).await
    }
}

/// Every unit that nobody has verified, as it reported; the units come from the page that listed them.
#[derive(Debug, Clone)]
pub struct VerifyAll {
    pub plan: String,
    pub goal: String,
    pub year: i32,
    pub units: Vec<String>,
    pub based_on: i64,
}

impl VerifyAll {
    pub fn read(plan: &Plan, goal: &Goal, year: i32, posted: &Posted) -> Self {
        Self {
            plan: plan.id.clone(),
            goal: goal.id.clone(),
            year,
            units: posted.all(field::UNIT).into_iter().map(str::to_owned).collect(),
            based_on: posted.text(field::BASED_ON).parse().unwrap_or(-1),
        }
    }
}

#[async_trait]
impl Command for VerifyAll {
    type Done = ();

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let (plan, goal, assessment) = assessed(ledger, &self.plan, &self.goal).await?;
        who.may(Action::Verify, Object::office(plan.region.id()))?;
        let days = self_assessment_days(assessment.self_assessment_by, self.year);
        if days.is_none_or(|(from, _)| at_shanghai(who.at).date_naive() < from) {
            return Err(Refusal::whole(format!("{}年还没有结束，不能核验", self.year)));
        }
        let entered = assessment.components.iter().any(|part| part.from == ComponentFrom::Entered);
        if entered || !assessment.entered_gates().is_empty() {
            return Err(Refusal::whole("这项考核有要登记的得分或一票否决的事项，请逐个单位核验"));
        }
        let year_end = ledger.year_end(&self.plan, &self.goal, self.year).await?;
        refuse_closed(&year_end, self.year)?;
        refuse_moved(ledger, self.based_on).await?;
        let figures = ranking_figures(&plan, &goal, &ledger.figures(&self.plan).await?).into_owned();
        let mut verified = Vec::new();
        for split in self.units.iter().filter_map(|region| goal.split(region)) {
            let known = figures.get(&goal.id, Period { year: self.year, month: 12 }, &split.region);
            let Some(reported) = known.filter(|figure| figure.is_reported()) else {
                return Err(Refusal::whole(format!("{}没有1—12月的数，不能按报送核验", split.name)));
            };
            verified.push(YearEndFigure {
                region: split.region.clone(),
                stated: Stated::Verified,
                version: 0,
                value: reported.value,
                base: reported.base,
                published_growth: reported.published_growth,
                shares: Vec::new(),
                remark: "与报送一致".to_owned(),
                at: who.at,
                by: who.actor.clone(),
            });
        }
        if verified.is_empty() {
            return Err(Refusal::whole("没有可以一并核验的单位"));
        }
        for figure in verified {
            may_state(who, &plan, &figure.region, Stated::Verified)?;
            write(ledger, who, (&self.plan, &self.goal, self.year), &year_end, figure, 0).await?;
        }
        Ok(())
    }
}

/// The unit's approver signs its newest self-assessment.
#[derive(Debug, Clone)]
pub struct SignSelf {
    pub plan: String,
    pub goal: String,
    pub year: i32,
    pub region: String,
    /// The version that the page showed.
    pub seen: u32,
}

impl SignSelf {
    pub fn read(plan: &Plan, goal: &Goal, year: i32, region: &str, posted: &Posted) -> Self {
        Self {
            plan: plan.id.clone(),
            goal: goal.id.clone(),
            year,
            region: region.to_owned(),
            seen: posted.text(field::SEEN).parse().unwrap_or(u32::MAX),
        }
    }
}

#[async_trait]
impl Command for SignSelf {
    type Done = ();

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let (plan, ..) = assessed(ledger, &self.plan, &self.goal).await?;
        who.may(Action::SignAssessment, Object::of_unit(plan.region.id(), &self.region, State::Approved))?;
        let year_end = ledger.year_end(&self.plan, &self.goal, self.year).await?;
        refuse_closed(&year_end, self.year)?;
        let own = newest(&year_end.stated, &self.region, Stated::Own);
        let own = own.ok_or_else(|| Refusal::whole("填报员还没有提交自评，没有可签核的"))?;
        if own.version != self.seen {
            return Err(Refusal::whole("您打开页面之后，自评刚被改过，没有签核；请看过之后再办"));
        }
        if year_end.signed(&self.region).is_some() {
            return Err(Refusal::whole("这次自评已经签核过了"));
        }
        if own.by == who.actor {
            return Err(Refusal::OwnWork);
        }
        let row = NewRow {
            table: "self_assessment_sign",
            cells: vec![
                ("plan_id", (&self.plan).into()),
                ("goal_id", (&self.goal).into()),
                ("year", self.year.into()),
                ("region_id", (&self.region).into()),
                ("version", i64::from(own.version).into()),
                ("at", who.at.into()),
                ("actor", (&who.actor).into()),
                ("account_id", who.account().into()),
            ],
        };
        let object = format!("{}/{}/{}", self.plan, self.year, self.region);
        let detail = json!({ "version": own.version });
        ledger.append(who, Entry::new("sign_assessment", object, detail).with(row)).await?;
        Ok(())
    }
}

fn action(stated: Stated) -> (Action, &'static str) {
    match stated {
        Stated::Own => (Action::AssessSelf, "assess_self"),
        Stated::Verified => (Action::Verify, "verify_unit"),
    }
}

fn may_state(who: &Who, plan: &Plan, region: &str, stated: Stated) -> Result<(), Refusal> {
    who.may(action(stated).0, Object::of_unit(plan.region.id(), region, State::Approved))
}

/// What is closed stays as it is.
pub(super) fn refuse_closed(year_end: &YearEnd, year: i32) -> Result<(), Refusal> {
    match year_end.closed() {
        Some(closure) => Err(Refusal::whole(format!("{year}年的考核已由{}确认办结，不能再改", closure.actor))),
        None => Ok(()),
    }
}

/// What the page showed must still be what is in force.
pub(super) async fn refuse_moved(facts: &mut dyn Facts, based_on: i64) -> Result<(), Refusal> {
    match facts.facts_head().await? == based_on {
        true => Ok(()),
        false => Err(Refusal::whole("您打开页面之后又有数据变动，没有执行；请看过新的情况再办")),
    }
}

async fn write(
    ledger: &mut dyn Ledger,
    who: &Who,
    (plan, goal, year): (&str, &str, i32),
    year_end: &YearEnd,
    figure: YearEndFigure,
    seen: u32,
) -> Result<(), Refusal> {
    let of_it = |known: &&YearEndFigure| known.region == figure.region && known.stated == figure.stated;
    let version = year_end.stated.iter().filter(of_it).map(|known| known.version).max().unwrap_or(0);
    if version != seen {
        let name = figure.stated.name();
        let sentence = format!("您打开页面之后，{name}刚被别人改过，没有保存；请看过之后再填");
        return Err(Refusal::whole(sentence));
    }
    let shares = domain::canonical::to_json(&figure.shares).expect("names and exact rates");
    let row = NewRow {
        table: "year_end_figure",
        cells: vec![
            ("plan_id", plan.into()),
            ("goal_id", goal.into()),
            ("region_id", (&figure.region).into()),
            ("year", year.into()),
            ("kind", figure.stated.id().into()),
            ("version", (version + 1).into()),
            ("value", figure.value.map(|amount| amount.0).into()),
            ("base", figure.base.map(|amount| amount.0).into()),
            ("growth", figure.published_growth.map(Rate::exact).as_deref().into()),
            ("shares", (&shares).into()),
            ("remark", (&figure.remark).into()),
            ("at", who.at.into()),
            ("actor", (&who.actor).into()),
            ("account_id", who.account().into()),
        ],
    };
    let object = format!("{plan}/{year}/{}", figure.region);
    let detail = json!({ "version": version + 1 });
    let mut entry = Entry::new(action(figure.stated).1, object, detail).with(row);
    if figure.stated == Stated::Own {
        let subject = Subject::SelfAssessment { goal: goal.to_owned(), year };
        entry.rows.extend(hand_in(ledger, plan, (&subject, &figure.region), who).await?);
    }
    ledger.append(who, entry).await?;
    Ok(())
}
