//! `jigai serve`: headers, the demo, every link of every page.

use std::collections::BTreeSet;

use tests::{TestApp, jigai, on_both_databases};

on_both_databases! {
    fn the_demo_is_complete_and_says_what_it_is(app: TestApp) {
        let site = app.serve(&["--demo"]);
        let mut seen = BTreeSet::new();
        let mut waiting: Vec<String> = vec!["/".to_owned(), "/plans".to_owned(), "/units/fujian-2013".to_owned(), "/assess/fujian-2013".to_owned()];
        while let Some(path) = waiting.pop() {
            if seen.len() > 260 || !seen.insert(path.clone()) {
                continue;
            }
            let page = site.get(&path).assert_success();
            if path.starts_with("/export/") {
                continue;
            }
            assert!(page.html.contains("演示数据，非官方统计"), "{path} does not say that its figures are made up");
            assert_eq!(page.all("h1").len(), 1, "{path}");
            let next = page.links().into_iter().map(|link| link.split('#').next().unwrap().to_owned());
            waiting.extend(next.filter(|link| link.starts_with('/')));
        }
        assert!(seen.len() > 100, "{}", seen.len());
        site.app.jigai(&["verify"]).assert_done().says("计划 7 版");
        // Starting again leaves it as it is.
        let head = site.app.jigai(&["verify"]).out;
        let again = site.stop().serve(&["--demo"]);
        assert_eq!(again.app.jigai(&["verify"]).out, head);
    }

    fn the_demo_holds_what_happens_in_a_real_year(app: TestApp) {
        let site = app.serve(&["--demo"]);
        site.get("/bulletins/fuzhou-2021/2021-05").assert_success().shows("若以本期为终").shows("若按序时进度").shows("滞后");
        site.get("/bulletins/fuzhou-2021/2021-04").assert_success().shows("本版更正第1版").shows("马尾区");
        site.get("/bulletins/fuzhou-2021/2021-07").assert_success().shows("未报送的有1个：永泰县");
        let ranks = site.get("/bulletins/fuzhou-2021/2021-08").assert_success().all("table.standings tbody tr.unit .rank");
        let plain: Vec<String> = ranks.iter().map(|rank| rank.split(['↑', '↓']).next().unwrap().to_owned()).collect();
        let tied = plain.iter().filter(|rank| *rank != "—").any(|rank| plain.iter().filter(|other| other == &rank).count() == 2);
        assert!(tied, "{plain:?}");
        site.get("/bulletins/fujian-2013/2013-11").assert_success().shows("全省累计完成技改投资").shows("权重");
    }

    fn every_response_carries_the_headers(app: TestApp) {
        app.import_fuzhou();
        let site = app.serve(&[]);
        for path in ["/", "/plans/fuzhou-2021", "/nothing", "/assets/app.css", "/export/what/x", "/healthz", "/readyz"] {
            let page = site.get(path);
            let policy = page.header("content-security-policy");
            assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
            assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
            // Readers' pages carry no script and no inline style.
            page.lacks("<script");
            page.lacks(" style=\"");
        }
    }
}

#[test]
fn plain_http_beyond_this_machine_says_so_on_every_page() {
    let app = TestApp::new(tests::Engine::Sqlite);
    app.import_fuzhou();
    let site = app.serve_with("0.0.0.0:0", &["--insecure-http"]);
    for path in ["/login", "/help", "/plans"] {
        site.get(path).shows("本站没有加密");
    }
}

#[test]
fn another_address_than_this_machines_needs_a_word() {
    jigai(&["serve", "--listen", "0.0.0.0:0"]).assert_refused().says("--insecure-http");
    assert_eq!(jigai(&["serve", "--listen", "here"]).code, 2);
    let folder = tests::Folder::new();
    let data = folder.path().to_str().unwrap();
    let rubbish = folder.write("x.pem", "no certificate");
    jigai(&["serve", "--data", data, "--tls-cert", &rubbish, "--tls-key", "missing.pem"])
        .assert_refused()
        .says("用不了")
        .says("PEM");
    jigai(&["serve", "--data", data, "--tls-cert", &rubbish]).assert_refused().says("--tls-key");
}

