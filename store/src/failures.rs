//! Failed log-ins: counted outside the chain, and summed into it once a day.
//!
//! A row of the chain stays for ever, and anybody can fail: what strangers do must not make it grow. Two tables hold
//! them, both bounded: `login_failure` what locks and slows down within minutes, `login_failure_day` the day's counts.

use domain::calendar::at_shanghai;
use office::facts::FailedLogIns;
use serde_json::json;
use sqlx::Row;

use super::sessions::{FAILURES, LOCKED, SLOW_FROM, WINDOW};
use super::{Source, Store, StoreError, Transaction, Writer, audit};

/// So many pairs of account and address are counted apart on one day; of all others only how many.
const APART: i64 = 1_000;
/// So many of them, the most frequent, are named in the trail.
const NAMED: usize = 100;
/// In the place of an address that is not counted apart.
const OTHERS: &str = "其他地址";
/// The account of names that nobody has: what was typed there is not kept, it may be a password.
const NOBODY: i64 = 0;

/// The day in China, as it is stored.
fn day(at: i64) -> String {
    at_shanghai(at).format("%Y-%m-%d").to_string()
}

impl Transaction {
    /// Today's failures not yet in the trail by account and address, most frequent first, at most a hundred.
    pub async fn failed_log_ins(&mut self) -> Result<Vec<FailedLogIns>, StoreError> {
        let sql = "SELECT d.day, d.address, d.failures, d.last_at, a.login FROM login_failure_day d \
                   LEFT JOIN account a ON a.id = d.account_id ORDER BY d.failures DESC, d.last_at DESC LIMIT 100";
        let one = |row: &sqlx::any::AnyRow| FailedLogIns {
            day: row.get("day"),
            login: row.get("login"),
            address: row.get("address"),
            failures: row.get("failures"),
            last_at: row.get("last_at"),
        };
        Ok(sqlx::query(sql).fetch_all(&mut **self).await?.iter().map(one).collect())
    }

    /// How many log-ins failed that are not in the trail yet.
    pub async fn failed_log_ins_in_all(&mut self) -> Result<i64, StoreError> {
        let sql = "SELECT CAST(COALESCE(SUM(failures), 0) AS BIGINT) AS failures FROM login_failure_day";
        Ok(sqlx::query(sql).fetch_one(&mut **self).await?.get("failures"))
    }

    async fn count_failure(&mut self, account: i64, address: &str, at: i64) -> Result<(), StoreError> {
        let day = day(at);
        let known = "SELECT 1 FROM login_failure_day WHERE day = $1 AND account_id = $2 AND address = $3";
        let known = sqlx::query(known).bind(&day).bind(account).bind(address).fetch_optional(&mut **self).await?;
        let apart = "SELECT COUNT(*) AS apart FROM login_failure_day WHERE day = $1";
        let full = known.is_none()
            && sqlx::query(apart).bind(&day).fetch_one(&mut **self).await?.get::<i64, _>("apart") >= APART;
        let sql = "INSERT INTO login_failure_day (day, account_id, address, failures, last_at) VALUES ($1, $2, $3, 1, $4) \
                   ON CONFLICT (day, account_id, address) \
                   DO UPDATE SET failures = login_failure_day.failures + 1, last_at = excluded.last_at";
        let address = if full { OTHERS } else { address };
        sqlx::query(sql).bind(&day).bind(account).bind(address).bind(at).execute(&mut **self).await?;
        Ok(())
    }

    /// What locks and slows down: of an account and a browser the newest five count, of an address without an account
    /// that counts the newest twenty, all for a short time only. The others go.
    async fn forget_failures(
        &mut self,
        account: Option<i64>,
        device: &str,
        address: &str,
        at: i64,
    ) -> Result<(), StoreError> {
        let old = "DELETE FROM login_failure WHERE at < $1";
        sqlx::query(old).bind(at - WINDOW - LOCKED).execute(&mut **self).await?;
        let class = match account {
            Some(_) => "account_id = $1 AND COALESCE(device_sha256, '') = $2",
            None => "account_id IS NULL AND $1 = 0 AND address = $2",
        };
        let sql = format!(
            "DELETE FROM login_failure WHERE {class} AND at < (SELECT MIN(at) FROM \
             (SELECT at FROM login_failure WHERE {class} ORDER BY at DESC LIMIT $3) AS newest)"
        );
        let (which, kept) = if account.is_some() { (device, FAILURES) } else { (address, SLOW_FROM) };
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(account.unwrap_or(NOBODY)).bind(which.to_owned());
        query.bind(kept).execute(&mut **self).await?;
        Ok(())
    }
}

impl Store {
    /// Counts a failed log-in; of an account that is `locked` already it does not prolong that.
    pub async fn record_failure(
        &self,
        account: Option<i64>,
        locked: bool,
        source: &Source,
        at: i64,
    ) -> Result<(), StoreError> {
        let source = source.clone();
        self.transact(move |transaction| {
            Box::pin(async move {
                let device = match account {
                    Some(account) => transaction.known_device(account, &source).await?,
                    None => None,
                };
                let counts = account.filter(|_| !locked);
                sum_up(transaction, at).await?;
                sqlx::query(
                    "INSERT INTO login_failure (at, account_id, device_sha256, address) VALUES ($1, $2, $3, $4)",
                )
                .bind(at)
                .bind(counts)
                .bind(&device)
                .bind(&source.address)
                .execute(&mut **transaction)
                .await?;
                let class = device.as_deref().unwrap_or_default();
                transaction.forget_failures(counts, class, &source.address, at).await?;
                transaction.count_failure(account.unwrap_or(NOBODY), &source.address, at).await
            })
        })
        .await
    }
}

/// Sums up the days before this one, a row of the trail each: the first write of a day does it, whatever it writes.
pub(super) async fn sum_up(transaction: &mut Transaction, at: i64) -> Result<(), StoreError> {
    let today = day(at);
    let sql = "SELECT DISTINCT day FROM login_failure_day WHERE day < $1 ORDER BY day";
    let days = sqlx::query(sql).bind(&today).fetch_all(&mut **transaction).await?;
    for day in days.iter().map(|row| row.get::<String, _>("day")) {
        let sql = "SELECT account_id, address, failures FROM login_failure_day WHERE day = $1 \
                   ORDER BY failures DESC, account_id, address";
        let counts: Vec<(i64, String, i64)> = sqlx::query(sql)
            .bind(&day)
            .fetch_all(&mut **transaction)
            .await?
            .iter()
            .map(|row| (row.get("account_id"), row.get("address"), row.get("failures")))
            .collect();
        let named: Vec<_> = counts
            .iter()
            .take(NAMED)
            .map(|(account, address, failures)| json!({ "account": account, "address": address, "failures": failures }))
            .collect();
        let all: i64 = counts.iter().map(|(_, _, failures)| failures).sum();
        let detail = json!({ "failures": all, "apart": counts.len(), "counts": named });
        let writer = Writer { actor: "系统".to_owned(), at, session: None };
        audit::link(transaction, &writer, "log_in_failures", &format!("day/{day}"), &detail).await?;
        let sql = "DELETE FROM login_failure_day WHERE day = $1";
        sqlx::query(sql).bind(&day).execute(&mut **transaction).await?;
    }
    Ok(())
}
