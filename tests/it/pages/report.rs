//! `/report/{plan}/{period}/{region}`: the entry form without script, from draft to approval.

use tests::{Office, TestApp, form, on_both_databases};

const AT: &str = "/report/fuzhou-2021/2021-06/350181";
const VALUE: &str = "c.investment/350181/value";
const BASE: &str = "c.investment/350181/base";
const NOTE: &str = "c.investment/350181/note";

/// Texts that somebody would like to see run.
const HOSTILE: [&str; 8] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</textarea><script>alert(2)</script>",
    "'-alert(1)-'",
    "javascript:alert(1)",
    "=HYPERLINK(\"http://example.com\",\"x\")",
    "&lt;b&gt; &#60;i&#62; ${7*7} {{7*7}}",
    "\u{202e}txt.exe\u{2066} 😀 \u{0} 行\r\n二",
];

/// A small zip file that unpacks to this many parts of this many bytes each.
fn bomb(parts: usize, size: usize) -> Vec<u8> {
    use std::io::Write;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    let zeros = vec![0; 1_000_000.min(size)];
    for part in 0..parts {
        archive.start_file(format!("xl/{part}.xml"), options).unwrap();
        (0..size.div_ceil(zeros.len())).for_each(|_| archive.write_all(&zeros).unwrap());
    }
    archive.finish().unwrap().into_inner()
}

