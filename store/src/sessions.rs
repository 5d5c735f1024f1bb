//! Sessions and log-ins. Only hashes of tokens are stored.

use office::viewer::{Account, Post, SessionSummary, Viewer};
use serde_json::json;
use sqlx::Row;

use super::audit::Head;
use super::kept::kept;
use super::seals::session_seal;
use super::{Engine, Store, StoreError, Transaction, Writer, people, rows};
use crate::passwords::Policy;

/// Failures within this time count.
pub(super) const WINDOW: i64 = 10 * 60 * 1000;
/// How long an account is locked after the last of them.
pub(super) const LOCKED: i64 = 15 * 60 * 1000;
pub(super) const FAILURES: i64 = 5;
/// From this many failures within the window on, a source is answered slowly.
pub(super) const SLOW_FROM: i64 = 20;
/// How often the time a session was last seen is written.
const SEEN_STEP: i64 = 60 * 1000;

const MINUTE: i64 = 60 * 1000;

/// What a log-in knows of an account before the password is looked at.
pub struct Candidate {
    pub account: i64,
    pub name: String,
    pub password_hash: Option<String>,
    /// The hash of the browser's secret, where this account has logged in from it.
    pub device: Option<String>,
    /// Disabled, or locked for this browser.
    pub barred: bool,
    /// Locked already: further failures do not prolong it.
    pub locked: bool,
    /// The sealed seed of its codes, and the last step that was used.
    pub totp: Option<(String, i64)>,
}

/// Where a log-in comes from.
#[derive(Debug, Clone)]
pub struct Source {
    pub address: String,
    pub agent: String,
    /// The secret of a browser this person has used before.
    pub device: Option<String>,
}

fn sha256(token: &str) -> String {
    domain::canonical::sha256(token.as_bytes())
}

/// Idle and absolute time-out in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct TimeOuts {
    pub idle: i64,
    pub absolute: i64,
}

/// A session that has not ended, of an account that may still be used; with the end of the chain in the same state.
const LIVING: &str = "SELECT s.account_id, s.created_at, s.seen_at, h.seq, h.hash \
                      FROM session s JOIN account a ON a.id = s.account_id, \
                      (SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1) h \
                      WHERE s.token_sha256 = $1 AND s.ended_at IS NULL AND a.disabled_at IS NULL";

/// What a session's account is and may, in one state of the chain.
#[derive(Clone)]
struct Person {
    limits: TimeOuts,
    account: Account,
    policy: Policy,
    days: i64,
    post: Option<Post>,
    must_enrol: bool,
}

impl Transaction {
    pub async fn time_outs(&mut self) -> Result<TimeOuts, StoreError> {
        let number = |text: Option<String>, default: i64| text.and_then(|text| text.parse().ok()).unwrap_or(default);
        let idle = number(self.setting("idle_minutes").await?, 30) * MINUTE;
        Ok(TimeOuts { idle, absolute: number(self.setting("absolute_hours").await?, 12) * 60 * MINUTE })
    }

