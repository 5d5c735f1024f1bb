//! `verify`: the chain and everything it covers, recomputed; the first thing that was altered is named.

use std::collections::BTreeMap;

use serde_json::Value;
use sqlx::Row;

use super::audit::{Entry, GENESIS};
use super::{Store, StoreError, Transaction, returns, rows};

/// What was proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub entries: usize,
    pub figures: usize,
    pub plans: usize,
    pub editions: usize,
    /// The chain's last hash, to compare with the one printed on an edition.
    pub head: String,
}

/// One audit row, checked.
pub(super) struct Checked {
    at: i64,
    actor: String,
    action: String,
    object: String,
    detail: Value,
}

pub(super) type Chain = BTreeMap<i64, Checked>;

/// What a stored row says of itself, to be compared with its audit row.
struct Claim {
    seq: i64,
    name: String,
    content: String,
    at: i64,
    actor: String,
    detail: Value,
}

/// Every audit row of `action` has exactly one stored row that says the same; the count of them.
fn check_claims(chain: &Chain, action: &str, claims: Vec<Claim>) -> Result<usize, String> {
    for claim in &claims {
        let entry = chain.get(&claim.seq).filter(|entry| entry.action == action);
        let Some(entry) = entry else { return Err(format!("{} 没有对应的审计记录", claim.name)) };
        let sha256 = domain::canonical::sha256(claim.content.as_bytes());
        if claim.detail["sha256"] != sha256 || entry.detail["sha256"] != sha256 {
            let expected = entry.detail["sha256"].as_str().unwrap_or("—");
            return Err(format!("{}（审计第 {} 条）内容被改动过：SHA-256 应为 {expected}", claim.name, claim.seq));
        }
        if entry.detail != claim.detail || entry.at != claim.at || entry.actor != claim.actor {
            return Err(format!("{}（审计第 {} 条）的版次、时间、经手人或理由被改动过", claim.name, claim.seq));
        }
    }
    let recorded = chain.iter().filter(|(_, entry)| entry.action == action);
    for (seq, entry) in recorded {
        match claims.iter().filter(|claim| claim.seq == *seq).count() {
            0 => return Err(format!("{}（审计第 {seq} 条）被删除了", entry.object)),
            1 => {}
            _ => return Err(format!("{}（审计第 {seq} 条）有多出来的一行", entry.object)),
        }
    }
    Ok(claims.len())
}

/// A row of the chain.
struct Link {
    seq: i64,
    at: i64,
    actor: String,
    action: String,
    object: String,
    detail: String,
    previous_hash: String,
    hash: String,
}

/// Every row follows the one before and hashes to what it says; returns the chain and its end.
fn check_chain(links: impl Iterator<Item = Link>) -> Result<(Chain, String), String> {
    let mut chain = BTreeMap::new();
    let mut previous = GENESIS.to_owned();
    for (index, link) in links.enumerate() {
        let Link { seq, at, actor, action, object, detail, previous_hash, hash } = link;
        if seq != index as i64 + 1 {
            return Err(format!("审计记录第 {} 条缺失", index + 1));
        }
        let entry = Entry { seq, at, actor: &actor, action: &action, object: &object, detail: &detail, previous_hash: &previous_hash };
        if previous_hash != previous || entry.hash() != hash {
            return Err(format!("审计记录第 {seq} 条（{action} {object}）被改动过：哈希对不上"));
        }
        let Ok(detail) = serde_json::from_str(&detail) else {
            return Err(format!("审计记录第 {seq} 条（{action} {object}）读不懂"));
        };
        chain.insert(seq, Checked { at, actor, action, object, detail });
        previous = hash;
    }
    Ok((chain, previous))
}

/// The chain of an extract.
pub(super) fn check_extracted(audit: &[super::extract::Record]) -> Result<(Chain, String), String> {
    let link = |record: &super::extract::Record| {
        let text = |name: &str| record.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let number = |name: &str| record.get(name).and_then(Value::as_i64).unwrap_or_default();
        Link {
            seq: number("seq"),
            at: number("at"),
            actor: text("actor"),
            action: text("action"),
            object: text("object"),
            detail: text("detail"),
            previous_hash: text("previous_hash"),
            hash: text("hash"),
        }
    };
    check_chain(audit.iter().map(link))
}