/// Attack 1, fault F7: half a head is kept for ever, and enough of them stop the site.
#[test]
fn half_heads_do_not_keep_readers_out() {
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::time::{Duration, Instant};

    let app = TestApp::new(tests::Engine::Sqlite).with_descriptors(300);
    app.import_fuzhou();
    let site = app.serve(&[]);
    let address = site.base.trim_start_matches("http://").to_owned();
    let half = || {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX: ").unwrap();
        stream
    };
    let first = Instant::now();
    let mut halves: Vec<TcpStream> = (0..400).map(|_| half()).collect();
    for _ in 0..20 {
        site.get("/plans").assert_success();
        halves.extend((0..10).map(|_| half()));
    }
    // Whoever made room was shown out; the others are, once the time for a head is over.
    let mut newest = halves.pop().unwrap();
    newest.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut said = Vec::new();
    let _ = newest.read_to_end(&mut said);
    assert!(first.elapsed() < Duration::from_secs(40), "{:?}", first.elapsed());
    assert!(!String::from_utf8_lossy(&said).contains("200 OK"));
    site.get("/plans").assert_success();
}

#[test]
fn too_few_descriptors_are_told_at_the_start() {
    let app = TestApp::new(tests::Engine::Sqlite).with_descriptors(100);
    app.jigai(&["serve", "--listen", "127.0.0.1:0"]).assert_refused().says("ulimit -n 4096").says("LimitNOFILE");
}

/// Attack 10: a data folder and a database that any user of the machine may read.
#[test]
fn data_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;

    let app = TestApp::new(tests::Engine::Sqlite);
    let data = app.folder.path().join("data");
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    jigai(&["migrate", "--data", data.to_str().unwrap()]).assert_done();
    assert_eq!((mode(&data), mode(&data.join("jigai.db"))), (0o700, 0o600));
    // Wider ones are not worked on: the sentence says the command that mends it.
    let set = |path: &std::path::Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    let verify = || jigai(&["verify", "--data", data.to_str().unwrap()]);
    for mode in [0o644, 0o640, 0o660] {
        set(&data.join("jigai.db"), mode);
        let refused = verify();
        assert_eq!(refused.code, 1, "{refused:?}");
        refused.says(&format!("权限 {mode:o}")).says(&format!("chmod 600 {}/jigai.db", data.display()));
    }
    set(&data.join("jigai.db"), 0o600);
    for mode in [0o755, 0o750, 0o701] {
        set(&data, mode);
        for command in ["verify", "migrate", "serve"] {
            let refused = jigai(&[command, "--data", data.to_str().unwrap()]);
            refused.says(&format!("chmod 700 {}", data.display()));
        }
    }
    set(&data, 0o700);
    verify().assert_done();
}

/// F13: what only reads works on a database that nobody may write.
#[test]
fn a_sealed_database_is_read() {
    use std::os::unix::fs::PermissionsExt;

    let app = TestApp::new(tests::Engine::Sqlite);
    app.import_fuzhou();
    app.publish("2021-05", &[]).assert_done();
    let file = app.folder.path().join("jigai.db");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o400)).unwrap();
    app.jigai(&["verify"]).assert_done().says("报送数据 28 行");
    app.jigai(&["bulletin", "list"]).assert_done().says("fuzhou-2021");
    app.jigai(&["export", "csv", "--plan", "fuzhou-2021", "--period", "2021-05"]).assert_done().says("福清市");
    let refused = app.publish("2021-06", &[]);
    assert_eq!(refused.code, 1, "{refused:?}");
    refused.says("文件是只读的");
    let beside: Vec<_> =
        std::fs::read_dir(app.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(beside.iter().all(|name| !name.to_string_lossy().contains("-wal")), "{beside:?}");
}

/// Attack 2: files that nobody with an account sends were kept in memory before anybody asked who sent them.
#[test]
fn files_without_an_account_take_no_memory() {
    use std::io::{Read, Write};
    use std::net::TcpStream;

    let app = TestApp::new(tests::Engine::Sqlite);
    app.import_fuzhou();
    let site = app.serve(&[]);
    site.get("/plans").assert_success();
    let address = site.base.trim_start_matches("http://").to_owned();
    let before = site.memory_peak();
    let senders: Vec<_> = (0..40)
        .map(|number| {
            let address = address.clone();
            let path = if number % 2 == 0 { "/import/fuzhou-2021" } else { "/evidence/fuzhou-2021" };
            std::thread::spawn(move || {
                const SIZE: usize = 7_900_000;
                let mut stream = TcpStream::connect(&address).unwrap();
                let head = format!(
                    "POST {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nCookie: jigai=none\r\n\
                     Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {SIZE}\r\nConnection: close\r\n\r\n"
                );
                stream.write_all(head.as_bytes()).unwrap();
                stream.write_all(&vec![b'x'; SIZE]).unwrap();
                let mut answer = String::new();
                stream.read_to_string(&mut answer).unwrap();
                assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
            })
        })
        .collect();
    senders.into_iter().for_each(|sender| sender.join().unwrap());
    let grown = site.memory_peak() - before;
    assert!(grown < 100_000, "{grown} KiB more for 40 files of 7.9 MB");
}
