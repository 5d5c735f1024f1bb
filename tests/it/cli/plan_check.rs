//! `jigai plan check`: the five plans' findings, and ten mistakes at once.

use tests::{Folder, jigai, root};

fn findings(plan: &str) -> Vec<(String, String)> {
    let file = root().join("assets/plans").join(plan);
    let found = jigai(&["plan", "check", file.to_str().unwrap(), "--format", "json"]).assert_done().json();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    found["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| (text(&finding["code"]), text(&finding["message"])))
        .collect()
}

#[track_caller]
fn check(findings: &[(String, String)], code: &str, parts: &[&str]) {
    let found =
        findings.iter().any(|(known, message)| known == code && parts.iter().all(|part| message.contains(part)));
    assert!(found, "{code} {parts:?} not in {findings:#?}");
}

#[test]
fn fuzhou_does_not_add_up_and_we_say_so() {
    let found = findings("fuzhou-2021.plan.toml");
    check(&found, "split_total", &["1121.00", "1120.00", "1.00"]);
    check(&found, "implied_base", &["999.13", "1000.00"]);
    check(&found, "weighted_growth", &["12.2%", "12%"]);
    check(&found, "no_target", &["台江区"]);
    check(&found, "within", &["高新区", "闽侯县"]);
    check(&found, "deadline_assumed", &["5"]);
}

#[test]
fn longnan_adds_up_and_leaves_things_open() {
    let found = findings("longnan-2022.plan.toml");
    check(&found, "yearly_sum", &["20+25+30+35 = 110", "一致"]);
    check(&found, "average_growth_undefined", &["复合"]);
}

#[test]
fn what_documents_leave_open_is_said() {
    check(&findings("fujian-2013.plan.toml"), "weights_missing", &["权重"]);
    for plan in ["fengze-2022", "ningde-2021", "longnan-2022", "fujian-2013", "fuzhou-2021"] {
        check(&findings(&format!("{plan}.plan.toml")), "assumed", &["文件未写明"]);
    }
}

#[test]
fn ten_mistakes_give_ten_messages() {
    let plan = r#"format = 1
id = "Fuzhou 2021"
title = "测试"
region = { name = "某市" }
years = [2021, 2021]
colour = "red"

[document]
dated = "2021-02-30"

[calendar]
deadline = { day = 31, of = "next_month" }

[[goal]]
id = "g"
name = "投资"
kind = "amout"
unit = "亿元"
targets = [{ year = 2022, value = "100" }]
pace = { curve = [{ month = 6, share = "0.5" }, { month = 9, share = "0.4" }, { month = 12, share = "1" }] }

  [[goal.split]]
  name = "甲县"
  value = 12
  [[goal.split]]
  name = "甲 县"
  value = "3"
  [[goal.split]]
  name = "园区"
  within = "乙县"
  value = "1"

[[assessment]]
goal = "h"
  [[assessment.award]]
  places = ["a"]
  unit = "分"
"#;
    let folder = Folder::new();
    let ran = jigai(&["plan", "check", &folder.write("ten.plan.toml", plan)]);
    ran.assert_refused();
    let expected = [
        (2, "小写字母"),
        (6, "不认识的键 colour"),
        (9, "不是存在的日期"),
        (12, "并非每月都有"),
        (17, "goal.kind 不能写“amout”"),
        (19, "2022 不在计划的 2021—2021 年"),
        (20, "9 月下降了"),
        (24, "带引号的文字"),
        (25, "出现两次"),
        (30, "不是分解表里的任何一行"),
        (34, "请写 g 之一"),
        (35, "奖惩缺少 when"),
        (35, "奖惩缺少 from"),
        (36, "不是数字"),
    ];
    for (line, part) in expected {
        assert!(
            ran.err.lines().any(|said| said.contains(&format!(".toml:{line}: ")) && said.contains(part)),
            "{line} {part}\n{}",
            ran.err
        );
    }
    assert_eq!(ran.err.lines().count(), expected.len(), "{}", ran.err);
}

#[test]
fn the_plans_own_region_is_no_row_of_its_split() {
    let folder = Folder::new();
    let source = std::fs::read_to_string(tests::contract("fuzhou-2021.plan.toml")).unwrap();
    let file = folder.write("own.plan.toml", source.replacen("region = \"350102\"", "region = \"350100\"", 1));
    jigai(&["plan", "check", &file]).assert_refused().says("是计划本身的地区");
}

#[test]
fn a_broken_bracket_gives_one_sentence() {
    let folder = Folder::new();
    let source = std::fs::read_to_string(tests::contract("fuzhou-2021.plan.toml")).unwrap();
    let ran = jigai(&[
        "plan",
        "check",
        &folder.write("b.plan.toml", source.replacen("years = [2021, 2021]", "years = [2021, 2021", 1)),
    ]);
    ran.assert_refused();
    assert!(ran.err.lines().count() <= 8, "{}", ran.err);
    let date = jigai(&["plan", "check", &folder.write("d.plan.toml", source.replacen("2021-02-16", "2021-02-30", 1))]);
    date.assert_refused();
    assert_eq!(date.err.lines().count(), 1, "{}", date.err);
}

#[test]
fn a_file_that_is_no_plan_gets_a_sentence() {
    let folder = Folder::new();
    for content in [&b"PK\x03\x04..."[..], b"", b"\xff\xff\xff", b"<html>", &[0; 100]] {
        let ran = jigai(&["plan", "check", &folder.write("x.plan.toml", content)]);
        ran.assert_refused();
        assert!(!ran.err.is_empty() && !ran.err.contains("panicked"), "{ran:?}");
    }
}
