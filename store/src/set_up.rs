//! The first set-up of a site: its office and its three administrators.

use domain::region::Region;
use domain::rights::Role;
use office::people::{NewPost, Person};
use serde_json::json;

use super::people::{insert_account, object, use_link, write_password};
use super::posts::{appoint, insert_post};
use super::settings::write_setting;
use super::{Store, StoreError, Writer, rows};

impl Store {
    /// The first set-up: the office's name, three administrators on their posts, and the link is used up. Returns their
    /// accounts.
    pub async fn set_up(
        &self,
        token: &str,
        office: &Region,
        people: [Person; 3],
        hash: &str,
        writer: Writer,
    ) -> Result<Vec<i64>, StoreError> {
        let (sha256, hash) = (domain::canonical::sha256(token.as_bytes()), hash.to_owned());
        let office = office.written();
        self.transact(move |transaction| {
            Box::pin(async move {
                use_link(transaction, &sha256, writer.at).await?;
                let mut ids = Vec::new();
                let roles = [Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin];
                for (Person { login, name, phone }, role) in people.iter().zip(roles) {
                    let id = insert_account(transaction, login, name, phone, &writer).await?;
                    let made = insert_post(transaction, &NewPost { role, office: None, unit: None }, &writer).await?;
                    appoint(transaction, &made.id, Some(id), &writer).await?;
                    ids.push(id);
                }
                write_setting(transaction, "office", &office, &writer).await?;
                write_password(transaction, ids[0], &hash, writer.at).await?;
                rows::append(transaction, &writer, "set_password", &object(Some(ids[0])), json!({}), &[]).await?;
                Ok(ids)
            })
        })
        .await
    }
}
