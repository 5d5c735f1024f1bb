//! 公示: decided claims as they are put before the public and frozen, and what is objected within its days.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::record::{Act, Record};
use super::words::yuan;
use crate::bulletin::tables::Table;
use crate::calendar::{at_shanghai, chinese_date};
use crate::money::Amount;
use crate::plan::Plan;
use crate::projects::field::unit_name;
use crate::public_notice::Issuer;

/// What a notice freezes. Amounts in whole 元; never a firm's taxes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimNotice {
    /// Of this JSON: 1.
    pub format: u32,
    pub plan: String,
    pub plan_title: String,
    pub basis: String,
    pub year: i32,
    /// Of the plan's notices in the year of the claims.
    pub number: u32,
    pub from: NaiveDate,
    /// The last day on which objections are taken.
    pub to: NaiveDate,
    pub demo: bool,
    /// Editions of before have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<Issuer>,
    pub lines: Vec<NoticeLine>,
    pub sentences: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeLine {
    pub claim: u32,
    pub recipient: String,
    pub unit: String,
    pub policy: String,
    pub project: String,
    pub level: Option<String>,
    pub amount: Amount,
}

impl NoticeLine {
    /// Its sum in words; 不给予 where it is nothing.
    pub fn given(&self) -> String {
        if self.amount.0 == 0 { "不给予".to_owned() } else { yuan(self.amount) }
    }
}

/// An objection to a claim, recorded within the days of its notice, with its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimObjection {
    pub claim: u32,
    /// Of the claim's objections.
    pub number: u32,
    pub version: i64,
    /// Who objects; empty where whoever asks is not to know, and where the name was deleted.
    pub by: String,
    /// Of the name beside the chain; rows of before 0070 hold the name itself.
    pub key: Option<String>,
    pub words: String,
    /// UTC milliseconds.
    pub at: i64,
    pub actor: String,
    /// Of whoever recorded it, who does not answer it.
    pub account: i64,
    pub answer: Option<ObjectionAnswer>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectionAnswer {
    /// 异议成立: the claim is decided anew, and put before the public again.
    pub upheld: bool,
    pub words: String,
    pub at: i64,
    pub actor: String,
}

/// A notice on record, with when it was published (UTC milliseconds).
pub type Published = (i64, ClaimNotice);

/// 2021年奖补资金第1次公示.
pub fn title(year: i32, number: u32) -> String {
    format!("{year}年奖补资金第{number}次公示")
}

impl ClaimNotice {
    /// The notice of what is decided and was not put before the public yet, from today on; for `named` days also these
    /// claims, for whose policies the plan writes none.
    pub fn of(
        plan: &Plan,
        year: i32,
        records: &[Record],
        (before, objections): (&[Published], &[ClaimObjection]),
        (today, named): (NaiveDate, Option<&(u32, BTreeSet<u32>)>),
    ) -> Option<Self> {
        // What corrects a notice stands as long as that did.
        let days = |record: &Record| {
            let named = named.filter(|(_, claims)| claims.contains(&record.number)).map(|(days, _)| *days);
            let own = days(plan, record).or(named);
            own.into_iter().chain(days_before(before, record.number)).max()
        };
        let is_due = |record: &&Record| days(record).is_some() && is_new(record, (before, objections));
        let due: Vec<&Record> = records.iter().filter(is_due).collect();
        let days = due.iter().filter_map(|record| days(record)).max()?;
        let lines: Vec<NoticeLine> = due
            .iter()
            .map(|record| NoticeLine {
                claim: record.number,
                recipient: record.claim.recipient.clone(),
                unit: unit_name(plan, &record.unit).to_owned(),
                policy: plan.policies.get(&record.claim.policy).map_or_else(String::new, |it| it.title.clone()),
                project: record.claim.project.clone(),
                level: record.claim.level.clone(),
                amount: record.decided.unwrap_or_default(),
            })
            .collect();
        let to = today.checked_add_days(chrono::Days::new(u64::from(days)))?;
        let sum = Amount(lines.iter().map(|line| line.amount.0).sum());
        let days = format!("公示期为{}至{}", chinese_date(today), chinese_date(to));
        let first = match lines.iter().filter(|line| line.amount.0 > 0).count() {
            0 => format!("现将{}{year}年奖补资金原公示内容的更正予以公示，{days}。", plan.region.name),
            given => {
                format!("现将{}{year}年拟给予的奖补资金{given}项、共{}予以公示，{days}。", plan.region.name, yuan(sum))
            }
        };
        let corrected = lines.iter().filter_map(|line| {
            let ((_, notice), then) = of_claim(before, line.claim)?;
            let now = line.given();
            (then.amount != line.amount)
                .then(|| format!("{:04}号原在{}中为{}，现更正为{now}。", line.claim, notice.title(), then.given()))
        });
        let sentences = [first].into_iter().chain(corrected).collect();
        Some(Self {
            format: 1,
            plan: plan.id.clone(),
            plan_title: plan.title.clone(),
            basis: plan.basis(),
            year,
            number: before.len() as u32 + 1,
            from: today,
            to,
            demo: false,
            issuer: None,
            lines,
            sentences,
        })
    }

