//! Accounts, their passwords, one-time links, the first set-up.

use office::people::{Person, fold_login, person_name, person_phone};
use office::viewer::Account;
use serde_json::json;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::kept::kept;
use super::seals::link_seal;
use super::{Store, StoreError, Transaction, Writer, rows};

/// How long a one-time link lives.
const LINK_LIFE: i64 = 30 * 60 * 1000;
/// A link for a colleague may wait until he is at his desk.
const INVITATION_LIFE: i64 = 3 * 24 * 3600 * 1000;

const ACCOUNT: &str = "a.id, a.login, a.name, a.phone, a.disabled_at, a.password_at, \
     (SELECT MAX(s.created_at) FROM session s WHERE s.account_id = a.id) AS last_log_in, \
     CAST(CASE WHEN a.totp_secret IS NULL THEN 0 ELSE 1 END AS BIGINT) AS has_totp";

fn account(row: &AnyRow) -> Account {
    Account {
        id: row.get("id"),
        login: row.get("login"),
        name: row.get("name"),
        phone: row.get("phone"),
        disabled: row.get::<Option<i64>, _>("disabled_at").is_some(),
        password_at: row.get("password_at"),
        last_log_in: row.get("last_log_in"),
        has_totp: row.get::<i64, _>("has_totp") == 1,
    }
}

impl Transaction {
    pub async fn has_accounts(&mut self) -> Result<bool, StoreError> {
        Ok(sqlx::query("SELECT id FROM account LIMIT 1").fetch_optional(&mut **self).await?.is_some())
    }

    pub async fn accounts(&mut self) -> Result<Vec<Account>, StoreError> {
        let sql = format!("SELECT {ACCOUNT} FROM account a ORDER BY a.login");
        Ok(sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut **self).await?.iter().map(account).collect())
    }

    pub async fn account_by_login(&mut self, login: &str) -> Result<Option<Account>, StoreError> {
        let Ok(login) = fold_login(login) else { return Ok(None) };
        let sql = format!("SELECT {ACCOUNT} FROM account a WHERE a.login = $1");
        Ok(sqlx::query(sqlx::AssertSqlSafe(sql)).bind(login).fetch_optional(&mut **self).await?.as_ref().map(account))
    }

    pub async fn account(&mut self, id: i64) -> Result<Option<Account>, StoreError> {
        let sql = format!("SELECT {ACCOUNT} FROM account a WHERE a.id = $1");
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id);
        Ok(kept!(self, format!("account {id}"), query.fetch_optional(&mut **self).await?.as_ref().map(account)))
    }

    /// What an unused link that has not expired is for: the outer `None` for no such link.
    pub async fn link(&mut self, token: &str, now: i64) -> Result<Option<Option<i64>>, StoreError> {
        let sha256 = domain::canonical::sha256(token.as_bytes());
        let sql = "SELECT account_id FROM link WHERE token_sha256 = $1 AND used_at IS NULL AND expires_at > $2";
        Ok(sqlx::query(sql).bind(sha256).bind(now).fetch_optional(&mut **self).await?.map(|row| row.get("account_id")))
    }

    /// The sealed seed that waits for a code to prove it; half an hour at most.
    pub async fn offered_totp(&mut self, account: i64, now: i64) -> Result<Option<String>, StoreError> {
        let sql = "SELECT sealed FROM totp_pending WHERE account_id = $1 AND at > $2";
        let found = sqlx::query(sql).bind(account).bind(now - LINK_LIFE).fetch_optional(&mut **self).await?;
        Ok(found.map(|row| row.get("sealed")))
    }

    /// The hashes a new password may not equal, newest first.
    pub async fn old_passwords(&mut self, account: i64, count: i64) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT password_hash FROM password_history WHERE account_id = $1 ORDER BY at DESC LIMIT $2";
        Ok(sqlx::query(sql)
            .bind(account)
            .bind(count)
            .fetch_all(&mut **self)
            .await?
            .iter()
            .map(|row| row.get("password_hash"))
            .collect())
    }
}

impl Store {
    /// Makes an account without a password; a one-time link sets it.
    pub async fn create_account(
        &self,
        login: &str,
        name: &str,
        phone: &str,
        writer: Writer,
    ) -> Result<i64, StoreError> {
        let person = Person::read(login, name, phone).map_err(StoreError::Refused)?;
        self.transact(move |transaction| {
            Box::pin(
                async move { insert_account(transaction, &person.login, &person.name, &person.phone, &writer).await },
            )
        })
        .await
    }

