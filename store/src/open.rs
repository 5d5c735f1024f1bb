//! Opening a database, and saying plainly why one cannot be used.

use std::io::Read;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::MigrateError;
use sqlx::{Connection, Row};

use super::address::described;
use super::mark::Marks;
use super::servers::{self, Servers};
use super::statements::Begins;
use super::visitors::Visitors;
use super::{Engine, Store, StoreError, migrations};

/// Where the facts live.
#[derive(Debug, Clone)]
pub enum Location {
    /// `jigai.db` in this folder.
    Folder(PathBuf),
    /// `postgres://…`, of one server or several.
    Postgres(String),
}

impl Location {
    /// `DATABASE_URL` where given (PostgreSQL, or `sqlite:PATH`), else the data folder.
    pub fn new(database_url: Option<&str>, data: &Path) -> Result<Self, StoreError> {
        match database_url.map(str::trim).filter(|url| !url.is_empty()) {
            None => Ok(Location::Folder(data.to_owned())),
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => Ok(Location::Postgres(url.to_owned())),
            Some(_) => Err(StoreError::Unusable(
                "DATABASE_URL 应以 postgres:// 开头，例如 postgres://用户:密码@127.0.0.1/jigai；用 SQLite 时请不要设置它，改用 --data 指定文件夹".to_owned(),
            )),
        }
    }

    pub fn describe(&self) -> String {
        match self {
            Location::Folder(folder) => folder.join(FILE).display().to_string(),
            Location::Postgres(url) => described(url),
        }
    }
}

const FILE: &str = "jigai.db";

/// The first 16 bytes of every SQLite database.
const SQLITE_MAGIC: &[u8] = b"SQLite format 3\0";

/// Older versions can corrupt a WAL database (https://sqlite.org/wal.html#walresetbug).
const OLDEST_SQLITE: [u32; 3] = [3, 51, 3];

/// What a command may do to a database before it works on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Create it where there is none, and bring it to this program's form.
    Create,
    /// It must be there; bring it to this program's form.
    Existing,
    /// It must be there in this program's form: nothing is changed.
    AsItIs,
}

