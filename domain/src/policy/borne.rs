//! Who bears what of the claims that were decided and paid: what levels of government settle with each other by.

use super::record::Record;
use super::settle::payers;
use crate::money::Amount;
use crate::plan::policy::Policies;

/// What one payer bears, in 元.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Borne {
    /// As the document names it; empty where it names nobody.
    pub payer: String,
    pub decided: Amount,
    pub paid: Amount,
    /// What is to be paid yet, whatever else has to come back.
    pub outstanding: Amount,
    /// Of claims of which more was paid than is decided: what has to come back.
    pub back: Amount,
}

impl Borne {
    /// The payer as tables name him.
    pub fn name(&self) -> &str {
        if self.payer.is_empty() { "文件没有写" } else { &self.payer }
    }
}

/// By payer, in the order of the claims, last what the document gives nobody to pay. Of each claim what was
/// decided, paid, is to be paid yet and has to come back is divided as a whole, so that the payers' parts are together
/// each of these; of one payer they may differ by the 元 that a division leaves over.
pub fn borne(policies: &Policies, records: &[&Record]) -> Vec<Borne> {
    let mut found: Vec<Borne> = Vec::new();
    let mut add = |payer: &str, [decided, paid, outstanding, back]: [i64; 4]| {
        let at = found.iter().position(|known| known.payer == payer).unwrap_or_else(|| {
            let none = Amount(0);
            found.push(Borne { payer: payer.to_owned(), decided: none, paid: none, outstanding: none, back: none });
            found.len() - 1
        });
        found[at].decided.0 += decided;
        found[at].paid.0 += paid;
        found[at].outstanding.0 += outstanding;
        found[at].back.0 += back;
    };
    for record in records.iter().filter(|record| record.decided.is_some() || record.paid.0 != 0) {
        let (decided, paid) = (record.decided.unwrap_or_default().0, record.paid.0);
        let sums = [decided, paid, (decided - paid).max(0), (paid - decided).max(0)];
        let policy = policies.get(&record.claim.policy).filter(|policy| !policy.payers.is_empty());
        let Some(policy) = policy else {
            add("", sums);
            continue;
        };
        let parts = sums.map(|sum| payers(policy, Amount(sum)));
        for (at, (payer, _)) in parts[0].iter().enumerate() {
            add(payer, parts.each_ref().map(|parts| parts[at].1.0));
        }
    }
    found.sort_by_key(|one| one.payer.is_empty());
    found
}
