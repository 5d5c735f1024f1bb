//! What claims cost under a supposed budget, under either reading of who comes first.

use std::collections::BTreeMap;

use domain::money::Amount;
use domain::plan::policy::{Order, Policies};
use domain::plan::{Plan, file};
use domain::policy::what_if::{Scope, Supposed, WhatIf, field, what_if};
use domain::policy::{Claim, Fact, recipients, settle};

const PLAN: &str = r#"format = 1
id = "p"
title = "计划"
region = { name = "某市" }
years = [2021, 2025]
[document]
number = "某政〔2021〕1号"
[[goal]]
id = "g"
name = "投资"
kind = "amount"
unit = "万元"
targets = [{ year = 2021, value = "1" }]
[[goal.split]]
region = "甲县"
name = "甲县"
targets = [{ year = 2021, value = "1" }]
[[policy_group]]
id = "city"
title = "市级政策"
[[policy]]
id = "equipment"
title = "设备补助"
quote = "按3%给予补助，最高100万元"
paid_by = ["市财政"]
what = "share"
base = "equipment"
share_pct = "3"
cap = { firm = "100万元" }
group = "city"
budget = "150万元"
order = "approval"
[[policy]]
id = "award"
title = "称号奖励"
quote = "奖励20万元"
paid_by = ["市财政"]
what = "amount"
amount = "20万元"
"#;

