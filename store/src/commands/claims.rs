//! Claims of support policies through the office's own commands, on both databases.

use std::collections::BTreeMap;

use domain::day::Day;
use domain::money::Amount;
use domain::policy::record::{Record, State, records};
use domain::recognition::Stated;
use domain::rights::Role;
use office::commands::claim::{Doing, RecordClaim, is_shown};
use office::commands::recognitions::KeepRecognitions;
use office::refusal::Refusal;
use office::who::Who;

use super::super::bench::Bench;
use super::super::{Access, Location, Store};
use super::{PLAN, on_both, somebody};

const POLICY: &str = "\n[[unit]]\nid = \"350181\"\nname = \"福清市\"\n\n\
    [[policy_group]]\nid = \"all\"\ntitle = \"各项\"\nlimit = \"local_tax_share\"\norder = \"pro_rata\"\n\n\
    [[policy]]\nid = \"equipment\"\ntitle = \"设备补助\"\nquote = \"3%\"\nwhat = \"share\"\nbase = \"equipment\"\n\
    share_pct = \"10\"\ngroup = \"all\"\nbudget = \"100万元\"\norder = \"pro_rata\"\n\n\
    [[policy]]\nid = \"cloud\"\ntitle = \"上云补助\"\nquote = \"不高于30%\"\nwhat = \"share\"\nbase = \"fee\"\n\
    share_pct = \"30\"\nbound = \"at_most\"\n";
/// Noon of 2021-06-29 in Asia/Shanghai.
const NOW: i64 = 1_624_939_200_000;

fn reporter() -> Who {
    let mut who = somebody(1, Role::CountyReporter, NOW);
    who.viewer.as_mut().unwrap().post.as_mut().unwrap().domain.unit = Some("350181".to_owned());
    who
}

fn reviewer() -> Who {
    somebody(3, Role::CityReviewer, NOW)
}

fn publisher() -> Who {
    somebody(4, Role::Publisher, NOW)
}

fn finance() -> Who {
    somebody(5, Role::Finance, NOW)
}

/// A claim of equipment for so many 万元.
fn equipment(firm: &str, base: &str) -> Doing {
    let code = if firm == "乙公司" { "91350100M000200Y4T" } else { "91350100M000100Y43" };
    enter(&[("recipient", firm), ("credit_code", code), ("policy", "equipment"), ("equipment", base)])
}

fn enter(facts: &[(&str, &str)]) -> Doing {
    let content = facts.iter().map(|(word, text)| ((*word).to_owned(), (*text).to_owned()));
    Doing::Enter { unit: "350181".to_owned(), content: content.collect::<BTreeMap<_, _>>(), words: String::new() }
}

fn decide(amount: Option<&str>) -> Doing {
    let (words, returned) = (String::new(), String::new());
    Doing::Decide { amount: amount.map(str::to_owned), words, paper: true, proof: true, returned }
}

fn pay(amount: i64) -> Doing {
    let day = Day::parse("2021-06-29").unwrap();
    Doing::Pay { amount: Amount(amount), day, words: "某财企〔2021〕3号".to_owned() }
}

impl Bench {
    fn fuzhou_with_policies(&self) {
        self.import_plan(&format!("{PLAN}{POLICY}"), None, super::machine()).unwrap();
    }

    fn claims(&self) -> Vec<Record> {
        self.runtime.block_on(async {
            let mut state = self.store.read().await.unwrap();
            let plan = state.plan("fuzhou-2021").await.unwrap().unwrap().plan;
            records(&plan.policies, 2021, &state.claim_steps("fuzhou-2021", 2021).await.unwrap())
        })
    }

    /// The next step of a claim as somebody sees it now.
    fn claim(&self, number: Option<u32>, what: Doing, who: Who) -> Result<u32, Refusal> {
        let known = self.claims();
        let own = known.iter().find(|record| Some(record.number) == number);
        let seen = own.map_or(0, |record| record.steps.iter().filter(|step| is_shown(step, &who, "350100")).count());
        self.run(RecordClaim { plan: "fuzhou-2021".to_owned(), year: 2021, number, seen: seen as i64, what }, who)
    }

