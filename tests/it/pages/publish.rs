//! `/publish/{plan}/{period}`, corrections and 补报: the whole month in the browser, by those who may.

use tests::{Office, PASSWORD, TestApp, on_both_databases};

const AT: &str = "/report/fuzhou-2021/2021-06/350181";
const VALUE: &str = "c.investment/350181/value";

fn approve_fuqing(office: &Office) {
    office.submit_fuqing();
    office.step("fuqing.sh", "350181", "sign_off", &[]);
    office.step("shenhe", "350181", "approve", &[]);
}

on_both_databases! {
    fn published_with_the_password_and_seen_by_all_at_once(app: TestApp) {
        let office = Office::new(app);
        approve_fuqing(&office);
        let publisher = office.person("fabu");
        publisher.get("/").assert_success().shows("去发布");
        let page = publisher.get("/publish/fuzhou-2021/2021-06").assert_success();
        page.shows("还没有通过：鼓楼区").shows("审计链完整").shows("140.50").shows("发布第1版");
        for reader in ["lingdao", "minhou", "xitong"] {
            office.person(reader).get("/bulletins/fuzhou-2021/2021-06").assert_error(404);
            assert!(!office.person(reader).get("/export/rank/fuzhou-2021.2021-06.investment.value.csv").html.contains("14050000000"));
        }
        let wrong = publisher.submit(&page, "main form", &[("password", "wrong")]);
        assert_eq!(wrong.status, 422);
        wrong.shows("密码不对，没有发布");
        // Somebody's figure comes into force while the publisher reads.
        let cells = [("c.investment/350121/value", "55.5"), ("c.investment/350121/base", "50"), ("c.investment/高新区/value", "15"), ("c.investment/高新区/base", "14")];
        office.fill("minhou", "350121", &cells);
        office.hand_in("minhou", "350121");
        office.step("minhou.sh", "350121", "sign_off", &[]);
        office.step("shenhe", "350121", "approve", &[]);
        let moved = publisher.submit(&page, "main form", &[("password", PASSWORD)]);
        assert_eq!(moved.status, 422);
        moved.shows("又有数据变动").shows("55.50");
        let done = publisher.submit(&moved, "main form", &[("password", PASSWORD)]);
        assert_eq!((done.status, done.header("location")), (303, "/bulletins/fuzhou-2021/2021-06/e1"), "{}", done.text());
        for reader in ["lingdao", "minhou", "xitong"] {
            office.person(reader).get("/bulletins/fuzhou-2021/2021-06").assert_success().shows("140.50").shows("55.50");
        }
        let again = publisher.get("/publish/fuzhou-2021/2021-06").assert_success();
        again.shows("数据与已发布的第1版相同");
        office.site.app.jigai(&["verify"]).assert_done().says("通报 1 版");
    }

    fn a_mistake_is_corrected_in_the_open(app: TestApp) {
        let office = Office::new(app);
        approve_fuqing(&office);
        let publisher = office.person("fabu");
        let page = publisher.get("/publish/fuzhou-2021/2021-06").assert_success();
        publisher.submit(&page, "main form", &[("password", PASSWORD)]);
        // The county asks, with its reason; nobody else can open its figure.
        let reporter = office.person("fuqing");
        let page = reporter.get(AT).assert_success();
        let empty = reporter.submit(&page, "form:has(input[value=ask_correction])", &[("reason", "")]);
        assert_eq!(empty.status, 422);
        let same = reporter.submit(&page, "form:has(input[value=ask_correction])", &[("reason", "宏港项目少计1亿元")]);
        assert_eq!(same.status, 422);
        same.shows("没有改动任何数").shows("宏港项目少计1亿元");
        office.step("fuqing", "350181", "ask_correction", &[("reason", "宏港项目少计1亿元"), (VALUE, "141.5")]);
        office.person("shenhe").get("/").assert_success().shows("有 1 个单位申请更正");
        let review = office.person("shenhe").get("/review/fuzhou-2021/2021-06/350181").assert_success();
        review.shows("宏港项目少计1亿元").shows("2021年1—6月第1版");
        review.shows("处变动").shows("140.5亿元").shows("141.5亿元");
        office.step("shenhe", "350181", "allow_correction", &[("step", "allow_correction"), ("reason", "情况属实，请重报")]);
        reporter.get("/").assert_success().shows("已退回").shows("情况属实");
        // The form holds what was asked for.
        let form = reporter.get(AT).assert_success();
        assert!(form.html.contains("value=\"141.5\""));
        office.hand_in("fuqing", "350181");
        office.step("fuqing.sh", "350181", "sign_off", &[]);
        let review = office.person("shenhe").get("/review/fuzhou-2021/2021-06/350181").assert_success();
        review.shows("处变动").shows("140.5亿元").shows("141.5亿元");
        // Until the approval nothing that is in force or published has moved.
        office.person("shenhe").get("/units/fuzhou-2021/350181").assert_success().shows("140.50").lacks("141.50");
        office.step("shenhe", "350181", "approve", &[]);
        office.person("shenhe").get("/units/fuzhou-2021/350181").assert_success().shows("141.50").shows("宏港项目少计1亿元");
        office.person("lingdao").get("/units/fuzhou-2021/350181").assert_success().shows("140.50").lacks("141.50");
        let page = publisher.get("/publish/fuzhou-2021/2021-06").assert_success();
        page.shows("第1版已经发布");
        let refused = publisher.submit(&page, "main form", &[("password", PASSWORD)]);
        assert_eq!(refused.status, 422);
        refused.shows("请写明更正原因");
        let done = publisher.submit(&page, "main form", &[("password", PASSWORD), ("reason", "福清市更正")]);
        assert_eq!(done.header("location"), "/bulletins/fuzhou-2021/2021-06/e2", "{}", done.text());
        office.person("lingdao").get("/bulletins/fuzhou-2021/2021-06").assert_success().shows("141.50").shows("本版更正第1版");
        office.person("lingdao").get("/bulletins/fuzhou-2021/2021-06/e1").assert_success().shows("140.50").shows("第2版");
        office.site.app.jigai(&["verify"]).assert_done();
    }

    fn an_imported_figure_is_corrected_too(app: TestApp) {
        let office = Office::with_figures(app, &["福清市,2021-06,140.5,120.25,,文件里的说明"]);
        let reporter = office.person("fuqing");
        reporter.get(AT).assert_success().shows("由文件导入").shows("140.5");
        office.step("fuqing", "350181", "ask_correction", &[("reason", "口径调整"), (VALUE, "142")]);
        office.step("shenhe", "350181", "allow_correction", &[("step", "allow_correction"), ("reason", "同意")]);
        let page = reporter.get(AT).assert_success();
        assert!(page.html.contains("value=\"142\"") && page.html.contains("value=\"文件里的说明\""));
        // The office sees what is in force, not what the county types.
        office.fill("fuqing", "350181", &[(VALUE, "142.5")]);
        office.person("shenhe").get("/review/fuzhou-2021/2021-06/350181").assert_success().shows("140.5").lacks("142.5");
        // What the county explains is for the reviewer.
        office.fill("fuqing", "350181", &[("c.investment/350181/note", "只给审核员看的说明文字")]);
        // A box that is cleared is empty, and stays so.
        office.fill("fuqing", "350181", &[("c.investment/350181/base", "")]);
        reporter.get(&format!("{AT}/check")).assert_success().shows("还没有填去年同期");
    }

    fn a_base_alone_is_no_report(app: TestApp) {
        let office = Office::with_figures(app, &["福清市,2021-06,,120.25,,"]);
        office.person("fuqing").get(AT).assert_success().shows("未提交");
        office.submit_fuqing();
    }

    fn an_explanation_is_not_published(app: TestApp) {
        let office = Office::new(app);
        let why = "去年同期有两个项目停产，基数偏低";
        office.fill("fuqing", "350181", &[(VALUE, "140.5"), ("c.investment/350181/base", "40"), ("c.investment/350181/note", why)]);
        office.hand_in("fuqing", "350181");
        office.step("fuqing.sh", "350181", "sign_off", &[]);
        office.step("shenhe", "350181", "approve", &[]);
        office.site.app.jigai_as("350100-publisher", &["bulletin", "publish", "--plan", "fuzhou-2021", "--period", "2021-06"]).assert_done();
        for path in ["/bulletins/fuzhou-2021/2021-06", "/units/fuzhou-2021/350181"] {
            office.person("lingdao").get(path).assert_success().shows("140.50").lacks(why);
        }
        office.person("shenhe").get("/review/fuzhou-2021/2021-06/350181").assert_success().shows(why);
    }

    fn a_refused_correction_changes_nothing(app: TestApp) {
        let office = Office::new(app);
        approve_fuqing(&office);
        office.step("fuqing", "350181", "ask_correction", &[("reason", "想改高一点"), (VALUE, "150")]);
        let nothing_picked = office.person("shenhe").get(AT).assert_success();
        let nothing_picked = office.person("shenhe").submit(&nothing_picked, "form.answer", &[("reason", "没有依据")]);
        assert_eq!(nothing_picked.status, 422);
        nothing_picked.shows("请先选定怎么答复").shows("没有依据");
        office.step("shenhe", "350181", "refuse_correction", &[("step", "refuse_correction"), ("reason", "没有依据")]);
        let page = office.person("fuqing").get(AT).assert_success();
        page.shows("不同意更正").shows("没有依据").shows("已通过");
        assert!(page.all("#entry").is_empty());
    }

    fn late_only_by_name(app: TestApp) {
        let office = Office::new(app);
        office.fill("fuqing", "350181", &[(VALUE, "140.5"), ("c.investment/350181/base", "120.25")]);
        office.site.app.jigai_as("system-security-admin", &["user", "policy", "absolute_hours", "24"]).assert_done();
        let office = office.at("2021-07-06T08:00:00+08:00");
        let log_in = |login: &str| office.site.log_in(login, PASSWORD);
        let (reporter, reviewer) = (log_in("fuqing"), log_in("shenhe"));
        let (reporter, reviewer) = (office.site.as_person(&reporter), office.site.as_person(&reviewer));
        reporter.get(&format!("{AT}/check")).assert_success().shows("不能再提交");
        let page = reviewer.get("/review/fuzhou-2021/2021-06").assert_success();
        page.shows("催报").shows("福清市");
        let at = "/review/fuzhou-2021/2021-06/exception";
        for (fields, says) in [
            ([("unit", "350181"), ("until", "2021-07-05"), ("reason", "停电")], "今天或以后的日期"),
            ([("unit", "350181"), ("until", "明天"), ("reason", "停电")], "今天或以后的日期"),
            ([("unit", "350181"), ("until", "2021-07-06"), ("reason", " ")], "理由"),
            ([("unit", "999999"), ("until", "2021-07-06"), ("reason", "停电")], "请选择单位"),
        ] {
            let refused = reviewer.post(at, &fields);
            assert_eq!(refused.status, 422, "{fields:?}");
            refused.shows(says);
        }
        assert_eq!(reviewer.post(at, &[("unit", "350181"), ("until", "2021-07-06"), ("reason", "台风停电两天")]).status, 303);
        let check = reporter.get(&format!("{AT}/check")).assert_success();
        check.shows("准予补报到7月6日 23:59").shows("台风停电两天");
        // Another unit stays closed.
        let other = log_in("minhou");
        office.site.as_person(&other).get("/report/fuzhou-2021/2021-06/350121").assert_success().shows("不能再提交");
        let office = office.at("2021-07-07T00:00:01+08:00");
        let cookie = office.site.log_in("fuqing", PASSWORD);
        let late = office.site.as_person(&cookie).submit(&check, "form.submit", &[("tick", "on")]);
        assert_eq!(late.status, 422);
        let office = office.at("2021-07-06T23:59:00+08:00");
        let cookie = office.site.log_in("fuqing", PASSWORD);
        let in_time = office.site.as_person(&cookie).submit(&check, "form.submit", &[("tick", "on")]);
        assert_eq!(in_time.status, 303, "{}", in_time.text());
        office.site.app.jigai(&["verify"]).assert_done();
    }
}
