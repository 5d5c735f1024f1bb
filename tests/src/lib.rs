//! Helpers of the black-box tests: the real binary, on an empty SQLite folder or an empty PostgreSQL database.
//!
//! A test speaks the user's language: `app.import_plan(…)`, `app.get("/rank/…").assert_success()`.

pub mod cluster;
pub mod large;
pub mod packs;
pub mod way;

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Runs one test on both databases.
#[macro_export]
macro_rules! on_both_databases {
    ($(fn $name:ident($app:ident: $type:ty) $body:block)+) => {
        $(mod $name {
            use super::*;

            fn check($app: $type) $body

            #[test]
            fn sqlite() {
                check(<$type>::new($crate::Engine::Sqlite));
            }

            #[test]
            fn postgres() {
                check(<$type>::new($crate::Engine::Postgres));
            }
        })+
    };
}

/// The workspace's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

pub fn contract(name: &str) -> PathBuf {
    root().join("tests/fixtures/contract").join(name)
}

fn needed(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: these tests are run by `cargo xtask test`"))
}

/// What a command did.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    #[track_caller]
    pub fn assert_done(&self) -> &Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }

    /// Bad input: exit 2, nothing on standard output.
    #[track_caller]
    pub fn assert_refused(&self) -> &Self {
        assert_eq!((self.code, self.out.as_str()), (2, ""), "{self:?}");
        self
    }

    #[track_caller]
    pub fn says(&self, part: &str) -> &Self {
        assert!(self.out.contains(part) || self.err.contains(part), "“{part}” not in {self:?}");
        self
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// The address at which the program comes to a database of PostgreSQL: by a pooler, where the tests are told of one.
fn pooled(url: &str) -> String {
    let server =
        |text: &str| text.split('/').nth(2).and_then(|at| at.rsplit('@').next()).unwrap_or_default().to_owned();
    match (std::env::var("JIGAI_TEST_POOLER"), std::env::var("JIGAI_TEST_POSTGRES")) {
        (Ok(pooler), Ok(tests)) => url.replacen(&format!("@{}/", server(&tests)), &format!("@{pooler}/"), 1),
        _ => url.to_owned(),
    }
}

/// Runs `jigai` on files alone.
pub fn jigai(arguments: &[&str]) -> Ran {
    run(Command::new(needed("JIGAI_TEST_BINARY")).args(arguments).env_remove("DATABASE_URL").env_remove("JIGAI_DATA"))
}

fn run(command: &mut Command) -> Ran {
    let done = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: done.status.code().unwrap_or(-1), out: text(done.stdout), err: text(done.stderr) }
}

/// A folder of the test's own, removed at its end.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("jigai-test-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        // As the program makes one for its data: a wider one it would not open.
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file and returns its path as text.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        path.display().to_string()
    }
}

impl Default for Folder {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A database of the test's own, and the commands and pages over it.
pub struct TestApp {
    pub folder: Folder,
    engine: Engine,
    database_url: Option<String>,
    clock: Option<String>,
    log: Option<String>,
    /// What the shell does before it becomes the program.
    before: Option<String>,
}

const HEAD: &str = "SELECT hash FROM audit ORDER BY seq DESC LIMIT 1";

fn query_at(url: &str, sql: &str) -> Vec<String> {
    use sqlx::{Connection, Row};
    sqlx::any::install_default_drivers();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut connection = sqlx::AnyConnection::connect(url).await.unwrap();
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).fetch_all(&mut connection).await.unwrap();
        let text =
            |row: &sqlx::any::AnyRow| row.try_get::<String, _>(0).unwrap_or_else(|_| row.get::<i64, _>(0).to_string());
        let found = rows.iter().map(text).collect();
        connection.close().await.unwrap();
        found
    })
}

/// What a server printed so far, on both streams.
type Said = std::sync::Arc<std::sync::Mutex<Vec<String>>>;

impl TestApp {
    pub fn new(engine: Engine) -> Self {
        let folder = Folder::new();
        let database_url = (engine == Engine::Postgres).then(|| {
            let server = needed("JIGAI_TEST_POSTGRES");
            let name = folder.path().file_name().unwrap().to_string_lossy().replace('-', "_");
            execute(&server, &[&format!("CREATE DATABASE {name}")]);
            format!("{}/{name}", server.rsplit_once('/').unwrap().0)
        });
        Self { folder, engine, database_url, clock: None, log: None, before: None }
    }

    /// On another database than its own, at an address as an administrator writes it.
    pub fn on_database(mut self, url: &str) -> Self {
        (self.engine, self.database_url) = (Engine::Postgres, Some(url.to_owned()));
        self
    }

