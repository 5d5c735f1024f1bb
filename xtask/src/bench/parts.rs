//! What is measured by examples of the crates, each a process of its own, so that its memory is its own.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::load::{Asked, MOST, fetch, floor_of, in_turns, memory, together};
use super::{Goal, Table, example, jigai};
use crate::step::{Done, Failed, output, root, target};

/// All numbers of what was printed.
fn numbers(printed: &[u8]) -> Vec<f64> {
    String::from_utf8_lossy(printed).split_whitespace().filter_map(|number| number.parse().ok()).collect()
}

pub(super) fn standings(table: &mut Table) -> Done {
    let failed =
        || Failed::new("the standings benchmark printed nothing", "cargo run --release -p domain --example standings");
    let done = example("standings").output().map_err(|_| failed())?;
    let [parsing, one, all] = numbers(&done.stdout)[..] else { return Err(failed()) };
    table.says("standings of 3 000 units, one month, ms", one);
    table.says(&format!("the same, 12 months, ms (reading the plan: {parsing} ms)"), all);
    Ok(())
}

/// Reads what `jigai standings` reads, 3 000 units × 12 months, and ranks the last month, on one thread.
const DUCKDB: &str = "
import sys, duckdb
con = duckdb.connect(config={'threads': 1})
con.execute(\"\"\"COPY (SELECT region, value, value / base - 1 AS growth, value / target AS completion,
    rank() OVER (ORDER BY value / base DESC) AS place,
    rank() OVER (ORDER BY value / target DESC) AS by_completion
    FROM read_csv(?) AS returns JOIN read_csv(?) AS targets USING (region) WHERE period = '2025-12' ORDER BY place)
    TO '/dev/null' (FORMAT csv)\"\"\", sys.argv[1:])
";

/// Milliseconds of a processor that ended children of this process have had, by the hundredth of a second.
fn spent_by_children() -> f64 {
    let told = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<f64> =
        told.rsplit(')').next().unwrap_or_default().split_whitespace().filter_map(|field| field.parse().ok()).collect();
    // Behind the name and the state: cutime and cstime are the 16th and 17th field of all.
    fields.get(12).zip(fields.get(13)).map_or(0.0, |(user, system)| (user + system) * 10.0)
}

/// `jigai standings` from files, beside DuckDB doing the same on one thread, process starts included; ours exact, with
/// every reading of the rules.
pub(super) fn beside_duckdb(folder: &Path, table: &mut Table) -> Done {
    let python = target().join("tools/duckdb/bin/python");
    if !python.is_file() {
        let place = target().join("tools/duckdb").display().to_string();
        let made = output("python3", &["-m", "venv", &place]).is_some()
            && output(&python.display().to_string(), &["-m", "pip", "install", "--quiet", "duckdb"]).is_some();
        if !made {
            table.says("standings of 3 000 units × 12 months beside DuckDB: DuckDB could not be installed", "—");
            return Ok(());
        }
    }
    let written = example("large").arg("3000").arg(folder).status();
    if !written.is_ok_and(|status| status.success()) {
        return Err(Failed::new("the files to rank were not written", "cargo run --release -p tests --example large"));
    }
    let [plan, returns, targets] = ["bench.plan.toml", "returns.csv", "targets.csv"].map(|name| folder.join(name));
    let timed = |command: &mut dyn FnMut() -> Command| -> Result<f64, Failed> {
        let before = spent_by_children();
        for _ in 0..10 {
            let status = command().stdout(Stdio::null()).status();
            let ended = status.is_ok_and(|status| status.success());
            if !ended {
                return Err(Failed::new("standings or DuckDB failed", "cargo xtask bench"));
            }
        }
        Ok((spent_by_children() - before) / 10.0)
    };
    let ours = timed(&mut || {
        let mut command = Command::new(jigai());
        command.args(["standings", "--period", "2025-12", "--format", "csv", "--plan"]).arg(&plan);
        command.arg("--returns").arg(&returns);
        command
    })?;
    let theirs = timed(&mut || {
        let mut command = Command::new(&python);
        command.args(["-c", DUCKDB]).arg(&returns).arg(&targets);
        command
    })?;
    let what = "`standings` of 3 000 units × 12 months from files beside DuckDB, ms of a processor";
    table.beside(what, ours, theirs, Some(Goal::AtMost(2.0)));
    Ok(())
}

