//! Units by the names that offices write them with.

use domain::plan::{Goal, Plan};
use domain::region::{RegionId, fold_name};

/// A unit of the plan, and whether its name had to be guessed.
pub(super) struct Named {
    pub(super) region: RegionId,
    pub(super) name: String,
    pub(super) guessed: bool,
}

const TOTALS: [&str; 10] = ["合计", "总计", "全市", "全省", "全区", "全县", "全州", "全市合计", "全省合计", "市合计"];

/// The unit that a name means: as the plan writes it, by its code, without 市/县/区, with the parent's name before it.
pub(super) fn named(plan: &Plan, goal: &Goal, written: &str) -> Option<Named> {
    let folded = fold_name(written).replace(['*', '#', '★'], "");
    let bare = folded.strip_prefix("其中").unwrap_or(&folded).trim_start_matches([':', '：', '、']);
    if bare.is_empty() {
        return None;
    }
    let own = &plan.region;
    if bare == own.id() || bare == fold_name(&own.name) || TOTALS.contains(&bare) {
        return Some(Named { region: own.id().to_owned(), name: own.name.clone(), guessed: false });
    }
    let found = |text: &str, guessed: bool| {
        goal.find_split(text).map(|split| Named { region: split.region.clone(), name: split.name.clone(), guessed })
    };
    if let Some(found) = found(bare, false) {
        return Some(found);
    }
    let mut short = bare.strip_prefix(&fold_name(&own.name)).unwrap_or(bare);
    for ending in ["人民政府", "政府", "管委会", "管理委员会", "工信局", "经信局"] {
        short = short.strip_suffix(ending).unwrap_or(short);
    }
    if let Some(found) = found(short, true) {
        return Some(found);
    }
    let stem = |name: &str| fold_name(name).trim_end_matches(['市', '县', '区']).to_owned();
    let mut same = goal.splits.iter().filter(|split| short.chars().count() >= 2 && stem(&split.name) == stem(short));
    match (same.next(), same.next()) {
        (Some(split), None) => Some(Named { region: split.region.clone(), name: split.name.clone(), guessed: true }),
        _ => None,
    }
}