    /// Another copy of the program on the same database of PostgreSQL.
    pub fn another_copy(&self) -> Self {
        Self {
            folder: Folder::new(),
            engine: self.engine,
            database_url: self.database_url.clone(),
            clock: None,
            log: None,
            before: None,
        }
    }

    pub fn is_on(&self, engine: Engine) -> bool {
        self.engine == engine
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let binary = needed("JIGAI_TEST_BINARY");
        let mut command = match &self.before {
            None => Command::new(binary),
            Some(first) => {
                let mut shell = Command::new("sh");
                shell.args(["-c", &format!("{first}; exec \"$0\" \"$@\""), &binary]);
                shell
            }
        };
        command.args(arguments).env_remove("DATABASE_URL").env("JIGAI_DATA", self.folder.path()).env("USER", "tester");
        if let Some(url) = &self.database_url {
            command.env("DATABASE_URL", pooled(url));
        }
        command
    }

    pub fn jigai(&self, arguments: &[&str]) -> Ran {
        self.jigai_as("", arguments)
    }

    /// Whether a command had ended well before it was killed.
    pub fn killed(&self, after: std::time::Duration, arguments: &[&str]) -> bool {
        let mut child = self.command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(after);
        let ended = child.try_wait().unwrap();
        let _ = child.kill();
        let _ = child.wait();
        ended.is_some_and(|status| status.success())
    }

    pub fn import_fuzhou(&self) {
        let plan = contract("fuzhou-2021.plan.toml");
        self.jigai(&["import", "plan", plan.to_str().unwrap()]).assert_done();
        let returns = contract("fuzhou-2021.returns.csv");
        self.jigai(&["import", "returns", "--plan", "fuzhou-2021", returns.to_str().unwrap()]).assert_done();
    }

    /// Imports a returns file of Fuzhou with these lines.
    pub fn import_lines(&self, name: &str, lines: &[&str], options: &[&str]) -> Ran {
        let file = self.folder.write(name, format!("region,period,value,base,growth_pct,note\n{}\n", lines.join("\n")));
        let mut arguments = vec!["import", "returns", "--plan", "fuzhou-2021", &file];
        arguments.extend(options);
        self.jigai(&arguments)
    }

    pub fn publish(&self, period: &str, options: &[&str]) -> Ran {
        let mut arguments = vec!["bulletin", "publish", "--plan", "fuzhou-2021", "--period", period];
        arguments.extend(options);
        self.jigai(&arguments)
    }

    /// The address of its database of PostgreSQL; `None` where it is a file in its folder.
    pub fn database_url(&self) -> Option<&str> {
        self.database_url.as_deref()
    }

    /// The database's own address, past the program.
    fn url(&self) -> String {
        let file = || format!("sqlite:{}", self.folder.path().join("jigai.db").display());
        self.database_url.clone().unwrap_or_else(file)
    }

    /// Changes the database behind the program's back, as somebody with its password could.
    pub fn tamper(&self, table: &str, sql: &str) {
        let unlock = match self.engine {
            Engine::Sqlite => {
                vec![format!("DROP TRIGGER {table}_no_update"), format!("DROP TRIGGER {table}_no_delete")]
            }
            Engine::Postgres => vec![format!("DROP TRIGGER {table}_append_only ON {table}")],
        };
        let unlock: Vec<&str> = unlock.iter().map(String::as_str).chain([sql]).collect();
        execute(&self.url(), &unlock);
    }

    /// Another change of a table that [`TestApp::tamper`] has unlocked, or one that no trigger forbids.
    pub fn tamper_again(&self, sql: &str) {
        execute(&self.url(), &[sql]);
    }

    /// Changes what SQLite knows of its own tables and indexes.
    pub fn tamper_with_schema(&self, sql: &str) {
        execute(&self.url(), &["PRAGMA writable_schema = ON", sql]);
    }

    /// The first column of what a query finds, as texts.
    pub fn query(&self, sql: &str) -> Vec<String> {
        query_at(&self.url(), sql)
    }

    /// The audit chain's end: it moves with every change.
    pub fn head(&self) -> String {
        self.query(HEAD).pop().unwrap_or_default()
    }

    /// The chain's end in another database.
    pub fn head_at(&self, url: &str) -> String {
        query_at(url, HEAD).pop().unwrap_or_default()
    }

