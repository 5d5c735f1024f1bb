//! The whole plan at a period, from files as `jigai overview` reads them: what each kind of goal comes to.

use chrono::NaiveDate;
use domain::month::Period;
use domain::overview::overview;
use domain::plan::meaning::{AverageBy, ChosenAverage};
use domain::plan::{Plan, file};
use proptest::prelude::*;
use serde_json::Value;

/// A plan of 某市 in 2013 (or the years given), reported monthly, with these blocks.
fn plan(years: &str, blocks: &str) -> Plan {
    let source = format!(
        "format = 1\nid = \"case\"\ntitle = \"例\"\nregion = {{ name = \"某市\" }}\nyears = [{years}]\n\n\
         [calendar]\ncadence = \"monthly\"\n{blocks}"
    );
    file::parse(&source).unwrap_or_else(|problems| panic!("{problems:#?}\n{source}"))
}

/// A goal block with these lines.
fn goal(id: &str, kind: &str, unit: &str, lines: &str) -> String {
    format!("\n[[goal]]\nid = \"{id}\"\nname = \"{id}\"\nkind = \"{kind}\"\nunit = \"{unit}\"\n{lines}\n")
}

/// The JSON of the overview at `period`, of returns `goal,region,period,value,base,growth_pct`.
fn json(plan: &Plan, returns: &[&str], period: &str, today: &str) -> Value {
    let text = format!("goal,region,period,value,base,growth_pct\n{}\n", returns.join("\n"));
    let read = documents::returns::parse(plan, plan.default_goal(), text.as_bytes(), "r.csv");
    assert!(read.all_problems().is_empty(), "{:#?}", read.all_problems());
    let today: NaiveDate = today.parse().unwrap();
    let found = overview(plan, &read.figures(), Period::parse(period).unwrap(), today);
    serde_json::from_str(&documents::overview::json(plan, &found).unwrap()).unwrap()
}

/// What the goal says under `keys`, as one line.
fn says(json: &Value, goal: &str, keys: &[&str]) -> String {
    let row = json["goals"].as_array().unwrap().iter().find(|row| row["goal"] == goal).unwrap();
    let text = |key: &&str| {
        let found = key.split('.').fold(row, |value, part| &value[part]);
        found.as_str().map_or_else(|| found.to_string(), str::to_owned)
    };
    keys.iter().map(text).collect::<Vec<_>>().join(" ")
}

/// One goal `g` of one year: its rows `period,value` and what it comes to at `period`.
fn check(kind: &str, unit: &str, lines: &str, rows: &[&str], period: &str, expected: &str) {
    let plan = plan("2013, 2013", &goal("g", kind, unit, lines));
    let rows: Vec<String> = rows.iter().map(|row| format!("g,某市,{row},,")).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let found = json(&plan, &rows, period, "2013-01-01");
    let said = says(&found, "g", &["verdict", "value", "completion_pct", "pace_pct", "gap_pp", "reached_in"]);
    assert_eq!(said, expected, "{lines} {rows:?} {period}");
}

#[test]
fn a_flow_runs_to_its_target() {
    let target = "targets = [{ year = 2013, value = \"120\" }]";
    let check = |rows: &[&str], period: &str, expected: &str| check("count", "项", target, rows, period, expected);
    check(&["2013-06,60"], "2013-06", "on_pace 60 50.0 50.0 0.0 null");
    check(&["2013-06,57"], "2013-06", "near 57 47.5 50.0 -2.5 null");
    check(&["2013-06,40"], "2013-06", "behind 40 33.3 50.0 -16.7 null");
    // Reached before its time.
    check(&["2013-06,121"], "2013-06", "reached 121 100.8 50.0 50.8 null");
    check(&["2013-12,119"], "2013-12", "not_reached 119 99.2 100.0 -0.8 null");
    check(&["2013-05,60"], "2013-06", "missing null null 50.0 null null");
}

#[test]
fn fewer_is_better_only_when_the_year_is_over() {
    let lines = "direction = \"at_most\"\ntargets = [{ year = 2013, value = \"12\" }]";
    let check = |rows: &[&str], period: &str, expected: &str| check("count", "起", lines, rows, period, expected);
    check(&["2013-06,5"], "2013-06", "on_pace 5 null 50.0 -8.3 null");
    check(&["2013-06,9"], "2013-06", "behind 9 null 50.0 25.0 null");
    check(&["2013-12,12"], "2013-12", "reached 12 null 100.0 0.0 null");
    check(&["2013-12,13"], "2013-12", "not_reached 13 null 100.0 8.3 null");
}

