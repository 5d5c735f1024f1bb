//! Faults of machine, database and network while people write: the real binary on both databases, and a ledger on
//! disk of what was sent and what was acknowledged.
//!
//! After each fault every acknowledged write is there, once and whole; one that was not is there once or not at all;
//! `jigai verify` passes; and writing comes back by itself. `JIGAI_FAULT_ROUNDS` makes it long
//! (`cargo xtask long faults`).

mod ledger;
mod month_end;
mod standby;

use std::process::Command;
use std::time::{Duration, Instant};

use ledger::Driver;
use tests::way::Lost;
use tests::{Engine, TestApp, on_both_databases};

/// How often each fault comes: once for each change of the program, often for a release.
fn rounds() -> u64 {
    std::env::var("JIGAI_FAULT_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(1)
}

fn kill_after(process: u32, delay: Duration) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        std::thread::sleep(delay);
        let _ = Command::new("kill").args(["-9", &process.to_string()]).status();
    })
}

/// A file's largest size while a process lives, in bytes.
fn limit_files(process: u32, most: &str) {
    let set =
        Command::new("prlimit").args(["--pid", &process.to_string(), &format!("--fsize={most}:unlimited")]).status();
    assert!(set.unwrap().success());
}

on_both_databases! {
    fn killed_in_a_burst_of_writes(app: TestApp) {
        let mut driver = Driver::new(app);
        for round in 0..rounds() {
            driver.burst(3);
            let killed = kill_after(driver.site().process(), Duration::from_millis(40 + round * 97 % 900));
            while driver.write() {}
            killed.join().unwrap();
            driver.start_again();
            driver.comes_back();
        }
        driver.whole();
    }

    fn killed_while_publishing(app: TestApp) {
        app.import_fuzhou();
        for round in 0..rounds() {
            let period = format!("2021-{:02}", 1 + round % 12);
            let before: u32 = app.query("SELECT COUNT(*) FROM edition")[0].parse().unwrap();
            let publish = ["bulletin", "publish", "--plan", "fuzhou-2021", "--period", &period];
            let done = app.killed(Duration::from_millis(30 + round * 61 % 600), &publish);
            let now: u32 = app.query("SELECT COUNT(*) FROM edition")[0].parse().unwrap();
            assert!(now == before + 1 || (now == before && !done), "{before} → {now}, acknowledged: {done}");
            app.jigai(&["verify"]).assert_done();
        }
    }

    fn behind_a_lock(app: TestApp) {
        let mut driver = Driver::new(app);
        for _ in 0..rounds() {
            driver.burst(2);
            let held = driver.site().hold_lock();
            assert!(!driver.write(), "written behind a lock");
            drop(held);
            driver.comes_back();
        }
        driver.whole();
    }

    fn asked_to_end_while_writing(app: TestApp) {
        let mut driver = Driver::new(app);
        for _ in 0..rounds() {
            driver.burst(2);
            let process = driver.site().process().to_string();
            let asked = std::thread::spawn(move || {
                std::thread::sleep(Duration::from_millis(60));
                Command::new("kill").args(["-TERM", &process]).status().unwrap();
                Instant::now()
            });
            while driver.write() {}
            let asked = asked.join().unwrap();
            driver.ended(asked + Duration::from_secs(16));
            driver.start_again();
            driver.comes_back();
        }
        driver.whole();
    }

    fn on_a_clock_that_jumps(app: TestApp) {
        let mut driver = Driver::new(app);
        for _ in 0..rounds() {
            driver.burst(2);
            driver.start_at("2021-07-03T08:40:00+08:00");
            driver.site().get("/readyz").assert_success().shows("请核对时钟");
            driver.burst(2);
            driver.start_at("2021-07-03T09:10:00+08:00");
            driver.burst(2);
            driver.start_at(tests::OPEN);
        }
        driver.whole();
    }

    fn three_copies_over_one_database(app: TestApp) {
        let mut driver = Driver::new(app);
        let others = [driver.site().another(), driver.site().another()];
        for _ in 0..rounds() {
            for other in &others {
                driver.burst(2);
                assert!(driver.write_at(&other.base) && driver.write_at(&other.base));
            }
        }
        driver.whole();
    }

    fn a_backup_into_the_other_engine(app: TestApp) {
        let engine = if app.is_on(Engine::Sqlite) { Engine::Postgres } else { Engine::Sqlite };
        let mut driver = Driver::new(app);
        driver.burst(5);
        let file = driver.site().app.folder.path().join("b.db").display().to_string();
        driver.site().app.jigai(&["backup", &file]).assert_done();
        let other = TestApp::new(engine);
        other.jigai(&["restore", &file]).assert_done();
        driver.whole_in(&other);
    }
}

/// F1, F6: a quota stands for a full disk, where there is no leave to mount a small one.
#[test]
fn on_a_full_disk() {
    let mut driver = Driver::new(TestApp::new(Engine::Sqlite).surviving_large_files());
    for _ in 0..rounds() {
        driver.burst(2);
        limit_files(driver.site().process(), "1");
        assert!(!driver.write(), "written on a full disk");
        limit_files(driver.site().process(), "unlimited");
        driver.comes_back();
    }
    driver.whole();
}

/// A restart as every client of PostgreSQL sees it: its connections end. The way to it is cut besides.
#[test]
fn postgres_starts_again_and_the_way_to_it_is_cut() {
    let (app, way) = TestApp::new(Engine::Postgres).by_way();
    let mut driver = Driver::new(app);
    for _ in 0..rounds() {
        driver.burst(2);
        driver.site().app.end_connections();
        driver.comes_back();
        way.close();
        assert!(!driver.write(), "written without a way to the database");
        way.open();
        driver.comes_back();
    }
    driver.whole();
}

/// F2: what COMMIT came to is looked up, so that whoever wrote is told the truth.
#[test]
fn the_answer_of_a_commit_is_lost() {
    let (app, way) = TestApp::new(Engine::Postgres).by_way();
    let mut driver = Driver::new(app);
    for _ in 0..rounds() {
        driver.burst(1);
        way.lose(Lost::Answer);
        assert!(driver.write(), "saved, and not said so");
        assert!(!way.still_to_lose());
        way.lose(Lost::Request);
        assert!(!driver.write(), "not saved, and said so");
        driver.comes_back();
        way.lose(Lost::Everything);
        driver.write();
        way.open();
        driver.comes_back();
    }
    driver.whole();
}

/// F3: a damaged index shows readers less than there is.
#[test]
fn damage_of_an_index_is_told() {
    let mut driver = Driver::new(TestApp::new(Engine::Sqlite));
    driver.burst(2);
    let app = driver.stop();
    let other = "(SELECT rootpage FROM sqlite_master WHERE name = 'audit')";
    app.tamper_with_schema(&format!("UPDATE sqlite_master SET rootpage = {other} WHERE name = 'audit_by_action'"));
    assert_eq!(app.jigai(&["verify"]).code, 1);
}
