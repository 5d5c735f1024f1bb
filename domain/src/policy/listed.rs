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
    let is_its_own = |stated: &&Stated| {
        let code = stated.credit_code.as_deref();
        let names = [Some(stated.firm.as_str()), stated.owner.as_deref()];
        let title = fold_name(&stated.title);
        stated.withdrawn.is_none()
            && !title.is_empty()
            && words.contains(&title)
            && names.into_iter().flatten().any(|name| is_same((name, code), claim.firm()))
    };
    let known: Vec<&Stated> = recognitions.iter().map(|one| &one.stated).filter(is_its_own).collect();
    let named = |stated: &&Stated| {
        let parts = [stated.level.clone(), chinese_date(stated.day), stated.document.clone()];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        format!("{}（{}）", stated.title, parts.join("，"))
    };
    let all = |known: &[&Stated]| known.iter().map(named).collect::<Vec<_>>().join("、");
    if known.is_empty() {
        return Some(Err("申报写了获得认定，认定名单里没有这家企业的这项认定，请核对".to_owned()));
    }
    let level = claim.level.as_ref().filter(|_| policy.has_levels());
    let is_of_level = |it: &&&Stated| level.is_none_or(|level| fold_level(level) == fold_level(&it.level));
    let same: Vec<&Stated> = known.iter().filter(is_of_level).copied().collect();
    match level {
        Some(level) if same.is_empty() => Some(Err(format!("申报写{level}，认定名单里是{}，请核对", all(&known)))),
        _ => Some(Ok(format!("认定名单：{}", all(&same)))),
    }
}
