//! Tools that tests and the bundle need, found or installed; a tool that is there is left alone.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::build::build;
use crate::step::{Done, Failed, cargo, command, output, root, run, step};

const TRUNK: &str = "0.21.14";
const CARGO_DENY: &str = "0.20.2";
const ZIG: &str = "0.17.1";

/// The version of a crate in Cargo.lock.
pub(crate) fn locked(name: &str) -> Result<String, Failed> {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap_or_default();
    let start = format!("name = \"{name}\"\nversion = \"");
    let version = lock.split(&start).nth(1).and_then(|rest| rest.split('"').next());
    version
        .map(str::to_owned)
        .ok_or_else(|| Failed::new(format!("{name} is not in Cargo.lock"), "cargo update --workspace"))
}

fn on_path(program: &str) -> bool {
    find(program).is_some()
}

fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Where `cargo install` puts programs; added to the PATH of every build step.
fn cargo_bin() -> Option<PathBuf> {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")))?;
    Some(home.join("bin"))
}

/// PATH with cargo's own programs on it.
pub(crate) fn path_with_cargo_bin() -> std::ffi::OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = cargo_bin().into_iter().chain(std::env::split_paths(&path));
    std::env::join_paths(folders).unwrap_or(path)
}

fn tool_version(program: &str) -> Option<String> {
    let mut command = command(program, &["--version"]);
    command.env("PATH", path_with_cargo_bin());
    let done = command.output().ok()?;
    done.status.success().then(|| String::from_utf8_lossy(&done.stdout).trim().to_owned())
}

/// Installs Debian packages; needs root or sudo without a question.
pub(crate) fn apt(packages: &[&str], what: &str, expect: &str) -> Done {
    step(&format!("install {what}: {}", packages.join(" ")), expect, || {
        let remedy =
            format!("sudo apt-get update && sudo apt-get install -y --no-install-recommends {}", packages.join(" "));
        if !on_path("apt-get") {
            return Err(Failed::new(
                format!("this machine has no apt-get, and {what} is missing"),
                format!("install {}", packages.join(", ")),
            ));
        }
        let root_user = output("id", &["-u"]).as_deref() == Some("0");
        let apt_get = |arguments: &[&str]| {
            let mut full = vec!["-n", "apt-get"];
            full.extend(arguments);
            let mut command = if root_user { command("apt-get", arguments) } else { command("sudo", &full) };
            command.env("DEBIAN_FRONTEND", "noninteractive").stdout(std::process::Stdio::null());
            command
        };
        let mut install = vec!["install", "-y", "-qq", "--no-install-recommends"];
        install.extend(packages);
        // Package lists may be old or absent: refresh them once, when the first try fails.
        if run(apt_get(&install), &remedy).is_ok() {
            return Ok(());
        }
        run(apt_get(&["update", "-qq"]), &remedy)?;
        run(apt_get(&install), &remedy)
    })
}

/// Which toolchain builds the bundle: the default one, or Debian's where rustup cannot download a target.
pub(crate) enum WasmToolchain {
    Default,
    Debian,
}

/// A toolchain with the standard library for wasm32.
pub(crate) fn wasm_target() -> Result<WasmToolchain, Failed> {
    if has_wasm_library(output("rustc", &["--print", "sysroot"])) {
        return Ok(WasmToolchain::Default);
    }
    let debian = || Some("/usr".to_owned());
    if has_wasm_library(debian()) && on_debian_toolchain() {
        return Ok(WasmToolchain::Debian);
    }
    let added = step("add the wasm32 target with rustup", "10 s", || {
        run(command("rustup", &["target", "add", "wasm32-unknown-unknown"]), "rustup target add wasm32-unknown-unknown")
    });
    if added.is_ok() {
        return Ok(WasmToolchain::Default);
    }
    println!("  rustup cannot download here; Debian's own toolchain will do");
    apt(&["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "lld-22"], "Debian's Rust for wasm", "30 s")?;
    step("link Debian's toolchain", "", || {
        run(command("rustup", &["toolchain", "link", "debian", "/usr"]), "rustup toolchain link debian /usr")
    })?;
    step("build the standard library for wasm32", "1 min", build_wasm_library)?;
    Ok(WasmToolchain::Debian)
}

fn has_wasm_library(sysroot: Option<String>) -> bool {
    let Some(sysroot) = sysroot else { return false };
    let library = Path::new(&sysroot).join("lib/rustlib/wasm32-unknown-unknown/lib");
    std::fs::read_dir(library)
        .into_iter()
        .flatten()
        .flatten()
        .any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
}

fn on_debian_toolchain() -> bool {
    output("rustup", &["toolchain", "list"]).is_some_and(|list| list.lines().any(|line| line.starts_with("debian")))
}

/// Debian ships the sources of the standard library, not the library for wasm32: built once, laid into its sysroot.
fn build_wasm_library() -> Done {
    let folder = crate::step::target().join("wasm-std");
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&path, text))
    };
    let written =
        write("Cargo.toml", "[package]\nname = \"wasm-std\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[workspace]\n")
            .and_then(|()| write("src/lib.rs", ""));
    written.map_err(|error| {
        Failed::new(format!("cannot write {} ({error})", folder.display()), "check the disk's free space")
    })?;
    let arguments =
        ["+debian", "build", "-Zbuild-std=std,panic_abort", "--target", "wasm32-unknown-unknown", "--release"];
    let mut build = command("cargo", &arguments);
    // CARGO and RUSTUP_TOOLCHAIN of the running cargo would override +debian.
    build
        .current_dir(&folder)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env_remove("CARGO")
        .env_remove("RUSTUP_TOOLCHAIN");
    run(build, "rm -r target/wasm-std, then the same command again")?;
    let built = folder.join("target/wasm32-unknown-unknown/release/deps");
    let library = Path::new("/usr/lib/rustlib/wasm32-unknown-unknown/lib");
    let copied = std::fs::create_dir_all(library).and_then(|()| {
        for entry in std::fs::read_dir(&built)?.flatten() {
            if entry.path().extension().is_some_and(|ending| ending == "rlib") {
                std::fs::copy(entry.path(), library.join(entry.file_name()))?;
            }
        }
        Ok(())
    });
    copied.map_err(|error| {
        Failed::new(
            format!("cannot copy the library to {} ({error})", library.display()),
            "run once as root, or use sudo",
        )
    })
}