    fn recognise(&self, firm: &str) {
        let stated = Stated {
            firm: firm.to_owned(),
            unit: "350181".to_owned(),
            title: "绿色工厂".to_owned(),
            level: "省级".to_owned(),
            document: "闽工信〔2021〕1号".to_owned(),
            day: "2021-03-01".parse().unwrap(),
            ..Stated::default()
        };
        let lines = vec![(None, stated)];
        let plan = "fuzhou-2021".to_owned();
        let command = KeepRecognitions { plan, lines, seen: 0, reason: None, file: String::new() };
        self.run(command, reviewer()).unwrap();
    }

    #[track_caller]
    fn refuses(&self, number: Option<u32>, what: Doing, who: Who, says: &str) {
        let refused = self.claim(number, what, who).unwrap_err().sentence();
        assert!(refused.contains(says), "{refused}");
    }
}

const TAX: &str = "100";

fn tax() -> Doing {
    Doing::Tax { content: BTreeMap::from([("local_tax".to_owned(), TAX.to_owned())]) }
}

#[test]
fn a_decision_rests_on_what_it_froze() {
    on_both(|bench| {
        bench.fuzhou_with_policies();
        assert_eq!(bench.claim(None, equipment("甲公司", "600"), reporter()).unwrap(), 1);
        bench.refuses(Some(1), decide(None), reviewer(), "还缺：当年税收地方实得");
        bench.claim(Some(1), tax(), finance()).unwrap();
        bench.refuses(Some(1), decide(Some("5")), reviewer(), "不用写核定金额");
        bench.claim(Some(1), decide(None), reviewer()).unwrap();
        assert!(matches!(bench.claim(Some(1), Doing::Confirm, reviewer()), Err(Refusal::OwnWork)));
        bench.refuses(Some(1), equipment("甲公司", "700"), reporter(), "正在等第二人确认决定");
        // Another claim takes a part of the same budget: what was proposed does not hold any longer.
        assert_eq!(bench.claim(None, equipment("乙公司", "600"), reporter()).unwrap(), 2);
        bench.claim(Some(2), tax(), finance()).unwrap();
        bench.refuses(Some(1), Doing::Confirm, publisher(), "有关数据变了，现在算得：50万元");
        bench.claim(Some(1), Doing::SendBack { reason: "重新计算".to_owned() }, publisher()).unwrap();
        bench.claim(Some(1), equipment("甲公司", "600"), reporter()).unwrap();
        bench.claim(Some(1), decide(None), reviewer()).unwrap();
        bench.refuses(Some(1), pay(500_000), finance(), "还没有两个人作出的决定");
        bench.claim(Some(1), Doing::Confirm, publisher()).unwrap();
        bench.refuses(Some(1), pay(500_001), finance(), "还要兑付50万元");
        bench.refuses(Some(1), pay(-1), finance(), "还要兑付50万元");
        bench.claim(Some(1), pay(500_000), finance()).unwrap();
        bench.refuses(Some(1), pay(1), finance(), "已经全部兑付");
        let record = &bench.claims()[0];
        assert_eq!((record.state, record.decided, record.paid), (State::Paid, Some(Amount(500_000)), Amount(500_000)));
        let frozen = record.steps.iter().rev().find_map(|step| step.frozen.clone()).unwrap();
        assert_eq!(frozen.inputs, BTreeMap::from([(1, 5), (2, 2)]));
        assert_eq!((frozen.settled.answer.amount(), frozen.plan_version), (Some(Amount(500_000)), Some(1)));
        bench.runtime.block_on(bench.store.verify()).unwrap();
        bench.unlock("claim_step");
        bench.sql(&["UPDATE claim_step SET amount = 600000 WHERE step = 'pay'"]);
        let altered = bench.runtime.block_on(bench.store.verify()).unwrap_err().to_string();
        assert!(altered.contains("claim_step"), "{altered}");
    });
}

