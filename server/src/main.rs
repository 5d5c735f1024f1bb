//! `jigai`: arguments, nothing else.

use std::process::ExitCode;

// Gives back at once what a page of thousands of rows took, where the C libraries' own keep it (glibc) or make threads
// wait for each other (musl): docs/performance.md.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::run()
}
