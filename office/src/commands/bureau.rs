//! 登记统计部门数和总数: the statistics bureau's figures beside the counties', and the total that the office states.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;
use domain::calendar::{Standing, at_shanghai};
use domain::day::{Day, EXAMPLES};
use domain::entry::{clean, is_percent};
use domain::holidays::Holidays;
use domain::money::Amount;
use domain::month::Period;
use domain::plan::{Goal, Plan};
use domain::rate::Rate;
use domain::returns::{Figure, ReturnRow};
use domain::rights::{Action, Object};
use serde_json::json;

use super::Command;
use crate::boxes::{amount, optional, percent};
use crate::ports::{Facts, Ledger};
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::rows::{Entry, NewFigures, NewRevision, NewRow};
use crate::who::Who;

/// The names of the form's fields.
pub mod field {
    pub const GOAL: &str = "goal";
    /// `total`, or the bureau's figures.
    pub const KIND: &str = "kind";
    pub const SOURCE: &str = "source";
    pub const DATED: &str = "dated";
    pub const REASON: &str = "reason";
    pub const TOTAL: &str = "total";
    pub const TOTAL_BASE: &str = "total_base";
    pub const TOTAL_GROWTH: &str = "total_growth";
    pub const TOTAL_SEEN: &str = "total_seen";
    pub const TOTAL_REASON: &str = "total_reason";
    pub const WITHDRAW: &str = "withdraw";
    /// Of a unit's row: value, base, growth, the version shown, and the three texts as shown.
    pub const VALUE: &str = "v";
    pub const BASE: &str = "b";
    pub const GROWTH: &str = "g";
    pub const SEEN: &str = "s";
    pub const SHOWN: &str = "w";
}

/// The name of a box of a unit's row.
pub fn box_name(field: &str, region: &str) -> String {
    format!("{field}.{region}")
}

/// One unit's figure as the bureau states it.
#[derive(Debug, Clone)]
pub struct NewBureauFigure {
    pub region: String,
    /// The version that the page showed; 0 for none.
    pub seen: i64,
    pub value: Option<Amount>,
    pub base: Option<Amount>,
    pub growth: Option<Rate>,
}

/// What the bureau states of one goal and period, all or nothing; figures that are the same stay as they are.
#[derive(Debug, Clone)]
pub struct RecordBureau {
    pub plan: String,
    pub goal: String,
    pub period: Period,
    pub figures: Vec<NewBureauFigure>,
    /// Which document of which office.
    pub source: String,
    /// `None` where no day was understood.
    pub dated: Option<Day>,
    /// Needed where an earlier record is replaced.
    pub reason: Option<String>,
    pub holidays: Arc<Holidays>,
}

impl RecordBureau {
    pub fn read(
        plan: &Plan,
        goal: &Goal,
        period: Period,
        posted: &Posted,
        holidays: Arc<Holidays>,
    ) -> Result<Self, Refusal> {
        let own = std::iter::once((plan.region.id(), plan.region.name.as_str()));
        let reference = goal.reference();
        let reference = reference.iter().map(|(region, words)| (region.as_str(), words.as_str()));
        let splits = goal.splits.iter().map(|split| (split.region.as_str(), split.name.as_str()));
        let units = own.chain(splits).chain(reference);
        let (mut figures, mut wrong) = (Vec::new(), Vec::new());
        for (region, name) in units {
            let name_of = |field: &str| box_name(field, region);
            let text = |field: &str| posted.text(&name_of(field)).to_owned();
            let sent = format!("{}|{}|{}", text(field::VALUE), text(field::BASE), text(field::GROWTH));
            // Boxes that still hold what they showed were not touched here.
            if text(field::SHOWN) == sent {
                continue;
            }
            let money = |label: &str, field: &str| match is_percent(goal) {
                true => Ok(None),
                false => amount(goal, &format!("{name}{label}"), posted, &name_of(field)),
            };
            let (value, base) = (money("累计", field::VALUE), money("去年同期", field::BASE));
            match (value, base, percent(&format!("{name}公布增幅"), posted, &name_of(field::GROWTH))) {
                (Ok(value), Ok(base), Ok(growth)) => {
                    let seen = text(field::SEEN).parse().unwrap_or(-1);
                    figures.push(NewBureauFigure { region: region.to_owned(), seen, value, base, growth });
                }
                (value, base, growth) => {
                    wrong.extend([value.err(), base.err(), growth.err()].into_iter().flatten());
                }
            }
        }
        if !wrong.is_empty() {
            return Err(Refusal::all(wrong));
        }
        Ok(Self {
            plan: plan.id.clone(),
            goal: goal.id.clone(),
            period,
            figures,
            source: clean(posted.text(field::SOURCE)).trim().to_owned(),
            dated: Day::parse(posted.text(field::DATED)),
            reason: optional(posted, field::REASON, "原因")?,
            holidays,
        })
    }
}

