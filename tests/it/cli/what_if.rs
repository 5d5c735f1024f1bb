//! `jigai what-if`.

use tests::{contract, jigai};

fn ask(region: &str, period: &str) -> serde_json::Value {
    let (plan, returns) = (contract("fuzhou-2021.plan.toml"), contract("fuzhou-2021.returns.csv"));
    let (plan, returns) = (plan.to_str().unwrap(), returns.to_str().unwrap());
    let arguments =
        ["what-if", "--plan", plan, "--returns", returns, "--period", period, "--region", region, "--format", "json"];
    jigai(&arguments).assert_done().json()
}

#[test]
fn the_least_yuan_that_takes_the_next_place() {
    let found = ask("永泰县", "2021-05");
    assert_eq!((found["region"].as_str(), found["months_left"].as_i64()), (Some("350125"), Some(7)));
    // 鼓楼区 grew by 3/68: 永泰县 passes it with the first whole 元 above 2.45亿 × 71/68 − 2.30亿.
    let next = &found["goals"][1];
    assert_eq!((next["goal"].as_str(), next["more"].as_str()), (Some("next_place"), Some("25808824")));
    assert_eq!(next["per_month"].as_str(), Some("3686975"));
    assert_eq!(found["goals"][0]["more"].as_str(), Some("520000000"));
}

#[test]
fn impossible_is_an_answer_with_its_reason() {
    let reason = |region: &str, period: &str, at: usize| {
        ask(region, period)["goals"][at]["impossible"].as_str().map(str::to_owned)
    };
    assert_eq!(reason("台江区", "2021-05", 0).as_deref(), Some("no_target"));
    assert_eq!(reason("高新区", "2021-05", 2).as_deref(), Some("unranked"));
    assert_eq!(reason("晋安区", "2021-05", 1).as_deref(), Some("already"));
    assert_eq!(reason("鼓楼区", "2021-07", 1).as_deref(), Some("unranked"));
    assert_eq!(ask("鼓楼区", "2021-12")["goals"][2]["per_month"], serde_json::Value::Null);
}

#[test]
fn an_unknown_unit_gets_the_list() {
    let (plan, returns) = (contract("fuzhou-2021.plan.toml"), contract("fuzhou-2021.returns.csv"));
    let arguments = [
        "what-if",
        "--plan",
        plan.to_str().unwrap(),
        "--returns",
        returns.to_str().unwrap(),
        "--period",
        "2021-05",
        "--region",
        "厦门市",
    ];
    jigai(&arguments).assert_refused().says("鼓楼区");
}
