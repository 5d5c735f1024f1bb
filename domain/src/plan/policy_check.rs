//! Findings of policies: what cannot bind, what overlaps, what the document leaves to somebody.

use super::Plan;
use super::finding::{Finding, finding};
use super::policy::{BaseYear, Bound, Combine, Group, Interest, Policy, Quantity, Recipient, Test, Tier, What};
use super::writer::projects::money;
use crate::calendar::{chinese_date, span_of_years};
use crate::money::Amount;
use crate::rate::Rate;

pub(super) fn findings_of_policies(plan: &Plan) -> Vec<Finding> {
    let policies = &plan.policies;
    let mut findings: Vec<Finding> = policies.list.iter().flat_map(|policy| of_policy(policy, plan)).collect();
    findings.extend(policies.groups.iter().flat_map(|group| of_group(group, plan)));
    let (all, list) = (paid(plan).count(), policies.list.iter());
    let silent: Vec<&Policy> = paid(plan).filter(|policy| policy.notice_days.is_none()).collect();
    let unpaid: Vec<&Policy> = list.filter(|policy| policy.payers.is_empty() && policy.computes()).collect();
    for (code, of, said) in [
        ("policy_notice_open", silent, "公示几天，决定以后不公示就可以兑付；要公示的，请在申报页公示时填公示天数"),
        ("policy_payer_open", unpaid, "由谁出资，请办公室确定"),
    ] {
        if !of.is_empty() {
            findings.push(finding(code, format!("{}没有写{said}", titles(&of, all)), &ids(&of)));
        }
    }
    findings.extend(combination_open(plan).map(|sentence| finding("policy_combine_open", sentence, &[])));
    findings.extend(validity_open(plan).map(|sentence| finding("policy_validity_open", sentence, &[])));
    findings
}

