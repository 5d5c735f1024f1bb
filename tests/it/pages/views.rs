//! Who looked at figures of others that were not published: a trail of its own, sealed day by day.

use serde_json::Value;
use tests::{Office, TestApp, on_both_databases};

/// The lines of a file.
fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// `path views` of the lines of one person.
fn seen<'a>(lines: &'a [Value], actor: &str) -> Vec<String> {
    let of = lines.iter().filter(|line| line["actor"].as_str().unwrap().ends_with(actor));
    of.map(|line: &'a Value| format!("{} {}", line["path"].as_str().unwrap(), line["views"])).collect()
}

on_both_databases! {
    // 等保 2.0: views of unpublished figures of others.
    fn who_saw_unpublished_figures_is_noted(app: TestApp) {
        let office = Office::new(app);
        office.submit_fuqing();
        let path = "/review/fuzhou-2021/2021-06/350181";
        let reviewer = office.person("shenhe");
        for _ in 0..3 {
            reviewer.get(&format!("{path}?a=1")).assert_success();
        }
        assert_eq!(reviewer.get("/review/fuzhou-2021/2021-06/999999").status, 404);
        reviewer.get("/export/rank/fuzhou-2021.2021-06.investment.growth.json").assert_success();
        // Its own unit's figures, what is published, and pages without figures are nobody's matter.
        office.person("fuqing").get("/report/fuzhou-2021/2021-06/350181").assert_success();
        office.person("lingdao").get("/rank/fuzhou-2021/2021-06");
        reviewer.get("/help").assert_success();
        reviewer.get("/bulletins").assert_success();

        let auditor = office.person("shenji");
        let file = auditor.get("/audit/views.jsonl").assert_success();
        assert!(file.header("content-type").starts_with("application/jsonl"));
        let found = lines(&file.html);
        let names: Vec<&str> = found.iter().map(|line| line["actor"].as_str().unwrap()).collect();
        assert!(names.iter().all(|name| name.starts_with("福州市审核员 ")), "{names:?}");
        let name = names[0].rsplit(' ').next().unwrap();
        let views = seen(&found, name);
        assert!(views.contains(&format!("{path} 3")), "{views:?}");
        assert!(views.contains(&"/export/rank/fuzhou-2021.2021-06.investment.growth.json 1".to_owned()), "{views:?}");
        assert!(!views.iter().any(|view| view.contains("999999") || view.contains("/help")), "{views:?}");
        let page = auditor.get("/audit/views").assert_success();
        page.shows(path).shows("当天，还没有封存");
        auditor.get("/audit/views?from=2021-08-01").assert_success().shows("这些天没有查看");
        for other in ["shenhe", "xitong", "anquan", "fuqing", "lingdao"] {
            assert_eq!(office.person(other).get("/audit/views.jsonl").status, 403, "{other}");
            assert_eq!(office.person(other).get("/audit/views").status, 403, "{other}");
        }
        // Within a second the database alone tells it, too.
        reviewer.get("/units/fuzhou-2021").assert_success();
        let views = || seen(&lines(&office.site.app.jigai(&["trail", "--views"]).assert_done().out), name);
        office.site.settle(|| views().contains(&"/units/fuzhou-2021 1".to_owned()));

        // The first write of another day seals it.
        let office = office.at("2021-07-20T09:00:00+08:00").logged_in_again();
        let auditor = office.person("shenji");
        auditor.get("/audit").assert_success().shows("封存一天的查看记录");
        auditor.get("/audit/views").assert_success().shows(path).lacks("还没有封存");
        let app = office.site.stop();
        app.jigai(&["verify"]).assert_done();
        let rest = app.jigai(&["trail", "--views"]);
        assert!(lines(&rest.out).iter().all(|line| line["sealed"].is_i64()), "{}", rest.out);
        app.tamper("viewing", "DELETE FROM viewing WHERE path = '/units/fuzhou-2021'");
        app.jigai(&["verify"]).says("核验不通过").says("viewing 应有");
    }

    // 等保 2.0: the trail leaves as JSON lines, and whoever has them can follow the chain.
    fn the_trail_leaves_as_lines(app: TestApp) {
        let office = Office::new(app);
        let file = office.person("shenji").get("/audit/trail.jsonl").assert_success().html;
        let found = lines(&file);
        let newest = found.last().unwrap();
        assert_eq!(newest["hash"].as_str().unwrap(), office.site.app.head());
        for (line, next) in found.iter().zip(&found[1..]) {
            assert_eq!(line["hash"], next["previous_hash"]);
        }
        assert!(found[0]["time"].as_str().unwrap().ends_with("+08:00") && found[0]["detail"].is_object());
        let after = newest["seq"].as_i64().unwrap() - 1;
        let rest = office.person("shenji").get(&format!("/audit/trail.jsonl?after={after}")).assert_success().html;
        assert_eq!(lines(&rest), std::slice::from_ref(newest));
        let told = office.site.app.jigai(&["trail", "--after", &after.to_string()]);
        assert_eq!(lines(&told.assert_done().out), std::slice::from_ref(newest));
        assert_eq!(office.person("xitong").get("/audit/trail.jsonl").status, 403);
    }

    // 等保 2.0: accounts that nobody uses are named.
    fn accounts_that_nobody_uses_are_named(app: TestApp) {
        let office = Office::new(app);
        office.person("xitong").get("/admin/users").assert_success().lacks("天没有登录");
        let office = office.at("2021-12-20T09:00:00+08:00");
        let policy = ["user", "policy", "password_policy", "asvs"];
        office.site.app.jigai_as("system-security-admin", &policy).assert_done();
        let cookie = office.site.log_in("xitong", tests::PASSWORD);
        let administrator = office.site.as_person(&cookie);
        administrator.get("/").assert_success().shows("个账号90多天没有登录");
        administrator.get("/admin/users").assert_success().shows("天没有登录，不用了请停用");
        office.site.app.jigai(&["user", "list"]).assert_done().says("天没有登录");
    }
}
