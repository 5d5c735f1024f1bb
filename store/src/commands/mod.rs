//! The office's commands in process, on both databases: right, rules, rows and proof without a server in between.

mod claims;
mod copies;
mod evidence;
mod faults;
mod forms;
mod kept;
mod names;
mod people;
mod projects;
mod publications;
mod returns;
mod rhythms;
mod rosters;
mod seals;
mod tasks;
mod terms;
mod watched;
mod worksheets;

use domain::month::Period;
use domain::rights::{Reach, Role};
use office::commands::Command;
use office::commands::choose_reading::{ChooseReading, Wish};
use office::commands::import_returns::ImportReturns;
use office::commands::keep_plan::{ImportPlan, PlanChange};
use office::commands::letterhead::WriteLetterhead;
use office::commands::publish::Publish;
use office::commands::receipt::SignReceipt;
use office::facts::ReportKey;
use office::people::NewPost;
use office::refusal::Refusal;
use office::viewer::{Account, Post, Viewer};
use office::who::Who;

use super::bench::Bench;
use super::{StoreError, Writer};

const PLAN: &str = include_str!("../../../tests/fixtures/contract/fuzhou-2021.plan.toml");
const RETURNS: &str = include_str!("../../../tests/fixtures/contract/fuzhou-2021.returns.csv");
const MAY: Period = Period { year: 2021, month: 5 };
/// Noon of a day after the year 2021.
const LATER: i64 = 1_650_000_000_000;

fn on_both(check: fn(&Bench)) {
    check(&Bench::sqlite());
    check(&Bench::postgres());
}

fn machine() -> Who {
    Who::machine("测试", 1_625_000_000_000)
}

fn somebody(id: i64, role: Role, at: i64) -> Who {
    let office = (!role.is_admin()).then(|| "350100".to_owned());
    let account = Account {
        id,
        login: format!("p{id}"),
        name: format!("某{id}"),
        phone: String::new(),
        disabled: false,
        has_totp: false,
        password_at: None,
        last_log_in: None,
    };
    let post =
        Post { id: format!("post-{id}"), domain: Reach { role, office, unit: None }, title: role.name().to_owned() };
    let session = String::new();
    let viewer =
        Viewer { account, post: Some(post), session, must_change: false, password_ends: None, must_enrol: false };
    Who { session: None, ..Who::signed_in(viewer, at) }
}

impl Bench {
    fn run<C: Command>(&self, command: C, who: Who) -> Result<C::Done, Refusal> {
        self.runtime.block_on(self.store.carry_out(command, who))
    }

    fn sql(&self, statements: &[&str]) {
        self.runtime.block_on(async {
            for statement in statements {
                sqlx::query(sqlx::AssertSqlSafe((*statement).to_owned())).execute(&self.store.write).await.unwrap();
            }
        });
    }

    /// As somebody with the database's password could.
    fn unlock(&self, table: &str) {
        match self.store.engine {
            super::Engine::Sqlite => {
                self.sql(&[&format!("DROP TRIGGER {table}_no_update"), &format!("DROP TRIGGER {table}_no_delete")])
            }
            super::Engine::Postgres => self.sql(&[&format!("DROP TRIGGER {table}_append_only ON {table}")]),
        }
    }

    fn head(&self) -> i64 {
        self.runtime.block_on(async { self.store.read().await.unwrap().head().await.unwrap().seq })
    }

    fn import_plan(&self, source: &str, reason: Option<&str>, who: Who) -> Result<PlanChange, Refusal> {
        let plan = domain::plan::file::parse(source).unwrap();
        let reason = reason.map(str::to_owned);
        self.run(ImportPlan { plan, source: source.to_owned(), file_name: "p.toml".to_owned(), reason }, who)
    }

    fn import(&self, csv: &str, reason: Option<&str>) -> Result<(usize, usize, usize), Refusal> {
        let plan = domain::plan::file::parse(PLAN).unwrap();
        let read = documents::returns::parse(&plan, plan.default_goal(), csv.as_bytes(), "r.csv");
        assert!(read.all_problems().is_empty(), "{:?}", read.all_problems());
        let command = ImportReturns {
            plan: plan.id,
            rows: read.rows,
            file_name: "r.csv".to_owned(),
            file_sha256: domain::canonical::sha256(csv.as_bytes()),
            reason: reason.map(str::to_owned),
            accept: Default::default(),
            holidays: Default::default(),
        };
        self.run(command, machine()).map(|done| (done.new, done.revised, done.unchanged))
    }

    fn publish(&self, reason: Option<&str>) -> Result<u32, Refusal> {
        let command = Publish {
            plan: "fuzhou-2021".to_owned(),
            period: MAY,
            reason: reason.map(str::to_owned),
            wording: Default::default(),
            based_on: None,
            public_key: None,
        };
        self.run(command, machine()).map(|published| published.edition.edition)
    }

