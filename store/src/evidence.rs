//! Files with what was reported: what became of each, and contents by their SHA-256, stored once.

use std::collections::BTreeMap;

use domain::evidence::{FileKind, FileStep, Subject};
use office::facts::{Evidence, Stamp};
use office::rows::NewContent;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::verify::Only;
use super::{StoreError, Transaction};

/// A file as one of its rows says.
fn file(row: &AnyRow) -> Result<Evidence, StoreError> {
    let unreadable = |what: &str| StoreError::Unreadable(format!("证明材料：{what}"));
    let (subject, kind, step): (String, String, String) = (row.get("subject"), row.get("kind"), row.get("step"));
    let stamp = row.get::<Option<i64>, _>("submission").zip(row.get::<Option<String>, _>("stamps"));
    Ok(Evidence {
        number: row.get("number"),
        subject: Subject::parse(&subject).ok_or_else(|| unreadable("所附的事项"))?,
        unit: row.get("unit_id"),
        name: row.get("name"),
        kind: FileKind::parse(&kind).ok_or_else(|| unreadable("类型"))?,
        size: row.get("size"),
        sha256: row.get("sha256"),
        stamp: stamp.map(|(submission, sha256)| Stamp { submission, sha256 }),
        at: row.get("at"),
        actor: row.get("actor"),
        step: FileStep::parse(&step).ok_or_else(|| unreadable("步骤"))?,
        version: row.get("version"),
        last_at: row.get("at"),
        last_actor: row.get("actor"),
    })
}

impl Transaction {
    /// The files of a plan, or of one subject of it, by number, each as its last step left it.
    pub async fn evidence(&mut self, plan: &str, subject: Option<&str>) -> Result<Vec<Evidence>, StoreError> {
        let sql = "SELECT number, version, step, subject, unit_id, name, kind, size, sha256, submission, stamps, at, \
                   actor FROM evidence WHERE plan_id = $1 AND ($2 = '' OR subject = $2) ORDER BY number, version";
        let query = sqlx::query(sql).bind(plan).bind(subject.unwrap_or_default());
        let mut files: Vec<Evidence> = Vec::new();
        for row in query.fetch_all(&mut **self).await? {
            let next = file(&row)?;
            match files.last_mut().filter(|known| known.number == next.number) {
                Some(known) => {
                    (known.step, known.version) = (next.step, next.version);
                    (known.last_at, known.last_actor) = (next.last_at, next.last_actor);
                }
                None => files.push(next),
            }
        }
        Ok(files)
    }

    /// What a file holds.
    pub async fn evidence_content(&mut self, sha256: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT content FROM evidence_content WHERE sha256 = $1";
        let found = sqlx::query(sql).bind(sha256).fetch_optional(&mut **self).await?;
        Ok(found.map(|row| row.get("content")))
    }

    /// Every file that was attached behind a row of the trail: its content against its SHA-256; and, where all are
    /// looked at, that no content is nobody's. Returns how many contents were read.
    pub(super) async fn verify_contents(&mut self, only: Only<'_>) -> Result<usize, StoreError> {
        let sql = "SELECT plan_id, number, name, size, sha256 FROM evidence WHERE version = 1 AND audit_seq > $1";
        let found = sqlx::query(sql).bind(only.after).fetch_all(&mut **self).await?;
        let said = |row: &AnyRow| {
            let (plan, number): (String, i64) = (row.get("plan_id"), row.get("number"));
            let name = format!("{plan} 第 {number} 号证明材料“{}”", row.get::<String, _>("name"));
            (row.get::<String, _>("sha256"), (name, row.get::<i64, _>("size")))
        };
        let files: BTreeMap<String, (String, i64)> = found.iter().map(said).collect();
        for (sha256, (name, size)) in &files {
            let Some(content) = self.evidence_content(sha256).await? else {
                return Err(StoreError::Altered(format!("{name}的内容不在了：SHA-256 应为 {sha256}")));
            };
            if content.len() as i64 != *size || domain::canonical::sha256(&content) != *sha256 {
                return Err(StoreError::Altered(format!("{name}的内容被改动过：SHA-256 应为 {sha256}")));
            }
        }
        if only.after == 0 {
            let sql = "SELECT sha256 FROM evidence_content WHERE sha256 NOT IN (SELECT sha256 FROM evidence) LIMIT 1";
            if let Some(row) = sqlx::query(sql).fetch_optional(&mut **self).await? {
                let sha256: String = row.get("sha256");
                return Err(StoreError::Altered(format!("有一份证明材料的内容没有登记：SHA-256 {sha256}")));
            }
        }
        Ok(files.len())
    }
}

/// Stores a content that is not there yet. Writers take turns: nobody else stores it in between.
pub(super) async fn insert(content: NewContent, transaction: &mut Transaction) -> Result<(), StoreError> {
    let sql = "SELECT sha256 FROM evidence_content WHERE sha256 = $1";
    if sqlx::query(sql).bind(&content.sha256).fetch_optional(&mut **transaction).await?.is_none() {
        sqlx::query("INSERT INTO evidence_content (sha256, content) VALUES ($1, $2)")
            .bind(content.sha256)
            .bind(content.bytes)
            .execute(&mut **transaction)
            .await?;
    }
    Ok(())
}
