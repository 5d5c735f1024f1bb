//! Whether a claim meets what its policy asks, and why not.

use super::asked::{asked, is_told};
use super::claim::{Claim, Fact, Had};
use super::settle::decides_once;
use super::words::{condition, number, yuan};
use crate::calendar::{chinese_date, span_of_years};
use crate::month::shorten;
use crate::plan::Plan;
use crate::plan::policy::{Condition, Policies, Policy, Test, Valid, What, fold_level};

/// Where a claim stands before any sum is formed.
pub(super) enum Eligible {
    Yes,
    /// It gives nothing, and the sentence says why.
    No(String),
    /// These facts are lacking.
    Lacks(Vec<String>),
}

/// Walks the conditions and says each in `trace`. What is known to fail decides, whatever else is lacking.
pub(super) fn eligible(
    plan: &Plan,
    policy: &Policy,
    (claim, had): (&Claim, &[&Had]),
    year: i32,
    trace: &mut Vec<String>,
) -> Eligible {
    let policies = &plan.policies;
    match validity(plan, policy, claim, year) {
        Some(Err(no)) => return Eligible::No(no),
        Some(Ok(yes)) => trace.push(yes),
        None => {}
    }
    // Of another level, it may be given again.
    let decides = decides_once(policy) && !policy.has_levels();
    if let Some(had) = claim.before.filter(|had| decides && had.0 > 0) {
        return Eligible::No(format!("本项一次性给予，以前年度已享受{}，不再给予。", yuan(had)));
    }
    let is_same = |had: &&&Had| {
        let is_given = had.amount.0 > 0 && had.claim.policy == policy.id;
        policy.once && is_given && policy.once_per(&had.claim) == policy.once_per(claim)
    };
    for had in had.iter().filter(is_same) {
        let named = format!("{}已决定{}", had.named(), yuan(had.amount));
        match (&had.claim.level, &claim.level) {
            (Some(other), Some(level)) if fold_level(other) != fold_level(level) => {
                trace.push(format!("本项一次性给予；{named}（{other}），这次申报{level}，请核对是不是同一件事。"));
            }
            _ => return Eligible::No(format!("本项一次性给予，{named}，不再给予。")),
        }
    }
    if let Some(sentence) = strange_level(policy, claim) {
        return Eligible::No(format!("{sentence}。"));
    }
    for each in &policy.conditions {
        if is_told(each.when, |flag| claim.flags.get(&flag).copied()) != Some(true) {
            continue;
        }
        let Some((holds, said)) = test(policy, each, claim) else { continue };
        if !holds {
            return Eligible::No(format!("{said}，不符合。"));
        }
        trace.push(format!("条件：{said}，符合。"));
    }
    if let Some(no) = run_of_years(policy, claim, year, trace) {
        return Eligible::No(no);
    }
    let lacks = lacking(policies, policy, claim);
    if lacks.is_empty() { Eligible::Yes } else { Eligible::Lacks(lacks) }
}

/// That the policy does not have the claim's level, and which it has; without a full stop.
pub fn strange_level(policy: &Policy, claim: &Claim) -> Option<String> {
    let level = claim.level.as_ref().filter(|level| policy.has_levels() && policy.tier_of(level).is_none())?;
    let known: Vec<&str> = policy.tiers.iter().filter_map(|tier| tier.level.as_deref()).collect();
    Some(format!("级别“{}”不在本项之内，本项只有{}", shorten(level), known.join("、")))
}

/// Labels of what is asked and not stated.
fn lacking(policies: &Policies, policy: &Policy, claim: &Claim) -> Vec<String> {
    let required = |fact: Fact| {
        // A bound that holds only where something else does asks for its number there alone.
        let Fact::Quantity(quantity) = fact else { return false };
        policy.conditions.iter().any(|each| {
            let of = matches!(&each.test, Test::Least(of, _) | Test::Over(of, _) if *of == quantity);
            of && is_told(each.when, |flag| claim.flags.get(&flag).copied()) == Some(true)
        })
    };
    let facts = asked(policies, policy).into_iter().filter(|asked| asked.required || required(asked.fact));
    // The taxes are the recipient's, not the claim's: they are asked for where they bind.
    let facts = facts.filter(|asked| asked.fact != Fact::LocalTax && !is_stated(asked.fact, claim));
    facts.map(|asked| asked.label).collect()
}

