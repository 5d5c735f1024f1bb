//! A pack: one .zip whose every file is named with its SHA-256 in `SHA256SUMS`, so that any machine can check it, with
//! this program or without.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use domain::canonical::sha256;

/// The list of sums, in the form that `sha256sum -c` reads.
pub const SUMS: &str = "SHA256SUMS";
/// Who stands for the list: a signature over its bytes. It is not named in the list itself.
pub const SIGNATURE: &str = "SHA256SUMS.sig";
/// What a pack never exceeds (`docs/security.md`).
const ENTRIES: usize = 5_000;
const UNPACKED: u64 = 1024 * 1024 * 1024;

/// The files of a pack by name; the list of sums and its signature are not among them.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A pack whose files agree with its list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    pub files: Files,
    /// The list as it stands: what is signed.
    pub sums: Vec<u8>,
    pub signature: Option<Vec<u8>>,
}

impl Pack {
    /// The pack's own digest: the SHA-256 of its list.
    pub fn digest(&self) -> String {
        sha256(&self.sums)
    }
}

/// The finished .zip with the list as it was signed, and the pack's own digest. The same files make the same bytes.
pub fn write(files: &Files, sign: impl FnOnce(&[u8]) -> Result<Vec<u8>, String>) -> Result<(Vec<u8>, String), String> {
    let sums: String = files.iter().map(|(name, bytes)| format!("{}  {name}\n", sha256(bytes))).collect();
    let digest = sha256(sums.as_bytes());
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut add = |name: &str, bytes: &[u8]| -> Result<(), String> {
        writer.start_file(name, options).map_err(|error| error.to_string())?;
        writer.write_all(bytes).map_err(|error| error.to_string())
    };
    add(SUMS, sums.as_bytes())?;
    add(SIGNATURE, &sign(sums.as_bytes())?)?;
    for (name, bytes) in files {
        add(name, bytes)?;
    }
    let file = writer.finish().map_err(|error| error.to_string())?;
    Ok((file.into_inner(), digest))
}

/// Reads a pack and checks every file against the list; or every fault as a sentence. Whose the signature is remains
/// to be asked.
pub fn read(bytes: &[u8]) -> Result<Pack, Vec<String>> {
    let broken = || vec!["打不开，可能没有下载完整，或不是归档包".to_owned()];
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    if archive.len() > ENTRIES {
        return Err(vec![format!("里面有 {} 个文件，不像是归档包，没有打开", archive.len())]);
    }
    let (mut files, mut unpacked) = (Files::new(), 0);
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|_| broken())?;
        let name = entry.name().map_err(|_| broken())?.into_owned();
        let mut content = Vec::new();
        entry
            .take(UNPACKED - unpacked + 1)
            .read_to_end(&mut content)
            .map_err(|_| vec![format!("{name} 读不出来，可能已损坏")])?;
        unpacked += content.len() as u64;
        if unpacked > UNPACKED {
            return Err(vec!["解开后异常地大，没有打开；请确认选对了文件".to_owned()]);
        }
        if files.insert(name.clone(), content).is_some() {
            return Err(vec![format!("{name} 出现了两次")]);
        }
    }
    let sums = files.remove(SUMS).ok_or_else(|| vec![format!("里面没有 {SUMS}，不是归档包")])?;
    let signature = files.remove(SIGNATURE);
    let faults = compare(&files, &String::from_utf8_lossy(&sums));
    if faults.is_empty() { Ok(Pack { files, sums, signature }) } else { Err(faults) }
}

fn compare(files: &Files, sums: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut listed = BTreeSet::new();
    for line in sums.lines() {
        let Some((sum, name)) = line.split_once("  ") else {
            faults.push(format!("{SUMS} 有一行读不懂：{line}"));
            continue;
        };
        listed.insert(name);
        match files.get(name) {
            None => faults.push(format!("{name} 不见了")),
            Some(content) if sha256(content) != sum => faults.push(format!("{name} 被改动过：SHA-256 应为 {sum}")),
            Some(_) => {}
        }
    }
    faults.extend(
        files
            .keys()
            .filter(|name| !listed.contains(name.as_str()))
            .map(|name| format!("{name} 是多出来的文件，不在清单里")),
    );
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack() -> Files {
        [("a.txt", "甲"), ("data/b.json", "{}"), ("结果通知.pdf", "%PDF")]
            .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
            .into()
    }

    #[test]
    fn what_is_written_is_read_and_the_same_each_time() {
        let sign = |sums: &[u8]| Ok([b"signed ", sums].concat());
        let (bytes, digest) = write(&pack(), sign).unwrap();
        assert_eq!(write(&pack(), sign).unwrap(), (bytes.clone(), digest.clone()));
        let again = read(&bytes).unwrap();
        assert_eq!((&again.files, again.digest()), (&pack(), digest));
        assert_eq!(again.signature, Some([b"signed ", &again.sums[..]].concat()));
    }

    /// Changes the packed files behind the list's back.
    fn check(change: impl FnOnce(&mut Files), says: &str) {
        let mut files = pack();
        let sums: String = files.iter().map(|(name, bytes)| format!("{}  {name}\n", sha256(bytes))).collect();
        change(&mut files);
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files.iter().chain([(&SUMS.to_owned(), &sums.into_bytes())]) {
            writer.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        let faults = read(&writer.finish().unwrap().into_inner()).unwrap_err();
        assert!(faults.iter().any(|fault| fault.contains(says)), "{faults:?}");
    }

    #[test]
    fn every_fault_is_named() {
        check(|files| files.get_mut("a.txt").unwrap().push(b'!'), "a.txt 被改动过：SHA-256 应为");
        check(|files| drop(files.remove("data/b.json")), "data/b.json 不见了");
        check(|files| drop(files.insert("c.txt".to_owned(), Vec::new())), "c.txt 是多出来的文件");
        assert!(read(b"not a zip").unwrap_err()[0].contains("打不开"));
    }
}
