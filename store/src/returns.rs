//! Returns: every revision of every figure; the highest is in force.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use domain::money::Amount;
use domain::month::Period;
use domain::plan::{Plan, Round};
use domain::rate::Rate;
use domain::returns::{Figure, Figures, ReturnRow, Source};
use futures_util::TryStreamExt;
use office::facts::{ReportKey, ReturnRevision};
use office::rows::{NewFigures, NewRevision};
use serde::Serialize;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::reports::within;
use super::{StoreError, Transaction, reports};

/// What is digested of each row, so that the audit chain covers the figures themselves.
#[derive(Serialize)]
struct Digested<'a> {
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

impl Digested<'_> {
    /// Canonical JSON.
    fn line(&self) -> String {
        domain::canonical::to_json(self).expect("strings and integers")
    }

    /// Rows of one audit entry are digested in the order of these.
    fn key(&self) -> String {
        format!("{}|{}|{}|{:06}", self.goal, self.region, self.period, self.revision)
    }
}

const COLUMNS: &str = "plan_id, goal_id, region_id, year, month, revision, state, value, base, growth, note, \
                       file_name, file_sha256, file_line, reason, recorded_at, recorded_by";

fn period(row: &AnyRow) -> Result<Period, StoreError> {
    let period = Period::new(row.get::<i64, _>("year") as i32, row.get::<i64, _>("month") as u32);
    period.ok_or_else(|| StoreError::Unreadable("期间".to_owned()))
}

/// A stored row, to be compared with the entry that wrote it.
pub(super) struct StoredLine {
    pub(super) seq: i64,
    pub(super) key: String,
    pub(super) line: String,
    pub(super) intact: bool,
    pub(super) name: String,
}

/// What [`stored_line`] reads.
pub(super) fn stored_lines() -> String {
    format!("SELECT {COLUMNS}, audit_seq, row_sha256 FROM return_revision")
}

pub(super) fn stored_line(row: &AnyRow) -> StoredLine {
    let text = |name: &str| -> String { row.get(name) };
    let optional = |name: &str| -> Option<String> { row.get(name) };
    let (plan, goal, region) = (text("plan_id"), text("goal_id"), text("region_id"));
    let (state, note, by) = (text("state"), text("note"), text("recorded_by"));
    let (file, file_sha256, reason) = (optional("file_name"), optional("file_sha256"), optional("reason"));
    let digested = Digested {
        plan: &plan,
        goal: &goal,
        region: &region,
        period: format!("{:04}-{:02}", row.get::<i64, _>("year"), row.get::<i64, _>("month")),
        revision: row.get("revision"),
        state: &state,
        value: row.get("value"),
        base: row.get("base"),
        growth: row.get("growth"),
        note: &note,
        file: file.as_deref(),
        file_sha256: file_sha256.as_deref(),
        line: row.get("file_line"),
        reason: reason.as_deref(),
        at: row.get("recorded_at"),
        by: &by,
    };
    let line = digested.line();
    StoredLine {
        seq: row.get("audit_seq"),
        key: digested.key(),
        intact: domain::canonical::sha256(line.as_bytes()) == text("row_sha256"),
        name: format!("{plan} {region} {} 第{}次报送", digested.period, digested.revision),
        line,
    }
}

fn read(row: &AnyRow) -> Result<ReturnRevision, StoreError> {
    let growth: Option<String> = row.get("growth");
    let growth =
        growth.map(|text| Rate::parse_exact(&text).ok_or_else(|| StoreError::Unreadable(format!("增幅 {text}"))));
    let text = |name: &str| row.get::<Option<String>, _>(name).map(Arc::from);
    Ok(ReturnRevision {
        goal: row.get("goal_id"),
        region: row.get("region_id"),
        period: period(row)?,
        figure: Figure {
            value: row.get::<Option<i64>, _>("value").map(Amount),
            base: row.get::<Option<i64>, _>("base").map(Amount),
            published_growth: growth.transpose()?,
            note: row.get("note"),
            source: Source {
                revision: row.get::<i64, _>("revision") as u32,
                recorded_at: Some(row.get("recorded_at")),
                by: text("recorded_by"),
                file: text("file_name"),
                line: row.get::<Option<i64>, _>("file_line").and_then(|line| u32::try_from(line).ok()),
                reason: text("reason"),
            },
        },
    })
}

