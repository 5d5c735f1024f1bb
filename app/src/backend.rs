//! What pages may ask of the outside: load a scope. `server` implements it; `app` knows no SQL and no axum state.

use std::sync::Arc;

use async_trait::async_trait;
use domain::bulletin::Bulletin;
use domain::month::Period;
use domain::plan::Plan;
use domain::returns::{Figure, Figures};
use leptos::prelude::{Owner, use_context};

/// A plan as imported.
#[derive(Debug, Clone)]
pub struct PlanVersion {
    pub plan: Plan,
    pub version: u32,
    pub sha256: String,
    pub file_name: String,
    pub reason: Option<String>,
    /// UTC milliseconds.
    pub recorded_at: i64,
    pub recorded_by: String,
}

/// One revision of one unit's figures.
#[derive(Debug, Clone)]
pub struct ReturnRevision {
    pub goal: String,
    pub region: String,
    pub period: Period,
    pub figure: Figure,
}

/// A published bulletin without its content.
#[derive(Debug, Clone)]
pub struct EditionSummary {
    pub plan: String,
    pub goal: String,
    pub period: Period,
    pub edition: u32,
    pub sha256: String,
    pub reason: Option<String>,
    pub published_at: i64,
    pub published_by: String,
    /// Number and hash of the audit row that recorded it: the chain's head when it was published.
    pub audit_seq: i64,
    pub audit_hash: String,
}

/// A published bulletin as it was frozen.
#[derive(Debug, Clone)]
pub struct Edition {
    pub summary: EditionSummary,
    /// Canonical JSON.
    pub content: String,
    pub bulletin: Bulletin,
}

/// One plan and its figures in force: one snapshot.
#[derive(Debug, Clone)]
pub struct Facts {
    pub version: PlanVersion,
    pub figures: Arc<Figures>,
}

/// A failure the reader cannot mend; details went to the log under this reference.
#[derive(Debug, Clone)]
pub struct Unavailable {
    pub reference: String,
}

/// Everything a page can load.
#[async_trait]
pub trait Backend: Send + Sync {
    /// The newest version of every plan.
    async fn plans(&self) -> Result<Vec<PlanVersion>, Unavailable>;
    /// All versions of a plan, oldest first; empty for an unknown plan.
    async fn plan_versions(&self, plan: &str) -> Result<Vec<PlanVersion>, Unavailable>;
    async fn facts(&self, plan: &str) -> Result<Option<Facts>, Unavailable>;
    /// Every revision of one unit's figures, oldest first within a period.
    async fn revisions(&self, plan: &str, region: &str) -> Result<Vec<ReturnRevision>, Unavailable>;
    /// All editions, newest period and edition first.
    async fn editions(&self) -> Result<Vec<EditionSummary>, Unavailable>;
    /// One edition, or the newest of the period.
    async fn edition(&self, plan: &str, period: Period, edition: Option<u32>) -> Result<Option<Edition>, Unavailable>;
    /// Whether the figures are made up.
    async fn is_demo(&self) -> Result<bool, Unavailable>;
    /// The calendar's days off.
    fn holidays(&self) -> &domain::calendar::Holidays;
}

/// The backend of the request being answered.
pub fn backend() -> Arc<dyn Backend> {
    debug_assert!(Owner::current().is_some(), "only pages ask the backend");
    use_context::<Arc<dyn Backend>>().expect("the server provides the backend to every request")
}
