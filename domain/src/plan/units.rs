//! The rows of a split by their codes and names, for whoever looks up many of them.

use std::collections::HashMap;

use super::Split;
use crate::region::fold_name;

/// The same answers as searching the rows one after another, each in constant time.
#[derive(Debug, Clone)]
pub struct SplitIndex<'s> {
    splits: &'s [Split],
    by_region: HashMap<&'s str, usize>,
    by_name: HashMap<String, usize>,
    by_former: HashMap<String, usize>,
}

impl<'s> SplitIndex<'s> {
    /// Of several rows that answer to one name the first counts, as in a search from the top.
    pub fn of(splits: &'s [Split]) -> Self {
        let mut index = Self { splits, by_region: HashMap::new(), by_name: HashMap::new(), by_former: HashMap::new() };
        for (at, split) in splits.iter().enumerate() {
            index.by_region.entry(split.region.as_str()).or_insert(at);
            index.by_name.entry(fold_name(&split.name)).or_insert(at);
            for former in &split.former {
                index.by_former.entry(fold_name(former)).or_insert(at);
            }
        }
        index
    }

    /// [`super::Goal::split`].
    pub fn get(&self, region: &str) -> Option<&'s Split> {
        self.by_region.get(region).map(|&at| &self.splits[at])
    }

    /// [`super::Goal::find_split`].
    pub fn find(&self, written: &str) -> Option<&'s Split> {
        let folded = fold_name(written);
        self.current(&folded).or_else(|| self.former(&folded))
    }

    /// The first row whose code or folded name is `folded`.
    pub fn current(&self, folded: &str) -> Option<&'s Split> {
        self.first(folded, folded)
    }

    /// The first row with the code or the folded name of another one.
    pub fn same_as(&self, other: &Split) -> Option<&'s Split> {
        self.first(&other.region, &fold_name(&other.name))
    }

    fn first(&self, region: &str, name: &str) -> Option<&'s Split> {
        let found = self.by_region.get(region).into_iter().chain(self.by_name.get(name));
        found.min().map(|&at| &self.splits[at])
    }

    /// The first row that had this code or folded name in earlier years.
    pub fn former(&self, folded: &str) -> Option<&'s Split> {
        self.by_former.get(folded).map(|&at| &self.splits[at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::SplitKind;
    use proptest::prelude::*;

    /// The search that the index stands for.
    fn searched<'s>(splits: &'s [Split], written: &str) -> Option<&'s Split> {
        let folded = fold_name(written);
        let current = splits.iter().find(|split| split.region == folded || fold_name(&split.name) == folded);
        current.or_else(|| splits.iter().find(|split| split.former.iter().any(|former| fold_name(former) == folded)))
    }

    /// Few words, so that codes, names and former names meet, also each other.
    fn word() -> impl Strategy<Value = String> {
        proptest::sample::select(
            &["甲县", "甲 县", "乙县", "乙　县", "３５０１", "3501", "350 1", "350102", " 丙区", "丙区", ""][..],
        )
        .prop_map(str::to_owned)
    }

    fn split() -> impl Strategy<Value = Split> {
        (word(), word(), proptest::collection::vec(word(), 0..3)).prop_map(|(region, name, former)| Split {
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
        fn the_index_answers_as_a_search_does(
            splits in proptest::collection::vec(split(), 0..8),
            written in word(),
            other in split(),
        ) {
            let index = SplitIndex::of(&splits);
            let at = |found: Option<&Split>| found.map(|found| splits.iter().position(|split| std::ptr::eq(split, found)));
            prop_assert_eq!(at(index.find(&written)), at(searched(&splits, &written)));
            prop_assert_eq!(at(index.get(&written)), at(splits.iter().find(|split| split.region == written)));
            let former = splits.iter().find(|split| split.former.iter().any(|former| fold_name(former) == written));
            prop_assert_eq!(at(index.former(&written)), at(former));
            let same = |split: &&Split| split.region == other.region || fold_name(&split.name) == fold_name(&other.name);
            prop_assert_eq!(at(index.same_as(&other)), at(splits.iter().find(same)));
        }
    }
}
