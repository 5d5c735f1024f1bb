//! What policies come to: case files in `tests/policy_cases/*.toml` (their README says how one is written), and what
//! must hold whatever is claimed.

mod plan_keys;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use domain::money::Amount;
use domain::plan::check::{Finding, check as findings};
use domain::plan::{Plan, file, writer};
use domain::policy::record::{Record, State};
use domain::policy::{Answer, Borne, Claim, Fact, Had, Recipients, Settlement, borne, disagreements, settle, yuan};
use domain::rate::Rate;
use proptest::prelude::*;
use serde::Deserialize;

use plan_keys::check_key;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    title: String,
    plan: Option<String>,
    rules: Option<String>,
    year: i32,
    claim: Vec<BTreeMap<String, toml::Value>>,
    /// Decided in other years, with `year`, `number` and `amount` (元).
    #[serde(default)]
    had: Vec<BTreeMap<String, toml::Value>>,
    /// `二级节点补助：已用 500万元，不足 20万元`
    #[serde(default)]
    budgets: Vec<String>,
}

const PLAN: &str = "format = 1\nid = \"p\"\ntitle = \"计划\"\nregion = { name = \"某市\" }\nyears = [2021, 2025]\n\
                    [document]\nnumber = \"某政〔2021〕1号\"\n\
                    [[goal]]\nid = \"g\"\nname = \"投资\"\nkind = \"amount\"\nunit = \"万元\"\n\
                    targets = [{ year = 2021, value = \"1\" }]\n\
                    [[goal.split]]\nregion = \"甲县\"\nname = \"甲县\"\ntargets = [{ year = 2021, value = \"1\" }]\n";

fn shipped(name: &str) -> Plan {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../assets/plans/{name}.plan.toml"));
    let source = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    file::parse(&source).unwrap_or_else(|problems| panic!("{name}: {problems:?}"))
}

