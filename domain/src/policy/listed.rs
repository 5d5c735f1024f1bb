//! What the lists of recognitions say of a claim that says it has one.

use super::claim::Claim;
use crate::calendar::chinese_date;
use crate::firms::is_same;
use crate::plan::policy::{Flag, Policy, Test, fold_level};
use crate::recognition::{Recognition, Stated};
use crate::region::fold_name;

/// What the lists say, without a full stop; `Err` where they do not bear the claim out. Nothing where its policy asks
/// for no recognition.
pub fn listed(policy: &Policy, claim: &Claim, recognitions: &[Recognition]) -> Option<Result<String, String>> {
    let asks = policy.conditions.iter().any(|each| each.test == Test::Is(Flag::Recognised));
    if !asks || claim.flags.get(&Flag::Recognised) != Some(&true) {
        return None;
    }
    // The document's words name what has to be recognised.
    let words = policy.conditions.iter().filter_map(|each| each.words.as_deref());
    let words: String = [policy.title.as_str(), &policy.quote].into_iter().chain(words).collect();
    let words = fold_name(&words);
    // Lists call 专精特新中小企业 what a document calls “专精特新”企业: how a title begins tells it.
    let is_meant = |title: &str| {
        let begins: String = fold_name(title).chars().take(4).collect();
        !begins.is_empty() && words.contains(&begins)
    };
    // Without such a list nobody can say.
    if !recognitions.iter().any(|one| is_meant(&one.stated.title)) {
        return None;
    }
    let is_its_own = |stated: &&Stated| {
        let code = stated.credit_code.as_deref();
        let names = [Some(stated.firm.as_str()), stated.owner.as_deref()];
        is_meant(&stated.title) && names.into_iter().flatten().any(|name| is_same((name, code), claim.firm()))
    };
    let own = recognitions.iter().map(|one| &one.stated).filter(is_its_own);
    let (known, revoked): (Vec<&Stated>, Vec<&Stated>) = own.partition(|stated| stated.withdrawn.is_none());
    let named = |stated: &&Stated| {
        let parts = [stated.level.clone(), chinese_date(stated.day), stated.document.clone()];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        format!("{}（{}）", stated.title, parts.join("，"))
    };
    let all = |known: &[&Stated]| known.iter().map(named).collect::<Vec<_>>().join("、");
    let last = revoked.iter().filter_map(|stated| Some((stated.withdrawn?, *stated))).max_by_key(|(day, _)| *day);
    if let Some((day, stated)) = last.filter(|_| known.is_empty()) {
        let sentence = format!("申报写了获得认定，认定名单里{}已在{}撤销，请核对", named(&stated), chinese_date(day));
        return Some(Err(sentence));
    }
    if known.is_empty() {
        return Some(Err("申报写了获得认定，认定名单里没有这家企业的这项认定，请核对".to_owned()));
    }
    // The level that the claim says, or the one that the document asks for.
    let asked = ["国家级", "省级", "市级"].into_iter().find(|level| words.contains(level)).map(str::to_owned);
    let level = if policy.has_levels() { claim.level.clone() } else { asked };
    let level = level.as_ref();
    let is_of_level = |it: &&&Stated| level.is_none_or(|level| fold_level(level) == fold_level(&it.level));
    let same: Vec<&Stated> = known.iter().filter(is_of_level).copied().collect();
    match level {
        Some(level) if same.is_empty() => Some(Err(format!("申报写{level}，认定名单里是{}，请核对", all(&known)))),
        _ => Some(Ok(format!("认定名单：{}", all(&same)))),
    }
}
