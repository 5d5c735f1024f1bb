//! 总览: all plans on the first page of whoever leads or runs several.

use tests::{Office, TestApp, contract, on_both_databases};

on_both_databases! {
    // Duties, error 6: a leader's first page was another office's bulletin.
    fn a_leader_sees_his_own_office_first(app: TestApp) {
        let province = std::fs::read_to_string(contract("fujian-2013.plan.toml")).unwrap().replace("2013", "2031");
        app.jigai(&["import", "plan", &app.folder.write("fujian-2031.plan.toml", province)]).assert_done();
        let office = Office::with_figures(app, &["350102,2021-06,9,8"]);
        let site = &office.site;
        let leader = office.person("lingdao");
        let lines = |page: &tests::Page| page.all("#portfolio tbody tr");
        let page = leader.get("/").assert_success();
        let found = lines(&page);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("福州市") && found[0].contains("尚未发布通报") && found[1].contains("福建省"), "{found:?}");

        // Units that have handed in are told to their own office alone.
        office.submit_fuqing();
        let reviewer = office.person("shenhe");
        let page = reviewer.get("/").assert_success();
        assert!(lines(&page)[0].contains("1—6月数据 2/12，7月5日截止"));
        assert_eq!(lines(&page).len(), 2);

        site.app.jigai_as("350100-publisher", &["bulletin", "publish", "--plan", "fuzhou-2021", "--period", "2021-06"]).assert_done();
        let page = leader.get("/").assert_success();
        let found = lines(&page);
        assert!(found[0].contains("2021年1—6月") && found[0].contains("10个未报") && found[0].contains("单位"), "{found:?}");
        page.shows("工业技改投资通报");
        assert!(!page.links().iter().any(|link| link.starts_with("/review/")), "{:?}", page.links());
        // What visitors read says nothing of who has handed in.
        site.app.jigai_as("system-security-admin", &["user", "policy", "public_reading", "open"]).assert_done();
        site.get("/").assert_success().lacks("数据 2/12").lacks("下一期报送");
    }
}

/// A city's plan that carries out its row of the province's, in some year.
fn city(year: &str, value: &str) -> String {
    let demo = std::fs::read_to_string(tests::root().join("assets/demo/fuzhou-2013.plan.toml")).unwrap();
    demo.replace("fuzhou-2013", "fuzhou-below")
        .replace("years = [2013, 2013]", &format!("years = [{year}, {year}]"))
        .replace("year = 2013, value = \"660\"", &format!("year = {year}, value = \"{value}\""))
}

on_both_databases! {
    // Duties, J4: a city's own plan against its row of the province's, both ways.
    fn a_row_of_a_plan_above_is_checked_both_ways(app: TestApp) {
        let import = |name: &str, source: &str| {
            app.jigai(&["import", "plan", &app.folder.write(name, source), "--reason", "修订"]).assert_done();
        };
        import("city.plan.toml", &city("2013", "660"));
        let site = app.serve(&[]);
        let page = |id: &str| site.get(&format!("/plans/{id}")).assert_success();
        page("fuzhou-below").shows("本系统里没有上级计划 fujian-2013");
        site.app.jigai(&["import", "plan", contract("fujian-2013.plan.toml").to_str().unwrap()]).assert_done();
        page("fuzhou-below").shows("2013年上级下达福州市660.00亿元，本计划660.00亿元，一致");
        page("fujian-2013").shows("福州市：2013年本计划下达660.00亿元，它自定660.00亿元，一致").shows("还没有发布");
        // What the city published reaches the province; what it has not published does not.
        let figures = site.app.folder.write("city.csv", "region,period,value,base\n福清市,2013-02,30.5,25\n福州市,2013-02,100.5,80\n");
        site.app.jigai(&["import", "returns", "--plan", "fuzhou-below", &figures]).assert_done();
        page("fujian-2013").lacks("100.50");
        site.app.jigai(&["bulletin", "publish", "--plan", "fuzhou-below", "--period", "2013-02"]).assert_done();
        page("fujian-2013").shows("2013年1—2月已发布100.50亿元");
        // Less than is asked, and another year.
        let app = &site.app;
        let import = |source: &str| {
            app.jigai(&["import", "plan", &app.folder.write("c.plan.toml", source), "--reason", "修订"]).assert_done();
        };
        import(&city("2013", "650"));
        page("fuzhou-below").shows("本计划650.00亿元，少10.00亿元").shows("比上级下达的660.00亿元少10.00亿元");
        let other = city("2014", "700").replace("fuzhou-below", "fuzhou-2014");
        import(&other);
        page("fuzhou-2014").shows("不是同一年的任务，没有比较");
        page("fujian-2013").shows("不是同一年的任务");
    }
}
