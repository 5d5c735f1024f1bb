//! `DATABASE_URL` of PostgreSQL: hosts as libpq writes them
//! (<https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING>), and the settings behind `?`.

use std::time::Duration;

use super::StoreError;

/// Which servers `target_session_attrs` lets in, and which of them comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
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
    pub(crate) fn order(self, read_only: bool) -> Option<u8> {
        match (self, read_only) {
            (Wanted::Any, _) | (Wanted::WritableFirst | Wanted::Writable, false) => Some(0),
            (Wanted::ReadOnlyFirst | Wanted::ReadOnly, true) => Some(0),
            (Wanted::WritableFirst, true) | (Wanted::ReadOnlyFirst, false) => Some(1),
            (Wanted::Writable, true) | (Wanted::ReadOnly, false) => None,
        }
    }
}

const EXAMPLE: &str = "请写成 postgres://用户:密码@10.0.0.1,10.0.0.2:5433/jigai?target_session_attrs=read-write";

/// What is set behind `?` and is no matter of sqlx's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settings {
    /// A server that does not answer for so long is passed over.
    pub(crate) connect_timeout: Duration,
    /// Connections to one server, for reading and writing together.
    pub(crate) pool_size: u32,
    /// In milliseconds; `None`: as the server has it.
    pub(crate) statement_timeout: Option<u32>,
    /// In milliseconds.
    pub(crate) lock_timeout: u32,
    /// Statements have names in their session: no pooler stands between.
    pub(crate) prepared: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(3),
            pool_size: 8,
            statement_timeout: None,
            lock_timeout: 5_000,
            prepared: false,
        }
    }
}

impl Settings {
    /// Reads one of them; `None` where it is none of them, else what it should have been.
    fn set(&mut self, key: &str, value: &str) -> Option<Result<(), String>> {
        let within = |text: &str, least: u32, most: u32| {
            text.parse::<u32>().ok().filter(|number| (least..=most).contains(number))
        };
        Some(match key {
            "connect_timeout" => match within(value, 1, 60) {
                Some(seconds) => {
                    self.connect_timeout = Duration::from_secs(seconds.into());
                    Ok(())
                }
                None => Err("是等一台服务器的秒数，请写 1 到 60".to_owned()),
            },
            "pool_size" => match within(value, 3, 500) {
                Some(size) => {
                    self.pool_size = size;
                    Ok(())
                }
                None => Err("是本程序最多用几条连接，请写 3 到 500".to_owned()),
            },
            "statement_timeout" => match milliseconds(value) {
                Some(time) => {
                    self.statement_timeout = Some(time);
                    Ok(())
                }
                None => Err("是一条语句最多用多久，请写成 30s、500ms 或 2min，0 是不限".to_owned()),
            },
            "lock_timeout" => match milliseconds(value) {
                Some(time) => {
                    self.lock_timeout = time;
                    Ok(())
                }
                None => Err("是等别人的锁最多多久，请写成 5s、500ms 或 1min，0 是一直等".to_owned()),
            },
            "prepared" => match value {
                "on" | "off" => {
                    self.prepared = value == "on";
                    Ok(())
                }
                _ => Err("请写 on（直连 PostgreSQL，快一些）或 off".to_owned()),
            },
            _ => return None,
        })
    }
}

/// `30s`, `500ms`, `2min`, `1500` (milliseconds), as PostgreSQL writes times; a day at most.
fn milliseconds(text: &str) -> Option<u32> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let factor = match &text[digits.len()..] {
        "" | "ms" => 1,
        "s" => 1_000,
        "min" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    digits.parse::<u32>().ok()?.checked_mul(factor).filter(|time| *time <= 86_400_000)
}

/// What sqlx reads by itself.
const OF_SQLX: [&str; 12] = [
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];

/// What may stand behind `?`, for a sentence.
const KNOWN: &str = "target_session_attrs、sslmode、sslrootcert、sslcert、sslkey、connect_timeout、pool_size、\
                     statement_timeout、lock_timeout、prepared、application_name";

