//! The letterhead of an edition's paper: the newest version is in force, all are kept.

use domain::letterhead::Letterhead;
use domain::month::Period;
use domain::rights::{Action, Object};
use serde_json::json;
use sqlx::Row;

use super::reports::Acting;
use super::rows::NewRow;
use super::{Store, StoreError, Transaction, Writer, rows};

fn read(content: &str) -> Result<Letterhead, StoreError> {
    serde_json::from_str(content).map_err(|error| StoreError::Unreadable(format!("公文稿头：{error}")))
}

impl Transaction {
    /// What was written for this edition; `None` before anybody wrote anything.
    pub async fn letterhead(&mut self, plan: &str, period: Period, edition: u32) -> Result<Option<Letterhead>, StoreError> {
        let sql = "SELECT content FROM letterhead WHERE plan_id = $1 AND year = $2 AND month = $3 AND edition = $4 \
                   ORDER BY version DESC LIMIT 1";
        let query = sqlx::query(sql).bind(plan).bind(i64::from(period.year)).bind(i64::from(period.month)).bind(i64::from(edition));
        query.fetch_optional(&mut **self).await?.map(|row| read(row.get(0))).transpose()
    }

    /// What the plan's newest paper says, without what belongs to that paper alone.
    pub async fn letterhead_to_start_from(&mut self, plan: &str) -> Result<Letterhead, StoreError> {
        let sql = "SELECT content FROM letterhead WHERE plan_id = $1 ORDER BY audit_seq DESC LIMIT 1";
        let newest = sqlx::query(sql).bind(plan).fetch_optional(&mut **self).await?;
        newest.map_or(Ok(Letterhead::default()), |row| Ok(read(row.get(0))?.for_another()))
    }
}

impl Store {
    /// Writes a letterhead for a published edition; the same once more changes nothing.
    pub async fn write_letterhead(
        &self,
        (plan, period, edition): (&str, Period, u32),
        letterhead: &Letterhead,
        acting: Acting<'_>,
        writer: Writer,
    ) -> Result<(), StoreError> {
        let (plan, viewer, office) = (plan.to_owned(), acting.viewer.clone(), acting.office.to_owned());
        let content = domain::canonical::to_json(letterhead).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        self.transact(move |transaction| {
            Box::pin(async move {
                let allowed = viewer.may(Action::WriteLetterhead, Object::office(&office));
                allowed.map_err(|refusal| StoreError::Forbidden(Action::WriteLetterhead, refusal))?;
                let key = [i64::from(period.year), i64::from(period.month), i64::from(edition)];
                let bind = |sql| sqlx::query(sql).bind(&plan).bind(key[0]).bind(key[1]).bind(key[2]);
                let out = bind("SELECT 1 FROM edition WHERE plan_id = $1 AND year = $2 AND month = $3 AND edition = $4");
                if out.fetch_optional(&mut **transaction).await?.is_none() {
                    return Err(StoreError::refused("没有这一版通报"));
                }
                let newest = bind(
                    "SELECT version, content FROM letterhead WHERE plan_id = $1 AND year = $2 AND month = $3 AND edition = $4 \
                     ORDER BY version DESC LIMIT 1",
                );
                let newest = newest.fetch_optional(&mut **transaction).await?;
                if newest.as_ref().is_some_and(|row| row.get::<String, _>(1) == content) {
                    return Ok(());
                }
                let row = NewRow {
                    table: "letterhead",
                    cells: vec![
                        ("plan_id", (&plan).into()),
                        ("year", key[0].into()),
                        ("month", key[1].into()),
                        ("edition", key[2].into()),
                        ("version", newest.map_or(1, |row| row.get::<i64, _>(0) + 1).into()),
                        ("content", (&content).into()),
                        ("at", writer.at.into()),
                        ("set_by", (&writer.actor).into()),
                    ],
                };
                rows::append(transaction, &writer, "write_letterhead", &format!("{plan}/{period}/e{edition}"), json!({}), &[row]).await?;
                Ok(())
            })
        })
        .await
    }
}
