//! `jigai backup FILE` and `jigai restore FILE`.

use std::path::{Path, PathBuf};

use clap::Args;
use sha2::{Digest, Sha256};

use super::database::{DatabaseArguments, block_on};
use super::files::replace;
use super::outcome::{Failure, Outcome, print, tell};
use super::sealed;
use crate::clock::Clock;
use crate::metrics::Backup;
use store::{Access, Location, Store};

#[derive(Args)]
pub(super) struct BackupArguments {
    /// 备份文件，例如 备份-2021-07-03.db；已有同名文件时拒绝
    file: PathBuf,
    /// 给备份加密：口令写在这个文件的第一行；恢复时要用同一个口令，丢了就恢复不了
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Args)]
pub(super) struct RestoreArguments {
    /// jigai backup 做的备份文件
    file: PathBuf,
    /// 加密的备份：口令写在这个文件的第一行
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    database: DatabaseArguments,
}

/// The name of a database inside its folder.
const INSIDE: &str = "jigai.db";
/// And of one under a pass phrase.
const SEALED: &str = "sealed";

fn io(path: &Path) -> impl Fn(std::io::Error) -> Failure + '_ {
    move |error| Failure::Other(format!("{}：{error}", path.display()))
}

/// Proves a database and closes it; the sentence says what was proved.
async fn proved(store: &Store) -> Result<String, Failure> {
    let verified = store.verify().await?;
    Ok(format!(
        "审计记录 {} 条，报送数据 {} 行，计划 {} 版，通报 {} 版，链尾 {}",
        verified.entries, verified.figures, verified.plans, verified.editions, verified.head.hash
    ))
}

/// A folder beside the file, removed when dropped: what is not finished is never found under the file's name.
pub(super) struct Workshop(PathBuf);

impl Workshop {
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn beside(file: &Path) -> Result<Self, Failure> {
        use std::os::unix::fs::DirBuilderExt;
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let start = format!(".{name}.");
        let folder = file.with_file_name(format!("{start}{}", std::process::id()));
        clear_left_behind(folder.parent().unwrap_or(Path::new(".")), &start);
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(io(&folder))?;
        Ok(Self(folder))
    }
}

/// Removes what a program that was killed left: its folder's name ends in the number of a process that is no more.
fn clear_left_behind(beside: &Path, start: &str) {
    let beside = if beside.as_os_str().is_empty() { Path::new(".") } else { beside };
    for entry in std::fs::read_dir(beside).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let process = name.strip_prefix(start).and_then(|number| number.parse::<u32>().ok());
        if process.is_some_and(|process| !Path::new(&format!("/proc/{process}")).exists()) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(super) fn backup(arguments: BackupArguments) -> Outcome {
    if arguments.file.exists() {
        return Err(Failure::input(format!("{} 已经存在，没有覆盖；请换一个文件名", arguments.file.display())));
    }
    let phrase = arguments.passphrase_file.as_ref().map(sealed::pass_phrase).transpose()?;
    let data = arguments.database.data.clone();
    arguments.database.clone().run(Access::AsItIs, |source| async move {
        let at = Clock::from_environment().now();
        let workshop = Workshop::beside(&arguments.file)?;
        let made = Store::open(&Location::Folder(workshop.0.clone()), Access::Create).await?;
        let copied = async {
            source.copy_to(&made).await?;
            proved(&made).await
        };
        let said = copied.await;
        made.close().await;
        let said = said?;
        let mut inside = workshop.0.join(INSIDE);
        std::fs::File::open(&inside).and_then(|file| file.sync_all()).map_err(io(&inside))?;
        readable_by_owner(&inside)?;
        if let Some(phrase) = &phrase {
            let plain = std::mem::replace(&mut inside, workshop.0.join(SEALED));
            sealed::seal(&plain, &inside, phrase)?;
        }
        let sums = sums_beside(&arguments.file);
        let name = arguments.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let sha256 = sha256_of(&inside)?;
        let sums_inside = workshop.0.join("sha256");
        std::fs::write(&sums_inside, format!("{sha256}  {name}\n")).map_err(io(&sums_inside))?;
        readable_by_owner(&sums_inside)?;
        std::fs::rename(&sums_inside, &sums).map_err(io(&sums))?;
        std::fs::rename(&inside, &arguments.file).map_err(io(&arguments.file))?;
        note(&data, &Backup { at, sha256: sha256.clone() });
        let how = if phrase.is_some() { "已加密备份到" } else { "已备份到" };
        print(&format!("{how} {}：{said}\nSHA-256 {sha256}，也写在 {}", arguments.file.display(), sums.display()))
    })
}

/// Notes the newest backup in the data folder, for who watches its age; where there is none, nobody watches.
fn note(data: &Path, backup: &Backup) {
    let Ok(text) = serde_json::to_string(backup) else { return };
    if data.is_dir()
        && let Err(error) = replace(&Backup::file(data), text.as_bytes())
    {
        tell(&format!("注意：备份的时间没有记下（{error}），监测数据里看不到这次备份"));
    }
}

/// Where a backup's SHA-256 is kept, as `sha256sum -c` reads it.
fn sums_beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".sha256");
    PathBuf::from(name)
}

