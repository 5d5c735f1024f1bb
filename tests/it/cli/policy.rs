//! `jigai policy settle`: what claims come to, from files alone. The keys are a contract.

use std::collections::BTreeSet;

use tests::{Folder, jigai, json_keys, root};

const CLAIMS: &str = "申报编号,申报单位,政策,项目,设备和信息化投资额（万元）,纳入统计,年节能量（吨标准煤）,批准日期,\
    完工年份,当年地方留成,基年地方留成\n\
    1,甲公司,技改项目设备和信息化投资补助,一期,\"1,000\",是,,2021-09-01,,,\n\
    2,甲公司,企业自身节能技术改造补助,一期,,,400,2021-09-01,,,\n\
    3,乙公司,equipment,,1.8亿,是,,2021-09-01,,,\n\
    4,丙公司,循环经济发展补助,,,,,,,,\n\
    5,丁公司,equipment,,,是,,,,,\n\
    6,戊公司,技改项目完工奖励,,,,,,2019,300,200\n";

fn plan(name: &str) -> String {
    root().join(format!("assets/plans/{name}.plan.toml")).display().to_string()
}

fn settle(claims: &str, options: &[&str]) -> tests::Ran {
    let folder = Folder::new();
    let file = folder.write("claims.csv", claims);
    let plan = plan("fuzhou-2021");
    jigai(&[&["policy", "settle", "--plan", &plan, "--claims", &file], options].concat())
}

#[test]
fn claims_are_settled_with_their_reasons() {
    let ran = settle(CLAIMS, &[]);
    let text = ran.assert_done();
    text.says("1 甲公司 一期　技改项目设备和信息化投资补助：30万元");
    text.says("  依据：榕政综〔2021〕34号 三、（四）。");
    text.says("  计算：年度技改设备和信息化建设投资额（不含增值税）1000万元 × 3%，得30万元。");
    text.says("2 甲公司 一期　企业自身节能技术改造补助：不给予");
    text.says("已按“技改项目设备和信息化投资补助”30万元，本项不再给予。");
    text.says("3 乙公司　技改项目设备和信息化投资补助：500万元");
    text.says("4 丙公司　循环经济发展补助：10万元或20万元，由办公室确定");
    text.says("5 丁公司　技改项目设备和信息化投资补助：还缺：年度技改设备和信息化建设投资额（不含增值税）");
    text.says("  其中县（市、区）承担16万元。");
    text.says("合计570万元");
    text.says("另有2项还没有确定的金额，不在合计内");
}

#[test]
fn what_is_no_table_of_claims_is_named() {
    settle("申报单位,政策\n", &[]).assert_refused().says("claims.csv:1: 只有表头，没有申报");
    settle("", &[]).assert_refused().says("文件是空的");
    let folder = Folder::new();
    let broken = folder.write("claims.xlsx", [0_u8; 64]);
    let ran = jigai(&["policy", "settle", "--plan", &plan("fuzhou-2021"), "--claims", &broken]);
    ran.assert_refused().says("可能已损坏或没有传完整");
    // 丰泽's policies begin in 2022, and so does what is settled where no year is named.
    let claims = folder.write("f.csv", "申报单位,政策,服务费用,当年税收地方实得\n甲公司,cloud,10,100\n");
    let of = ["policy", "settle", "--plan", &plan("fengze-2022"), "--claims", &claims];
    jigai(&of).assert_done().says("2022年扶持政策测算").says("甲公司　");
}

#[test]
fn one_code_is_one_firm_under_any_name() {
    let claims = CLAIMS.replacen("申报单位,", "申报单位,统一社会信用代码,", 1);
    let claims = claims.replacen("1,甲公司,", "1,甲公司,91350100M000100Y43,", 1);
    let claims = claims.replacen("2,甲公司,", "2,甲集团（改名后）,9135 0100 m000 100y43,", 1);
    let claims = ["3,乙公司,", "4,丙公司,", "5,丁公司,", "6,戊公司,"]
        .into_iter()
        .fold(claims, |claims, firm| claims.replacen(firm, &format!("{firm},"), 1));
    let ran = settle(&claims, &[]);
    ran.assert_done().says("2 甲集团（改名后） 一期　企业自身节能技术改造补助：不给予");
    let other = claims.replacen("9135 0100 m000 100y43", "91350100M000200Y4T", 1);
    let ran = settle(&other, &[]);
    ran.assert_done().says("2 甲集团（改名后） 一期　企业自身节能技术改造补助：20万元");
    let wrong = claims.replacen("100Y43", "100Y44", 1);
    settle(&wrong, &[]).assert_refused().says("claims.csv:2:").says("校验码（最后一位）对不上");
    let two = other.replacen("甲集团（改名后）", "甲公司", 1);
    settle(&two, &[]).assert_refused().says("甲公司写了几个统一社会信用代码");
}

