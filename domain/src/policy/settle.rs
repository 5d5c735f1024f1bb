//! Claims → base → threshold → amount → caps → exclusion or top-up → limit → budget, with the sentences of each step.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::{Answer, BudgetUse, Settled, Settlement};
use super::claim::{Claim, Fact, Had, Recipients};
use super::combine::combine;
use super::eligible::{Eligible, eligible, outside};
use super::share_out::{Part, Room, by_approval, by_order, if_next, wanted};
use super::sum::{Earlier, Principal, Sum, borne_by_one, decided, sum};
use super::words::yuan;
use super::work::{Whose, Work};
use crate::money::Amount;
use crate::plan::Plan;
use crate::plan::policy::{Bound, Group, Order, Policies, Policy, Quantity, What};
use crate::rate::Rate;

/// What claims of `year` come to under a plan. Pure: the same claims in any order have the same answers.
///
/// Where too little is there for all and the document does not say who comes first, both orders are computed, and a
/// claim that they part about is answered with both.
pub fn settle(plan: &Plan, recipients: &Recipients, claims: &[Claim], year: i32) -> Settlement {
    let by = |order: Order| Assumed { undeclared: order, in_all: None, waits: true };
    let settled = settle_by(plan, recipients, claims, year, by(Order::Approval));
    let undeclared = |order: Option<Order>, binds: bool| binds && order.is_none();
    let policies = &plan.policies;
    let open = policies.groups.iter().any(|it| undeclared(it.order, it.budget.is_some() || it.within_local_tax))
        || policies.list.iter().any(|it| undeclared(it.order, it.budget.is_some()));
    if !open {
        return settled;
    }
    let other = settle_by(plan, recipients, claims, year, by(Order::ProRata));
    both(settled, other)
}

/// Where the two orders part, both.
fn both(mut settled: Settlement, other: Settlement) -> Settlement {
    for (one, other) in settled.claims.iter_mut().zip(other.claims) {
        if other.answer == Answer::Undecided && one.answer != Answer::Undecided {
            *one = other;
            continue;
        }
        let Some((by_approval, pro_rata)) = one.answer.amount().zip(other.answer.amount()) else { continue };
        let bound = [&one.answer, &other.answer].into_iter().find_map(|answer| match answer {
            Answer::Sum { bound, .. } => Some(*bound),
            _ => None,
        });
        // Of several that wait, each as if it were approved next: nothing says yet who is.
        let by_approval = one.next.filter(|_| one.contested).unwrap_or(by_approval);
        if by_approval != pro_rata {
            let answer = Answer::Either { bound: bound.unwrap_or_default(), by_approval, pro_rata };
            one.trace.pop();
            one.trace.push(format!("结果：文件没有写谁先谁后，{}。", answer.text()));
            one.answer = answer;
            one.payers = Vec::new();
        }
    }
    settled
}

/// How claims are settled where the document leaves something open.
#[derive(Debug, Clone, Copy)]
pub(super) struct Assumed {
    /// The order wherever it declares none.
    pub(super) undeclared: Order,
    /// Money for all claims of the year together, which no document sets aside: somebody supposes it.
    pub(super) in_all: Option<Amount>,
    /// Whether a sum waits for others of its limit that nobody has named yet.
    pub(super) waits: bool,
}

