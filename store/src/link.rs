//! A row of the trail, and how its hash is made.

use serde::Serialize;
use serde_json::Value;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::verify::Checked;

/// `previous_hash` of the first row.
pub(super) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The columns of a row.
pub(super) const LINK: &str = "seq, form, at, actor, action, object, detail, previous_hash, hash";

/// How a row's hash is made: a column of its row (`docs/decisions/0012-a-trail-that-shows-its-links.md`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// SHA-256 of all that it says as canonical JSON, with its number and the hash before.
    Whole,
    /// SHA-256 of number, hash before and the SHA-256 of what it says: the link is proved also where that is hidden.
    Committed,
}

impl Form {
    /// What rows are written in.
    pub(super) const NOW: Form = Form::Committed;
}

impl From<Form> for i64 {
    fn from(form: Form) -> i64 {
        match form {
            Form::Whole => 1,
            Form::Committed => 2,
        }
    }
}

impl TryFrom<i64> for Form {
    type Error = String;

    fn try_from(form: i64) -> Result<Self, String> {
        match form {
            1 => Ok(Form::Whole),
            2 => Ok(Form::Committed),
            other => Err(format!("审计记录没有第 {other} 种写法")),
        }
    }
}

/// What a row says.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Body {
    pub(super) at: i64,
    pub(super) actor: String,
    pub(super) action: String,
    pub(super) object: String,
    /// Canonical JSON.
    pub(super) detail: String,
}

impl Body {
    /// What stands for it where it is hidden.
    pub(super) fn sha256(&self) -> String {
        sha256_of(self)
    }

    /// The hash of a row that says this.
    pub(super) fn hash(&self, form: Form, seq: i64, previous_hash: &str) -> String {
        #[derive(Serialize)]
        struct Whole<'a> {
            seq: i64,
            previous_hash: &'a str,
            #[serde(flatten)]
            body: &'a Body,
        }
        match form {
            Form::Whole => sha256_of(&Whole { seq, previous_hash, body: self }),
            Form::Committed => committed(seq, previous_hash, &self.sha256()),
        }
    }
}

fn sha256_of<T: Serialize>(value: &T) -> String {
    let json = domain::canonical::to_json(value).expect("strings and integers");
    domain::canonical::sha256(json.as_bytes())
}

/// As text one behind the other: two hashes of 64 digits behind a number can be read one way only, and a `{`, with
/// which the other form begins, is no digit.
fn committed(seq: i64, previous_hash: &str, body_sha256: &str) -> String {
    domain::canonical::sha256(format!("{seq}{previous_hash}{body_sha256}").as_bytes())
}

/// What is known of what a row says.
#[derive(Debug, Clone)]
pub(super) enum Said {
    Shown {
        body: Body,
        previous_hash: String,
    },
    /// A row of somebody else's, in a pack: the SHA-256 of its body, in the form that links by it.
    Hidden {
        body_sha256: Option<String>,
    },
}

/// A row of the chain.
#[derive(Debug, Clone)]
pub(super) struct Link {
    pub(super) seq: i64,
    pub(super) form: i64,
    pub(super) said: Said,
    pub(super) hash: String,
}

/// Whether a row's link could be proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Linked {
    Proved,
    /// Hidden, and of the form whose hash needs all that it says.
    Unprovable,
}

impl Link {
    pub(super) fn read(row: &AnyRow) -> Self {
        let body = Body {
            at: row.get("at"),
            actor: row.get("actor"),
            action: row.get("action"),
            object: row.get("object"),
            detail: row.get("detail"),
        };
        let said = Said::Shown { body, previous_hash: row.get("previous_hash") };
        Self { seq: row.get("seq"), form: row.get("form"), said, hash: row.get("hash") }
    }

    /// The hash that it says stands before it.
    pub(super) fn previous_hash(&self) -> Option<&str> {
        match &self.said {
            Said::Shown { previous_hash, .. } => Some(previous_hash),
            Said::Hidden { .. } => None,
        }
    }

    /// Whether it hashes to what it says, and follows what is before it.
    pub(super) fn check(&self, previous: &str) -> Result<Linked, String> {
        let form = Form::try_from(self.form).map_err(|_| format!("{}的写法被改动过", self.name()))?;
        let hash = match (&self.said, form) {
            (Said::Shown { body, previous_hash }, form) => {
                if previous_hash != previous {
                    return Err(self.altered());
                }
                body.hash(form, self.seq, previous)
            }
            (Said::Hidden { body_sha256: Some(body) }, Form::Committed) => committed(self.seq, previous, body),
            (Said::Hidden { body_sha256: None }, Form::Whole) => return Ok(Linked::Unprovable),
            (Said::Hidden { .. }, _) => return Err(format!("{}读不懂", self.name())),
        };
        if hash == self.hash { Ok(Linked::Proved) } else { Err(self.altered()) }
    }

    pub(super) fn altered(&self) -> String {
        format!("{}被改动过：哈希对不上", self.name())
    }

    pub(super) fn name(&self) -> String {
        match &self.said {
            Said::Shown { body, .. } => format!("审计记录第 {} 条（{} {}）", self.seq, body.action, body.object),
            Said::Hidden { .. } => format!("审计记录第 {} 条", self.seq),
        }
    }

    /// As an entry to compare rows with; nothing of a hidden one.
    pub(super) fn checked(self) -> Result<Option<(i64, Checked)>, String> {
        let name = self.name();
        let Said::Shown { body, .. } = self.said else { return Ok(None) };
        let Ok(detail) = serde_json::from_str::<Value>(&body.detail) else { return Err(format!("{name}读不懂")) };
        Ok(Some((self.seq, Checked::new(body, detail))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body() -> Body {
        Body {
            at: 1,
            actor: "甲".to_owned(),
            action: "publish".to_owned(),
            object: "p".to_owned(),
            detail: "{}".to_owned(),
        }
    }

    /// By `printf … | sha256sum` and nothing of ours: what a database holds must never be hashed otherwise.
    #[test]
    fn both_forms_are_what_anybody_computes() {
        assert_eq!(body().sha256(), "7d7c1ab126ef735224714e1c940a9b950c947cd5096d5faf1a6f3f50cefc2b38");
        assert_eq!(
            body().hash(Form::Committed, 7, GENESIS),
            "2653df9414cba98f88090aa906309f3670e38b4b8996db0adf50ceaaf136fc88"
        );
        assert_eq!(
            body().hash(Form::Whole, 7, GENESIS),
            "21fb4e0c5eee7e38c545397551dc2357533e242d0c9e0c1986c55fff140f6d35"
        );
    }

    #[test]
    fn a_hidden_row_is_linked_by_its_commitment_alone() {
        let hash = body().hash(Form::Committed, 7, GENESIS);
        let hidden = |form: i64, body_sha256: Option<String>| Link {
            seq: 7,
            form,
            said: Said::Hidden { body_sha256 },
            hash: hash.clone(),
        };
        assert_eq!(hidden(2, Some(body().sha256())).check(GENESIS), Ok(Linked::Proved));
        assert_eq!(hidden(1, None).check(GENESIS), Ok(Linked::Unprovable));
        assert!(hidden(2, Some(GENESIS.to_owned())).check(GENESIS).is_err());
        assert!(hidden(2, None).check(GENESIS).is_err());
        assert!(hidden(1, Some(body().sha256())).check(GENESIS).is_err());
        assert!(hidden(3, None).check(GENESIS).is_err());
    }
}
