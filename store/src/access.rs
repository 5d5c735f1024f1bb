//! Changes of who gets in: at once where one person may, else asked for by one and confirmed by another.

use domain::rights::Role;
use office::access::{AccessRequest, Changed, Made, Notice, REQUEST_LIFE, What};
use office::rows::NewRow;
use office::viewer::{Account, Post};
use serde_json::json;
use sqlx::Row;

use super::people::{forget_totp, object, write_link};
use super::posts::appoint;
use super::{Store, StoreError, Transaction, Writer, audit, rows};

/// For how long people are told of a change they have not seen, milliseconds.
const TOLD_FOR: i64 = 90 * 24 * 3600 * 1000;

/// A change of who gets in.
#[derive(Debug, Clone)]
pub struct AccessChange {
    pub what: What,
    pub account: i64,
    /// The post that gets a new holder.
    pub post: Option<String>,
    /// Who asks; `None` for the machine's own user.
    pub by: Option<i64>,
    /// Why one person alone does it, on the machine itself.
    pub emergency: Option<String>,
}

const REQUEST: &str = "SELECT r.id, r.step, r.what, r.account_id, a.login, a.name, r.post_id, p.title, r.by_account, \
                       r.actor, r.at, r.expires_at FROM access_request r JOIN account a ON a.id = r.account_id \
                       JOIN post p ON p.id = r.post_id \
                       WHERE r.version = (SELECT MAX(version) FROM access_request WHERE id = r.id) AND r.step = 'ask'";

fn request(row: &sqlx::any::AnyRow) -> Result<AccessRequest, StoreError> {
    let what: String = row.get("what");
    Ok(AccessRequest {
        id: row.get("id"),
        what: What::parse(&what).ok_or_else(|| StoreError::Unreadable(format!("提请的事 {what}")))?,
        account: row.get("account_id"),
        login: row.get("login"),
        name: row.get("name"),
        post: row.get("post_id"),
        post_title: row.get("title"),
        by: row.get("by_account"),
        actor: row.get("actor"),
        at: row.get("at"),
        expires_at: row.get("expires_at"),
    })
}

impl Transaction {
    /// The changes that wait for a second person, oldest first.
    pub async fn access_requests(&mut self, now: i64) -> Result<Vec<AccessRequest>, StoreError> {
        let sql = format!("{REQUEST} AND r.expires_at > $1 ORDER BY r.id");
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(now).fetch_all(&mut **self).await?.iter().map(request).collect()
    }

    /// What somebody has not been told yet, newest first: of his own log-in; the audit administrator of everybody's,
    /// all administrators of what one person did alone.
    pub async fn notices(&mut self, account: i64, post: Option<&Post>, now: i64) -> Result<Vec<Notice>, StoreError> {
        let seen = "SELECT seq FROM notice_seen WHERE account_id = $1";
        let seen = sqlx::query(seen).bind(account).fetch_optional(&mut **self).await?;
        let seen: i64 = seen.map_or(0, |row| row.get("seq"));
        let role = post.map(|post| post.domain.role);
        let sql = "SELECT seq, at, actor, action, object, detail FROM audit \
                   WHERE action IN ('confirm_access', 'emergency_access', 'set_totp') AND seq > $1 AND at > $2 \
                   ORDER BY seq DESC LIMIT 200";
        let found = sqlx::query(sql).bind(seen).bind(now - TOLD_FOR).fetch_all(&mut **self).await?;
        let own_object = object(Some(account));
        let notice = |row: &sqlx::any::AnyRow| {
            let (seq, at): (i64, i64) = (row.get("seq"), row.get("at"));
            let (actor, action, object, detail): (String, String, String, String) =
                (row.get("actor"), row.get("action"), row.get("object"), row.get("detail"));
            if action == "set_totp" {
                let on = serde_json::from_str::<serde_json::Value>(&detail).ok()?["on"].as_bool()?;
                return (object == own_object).then(|| Notice::of_codes(seq, at, &actor, on));
            }
            let made: Made = serde_json::from_str(&detail).ok()?;
            let own = object == own_object || made.before == Some(account);
            let watches = role.is_some_and(|role| match role {
                Role::AuditAdmin => true,
                role => role.is_admin() && action == "emergency_access",
            });
            (own || watches).then(|| Notice::of_change(seq, at, &actor, &made, own))
        };
        Ok(found.iter().filter_map(notice).take(20).collect())
    }

