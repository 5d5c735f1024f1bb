//! Units by the names that offices write them with.

use std::cell::RefCell;
use std::collections::HashMap;

use domain::money::is_unseen;
use domain::plan::{Split, SplitIndex};
use domain::region::{Region, RegionId, fold_name, is_whole};

/// A unit of the plan, and whether its name had to be guessed.
#[derive(Clone)]
pub(super) struct Named {
    pub(super) region: RegionId,
    pub(super) name: String,
    pub(super) guessed: bool,
}

/// The units of a split by all the names that offices write them with: looked up for every cell of a sheet, several
/// times, so what a text names is kept.
pub(super) struct Names<'s> {
    own: &'s Region,
    /// The region's name, folded.
    full: String,
    rows: SplitIndex<'s>,
    /// By their names without 市/县/区; `None` where several would be meant.
    stems: HashMap<String, Option<&'s Split>>,
    named: RefCell<HashMap<String, Option<Named>>>,
}

/// No unit's name is longer, in bytes.
const LONGEST: usize = 200;

impl<'s> Names<'s> {
    pub(super) fn of(own: &'s Region, units: &'s [Split]) -> Self {
        let mut stems: HashMap<String, Option<&Split>> = HashMap::new();
        for split in units {
            stems.entry(stem(&split.name)).and_modify(|several| *several = None).or_insert(Some(split));
        }
        let named = RefCell::default();
        Self { own, full: fold_name(&own.name), rows: SplitIndex::of(units), stems, named }
    }

    pub(super) fn own(&self) -> &'s Region {
        self.own
    }

    /// The unit that a name means: as the plan writes it, by its code, without 市/县/区, with the parent's name before it;
    /// or the whole.
    pub(super) fn named(&self, written: &str) -> Option<Named> {
        if written.is_empty() || written.len() > LONGEST {
            return None;
        }
        if let Some(found) = self.named.borrow().get(written) {
            return found.clone();
        }
        let found = self.find_named(written);
        self.named.borrow_mut().insert(written.to_owned(), found.clone());
        found
    }

    fn find_named(&self, written: &str) -> Option<Named> {
        let bare = bare(written);
        if bare == self.own.id() || is_whole(&bare, self.own) {
            return Some(Named { region: self.own.id().to_owned(), name: self.own.name.clone(), guessed: false });
        }
        let (split, guessed) = self.unit(written)?;
        Some(Named { region: split.region.clone(), name: split.name.clone(), guessed })
    }

    /// The unit of this code, exactly as it is written.
    pub(super) fn of_code(&self, region: &str) -> Option<&'s Split> {
        self.rows.get(region)
    }

    /// The unit that a name means, and whether that had to be guessed.
    pub(super) fn unit(&self, written: &str) -> Option<(&'s Split, bool)> {
        let bare = if written.len() > LONGEST { String::new() } else { bare(written) };
        if bare.is_empty() {
            return None;
        }
        if let Some(split) = self.rows.current(&bare) {
            return Some((split, false));
        }
        let mut short = bare.split(['(', '（']).next().unwrap_or_default();
        let full = self.full.as_str();
        let own = full.strip_suffix(['省', '市', '县', '区']).unwrap_or(full);
        let known = |rest: &&str| self.rows.current(rest).is_some();
        short = [full, own].into_iter().find_map(|own| short.strip_prefix(own).filter(known)).unwrap_or(short);
        short = short.strip_prefix(full).unwrap_or(short);
        for ending in ["人民政府", "政府", "管委会", "管理委员会", "工信局", "经信局"] {
            short = short.strip_suffix(ending).unwrap_or(short);
        }
        let rows = &self.rows;
        if let Some(split) = rows.former(&bare).or_else(|| rows.current(short)).or_else(|| rows.former(short)) {
            return Some((split, true));
        }
        let stem = (short.chars().count() >= 2).then(|| stem(short))?;
        self.stems.get(&stem).copied().flatten().map(|split| (split, true))
    }
}

/// A name without 市/县/区 at its end.
fn stem(name: &str) -> String {
    fold_name(name).trim_end_matches(['市', '县', '区']).to_owned()
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

/// What no unit is called: a note, a subtotal, a date, a mark.
pub(super) fn is_aside(name: &str) -> bool {
    let sums = ["小计", "平均", "均值", "合计", "总计", "共计", "汇总"];
    let notes = [
        "备注",
        "注：",
        "注:",
        "说明",
        "续表",
        "单位：",
        "单位:",
        "审核",
        "填表",
        "制表",
        "填报",
        "联系",
        "电话",
        "日期",
        "目标",
        "任务",
    ];
    let dated = name.contains('年') && name.contains('月');
    let bare = name.split(['(', '（']).next().unwrap_or_default();
    sums.iter().any(|word| bare.trim_end_matches([':', '：']).ends_with(word))
        || notes.iter().any(|word| name.starts_with(word))
        || matches!(name, "注" | "其中" | "其中：")
        || dated
        || !name.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use domain::plan::SplitKind;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    /// The search through all units that [`Names::unit`] stands for.
    fn searched<'s>(own: &Region, units: &'s [Split], written: &str) -> Option<(&'s Split, bool)> {
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
        let before = |own: &str| short.strip_prefix(own).filter(|rest| exact(rest).is_some());
        short = [full.as_str(), own].into_iter().find_map(before).unwrap_or(short);
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

    fn word() -> impl Strategy<Value = String> {
        let beginning = select(&["", "福州市", "福州", "3.", "其中：", "（一）"][..]);
        let stem = select(&["长乐", "鼓 楼", "鼓楼", "马尾", "高新", "350182", ""][..]);
        let ending = select(&["", "市", "县", "区", "（含新区）", "人民政府", "区管委会"][..]);
        (beginning, stem, ending).prop_map(|(beginning, stem, ending)| format!("{beginning}{stem}{ending}"))
    }

    fn split() -> impl Strategy<Value = Split> {
        (word(), word(), proptest::collection::vec(word(), 0..2)).prop_map(|(region, name, former)| Split {
            region,
            name,
            former,
            kind: SplitKind::Region,
            within: None,
            no_target: false,
            targets: Vec::new(),
            whole: None,
            ranked: None,
            group: None,
            until: None,
            unit_until: None,
            own_since: None,
            declared: false,
        })
    }

    proptest! {
        #[test]
        fn the_index_answers_as_a_search_does(units in proptest::collection::vec(split(), 0..7), written in word()) {
            let own = Region { code: None, name: "福州市".to_owned() };
            let at = |found: Option<(&Split, bool)>| {
                found.map(|(found, guessed)| (units.iter().position(|unit| std::ptr::eq(unit, found)), guessed))
            };
            prop_assert_eq!(at(Names::of(&own, &units).unit(&written)), at(searched(&own, &units, &written)));
        }
    }
}