fn plan(rules: &str) -> Plan {
    file::parse(&format!("{PLAN}{rules}")).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// Keys of a claim that are no facts.
const EXPECTED: [&str; 6] = ["answer", "says", "payers", "year", "number", "amount"];

fn claim(stated: &BTreeMap<String, toml::Value>, number: usize, plan: &Plan, year: i32) -> Claim {
    let mut claim = Claim { id: format!("{:03}", number + 1), ..Claim::default() };
    for (key, value) in stated.iter().filter(|(key, _)| !EXPECTED.contains(&key.as_str())) {
        let fact = Fact::parse(key).unwrap_or_else(|| panic!("{key} is no fact"));
        let text = value.as_str().unwrap_or_else(|| panic!("{key} is no text"));
        fact.set(&mut claim, text, &plan.policies, year).unwrap_or_else(|error| panic!("{key}: {error}"));
    }
    claim
}

fn texts(value: Option<&toml::Value>) -> Vec<&str> {
    value.and_then(|value| value.as_array()).into_iter().flatten().map(|text| text.as_str().unwrap()).collect()
}

fn settled(plan: &Plan, claims: &[Claim], year: i32) -> Settlement {
    settled_beside(plan, claims, &[], year)
}

fn settled_beside(plan: &Plan, claims: &[Claim], had: &[Had], year: i32) -> Settlement {
    assert_eq!(disagreements(&plan.policies, claims, year), Vec::<String>::new());
    settle(plan, &Recipients::of(claims, had.to_vec()), claims, year)
}

fn had(stated: &BTreeMap<String, toml::Value>, plan: &Plan) -> Had {
    let number = |key: &str| stated[key].as_integer().unwrap_or_else(|| panic!("{key} is no number"));
    let year = number("year") as i32;
    let claim = claim(stated, 0, plan, year);
    Had { year, number: number("number") as u32, claim, amount: Amount(number("amount")) }
}

fn check(path: &Path) -> usize {
    let text = fs::read_to_string(path).unwrap();
    let case: Case = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let plan = match (&case.plan, &case.rules) {
        (Some(name), None) => shipped(name),
        (None, Some(rules)) => plan(rules),
        _ => panic!("{}: write plan or rules", path.display()),
    };
    let claims: Vec<Claim> =
        case.claim.iter().enumerate().map(|(number, stated)| claim(stated, number, &plan, case.year)).collect();
    let had: Vec<Had> = case.had.iter().map(|stated| had(stated, &plan)).collect();
    let found = settled_beside(&plan, &claims, &had, case.year);
    let mut wrong: Vec<String> = Vec::new();
    for (stated, settled) in case.claim.iter().zip(&found.claims) {
        let about = format!("{}：{}：{settled:#?}", case.title, settled.recipient);
        let (expected, answer) = (stated["answer"].as_str().unwrap(), settled.answer.text());
        if answer != expected {
            wrong.push(format!("{answer}, expected {expected}: {about}"));
        }
        let trace = settled.trace.join("\n");
        let unsaid = texts(stated.get("says")).into_iter().filter(|says| !trace.contains(says));
        wrong.extend(unsaid.map(|says| format!("{says} is not said: {about}")));
        let payers: Vec<String> =
            settled.payers.iter().map(|(name, amount)| format!("{name} {}", yuan(*amount))).collect();
        if stated.contains_key("payers") && payers != texts(stated.get("payers")) {
            wrong.push(format!("{payers:?}: {about}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    if !case.budgets.is_empty() {
        let said: Vec<String> = found
            .budgets
            .iter()
            .filter(|used| used.asked.0 > 0)
            .map(|used| format!("{}：已用 {}，不足 {}", used.title, yuan(used.given), yuan(used.short())))
            .collect();
        assert_eq!(said, case.budgets, "{}", case.title);
    }
    let backwards: Vec<Claim> = claims.iter().rev().cloned().collect();
    let mut again = settled_beside(&plan, &backwards, &had, case.year);
    again.claims.reverse();
    assert_eq!(again, found, "{}: the order of claims moved a result", case.title);
    case.claim.len()
}

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policy_cases");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    paths.sort();
    let claims: usize = paths.iter().map(|path| check(path)).sum();
    assert!(claims >= 550, "{claims}");
}

/// Every policy of the five plans has a case that is given something, and every line of its scale: no other test would
/// see that two of them were mistaken for each other.
#[test]
fn every_policy_and_every_line_has_a_case() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policy_cases");
    let mut given: BTreeMap<(String, String), Vec<Option<Amount>>> = BTreeMap::new();
    let mut levels: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "toml") {
            continue;
        }
        let case: Case = toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let Some(name) = &case.plan else { continue };
        let plan = shipped(name);
        for stated in &case.claim {
            let answer = stated["answer"].as_str().unwrap();
            if answer.starts_with("不给予") || answer.starts_with("还缺") {
                continue;
            }
            let claim = claim(stated, 0, &plan, case.year);
            let policy = plan.policies.get(&claim.policy).unwrap();
            let key = (name.clone(), policy.id.clone());
            levels.entry(key.clone()).or_default().extend(claim.level.as_deref().map(fold));
            given.entry(key).or_default().push(policy.base().and_then(|base| claim.quantities.get(&base).copied()));
        }
    }
    for name in ["fuzhou-2021", "fengze-2022", "fujian-2013", "ningde-2021", "longnan-2022"] {
        for policy in shipped(name).policies.list {
            let key = (name.to_owned(), policy.id.clone());
            let bases = given.get(&key).unwrap_or_else(|| panic!("{key:?} has no case that is given something"));
            for tier in &policy.tiers {
                let is_met = match &tier.level {
                    Some(level) => levels[&key].contains(&fold(level)),
                    None => policy.base().is_none() || bases.iter().flatten().any(|base| tier.holds(*base)),
                };
                assert!(is_met, "{key:?}: no case of {tier:?}");
            }
        }
    }
}

/// 国家级 and 国家 are the same line.
fn fold(level: &str) -> String {
    level.trim_end_matches('级').to_owned()
}

/// Every policy of the five plans is written and read again as the same.
#[test]
fn policies_are_written_as_they_are_read() {
    let mut policies = 0;
    for name in ["fuzhou-2021", "fengze-2022", "fujian-2013", "ningde-2021", "longnan-2022"] {
        let plan = shipped(name);
        let again = file::parse(&writer::write(&plan)).unwrap_or_else(|problems| panic!("{problems:?}"));
        assert_eq!(again.policies, plan.policies, "{name}");
        policies += plan.policies.list.len();
    }
    assert!(policies >= 66, "{policies}");
}