/// Rows come with rising revisions: the last one in stays.
fn put(figures: &mut Figures, revision: ReturnRevision) {
    match revision.figure.is_blank() {
        true => figures.remove(&revision.goal, revision.period, &revision.region),
        false => drop(figures.insert(&revision.goal, revision.period, &revision.region, revision.figure)),
    }
}

/// So many cells go into one question.
const CELLS_AT_ONCE: usize = 500;

/// Goal, region and period of a figure.
pub(super) type Reported = (String, String, Period);

/// The units that reported something of a goal of each round's rhythm; a goal that is gone was of `[calendar]`.
pub(super) fn in_force(plan: &Plan, rounds: &[Round], reported: &[Reported]) -> BTreeMap<Round, HashSet<String>> {
    let mut found: BTreeMap<Round, HashSet<String>> = BTreeMap::new();
    let mut of_period: BTreeMap<Period, Vec<&Round>> = BTreeMap::new();
    for round in rounds {
        of_period.entry(round.period).or_default().push(round);
    }
    for (goal, region, period) in reported {
        let goal = plan.goal(goal);
        for round in of_period.get(period).into_iter().flatten().copied() {
            let unit = match goal {
                Some(goal) if plan.is_of_rhythm(goal, round) => plan.stands_for(goal, region, *period),
                None if round.rhythm.is_empty() => region,
                _ => continue,
            };
            found.entry(round.clone()).or_default().insert(unit.to_owned());
        }
    }
    found
}