    /// Waits until a database that follows another one has this row.
    pub fn wait_until_at(&self, url: &str, head: &str) {
        for _ in 0..200 {
            if self.head_at(url) == head {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("{url} does not follow");
    }

    /// What the database answers to a statement that its rules must refuse.
    pub fn refused_sql(&self, sql: &str) -> String {
        try_execute(&self.url(), &[sql]).expect_err("the database must refuse this").to_string()
    }

    /// Starts the site; visitors may read what is published.
    pub fn serve(self, options: &[&str]) -> Serving {
        if !options.contains(&"--demo") {
            self.jigai(&["migrate"]).assert_done();
            self.jigai(&["user", "policy", "public_reading", "open"]).assert_done();
        }
        self.start(options)
    }

    /// Starts the site as it is.
    pub fn start(self, options: &[&str]) -> Serving {
        self.serve_with("127.0.0.1:0", options)
    }

    /// The same at another address.
    pub fn serve_with(self, listen: &str, options: &[&str]) -> Serving {
        let (child, base, said) = self.begin(listen, options);
        Serving { base, child, app: self, said, cookie: None }
    }

    /// Starts a server, until it says where it listens.
    fn begin(&self, listen: &str, options: &[&str]) -> (Process, String, Said) {
        let mut arguments = vec!["serve", "--listen", listen];
        arguments.extend(options);
        let mut command = self.command(&arguments);
        if let Some(clock) = &self.clock {
            command.env("JIGAI_CLOCK", clock);
        }
        if let Some(log) = &self.log {
            command.env("JIGAI_LOG", log);
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let said = Said::default();
        let lines = BufReader::new(child.stdout.take().unwrap());
        let (sender, started) = std::sync::mpsc::channel();
        let out = said.clone();
        std::thread::spawn(move || {
            for line in lines.lines().map_while(Result::ok) {
                out.lock().unwrap().push(line.clone());
                let _ = sender.send(line);
            }
        });
        let err = said.clone();
        let errors = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                err.lock().unwrap().push(line);
            }
        });
        let first = started.recv_timeout(std::time::Duration::from_secs(180));
        let base = first
            .ok()
            .and_then(|line| Some(format!("http{}", line.split("http").nth(1)?.trim().trim_end_matches('/'))));
        let base = base.unwrap_or_else(|| panic!("not started: {:?}", said.lock().unwrap()));
        (Process(child), base, said)
    }

    /// The database by another way, from now on.
    pub fn by_way(mut self) -> (Self, way::Way) {
        let (way, url) = way::Way::to(self.database_url.as_deref().expect("PostgreSQL"));
        self.database_url = Some(url);
        (self, way)
    }

    /// Ends every connection to the database, as PostgreSQL does when it is started again.
    pub fn end_connections(&self) {
        let url = self.database_url.as_deref().expect("PostgreSQL");
        let (server, name) = url.rsplit_once('/').unwrap();
        let end = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
        execute(&format!("{server}/postgres"), &[&end]);
    }

    /// What the site writes into its log.
    pub fn logging(mut self, filter: &str) -> Self {
        self.log = Some(filter.to_owned());
        self
    }

    /// On a machine that lets a process have so many files and connections.
    pub fn with_descriptors(mut self, most: u32) -> Self {
        self.before = Some(format!("ulimit -n {most}"));
        self
    }

    /// Told that a file grew too large, and not ended for it.
    pub fn surviving_large_files(mut self) -> Self {
        self.before = Some("trap '' XFSZ".to_owned());
        self
    }

    /// The time at which the site starts.
    pub fn at(mut self, clock: &str) -> Self {
        self.clock = Some(clock.to_owned());
        self
    }

    /// The three administrators on their posts; returns the tokens of their one-time links.
    pub fn administrators(&self) -> [String; 3] {
        let people = [("xitong", "system_admin"), ("anquan", "security_admin"), ("shenji", "audit_admin")];
        let tokens = people.map(|(login, _)| self.account("", login));
        self.jigai(&["post", "add", "--role", "security_admin", "--login", "anquan"]).assert_done();
        for (login, role) in [people[0], people[2]] {
            self.jigai_as("system-security-admin", &["post", "add", "--role", role, "--login", login]).assert_done();
        }
        tokens
    }

    /// An account; returns the token of its one-time link.
    pub fn account(&self, acting: &str, login: &str) -> String {
        let said = self.jigai_as(acting, &["user", "add", login, "--name", &format!("{login}甲")]);
        said.assert_done().out.split("token=").nth(1).unwrap()[..64].to_owned()
    }

    /// An account on a new post of 福州市; returns the token of its one-time link.
    pub fn appoint(&self, login: &str, role: &str, unit: &str) -> String {
        self.appoint_at("福州市", login, role, unit)
    }

    /// The same in another office.
    pub fn appoint_at(&self, office: &str, login: &str, role: &str, unit: &str) -> String {
        let token = self.account("system-system-admin", login);
        let mut arguments = vec!["post", "add", "--role", role, "--login", login, "--office", office];
        if !unit.is_empty() {
            arguments.extend(["--unit", unit]);
        }
        self.jigai_as("system-security-admin", &arguments).assert_done();
        token
    }

