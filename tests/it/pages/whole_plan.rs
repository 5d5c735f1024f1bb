//! All goals of a plan: from a file of figures to the reader of the bulletin, of its files and of `/progress`.

use std::io::Cursor;

use calamine::{DataType, Reader, Xlsx};
use tests::{TestApp, on_both_databases, root};

const PLAN: &str = "fengze-2022";
const MARCH: [&str; 6] = [
    "upgrading_projects,丰泽区,2022-03,3,2,",
    "digital_lines,丰泽区,2022-03,0,,",
    "cloud_enterprises,丰泽区,2022-03,20,,",
    "industrial_software,丰泽区,2021-12,1,,",
    "industrial_software,丰泽区,2022-03,0,,",
    "energy_saving_projects,丰泽区,2022-03,1,,",
];

/// 丰泽's plan and these figures, in the first quarter's last days.
fn fengze(app: TestApp, lines: &[&str]) -> TestApp {
    let app = app.at("2022-03-29T09:00:00+08:00");
    let plan = root().join("assets/plans/fengze-2022.plan.toml");
    app.jigai(&["import", "plan", &plan.display().to_string()]).assert_done();
    figures(&app, lines, &[]);
    app
}

fn figures(app: &TestApp, lines: &[&str], options: &[&str]) {
    let text = format!("goal,region,period,value,base,growth_pct\n{}\n", lines.join("\n"));
    let folder = tests::Folder::new();
    let file = folder.write("r.csv", text);
    app.jigai(&[&["import", "returns", "--plan", PLAN, &file], options].concat()).assert_done();
}

fn publish(app: &TestApp, options: &[&str]) {
    app.jigai(&[&["bulletin", "publish", "--plan", PLAN, "--period", "2022-03"], options].concat()).assert_done();
}

/// Two streets that report texts of one goal and figures of another, and a yearly one.
pub(super) const STREETS: &str = r#"
format = 1
id = "streets-2022"
title = "绿色数字技改专项行动方案"
region = { code = "350503", name = "丰泽区" }
years = [2022, 2022]

[calendar]
cadence = "quarterly"
deadline = { day = 25, of = "last_month_of_period" }
final = { month = 1, day = 15 }

[[rhythm]]
id = "year"
cadence = "yearly"

[[unit]]
id = "350503001"
name = "东湖街道"
sort = "street"

[[unit]]
id = "350503002"
name = "丰泽街道"
sort = "street"

[[goal]]
id = "lines"
name = "数字化生产线"
kind = "count"
unit = "条"
section = "二、（二）数字化工程"
targets = [{ year = 2022, value = "4" }]
duties = ["sort:street"]

[[goal]]
id = "software"
name = "工业软件"
kind = "count"
unit = "个"
section = "二、（三）平台工程"
targets = [{ year = 2022, value = "1" }]
duties = ["sort:street"]
what = "text"

[[goal]]
id = "cloud"
name = "企业上云"
kind = "count"
unit = "家"
section = "二、（三）平台工程"
targets = [{ year = 2022, value = "20" }]
duties = ["sort:street"]
what = "text"

[[goal]]
id = "energy"
name = "单位能耗"
kind = "ratio"
unit = "%"
direction = "at_most"
targets = [{ year = 2022, value = "3" }]
rhythm = "year"
duties = ["sort:street"]
"#;

