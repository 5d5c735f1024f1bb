//! The office's key: its packs and the heads of its trail are signed with it, so that whoever has the public half, from
//! a paper or from `/about`, can tell who made them.
//!
//! Each key and signature names its suite. There is one, Ed25519 (RFC 8032); another, such as SM2 with SM3 (GB/T
//! 32918), has a name of its own and stands in the same places.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Serialize};

use crate::key_file;

/// The name of the one suite.
const ED25519_SUITE: &str = "ed25519";

/// A public key as it is printed: `ed25519:` and 64 hex digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct PublicKey {
    suite: String,
    hex: String,
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.suite, self.hex)
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> String {
        key.to_string()
    }
}

impl TryFrom<String> for PublicKey {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl FromStr for PublicKey {
    type Err = String;

    /// As printed; blanks within, and capitals, do no harm.
    fn from_str(text: &str) -> Result<Self, String> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
        let wrong = || "应为“ed25519:”和 64 位十六进制数，照公文或“关于”页上的公钥抄全".to_owned();
        let (suite, hex) = text.split_once([':', '：']).ok_or_else(wrong)?;
        let named =
            !suite.is_empty() && suite.len() <= 32 && suite.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-');
        let digits = !hex.is_empty() && hex.len() <= 1024 && hex.bytes().all(|c| c.is_ascii_hexdigit());
        let whole = suite != ED25519_SUITE || hex.len() == 64;
        match named && digits && whole {
            true => Ok(Self { suite: suite.to_owned(), hex: hex.to_owned() }),
            false => Err(wrong()),
        }
    }
}

/// A signature as a file holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Signature {
    pub(crate) public_key: PublicKey,
    /// Hex digits.
    pub(crate) signature: String,
}

/// What a signature turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Holds,
    Fails,
    /// Of a suite that this program does not know.
    UnknownSuite,
}

impl Signature {
    /// Whether it is its key's over these bytes; whose the key is remains to be asked.
    pub(crate) fn verdict(&self, bytes: &[u8]) -> Verdict {
        if self.public_key.suite != ED25519_SUITE {
            return Verdict::UnknownSuite;
        }
        let decoded = hex::decode(&self.public_key.hex).and_then(|key| Ok((key, hex::decode(&self.signature)?)));
        match decoded {
            Ok((key, signature)) if UnparsedPublicKey::new(&ED25519, &key).verify(bytes, &signature).is_ok() => {
                Verdict::Holds
            }
            _ => Verdict::Fails,
        }
    }
}

/// Signs with the key file beside `secret.key`, which is made when it is first needed.
#[derive(Debug, Clone)]
pub(crate) struct Signer {
    key_file: PathBuf,
}

impl Signer {
    pub(crate) fn new(data: &Path) -> Self {
        Self { key_file: key_file::secret(data).with_file_name("signing.key") }
    }

    fn pair(&self, seed: [u8; 32]) -> Result<Ed25519KeyPair, String> {
        Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| format!("密钥文件 {} 用不了", self.key_file.display()))
    }

    fn public(pair: &Ed25519KeyPair) -> PublicKey {
        PublicKey { suite: ED25519_SUITE.to_owned(), hex: hex::encode(pair.public_key().as_ref()) }
    }

    pub(crate) fn public_key(&self) -> Result<PublicKey, String> {
        Ok(Self::public(&self.pair(key_file::read_or_make(&self.key_file)?)?))
    }

    /// The key that is there; makes none.
    pub(crate) fn known_key(&self) -> Result<Option<PublicKey>, String> {
        let Some(seed) = key_file::read(&self.key_file)? else { return Ok(None) };
        Ok(Some(Self::public(&self.pair(seed)?)))
    }

    pub(crate) fn sign(&self, bytes: &[u8]) -> Result<Signature, String> {
        let pair = self.pair(key_file::read_or_make(&self.key_file)?)?;
        Ok(Signature { public_key: Self::public(&pair), signature: hex::encode(pair.sign(bytes).as_ref()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("jigai-signing-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        folder
    }

    #[test]
    fn a_signature_holds_for_its_bytes_and_its_key_alone() {
        let (one, other) = (Signer::new(&folder("one")), Signer::new(&folder("other")));
        assert_eq!(one.known_key().unwrap(), None);
        let signed = one.sign("清单".as_bytes()).unwrap();
        assert_eq!(one.known_key().unwrap(), Some(signed.public_key.clone()));
        assert_eq!(signed.verdict("清单".as_bytes()), Verdict::Holds);
        assert_eq!(signed.verdict("清单！".as_bytes()), Verdict::Fails);
        let forged = Signature { public_key: other.public_key().unwrap(), ..signed.clone() };
        assert_eq!(forged.verdict("清单".as_bytes()), Verdict::Fails);
        let later = Signature { public_key: "sm2:04ab".parse().unwrap(), ..signed };
        assert_eq!(later.verdict("清单".as_bytes()), Verdict::UnknownSuite);
    }

    #[test]
    fn the_key_is_its_owners_alone_and_stays() {
        use std::os::unix::fs::PermissionsExt;
        let folder = folder("mode");
        let key = Signer::new(&folder).public_key().unwrap();
        assert_eq!(Signer::new(&folder).public_key().unwrap(), key);
        let made: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap()).collect();
        assert_eq!(made.len(), 1);
        assert_eq!(made[0].file_name(), "signing.key");
        assert_eq!(made[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }

    /// RFC 8032, 7.1, TEST 2.
    #[test]
    fn the_suite_is_that_of_the_rfc() {
        let signed = Signature {
            public_key: "ED25519: 3d4017c3e843895a92b70aa74d1b7ebc 9c982ccf2ec4968cc0cd55f12af4660c".parse().unwrap(),
            signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                        085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
                .to_owned(),
        };
        assert_eq!(signed.verdict(&[0x72]), Verdict::Holds);
        for wrong in ["", "3d40", "ed25519:3d40", "ed25519:zz", ":00"] {
            assert!(wrong.parse::<PublicKey>().is_err(), "{wrong}");
        }
    }
}