    /// Starts the site for a reviewer of 福州市, who is logged in.
    pub fn serve_for_office(self) -> Serving {
        self.administrators();
        let token = self.appoint("shenhe", "city_reviewer", "");
        let mut site = self.start(&[]);
        site.cookie = Some(site.first_log_in("shenhe", &token));
        site
    }

    /// The database as a released program left it.
    pub fn restore_released(&self, form: &str) {
        let folder = root().join("tests/fixtures/released").join(form);
        match &self.database_url {
            None => {
                let file = self.folder.path().join("jigai.db");
                std::fs::copy(folder.join("jigai.db"), &file).unwrap();
                std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
            }
            Some(url) => {
                let dump = folder.join("postgres.sql");
                let ran = run(Command::new("psql")
                    .args(["-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", url, "-f"])
                    .arg(dump));
                assert_eq!(ran.code, 0, "{ran:?}");
            }
        }
    }

    /// Keeps everybody from writing until it is dropped, as another program could.
    pub fn hold_lock(&self) -> Held {
        use sqlx::Connection;
        sqlx::any::install_default_drivers();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (url, on_sqlite) = (self.url(), self.is_on(Engine::Sqlite));
        let connection = runtime.block_on(async {
            let mut connection = sqlx::AnyConnection::connect(&url).await.unwrap();
            let statements: &[&str] =
                if on_sqlite { &["BEGIN IMMEDIATE"] } else { &["BEGIN", "LOCK TABLE audit IN EXCLUSIVE MODE"] };
            for statement in statements {
                sqlx::query(sqlx::AssertSqlSafe(*statement)).execute(&mut connection).await.unwrap();
            }
            connection
        });
        Held { runtime, connection: Some(connection) }
    }

    /// The database as [`TestApp::restore_released`] takes it, on PostgreSQL.
    pub fn dump_into(&self, file: &Path) {
        let mut dump = Command::new("pg_dump");
        let ran = run(dump.args(["--no-owner", "--inserts", "--file"]).arg(file).arg(self.url()));
        assert_eq!(ran.code, 0, "{ran:?}");
        // Older readers do not know the newest dumps' first and last word.
        let dumped = std::fs::read_to_string(file).unwrap();
        let known = |line: &&str| !line.starts_with("\\restrict ") && !line.starts_with("\\unrestrict ");
        std::fs::write(file, dumped.split_inclusive('\n').filter(known).collect::<String>()).unwrap();
    }

    /// The posts that a month needs, all with holders: (login, token of the one-time link).
    pub fn staff(&self) -> Vec<(&'static str, String)> {
        let administrators = self.administrators();
        let mut people: Vec<(&'static str, String)> =
            ["xitong", "anquan", "shenji"].into_iter().zip(administrators).collect();
        for (login, role, unit) in STAFF {
            people.push((login, self.appoint(login, role, unit)));
        }
        people
    }

    /// A second person confirms the revision of a plan, as he was shown it.
    pub fn confirm_plan(&self, post: &str, plan: &str) -> Ran {
        let shown = self.jigai_as(post, &["plan", "confirm", plan]);
        let (_, rest) = shown.assert_done().out.split_once("--sha256 ").unwrap_or_else(|| panic!("{shown:?}"));
        self.jigai_as(post, &["plan", "confirm", plan, "--sha256", &rest[..64]])
    }

    /// A command in the name of a post; of none where there are none yet.
    pub fn jigai_as(&self, post: &str, arguments: &[&str]) -> Ran {
        let mut command = self.command(arguments);
        if !post.is_empty() {
            command.env("JIGAI_AS", post);
        }
        if let Some(clock) = &self.clock {
            command.env("JIGAI_CLOCK", clock);
        }
        run(&mut command)
    }
}

/// Runs one statement on a database, past the program.
pub fn execute_sql(url: &str, statement: &str) {
    execute(url, &[statement]);
}

fn execute(url: &str, statements: &[&str]) {
    try_execute(url, statements).unwrap();
}

fn try_execute(url: &str, statements: &[&str]) -> Result<(), sqlx::Error> {
    use sqlx::Connection;
    sqlx::any::install_default_drivers();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut connection = sqlx::AnyConnection::connect(url).await?;
        for statement in statements {
            sqlx::query(sqlx::AssertSqlSafe((*statement).to_owned())).execute(&mut connection).await?;
        }
        connection.close().await
    })
}

