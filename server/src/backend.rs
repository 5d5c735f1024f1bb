//! Loads what pages ask for; a failure goes to the log once, here, under the reference the reader sees.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use app::backend::{Backend, Edition, EditionSummary, Facts, PlanVersion, ReturnRevision, Unavailable};
use async_trait::async_trait;
use domain::calendar::Holidays;
use domain::month::Period;

use crate::store::{Store, StoreError};

pub(crate) struct StoreBackend {
    store: Store,
    holidays: Holidays,
}

impl StoreBackend {
    pub(crate) fn new(store: Store) -> Self {
        Self { store, holidays: crate::assets::holidays() }
    }
}

/// Logs a failure and gives the reader a number to quote.
pub(crate) fn unavailable(error: &StoreError) -> Unavailable {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let reference = format!("{:X}-{count:X}", chrono::Utc::now().timestamp());
    tracing::error!(reference, %error, "store");
    Unavailable { reference }
}

fn or_unavailable<T>(result: Result<T, StoreError>) -> Result<T, Unavailable> {
    result.map_err(|error| unavailable(&error))
}

#[async_trait]
impl Backend for StoreBackend {
    async fn plans(&self) -> Result<Vec<PlanVersion>, Unavailable> {
        or_unavailable(self.store.plans().await)
    }

    async fn plan_versions(&self, plan: &str) -> Result<Vec<PlanVersion>, Unavailable> {
        or_unavailable(self.store.plan_versions(plan).await)
    }

    async fn facts(&self, plan: &str) -> Result<Option<Facts>, Unavailable> {
        let Some(version) = or_unavailable(self.store.plan(plan).await)? else { return Ok(None) };
        let figures = Arc::new(or_unavailable(self.store.figures(plan).await)?);
        Ok(Some(Facts { version, figures }))
    }

    async fn revisions(&self, plan: &str, region: &str) -> Result<Vec<ReturnRevision>, Unavailable> {
        or_unavailable(self.store.revisions(plan, Some(region)).await)
    }

    async fn editions(&self) -> Result<Vec<EditionSummary>, Unavailable> {
        or_unavailable(self.store.editions().await)
    }

    async fn edition(&self, plan: &str, period: Period, edition: Option<u32>) -> Result<Option<Edition>, Unavailable> {
        or_unavailable(self.store.edition(plan, period, edition).await)
    }

    async fn is_demo(&self) -> Result<bool, Unavailable> {
        or_unavailable(self.store.is_demo().await)
    }

    fn holidays(&self) -> &Holidays {
        &self.holidays
    }
}
