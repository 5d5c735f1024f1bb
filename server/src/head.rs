//! The trail's head as a file of its own: to be signed, stamped or kept by somebody else, and asked for again by
//! `jigai verify --contains`.

use std::path::Path;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode, header};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use store::{Head, StoreError};

use crate::cache::NO_STORE;
use crate::signing::{Signature, Signer, Verdict};
use crate::state::AppState;
use crate::web::sentence::{sentence_page, unavailable_page};

/// What a head says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Said {
    /// `jigai-head-1`: no other file of ours begins a signed text with this.
    pub(crate) kind: String,
    /// The database it is the head of, as its office calls it.
    pub(crate) database: String,
    /// When it was taken, as people read it.
    pub(crate) at: String,
    pub(crate) seq: i64,
    pub(crate) hash: String,
}

const KIND: &str = "jigai-head-1";

/// A head with the office's signature over the canonical JSON of what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SignedHead {
    #[serde(rename = "head")]
    pub(crate) said: Said,
    #[serde(flatten)]
    pub(crate) signature: Signature,
}

impl SignedHead {
    pub(crate) fn new(signer: &Signer, head: Head, database: String, at: i64) -> Result<Self, String> {
        let at = domain::calendar::at_shanghai(at).to_rfc3339();
        let said = Said { kind: KIND.to_owned(), database, at, seq: head.seq, hash: head.hash };
        let signature = signer.sign(said.text()?.as_bytes())?;
        Ok(Self { said, signature })
    }

    /// The file: JSON that a person can read.
    pub(crate) fn file(&self) -> Result<String, String> {
        serde_json::to_string_pretty(self).map(|text| text + "\n").map_err(|error| error.to_string())
    }

    /// A file whose signature holds; the sentence says what is wrong with it.
    pub(crate) fn read(file: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{} 读不到（{error}）", file.display()))?;
        let head: Self =
            serde_json::from_str(&text).map_err(|_| format!("{} 不是 jigai head 做的文件", file.display()))?;
        if head.said.kind != KIND {
            return Err(format!("{} 不是本程序认识的链头文件", file.display()));
        }
        match head.signature.verdict(head.said.text()?.as_bytes()) {
            Verdict::Holds => Ok(head),
            Verdict::Fails => Err(format!("{} 的签名不对，内容被改动过", file.display())),
            Verdict::UnknownSuite => Err(format!("{} 的签名算法本程序还不认识", file.display())),
        }
    }
}

impl Said {
    /// What is signed.
    fn text(&self) -> Result<String, String> {
        domain::canonical::to_json(self).map_err(|error| error.to_string())
    }
}

/// `GET /audit/head`: the head as it is now.
pub(crate) async fn download(State(state): State<AppState>) -> Response<Body> {
    let made = async {
        let head = state.store.read().await?.head().await?;
        let signed = SignedHead::new(&state.signer, head, state.database.to_string(), state.clock.now());
        signed.and_then(|signed| signed.file()).map_err(StoreError::Unusable)
    };
    match made.await {
        Ok(file) => {
            let headers = [
                (header::CONTENT_TYPE, "application/json".to_owned()),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"jigai-head.json\"".to_owned()),
                (header::CACHE_CONTROL, NO_STORE.to_owned()),
            ];
            (headers, file).into_response()
        }
        Err(StoreError::Unusable(sentence)) => {
            sentence_page(StatusCode::SERVICE_UNAVAILABLE, "没有做成链头", &format!("没有做成链头：{sentence}。"))
        }
        Err(error) => unavailable_page(&error),
    }
}
