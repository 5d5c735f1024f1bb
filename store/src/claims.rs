//! What was recorded of claims of support policies.

use std::collections::BTreeMap;

use domain::money::Amount;
use domain::policy::record::Act;
use office::facts::ClaimStep;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{StoreError, Transaction};

fn step(row: &AnyRow) -> Result<ClaimStep, StoreError> {
    let unreadable = |what: &str| StoreError::Unreadable(format!("奖补申报：{what}"));
    let day: Option<String> = row.get("day");
    let frozen: Option<String> = row.get("frozen");
    Ok(ClaimStep {
        claim: u32::try_from(row.get::<i64, _>("claim")).map_err(|_| unreadable("编号"))?,
        unit: row.get("unit_id"),
        version: row.get("version"),
        act: Act::parse(&row.get::<String, _>("step")).ok_or_else(|| unreadable("步骤"))?,
        content: serde_json::from_str(&row.get::<String, _>("content")).map_err(|_| unreadable("内容"))?,
        amount: row.get::<Option<i64>, _>("amount").map(Amount),
        frozen: frozen.map(|text| serde_json::from_str(&text).map_err(|_| unreadable("决定时的结果"))).transpose()?,
        words: row.get("words"),
        day: day.map(|day| day.parse().map_err(|_| unreadable("日期"))).transpose()?,
        at: row.get("at"),
        actor: row.get("actor"),
        account: row.get("account_id"),
    })
}

impl Transaction {
    /// Every step of the claims of a plan's year; each claim's own are in their order.
    pub async fn claim_steps(&mut self, plan: &str, year: i32) -> Result<Vec<ClaimStep>, StoreError> {
        let sql = "SELECT claim, unit_id, version, step, content, amount, frozen, words, day, at, actor, account_id \
                   FROM claim_step WHERE plan_id = $1 AND year = $2 ORDER BY claim, version";
        let found = sqlx::query(sql).bind(plan).bind(i64::from(year)).fetch_all(&mut **self).await?;
        found.iter().map(step).collect()
    }

    /// The same of all years of a plan, by year.
    pub async fn claim_years(&mut self, plan: &str) -> Result<BTreeMap<i32, Vec<ClaimStep>>, StoreError> {
        let sql = "SELECT year, claim, unit_id, version, step, content, amount, frozen, words, day, at, actor, \
                   account_id FROM claim_step WHERE plan_id = $1 ORDER BY year, claim, version";
        let mut years: BTreeMap<i32, Vec<ClaimStep>> = BTreeMap::new();
        for row in sqlx::query(sql).bind(plan).fetch_all(&mut **self).await? {
            let year = i32::try_from(row.get::<i64, _>("year"))
                .map_err(|_| StoreError::Unreadable("奖补申报：年度".to_owned()))?;
            years.entry(year).or_default().push(step(&row)?);
        }
        Ok(years)
    }
}
