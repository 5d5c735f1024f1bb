//! Dated tasks: a unit reports one done, the office confirms, sends back or extends, readers see what bulletins say.

use std::io::Cursor;

use calamine::{DataType, Reader, Xlsx};
use tests::{PASSWORD, Person, Serving, TestApp, on_both_databases, root};

/// 福建's plan with a few figures, and its people: two units, the office.
struct Fujian {
    site: Serving,
    cookies: [String; 4],
}

const PEOPLE: [(&str, &str, &str); 4] = [
    ("jingmao", "county_reporter", "省经贸委"),
    ("fuzhou", "county_reporter", "350100"),
    ("shenhe", "city_reviewer", ""),
    ("fabu", "publisher", ""),
];
const PAGE: &str = "/tasks/fujian-2013";

impl Fujian {
    fn new(app: TestApp, clock: &str) -> Self {
        let app = app.at(clock);
        let plan = root().join("assets/plans/fujian-2013.plan.toml");
        app.jigai(&["import", "plan", &plan.display().to_string()]).assert_done();
        let folder = tests::Folder::new();
        let lines = "goal,region,period,value,base,growth_pct\n\
                     investment,福建省,2013-02,300,230,\ninvestment,福建省,2013-03,520,410,\n";
        let file = folder.write("r.csv", lines);
        app.jigai(&["import", "returns", "--plan", "fujian-2013", &file]).assert_done();
        app.administrators();
        let people = PEOPLE.map(|(login, role, unit)| (login, app.appoint_at("福建省", login, role, unit)));
        let policy = ["user", "policy", "password_policy", "asvs"];
        app.jigai_as("system-security-admin", &policy).assert_done();
        app.jigai_as("system-security-admin", &["user", "policy", "public_reading", "open"]).assert_done();
        let site = app.start(&[]);
        let cookies = people.each_ref().map(|(login, token)| site.first_log_in(login, token));
        Self { site, cookies }
    }

    /// The same site on another day.
    fn at(self, clock: &str) -> Self {
        let site = self.site.stop().at(clock).start(&[]);
        let cookies = PEOPLE.map(|(login, ..)| site.log_in(login, PASSWORD));
        Self { site, cookies }
    }

    fn person(&self, login: &str) -> Person<'_> {
        let at = PEOPLE.iter().position(|(known, ..)| *known == login).unwrap();
        self.site.as_person(&self.cookies[at])
    }

    /// Sends a form of a task as its page shows it.
    #[track_caller]
    fn step(&self, login: &str, (task, unit): (&str, &str), act: &str, fields: &[(&str, &str)]) {
        let person = self.person(login);
        let page = person.get(PAGE).assert_success();
        let form = format!("#task-{task} form:has(input[value='{act}']):has(input[value='{unit}'])");
        let done = person.submit(&page, &form, fields);
        assert_eq!((done.status, done.header("location")), (303, &*format!("{PAGE}#task-{task}")), "{}", done.text());
    }

    /// Publishes a period; what its bulletin says of tasks.
    fn publish(&self, period: &str, options: &[&str]) -> String {
        let publish = ["bulletin", "publish", "--plan", "fujian-2013", "--period", period];
        self.site.app.jigai_as("350000-publisher", &[&publish[..], options].concat()).assert_done();
        let page = self.site.get(&format!("/bulletins/fujian-2013/{period}")).assert_success();
        let said = page.all("p.body").into_iter().find(|text| text.contains("限时任务"));
        said.unwrap_or_else(|| panic!("{}", page.text())).split("截至").last().unwrap().to_owned()
    }

    /// What the office reads beside a task's title.
    fn state(&self, task: &str) -> String {
        let page = self.person("shenhe").get(PAGE).assert_success();
        page.all(&format!("#task-{task} h4 .lamp")).concat()
    }
}