fn sha256_of(file: &Path) -> Result<String, Failure> {
    let mut hasher = Sha256::new();
    let mut opened = std::fs::File::open(file).map_err(io(file))?;
    std::io::copy(&mut opened, &mut hasher).map_err(io(file))?;
    Ok(hex::encode(hasher.finalize()))
}

/// What was copied of a backup is what it was when it was made, by the digest beside the backup; without one that
/// cannot be said.
fn require_unchanged(file: &Path, copy: &Path) -> Outcome {
    let sums = sums_beside(file);
    let Ok(text) = std::fs::read_to_string(&sums) else {
        tell(&format!("注意：没有 {}，不能核对备份文件与备份时是否相同", sums.display()));
        return Ok(());
    };
    let expected = text.split_whitespace().next().unwrap_or_default();
    match expected == sha256_of(copy)? {
        true => Ok(()),
        false => Err(Failure::Other(format!(
            "{} 与备份时不同：SHA-256 应为 {expected}（写在 {}）；没有恢复，请换一份备份",
            file.display(),
            sums.display()
        ))),
    }
}

/// Whoever reads a backup reads everything in it.
fn readable_by_owner(file: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).map_err(io(file))
}

pub(super) fn restore(arguments: RestoreArguments) -> Outcome {
    if !arguments.file.is_file() {
        return Err(Failure::input(format!("没有备份文件 {}", arguments.file.display())));
    }
    let is_sealed = sealed::is_sealed(&arguments.file)?;
    let phrase = match (is_sealed, &arguments.passphrase_file) {
        (true, None) => {
            return Err(Failure::input("这份备份是加密的；请加 --passphrase-file，口令写在那个文件的第一行"));
        }
        (true, Some(file)) => Some(sealed::pass_phrase(file)?),
        (false, _) => None,
    };
    block_on(async {
        // A copy is opened: an older form is brought to today's there, the backup stays as it is.
        let workshop = Workshop::beside(&arguments.file)?;
        let copy = workshop.0.join(if is_sealed { SEALED } else { INSIDE });
        std::fs::copy(&arguments.file, &copy).map_err(io(&arguments.file))?;
        readable_by_owner(&copy)?;
        require_unchanged(&arguments.file, &copy)?;
        if let Some(phrase) = &phrase {
            sealed::open(&copy, &workshop.0.join(INSIDE), phrase)?;
        }
        let source = Store::open(&Location::Folder(workshop.0.clone()), Access::Existing).await?;
        let target = arguments.database.open(Access::Create).await?;
        let restored = async {
            proved(&source).await?;
            source.copy_to(&target).await?;
            proved(&target).await
        };
        let said = restored.await;
        source.close().await;
        target.close().await;
        print(&format!("已从 {} 恢复：{}；所有人要重新登录", arguments.file.display(), said?))
    })
}
