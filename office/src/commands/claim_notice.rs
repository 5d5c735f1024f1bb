//! 公示 of decided claims, and objections to them: recorded within its days, answered before anything is paid.

use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::Datelike;
use domain::calendar::at_shanghai;
use domain::month::Period;
use domain::personal;
use domain::plan::Plan;
use domain::policy::notice::{ClaimNotice, ClaimObjection, Published, is_open, listed};
use domain::policy::record::records;
use domain::public_notice::Issuer;
use domain::rights::{Action, Object};
use serde_json::json;

use super::Command;
use super::forget_objector::leaves_out;
use super::publish_comparison::{Frozen, proof, row};
use crate::boxes::{optional, required};
use crate::facts::{PublicationBody, PublicationKey, PublicationKind, PublicationSummary, Unavailable};
use crate::ports::{Facts, Ledger};
use crate::posted::Posted;
use crate::refusal::Refusal;
use crate::rows::{Entry, NewRow, Personal};
use crate::who::Who;

/// The names of the forms' fields.
pub mod field {
    pub const ACT: &str = "act";
    pub const CLAIM: &str = "claim";
    pub const NUMBER: &str = "number";
    pub const BY: &str = "by";
    pub const WORDS: &str = "words";
    /// `yes`: 异议成立.
    pub const UPHELD: &str = "upheld";
    pub const ISSUER: &str = "issuer";
    pub const DAYS: &str = "days";
    /// Before the number of a claim that is put before the public though no plan writes its days.
    pub const PICK: &str = "pick.";
    pub const CONTACT: &str = "contact";
    /// What the form listed: [`super::PublishClaimNotice::listed`].
    pub const LISTED: &str = "listed";
}

/// The form answers an objection; otherwise it records one.
pub const ANSWER: &str = "answer";
pub const OBJECT: &str = "object";

/// The notices of a plan's year, oldest first.
pub async fn notices(facts: &mut dyn Facts, plan: &str, year: i32) -> Result<Vec<Published>, Unavailable> {
    let of_year = format!("{year}-");
    let is_its = |summary: &PublicationSummary| summary.key.plan == plan && summary.key.subject.starts_with(&of_year);
    notices_that(facts, is_its).await
}

/// What the other offices of this site put before the public, oldest first: of their claims nothing else is compared.
pub async fn notices_of_others(facts: &mut dyn Facts, office: &str) -> Result<Vec<Published>, Unavailable> {
    notices_that(facts, |summary| summary.office != office).await
}

async fn notices_that(
    facts: &mut dyn Facts,
    are_asked: impl Fn(&PublicationSummary) -> bool,
) -> Result<Vec<Published>, Unavailable> {
    let all = facts.claim_notices().await?;
    let asked = all.iter().filter(|(summary, _)| are_asked(summary));
    Ok(asked.map(|(summary, notice)| (summary.at, notice.clone())).collect())
}

/// Puts what is decided before the public.
#[derive(Debug, Clone)]
pub struct PublishClaimNotice {
    pub plan: String,
    pub year: i32,
    pub issuer: Issuer,
    /// How long, and which claims, where the plan does not write it of their policies; without it they are left out.
    pub named: Option<(u32, BTreeSet<u32>)>,
    /// What whoever publishes had before him, by [`domain::policy::notice::listed`]; nothing where he had no list.
    pub listed: Option<String>,
    /// What the office signs with, as its papers print it.
    pub public_key: Option<String>,
}

impl PublishClaimNotice {
    /// As the form of `/claims/{plan}/{year}/notice` sends it.
    pub fn read(plan: &Plan, year: i32, posted: &Posted, public_key: Option<String>) -> Result<Self, Refusal> {
        let listed = posted.get(field::LISTED).map(str::to_owned);
        match (issuer(posted), named(posted)) {
            (Ok(issuer), Ok(named)) => Ok(Self { plan: plan.id.clone(), year, issuer, named, listed, public_key }),
            (issuer, named) => Err(Refusal::all([issuer.err(), named.err()].into_iter().flatten().collect())),
        }
    }
}

