//! `jigai projects standings`: where every project of a list stands, from files alone. The keys are a contract.

use std::collections::BTreeSet;

use tests::{Folder, jigai, json_keys, root};

const RULES: &str = "\n[[project_level]]\nname = \"市\"\nmin_total = \"500万元\"\n\
    [[project_level]]\nname = \"省\"\nmin_total = \"1亿元\"\n\
    [[project_rule]]\ntest = \"start_overdue\"\nfrom = 3\nrole = \"start\"\nunless = \"reason\"\ngives = \"red\"\n\
    words = \"应开工三个月仍未开工\"\nclause = \"三、（二）\"\n\
    [[project_rule]]\ntest = \"behind_points\"\nfrom = \"10\"\ngives = \"yellow\"\nwords = \"落后十个百分点以上\"\n\
    [[project_rule]]\ntest = \"silent_months\"\nfrom = 3\ngives = \"leave\"\nwords = \"三个月没有报送\"\n";

const LIST: &str = "项目编号,项目名称,所在单位,年度类别,年度,期间,总投资（万元）,年计划投资（万元）,本年累计完成投资（万元）,\
    开工以来累计完成投资（万元）,计划开工时间,实际开工时间,计划竣工时间,实际竣工时间\n\
    2021-001,甲项目,福清市,续建,2021,2021-04,20000,12000,1000,9000,,2020-03,2021-12,\n\
    2021-001,甲项目,福清市,续建,2021,2021-05,20000,12000,2000,10000,,2020-03,2021-12,\n\
    2021-002,乙项目,福清市,新开工,2021,2021-05,8000,3000,0,0,2021-03,,,\n\
    2021-003,丙项目,闽侯县,竣工投产,2021,2021-05,600,600,600,600,,2020-08,2021-05,2021-04\n\
    2021-004,丁项目,长乐区,前期,2021,,300,,,,2022-03,,,\n";

fn files(folder: &Folder, list: &str) -> [String; 2] {
    let plan = std::fs::read_to_string(root().join("tests/fixtures/contract/fuzhou-2021.plan.toml")).unwrap();
    [folder.write("p.plan.toml", format!("{plan}{RULES}")), folder.write("list.csv", list)]
}

fn standings(files: &[String; 2], options: &[&str]) -> tests::Ran {
    let fixed = ["projects", "standings", "--plan", &files[0], "--projects", &files[1]];
    jigai(&[&fixed[..], options].concat())
}

const MAY: [&str; 4] = ["--period", "2021-05", "--today", "2021-06-08"];

