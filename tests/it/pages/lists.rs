//! `/lists/{plan}`: the office takes a list of recognised firms from its workbook, corrects and withdraws; goals are
//! counted from it beside what was reported.

use tests::{Office, Page, TestApp, on_both_databases};

const PLAN: &str = r#"
format = 1
id = "p"
title = "绿色制造"
region = { code = "350100", name = "福州市" }
years = [2021, 2022]
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
id = "green"
name = "省级以上绿色工厂"
kind = "count"
unit = "家"
counts = "stock"
targets = [{ year = 2021, value = "10" }]
from_list = { title = "绿色工厂", levels = ["国家级", "省级"] }
[[goal]]
id = "platforms"
name = "工业互联网平台"
kind = "count"
unit = "个"
targets = [{ year = 2021, value = "2" }]
from_list = { title = "工业互联网平台" }
[[list]]
title = "工业互联网平台"
of = "platform"
[[list]]
title = "单位产品能耗限额标准"
of = "standard"
levels = ["国家标准", "地方标准"]
quote = "28项强制性国家标准和15项强制性地方标准"
[[list]]
title = "差别电价企业"
"#;

const LIST: &str = "\
2020年绿色工厂名单,,,
序号,企业名称,统一社会信用代码,所在县区
1,甲公司,91350100M000100Y43,福清市
2,乙公司,,长乐区
,合计,2家,
";
const USUAL: [(&str, &str); 4] =
    [("title", "绿色工厂"), ("level", "省级"), ("document", "闽工信〔2020〕1号"), ("day", "2020-12-01")];
const PAGE: &str = "/lists/p";
const IMPORT: &str = "/lists/p/import";

const PEOPLE: [(&str, &str, &str); 4] = [
    ("shenhe", "city_reviewer", ""),
    ("bao", "county_reporter", "福清市"),
    ("lingdao", "leader", ""),
    ("caizheng", "finance", "市财政局"),
];

fn upload(office: &Office, list: &str, usual: &[(&str, &str)]) -> Page {
    office.upload(&format!("{IMPORT}/upload"), list, usual)
}

