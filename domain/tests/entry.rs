//! The entry form: what is typed, what follows from it, and every check at its edge.

use domain::entry::{
    Cell, Doubt, EntryCheck, EntryLine, Field, Typed, check, lines, of_rows, paste, understand, understand_growth,
};
use domain::money::{Amount, Measure};
use domain::month::Period;
use domain::plan::Plan;
use domain::returns::{Figure, Figures, ReturnRow};
use proptest::prelude::*;

const PLAN: &str = r#"
format = 1
id = "form"
title = "表"
region = { code = "350100", name = "福州市" }
years = [2021, 2021]

[calendar]
cadence = "monthly"
first_month = 2

[[goal]]
id = "investment"
name = "技改投资"
kind = "amount"
unit = "亿元"
targets = [{ year = 2021, value = "100", growth_pct = "10" }]

  [[goal.split]]
  region = "350121"
  name = "闽侯县"
  value = "60"
  growth_pct = "10"
  [[goal.split]]
  name = "高新区"
  within = "350121"
  value = "20"
  [[goal.split]]
  region = "350103"
  name = "台江区"
  target = "none"

[[goal]]
id = "growth"
name = "投资增速"
kind = "growth"
unit = "%"

  [[goal.split]]
  region = "350121"
  name = "闽侯县"
  growth_pct = "12"
"#;

