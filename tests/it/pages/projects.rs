//! 项目库: the office takes its list from its workbook, a county reports its projects, laggards are found by rules with
//! their words, a meeting gives them owners and days.

use tests::{Folder, Office, Page, TestApp, on_both_databases};

const PLAN: &str = r#"
format = 1
id = "p"
title = "技改重点项目"
region = { code = "350100", name = "福州市" }
years = [2021, 2022]
[calendar]
cadence = "monthly"
deadline = { day = 5, of = "next_month" }
[[rhythm]]
id = "projects"
cadence = "monthly"
deadline = { day = 8, of = "next_month" }
[[goal]]
id = "investment"
name = "技改投资"
kind = "amount"
unit = "亿元"
targets = [{ year = 2021, value = "30" }]
[[goal.split]]
region = "350181"
name = "福清市"
targets = [{ year = 2021, value = "20" }]
[[goal.split]]
region = "350112"
name = "长乐区"
targets = [{ year = 2021, value = "10" }]
[[project_level]]
name = "市"
min_total = "500万元"
[[project_level]]
name = "省"
min_total = "1亿元"
[[project_rule]]
test = "start_overdue"
from = 1
gives = "yellow"
words = "到期没有开工"
clause = "四（二）"
[[project_rule]]
test = "pace_share"
below = "60"
gives = "red"
words = "完成不到序时进度的六成"
"#;

/// As offices keep it: a title, the unit of money at the right, groups with their sums.
const LIST: &str = "\
附件3 福州市2021年重点技改项目明细表,,,,,,,,,,,
,,,,,,,,,,,单位：万元
序号,项目名称,项目业主,建设性质,建设内容及规模,计划开工时间,总投资,2021年计划投资,形象进度目标,挂钩领导,年度类别,改造方向
,合计（3个）,,,,,180000,60000,,,,
,一、福清市（2个）,,,,,150000,50000,,,,
1,玻璃智能化改造,某集团,扩建,三条生产线,2020年3月,100000,40000,设备进场,linwei甲,续建,智能化
2,数字车间,某公司,新建,数字车间,2021年4月,50000,10000,主体封顶,王敏,新开工,智能化
,二、长乐区（1个）,,,,,30000,10000,,,,
3,合纤技改,某纤维,扩建,,2021.6,30000,10000,投产,王敏,新开工,绿色化
";

const PEOPLE: [(&str, &str, &str); 7] = [
    ("shenhe", "city_reviewer", ""),
    ("bao", "county_reporter", "福清市"),
    ("hao", "county_approver", "福清市"),
    ("chang", "county_reporter", "长乐区"),
    ("linwei", "official", ""),
    ("lingdao", "leader", ""),
    ("fabu", "publisher", ""),
];

fn open(app: TestApp, at: &str) -> Office {
    Office::of(app.at(at), PLAN, "福州市", &PEOPLE)
}

fn upload(office: &Office, text: &str, fields: &[(&str, &str)]) -> Page {
    office.upload("/projects/p/import/upload", text, fields)
}

fn done(answer: &Page) {
    assert_eq!(answer.status, 303, "{}: {}", answer.path, answer.text());
}