fn equipment(id: usize, firm: &str, base: i64, listed: bool) -> Claim {
    use domain::plan::policy::{Flag, Quantity};
    Claim {
        id: format!("{id:03}"),
        recipient: firm.to_owned(),
        policy: "equipment".to_owned(),
        project: format!("项目{id}"),
        quantities: BTreeMap::from([(Quantity::EquipmentIt, Amount(base))]),
        flags: BTreeMap::from([(Flag::InStatistics, listed)]),
        ..Claim::default()
    }
}

/// 三、（七）: 省、市、县（市、区）分别承担 30%、30%、40%. Each claim's 元 are divided whole, and nothing is lost.
#[test]
fn levels_of_government_bear_their_shares_of_what_was_decided_and_paid() {
    let plan = shipped("fuzhou-2021");
    let record = |number: u32, policy: &str, decided: i64, paid: i64| Record {
        number,
        unit: "350181".to_owned(),
        claim: Claim { policy: policy.to_owned(), ..Claim::default() },
        state: State::Decided,
        decided: Some(Amount(decided)),
        agreed: None,
        paid: Amount(paid),
        steps: Vec::new(),
    };
    let waiting = Record { state: State::Waiting, decided: None, ..record(4, "completion", 0, 0) };
    let records = [
        record(1, "completion", 100_001, 50_000),
        record(2, "completion", 9, 9),
        record(3, "equipment", 300_000, 300_000),
        waiting,
    ];
    let found = borne(&plan.policies, &records.iter().collect::<Vec<_>>());
    let of = |payer: &str, decided: i64, paid: i64| Borne {
        payer: payer.to_owned(),
        decided: Amount(decided),
        paid: Amount(paid),
        outstanding: Amount(decided - paid),
        back: Amount(0),
    };
    let city = plan.policies.get("equipment").unwrap().payers[0].0.clone();
    let whole = [
        of("省", 30_002, 15_002),
        of("市", 30_003, 15_003),
        of("县（市、区）", 40_005, 20_004),
        of(&city, 300_000, 300_000),
    ];
    assert_eq!(found, whole);
    // What has to come back of one claim pays nothing of another.
    let apart = borne(&plan.policies, &[&record(1, "equipment", 600, 750), &record(2, "equipment", 1_000, 0)]);
    assert_eq!((apart[0].back, apart[0].outstanding), (Amount(150), Amount(1_000)));
    // Where a sum falls, a part of it may rise: nothing comes back of what was not paid too much.
    let mut three = plan.clone();
    let completion = three.policies.list.iter_mut().find(|policy| policy.id == "completion").unwrap();
    for ((_, share), percent) in completion.payers.iter_mut().zip([50, 30, 20]) {
        *share = Rate::new(percent, 100).unwrap();
    }
    let divided = borne(&three.policies, &[&record(1, "completion", 6, 5)]);
    assert_eq!(divided.iter().map(|one| (one.outstanding.0, one.back.0)).collect::<Vec<_>>(), [(0, 0), (0, 0), (1, 0)]);
    let sum = |of: fn(&Borne) -> Amount| found.iter().map(|one| of(one).0).sum::<i64>();
    assert_eq!((sum(|one| one.decided), sum(|one| one.paid)), (400_010, 350_009));
}

