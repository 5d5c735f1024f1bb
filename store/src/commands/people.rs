//! Log-ins that fail, and changes of who gets in, in process on both databases.

use domain::rights::Role;
use office::access::{Changed, What};
use office::people::NewPost;

use super::{Bench, Writer, on_both};
use crate::{AccessChange, Source, StoreError};

/// 2021-06-30, 12:00 in China.
const NOON: i64 = 1_625_025_600_000;
const DAY: i64 = 24 * 3600 * 1000;

fn source(address: &str) -> Source {
    Source { address: address.to_owned(), agent: String::new(), device: None }
}

fn writer(at: i64) -> Writer {
    Writer { actor: "测试".to_owned(), at, session: None }
}

impl Bench {
    fn fail(&self, account: Option<i64>, address: &str, at: i64) {
        self.runtime.block_on(self.store.record_failure(account, false, &source(address), at)).unwrap();
    }

    fn number(&self, sql: &'static str) -> i64 {
        use sqlx::Row;
        self.runtime.block_on(async { sqlx::query(sql).fetch_one(&self.store.write).await.unwrap().get(0) })
    }

    fn is_barred(&self, login: &str, at: i64) -> bool {
        self.runtime.block_on(async {
            let mut state = self.store.read().await.unwrap();
            state.candidate(login, &source("9.9.9.9"), at).await.unwrap().unwrap().barred
        })
    }
}

// Attack 5: every failed log-in was a row of the chain, ten a second from one address, and slowed publishing down.
#[test]
fn ten_thousand_failures_are_one_row_of_the_chain() {
    on_both(|bench| {
        let before = bench.head();
        // Many names that nobody has from one address, then one address after the other.
        let many = if bench.store.engine == crate::Engine::Sqlite { 10_000 } else { 2_000 };
        for count in 0..many {
            let address = if count % 4 == 0 {
                format!("10.0.{}.{}", count / 256 % 256, count % 256)
            } else {
                "1.1.1.1".to_owned()
            };
            bench.fail((count % 7 == 0).then_some(1), &address, NOON + count);
        }
        assert_eq!(bench.head(), before, "failures leave the chain alone");
        assert!(bench.number("SELECT COUNT(*) FROM login_failure_day") <= 1_002);
        assert_eq!(bench.number("SELECT CAST(SUM(failures) AS BIGINT) FROM login_failure_day"), many);
        assert!(bench.number("SELECT COUNT(*) FROM login_failure WHERE address = '1.1.1.1'") <= 30);
        // The first write of the next day, whatever it is, sums them up.
        let note = bench.store.note(writer(NOON + DAY), "log_out", "account/1", serde_json::json!({}));
        bench.runtime.block_on(note).unwrap();
        assert_eq!(bench.head(), before + 2);
        let entry = bench.runtime.block_on(async {
            bench.store.read().await.unwrap().audit_entries(None, Some("log_in_failures"), "").await.unwrap().remove(0)
        });
        assert_eq!((entry.object.as_str(), entry.actor.as_str()), ("day/2021-06-30", "系统"));
        let said: serde_json::Value = serde_json::from_str(&entry.detail).unwrap();
        assert_eq!(said["failures"], many);
        assert_eq!(said["counts"].as_array().unwrap().len(), 100);
        assert_eq!(bench.number("SELECT COUNT(*) FROM login_failure_day"), 0);
        // A day of failures alone is summed up by the first failure after it.
        bench.fail(None, "2.2.2.2", NOON + DAY);
        bench.fail(None, "2.2.2.2", NOON + 2 * DAY);
        assert_eq!(bench.head(), before + 3);
        bench.runtime.block_on(bench.store.verify()).unwrap();
    });
}

// The lock-out counts from a table that forgets what it no longer needs.
#[test]
fn an_account_is_locked_by_its_newest_five_failures() {
    on_both(|bench| {
        let minute = 60_000;
        for count in 0..4 {
            bench.fail(Some(1), "1.1.1.1", NOON + count * minute);
        }
        // Others' failures from the same address take nothing of the count away.
        for count in 0..60 {
            bench.fail(None, "1.1.1.1", NOON + 4 * minute + count);
        }
        assert!(!bench.is_barred("p0", NOON + 5 * minute));
        bench.fail(Some(1), "2.2.2.2", NOON + 5 * minute);
        assert!(bench.is_barred("p0", NOON + 6 * minute));
        assert!(!bench.is_barred("p1", NOON + 6 * minute));
        assert!(!bench.is_barred("p0", NOON + 21 * minute));
    });
}

/// Posts 1 to 4: system, security and audit administrator, reviewer; account 5 is free.
fn staffed(bench: &Bench) {
    let roles = [Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin, Role::CityReviewer];
    bench.runtime.block_on(async {
        for (account, role) in (1..).zip(roles) {
            let office = (!role.is_admin()).then(|| ("350100".to_owned(), "福州市".to_owned()));
            let post = bench.store.create_post(NewPost { role, office, unit: None }, writer(NOON)).await.unwrap();
            bench.store.appoint(&post.id, Some(account), writer(NOON)).await.unwrap();
        }
        for account in 1..=5 {
            bench.store.set_password(account, "hash", None, writer(NOON)).await.unwrap();
        }
    });
}

