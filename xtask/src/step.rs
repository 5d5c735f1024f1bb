//! Steps: what is being done, how long it took, and what to type when it fails.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant, SystemTime};

/// What went wrong and what to do about it.
pub(crate) struct Failed {
    pub(crate) what: String,
    pub(crate) remedy: String,
}

impl Failed {
    pub(crate) fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into() }
    }
}

pub(crate) type Done = Result<(), Failed>;

/// The workspace's root.
pub(crate) fn root() -> PathBuf {
    let xtask = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
    Path::new(&xtask).parent().map(Path::to_owned).unwrap_or_default()
}

/// The workspace's members: each a folder, and a package of that name.
pub(crate) fn members() -> Result<Vec<String>, Failed> {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap_or_default();
    let list = manifest.split_once("\nmembers = [").and_then(|(_, rest)| rest.split_once(']'));
    let (list, _) = list.ok_or_else(|| {
        Failed::new("Cargo.toml lists no members of the workspace", "look for members = [ in Cargo.toml")
    })?;
    Ok(list.split(',').map(|name| name.trim().trim_matches('"').to_owned()).filter(|name| !name.is_empty()).collect())
}

/// Where builds go: `CARGO_TARGET_DIR`, else `target`.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Says what a step is for, runs it, says how long it took.
pub(crate) fn step(what: &str, expect: &str, work: impl FnOnce() -> Done) -> Done {
    println!("→ {what}{}", if expect.is_empty() { String::new() } else { format!("  (about {expect})") });
    let start = Instant::now();
    work()?;
    println!("✓ {what}  {:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// A command in the workspace's root.
pub(crate) fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// What every build and test of this machine names. Cargo gives shared crates the features that the named packages
/// ask for: named apart, server, crate tests and black-box tests would each compile half of them anew.
pub(crate) const WORKSPACE: [&str; 3] = ["--workspace", "--features", "app/ssr"];

pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = command(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()), arguments);
    // What a second build would be quicker with takes gigabytes, and there is none.
    if is_ci() {
        cargo.env("CARGO_INCREMENTAL", "0");
    }
    cargo
}

/// Runs a command with its output shown; fails when it does.
pub(crate) fn run(mut command: Command, remedy: &str) -> Done {
    let shown = shown(&command);
    ended(&shown, command.status(), remedy)
}

/// As [`run`]; in CI a command that hangs is killed after so many minutes, with all that it has started. At a desk one
/// sees it, and Ctrl-C must reach it, which it does not in a process group of its own.
pub(crate) fn run_within(minutes: u64, mut command: Command, remedy: &str) -> Done {
    if !is_ci() {
        return run(command, remedy);
    }
    let shown = shown(&command);
    let limit = Instant::now() + Duration::from_secs(minutes * 60);
    let mut child = match command.process_group(0).spawn() {
        Ok(child) => child,
        Err(error) => return ended(&shown, Err(error), remedy),
    };
    loop {
        match child.try_wait() {
            Ok(None) if Instant::now() < limit => std::thread::sleep(Duration::from_millis(200)),
            Ok(None) => {
                let group = format!("-{}", child.id());
                for signal in ["-TERM", "-KILL"] {
                    let _ = Command::new("kill").args([signal, "--", &group]).stderr(Stdio::null()).status();
                    std::thread::sleep(Duration::from_secs(5));
                }
                let _ = child.wait();
                return Err(Failed::new(
                    format!("{shown} did not end within {minutes} minutes and was stopped"),
                    remedy,
                ));
            }
            Ok(Some(status)) => return ended(&shown, Ok(status), remedy),
            Err(error) => return ended(&shown, Err(error), remedy),
        }
    }
}

pub(crate) fn ended(shown: &str, status: std::io::Result<ExitStatus>, remedy: &str) -> Done {
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failed::new(format!("{shown} ended with {status}"), remedy)),
        Err(error) => Err(Failed::new(format!("{shown} could not be started ({error})"), remedy)),
    }
}

pub(crate) fn shown(command: &Command) -> String {
    let arguments: Vec<String> = command.get_args().map(|argument| argument.to_string_lossy().into_owned()).collect();
    format!("{} {}", command.get_program().to_string_lossy(), arguments.join(" "))
}

/// What a command prints; `None` when it fails or is not there.
pub(crate) fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let done = command(program, arguments).stderr(Stdio::null()).output().ok()?;
    done.status.success().then(|| String::from_utf8_lossy(&done.stdout).trim().to_owned())
}

/// The newest change of anything at or below `paths`. Folders count: they alone change when a file is removed or
/// renamed.
pub(crate) fn newest(paths: &[PathBuf]) -> Option<SystemTime> {
    paths.iter().filter_map(|path| newest_of(path)).max()
}

fn newest_of(path: &Path) -> Option<SystemTime> {
    let own = std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    let inside = std::fs::read_dir(path).into_iter().flatten().flatten().filter_map(|entry| newest_of(&entry.path()));
    inside.max().max(own)
}

pub(crate) fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !value.is_empty() && value != "false")
}
