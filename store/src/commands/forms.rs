//! Whose form a figure stands in: a 其中 row's own unit, departments that state a total, counties under a city,
//! works without a number, rows and units that ended.

use domain::entry::{units_due, units_with_posts};
use domain::month::Period;
use domain::plan::{Plan, Round};
use domain::rights::Role;
use domain::workflow::State;
use office::entry_form::Form;
use office::facts::ReportKey;
use office::people::NewPost;

use super::super::Writer;
use super::super::bench::Bench;
use super::on_both;
use super::rhythms::Return;

const HEAD: &str = r#"
format = 1
id = "forms"
title = "谁报什么"
region = { code = "350100", name = "福州市" }
years = [2021, 2021]

[calendar]
cadence = "monthly"
"#;

/// Two levels of 其中, of which the lower has no `[[unit]]`.
const NESTED: &str = r#"
[[unit]]
name = "高新区"
sort = "zone"

[[goal]]
id = "investment"
name = "技改投资"
kind = "amount"
unit = "亿元"
targets = [{ year = 2021, value = "100" }]
[[goal.split]]
region = "350121"
name = "闽侯县"
value = "100"
[[goal.split]]
name = "高新区"
within = "350121"
value = "34"
[[goal.split]]
name = "海西园"
within = "高新区"
value = "5"
"#;

fn period(month: u32) -> Period {
    Period { year: 2021, month }
}

fn of<'b>(bench: &'b Bench, unit: &str, round: impl Into<Round>) -> Return<'b> {
    let key = ReportKey { plan: "forms".to_owned(), round: round.into(), unit: unit.to_owned() };
    Return { bench, key, now: 1_640_000_000_000 }
}

/// The rows of a form, as goal and region.
fn rows(form: &Return<'_>) -> Vec<String> {
    let lines = Form::new(&form.report(), None).lines;
    lines.iter().map(|line| format!("{}/{}", line.goal, line.region)).collect()
}

fn plan(bench: &Bench) -> std::sync::Arc<Plan> {
    bench.runtime.block_on(async {
        let mut state = bench.store.read().await.unwrap();
        let alone = state.plan("forms").await.unwrap().unwrap().plan;
        let plans = state.plans().await.unwrap();
        let among = plans.into_iter().map(|version| version.plan).find(|plan| plan.id == "forms").unwrap();
        assert!(alone == among, "whoever loads it");
        alone
    })
}

/// Gives a unit a reporter.
fn appoint(bench: &Bench, unit: &str) {
    bench.runtime.block_on(async {
        let writer = Writer { actor: "测试".to_owned(), at: 0, session: None };
        let unit = Some((unit.to_owned(), unit.to_owned()));
        let post = NewPost { role: Role::CountyReporter, office: Some(("350100".into(), "福州市".into())), unit };
        let post = bench.store.create_post(post, writer.clone()).await.unwrap();
        let account = bench.store.create_account("gaoxin", "某", "", writer.clone()).await.unwrap();
        bench.store.appoint(&post.id, Some(account), writer).await.unwrap();
    });
}

fn names(units: Vec<(String, String)>) -> Vec<String> {
    units.into_iter().map(|(_, name)| name).collect()
}