#[test]
fn a_level_is_reached_or_not_whenever_it_is_reported() {
    let lines = "targets = [{ year = 2013, value = \"50\" }]";
    let check = |rows: &[&str], period: &str, expected: &str| check("ratio", "%", lines, rows, period, expected);
    check(&["2013-06,50"], "2013-06", "reached 50 100.0 null null null");
    check(&["2013-06,49.99"], "2013-06", "not_reached 49.99 99.98 null null null");
}

#[test]
fn a_growth_may_fall_less_than_its_target() {
    let at_least = "targets = [{ year = 2013, value = \"-4.40\" }]";
    check("growth", "%", at_least, &["2013-06,-4.4"], "2013-06", "reached -4.4 null null null null");
    check("growth", "%", at_least, &["2013-06,-4.5"], "2013-06", "not_reached -4.5 null null null null");
    let at_most = "direction = \"at_most\"\ntargets = [{ year = 2013, value = \"-3.5\" }]";
    check("ratio", "%", at_most, &["2013-06,-3.6"], "2013-06", "reached -3.6 null null null null");
}

#[test]
fn a_stock_is_measured_from_where_it_began() {
    let target = "targets = [{ year = 2013, value = \"30\" }]\ncounts = \"stock\"";
    let started = format!("{target}\nstart = \"21\"");
    // Due in June: 21 + 9 × ½ = 25.5 of 30.
    check("count", "家", &started, &["2013-06,29"], "2013-06", "on_pace 29 96.7 85.0 11.7 null");
    check("count", "家", &started, &["2013-06,25"], "2013-06", "near 25 83.3 85.0 -1.7 null");
    check("count", "家", &started, &["2013-06,23"], "2013-06", "behind 23 76.7 85.0 -8.3 null");
    // Without its start it has no pace.
    check("count", "家", target, &["2013-06,29"], "2013-06", "not_reached 29 96.7 null null null");
    check("count", "家", target, &["2013-06,30"], "2013-06", "reached 30 100.0 null null null");
}

#[test]
fn the_level_of_a_stock_over_years_is_its_newest() {
    let lines = "whole = { from = 2021, to = 2023, value = \"30\" }\ncounts = \"stock\"\nstart = \"21\"";
    let plan = plan("2021, 2023", &goal("g", "count", "家", lines));
    let found = json(&plan, &["g,某市,2022-06,26,,"], "2022-06", "2022-07-01");
    // Half of the way: 21 + 9 × ½ = 25.5.
    assert_eq!(says(&found, "g", &["verdict", "value", "pace_pct", "gap_pp"]), "on_pace 26 85.0 1.7");
}

#[test]
fn a_milestone_that_was_missed_stays_missed() {
    let lines = "targets = [{ year = 2013, value = \"100\" }]\ndue = \"2013-03\"";
    let check = |rows: &[&str], period: &str, expected: &str| check("count", "项", lines, rows, period, expected);
    // Before its time the pace runs to it: two of three months.
    check(&["2013-02,60"], "2013-02", "behind 60 60.0 66.7 -6.7 null");
    check(&["2013-02,100"], "2013-02", "reached 100 100.0 66.7 33.3 null");
    check(&["2013-03,100"], "2013-12", "reached null null 100.0 null null");
    let year = &["2013-03,60", "2013-04,70", "2013-06,100", "2013-12,104"];
    check(year, "2013-03", "missed 60 60.0 100.0 -40.0 null");
    check(year, "2013-04", "missed 70 70.0 100.0 -30.0 null");
    check(year, "2013-06", "reached_late 100 100.0 100.0 0.0 2013-06");
    check(year, "2013-12", "reached_late 104 104.0 100.0 4.0 2013-06");
    // A correction of the due period itself moves it.
    check(&["2013-03,100", "2013-12,104"], "2013-12", "reached 104 104.0 100.0 4.0 null");
    check(&["2013-04,70"], "2013-04", "missed 70 70.0 100.0 -30.0 null");
}

