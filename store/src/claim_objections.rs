//! Objections to claims that are before the public, with their answers.

use domain::policy::notice::{ClaimObjection, ObjectionAnswer};
use sqlx::Row;

use super::{StoreError, Transaction};

impl Transaction {
    /// The objections to the claims of a plan's year, by claim and number.
    pub async fn claim_objections(&mut self, plan: &str, year: i32) -> Result<Vec<ClaimObjection>, StoreError> {
        let sql = "SELECT claim, number, version, step, objector, words, at, actor, account_id FROM claim_objection \
                   WHERE plan_id = $1 AND year = $2 ORDER BY claim, number, version";
        let found = sqlx::query(sql).bind(plan).bind(i64::from(year)).fetch_all(&mut **self).await?;
        let mut known: Vec<ClaimObjection> = Vec::new();
        for row in found {
            let count = |name: &str| {
                u32::try_from(row.get::<i64, _>(name)).map_err(|_| StoreError::Unreadable("异议：编号".to_owned()))
            };
            let (claim, number, version) = (count("claim")?, count("number")?, row.get::<i64, _>("version"));
            let (words, at, actor): (String, i64, String) = (row.get("words"), row.get("at"), row.get("actor"));
            let step: String = row.get("step");
            match known.last_mut().filter(|last| (last.claim, last.number) == (claim, number)) {
                Some(last) => {
                    last.version = version;
                    last.answer = Some(ObjectionAnswer { upheld: step == "uphold", words, at, actor });
                }
                None => {
                    let (by, account) = (row.get("objector"), row.get("account_id"));
                    let answer = None;
                    known.push(ClaimObjection { claim, number, version, by, words, at, actor, account, answer });
                }
            }
        }
        Ok(known)
    }
}
