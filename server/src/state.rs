//! What every handler shares.

use std::sync::Arc;

use app::backend::Backend;
use axum::extract::FromRef;
use leptos::prelude::LeptosOptions;
use office::viewer::Viewer;

use crate::backend::StoreBackend;
use crate::bell::Jobs;
use crate::cache::PageCache;
use crate::clock::Clock;
use crate::holidays::Known;
use crate::papers::Printer;
use crate::readiness::Readiness;
use crate::second_factor::Vault;
use crate::signing::Signer;
use crate::viewings::Viewings;
use crate::web::front::Front;
use crate::web::turns::Turns;
use store::Store;

/// Every layer and handler gets one of its own: a copy costs nothing.
#[derive(Clone)]
pub(crate) struct AppState(Arc<Shared>);

impl std::ops::Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

pub(crate) struct Shared {
    pub(crate) options: LeptosOptions,
    pub(crate) store: Store,
    pub(crate) holidays: Known,
    pub(crate) clock: Clock,
    pub(crate) cache: Arc<PageCache>,
    pub(crate) vault: Vault,
    pub(crate) signer: Signer,
    /// What the database is called.
    pub(crate) database: Arc<str>,
    pub(crate) printer: Arc<Printer>,
    pub(crate) jobs: Jobs,
    pub(crate) readiness: Readiness,
    pub(crate) log_ins: Turns,
    pub(crate) viewings: Viewings,
    /// Readers reach this program by HTTPS: cookies say so.
    pub(crate) secure: bool,
    pub(crate) front: Front,
    /// Plain HTTP beyond this machine: pages say so.
    pub(crate) insecure: bool,
}

/// What belongs to a data folder: its keys, and what its database is called.
pub(crate) struct Data {
    pub(crate) vault: Vault,
    pub(crate) signer: Signer,
    pub(crate) database: String,
}

impl AppState {
    pub(crate) fn new(
        store: Store,
        clock: Clock,
        Data { vault, signer, database }: Data,
        printer: Printer,
        front: Front,
        secure: bool,
        insecure: bool,
    ) -> Self {
        let options = LeptosOptions::builder()
            .output_name(app::OUTPUT_NAME)
            // Never served from: the default would be the working folder.
            .site_root("dist")
            .site_pkg_dir("pkg")
            .build();
        let holidays = Known::default();
        holidays.set(None);
        let shared = Shared {
            options,
            store,
            holidays,
            clock,
            cache: Arc::new(PageCache::default()),
            vault,
            signer,
            database: database.into(),
            printer: Arc::new(printer),
            jobs: Jobs::default(),
            readiness: Readiness::default(),
            log_ins: Turns::default(),
            viewings: Viewings::default(),
            front,
            secure,
            insecure,
        };
        Self(Arc::new(shared))
    }

    /// What a wall screen may load: what is published, also where visitors may not read it.
    pub(crate) fn backend_for_screen(&self) -> Arc<dyn Backend> {
        Arc::new(self.backend(None).on_screen())
    }

    /// What pages may load and do in the name of whoever asks.
    pub(crate) fn backend_for(&self, viewer: Option<Viewer>) -> Arc<dyn Backend> {
        Arc::new(self.backend(viewer))
    }

    fn backend(&self, viewer: Option<Viewer>) -> StoreBackend {
        let (store, holidays, printer) = (self.store.clone(), self.holidays.now(), self.printer.clone());
        StoreBackend::new(store, holidays, viewer, self.clock, printer, self.signer.clone(), self.vault.clone())
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.options.clone()
    }
}
