//! Publications of their own: 一季一评比 of 宁德's counties, and a year's result that was closed; frozen, signed for, proved.

use tests::{Engine, PASSWORD, Page, Serving, TestApp, on_both_databases, root};

const AT: &str = "/publications/ningde-2021/comparison/quarter/2021-09";
const PUBLISH: &str = "/publish/ningde-2021/2021-09/quarter";
const UNITS: [(&str, &str, &str, &str); 3] =
    [("蕉城区", "91", "72.5", "40"), ("福安市", "88", "80", "45.5"), ("东侨经济技术开发区", "95", "80", "30")];

fn lines(period: &str, of: &[(&str, &str, &str, &str)]) -> String {
    let mut lines = vec!["goal,region,period,value,base,growth_pct".to_owned()];
    for (unit, fulfilled, started, producing) in of {
        let rates = [("fulfilment", fulfilled), ("start", started), ("production", producing)];
        lines.extend(rates.map(|(rate, value)| format!("project_{rate}_rate,{unit},{period},{value},,")));
    }
    lines.join("\n") + "\n"
}

/// 宁德 with two quarters' rates, and people signed in: publisher, leader, 效能办, a county, the auditor's colleagues.
fn office(app: TestApp) -> (Serving, Vec<String>) {
    let app = app.at("2021-10-12T09:00:00+08:00");
    let file = root().join("assets/plans/ningde-2021.plan.toml");
    app.jigai(&["import", "plan", &file.display().to_string()]).assert_done();
    let second = [("蕉城区", "91", "60", "40"), ("福安市", "92", "70", "45"), ("东侨经济技术开发区", "90", "80", "50")];
    for (name, text) in [("2.csv", lines("2021-06", &second)), ("3.csv", lines("2021-09", &UNITS))] {
        let file = app.folder.write(name, text);
        app.jigai(&["import", "returns", "--plan", "ningde-2021", &file]).assert_done();
    }
    app.administrators();
    let people = [
        ("fabu", "publisher", ""),
        ("lingdao", "leader", ""),
        ("xiaoneng", "observer", "市效能办"),
        ("jiaocheng", "county_reporter", "350902"),
        ("shenhe", "city_reviewer", ""),
    ];
    let tokens = people.map(|(login, role, unit)| (login, app.appoint_at("宁德市", login, role, unit)));
    let site = app.start(&[]);
    let cookies = tokens.iter().map(|(login, token)| site.first_log_in(login, token)).collect();
    (site, cookies)
}

#[track_caller]
fn done(answer: &Page) {
    assert_eq!(answer.status, 303, "{}: {}", answer.path, answer.text());
}

