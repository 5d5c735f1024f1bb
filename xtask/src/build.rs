//! Builds with cargo, and how far they are: a first one takes minutes, and silence would look like a standstill.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, IsTerminal, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use crate::step::{Done, cargo, ended, is_ci, run, shown};

/// How often a build says how far it is, where nobody sees cargo's own bar.
const TELL: Duration = Duration::from_secs(20);

/// `cargo VERB OF… MORE…`. On a terminal cargo draws its bar; elsewhere a line now and then says how many crates are
/// done.
/// `of` says which packages with which features, in words that `cargo tree` knows too: it counts them.
pub(crate) fn build(verb: &str, of: &[&str], more: &[&str], remedy: &str) -> Done {
    let line = |of: &[&str], between: &[&str], more: &[&str]| cargo(&[&[verb], of, between, more].concat());
    if std::io::stderr().is_terminal() && !is_ci() {
        return run(line(of, &[], more), remedy);
    }
    let mut told = Told::new();
    told.all = crates(verb, of, &mut told);
    let mut command = line(of, &["--message-format", "json-render-diagnostics"], more);
    let status = follow(&mut command, |said| told.hear(said));
    ended(&shown(&line(of, &[], more)), status, remedy)
}

/// Of how many crates a build is made; `None` where cargo cannot say, as for a tool that it has yet to fetch.
fn crates(verb: &str, of: &[&str], told: &mut Told) -> Option<usize> {
    if verb == "install" {
        return None;
    }
    let edges = if verb == "build" { "normal,build" } else { "normal,build,dev" };
    let mut tree = cargo(&[&["tree", "--prefix", "none", "--edges", edges, "--format", "{p}"], of].concat());
    let mut found = HashSet::new();
    let status = follow(&mut tree, |said| match said {
        // Name and version; what follows says where it lies and that it came before.
        Said::Out(line) => found.extend(name_and_version(line)),
        other => told.hear(other),
    });
    status.ok().filter(ExitStatus::success).map(|_| found.len())
}

fn name_and_version(line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    Some(format!("{} {}", words.next()?, words.next()?))
}

enum Said<'a> {
    Out(&'a str),
    Err(&'a str),
    Nothing,
}

/// What a build has said of itself.
struct Told {
    all: Option<usize>,
    /// Package ids.
    done: HashSet<String>,
    /// Names of what cargo has begun and not yet finished, the newest last.
    begun: Vec<String>,
    last: Instant,
}

impl Told {
    fn new() -> Self {
        Self { all: None, done: HashSet::new(), begun: Vec::new(), last: Instant::now() }
    }

    fn hear(&mut self, said: Said<'_>) {
        match said {
            Said::Out(message) => self.finished(message),
            Said::Err(line) => match line.split_whitespace().next() {
                Some("Compiling" | "Checking" | "Downloaded") => {
                    self.begun.extend(line.split_whitespace().nth(1).map(str::to_owned))
                }
                Some("Downloading" | "Executable" | "Finished" | "Locking" | "Updating") => {}
                _ => eprintln!("{line}"),
            },
            Said::Nothing => {}
        }
        if self.last.elapsed() >= TELL {
            self.last = Instant::now();
            println!("  {}", self.line());
        }
    }

    /// A crate is done with its first library or program; its build script alone is only the beginning.
    fn finished(&mut self, message: &str) {
        if !message.contains("\"reason\":\"compiler-artifact\"") || message.contains("\"kind\":[\"custom-build\"]") {
            return;
        }
        let Some(id) = message.split("\"package_id\":\"").nth(1).and_then(|rest| rest.split('"').next()) else {
            return;
        };
        self.begun.retain(|name| !is_of(id, name));
        self.done.insert(id.to_owned());
    }

    fn line(&self) -> String {
        let of = self.all.map_or(String::new(), |all| format!(" of {all}"));
        let now = self.begun.last().map_or(String::new(), |name| format!(", {name} …"));
        format!("{}{of} crates{now}", self.done.len())
    }
}

/// Whether a package id, `registry+https://…#name@1.0.0` or `path+file:///…/name#1.0.0`, is of this name.
fn is_of(id: &str, name: &str) -> bool {
    let (place, version) = id.rsplit_once('#').unwrap_or(("", id));
    match version.split_once('@') {
        Some((own, _)) => own == name,
        None => place.rsplit('/').next() == Some(name),
    }
}

/// Runs a command and hears every line it says, and nothing once a second, so that a clock can be kept.
fn follow(command: &mut Command, mut hear: impl FnMut(Said<'_>)) -> std::io::Result<ExitStatus> {
    // Lines are told apart by their first word, which colours would hide.
    let mut child = command.env("CARGO_TERM_COLOR", "never").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (sender, receiver) = channel();
    if let Some(out) = child.stdout.take() {
        read(out, true, sender.clone());
    }
    if let Some(err) = child.stderr.take() {
        read(err, false, sender);
    }
    loop {
        match receiver.recv_timeout(Duration::from_secs(1)) {
            Ok((true, line)) => hear(Said::Out(&line)),
            Ok((false, line)) => hear(Said::Err(&line)),
            Err(RecvTimeoutError::Timeout) => hear(Said::Nothing),
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    child.wait()
}

fn read(from: impl Read + Send + 'static, is_out: bool, to: Sender<(bool, String)>) {
    std::thread::spawn(move || {
        BufReader::new(from).lines().map_while(Result::ok).try_for_each(|line| to.send((is_out, line)))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_counts_once_and_not_for_its_build_script() {
        let mut told = Told::new();
        told.all = Some(3);
        let artifact = |id: &str, kind: &str| {
            format!(r#"{{"reason":"compiler-artifact","package_id":"{id}","target":{{"kind":["{kind}"]}}}}"#)
        };
        let (ring, app) = ("registry+https://example.org/index#ring@0.17.14", "path+file:///home/jigai/app#0.1.0");
        told.hear(Said::Err("   Compiling ring v0.17.14"));
        told.hear(Said::Err("   Compiling app v0.1.0 (/home/jigai/app)"));
        told.hear(Said::Out(&artifact(ring, "custom-build")));
        assert_eq!(told.line(), "0 of 3 crates, app …");
        told.hear(Said::Out(&artifact(app, "rlib")));
        assert_eq!(told.line(), "1 of 3 crates, ring …");
        // Once for the machine that builds, once for the program.
        told.hear(Said::Out(&artifact(ring, "lib")));
        told.hear(Said::Out(&artifact(ring, "lib")));
        assert_eq!(told.line(), "2 of 3 crates");
    }
}
