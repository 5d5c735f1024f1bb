//! Passwords: argon2id, and the two policies.

use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

/// At most this many at once: each takes 19 MiB.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

/// What a password is compared with where there is none, so that each path verifies exactly once.
static DUMMY: LazyLock<String> = LazyLock::new(|| hash_now(&random_token()));

fn hash_now(password: &str) -> String {
    // Default: argon2id v19, 19 MiB, two passes, one lane, a salt from the operating system.
    Argon2::default().hash_password(password.as_bytes()).expect("default parameters are valid").to_string()
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let permit = AT_ONCE.acquire().await.expect("the semaphore is never closed");
    // The permit goes with the work: a reader who leaves does not end it.
    let held = move || {
        let _permit = permit;
        work()
    };
    tokio::task::spawn_blocking(held).await.expect("hashing does not panic")
}

/// A key of 32 bytes from a pass phrase, by the same argon2id as passwords. Fails only for a salt under 8 bytes.
pub fn key(pass_phrase: &str, salt: &[u8]) -> Result<[u8; 32], String> {
    let mut key = [0; 32];
    let made = Argon2::default().hash_password_into(pass_phrase.as_bytes(), salt, &mut key);
    made.map(|()| key).map_err(|error| error.to_string())
}

pub async fn hash(password: &str) -> String {
    let password = password.to_owned();
    blocking(move || hash_now(&password)).await
}

/// Whether the password is the one behind `hash`. Without a hash the work is the same and the answer is no.
pub async fn verify(password: &str, hash: Option<&str>) -> bool {
    // Tests count these lines: one for each log-in, whatever its end.
    tracing::debug!(target: "jigai::passwords", "one argon2 verification");
    let (password, known) = (password.to_owned(), hash.map(str::to_owned));
    blocking(move || {
        let exists = known.is_some();
        let stored = known.unwrap_or_else(|| DUMMY.clone());
        let matches = PasswordHash::new(&stored)
            .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok());
        exists && matches
    })
    .await
}

/// 256 random bits as 64 hex digits.
pub fn random_token() -> String {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    hex::encode(bytes)
}

/// A password somebody can type from paper: twelve letters and digits in groups, no look-alikes, all four classes.
pub fn readable_password() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz";
    let mut bytes = [0_u8; 14];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    let pick = |byte: &u8| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]);
    let group = |part: &[u8]| part.iter().map(pick).collect::<String>();
    let digits = 10 + u32::from(bytes[12]) % 90;
    format!("{}-{}-{}{digits}", group(&bytes[..4]), group(&bytes[4..8]).to_uppercase(), group(&bytes[8..12]))
}

/// The two named policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// GB/T 22239-2019, 8.1.4.1 a): complexity and regular change.
    Dengbao,
    /// OWASP ASVS 5.0, 6.2: length and no common ones, neither composition nor expiry.
    Asvs,
}

const DAY: i64 = 24 * 3600 * 1000;

/// After so many days a password is changed unless a setting says otherwise.
pub const CHANGED_AFTER: i64 = 90;

impl Policy {
    pub const ALL: [Policy; 2] = [Policy::Dengbao, Policy::Asvs];

    pub fn id(self) -> &'static str {
        match self {
            Policy::Dengbao => "dengbao",
            Policy::Asvs => "asvs",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.id() == text)
    }

    /// What the policy asks, before anything is typed; `days` are those after which a password has to be changed.
    pub fn sentence(self, days: i64) -> String {
        match self {
            Policy::Dengbao => format!(
                "密码策略“等保”：至少8位，大写字母、小写字母、数字、符号四类中至少三类，不能是常见密码，{days}天更换一次，不能用最近5次用过的。"
            ),
            Policy::Asvs => {
                "密码策略“ASVS”：至少8位（建议15位以上），不要求字符种类，不能是常见密码，不定期更换。".to_owned()
            }
        }
    }

    /// When a password set at `at` must be changed.
    pub fn expires(self, at: i64, days: i64) -> Option<i64> {
        (self == Policy::Dengbao).then_some(at + days * DAY)
    }

    /// How many earlier passwords may not come back.
    pub fn remembered(self) -> i64 {
        match self {
            Policy::Dengbao => 5,
            Policy::Asvs => 0,
        }
    }

    /// What is wrong with a new password, as a sentence; `words` are those of the person and the office.
    pub fn fault(self, password: &str, words: &[&str]) -> Option<String> {
        let length = password.chars().count();
        if length == 0 {
            return Some("请输入密码。".to_owned());
        }
        if length < 8 {
            return Some(format!("密码只有{length}位，请至少用8位。"));
        }
        if length > 128 {
            return Some("密码超过128位，请短一些。".to_owned());
        }
        if self == Policy::Dengbao && classes(password) < 3 {
            return Some("密码的字符种类太少：大写字母、小写字母、数字、符号四类中请至少用三类。".to_owned());
        }
        let known: Vec<&str> =
            words.iter().copied().chain(["jigai", "技改", "jishugaizao", "admin", "mima", "woaini"]).collect();
        let common = u8::from(zxcvbn::zxcvbn(password, &known).score()) < 3;
        common.then(|| "这个密码太常见，容易被猜到；请避开姓名、单位名、生日、连续的字符和常见词。".to_owned())
    }
}

fn classes(password: &str) -> usize {
    let tests: [fn(char) -> bool; 4] = [
        |c| c.is_ascii_uppercase(),
        |c| c.is_ascii_lowercase(),
        |c| c.is_ascii_digit(),
        |c| !c.is_ascii_alphanumeric(),
    ];
    tests.into_iter().filter(|test| password.chars().any(*test)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(policy: Policy, password: &str, expected: Option<&str>) {
        let fault = policy.fault(password, &["chenfang", "福清市"]);
        match expected {
            None => assert_eq!(fault, None, "{policy:?} {password}"),
            Some(part) => {
                assert!(fault.as_ref().is_some_and(|fault| fault.contains(part)), "{policy:?} {password}: {fault:?}")
            }
        }
    }

    #[test]
    fn dengbao_asks_for_three_classes() {
        check(Policy::Dengbao, "Ab1-xyz", Some("7位"));
        check(Policy::Dengbao, "correcthorsebattery", Some("字符种类"));
        check(Policy::Dengbao, "Password123", Some("太常见"));
        check(Policy::Dengbao, "Chenfang1", Some("太常见"));
        check(Policy::Dengbao, "Admin@123", Some("太常见"));
        check(Policy::Dengbao, "Jigai@2026", Some("太常见"));
        check(Policy::Dengbao, "Qw3-rooster-lamp", None);
    }

    #[test]
    fn asvs_asks_for_length_only() {
        check(Policy::Asvs, "correcthorsebattery", None);
        check(Policy::Asvs, "password", Some("太常见"));
        check(Policy::Asvs, "12345678", Some("太常见"));
        check(Policy::Asvs, &"x1-".repeat(60), Some("128"));
        check(Policy::Asvs, "四个汉字的长密码短语", None);
    }

    #[test]
    fn made_passwords_satisfy_both_policies() {
        for _ in 0..50 {
            let made = readable_password();
            check(Policy::Dengbao, &made, None);
            check(Policy::Asvs, &made, None);
        }
    }
}