#[test]
fn above_the_upper_end_is_said_and_not_praised() {
    let plan = plan("2013, 2013", &goal("g", "count", "家", "range = [\"3\", \"5\"]"));
    let at = |value: &str| {
        let found = json(&plan, &[&format!("g,某市,2013-12,{value},,")], "2013-12", "2013-12-31");
        says(&found, "g", &["verdict", "target", "findings.0.code"])
    };
    assert_eq!(at("2"), "not_reached 3 null");
    assert_eq!(at("5"), "reached 3 null");
    let found = json(&plan, &["g,某市,2013-12,6,,"], "2013-12", "2013-12-31");
    assert_eq!(found["goals"][0]["findings"][0]["message"], "g：6家，超过文件写的上限5家");
}

#[test]
fn every_county_for_itself() {
    let units: String =
        ["甲县", "乙县", "丙区"].iter().map(|name| format!("\n[[unit]]\nname = \"{name}\"\n")).collect();
    let plan = plan(
        "2013, 2013",
        &format!("{units}{}", goal("g", "count", "个", "each = { of = \"region\", value = \"3\" }")),
    );
    let at = |rows: &[&str]| {
        let found = json(&plan, rows, "2013-12", "2013-12-31");
        says(&found, "g", &["verdict", "value", "target", "units_reached", "units", "completion_pct"])
    };
    assert_eq!(at(&["g,甲县,2013-12,3,,", "g,乙县,2013-12,2,,", "g,丙区,2013-12,5,,"]), "not_reached 2 3 2 3 66.7");
    assert_eq!(at(&["g,甲县,2013-12,3,,", "g,乙县,2013-12,3,,", "g,丙区,2013-12,5,,"]), "reached 3 3 3 3 100.0");
    // Nobody who reported is short: the third is waited for.
    assert_eq!(at(&["g,甲县,2013-12,3,,", "g,乙县,2013-12,3,,"]), "missing 2 3 2 3 66.7");
    assert_eq!(at(&[]), "missing null 3 0 3 null");
}

#[test]
fn targets_of_units_alone_are_counted() {
    let split = "\n  [[goal.split]]\n  name = \"甲县\"\n  value = \"12\"\n  [[goal.split]]\n  name = \"乙县\"\n  value = \"24\"";
    let plan = plan("2013, 2013", &goal("g", "count", "项", split));
    let at = |period: &str, rows: &[&str]| {
        says(&json(&plan, rows, period, "2013-12-31"), "g", &["verdict", "value", "target"])
    };
    assert_eq!(at("2013-06", &["g,甲县,2013-06,6,,", "g,乙县,2013-06,24,,"]), "on_pace 1 2");
    assert_eq!(at("2013-06", &["g,甲县,2013-06,1,,", "g,乙县,2013-06,24,,"]), "behind 1 2");
    assert_eq!(at("2013-06", &["g,乙县,2013-06,24,,"]), "missing 1 2");
    assert_eq!(at("2013-12", &["g,甲县,2013-12,11,,", "g,乙县,2013-12,24,,"]), "not_reached 1 2");
    assert_eq!(at("2013-12", &["g,甲县,2013-12,12,,", "g,乙县,2013-12,24,,"]), "reached 2 2");
}

#[test]
fn every_industry_between_three_and_five() {
    let lines = "each = { of = \"行业\", range = [\"3\", \"5\"] }";
    let names = ["钢铁", "建材"];
    let categories: String =
        names.iter().map(|name| format!("\n[[category]]\nname = \"{name}\"\nsort = \"行业\"\n")).collect();
    let plan = plan("2013, 2013", &format!("{categories}{}", goal("g", "count", "家", lines)));
    let found = json(&plan, &["g,钢铁,2013-12,6,,", "g,建材,2013-12,3,,"], "2013-12", "2013-12-31");
    assert_eq!(says(&found, "g", &["verdict", "units_reached", "units"]), "reached 2 2");
    assert_eq!(found["goals"][0]["findings"][0]["message"], "g：钢铁超过文件写的上限");
}

