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
        let head = app.head();
        app.jigai(&["migrate"]).assert_done();
        assert_eq!(app.head(), head);
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
}