/// Before a period has begun there is nothing to record.
fn begun(plan: &Plan, goal: &str, period: Period, now: i64, holidays: &Holidays) -> Result<(), Refusal> {
    let calendar = plan.goal(goal).and_then(|goal| plan.calendar_of(goal));
    let standing = calendar.map(|calendar| calendar.standing(period, at_shanghai(now), holidays));
    match standing {
        Some(Standing::NotYet) => {
            Err(Refusal::whole(format!("{}还没有结束，没有数可登记；请核对期间", period.label())))
        }
        _ => Ok(()),
    }
}

async fn plan_of(facts: &mut dyn Facts, who: &Who, id: &str) -> Result<Arc<Plan>, Refusal> {
    let plan = facts.plan(id).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?.plan;
    who.may(Action::RecordFigures, Object::office(plan.region.id()))?;
    Ok(plan)
}

#[async_trait]
impl Command for RecordBureau {
    /// How many changed.
    type Done = usize;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<usize, Refusal> {
        let plan = plan_of(ledger, who, &self.plan).await?;
        begun(&plan, &self.goal, self.period, who.at, &self.holidays)?;
        if self.source.is_empty() || self.source.chars().count() > 200 {
            return Err(Refusal::field(field::SOURCE, "请写明出处：哪个部门的哪份资料（不超过200字）"));
        }
        let today = at_shanghai(who.at).date_naive();
        let dated = self.dated.and_then(|day| day.near(today));
        let Some(dated) = dated.filter(|day| *day <= today) else {
            let sentence = format!("资料日期请写成今天或以前的日期，例如 {EXAMPLES}");
            return Err(Refusal::field(field::DATED, sentence));
        };
        let mut rows = Vec::new();
        for figure in &self.figures {
            let known = ledger.bureau_figure(&self.plan, &self.goal, &figure.region, self.period).await?;
            let version = known.as_ref().map_or(0, |known| i64::from(known.version));
            let stated = (figure.value, figure.base, figure.growth);
            let same = known.as_ref().is_some_and(|known| (known.value, known.base, known.published_growth) == stated);
            let nothing = known.is_none() && stated == (None, None, None);
            if same || nothing {
                continue;
            }
            if version != figure.seen {
                let by = known.map(|known| known.by).unwrap_or_default();
                let sentence = format!("您打开页面之后，{by}刚登记过统计部门数，没有保存；请看过新的数再登记");
                return Err(Refusal::whole(sentence));
            }
            if version > 0 && self.reason.is_none() {
                return Err(Refusal::field(field::REASON, "改动已登记的统计部门数，要写明原因"));
            }
            rows.push(self.row(figure, version + 1, dated, who));
        }
        if rows.is_empty() {
            return Ok(0);
        }
        let changed = rows.len();
        let object = format!("{}/{}/{}", self.plan, self.period, self.goal);
        let detail = json!({ "source": self.source, "dated": dated.to_string(), "reason": self.reason });
        ledger.append(who, Entry::new("record_bureau", object, detail).with_rows(rows)).await?;
        Ok(changed)
    }
}

