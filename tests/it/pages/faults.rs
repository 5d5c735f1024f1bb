//! Faults of the machine and of the database, numbered as in the fault test that found them.

use std::process::Command;
use std::time::{Duration, Instant};

use tests::{Engine, Office, PASSWORD, Serving, TestApp, form, on_both_databases};

/// A file's largest size while a process lives, in bytes.
fn limit_files(site: &Serving, most: &str) {
    let pid = site.process().to_string();
    let set = Command::new("prlimit").args(["--pid", &pid, &format!("--fsize={most}:unlimited")]).status().unwrap();
    assert!(set.success());
}

/// Something that writes.
fn log_in(site: &Serving) -> tests::Page {
    site.post("/login", &form(&[("login", "anquan"), ("password", PASSWORD)]), &[])
}

fn with_people(app: TestApp) -> Serving {
    app.import_fuzhou();
    app.jigai(&["user", "policy", "public_reading", "open"]).assert_done();
    let [_, token, _] = app.administrators();
    let site = app.start(&[]);
    site.first_log_in("anquan", &token);
    site
}

/// Hundredths of a second of a processor that a server has had.
fn worked(site: &Serving) -> u64 {
    let told = std::fs::read_to_string(format!("/proc/{}/stat", site.process())).unwrap();
    let fields: Vec<&str> = told.rsplit(") ").next().unwrap().split(' ').collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

/// Attack 6: reading went on when whoever sent the file had gone.
#[test]
fn reading_ends_when_its_reader_has_gone() {
    let office = Office::new(TestApp::new(Engine::Sqlite));
    let line = |row: usize| (0..300).map(|column| format!("完成{row}项目{column}")).collect::<Vec<_>>().join(",");
    let lines: Vec<String> = (0..650).map(line).collect();
    let disposition = "content-disposition: form-data; name=\"file\"; filename=\"宽表.csv\"";
    let body = format!("--edge\r\n{disposition}\r\n\r\n{}\r\n--edge--\r\n", lines.join("\n"));
    let host = office.site.base.trim_start_matches("http://");
    let request = format!(
        "POST /import/fuzhou-2021/upload HTTP/1.1\r\nhost: {host}\r\norigin: {}\r\ncookie: {}\r\n\
         content-type: multipart/form-data; boundary=edge\r\ncontent-length: {}\r\n\r\n{body}",
        office.site.base,
        office.cookie("shenhe"),
        body.len()
    );
    // Its connection is closed after a silence.
    assert_eq!(office.site.raw(&request), "", "it was read at once: a larger table is needed");
    std::thread::sleep(Duration::from_secs(1));
    let before = worked(&office.site);
    std::thread::sleep(Duration::from_secs(1));
    assert!(worked(&office.site) - before < 30, "it still works");
    let small = office.site.upload("/import/fuzhou-2021/upload", "a.csv", b"a,b\n1,2\n", office.cookie("shenhe"));
    small.assert_status(200);
}

/// F1, F6: one full disk stopped all writing until a restart, and `/readyz` said ok.
#[test]
fn writing_comes_back_by_itself_when_the_disk_does() {
    let app = TestApp::new(Engine::Sqlite).surviving_large_files();
    let site = with_people(app);
    assert_eq!(site.get("/readyz").assert_success().html, "ok");
    limit_files(&site, "1");
    log_in(&site).assert_status(503).shows("刚才的操作没有生效");
    std::thread::sleep(Duration::from_secs(4));
    site.get("/readyz").assert_status(503).shows("现在不能保存");
    site.get("/plans").assert_success();
    limit_files(&site, "unlimited");
    let back = Instant::now();
    site.settle(|| site.get("/readyz").status == 200);
    assert!(back.elapsed() < Duration::from_secs(10), "{:?}", back.elapsed());
    assert_eq!(log_in(&site).status, 303);
    site.stop().jigai(&["verify"]).assert_done();
}

on_both_databases! {
    // F6, F8, F12: behind a lock `/readyz` said ok, the reader was not told why, and a stop took 50 s.
    fn a_lock_is_told_and_holds_up_no_stop(app: TestApp) {
        let site = with_people(app);
        let held = site.hold_lock();
        log_in(&site).assert_status(503).shows("数据库正被另一个程序占用");
        site.get("/readyz").assert_status(503).shows("现在不能保存");
        drop(held);
        std::thread::sleep(Duration::from_secs(4));
        site.get("/readyz").assert_success();
        assert_eq!(log_in(&site).status, 303);
        let _held = site.hold_lock();
        let base = site.base.clone();
        let waiting = std::thread::spawn(move || {
            let agent = ureq::Agent::new_with_defaults();
            let body = form(&[("login", "anquan"), ("password", PASSWORD)]);
            let _ = agent.post(format!("{base}/login")).content_type("application/x-www-form-urlencoded").send(body);
        });
        std::thread::sleep(Duration::from_millis(500));
        let took = site.terminate();
        assert!(took < Duration::from_secs(16), "{took:?}");
        waiting.join().unwrap();
    }

    // F11: a clock that was set back is told before somebody writes with it.
    fn a_clock_behind_the_trail_is_told(app: TestApp) {
        let app = app.at("2026-11-21T09:00:00+08:00");
        app.import_fuzhou();
        let site = app.serve(&[]).stop().at("2026-11-21T08:00:00+08:00").start(&[]);
        site.get("/readyz").assert_success().shows("本机时钟比审计记录里最近的时间早 59 分钟，请核对时钟");
    }
}

/// F11: two machines with clocks apart see different deadlines; the one whose clock is not the database's says so.
#[test]
fn clocks_of_two_machines_apart_are_told() {
    let now = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() as i64;
    let clock = |ahead: i64| rfc3339(now() + ahead);
    let app = TestApp::new(Engine::Postgres);
    app.import_fuzhou();
    let site = app.serve(&[]);
    assert_eq!(site.get("/readyz").assert_success().html, "ok");
    for (ahead, told) in [(305, "本机时钟比数据库服务器快 5 分钟"), (-305, "本机时钟比数据库服务器慢 5 分钟")]
    {
        let copy = site.app.another_copy().at(&clock(ahead)).start(&[]);
        copy.get("/readyz").assert_success().shows(told);
        copy.wait_for(told);
    }
}

/// UTC seconds as RFC 3339 writes them.
fn rfc3339(seconds: i64) -> String {
    let written = Command::new("date").args(["-u", "-d", &format!("@{seconds}"), "+%Y-%m-%dT%H:%M:%S+00:00"]).output();
    String::from_utf8(written.unwrap().stdout).unwrap().trim().to_owned()
}
