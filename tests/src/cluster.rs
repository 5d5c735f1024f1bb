//! PostgreSQL servers of a test's own: a primary, and standbys that follow it.

use std::path::PathBuf;
use std::process::Command;

use crate::{Folder, execute, run};

/// A server in a folder of its own, stopped at its end.
pub struct Cluster {
    folder: Folder,
    pub port: u16,
}

impl Cluster {
    /// An empty server that takes writes.
    pub fn primary() -> Self {
        let cluster = Self::prepare();
        let data = cluster.data();
        cluster.program("initdb", &["-D", &data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]);
        cluster.start();
        cluster
    }

    /// A server that follows another one and takes no writes.
    pub fn standby_of(primary: &Self) -> Self {
        let cluster = Self::prepare();
        let from = format!("host=127.0.0.1 port={} user=postgres", primary.port);
        cluster.program("pg_basebackup", &["-D", &cluster.data(), "-d", &from, "-R", "-X", "stream", "-c", "fast"]);
        cluster.start();
        cluster
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
        execute(&format!("postgres://postgres@127.0.0.1:{}/postgres", self.port), statements);
    }

    fn prepare() -> Self {
        let folder = Folder::new();
        if is_root() {
            let given = Command::new("chown").arg("postgres").arg(folder.path()).status().unwrap();
            assert!(given.success());
        }
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

    /// PostgreSQL refuses root: as root its programs run as the user postgres.
    fn program(&self, name: &str, arguments: &[&str]) {
        let path = programs().join(name);
        let mut command = match is_root() {
            true => {
                let mut command = Command::new("runuser");
                command.args(["-u", "postgres", "--"]).arg(path);
                command
            }
            false => Command::new(path),
        };
        command.args(arguments).current_dir(self.folder.path()).stdin(std::process::Stdio::null());
        // A server that stays would keep a pipe open.
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        let done = command.status().unwrap();
        assert!(done.success(), "{name} {arguments:?}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let stop = std::panic::AssertUnwindSafe(|| self.kill());
        drop(std::panic::catch_unwind(stop));
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
