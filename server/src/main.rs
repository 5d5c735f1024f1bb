//! `jigai`: arguments, nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::run()
}
