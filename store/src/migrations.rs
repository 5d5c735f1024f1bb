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
            "0008_trail_form_and_keys",
            "0009_who_gets_in",
            "0010_plan_proposals",
            "0011_seals",
            "0014_viewings",
            "0016_tasks_and_texts",
            "0017_rhythms",
            "0018_watched_figures",
            "0019_more_roles",
            "0025_projects",
            "0026_first_day",
            "0027_publications",
            "0028_holidays",
            "0029_library_editions",
            "0030_project_leave",
            "0031_project_output",
            "0032_password_days",
            "0033_evidence",
            "0034_reopening",
            "0040_claims",
            "0041_recognitions",
            "0042_claim_notices",
            "0050_messages",
            "0051_selections",
            "0054_funds",
            "0055_lists_of_things",
            "0060_officials_since",
            "0061_project_contacts",
            "0062_rows_since",
            "0065_editions_without_content",
            "0066_states_of_steps",
            "0067_rosters",
            "0068_floating_rates",
            "0069_pairings_of_firms",
            "0070_personal_data",
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
    use crate::bench::Bench;
    use crate::{Access, Location, Store};

    const RELEASED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/released");

    /// A database of a released form, brought to form `to` and no further, then opened by this program.
    async fn check_form(fixture: &str, to: i64, location: &Location) {
        let (url, engine) = match location {
            Location::Folder(folder) => (format!("sqlite:{}/jigai.db", folder.display()), Engine::Sqlite),
            Location::Postgres(url) => (url.clone(), Engine::Postgres),
        };
        sqlx::any::install_default_drivers();
        let pool = sqlx::any::AnyPoolOptions::new().max_connections(1).connect(&url).await.unwrap();
        of(engine).run_to(to, &pool).await.unwrap();
        let head = "SELECT hash FROM audit ORDER BY seq DESC LIMIT 1";
        let (before,): (String,) = sqlx::query_as(head).fetch_one(&pool).await.unwrap();
        pool.close().await;
        let store = Store::open(location, Access::Existing).await.unwrap();
        store.verify().await.unwrap();
        // Nothing comes after it but the seals of accounts that have none.
        let since = format!("SELECT action FROM audit WHERE seq > (SELECT seq FROM audit WHERE hash = '{before}')");
        let since: Vec<(String,)> = sqlx::query_as(sqlx::AssertSqlSafe(since)).fetch_all(&store.write).await.unwrap();
        let since: Vec<&str> = since.iter().map(|(action,)| action.as_str()).collect();
        let expected: &[&str] = if fixture == "schema-1" { &[] } else { &["seal_accounts"] };
        assert_eq!(since, expected, "{fixture} at {to} on {engine:?}");
        store.close().await;
    }

    /// F13: forms that no fixture has stand between two that do.
    #[tokio::test]
    async fn every_form_is_brought_to_todays() {
        let newest = of(Engine::Sqlite).iter().map(|step| step.version).max().unwrap();
        for (fixture, from) in [("schema-1", 1), ("schema-3", 3), ("schema-6", 6)] {
            for to in from..=newest {
                let folder = std::env::temp_dir().join(format!("jigai-form-{}-{fixture}-{to}", std::process::id()));
                std::fs::create_dir_all(&folder).unwrap();
                let private = |path: &Path, mode| {
                    let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
                    std::fs::set_permissions(path, mode).unwrap();
                };
                std::fs::copy(format!("{RELEASED}/{fixture}/jigai.db"), folder.join("jigai.db")).unwrap();
                private(&folder, 0o700);
                private(&folder.join("jigai.db"), 0o600);
                check_form(fixture, to, &Location::Folder(folder.clone())).await;
                std::fs::remove_dir_all(folder).unwrap();
            }
            let url = tokio::task::spawn_blocking(Bench::new_database).await.unwrap();
            let mut psql = std::process::Command::new("psql");
            psql.args(["-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", &url, "-f"]);
            assert!(psql.arg(format!("{RELEASED}/{fixture}/postgres.sql")).status().unwrap().success());
            check_form(fixture, (from + 1).min(newest), &Location::Postgres(url)).await;
        }
    }

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
