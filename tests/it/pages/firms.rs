//! `/firms/{id}`: what an office knows of a firm on one page, each part for whom its own page shows it.

use tests::{Office, Page, TestApp, on_both_databases};

const PLAN: &str = r#"
format = 1
id = "p"
title = "技改行动"
region = { code = "350100", name = "福州市" }
years = [2021, 2021]
[calendar]
cadence = "monthly"
deadline = { day = 5, of = "next_month" }
[[goal]]
id = "investment"
name = "技改投资"
kind = "amount"
unit = "亿元"
targets = [{ year = 2021, value = "2" }]
  [[goal.split]]
  region = "350181"
  name = "福清市"
  value = "1"
  [[goal.split]]
  region = "350112"
  name = "长乐区"
  value = "1"
[[policy_group]]
id = "support"
title = "扶持政策"
limit = "local_tax_share"
[[policy]]
id = "equipment"
title = "设备奖补"
quote = "按设备投资额的6%给予补助"
what = "share"
base = "equipment"
share_pct = "6"
group = "support"
[[fund]]
id = "loan"
title = "技改基金"
kind = "loan"
day_count = "actual/365"
[[selection]]
id = "excellent"
title = "优秀技改项目"
quote = "评选2个优秀技改项目"
places = 2
quota = 2
criteria = [{ name = "技术水平", full = "100" }]
notice_days = 5
"#;

const PEOPLE: [(&str, &str, &str); 8] = [
    ("shenhe", "city_reviewer", ""),
    ("fabu", "publisher", ""),
    ("bao", "county_reporter", "福清市"),
    ("changle", "county_reporter", "长乐区"),
    ("lingdao", "leader", ""),
    ("caizheng", "finance", "市财政局"),
    ("xiaoneng", "observer", "市效能办"),
    ("guagou", "official", "福清市"),
];

/// The office's own list of projects.
const LIST: &str = "\
附件3 福州市2021年重点技改项目明细表,,,,,,,,,,,
,,,,,,,,,,,单位：万元
序号,项目名称,项目业主,建设性质,建设内容及规模,计划开工时间,总投资,2021年计划投资,形象进度目标,挂钩领导,年度类别,改造方向
,合计（1个）,,,,,100000,40000,,,,
,一、福清市（1个）,,,,,100000,40000,,,,
1,玻璃智能化改造,甲公司,扩建,三条生产线,2020年3月,100000,40000,设备进场,林伟,续建,智能化
";

const CODE: &str = "91350100M000100Y43";
const CLAIMS: &str = "/claims/p/2021";

#[track_caller]
fn submit(office: &Office, who: &str, at: &str, form: &str, changes: &[(&str, &str)]) -> Page {
    let person = office.person(who);
    let page = person.get(at).assert_success();
    let done = person.submit(&page, form, changes);
    assert_eq!(done.status, 303, "{who} {at}: {}", done.text());
    done
}

/// One firm on every page, here with its code and there under another name.
fn everywhere(office: &Office) {
    let recognised = [
        ("firm", "甲公司"),
        ("credit_code", CODE),
        ("unit", "福清市"),
        ("title", "绿色工厂"),
        ("level", "省级"),
        ("document", "闽工信〔2020〕1号"),
        ("day", "2020-12-01"),
    ];
    submit(office, "shenhe", "/lists/p", "#enter form", &recognised);
    let preview = office.upload("/projects/p/import/upload", LIST, &[("year", "2021")]).assert_success();
    office.person("shenhe").submit(&preview, "#import-form", &[("then", "confirm")]).assert_status(303);
    let claimed = [("recipient", "甲 公司"), ("credit_code", CODE), ("project", "一期"), ("equipment", "1000")];
    submit(office, "bao", &format!("{CLAIMS}?policy=equipment"), "#enter form", &claimed);
    let step = |act: &str| format!("#claim-1 form:has(input[value='{act}'])");
    submit(office, "caizheng", CLAIMS, &step("tax"), &[("local_tax", "8.25")]);
    submit(office, "shenhe", CLAIMS, &step("decide"), &[("paper_form", "yes")]);
    submit(office, "fabu", CLAIMS, &step("confirm"), &[]);
    let lent = [
        ("contract", "榕技改〔2021〕1号"),
        ("firm", "甲集团（改名后）"),
        ("credit_code", CODE),
        ("unit", "350181"),
        ("bank", "兴业银行"),
        ("rate", "3.65"),
        ("due", "2022-06-30"),
        ("day", "2021-01-04"),
        ("amount", "4000"),
        ("voucher", "凭证1"),
    ];
    submit(office, "caizheng", "/funds/p?fund=loan&movement=commit", "#enter form", &lent);
    submit(office, "shenhe", "/funds/p", "#fund-loan-1 form:has(input[value='confirm'])", &[]);
    let nominated = [("name", "智能车间"), ("firm", "甲公司"), ("words", "投产见效快")];
    submit(office, "bao", "/selections/p/excellent/2021", "#nominate form", &nominated);
    // And a firm of another county, without a code.
    let other = [("recipient", "乙公司"), ("project", "二期"), ("equipment", "600")];
    submit(office, "changle", &format!("{CLAIMS}?policy=equipment"), "#enter form", &other);
}

