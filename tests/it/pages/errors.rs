//! Addresses nobody meant: each gets a sentence, a status and a way on.

use tests::{TestApp, on_both_databases};

on_both_databases! {
    fn wrong_addresses(app: TestApp) {
        app.import_fuzhou();
        app.publish("2021-05", &[]).assert_done();
        let site = app.serve(&[]);
        site.get("/nothing/here").assert_error(404).shows("没有这个页面");
        for odd in ["/board/%ff", "/assets/%ff", "/export/places/%ff.csv"] {
            site.get(odd).assert_error(400).shows("地址里有读不懂的字符");
        }
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

    fn a_trailing_slash_leads_to_the_page(app: TestApp) {
        app.import_fuzhou();
        let site = app.serve(&[]);
        let page = site.get("/plans/fuzhou-2021/");
        assert_eq!((page.status, page.path.as_str()), (200, "/plans/fuzhou-2021/"));
        let head = site.raw("HEAD /plans/fuzhou-2021 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        assert!(head.starts_with("HTTP/1.1 200") && head.contains("cache-control: no-store") && head.ends_with("\r\n\r\n"), "{head}");
    }

    fn names_never_become_tags(app: TestApp) {
        let hostile = "题</title><meta http-equiv=refresh content=0><script 未闭合";
        let source = std::fs::read_to_string(tests::contract("fuzhou-2021.plan.toml")).unwrap();
        let source = source.replacen("title = \"2021年实施“数字·绿色”技术改造专项行动方案\"", &format!("title = \"{hostile}\""), 1).replace("name = \"鼓楼区\"", "name = \"鼓楼<b>区\"");
        let file = app.folder.write("h.plan.toml", source);
        app.jigai(&["import", "plan", &file]).assert_done();
        let site = app.serve(&[]);
        for path in ["/plans", "/plans/fuzhou-2021", "/plans/fuzhou-2021/changes", "/units/fuzhou-2021", "/units/fuzhou-2021/350102"] {
            let page = site.get(path).assert_success();
            page.lacks("<meta http-equiv=refresh");
            page.lacks("<script");
            page.lacks("<b>区");
            assert!(page.html.trim_end().ends_with("</html>"), "{path} is cut off");
        }
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
        let refused = site.raw("POST /api/what-if HTTP/1.1\r\nhost: x\r\norigin: http://x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 300000\r\n\r\n");
        assert!(refused.starts_with("HTTP/1.1 413"), "{refused}");
        for form in ["%%%=&&", "", "plan=x"] {
            assert_eq!(site.post("/api/what-if", form, &[("accept", "application/json")]).status, 400, "{form}");
        }
        for form in ["plan=x&region=350125&period=2021-05&more=1", "plan=fuzhou-2021&region=0&period=2021-05&more=1", "plan=fuzhou-2021&region=350125&period=2021-13&more=1"] {
            let answer = site.post("/api/what-if", form, &[("accept", "application/json")]);
            assert!(answer.status == 200 && answer.html.contains("\"is_error\":true"), "{answer:?}");
        }
        site.get("/help").assert_success();
    }
}
