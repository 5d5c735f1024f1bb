//! Who looked at figures of others that may not be published: a trail of its own, so that reading does not lengthen the
//! chain. Counted by day, person and address while the day lasts; then each day's rows are sealed by one row of the
//! chain, and `verify` proves them as it proves every other row.

use domain::calendar::at_shanghai;
use office::facts::{Viewing, ViewingsOf};
use office::rows::NewRow;
use serde_json::json;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Store, StoreError, Transaction, Writer, rows};

/// Days and people of one page.
const PAGE: i64 = 500;

const COLUMNS: &str = "day, account_id, actor, path, views, first_at, last_at";

fn viewing(row: &AnyRow) -> Viewing {
    Viewing {
        day: row.get("day"),
        account: row.get("account_id"),
        actor: row.get("actor"),
        path: row.get("path"),
        views: row.get("views"),
        first_at: row.get("first_at"),
        last_at: row.get("last_at"),
        sealed: row.get("audit_seq"),
    }
}

impl Transaction {
    /// The views of some days, today's among them, newest first; at most five hundred, from `skip` on.
    pub async fn viewings(&mut self, of: &ViewingsOf) -> Result<Vec<Viewing>, StoreError> {
        let order = if of.oldest_first { "ASC" } else { "DESC" };
        let sql = format!(
            "SELECT * FROM (SELECT {COLUMNS}, audit_seq FROM viewing UNION ALL \
             SELECT {COLUMNS}, CAST(NULL AS BIGINT) AS audit_seq FROM viewing_today) AS seen \
             WHERE day >= $1 AND day <= $2 AND ($3 = 0 OR account_id = $3) \
             ORDER BY day {order}, last_at {order}, path, actor LIMIT $4 OFFSET $5"
        );
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(of.from.clone()).bind(of.to.clone());
        let query = query.bind(of.account.unwrap_or(0)).bind(PAGE).bind(of.skip);
        Ok(query.fetch_all(&mut **self).await?.iter().map(viewing).collect())
    }
}

impl Store {
    /// Counts views; each says its day, which `at` of the first and the last one belong to.
    pub async fn record_viewings(&self, seen: Vec<Viewing>) -> Result<(), StoreError> {
        self.transact(move |transaction| {
            Box::pin(async move {
                for one in &seen {
                    let sql = format!(
                        "INSERT INTO viewing_today ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7) \
                         ON CONFLICT (day, account_id, actor, path) DO UPDATE \
                         SET views = viewing_today.views + excluded.views, last_at = excluded.last_at"
                    );
                    sqlx::query(sqlx::AssertSqlSafe(sql))
                        .bind(&one.day)
                        .bind(one.account)
                        .bind(&one.actor)
                        .bind(&one.path)
                        .bind(one.views)
                        .bind(one.first_at)
                        .bind(one.last_at)
                        .execute(&mut **transaction)
                        .await?;
                }
                Ok(())
            })
        })
        .await
    }
}

/// Seals the days before this one, a row of the chain each: the first write of a day does it, whatever it writes.
pub(super) async fn seal(transaction: &mut Transaction, at: i64) -> Result<(), StoreError> {
    let today = at_shanghai(at).format("%Y-%m-%d").to_string();
    let sql = format!(
        "SELECT {COLUMNS}, CAST(NULL AS BIGINT) AS audit_seq FROM viewing_today WHERE day < $1 \
         ORDER BY day, account_id, actor, path"
    );
    let found = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(&today).fetch_all(&mut **transaction).await?;
    let seen: Vec<Viewing> = found.iter().map(viewing).collect();
    for of_day in seen.chunk_by(|one, next| one.day == next.day) {
        let day = &of_day[0].day;
        let new = of_day.iter().map(|one| NewRow {
            table: "viewing",
            cells: vec![
                ("day", day.into()),
                ("account_id", one.account.into()),
                ("actor", (&one.actor).into()),
                ("path", (&one.path).into()),
                ("views", one.views.into()),
                ("first_at", one.first_at.into()),
                ("last_at", one.last_at.into()),
            ],
        });
        let writer = Writer { actor: "系统".to_owned(), at, session: None };
        let views: i64 = of_day.iter().map(|one| one.views).sum();
        let new: Vec<NewRow> = new.collect();
        let detail = json!({ "views": views });
        rows::link(transaction, &writer, "seal_viewings", &format!("day/{day}"), detail, &new).await?;
        let sql = "DELETE FROM viewing_today WHERE day = $1";
        sqlx::query(sql).bind(day).execute(&mut **transaction).await?;
    }
    Ok(())
}