#[test]
fn the_json_and_the_csv_hold_the_same() {
    let json = settle(CLAIMS, &["--format", "json", "--year", "2021"]).json();
    assert_eq!(
        (&json["plan"], &json["year"], &json["total"], &json["open"]),
        (&"fuzhou-2021".into(), &2021.into(), &"5700000".into(), &2.into())
    );
    let answer = |number: usize| json["claims"][number]["answer"].clone();
    assert_eq!(answer(0), serde_json::json!({ "kind": "sum", "bound": "exact", "amount": "300000" }));
    assert_eq!(answer(1), serde_json::json!({ "kind": "nothing" }));
    assert_eq!(answer(3), serde_json::json!({ "kind": "choice", "amounts": ["100000", "200000"] }));
    assert_eq!(answer(4)["kind"], "missing");
    assert_eq!(
        json["claims"][5]["payers"],
        serde_json::json!([
            { "payer": "省", "amount": "120000" },
            { "payer": "市", "amount": "120000" },
            { "payer": "县（市、区）", "amount": "160000" },
        ])
    );
    let csv = settle(CLAIMS, &["--format", "csv"]);
    let lines: Vec<String> =
        csv.assert_done().out.trim_start_matches('\u{feff}').lines().map(|line| line.trim_end().to_owned()).collect();
    assert_eq!(lines[0], "申报编号,申报单位,项目,政策,级别,结果,金额（元）,依据");
    assert!(
        lines[1].starts_with("1,甲公司,一期,技改项目设备和信息化投资补助,,30万元,300000,依据：榕政综〔2021〕34号"),
        "{}",
        lines[1]
    );
    // Another year than the plan's own: three years from completion are over.
    let later = settle(CLAIMS, &["--format", "json", "--year", "2022"]).json();
    assert_eq!(later["claims"][5]["answer"]["kind"], "nothing");
}

#[test]
fn a_budget_is_supposed_from_files_alone() {
    let text = settle(CLAIMS, &["--budget", "300万元"]);
    text.assert_done()
        .says("“当年全部奖补”预算300万元")
        .says("按批准先后：申报共需570万元，可得300万元，不足270万元。")
        .says("3 乙公司　技改项目设备和信息化投资补助：得")
        .says("另有2项还没有确定的金额，不在内");
    let of = ["--budget", "2000", "--of", "equipment", "--changed", "equipment", "--share", "5", "--cap", "600万元"];
    let json = settle(CLAIMS, &[&of[..], &["--format", "json"]].concat()).json();
    assert_eq!((&json["of"], &json["budget"]), (&"equipment".into(), &"20000000".into()));
    assert_eq!(json["readings"][1]["order"], "pro_rata");
    assert_eq!(json["readings"][1]["used"]["given"], "6500000");
    assert_eq!(json["readings"][1]["left"], "13500000");
    assert_eq!(json["lines"][0]["now"]["amount"], "300000");
    assert_eq!(json["lines"][0]["pro_rata"]["given"], "500000");
    // What other terms move stands before what the money lacks, also where it falls to nothing.
    settle(CLAIMS, &of)
        .assert_done()
        .says("改了条款、不设预算：")
        .says("1 甲公司 一期　技改项目设备和信息化投资补助：现行30万元，改后50万元")
        .says("3 乙公司　技改项目设备和信息化投资补助：现行500万元，改后600万元");
    settle(CLAIMS, &["--budget", "2000", "--changed", "equipment", "--share", "1"])
        .assert_done()
        .says("1 甲公司 一期　技改项目设备和信息化投资补助：现行30万元，改后不给予")
        .says("2 甲公司 一期　企业自身节能技术改造补助：现行不给予，改后20万元");
    settle(CLAIMS, &["--budget", "2000", "--changed", "equipment", "--share", "3"])
        .assert_done()
        .says("各项申报的金额都不变");
    let csv = settle(CLAIMS, &["--budget", "300", "--format", "csv"]);
    let out = csv.assert_done().out.trim_start_matches('\u{feff}').to_owned();
    assert!(out.starts_with("申报编号,申报单位,项目,政策,现行条款,按批准先后：不设预算（元）"), "{out}");
    let wrong = settle(CLAIMS, &["--budget", "很多", "--of", "没有", "--changed", "equipment"]);
    wrong.assert_refused().says("--budget: ").says("--of: 计划里没有政策或政策组“没有”").says("--changed: 选了");
}

#[test]
fn every_key_and_column_is_documented() {
    let docs = std::fs::read_to_string(root().join("docs/rules.md")).unwrap();
    let (_, docs) = docs.split_once("## Support policies").unwrap();
    let mut found = BTreeSet::new();
    json_keys(&settle(CLAIMS, &["--format", "json"]).json(), &mut found);
    json_keys(&settle(CLAIMS, &["--budget", "300", "--format", "json"]).json(), &mut found);
    let budget = "申报单位,政策,核定金额\n甲公司,重大技改项目前期经费,100\n";
    let folder = Folder::new();
    let file = folder.write("claims.csv", budget);
    let fujian = plan("fujian-2013");
    json_keys(
        &jigai(&["policy", "settle", "--plan", &fujian, "--claims", &file, "--format", "json"]).json(),
        &mut found,
    );
    assert!(found.len() > 20 && found.contains("used_before"), "{found:?}");
    let missing: Vec<&String> = found.iter().filter(|key| !docs.contains(&format!("`{key}`"))).collect();
    assert!(missing.is_empty(), "not in docs/rules.md: {missing:?}");
    let untold: Vec<String> = domain::policy::Fact::all()
        .map(domain::policy::Fact::head)
        .filter(|head| !docs.contains(&format!("`{head}`")))
        .collect();
    assert!(untold.is_empty(), "not in docs/rules.md: {untold:?}");
    let header = settle(CLAIMS, &["--format", "csv"]);
    let header =
        header.assert_done().out.trim_start_matches('\u{feff}').lines().next().unwrap().trim_end().replace(',', ", ");
    assert!(docs.replace('\n', " ").contains(&header), "{header}");
}