/// By one assumed.
pub(super) fn settle_by(
    plan: &Plan,
    recipients: &Recipients,
    claims: &[Claim],
    year: i32,
    assumed: Assumed,
) -> Settlement {
    let policies = &plan.policies;
    let known = |claim: &Claim| policies.get(&claim.policy);
    let mut had: BTreeMap<String, Vec<&Had>> = BTreeMap::new();
    for (firm, one) in recipients.had() {
        had.entry(firm).or_default().push(one);
    }
    let whose = |claim: &Claim| {
        let firm = recipients.key(claim);
        let all = had.get(&firm).into_iter().flatten().copied();
        let had_at_all: Vec<&Had> = all.filter(|had| had.amount.0 > 0 || had.year < year).collect();
        let had = had_at_all.iter().copied().filter(|had| had.precedes(claim, year)).collect();
        Whose { firm, had, had_at_all }
    };
    let begun = claims.iter().filter_map(|claim| Some(begin(plan, known(claim)?, (claim, whose(claim)), year)));
    let mut works: Vec<Work<'_>> = begun.collect();
    form_sums(plan, &mut works, year);
    only_once(&mut works);
    firm_caps(&mut works);
    combine(policies, &mut works);
    for group in policies.groups.iter().filter(|group| group.within_local_tax) {
        local_tax(group, recipients, &mut works, (group.order, assumed));
    }
    let mut budgets = Vec::new();
    let spend = |pot: &Pot<'_>, works: &mut Vec<Work<'_>>, is_of: &dyn Fn(&str) -> bool| {
        spend(pot, works, (is_of, policies), (recipients, year), assumed)
    };
    for policy in &policies.list {
        let Some(budget) = policy.budget else { continue };
        let pot = Pot { of: &policy.id, title: &policy.title, budget, order: policy.order, of_all_years: true };
        budgets.push(spend(&pot, &mut works, &|id| id == policy.id));
    }
    for group in &policies.groups {
        let Some(budget) = group.budget else { continue };
        let is_of = |id: &str| policies.get(id).is_some_and(|policy| policy.group.as_ref() == Some(&group.id));
        let pot = Pot { of: &group.id, title: &group.title, budget, order: group.order, of_all_years: true };
        budgets.push(spend(&pot, &mut works, &is_of));
    }
    if let Some(budget) = assumed.in_all {
        let order = Some(assumed.undeclared);
        let pot = Pot { of: "", title: "当年全部奖补", budget, order, of_all_years: false };
        budgets.push(spend(&pot, &mut works, &|_| true));
    }
    let mut works = works.into_iter();
    let claims = claims.iter().map(|claim| match known(claim) {
        Some(_) => works.next().map_or_else(|| unknown(claim), finish),
        None => unknown(claim),
    });
    Settlement { year, claims: claims.collect(), budgets }
}

fn unknown(claim: &Claim) -> Settled {
    Settled {
        claim: claim.id.clone(),
        recipient: claim.recipient.clone(),
        project: claim.project.clone(),
        policy: claim.policy.clone(),
        level: claim.level.clone(),
        answer: Answer::Unknown,
        payers: Vec::new(),
        next: None,
        contested: false,
        nameable: false,
        alternative: false,
        returns: None,
        principal: None,
        trace: vec![format!("计划里没有政策“{}”。", claim.policy)],
    }
}

/// The clause, and whether the claim meets it.
fn begin<'a>(plan: &Plan, policy: &'a Policy, (claim, whose): (&'a Claim, Whose<'a>), year: i32) -> Work<'a> {
    let trace = vec![format!("依据：{}。", plan.policy_source(policy.clause.as_deref()))];
    let mut work = Work::new(policy, claim, whose, trace);
    if claim.withdrawn {
        work.end(Answer::Nothing, "这项申报决定以后退回了，没有重新填报，不给予。".to_owned());
        return work;
    }
    match &policy.what {
        What::Elsewhere(document) => {
            let answer = Answer::Elsewhere { document: document.clone() };
            work.end(answer, format!("本项的条件和金额按{document}执行，这里不计算。"));
            return work;
        }
        What::Open => {
            if let Some(no) = outside(plan, policy, claim, year) {
                work.end(Answer::Nothing, format!("{no}。"));
                return work;
            }
            match claim.decided {
                Some(decided) => {
                    work.amount = decided;
                    work.room = Some(None);
                    work.trace.push(format!("文件没有写金额，{}{}。", Fact::Decided.name(), yuan(decided)));
                }
                None => work.end(Answer::Undecided, "文件没有写金额，由办公室确定。".to_owned()),
            }
            return work;
        }
        _ => {}
    }
    match eligible(plan, policy, (claim, &work.had), year, &mut work.trace) {
        Eligible::Yes => {}
        Eligible::No(why) => work.end(Answer::Nothing, why),
        Eligible::Lacks(facts) => {
            let sentence = format!("还缺：{}，补齐后才能计算。", facts.join("、"));
            work.end(Answer::Missing { facts }, sentence);
        }
    }
    work
}

