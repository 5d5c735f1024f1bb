//! Posts and who holds them: both only grow.

use domain::rights::{Reach, Role};
use office::facts::HeldPost;
use office::viewer::{Account, Post};
use serde_json::json;
use sqlx::Row;
use sqlx::any::AnyRow;

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

/// What names a post to be made.
#[derive(Debug, Clone)]
pub struct NewPost {
    pub role: Role,
    /// Region id and name.
    pub office: Option<(String, String)>,
    /// Region id and name; of a department's post the department, by its folded name and its name.
    pub unit: Option<(String, String)>,
}

impl NewPost {
    fn stem(&self) -> String {
        // Departments are called alike in every office.
        let unit = self.unit.as_ref().filter(|_| !self.role.is_department());
        let place = unit.or(self.office.as_ref()).map_or("system", |(id, _)| id);
        format!("{place}-{}", self.role.id().replace('_', "-"))
    }

    /// `福清市填报员`; of a department `福州市效能办`, whose documents say `市效能办`.
    fn title(&self) -> String {
        if let (true, Some((_, office)), Some((_, unit))) = (self.role.is_department(), &self.office, &self.unit) {
            let level = office.chars().last().filter(|level| unit.starts_with(*level));
            let own = level.map_or(unit.as_str(), |level| unit.trim_start_matches(level));
            return if unit.starts_with(office.as_str()) { unit.clone() } else { format!("{office}{own}") };
        }
        let place = self.unit.as_ref().or(self.office.as_ref()).map_or("", |(_, name)| name);
        format!("{place}{}", self.role.short_name())
    }
}

impl Transaction {
    /// Every post with its holder of now, in the order of their making.
    pub async fn posts(&mut self) -> Result<Vec<HeldPost>, StoreError> {
        let sql = "SELECT p.id, p.role, p.office, p.unit, p.title, h.since, h.account_id FROM post p \
                   LEFT JOIN holding h ON h.post_id = p.id AND h.version = (SELECT MAX(version) FROM holding WHERE post_id = p.id) \
                   ORDER BY p.audit_seq, p.id";
        let accounts: std::collections::BTreeMap<i64, Account> =
            self.accounts().await?.into_iter().map(|account| (account.id, account)).collect();
        let found = sqlx::query(sql).fetch_all(&mut **self).await?;
        found
            .iter()
            .map(|row| {
                let holder = row.get::<Option<i64>, _>("account_id").and_then(|id| accounts.get(&id).cloned());
                Ok(HeldPost { post: post(row)?, holder, since: row.get::<Option<i64>, _>("since").unwrap_or_default() })
            })
            .collect()
    }

    /// The post an account holds now.
    pub async fn post_of(&mut self, account: i64) -> Result<Option<Post>, StoreError> {
        let sql = "SELECT p.id, p.role, p.office, p.unit, p.title FROM post p JOIN holding h ON h.post_id = p.id \
                   WHERE h.account_id = $1 AND h.version = (SELECT MAX(version) FROM holding WHERE post_id = p.id) ORDER BY p.audit_seq";
        sqlx::query(sql).bind(account).fetch_optional(&mut **self).await?.as_ref().map(post).transpose()
    }
}

impl Store {
    /// Makes a post; its id says what it is.
    pub async fn create_post(&self, new: NewPost, writer: Writer) -> Result<Post, StoreError> {
        self.transact(move |transaction| Box::pin(async move { insert_post(transaction, &new, &writer).await })).await
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

pub(super) async fn insert_post(
    transaction: &mut Transaction,
    new: &NewPost,
    writer: &Writer,
) -> Result<Post, StoreError> {
    let taken: Vec<String> = sqlx::query("SELECT id FROM post")
        .fetch_all(&mut **transaction)
        .await?
        .iter()
        .map(|row| row.get("id"))
        .collect();
    let stem = new.stem();
    let free = (1..)
        .map(|number| if number == 1 { stem.clone() } else { format!("{stem}-{number}") })
        .find(|id| !taken.contains(id));
    let id = free.unwrap_or(stem);
    let place = |place: &Option<(String, String)>| place.as_ref().map(|(id, _)| id.clone());
    let made = Post {
        id,
        domain: Reach { role: new.role, office: place(&new.office), unit: place(&new.unit) },
        title: new.title(),
    };
    let row = NewRow {
        table: "post",
        cells: vec![
            ("id", (&made.id).into()),
            ("role", new.role.id().into()),
            ("office", made.domain.office.as_deref().into()),
            ("unit", made.domain.unit.as_deref().into()),
            ("title", (&made.title).into()),
            ("created_at", writer.at.into()),
        ],
    };
    let detail = json!({ "role": new.role.id(), "office": made.domain.office, "unit": made.domain.unit });
    rows::append(transaction, writer, "create_post", &format!("post/{}", made.id), detail, &[row]).await?;
    Ok(made)
}

pub(super) async fn appoint(
    transaction: &mut Transaction,
    post_id: &str,
    account: Option<i64>,
    writer: &Writer,
) -> Result<(), StoreError> {
    let known =
        sqlx::query("SELECT id FROM post WHERE id = $1").bind(post_id).fetch_optional(&mut **transaction).await?;
    if known.is_none() {
        return Err(StoreError::refused(format!("没有岗位“{}”", domain::month::shorten(post_id))));
    }
    if let Some(id) = account {
        may_hold(transaction, post_id, id).await?;
        // A link from before would be a second key to the new post.
        let sql = "UPDATE link SET used_at = $1 WHERE account_id = $2 AND used_at IS NULL \
                   AND EXISTS (SELECT 1 FROM account WHERE id = link.account_id AND password_hash IS NOT NULL)";
        sqlx::query(sql).bind(writer.at).bind(id).execute(&mut **transaction).await?;
    }
    let role: String = sqlx::query("SELECT role FROM post WHERE id = $1")
        .bind(post_id)
        .fetch_one(&mut **transaction)
        .await?
        .get("role");
    if account.is_none() && Role::parse(&role).is_some_and(Role::is_admin) {
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