#[test]
fn a_share_is_computed_and_judged_exactly() {
    let goals = [
        goal("part", "amount", "亿元", "target = \"none\""),
        goal("all", "amount", "亿元", "target = \"none\""),
        goal(
            "share",
            "ratio",
            "%",
            "share_of = { part = \"part\", of = \"all\" }\ntargets = [{ year = 2013, value = \"50\" }]",
        ),
    ];
    let plan = plan("2013, 2013", &goals.concat());
    let at = |part: &str, all: &str| {
        let rows = [format!("part,某市,2013-06,{part},,"), format!("all,某市,2013-06,{all},,")];
        let found = json(&plan, &[&rows[0], &rows[1]], "2013-06", "2013-07-01");
        says(&found, "share", &["verdict", "value", "target"])
    };
    assert_eq!(at("1", "2"), "reached 50.0 50");
    // One 元 below the half: more digits than one, so that nobody reads 50.0.
    assert_eq!(at("999.99999999", "2000"), "not_reached 49.9999999995 50");
    assert_eq!(at("", "2"), "missing null 50");
}

#[test]
fn against_a_reference_that_the_office_states() {
    let lines = "compared_with = \"全市平均水平\"\ndirection = \"at_most\"";
    let plan = plan("2013, 2013", &goal("g", "ratio", "吨标准煤/万元", lines));
    let at = |rows: &[&str]| says(&json(&plan, rows, "2013-12", "2013-12-31"), "g", &["verdict", "value", "target"]);
    assert_eq!(at(&["g,某市,2013-12,0.291,,", "g,全市平均水平,2013-12,0.297,,"]), "reached 0.291 0.297");
    assert_eq!(at(&["g,某市,2013-12,0.298,,", "g,全市平均水平,2013-12,0.297,,"]), "not_reached 0.298 0.297");
    assert_eq!(at(&["g,某市,2013-12,0.298,,"]), "missing 0.298 null");
}

/// 2022—2025 at 20%, from 2021; `rows` are of the investment.
fn average(direction: &str, rows: &[&str], period: &str) -> String {
    let goals = [
        goal("investment", "amount", "亿元", "target = \"none\""),
        goal(
            "g",
            "average_growth",
            "%",
            &format!(
                "direction = \"{direction}\"\nwhole = {{ from = 2022, to = 2025, value = \"20\" }}\nbase_year = 2021\n\
                 average_of = \"investment\""
            ),
        ),
    ];
    let plan = plan("2022, 2025", &goals.concat());
    let rows: Vec<String> = rows.iter().map(|row| format!("investment,某市,{row}")).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let found = json(&plan, &rows, period, "2026-01-20");
    let keys = [
        "verdict",
        "average.compound_pct",
        "average.arithmetic_pct",
        "average.from_amounts_pct",
        "average.needed_pct",
        "average.missing_years",
    ];
    says(&found, "g", &keys)
}

#[test]
fn average_growth_is_judged_exactly() {
    let published = ["2022-12,,,24", "2023-12,,,15", "2024-12,,,21", "2025-12,,,19.5"];
    assert_eq!(average("at_least", &published, "2025-12"), "not_reached 19.8 19.9 null null []");
    assert_eq!(average("about", &published, "2025-12"), "undecided 19.8 19.9 null null []");
    let even = ["2022-12,,,20", "2023-12,,,20", "2024-12,,,20", "2025-12,,,20"];
    assert_eq!(average("at_least", &even, "2025-12"), "reached 20.0 20.0 null null []");
    // Just below: the arithmetic mean is 20, the compound one is not, and says so with the digits that it takes.
    let apart = ["2022-12,,,21", "2023-12,,,19", "2024-12,,,20", "2025-12,,,20"];
    assert_eq!(average("at_least", &apart, "2025-12"), "not_reached 19.998 20.0 null null []");
}

#[test]
fn the_rest_of_an_average_says_what_it_takes() {
    let two = ["2022-12,,,24", "2023-12,,,15"];
    // After two of four years it is on its way: near, behind, or on it.
    assert_eq!(average("at_least", &two, "2024-06"), "near 19.4 19.5 null 20.6 []");
    assert_eq!(average("at_least", &["2022-12,,,14.9"], "2023-06"), "behind 14.9 14.9 null 21.7 []");
    assert_eq!(average("at_least", &["2022-12,,,27"], "2023-06"), "on_pace 27.0 27.0 null 17.8 []");
    assert_eq!(average("at_least", &two, "2024-12"), "undecided null null null null [2024]");
    assert_eq!(average("at_least", &[], "2022-06"), "not_due null null null null []");
}