fn sum_of(found: &Settlement, firm: &str) -> i64 {
    let own = found.claims.iter().filter(|settled| settled.recipient == firm);
    own.map(|settled| settled.answer.amount().map_or(0, |amount| amount.0)).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// 单个企业最高500万元, whatever is claimed; and the whole of it where more is asked.
    #[test]
    fn no_firm_gets_more_than_its_cap(made in proptest::collection::vec((0..3_usize, 0..40_000_000_000_i64, any::<bool>()), 1..12)) {
        let plan = shipped("fuzhou-2021");
        let firms = ["甲公司", "乙公司", "丙公司"];
        let claims: Vec<Claim> =
            made.iter().enumerate().map(|(id, (firm, base, listed))| equipment(id, firms[*firm], *base, *listed)).collect();
        let found = settled(&plan, &claims, 2021);
        for firm in firms {
            let alone: i64 = claims.iter().filter(|claim| claim.recipient == firm)
                .map(|claim| sum_of(&settled(&plan, std::slice::from_ref(claim), 2021), firm)).sum();
            prop_assert_eq!(sum_of(&found, firm), alone.min(5_000_000));
        }
        prop_assert!(found.claims.iter().all(|settled| settled.answer.amount().is_some_and(|amount| amount.0 >= 0)));
    }

    /// More investment never gives less.
    #[test]
    fn a_higher_base_never_gives_less(base in 0..40_000_000_000_i64, more in 0..1_000_000_000_i64) {
        let plan = shipped("fuzhou-2021");
        let of = |base: i64| sum_of(&settled(&plan, &[equipment(1, "甲公司", base, true)], 2021), "甲公司");
        prop_assert!(of(base + more) >= of(base));
        let exact = i128::from(base) * 3 / 100;
        let expected = if base < 5_000_000 { 0 } else { exact.min(5_000_000) as i64 };
        prop_assert_eq!(of(base), expected);
    }

    /// Claims in any order come to the same, each.
    #[test]
    fn the_order_of_claims_moves_nothing(
        (made, shuffled) in proptest::collection::vec((0..2_usize, 0..40_000_000_000_i64), 1..8)
            .prop_flat_map(|made| (Just(made.clone()), Just((0..made.len()).collect::<Vec<_>>()).prop_shuffle()))
    ) {
        let plan = shipped("fuzhou-2021");
        let claims: Vec<Claim> = made.iter().enumerate()
            .map(|(id, (firm, base))| equipment(id, ["甲公司", "乙公司"][*firm], *base, true)).collect();
        let found = settled(&plan, &claims, 2021);
        let other: Vec<Claim> = shuffled.iter().map(|at| claims[*at].clone()).collect();
        let again = settled(&plan, &other, 2021);
        for (at, settled) in shuffled.iter().zip(&again.claims) {
            prop_assert_eq!(settled, &found.claims[*at]);
        }
    }
}

/// Three policies of one group: shares of equipment, a fixed sum, so much a tonne.
fn grouped(group: &str) -> Plan {
    let policy = |id: &str, lines: &str| {
        format!("[[policy]]\nid = \"{id}\"\ntitle = \"{id}\"\nquote = \"某\"\ngroup = \"g\"\n{lines}\n")
    };
    let share = policy("share", "what = \"share\"\nbase = \"equipment\"\nshare_pct = \"7.3\"");
    let fixed = policy("fixed", "what = \"amount\"\namount = \"20万元\"");
    let unit = policy("unit", "what = \"unit\"\nbase = \"saved\"\nper_unit = \"500元\"");
    plan(&format!("[[policy_group]]\nid = \"g\"\ntitle = \"某\"\n{group}\n{share}{fixed}{unit}"))
}

prop_compose! {
    /// Claims of three firms on three policies, approved on few days or not yet.
    fn claims()(made in proptest::collection::vec(
        (0..3_usize, 0..3_usize, 0..2_000_000_000_i64, 0..4_u32), 1..14)) -> Vec<Claim> {
        use domain::plan::policy::Quantity;
        made.into_iter().enumerate().map(|(id, (firm, policy, number, day))| Claim {
            id: format!("{id:03}"),
            recipient: ["甲公司", "乙公司", "丙公司"][firm].to_owned(),
            policy: ["share", "fixed", "unit"][policy].to_owned(),
            project: format!("项目{id}"),
            quantities: BTreeMap::from([(Quantity::Equipment, Amount(number)), (Quantity::Saved, Amount(number))]),
            approved: chrono::NaiveDate::from_ymd_opt(2021, 5, day),
            ..Claim::default()
        }).collect()
    }
}

fn given(found: &Settlement) -> Vec<i64> {
    found.claims.iter().map(|settled| settled.answer.amount().map_or(0, |amount| amount.0)).collect()
}

