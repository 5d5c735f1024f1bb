//! `/rank/{plan}/{period}`.

use tests::{TestApp, on_both_databases};

on_both_databases! {
    fn best_first_by_growth_completion_or_value(app: TestApp) {
        app.import_fuzhou();
        let site = app.serve_for_office();
        let first = |path: &str| site.get(path).assert_success().all("table.ranking tbody th")[0].clone();
        assert_eq!(first("/rank/fuzhou-2021/2021-05"), "晋安区");
        assert_eq!(first("/rank/fuzhou-2021/2021-05?by=completion"), "晋安区");
        assert_eq!(first("/rank/fuzhou-2021/2021-05?by=value&goal=investment"), "福清市");
        site.get("/rank/fuzhou-2021/2021-05").shows("台江区：没有目标，不排位").shows("高新区：含在所属县（市）区内");
        // Unpublished figures are nobody's to keep.
        assert_eq!(site.get("/rank/fuzhou-2021/2021-05").header("cache-control"), "no-store");
    }

    fn wrong_choices_get_a_sentence(app: TestApp) {
        app.import_fuzhou();
        let site = app.serve_for_office();
        site.get("/rank/fuzhou-2021/2021-05?by=luck").assert_error(400).shows("growth、completion 或 value");
        site.get("/rank/fuzhou-2021/2021-05?goal=x").assert_error(400).shows("没有分解到单位的目标");
        site.get("/rank/fuzhou-2021/2021-01").assert_error(400).shows("请写 2021-02");
        site.get("/rank/nowhere/2021-05").assert_error(404).shows("没有计划“nowhere”");
    }
}