/// Trunk, and wasm-bindgen in the locked version.
pub(crate) fn bundle_tools() -> Done {
    let bindgen = locked("wasm-bindgen")?;
    if tool_version("wasm-bindgen").is_none_or(|version| version != format!("wasm-bindgen {bindgen}")) {
        install("wasm-bindgen-cli", &bindgen, &["--debug"], "1.5 min")?;
    }
    if tool_version("trunk").is_none_or(|version| version != format!("trunk {TRUNK}")) {
        install("trunk", TRUNK, &["--locked", "--debug", "--no-default-features", "--features", "rustls"], "3.5 min")?;
    }
    Ok(())
}

fn install(name: &str, version: &str, options: &[&str], expect: &str) -> Done {
    if tool_version("cargo-binstall").is_some() {
        let quick = step(&format!("fetch {name} {version}"), "10 s", || {
            run(cargo(&["binstall", "-y", "--no-track", &format!("{name}@{version}")]), "")
        });
        if quick.is_ok() {
            return Ok(());
        }
    }
    step(&format!("compile {name} {version}"), expect, || {
        // Into the same folder each time, so that an interrupted compilation goes on where it stopped.
        let folder = crate::step::target().join("tools").display().to_string();
        let more = [&["--force", "--target-dir", &folder][..], options].concat();
        build(
            "install",
            &[name, "--version", version],
            &more,
            &format!("cargo install {name} --version {version} {}", options.join(" ")),
        )
    })
}

pub(crate) fn cargo_deny() -> Done {
    if tool_version("cargo-deny").is_some() {
        return Ok(());
    }
    install("cargo-deny", CARGO_DENY, &["--locked", "--debug"], "4 min")
}

/// The free faces that papers are set in: the typesetter's build cuts its own out of them.
pub(crate) fn faces() -> Done {
    let fonts = Path::new("/usr/share/fonts");
    let there = ["opentype/noto/NotoSerifCJK-Regular.ttc", "truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf"];
    // A folder of one's own serves as well, on systems that keep their fonts elsewhere.
    if std::env::var_os("JIGAI_FONTS").is_some() || there.iter().all(|face| fonts.join(face).is_file()) {
        return Ok(());
    }
    apt(&["fonts-noto-cjk", "fonts-lxgw-wenkai"], "the faces of papers", "30 s")
}

/// Programs that read what the product writes: Word files, workbooks and PDF, as an office would.
pub(crate) fn readers() -> Done {
    if !on_path("pdftotext") {
        apt(&["poppler-utils"], "the reader of PDF files", "10 s")?;
    }
    if !on_path("soffice") {
        apt(&["libreoffice-writer", "libreoffice-calc"], "the reader of Word files and workbooks", "2 min")?;
    }
    Ok(())
}

/// Chromium with Chinese fonts, Node and Playwright's driver.
pub(crate) fn browser() -> Done {
    if !on_path("chromium") {
        apt(&["chromium"], "the browser of the tests", "30 s")?;
    }
    let fonts = output("fc-list", &[":lang=zh-cn"]).is_some_and(|list| !list.is_empty());
    if !fonts {
        apt(&["fontconfig", "fonts-noto-cjk"], "Chinese fonts", "20 s")?;
    }
    if !on_path("node") || !on_path("npm") {
        apt(&["nodejs", "npm"], "Node", "40 s")?;
    }
    let e2e = root().join("tests/e2e");
    if !e2e.join("node_modules/playwright-core/package.json").is_file() {
        step("install the browser tests' driver", "5 s", || {
            let mut npm = command("npm", &["ci", "--no-audit", "--no-fund", "--silent"]);
            npm.current_dir(&e2e);
            run(npm, "cd tests/e2e && npm ci")
        })?;
    }
    Ok(())
}