fn is_stated(fact: Fact, claim: &Claim) -> bool {
    match fact {
        Fact::Quantity(quantity) => claim.quantities.contains_key(&quantity),
        Fact::Flag(flag) => claim.flags.contains_key(&flag),
        Fact::Level => claim.level.is_some(),
        Fact::Completion => claim.completion.is_some(),
        Fact::Date => claim.date.is_some(),
        _ => true,
    }
}

/// Why a claim of `year` lies outside the days of its policy, as a sentence without its stop; nothing where it does
/// not.
pub fn outside(plan: &Plan, policy: &Policy, claim: &Claim, year: i32) -> Option<String> {
    let no = validity(plan, policy, claim, year)?.err()?;
    Some(no.trim_end_matches('。').to_owned())
}

/// Whether it lies inside, with the sentence; nothing where no day is written and the plan's years hold it.
fn validity(plan: &Plan, policy: &Policy, claim: &Claim, year: i32) -> Option<Result<String, String>> {
    let valid = plan.policies.valid(policy);
    let (first, last) = plan.claim_years(policy);
    let is_year = (first..=last).contains(&year);
    let years = span_of_years((first, last));
    let Some(span) = valid.in_words() else {
        return (!is_year).then(|| Err(format!("本项没有写有效期，按计划只在{years}申报，{year}年不在其内。")));
    };
    if !is_year {
        return Some(Err(format!("有效期{span}，只在{years}申报，{year}年不在有效期内。")));
    }
    let Valid { from, to } = valid;
    if let Some(day) = claim.date {
        let inside = from.is_none_or(|from| day >= from) && to.is_none_or(|to| day <= to);
        let said = format!("有效期{span}，认定（发生）日期{}", chinese_date(day));
        return Some(if inside {
            Ok(format!("{said}，在有效期内。"))
        } else {
            Err(format!("{said}，不在有效期内。"))
        });
    }
    Some(Ok(format!("有效期{span}；没有写认定（发生）日期，按{year}年在有效期内计。")))
}

/// Whether a condition holds, in words; `None` where the claim does not say.
fn test(policy: &Policy, each: &Condition, claim: &Claim) -> Option<(bool, String)> {
    let words = condition(policy, &each.test, each.words.as_deref());
    match &each.test {
        Test::Is(flag) => {
            let holds = *claim.flags.get(flag)?;
            Some((holds, format!("{words}：{}", if holds { "是" } else { "否" })))
        }
        Test::Least(of, bound) | Test::Over(of, bound) => {
            let found = *claim.quantities.get(of)?;
            let holds = match each.test {
                Test::Over(..) => found > *bound,
                _ => found >= *bound,
            };
            Some((holds, format!("{words}，申报{}", number(*of, found))))
        }
        Test::CompletedIn(years) => {
            let completed = claim.completion?;
            Some((years.contains(&completed), format!("{words}，申报{completed}年完工")))
        }
    }
}

/// 从完工投产当年起连续三年.
fn run_of_years(policy: &Policy, claim: &Claim, year: i32, trace: &mut Vec<String>) -> Option<String> {
    let What::Increment(increment) = &policy.what else { return None };
    let first = claim.completion? + increment.first? as i32;
    let from = increment.from_words();
    let last = policy.years.map(|years| (years, first + years as i32 - 1));
    let said = match last {
        Some((years, last)) => format!("{from}连续{years}年，即{first}—{last}年"),
        None => format!("{from}，即{first}年起"),
    };
    if year < first || last.is_some_and(|(_, last)| year > last) {
        return Some(format!("{said}，{year}年不在其内。"));
    }
    trace.push(format!("{said}，{year}年在其内。"));
    None
}
