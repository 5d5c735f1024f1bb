//! 花名册: accounts that one administrator makes with the posts he asks for, and another who keeps the posts fills them.

use office::access::{Enrolled, WaitingRoster};
use office::people::{Line, NewPost};
use office::rows::NewRow;
use office::viewer::Account;
use serde_json::json;
use sqlx::Row;

use super::people::{insert_account, write_link};
use super::posts::{appoint, insert_deputy, insert_post};
use super::{Store, StoreError, Transaction, Writer, rows};

impl Transaction {
    /// The workbook that waits; there is one at a time.
    pub async fn waiting_roster(&mut self) -> Result<Option<WaitingRoster>, StoreError> {
        let sql = "SELECT id, by_account, at, actor, content FROM roster r WHERE step = 'ask' \
                   AND version = (SELECT MAX(version) FROM roster WHERE id = r.id) ORDER BY id DESC LIMIT 1";
        let Some(row) = sqlx::query(sql).fetch_optional(&mut **self).await? else { return Ok(None) };
        let lines = serde_json::from_str(&row.get::<String, _>("content"))
            .map_err(|error| StoreError::Unreadable(format!("花名册：{error}")))?;
        Ok(Some(WaitingRoster {
            id: row.get("id"),
            by_account: row.get("by_account"),
            actor: row.get("actor"),
            at: row.get("at"),
            lines,
        }))
    }
}

/// A step of a workbook; the first one holds its lines.
async fn write(
    transaction: &mut Transaction,
    (id, version, step): (i64, i64, &str),
    by: i64,
    content: Option<&[Line]>,
    writer: &Writer,
) -> Result<(), StoreError> {
    let content = content.map(|lines| domain::canonical::to_json(&lines)).transpose();
    let content = content.map_err(|error| StoreError::Unreadable(error.to_string()))?;
    let row = NewRow {
        table: "roster",
        cells: vec![
            ("id", id.into()),
            ("version", version.into()),
            ("step", step.into()),
            ("by_account", by.into()),
            ("at", writer.at.into()),
            ("actor", (&writer.actor).into()),
            ("content", content.as_deref().into()),
        ],
    };
    let (action, object) = (format!("{step}_roster"), format!("roster/{id}"));
    rows::append(transaction, writer, &action, &object, json!({}), &[row]).await.map(drop)
}

/// Puts a line's person on his post: a vacant one of its kind, else a new one.
async fn fill(
    transaction: &mut Transaction,
    post: &NewPost,
    deputy: bool,
    account: i64,
    writer: &Writer,
) -> Result<(), StoreError> {
    let posts = transaction.posts().await?;
    let same = || posts.iter().filter(|held| held.post.domain == post.reach());
    let vacant = same().find(|held| held.holder.is_none() && held.deputy_of.is_some() == deputy);
    let id = match vacant {
        Some(held) => held.post.id.clone(),
        None if deputy => {
            let of = same().find(|held| held.deputy_of.is_none()).map(|held| held.post.id.clone());
            let of = match of {
                Some(of) => of,
                None => insert_post(transaction, post, writer).await?.id,
            };
            insert_deputy(transaction, &of, writer).await?.id
        }
        None => insert_post(transaction, post, writer).await?.id,
    };
    appoint(transaction, &id, Some(account), writer).await
}

impl Store {
    /// Makes the accounts of a workbook with a one-time link each, and asks for its posts: all of it or nothing.
    pub async fn enrol(&self, lines: Vec<Line>, by: i64, writer: Writer) -> Result<Vec<Enrolled>, StoreError> {
        self.transact(move |transaction| {
            Box::pin(async move {
                let asks = lines.iter().any(|line| line.post.is_some());
                if asks && let Some(waiting) = transaction.waiting_roster().await? {
                    return Err(StoreError::refused(format!(
                        "{}报来的花名册还没有定岗，请先由安全管理员定岗或退回，再报下一份",
                        waiting.actor
                    )));
                }
                let mut enrolled = Vec::new();
                for line in lines.iter().filter(|line| line.new) {
                    let person = &line.person;
                    let id = insert_account(transaction, &person.login, &person.name, &person.phone, &writer).await?;
                    let token = write_link(transaction, Some(id), &writer).await?;
                    enrolled.push(Enrolled { person: person.clone(), title: line.title(), token });
                }
                if asks {
                    let last = sqlx::query("SELECT MAX(id) AS last FROM roster").fetch_one(&mut **transaction).await?;
                    let id = last.get::<Option<i64>, _>("last").unwrap_or(0) + 1;
                    write(transaction, (id, 1, "ask"), by, Some(&lines), &writer).await?;
                }
                Ok(enrolled)
            })
        })
        .await
    }

