//! PostgreSQL at one address or at several, as libpq writes them
//! (<https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-MULTIPLE-HOSTS>): which server is worked on, at
//! the start and after a failover.

use std::str::FromStr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, ConnectOptions, Connection, Row};

use super::{StoreError, is_pooled, is_read_only};

/// A server that does not answer for so long is passed over.
const PATIENCE: Duration = Duration::from_secs(3);
/// Servers are asked again so often at most.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// Which servers `target_session_attrs` lets in, and which of them comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// Nothing is said: one that takes writes, else one to read from.
    WritableFirst,
    Writable,
    ReadOnly,
    ReadOnlyFirst,
    /// The first that answers.
    Any,
}

impl Wanted {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "any" => Wanted::Any,
            "read-write" | "primary" => Wanted::Writable,
            "read-only" | "standby" => Wanted::ReadOnly,
            "prefer-standby" => Wanted::ReadOnlyFirst,
            _ => return None,
        })
    }

    /// Smaller comes first; `None`: not at all.
    fn order(self, read_only: bool) -> Option<u8> {
        match (self, read_only) {
            (Wanted::Any, _) | (Wanted::WritableFirst | Wanted::Writable, false) => Some(0),
            (Wanted::ReadOnlyFirst | Wanted::ReadOnly, true) => Some(0),
            (Wanted::WritableFirst, true) | (Wanted::ReadOnlyFirst, false) => Some(1),
            (Wanted::Writable, true) | (Wanted::ReadOnly, false) => None,
        }
    }
}

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
    /// The server worked on takes no writes: a standby, or one that was set so.
    read_only: AtomicBool,
    asked: Mutex<Option<Instant>>,
}

impl Servers {
    pub(crate) fn parse(url: &str) -> Result<Self, StoreError> {
        let addresses = Addresses::parse(url)?;
        let server = |(host, port): &(String, String)| {
            let options = AnyConnectOptions::from_str(&addresses.url_of(host, port)).map_err(|error| {
                StoreError::Unusable(format!("DATABASE_URL 里的 {host} 读不懂（{error}），{EXAMPLE}"))
            })?;
            let name = if port.is_empty() { host.clone() } else { format!("{host}:{port}") };
            Ok(Server { name, options })
        };
        let all = addresses.hosts.iter().map(server).collect::<Result<_, StoreError>>()?;
        Ok(Self { all, wanted: addresses.wanted, read_only: AtomicBool::new(false), asked: Mutex::new(None) })
    }

    pub(crate) fn is_read_only(&self) -> bool {
        self.read_only.load(Ordering::Relaxed)
    }

    pub(crate) fn are_several(&self) -> bool {
        self.all.len() > 1
    }

