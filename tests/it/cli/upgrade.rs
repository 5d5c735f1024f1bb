//! A database of every released form, brought to today's: nothing is lost, nothing moves, the chain goes on.

use tests::{OPEN, PASSWORD, Page, TestApp, on_both_databases, root};

on_both_databases! {
    fn the_first_released_form(app: TestApp) {
        app.restore_released("schema-1");
        let head = app.head();
        // Commands that only read change nothing, also not the form.
        app.jigai(&["verify"]).says("请先运行 jigai migrate");
        app.jigai(&["migrate"]).assert_done();
        assert_eq!(app.head(), head);
        app.jigai(&["verify"]).assert_done().says("报送数据 28 行，计划 1 版，通报 1 版").says(&head);
        // A second time is no time; the trail still refuses changes.
        app.jigai(&["migrate"]).assert_done();
        assert!(app.refused_sql("UPDATE audit SET actor = 'x'").contains("append-only"));
        assert!(app.refused_sql("DELETE FROM audit").contains("append-only"));
        let site = app.serve_for_office();
        site.get("/bulletins/fuzhou-2021/2021-05").assert_success().shows("福清市");
        site.get("/units/fuzhou-2021/350181").assert_success().shows("第1次报送");
        site.app.jigai(&["verify"]).assert_done();
    }

    // With people, drafts and returns on their way; forms of that program are still open in browsers.
    fn the_third_released_form(app: TestApp) {
        app.restore_released("schema-3");
        let head = migrated(&app);
        app.jigai(&["verify"]).assert_done().says(&head);
        assert!(app.refused_sql("UPDATE return_step SET reason = 'x'").contains("append-only"));
        assert!(app.refused_sql("DELETE FROM return_step").contains("append-only"));
        let site = app.at(OPEN).start(&[]);
        let log_in = |login: &str| site.log_in(login, PASSWORD);
        let folder = root().join("tests/fixtures/released/schema-3");
        let page = |name: &str| Page {
            path: name.to_owned(),
            status: 200,
            html: std::fs::read_to_string(folder.join(name)).unwrap(),
            bytes: Vec::new(), headers: Vec::new(),
        };
        // A form that the program of that time rendered keeps its values, and what is typed into it.
        let (reporter, reviewer) = (log_in("fuqing"), log_in("shenhe"));
        let (reporter, reviewer) = (site.as_person(&reporter), site.as_person(&reviewer));
        let typed = [("then", "save"), ("c.investment/350181/base", "120.25"), ("c.investment/350181/note", "6月集中到货，台账齐全")];
        let saved = reporter.submit(&page("form.html"), "#entry", &typed);
        assert_eq!(saved.status, 303, "{}", saved.text());
        let form = reporter.get("/report/fuzhou-2021/2021-06/350181").assert_success();
        for value in ["140.5", "120.25", "6月集中到货，台账齐全"] {
            assert!(form.html.contains(&format!("value=\"{value}\"")), "{value}: {}", form.text());
        }
        form.shows("进展顺利");
        let approved = reviewer.submit(&page("review.html"), "form.step:has(input[value=approve])", &[]);
        assert_eq!(approved.status, 303, "{}", approved.text());
        site.app.jigai(&["verify"]).assert_done();
    }

    fn the_sixth_released_form(app: TestApp) {
        a_year_and_the_next(app, "schema-6");
    }

    fn the_seventh_released_form(app: TestApp) {
        a_year_and_the_next(app, "schema-7");
    }
}

/// Brings a database with people to today's form: behind its last row the trail has the seals of its accounts, and
/// nothing else. Returns the trail's new end.
fn migrated(app: &TestApp) -> String {
    let head = app.head();
    app.jigai(&["migrate"]).assert_done();
    let since = format!("SELECT action FROM audit WHERE seq > (SELECT seq FROM audit WHERE hash = '{head}')");
    assert_eq!(app.query(&since), ["seal_accounts"]);
    let sealed = app.head();
    app.jigai(&["migrate"]).assert_done();
    assert_eq!(app.head(), sealed);
    sealed
}