    async fn latest_holder(&mut self, post: &str) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT account_id FROM holding WHERE post_id = $1 AND account_id IS NOT NULL \
                   ORDER BY version DESC LIMIT 1";
        Ok(sqlx::query(sql).bind(post).fetch_optional(&mut **self).await?.map(|row| row.get("account_id")))
    }

    /// The post for whose sake a change takes two people: one that touches figures or administers, and that somebody
    /// has worked on. A first password and a first holder need no second person: nobody's name is taken by them, and
    /// whoever makes the account is not who appoints.
    async fn guarded_by(&mut self, change: &AccessChange, account: &Account) -> Result<Option<Post>, StoreError> {
        let post = match (change.what, &change.post) {
            (What::Appoint, Some(id)) => {
                let held = self.latest_holder(id).await?;
                self.posts().await?.into_iter().map(|held| held.post).find(|post| held.is_some() && post.id == *id)
            }
            (What::Link, _) if account.password_at.is_none() => None,
            _ => self.post_of(account.id).await?,
        };
        Ok(post.filter(|post| post.domain.role.takes_two_to_reset()))
    }

    async fn carry_out_change(&mut self, change: &AccessChange, writer: &Writer) -> Result<Option<String>, StoreError> {
        match (change.what, &change.post) {
            (What::Link, _) => write_link(self, Some(change.account), writer).await.map(Some),
            (What::ForgetTotp, _) => forget_totp(self, change.account, writer).await.map(|()| None),
            (What::Appoint, post) => {
                appoint(self, post.as_deref().unwrap_or_default(), Some(change.account), writer).await.map(|()| None)
            }
        }
    }

    async fn next_request(&mut self) -> Result<i64, StoreError> {
        let sql = "SELECT MAX(id) AS last FROM access_request";
        Ok(sqlx::query(sql).fetch_one(&mut **self).await?.get::<Option<i64>, _>("last").unwrap_or(0) + 1)
    }
}

fn row(request: &AccessRequest, version: i64, step: &str, by: Option<i64>, writer: &Writer) -> NewRow {
    NewRow {
        table: "access_request",
        cells: vec![
            ("id", request.id.into()),
            ("version", version.into()),
            ("step", step.into()),
            ("what", request.what.id().into()),
            ("account_id", request.account.into()),
            ("post_id", (&request.post).into()),
            ("by_account", by.into()),
            ("actor", (&writer.actor).into()),
            ("at", writer.at.into()),
            ("expires_at", request.expires_at.into()),
        ],
    }
}

async fn known(transaction: &mut Transaction, account: i64) -> Result<Account, StoreError> {
    transaction.account(account).await?.ok_or_else(|| StoreError::refused("没有这个账号"))
}

fn detail(made: &Made) -> Result<serde_json::Value, StoreError> {
    serde_json::to_value(made).map_err(|error| StoreError::Unreadable(error.to_string()))
}

impl Store {
    /// Makes a change of who gets in where one person may, else asks for it; in an emergency one person makes it, and
    /// everybody concerned is told.
    pub async fn change_access(&self, change: AccessChange, writer: Writer) -> Result<Changed, StoreError> {
        self.transact(move |transaction| {
            Box::pin(async move {
                let account = known(transaction, change.account).await?;
                let Some(post) = transaction.guarded_by(&change, &account).await? else {
                    return transaction.carry_out_change(&change, &writer).await.map(Changed::Done);
                };
                let person = format!("{}（{}）", account.name, account.login);
                if let Some(reason) = &change.emergency {
                    let reason = domain::entry::clean(reason).trim().to_owned();
                    if reason.chars().count() < 4 {
                        return Err(StoreError::refused("紧急办理没有第二人确认，请写明理由，至少4个字"));
                    }
                    let before = transaction.latest_holder(&post.id).await?;
                    let done = transaction.carry_out_change(&change, &writer).await?;
                    let made = Made {
                        what: change.what,
                        person,
                        account: account.id,
                        post: post.title,
                        before: before.filter(|_| change.what == What::Appoint),
                        asked_by: None,
                        reason: Some(reason),
                    };
                    let object = object(Some(account.id));
                    audit::append(transaction, &writer, "emergency_access", &object, &detail(&made)?).await?;
                    return Ok(Changed::Done(done));
                }
                if change.what == What::Appoint {
                    super::posts::may_hold(transaction, &post.id, account.id).await?;
                }
                let waiting = transaction.access_requests(writer.at).await?;
                let same = |other: &&AccessRequest| {
                    other.what == change.what
                        && other.post == post.id
                        && (change.what == What::Appoint || other.account == account.id)
                };
                if let Some(other) = waiting.iter().find(same) {
                    return Err(StoreError::refused(format!(
                        "已经提请过（编号 {}）：{}，正等{}确认；要改请先撤销那一件",
                        other.id,
                        other.sentence(),
                        other.what.confirmed_by().name()
                    )));
                }
                let asked = AccessRequest {
                    id: transaction.next_request().await?,
                    what: change.what,
                    account: account.id,
                    login: account.login,
                    name: account.name,
                    post: post.id,
                    post_title: post.title,
                    by: change.by,
                    actor: writer.actor.clone(),
                    at: writer.at,
                    expires_at: writer.at + REQUEST_LIFE,
                };
                let new = row(&asked, 1, "ask", change.by, &writer);
                let said = json!({ "request": asked.id, "what": asked.what.id(), "post": asked.post });
                rows::append(transaction, &writer, "ask_access", &object(Some(asked.account)), said, &[new]).await?;
                Ok(Changed::Asked(asked))
            })
        })
        .await
    }