    /// The account behind a login name, and whether this browser may try.
    ///
    /// Failures are counted apart for each browser the person has used before, and together for all others: whoever
    /// fails on purpose elsewhere locks nobody out of his own desk.
    pub async fn candidate(&mut self, login: &str, source: &Source, now: i64) -> Result<Option<Candidate>, StoreError> {
        let Ok(login) = office::people::fold_login(login) else { return Ok(None) };
        let sql = "SELECT id, name, password_hash, disabled_at, unlocked_at, totp_secret, totp_used FROM account WHERE login = $1";
        let Some(row) = sqlx::query(sql).bind(login).fetch_optional(&mut **self).await? else { return Ok(None) };
        let account: i64 = row.get("id");
        let device = self.known_device(account, source).await?;
        // What stands in the future was written before the clock was set back, and says nothing; another copy's clock
        // may be ahead by minutes.
        let unlocked = row.get::<i64, _>("unlocked_at");
        let since = if unlocked > now + WINDOW { 0 } else { unlocked }.max(now - WINDOW - LOCKED);
        let sql = "SELECT at FROM login_failure WHERE account_id = $1 AND at > $2 AND at <= $3 \
                   AND COALESCE(device_sha256, '') = $4 ORDER BY at DESC";
        let failures = sqlx::query(sql)
            .bind(account)
            .bind(since)
            .bind(now + WINDOW)
            .bind(device.clone().unwrap_or_default())
            .fetch_all(&mut **self)
            .await?;
        let times: Vec<i64> = failures.iter().map(|row| row.get("at")).collect();
        // The newest five within ten minutes lock for a quarter of an hour after the last of them.
        let locked = times.windows(FAILURES as usize).any(|five| five[0] - five[4] <= WINDOW && now - five[0] < LOCKED);
        let barred = locked || row.get::<Option<i64>, _>("disabled_at").is_some();
        let totp = row.get::<Option<String>, _>("totp_secret").map(|sealed| (sealed, row.get("totp_used")));
        Ok(Some(Candidate {
            account,
            name: row.get("name"),
            password_hash: row.get("password_hash"),
            device,
            barred,
            locked,
            totp,
        }))
    }

    /// The hash of the browser's secret, where this account has logged in from it.
    pub(super) async fn known_device(&mut self, account: i64, source: &Source) -> Result<Option<String>, StoreError> {
        let Some(token) = &source.device else { return Ok(None) };
        let sha256 = sha256(token);
        let sql = "SELECT account_id FROM device WHERE token_sha256 = $1 AND account_id = $2";
        let known = sqlx::query(sql).bind(&sha256).bind(account).fetch_optional(&mut **self).await?;
        Ok(known.map(|_| sha256))
    }

    /// Whether this address has failed so often that it is answered slowly.
    pub async fn is_slow(&mut self, address: &str, now: i64) -> Result<bool, StoreError> {
        let sql = "SELECT COUNT(*) AS failures FROM login_failure WHERE address = $1 AND at > $2 AND at <= $3";
        let found = sqlx::query(sql).bind(address).bind(now - WINDOW).bind(now + WINDOW).fetch_one(&mut **self).await?;
        Ok(found.get::<i64, _>("failures") >= SLOW_FROM)
    }

    /// Who an account is and what holds for him, whichever session he has.
    async fn person(&mut self, account: i64) -> Result<Option<Person>, StoreError> {
        let Some(found) = self.account(account).await? else { return Ok(None) };
        let (policy, days) = self.password_rules().await?;
        let post = self.post_of(account).await?;
        let required = self.totp_roles().await?;
        let must_enrol = !found.has_totp && post.as_ref().is_some_and(|post| required.contains(&post.domain.role));
        Ok(Some(Person { limits: self.time_outs().await?, account: found, policy, days, post, must_enrol }))
    }

    /// The living sessions of an account, newest first.
    pub async fn sessions(&mut self, account: i64, now: i64) -> Result<Vec<SessionSummary>, StoreError> {
        let limits = self.time_outs().await?;
        let sql = "SELECT token_sha256, created_at, seen_at, address, agent FROM session \
                   WHERE account_id = $1 AND ended_at IS NULL AND seen_at > $2 AND created_at > $3 ORDER BY seen_at DESC";
        let found = sqlx::query(sql)
            .bind(account)
            .bind(now - limits.idle)
            .bind(now - limits.absolute)
            .fetch_all(&mut **self)
            .await?;
        let summary = |row: &sqlx::any::AnyRow| SessionSummary {
            id: row.get("token_sha256"),
            created_at: row.get("created_at"),
            seen_at: row.get("seen_at"),
            address: row.get("address"),
            agent: row.get("agent"),
        };
        Ok(found.iter().map(summary).collect())
    }
}

