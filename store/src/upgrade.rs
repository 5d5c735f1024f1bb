//! PostgreSQL's form: what a role needs to find, to use and to change it, the steps that are still to be done, and the
//! sentences where it may not.

use sqlx::Row;
use sqlx::migrate::Migration;

use super::open::{Access, Location};
use super::{Engine, Store, StoreError, Transaction, has_code, migrations};

/// The namespace in which our tables are, wherever the search path leads first.
pub(super) const OURS: &str = "(SELECT relnamespace FROM pg_class WHERE oid = to_regclass('_sqlx_migrations'))";

/// As sqlx makes it: databases out there have it.
const STEPS_DONE: &str = "CREATE TABLE IF NOT EXISTS _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMPTZ NOT NULL DEFAULT now(),
    success BOOLEAN NOT NULL,
    checksum BYTEA NOT NULL,
    execution_time BIGINT NOT NULL
);";

/// One program at a time: it ends with the transaction; any number that is ours.
const ONE_AT_A_TIME: &str = "SELECT CAST(pg_advisory_xact_lock(7105) AS TEXT);";

/// Who works in which database, as SQL writes the names, and where tables of ours are.
struct Role {
    name: String,
    database: String,
    search_path: String,
    /// The first schema of the search path that is there and may be used; new tables are made in it.
    first: Option<String>,
    /// The schema of our tables, as far as the search path leads to it.
    ours: Option<String>,
    /// Other schemas that hold tables as ours are.
    elsewhere: Vec<String>,
    /// Whether it may make tables in the first schema.
    may_create: bool,
    /// Who our tables belong to, where that is another role whose rights it has not.
    other_owner: Option<String>,
}

impl Transaction {
    async fn role(&mut self) -> Result<Role, StoreError> {
        let sql = format!(
            "SELECT quote_ident(current_user) AS name, quote_ident(current_database()) AS database, \
             current_setting('search_path') AS search_path, quote_ident(current_schema()) AS first, \
             (SELECT quote_ident(nspname) FROM pg_namespace WHERE oid = {OURS}) AS ours, \
             (SELECT string_agg(quote_ident(n.nspname), '、' ORDER BY n.nspname) FROM pg_namespace n \
              WHERE n.oid IS DISTINCT FROM {OURS} AND 2 = (SELECT COUNT(*) FROM pg_class c \
              WHERE c.relnamespace = n.oid AND c.relname IN ('_sqlx_migrations', 'audit'))) AS elsewhere, \
             CASE WHEN has_schema_privilege(current_schema(), 'CREATE') THEN 1 ELSE 0 END AS may_create, \
             (SELECT quote_ident(pg_get_userbyid(relowner)) FROM pg_class \
              WHERE oid = to_regclass('_sqlx_migrations') AND NOT pg_has_role(relowner, 'USAGE')) AS other_owner"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_one(&mut **self).await?;
        let elsewhere: Option<String> = row.get("elsewhere");
        Ok(Role {
            name: row.get("name"),
            database: row.get("database"),
            search_path: row.get("search_path"),
            first: row.get("first"),
            ours: row.get("ours"),
            elsewhere: elsewhere.iter().flat_map(|names| names.split('、')).map(str::to_owned).collect(),
            may_create: row.get::<i32, _>("may_create") == 1,
            other_owner: row.get("other_owner"),
        })
    }

    /// The numbers and checksums of the steps that were done.
    async fn steps_done(&mut self) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
        let rows = sqlx::query("SELECT version, checksum FROM _sqlx_migrations WHERE success ORDER BY version");
        let rows = rows.fetch_all(&mut **self).await?;
        Ok(rows.iter().map(|row| (row.get("version"), row.get("checksum"))).collect())
    }
}

impl Role {
    /// What leads to tables of ours that are elsewhere.
    fn lead_to(&self, schema: &str) -> String {
        let Self { name, database, .. } = self;
        format!(
            "GRANT USAGE ON SCHEMA {schema} TO {name}; ALTER ROLE {name} IN DATABASE {database} SET search_path = {schema}"
        )
    }