/// A running server.
pub struct Serving {
    pub base: String,
    pub app: TestApp,
    said: Said,
    /// Sent with every request, where a test speaks as somebody.
    pub cookie: Option<String>,
    child: Process,
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Serving {
    /// The most memory that the server has taken so far, in KiB.
    pub fn memory_peak(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.0.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches("kB").trim().parse().unwrap()
    }

    /// `http://127.0.0.1:PORT`, without the path under which the site stands.
    fn origin(&self) -> &str {
        let host = self.base.find("://").map_or(0, |at| at + 3);
        self.base[host..].find('/').map_or(&self.base, |end| &self.base[..host + end])
    }

    pub fn process(&self) -> u32 {
        self.child.0.id()
    }

    /// Asks the server to end, and how long it took.
    pub fn terminate(mut self) -> std::time::Duration {
        let asked = std::time::Instant::now();
        let told = Command::new("kill").args(["-TERM", &self.process().to_string()]).status().unwrap();
        assert!(told.success());
        self.child.0.wait().unwrap();
        asked.elapsed()
    }

    /// As [`TestApp::hold_lock`].
    pub fn hold_lock(&self) -> Held {
        self.app.hold_lock()
    }

    /// Another server over the same database and folder.
    pub fn another(&self) -> Another {
        let (child, base, _) = self.app.begin("127.0.0.1:0", &[]);
        Another { base, _child: child }
    }

    /// Ends the server and keeps its database.
    pub fn stop(self) -> TestApp {
        self.app
    }
}

/// One more server beside the first.
pub struct Another {
    pub base: String,
    _child: Process,
}

/// A lock on the database.
pub struct Held {
    runtime: tokio::runtime::Runtime,
    connection: Option<sqlx::AnyConnection>,
}

impl Drop for Held {
    fn drop(&mut self) {
        use sqlx::Connection;
        if let Some(connection) = self.connection.take() {
            let _ = self.runtime.block_on(connection.close());
        }
    }
}

/// A password that both policies take.
pub const PASSWORD: &str = "Qw3-rooster-lamp";

/// A form's body.
pub fn form(fields: &[(&str, &str)]) -> String {
    let encode = |text: &str| {
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(byte);
        text.bytes()
            .map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
            .collect::<String>()
    };
    fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect::<Vec<_>>().join("&")
}

/// Somebody at the site.
pub struct Person<'s> {
    site: &'s Serving,
    pub cookie: String,
}

