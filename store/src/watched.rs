//! 监测数: weekly and ten-day figures, which nothing counts.

use domain::money::Amount;
use domain::rate::Rate;
use domain::watched::{Watched, WatchedFigure};
use sqlx::Row;

use super::{StoreError, Transaction};

impl Transaction {
    /// The newest version of every watched figure of a plan.
    pub async fn watched(&mut self, plan: &str) -> Result<Watched, StoreError> {
        let sql = "SELECT goal_id, region_id, as_of, version, value, growth, at, actor FROM watched_figure \
                   WHERE plan_id = $1 ORDER BY goal_id, region_id, as_of, version";
        let mut watched = Watched::default();
        for row in sqlx::query(sql).bind(plan).fetch_all(&mut **self).await? {
            let unreadable = |what: &str| StoreError::Unreadable(format!("监测数：{what}"));
            let growth: Option<String> = row.get("growth");
            let growth = growth.map(|text| Rate::parse_exact(&text).ok_or_else(|| unreadable("增幅"))).transpose()?;
            let figure = WatchedFigure {
                version: row.get::<i64, _>("version") as u32,
                value: row.get::<Option<i64>, _>("value").map(Amount),
                growth,
                at: row.get("at"),
                by: row.get("actor"),
            };
            let day = row.get::<String, _>("as_of").parse().map_err(|_| unreadable("日期"))?;
            // Versions rise: the last one in stays.
            watched.insert(&row.get::<String, _>("goal_id"), &row.get::<String, _>("region_id"), day, figure);
        }
        Ok(watched)
    }
}