impl Checked {
    /// Whether an entry is about a plan: its object is the plan, or something of it.
    pub(super) fn concerns(&self, plan: &str) -> bool {
        self.object == plan || self.object.strip_prefix(plan).is_some_and(|rest| rest.starts_with('/'))
    }
}

impl Transaction {
    async fn verify_chain(&mut self) -> Result<Result<(Chain, String), String>, StoreError> {
        let rows = sqlx::query("SELECT seq, at, actor, action, object, detail, previous_hash, hash FROM audit ORDER BY seq")
            .fetch_all(&mut **self)
            .await?;
        let link = |row: &sqlx::any::AnyRow| Link {
            seq: row.get(0),
            at: row.get(1),
            actor: row.get(2),
            action: row.get(3),
            object: row.get(4),
            detail: row.get(5),
            previous_hash: row.get(6),
            hash: row.get(7),
        };
        Ok(check_chain(rows.iter().map(link)))
    }

    /// Every version of every plan: its text against its SHA-256, all else against the audit row.
    pub(super) async fn verify_plans(&mut self, chain: &Chain) -> Result<Result<usize, String>, StoreError> {
        let sql = "SELECT audit_seq, source, sha256, plan_id, version, file_name, reason, recorded_at, recorded_by FROM plan_version ORDER BY audit_seq";
        let rows = sqlx::query(sql).fetch_all(&mut **self).await?;
        let claims = rows.iter().map(|row| Claim {
            seq: row.get(0),
            name: format!("计划 {} 第 {} 版", row.get::<String, _>(3), row.get::<i64, _>(4)),
            content: row.get(1),
            at: row.get(7),
            actor: row.get(8),
            detail: serde_json::json!({
                "plan": row.get::<String, _>(3), "version": row.get::<i64, _>(4), "sha256": row.get::<String, _>(2),
                "file": row.get::<String, _>(5), "reason": row.get::<Option<String>, _>(6),
            }),
        });
        Ok(check_claims(chain, "import_plan", claims.collect()))
    }

    /// Every edition, likewise.
    pub(super) async fn verify_editions(&mut self, chain: &Chain) -> Result<Result<usize, String>, StoreError> {
        let sql = "SELECT audit_seq, content, sha256, plan_id, goal_id, year, month, edition, reason, published_at, published_by FROM edition ORDER BY audit_seq";
        let rows = sqlx::query(sql).fetch_all(&mut **self).await?;
        let claims = rows.iter().map(|row| {
            let period = format!("{:04}-{:02}", row.get::<i64, _>(5), row.get::<i64, _>(6));
            Claim {
                seq: row.get(0),
                name: format!("通报 {}/{period}/e{}", row.get::<String, _>(3), row.get::<i64, _>(7)),
                content: row.get(1),
                at: row.get(9),
                actor: row.get(10),
                detail: serde_json::json!({
                    "plan": row.get::<String, _>(3), "goal": row.get::<String, _>(4), "period": period, "edition": row.get::<i64, _>(7),
                    "sha256": row.get::<String, _>(2), "reason": row.get::<Option<String>, _>(8),
                }),
            }
        });
        Ok(check_claims(chain, "publish", claims.collect()))
    }

    /// The mark of a demo against its audit row, both ways.
    async fn verify_marks(&mut self, chain: &Chain) -> Result<Result<(), String>, StoreError> {
        let rows = sqlx::query("SELECT audit_seq FROM mark").fetch_all(&mut **self).await?;
        let marked: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
        let recorded: Vec<i64> = chain.iter().filter(|(_, entry)| entry.action == "mark_demo").map(|(seq, _)| *seq).collect();
        Ok(if marked == recorded { Ok(()) } else { Err("演示数据的标记与审计记录不符".to_owned()) })
    }

