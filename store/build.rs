//! Rebuilds the crate when a migration changes: they are inside it.

fn main() {
    println!("cargo::rerun-if-changed=../migrations");
}
