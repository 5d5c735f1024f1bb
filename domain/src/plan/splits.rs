//! The rows of a goal's split, in the document's order, with where each stands.

use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

use super::Split;
use crate::region::RegionId;

/// A list like any other, in which a row is found by its region in constant time.
#[derive(Default)]
pub struct Splits {
    rows: Vec<Split>,
    /// Made at the first look-up, forgotten at each change.
    places: OnceLock<Places>,
}

#[derive(Default)]
struct Places {
    /// Of several rows of one region the first counts.
    by_region: HashMap<RegionId, usize>,
    /// The rows within each region.
    within: HashMap<RegionId, Vec<usize>>,
}

impl Splits {
    fn places(&self) -> &Places {
        self.places.get_or_init(|| {
            let mut places = Places::default();
            for (at, split) in self.rows.iter().enumerate() {
                places.by_region.entry(split.region.clone()).or_insert(at);
                if let Some(whole) = &split.within {
                    places.within.entry(whole.clone()).or_default().push(at);
                }
            }
            places
        })
    }

    pub fn of_region(&self, region: &str) -> Option<&Split> {
        self.places().by_region.get(region).map(|&at| &self.rows[at])
    }

    /// 其中: the rows within a region, in their order.
    pub fn within(&self, region: &str) -> impl Iterator<Item = &Split> {
        self.places().within.get(region).into_iter().flatten().map(|&at| &self.rows[at])
    }
}

impl From<Vec<Split>> for Splits {
    fn from(rows: Vec<Split>) -> Self {
        Self { rows, places: OnceLock::new() }
    }
}

impl From<Splits> for Vec<Split> {
    fn from(splits: Splits) -> Self {
        splits.rows
    }
}

impl Deref for Splits {
    type Target = Vec<Split>;

    fn deref(&self) -> &Vec<Split> {
        &self.rows
    }
}

impl DerefMut for Splits {
    fn deref_mut(&mut self) -> &mut Vec<Split> {
        self.places.take();
        &mut self.rows
    }
}

impl<'s> IntoIterator for &'s Splits {
    type Item = &'s Split;
    type IntoIter = std::slice::Iter<'s, Split>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter()
    }
}

impl<'s> IntoIterator for &'s mut Splits {
    type Item = &'s mut Split;
    type IntoIter = std::slice::IterMut<'s, Split>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

impl Clone for Splits {
    fn clone(&self) -> Self {
        Self::from(self.rows.clone())
    }
}

impl PartialEq for Splits {
    fn eq(&self, other: &Self) -> bool {
        self.rows == other.rows
    }
}

impl Eq for Splits {}

impl std::fmt::Debug for Splits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.rows.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::file::parse;

    #[test]
    fn a_changed_list_is_looked_up_anew() {
        let mut plan = parse(include_str!("../../../assets/plans/fuzhou-2021.plan.toml")).unwrap();
        let splits = plan.goals.iter_mut().map(|goal| &mut goal.splits).find(|splits| splits.len() > 1).unwrap();
        let (first, second) = (splits[0].region.clone(), splits[1].region.clone());
        assert_eq!(splits.of_region(&first), Some(&splits[0]));
        splits.remove(0);
        assert_eq!((splits.of_region(&first), splits.of_region(&second)), (None, Some(&splits[0])));
        for split in &mut *splits {
            split.within = (split.region != second).then(|| second.clone());
        }
        let parts: Vec<&str> = splits.within(&second).map(|part| part.region.as_str()).collect();
        assert_eq!(parts, splits[1..].iter().map(|split| split.region.as_str()).collect::<Vec<_>>());
        splits[0].region = first.clone();
        assert_eq!((splits.of_region(&first), splits.of_region(&second)), (Some(&splits[0]), None));
    }
}
