//! What changes in place: accounts, sessions and one-time links. Each change writes into its audit row a digest of what
//! it wrote ([`seal`]), so that `verify` tells a row that differs from the last one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::verify::{Chain, Checked};
use super::{Store, StoreError, Transaction, Writer, audit, people};

/// What of an account is sealed together, because one change writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Identity,
    Password,
    State,
    Code,
}

impl Part {
    const ALL: [Part; 4] = [Part::Identity, Part::Password, Part::State, Part::Code];

    /// As it stands in the audit row.
    fn id(self) -> &'static str {
        match self {
            Part::Identity => "identity",
            Part::Password => "password",
            Part::State => "state",
            Part::Code => "code",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Part::Identity => "登录名、姓名或电话",
            Part::Password => "密码",
            Part::State => "停用状态",
            Part::Code => "动态口令",
        }
    }

    fn columns(self) -> &'static [&'static str] {
        match self {
            Part::Identity => &["login", "name", "phone", "created_at"],
            Part::Password => &["password_hash", "password_at"],
            Part::State => &["disabled_at"],
            Part::Code => &["totp_secret"],
        }
    }
}

/// The parts that an action writes anew.
fn written_by(action: &str) -> &'static [Part] {
    match action {
        "create_account" => &Part::ALL,
        "change_account" => &[Part::Identity],
        "set_password" => &[Part::Password],
        "disable_account" | "enable_account" => &[Part::State],
        "set_totp" => &[Part::Code],
        _ => &[],
    }
}

const ACCOUNT: &str =
    "SELECT id, login, name, phone, created_at, password_hash, password_at, disabled_at, totp_secret FROM account";

/// SHA-256 of a part's columns as canonical JSON, with the account's number.
fn digest(row: &AnyRow, part: Part) -> String {
    let mut sealed: Map<String, Value> = part
        .columns()
        .iter()
        .map(|&column| {
            let value = match column {
                "created_at" => json!(row.get::<i64, _>(column)),
                "password_at" | "disabled_at" => json!(row.get::<Option<i64>, _>(column)),
                _ => json!(row.get::<Option<String>, _>(column)),
            };
            (column.to_owned(), value)
        })
        .collect();
    sealed.insert("id".to_owned(), json!(row.get::<i64, _>("id")));
    let text = domain::canonical::to_json(&sealed).expect("strings and integers");
    domain::canonical::sha256(text.as_bytes())
}

fn seals(row: &AnyRow, parts: &[Part]) -> Value {
    Value::Object(parts.iter().map(|&part| (part.id().to_owned(), json!(digest(row, part)))).collect())
}

/// Adds to what an audit row says of an account the digests of what was just written of it.
pub(super) async fn seal(
    transaction: &mut Transaction,
    action: &str,
    object: &str,
    mut detail: Value,
) -> Result<Value, StoreError> {
    let parts = written_by(action);
    let id = object.strip_prefix("account/").and_then(|id| id.parse::<i64>().ok());
    if let (Some(id), false) = (id, parts.is_empty()) {
        let sql = format!("{ACCOUNT} WHERE id = $1");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(&mut **transaction).await?;
        if let Some(row) = row {
            detail["seals"] = seals(&row, parts);
        }
    }
    Ok(detail)
}

/// What a session says of itself from its beginning on, as a digest.
pub(super) fn session_seal(token_sha256: &str, account: i64, at: i64, address: &str) -> String {
    domain::canonical::sha256(format!("{token_sha256}\n{account}\n{at}\n{address}").as_bytes())
}

/// The digest of a one-time link: its stored hash alone opens nothing, and yet does not stand in the trail.
pub(super) fn link_seal(token_sha256: &str) -> String {
    domain::canonical::sha256(token_sha256.as_bytes())
}

impl Store {
    /// Seals the accounts of a database that is older than seals, once: before the first other row is written.
    pub(super) async fn seal_older_accounts(&self) -> Result<(), StoreError> {
        let older = "SELECT 1 FROM audit WHERE action = 'create_account' AND detail NOT LIKE '%\"seals\"%' LIMIT 1";
        let sealed = "SELECT 1 FROM audit WHERE action = 'seal_accounts' LIMIT 1";
        let mut state = self.read().await?;
        let is_older = sqlx::query(older).fetch_optional(&mut *state).await?.is_some();
        if !is_older || sqlx::query(sealed).fetch_optional(&mut *state).await?.is_some() {
            return Ok(());
        }
        drop(state);
        self.transact(move |transaction| {
            Box::pin(async move {
                // Another copy of the program may have been quicker.
                if sqlx::query(sealed).fetch_optional(&mut **transaction).await?.is_some() {
                    return Ok(());
                }
                let rows = sqlx::query(sqlx::AssertSqlSafe(format!("{ACCOUNT} ORDER BY id")));
                let rows = rows.fetch_all(&mut **transaction).await?;
                let accounts: Map<String, Value> =
                    rows.iter().map(|row| (people::object(Some(row.get("id"))), seals(row, &Part::ALL))).collect();
                // The time of the last row: a step of the database's own form is nobody's act.
                let at = transaction.last_written().await?.unwrap_or(0);
                let writer = Writer { actor: "升级".to_owned(), at, session: None };
                audit::append(transaction, &writer, "seal_accounts", "accounts", &json!({ "accounts": accounts }))
                    .await
                    .map(drop)
            })
        })
        .await
    }
}

fn altered<T>(sentence: String) -> Result<T, StoreError> {
    Err(StoreError::Altered(sentence))
}