#[test]
fn a_part_is_reported_by_its_own_unit_once_it_has_somebody() {
    on_both(|bench| {
        bench.import_plan(&format!("{HEAD}{NESTED}"), None, super::machine()).unwrap();
        let (may, june) = (of(bench, "350121", period(5)), of(bench, "350121", period(6)));
        let all = ["investment/350121", "investment/高新区", "investment/海西园"];
        assert_eq!(rows(&may), all);
        assert_eq!(names(units_due(&plan(bench), &period(5).into())), ["闽侯县"]);
        assert_eq!(names(units_with_posts(&plan(bench))), ["闽侯县", "高新区", "海西园"]);
        let typed = [("c.investment/350121/value", "40"), ("c.investment/高新区/value", "12")];
        may.type_in(&[&typed[..], &[("c.investment/海西园/value", "1")]].concat(), may.now);
        may.submit(may.now).unwrap();
        may.approve(may.now);

        // What was handed in stays there; the next return is the part's own.
        appoint(bench, "高新区");
        let own = of(bench, "高新区", period(6));
        assert_eq!((rows(&may), rows(&june)), (all.map(str::to_owned).to_vec(), vec!["investment/350121".to_owned()]));
        assert_eq!(rows(&own), ["investment/高新区", "investment/海西园"]);
        assert_eq!(names(units_due(&plan(bench), &period(6).into())), ["闽侯县", "高新区"]);
        for unit in ["350121", "高新区"] {
            let told = plan(bench).handovers(unit);
            assert_eq!(told[0].0, period(6));
            assert!(told[0].1.starts_with("从2021年1—6月起，高新区的“技改投资”由高新区自己填报"), "{told:?}");
        }

        // A part above its whole is doubtful in both forms, and neither learns the other's figure.
        own.type_in(&[("c.investment/高新区/value", "50"), ("c.investment/海西园/value", "2")], own.now);
        let note = "本月集中入统，已逐项核对";
        own.type_in(&[("c.investment/高新区/note", note), ("c.investment/海西园/note", note)], own.now);
        own.submit(own.now).unwrap();
        own.approve(own.now);
        assert_eq!(june.unit_state(), [(State::Draft, false), (State::Approved, true)]);
        june.type_in(&[("c.investment/350121/value", "45")], june.now);
        let sentences = june.submit(june.now).unwrap_err().sentence();
        let checked = Form::new(&june.report(), None).checked;
        let doubt = checked[0].soft.iter().find(|remark| remark.fact.contains("其中数")).expect(&sentences);
        assert!(doubt.fact.starts_with("高新区已报的其中数大于这里的数") && !doubt.fact.contains("50"), "{doubt:?}");
        june.type_in(&[("c.investment/350121/note", "与高新区核对过，口径不同")], june.now);
        june.submit(june.now).unwrap();
        june.approve(june.now);
        let again = Form::new(&own.report(), None).checked;
        assert!(again[0].soft.iter().any(|remark| remark.fact.contains("却大于闽侯县已报的数")), "{again:?}");

        // Nothing is counted twice.
        let figures =
            bench.runtime.block_on(async { bench.store.read().await.unwrap().figures("forms").await.unwrap() });
        let plan = plan(bench);
        let standings = domain::standing::compute(&plan, &plan.goals[0], &figures, period(6), plan.rules("investment"));
        assert_eq!(standings.total.value, Some(domain::money::Amount(4_500_000_000)));
        bench.runtime.block_on(bench.store.verify()).unwrap();
    });
}

/// Departments, cities with their counties, industries that one department reports, and a work without a number.
const KINDS: &str = r#"
[[rhythm]]
id = "quarter"
cadence = "quarterly"

[[unit]]
id = "350121"
name = "闽侯县"
[[unit]]
name = "市税务局"
sort = "department"
[[unit]]
name = "市工信局"
sort = "department"
[[unit]]
id = "350121001"
name = "甘蔗街道"
sort = "county"
parent = "350121"
[[unit]]
id = "350121002"
name = "白沙镇"
sort = "county"
parent = "350121"
[[category]]
name = "钢铁"
sort = "行业"
[[category]]
name = "水泥"
sort = "行业"

[[goal]]
id = "tax"
name = "工业税收"
kind = "amount"
unit = "亿元"
target = "none"
duties = ["sort:region"]
stated_by = "市税务局"

[[goal]]
id = "reserve"
name = "每个县的储备项目"
kind = "count"
unit = "个"
rhythm = "quarter"
each = { of = "county", value = "3" }

[[goal]]
id = "certified"
name = "每个行业的认证企业"
kind = "count"
unit = "家"
each = { of = "行业", value = "3" }
duties = ["市工信局"]

[[goal]]
id = "foundation"
name = "工业强基工程"
kind = "text"
duties = ["市工信局"]
what = "text"
"#;

