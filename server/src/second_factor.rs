//! The optional second factor: time-based one-time codes (RFC 6238), one use each.
//!
//! Seeds are kept sealed with a key that is not in the database: a stolen backup alone makes no codes.

use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use totp_rs::{Builder, Secret, Totp};

use crate::key_file;

/// Seals seeds with the key file beside the data, which is made when it is first needed.
#[derive(Clone)]
pub(crate) struct Vault {
    key_file: PathBuf,
}

/// Bytes of an XChaCha20 nonce.
const NONCE: usize = 24;

impl Vault {
    pub(crate) fn new(data: &Path) -> Self {
        Self { key_file: key_file::secret(data) }
    }

    fn cipher(&self, make: bool) -> Result<XChaCha20Poly1305, String> {
        let key = match make {
            true => key_file::read_or_make(&self.key_file)?,
            false => {
                key_file::read(&self.key_file)?.ok_or_else(|| format!("密钥文件 {} 不见了", self.key_file.display()))?
            }
        };
        Ok(XChaCha20Poly1305::new(&key.into()))
    }

    pub(crate) fn seal(&self, seed: &str) -> Result<String, String> {
        let mut nonce = [0_u8; NONCE];
        getrandom::fill(&mut nonce).map_err(|error| error.to_string())?;
        let sealed = self
            .cipher(true)?
            .encrypt(XNonce::from_slice(&nonce), seed.as_bytes())
            .map_err(|error| error.to_string())?;
        Ok(hex::encode([&nonce[..], &sealed].concat()))
    }

    pub(crate) fn open(&self, sealed: &str) -> Result<String, String> {
        let bytes = hex::decode(sealed).map_err(|error| error.to_string())?;
        let (nonce, body) = bytes.split_at_checked(NONCE).ok_or("太短")?;
        let seed =
            self.cipher(false)?.decrypt(XNonce::from_slice(nonce), body).map_err(|_| "密钥与数据库不配".to_owned())?;
        String::from_utf8(seed).map_err(|error| error.to_string())
    }

    /// The step a code belongs to, of those after `used`; `None` for a wrong or used code.
    pub(crate) fn check(&self, sealed: &str, code: &str, used: i64, now: i64) -> Result<Option<i64>, String> {
        Ok(check(&self.open(sealed)?, code, now).filter(|step| *step > used))
    }
}

fn totp(seed: &str, login: &str) -> Option<Totp> {
    let secret = Secret::try_from_base32(seed).ok()?;
    Builder::new().with_secret(secret).with_skew(1).with_account_name(login).with_issuer(Some("jigai")).build().ok()
}

/// The step that a code belongs to: this one, the one before or the one after.
pub(crate) fn check(seed: &str, code: &str, now: i64) -> Option<i64> {
    let code: String = domain::money::fold(code).chars().filter(|c| !c.is_whitespace()).collect();
    let step = totp(seed, "x")?.check(&code, u64::try_from(now / 1000).ok()?)?;
    i64::try_from(step).ok()
}

/// A new seed for an authenticator app, in base32.
pub(crate) fn new_seed() -> String {
    Secret::generate().to_base32()
}

/// The seed as a picture that an app reads, for an `img`.
pub(crate) fn picture(seed: &str, login: &str) -> Option<String> {
    Some(format!("data:image/png;base64,{}", totp(seed, login)?.to_qr_base64().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_works_once_and_only_with_its_key() {
        let folder = std::env::temp_dir().join(format!("jigai-vault-{}", std::process::id()));
        let vault = Vault::new(&folder);
        let seed = new_seed();
        let sealed = vault.seal(&seed).unwrap();
        assert!(!sealed.contains(&seed));
        let now = 1_625_300_000_000;
        let code = totp(&seed, "x").unwrap().generate(now as u64 / 1000).to_string();
        let step = vault.check(&sealed, &code, 0, now).unwrap().unwrap();
        assert_eq!(vault.check(&sealed, &code, step, now).unwrap(), None);
        assert_eq!(vault.check(&sealed, &code, 0, now + 90_000).unwrap(), None);
        assert_eq!(vault.check(&sealed, "000000 x", 0, now).unwrap(), None);
        std::fs::write(folder.join("secret.key"), [7; 32]).unwrap();
        assert!(vault.check(&sealed, &code, 0, now).is_err());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