/// PostgreSQL's server programs; `None` when they cannot be had.
pub(crate) fn postgres() -> Result<PathBuf, Failed> {
    let find = || {
        let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path().join("bin"))
            .collect();
        versions.sort();
        versions.into_iter().rfind(|bin| bin.join("initdb").is_file())
    };
    if let Some(bin) = find() {
        return Ok(bin);
    }
    apt(&["postgresql"], "PostgreSQL", "30 s")?;
    find().ok_or_else(|| {
        Failed::new("PostgreSQL's initdb was not found under /usr/lib/postgresql", "sudo apt-get install postgresql")
    })
}

/// The pooler that administrators put before PostgreSQL.
pub(crate) fn pgbouncer() -> Done {
    if Path::new("/usr/sbin/pgbouncer").is_file() {
        return Ok(());
    }
    apt(&["pgbouncer"], "PgBouncer", "10 s")
}

/// A C compiler for SQLite and ring that knows musl, for machines like this one.
pub(crate) fn musl() -> Done {
    if on_path("musl-gcc") {
        return Ok(());
    }
    apt(&["musl-tools"], "the C compiler for musl", "10 s")
}

/// A target's standard library.
pub(crate) fn rust_target(target: &str) -> Done {
    if output("rustup", &["target", "list", "--installed"]).is_some_and(|list| list.lines().any(|line| line == target))
    {
        return Ok(());
    }
    step(&format!("add the target {target} with rustup"), "20 s", || {
        run(command("rustup", &["target", "add", target]), &format!("rustup target add {target}"))
    })
}

/// Zig's C compiler, which knows musl and every processor. It reads another name of the target than the one that build
/// scripts give it, and checks for undefined behaviour in what is built without optimisation, which wants a library.
const CROSS_CC: &str = r#"#!/bin/sh
for given; do
    shift
    case "$given" in --target=*) ;; *) set -- "$@" "$given" ;; esac
done
exec "${0%/*}/../zig/ziglang/zig" cc -target ARCH-linux-musl -fno-sanitize=undefined "$@"
"#;

const CROSS_AR: &str = r#"#!/bin/sh
exec "${0%/*}/../zig/ziglang/zig" ar "$@"
"#;

/// What builds programs with musl for machines of another kind, as settings of cargo: the C compiler, and Rust's own
/// linker.
pub(crate) fn cross_compiler(arch: &str) -> Result<Vec<String>, Failed> {
    let tools = root().join(crate::step::target()).join("tools");
    zig(&tools.join("zig"))?;
    let folder = tools.join(arch);
    let script = |name: &str, text: &str| {
        let file = folder.join(name);
        std::fs::write(&file, text.replace("ARCH", arch))?;
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755))
    };
    std::fs::create_dir_all(&folder)
        .and_then(|()| script("cc", CROSS_CC))
        .and_then(|()| script("ar", CROSS_AR))
        .map_err(|error| Failed::new(format!("cannot write below target/tools ({error})"), "check the disk"))?;
    let set =
        |name: &str, tool: &str| format!("env.{name}_{arch}_unknown_linux_musl='{}'", folder.join(tool).display());
    Ok(vec![format!("target.{arch}-unknown-linux-musl.linker='rust-lld'"), set("CC", "cc"), set("AR", "ar")])
}

/// Zig out of its Python wheel: Debian 12 has none.
fn zig(folder: &Path) -> Done {
    let program = folder.join("ziglang/zig").display().to_string();
    if output(&program, &["version"]).as_deref() == Some(ZIG) {
        return Ok(());
    }
    if output("python3", &["-m", "pip", "--version"]).is_none() {
        apt(&["python3-pip"], "the installer of Python's packages", "20 s")?;
    }
    step(&format!("fetch the C compiler of Zig {ZIG} from PyPI"), "100 MB", || {
        let (to, what) = (folder.display().to_string(), format!("ziglang=={ZIG}"));
        let mut pip = command("python3", &["-m", "pip", "install", "--no-deps", "--upgrade", "--target", &to, &what]);
        pip.env("PIP_ROOT_USER_ACTION", "ignore").env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
        run(pip, "give pip a way to PyPI (HTTPS_PROXY, or PIP_INDEX_URL of a mirror), then the same command again")
    })
}

/// What runs programs of another kind of machine; needs nothing of the root that it is copied into.
pub(crate) fn emulator(arch: &str) -> Result<PathBuf, Failed> {
    let name = format!("qemu-{arch}-static");
    if let Some(there) = find(&name) {
        return Ok(there);
    }
    apt(&["qemu-user-static"], "the emulator of other machines", "20 s")?;
    find(&name).ok_or_else(|| {
        Failed::new(format!("{name} was not found"), "sudo apt-get install qemu-user-static; then look at PATH")
    })
}

/// What makes a small Debian in a folder.
pub(crate) fn debootstrap() -> Done {
    if on_path("debootstrap") {
        return Ok(());
    }
    apt(&["debootstrap"], "debootstrap", "10 s")
}
