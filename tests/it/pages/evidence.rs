//! 证明材料: a unit attaches files to what it reports, its approver and the office read them, nobody else.

use domain::evidence::LARGEST;
use tests::{Engine, Office, Page, TestApp, on_both_databases};

const AT: &str = "/report/fuzhou-2021/2021-06/350181";
const REVIEW: &str = "/review/fuzhou-2021/2021-06";
const FILES: &str = "/evidence/fuzhou-2021";
const OBJECTIONS: &str = "/assess/fuzhou-2021/objections";

fn paper(words: &str) -> Vec<u8> {
    format!("%PDF-1.7\n% {words}\ntrailer <</Root 1 0 R>>\n%%EOF\n").into_bytes()
}

/// Chooses a file in the form of a page for a subject and sends it, as a browser without script does.
fn attach_to(
    office: &Office,
    (login, page, subject): (&str, &str, &str),
    (name, bytes): (&str, &[u8]),
    ticks: &[&str],
) -> Page {
    let shown = office.person(login).get(page).assert_success();
    let (action, mut fields) = shown.form(&format!("form.evidence-form:has(input[value='{subject}'])"));
    assert_eq!(action, FILES);
    fields.extend(ticks.iter().map(|tick| ((*tick).to_owned(), "on".to_owned())));
    office.site.upload_form(&action, &fields, ("evidence", name, bytes), office.cookie(login))
}

/// The same to the return of June.
fn attach(office: &Office, login: &str, page: &str, file: (&str, &[u8]), ticks: &[&str]) -> Page {
    attach_to(office, (login, page, "return/2021-06"), file, ticks)
}

/// 福清市's return of June, signed and approved.
fn approved(office: &Office) {
    office.submit_fuqing();
    office.step("fuqing.sh", "350181", "sign_off", &[]);
    office.step("shenhe", "350181", "approve", &[]);
}

/// Where the links to files on a page lead.
fn links(page: &Page) -> Vec<String> {
    page.links().into_iter().filter(|link| link.starts_with(FILES)).collect()
}

