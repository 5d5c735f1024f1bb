//! `/units/{plan}`, `/units/{plan}/{region}`.

use tests::{TestApp, on_both_databases};

on_both_databases! {
    fn one_unit_through_the_year_with_every_version(app: TestApp) {
        app.import_fuzhou();
        app.import_lines("c.csv", &["鼓楼区,2021-05,7.20,6.80,,核增"], &["--reason", "统计核增"]).assert_done();
        let site = app.serve_for_office();
        site.get("/units/fuzhou-2021").assert_success().shows("鼓楼区").shows("其中：高新区");
        let page = site.get("/units/fuzhou-2021/350102").assert_success();
        page.shows("年度目标 21.00亿元，增幅目标 9%").shows("第1次报送").shows("第2次报送").shows("更正原因：统计核增").shows("c.csv 第2行");
        // At the year's end every page says what the bulletin says: who completed, and nothing of a pace.
        for path in ["/units/fuzhou-2021", "/rank/fuzhou-2021/2021-12", "/units/fuzhou-2021/350104"] {
            site.get(path).assert_success().shows("未完成");
        }
        site.get("/rank/fuzhou-2021/2021-12").assert_success().shows("已完成").lacks("接近序时").lacks("达到序时");
        // By name as well as by code.
        site.get("/units/fuzhou-2021/%E9%BC%93%E6%A5%BC%E5%8C%BA").assert_success().shows("鼓楼区");
        site.get("/units/fuzhou-2021/350103").assert_success().shows("没有给这个单位定目标");
    }
}
