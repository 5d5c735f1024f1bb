//! What the claims of a year would cost under another budget, and under another rate or cap of one policy: computed by
//! the one `settle`, and kept nowhere.

use serde::Serialize;

use super::answer::{Answer, BudgetUse, Settlement};
use super::claim::{Claim, Recipients};
use super::settle::{Assumed, settle, settle_by};
use super::words::yuan;
use crate::entry::understand;
use crate::money::{Amount, Measure};
use crate::month::shorten;
use crate::plan::Plan;
use crate::plan::policy::{Increment, Interest, Order, Policies, Policy, What};
use crate::rate::Rate;

/// The names under which a form and the command line ask.
pub mod field {
    pub const BUDGET: &str = "budget";
    pub const OF: &str = "of";
    pub const CHANGED: &str = "changed";
    pub const SHARE: &str = "share";
    pub const CAP: &str = "cap";
    pub const ALL: [&str; 5] = [BUDGET, OF, CHANGED, SHARE, CAP];
}

/// 1万亿元: what is beyond it is a slip of the unit, and below it every sum stays exact.
const MOST: i64 = 1_000_000_000_000;

/// For what the money is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All claims of the year together. What was had in earlier years is not taken off.
    All,
    /// One policy, by its id: in the place of its 资金总额, from which earlier years are taken off.
    Policy(String),
    /// The same of a group.
    Group(String),
}

/// What somebody supposes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supposed {
    pub scope: Scope,
    pub budget: Amount,
    /// The policy with other terms, and what is other about them in words.
    changed: Option<(Policy, Vec<String>)>,
}

impl Supposed {
    /// Reads what was typed under the names of [`field`]: money in 万元 unless it says its unit, a share in percent,
    /// policies and groups by id or title. Every mistake comes with its field and a sentence.
    pub fn read<'t>(policies: &Policies, typed: impl Fn(&str) -> &'t str) -> Result<Self, Vec<(&'static str, String)>> {
        let text = |name: &str| typed(name).trim();
        let mut wrong: Vec<(&'static str, String)> = Vec::new();
        let budget = money("预算", text(field::BUDGET)).and_then(|found| {
            found.ok_or_else(|| "没有填预算，请写金额（万元），例如 500，或写明单位，例如 1.2亿元".to_owned())
        });
        let budget = budget.map_err(|sentence| wrong.push((field::BUDGET, sentence))).ok();
        let scope = scope(policies, text(field::OF)).map_err(|sentence| wrong.push((field::OF, sentence))).ok();
        let changed = changed(policies, text(field::CHANGED), text(field::SHARE), text(field::CAP));
        let changed = changed.map_err(|mistakes| wrong.extend(mistakes)).ok().flatten();
        match (budget, scope) {
            (Some(budget), Some(scope)) if wrong.is_empty() => Ok(Self { scope, budget, changed }),
            _ => Err(wrong),
        }
    }

    /// 设备投资补助：比例由3%改为5%；nothing where the terms stay.
    pub fn changes(&self) -> &[String] {
        self.changed.as_ref().map_or(&[], |(_, sentences)| sentences)
    }

    fn is_of(&self, policy: &Policy) -> bool {
        match &self.scope {
            Scope::All => true,
            Scope::Policy(id) => policy.id == *id,
            Scope::Group(id) => policy.group.as_ref() == Some(id),
        }
    }

    /// The plan as it would be, its scope with `budget` and `order`.
    fn plan(&self, plan: &Plan, budget: Option<Amount>, order: Order) -> Plan {
        let mut supposed = plan.clone();
        let policies = &mut supposed.policies;
        if let Some((changed, _)) = &self.changed {
            for policy in policies.list.iter_mut().filter(|policy| policy.id == changed.id) {
                *policy = changed.clone();
            }
        }
        match &self.scope {
            Scope::All => {}
            Scope::Policy(id) => {
                for policy in policies.list.iter_mut().filter(|policy| policy.id == *id) {
                    (policy.budget, policy.order) = (budget, Some(order));
                }
            }
            Scope::Group(id) => {
                for group in policies.groups.iter_mut().filter(|group| group.id == *id) {
                    (group.budget, group.order) = (budget, Some(order));
                }
            }
        }
        supposed
    }

    fn declared(&self, policies: &Policies) -> Option<Order> {
        match &self.scope {
            Scope::All => None,
            Scope::Policy(id) => policies.get(id)?.order,
            Scope::Group(id) => policies.groups.iter().find(|group| group.id == *id)?.order,
        }
    }

    fn title(&self, policies: &Policies) -> String {
        let found = match &self.scope {
            Scope::All => None,
            Scope::Policy(id) => policies.get(id).map(|policy| policy.title.clone()),
            Scope::Group(id) => policies.groups.iter().find(|it| it.id == *id).map(|group| group.title.clone()),
        };
        found.unwrap_or_else(|| "当年全部奖补".to_owned())
    }
}

