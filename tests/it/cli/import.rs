//! `jigai import plan|returns`: all or nothing, the same twice is nothing, a change needs a reason.

use tests::{TestApp, contract, on_both_databases};

on_both_databases! {
    fn the_same_file_twice_changes_nothing(app: TestApp) {
        app.import_fuzhou();
        let returns = contract("fuzhou-2021.returns.csv");
        app.jigai(&["import", "returns", "--plan", "fuzhou-2021", returns.to_str().unwrap()]).assert_done().says("新报送 0 行，更正 0 行，未变 28 行");
        let plan = contract("fuzhou-2021.plan.toml");
        app.jigai(&["import", "plan", plan.to_str().unwrap()]).assert_done().says("没有改动");
        app.jigai(&["verify"]).assert_done().says("审计记录 2 条").says("报送数据 28 行");
    }

    fn a_changed_figure_needs_a_reason_and_is_a_new_revision(app: TestApp) {
        app.import_fuzhou();
        let line = ["鼓楼区,2021-05,7.20,6.80,,"];
        app.import_lines("c.csv", &line, &[]).assert_refused().says("--reason");
        app.import_lines("c.csv", &line, &["--reason", "统计核增"]).assert_done().says("更正 1 行");
        app.jigai(&["export", "json", "--plan", "fuzhou-2021", "--period", "2021-05"]).assert_done().says("\"value\": \"720000000\"");
        app.jigai(&["verify"]).assert_done().says("报送数据 29 行");
    }

    fn one_wrong_row_and_nothing_is_imported(app: TestApp) {
        app.import_fuzhou();
        let lines = ["鼓楼区,2021-06,9.10,8.20,,", "古楼区,2021-06,1,1,,", "仓山区,2021-06,abc,8.9,,", "仓山区,2021-06,9,8.9,,", "仓山区,2021-06,9.5,8.9,,"];
        let ran = app.import_lines("w.csv", &lines, &[]);
        ran.assert_refused().says(":3: 计划里没有“古楼区”，是否应为“鼓楼区”").says(":4: ").says("“abc”不是数字").says(":6: ").says("已在第 5 行").says("整份没有导入");
        app.jigai(&["verify"]).assert_done().says("报送数据 28 行");
    }

    fn wan_where_yi_is_meant_is_noticed(app: TestApp) {
        app.import_fuzhou();
        let line = ["鼓楼区,2021-06,91000,82000,,"];
        app.import_lines("m.csv", &line, &[]).assert_refused().says("万元").says("--accept scale");
        app.import_lines("m.csv", &line, &["--accept", "scale"]).assert_done().says("新报送 1 行");
    }

    fn a_slip_of_the_first_period_a_fall_and_what_is_negative_wait_for_an_answer(app: TestApp) {
        app.jigai(&["import", "plan", contract("fuzhou-2021.plan.toml").to_str().unwrap()]).assert_done();
        let first = ["仓山区,2021-02,0.00031,0.0003,,", "福清市,2021-02,0.004,0.0036,,"];
        app.import_lines("f.csv", &first, &[]).assert_refused().says(":2: 仓山区1—2月：本期累计0.00031亿元，不到按目标1—2月应完成3.75亿元的1/200").says("--accept scale");
        app.import_lines("m.csv", &["仓山区,2021-03,9,8,,"], &[]).assert_done();
        app.import_lines("n.csv", &["仓山区,2021-04,-7,8,,"], &[]).assert_refused().says("是负数").says("--accept negative").says("小于1—3月累计9.00亿元").says("--accept fall");
        app.import_lines("b.csv", &["仓山区,2021-04,10,-8,,"], &[]).assert_refused().says("去年同期−8.00亿元是负数");
        app.import_lines("b.csv", &["仓山区,2021-02,9.5,5,,"], &["--dry-run"]).assert_refused().says("大于已报的1—3月累计9.00亿元");
        app.jigai(&["verify"]).assert_done().says("报送数据 1 行");
        app.import_lines("n.csv", &["仓山区,2021-04,8,7.5,,"], &["--accept", "negative"]).assert_refused().says("--accept fall");
        app.import_lines("n.csv", &["仓山区,2021-04,8,7.5,,"], &["--accept", "negative,fall"]).assert_done().says("新报送 1 行");
        app.import_lines("r.csv", &["仓山区,2021-05,7.9,7,,"], &["--reason", "统计核减重复项目"]).assert_done().says("新报送 1 行");
        app.jigai(&["verify"]).assert_done().says("报送数据 3 行");
    }

    fn full_width_digits_and_thousands_commas_are_understood(app: TestApp) {
        app.import_fuzhou();
        app.import_lines("f.csv", &["福州市,2021-06,\"1,034.50\",９００．５,,"], &[]).assert_done();
        app.jigai(&["export", "csv", "--plan", "fuzhou-2021", "--period", "2021-06"]).assert_done();
        app.jigai(&["export", "json", "--plan", "fuzhou-2021", "--period", "2021-06"]).says("\"value\": \"103450000000\"").says("\"base\": \"90050000000\"");
    }

    fn lines_are_counted_as_an_editor_counts_them(app: TestApp) {
        app.import_fuzhou();
        let file = app.folder.write("crlf.csv", "region,period,value,base,growth_pct,note\r\n鼓楼区,2021-06,9.1,8.2,,\r\n\r\n仓山区,2021-06,x,8.9,,\r\n");
        app.jigai(&["import", "returns", "--plan", "fuzhou-2021", &file]).assert_refused().says(":4: ");
    }

    fn an_open_quote_swallows_no_rows(app: TestApp) {
        app.import_fuzhou();
        let lines = ["鼓楼区,2021-06,9.1,8.2,,\"完成", "仓山区,2021-06,9,8.9,,"];
        app.import_lines("q.csv", &lines, &[]).assert_refused().says(":2: 这一行的引号没有成对");
        app.import_lines("r.csv", &["鼓楼区,2021-06,\"9\"1,8.2,,"], &[]).assert_refused().says("右引号后面应是逗号");
        app.jigai(&["verify"]).assert_done().says("报送数据 28 行");
    }

    fn a_row_without_figures_changes_nothing_and_is_said(app: TestApp) {
        app.import_fuzhou();
        app.import_lines("b.csv", &["鼓楼区,2021-05,/,—,,"], &["--reason", "x"]).assert_done().says("1 行没有数");
        app.jigai(&["export", "json", "--plan", "fuzhou-2021", "--period", "2021-05"]).says("\"value\": \"710000000\"");
    }

    fn last_years_figure_alone_empties_nothing(app: TestApp) {
        app.import_fuzhou();
        let ran = app.import_lines("b.csv", &["鼓楼区,2021-05,,6.80,,"], &["--reason", "x"]);
        ran.assert_refused().says(":2: 这一行没有累计数，已报的 7.10亿元 会被清空");
    }

    fn the_wrong_month_can_be_corrected_together_with_the_next(app: TestApp) {
        app.import_fuzhou();
        app.import_lines("w.csv", &["台江区,2021-02,70000,1,,"], &["--accept-jumps"]).assert_done();
        app.import_lines("c.csv", &["台江区,2021-02,0.07,0.06,,", "台江区,2021-03,0.10,0.09,,"], &["--reason", "单位填错"]).assert_done().says("更正 1 行");
    }

    fn a_goal_with_figures_keeps_its_kind(app: TestApp) {
        app.import_fuzhou();
        app.import_lines("k.csv", &["福州市,2021-03,30,,,"], &["--goal", "key_projects"]).assert_done();
        let source = std::fs::read_to_string(contract("fuzhou-2021.plan.toml")).unwrap().replacen("kind = \"count\"", "kind = \"ratio\"", 1);
        let file = app.folder.write("k.plan.toml", source);
        app.jigai(&["import", "plan", &file, "--reason", "x"]).assert_refused().says("已有报送数据，不能改变它的类型");
    }

    fn a_plan_revision_needs_a_reason_and_keeps_the_old_version(app: TestApp) {
        app.import_fuzhou();
        let source = std::fs::read_to_string(contract("fuzhou-2021.plan.toml")).unwrap().replace("value = \"21\"", "value = \"22\"");
        let file = app.folder.write("fuzhou-2021.plan.toml", source);
        app.jigai(&["import", "plan", &file]).assert_refused().says("--reason");
        app.jigai(&["import", "plan", &file, "--reason", "市政府调整"]).assert_done().says("第 2 版；旧版保留");
        app.jigai(&["verify"]).assert_done().says("计划 2 版");
        let site = app.serve(&[]);
        site.get("/plans/fuzhou-2021/changes").assert_success().shows("市政府调整").shows("鼓楼区：21亿元、增幅9% → 22亿元、增幅9%");
    }

    // Attack 9: marks that no reader sees made an edition's papers fail for good, and two units of one.
    fn a_plan_with_hidden_characters_is_refused_with_its_lines(app: TestApp) {
        let plan = std::fs::read_to_string(contract("fuzhou-2021.plan.toml")).unwrap();
        for (hidden, said) in [("鼓\\u0000楼区", "U+0000"), ("鼓\u{202e}楼区", "U+202E"), ("鼓\u{200b}楼区", "U+200B")] {
            let file = app.folder.write("hidden.toml", plan.replacen("鼓楼区", hidden, 1));
            app.jigai(&["import", "plan", &file]).assert_refused().says("看不见的字符").says(said).says("第 ");
            app.jigai(&["plan", "check", &file]).assert_refused().says("hidden.toml:33: ").says(said);
        }
        assert!(app.head().is_empty());
        // The radical 鼓.
        let alike = plan.replacen("name = \"台江区\"", "name = \"\u{2fce}楼区\"", 1);
        assert_ne!(alike, plan);
        let file = app.folder.write("alike.toml", alike);
        app.jigai(&["import", "plan", &file]).assert_refused().says("看起来是同一个名称");
        let terminal = app.folder.write("x\u{1b}[2J.toml", "no plan");
        let ran = app.jigai(&["import", "plan", &terminal]);
        assert!(!ran.err.contains('\u{1b}'), "{ran:?}");
    }

    fn an_unknown_plan_names_those_there_are(app: TestApp) {
        app.import_lines("x.csv", &["鼓楼区,2021-06,1,1,,"], &[]).assert_refused().says("还没有计划");
        app.import_fuzhou();
        app.jigai(&["export", "csv", "--plan", "xiamen", "--period", "2021-06"]).assert_refused().says("现有 fuzhou-2021");
    }
}