    /// Why there are no tables of ours to be seen; `None` where they may be made.
    fn fault_of_place(&self, access: Access) -> Option<String> {
        let Self { name, search_path, .. } = self;
        if self.ours.is_some() {
            return None;
        }
        if let Some(schema) = self.elsewhere.first() {
            return Some(format!(
                "jigai 的表在模式 {} 里，用户 {name} 的 search_path（{search_path}）里没有它；数据没有改动，请由数据库管理员执行 {}",
                self.elsewhere.join("、"),
                self.lead_to(schema)
            ));
        }
        if self.first.is_none() {
            return Some(format!(
                "用户 {name} 没有能用的模式（search_path 是 {search_path}）；请由数据库管理员执行 \
                 CREATE SCHEMA jigai AUTHORIZATION {name}; {}",
                self.lead_to("jigai")
            ));
        }
        match access {
            Access::AsItIs | Access::Existing => {
                Some("里还没有 jigai 的表；请核对 DATABASE_URL 的库名，新库请先运行 jigai migrate".to_owned())
            }
            Access::Create => None,
        }
    }

    /// Why it may not do the steps that are left.
    fn fault_of_rights(&self) -> Option<String> {
        let Self { name, first, .. } = self;
        let instead = "或把 jigai migrate --print 打印的 SQL 交给数据库管理员执行";
        if let Some(owner) = &self.other_owner {
            return Some(format!(
                "要升级结构，用户 {name} 没有权限：表是 {owner} 的；内容没有改动，请用 {owner} 运行 jigai migrate，{instead}"
            ));
        }
        let first = first.as_deref().unwrap_or("public");
        if let Some(ours) = self.ours.as_deref().filter(|ours| *ours != first) {
            return Some(format!(
                "的表在模式 {ours} 里，新表却会建在 {first} 里；内容没有改动，请由数据库管理员执行 {}",
                self.lead_to(ours)
            ));
        }
        (!self.may_create).then(|| {
            format!(
                "要建表，用户 {name} 没有权限；内容没有改动，请由数据库管理员执行 GRANT CREATE ON SCHEMA {first} TO {name}，\
                 再运行 jigai migrate，{instead}"
            )
        })
    }
}

impl Store {
    fn unusable<T>(location: &Location, what: &str) -> Result<T, StoreError> {
        Err(StoreError::Unusable(format!("{} {what}", location.describe())))
    }

    /// Whether our tables are where the role looks, or may be made there.
    pub(super) async fn find_tables(&self, location: &Location, access: Access) -> Result<(), StoreError> {
        let role = self.begin(&self.write, &self.begins.alone).await?.role().await?;
        match role.fault_of_place(access) {
            Some(fault) => Self::unusable(location, &fault),
            None if role.ours.is_none() && self.is_read_only() => {
                Self::unusable(location, "里还没有 jigai 的表，又是只读的；请先在主库上运行 jigai migrate")
            }
            None => Ok(()),
        }
    }

    /// Whether the role may read, and where it writes also change, the rows of all tables of ours.
    pub(super) async fn require_privileges(&self, writes: bool, location: &Location) -> Result<(), StoreError> {
        let steps_done = (!writes).then_some("_sqlx_migrations");
        let tables: Vec<String> = tables().chain(steps_done).map(|name| format!("'{name}'")).collect();
        let wanted = if writes { &["SELECT", "INSERT", "UPDATE", "DELETE"][..] } else { &["SELECT"] };
        let all: Vec<String> = wanted.iter().map(|right| format!("has_table_privilege(oid, '{right}')")).collect();
        let sql = format!(
            "SELECT CAST(relname AS TEXT) AS name FROM pg_class WHERE relnamespace = {OURS} AND relkind = 'r' \
             AND relname IN ({}) AND NOT ({}) ORDER BY relname LIMIT 1",
            tables.join(", "),
            all.join(" AND ")
        );
        let mut state = self.begin(&self.write, &self.begins.alone).await?;
        let lacking = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_optional(&mut *state).await?;
        let Some(lacking) = lacking else { return Ok(()) };
        let (table, role): (String, _) = (lacking.get("name"), state.role().await?);
        let (name, schema, wanted) = (role.name, role.ours.unwrap_or_default(), wanted.join(", "));
        Self::unusable(
            location,
            &format!(
                "的表 {table} 用户 {name} 没有权限用；数据没有损坏，请由数据库管理员执行 \
                 GRANT {wanted} ON ALL TABLES IN SCHEMA {schema} TO {name}"
            ),
        )
    }