on_both_databases! {
    fn a_firm_is_one_page_and_each_part_has_its_readers(app: TestApp) {
        let office = Office::of(app.at("2021-07-01T10:00:00+08:00"), PLAN, "福州市", &PEOPLE);
        everywhere(&office);
        let page = format!("/firms/{CODE}");
        let all = office.person("shenhe").get(&page).assert_success();
        all.shows("甲公司").shows(&format!("统一社会信用代码 {CODE}")).shows("又写作：").shows("甲集团（改名后）");
        let parts = ["省级绿色工厂", "玻璃智能化改造", "2021年第1号", "设备奖补（一期）", "榕技改〔2021〕1号", "智能车间"];
        for part in parts {
            all.shows(part);
        }
        all.shows("已决定，待兑付").shows("8.25万元").shows("4000万元").lacks("乙公司");
        // Its tax figure is the finance post's and the deciding post's; its loan the office's and the finance post's.
        let lines = |who: &str| {
            let read = office.person(who).get(&page).assert_success();
            let has = parts.map(|part| read.text().contains(part));
            (has, read.text().contains("税收"))
        };
        assert_eq!(lines("shenhe"), ([true; 6], true));
        assert_eq!(lines("caizheng"), ([false, false, true, true, true, false], true));
        assert_eq!(lines("bao"), ([true, true, true, true, false, true], false));
        assert_eq!(lines("lingdao"), ([true, true, false, false, false, true], false));
        for stranger in ["changle", "guagou", "xiaoneng"] {
            office.person(stranger).get(&page).assert_error(404).lacks("甲公司");
        }
        office.site.get(&page).shows("登录名").lacks("甲公司");

        // From every page where it stands, and by the search: its name, its other name, its code.
        let address = format!("a[href='{page}']");
        for (who, at) in [("shenhe", "/lists/p"), ("caizheng", "/funds/p")] {
            assert_eq!(office.person(who).get(at).assert_success().all(&address).len(), 1, "{at}");
        }
        for asked in ["甲公司", "改名后", CODE] {
            let found = office.person("shenhe").get(&format!("/search?q={asked}")).assert_success();
            assert_eq!(found.all(&address).len(), 1, "{asked}: {}", found.text());
        }
        office.person("changle").get("/search?q=甲公司").assert_success().shows("没有找到");

        // Without a code the address has no Chinese either, and leads to whatever has the name.
        let nominations = office.person("bao").get("/selections/p/excellent/2021").assert_success();
        let firm = |page: &Page| page.links().into_iter().find(|link| link.starts_with("/firms/")).unwrap();
        let named = firm(&nominations);
        assert!(named.is_ascii() && named.len() == "/firms/n".len() + 20, "{named}");
        assert_eq!(office.person("shenhe").get(&named).assert_success().text(), all.text());
        // Whoever sees its projects alone knows no code of it.
        let read = office.person("xiaoneng").get(&named).assert_success();
        read.shows("玻璃智能化改造").lacks("绿色工厂").lacks("2021年第1号").lacks(CODE);
        let other = office.person("changle").get("/search?q=乙公司").assert_success();
        let other = firm(&other);
        office.person("changle").get(&other).assert_success().shows("二期").shows("没有写统一社会信用代码").lacks("甲公司");
        office.person("bao").get(&other).assert_error(404);
        for wrong in ["/firms/甲公司", "/firms/n00000000000000000000", "/firms/x"] {
            office.person("shenhe").get(wrong).assert_error(404).shows("没有这家企业");
        }
    }
}