fn plan() -> Plan {
    file::parse(PLAN).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn claims(policies: &Policies) -> Vec<Claim> {
    let stated = [
        ("1", "甲公司", "equipment", "5000", "2021-03-02"),
        ("2", "乙公司", "equipment", "2000", "2021-03-01"),
        ("3", "丙公司", "award", "", "2021-03-03"),
        ("4", "丁公司", "equipment", "", ""),
    ];
    let read = |(id, firm, policy, equipment, approved): (&str, &str, &str, &str, &str)| {
        let mut claim = Claim { id: id.to_owned(), ..Claim::default() };
        let facts = [("recipient", firm), ("policy", policy), ("equipment", equipment), ("approved", approved)];
        for (word, text) in facts {
            Fact::parse(word).unwrap().set(&mut claim, text, policies, 2021).unwrap();
        }
        claim
    };
    stated.into_iter().map(read).collect()
}

fn read(typed: &[(&'static str, &'static str)]) -> Result<Supposed, Vec<(&'static str, String)>> {
    let typed: BTreeMap<&str, &str> = typed.iter().copied().collect();
    Supposed::read(&plan().policies, |name| typed.get(name).copied().unwrap_or_default())
}

fn suppose(typed: &[(&'static str, &'static str)]) -> WhatIf {
    let (plan, supposed) = (plan(), read(typed).unwrap());
    let claims = claims(&plan.policies);
    what_if(&plan, &recipients(&claims), &claims, 2021, &supposed)
}

/// Asked, given, short, left of both readings, then what each claim gets less, in 元.
fn sums(found: &WhatIf, order: Order) -> ([i64; 4], Vec<Option<i64>>) {
    let reading = found.readings.iter().find(|reading| reading.order == order).unwrap();
    let of = [reading.used.asked, reading.used.given, reading.short, reading.left].map(|amount| amount.0);
    (of, found.lines.iter().map(|line| line.of(order).map(|share| share.less.0)).collect())
}

#[test]
fn a_years_money_is_shared_by_approval_or_pro_rata() {
    let plan = plan();
    let claims = claims(&plan.policies);
    let before = settle(&plan, &recipients(&claims), &claims, 2021);
    // 90 (its own 150万元 leaves no more) + 60 + 20 against 90万元.
    let found = suppose(&[(field::BUDGET, "90")]);
    let (of, less) = sums(&found, Order::Approval);
    assert_eq!(of, [1_700_000, 900_000, 800_000, 0]);
    assert_eq!(less, [Some(600_000), Some(0), Some(200_000), None]);
    let (of, less) = sums(&found, Order::ProRata);
    assert_eq!(of, [1_700_000, 900_000, 800_000, 0]);
    assert_eq!(less.iter().flatten().sum::<i64>(), 800_000);
    assert!(found.parts() && found.open == 1);
    assert_eq!(found.readings[0].sentence(), "按批准先后：申报共需170万元，可得90万元，不足80万元。");
    // Enough for all, and what is left.
    let (of, less) = sums(&suppose(&[(field::BUDGET, "0.02亿元")]), Order::ProRata);
    assert_eq!(of, [1_700_000, 1_700_000, 0, 300_000]);
    assert_eq!(less, [Some(0), Some(0), Some(0), None]);
    assert_eq!(settle(&plan, &recipients(&claims), &claims, 2021), before);
}

#[test]
fn a_policys_own_budget_is_replaced_and_its_declared_order_named() {
    let found = suppose(&[(field::BUDGET, "160万元"), (field::OF, "设备补助")]);
    assert_eq!((found.of.as_str(), found.title.as_str()), ("equipment", "设备补助"));
    let declared: Vec<bool> = found.readings.iter().map(|reading| reading.declared).collect();
    assert_eq!(declared, [true, false]);
    assert_eq!(sums(&found, Order::Approval).0, [1_600_000, 1_600_000, 0, 0]);
    assert!(found.readings[0].sentence().ends_with("刚好用完。") && found.readings[0].sentence().contains("文件写明"));
    // Nothing is taken from whom the money is not for: the award is no line of it.
    assert_eq!(found.lines.iter().map(|line| line.claim.as_str()).collect::<Vec<_>>(), ["1", "2", "4"]);
    let group = read(&[(field::BUDGET, "1"), (field::OF, "city")]).unwrap();
    assert_eq!(group.scope, Scope::Group("city".to_owned()));
    let found = suppose(&[(field::BUDGET, "75万元"), (field::OF, "市级政策")]);
    assert_eq!(
        sums(&found, Order::ProRata),
        ([1_500_000, 750_000, 750_000, 0], vec![Some(450_000), Some(300_000), None])
    );
}

#[test]
fn another_share_and_cap_of_one_policy() {
    let changed = [(field::CHANGED, "equipment"), (field::SHARE, "5%"), (field::CAP, "80")];
    let found = suppose(&[&changed[..], &[(field::BUDGET, "1000")]].concat());
    assert_eq!(
        found.changes,
        ["“设备补助”的比例由3%改为5%", "“设备补助”的上限（单个企业一年最高）由100万元改为80万元"]
    );
    // 80万元 each, of which its own budget bears 150; who was approved first has all of it.
    let given: Vec<Option<Amount>> = found.lines.iter().map(|line| line.by_approval.map(|share| share.given)).collect();
    assert_eq!(given, [Some(Amount(700_000)), Some(Amount(800_000)), Some(Amount(200_000)), None]);
    assert_eq!(found.lines[0].now_text, "90万元");
}

#[test]
fn what_cannot_be_supposed_is_said_at_its_field() {
    let check = |typed: &[(&'static str, &'static str)], at: &str, says: &str| {
        let wrong = read(typed).unwrap_err();
        assert!(wrong.iter().any(|(of, sentence)| *of == at && sentence.contains(says)), "{at}: {wrong:?}");
    };
    let money = (field::BUDGET, "100");
    check(&[], field::BUDGET, "没有填预算");
    check(&[(field::BUDGET, "很多")], field::BUDGET, "“很多”");
    check(&[(field::BUDGET, "-5")], field::BUDGET, "不能是负数");
    check(&[(field::BUDGET, "100000亿元")], field::BUDGET, "太大");
    check(&[money, (field::OF, "没有的")], field::OF, "没有政策或政策组“没有的”");
    check(&[money, (field::SHARE, "3")], field::CHANGED, "请同时选改哪一项政策");
    check(&[money, (field::CHANGED, "award")], field::CHANGED, "请写改成多少");
    check(&[money, (field::CHANGED, "award"), (field::SHARE, "3")], field::SHARE, "不是按一个比例给的");
    check(&[money, (field::CHANGED, "equipment"), (field::SHARE, "0")], field::SHARE, "大于0");
    check(&[money, (field::CHANGED, "equipment"), (field::CAP, "-1")], field::CAP, "不能是负数");
    // Everything at once.
    let wrong = read(&[(field::BUDGET, "x"), (field::OF, "y"), (field::CHANGED, "z")]).unwrap_err();
    assert_eq!(wrong.iter().map(|(of, _)| *of).collect::<Vec<_>>(), [field::BUDGET, field::OF, field::CHANGED]);
}

/// 不超过: an item that the office has named no amount for counts with the most it can be, and the sentence says so.
#[test]
fn what_is_only_at_most_something_counts_with_that_and_is_said() {
    let cloud = "[[policy]]\nid = \"cloud\"\ntitle = \"上云补助\"\nquote = \"不超过50%\"\npaid_by = [\"市财政\"]\n\
                 what = \"share\"\nbase = \"fee\"\nshare_pct = \"50\"\nbound = \"at_most\"\n";
    let plan = file::parse(&format!("{PLAN}{cloud}")).unwrap_or_else(|problems| panic!("{problems:?}"));
    let read = |id: &str, firm: &str, decided: &str| {
        let mut claim = Claim { id: id.to_owned(), ..Claim::default() };
        let facts = [("recipient", firm), ("policy", "cloud"), ("fee", "20"), ("decided", decided)];
        for (word, text) in facts {
            Fact::parse(word).unwrap().set(&mut claim, text, &plan.policies, 2021).unwrap();
        }
        claim
    };
    // At most 10万元, named 6万元, against 8万元.
    let claims = [read("1", "甲公司", ""), read("2", "乙公司", "6")];
    let supposed = Supposed::read(&plan.policies, |name| if name == field::BUDGET { "8" } else { "" }).unwrap();
    let found = what_if(&plan, &recipients(&claims), &claims, 2021, &supposed);
    let (of, less) = sums(&found, Order::ProRata);
    assert_eq!((of, less), ([160_000, 80_000, 80_000, 0], vec![Some(50_000), Some(30_000)]));
    let said = "申报共需16万元（其中1项还没有核定金额，按文件写的上限或下限计），可得8万元，不足8万元。";
    assert!(found.readings.iter().all(|reading| reading.sentence().ends_with(said)), "{:?}", found.readings);
}
