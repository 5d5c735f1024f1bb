//! Editions: published bulletins, frozen as canonical JSON.

use std::collections::HashSet;
use std::sync::Arc;

use domain::month::Period;
use domain::plan::Plan;
use domain::returns::Figures;
use domain::standing::Standings;
use futures_util::TryStreamExt;
use office::facts::{Edition, EditionSummary};
use office::rows::NewEditionRow;
use serde::Deserialize;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::kept::{Frozen, kept};
use super::link::Form;
use super::{StoreError, Transaction, Writer};

/// Of a bulletin what its figures stand in: the rest of it is most of its megabytes.
#[derive(Deserialize)]
struct Held {
    standings: Standings,
}

/// So many contents are read at once: those of thousands of units have megabytes each, and many rows wait on their way.
const AT_ONCE: usize = 8;

const COLUMNS: &str = "e.plan_id, e.goal_id, e.year, e.month, e.edition, e.sha256, e.reason, e.published_at, e.published_by, e.audit_seq, \
                       e.public_key, a.hash AS audit_hash, a.form AS audit_form";

fn summary(row: &AnyRow) -> Result<EditionSummary, StoreError> {
    let period = Period::new(row.get::<i64, _>("year") as i32, row.get::<i64, _>("month") as u32);
    Ok(EditionSummary {
        plan: row.get("plan_id"),
        goal: row.get("goal_id"),
        period: period.ok_or_else(|| StoreError::Unreadable("期间".to_owned()))?,
        edition: row.get::<i64, _>("edition") as u32,
        sha256: row.get("sha256"),
        reason: row.get("reason"),
        published_at: row.get("published_at"),
        published_by: row.get("published_by"),
        audit_seq: row.get("audit_seq"),
        audit_hash: row.get("audit_hash"),
        prints_head: row.get::<i64, _>("audit_form") == i64::from(Form::Committed),
        public_key: row.get("public_key"),
    })
}

fn frozen(of: &EditionSummary) -> Frozen {
    (of.audit_seq, of.audit_hash.clone())
}

fn read(row: &AnyRow) -> Result<Edition, StoreError> {
    let content: String = row.get("content");
    let bulletin =
        serde_json::from_str(&content).map_err(|error| StoreError::Unreadable(format!("已发布的通报：{error}")))?;
    Ok(Edition { summary: summary(row)?, content, bulletin })
}

impl Transaction {
    /// All editions, newest period and edition first.
    pub async fn editions(&mut self) -> Result<Vec<EditionSummary>, StoreError> {
        Ok(Arc::unwrap_or_clone(self.summaries().await?))
    }

    async fn summaries(&mut self) -> Result<Arc<Vec<EditionSummary>>, StoreError> {
        Ok(kept!(self, "editions".to_owned(), Arc::new(self.read_summaries().await?)))
    }