    /// With who puts it before the public.
    pub fn by(mut self, issuer: Issuer) -> Self {
        self.sentences.extend([issuer.how_to_object(), issuer.signed(self.from)]);
        self.issuer = Some(issuer);
        self
    }

    pub fn title(&self) -> String {
        title(self.year, self.number)
    }

    pub fn table(&self) -> Table {
        let header = ["申报编号", "申报单位", "所在地", "政策", "项目", "级别", "金额（元）"];
        let rows = self.lines.iter().map(|line| {
            let level = line.level.clone().unwrap_or_default();
            let number = format!("{:04}", line.claim);
            let amount = line.amount.0.to_string();
            vec![
                number,
                line.recipient.clone(),
                line.unit.clone(),
                line.policy.clone(),
                line.project.clone(),
                level,
                amount,
            ]
        });
        Table { header: header.map(str::to_owned).to_vec(), rows: rows.collect() }
    }
}

fn days(plan: &Plan, record: &Record) -> Option<u32> {
    plan.policies.get(&record.claim.policy)?.notice_days
}

/// How long the newest notice that holds a claim stood: what corrects it stands as long.
fn days_before(notices: &[Published], claim: u32) -> Option<u32> {
    let ((_, notice), _) = of_claim(notices, claim)?;
    u32::try_from((notice.to - notice.from).num_days()).ok()
}

/// What is decided and put before the public only if the office names the days, as the plan does not.
pub fn may_be_published<'r>(
    plan: &Plan,
    records: &'r [Record],
    (notices, objections): (&[Published], &[ClaimObjection]),
) -> Vec<&'r Record> {
    let is_open = |record: &&Record| days(plan, record).is_none() && of_claim(notices, record.number).is_none();
    records.iter().filter(is_open).filter(|record| is_new(record, (notices, objections))).collect()
}

/// What a notice from today on would hold and what may be added, in short: whether it is still what somebody looked at.
pub fn listed(
    plan: &Plan,
    year: i32,
    records: &[Record],
    known: (&[Published], &[ClaimObjection]),
    today: NaiveDate,
) -> String {
    let due = ClaimNotice::of(plan, year, records, known, (today, None)).map(|notice| notice.lines);
    let more = may_be_published(plan, records, known);
    let more: Vec<(u32, Option<Amount>)> = more.iter().map(|record| (record.number, record.decided)).collect();
    crate::canonical::sha256(format!("{due:?} {more:?}").as_bytes())
}

/// The newest notice that holds a claim.
pub fn of_claim<'n>(notices: &'n [Published], claim: u32) -> Option<(&'n Published, &'n NoticeLine)> {
    let line = |notice: &'n Published| notice.1.lines.iter().find(|line| line.claim == claim);
    notices.iter().rev().find_map(|notice| Some((notice, line(notice)?)))
}

