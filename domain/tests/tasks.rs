//! Where dated tasks stand: case files in `tests/task_cases/*.toml` (their README says how one is written), and what
//! must hold whatever is recorded.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chrono::{Days, NaiveDate};
use domain::bulletin::text::plain;
use domain::bulletin::{Context, compose};
use domain::calendar::shanghai;
use domain::month::Period;
use domain::plan::{Plan, file};
use domain::returns::Figures;
use domain::tasks::{Act, Standing, Step, TaskState, due, lagging_first, lines};
use proptest::prelude::*;
use serde::Deserialize;
use toml::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    title: String,
    #[serde(default)]
    #[expect(dead_code, reason = "for readers")]
    source: Option<String>,
    due: Value,
    #[serde(default)]
    until: Option<String>,
    #[serde(default = "one_unit")]
    by: Vec<String>,
    step: Vec<Recorded>,
    day: Vec<Expected>,
}

fn one_unit() -> Vec<String> {
    vec!["甲市".to_owned()]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recorded {
    on: String,
    unit: Option<String>,
    report: Option<String>,
    extend: Option<String>,
    act: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    today: String,
    state: String,
    units: Option<BTreeMap<String, String>>,
    extension: Option<String>,
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Noon of a day in Asia/Shanghai.
fn noon(day: NaiveDate) -> i64 {
    day.and_hms_opt(12, 0, 0).unwrap().and_local_timezone(shanghai()).unwrap().timestamp_millis()
}

/// A plan of one watched goal with these tasks.
fn plan(units: &[&str], tasks: &str) -> Plan {
    let units: String = units.iter().map(|unit| format!("[[unit]]\nname = \"{unit}\"\n")).collect();
    let text = format!(
        "format = 1\nid = \"p\"\ntitle = \"计划\"\nyears = [2013, 2013]\n\
         region = {{ name = \"某省\" }}\n[calendar]\ncadence = \"monthly\"\n{units}\
         [[goal]]\nid = \"g\"\nname = \"户数\"\nkind = \"count\"\nunit = \"户\"\n\
         target = \"none\"\n{tasks}"
    );
    file::parse(&text).unwrap_or_else(|problems| panic!("{problems:?}\n{text}"))
}

fn step(task: &str, unit: &str, version: i64, (act, day): (Act, Option<NaiveDate>), on: NaiveDate) -> Step {
    let (words, proof, actor) = (String::new(), String::new(), String::new());
    Step {
        task: task.to_owned(),
        unit: unit.to_owned(),
        version,
        act,
        day,
        words,
        proof,
        at: noon(on),
        actor,
        account: 1,
    }
}

fn check(name: &str, case: &Case) -> Vec<String> {
    let until = case.until.as_ref().map(|until| format!("until = \"{until}\"\n")).unwrap_or_default();
    let by: Vec<&str> = case.by.iter().map(String::as_str).collect();
    let mut task = toml::Table::new();
    task.insert("due".to_owned(), case.due.clone());
    let due_line = toml::to_string(&task).unwrap().replace("[due]\n", "");
    let due_line = match &case.due {
        Value::Table(window) => format!("due = {{ from = {}, to = {} }}\n", window["from"], window["to"]),
        _ => due_line,
    };
    let plan = plan(&by, &format!("[[task]]\nid = \"t\"\ntitle = \"任务\"\n{due_line}by = {by:?}\n{until}"));
    let steps: Vec<Step> = (1..)
        .zip(&case.step)
        .map(|(version, recorded)| {
            let what = match (&recorded.report, &recorded.extend, &recorded.act) {
                (Some(done), None, None) => (Act::Report, Some(day(done))),
                (None, Some(to), None) => (Act::Extend, Some(day(to))),
                (None, None, Some(act)) => (Act::parse(act).unwrap_or_else(|| panic!("{name}: {act}")), None),
                _ => panic!("{name}: one of report, extend and act"),
            };
            let unit = recorded.unit.as_deref().unwrap_or(by[0]);
            step("t", unit, version, what, day(&recorded.on))
        })
        .collect();
    let mut differences = Vec::new();
    for expected in &case.day {
        let found = due(&plan, &steps, day(&expected.today)).remove(0);
        let mut compare = |what: &str, expected_text: &str, found: String| {
            if expected_text != found {
                differences.push(format!(
                    "{name}（{}）{} {what}：应得 {expected_text}，实得 {found}",
                    case.title, expected.today
                ));
            }
        };
        compare("状态", &expected.state, found.state());
        if let Some(extension) = &expected.extension {
            compare("延期", extension, found.extension().unwrap_or_else(|| "none".to_owned()));
        }
        if let Some(units) = &expected.units {
            let parts: BTreeMap<String, String> =
                found.parts.iter().map(|part| (part.name.clone(), part.state())).collect();
            compare("各单位", &format!("{units:?}"), format!("{parts:?}"));
        }
    }
    differences
}

#[test]
fn every_case_comes_out_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/task_cases");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    assert!(files.len() >= 12, "{}", files.len());
    let mut differences = Vec::new();
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let case: Case = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        differences.extend(check(&name, &case));
    }
    assert!(differences.is_empty(), "\n{}", differences.join("\n"));
}