#[test]
fn what_is_wrong_with_claims_is_said_at_its_line() {
    let check = |from: &str, to: &str, says: &str| {
        settle(&CLAIMS.replacen(from, to, 1), &[]).assert_refused().says(says);
    };
    check(
        "2,甲公司,企业自身节能技术改造补助",
        "2,甲公司,企业节能奖",
        "claims.csv:3: 计划里没有政策“企业节能奖”，请写 技改基金贷款贴息、",
    );
    check("纳入统计", "纳入统记", "claims.csv:1: 不认识的列“纳入统记”，是否应为“纳入统计”？");
    check("\"1,000\",是", "一千,是", "claims.csv:2: 设备和信息化投资额：“一千”");
    check("\"1,000\",是", "-5,是", "claims.csv:2: 设备和信息化投资额“-5”不能是负数");
    check("\"1,000\",是", "1000,也许", "claims.csv:2: 纳入统计：“也许”请写 是 或 否");
    check("2021-09-01", "2021-13-01", "claims.csv:2: 批准日期“2021-13-01”不是日期");
    check(
        "2,甲公司,企业自身节能技术改造补助",
        "1,甲公司,企业自身节能技术改造补助",
        "claims.csv:3: 申报编号“1”出现两次",
    );
    check(
        "2,甲公司,企业自身节能技术改造补助",
        "2,甲公司,equipment",
        "claims.csv:3: 甲公司就同一项目申报同一政策，与第2行重复",
    );
    check("2,甲公司", "2,", "claims.csv:3: 没有写申报单位");
    check("投资额（万元）", "投资额（千元）", "claims.csv:1: 列“设备和信息化投资额（千元）”的单位读不懂");
    check("年节能量（吨标准煤）", "年节能量（万吨标准煤）", "年节能量请按吨标准煤填写");
    check("申报单位", "单位", "claims.csv:1: 表头没有“申报单位”一列，请补上");
    settle("甲,乙\n1,2\n", &[]).assert_refused().says("没有表头，请写一行列名，其中要有“申报单位”和“政策”");
    // A comma within a number makes a cell more; blank lines count.
    let commas = "申报单位,政策,纳入统计,设备和信息化投资额（万元）\n\n甲,equipment,是,3,000\n";
    settle(commas, &[]).assert_refused().says("claims.csv:3: E3（“000”）在表头的最后一列后面");
    settle("", &[]).assert_refused();
    settle(CLAIMS, &["--year", "21"]).assert_refused().says("--year: “21”不是年份");
    let folder = Folder::new();
    let file = folder.write("claims.csv", CLAIMS);
    let edge = root().join("tests/fixtures/contract/edge.plan.toml").display().to_string();
    let ran = jigai(&["policy", "settle", "--plan", &edge, "--claims", &file]);
    ran.assert_refused().says("计划没有写扶持政策，请补写 [[policy]]");
    jigai(&["policy", "settle", "--plan", &plan("fuzhou-2021"), "--claims", "/nowhere.csv"]).assert_refused();
}

/// What stands in brackets behind a head holds for the numbers below it.
#[test]
fn a_column_may_have_another_unit_of_money() {
    let check = |head: &str, amount: &str, answer: &str| {
        let claims = format!("申报单位,政策,设备和信息化投资额{head},纳入统计\n甲公司,equipment,{amount},是\n");
        let settled = settle(&claims, &["--format", "json"]).json();
        assert_eq!(settled["claims"][0]["answer_text"], answer, "{head} {amount}");
    };
    check("（元）", "4000000", "不给予");
    check("(元)", "6000000", "18万元");
    check("（亿元）", "0.06", "18万元");
    check("（万元）", "600", "18万元");
    check("", "600", "18万元");
    // A cell that says its own unit keeps it.
    check("（元）", "0.06亿元", "18万元");
}

#[test]
fn a_firms_taxes_are_said_once() {
    let claims = "申报单位,政策,级别,获得认定,当年税收地方实得\n甲公司,两化融合奖励,省级,是,100\n甲公司,服务型制造示范企业奖励,省级,是,90\n";
    let folder = Folder::new();
    let file = folder.write("claims.csv", claims);
    let longnan = plan("longnan-2022");
    let ran = jigai(&["policy", "settle", "--plan", &longnan, "--claims", &file]);
    ran.assert_refused().says("甲公司的当年税收地方实得写了几个数：90万元、100万元，请改成一样");
}
