//! `jigai overview`: every goal of a plan and its dated tasks, from files alone.

use tests::{Folder, jigai, root};

const TASKS: &str = "\n[[task]]\nid = \"energy_audit\"\ntitle = \"完成能源审计\"\ndue = \"2013-03-31\"\n";

/// 福建's plan with a task, and these rows.
fn files(folder: &Folder, rows: &str) -> [String; 2] {
    let plan = std::fs::read_to_string(root().join("tests/fixtures/contract/fujian-2013.plan.toml")).unwrap();
    let plan = folder.write("p.plan.toml", format!("{plan}{TASKS}"));
    [plan, folder.write("r.csv", format!("goal,region,period,value,base,growth_pct\n{rows}"))]
}

fn overview(files: &[String; 2], options: &[&str]) -> tests::Ran {
    let fixed = ["overview", "--plan", &files[0], "--returns", &files[1]];
    jigai(&[&fixed[..], options].concat())
}

#[test]
fn the_json_has_its_keys_in_the_plans_order() {
    let folder = Folder::new();
    let files = files(&folder, "investment,福建省,2013-03,700,500,\nkey_projects,福建省,2013-03,130,,\n");
    let ran = overview(&files, &["--period", "2013-03", "--today", "2013-04-12", "--format", "json"]);
    ran.assert_done();
    let json = ran.json();
    assert_eq!((&json["plan"], &json["period"]), (&"fujian-2013".into(), &"2013-03".into()));
    let first = json["goals"][0].as_object().unwrap();
    let keys = [
        "goal",
        "section",
        "name",
        "unit",
        "period",
        "target",
        "value",
        "base",
        "growth_pct",
        "completion_pct",
        "pace_pct",
        "gap_pp",
        "verdict",
        "reached_in",
        "average",
        "units_reached",
        "units",
        "findings",
    ];
    assert_eq!(first.len(), keys.len());
    assert!(keys.iter().all(|key| first.contains_key(*key)), "{first:?}");
    assert_eq!(
        (&first["value"], &first["growth_pct"], &first["completion_pct"], &first["verdict"]),
        (&"70000000000".into(), &"40.0".into(), &"26.9".into(), &"on_pace".into())
    );
    let task = serde_json::json!([{ "task": "energy_audit", "due": "2013-03-31", "state": "overdue", "days": 12 }]);
    assert_eq!(json["tasks"], task);
    // Text and CSV say the same.
    overview(&files, &["--period", "2013-03", "--today", "2013-04-12"]).says("达到序时").says("逾期12天");
    overview(&files, &["--period", "2013-03", "--format", "csv"]).says("investment,").says("on_pace");
    let one = overview(&files, &["--period", "2013-03", "--goal", "investment", "--format", "json"]).json();
    assert_eq!(one["goals"].as_array().unwrap().len(), 1);
}

#[test]
fn what_is_wrong_is_said_and_nothing_printed() {
    let folder = Folder::new();
    let files = files(&folder, "investment,福建省,2013-03,700,500,\n");
    overview(&files, &["--period", "2013-13"]).assert_refused().says("请写成 2021-05");
    overview(&files, &["--period", "2014-03"]).assert_refused().says("不在计划的 2013 年之内");
    overview(&files, &["--period", "2013-03", "--goal", "x"]).assert_refused().says("计划里没有这个目标");
    overview(&files, &["--period", "2013-03", "--today", "4月31日"]).assert_refused().says("不是日期");
}
