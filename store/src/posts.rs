//! Posts and who holds them: both only grow. A post that is retired stays in the records and is nobody's any more.

use domain::rights::{Reach, Role};
use office::facts::{HeldPost, RetiredPost};
use office::people::NewPost;
use office::viewer::{Account, Post};
use serde_json::json;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::kept::kept;
use super::people::end_sessions;
use super::{Store, StoreError, Transaction, Writer, rows};
use office::rows::NewRow;

fn post(row: &AnyRow) -> Result<Post, StoreError> {
    let role: String = row.get("role");
    let role = Role::parse(&role).ok_or_else(|| StoreError::Unreadable(format!("岗位类别 {role}")))?;
    Ok(Post {
        id: row.get("id"),
        domain: Reach { role, office: row.get("office"), unit: row.get("unit") },
        title: row.get("title"),
    })
}

/// The newest step of a post `p` is not that it was retired.
const ALIVE: &str = "NOT EXISTS (SELECT 1 FROM post_step s WHERE s.post_id = p.id AND s.step = 'retire' \
                     AND s.version = (SELECT MAX(version) FROM post_step WHERE post_id = p.id))";

impl Transaction {
    /// Every post that is not retired with its holder of now, in the order of their making.
    pub async fn posts(&mut self) -> Result<Vec<HeldPost>, StoreError> {
        let sql = format!(
            "SELECT p.id, p.role, p.office, p.unit, p.title, p.created_at, h.since, h.account_id, d.of_post FROM post p \
             LEFT JOIN holding h ON h.post_id = p.id AND h.version = (SELECT MAX(version) FROM holding WHERE post_id = p.id) \
             LEFT JOIN post_step d ON d.post_id = p.id AND d.step = 'deputy' \
             WHERE {ALIVE} ORDER BY p.audit_seq, p.id"
        );
        let accounts: std::collections::BTreeMap<i64, Account> =
            self.accounts().await?.into_iter().map(|account| (account.id, account)).collect();
        let found = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut **self).await?;
        found
            .iter()
            .map(|row| {
                let holder = row.get::<Option<i64>, _>("account_id").and_then(|id| accounts.get(&id).cloned());
                Ok(HeldPost {
                    post: post(row)?,
                    holder,
                    since: row.get::<Option<i64>, _>("since").unwrap_or_default(),
                    created_at: row.get("created_at"),
                    deputy_of: row.get("of_post"),
                })
            })
            .collect()
    }

    /// Every post that is retired, the last one first.
    pub async fn retired_posts(&mut self) -> Result<Vec<RetiredPost>, StoreError> {
        let sql = format!(
            "SELECT p.id, p.role, p.office, p.unit, p.title, s.reason, s.at FROM post p JOIN post_step s ON s.post_id = p.id \
             WHERE NOT ({ALIVE}) AND s.version = (SELECT MAX(version) FROM post_step WHERE post_id = p.id) \
             ORDER BY s.audit_seq DESC"
        );
        let found = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut **self).await?;
        let retired = |row: &AnyRow| Ok(RetiredPost { post: post(row)?, reason: row.get("reason"), at: row.get("at") });
        found.iter().map(retired).collect()
    }

    /// The post an account holds now.
    pub async fn post_of(&mut self, account: i64) -> Result<Option<Post>, StoreError> {
        let sql = "SELECT p.id, p.role, p.office, p.unit, p.title FROM post p JOIN holding h ON h.post_id = p.id \
                   WHERE h.account_id = $1 AND h.version = (SELECT MAX(version) FROM holding WHERE post_id = p.id) ORDER BY p.audit_seq";
        let query = sqlx::query(sql).bind(account);
        let read = async |of: &mut Self| query.fetch_optional(&mut **of).await?.as_ref().map(post).transpose();
        Ok(kept!(self, format!("post_of {account}"), read(self).await?))
    }
}

impl Store {
    /// Makes a post; its id says what it is.
    pub async fn create_post(&self, new: NewPost, writer: Writer) -> Result<Post, StoreError> {
        self.transact(move |transaction| Box::pin(async move { insert_post(transaction, &new, &writer).await })).await
    }

    /// Makes posts, all or none; the id of each says what it is.
    pub async fn create_posts(&self, new: Vec<NewPost>, writer: Writer) -> Result<Vec<Post>, StoreError> {
        self.transact(move |transaction| {
            Box::pin(async move {
                let mut made = Vec::new();
                for new in &new {
                    made.push(insert_post(transaction, new, &writer).await?);
                }
                Ok(made)
            })
        })
        .await
    }

