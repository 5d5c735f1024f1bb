//! `cargo xtask long NAME`: checks that take too long for every change. Each prints a block for docs/measured.md.

use std::collections::BTreeMap;
use std::time::Instant;

use crate::build::build;
use crate::run::build_server;
use crate::step::{Done, Failed, WORKSPACE, command, output, step, target};
use crate::test::{Cluster, black_box};
use crate::tools;

/// A check by its name, with what it is for; given how it is asked for, it returns what it found, as Markdown.
type Check = (&'static str, &'static str, fn(&[String]) -> Result<String, Failed>);

const CHECKS: [Check; 7] = [
    ("first-build", "what the server's first build costs, and its ten dearest crates", first_build),
    ("fuzz", "changed files through every reader (--minutes 60)", fuzz),
    ("pooler", "all black-box tests on PostgreSQL through PgBouncer in transaction mode", pooler),
    ("faults", "faults of machine, database and network while people write (--rounds 20)", faults),
    ("standby", "a synchronous standby is promoted under load, to and fro (--minutes 3)", standby),
    ("month-end", "3 000 units hand in within minutes beside 200 readers (--minutes 10), optimised", month_end),
    ("writes", "writes a second of 1, 8 and 32 offices on both databases (--seconds 10), optimised", writes),
];

pub(crate) fn long(arguments: &[String]) -> Done {
    let Some(name) = arguments.first() else {
        for (name, what, _) in CHECKS {
            println!("cargo xtask long {name}  {what}");
        }
        return Ok(());
    };
    let check = CHECKS.iter().find(|(known, ..)| known == name);
    let (name, what, check) =
        check.ok_or_else(|| Failed::new(format!("there is no check “{name}”"), "cargo xtask long"))?;
    let found = check(&arguments[1..])?;
    println!("\n## {name}: {what}\n\n{}\n\n{found}", circumstances());
    Ok(())
}

/// When, of what and on what: without them a figure says nothing.
fn circumstances() -> String {
    let said = |program: &str, arguments: &[&str]| output(program, arguments).unwrap_or_else(|| "unknown".to_owned());
    let changed = output("git", &["status", "--porcelain"]).is_some_and(|files| !files.is_empty());
    format!(
        "{}, commit {}{}, {} processors, {}.",
        said("date", &["+%F"]),
        said("git", &["rev-parse", "--short", "HEAD"]),
        if changed { " with changes of its own" } else { "" },
        std::thread::available_parallelism().map_or(0, usize::from),
        said("rustc", &["--version"]),
    )
}

fn first_build(_: &[String]) -> Result<String, Failed> {
    tools::faces()?;
    let folder = target().join("first-build");
    let remove = || match std::fs::remove_dir_all(&folder) {
        Err(error) if folder.exists() => {
            Err(Failed::new(format!("cannot remove {} ({error})", folder.display()), "remove it by hand"))
        }
        _ => Ok(()),
    };
    remove()?;
    let begin = Instant::now();
    step("build the server from nothing", "10 min", || {
        let more = ["--bin", "jigai", "--timings", "--target-dir", &folder.display().to_string()];
        build("build", &WORKSPACE, &more, "cargo build --workspace --features app/ssr --bin jigai")
    })?;
    let total = begin.elapsed().as_secs();
    let report = folder.join("cargo-timings/cargo-timing.html");
    let units = std::fs::read_to_string(&report).map(|report| units(&report)).unwrap_or_default();
    if units.is_empty() {
        return Err(Failed::new(
            format!("no times were found in {}", report.display()),
            "look whether cargo writes them in another form",
        ));
    }
    remove()?;
    Ok(table(total, &units))
}

/// A number behind its name: `--minutes 60`.
fn number(arguments: &[String], name: &str, otherwise: u32) -> Result<u32, Failed> {
    match arguments {
        [] => Ok(otherwise),
        [said, value] if said == name && value.parse::<u32>().is_ok_and(|value| value > 0) => {
            Ok(value.parse().unwrap_or(otherwise))
        }
        _ => Err(Failed::new(format!("cannot read “{}”", arguments.join(" ")), format!("{name} {otherwise}"))),
    }
}

fn fuzz(arguments: &[String]) -> Result<String, Failed> {
    let minutes = number(arguments, "--minutes", 60)?;
    step("build the tests of readers", "1 min the first time", || {
        let remedy = "cargo test --workspace --features app/ssr --test fuzz --no-run";
        build("test", &WORKSPACE, &["--test", "fuzz", "--no-run"], remedy)
    })?;
    let mut tests = black_box(&["fuzz"], &["--nocapture", "--test-threads", "1"]);
    tests.env("JIGAI_FUZZ_MINUTES", minutes.to_string());
    told(tests, "look at the file that was kept in tests/fuzz/corpus, and mend its reader")
}

fn faults(arguments: &[String]) -> Result<String, Failed> {
    let rounds = number(arguments, "--rounds", 20)?;
    let postgres = tools::postgres()?;
    build_server()?;
    let cluster = Cluster::start(&postgres)?;
    let mut tests = black_box(&["faults"], &["--nocapture", "--test-threads", "2"]);
    tests.env("JIGAI_TEST_BINARY", target().join("debug/jigai"));
    tests.env("JIGAI_TEST_POSTGRES", cluster.url()).env("JIGAI_FAULT_ROUNDS", rounds.to_string());
    told(tests, "read what the test above says")
}