/// The days that the form names, with the claims that it ticks; empty for none.
fn named(posted: &Posted) -> Result<Option<(u32, BTreeSet<u32>)>, Refusal> {
    let ticked = posted.fields().filter(|(_, value)| *value == "yes");
    let ticked = ticked.filter_map(|(name, _)| name.strip_prefix(field::PICK)?.parse().ok());
    let ticked: BTreeSet<u32> = ticked.collect();
    let Some(text) = optional(posted, field::DAYS, "公示天数")? else {
        return match ticked.is_empty() {
            true => Ok(None),
            false => Err(Refusal::field(field::DAYS, "勾选了要公示的申报，请填公示天数；不公示的请取消勾选")),
        };
    };
    if ticked.is_empty() {
        let sentence = "填了公示天数，没有勾选申报；要公示的请勾选，不公示的请清空天数";
        return Err(Refusal::field(field::DAYS, sentence));
    }
    let days = domain::money::fold(&text).trim().trim_end_matches('天').trim().parse().ok();
    let days = days.filter(|days| (1..=MOST_DAYS).contains(days));
    let wrong = || format!("公示天数“{}”请写成 1 至 {MOST_DAYS} 的整数", domain::month::shorten(&text));
    days.map(|days| Some((days, ticked))).ok_or_else(|| Refusal::field(field::DAYS, wrong()))
}

/// What is published is what somebody looked at.
pub(super) const MOVED: &str = "您打开页面之后要公示的又有变动，没有公示；请看过现在的名单，再公示";

/// Nothing is before the public for longer.
const MOST_DAYS: u32 = 60;

/// Who puts something before the public, as the forms of notices send it.
pub fn issuer(posted: &Posted) -> Result<Issuer, Refusal> {
    let text = |name: &str, label: &str, most: usize| {
        let text = domain::entry::one_line(&required(posted, name, label)?);
        let count = text.chars().count();
        let wrong = || Refusal::field(name, format!("{label}写了 {count} 字，请缩短到 {most} 字以内"));
        if count > most { Err(wrong()) } else { Ok(text) }
    };
    let read = (text(field::ISSUER, "公示单位", 60), text(field::CONTACT, "受理异议的联系方式", 120));
    match read {
        (Ok(name), Ok(contact)) => Ok(Issuer { name, contact }),
        (name, contact) => Err(Refusal::all([name.err(), contact.err()].into_iter().flatten().collect())),
    }
}

#[async_trait]
impl Command for PublishClaimNotice {
    type Done = PublicationSummary;

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<PublicationSummary, Refusal> {
        let plan = ledger.plan(&self.plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?.plan;
        let office = plan.region.id().to_owned();
        who.may(Action::Publish, Object::office(&office))?;
        let today = at_shanghai(who.at).date_naive();
        let none = || {
            let sentence =
                "没有要公示的决定：由两人决定以后才公示；计划没有写公示天数的政策，要公示的请勾选并填公示天数";
            Refusal::whole(sentence)
        };
        let period = Period::new(today.year(), today.month()).ok_or_else(none)?;
        let proved = ledger.prove(&plan.id, period).await?;
        let before = notices(ledger, &plan.id, self.year).await?;
        let steps = ledger.claim_steps(&plan.id, self.year).await?;
        let all = records(&plan.policies, self.year, &steps);
        let objections = ledger.claim_objections(&plan.id, self.year).await?;
        let known = (&before[..], &objections[..]);
        let notice = ClaimNotice::of(&plan, self.year, &all, known, (today, self.named.as_ref())).ok_or_else(none)?;
        if self.listed.is_some_and(|seen| seen != listed(&plan, self.year, &all, known, today)) {
            return Err(Refusal::whole(MOVED));
        }
        let mut notice = notice.by(self.issuer.clone());
        notice.demo = ledger.is_demo().await?;
        let key = PublicationKey {
            plan: plan.id.clone(),
            kind: PublicationKind::Claims,
            subject: format!("{}-{}", self.year, notice.number),
            period,
        };
        let lines = notice.lines.len();
        let content = PublicationBody::Claims(Box::new(notice)).content();
        let sha256 = domain::canonical::sha256(content.as_bytes());
        let object = format!("{}/{period}/{}/{}/e1", plan.id, key.kind.id(), key.subject);
        let detail = json!({ "edition": 1, "sha256": sha256, "lines": lines });
        let frozen = Frozen { key: &key, edition: 1, office: &office, content: &content, reason: None };
        let entry = Entry::new("publish_claim_notice", object, detail).with(proof(proved, who)).with(row(
            &frozen,
            self.public_key.as_deref(),
            who,
        ));
        ledger.append(who, entry).await?;
        let published = ledger.publication(&key, Some(1)).await?;
        published.map(|published| published.summary).ok_or_else(|| Refusal::whole("没有公示，请再试一次"))
    }
}

/// Records an objection to a claim, or answers one.
#[derive(Debug, Clone)]
pub struct ObjectToClaim {
    pub plan: String,
    pub year: i32,
    pub claim: u32,
    pub what: Objecting,
    /// Beside the name of whoever objects: random, 64 characters.
    pub salt: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Objecting {
    Object { by: String, words: String },
    Answer { number: u32, upheld: bool, words: String },
}

impl ObjectToClaim {
    /// As the forms of `/claims/{plan}/{year}` send it.
    pub fn read(plan: &Plan, year: i32, posted: &Posted, salt: String) -> Result<Self, Refusal> {
        let gone = || Refusal::whole("没有这项申报或异议，请刷新页面");
        let what = match posted.text(field::ACT) {
            ANSWER => Objecting::Answer {
                number: posted.text(field::NUMBER).parse().map_err(|_| gone())?,
                upheld: posted.text(field::UPHELD) == "yes",
                words: required(posted, field::WORDS, "答复")?,
            },
            _ => Objecting::Object {
                by: required(posted, field::BY, "提出异议的单位或个人").and_then(short_name)?,
                words: required(posted, field::WORDS, "异议的事实和理由")?,
            },
        };
        let claim = posted.text(field::CLAIM).parse().map_err(|_| gone())?;
        Ok(Self { plan: plan.id.clone(), year, claim, what, salt })
    }
}

/// Who objects, in no more than 60 characters.
pub(super) fn short_name(by: String) -> Result<String, Refusal> {
    let by = domain::entry::one_line(&by);
    let count = by.chars().count();
    let wrong = || Refusal::field(field::BY, format!("提出异议的单位或个人写了 {count} 字，请缩短到 60 字以内"));
    if count > 60 { Err(wrong()) } else { Ok(by) }
}

#[async_trait]
impl Command for ObjectToClaim {
    type Done = ();

