//! PostgreSQL servers of a test's own: a primary, and standbys that follow it.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::{Folder, execute, query_at, run};

/// A server in a folder of its own, stopped at its end.
pub struct Cluster {
    folder: Folder,
    pub port: u16,
}

impl Cluster {
    /// An empty server that takes writes.
    pub fn primary() -> Self {
        let cluster = Self::prepared();
        let data = cluster.data();
        cluster.program("initdb", &["-D", &data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]);
        cluster.start();
        cluster
    }

    /// A server that follows another one and takes no writes.
    pub fn standby_of(primary: &Self) -> Self {
        let cluster = Self::prepared();
        cluster.follow(primary);
        cluster
    }

    /// From now on it follows another one, from nothing, at its own port.
    pub fn follow(&self, primary: &Self) {
        let data = self.data();
        if Path::new(&data).exists() {
            std::fs::remove_dir_all(&data).unwrap();
        }
        let from = format!("host=127.0.0.1 port={} user=postgres", primary.port);
        self.program("pg_basebackup", &["-D", &data, "-d", &from, "-R", "-X", "stream", "-c", "fast"]);
        self.start();
    }

    /// From now on no write is acknowledged before a standby has it on disk; returns as soon as one follows so. What
    /// stands so far copies none of this: promoted, it waits for nobody.
    pub fn wait_for_a_standby(&self) {
        self.sql(&["ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT CAST(pg_reload_conf() AS TEXT)"]);
        let synchronous = "SELECT COUNT(*) FROM pg_stat_replication WHERE sync_state = 'sync'";
        let follows = (0..200).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(50));
            query_at(&self.url(), synchronous) == ["1"]
        });
        assert!(follows, "nobody follows the server at {}", self.port);
    }

    /// From now on it is the primary.
    pub fn promote(&self) {
        self.program("pg_ctl", &["-D", &self.data(), "-w", "-s", "promote"]);
    }

    /// As at a power cut.
    pub fn kill(&self) {
        self.program("pg_ctl", &["-D", &self.data(), "-m", "immediate", "-s", "stop"]);
    }

    /// Runs statements, each by itself.
    pub fn sql(&self, statements: &[&str]) {
        execute(&self.url(), statements);
    }

    fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// From now on it has this certificate.
    pub fn use_tls(&self, certificate: &Path, key: &Path) {
        for (from, name) in [(certificate, "server.crt"), (key, "server.key")] {
            let to = Path::new(&self.data()).join(name);
            std::fs::copy(from, &to).unwrap();
            std::fs::set_permissions(&to, std::fs::Permissions::from_mode(0o600)).unwrap();
            belongs_to_postgres(&to);
        }
        self.sql(&["ALTER SYSTEM SET ssl = on", "SELECT CAST(pg_reload_conf() AS TEXT)"]);
    }

    /// From now on nobody comes without TLS.
    pub fn require_tls(&self) {
        let rules = Path::new(&self.data()).join("pg_hba.conf");
        std::fs::write(rules, "hostssl all all 127.0.0.1/32 trust\n").unwrap();
        self.program("pg_ctl", &["-D", &self.data(), "-s", "reload"]);
    }

    /// A port and a folder, and no server yet.
    pub fn prepared() -> Self {
        let folder = Folder::new();
        belongs_to_postgres(folder.path());
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self { folder, port }
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn start(&self) {
        let port = self.port;
        let options = format!("-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''");
        let log = self.folder.path().join("log").display().to_string();
        self.program("pg_ctl", &["-D", &self.data(), "-o", &options, "-l", &log, "-w", "-s", "start"]);
    }

    fn program(&self, name: &str, arguments: &[&str]) {
        let mut command = as_postgres(&programs().join(name));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        // A server that stays would keep a pipe open.
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let done = command.status().unwrap();
        assert!(done.success(), "{name} {arguments:?}");
    }
}

/// PgBouncer before a server, in a folder of its own: each transaction gets whichever session is free, of very few.
pub struct Bouncer {
    folder: Folder,
    pub port: u16,
    child: Child,
}

impl Bouncer {
    /// In transaction mode before the server at this port; roles and databases are the server's.
    pub fn before(server: u16) -> Self {
        let folder = Folder::new();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        folder.write("users", "\"postgres\" \"\"\n");
        let settings = folder.write(
            "pgbouncer.ini",
            format!(
                "[databases]\n* = host=127.0.0.1 port={server}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
                 listen_port = {port}\nunix_socket_dir =\nauth_type = trust\nauth_file = {}/users\n\
                 pool_mode = transaction\ndefault_pool_size = 5\nmax_client_conn = 1000\nserver_round_robin = 1\n\
                 ignore_startup_parameters = extra_float_digits\n",
                folder.path().display()
            ),
        );
        for path in [folder.path(), Path::new(&settings), &folder.path().join("users")] {
            belongs_to_postgres(path);
        }
        // Debian puts it beside the programs of root.
        let mut command = as_postgres(Path::new("/usr/sbin/pgbouncer"));
        command.args(["-q", &settings]).current_dir(folder.path()).stdin(Stdio::null());
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let bouncer = Self { folder, port, child };
        let reached = (0..100).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(50));
            std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        assert!(reached, "PgBouncer in {}", bouncer.folder.path().display());
        bouncer
    }
}

impl Drop for Bouncer {
    fn drop(&mut self) {
        // It may have been started for another user: what was started ends with what started it.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // It may have been killed before, or never have started.
        if Path::new(&self.data()).join("postmaster.pid").exists() {
            let stop = std::panic::AssertUnwindSafe(|| self.kill());
            drop(std::panic::catch_unwind(stop));
        }
    }
}

/// PostgreSQL refuses root: as root its programs, and PgBouncer, run as the user postgres.
fn as_postgres(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program);
    command
}

fn belongs_to_postgres(path: &Path) {
    if is_root() {
        let given = Command::new("chown").arg("postgres").arg(path).status().unwrap();
        assert!(given.success());
    }
}

/// The newest of Debian's folders, else where the path leads.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    versions
        .map(|version| version.path().join("bin"))
        .filter(|bin| bin.join("initdb").exists())
        .max()
        .unwrap_or_default()
}

fn is_root() -> bool {
    run(Command::new("id").arg("-u")).out.trim() == "0"
}
