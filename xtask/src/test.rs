//! All tests: formatting, lints, licences, Rust on both databases, the browser. Nothing is skipped.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::build::build;
use crate::run::build_server;
use crate::step::{
    Done, Failed, WORKSPACE, cargo, command, is_ci, members, output, root, run, run_within, step, target,
};
use crate::{bundle, tools};

pub(crate) fn test(arguments: &[String]) -> Done {
    let quick = arguments.iter().any(|argument| argument == "--no-browser");
    if quick && is_ci() {
        return Err(Failed::new("--no-browser is not for CI", "cargo xtask test"));
    }
    step("check the formatting", "", || run(cargo(&["fmt", "--all", "--check"]), "cargo fmt --all"))?;
    tools::faces()?;
    lints()?;
    tools::cargo_deny()?;
    step("check licences, sources and bans", "", || {
        let mut deny = cargo(&["deny", "--log-level", "error", "check", "bans", "licenses", "sources"]);
        deny.env("PATH", tools::path_with_cargo_bin());
        run(deny, "cargo deny check bans licenses sources")
    })?;
    println!("  (security advisories need the network: cargo deny check advisories)");
    let postgres = tools::postgres()?;
    tools::pgbouncer()?;
    // The server first, as `cargo xtask run` does: it has to find a bundle that is built after it.
    build_server()?;
    if !quick {
        tools::browser()?;
        bundle::bundle()?;
    }
    tools::readers()?;
    let cluster = Cluster::start(&postgres)?;
    step("build the Rust tests", "3 min the first time", || {
        build("test", &WORKSPACE, &["--no-run"], "cargo test --workspace --features app/ssr --no-run")
    })?;
    // All but the black-box tests, which need the binary and come next.
    let names = members()?.into_iter().filter(|name| name != "tests").collect::<Vec<_>>().join(", ");
    step(&format!("run the Rust tests of {names}"), "2 min", || {
        let mut tests = cargo(&[&["test", "--quiet", "--exclude", "tests"][..], &WORKSPACE].concat());
        tests.env("JIGAI_TEST_POSTGRES", &cluster.url);
        run_within(30, tests, "cargo xtask test --no-browser")
    })?;
    let jigai = target().join("debug/jigai");
    let programs = black_box_programs()?;
    step("run the black-box tests on SQLite and PostgreSQL", "14 min", || {
        let mut tests = black_box(&programs, &[]);
        tests.env("JIGAI_TEST_BINARY", &jigai).env("JIGAI_TEST_POSTGRES", &cluster.url);
        run_within(30, tests, "cargo xtask test --no-browser")
    })?;
    if quick {
        println!("  browser tests left out (--no-browser)");
        return Ok(());
    }
    step("run the browser tests on SQLite and PostgreSQL", "17 min", || {
        let mut browser = command("node", &["--test", "--test-reporter", "spec", "tests/e2e/"]);
        browser.env("JIGAI_TEST_BINARY", &jigai).env("JIGAI_TEST_POSTGRES", &cluster.url);
        run_within(30, browser, "cargo xtask test")
    })
}

/// The black-box tests' programs of these names with these arguments, compiled as [`WORKSPACE`] is.
pub(crate) fn black_box(programs: &[impl AsRef<str>], arguments: &[&str]) -> Command {
    let named: Vec<&str> = programs.iter().flat_map(|name| ["--test", name.as_ref()]).collect();
    cargo(&[&["test"][..], &WORKSPACE, &named, &["--"], arguments].concat())
}

/// All of them, as their manifest names them.
fn black_box_programs() -> Result<Vec<String>, Failed> {
    let manifest = std::fs::read_to_string(root().join("tests/Cargo.toml")).unwrap_or_default();
    let named = manifest.split("[[test]]\nname = \"").skip(1).filter_map(|rest| rest.split_once('"'));
    let names: Vec<String> = named.map(|(name, _)| name.to_owned()).collect();
    if names.is_empty() {
        return Err(Failed::new("tests/Cargo.toml names no tests", "look for [[test]] in tests/Cargo.toml"));
    }
    Ok(names)
}