on_both_databases! {
    fn from_the_task_to_the_figure_in_force(app: TestApp) {
        let office = Office::new(app);
        office.person("fuqing").get("/").assert_success().shows("1—6月数据：未提交").shows("还有 2 天 14 小时（7月5日 24:00 截止）").shows("去填报");
        let receipt = office.submit_fuqing();
        let page = office.person("fuqing").get(receipt.header("location")).assert_success();
        page.shows("202106-350181-1").shows("SHA-256").shows("下一步：县级审核人签核").shows("2021年7月3日");
        office.person("fuqing.sh").get("/").assert_success().shows("1—6月数据：待县级审核").shows("去签核");
        office.step("fuqing.sh", "350181", "sign_off", &[]);
        office.person("shenhe").get("/").assert_success().shows("待市级审核1个").shows("去审核（1）");
        // Readers know nothing of it.
        assert!(!office.person("lingdao").get("/units/fuzhou-2021/350181").html.contains("140.5"));
        office.step("shenhe", "350181", "approve", &[]);
        office.person("shenhe").get("/units/fuzhou-2021/350181").assert_success().shows("140.50").shows("福清市填报员 fuqing甲");
        assert!(!office.person("minhou").get("/units/fuzhou-2021/350181").html.contains("140.5"));
        office.site.app.jigai_as("350100-publisher", &["bulletin", "publish", "--plan", "fuzhou-2021", "--period", "2021-06"]).assert_done();
        office.person("lingdao").get("/").assert_success().shows("140.50");
        office.person("minhou").get("/units/fuzhou-2021/350181").assert_success().shows("140.50");
        office.site.app.jigai(&["verify"]).assert_done().says("核验通过");
    }

    fn a_double_press_is_one_submission(app: TestApp) {
        let office = Office::new(app);
        office.fill("fuqing", "350181", &[(VALUE, "140.5"), (BASE, "120.25")]);
        let person = office.person("fuqing");
        let page = person.get(&format!("{AT}/check")).assert_success();
        let (first, second) = std::thread::scope(|scope| {
            let send = || person.submit(&page, "form.submit", &[("tick", "on")]);
            let (one, two) = (scope.spawn(send), scope.spawn(send));
            (one.join().unwrap(), two.join().unwrap())
        });
        assert_eq!((first.status, second.status), (303, 303), "{} {}", first.text(), second.text());
        assert_eq!(first.header("location"), second.header("location"));
        assert_eq!(office.site.app.query("SELECT COUNT(*) FROM return_step"), ["1"]);
        // Also after the way back.
        let third = person.submit(&page, "form.submit", &[("tick", "on")]);
        assert_eq!((third.status, office.site.app.query("SELECT COUNT(*) FROM return_step")), (303, vec!["1".to_owned()]));
    }

    fn hard_checks_stop_a_submission_and_never_a_draft(app: TestApp) {
        let office = Office::new(app);
        let person = office.person("fuqing");
        let typed = |cells: &[(&str, &str)]| {
            office.fill("fuqing", "350181", cells);
            let page = person.get(&format!("{AT}/check")).assert_success();
            assert!(page.all("form.submit").is_empty(), "{}", page.text());
            page
        };
        typed(&[]).shows("还没有填本期累计");
        typed(&[(VALUE, "很多")]).shows("“很多”不是数字");
        typed(&[(VALUE, "1,40.5")]).shows("千位分隔符位置不对");
        typed(&[(VALUE, "1.123456789")]).shows("至多写 8 位小数");
        typed(&[(VALUE, "99999999999")]).shows("过大");
        typed(&[(VALUE, "140.5"), (BASE, "")]).shows("还没有填去年同期");
        typed(&[(VALUE, "500"), (BASE, "400"), (NOTE, "太短")]).shows("超过150%").shows("至少 10 个字");
        typed(&[(VALUE, "140.5"), (BASE, "40"), (NOTE, "")]).shows("在 −50% 至 200% 之外");
        let long = "长".repeat(1001);
        typed(&[(VALUE, "140.5"), (BASE, "120"), ("c.text/progress", &long)]).shows("请缩短到 1000 字以内");
        // Everything is still in the form.
        let page = person.get(AT).assert_success();
        assert!(page.html.contains(&long) && page.html.contains("value=\"140.5\""));
        // Without the tick nothing is submitted, by whatever way the form is sent.
        office.fill("fuqing", "350181", &[("c.text/progress", "正常推进")]);
        let page = person.get(&format!("{AT}/check")).assert_success();
        let refused = person.submit(&page, "form.submit", &[]);
        assert_eq!(refused.status, 422);
        refused.shows("请先勾选");
        assert_eq!(office.site.app.query("SELECT COUNT(*) FROM return_step"), ["0"]);
    }

    fn numbers_are_understood_and_said(app: TestApp) {
        let office = Office::new(app);
        let person = office.person("fuqing");
        for (typed, said) in [
            ("１４０．５", "读作 140.5 亿元"),
            ("1,140.50", "读作 1140.5 亿元"),
            ("140.5亿", "读作 140.5 亿元"),
            ("1405000万", "读作 140.5 亿元"),
            ("14050000000元", "读作 140.5 亿元"),
            ("(12)", "读作 −12 亿元"),
        ] {
            office.fill("fuqing", "350181", &[(VALUE, typed)]);
            let page = person.get(AT).assert_success();
            page.shows(said);
            assert!(page.html.contains(&format!("value=\"{typed}\"")), "{typed}");
        }
    }

    fn soft_checks_go_with_their_explanation_to_the_reviewer(app: TestApp) {
        let office = Office::new(app);
        let why = "去年同期有两个项目停产，基数偏低";
        office.fill("fuqing", "350181", &[(VALUE, "140.5"), (BASE, "40"), (NOTE, why)]);
        office.person("fuqing").get(&format!("{AT}/check")).assert_success().shows("有 1 处提示");
        office.hand_in("fuqing", "350181");
        office.step("fuqing.sh", "350181", "sign_off", &[]);
        office.person("shenhe").get("/review/fuzhou-2021/2021-06").assert_success().shows("有提示 1");
        office.person("shenhe").get("/review/fuzhou-2021/2021-06/350181").assert_success().shows("200% 之外").shows(why);
    }

    fn what_is_nested_is_not_more_than_its_unit(app: TestApp) {
        let office = Office::new(app);
        let cells = [("c.investment/350121/value", "50"), ("c.investment/350121/base", "45"), ("c.investment/高新区/value", "60"), ("c.investment/高新区/base", "50")];
        office.fill("minhou", "350121", &cells);
        office.person("minhou").get("/report/fuzhou-2021/2021-06/350121").assert_success().shows("其中高新区60.00亿元大于闽侯县的50.00亿元");
    }

    fn sent_back_answered_and_compared(app: TestApp) {
        let office = Office::new(app);
        office.submit_fuqing();
        let approver = office.person("fuqing.sh");
        let page = approver.get(AT).assert_success();
        let empty = approver.submit(&page, "form.back-form", &[("reason", "  ")]);
        assert_eq!(empty.status, 422);
        empty.shows("请写具体说明");
        office.step("fuqing.sh", "350181", "send_back_to_reporter", &[("reason_kind", "数据与台账不符，请核对"), ("reason", "宏港项目少报了")]);
        office.person("fuqing").get("/").assert_success().shows("已退回").shows("宏港项目少报了").shows("去修改");
        office.fill("fuqing", "350181", &[(VALUE, "141.5")]);
        office.hand_in("fuqing", "350181");
        // The approver sees what changed.
        approver.get(AT).assert_success().shows("141.5").shows("上次 140.5");
        office.step("fuqing.sh", "350181", "sign_off", &[]);
        office.step("shenhe", "350181", "send_back_to_county", &[("reason", "请补充存在问题")]);
        // The office does not see what the county types meanwhile.
        office.fill("fuqing", "350181", &[(VALUE, "142.5")]);
        let page = office.person("shenhe").get("/review/fuzhou-2021/2021-06/350181").assert_success();
        page.shows("141.5").lacks("142.5");
        let history = office.person("fuqing").get(&format!("{AT}/history")).assert_success();
        history.shows("宏港项目少报了").shows("140.5").shows("141.5").shows("142.5").shows("请补充存在问题").shows("福州市审核员");
        office.person("shenhe").get(&format!("{AT}/history")).assert_success().lacks("142.5");
    }

    fn unit_and_office_talk_without_sending_back(app: TestApp) {
        let office = Office::new(app);
        office.submit_fuqing();
        office.step("fuqing.sh", "350181", "sign_off", &[]);
        let (reviewer, reporter) = (office.person("shenhe"), office.person("fuqing"));
        let review = "/review/fuzhou-2021/2021-06/350181";
        let say = |person: &tests::Person<'_>, at: &str, words: &str| {
            person.submit(&person.get(at).assert_success(), "#messages form", &[("words", words)])
        };
        let empty = say(&reviewer, review, " ");
        empty.assert_status(422).shows("请写留言的内容");
        let asked = "6月单月比上月多一倍，是哪几个项目？<b>请简单说明</b>";
        let done = say(&reviewer, review, asked);
        assert_eq!((done.status, done.header("location")), (303, &*format!("{review}#messages")), "{}", done.text());
        // Nothing moved; the unit reads it on its first page and below its return, others nowhere.
        reviewer.get("/").assert_success().shows("待市级审核1个").lacks("留言：");
        for person in ["fuqing", "fuqing.sh"] {
            let home = office.person(person).get("/").assert_success();
            home.shows("办公室就2021年1—6月报送留言：6月单月比上月多一倍");
            let report = office.person(person).get(AT).assert_success();
            report.shows(asked).shows("福州市审核员 shenhe甲");
            assert!(!report.html.contains("<b>请简单"));
        }
        for person in ["minhou", "lingdao", "fabu", "xitong"] {
            assert!(!office.person(person).get("/").text().contains("单月比上月"), "{person}");
            let refused = office.person(person).post(&format!("{AT}/message"), &[("words", "x")]);
            assert!(matches!(refused.status, 403 | 404), "{person}: {}", refused.status);
        }
        assert_eq!(say(&reporter, AT, "是甲、乙两个项目设备到货，台账已附").status, 303);
        reporter.get("/").assert_success().lacks("留言：");
        reviewer.get("/").assert_success().shows("福清市就2021年1—6月报送留言：是甲、乙两个项目");
        // Seen: it stands on nobody's first page any more, and is marked once.
        let page = reviewer.get(review).assert_success();
        assert_eq!(reviewer.submit(&page, "#messages form", &[("act", "seen"), ("words", "")]).status, 303);
        reviewer.get("/").assert_success().lacks("留言：");
        let again = reviewer.submit(&page, "#messages form", &[("act", "seen"), ("words", "")]);
        again.assert_status(422).shows("没有还没看的留言");
        let long = say(&reviewer, review, &"长".repeat(2_001));
        long.assert_status(422).shows("留言超过").shows("长长长");
        // The trail is searched by who did what to what, by the auditor alone.
        let auditor = office.person("shenji");
        auditor.get("/search?q=350181").assert_success().shows("审计记录（").shows("看过留言");
        reviewer.get("/search?q=350181").assert_success().lacks("审计记录（");
        auditor.get("/audit?find=shenhe").assert_success().shows("shenhe甲").lacks("fuqing甲");
        auditor.get("/audit?find=100%25").assert_success().shows("没有找到“100%”");
        office.site.app.jigai(&["verify"]).assert_done();
    }

    fn withdrawn_until_the_next_one_has_acted(app: TestApp) {
        let office = Office::new(app);
        office.submit_fuqing();
        let reporter = office.person("fuqing");
        let stale = reporter.get(AT).assert_success();
        office.step("fuqing", "350181", "withdraw", &[]);
        office.fill("fuqing", "350181", &[(VALUE, "139")]);
        office.hand_in("fuqing", "350181");
        let page = reporter.get(AT).assert_success();
        office.step("fuqing.sh", "350181", "sign_off", &[]);
        // The page is older than the signature.
        let late = reporter.submit(&page, "form.step:has(input[value=withdraw])", &[]);
        assert_eq!(late.status, 409);
        late.shows("刚才的操作没有生效").shows("签核");
        assert_eq!(reporter.submit(&stale, "form.step:has(input[value=withdraw])", &[("key", "other")]).status, 409);
        office.step("fuqing.sh", "350181", "take_back", &[]);
        office.step("fuqing", "350181", "withdraw", &[]);
        reporter.get(AT).assert_success().shows("未提交");
    }

    fn two_tabs_lose_nothing(app: TestApp) {
        let office = Office::new(app);
        office.fill("fuqing", "350181", &[(VALUE, "1"), ("c.text/progress", "甲")]);
        let person = office.person("fuqing");
        let (one, two) = (person.get(AT).assert_success(), person.get(AT).assert_success());
        assert_eq!(person.submit(&one, "#entry", &[(VALUE, "2"), ("then", "save")]).status, 303);
        // The second tab changed another box: both changes stay.
        assert_eq!(person.submit(&two, "#entry", &[("c.text/progress", "乙"), ("then", "save")]).status, 303);
        let page = person.get(AT).assert_success();
        assert!(page.html.contains("value=\"2\"") && page.html.contains(">\n乙<"), "{}", page.html);
        // The same box: nothing is saved, both are shown, one is chosen.
        let answer = person.submit(&one, "#entry", &[(VALUE, "3"), ("c.text/problems", "丙"), ("then", "save")]);
        assert_eq!(answer.status, 409);
        answer.shows("用我填的：3").shows("用已保存的：2");
        assert!(answer.html.contains(">\n丙<"), "what was typed is kept");
        assert_eq!(office.site.app.query("SELECT content FROM draft WHERE cell = 'text/problems'"), Vec::<String>::new());
        let picked = person.submit(&answer, "#entry", &[("pick.investment/350181/value", "mine"), ("then", "save")]);
        assert_eq!(picked.status, 303, "{}", picked.text());
        let page = person.get(AT).assert_success();
        assert!(page.html.contains("value=\"3\"") && page.html.contains(">\n丙<"));
    }

    fn what_was_checked_is_what_is_submitted(app: TestApp) {
        let office = Office::new(app);
        office.fill("fuqing", "350181", &[(VALUE, "140.5"), (BASE, "120.25")]);
        let person = office.person("fuqing");
        let page = person.get(&format!("{AT}/check")).assert_success();
        office.fill("fuqing", "350181", &[(VALUE, "150.5")]);
        let answer = person.submit(&page, "form.submit", &[("tick", "on")]);
        assert_eq!(answer.status, 409);
        answer.shows("请重新核对").shows("150.5");
    }

    fn the_deadline_closes_the_form_but_keeps_the_draft(app: TestApp) {
        let office = Office::new(app);
        office.fill("fuqing", "350181", &[(VALUE, "140.5"), (BASE, "120.25")]);
        let person = office.person("fuqing");
        let page = person.get(&format!("{AT}/check")).assert_success();
        let early = person.get("/report/fuzhou-2021/2021-08/350181").assert_success();
        early.shows("还没有开始报送");
        // Somebody has worked through the whole day.
        office.site.app.jigai_as("system-security-admin", &["user", "policy", "absolute_hours", "24"]).assert_done();
        let office = office.at("2021-07-06T00:00:01+08:00");
        let cookie = office.site.log_in("fuqing", tests::PASSWORD);
        let person = office.site.as_person(&cookie);
        let late = person.submit(&page, "form.submit", &[("tick", "on")]);
        assert_eq!(late.status, 422, "{}", late.text());
        late.shows("已于2021年7月5日截止");
        let form = person.get(AT).assert_success();
        let saved = person.submit(&form, "#entry", &[(VALUE, "141"), ("then", "save")]);
        assert_eq!(saved.status, 303);
        assert!(person.get(AT).html.contains("value=\"141\""));
        assert_eq!(office.site.app.query("SELECT COUNT(*) FROM return_step"), ["0"]);
    }

    fn nothing_is_withdrawn_that_could_not_come_back(app: TestApp) {
        let office = Office::new(app);
        office.submit_fuqing();
        let page = office.person("fuqing").get(AT).assert_success();
        office.site.app.jigai_as("system-security-admin", &["user", "policy", "absolute_hours", "24"]).assert_done();
        let office = office.at("2021-07-06T00:00:01+08:00");
        let cookie = office.site.log_in("fuqing", tests::PASSWORD);
        let person = office.site.as_person(&cookie);
        let refused = person.submit(&page, "form.step:has(input[value=withdraw])", &[]);
        assert_eq!(refused.status, 422);
        refused.shows("撤回后就不能再提交了");
        let again = person.get(AT).assert_success();
        assert!(again.all("form.step").is_empty(), "{}", again.text());
        // Sent back by the county's own approver it may come again.
        let cookie = office.site.log_in("fuqing.sh", tests::PASSWORD);
        let approver = office.site.as_person(&cookie);
        let page = approver.get(AT).assert_success();
        assert_eq!(approver.submit(&page, "form.back-form", &[("reason", "请核对")]).status, 303);
        let check = person.get(&format!("{AT}/check")).assert_success();
        assert_eq!(person.submit(&check, "form.submit", &[("tick", "on")]).status, 303);
    }

    fn a_form_survives_the_end_of_its_session(app: TestApp) {
        let office = Office::new(app);
        let person = office.person("fuqing");
        let page = person.get(AT).assert_success();
        office.site.app.jigai_as("system-system-admin", &["user", "end-sessions", "fuqing"]).assert_done();
        let typed = "两行\n“引号” & <b>尖括号</b>";
        let asked = person.submit(&page, "#entry", &[("c.text/progress", typed), ("then", "save")]);
        assert_eq!(asked.status, 401);
        asked.shows("刚才的内容还没有保存");
        let visitor = office.site.as_person("");
        let wrong = visitor.submit(&asked, "main form", &[("login", "fuqing"), ("password", "wrong")]);
        assert_eq!(wrong.status, 401);
        let again = visitor.submit(&wrong, "main form", &[("login", "fuqing"), ("password", tests::PASSWORD)]);
        assert_eq!(again.status, 200, "{}", again.text());
        again.shows("已重新登录").lacks("<b>尖括号");
        let person = office.site.as_person(&again.cookies());
        assert_eq!(person.submit(&again, "main form", &[]).status, 303);
        let (_, fields) = person.get(AT).form("#entry");
        assert!(fields.iter().any(|(name, value)| name == "c.text/progress" && value == typed), "{fields:?}");
    }

    fn what_can_no_longer_be_saved_is_shown(app: TestApp) {
        let office = Office::new(app);
        let person = office.person("fuqing");
        let page = person.get(AT).assert_success();
        office.submit_fuqing();
        let late = person.submit(&page, "#entry", &[("c.text/problems", "设备到货晚"), ("then", "save")]);
        assert_eq!(late.status, 409);
        late.shows("您刚才填的、没有保存的内容").shows("设备到货晚");
    }

    fn a_file_of_faults_gets_a_short_answer(app: TestApp) {
        let office = Office::new(app);
        let rows = "福清市,2021-06,283,251\n".repeat(50_000);
        let answer = office.site.upload(&format!("{AT}/upload"), "x.csv", format!("region,period,value,base\n{rows}").as_bytes(), office.cookie("fuqing"));
        assert_eq!(answer.status, 422);
        answer.shows("另有 49979 处");
        assert!(answer.html.len() < 100_000, "{}", answer.html.len());
    }

    fn unknown_fields_change_nothing(app: TestApp) {
        let office = Office::new(app);
        let person = office.person("fuqing");
        let head = office.site.app.head();
        let strange = [("c.investment/350121/value", "9"), ("c.investment/350181/growth", "9"), ("c.key_projects/350181/value", "9"), ("unit", "350121"), ("state", "approved"), ("score", "1"), ("then", "save")];
        assert_eq!(person.post(&format!("{AT}/save"), &strange).status, 303);
        assert_eq!(office.site.app.head(), head);
    }

    fn hostile_texts_stay_texts(app: TestApp) {
        let office = Office::new(app);
        let text = HOSTILE.join("\n");
        let cells: Vec<(&str, &str)> = [VALUE, NOTE, "c.text/progress", "c.text/experience", "c.text/problems", "c.text/next"].iter().map(|cell| (*cell, text.as_str())).collect();
        office.fill("fuqing", "350181", &cells);
        let page = office.person("fuqing").get(AT).assert_success();
        page.lacks("<script>alert").lacks("<img src=x");
        // The boxes hold what was typed, to the last character.
        let (_, fields) = page.form("#entry");
        let kept = domain::entry::clean(&text);
        assert!(fields.iter().any(|(name, value)| name == "c.text/next" && *value == kept), "{fields:?}");
        office.person("fuqing").get(&format!("{AT}/check")).assert_success().lacks("<script>alert").lacks("<img src=x");
        office.fill("fuqing", "350181", &[(VALUE, "140.5"), (BASE, "120.25")]);
        office.hand_in("fuqing", "350181");
        office.step("fuqing.sh", "350181", "send_back_to_reporter", &[("reason", &text)]);
        office.hand_in("fuqing", "350181");
        office.step("fuqing.sh", "350181", "sign_off", &[]);
        office.step("shenhe", "350181", "approve", &[]);
        office.site.app.jigai_as("350100-publisher", &["bulletin", "publish", "--plan", "fuzhou-2021", "--period", "2021-06"]).assert_done();
        let add = |phone: &str| office.site.app.jigai_as("system-system-admin", &["user", "add", "evil", "--name", "<script>alert(1)</script>", "--phone", phone]);
        add("\"><img src=x onerror=alert(1)>").assert_refused().says("读不懂");
        add("0591-87654321").assert_done();
        let places = [
            ("fuqing", "/"), ("fuqing", AT), ("fuqing.sh", AT), ("fuqing", "/report/fuzhou-2021/2021-06/350181/history"), ("fuqing", "/report/fuzhou-2021/2021-06/350181/receipt"),
            ("shenhe", "/review/fuzhou-2021/2021-06"), ("shenhe", "/review/fuzhou-2021/2021-06/350181"), ("shenhe", "/units/fuzhou-2021/350181"), ("shenhe", "/rank/fuzhou-2021/2021-06"),
            ("lingdao", "/bulletins/fuzhou-2021/2021-06"), ("lingdao", "/bulletins/fuzhou-2021/2021-06/print"), ("shenji", "/audit"), ("xitong", "/admin/users"), ("anquan", "/admin/posts"),
        ];
        for (login, path) in places {
            let page = office.person(login).get(path).assert_success();
            page.lacks("<script>alert").lacks("<img src=x").lacks("onerror=alert(1)>\"");
            assert!(page.html.contains("</html>"), "{path} is cut off");
        }
        for file in ["bulletin/fuzhou-2021.2021-06.e1.table.csv", "rank/fuzhou-2021.2021-06.investment.growth.csv"] {
            let csv = office.person("shenhe").get(&format!("/export/{file}")).assert_success();
            assert!(!csv.html.lines().any(|line| line.split(',').any(|cell| cell.trim_matches('"').starts_with("=HYPERLINK"))), "{}", csv.html);
        }
    }

    fn a_file_goes_through_the_same_checks_and_preview(app: TestApp) {
        let office = Office::new(app);
        let at = format!("{AT}/upload");
        let cookie = office.cookie("fuqing");
        let head = office.site.app.head();
        let send = |name: &str, bytes: &[u8]| office.site.upload(&at, name, bytes, cookie);
        let good = "region,period,value,base,note\n福清市,2021-06,140.5,120.25,去年同期口径一致没有调整\n";
        let page = send("好.csv", good.as_bytes()).assert_success();
        page.shows("还没有保存").shows("140.5");
        assert_eq!(office.site.app.head(), head, "a preview saves nothing");
        let person = office.person("fuqing");
        assert_eq!(person.submit(&page, "#entry", &[("then", "save")]).status, 303);
        assert!(person.get(AT).html.contains("value=\"140.5\""));
        // A workbook with the office's own headings; unit and period are those of the form.
        let mut workbook = rust_xlsxwriter::Workbook::new();
        let sheet = workbook.add_worksheet();
        for (column, text) in ["单位名称", "本期累计", "去年同期", "说明"].iter().enumerate() {
            sheet.write(0, column as u16, *text).unwrap();
        }
        sheet.write(1, 0, "福清市").unwrap();
        sheet.write(1, 1, 141.1 + 0.2).unwrap();
        sheet.write(1, 2, 120.25).unwrap();
        let page = send("报送.xlsx", &workbook.save_to_buffer().unwrap()).assert_success();
        page.shows("141.3").shows("还没有保存");
        let head = office.site.app.head();
        let gb18030 = [b"region,period,value,base\n".as_slice(), &[0xB8, 0xA3, 0xC7, 0xE5, 0xCA, 0xD0], b",2021-06,141,120\n"].concat();
        send("g.csv", &gb18030).assert_success().shows("141");
        for (bytes, says) in [
            (b"".as_slice(), "还没有选择文件"),
            ("region,period,value\n闽侯县,2021-06,50\n".as_bytes(), "第 2 行：不是福清市的数据"),
            ("region,period,value\n福清市,2021-05,50\n".as_bytes(), "期间是 2021-05"),
            ("region,period,value\n福清市,2021-06,很多\n".as_bytes(), "不是数字"),
            ("region,period,value,growth_pct\n福清市,2021-06,50,12\n".as_bytes(), "公布增幅由办公室"),
            (b"PK\x03\x04rubbish".as_slice(), "工作簿打不开"),
            (&bomb(1, 200_000_000), "异常地大"),
            (&bomb(3_000, 1), "3000 个部件"),
            (&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "旧版工作簿"),
            (&[0, 1, 2, 3], "不是文本文件"),
        ] {
            let answer = send("x.csv", bytes);
            assert_eq!(answer.status, 422, "{says}: {}", answer.text());
            answer.shows(says);
        }
        let large = send("large.csv", &vec![b'x'; 9 * 1024 * 1024]);
        assert_eq!(large.status, 413);
        large.shows("超过 8 MB");
        let broken = office.site.post(&at, "nonsense", &[("cookie", cookie), ("content-type", "multipart/form-data; boundary=x")]);
        assert!(matches!(broken.status, 400 | 422), "{}", broken.status);
        assert_eq!(office.site.app.head(), head);
        let form = form(&[("c.text/progress", &"长".repeat(100_000))]);
        assert_eq!(office.site.post(&format!("{AT}/save"), &form, &[("cookie", cookie)]).status, 413);
    }

    fn nothing_behind_the_programs_back(app: TestApp) {
        let office = Office::new(app);
        office.submit_fuqing();
        let app = office.site.stop();
        app.jigai(&["verify"]).assert_done();
        for table in ["draft", "return_step", "post", "holding"] {
            assert!(app.refused_sql(&format!("DELETE FROM {table}")).contains("append-only"), "{table}");
        }
        app.tamper("return_step", "UPDATE return_step SET actor = '别人'");
        app.jigai(&["verify"]).says("核验不通过").says("return_step fuzhou-2021 2021 6 350181").says("被改动过");
        app.tamper_again("DELETE FROM return_step");
        app.jigai(&["verify"]).says("return_step 应有 1 行，现有 0 行");
    }
}