fn plan() -> Plan {
    domain::plan::file::parse(PLAN).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn yi(text: &str) -> Amount {
    Measure::money("亿元").unwrap().parse(text).unwrap()
}

/// The form of 闽侯县 for 1—6月, with what it and 高新区 reported before: (period, value).
fn form(before: &[(&str, &str)]) -> Vec<EntryLine> {
    let mut figures = Figures::default();
    for (period, value) in before {
        let figure = Figure { value: Some(yi(value)), ..Figure::default() };
        figures.insert("investment", Period::parse(period).unwrap(), "350121", figure);
    }
    lines(&plan(), "350121", &Period::parse("2021-06").unwrap().into(), &figures)
}

fn row(value: &str, base: &str, note: &str) -> Typed {
    Typed { value: value.to_owned(), base: base.to_owned(), note: note.to_owned(), answer: String::new() }
}

/// Types the first row; 高新区 and the growth are filled plainly.
fn checked(before: &[(&str, &str)], value: &str, base: &str) -> EntryCheck {
    let typed = [row(value, base, ""), row("1", "1", ""), row("12", "", "")];
    check(&form(before), &typed).remove(0)
}

#[track_caller]
fn doubts(before: &[(&str, &str)], value: &str, base: &str, expected: &[Doubt]) {
    let found: Vec<Doubt> = checked(before, value, base).soft.iter().filter_map(|remark| remark.doubt).collect();
    assert_eq!(found, expected, "{value} / {base} after {before:?}");
}

/// What a step reads of the figures is what its form shows: with the figures of its cells alone every line is the same.
#[test]
fn a_form_reads_its_cells_and_no_others() {
    let shipped = ["fuzhou-2021", "fengze-2022", "fujian-2013", "ningde-2021", "longnan-2022"].map(|name| {
        let path = format!("{}/../assets/plans/{name}.plan.toml", env!("CARGO_MANIFEST_DIR"));
        domain::plan::file::parse(&std::fs::read_to_string(path).unwrap()).unwrap()
    });
    let (mut lines_read, mut apart) = (0, 0);
    // Its 其中 row has a form of its own since May.
    let mut parted = plan();
    let within = parted.goals[0].splits.iter_mut().filter(|split| split.within.is_some());
    within.for_each(|split| split.own_since = Period::new(2021, 5));
    for plan in shipped.into_iter().chain([plan(), parted]) {
        let periods: Vec<Period> = (plan.years.0 - 1..=plan.years.0)
            .flat_map(|year| (1..=12).filter_map(move |month| Period::new(year, month)))
            .collect();
        let figures = |is_read: &dyn Fn(&str, &str) -> bool| {
            let mut figures = Figures::default();
            for goal in &plan.goals {
                let regions = goal.splits.iter().map(|split| split.region.as_str()).chain([plan.region.id()]);
                for (at, region) in regions.enumerate().filter(|(_, region)| is_read(&goal.id, region)) {
                    for period in &periods {
                        let value = i64::from(period.month) * 1_000 + at as i64;
                        let (value, base) = (Some(Amount(value)), Some(Amount(value - 7)));
                        figures.insert(&goal.id, *period, region, Figure { value, base, ..Figure::default() });
                    }
                }
            }
            figures
        };
        let all = figures(&|_, _| true);
        for round in periods.iter().skip(12).flat_map(|period| plan.rounds_at(*period)) {
            for (unit, _) in domain::entry::units(&plan) {
                let cells = domain::entry::cells_read(&plan, &unit, round.period);
                let own = figures(&|goal, region| cells.contains(&(goal.to_owned(), region.to_owned())));
                let found = lines(&plan, &unit, &round, &own);
                assert_eq!(found, lines(&plan, &unit, &round, &all), "{} {unit} {round:?}", plan.id);
                lines_read += found.len();
                apart += found.iter().filter(|line| line.whole.is_some() || !line.parts.is_empty()).count();
            }
        }
    }
    assert!(lines_read > 1_000 && apart > 0, "{lines_read} {apart}");
}

#[test]
fn the_form_holds_the_units_rows_and_those_within_it() {
    let names: Vec<(String, String)> = form(&[]).into_iter().map(|line| (line.goal, line.region)).collect();
    let expected = [("investment", "350121"), ("investment", "高新区"), ("growth", "350121")];
    assert_eq!(names, expected.map(|(goal, region)| (goal.to_owned(), region.to_owned())));
    let units: Vec<String> = domain::entry::units(&plan()).into_iter().map(|(_, name)| name).collect();
    assert_eq!(units, ["闽侯县", "台江区"]);
}

#[test]
fn derived_figures_follow_from_what_is_typed() {
    let row = checked(&[("2021-04", "20"), ("2021-05", "25")], "30", "25");
    assert_eq!(
        (row.month, row.growth.unwrap().percent(1), row.completion.unwrap().percent(1)),
        (Some(yi("5")), "20.0".to_owned(), "50.0".to_owned())
    );
    // April alone gives no month of June.
    assert_eq!(checked(&[("2021-04", "20")], "30", "25").month, None);
}

/// 1—3月 of a plan after 1—2月, both with last year's figures (亿元) → what the month's hint says, if anything.
#[track_caller]
fn check_month(plan: &str, february: (&str, &str), march: (&str, &str), said: Option<&str>) {
    let plan = domain::plan::file::parse(plan).unwrap_or_else(|problems| panic!("{problems:?}"));
    let base = Some(february.1).filter(|base| !base.is_empty()).map(yi);
    let mut figures = Figures::default();
    let figure = Figure { value: Some(yi(february.0)), base, ..Figure::default() };
    figures.insert("investment", Period::parse("2021-02").unwrap(), "350121", figure);
    let lines = lines(&plan, "350121", &Period::parse("2021-03").unwrap().into(), &figures);
    let typed = [row(march.0, march.1, ""), row("1", "1", ""), row("12", "", "")];
    let checked = check(&lines, &typed).remove(0);
    let hint = checked.soft.iter().find(|remark| remark.doubt == Some(Doubt::Step)).map(|remark| remark.fact.clone());
    match said {
        Some(part) => assert!(hint.as_ref().is_some_and(|hint| hint.contains(part)), "{part}: {hint:?}"),
        None => assert_eq!(hint, None),
    }
}

#[test]
fn a_month_is_measured_by_last_years_same_month() {
    // March brings more than January and February every year: no hint for anybody.
    check_month(PLAN, ("8", "7.5"), ("16", "15"), None);
    check_month(PLAN, ("8", "7.5"), ("19.25", "15"), None);
    check_month(PLAN, ("8", "7.5"), ("19.3", "15"), Some("本月完成11.30亿元，比去年同月的7.50亿元增加50.7%，超过50%"));
    check_month(PLAN, ("8", "7.5"), ("11.7", "15"), Some("减少50.7%"));
    // The threshold is the plan's.
    let wide = PLAN.replacen("years = ", "step_pct = \"60\"\nyears = ", 1);
    check_month(&wide, ("8", "7.5"), ("19.3", "15"), None);
    // Without last year's figure, by the plan's own curve: 60 × 10 % in March.
    let points =
        [(2, "0.1"), (3, "0.2"), (12, "1")].map(|(at, share)| format!("{{ month = {at}, share = \"{share}\" }}"));
    let curve = format!("pace = {{ curve = [{}] }}\n", points.join(", "));
    let curved = PLAN.replacen("unit = \"亿元\"\n", &format!("unit = \"亿元\"\n{curve}"), 1);
    check_month(&curved, ("3", ""), ("9", "15"), None);
    check_month(&curved, ("3", ""), ("12.1", "15"), Some("比计划进度的6.00亿元增加51.7%"));
    // With neither, by the average of the months before, as ever.
    check_month(PLAN, ("8", ""), ("16", "15"), Some("比上月的4.00亿元增加100.0%"));
}

#[test]
fn each_soft_check_at_its_edge() {
    let may = [("2021-04", "20"), ("2021-05", "25")];
    doubts(&may, "30", "25", &[]);
    doubts(&may, "24.99", "25", &[Doubt::BelowPrevious]);
    doubts(&may, "25", "25", &[Doubt::SameAsPrevious]);
    // The month before brought 5: 2.5 and 7.5 are just inside ±50 %.
    doubts(&may, "27.5", "25", &[]);
    doubts(&may, "27.49999999", "25", &[Doubt::Step]);
    doubts(&may, "32.5", "25", &[]);
    doubts(&may, "32.50000001", "25", &[Doubt::Step]);
    // −50 % and 200 % are inside.
    doubts(&may, "30", "60", &[]);
    doubts(&may, "30", "60.00000001", &[Doubt::Growth]);
    doubts(&may, "30", "10", &[]);
    doubts(&may, "30", "9.99999999", &[Doubt::Growth]);
    // 150 % of 60 is 90.
    let june = [("2021-04", "50"), ("2021-05", "70")];
    doubts(&june, "90", "80", &[]);
    doubts(&june, "90.00000001", "80", &[Doubt::OverTarget]);
    doubts(&[], "-1", "1", &[Doubt::Negative, Doubt::Growth]);
    doubts(&[("2021-05", "2.5")], "25000", "9000", &[Doubt::UnitSlip, Doubt::Step, Doubt::OverTarget, Doubt::OffBase]);
}

#[test]
fn a_slip_of_the_unit_shows_in_the_first_period_too() {
    // 60 a year make 30 due by June: below 0.15 and above 600 it is no figure in 亿元.
    doubts(&[], "0.15", "0.15", &[]);
    doubts(&[], "0.14999999", "0.15", &[Doubt::OffTarget]);
    doubts(&[], "0.003", "0.0028", &[Doubt::OffTarget, Doubt::OffBase]);
    doubts(&[], "600", "600", &[Doubt::OverTarget]);
    doubts(&[], "600.00000001", "600", &[Doubt::OffTarget]);
    doubts(&[], "280000", "270000", &[Doubt::OffTarget, Doubt::OffBase]);
    // Only one of the two is in another unit.
    doubts(&[], "28", "270000", &[Doubt::Growth, Doubt::OffBase]);
    doubts(&[], "28", "0.0027", &[Doubt::Growth, Doubt::OffBase]);
    // Nothing at all is no slip.
    doubts(&[], "0", "25", &[Doubt::Growth]);
    assert!(
        checked(&[], "0.003", "25").soft[0]
            .sentence
            .contains("1—6月应完成30.00亿元的1/200，像是单位弄错了（这里折合成亿元），请核对是亿元还是万元")
    );
}

#[test]
fn what_falls_or_is_negative_is_said() {
    doubts(&[("2021-07", "40")], "30", "25", &[]);
    doubts(&[("2021-07", "40")], "40.00000001", "35", &[Doubt::AboveNext]);
    doubts(&[], "30", "-25", &[Doubt::Negative]);
    doubts(&[], "30", "0", &[Doubt::NoGrowth]);
}

/// What stops the import of a row for the first goal of a plan: unit, value and base in the goal's unit.
#[track_caller]
fn stops_import(plan: &str, period: &str, (region, value, base): (&str, &str, &str), expected: &[&str]) {
    let plan = domain::plan::file::parse(plan).unwrap_or_else(|problems| panic!("{problems:?}"));
    let goal = &plan.goals[0];
    let amount = |text: &str| (!text.is_empty()).then(|| goal.measure.parse(text).unwrap());
    let row = ReturnRow {
        line: 2,
        goal: goal.id.clone(),
        region: region.to_owned(),
        period: Period::parse(period).unwrap(),
        figure: Figure { value: amount(value), base: amount(base), ..Figure::default() },
    };
    let rows = [row];
    let found = of_rows(&plan, &rows, &Figures::default());
    let keys: Vec<&str> = found.iter().filter_map(|(_, remark)| remark.doubt?.stops_import()).collect();
    assert_eq!(keys, expected, "{region} {value}/{base} {period}: {found:?}");
}

#[test]
fn goals_of_every_kind_against_what_the_month_allows() {
    // A unit without a target is at most as large as the whole; the whole has its own.
    stops_import(PLAN, "2021-06", ("350103", "0.0001", ""), &[]);
    stops_import(PLAN, "2021-06", ("350103", "71000", ""), &["scale"]);
    stops_import(PLAN, "2021-06", ("350100", "0.0045", "0.0040"), &["scale", "scale"]);
    stops_import(PLAN, "2021-06", ("350121", "-1", "30"), &["negative"]);
    let goal = |kind: &str, unit: &str, more: &str, target: &str| {
        let last = if target.contains("2023") { 2023 } else { 2021 };
        format!(
            "format = 1\nid = \"a\"\ntitle = \"a\"\nregion = {{ name = \"甲市\" }}\nyears = [2021, {last}]\n\n[[goal]]\nid = \"g\"\nname = \"目标\"\nkind = \"{kind}\"\nunit = \"{unit}\"\n{more}\n  [[goal.split]]\n  name = \"乙县\"\n  {target}\n"
        )
    };
    // 1 of 12 things, and 15 where one was asked for.
    let count = goal("count", "项", "", "value = \"12\"");
    stops_import(&count, "2021-01", ("乙县", "1", ""), &[]);
    stops_import(&count, "2021-01", ("乙县", "20", ""), &[]);
    stops_import(&count, "2021-01", ("乙县", "120000", ""), &["scale"]);
    let ratio = goal("ratio", "吨标准煤/万元", "direction = \"at_most\"", "value = \"0.45\"");
    stops_import(&ratio, "2021-12", ("乙县", "0.0001", ""), &[]);
    stops_import(&ratio, "2021-12", ("乙县", "4520", "0.46"), &["scale"]);
    let limit = goal("amount", "万元", "direction = \"at_most\"", "value = \"45000\"");
    stops_import(&limit, "2021-12", ("乙县", "3", ""), &[]);
    // A curve that asks for nothing before December.
    let curve = goal(
        "amount",
        "亿元",
        "pace = { curve = [{ month = 11, share = \"0\" }, { month = 12, share = \"1\" }] }",
        "value = \"12\"",
    );
    stops_import(&curve, "2021-11", ("乙县", "0.001", ""), &[]);
    stops_import(&curve, "2021-11", ("乙县", "110000", ""), &["scale"]);
    let span = goal("amount", "亿元", "", "whole = { from = 2021, to = 2023, value = \"36\" }");
    stops_import(&span, "2022-06", ("乙县", "6", "5"), &[]);
    stops_import(&span, "2022-06", ("乙县", "0.0006", ""), &["scale"]);
    stops_import(&span, "2022-06", ("乙县", "60000", ""), &["scale"]);
}

#[test]
fn a_missed_month_counts_by_its_average() {
    // 1—3月 brought 12, four a month; two months later 20 is four a month again.
    doubts(&[("2021-03", "12")], "24", "20", &[]);
    doubts(&[("2021-03", "12"), ("2021-04", "16")], "24", "20", &[]);
}

#[test]
fn what_is_nested_is_compared_with_its_unit() {
    let typed = [row("10", "9", ""), row("10.01", "9", ""), row("12", "", "")];
    let rows = check(&form(&[]), &typed);
    assert_eq!(rows[1].soft[0].doubt, Some(Doubt::WithinExceeds));
    let typed = [row("10", "9", ""), row("10", "9", ""), row("12", "", "")];
    assert!(check(&form(&[]), &typed)[1].soft.is_empty());
}

#[test]
fn a_doubt_asks_for_ten_characters() {
    let rows = |note: &str| check(&form(&[]), &[row("100", "90", note), row("1", "1", ""), row("12", "", "")]);
    assert!(rows("九个字的一句说明呀").iter().any(|row| !row.hard.is_empty()));
    assert!(rows("十个字的一句说明好了").iter().all(|row| row.hard.is_empty()), "{:?}", rows("十个字的一句说明好了"));
}

#[test]
fn last_years_figure_is_the_base_unless_said_otherwise() {
    let mut figures = Figures::default();
    figures.insert(
        "investment",
        Period::parse("2020-06").unwrap(),
        "350121",
        Figure { value: Some(yi("25")), ..Figure::default() },
    );
    let lines = lines(&plan(), "350121", &Period::parse("2021-06").unwrap().into(), &figures);
    let of = |base: &str| check(&lines, &[row("30", base, ""), row("1", "1", ""), row("12", "", "")]).remove(0);
    assert_eq!((of("").base, of("").soft.len()), (Some(yi("25")), 0));
    assert_eq!(of("24").soft[0].doubt, Some(Doubt::BaseDiffers));
}

#[test]
fn a_unit_without_a_target_may_leave_its_row_empty() {
    let lines = lines(&plan(), "350103", &Period::parse("2021-06").unwrap().into(), &Figures::default());
    assert_eq!(lines.len(), 1);
    assert!(check(&lines, &[Typed::default()])[0].hard.is_empty());
    assert!(
        check(&form(&[]), &[Typed::default(), Typed::default(), Typed::default()])
            .iter()
            .all(|row| !row.hard.is_empty())
    );
}

#[track_caller]
fn understood(unit: &str, text: &str, expected: &str) {
    let measure = Measure::money(unit).unwrap();
    let read = understand(&measure, text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(read.map(|read| measure.plain(read.amount)).unwrap_or_default(), expected, "{text}");
}

#[test]
fn numbers_as_people_write_them() {
    for text in ["12.3", "１２．３", " 12.30 ", "12.3亿", "12.3 亿元", "123000万", "123,000万元", "1,230,000,000元"]
    {
        understood("亿元", text, "12.3");
    }
    understood("亿元", "(12)", "-12");
    understood("亿元", "（１２）亿", "-12");
    understood("万元", "1.5亿", "15000");
    understood("万元", "1 120", "1120");
    understood("万元", "- 3 080 000.5", "-3080000.5");
    // Blanks part thousands, nothing else.
    for text in ["10 11", "12\n345", "1200 345", "1 23"] {
        let error = understand(&Measure::money("万元").unwrap(), text).unwrap_err();
        assert!(error.contains("像是两个数"), "{text}: {error}");
    }
    for text in ["", "  ", "/", "—"] {
        understood("亿元", text, "");
    }
    for text in ["12,3", "1.2.3", "十二", "12元元", "1e3", "--1", "=1+1", "0.123456789"] {
        let error = understand(&Measure::money("亿元").unwrap(), text).unwrap_err();
        assert!(error.contains(&format!("“{text}”")), "{text}: {error}");
    }
}

#[test]
fn an_amount_in_other_signs() {
    for text in ["-3.1", "−3.1", "－3.1", "负3.1", "–3.1", "(3.1)", "（3.1）亿元"] {
        understood("亿元", text, "-3.1");
    }
}

/// A cell that is no amount → what is said about it.
#[track_caller]
fn unreadable(text: &str, part: &str) {
    let error = understand(&Measure::money("亿元").unwrap(), text).unwrap_err();
    assert!(error.starts_with(&format!("“{text}”")) && error.contains(part), "{text}: {error}");
    assert!(!error.contains("1234.50"), "{text}: {error}");
}

#[test]
fn what_is_no_amount_gets_a_sentence_about_its_cell() {
    unreadable("持平", "与上年一样");
    unreadable("增长1.39倍", "是增减，不是累计数");
    unreadable("↓3.1", "是增减，不是累计数");
    unreadable("▲12.3", "三角");
    unreadable("12.3%", "是百分数");
    unreadable("约12", "不是准数");
    unreadable("12亿左右", "不是准数");
    unreadable("十二", "汉字写的数");
    unreadable("未报", "没有数请留空");
    unreadable("#DIV/0!", "公式算不出来");
    unreadable("=1+1", "是公式");
    unreadable("12O.5", "字母 O");
    unreadable("l2.5", "字母 l");
    unreadable("1.2.3", "几个小数点");
    unreadable("3-5", "范围");
    unreadable("2021-05-06", "日期");
    unreadable("1.2E+5", "科学记数法");
    unreadable("3千元", "别的单位");
    unreadable("12,34.5", "千位分隔符");
    unreadable("闽侯县", "不是数字");
}

#[track_caller]
fn growth(text: &str, percent: &str) {
    let read = understand_growth(text, None).unwrap_or_else(|error| panic!("{text}: {error}"));
    let read = read.unwrap_or_else(|| panic!("{text} is blank"));
    assert_eq!(read.rate.percent_as_written(), percent, "{text}");
    let plain = text.chars().all(|c| c.is_ascii_digit() || "+-.%".contains(c));
    assert_eq!(read.said.is_none(), plain, "{text}: what is not plain is shown as it is read");
}

#[test]
fn growth_as_people_write_it() {
    for text in [
        "-3.1",
        "-3.1%",
        "－3.1",
        "−3.1％",
        "负3.1",
        "(3.1)",
        "（3.1%）",
        "(3.1)%",
        "↓3.1",
        "3.1%↓",
        "▼3.1",
        "下降3.1%",
        "同比下降3.1%",
        "降3.1",
        "减少3.1%",
        "下滑3.1%",
        "负增长3.1%",
        "降3.1个百分点",
        "下降3.1个百分点",
        "增长-3.1%",
        "比上年同期下降3.1%",
        "跌3.1%",
    ] {
        growth(text, "-3.1");
    }
    for text in [
        "12.3",
        "12.3%",
        "+12.3",
        "１２.３％",
        "增长12.3%",
        "增12.3%",
        "同比增长12.3%",
        "上升12.3%",
        "↑12.3",
        "12.3↑",
        "增长了12.3%",
        "较上年增长12.3%",
        "提高12.3个百分点",
    ] {
        growth(text, "12.3");
    }
    for text in ["增长1.39倍", "增1.39倍", "同比增长1.39倍", "为上年同期的2.39倍", "增长到2.39倍"]
    {
        growth(text, "139");
    }
    for text in ["持平", "与上年持平", "同比持平", "零增长"] {
        growth(text, "0");
    }
    for (text, percent) in [
        ("增长2倍", "200"),
        ("增长两倍", "200"),
        ("翻一番", "100"),
        ("翻两番", "300"),
        ("增长1倍", "100"),
        ("增长二成", "20"),
    ] {
        growth(text, percent);
    }
    for (text, part) in [
        ("▲12.3", "增长还是下降看不出"),
        ("△12.3", "增长还是下降看不出"),
        ("1.39倍", "增长这么多倍，还是上年的这么多倍"),
        ("下降1.39倍", "降到多少"),
        ("下降-3.1%", "看不出增还是减"),
        ("基本持平", "具体的增幅"),
        ("约3%", "不是准数"),
        ("未报", "没有数请留空"),
        ("3.1-5.2", "范围"),
        ("#REF!", "公式"),
    ] {
        let error = understand_growth(text, None).unwrap_err();
        assert!(error.starts_with(&format!("“{text}”")) && error.contains(part), "{text}: {error}");
    }
    let triangle = |up: bool| understand_growth("▲12.3", Some(up)).unwrap().unwrap().rate.percent_as_written();
    assert_eq!((triangle(true), triangle(false)), ("12.3".to_owned(), "-12.3".to_owned()));
    for text in ["", "/", "—", "  "] {
        assert_eq!(understand_growth(text, None), Ok(None));
    }
}

#[test]
fn a_block_is_laid_over_the_boxes() {
    let form = form(&[("2021-05", "25")]);
    let laid = |start: Field, block: &str| {
        let pasted = paste(&form, (0, start), block);
        let cells: Vec<(String, String)> =
            pasted.cells.iter().map(|(cell, _, text)| (cell.id(), text.clone())).collect();
        (cells, pasted.remarks)
    };
    let cell = |id: &str, text: &str| (id.to_owned(), text.to_owned());
    let (cells, remarks) = laid(Field::Value, "指标\t本期\t去年\r\n技改\t30\t25\r\n高新区\t9\t8\r\n");
    assert_eq!(
        cells,
        [
            cell("investment/350121/value", "30"),
            cell("investment/350121/base", "25"),
            cell("investment/高新区/value", "9"),
            cell("investment/高新区/base", "8")
        ]
    );
    assert!(remarks[0].contains("表头") && remarks[1].contains("左边一列是文字"), "{remarks:?}");
    // Two numbers are no name: they are refused in their box.
    let (cells, remarks) = laid(Field::Value, "10 11\t150\n");
    assert_eq!(cells, [cell("investment/350121/value", "10 11"), cell("investment/350121/base", "150")], "{remarks:?}");
    let (cells, remarks) = laid(Field::Value, "1\n2\n3\n4");
    assert_eq!(cells.len(), 3);
    assert!(remarks[0].contains("只有 3 行"), "{remarks:?}");
    // The whole city's table: the form takes its own rows, by name.
    let city = "单位\t本期\t去年\n鼓楼区\t21\t19\n高新区\t9\t8\n闽侯县\t30\t25\n福清市\t300\t270\n永泰县\t7\t6\n";
    let (cells, remarks) = laid(Field::Value, city);
    assert_eq!(
        cells,
        [
            cell("investment/高新区/value", "9"),
            cell("investment/高新区/base", "8"),
            cell("investment/350121/value", "30"),
            cell("investment/350121/base", "25"),
        ]
    );
    assert!(remarks.iter().any(|remark| remark.contains("只取了本单位的 2 行")), "{remarks:?}");
    let others = "鼓楼区\t21\t19\n福清市\t300\t270\n永泰县\t7\t6\n罗源县\t83\t72\n";
    let (cells, remarks) = laid(Field::Value, others);
    assert!(cells.is_empty() && remarks[0].contains("没有一个是本单位的"), "{cells:?} {remarks:?}");
    let (_, remarks) = laid(Field::Value, "300000\n1\n1");
    assert!(remarks.iter().any(|remark| remark.contains("是否应为万元")), "{remarks:?}");
    let (cells, remarks) = laid(Field::Base, "1\t说明\t多余\n2\n3");
    assert_eq!(cells.len(), 3);
    assert!(remarks[0].contains("右边多出的没有粘贴") && remarks[1].contains("没有去年同期一格"), "{remarks:?}");
}

proptest! {
    #[test]
    fn a_plain_number_reads_as_itself(yuan in -1_000_000_000_000_i64..1_000_000_000_000) {
        let measure = Measure::money("亿元").unwrap();
        let read = understand(&measure, &measure.plain(Amount(yuan))).unwrap().unwrap();
        prop_assert_eq!((read.amount, read.said), (Amount(yuan), None));
        let in_wan = Measure::money("万元").unwrap().plain(Amount(yuan));
        prop_assert_eq!(understand(&measure, &format!("{in_wan}万")).unwrap().unwrap().amount, Amount(yuan));
    }

    #[test]
    fn no_text_makes_the_form_panic(value in "\\PC{0,30}", base in "\\PC{0,30}", note in "\\PC{0,30}", block in "[\\PC\t\n]{0,80}") {
        let form = form(&[("2021-04", "20"), ("2021-05", "25")]);
        let typed = row(&value, &base, &note);
        let rows = check(&form, &[typed.clone(), typed.clone(), typed]);
        prop_assert_eq!(rows.len(), 3);
        let pasted = paste(&form, (1, Field::Value), &block);
        prop_assert!(pasted.cells.len() <= 6);
        prop_assert!(pasted.cells.iter().all(|(cell, _, _)| Cell::parse(&cell.id()).as_ref() == Some(cell)));
    }
}