impl Transaction {
    /// Figures in force of one plan as they stood after a row of the trail, 0 for none, with what was written since.
    pub(super) async fn figures_since(
        &mut self,
        plan: &str,
        since: i64,
        mut figures: Figures,
    ) -> Result<Figures, StoreError> {
        // All of them come faster in the order in which they lie.
        let newer = if since > 0 { " AND audit_seq > $2" } else { "" };
        let sql = format!(
            "SELECT {COLUMNS} FROM return_revision WHERE plan_id = $1{newer} \
             ORDER BY goal_id, year, month, region_id, revision"
        );
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan);
        let query = if since > 0 { query.bind(since) } else { query };
        // One by one: all at once, those of a large province took more memory than everything else together.
        let mut rows = query.fetch(&mut **self);
        while let Some(row) = rows.try_next().await? {
            put(&mut figures, read(&row)?);
        }
        drop(rows);
        self.bureau_into(plan, since, &mut figures).await?;
        Ok(figures)
    }

    /// Those of some cells, goal and region, without the bureau's.
    pub(super) async fn figures_in(
        &mut self,
        plan: &str,
        cells: &BTreeSet<(String, String)>,
    ) -> Result<Figures, StoreError> {
        let mut figures = Figures::default();
        let cells: Vec<&(String, String)> = cells.iter().collect();
        // Both databases call the columns so, and find each cell by the primary key.
        for cells in cells.chunks(CELLS_AT_ONCE) {
            let places = (0..cells.len()).map(|at| format!("(${}, ${})", 2 * at + 2, 2 * at + 3)).collect::<Vec<_>>();
            let sql = format!(
                "SELECT {COLUMNS} FROM (VALUES {}) AS cells JOIN return_revision \
                 ON goal_id = cells.column1 AND region_id = cells.column2 WHERE plan_id = $1 \
                 ORDER BY goal_id, year, month, region_id, revision",
                places.join(", ")
            );
            let mut query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan);
            for (goal, region) in cells {
                query = query.bind(goal).bind(region);
            }
            for row in &query.fetch_all(&mut **self).await? {
                put(&mut figures, read(row)?);
            }
        }
        Ok(figures)
    }

    /// The units that have a figure in force of a goal of the round's rhythm.
    pub async fn units_in_force(
        &mut self,
        plan: &Plan,
        rounds: &[Round],
    ) -> Result<BTreeMap<Round, HashSet<String>>, StoreError> {
        Ok(in_force(plan, rounds, &self.reported(&plan.id, rounds).await?))
    }

    /// The cells of some rounds' periods that a figure was put in.
    pub(super) async fn reported(&mut self, plan: &str, rounds: &[Round]) -> Result<Vec<Reported>, StoreError> {
        let Some(within) = within(rounds) else { return Ok(Vec::new()) };
        let sql = format!(
            "SELECT DISTINCT goal_id, region_id, year, month FROM return_revision \
             WHERE {within} AND (value IS NOT NULL OR growth IS NOT NULL)"
        );
        let found = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan).fetch_all(&mut **self).await?;
        found.iter().map(|row| Ok((row.get("goal_id"), row.get("region_id"), period(row)?))).collect()
    }

    /// Every revision of a plan's figures (of one region, where named), oldest first within a cell.
    pub async fn revisions(&mut self, plan: &str, region: Option<&str>) -> Result<Vec<ReturnRevision>, StoreError> {
        // A row is found by its plan and goal first: of one region each goal's rows are asked for, not everybody's.
        let goals = "WITH RECURSIVE goal (id) AS (SELECT MIN(goal_id) FROM return_revision WHERE plan_id = $1 \
                     UNION ALL SELECT (SELECT MIN(goal_id) FROM return_revision WHERE plan_id = $1 AND goal_id > id) \
                     FROM goal WHERE id IS NOT NULL) ";
        let (goals, only) = match region {
            Some(_) => (goals, " AND goal_id IN (SELECT id FROM goal) AND region_id = $2"),
            None => ("", ""),
        };
        let sql = format!(
            "{goals}SELECT {COLUMNS} FROM return_revision WHERE plan_id = $1{only} \
             ORDER BY goal_id, year, month, region_id, revision"
        );
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan);
        let query = match region {
            Some(region) => query.bind(region),
            None => query,
        };
        query.fetch_all(&mut **self).await?.iter().map(read).collect()
    }

    /// The revision in force of a row's cell, a withdrawn one included.
    pub async fn in_force(&mut self, plan: &str, row: &ReturnRow) -> Result<Option<(i64, Figure)>, StoreError> {
        let found = self.revision_of(plan, row, "ORDER BY revision DESC LIMIT 1", None).await?;
        found.map(|found| Ok((found.get("revision"), read(&found)?.figure))).transpose()
    }

    /// The cells of a plan whose figure was taken back, with the revision that says so.
    pub async fn withdrawn(&mut self, plan: &str) -> Result<Vec<ReturnRevision>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM return_revision r \
             WHERE plan_id = $1 AND value IS NULL AND base IS NULL AND growth IS NULL AND NOT EXISTS \
             (SELECT 1 FROM return_revision n WHERE n.plan_id = r.plan_id AND n.goal_id = r.goal_id \
              AND n.region_id = r.region_id AND n.year = r.year AND n.month = r.month AND n.revision > r.revision)"
        );
        let found = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan).fetch_all(&mut **self).await?;
        found.iter().map(read).collect()
    }

    /// The figure that a revision replaced.
    pub async fn before(&mut self, plan: &str, row: &ReturnRow, revision: i64) -> Result<Option<Figure>, StoreError> {
        let found = self.revision_of(plan, row, "AND revision = $6", Some(revision - 1)).await?;
        found.map(|found| Ok(read(&found)?.figure)).transpose()
    }

    async fn revision_of(
        &mut self,
        plan: &str,
        row: &ReturnRow,
        which: &str,
        revision: Option<i64>,
    ) -> Result<Option<AnyRow>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM return_revision \
             WHERE plan_id = $1 AND goal_id = $2 AND region_id = $3 AND year = $4 AND month = $5 {which}"
        );
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan).bind(&row.goal).bind(&row.region);
        let query = query.bind(i64::from(row.period.year)).bind(i64::from(row.period.month));
        let query = match revision {
            Some(revision) => query.bind(revision),
            None => query,
        };
        Ok(query.fetch_optional(&mut **self).await?)
    }

    /// The figures that a step of a return put in force, with their revisions.
    pub async fn put_by_step(&mut self, key: &ReportKey, version: i64) -> Result<Vec<(ReturnRow, i64)>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM return_revision WHERE audit_seq = \
             (SELECT audit_seq FROM return_step WHERE {} AND version = $6)",
            reports::OF_RETURN
        );
        let query = reports::of_return(sqlx::query(sqlx::AssertSqlSafe(sql)), key).bind(version);
        let put = query.fetch_all(&mut **self).await?;
        let put = put.iter().map(|row| {
            let ReturnRevision { goal, region, period, figure } = read(row)?;
            let revision = i64::from(figure.source.revision);
            Ok((ReturnRow { line: 0, goal, region, period, figure }, revision))
        });
        put.collect()
    }
}

