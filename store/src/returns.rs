//! Returns: every revision of every figure; the highest is in force.

use domain::money::Amount;
use domain::month::Period;
use domain::rate::Rate;
use domain::returns::ReturnRow;
use domain::returns::{Figure, Figures, Source};
use office::facts::{ReportKey, ReturnRevision};
use serde::Serialize;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Store, StoreError, Transaction, Writer, audit};

/// What an import did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    pub new: usize,
    pub revised: usize,
    pub unchanged: usize,
}

/// A row of a file that differs from the figure in force.
#[derive(Debug)]
pub struct Changed {
    pub row: ReturnRow,
    /// The revision in force.
    pub revision: i64,
    pub before: Figure,
}

/// What is digested of each row, so that the audit chain covers the figures themselves.
#[derive(Serialize)]
pub(super) struct Digested<'a> {
    plan: &'a str,
    goal: &'a str,
    region: &'a str,
    period: String,
    revision: i64,
    state: &'a str,
    value: Option<i64>,
    base: Option<i64>,
    growth: Option<String>,
    note: &'a str,
    file: Option<&'a str>,
    file_sha256: Option<&'a str>,
    line: Option<i64>,
    reason: Option<&'a str>,
    at: i64,
    by: &'a str,
}

pub(super) const COLUMNS: &str = "plan_id, goal_id, region_id, year, month, revision, state, value, base, growth, note, \
                                  file_name, file_sha256, file_line, reason, recorded_at, recorded_by";

/// The row's canonical JSON; rows of one audit entry are digested in the order of their keys.
pub(super) fn digest_line(row: &AnyRow) -> String {
    let text = |index: usize| -> String { row.get(index) };
    let (plan, goal, region, state, note, by) = (text(0), text(1), text(2), text(6), text(10), text(16));
    let (file, file_sha256, reason): (Option<String>, Option<String>, Option<String>) = (row.get(11), row.get(12), row.get(14));
    let digested = Digested {
        plan: &plan,
        goal: &goal,
        region: &region,
        period: format!("{:04}-{:02}", row.get::<i64, _>(3), row.get::<i64, _>(4)),
        revision: row.get(5),
        state: &state,
        value: row.get(7),
        base: row.get(8),
        growth: row.get(9),
        note: &note,
        file: file.as_deref(),
        file_sha256: file_sha256.as_deref(),
        line: row.get(13),
        reason: reason.as_deref(),
        at: row.get(15),
        by: &by,
    };
    domain::canonical::to_json(&digested).expect("strings and integers")
}

fn read(row: &AnyRow) -> Result<ReturnRevision, StoreError> {
    let period = Period::new(row.get::<i64, _>(3) as i32, row.get::<i64, _>(4) as u32);
    let growth: Option<String> = row.get(9);
    let growth = growth.map(|text| Rate::parse_exact(&text).ok_or_else(|| StoreError::Unreadable(format!("增幅 {text}"))));
    Ok(ReturnRevision {
        goal: row.get(1),
        region: row.get(2),
        period: period.ok_or_else(|| StoreError::Unreadable("期间".to_owned()))?,
        figure: Figure {
            value: row.get::<Option<i64>, _>(7).map(Amount),
            base: row.get::<Option<i64>, _>(8).map(Amount),
            published_growth: growth.transpose()?,
            note: row.get(10),
            source: Source {
                revision: row.get::<i64, _>(5) as u32,
                recorded_at: Some(row.get(15)),
                by: Some(row.get(16)),
                file: row.get(11),
                line: row.get::<Option<i64>, _>(13).and_then(|line| u32::try_from(line).ok()),
                reason: row.get(14),
            },
        },
    })
}

impl Transaction {
    /// The figures in force of one plan.
    pub async fn figures(&mut self, plan: &str) -> Result<Figures, StoreError> {
        let mut figures = Figures::default();
        for revision in self.revisions(plan, None).await? {
            // Rows come with rising revisions: the last one in stays.
            match revision.figure.is_blank() {
                true => figures.remove(&revision.goal, revision.period, &revision.region),
                false => drop(figures.insert(&revision.goal, revision.period, &revision.region, revision.figure)),
            }
        }
        self.bureau_into(plan, &mut figures).await?;
        Ok(figures)
    }

