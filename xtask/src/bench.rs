//! Benchmarks: ratios within one run, since machines are noisy. Prints the table of docs/performance.md.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::build::build;
use crate::step::{Done, Failed, root, step, target};
use crate::{bundle, pictures, tools};

/// How long each measurement lasts, and how often floor and page take turns.
const LASTS: Duration = Duration::from_secs(3);
const ROUNDS: usize = 3;

pub(crate) fn bench(_arguments: &[String]) -> Done {
    tools::browser()?;
    tools::faces()?;
    bundle::bundle()?;
    step("build what is measured, optimised", "8 min the first time", || {
        // Together: apart, the typesetter would be built twice, with other features of what both use.
        let packages = ["server", "store", "domain", "documents", "typeset"].map(|package| ["-p", package]).concat();
        build("build", &packages, &["--release", "--bins", "--examples"], "cargo build --release")
    })?;
    let folder = std::env::temp_dir().join(format!("jigai-bench-{}", std::process::id()));
    // Data is its owner's alone, or the program refuses it.
    let mut owned = std::fs::DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(&mut owned, 0o700);
    owned.create(&folder).map_err(|error| Failed::new(error.to_string(), "check the disk"))?;
    let measured = measure(&folder);
    let _ = std::fs::remove_dir_all(&folder);
    measured?;
    pictures::paint(&target().join("release/jigai"))
}