/// What the trail says last of each account's parts: the digest, and the number of the row that says it.
fn last_seals(chain: &Chain) -> BTreeMap<(String, &'static str), (String, i64)> {
    let mut last = BTreeMap::new();
    let mut take = |object: &str, seals: &Value, seq: i64| {
        for part in Part::ALL {
            if let Some(digest) = seals[part.id()].as_str() {
                last.insert((object.to_owned(), part.id()), (digest.to_owned(), seq));
            }
        }
    };
    for (&seq, entry) in chain {
        match entry.action.as_str() {
            "seal_accounts" => entry.detail()["accounts"]
                .as_object()
                .into_iter()
                .flatten()
                .for_each(|(object, seals)| take(object, seals, seq)),
            action if !written_by(action).is_empty() => take(&entry.object, &entry.detail()["seals"], seq),
            _ => {}
        }
    }
    last
}

impl Transaction {
    /// Every account against what the trail says last of it, both ways; returns how many there are.
    pub(super) async fn verify_accounts(&mut self, chain: &Chain) -> Result<usize, StoreError> {
        let last = last_seals(chain);
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!("{ACCOUNT} ORDER BY id"))).fetch_all(&mut **self).await?;
        let mut there = BTreeSet::new();
        for row in &rows {
            let (object, login) = (people::object(Some(row.get("id"))), row.get::<String, _>("login"));
            for part in Part::ALL {
                match last.get(&(object.clone(), part.id())) {
                    None => return altered(format!("账号 {login} 没有对应的审计记录，不是由本程序建立的")),
                    Some((sealed, seq)) if *sealed != digest(row, part) => {
                        let name = part.name();
                        return altered(format!("账号 {login} 的{name}被改动过：与审计第 {seq} 条不符"));
                    }
                    Some(_) => {}
                }
            }
            there.insert(object);
        }
        match last.keys().find(|(object, _)| !there.contains(object)) {
            Some(key) => altered(format!("{}（审计第 {} 条）被删除了", key.0, last[key].1)),
            None => Ok(rows.len()),
        }
    }

    /// Every session that lives: begun by a log-in that the trail has, and ended by nothing after it.
    pub(super) async fn verify_sessions(&mut self, chain: &Chain) -> Result<usize, StoreError> {
        let sql = "SELECT s.token_sha256, s.account_id, s.created_at, s.address, a.login, a.disabled_at \
                   FROM session s JOIN account a ON a.id = s.account_id WHERE s.ended_at IS NULL ORDER BY s.created_at";
        let rows = sqlx::query(sql).fetch_all(&mut **self).await?;
        for row in &rows {
            let (token, account): (String, i64) = (row.get("token_sha256"), row.get("account_id"));
            let (at, address, login): (i64, String, String) =
                (row.get("created_at"), row.get("address"), row.get("login"));
            let when = domain::calendar::moment(at);
            if row.get::<Option<i64>, _>("disabled_at").is_some() {
                return altered(format!("账号 {login} 已停用，却有一个有效的登录（{when}）"));
            }
            let (short, seal) = (&token[..8], session_seal(&token, account, at, &address));
            let object = people::object(Some(account));
            let began = |entry: &Checked| {
                if entry.action != "log_in" || entry.object != object {
                    return false;
                }
                let detail = entry.detail();
                // Rows of older programs name the session by its first digits alone.
                match detail["seal"].as_str() {
                    Some(sealed) => sealed == seal,
                    None => entry.at == at && detail["session"] == short,
                }
            };
            let Some((&begun, _)) = chain.iter().rev().find(|(_, entry)| began(entry)) else {
                return altered(format!("账号 {login} 有一个登录（{when}）没有对应的审计记录，可能是伪造的"));
            };
            let ended = |entry: &Checked| match entry.action.as_str() {
                "set_password" | "disable_account" => entry.object == object,
                "log_out" | "end_sessions" => {
                    let detail = entry.detail();
                    entry.object == object && (detail["session"] == short || detail["all"] == true)
                }
                "set_totp" => {
                    entry.object == object && entry.detail()["kept"].as_str().is_some_and(|kept| kept != short)
                }
                "log_in" => entry.detail()["before"] == short,
                "appoint" => {
                    let detail = entry.detail();
                    detail["account"] == account || detail["before"] == account
                }
                _ => false,
            };
            if let Some((seq, _)) = chain.range(begun + 1..).find(|(_, entry)| ended(entry)) {
                return altered(format!("账号 {login} 的一个登录（{when}）已由审计第 {seq} 条结束，又被改成有效"));
            }
        }
        Ok(rows.len())
    }

    /// Every one-time link that was not used: the trail says that it was issued.
    pub(super) async fn verify_one_time_links(&mut self, chain: &Chain) -> Result<(), StoreError> {
        let sql = "SELECT l.token_sha256, l.account_id, l.expires_at, a.login FROM link l \
                   LEFT JOIN account a ON a.id = l.account_id WHERE l.used_at IS NULL";
        for row in &sqlx::query(sql).fetch_all(&mut **self).await? {
            let object = people::object(row.get("account_id"));
            let (seal, expires) = (link_seal(&row.get::<String, _>("token_sha256")), row.get::<i64, _>("expires_at"));
            let issued = chain.values().any(|entry| {
                let is_it = |detail: Value| {
                    let same = detail.get("link").is_none_or(|sealed| *sealed == json!(seal));
                    detail["expires"] == expires && same
                };
                entry.action == "issue_link" && entry.object == object && is_it(entry.detail())
            });
            if !issued {
                let whose = row.get::<Option<String>, _>("login").unwrap_or_else(|| "首次设置".to_owned());
                return altered(format!("有一个一次性链接（{whose}）没有对应的审计记录，可能是伪造的"));
            }
        }
        Ok(())
    }
}