    /// The units that have a figure in force at a period.
    pub async fn units_in_force(&mut self, plan: &str, period: Period) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT DISTINCT region_id FROM return_revision WHERE plan_id = $1 AND year = $2 AND month = $3 \
                   AND (value IS NOT NULL OR growth IS NOT NULL)";
        let found = sqlx::query(sql).bind(plan).bind(i64::from(period.year)).bind(i64::from(period.month));
        Ok(found.fetch_all(&mut **self).await?.iter().map(|row| row.get(0)).collect())
    }

    /// Every revision of a plan's figures (of one region, where named), oldest first within a cell.
    pub async fn revisions(&mut self, plan: &str, region: Option<&str>) -> Result<Vec<ReturnRevision>, StoreError> {
        let only = if region.is_some() { " AND region_id = $2" } else { "" };
        let sql =
            format!("SELECT {COLUMNS} FROM return_revision WHERE plan_id = $1{only} ORDER BY goal_id, year, month, region_id, revision");
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan);
        let query = match region {
            Some(region) => query.bind(region),
            None => query,
        };
        query.fetch_all(&mut **self).await?.iter().map(read).collect()
    }
}

impl Store {
    /// Appends the rows whose figures differ from those in force: all of them, or none.
    ///
    /// A changed figure needs a reason. `rows` have passed the checks of the file.
    pub async fn import_returns(
        &self,
        plan: &str,
        rows: Vec<ReturnRow>,
        file_sha256: &str,
        file_name: &str,
        reason: Option<&str>,
        writer: Writer,
    ) -> Result<Imported, StoreError> {
        let (plan, file_sha256, file_name) = (plan.to_owned(), file_sha256.to_owned(), file_name.to_owned());
        let reason = reason.map(str::to_owned);
        self.transact(move |transaction| {
            Box::pin(async move {
                let mut imported = Imported::default();
                let mut changed: Vec<NewRevision> = Vec::new();
                let mut refusals = Vec::new();
                for row in rows {
                    match in_force(transaction, &plan, &row).await? {
                        Some((_, figure)) if figure.same_figures(&row.figure) => imported.unchanged += 1,
                        Some((revision, figure)) if reason.is_none() => refusals.push(Changed { row, revision, before: figure }),
                        Some((revision, _)) => {
                            imported.revised += 1;
                            changed.push(NewRevision::new(row, revision + 1, reason.clone()));
                        }
                        None => {
                            imported.new += 1;
                            changed.push(NewRevision::new(row, 1, None));
                        }
                    }
                }
                if !refusals.is_empty() {
                    return Err(StoreError::NeedsReason(refusals));
                }
                if !changed.is_empty() {
                    let revisions = Revisions {
                        plan: plan.clone(),
                        rows: changed,
                        file: Some((file_name.clone(), file_sha256.clone())),
                        at: writer.at,
                        by: writer.actor.clone(),
                    };
                    let detail = serde_json::json!({
                        "plan": plan, "file": file_name, "file_sha256": file_sha256, "rows": revisions.rows.len(),
                        "digest": revisions.digest(), "reason": reason,
                    });
                    let seq = audit::append(transaction, &writer, "import_returns", &plan, &detail).await?;
                    revisions.insert(transaction, seq).await?;
                }
                Ok(imported)
            })
        })
        .await
    }
}

pub(super) async fn in_force(transaction: &mut Transaction, plan: &str, row: &ReturnRow) -> Result<Option<(i64, Figure)>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM return_revision \
         WHERE plan_id = $1 AND goal_id = $2 AND region_id = $3 AND year = $4 AND month = $5 ORDER BY revision DESC LIMIT 1"
    );
    let found = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(plan)
        .bind(&row.goal)
        .bind(&row.region)
        .bind(i64::from(row.period.year))
        .bind(i64::from(row.period.month))
        .fetch_optional(&mut **transaction)
        .await?;
    found.map(|found| Ok((found.get::<i64, _>(5), read(&found)?.figure))).transpose()
}

/// The figures that a step of a return put in force, with their revisions.
pub(super) async fn put_by_step(transaction: &mut Transaction, key: &ReportKey, version: i64) -> Result<Vec<(ReturnRow, i64)>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM return_revision WHERE audit_seq = \
         (SELECT audit_seq FROM return_step WHERE plan_id = $1 AND year = $2 AND month = $3 AND unit_id = $4 AND version = $5)"
    );
    let found = super::reports::of_return(sqlx::query(sqlx::AssertSqlSafe(sql)), key).bind(version).fetch_all(&mut **transaction).await?;
    let put = found.iter().map(|row| {
        let revision = read(row)?;
        let row = ReturnRow { line: 0, goal: revision.goal, region: revision.region, period: revision.period, figure: revision.figure };
        let number = i64::from(row.figure.source.revision);
        Ok((row, number))
    });
    put.collect()
}