/// What later notices say of the claims of one, in words, each with that notice.
pub fn corrected<'n>(of: &ClaimNotice, notices: &'n [Published]) -> Vec<(String, &'n Published)> {
    let later = |claim: u32| of_claim(notices, claim).filter(|((_, notice), _)| notice.number > of.number);
    let said = |line: &NoticeLine| {
        let (published, now) = later(line.claim).filter(|(_, now)| now.amount != line.amount)?;
        Some((format!("{:04}号已更正：{}改为{}", line.claim, line.given(), now.given()), published))
    };
    of.lines.iter().filter_map(said).collect()
}

/// Whether a claim was decided and is not before the public with this decision; what is paid back needs no notice of
/// its own.
fn is_new(record: &Record, (notices, objections): (&[Published], &[ClaimObjection])) -> bool {
    let known = of_claim(notices, record.number);
    let is_known = known.is_some_and(|((at, _), line)| {
        Some(line.amount) == record.decided && upheld(record, objections).is_none_or(|upheld| upheld < *at)
    });
    // What the public was told of another sum is told again, also where nothing is given any more.
    let is_open = record.outstanding().0 > 0 || known.is_some();
    let is_due = is_open && !is_known && !awaits_decision(record, objections);
    record.state.is_decided() && is_due
}

/// When an objection to a claim was last found to be right (UTC milliseconds).
fn upheld(record: &Record, objections: &[ClaimObjection]) -> Option<i64> {
    let own = objections.iter().filter(|objection| objection.claim == record.number);
    own.filter_map(|objection| objection.answer.as_ref()).filter(|answer| answer.upheld).map(|answer| answer.at).max()
}

/// Whether an objection was found to be right, and nothing was decided by two since.
pub fn awaits_decision(record: &Record, objections: &[ClaimObjection]) -> bool {
    let decided_since = |at: i64| record.steps.iter().any(|step| step.act == Act::Confirm && step.at > at);
    upheld(record, objections).is_some_and(|at| !decided_since(at))
}

/// Why a claim is not paid yet, without a full stop. What no plan writes days for needs no notice, but what was put
/// before the public all the same stands there to its end.
pub fn hindrance(
    plan: &Plan,
    record: &Record,
    notices: &[Published],
    objections: &[ClaimObjection],
    today: NaiveDate,
) -> Option<String> {
    if days(plan, record).is_none() && of_claim(notices, record.number).is_none() {
        return None;
    }
    if record.outstanding().0 <= 0 {
        return None;
    }
    let mut own = objections.iter().filter(|objection| objection.claim == record.number);
    if own.clone().any(|objection| objection.answer.is_none()) {
        return Some("有异议还没有答复，答复以后才能兑付".to_owned());
    }
    let Some(((at, notice), _)) =
        of_claim(notices, record.number).filter(|(_, line)| Some(line.amount) == record.decided)
    else {
        return Some("这项决定还没有公示，公示期满以后才能兑付".to_owned());
    };
    if own.any(|objection| objection.answer.as_ref().is_some_and(|answer| answer.upheld && answer.at > *at)) {
        let sentence = match awaits_decision(record, objections) {
            true => "异议成立，请重新决定并再次公示，期满以后才能兑付",
            false => "异议成立后已经重新决定，还没有再次公示，公示期满以后才能兑付",
        };
        return Some(sentence.to_owned());
    }
    (today <= notice.to).then(|| format!("公示到{}，期满以后才能兑付", chinese_date(notice.to)))
}

/// Whether objections to a claim are taken now.
pub fn is_open(notices: &[Published], claim: u32, at: i64) -> bool {
    of_claim(notices, claim).is_some_and(|((_, notice), _)| at_shanghai(at).date_naive() <= notice.to)
}
