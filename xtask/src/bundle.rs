//! The browser's bundle: Trunk builds `app` for wasm into `dist/pkg`.

use std::path::PathBuf;
use std::process::Command;

use crate::step::{Done, Failed, command, newest, root, run, step};
use crate::tools::{self, WasmToolchain};

fn product() -> PathBuf {
    root().join("dist/pkg/app_bg.wasm")
}

/// Everything the bundle is made of.
fn sources() -> Vec<PathBuf> {
    ["app/src", "app/index.html", "app/Cargo.toml", "Trunk.toml", "Cargo.lock"]
        .iter()
        .map(|path| root().join(path))
        .collect()
}

pub(crate) fn is_fresh() -> bool {
    product().is_file() && newest(&[product()]) >= newest(&sources())
}

/// Builds the bundle unless it is newer than all its sources.
pub(crate) fn bundle() -> Done {
    if is_fresh() {
        return Ok(());
    }
    let toolchain = tools::wasm_target()?;
    tools::bundle_tools()?;
    step("build the browser's bundle (entry form, what-if)", "2 min the first time", || {
        run(trunk(&["build", "--release", "--offline"], &toolchain), "cargo xtask bundle")
    })?;
    if product().is_file() {
        Ok(())
    } else {
        Err(Failed::new("Trunk finished without dist/pkg/app_bg.wasm", "rm -r dist && cargo xtask bundle"))
    }
}

/// Trunk with the tools of this machine.
pub(crate) fn trunk(arguments: &[&str], toolchain: &WasmToolchain) -> Command {
    let mut trunk = command("trunk", arguments);
    trunk.env("PATH", tools::path_with_cargo_bin());
    // Cargo's own variables would bind the build to the toolchain that runs xtask; NO_COLOR=1 is no boolean to Trunk.
    for name in ["CARGO", "RUSTUP_TOOLCHAIN", "NO_COLOR"] {
        trunk.env_remove(name);
    }
    trunk.env("TRUNK_LOG", "warn");
    if matches!(toolchain, WasmToolchain::Debian) {
        trunk.env("RUSTUP_TOOLCHAIN", "debian");
    }
    trunk
}