on_both_databases! {
    fn a_month_of_projects(app: TestApp) {
        let office = open(app, "2021-06-03T09:00:00+08:00");
        let [reviewer, reporter, approver] = ["shenhe", "bao", "hao"].map(|login| office.person(login));
        reviewer.get("/projects/p").assert_success().shows("2021年还没有列入项目");
        // The office's own list: read, doubted, confirmed.
        let list = LIST.replace(",30000,10000,投产", ",31000,10000,投产");
        let preview = upload(&office, &list, &[("year", "2021")]);
        preview.shows("合计 30,000万元 与各项目相加 31,000万元 不符").shows("还不能导入");
        let preview = upload(&office, LIST, &[("year", "2021")]).assert_success();
        preview.shows("将新增 3 个项目，改动 0 个，未变 0 个").shows("玻璃智能化改造").shows("年计划投资：40000");
        done(&reviewer.submit(&preview, "#import-form", &[("then", "confirm")]));
        let page = reviewer.get("/projects/p?period=2021-05").assert_success();
        page.shows("3个").shows("180,000").shows("到期没有开工");
        let page = reviewer.get("/projects/p?period=2021-05&direction=%E7%BB%BF%E8%89%B2%E5%8C%96").assert_success();
        page.shows("合纤技改").lacks("数字车间").shows("30,000");
        // Once more: nothing changes.
        let preview = upload(&office, LIST, &[("year", "2021")]);
        preview.shows("将新增 0 个项目，改动 0 个，未变 3 个");
        // A county reports its own, beside its figure and by its own deadline.
        let sheet = "/report/p/2021-05.projects/350181";
        let home = reporter.get("/").assert_success();
        assert!(home.links().contains(&sheet.to_owned()), "{}", home.text());
        reporter.get("/report/p/2021-05/350181").assert_success().lacks("数字车间");
        let form = reporter.get(sheet).assert_success();
        form.shows("玻璃智能化改造").shows("数字车间").lacks("合纤技改");
        let cells = [
            ("c.project/2021-001/this_year", "17000"),
            ("c.project/2021-001/since_start", "3.7亿"),
            ("c.project/2021-001/progress", "厂房封顶，设备进场"),
            ("c.project/2021-001/start", "2020年3月"),
            ("c.project/2021-002/this_year", "一千"),
            ("c.project/2021-002/problem", "用地没有批下来"),
            ("c.project/2021-002/start", "2021-07"),
        ];
        let saved = reporter.submit(&form, "#entry", &[&cells[..], &[("then", "save")]].concat());
        done(&saved);
        let check = reporter.get(&format!("{sheet}/check")).assert_success();
        check.shows("还不能提交").shows("数字车间：本年累计完成投资").shows("实际日期不能晚于5月");
        let form = reporter.get(sheet).assert_success();
        let cells = [("c.project/2021-002/this_year", "1000"), ("c.project/2021-002/start", "")];
        done(&reporter.submit(&form, "#entry", &[&cells[..], &[("then", "save")]].concat()));
        let check = reporter.get(&format!("{sheet}/check")).assert_success();
        check.shows("有完成投资但没有开工日期").shows("本年累计合计18,000万元");
        done(&reporter.submit(&check, "form.submit", &[("tick", "on")]));
        reporter.get(&format!("{sheet}/receipt")).assert_success().shows("202105.projects-350181-1");
        let page = approver.get(sheet).assert_success();
        done(&approver.submit(&page, "form.step:has(input[value=sign_off])", &[]));
        // The office asks about one line; the county answers it.
        let page = reviewer.get("/review/p/2021-05.projects/350181").assert_success();
        page.shows("用地没有批下来").shows("37000");
        let back = [("reason", "请核对"), ("q.project/line/2021-002", "没有开工怎么有投资")];
        done(&reviewer.submit(&page, "form:has(input[value=send_back_to_county])", &back));
        let form = reporter.get(sheet).assert_success();
        form.shows("没有开工怎么有投资");
        reporter.get(&format!("{sheet}/check")).assert_success().shows("请答复办公室的疑问");
        let cells = [("c.project/2021-002/reply", "已开工，补填日期"), ("c.project/2021-002/start", "2021-05-20")];
        done(&reporter.submit(&form, "#entry", &[&cells[..], &[("then", "save")]].concat()));
        let check = reporter.get(&format!("{sheet}/check")).assert_success();
        done(&reporter.submit(&check, "form.submit", &[("tick", "on")]));
        for (person, step) in [(&approver, "sign_off"), (&reviewer, "approve")] {
            let page = person.get(sheet).assert_success();
            done(&person.submit(&page, &format!("form.step:has(input[value={step}])"), &[]));
        }
        // It counts: completion, lamps, sums that follow the filter.
        let page = reviewer.get("/projects/p?period=2021-05&unit=350181").assert_success();
        page.shows("2个").shows("18,000（36.0%）").shows("完成不到序时进度的六成").lacks("合纤技改");
        reviewer.get("/projects/p/2021-001?period=2021-05").assert_success().shows("厂房封顶，设备进场").shows("省级项目库");
        let lag = reviewer.get("/projects/p/lag?period=2021-05").assert_success();
        lag.shows("共1个项目滞后").shows("数字车间").shows("用地没有批下来").shows("还没有交办");
        // What is in force is corrected as a figure is: asked for, allowed, reported again, approved.
        let page = reporter.get(sheet).assert_success();
        let same = reporter.submit(&page, "form.ask", &[("reason", "核对台账")]);
        assert_eq!(same.status, 422);
        same.shows("没有改动任何数");
        let wrong = [("reason", "多报一笔"), ("c.project/2021-002/this_year", "九百")];
        assert_eq!(reporter.submit(&page, "form.ask", &wrong).status, 422);
        let ask = [("reason", "多报一笔"), ("c.project/2021-002/this_year", "900")];
        done(&reporter.submit(&page, "form.ask", &ask));
        let page = reviewer.get("/review/p/2021-05.projects/350181").assert_success();
        page.shows("数字车间本年累计完成投资报的是1000万元，应为900万元");
        done(&reviewer.submit(&page, "form.answer", &[("step", "allow_correction"), ("reason", "同意")]));
        reviewer.get("/projects/p?period=2021-05&unit=350181").assert_success().shows("18,000（36.0%）");
        let check = reporter.get(&format!("{sheet}/check")).assert_success();
        done(&reporter.submit(&check, "form.submit", &[("tick", "on")]));
        for (person, step) in [(&approver, "sign_off"), (&reviewer, "approve")] {
            let page = person.get(sheet).assert_success();
            done(&person.submit(&page, &format!("form.step:has(input[value={step}])"), &[]));
        }
        reviewer.get("/projects/p?period=2021-05&unit=350181").assert_success().shows("17,900（35.8%）");
        reporter.get(&format!("{sheet}/history")).assert_success().shows("数字车间");
        // An approval that is taken back within its seconds brings back what stood there.
        let page = reviewer.get("/review/p/2021-05.projects/350181").assert_success();
        done(&reviewer.submit(&page, "form.undo", &[]));
        reviewer.get("/projects/p?period=2021-05&unit=350181").assert_success().shows("18,000（36.0%）");
        // The county's figure is its own return: nothing of it moved.
        reviewer.get("/review/p/2021-05").assert_success().lacks("已通过");
        office.site.app.jigai(&["verify"]).assert_done();
    }

    fn a_meeting_gives_owners_and_days(app: TestApp) {
        let office = open(app, "2021-06-10T09:00:00+08:00");
        let [reviewer, reporter, other, official, leader] =
            ["shenhe", "bao", "chang", "linwei", "lingdao"].map(|login| office.person(login));
        let preview = upload(&office, LIST, &[("year", "2021")]).assert_success();
        done(&reviewer.submit(&preview, "#import-form", &[("then", "confirm")]));
        let page = reviewer.get("/meetings/p?period=2021-05").assert_success();
        let wrong = reviewer.submit(&page, "#hold form", &[("who", ""), ("words.0", "解决用地")]);
        assert_eq!(wrong.status, 422);
        wrong.shows("请写明参加人").lacks("请选会上研究的项目").shows("请写明由谁办理").shows("请写明完成时限").shows("解决用地");
        let decided = [
            ("who", "王副市长、市工信局"),
            ("projects", "2021-002"),
            ("words.0", "解决用地指标"),
            ("project.0", "2021-002"),
            ("kind.0", "用地"),
            ("owner.0", "福清市"),
            ("due.0", "6月30日"),
        ];
        done(&reviewer.submit(&page, "#hold form", &decided));
        reviewer.get("/projects/p/lag?period=2021-05").assert_success().shows("由福清市办理，2021年6月30日前：解决用地指标");
        // The owner's first page has it; another county's has not, and knows nothing of the project.
        reporter.get("/").assert_success().shows("交办事项没有办结的1件");
        other.get("/").assert_success().lacks("交办事项");
        other.get("/projects/p").assert_success().shows("合纤技改").lacks("数字车间");
        assert_eq!(other.get("/projects/p/2021-002").status, 404);
        // An official sees his own, and writes a visit; a leader sees all.
        official.get("/projects/p").assert_success().shows("玻璃智能化改造").lacks("数字车间");
        assert_eq!(official.get("/projects/p/2021-002").status, 404);
        let own = official.get("/projects/p/2021-001").assert_success();
        let visit = [("day", "6月9日"), ("found", "设备到货推迟"), ("promised", "协调海关")];
        done(&official.submit(&own, "form[action$='/visit']", &visit));
        reviewer.get("/projects/p/2021-001").assert_success().shows("2021年6月9日").shows("设备到货推迟");
        // A project that names his post is his, and whoever follows him has it then.
        let form = reviewer.get("/projects/p/2021-003").assert_success();
        let paired = [("p.official", "福州市挂钩领导"), ("reason", "按岗位挂钩")];
        done(&reviewer.submit(&form, "form:has(#edit-reason)", &paired));
        official.get("/projects/p").assert_success().shows("合纤技改").lacks("数字车间");
        official.get("/projects/p/2021-003").assert_success().shows("福州市挂钩领导现由linwei甲担任");
        leader.get("/projects/p").assert_success().shows("合纤技改").shows("数字车间");
        // Overdue, then solved by its owner.
        let office = office.site.stop().at("2021-07-03T09:00:00+08:00").start(&[]);
        let reporter = office.as_person(&office.log_in("bao", tests::PASSWORD));
        let page = reporter.get("/projects/p/matters").assert_success();
        page.shows("没有办结的1件，其中逾期1件").shows("逾期3天");
        // What the county cannot solve it passes upwards, with its reason.
        let up = [("to", "省级"), ("reason", "用地指标要省里批")];
        done(&reporter.submit(&page, "form:has(input[value=escalate])", &up));
        let page = reporter.get("/projects/p/matters").assert_success();
        page.shows("已提请省级协调");
        let solve = [("day", "7月2日"), ("how", "省里已批复")];
        done(&reporter.submit(&page, "form:has(input[value=solve])", &solve));
        reporter.get("/projects/p/matters").assert_success().shows("没有办结的0件");
        reporter.get("/projects/p/matters?all=1").assert_success().shows("2021年7月2日已办结：省里已批复");
        office.app.jigai(&["verify"]).assert_done();
    }

    // 季调度, 协商议事, 联席会议: about no single project, with who does what by when.
    fn a_meeting_about_the_whole_plan(app: TestApp) {
        let office = open(app, "2021-07-12T09:00:00+08:00");
        let [reviewer, reporter, other, leader] = ["shenhe", "bao", "chang", "lingdao"].map(|login| office.person(login));
        reviewer.get("/plans/p").assert_success().shows("会诊和调度会");
        let page = reviewer.get("/meetings/p").assert_success();
        let held = [("kind", "二季度调度会"), ("day", "7月9日"), ("who", "领导小组各成员单位")];
        let nothing = reviewer.submit(&page, "#hold form", &held);
        assert_eq!(nothing.status, 422);
        nothing.shows("没有研究具体项目的，请写会议情况或会上的决定");
        assert!(nothing.html.contains("value=\"二季度调度会\""), "what was typed is kept");
        let of_a_project = [&held[..], &[
            ("words.0", "报送清单"),
            ("project.0", "2021-009"),
            ("owner.0", "福清市"),
            ("due.0", "7月31日"),
        ]].concat();
        reviewer.submit(&page, "#hold form", &of_a_project).shows("“报送清单”说的项目 2021-009 不在会上研究的项目里");
        let decided = [&held[..], &[
            ("words", "通报上半年进度"),
            ("words.0", "报送下半年新开工项目清单"),
            ("owner.0", "福清市"),
            ("due.0", "7月11日"),
            ("words.1", "制定用电保障办法"),
            ("kind.1", "用电"),
            ("owner.1", "市供电公司"),
            ("due.1", "8月31日"),
        ]].concat();
        done(&reviewer.submit(&page, "#hold form", &decided));
        let page = leader.get("/meetings/p").assert_success();
        page.shows("2021年7月9日 二季度调度会").shows("通报上半年进度").lacks("研究项目");
        page.shows("报送下半年新开工项目清单 福清市 应于2021年7月11日前办结，逾期1天").shows("制定用电保障办法 市供电公司");
        // Whoever carries a decision out sees the meeting and what falls to him; others see neither.
        reporter.get("/").assert_success().shows("交办事项没有办结的1件，其中逾期1件");
        reporter.get("/meetings/p").assert_success().shows("二季度调度会").shows("清单").lacks("市供电公司");
        other.get("/").assert_success().lacks("交办事项");
        other.get("/meetings/p").assert_success().lacks("二季度调度会").shows("还没有登记");
        let page = reporter.get("/projects/p/matters").assert_success();
        let solve = [("day", "7月12日"), ("how", "清单已报")];
        done(&reporter.submit(&page, "form:has(input[value=solve])", &solve));
        leader.get("/meetings/p").assert_success().shows("2021年7月12日已办结：清单已报");
        reviewer.get("/").assert_success().shows("交办事项没有办结的1件");
        // A meeting without a decision is told in its words.
        let page = reviewer.get("/meetings/p").assert_success();
        let heard = [("kind", "现场经验交流会"), ("who", "各县（市）区"), ("words", "到福清市看现场")];
        done(&reviewer.submit(&page, "#hold form", &heard));
        leader.get("/meetings/p").assert_success().shows("现场经验交流会").shows("到福清市看现场");
        // Its files hold the decisions of no project, each reader's own.
        let matters = leader.get("/export/matters/p.matters.csv").assert_success().html;
        assert!(matters.contains("制定用电保障办法,,,市供电公司,2021年8月31日,,在办"), "{matters}");
        assert!(matters.contains("2021年7月11日,2021年7月12日,清单已报"), "{matters}");
        let meetings = leader.get("/export/matters/p.meetings.json").assert_success().html;
        assert!(meetings.contains("计划整体") && meetings.contains("报送下半年新开工项目清单（第1号）"), "{meetings}");
        assert!(leader.get("/export/matters/p.matters.xlsx").assert_success().bytes.starts_with(b"PK"));
        let own = reporter.get("/export/matters/p.matters.csv").assert_success().html;
        assert!(own.contains("清单已报") && !own.contains("市供电公司"), "{own}");
        assert!(!other.get("/export/matters/p.meetings.csv").assert_success().html.contains("二季度调度会"));
        assert_ne!(office.site.get("/export/matters/p.matters.csv").status, 200);
        office.site.stop().jigai(&["verify"]).assert_done();
    }

    // What other rules would change is said before anybody saves them, and to whoever confirms.
    fn a_rule_shows_what_it_would_change(app: TestApp) {
        let office = open(app, "2021-07-02T09:00:00+08:00");
        let [reviewer, publisher] = ["shenhe", "fabu"].map(|login| office.person(login));
        let preview = upload(&office, LIST, &[("year", "2021")]).assert_success();
        done(&reviewer.submit(&preview, "#import-form", &[("then", "confirm")]));
        let folder = Folder::new();
        let file = folder.write("r.csv", "region,period,value,base\n350100,2021-06,9,8\n");
        let import = ["import", "returns", "--plan", "p", &file];
        office.site.app.jigai_as("350100-city-reviewer", &import).assert_done();
        let form = reviewer.get("/plans/p/edit?by=file").assert_success();
        let later = PLAN.replace("from = 1\ngives = \"yellow\"", "from = 3\ngives = \"red\"");
        let check = reviewer.submit(&form, "#plan-form", &[("source", &later), ("then", "check")]).assert_success();
        check.shows("按2021年1—7月的项目数，改后2个项目的结论变动：红灯由0个变为1个，黄灯由2个变为0个");
        check.shows("2021-002 数字车间：由黄灯变为红灯").shows("2021-003 合纤技改：由黄灯变为正常（不再是：到期没有开工）");
        let same = reviewer.submit(&form, "#plan-form", &[("source", PLAN), ("then", "check")]).assert_success();
        same.lacks("结论变动");
        let basis = [("source", later.as_str()), ("then", "save"), ("basis", "办公会"), ("reason", "放宽开工要求")];
        done(&reviewer.submit(&form, "#plan-form", &basis));
        publisher.get("/plans/p/changes").assert_success().shows("黄灯由2个变为0个");
    }

    // A county uploads the table that it keeps; what is not its to report is told and left.
    fn a_county_uploads_its_table(app: TestApp) {
        let office = open(app, "2021-06-03T09:00:00+08:00");
        let [reviewer, reporter] = ["shenhe", "bao"].map(|login| office.person(login));
        let preview = upload(&office, LIST, &[("year", "2021")]).assert_success();
        done(&reviewer.submit(&preview, "#import-form", &[("then", "confirm")]));
        let sheet = "/report/p/2021-05.projects/350181";
        let form = reporter.get(sheet).assert_success();
        form.shows("下载本单位的月报表");
        let own = form.links().into_iter().find(|link| link.starts_with("/export/projects/")).unwrap();
        let table = reporter.get(&own.replace(".xlsx", ".csv")).assert_success().html;
        assert!(table.contains("玻璃智能化改造") && !table.contains("合纤技改"), "{table}");
        let upload = |text: &str| {
            let file = ("file", "月报.csv", text.as_bytes());
            office.site.upload_form(&format!("{sheet}/upload"), &[], file, office.cookie("bao"))
        };
        let month = "单位：万元\n项目编号,项目名称,总投资,1-5月完成投资,开工以来完成投资,形象进度,存在问题,实际开工时间\n\
                     2021-001,玻璃智能化改造,100000,1.7亿,37000,厂房封顶,,2020年3月\n2021-002,数字车间,52000,0,0,场地平整,用地没有批下来,\n";
        let filled = upload(month).assert_success();
        filled.shows("第 4 行“数字车间”的总投资与库里不同，不由本表填报，没有采用").shows("厂房封顶").shows("17000");
        // Nothing is saved before somebody says so.
        reporter.get(sheet).assert_success().lacks("厂房封顶");
        done(&reporter.submit(&filled, "#entry", &[("then", "save")]));
        reporter.get(&format!("{sheet}/check")).assert_success().shows("厂房封顶").shows("17,000");
        let others = "项目名称,所在单位,本年完成投资\n合纤技改,长乐区,1\n";
        let refused = upload(others);
        assert_eq!(refused.status, 422);
        refused.shows("“合纤技改”是长乐区的项目，不能由本单位填报").shows("没有改动任何数");
    }

    // 节点 have their days, and what cannot start this year leaves the list as its county asks and the office agrees.
    fn a_county_keeps_its_projects_nodes_and_asks_that_one_leaves(app: TestApp) {
        let office = open(app, "2021-06-10T09:00:00+08:00");
        let [reviewer, reporter, other, leader] = ["shenhe", "bao", "chang", "lingdao"].map(|login| office.person(login));
        let preview = upload(&office, LIST, &[("year", "2021")]).assert_success();
        done(&reviewer.submit(&preview, "#import-form", &[("then", "confirm")]));
        let sheet = "/projects/p/2021-002";
        let page = reporter.get(sheet).assert_success();
        page.shows("还没有登记节点");
        let new = "form[action$='/node']:has(input[name=node][value=''])";
        let wrong = reporter.submit(&page, new, &[("name", ""), ("due", "月底"), ("done", "6月20日"), ("words", "在办")]);
        assert_eq!(wrong.status, 422);
        wrong.shows("请写明节点").shows("完成时限请写成日期").shows("完成日期不能在今天").shows("在办");
        let permit = [("name", "施工许可"), ("due", "5月31日"), ("who", "福清市住建局"), ("words", "图纸送审")];
        done(&reporter.submit(&page, new, &permit));
        let page = reporter.get(sheet).assert_success();
        page.shows("施工许可").shows("2021年5月31日").shows("福清市住建局").shows("逾期10天");
        assert_eq!(reporter.submit(&page, new, &[("name", "施工许可")]).status, 422);
        // Who reads it: the leader on the sheet, the office on its list of laggards.
        leader.get(sheet).assert_success().shows("施工许可").lacks("加一个节点");
        reviewer.get("/projects/p/lag?period=2021-05").assert_success().shows("节点施工许可逾期10天");
        let known = "form[action$='/node']:has(input[name=node][value='1'])";
        done(&reporter.submit(&page, known, &[("done", "2021-06-09"), ("words", "已取得")]));
        // One search knows what each may see.
        let search = |person: &tests::Person<'_>, words: &str| {
            person.get(&format!("/search?q={words}")).assert_success().text()
        };
        let [workshop, fibre] = ["%E6%95%B0%E5%AD%97%E8%BD%A6%E9%97%B4", "%E5%90%88%E7%BA%A4"];
        assert!(search(&reporter, workshop).contains("数字车间（2021-002）"));
        assert!(search(&reporter, fibre).contains("没有找到"), "another county's project is none of his");
        assert!(search(&reviewer, fibre).contains("合纤技改（2021-003）"));
        let both = search(&reviewer, "%E7%A6%8F%E6%B8%85%20%E6%8A%80%E6%94%B9");
        assert!(both.contains("单位（1）") && both.contains("福清市（技改重点项目）"), "{both}");
        assert!(search(&reviewer, "").contains("写下要找的名称"));
        // 台账: a sheet for each project, as every kind of file; a county gets its own.
        let file = |person: &tests::Person<'_>, ending: &str| {
            person.get(&format!("/export/projects/p.2021-05.ledger.{ending}")).assert_success().html
        };
        let all = file(&reviewer, "csv");
        assert!(all.contains("2021-002,数字车间,节点,施工许可,2021年5月31日前；责任：福清市住建局；情况：已取得；2021年6月9日完成"), "{all}");
        assert!(all.contains("2021-003,合纤技改,时间,开工,计划2021年6月"), "{all}");
        assert!(file(&reporter, "json").contains("数字车间") && !file(&reporter, "csv").contains("合纤技改"));
        for ending in ["xlsx", "docx", "pdf"] {
            let page = reviewer.get(&format!("/export/projects/p.2021-05.ledger.{ending}?unit=350181"));
            page.assert_success();
        }
        assert_eq!(reviewer.get("/export/projects/p.2021-05.ledger.csv?unit=none").status, 404);
        // The page of before knows an older version.
        let stale = reporter.submit(&page, known, &[("words", "再改")]);
        assert_eq!(stale.status, 422);
        stale.shows("这个节点有了新的记录");
        reporter.get(sheet).assert_success().shows("2021年6月9日完成").shows("已取得");
        assert_eq!(other.post(&format!("{sheet}/node"), &[("name", "供地")]).status, 404);
        // It leaves: asked, refused, asked again, agreed.
        let page = reporter.get("/projects/p/2021-002?period=2021-06").assert_success();
        let leave = "form[action*='/leave']";
        assert_eq!(reporter.submit(&page, leave, &[("step", "ask"), ("reason", "")]).status, 422);
        done(&reporter.submit(&page, leave, &[("step", "ask"), ("reason", "用地今年落实不了，年内不能开工")]));
        reviewer.get("/").assert_success().shows("退库申请1件等您答复");
        reviewer.get("/projects/p/lag?period=2021-06").assert_success().shows("退库申请，等办公室答复").shows("用地今年落实不了");
        let answer = reviewer.get("/projects/p/2021-002?period=2021-06").assert_success();
        done(&reviewer.submit(&answer, leave, &[("step", "refuse"), ("reason", "下半年再看")]));
        let again = reviewer.submit(&answer, leave, &[("step", "agree"), ("reason", "同意")]);
        assert_eq!(again.status, 422);
        again.shows("没有等待答复的退库申请");
        let page = reporter.get("/projects/p/2021-002?period=2021-06").assert_success();
        page.shows("不同意退库：下半年再看");
        done(&reporter.submit(&page, leave, &[("step", "ask"), ("reason", "项目业主已书面放弃")]));
        let answer = reviewer.get("/projects/p/2021-002?period=2021-06").assert_success();
        done(&reviewer.submit(&answer, leave, &[("step", "agree"), ("reason", "榕工信会纪〔2021〕3号")]));
        let page = reporter.get("/projects/p/2021-002?period=2021-06").assert_success();
        page.shows("退库").shows("福清市申请：项目业主已书面放弃；榕工信会纪〔2021〕3号");
        reviewer.get("/projects/p?period=2021-06").assert_success().shows("2个");
        assert_eq!(reporter.post(&format!("{sheet}/leave?year=2021"), &[("step", "ask"), ("reason", "再来")]).status, 422);
        for year in ["", "今年", "1921"] {
            let refused = reporter.post(&format!("{sheet}/leave?year={year}"), &[("step", "ask"), ("reason", "再来")]);
            assert_eq!(refused.status, 422, "{year}");
            refused.shows("不是这个计划的年份");
        }
        let refused = reporter.post(&format!("{sheet}/node"), &[("node", "第一"), ("name", "环评")]);
        assert_eq!(refused.status, 422);
        refused.shows("没有这个节点");
        let refused = reviewer.post(&format!("{sheet}?period=2021-13"), &[("name", "甲")]);
        assert_eq!(refused.status, 422);
        reviewer.get("/").assert_success().lacks("退库申请");
        office.site.app.jigai(&["verify"]).assert_done();
    }

    // 按季度更新: the library at a quarter's end is frozen with who came and who went, for the people of its office.
    fn a_quarter_of_the_library_is_frozen(app: TestApp) {
        let office = open(app, "2021-07-02T09:00:00+08:00");
        let [reviewer, publisher, reporter, leader] = ["shenhe", "fabu", "bao", "lingdao"].map(|login| office.person(login));
        let (publish, at) = ("/publish/p/2021-06/library", "/publications/p/library/library/2021-06/e1");
        publisher.get(publish).assert_success().shows("名单里没有项目，没有可发布的内容");
        let preview = upload(&office, LIST, &[("year", "2021")]).assert_success();
        done(&reviewer.submit(&preview, "#import-form", &[("then", "confirm")]));
        // The publisher's first page knows that the quarter is over; the page of projects leads there, too.
        let home = publisher.get("/").assert_success();
        home.shows("2021年第二季度重点项目库还没有发布");
        assert!(home.links().contains(&publish.to_owned()));
        publisher.get("/projects/p?period=2021-06").assert_success().shows("发布2021年第二季度的季度版");
        reviewer.get("/projects/p?period=2021-06").assert_success().lacks("的季度版");
        let page = publisher.get(publish).assert_success();
        page.shows("2021年第二季度末，全市重点项目库在库3个，总投资18.00亿元").shows("没有项目入库或退库");
        done(&publisher.submit(&page, "form.submit", &[("password", tests::PASSWORD)]));
        // It is read by whoever sees projects, and by nobody else.
        for person in [&reviewer, &reporter, &leader] {
            let page = person.get(at).assert_success();
            page.shows("玻璃智能化改造").shows("合纤技改").shows("第1版").shows("SHA-256");
        }
        office.site.app.jigai_as("system-security-admin", &["user", "policy", "public_reading", "open"]).assert_done();
        office.site.get("/bulletins").assert_success();
        for path in [at, "/export/publication/p.library.library.2021-06.e1.csv"] {
            assert_eq!(office.site.get(path).status, 404, "{path}");
        }
        office.site.get("/bulletins").assert_success().lacks("重点项目库");
        let file = |ending: &str| leader.get(&format!("/export/publication/p.library.library.2021-06.e1.{ending}")).assert_success();
        let list = file("csv").html;
        assert!(list.contains("2021-003") && list.contains("某纤维"), "{list}");
        assert!(file("json").html.starts_with("{\"basis\""));
        for ending in ["pdf", "docx"] {
            file(ending);
        }
        let page = leader.get(at).assert_success();
        done(&leader.submit(&page, "form[action$='/receipt']", &[]));
        reviewer.get(at).assert_success().shows("已签收");
        // The same again is refused; a change is a correction with its reason.
        publisher.get(publish).assert_success().shows("与已发布的第1版相同");
        let form = reviewer.get("/projects/p/2021-003?period=2021-06").assert_success();
        let left = [("p.left", "2021-06"), ("p.list_reason", "业主放弃，榕工信〔2021〕5号"), ("reason", "退库")];
        done(&reviewer.submit(&form, "form:has(#edit-reason)", &left));
        let page = publisher.get(publish).assert_success();
        page.shows("再发布就是更正").shows("合纤技改 是否在库：在库 → 不在库");
        assert_eq!(publisher.submit(&page, "form.submit", &[("password", tests::PASSWORD)]).status, 422);
        let fields = [("password", tests::PASSWORD), ("reason", "漏登退库")];
        done(&publisher.submit(&page, "form.submit", &fields));
        leader.get(at).assert_success().shows("本版已更正，以第2版为准").shows("合纤技改");
        let second = leader.get("/publications/p/library/library/2021-06/e2").assert_success();
        second.shows("在库2个").shows("退库1个：合纤技改（业主放弃，榕工信〔2021〕5号）").shows("原因：漏登退库");
        let preview = ["comparison", "preview", "--plan", "p", "--period", "2021-09", "--id", "library"];
        office.site.app.jigai(&preview).assert_done().says("与2021年第二季度（第2版）相比，没有项目入库或退库");
        office.site.app.jigai(&["comparison", "list"]).assert_done().says("重点项目库 第2版");
        office.site.app.jigai(&["verify"]).assert_done();
    }
}