    async fn read_summaries(&mut self) -> Result<Vec<EditionSummary>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM edition e JOIN audit a ON a.seq = e.audit_seq ORDER BY e.year DESC, e.month DESC, e.plan_id, e.edition DESC"
        );
        sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut **self).await?.iter().map(summary).collect()
    }

    /// One edition, or the newest of the period.
    pub async fn edition(
        &mut self,
        plan: &str,
        period: Period,
        edition: Option<u32>,
    ) -> Result<Option<Arc<Edition>>, StoreError> {
        if !self.keeps() {
            return Ok(self.read_edition(plan, period, edition).await?.map(Arc::new));
        }
        // Of a period the newest comes first.
        let of = |known: &&EditionSummary| {
            known.plan == plan && known.period == period && edition.is_none_or(|number| number == known.edition)
        };
        let summaries = self.summaries().await?;
        let Some(known) = summaries.iter().find(of) else { return Ok(None) };
        if let Some(found) = self.kept_edition(&frozen(known)).await? {
            return Ok(Some(found));
        }
        let found = self.read_edition(plan, period, Some(known.edition)).await?.map(Arc::new);
        if let Some(found) = &found {
            self.keep_edition(frozen(known), found);
        }
        Ok(found)
    }

    async fn read_edition(
        &mut self,
        plan: &str,
        period: Period,
        edition: Option<u32>,
    ) -> Result<Option<Edition>, StoreError> {
        let which = if edition.is_some() { " AND e.edition = $4" } else { "" };
        let sql = format!(
            "SELECT {COLUMNS}, e.content FROM edition e JOIN audit a ON a.seq = e.audit_seq \
             WHERE e.plan_id = $1 AND e.year = $2 AND e.month = $3{which} ORDER BY e.edition DESC LIMIT 1"
        );
        let query =
            sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan).bind(i64::from(period.year)).bind(i64::from(period.month));
        let query = match edition {
            Some(edition) => query.bind(i64::from(edition)),
            None => query,
        };
        query.fetch_optional(&mut **self).await?.as_ref().map(read).transpose()
    }

    /// The newest edition of each plan.
    pub async fn newest_editions(&mut self) -> Result<Vec<Arc<Edition>>, StoreError> {
        if self.has_kept_editions() {
            let summaries = self.summaries().await?;
            let mut plans = HashSet::new();
            let newest: Vec<Frozen> = summaries.iter().filter(|known| plans.insert(&known.plan)).map(frozen).collect();
            let mut found = Vec::new();
            for of in &newest {
                found.extend(self.kept_edition(of).await?);
            }
            if found.len() == newest.len() {
                return Ok(found);
            }
        }
        let found: Vec<_> = self.read_newest_editions().await?.into_iter().map(Arc::new).collect();
        for edition in &found {
            self.keep_edition(frozen(&edition.summary), edition);
        }
        Ok(found)
    }

    async fn read_newest_editions(&mut self) -> Result<Vec<Edition>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS}, e.content FROM (SELECT *, ROW_NUMBER() OVER \
             (PARTITION BY plan_id ORDER BY year DESC, month DESC, edition DESC) AS place FROM edition) AS e \
             JOIN audit a ON a.seq = e.audit_seq WHERE e.place = 1"
        );
        sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut **self).await?.iter().map(read).collect()
    }

    /// The figures that the newest edition of each period holds: what everybody outside the office may know.
    pub async fn published_figures(&mut self, plan: &Plan) -> Result<Figures, StoreError> {
        let summaries = self.summaries().await?;
        let mut periods = HashSet::new();
        let of_plan = summaries.iter().filter(|known| known.plan == plan.id);
        let newest: Vec<Frozen> = of_plan.filter(|known| periods.insert(known.period)).map(frozen).collect();
        let (known, mut figures) = self.published_before(&plan.id, &newest).await?;
        let mut missing: Vec<i64> = newest.iter().filter(|of| !known.contains(of)).map(|(seq, _)| *seq).collect();
        if missing.is_empty() {
            return Ok(figures);
        }
        missing.sort_unstable();
        let sql = "SELECT content, audit_seq FROM edition WHERE plan_id = $1 AND audit_seq BETWEEN $2 AND $3";
        for some in missing.chunks(AT_ONCE) {
            let query = sqlx::query(sql).bind(&plan.id).bind(some[0]).bind(some[some.len() - 1]);
            let mut rows = query.fetch(&mut **self);
            while let Some(row) = rows.try_next().await? {
                if !some.contains(&row.get("audit_seq")) {
                    continue;
                }
                let held: Held = serde_json::from_str(row.get("content"))
                    .map_err(|error| StoreError::Unreadable(format!("已发布的通报：{error}")))?;
                held.standings.figures_into(plan.region.id(), &mut figures);
            }
        }
        figures.settle();
        self.keep_published(&plan.id, newest, &figures);
        Ok(figures)
    }

    /// What [`office::publishing::moved`] finds of a plan as it stands in this state.
    pub async fn moved(&mut self, plan: &Plan) -> Result<Vec<(Period, Vec<String>)>, StoreError> {
        Ok(kept!(self, format!("moved {}", plan.id), {
            let (in_force, published) = (self.figures(&plan.id).await?, self.published_figures(plan).await?);
            let (editions, mut compared) = (self.summaries().await?, self.compared_before(&plan.id));
            let moved = office::publishing::moved(plan, &in_force, &published, &editions, &mut compared);
            self.keep_compared(&plan.id, compared);
            moved
        }))
    }
}

pub(super) async fn insert(
    new: &NewEditionRow,
    transaction: &mut Transaction,
    writer: &Writer,
    seq: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO edition (plan_id, goal_id, year, month, edition, content, sha256, reason, published_at, published_by, \
         audit_seq, public_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(&new.plan)
    .bind(&new.goal)
    .bind(i64::from(new.period.year))
    .bind(i64::from(new.period.month))
    .bind(i64::from(new.edition))
    .bind(&new.content)
    .bind(&new.sha256)
    .bind(&new.reason)
    .bind(writer.at)
    .bind(&writer.actor)
    .bind(seq)
    .bind(&new.public_key)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}