/// Of whom a finding is: the ids of several policies, between commas.
fn ids(of: &[&Policy]) -> [(&'static str, String); 1] {
    [("policy", of.iter().map(|policy| policy.id.as_str()).collect::<Vec<_>>().join(","))]
}

/// What is paid: nothing is by what another document says.
fn paid(plan: &Plan) -> impl Iterator<Item = &Policy> {
    plan.policies.list.iter().filter(|policy| !matches!(policy.what, What::Elsewhere(_)))
}

/// All titles where they are some of `of`, else 各项政策.
fn titles(some: &[&Policy], of: usize) -> String {
    match some.len() == of {
        true => "各项政策".to_owned(),
        false => some.iter().map(|policy| format!("“{}”", policy.title)).collect(),
    }
}

/// Policies of which the document does not say whether they may be had together with others.
fn combination_open(plan: &Plan) -> Option<String> {
    let group = |policy: &Policy| plan.policies.group(policy).map(|group| group.combine).unwrap_or_default();
    let silent: Vec<&Policy> = paid(plan).filter(|policy| group(policy) == Combine::Unsaid).collect();
    let all = paid(plan).count();
    (all > 1 && !silent.is_empty()).then(|| {
        let with = if silent.len() == all { "" } else { "与其他政策" };
        format!("{}{with}{}，请办公室确定", titles(&silent, all), Combine::Unsaid.name())
    })
}

/// Policies without days, and the years in which they are claimed for want of them.
fn validity_open(plan: &Plan) -> Option<String> {
    let silent: Vec<&Policy> = paid(plan).filter(|policy| plan.policies.valid(policy).in_words().is_none()).collect();
    let usual = |policy: &&Policy| !matches!(policy.what, What::Interest(_) | What::Increment(_));
    let longer = silent.iter().filter(|policy| !usual(policy));
    let longer: String =
        longer.map(|policy| format!("，“{}”{}", policy.title, span_of_years(plan.claim_years(policy)))).collect();
    (!silent.is_empty()).then(|| {
        let titles = titles(&silent, paid(plan).count());
        format!("{titles}没有写有效期，按计划年度{}申报{longer}，请办公室确定", span_of_years(plan.years))
    })
}

fn of_policy(policy: &Policy, plan: &Plan) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut say = |code: &str, sentence: String| {
        let numbers = [("policy", policy.id.clone())];
        findings.push(finding(code, format!("政策“{}”：{sentence}", policy.title), &numbers));
    };
    for (cap, most) in idle_caps(policy) {
        say("policy_cap_never", format!("最高{}不会用到，按条款至多{}，请核对", money(cap), money(most)));
    }
    for (cap, one) in far_caps(policy) {
        let (several, cap, one) = (cap.0.div_euclid(one.0) + 1, money(cap), money(one));
        let sentence = format!("一项至多{one}，最高{cap}要一家有{several}项才用得到，请核对");
        say("policy_cap_never", sentence);
    }
    if let Some((least, cap)) = always_capped(policy) {
        let sentence = format!("达到门槛就有{}，不低于上限{}，比例没有作用，请核对", money(least), money(cap));
        say("policy_cap_always", sentence);
    }
    if let Some(sentence) = idle_share(policy) {
        say("policy_cap_never", sentence);
    }
    overlaps(policy).into_iter().for_each(|sentence| say("policy_tiers_overlap", sentence));
    falls(policy).into_iter().for_each(|sentence| say("policy_scale_falls", sentence));
    if let Some(sentence) = idle_base_year(policy, plan.claim_years(policy).0) {
        say("policy_base_year", sentence);
    }
    if let Some((budget, one)) = short(policy.budget, policy) {
        let sentence = format!("资金总额{}不够一项的{}，请核对", money(budget), money(one));
        say("policy_budget_short", sentence);
    }
    if policy.budget.is_some() && policy.order.is_none() {
        say("policy_order_undeclared", "资金不够时谁先谁后，文件没有写；两种算法都列出，请办公室确定".to_owned());
    }
    match &policy.what {
        What::Choice(amounts) => {
            let amounts: Vec<String> = amounts.iter().map(|amount| money(*amount)).collect();
            let on = policy.depends_on.as_deref().unwrap_or("条件");
            say("policy_scale_open", format!("文件写{}，按{on}，没有写档次，请办公室确定", amounts.join("或")));
        }
        What::Open => say("policy_amount_open", "文件没有写金额或比例，不能计算，请办公室确定".to_owned()),
        What::Elsewhere(document) => {
            say("policy_elsewhere", format!("条件和金额在{document}，本计划没有，不能计算"));
        }
        What::Interest(Interest::Above(id)) => {
            let parameter = plan.policies.parameter(id);
            let newest = parameter.and_then(|it| Some((it, it.values.keys().next_back().copied()?)));
            if let Some((parameter, newest)) = newest {
                let (name, newest) = (&parameter.name, chinese_date(newest));
                say("policy_parameter_until", format!("“{name}”写到{newest}公布的一期，之后变动的请补写"));
            }
        }
        _ => {}
    }
    let assumed = |sentence: &String| {
        let numbers = [("policy", policy.id.clone())];
        finding("assumed", format!("文件未写明，本计划假定：{}，{sentence}", policy.title), &numbers)
    };
    findings.extend(policy.assumed.iter().map(assumed));
    findings
}

/// The most that one line of a scale gives: its amount, or its own cap.
fn most_of_tier(tier: &Tier) -> Option<Amount> {
    tier.amount.into_iter().chain(tier.cap).min()
}

/// The most that one claim can come to by the scale alone; nothing where a line of it is open above.
fn most_of_scale(policy: &Policy) -> Option<Amount> {
    match &policy.what {
        _ if policy.bound == Bound::AtLeast => None,
        What::Amount | What::Share(_) => {
            let most: Option<Vec<Amount>> = policy.tiers.iter().map(most_of_tier).collect();
            most?.into_iter().max()
        }
        What::Choice(amounts) => amounts.iter().copied().max(),
        _ => None,
    }
}

/// The most that one claim can come to, caps included.
fn most_of_one(policy: &Policy) -> Option<Amount> {
    let caps = &policy.caps;
    let caps = caps.project.into_iter().chain(caps.firm).chain(caps.firm_all_years);
    most_of_scale(policy).into_iter().chain(caps).min()
}

/// The most that one firm has of fixed amounts: each level once. Of products and persons it may have any number.
fn most_of_firm(policy: &Policy) -> Option<Amount> {
    let several = matches!(policy.recipient, Recipient::Product | Recipient::Person);
    if several || policy.what != What::Amount || policy.bound == Bound::AtLeast {
        return None;
    }
    let amounts: Option<Vec<Amount>> = policy.tiers.iter().map(|tier| tier.amount).collect();
    amounts.map(|amounts| amounts.into_iter().sum())
}

