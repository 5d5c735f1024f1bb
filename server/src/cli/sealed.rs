//! A backup under a pass phrase: argon2id (as passwords, `store/src/passwords.rs`) and XChaCha20-Poly1305 in STREAM
//! (<https://eprint.iacr.org/2015/189>), so that no piece can be changed, dropped, doubled or moved without notice.
//!
//! The file: [`MARK`], 16 bytes of salt, 19 bytes of nonce, then the pieces: 64 KiB of the backup and 16 bytes of tag
//! each, the last one shorter or empty.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::stream::{DecryptorBE32, EncryptorBE32};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};

use super::outcome::Failure;

/// What a sealed backup begins with.
const MARK: &[u8] = b"jigai-sealed-backup-1\n";
const SALT: usize = 16;
/// XChaCha20's nonce of 24 bytes less the counter and the mark of the last piece.
const NONCE: usize = 19;
const PIECE: usize = 64 * 1024;
const TAG: usize = 16;
/// A pass phrase is typed seldom and attacked at leisure.
const SHORTEST: usize = 12;

fn io(path: &Path) -> impl Fn(std::io::Error) -> Failure + '_ {
    move |error| Failure::Other(format!("{}：{error}", path.display()))
}

/// The first line of a file, without its end.
pub(super) fn pass_phrase(file: &PathBuf) -> Result<String, Failure> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::input(format!("--passphrase-file {}: 读不到（{error}）", file.display())))?;
    let phrase = text.lines().next().unwrap_or_default().to_owned();
    match phrase.chars().count() {
        SHORTEST.. => Ok(phrase),
        found => Err(Failure::input(format!(
            "--passphrase-file {}: 口令写在第一行，至少 {SHORTEST} 个字，现在有 {found} 个",
            file.display()
        ))),
    }
}

/// Whether a file is a sealed backup.
pub(super) fn is_sealed(file: &Path) -> Result<bool, Failure> {
    let mut begins = vec![0; MARK.len()];
    let mut opened = File::open(file).map_err(io(file))?;
    let read = read_full(&mut opened, &mut begins).map_err(io(file))?;
    Ok(begins[..read] == *MARK)
}

/// As much as there is.
fn read_full(from: &mut impl Read, into: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < into.len() {
        match from.read(&mut into[filled..])? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}

fn own(file: &Path) -> Result<File, Failure> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).map_err(io(file))
}

fn cipher(phrase: &str, salt: &[u8]) -> Result<XChaCha20Poly1305, Failure> {
    let key = store::passwords::key(phrase, salt).map_err(Failure::Other)?;
    Ok(XChaCha20Poly1305::new(&key.into()))
}

/// Seals a file into a new one.
pub(super) fn seal(plain: &Path, sealed: &Path, phrase: &str) -> Result<(), Failure> {
    let mut start = [0_u8; SALT + NONCE];
    getrandom::fill(&mut start).map_err(|error| Failure::Other(error.to_string()))?;
    let (salt, nonce) = start.split_at(SALT);
    let mut pieces = EncryptorBE32::from_aead(cipher(phrase, salt)?, nonce.into());
    let mut from = File::open(plain).map_err(io(plain))?;
    let mut into = own(sealed)?;
    into.write_all(MARK).and_then(|()| into.write_all(&start)).map_err(io(sealed))?;
    let mut piece = vec![0; PIECE];
    let failed = |_| Failure::Other("备份太大，不能加密".to_owned());
    loop {
        let read = read_full(&mut from, &mut piece).map_err(io(plain))?;
        if read < PIECE {
            let last = pieces.encrypt_last(&piece[..read]).map_err(failed)?;
            return into.write_all(&last).and_then(|()| into.sync_all()).map_err(io(sealed));
        }
        let next = pieces.encrypt_next(&piece[..]).map_err(failed)?;
        into.write_all(&next).map_err(io(sealed))?;
    }
}

/// Opens a sealed file into a new one; the error says that the pass phrase is another one, or the file was changed.
pub(super) fn open(sealed: &Path, plain: &Path, phrase: &str) -> Result<(), Failure> {
    let wrong = || Failure::Other("口令不对，或者备份被改动、截短过；没有恢复".to_owned());
    let mut from = File::open(sealed).map_err(io(sealed))?;
    let mut start = vec![0; MARK.len() + SALT + NONCE];
    if read_full(&mut from, &mut start).map_err(io(sealed))? < start.len() {
        return Err(wrong());
    }
    let (salt, nonce) = start[MARK.len()..].split_at(SALT);
    let mut pieces = DecryptorBE32::from_aead(cipher(phrase, salt)?, nonce.into());
    let mut into = own(plain)?;
    let mut piece = vec![0; PIECE + TAG];
    loop {
        let read = read_full(&mut from, &mut piece).map_err(io(sealed))?;
        if read < PIECE + TAG {
            let last = pieces.decrypt_last(&piece[..read]).map_err(|_| wrong())?;
            return into.write_all(&last).and_then(|()| into.sync_all()).map_err(io(plain));
        }
        let next = pieces.decrypt_next(&piece[..]).map_err(|_| wrong())?;
        into.write_all(&next).map_err(io(plain))?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHRASE: &str = "correct horse battery";

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("jigai-sealed-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn what_was_sealed_opens_again_and_nothing_else_does() {
        let folder = folder("round");
        let (plain, sealed, opened) = (folder.join("plain"), folder.join("sealed"), folder.join("opened"));
        for size in [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 7] {
            let bytes: Vec<u8> = (0..size).map(|at| (at * 31 % 251) as u8).collect();
            let again = || [&sealed, &opened].map(|file| drop(std::fs::remove_file(file)));
            again();
            std::fs::write(&plain, &bytes).unwrap();
            seal(&plain, &sealed, PHRASE).unwrap();
            assert!(is_sealed(&sealed).unwrap() && !is_sealed(&plain).unwrap());
            open(&sealed, &opened, PHRASE).unwrap();
            assert_eq!(std::fs::read(&opened).unwrap(), bytes, "{size}");
            let whole = std::fs::read(&sealed).unwrap();
            let mut changed = vec![whole[..whole.len() - 1].to_vec(), [&whole[..], &[0]].concat()];
            for at in [MARK.len(), MARK.len() + SALT, MARK.len() + SALT + NONCE, whole.len() - 1] {
                let mut other = whole.clone();
                other[at] ^= 1;
                changed.push(other);
            }
            if size > PIECE {
                // A whole piece less, and two that changed places.
                let start = MARK.len() + SALT + NONCE;
                changed.push([&whole[..start], &whole[start + PIECE + TAG..]].concat());
                changed.push(whole[..start + PIECE + TAG].to_vec());
            }
            for other in changed {
                std::fs::remove_file(&opened).unwrap();
                std::fs::write(&sealed, &other).unwrap();
                assert!(open(&sealed, &opened, PHRASE).is_err());
            }
            std::fs::remove_file(&opened).unwrap();
            std::fs::write(&sealed, &whole).unwrap();
            assert!(open(&sealed, &opened, "correct horse batterz").is_err());
        }
        std::fs::remove_dir_all(folder).unwrap();
    }
}
