//! Where projects stand: case files in `tests/project_cases/*.toml` (their README says how one is written), and what
//! must hold whatever a library holds.

mod plan_keys;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use domain::money::{Amount, Measure};
use domain::month::Period;
use domain::overview::Quantity;
use domain::plan::check::{Finding, check as findings};
use domain::plan::projects::{Counted, FromProjects};
use domain::plan::{Plan, file, writer};
use domain::projects::edition::LibraryEdition;
use domain::projects::field::{Field, Place};
use domain::projects::standing::{Lamp, standing};
use domain::projects::sums::{Library, sums};
use domain::projects::{Entry, Reported, Role, Stage, Step, When};
use proptest::prelude::*;
use serde::Deserialize;

use plan_keys::check_key;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    title: String,
    #[serde(default)]
    #[expect(dead_code, reason = "for readers")]
    source: Option<String>,
    rules: String,
    project: BTreeMap<String, toml::Value>,
    #[serde(default)]
    report: Vec<BTreeMap<String, String>>,
    month: Vec<Expected>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    at: String,
    today: Option<String>,
    lamp: Option<String>,
    fired: Option<Vec<String>>,
    stage: Option<String>,
    level: Option<String>,
    #[serde(default)]
    leave: bool,
}

const PLAN: &str = "format = 1\nid = \"p\"\ntitle = \"计划\"\nregion = { name = \"某市\" }\nyears = [2012, 2030]\n\
                    [[goal]]\nid = \"g\"\nname = \"投资\"\nkind = \"amount\"\nunit = \"万元\"\n\
                    targets = [{ year = 2025, value = \"1\" }]\n\
                    [[goal.split]]\nregion = \"甲县\"\nname = \"甲县\"\ntargets = [{ year = 2025, value = \"1\" }]\n";