impl Store {
    pub async fn open(location: &Location, access: Access) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        if let (Location::Folder(folder), Access::Existing | Access::AsItIs) = (location, access)
            && !folder.join(FILE).exists()
        {
            return Err(StoreError::Unusable(format!(
                "{} 不存在，请核对 --data；还没有数据库时，先运行 jigai import plan 或 jigai migrate",
                folder.join(FILE).display()
            )));
        }
        let store = match location {
            Location::Folder(folder) => Self::open_sqlite(folder, access).await?,
            Location::Postgres(url) => Self::open_postgres(url).await?,
        };
        let migrator = migrations::of(store.engine);
        if store.engine == Engine::Postgres {
            store.find_tables(location, access).await?;
            store.require_privileges(false, location).await?;
        }
        match access {
            Access::AsItIs => store.require_form(migrator, location).await?,
            // Whoever may not change tables, and a standby, need not where nothing is to be changed.
            Access::Create | Access::Existing if store.is_in_form(migrator).await => {}
            Access::Create | Access::Existing if store.is_read_only() => {
                store.require_form(migrator, location).await?;
            }
            Access::Create | Access::Existing => store.migrate(migrator, location).await?,
        }
        let writes = access != Access::AsItIs && !store.is_read_only();
        if writes && store.engine == Engine::Postgres {
            store.require_privileges(true, location).await?;
        }
        if writes {
            store.seal_older_accounts().await?;
        }
        Ok(store)
    }

    /// Whether the database has had exactly this program's steps.
    async fn is_in_form(&self, migrator: &sqlx::migrate::Migrator) -> bool {
        let sql = "SELECT version, checksum FROM _sqlx_migrations WHERE success = TRUE ORDER BY version";
        let Ok(mut state) = self.begin(&self.write, &self.begins.alone).await else { return false };
        let Ok(rows) = sqlx::query(sql).fetch_all(&mut *state).await else { return false };
        let there = rows.iter().map(|row| (row.get::<i64, _>("version"), row.get::<Vec<u8>, _>("checksum")));
        there.eq(migrator.iter().map(|step| (step.version, step.checksum.to_vec())))
    }

    /// Brings the database to this program's form.
    async fn migrate(&self, migrator: &sqlx::migrate::Migrator, location: &Location) -> Result<(), StoreError> {
        self.refuse_foreign(location).await?;
        match self.engine {
            Engine::Sqlite => self.migrate_sqlite(migrator, location).await,
            Engine::Postgres => self.migrate_postgres(location).await,
        }
    }

    /// SQLite has no lock for that: a second program that starts at the same moment waits for the first.
    async fn migrate_sqlite(&self, migrator: &sqlx::migrate::Migrator, location: &Location) -> Result<(), StoreError> {
        for attempt in 1.. {
            match migrator.run(&self.write).await {
                Ok(()) => break,
                Err(MigrateError::Execute(_) | MigrateError::ExecuteMigration(..)) if attempt < 10 => {
                    // A migration that broke off may have left its own transaction open on this connection.
                    let _ = sqlx::query("ROLLBACK").execute(&self.write).await;
                    tokio::time::sleep(Duration::from_millis(100 * attempt)).await;
                }
                Err(error) => return Err(migration_error(&error, location)),
            }
        }
        // A migration that was interrupted may have left the connection without them.
        sqlx::query("PRAGMA foreign_keys = ON").execute(&self.write).await?;
        Ok(())
    }

    /// A database of another program has tables, and none of ours.
    async fn refuse_foreign(&self, location: &Location) -> Result<(), StoreError> {
        let sql = match self.engine {
            Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
            Engine::Postgres => {
                "SELECT CAST(tablename AS TEXT) AS name FROM pg_tables WHERE schemaname = current_schema()"
            }
        };
        let mut state = self.begin(&self.write, &self.begins.alone).await?;
        let rows = sqlx::query(sql).fetch_all(&mut *state).await.map_err(|error| damaged(&error, location))?;
        let tables: Vec<String> = rows.iter().map(|row| row.get("name")).collect();
        if tables.is_empty() || tables.iter().any(|table| table == "_sqlx_migrations") {
            return Ok(());
        }
        Err(StoreError::Unusable(format!(
            "{} 里有别的程序的数据（{}），不能当作 jigai 的数据库；内容没有改动，请换一个文件夹或数据库",
            location.describe(),
            tables[0]
        )))
    }

    async fn require_form(&self, migrator: &sqlx::migrate::Migrator, location: &Location) -> Result<(), StoreError> {
        let wrong = |what: String| Err(StoreError::Unusable(format!("{} {what}", location.describe())));
        let sql = "SELECT version FROM _sqlx_migrations ORDER BY version";
        let mut state = self.begin(&self.write, &self.begins.alone).await?;
        let found = sqlx::query(sql).fetch_all(&mut *state).await;
        let rows = match found {
            Ok(rows) => rows,
            // Of PostgreSQL it was asked before whether the table is there and may be read.
            Err(error) if self.engine == Engine::Postgres => return Err(error.into()),
            Err(_) => return wrong("不是 jigai 的数据库，或已损坏；内容没有改动".to_owned()),
        };
        let there: Vec<i64> = rows.iter().map(|row| row.get("version")).collect();
        let known: Vec<i64> = migrator.iter().map(|migration| migration.version).collect();
        if let Some(newer) = there.iter().find(|version| !known.contains(version)) {
            return wrong(format!(
                "由更新的 jigai 建立（结构版本 {newer}），本程序不能打开；数据没有改动，请升级 jigai"
            ));
        }
        if there.len() < known.len() {
            let at = if self.is_read_only() { "在主库上" } else { "" };
            return wrong(format!("是旧版本的结构，请先{at}运行 jigai migrate"));
        }
        Ok(())
    }

    /// Ends all connections, so that everything is in the database file itself and not beside it.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }

    async fn open_sqlite(folder: &Path, access: Access) -> Result<Self, StoreError> {
        let file = folder.join(FILE);
        if access == Access::AsItIs && is_sealed(&file) {
            return Self::open_sealed_sqlite(folder).await;
        }
        let unwritable = |error: std::io::Error| {
            StoreError::Unusable(format!(
                "无法建立数据文件夹 {}（{error}），请用 --data 换一个能写的文件夹",
                folder.display()
            ))
        };
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(unwritable)?;
        inspect(&file)?;
        refuse_network_file_system(folder)?;
        refuse_wide(folder)?;
        refuse_wide(&file)?;
        keep_private(&file).map_err(unwritable)?;
        let url = format!("sqlite:{}?mode=rwc", percent_encoded(&file));
        let location = Location::Folder(folder.to_owned());
        let unusable = |error: sqlx::Error| damaged(&error, &location);
        let options = AnyConnectOptions::from_str(&url).map_err(unusable)?;
        let write = sqlite_pool(1, false).connect_with(options.clone()).await.map_err(unusable)?;
        let version: String = sqlx::query("SELECT sqlite_version() AS version").fetch_one(&write).await?.get("version");
        let numbers: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
        if numbers.as_slice() < OLDEST_SQLITE.as_slice() {
            return Err(StoreError::Unusable(format!(
                "内嵌的 SQLite 是 {version}，低于 3.51.3 的版本可能损坏数据，请用完整构建的程序"
            )));
        }
        let read = sqlite_pool(4, true).connect_lazy_with(options);
        Ok(Self {
            engine: Engine::Sqlite,
            read,
            write,
            begins: Arc::new(Begins::sqlite()),
            servers: None,
            memory: Arc::default(),
            visitors: Arc::new(Visitors::of(Some(Marks::of(&file)))),
        })
    }

    /// A database that nobody can write, on a disk of its own perhaps: SQLite lays nothing beside it.
    async fn open_sealed_sqlite(folder: &Path) -> Result<Self, StoreError> {
        let file = folder.join(FILE);
        let location = Location::Folder(folder.to_owned());
        let url = format!("sqlite:{}?mode=ro&immutable=true", percent_encoded(&file));
        let unusable = |error: sqlx::Error| damaged(&error, &location);
        let options = AnyConnectOptions::from_str(&url).map_err(unusable)?;
        let pool = pool(4, Duration::from_secs(6)).connect_with(options).await.map_err(unusable)?;
        Ok(Self {
            engine: Engine::Sqlite,
            read: pool.clone(),
            write: pool,
            begins: Arc::new(Begins::sqlite()),
            servers: None,
            memory: Arc::default(),
            visitors: Arc::default(),
        })
    }

    pub(super) async fn open_postgres(url: &str) -> Result<Self, StoreError> {
        let servers = Arc::new(Servers::parse(url)?);
        let options = servers.choose().await?;
        let unusable = |error: sqlx::Error| StoreError::Unusable(format!("连不上 PostgreSQL（{error}）"));
        let pool = |size: u32| servers::pool(pool(size, Duration::from_secs(10)), servers.clone());
        // Who writes waits for the one lock of the trail: a second connection is enough for what waits for nobody.
        let write = pool(2).connect_with(options.clone()).await.map_err(unusable)?;
        let durable = sqlx::raw_sql("SELECT current_setting('fsync')").fetch_one(&write).await?;
        if durable.get::<String, _>(0) != "on" {
            return Err(StoreError::Unusable(
                "PostgreSQL 的 fsync 是关闭的，断电会丢数据；请在 postgresql.conf 里改回 fsync = on".to_owned(),
            ));
        }
        let read = pool(servers.settings.pool_size - 2).connect_lazy_with(options);
        let begins = Arc::new(Begins::postgres(&servers.settings));
        let (servers, memory) = (Some(servers), Arc::default());
        Ok(Self { engine: Engine::Postgres, read, write, begins, servers, memory, visitors: Arc::default() })
    }
}