fn standby(arguments: &[String]) -> Result<String, Failed> {
    let minutes = number(arguments, "--minutes", 3)?;
    // Its own clusters; only where the programs are is asked here.
    tools::postgres()?;
    build_server()?;
    let mut tests = black_box(&["faults"], &["standby", "--nocapture"]);
    tests.env("JIGAI_TEST_BINARY", target().join("debug/jigai"));
    tests.env("JIGAI_STANDBY_MINUTES", minutes.to_string());
    told(tests, "read what the test above says")
}

fn month_end(arguments: &[String]) -> Result<String, Failed> {
    let minutes = number(arguments, "--minutes", 10)?;
    let postgres = tools::postgres()?;
    step("build the server, optimised", "10 min the first time", || {
        build("build", &["--package", "server"], &["--release"], "cargo build --release -p server")
    })?;
    let cluster = Cluster::start(&postgres)?;
    let mut tests = black_box(&["faults"], &["month_end", "--nocapture"]);
    // One database after the other.
    tests.arg("--test-threads=1").env("JIGAI_TEST_BINARY", target().join("release/jigai"));
    tests.env("JIGAI_TEST_POSTGRES", cluster.url()).env("JIGAI_MONTH_END", format!("3000 {} 200", minutes * 60));
    told(tests, "read what the test above says")
}

fn writes(arguments: &[String]) -> Result<String, Failed> {
    let seconds = number(arguments, "--seconds", 10)?;
    let postgres = tools::postgres()?;
    step("build what writes, optimised", "5 min the first time", || {
        let more = ["--release", "--example", "writes"];
        build("build", &["--package", "store"], &more, "cargo build --release -p store --example writes")
    })?;
    let cluster = Cluster::start(&postgres)?;
    let program = target().join("release/examples/writes").display().to_string();
    let found = told(command(&program, &[&seconds.to_string(), cluster.url()]), "read what it says above")?;
    Ok(format!("Engine, offices, writes a second, p50 and p99 in ms, refused:\n\n{found}"))
}

fn pooler(_: &[String]) -> Result<String, Failed> {
    let postgres = tools::postgres()?;
    tools::pgbouncer()?;
    build_server()?;
    let mut cluster = Cluster::start(&postgres)?;
    let pooler = cluster.pooler()?;
    let mut tests = black_box(&["it"], &["--quiet", "postgres"]);
    tests.env("JIGAI_TEST_BINARY", target().join("debug/jigai"));
    tests.env("JIGAI_TEST_POSTGRES", cluster.url()).env("JIGAI_TEST_POOLER", pooler);
    told(tests, "read what the test above says")
}

/// What tests told, as a block; or that they failed.
fn told(mut tests: std::process::Command, remedy: &str) -> Result<String, Failed> {
    let done = tests.output().map_err(|error| Failed::new(format!("cannot run the tests ({error})"), remedy))?;
    let said = String::from_utf8_lossy(&done.stdout);
    if !done.status.success() {
        return Err(Failed::new(format!("{said}{}", String::from_utf8_lossy(&done.stderr)), remedy));
    }
    let lines: Vec<&str> = said.lines().filter(|line| !line.is_empty() && !line.starts_with("running ")).collect();
    Ok(format!("```\n{}\n```", lines.join("\n")))
}

/// Name, version and seconds of each thing that was compiled or run, from the data in the report of `cargo --timings`.
fn units(report: &str) -> Vec<(String, f64)> {
    let data = report.split("UNIT_DATA = [").nth(1).unwrap_or_default();
    let data = data.split("\n];").next().unwrap_or_default();
    let unit = |text: &str| {
        let value = |key: &str| Some(text.split(key).nth(1)?.split([',', '\n']).next()?.trim().trim_matches('"'));
        let (name, version) = (text.split('"').next()?, value("\"version\": ")?);
        Some((format!("{name} {version}"), value("\"duration\": ")?.parse().ok()?))
    };
    data.split("\"name\": \"").skip(1).filter_map(unit).collect()
}

fn table(total: u64, units: &[(String, f64)]) -> String {
    let mut crates = BTreeMap::<&str, f64>::new();
    for (name, seconds) in units {
        *crates.entry(name).or_default() += seconds;
    }
    let sum: f64 = crates.values().sum();
    let mut crates: Vec<(&str, f64)> = crates.into_iter().collect();
    crates.sort_by(|one, other| other.1.total_cmp(&one.1));
    let rows: String = crates
        .iter()
        .take(10)
        .map(|(name, seconds)| format!("| {name} | {seconds:.0} | {:.0}% |\n", 100.0 * seconds / sum))
        .collect();
    format!(
        "{total} s; {} crates, {sum:.0} s one after the other.\n\n| Crate | s | of all |\n|---|---|---|\n{rows}",
        crates.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_from_cargos_report() {
        let unit = |name: &str, target: &str, duration: &str| {
            format!(
                "  {{\n    \"i\": 1,\n    \"name\": \"{name}\",\n    \"version\": \"0.1.0\",\n    \"target\": \"{target}\",\n    \"duration\": {duration},\n    \"sections\": null\n  }}"
            )
        };
        let data =
            [unit("app", "", "6.25"), unit("typeset", "", "1.0"), unit("typeset", " build-script (run)", "0.75")]
                .join(",\n");
        let units = units(&format!("DURATION = 8;\nconst UNIT_DATA = [\n{data}\n];\nconst CONCURRENCY_DATA = [\n];"));
        let table = table(9, &units);
        assert!(table.starts_with("9 s; 2 crates, 8 s one after the other.\n"), "{table}");
        assert!(table.ends_with("| app 0.1.0 | 6 | 78% |\n| typeset 0.1.0 | 2 | 22% |\n"), "{table}");
    }
}
