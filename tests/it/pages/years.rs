//! A year beside the year before: the same period of last year's plan, and the plan one is in.

use tests::{Office, PASSWORD, TestApp, on_both_databases};

fn plan(id: &str, year: i32, units: &str) -> String {
    format!(
        "format = 1\nid = \"{id}\"\ntitle = \"{year}年技改计划\"\nregion = {{ code = \"350100\", name = \"福州市\" }}\n\
         years = [{year}, {year}]\n[calendar]\ncadence = \"monthly\"\n[[goal]]\nid = \"investment\"\nname = \"技改投资\"\n\
         kind = \"amount\"\nunit = \"亿元\"\ntargets = [{{ year = {year}, value = \"200\", growth_pct = \"10\" }}]\n{units}"
    )
}

fn split(region: &str, name: &str, value: u32, more: &str) -> String {
    format!("[[goal.split]]\nregion = \"{region}\"\nname = \"{name}\"\nvalue = \"{value}\"\n{more}\n")
}

on_both_databases! {
    fn a_month_stands_beside_the_same_month_of_last_year(app: TestApp) {
        let app = app.at("2021-07-02T09:00:00+08:00");
        let before = [split("350181", "福清市", 100, ""), split("350182", "长乐市", 60, ""), split("350199", "琅岐镇", 20, ""), split("350121", "闽侯县", 20, "")];
        let now = [split("350181", "福清市", 100, ""), split("350112", "长乐区", 80, "former = [\"350182\"]"), split("350121", "闽侯县", 20, "")];
        for (id, year, units) in [("plan-2020", 2020, before.concat()), ("plan-2021", 2021, now.concat())] {
            let file = app.folder.write(&format!("{id}.plan.toml"), plan(id, year, &units));
            app.jigai(&["import", "plan", &file]).assert_done();
        }
        let import = |plan: &str, lines: &[&str]| {
            let text = format!("region,period,value,base,growth_pct,note\n{}\n", lines.join("\n"));
            let file = app.folder.write(&format!("{plan}.csv"), text);
            app.jigai(&["import", "returns", "--plan", plan, &file]).assert_done();
        };
        import("plan-2020", &["福清市,2020-05,40,36,,", "长乐市,2020-05,30,30,,", "琅岐镇,2020-05,10,9,,"]);
        import("plan-2021", &["福清市,2021-05,54,40,,", "长乐区,2021-05,27,29.5,,"]);
        let people = app.staff();
        let site = app.start(&[]);
        let cookies: Vec<(&str, String)> =
            people.into_iter().map(|(login, token)| (login, site.first_log_in(login, &token))).collect();
        let person = |login: &str| site.as_person(&cookies.iter().find(|(of, _)| *of == login).unwrap().1);
        // Nothing is published: the office compares, the leader is told nothing of either year.
        let years = "/rank/plan-2021/2021-05/years";
        let page = person("shenhe").get(years).assert_success();
        page.shows("2021年1—5月技改投资与上年同期比较").shows("上年：2020年技改计划");
        page.shows("累计81.00亿元，比上年同期多1.00亿元").shows("上年有、本年没有的单位：琅岐镇");
        page.shows("本年报的去年同期是29.50").shows("2个单位中1个的完成率高于上年同期");
        let leader = person("lingdao");
        leader.get(years).assert_error(404);
        for (plan, period) in [("plan-2020", "2020-05"), ("plan-2021", "2021-05")] {
            let publish = format!("/publish/{plan}/{period}");
            let page = person("fabu").get(&publish).assert_success();
            let done = person("fabu").submit(&page, "main form", &[("password", PASSWORD)]);
            assert_eq!(done.status, 303, "{}", done.text());
        }
        let page = leader.get(years).assert_success();
        page.shows("54.00").shows("40.00").shows("+14.00").shows("−3.00").shows("54.0%").shows("40.0%").shows("+14.0");
        leader.get("/rank/plan-2021/2021-05").assert_success().shows("与上年同期比较").shows("换计划");
        let csv = leader.get("/export/years/plan-2021.2021-05.investment.csv").assert_success();
        assert!(csv.html.contains("福清市,54.00,40.00,+14.00"), "{}", csv.html);
        leader.get("/export/years/plan-2021.2021-05.investment.json").assert_success();
        let workbook = leader.get("/export/years/plan-2021.2021-05.investment.xlsx").assert_success();
        assert!(workbook.bytes.starts_with(b"PK"));
        // The first year has nothing before it, and says so; what is no goal or no period is told too.
        leader.get("/rank/plan-2020/2020-05").assert_success().lacks("与上年同期比较");
        leader.get("/rank/plan-2020/2020-05/years").assert_error(404).shows("没有2019年同期的技改投资可以比较");
        leader.get("/rank/plan-2021/2021-05/years?goal=x").assert_error(400);
        leader.get("/export/years/plan-2020.2020-05.investment.csv").assert_error(404);
        // The plan one is in is named on each page; the other leads to the same kind of page.
        let page = leader.get("/rank/plan-2021/2021-05").assert_success();
        page.shows("2021年技改计划");
        assert!(page.html.contains("/rank/plan-2020/2020-05"), "{}", page.html);
        assert!(person("shenhe").get("/").assert_success().html.contains("plan-bar"));
    }

    // A plan of five years took nine times as long to show as one of one, on pages of a unit and of all periods.
    fn a_year_is_shown_at_a_time(app: TestApp) {
        let targets = |first: u32, second: u32| {
            format!("targets = [{{ year = 2020, value = \"{first}\" }}, {{ year = 2021, value = \"{second}\" }}]")
        };
        let unit = |region: &str, name: &str| {
            format!("[[goal.split]]\nregion = \"{region}\"\nname = \"{name}\"\n{}\n", targets(100, 110))
        };
        let units = [unit("350181", "福清市"), unit("350121", "闽侯县")].concat();
        let plan = plan("p", 2020, &units).replacen("years = [2020, 2020]", "years = [2020, 2021]", 1);
        let one = "targets = [{ year = 2020, value = \"200\", growth_pct = \"10\" }]";
        let plan = plan.replacen(one, &targets(200, 220), 1);
        let people = [("shenhe", "city_reviewer", ""), ("fuqing", "county_reporter", "福清市")];
        let figures = [
            "福清市,2020-11,91,85",
            "福清市,2020-12,97,90",
            "福清市,2021-01,8,7",
            "闽侯县,2020-11,80,81",
            "闽侯县,2020-12,99,95",
            "闽侯县,2021-01,9,9.5",
        ];
        let csv = format!("region,period,value,base\n{}\n", figures.join("\n"));
        let file = app.folder.write("p.csv", csv);
        app.jigai(&["import", "plan", &app.folder.write("p.plan.toml", &plan)]).assert_done();
        app.jigai(&["import", "returns", "--plan", "p", &file]).assert_done();
        let office = Office::of(app.at("2021-03-03T09:00:00+08:00"), &plan, "福州市", &people);
        let reviewer = office.person("shenhe");
        let newest = reviewer.get("/units/p/350181").assert_success();
        newest.shows("8.00").lacks("97.00").shows("2020年").shows("2021年");
        let before = reviewer.get("/units/p/350181?year=2020").assert_success();
        before.shows("97.00").shows("91.00").lacks("8.00");
        assert!(before.html.contains("/export/places/p.2020.csv"), "{}", before.html);
        for (asked, says) in [("2019", "没有“2019”这一年的数据；有数据的是2020年、2021年。"), ("x", "没有“x”这一年的数据")] {
            let page = reviewer.get(&format!("/units/p/350181?year={asked}")).assert_error(404);
            assert!(page.shows(says).html.contains("/units/p/350181?year=2020"), "{}", page.html);
        }
        reviewer.get("/export/places/p.csv").assert_success().shows("1月");
        reviewer.get("/export/places/p.2020.csv").assert_success().shows("11月");
        reviewer.get("/export/places/p.2019.csv").assert_error(404);
        for login in ["shenhe", "fuqing"] {
            let person = office.person(login);
            person.get("/periods").assert_success().shows("2021年1—2月").lacks("2020年1—6月");
            person.get("/periods?year=2020").assert_success().shows("2020年1—6月").lacks("2021年1—2月");
            person.get("/periods?year=1999").assert_error(404).shows("没有“1999”这一年的数据");
        }
    }
}
