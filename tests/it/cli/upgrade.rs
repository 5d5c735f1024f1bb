//! A database of every released form, brought to today's: nothing is lost, nothing moves, the chain goes on.

use tests::{TestApp, on_both_databases};

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
}
