//! What an office installs: one binary that needs no C library of the machine (musl, linked whole), as a `.deb` and as a
//! tar, each with its systemd unit; `--check` installs, upgrades and rolls them back in a root of their own.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::build::build;
use crate::step::{Done, Failed, command, output, root, run, step, target};
use crate::{bundle, tools};

const TARGET: &str = "x86_64-unknown-linux-musl";

/// Scripts of the package.
const SCRIPTS: [&str; 4] = ["preinst", "postinst", "prerm", "postrm"];

pub(crate) fn dist(arguments: &[String]) -> Done {
    let asked = |name: &str| arguments.iter().any(|argument| argument == name);
    if let Some(unknown) = arguments.iter().find(|argument| !["--check", "--quick"].contains(&argument.as_str())) {
        return Err(Failed::new(
            format!("there is no option “{unknown}”"),
            "cargo xtask dist [--check] [--quick]; --quick builds without optimisation, to try the packages",
        ));
    }
    tools::faces()?;
    bundle::bundle()?;
    tools::musl(TARGET)?;
    let (profile, more) = if asked("--quick") { ("debug", &[][..]) } else { ("release", &["--release"][..]) };
    step("build the program with musl", "15 min the first time", || {
        build("build", &["--package", "server", "--target", TARGET], more, "cargo xtask dist")
    })?;
    let binary = target().join(TARGET).join(profile).join("jigai");
    let version = version()?;
    let folder = target().join("dist");
    clear(&folder)?;
    let tar = folder.join(format!("jigai-{version}-x86_64.tar.gz"));
    step("pack the tar", "", || pack_tar(&binary, &tar, &version))?;
    let deb = step_with("make the Debian package", || make_deb(&binary, &folder, &version))?;
    if asked("--check") {
        check(&binary, &deb, &folder, &version)?;
    }
    println!("\n  {}\n  {}", tar.display(), deb.display());
    Ok(())
}

fn step_with<T>(what: &str, work: impl FnOnce() -> Result<T, Failed>) -> Result<T, Failed> {
    let mut made = None;
    step(what, "", || {
        made = Some(work()?);
        Ok(())
    })?;
    made.ok_or_else(|| Failed::new(what.to_owned(), "cargo xtask dist"))
}

/// The workspace's version.
fn version() -> Result<String, Failed> {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap_or_default();
    let line = manifest.lines().find_map(|line| line.strip_prefix("version = \""));
    line.and_then(|rest| rest.split('"').next())
        .map(str::to_owned)
        .ok_or_else(|| Failed::new("Cargo.toml says no version", "look at [workspace.package]"))
}

fn files(what: impl FnOnce() -> std::io::Result<()>) -> Done {
    what().map_err(|error| Failed::new(format!("cannot write below target/dist ({error})"), "check the disk"))
}

fn clear(folder: &Path) -> Done {
    let _ = std::fs::remove_dir_all(folder);
    files(|| std::fs::create_dir_all(folder))
}

/// A copy with this mode, in folders of its own.
fn copy(from: &Path, to: &Path, mode: u32) -> std::io::Result<()> {
    to.parent().map_or(Ok(()), std::fs::create_dir_all)?;
    std::fs::copy(from, to)?;
    std::fs::set_permissions(to, std::fs::Permissions::from_mode(mode))
}

fn package(name: &str) -> PathBuf {
    root().join("xtask/package").join(name)
}

fn pack_tar(binary: &Path, tar: &Path, version: &str) -> Done {
    let name = format!("jigai-{version}-x86_64");
    let beside = tar.parent().unwrap_or(Path::new("."));
    let inside = beside.join(&name);
    files(|| {
        copy(binary, &inside.join("jigai"), 0o755)?;
        copy(&package("jigai.service"), &inside.join("jigai.service"), 0o644)?;
        copy(&package("env"), &inside.join("env"), 0o600)?;
        copy(&root().join("docs/operating.md"), &inside.join("operating.md"), 0o644)?;
        copy(&root().join("LICENSE"), &inside.join("LICENSE"), 0o644)
    })?;
    let (tar, folder) = (tar.display().to_string(), beside.display().to_string());
    run(command("tar", &["--owner=0", "--group=0", "-C", &folder, "-czf", &tar, &name]), "look at the disk: df -h")?;
    files(|| std::fs::remove_dir_all(&inside))
}

/// `jigai_VERSION_amd64.deb`.
fn make_deb(binary: &Path, folder: &Path, version: &str) -> Result<PathBuf, Failed> {
    let (inside, deb) = (folder.join("deb"), folder.join(format!("jigai_{version}_amd64.deb")));
    let size = std::fs::metadata(binary).map_or(0, |metadata| metadata.len() / 1024);
    let control = format!(
        "Package: jigai\nVersion: {version}\nArchitecture: amd64\nMaintainer: jigai\nInstalled-Size: {size}\nDepends: passwd\n\
         Section: web\nPriority: optional\nDescription: 技改投资目标跟踪\n One binary: targets, monthly returns, ranking, bulletins, assessment.\n"
    );
    files(|| {
        copy(binary, &inside.join("usr/bin/jigai"), 0o755)?;
        copy(&package("jigai.service"), &inside.join("lib/systemd/system/jigai.service"), 0o644)?;
        copy(&package("env"), &inside.join("etc/jigai/env"), 0o600)?;
        copy(&root().join("LICENSE"), &inside.join("usr/share/doc/jigai/copyright"), 0o644)?;
        for script in SCRIPTS {
            copy(&package(script), &inside.join("DEBIAN").join(script), 0o755)?;
        }
        std::fs::write(inside.join("DEBIAN/conffiles"), "/etc/jigai/env\n")?;
        std::fs::write(inside.join("DEBIAN/control"), control)
    })?;
    let (from, to) = (inside.display().to_string(), deb.display().to_string());
    // In gzip, which every dpkg reads.
    run(command("dpkg-deb", &["--root-owner-group", "-Zgzip", "--build", &from, &to]), "sudo apt-get install dpkg")?;
    files(|| std::fs::remove_dir_all(&inside))?;
    Ok(deb)
}

