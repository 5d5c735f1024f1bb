//! The one byte form of a frozen document: JSON with sorted keys, no blanks, and no floats.

use serde::Serialize;
use sha2::{Digest, Sha256};

/// Canonical JSON: `serde_json::Value` keeps its keys sorted, and our types hold no floats.
pub fn to_json<T: Serialize>(value: &T) -> serde_json::Result<String> {
    serde_json::to_string(&serde_json::to_value(value)?)
}

/// SHA-256 as 64 lower-case hex digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// The same of several texts, one a line, without their being put together.
pub fn sha256_of_lines<'l>(lines: impl Iterator<Item = &'l str>) -> String {
    let mut digest = Sha256::new();
    for (at, line) in lines.enumerate() {
        digest.update(if at > 0 { "\n" } else { "" });
        digest.update(line);
    }
    hex::encode(digest.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_whatever_order_they_were_written_in() {
        #[derive(Serialize)]
        struct Unsorted {
            b: u8,
            a: &'static str,
        }
        assert_eq!(to_json(&Unsorted { b: 1, a: "二" }).unwrap(), r#"{"a":"二","b":1}"#);
        assert_eq!(sha256_of_lines(["甲", "", "乙"].into_iter()), sha256("甲\n\n乙".as_bytes()));
        assert_eq!(sha256_of_lines([].into_iter()), sha256(b""));
        assert_eq!(sha256(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
