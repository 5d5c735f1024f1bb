//! Rebuilds the binary when a file inside it changes. Debug builds read assets and bundle from their folders: a fresh
//! bundle must not cost the next `cargo xtask run` a compilation.

fn main() {
    // Debug builds look for the bundle where this folder was while they were compiled: it has to be there before the
    // bundle is.
    std::fs::create_dir_all("../dist").expect("the folder of the browser's bundle can be made");
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed=../assets");
        println!("cargo::rerun-if-changed=../dist");
    }
}