/// Everything a year leaves behind, and the next one on its way.
fn a_year_and_the_next(app: TestApp, form: &str) {
    app.restore_released(form);
    let head = migrated(&app);
    app.jigai(&["verify"]).assert_done().says("报送数据 84 行，计划 5 版，通报 11 版").says(&head);
    let kept = ["edition", "reading_choice", "letterhead", "assessment_closure", "screen_key", "bureau_figure"];
    for table in kept.into_iter().chain(["return_step", "year_end_figure", "objection", "edition_receipt"]) {
        assert!(app.refused_sql(&format!("UPDATE {table} SET audit_seq = 1")).contains("append-only"), "{table}");
        assert!(app.refused_sql(&format!("DELETE FROM {table}")).contains("append-only"), "{table}");
    }
    let site = app.at("2023-01-03T11:00:00+08:00").start(&[]);
    let logins = ["lingdao", "fuqing", "lianjiang", "minhou", "shenhe", "fabu", "anquan", "shenji"];
    let cookies = logins.map(|login| site.log_in(login, PASSWORD));
    let people = cookies.each_ref().map(|cookie| site.as_person(cookie));
    let [leader, fuqing, lianjiang, minhou, reviewer, publisher, security, auditor] = people;
    // What is over is as it was.
    let reworded = leader.get("/bulletins/fuzhou-2021/2021-06/e1").assert_success();
    reworded.shows("今年以来累计完成").shows("下月召开调度会").shows("已签收：");
    leader.get("/bulletins/fuzhou-2021/2021-06/e2").assert_success().shows("本版更正第1版").shows("141.50");
    leader.get("/bulletins/edge/2020-12").assert_success().shows("甲县");
    let closed = leader.get("/assess/fuzhou-2021/year-end").assert_success();
    closed.shows("已于2022年2月18日办结").shows("fabu甲").shows("307.90");
    reviewer.get("/assess/fuzhou-2021").assert_success().shows("考核已经办结").shows("法制处意见");
    let letterhead = publisher.get("/bulletins/fuzhou-2021/2021-06/e1/paper").assert_success();
    for part in ["福州市工业和信息化局文件", "榕工信〔2021〕34号", "各县（市）区人民政府，高新区管委会"]
    {
        assert!(letterhead.html.contains(part), "{part}: {}", letterhead.html);
    }
    let history = reviewer.get("/report/fuzhou-2021/2021-06/350181/history").assert_success();
    history.shows("撤销审核通过").shows("宏港二期设备").shows("情况属实");
    let bureau = reviewer.get("/review/fuzhou-2021/2021-06/figures").assert_success();
    bureau.shows("累计+0.5亿元").shows("《统计月报》第6期").shows("更正原因：漏计一家");
    reviewer.get("/assess/fuzhou-2021/objections").assert_success().shows("请复核").shows("复核无误");
    auditor.get("/audit").assert_success().shows("申请更正").shows("少计一台设备");
    security.get("/admin/posts").assert_success().shows("福州市领导").shows("lingdao甲");
    // What was on its way goes on: typed, sent back, signed, asked, proposed, waited for.
    let typed = fuqing.get("/report/fuzhou-2022/2022-12/350181").assert_success();
    assert!(typed.shows("未提交").html.contains("value=\"320\""), "{}", typed.text());
    lianjiang
        .get("/report/fuzhou-2022/2022-12/350122")
        .assert_success()
        .shows("已退回")
        .shows("12月单月的设备到货清单");
    let done = |answer: Page| assert_eq!(answer.status, 303, "{}: {}", answer.path, answer.text());
    let page = reviewer.get("/report/fuzhou-2022/2022-12/350121").assert_success();
    done(reviewer.submit(&page, "form.step:has(input[value=approve])", &[]));
    let page = reviewer.get("/report/fuzhou-2022/2022-11/350121").assert_success();
    done(reviewer.submit(&page, "form.answer", &[("step", "allow_correction"), ("reason", "同意")]));
    let asked = minhou.get("/report/fuzhou-2022/2022-11/350121").assert_success();
    assert!(asked.html.contains("value=\"118.9\""), "{}", asked.text());
    let page = publisher.get("/assess/fuzhou-2022/readings").assert_success();
    done(publisher.submit(&page, "form.step:has(input[value=confirmed])", &[]));
    (0..12).for_each(|_| site.settle(|| !reviewer.get("/exports").text().contains("正在生成")));
    let exports = reviewer.get("/exports").assert_success();
    exports.shows("没有可归档的结果");
    assert_eq!(exports.text().matches("已完成").count(), 2, "{}", exports.text());
    site.app.jigai(&["verify"]).assert_done();
}
