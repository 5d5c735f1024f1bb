//! `jigai`: arguments, nothing else.

mod assets;
mod cli;
mod demo;
mod publishing;
mod store;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    cli::run(cli::Arguments::parse())
}