const FIRMS: [&str; 3] = ["甲公司", "乙公司", "丙公司"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// A budget is never passed, and used up where more is asked; nobody gets more than without it.
    #[test]
    fn a_budget_bears_what_it_holds(claims in claims(), pro_rata in any::<bool>(), shuffle in any::<u64>()) {
        let order = if pro_rata { "pro_rata" } else { "approval" };
        let bounded = grouped(&format!("budget = \"37万元\"\norder = \"{order}\""));
        let (free, found) = (settled(&grouped(""), &claims, 2021), settled(&bounded, &claims, 2021));
        let (free, some) = (given(&free), given(&found));
        prop_assert!(free.iter().zip(&some).all(|(free, some)| some <= free && *some >= 0));
        prop_assert_eq!(some.iter().sum::<i64>(), free.iter().sum::<i64>().min(370_000));
        prop_assert_eq!(found.budgets[0].given.0, some.iter().sum::<i64>());
        // In any order of the list, each gets the same.
        let mut other: Vec<Claim> = claims.clone();
        other.sort_by_key(|claim| claim.id.bytes().fold(shuffle, |sum, byte| sum.rotate_left(9) ^ u64::from(byte)));
        let again = settled(&bounded, &other, 2021);
        for settled in &again.claims {
            let same = found.claims.iter().find(|known| known.claim == settled.claim);
            prop_assert_eq!(Some(settled), same);
        }
    }

    /// 以企业当年所缴税收地方财政实得部分为限: each firm's sums together.
    #[test]
    fn no_firm_gets_more_than_its_taxes(claims in claims(), tax in 0..3_000_000_i64) {
        let claims: Vec<Claim> =
            claims.into_iter().map(|claim| Claim { local_tax: Some(Amount(tax)), ..claim }).collect();
        let free = settled(&grouped(""), &claims, 2021);
        for order in ["approval", "pro_rata"] {
            let found = settled(&grouped(&format!("limit = \"local_tax_share\"\norder = \"{order}\"")), &claims, 2021);
            for firm in FIRMS {
                prop_assert_eq!(sum_of(&found, firm), sum_of(&free, firm).min(tax));
            }
        }
        // Undeclared, a claim has a certain sum only where both orders agree.
        let open = settled(&grouped("limit = \"local_tax_share\""), &claims, 2021);
        for (at, settled) in open.claims.iter().enumerate() {
            if let Answer::Sum { amount, .. } = settled.answer {
                prop_assert!(amount.0 <= free.claims[at].answer.amount().map_or(0, |amount| amount.0));
            }
        }
    }

    /// 就高补差: the firm has its highest policy, what it had elsewhere taken off, and nothing twice.
    #[test]
    fn the_highest_is_made_up_to(claims in claims(), had in 0..2_000_000_i64) {
        let plan = grouped("combine = \"highest_with_top_up\"");
        let free = settled(&grouped(""), &claims, 2021);
        let claims: Vec<Claim> =
            claims.into_iter().map(|claim| Claim { elsewhere: Some(Amount(had)), ..claim }).collect();
        let found = settled(&plan, &claims, 2021);
        for firm in FIRMS {
            let of = |policy: &str| -> i64 {
                let own = free.claims.iter().filter(|it| it.recipient == firm && it.policy == policy);
                own.map(|settled| settled.answer.amount().map_or(0, |amount| amount.0)).sum()
            };
            let highest = ["share", "fixed", "unit"].map(of).into_iter().max().unwrap();
            prop_assert_eq!(sum_of(&found, firm), (highest - had).max(0));
        }
    }
}

#[test]
fn numbers_that_cannot_be_are_refused() {
    let plan = shipped("fengze-2022");
    let check = |fact: &str, text: &str, says: &str| {
        let fact = Fact::parse(fact).unwrap();
        let error = fact.set(&mut Claim::default(), text, &plan.policies, 2022).unwrap_err();
        assert!(error.contains(says), "{text}: {error}");
    };
    check("融资本金", "10000.00000001亿", "太大，最多 100000000万元，请核对单位");
    check("债券利率", "101", "太大，最多 100%");
    check("当年计息月数", "13", "太大，最多 12个月");
    check("年节能量", "-1", "不能是负数");
    check("完工年份", "去年", "不是年份，请写成 2019");
    check("认定日期", "2022-02-30", "不是日期");
    check("首次", "好像", "请写 是 或 否");
}

