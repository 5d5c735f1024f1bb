//! `/selections/{plan}/{selection}/{year}`: the office states how it chooses, counties nominate, one scores and another
//! confirms; the result goes before the public, objections are answered, the final list is published and counts.

use tests::{Office, PASSWORD, Page, TestApp, on_both_databases};

const PLAN: &str = r#"
format = 1
id = "p"
title = "技改行动"
region = { code = "350100", name = "福州市" }
years = [2021, 2021]
[calendar]
cadence = "monthly"
deadline = { day = 5, of = "next_month" }
[[unit]]
id = "350181"
name = "福清市"
[[unit]]
id = "350112"
name = "长乐区"
[[goal]]
id = "best"
name = "优秀技改项目"
kind = "count"
unit = "个"
targets = [{ year = 2021, value = "2" }]
[[selection]]
id = "excellent"
title = "市级优秀技改项目"
clause = "一（二）6"
quote = "评选表彰2个优秀技改项目"
goal = "best"
places = 2
"#;

/// The office's own list of projects.
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
    ("fuhe", "city_reviewer", ""),
    ("fabu", "publisher", ""),
    ("bao", "county_reporter", "福清市"),
    ("changle", "county_reporter", "长乐区"),
    ("lingdao", "leader", ""),
    ("caizheng", "finance", "市财政局"),
];
const PAGE: &str = "/selections/p/excellent/2021";
const CODE: &str = "91350100M000100Y43";
const METHOD: [(&str, &str); 4] = [
    ("document", "《优秀技改项目评选办法》（榕工信〔2021〕3号）"),
    ("criteria", "技术水平 40\n经济效益 60"),
    ("notice_days", "5"),
    ("quota", "2"),
];

fn step(office: &Office, who: &str, form: &str, changes: &[(&str, &str)]) -> Page {
    let person = office.person(who);
    let page = person.get(PAGE).assert_success();
    person.submit(&page, form, changes)
}

fn nominate(office: &Office, who: &str, name: &str, firm: &str, changes: &[(&str, &str)]) -> Page {
    let own = [("name", name), ("firm", firm), ("words", "设备水平高，投产见效快")];
    step(office, who, "#nominate form", &[&own[..], changes].concat())
}

fn score(office: &Office, who: &str, number: u32, technical: &str, economic: &str) -> Page {
    let form = format!("#nomination-{number} form:has(input[value='score'])");
    step(office, who, &form, &[("score-技术水平", technical), ("score-经济效益", economic)])
}

fn of(number: u32, act: &str) -> String {
    format!("#nomination-{number} form:has(input[value='{act}'])")
}

const METHOD_FORM: &str = "form:has(input[value='method'])";

