//! Servers that are measured, and clients that ask them again and again.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::example;
use crate::step::Failed;

/// How long each measurement lasts, and how often floor and page take turns.
pub(super) const LASTS: Duration = Duration::from_secs(3);
pub(super) const ROUNDS: usize = 5;

pub(super) struct Running {
    pub(super) child: Child,
    /// host:port
    pub(super) address: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(super) fn start(mut command: Command) -> Result<Running, Failed> {
    let failed = |error: String| Failed::new(format!("a server did not start: {error}"), "cargo xtask bench");
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| failed(error.to_string()))?;
    let mut line = String::new();
    let output = child.stdout.take().ok_or_else(|| failed("no output".to_owned()))?;
    BufReader::new(output).read_line(&mut line).map_err(|error| failed(error.to_string()))?;
    let address = line.split("http://").nth(1).map(|rest| rest.trim().trim_end_matches('/').to_owned());
    address.map(|address| Running { child, address }).ok_or_else(|| failed(line))
}

#[derive(Default, Clone, Copy)]
pub(super) struct Load {
    pub(super) per_second: f64,
    /// Milliseconds.
    pub(super) p99: f64,
}

impl Load {
    pub(super) fn better(self, other: Load) -> Load {
        if other.per_second > self.per_second { other } else { self }
    }
}

/// What is asked for: a path, and lines of the request's head, each with its end.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) path: String,
    pub(super) wishes: String,
}

impl Asked {
    pub(super) fn plainly(path: &str) -> Self {
        Self { path: path.to_owned(), wishes: String::new() }
    }
}

pub(super) fn load(address: &str, asked: &Asked, clients: usize) -> Result<Load, Failed> {
    let until = Instant::now() + LASTS;
    let begin = Instant::now();
    let threads: Vec<_> = (0..clients)
        .map(|_| {
            let (address, asked) = (address.to_owned(), asked.clone());
            std::thread::spawn(move || client(&address, &asked, until))
        })
        .collect();
    let mut times = Vec::new();
    for thread in threads {
        let own = thread.join().map_err(|_| Failed::new("a client failed", "cargo xtask bench"))?;
        times.extend(own.map_err(|error| Failed::new(format!("{}: {error}", asked.path), "cargo xtask bench"))?);
    }
    times.sort_unstable();
    let p99 = times.get(times.len() * 99 / 100).copied().unwrap_or_default();
    Ok(Load { per_second: times.len() as f64 / begin.elapsed().as_secs_f64(), p99: p99.as_secs_f64() * 1e3 })
}

/// One keep-alive connection asking again and again.
pub(super) fn client(address: &str, asked: &Asked, until: Instant) -> std::io::Result<Vec<Duration>> {
    let mut connection = BufReader::new(TcpStream::connect(address)?);
    connection.get_ref().set_nodelay(true)?;
    let mut times = Vec::new();
    let mut body = Vec::new();
    while Instant::now() < until {
        let begin = Instant::now();
        ask(&mut connection, address, asked, &mut body)?;
        times.push(begin.elapsed());
    }
    Ok(times)
}

/// Asks once; the body as it came is in `body`, the tag of the answer is returned.
fn ask(
    connection: &mut BufReader<TcpStream>,
    address: &str,
    asked: &Asked,
    body: &mut Vec<u8>,
) -> std::io::Result<String> {
    write!(connection.get_mut(), "GET {} HTTP/1.1\r\nhost: {address}\r\n{}\r\n", asked.path, asked.wishes)?;
    let mut length = 0;
    let (mut line, mut tag) = (String::new(), String::new());
    loop {
        line.clear();
        connection.read_line(&mut line)?;
        let lower = line.to_ascii_lowercase();
        let refused = |status: &str| !status.starts_with("200") && !status.starts_with("304");
        if lower.strip_prefix("http/1.1 ").is_some_and(refused) {
            return Err(std::io::Error::other(line.trim().to_owned()));
        }
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().map_err(std::io::Error::other)?;
        }
        if let Some(value) = lower.strip_prefix("etag:") {
            tag = value.trim().to_owned();
        }
        if line == "\r\n" {
            break;
        }
    }
    body.resize(length, 0);
    connection.read_exact(body)?;
    Ok(tag)
}

/// The body, as it came, and its tag.
pub(super) fn fetch(address: &str, asked: &Asked) -> Result<(Vec<u8>, String), Failed> {
    let mut body = Vec::new();
    let tag =
        TcpStream::connect(address).and_then(|stream| ask(&mut BufReader::new(stream), address, asked, &mut body));
    let tag = tag.map_err(|error| Failed::new(format!("{}: {error}", asked.path), "cargo xtask bench"))?;
    Ok((body, tag))
}

/// A bare handler that answers these bytes, which stand in `file` from now on.
pub(super) fn floor_of(file: &Path, body: Vec<u8>) -> Result<Running, Failed> {
    std::fs::write(file, body).map_err(|error| Failed::new(error.to_string(), "check the disk"))?;
    let mut bare = example("bare");
    bare.arg(file);
    start(bare)
}

/// Page and floor in turns, the best round of each, since noise only ever slows.
pub(super) fn in_turns(address: &str, asked: &Asked, floor: &Running, clients: usize) -> Result<(Load, Load), Failed> {
    let (mut page, mut bare) = (Load::default(), Load::default());
    for _ in 0..ROUNDS {
        bare = bare.better(load(&floor.address, &Asked::plainly("/"), clients)?);
        page = page.better(load(address, asked, clients)?);
    }
    Ok((page, bare))
}

/// What of a process's memory: what it has now, and the most it had so far.
pub(super) const NOW: &str = "VmRSS:";
pub(super) const MOST: &str = "VmHWM:";

/// Memory of a process in MB.
pub(super) fn memory(process: &str, what: &str) -> f64 {
    said(&format!("/proc/{process}/status"), what)
}

/// Memory of a process and of those that it started, in MB now; what they share, as their program, counts once.
pub(super) fn together(process: &str) -> f64 {
    let of = |process: &str| said(&format!("/proc/{process}/smaps_rollup"), "Pss:");
    // Each thread has its own.
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let started = threads.filter_map(|thread| std::fs::read_to_string(thread.path().join("children")).ok());
    of(process) + started.map(|children| children.split_whitespace().map(of).sum::<f64>()).sum::<f64>()
}

/// A line of a file of the system in MB; 0 where it is not there.
fn said(file: &str, what: &str) -> f64 {
    let said = std::fs::read_to_string(file).unwrap_or_default();
    let line = said.lines().find_map(|line| line.strip_prefix(what)).unwrap_or_default();
    line.trim().trim_end_matches("kB").trim().parse::<f64>().map_or(0.0, |kb| kb / 1024.0)
}
