//! Every later day: all periods on one page, corrections that wait for their edition, the days on which something is
//! due.

use tests::{Office, PASSWORD, TestApp, on_both_databases};

const VALUE: &str = "c.investment/350181/value";

/// 1—6月 of 福清市 through every hand, and the bulletin that holds it.
fn publish_june(office: &Office) {
    office.submit_fuqing();
    office.step("fuqing.sh", "350181", "sign_off", &[]);
    office.step("shenhe", "350181", "approve", &[]);
    let publisher = office.person("fabu");
    let page = publisher.get("/publish/fuzhou-2021/2021-06").assert_success();
    assert_eq!(publisher.submit(&page, "main form", &[("password", PASSWORD)]).status, 303);
}

on_both_databases! {
    fn an_approved_correction_is_the_publishers_however_old(app: TestApp) {
        let office = Office::new(app);
        publish_june(&office);
        let office = office.at("2021-12-20T09:00:00+08:00").logged_in_again();
        office.person("fabu").get("/").assert_success().lacks("2021年1—6月报送");
        // A county finds its old period, its receipt and how to correct it, and asks.
        let own = office.person("fuqing").get("/periods").assert_success();
        own.shows("我的报送").shows("2021年1—6月").shows("查看、申请更正").shows("回执").shows("2021年7月5日（已截止）");
        office.step("fuqing", "350181", "ask_correction", &[("reason", "宏港项目少计1亿元"), (VALUE, "141.5")]);
        office.step("shenhe", "350181", "allow_correction", &[("step", "allow_correction"), ("reason", "情况属实")]);
        office.hand_in("fuqing", "350181");
        office.step("fuqing.sh", "350181", "sign_off", &[]);
        office.step("shenhe", "350181", "approve", &[]);
        // It is a task, stands on the edition it moves for the office alone, and in the list of periods.
        let publisher = office.person("fabu");
        publisher.get("/").assert_success().shows("2021年1—6月报送").shows("发布之后福清市的数变了（已通过的更正未发布）");
        publisher.get("/bulletins/fuzhou-2021/2021-06/e1").assert_success().shows("福清市的数变了，还没有发布更正");
        office.person("lingdao").get("/bulletins/fuzhou-2021/2021-06/e1").assert_success().lacks("数变了");
        office.person("fuqing").get("/bulletins/fuzhou-2021/2021-06/e1").assert_success().lacks("数变了");
        let periods = publisher.get("/periods").assert_success();
        periods.shows("福清市的数在发布之后变了").shows("再发布（更正）");
        let page = publisher.get("/publish/fuzhou-2021/2021-06").assert_success();
        let fields = [("password", PASSWORD), ("reason", "福清市更正")];
        assert_eq!(publisher.submit(&page, "main form", &fields).status, 303);
        publisher.get("/").assert_success().lacks("数变了");
        publisher.get("/bulletins/fuzhou-2021/2021-06/e2").assert_success().lacks("数变了");
        publisher.get("/periods").assert_success().lacks("数在发布之后变了");
    }

    fn what_is_due_stands_above_what_is_done_and_the_next_date_is_said(app: TestApp) {
        let office = Office::new(app);
        publish_june(&office);
        // Of July nothing is handed in when it opens; June's receipt is not signed for yet.
        let office = office.at("2021-08-03T09:00:00+08:00").logged_in_again();
        let home = office.person("fuqing").get("/").assert_success();
        let text = home.text();
        let (due, receipt) = (text.find("1—7月").unwrap(), text.find("还没有签收").unwrap());
        assert!(due < receipt, "{text}");
        // Before a period opens its date is said instead of a dead end.
        let office = office.at("2021-08-10T09:00:00+08:00").logged_in_again();
        office.person("minhou.sh").get("/periods").assert_success().shows("下一期：2021年1—8月数据，9月1日开始报送，9月6日 24:00 截止");
        for login in ["fuqing", "shenhe", "lingdao"] {
            office.person(login).get("/calendar").assert_success().shows("2021年1—8月数据").shows("2021年年终自评");
        }
        let file = office.person("fuqing").get("/calendar.ics").assert_success();
        assert_eq!(file.header("content-type"), "text/calendar; charset=utf-8");
        assert!(file.html.contains("DTSTART;VALUE=DATE:20210906"), "{}", file.html);
        // A leader reads what is published of each period, and nothing of returns.
        office.person("lingdao").get("/periods").assert_success().shows("已发布").lacks("通过").lacks("1—7月");
        // Nobody without a post of an office has periods.
        office.person("xitong").get("/periods").assert_error(404);
    }

    // A year's days off are typed from the notice, and move the deadlines that follow working days.
    fn an_administrator_types_the_days_off(app: TestApp) {
        let office = Office::new(app);
        let admin = office.person("xitong");
        let page = admin.get("/admin/holidays").assert_success();
        page.shows("放假安排").shows("2026年").shows("2月15日至23日").shows("国办发明电〔2024〕12号");
        let wrong = [("year", "2021"), ("source", ""), ("notice", "一、某节：7月5日（周二）放假1天。7月10日上班")];
        let refused = admin.submit(&page, "form[action='/admin/holidays']", &wrong);
        assert_eq!(refused.status, 422);
        refused.shows("请写明依据哪份通知").shows("7月5日是周一，写的是周二，请核对");
        assert!(refused.html.contains("一、某节：7月5日（周二）放假1天"), "what was typed is kept");
        let right = [("source", "榕政办〔2021〕8号"), ("notice", "7月5日（周一）放假1天。7月10日（周六）上班")];
        let done = admin.submit(&refused, "form[action='/admin/holidays']", &right);
        assert_eq!(done.status, 303, "{}", done.text());
        admin.get("/admin/holidays?year=2021").assert_success().shows("2021年的放假安排已登记").shows("榕政办〔2021〕8号");
        office.person("fuqing").get("/").assert_success().shows("7月6日 24:00 截止");
        assert_eq!(office.person("shenhe").get("/admin/holidays").status, 403);
        let told = office.person("shenji").get("/audit?action=keep_holidays").assert_success();
        told.shows("登记放假安排");
        office.site.app.jigai(&["verify"]).assert_done();
    }

    // Who is due, for a gateway that an office runs itself: by a key that is shown once, and ends with the next one.
    fn a_gateway_fetches_who_is_due(app: TestApp) {
        let office = Office::new(app);
        let security = office.person("anquan");
        let page = security.get("/admin/policy").assert_success();
        let issued = security.submit(&page, "form[action='/admin/outbox']", &[("do", "issue")]).assert_success();
        let address = issued.all("code.secret").concat();
        let path = address[address.find("/outbox/").unwrap()..].to_owned();
        let due = office.site.get(&path).assert_success();
        let read: serde_json::Value = serde_json::from_str(&due.html).unwrap();
        let of = |login: &str| read.as_array().unwrap().iter().find(|message| message["login"] == login).cloned().unwrap();
        let fuqing = of("fuqing");
        assert_eq!((fuqing["task"].as_str(), fuqing["deadline"].as_str(), fuqing["days"].as_i64()), (Some("report"), Some("2021-07-05"), Some(2)));
        assert!(fuqing["text"].as_str().unwrap().contains("福清市还没有报送，请在7月5日 24:00前提交"), "{fuqing}");
        assert_eq!(due.header("cache-control"), "no-store");
        let csv = office.site.get(&path.replace("due.json", "due.csv")).assert_success().html;
        assert!(csv.starts_with("\u{feff}plan,round,task") || csv.starts_with("plan,round,task"), "{csv}");
        for wrong in [path.replace("due.json", "due.xml"), "/outbox/none/due.json".to_owned()] {
            assert_eq!(office.site.get(&wrong).status, 404, "{wrong}");
        }
        let page = security.get("/admin/policy").assert_success();
        assert!(!page.html.contains(&path), "it is shown once");
        assert_eq!(security.submit(&page, "form[action='/admin/outbox']", &[("do", "withdraw")]).status, 303);
        assert_eq!(office.site.get(&path).status, 404);
        office.site.app.jigai(&["verify"]).assert_done();
    }
}
