//! Which average growth judges a goal, and what a goal is compared with: decided by the office, told to every reader.

use tests::{TestApp, on_both_databases};

const PLAN: &str = r#"
format = 1
id = "growth-2022"
title = "技改三年行动"
region = { code = "350503", name = "丰泽区" }
years = [2022, 2023]

[calendar]
cadence = "quarterly"

[[goal]]
id = "investment"
name = "技改投资"
kind = "amount"
unit = "亿元"
target = "none"

[[goal]]
id = "average"
name = "技改投资年均增速"
kind = "average_growth"
unit = "%"
whole = { from = 2022, to = 2023, value = "20" }
base_year = 2021
average_of = "investment"

[[goal]]
id = "energy"
name = "单位工业增加值能耗"
kind = "ratio"
unit = "吨标准煤/万元"
direction = "at_most"
compared_with = "全市平均水平"

[[goal]]
id = "pioneer"
name = "工业增加值增速"
kind = "growth"
unit = "%"
compared_with = "省内最高增速"

[[goal]]
id = "firms"
name = "实施技改企业"
kind = "count"
unit = "家"
targets = [{ year = 2022, value = "20" }, { year = 2023, value = "25" }]
whole = { from = 2022, to = 2023, value = "45" }
"#;

/// Growths of 21 and 19.5 %: 20.2 by them; 100 to 143 in two years: 19.6 by the amounts.
const FIGURES: &str = "goal,region,period,value,base,growth_pct
investment,丰泽区,2021-12,100,,
investment,丰泽区,2022-12,121,100,21
investment,丰泽区,2023-12,143,121,19.5
energy,丰泽区,2023-12,0.3,,
pioneer,丰泽区,2023-12,,,8.5
firms,丰泽区,2022-12,22,,
firms,丰泽区,2023-12,25,,
";

const PROGRESS: &str = "/progress/growth-2022/2023-12";