/// 总览 over all plans of the demo at once.
pub(super) fn overview(folder: &Path, table: &mut Table) -> Done {
    let failed =
        || Failed::new("the overview benchmark printed nothing", "cargo run --release -p store --example portfolio");
    let done = example("portfolio").arg(folder).output().map_err(|_| failed())?;
    let [plans, median] = numbers(&done.stdout)[..] else { return Err(failed()) };
    table.alone(&format!("总览 over {plans} plans, ms"), median, Goal::AtMost(10.0));
    Ok(())
}

/// The page of 3 000 projects does not grow with the years behind it: it reads its year and the one before.
pub(super) fn library(table: &mut Table) -> Done {
    let failed =
        || Failed::new("the library benchmark printed nothing", "cargo run --release -p store --example library");
    let done = example("library").output().map_err(|_| failed())?;
    let [one, five] = numbers(&done.stdout)[..] else { return Err(failed()) };
    let what = "3 000 projects, twelve months, ms: of five years against of one";
    table.beside(what, five, one, Some(Goal::AtMost(2.0)));
    Ok(())
}

/// A returns file of a hundred times as many units takes about a hundred times as long, from reading to proving.
pub(super) fn many_units(table: &mut Table) -> Done {
    let failed =
        || Failed::new("the units' benchmark printed nothing", "cargo run --release -p store --example many_units");
    let done = example("many_units").output().map_err(|_| failed())?;
    let sizes: Vec<Vec<f64>> =
        String::from_utf8_lossy(&done.stdout).lines().map(|line| numbers(line.as_bytes())).collect();
    let (Some(few), Some(many)) = (sizes.first(), sizes.last()) else { return Err(failed()) };
    // Reading the plan stands first: of few units it takes no time that could be measured.
    let names = ["reading the file", "ranking", "importing", "importing again", "proving all"];
    if [few, many].iter().any(|size| size.len() != names.len() + 2) {
        return Err(failed());
    }
    for (at, name) in names.iter().enumerate() {
        let (few_ms, many_ms) = (few[at + 2], many[at + 2]);
        let exponent = (many_ms / few_ms).ln() / (many[0] / few[0]).ln();
        let what = format!("{} units × 12 months, {name}, ms of a processor", many[0]);
        table.says(&what, format!("{many_ms:.0}"));
        table.alone(&format!("the same against {} units, exponent", few[0]), exponent, Goal::AtMost(1.15));
    }
    let standings = many[1] + many[2] + many[3];
    table.alone("the same, all that standings do, ms", standings, Goal::AtMost(2_000.0));
    table.alone("the same, importing, ms", many[4], Goal::AtMost(10_000.0));
    Ok(())
}