#[test]
fn amounts_that_say_otherwise_leave_it_to_a_choice() {
    // Growths as published reach 20%, the amounts (100 to 200 in four years, 18.9%) do not.
    let rows =
        ["2021-12,100,,", "2022-12,120,100,20", "2023-12,140,120,20", "2024-12,170,140,20", "2025-12,200,170,20"];
    assert_eq!(average("at_least", &rows, "2025-12"), "undecided 20.0 20.0 18.9 null []");
    // The same in both: a verdict.
    let rows = ["2022-12,125,100,25", "2023-12,156,125,24.8", "2024-12,195,156,25", "2025-12,240,195,23.1"];
    assert_eq!(average("at_least", &rows, "2025-12"), "reached 24.5 24.5 24.5 null []");
}

/// The verdict, and what is printed as the figure, where somebody chose how it is judged.
fn judged_by(by: AverageBy, rows: &[&str], period: &str) -> String {
    let goals = [
        goal("investment", "amount", "亿元", "target = \"none\""),
        goal(
            "g",
            "average_growth",
            "%",
            "whole = { from = 2022, to = 2025, value = \"20\" }\nbase_year = 2021\naverage_of = \"investment\"",
        ),
    ];
    let mut plan = plan("2022, 2025", &goals.concat());
    let chosen = ChosenAverage { by, reason: "局务会".to_owned(), actor: "某局某".to_owned(), at: 0 };
    plan.goals[1].meaning.judged_by = Some(chosen);
    let rows: Vec<String> = rows.iter().map(|row| format!("investment,某市,{row}")).collect();
    let text = format!("goal,region,period,value,base,growth_pct\n{}\n", rows.join("\n"));
    let read = documents::returns::parse(&plan, plan.default_goal(), text.as_bytes(), "r.csv");
    assert!(read.all_problems().is_empty(), "{:#?}", read.all_problems());
    let found = overview(&plan, &read.figures(), Period::parse(period).unwrap(), NaiveDate::MIN);
    let row = found.goal("g").unwrap();
    assert!(row.findings.iter().any(|found| found.code == "average_chosen" && found.message.contains("局务会")));
    format!("{} {}", row.verdict_text(), row.value_text())
}

#[test]
fn a_chosen_average_judges() {
    use AverageBy::{Amounts, Arithmetic, Compound};
    // 20 by the growths, 18.9 by the amounts.
    let rows =
        ["2021-12,100,,", "2022-12,120,100,20", "2023-12,140,120,20", "2024-12,170,140,20", "2025-12,200,170,20"];
    assert_eq!(judged_by(Compound, &rows, "2025-12"), "已达到 20.0%");
    assert_eq!(judged_by(Arithmetic, &rows, "2025-12"), "已达到 20.0%");
    assert_eq!(judged_by(Amounts, &rows, "2025-12"), "未达到 18.9%");
    // The mean is 20, the compound average below it.
    let apart = ["2022-12,,,21", "2023-12,,,19", "2024-12,,,20", "2025-12,,,20"];
    assert_eq!(judged_by(Arithmetic, &apart, "2025-12"), "已达到 20.0%");
    assert_eq!(judged_by(Compound, &apart, "2025-12"), "未达到 19.998%");
    assert_eq!(judged_by(Amounts, &apart, "2025-12"), "不作判断 —");
    // A mean just below the target is printed with the digits that it takes.
    let below = ["2022-12,,,21", "2023-12,,,19", "2024-12,,,20", "2025-12,,,19.96"];
    assert_eq!(judged_by(Arithmetic, &below, "2025-12"), "未达到 19.99%");
    // On its way after two of four years.
    assert_eq!(judged_by(Arithmetic, &["2022-12,,,24", "2023-12,,,16"], "2024-06"), "达到序时 20.0%");
    assert_eq!(judged_by(Compound, &["2022-12,,,24", "2023-12,,,16"], "2024-06"), "接近序时 19.9%");
}