on_both_databases! {
    fn an_average_is_chosen_by_name_and_a_reference_stated(app: TestApp) {
        let app = app.at("2024-01-20T09:00:00+08:00");
        let plan = app.folder.write("g.plan.toml", PLAN);
        app.jigai(&["import", "plan", &plan]).assert_done();
        let file = app.folder.write("g.csv", FIGURES);
        app.jigai(&["import", "returns", "--plan", "growth-2022", &file]).assert_done();
        app.administrators();
        let people = [("shenhe", "city_reviewer"), ("fabu", "publisher"), ("lingdao", "leader")];
        let tokens = people.map(|(login, role)| (login, app.appoint_at("丰泽区", login, role, "")));
        let site = app.start(&[]);
        let cookies = tokens.each_ref().map(|(login, token)| site.first_log_in(login, token));
        let [reviewer, publisher, leader] = cookies.each_ref().map(|cookie| site.as_person(cookie));
        // Growths and amounts disagree: nobody judges until somebody chooses.
        let page = reviewer.get(PROGRESS).assert_success();
        page.shows("两者的结论不同，请办公室选定").shows("还没有选定").shows("没有“全市平均水平”的数");
        // Beside the year's 25 the two years' 45: 22 + 25.
        page.shows("实施技改企业：2022—2023年合计目标45家，2022年以来累计47家，完成104.4%");
        let publish = ["bulletin", "publish", "--plan", "growth-2022", "--period", "2023-12"];
        site.app.jigai_as("350503-publisher", &publish).assert_done();
        let e1 = leader.get("/bulletins/growth-2022/2023-12/e1").assert_success();
        e1.shows("请办公室选定").shows("2022年以来累计47家");
        // Outside the office there is nothing to decide.
        leader.get(PROGRESS).assert_success().lacks("由办公室确定");
        assert_eq!(leader.post(PROGRESS, &[("goal", "average"), ("average", "compound"), ("reason", "x"), ("seen", "0")]).status, 403);
        for (average, reason, sentence) in [("", "局务会", "请选定按哪一种算法"), ("compound", "", "理由和依据")] {
            let refused = reviewer.submit(&page, "form.average", &[("average", average), ("reason", reason)]);
            assert_eq!(refused.status, 422);
            refused.shows(sentence);
        }
        let done = reviewer.submit(&page, "form.average", &[("average", "amounts"), ("reason", "区政府2024年第1次常务会议")]);
        assert_eq!(done.status, 303, "{}", done.text());
        let chosen = reviewer.get(PROGRESS).assert_success();
        chosen.shows("技改投资年均增速：按末年与基年的数折算的复合平均判断，丰泽区审核员 shenhe甲于2024年1月20日选定，理由：区政府2024年第1次常务会议");
        chosen.shows("19.6%").shows("未达到").lacks("请办公室选定");
        // From an older page nothing is written over; the same once more is no choice.
        let stale = publisher.submit(&page, "form.average", &[("average", "compound"), ("reason", "x")]);
        assert_eq!(stale.status, 422);
        stale.shows("别人刚选定过算法");
        let same = publisher.submit(&chosen, "form.average", &[("average", "amounts"), ("reason", "x")]);
        assert_eq!(same.status, 422);
        same.shows("现在用的就是这种算法");
        // What is published keeps its words, and who reads it sees no choice that no edition tells.
        leader.get("/bulletins/growth-2022/2023-12/e1").assert_success().shows("请办公室选定").lacks("选定，理由");
        leader.get(PROGRESS).assert_success().shows("请办公室选定").lacks("选定，理由");
        // On the command line: another choice, and how it came about.
        let choose = ["average", "choose", "--plan", "growth-2022", "--goal", "average", "--by", "compound", "--reason", "市局口径"];
        site.app.jigai_as("350503-publisher", &choose).assert_done().says("各年公布增幅的复合平均");
        site.app.jigai_as("350503-publisher", &["average", "choose", "--plan", "growth-2022", "--goal", "firms", "--by", "compound", "--reason", "x"])
            .assert_refused().says("不是年均增速的目标，请写 average");
        site.app.jigai_as("350503-publisher", &["average", "choose", "--plan", "growth-2022", "--goal", "average", "--by", "mean", "--reason", "x"])
            .assert_refused().says("请写 compound、arithmetic、amounts 之一");
        site.app.jigai(&["average", "list", "--plan", "growth-2022"]).assert_done().says("amounts").says("区政府2024年第1次常务会议").says("市局口径");
        // What goals are compared with: stated with source and day, on the page that the progress leads to.
        for (goal, region, field, value) in [("energy", "全市平均水平", "v", "0.35"), ("pioneer", "省内最高增速", "g", "8.1")] {
            let at = format!("/review/growth-2022/2023-12/figures?goal={goal}");
            assert!(chosen.links().contains(&at), "{:?}", chosen.links());
            let form = reviewer.get(&at).assert_success();
            form.shows(&format!("比较对象：{region}"));
            let boxed = format!("{field}.{region}");
            let unsaid = reviewer.submit(&form, "form.bureau", &[(boxed.as_str(), value)]);
            assert_eq!(unsaid.status, 422);
            unsaid.shows("请写明出处");
            let stated = [(boxed.as_str(), value), ("source", "市统计局《统计月报》第12期"), ("dated", "2024-01-18")];
            let done = reviewer.submit(&form, "form.bureau", &stated);
            assert_eq!(done.status, 303, "{}", done.text());
        }
        let page = reviewer.get(PROGRESS).assert_success();
        page.shows("单位工业增加值能耗：与全市平均水平0.35吨标准煤/万元比较，出处：市统计局《统计月报》第12期（2024年1月18日）");
        page.shows("工业增加值增速：与省内最高增速8.1%比较").lacks("无法比较");
        // The next edition tells all of it.
        let corrected = [&publish[..], &["--reason", "选定年均增速的算法，补登比较的数"]].concat();
        site.app.jigai_as("350503-publisher", &corrected).assert_done();
        let e2 = leader.get("/bulletins/growth-2022/2023-12/e2").assert_success();
        e2.shows("按各年公布增幅的复合平均判断").shows("市局口径").shows("与全市平均水平0.35吨标准煤/万元比较").shows("20.2%");
        leader.get(PROGRESS).assert_success().shows("市局口径");
        leader.get("/bulletins/growth-2022/2023-12/e1").assert_success().shows("请办公室选定");
        site.app.jigai(&["verify"]).assert_done();
        site.app.tamper("average_choice", "UPDATE average_choice SET average = 'amounts' WHERE version = 2");
        let altered = site.app.jigai(&["verify"]);
        assert_eq!(altered.code, 1, "{altered:?}");
        altered.says("average_choice growth-2022 average 2");
        site.app.jigai_as("350503-publisher", &corrected).says("核验不通过");
    }
}