on_both_databases! {
    fn from_nominations_to_the_final_list(app: TestApp) {
        let office = Office::of(app.at("2021-07-01T10:00:00+08:00"), PLAN, "福州市", &PEOPLE);
        // What the document leaves open is said, and asked of the office before anybody is nominated.
        let early = office.person("bao").get(PAGE).assert_success();
        early.shows("评选表彰2个优秀技改项目").shows("还没有定评分标准和满分、公示几天");
        assert!(early.all("#nominate form").is_empty());
        let forced = [("name", "一"), ("firm", "甲"), ("words", "好"), ("unit", "350181"), ("seen", "0")];
        let forced = [&forced[..], &[("act", "nominate")]].concat();
        office.person("bao").post(PAGE, &forced).assert_status(422).shows("请办公室先登记评选办法");
        let stated = [&METHOD[..], &[("act", "method"), ("seen", "0")]].concat();
        office.person("bao").post(PAGE, &stated).assert_status(403);
        let wrong = [&METHOD[..1], &[("criteria", "技术水平 四十"), ("notice_days", "零")][..]].concat();
        let back = step(&office, "shenhe", METHOD_FORM, &wrong).assert_status(422);
        back.shows("请写成一项标准和它的满分").shows("公示天数请写 1 至 365 的整数");
        assert!(back.html.contains("技术水平 四十"), "what was typed is kept");
        step(&office, "shenhe", METHOD_FORM, &METHOD).assert_status(303);

        // Counties nominate their own, within the quota, each once, with a code that is one.
        let wrong = nominate(&office, "bao", "一期改造", "甲公司", &[("credit_code", "91350100M000100Y44"), ("words", "")]);
        wrong.assert_status(422).shows("请写明推荐理由");
        nominate(&office, "bao", "一期改造", "甲公司", &[("credit_code", CODE), ("amount", "1200")]).assert_status(303);
        nominate(&office, "bao", "一期 改造", "甲公司", &[]).assert_status(422).shows("第1号（福清市）已经推荐了“一期改造”");
        nominate(&office, "bao", "二线", "乙公司", &[]).assert_status(303);
        nominate(&office, "bao", "三线", "丙公司", &[]).assert_status(422).shows("每个单位最多推荐2个");
        nominate(&office, "changle", "四线", "丁公司", &[]).assert_status(303);
        nominate(&office, "changle", "五线", "戊公司", &[]).assert_status(303);
        office.person("changle").get(PAGE).assert_success().lacks("一期改造").shows("四线");
        office.person("caizheng").get(PAGE).assert_success().lacks("一期改造").shows("评选2个项目");

        // Sent back with a reason, it is stated anew; withdrawn, it is out.
        step(&office, "shenhe", &of(1, "send_back"), &[("words", "")]).assert_status(422).shows("请写明退回的理由");
        step(&office, "shenhe", &of(1, "send_back"), &[("words", "总投资请核对")]).assert_status(303);
        office.person("bao").get("/").assert_success().shows("被退回，待重新推荐1项");
        let edit = office.person("bao").get(&format!("{PAGE}?edit=1")).assert_success();
        edit.shows("总投资请核对");
        office.person("bao").submit(&edit, "#nominate form", &[("amount", "1500")]).assert_status(303);
        step(&office, "changle", &of(4, "withdraw"), &[("words", "企业放弃")]).assert_status(303);

        // Scores are exact and within full marks; whoever scored does not confirm.
        score(&office, "shenhe", 1, "40.5", "50").assert_status(422).shows("“技术水平”满分40，写的40.5超过了");
        score(&office, "shenhe", 1, "38.25", "50").assert_status(303);
        score(&office, "shenhe", 2, "30", "50.5").assert_status(303);
        score(&office, "shenhe", 3, "40", "40.5").assert_status(303);
        office.person("bao").get(PAGE).assert_success().lacks("38.25");
        let own = office.person("shenhe").get(PAGE).assert_success();
        assert!(own.all("#confirm form").is_empty());
        office.person("fuhe").get("/").assert_success().shows("待您确认得分3项");
        step(&office, "fuhe", "#confirm form", &[]).assert_status(303);

        // 1 is first with 88.25; 2 and 3 share the second place, and nobody declared what follows.
        let tied = office.person("fabu").get(PAGE).assert_success();
        tied.shows("第2名有2项并列（第2、3号），名额还剩1个").shows("末位并列，待定").shows("还不能公示");
        let password = [("stage", "notice"), ("password", PASSWORD)];
        let publish = format!("{PAGE}/publish");
        office.person("fabu").post(&publish, &password).assert_status(422).shows("请登记");
        step(&office, "shenhe", METHOD_FORM, &[("ties", "criteria")]).assert_status(303);
        office.person("lingdao").get(PAGE).assert_success().shows("逐项比较以后列第2名").lacks("待定");

        // Before the public as a frozen edition that anybody reads, with its files.
        let page = office.person("fabu").get(PAGE).assert_success();
        page.shows("将公示2个项目，到2021年7月6日为止");
        office.person("fabu").submit(&page, "#notice", &[("password", "x")]).assert_status(422).shows("密码不对");
        let done = office.person("fabu").submit(&page, "#notice", &[("password", PASSWORD)]);
        let notice = "/publications/p/selection/excellent-2021-1/2021-07/e1";
        assert_eq!((done.status, done.header("location")), (303, notice), "{}", done.text());
        let read = office.person("caizheng").get(notice).assert_success();
        read.shows("2021年市级优秀技改项目评选第1次公示").shows("一期改造").shows("四线").lacks("二线");
        for ending in ["csv", "json", "docx", "pdf"] {
            let file = format!("/export/publication/p.selection.excellent-2021-1.2021-07.e1.{ending}");
            let file = office.person("caizheng").get(&file).assert_status(200);
            assert!(matches!(ending, "docx" | "pdf") || file.html.contains("88.25"), "{}", file.html);
        }
        office.person("fabu").post(&publish, &password).assert_status(422).shows("正在公示");
        nominate_late(&office);
        let last = [("stage", "final"), ("password", PASSWORD)];
        office.person("fabu").post(&publish, &last).assert_status(422).shows("公示到2021年7月6日，期满以后才能公布结果");

        // An objection that is upheld asks for other scores and another notice.
        step(&office, "shenhe", &of(3, "object"), &[("by", "乙公司"), ("words", "")]).assert_status(422);
        step(&office, "shenhe", &of(3, "object"), &[("by", "乙公司"), ("words", "四线的设备是旧的")]).assert_status(303);
        office.person("changle").get(PAGE).assert_success().lacks("乙公司");
        let office = office.at("2021-07-07T09:00:00+08:00").logged_in_again();
        office.person("fabu").post(&publish, &last).assert_status(422).shows("乙公司对第3号提出的异议还没有答复");
        step(&office, "shenhe", &of(3, "answer"), &[("words", "经核实，设备为旧"), ("upheld", "yes")]).assert_status(303);
        office.person("fabu").post(&publish, &last).assert_status(422).shows("异议成立");
        score(&office, "fuhe", 3, "20", "40.5").assert_status(303);
        step(&office, "shenhe", "#confirm form", &[]).assert_status(303);
        step(&office, "fabu", "#notice", &[("password", PASSWORD)]).assert_status(303);
        office.person("caizheng").get("/publications/p/selection/excellent-2021-2/2021-07").assert_success().shows("二线").lacks("四线");

        // After its days the final list is published; nothing moves any more, and the goal counts from it.
        let office = office.at("2021-07-13T09:00:00+08:00").logged_in_again();
        office.person("fabu").get("/").assert_success().shows("公示期满，可以公布结果");
        let done = step(&office, "fabu", "#final", &[("password", PASSWORD)]);
        let result = "/publications/p/selection/excellent-2021-final/2021-07/e1";
        assert_eq!((done.status, done.header("location")), (303, result), "{}", done.text());
        office.person("caizheng").get(result).assert_success().shows("收到异议1件，均已答复").shows("一期改造").shows("二线");
        let late = [("act", "score"), ("number", "1"), ("seen", "0")];
        office.person("shenhe").post(PAGE, &late).assert_status(422).shows("评选结果已经公布");
        office.person("lingdao").get("/progress/p/2021-07").assert_success().shows("评选结果2个");
        office.site.app.jigai(&["verify"]).assert_done();
    }

    fn a_project_of_the_library_brings_what_is_known(app: TestApp) {
        let office = Office::of(app.at("2021-07-01T10:00:00+08:00"), PLAN, "福州市", &PEOPLE);
        let preview = office.upload("/projects/p/import/upload", LIST, &[("year", "2021")]).assert_success();
        office.person("shenhe").submit(&preview, "#import-form", &[("then", "confirm")]).assert_status(303);
        step(&office, "shenhe", METHOD_FORM, &METHOD).assert_status(303);
        let by_number = |project: &str| {
            step(&office, "bao", "#nominate form", &[("project", project), ("words", "三条生产线，年内投产")])
        };
        by_number("2021-999").assert_status(422).shows("项目库里没有编号“2021-999”");
        by_number("2021-003").assert_status(422).shows("项目“2021-003”在长乐区，由长乐区推荐");
        by_number("2021-001").assert_status(303);
        let page = office.person("bao").get(PAGE).assert_success();
        page.shows("玻璃智能化改造").shows("某集团").shows("总投资10亿元").shows("项目库 2021-001");
        by_number("2021-001").assert_status(422).shows("不要重复推荐");
    }
}

fn nominate_late(office: &Office) {
    let late =
        [("act", "nominate"), ("seen", "0"), ("unit", "350112"), ("name", "六"), ("firm", "己"), ("words", "迟了")];
    office.person("changle").post(PAGE, &late).assert_status(422).shows("已经公示，不再受理推荐");
    let stated = [&METHOD[1..], &[("document", "新办法"), ("act", "method"), ("seen", "2")]].concat();
    office.person("shenhe").post(PAGE, &stated).assert_status(422).shows("不能再改");
}
