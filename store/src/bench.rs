//! A database of a test's own on each engine, with some accounts and one plan.

use std::sync::atomic::{AtomicU32, Ordering};

use office::commands::keep_plan::ImportPlan;
use office::who::Who;

use super::{Access, Location, Store, Writer};

/// Accounts 1 to this many are there.
const ACCOUNTS: i64 = 13;

/// A database of the test's own on each engine.
pub(super) struct Bench {
    pub(super) store: Store,
    pub(super) runtime: tokio::runtime::Runtime,
    location: Location,
}

pub(super) static COUNT: AtomicU32 = AtomicU32::new(0);

impl Bench {
    pub(super) fn sqlite() -> Self {
        let folder = Self::empty_folder();
        Self::new(Location::Folder(folder))
    }

    pub(super) fn postgres() -> Self {
        Self::new(Location::Postgres(Self::new_database()))
    }

    /// A folder that is not there yet.
    pub(super) fn empty_folder() -> std::path::PathBuf {
        let name = format!("jigai-walk-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        std::env::temp_dir().join(name)
    }

    /// The address of an empty database.
    pub(super) fn new_database() -> String {
        let server = std::env::var("JIGAI_TEST_POSTGRES")
            .unwrap_or_else(|_| panic!("JIGAI_TEST_POSTGRES is not set: these tests are run by `cargo xtask test`"));
        let name = format!("jigai_walk_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            use sqlx::Connection;
            sqlx::any::install_default_drivers();
            let mut connection = sqlx::AnyConnection::connect(&server).await.unwrap();
            sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        });
        format!("{}/{name}", server.rsplit_once('/').unwrap().0)
    }

    pub(super) fn new(location: Location) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let store = runtime.block_on(async {
            let store = Store::open(&location, Access::Create).await.unwrap();
            for index in 0..ACCOUNTS {
                let writer = Writer { actor: "测试".to_owned(), at: 0, session: None };
                let made = store.create_account(&format!("p{index}"), &format!("某{index}"), "", writer).await;
                assert_eq!(made.unwrap(), index + 1);
            }
            let source = include_str!("../../tests/fixtures/contract/fuzhou-2021.plan.toml");
            let source = source.replacen("id = \"fuzhou-2021\"", "id = \"p\"", 1);
            let plan = domain::plan::file::parse(&source).unwrap();
            assert_eq!((plan.id.as_str(), plan.region.id()), ("p", "350100"));
            let command = ImportPlan { plan, source, file_name: "p.plan.toml".to_owned(), reason: None };
            store.carry_out(command, Who::machine("测试", 0)).await.unwrap();
            store
        });
        Self { store, runtime, location }
    }

    /// Another process on the same database.
    pub(super) fn another(&self) -> Store {
        self.runtime.block_on(Store::open(&self.location, Access::Existing)).unwrap()
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        if let Location::Folder(folder) = &self.location {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}