on_both_databases! {
    fn a_list_comes_from_a_workbook_and_counts(app: TestApp) {
        let office = Office::of(app.at("2021-07-01T10:00:00+08:00"), PLAN, "福州市", &PEOPLE);
        let person = office.person("shenhe");
        let confirm = |preview: &Page, changes: &[(&str, &str)]| {
            person.submit(preview, "#import-form", &[changes, &[("then", "confirm")]].concat())
        };
        // What the sheet lacks is asked for by line, and a wrong code named at its cell.
        upload(&office, LIST, &USUAL[..3]).shows("请写明认定日期").shows("第3行").lacks("确认导入");
        upload(&office, &LIST.replace("Y43", "Y44"), &USUAL).shows("C3").shows("校验码").lacks("确认导入");
        let long = LIST.replace("甲公司", &"甲".repeat(201));
        upload(&office, &long, &USUAL).shows("B3").shows("企业名称超过 200 字，请缩短").lacks("确认导入");
        let twice = LIST.replace("所在县区", "所在县区,企业名称");
        upload(&office, &twice, &USUAL).shows("E2").shows("列“企业名称”出现两次，请只留一列").lacks("确认导入");
        let preview = upload(&office, LIST, &USUAL).assert_success();
        preview.shows("将新增 2 条，改动 0 条，未变 0 条。").shows("B列读作企业名称");
        office.person("shenhe").get(PAGE).assert_success().lacks("甲公司");
        let done = confirm(&preview, &[]);
        assert_eq!((done.status, done.header("location")), (303, "/lists/p/import?done=2-0-0"), "{}", done.text());
        let page = office.person("shenhe").get(PAGE).assert_success();
        page.shows("甲公司").shows("乙公司").shows("名单2家；本期没有报送数");
        // A county sees its own firms, and what they come to is the office's.
        office.person("bao").get(PAGE).assert_success().shows("甲公司").lacks("乙公司").lacks("名单2家");
        office.person("lingdao").get(PAGE).assert_success().shows("乙公司");
        office.person("caizheng").get(PAGE).assert_error(403);
        office.person("caizheng").get("/export/lists/p.csv").assert_status(404);
        assert!(!office.person("bao").get("/export/lists/p.csv").text().contains("乙公司"));
        office.person("bao").get(IMPORT).assert_error(403);
        // What is exported comes in again unchanged; what differs needs a reason.
        let csv = office.person("shenhe").get("/export/lists/p.csv").html;
        upload(&office, csv.trim_start_matches('\u{feff}'), &[]).shows("将新增 0 条，改动 0 条，未变 2 条。");
        let preview = upload(&office, &LIST.replace("长乐区", "福清市"), &USUAL).assert_success();
        preview.shows("县（市、区）：长乐区 → 福清市");
        confirm(&preview, &[]).assert_status(422).shows("请写明理由");
        confirm(&preview, &[("reason", "迁入福清")]).assert_status(303);
        // Withdrawn by form, and counted no longer.
        let page = office.person("shenhe").get(&format!("{PAGE}?edit=1"));
        person.submit(&page, "#enter form", &[("withdrawn", "2021-06-01")]).assert_status(422).shows("请写明理由");
        let reason = [("withdrawn", "2021-06-01"), ("reason", "闽工信〔2021〕9号取消称号")];
        person.submit(&page, "#enter form", &reason).assert_status(303);
        person.submit(&page, "#enter form", &reason).assert_status(422).shows("您打开页面之后名单改动过");
        office.person("shenhe").get(PAGE).assert_success().shows("名单1家").shows("2021年6月1日撤销").shows("闽工信〔2021〕9号取消称号");
        let json = office.person("shenhe").get("/export/lists/p.json?level=省级").text();
        assert!(json.contains("\"withdrawn\":\"2021-06-01\""), "{json}");
        // The same recognition is not entered twice.
        let page = office.person("shenhe").get(PAGE);
        let again = [("firm", "乙 公司"), ("unit", "福清市")];
        let again = [&USUAL[..], &again[..]].concat();
        person.submit(&page, "#enter form", &again).assert_status(422).shows("名单里已有第2条");
    }

    fn who_looks_after_a_firm_stands_on_its_list(app: TestApp) {
        let office = Office::of(app.at("2021-07-01T10:00:00+08:00"), PLAN, "福州市", &PEOPLE);
        let person = office.person("shenhe");
        let paired = LIST.replacen("所在县区", "所在县区,挂钩领导", 1).replacen("福清市", "福清市,陈某某（副市长）", 1)
            .replacen("长乐区", "长乐区,", 1);
        let preview = upload(&office, &paired, &USUAL).assert_success();
        preview.shows("读作挂钩帮扶");
        person.submit(&preview, "#import-form", &[("then", "confirm")]).assert_status(303);
        // The county reads who looks after its own firm; the file carries it, and takes it back.
        office.person("bao").get(PAGE).assert_success().shows("挂钩帮扶：陈某某（副市长）");
        let firm = office.person("shenhe").get("/firms/91350100M000100Y43").assert_success();
        firm.shows("挂钩帮扶：陈某某（副市长）");
        let csv = office.person("shenhe").get("/export/lists/p.csv").html;
        assert!(csv.contains(",挂钩帮扶") && csv.contains(",陈某某（副市长）"), "{csv}");
        upload(&office, csv.trim_start_matches('\u{feff}'), &[]).shows("将新增 0 条，改动 0 条，未变 2 条。");
        assert!(office.person("shenhe").get("/export/lists/p.json").text().contains("\"paired\":\"陈某某（副市长）\""));
        // Somebody else takes over, with a reason; the row of before stays as it was.
        let page = person.get(&format!("{PAGE}?edit=1")).assert_success();
        person.submit(&page, "#enter form", &[("paired", "林某某（副市长）")]).assert_status(422).shows("请写明理由");
        let other = [("paired", "林某某（副市长）"), ("reason", "分工调整")];
        person.submit(&page, "#enter form", &other).assert_status(303);
        office.person("shenhe").get(PAGE).assert_success().shows("挂钩帮扶：林某某（副市长）").lacks("陈某某");
        office.site.app.jigai(&["verify"]).assert_done();
        let altered = "UPDATE recognition SET paired = '别人' WHERE number = 1 AND version = 1";
        office.site.app.tamper("recognition", altered);
        assert_eq!(office.site.app.jigai(&["verify"]).code, 1);
    }

    fn a_list_may_be_of_platforms_and_standards(app: TestApp) {
        let office = Office::of(app.at("2021-07-01T10:00:00+08:00"), PLAN, "福州市", &PEOPLE);
        let person = office.person("shenhe");
        let page = person.get(PAGE).assert_success();
        page.shows("单位产品能耗限额标准：标准名单，级别写国家标准、地方标准，现在0条。");
        page.shows("28项强制性国家标准和15项强制性地方标准");
        let platforms = "平台名称,建设单位,统一社会信用代码,所在县区\n\
                         甲云,甲公司,91350100M000100Y43,福清市\n乙云,甲公司,91350100M000100Y43,福清市\n";
        let usual = [("title", "工业互联网平台"), ("level", "省级"), ("document", "1号"), ("day", "2021-05-01")];
        // Where the firm stands first, the platform is what was recognised all the same.
        let firm_first = "企业名称,平台名称,所在县区\n甲公司,甲云,福清市\n";
        upload(&office, firm_first, &usual).assert_success().shows("A列读作所属企业").shows("B列读作企业名称");
        let nobody = platforms.replace("甲云,甲公司", "甲云,");
        upload(&office, &nobody, &usual).shows("B2").shows("请写明所属企业").lacks("确认导入");
        let preview = upload(&office, platforms, &usual).assert_success();
        preview.shows("将新增 2 条").shows("A列读作企业名称").shows("B列读作所属企业");
        let done = person.submit(&preview, "#import-form", &[("then", "confirm")]);
        assert_eq!(done.status, 303, "{}", done.text());
        // Two platforms of one firm are two.
        office.person("shenhe").get(PAGE).assert_success().shows("工业互联网平台（2021年1—12月）：名单2个")
            .shows("工业互联网平台：平台名单，现在2条");
        let standards = "标准名称,县区,级别\n水泥单位产品能耗限额,市本级,国家标准\n陶瓷单位产品能耗限额,市本级,省级\n";
        let usual = [("title", "单位产品能耗限额标准"), ("document", "GB 16780"), ("day", "2021-01-01")];
        upload(&office, standards, &usual).shows("C3").shows("的级别请写 国家标准、地方标准 之一").lacks("确认导入");
        let preview = upload(&office, &standards.replace("省级", "地方标准"), &usual).assert_success();
        person.submit(&preview, "#import-form", &[("then", "confirm")]).assert_status(303);
        // A firm stands by itself on a list of firms.
        let page = person.get(PAGE);
        let firm = [("firm", "丙公司"), ("owner", "丁公司"), ("unit", "福清市"), ("title", "差别电价企业"), ("level", "限制类"), ("document", "2号"), ("day", "2021-02-01")];
        person.submit(&page, "#enter form", &firm).assert_status(422).shows("是企业名单，所属企业请空着");
        person.submit(&page, "#enter form", &[&firm[..], &[("owner", "")]].concat()).assert_status(303);
        // A list that has no levels asks for none; another does.
        let page = person.get(PAGE);
        let bare = [&firm[..], &[("firm", "戊公司"), ("owner", ""), ("level", "")]].concat();
        person.submit(&page, "#enter form", &bare).assert_status(303);
        let shown = office.person("shenhe").get(PAGE).assert_success();
        shown.shows("戊公司").shows("限制类差别电价企业").lacks("不分级差别电价企业");
        let page = person.get(PAGE);
        let levelled = [&bare[..], &[("title", "绿色工厂")]].concat();
        person.submit(&page, "#enter form", &levelled).assert_status(422).shows("请写明级别");
        let csv = office.person("shenhe").get("/export/lists/p.csv").html;
        assert!(csv.contains("乙云,甲公司,91350100M000100Y43"), "{csv}");
        upload(&office, csv.trim_start_matches('\u{feff}'), &[]).shows("将新增 0 条，改动 0 条，未变 6 条。");
        office.site.app.jigai(&["verify"]).assert_done();
        office.site.app.tamper("recognition", "UPDATE recognition SET owner = '别的公司' WHERE number = 1");
        office.site.app.jigai(&["verify"]).says("recognition");
    }
}