fn lints() -> Done {
    step("lint", "7 min the first time", || {
        build(
            "clippy",
            &WORKSPACE,
            &["--all-targets", "--", "-D", "warnings"],
            "cargo clippy --workspace --all-targets --features app/ssr",
        )
    })
}

/// A PostgreSQL cluster of its own in a temporary folder, stopped and removed when dropped.
pub(crate) struct Cluster {
    bin: PathBuf,
    folder: PathBuf,
    url: String,
    pooler: Option<std::process::Child>,
}

impl Cluster {
    pub(crate) fn start(bin: &Path) -> Result<Self, Failed> {
        let folder = std::env::temp_dir().join(format!("jigai-postgres-{}", std::process::id()));
        let port = free_port()?;
        let remedy = "sudo apt-get install postgresql, and look at the log named above";
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder)
            .map_err(|error| Failed::new(format!("cannot write {} ({error})", folder.display()), "check the disk"))?;
        if is_root() {
            run(command("chown", &["postgres", &folder.display().to_string()]), remedy)?;
        }
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        let cluster = Self { bin: bin.to_owned(), url, folder, pooler: None };
        step("start a PostgreSQL cluster for the tests", "5 s", || {
            let data = cluster.data();
            run(
                cluster.program(
                    "initdb",
                    &["-D", &data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
                ),
                remedy,
            )?;
            let options =
                format!("-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200");
            let log = cluster.folder.join("log").display().to_string();
            run(cluster.program("pg_ctl", &["-D", &data, "-o", &options, "-l", &log, "-w", "-s", "start"]), remedy)
        })?;
        Ok(cluster)
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// PgBouncer before it, in transaction mode with few sessions; its address. It ends with the cluster.
    pub(crate) fn pooler(&mut self) -> Result<String, Failed> {
        let port = free_port()?;
        let server = self.url.rsplit_once(':').and_then(|(_, rest)| rest.split('/').next()).unwrap_or_default();
        let folder = self.folder.display();
        let settings = format!(
            "[databases]\n* = host=127.0.0.1 port={server}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = trust\nauth_file = {folder}/users\npool_mode = transaction\n\
             default_pool_size = 5\nmax_client_conn = 2000\nserver_round_robin = 1\n\
             server_idle_timeout = 10\n\
             ignore_startup_parameters = extra_float_digits\n"
        );
        let file = self.folder.join("pgbouncer.ini");
        std::fs::write(&file, settings)
            .and_then(|()| std::fs::write(self.folder.join("users"), "\"postgres\" \"\"\n"))
            .map_err(|error| Failed::new(format!("cannot write {folder} ({error})"), "check the disk"))?;
        let mut pooler = as_postgres(Path::new("/usr/sbin/pgbouncer"), &["-q", &file.display().to_string()]);
        pooler.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        let started = pooler.spawn();
        let remedy = "sudo apt-get install pgbouncer";
        self.pooler = Some(started.map_err(|error| Failed::new(format!("cannot start PgBouncer ({error})"), remedy))?);
        Ok(format!("127.0.0.1:{port}"))
    }

    fn data(&self) -> String {
        self.folder.join("data").display().to_string()
    }

    fn program(&self, name: &str, arguments: &[&str]) -> Command {
        let mut program = as_postgres(&self.bin.join(name), arguments);
        program.current_dir(&self.folder).stdout(std::process::Stdio::null());
        program
    }
}

/// PostgreSQL refuses root: as root its programs, and PgBouncer, run as the user postgres.
fn as_postgres(program: &Path, arguments: &[&str]) -> Command {
    let path = program.display().to_string();
    if !is_root() {
        return command(&path, arguments);
    }
    command("runuser", &[&["-u", "postgres", "--", &path], arguments].concat())
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut pooler) = self.pooler.take() {
            // By a word: killed, the shell between would leave it behind.
            let _ = command("kill", &[&pooler.id().to_string()]).status();
            let _ = pooler.wait();
        }
        let _ = self.program("pg_ctl", &["-D", &self.data(), "-m", "immediate", "-s", "stop"]).status();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn is_root() -> bool {
    output("id", &["-u"]).as_deref() == Some("0")
}

fn free_port() -> Result<u16, Failed> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    listener
        .map(|address| address.port())
        .map_err(|error| Failed::new(format!("no free port ({error})"), "close some programs"))
}