fn measure(folder: &Path) -> Done {
    let jigai = target().join("release/jigai");
    let serve = |data: &Path| {
        let mut command = Command::new(&jigai);
        command
            .args(["serve", "--demo", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .env_remove("DATABASE_URL")
            .stderr(Stdio::null());
        start(command)
    };
    drop(serve(folder)?);
    let begin = Instant::now();
    let site = serve(folder)?;
    let start_up = begin.elapsed();
    println!("\n| Measured | jigai | floor | ratio |\n|---|---|---|---|");
    for (name, path) in
        [("bulletin page", "/bulletins/fuzhou-2021/2021-05"), ("ranking page", "/rank/fuzhou-2021/2021-05")]
    {
        let body = folder.join("body");
        std::fs::write(&body, fetch(&site.address, path)?)
            .map_err(|error| Failed::new(error.to_string(), "check the disk"))?;
        let mut bare = Command::new(target().join("release/examples/bare"));
        bare.arg(&body);
        let floor = start(bare)?;
        for clients in [1, 32] {
            // Floor and page in turns, the best round of each: noise only ever slows.
            let (mut page, mut bare) = (Load::default(), Load::default());
            for _ in 0..ROUNDS {
                bare = bare.better(load(&floor.address, path, clients)?);
                page = page.better(load(&site.address, path, clients)?);
            }
            let clients = if clients == 1 { "1 client".to_owned() } else { format!("{clients} clients") };
            println!(
                "| {name}, {clients}, requests/s | {:.0} | {:.0} | {:.2} |",
                page.per_second,
                bare.per_second,
                page.per_second / bare.per_second
            );
            println!("| {name}, {clients}, p99 ms | {:.2} | {:.2} | {:.2} |", page.p99, bare.p99, page.p99 / bare.p99);
        }
    }
    let memory = resident(site.child.id());
    let example = Command::new(target().join("release/examples/standings"))
        .output()
        .map_err(|error| Failed::new(error.to_string(), "cargo xtask bench"))?;
    let times: Vec<String> = String::from_utf8_lossy(&example.stdout).split_whitespace().map(str::to_owned).collect();
    let [parsing, one, all] = &times[..] else {
        return Err(Failed::new(
            "the standings benchmark printed nothing",
            "cargo run --release -p domain --example standings",
        ));
    };
    println!("| standings of 3 000 units, one month, ms | {one} | | |");
    println!("| the same, 12 months, ms (reading the plan: {parsing} ms) | {all} | | |");
    overview(folder)?;
    library()?;
    many_units()?;
    papers()?;
    beside_exports(&site.address)?;
    println!("| start-up on a filled database, ms | {:.0} | | |", start_up.as_secs_f64() * 1e3);
    println!("| memory after the load, MB | {memory} | | |");
    let size = |path: PathBuf| std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    println!(
        "| bundle, kB (only on the form and the what-if page) | {} | | |",
        (size(root().join("dist/pkg/app_bg.wasm")) + size(root().join("dist/pkg/app.js"))) / 1000
    );
    println!("| binary, MB | {} | | |", size(jigai) / 1_000_000);
    Ok(())
}

/// 总览 over all plans of the demo at once.
fn overview(folder: &Path) -> Done {
    let failed =
        || Failed::new("the overview benchmark printed nothing", "cargo run --release -p store --example portfolio");
    let example =
        Command::new(target().join("release/examples/portfolio")).arg(folder).output().map_err(|_| failed())?;
    let printed = String::from_utf8_lossy(&example.stdout).into_owned();
    let [plans, median] = printed.split_whitespace().collect::<Vec<_>>()[..] else { return Err(failed()) };
    println!("| 总览 over {plans} plans, ms (at most 10) | {median} | | |");
    Ok(())
}

/// The page of 3 000 projects does not grow with the years behind it: it reads its year and the one before.
fn library() -> Done {
    let failed =
        || Failed::new("the library benchmark printed nothing", "cargo run --release -p store --example library");
    let example = Command::new(target().join("release/examples/library")).output().map_err(|_| failed())?;
    let numbers: Vec<f64> =
        String::from_utf8_lossy(&example.stdout).split_whitespace().filter_map(|number| number.parse().ok()).collect();
    let [one, five] = numbers[..] else { return Err(failed()) };
    println!(
        "| 3 000 projects, twelve months, ms: of five years against of one (at most twice) | {five} | {one} | {:.2} |",
        five / one
    );
    match five / one <= 2.0 {
        true => Ok(()),
        false => Err(Failed::new("the page of projects grows with the years", "see docs/performance.md")),
    }
}

/// A returns file of a hundred times as many units takes about a hundred times as long, from reading to proving.
fn many_units() -> Done {
    let failed =
        || Failed::new("the units' benchmark printed nothing", "cargo run --release -p store --example many_units");
    let example = Command::new(target().join("release/examples/many_units")).output().map_err(|_| failed())?;
    let numbers = |line: &str| line.split(' ').filter_map(|number| number.parse().ok()).collect::<Vec<f64>>();
    let sizes: Vec<Vec<f64>> = String::from_utf8_lossy(&example.stdout).lines().map(numbers).collect();
    let (Some(few), Some(many)) = (sizes.first(), sizes.last()) else { return Err(failed()) };
    // Reading the plan stands first: of few units it takes no time that could be measured.
    let names = ["reading the file", "ranking", "importing", "importing again", "proving all"];
    if [few, many].iter().any(|size| size.len() != names.len() + 2) {
        return Err(failed());
    }
    let mut steepest: (f64, &str) = (0.0, "");
    for (at, name) in names.iter().enumerate() {
        let (few_ms, many_ms) = (few[at + 2], many[at + 2]);
        let exponent = (many_ms / few_ms).ln() / (many[0] / few[0]).ln();
        println!(
            "| {} units × 12 months, {name}, ms of a processor: against {}, exponent | {many_ms:.0} | {few_ms:.1} \
             | {exponent:.2} |",
            many[0], few[0]
        );
        if exponent > steepest.0 {
            steepest = (exponent, name);
        }
    }
    match steepest.0 <= 1.15 {
        true => Ok(()),
        false => Err(Failed::new(format!("{} grows faster than the units", steepest.1), "see docs/performance.md")),
    }
}

/// What long documents take: a process of its own, so that its memory is its own.
fn papers() -> Done {
    let failed =
        || Failed::new("the papers benchmark printed nothing", "cargo run --release -p typeset --example papers");
    let example = Command::new(target().join("release/examples/papers")).output().map_err(|_| failed())?;
    let numbers: Vec<String> = String::from_utf8_lossy(&example.stdout).split_whitespace().map(str::to_owned).collect();
    let [book, book_size, book_memory, pdf, pdf_size, pages, pdf_memory] = &numbers[..] else { return Err(failed()) };
    println!("| workbook of 3 000 units, ms ({book_size} MB; {book_memory} MB of memory at most) | {book} | | |");
    println!(
        "| PDF of 3 000 units, {pages} pages, ms ({pdf_size} MB; {pdf_memory} MB of memory at most) | {pdf} | | |"
    );
    Ok(())
}

/// Pages alone, and while two readers fetch papers again and again: papers are set one at a time, on the other
/// processor.
fn beside_exports(address: &str) -> Done {
    let page = "/bulletins/fuzhou-2021/2021-05";
    let paper = "/export/bulletin/fuzhou-2021.2021-05.e1.paper.pdf";
    let alone =
        (0..ROUNDS).try_fold(Load::default(), |best, _| Ok::<_, Failed>(best.better(load(address, page, 4)?)))?;
    let until = Instant::now() + 3 * LASTS;
    let exports: Vec<_> = (0..2)
        .map(|_| {
            let of = address.to_owned();
            std::thread::spawn(move || client(&of, paper, until))
        })
        .collect();
    let mut beside = Load::default();
    while Instant::now() + LASTS < until {
        beside = beside.better(load(address, page, 4)?);
    }
    let mut made = Vec::new();
    for export in exports {
        let own = export.join().map_err(|_| Failed::new("an export failed", "cargo xtask bench"))?;
        made.extend(own.map_err(|error| Failed::new(format!("{paper}: {error}"), "cargo xtask bench"))?);
    }
    made.sort_unstable();
    let median = made.get(made.len() / 2).copied().unwrap_or_default().as_secs_f64() * 1e3;
    println!(
        "| bulletin page, 4 clients, requests/s: beside two exports against alone | {:.0} | {:.0} | {:.2} |",
        beside.per_second,
        alone.per_second,
        beside.per_second / alone.per_second
    );
    println!("| the same, p99 ms | {:.2} | {:.2} | {:.2} |", beside.p99, alone.p99, beside.p99 / alone.p99);
    println!("| PDF of a bulletin of twelve units, two asking at once, ms | {median:.0} | | |");
    Ok(())
}

struct Running {
    child: Child,
    /// host:port
    address: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start(mut command: Command) -> Result<Running, Failed> {
    let failed = |error: String| Failed::new(format!("a server did not start: {error}"), "cargo xtask bench");
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| failed(error.to_string()))?;
    let mut line = String::new();
    let output = child.stdout.take().ok_or_else(|| failed("no output".to_owned()))?;
    BufReader::new(output).read_line(&mut line).map_err(|error| failed(error.to_string()))?;
    let address = line.split("http://").nth(1).map(|rest| rest.trim().trim_end_matches('/').to_owned());
    address.map(|address| Running { child, address }).ok_or_else(|| failed(line))
}

#[derive(Default, Clone, Copy)]
struct Load {
    per_second: f64,
    /// Milliseconds.
    p99: f64,
}

impl Load {
    fn better(self, other: Load) -> Load {
        if other.per_second > self.per_second { other } else { self }
    }
}

fn load(address: &str, path: &str, clients: usize) -> Result<Load, Failed> {
    let until = Instant::now() + LASTS;
    let begin = Instant::now();
    let threads: Vec<_> = (0..clients)
        .map(|_| {
            let (address, path) = (address.to_owned(), path.to_owned());
            std::thread::spawn(move || client(&address, &path, until))
        })
        .collect();
    let mut times = Vec::new();
    for thread in threads {
        let own = thread.join().map_err(|_| Failed::new("a client failed", "cargo xtask bench"))?;
        times.extend(own.map_err(|error| Failed::new(format!("{path}: {error}"), "cargo xtask bench"))?);
    }
    times.sort_unstable();
    let p99 = times.get(times.len() * 99 / 100).copied().unwrap_or_default();
    Ok(Load { per_second: times.len() as f64 / begin.elapsed().as_secs_f64(), p99: p99.as_secs_f64() * 1e3 })
}

/// One keep-alive connection asking again and again.
fn client(address: &str, path: &str, until: Instant) -> std::io::Result<Vec<Duration>> {
    let mut connection = BufReader::new(TcpStream::connect(address)?);
    connection.get_ref().set_nodelay(true)?;
    let mut times = Vec::new();
    let mut body = Vec::new();
    while Instant::now() < until {
        let begin = Instant::now();
        ask(&mut connection, address, path, &mut body)?;
        times.push(begin.elapsed());
    }
    Ok(times)
}

fn ask(connection: &mut BufReader<TcpStream>, address: &str, path: &str, body: &mut Vec<u8>) -> std::io::Result<()> {
    write!(connection.get_mut(), "GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n")?;
    let mut length = 0;
    let mut line = String::new();
    loop {
        line.clear();
        connection.read_line(&mut line)?;
        let lower = line.to_ascii_lowercase();
        if lower.starts_with("http/1.1 ") && !lower.starts_with("http/1.1 200") {
            return Err(std::io::Error::other(line.trim().to_owned()));
        }
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().map_err(std::io::Error::other)?;
        }
        if line == "\r\n" {
            break;
        }
    }
    body.resize(length, 0);
    connection.read_exact(body)
}

fn fetch(address: &str, path: &str) -> Result<Vec<u8>, Failed> {
    let mut body = Vec::new();
    let asked =
        TcpStream::connect(address).and_then(|stream| ask(&mut BufReader::new(stream), address, path, &mut body));
    asked.map_err(|error| Failed::new(format!("{path}: {error}"), "cargo xtask bench"))?;
    Ok(body)
}

/// Resident memory in MB.
fn resident(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
}
