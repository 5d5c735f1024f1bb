//! Which records are of one firm: its 统一社会信用代码 says so where both have it, its name otherwise.

use std::collections::BTreeMap;

use crate::region::fold_name;

/// A firm as a record names it: its name, and its code with a right check digit.
pub type Named<'n> = (&'n str, Option<&'n str>);

/// Whether two records name one firm.
pub fn is_same((name, code): Named<'_>, other: Named<'_>) -> bool {
    match (code, other.1) {
        (Some(code), Some(other)) => code == other,
        _ => fold_name(name) == fold_name(other.0),
    }
}

/// The same among many records: one without a code is of the firm whose records have its name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Firms(BTreeMap<String, String>);

impl Firms {
    pub fn of<'n>(records: impl IntoIterator<Item = Named<'n>>) -> Self {
        let mut codes: BTreeMap<String, String> = BTreeMap::new();
        for (name, code) in records {
            if let Some(code) = code {
                // Of several the least, so that the order of records does not matter.
                let known = codes.entry(fold_name(name)).or_insert_with(|| code.to_owned());
                if code < known.as_str() {
                    code.clone_into(known);
                }
            }
        }
        Self(codes)
    }

    /// The same for two records of one firm: its code where it is known, else its name.
    pub fn key(&self, (name, code): Named<'_>) -> String {
        let name = fold_name(name);
        code.or_else(|| self.0.get(&name).map(String::as_str)).map_or(name, str::to_owned)
    }

    /// The key that an address means.
    pub fn find<'n>(&self, id: &str, records: impl IntoIterator<Item = Named<'n>>) -> Option<String> {
        let is_it = |named: &Named<'n>| named.1 == Some(id) || address((named.0, None)) == id;
        records.into_iter().find(is_it).map(|named| self.key(named))
    }
}

/// How many hex digits of the digest of its name an address has: enough for one office's firms.
const DIGITS: usize = 20;

/// What stands for a firm in an address: its code, else `n` and the beginning of the SHA-256 of its name. Without
/// Chinese, so that it goes through messengers and on paper as it is, and the name stands in no proxy's log.
///
/// ```
/// use domain::firms::address;
///
/// assert_eq!(address(("甲公司", Some("91350100M000100Y43"))), "91350100M000100Y43");
/// assert_eq!(address(("甲 公司", None)), address(("甲公司", None)));
/// assert!(address(("甲公司", None)).starts_with('n'));
/// ```
pub fn address((name, code): Named<'_>) -> String {
    let digest = || crate::canonical::sha256(fold_name(name).as_bytes());
    code.map_or_else(|| format!("n{}", &digest()[..DIGITS]), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_to_all_records_of_its_firm() {
        let code = Some("91350100M000100Y43");
        let records = [("甲公司", None), ("甲集团", code), ("甲 公司", code), ("乙公司", None)];
        let firms = Firms::of(records);
        for named in records {
            assert_eq!(firms.find(&address(named), records), Some(firms.key(named)), "{named:?}");
        }
        assert_eq!(firms.find(&address(("甲公司", None)), records).as_deref(), code);
        assert_eq!(firms.find("", records), None);
        assert_eq!(firms.find("甲公司", records), None);
    }
}