    fn fuzhou(&self) {
        assert_eq!(self.import_plan(PLAN, None, machine()).unwrap(), PlanChange::New);
        assert_eq!(self.import(RETURNS, None).unwrap(), (28, 0, 0));
    }
}

#[test]
fn what_verify_names_is_not_published() {
    on_both(|bench| {
        bench.fuzhou();
        assert_eq!(bench.publish(None).unwrap(), 1);
        let csv = "region,period,value,base,growth_pct,note\n鼓楼区,2021-05,7.60,6.80,,\n";
        assert_eq!(bench.import(csv, Some("统计核增")).unwrap(), (0, 1, 0));
        bench.unlock("return_revision");
        bench.unlock("edition");
        bench.unlock("plan_version");
        bench.unlock("audit");
        let of = |place: &str, by: &str| format!("UPDATE return_revision SET value = value {by} WHERE {place}");
        let newest = "region_id = '350102' AND month = 5 AND revision = 2";
        for (alter, restore) in [
            // Older than the last proof, newer than it, and a revision that no longer counts.
            (of("region_id = '350121' AND month = 12", "+ 1"), of("region_id = '350121' AND month = 12", "- 1")),
            (of(newest, "+ 1"), of(newest, "- 1")),
            (of("region_id = '350102' AND revision = 1", "+ 1"), of("region_id = '350102' AND revision = 1", "- 1")),
            ("UPDATE edition SET published_by = 'x'".to_owned(), "UPDATE edition SET published_by = '测试'".to_owned()),
            (
                "UPDATE plan_version SET file_name = 'x' WHERE plan_id = 'fuzhou-2021'".to_owned(),
                "UPDATE plan_version SET file_name = 'p.toml' WHERE plan_id = 'fuzhou-2021'".to_owned(),
            ),
            (
                "UPDATE audit SET actor = 'x' WHERE seq = 15".to_owned(),
                "UPDATE audit SET actor = '测试' WHERE seq = 15".to_owned(),
            ),
        ] {
            bench.sql(&[&alter]);
            let verified = bench.runtime.block_on(bench.store.verify());
            let Err(StoreError::Altered(named)) = verified else { panic!("{alter}: {verified:?}") };
            let (head, refused) = (bench.head(), bench.publish(Some("更正")));
            assert!(matches!(&refused, Err(Refusal::Altered(what)) if *what == named), "{alter}: {named}, {refused:?}");
            assert_eq!(bench.head(), head, "{alter}");
            bench.sql(&[&restore]);
        }
        // A row that is gone, and one too many.
        bench.sql(&["DELETE FROM return_revision WHERE region_id = '350121' AND month = 12"]);
        assert!(matches!(bench.publish(Some("更正")), Err(Refusal::Altered(_))));
    });
}

#[test]
fn an_import_is_all_or_nothing_and_needs_its_reason() {
    on_both(|bench| {
        bench.fuzhou();
        assert_eq!(bench.import(RETURNS, None).unwrap(), (0, 0, 28));
        let head = bench.head();
        let csv = "region,period,value,base,growth_pct,note\n鼓楼区,2021-05,7.60,6.80,,\n鼓楼区,2021-06,9,8,,\n";
        let refused = bench.import(csv, None);
        assert!(matches!(&refused, Err(Refusal::NeedsReason(changed)) if changed.len() == 1), "{refused:?}");
        assert_eq!(bench.head(), head);
        assert!(matches!(bench.publish(None), Ok(1)));
        let head = bench.head();
        assert!(matches!(bench.publish(None), Err(Refusal::Invalid(_))), "the same once more");
        assert_eq!(bench.head(), head);
    });
}

#[test]
fn a_plan_that_cannot_be_read_leaves_the_others_alone() {
    on_both(|bench| {
        bench.fuzhou();
        bench.import_plan(&PLAN.replacen("fuzhou-2021", "other-2021", 1), None, machine()).unwrap();
        bench.unlock("plan_version");
        bench.sql(&["UPDATE plan_version SET source = 'titel = 1' WHERE plan_id = 'other-2021'"]);
        bench.runtime.block_on(async {
            let mut state = bench.store.read().await.unwrap();
            let plans: Vec<String> =
                state.plans().await.unwrap().into_iter().map(|version| version.plan.id.clone()).collect();
            assert!(
                plans.contains(&"fuzhou-2021".to_owned()) && !plans.contains(&"other-2021".to_owned()),
                "{plans:?}"
            );
            let unreadable = state.unreadable_plans().await.unwrap();
            assert_eq!(unreadable.len(), 1);
            assert!(unreadable[0].sentence().starts_with("计划 other-2021 第 1 版读不懂：第 1 行"), "{unreadable:?}");
            assert!(matches!(state.plan("other-2021").await, Err(StoreError::Unreadable(_))));
        });
        assert_eq!(bench.publish(None).unwrap(), 1);
    });
}