on_both_databases! {
    fn a_quarter_is_compared_published_signed_and_corrected(app: TestApp) {
        let (site, cookies) = office(app);
        let people: Vec<_> = cookies.iter().map(|cookie| site.as_person(cookie)).collect();
        let [publisher, leader, observer, county, reviewer] = &people[..] else { panic!() };
        // The second quarter is published on the command line, by whoever may.
        let publish = ["comparison", "publish", "--plan", "ningde-2021", "--period", "2021-06"];
        site.app.jigai_as("350900-city-reviewer", &publish).assert_refused().says("不能发布通报");
        site.app.jigai_as("350900-publisher", &publish).assert_done().says("2021年第二季度工业项目一季一评比 第1版");
        site.app.jigai_as("350900-publisher", &publish).assert_refused().says("与已发布的第1版相同");
        site.app.jigai_as("350900-publisher", &["comparison", "publish", "--plan", "ningde-2021", "--period", "2021-05"])
            .assert_refused().says("期间不是季末");
        // The third in the browser: reminded of, previewed, with the password again.
        let home = publisher.get("/").assert_success();
        home.shows("2021年第三季度工业项目一季一评比还没有发布");
        assert!(home.links().contains(&PUBLISH.to_owned()));
        for person in [leader, observer, county, reviewer] {
            assert!(matches!(person.get(PUBLISH).status, 403 | 404));
            assert_eq!(person.get(AT).status, 404);
        }
        let page = publisher.get(PUBLISH).assert_success();
        page.shows("居前的是东侨经济技术开发区（95%）、蕉城区（91%）、福安市（88%）").shows("审计链完整");
        let wrong = publisher.submit(&page, "main form", &[("password", "x")]);
        assert_eq!(wrong.status, 422);
        wrong.shows("密码不对");
        let answer = publisher.submit(&page, "main form", &[("password", PASSWORD)]);
        assert_eq!((answer.status, answer.header("location")), (303, format!("{AT}/e1").as_str()), "{}", answer.text());
        // Everybody's first page leads to it; whoever signs is told that he has not.
        let e1 = leader.get(&format!("{AT}/e1")).assert_success();
        e1.shows("全市10个县（市）区按项目履约率、项目开工率、项目投产率评比").shows("不作综合排名");
        e1.shows("项目开工率：居前的是福安市（80%）、东侨经济技术开发区（80%）、蕉城区（72.5%）").shows("福鼎市、霞浦县");
        e1.shows("1（升2）").shows("3（降2）").shows("宁政办〔2021〕68号");
        for person in [leader, observer, county] {
            let home = person.get("/").assert_success();
            home.shows("宁德市2021年第三季度工业项目一季一评比已于10月12日发布，您还没有签收");
            assert!(home.links().contains(&format!("{AT}/e1")));
            done(&person.submit(&person.get(AT).assert_success(), ".receipts form", &[]));
            let head = site.app.head();
            assert_eq!(person.post(&format!("{AT}/e1/receipt"), &[]).status, 303);
            assert_eq!(site.app.head(), head, "a second time changes nothing");
            person.get("/").assert_success().shows("第三季度工业项目一季一评比已于10月12日发布").lacks("第三季度工业项目一季一评比已于10月12日发布，您还没有签收");
            person.get(AT).assert_success().shows("已签收：");
        }
        publisher.get(AT).assert_success().shows("已签收 3 个岗位，未签收 0 个").shows("宁德市效能办 xiaoneng");
        assert_eq!(publisher.post(&format!("{AT}/e1/receipt"), &[]).status, 403);
        assert_eq!(leader.post(&format!("{AT}/e9/receipt"), &[]).status, 404);
        // What is not an edition, a quarter, a kind or an id does not exist.
        for path in ["/publications/ningde-2021/comparison/quarter/2021-09/e2", "/publications/ningde-2021/comparison/quarter/2021-08",
            "/publications/ningde-2021/notice/quarter/2021-09", "/publications/ningde-2021/comparison/other/2021-09",
            "/publications/ningde-2021/comparison/quarter/2021-09/x1", "/publish/ningde-2021/2021-09/other"] {
            assert_eq!(publisher.get(path).status, 404, "{path}");
        }
        let bulletins = observer.get("/bulletins").assert_success();
        bulletins.shows("2021年第三季度工业项目一季一评比").shows("2021年第二季度工业项目一季一评比");
        // Its files: JSON is what was frozen; the paper says the same words.
        let export = |ending: &str| observer.get(&format!("/export/publication/ningde-2021.comparison.quarter.2021-09.e1.{ending}"));
        let json = export("json").assert_success();
        let sha256 = domain::canonical::sha256(&json.bytes);
        e1.shows(&sha256);
        export("csv").assert_success().shows("福安市,88%,3（降2）,80%,1（升1）,45.5%,1（升1）");
        for ending in ["pdf", "docx"] {
            let file = export(ending).assert_success();
            assert!(file.bytes.len() > 10_000, "{ending}: {}", file.bytes.len());
            assert_eq!(export(ending).bytes, file.bytes, "the same edition makes the same {ending}");
        }
        assert_eq!(export("xlsx").status, 404);
        // A figure is corrected: the next edition says what changed, the first stays as it was.
        let file = site.app.folder.write("corrected.csv", lines("2021-09", &[("福安市", "88", "70", "45.5")]));
        let import = ["import", "returns", "--plan", "ningde-2021", &file, "--reason", "重复计了两个项目"];
        site.app.jigai_as("350900-city-reviewer", &import).assert_done();
        let page = publisher.get(PUBLISH).assert_success();
        page.shows("第1版已经发布");
        let refused = publisher.submit(&page, "main form", &[("password", PASSWORD)]);
        assert_eq!(refused.status, 422);
        refused.shows("请写明更正原因");
        let answer = publisher.submit(&page, "main form", &[("password", PASSWORD), ("reason", "福安市重复计了两个项目")]);
        assert_eq!(answer.header("location"), format!("{AT}/e2"), "{}", answer.text());
        let e2 = county.get(AT).assert_success();
        e2.shows("本版更正第1版。原因：福安市重复计了两个项目").shows("福安市 项目开工率：80% → 70%").shows("福安市 项目开工率位次：1（升1） → 3（降1）");
        county.get(&format!("{AT}/e1")).assert_success().shows("本版已更正，以第2版为准").shows("福安市（80%）");
        assert_eq!(export("json").bytes, json.bytes);
        county.get("/").assert_success().shows("您还没有签收");
        // On the command line the same.
        let preview = ["comparison", "preview", "--plan", "ningde-2021", "--period", "2021-09", "--format", "csv"];
        site.app.jigai(&preview).assert_done().says("福安市,88%,3（降2）,70%,3（降1）");
        site.app.jigai(&["comparison", "list"]).assert_done().says(&sha256).says("更正：福安市重复计了两个项目");
        let file = site.app.folder.path().join("c.json");
        let export = ["comparison", "export", "--plan", "ningde-2021", "--period", "2021-09", "--edition", "1", "--output", file.to_str().unwrap()];
        site.app.jigai(&export).assert_done();
        assert_eq!(std::fs::read(&file).unwrap(), json.bytes);
        site.app.jigai(&export).assert_refused().says("已经存在");
        site.app.jigai(&["verify"]).assert_done();
        assert!(site.app.refused_sql("DELETE FROM publication").contains("append-only"));
        // Who alters what is published is found, and nothing is published on it.
        site.app.tamper("publication", "UPDATE publication SET content = replace(content, '45.5', '95.5') WHERE edition = 1 AND month = 9");
        let altered = site.app.jigai(&["verify"]);
        assert_eq!(altered.code, 1, "{altered:?}");
        altered.says("publication ningde-2021 comparison quarter 2021 9");
        site.app.jigai_as("350900-publisher", &["comparison", "publish", "--plan", "ningde-2021", "--period", "2021-12"]).says("核验不通过");
    }

    // A backup holds publications and receipts, on either engine, and proves them.
    fn a_backup_holds_publications(app: TestApp) {
        let (site, cookies) = office(app);
        let (publisher, observer) = (site.as_person(&cookies[0]), site.as_person(&cookies[2]));
        done(&publisher.submit(&publisher.get(PUBLISH).assert_success(), "main form", &[("password", PASSWORD)]));
        done(&observer.submit(&observer.get(AT).assert_success(), ".receipts form", &[]));
        let file = site.app.folder.path().join("backup.db");
        site.app.jigai(&["backup", file.to_str().unwrap()]).assert_done();
        let other = TestApp::new(Engine::Sqlite);
        other.jigai(&["restore", file.to_str().unwrap()]).assert_done();
        assert_eq!(other.query("SELECT COUNT(*) FROM publication"), ["1"]);
        assert_eq!(other.query("SELECT COUNT(*) FROM publication_receipt"), ["1"]);
        other.jigai(&["verify"]).assert_done();
    }
}