fn money(name: &str, text: &str) -> Result<Option<Amount>, String> {
    let Some(measure) = Measure::money("万元") else { return Ok(None) };
    let wrong = || format!("{name}“{}”不是金额，请写数字（万元），例如 500，或写明单位，例如 1.2亿元", shorten(text));
    let found = understand(&measure, text).map_err(|_| wrong())?;
    match found.map(|understood| understood.amount) {
        Some(amount) if amount.0 < 0 => Err(format!("{name}“{}”不能是负数，请核对", shorten(text))),
        Some(amount) if amount.0 > MOST => {
            Err(format!("{name}“{}”太大，最多{}，请核对单位", shorten(text), yuan(Amount(MOST))))
        }
        found => Ok(found),
    }
}

fn scope(policies: &Policies, text: &str) -> Result<Scope, String> {
    if text.is_empty() {
        return Ok(Scope::All);
    }
    if let Some(policy) = policies.find(text) {
        return Ok(Scope::Policy(policy.id.clone()));
    }
    let wanted = crate::region::fold_name(text);
    let group = policies.groups.iter().find(|it| it.id == text || crate::region::fold_name(&it.title) == wanted);
    group
        .map(|group| Scope::Group(group.id.clone()))
        .ok_or_else(|| format!("计划里没有政策或政策组“{}”，请写它的编号或名称；不写是当年全部奖补", shorten(text)))
}

type Changed = Option<(Policy, Vec<String>)>;

fn changed(policies: &Policies, of: &str, share: &str, cap: &str) -> Result<Changed, Vec<(&'static str, String)>> {
    if of.is_empty() {
        let without = [(field::SHARE, share), (field::CAP, cap)].into_iter().find(|(_, text)| !text.is_empty());
        let sentence = "写了新比例或新上限，请同时选改哪一项政策";
        return without.map_or(Ok(None), |_| Err(vec![(field::CHANGED, sentence.to_owned())]));
    }
    let Some(policy) = policies.find(of) else {
        let sentence = format!("计划里没有政策“{}”，请写它的编号或名称", shorten(of));
        return Err(vec![(field::CHANGED, sentence)]);
    };
    if share.is_empty() && cap.is_empty() {
        let sentence = format!("选了“{}”，请写改成多少：新比例或新上限", policy.title);
        return Err(vec![(field::CHANGED, sentence)]);
    }
    let (mut policy, mut said, mut wrong) = (policy.clone(), Vec::new(), Vec::new());
    if !share.is_empty() {
        match read_share(share).and_then(|share| change_share(&mut policy, share)) {
            Ok(sentence) => said.push(sentence),
            Err(sentence) => wrong.push((field::SHARE, sentence)),
        }
    }
    match money("新上限", cap) {
        Ok(None) => {}
        Ok(Some(cap)) if policy.computes() => said.push(change_cap(&mut policy, cap)),
        Ok(Some(_)) => {
            let sentence = format!("“{}”的金额这里不计算，改不了上限，请另选一项政策", policy.title);
            wrong.push((field::CAP, sentence));
        }
        Err(sentence) => wrong.push((field::CAP, sentence)),
    }
    if wrong.is_empty() { Ok(Some((policy, said))) } else { Err(wrong) }
}

