//! PostgreSQL as its administrators run it: standbys, failover, roles that may not make tables; fault 5 and 13.

use tests::cluster::Cluster;
use tests::{Engine, PASSWORD, TestApp, form};

/// A port at which nobody listens.
fn closed_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn hosts(ports: &[u16], rest: &str) -> String {
    let hosts: Vec<String> = ports.iter().map(|port| format!("127.0.0.1:{port}")).collect();
    format!("postgres://postgres@{}/jigai{rest}", hosts.join(","))
}

/// F5, F13, F4: a standby is read from and never written to; after a failover the other one is written to.
#[test]
fn readers_and_writers_follow_a_failover() {
    let primary = Cluster::primary();
    primary.sql(&["CREATE DATABASE jigai"]);
    let standby = Cluster::standby_of(&primary);
    let at = |ports: &[u16], rest: &str| TestApp::new(Engine::Sqlite).on_database(&hosts(ports, rest));
    let closed = closed_port();

    // A closed port and a standby stand before the primary: the one that takes writes is found.
    let all = [closed, standby.port, primary.port];
    let app = at(&all, "?target_session_attrs=read-write");
    app.import_fuzhou();
    app.publish("2021-05", &[]).assert_done();
    app.jigai(&["user", "policy", "public_reading", "open"]).assert_done();
    let [_, token, _] = app.administrators();
    let head = app.head_at(&hosts(&[primary.port], ""));
    app.wait_until_at(&hosts(&[standby.port], ""), &head);

    // What only reads works on the standby, and changes nothing; what writes says why not.
    let reading = at(&[standby.port], "");
    reading.jigai(&["verify"]).assert_done().says("报送数据 28 行");
    reading.jigai(&["bulletin", "list"]).assert_done().says("fuzhou-2021");
    reading.jigai(&["export", "csv", "--plan", "fuzhou-2021", "--period", "2021-05"]).assert_done().says("福清市");
    reading.jigai(&["user", "list"]).assert_done().says("anquan");
    let backup = reading.folder.path().join("backup.db").display().to_string();
    reading.jigai(&["backup", &backup]).assert_done();
    reading.jigai(&["migrate"]).assert_done();
    let refused = reading.publish("2021-06", &["--as", "system-security-admin"]);
    assert_ne!(refused.code, 0, "{refused:?}");
    assert!(!refused.err.contains("CREATE TABLE"), "{refused:?}");
    let wanted = at(&[closed, standby.port], "?target_session_attrs=read-write").jigai(&["bulletin", "list"]);
    assert_eq!(wanted.code, 1);
    wanted.says("没有能写的 PostgreSQL").says(&format!("127.0.0.1:{} 是只读的（备库）", standby.port));
    at(&[closed], "").jigai(&["verify"]).says("连不上 PostgreSQL").says(&format!("127.0.0.1:{closed}"));

    // A site on the standby serves readers; forms and /readyz say that it is read-only.
    let site = at(&[standby.port], "").start(&[]);
    assert!(site.said().iter().any(|line| line.contains("数据库是只读的")), "{:?}", site.said());
    site.get("/bulletins/fuzhou-2021/2021-05").assert_success().shows("福清市");
    let log_in =
        |site: &tests::Serving| site.post("/login", &form(&[("login", "anquan"), ("password", PASSWORD)]), &[]);
    log_in(&site).assert_status(503).shows("数据库现在是只读的，只能看，不能保存");
    site.get("/readyz").assert_status(503).shows("只读");

    // The site that knows both goes on at the standby once that is the primary, without a restart.
    let both = app.start(&[]);
    both.first_log_in("anquan", &token);
    let head = both.app.head_at(&hosts(&[primary.port], ""));
    both.app.wait_until_at(&hosts(&[standby.port], ""), &head);
    primary.kill();
    standby.promote();
    both.settle(|| both.get("/readyz").status == 200);
    assert_eq!(log_in(&both).status, 303);
    both.get("/bulletins/fuzhou-2021/2021-05").assert_success();
    // So does the one that was only reading.
    site.settle(|| site.get("/readyz").status == 200);
    assert_eq!(log_in(&site).status, 303);
    drop(both.stop());
    site.stop().jigai(&["verify"]).assert_done();
}

/// A role without CREATE was a hang without a word behind the lock of the session that had failed before.
#[test]
fn a_role_that_may_not_make_tables_is_told() {
    let server = Cluster::primary();
    server.sql(&[
        "CREATE DATABASE jigai",
        "CREATE ROLE poor LOGIN",
        "CREATE ROLE owner LOGIN",
        "ALTER DATABASE jigai OWNER TO owner",
    ]);
    let as_role = |role: &str| {
        let url = format!("postgres://{role}@127.0.0.1:{}/jigai", server.port);
        TestApp::new(Engine::Sqlite).on_database(&url)
    };
    for command in [vec!["migrate"], vec!["serve", "--listen", "127.0.0.1:0"]] {
        let ran = as_role("poor").jigai(&command);
        assert_eq!(ran.code, 1, "{ran:?}");
        ran.says("没有权限").says("GRANT CREATE ON SCHEMA public TO");
    }
    let owner = as_role("owner");
    owner.jigai(&["migrate"]).assert_done();
    // Once the tables are there, whoever may use them needs to make none.
    let grant = "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO poor";
    owner.tamper_again(grant);
    let poor = as_role("poor");
    poor.jigai(&["migrate"]).assert_done();
    poor.jigai(&["user", "list"]).assert_done();
}