    /// Confirms what another asked for, and makes it; returns it with the one-time link where there is one.
    pub async fn confirm_access(
        &self,
        id: i64,
        by: &Account,
        writer: Writer,
    ) -> Result<(AccessRequest, Option<String>), StoreError> {
        let by = by.id;
        self.transact(move |transaction| {
            Box::pin(async move {
                let asked = waiting(transaction, id, writer.at).await?;
                let role = transaction.post_of(by).await?.map(|post| post.domain.role);
                let needed = asked.what.confirmed_by();
                if role != Some(needed) {
                    return Err(StoreError::refused(format!("“{}”要由{}确认", asked.sentence(), needed.name())));
                }
                if asked.by == Some(by) {
                    return Err(StoreError::refused("提请的人不能自己确认，请由另一个人确认"));
                }
                if asked.account == by {
                    let sentence =
                        "这是您自己的登录，不能自己确认；请由另一位管理员确认，或在服务器上紧急办理（--emergency）";
                    return Err(StoreError::refused(sentence));
                }
                let before = transaction.latest_holder(&asked.post).await?;
                let post = (asked.what == What::Appoint).then(|| asked.post.clone());
                let change =
                    AccessChange { what: asked.what, account: asked.account, post, by: Some(by), emergency: None };
                if asked.what != What::Appoint {
                    // The post may have changed hands while this waited: then it was asked for somebody else.
                    let held = transaction.post_of(asked.account).await?;
                    if held.is_none_or(|held| held.id != asked.post) {
                        return Err(StoreError::refused("提请之后岗位换了人，这件事不能再确认，请撤销后重新提请"));
                    }
                }
                let made = Made {
                    what: asked.what,
                    person: format!("{}（{}）", asked.name, asked.login),
                    account: asked.account,
                    post: asked.post_title.clone(),
                    before: before.filter(|_| asked.what == What::Appoint),
                    asked_by: Some(asked.actor.clone()),
                    reason: None,
                };
                let new = row(&asked, 2, "confirm", Some(by), &writer);
                let object = object(Some(asked.account));
                rows::append(transaction, &writer, "confirm_access", &object, detail(&made)?, &[new]).await?;
                let link = transaction.carry_out_change(&change, &writer).await?;
                Ok((asked, link))
            })
        })
        .await
    }

    /// Takes back or turns down what waits.
    pub async fn drop_access(&self, id: i64, by: &Account, writer: Writer) -> Result<AccessRequest, StoreError> {
        let by = by.id;
        self.transact(move |transaction| {
            Box::pin(async move {
                let asked = waiting(transaction, id, writer.at).await?;
                let new = row(&asked, 2, "drop", Some(by), &writer);
                let said = json!({ "request": asked.id });
                rows::append(transaction, &writer, "drop_access", &object(Some(asked.account)), said, &[new]).await?;
                Ok(asked)
            })
        })
        .await
    }

    /// Somebody has read what he was told, up to this row of the trail.
    pub async fn notices_seen(&self, account: i64, seq: i64) -> Result<(), StoreError> {
        self.transact(move |transaction| {
            Box::pin(async move {
                let last = transaction.head().await?.seq;
                let sql = "INSERT INTO notice_seen (account_id, seq) VALUES ($1, $2) \
                           ON CONFLICT (account_id) DO UPDATE SET seq = excluded.seq WHERE notice_seen.seq < excluded.seq";
                sqlx::query(sql).bind(account).bind(seq.min(last)).execute(&mut **transaction).await?;
                Ok(())
            })
        })
        .await
    }
}

async fn waiting(transaction: &mut Transaction, id: i64, now: i64) -> Result<AccessRequest, StoreError> {
    let sql = format!("{REQUEST} AND r.id = $1");
    let found = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(&mut **transaction).await?;
    let asked = found.as_ref().map(request).transpose()?;
    let asked = asked.ok_or_else(|| StoreError::refused(format!("编号 {id} 没有等待确认的事，可能已确认或已撤销")))?;
    if asked.expires_at <= now {
        return Err(StoreError::refused(format!("“{}”等了三天没有确认，已过期，请重新提请", asked.sentence())));
    }
    Ok(asked)
}