impl RecordBureau {
    fn row(&self, figure: &NewBureauFigure, version: i64, dated: NaiveDate, who: &Who) -> NewRow {
        NewRow {
            table: "bureau_figure",
            cells: vec![
                ("plan_id", (&self.plan).into()),
                ("goal_id", (&self.goal).into()),
                ("region_id", (&figure.region).into()),
                ("year", self.period.year.into()),
                ("month", self.period.month.into()),
                ("version", version.into()),
                ("value", figure.value.map(|amount| amount.0).into()),
                ("base", figure.base.map(|amount| amount.0).into()),
                ("growth", figure.growth.map(Rate::exact).as_deref().into()),
                ("source", (&self.source).into()),
                ("dated", dated.to_string().as_str().into()),
                ("reason", self.reason.as_deref().filter(|_| version > 1).into()),
                ("at", who.at.into()),
                ("actor", (&who.actor).into()),
                ("account_id", who.account().into()),
            ],
        }
    }
}

/// The total of a period as the office states it, or taken back by a blank figure. Another one than the one in force
/// needs a reason; the same changes nothing.
#[derive(Debug, Clone)]
pub struct StateTotal {
    pub plan: String,
    pub goal: String,
    pub period: Period,
    pub figure: Figure,
    pub reason: Option<String>,
    /// The revision that the page showed.
    pub seen: i64,
    pub holidays: Arc<Holidays>,
}

impl StateTotal {
    pub fn read(
        plan: &Plan,
        goal: &Goal,
        period: Period,
        posted: &Posted,
        holidays: Arc<Holidays>,
    ) -> Result<Self, Refusal> {
        let name = &plan.region.name;
        let money = |label: &str, field: &str| match is_percent(goal) {
            true => Ok(None),
            false => amount(goal, &format!("{name}{label}"), posted, field),
        };
        let (value, base) = (money("累计", field::TOTAL)?, money("去年同期", field::TOTAL_BASE)?);
        let published_growth = percent(&format!("{name}公布增幅"), posted, field::TOTAL_GROWTH)?;
        let nothing = value.is_none() && base.is_none() && published_growth.is_none();
        let withdraws = nothing && posted.text(field::WITHDRAW) == "on";
        if value.is_none() && published_growth.is_none() && !withdraws {
            let sentence = "还没有填总数；请填累计，或只填公布增幅。要撤回已填的总数，请清空各格并勾选“撤回”";
            return Err(Refusal::field(field::TOTAL, sentence));
        }
        Ok(Self {
            plan: plan.id.clone(),
            goal: goal.id.clone(),
            period,
            figure: Figure { value, base, published_growth, ..Figure::default() },
            reason: optional(posted, field::TOTAL_REASON, "原因")?,
            seen: posted.text(field::TOTAL_SEEN).parse().unwrap_or(-1),
            holidays,
        })
    }
}

#[async_trait]
impl Command for StateTotal {
    /// Whether anything changed.
    type Done = bool;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<bool, Refusal> {
        let plan = plan_of(ledger, who, &self.plan).await?;
        begun(&plan, &self.goal, self.period, who.at, &self.holidays)?;
        let region = plan.region.id().to_owned();
        let row = ReturnRow { line: 0, goal: self.goal, region, period: self.period, figure: self.figure };
        let in_force = ledger.in_force(&self.plan, &row).await?;
        if in_force.as_ref().is_some_and(|(_, figure)| figure.same_figures(&row.figure)) {
            return Ok(false);
        }
        let revision = in_force.as_ref().map_or(1, |(revision, _)| revision + 1);
        if revision != self.seen + 1 {
            let by = in_force.and_then(|(_, figure)| figure.source.by).unwrap_or_default();
            let sentence = format!("您打开页面之后，{by}刚填过总数，没有保存；请看过新的数再填");
            return Err(Refusal::whole(sentence));
        }
        if revision > 1 && self.reason.is_none() {
            return Err(Refusal::field(field::TOTAL_REASON, "改动已填的总数，要写明原因"));
        }
        let object = format!("{}/{}/{}", self.plan, row.period, row.region);
        let withdrawn = row.figure.is_blank();
        let reason = self.reason.filter(|_| revision > 1);
        let figures = NewFigures {
            plan: self.plan,
            rows: vec![NewRevision { withdrawn, ..NewRevision::new(row, revision, reason) }],
            file: None,
            at: who.at,
            by: who.actor.clone(),
        };
        ledger.append(who, Entry::new("state_total", object, json!({})).with_figures(figures)).await?;
        Ok(true)
    }
}
