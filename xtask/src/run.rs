//! run.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::build::build;
use crate::step::{Done, Failed, WORKSPACE, root, step, target};
use crate::{bundle, tools};

/// The demo's own folder: real data is never beside it.
const DATA: &str = "data/demo";
const LISTEN: &str = "127.0.0.1:8021";

fn option(arguments: &[String], name: &str, default: &str) -> String {
    let after = arguments.iter().position(|argument| argument == name).and_then(|at| arguments.get(at + 1));
    after.cloned().unwrap_or_else(|| default.to_owned())
}

pub(crate) fn build_server() -> Done {
    tools::faces()?;
    step("build the server", "10 min the first time", || {
        build("build", &WORKSPACE, &["--bin", "jigai"], "cargo build --workspace --features app/ssr --bin jigai")
    })
}

fn binary(profile: &str) -> PathBuf {
    target().join(profile).join("jigai")
}

/// Starts the server on the demo data and waits until it prints its address.
pub(crate) fn start(arguments: &[String]) -> Result<(Child, String), Failed> {
    let listen = option(arguments, "--listen", LISTEN);
    let mut command = Command::new(binary("debug"));
    command
        .current_dir(root())
        .args(["serve", "--demo", "--data", &option(arguments, "--data", DATA), "--listen", &listen])
        .env_remove("DATABASE_URL");
    let failed = |what: String| {
        Failed::new(what, format!("see the sentence above; another port: cargo xtask run --listen {LISTEN}"))
    };
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed(format!("jigai could not be started ({error})")))?;
    let mut line = String::new();
    if let Some(output) = child.stdout.take() {
        let _ = BufReader::new(output).read_line(&mut line);
    }
    match line.split("http").nth(1) {
        Some(rest) => Ok((child, format!("http{}", rest.trim()))),
        None => {
            let _ = child.wait();
            Err(failed("jigai did not start".to_owned()))
        }
    }
}

pub(crate) fn run(arguments: &[String]) -> Done {
    build_server()?;
    println!("→ start jigai with its five plans and demo figures");
    let (mut server, address) = start(arguments)?;
    println!("\n  {address}                                  the newest bulletin");
    println!(
        "  {address}bulletins/fuzhou-2021/2021-05     福州市 2021年1—5月\n  (figures are made up: 演示数据，非官方统计)   Ctrl-C ends it\n"
    );
    // Every page is complete without the bundle: the reader need not wait for it.
    if !bundle::is_fresh()
        && let Err(failed) = bundle::bundle()
    {
        eprintln!(
            "✗ the browser's bundle was not built: {}\n  what to do: {}\n  pages work without it; the entry form and the what-if then answer by a button instead of while typing",
            failed.what, failed.remedy
        );
    }
    let status = server.wait().map_err(|error| Failed::new(error.to_string(), "cargo xtask run"))?;
    if status.success() { Ok(()) } else { Err(Failed::new(format!("jigai ended with {status}"), "cargo xtask run")) }
}
