//! 联系人 of projects. The chain holds a hash of each; name and telephone stand beside it, with the salt that makes the
//! hash say nothing, and are deleted together.

use std::collections::{BTreeMap, BTreeSet};

use office::projects::{Contact, Person};
use office::rows::{NewPerson, Personal};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::verify::Only;
use super::{StoreError, Transaction, evidence};

/// What was deleted on purpose: how many, and when the last one was (UTC milliseconds).
pub type Forgotten = Option<(usize, i64)>;

/// Rows of contacts, each with the person it stands for as far as he is still known.
const ROWS: &str = "SELECT c.office_id, c.project_id, c.contact, c.version, c.person_sha256, c.reason, c.at, c.actor, \
                    p.salt, p.duty, p.name, p.phone FROM project_contact c LEFT JOIN contact_person p \
                    ON p.office_id = c.office_id AND p.project_id = c.project_id AND p.contact = c.contact \
                    AND p.version = c.version";

fn person(row: &AnyRow) -> Option<(String, Person)> {
    let salt: Option<String> = row.get("salt");
    salt.map(|salt| (salt, Person { duty: row.get("duty"), name: row.get("name"), phone: row.get("phone") }))
}

impl Transaction {
    /// The contacts of an office's projects, or of one of them, by number, as their last rows left them.
    pub async fn contacts(&mut self, office: &str, project: Option<&str>) -> Result<Vec<Contact>, StoreError> {
        let one = if project.is_some() { " AND c.project_id = $2" } else { "" };
        let sql = format!("{ROWS} WHERE c.office_id = $1{one} ORDER BY c.project_id, c.contact, c.version");
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(office);
        if let Some(project) = project {
            query = query.bind(project);
        }
        let mut found: BTreeMap<(String, i64), Contact> = BTreeMap::new();
        for row in query.fetch_all(&mut **self).await? {
            let contact = Contact {
                project: row.get("project_id"),
                number: row.get("contact"),
                version: row.get("version"),
                person: person(&row).map(|(_, person)| person),
                reason: row.get("reason"),
                at: row.get("at"),
                actor: row.get("actor"),
            };
            found.insert((contact.project.clone(), contact.number), contact);
        }
        Ok(found.into_values().collect())
    }

    /// Every person behind a row of the trail: as its hash says, or deleted by a later row and gone; and, where all are
    /// looked at, that nobody stands there without a row.
    pub(super) async fn verify_contacts(&mut self, only: Only<'_>) -> Result<Forgotten, StoreError> {
        let sql =
            format!("{ROWS} WHERE c.audit_seq > $1 ORDER BY c.office_id, c.project_id, c.contact, c.version DESC");
        let altered = |sentence: String| Err(StoreError::Altered(sentence));
        let mut forgotten: BTreeSet<(String, String, i64)> = BTreeSet::new();
        let mut last = None;
        for row in sqlx::query(sqlx::AssertSqlSafe(sql)).bind(only.after).fetch_all(&mut **self).await? {
            let key = (row.get::<String, _>("office_id"), row.get::<String, _>("project_id"), row.get("contact"));
            let name = format!("项目 {} 第 {} 位联系人", key.1, key.2);
            let expected: Option<String> = row.get("person_sha256");
            let (found, is_forgotten) = (person(&row), forgotten.contains(&key));
            match (expected, found) {
                (None, None) => {
                    forgotten.insert(key);
                    last = last.max(Some(row.get::<i64, _>("at")));
                }
                (Some(_), None) if is_forgotten => {}
                (Some(expected), Some((salt, person))) if !is_forgotten => {
                    if person.sha256(&salt) != expected {
                        return altered(format!("{name}的信息被改动过：SHA-256 应为 {expected}"));
                    }
                }
                (Some(_), None) => return altered(format!("{name}的信息不在了，又没有删除的记录")),
                (_, Some(_)) => return altered(format!("{name}的信息已经删除，数据库里又有了")),
            }
        }
        if only.after == 0 {
            let sql = "SELECT project_id, contact FROM contact_person p WHERE NOT EXISTS (SELECT 1 FROM project_contact c \
                       WHERE c.office_id = p.office_id AND c.project_id = p.project_id AND c.contact = p.contact \
                       AND c.version = p.version) LIMIT 1";
            if let Some(row) = sqlx::query(sql).fetch_optional(&mut **self).await? {
                let (project, contact): (String, i64) = (row.get("project_id"), row.get("contact"));
                return altered(format!("项目 {project} 第 {contact} 位联系人的信息没有登记"));
            }
        }
        Ok(last.map(|at| (forgotten.len(), at)))
    }
}

/// Keeps a person beside the row that names his hash, or deletes him in every version; a name likewise.
pub(super) async fn put(personal: Personal, transaction: &mut Transaction) -> Result<(), StoreError> {
    match personal {
        Personal::Keep(NewPerson { office, project, contact, version, salt, person }) => {
            let sql = "INSERT INTO contact_person (office_id, project_id, contact, version, salt, duty, name, phone) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
            let query = sqlx::query(sql).bind(office).bind(project).bind(contact).bind(version).bind(salt);
            query.bind(person.duty).bind(person.name).bind(person.phone).execute(&mut **transaction).await?;
        }
        Personal::Forget { office, project, contact } => {
            let sql = "DELETE FROM contact_person WHERE office_id = $1 AND project_id = $2 AND contact = $3";
            sqlx::query(sql).bind(office).bind(project).bind(contact).execute(&mut **transaction).await?;
        }
        Personal::KeepName { salt, name } => {
            let sql = "INSERT INTO personal_name (sha256, salt, name) VALUES ($1, $2, $3)";
            let query = sqlx::query(sql).bind(domain::personal::key(&salt, &name)).bind(salt).bind(name);
            query.execute(&mut **transaction).await?;
        }
        Personal::Empty(sha256) => evidence::empty(&sha256, transaction).await?,
        Personal::ForgetName(key) => {
            let sql = "DELETE FROM personal_name WHERE sha256 = $1";
            sqlx::query(sql).bind(key).execute(&mut **transaction).await?;
        }
    }
    Ok(())
}
