//! Attack 8: what a writer of the database changed in place, or behind a chain that he wrote anew.

use serde_json::Value;
use sqlx::Row;

use super::super::link::{Form, GENESIS, LINK, Link, Said};
use super::super::sessions::Source;
use super::*;

fn writer(at: i64) -> Writer {
    Writer { actor: "测试".to_owned(), at, session: None }
}

impl Bench {
    /// What `verify` says of an altered database.
    fn altered(&self) -> String {
        match self.runtime.block_on(self.store.verify()) {
            Err(StoreError::Altered(what)) => what,
            other => panic!("{other:?}"),
        }
    }

    fn verified(&self) {
        self.runtime.block_on(self.store.verify()).unwrap();
    }

    /// All holds but the guards, which the test itself took away.
    fn verified_unguarded(&self) {
        assert!(self.altered().starts_with("数据库里少了"), "{}", self.altered());
    }

    /// Writes the whole chain anew, as whoever holds the database can.
    fn rebuild(&self, change: impl Fn(&str, &mut Value)) {
        self.runtime.block_on(async {
            let sql = format!("SELECT {LINK} FROM audit ORDER BY seq");
            let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&self.store.write).await.unwrap();
            let mut previous = GENESIS.to_owned();
            for link in rows.iter().map(Link::read) {
                let (seq, Said::Shown { mut body, .. }) = (link.seq, link.said) else { unreachable!() };
                let mut detail: Value = serde_json::from_str(&body.detail).unwrap();
                change(&body.action, &mut detail);
                body.detail = domain::canonical::to_json(&detail).unwrap();
                let hash = body.hash(Form::NOW, seq, &previous);
                let sql = "UPDATE audit SET detail = $1, previous_hash = $2, hash = $3 WHERE seq = $4";
                let query = sqlx::query(sql).bind(&body.detail).bind(&previous).bind(&hash).bind(seq);
                query.execute(&self.store.write).await.unwrap();
                previous = hash;
            }
        });
    }

    /// Somebody with a password and a session; returns his account.
    fn logged_in(&self, login: &str, at: i64) -> i64 {
        self.runtime.block_on(async {
            let id = self.store.create_account(login, "某人", "", writer(at)).await.unwrap();
            self.store.set_password(id, "argon2-a", None, writer(at)).await.unwrap();
            let source = Source { address: "10.0.0.1".to_owned(), agent: "x".to_owned(), device: None };
            let begun = self.store.begin_session(id, &source, None, None, Some("argon2-a"), writer(at + 1)).await;
            assert!(begun.unwrap().is_some());
            id
        })
    }
}

#[test]
fn accounts_that_were_written_past_the_program_are_named() {
    on_both(|bench| {
        bench.logged_in("lin.hai", 1_000);
        bench.verified();
        for (part, alter, restore) in [
            ("密码", "password_hash = 'argon2-b'", "password_hash = 'argon2-a'"),
            ("登录名、姓名或电话", "name = '别人'", "name = '某人'"),
            ("停用状态", "disabled_at = 5", "disabled_at = NULL"),
            ("动态口令", "totp_secret = 'x'", "totp_secret = NULL"),
        ] {
            bench.sql(&[&format!("UPDATE account SET {alter} WHERE login = 'lin.hai'")]);
            let named = bench.altered();
            assert!(named.starts_with(&format!("账号 lin.hai 的{part}被改动过")), "{named}");
            assert!(!named.contains("argon2"), "{named}");
            bench.sql(&[&format!("UPDATE account SET {restore} WHERE login = 'lin.hai'")]);
            bench.verified();
        }
        bench.sql(&["INSERT INTO account (id, login, name, phone, created_at, unlocked_at, totp_used) VALUES (99, 'hei', '黑', '', 0, 0, 0)"]);
        let named = bench.altered();
        assert!(named.contains("账号 hei 没有对应的审计记录"), "{named}");
        // Opening it once more takes nothing for sealed.
        bench.runtime.block_on(bench.store.seal_older_accounts()).unwrap();
        assert_eq!(bench.altered(), named);
        bench.sql(&["DELETE FROM account WHERE login = 'hei'", "DELETE FROM account WHERE login = 'p12'"]);
        assert!(bench.altered().contains("account/13（审计第 13 条）被删除了"), "{}", bench.altered());
    });
}

#[test]
fn every_change_of_an_account_is_sealed() {
    on_both(|bench| {
        let id = bench.logged_in("lin.hai", 1_000);
        bench.runtime.block_on(async {
            bench.store.set_disabled(id, true, writer(2_000)).await.unwrap();
            bench.store.set_disabled(id, false, writer(3_000)).await.unwrap();
            bench.store.set_totp(id, Some("sealed".to_owned()), 7, "", writer(4_000)).await.unwrap();
            bench.store.unlock(id, writer(5_000)).await.unwrap();
            let link = bench.store.issue_link(Some(id), writer(6_000)).await.unwrap();
            bench.store.verify().await.unwrap();
            bench.store.set_password(id, "argon2-c", Some(&link), writer(7_000)).await.unwrap();
            bench.store.verify().await.unwrap();
        });
    });
}