on_both_databases! {
    fn a_returns_files_reach_those_who_may_see_them_and_nobody_else(app: TestApp) {
        let mut office = Office::new(app);
        office.appoint("xiaoneng", "observer", "市效能办");
        let name = "6月发票（技改设备）.pdf";
        let done = attach(&office, "fuqing", AT, (name, &paper("发票")), &[]);
        assert_eq!((done.status, done.header("location")), (303, &*format!("{AT}#evidence-return")), "{}", done.text());
        let own = office.person("fuqing").get(AT).assert_success();
        own.shows(name).shows("PDF　1 KB").shows("提交时一并送出").shows(&domain::canonical::sha256(&paper("发票")));
        assert_eq!(links(&own), [format!("{FILES}/1")]);
        // Before it is handed in it is the unit's own.
        office.person("fuqing.sh").get(&links(&own)[0]).assert_success();
        for other in ["shenhe", "fabu", "lingdao", "minhou", "xiaoneng", "xitong"] {
            let answer = office.person(other).get(&links(&own)[0]);
            assert!(matches!(answer.status, 403 | 404), "{other}: {} {}", answer.status, answer.text());
        }
        office.person("fuqing").get(&format!("{AT}/check")).assert_success();
        let cells = [("c.investment/350181/value", "140.5"), ("c.investment/350181/base", "120.25")];
        office.fill("fuqing", "350181", &cells);
        let check = office.person("fuqing").get(&format!("{AT}/check")).assert_success();
        check.shows(&format!("随报送提交证明材料 1 份：{name}。"));
        office.hand_in("fuqing", "350181");
        // Taken back, it is the unit's own again.
        office.person("shenhe").get(&format!("{FILES}/1")).assert_success();
        office.step("fuqing", "350181", "withdraw", &[]);
        office.person("shenhe").get(&format!("{FILES}/1")).assert_status(404);
        office.person("shenhe").get(REVIEW).assert_success().lacks("1份");
        office.hand_in("fuqing", "350181");
        let receipt = office.person("fuqing").get(&format!("{AT}/receipt")).assert_success();
        receipt.shows(name).shows(&domain::canonical::sha256(&paper("发票")));
        let signing = office.person("fuqing.sh").get(AT).assert_success();
        signing.shows(name).lacks("提交时一并送出");
        assert!(signing.all("form.evidence-form").is_empty() && signing.all(".evidence form").is_empty());
        office.step("fuqing.sh", "350181", "sign_off", &[]);
        let review = office.person("shenhe").get(&format!("{REVIEW}/350181")).assert_success();
        review.shows(name);
        office.person("shenhe").get(REVIEW).assert_success().shows("1份");
        // Fetched as it was sent, under its own name, and never shown by the browser itself.
        let file = office.person("shenhe").get(&links(&review)[0]).assert_success();
        assert_eq!(file.html.as_bytes(), paper("发票"));
        assert_eq!(file.header("content-type"), "application/pdf");
        let encoded = "6%E6%9C%88%E5%8F%91%E7%A5%A8%EF%BC%88%E6%8A%80%E6%94%B9%E8%AE%BE%E5%A4%87%EF%BC%89.pdf";
        let disposition = format!("attachment; filename=\"evidence-1.pdf\"; filename*=UTF-8''{encoded}");
        assert_eq!(file.header("content-disposition"), disposition);
        assert_eq!(file.header("x-content-type-options"), "nosniff");
        assert_eq!(file.header("content-security-policy"), "sandbox; default-src 'none'");
        assert_eq!(file.header("cache-control"), "no-store");
        for other in ["fabu", "lingdao", "minhou", "minhou.sh", "xiaoneng", "xitong", "anquan", "shenji"] {
            let answer = office.person(other).get(&links(&review)[0]);
            assert!(matches!(answer.status, 403 | 404), "{other}: {} {}", answer.status, answer.text());
            answer.lacks("PDF-1.7");
        }
        office.person("fabu").get(&format!("{REVIEW}/350181")).assert_success().lacks(name);
        let visitor = office.site.get_with(&links(&review)[0], &[("no-redirect", "1")]);
        assert!(visitor.status == 303 && visitor.header("location").starts_with("/login"), "{}", visitor.status);
        office.person("shenhe").get(&format!("{FILES}/2")).assert_status(404);
        office.person("shenhe").get(&format!("{FILES}/x")).assert_status(404);
        office.person("shenhe").get("/evidence/none/1").assert_status(404);
        // Who of the office fetched it is in the trail of viewings.
        office.site.settle(|| {
            let seen = office.person("shenji").get("/audit/views").text();
            seen.contains(&format!("{FILES}/1"))
        });
        office.site.app.jigai(&["verify"]).assert_done().says("证明材料 1 份");
    }

    fn what_is_no_evidence_is_refused_in_a_sentence(app: TestApp) {
        let office = Office::new(app);
        let head = office.site.app.head();
        for (name, bytes, says) in [
            ("报表.pdf", b"MZ\x90\x00\x03\x00 This program cannot be run in DOS mode".to_vec(), "是程序"),
            ("空.pdf", Vec::new(), "文件是空的"),
            ("网页.png", b"<!DOCTYPE html><script>alert(1)</script>".to_vec(), "是网页"),
            ("报表.xlsx", b"PK\x03\x04 nonsense".to_vec(), "打不开"),
            ("加密.pdf", b"%PDF-1.7\ntrailer <</Encrypt 5 0 R>>\n%%EOF".to_vec(), "加了密码"),
            ("截断.pdf", b"%PDF-1.7\n1 0 obj".to_vec(), "不完整"),
        ] {
            let answer = attach(&office, "fuqing", AT, (name, &bytes), &[]);
            answer.assert_status(422).shows(says).shows("证明材料");
        }
        // Larger than anything that is read, and a little larger than what is taken.
        let mut large = paper("大");
        large.splice(9..9, vec![b' '; LARGEST]);
        attach(&office, "fuqing", AT, ("大.pdf", &large), &[]).assert_status(422).shows("超过 20 MB");
        large.splice(9..9, vec![b' '; 1 << 20]);
        attach(&office, "fuqing", AT, ("更大.pdf", &large), &[]).assert_status(413).shows("文件超过 20 MB，没有收下");
        // Not the unit's, not anybody's, not a form at all.
        let (_, fields) = office.person("fuqing").get(AT).assert_success().form("form.evidence-form");
        let send = |fields: &[(String, String)], cookie: &str| {
            office.site.upload_form(FILES, fields, ("evidence", "a.pdf", &paper("a")), cookie)
        };
        let with = |name: &str, value: &str| {
            let replaced = |(own, old): &(String, String)| {
                (own.clone(), if own == name { value.to_owned() } else { old.clone() })
            };
            fields.iter().map(replaced).collect::<Vec<_>>()
        };
        send(&with("unit", "350121"), office.cookie("fuqing")).assert_status(404);
        send(&with("subject", "nothing"), office.cookie("fuqing")).assert_status(404);
        send(&with("subject", "return/2020-06"), office.cookie("fuqing")).assert_status(400);
        send(&fields, office.cookie("minhou")).assert_status(404);
        for login in ["fuqing.sh", "shenhe", "xitong"] {
            send(&fields, office.cookie(login)).assert_status(403);
        }
        send(&fields, "").assert_status(401);
        let cookie = office.cookie("fuqing");
        let headers = [("cookie", cookie), ("content-type", "multipart/form-data; boundary=x")];
        office.site.post(FILES, "nonsense", &headers).assert_status(404);
        assert_eq!(office.site.app.head(), head, "a refusal wrote something");
        // A name as somebody may send it: shown and saved without what it hides.
        let done = attach(&office, "fuqing", AT, ("C:\\报表\\发\u{202e}票<b>.pdf", &paper("发票")), &[]);
        assert_eq!(done.status, 303, "{}", done.text());
        office.person("fuqing").get(AT).assert_success().shows("发票_b_.pdf").lacks("<b>.pdf").lacks("\u{202e}");
        // What an attacker changes in the database is found.
        office.site.app.jigai(&["verify"]).assert_done();
    }

    fn twenty_files_and_no_more_and_taking_back_before_handing_in(app: TestApp) {
        let office = Office::new(app);
        for number in 1..=20 {
            let words = format!("第{number}份");
            let done = attach(&office, "fuqing", AT, (&format!("{words}.pdf"), &paper(&words)), &[]);
            assert_eq!(done.status, 303, "{}", done.text());
        }
        attach(&office, "fuqing", AT, ("多.pdf", &paper("多")), &[]).assert_status(422).shows("已经有 20 份，不能再附");
        let person = office.person("fuqing");
        let page = person.get(AT).assert_success();
        let (action, fields) = page.form(".evidence li:last-child form");
        let take_back = || office.site.upload_form(&action, &fields, ("none", "", b""), office.cookie("fuqing"));
        assert_eq!(take_back().status, 303);
        assert_eq!(take_back().status, 303, "a second press");
        person.get(AT).assert_success().shows("已撤回：");
        person.get(&format!("{FILES}/20")).assert_status(404);
        assert_eq!(attach(&office, "fuqing", AT, ("换.pdf", &paper("换")), &[]).status, 303);
        office.submit_fuqing();
        let page = person.get(AT).assert_success();
        page.shows("已经提交，材料只能补充，上传之后不能撤回");
        assert!(page.all(".evidence form").is_empty());
        let refused = office.site.upload_form(
            &action,
            &[("act", "withdraw"), ("number", "1"), ("subject", "return/2021-06"), ("unit", "350181")]
                .map(|(name, value)| (name.to_owned(), value.to_owned())),
            ("none", "", b""),
            office.cookie("fuqing"),
        );
        refused.assert_status(422).shows("提交以后的材料不能撤回");
    }

    fn a_stamped_scan_is_void_when_its_data_move(app: TestApp) {
        let office = Office::new(app);
        let page = office.person("fuqing").get(AT).assert_success();
        page.shows("盖章扫描件请在提交以后上传").lacks("是报送表的盖章扫描件");
        office.submit_fuqing();
        let scan = ("盖章.pdf", paper("盖章"));
        let done = attach(&office, "fuqing", AT, (scan.0, &scan.1), &["stamped"]);
        assert_eq!(done.status, 303, "{}", done.text());
        office.person("fuqing").get(AT).assert_success().shows("✓ 盖章件，与第1次报送一致");
        let table = b"PK\x03\x04";
        attach(&office, "fuqing", AT, ("表.xlsx", table), &["stamped"]).assert_status(422);
        office.step("fuqing.sh", "350181", "sign_off", &[]);
        office.person("shenhe").get(REVIEW).assert_success().shows("✓ 盖章件有效");
        let review = format!("{REVIEW}/350181");
        office.person("shenhe").get(&review).assert_success().shows("✓ 盖章件，与第1次报送一致");
        office.step("shenhe", "350181", "send_back_to_county", &[("reason", "请核对台账")]);
        let void = "该盖章件对应第1次报送，数据已变动，需重新盖章上传";
        office.person("fuqing").get(AT).assert_success().shows(void);
        office.person("shenhe").get(&review).assert_success().shows(void);
        office.person("shenhe").get(REVIEW).assert_success().shows("▲ 盖章件已失效");
        office.fill("fuqing", "350181", &[("c.investment/350181/value", "141.5")]);
        office.hand_in("fuqing", "350181");
        office.person("fuqing").get(AT).assert_success().shows(void);
        assert_eq!(attach(&office, "fuqing", AT, (scan.0, &scan.1), &["stamped"]).status, 303);
        office.person("fuqing").get(AT).assert_success().shows("✓ 盖章件，与第2次报送一致").shows(void);
        office.person("shenhe").get(REVIEW).assert_success().lacks("已失效");
    }

    fn a_request_to_correct_comes_with_its_files(app: TestApp) {
        let office = Office::new(app);
        let of = ("fuqing", AT, "correction/2021-06");
        office.person("fuqing").get(AT).assert_success().lacks("更正申请的证明材料");
        approved(&office);
        let done = attach_to(&office, of, ("漏计的合同.pdf", &paper("合同")), &[]);
        assert_eq!((done.status, done.header("location")), (303, &*format!("{AT}#evidence-correction")));
        let review = format!("{REVIEW}/350181");
        office.person("shenhe").get(&review).assert_success().lacks("漏计的合同");
        let reporter = office.person("fuqing");
        let ask = [("c.investment/350181/value", "141.5"), ("reason", "漏计宏港二期")];
        let asked = reporter.submit(&reporter.get(AT).assert_success(), "form.ask", &ask);
        assert_eq!(asked.status, 303, "{}", asked.text());
        office.person("shenhe").get(&review).assert_success().shows("更正申请的证明材料").shows("漏计的合同.pdf");
        assert_eq!(attach_to(&office, of, ("补充.pdf", &paper("补充")), &[]).status, 303);
        let page = office.person("shenhe").get(&review).assert_success();
        page.shows("补充.pdf");
        for link in links(&page) {
            office.person("shenhe").get(&link).assert_success();
            office.person("minhou").get(&link).assert_status(404);
        }
    }

    fn a_self_assessment_comes_with_its_files(app: TestApp) {
        let office = Office::new(app);
        let year_end = "/assess/fuzhou-2021/year-end/350181?goal=investment&year=2021";
        let page = office.person("fuqing").get(year_end).assert_success();
        page.shows("2021年还没有结束，2022年1月1日起才能自评和附材料");
        assert!(page.all("form.evidence-form").is_empty());
        let office = office.at("2022-01-10T09:00:00+08:00").logged_in_again();
        let of = ("fuqing", year_end, "self/2021/investment");
        let done = attach_to(&office, of, ("投产证明.pdf", &paper("投产")), &[]);
        assert_eq!((done.status, done.header("location")), (303, &*format!("{year_end}#evidence-self")));
        let refused = attach_to(&office, of, ("网页.pdf", b"<html><script>1</script></html>"), &[]);
        refused.assert_status(422).shows("是网页");
        office.person("shenhe").get(year_end).assert_success().lacks("投产证明");
        let reporter = office.person("fuqing");
        let own = [("value", "400"), ("base", "350"), ("remark", "新增两个项目")];
        let page = reporter.get(year_end).assert_success();
        let done = reporter.submit(&page, "form.stacked:has(input[value=self])", &own);
        assert_eq!(done.status, 303, "{}", done.text());
        let page = office.person("shenhe").get(year_end).assert_success();
        page.shows("自评的证明材料").shows("投产证明.pdf");
        office.person("shenhe").get(&links(&page)[0]).assert_success();
        office.person("minhou").get(&links(&page)[0]).assert_status(404);
        let office = office.at("2022-02-10T09:00:00+08:00").logged_in_again();
        assert_eq!(attach_to(&office, of, ("补充.pdf", &paper("补充")), &[]).status, 303, "only added");
    }

    fn an_objection_comes_with_its_files(app: TestApp) {
        let text = std::fs::read_to_string(tests::contract("fuzhou-2021.returns.csv")).unwrap();
        let office = Office::with_figures(app, &text.lines().skip(1).collect::<Vec<_>>());
        let publish = ["bulletin", "publish", "--plan", "fuzhou-2021", "--period", "2021-05"];
        office.site.app.jigai_as("350100-publisher", &publish).assert_done();
        let reporter = office.person("fuqing");
        let page = reporter.get(OBJECTIONS).assert_success();
        let object = [("what", "investment/2021-05/figure"), ("reason", "宏港二期已经投产，请复核")];
        assert_eq!(reporter.submit(&page, "form:has(select[name=what])", &object).status, 303);
        let of = ("fuqing", OBJECTIONS, "objection/2021/1");
        let done = attach_to(&office, of, ("验收单.pdf", &paper("验收")), &[]);
        assert_eq!((done.status, done.header("location")), (303, &*format!("{OBJECTIONS}#evidence-objection-2021-1")));
        let reviewer = office.person("shenhe");
        let page = reviewer.get(OBJECTIONS).assert_success();
        page.shows("证明材料（1）").shows("验收单.pdf");
        assert!(page.all("form.evidence-form").is_empty());
        reviewer.get(&links(&page)[0]).assert_success();
        assert_eq!(office.person("minhou").get(OBJECTIONS).assert_success().all("article").len(), 0);
        office.person("minhou").get(&links(&page)[0]).assert_status(404);
        let (action, fields) = reporter.get(OBJECTIONS).assert_success().form("form.evidence-form");
        let answer = [("outcome", "rejected"), ("answer", "验收在6月")];
        assert_eq!(reviewer.submit(&page, "form:has(textarea[name=answer])", &answer).status, 303);
        let own = reporter.get(OBJECTIONS).assert_success();
        own.shows("验收单.pdf");
        assert!(own.all("form.evidence-form").is_empty());
        let late = office.site.upload_form(&action, &fields, ("evidence", "迟.pdf", &paper("迟")), office.cookie("fuqing"));
        late.assert_status(422).shows("已经办理过这个异议，不再附材料");
    }

    fn after_the_deadline_files_come_only_to_what_was_handed_in(app: TestApp) {
        let office = Office::new(app);
        office.submit_fuqing();
        let office = office.at("2021-07-20T09:00:00+08:00").logged_in_again();
        assert_eq!(attach(&office, "fuqing", AT, ("补充.pdf", &paper("补充")), &[]).status, 303);
        let other = "/report/fuzhou-2021/2021-06/350121";
        let page = office.person("minhou").get(other).assert_success();
        page.shows("报送已经截止，还没有提交，不能附材料");
        assert!(page.all("form.evidence-form").is_empty());
        let fields = [("subject", "return/2021-06"), ("unit", "350121")].map(|(name, value)| (name.into(), value.into()));
        let file = ("evidence", "迟.pdf", &*paper("迟"));
        office.site.upload_form(FILES, &fields, file, office.cookie("minhou")).assert_status(422).shows("不能附材料");
    }

    fn two_of_the_office_empty_a_file(app: TestApp) {
        let office = Office::new(app);
        let name = "身份证.pdf";
        assert_eq!(attach(&office, "fuqing", AT, (name, &paper("身份证")), &[]).status, 303);
        office.submit_fuqing();
        let file = format!("{FILES}/1");
        let send = |login: &str, act: &str, reason: Option<&str>| {
            let page = office.person(login).get(AT).assert_success();
            let (action, mut fields) = page.form(&format!(".evidence form:has(input[value='{act}'])"));
            fields.iter_mut().filter(|(name, _)| name == "reason").for_each(|(_, text)| {
                *text = reason.unwrap_or_default().to_owned();
            });
            office.site.upload_form(&action, &fields, ("none", "", b""), office.cookie(login))
        };
        office.person("fuqing").get(AT).assert_success().lacks("清除内容");
        send("shenhe", "ask_erasure", Some(" ")).assert_status(422).shows("清除的理由");
        send("shenhe", "ask_erasure", Some("误传了个人证件")).assert_status(303);
        let own = office.person("shenhe").get(AT).assert_success();
        own.shows("申请清除内容：误传了个人证件");
        assert!(own.all("input[value='erase']").is_empty(), "who asked does not do it");
        office.person("fuqing").get(&file).assert_status(200);
        // The unit's own approver may be the other one; the publisher sees no file of a return.
        office.person("fuqing").get(AT).assert_success().lacks("确认清除");
        send("fuqing.sh", "erase", None).assert_status(303);
        let gone = office.person("fuqing").get(AT).assert_success();
        gone.shows("内容已清除：误传了个人证件").shows(name).shows(&domain::canonical::sha256(&paper("身份证")));
        assert!(links(&gone).is_empty());
        for login in ["fuqing", "shenhe", "fabu"] {
            office.person(login).get(&file).assert_status(404).shows("已经撤回、清除");
        }
        office.site.app.jigai(&["verify"]).assert_done().says("按规定清除内容的材料 1 份");
    }

    fn verify_reads_contents_and_a_backup_carries_them(app: TestApp) {
        let office = Office::new(app);
        assert_eq!(attach(&office, "fuqing", AT, ("发票.pdf", &paper("发票")), &[]).status, 303);
        let app = office.site.stop();
        let file = app.folder.path().join("备份.db").display().to_string();
        app.jigai(&["backup", &file]).assert_done();
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let other = TestApp::new(engine);
            other.jigai(&["restore", &file]).assert_done();
            other.jigai(&["verify"]).assert_done().says("证明材料 1 份");
        }
        // One byte, by somebody with the database's password.
        let other = if app.is_on(Engine::Sqlite) { "X'255044462D78'" } else { "'\\x255044462D78'" };
        app.tamper("evidence_content", &format!("UPDATE evidence_content SET content = {other}"));
        let found = app.jigai(&["verify"]);
        found.says("核验不通过").says("第 1 号证明材料“发票.pdf”的内容被改动过：SHA-256 应为");
        assert_eq!(found.code, 1);
    }

    fn what_was_handed_in_is_printed_to_be_sealed(app: TestApp) {
        let office = Office::new(app);
        let sheet = format!("{AT}/print");
        office.person("fuqing").get(&sheet).assert_error(404).shows("提交之后才能打印签字盖章的表");
        office.submit_fuqing();
        for person in ["fuqing", "fuqing.sh", "shenhe"] {
            let page = office.person(person).get(&sheet).assert_success();
            page.shows("140.5").shows("120.25").shows("单位（盖章）").shows("单位负责人（签字）").shows("回执号 202106-350181-1");
        }
        office.person("fuqing").get(AT).assert_success().shows("打印签字盖章表");
        office.person("minhou").get(&sheet).assert_error(404);
        office.site.get(&sheet).lacks("140.5");
    }
}
