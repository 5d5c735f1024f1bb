//! `/board`: the wall screen, and the key it is let in with.

use tests::{Office, TestApp, on_both_databases};

fn office(app: TestApp) -> Office {
    let lines = [
        "福清市,2021-05,118.25,101.25,,",
        "罗源县,2021-05,33.25,30,,",
        "福州市,2021-05,410.2,362.4,,",
        "罗源县,2021-06,41.75,36,,",
    ];
    let office = Office::with_figures(app, &lines);
    let publish = ["bulletin", "publish", "--plan", "fuzhou-2021", "--period", "2021-05"];
    office.site.app.jigai_as("350100-publisher", &publish).assert_done();
    office
}

/// Makes a key and opens it on a screen: the screen's cookie.
fn let_in(office: &Office) -> String {
    let page = office.person("anquan").post("/admin/screen", &[("do", "issue")]).assert_success();
    let link = page.all("code.secret").concat();
    let key = link.split("/board/").nth(1).unwrap();
    assert_eq!(key.len(), 64, "{link}");
    let entered = office.site.get_with(&format!("/board/{key}"), &[("no-redirect", "")]).assert_status(303);
    assert_eq!(entered.header("location"), "/board");
    assert!(entered.header("set-cookie").contains("HttpOnly"), "{}", entered.header("set-cookie"));
    entered.cookies()
}

on_both_databases! {
    fn a_screen_with_its_key_shows_what_is_published_and_nothing_else(app: TestApp) {
        let office = office(app);
        let site = &office.site;
        assert!(site.get_with("/board", &[("no-redirect", "")]).assert_status(303).header("location").starts_with("/login"));
        let cookie = let_in(&office);
        let as_screen = |path: &str| site.get_with(path, &[("cookie", &cookie), ("no-redirect", "")]);
        let board = as_screen("/board").assert_success();
        board.shows("2021年1—5月全市工业技改投资完成情况").shows("截至2021年5月底").shows("410.20");
        assert_eq!(board.all(".scene").len(), 3);
        board.lacks("41.75");
        let asked = site.post("/api/board", "", &[("cookie", &cookie)]).assert_success();
        assert_eq!(asked.html.trim_matches('"').len(), 64, "{}", asked.html);
        for path in ["/bulletins", "/", "/rank/fuzhou-2021/2021-05", "/units/fuzhou-2021", "/admin/policy"] {
            assert!(as_screen(path).assert_status(303).header("location").starts_with("/login"), "{path}");
        }
        assert_eq!(as_screen("/export/bulletin/fuzhou-2021.2021-05.e1.table.json").status, 401);
    }

    fn a_new_key_ends_the_old_one_and_all_can_be_withdrawn(app: TestApp) {
        let office = office(app);
        office.person("anquan").get("/admin/policy").assert_success().shows("现在没有生效的大屏链接");
        let first = let_in(&office);
        office.person("anquan").get("/admin/policy").assert_success().shows("现行大屏链接生成于");
        let second = let_in(&office);
        let shown = |cookie: &str| office.site.get_with("/board", &[("cookie", cookie), ("no-redirect", "")]).status;
        assert_eq!((shown(&first), shown(&second)), (303, 200));
        office.person("anquan").post("/admin/screen", &[("do", "withdraw")]).assert_status(303);
        assert_eq!(shown(&second), 303);
        let wrong = office.site.get("/board/0000");
        assert_eq!(wrong.status, 404);
        wrong.shows("这个大屏链接不对或已作废");
        for other in ["xitong", "shenhe", "fabu", "lingdao"] {
            assert_eq!(office.person(other).post("/admin/screen", &[("do", "issue")]).status, 403, "{other}");
        }
        assert_eq!(office.person("anquan").post("/admin/screen", &[("do", "open")]).status, 422);
        // The trail says who, and never holds a key.
        let trail = office.person("shenji").get("/audit").assert_success();
        trail.shows("wall_screen");
        assert!(!trail.html.contains(first.split('=').nth(1).unwrap()));
        office.site.app.jigai(&["verify"]).assert_done();
    }

    fn a_board_of_another_plan_or_of_none(app: TestApp) {
        let site = office(app);
        site.person("lingdao").get("/board?plan=fuzhou-2021").assert_success().shows("2021年1—5月");
        assert_eq!(site.person("lingdao").get("/board?plan=nowhere").status, 404);
        site.person("shenhe").get("/bulletins/fuzhou-2021/2021-05").assert_success().shows("大屏");
    }

    fn before_the_first_edition_the_board_says_so(app: TestApp) {
        let office = Office::new(app);
        office.person("lingdao").get("/board").assert_success().shows("还没有发布通报");
    }
}
