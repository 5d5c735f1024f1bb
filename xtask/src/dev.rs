//! dev: the server beside Trunk's watch, built and started again at every change of what it is made of.

use std::path::PathBuf;
use std::process::Child;
use std::time::Duration;

use crate::run::{build_server, start};
use crate::step::{Done, Failed, members, newest, root};
use crate::{bundle, tools};

/// How often the sources are looked at: one look costs a few milliseconds.
const LOOK: Duration = Duration::from_millis(500);

/// What the server is compiled from. Debug builds read assets and bundle from their folders.
fn sources() -> Result<Vec<PathBuf>, Failed> {
    let members = members()?.into_iter().filter(|name| name != "xtask" && name != "tests");
    let of_members =
        members.flat_map(|name| ["src", "build.rs", "Cargo.toml"].map(|part| root().join(&name).join(part)));
    Ok(of_members.chain(["Cargo.toml", "Cargo.lock", "migrations"].map(|path| root().join(path))).collect())
}

pub(crate) fn dev(arguments: &[String]) -> Done {
    let toolchain = tools::wasm_target()?;
    tools::bundle_tools()?;
    let sources = sources()?;
    let mut built = newest(&sources);
    build_server()?;
    let (server, address) = start(arguments)?;
    let mut server = Some(Server(server));
    println!("\n  {address}   bundle and server are rebuilt at every change of their sources; reload the page then\n");
    let mut trunk = bundle::trunk(&["watch", "--offline"], &toolchain)
        .spawn()
        .map_err(|error| Failed::new(format!("trunk could not be started ({error})"), "cargo xtask bundle"))?;
    loop {
        std::thread::sleep(LOOK);
        if let Some(status) = trunk.try_wait().ok().flatten() {
            return Err(Failed::new(format!("trunk watch ended with {status}"), "cargo xtask dev"));
        }
        let now = newest(&sources);
        if now != built {
            built = now;
            server = again(server, arguments);
        }
    }
}

/// The new server in the old one's place; a build that fails leaves the old one where it is.
fn again(old: Option<Server>, arguments: &[String]) -> Option<Server> {
    if let Err(failed) = build_server() {
        let meanwhile = if old.is_some() { "the old server keeps running" } else { "no server is running" };
        eprintln!("✗ {}\n  {meanwhile}; the next change is built again", failed.what);
        return old;
    }
    drop(old);
    match start(arguments) {
        Ok((server, address)) => {
            println!("  {address} is the new server");
            Some(Server(server))
        }
        Err(failed) => {
            eprintln!("✗ {}\n  no server is running; the next change is built again", failed.what);
            None
        }
    }
}

/// Stopped when dropped, so that its port is free for the next one.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
