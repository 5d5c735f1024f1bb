//! `jigai backup`, `jigai restore`: what was acknowledged before a backup began is in it, on either engine.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use tests::{Engine, Office, TestApp, on_both_databases};

const AT: &str = "/report/fuzhou-2021/2021-06/350181";

on_both_databases! {
    // Attack 10: a backup that is stolen is read by nobody who has not its pass phrase.
    fn a_backup_under_a_pass_phrase(app: TestApp) {
        app.import_fuzhou();
        let file = app.folder.path().join("密.db").display().to_string();
        let phrase = app.folder.write("phrase", "海纳百川 有容乃大 技改\n");
        let short = app.folder.write("short", "12345678901\n");
        app.jigai(&["backup", &file, "--passphrase-file", &short]).assert_refused().says("至少 12 个字");
        app.jigai(&["backup", &file, "--passphrase-file", &phrase]).assert_done().says("已加密备份到");
        let bytes = std::fs::read(&file).unwrap();
        assert!(!bytes.windows(6).any(|part| part == "SQLite".as_bytes() || part == "福清".as_bytes()));
        let mode = |file: &str| std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(file).unwrap().permissions()) & 0o777;
        assert_eq!(mode(&file), 0o600);
        let other = TestApp::new(if app.is_on(Engine::Sqlite) { Engine::Postgres } else { Engine::Sqlite });
        other.jigai(&["restore", &file]).assert_refused().says("这份备份是加密的");
        let wrong = app.folder.write("wrong", "海纳百川 有容乃大 技术\n");
        other.jigai(&["restore", &file, "--passphrase-file", &wrong]).says("口令不对，或者备份被改动");
        // With a digest of its own making, too.
        let mut altered = bytes.clone();
        *altered.last_mut().unwrap() ^= 1;
        let changed = app.folder.write("改.db", &altered);
        other.jigai(&["restore", &changed, "--passphrase-file", &phrase]).says("口令不对，或者备份被改动");
        other.jigai(&["restore", &file, "--passphrase-file", &phrase]).assert_done().says(&app.head());
        other.jigai(&["verify"]).assert_done();
        // Nothing of it lies about open.
        let left = std::fs::read_dir(app.folder.path()).unwrap().filter(|entry| {
            entry.as_ref().unwrap().file_name().to_string_lossy().starts_with(".密")
        });
        assert_eq!(left.count(), 0);
    }

    fn a_backup_taken_under_load_restores(app: TestApp) {
        let office = Office::new(app);
        let file = office.site.app.folder.path().join("备份.db").display().to_string();
        let (stop, acknowledged) = (AtomicBool::new(false), AtomicU32::new(0));
        let before = std::thread::scope(|scope| {
            // Somebody types without pause; each answer is an acknowledgement.
            scope.spawn(|| {
                let person = office.person("fuqing");
                for count in 1.. {
                    if stop.load(Ordering::Relaxed) {
                        return;
                    }
                    let text = format!("第{count}次");
                    let page = person.get(AT);
                    assert_eq!(person.submit(&page, "#entry", &[("c.text/progress", &text), ("then", "save")]).status, 303);
                    acknowledged.store(count, Ordering::SeqCst);
                }
            });
            while acknowledged.load(Ordering::SeqCst) < 3 {
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            let before = acknowledged.load(Ordering::SeqCst);
            office.site.app.jigai(&["backup", &file]).assert_done().says("已备份到");
            stop.store(true, Ordering::Relaxed);
            before
        });
        office.site.app.jigai(&["backup", &file]).assert_refused().says("已经存在");
        // Into an empty database of each engine.
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let other = TestApp::new(engine);
            other.jigai(&["restore", &file]).assert_done().says("已从").says("重新登录");
            other.jigai(&["verify"]).assert_done();
            let versions: u32 = other.query("SELECT MAX(version) FROM draft WHERE cell = 'text/progress'")[0].parse().unwrap();
            assert!(versions >= before, "{versions} < {before}");
            assert_eq!(other.query(&format!("SELECT content FROM draft WHERE cell = 'text/progress' AND version = {before}")), [format!("第{before}次")]);
            other.jigai(&["restore", &file]).assert_refused().says("已有数据");
            // People, posts and passwords are there; sessions are not.
            let site = other.at(tests::OPEN).start(&[]);
            let cookie = site.log_in("fuqing", tests::PASSWORD);
            site.as_person(&cookie).get(AT).assert_success().shows("第");
            site.get_with("/account", &[("cookie", office.cookie("fuqing")), ("no-redirect", "1")]).assert_status(303);
        }
    }
}

#[test]
fn a_backup_that_was_altered_is_refused() {
    let app = TestApp::new(Engine::Sqlite);
    app.import_fuzhou();
    let file = app.folder.path().join("b.db").display().to_string();
    app.jigai(&["backup", &file]).assert_done();
    for statement in
        ["DROP TRIGGER return_revision_no_update", "UPDATE return_revision SET value = value + 1 WHERE month = 5"]
    {
        tests::execute_sql(&format!("sqlite:{file}"), statement);
    }
    let other = TestApp::new(Engine::Sqlite);
    let ran = other.jigai(&["restore", &file]);
    assert_eq!(ran.code, 1, "{ran:?}");
    ran.says("与备份时不同").says("b.db.sha256");
    // Also where somebody took the digest away.
    std::fs::remove_file(format!("{file}.sha256")).unwrap();
    let ran = other.jigai(&["restore", &file]);
    assert_eq!(ran.code, 1, "{ran:?}");
    ran.says("不能核对").says("核验不通过");
    assert!(other.head().is_empty());
    other.jigai(&["restore", "/nowhere.db"]).assert_refused().says("没有备份文件");
    let rubbish = app.folder.write("x.db", "no database");
    other.jigai(&["restore", &rubbish]).says("不是 jigai 的数据库文件");
}

/// Fault F9: of 24 bits that were flipped five were restored without a word.
#[test]
fn a_backup_of_which_one_bit_changed_is_refused() {
    let app = TestApp::new(Engine::Sqlite);
    app.import_fuzhou();
    let file = app.folder.path().join("b.db");
    app.jigai(&["backup", file.to_str().unwrap()]).assert_done().says("b.db.sha256");
    let whole = std::fs::read(&file).unwrap();
    let other = TestApp::new(Engine::Sqlite);
    for part in 0..12 {
        let mut changed = whole.clone();
        changed[whole.len() * part / 12 + 40] ^= 1 << (part % 8);
        std::fs::write(&file, changed).unwrap();
        let ran = other.jigai(&["restore", file.to_str().unwrap()]);
        assert_eq!(ran.code, 1, "{ran:?}");
        ran.says("没有恢复");
    }
    std::fs::write(&file, whole).unwrap();
    other.jigai(&["restore", file.to_str().unwrap()]).assert_done();
}

/// Fault F10: what a backup that was killed had copied stayed there for everybody to read.
#[test]
fn what_a_killed_backup_left_is_removed_by_the_next() {
    let app = TestApp::new(Engine::Sqlite);
    app.import_fuzhou();
    let file = app.folder.path().join("b.db");
    // No process has this number.
    let left = app.folder.path().join(".b.db.4194305");
    let living = app.folder.path().join(format!(".b.db.{}", std::process::id()));
    for folder in [&left, &living] {
        std::fs::create_dir(folder).unwrap();
        std::fs::write(folder.join("jigai.db"), "half").unwrap();
    }
    app.jigai(&["backup", file.to_str().unwrap()]).assert_done();
    assert!(!left.exists());
    assert!(living.exists(), "of a backup that is still running nothing is removed");
}
