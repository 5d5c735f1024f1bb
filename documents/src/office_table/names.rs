//! Units by the names that offices write them with.

use domain::money::is_unseen;
use domain::plan::{Goal, Plan, Split};
use domain::region::{Region, RegionId, fold_name, is_whole};

/// A unit of the plan, and whether its name had to be guessed.
pub(super) struct Named {
    pub(super) region: RegionId,
    pub(super) name: String,
    pub(super) guessed: bool,
}

/// The unit that a name means: as the plan writes it, by its code, without 市/县/区, with the parent's name before it.
pub(super) fn named(plan: &Plan, goal: &Goal, written: &str) -> Option<Named> {
    let own = &plan.region;
    let bare = bare(written);
    if bare == own.id() || is_whole(&bare, own) {
        return Some(Named { region: own.id().to_owned(), name: own.name.clone(), guessed: false });
    }
    let (split, guessed) = unit_of(own, &goal.splits, written)?;
    Some(Named { region: split.region.clone(), name: split.name.clone(), guessed })
}

/// A name as it is compared: without marks, numbers and 其中 before it.
pub(super) fn bare(written: &str) -> String {
    let folded = fold_name(written).replace(['*', '#', '★'], "");
    let folded: String = folded.chars().filter(|c| !c.is_control() && !is_unseen(*c)).collect();
    let rest = unnumbered(&folded);
    rest.strip_prefix("其中").unwrap_or(rest).trim_start_matches([':', '：', '、']).to_owned()
}

/// `3.晋安区`, `（三）晋安区`, `三、晋安区` without the number.
fn unnumbered(text: &str) -> &str {
    let text = text.trim_start_matches(|c: char| ('①'..='⑳').contains(&c));
    let digits = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    let inner = text.strip_prefix(['(', '（']).unwrap_or(text);
    let rest = inner.trim_start_matches(digits);
    let behind = rest.strip_prefix([')', '）', '、', '.', '．']);
    match behind {
        Some(behind) if rest.len() < inner.len() && !behind.is_empty() => behind.trim_start_matches('、'),
        _ => text,
    }
}

/// The unit that a name means, and whether that had to be guessed.
pub(super) fn unit_of<'s>(own: &Region, units: &'s [Split], written: &str) -> Option<(&'s Split, bool)> {
    let bare = bare(written);
    if bare.is_empty() {
        return None;
    }
    let exact = |text: &str| units.iter().find(|split| split.region == text || fold_name(&split.name) == text);
    let former = |text: &str| units.iter().find(|split| split.former.iter().any(|name| fold_name(name) == text));
    if let Some(split) = exact(&bare) {
        return Some((split, false));
    }
    let mut short = bare.split(['(', '（']).next().unwrap_or_default();
    let full = fold_name(&own.name);
    let own = full.strip_suffix(['省', '市', '县', '区']).unwrap_or(&full);
    short = [full.as_str(), own].into_iter().find_map(|own| short.strip_prefix(own).filter(|rest| exact(rest).is_some())).unwrap_or(short);
    short = short.strip_prefix(full.as_str()).unwrap_or(short);
    for ending in ["人民政府", "政府", "管委会", "管理委员会", "工信局", "经信局"] {
        short = short.strip_suffix(ending).unwrap_or(short);
    }
    if let Some(split) = former(&bare).or_else(|| exact(short)).or_else(|| former(short)) {
        return Some((split, true));
    }
    let stem = |name: &str| fold_name(name).trim_end_matches(['市', '县', '区']).to_owned();
    let mut same = units.iter().filter(|split| short.chars().count() >= 2 && stem(&split.name) == stem(short));
    match (same.next(), same.next()) {
        (Some(split), None) => Some((split, true)),
        _ => None,
    }
}

/// What no unit is called: a note, a subtotal, a date, a mark.
pub(super) fn is_aside(name: &str) -> bool {
    let sums = ["小计", "平均", "均值", "合计", "总计", "共计", "汇总"];
    let notes =
        ["备注", "注：", "注:", "说明", "续表", "单位：", "单位:", "审核", "填表", "制表", "填报", "联系", "电话", "日期", "目标", "任务"];
    let dated = name.contains('年') && name.contains('月');
    let bare = name.split(['(', '（']).next().unwrap_or_default();
    sums.iter().any(|word| bare.trim_end_matches([':', '：']).ends_with(word))
        || notes.iter().any(|word| name.starts_with(word))
        || matches!(name, "注" | "其中" | "其中：")
        || dated
        || !name.chars().any(char::is_alphabetic)
}
