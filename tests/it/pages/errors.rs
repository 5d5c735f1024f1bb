//! Addresses nobody meant: each gets a sentence, a status and a way on.

use tests::{TestApp, on_both_databases};

on_both_databases! {
    fn wrong_addresses(app: TestApp) {
        app.import_fuzhou();
        app.publish("2021-05", &[]).assert_done();
        let site = app.serve(&[]);
        site.get("/nothing/here").assert_error(404).shows("没有这个页面");
        site.get("/bulletins/fuzhou-2021/2021-13").assert_error(400).shows("不是有效的期间");
        site.get("/bulletins/fuzhou-2021/2021-07").assert_error(404).shows("还没有发布").shows("2021年1—5月通报");
        site.get("/bulletins/fuzhou-2021/2021-05/e9").assert_error(404).shows("没有第9版");
        site.get("/bulletins/fuzhou-2021/2021-05/latest").assert_error(400).shows("请写成 e1、e2");
        site.get("/bulletins/xiamen-2021/2021-05").assert_error(404).shows("没有计划");
        site.get("/units/fuzhou-2021/999999").assert_error(404).shows("没有单位“999999”");
        site.get("/assess/fuzhou-2021/999999").assert_error(404).shows("没有单位");
        site.get("/assess/fuzhou-2021?period=2021-13").assert_error(400).shows("不是有效的期间");
        site.get("/plans/none").assert_error(404).shows("没有计划");
        site.get("/plans/none/changes").assert_error(404);
        site.get("/pkg/none.js").assert_error(404);
        site.get("/assets/plans/fuzhou-2021.plan.toml").assert_error(404);
    }

    fn garbage(app: TestApp) {
        app.import_fuzhou();
        let site = app.serve(&[]);
        let long = "x".repeat(10_000);
        assert_eq!(site.get(&format!("/units/fuzhou-2021/{long}")).assert_error(414).status, 414);
        site.get(&format!("/units/fuzhou-2021/{}", "%E9".repeat(300))).assert_error(404);
        for path in ["/units/fuzhou-2021/%00%FF%FE", "/rank/%2e%2e/2021-05", "/bulletins/%F0%9F%98%80/%25", "/units/%3Cscript%3E/x", "/?%zz=%&&&==", "/rank/fuzhou-2021/2021-05?by=%3Cscript%3E"] {
            let page = site.get(path);
            assert!(page.status < 500, "{path}: {}", page.status);
            page.lacks("<script>");
        }
        let big = "a".repeat(300_000);
        let refused = site.post("/api/what-if", &big, &[]);
        assert_eq!(refused.status, 413);
        assert!(site.post("/api/what-if", "%%%=&&", &[("accept", "application/json")]).status < 600);
        site.get("/help").assert_success();
    }
}
