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