#[test]
fn the_sum_of_the_years_stands_beside_the_years_number() {
    let lines = "targets = [{ year = 2022, value = \"20\" }, { year = 2023, value = \"25\" }]\n\
                 whole = { from = 2022, to = 2023, value = \"45\" }";
    let plan = plan("2022, 2023", &goal("g", "count", "家", lines));
    let told = |rows: &[&str], period: &str| says(&json(&plan, rows, period, "2024-01-01"), "g", &["findings"]);
    let both = told(&["g,某市,2022-12,19,,", "g,某市,2023-06,12,,"], "2023-06");
    assert!(both.contains("2022—2023年合计目标45家，2022年以来累计31家，完成68.9%"), "{both}");
    let missing = told(&["g,某市,2023-06,12,,"], "2023-06");
    assert!(missing.contains("缺2022年全年的数，算不出累计"), "{missing}");
    assert_eq!(told(&[], "2023-06"), "[]");
}

#[test]
fn an_average_that_was_stated_counts() {
    let lines = "whole = { from = 2021, to = 2023, value = \"25\" }\nbase_year = 2020";
    let plan = plan("2021, 2023", &goal("g", "average_growth", "%", lines));
    let found = json(&plan, &["g,某市,2023-12,26.0,,"], "2023-12", "2024-01-20");
    assert_eq!(says(&found, "g", &["verdict", "value", "average.missing_years"]), "reached 26 [2021,2022,2023]");
    // Or the growth of each year in the goal's own rows.
    let rows = ["g,某市,2021-12,,,30", "g,某市,2022-12,,,20", "g,某市,2023-12,,,25.5"];
    let found = json(&plan, &rows, "2023-12", "2024-01-20");
    assert_eq!(says(&found, "g", &["verdict", "average.compound_pct"]), "reached 25.1");
}

#[test]
fn each_goal_at_its_own_newest_period() {
    let quarterly = "\n[[rhythm]]\nid = \"quarter\"\ncadence = \"quarterly\"\n\n[[rhythm]]\nid = \"year\"\ncadence = \"yearly\"\n\
                     \n[[rhythm]]\nid = \"week\"\ncadence = \"weekly\"\n";
    let target = "targets = [{ year = 2013, value = \"12\" }]";
    let goals = [
        goal("month", "count", "项", target),
        goal("quarter", "count", "项", &format!("{target}\nrhythm = \"quarter\"")),
        goal("year", "count", "项", &format!("{target}\nrhythm = \"year\"")),
        goal("week", "amount", "亿元", "target = \"none\"\nrhythm = \"week\""),
        goal("ended", "count", "项", &format!("{target}\nuntil = \"2013-02\"")),
    ];
    let plan = plan("2013, 2013", &format!("{quarterly}{}", goals.concat()));
    let rows = ["month,某市,2013-05,5,,", "quarter,某市,2013-03,3,,", "ended,某市,2013-02,2,,"];
    let found = json(&plan, &rows, "2013-05", "2013-06-01");
    let at = |goal: &str| says(&found, goal, &["period", "verdict"]);
    assert_eq!(at("month"), "2013-05 on_pace");
    assert_eq!(at("quarter"), "2013-03 on_pace");
    assert_eq!(at("year"), "null not_due");
    assert_eq!(at("week"), "null watched");
    assert_eq!(at("ended"), "2013-02 on_pace");
}

#[test]
fn a_target_over_years_stands_beside_the_value_of_the_span() {
    let plan = plan("2021, 2023", &goal("g", "count", "个", "whole = { from = 2021, to = 2023, value = \"3\" }"));
    let rows = ["g,某市,2021-12,1,,", "g,某市,2022-12,1,,"];
    let found = json(&plan, &rows, "2022-12", "2023-01-01");
    assert_eq!(says(&found, "g", &["verdict", "value", "target", "pace_pct"]), "on_pace 2 3 66.7");
    // A year that nobody stated is named.
    let found = json(&plan, &["g,某市,2022-12,1,,"], "2022-12", "2023-01-01");
    assert_eq!(found["goals"][0]["findings"][0]["message"], "g：缺2021年的数，起始年以来的累计无法计算");
}

