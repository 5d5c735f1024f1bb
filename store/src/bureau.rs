//! The statistics bureau's figures beside the counties', and the total that the office states.

use domain::money::Amount;
use domain::month::Period;
use domain::rate::Rate;
use domain::returns::{BureauFigure, Figures};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{StoreError, Transaction};

const COLUMNS: &str = "goal_id, region_id, year, month, version, value, base, growth, source, dated, reason, at, actor";

fn read(row: &AnyRow) -> Result<(String, String, Period, BureauFigure), StoreError> {
    let unreadable = |what: &str| StoreError::Unreadable(format!("统计部门数：{what}"));
    let period = Period::new(row.get::<i64, _>("year") as i32, row.get::<i64, _>("month") as u32)
        .ok_or_else(|| unreadable("期间"))?;
    let growth: Option<String> = row.get("growth");
    let growth = growth.map(|text| Rate::parse_exact(&text).ok_or_else(|| unreadable("增幅"))).transpose()?;
    let figure = BureauFigure {
        version: row.get::<i64, _>("version") as u32,
        value: row.get::<Option<i64>, _>("value").map(Amount),
        base: row.get::<Option<i64>, _>("base").map(Amount),
        published_growth: growth,
        publication: row.get("source"),
        dated: row.get::<String, _>("dated").parse().map_err(|_| unreadable("日期"))?,
        reason: row.get("reason"),
        recorded_at: row.get("at"),
        by: row.get("actor"),
    };
    Ok((row.get("goal_id"), row.get("region_id"), period, figure))
}

impl Transaction {
    /// Adds the newest records of a plan, those written after a row of the trail, to its figures.
    pub(super) async fn bureau_into(
        &mut self,
        plan: &str,
        since: i64,
        figures: &mut Figures,
    ) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM bureau_figure WHERE plan_id = $1 AND audit_seq > $2 \
             ORDER BY goal_id, region_id, year, month, version"
        );
        for row in sqlx::query(sqlx::AssertSqlSafe(sql)).bind(plan).bind(since).fetch_all(&mut **self).await? {
            // Versions rise: the last one in stays.
            let (goal, region, period, figure) = read(&row)?;
            figures.record_bureau(&goal, period, &region, figure);
        }
        Ok(())
    }

    /// The newest record about one unit.
    pub async fn bureau_figure(
        &mut self,
        plan: &str,
        goal: &str,
        region: &str,
        period: Period,
    ) -> Result<Option<BureauFigure>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM bureau_figure \
             WHERE plan_id = $1 AND goal_id = $2 AND region_id = $3 AND year = $4 AND month = $5 ORDER BY version DESC LIMIT 1"
        );
        let found = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(plan)
            .bind(goal)
            .bind(region)
            .bind(i64::from(period.year))
            .bind(i64::from(period.month))
            .fetch_optional(&mut **self)
            .await?;
        found.map(|row| Ok(read(&row)?.3)).transpose()
    }
}
