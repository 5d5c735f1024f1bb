//! A unit's return on its way: what was typed, and the steps taken. Both only grow.

use std::collections::{BTreeMap, BTreeSet};

use domain::entry::Content;
use domain::month::Period;
use domain::plan::{Plan, Round};
use domain::returns::{Figure, Figures};
use domain::workflow::{State, Step};
use office::facts::{Draft, Exception, Question, ReportKey, RoundFacts, StepRecord, TrueUp};
use serde_json::json;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::kept::kept;
use super::returns::{Reported, in_force};
use super::{StoreError, Transaction};

pub(super) const OF_RETURN: &str = "plan_id = $1 AND year = $2 AND month = $3 AND unit_id = $4 AND rhythm = $5";
/// The earlier rounds of the year.
const EARLIER: &str = "plan_id = $1 AND year = $2 AND month < $3 AND unit_id = $4 AND rhythm = $5";
const OF_ROUND: &str = "plan_id = $1 AND year = $2 AND month = $3 AND rhythm = $4";
const ROUND: &str = "year, month, rhythm";
const DRAFT: &str = "cell, version, content, at, actor, audit_seq";
pub(super) const STEP: &str = "version, step, state, at, actor, account_id, reason, content, sha256, unit_id";

fn draft(row: &AnyRow) -> Draft {
    Draft {
        cell: row.get("cell"),
        version: row.get("version"),
        text: row.get("content"),
        at: row.get("at"),
        actor: row.get("actor"),
        audit_seq: row.get("audit_seq"),
    }
}

fn unreadable(what: &str) -> StoreError {
    StoreError::Unreadable(format!("报送步骤：{what}"))
}

fn state(row: &AnyRow) -> Result<State, StoreError> {
    let text: String = row.get("state");
    State::ALL.into_iter().find(|known| json!(known) == text).ok_or_else(|| unreadable("状态"))
}

pub(super) fn step(row: &AnyRow) -> Result<StepRecord, StoreError> {
    let content: Option<String> = row.get("content");
    let content: Option<Content> =
        content.map(|text| serde_json::from_str(&text)).transpose().map_err(|_| unreadable("内容"))?;
    Ok(StepRecord {
        version: row.get("version"),
        step: Step::parse(&row.get::<String, _>("step")).ok_or_else(|| unreadable("步骤"))?,
        state: state(row)?,
        at: row.get("at"),
        actor: row.get("actor"),
        account: row.get("account_id"),
        reason: row.get("reason"),
        content,
        sha256: row.get("sha256"),
    })
}

fn round(row: &AnyRow) -> Round {
    let period = Period { year: row.get::<i64, _>("year") as i32, month: row.get::<i64, _>("month") as u32 };
    Round { period, rhythm: row.get("rhythm") }
}

/// The rows of a plan, the first value that is bound, that may be of some rounds: of one round its month alone, of more
/// than one their years. `None` for none.
pub(super) fn within(rounds: &[Round]) -> Option<String> {
    let years = rounds.iter().map(|round| round.period.year);
    let (first, last) = (years.clone().min()?, years.max()?);
    let month = match rounds {
        [one] => format!(" AND month = {}", one.period.month),
        _ => String::new(),
    };
    Some(format!("plan_id = $1 AND year BETWEEN {first} AND {last}{month}"))
}

impl Transaction {
    /// The newest version of every box, by box. From one box to the next by the primary key: whoever typed ten thousand
    /// times into one waits no longer than who typed once.
    pub async fn drafts(&mut self, key: &ReportKey) -> Result<Vec<Draft>, StoreError> {
        let sql = format!(
            "WITH RECURSIVE boxes(name) AS (SELECT MIN(cell) FROM draft WHERE {OF_RETURN} \
             UNION ALL SELECT (SELECT MIN(cell) FROM draft WHERE {OF_RETURN} AND cell > boxes.name) FROM boxes \
             WHERE boxes.name IS NOT NULL) \
             SELECT {DRAFT} FROM boxes JOIN draft ON {OF_RETURN} AND cell = boxes.name \
             AND version = (SELECT MAX(version) FROM draft WHERE {OF_RETURN} AND cell = boxes.name) ORDER BY cell"
        );
        self.drafts_by(&sql, key).await
    }

    /// Every version of every box, oldest first within a box.
    pub async fn typed(&mut self, key: &ReportKey) -> Result<Vec<Draft>, StoreError> {
        self.drafts_by(&format!("SELECT {DRAFT} FROM draft WHERE {OF_RETURN} ORDER BY cell, version"), key).await
    }

