//! 一季一评比: places by each column, the weighted sum, what moved since the quarter before, what a correction changes.

use domain::comparison::{Context, Quarter, compare};
use domain::month::Period;
use domain::plan::{Plan, file};
use domain::returns::{Figure, Figures};

const HEAD: &str = r#"
format = 1
id = "p"
title = "方案"
region = { code = "350900", name = "宁德市" }
years = [2021, 2021]
"#;

fn rate(id: &str, name: &str) -> String {
    let units: String = ["甲县", "乙县", "丙县", "丁县"]
        .map(|name| format!("  [[goal.split]]\n  name = \"{name}\"\n  target = \"none\"\n"))
        .concat();
    format!("[[goal]]\nid = \"{id}\"\nname = \"{name}\"\nkind = \"ratio\"\nunit = \"%\"\ntarget = \"none\"\n{units}")
}

/// A plan of two rates that are compared with these columns.
fn plan(columns: &str) -> Result<Plan, Vec<domain::Problem>> {
    let goals = [rate("start", "开工率"), rate("production", "投产率")].concat();
    let compared = format!(
        "[[assessment]]\nid = \"quarter\"\nat = \"quarter\"\nname = \"一季一评比\"\nclause = \"四\"\ncolumns = {columns}\n"
    );
    file::parse(&format!("{HEAD}{goals}{compared}"))
}

const PLAIN: &str = r#"[{ goal = "start" }, { goal = "production" }]"#;
const WEIGHED: &str = r#"[{ goal = "start", weight = "60" }, { goal = "production", weight = "40" }]"#;

fn period(text: &str) -> Period {
    Period::parse(text).unwrap()
}

/// `start 甲县 90, start 乙县 85.5, …` of one period.
fn figures(plan: &Plan, at: &str, lines: &str) -> Figures {
    let mut figures = Figures::default();
    for line in lines.split(',') {
        let [goal, unit, value] = line.split_whitespace().collect::<Vec<_>>()[..] else { panic!("{line}") };
        let goal = plan.goal(goal).unwrap();
        let region = goal.find_split(unit).map_or(plan.region.id(), |split| split.region.as_str()).to_owned();
        let value = goal.measure.parse(value).ok();
        figures.insert(&goal.id, period(at), &region, Figure { value, ..Figure::default() });
    }
    figures
}

fn quarter(plan: &Plan, at: &str, lines: &str, before: Option<Quarter>) -> Quarter {
    let comparison = plan.comparison("quarter").unwrap();
    compare(
        plan,
        comparison,
        &figures(plan, at, lines),
        period(at),
        Context { edition: 1, before, ..Context::default() },
    )
}

#[track_caller]
fn check(quarter: &Quarter, lines: &[&str]) {
    let table = quarter.table();
    let shown: Vec<String> = table.rows.iter().map(|row| row.join(" ")).collect();
    assert_eq!(shown, lines);
}

const THIRD: &str = "start 宁德市 84, start 甲县 90, start 乙县 90, start 丙县 70, production 甲县 40, production 乙县 60.25, production 丙县 50";

/// 2/3 and 67 of 100 are no tie, 1/2 and 2/4 are; who has nothing due is neither late nor last.
#[test]
fn rates_of_the_library_are_compared_exactly() {
    let plan = plan(PLAIN).unwrap();
    let rate = |done: i128, of: i128| domain::rate::Rate::new(done, of).unwrap();
    let starts = [("350900", rate(71, 108)), ("甲县", rate(2, 3)), ("乙县", rate(6667, 10_000)), ("丙县", rate(1, 2))];
    let starts = starts.map(|(region, rate)| (region.to_owned(), rate)).into_iter().collect();
    let rates = [("start".to_owned(), starts)].into_iter().collect();
    let context = Context { edition: 1, rates, ..Context::default() };
    let third = figures(&plan, "2021-09", THIRD);
    let quarter = compare(&plan, plan.comparison("quarter").unwrap(), &third, period("2021-09"), context);
    check(
        &quarter,
        &["全市 65.7% — — —", "甲县 66.7% 2 40% 3", "乙县 66.7% 1 60.25% 1", "丙县 50.0% 3 50% 2", "丁县 — — 未报 —"],
    );
    let said = quarter.sentences.concat();
    assert!(said.contains("丁县没有到期的项目，不排位"), "{said}");
    assert!(said.contains("丁县未报，不排位"), "{said}");
}

#[test]
fn each_column_has_its_places_and_no_sum_is_made_up() {
    let plan = plan(PLAIN).unwrap();
    let third = quarter(&plan, "2021-09", THIRD, None);
    check(
        &third,
        &["全市 84% — — —", "甲县 90% 1 40% 3", "乙县 90% 1 60.25% 1", "丙县 70% 3 50% 2", "丁县 未报 — 未报 —"],
    );
    assert_eq!(third.title(), "2021年第三季度一季一评比");
    assert_eq!(
        third.sentences,
        [
            "2021年第三季度（1—9月），全市4个县按开工率、投产率评比。",
            "开工率：全市84%；居前的是甲县（90%）、乙县（90%）、丙县（70%）；丁县未报，不排位。",
            "投产率：居前的是乙县（60.25%）、丙县（50%）、甲县（40%）；丁县未报，不排位。",
        ]
    );
    assert!(third.notes.concat().contains("不作综合排名"), "{:?}", third.notes);
}

