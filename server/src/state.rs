//! What every handler shares.

use std::sync::Arc;

use app::backend::Backend;
use axum::extract::FromRef;
use leptos::prelude::LeptosOptions;

use crate::backend::StoreBackend;
use crate::cache::PageCache;
use crate::store::Store;

#[derive(Clone)]
pub(crate) struct AppState {
    pub(crate) options: LeptosOptions,
    pub(crate) store: Store,
    pub(crate) backend: Arc<dyn Backend>,
    pub(crate) cache: Arc<PageCache>,
}

impl AppState {
    pub(crate) fn new(store: Store) -> Self {
        let options = LeptosOptions::builder()
            .output_name(app::OUTPUT_NAME)
            // Never served from: the default would be the working folder.
            .site_root("dist")
            .site_pkg_dir("pkg")
            .build();
        let backend = Arc::new(StoreBackend::new(store.clone()));
        Self { options, store, backend, cache: Arc::new(PageCache::default()) }
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.options.clone()
    }
}
