//! `jigai bulletin preview|publish|list`: frozen, and corrected only in the open.

use sha2::{Digest, Sha256};
use tests::{TestApp, on_both_databases};

on_both_databases! {
    fn a_published_edition_never_changes(app: TestApp) {
        app.import_fuzhou();
        app.publish("2021-05", &[]).assert_done().says("第1版");
        app.import_lines("c.csv", &["鼓楼区,2021-05,7.60,6.80,,"], &["--reason", "统计核增"]).assert_done();
        let site = app.serve(&[]);
        let first = site.get("/export/bulletin/fuzhou-2021.2021-05.e1.table.json").assert_success();
        assert!(first.html.contains("710000000") && !first.html.contains("760000000"));
        let hash = hex::encode(Sha256::digest(first.html.as_bytes()));
        site.app.jigai(&["bulletin", "list"]).assert_done().says(&hash);
        site.get("/bulletins/fuzhou-2021/2021-05").assert_success().shows(&hash);
    }

    fn a_correction_is_a_new_edition_that_names_the_old_one(app: TestApp) {
        app.import_fuzhou();
        app.publish("2021-05", &[]).assert_done();
        app.publish("2021-05", &["--reason", "再发一次"]).assert_refused().says("不用再发布");
        app.import_lines("c.csv", &["鼓楼区,2021-05,7.60,6.80,,"], &["--reason", "统计核增"]).assert_done();
        app.publish("2021-05", &[]).assert_refused().says("--reason");
        let ran = app.publish("2021-05", &["--reason", "鼓楼区统计核增"]);
        ran.assert_done().says("第2版").says("更正第1版").says("鼓楼区 累计完成：7.10亿元 → 7.60亿元").says("鼓楼区 位次：10 → 7");
        app.jigai(&["verify"]).assert_done().says("通报 2 版");
        let site = app.serve(&[]);
        site.get("/bulletins/fuzhou-2021/2021-05").assert_success().shows("本版更正第1版").shows("鼓楼区统计核增").shows("7.60亿元");
        site.get("/bulletins/fuzhou-2021/2021-05/e1").assert_success().shows("本版已由第2版更正").shows("7.10");
    }

    fn a_correction_too_small_to_print_is_still_one(app: TestApp) {
        app.import_fuzhou();
        app.import_lines("g.csv", &["连江县,2021-06,,,16.01,"], &[]).assert_done();
        app.publish("2021-06", &[]).assert_done();
        app.import_lines("h.csv", &["连江县,2021-06,,,16.04,"], &["--reason", "统计更正"]).assert_done();
        app.publish("2021-06", &["--reason", "统计更正"]).assert_done().says("连江县 同比增长：16.01% → 16.04%");
    }

    fn awards_the_plan_keeps_back_are_in_no_file(app: TestApp) {
        app.import_fuzhou();
        app.publish("2021-05", &[]).assert_done();
        let site = app.serve(&[]);
        for file in ["table.csv", "table.json", "growth.csv"] {
            site.get(&format!("/export/bulletin/fuzhou-2021.2021-05.e1.{file}")).assert_success().lacks("-0.3");
        }
    }

    fn a_total_just_short_of_its_target_is_not_printed_as_reached(app: TestApp) {
        app.import_fuzhou();
        app.import_lines("t.csv", &["福州市,2021-11,1119.9999,1000,,"], &[]).assert_done();
        let ran = app.jigai(&["bulletin", "preview", "--plan", "fuzhou-2021", "--period", "2021-11"]);
        ran.assert_done().says("完成年度目标的99.99999%").says("距年度目标还差0.0001亿元");
    }

    fn nothing_reported_is_nothing_to_publish(app: TestApp) {
        app.import_fuzhou();
        app.publish("2021-06", &[]).assert_refused().says("还没有任何单位报送");
        app.publish("2021-13", &[]).assert_refused().says("不是有效的期间");
        app.jigai(&["bulletin", "list"]).assert_done().says("还没有发布过通报");
    }

    fn the_preview_reads_as_a_bulletin_and_saves_nothing(app: TestApp) {
        app.import_fuzhou();
        let ran = app.jigai(&["bulletin", "preview", "--plan", "fuzhou-2021", "--period", "2021-05"]);
        ran.assert_done()
            .says("1—5月，全市累计完成工业技改投资410.20亿元，完成年度目标的36.6%，慢于序时进度5.04个百分点；同比增长13.2%，高于年度增幅目标1.2个百分点。")
            .says("增幅居前三位的依次为晋安区（增长18.0%）、罗源县（增长16.2%）、闽侯县（增长14.4%）；居后三位的依次为马尾区（增长6.0%）、鼓楼区（增长4.4%）、永泰县（下降6.1%）。")
            .says("距年度目标还差709.80亿元，后7个月月均需完成101.40亿元");
        app.jigai(&["verify"]).assert_done().says("通报 0 版");
    }
}