/// What staff pages of a thousand units cost with five years behind them against one, and what a province of 3 000
/// units and five years needs.
pub(super) fn staff(table: &mut Table) -> Done {
    // In turns, and the better of two counts, or of three of a page of a millisecond: the machine's minutes differ.
    let (mut one, mut five, mut twelve) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..2 {
        better(&mut twelve, &Staff::of(12, 1, 0)?.pages);
        better(&mut one, &Staff::of(1_000, 1, 0)?.pages);
        better(&mut five, &Staff::of(1_000, 5, 0)?.pages);
    }
    better(&mut twelve, &Staff::of(12, 1, 0)?.pages);
    for (name, first, again) in &five {
        let Some((_, of_one, again_of_one)) = one.iter().find(|(known, ..)| known == name) else { continue };
        let what = format!("{name} of 1 000 units, ms of a processor: five years against one, after a write");
        table.beside(&what, *first, *of_one, Some(Goal::AtMost(1.3)));
        table.beside(&format!("{name}, again"), *again, *again_of_one, Some(Goal::AtMost(1.3)));
    }
    let ranking = twelve.iter().find(|(name, ..)| name == "ranking").map_or(f64::NAN, |(_, _, again)| *again);
    table.alone("leader's ranking of 12 units, rendered, ms of a processor", ranking, Goal::AtMost(0.8));
    trail(table)?;
    let province = Staff::of(3_000, 5, 0)?;
    province.edition(table)?;
    table.alone("3 000 units, five years, all pages: peak of the server, MB", province.peak, Goal::AtMost(350.0));
    let paper = Asked::plainly("/export/bulletin/bench.2025-06.e1.paper.pdf");
    let peak = std::thread::scope(|threads| {
        let asked = threads.spawn(|| fetch(&province.address, &paper));
        let mut peak: f64 = 0.0;
        while !asked.is_finished() {
            peak = peak.max(together(&province.number));
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        asked.join().map_err(|_| Failed::new("the PDF was not set", "cargo xtask bench"))?.map(|_| peak)
    })?;
    table.alone("the same with the process that sets one PDF, MB", peak, Goal::AtMost(900.0));
    Ok(())
}

/// What pages took, and what they took in another turn: the less of both.
fn better(known: &mut Vec<(String, f64, f64)>, turn: &[(String, f64, f64)]) {
    for (name, first, again) in turn {
        match known.iter_mut().find(|(other, ..)| other == name) {
            Some(known) => (known.1, known.2) = (known.1.min(*first), known.2.min(*again)),
            None => known.push((name.clone(), *first, *again)),
        }
    }
}

/// A running site of many units, as `tests/examples/staff.rs` made and measured it.
struct Staff {
    process: std::process::Child,
    /// host:port
    address: String,
    /// Of the server.
    number: String,
    folder: PathBuf,
    /// Name, milliseconds of a processor after a write, and again.
    pages: Vec<(String, f64, f64)>,
    /// MB.
    peak: f64,
}

impl Staff {
    fn of(units: usize, years: usize, rows: usize) -> Result<Self, Failed> {
        let failed = || Failed::new("the staff benchmark ended early", "cargo run --release -p tests --example staff");
        let mut command = example("staff");
        command.args([units, years, rows].map(|number| number.to_string())).env("JIGAI_TEST_BINARY", jigai());
        // As the unit of the package has it.
        command.env("MIMALLOC_PURGE_DELAY", "20");
        // Writing a hundred thousand rows is not what is measured: in memory nothing waits for a disk.
        if rows > 0 && Path::new("/dev/shm").is_dir() {
            command.env("TMPDIR", "/dev/shm");
        }
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(|_| failed())?;
        let printed = process.stdout.take().ok_or_else(failed)?;
        let mut staff = Self {
            process,
            address: String::new(),
            number: String::new(),
            folder: PathBuf::new(),
            pages: Vec::new(),
            peak: 0.0,
        };
        for line in BufReader::new(printed).lines().map_while(Result::ok) {
            let Some((name, rest)) = line.split_once(": ") else { continue };
            let words: Vec<&str> = rest.split(' ').collect();
            let figure = |at: usize| words.get(at).and_then(|word: &&str| word.parse::<f64>().ok()).unwrap_or(0.0);
            match name {
                "peak" => staff.peak = figure(0),
                "site" => {
                    staff.address = words[0].to_owned();
                    staff.number = words.get(1).copied().unwrap_or_default().to_owned();
                    staff.folder = words.get(2).copied().unwrap_or_default().into();
                    return Ok(staff);
                }
                page => staff.pages.push((page.to_owned(), figure(0), figure(1))),
            }
        }
        Err(failed())
    }

    /// The newest edition packed, as browsers ask for it, to eight visitors at once; and its first rendering.
    fn edition(&self, table: &mut Table) -> Done {
        let asked =
            Asked { path: "/bulletins/bench/2025-06".to_owned(), wishes: "accept-encoding: gzip\r\n".to_owned() };
        let begun = std::time::Instant::now();
        let (body, _) = fetch(&self.address, &asked)?;
        let first = begun.elapsed().as_secs_f64();
        let file = std::env::temp_dir().join(format!("jigai-bench-{}-edition", std::process::id()));
        let floor = floor_of(&file, body)?;
        let (ours, bare) = in_turns(&self.address, &asked, &floor, 8)?;
        let _ = std::fs::remove_file(file);
        let what = "edition of 3 000 units, 8 visitors, requests/s";
        table.beside(what, ours.per_second, bare.per_second, Some(Goal::AtLeast(0.5)));
        table.alone("the same rendered for the first visitor, s", first, Goal::AtMost(0.3));
        Ok(())
    }
}

/// A trail of a hundred thousand rows: what the page before publishing costs, proving all, and a backup.
fn trail(table: &mut Table) -> Done {
    let long = Staff::of(12, 1, 100_000)?;
    let publish = long.pages.iter().find(|(name, ..)| name == "publish").map_or(0.0, |(_, first, _)| *first);
    table.alone("`/publish` beside 100 000 rows of the trail, ms of a processor", publish, Goal::AtMost(100.0));
    table.alone("the same, peak of the server, MB", long.peak, Goal::AtMost(120.0));
    let data = long.folder.display().to_string();
    let backup = std::env::temp_dir().join(format!("jigai-bench-{}.backup", std::process::id())).display().to_string();
    for (name, arguments, most_seconds, most_memory) in [
        ("`verify` of the same", vec!["verify", "--data", &data], None, Some(150.0)),
        ("backup of the same", vec!["backup", "--data", &data, &backup], Some(5.0), None),
    ] {
        let failed = || Failed::new(format!("{name} failed"), "cargo xtask bench");
        let begun = std::time::Instant::now();
        let mut command = Command::new(jigai());
        command.args(arguments).env_remove("DATABASE_URL").stdout(Stdio::null());
        let mut process = command.spawn().map_err(|_| failed())?;
        let mut peak: f64 = 0.0;
        let status = loop {
            peak = peak.max(memory(&process.id().to_string(), MOST));
            if let Some(status) = process.try_wait().map_err(|_| failed())? {
                break status;
            }
            std::thread::sleep(std::time::Duration::from_millis(2));
        };
        let seconds = begun.elapsed().as_secs_f64();
        let _ = std::fs::remove_file(&backup);
        if !status.success() {
            return Err(failed());
        }
        for (what, found, most) in [("s", seconds, most_seconds), ("most memory, MB", peak, most_memory)] {
            match most {
                Some(most) => table.alone(&format!("{name}, {what}"), found, Goal::AtMost(most)),
                None => table.says(&format!("{name}, {what}"), format!("{found:.1}")),
            }
        }
    }
    Ok(())
}

impl Drop for Staff {
    fn drop(&mut self) {
        // It ends, and its server with it, when nobody holds its input any more.
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// What long documents take: a process of its own, so that its memory is its own.
pub(super) fn papers(table: &mut Table) -> Done {
    let failed =
        || Failed::new("the papers benchmark printed nothing", "cargo run --release -p typeset --example papers");
    let done = example("papers").output().map_err(|_| failed())?;
    let [book, book_size, book_memory, pdf, pdf_size, pages, pdf_memory] = numbers(&done.stdout)[..] else {
        return Err(failed());
    };
    table.says(&format!("workbook of 3 000 units, ms ({book_size} MB; {book_memory} MB of memory at most)"), book);
    let what = format!("PDF of 3 000 units, {pages} pages, ms ({pdf_size} MB; {pdf_memory} MB of memory at most)");
    table.says(&what, pdf);
    Ok(())
}

/// The files that are carried to browsers and machines.
pub(super) fn sizes(table: &mut Table) -> Done {
    let size = |path: PathBuf| std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    let packed = |name: &str| {
        let file = root().join("dist/pkg").join(name).display().to_string();
        Command::new("gzip").args(["-9", "-c", &file]).output().map_or(0, |done| done.stdout.len())
    };
    let bundle = (packed("app_bg.wasm") + packed("app.js")) as f64 / 1000.0;
    table.alone("bundle packed, kB (only on pages with an island)", bundle, Goal::AtMost(160.0));
    table.says("binary, MB", size(jigai()) / 1_000_000);
    Ok(())
}
