//! `/export/{page}/{file}`: the same computation as the page.

use tests::{TestApp, on_both_databases};

on_both_databases! {
    fn files_of_a_bulletin_and_of_the_ranking(app: TestApp) {
        app.import_fuzhou();
        app.publish("2021-05", &[]).assert_done();
        let site = app.serve(&[]);
        let csv = site.get("/export/bulletin/fuzhou-2021.2021-05.e1.table.csv").assert_success();
        assert!(csv.html.starts_with("\u{FEFF}region,name,"), "{}", csv.html);
        assert!(csv.header("content-disposition").contains("fuzhou-2021.2021-05.e1.table.csv"));
        let growth = site.get("/export/bulletin/fuzhou-2021.2021-05.e1.growth.csv").assert_success();
        assert!(growth.html.contains("1,晋安区,18.0%,13.0%") && growth.html.contains("11,永泰县,-6.1%,10.0%"), "{}", growth.html);
        site.get("/export/bulletin/fuzhou-2021.2021-05.e1.cumulative.csv").assert_success();
        let json = site.get("/export/rank/fuzhou-2021.2021-05.investment.growth.json").assert_success();
        let files = site.app.jigai(&["export", "json", "--plan", "fuzhou-2021", "--period", "2021-05"]);
        assert_eq!(json.html.trim(), files.out.trim());
        for wrong in ["bulletin/x.csv", "bulletin/fuzhou-2021.2021-05.e9.table.csv", "bulletin/fuzhou-2021.2021-99.e1.table.csv", "rank/a.b.c.d.e", "what/x.csv"] {
            site.get(&format!("/export/{wrong}")).assert_error(404);
        }
    }
}