const TASKS: &str = "[[task]]\nid = \"meeting\"\ntitle = \"推进会\"\ndue = \"2013-02\"\nby = [\"甲市\"]\n\
    [[task]]\nid = \"campaign\"\ntitle = \"开工活动\"\ndue = \"2013-03\"\nby = [\"sort:region\"]\n\
    [[task]]\nid = \"plan\"\ntitle = \"资金方案\"\ndue = \"2013-03\"\nby = [\"乙市\"]\n\
    [[task]]\nid = \"reports\"\ntitle = \"报告\"\ndue = \"2013-03\"\n\
    [[task]]\nid = \"audit\"\ntitle = \"审计\"\ndue = \"2013-06\"\nby = [\"甲市\"]\n";

fn all(plan: &Plan, facts: &[(&str, &str, Act, Option<&str>, &str)]) -> Vec<Step> {
    let steps = (1..).zip(facts);
    steps
        .map(|(version, (task, unit, act, of, on))| step(task, unit, version, (*act, of.map(day)), day(on)))
        .inspect(|step| assert!(plan.tasks.iter().any(|task| task.id == step.task)))
        .collect()
}

fn said(plan: &Plan, steps: &[Step], period: Period, today: &str) -> Option<String> {
    let context = Context { published_on: Some(day(today)), tasks: steps.to_vec(), ..Context::default() };
    let bulletin = compose(plan, plan.default_goal(), &Figures::default(), period, &context);
    let paragraph = bulletin.paragraphs.into_iter().find(|paragraph| paragraph.heading == "限时任务")?;
    Some(paragraph.sentences.iter().map(|sentence| plain(sentence)).collect())
}

/// What a bulletin says of its period, from the facts at its moment.
#[test]
fn a_bulletin_says_what_was_due() {
    let plan = plan(&["甲市", "乙市"], TASKS);
    let (february, march) = (Period { year: 2013, month: 2 }, Period { year: 2013, month: 3 });
    let january = Period { year: 2013, month: 1 };
    assert_eq!(said(&plan, &[], january, "2013-02-05").as_deref(), Some("截至2013年1月底，5项限时任务都没有到期。"));
    assert_eq!(
        said(&plan, &[], february, "2013-03-05").as_deref(),
        Some("截至2013年2月底，限时任务应完成1项，逾期1项（推进会）。")
    );
    let steps = all(
        &plan,
        &[
            ("meeting", "甲市", Act::Report, Some("2013-02-26"), "2013-02-27"),
            ("meeting", "甲市", Act::Confirm, None, "2013-03-01"),
            ("campaign", "甲市", Act::Report, Some("2013-03-20"), "2013-03-21"),
            ("campaign", "甲市", Act::Confirm, None, "2013-03-22"),
            ("plan", "乙市", Act::Report, Some("2013-04-02"), "2013-04-02"),
            ("plan", "乙市", Act::Confirm, None, "2013-04-03"),
            ("reports", "某省", Act::Report, Some("2013-03-29"), "2013-04-03"),
            ("audit", "甲市", Act::Report, Some("2013-03-30"), "2013-03-30"),
            ("audit", "甲市", Act::Confirm, None, "2013-04-01"),
        ],
    );
    assert_eq!(
        said(&plan, &steps, march, "2013-04-05").as_deref(),
        Some(
            "截至2013年3月底，限时任务应完成4项，按期完成1项，逾期完成1项，待确认1项（报告），\
             逾期1项（开工活动：乙市）；另有1项提前完成。"
        )
    );
    // What came after its moment is not in it.
    assert_eq!(
        said(&plan, &steps, february, "2013-02-28").as_deref(),
        Some("截至2013年2月底，限时任务应完成1项，待确认1项（推进会）。")
    );
}

/// A table has a line for each task, and one for each unit where they do not stand alike.
#[test]
fn units_that_stand_alike_share_a_line() {
    let plan = plan(&["甲市", "乙市"], TASKS);
    let campaign = |steps: &[Step]| lines(&due(&plan, steps, day("2013-04-01"))[1]);
    let alike = campaign(&[]);
    assert_eq!(alike.len(), 1);
    assert_eq!(alike[0][3..], ["甲市、乙市", "逾期未完成1天", "—", "—"]);
    let steps = all(&plan, &[("campaign", "乙市", Act::Extend, Some("2013-04-15"), "2013-03-30")]);
    let apart = campaign(&steps);
    assert_eq!(apart[0][3..], ["甲市", "逾期未完成1天", "—", "—"]);
    assert_eq!(apart[1][3..], ["乙市", "14天后到期", "—", "原定2013年3月31日，延期至2013年4月15日"]);
}

