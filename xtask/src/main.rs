//! `cargo xtask …`: set-up, run, test, dev, bundle, bench, approve, long, pictures, dist. Steps say what they do and
//! how long they take, builds how far they are; a finished step is not done again; a failed one says what to type.

mod bench;
mod build;
mod bundle;
mod dev;
mod dist;
mod long;
mod pictures;
mod run;
mod step;
mod test;
mod tools;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask run     set everything up and run jigai with its five plans and demo figures
cargo xtask test    set everything up and run all tests (Rust, both databases, browser)
cargo xtask dev     run jigai, rebuild server and browser's bundle at every change
cargo xtask bundle  build the browser's bundle into dist/
cargo xtask bench   measure, as ratios in one run (see docs/performance.md); --package measures what dist makes
cargo xtask approve   approve how pages look now: tests/fixtures/look.json, pictures in target/pictures/
cargo xtask pictures  take the README's pictures from the running product into docs/pictures/
cargo xtask long NAME  a check that takes long, as a block for docs/measured.md; without NAME: which there are
cargo xtask dist    one binary that needs no C library, as .deb and tar in target/packages/; --check tries them (as
                    root), --arch aarch64 or all makes them for other machines, --quick builds without optimisation

Options of run and dev: --listen 127.0.0.1:8021   --data data/demo";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    let done = match command.as_str() {
        "run" => run::run(&rest),
        "test" => test::test(&rest),
        "dev" => dev::dev(&rest),
        "bundle" => bundle::bundle(),
        "bench" => bench::bench(&rest),
        "approve" => pictures::approve(),
        "pictures" => pictures::pictures(),
        "long" => long::long(&rest),
        "dist" => dist::dist(&rest),
        "" | "help" | "--help" | "-h" => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        other => Err(step::Failed::new(format!("there is no task “{other}”"), "cargo xtask help")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            eprintln!("\n✗ {}\n  what to do: {}", failed.what, failed.remedy);
            ExitCode::FAILURE
        }
    }
}