fn plan(rules: &str) -> Plan {
    let source = format!("{PLAN}{rules}");
    file::parse(&source).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn period(text: &str) -> Period {
    Period::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

fn check(path: &Path) {
    let text = fs::read_to_string(path).unwrap();
    let case: Case = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let plan = plan(&case.rules);
    let again = file::parse(&writer::write(&plan)).unwrap_or_else(|problems| panic!("{problems:?}"));
    assert_eq!(again.projects, plan.projects, "{}: written and read again", case.title);
    let first = period(&case.month[0].at).year;
    let years: Vec<i32> = match case.project.get("years").and_then(|years| years.as_array()) {
        Some(years) => years.iter().map(|year| year.as_integer().unwrap() as i32).collect(),
        None => vec![first],
    };
    let mut entry = Entry::default();
    let place = |year: i32, period: Option<Period>| Place {
        plan: &plan,
        year,
        period,
        measure: Measure::money("万元").unwrap(),
    };
    for year in years {
        for (key, value) in case.project.iter().filter(|(key, _)| *key != "years") {
            let field = Field::parse(key).unwrap_or_else(|| panic!("{}: {key}", case.title));
            // A date of entry belongs to the first list only.
            if field == Field::Entered && year != first_year(&entry).unwrap_or(year) {
                continue;
            }
            field.set(&mut entry, value.as_str().unwrap(), &place(year, None)).unwrap();
        }
    }
    for report in &case.report {
        let at = period(&report["period"]);
        for (key, value) in report.iter().filter(|(key, _)| *key != "period") {
            Field::parse(key).unwrap().set(&mut entry, value, &place(at.year, Some(at))).unwrap();
        }
    }
    for month in &case.month {
        let at = period(&month.at);
        let today = month.today.as_ref().map_or(at.last_day().succ_opt().unwrap(), |today| today.parse().unwrap());
        let found = standing(&plan, &entry, at, today);
        let about = format!("{}（{}）：{found:?}", case.title, month.at);
        if let Some(lamp) = &month.lamp {
            assert_eq!(found.lamp().id(), lamp, "{about}");
        }
        if let Some(fired) = &month.fired {
            let words: Vec<&str> = found.fired.iter().map(|fired| fired.words.as_str()).collect();
            assert_eq!(words, *fired, "{about}");
        }
        if let Some(stage) = &month.stage {
            assert_eq!(found.stage.name(), stage, "{about}");
        }
        if let Some(level) = &month.level {
            assert_eq!(found.level.as_ref(), Some(level), "{about}");
        }
        assert_eq!(found.is_to_leave(), month.leave, "{about}");
    }
}

fn first_year(entry: &Entry) -> Option<i32> {
    entry.years.keys().next().copied()
}

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/project_cases");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let files: Vec<_> = paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "toml")).collect();
    assert!(files.len() >= 10, "{files:?}");
    files.into_iter().for_each(|path| check(path));
}

#[track_caller]
fn refused(rules: &str, expected: &str) {
    let problems = file::parse(&format!("{PLAN}{rules}")).unwrap_err();
    let sentences: Vec<String> = problems.iter().map(|problem| problem.message.clone()).collect();
    assert!(sentences.iter().any(|sentence| sentence.contains(expected)), "{sentences:?}");
}

#[test]
fn rules_that_say_nothing_are_refused() {
    let rule = |lines: &str| format!("[[project_rule]]\n{lines}\nwords = \"某\"\n");
    refused(&rule("gives = \"red\""), "缺少 project_rule.test");
    refused(&rule("test = \"start_overdue\""), "缺少 project_rule.gives");
    refused(&rule("test = \"late\"\ngives = \"red\""), "不能写“late”");
    refused(&rule("test = \"pace_share\"\nfrom = \"80\"\ngives = \"red\""), "请写 below");
    refused(&rule("test = \"behind_points\"\ngives = \"red\""), "请写 from");
    refused(&rule("test = \"start_overdue\"\nfrom = \"1.5\"\ngives = \"red\""), "月数");
    refused(&rule("test = \"start_overdue\"\nfrom = 3\nbelow = 3\ngives = \"red\""), "永远不会成立");
    refused(&rule("test = \"start_overdue\"\nrole = \"大\"\ngives = \"red\""), "role 不能写“大”");
    refused("[[project_rule]]\ntest = \"suspended\"\ngives = \"leave\"\n", "缺少 project_rule.words");
    refused("[[project_level]]\nname = \"省\"\n", "门槛");
    refused("[[project_level]]\nname = \"省\"\nmin_total = \"一亿\"\n", "要写金额和单位");
    refused("[[project_window]]\nmonths = [13]\n", "1 至 12");
}

fn amount() -> impl Strategy<Value = Option<Amount>> {
    prop_oneof![Just(None), (0..2_000_000_000_i64).prop_map(|amount| Some(Amount(amount)))]
}

fn month() -> impl Strategy<Value = Option<When>> {
    let month = (2020..2023_i32, 1..=12_u32).prop_map(|(year, month)| When::Month(Period { year, month }));
    let day = (2020..2023_i32, 1..=12_u32, 1..=28_u32)
        .prop_map(|(year, month, day)| When::Day(NaiveDate::from_ymd_opt(year, month, day).unwrap()));
    prop_oneof![Just(None), month.prop_map(Some), day.prop_map(Some)]
}

prop_compose! {
    fn entries()(made in proptest::collection::vec((amount(), amount(), amount(), proptest::collection::vec(month(), 9),
            0..5_usize, 0..3_usize), 1..20)) -> Vec<Entry> {
        made.into_iter().enumerate().map(|(number, (total, planned, done, dates, role, unit))| {
            let mut entry = Entry::default();
            entry.project.id = format!("2021-{number:03}");
            entry.project.name = format!("项目{number}");
            entry.project.unit = ["甲县", "乙县", "丙县"][unit].to_owned();
            entry.project.total = total;
            let role = Role::ALL[role];
            let listed = domain::projects::Listed { year: 2021, role, planned, by_month: BTreeMap::new(), milestone: None,
                batch: None, entered: dates[7], left: dates[8].filter(|_| number % 3 == 0), reason: None, excused: None };
            entry.years.insert(2021, listed);
            for (step, when) in [Step::Start, Step::Finish, Step::Production].into_iter().zip(&dates) {
                entry.steps.entry(step).or_default().planned = *when;
            }
            for (step, when) in [Step::Start, Step::Finish, Step::Production, Step::Suspension].into_iter().zip(&dates[3..]) {
                entry.steps.entry(step).or_default().actual = *when;
            }
            if done.is_some() {
                entry.returns.insert(Period { year: 2021, month: 4 }, Reported { this_year: done, ..Reported::default() });
            }
            entry
        }).collect()
    }
}

/// What is wrong with keys of projects is said on its line, with what to write instead.
#[test]
fn wrong_keys_of_projects_are_said() {
    let check = |rules: &str, line: usize, says: &str| check_key(PLAN, rules, line, says);
    let rule = |keys: &str| format!("[[project_rule]]\n{keys}\ngives = \"red\"\nwords = \"某\"\n");
    check(&rule(""), 1, "缺少 project_rule.test，请写 start_overdue、");
    check(&rule("test = \"late\""), 2, "请写 start_overdue、");
    check(&rule("test = \"start_overdue\"\nfrom = \"三个月\""), 3, "不是月数，请写整数");
    check(&rule("test = \"pace_share\"\nfrom = \"10\""), 1, "请写 below");
    check(&rule("test = \"behind_points\""), 1, "请写 from（达到）或 over（超过）");
    check(&rule("test = \"start_overdue\"\nfrom = 3\nbelow = 3"), 1, "below 要大于 from、over");
    check(&rule("test = \"start_overdue\"\nrole = \"拆迁\""), 3, "role 不能写“拆迁”，请写 start、");
    check("[[project_level]]\nname = \"省\"\n", 1, "要写门槛");
    check("[[project_level]]\nname = \"省\"\nmin_total = \"1\"\n", 3, "要写金额和单位");
    let two = "[[project_level]]\nname = \"省\"\nmin_total = \"1亿元\"\n\
               [[project_level]]\nname = \"市\"\nmin_total = \"500万元\"\n";
    check(two, 4, "请从低到高写");
    check("[[project_window]]\nmonths = [13]\n", 1, "1 至 12");
    let goal = |from: &str| {
        format!("[[goal]]\nid = \"h\"\nname = \"项目\"\nkind = \"count\"\nunit = \"个\"\nfrom_projects = {from}\n")
    };
    check(&goal("{ level = \"省\" }"), 6, "缺少 count");
    check(&goal("{ count = \"total\" }"), 6, "数的是金额");
    check(&goal("{ count = \"start_rate\" }"), 6, "数的是比率");
    check(&goal("{ count = \"started\", role = [\"start\", \"finish\"] }"), 6, "role 只写一个");
    check(&goal("{ count = \"started\", level = \"省\" }"), 6, "计划还没有 [[project_level]]");
    let level = "[[project_level]]\nname = \"市\"\nmin_total = \"500万元\"\n";
    check(
        &format!("{}{level}", goal("{ count = \"started\", level = \"省\" }")),
        6,
        "level “省”没有定义，请写 市 之一",
    );
}

/// Rules that say nothing are found: none of them is a mistake of the file.
#[test]
fn idle_rules_are_found() {
    let check = |rules: &str, expected: &[(&str, &str)]| {
        let of_projects = |finding: &&Finding| finding.code.starts_with("project_");
        let found: Vec<Finding> = findings(&plan(rules)).into_iter().filter(|it| of_projects(&it)).collect();
        let codes: Vec<&str> = found.iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(codes, expected.iter().map(|(code, _)| *code).collect::<Vec<_>>(), "{rules}: {found:?}");
        for (finding, (_, says)) in found.iter().zip(expected) {
            assert!(finding.message.contains(says), "{says} in {}", finding.message);
        }
    };
    let rule = |keys: &str, gives: &str| format!("[[project_rule]]\n{keys}\ngives = \"{gives}\"\nwords = \"某\"\n");
    let never = |says| [("project_rule_never", says)];
    check(&rule("test = \"behind_points\"\nfrom = \"100\"", "red"), &[]);
    check(
        &rule("test = \"behind_points\"\nover = \"100\"", "red"),
        &never("第 1 条 project_rule（某）：落后进度最多 100"),
    );
    check(&rule("test = \"pace_share\"\nbelow = \"0\"", "red"), &never("不会小于 0"));
    check(&rule("test = \"start_overdue\"\nbelow = 1", "red"), &never("至少是 1 个月"));
    check(&rule("test = \"suspended\"\nbelow = 1", "red"), &[]);
    check(&rule("test = \"suspended\"\nover = 2\nbelow = 3", "red"), &never("没有整数"));
    check(&rule("test = \"suspended\"\nover = 2\nbelow = 4", "red"), &[]);
    let (red, yellow) =
        (rule("test = \"suspended\"\nfrom = 3", "red"), rule("test = \"suspended\"\nfrom = 3", "yellow"));
    check(&format!("{red}{yellow}"), &[("project_rule_twice", "第 2 条 project_rule（某）：与第 1 条")]);
    let leave = rule("test = \"suspended\"\nfrom = 24", "leave");
    let window = |open: &str| format!("[[project_window]]\nmonths = [5]\nfor = \"{open}\"\n");
    check(&format!("{leave}{}", window("enter")), &[("project_leave_closed", "没有可以退库的月份")]);
    check(&format!("{leave}{}", window("leave")), &[]);
    let level = |name: &str| format!("[[project_level]]\nname = \"{name}\"\nmin_total = \"1亿元\"\n");
    check(&format!("{}{}", level("市"), level("省")), &[("project_level_empty", "市级不会有项目")]);
}

proptest! {
    /// Sums follow what is chosen: the units' add up to the whole, and a project is in exactly one stage.
    #[test]
    fn sums_follow_the_choice(entries in entries(), month in 1..=12_u32) {
        let plan = plan("[[project_rule]]\ntest = \"start_overdue\"\nfrom = 1\ngives = \"red\"\nwords = \"某\"\n");
        let at = Period { year: 2021, month };
        let today = NaiveDate::from_ymd_opt(2022, 6, 1).unwrap();
        let library = Library::of(&plan, &entries, at, today);
        let all = library.sums();
        prop_assert_eq!(all.stages.iter().sum::<usize>(), entries.len());
        let left = Stage::ALL.iter().position(|stage| *stage == Stage::Left).unwrap();
        prop_assert_eq!(all.projects + all.stages[left], entries.len());
        let units = library.by_unit(&plan);
        prop_assert_eq!(units.iter().map(|(_, _, sums)| sums.projects).sum::<usize>(), all.projects);
        prop_assert_eq!(units.iter().map(|(_, _, sums)| sums.total.0).sum::<i64>(), all.total.0);
        prop_assert_eq!(units.iter().map(|(_, _, sums)| sums.this_year.0).sum::<i64>(), all.this_year.0);
        prop_assert_eq!(units.iter().map(|(_, _, sums)| sums.starts.of).sum::<usize>(), all.starts.of);
        prop_assert_eq!(units.iter().map(|(_, _, sums)| sums.red).sum::<usize>(), all.red);
        let red = library.rows.iter().filter(|(_, found)| found.lamp() == Lamp::Red);
        let red = sums(red.map(|(entry, found)| (*entry, found)), at);
        prop_assert_eq!(red.projects, all.red);
        // Rates of goals are those of the sums, whole and by unit.
        let asked = |count: Counted| FromProjects { count, level: None, role: None, label: None, judges: true };
        for (count, share) in [(Counted::StartRate, all.starts), (Counted::KeptRate, all.kept)] {
            prop_assert_eq!(library.counted(&plan, &asked(count)), share.rate().map(Quantity::Percent));
            for (id, _, sums) in &units {
                let share = if count == Counted::StartRate { sums.starts } else { sums.kept };
                let own = library.counted_of(&plan, &asked(count), Some(id));
                prop_assert_eq!(own, share.rate().map(Quantity::Percent));
            }
        }
        for (one, share) in [all.starts, all.finishes, all.productions, all.kept].iter().enumerate() {
            prop_assert!(share.done <= share.of, "{}", one);
        }
        // The order of projects does not matter.
        let reversed: Vec<&Entry> = entries.iter().rev().collect();
        prop_assert_eq!(Library::of(&plan, reversed, at, today).sums(), all);
    }

    /// A quarter's edition equals the library at its moment, later days do not move it, and what was there before, with
    /// who came and without who went, is who is there now.
    #[test]
    fn an_edition_is_the_library_at_its_moment(before in entries(), now in entries()) {
        let plan = plan("");
        let (first, second) = (Period { year: 2021, month: 3 }, Period { year: 2021, month: 6 });
        let today = NaiveDate::from_ymd_opt(2022, 6, 1).unwrap();
        let context = domain::comparison::Context { edition: 1, ..Default::default() };
        let of = |entries: &[Entry], at: Period, before: Option<&LibraryEdition>| {
            LibraryEdition::of(&plan, &Library::of(&plan, entries, at, today), &context, before)
        };
        let earlier = of(&before, first, None);
        let edition = of(&now, second, Some(&earlier));
        let library = Library::of(&plan, &now, second, today);
        let inside = library.rows.iter().filter(|(_, found)| found.stage != Stage::Left);
        let held: Vec<(&str, Stage)> =
            edition.projects.iter().map(|held| (held.project.id.as_str(), held.stage)).collect();
        let known: Vec<(&str, Stage)> = inside.map(|(entry, found)| (entry.project.id.as_str(), found.stage)).collect();
        prop_assert_eq!(&held, &known);
        let ids = |edition: &LibraryEdition| -> BTreeSet<String> {
            edition.projects.iter().map(|held| held.project.id.clone()).collect()
        };
        let moved = |moved: &[domain::projects::edition::Moved]| -> BTreeSet<String> {
            moved.iter().map(|moved| moved.id.clone()).collect()
        };
        let mut followed = ids(&earlier);
        followed.extend(moved(&edition.entered));
        moved(&edition.left).iter().for_each(|id| { followed.remove(id); });
        prop_assert_eq!(followed, ids(&edition));
        // Reports and days after the quarter are no part of it.
        let mut later = now.clone();
        for entry in &mut later {
            entry.returns.insert(Period { year: 2021, month: 9 }, Reported::default());
            for dates in entry.steps.values_mut() {
                dates.actual = dates.actual.filter(|when| when.month() <= second);
            }
        }
        prop_assert!(of(&later, second, Some(&earlier)).same_results(&edition));
        let json = serde_json::to_string(&edition).unwrap();
        prop_assert_eq!(serde_json::from_str::<LibraryEdition>(&json).unwrap(), edition);
    }

    /// What a box shows is read again as the same.
    #[test]
    fn boxes_are_read_as_they_are_written(entries in entries()) {
        let plan = plan("");
        let at = Period { year: 2021, month: 4 };
        let place = Place { plan: &plan, year: 2021, period: Some(at), measure: Measure::money("万元").unwrap() };
        for entry in &entries {
            let mut again = Entry::default();
            again.project.unit = entry.project.unit.clone();
            for field in Field::ALL.into_iter().filter(|field| !matches!(field, Field::Unit | Field::Span | Field::Before)) {
                field.set(&mut again, &field.text(entry, &place), &place).unwrap();
            }
            for field in Field::ALL {
                prop_assert_eq!(field.text(&again, &place), field.text(entry, &place));
            }
        }
    }
}
