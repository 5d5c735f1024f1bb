//! Publications besides the plan's bulletin: comparisons and closed results, frozen, with who signed for them.

use std::sync::Arc;

use domain::month::Period;
use domain::policy::notice::ClaimNotice;
use domain::selection::edition::SelectionEdition;
use office::facts::{
    EditionReceipt, Publication, PublicationBody, PublicationKey, PublicationKind, PublicationSummary,
};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::link::Form;
use super::{StoreError, Transaction};

const COLUMNS: &str = "p.plan_id, p.office, p.kind, p.subject, p.year, p.month, p.edition, p.sha256, p.reason, p.at, p.actor, \
                       p.audit_seq, p.public_key, a.hash AS audit_hash, a.form AS audit_form";

fn summary(row: &AnyRow) -> Result<PublicationSummary, StoreError> {
    let unreadable = |what: &str| StoreError::Unreadable(format!("已公布的评比或结果：{what}"));
    let period = Period::new(row.get::<i64, _>("year") as i32, row.get::<i64, _>("month") as u32);
    Ok(PublicationSummary {
        key: PublicationKey {
            plan: row.get("plan_id"),
            kind: PublicationKind::parse(&row.get::<String, _>("kind")).ok_or_else(|| unreadable("种类"))?,
            subject: row.get("subject"),
            period: period.ok_or_else(|| unreadable("期间"))?,
        },
        office: row.get("office"),
        edition: row.get::<i64, _>("edition") as u32,
        sha256: row.get("sha256"),
        reason: row.get("reason"),
        public_key: row.get("public_key"),
        at: row.get("at"),
        actor: row.get("actor"),
        audit_seq: row.get("audit_seq"),
        audit_hash: row.get("audit_hash"),
        prints_head: row.get::<i64, _>("audit_form") == i64::from(Form::Committed),
    })
}

fn read(row: &AnyRow) -> Result<Publication, StoreError> {
    let (summary, content): (PublicationSummary, String) = (summary(row)?, row.get("content"));
    let unreadable = |error: serde_json::Error| StoreError::Unreadable(format!("已公布的评比或结果：{error}"));
    let body = match summary.key.kind {
        PublicationKind::Comparison => PublicationBody::Comparison(serde_json::from_str(&content).map_err(unreadable)?),
        PublicationKind::Result => PublicationBody::Result(serde_json::from_str(&content).map_err(unreadable)?),
        PublicationKind::Claims => PublicationBody::Claims(serde_json::from_str(&content).map_err(unreadable)?),
        PublicationKind::Selection => PublicationBody::Selection(serde_json::from_str(&content).map_err(unreadable)?),
        PublicationKind::Library => PublicationBody::Library(serde_json::from_str(&content).map_err(unreadable)?),
    };
    Ok(Publication { summary, content, body })
}

impl Transaction {
    /// All editions of all publications, newest first.
    pub async fn publications(&mut self) -> Result<Vec<PublicationSummary>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM publication p JOIN audit a ON a.seq = p.audit_seq ORDER BY p.audit_seq DESC"
        );
        sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut **self).await?.iter().map(summary).collect()
    }

    /// All that stood before the public of claims, oldest first.
    pub async fn claim_notices(&mut self) -> Result<Arc<Vec<(PublicationSummary, ClaimNotice)>>, StoreError> {
        let found = self.publications_of(PublicationKind::Claims).await?.into_iter();
        let notice = |found: Publication| match found.body {
            PublicationBody::Claims(notice) => Some((found.summary, *notice)),
            _ => None,
        };
        Ok(Arc::new(found.filter_map(notice).collect()))
    }

    /// All editions of all selections, oldest first.
    pub async fn selection_editions(&mut self) -> Result<Arc<Vec<(PublicationSummary, SelectionEdition)>>, StoreError> {
        let found = self.publications_of(PublicationKind::Selection).await?.into_iter();
        let edition = |found: Publication| match found.body {
            PublicationBody::Selection(edition) => Some((found.summary, *edition)),
            _ => None,
        };
        Ok(Arc::new(found.filter_map(edition).collect()))
    }

    async fn publications_of(&mut self, kind: PublicationKind) -> Result<Vec<Publication>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS}, p.content FROM publication p JOIN audit a ON a.seq = p.audit_seq WHERE p.kind = $1 \
             ORDER BY p.audit_seq"
        );
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(kind.id());
        query.fetch_all(&mut **self).await?.iter().map(read).collect()
    }

    /// One edition, or the newest.
    pub async fn publication(
        &mut self,
        key: &PublicationKey,
        edition: Option<u32>,
    ) -> Result<Option<Publication>, StoreError> {
        let which = if edition.is_some() { " AND p.edition = $6" } else { "" };
        let sql = format!(
            "SELECT {COLUMNS}, p.content FROM publication p JOIN audit a ON a.seq = p.audit_seq WHERE p.plan_id = $1 \
             AND p.kind = $2 AND p.subject = $3 AND p.year = $4 AND p.month = $5{which} ORDER BY p.edition DESC LIMIT 1"
        );
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(&key.plan).bind(key.kind.id()).bind(&key.subject);
        let query = query.bind(i64::from(key.period.year)).bind(i64::from(key.period.month));
        let query = match edition {
            Some(edition) => query.bind(i64::from(edition)),
            None => query,
        };
        query.fetch_optional(&mut **self).await?.as_ref().map(read).transpose()
    }

    /// All receipts of an edition, oldest first.
    pub async fn publication_receipts(
        &mut self,
        key: &PublicationKey,
        edition: u32,
    ) -> Result<Vec<EditionReceipt>, StoreError> {
        let sql = "SELECT post_id, at, actor FROM publication_receipt WHERE plan_id = $1 AND kind = $2 AND subject = $3 \
                   AND year = $4 AND month = $5 AND edition = $6 ORDER BY at, post_id";
        let query = sqlx::query(sql).bind(&key.plan).bind(key.kind.id()).bind(&key.subject);
        let query = query.bind(i64::from(key.period.year)).bind(i64::from(key.period.month));
        let found = query.bind(i64::from(edition)).fetch_all(&mut **self).await?;
        let receipt =
            |row: &AnyRow| EditionReceipt { post: row.get("post_id"), at: row.get("at"), actor: row.get("actor") };
        Ok(found.iter().map(receipt).collect())
    }
}
