//! 签收: which posts have taken note of an edition.

use domain::month::Period;
use domain::rights::{Action, Object};
use domain::workflow::State;
use office::facts::EditionReceipt;
use serde_json::json;
use sqlx::Row;

use super::reports::Acting;
use super::rows::NewRow;
use super::{Store, StoreError, Transaction, Writer, rows};

impl Transaction {
    /// All receipts of an edition, oldest first.
    pub async fn receipts(&mut self, plan: &str, period: Period, edition: u32) -> Result<Vec<EditionReceipt>, StoreError> {
        let sql = "SELECT post_id, at, actor FROM edition_receipt \
                   WHERE plan_id = $1 AND year = $2 AND month = $3 AND edition = $4 ORDER BY at, post_id";
        let found = sqlx::query(sql)
            .bind(plan)
            .bind(i64::from(period.year))
            .bind(i64::from(period.month))
            .bind(i64::from(edition))
            .fetch_all(&mut **self)
            .await?;
        Ok(found.iter().map(|row| EditionReceipt { post: row.get(0), at: row.get(1), actor: row.get(2) }).collect())
    }
}

impl Store {
    /// Signs for an edition in the name of the viewer's post; a second time changes nothing.
    pub async fn sign_receipt(
        &self,
        (plan, period, edition): (&str, Period, u32),
        acting: Acting<'_>,
        writer: Writer,
    ) -> Result<(), StoreError> {
        let (plan, viewer, office) = (plan.to_owned(), acting.viewer.clone(), acting.office.to_owned());
        self.transact(move |transaction| {
            Box::pin(async move {
                let unit = viewer.post.as_ref().and_then(|post| post.domain.unit.clone()).unwrap_or_default();
                let allowed = viewer.may(Action::SignReceipt, Object::of_unit(&office, &unit, State::Approved));
                allowed.map_err(|refusal| StoreError::Forbidden(Action::SignReceipt, refusal))?;
                let post = viewer.post.as_ref().map(|post| post.id.clone()).unwrap_or_default();
                let key = [i64::from(period.year), i64::from(period.month), i64::from(edition)];
                let bind = |sql| sqlx::query(sql).bind(&plan).bind(key[0]).bind(key[1]).bind(key[2]);
                let out = bind("SELECT 1 FROM edition WHERE plan_id = $1 AND year = $2 AND month = $3 AND edition = $4");
                if out.fetch_optional(&mut **transaction).await?.is_none() {
                    return Err(StoreError::refused("没有这一版通报"));
                }
                let signed =
                    bind("SELECT 1 FROM edition_receipt WHERE plan_id = $1 AND year = $2 AND month = $3 AND edition = $4 AND post_id = $5");
                if signed.bind(&post).fetch_optional(&mut **transaction).await?.is_some() {
                    return Ok(());
                }
                let row = NewRow {
                    table: "edition_receipt",
                    cells: vec![
                        ("plan_id", (&plan).into()),
                        ("year", key[0].into()),
                        ("month", key[1].into()),
                        ("edition", key[2].into()),
                        ("post_id", (&post).into()),
                        ("at", writer.at.into()),
                        ("actor", (&writer.actor).into()),
                        ("account_id", viewer.account.id.into()),
                    ],
                };
                rows::append(transaction, &writer, "sign_receipt", &format!("{plan}/{period}/e{edition}"), json!({}), &[row]).await?;
                Ok(())
            })
        })
        .await
    }
}
