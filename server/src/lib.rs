//! The web server and the command line of jigai, as a library: tests start the site in process.

mod assets;
mod backend;
mod bell;
mod cache;
mod cli;
mod clock;
mod demo;
mod due;
mod exports;
mod forms;
mod head;
mod holidays;
mod jobs;
mod key_file;
mod look;
mod metrics;
mod pack;
mod papers;
mod readiness;
mod reading;
mod routes;
mod screen;
mod second_factor;
mod signing;
mod state;
mod trail;
mod viewings;
mod web;

use std::process::ExitCode;

use clap::Parser;

/// Runs the command line this process was started with.
pub fn run() -> ExitCode {
    match cli::Arguments::try_parse() {
        Ok(arguments) => cli::run(arguments),
        Err(error) => cli::misused(&error),
    }
}