/// Folders and files of data are their owner's alone: what others of this machine could read or change is not worked
/// on.
pub fn refuse_wide(path: &Path) -> Result<(), StoreError> {
    let Ok(metadata) = std::fs::metadata(path) else { return Ok(()) };
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    let (kind, narrow) = if metadata.is_dir() { ("文件夹", "700") } else { ("文件", "600") };
    let path = path.display();
    Err(StoreError::Unusable(format!(
        "{kind} {path} 这台机器上别的用户也能读（权限 {mode:o}），没有打开；请执行 chmod {narrow} {path} 后再来"
    )))
}

/// Whether a database is there that its owner made unwritable, with nothing beside it that is not in it yet.
fn is_sealed(file: &Path) -> bool {
    let mut beside = file.as_os_str().to_owned();
    beside.push("-wal");
    let whole = std::fs::metadata(beside).map_or(true, |log| log.len() == 0);
    whole && std::fs::metadata(file).is_ok_and(|data| data.is_file() && data.permissions().readonly())
}

/// A new database is its owner's alone; what SQLite lays beside one has the same mode.
fn keep_private(file: &Path) -> std::io::Result<()> {
    if !file.exists() {
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
        return Ok(());
    }
    for ending in ["-wal", "-shm"] {
        let mut beside = file.as_os_str().to_owned();
        beside.push(ending);
        let _ = std::fs::set_permissions(beside, std::fs::Permissions::from_mode(0o600));
    }
    Ok(())
}

/// Connections stay until the pool is closed; one that died meanwhile is noticed before it is used. The task that would
/// end idle ones can read a count below zero and then spins for ever, at a command's end too (sqlx 0.9.0, issue 3645).
///
/// A connection whose transaction did not end is not used again. After a full disk SQLite ends it by itself, so that
/// sqlx's own ROLLBACK fails, and sqlx takes it for open ever after: nothing could be written until a restart.
fn pool(size: u32, patience: Duration) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(size)
        .acquire_timeout(patience)
        .idle_timeout(None)
        .max_lifetime(None)
        .before_acquire(|connection, _| {
            Box::pin(async move {
                let ended = !connection.is_in_transaction();
                if !ended {
                    tracing::warn!("a connection was left in a transaction and is opened anew");
                }
                Ok(ended)
            })
        })
}

