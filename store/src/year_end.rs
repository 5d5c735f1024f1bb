//! The year's end: self-assessment and verification, objections with their answers, the closing by two persons.

use domain::money::Amount;
use domain::month::Period;
use domain::rate::Rate;
use domain::year_end::{About, ObjectionOutcome, Stated, YearEndFigure};
use office::facts::{ClosedResult, Closure, Decision, ObjectionAnswer, ObjectionRecord, Reopening, SelfSign, YearEnd};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{StoreError, Transaction};

fn unreadable(what: &str) -> StoreError {
    StoreError::Unreadable(format!("年终考核：{what}"))
}

const STATED: &str = "region_id, kind, version, value, base, growth, shares, remark, at, actor";

fn stated(row: &AnyRow) -> Result<YearEndFigure, StoreError> {
    let growth: Option<String> = row.get("growth");
    let growth = growth.map(|text| Rate::parse_exact(&text).ok_or_else(|| unreadable("增幅"))).transpose()?;
    Ok(YearEndFigure {
        region: row.get("region_id"),
        stated: if row.get::<String, _>("kind") == "self" { Stated::Own } else { Stated::Verified },
        version: row.get::<i64, _>("version") as u32,
        value: row.get::<Option<i64>, _>("value").map(Amount),
        base: row.get::<Option<i64>, _>("base").map(Amount),
        published_growth: growth,
        shares: serde_json::from_str(&row.get::<String, _>("shares")).map_err(|_| unreadable("分项得分"))?,
        remark: row.get("remark"),
        at: row.get("at"),
        by: row.get("actor"),
    })
}

fn objection(row: &AnyRow) -> Result<ObjectionRecord, StoreError> {
    let outcome: Option<String> = row.get("outcome");
    let answer = match outcome {
        None => None,
        Some(outcome) => Some(ObjectionAnswer {
            outcome: ObjectionOutcome::parse(&outcome).ok_or_else(|| unreadable("异议的答复"))?,
            text: row.get("answer"),
            at: row.get("answered_at"),
            actor: row.get("answered_by"),
        }),
    };
    Ok(ObjectionRecord {
        number: row.get::<i64, _>("number") as u32,
        goal: row.get("goal_id"),
        period: Period::new(row.get::<i64, _>("year") as i32, row.get::<i64, _>("month") as u32)
            .ok_or_else(|| unreadable("期间"))?,
        unit: row.get("unit_id"),
        about: About::parse(&row.get::<String, _>("about")).ok_or_else(|| unreadable("异议"))?,
        reason: row.get("reason"),
        at: row.get("at"),
        actor: row.get("actor"),
        answer,
    })
}

const CLOSURE: &str = "version, step, content, sha256, at, actor, account_id";

fn closure(row: &AnyRow) -> Result<Closure, StoreError> {
    let content: String = row.get("content");
    let result = serde_json::from_str(&content).map_err(|error| unreadable(&error.to_string()))?;
    Ok(Closure {
        version: row.get("version"),
        step: Decision::parse(&row.get::<String, _>("step")).ok_or_else(|| unreadable("办结"))?,
        content,
        result: std::sync::Arc::new(result),
        sha256: row.get("sha256"),
        at: row.get("at"),
        actor: row.get("actor"),
        account: row.get("account_id"),
    })
}

fn reopening(row: &AnyRow) -> Result<Reopening, StoreError> {
    Ok(Reopening {
        version: row.get("version"),
        closure: row.get("closure"),
        step: Decision::parse(&row.get::<String, _>("step")).ok_or_else(|| unreadable("重开"))?,
        reason: row.get("reason"),
        at: row.get("at"),
        actor: row.get("actor"),
        account: row.get("account_id"),
    })
}

/// A closing that holds: nobody has opened it again.
const HOLDS: &str = "step = 'confirmed' AND NOT EXISTS (SELECT 1 FROM assessment_reopening r \
                     WHERE r.plan_id = assessment_closure.plan_id AND r.goal_id = assessment_closure.goal_id \
                     AND r.year = assessment_closure.year AND r.closure = assessment_closure.version \
                     AND r.step = 'confirmed')";