/// Caps of a firm that only several claims reach, each with the most that one comes to.
fn far_caps(policy: &Policy) -> Vec<(Amount, Amount)> {
    let Some(one) = most_of_firm(policy).filter(|one| !policy.once && one.0 > 0) else { return Vec::new() };
    let own = policy.caps.firm.into_iter().chain(policy.caps.firm_all_years);
    own.filter(|cap| *cap >= one).map(|cap| (cap, one)).collect()
}

/// A base year over which nothing can rise in the first year.
fn idle_base_year(policy: &Policy, first: i32) -> Option<String> {
    let What::Increment(increment) = &policy.what else { return None };
    match (increment.base, increment.first) {
        (BaseYear::Year(base), _) if base >= first => {
            Some(format!("以{base}年为基数，{first}年就可以申报，基年不早于申报年度，请核对"))
        }
        (BaseYear::Completion(0), Some(0)) => {
            Some("以完工当年为基数，又从完工当年起，第一年没有增量，请核对".to_owned())
        }
        _ => None,
    }
}

/// Caps that no claim can reach, each with the most that one comes to.
fn idle_caps(policy: &Policy) -> Vec<(Amount, Amount)> {
    let caps = &policy.caps;
    let mut idle = Vec::new();
    if let Some(most) = most_of_scale(policy) {
        idle.extend(caps.project.filter(|cap| *cap >= most).map(|cap| (cap, most)));
    }
    if policy.once
        && let Some(most) = most_of_firm(policy)
    {
        let own = caps.firm.into_iter().chain(caps.firm_all_years);
        idle.extend(own.filter(|cap| *cap >= most).map(|cap| (cap, most)));
    }
    let tiers = policy.tiers.iter().filter_map(|tier| tier.cap.zip(tier.amount));
    idle.extend(tiers.filter(|(cap, amount)| cap >= amount));
    if let (What::Interest(Interest::Rate(rate)), Some(principal)) = (&policy.what, caps.principal) {
        let most = |years: u32| rate.times(i128::from(principal.0) * i128::from(years), 1).floor();
        let year = caps.project.into_iter().chain(caps.firm).map(|cap| (cap, most(1)));
        let term = caps.firm_all_years.zip(policy.years.map(most));
        idle.extend(year.chain(term).filter(|(cap, most)| cap >= most));
    }
    // One project alone never gets beyond what its firm may have.
    if let Some((project, firm)) = caps.project.zip(caps.firm.or(caps.firm_all_years))
        && project >= firm
    {
        idle.push((project, firm));
    }
    if let Some((year, all)) = caps.firm.zip(caps.firm_all_years)
        && year >= all
    {
        idle.push((year, all));
    }
    idle
}

/// A cap by a share of the same number that the sum itself is a smaller share of.
fn idle_share(policy: &Policy) -> Option<String> {
    let (most, of) = policy.caps.share?;
    let shares: Option<Vec<Rate>> = policy.tiers.iter().map(|tier| tier.share).collect();
    let share = shares.filter(|_| policy.what == What::Share(of))?.into_iter().max()?;
    let pct = |rate: Rate| rate.percent_as_written();
    (most >= share).then(|| {
        let of = policy.quantity_name(of);
        format!("不超过{of}的{}%不会用到，按条款至多{}%，请核对", pct(most), pct(share))
    })
}

/// What the least base that is admitted comes to, where that already meets the cap.
fn always_capped(policy: &Policy) -> Option<(Amount, Amount)> {
    let base = policy.base()?;
    let least = policy.conditions.iter().filter(|each| each.when.is_none()).filter_map(|each| match &each.test {
        Test::Least(of, least) | Test::Over(of, least) if *of == base => Some(*least),
        _ => None,
    });
    let least = least.max()?;
    let cap = policy.caps.project.into_iter().chain(policy.caps.firm).chain(policy.caps.firm_all_years).min()?;
    let sum = match (&policy.what, policy.tiers.as_slice()) {
        (What::Share(_), [one]) => one.share?.times(i128::from(least.0), 1),
        (What::Unit(of, per), _) => {
            Rate::new(i128::from(per.0), 1)?.times(i128::from(least.0), i128::from(Quantity::measure(*of).per_unit))
        }
        _ => return None,
    };
    let sum = sum.floor();
    (sum >= cap).then_some((sum, cap))
}