#[test]
fn the_json_says_where_each_project_stands() {
    let folder = Folder::new();
    let files = files(&folder, LIST);
    let json = standings(&files, &[&MAY[..], &["--format", "json"]].concat()).json();
    assert_eq!((&json["plan"], &json["period"]), (&"fuzhou-2021".into(), &"2021-05".into()));
    let projects = json["projects"].as_array().unwrap();
    let said = |number: usize, key: &str| projects[number][key].clone();
    let check = |number: usize, expected: &[(&str, serde_json::Value)]| {
        expected.iter().for_each(|(key, value)| assert_eq!(said(number, key), *value, "{number} {key}"));
    };
    check(
        0,
        &[
            ("project", "2021-001".into()),
            ("unit", "350181".into()),
            ("unit_name", "福清市".into()),
            ("stage", "building".into()),
            ("role", "continued".into()),
            ("level", "省".into()),
            ("as_of", "2021-05".into()),
            ("total", "200000000".into()),
            ("planned", "120000000".into()),
            ("this_year", "20000000".into()),
            ("since_start", "100000000".into()),
            ("year_completion_pct", "16.7".into()),
            ("total_completion_pct", "50.0".into()),
            ("pace_pct", "41.7".into()),
            ("pace_share_pct", "40.0".into()),
            ("gap_pp", "-25.0".into()),
            ("missing", "30000000".into()),
            ("silent_months", 0.into()),
            ("lamp", "yellow".into()),
        ],
    );
    let rule = |rule: usize, test: &str, gives: &str, found: &str, words: &str, clause: serde_json::Value| serde_json::json!({ "rule": rule, "test": test, "gives": gives, "found": found, "words": words, "clause": clause });
    let late = rule(1, "start_overdue", "red", "3", "应开工三个月仍未开工", "三、（二）".into());
    let behind = rule(2, "behind_points", "yellow", "41.7", "落后十个百分点以上", serde_json::Value::Null);
    check(
        1,
        &[("start_overdue_months", 3.into()), ("lamp", "red".into()), ("rules", serde_json::json!([late, behind]))],
    );
    check(2, &[("stage", "finished".into()), ("lamp", "green".into()), ("finish_overdue_months", 0.into())]);
    check(3, &[("silent_months", 5.into()), ("level", serde_json::Value::Null), ("pace_pct", serde_json::Value::Null)]);
    assert_eq!(
        json["lists"],
        serde_json::json!({
            "lag": ["2021-002", "2021-001"], "start_overdue": ["2021-002"], "finish_overdue": [],
            "silent": ["2021-004"], "to_leave": ["2021-004"],
        })
    );
    let total = &json["total"];
    for (key, value) in [
        ("projects", 4),
        ("starts_due", 1),
        ("started", 0),
        ("finishes_due", 1),
        ("finished", 1),
        ("kept_due", 2),
        ("kept", 1),
    ] {
        assert_eq!(total[key], value, "{key}");
    }
    let rate = |key: &str| total[key].as_str().unwrap().to_owned();
    assert_eq!([rate("start_rate_pct"), rate("finish_rate_pct"), rate("kept_rate_pct")], ["0.0", "100.0", "50.0"]);
    let units: Vec<&str> =
        json["units"].as_array().unwrap().iter().map(|unit| unit["name"].as_str().unwrap()).collect();
    assert_eq!(units, ["长乐区", "福清市", "闽侯县"]);
}

#[test]
fn every_key_and_column_is_documented() {
    let folder = Folder::new();
    let files = files(&folder, LIST);
    let docs = std::fs::read_to_string(root().join("docs/rules.md")).unwrap();
    let (_, docs) = docs.split_once("## The library of projects").unwrap();
    let mut found = BTreeSet::new();
    json_keys(&standings(&files, &[&MAY[..], &["--format", "json"]].concat()).json(), &mut found);
    assert!(found.len() > 50, "{found:?}");
    let told = |key: &str| docs.contains(&format!("`{key}`")) || docs.contains(&format!("].{key}`"));
    let missing: Vec<&String> = found.iter().filter(|key| !told(key)).collect();
    assert!(missing.is_empty(), "not in docs/rules.md: {missing:?}");
    let csv = standings(&files, &[&MAY[..], &["--format", "csv"]].concat());
    let header = csv.assert_done().out.trim_start_matches('\u{feff}').lines().next().unwrap().replace(',', ", ");
    assert!(docs.replace('\n', " ").contains(&header), "{header}");
    // Text says the same.
    standings(&files, &MAY).says("4项").says("[红灯] 2021-002 乙项目（福清市）：应开工三个月仍未开工");
}

#[test]
fn what_is_wrong_with_a_list_is_said_at_its_cell() {
    let folder = Folder::new();
    let check = |from: &str, to: &str, says: &str| {
        standings(&files(&folder, &LIST.replace(from, to)), &MAY).assert_refused().says(says);
    };
    check("闽侯县", "闽候县", "是不是“闽侯县”？");
    check("总投资（万元）", "总投资", "没有写明金额单位");
    check("项目名称", "名目", "没有找到“项目名称”这一列");
    check("2020-08", "去年夏天", "看不懂，请写成");
    check("新开工", "新拆迁", "年度类别“新拆迁”请写");
    let files = files(&folder, LIST);
    standings(&files, &["--period", "2021-13"]).assert_refused().says("请写成 2021-05");
    standings(&files, &["--period", "2021-05", "--today", "4月31日"]).assert_refused().says("不是日期");
}
