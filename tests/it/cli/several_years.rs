//! A target over several years, from the plan file to the sentence.

use tests::{TestApp, on_both_databases};

const PLAN: &str = r#"format = 1
id = "several"
title = "三年行动"
region = { name = "某市" }
years = [2021, 2023]
[[goal]]
id = "g"
name = "投资"
kind = "amount"
unit = "亿元"
whole = { from = 2021, to = 2023, value = "90" }
"#;

on_both_databases! {
    fn what_is_left_is_left_of_the_whole(app: TestApp) {
        app.jigai(&["import", "plan", &app.folder.write("several.plan.toml", PLAN)]).assert_done();
        let file = app.folder.write("w.csv", "region,period,value,base,growth_pct,note\n某市,2021-12,41,,,\n某市,2022-06,26,20,,\n");
        app.jigai(&["import", "returns", "--plan", "several", &file]).assert_done();
        let ran = app.jigai(&["bulletin", "preview", "--plan", "several", "--period", "2022-06"]);
        // 41 + 26 of 90; half of the span has passed.
        ran.assert_done().says("完成2021—2023年目标的74.4%，快于序时进度24.4个百分点").says("距2021—2023年目标还差23.00亿元。");
    }
}