    /// All steps that are left or none, one program at a time.
    pub(super) async fn migrate_postgres(&self, location: &Location) -> Result<(), StoreError> {
        let mut all = self.begin(&self.write, "BEGIN; SET LOCAL lock_timeout = '30s'").await?;
        if let Some(fault) = all.role().await?.fault_of_rights() {
            return Self::unusable(location, &fault);
        }
        if let Err(error) = sqlx::query(ONE_AT_A_TIME).execute(&mut *all).await {
            return match has_code(&error, &["55P03"]) {
                true => Self::unusable(location, "正由另一个程序升级，等了 30 秒；请等它做完再启动"),
                false => Err(error.into()),
            };
        }
        sqlx::raw_sql(STEPS_DONE).execute(&mut *all).await?;
        for step in left(&all.steps_done().await?, location)? {
            if let Err(error) = sqlx::raw_sql(sqlx::AssertSqlSafe(sql_of(step))).execute(&mut *all).await {
                let Migration { version, description, .. } = step;
                let what = format!("无法准备好：第 {version} 步（{description}）没有做成（{error}）；内容没有改动");
                return Self::unusable(location, &what);
            }
        }
        self.commit(all).await
    }

    /// The SQL that `migrate` would run on a database of PostgreSQL, for whoever runs it by hand; `None` where nothing is
    /// left to be done.
    pub async fn upgrade_sql(location: &Location) -> Result<Option<String>, StoreError> {
        let Location::Postgres(url) = location else {
            return Err(StoreError::refused("--print 只用于 PostgreSQL；SQLite 请直接运行 jigai migrate"));
        };
        sqlx::any::install_default_drivers();
        let store = Self::open_postgres(url).await?;
        store.find_tables(location, Access::Create).await?;
        store.require_privileges(false, location).await?;
        let mut state = store.begin(&store.write, &store.begins.alone).await?;
        let role = state.role().await?;
        let done = match &role.ours {
            Some(_) => state.steps_done().await?,
            None => Vec::new(),
        };
        let steps = left(&done, location)?;
        let schema = role.ours.or(role.first).unwrap_or_else(|| "public".to_owned());
        let who = role.other_owner.unwrap_or(role.name);
        drop(state);
        store.close().await;
        if steps.is_empty() {
            return Ok(None);
        }
        let steps: String = steps.iter().map(|step| sql_of(step)).collect();
        Ok(Some(format!(
            "-- jigai {}：psql -v ON_ERROR_STOP=1 -f 本文件；以 {who} 或有同样权限的用户执行，全部做成或全部不做\n\
             BEGIN;\nSET LOCAL search_path = {schema};\n{ONE_AT_A_TIME}\n{STEPS_DONE}\n{steps}COMMIT;\n\
             -- 运行网站的用户：GRANT USAGE ON SCHEMA {schema} TO 用户;\n\
             -- GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO 用户;\n",
            env!("CARGO_PKG_VERSION")
        )))
    }
}

/// The steps that are left, or why there is no way from here.
fn left(done: &[(i64, Vec<u8>)], location: &Location) -> Result<Vec<&'static Migration>, StoreError> {
    let steps = || migrations::of(Engine::Postgres).iter();
    for (version, checksum) in done {
        match steps().find(|step| step.version == *version) {
            None => {
                let what =
                    format!("由更新的 jigai 建立（结构版本 {version}），本程序不能打开；数据没有改动，请升级 jigai");
                return Store::unusable(location, &what);
            }
            Some(step) if step.checksum != checksum.as_slice() => {
                let what = format!("的结构版本 {version} 与本程序不同，可能来自另一个构建；数据没有改动");
                return Store::unusable(location, &what);
            }
            Some(_) => {}
        }
    }
    Ok(steps().filter(|step| !done.iter().any(|(version, _)| *version == step.version)).collect())
}

/// A step, and that it was done.
fn sql_of(step: &Migration) -> String {
    format!(
        "\n-- {version}: {description}\n{sql}\nINSERT INTO _sqlx_migrations (version, description, success, checksum, \
         execution_time) VALUES ({version}, '{description}', TRUE, '\\x{checksum}', -1);\n",
        version = step.version,
        description = step.description,
        sql = step.sql.as_str().trim_end(),
        checksum = hex::encode(&step.checksum),
    )
}

/// Every name of a table in the steps, once or more; some are no more.
fn tables() -> impl Iterator<Item = &'static str> {
    migrations::of(Engine::Postgres).iter().flat_map(|step| {
        let words: Vec<&'static str> = step.sql.as_str().split_whitespace().collect();
        let names: Vec<&'static str> =
            words.windows(2).filter(|pair| pair[0] == "TABLE").map(|pair| pair[1].trim_end_matches('(')).collect();
        names.into_iter().filter(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit()))
    })
}