impl Store {
    /// Begins a session: returns its token and the browser's secret. The session the browser had before ends. `step` is
    /// that of a one-time code, `verified` the password's hash. `None` when meanwhile the code was used, the password
    /// changed, the account disabled, or others failed so often that it is locked.
    pub async fn begin_session(
        &self,
        account: i64,
        source: &Source,
        before: Option<&str>,
        step: Option<i64>,
        verified: Option<&str>,
        writer: Writer,
    ) -> Result<Option<(String, String)>, StoreError> {
        let verified = verified.map(str::to_owned);
        let known = self.read().await?.known_device(account, source).await?.is_some();
        let (token, device) = (crate::passwords::random_token(), source.device.clone().filter(|_| known));
        let new_device = device.is_none();
        let device = device.unwrap_or_else(crate::passwords::random_token);
        let (token_sha256, device_sha256, before) = (sha256(&token), sha256(&device), before.map(sha256));
        let (address, agent) = (source.address.clone(), source.agent.chars().take(200).collect::<String>());
        let begun = self.transact(move |transaction| {
            Box::pin(async move {
                let sql = "SELECT password_hash FROM account WHERE id = $1 AND disabled_at IS NULL";
                let now = sqlx::query(sql).bind(account).fetch_optional(&mut **transaction).await?;
                if now.and_then(|row| row.get::<Option<String>, _>("password_hash")) != verified {
                    return Ok(false);
                }
                let class = if new_device { String::new() } else { device_sha256.clone() };
                let sql = "SELECT COUNT(*) AS failures FROM login_failure f JOIN account a ON a.id = f.account_id \
                           WHERE f.account_id = $1 AND f.at > $2 AND f.at <= $3 \
                           AND (f.at > a.unlocked_at OR a.unlocked_at > $3) \
                           AND COALESCE(f.device_sha256, '') = $4";
                let failed = sqlx::query(sql)
                    .bind(account)
                    .bind(writer.at - WINDOW)
                    .bind(writer.at + WINDOW)
                    .bind(&class)
                    .fetch_one(&mut **transaction)
                    .await?;
                if failed.get::<i64, _>("failures") >= FAILURES {
                    return Ok(false);
                }
                if let Some(step) = step {
                    let fresh = sqlx::query("UPDATE account SET totp_used = $1 WHERE id = $2 AND totp_used < $3")
                        .bind(step)
                        .bind(account)
                        .bind(step)
                        .execute(&mut **transaction)
                        .await?;
                    if fresh.rows_affected() == 0 {
                        return Ok(false);
                    }
                }
                let ended = before;
                if let Some(before) = &ended {
                    sqlx::query("UPDATE session SET ended_at = $1 WHERE token_sha256 = $2 AND ended_at IS NULL")
                        .bind(writer.at)
                        .bind(before)
                        .execute(&mut **transaction)
                        .await?;
                }
                // Five in a row lock: whoever gets in starts from none.
                sqlx::query("DELETE FROM login_failure WHERE account_id = $1 AND COALESCE(device_sha256, '') = $2")
                    .bind(account)
                    .bind(&class)
                    .execute(&mut **transaction)
                    .await?;
                sqlx::query(
                    "INSERT INTO session (token_sha256, account_id, created_at, seen_at, address, agent) VALUES ($1, $2, $3, $4, $5, $6)",
                )
                .bind(&token_sha256)
                .bind(account)
                .bind(writer.at)
                .bind(writer.at)
                .bind(&address)
                .bind(&agent)
                .execute(&mut **transaction)
                .await?;
                if new_device {
                    sqlx::query("INSERT INTO device (token_sha256, account_id, created_at) VALUES ($1, $2, $3)")
                        .bind(&device_sha256)
                        .bind(account)
                        .bind(writer.at)
                        .execute(&mut **transaction)
                        .await?;
                }
                let detail = json!({
                    "address": address, "session": &token_sha256[..8],
                    "seal": session_seal(&token_sha256, account, writer.at, &address),
                    "before": ended.as_ref().map(|sha256| &sha256[..8]),
                });
                rows::append(transaction, &writer, "log_in", &format!("account/{account}"), detail, &[]).await?;
                Ok(true)
            })
        });
        Ok(begun.await?.then_some((token, device)))
    }