    /// Asks all servers and takes the one that fits best; why each of the others does not, where none does.
    pub(crate) async fn choose(&self) -> Result<AnyConnectOptions, StoreError> {
        let (mut best, mut faults): (Option<(u8, &Server, bool)>, Vec<String>) = (None, Vec::new());
        for server in &self.all {
            match ask(server).await {
                Err(fault) => faults.push(format!("{} {fault}", server.name)),
                Ok(read_only) => match self.wanted.order(read_only) {
                    None if read_only => faults.push(format!("{} 是只读的（备库）", server.name)),
                    None => faults.push(format!("{} 能写，不是备库", server.name)),
                    Some(order) if best.is_none_or(|(known, ..)| order < known) => {
                        best = Some((order, server, read_only));
                        if order == 0 {
                            break;
                        }
                    }
                    Some(_) => {}
                },
            }
        }
        let Some((_, server, read_only)) = best else {
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
        self.read_only.store(read_only, Ordering::Relaxed);
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

/// Whether a server takes no writes, or why it cannot be used.
async fn ask(server: &Server) -> Result<bool, String> {
    let asked = async {
        let mut connection = server.options.connect().await?;
        let read_only = is_session_read_only(&mut connection).await?;
        let _ = connection.close().await;
        Ok(read_only)
    };
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(answer) => answer.map_err(|error: sqlx::Error| format!("连不上（{error}）")),
        Err(_) => Err("没有回答".to_owned()),
    }
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

/// What a refused write on a server means for whoever wrote.
pub(crate) fn sentence_of(error: &sqlx::Error) -> Option<&'static str> {
    match () {
        () if is_read_only(error) => Some(READ_ONLY),
        () if is_pooled(error) => Some(POOLED),
        () => None,
    }
}

pub(crate) const READ_ONLY: &str = "数据库现在是只读的（备库），只能看，这次没有保存任何内容；请等主库恢复，或由数据库管理员把备库升为主库（pg_ctl promote）";

const POOLED: &str = "前面的连接池把几个人的语句混在一条连接里（PgBouncer 的 transaction 或 statement 模式），数据没有损坏；\
                      请让 DATABASE_URL 直连 PostgreSQL，或在 PgBouncer 里给这个库写 pool_mode=session\
                      （1.21 及以上也可以写 max_prepared_statements=200）";

const EXAMPLE: &str = "请写成 postgres://用户:密码@10.0.0.1,10.0.0.2:5433/jigai?target_session_attrs=read-write";

/// The parts of `postgres://user:password@h1:5432,h2/database?a=b`, with the hosts apart.
struct Addresses {
    /// `postgres://user:password@`.
    before: String,
    /// Host and port as written; an empty port is the usual one.
    hosts: Vec<(String, String)>,
    /// `/database?a=b`, without what is read here.
    after: String,
    wanted: Wanted,
}

impl Addresses {
    fn parse(url: &str) -> Result<Self, StoreError> {
        let wrong = |what: &str| StoreError::Unusable(format!("DATABASE_URL {what}，{EXAMPLE}"));
        let (scheme, rest) = url.split_once("://").ok_or_else(|| wrong("应以 postgres:// 开头"))?;
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (user, written) = authority.rsplit_once('@').map_or(("", authority), |(user, hosts)| (user, hosts));
        let (database, query) = path.split_once('?').unwrap_or((path, ""));
        let (mut wanted, mut hosts, mut ports, mut kept) = (Wanted::WritableFirst, None, None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = value.replace("%2C", ",").replace("%2c", ",");
            match key {
                "target_session_attrs" => {
                    wanted = Wanted::parse(&value).ok_or_else(|| {
                        wrong(&format!(
                            "的 target_session_attrs={value} 不认识，可以写 any、read-write、read-only、primary、standby、prefer-standby"
                        ))
                    })?;
                }
                "host" if value.contains(',') => hosts = Some(value),
                "port" if value.contains(',') => ports = Some(value),
                _ => kept.push(pair),
            }
        }
        let hosts = hosts.unwrap_or_else(|| written.to_owned());
        let mut hosts: Vec<(String, String)> = hosts.split(',').map(host_and_port).collect();
        if let Some(ports) = ports {
            let ports: Vec<&str> = ports.split(',').collect();
            if ports.len() != hosts.len() {
                return Err(wrong(&format!("有 {} 台主机、{} 个端口，应一样多", hosts.len(), ports.len())));
            }
            hosts.iter_mut().zip(ports).for_each(|(host, port)| host.1 = port.to_owned());
        }
        if hosts.len() > 1 && hosts.iter().any(|(host, _)| host.is_empty()) {
            return Err(wrong("的两个逗号之间没有主机"));
        }
        let before = if user.is_empty() { format!("{scheme}://") } else { format!("{scheme}://{user}@") };
        let after = if kept.is_empty() { database.to_owned() } else { format!("{database}?{}", kept.join("&")) };
        Ok(Self { before, hosts, after, wanted })
    }

    fn url_of(&self, host: &str, port: &str) -> String {
        let port = if port.is_empty() { String::new() } else { format!(":{port}") };
        format!("{}{host}{port}{}", self.before, self.after)
    }
}

/// `h:5433`, `[::1]:5433`, `h`.
fn host_and_port(text: &str) -> (String, String) {
    let port = text.rsplit_once(':').filter(|(host, _)| !host.starts_with('[') || host.ends_with(']'));
    port.map_or_else(|| (text.to_owned(), String::new()), |(host, port)| (host.to_owned(), port.to_owned()))
}

/// Where a database is, without who comes with which password.
pub(crate) fn described(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split('?').next().unwrap_or_default();
    format!("PostgreSQL {}", rest.rsplit_once('@').map_or(rest, |(_, place)| place))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_addresses(url: &str, expected: &[&str], wanted: Wanted) {
        let read = Addresses::parse(url).unwrap();
        let urls: Vec<String> = read.hosts.iter().map(|(host, port)| read.url_of(host, port)).collect();
        assert_eq!((urls, read.wanted), (expected.iter().map(|&url| url.to_owned()).collect(), wanted), "{url}");
    }

    /// F5.
    #[test]
    fn hosts_are_read_as_libpq_reads_them() {
        check_addresses("postgres://u:p@h/db", &["postgres://u:p@h/db"], Wanted::WritableFirst);
        check_addresses(
            "postgres://u@h1,h2:5433/db?target_session_attrs=read-write&sslmode=require",
            &["postgres://u@h1/db?sslmode=require", "postgres://u@h2:5433/db?sslmode=require"],
            Wanted::Writable,
        );
        check_addresses(
            "postgresql://u@[::1]:5432,[::2]/db?target_session_attrs=prefer-standby",
            &["postgresql://u@[::1]:5432/db", "postgresql://u@[::2]/db"],
            Wanted::ReadOnlyFirst,
        );
        check_addresses(
            "postgres://u@/db?host=h1,h2&port=5432,5433&target_session_attrs=any",
            &["postgres://u@h1:5432/db", "postgres://u@h2:5433/db"],
            Wanted::Any,
        );
        check_addresses("postgres://u@/db?host=/tmp", &["postgres://u@/db?host=/tmp"], Wanted::WritableFirst);
        for wrong in [
            "postgres://u@h1,,h2/db",
            "postgres://u@h/db?target_session_attrs=writable",
            "postgres://h/db?host=a,b&port=1,2,3",
        ] {
            assert!(Addresses::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_place_is_told_without_its_password() {
        assert_eq!(described("postgres://u:p@h1,h2:5433/db?password=x"), "PostgreSQL h1,h2:5433/db");
        assert_eq!(described("postgres://h/db"), "PostgreSQL h/db");
    }

    #[test]
    fn each_wish_has_its_order() {
        for (wanted, writable, read_only) in [
            (Wanted::WritableFirst, Some(0), Some(1)),
            (Wanted::Writable, Some(0), None),
            (Wanted::ReadOnly, None, Some(0)),
            (Wanted::ReadOnlyFirst, Some(1), Some(0)),
            (Wanted::Any, Some(0), Some(0)),
        ] {
            assert_eq!((wanted.order(false), wanted.order(true)), (writable, read_only), "{wanted:?}");
        }
    }
}