impl Bench {
    fn change(&self, what: What, account: i64, by: i64, emergency: Option<&str>) -> Result<Changed, StoreError> {
        let post = (what == What::Appoint).then(|| "350100-city-reviewer".to_owned());
        let change = AccessChange { what, account, post, by: Some(by), emergency: emergency.map(str::to_owned) };
        self.runtime.block_on(self.store.change_access(change, writer(NOON)))
    }

    fn asked(&self, what: What, account: i64, by: i64) -> i64 {
        match self.change(what, account, by, None).unwrap() {
            Changed::Asked(asked) => asked.id,
            Changed::Done(_) => panic!("done by one person"),
        }
    }

    fn confirm(&self, id: i64, by: i64, at: i64) -> Result<Option<String>, String> {
        self.runtime.block_on(async {
            let account = self.store.read().await.unwrap().account(by).await.unwrap().unwrap();
            let done = self.store.confirm_access(id, &account, writer(at)).await;
            done.map(|(_, link)| link).map_err(|error| error.to_string())
        })
    }

    fn told(&self, account: i64, at: i64) -> Vec<String> {
        self.runtime.block_on(async {
            let mut state = self.store.read().await.unwrap();
            let post = state.post_of(account).await.unwrap();
            let notices = state.notices(account, post.as_ref(), at).await.unwrap();
            notices.into_iter().map(|notice| notice.sentence).collect()
        })
    }
}

// Attack 7: the system administrator alone could take any post that touches figures.
#[test]
fn a_log_in_that_touches_figures_takes_two_to_reset() {
    on_both(|bench| {
        staffed(bench);
        let links = "SELECT COUNT(*) FROM link WHERE used_at IS NULL";
        let id = bench.asked(What::Link, 4, 1);
        assert_eq!(bench.number(links), 0, "nothing before the second person");
        assert!(bench.change(What::Link, 4, 1, None).unwrap_err().to_string().contains("已经提请过"));
        assert!(bench.confirm(id, 1, NOON).unwrap_err().contains("要由安全管理员确认"));
        assert!(bench.confirm(id, 3, NOON).unwrap_err().contains("要由安全管理员确认"));
        assert!(bench.confirm(id, 2, NOON + 4 * DAY).unwrap_err().contains("已过期"));
        assert!(bench.confirm(id, 2, NOON + 1).unwrap().is_some());
        assert_eq!(bench.number(links), 1);
        assert!(bench.confirm(id, 2, NOON + 2).unwrap_err().contains("没有等待确认"));
        // The holder and the audit administrator are told, until they have read it.
        assert!(bench.told(4, NOON + 3)[0].contains("您的登录方式"));
        assert!(bench.told(3, NOON + 3)[0].contains("某3（p3）的登录方式"));
        assert_eq!(bench.told(1, NOON + 3).len(), 0);
        bench.runtime.block_on(bench.store.notices_seen(3, i64::MAX)).unwrap();
        assert_eq!(bench.told(3, NOON + 3).len(), 0);
        // Codes, too; who asked as one administrator and confirms as the other is one person.
        let id = bench.asked(What::ForgetTotp, 4, 2);
        assert!(bench.confirm(id, 2, NOON).unwrap_err().contains("不能自己确认"));
        // A new holder is asked for by the one and confirmed by the other.
        let id = bench.asked(What::Appoint, 5, 2);
        assert!(bench.confirm(id, 2, NOON).unwrap_err().contains("要由系统管理员确认"));
        bench.confirm(id, 1, NOON + 5).unwrap();
        assert!(bench.told(4, NOON + 6).iter().any(|told| told.contains("由 某4（p4） 担任")));
        // Nobody's name is taken by a first password or a reader's.
        assert!(matches!(bench.change(What::Link, 6, 1, None), Ok(Changed::Done(Some(_)))));
        bench.runtime.block_on(bench.store.verify()).unwrap();
    });
}

#[test]
fn an_emergency_is_loud() {
    on_both(|bench| {
        staffed(bench);
        assert!(bench.change(What::Link, 4, 1, Some("急")).unwrap_err().to_string().contains("写明理由"));
        assert!(matches!(bench.change(What::Link, 4, 1, Some("安全管理员住院")), Ok(Changed::Done(Some(_)))));
        for account in [1, 2, 3, 4] {
            let told = bench.told(account, NOON + 1);
            assert!(told[0].contains("一人紧急办理") && told[0].contains("安全管理员住院"), "{account}: {told:?}");
        }
        assert_eq!(bench.told(5, NOON + 1).len(), 0);
        bench.runtime.block_on(bench.store.verify()).unwrap();
    });
}
