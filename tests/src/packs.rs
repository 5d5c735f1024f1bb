//! A year's pack as a forger has it in hand: its files, its list of sums, its signature.

use std::io::{Cursor, Read, Write};

use ring::signature::{Ed25519KeyPair, KeyPair};
use sha2::{Digest, Sha256};

const SUMS: &str = "SHA256SUMS";
const SIGNATURE: &str = "SHA256SUMS.sig";

#[derive(Debug, Clone)]
pub struct Pack(Vec<(String, Vec<u8>)>);

impl Pack {
    pub fn read(bytes: &[u8]) -> Self {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut files = Vec::new();
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).unwrap();
            let name = entry.name().unwrap().into_owned();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            files.push((name, content));
        }
        Self(files)
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in &self.0 {
            writer.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// All that it says, the papers' compressed parts aside.
    pub fn words(&self) -> String {
        self.0.iter().map(|(_, content)| String::from_utf8_lossy(content)).collect()
    }

    #[track_caller]
    pub fn text(&self, part: &str) -> String {
        let (_, content) = self.0.iter().find(|(name, _)| name == part).unwrap_or_else(|| panic!("{part}"));
        String::from_utf8(content.clone()).unwrap()
    }

    /// With another file in the place of one, and whatever was listed before.
    pub fn put(mut self, part: &str, content: impl Into<Vec<u8>>) -> Self {
        let content = content.into();
        match self.0.iter_mut().find(|(name, _)| name == part) {
            Some((_, there)) => *there = content,
            None => self.0.push((part.to_owned(), content)),
        }
        self
    }

    pub fn without(mut self, part: &str) -> Self {
        self.0.retain(|(name, _)| name != part);
        self
    }

    /// With the first of these words replaced.
    #[track_caller]
    pub fn replaced(self, part: &str, from: &str, to: &str) -> Self {
        let text = self.text(part);
        assert!(text.contains(from), "{part}: {from}");
        self.put(part, text.replacen(from, to, 1))
    }

    /// With a list of sums that fits; the signature stays.
    pub fn listed(self) -> Self {
        let files = self.0.iter().filter(|(name, _)| ![SUMS, SIGNATURE].contains(&name.as_str()));
        let line = |(name, content): &(String, Vec<u8>)| format!("{}  {name}\n", hex::encode(Sha256::digest(content)));
        let sums: String = files.map(line).collect();
        self.put(SUMS, sums)
    }

    /// Listed and signed with a key of 32 bytes, as whoever holds it could.
    pub fn signed(self, seed: &[u8]) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).unwrap();
        let key = format!("ed25519:{}", hex::encode(pair.public_key().as_ref()));
        let mut manifest: serde_json::Value = serde_json::from_str(&self.text("manifest.json")).unwrap();
        manifest["public_key"] = serde_json::json!(key);
        let made = self.put("manifest.json", manifest.to_string()).listed();
        let signature = hex::encode(pair.sign(made.text(SUMS).as_bytes()).as_ref());
        made.put(SIGNATURE, serde_json::json!({ "public_key": key, "signature": signature }).to_string())
    }

    /// The same by somebody with a key of his own.
    pub fn forged(self) -> Self {
        self.signed(&[7; 32])
    }
}