impl Person<'_> {
    pub fn get(&self, path: &str) -> Page {
        self.site.get_with(path, &[("cookie", &self.cookie)])
    }

    /// So many times over one connection, as a browser keeps it.
    pub fn get_again(&self, path: &str, times: usize) {
        let agent = ureq::Agent::new_with_defaults();
        for _ in 0..times {
            let request = agent.get(format!("{}{path}", self.site.base)).header("cookie", &self.cookie);
            request.call().and_then(|mut answer| answer.body_mut().read_to_vec()).expect("a page");
        }
    }

    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.site.post(path, &form(fields), &[("cookie", &self.cookie)])
    }

    /// Sends the form of a page as a browser would: every field as it stands, these ones changed.
    #[track_caller]
    pub fn submit(&self, page: &Page, selector: &str, changes: &[(&str, &str)]) -> Page {
        let (action, mut fields) = page.form(selector);
        for (name, value) in changes {
            fields.retain(|(known, _)| known != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(&action, &fields)
    }
}

/// The posts of [`TestApp::staff`] besides the administrators: login, role, unit.
pub const STAFF: [(&str, &str, &str); 7] = [
    ("fuqing", "county_reporter", "福清市"),
    ("fuqing.sh", "county_approver", "福清市"),
    ("minhou", "county_reporter", "闽侯县"),
    ("minhou.sh", "county_approver", "闽侯县"),
    ("shenhe", "city_reviewer", ""),
    ("fabu", "publisher", ""),
    ("lingdao", "leader", ""),
];

/// A site with all posts held, at 3 July 2021, 09:00: 1—6月 is open until 5 July, 24:00.
pub struct Office {
    pub site: Serving,
    cookies: std::collections::BTreeMap<&'static str, String>,
}

/// When the office's site starts.
pub const OPEN: &str = "2021-07-03T09:00:00+08:00";

impl Office {
    /// The plan without figures, and everybody logged in.
    pub fn new(app: TestApp) -> Self {
        Self::with_figures(app, &[])
    }

    /// The same with figures that came in by a file before there were posts.
    pub fn with_figures(app: TestApp, lines: &[&str]) -> Self {
        let app = app.at(OPEN);
        let plan = contract("fuzhou-2021.plan.toml");
        app.jigai(&["import", "plan", plan.to_str().unwrap()]).assert_done();
        if !lines.is_empty() {
            app.import_lines("before.csv", lines, &[]).assert_done();
        }
        let people = app.staff();
        let site = app.start(&[]);
        let cookies = people.into_iter().map(|(login, token)| (login, site.first_log_in(login, &token))).collect();
        Self { site, cookies }
    }

    /// A site of another plan at its time: people by log-in, role and unit, and everybody logged in.
    pub fn of(app: TestApp, plan: &str, region: &str, people: &[(&'static str, &str, &str)]) -> Self {
        app.jigai(&["import", "plan", &app.folder.write("p.plan.toml", plan)]).assert_done();
        app.administrators();
        let tokens = people.iter().map(|(login, role, unit)| (*login, app.appoint_at(region, login, role, unit)));
        let tokens: Vec<(&'static str, String)> = tokens.collect();
        let site = app.start(&[]);
        let cookies = tokens.into_iter().map(|(login, token)| (login, site.first_log_in(login, &token))).collect();
        Self { site, cookies }
    }

    /// A file with what is typed beside it, from the reviewer.
    pub fn upload(&self, path: &str, text: &str, typed: &[(&str, &str)]) -> Page {
        let typed: Vec<(String, String)> =
            typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.site.upload_form(path, &typed, ("file", "list.csv", text.as_bytes()), self.cookie("shenhe"))
    }

    pub fn person(&self, login: &str) -> Person<'_> {
        self.site.as_person(&self.cookies[login])
    }

    pub fn cookie(&self, login: &str) -> &str {
        &self.cookies[login]
    }

    /// Somebody else on a new post of the office, logged in.
    pub fn appoint(&mut self, login: &'static str, role: &str, unit: &str) {
        let token = self.site.app.appoint(login, role, unit);
        self.cookies.insert(login, self.site.first_log_in(login, &token));
    }

    /// The same site started again at another time; everybody keeps his session.
    pub fn at(self, clock: &str) -> Self {
        let site = self.site.stop().at(clock).start(&[]);
        Self { site, cookies: self.cookies }
    }

    /// The same site started again otherwise; everybody keeps his session.
    pub fn with_options(self, options: &[&str]) -> Self {
        let site = self.site.stop().start(options);
        Self { site, cookies: self.cookies }
    }

    /// Everybody logs in anew: sessions end with time.
    pub fn logged_in_again(mut self) -> Self {
        // Months later passwords would be too old under the other policy.
        let policy = ["user", "policy", "password_policy", "asvs"];
        self.site.app.jigai_as("system-security-admin", &policy).assert_done();
        for (login, cookie) in &mut self.cookies {
            *cookie = self.site.log_in(login, PASSWORD);
        }
        self
    }

    /// 福清市 fills in its form and submits it.
    #[track_caller]
    pub fn submit_fuqing(&self) -> Page {
        self.fill(
            "fuqing",
            "350181",
            &[("c.investment/350181/value", "140.5"), ("c.investment/350181/base", "120.25")],
        );
        self.hand_in("fuqing", "350181")
    }

    /// Types into a unit's form and saves.
    #[track_caller]
    pub fn fill(&self, login: &str, unit: &str, cells: &[(&str, &str)]) {
        let person = self.person(login);
        let page = person.get(&format!("/report/fuzhou-2021/2021-06/{unit}")).assert_success();
        let answer = person.submit(&page, "#entry", &[cells, &[("then", "save")]].concat());
        assert_eq!(answer.status, 303, "{}", answer.text());
    }

    /// Ticks and submits on the check page; returns the answer.
    #[track_caller]
    pub fn hand_in(&self, login: &str, unit: &str) -> Page {
        let person = self.person(login);
        let page = person.get(&format!("/report/fuzhou-2021/2021-06/{unit}/check")).assert_success();
        let answer = person.submit(&page, "form.submit", &[("tick", "on")]);
        assert_eq!((answer.status, answer.header("location").ends_with("/receipt")), (303, true), "{}", answer.text());
        answer
    }

    /// Takes a step by the button on a unit's page.
    #[track_caller]
    pub fn step(&self, login: &str, unit: &str, step: &str, fields: &[(&str, &str)]) -> Page {
        let person = self.person(login);
        let page = person.get(&format!("/report/fuzhou-2021/2021-06/{unit}")).assert_success();
        let answer = person.submit(&page, &format!("form.step:has(input[value={step}])"), fields);
        assert_eq!(answer.status, 303, "{}", answer.text());
        answer
    }
}

/// A page as a reader gets it.
#[derive(Debug)]
pub struct Page {
    pub path: String,
    pub status: u16,
    pub html: String,
    /// The body as it came: of files that are no text.
    pub bytes: Vec<u8>,
    pub headers: Vec<(String, String)>,
}

impl Serving {
    pub fn get(&self, path: &str) -> Page {
        self.get_with(path, &[])
    }

    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Page {
        // A request that only wants to know where it is sent says so.
        let follow = if headers.iter().any(|(name, _)| *name == "no-redirect") { 0 } else { 10 };
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).max_redirects(follow).build().into();
        let mut request = agent.get(format!("{}{path}", self.base));
        if let Some(cookie) = self.cookie.as_ref().filter(|_| !headers.iter().any(|(name, _)| *name == "cookie")) {
            request = request.header("cookie", cookie);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.answer(path, request.call().unwrap())
    }

    /// Sets a password by a one-time link and logs in; returns the cookies.
    pub fn first_log_in(&self, login: &str, token: &str) -> String {
        let set = self.post(
            "/setup",
            &form(&[("token", token), ("password", PASSWORD), ("again", PASSWORD)]),
            &[("cookie", "")],
        );
        assert_eq!((set.status, set.header("location")), (303, "/login?ready=1"), "{}", set.text());
        self.log_in(login, PASSWORD)
    }

    /// Logs in; returns the cookies.
    #[track_caller]
    pub fn log_in(&self, login: &str, password: &str) -> String {
        let answer = self.post("/login", &form(&[("login", login), ("password", password)]), &[("cookie", "")]);
        assert_eq!(answer.status, 303, "{}", answer.text());
        answer.cookies()
    }

    /// The same site as seen by somebody else.
    pub fn as_person<'s>(&'s self, cookie: &str) -> Person<'s> {
        Person { site: self, cookie: cookie.to_owned() }
    }

    /// What the server printed so far.
    pub fn said(&self) -> Vec<String> {
        self.said.lock().unwrap().clone()
    }

    /// Sends a file as a form does.
    pub fn upload(&self, path: &str, name: &str, bytes: &[u8], cookie: &str) -> Page {
        self.upload_form(path, &[], ("file", name, bytes), cookie)
    }

    /// A form with all its fields and a file in one of them.
    pub fn upload_form(
        &self,
        path: &str,
        fields: &[(String, String)],
        (field, name, bytes): (&str, &str, &[u8]),
        cookie: &str,
    ) -> Page {
        let part = |(name, value): &(String, String)| {
            format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let others: String = fields.iter().filter(|(name, _)| name != field).map(part).collect();
        let head = format!(
            "--edge\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\ncontent-type: text/csv\r\n\r\n"
        );
        let body = [others.as_bytes(), head.as_bytes(), bytes, b"\r\n--edge--\r\n"].concat();
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
        let request =
            agent.post(format!("{}{path}", self.base)).header("origin", self.origin()).header("cookie", cookie);
        let answer = request.header("content-type", "multipart/form-data; boundary=edge").send(&body[..]).unwrap();
        self.answer(path, answer)
    }

    /// Waits until the server has printed something.
    #[track_caller]
    pub fn wait_for(&self, part: &str) {
        self.settle(|| self.said().iter().any(|line| line.contains(part)));
    }

    /// Waits, at most five seconds, until something holds; what the caller asserts next says what did not.
    pub fn settle(&self, holds: impl Fn() -> bool) {
        for _ in 0..100 {
            if holds() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }

    pub fn post(&self, path: &str, form: &str, headers: &[(&str, &str)]) -> Page {
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
        let mut request = agent.post(format!("{}{path}", self.base));
        if !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        if !headers.iter().any(|(name, _)| matches!(*name, "origin" | "sec-fetch-site" | "no-origin")) {
            request = request.header("origin", self.origin());
        }
        if let Some(cookie) = self.cookie.as_ref().filter(|_| !headers.iter().any(|(name, _)| *name == "cookie")) {
            request = request.header("cookie", cookie);
        }
        let headers: Vec<_> = headers.iter().copied().filter(|(name, _)| *name != "no-origin").collect();
        for (name, value) in headers {
            request = request.header(name, value);
        }
        self.answer(path, request.send(form).unwrap())
    }

    /// Sends these bytes and returns everything that comes back until the server is silent or closes.
    pub fn raw(&self, request: &str) -> String {
        use std::io::{Read, Write};
        let mut stream = std::net::TcpStream::connect(self.base.trim_start_matches("http://")).unwrap();
        stream.set_read_timeout(Some(std::time::Duration::from_millis(1500))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn answer(&self, path: &str, mut response: ureq::http::Response<ureq::Body>) -> Page {
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("").to_owned()))
            .collect();
        let bytes = response.body_mut().with_config().limit(64 * 1024 * 1024).read_to_vec().unwrap();
        // A workbook is no text, and has nothing to look for in it.
        let html = String::from_utf8_lossy(&bytes).into_owned();
        Page { path: path.to_owned(), status: response.status().as_u16(), html, bytes, headers }
    }
}

impl Page {
    #[track_caller]
    pub fn assert_success(self) -> Self {
        assert_eq!(self.status, 200, "{}: {}", self.path, self.text());
        self
    }

    #[track_caller]
    pub fn assert_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.path, self.text());
        self
    }

    /// An error page: this status, a heading, a way on, and never a trace of the program's insides.
    #[track_caller]
    pub fn assert_error(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.path, self.text());
        assert!(self.html.contains("<h1>") && self.html.contains("href=\"/\""), "{}: {}", self.path, self.html);
        assert!(!self.html.contains("panicked"), "{}", self.html);
        self
    }

    /// What a reader sees, blanks folded.
    pub fn text(&self) -> String {
        let document = scraper::Html::parse_document(&self.html);
        let words: Vec<&str> = document.root_element().text().flat_map(str::split_whitespace).collect();
        words.join(" ")
    }

    #[track_caller]
    pub fn shows(&self, part: &str) -> &Self {
        // A number in a sentence is an element of its own: blanks between elements do not count.
        let without_blanks = |text: &str| text.split_whitespace().collect::<String>();
        assert!(
            without_blanks(&self.text()).contains(&without_blanks(part)),
            "{}: “{part}” not in {}",
            self.path,
            self.text()
        );
        self
    }

    #[track_caller]
    pub fn lacks(&self, part: &str) -> &Self {
        // The port of the site's own address is any number.
        let mut parts = self.html.split("http://127.0.0.1:");
        let first = parts.next().unwrap_or_default();
        let found = first.contains(part)
            || parts.any(|text| text.trim_start_matches(|c: char| c.is_ascii_digit()).contains(part));
        assert!(!found, "{}: “{part}” is there", self.path);
        self
    }

    /// The texts of all elements a selector finds.
    pub fn all(&self, selector: &str) -> Vec<String> {
        let document = scraper::Html::parse_document(&self.html);
        let selector = scraper::Selector::parse(selector).unwrap();
        document.select(&selector).map(|element| element.text().collect::<String>().trim().to_owned()).collect()
    }

    /// The cookies an answer sets, as a browser sends them back.
    pub fn cookies(&self) -> String {
        let set = self.headers.iter().filter(|(name, _)| name == "set-cookie");
        set.map(|(_, value)| value.split(';').next().unwrap().to_owned()).collect::<Vec<_>>().join("; ")
    }

    /// Address and fields of a form: hidden ones, texts, chosen options; no buttons, no unticked boxes.
    #[track_caller]
    pub fn form(&self, selector: &str) -> (String, Vec<(String, String)>) {
        let document = scraper::Html::parse_document(&self.html);
        let select = |text: &str| scraper::Selector::parse(text).unwrap();
        let form = document
            .select(&select(selector))
            .next()
            .unwrap_or_else(|| panic!("{}: no {selector}: {}", self.path, self.text()));
        let mut fields = Vec::new();
        // A box may stand elsewhere on the page and belong to it.
        let outside = format!("input[form='{}']", form.attr("id").unwrap_or("-"));
        for field in
            form.select(&select("input[name], textarea[name], select[name]")).chain(document.select(&select(&outside)))
        {
            let name = field.attr("name").unwrap().to_owned();
            let value = match field.value().name() {
                "textarea" => field.text().collect::<String>().trim_start_matches('\n').to_owned(),
                "select" => {
                    let chosen =
                        field.select(&select("option[selected]")).next().or(field.select(&select("option")).next());
                    chosen.and_then(|option| option.attr("value")).unwrap_or("").to_owned()
                }
                _ if matches!(field.attr("type"), Some("checkbox" | "radio")) && field.attr("checked").is_none() => {
                    continue;
                }
                _ => field.attr("value").unwrap_or("").to_owned(),
            };
            fields.push((name, value));
        }
        (form.attr("action").unwrap_or("").to_owned(), fields)
    }

    /// The addresses a page links to.
    pub fn links(&self) -> Vec<String> {
        let document = scraper::Html::parse_document(&self.html);
        let selector = scraper::Selector::parse("a[href]").unwrap();
        document.select(&selector).filter_map(|element| element.attr("href")).map(str::to_owned).collect()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// Every key below a value, by its last name.
pub fn json_keys(value: &serde_json::Value, found: &mut std::collections::BTreeSet<String>) {
    match value {
        serde_json::Value::Object(object) => {
            found.extend(object.keys().cloned());
            object.values().for_each(|value| json_keys(value, found));
        }
        serde_json::Value::Array(array) => array.iter().for_each(|value| json_keys(value, found)),
        _ => {}
    }
}
