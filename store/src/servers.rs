//! PostgreSQL at one address or at several: which server is worked on, at the start and after a failover; and what its
//! words mean for whoever runs it.

use std::str::FromStr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, ConnectOptions, Connection, Row};

use super::address::{Addresses, Settings, Wanted};
use super::{StoreError, has_code, is_read_only};

/// Servers are asked again so often at most.
const ASK_AGAIN: Duration = Duration::from_secs(1);

#[derive(Debug)]
struct Server {
    /// `host:port`, for sentences.
    name: String,
    options: AnyConnectOptions,
}

/// The servers of one database.
#[derive(Debug)]
pub(crate) struct Servers {
    all: Vec<Server>,
    wanted: Wanted,
    pub(crate) settings: Settings,
    /// The server worked on takes no writes: a standby, or one that was set so.
    read_only: AtomicBool,
    asked: Mutex<Option<Instant>>,
}

impl Servers {
    pub(crate) fn parse(url: &str) -> Result<Self, StoreError> {
        let addresses = Addresses::parse(url)?;
        let server = |(host, port): &(String, String)| {
            let options = AnyConnectOptions::from_str(&addresses.url_of(host, port)).map_err(|error| {
                StoreError::Unusable(format!("DATABASE_URL 里的 {host} 读不懂（{error}），应像 10.0.0.1:5432"))
            })?;
            let name = if port.is_empty() { host.clone() } else { format!("{host}:{port}") };
            Ok(Server { name, options })
        };
        let all = addresses.hosts.iter().map(server).collect::<Result<_, StoreError>>()?;
        let (wanted, settings) = (addresses.wanted, addresses.settings);
        Ok(Self { all, wanted, settings, read_only: AtomicBool::new(false), asked: Mutex::new(None) })
    }

    pub(crate) fn is_read_only(&self) -> bool {
        self.read_only.load(Ordering::Relaxed)
    }

    pub(crate) fn are_several(&self) -> bool {
        self.all.len() > 1
    }

    /// Asks all servers and takes the one that fits best; why each of the others does not, where none does.
    pub(crate) async fn choose(&self) -> Result<AnyConnectOptions, StoreError> {
        let (mut best, mut faults): (Option<(u8, &Server, Kind)>, Vec<String>) = (None, Vec::new());
        for server in &self.all {
            match ask(server, self.settings.connect_timeout).await {
                Err(fault) => faults.push(format!("{} {fault}", server.name)),
                Ok(kind) => match self.wanted.order(kind != Kind::Writable) {
                    None if kind == Kind::Standby => faults.push(format!("{} 是只读的（备库）", server.name)),
                    None if kind == Kind::SetReadOnly => {
                        faults.push(format!("{} 设成了只读（default_transaction_read_only）", server.name));
                    }
                    None => faults.push(format!("{} 能写，不是备库", server.name)),
                    Some(order) if best.is_none_or(|(known, ..)| order < known) => {
                        best = Some((order, server, kind));
                        if order == 0 {
                            break;
                        }
                    }
                    Some(_) => {}
                },
            }
        }
        let Some((_, server, kind)) = best else {
            let kind = match self.wanted {
                Wanted::Writable => "没有能写的 PostgreSQL",
                Wanted::ReadOnly => "没有只读的 PostgreSQL",
                _ => "连不上 PostgreSQL",
            };
            return Err(StoreError::Unusable(format!(
                "{kind}：{}；请核对 DATABASE_URL 的地址、用户、密码和库名",
                faults.join("；")
            )));
        };
        self.read_only.store(kind != Kind::Writable, Ordering::Relaxed);
        Ok(server.options.clone())
    }

    /// After something failed: the pools go to the server that fits now. Asked once a second at most.
    pub(crate) async fn choose_again(&self, pools: [&AnyPool; 2]) {
        {
            let mut asked = self.asked.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            if asked.is_some_and(|at| at.elapsed() < ASK_AGAIN) {
                return;
            }
            *asked = Some(Instant::now());
        }
        match self.choose().await {
            Ok(options) => pools.into_iter().for_each(|pool| pool.set_connect_options(options.clone())),
            Err(error) => tracing::warn!(%error, "no server fits"),
        }
    }

