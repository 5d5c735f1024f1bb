//! `jigai`: arguments, nothing else.

mod assets;
mod backend;
mod cache;
mod cli;
mod demo;
mod exports;
mod publishing;
mod responses;
mod routes;
mod state;
mod store;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match cli::Arguments::try_parse() {
        Ok(arguments) => cli::run(arguments),
        Err(error) => cli::misused(&error),
    }
}
