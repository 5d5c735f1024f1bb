//! `/metrics`, on a port of its own.

use tests::{TestApp, on_both_databases};

/// The value of a line that begins so.
#[track_caller]
fn value(text: &str, start: &str) -> f64 {
    let line = text.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("no {start} in {text}"));
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

/// By a plain connection, as Prometheus asks.
fn metrics(address: &str) -> String {
    let answer = ureq::get(address).call().unwrap();
    let kind = answer.headers().get("content-type").unwrap().to_str().unwrap().to_owned();
    assert_eq!(kind, "application/openmetrics-text; version=1.0.0; charset=utf-8");
    answer.into_body().read_to_string().unwrap()
}

on_both_databases! {
    fn what_is_watched_is_what_happened(app: TestApp) {
        app.import_fuzhou();
        app.publish("2021-05", &[]).assert_done();
        app.jigai(&["user", "policy", "public_reading", "open"]).assert_done();
        let backup = app.folder.path().join("backup.db").display().to_string();
        let site = app.start(&["--metrics", "127.0.0.1:0"]);
        site.wait_for("监测数据");
        let said = site.said();
        let address = said.iter().find_map(|line| line.strip_prefix("监测数据：")).unwrap().to_owned();
        let head: f64 = site.app.query("SELECT MAX(seq) FROM audit")[0].parse().unwrap();
        let page = r#"method="GET",path="/bulletins/{plan}/{period}",status="200""#;

        let before = metrics(&address);
        assert!(before.ends_with("# EOF\n"), "{before}");
        assert!(!before.contains("jigai_backup_age_seconds ") && !before.contains(page), "{before}");
        assert_eq!(value(&before, "jigai_chain_head "), head);
        assert_eq!((value(&before, "jigai_database_up "), value(&before, "jigai_database_read_only ")), (1.0, 0.0));

        for _ in 0..3 {
            site.get("/bulletins/fuzhou-2021/2021-05").assert_success();
        }
        site.get("/nowhere").assert_status(404);
        site.app.jigai(&["backup", &backup]).assert_done();
        let after = metrics(&address);
        assert_eq!(value(&after, &format!("jigai_http_requests_total{{{page}}}")), 3.0);
        assert_eq!(value(&after, r#"jigai_http_requests_total{method="GET",path="unknown",status="404"}"#), 1.0);
        let times = r#"{path="/bulletins/{plan}/{period}"}"#;
        assert_eq!(value(&after, &format!("jigai_http_request_duration_seconds_count{times}")), 3.0);
        let most = r#"jigai_http_request_duration_seconds_bucket{le="+Inf",path="/bulletins/{plan}/{period}"}"#;
        assert_eq!(value(&after, most), 3.0);
        assert!(value(&after, "jigai_backup_age_seconds ") < 60.0);
        let (open, most) = (r#"jigai_pool_connections{pool="read"}"#, r#"jigai_pool_connections_max{pool="read"}"#);
        assert!(value(&after, open) >= 1.0 && value(&after, open) <= value(&after, most));
        // The site itself has no such page, and without the setting there is none at all.
        site.get("/metrics").assert_status(404);
        let site = site.stop().start(&[]);
        assert!(!site.said().iter().any(|line| line.contains("监测数据")));
    }
}

#[test]
fn a_port_that_is_taken_is_told() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let app = TestApp::new(tests::Engine::Sqlite);
    let ran = app.jigai(&["serve", "--listen", "127.0.0.1:0", "--metrics", &address]);
    assert_eq!(ran.code, 1);
    ran.says(&format!("--metrics {address}: 无法监听")).says("请换一个端口");
}
