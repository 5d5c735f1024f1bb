//! Who objected stands beside the chain: through the office's own commands, on both databases.

use std::collections::BTreeMap;

use domain::plan::Plan;
use domain::policy::notice::ClaimObjection;
use domain::public_notice::Issuer;
use domain::rights::Role;
use domain::selection::edition::Stage;
use domain::selection::record::{Act, Content, Course, Objection, Step, word};
use office::commands::claim::{Doing, RecordClaim};
use office::commands::claim_notice::{ObjectToClaim, Objecting, PublishClaimNotice};
use office::commands::forget_objector::{ForgetObjector, Objected};
use office::commands::selection::{PublishSelection, RecordSelection, seen};
use office::posted::Posted;
use office::refusal::Refusal;
use office::who::Who;

use super::super::bench::Bench;
use super::super::{Access, Engine, Location, Store};
use super::{PLAN, on_both, somebody};

const MORE: &str = "\n[[unit]]\nid = \"350181\"\nname = \"福清市\"\n\n\
    [[policy]]\nid = \"equipment\"\ntitle = \"设备补助\"\nquote = \"3%\"\nwhat = \"share\"\nbase = \"equipment\"\n\
    share_pct = \"10\"\nnotice_days = 7\n\n\
    [[selection]]\nid = \"models\"\ntitle = \"示范企业\"\nquote = \"评选\"\nsubject = \"firm\"\nplaces = 1\n\
    notice_days = 5\nties = \"share_place\"\ncriteria = [{ name = \"水平\", full = \"100\" }]\n";
/// Noon of 2021-06-29 in Asia/Shanghai.
const NOW: i64 = 1_624_939_200_000;
const NAME: &str = "张晓明（举报人）";

fn reviewer() -> Who {
    somebody(3, Role::CityReviewer, NOW)
}

fn publisher() -> Who {
    somebody(4, Role::Publisher, NOW)
}

fn salt(of: &str) -> String {
    domain::canonical::sha256(of.as_bytes())
}

fn issuer() -> Issuer {
    Issuer { name: "某市工信局".to_owned(), contact: "0591-12345678".to_owned() }
}

fn forget(of: Objected, reason: &str) -> Result<ForgetObjector, Refusal> {
    let posted = Posted::new(vec![("reason".to_owned(), reason.to_owned())]);
    ForgetObjector::read(&plan_alone(), Some(of), &posted)
}

fn plan_alone() -> Plan {
    domain::plan::file::parse(&format!("{PLAN}{MORE}")).unwrap()
}

impl Bench {
    fn claim_step(&self, number: Option<u32>, seen: i64, what: Doing, who: Who) {
        let command = RecordClaim { plan: "fuzhou-2021".to_owned(), year: 2021, number, seen, what };
        self.run(command, who).unwrap();
    }

    /// A claim that two have decided, before the public.
    fn claim_before_the_public(&self) {
        let facts = [("recipient", "甲公司"), ("credit_code", "91350100M000100Y43"), ("policy", "equipment")];
        let facts = facts.into_iter().chain([("equipment", "600")]);
        let content = facts.map(|(word, text)| (word.to_owned(), text.to_owned())).collect::<BTreeMap<_, _>>();
        let enter = Doing::Enter { unit: "350181".to_owned(), content, words: String::new() };
        self.claim_step(None, 0, enter, reviewer());
        let (words, returned) = (String::new(), String::new());
        self.claim_step(
            Some(1),
            1,
            Doing::Decide { amount: None, words, paper: true, proof: true, returned },
            reviewer(),
        );
        self.claim_step(Some(1), 2, Doing::Confirm, publisher());
        let (plan, issuer) = ("fuzhou-2021".to_owned(), issuer());
        let notice = PublishClaimNotice { plan, year: 2021, issuer, named: None, listed: None, public_key: None };
        self.run(notice, publisher()).unwrap();
    }

    fn object(&self, what: Objecting, who: Who) -> Result<(), Refusal> {
        let salt = salt("claim");
        self.run(ObjectToClaim { plan: "fuzhou-2021".to_owned(), year: 2021, claim: 1, what, salt }, who)
    }

    fn objections(&self) -> Vec<ClaimObjection> {
        self.runtime
            .block_on(async { self.store.read().await.unwrap().claim_objections("fuzhou-2021", 2021).await.unwrap() })
    }

    fn selection_step(&self, act: Act, number: Option<u32>, content: &[(&str, &str)], who: Who) {
        let steps = self.selection_steps();
        let known: Vec<Step> = match act {
            Act::Confirm => steps,
            _ => steps.into_iter().filter(|step| Some(step.number) == number).collect(),
        };
        let command = RecordSelection {
            plan: "fuzhou-2021".to_owned(),
            selection: "models".to_owned(),
            year: 2021,
            number,
            seen: seen(act, &known),
            act,
            unit: "350181".to_owned(),
            content: content.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect::<Content>(),
            salt: salt("selection"),
        };
        self.run(command, who).unwrap();
    }