    /// B角: a post beside another one, of the same kind and reach, for whoever stands in for its holder. Each does
    /// everything in his own name, and nobody decides about what he did himself.
    pub async fn make_deputy(&self, post_id: &str, writer: Writer) -> Result<Post, StoreError> {
        let post_id = post_id.to_owned();
        self.transact(move |transaction| Box::pin(async move { insert_deputy(transaction, &post_id, &writer).await }))
            .await
    }

    /// Retires a post: whoever holds it leaves it, its B角 goes with it, and it asks for nobody any more. It stays in
    /// the records, and can be restored.
    pub async fn retire_post(&self, post_id: &str, reason: &str, writer: Writer) -> Result<(), StoreError> {
        let (post_id, reason) = (post_id.to_owned(), domain::entry::clean(reason).trim().to_owned());
        self.transact(move |transaction| {
            Box::pin(async move {
                if reason.is_empty() || reason.chars().count() > 200 {
                    return Err(StoreError::refused("请写停用岗位的原因，例如“建错了”“单位撤并”，至多200个字"));
                }
                let posts = transaction.posts().await?;
                living(&posts, &post_id)?;
                let goes =
                    |held: &&HeldPost| held.post.id == post_id || held.deputy_of.as_deref() == Some(post_id.as_str());
                for held in posts.iter().filter(goes) {
                    if held.holder.is_some() {
                        appoint(transaction, &held.post.id, None, &writer).await?;
                    }
                    let step = Step { step: "retire", of: None, reason: &reason };
                    step.write(transaction, &held.post.id, "retire_post", &writer).await?;
                }
                Ok(())
            })
        })
        .await
    }

    pub async fn restore_post(&self, post_id: &str, writer: Writer) -> Result<(), StoreError> {
        let post_id = post_id.to_owned();
        self.transact(move |transaction| {
            Box::pin(async move {
                if !transaction.retired_posts().await?.iter().any(|retired| retired.post.id == post_id) {
                    return Err(StoreError::refused(format!(
                        "“{}”没有停用，不用恢复",
                        domain::month::shorten(&post_id)
                    )));
                }
                let step = Step { step: "restore", of: None, reason: "" };
                step.write(transaction, &post_id, "restore_post", &writer).await
            })
        })
        .await
    }

    /// Puts an account on a post, or leaves it vacant. The sessions of whoever leaves or comes end: their rights
    /// change.
    pub async fn appoint(&self, post_id: &str, account: Option<i64>, writer: Writer) -> Result<(), StoreError> {
        let post_id = post_id.to_owned();
        self.transact(move |transaction| {
            Box::pin(async move { appoint(transaction, &post_id, account, &writer).await })
        })
        .await
    }
}

/// A step of a post beside its holders.
struct Step<'s> {
    step: &'static str,
    /// The post whose deputy's it is.
    of: Option<&'s str>,
    reason: &'s str,
}

impl Step<'_> {
    async fn write(
        &self,
        transaction: &mut Transaction,
        post_id: &str,
        action: &str,
        writer: &Writer,
    ) -> Result<(), StoreError> {
        let sql = "SELECT MAX(version) AS last FROM post_step WHERE post_id = $1";
        let last: Option<i64> = sqlx::query(sql).bind(post_id).fetch_one(&mut **transaction).await?.get("last");
        let row = NewRow {
            table: "post_step",
            cells: vec![
                ("post_id", post_id.into()),
                ("version", (last.unwrap_or(0) + 1).into()),
                ("step", self.step.into()),
                ("of_post", self.of.into()),
                ("reason", self.reason.into()),
                ("at", writer.at.into()),
                ("actor", (&writer.actor).into()),
            ],
        };
        let detail = json!({ "of": self.of, "reason": self.reason });
        rows::append(transaction, writer, action, &format!("post/{post_id}"), detail, &[row]).await.map(drop)
    }
}

fn living<'p>(posts: &'p [HeldPost], id: &str) -> Result<&'p HeldPost, StoreError> {
    let found = posts.iter().find(|held| held.post.id == id);
    found.ok_or_else(|| StoreError::refused(format!("没有岗位“{}”，或已停用", domain::month::shorten(id))))
}

/// An id that no post ever had.
async fn free_id(transaction: &mut Transaction, stem: &str) -> Result<String, StoreError> {
    let taken: Vec<String> = sqlx::query("SELECT id FROM post")
        .fetch_all(&mut **transaction)
        .await?
        .iter()
        .map(|row| row.get("id"))
        .collect();
    let free = (1..)
        .map(|number| if number == 1 { stem.to_owned() } else { format!("{stem}-{number}") })
        .find(|id| !taken.contains(id));
    Ok(free.unwrap_or_else(|| stem.to_owned()))
}

pub(super) async fn insert_post(
    transaction: &mut Transaction,
    new: &NewPost,
    writer: &Writer,
) -> Result<Post, StoreError> {
    let made = Post { id: free_id(transaction, &new.stem()).await?, domain: new.reach(), title: new.title() };
    write_post(transaction, &made, writer).await?;
    Ok(made)
}