/// A connection to a file on this machine does not die between two questions, and is tried when it is given back.
fn sqlite_pool(size: u32, query_only: bool) -> AnyPoolOptions {
    pool(size, Duration::from_secs(6)).test_before_acquire(false).after_connect(move |connection, _| {
        Box::pin(async move {
            let settings = [
                "PRAGMA busy_timeout = 5000",
                "PRAGMA journal_mode = WAL",
                "PRAGMA synchronous = FULL",
                "PRAGMA foreign_keys = ON",
                // What is deleted on purpose does not stay in free pages.
                "PRAGMA secure_delete = ON",
            ];
            for setting in settings {
                sqlx::query(setting).execute(&mut *connection).await?;
            }
            if query_only {
                sqlx::query("PRAGMA query_only = ON").execute(&mut *connection).await?;
            }
            Ok(())
        })
    })
}

/// The path as it may stand in a URL.
fn percent_encoded(file: &Path) -> String {
    file.display().to_string().replace('%', "%25").replace('?', "%3F").replace('#', "%23")
}

fn damaged(error: &sqlx::Error, location: &Location) -> StoreError {
    StoreError::Unusable(format!(
        "{} 打不开，可能已损坏或正被别的程序占用（{error}）；请稍后再试，仍不行就把它移走并从备份恢复",
        location.describe()
    ))
}

/// Looks at the file before SQLite does: its own words for these faults help nobody.
fn inspect(file: &Path) -> Result<(), StoreError> {
    let unusable = |what: String| Err(StoreError::Unusable(format!("{}：{what}", file.display())));
    let metadata = match std::fs::metadata(file) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return unusable(format!("无法读取（{error}）")),
    };
    if metadata.is_dir() {
        return unusable("这是文件夹，应为数据库文件；请用 --data 换一个文件夹".to_owned());
    }
    if metadata.permissions().readonly() {
        return unusable(
            "文件是只读的，无法保存数据；请改为可写（例如 chmod u+w），或用 --data 换一个文件夹".to_owned(),
        );
    }
    let mut magic = Vec::new();
    let read = std::fs::File::open(file).and_then(|opened| opened.take(16).read_to_end(&mut magic));
    if let Err(error) = read {
        return unusable(format!("无法读取（{error}）"));
    }
    if !magic.is_empty() && magic != SQLITE_MAGIC {
        return unusable("不是 jigai 的数据库文件；原文件没有改动，请把它移走，或用 --data 换一个文件夹".to_owned());
    }
    Ok(())
}

/// WAL needs shared memory that network file systems do not give.
fn refuse_network_file_system(folder: &Path) -> Result<(), StoreError> {
    let mounts = std::fs::read_to_string("/proc/mounts").unwrap_or_default();
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let kind = mounts
        .lines()
        .filter_map(|line| {
            let mut fields = line.split(' ').skip(1);
            Some((fields.next()?, fields.next()?))
        })
        .filter(|(at, _)| folder.starts_with(at))
        .max_by_key(|(at, _)| at.len())
        .map(|(_, kind)| kind);
    match kind {
        Some(kind @ ("nfs" | "nfs4" | "cifs" | "smb3" | "9p" | "fuse.sshfs")) => Err(StoreError::Unusable(format!(
            "{} 在网络文件系统（{kind}）上，SQLite 不能可靠保存；请用 --data 指定本机硬盘上的文件夹",
            folder.display()
        ))),
        _ => Ok(()),
    }
}

fn migration_error(error: &MigrateError, location: &Location) -> StoreError {
    let file = location.describe();
    StoreError::Unusable(match error {
        MigrateError::VersionMissing(version) | MigrateError::VersionTooNew(version, _) => {
            format!("{file} 由更新的 jigai 建立（结构版本 {version}），本程序不能打开；数据没有改动，请升级 jigai")
        }
        MigrateError::VersionMismatch(version) => {
            format!("{file} 的结构版本 {version} 与本程序不同，可能来自另一个构建；数据没有改动")
        }
        MigrateError::Execute(sqlx::Error::Database(inner)) if inner.message().contains("not a database") => {
            format!("{file} 已损坏或不是数据库；请把它移走并从备份恢复")
        }
        other => format!("{file} 无法准备好（{other}）"),
    })
}