proptest! {
    /// A goal never changes another's row, and neither does the order they stand in.
    #[test]
    fn goals_do_not_touch_each_other(values in proptest::collection::vec(proptest::option::of(0_i64..300), 4), month in 1_u32..=12) {
        let target = "targets = [{ year = 2013, value = \"120\" }]";
        let lines = [
            target.to_owned(),
            format!("{target}\ncounts = \"stock\"\nstart = \"21\""),
            format!("{target}\ndue = \"2013-06\""),
            "target = \"none\"".to_owned(),
        ];
        let blocks: Vec<String> =
            lines.iter().enumerate().map(|(at, lines)| goal(&format!("g{at}"), "count", "项", lines)).collect();
        let period = format!("2013-{month:02}");
        let rows: Vec<String> = values
            .iter()
            .enumerate()
            .filter_map(|(at, value)| value.map(|value| format!("g{at},某市,{period},{value},,")))
            .collect();
        let together = |blocks: &[String]| {
            let plan = plan("2013, 2013", &blocks.concat());
            let rows: Vec<&str> = rows.iter().map(String::as_str).filter(|row| {
                plan.goal(row.split(',').next().unwrap()).is_some()
            }).collect();
            json(&plan, &rows, &period, "2013-01-01")
        };
        let all = together(&blocks);
        let backwards = together(&blocks.iter().rev().cloned().collect::<Vec<_>>());
        for (at, block) in blocks.iter().enumerate() {
            let id = format!("g{at}");
            let row = |found: &Value| found["goals"].as_array().unwrap().iter().find(|row| row["goal"] == *id).cloned();
            prop_assert_eq!(row(&all), row(&together(std::slice::from_ref(block))));
            prop_assert_eq!(row(&all), row(&backwards));
        }
    }

    /// What the overview says of a goal is what its own standings say of the whole.
    #[test]
    fn the_overview_agrees_with_the_standings(value in proptest::option::of(0_i64..300), base in proptest::option::of(1_i64..300), month in 1_u32..=12) {
        let plan = plan("2013, 2013", &goal("g", "amount", "亿元", "targets = [{ year = 2013, value = \"120\" }]"));
        let text = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        let period = format!("2013-{month:02}");
        let rows = format!("goal,region,period,value,base,growth_pct\ng,某市,{period},{},{},\n", text(value), text(base));
        let read = documents::returns::parse(&plan, plan.default_goal(), rows.as_bytes(), "r.csv");
        let (figures, period) = (read.figures(), Period::parse(&period).unwrap());
        let goal = plan.default_goal();
        let total = domain::standing::compute(&plan, goal, &figures, period, plan.rules("g")).total;
        let row = domain::overview::goal_row(&plan, goal, &figures, period);
        prop_assert_eq!((row.completion, row.pace, row.gap, row.growth), (total.completion, total.pace, total.gap, total.growth));
        prop_assert_eq!(row.stated, total.value.map(domain::overview::Quantity::Amount));
    }
}

#[test]
fn tasks_by_their_day() {
    let tasks = "\n[[task]]\nid = \"audit\"\ntitle = \"完成能源审计\"\ndue = \"2013-03-31\"\n\
                 \n[[task]]\nid = \"sign\"\ntitle = \"签约\"\ndue = { from = \"2013-06-01\", to = \"2013-06-30\" }\n\
                 \n[[task]]\nid = \"funds\"\ntitle = \"上报\"\ndue = \"2013-09\"\n";
    let plan = plan("2013, 2013", &format!("{}{tasks}", goal("g", "count", "项", "target = \"none\"")));
    let at = |today: &str| {
        let found = json(&plan, &[], "2013-05", today);
        let tasks = found["tasks"].as_array().unwrap().clone();
        let text = |task: &Value| {
            let part = |key: &str| task[key].as_str().unwrap().to_owned();
            format!("{} {} {} {}", part("task"), part("due"), part("state"), task["days"])
        };
        tasks.iter().map(text).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(
        at("2013-04-12"),
        "audit 2013-03-31 overdue 12; sign 2013-06-30 not_due 79; funds 2013-09-30 not_due 171"
    );
    assert_eq!(at("2013-03-31"), "audit 2013-03-31 due 0; sign 2013-06-30 not_due 91; funds 2013-09-30 not_due 183");
    assert_eq!(at("2013-05-31"), "audit 2013-03-31 overdue 61; sign 2013-06-30 due 30; funds 2013-09-30 not_due 122");
}
