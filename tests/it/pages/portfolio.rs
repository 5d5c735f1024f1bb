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