    async fn drafts_by(&mut self, sql: &str, key: &ReportKey) -> Result<Vec<Draft>, StoreError> {
        let query = of_return(sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())), key);
        Ok(query.fetch_all(&mut **self).await?.iter().map(draft).collect())
    }

    /// What a box held in one of its versions.
    pub async fn draft_in(&mut self, key: &ReportKey, cell: &str, version: i64) -> Result<Option<Draft>, StoreError> {
        let sql = format!("SELECT {DRAFT} FROM draft WHERE {OF_RETURN} AND cell = $6 AND version = $7");
        let query = of_return(sqlx::query(sqlx::AssertSqlSafe(sql)), key).bind(cell).bind(version);
        Ok(query.fetch_optional(&mut **self).await?.as_ref().map(draft))
    }

    /// The steps of a return, oldest first.
    pub async fn steps(&mut self, key: &ReportKey) -> Result<Vec<StepRecord>, StoreError> {
        let sql = format!("SELECT {STEP} FROM return_step WHERE {OF_RETURN} ORDER BY version");
        of_return(sqlx::query(sqlx::AssertSqlSafe(sql)), key).fetch_all(&mut **self).await?.iter().map(step).collect()
    }

    /// The return and version of the step that was taken with this key.
    pub async fn step_with_key(&mut self, key: &str) -> Result<Option<(ReportKey, i64)>, StoreError> {
        let sql = "SELECT plan_id, rhythm, year, month, unit_id, version FROM return_step WHERE idempotency_key = $1";
        let Some(row) = sqlx::query(sql).bind(key).fetch_optional(&mut **self).await? else { return Ok(None) };
        let period = Period::new(row.get::<i64, _>("year") as i32, row.get::<i64, _>("month") as u32);
        let period = period.ok_or_else(|| StoreError::Unreadable("期间".to_owned()))?;
        let round = Round { period, rhythm: row.get("rhythm") };
        let key = ReportKey { plan: row.get("plan_id"), round, unit: row.get("unit_id") };
        Ok(Some((key, row.get("version"))))
    }

    /// Whether an edition of the plan came out after a step.
    pub async fn is_published_since(&mut self, key: &ReportKey, version: i64) -> Result<bool, StoreError> {
        let sql = format!(
            "SELECT 1 FROM edition WHERE plan_id = $1 AND audit_seq > \
             (SELECT audit_seq FROM return_step WHERE {OF_RETURN} AND version = $6) LIMIT 1"
        );
        let query = of_return(sqlx::query(sqlx::AssertSqlSafe(sql)), key).bind(version);
        Ok(query.fetch_optional(&mut **self).await?.is_some())
    }

    /// The rounds of a plan in which a return is on its way: handed in and not approved, or sent back.
    pub async fn rounds_under_way(&mut self, plan: &str) -> Result<Vec<Round>, StoreError> {
        let sql = "SELECT DISTINCT rhythm, year, month FROM return_step s \
                   WHERE plan_id = $1 AND state NOT IN ('draft', 'approved') AND NOT EXISTS \
                   (SELECT 1 FROM return_step n WHERE n.plan_id = s.plan_id AND n.rhythm = s.rhythm \
                    AND n.year = s.year AND n.month = s.month AND n.unit_id = s.unit_id AND n.version > s.version)";
        Ok(sqlx::query(sql).bind(plan).fetch_all(&mut **self).await?.iter().map(round).collect())
    }

    /// What is known of some rounds of a plan: four questions, however many rounds they are.
    pub async fn round_facts(
        &mut self,
        plan: &Plan,
        rounds: &[Round],
    ) -> Result<BTreeMap<Round, RoundFacts>, StoreError> {
        let question = format!("round_facts {} {rounds:?}", plan.id);
        let (mut found, figures) = kept!(self, question, self.read_rounds(&plan.id, rounds).await?);
        for (of, units) in in_force(plan, rounds, &figures) {
            found.entry(of).or_default().in_force = units;
        }
        Ok(found)
    }

    /// The same without [`RoundFacts::in_force`], and the cells that a figure of their periods stands in.
    async fn read_rounds(
        &mut self,
        plan: &str,
        rounds: &[Round],
    ) -> Result<(BTreeMap<Round, RoundFacts>, Vec<Reported>), StoreError> {
        let mut found: BTreeMap<Round, RoundFacts> =
            rounds.iter().map(|round| (round.clone(), RoundFacts::default())).collect();
        let Some(within) = within(rounds) else { return Ok((found, Vec::new())) };
        let sql = format!("SELECT {STEP}, {ROUND} FROM return_step WHERE {within} ORDER BY unit_id, version");
        for row in sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan).fetch_all(&mut **self).await? {
            if let Some(of) = found.get_mut(&round(&row)) {
                of.steps.entry(row.get("unit_id")).or_default().push(step(&row)?);
            }
        }
        let sql = format!("SELECT DISTINCT unit_id, {ROUND} FROM draft WHERE {within}");
        for row in sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan).fetch_all(&mut **self).await? {
            if let Some(of) = found.get_mut(&round(&row)) {
                of.begun.insert(row.get("unit_id"));
            }
        }
        let figures = self.reported(plan, rounds).await?;
        let sql = format!(
            "SELECT unit_id, version, until, reason, at, actor, {ROUND} FROM late_exception WHERE {within} ORDER BY version"
        );
        for row in sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan).fetch_all(&mut **self).await? {
            if let Some(of) = found.get_mut(&round(&row)) {
                let exception = Exception {
                    version: row.get("version"),
                    until: row.get("until"),
                    reason: row.get("reason"),
                    at: row.get("at"),
                    actor: row.get("actor"),
                };
                of.exceptions.insert(row.get("unit_id"), exception);
            }
        }
        Ok((found, figures))
    }

    /// The units that have handed in, or had figures imported, of one period of `[calendar]` of each of some plans,
    /// with the plan.
    pub async fn handed_in(&mut self, of: &[(String, Period)]) -> Result<Vec<(String, String)>, StoreError> {
        let one = |index: usize| {
            let place = 3 * index;
            format!("(plan_id = ${} AND year = ${} AND month = ${})", place + 1, place + 2, place + 3)
        };
        let any: Vec<String> = (0..of.len()).map(one).collect();
        if any.is_empty() {
            return Ok(Vec::new());
        }
        let any = any.join(" OR ");
        // One question: the steps in their order, behind them the figures that came past them.
        let sql = format!(
            "SELECT plan_id, unit_id, state, version, 0 AS imported FROM return_step WHERE ({any}) AND rhythm = '' \
             UNION ALL SELECT DISTINCT plan_id, region_id, '', 0, 1 FROM return_revision \
             WHERE ({any}) AND (value IS NOT NULL OR growth IS NOT NULL) ORDER BY imported, version"
        );
        let bound = of.iter().fold(sqlx::query(sqlx::AssertSqlSafe(sql)), |query, (plan, period)| {
            query.bind(plan.clone()).bind(i64::from(period.year)).bind(i64::from(period.month))
        });
        let mut last: std::collections::BTreeMap<(String, String), bool> = std::collections::BTreeMap::new();
        for row in &bound.fetch_all(&mut **self).await? {
            let key = (row.get("plan_id"), row.get("unit_id"));
            match row.get::<i64, _>("imported") {
                0 => drop(last.insert(key, !matches!(state(row)?, State::Draft | State::SentBack))),
                _ => drop(last.entry(key).or_insert(true)),
            }
        }
        Ok(last.into_iter().filter_map(|(key, handed_in)| handed_in.then_some(key)).collect())
    }

    /// Every version of every figure's box that was typed for a round, in the order of their writing, with its unit.
    pub async fn typed_figures(&mut self, plan: &str, round: &Round) -> Result<Vec<(String, Draft)>, StoreError> {
        let figures = "(cell LIKE '%/value' OR cell LIKE '%/base')";
        let sql = format!("SELECT unit_id, {DRAFT} FROM draft WHERE {OF_ROUND} AND {figures} ORDER BY audit_seq, cell");
        let found = of_round(sqlx::query(sqlx::AssertSqlSafe(sql)), plan, round).fetch_all(&mut **self).await?;
        Ok(found.iter().map(|row| (row.get("unit_id"), draft(row))).collect())
    }

    /// The figures in force of these cells at least, and of those that the unit submitted, with what it has submitted
    /// for other periods and is not approved yet.
    pub async fn figures_for_form(
        &mut self,
        key: &ReportKey,
        cells: &BTreeSet<(String, String)>,
    ) -> Result<Figures, StoreError> {
        let sql = format!(
            "SELECT {STEP}, rhythm, year, month FROM return_step WHERE plan_id = $1 AND unit_id = $2 \
             ORDER BY rhythm, year, month, version"
        );
        let found =
            sqlx::query(sqlx::AssertSqlSafe(sql)).bind(&key.plan).bind(&key.unit).fetch_all(&mut **self).await?;
        let mut newest: BTreeMap<(String, i64, i64), (State, Option<Content>)> = BTreeMap::new();
        for row in &found {
            let read = step(row)?;
            let entry =
                newest.entry((row.get("rhythm"), row.get("year"), row.get("month"))).or_insert((State::Draft, None));
            entry.0 = read.state;
            entry.1 = read.content.or(entry.1.take());
        }
        let submitted = newest.values().filter_map(|(_, content)| content.as_ref()).flat_map(|content| &content.rows);
        let submitted = submitted.map(|row| (row.goal.clone(), row.region.clone()));
        let mut figures = self.figures_of(&key.plan, &cells.iter().cloned().chain(submitted).collect()).await?;
        for (state, content) in newest.into_values() {
            let (State::Submitted | State::Signed, Some(content)) = (state, content) else { continue };
            if content.period == key.period() && content.rhythm == key.round.rhythm {
                continue;
            }
            for row in content.rows {
                let figure =
                    Figure { value: row.value, base: row.base, published_growth: row.growth, ..Figure::default() };
                figures.insert(&row.goal, content.period, &row.region, figure);
            }
        }
        Ok(figures)
    }

    /// What the office asked, oldest first.
    pub async fn questions(&mut self, key: &ReportKey) -> Result<Vec<Question>, StoreError> {
        let sql = format!(
            "SELECT step, goal_id, region_id, question FROM review_question WHERE {OF_RETURN} ORDER BY step, goal_id, region_id"
        );
        let found = of_return(sqlx::query(sqlx::AssertSqlSafe(sql)), key).fetch_all(&mut **self).await?;
        let question = |row: &AnyRow| Question {
            step: row.get("step"),
            goal: row.get("goal_id"),
            region: row.get("region_id"),
            text: row.get("question"),
        };
        Ok(found.iter().map(question).collect())
    }

    /// Mistakes of earlier periods of the year that the unit makes up for in the current one, oldest first.
    pub async fn true_ups(&mut self, key: &ReportKey) -> Result<Vec<TrueUp>, StoreError> {
        let sql = format!(
            "SELECT {STEP}, month FROM return_step WHERE {EARLIER} AND step IN ('ask_correction', 'true_up') ORDER BY month, version"
        );
        let found = of_return(sqlx::query(sqlx::AssertSqlSafe(sql)), key).fetch_all(&mut **self).await?;
        // What an approved later period contains is made up for.
        let sql = format!(
            "SELECT MAX(at) AS at FROM return_step WHERE {EARLIER} AND step = 'submit' AND state = 'submitted' \
             AND month > (SELECT COALESCE(MAX(month), 12) FROM return_step WHERE {EARLIER} AND step = 'true_up')"
        );
        let contained = of_return(sqlx::query(sqlx::AssertSqlSafe(sql)), key)
            .fetch_one(&mut **self)
            .await?
            .get::<Option<i64>, _>("at")
            .unwrap_or(0);
        let (mut asked, mut true_ups) = (None, Vec::new());
        for row in &found {
            let read = step(row)?;
            let period = Period::new(key.period().year, row.get::<i64, _>("month") as u32);
            match (read.step, period) {
                (Step::TrueUp, Some(_)) if read.at < contained => asked = None,
                (Step::TrueUp, Some(period)) => true_ups.push(TrueUp { period, asked: asked.take(), answer: read }),
                (_, _) => asked = read.content,
            }
        }
        Ok(true_ups)
    }

    /// The newest 补报 of a return.
    pub async fn exception(&mut self, key: &ReportKey) -> Result<Option<Exception>, StoreError> {
        let sql = format!(
            "SELECT version, until, reason, at, actor FROM late_exception WHERE {OF_RETURN} ORDER BY version DESC LIMIT 1"
        );
        let found = of_return(sqlx::query(sqlx::AssertSqlSafe(sql)), key).fetch_optional(&mut **self).await?;
        Ok(found.map(|row| Exception {
            version: row.get("version"),
            until: row.get("until"),
            reason: row.get("reason"),
            at: row.get("at"),
            actor: row.get("actor"),
        }))
    }
}

pub(super) type Query<'q> = sqlx::query::Query<'q, sqlx::Any, sqlx::any::AnyArguments>;

pub(super) fn of_return<'q>(query: Query<'q>, key: &'q ReportKey) -> Query<'q> {
    let period = key.period();
    let query = query.bind(&key.plan).bind(i64::from(period.year)).bind(i64::from(period.month));
    query.bind(&key.unit).bind(&key.round.rhythm)
}

fn of_round<'q>(query: Query<'q>, plan: &'q str, round: &'q Round) -> Query<'q> {
    let query = query.bind(plan).bind(i64::from(round.period.year)).bind(i64::from(round.period.month));
    query.bind(&round.rhythm)
}