    async fn run(self, who: &Who, ledger: &mut dyn Ledger) -> Result<(), Refusal> {
        let plan = ledger.plan(&self.plan).await?.ok_or_else(|| Refusal::whole("没有这个计划"))?.plan;
        who.may(Action::DecideClaim, Object::office(plan.region.id()))?;
        let known = ledger.claim_objections(&plan.id, self.year).await?;
        let own: Vec<_> = known.iter().filter(|objection| objection.claim == self.claim).collect();
        let (number, version, step, by, personal, words) = match &self.what {
            Objecting::Object { by, words } => {
                let notices = notices(ledger, &plan.id, self.year).await?;
                if !is_open(&notices, self.claim, who.at) {
                    return Err(Refusal::whole("这项申报不在公示期内，不能登记异议"));
                }
                // A second press of the same page.
                let is_same = |of: &&&ClaimObjection| of.answer.is_none() && (&of.by, &of.words) == (by, words);
                if own.iter().any(|of| is_same(&of)) {
                    return Ok(());
                }
                leaves_out(by, (field::WORDS, words))?;
                let next = own.iter().map(|objection| objection.number).max().unwrap_or_default() + 1;
                let stored = personal::reference(&personal::key(&self.salt, by));
                let personal = Personal::KeepName { salt: self.salt.clone(), name: by.clone() };
                (next, 1, "object", stored, Some(personal), words)
            }
            Objecting::Answer { number, upheld, words } => {
                let found = own.iter().find(|objection| objection.number == *number);
                let found = found.ok_or_else(|| Refusal::whole("没有这个异议，请刷新页面"))?;
                if let Some(answer) = &found.answer {
                    return Err(Refusal::whole(format!("{}已经答复过这个异议，请刷新页面", answer.actor)));
                }
                if found.account == who.account() {
                    return Err(Refusal::whole("登记异议的人不能自己答复，请另一位同事答复"));
                }
                leaves_out(&found.by, (field::WORDS, words))?;
                let stored = found.key.as_deref().map_or_else(|| found.by.clone(), personal::reference);
                (*number, 2, if *upheld { "uphold" } else { "reject" }, stored, None, words)
            }
        };
        let row = NewRow {
            table: "claim_objection",
            cells: vec![
                ("plan_id", (&plan.id).into()),
                ("year", self.year.into()),
                ("claim", self.claim.into()),
                ("number", number.into()),
                ("version", i64::from(version).into()),
                ("step", step.into()),
                ("objector", (&by).into()),
                ("words", words.into()),
                ("at", who.at.into()),
                ("actor", (&who.actor).into()),
                ("account_id", who.account().into()),
            ],
        };
        let action = if step == "object" { "object_to_claim" } else { "answer_claim_objection" };
        // Who objected stands beside the row alone.
        let object = format!("claims/{}/{}/{}", plan.id, self.year, self.claim);
        let detail = json!({ "objection": number, "step": step });
        let entry = Entry::new(action, object, detail).with(row);
        ledger.append(who, Entry { personal, ..entry }).await?;
        Ok(())
    }
}
