//! What the lists of recognitions say of a claim that rests on one.

use std::collections::BTreeMap;
use std::path::Path;

use domain::plan::Plan;
use domain::plan::file;
use domain::plan::policy::Flag;
use domain::policy::{Claim, listed};
use domain::recognition::{Recognition, Stated};

fn shipped(name: &str) -> Plan {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../assets/plans/{name}.plan.toml"));
    let source = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    file::parse(&source).unwrap_or_else(|problems| panic!("{name}: {problems:?}"))
}

fn claim(firm: &str, level: Option<&str>) -> Claim {
    Claim {
        recipient: firm.to_owned(),
        level: level.map(str::to_owned),
        flags: BTreeMap::from([(Flag::Recognised, true)]),
        ..Claim::default()
    }
}

/// On 10 May 2021 for 甲公司.
fn recognition(title: &str, level: &str) -> Recognition {
    let stated = Stated {
        firm: "甲公司".to_owned(),
        owner: None,
        credit_code: None,
        unit: "350902".to_owned(),
        title: title.to_owned(),
        level: level.to_owned(),
        batch: String::new(),
        document: "闽工信〔2021〕9号".to_owned(),
        day: chrono::NaiveDate::from_ymd_opt(2021, 5, 10).unwrap(),
        withdrawn: None,
        paired: None,
    };
    Recognition { number: 1, version: 1, stated, reason: String::new(), at: 0, actor: String::new() }
}

/// `Ok` and `Err` with a part of the sentence.
fn check(plan: &Plan, policy: &str, claim: &Claim, known: &[Recognition], expected: Option<Result<&str, &str>>) {
    let found = listed(plan.policies.get(policy).unwrap(), claim, known);
    let found = found.as_ref().map(|said| said.as_deref().map_err(String::as_str));
    match (found, expected) {
        (Some(Ok(said)), Some(Ok(part))) | (Some(Err(said)), Some(Err(part))) => {
            assert!(said.contains(part), "{policy}: {said}: {part}");
        }
        (found, expected) => assert_eq!(found, expected, "{policy}: {claim:?}"),
    }
}

/// 宁德 calls “专精特新”企业 what a list calls 专精特新中小企业.
#[test]
fn a_list_is_meant_by_how_its_title_begins() {
    let ningde = shipped("ningde-2021");
    let own = claim("甲 公司", Some("省级"));
    let known = [recognition("专精特新中小企业", "省级")];
    let said = "认定名单：专精特新中小企业（省级，2021年5月10日，闽工信〔2021〕9号）";
    check(&ningde, "specialised", &own, &known, Some(Ok(said)));
    check(&ningde, "specialised", &claim("乙公司", Some("省级")), &known, Some(Err("没有这家企业的这项认定")));
    // Without such a list nobody can say.
    check(&ningde, "specialised", &own, &[recognition("绿色工厂", "省级")], None);
    check(&ningde, "specialised", &own, &[], None);
    // What was withdrawn bears nothing out.
    let mut gone = recognition("专精特新中小企业", "省级");
    gone.stated.withdrawn = Some(gone.stated.day);
    check(&ningde, "specialised", &own, &[gone], Some(Err("）已在2021年5月10日撤销，请核对")));
    // Who claims no recognition is not looked for.
    check(&ningde, "specialised", &Claim { flags: BTreeMap::new(), ..own }, &known, None);
}

#[test]
fn the_level_of_the_claim_or_else_of_the_document_has_to_be_the_lists() {
    let (ningde, fuzhou) = (shipped("ningde-2021"), shipped("fuzhou-2021"));
    let known = [recognition("专精特新中小企业", "市级")];
    check(&ningde, "specialised", &claim("甲公司", Some("市级")), &known, Some(Ok("（市级")));
    let wrong = "申报写省级，认定名单里是专精特新中小企业（市级，2021年5月10日";
    check(&ningde, "specialised", &claim("甲公司", Some("省级")), &known, Some(Err(wrong)));
    // 对列入省级循环经济的示范企业
    let provincial = [recognition("循环经济示范企业", "省级")];
    check(&fuzhou, "circular_demonstration", &claim("甲公司", None), &provincial, Some(Ok("（省级")));
    let municipal = [recognition("循环经济示范企业", "市级")];
    check(&fuzhou, "circular_demonstration", &claim("甲公司", None), &municipal, Some(Err("申报写省级")));
}

/// A platform or a product is its owner's.
#[test]
fn what_a_firm_runs_or_makes_is_its_own() {
    let ningde = shipped("ningde-2021");
    let mut platform = recognition("服务型制造示范平台", "省级");
    platform.stated.owner = Some("甲公司".to_owned());
    platform.stated.firm = "云平台".to_owned();
    check(
        &ningde,
        "service_manufacturing",
        &claim("甲公司", Some("省级")),
        &[platform],
        Some(Ok("服务型制造示范平台")),
    );
}
