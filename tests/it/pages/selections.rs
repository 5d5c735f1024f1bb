//! `/selections/{plan}/{selection}/{year}`: the office states how it chooses, counties nominate, one scores and another
//! confirms; the result goes before the public, objections are answered, the final list is published and counts.

use calamine::Reader;
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
/// Who puts something before the public, as its form asks.
const SIGNED: [(&str, &str); 3] =
    [("issuer", "福州市工业和信息化局"), ("contact", "0591-12345678"), ("password", PASSWORD)];
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

/// A file brought by somebody, with what it holds.
fn bring(office: &Office, who: &str, what: &str, file: &str) -> Page {
    let typed = [("what".to_owned(), what.to_owned())];
    let at = format!("{PAGE}/import/upload");
    office.site.upload_form(&at, &typed, ("file", "list.csv", file.as_bytes()), office.cookie(who))
}

/// The cells of a blank.
fn blank(office: &Office, who: &str, what: &str) -> Vec<Vec<String>> {
    let book = office.person(who).get(&format!("/export/selections/p.excellent.2021.{what}.xlsx")).assert_success();
    let mut sheets: calamine::Xlsx<_> = calamine::Xlsx::new(std::io::Cursor::new(book.bytes)).unwrap();
    let sheet = sheets.worksheet_range_at(0).unwrap().unwrap();
    sheet.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
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
        let other = nominate(&office, "changle", "一期改造", "甲公司", &[]).assert_status(422);
        other.shows("别的单位已经推荐了“一期改造”，不要重复推荐").lacks("福清市）已经推荐");
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
        let password = [&[("stage", "notice")][..], &SIGNED].concat();
        let publish = format!("{PAGE}/publish");
        office.person("fabu").post(&publish, &password).assert_status(422).shows("请登记");
        step(&office, "shenhe", METHOD_FORM, &[("ties", "criteria")]).assert_status(303);
        office.person("lingdao").get(PAGE).assert_success().shows("逐项比较以后列第2名").lacks("待定");

        // Before the public as a frozen edition that anybody reads, with its files.
        let page = office.person("fabu").get(PAGE).assert_success();
        page.shows("将公示2个项目，到2021年7月6日为止");
        let mistyped = [SIGNED[0], SIGNED[1], ("password", "x")];
        office.person("fabu").submit(&page, "#notice", &mistyped).assert_status(422).shows("密码不对");
        let done = office.person("fabu").submit(&page, "#notice", &SIGNED);
        let notice = "/publications/p/selection/excellent-2021-1/2021-07/e1";
        assert_eq!((done.status, done.header("location")), (303, notice), "{}", done.text());
        let read = office.person("caizheng").get(notice).assert_success();
        read.shows("2021年市级优秀技改项目评选第1次公示").shows("一期改造").shows("四线").lacks("二线");
        read.shows("受理单位：福州市工业和信息化局；联系方式：0591-12345678。").shows("福州市工业和信息化局　2021年7月1日");
        for ending in ["csv", "json", "docx", "pdf"] {
            let file = format!("/export/publication/p.selection.excellent-2021-1.2021-07.e1.{ending}");
            let file = office.person("caizheng").get(&file).assert_status(200);
            assert!(matches!(ending, "docx" | "pdf") || file.html.contains("88.25"), "{}", file.html);
        }
        office.person("fabu").post(&publish, &password).assert_status(422).shows("正在公示");
        nominate_late(&office);
        let last = [&[("stage", "final")][..], &SIGNED].concat();
        office.person("fabu").post(&publish, &last).assert_status(422).shows("公示到2021年7月6日，期满以后才能公布结果");

        // An objection that is upheld asks for other scores and another notice.
        step(&office, "shenhe", &of(3, "object"), &[("by", "乙公司"), ("words", "")]).assert_status(422);
        step(&office, "shenhe", &of(3, "object"), &[("by", "乙公司"), ("words", "四线的设备是旧的")]).assert_status(303);
        office.person("changle").get(PAGE).assert_success().lacks("乙公司");
        let office = office.at("2021-07-07T09:00:00+08:00").logged_in_again();
        office.person("fabu").post(&publish, &last).assert_status(422).shows("对第3号的异议还没有答复");
        let upheld = [("words", "经核实，设备为旧"), ("upheld", "yes")];
        step(&office, "shenhe", &of(3, "answer"), &upheld).assert_status(422).shows("登记异议的人不能自己答复");
        step(&office, "fuhe", &of(3, "answer"), &upheld).assert_status(303);
        office.person("fabu").post(&publish, &last).assert_status(422).shows("异议成立");
        score(&office, "fuhe", 3, "20", "40.5").assert_status(303);
        step(&office, "shenhe", "#confirm form", &[]).assert_status(303);
        step(&office, "fabu", "#notice", &SIGNED).assert_status(303);
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

    fn nominations_come_from_a_workbook(app: TestApp) {
        let office = Office::of(app.at("2021-07-01T10:00:00+08:00"), PLAN, "福州市", &PEOPLE);
        let at = format!("{PAGE}/import");
        // Before the office stated how it chooses nothing is taken; who neither nominates nor scores has no such page.
        office.person("shenhe").get(PAGE).assert_success().lacks("从工作簿导入");
        office.person("shenhe").get(&at).assert_success().shows("还没有定评分标准和满分、公示几天").lacks("预览");
        step(&office, "shenhe", METHOD_FORM, &METHOD).assert_status(303);
        office.person("lingdao").get(&at).assert_error(403);
        office.person("shenhe").get(PAGE).assert_success().shows("从工作簿导入推荐");
        office.person("bao").get(PAGE).assert_success().shows("从工作簿导入推荐").lacks("导入推荐或得分");
        let page = office.person("bao").get(&at).assert_success();
        page.shows("推荐空表").lacks("打分空表");
        let blank = blank(&office, "bao", "nominations");
        assert_eq!(blank[2], ["名称", "企业名称", "项目库编号", "统一社会信用代码", "推荐单位", "总投资（万元）", "推荐理由"]);
        assert_eq!(blank.len(), 3);
        office.person("fabu").get("/export/selections/p.excellent.2021.nominations.xlsx").assert_status(404);
        office.person("bao").get("/export/selections/p.excellent.2021.scores.xlsx").assert_status(404);

        let file = "项目名称,企业名称,统一社会信用代码,推荐单位,总投资（万元）,推荐理由\n\
            一期改造,甲公司,91350100M000100Y43,福清市,1200,设备水平高\n二线,乙公司,,福清市,,投产见效快\n";
        let bring = |who: &str, file: &str| bring(&office, who, "nominations", file);
        // What is wrong stands with its line; what was chosen is kept; nothing can be confirmed.
        let wrong = file.replace("Y43", "Y44").replace("福清市,,投产", "福东市,,投产").replace("1200", "很多");
        let wrong = bring("bao", &wrong).assert_success();
        wrong.shows("第2行：").shows("校验码").shows("总投资：").shows("第3行：计划里没有推荐单位“福东市”").lacks("确认登记 ");
        bring("bao", "企业名称,推荐单位\n甲公司,福东市\n").shows("没有推荐单位“福东市”").shows("第2行：请写明推荐理由");
        bring("bao", &file.replace("福清市,,投产", "长乐区,,投产")).shows("第3行：推荐单位是长乐区，不是您的单位").lacks("确认登记 ");
        bring("bao", &format!("{file}一期改造,甲公司,91350100M000100Y43,福清市,1200,设备水平高\n"))
            .shows("第4行：与第2行推荐的是同一个，请只留一行");
        bring("bao", &format!("{file}二 线,乙公司,,福清市,,另一个理由\n")).shows("第4行：与第3行推荐的是同一个");
        bring("bao", &format!("{file}三线,丙公司,,福清市,,好\n")).shows("第4行：每个单位最多推荐2个");
        bring("bao", "名称,企业名称\n一,甲\n").assert_status(422).shows("没有表头").shows("“推荐单位”");
        let unknown = bring("shenhe", "企业名称,推荐单位,技术水评\n甲,福清市,3\n").assert_status(422);
        unknown.shows("第1行：不认识的列“技术水评”");
        let kept = unknown.form("form.import-file").1;
        assert!(kept.contains(&("what".to_owned(), "nominations".to_owned())), "{kept:?}");
        bring("bao", "").assert_status(422).shows("还没有选择文件");
        office.person("bao").get(PAGE).assert_success().lacks("一期改造");

        let preview = bring("bao", file).assert_success();
        preview.shows("将登记推荐 2 项，已有 0 项").shows("第1号　一期改造").shows("总投资1200万元；推荐理由：设备水平高");
        // Somebody else nominates meanwhile: what would be written moved, and is looked at again.
        nominate(&office, "changle", "四线", "丁公司", &[]).assert_status(303);
        let again = office.person("bao").submit(&preview, "#import-form", &[]).assert_status(422);
        again.shows("评选变过，没有登记").shows("第2号　一期改造");
        let done = office.person("bao").submit(&again, "#import-form", &[]);
        let then = format!("{at}?what=nominations&done=2-0-0");
        assert_eq!((done.status, done.header("location")), (303, &*then), "{}", done.text());
        office.person("bao").get(&then).assert_success().shows("已登记推荐 2 项。");
        office.person("bao").get(PAGE).assert_success().shows("第2号").shows("二线").lacks("四线");
        bring("bao", file).shows("将登记推荐 0 项，已有 2 项").shows("已有，不再登记").lacks("确认登记 ");
        bring("shenhe", &file.replace("一期改造", "一期  改造")).shows("第2行：第2号（福清市）已经推荐了“一期改造”");
        // A form made by hand writes nothing that was not seen.
        office.person("bao").post(&at, &[("what", "nominations"), ("rows", "x")]).assert_status(422).shows("请先选择文件预览");
        office.site.app.jigai(&["verify"]).assert_done();
    }

    fn scores_come_from_a_workbook(app: TestApp) {
        let office = Office::of(app.at("2021-07-01T10:00:00+08:00"), PLAN, "福州市", &PEOPLE);
        let at = format!("{PAGE}/import");
        step(&office, "shenhe", METHOD_FORM, &METHOD).assert_status(303);
        office.person("fabu").get(&at).assert_success().shows("还没有推荐");
        nominate(&office, "bao", "一期改造", "甲公司", &[]).assert_status(303);
        nominate(&office, "bao", "二线", "乙公司", &[]).assert_status(303);
        nominate(&office, "changle", "四线", "丁公司", &[]).assert_status(303);
        let blank = blank(&office, "fabu", "scores");
        assert_eq!(blank[2], ["编号", "名称", "企业名称", "技术水平", "经济效益"]);
        assert_eq!(blank[3][..3], ["1", "一期改造", "甲公司"]);
        assert!(blank[1][0].contains("技术水平满分40"), "{:?}", blank[1]);

        let bring = |who: &str, file: &str| bring(&office, who, "scores", file);
        let file = "编号,名称,技术水平,经济效益\n1,一期改造,38.25,50\n2,二线,30,50.5\n3,四线,,\n";
        bring("bao", file).assert_error(403);
        let wrong = bring("shenhe", &file.replace("38.25", "40.5").replace("50.5", "五十").replace("3,四线", "9,四线"));
        wrong.shows("第2行：“技术水平”满分40，写的40.5超过了").shows("“经济效益”的得分“五十”不是").lacks("确认登记 ");
        wrong.shows("第4行：没有第9号推荐，请核对编号");
        bring("shenhe", &file.replace("2,二线", "2,四线")).shows("第3行：第2号是“二线”，文件里写的是“四线”，请核对编号");
        bring("shenhe", &file.replace("2,二线", "1,一期改造")).shows("第3行：第1号在第2行已经写了，请只留一行");
        bring("shenhe", &file.replace("经济效益", "创新性")).assert_status(422).shows("不认识的列“创新性”").shows("经济效益");
        bring("shenhe", "编号,技术水平\n1,36\n").shows("第2行：请写“经济效益”的得分，满分60");
        let preview = bring("shenhe", file).assert_success();
        preview.shows("将登记得分 2 项，改动 0 项，已有 0 项，没有写得分的 1 项不登记").shows("合计88.25");
        office.person("shenhe").get(PAGE).assert_success().lacks("88.25").lacks("38.25");

        // One of them is withdrawn meanwhile: nothing is written, and the page says what is in the way.
        step(&office, "bao", &of(2, "withdraw"), &[("words", "企业放弃")]).assert_status(303);
        let again = office.person("shenhe").submit(&preview, "#import-form", &[]).assert_status(422);
        again.shows("评选变过，没有登记").shows("第3行：这项推荐已撤回").lacks("确认登记 ");
        let file = "编号,技术水平,经济效益\n1,38.25,50\n3,40,40.5\n";
        let preview = bring("shenhe", file).assert_success();
        let done = office.person("shenhe").submit(&preview, "#import-form", &[]);
        let then = format!("{at}?what=scores&done=2-0-0");
        assert_eq!((done.status, done.header("location")), (303, &*then), "{}", done.text());
        office.person("shenhe").get(&then).assert_success().shows("已登记得分 2 项，其中改动 0 项，待另一个人确认");
        assert!(office.person("shenhe").get(PAGE).assert_success().all("#confirm form").is_empty());
        step(&office, "fuhe", "#confirm form", &[]).assert_status(303);

        // The same scores, however written, are there already; others wait to be confirmed anew.
        bring("fabu", &file.replace("40.5", "40.50")).shows("将登记得分 0 项，改动 0 项，已有 2 项").lacks("确认登记 ");
        let preview = bring("fabu", &file.replace("40.5", "45")).assert_success();
        preview.shows("改动 1 项").shows("合计85，原来合计80.5").shows("改动，要重新确认");
        let done = office.person("fabu").submit(&preview, "#import-form", &[]);
        assert_eq!(done.header("location"), format!("{at}?what=scores&done=0-1-1"), "{}", done.text());
        office.person("shenhe").get(PAGE).assert_success().shows("第3号的得分由别人填写，等您确认");
        office.site.app.jigai(&["verify"]).assert_done();
    }
}

fn nominate_late(office: &Office) {
    let late =
        [("act", "nominate"), ("seen", "0"), ("unit", "350112"), ("name", "六"), ("firm", "己"), ("words", "迟了")];
    office.person("changle").post(PAGE, &late).assert_status(422).shows("已经公示，不再受理推荐");
    let stated = [&METHOD[1..], &[("document", "新办法"), ("act", "method"), ("seen", "2")]].concat();
    office.person("shenhe").post(PAGE, &stated).assert_status(422).shows("不能再改");
}