/// Starts the program where nothing else is; installs, upgrades, rolls back and removes the package in a small Debian.
fn check(binary: &Path, deb: &Path, folder: &Path, version: &str) -> Done {
    if output("id", &["-u"]).as_deref() != Some("0") {
        return Err(Failed::new("--check changes its root, which root alone may", "sudo cargo xtask dist --check"));
    }
    step("start the program where there is no C library", "", || {
        let bare = folder.join("bare");
        files(|| {
            copy(binary, &bare.join("jigai"), 0o755)?;
            std::fs::create_dir_all(bare.join("tmp"))
        })?;
        let found = serves(&bare);
        found.and(files(|| std::fs::remove_dir_all(&bare)))
    })?;
    tools::debootstrap()?;
    let small = folder.join("debian");
    let at = small.display().to_string();
    step("make a small Debian", "1 min", || {
        run(command("debootstrap", &["--variant=minbase", "bookworm", &at]), "look at the line above")
    })?;
    // A later version of the same program.
    let later = step_with("make a later package", || make_deb(binary, folder, &format!("{version}+later")))?;
    let inside = |name: &str| small.join(name);
    let chroot = |line: &str| run(command("chroot", &[&at, "sh", "-ec", line]), "look at xtask/package");
    step("install, upgrade, roll back and remove the package", "30 s", || {
        files(|| {
            copy(deb, &inside("now.deb"), 0o644)?;
            copy(&later, &inside("later.deb"), 0o644)
        })?;
        let as_jigai = "runuser -u jigai -- env JIGAI_DATA=/var/lib/jigai jigai";
        chroot("dpkg -i /now.deb && test \"$(stat -c '%a %U' /var/lib/jigai)\" = '700 jigai'")?;
        chroot("test \"$(stat -c '%a %U' /etc/jigai/env)\" = '600 root'")?;
        chroot(&format!("{as_jigai} migrate && {as_jigai} user policy public_reading open"))?;
        chroot("echo '#mine' >> /etc/jigai/env && dpkg -i /later.deb && grep -q '#mine' /etc/jigai/env")?;
        chroot(&format!("ls /var/lib/jigai/before-upgrade-from-{version}-*.db && {as_jigai} verify"))?;
        // Back: the old program, and the backup in place of what the new one may have made of the data.
        chroot("dpkg -i /now.deb && runuser -u jigai -- mkdir -m 700 /var/lib/jigai/later")?;
        chroot("mv /var/lib/jigai/jigai.db* /var/lib/jigai/later/")?;
        chroot(&format!("{as_jigai} restore /var/lib/jigai/before-upgrade-from-{version}-*.db && {as_jigai} verify"))?;
        // A backup that cannot be made keeps the old program.
        chroot(
            "mv /usr/bin/jigai /usr/bin/kept && printf '#!/bin/sh\\nexit 1\\n' > /usr/bin/jigai && chmod 755 /usr/bin/jigai",
        )?;
        chroot(
            "! dpkg -i /later.deb && test \"$(dpkg-query -W -f '${Version}' jigai)\" = \"$(dpkg-deb -f /now.deb Version)\"",
        )?;
        chroot("mv /usr/bin/kept /usr/bin/jigai && dpkg -i /now.deb")?;
        chroot(
            "dpkg --purge jigai && test -f /var/lib/jigai/jigai.db && ! test -e /usr/bin/jigai && ! test -e /etc/jigai/env",
        )
    })?;
    files(|| std::fs::remove_dir_all(&small).and_then(|()| std::fs::remove_file(&later)))
}

/// Whether the program in this root loads its demo and answers.
fn serves(root: &Path) -> Done {
    let remedy = "start it by hand: chroot target/dist/bare /jigai serve --demo";
    let failed = |what: String| Failed::new(what, remedy);
    let at = root.display().to_string();
    let mut program =
        command("chroot", &[&at, "/jigai", "serve", "--demo", "--data", "/data", "--listen", "127.0.0.1:0"]);
    program.env_remove("DATABASE_URL").env_remove("JIGAI_DATA");
    let mut child = program.stdout(Stdio::piped()).spawn().map_err(|error| failed(error.to_string()))?;
    let mut line = String::new();
    if let Some(out) = child.stdout.take() {
        let _ = BufReader::new(out).read_line(&mut line);
    }
    let address = line.split("http://").nth(1).map(|rest| rest.trim().trim_end_matches('/').to_owned());
    let answered = address.ok_or_else(|| failed(format!("it did not start: {line}"))).and_then(|address| {
        let mut answer = String::new();
        std::net::TcpStream::connect(&address)
            .and_then(|mut stream| {
                stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
                stream.read_to_string(&mut answer)
            })
            .map_err(|error| failed(format!("{address} does not answer ({error})")))?;
        match answer.starts_with("HTTP/1.1 200") {
            true => Ok(()),
            false => Err(failed(format!("{address} answered {answer}"))),
        }
    });
    let _ = child.kill();
    let _ = child.wait();
    answered
}
