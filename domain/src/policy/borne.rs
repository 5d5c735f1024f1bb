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
    /// Of claims of which more was paid than is decided: what has to come back.
    pub back: Amount,
}

impl Borne {
    /// The payer as tables name him.
    pub fn name(&self) -> &str {
        if self.payer.is_empty() { "文件没有写" } else { &self.payer }
    }

    /// What is to be paid yet, whatever else has to come back.
    pub fn outstanding(&self) -> Amount {
        Amount(self.decided.0 - self.paid.0 + self.back.0)
    }
}

/// By payer, in the order of the claims, last what the document gives nobody to pay. Each claim's sum is divided as a
/// whole, so that the payers' parts are together what was decided and what was paid, however often.
pub fn borne(policies: &Policies, records: &[&Record]) -> Vec<Borne> {
    let mut found: Vec<Borne> = Vec::new();
    let mut add = |payer: &str, decided: i64, paid: i64| {
        let at = found.iter().position(|known| known.payer == payer).unwrap_or_else(|| {
            found.push(Borne { payer: payer.to_owned(), decided: Amount(0), paid: Amount(0), back: Amount(0) });
            found.len() - 1
        });
        found[at].decided.0 += decided;
        found[at].paid.0 += paid;
        found[at].back.0 += (paid - decided).max(0);
    };
    for record in records.iter().filter(|record| record.decided.is_some() || record.paid.0 != 0) {
        let decided = record.decided.unwrap_or_default();
        let policy = policies.get(&record.claim.policy).filter(|policy| !policy.payers.is_empty());
        let Some(policy) = policy else {
            add("", decided.0, record.paid.0);
            continue;
        };
        for ((payer, decided), (_, paid)) in payers(policy, decided).into_iter().zip(payers(policy, record.paid)) {
            add(&payer, decided.0, paid.0);
        }
    }
    found.sort_by_key(|one| one.payer.is_empty());
    found
}