    fn selection_steps(&self) -> Vec<Step> {
        self.runtime.block_on(async {
            self.store.read().await.unwrap().selection_steps("fuzhou-2021", "models", 2021).await.unwrap()
        })
    }

    fn nomination_objection(&self) -> Objection {
        let plan = plan_alone();
        let course = Course::of(plan.selection("models").unwrap(), &self.selection_steps());
        course.get(1).unwrap().objections[0].clone()
    }

    #[track_caller]
    fn cannot_forget(&self, of: Objected, says: &str) {
        let refused = self.run(forget(of, "到期").unwrap(), reviewer()).unwrap_err().sentence();
        assert!(refused.contains(says), "{refused}");
    }

    fn proved(&self) -> Result<Option<(usize, i64)>, String> {
        let proved = self.runtime.block_on(self.store.verify());
        proved.map(|proved| proved.forgotten).map_err(|error| error.to_string())
    }

    fn texts(&self, sql: &str) -> Vec<String> {
        let query = sqlx::query_scalar(sqlx::AssertSqlSafe(sql.to_owned()));
        self.runtime.block_on(async { query.fetch_all(&self.store.read).await.unwrap() })
    }

    /// Everything that the chained rows and the trail say.
    fn said(&self) -> String {
        let text = |sql: &str| self.texts(sql).join("\n");
        text("SELECT objector || words FROM claim_objection")
            + &text("SELECT content FROM selection_step")
            + &text("SELECT object || detail FROM audit")
    }
}

const ONE: Objected = Objected::Claim { year: 2021, claim: 1, number: 1 };

fn nominated() -> Objected {
    Objected::Nomination { selection: "models".to_owned(), year: 2021, nomination: 1, number: 1 }
}

#[test]
fn who_objected_is_kept_beside_the_chain_and_can_be_forgotten() {
    on_both(|bench| {
        bench.import_plan(&format!("{PLAN}{MORE}"), None, super::machine()).unwrap();
        bench.claim_before_the_public();
        let words = "设备发票与清单不符".to_owned();
        let named = Objecting::Object { by: NAME.to_owned(), words: format!("{NAME}反映设备不符") };
        assert!(bench.object(named, reviewer()).unwrap_err().sentence().contains("请不要写提出人的名称"));
        bench.object(Objecting::Object { by: NAME.to_owned(), words: words.clone() }, reviewer()).unwrap();
        bench.object(Objecting::Object { by: NAME.to_owned(), words: words.clone() }, reviewer()).unwrap();
        assert_eq!(bench.objections().len(), 1, "a second press");
        assert_eq!(bench.objections()[0].by, NAME);
        assert!(!bench.said().contains("张晓明"), "{}", bench.said());
        bench.cannot_forget(ONE, "还没有答复");
        let answer = |words: String| Objecting::Answer { number: 1, upheld: false, words };
        let named = bench.object(answer(format!("已告知{NAME}")), publisher()).unwrap_err().sentence();
        assert!(named.contains("请不要写提出人的名称"), "{named}");
        bench.object(answer("已核对".to_owned()), publisher()).unwrap();
        // A backup carries him.
        let others = [Location::Postgres(Bench::new_database()), Location::Folder(Bench::empty_folder())];
        bench.runtime.block_on(async {
            for location in others {
                let other = Store::open(&location, Access::Create).await.unwrap();
                bench.store.copy_to(&other).await.unwrap();
                other.verify().await.unwrap();
                let copied = other.read().await.unwrap().claim_objections("fuzhou-2021", 2021).await.unwrap();
                assert_eq!(copied[0].by, NAME);
            }
        });
        assert_eq!(bench.proved(), Ok(None));
        assert!(forget(ONE, " ").unwrap_err().sentence().contains("删除的理由"));
        let leader = bench.run(forget(ONE, "到期").unwrap(), somebody(5, Role::Leader, NOW));
        assert!(matches!(leader, Err(Refusal::Forbidden(..))));
        bench.cannot_forget(Objected::Claim { year: 2021, claim: 1, number: 2 }, "没有这个异议");
        let told = bench.run(forget(ONE, &format!("{NAME}要求删除")).unwrap(), reviewer()).unwrap_err().sentence();
        assert!(told.contains("请不要写提出人的名称"), "{told}");
        bench.run(forget(ONE, "保存期满").unwrap(), reviewer()).unwrap();
        let objection = &bench.objections()[0];
        assert_eq!((objection.by.as_str(), objection.words.as_str()), ("", words.as_str()));
        assert!(objection.key.is_some() && objection.answer.is_some());
        bench.cannot_forget(ONE, "已经删除");
        assert_eq!(bench.proved(), Ok(Some((1, NOW))));
    });
}

