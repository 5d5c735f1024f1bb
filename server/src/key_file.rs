//! Keys that are not in the database: files of 32 bytes beside the data, made when they are first needed.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// `secret.key` in the data folder, or the file that `JIGAI_SECRET_KEY` names: several copies share one.
pub(crate) fn secret(data: &Path) -> PathBuf {
    std::env::var_os("JIGAI_SECRET_KEY").map_or_else(|| data.join("secret.key"), PathBuf::from)
}

/// The key in a file; `None` where there is none yet.
pub(crate) fn read(file: &Path) -> Result<Option<[u8; 32]>, String> {
    match std::fs::read(file) {
        Ok(key) => <[u8; 32]>::try_from(key)
            .map(Some)
            .map_err(|_| format!("密钥文件 {} 不是 32 字节，可能被改动过", file.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("密钥文件 {} 读不到（{error}）", file.display())),
    }
}

/// The key in a file, which is made where there is none.
pub(crate) fn read_or_make(file: &Path) -> Result<[u8; 32], String> {
    if let Some(key) = read(file)? {
        return Ok(key);
    }
    let failed = |error: std::io::Error| format!("密钥文件 {} 写不了（{error}）", file.display());
    let (mut key, mut once) = ([0_u8; 32], [0_u8; 8]);
    getrandom::fill(&mut key).and_then(|()| getrandom::fill(&mut once)).map_err(|error| error.to_string())?;
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    // Whole before it has its name: of two that make it at a time both go on with the first.
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = file.with_file_name(format!(".{name}.{}", hex::encode(once)));
    let written = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside);
    let named = written
        .and_then(|mut made| made.write_all(&key).and_then(|()| made.sync_all()))
        .and_then(|()| std::fs::hard_link(&beside, file));
    let _ = std::fs::remove_file(&beside);
    match named {
        Ok(()) => Ok(key),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            read(file)?.ok_or_else(|| format!("密钥文件 {} 读不到", file.display()))
        }
        Err(error) => Err(failed(error)),
    }
}
