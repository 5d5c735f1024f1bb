//! What an office installs: one binary that needs no C library of the machine (musl, linked whole), as a `.deb` and as
//! a tar, each with its systemd unit, for x86_64 and aarch64. `--check` starts it, on another machine's processor in an
//! emulator, and installs, upgrades and rolls it back in a root of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::build::build;
use crate::step::{Done, Failed, command, output, root, run, step, target};
use crate::{bundle, tools};

/// Scripts of the package.
const SCRIPTS: [&str; 4] = ["preinst", "postinst", "prerm", "postrm"];

const USAGE: &str = "cargo xtask dist [--arch x86_64|aarch64|all] [--check] [--quick]; without --arch for machines \
                     like this one; --quick builds without optimisation, to try the packages";

/// Machines that the program is made for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Arch {
    X86_64,
    Aarch64,
}

impl Arch {
    const ALL: [Self; 2] = [Self::X86_64, Self::Aarch64];

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|arch| arch.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Aarch64 => "aarch64",
        }
    }

    /// What Debian calls it.
    fn debian(self) -> &'static str {
        match self {
            Self::X86_64 => "amd64",
            Self::Aarch64 => "arm64",
        }
    }

    fn target(self) -> String {
        format!("{}-unknown-linux-musl", self.name())
    }

    /// How its emulator is called. A processor of ARMv8.0: a Phytium FT-2000 must have all that the program asks for.
    fn emulated(self) -> &'static [&'static str] {
        match self {
            Self::X86_64 => &["/emulator"],
            Self::Aarch64 => &["/emulator", "-cpu", "cortex-a57"],
        }
    }

    fn is_of_this_machine(self) -> bool {
        self.name() == std::env::consts::ARCH
    }
}

/// What was made for one kind of machine.
struct Made {
    arch: Arch,
    binary: PathBuf,
    tar: PathBuf,
    deb: PathBuf,
    /// Without optimisation.
    is_quick: bool,
}

struct Options {
    arches: Vec<Arch>,
    is_check: bool,
    is_quick: bool,
}

fn options(arguments: &[String]) -> Result<Options, Failed> {
    let mut arches = None;
    let mut options = Options { arches: Vec::new(), is_check: false, is_quick: false };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--check" => options.is_check = true,
            "--quick" => options.is_quick = true,
            "--arch" => {
                let name = rest.next().map_or("", String::as_str);
                let named = Arch::named(name).map(|arch| vec![arch]);
                let named = named.or_else(|| (name == "all").then(|| Arch::ALL.to_vec()));
                arches = Some(named.ok_or_else(|| Failed::new(format!("there are no packages for “{name}”"), USAGE))?);
            }
            unknown => return Err(Failed::new(format!("there is no option “{unknown}”"), USAGE)),
        }
    }
    let own = || Arch::named(std::env::consts::ARCH).map(|arch| vec![arch]);
    options.arches = arches.or_else(own).ok_or_else(|| {
        Failed::new(format!("there are no packages for machines like this one, {}", std::env::consts::ARCH), USAGE)
    })?;
    Ok(options)
}

pub(crate) fn dist(arguments: &[String]) -> Done {
    let options = options(arguments)?;
    if options.is_check && output("id", &["-u"]).as_deref() != Some("0") {
        return Err(Failed::new("--check changes its root, which root alone may", "sudo cargo xtask dist --check"));
    }
    tools::faces()?;
    bundle::bundle()?;
    let version = version()?;
    // Not `dist`: there Cargo keeps what the profile of that name builds for this machine.
    let folder = target().join("packages");
    clear(&folder)?;
    let mut all = Vec::new();
    for arch in options.arches {
        let made = make(arch, options.is_quick, &folder, &version)?;
        if options.is_check {
            check(&made, &folder, &version)?;
        }
        all.push(made);
    }
    println!();
    all.iter().for_each(|made| println!("  {}\n  {}", made.tar.display(), made.deb.display()));
    Ok(())
}

/// The package's program for machines like this one.
pub(crate) fn program() -> Result<PathBuf, Failed> {
    let Options { arches, .. } = options(&[])?;
    let arch = arches.first().ok_or_else(|| Failed::new("there is no package for this machine", USAGE))?;
    compile(*arch, false)
}