on_both_databases! {
    fn streets_report_by_task_and_the_office_reads_by_task(app: TestApp) {
        let app = app.at("2022-03-20T09:00:00+08:00");
        let folder = tests::Folder::new();
        app.jigai(&["import", "plan", &folder.write("s.plan.toml", STREETS)]).assert_done();
        app.administrators();
        let appointed = [("donghu", "county_reporter", "350503001"), ("donghu.sh", "county_approver", "350503001"), ("shenhe", "city_reviewer", "")];
        let people = appointed.map(|(login, role, unit)| (login, app.appoint_at("丰泽区", login, role, unit)));
        let site = app.start(&[]);
        let cookies = people.each_ref().map(|(login, token)| site.first_log_in(login, token));
        let [reporter, approver, reviewer] = cookies.each_ref().map(|cookie| site.as_person(cookie));
        let form = reporter.get("/report/streets-2022/2022-03/350503001").assert_success();
        // What is due this quarter, and nothing else: no yearly figure; each task with its own four texts.
        assert!(form.html.contains("c.lines/350503001/value") && !form.html.contains("c.energy/"), "{}", form.text());
        form.shows("工业软件").shows("企业上云").shows("二、（三）平台工程");
        let typed = [
            ("c.lines/350503001/value", "1"),
            ("c.text/software/progress", "一款工业软件已立项"),
            ("c.text/cloud/problems", "两家企业缺少上云资金"),
            ("then", "save"),
        ];
        let saved = reporter.submit(&form, "#entry", &typed);
        assert_eq!(saved.status, 303, "{}", saved.text());
        let check = reporter.get("/report/streets-2022/2022-03/350503001/check").assert_success();
        check.shows("一款工业软件已立项").shows("两家企业缺少上云资金");
        // What is not handed in the office does not see.
        reviewer.get("/review/streets-2022/2022-03/texts").assert_success().lacks("一款工业软件").shows("还没有提交的2个单位");
        assert_eq!(reporter.submit(&check, "form.submit", &[("tick", "on")]).status, 303);
        let page = approver.get("/report/streets-2022/2022-03/350503001").assert_success();
        assert_eq!(approver.submit(&page, "form.step:has(input[value=sign_off])", &[]).status, 303);
        let texts = reviewer.get("/review/streets-2022/2022-03/texts").assert_success();
        texts.shows("一款工业软件已立项").shows("两家企业缺少上云资金").shows("还没有提交的1个单位：丰泽街道");
        // A street reads no other's texts.
        assert_ne!(reporter.get("/review/streets-2022/2022-03/texts").status, 200);
        let page = reviewer.get("/report/streets-2022/2022-03/350503001").assert_success();
        assert_eq!(reviewer.submit(&page, "form.step:has(input[value=approve])", &[]).status, 303);
        let progress = reviewer.get("/progress/streets-2022/2022-03").assert_success();
        assert_eq!(progress.all("#goal-lines td").join(" "), "2022年3月 4条 1条 25.0 25.0 0.0 — ● 达到序时");
        assert_eq!(progress.all("#goal-energy td").join(" "), "— 3%以下 — — — — — — 未到期", "{}", progress.text());
        site.app.jigai(&["verify"]).assert_done();
    }

    fn a_quarter_of_ten_goals_reaches_a_visitor(app: TestApp) {
        let app = fengze(app, &MARCH);
        publish(&app, &[]);
        let site = app.serve(&[]);
        let page = site.get("/bulletins/fengze-2022/2022-03").assert_success();
        page.shows("丰泽区绿色数字技改专项行动方案进展通报").shows("2022年一季度丰泽区绿色数字技改专项行动方案进展情况");
        for sentence in ["目标中，", "完成1项", "达到序时", "未报"] {
            page.shows(sentence);
        }
        // A plan without counties speaks of none.
        page.lacks("各县").lacks("0个单位").lacks("排位");
        let lines = page.all(".all-goals tr[id] th");
        assert!(lines.len() >= 10, "{lines:?}");
        let row = |goal: &str| page.all(&format!("#goal-{goal} td")).join(" ");
        assert_eq!(row("upgrading_projects"), "2022年3月 12项 3项 25.0 25.0 0.0 50.0 ● 达到序时");
        assert_eq!(row("cloud_enterprises"), "2022年3月 20家 20家 100.0 25.0 75.0 — ● 已达到");
        // The value of the span beside the target of the span.
        assert_eq!(row("industrial_software"), "2022年3月 3个（2021—2023年） 1个 33.3 41.7 −8.3 — ■ 滞后");
        // Every file carries them.
        let csv = site.get("/export/bulletin/fengze-2022.2022-03.e1.goals.csv").assert_success();
        assert!(csv.html.contains("工业软件,2022年3月,3个（2021—2023年）,1个,33.3,41.7,-8.3,—,滞后"), "{}", csv.html);
        let content: serde_json::Value =
            serde_json::from_str(&site.get("/export/bulletin/fengze-2022.2022-03.e1.table.json").assert_success().html).unwrap();
        assert_eq!((&content["format"], content["overview"]["goals"].as_array().unwrap().len()), (&2.into(), lines.len()));
        let file = site.get("/export/bulletin/fengze-2022.2022-03.e1.table.xlsx").assert_success();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file.bytes)).unwrap();
        assert_eq!(book.sheet_names(), ["各项目标", "限时任务", "说明", "报送格式"]);
        let sheet = book.worksheet_range("各项目标").unwrap();
        assert!(sheet.rows().any(|row| row.iter().any(|cell| cell.get_string() == Some("3个（2021—2023年）"))));
        let progress = site.get("/progress/fengze-2022/2022-03").assert_success();
        progress.shows("已发布的通报");
        assert_eq!(progress.all(".all-goals tr[id] th").len(), lines.len());
        let lagging = site.get("/progress/fengze-2022/2022-03?first=lagging").assert_success();
        assert_eq!(lagging.all(".all-goals tr[id] th").first().map(String::as_str), Some("数字化生产线"), "{}", lagging.text());
        site.get("/progress/fengze-2022/2022-02").assert_error(400).shows("请写 2022-03");
        site.get("/progress/fengze-2022/2022-06").assert_success().shows("尚未发布通报");
        site.app.jigai(&["verify"]).assert_done();
    }

    fn a_correction_lists_the_goals_it_changes(app: TestApp) {
        let app = fengze(app, &MARCH);
        publish(&app, &[]);
        figures(&app, &["cloud_enterprises,丰泽区,2022-03,19,,"], &["--reason", "一家重复计入"]);
        app.jigai(&["bulletin", "publish", "--plan", PLAN, "--period", "2022-03"]).says("再发布就是更正");
        publish(&app, &["--reason", "一家重复计入"]);
        let site = app.serve(&[]);
        let page = site.get("/bulletins/fengze-2022/2022-03").assert_success();
        let changes = page.all("table.changes tbody tr");
        assert!(changes.iter().any(|line| line == "企业上云上平台完成20家19家"), "{changes:?}");
        assert!(changes.iter().any(|line| line.starts_with("企业上云上平台结论已达到")), "{changes:?}");
        site.get("/bulletins/fengze-2022/2022-03/e1").assert_success().shows("20家");
    }

    // What was published when a bulletin told one goal is corrected in that form.
    fn a_correction_has_the_form_of_the_edition_it_corrects(app: TestApp) {
        app.restore_released("schema-7");
        app.jigai(&["migrate"]).assert_done();
        let app = app.at("2021-09-01T09:00:00+08:00");
        let folder = tests::Folder::new();
        let file = folder.write("r.csv", "region,period,value,base\n福州市,2021-07,700,600\n");
        let import = ["import", "returns", "--plan", "fuzhou-2021", &file, "--reason", "总数更正"];
        app.jigai_as("350100-city-reviewer", &import).assert_done();
        let publish = ["bulletin", "publish", "--plan", "fuzhou-2021", "--period", "2021-07", "--reason", "总数更正"];
        app.jigai_as("350100-publisher", &publish).assert_done();
        let office = ["user", "policy", "public_reading", "open"];
        app.jigai_as("system-security-admin", &office).assert_done();
        let formats = app.query("SELECT content FROM edition WHERE plan_id = 'fuzhou-2021' AND month = 7");
        assert_eq!(formats.len(), 2);
        assert!(formats.iter().all(|content| content.contains("\"format\":1") && !content.contains("\"overview\"")));
        let page = app.start(&[]).get("/progress/fuzhou-2021/2021-07").assert_success();
        page.shows("2021年1—7月的通报只列了工业技改投资，没有列出全部目标").lacks("尚未发布");
    }
}