#[test]
fn a_policy_that_is_not_there_is_said() {
    let plan = shipped("fuzhou-2021");
    let claim = Claim { policy: "unknown".to_owned(), ..equipment(1, "甲公司", 1, true) };
    assert_eq!(settled(&plan, &[claim], 2021).claims[0].answer, Answer::Unknown);
}

fn found(rules: &str) -> Vec<Finding> {
    findings(&plan(rules)).into_iter().filter(|finding| finding.code.starts_with("policy_")).collect()
}

/// Terms that cannot bind, overlap or are left open are found; none of them is a mistake of the file.
#[test]
fn terms_that_do_not_work_are_found() {
    let check = |rules: &str, code: &str, says: &str| {
        let found = found(rules);
        let known = found.iter().find(|finding| finding.code == code);
        let known = known.unwrap_or_else(|| panic!("{rules}: no {code} in {found:?}"));
        assert!(known.message.contains(says), "{says} in {}", known.message);
    };
    let policy = |lines: &str| {
        format!("[[policy]]\nid = \"a\"\ntitle = \"某项\"\nquote = \"某\"\npaid_by = [\"市财政\"]\n{lines}\n")
    };
    let share = "what = \"share\"\nbase = \"equipment\"\nshare_pct = \"3\"\n";
    let told = "notice_days = 5\nvalid_to = 2025-12-31\n";
    assert_eq!(found(&policy(&format!("{share}{told}cap = {{ firm = \"500万元\" }}"))), []);
    check(&policy(share), "policy_notice_open", "决定以后不公示就可以兑付");
    check(
        &policy("what = \"amount\"\namount = \"20万元\"\ncap = { project = \"50万元\" }"),
        "policy_cap_never",
        "至多20万元",
    );
    let project = format!("{share}cap = {{ project = \"500万元\", firm = \"200万元\" }}");
    check(&policy(&project), "policy_cap_never", "最高500万元不会用到");
    let firm = "what = \"amount\"\namount = \"10万元\"\ncap = { firm = \"50万元\" }";
    check(&policy(firm), "policy_cap_never", "一项至多10万元，最高50万元要一家有6项才用得到");
    check(&policy(&format!("once = true\n{firm}")), "policy_cap_never", "最高50万元不会用到，按条款至多10万元");
    // Of products a firm may have any number, and of levels each.
    assert_eq!(found(&policy(&format!("{told}recipient = \"product\"\n{firm}"))), []);
    let levels = "what = \"amount\"\ntiers = [{ level = \"国家级\", amount = \"40万元\" }, { level = \"省级\", amount = \
                  \"20万元\" }]\ncap = { firm = \"50万元\" }";
    assert_eq!(found(&policy(&format!("{told}{levels}"))), []);
    let always = format!("{share}threshold = \"1亿元\"\ncap = {{ project = \"300万元\" }}");
    check(&policy(&always), "policy_cap_always", "达到门槛就有300万元");
    let tiers = |tiers: &str| policy(&format!("what = \"share\"\nbase = \"total\"\ntiers = [{tiers}]"));
    let overlapping = "{ below = \"1000万元\", amount = \"10万元\" }, { from = \"800万元\", amount = \"20万元\" }";
    check(&tiers(overlapping), "policy_tiers_overlap", "800万元到1000万元在两档之内");
    let gap = "{ below = \"800万元\", amount = \"10万元\" }, { from = \"1000万元\", amount = \"20万元\" }";
    check(&tiers(gap), "policy_tiers_overlap", "800万元到1000万元不在任何一档之内");
    let twice = "{ from = \"100万元\", amount = \"10万元\" }, { from = \"1000万元\", amount = \"20万元\" }";
    check(&tiers(twice), "policy_tiers_overlap", "1000万元以上的档次写了两遍");
    // A line that reaches over the next, and one within another.
    let within = "{ below = \"1000万元\", amount = \"10万元\" }, { from = \"200万元\", below = \"300万元\", amount = \
                  \"20万元\" }, { from = \"400万元\", amount = \"30万元\" }";
    check(&tiers(within), "policy_tiers_overlap", "200万元到300万元在两档之内");
    let overlaps = found(&tiers(within)).into_iter().filter(|finding| finding.code == "policy_tiers_overlap");
    let overlaps: Vec<String> = overlaps.map(|finding| finding.message).collect();
    assert!(overlaps.len() == 2 && overlaps[1].contains("400万元到1000万元在两档之内"), "{overlaps:?}");
    let falling = "{ below = \"1000万元\", share_pct = \"5\" }, { from = \"1000万元\", share_pct = \"3\" }";
    check(&tiers(falling), "policy_scale_falls", "不到1000万元的可得近50万元，1000万元的只有30万元");
    let of_total = format!("{share}cap = {{ share_pct = \"5\", share_of = \"equipment\" }}");
    check(&policy(&of_total), "policy_cap_never", "不超过设备投资额的5%不会用到，按条款至多3%");
    let interest = "what = \"interest\"\nshare_pct = \"2\"\nyears = 2\n";
    let principal = format!("{interest}cap = {{ principal = \"1亿元\", firm = \"300万元\" }}");
    check(&policy(&principal), "policy_cap_never", "最高300万元不会用到，按条款至多200万元");
    // What the document does not say of several policies, or of their days.
    check(&policy(share), "policy_validity_open", "各项政策没有写有效期，按计划年度2021—2025年申报");
    check(&policy(interest), "policy_validity_open", "“某项”2021—2027年");
    let two = format!("{}{}", policy(share), policy(share).replace("\"a\"", "\"b\"").replace("某项", "另一项"));
    check(&two, "policy_combine_open", "各项政策能否同时享受，文件没有写，按可以同时享受计算");
    let declared = "[[policy_group]]\nid = \"g\"\ntitle = \"某\"\ncombine = \"both\"\n";
    let grouped = format!("{declared}{}", two.replace("paid_by", "group = \"g\"\npaid_by"));
    assert!(found(&grouped).iter().all(|finding| finding.code != "policy_combine_open"));
    let one_grouped = format!("{declared}{}", two.replacen("paid_by", "group = \"g\"\npaid_by", 1));
    check(&one_grouped, "policy_combine_open", "“另一项”与其他政策能否同时享受");
    let short = format!("{share}cap = {{ project = \"500万元\" }}\nbudget = \"400万元\"");
    check(&policy(&short), "policy_budget_short", "不够一项的500万元");
    check(&policy(&short), "policy_order_undeclared", "谁先谁后");
    // One claim comes to its amount, whatever the cap; and to the most of its scale.
    let enough = "what = \"amount\"\namount = \"10万元\"\ncap = { firm = \"50万元\" }\nbudget = \"30万元\"\n\
                  order = \"approval\"";
    assert!(found(&policy(enough)).iter().all(|finding| finding.code != "policy_budget_short"));
    let levels = "what = \"amount\"\ntiers = [{ level = \"国家级\", amount = \"40万元\" }]\nbudget = \"30万元\"";
    check(&policy(levels), "policy_budget_short", "不够一项的40万元");
    let scale = "what = \"share\"\nbase = \"price\"\n\
                 tiers = [{ level = \"国内\", share_pct = \"60\", cap = \"200万元\" }]\nbudget = \"100万元\"";
    check(&policy(scale), "policy_budget_short", "不够一项的200万元");
    let choice = "what = \"choice\"\namounts = [\"10万元\", \"20万元\"]\ndepends_on = \"投资规模\"";
    check(&policy(choice), "policy_scale_open", "按投资规模，没有写档次");
    check(&policy("what = \"open\""), "policy_amount_open", "没有写金额");
    check(&policy("what = \"elsewhere\"\nelsewhere = \"某政〔2020〕2号\""), "policy_elsewhere", "某政〔2020〕2号");
    let nobody = policy(share).replace("paid_by = [\"市财政\"]\n", "");
    check(&nobody, "policy_payer_open", "没有写由谁出资");
    check("[[policy_group]]\nid = \"g\"\ntitle = \"某\"\n", "policy_group_empty", "没有政策属于它");
    let group = "[[policy_group]]\nid = \"g\"\ntitle = \"某\"\nlimit = \"local_tax_share\"\n";
    check(&format!("{group}{}", policy(&format!("{share}group = \"g\""))), "policy_order_undeclared", "先减哪一项");
}