const SSL_MODES: [&str; 6] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/// The parts of `postgres://user:password@h1:5432,h2/database?a=b`, with the hosts apart.
#[derive(Debug)]
pub(crate) struct Addresses {
    /// `postgres://user:password@`.
    before: String,
    /// Host and port as written; an empty port is the usual one.
    pub(crate) hosts: Vec<(String, String)>,
    /// `/database?a=b`, without what is read here.
    after: String,
    pub(crate) wanted: Wanted,
    pub(crate) settings: Settings,
}

impl Addresses {
    pub(crate) fn parse(url: &str) -> Result<Self, StoreError> {
        let wrong = |what: &str| StoreError::Unusable(format!("DATABASE_URL {what}，{EXAMPLE}"));
        let unreadable = |key: &str, value: &str, what: &str| {
            StoreError::Unusable(format!("DATABASE_URL 里的 {key}={value} 不对：{what}"))
        };
        let (scheme, rest) = url.split_once("://").ok_or_else(|| wrong("应以 postgres:// 开头"))?;
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (user, written) = authority.rsplit_once('@').map_or(("", authority), |(user, hosts)| (user, hosts));
        let (database, query) = path.split_once('?').unwrap_or((path, ""));
        let (mut wanted, mut settings) = (Wanted::WritableFirst, Settings::default());
        let (mut hosts, mut ports, mut kept) = (None, None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = value.replace("%2C", ",").replace("%2c", ",").replace("%2F", "/").replace("%2f", "/");
            match key {
                "target_session_attrs" => {
                    wanted = Wanted::parse(&value).ok_or_else(|| {
                        unreadable(
                            key,
                            &value,
                            "请写 any、read-write、read-only、primary、standby、prefer-standby 之一",
                        )
                    })?;
                }
                "host" if value.contains(',') => hosts = Some(value),
                "port" if value.contains(',') => ports = Some(value),
                "sslmode" if !SSL_MODES.contains(&value.as_str()) => {
                    return Err(unreadable(key, &value, &format!("请写 {} 之一", SSL_MODES.join("、"))));
                }
                "sslrootcert" | "sslcert" | "sslkey" => {
                    std::fs::File::open(&value).map_err(|error| {
                        unreadable(key, &value, &format!("这个文件打不开（{error}），应是 PEM 文件"))
                    })?;
                    kept.push(pair);
                }
                key if OF_SQLX.contains(&key) || key.starts_with("options[") => kept.push(pair),
                // Of earlier versions: statements have no names now, so that nothing is kept of them.
                "statement-cache-capacity" => {}
                key => settings
                    .set(key, &value)
                    .unwrap_or_else(|| Err(format!("没有这一项设置，可以写的有 {KNOWN}")))
                    .map_err(|what| unreadable(key, &value, &what))?,
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
        Ok(Self { before, hosts, after, wanted, settings })
    }

    pub(crate) fn url_of(&self, host: &str, port: &str) -> String {
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
    fn settings_stand_behind_the_question_mark() {
        let url = "postgres://u@h/db?statement_timeout=30s&lock_timeout=1500&connect_timeout=2&pool_size=20&sslmode=disable&prepared=on";
        let read = Addresses::parse(url).unwrap();
        let expected = Settings {
            connect_timeout: Duration::from_secs(2),
            pool_size: 20,
            statement_timeout: Some(30_000),
            lock_timeout: 1_500,
            prepared: true,
        };
        assert_eq!(read.settings, expected);
        // What sqlx does not know never comes to it.
        assert_eq!(read.url_of("h", ""), "postgres://u@h/db?sslmode=disable");
        for (wrong, why) in [
            ("statement_timeout=30 s", "30s、500ms 或 2min"),
            ("statement_timeout=2d", "30s、500ms 或 2min"),
            ("lock_timeout=-1", "5s、500ms 或 1min"),
            ("lock_timeout=99h", "5s、500ms 或 1min"),
            ("connect_timeout=0", "1 到 60"),
            ("pool_size=2", "3 到 500"),
            ("prepared=yes", "on（直连"),
            ("sslmode=on", "verify-full 之一"),
            ("sslrootcert=/nowhere/root.pem", "这个文件打不开"),
            ("poolsize=9", "没有这一项设置，可以写的有"),
        ] {
            let said = Addresses::parse(&format!("postgres://u@h/db?{wrong}")).unwrap_err().to_string();
            assert!(said.contains(why) && said.contains(wrong), "{said}");
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