    /// Who a session's token stands for, while the session lives; seeing it keeps it alive.
    pub async fn viewer(&self, token: &str, now: i64) -> Result<Option<Viewer>, StoreError> {
        self.viewer_of(token, now, true).await
    }

    /// A screen that asks by itself is nobody at work: it does not keep the session alive.
    pub async fn watching(&self, token: &str, now: i64) -> Result<Option<Viewer>, StoreError> {
        self.viewer_of(token, now, false).await
    }

    async fn viewer_of(&self, token: &str, now: i64, active: bool) -> Result<Option<Viewer>, StoreError> {
        let sha256 = sha256(token);
        let living = sqlx::query(LIVING).bind(&sha256);
        let (row, state) = match self.engine {
            // One statement is one state: no transaction is begun and ended for it.
            Engine::Sqlite => (living.fetch_optional(&self.read).await?, None),
            Engine::Postgres => {
                let mut state = self.read().await?;
                (living.fetch_optional(&mut *state).await?, Some(state))
            }
        };
        let Some(row) = row else { return Ok(None) };
        let (account, created, seen): (i64, i64, i64) =
            (row.get("account_id"), row.get("created_at"), row.get("seen_at"));
        let question = format!("viewer {account}");
        let person = match self.memory.found(&Head::of_row(Some(&row)), &question) {
            Some(person) => person,
            None => {
                let mut state = if let Some(state) = state { state } else { self.read().await? };
                kept!(state, question, state.person(account).await?)
            }
        };
        let Some(Person { limits, account, policy, days, post, must_enrol }) = person else { return Ok(None) };
        if now - seen >= limits.idle || now - created >= limits.absolute {
            return Ok(None);
        }
        if active && now - seen >= SEEN_STEP {
            let seen = sqlx::query("UPDATE session SET seen_at = $1 WHERE token_sha256 = $2 AND seen_at < $3");
            // Reading goes on while somebody writes for long.
            if let Err(error) = self.alone(seen.bind(now).bind(&sha256).bind(now)).await {
                tracing::warn!(%error, "session seen");
            }
        }
        let password_ends = account.password_at.and_then(|at| policy.expires(at, days));
        let must_change = password_ends.is_some_and(|ends| now >= ends);
        Ok(Some(Viewer { account, post, session: sha256, must_change, password_ends, must_enrol }))
    }

    /// Ends one session of an account, or all of them but the one named; returns how many ended.
    pub async fn end_sessions(&self, account: i64, which: EndSessions, writer: Writer) -> Result<u64, StoreError> {
        self.transact(move |transaction| {
            Box::pin(async move {
                let (ended, action) = match &which {
                    EndSessions::One { id, logged_out } => {
                        let ended = sqlx::query(
                            "UPDATE session SET ended_at = $1 WHERE token_sha256 = $2 AND account_id = $3 AND ended_at IS NULL",
                        )
                        .bind(writer.at)
                        .bind(id)
                        .bind(account)
                        .execute(&mut **transaction)
                        .await?;
                        (ended.rows_affected(), if *logged_out { "log_out" } else { "end_sessions" })
                    }
                    EndSessions::All => (people::end_sessions(transaction, account, writer.at).await?, "end_sessions"),
                };
                let detail = match &which {
                    EndSessions::One { id, .. } => json!({ "ended": ended, "session": id.get(..8) }),
                    EndSessions::All => json!({ "ended": ended, "all": true }),
                };
                rows::append(transaction, &writer, action, &format!("account/{account}"), detail, &[]).await?;
                Ok(ended)
            })
        })
        .await
    }
}

/// Which sessions end.
pub enum EndSessions {
    One { id: String, logged_out: bool },
    All,
}