    /// Another name or telephone; the log-in name stays what it was.
    pub async fn change_account(
        &self,
        account: i64,
        name: &str,
        phone: &str,
        writer: Writer,
    ) -> Result<(), StoreError> {
        let (name, phone) = (person_name(name), person_phone(phone));
        let faults: Vec<String> = [name.as_ref().err(), phone.as_ref().err()].into_iter().flatten().cloned().collect();
        let (Ok(name), Ok(phone)) = (name, phone) else { return Err(StoreError::Refused(faults)) };
        self.transact(move |transaction| {
            Box::pin(async move {
                let before = transaction.account(account).await?;
                let before = before.ok_or_else(|| StoreError::refused("没有这个账号"))?;
                if before.name == name && before.phone == phone {
                    return Ok(());
                }
                sqlx::query("UPDATE account SET name = $1, phone = $2 WHERE id = $3")
                    .bind(&name)
                    .bind(&phone)
                    .bind(account)
                    .execute(&mut **transaction)
                    .await?;
                let detail = json!({ "before": before.name, "name": name, "phone_changed": before.phone != phone });
                rows::append(transaction, &writer, "change_account", &object(Some(account)), detail, &[]).await?;
                Ok(())
            })
        })
        .await
    }

    /// The first set-up's one-time link, as its secret; only its hash is kept.
    pub async fn issue_link(&self, account: Option<i64>, writer: Writer) -> Result<String, StoreError> {
        self.transact(move |transaction| Box::pin(async move { write_link(transaction, account, &writer).await })).await
    }

    /// Sets a password, uses up the link that allowed it, and ends all sessions of the account.
    pub async fn set_password(
        &self,
        account: i64,
        hash: &str,
        link: Option<&str>,
        writer: Writer,
    ) -> Result<(), StoreError> {
        let hash = hash.to_owned();
        let link = link.map(|token| domain::canonical::sha256(token.as_bytes()));
        self.transact(move |transaction| {
            Box::pin(async move {
                if let Some(sha256) = link {
                    use_link(transaction, &sha256, writer.at).await?;
                }
                write_password(transaction, account, &hash, writer.at).await?;
                end_sessions(transaction, account, writer.at).await?;
                rows::append(transaction, &writer, "set_password", &object(Some(account)), json!({}), &[]).await?;
                Ok(())
            })
        })
        .await
    }

    /// Disables or enables an account; a disabled one has no session and cannot log in.
    pub async fn set_disabled(&self, account: i64, disabled: bool, writer: Writer) -> Result<(), StoreError> {
        self.transact(move |transaction| {
            Box::pin(async move {
                sqlx::query("UPDATE account SET disabled_at = $1 WHERE id = $2")
                    .bind(disabled.then_some(writer.at))
                    .bind(account)
                    .execute(&mut **transaction)
                    .await?;
                if disabled {
                    sqlx::query("UPDATE link SET used_at = $1 WHERE account_id = $2 AND used_at IS NULL")
                        .bind(writer.at)
                        .bind(account)
                        .execute(&mut **transaction)
                        .await?;
                    end_sessions(transaction, account, writer.at).await?;
                }
                let action = if disabled { "disable_account" } else { "enable_account" };
                rows::append(transaction, &writer, action, &object(Some(account)), json!({}), &[]).await?;
                Ok(())
            })
        })
        .await
    }

    /// Keeps the seed that a code has proved, or forgets it; `used` is the step of that code. The person's other
    /// sessions end.
    pub async fn set_totp(
        &self,
        account: i64,
        sealed: Option<String>,
        used: i64,
        session: &str,
        writer: Writer,
    ) -> Result<(), StoreError> {
        let session = session.to_owned();
        self.transact(move |transaction| {
            Box::pin(async move { write_totp(transaction, account, sealed, used, &session, &writer).await })
        })
        .await
    }

    /// Keeps a seed that waits for a code to prove it; one at a time.
    pub async fn offer_totp(&self, account: i64, sealed: &str, at: i64) -> Result<(), StoreError> {
        let sealed = sealed.to_owned();
        self.transact(move |transaction| {
            Box::pin(async move {
                let sql = "INSERT INTO totp_pending (account_id, sealed, at) VALUES ($1, $2, $3) \
                           ON CONFLICT (account_id) DO UPDATE SET sealed = excluded.sealed, at = excluded.at";
                sqlx::query(sql).bind(account).bind(sealed).bind(at).execute(&mut **transaction).await?;
                Ok(())
            })
        })
        .await
    }

    /// Failures before now no longer count.
    pub async fn unlock(&self, account: i64, writer: Writer) -> Result<(), StoreError> {
        self.transact(move |transaction| {
            Box::pin(async move {
                sqlx::query("UPDATE account SET unlocked_at = $1 WHERE id = $2")
                    .bind(writer.at)
                    .bind(account)
                    .execute(&mut **transaction)
                    .await?;
                rows::append(transaction, &writer, "unlock_account", &object(Some(account)), json!({}), &[]).await?;
                Ok(())
            })
        })
        .await
    }
}