fn read_share(text: &str) -> Result<Rate, String> {
    let folded = crate::money::fold(text);
    let share = Rate::parse_percent(folded.trim().trim_end_matches('%').trim()).ok();
    let most = Rate::ONE.times(10, 1);
    share
        .filter(|share| *share > Rate::ZERO && *share <= most)
        .ok_or_else(|| format!("新比例“{}”不是大于0、不超过1000的百分数，请写成 3 或 3%", shorten(text)))
}

/// Puts another share in the place of the one that the policy has.
fn change_share(policy: &mut Policy, share: Rate) -> Result<String, String> {
    let old = match (&mut policy.what, policy.tiers.as_mut_slice()) {
        (What::Share(_), [tier]) => tier.share.as_mut(),
        (What::Interest(Interest::Rate(rate)) | What::Increment(Increment { share: rate, .. }), _) => Some(rate),
        _ => None,
    };
    let Some(old) = old else {
        let sentence = format!("“{}”不是按一个比例给的，改不了比例，请另选一项政策或只改上限", policy.title);
        return Err(sentence);
    };
    let before = std::mem::replace(old, share);
    let [before, share] = [before, share].map(Rate::percent_as_written);
    Ok(format!("“{}”的比例由{before}%改为{share}%", policy.title))
}

/// Puts another cap in the place of the one that binds a firm, else a project, else all years; a policy without one
/// gets that of a firm.
fn change_cap(policy: &mut Policy, cap: Amount) -> String {
    let whom = policy.recipient.name();
    let caps = &mut policy.caps;
    let (what, old) = match (caps.firm, caps.project, caps.firm_all_years) {
        (None, Some(_), _) => ("每项最高".to_owned(), &mut caps.project),
        (None, None, Some(_)) => (format!("单个{whom}各年合计最高"), &mut caps.firm_all_years),
        _ => (format!("单个{whom}一年最高"), &mut caps.firm),
    };
    let before = old.replace(cap).map_or_else(|| "不限".to_owned(), yuan);
    format!("“{}”的上限（{what}）由{before}改为{}", policy.title, yuan(cap))
}

/// One reading of who comes first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reading {
    pub order: Order,
    /// The document itself says so.
    pub declared: bool,
    pub used: BudgetUse,
    /// What nobody asks for, and what is missing: 元.
    pub left: Amount,
    pub short: Amount,
}

impl Reading {
    /// 按比例：申报共需300万元，可得200万元，不足100万元。
    pub fn sentence(&self) -> String {
        let used = &self.used;
        let declared = if self.declared { "（文件写明）" } else { "" };
        let rest = match (self.short.0 > 0, self.left.0 > 0) {
            (true, _) => format!("不足{}", yuan(self.short)),
            (false, true) => format!("够用，还剩{}", yuan(self.left)),
            _ => "刚好用完".to_owned(),
        };
        let order = self.order.name();
        let (asked, given) = (yuan(used.asked), yuan(used.given));
        format!("{order}{declared}：申报共需{asked}{}{}，可得{given}，{rest}。", used.proviso(), used.had())
    }
}

/// What one claim gets under a reading: 元.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Share {
    /// Without the supposed budget, and with it.
    pub asks: Amount,
    pub given: Amount,
    pub less: Amount,
}

/// One claim: what it comes to as the plan stands, and under either reading where that is certain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    pub claim: String,
    pub recipient: String,
    pub project: String,
    pub policy: String,
    pub policy_title: String,
    pub now: Answer,
    pub now_text: String,
    pub by_approval: Option<Share>,
    pub pro_rata: Option<Share>,
}

