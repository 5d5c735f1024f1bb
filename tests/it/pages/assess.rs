//! `/assess/{plan}`, `/assess/{plan}/{region}`.

use tests::{TestApp, on_both_databases};

on_both_databases! {
    fn all_nine_combinations_and_who_would_gain(app: TestApp) {
        app.import_fuzhou();
        let site = app.serve_for_office();
        let page = site.get("/assess/fuzhou-2021?period=2021-12").assert_success();
        assert_eq!(page.all("table.readings tbody tr:not(.group)").len(), 9);
        page.shows("先排位、后看完成 ✓ 现行").shows("晋安区 +0.3，马尾区 −0.2，罗源县 +0.1，永泰县 −0.3").shows("福清市 由无变为+0.1，罗源县 由+0.1变为+0.2");
        let may = site.get("/assess/fuzhou-2021?period=2021-05").assert_success();
        may.shows("若以本期为终").shows("若按序时进度").shows("预计");
    }

    fn a_disputed_tenth_opens_to_its_trace(app: TestApp) {
        app.import_fuzhou();
        let site = app.serve_for_office();
        let page = site.get("/assess/fuzhou-2021/350123?period=2021-12").assert_success();
        page.shows("罗源县居第3位，+0.1 分");
        for step in ["依据", "数据", "完成", "排位", "并列", "读法", "结果"] {
            assert!(page.all("dl.trace dt").contains(&step.to_owned()), "{step}");
        }
        page.shows("已完成目标，取第3位，得 0.1 分");
        site.get("/assess/fuzhou-2021/350103").assert_success().shows("没有目标");
    }

    fn what_if_answers_by_a_plain_form(app: TestApp) {
        app.import_fuzhou();
        let site = app.serve_for_office();
        let page = site.get("/assess/fuzhou-2021/350125?period=2021-05&more=0.5").assert_success();
        page.shows("由第11位升到第4位").shows("还需 5.20亿元").shows("25,808,824");
        assert_eq!(page.all("input#more").len(), 1);
        site.get("/assess/fuzhou-2021/350125?period=2021-05&more=%E5%BE%88%E5%A4%9A").assert_success().shows("“很多”不是数字");
        site.get("/assess/fuzhou-2021/350125?period=2021-05&more=-1").assert_success().shows("请写正数");
    }

    fn the_server_function_answers_the_same_and_only_its_own_site(app: TestApp) {
        app.import_fuzhou();
        let site = app.serve_for_office();
        let form = "plan=fuzhou-2021&region=350125&period=2021-05&more=0.5";
        let answer = site.post("/api/what-if", form, &[("accept", "application/json")]);
        assert_eq!(answer.status, 200, "{answer:?}");
        assert!(answer.html.contains("由第11位升到第4位"), "{}", answer.html);
        let foreign = site.post("/api/what-if", form, &[("origin", "http://evil.example"), ("sec-fetch-site", "cross-site")]);
        assert_eq!(foreign.status, 403);
    }

    fn a_plan_without_a_rule_says_so(app: TestApp) {
        let plan = tests::root().join("assets/plans/ningde-2021.plan.toml");
        app.jigai(&["import", "plan", plan.to_str().unwrap()]).assert_done();
        let site = app.serve(&[]);
        site.get("/assess/ningde-2021").assert_success().shows("没有规定加减分或奖励");
        site.get("/units/ningde-2021").assert_success().shows("没有把目标分解到单位");
    }
}