#[test]
fn what_lags_comes_first() {
    let plan = plan(&["甲市", "乙市"], TASKS);
    let steps = all(
        &plan,
        &[
            ("campaign", "甲市", Act::Report, Some("2013-03-20"), "2013-03-21"),
            ("campaign", "甲市", Act::Confirm, None, "2013-03-22"),
            ("campaign", "乙市", Act::Report, Some("2013-03-20"), "2013-03-21"),
            ("campaign", "乙市", Act::Confirm, None, "2013-03-22"),
            ("plan", "乙市", Act::Report, Some("2013-03-21"), "2013-03-22"),
        ],
    );
    let found = lagging_first(due(&plan, &steps, day("2013-04-02")));
    let order: Vec<(&str, String)> = found.iter().map(|task| (task.task.as_str(), task.state())).collect();
    let expected = [
        ("meeting", "逾期未完成33天"),
        ("reports", "逾期未完成2天"),
        ("audit", "未到期"),
        ("plan", "待确认"),
        ("campaign", "按期完成"),
    ];
    assert_eq!(order, expected.map(|(task, state)| (task, state.to_owned())));
}

/// A step so many days behind the first of the year, of any kind.
fn recorded() -> impl Strategy<Value = (usize, Act, i64, u64)> {
    (0..2_usize, proptest::sample::select(&Act::ALL[..]), -20..=60_i64, 0..4_u64)
}

fn history(plan: &Plan, drawn: &[(usize, Act, i64, u64)]) -> Vec<Step> {
    let mut on = day("2013-02-20");
    let mut steps = Vec::new();
    for (version, (unit, act, of, later)) in (1..).zip(drawn) {
        on = on.checked_add_days(Days::new(*later)).unwrap();
        let of = on + chrono::TimeDelta::days(if *act == Act::Report { -of.abs() } else { of.abs() + 1 });
        let of = matches!(act, Act::Report | Act::Extend).then_some(of);
        let unit = &domain::tasks::units_of(plan, &plan.tasks[1])[*unit].0;
        steps.push(step("campaign", unit, version, (*act, of), on));
    }
    steps
}

proptest! {
    /// Days that pass make nothing better, and a deadline that has passed is moved by nothing recorded later.
    #[test]
    fn a_passed_deadline_stays(drawn in proptest::collection::vec(recorded(), 0..14), days in 0..80_u64) {
        let plan = plan(&["甲市", "乙市"], TASKS);
        let steps = history(&plan, &drawn);
        let today = day("2013-02-20").checked_add_days(Days::new(days)).unwrap();
        let then = today.checked_add_days(Days::new(9)).unwrap();
        let (now, later) = (due(&plan, &steps, today).remove(1), due(&plan, &steps, then).remove(1));
        for (now, later) in now.parts.iter().zip(&later.parts) {
            if now.standing == Standing::Overdue {
                prop_assert_eq!(now.deadline, later.deadline);
                let done_since = later.done.is_some_and(|done| done > now.deadline);
                prop_assert!(!(later.standing == Standing::OnTime && done_since), "{now:?} {later:?}");
            }
            prop_assert!(later.deadline >= now.deadline);
            prop_assert!(now.deadline >= day("2013-03-31"), "{now:?}");
        }
    }

    /// A unit's steps move nobody else, and the task stands where the worst of its units does.
    #[test]
    fn a_task_is_as_its_worst_unit(drawn in proptest::collection::vec(recorded(), 0..14), days in 0..80_u64) {
        let plan = plan(&["甲市", "乙市"], TASKS);
        let steps = history(&plan, &drawn);
        let today = day("2013-02-20").checked_add_days(Days::new(days)).unwrap();
        let whole: Vec<TaskState> = due(&plan, &steps, today);
        let task = &whole[1];
        prop_assert_eq!(Some(task.standing), task.parts.iter().map(|part| part.standing).min());
        for part in &task.parts {
            let own: Vec<Step> = steps.iter().filter(|step| step.unit == part.unit).cloned().collect();
            let alone = due(&plan, &own, today).remove(1);
            prop_assert_eq!(alone.parts.iter().find(|own| own.unit == part.unit), Some(part));
        }
        let nothing = due(&plan, &[], today);
        for (at, other) in whole.iter().enumerate().filter(|(at, _)| *at != 1) {
            prop_assert_eq!(other, &nothing[at]);
        }
    }
}
