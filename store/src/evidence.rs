//! Files with what was reported: what became of each, and contents by their SHA-256, stored once.

use std::collections::BTreeMap;

use domain::evidence::{FileKind, FileStep, Subject};
use office::facts::{Erasure, ErasureAnswer, Evidence, PendingErasure, Sharing, Stamp};
use office::rows::NewContent;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::contacts::Forgotten;
use super::verify::Only;
use super::{StoreError, Transaction};

/// A content that was emptied.
const EMPTIED: &[u8] = &[0];

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
        erasure: None,
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
        if !files.is_empty() {
            for (number, _, erasure) in self.erasures(plan).await? {
                if let Some(file) = files.iter_mut().find(|file| file.number == number) {
                    file.erasure = erasure;
                }
            }
        }
        Ok(files)
    }

    /// What was asked and done about emptying a plan's files, by number: how many steps, and how it stands.
    async fn erasures(&mut self, plan: &str) -> Result<Vec<(i64, i64, Option<Erasure>)>, StoreError> {
        let sql = "SELECT number, version, step, words, at, actor, account_id FROM evidence_erasure \
                   WHERE plan_id = $1 ORDER BY number, version";
        let mut found: Vec<(i64, i64, Option<Erasure>)> = Vec::new();
        for row in sqlx::query(sql).bind(plan).fetch_all(&mut **self).await? {
            let (number, version, step): (i64, i64, String) = (row.get("number"), row.get("version"), row.get("step"));
            let (at, actor): (i64, String) = (row.get("at"), row.get("actor"));
            if found.last().is_none_or(|(last, ..)| *last != number) {
                found.push((number, 0, None));
            }
            let Some((_, versions, erasure)) = found.last_mut() else { continue };
            *versions = version;
            match (step.as_str(), erasure.as_mut()) {
                ("ask", _) => {
                    let (reason, account) = (row.get("words"), row.get("account_id"));
                    *erasure = Some(Erasure { reason, at, actor, account, answer: None });
                }
                (step, Some(asked)) => {
                    let (erased, words) = (step == "erase", row.get("words"));
                    asked.answer = Some(ErasureAnswer { erased, words, at, actor });
                }
                _ => {}
            }
        }
        Ok(found)
    }

    /// Every file of the site that waits for somebody to empty it or leave it, by plan and number.
    pub async fn pending_erasures(&mut self) -> Result<Vec<PendingErasure>, StoreError> {
        let sql = "SELECT x.plan_id, x.account_id, e.subject, e.unit_id FROM evidence_erasure x JOIN evidence e \
                   ON e.plan_id = x.plan_id AND e.number = x.number AND e.version = 1 WHERE x.step = 'ask' \
                   AND NOT EXISTS (SELECT 1 FROM evidence_erasure l WHERE l.plan_id = x.plan_id \
                   AND l.number = x.number AND l.version > x.version) ORDER BY x.plan_id, x.number";
        let found = sqlx::query(sql).fetch_all(&mut **self).await?;
        let pending = |row: &AnyRow| {
            let subject = Subject::parse(&row.get::<String, _>("subject"));
            let subject = subject.ok_or_else(|| StoreError::Unreadable("证明材料：所附的事项".to_owned()))?;
            let (plan, unit, account) = (row.get("plan_id"), row.get("unit_id"), row.get("account_id"));
            Ok(PendingErasure { plan, subject, unit, account })
        };
        found.iter().map(pending).collect()
    }

    /// What stands about the emptying of a file, and of others with its content.
    pub async fn erasure_of(&mut self, plan: &str, number: i64, sha256: &str) -> Result<Sharing, StoreError> {
        let steps = self.erasures(plan).await?.into_iter().find(|(file, ..)| *file == number);
        let sql = "SELECT CAST(COUNT(x.at) AS BIGINT) AS erased, \
                   CAST(SUM(CASE WHEN x.at IS NULL AND w.at IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS readable \
                   FROM evidence e LEFT JOIN evidence_erasure x ON x.plan_id = e.plan_id AND x.number = e.number \
                   AND x.step = 'erase' LEFT JOIN evidence w ON w.plan_id = e.plan_id AND w.number = e.number \
                   AND w.step = 'withdraw' WHERE e.sha256 = $1 AND e.version = 1 \
                   AND NOT (e.plan_id = $2 AND e.number = $3)";
        let row = sqlx::query(sql).bind(sha256).bind(plan).bind(number).fetch_one(&mut **self).await?;
        Ok(Sharing {
            steps: steps.map_or(0, |(_, version, _)| version),
            is_readable: row.get::<Option<i64>, _>("readable").unwrap_or_default() > 0,
            is_erased: row.get::<i64, _>("erased") > 0,
        })
    }

    /// What a file holds; nothing where that was emptied.
    pub async fn evidence_content(&mut self, sha256: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT content FROM evidence_content WHERE sha256 = $1";
        let found = sqlx::query(sql).bind(sha256).fetch_optional(&mut **self).await?;
        let content: Option<Vec<u8>> = found.map(|row| row.get("content"));
        Ok(content.filter(|content| content != EMPTIED))
    }

    /// Every file that was attached behind a row of the trail: its content against its SHA-256, or emptied by two for
    /// all that have it; and, where all are looked at, that no content is nobody's. Returns how many contents were
    /// looked at, and how many files were emptied.
    pub(super) async fn verify_contents(&mut self, only: Only<'_>) -> Result<(usize, Forgotten), StoreError> {
        // Of those that have it each was emptied, or taken back before anybody else read it; what was only taken back
        // may be there, since that emptied nothing once.
        let sql = "SELECT e.sha256, CAST(COUNT(x.at) AS BIGINT) AS erased FROM evidence e LEFT JOIN evidence_erasure x \
                   ON x.plan_id = e.plan_id AND x.number = e.number AND x.step = 'erase' LEFT JOIN evidence w \
                   ON w.plan_id = e.plan_id AND w.number = e.number AND w.step = 'withdraw' WHERE e.version = 1 \
                   GROUP BY e.sha256 HAVING COUNT(*) = COUNT(COALESCE(x.at, w.at))";
        let gone = sqlx::query(sql).fetch_all(&mut **self).await?;
        let gone: BTreeMap<String, bool> =
            gone.iter().map(|row| (row.get("sha256"), row.get::<i64, _>("erased") > 0)).collect();
        let sql = "SELECT plan_id, number, name, size, sha256 FROM evidence WHERE version = 1 AND audit_seq > $1";
        let found = sqlx::query(sql).bind(only.after).fetch_all(&mut **self).await?;
        let said = |row: &AnyRow| {
            let (plan, number): (String, i64) = (row.get("plan_id"), row.get("number"));
            let name = format!("{plan} 第 {number} 号证明材料“{}”", row.get::<String, _>("name"));
            (row.get::<String, _>("sha256"), (name, row.get::<i64, _>("size")))
        };
        let files: BTreeMap<String, (String, i64)> = found.iter().map(said).collect();
        for (sha256, (name, size)) in &files {
            let content = self.evidence_content(sha256).await?;
            match (gone.get(sha256), &content) {
                (Some(_), None) => continue,
                (Some(true), Some(_)) => {
                    return Err(StoreError::Altered(format!("{name}的内容已经清除，数据库里又有了")));
                }
                _ => {}
            }
            let Some(content) = content else {
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
        let sql =
            "SELECT CAST(COUNT(*) AS BIGINT) AS count, MAX(at) AS newest FROM evidence_erasure WHERE step = 'erase'";
        let row = sqlx::query(sql).fetch_one(&mut **self).await?;
        let count = usize::try_from(row.get::<i64, _>("count")).unwrap_or_default();
        let last: Option<i64> = if count > 0 { row.get("newest") } else { None };
        Ok((files.len(), last.map(|at| (count, at))))
    }
}

/// Empties a content.
pub(super) async fn empty(sha256: &str, transaction: &mut Transaction) -> Result<(), StoreError> {
    let sql = "UPDATE evidence_content SET content = $1 WHERE sha256 = $2";
    sqlx::query(sql).bind(EMPTIED.to_vec()).bind(sha256).execute(&mut **transaction).await?;
    Ok(())
}

/// Stores a content that is not there yet, or was emptied. Writers take turns: nobody else stores it in between.
pub(super) async fn insert(content: NewContent, transaction: &mut Transaction) -> Result<(), StoreError> {
    let sql = "SELECT sha256 FROM evidence_content WHERE sha256 = $1";
    let is_there = sqlx::query(sql).bind(&content.sha256).fetch_optional(&mut **transaction).await?.is_some();
    let sql = match is_there {
        true => "UPDATE evidence_content SET content = $2 WHERE sha256 = $1 AND content = $3",
        false => "INSERT INTO evidence_content (sha256, content) VALUES ($1, $2)",
    };
    let query = sqlx::query(sql).bind(content.sha256).bind(content.bytes);
    let query = if is_there { query.bind(EMPTIED.to_vec()) } else { query };
    query.execute(&mut **transaction).await?;
    Ok(())
}