/// A one-time link, as its secret; only its hash is kept. Without an account it is the first set-up's. It takes the
/// place of those before it.
pub(super) async fn write_link(
    transaction: &mut Transaction,
    account: Option<i64>,
    writer: &Writer,
) -> Result<String, StoreError> {
    let token = crate::passwords::random_token();
    let sha256 = domain::canonical::sha256(token.as_bytes());
    let sql =
        "UPDATE link SET used_at = $1 WHERE used_at IS NULL AND (account_id = $2 OR (account_id IS NULL AND $3 = 1))";
    sqlx::query(sql)
        .bind(writer.at)
        .bind(account.unwrap_or(-1))
        .bind(i64::from(account.is_none()))
        .execute(&mut **transaction)
        .await?;
    let expires = writer.at + if account.is_some() { INVITATION_LIFE } else { LINK_LIFE };
    sqlx::query("INSERT INTO link (token_sha256, account_id, expires_at) VALUES ($1, $2, $3)")
        .bind(&sha256)
        .bind(account)
        .bind(expires)
        .execute(&mut **transaction)
        .await?;
    let detail = json!({ "expires": expires, "link": link_seal(&sha256) });
    rows::append(transaction, writer, "issue_link", &object(account), detail, &[]).await?;
    Ok(token)
}

/// One-time codes are no longer asked for, and all sessions end.
pub(super) async fn forget_totp(
    transaction: &mut Transaction,
    account: i64,
    writer: &Writer,
) -> Result<(), StoreError> {
    write_totp(transaction, account, None, 0, "", writer).await
}

async fn write_totp(
    transaction: &mut Transaction,
    account: i64,
    sealed: Option<String>,
    used: i64,
    session: &str,
    writer: &Writer,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE account SET totp_secret = $1, totp_used = $2 WHERE id = $3")
        .bind(&sealed)
        .bind(used)
        .bind(account)
        .execute(&mut **transaction)
        .await?;
    let pending = "DELETE FROM totp_pending WHERE account_id = $1";
    sqlx::query(pending).bind(account).execute(&mut **transaction).await?;
    let others = "UPDATE session SET ended_at = $1 WHERE account_id = $2 AND token_sha256 <> $3 AND ended_at IS NULL";
    sqlx::query(others).bind(writer.at).bind(account).bind(session).execute(&mut **transaction).await?;
    let detail = json!({ "on": sealed.is_some(), "kept": session.get(..8).unwrap_or_default() });
    rows::append(transaction, writer, "set_totp", &object(Some(account)), detail, &[]).await?;
    Ok(())
}

/// How the audit trail names an account.
pub(super) fn object(account: Option<i64>) -> String {
    account.map_or("setup".to_owned(), |id| format!("account/{id}"))
}

pub(super) async fn insert_account(
    transaction: &mut Transaction,
    login: &str,
    name: &str,
    phone: &str,
    writer: &Writer,
) -> Result<i64, StoreError> {
    let known =
        sqlx::query("SELECT id FROM account WHERE login = $1").bind(login).fetch_optional(&mut **transaction).await?;
    if known.is_some() {
        return Err(StoreError::refused(format!("登录名“{login}”已有人用过，请换一个；用过的登录名不再给别人")));
    }
    let last: Option<i64> =
        sqlx::query("SELECT MAX(id) AS last FROM account").fetch_one(&mut **transaction).await?.get("last");
    let id = last.unwrap_or(0) + 1;
    sqlx::query("INSERT INTO account (id, login, name, phone, created_at, unlocked_at, totp_used) VALUES ($1, $2, $3, $4, $5, $6, 0)")
        .bind(id)
        .bind(login)
        .bind(name)
        .bind(phone)
        .bind(writer.at)
        .bind(writer.at)
        .execute(&mut **transaction)
        .await?;
    rows::append(
        transaction,
        writer,
        "create_account",
        &object(Some(id)),
        json!({ "login": login, "name": name }),
        &[],
    )
    .await?;
    Ok(id)
}

pub(super) async fn use_link(transaction: &mut Transaction, sha256: &str, now: i64) -> Result<(), StoreError> {
    let used =
        sqlx::query("UPDATE link SET used_at = $1 WHERE token_sha256 = $2 AND used_at IS NULL AND expires_at > $3")
            .bind(now)
            .bind(sha256)
            .bind(now)
            .execute(&mut **transaction)
            .await?;
    if used.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::refused("这个链接已用过或已过期，请向系统管理员要一个新的"))
    }
}

pub(super) async fn write_password(
    transaction: &mut Transaction,
    account: i64,
    hash: &str,
    now: i64,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE account SET password_hash = $1, password_at = $2, unlocked_at = $3 WHERE id = $4")
        .bind(hash)
        .bind(now)
        .bind(now)
        .bind(account)
        .execute(&mut **transaction)
        .await?;
    sqlx::query("INSERT INTO password_history (account_id, at, password_hash) VALUES ($1, $2, $3)")
        .bind(account)
        .bind(now)
        .bind(hash)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Ends all sessions of an account.
pub(super) async fn end_sessions(transaction: &mut Transaction, account: i64, now: i64) -> Result<u64, StoreError> {
    let ended = sqlx::query("UPDATE session SET ended_at = $1 WHERE account_id = $2 AND ended_at IS NULL")
        .bind(now)
        .bind(account)
        .execute(&mut **transaction)
        .await?;
    Ok(ended.rows_affected())
}