fn digested<'n>(figures: &'n NewFigures, new: &'n NewRevision) -> Digested<'n> {
    let (row, figure, file) = (&new.row, &new.row.figure, figures.file.as_ref());
    let (at, by) = new.source.as_ref().map_or((figures.at, figures.by.as_str()), |(at, by)| (*at, by.as_str()));
    Digested {
        plan: &figures.plan,
        goal: &row.goal,
        region: &row.region,
        period: row.period.to_string(),
        revision: new.revision,
        state: if new.withdrawn { "withdrawn" } else { "approved" },
        value: figure.value.map(|value| value.0),
        base: figure.base.map(|base| base.0),
        growth: figure.published_growth.map(Rate::exact),
        note: &figure.note,
        file: file.map(|(name, _)| name.as_str()),
        file_sha256: file.map(|(_, sha256)| sha256.as_str()),
        line: file.map(|_| row.line as i64),
        reason: new.reason.as_deref(),
        at,
        by,
    }
}

/// Taken from the values themselves: the rows need the number of an audit row that needs their digest.
pub(super) fn digest_of(figures: &NewFigures) -> String {
    let line = |new: &NewRevision| {
        let digested = digested(figures, new);
        (digested.key(), digested.line())
    };
    digest(&mut figures.rows.iter().map(line).collect::<Vec<_>>())
}

/// So many rows go into one statement: each costs a trip to the database, but SQLite looks for a parameter from the
/// first one on.
const TOGETHER: usize = 16;

pub(super) async fn insert(figures: &NewFigures, transaction: &mut Transaction, seq: i64) -> Result<(), StoreError> {
    for together in figures.rows.chunks(TOGETHER) {
        let places = |row: usize| {
            let places: Vec<String> = (1..=19).map(|place| format!("${}", row * 19 + place)).collect();
            format!("({})", places.join(", "))
        };
        let sql = format!(
            "INSERT INTO return_revision ({COLUMNS}, row_sha256, audit_seq) VALUES {}",
            (0..together.len()).map(places).collect::<Vec<_>>().join(", ")
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
        for new in together {
            let row = digested(figures, new);
            query = query
                .bind(row.plan)
                .bind(row.goal)
                .bind(row.region)
                .bind(i64::from(new.row.period.year))
                .bind(i64::from(new.row.period.month))
                .bind(row.revision)
                .bind(row.state)
                .bind(row.value)
                .bind(row.base)
                .bind(row.growth.clone())
                .bind(row.note)
                .bind(row.file)
                .bind(row.file_sha256)
                .bind(row.line)
                .bind(row.reason)
                .bind(row.at)
                .bind(row.by)
                .bind(domain::canonical::sha256(row.line().as_bytes()))
                .bind(seq);
        }
        query.execute(&mut **transaction).await?;
    }
    Ok(())
}

/// SHA-256 over the rows' canonical JSON, one per line, in the order of their keys.
pub(super) fn digest(lines: &mut [(String, String)]) -> String {
    lines.sort();
    domain::canonical::sha256_of_lines(lines.iter().map(|(_, line)| line.as_str()))
}