#[test]
fn forged_sessions_and_links_are_named() {
    on_both(|bench| {
        let id = bench.logged_in("lin.hai", 1_000);
        bench.verified();
        let forged = "9".repeat(64);
        let session = format!(
            "INSERT INTO session (token_sha256, account_id, created_at, seen_at, address, agent) VALUES ('{forged}', {id}, 1001, 1001, '10.0.0.1', 'x')"
        );
        bench.sql(&[&session]);
        let named = bench.altered();
        assert!(named.starts_with("账号 lin.hai 有一个登录") && named.contains("可能是伪造的"), "{named}");
        bench.sql(&["DELETE FROM session WHERE agent = 'x' AND token_sha256 LIKE '999999%'"]);
        bench.verified();
        let link = format!("INSERT INTO link (token_sha256, account_id, expires_at) VALUES ('{forged}', {id}, 9999)");
        bench.sql(&[&link]);
        assert!(bench.altered().contains("一次性链接（lin.hai）没有对应的审计记录"), "{}", bench.altered());
        bench.sql(&["DELETE FROM link"]);
        // One that has ended is made to live again.
        let ending = super::super::sessions::EndSessions::All;
        bench.runtime.block_on(bench.store.end_sessions(id, ending, writer(2_000))).unwrap();
        bench.verified();
        bench.sql(&["UPDATE session SET ended_at = NULL"]);
        assert!(bench.altered().contains("又被改成有效"), "{}", bench.altered());
        // One of an account that is disabled.
        bench.runtime.block_on(bench.store.set_disabled(id, true, writer(3_000))).unwrap();
        bench.verified();
        bench.sql(&["UPDATE session SET ended_at = NULL"]);
        assert!(bench.altered().contains("账号 lin.hai 已停用"), "{}", bench.altered());
    });
}

#[test]
fn an_older_database_is_sealed_once() {
    on_both(|bench| {
        bench.logged_in("lin.hai", 1_000);
        bench.unlock("audit");
        // As a program wrote it that knew no seals.
        bench.rebuild(|_, detail| {
            detail.as_object_mut().unwrap().remove("seals");
        });
        assert!(bench.altered().contains("没有对应的审计记录"));
        let head = bench.head();
        for _ in 0..2 {
            bench.runtime.block_on(bench.store.seal_older_accounts()).unwrap();
        }
        assert_eq!(bench.head(), head + 1);
        bench.verified_unguarded();
        bench.sql(&["UPDATE account SET password_hash = 'argon2-b' WHERE login = 'lin.hai'"]);
        assert!(bench.altered().contains("密码"));
    });
}

#[test]
fn editions_rest_on_the_plan_and_figures_that_they_name() {
    on_both(|bench| {
        bench.fuzhou();
        assert_eq!(bench.publish(None).unwrap(), 1);
        bench.verified();
        for table in ["audit", "plan_version", "edition"] {
            bench.unlock(table);
        }
        // Another text under the same version, with a chain that agrees: the edition names the old one.
        let text = PLAN.replace("\"308\"", "\"300\"");
        let (was, now) = (domain::canonical::sha256(PLAN.as_bytes()), domain::canonical::sha256(text.as_bytes()));
        let plan = |source: &str, sha256: &str| {
            let source = source.replace('\'', "''");
            format!("UPDATE plan_version SET source = '{source}', sha256 = '{sha256}' WHERE plan_id = 'fuzhou-2021'")
        };
        let named = |from: String, to: String| {
            move |action: &str, detail: &mut Value| {
                if action == "import_plan" && detail["sha256"] == from {
                    detail["sha256"] = Value::from(to.clone());
                }
            }
        };
        bench.sql(&[&plan(&text, &now)]);
        bench.rebuild(named(was.clone(), now.clone()));
        let said = bench.altered();
        assert!(said.starts_with("通报 fuzhou-2021/2021-05/e1写明依据计划第 1 版"), "{said}");
        bench.sql(&[&plan(PLAN, &was)]);
        bench.rebuild(named(now, was));
        bench.verified_unguarded();
        // Another figure in the edition, likewise.
        let content = bench.runtime.block_on(async {
            let sql = "SELECT content FROM edition";
            sqlx::query(sql).fetch_one(&bench.store.write).await.unwrap().get::<String, _>("content")
        });
        let mut edition: Value = serde_json::from_str(&content).unwrap();
        let value = &mut edition["standings"]["rows"][0]["value"];
        let other = value.as_str().unwrap().parse::<i64>().unwrap() + 10_000;
        *value = Value::from(other.to_string());
        let content = domain::canonical::to_json(&edition).unwrap();
        let sha256 = domain::canonical::sha256(content.as_bytes());
        let quoted = content.replace('\'', "''");
        bench.sql(&[&format!("UPDATE edition SET content = '{quoted}', sha256 = '{sha256}'")]);
        bench.rebuild(move |action, detail| {
            if action == "publish" {
                detail["sha256"] = Value::from(sha256.clone());
            }
        });
        let said = bench.altered();
        assert!(said.contains("通报 fuzhou-2021/2021-05/e1里") && said.contains("第 1 次报送不符"), "{said}");
    });
}

// Attack 13, fault F11: once for each jump, and not for clocks that differ a little.
#[test]
fn a_clock_that_was_set_back_stands_in_the_trail() {
    on_both(|bench| {
        let day = 24 * 3_600_000;
        let note = |at: i64| bench.runtime.block_on(bench.store.note(writer(at), "log_out", "x", Value::Null)).unwrap();
        let told = || {
            let entries = bench.runtime.block_on(async {
                bench.store.read().await.unwrap().audit_entries(None, Some("clock_behind"), "").await.unwrap()
            });
            entries.into_iter().map(|entry| (entry.at, entry.detail)).collect::<Vec<_>>()
        };
        for at in [30 * day, 30 * day - 119_000, 30 * day] {
            note(at);
        }
        assert_eq!(told(), []);
        for at in [8 * day, 8 * day + 1, 8 * day + 2] {
            note(at);
        }
        let detail = format!("{{\"before\":{},\"minutes\":{}}}", 30 * day, 22 * 24 * 60);
        assert_eq!(told(), [(8 * day, detail)]);
        bench.verified();
    });
}