impl Line {
    pub fn of(&self, order: Order) -> Option<Share> {
        match order {
            Order::Approval => self.by_approval,
            Order::ProRata => self.pro_rata,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WhatIf {
    pub year: i32,
    /// Id of the policy or group; empty for all.
    pub of: String,
    pub title: String,
    pub budget: Amount,
    pub changes: Vec<String>,
    /// By approval, then pro rata.
    pub readings: Vec<Reading>,
    /// Without those that come to nothing either way.
    pub lines: Vec<Line>,
    /// Claims within the scope whose amount is not certain, and which no sum holds.
    pub open: usize,
}

impl WhatIf {
    /// Whether it matters who comes first.
    pub fn parts(&self) -> bool {
        let given = |share: Option<Share>| share.map(|share| share.given);
        self.lines.iter().any(|line| given(line.by_approval) != given(line.pro_rata))
    }
}

/// What the claims would come to. Pure and without trace in the plan: whoever supposes changes nothing.
pub fn what_if(plan: &Plan, recipients: &Recipients, claims: &[Claim], year: i32, supposed: &Supposed) -> WhatIf {
    let policies = &plan.policies;
    let now = settle(plan, recipients, claims, year);
    let in_all = (supposed.scope == Scope::All).then_some(supposed.budget);
    let of = match &supposed.scope {
        Scope::All => String::new(),
        Scope::Policy(id) | Scope::Group(id) => id.clone(),
    };
    // What was decided under the terms as they are is no bound under others.
    let anew: Vec<Claim> = claims.iter().map(|claim| Claim { given: None, ..claim.clone() }).collect();
    let mut runs: Vec<(Reading, Settlement, Settlement)> = Vec::new();
    for order in Order::ALL {
        let by = |budget: Option<Amount>, in_all: Option<Amount>| {
            // A claim whose amount is at most something counts with it.
            let assumed = Assumed { undeclared: order, in_all, waits: false };
            settle_by(&supposed.plan(plan, budget, order), recipients, &anew, year, assumed)
        };
        let (asks, given) = (by(None, None), by(Some(supposed.budget), in_all));
        // A group may bear the id of a policy: the title tells them apart.
        let title = supposed.title(policies);
        let used = given.budgets.iter().find(|used| used.of == of && used.title == title).cloned();
        let Some(used) = used else { continue };
        let declared = supposed.declared(policies) == Some(order);
        let reading = Reading { order, declared, left: used.left(), short: used.short(), used };
        runs.push((reading, asks, given));
    }
    let share = |order: Order, at: usize| {
        let (_, asks, given) = runs.iter().find(|(reading, ..)| reading.order == order)?;
        let [asks, given] = [asks, given].map(|settled| settled.claims.get(at).and_then(|it| it.answer.amount()));
        let (asks, given) = asks.zip(given)?;
        Some(Share { asks, given, less: Amount(asks.0 - given.0) })
    };
    let (mut lines, mut open) = (Vec::new(), 0);
    for (at, settled) in now.claims.into_iter().enumerate() {
        let Some(policy) = policies.get(&settled.policy) else { continue };
        let (by_approval, pro_rata) = (share(Order::Approval, at), share(Order::ProRata, at));
        let is_of = supposed.is_of(policy);
        open += usize::from(is_of && by_approval.is_none());
        let moved = settled.answer.amount() != by_approval.map(|share| share.given);
        let nothing = [settled.answer.amount(), by_approval.map(|it| it.asks), pro_rata.map(|it| it.asks)];
        if (is_of || moved) && nothing != [Some(Amount(0)); 3] {
            lines.push(Line {
                claim: settled.claim,
                recipient: settled.recipient,
                project: settled.project,
                policy_title: policy.title.clone(),
                policy: settled.policy,
                now_text: settled.answer.text(),
                now: settled.answer,
                by_approval,
                pro_rata,
            });
        }
    }
    let (title, changes) = (supposed.title(policies), supposed.changes().to_vec());
    let readings = runs.into_iter().map(|(reading, ..)| reading).collect();
    WhatIf { year, of, title, budget: supposed.budget, changes, readings, lines, open }
}
