//! Editions: published bulletins, frozen as canonical JSON.

use domain::bulletin::Bulletin;
use domain::month::Period;
use domain::plan::Plan;
use domain::returns::Figures;
use office::facts::{Edition, EditionSummary};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Store, StoreError, Transaction, Writer, audit};

/// What is about to be published.
pub struct NewEdition {
    pub bulletin: Bulletin,
    pub reason: Option<String>,
    /// The audit row up to which the figures were read.
    pub based_on: i64,
}

impl NewEdition {
    /// As it would stand on its page; not frozen, so without a place in the trail.
    pub fn preview(self, now: i64) -> Result<Edition, StoreError> {
        let content = domain::canonical::to_json(&self.bulletin).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        let (heading, standings) = (&self.bulletin.heading, &self.bulletin.standings);
        let summary = EditionSummary {
            plan: heading.plan.clone(),
            goal: standings.goal.clone(),
            period: standings.period,
            edition: heading.edition,
            sha256: domain::canonical::sha256(content.as_bytes()),
            reason: self.reason,
            published_at: now,
            published_by: "预览".to_owned(),
            audit_seq: 0,
            audit_hash: "（发布时写入）".to_owned(),
        };
        Ok(Edition { summary, content, bulletin: self.bulletin })
    }
}

const COLUMNS: &str =
    "e.plan_id, e.goal_id, e.year, e.month, e.edition, e.sha256, e.reason, e.published_at, e.published_by, e.audit_seq, a.hash";

fn summary(row: &AnyRow) -> Result<EditionSummary, StoreError> {
    let period = Period::new(row.get::<i64, _>(2) as i32, row.get::<i64, _>(3) as u32);
    Ok(EditionSummary {
        plan: row.get(0),
        goal: row.get(1),
        period: period.ok_or_else(|| StoreError::Unreadable("期间".to_owned()))?,
        edition: row.get::<i64, _>(4) as u32,
        sha256: row.get(5),
        reason: row.get(6),
        published_at: row.get(7),
        published_by: row.get(8),
        audit_seq: row.get(9),
        audit_hash: row.get(10),
    })
}

impl Transaction {
    /// All editions, newest period and edition first.
    pub async fn editions(&mut self) -> Result<Vec<EditionSummary>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM edition e JOIN audit a ON a.seq = e.audit_seq ORDER BY e.year DESC, e.month DESC, e.plan_id, e.edition DESC"
        );
        sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut **self).await?.iter().map(summary).collect()
    }

    /// One edition, or the newest of the period.
    pub async fn edition(&mut self, plan: &str, period: Period, edition: Option<u32>) -> Result<Option<Edition>, StoreError> {
        let which = if edition.is_some() { " AND e.edition = $4" } else { "" };
        let sql = format!(
            "SELECT {COLUMNS}, e.content FROM edition e JOIN audit a ON a.seq = e.audit_seq \
             WHERE e.plan_id = $1 AND e.year = $2 AND e.month = $3{which} ORDER BY e.edition DESC LIMIT 1"
        );
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan).bind(i64::from(period.year)).bind(i64::from(period.month));
        let query = match edition {
            Some(edition) => query.bind(i64::from(edition)),
            None => query,
        };
        let Some(row) = query.fetch_optional(&mut **self).await? else { return Ok(None) };
        let content: String = row.get(11);
        let bulletin = serde_json::from_str(&content).map_err(|error| StoreError::Unreadable(format!("已发布的通报：{error}")))?;
        Ok(Some(Edition { summary: summary(&row)?, content, bulletin }))
    }

    /// The figures that the newest edition of each period holds: what everybody outside the office may know.
    pub async fn published_figures(&mut self, plan: &Plan) -> Result<Figures, StoreError> {
        let sql = "SELECT e.content FROM edition e WHERE e.plan_id = $1 AND e.edition = \
                   (SELECT MAX(edition) FROM edition n WHERE n.plan_id = e.plan_id AND n.year = e.year AND n.month = e.month)";
        let found = sqlx::query(sql).bind(&plan.id).fetch_all(&mut **self).await?;
        let mut figures = Figures::published();
        for row in &found {
            let bulletin: Bulletin =
                serde_json::from_str(&row.get::<String, _>(0)).map_err(|error| StoreError::Unreadable(format!("已发布的通报：{error}")))?;
            bulletin.standings.figures_into(plan.region.id(), &mut figures);
        }
        Ok(figures)
    }
}

impl Store {
    /// Freezes a bulletin as the next edition of its period; the number in its heading must be that number.
    pub async fn publish(&self, new: NewEdition, writer: Writer) -> Result<EditionSummary, StoreError> {
        let (heading, standings) = (&new.bulletin.heading, &new.bulletin.standings);
        let (plan, goal, period, edition) = (heading.plan.clone(), standings.goal.clone(), standings.period, heading.edition);
        let content = domain::canonical::to_json(&new.bulletin).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        let sha256 = domain::canonical::sha256(content.as_bytes());
        let (reason, based_on) = (new.reason, new.based_on);
        self.transact(move |transaction| {
            Box::pin(async move {
                let head = sqlx::query(sqlx::AssertSqlSafe(audit::facts_head_sql())).fetch_one(&mut **transaction).await?;
                if head.get::<Option<i64>, _>(0).unwrap_or(0) != based_on {
                    return Err(StoreError::refused("编制这一版时又有新的数据写入，为免遗漏没有发布；请再预览一次后发布"));
                }
                let object = format!("{plan}/{period}/e{edition}");
                let detail = serde_json::json!({
                    "plan": plan, "goal": goal, "period": period, "edition": edition, "sha256": sha256, "reason": reason,
                });
                let seq = audit::append(transaction, &writer, "publish", &object, &detail).await?;
                sqlx::query(
                    "INSERT INTO edition (plan_id, goal_id, year, month, edition, content, sha256, reason, published_at, published_by, audit_seq) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                )
                .bind(&plan)
                .bind(&goal)
                .bind(i64::from(period.year))
                .bind(i64::from(period.month))
                .bind(i64::from(edition))
                .bind(&content)
                .bind(&sha256)
                .bind(&reason)
                .bind(writer.at)
                .bind(&writer.actor)
                .bind(seq)
                .execute(&mut **transaction)
                .await?;
                let audit_hash = sqlx::query("SELECT hash FROM audit WHERE seq = $1").bind(seq).fetch_one(&mut **transaction).await?.get(0);
                Ok(EditionSummary {
                    plan,
                    goal,
                    period,
                    edition,
                    sha256,
                    reason,
                    published_at: writer.at,
                    published_by: writer.actor,
                    audit_seq: seq,
                    audit_hash,
                })
            })
        })
        .await
    }
}
