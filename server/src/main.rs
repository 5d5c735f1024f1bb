//! `jigai`: arguments, nothing else.

mod access;
mod assets;
mod auth;
mod backend;
mod cache;
mod cli;
mod clock;
mod demo;
mod exports;
mod forms;
mod incoming;
mod jobs;
mod look;
mod pack;
mod papers;
mod passwords;
mod publishing;
mod responses;
mod routes;
mod screen;
mod second_factor;
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