    /// Drafts, steps, posts, holders and settings: each row against its own hash, all rows of an entry against its digest.
    pub(super) async fn verify_rows(
        &mut self,
        tables: &[&str],
        chain: &Chain
    ) -> Result<Result<(), String>, StoreError> {
        for &table in tables {
            let sql = format!("SELECT * FROM {table} ORDER BY audit_seq");
            let found = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut **self).await?;
            let mut by_seq: BTreeMap<i64, Vec<String>> = BTreeMap::new();
            for stored in found.iter().map(rows::read) {
                if !stored.intact {
                    return Ok(Err(format!("{table} {}（审计第 {} 条）被改动过：哈希对不上", stored.name, stored.seq)));
                }
                by_seq.entry(stored.seq).or_default().push(stored.sha256);
            }
            for (seq, entry) in chain {
                let claimed = &entry.detail["facts"][table];
                let stored = by_seq.remove(seq).unwrap_or_default();
                let expected = claimed["rows"].as_u64().unwrap_or(0) as usize;
                if stored.len() != expected {
                    let sentence = format!("{}（审计第 {seq} 条）的 {table} 应有 {expected} 行，现有 {} 行", entry.object, stored.len());
                    return Ok(Err(sentence));
                }
                if expected > 0 && claimed["digest"] != rows::digest(stored) {
                    return Ok(Err(format!("{}（审计第 {seq} 条）的 {table} 被改动过：摘要对不上", entry.object)));
                }
            }
            if let Some(seq) = by_seq.keys().next() {
                return Ok(Err(format!("有 {table} 的行指向审计第 {seq} 条，那里没有记录")));
            }
        }
        Ok(Ok(()))
    }

    pub(super) async fn verify_returns(&mut self, chain: &Chain) -> Result<Result<usize, String>, StoreError> {
        let sql =
            format!("SELECT {}, audit_seq, row_sha256 FROM return_revision ORDER BY audit_seq, year, month, region_id", returns::COLUMNS);
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut **self).await?;
        let mut by_seq: BTreeMap<i64, Vec<(String, String)>> = BTreeMap::new();
        for row in &rows {
            let period = format!("{:04}-{:02}", row.get::<i64, _>(3), row.get::<i64, _>(4));
            let key = format!("{}|{}|{period}|{:06}", row.get::<String, _>(1), row.get::<String, _>(2), row.get::<i64, _>(5));
            let line = returns::digest_line(row);
            if domain::canonical::sha256(line.as_bytes()) != row.get::<String, _>(18) {
                let (plan, region, revision): (String, String, i64) = (row.get(0), row.get(2), row.get(5));
                return Ok(Err(format!(
                    "{plan} {region} {period} 第{revision}次报送被改动过：哈希对不上（审计第 {} 条）",
                    row.get::<i64, _>(17)
                )));
            }
            by_seq.entry(row.get(17)).or_default().push((key, line));
        }
        for (seq, entry) in chain.iter().filter(|(_, entry)| entry.detail.get("digest").is_some()) {
            let mut lines = by_seq.remove(seq).unwrap_or_default();
            if entry.detail["rows"] != lines.len() {
                return Ok(Err(format!(
                    "{} 的报送数据（审计第 {seq} 条）应有 {} 行，现有 {} 行",
                    entry.object,
                    entry.detail["rows"],
                    lines.len()
                )));
            }
            if entry.detail["digest"] != returns::digest(&mut lines) {
                let file = entry.detail["file"].as_str().unwrap_or("—");
                return Ok(Err(format!("{} 的报送数据（审计第 {seq} 条，{file}）被改动过：摘要对不上", entry.object)));
            }
        }
        match by_seq.keys().next() {
            Some(seq) => Ok(Err(format!("有报送数据指向审计第 {seq} 条，那里没有导入或审核记录"))),
            None => Ok(Ok(rows.len())),
        }
    }
}

impl Store {
    /// Proves the chain, every figure, plan and edition. The error is a sentence that names the first altered thing.
    ///
    /// All reads see one state of the database, so that a write in between is no alteration.
    pub async fn verify(&self) -> Result<Result<Verified, String>, StoreError> {
        let mut state = self.read().await?;
        let (chain, head) = match state.verify_chain().await? {
            Ok(chain) => chain,
            Err(altered) => return Ok(Err(altered)),
        };
        let marks = state.verify_marks(&chain).await?;
        let plans = state.verify_plans(&chain).await?;
        let figures = state.verify_returns(&chain).await?;
        let editions = state.verify_editions(&chain).await?;
        let others = state.verify_rows(&rows::TABLES, &chain).await?;
        Ok(match (marks, plans, figures, editions, others) {
            (Ok(()), Ok(plans), Ok(figures), Ok(editions), Ok(())) => Ok(Verified { entries: chain.len(), figures, plans, editions, head }),
            (marks, plans, figures, editions, others) => {
                let altered = [marks.err(), plans.err(), figures.err(), editions.err(), others.err()].into_iter().flatten().next();
                Err(altered.unwrap_or_default())
            }
        })
    }
}
