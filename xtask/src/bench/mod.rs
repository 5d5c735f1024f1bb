//! Benchmarks: ratios within one run, since machines are noisy. Prints the table of docs/performance.md, and fails
//! where something stands below its goal, after all was measured.

mod load;
mod parts;
mod visitors;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Instant;

use crate::build::build;
use crate::step::{Done, Failed, step, target};
use crate::{bundle, dist, pictures, tools};
use load::{NOW, memory, start};

/// What is measured, where it is not the usual build.
static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

pub(crate) fn bench(arguments: &[String]) -> Done {
    let is_package = match arguments {
        [] => false,
        [one] if one == "--package" => true,
        _ => return Err(Failed::new("bench takes no arguments but --package", "cargo xtask bench [--package]")),
    };
    tools::browser()?;
    tools::faces()?;
    bundle::bundle()?;
    step("build what is measured, optimised", "15 min the first time", || {
        // Together: apart, the typesetter would be built twice, with other features of what both use.
        let packages =
            ["server", "store", "domain", "documents", "typeset", "tests"].map(|package| ["-p", package]).concat();
        build("build", &packages, &["--release", "--bins", "--examples"], "cargo build --release")
    })?;
    if is_package {
        let _ = PROGRAM.set(dist::program()?);
    }
    let folder = std::env::temp_dir().join(format!("jigai-bench-{}", std::process::id()));
    // Data is its owner's alone, or the program refuses it.
    let mut owned = std::fs::DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(&mut owned, 0o700);
    owned.create(&folder).map_err(|error| Failed::new(error.to_string(), "check the disk"))?;
    let mut table = Table::default();
    let measured = measure(&folder, &mut table);
    let _ = std::fs::remove_dir_all(&folder);
    measured?;
    if !is_package {
        pictures::paint(&jigai())?;
    }
    table.judged()
}

fn jigai() -> PathBuf {
    PROGRAM.get().cloned().unwrap_or_else(|| target().join("release/jigai"))
}

fn example(name: &str) -> Command {
    Command::new(target().join("release/examples").join(name))
}

/// What is to be reached.
#[derive(Clone, Copy)]
enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

/// The lines as they are printed, and what missed its goal.
#[derive(Default)]
struct Table {
    missed: Vec<String>,
}

impl Table {
    fn head(&self) {
        println!("\n| Measured | jigai | floor | ratio | goal |\n|---|---|---|---|---|");
    }

    /// A line without a goal.
    fn says(&self, what: &str, ours: impl std::fmt::Display) {
        println!("| {what} | {ours} | | | |");
    }

    /// What is judged alone.
    fn alone(&mut self, what: &str, ours: f64, goal: Goal) {
        println!("| {what} | {} | | | {} |", figure(ours), shown(goal));
        self.judge(what, ours, goal);
    }

    /// What is judged by how it stands beside something else of the same run.
    fn beside(&mut self, what: &str, ours: f64, floor: f64, goal: Option<Goal>) {
        let ratio = ours / floor;
        let goal_shown = goal.map(shown).unwrap_or_default();
        println!("| {what} | {} | {} | {ratio:.2} | {goal_shown} |", figure(ours), figure(floor));
        if let Some(goal) = goal {
            self.judge(what, ratio, goal);
        }
    }

    fn judge(&mut self, what: &str, found: f64, goal: Goal) {
        let reached = match goal {
            Goal::AtLeast(least) => found >= least,
            Goal::AtMost(most) => found <= most,
        };
        if !reached {
            self.missed.push(format!("{what}: {found:.2}, {} was to be reached", shown(goal)));
        }
    }

    fn judged(&self) -> Done {
        if self.missed.is_empty() {
            return Ok(());
        }
        Err(Failed::new(self.missed.join("\n"), "see docs/performance.md, which says what is known of each"))
    }
}

fn shown(goal: Goal) -> String {
    match goal {
        Goal::AtLeast(least) => format!("≥ {least}"),
        Goal::AtMost(most) => format!("≤ {most}"),
    }
}

/// As many digits as say something.
fn figure(number: f64) -> String {
    if number < 10.0 { format!("{number:.2}") } else { format!("{number:.0}") }
}

fn measure(folder: &Path, table: &mut Table) -> Done {
    let serve = || {
        let mut command = Command::new(jigai());
        command
            .args(["serve", "--demo", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder)
            .env_remove("DATABASE_URL")
            .stderr(Stdio::null());
        start(command)
    };
    drop(serve()?);
    let begin = Instant::now();
    let site = serve()?;
    let start_up = begin.elapsed();
    table.head();
    visitors::of_the_demo(folder, &site, table)?;
    let memory = memory(&site.child.id().to_string(), NOW);
    parts::standings(table)?;
    parts::beside_duckdb(folder, table)?;
    parts::overview(folder, table)?;
    parts::library(table)?;
    parts::many_units(table)?;
    parts::staff(table)?;
    parts::papers(table)?;
    visitors::beside_exports(&site.address, table)?;
    table.says("start-up on a filled database, ms", format!("{:.0}", start_up.as_secs_f64() * 1e3));
    table.says("memory after the load, MB", format!("{memory:.0}"));
    parts::sizes(table)
}