#[test]
fn within_its_room_the_office_names_the_amount() {
    on_both(|bench| {
        bench.fuzhou_with_policies();
        let cloud = [("recipient", "甲公司"), ("policy", "cloud"), ("fee", "10")];
        bench.claim(None, enter(&cloud), reporter()).unwrap();
        // Nothing is given to a firm that no code tells from others.
        bench.refuses(Some(1), decide(Some("2.5")), reviewer(), "没有写统一社会信用代码");
        let cloud = [&cloud[..], &[("credit_code", "91350100M000100Y43")]].concat();
        bench.claim(Some(1), enter(&cloud), reporter()).unwrap();
        bench.refuses(Some(1), decide(None), reviewer(), "请写核定金额");
        bench.refuses(Some(1), decide(Some("3.1")), reviewer(), "不超过3万元");
        bench.refuses(Some(1), decide(Some("三万")), reviewer(), "“三万”");
        bench.claim(Some(1), decide(Some("2.5")), reviewer()).unwrap();
        bench.claim(Some(1), Doing::Confirm, publisher()).unwrap();
        assert_eq!(bench.claims()[0].decided, Some(Amount(25_000)));
        bench.refuses(Some(1), decide(Some("2.5")), publisher(), "与已经作出的决定一样");
        // A firm's taxes are of all its claims.
        bench.claim(None, equipment("甲 公司", "600"), reporter()).unwrap();
        bench.claim(Some(2), tax(), finance()).unwrap();
        let taxes: Vec<Option<Amount>> = bench.claims().iter().map(|record| record.claim.local_tax).collect();
        assert_eq!(taxes, [Some(Amount(1_000_000)); 2]);
        bench.claim(Some(2), decide(None), reviewer()).unwrap();
        bench.refuses(Some(1), tax(), finance(), "这项政策不看企业的税收");
        let other =
            enter(&[("recipient", "甲公司"), ("policy", "equipment"), ("project", "二期"), ("equipment", "600")]);
        // By its name alone it is the same firm.
        bench.claim(None, other, reporter()).unwrap();
        bench.refuses(Some(3), tax(), finance(), "这家企业的第2号正在等第二人确认决定");
        // Nobody does what is another post's.
        for (what, who) in [(decide(Some("2")), reporter()), (pay(25_000), reviewer()), (tax(), publisher())] {
            assert!(matches!(bench.claim(Some(1), what, who), Err(Refusal::Forbidden(..))));
        }
        let mut other = reporter();
        other.viewer.as_mut().unwrap().post.as_mut().unwrap().domain.unit = Some("350121".to_owned());
        assert!(matches!(bench.claim(None, enter(&cloud), other), Err(Refusal::Forbidden(..))));
        bench.refuses(None, enter(&cloud), reporter(), "第1号已经为甲公司申报了同一项目的同一政策");
    });
}

#[test]
fn a_backup_holds_claims_and_a_pack_does_not() {
    on_both(|bench| {
        bench.fuzhou_with_policies();
        bench.claim(None, equipment("甲公司", "600"), reporter()).unwrap();
        bench.claim(Some(1), tax(), finance()).unwrap();
        bench.claim(Some(1), decide(None), reviewer()).unwrap();
        bench.recognise("甲公司");
        let other = Location::Postgres(Bench::new_database());
        bench.runtime.block_on(async {
            let other = Store::open(&other, Access::Create).await.unwrap();
            bench.store.copy_to(&other).await.unwrap();
            let of = async |store: &Store| store.read().await.unwrap().claim_steps("fuzhou-2021", 2021).await.unwrap();
            assert_eq!((of(&other).await.len(), of(&other).await), (3, of(&bench.store).await));
            let lists = async |store: &Store| store.read().await.unwrap().recognitions("350100").await.unwrap();
            assert_eq!((lists(&other).await.len(), lists(&other).await), (1, lists(&bench.store).await));
            other.verify().await.unwrap();
            // Firms' taxes and names leave with no pack of the plan's evidence.
            let extract = bench.store.extract("fuzhou-2021").await.unwrap();
            assert!(!extract.tables.iter().any(|(table, _)| table == "claim_step" || table == "recognition"));
            let words = format!("{:?}", extract.audit);
            assert!(!words.contains("claim") && !words.contains("甲公司"), "{words}");
            let empty = Bench::empty_folder();
            let store = Store::open(&Location::Folder(empty.clone()), Access::Create).await.unwrap();
            store.fill(&extract, None).await.unwrap();
            store.verify_extract(&extract, "fuzhou-2021").await.unwrap();
            std::fs::remove_dir_all(empty).unwrap();
        });
    });
}
