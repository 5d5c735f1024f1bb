//! Where each id stands in a list beside it, for lists that are asked row by row.

use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

/// Made at the first look-up. It is no part of what stands beside it: never written, equal to any other, empty in a
/// copy.
#[derive(Default)]
pub(crate) struct Lookup(OnceLock<HashMap<String, usize>>);

impl Lookup {
    /// The first of `list` whose id is `id`. The list may have been changed since: then it is searched.
    pub(crate) fn find<'l, T>(&self, list: &'l [T], id: &str, id_of: impl Fn(&T) -> &str) -> Option<&'l T> {
        let known = self.0.get_or_init(|| {
            let mut known = HashMap::with_capacity(list.len());
            for (at, item) in list.iter().enumerate() {
                known.entry(id_of(item).to_owned()).or_insert(at);
            }
            known
        });
        let found = known.get(id).and_then(|&at| list.get(at)).filter(|item| id_of(item) == id);
        found.or_else(|| list.iter().find(|item| id_of(item) == id))
    }
}

impl Clone for Lookup {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Lookup {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Lookup {}

impl fmt::Debug for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lookup")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_list_is_searched() {
        let (lookup, mut list) = (Lookup::default(), vec!["甲".to_owned(), "乙".to_owned()]);
        let find = |list: &[String], id: &str| lookup.find(list, id, String::as_str).cloned();
        assert_eq!(find(&list, "乙").as_deref(), Some("乙"));
        list.insert(0, "丙".to_owned());
        assert_eq!(["甲", "乙", "丙"].map(|id| find(&list, id).is_some()), [true; 3]);
        list.remove(1);
        assert_eq!(["甲", "乙", "丙"].map(|id| find(&list, id).is_some()), [false, true, true]);
    }
}