#[test]
fn who_objected_to_a_selection_can_be_forgotten_too() {
    on_both(|bench| {
        bench.import_plan(&format!("{PLAN}{MORE}"), None, super::machine()).unwrap();
        let nominated_firm = [(word::FIRM, "甲公司"), (word::WORDS, "技术领先")];
        bench.selection_step(Act::Nominate, None, &nominated_firm, reviewer());
        bench.selection_step(Act::Score, Some(1), &[("score-水平", "90")], reviewer());
        bench.selection_step(Act::Confirm, None, &[], publisher());
        let (plan, selection) = ("fuzhou-2021".to_owned(), "models".to_owned());
        let (year, stage, issuer, listed, public_key) = (2021, Stage::Notice, issuer(), None, None);
        bench.run(PublishSelection { plan, selection, year, stage, issuer, listed, public_key }, publisher()).unwrap();
        bench.selection_step(Act::Object, Some(1), &[(word::BY, NAME), (word::WORDS, "材料不实")], reviewer());
        assert_eq!(bench.nomination_objection().step.by(), NAME);
        assert!(!bench.said().contains("张晓明"), "{}", bench.said());
        bench.cannot_forget(nominated(), "还没有答复");
        // Where it is declared he is answered and forgotten: a revision keeps it, under its id.
        let without = format!("{PLAN}{}", MORE.split("[[selection]]").next().unwrap());
        for revised in [without, format!("{PLAN}{MORE}").replace("id = \"models\"", "id = \"other\"")] {
            let refused = bench.import_plan(&revised, Some("修订"), super::machine()).unwrap_err().sentence();
            assert!(refused.contains("评选“示范企业”（models）2021年已有办理记录"), "{refused}");
        }
        bench.selection_step(Act::Answer, Some(1), &[(word::WORDS, "属实"), (word::OBJECTION, "1")], publisher());
        bench.run(forget(nominated(), "保存期满").unwrap(), publisher()).unwrap();
        assert!(!bench.nomination_objection().step.is_named());
        bench.cannot_forget(nominated(), "已经删除");
        assert_eq!(bench.proved(), Ok(Some((1, NOW))));
    });
}

#[test]
fn names_that_were_changed_behind_the_office_are_found() {
    on_both(|bench| {
        bench.import_plan(&format!("{PLAN}{MORE}"), None, super::machine()).unwrap();
        bench.claim_before_the_public();
        bench.object(Objecting::Object { by: NAME.to_owned(), words: "不符".to_owned() }, reviewer()).unwrap();
        let of = if bench.store.engine == Engine::Postgres { " ON personal_name" } else { "" };
        bench.sql(&[&format!("DROP TRIGGER personal_name_no_update{of}")]);
        bench.sql(&["UPDATE personal_name SET name = '李四'"]);
        assert!(bench.proved().unwrap_err().contains("姓名被改动过"));
        bench.sql(&["DELETE FROM personal_name"]);
        assert!(bench.proved().unwrap_err().contains("由谁提出不在了"));
        let (salt, own) = (salt("claim"), domain::personal::key(&salt("claim"), NAME));
        let put = format!("INSERT INTO personal_name VALUES ('{own}', '{salt}', '{NAME}')");
        bench.sql(&[&put]);
        assert!(bench.proved().unwrap_err().contains("少了 触发器 personal_name_no_update"));
        let other = domain::personal::key(&salt, "王五");
        bench.sql(&[&format!("INSERT INTO personal_name VALUES ('{other}', '{salt}', '王五')")]);
        assert!(bench.proved().unwrap_err().contains("没有登记异议"));
        bench.sql(&[&format!("DELETE FROM personal_name WHERE sha256 = '{other}'")]);
        bench.object(Objecting::Answer { number: 1, upheld: false, words: "已核对".to_owned() }, publisher()).unwrap();
        bench.run(forget(ONE, "保存期满").unwrap(), reviewer()).unwrap();
        bench.sql(&[&put]);
        assert!(bench.proved().unwrap_err().contains("已经删除，数据库里又有了"));
    });
}

/// Rows of before held the name itself: they are read as they are, and say why they cannot be emptied.
#[test]
fn a_name_in_a_row_of_before_stays() {
    on_both(|bench| {
        bench.import_plan(&format!("{PLAN}{MORE}"), None, super::machine()).unwrap();
        bench.claim_before_the_public();
        bench.object(Objecting::Object { by: NAME.to_owned(), words: "不符".to_owned() }, reviewer()).unwrap();
        bench.unlock("claim_objection");
        bench.sql(&["UPDATE claim_objection SET objector = '张晓明'"]);
        assert_eq!((bench.objections()[0].by.as_str(), &bench.objections()[0].key), ("张晓明", &None));
        bench.object(Objecting::Answer { number: 1, upheld: false, words: "已核对".to_owned() }, publisher()).unwrap();
        assert_eq!(bench.texts("SELECT objector FROM claim_objection"), ["张晓明", "张晓明"]);
        bench.cannot_forget(ONE, "升级以前登记");
    });
}
