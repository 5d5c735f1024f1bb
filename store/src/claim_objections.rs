//! Objections to claims that are before the public, with their answers.

use domain::personal::key_in;
use domain::policy::notice::{ClaimObjection, ObjectionAnswer};
use sqlx::Row;

use super::{StoreError, Transaction};

impl Transaction {
    /// The objections to the claims of a plan's year, by claim and number.
    pub async fn claim_objections(&mut self, plan: &str, year: i32) -> Result<Vec<ClaimObjection>, StoreError> {
        let sql = "SELECT claim, number, version, step, objector, words, at, actor, account_id FROM claim_objection \
                   WHERE plan_id = $1 AND year = $2 ORDER BY claim, number, version";
        let found = sqlx::query(sql).bind(plan).bind(i64::from(year)).fetch_all(&mut **self).await?;
        let stored: Vec<String> = found.iter().map(|row| row.get("objector")).collect();
        let keys: Vec<String> = stored.iter().filter_map(|stored| key_in(stored)).map(str::to_owned).collect();
        let names = self.names(&keys).await?;
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
                    let stored: String = row.get("objector");
                    let key = key_in(&stored).map(str::to_owned);
                    let by = match &key {
                        Some(key) => names.get(key).cloned().unwrap_or_default(),
                        None => stored,
                    };
                    let (account, answer) = (row.get("account_id"), None);
                    known.push(ClaimObjection { claim, number, version, by, key, words, at, actor, account, answer });
                }
            }
        }
        Ok(known)
    }
}