/// Tiers by bounds that share a number, or leave one out between them.
fn overlaps(policy: &Policy) -> Vec<String> {
    let Some(base) = policy.base() else { return Vec::new() };
    let bound = |amount: Amount| bound(base, amount);
    let tiers = scale(policy);
    let mut found = Vec::new();
    // How far the lines before reach: without end where one of them has no bound.
    let mut reach = tiers.first().and_then(|tier| tier.below);
    for tier in tiers.iter().skip(1) {
        let from = tier.from.unwrap_or_default();
        found.extend(match reach {
            None => Some(format!("{}以上的档次写了两遍，请给前一档写上限", bound(from))),
            Some(reach) if reach > from => {
                let to = tier.below.map_or(reach, |below| below.min(reach));
                Some(format!("{}到{}在两档之内，请核对", bound(from), bound(to)))
            }
            Some(reach) if reach < from => Some(format!("{}到{}不在任何一档之内，请核对", bound(reach), bound(from))),
            Some(_) => None,
        });
        reach = reach.zip(tier.below).map(|(reach, below)| reach.max(below));
    }
    found
}

/// The lines of a scale by bounds, the lowest first.
fn scale(policy: &Policy) -> Vec<&Tier> {
    let mut tiers: Vec<&Tier> = policy.tiers.iter().filter(|tier| tier.level.is_none()).collect();
    tiers.sort_by_key(|tier| tier.from);
    tiers
}

fn bound(base: Quantity, amount: Amount) -> String {
    match base.is_money() {
        true => money(amount),
        false => format!("{}{}", base.measure().plain(amount), base.measure().unit),
    }
}

/// Where a scale gives less to whoever has more: just below a bound against at it.
fn falls(policy: &Policy) -> Vec<String> {
    let What::Share(base) = policy.what else { return Vec::new() };
    let sum = |tier: &Tier, of: Amount| {
        let share = tier.share.map(|share| share.times(i128::from(of.0), 1).floor());
        tier.amount.or(share).map(|sum| tier.cap.map_or(sum, |cap| sum.min(cap)))
    };
    let tiers = scale(policy);
    let falls = tiers.windows(2).filter_map(|pair| {
        let at = pair[1].from.filter(|from| pair[0].below == Some(*from))?;
        let (below, from) = sum(pair[0], at).zip(sum(pair[1], at))?;
        (below > from).then(|| {
            let (at, below, from) = (bound(base, at), money(below), money(from));
            format!("不到{at}的可得近{below}，{at}的只有{from}，基数大的反而少，请核对")
        })
    });
    falls.collect()
}

/// A budget that does not bear one claim.
fn short(budget: Option<Amount>, policy: &Policy) -> Option<(Amount, Amount)> {
    let one = most_of_one(policy)?;
    budget.filter(|budget| *budget < one).map(|budget| (budget, one))
}

fn of_group(group: &Group, plan: &Plan) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut say = |code: &str, sentence: String| {
        let numbers = [("policy_group", group.id.clone())];
        findings.push(finding(code, format!("“{}”：{sentence}", group.title), &numbers));
    };
    let members: Vec<&Policy> =
        plan.policies.list.iter().filter(|policy| policy.group.as_ref() == Some(&group.id)).collect();
    if members.is_empty() {
        say("policy_group_empty", "没有政策属于它，请核对各项政策属于哪一组".to_owned());
    }
    if group.budget.is_some() && group.order.is_none() {
        say("policy_order_undeclared", "资金不够时谁先谁后，文件没有写；两种算法都列出，请办公室确定".to_owned());
    }
    if group.within_local_tax && group.order.is_none() {
        let sentence = "一家企业的几项合计超过限额时先减哪一项，文件没有写；两种算法都列出，请办公室确定";
        say("policy_order_undeclared", sentence.to_owned());
    }
    for (policy, (budget, one)) in members.iter().filter_map(|it| Some((it, short(group.budget, it)?))) {
        let sentence = format!("资金总额{}不够“{}”一项的{}，请核对", money(budget), policy.title, money(one));
        say("policy_budget_short", sentence);
    }
    let assumed = |sentence: &String| {
        let numbers = [("policy_group", group.id.clone())];
        finding("assumed", format!("文件未写明，本计划假定：{}，{sentence}", group.title), &numbers)
    };
    findings.extend(group.assumed.iter().map(assumed));
    findings
}