/// The sums of whatever is eligible, each by itself; a cap on principal looks at all loans of one recipient.
fn form_sums(plan: &Plan, works: &mut [Work<'_>], year: i32) {
    let policies = &plan.policies;
    let mut principals = principals(plan, works, year);
    for (at, work) in works.iter_mut().enumerate() {
        if !work.is_open() || matches!(work.policy.what, What::Open) {
            continue;
        }
        let principal = principals.remove(&at);
        work.principal = counted(work, principal.as_ref());
        let earlier = Earlier { principal: principal.as_ref(), months: months_had(work) };
        match sum(policies, work.policy, (work.claim, year), &earlier, &mut work.trace) {
            Sum::Of(amount) => work.amount = amount,
            Sum::Undecided(why) => work.leave(None, why),
            Sum::Nothing(why) => work.end(Answer::Nothing, why),
            Sum::Choice(amounts) => choose(work, amounts),
        }
        narrow(work);
        other_level(work);
        begun_later(work, plan, year);
    }
}

/// Of loans that are more together than a firm's principal may be, by their places in `works`: who was approved first
/// comes first, of those that stand beside each other what bears more interest, and what bears the same shares. What
/// was declined, and what the document leaves to the office, comes last.
fn principals(plan: &Plan, works: &[Work<'_>], year: i32) -> BTreeMap<usize, Principal> {
    let mut by_firm: BTreeMap<(String, String), (Amount, Vec<usize>)> = BTreeMap::new();
    for (at, work) in works.iter().enumerate().filter(|(_, work)| work.is_open() || work.claim.given.is_some()) {
        if let Some(cap) = work.policy.caps.principal {
            by_firm.entry(whose(work)).or_insert((cap, Vec::new())).1.push(at);
        }
    }
    let mut found = BTreeMap::new();
    for (cap, members) in by_firm.into_values() {
        let part = |at: &usize| {
            let claim = works[*at].claim;
            let asks = claim.quantities.get(&Quantity::Loan).copied().unwrap_or_default().0;
            Part { asks, given: claim.given.map(|given| given.loan.0), ..works[*at].part() }
        };
        let parts: Vec<Part<'_>> = members.iter().map(part).collect();
        let all = Amount(parts.iter().map(|part| part.asks).sum());
        if all <= cap {
            continue;
        }
        let by_approval = parts.iter().map(Part::day).collect::<BTreeSet<_>>().len() > 1;
        let bears = |at: &usize| {
            let work = &works[*at];
            let is_last = work.claim.declined || is_begun_later(work, plan, year);
            (!is_last).then(|| borne_by_one(&plan.policies, work.policy, work.claim, months_had(work)))
        };
        let bears: Vec<Option<Rate>> = members.iter().map(bears).collect();
        let first = match by_approval {
            true => Some("先批准的先计"),
            false => bears.iter().any(|one| *one != bears[0]).then_some("计息多的先计"),
        };
        for (at, counted) in members.into_iter().zip(in_turn(cap.0, &parts, &bears)) {
            let own = first.map(|first| (Amount(counted), first));
            found.insert(at, Principal { all, counted: cap, own });
        }
    }
    found
}

/// By the order of approval, and within one place of it those with more of `bears` first. What is decided keeps what
/// it was given.
fn in_turn(total: i64, parts: &[Part<'_>], bears: &[Option<Rate>]) -> Vec<i64> {
    let mut rates: Vec<Option<Rate>> = bears.to_vec();
    rates.sort();
    // The place among equals is a moment of their day.
    let place = |bears: &Option<Rate>| rates.partition_point(|other| other <= bears) as i64;
    let ranked = parts.iter().zip(bears).map(|(part, bears)| match (part.given, part.approved_at) {
        (None, None) => Part { approved_at: Some(i64::MAX - place(bears)), ..*part },
        _ => *part,
    });
    by_order(Order::Approval, total, &ranked.collect::<Vec<_>>())
}

/// As much of a claim's loan as counts; nothing where it has none.
fn counted(work: &Work<'_>, principal: Option<&Principal>) -> Option<Amount> {
    let own = *work.claim.quantities.get(&Quantity::Loan)?;
    let Some(Principal { all, counted, own: by_approval }) = principal else { return Some(own) };
    let share = i128::from(own.0) * i128::from(counted.0) / i128::from(all.0.max(1));
    by_approval.map(|(own, _)| own).or_else(|| i64::try_from(share).ok().map(Amount))
}

/// 一次性, of levels: whether what was had before was of this one, the office knows.
fn other_level(work: &mut Work<'_>) {
    let is_asked = decides_once(work.policy) && work.policy.has_levels();
    let Some(had) = work.claim.before.filter(|had| is_asked && had.0 > 0 && work.is_open()) else { return };
    let most = (work.bound != Bound::AtLeast).then_some(work.amount);
    let sentence = format!(
        "本项一次性给予，以前年度已享受{}：是同一级的不再给予，升级的按新的一级，请核对后由办公室核定。",
        yuan(had)
    );
    work.leave(most, sentence);
}

/// Whether its interest begins after the plan's years, where the policy has no days of its own.
fn is_begun_later(work: &Work<'_>, plan: &Plan, year: i32) -> bool {
    let stated = work.claim.quantities.get(&Quantity::MonthsBefore).copied().unwrap_or_default();
    let is_new = stated.0.max(months_had(work)) == 0 && year > plan.years.1;
    let is_undated = plan.policies.valid(work.policy).in_words().is_none();
    matches!(work.policy.what, What::Interest(_)) && is_new && is_undated
}

/// Of such interest the document does not say whether it is granted.
fn begun_later(work: &mut Work<'_>, plan: &Plan, year: i32) {
    if work.is_open() && is_begun_later(work, plan, year) {
        let last = plan.years.1;
        let sentence = format!("以前年度没有计过息，{last}年以后才开始计息的，文件没有写是否贴息，由办公室核定。");
        work.leave(Some(work.amount), sentence);
    }
}

/// 一次性: of several claims of one year for the same thing the first that is approved, else the first number. An
/// increment of a firm's taxes is the firm's, however many projects it claims for.
fn only_once(works: &mut [Work<'_>]) {
    let is_increment = |work: &Work<'_>| matches!(work.policy.what, What::Increment(_));
    let is_one = |work: &Work<'_>| work.is_open() && (work.policy.once || is_increment(work));
    let mut order: Vec<usize> = (0..works.len()).filter(|at| is_one(&works[*at])).collect();
    order.sort_by_key(|at| {
        let claim = works[*at].claim;
        // 2 before 10.
        let place = (claim.given.is_none(), claim.declined, claim.approved.is_none());
        (place, claim.approved, claim.approved_at, claim.id.chars().count(), &claim.id)
    });
    let mut given: BTreeMap<(String, String), String> = BTreeMap::new();
    for at in order {
        let work = &works[at];
        let level = work.claim.level.as_deref().map(crate::plan::policy::fold_level).unwrap_or_default();
        let of = if is_increment(work) { String::new() } else { work.policy.once_per(work.claim) };
        let what = format!("{} {level} {of}", work.policy.id);
        match given.get(&(work.firm.clone(), what.clone())) {
            Some(other) => {
                let sentence = match is_increment(work) {
                    true => format!("地方留成增量是企业全部的，一年只计一次，申报编号{other}已经申报，不再给予。"),
                    false => format!("本项一次性给予，申报编号{other}已经申报，不再给予。"),
                };
                works[at].end(Answer::Nothing, sentence);
            }
            None => drop(given.insert((work.firm.clone(), what), work.claim.id.clone())),
        }
    }
}

fn choose(work: &mut Work<'_>, amounts: Vec<Amount>) {
    let listed = || amounts.iter().map(|amount| yuan(*amount)).collect::<Vec<_>>().join("或");
    match work.claim.decided {
        Some(decided) if amounts.contains(&decided) => {
            work.amount = decided;
            work.trace.push(format!("文件写{}，{}{}。", listed(), Fact::Decided.name(), yuan(decided)));
        }
        Some(Amount(0)) => work.end(Answer::Nothing, declined()),
        Some(decided) => {
            let sentence = format!("{}{}不是{}之一，请改正后再算。", Fact::Decided.name(), yuan(decided), listed());
            work.end(Answer::Choice { amounts }, sentence);
        }
        None => {
            let on = work.policy.depends_on.as_deref().unwrap_or("条件");
            let sentence = format!("文件写{}，按{on}确定，没有写档次，由办公室确定。", listed());
            work.end(Answer::Choice { amounts }, sentence);
        }
    }
}

/// That the office gives nothing, which no least amount of the document forbids it.
fn declined() -> String {
    format!("{}0元，不给予。", Fact::Decided.name())
}

/// 不超过, 不低于: within that room the office's own amount holds.
fn narrow(work: &mut Work<'_>) {
    if !work.is_open() || work.bound == Bound::Exact {
        return;
    }
    if work.claim.decided == Some(Amount(0)) {
        work.end(Answer::Nothing, declined());
        return;
    }
    let room = match work.bound {
        Bound::AtLeast => {
            let tier = work.claim.level.as_ref().and_then(|level| work.policy.tier_of(level));
            let caps = work.policy.caps.project.into_iter().chain(tier.and_then(|tier| tier.cap));
            (work.amount, caps.min())
        }
        _ => (Amount(0), Some(work.amount)),
    };
    match decided(work.claim, room.0, room.1) {
        Ok(Some(decided)) => {
            work.amount = decided;
            work.bound = Bound::Exact;
            work.room = Some(room.1);
            work.trace.push(format!("{}{}。", Fact::Decided.name(), yuan(decided)));
        }
        Ok(None) => {}
        Err(sentence) => work.end(Answer::Undecided, sentence),
    }
}

/// Whether what was had of a policy before ends it; where all years have a cap, it stands against that.
pub(super) fn decides_once(policy: &Policy) -> bool {
    policy.once && policy.caps.firm_all_years.is_none()
}

fn whose(work: &Work<'_>) -> (String, String) {
    (work.firm.clone(), work.policy.id.clone())
}

/// Months for which interest had run by the end of the years decided, for the same matter: each year's on top of
/// those before it, as the claim stated them or as they were decided.
fn months_had(work: &Work<'_>) -> i64 {
    let mut same: Vec<&&Had> = work.had.iter().filter(|had| had.claim.is_of_same_matter(work.claim)).collect();
    same.sort_by_key(|had| had.year);
    same.iter().fold(0, |before, had| {
        let months = |of: Quantity| had.claim.quantities.get(&of).copied().unwrap_or_default().0;
        let given = if had.amount.0 > 0 { months(Quantity::Months) } else { 0 };
        let whole = before.max(months(Quantity::MonthsBefore)) + given;
        // No more than the term were ever given.
        work.policy.years.map_or(whole, |years| whole.min(12 * i64::from(years)))
    })
}

/// What was had in other years: as the claims state it, or as it is on record where that is more; and in words. On
/// record is what was decided, and what a claim of another year stated of the years before its own.
fn had_before(stated: Amount, on_record: &[&Had]) -> (Amount, String) {
    let decided = Amount(on_record.iter().map(|had| had.amount.0).sum());
    let given = on_record.iter().filter(|had| had.amount.0 > 0);
    let numbers = given.map(|had| had.named()).collect::<Vec<_>>().join("、");
    let since = |year: i32| -> i64 { on_record.iter().filter(|had| had.year >= year).map(|had| had.amount.0).sum() };
    let then = on_record.iter().filter_map(|had| Some((had, had.claim.before.filter(|before| before.0 > 0)?)));
    let then = then.map(|(had, before)| (Amount(before.0 + since(had.year)), had, before)).max_by_key(|it| it.0);
    if let Some((whole, had, before)) = then.filter(|(whole, ..)| *whole > decided && *whole >= stated) {
        let stated = format!("{}申报时写以前年度已享受{}", had.named(), yuan(before));
        return match decided.0 {
            0 => (whole, format!("，{stated}")),
            _ => (whole, format!("，其他年度已决定{}（{numbers}），{stated}，共{}", yuan(decided), yuan(whole))),
        };
    }
    let said = match (stated.0, decided.0) {
        (0, 0) => String::new(),
        (_, 0) => format!("，以前年度已享受{}", yuan(stated)),
        _ => {
            let stated = match stated > decided {
                true => format!("，申报写以前年度已享受{}，按申报的计", yuan(stated)),
                false => String::new(),
            };
            format!("，其他年度已决定{}（{numbers}）{stated}", yuan(decided))
        }
    };
    (stated.max(decided), said)
}

/// Caps of one recipient under one policy, over all his claims: what was approved first comes first, and what is not
/// approved yet shares the rest.
fn firm_caps(works: &mut [Work<'_>]) {
    let keys: BTreeSet<(String, String)> = works.iter().filter(|work| work.is_open()).map(whose).collect();
    for key in keys {
        let counts = |work: &Work<'_>| work.is_open() || work.claim.given.is_some();
        let members: Vec<usize> =
            (0..works.len()).filter(|at| counts(&works[*at]) && whose(&works[*at]) == key).collect();
        let policy = works[members[0]].policy;
        let whom = policy.recipient.name();
        let stated = members.iter().filter_map(|at| works[*at].claim.before).max().unwrap_or_default();
        if let Some(cap) = policy.caps.firm {
            let said = format!("单个{whom}一年最高{}", yuan(cap));
            keep_within(works, &members, cap, |_| (Amount(0), said.clone()));
        }
        if let Some(cap) = policy.caps.firm_all_years {
            let said = |had: &[&Had]| {
                let own: Vec<&Had> = had.iter().copied().filter(|had| had.claim.policy == policy.id).collect();
                let (before, had) = had_before(stated, &own);
                (before, format!("单个{whom}各年合计最高{}{had}", yuan(cap)))
            };
            keep_within(works, &members, cap, said);
        }
    }
}

/// `said` of what was had in other years: how much is gone before any of this year's, and the cap in words.
fn keep_within(works: &mut [Work<'_>], members: &[usize], cap: Amount, said: impl Fn(&[&Had]) -> (Amount, String)) {
    let parts: Vec<Part<'_>> = members.iter().map(|at| works[*at].part()).collect();
    let asked: i64 = parts.iter().map(|part| part.asks).sum();
    let days: BTreeSet<_> = parts.iter().map(Part::day).collect();
    let how = if days.len() > 1 { "先批准的先得" } else { "按比例" };
    let room = |at: &usize| {
        let left = |had: &[&Had]| cap.0 - said(had).0.0;
        let Work { claim, had, had_at_all, .. } = &works[*at];
        Room { decided: left(had), new: left(if claim.given.is_some() { had_at_all } else { had }) }
    };
    let rooms: Vec<Room> = members.iter().map(room).collect();
    let given = by_approval(&parts, |at| rooms[at]);
    for (place, (at, amount)) in members.iter().zip(given).enumerate() {
        let (work, part) = (&mut works[*at], &parts[place]);
        if !work.is_open() {
            continue;
        }
        let is_new = part.given.is_some() && rooms[place].decided > amount;
        let (_, said) = said(if is_new { &work.had_at_all } else { &work.had });
        let sentence = match (amount < part.asks, members.len()) {
            (false, _) => format!("上限：{said}，没有超过。"),
            (true, 1) => format!("上限：{said}，减为{}。", yuan(Amount(amount))),
            (true, several) => {
                let asked = yuan(Amount(asked));
                format!("上限：{said}；{several}项合计{asked}，{how}，本项{}。", yuan(Amount(amount)))
            }
        };
        work.amount = Amount(amount);
        work.trace.push(sentence);
    }
}

/// 以企业当年所缴税收地方财政实得部分为限.
fn local_tax(group: &Group, recipients: &Recipients, works: &mut [Work<'_>], order: (Option<Order>, Assumed)) {
    let of_group = |work: &Work<'_>| work.takes() && work.policy.group.as_ref() == Some(&group.id);
    let firms: BTreeSet<String> = works.iter().filter(|work| of_group(work)).map(|work| work.firm.clone()).collect();
    let clause = group.clause.as_ref().map(|clause| format!("（{clause}）")).unwrap_or_default();
    for firm in firms {
        let members: Vec<usize> =
            (0..works.len()).filter(|at| of_group(&works[*at]) && works[*at].firm == firm).collect();
        let Some(limit) = recipients.local_tax(&firm) else {
            for at in members.into_iter().filter(|at| works[*at].is_open()).collect::<Vec<_>>() {
                let facts = vec![Fact::LocalTax.name().to_owned()];
                let sentence = format!("以{}为限{clause}，还缺这个数，补齐后才能计算。", group.local_tax_words());
                works[at].end(Answer::Missing { facts }, sentence);
            }
            continue;
        };
        let said = format!("以{}{}为限{clause}", group.local_tax_words(), yuan(limit));
        let is_unknown =
            |work: &&Work<'_>| work.is_unknown() && work.firm == firm && work.policy.group.as_ref() == Some(&group.id);
        let unknown = works.iter().filter(is_unknown).count();
        shorten(works, (&members, unknown), limit, order, (&said, "不足部分不予奖励"));
    }
}

/// Shares too little out by the order, and says so; beside so many others whose sums are not known yet.
fn shorten(
    works: &mut [Work<'_>],
    (members, unknown): (&[usize], usize),
    limit: Amount,
    (declared, assumed): (Option<Order>, Assumed),
    (said, rest): (&str, &str),
) {
    let order = declared.unwrap_or(assumed.undeclared);
    let parts: Vec<Part<'_>> = members.iter().map(|at| works[*at].part()).collect();
    let asked = wanted(&parts);
    let given = by_order(order, limit.0, &parts);
    let is_short = asked > limit.0;
    // Divided among all, what the office has not named yet moves everybody's part.
    let waits_for = match order {
        Order::ProRata if is_short && assumed.waits => {
            members.iter().filter(|at| works[**at].bound != Bound::Exact).count()
        }
        _ => 0,
    };
    for (place, (at, amount)) in members.iter().zip(given).enumerate() {
        let (work, part) = (&mut works[*at], &parts[place]);
        if !work.is_open() {
            continue;
        }
        // The first that is named cannot wait for the others: somebody has to be.
        let is_first_named = work.policy.bound != Bound::Exact && part.approved.is_some();
        if waits_for > 0 && work.bound == Bound::Exact && !is_first_named {
            let sentence = format!(
                "限额：{said}；{}项合计最多{}，超过限额，其中{waits_for}项还没有核定金额，核定以后才能按比例分。",
                members.len(),
                yuan(Amount(asked))
            );
            work.end(Answer::Undecided, sentence);
            continue;
        }
        work.next = if_next(limit.0, &parts, place).filter(|_| order == Order::Approval).map(Amount);
        work.contested = declared.is_none();
        let (in_all, own) = (yuan(Amount(asked)), yuan(Amount(amount)));
        let sentence = match (is_short, members.len(), work.next) {
            (false, ..) => format!("限额：{said}，没有超过。"),
            (true, 1, _) => format!("限额：{said}，减为{own}，{rest}。"),
            (true, several, None) => {
                let rest = if amount < part.asks { rest } else { "足额" };
                format!("限额：{said}；{several}项合计{in_all}，{}，本项{own}，{rest}。", order.name())
            }
            (true, several, Some(next)) => format!(
                "限额：{said}；{several}项合计{in_all}，{}；还没有批准的几项暂按比例分，本项暂为{own}，先批准则为{}，{rest}。",
                order.name(),
                yuan(next)
            ),
        };
        work.amount = Amount(amount);
        work.trace.push(sentence);
        // By approval who comes later has what is left, and whoever is decided keeps his.
        if unknown > 0 && declared != Some(Order::Approval) && part.given.is_none() {
            let sentence = format!("另有{unknown}项还算不出金额，没有计入；算出以后要再分，先决定的不受影响。");
            work.trace.push(sentence);
        }
    }
}

/// Money that several claims share.
struct Pot<'a> {
    /// Id of the policy or group; empty for all.
    of: &'a str,
    title: &'a str,
    budget: Amount,
    /// As the document declares it.
    order: Option<Order>,
    /// What was had in earlier years is taken off.
    of_all_years: bool,
}

/// What the firms had of a pot in other years, as their claims state it or as it is on record; and whether some of it
/// was decided for a later year. What a project may have once each project states, all else its firm.
fn used_before<'w>(
    works: impl Iterator<Item = &'w Work<'w>> + Clone,
    (is_of, policies): (impl Fn(&str) -> bool, &Policies),
    (recipients, year): (&Recipients, i32),
) -> (Amount, bool) {
    let matter = |claim: &Claim| match policies.get(&claim.policy) {
        Some(policy) if policy.is_once_a_project() && policy.caps.firm_all_years.is_none() => claim.project_key(),
        _ => String::new(),
    };
    // By firm, policy and project.
    let mut stated: BTreeMap<(String, &str, String), Amount> = BTreeMap::new();
    let mut on_record: BTreeMap<(String, &str, String), Vec<&Had>> = BTreeMap::new();
    for work in works.clone() {
        let own = work.claim.before.unwrap_or_default();
        let all = stated.entry((work.firm.clone(), &work.policy.id, matter(work.claim))).or_default();
        *all = own.max(*all);
    }
    let mut later_too = false;
    for (firm, one) in recipients.had().filter(|(_, one)| is_of(&one.claim.policy)) {
        if one.year < year || works.clone().any(|work| one.precedes(work.claim, year)) {
            later_too |= one.year > year;
            on_record.entry((firm, &one.claim.policy, matter(&one.claim))).or_default().push(one);
        }
    }
    let keys: BTreeSet<_> = stated.keys().chain(on_record.keys()).collect();
    let used = keys.into_iter().map(|key| {
        let own = on_record.get(key).map(Vec::as_slice).unwrap_or_default();
        had_before(stated.get(key).copied().unwrap_or_default(), own).0
    });
    (used.sum(), later_too)
}

/// Of matters of which only one is given, the one that comes to most: by what names them all.
fn highest_rivals(works: &[Work<'_>], members: &[usize]) -> BTreeMap<usize, usize> {
    let mut sums: BTreeMap<(usize, usize), i64> = BTreeMap::new();
    for work in members.iter().map(|at| &works[*at]) {
        let Part { asks, given, .. } = work.part();
        work.rivals.into_iter().for_each(|of| *sums.entry(of).or_default() += asks.max(given.unwrap_or_default()));
    }
    let mut highest: BTreeMap<usize, (i64, usize)> = BTreeMap::new();
    for ((all, own), sum) in sums {
        let known = highest.entry(all).or_insert((sum, own));
        if sum > known.0 {
            *known = (sum, own);
        }
    }
    highest.into_iter().map(|(all, (_, own))| (all, own)).collect()
}

fn spend(
    pot: &Pot<'_>,
    works: &mut [Work<'_>],
    (is_of, policies): (impl Fn(&str) -> bool, &Policies),
    (recipients, year): (&Recipients, i32),
    assumed: Assumed,
) -> BudgetUse {
    let Pot { of, title, budget, order, of_all_years } = *pot;
    let members: Vec<usize> = (0..works.len()).filter(|at| is_of(&works[*at].policy.id)).collect();
    let (used_before, later_too) = match of_all_years {
        true => used_before(members.iter().map(|at| &works[*at]), (&is_of, policies), (recipients, year)),
        false => (Amount(0), false),
    };
    let unknown = members.iter().filter(|at| works[**at].is_unknown()).count();
    let takes: Vec<usize> = members.into_iter().filter(|at| works[*at].takes()).collect();
    let highest = highest_rivals(works, &takes);
    let is_behind = |at: &usize| {
        let rivals = works[*at].rivals.filter(|_| works[*at].claim.given.is_none());
        rivals.is_some_and(|(all, own)| highest.get(&all) != Some(&own))
    };
    let (behind, members): (Vec<usize>, Vec<usize>) = takes.into_iter().partition(is_behind);
    let asked = Amount(wanted(&members.iter().map(|at| works[*at].part()).collect::<Vec<_>>()));
    let unnamed = members.iter().filter(|at| works[**at].bound != Bound::Exact).count();
    let left = Amount((budget.0 - used_before.0).max(0));
    let (of, title) = (of.to_owned(), title.to_owned());
    let given = asked.min(left);
    let used = BudgetUse { of, title, budget, used_before, later_too, asked, given, unnamed };
    let said = format!("“{}”资金总额{}{}", used.title, yuan(budget), used.had());
    // Of alternatives the highest counts; each other has no more than it would have in that one's place.
    let resolved = order.unwrap_or(assumed.undeclared);
    let instead: Vec<(usize, i64, Option<i64>)> = behind
        .into_iter()
        .map(|at| {
            let rivals = |at: usize| works[at].rivals.map(|(all, _)| all);
            let others = members.iter().filter(|other| rivals(**other) != rivals(at));
            let parts: Vec<Part<'_>> = std::iter::once(&at).chain(others).map(|at| works[*at].part()).collect();
            let next = if_next(left.0, &parts, 0).filter(|_| resolved == Order::Approval);
            (at, by_order(resolved, left.0, &parts)[0], next)
        })
        .collect();
    for (at, most, next) in instead {
        (works[at].next, works[at].contested) = (next.map(Amount), order.is_none());
        if works[at].amount.0 > most {
            works[at].amount = Amount(most);
            works[at].trace.push(format!("限额：{said}，只给这一项时减为{}。", yuan(Amount(most))));
        }
    }
    shorten(works, (&members, unknown), left, (order, assumed), (&said, "资金已用完"));
    used
}

fn finish(work: Work<'_>) -> Settled {
    let answer = work.answer();
    let Work { claim, policy, next, contested, nameable, alternative, returns, principal, mut trace, .. } = work;
    trace.push(format!("结果：{}。", answer.text()));
    let payers = match answer.amount() {
        Some(amount) if amount.0 > 0 => payers(policy, amount),
        _ => Vec::new(),
    };
    Settled {
        claim: claim.id.clone(),
        recipient: claim.recipient.clone(),
        project: claim.project.clone(),
        policy: policy.id.clone(),
        level: claim.level.clone(),
        answer,
        payers,
        next,
        contested,
        nameable,
        alternative,
        returns,
        principal,
        trace,
    }
}

/// Each payer's share, whole; together the sum.
pub(super) fn payers(policy: &Policy, amount: Amount) -> Vec<(String, Amount)> {
    let (mut share, mut before) = (Rate::ZERO, 0);
    let each = policy.payers.iter().map(|(name, own)| {
        share = share.plus(*own);
        let upto = share.times(i128::from(amount.0), 1).floor().0;
        let part = upto - std::mem::replace(&mut before, upto);
        (name.clone(), Amount(part))
    });
    each.collect()
}
