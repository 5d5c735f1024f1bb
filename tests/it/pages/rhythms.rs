//! One unit's returns of several rhythms: each with its own address, form, receipt and place at the office.

use tests::{Page, Person, Serving, TestApp, on_both_databases, root};

/// The plan of a file of the program's own, and people of one unit and the office, signed in.
fn office(app: TestApp, at: &str, plan: &str, region: &str, unit: &str) -> (Serving, [String; 3]) {
    let app = app.at(at);
    let file = root().join(format!("assets/plans/{plan}.plan.toml"));
    app.jigai(&["import", "plan", &file.display().to_string()]).assert_done();
    app.administrators();
    let people = [("bao", "county_reporter", unit), ("hao", "county_approver", unit), ("shenhe", "city_reviewer", "")];
    let people = people.map(|(login, role, unit)| (login, app.appoint_at(region, login, role, unit)));
    let site = app.start(&[]);
    let cookies = people.each_ref().map(|(login, token)| site.first_log_in(login, token));
    (site, cookies)
}

fn done(answer: &Page) {
    assert_eq!(answer.status, 303, "{}: {}", answer.path, answer.text());
}

/// Types into a form, hands it in, signs and approves it.
fn approved(people: &[Person<'_>; 3], at: &str, cells: &[(&str, &str)]) {
    let [reporter, approver, reviewer] = people;
    let form = reporter.get(at).assert_success();
    done(&reporter.submit(&form, "#entry", &[cells, &[("then", "save")]].concat()));
    let check = reporter.get(&format!("{at}/check")).assert_success();
    done(&reporter.submit(&check, "form.submit", &[("tick", "on")]));
    for (person, step) in [(approver, "sign_off"), (reviewer, "approve")] {
        let page = person.get(at).assert_success();
        done(&person.submit(&page, &format!("form.step:has(input[value={step}])"), &[]));
    }
}

on_both_databases! {
    fn a_month_and_a_quarter_of_one_unit(app: TestApp) {
        let (site, cookies) = office(app, "2021-07-03T09:00:00+08:00", "ningde-2021", "宁德市", "350902");
        let people = cookies.each_ref().map(|cookie| site.as_person(cookie));
        let [reporter, _, reviewer] = &people;
        // The first page tells both, each leads to the other.
        let (month, quarter) = ("/report/ningde-2021/2021-06/350902", "/report/ningde-2021/2021-06.quarter/350902");
        let home = reporter.get("/").assert_success();
        home.shows("1—6月数据：").shows("1—6月季度数据：");
        assert!(home.links().contains(&month.to_owned()) && home.links().contains(&quarter.to_owned()), "{}", home.html);
        let form = reporter.get(month).assert_success();
        assert!(form.links().contains(&quarter.to_owned()));
        assert!(form.html.contains("c.industrial_investment/350902/value") && !form.html.contains("c.project_start_rate/"));
        assert!(!form.html.contains("c.power_use/"), "{}", form.text());
        let form = reporter.get(quarter).assert_success();
        form.shows("蕉城区2021年1—6月季度报送").shows("项目开工率");
        assert!(form.links().contains(&month.to_owned()) && !form.html.contains("c.industrial_investment/"));
        // One comes into force, the other is still to come.
        approved(&people, quarter, &[("c.project_fulfilment_rate/350902/value", "91"), ("c.project_start_rate/350902/value", "72.5"),
            ("c.project_production_rate/350902/value", "40"), ("c.value_added_growth/350902/value", "8.1")]);
        reporter.get(&format!("{quarter}/receipt")).assert_success().shows("202106.quarter-350902-1");
        reporter.get(&format!("{quarter}/history")).assert_success().shows("项目开工率生效").lacks("工业投资生效");
        reporter.get(month).assert_success().shows("未提交");
        let office = reviewer.get("/review/ningde-2021/2021-06.quarter").assert_success();
        office.shows("2021年1—6月季度报送情况").shows("已通过1个");
        assert!(office.links().contains(&"/review/ningde-2021/2021-06".to_owned()));
        reviewer.get("/review/ningde-2021/2021-06").assert_success().lacks("已通过");
        let texts = reviewer.get("/review/ningde-2021/2021-06.quarter/texts").assert_success();
        assert!(texts.links().contains(&"/review/ningde-2021/2021-06/texts".to_owned()));
        let kept = reviewer.get("/review/ningde-2021/timeliness").assert_success();
        kept.shows("1—6月季度");
        assert!(kept.links().contains(&"/review/ningde-2021/2021-06.quarter".to_owned()));
        // Weeks close no period; a quarter ends in its own month.
        reporter.get("/report/ningde-2021/2021-06.week/350902").assert_error(400).shows("只作监测");
        reporter.get("/report/ningde-2021/2021-05.quarter/350902").assert_error(400).shows("请写 2021-06");
        reporter.get("/report/ningde-2021/2021-06.none/350902").assert_error(400).shows("没有叫 none 的报送周期");
        site.app.jigai(&["verify"]).assert_done();
    }

    // Weekly figures are seen by the unit, the office and its leaders, and by nothing else.
    fn a_week_is_watched_and_counted_nowhere(app: TestApp) {
        let (site, cookies) = office(app, "2021-06-30T09:00:00+08:00", "ningde-2021", "宁德市", "350902");
        let (leader, other) = (["lingdao", "leader", ""], ["fu", "county_reporter", "350981"]);
        let more = [leader, other].map(|[login, role, unit]| site.app.appoint_at("宁德市", login, role, unit));
        let more = [("lingdao", &more[0]), ("fu", &more[1])].map(|(login, token)| site.first_log_in(login, token));
        let people = cookies.each_ref().map(|cookie| site.as_person(cookie));
        let [reporter, approver, reviewer] = &people;
        let [leader, other] = more.each_ref().map(|cookie| site.as_person(cookie));
        let watch = "/watch/ningde-2021";
        let home = reporter.get("/").assert_success();
        home.shows("监测数还没有填：工业用电量（周监测），截至6月27日");
        assert!(home.links().contains(&watch.to_owned()));
        // A week in between, and one before; the page of an earlier day is one link away.
        for (day, value) in [("2021-06-27", "98765"), ("2021-05-23", "81234")] {
            let form = reporter.get(&format!("{watch}?as_of={day}")).assert_success();
            form.shows("未审核").shows("不对外发布");
            done(&reporter.submit(&form, "form.watch", &[("v.power_use/350902", value)]));
        }
        reporter.get("/").assert_success().lacks("监测数还没有填");
        let form = reporter.get(watch).assert_success();
        let refused = reporter.submit(&form, "form.watch", &[("v.power_use/350902", "七百")]);
        assert_eq!(refused.status, 422, "{}", refused.text());
        refused.shows("蕉城区工业用电量（周监测）");
        // What a unit with a post reports itself comes by no file; what was over before it had one may.
        let june = "goal,region,period,value,base,growth_pct\nmonthly_power_use,蕉城区,2021-06,83456,,\n";
        let folder = tests::Folder::new();
        let file = folder.write("r.csv", june);
        site.app.jigai_as("350900-city-reviewer", &["import", "returns", "--plan", "ningde-2021", &file]).assert_refused();
        for (who, at) in [(reporter, watch), (approver, watch), (reviewer, "/watch/ningde-2021/350902"), (&leader, "/watch/ningde-2021/350902")] {
            let page = who.get(at).assert_success();
            page.shows("未审核").shows("98765万千瓦时").shows("截至5月23日：81234万千瓦时（监测，未审核）");
        }
        for who in [reviewer, &leader] {
            who.get(watch).assert_success().shows("工业用电量（周监测）（按周监测，未审核）").shows("98765");
        }
        // Another unit has its own page and none of these; nor has who is not signed in.
        other.get(watch).assert_success().lacks("98765");
        for (who, at) in [(&other, "/watch/ningde-2021/350902"), (reviewer, "/watch/ningde-2021/350100"), (reviewer, "/watch/other")] {
            assert_eq!(who.get(at).status, 404, "{at}");
        }
        assert_eq!(site.get_with(watch, &[("no-redirect", "")]).status, 303);
        let open = ["user", "policy", "public_reading", "open"];
        site.app.jigai_as("system-security-admin", &open).assert_done();
        // What is published, ranked, listed or exported knows nothing of it.
        let figures = "goal,region,period,value,base,growth_pct\nlithium_output,宁德市,2021-05,400,,\n";
        let file = folder.write("t.csv", figures);
        site.app.jigai_as("350900-city-reviewer", &["import", "returns", "--plan", "ningde-2021", &file]).assert_done();
        site.app.appoint_at("宁德市", "fabu", "publisher", "");
        site.app.jigai_as("350900-publisher", &["bulletin", "publish", "--plan", "ningde-2021", "--period", "2021-05"]).assert_done();
        site.app.jigai(&["export", "json", "--plan", "ningde-2021", "--period", "2021-05", "--goal", "power_use"]);
        site.get("/bulletins/ningde-2021/2021-05").assert_success().shows("锂电新能源产业产值");
        for at in [
            "/bulletins/ningde-2021/2021-05",
            "/progress/ningde-2021/2021-05",
            "/progress/ningde-2021/2021-06",
            "/rank/ningde-2021/2021-05?goal=power_use",
            "/units/ningde-2021",
            "/units/ningde-2021/350902",
            "/export/bulletin/ningde-2021.2021-05.e1.goals.csv",
            "/export/bulletin/ningde-2021.2021-05.e1.table.json",
        ] {
            for page in [site.get(at), reviewer.get(at)] {
                let own = at.ends_with("/units/ningde-2021/350902") && page.html.contains("未审核");
                assert!(own || !(page.html.contains("98765") || page.html.contains("81234")), "{at}");
            }
            site.get(at).lacks("98765").lacks("81234").lacks("未审核");
        }
        let editions = site.app.query("SELECT content FROM edition").concat();
        assert!(!editions.contains("98765") && !editions.contains("9876500") && !editions.contains("81234"));
        // It is proved, and goes along into a backup of the other engine.
        site.app.jigai(&["verify"]).assert_done();
        assert_eq!(site.app.query("SELECT COUNT(*) FROM watched_figure"), ["2"]);
        assert!(site.app.refused_sql("UPDATE watched_figure SET value = 1").contains("append-only"));
    }

    fn a_month_does_not_ask_for_the_year(app: TestApp) {
        let (site, cookies) = office(app, "2014-01-03T09:00:00+08:00", "fujian-2013", "福建省", "350100");
        let people = cookies.each_ref().map(|cookie| site.as_person(cookie));
        let [reporter, _, reviewer] = &people;
        let form = reporter.get("/report/fujian-2013/2013-12/350100").assert_success();
        assert!(form.html.contains("c.investment/350100/value") && !form.html.contains("c.energy_per_gdp/"));
        let year = "/report/fujian-2013/2013-12.year/350100";
        let form = reporter.get(year).assert_success();
        assert!(form.html.contains("c.energy_per_gdp/350100/value") && !form.html.contains("c.investment/"));
        reporter.get("/report/fujian-2013/2013-11.year/350100").assert_error(400);
        approved(&people, year, &[("c.energy_per_gdp/350100/value", "0.505")]);
        site.app.jigai(&["verify"]).assert_done();
        reviewer.get("/review/fujian-2013/2013-12.year").assert_success().shows("已通过1个");
        reviewer.get("/review/fujian-2013/2013-12").assert_success().lacks("已通过");
    }
}