impl Transaction {
    /// Everything of a year's end, oldest first.
    pub async fn year_end(&mut self, plan: &str, goal: &str, year: i32) -> Result<YearEnd, StoreError> {
        let of_goal = |sql: String| sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan).bind(goal).bind(i64::from(year));
        let sql = format!(
            "SELECT {STATED} FROM year_end_figure WHERE plan_id = $1 AND goal_id = $2 AND year = $3 ORDER BY region_id, kind, version"
        );
        let found = of_goal(sql).fetch_all(&mut **self).await?;
        let stated: Vec<YearEndFigure> = found.iter().map(stated).collect::<Result<_, _>>()?;
        let sql = format!(
            "SELECT {CLOSURE} FROM assessment_closure WHERE plan_id = $1 AND goal_id = $2 AND year = $3 ORDER BY version"
        );
        let found = of_goal(sql).fetch_all(&mut **self).await?;
        let closures: Vec<Closure> = found.iter().map(closure).collect::<Result<_, _>>()?;
        let mut objections = self.objections(plan, year).await?;
        objections.retain(|objection| objection.goal == goal);
        let sql = "SELECT version, closure, step, reason, at, actor, account_id FROM assessment_reopening \
                   WHERE plan_id = $1 AND goal_id = $2 AND year = $3 ORDER BY version";
        let found = of_goal(sql.to_owned()).fetch_all(&mut **self).await?;
        let reopenings = found.iter().map(reopening).collect::<Result<_, _>>()?;
        let sql = "SELECT region_id, version, at, actor FROM self_assessment_sign \
                   WHERE plan_id = $1 AND goal_id = $2 AND year = $3 ORDER BY region_id, version";
        let sign = |row: &AnyRow| SelfSign {
            region: row.get("region_id"),
            version: row.get::<i64, _>("version") as u32,
            at: row.get("at"),
            actor: row.get("actor"),
        };
        let signs = of_goal(sql.to_owned()).fetch_all(&mut **self).await?.iter().map(sign).collect();
        Ok(YearEnd { stated, objections, closures, reopenings, signs })
    }

    /// All objections of a plan and year, by number.
    pub async fn objections(&mut self, plan: &str, year: i32) -> Result<Vec<ObjectionRecord>, StoreError> {
        let sql = "SELECT o.number, o.year, o.month, o.unit_id, o.about, o.reason, o.at, o.actor, o.goal_id, \
                   a.outcome, a.answer, a.at AS answered_at, a.actor AS answered_by FROM objection o \
                   LEFT JOIN objection_answer a ON a.plan_id = o.plan_id AND a.year = o.year AND a.number = o.number \
                   WHERE o.plan_id = $1 AND o.year = $2 ORDER BY o.number";
        let found = sqlx::query(sql).bind(plan).bind(i64::from(year)).fetch_all(&mut **self).await?;
        found.iter().map(objection).collect()
    }

    /// Assessments that were closed at `since` or later, newest first.
    pub async fn closed_results(&mut self, since: i64) -> Result<Vec<ClosedResult>, StoreError> {
        let sql = format!(
            "SELECT plan_id, goal_id, year, at FROM assessment_closure WHERE {HOLDS} AND at >= $1 ORDER BY at DESC"
        );
        let result = |row: &AnyRow| ClosedResult {
            plan: row.get("plan_id"),
            goal: row.get("goal_id"),
            year: row.get::<i64, _>("year") as i32,
            at: row.get("at"),
        };
        Ok(sqlx::query(sqlx::AssertSqlSafe(sql)).bind(since).fetch_all(&mut **self).await?.iter().map(result).collect())
    }

    /// Whether a year's assessment is closed.
    pub async fn is_closed(&mut self, plan: &str, goal: &str, year: i32) -> Result<bool, StoreError> {
        let sql =
            format!("SELECT 1 FROM assessment_closure WHERE plan_id = $1 AND goal_id = $2 AND year = $3 AND {HOLDS}");
        let found = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan).bind(goal).bind(i64::from(year));
        Ok(found.fetch_optional(&mut **self).await?.is_some())
    }
}