#[test]
fn whoever_owes_a_figure_has_a_form() {
    on_both(|bench| {
        let source = format!("{HEAD}{KINDS}");
        bench.import_plan(&source, None, super::machine()).unwrap();
        let known = plan(bench);
        assert!(domain::plan::file::parse(&domain::plan::writer::write(&known)).unwrap() == *known);
        assert_eq!(names(units_due(&known, &period(6).into())), ["闽侯县", "市税务局", "市工信局"]);
        let quarter = Round { period: period(6), rhythm: "quarter".to_owned() };
        assert_eq!(names(units_due(&known, &quarter)), ["甘蔗街道", "白沙镇"]);
        assert_eq!(rows(&of(bench, "350121001", quarter.clone())), ["reserve/350121001"]);
        let industry = of(bench, "市工信局", period(6));
        assert_eq!(rows(&industry), ["certified/钢铁", "certified/水泥"]);
        let texts = Form::new(&industry.report(), None).texts;
        assert!(texts.len() == 4 && texts.iter().all(|(of, _)| of.goal.as_deref() == Some("foundation")), "{texts:?}");

        // A department states the total; it stands beside what the counties add up to, and is not added to it.
        let tax = of(bench, "市税务局", period(6));
        assert_eq!(rows(&tax), ["tax/350100"]);
        assert_eq!(Form::new(&tax.report(), None).lines[0].row_name(), "工业税收（福州市合计）");
        tax.type_in(&[("c.tax/350100/value", "9.5")], tax.now);
        tax.submit(tax.now).unwrap();
        tax.approve(tax.now);
        let county = of(bench, "350121", period(6));
        county.type_in(&[("c.tax/350121/value", "3")], county.now);
        county.submit(county.now).unwrap();
        county.approve(county.now);
        let figures =
            bench.runtime.block_on(async { bench.store.read().await.unwrap().figures("forms").await.unwrap() });
        let row = domain::overview::goal_row(&known, &known.goals[0], &figures, period(6));
        let yi = |tenths: i64| domain::overview::Quantity::Amount(domain::money::Amount(tenths * 10_000_000));
        assert_eq!(row.value, Some(yi(95)));
        assert_eq!(industry.unit_state()[..2], [(State::Approved, true), (State::Approved, true)]);

        // Where the city reports for its counties, their rows stand in its form.
        let cities = source.replace(
            "each = { of = \"county\", value = \"3\" }",
            "each = { of = \"county\", value = \"3\" }\nduties = [\"sort:region\"]",
        );
        bench.import_plan(&cities, Some("设区市代报"), super::machine()).unwrap();
        assert_eq!(rows(&of(bench, "350121", quarter)), ["reserve/350121001", "reserve/350121002"]);
    });
}

#[test]
fn a_row_and_a_unit_end() {
    on_both(|bench| {
        let source = format!("{HEAD}{KINDS}{NESTED}")
            .replace("[[unit]]\nname = \"高新区\"", "[[unit]]\nname = \"高新区\"\nuntil = \"2021-03\"");
        let ended = source.replace("name = \"海西园\"\n", "name = \"海西园\"\nuntil = \"2021-02\"\n");
        bench.import_plan(&source.replace("\nuntil = \"2021-03\"", ""), None, super::machine()).unwrap();
        let march = of(bench, "350121", period(3));
        march.type_in(&[("c.investment/高新区/value", "2"), ("c.investment/350121/value", "8")], march.now);
        march.type_in(&[("c.investment/海西园/value", "1"), ("c.tax/350121/value", "1")], march.now);
        march.submit(march.now).unwrap();
        march.approve(march.now);
        let gone = ended.replace("[[unit]]\nname = \"市税务局\"", "[[unit]]\nname = \"地税局\"");
        let gone = gone
            .replace("stated_by = \"市税务局\"", "")
            .replace("name = \"海西园\"\nuntil = \"2021-02\"", "name = \"海东园\"");
        let refused = bench.import_plan(&gone, Some("撤并"), super::machine()).unwrap_err().sentence();
        assert!(refused.starts_with("海西园（海西园）在这个计划里已有数据") && refused.contains("until"), "{refused}");
        bench.import_plan(&ended, Some("撤并"), super::machine()).unwrap();
        let rows_of = |month: u32| rows(&of(bench, "350121", period(month)));
        assert_eq!(rows_of(2), ["tax/350121", "investment/350121", "investment/高新区", "investment/海西园"]);
        assert_eq!(rows_of(3), ["tax/350121", "investment/350121", "investment/高新区"]);
        assert_eq!(rows_of(4), ["tax/350121", "investment/350121"]);
        let plan = plan(bench);
        assert!(domain::plan::file::parse(&domain::plan::writer::write(&plan)).unwrap() == *plan);
        let investment = plan.goal("investment").unwrap();
        let figures =
            bench.runtime.block_on(async { bench.store.read().await.unwrap().figures("forms").await.unwrap() });
        let at = |month: u32| {
            let rules = plan.rules("investment");
            domain::standing::compute(&plan, investment, &figures, period(month), rules).rows.len()
        };
        assert_eq!([at(2), at(3), at(4)], [3, 2, 1]);
    });
}