    /// Makes the posts that a workbook asks for and appoints its people: all of it or nothing.
    pub async fn confirm_roster(&self, id: i64, by: &Account, writer: Writer) -> Result<(), StoreError> {
        let by = by.clone();
        self.transact(move |transaction| {
            Box::pin(async move {
                let waiting = still_waiting(transaction, id).await?;
                if waiting.by_account == by.id {
                    return Err(StoreError::refused("报花名册的人不能自己定岗，请由另一个人办理"));
                }
                write(transaction, (id, 2, "confirm"), by.id, None, &writer).await?;
                let mut faults = Vec::new();
                for line in &waiting.lines {
                    let Some(post) = &line.post else { continue };
                    let account = transaction.account_by_login(&line.person.login).await?;
                    let found = match account {
                        None => Err(StoreError::refused("没有这个账号")),
                        Some(account) if account.id == by.id => {
                            Err(StoreError::refused("不能给自己定岗，请由另一位安全管理员办理"))
                        }
                        Some(account) => fill(transaction, post, line.deputy, account.id, &writer).await,
                    };
                    match found {
                        Err(StoreError::Refused(said)) => {
                            faults.push(format!("第 {} 行 {}：{}", line.row, line.person.name, said.join("；")));
                        }
                        found => found?,
                    }
                }
                if faults.is_empty() { Ok(()) } else { Err(StoreError::Refused(faults)) }
            })
        })
        .await
    }

    /// Sends a workbook back: its accounts stay, no post is made.
    pub async fn drop_roster(&self, id: i64, by: &Account, writer: Writer) -> Result<(), StoreError> {
        let by = by.id;
        self.transact(move |transaction| {
            Box::pin(async move {
                still_waiting(transaction, id).await?;
                write(transaction, (id, 2, "drop"), by, None, &writer).await
            })
        })
        .await
    }

    /// A new one-time link for everybody who has set no password yet.
    pub async fn links_for_the_new(&self, writer: Writer) -> Result<Vec<Enrolled>, StoreError> {
        self.transact(move |transaction| {
            Box::pin(async move {
                let posts = transaction.posts().await?;
                let asked = transaction.waiting_roster().await?.map_or(Vec::new(), |waiting| waiting.lines);
                let mut enrolled = Vec::new();
                for account in transaction.accounts().await? {
                    if account.disabled || account.password_at.is_some() {
                        continue;
                    }
                    let held = posts.iter().find(|held| held.holder.as_ref().is_some_and(|own| own.id == account.id));
                    let line = asked.iter().find(|line| line.person.login == account.login);
                    let title = held.map(|held| held.post.title.clone()).or_else(|| line.map(Line::title));
                    let token = write_link(transaction, Some(account.id), &writer).await?;
                    enrolled.push(Enrolled {
                        person: office::people::Person {
                            login: account.login,
                            name: account.name,
                            phone: account.phone,
                        },
                        title: title.unwrap_or_else(|| "—".to_owned()),
                        token,
                    });
                }
                if enrolled.is_empty() {
                    return Err(StoreError::refused("所有人都设过密码了，没有要发的链接"));
                }
                Ok(enrolled)
            })
        })
        .await
    }
}

async fn still_waiting(transaction: &mut Transaction, id: i64) -> Result<WaitingRoster, StoreError> {
    let waiting = transaction.waiting_roster().await?.filter(|waiting| waiting.id == id);
    waiting.ok_or_else(|| StoreError::refused("这份花名册已办过或已退回，请刷新后再看"))
}
