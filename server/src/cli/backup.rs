//! `jigai backup FILE` and `jigai restore FILE`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::database::{DatabaseArguments, block_on};
use super::outcome::{Failure, Outcome, print};
use store::{Access, Location, Store};

#[derive(Args)]
pub(super) struct BackupArguments {
    /// 备份文件，例如 备份-2021-07-03.db；已有同名文件时拒绝
    file: PathBuf,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Args)]
pub(super) struct RestoreArguments {
    /// jigai backup 做的备份文件
    file: PathBuf,
    #[command(flatten)]
    database: DatabaseArguments,
}

/// The name of a database inside its folder.
const INSIDE: &str = "jigai.db";

fn io(path: &Path) -> impl Fn(std::io::Error) -> Failure + '_ {
    move |error| Failure::Other(format!("{}：{error}", path.display()))
}

/// Proves a database and closes it; the sentence says what was proved.
async fn proved(store: &Store) -> Result<String, Failure> {
    let verified = store.verify().await?;
    Ok(format!(
        "审计记录 {} 条，报送数据 {} 行，计划 {} 版，通报 {} 版，链尾 {}",
        verified.entries, verified.figures, verified.plans, verified.editions, verified.head
    ))
}

/// A folder beside the file, removed when dropped: what is not finished is never found under the file's name.
pub(super) struct Workshop(PathBuf);

impl Workshop {
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn beside(file: &Path) -> Result<Self, Failure> {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let folder = file.with_file_name(format!(".{name}.{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(io(&folder))?;
        Ok(Self(folder))
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
    arguments.database.clone().run(Access::AsItIs, |source| async move {
        let workshop = Workshop::beside(&arguments.file)?;
        let made = Store::open(&Location::Folder(workshop.0.clone()), Access::Create).await?;
        let copied = async {
            source.copy_to(&made).await?;
            proved(&made).await
        };
        let said = copied.await;
        made.close().await;
        let said = said?;
        let inside = workshop.0.join(INSIDE);
        std::fs::File::open(&inside).and_then(|file| file.sync_all()).map_err(io(&inside))?;
        readable_by_owner(&inside)?;
        std::fs::rename(&inside, &arguments.file).map_err(io(&arguments.file))?;
        print(&format!("已备份到 {}：{said}", arguments.file.display()))
    })
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
    block_on(async {
        // A copy is opened: an older form is brought to today's there, the backup stays as it is.
        let workshop = Workshop::beside(&arguments.file)?;
        let copy = workshop.0.join(INSIDE);
        std::fs::copy(&arguments.file, &copy).map_err(io(&arguments.file))?;
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
