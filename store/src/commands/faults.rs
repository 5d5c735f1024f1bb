//! Faults of the database, numbered as in the fault test that found them.

use office::commands::ask_pack::AskPack;
use office::facts::Why;
use tests::way::{Lost, Way};

use super::*;
use crate::Location;

/// F1: SQLite ends a transaction by itself when the disk is full; sqlx took it for open ever after.
#[test]
fn writing_comes_back_after_the_database_ended_a_transaction() {
    on_both(|bench| {
        let failed = bench.runtime.block_on(bench.store.transact(|transaction| {
            Box::pin(async move {
                sqlx::query("ROLLBACK").execute(&mut **transaction).await?;
                Err::<(), _>(StoreError::refused("满了"))
            })
        }));
        assert!(failed.is_err());
        bench.fuzhou();
    });
}

/// A database behind a way on which a COMMIT may be lost, with 福州's plan and figures.
fn far_away() -> (Bench, Way) {
    let (way, url) = Way::to(&Bench::new_database());
    let bench = Bench::new(Location::Postgres(url));
    bench.fuzhou();
    (bench, way)
}

fn editions(bench: &Bench) -> usize {
    bench.runtime.block_on(async { bench.store.read().await.unwrap().editions().await.unwrap().len() })
}

/// F2: whoever published was told that nothing was saved, pressed again, and made a correction that nobody wanted.
#[test]
fn a_commit_whose_answer_is_lost_is_looked_up() {
    let (bench, way) = far_away();
    way.lose(Lost::Answer);
    assert_eq!(bench.publish(None).unwrap(), 1);
    assert!(!way.still_to_lose(), "no COMMIT went this way");
    assert_eq!(editions(&bench), 1);
}

#[test]
fn a_commit_that_never_arrived_is_said_to_have_saved_nothing() {
    let (bench, way) = far_away();
    way.lose(Lost::Request);
    let Err(Refusal::Unavailable(failure)) = bench.publish(None) else { panic!("it was not saved") };
    assert_eq!(failure.why, Why::Lost);
    assert!(failure.sentence().contains("刚才的操作没有生效"));
    assert_eq!(editions(&bench), 0);
    assert_eq!(bench.publish(None).unwrap(), 1);
}

#[test]
fn where_nothing_can_be_looked_up_it_is_said_to_be_uncertain() {
    let (bench, way) = far_away();
    way.lose(Lost::Everything);
    let Err(Refusal::Unavailable(failure)) = bench.publish(None) else { panic!("nobody can know") };
    assert_eq!(failure.why, Why::Uncertain);
    assert!(failure.sentence().contains("不能确定是否已经保存"));
    way.open();
    assert_eq!(editions(&bench), 1);
}

/// F11: two copies with clocks five minutes apart made packs twice, and one set back left jobs running for ever. Who
/// makes a job is a matter of the database's clock alone.
#[test]
fn a_job_is_left_by_whoever_is_silent_on_the_databases_clock() {
    on_both(|bench| {
        bench.fuzhou();
        let ask = AskPack { plan: "fuzhou-2021".to_owned(), goal: None, year: None, steps: 3 };
        // Asked by a machine whose clock is wrong by years.
        bench.run(ask, somebody(1, Role::CityReviewer, 0)).unwrap();
        let claim = || bench.runtime.block_on(bench.store.claim_job()).unwrap().map(|job| job.id);
        let heard = |ago: i64| {
            let now = bench.store.engine.now();
            bench.sql(&[&format!("UPDATE export_job SET heard_at = {now} - ({ago})")]);
        };
        let id = claim().expect("it waits");
        assert_eq!(claim(), None, "its maker was heard just now");
        heard(90_000);
        assert_eq!(claim(), None);
        bench.runtime.block_on(bench.store.job_lives(&id)).unwrap();
        assert_eq!(claim(), None);
        for ago in [150_000, -150_000, -22 * 24 * 3600 * 1000] {
            heard(ago);
            assert_eq!(claim().as_deref(), Some(id.as_str()), "{ago}");
            assert_eq!(claim(), None);
        }
    });
}