#[test]
fn weights_make_an_exact_sum_and_a_place_in_all() {
    let plan = plan(WEIGHED).unwrap();
    let third = quarter(&plan, "2021-09", THIRD, None);
    // 90% × 60 + 40% × 40 = 70; 90% × 60 + 60.25% × 40 = 78.1; 70% × 60 + 50% × 40 = 62. Who lacks a figure has no sum.
    check(
        &third,
        &[
            "全市 84% — — — — —",
            "乙县 90% 1 60.25% 1 78.10 1",
            "甲县 90% 1 40% 3 70.00 2",
            "丙县 70% 3 50% 2 62.00 3",
            "丁县 未报 — 未报 — — —",
        ],
    );
    assert!(third.notes.concat().contains("综合得分＝开工率×60＋投产率×40，满分100"), "{:?}", third.notes);
}

#[test]
fn what_moved_since_the_quarter_before_is_said() {
    let plan = plan(WEIGHED).unwrap();
    let third = quarter(&plan, "2021-09", THIRD, None);
    let fourth =
        "start 甲县 95, start 乙县 91, start 丙县 99, production 甲县 40, production 乙县 61, production 丙县 90";
    let fourth = quarter(&plan, "2021-12", fourth, Some(third));
    check(
        &fourth,
        &[
            "全市 — — — — — —",
            "丙县 99% 1（升2） 90% 1（升1） 95.40 1（升2）",
            "乙县 91% 3（降2） 61% 2（降1） 79.00 2（降1）",
            "甲县 95% 2（降1） 40% 3 73.00 3（降1）",
            "丁县 未报 — 未报 — — —",
        ],
    );
    let all = fourth.sentences.last().unwrap();
    assert!(all.contains("较上季上升最多的是丙县（由第3到第1）；较上季下降最多的是甲县（由第2到第3）"), "{all}");
}

#[test]
fn a_correction_lists_every_cell_that_differs() {
    let plan = plan(PLAIN).unwrap();
    let published = quarter(&plan, "2021-09", THIRD, None);
    let corrected = quarter(&plan, "2021-09", &THIRD.replace("start 丙县 70", "start 丙县 92"), None);
    let changes = corrected.changes_since(&published);
    let said: Vec<String> = changes
        .iter()
        .map(|change| format!("{} {} {}→{}", change.name, change.what, change.before, change.after))
        .collect();
    assert_eq!(said, ["甲县 开工率位次 1→2", "乙县 开工率位次 1→2", "丙县 开工率 70%→92%", "丙县 开工率位次 3→1"]);
    assert!(!corrected.same_results(&published));
    assert!(published.changes_since(&published).is_empty());
}

#[test]
fn a_quarter_survives_being_frozen() {
    let plan = plan(WEIGHED).unwrap();
    let third = quarter(&plan, "2021-09", THIRD, None);
    let content = domain::canonical::to_json(&third).unwrap();
    assert_eq!(serde_json::from_str::<Quarter>(&content).unwrap(), third);
}

#[test]
fn the_order_of_units_does_not_matter_for_places() {
    let plan = plan(WEIGHED).unwrap();
    let mut turned = plan.clone();
    turned.goals.iter_mut().for_each(|goal| goal.splits.reverse());
    let of = |plan: &Plan| {
        let mut places: Vec<_> = quarter(plan, "2021-09", THIRD, None)
            .rows
            .into_iter()
            .map(|row| (row.name, row.rank, row.cells.iter().map(|cell| cell.rank).collect::<Vec<_>>()))
            .collect();
        places.sort();
        places
    };
    assert_eq!(of(&plan), of(&turned));
}

#[track_caller]
fn check_refused(columns: &str, sentence: &str) {
    let problems = plan(columns).err().unwrap_or_default();
    assert!(problems.iter().any(|problem| problem.message.contains(sentence)), "{columns}: {problems:?}");
}

#[test]
fn a_file_says_what_to_write_instead() {
    check_refused("[]", "要写比哪几项");
    check_refused(r#"[{ goal = "starts" }]"#, "不是已有的目标");
    check_refused(r#"[{ goal = "start", by = "places" }]"#, "value");
    check_refused(r#"[{ goal = "start", weight = "60" }, { goal = "production" }]"#, "要么每一项都写");
    check_refused(r#"[{ goal = "start", weight = "0" }, { goal = "production", weight = "40" }]"#, "请写正数");
}

#[test]
fn a_written_file_reads_back_the_same() {
    for columns in [PLAIN, WEIGHED] {
        let plan = plan(columns).unwrap();
        let again = file::parse(&domain::plan::writer::write(&plan)).unwrap();
        assert_eq!(again.comparisons, plan.comparisons);
    }
}