/// What is wrong with keys of policies is said on its line, with what to write instead.
#[test]
fn wrong_keys_of_policies_are_said() {
    let check = |rules: &str, line: usize, says: &str| check_key(PLAN, rules, line, says);
    let policy = |lines: &str| format!("[[policy]]\nid = \"a\"\ntitle = \"某项\"\nquote = \"某\"\n{lines}\n");
    check("[[policy]]\nid = \"a\"\ntitle = \"某项\"\nwhat = \"open\"\n", 1, "缺少 policy.quote");
    check(&policy(""), 1, "缺少 policy.what，请写 amount、");
    check(&policy("what = \"gift\""), 5, "请写 amount、");
    check(&policy("what = \"share\"\nbase = \"equipment\""), 1, "要写 share_pct 或 tiers");
    check(&policy("what = \"share\"\nshare_pct = \"3\""), 1, "要写 base");
    check(&policy("what = \"share\"\nbase = \"saved\"\nshare_pct = \"3\""), 6, "不是金额");
    check(&policy("what = \"amount\"\namount = \"20\""), 6, "要写金额和单位");
    check(&policy("what = \"amount\"\namount = \"20万元\"\nshare_pct = \"3\""), 7, "与 what = \"amount\" 不合");
    check(&policy("what = \"choice\"\namounts = [\"20万元\", \"10万元\"]"), 6, "从小到大");
    check(&policy("what = \"elsewhere\""), 1, "要写 elsewhere");
    check(&policy("what = \"open\"\nyears = 2"), 6, "years 只用于贴息");
    check(&policy("what = \"open\"\ngroup = \"x\""), 6, "没有定义");
    check(&policy("what = \"open\"\norder = \"approval\""), 6, "要同时写 budget");
    check(&policy("what = \"open\"\npaid_by = [\"省 30%\", \"市 30%\"]"), 6, "合计 60%，应为 100%");
    check(&policy("what = \"open\"\npaid_by = [\"省30%\", \"市３０％\"]"), 6, "合计 60%，应为 100%");
    check(&policy("what = \"open\"\npaid_by = [\"省\", \"市 30%\"]"), 6, "“省”要写各付多少");
    let scale =
        "what = \"share\"\nbase = \"total\"\nshare_pct = \"3\"\ntiers = [{ below = \"1万元\", share_pct = \"2\" }]";
    check(&policy(scale), 7, "policy.share_pct 和 tiers 不能都写");
    check(&policy("what = \"open\"\nthreshold = \"500万元\""), 6, "没有基数");
    check(
        &policy("what = \"open\"\nconditions = [{ is = \"first\", of = \"total\", least = \"1元\" }]"),
        6,
        "每一项写一个条件",
    );
    let completed = |year: &str| policy(&format!("what = \"open\"\nconditions = [{{ completed_in = [{year}] }}]"));
    // A slip of a digit, and what would be another year in fewer bits.
    for year in ["20190", "4294969314", "2147483647", "0", "-1"] {
        check(&completed(year), 6, &format!("completed_in 的 {year} 不是年份，请写成 [2018, 2019]"));
    }
    check(&policy("what = \"interest\"\nabove = \"lpr\""), 6, "请写 [[parameter]] 的 id");
    let levels =
        "what = \"amount\"\ntiers = [{ level = \"省级\", amount = \"1元\" }, { level = \"省\", amount = \"2元\" }]";
    check(&policy(levels), 1, "级别“省”出现两次");
    check(&format!("{0}{0}", policy("what = \"open\"")), 7, "policy “a”出现两次");
    check("[[parameter]]\nid = \"lpr\"\nname = \"某\"\n", 1, "缺少 values");
    check("[[policy_group]]\nid = \"g\"\ntitle = \"某\"\norder = \"approval\"\n", 1, "要同时写 budget 或 limit");
    check("[[policy_group]]\nid = \"g\"\ntitle = \"某\"\nlimit_taxes = \"增值税\"\n", 1, "要同时写 limit");
    let span = "[[policy_group]]\nid = \"g\"\ntitle = \"某\"\nvalid_from = 2022-01-01\nvalid_to = 2021-01-01\n";
    check(span, 1, "不能晚于");
}
