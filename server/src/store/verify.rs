//! `verify`: the chain and everything it covers, recomputed; the first thing that was altered is named.

use std::collections::BTreeMap;

use serde_json::Value;
use sqlx::Row;

use super::audit::{Entry, GENESIS};
use super::{Store, StoreError, returns};

/// What was proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verified {
    pub(crate) entries: usize,
    pub(crate) figures: usize,
    pub(crate) plans: usize,
    pub(crate) editions: usize,
    /// The chain's last hash, to compare with the one printed on an edition.
    pub(crate) head: String,
}

/// One audit row, checked.
struct Checked {
    action: String,
    object: String,
    detail: Value,
}

impl Store {
    /// Proves the chain, every figure, plan and edition. The error is a sentence that names the first altered thing.
    pub(crate) async fn verify(&self) -> Result<Result<Verified, String>, StoreError> {
        let (chain, head) = match self.verify_chain().await? {
            Ok(chain) => chain,
            Err(altered) => return Ok(Err(altered)),
        };
        let plans = match self.verify_documents(&chain, "SELECT audit_seq, source, sha256, plan_id FROM plan_version", "计划").await? {
            Ok(count) => count,
            Err(altered) => return Ok(Err(altered)),
        };
        let figures = match self.verify_returns(&chain).await? {
            Ok(count) => count,
            Err(altered) => return Ok(Err(altered)),
        };
        let sql = "SELECT audit_seq, content, sha256, plan_id FROM edition";
        let editions = match self.verify_documents(&chain, sql, "通报").await? {
            Ok(count) => count,
            Err(altered) => return Ok(Err(altered)),
        };
        Ok(Ok(Verified { entries: chain.len(), figures, plans, editions, head }))
    }

    async fn verify_chain(&self) -> Result<Result<(BTreeMap<i64, Checked>, String), String>, StoreError> {
        let rows = sqlx::query("SELECT seq, at, actor, action, object, detail, previous_hash, hash FROM audit ORDER BY seq")
            .fetch_all(&self.read)
            .await?;
        let mut chain = BTreeMap::new();
        let mut previous = GENESIS.to_owned();
        for (index, row) in rows.iter().enumerate() {
            let seq: i64 = row.get(0);
            if seq != index as i64 + 1 {
                return Ok(Err(format!("审计记录第 {} 条缺失", index + 1)));
            }
            let text = |column: usize| -> String { row.get(column) };
            let (actor, action, object, detail, previous_hash, hash) = (text(2), text(3), text(4), text(5), text(6), text(7));
            let entry = Entry {
                seq,
                at: row.get(1),
                actor: &actor,
                action: &action,
                object: &object,
                detail: &detail,
                previous_hash: &previous_hash,
            };
            if previous_hash != previous || entry.hash() != hash {
                return Ok(Err(format!("审计记录第 {seq} 条（{action} {object}）被改动过：哈希对不上")));
            }
            let Ok(detail) = serde_json::from_str(&detail) else {
                return Ok(Err(format!("审计记录第 {seq} 条（{action} {object}）读不懂")));
            };
            previous = hash;
            chain.insert(seq, Checked { action, object, detail });
        }
        Ok(Ok((chain, previous)))
    }

    /// Texts whose SHA-256 stands in a column and in the audit row.
    async fn verify_documents(
        &self,
        chain: &BTreeMap<i64, Checked>,
        sql: &'static str,
        what: &str,
    ) -> Result<Result<usize, String>, StoreError> {
        let rows = sqlx::query(sql).fetch_all(&self.read).await?;
        let action = if what == "计划" { "import_plan" } else { "publish" };
        let mut by_seq = BTreeMap::new();
        for row in &rows {
            by_seq.insert(row.get::<i64, _>(0), (row.get::<String, _>(1), row.get::<String, _>(2)));
        }
        for (seq, entry) in chain.iter().filter(|(_, entry)| entry.action == action) {
            let Some((content, sha256)) = by_seq.get(seq) else {
                return Ok(Err(format!("{what} {}（审计第 {seq} 条）被删除了", entry.object)));
            };
            let now = documents::canonical::sha256(content.as_bytes());
            if now != *sha256 || entry.detail["sha256"] != *sha256 {
                return Ok(Err(format!(
                    "{what} {}（审计第 {seq} 条）被改动过：SHA-256 应为 {}",
                    entry.object,
                    entry.detail["sha256"].as_str().unwrap_or("—")
                )));
            }
        }
        match rows.iter().find(|row| chain.get(&row.get::<i64, _>(0)).is_none_or(|entry| entry.action != action)) {
            Some(row) => Ok(Err(format!("{what} {} 没有对应的审计记录", row.get::<String, _>(3)))),
            None => Ok(Ok(rows.len())),
        }
    }

    async fn verify_returns(&self, chain: &BTreeMap<i64, Checked>) -> Result<Result<usize, String>, StoreError> {
        let sql =
            format!("SELECT {}, audit_seq, row_sha256 FROM return_revision ORDER BY audit_seq, year, month, region_id", returns::COLUMNS);
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&self.read).await?;
        let mut by_seq: BTreeMap<i64, Vec<(String, String)>> = BTreeMap::new();
        for row in &rows {
            let period = format!("{:04}-{:02}", row.get::<i64, _>(3), row.get::<i64, _>(4));
            let key = format!("{}|{}|{period}|{:06}", row.get::<String, _>(1), row.get::<String, _>(2), row.get::<i64, _>(5));
            let line = returns::digest_line(row);
            if documents::canonical::sha256(line.as_bytes()) != row.get::<String, _>(18) {
                let (plan, region, revision): (String, String, i64) = (row.get(0), row.get(2), row.get(5));
                return Ok(Err(format!(
                    "{plan} {region} {period} 第{revision}次报送被改动过：哈希对不上（审计第 {} 条）",
                    row.get::<i64, _>(17)
                )));
            }
            by_seq.entry(row.get(17)).or_default().push((key, line));
        }
        for (seq, entry) in chain.iter().filter(|(_, entry)| entry.action == "import_returns") {
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
            Some(seq) => Ok(Err(format!("有报送数据指向审计第 {seq} 条，那里没有导入记录"))),
            None => Ok(Ok(rows.len())),
        }
    }
}
