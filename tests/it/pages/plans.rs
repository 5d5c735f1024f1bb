//! `/plans…`.

use tests::{TestApp, on_both_databases};

on_both_databases! {
    fn a_plan_shows_its_targets_rule_and_what_does_not_agree(app: TestApp) {
        app.import_fuzhou();
        let site = app.serve(&[]);
        site.get("/plans").assert_success().shows("2021年实施“数字·绿色”技术改造专项行动方案").shows("第 1 版");
        let page = site.get("/plans/fuzhou-2021").assert_success();
        page.shows("分项目标合计 1121.00亿元").shows("完成目标且增幅居前3位：+0.3、+0.2、+0.1 分").shows("遇休息日顺延");
        page.shows("1120亿元以上，增长12%");
        site.get("/plans/fuzhou-2021/changes").assert_success().shows("首次导入");
    }
}