fn make(arch: Arch, is_quick: bool, folder: &Path, version: &str) -> Result<Made, Failed> {
    let binary = compile(arch, is_quick)?;
    let tar = folder.join(format!("jigai-{version}-{}.tar.gz", arch.name()));
    step("pack the tar", "", || pack_tar(arch, &binary, &tar, version))?;
    let deb = step_with("make the Debian package", || make_deb(arch, &binary, folder, version))?;
    Ok(Made { arch, binary, tar, deb, is_quick })
}

fn compile(arch: Arch, is_quick: bool) -> Result<PathBuf, Failed> {
    let name = arch.target();
    tools::rust_target(&name)?;
    let compiler = if arch.is_of_this_machine() {
        tools::musl()?;
        Vec::new()
    } else {
        tools::cross_compiler(arch.name())?
    };
    let (profile, mut more) = if is_quick { ("debug", vec![]) } else { ("dist", vec!["--profile", "dist"]) };
    more.extend(compiler.iter().flat_map(|line| ["--config", line]));
    let again = format!("cargo xtask dist --arch {}", arch.name());
    step(&format!("build the program with musl for {}", arch.name()), "20 min the first time", || {
        build("build", &["--package", "server", "--target", &name], &more, &again)
    })?;
    Ok(target().join(&name).join(profile).join("jigai"))
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
    what().map_err(|error| Failed::new(format!("cannot write below target/packages ({error})"), "check the disk"))
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

fn pack_tar(arch: Arch, binary: &Path, tar: &Path, version: &str) -> Done {
    let name = format!("jigai-{version}-{}", arch.name());
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

/// `jigai_VERSION_amd64.deb`, `jigai_VERSION_arm64.deb`.
fn make_deb(arch: Arch, binary: &Path, folder: &Path, version: &str) -> Result<PathBuf, Failed> {
    let debian = arch.debian();
    let (inside, deb) = (folder.join("deb"), folder.join(format!("jigai_{version}_{debian}.deb")));
    let size = std::fs::metadata(binary).map_or(0, |metadata| metadata.len() / 1024);
    let control = format!(
        "Package: jigai\nVersion: {version}\nArchitecture: {debian}\nMaintainer: jigai\nInstalled-Size: {size}\n\
         Depends: passwd\nSection: web\nPriority: optional\nDescription: 技改投资目标跟踪\n \
         One binary: targets, monthly returns, ranking, bulletins, assessment.\n"
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

/// Starts the program where nothing else is, on another machine's processor in an emulator; a package for this machine
/// is installed, upgraded, rolled back and removed in a small Debian.
fn check(made: &Made, folder: &Path, version: &str) -> Done {
    let arch = made.arch;
    let emulator = if arch.is_of_this_machine() { None } else { Some(tools::emulator(arch.name())?) };
    let (what, expect) = match emulator {
        None => ("start the program where there is no C library".to_owned(), ""),
        Some(_) => (format!("start the program on an emulated {} where there is no C library", arch.name()), "3 min"),
    };
    step(&what, expect, || {
        let bare = folder.join("bare");
        files(|| {
            copy(&made.binary, &bare.join("jigai"), 0o755)?;
            emulator.as_ref().map_or(Ok(()), |emulator| copy(emulator, &bare.join("emulator"), 0o755))?;
            std::fs::create_dir_all(bare.join("tmp"))
        })?;
        if made.is_quick {
            lay_files(&bare)?;
        }
        serves(&bare, if emulator.is_some() { arch.emulated() } else { &[] })?;
        files(|| std::fs::remove_dir_all(&bare))
    })?;
    let said = output("dpkg-deb", &["-f", &made.deb.display().to_string(), "Architecture"]).unwrap_or_default();
    if said != arch.debian() {
        return Err(Failed::new(
            format!("the package for {} says “{said}”, not {}", arch.name(), arch.debian()),
            "look at make_deb in xtask/src/dist.rs",
        ));
    }
    println!("  {} is of {said}", made.deb.display());
    if emulator.is_none() { check_package(made, folder, version) } else { Ok(()) }
}

fn check_package(made: &Made, folder: &Path, version: &str) -> Done {
    tools::debootstrap()?;
    let small = folder.join("debian");
    let at = small.display().to_string();
    step("make a small Debian", "1 min", || {
        run(command("debootstrap", &["--variant=minbase", "bookworm", &at]), "look at the line above")
    })?;
    // A later version of the same program.
    let later =
        step_with("make a later package", || make_deb(made.arch, &made.binary, folder, &format!("{version}+later")))?;
    let inside = |name: &str| small.join(name);
    let chroot = |line: &str| run(command("chroot", &[&at, "sh", "-ec", line]), "look at xtask/package");
    step("install, upgrade, roll back and remove the package", "30 s", || {
        files(|| {
            copy(&made.deb, &inside("now.deb"), 0o644)?;
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
            "mv /usr/bin/jigai /usr/bin/kept && printf '#!/bin/sh\\nexit 1\\n' > /usr/bin/jigai && \
             chmod 755 /usr/bin/jigai",
        )?;
        chroot(
            "! dpkg -i /later.deb && \
             test \"$(dpkg-query -W -f '${Version}' jigai)\" = \"$(dpkg-deb -f /now.deb Version)\"",
        )?;
        chroot("mv /usr/bin/kept /usr/bin/jigai && dpkg -i /now.deb")?;
        chroot(
            "dpkg --purge jigai && test -f /var/lib/jigai/jigai.db && \
             ! test -e /usr/bin/jigai && ! test -e /etc/jigai/env",
        )
    })?;
    files(|| std::fs::remove_dir_all(&small).and_then(|()| std::fs::remove_file(&later)))
}

/// An unoptimised program looks for its plans, pages' files and bundle where it was built, and has a demo without plans
/// where it finds none.
fn lay_files(bare: &Path) -> Done {
    let built = bare.join(root().strip_prefix("/").unwrap_or(Path::new("")));
    // Its paths go by its own folder.
    files(|| std::fs::create_dir_all(built.join("server")))?;
    run(command("cp", &["-r", "assets", "dist", &built.display().to_string()]), "look at the disk: df -h")
}

/// Whether the program in this root loads its demo and answers.
fn serves(root: &Path, emulator: &[&str]) -> Done {
    let serve = [emulator, &["/jigai", "serve", "--demo", "--data", "/data", "--listen", "127.0.0.1:0"]].concat();
    let at = root.display().to_string();
    let remedy = format!("start it by hand: chroot {at} {}", serve.join(" "));
    let failed = |what: String| Failed::new(what, remedy.as_str());
    let mut program = command("chroot", &[&[at.as_str()], &serve[..]].concat());
    program.env_remove("DATABASE_URL").env_remove("JIGAI_DATA");
    let mut child = program.stdout(Stdio::piped()).spawn().map_err(|error| failed(error.to_string()))?;
    let mut line = String::new();
    // Open until the end: the program may say more.
    let mut out = child.stdout.take().map(BufReader::new);
    if let Some(out) = &mut out {
        let _ = out.read_line(&mut line);
    }
    let address = line.split("http://").nth(1).map(|rest| rest.trim().trim_end_matches('/').to_owned());
    let answered = address.ok_or_else(|| failed(format!("it did not start: {line}"))).and_then(|address| {
        let ask = |path: &str, expected: &str| match get(&address, path) {
            Ok(answer) if answer.starts_with("HTTP/1.1 200") && answer.contains(expected) => Ok(()),
            Ok(answer) => {
                let first = answer.lines().next().unwrap_or_default();
                Err(failed(format!("{address}{path} answered “{first}”, without “{expected}”")))
            }
            Err(error) => Err(failed(format!("{address} does not answer ({error})"))),
        };
        ask("/healthz", "")?;
        ask("/plans", "fuzhou-2021")
    });
    let _ = child.kill();
    let _ = child.wait();
    answered
}

fn get(address: &str, path: &str) -> std::io::Result<String> {
    let mut stream = std::net::TcpStream::connect(address)?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &str) -> Result<Options, Failed> {
        options(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    fn names(line: &str) -> Vec<&'static str> {
        asked(line).map_or(Vec::new(), |options| options.arches.into_iter().map(Arch::debian).collect())
    }

    #[test]
    fn packages_are_for_the_machines_that_were_asked_for() {
        assert_eq!(names("--arch aarch64 --check"), ["arm64"]);
        assert_eq!(names("--quick --arch all"), ["amd64", "arm64"]);
        assert!(asked("--arch aarch64 --check").is_ok_and(|options| options.is_check && !options.is_quick));
        for wrong in ["--arch", "--arch arm", "--arhc aarch64"] {
            assert!(asked(wrong).is_err_and(|failed| failed.remedy == USAGE), "{wrong}");
        }
    }
}
