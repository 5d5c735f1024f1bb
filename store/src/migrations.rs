//! The documented schema, step by step, the same steps on both engines. A step that was ever released is never edited.

use std::sync::LazyLock;

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use super::Engine;

// `sqlx::migrate!` would read the folders, and compile sqlx with both engines a second time, for the compiler itself.
macro_rules! steps {
    ($engine:literal) => {
        steps!(
            $engine,
            "0001_facts",
            "0002_audit_actions",
            "0003_people_and_returns",
            "0004_office",
            "0005_screen_key",
            "0006_letterhead_and_jobs",
            "0007_roles_and_proofs",
        )
    };
    ($engine:literal, $($name:literal,)+) => {
        [$(($name, include_str!(concat!("../../migrations/", $engine, "/", $name, ".sql")))),+]
    };
}

static SQLITE: LazyLock<Migrator> = LazyLock::new(|| migrator(steps!("sqlite")));
static POSTGRES: LazyLock<Migrator> = LazyLock::new(|| migrator(steps!("postgres")));

/// All steps of an engine.
pub(crate) fn of(engine: Engine) -> &'static Migrator {
    match engine {
        Engine::Sqlite => &SQLITE,
        Engine::Postgres => &POSTGRES,
    }
}

fn migrator<const N: usize>(steps: [(&'static str, &'static str); N]) -> Migrator {
    let steps = steps.into_iter().map(|(name, sql)| {
        let (number, description) = name.split_once('_').expect("NNNN_what");
        Migration::new(
            number.parse().expect("a number"),
            description.replace('_', " ").into(),
            MigrationType::Simple,
            sql.into_sql_str(),
            sql.starts_with("-- no-transaction"),
        )
    });
    let mut migrator = Migrator::with_migrations(steps.collect());
    // PostgreSQL's lock of a session outlives what failed in it, and the next attempt waits for it without end: `Store`
    // takes one that ends with its transaction. SQLite has none.
    migrator.set_locking(false);
    migrator
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// What sqlx makes of the folders: databases out there remember each step by its number and its checksum.
    #[tokio::test]
    async fn the_list_is_what_stands_in_the_folders() {
        for (engine, folder) in [(Engine::Sqlite, "sqlite"), (Engine::Postgres, "postgres")] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations").join(folder);
            let read = Migrator::new(path).await.unwrap();
            let facts = |migrator: &Migrator| -> Vec<_> {
                let step = |step: &Migration| {
                    (step.version, step.description.clone(), step.migration_type, step.checksum.clone(), step.no_tx)
                };
                migrator.iter().map(step).collect()
            };
            assert_eq!(facts(of(engine)), facts(&read), "{folder}");
        }
    }
}