#[test]
fn a_page_reads_one_state_whatever_is_written_meanwhile() {
    on_both(|bench| {
        bench.fuzhou();
        bench.runtime.block_on(async {
            let mut page = bench.store.read().await.unwrap();
            let before = page.head().await.unwrap();
            let command = Publish {
                plan: "fuzhou-2021".to_owned(),
                period: MAY,
                reason: None,
                wording: Default::default(),
                based_on: None,
                public_key: None,
            };
            bench.store.carry_out(command, machine()).await.unwrap();
            assert_eq!(page.head().await.unwrap(), before);
            assert!(page.edition("fuzhou-2021", MAY, None).await.unwrap().is_none());
            drop(page);
            assert!(bench.store.read().await.unwrap().edition("fuzhou-2021", MAY, None).await.unwrap().is_some());
        });
    });
}

#[test]
fn a_reading_after_the_year_needs_two_persons() {
    on_both(|bench| {
        bench.fuzhou();
        let choose = |wish: Wish, seen: i64| ChooseReading {
            plan: "fuzhou-2021".to_owned(),
            goal: "investment".to_owned(),
            wish,
            seen,
        };
        let plan = domain::plan::file::parse(PLAN).unwrap();
        let these = || Wish::These { rules: plan.rules("investment"), reason: "局务会".to_owned(), warned: false };
        let (one, other) = (somebody(1, Role::CityReviewer, LATER), somebody(2, Role::Publisher, LATER));
        bench.run(choose(these(), 0), one.clone()).unwrap();
        assert!(matches!(bench.run(choose(Wish::Confirm, 1), one.clone()), Err(Refusal::OwnWork)));
        assert!(matches!(bench.run(choose(these(), 1), other.clone()), Err(Refusal::Invalid(_))), "one is open");
        assert!(matches!(bench.run(choose(Wish::Confirm, 0), other.clone()), Err(Refusal::Invalid(_))), "not seen");
        bench.run(choose(Wish::Confirm, 1), other).unwrap();
        let leader = somebody(3, Role::Leader, LATER);
        assert!(matches!(bench.run(choose(these(), 2), leader), Err(Refusal::Forbidden(..))));
    });
}

#[test]
fn receipts_and_letterheads_are_written_once() {
    on_both(|bench| {
        bench.fuzhou();
        let sign = || SignReceipt { plan: "fuzhou-2021".to_owned(), period: MAY, edition: 1 };
        let unknown = bench.run(sign(), somebody(3, Role::Leader, LATER));
        assert!(matches!(unknown, Err(Refusal::Invalid(_))), "no such edition: {unknown:?}");
        bench.publish(None).unwrap();
        let writer = Writer { actor: "测试".to_owned(), at: 0, session: None };
        let office = Some(("350100".to_owned(), "福州市".to_owned()));
        let post = NewPost { role: Role::Leader, office, unit: None };
        let post = bench.runtime.block_on(bench.store.create_post(post, writer)).unwrap();
        let leader = || {
            let mut leader = somebody(3, Role::Leader, LATER);
            leader.viewer.as_mut().unwrap().post.as_mut().unwrap().id.clone_from(&post.id);
            leader
        };
        bench.run(sign(), leader()).unwrap();
        let head = bench.head();
        bench.run(sign(), leader()).unwrap();
        assert_eq!(bench.head(), head, "a second time changes nothing");
        let write = || WriteLetterhead {
            plan: "fuzhou-2021".to_owned(),
            period: MAY,
            edition: 1,
            letterhead: domain::letterhead::Letterhead::default(),
        };
        bench.run(write(), somebody(1, Role::CityReviewer, LATER)).unwrap();
        let head = bench.head();
        bench.run(write(), somebody(2, Role::Publisher, LATER)).unwrap();
        assert_eq!(bench.head(), head, "the same once more");
        bench.runtime.block_on(bench.store.verify()).unwrap();
    });
}

#[test]
fn the_machines_own_user_writes_only_until_there_are_posts() {
    on_both(|bench| {
        bench.fuzhou();
        let writer = Writer { actor: "测试".to_owned(), at: 0, session: None };
        let post = NewPost { role: Role::SystemAdmin, office: None, unit: None };
        bench.runtime.block_on(bench.store.create_post(post, writer)).unwrap();
        let head = bench.head();
        assert!(matches!(bench.publish(None), Err(Refusal::Invalid(_))));
        assert_eq!(bench.head(), head);
    });
}

#[test]
fn a_key_names_its_step_whatever_return_asks() {
    on_both(|bench| {
        bench.runtime.block_on(async {
            let mut state = bench.store.read().await.unwrap();
            assert_eq!(state.step_with_key("never").await.unwrap(), None);
            let key = ReportKey { plan: "p".to_owned(), round: MAY.into(), unit: "u".to_owned() };
            assert!(!state.is_published_since(&key, 1).await.unwrap());
        });
    });
}