on_both_databases! {
    fn people_of_projects(app: TestApp) {
        let office = open(app, "2021-06-03T09:00:00+08:00");
        let [reviewer, reporter, other, leader] = ["shenhe", "bao", "chang", "lingdao"].map(|login| office.person(login));
        let preview = upload(&office, LIST, &[("year", "2021")]);
        done(&reviewer.submit(&preview, "#import-form", &[("then", "confirm")]));
        // Whom to ask: the county says it, the office and the project's official read it, nobody else.
        let (at, new) = ("/projects/p/2021-001?period=2021-05", "form[action$=contact]:has([name=contact][value=''])");
        let sheet = reporter.get(at).assert_success();
        let wrong = reporter.submit(&sheet, new, &[("name", "张晓明"), ("phone", "同微信")]);
        assert_eq!(wrong.status, 422);
        wrong.shows("电话请写号码");
        assert!(wrong.html.contains("value=\"张晓明\""));
        done(&reporter.submit(&sheet, new, &[("name", "张晓明"), ("duty", "业主联系人"), ("phone", "0591-83001122")]));
        reviewer.get(at).assert_success().shows("张晓明").shows("0591-83001122");
        office.person("linwei").get(at).assert_success().shows("0591-83001122");
        leader.get(at).assert_success().lacks("张晓明").lacks("联系人");
        assert_eq!(other.get(at).status, 404);
        let file = "/export/projects/p.2021-05.ledger.csv";
        assert!(reviewer.get(file).assert_success().html.contains("0591-83001122"));
        assert!(!leader.get(file).assert_success().html.contains("0591-83001122"));
        // One in another's place, on all of his projects at once.
        let page = reviewer.get("/projects/p/officials?period=2021-05").assert_success();
        page.shows("王敏").shows("linwei甲");
        let form = "form[action$=officials]";
        let sent = [("from", "王敏"), ("to", "副市长陈刚"), ("day", "2021-06-01")];
        let wrong = reviewer.submit(&page, form, &sent);
        assert_eq!(wrong.status, 422);
        wrong.shows("依据");
        assert!(wrong.html.contains("value=\"副市长陈刚\""));
        done(&reviewer.submit(&page, form, &[&sent[..], &[("reason", "榕政〔2021〕9号")]].concat()));
        let page = leader.get("/projects/p/officials").assert_success();
        page.shows("副市长陈刚").shows("2个：").shows("2021年6月1日").lacks("<form method=\"post\" action=\"/projects/p/officials");
        reviewer.get("/projects/p/2021-002").assert_success().shows("历任挂钩领导").shows("现任");
        assert_eq!(leader.post("/projects/p/officials", &sent).status, 403);
        // What is deleted is gone for good, and the proof says so.
        let sheet = reporter.get(at).assert_success();
        done(&reporter.submit(&sheet, "form[action$=contact]:has([name=act])", &[("reason", "已调离")]));
        reviewer.get(at).assert_success().lacks("张晓明").lacks("0591-83001122").shows("已调离");
        let app = office.site.stop();
        app.jigai(&["verify"]).assert_done().says("按规定删除的个人信息 1 人（最近一次2021年6月3日）");
    }
}