on_both_databases! {
    // What shows that it was done comes with the report, and stays the unit's and the office's.
    fn a_report_comes_with_its_files(app: TestApp) {
        let fujian = Fujian::new(app, "2013-02-27T09:00:00+08:00");
        let unit = fujian.person("jingmao");
        let page = unit.get(PAGE).assert_success();
        let (action, fields) = page.form("#task-start_meeting form.evidence-form");
        let paper = "%PDF-1.7\ntrailer <</Root 1 0 R>>\n%%EOF\n";
        let file = ("evidence", "会议纪要.pdf", paper.as_bytes());
        let done = fujian.site.upload_form(&action, &fields, file, &unit.cookie);
        assert_eq!(done.status, 303, "{}", done.text());
        let at = "#evidence-task-start_meeting-%E7%9C%81%E7%BB%8F%E8%B4%B8%E5%A7%94";
        assert_eq!(done.header("location"), format!("{PAGE}{at}"));
        unit.get(PAGE).assert_success().shows("会议纪要.pdf").shows("报告完成时一并送出");
        let office = fujian.person("shenhe");
        office.get(PAGE).assert_success().lacks("会议纪要.pdf");
        let report = [("day", "2月26日"), ("words", "推进会已召开"), ("proof", "会议纪要")];
        fujian.step("jingmao", ("start_meeting", "省经贸委"), "report", &report);
        let page = office.get(PAGE).assert_success();
        page.shows("会议纪要.pdf");
        let link = page.links().into_iter().find(|link| link.starts_with("/evidence/")).unwrap();
        assert_eq!(office.get(&link).assert_success().html, paper);
        fujian.person("fuzhou").get(&link).assert_status(404);
        fujian.person("fuzhou").get(PAGE).assert_success().lacks("会议纪要.pdf");
        fujian.step("shenhe", ("start_meeting", "省经贸委"), "confirm", &[]);
        assert!(unit.get(PAGE).assert_success().all("#task-start_meeting form.evidence-form").is_empty());
        let late = ("evidence", "再来.pdf", "%PDF-1.7\n%%EOF".as_bytes());
        let refused = fujian.site.upload_form(&action, &fields, late, &unit.cookie);
        refused.assert_status(422).shows("已经确认完成，不再附材料");
        fujian.site.app.jigai(&["verify"]).assert_done();
    }

    // 2月底的推进会 in time, 3月底的资金方案 of two units late in one, what nobody reported overdue.
    fn a_provinces_spring_of_tasks(app: TestApp) {
        let fujian = Fujian::new(app, "2013-02-20T09:00:00+08:00");
        // Before any bulletin a visitor reads what the document asks, and nothing else.
        let page = fujian.site.get(PAGE).assert_success();
        page.shows("召开集中开工投产项目推进会").shows("期限：2013年2月底前　责任单位：省经贸委").shows("逐一协调，强化土地");
        page.shows("还没有通报说过办理情况");
        assert!(page.all(".lamp").is_empty() && page.all("article form").is_empty());
        fujian.site.get("/export/tasks/fujian-2013.csv").assert_status(422);
        // First pages remind; the unit reports from there.
        let unit = fujian.person("jingmao");
        unit.get("/").assert_success().shows("限时任务");
        fujian.person("fuzhou").get("/").assert_success().shows("制定具体工作方案，开展招商推介，预报、预审对接项目”8天后到期");
        let page = unit.get(PAGE).assert_success();
        page.shows("本单位的任务");
        let form = "#task-start_meeting form:has(input[value=report])";
        let typed = [("day", "2月31日"), ("words", "推进会已召开，协调 9 个市"), ("proof", "")];
        let wrong = unit.submit(&page, form, &typed).assert_status(422);
        wrong.shows("完成日期请写成日期").shows("请写明证明材料").shows("推进会已召开，协调 9 个市");
        let (_, kept) = wrong.form(form);
        assert!(kept.contains(&("day".to_owned(), "2月31日".to_owned())), "{kept:?}");
        // What is not done yet is not reported done.
        let typed = [("day", "2月26日"), ("words", "推进会已召开"), ("proof", "闽经贸投资〔2013〕45号")];
        unit.submit(&page, form, &typed).assert_status(422).shows("完成日期不能在今天（2013年2月20日）以后");

        let fujian = fujian.at("2013-02-27T09:00:00+08:00");
        let meeting = ("start_meeting", "省经贸委");
        fujian.step("jingmao", meeting, "report", &typed);
        // Nobody else's business, and nothing that the office has not confirmed.
        fujian.person("fuzhou").get(PAGE).assert_success().lacks("闽经贸投资");
        let foreign = [("task", "start_meeting"), ("unit", "省经贸委"), ("act", "withdraw"), ("seen", "1")];
        fujian.person("fuzhou").post(PAGE, &foreign).assert_error(404);
        fujian.person("shenhe").get("/").assert_success().shows("有 1 件限时任务报告待确认").shows("项限时任务30天内到期");
        assert_eq!(fujian.state("start_meeting"), "待确认");
        fujian.step("shenhe", meeting, "send_back", &[("words", "请附会议纪要")]);
        fujian.step("jingmao", meeting, "report", &[("day", "2013-02-26"), ("words", "推进会已召开"), ("proof", "纪要〔2013〕8号")]);
        fujian.step("shenhe", meeting, "confirm", &[]);
        assert_eq!(fujian.state("start_meeting"), "按期完成");

        // March: an extension in time for one of two, a report of a city, the rest says nothing.
        let fujian = fujian.at("2013-03-29T09:00:00+08:00");
        fujian.step("shenhe", ("energy_fund_plan", "省财政厅"), "extend", &[("day", "4月30日"), ("words", "等省级预算下达")]);
        fujian.step("fuzhou", ("start_campaign", "350100"), "report", &[("day", "3月28日"), ("words", "集中开工 32 项"), ("proof", "榕经〔2013〕21号")]);
        fujian.step("shenhe", ("start_campaign", "350100"), "confirm", &[]);
        let fujian = fujian.at("2013-04-08T09:00:00+08:00");
        let funds = ("energy_fund_plan", "省经贸委");
        fujian.step("jingmao", funds, "report", &[("day", "4月3日"), ("words", "方案已下达"), ("proof", "闽财〔2013〕10号")]);
        fujian.step("fabu", funds, "confirm", &[]);
        let page = fujian.person("shenhe").get(PAGE).assert_success();
        assert_eq!(fujian.state("start_campaign"), "逾期未完成8天");
        page.shows("9个单位中1个已完成").shows("原定2013年3月31日，省财政厅延期至2013年4月30日");
        assert_eq!(page.all("#task-energy_fund_plan .part .lamp"), ["逾期完成", "22天后到期"]);
        let lagging = fujian.person("shenhe").get(&format!("{PAGE}?first=lagging")).assert_success();
        assert_eq!(lagging.all("article.task h4 .lamp").first().map(String::as_str), Some("逾期未完成39天"));
        let own = fujian.person("shenhe").get(&format!("{PAGE}?unit=350100")).assert_success();
        assert_eq!(own.all("#task-start_campaign h4 .lamp"), ["按期完成"]);
        assert!(own.all("#task-start_meeting").is_empty());

        // The bulletin says it, in every form, and a visitor knows what it said.
        let said = fujian.publish("2013-03", &[]);
        assert_eq!(
            said,
            "2013年3月底，限时任务应完成7项，按期完成1项，\
             逾期6项（开展“重点技改项目集中开工投产”活动：厦门市、漳州市、泉州市、三明市、莆田市、南平市、龙岩市、宁德市；\
             制定项目现场协调会暨签约总体方案，组织座谈对接；制定具体工作方案，开展招商推介，预报、预审对接项目；\
             发布行业能效对标工作方案，实行能源审计，开展对标活动；重点用能企业报送2012年度能源利用状况报告；选定能源管理体系认证试点企业）。"
        );
        let bulletin = fujian.site.get("/bulletins/fujian-2013/2013-03/e1").assert_success();
        bulletin.shows("限时任务办理情况");
        assert!(bulletin.all("#tasks tbody tr").iter().any(|row| row.contains("推进会") && row.contains("按期完成2013-02-26")));
        let csv = fujian.site.get("/export/bulletin/fujian-2013.2013-03.e1.tasks.csv").assert_success();
        assert!(csv.html.contains("召开集中开工投产项目推进会,一、（二）2,2013年2月底前,省经贸委,按期完成,2013-02-26,—"), "{}", csv.html);
        let file = fujian.site.get("/export/bulletin/fujian-2013.2013-03.e1.table.xlsx").assert_success();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file.bytes)).unwrap();
        let sheet = book.worksheet_range("限时任务").unwrap();
        assert!(sheet.rows().any(|row| row.iter().any(|cell| cell.get_string() == Some("按期完成"))));
        let frozen = fujian.site.get("/export/bulletin/fujian-2013.2013-03.e1.table.json").assert_success().html;
        let content: serde_json::Value = serde_json::from_str(&frozen).unwrap();
        assert_eq!(content["tasks"].as_array().unwrap().len(), 27);
        let word = fujian.site.get("/export/bulletin/fujian-2013.2013-03.e1.paper.docx").assert_success();
        assert!(word.bytes.len() > 10_000);
        let known = fujian.site.get(PAGE).assert_success();
        known.shows("办理情况据2013年1—3月通报第1版").shows("延期至2013年4月30日").lacks("等省级预算下达").lacks("纪要〔2013〕8号");
        fujian.site.get("/export/tasks/fujian-2013.csv").assert_success().shows("逾期未完成8天");
        let file = fujian.site.get("/export/tasks/fujian-2013.xlsx").assert_success();
        Xlsx::new(Cursor::new(file.bytes)).map(|mut book: Xlsx<_>| book.worksheet_range("限时任务").unwrap()).unwrap();
        fujian.site.get("/progress/fujian-2013/2013-03").assert_success().shows("查看限时任务").shows("按期完成1项");

        // What comes later is in no edition before it; a correction lists it, and the first stays as it was.
        let fujian = fujian.at("2013-04-20T09:00:00+08:00");
        fujian.step("jingmao", ("certification_pilots", "省经贸委"), "report", &[("day", "4月18日"), ("words", "选定 20 家"), ("proof", "名单")]);
        fujian.site.get(PAGE).assert_success().lacks("待确认");
        fujian.step("shenhe", ("certification_pilots", "省经贸委"), "confirm", &[]);
        fujian.site.app.jigai_as("350000-publisher", &["bulletin", "publish", "--plan", "fujian-2013", "--period", "2013-03"]).says("再发布就是更正");
        let said = fujian.publish("2013-03", &["--reason", "补充任务完成情况"]);
        assert!(said.contains("按期完成1项，逾期完成1项，逾期5项"), "{said}");
        let corrected = fujian.site.get("/bulletins/fujian-2013/2013-03").assert_success();
        let changes = corrected.all("table.changes tbody tr");
        assert!(changes.iter().any(|line| line == "选定能源管理体系认证试点企业限时任务逾期未完成逾期完成2013-04-18"), "{changes:?}");
        assert_eq!(fujian.site.get("/export/bulletin/fujian-2013.2013-03.e1.table.json").assert_success().html, frozen);
        fujian.site.app.jigai(&["verify"]).assert_done();
    }

    // 丰泽: each street and department for itself by 25 March, the office for those without a post.
    fn a_districts_units_each_for_themselves(app: TestApp) {
        let app = app.at("2022-03-20T09:00:00+08:00");
        let plan = root().join("assets/plans/fengze-2022.plan.toml");
        app.jigai(&["import", "plan", &plan.display().to_string()]).assert_done();
        app.administrators();
        let people = [("donghu", "county_reporter", "350503001"), ("shenhe", "city_reviewer", ""), ("fabu", "publisher", "")];
        let people = people.map(|(login, role, unit)| (login, app.appoint_at("丰泽区", login, role, unit)));
        let site = app.start(&[]);
        let cookies = people.each_ref().map(|(login, token)| site.first_log_in(login, token));
        let [donghu, shenhe, fabu] = cookies.each_ref().map(|cookie| site.as_person(cookie));
        let at = "/tasks/fengze-2022";
        donghu.get("/").assert_success().shows("限时任务“成立工作小组”5天后到期（2022年3月25日前）");
        let page = donghu.get(at).assert_success();
        assert_eq!(page.all("article.task form:has(input[value=report])").len(), 3, "its own three");
        let report = |act: &str, unit: &str| format!("#task-working_groups form:has(input[value='{act}']):has(input[value='{unit}'])");
        let typed = [("day", "2022-03-18"), ("words", "工作小组已成立"), ("proof", "东湖办〔2022〕6号")];
        assert_eq!(donghu.submit(&page, &report("report", "350503001"), &typed).status, 303);
        // A unit without a post: somebody of the office reports, and another one confirms.
        let page = shenhe.get(at).assert_success();
        assert_eq!(shenhe.submit(&page, &report("report", "区商务局"), &typed).status, 303);
        let page = shenhe.get(at).assert_success();
        let own = shenhe.submit(&page, &report("confirm", "区商务局"), &[]).assert_status(422);
        own.shows("这一步要由另一个人来办");
        let page = fabu.get(at).assert_success();
        assert_eq!(fabu.submit(&page, &report("confirm", "区商务局"), &[]).status, 303);
        // What has been withdrawn meanwhile is not confirmed from an old page.
        let old = shenhe.get(at).assert_success();
        let page = donghu.get(at).assert_success();
        assert_eq!(donghu.submit(&page, &report("withdraw", "350503001"), &[]).status, 303);
        shenhe.submit(&old, &report("confirm", "350503001"), &[]).assert_status(422).shows("已经撤回报告，这一步没有执行");
        // A later day for everybody who is not done, the first day stays.
        let page = shenhe.get(at).assert_success();
        let typed = [("day", "2022-04-08"), ("words", "疫情防控，推迟两周")];
        assert_eq!(shenhe.submit(&page, &report("extend", "all"), &typed).status, 303);
        let page = shenhe.get(at).assert_success();
        page.shows("原定2022年3月25日").shows("延期至2022年4月8日").shows("疫情防控，推迟两周");
        assert_eq!(page.all("#task-working_groups h4 .lamp"), ["19天后到期"]);
        site.app.jigai(&["verify"]).assert_done();
    }
}