    /// Whether a connection that was used before still leads to a server of the kind that was chosen: after a failover
    /// the old primary may be a standby, and the old standby the primary.
    pub(crate) async fn still_fits(&self, connection: &mut AnyConnection) -> Result<bool, sqlx::Error> {
        let read_only = is_session_read_only(connection).await?;
        if !read_only && self.wanted.order(false).is_some() {
            self.read_only.store(false, Ordering::Relaxed);
        }
        Ok(read_only == self.is_read_only())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Writable,
    Standby,
    /// By `default_transaction_read_only`, of the server, the database or the role.
    SetReadOnly,
}

/// What a server is, or why it cannot be used.
async fn ask(server: &Server, patience: Duration) -> Result<Kind, String> {
    let asked = async {
        let mut connection = server.options.connect().await?;
        let sql = "SELECT CASE WHEN current_setting('transaction_read_only') = 'off' THEN 'writable' \
                   WHEN pg_is_in_recovery() THEN 'standby' ELSE 'set' END";
        let row = sqlx::raw_sql(sql).fetch_one(&mut connection).await?;
        let kind = match row.try_get::<String, _>(0)?.as_str() {
            "writable" => Kind::Writable,
            "standby" => Kind::Standby,
            _ => Kind::SetReadOnly,
        };
        let _ = connection.close().await;
        Ok(kind)
    };
    match tokio::time::timeout(patience, asked).await {
        Ok(answer) => answer.map_err(|error: sqlx::Error| match hint(&error) {
            Some(hint) => format!("连不上（{error}）：{hint}"),
            None => format!("连不上（{error}）"),
        }),
        Err(_) => Err("没有回答".to_owned()),
    }
}

/// What to do about a connection that was refused, where its own words do not say.
fn hint(error: &sqlx::Error) -> Option<&'static str> {
    let said = error.to_string();
    Some(match error {
        sqlx::Error::Tls(_) if said.contains("does not support TLS") => {
            "这台 PostgreSQL 没有开 ssl，请在 postgresql.conf 里写 ssl = on，或不写 sslmode=require、verify-ca、verify-full"
        }
        sqlx::Error::Tls(_) | sqlx::Error::Io(_) if said.contains("certificate") => {
            "证书对不上；请在 DATABASE_URL 里用 sslrootcert=根证书文件 写明由谁签发，主机名要与证书上的相同"
        }
        sqlx::Error::Database(_) if said.contains("unsupported startup parameter") => {
            "前面是 PgBouncer，请在 pgbouncer.ini 里写 ignore_startup_parameters = extra_float_digits"
        }
        // insufficient_privilege
        _ if has_code(error, &["42501"]) => "请由数据库管理员执行 GRANT CONNECT ON DATABASE 库名 TO 用户",
        // invalid_catalog_name
        _ if has_code(error, &["3D000"]) => "没有这个库，请由数据库管理员执行 CREATE DATABASE 库名 OWNER 用户",
        // too_many_connections
        _ if has_code(error, &["53300"]) => {
            "连接数到了上限，请由数据库管理员查看 max_connections 和用户的 CONNECTION LIMIT"
        }
        _ => return None,
    })
}

/// In the simple protocol, which needs no prepared statement.
async fn is_session_read_only(connection: &mut AnyConnection) -> Result<bool, sqlx::Error> {
    let row = sqlx::raw_sql("SELECT current_setting('transaction_read_only')").fetch_one(connection).await?;
    Ok(row.try_get::<String, _>(0)? == "on")
}

/// A pool's connections, each asked before it is used again whether it fits.
pub(crate) fn pool(options: AnyPoolOptions, servers: std::sync::Arc<Servers>) -> AnyPoolOptions {
    options.test_before_acquire(false).before_acquire(move |connection, _| {
        let servers = servers.clone();
        Box::pin(async move {
            if connection.is_in_transaction() {
                tracing::warn!("a connection was left in a transaction and is opened anew");
                return Ok(false);
            }
            servers.still_fits(connection).await
        })
    })
}

/// What an administrator of the database has to do, where PostgreSQL's own words do not say.
pub(crate) fn sentence_of(error: &sqlx::Error) -> Option<String> {
    let said = || error.as_database_error().map_or("", |inner| inner.message());
    Some(match () {
        () if is_read_only(error) => READ_ONLY.to_owned(),
        // insufficient_privilege
        () if has_code(error, &["42501"]) => format!(
            "这个 PostgreSQL 用户的权限不够（{}），数据没有损坏；请由数据库管理员执行 \
             GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA 模式 TO 用户",
            said()
        ),
        // query_canceled
        () if has_code(error, &["57014"]) && said().contains("statement timeout") => {
            "一条语句用的时间超过了 statement_timeout，这次没有保存任何内容；请稍后再试，\
             总是这样就请在 DATABASE_URL 里把它写大一些"
                .to_owned()
        }
        // A prepared statement of somebody else, or none where ours was.
        () if has_code(error, &["42P05", "26000"]) => {
            "前面的连接池把几个人的语句混在一条连接里，数据没有损坏；请在 DATABASE_URL 里去掉 prepared=on".to_owned()
        }
        () if said().contains("statement pooling mode") => {
            "前面的 PgBouncer 是 statement 模式，不能用事务；数据没有损坏，请改为 pool_mode = transaction 或 session"
                .to_owned()
        }
        () => return None,
    })
}

pub(crate) const NO_CONNECTION: &str = "等了一会儿也没有得到 PostgreSQL 的连接（连不上、连接数到了上限，或都在忙），这次没有保存任何内容；\
     请稍后再试，总是这样请由数据库管理员查看 max_connections、用户的 CONNECTION LIMIT 和 DATABASE_URL 里的 pool_size";

pub(crate) const READ_ONLY: &str = "数据库现在是只读的，只能看，这次没有保存任何内容；是备库，请等主库恢复，或由数据库管理员把它升为主库\
                                    （pg_ctl promote）；不是备库，请他执行 ALTER ROLE 用户 SET default_transaction_read_only = off";