/// The figure that a revision replaced.
pub(super) async fn before(
    transaction: &mut Transaction,
    plan: &str,
    row: &ReturnRow,
    revision: i64,
) -> Result<Option<Figure>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM return_revision \
         WHERE plan_id = $1 AND goal_id = $2 AND region_id = $3 AND year = $4 AND month = $5 AND revision = $6"
    );
    let found = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(plan)
        .bind(&row.goal)
        .bind(&row.region)
        .bind(i64::from(row.period.year))
        .bind(i64::from(row.period.month))
        .bind(revision - 1)
        .fetch_optional(&mut **transaction)
        .await?;
    found.map(|found| Ok(read(&found)?.figure)).transpose()
}

/// A figure about to be put in force.
pub(super) struct NewRevision {
    pub(super) row: ReturnRow,
    pub(super) revision: i64,
    /// `approved`, or `withdrawn` where nothing stands any more.
    pub(super) state: &'static str,
    /// When it was reported and by whom, where that is not what all rows have in common.
    pub(super) source: Option<(i64, String)>,
    pub(super) reason: Option<String>,
}

impl NewRevision {
    pub(super) fn new(row: ReturnRow, revision: i64, reason: Option<String>) -> Self {
        Self { row, revision, state: "approved", source: None, reason }
    }
}

/// Figures put in force together, under one audit row that holds their digest.
pub(super) struct Revisions {
    pub(super) plan: String,
    pub(super) rows: Vec<NewRevision>,
    /// Name and SHA-256 of the file they came from.
    pub(super) file: Option<(String, String)>,
    /// When they were reported, and by whom.
    pub(super) at: i64,
    pub(super) by: String,
}

impl Revisions {
    fn line(&self, new: &NewRevision) -> String {
        let (row, figure) = (&new.row, &new.row.figure);
        let digested = Digested {
            plan: &self.plan,
            goal: &row.goal,
            region: &row.region,
            period: row.period.to_string(),
            revision: new.revision,
            state: new.state,
            value: figure.value.map(|value| value.0),
            base: figure.base.map(|base| base.0),
            growth: figure.published_growth.map(Rate::exact),
            note: &figure.note,
            file: self.file.as_ref().map(|(name, _)| name.as_str()),
            file_sha256: self.file.as_ref().map(|(_, sha256)| sha256.as_str()),
            line: self.file.as_ref().map(|_| row.line as i64),
            reason: new.reason.as_deref(),
            at: self.source(new).0,
            by: self.source(new).1,
        };
        domain::canonical::to_json(&digested).expect("strings and integers")
    }

    fn source<'n>(&'n self, new: &'n NewRevision) -> (i64, &'n str) {
        new.source.as_ref().map_or((self.at, self.by.as_str()), |(at, by)| (*at, by.as_str()))
    }

    /// Taken from the values themselves: the rows need the number of an audit row that needs their digest.
    pub(super) fn digest(&self) -> String {
        let key = |new: &NewRevision| format!("{}|{}|{}|{:06}", new.row.goal, new.row.region, new.row.period, new.revision);
        let mut lines: Vec<(String, String)> = self.rows.iter().map(|new| (key(new), self.line(new))).collect();
        digest(&mut lines)
    }

    pub(super) async fn insert(&self, transaction: &mut Transaction, seq: i64) -> Result<(), StoreError> {
        for new in &self.rows {
            let (row, figure) = (&new.row, &new.row.figure);
            sqlx::query(
                "INSERT INTO return_revision (plan_id, goal_id, region_id, year, month, revision, state, value, base, growth, note, \
                 file_name, file_sha256, file_line, reason, recorded_at, recorded_by, row_sha256, audit_seq) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
            )
            .bind(&self.plan)
            .bind(&row.goal)
            .bind(&row.region)
            .bind(i64::from(row.period.year))
            .bind(i64::from(row.period.month))
            .bind(new.revision)
            .bind(new.state)
            .bind(figure.value.map(|value| value.0))
            .bind(figure.base.map(|base| base.0))
            .bind(figure.published_growth.map(Rate::exact))
            .bind(&figure.note)
            .bind(self.file.as_ref().map(|(name, _)| name.as_str()))
            .bind(self.file.as_ref().map(|(_, sha256)| sha256.as_str()))
            .bind(self.file.as_ref().map(|_| row.line as i64))
            .bind(&new.reason)
            .bind(self.source(new).0)
            .bind(self.source(new).1)
            .bind(domain::canonical::sha256(self.line(new).as_bytes()))
            .bind(seq)
            .execute(&mut **transaction)
            .await?;
        }
        Ok(())
    }
}

/// SHA-256 over the rows' canonical JSON, one per line, in the order of their keys.
pub(super) fn digest(lines: &mut [(String, String)]) -> String {
    lines.sort();
    let text: Vec<&str> = lines.iter().map(|(_, line)| line.as_str()).collect();
    domain::canonical::sha256(text.join("\n").as_bytes())
}