pub(super) async fn insert_deputy(
    transaction: &mut Transaction,
    post_id: &str,
    writer: &Writer,
) -> Result<Post, StoreError> {
    let posts = transaction.posts().await?;
    let of = living(&posts, post_id)?;
    if of.deputy_of.is_some() {
        return Err(StoreError::refused(format!("“{}”本身是 B 角，B 角不再设 B 角", of.post.title)));
    }
    if of.post.domain.role.is_admin() {
        return Err(StoreError::refused("管理员不设 B 角，请再建一个同类岗位给另一个人，两人各用各的账号"));
    }
    if let Some(other) = posts.iter().find(|held| held.deputy_of.as_deref() == Some(post_id)) {
        return Err(StoreError::refused(format!("已有“{}”，一个岗位只设一个 B 角", other.post.title)));
    }
    let made = Post {
        id: free_id(transaction, &format!("{}-b", of.post.id)).await?,
        domain: of.post.domain.clone(),
        title: format!("{}（B角）", of.post.title),
    };
    write_post(transaction, &made, writer).await?;
    let step = Step { step: "deputy", of: Some(post_id), reason: "" };
    step.write(transaction, &made.id, "make_deputy", writer).await?;
    Ok(made)
}

async fn write_post(transaction: &mut Transaction, made: &Post, writer: &Writer) -> Result<(), StoreError> {
    let role = made.domain.role.id();
    let row = NewRow {
        table: "post",
        cells: vec![
            ("id", (&made.id).into()),
            ("role", role.into()),
            ("office", made.domain.office.as_deref().into()),
            ("unit", made.domain.unit.as_deref().into()),
            ("title", (&made.title).into()),
            ("created_at", writer.at.into()),
        ],
    };
    let detail = json!({ "role": role, "office": made.domain.office, "unit": made.domain.unit });
    rows::append(transaction, writer, "create_post", &format!("post/{}", made.id), detail, &[row]).await.map(drop)
}

pub(super) async fn appoint(
    transaction: &mut Transaction,
    post_id: &str,
    account: Option<i64>,
    writer: &Writer,
) -> Result<(), StoreError> {
    let posts = transaction.posts().await?;
    let role = living(&posts, post_id)?.post.domain.role;
    if let Some(id) = account {
        may_hold(transaction, post_id, id).await?;
        // A link from before would be a second key to the new post.
        let sql = "UPDATE link SET used_at = $1 WHERE account_id = $2 AND used_at IS NULL \
                   AND EXISTS (SELECT 1 FROM account WHERE id = link.account_id AND password_hash IS NOT NULL)";
        sqlx::query(sql).bind(writer.at).bind(id).execute(&mut **transaction).await?;
    }
    if account.is_none() && role.is_admin() {
        return Err(StoreError::refused("管理员岗位不能空缺，否则没有人能再管理；请直接定岗给接任的人"));
    }
    let newest =
        sqlx::query("SELECT version, account_id FROM holding WHERE post_id = $1 ORDER BY version DESC LIMIT 1")
            .bind(post_id)
            .fetch_optional(&mut **transaction)
            .await?;
    let before: Option<i64> = newest.as_ref().and_then(|row| row.get("account_id"));
    for id in [before, account].into_iter().flatten() {
        end_sessions(transaction, id, writer.at).await?;
    }
    let row = NewRow {
        table: "holding",
        cells: vec![
            ("post_id", post_id.into()),
            ("version", newest.map_or(1, |row| row.get::<i64, _>("version") + 1).into()),
            ("account_id", account.into()),
            ("since", writer.at.into()),
        ],
    };
    let detail = json!({ "account": account, "before": before });
    rows::append(transaction, writer, "appoint", &format!("post/{post_id}"), detail, &[row]).await?;
    Ok(())
}

/// Whether an account may come to a post: it is not disabled and holds none.
pub(super) async fn may_hold(transaction: &mut Transaction, post_id: &str, account: i64) -> Result<(), StoreError> {
    let sql = "SELECT 1 FROM account WHERE id = $1 AND disabled_at IS NULL";
    if sqlx::query(sql).bind(account).fetch_optional(&mut **transaction).await?.is_none() {
        return Err(StoreError::refused("这个账号已停用，不能定岗；请先启用"));
    }
    match transaction.post_of(account).await? {
        None => Ok(()),
        Some(held) if held.id == post_id => Err(StoreError::refused("这个账号已在这个岗位上")),
        // One person, one post at a time: no one holds two keys.
        Some(held) => Err(StoreError::refused(format!(
            "这个账号已在岗位 {} 上；一个账号同时只能在一个岗位，请先让出原岗位",
            held.id
        ))),
    }
}
