//! Rebuilds the binary when a file inside it changes. Debug builds read assets and bundle from their folders, so only the
//! migrations matter there: a fresh bundle must not cost the next `cargo xtask run` a compilation.

fn main() {
    println!("cargo::rerun-if-changed=../migrations");
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed=../assets");
        println!("cargo::rerun-if-changed=../dist");
    }
}
